"""Large configurations: the filtered path gives what the exact one gives, and no more is made."""

import pickle
import random
from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from flint import fmpq
from gallery import GALLERY

import theory.fast.walk as filtered
import theory.settling as settling
from checks.run import Run
from checks.statements import find
from theory import Configuration, HardmaxError, Settled, Trajectory, Undecided, settle
from theory.equilibrium import Equilibrium
from theory.fast.filter import Image
from theory.fast.history import AttentionHistory
from theory.fast.persistence import Persistence
from theory.fast.walk import FilteredWalk
from theory.solve import LARGE, Path, path_of


def drawn(r: random.Random) -> Configuration:
    """Lattices, rationals, floats of many scales, near-ties; good and bad matrices."""
    d, n = r.choice([1, 2, 2, 3, 4]), r.randint(1, 12)
    kind, radius = r.random(), r.choice([1, 2, 3, 5])
    alpha = r.choice(["1/2", 1, 2, 3, "1/10", "7/3", "1/50", 10])
    if kind < 0.2:
        rows = [
            [r.gauss(0, 1) * 10.0 ** r.choice([0, 0, -300, 100]) for _ in range(d)]
            for _ in range(n)
        ]
        return Configuration.from_binary64(rows, alpha)
    tokens = [[fmpq(r.randint(-radius, radius)) for _ in range(d)] for _ in range(n)]
    if kind < 0.35:
        tokens = [[x / r.randint(1, 7) for x in row] for row in tokens]
    elif kind < 0.55:
        tokens = [
            [x + fmpq(r.choice([0, 0, 1, -1]), 10 ** r.choice([3, 16, 40])) for x in row]
            for row in tokens
        ]
    A = None
    if r.random() < 0.4:
        B = [[r.randint(-3, 3) for _ in range(d)] for _ in range(d)]
        if r.random() < 0.8:
            B = [[sum(B[k][i] * B[k][j] for k in range(d)) for j in range(d)] for i in range(d)]
        A = [[fmpq(x, r.choice([1, 3])) for x in row] for row in B]
    return Configuration(tokens, alpha, A)


def outcome(c: Configuration, path: Path, budget: int) -> tuple[object, ...]:
    """Everything that a path says."""
    result = settle(c, budget, path=path)
    if isinstance(result, Undecided):
        return result.layers, result.reason
    patterns = [result.trajectory.pattern(k) for k in range(result.layer + 3)]
    return result.history, result.closed_form, result.equilibrium(), result.layer, patterns


