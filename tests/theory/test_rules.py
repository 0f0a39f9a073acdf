"""Every dynamics against plain fractions, layers beyond the settled one; wrong rules are caught."""

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

import pytest
from flint import fmpq
from gallery import GALLERY
from reference import as_matrix, inner, weighted_mean

from checks import Run
from checks.rules import attend, attention_of, pull, step
from theory import (
    CAUSAL,
    FIRST_INDEX,
    HARDMAX,
    INFINITE,
    Configuration,
    Dynamics,
    HardmaxError,
    Settled,
    Trajectory,
    settle,
)
from theory.dynamics import Pattern, locked_rows
from theory.exact import fraction
from theory.exponential import NoLimit
from theory.rules import (
    BEFORE,
    FIRST,
    NOT_NEGATIVE,
    POSITIVE,
    Averaged,
    Before,
    Everyone,
    FirstIndex,
    Signs,
    Values,
)
from theory.scores import OwnMatrix
from theory.steps import AllTheWay, Partway
from theory.termination import settled_by

BEYOND = 25
"""Layers that are looked at after the settled one."""

Point = tuple[Fraction, ...]
Layers = list[tuple[tuple[Point, ...], Pattern]]


def all_of(best: list[int]) -> list[int]:
    return best


def first_of(best: list[int]) -> list[int]:
    return best[:1]


@dataclass(frozen=True)
class Plain:
    """A dynamics in words of its own: how many candidates token i has, who of the best, how far."""

    candidates: Callable[[int, int], int]
    among: Callable[[list[int]], list[int]]
    far: bool = False

    def layers(self, c: Configuration, count: int) -> Layers:
        """The layers 0, …, `count`, by the definition."""
        A = as_matrix([[fraction(x) for x in row] for row in c.A], c.dimension)
        gamma = Fraction(1) if self.far else 1 - 1 / (1 + fraction(c.alpha))
        tokens: tuple[Point, ...] = tuple(tuple(map(fraction, row)) for row in c.tokens)
        found: Layers = []
        for _ in range(count + 1):
            pattern = tuple(tuple(self.attended(tokens, i, A)) for i in range(c.size))
            found.append((tokens, pattern))
            moved = []
            for own, attended in zip(tokens, pattern, strict=True):
                weights = [c.multiplicities[j] for j in attended]
                mean = weighted_mean([tokens[j] for j in attended], weights)
                moved.append(tuple(x + gamma * (m - x) for x, m in zip(own, mean, strict=True)))
            tokens = tuple(moved)
        return found

    def attended(self, tokens: Sequence[Point], i: int, A: tuple[Point, ...]) -> list[int]:
        values = [inner(tokens[i], z, A) for z in tokens[: self.candidates(i, len(tokens))]]
        return self.among([j for j, x in enumerate(values) if x == max(values)])


PLAIN: dict[str, tuple[Dynamics, Plain]] = {
    "hardmax": (HARDMAX, Plain(lambda i, n: n, all_of)),
    "first index": (FIRST_INDEX, Plain(lambda i, n: n, first_of)),
    "causal": (CAUSAL, Plain(lambda i, n: i + 1, all_of)),
    "infinite": (INFINITE, Plain(lambda i, n: n, all_of, far=True)),
    "causal, first index": (Dynamics(BEFORE, FIRST), Plain(lambda i, n: i + 1, first_of)),
}


def drawn(r: Random) -> Configuration:
    """Small lattices, with ties, copies and the origin now and then, under several matrices."""
    d = r.choice([1, 2, 2, 3])
    rows = [[r.randint(-3, 3) for _ in range(d)] for _ in range(r.randint(1, 7))]
    A = None
    if r.random() < 0.4:
        B = [[r.randint(-2, 2) for _ in range(d)] for _ in range(d)]
        A = [[sum(B[k][i] * B[k][j] for k in range(d)) for j in range(d)] for i in range(d)]
        if r.random() < 0.2:
            A = B
    alpha = r.choice(["1/2", 1, 3, "1/10", "7/3"])
    weights = [r.choice([1, 1, 2]) for _ in rows]
    return Configuration(rows, alpha, A, weights)


def told(result: Settled, count: int) -> Layers:
    """What a settled run says of the layers 0, …, `count`."""
    return [
        (tuple(tuple(map(fraction, z)) for z in result.tokens(k)), result.pattern_at(k))
        for k in range(count + 1)
    ]


