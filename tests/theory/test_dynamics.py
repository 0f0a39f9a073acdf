"""Attention, targets and layers against plain Fraction arithmetic, with and without (H)."""

from collections.abc import Sequence
from fractions import Fraction
from math import gcd
from random import Random
from typing import Any, NamedTuple

import pytest
from flint import fmpq, fmpz
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference import brute_layer, brute_pattern

import theory.dynamics as dynamics
from theory import Configuration, HardmaxError, Trajectory
from theory.dynamics import (
    SHORT,
    Pattern,
    State,
    attention_sets,
    locked_rows,
    next_state,
    targets,
)
from theory.exact import fraction
from theory.matrices import Vector
from theory.rules import AVERAGED

TINY = Fraction(1, 10**40)


class Problem(NamedTuple):
    """The data of a layer map, as Fractions."""

    tokens: list[list[Fraction]]
    A: list[list[Fraction]]
    alpha: Fraction
    weights: list[int]

    @property
    def configuration(self) -> Configuration:
        return Configuration(self.tokens, self.alpha, self.A, self.weights)

    def layers(self, count: int) -> list[list[tuple[Fraction, ...]]]:
        found = [[tuple(row) for row in self.tokens]]
        for _ in range(count):
            found.append(brute_layer(found[-1], self.weights, self.A, self.alpha))
        return found

    def pattern(self, tokens: Any) -> Pattern:
        return brute_pattern(tokens, self.weights, self.A)


STEPS = [Fraction(x) for x in ("1/3", "1", "7/5", "100", "1/200", "-1/2", "-9/10", "-2", "-7/3")]


@st.composite
def problems(draw: st.DrawFn, *, steps: Sequence[Fraction] = STEPS) -> Problem:
    """Small tokens, hence many ties and repetitions, under any matrix at all."""
    d = draw(st.integers(1, 3))
    n = draw(st.integers(1, 6))
    numbers = st.integers(-2, 2).map(Fraction) | st.sampled_from([Fraction(1, 3), 1 + TINY])
    row = st.lists(numbers, min_size=d, max_size=d)
    return Problem(
        draw(st.lists(row, min_size=n, max_size=n)),
        draw(st.lists(row, min_size=d, max_size=d)),
        draw(st.sampled_from(steps)),
        draw(st.lists(st.integers(1, 3), min_size=n, max_size=n)),
    )


def fractions(tokens: Sequence[Vector]) -> list[tuple[Fraction, ...]]:
    return [tuple(fraction(x) for x in row) for row in tokens]


# --------------------------------------------------------------- against the definition


@given(problems(steps=[*STEPS, Fraction(0)]))
def test_trajectories_are_those_of_plain_fractions(problem: Problem) -> None:
    """Six layers: what lemmas I and R spare must not change anything."""
    trajectory = Trajectory(problem.configuration)
    for k, tokens in enumerate(problem.layers(6)):
        assert fractions(trajectory.tokens(k)) == tokens
        assert trajectory.pattern(k) == problem.pattern(tokens)


@given(problems(), st.data())
def test_attention_sets_of_some_rows(problem: Problem, data: st.DataObject) -> None:
    c = problem.configuration
    rows = data.draw(st.lists(st.integers(0, c.size - 1), unique=True))
    wanted = problem.pattern(problem.tokens)
    assert attention_sets(State.of(c.tokens), c.form[0]) == wanted
    assert attention_sets(State.of(c.tokens), c.form[0], rows) == tuple(wanted[i] for i in rows)


@given(problems())
def test_targets_are_weighted_means_of_the_attention_sets(problem: Problem) -> None:
    c = problem.configuration
    pattern = problem.pattern(problem.tokens)
    found = fractions(targets(c.tokens, pattern, c.multiplicities))
    assert Trajectory(c).targets(0) == targets(c.tokens, pattern, c.multiplicities)
    assert len(found) == c.size
    for mean, attended in zip(found, pattern, strict=True):
        total = sum(problem.weights[j] for j in attended)
        for s, x in enumerate(mean):
            assert x == sum(problem.weights[j] * problem.tokens[j][s] for j in attended) / total


