"""Products over the layers and sums of them, held against their definitions in fractions."""

import pickle
from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise

import pytest
from flint import arb, ctx, fmpq, fmpz_poly
from hypothesis import example, given
from hypothesis import strategies as st

from theory.exact import Undecidable, fraction
from theory.schedules.functions import RationalFunction
from theory.schedules.hypergeometric import (
    Term,
    by_differences,
    by_the_greatest,
    collected,
    final,
    runs,
    sign_at,
    similar,
)
from theory.schedules.products import CONSTANT, ONE, Growth, Product, growth, telescoped
from theory.schedules.quotients import Quotient, at, signs
from theory.schedules.sums import Sum

SCHEDULES = (
    "2/(k+2)",
    "1/(k+2)",
    "1/(k+2)^2",
    "(k+1)/(k+2)",
    "1/2-1/(k+3)",
    "1/(2*(k+2)^2)",
    "1/(k^2+2)",
    "4*(k+1)/(k+2)^2",
    "1/(3*k+2)",
    "1-1/(k+2)^2",
    "k/(2*k+3)",
    "1/(k+100)",
)
LAMBDAS = tuple(fmpq(*x) for x in ((1, 1), (0, 1), (1, 2), (1, 3), (-1, 1), (2, 3), (-1, 2)))


def kept(gamma: str, lam: fmpq) -> Quotient:
    """1 − (1−λ) γ."""
    return ONE - Quotient.constant(1 - lam) * RationalFunction.parse(gamma).quotient


def steady(ratio: Quotient) -> int:
    """From where on it has one sign, not 0."""
    return ratio.signs()[-1][0]


def value(ratio: Quotient, since: int, k: int) -> Fraction:
    """The product by its definition."""
    total = Fraction(1)
    for r in range(since, k):
        total *= Fraction(int(ratio.above(r)), int(ratio.below(r)))
    return total


RATIOS = st.builds(kept, st.sampled_from(SCHEDULES), st.sampled_from(LAMBDAS))


# ------------------------------------------------------------------------------- quotients

COEFFICIENTS = st.lists(st.integers(-9, 9), min_size=1, max_size=4)
POLYNOMIALS = COEFFICIENTS.map(fmpz_poly)
QUOTIENTS = st.builds(Quotient.of, POLYNOMIALS, POLYNOMIALS.filter(bool))


@given(QUOTIENTS, QUOTIENTS, st.integers(0, 9))
def test_quotients_calculate(f: Quotient, g: Quotient, k: int) -> None:
    if not (f.below(k) and g.below(k)):
        return
    assert (f + g)(k) == f(k) + g(k)
    assert (f - g)(k) == f(k) - g(k)
    assert (f * g)(k) == f(k) * g(k)
    if g.above(k):
        assert (f / g)(k) == f(k) / g(k)
    if k >= 3:
        assert f.shifted(3)(k - 3) == f(k)


@given(QUOTIENTS)
def test_equal_quotients_are_one_value(f: Quotient) -> None:
    again = Quotient.of(f.above * fmpz_poly([-3, -6]), f.below * fmpz_poly([-3, -6]))
    assert (again, hash(again)) == (f, hash(f))
    assert pickle.loads(pickle.dumps(f)) == f
    assert f + ONE != f


@given(POLYNOMIALS, st.integers(0, 5))
def test_signs_of_a_polynomial(p: fmpz_poly, since: int) -> None:
    found = signs(p, since)
    for k in range(since, since + 60):
        assert at(found, k) == (p(k) > 0) - (p(k) < 0)
    assert all(one[1] != other[1] for one, other in pairwise(found))


# -------------------------------------------------------------------------------- products


@given(RATIOS)
def test_a_product_is_what_it_says(ratio: Quotient) -> None:
    since = steady(ratio)
    product = Product(ratio, since)
    for k in (since, since + 1, since + 2, since + 7, since + 40):
        assert fraction(product(k)) == value(ratio, since, k)
        with ctx.workprec(128):
            ball = product.ball(k)
            assert ball.contains(arb(product(k)))
            assert not ball.contains(arb(product(k) * fmpq(1001, 1000)))
    assert pickle.loads(pickle.dumps(product)) == product


@given(RATIOS)
def test_what_telescopes(ratio: Quotient) -> None:
    base, R, rest = telescoped(ratio)
    assert Quotient.constant(base) * R.shifted() / R * rest == ratio
    again = telescoped(rest)
    assert (again.base, again.R, again.rest) == (fmpq(1), ONE, rest)


@given(RATIOS)
def test_limits_are_near_far_values(ratio: Quotient) -> None:
    since = steady(ratio)
    product = Product(ratio, since)
    if not product.converges:
        return
    low, high = product.limit_enclosure(64)
    far, farther = (abs(fraction(product(since + t))) for t in (100, 400))
    assert far >= farther >= fraction(low)
    if product.limit == 0:
        assert farther < Fraction(9, 10) * far or growth(ratio).power > fmpq(-1, 2)
    else:
        assert farther <= fraction(high) * Fraction(11, 10)
        assert (low == high) == (product.limit is not None)
        assert 0 < low <= high < low * fmpq(10**12 + 1, 10**12)


