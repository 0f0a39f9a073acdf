"""Softmax layers: floats against the definition, enclosures against the truth, the bound held."""

import json
import math
import random
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import pairwise
from typing import Any

import flint
import mpmath
import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import Configuration, HardmaxError, Settled, settle
from theory.exact import fraction
from theory.simulation import Array, Difference, rounded
from theory.simulation import layer as hardmax_layer
from theory.softmax import (
    UNDERFLOW,
    View,
    _slack,
    _squared_diameter,
    attention_weights,
    bound_holds,
    compare,
    enclosure,
    ends,
    exponential,
    intervals,
    inverse_temperature,
    layer,
    simulate,
    targets,
    targets_enclosure,
)

Problem = tuple[Any, Any, list[int], Fraction]

IDENTITY = [[1, 0], [0, 1]]
SKEWED = [[2, 1], [1, 2]]
TRIANGLE = [[2, 0], [0, 1], [-1, -1]]


def settled(*args: Any, **kwargs: Any) -> Settled:
    result = settle(Configuration(*args, **kwargs))
    assert isinstance(result, Settled)
    return result


@contextmanager
def ball_precision(bits: int) -> Iterator[None]:
    """FLINT's own rigorous arithmetic, the reference for ours, at `bits` bits."""
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        yield
    finally:
        flint.ctx.prec = before


def inner(x: list[Fraction], A: list[list[Fraction]], y: list[Fraction]) -> Fraction:
    """⟨x, y⟩ from the definition."""
    d = len(x)
    return sum((x[s] * A[s][t] * y[t] for s in range(d) for t in range(d)), Fraction(0))


def reference_targets(
    tokens: list[list[Fraction]], A: list[list[Fraction]], weights: list[int], beta: Fraction
) -> list[list[arb]]:
    """The targets from the definition, in FLINT's ball arithmetic."""

    def ball(x: Fraction) -> arb:
        return arb(fmpq(x.numerator, x.denominator))

    d = len(tokens[0])
    rows = []
    for x in tokens:
        powers = [
            weight * ball(beta * inner(x, A, y)).exp()
            for weight, y in zip(weights, tokens, strict=True)
        ]
        total = sum(powers, arb(0))
        rows.append(
            [
                sum((p * ball(y[s]) for p, y in zip(powers, tokens, strict=True)), arb(0)) / total
                for s in range(d)
            ]
        )
    return rows


numbers = st.builds(Fraction, st.integers(-12, 12), st.integers(1, 5))


@st.composite
def problems(draw: st.DrawFn, definite: bool = False) -> Problem:
    """Tokens, A, multiplicities and β; A symmetric positive definite where asked for."""
    d = draw(st.integers(1, 3))
    vectors = st.lists(numbers, min_size=d, max_size=d)
    tokens = draw(st.lists(vectors, min_size=1, max_size=5))
    B = draw(st.lists(vectors, min_size=d, max_size=d))
    A = B
    if definite:
        A = [
            [sum((row[s] * row[t] for row in B), Fraction(s == t)) for t in range(d)]
            for s in range(d)
        ]
    weights = draw(st.lists(st.integers(1, 4), min_size=len(tokens), max_size=len(tokens)))
    beta = draw(st.builds(Fraction, st.integers(1, 400), st.integers(1, 40)))
    return tokens, A, weights, beta


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


# ---------------------------------------------------------------------------- intervals


def test_the_arithmetic_of_intervals_rounds_outward() -> None:
    source = random.Random(1)
    for _ in range(400):
        context = intervals(source.choice((5, 20, 53, 100)))
        x, y = (fmpq(source.randint(-(10**6), 10**6), source.randint(1, 10**6)) for _ in range(2))
        X, Y = enclosure(context, x), enclosure(context, y)
        results = [(X + Y, x + y), (X - Y, x - y), (X * Y, x * y)]
        if y:
            results.append((X / Y, x / y))
        for interval, exact in results:
            lower, upper = ends(interval)
            assert lower <= exact <= upper