@given(problems())
def test_states_have_a_positive_denominator_and_long_ones_lowest_terms(problem: Problem) -> None:
    """α < −1 makes 1 + α negative: the products are compared as numerators."""
    trajectory = Trajectory(problem.configuration)
    for k in (1, 2, 3, 40):
        state = trajectory.state(k)
        assert state.denominator > 0
        if state.denominator.bit_length() > SHORT:
            numerators = (int(x) for row in state.numerators for x in row)
            assert gcd(*numerators, int(state.denominator)) == 1


def test_a_state_holds_the_tokens_that_it_is_made_of() -> None:
    tokens = Configuration([["1/2", "-1/3"], [0, 5]], 1).tokens
    state = State.of(tokens)
    assert state.tokens == tokens
    assert (state.numerators, state.denominator) == (((3, -2), (0, 30)), 6)


# -------------------------------------------------------------------- what is easily wrong


def pattern(*tokens: Any, A: Any = None) -> Pattern:
    c = Configuration(tokens, 1, A)
    return Trajectory(c).pattern(0)


def test_the_matrix_acts_from_the_left_token() -> None:
    """⟨z_i, z_j⟩ = z_iᵀ A z_j: with A transposed token 0 would tie them all."""
    A = [[0, 1], [0, 0]]
    assert pattern([1, 0], [0, 1], A=A)[0] == (1,)
    assert pattern([1, 0], [0, 1], A=list(map(list, zip(*A, strict=True))))[0] == (0, 1)


def test_all_ties_are_kept_and_nothing_else_is_a_tie() -> None:
    assert pattern([1, 0], [1, 1], [1, -1], [0, 5])[0] == (0, 1, 2)
    assert pattern([1, 0], [1 + TINY, 1], [1, -1])[0] == (1,)
    assert pattern([1, 0], [1 - TINY, 1], [1, -1])[0] == (0, 2)
    assert 0.1 * 0.1 + 0.1 * 0.2 > 0.1 * 0.3
    assert pattern(["0.1", "0.1"], ["0.1", "0.2"], ["0.3", 0])[0] == (1, 2)
    assert 1e16 + 1 == 1e16
    assert pattern([1, 0], [10**16, 0], [10**16 + 1, 0])[0] == (2,)


def test_the_zero_token_attends_to_everything() -> None:
    assert pattern([0, 0], [1, 2], [-3, 4]) == ((0, 1, 2), (1, 2), (2,))
    assert pattern([1, 2], [3, 4], A=[[0, 0], [0, 0]]) == ((0, 1), (0, 1))


@pytest.mark.parametrize(
    ("values", "wanted"),
    [([3, 1, 3], (0, 2)), ([-5], (0,)), ([-5, -4, -4, -9], (1, 2)), ([0, 0, 0], (0, 1, 2))],
)
def test_every_maximiser_counts(values: list[int], wanted: tuple[int, ...]) -> None:
    assert AVERAGED.chosen([fmpz(x) for x in values]) == wanted


def test_copies_pull_by_their_weight() -> None:
    """Token 0 ties two places, one of them three times over."""
    layer = Trajectory(Configuration([[1, 0], [2, 2], [2, -2]], 1, multiplicities=[5, 3, 1]))
    assert layer.pattern(0)[0] == (1, 2)
    assert layer.targets(0)[0] == (2, 1)
    assert layer.tokens(1)[0] == (fmpq(3, 2), fmpq(1, 2))
    even = Trajectory(Configuration([[1, 0], [2, 2], [2, -2]], 1))
    assert even.tokens(1)[0] == (fmpq(3, 2), 0)


def test_layers_are_synchronous() -> None:
    """Token 2 goes to where token 1 was, not to where it goes."""
    t = Trajectory(Configuration([[8, 0], [4, 4], [0, 3]], 1))
    assert t.pattern(0) == ((0,), (0, 1), (1,))
    assert t.tokens(1) == ((8, 0), (5, 3), (2, fmpq(7, 2)))


def test_one_token_and_one_dimension() -> None:
    for alpha in ("1/3", "-1/2", -3, 0):
        t = Trajectory(Configuration([["-2/7"]], alpha))
        assert (t.pattern(3), t.tokens(3)) == (((0,),), ((fmpq(-2, 7),),))