LIMITS = {
    ("1/(k+2)^2", 0): fmpq(1, 2),
    ("1/(k+2)^2", -1): None,
    ("1/(2*(k+2)^2)", -1): fmpq(1, 2),
    ("1/(2*(k+2)^2)", 0): None,
    ("2/(k+2)", 0): fmpq(0),
    ("(k+1)/(k+2)", 0): fmpq(0),
    ("1/(k^2+2)", 0): None,
}


@pytest.mark.parametrize(("gamma", "lam"), LIMITS)
def test_limits(gamma: str, lam: int) -> None:
    ratio = kept(gamma, fmpq(lam))
    assert Product(ratio, steady(ratio)).limit == LIMITS[gamma, lam]


def test_back_and_forth_is_no_limit() -> None:
    ratio = kept("1-1/(k+2)^2", fmpq(-1))
    product = Product(ratio, steady(ratio))
    assert (product.alternates, product.converges, product.limit) == (True, False, None)
    assert product.growth == CONSTANT
    assert Product(kept("1-1/(k+2)", fmpq(-1)), 1).converges


def test_far_values_of_what_telescopes_cost_nothing() -> None:
    product = Product(kept("2/(k+2)", fmpq(0)), 1)
    assert product(10**30) == fmpq(2, 10**30 * (10**30 + 1))


def test_what_is_too_long_is_refused() -> None:
    product = Product(kept("1/(3*k+2)", fmpq(0)), 0)
    with pytest.raises(Undecidable, match="too long to be written out"):
        product(10**9)
    with ctx.workprec(200):
        ball = product.ball(10**9)
    assert ball > arb("0.0003")
    assert ball < arb("0.001")


def test_growth() -> None:
    assert growth(kept("(k+1)/(k+2)", fmpq(0))).degree == -1
    assert growth(kept("1/2-1/(k+3)", fmpq(0))) == Growth(0, fmpq(1, 2), fmpq(2))
    assert growth(kept("1/(k+2)^2", fmpq(0))) == CONSTANT


# ------------------------------------------------------------------------------------ sums


@st.composite
def sums(draw: st.DrawFn) -> tuple[list[Term], int]:
    """Products of two of some 1 − (1−λ)γ, with coefficients, from where on all are positive."""
    gamma = draw(st.sampled_from(SCHEDULES))
    lams = [fmpq(1), *draw(st.lists(st.sampled_from(LAMBDAS[1:]), max_size=2, unique=True))]
    ratios = [kept(gamma, lam) for lam in lams]
    since = max(map(steady, ratios))
    ratios = [-x if x(since) < 0 else x for x in ratios]
    terms = []
    for place, left in enumerate(ratios):
        for right in ratios[place:]:
            c = fmpq(draw(st.integers(-9, 9)), draw(st.sampled_from([1, 10, 1000])))
            terms.append(Term(Quotient.constant(c), left * right))
    return terms, since


def total(terms: Sequence[Term], since: int, k: int) -> Fraction:
    """The sum by its definition."""
    return sum((fraction(C(k)) * value(x, since, k) for C, x, _ in terms), Fraction(0))


@st.composite
def fractional_sums(draw: st.DrawFn) -> tuple[list[Term], int]:
    """Sums whose coefficients are rational functions, with zeros at layers."""
    terms, since = draw(sums())
    factors = []
    for C, ratio, _ in terms:
        zeros = draw(st.lists(st.integers(0, 30), max_size=2))
        above = reduce(fmpz_poly.__mul__, [fmpz_poly([-z, 1]) for z in zeros], fmpz_poly([1]))
        factor = Quotient.of(above, fmpz_poly([draw(st.integers(1, 9)), 1]))
        factors.append(Term(C * factor, ratio))
    return factors, since


@given(fractional_sums())
def test_signs_by_differences_and_by_the_greatest_term(drawn: tuple[list[Term], int]) -> None:
    terms, since = drawn
    apart = collected(terms, since)
    if len(apart) < 2:
        return
    found = by_differences(apart, since)
    greatest = by_the_greatest(apart, since, (), 64)
    for k in range(since, since + 50):
        exact = total(terms, since, k)
        sign = (exact > 0) - (exact < 0)
        assert at(found, k) == sign
        assert greatest is None or at(greatest, k) == sign
    assert greatest is None or greatest == found


def test_signs_that_return_are_found_by_differences() -> None:
    """(k−5)² 2^{−k} − 1/1000 is positive but at k = 5 and from k = 18 on."""
    square = Quotient.of(fmpz_poly([25, -10, 1]))
    halved, small = Quotient.constant(fmpq(1, 2)), Quotient.constant(fmpq(-1, 1000))
    f = [Term(small, ONE), Term(square, halved)]
    expected = [(0, 1), (5, -1), (6, 1), (18, -1)]
    assert by_differences(f, 0) == expected
    assert by_differences(f[::-1], 0) == expected
    assert by_the_greatest(f, 0, (), 64) is None  # a coefficient grows