@pytest.mark.parametrize("bits", [2, 10, 53, 64, 128, 601])
def test_the_exponential_is_enclosed(bits: int) -> None:
    source, context = random.Random(bits), intervals(bits)
    for _ in range(150):
        x = -fmpq(source.getrandbits(bits), 2 ** source.randrange(max(1, bits - 7), 2 * bits))
        lower, upper = ends(exponential(context, x))
        with ball_precision(4 * bits + 200):
            exact = arb(x).exp()
            assert arb(lower) <= exact
            assert exact <= arb(upper)


@pytest.mark.parametrize("x", [fmpq(-115, 512), fmpq(-1), fmpq(-1, 10**30), fmpq(-16000)])
def test_the_enclosure_of_the_exponential_is_narrow(x: fmpq) -> None:
    lower, upper = ends(exponential(intervals(200), x))
    assert 0 < lower < upper < lower * (1 + fmpq(1, 2**160))


def test_the_exponential_is_enclosed_where_rounding_outward_alone_is_not_enough() -> None:
    """Points at which the interval exponential of mpmath 1.3 excludes the true value."""
    for bits, x in (
        (10, fmpq(-115, 512)),
        (53, fmpq(-4465861661900561, 140737488355328)),
        (53, fmpq(-4770637647715981, 36028797018963968)),
    ):
        lower, upper = ends(exponential(intervals(bits), x))
        with ball_precision(300):
            assert arb(lower) < arb(x).exp() < arb(upper)


def test_an_exponential_below_the_least_is_still_enclosed() -> None:
    for x in (fmpq(-UNDERFLOW - 1), -(fmpq(10) ** 400)):
        assert ends(exponential(intervals(64), x)) == (fmpq(0), fmpq(1, 2**UNDERFLOW))
    assert ends(exponential(intervals(64), fmpq(-UNDERFLOW)))[0] > 0
    assert ends(exponential(intervals(64), fmpq(0))) == (fmpq(1), fmpq(1))


def test_a_positive_exponent_or_no_precision_is_misuse() -> None:
    with pytest.raises(HardmaxError, match="1/2"):
        exponential(intervals(64), fmpq(1, 2))
    with pytest.raises(HardmaxError, match="precision = 1"):
        intervals(1)


def test_mpmath_s_precision_stays_as_it_is() -> None:
    before = mpmath.mp.prec, mpmath.iv.prec, flint.ctx.prec
    pi = str(mpmath.mp.pi), str(mpmath.iv.pi)
    targets_enclosure(TRIANGLE, IDENTITY, [1, 1, 1], "1/3", precision=777)
    bound_holds(TRIANGLE, IDENTITY, [1, 1, 1], 0, 5, precision=333)
    context = intervals(99)
    context.prec = 100
    assert (mpmath.mp.prec, mpmath.iv.prec, flint.ctx.prec) == before
    assert (str(mpmath.mp.pi), str(mpmath.iv.pi)) == pi


def test_mpmath_s_precision_does_not_matter_to_us() -> None:
    wanted = targets_enclosure(TRIANGLE, IDENTITY, [1, 1, 1], "1/3")
    prec = mpmath.mp.prec, mpmath.iv.prec
    try:
        mpmath.mp.prec = mpmath.iv.prec = 5
        assert targets_enclosure(TRIANGLE, IDENTITY, [1, 1, 1], "1/3") == wanted
    finally:
        mpmath.mp.prec, mpmath.iv.prec = prec


# ---------------------------------------------------------------------------- enclosures


@settings(deadline=None, max_examples=60)
@given(problems(), st.sampled_from([8, 53, 200]))
def test_targets_are_enclosed(problem: Problem, bits: int) -> None:
    tokens, A, weights, beta = problem
    found = targets_enclosure(tokens, A, weights, beta, bits)
    with ball_precision(3000):
        wanted = reference_targets(tokens, A, weights, beta)
        assert [len(row) for row in found] == [len(row) for row in wanted]
        for row, exact in zip(found, wanted, strict=True):
            for (lower, upper), value in zip(row, exact, strict=True):
                # Not certainly outside; the reference's own radius is below 2^-1000.
                assert not value < arb(lower)
                assert not value > arb(upper)
                assert value.rad() < arb(fmpq(1, 2**1000))


