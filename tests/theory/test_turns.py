"""Settling where schedules take turns, against layers made of fractions by the definition."""

import pickle
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import prod
from random import Random
from typing import Any

import pytest
from flint import fmpq

from theory import Configuration, HardmaxError, Settled, Undecided, settle
from theory.certificates import certificate
from theory.dynamics import Dynamics, Pattern
from theory.exact import Undecidable, fraction
from theory.rules import FIRST
from theory.schedules.forms import IrrationalLimit
from theory.schedules.functions import RationalFunction
from theory.schedules.turns import TurnCourse, over_a_turn
from theory.scores import Matrices
from theory.steps import ALL_THE_WAY, Constant, InTurn, Scheduled, Step, Valued

SCHEDULES = ("1/(k+1)", "2/(k+2)", "1/(k+2)^2", "1/(2*(k+2)^2)", "k/(2*k+3)", "1/2", "0", "1/5")


def step(gamma: str) -> Step:
    """The step of one layer."""
    parsed = RationalFunction.parse(gamma)
    return Scheduled(parsed) if parsed.constant is None else Constant(parsed.constant)


def turns(*gammas: str) -> Dynamics:
    """The dynamics in which these schedules take turns."""
    return Dynamics(step=InTurn(tuple(map(step, gammas)), repeat=True))


Tokens = list[list[Fraction]]


def attention(tokens: Tokens, A: Any, first: bool = False) -> Pattern:
    """Whom each attends to, by the definition."""
    d, sets = range(len(tokens[0])), []
    for z in tokens:
        values = [sum(z[s] * A[s][t] * x[t] for s in d for t in d) for x in tokens]
        best = [j for j, value in enumerate(values) if value == max(values)]
        sets.append(tuple(best[:1] if first else best))
    return tuple(sets)


def expect_layers(
    result: Settled, matrices: Sequence[Any], gammas: Sequence[str], more: int = 40
) -> None:
    """The layers that are told are those of the definition."""
    pulls = [RationalFunction.parse(gamma) for gamma in gammas]
    first = result.dynamics.ties == FIRST
    tokens = [[fraction(x) for x in z] for z in result.configuration.tokens]
    seen: list[Pattern] = []
    for k in range(result.layer + more):
        pattern = attention(tokens, matrices[k % len(matrices)], first)
        seen.append(pattern)
        assert result.pattern_at(k) == pattern, k
        assert [[fraction(x) for x in z] for z in result.tokens(k)] == tokens, k
        gamma = fraction(pulls[k % len(pulls)](k))
        means = [
            [sum((tokens[j][s] for j in C), Fraction(0)) / len(C) for s in range(len(tokens[0]))]
            for C in pattern
        ]
        tokens = [
            [(1 - gamma) * x + gamma * y for x, y in zip(z, m, strict=True)]
            for z, m in zip(tokens, means, strict=True)
        ]
    if result.layer:  # it is the first such layer
        assert seen[result.layer - 1] != result.pattern


def test_a_follower_that_is_locked_tends_to_its_leader() -> None:
    gammas = ("1/(k+1)", "1/2")
    result = settle(Configuration([[1], [0]], 1), dynamics=turns(*gammas))
    assert isinstance(result, Settled)
    assert (result.layer, result.equilibrium().limits) == (1, ((1,), (1,)))
    expect_layers(result, [[[1]]], gammas)


@pytest.mark.parametrize(
    ("gammas", "limit"),
    [
        (("1/(k+2)", "0"), "2"),  # one phase whose sum diverges is enough
        (("1/(k+2)^2", "1/7"), "2"),
        (("0", "1/(k+2)^2", "1/(k+1)"), "2"),
        (("1/(k+4)", "(k+1)/(2*k+4)"), "2"),  # every turn keeps a half
        (("1/(k+2)^2", "(k+2)^2/(k+3)^4"), None),  # none has one
        (("0", "1/(k+2)^2"), None),
        (("1/(k+2)^2", "1/(k+2)^2"), "3/2"),  # and this one telescopes
    ],
)
def test_the_target_is_the_limit_just_where_the_pulls_diverge(
    gammas: tuple[str, ...], limit: str | None
) -> None:
    result = settle(Configuration([[2], [1]], 1), dynamics=turns(*gammas))
    assert isinstance(result, Settled)
    expect_layers(result, [[[1]]], gammas)
    form = result.closed_form[1]
    if limit is not None:
        assert [str(x) for x in form.limit()] == [limit]
        return
    with pytest.raises(IrrationalLimit) as caught:
        form.limit()
    ((low, high),) = caught.value.limit.enclosure(64)
    assert low < high < low + fmpq(1, 2**60)
    pulls = [RationalFunction.parse(gamma) for gamma in gammas]
    kept = prod(1.0 - float(fraction(pulls[k % len(pulls)](k))) for k in range(4000))
    # the factors that are left out keep at least 1 − Σ_{k≥4000} 2/k² of it, up to rounding
    assert 2 - kept - 1e-9 < float(fraction(low)) < 2 - kept * (1 - 6e-4) + 1e-9


def test_random_turns_are_those_of_the_definition() -> None:
    draw, decided = Random(14), 0
    for _ in range(120):
        d, n = draw.randint(1, 2), draw.randint(1, 4)
        tokens = [[draw.randint(-2, 2) for _ in range(d)] for _ in range(n)]
        gammas = [draw.choice(SCHEDULES) for _ in range(draw.randint(1, 3))]
        gammas.append("1/(k+3)")
        A = [[draw.randint(-1, 2) for _ in range(d)] for _ in range(d)]
        rules = turns(*gammas)
        rules = Dynamics(ties=FIRST, step=rules.step) if draw.random() < 0.5 else rules
        result = settle(Configuration(tokens, 1, A), 60, dynamics=rules, keep_copies=True)
        if isinstance(result, Settled):
            decided += 1
            expect_layers(result, [A], gammas, 15)
    assert decided > 60