def test_alpha_minus_one_has_no_layer() -> None:
    with pytest.raises(HardmaxError, match="alpha = -1"):
        Configuration([[1], [2]], -1)
    state = State.of(((fmpq(1),), (fmpq(2),)))
    for alpha, moved in ((-2, 3), (0, 1), (1, fmpq(3, 2))):
        gamma = Configuration([[1]], alpha).gamma
        assert next_state(state, ((1,), (1,)), gamma, (1, 1)).tokens == ((moved,), (2,))


# --------------------------------------------------------------------------- locked rows


@settings(max_examples=60)
@given(problems(steps=[x for x in STEPS if x > 0]))
def test_locked_rows_never_attend_elsewhere_whatever_the_matrix(problem: Problem) -> None:
    """Lemmas I and R, on layers that know nothing of them."""
    layers = problem.layers(6)
    start = problem.pattern(layers[0])
    locked = locked_rows(start)
    assume(locked)
    for tokens in layers[1:]:
        now = problem.pattern(tokens)
        assert [now[i] for i in locked] == [start[i] for i in locked]


def test_nothing_is_locked_when_alpha_is_negative() -> None:
    """Token 1 follows the leader 0 alone, and yet is driven off, to 0 and beyond."""
    t = Trajectory(Configuration([[2], [1]], "-1/2"))
    assert t.pattern(0) == ((0,), (0,))
    assert locked_rows(t.pattern(0)) == [0, 1]
    assert [t.pattern(k) for k in (1, 2)] == [((0,), (0, 1)), ((0,), (1,))]


def test_rows_are_locked_by_a_leader_alone() -> None:
    assert locked_rows(((0,), (0,), (1,), (0, 1), (4, 5), (4, 5))) == [0, 1]
    assert locked_rows(((1,), (0,))) == []


# ---------------------------------------------------------------------------- trajectories


def test_layers_are_made_once_and_only_as_far_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def counted(*arguments: Any) -> State:
        made.append(1)
        return next_state(*arguments)

    monkeypatch.setattr(dynamics, "next_state", counted)
    t = Trajectory(Configuration([[-2, 0], [-2, 1], [-1, -1]], "1/3"))
    t.pattern(0)
    assert len(made) == 0
    t.tokens(4)
    t.pattern(4)
    t.tokens(2)
    assert len(made) == 4
    t.targets(5)
    assert len(made) == 5


def test_held_patterns_and_placed_tokens_are_taken_as_known() -> None:
    c = Configuration([[2, 2], [-2, 2], [0, 1]], "1/2")
    plain, helped = Trajectory(c), Trajectory(c)
    assert [plain.pattern(k) for k in range(4)] == [plain.pattern(0)] * 4
    helped.hold(plain.pattern(0), 0, 4)
    helped.place(4, plain.tokens(4))
    assert all(helped.tokens(k) == plain.tokens(k) for k in (6, 4, 2, 0))
    assert all(helped.pattern(k) == plain.pattern(k) for k in (5, 3, 0))
    wrong = ((1,), (1,), (1,))
    misled = Trajectory(c)
    misled.hold(wrong, 0, 1)
    assert misled.tokens(1) != plain.tokens(1)


def test_layers_are_counted_from_zero() -> None:
    t = Trajectory(Configuration([[1]], 1))
    for read in (t.state, t.tokens, t.pattern, t.targets):
        with pytest.raises(HardmaxError, match="layer -1"):
            read(-1)


def test_a_long_trajectory_of_fractions() -> None:
    """Two hundred layers at a small step, with unlike denominators."""
    random = Random(3)
    tokens = [[Fraction(random.randint(-9, 9), random.randint(1, 9)) for _ in "xy"] for _ in "abcd"]
    problem = Problem(
        tokens,
        [[Fraction(2), Fraction(1)], [Fraction(0), Fraction(1)]],
        Fraction(1, 50),
        [1, 2, 1, 1],
    )
    trajectory = Trajectory(problem.configuration)
    layers = problem.layers(200)
    assert fractions(trajectory.tokens(200)) == layers[200]
    assert trajectory.pattern(200) == problem.pattern(layers[200])