@settings(deadline=None, max_examples=40)
@given(problems())
def test_more_precision_narrows_the_enclosure(
    problem: Problem,
) -> None:
    wide, narrow = (targets_enclosure(*problem, precision=bits) for bits in (24, 300))
    for row, better in zip(wide, narrow, strict=True):
        for (lower, upper), (least, most) in zip(row, better, strict=True):
            assert lower <= least <= most <= upper
            assert most - least <= fmpq(1, 2**150)


def test_floats_lie_near_the_enclosure() -> None:
    tokens: Any = [["1/2", "1/4"], [1, -1], [-1, "3/4"]]
    start = rounded(Configuration(tokens, 1, multiplicities=[1, 2, 3]))
    found = targets(start.tokens, start.A, start.multiplicities, 1.5)
    exact = targets_enclosure(tokens, IDENTITY, [1, 2, 3], 1.5)
    for row, intervals_of_row in zip(found, exact, strict=True):
        for value, (lower, upper) in zip(row, intervals_of_row, strict=True):
            assert abs(value - float(fraction((lower + upper) / 2))) < 1e-15


def test_the_enclosure_is_narrow_next_to_a_tiny_deviation() -> None:
    ((lower, upper),), _ = targets_enclosure([[1], [0]], [[1]], [1, 1], 1000)
    deviation = 1 - upper, 1 - lower
    assert 0 < deviation[0] < deviation[1] < deviation[0] * (1 + fmpq(1, 2**35))
    with ball_precision(3000):
        assert arb(deviation[0]) <= 1 / (1 + arb(1000).exp()) <= arb(deviation[1])


def test_where_all_tokens_tie_the_target_is_the_mean_exactly() -> None:
    found = targets_enclosure([[0, 0], [1, 2], [2, -1]], IDENTITY, [1, 2, 1], 7)
    assert found[0] == ((fmpq(1), fmpq(1)), (fmpq(3, 4), fmpq(3, 4)))


# ---------------------------------------------------------------------------- the bound


@settings(deadline=None, max_examples=60)
@given(problems(definite=True), st.data())
def test_the_bound_holds(problem: Problem, data: st.DataObject) -> None:
    tokens, A, weights, beta = problem
    i = data.draw(st.integers(0, len(tokens) - 1))
    scale = data.draw(st.sampled_from([Fraction(1), Fraction(1, 10**30), Fraction(10**12)]))
    assert bound_holds(tokens, A, weights, i, beta * scale) is True


@settings(deadline=None, max_examples=40)
@given(problems(definite=True), st.sampled_from([1, 2]), st.fractions("1/50", 60), st.data())
def test_the_decision_is_that_of_plain_high_precision_numbers(
    problem: Problem, decay: int, exponent: Fraction, data: st.DataObject
) -> None:
    """At β = exponent/Δ, so that e^(−βΔ) is far above the rounding of the reference."""
    tokens, A, weights, _ = problem
    i = data.draw(st.integers(0, len(tokens) - 1))
    values = sorted({inner(tokens[i], A, z) for z in tokens})
    beta = exponent / (values[-1] - values[-2]) if len(values) > 1 else Fraction(1)
    left, right = plain_sides(tokens, A, weights, i, beta, decay)
    found = bound_holds(tokens, A, weights, i, beta, decay=decay)
    if left == right == 0:
        assert found is True
    else:
        assert abs(left - right) > right * mpmath.mpf(2) ** -500
        assert found is bool(left < right)


