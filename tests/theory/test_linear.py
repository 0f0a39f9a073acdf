"""Orbits of linear maps, and settling beyond (H): against layers by the definition."""

import pickle
from random import Random
from typing import Any

import pytest
from flint import fmpq

from theory import (
    CAUSAL,
    FIRST_INDEX,
    HARDMAX,
    INFINITE,
    Configuration,
    Cycling,
    Dynamics,
    NotSettled,
    Settled,
    Trajectory,
    Undecided,
    settle,
)
from theory.beyond import turns
from theory.beyond.cycles import limit_cycle
from theory.beyond.linear import LinearForm, Orbit, layer_map
from theory.exact import rational
from theory.exponential import ExponentialPolynomial, NoLimit
from theory.rules import AVERAGED, BEFORE, EVERYONE, FIRST, masked
from theory.scores import Matrices
from theory.steps import Constant, InTurn, Valued

Pattern = tuple[tuple[int, ...], ...]
ONE = fmpq(1)


def orbit(pattern: Pattern, start: Any, gamma: str = "1/2") -> Orbit:
    c = Configuration(start, 1)
    return Orbit((layer_map(pattern, rational(gamma), c.multiplicities),), c.tokens)


# --------------------------------------------------------------------------------- orbits


@pytest.mark.parametrize("seed", range(40))
def test_orbits_are_the_layers_of_their_pattern(seed: int) -> None:
    draw = Random(seed)
    n = draw.randint(1, 5)
    pattern = tuple(
        tuple(sorted(draw.sample(range(n), draw.randint(1, min(n, 3))))) for _ in range(n)
    )
    start = [[draw.randint(-5, 5) for _ in range(2)] for _ in range(n)]
    gamma = draw.choice(["1/3", "1/2", "3/4", "1"])
    made = orbit(pattern, start, gamma)
    state, rows = made.start, made.maps[0]
    for t in range(12):
        assert made(t) == state
        state = tuple(
            tuple(sum((x * z[s] for x, z in zip(row, state, strict=True)), fmpq(0)) for s in (0, 1))
            for row in rows
        )
    forms = made.exponential()
    if forms is not None:
        assert [[form(t) for form in forms] for t in range(9)] == [[*made(t)] for t in range(9)]
    assert pickle.loads(pickle.dumps(made)) == made


def near(made: Orbit, t: int, limits: Any) -> bool:
    pairs = zip(made(t), limits, strict=True)
    return all(abs(x - y) < fmpq(1, 10**6) for z, s in pairs for x, y in zip(z, s, strict=True))


@pytest.mark.parametrize(
    ("pattern", "gamma", "classes"),
    [
        (((1,), (0,)), "1/2", 1),
        (((1,), (2,), (0,)), "1/3", 1),  # cyclic pursuit
        (((1,), (2,), (0,)), "1", 3),
        (((1,), (0,), (3,), (4,), (2,)), "1", 6),  # a pair and three
        (((0, 1), (0, 1), (1,)), "1/2", 1),
        (((0, 1), (0,)), "1", 1),
        (((0,), (0,), (1,)), "1", 1),  # roots 0
    ],
)
def test_limits_are_where_the_orbit_is_far_away(pattern: Any, gamma: str, classes: int) -> None:
    start = [[3, 1], [0, 5], [-2, 4], [7, 0], [1, 1]][: len(pattern)]
    made = orbit(pattern, start, gamma)
    assert made.ending.classes == classes
    assert len(made.limits) == classes
    for r, limits in enumerate(made.limits):
        assert near(made, 60 * classes + r, limits)
    assert not near(made, 60 * classes, [(x + 1, y) for x, y in made.limits[0]])


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (((2,),), "grow without bound"),
        (((-1, 0), (0, 3)), "grow without bound"),
        (((1, 1), (0, 1)), "drift without bound"),
        ((("3/5", "-4/5"), ("4/5", "3/5")), "turn for ever, and never return"),
    ],
)
def test_orbits_without_a_limit_say_why(rows: Any, reason: str) -> None:
    matrix = Configuration(rows, 1).tokens
    made = Orbit((matrix,), tuple((ONE,) for _ in matrix))
    assert made.ending.classes == 0
    with pytest.raises(NoLimit, match=reason):
        LinearForm(made, 0).limit()


