"""A layer as integers, against the rationals and the reference implementation."""

from itertools import pairwise

import pytest
from cases import Case, cases
from flint import fmpq, fmpz

import theory.dynamics as dynamics
from checks import Run
from checks.layer import Layer
from checks.rules import attend, mixing, step
from theory import Configuration, Trajectory
from theory.matrices import as_matrix
from theory.settling import LONG_STRETCH

CASES = [*cases(120, 5)]


def configuration(case: Case) -> Configuration:
    return Configuration(case["tokens"], case["alpha"], case["A"]).merged()[0]


def layer_of(c: Configuration) -> Layer:
    return Layer.of(c.tokens, *as_matrix(c.A).numer_denom())


@pytest.mark.parametrize("case", CASES)
def test_products_and_attention_are_those_of_the_rationals(case: Case) -> None:
    c = configuration(case)
    layer = layer_of(c)
    exact = [[c.inner(x, y) for y in c.tokens] for x in c.tokens]
    assert [[fmpq(x, layer.unit) for x in row] for row in layer.products] == exact
    assert [fmpq(x, layer.unit) for x in layer.norms] == [exact[i][i] for i in range(c.size)]
    assert [fmpq(x, layer.unit) for x in layer.greatest] == list(map(max, exact))
    assert layer.attention == attend(c, c.tokens)
    assert layer.tokens() == c.tokens


@pytest.mark.parametrize("case", CASES)
def test_the_mixing_matrix_is_the_step(case: Case) -> None:
    c = configuration(case)
    layer = layer_of(c)
    weights, total = mixing(c, layer.attention, c.gamma)
    assert {sum(row) for row in weights.table()} == {total}
    assert min(min(row) for row in weights.table()) >= 0
    moved = layer.after((weights, total))
    assert moved.tokens() == step(c, c.tokens, layer.attention)


def test_weights_and_a_step_below_minus_one_are_mixed_alike() -> None:
    c = Configuration([[2], [1], [2]], "-3", multiplicities=[1, 2, 4])
    pattern = ((0, 2), (0, 2), (0, 1))
    moved = layer_of(c).after(mixing(c, pattern, c.gamma))
    assert moved.tokens() == step(c, c.tokens, pattern)


def test_layers_are_equal_where_their_tokens_are() -> None:
    c = Configuration([[1, 2], [3, "1/2"]], 1)
    layer = layer_of(c)
    wider = Layer(layer.numerators * 3, layer.denominator * 3, layer.form, layer.scale)
    assert layer == wider
    assert layer.keys != wider.keys
    assert layer != Layer(layer.numerators * 3, layer.denominator, layer.form, layer.scale)
    assert layer != "layer"
    doubled = layer.mapped(
        as_matrix(((fmpq(2), fmpq(0)), (fmpq(0), fmpq(2)))).numer_denom()[0], fmpz(1)
    )
    assert doubled.tokens() == tuple(tuple(2 * x for x in row) for row in c.tokens)


@pytest.mark.parametrize("case", CASES[::4])
def test_small_and_large_layers_are_the_same(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    c = configuration(case)
    dense = Trajectory(c)
    found = [(dense.tokens(k), dense.pattern(k)) for k in range(5)]
    monkeypatch.setattr(dynamics, "DENSE", 0)
    sparse = Trajectory(c)
    assert found == [(sparse.tokens(k), sparse.pattern(k)) for k in range(5)]


def test_the_true_layers_are_those_of_the_trajectory() -> None:
    """Across a stretch of 230 layers, at its ends, and beyond the settled layer."""
    run = Run(Configuration([[-2, 0], [-2, 1], [-1, -1]], "1/200"))
    starts = [k for k, _ in run.settled.history]
    assert max(b - a for a, b in pairwise(starts)) > LONG_STRETCH
    plain = Trajectory(run.configuration)
    last = run.settled.layer
    for k in sorted({0, 1, LONG_STRETCH, LONG_STRETCH + 2, *starts, last - 1, last + 1, last + 8}):
        assert run.truth(k).tokens() == plain.tokens(k), k
        assert run.truth(k).attention == plain.pattern(k), k


def test_a_run_beyond_its_budget_has_its_layers() -> None:
    run = Run(Configuration([[-2, 0], [-2, 1], [-1, -1]], "1/200"), max_layers=3)
    assert run.truth(9).tokens() == Trajectory(run.configuration).tokens(9)


def test_a_step_that_strays_by_a_hair_is_not_by_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights prove that a token stays in the hull only where they put it."""
    run = Run(Configuration([[3, 0], [1, 1], [-1, 2]], 1))
    assert run.steps_by_definition(0)
    run = Run(run.configuration)
    truth = run.tokens

    def tokens(k: int) -> tuple[tuple[fmpq, ...], ...]:
        hair = fmpq(k, 10**40)
        return tuple(tuple(x + hair for x in row) for row in truth(k))

    monkeypatch.setattr(run, "tokens", tokens)
    assert not run.steps_by_definition(0)


def test_layers_of_tokens_that_are_all_zero() -> None:
    run = Run(Configuration([[0, 0], [0, 0]], 1), keep_copies=True)
    assert run.from_closed_form(3).numerators.is_zero()
    assert run.far_attention(10**9) == ((0, 1), (0, 1))
    moving = Run(Configuration([[2], [1]], 1))
    assert not moving.from_closed_form(3).numerators.is_zero()
    assert moving.far_attention(10**6) == ((0,), (0,))