@settings(deadline=None, max_examples=60)
@given(problems(definite=True), st.sampled_from([1, 2, 3]), st.fractions("1/50", 20), st.data())
def test_what_is_compared_is_the_difference_of_the_squares(
    problem: Problem, decay: int, exponent: Fraction, data: st.DataObject
) -> None:
    tokens, A, weights, _ = problem
    i = data.draw(st.integers(0, len(tokens) - 1))
    configuration = Configuration(tokens, 1, A, weights)
    view = View.of(configuration, i)
    if not view.others:
        return
    delta = fraction(min(view.gaps[j] for j in view.others))
    beta = exponent / delta
    value = inverse_temperature(beta)
    slack = _slack(
        intervals(200), configuration, view, _squared_diameter(configuration), value, fmpq(decay)
    )
    lower, upper = (mpf(fraction(x)) for x in ends(slack))
    left, right = plain_sides(tokens, A, weights, i, beta, decay)
    with mpmath.workprec(1000):
        own = view.weight
        S = mpmath.fsum(
            weights[j] * mpmath.exp(-mpf(beta * fraction(view.gaps[j]))) for j in view.others
        )
        exact = (own * (own + S)) ** 2 * mpmath.exp(2 * mpf(exponent)) * (right**2 - left**2)
        scale = own**2 * mpf(fraction(_squared_diameter(configuration))) * sum(weights) ** 2
        error = scale * mpmath.mpf(2) ** -120
        assert lower - error <= exact <= upper + error
        assert upper - lower <= error


def mpf(x: Fraction) -> Any:
    with mpmath.workprec(1000):
        return mpmath.mpf(x.numerator) / x.denominator


def plain_sides(
    tokens: Any, A: Any, weights: list[int], i: int, beta: Fraction, decay: int
) -> tuple[Any, Any]:
    """Both sides of the bound from their definitions, with 1000 bits and no intervals."""
    with mpmath.workprec(1000):
        d, n = len(tokens[0]), len(tokens)

        def minus(x: list[Fraction], y: list[Fraction]) -> list[Fraction]:
            return [a - b for a, b in zip(x, y, strict=True)]

        products = [inner(tokens[i], A, z) for z in tokens]
        values = sorted(set(products))
        if len(values) == 1:
            return mpmath.mpf(0), mpmath.mpf(0)
        attended = [j for j in range(n) if products[j] == values[-1]]
        own = sum(weights[j] for j in attended)
        hard = [sum(weights[j] * tokens[j][s] for j in attended) / Fraction(own) for s in range(d)]
        powers = [
            w * mpmath.exp(mpf(beta * (p - values[-1])))
            for w, p in zip(weights, products, strict=True)
        ]
        total = mpmath.fsum(powers)
        soft = [
            mpmath.fsum(p * mpf(z[s]) for p, z in zip(powers, tokens, strict=True)) / total
            for s in range(d)
        ]
        off = [x - mpf(y) for x, y in zip(soft, hard, strict=True)]
        left = mpmath.sqrt(
            abs(mpmath.fsum(off[s] * mpf(A[s][t]) * off[t] for s in range(d) for t in range(d)))
        )
        diameter = mpmath.sqrt(
            mpf(max(inner(minus(x, y), A, minus(x, y)) for x in tokens for y in tokens))
        )
        right = (
            diameter
            * mpf(Fraction(sum(weights) - own, own))
            * mpmath.exp(-decay * mpf(beta * (values[-1] - values[-2])))
        )
        return left, right


def test_a_planted_wrong_bound_is_refuted() -> None:
    """e^(−2βΔ) in place of e^(−βΔ): too small once β is large, and not before."""
    assert [bound_holds(TRIANGLE, IDENTITY, [1, 1, 1], i, 3) for i in range(3)] == [True] * 3
    for decay in (2, "11/10"):
        assert [
            bound_holds(TRIANGLE, IDENTITY, [1, 1, 1], i, 30, decay=decay) for i in range(3)
        ] == [False] * 3
    assert bound_holds(TRIANGLE, IDENTITY, [1, 1, 1], 0, "1/100", decay=2) is True