def test_the_polynomial_is_that_of_the_start_and_of_no_other() -> None:
    swap = ((1,), (0,))
    assert orbit(swap, [[1], [3]]).polynomial.degree() == 2
    assert orbit(swap, [[2], [2]]).polynomial.degree() == 1
    assert orbit(swap, [[0], [0]]).polynomial.degree() == 0


def test_rates_are_exact_or_enclosed() -> None:
    pursuit = ((1,), (2,), (0,))
    start = [[3, 1], [0, 5], [-2, 4]]
    assert orbit(pursuit, start, "1/2").slowest == (fmpq(1, 2), 0, None)
    low, degree, high = orbit(pursuit, start, "1/3").slowest or (ONE, 9, None)
    assert degree == 0
    assert high is not None
    assert low * low < fmpq(1, 3) < high * high  # |1 − γ + γω|² = 1 − 3γ(1−γ)
    assert high - low < fmpq(1, 10**11)
    assert orbit(((0,), (0,)), [[1], [2]], "1").slowest is None


def test_limit_cycles_are_counted_by_all_tokens() -> None:
    two = ExponentialPolynomial.scalar({(fmpq(-1), 0): 1})
    three = [LinearForm(orbit(((1,), (2,), (0,)), [[1], [2], [4]], "1"), i) for i in range(3)]
    cycle = limit_cycle([two, *three])
    assert len(cycle) == 6
    for r, rows in enumerate(cycle):
        assert rows == (two(r), *(form(r) for form in three))
    with pytest.raises(NoLimit):
        limit_cycle([ExponentialPolynomial.scalar({(fmpq(-2), 0): 1})])


# --------------------------------------------------------------------------------- settling


def check(result: Settled | Cycling, beyond: int) -> None:
    """The patterns and tokens of all layers, and the settled layer or the cycle is the first."""
    fresh = Trajectory(result.configuration, result.dynamics)
    last = result.layer + beyond
    patterns = [fresh.pattern(k) for k in range(last)]
    assert patterns == [result.pattern_at(k) for k in range(last)]
    for k in (0, result.layer, result.layer + 1, last - 1):
        assert fresh.tokens(k) == result.tokens(k)
    p = result.period if isinstance(result, Cycling) else 1
    assert all(patterns[k] == patterns[k + p] for k in range(result.layer, last - p))
    assert not result.layer or patterns[result.layer - 1] != patterns[result.layer - 1 + p]
    changes = [k for k in range(1, result.layer + 1) if patterns[k] != patterns[k - 1]]
    assert [k for k, _ in result.history if k] in (changes, [*changes, result.layer])


def drawn(draw: Random) -> tuple[Configuration, Dynamics]:
    n = draw.randint(2, 5)
    rows = [[j for j in range(n) if draw.random() < 0.6] or [0] for _ in range(n)]
    candidates = draw.choice([EVERYONE, EVERYONE, BEFORE, masked(rows)])
    p = draw.choice([1, 1, 1, 2, 3])
    steps: list[Any] = [Constant(draw.choice(["1/3", "1/2", "3/4", "1"])) for _ in range(p)]
    if draw.random() < 0.25:
        a, b, c = draw.randint(1, 4), draw.randint(1, 4), draw.choice([-1, 0, 1])
        steps[0] = Valued([[a, fmpq(c, 2)], [fmpq(c, 2), b]])
    matrices = [[[draw.randint(-2, 2) for _ in range(2)] for _ in range(2)] for _ in range(p)]
    ties = draw.choice([AVERAGED, FIRST])
    dynamics = Dynamics(candidates, ties, InTurn(tuple(steps), True), Matrices(matrices, True))
    tokens = [[draw.randint(-4, 4) for _ in range(2)] for _ in range(n)]
    return Configuration(tokens, 1), dynamics


def test_settled_and_cycling_runs_are_what_the_layers_show() -> None:
    draw, kinds = Random(7), {Settled: 0, Cycling: 0, Undecided: 0}
    for _ in range(150):
        c, dynamics = drawn(draw)
        result = settle(c, 300, dynamics=dynamics)
        kinds[type(result)] += 1
        if not isinstance(result, Undecided):
            check(result, 25)
    assert kinds[Settled] > 90
    assert kinds[Cycling] > 5
    assert kinds[Undecided] < 3