@pytest.mark.parametrize("eager", [False, True])
def test_thousands_of_small_configurations(eager: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eager: at every repeated pattern it is asked whether it stands for ever."""
    if eager:
        monkeypatch.setattr(filtered, "FORM_COST", 0)
        monkeypatch.setattr(filtered, "SUSPECT_COST", float("inf"))
    r = random.Random(7)
    met: Counter[str] = Counter()
    for _ in range(2_000):
        c, budget = drawn(r), r.choice([10_000, 40, 3])
        exact = outcome(c, "exact", budget)
        assert outcome(c, "filtered", budget) == exact, c
        met["undecided" if len(exact) == 2 else "settled"] += 1
        if len(exact) > 2:
            e = exact[2]
            assert isinstance(e, Equilibrium)
            met["faces"] += bool(e.faces)
            met["copies"] += c.merged()[0] is not c
    assert min(met.values()) > 20, met


@pytest.mark.parametrize("name", GALLERY)
def test_the_gallery(name: str) -> None:
    exhibit = GALLERY[name]
    c = Configuration(exhibit["tokens"], exhibit["alpha"], exhibit["A"])
    for budget in (10_000, 100, 2, 0):
        assert outcome(c, "filtered", budget) == outcome(c, "exact", budget)


GRID = [[x, y, z] for x, y, z in product(range(-2, 3), repeat=3) if x or y or z]
MEDIUM = {
    "a full lattice in space": Configuration(GRID, "1/2"),
    "a full lattice in the plane": Configuration(
        [[x, y] for x, y in product(range(-5, 6), repeat=2) if x or y], 2
    ),
    "a lattice under a matrix": Configuration(GRID, "1/3", [[2, 1, 0], [1, 2, 0], [0, 0, 1]]),
    "with the origin": Configuration([*GRID, [0, 0, 0]], 1),
    "half a lattice": Configuration(random.Random(1).sample(GRID, 80), "1/10"),
    "copies": Configuration(random.Random(2).choices(GRID, k=150), "1/2"),
    "floats": Configuration.from_binary64(np.random.default_rng(1).normal(size=(120, 3)), "1/10"),
    "floats on a grid, with copies": Configuration.from_binary64(
        np.random.default_rng(2).integers(-3, 4, (140, 3)) / 8, "1/2"
    ),
    "near-ties": Configuration.from_binary64(
        np.array(GRID) * (1 + 1e-15 * np.random.default_rng(3).normal(size=(124, 3))), "1/2"
    ),
}


@pytest.mark.parametrize("name", MEDIUM)
def test_large_enough_for_the_filter(name: str) -> None:
    c = MEDIUM[name]
    assert path_of(c.merged()[0]) == "filtered"
    assert outcome(c, "filtered", 10_000) == outcome(c, "exact", 10_000)
    assert find("paths-agree")(Run(c)) is True


@pytest.mark.parametrize("steps", [40, 400, 3_000])
def test_a_long_stretch_is_crossed_at_once(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Token 2 ties tokens 0 and 1 but for a distant third, which takes over late."""
    monkeypatch.setattr(filtered, "FORM_COST", 0)
    monkeypatch.setattr(filtered, "SUSPECT_COST", float("inf"))
    leaps: list[int] = []
    cross = FilteredWalk.cross

    def counted(self: FilteredWalk, layer: int, persistence: Persistence) -> None:
        leaps.append(layer - self.layer)
        cross(self, layer, persistence)

    monkeypatch.setattr(FilteredWalk, "cross", counted)
    rows = [[-2, 0, 0], [-2, 1, 0], [-1, -1, 0], [-1, -1, 1]]
    c = Configuration(rows[: 3 + steps % 2], fmpq(4, 3 * steps))
    assert outcome(c, "filtered", 10_000) == outcome(c, "exact", 10_000)
    assert leaps
    assert min(leaps) > settling.LONG_STRETCH


def test_a_change_that_is_known_is_not_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filtered, "FORM_COST", 0)
    monkeypatch.setattr(filtered, "SUSPECT_COST", float("inf"))
    examined: list[int] = []
    first_change = Persistence.first_change

    def counted(self: Persistence, soon: int = 0) -> int | None:
        examined.append(self.layer)
        return first_change(self, soon)

    monkeypatch.setattr(Persistence, "first_change", counted)
    c = Configuration([[-2, 0, 0], [-2, 1, 0], [-1, -1, 0]], "1/15")
    assert outcome(c, "filtered", 10_000) == outcome(c, "exact", 10_000)
    assert examined
    assert len(examined) == len(set(examined))