def agrees(result: Settled, plain: Plain) -> bool:
    """Whether all is as in the layers by the definition, and the settled layer the least."""
    count = result.layer + BEYOND
    layers = plain.layers(result.configuration, count)
    changes = [k for k in range(1, count + 1) if layers[k][1] != layers[k - 1][1]]
    return told(result, count) == layers and [k for k, _ in result.history] == [0, *changes]


@pytest.mark.parametrize("name", PLAIN)
def test_settled_runs_are_what_the_layers_show(name: str) -> None:
    dynamics, plain = PLAIN[name]
    r, settled, standing, late = Random(5), 0, 0, 0
    for _ in range(120):
        c = drawn(r)
        result = settle(c, 400, dynamics=dynamics)
        if isinstance(result, Settled):
            assert agrees(result, plain), c
            settled += 1
            late += result.layer > 0
        elif c.merged()[0].hypotheses.hold and dynamics.merges:
            standing += 1
    assert settled > 80
    assert late > 5
    assert standing == 0


def test_two_tokens_change_places_for_ever() -> None:
    """A token that goes round with another, under α = ∞: the attention settles, they do not."""
    c = Configuration([[1], [-1]], 1, [[-1]])
    result = settle(c, 30, dynamics=INFINITE)
    assert isinstance(result, Settled)
    assert result.limit_cycle == (((1,), (-1,)), ((-1,), (1,)))
    with pytest.raises(NoLimit, match="does not vanish"):
        result.equilibrium()
    layers = PLAIN["infinite"][1].layers(c, 5)
    trajectory = Trajectory(c, INFINITE)
    assert [trajectory.tokens(k) for k in (0, 1, 2)] == [((1,), (-1,)), ((-1,), (1,)), c.tokens]
    assert [trajectory.pattern(k) for k in range(6)] == [pattern for _, pattern in layers]


def test_under_an_infinite_step_followers_meet_their_leader() -> None:
    result = settle(Configuration([[2], [1], [-1]], 5), dynamics=INFINITE)
    assert isinstance(result, Settled)
    assert (result.layer, result.pattern) == (1, ((0, 1), (0, 1), (2,)))
    assert result.equilibrium().limits == ((2,), (2,), (-1,))


def test_the_first_of_an_edge_leads_inside_it() -> None:
    c = Configuration([[0, 1], [-1, 1], [1, 1]], 1)
    settled = settle(c, dynamics=FIRST_INDEX)
    assert isinstance(settled, Settled)
    assert settled.pattern == ((0,), (1,), (2,))
    assert [leader.token for leader in settled.equilibrium().leaders] == [0, 1, 2]
    assert "leader 0 is not an exposed vertex of K" in settled.equilibrium().failures


# -------------------------------------------------------------------------- wrong rules


class LastIndex(FirstIndex):
    def chosen(self, values: Values) -> tuple[int, ...]:
        return (len(values) - 1 - list(values)[::-1].index(max(values)),)


class Careless(FirstIndex):
    """Whoever comes before may tie."""

    def wanted(self, column: int, attended: tuple[int, ...]) -> Signs:
        return NOT_NEGATIVE


class Strict(FirstIndex):
    """Nobody may tie."""

    def wanted(self, column: int, attended: tuple[int, ...]) -> Signs:
        return POSITIVE


class Loose(Averaged):
    """A tie that comes later is no change."""

    def wanted(self, column: int, attended: tuple[int, ...]) -> Signs:
        return super().wanted(column, attended) if column in attended else NOT_NEGATIVE


class Locking(Before):
    """Lemma R, which fails under the mask."""

    def locked(self, followers: Mapping[int, int]) -> list[int]:
        return [*followers]


class Seeing(Before):
    """A token that proves its signs against those that it does not see."""

    def of(self, i: int, size: int) -> Sequence[int]:
        return range(size)


class Blind(Before):
    """A token that does not see itself."""

    def among(self, rows: Sequence[int], values: Sequence[Values]) -> Sequence[Values]:
        return [own[: max(i, 1)] for i, own in zip(rows, values, strict=True)]


class Short(Partway):
    """A closed form of another step than the layers have."""

    def kept(self, configuration: Configuration) -> fmpq:
        return fmpq(1, 2)


