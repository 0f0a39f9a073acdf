"""Softmax layers: floats against the definition, and a run against the exact result."""

import json
import math
import warnings
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from theory import Configuration, HardmaxError, Settled, settle
from theory.numerics import high_precision
from theory.numerics.binary64 import Array, rounded
from theory.numerics.enclosures import bound_holds, targets_enclosure
from theory.numerics.simulation import Difference
from theory.numerics.simulation import layer as hardmax_layer
from theory.numerics.softmax import (
    attention_weights,
    compare,
    inverse_temperature,
    layer,
    simulate,
    targets,
)

SKEWED = [[2, 1], [1, 2]]


def settled(*args: Any, **kwargs: Any) -> Settled:
    result = settle(Configuration(*args, **kwargs))
    assert isinstance(result, Settled)
    return result


# ---------------------------------------------------------------------------- β


@pytest.mark.parametrize(
    ("beta", "value"),
    [
        (3, fmpq(3)),
        ("0.1", fmpq(1, 10)),
        (0.5, fmpq(1, 2)),
        (Fraction(2, 3), fmpq(2, 3)),
        ("1e-40", fmpq(1, 10**40)),
        (0.1, fmpq(*(0.1).as_integer_ratio())),
    ],
)
def test_beta_is_read_exactly(beta: Any, value: fmpq) -> None:
    assert inverse_temperature(beta) == value