@pytest.mark.parametrize(
    ("tokens", "alpha", "A", "layer", "limits"),
    [
        ([[1], [0]], 1, [[-1]], 1, [["1/4"], ["1/4"]]),  # to one point, but not the origin
        ([[3], [-1]], 1, [[-1]], 1, [[1], [1]]),
        ([[1], [-1]], 1, [[-1]], 1, [[0], [0]]),  # they meet
        ([[1, 0], [0, 1], [-1, -1]], 1, [[0, -1], [1, 0]], 0, [[0, 0]] * 3),  # a pursuit
        ([[1, 0], [0, 1], [-1, 0], [0, -1]], "1/2", [[0, -1], [1, 0]], 0, [[0, 0]] * 4),
    ],
)
def test_cycles_of_attention_have_limits(
    tokens: Any, alpha: Any, A: Any, layer: int, limits: Any
) -> None:
    result = settle(Configuration(tokens, alpha, A))
    assert isinstance(result, Settled)
    assert result.layer == layer
    assert result.equilibrium().limits == Configuration(limits, 1).tokens
    assert result.limit_cycle == (result.equilibrium().limits,)
    far = result.tokens(result.layer + 300)
    assert all(
        abs(x - y) < fmpq(1, 10**9)
        for z, s in zip(far, result.equilibrium().limits, strict=True)
        for x, y in zip(z, s, strict=True)
    )


def test_the_matrix_is_that_of_the_dynamics() -> None:
    """That of the configuration, the identity here, is not asked."""
    c = Configuration([[3, 1], [-2, 3], [1, -1]], 1)
    scores = Matrices([[[1, -1], [0, -2]]], True)
    result = settle(c, dynamics=Dynamics(BEFORE, FIRST, Constant("1/3"), scores))
    assert isinstance(result, Settled)
    assert result.layer == 2
    check(result, 20)


def test_patterns_that_return_are_told_and_have_no_equilibrium() -> None:
    c = Configuration([[0], [1]], 1, [[-1]])
    result = settle(c, dynamics=INFINITE)
    assert isinstance(result, Cycling)
    check(result, 30)
    with pytest.raises(NotSettled, match="returns every 2 layers from layer 0 on"):
        result.equilibrium()
    assert isinstance(settle(c), Settled)  # with α = 1 they settle


def test_copies_share_what_their_place_does_in_a_cycle() -> None:
    result = settle(Configuration([[0], [1], [0], [1]], 1, [[-1]]), dynamics=INFINITE)
    assert isinstance(result, Cycling)
    check(result, 12)
    assert result.places == (0, 1, 0, 1)
    assert {rows[0] == rows[2] and rows[1] == rows[3] for rows in result.limit_cycle} == {True}


def test_a_pattern_that_returns_for_a_while_is_left_where_it_ends() -> None:
    """Random turns of γ = 1 and small steps: the layers at which a return ends are exact."""
    draw, ended = Random(3), 0
    for _ in range(120):
        c, dynamics = drawn(draw)
        result = settle(c, 300, dynamics=dynamics)
        if isinstance(result, Settled) and len(result.history) > 6:
            ended += 1
            check(result, 10)
    assert ended > 3


@pytest.mark.parametrize("dynamics", [HARDMAX, CAUSAL, FIRST_INDEX, INFINITE])
def test_any_matrix_is_decided(dynamics: Dynamics) -> None:
    draw = Random(11)
    for _ in range(40):
        n = draw.randint(2, 6)
        c = Configuration(
            [[draw.randint(-4, 4) for _ in range(2)] for _ in range(n)],
            draw.choice(["1/2", 1, 2]),
            [[draw.randint(-2, 2) for _ in range(2)] for _ in range(2)],
        )
        result = settle(c, 400, dynamics=dynamics)
        assert not isinstance(result, Undecided), (c, result.reason)
        check(result, 25)


SLOW_TURN = Configuration(
    [[-1, -2, 1], [-2, 1, "2/3"], [-1, "2/7", -2]], 1, [[-1, 0, 0], [0, -1, 0], [0, 0, -1]]
)
TURNING = Dynamics(ties=FIRST, step=Valued([[3, 0, -2], [-1, 1, -1], [0, 3, 1]]))


@pytest.mark.parametrize(
    ("most", "words"), [(100, "too long"), (10**9, "beyond the budget of 700")]
)
def test_proofs_that_end_with_another_change_are_not_tried_for_ever(
    monkeypatch: pytest.MonkeyPatch, most: int, words: str
) -> None:
    monkeypatch.setattr(turns, "MOST_WORK", most)
    result = settle(SLOW_TURN, 700, dynamics=TURNING)
    assert isinstance(result, Undecided)
    assert words in result.reason