def test_the_bound_counts_weights_and_not_places() -> None:
    """One token against nine copies of the other: counted as places the bound would be false."""
    tokens, beta = [[1], [0]], 5
    left = [
        plain_sides([[Fraction(1)], [Fraction(0)]], [[Fraction(1)]], w, 0, Fraction(beta), 1)
        for w in ([1, 1], [1, 9])
    ]
    assert left[1][0] > left[0][1]
    assert bound_holds(tokens, [[1]], [1, 9], 0, beta) is True
    assert bound_holds(tokens, [[1]], [9, 1], 0, beta) is True


def test_copies_and_multiplicities_are_decided_alike() -> None:
    copies = [[1, 0], [1, 0], [0, 1], [-1, 1], [-1, 1]]
    for decay in (1, 2):
        for i, place in ((0, 0), (2, 1), (3, 2)):
            assert bound_holds(copies, IDENTITY, [1] * 5, i, 4, decay=decay) is bound_holds(
                [[1, 0], [0, 1], [-1, 1]], IDENTITY, [2, 1, 2], place, 4, decay=decay
            )


def test_attending_to_everything_makes_both_sides_zero() -> None:
    assert bound_holds([[0, 0], [1, 2], [2, -1]], IDENTITY, [1, 1, 1], 0, 3) is True
    assert bound_holds([[5, 5]], SKEWED, [1], 0, 3) is True
    assert bound_holds([[5, 5], [5, 5]], SKEWED, [1, 1], 0, 3, decay=2) is True


@pytest.mark.parametrize("beta", ["1e-50", 1, 10**6, "1e300"])
def test_two_tokens_on_a_line_are_decided_however_close_the_sides(beta: Any) -> None:
    """|z_j − m_i| = diam here: the sides differ by the factor 1 + e^(−β) alone."""
    assert bound_holds([[1], [0]], [[1]], [1, 1], 0, beta) is True


def test_near_ties_take_more_bits_and_are_decided() -> None:
    tokens: Any = [[1, 0], ["0", "1"], ["1e-60", "1"], ["-2", "1/3"]]
    for beta in ("1e-9", 1, 1000):
        assert [bound_holds(tokens, IDENTITY, [1] * 4, i, beta) for i in range(4)] == [True] * 4


def test_too_few_bits_leave_it_undecided() -> None:
    """A bound that is false by a relative 10^-60 cannot be told with 32 bits."""
    tokens, A = [[1], [0]], [[1]]
    close: dict[str, Any] = {"decay": 1 + Fraction(1, 10**60)}
    assert bound_holds(tokens, A, [1, 1], 0, 150, precision=16, max_precision=32, **close) is None
    assert bound_holds(tokens, A, [1, 1], 0, 150, **close) is False
    assert bound_holds(tokens, A, [1, 1], 0, 3, precision=64, max_precision=32) is None


@pytest.mark.parametrize(
    "A", [[[1, 0], [0, -1]], [[1, 0], [0, 0]], [[1, 1], [0, 1]], [[0, 0], [0, 0]]]
)
def test_without_a_norm_there_is_no_bound(A: list[list[int]]) -> None:
    with pytest.raises(HardmaxError, match="positive definite"):
        bound_holds(TRIANGLE, A, [1, 1, 1], 0, 1)


def test_misuse_of_the_bound_is_named() -> None:
    for i in (3, -1):
        with pytest.raises(HardmaxError, match=f"token {i}"):
            bound_holds(TRIANGLE, IDENTITY, [1, 1, 1], i, 1)
    with pytest.raises(HardmaxError, match="decay = 1/2"):
        bound_holds(TRIANGLE, IDENTITY, [1, 1, 1], 0, 1, decay="1/2")
    with pytest.raises(HardmaxError, match="2 multiplicities for 3 tokens"):
        bound_holds(TRIANGLE, IDENTITY, [1, 1], 0, 1)
    with pytest.raises(HardmaxError, match="precision = 0"):
        bound_holds(TRIANGLE, IDENTITY, [1, 1, 1], 0, 1, precision=0)


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