class Swapped(Partway):
    def pull(self, configuration: Configuration, layer: int) -> fmpq:
        return configuration.lam


LATE: list[list[object]] = [*GALLERY["late-by-resonance"]["tokens"]]
LATE[4] = [20, 40, "160/7", -20]
LATE[5] = [-20, 40, "160/7", -20]
"""Two pairs that tie for one layer, the ninth, when the first has led for eight."""

EMERGING = Configuration([[0, 1], [1, 1], [2, 0]], "1/3")
"""It settles at layer 2."""

WRONG: dict[str, tuple[str, Dynamics, Configuration]] = {
    "the last index": (
        "first index",
        Dynamics(ties=LastIndex()),
        Configuration([[0, 1], [-1, 1], [1, 1]], 1),
    ),
    "ties before the first": (
        "first index",
        Dynamics(ties=Careless()),
        Configuration([[0, 3], [-3, 4], [-1, -1], [-3, 0]], "1/2"),
    ),
    "no tie after the first": (
        "first index",
        Dynamics(ties=Strict()),
        Configuration([[-1, 1], [0, 1], [-3, 0]], 1),
    ),
    "later ties": ("hardmax", Dynamics(ties=Loose()), Configuration(LATE, 1)),
    "lemma R under a mask": (
        "causal",
        Dynamics(candidates=Locking()),
        Configuration([[-2, -3], [-1, -4], [-1, 0]], 3),
    ),
    "signs against those unseen": (
        "causal",
        Dynamics(candidates=Seeing()),
        Configuration([[2], [1], [4]], 3),
    ),
    "a token that does not see itself": (
        "causal",
        Dynamics(candidates=Blind()),
        Configuration([[1], [2]], 1),
    ),
    "a closed form of a shorter step": (
        "hardmax",
        Dynamics(step=Short()),
        Configuration([[2], [1]], 3),
    ),
    "λ and γ swapped": ("hardmax", Dynamics(step=Swapped()), EMERGING),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_rules_are_caught(name: str) -> None:
    """By layers that differ, or as it does not settle though it does under the true rule."""
    rule, wrong, c = WRONG[name]
    dynamics, plain = PLAIN[rule]
    true, false = settle(c, 60, dynamics=dynamics), settle(c, 60, dynamics=wrong)
    assert isinstance(true, Settled)
    assert agrees(true, plain)
    assert not (isinstance(false, Settled) and agrees(false, plain))


def test_lemma_R_fails_under_a_mask() -> None:
    """Token 2 follows the leader 0 alone, and nears 1, which 0 does not see."""
    c = Configuration([[-2, -3], [-1, -4], [-1, 0]], 3)
    trajectory = Trajectory(c, CAUSAL)
    assert [trajectory.pattern(k)[2] for k in (0, 1)] == [(0,), (1,)]
    assert (trajectory.pattern(0)[0], trajectory.pattern(0)[1]) == ((0,), (1,))
    assert locked_rows(trajectory.pattern(0), BEFORE) == [0, 1]
    assert locked_rows(trajectory.pattern(0)) == [0, 1, 2]


# ------------------------------------------------------------------------- copies, and values


def test_copies_move_as_one_where_the_dynamics_treats_them_alike() -> None:
    c = Configuration([[2, 0], [1, 1], [2, 0], [1, 1], [0, 1]], "1/2")
    for name, (dynamics, plain) in PLAIN.items():
        for keep in (False, True):
            result = settle(c, dynamics=dynamics, keep_copies=keep)
            assert isinstance(result, Settled), name
            assert agrees(result, plain), name
        assert (max(settle(c, dynamics=dynamics).places) < 4) is dynamics.merges  # type: ignore[union-attr]  # it is settled
    led = settle(c, dynamics=FIRST_INDEX)
    assert [leader.token for leader in led.equilibrium().leaders][:2] == [0, 2]
    assert led.merged().pattern == ((0,), (0,), (0,))  # type: ignore[union-attr]  # it is settled
    apart = settle(c, dynamics=FIRST_INDEX, keep_copies=True)
    assert [leader.token for leader in apart.equilibrium().leaders] == [0]


def test_dynamics_are_values() -> None:
    for dynamics, _ in PLAIN.values():
        again = pickle.loads(pickle.dumps(dynamics))
        assert again == dynamics
        assert hash(again) == hash(dynamics)
        assert eval(repr(dynamics), {**vars(pytest), **NAMES}) == dynamics
    assert len({dynamics for dynamics, _ in PLAIN.values()}) == len(PLAIN)
    c = Configuration([[1], [2]], 1)
    assert Trajectory(c) != Trajectory(c, CAUSAL)
    travelled = pickle.loads(pickle.dumps(settle(c, dynamics=CAUSAL)))
    assert travelled == settle(c, dynamics=CAUSAL) != settle(c)
    assert travelled.dynamics == CAUSAL


NAMES = {
    kind.__name__: kind
    for kind in (
        Dynamics,
        Everyone,
        Before,
        Averaged,
        FirstIndex,
        Partway,
        AllTheWay,
        OwnMatrix,
    )
}


def test_what_is_proved_of_hardmax_attention_is_not_said_of_others() -> None:
    c = Configuration([[2, 1], [1, 1]], 1)
    settled = settle(c, dynamics=FIRST_INDEX)
    assert isinstance(settled, Settled)
    assert settled_by(settled) is None
    assert settled_by(settle(c)) == "d ≤ 3"  # type: ignore[arg-type]  # it is settled
    with pytest.raises(HardmaxError, match="the filter knows hardmax attention alone"):
        settle(c, path="filtered", dynamics=CAUSAL)
    with pytest.raises(HardmaxError, match="not that of the configuration"):
        settle(c, 10, Trajectory(c, CAUSAL))


# ------------------------------------------------------- what claims hold a dynamics against


@pytest.mark.parametrize("name", PLAIN)
def test_the_layers_that_claims_see_are_those_of_the_definition(name: str) -> None:
    dynamics, plain = PLAIN[name]
    r = Random(8)
    for _ in range(40):
        run = Run(drawn(r), dynamics, max_layers=100)
        for k, (tokens, pattern) in enumerate(plain.layers(run.configuration, 4)):
            assert run.argmax(k) == run.pattern(k) == pattern
            assert run.steps_by_definition(k)
            assert run.moves_to_targets(k)
            assert [tuple(map(fraction, z)) for z in run.tokens(k)] == list(tokens)
            assert attend(run.configuration, run.tokens(k), dynamics) == pattern
            moved = step(run.configuration, run.tokens(k), pattern, dynamics)
            assert moved == run.tokens(k + 1)
        if isinstance(run.settling, Settled):
            patterns = [layer.attention for layer in run.beyond]
            assert patterns == [run.settled.pattern] * len(patterns)
            if run.settled_blocks:  # somebody is not 0
                assert run.beyond == [run.from_closed_form(t) for t in range(len(patterns))]
                assert run.far_attention(1000) == run.settled.pattern
            assert pickle.loads(pickle.dumps(run)).settling == run.settling


@pytest.mark.parametrize(
    "name",
    [
        "the last index",
        "lemma R under a mask",
        "a token that does not see itself",
        "λ and γ swapped",
    ],
)
def test_wrong_layers_are_seen_by_claims(name: str) -> None:
    """Rules are believed by name alone: a subclass is held against what it pretends to be."""
    rule, wrong, c = WRONG[name]
    for dynamics in (wrong, PLAIN[rule][0]):
        run = Run(c, dynamics, max_layers=60)
        right = all(
            run.argmax(k) == run.pattern(k) and run.steps_by_definition(k) for k in range(3)
        )
        assert right is (dynamics != wrong)


def test_unknown_rules_are_refused() -> None:
    """They move tokens, but claims have no definition to hold them against."""

    class Nobody:
        alike = True
        keys, words, named = {}, "", ""
        of = among = locked = chosen = copies = wanted = pull = kept = id
        fit = period = convex_from = advances = ends = id

    other = Nobody()
    for parts in ({"candidates": other}, {"ties": other}):
        with pytest.raises(HardmaxError, match="claims know no such rule"):
            attention_of([[fmpq(1)]], Dynamics(**parts))  # type: ignore[arg-type]  # what is tested
    with pytest.raises(HardmaxError, match="claims know no such rule"):
        pull(Configuration([[1]], 1), Dynamics(step=other), 0)  # type: ignore[arg-type]  # what is tested
