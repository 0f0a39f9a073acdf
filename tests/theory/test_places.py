"""Copies: a leader is a place, told of every copy, in Python and on the command line alike."""

import json
import random
from typing import Any

import pytest

from checks.findings import findings
from theory import Configuration, HardmaxError, Settled, Undecided, settle
from theory.places import copies_of, gathered_history, leading, spread_history
from theory.solve import Path
from theory.trajectory import Trajectory

pytestmark = pytest.mark.usefixtures("each_walk")


def settled(c: Configuration, **more: Any) -> Settled:
    result = settle(c, **more)
    assert isinstance(result, Settled)
    return result


def crowd(seed: int, size: int) -> Configuration:
    """Tokens of a small box, most of them repeated."""
    r = random.Random(seed)
    box = [[r.randint(-3, 3) for _ in range(2)] for _ in range(max(2, size // 2))]
    rows = [row for row in (r.choice(box) for _ in range(size)) if any(row)] or [[1, 2]]
    return Configuration(rows, r.choice(["1/2", 1, "1/3"]), r.choice([None, [[2, 1], [1, 2]]]))


def test_every_copy_of_a_leading_place_leads() -> None:
    e = settled(Configuration([[1], [2], [1], [2]], 1)).equilibrium()
    assert [(x.token, x.since_layer, x.position) for x in e.leaders] == [(1, 0, (2,)), (3, 0, (2,))]
    assert e.kinds == ("vertex", "leader", "vertex", "leader")
    assert e.clusters == ((0, 1, 2, 3),)
    assert e.failures == ()
    assert e.polytope == ((2,),)


def test_a_place_that_leads_later_leads_with_all_its_copies() -> None:
    once = settled(Configuration([[0, 1], [1, 1], [2, 0]], "1/3")).equilibrium()
    twice = settled(Configuration([[0, 1], [1, 1], [2, 0], [0, 1], [1, 1], [2, 0]], "1/3"))
    e = twice.equilibrium()
    since = {x.token: x.since_layer for x in once.leaders}
    assert max(since.values()) > 0
    assert {x.token: x.since_layer for x in e.leaders} == {
        i + shift: layer for i, layer in since.items() for shift in (0, 3)
    }
    assert e.failures == ()


def test_copies_kept_apart_do_not_lead() -> None:
    c = Configuration([[1], [2], [1], [2]], 1)
    result = settled(c, keep_copies=True)
    e = result.equilibrium()
    assert (e.leaders, e.kinds) == ((), (None,) * 4)
    assert result.merged() is result
    assert result != settled(c)
    assert result.closed_form == settled(c).closed_form
    alone = Configuration([[1], [2]], 1)
    assert settled(alone, keep_copies=True) == settled(alone)


@pytest.mark.parametrize("path", ["exact", "filtered"])
@pytest.mark.parametrize("size", [5, 9, 90])
def test_python_says_what_the_command_line_says(size: int, path: Path) -> None:
    """The latter settles the places and spreads the findings."""
    led = 0
    for seed in range(12):
        c = crowd(seed, size)
        merged, places = c.merged()
        told = findings(settle(merged, path=path, keep_copies=True), places, c, None)
        mine = findings(settle(c, path=path), range(c.size), c, None)
        told["hypotheses"] = mine["hypotheses"] = None
        assert mine == told
        leaders = [leader["token"] for leader in told["leaders"]]
        led += len(leaders) > len({places[i] for i in leaders})
        apart = settle(c, path=path, keep_copies=True).equilibrium()
        copies = copies_of(places)
        single = [i for i in leaders if len(copies[places[i]]) == 1]
        assert [leader.token for leader in apart.leaders] == single
        assert settle(c, path=path).equilibrium().failures == ()
    assert led >= 6


@pytest.mark.parametrize("path", ["exact", "filtered"])
def test_a_face_lists_every_copy(path: Path) -> None:
    tokens = [[0, 1], [2, 2], [0, 1], [-2, 2], [2, 2], [-2, 2]]
    c = Configuration(tokens, 1)
    e = settle(c, path=path).equilibrium()
    assert e.faces == {0: (1, 3, 4, 5), 2: (1, 3, 4, 5)}
    assert e.failures == ()
    assert settle(c, path=path, keep_copies=True).equilibrium().faces == {}


@pytest.mark.parametrize("size", [6, 90])
def test_the_same_decision_about_the_places(size: int) -> None:
    for seed in range(6):
        c = crowd(seed, size)
        for path in ("exact", "filtered"):
            copies: Any = settle(c, path=path)
            places: Any = settle(c.merged()[0], path=path)
            again = copies.merged()
            assert again == places
            assert again.equilibrium() == places.equilibrium()
            assert again.trajectory.pattern(1) == places.trajectory.pattern(1)
            assert again.merged() is again
            assert copies.configuration is c


def test_patterns_of_places_and_of_tokens() -> None:
    places = (0, 1, 0, 2)
    history = ((0, ((0, 1), (1,), (2,))), (3, ((0,), (0,), (2,))))
    told = spread_history(history, places)
    assert told[0] == (0, ((0, 1, 2), (1,), (0, 1, 2), (3,)))
    assert gathered_history(told, places) == history
    assert leading(told[0][1], places) == [1, 3]
    assert leading(told[1][1], places) == [0, 2, 3]
    assert leading(told[1][1], range(4)) == [3]


def test_an_undecided_run_is_undecided_either_way() -> None:
    c = Configuration([[-2, 0], [-2, 1], [-1, -1], [-1, -1]], "1/200")
    for keep in (False, True):
        result = settle(c, 10, keep_copies=keep)
        assert isinstance(result, Undecided)
        assert result.configuration is c


def test_the_trajectory_has_to_be_that_of_the_configuration() -> None:
    c = crowd(1, 5)
    assert settle(c, trajectory=Trajectory(c)) == settle(c)
    for wrong in (Trajectory(c.merged()[0]), Trajectory(Configuration([[1]], 1)), "x", 5):
        with pytest.raises(HardmaxError, match="trajectory"):
            settle(c, trajectory=wrong)  # type: ignore[arg-type]  # what is tested


def test_the_record_of_a_settled_crowd_is_plain_json() -> None:
    c = crowd(2, 9)
    assert json.loads(json.dumps(findings(settle(c), range(c.size), c, None)))["leaders"]