def test_a_far_change_is_foretold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ties under a tiny step: the change comes at layer 20058, and nobody walks there."""
    walked: list[int] = []
    advance = FilteredWalk.advance

    def counted(self: FilteredWalk) -> None:
        walked.append(self.layer)
        advance(self)

    monkeypatch.setattr(FilteredWalk, "advance", counted)
    r = random.Random(0)
    points = [(3, 4), (5, 0), (4, 3), (-3, 4), (0, 5), (-5, 0), (0, -5), (3, -4), (15, 20), (7, 24)]
    points += [(1, 2), (1, 1), (2, 1), (0, 1), (1, 0)]
    rows = [
        [fmpq(point[s % 2], r.choice([1, 1, 5])) for s in range(3) for point in [r.choice(points)]]
        for _ in range(70)
    ]
    c = Configuration(rows, "1/1000000")
    for budget in (10, 1_000, 10_000):
        walked.clear()
        assert outcome(c, "filtered", budget) == outcome(c, "exact", budget)
        assert len(walked) < 5_000


@pytest.mark.parametrize("name", MEDIUM)
def test_the_end_of_the_budget(name: str) -> None:
    """What is said of a change beyond the budget is the same, and exact."""
    c = MEDIUM[name]
    slow = Configuration(c.tokens, "1/300", c.A)
    for budget in (0, 3, 20):
        assert outcome(slow, "filtered", budget) == outcome(slow, "exact", budget)


def test_the_place_that_decides() -> None:
    few = Configuration([[k] for k in range(1, LARGE)], 1)
    many = Configuration([[k] for k in range(1, LARGE + 1)], 1)
    still = Configuration(many.tokens, 0)
    assert [path_of(c) for c in (few, many, still)] == ["exact", "filtered", "exact"]
    with pytest.raises(HardmaxError, match="alpha = 0"):
        settle(still, path="filtered")


def test_no_rationals_are_made_that_nobody_asks_for() -> None:
    array = np.random.default_rng(0).normal(size=(1000, 3))
    c = Configuration.from_binary64(array, "1/2")
    result = settle(c)
    assert isinstance(result, Settled)
    e = result.equilibrium()
    assert result.layer > 0
    assert not {"tokens"} & vars(c).keys()
    assert not {"history", "closed_form"} & vars(result).keys()
    assert not {"limits", "leaders"} & vars(e).keys()
    assert len(e.limits) == len(e.kinds) == 1000
    assert e.clusters
    assert "tokens" not in vars(c)
    array[0, 0] = 7
    assert c.tokens[0][0] != 7


def test_what_is_made_on_demand_is_an_ordinary_value() -> None:
    c = Configuration.from_binary64(np.random.default_rng(0).normal(size=(80, 2)), "1/2")
    result = settle(c)
    assert isinstance(result, Settled)
    e = result.equilibrium()
    again = pickle.loads(pickle.dumps(e))
    assert again == e
    assert repr(again) == repr(e)
    assert replace(e, rate=None) != e
    assert pickle.loads(pickle.dumps(c)) == c == Configuration(c.tokens, "1/2")
    assert hash(c) == hash(Configuration(c.tokens, "1/2"))
    with pytest.raises(AttributeError, match="nothing"):
        getattr(e, "nothing")  # noqa: B009  # spelt out, a type checker would see it


def test_exact_tokens_on_demand() -> None:
    """In any order, at any layer, each is what the trajectory says."""
    r = random.Random(11)
    for _ in range(60):
        c = drawn(r).merged()[0]
        trajectory, history = Trajectory(c), AttentionHistory(c)
        patterns = [trajectory.pattern(k) for k in range(9)]
        for k, pattern in enumerate(patterns):
            if k == 0 or pattern != patterns[k - 1]:
                single = np.array([a[0] if len(a) == 1 else -1 for a in pattern])
                history.tell(k, single, {i: a for i, a in enumerate(pattern) if len(a) > 1})
        asked = [(i, k) for i in range(c.size) for k in range(9)]
        r.shuffle(asked)
        for i, k in asked:
            assert history.token(i, k) == trajectory.tokens(k)[i]


def test_long_chains_need_no_recursion() -> None:
    """Each token attends to the next, in a spiral: thousands of tokens wait for one."""
    count = 3_000
    history = AttentionHistory(Configuration([[k] for k in range(1, count + 1)], 1))
    history.tell(0, np.minimum(np.arange(count) + 1, count - 1), {})
    assert history.token(0, 1) == (fmpq(3, 2),)
    assert history.token(0, 40)[0] > 1


def test_near_ties_are_not_decided_by_floats() -> None:
    """Products that agree to 60 digits, and the tie beside them."""
    for shift, winner in ((fmpq(1, 10**60), 1), (fmpq(0), None), (-fmpq(1, 10**60), 0)):
        tokens = [[fmpq(10), fmpq(3)], [fmpq(10) + shift, fmpq(-3)], [fmpq(1), fmpq(0)]]
        layers = FilteredWalk(Configuration(tokens, 1))
        single = int(layers.history.single[2])
        assert single == (-1 if winner is None else winner)
    assert Image.of(Configuration(tokens, 1)).maximisers().sole[2] == -1