@pytest.mark.parametrize(
    ("beta", "shown"),
    [
        (0, "0"),
        (-1, "-1"),
        ("-1/2", "-1/2"),
        (0.0, "0.0"),
        (-2.5, "-2.5"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        ("1/0", "1/0"),
        ("hot", "hot"),
        (True, "True"),
        (None, "None"),
    ],
)
def test_a_beta_that_is_none_is_refused_with_its_value(beta: Any, shown: str) -> None:
    case = settled([[1]], 1)
    for refuse in (
        lambda: inverse_temperature(beta),
        lambda: compare(case, beta),
        lambda: targets_enclosure([[1]], [[1]], [1], beta),
        lambda: bound_holds([[1]], [[1]], [1], 0, beta),
    ):
        with pytest.raises(HardmaxError, match="beta") as raised:
            refuse()
        assert shown in str(raised.value)


# ---------------------------------------------------------------------------- floats


def test_weights_are_those_of_the_definition() -> None:
    Z, A = np.array([[1.0, 0.5], [-0.5, 1.0], [0.25, 0.25]]), np.array([[2.0, 1.0], [0.0, 1.0]])
    copies, beta = np.array([1.0, 3.0, 2.0]), 0.7
    plain = np.exp(beta * (Z @ A @ Z.T)) * copies
    plain /= plain.sum(axis=1, keepdims=True)
    found = attention_weights(Z, A, copies, beta)
    assert found.shape == (3, 3)
    np.testing.assert_allclose(found, plain, rtol=1e-14)
    np.testing.assert_allclose(targets(Z, A, copies, beta), plain @ Z, rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(
        layer(Z, A, 0.5, copies, beta), (Z + 0.5 * (plain @ Z)) / 1.5, rtol=1e-14, atol=1e-15
    )


@pytest.mark.parametrize("beta", ["1/100", "0.7", 30])
def test_weights_are_those_of_many_digits(beta: Any) -> None:
    case = Configuration([["1", "1/2"], ["-1/2", "1"], ["1/4", "1/4"]], 1, SKEWED, [1, 3, 2])
    start, value = rounded(case), float(Fraction(beta))
    found = attention_weights(start.tokens, start.A, start.multiplicities, value)
    wanted = np.array(high_precision.attention_weights(case, beta), dtype=float)
    np.testing.assert_allclose(found, wanted, rtol=1e-13)
    other = np.array(high_precision.attention_weights(case, Fraction(beta) * 2), dtype=float)
    assert not np.allclose(found, other, rtol=1e-3, atol=0)


def test_products_that_would_overflow_the_exponential_do_not() -> None:
    Z = np.array([[300.0], [1.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = attention_weights(Z, np.eye(1), np.ones(2), 1e300)
    assert np.array_equal(found, [[1.0, 0.0], [1.0, 0.0]])


def test_the_layers_between_mean_and_hardmax() -> None:
    """β → 0 gives the mean of all tokens, β → ∞ the hardmax layer."""
    start = rounded(Configuration([["1/2", "1/4"], [1, -1], [-1, "3/4"]], 1))
    Z, A, ones = start.tokens, start.A, start.multiplicities
    np.testing.assert_allclose(targets(Z, A, ones, 1e-300), np.tile(Z.mean(axis=0), (3, 1)))
    assert np.array_equal(layer(Z, A, 1.0, ones, 1e6), hardmax_layer(Z, A, 1.0, ones))
    assert not np.allclose(layer(Z, A, 1.0, ones, 1.0), hardmax_layer(Z, A, 1.0, ones))


def test_simulate_yields_every_layer_and_each_is_one_layer_from_the_last() -> None:
    Z = np.array([[1.0, 0.5], [-0.5, 1.0], [0.25, 0.25]])
    run = list(simulate(Z, np.eye(2), 0.5, np.ones(3), 2.0, 6))
    assert len(run) == 7
    assert np.array_equal(run[0], Z)
    for before, after in pairwise(run):
        assert np.array_equal(after, layer(before, np.eye(2), 0.5, np.ones(3), 2.0))


# ---------------------------------------------------------------------------- compare


def first_layer_gap(case: Settled, beta: float) -> float:
    """max_i |softmax z_i' − hardmax z_i'| straight from the float layers."""
    start = rounded(case.configuration)
    arguments: tuple[Array, Array, float, Array] = (
        start.tokens, start.A, start.alpha, start.multiplicities,
    )  # fmt: skip
    gap = layer(*arguments, beta) - hardmax_layer(*arguments)
    return float(np.sqrt((gap**2).sum(axis=1)).max())


@pytest.mark.parametrize("beta", [0.1, 1.0, 5.0])
def test_the_distance_after_one_layer_is_that_of_the_layers(beta: float) -> None:
    case = settled([["1/2", "1/4"], [1, -1], [-1, "3/4"]], "1/3", SKEWED, [1, 2, 1])
    found = compare(case, beta).distance_after_one_layer
    assert found == pytest.approx(first_layer_gap(case, beta), rel=1e-12)


def test_a_distance_far_below_rounding_is_still_seen() -> None:
    """At β = 100 the layers agree in floats; they differ by e^−100/2, as the formula says."""
    case = settled([[1], [0]], 1)
    assert first_layer_gap(case, 100.0) < 1e-40
    found = compare(case, 100, layers=0).distance_after_one_layer
    half = settled([["1/2"], [0]], 1)  # the zero token ties: its own target is the mean
    assert compare(half, 100, layers=0).distance_after_one_layer == pytest.approx(
        math.exp(-25) / (1 + math.exp(-25)) / 4, rel=1e-14
    )
    assert found == pytest.approx(math.exp(-100) / 2, rel=1e-14)


def test_after_one_layer_more_heat_is_more_distance() -> None:
    case = settled([[1, 0], [0, 1], ["1/2", "1/4"]], 1)
    gaps = [compare(case, beta, layers=1).distance_after_one_layer for beta in (1, 5, 25, 125)]
    assert all(x is not None for x in gaps)
    assert gaps == sorted(gaps, reverse=True, key=lambda x: x or 0.0)
    assert len(set(gaps)) == 4


def test_cold_attention_follows_hardmax_and_hot_attention_does_not() -> None:
    case = settled([[1, 0], [0, 1], ["1/2", "1/4"]], 1)
    cold, hot = compare(case, 10**4, layers=30), compare(case, "1/10", layers=30)
    assert cold.first_difference is None
    assert cold.distance_to_limits is not None
    assert cold.distance_to_limits < 1e-3
    assert hot.first_difference is not None
    assert hot.distance_to_limits is not None
    assert hot.distance_to_limits > 0.3
    assert (
        hot.first_difference.exact
        == case.pattern_at(hot.first_difference.layer)[hot.first_difference.token]
    )


def test_largest_weights_are_taken_per_copy() -> None:
    """Nine copies of the token attended less: together they outweigh, one by one they do not."""
    case = settled([[2], [1]], 1, multiplicities=[1, 9])
    assert compare(case, "1/10", layers=0).first_difference is None


def test_a_softmax_token_between_tied_ones_stops_seeing_the_tie() -> None:
    """The tie of (1, 2) and (2, 1) at (t, t) is kept by symmetry, and broken by its absence."""
    kept = settled([["1/8", "1/8"], [1, 2], [2, 1]], 1)
    assert kept.pattern_at(0)[0] == (1, 2)
    assert compare(kept, 50, layers=10).first_difference is None
    broken = settled([["1/8", "1/8"], [1, 2], [2, 1], [-3, 1]], 1)
    assert broken.pattern_at(3)[0] == (1, 2)
    assert compare(broken, 1, layers=10).first_difference == Difference(1, 0, (1, 2), (1,))


def test_comparison_is_json_ready() -> None:
    case = settled([[1, 0], [0, 1], ["1/2", "1/4"]], 1)
    for beta in ("1/10", 1000):
        found = compare(case, beta, layers=20)
        assert json.loads(json.dumps(found.as_dict())) == found.as_dict()
        assert found.as_dict()["beta"] == str(beta)
        assert set(found.as_dict()) == set(vars(found))


@pytest.mark.parametrize(
    ("tokens", "beta"),
    [([[1], ["1e400"]], 1), ([["1e200"], ["2e200"]], 1), ([[1], [2]], "1e400")],
)
def test_what_floats_cannot_hold_is_a_value(tokens: Any, beta: Any) -> None:
    case = settled(tokens, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = compare(case, beta)
    assert found.failure is not None
    assert found.failure.startswith("not representable in binary64: ")
    assert found.distance_after_one_layer is found.distance_to_limits is None
    assert found.first_difference is None
    assert json.dumps(found.as_dict())


def test_extreme_temperatures_that_floats_can_hold_are_no_failure() -> None:
    case = settled([[1], [2]], 1)
    for beta in ("1e-400", 1e-308, 1e308):
        assert compare(case, beta, layers=5).failure is None


def test_without_limits_what_needs_them_is_none() -> None:
    case = settled([[2], [1]], "-1/4", A=[[-1]])  # token 0 flees from token 1 for ever
    found = compare(case, 1, layers=3)
    assert found.failure is None
    assert found.distance_to_limits is None
    assert found.distance_after_one_layer is not None


def test_negative_layers_are_misuse() -> None:
    with pytest.raises(HardmaxError, match="layers = -1"):
        compare(settled([[1]], 1), 1, layers=-1)