def test_a_term_that_rises_before_it_falls_is_not_outweighed_at_once() -> None:
    """M grows like k^(31/3), and M/(k+100)^12 falls in the end, from its greatest value on."""
    ratio = Quotient.of(
        fmpz_poly([11, 1]) * fmpz_poly([3, 3]), fmpz_poly([1, 1]) * fmpz_poly([2, 3])
    )
    falls = Quotient.of(fmpz_poly([1]), fmpz_poly([100, 1]) ** 12)
    product = Product(ratio, 0)
    values = [falls(k) * product(k) for k in range(0, 3000, 50)]
    top = values.index(max(values)) * 50
    assert 100 < top < 2900
    f = [Term(ONE, ONE), Term(falls * Quotient.constant(-2 / max(values)), ratio)]
    found = runs(f, 0)
    assert [sign for _, sign in found] == [1, -1, 1]
    assert at(found, top) == -1


TIE = (
    [
        Term(Quotient.constant(fmpq(-1)), ONE),
        Term(Quotient.constant(fmpq(2)), kept("1/(k+2)^2", fmpq(0))),
    ],
    0,
)
"""2 Π (1 − 1/(k+2)²) − 1, which tends to 0 and is positive."""


@given(sums())
@example(TIE)
def test_signs_of_a_sum(drawn: tuple[list[Term], int]) -> None:
    terms, since = drawn
    apart = collected(terms, since)
    found = runs(apart, since)
    for k in range(since, since + 50):
        exact = total(terms, since, k)
        assert total(apart, since, k) == exact
        assert at(found, k) == (exact > 0) - (exact < 0)
        assert sign_at(apart, since, (), k) == at(found, k)
    assert final(apart, since) == found[-1][1] if apart else found == [(since, 0)]


def test_a_change_of_sign_far_away_is_found() -> None:
    ratio = kept("1/(3*k+2)", fmpq(0))  # the product is about k^(−1/3)
    f = [Term(Quotient.constant(fmpq(-1, 1000)), ONE), Term(ONE, ratio)]
    (start, first), (change, last) = runs(f, 0)
    assert (start, first, last) == (0, 1, -1)
    assert 10**7 < change < 10**9
    assert (sign_at(f, 0, (), change - 1), sign_at(f, 0, (), change)) == (1, -1)


def test_similar_terms_cancel_and_others_do_not() -> None:
    """(k+1)(k+2) Π_{r<k} (r+1)/(r+3) is 2 for all k, and 2 + 1/1000 is not."""
    ratio = kept("2/(k+3)", fmpq(0))
    grows = Quotient.of(fmpz_poly([2, 3, 1]))
    for constant, expected in ((fmpq(-2), []), (fmpq(-2001, 1000), [(0, -1)])):
        terms = collected([Term(grows, ratio), Term(Quotient.constant(constant), ONE)], 0)
        assert runs(terms, 0) == (expected or [(0, 0)])
        assert len(terms) == len(expected)


def test_signs_of_sums_over_the_layers() -> None:
    """−(1 + 1/2 + … + 1/(k−1)), and 3 minus its size, which is more from layer 12 on."""
    T = Sum(Quotient.of(fmpz_poly([-1]), fmpz_poly([0, 1])), 1)
    assert runs([Term(ONE, ONE, (1,))], 1, [T]) == [(1, 0), (2, -1)]
    assert runs([Term(-ONE, ONE, (1,))], 1, [T]) == [(1, 0), (2, 1)]
    assert runs([Term(ONE, ONE, (2,))], 1, [T]) == [(1, 0), (2, 1)]
    three = Quotient.constant(fmpq(3))
    assert runs([Term(three, ONE, (0,)), Term(ONE, ONE, (1,))], 1, [T]) == [(1, 1), (12, -1)]
    assert T(11) > -3 > T(12)
    halved = Quotient.constant(fmpq(1, 2))
    small = [Term(-ONE, ONE, (0,)), Term(Quotient.constant(fmpq(-9)), halved, (1,))]
    ((_, first), (change, last)) = runs(small, 2, [T])
    assert (first, last) == (1, -1)
    assert -9 * T(change - 1) > 2 ** (change - 3)
    assert -9 * T(change) <= 2 ** (change - 2)


def test_similar() -> None:
    factor = similar(kept("2/(k+2)", fmpq(0)), ONE, 1)
    assert factor is not None
    assert factor(4) == fmpq(1, 10)
    assert similar(kept("(k+1)/(k+2)", fmpq(0)), ONE, 0) is None
    assert similar(Quotient.constant(fmpq(1, 2)), ONE, 0) is None


def test_a_sum_of_infinite_products_that_vanishes_is_undecided() -> None:
    """Π (1 − 1/(2(r+1)²)) twice in disguise: shifted too far to be seen to telescope."""
    ratio = kept("1/(2*(k+2)^2)", fmpq(0))
    shifted = ratio.shifted(1000)
    first = Product(ratio, 0)(1000)
    f = [Term(Quotient.constant(-first), shifted), Term(ONE, ratio)]
    with pytest.raises(Undecidable, match="whether a sum of infinite products is zero"):
        final(f, 0)
