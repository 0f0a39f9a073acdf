"""Softmax targets: enclosures against the truth, and the bound held against its definition."""

import random
from fractions import Fraction
from typing import Any

import flint
import mpmath
import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from softmax_reference import (
    Problem,
    inner,
    mpf,
    number,
    plain_sides,
    problems,
)

from theory import Configuration, HardmaxError
from theory.exact import fraction
from theory.matrices import as_matrix
from theory.numerics import high_precision
from theory.numerics.binary64 import rounded
from theory.numerics.enclosures import (
    UNDERFLOW,
    SoftmaxBound,
    _slack,
    _Split,
    bound_holds,
    ends,
    exponential,
    targets_enclosure,
)
from theory.numerics.softmax import View, inverse_temperature, targets

IDENTITY = [[1, 0], [0, 1]]
SKEWED = [[2, 1], [1, 2]]
TRIANGLE = [[2, 0], [0, 1], [-1, -1]]


# ------------------------------------------------------------------------- exponentials


def exponential_ends(x: fmpq, bits: int) -> tuple[fmpq, fmpq]:
    with flint.ctx.workprec(bits):
        return ends(exponential(x))


def holds_exponential(lower: fmpq, upper: fmpq, x: fmpq) -> bool:
    """Whether e^x, to 8000 bits, is between the two."""
    with mpmath.workprec(8000):
        return bool(number(lower) < mpmath.exp(number(x)) < number(upper))


def test_the_ends_of_a_ball_are_exact() -> None:
    assert ends(arb(0)) == (0, 0)
    assert ends(arb(-3) / 4) == (fmpq(-3, 4), fmpq(-3, 4))
    with flint.ctx.workprec(20):
        lower, upper = ends(arb(fmpq(1, 3)))
    assert lower < fmpq(1, 3) < upper < lower + fmpq(1, 2**19)


@pytest.mark.parametrize("bits", [2, 10, 53, 64, 128, 601])
def test_the_exponential_is_enclosed(bits: int) -> None:
    source = random.Random(bits)
    for _ in range(150):
        x = -fmpq(source.getrandbits(bits) | 1, 2 ** source.randrange(max(1, bits - 7), 2 * bits))
        assert holds_exponential(*exponential_ends(x, bits), x)


@pytest.mark.parametrize("x", [fmpq(-115, 512), fmpq(-1), fmpq(-1, 10**30), fmpq(-16000)])
def test_the_enclosure_of_the_exponential_is_narrow(x: fmpq) -> None:
    lower, upper = exponential_ends(x, 200)
    assert 0 < lower < upper < lower * (1 + fmpq(1, 2**160))


def test_the_exponential_is_enclosed_where_rounding_outward_alone_is_not_enough() -> None:
    """Points at which the interval exponential of mpmath 1.3 excludes the true value."""
    for bits, x in (
        (10, fmpq(-115, 512)),
        (53, fmpq(-4465861661900561, 140737488355328)),
        (53, fmpq(-4770637647715981, 36028797018963968)),
    ):
        assert holds_exponential(*exponential_ends(x, bits), x)


def test_an_exponential_below_the_least_is_still_enclosed() -> None:
    for x in (fmpq(-UNDERFLOW - 1), -(fmpq(10) ** 400)):
        lower, upper = exponential_ends(x, 64)
        assert lower == 0 < upper <= fmpq(2, 2**UNDERFLOW)
    assert exponential_ends(fmpq(-UNDERFLOW), 64)[0] > 0
    assert exponential_ends(fmpq(0), 64) == (fmpq(1), fmpq(1))


def test_a_positive_exponent_or_no_precision_is_misuse() -> None:
    with pytest.raises(HardmaxError, match="1/2"):
        exponential(fmpq(1, 2))
    with pytest.raises(HardmaxError, match="precision = 1"):
        targets_enclosure(TRIANGLE, IDENTITY, [1, 1, 1], 1, precision=1)


def test_the_precision_of_others_stays_as_it_is() -> None:
    before = mpmath.mp.prec, flint.ctx.prec
    targets_enclosure(TRIANGLE, IDENTITY, [1, 1, 1], "1/3", precision=777)
    bound_holds(TRIANGLE, IDENTITY, [1, 1, 1], 0, 5, precision=333)
    with pytest.raises(HardmaxError):
        targets_enclosure(TRIANGLE, IDENTITY, [1, 1, 1], "-1/3", precision=777)
    assert (mpmath.mp.prec, flint.ctx.prec) == before


def test_the_precision_of_others_does_not_matter_to_us() -> None:
    wanted = targets_enclosure(TRIANGLE, IDENTITY, [1, 1, 1], "1/3")
    for bits in (5, 1000):
        with flint.ctx.workprec(bits):
            assert targets_enclosure(TRIANGLE, IDENTITY, [1, 1, 1], "1/3") == wanted
            assert bound_holds(TRIANGLE, IDENTITY, [1, 1, 1], 0, 5) is True


# ---------------------------------------------------------------------------- enclosures


@settings(deadline=None, max_examples=60)
@given(problems(), st.sampled_from([8, 53, 200]))
def test_targets_are_enclosed(problem: Problem, bits: int) -> None:
    tokens, A, weights, beta = problem
    found = targets_enclosure(tokens, A, weights, beta, bits)
    wanted = high_precision.targets(Configuration(tokens, 1, A, weights), beta, digits=900)
    with mpmath.workprec(3000):
        error = mpmath.mpf(2) ** -2000
        assert [len(row) for row in found] == [len(row) for row in wanted]
        for row, exact in zip(found, wanted, strict=True):
            for (lower, upper), value in zip(row, exact, strict=True):
                assert number(lower) - error <= value <= number(upper) + error


def test_a_target_beside_the_enclosure_is_told_apart() -> None:
    """The same β but for 10^-12 of it: its targets lie outside, as many digits tell."""
    problem: Any = TRIANGLE, SKEWED, [1, 2, 1]
    found = targets_enclosure(*problem, 1, 200)
    for beta, inside in ((1, True), ("1.000000000001", False)):
        wanted = high_precision.targets(Configuration(TRIANGLE, 1, SKEWED, [1, 2, 1]), beta)
        with mpmath.workprec(3000):
            error = mpmath.mpf(10) ** -45
            for row, values in zip(found, wanted, strict=True):
                for (lower, upper), value in zip(row, values, strict=True):
                    assert (number(lower) - error <= value <= number(upper) + error) is inside


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
    with mpmath.workprec(3000):
        exact = 1 / (1 + mpmath.exp(1000))
        assert number(deviation[0]) <= exact <= number(deviation[1])


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
    diameter = SoftmaxBound(configuration).squared_diameter
    split = _Split.of(configuration, view, as_matrix(configuration.A))
    with flint.ctx.workprec(200):
        slack = sum(
            _slack(configuration, split, diameter, value, fmpq(decay)),
            arb(0),
        )
    lower, upper = (mpf(fraction(x)) for x in ends(slack))
    left, right = plain_sides(tokens, A, weights, i, beta, decay)
    with mpmath.workprec(1000):
        own = view.weight
        S = mpmath.fsum(
            weights[j] * mpmath.exp(-mpf(beta * fraction(view.gaps[j]))) for j in view.others
        )
        exact = (own * (own + S)) ** 2 * mpmath.exp(2 * mpf(exponent)) * (right**2 - left**2)
        scale = own**2 * mpf(fraction(diameter)) * sum(weights) ** 2
        error = scale * mpmath.mpf(2) ** -120
        assert lower - error <= exact <= upper + error
        assert upper - lower <= error


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
