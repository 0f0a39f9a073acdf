"""Maps: every point is what `settle` says of it, whichever path it took; wrong maps are caught."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from theory import CAUSAL, FIRST_INDEX, INFINITE, Configuration, HardmaxError, settle
from theory.basins import Basins, Destination, Plane, Problem, engine, settle_grid
from theory.basins.destinations import members
from theory.basins.engine import batched
from theory.basins.plane import coordinate_plane
from theory.dynamics import Dynamics
from theory.rules import Masked
from theory.schedules.functions import RationalFunction
from theory.settling import Cycling, Settled, Undecided
from theory.steps import Scheduled

TILTED = [[2, 1], [1, 3]]
SPACE = [[2, 1, 0], [1, 2, 1], [0, 1, 2]]


def grid(
    c: Configuration,
    free: int,
    radius: Any,
    columns: int,
    rows: int | None = None,
    axes: tuple[int, ...] = (0, 1),
    **options: Any,
) -> Problem:
    """The problem on the square of some radius in the plane of two coordinates, or on a line."""
    axes = axes[: c.dimension]
    origin, directions = coordinate_plane(c.tokens[free], axes)
    side = (-fmpq(radius), fmpq(radius))
    rows = 1 if len(axes) == 1 else rows or columns
    return Problem(
        c, free, Plane(origin, directions, (side,) * len(axes), rows, columns), **options
    )


def drawn(seed: int) -> Problem:
    """A random problem: small numbers, so that tokens tie and meet; any direction."""
    chance = random.Random(seed)
    d, n = chance.choice([1, 2, 2, 3, 3, 4]), chance.randint(1, 6)
    radius, below = chance.choice([1, 1, 2, 4]), chance.choice([1, 1, 2, 7])

    def coordinate() -> fmpq:
        return fmpq(chance.randint(-radius, radius), chance.choice([1, below]))

    A = None
    if chance.random() < 0.4:
        B = [[chance.randint(-1, 2) for _ in range(d)] for _ in range(d)]
        A = [[sum(r[i] * r[j] for r in B) + (i == j) for j in range(d)] for i in range(d)]
    tokens = [[coordinate() for _ in range(d)] for _ in range(n)]
    c = Configuration(tokens, chance.choice(["1", "1/2", "2/3", "2", "1/10", "5"]), A)
    free = chance.randrange(n)
    count = min(d, chance.choice([1, 2, 2, 2]))
    while True:
        rows = tuple(tuple(coordinate() for _ in range(d)) for _ in range(count))
        size = chance.choice([3, 4, 5, 7])
        sides = ((-fmpq(radius), fmpq(radius)),) * count
        try:
            plane = Plane(c.tokens[free], rows, sides, 1 if count == 1 else 5, size)
        except HardmaxError:  # dependent directions
            continue
        return Problem(c, free, plane)


def mirrored(seed: int) -> Problem:
    """Tokens in pairs (±x, y, …), some turned into fours, and a free one that ties each pair."""
    chance = random.Random(seed)
    d, n = chance.choice([2, 3, 3, 3, 4]), chance.randint(1, 3)
    half = [[chance.randint(-2, 2) for _ in range(d)] for _ in range(n)]
    tokens = half + [[-row[0], *row[1:]] for row in half]
    if d > 2 and chance.random() < 0.5:
        tokens = [*tokens, *([row[0], -row[1], *row[2:]] for row in tokens)]
    c = Configuration([*tokens, [0] * d], chance.choice(["1", "1/2", "3"]))
    return grid(c, len(tokens), 2, 5, axes=(1, 2) if d > 2 else (1,))


def differences(basins: Basins) -> Iterator[str]:
    """Where a map says something else than `settle`, point by point."""
    free = basins.free
    for row in range(basins.rows):
        for column in range(basins.columns):
            tokens = list(basins.configuration.tokens)
            tokens[free] = basins.point(row, column)
            c = basins.configuration
            moved = Configuration(tokens, c.alpha, c.A, c.multiplicities)
            answer = settle(moved, basins.problem.max_layers, dynamics=basins.dynamics)
            end, layer = int(basins.ends[row, column]), int(basins.layers[row, column])
            company = int(basins.company[row, column])
            if isinstance(answer, Undecided):
                if (end, layer, company) != (-1, -1, -1):
                    yield f"{row}, {column}: {end}, {layer}, {company}, not undecided"
                continue
            if end < 0 or company < 0:
                yield f"{row}, {column}: undecided, not {answer.layer}"
                continue
            found = (basins.destinations[end], layer, basins.companies[company])
            wanted = expected(answer, free)
            if found != wanted:
                yield f"{row}, {column}: {found}, not {wanted}"


def expected(answer: Settled | Cycling, free: int) -> tuple[Destination, int, tuple[int, ...]]:
    """What the equilibrium says of the token, by the words of `Equilibrium`."""
    try:
        truth = answer.equilibrium()
    except HardmaxError:
        return Destination("none", ()), answer.layer, ()
    kind, limit = truth.kinds[free], truth.limits[free]
    company = tuple(x.token for x in truth.leaders if x.token != free)
    here = tuple(x.token for x in truth.leaders if x.position == limit)
    if kind is None:
        destination = Destination("point", ())
    elif kind == "face":
        destination = Destination("face", truth.faces[free])
    else:
        destination = Destination(kind, here)
    return destination, answer.layer, company


CROSS = [[1, 0, 2], [-1, 0, 2], [0, 1, 2], [0, -1, 2], [0, 0, -1]]
"""Four leaders on one face; a token above its middle ties them all, or two of them."""

CHOSEN = {
    "a face": grid(Configuration([[-2, 2], [-2, -2], [1, 1], [0, 2], [-1, 0]], "1/3"), 4, 3, 13),
    "emerging leaders": grid(
        Configuration([[-2, 2], [-2, -2], [1, 1], [0, 2], [-1, 0]], "1/3"), 2, 3, 13
    ),
    "meets the others": grid(Configuration([[1, 0], [0, 1], [-1, -1], [2, 2]], 1), 3, 2, 9),
    "copies elsewhere": grid(Configuration([[1, 0], [1, 0], [-1, 0], [0, 1]], 1), 3, 2, 9),
    "a copy is moved": grid(Configuration([[1, 0], [1, 0], [-1, 0], [0, 1]], 1), 1, 2, 9),
    "alone": grid(Configuration([[1, 1]], 1), 0, 1, 3),
    "all alike": grid(Configuration([[0, 0], [0, 0], [0, 0]], 1), 1, 1, 3),
    "tilted": grid(Configuration([[1, 0], [0, 1], [-1, -1], [2, 1]], "1/2", TILTED), 3, 2, 9),
    "a line": grid(Configuration([[2], [1], [-3]], "1/2"), 1, 4, 33),
    "a line with thirds": grid(Configuration([["2/3"], ["1/7"], [-3]], "2/7"), 1, 4, 25),
    "four on a face": grid(Configuration(CROSS, 1), 4, 2, 9),
    "four on a face, from above": grid(
        Configuration([*CROSS[:4], [0, 0, 1]], 1), 4, 2, 9, axes=(0, 2)
    ),
    "a third leader on the face": grid(
        Configuration([[1, 0, 2], [-1, 0, 2], [0, 1, 2], [0, -1, 1]], 1), 3, 2, 9, axes=(1, 2)
    ),
    "six on a face": grid(
        Configuration(
            [[1, 1, 3], [1, -1, 3], [-1, 1, 3], [-1, -1, 3], [0, 1, 1], [1, 0, 1], [0, 0, 1]], "1/2"
        ),
        6, 1, 9, axes=(1, 2),
    ),
    "space, tilted": grid(Configuration(CROSS, "1/2", SPACE), 4, 2, 7),
    "long numbers": grid(Configuration([[2**70, 1], [1, 2**70], [-1, -(2**69)]], 1), 2, 2**70, 7),
    "step of its own": grid(Configuration([[3, 1], [-2, 2], [1, -3], [1, 1]], "1/50"), 3, 3, 7),
    "within a budget": grid(
        Configuration([[-2, 2], [-2, -2], [1, 1], [0, 2], [-1, 0]], "1/10"), 2, 3, 7, max_layers=2
    ),
    "with weights": grid(
        Configuration([[1, 0], [0, 1], [-1, -1]], 1, multiplicities=[1, 3, 1]), 2, 2, 7
    ),
}  # fmt: skip

OTHERS = {
    "ties to the first": grid(
        Configuration([[1, 0], [0, 1], [-1, -1]], 1), 2, 1, 5, dynamics=FIRST_INDEX
    ),
    "causal": grid(Configuration([[1, 0], [1, 0], [0, 1]], 1), 1, 1, 5, dynamics=CAUSAL),
    "at once": grid(Configuration([[1], [2], [-1]], 1), 0, 3, 9, dynamics=INFINITE),
    "indefinite": grid(Configuration([[1, 0], [0, 1], [-1, 1]], 1, [[1, 2], [2, 1]]), 2, 2, 5),
    "attention returns": grid(Configuration([[1], [-1]], 1, [[-1]]), 0, 2, 9, dynamics=INFINITE),
    "a negative step": grid(Configuration([[1, 0], [0, 1], [-1, 1]], "-1/3"), 2, 2, 5),
    "a schedule": grid(
        Configuration([[1], [2], [-1]], 1),
        *(0, 3, 7),
        dynamics=Dynamics(step=Scheduled(RationalFunction.parse("2/(k+2)"))),
    ),
    "a mask": grid(
        Configuration([[1, 0], [0, 1], [-1, 1]], 1),
        *(2, 1, 5),
        dynamics=Dynamics(Masked(((0, 1), (1,), (0, 1, 2)))),
    ),
}


@pytest.mark.parametrize("seed", range(60))
def test_random_maps_say_what_settle_says(seed: int) -> None:
    basins = settle_grid(drawn(seed))
    assert batched(basins.problem) is not None
    assert list(differences(basins)) == []
    assert sum(basins.counts) + basins.undecided == basins.rows * basins.columns


@pytest.mark.parametrize("seed", range(40))
def test_maps_full_of_ties_say_what_settle_says(seed: int) -> None:
    basins = settle_grid(mirrored(seed))
    assert list(differences(basins)) == []


@pytest.mark.parametrize("name", [*CHOSEN, *OTHERS])
def test_chosen_maps_say_what_settle_says(name: str) -> None:
    basins = settle_grid({**CHOSEN, **OTHERS}[name])
    assert (batched(basins.problem) is None) == (name in OTHERS or name == "with weights")
    assert list(differences(basins)) == []
    assert basins.destinations == tuple(sorted(set(basins.destinations), key=lambda x: x.order))
    assert 0 not in basins.counts


def kinds(name: str) -> set[tuple[str, int]]:
    """The kinds of destinations of a map, each with the number of its leaders."""
    basins = settle_grid({**CHOSEN, **OTHERS}[name])
    return {(x.kind, len(x.leaders)) for x in basins.destinations}


def test_the_chosen_maps_have_every_kind() -> None:
    assert ("face", 2) in kinds("a face")
    assert {("leader", 1), ("leader", 2)} <= kinds("meets the others")
    assert ("vertex", 2) in kinds("copies elsewhere")
    assert ("face", 4) in kinds("four on a face, from above")
    assert ("face", 3) in kinds("a third leader on the face")
    assert ("none", 0) in kinds("attention returns")
    assert ("point", 0) in kinds("indefinite") | kinds("a negative step")
    assert settle_grid(CHOSEN["within a budget"]).undecided > 0


WRONG: dict[str, Any] = {
    "transposed": lambda b: replace(b, ends=b.ends.T),
    "upside down": lambda b: replace(b, ends=b.ends[::-1]),
    "a column on": lambda b: replace(b, ends=np.roll(b.ends, 1, axis=1)),
    "layers a layer off": lambda b: replace(b, layers=b.layers + (b.layers >= 0)),
    "companies mixed up": lambda b: replace(b, companies=b.companies[::-1]),
    "destinations mixed up": lambda b: replace(b, destinations=b.destinations[::-1]),
    "one point wrong": lambda b: replace(b, ends=with_one_wrong(b)),
    "one point undecided": lambda b: replace(b, ends=with_one_undecided(b)),
}
"""What may be wrong with a map."""


def with_one_wrong(basins: Basins) -> Any:
    ends = basins.ends.copy()
    ends[1, 1] = (ends[1, 1] + 1) % len(basins.destinations)
    return ends


def with_one_undecided(basins: Basins) -> Any:
    ends = basins.ends.copy()
    ends[1, 1] = -1
    return ends


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_map_is_noticed(wrong: str) -> None:
    basins = settle_grid(CHOSEN["emerging leaders"])
    assert list(differences(basins)) == []
    assert list(differences(WRONG[wrong](basins))) != []


def only_reached(batch: Any, points: Any, free: int) -> list[int]:
    """What faces would be if they were what arrows reach."""
    return [
        sum(engine.reached(batch.pattern[k].tolist(), free, sum(1 << i for i in row)))
        for k in points
        for row in [np.flatnonzero(batch.leads[k]).tolist()]
    ]


def without_chains(masks: Any, free: int, leads: int) -> list[int]:
    """What arrows would reach if they were followed once."""
    return sorted({masks[j] for j in members(masks[free]) if leads >> j & 1}) or [1]


PLANTED = {
    "faces are what arrows reach": ("faces", only_reached),
    "arrows are followed once": ("reached", without_chains),
    "faces without the history": ("faces", lambda *given: [3 for _ in given[1]]),
}
"""Faults in the engine."""


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_noticed(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [*CHOSEN.values(), *map(mirrored, range(40))]
    name, wrong = PLANTED[fault]
    monkeypatch.setattr(engine, name, wrong)
    assert any(list(differences(settle_grid(problem))) for problem in problems)


def test_the_answer_depends_neither_on_the_path_nor_on_the_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("a face", "meets the others", "a third leader on the face", "within a budget"):
        problem = CHOSEN[name]
        whole = settle_grid(problem)
        monkeypatch.setattr(engine, "PART", 7)
        parts = settle_grid(problem)
        monkeypatch.setattr(engine, "batched", lambda _: None)
        alone = settle_grid(problem)
        monkeypatch.undo()
        for other in (parts, alone):
            assert (other.destinations, other.companies) == (whole.destinations, whole.companies)
            for array in ("ends", "layers", "company"):
                assert np.array_equal(getattr(other, array), getattr(whole, array))


def test_a_point_is_told_in_full() -> None:
    basins = settle_grid(CHOSEN["a face"])
    for row, column in ((0, 0), (6, 6), (12, 5)):
        answer = basins.settled_at(row, column)
        assert answer.configuration.tokens[4] == basins.point(row, column)
        assert expected(answer, 4)[0] == basins.destination(row, column)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda p: replace(p, free=5), "free = 5; a token, 0 to 4"),
        (lambda p: replace(p, free=-1), "free = -1"),
        (lambda p: replace(p, free=True), "free = True"),
        (lambda p: replace(p, plane=None), "a Plane was wanted"),
        (lambda p: replace(p, configuration=Configuration([[1]], 1), free=0), "2 dimensions"),
        (lambda p: replace(p, dynamics=Dynamics(Masked(((0,),)))), "the mask has 1 row"),
    ],
)
def test_a_bad_problem_is_refused(spoil: Any, message: str) -> None:
    with pytest.raises(HardmaxError, match=message):
        spoil(CHOSEN["a face"])


ZERO, ONE, TWO = fmpq(0), fmpq(1), fmpq(2)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        ({"directions": ((ONE, ONE), (TWO, TWO))}, "linearly dependent"),
        ({"directions": ((ZERO, ZERO), (ONE, ZERO))}, "linearly dependent"),
        ({"directions": ((ONE, ONE),)}, "1 directions and 2 sides"),
        ({"directions": ((ONE,), (ZERO,))}, "a direction of 1 coordinate"),
        ({"box": ((ONE, ONE), (ZERO, ONE))}, "the box from 1 to 1 is empty"),
        ({"box": ((ZERO, ONE), (ONE, ZERO))}, "the box from 1 to 0 is empty"),
        ({"rows": 0}, "0 as the number of rows; 2 or more"),
        ({"columns": 1}, "1 as the number of columns; 2 or more"),
        ({"columns": 2.5}, "2.5 as the number of columns"),
        ({"columns": 10**6, "rows": 10**6}, "the most of one map"),
    ],
)
def test_a_bad_grid_is_refused(spoil: dict[str, Any], message: str) -> None:
    plane = Plane((ZERO, ZERO), ((ONE, ZERO), (ZERO, ONE)), ((ZERO, ONE), (ZERO, ONE)), 2, 2)
    assert plane.point(1, 1) == (ONE, ONE)
    with pytest.raises(HardmaxError, match=message):
        replace(plane, **spoil)


def test_another_step_leaves_names_and_is_not_minus_one() -> None:
    problem = grid(Configuration([[2], [1]], 1, labels=["good", "film"], name="two"), 1, 4, 9)
    stepped = problem.stepping(fmpq(3)).configuration
    assert stepped == Configuration([[2], [1]], 3)
    assert (stepped.labels, stepped.name) == (("good", "film"), "two")
    with pytest.raises(HardmaxError, match=r"1 \+ alpha"):
        problem.stepping(fmpq(-1))


def test_a_line_has_one_row() -> None:
    with pytest.raises(HardmaxError, match="2 rows; a line has one"):
        Plane((ZERO,), ((ONE,),), ((ZERO, ONE),), 2, 2)


@pytest.mark.parametrize(("row", "column"), [(-1, 0), (2, 0), (0, 2), (0, 0.5)])
def test_there_is_no_point_beyond_the_grid(row: Any, column: Any) -> None:
    plane = Plane((ZERO, ZERO), ((ONE, ZERO), (ZERO, ONE)), ((ZERO, ONE), (ZERO, ONE)), 2, 2)
    with pytest.raises(HardmaxError, match="was wanted"):
        plane.point(row, column)