def test_tokens_that_met_rest_under_every_matrix() -> None:
    matrices = [[[1, 0], [0, 2]], [[1, 0], [0, 1]]]
    gamma = "2/(k+2)"
    dynamics = Dynamics(step=step(gamma), scores=Matrices(matrices, repeat=True))
    result = settle(Configuration([[1, 2], [0, 1]], 1), dynamics=dynamics)
    assert isinstance(result, Settled)
    assert (result.layer, result.equilibrium().limits) == (1, ((1, 2), (1, 2)))
    expect_layers(result, matrices, [gamma])
    with pytest.raises(Undecidable, match="one matrix A"):
        certificate(result)


def test_one_that_rests_under_one_matrix_alone_is_undecided() -> None:
    """Both lead under A = 1, and each attends to the other under −1."""
    dynamics = Dynamics(step=step("1/(k+2)"), scores=Matrices([[[1]], [[-1]]], repeat=True))
    result = settle(Configuration([[1], [-1]], 1), 40, dynamics=dynamics)
    assert isinstance(result, Undecided)
    assert "take turns" in result.reason


def test_resting_tokens_attend_alike_whatever_the_matrix_is() -> None:
    """A mean of the greatest is one of them: sets with one mean are one, and else a token moves."""
    draw, rested = Random(41), 0
    for _ in range(300):
        d, first = draw.randint(1, 2), draw.random() < 0.5
        tokens = [[draw.randint(-1, 1) for _ in range(d)] for _ in range(draw.randint(1, 3))]
        matrices = [[[draw.randint(-1, 2) for _ in range(d)] for _ in range(d)] for _ in range(2)]
        scores = Matrices(matrices, repeat=True)
        rules = Dynamics(step=step("1/(k+2)"), scores=scores)
        rules = Dynamics(ties=FIRST, step=rules.step, scores=scores) if first else rules
        result = settle(Configuration(tokens, 1), 20, dynamics=rules, keep_copies=True)
        start = [[Fraction(x) for x in z] for z in tokens]
        sets = [attention(start, A, first) for A in matrices]
        rests = all(
            [sum(start[j][s] for j in C) / len(C) for s in range(d)] == start[i]
            for pattern in sets
            for i, C in enumerate(pattern)
        )
        if rests:
            rested += 1
            assert isinstance(result, Settled)
            assert (result.layer, result.pattern, sets[1]) == (0, sets[0], sets[0])
        if isinstance(result, Settled) and not scores.steady:
            expect_layers(result, matrices, ["1/(k+2)"], 12)
    assert rested > 30


@pytest.mark.parametrize("other", [ALL_THE_WAY, Valued([[3]])])
def test_what_rests_rests_whatever_the_steps_are(other: Step) -> None:
    dynamics = Dynamics(step=InTurn((step("1/(k+2)"), other), repeat=True))
    result = settle(Configuration([[2], [-1]], 1), dynamics=dynamics)
    assert isinstance(result, Settled)
    assert result.equilibrium().limits == ((2,), (-1,))
    moving = settle(Configuration([[2], [1]], 1), 40, dynamics=dynamics)
    # a jump brings the follower to its leader; by a matrix it never arrives
    assert isinstance(moving, Settled if other == ALL_THE_WAY else Undecided)


def test_a_tie_that_moves_is_undecided_and_not_locked() -> None:
    result = settle(Configuration([[1], [-1]], 1, [[-1]]), 40, dynamics=turns("1/(k+3)", "1/4"))
    assert isinstance(result, Undecided)
    assert "no leader has locked" in result.reason


def test_turns_beyond_the_bounds_of_schedules_say_so() -> None:
    gammas = [f"1/(k+{h})" for h in range(2, 72)]
    result = settle(Configuration([[2], [1]], 1), 5, dynamics=turns(*gammas))
    assert isinstance(result, Undecided)
    assert "degree" in result.reason


def test_far_layers_are_exact_and_travel() -> None:
    """Π (r+1)/(r+2) over r < k is 1/(k+1), in turns of two layers too."""
    gammas = ("1/(k+2)", "1/(k+2)")
    steps = tuple(RationalFunction.parse(gamma) for gamma in gammas)
    course = TurnCourse(
        over_a_turn(steps, 0),
        0,
        (),
        ((fmpq(1), (((fmpq(0),),),)), (fmpq(0), (((fmpq(1),),),))),
        steps,
    )
    for k in (0, 1, 2, 9, 10**12 + 1):
        assert course.token(0, k) == (fmpq(1, k + 1),)
    result = settle(Configuration([[2], [1]], 1), dynamics=turns("1/(k+2)", "0"))
    assert isinstance(result, Settled)
    again = pickle.loads(pickle.dumps(result))
    assert [form(21) for form in again.closed_form] == [form(21) for form in result.closed_form]
    values = [result.tokens(k)[1][0] for k in range(20)]
    assert all(a <= b < 2 for a, b in pairwise(values))


def test_no_certificate_is_written() -> None:
    result = settle(Configuration([[2], [1]], 1), dynamics=turns("1/(k+2)", "1/2"))
    assert isinstance(result, Settled)
    with pytest.raises(HardmaxError, match="never repeat"):
        certificate(result)
