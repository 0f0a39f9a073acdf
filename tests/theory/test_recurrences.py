"""Signs of linear recurrences for all times, against values and against sequences made to order."""

import random

import pytest
from flint import fmpq, fmpz, fmpz_poly

from theory.beyond.algebraic import roots
from theory.beyond.recurrences import Recurrence, first_outside, first_unwanted, thinned
from theory.exact import Undecidable
from theory.exponential import ExponentialPolynomial
from theory.rules import NOT_NEGATIVE, POSITIVE, ZERO, Signs

NEGATIVE = Signs({-1})


def sequence(start, polynomial, count):
    """The first `count` values that a monic polynomial makes of `start`."""
    rule = [-x for x in fmpz_poly(polynomial).coeffs()[:-1]]
    values = [fmpz(x) for x in start]
    while len(values) < count:
        values.append(
            sum((c * x for c, x in zip(rule, values[-len(rule) :], strict=True)), fmpz(0))
        )
    return values[:count]


def first_by_values(values, wanted):
    return next((t for t, x in enumerate(values) if (x > 0) - (x < 0) not in wanted), None)


@pytest.mark.parametrize("wanted", [ZERO, POSITIVE, NOT_NEGATIVE, NEGATIVE], ids=str)
@pytest.mark.parametrize("seed", range(60))
def test_answers_are_those_of_the_values(seed, wanted):
    draw = random.Random(seed)
    order = draw.randint(1, 4)
    polynomial = [draw.randint(-3, 3) for _ in range(order)] + [1]
    start = [draw.randint(-4, 6) for _ in range(order)]
    values = sequence(start, polynomial, 400)
    try:
        met = first_unwanted(values[: 2 * order], order, wanted)
    except Undecidable:
        return  # dominant terms balance; what has to be decided is listed below
    assert met == first_by_values(values, wanted)


def both(polynomial, start, wanted):
    """The decision, and that of 3,000 values."""
    order = len(polynomial) - 1
    values = sequence(start, polynomial, 3_000)
    return first_unwanted(values[: 2 * order], order, wanted), first_by_values(values, wanted)


def product(*factors):
    found = fmpz_poly([1])
    for factor in factors:
        found *= fmpz_poly(factor)
    return [int(x) for x in found.coeffs()]


@pytest.mark.parametrize(
    ("polynomial", "start", "first"),
    [
        ([-1, -1, 1], [1, 1], None),  # irrational roots, the dominant one positive
        ([-1, -1, 1], [-1, 2], 0),
        ([-1, -1, 1], [21, -13], 1),
        ([2, -2, 1], [1, 1], 2),  # 1 ± i: the ratio is a root of unity, of order 4
        ([5, -2, 1], [1, 1], 2),  # 1 ± 2i turn for ever
        ([-2, 0, 1], [1, 1], None),  # ±√2: even and odd times apart
        ([-2, 0, 1], [1, -1], 1),
        ([0, 0, -2, 0, 1], [5, 7, 1, 2], None),  # a transient before it
        ([0, 0, -2, 0, 1], [5, -7, 1, 2], 1),
        (product([-1, -1, 1], [-1, -1, 1]), [1, 2, 4, 8], None),  # resonance
        (product([-5, 1], [5, -2, 1]), [3, 1, 50], None),  # 5 outweighs √5
        (product([-5, 1], [25, -6, 1]), [2, 10, 52], None),  # |3 ± 4i| = 5: no ratio of unity
        (product([-5, 1], [25, -6, 1]), [2, 1, 3], 15),
        (product([1, 1, 1], [-1, 1]), [2, 2, 1], None),  # period three
        (product([1, 1, 1], [-1, 1]), [2, 2, 0], 2),
    ],
)
def test_every_kind_of_dominant_root(polynomial, start, first):
    met, by_values = both(polynomial, start, POSITIVE)
    assert met == by_values == first


def test_a_touch_of_zero_for_ever_is_seen_exactly():
    circle = product([1, 0, 1], [-1, 1])  # period four: 2, 1, 0, 1, 2, …
    assert both(circle, [2, 1, 0], NOT_NEGATIVE) == (None, None)
    assert both(circle, [2, 1, 0], POSITIVE) == (2, 2)


def test_a_balance_is_said_to_be_open():
    # 5^t − Re (3+4i)^t: it is 0 at t = 0 and never again, which is deeper than a dominant term
    polynomial = product([-5, 1], [25, -6, 1])
    values = [5**t - int(x) for t, x in enumerate(sequence([1, 3], [25, -6, 1], 6))]
    assert first_unwanted([fmpz(x) for x in values], 3, POSITIVE) == 0
    with pytest.raises(Undecidable, match="balance, as far as 4096 bits tell"):
        first_unwanted(sequence(values[1:4], polynomial, 6), 3, POSITIVE)


def test_a_late_change_is_found():
    polynomial = product([-34, 1], [-1154, 0, 1])  # 34 against √1154 = 33.97…
    start = [-1 + 2 * 1, 34 * -1 + 2 * 34, -(34**2) + 2 * 1154]
    met, by_values = both(polynomial, start, POSITIVE)
    assert met == by_values
    assert met is not None
    assert met > 100


def test_the_least_recurrence_is_found_among_longer_ones():
    values = sequence([0, 1], [-1, -1, 1], 20)
    found = Recurrence.of(values, 10)
    assert found.order == 2
    assert [found(t) for t in range(40)] == sequence([0, 1], [-1, -1, 1], 40)
    assert [*found.values(20)] == values
    assert Recurrence.of([fmpz(0)] * 8, 4).order == 0


def test_values_of_a_longer_recurrence_are_not_taken_for_a_short_one():
    primes = [fmpz(x) for x in (2, 3, 5, 7, 11, 13, 17, 19)]
    with pytest.raises(Undecidable, match="no recurrence of order"):
        Recurrence.of(primes, 2)


def test_exponential_polynomials_with_negative_bases():
    f = ExponentialPolynomial.scalar({(fmpq(-1, 2), 1): 3, (fmpq(1), 0): 1, (fmpq(-1, 3), 0): 1})
    for shift in range(12):
        later = f.shift(shift)
        met = next((t for t in range(60) if later(t)[0] <= 0), None)
        assert first_outside(later, POSITIVE) == met
    for step, phase in ((2, 0), (2, 1), (3, 2)):
        part = thinned(f, step, phase)
        assert [part(s) for s in range(9)] == [f(phase + step * s) for s in range(9)]


@pytest.mark.parametrize("bits", [900, 8_000])
def test_great_roots_that_are_close_are_refused_before_they_are_enclosed(bits):
    """N ± i with N = 2^bits; N(1 ± i) are enclosed, whatever N is, and 10^6 ± i."""
    n = fmpz(2) ** bits
    with pytest.raises(Undecidable, match=f"roots of about {bits + 2:,} bits, 2 of them"):
        roots(fmpz_poly([n * n + 1, -2 * n, 1]))
    for polynomial in ([2 * n * n, -2 * n, 1], [10**12 + 1, -(10**6) * 2, 1]):
        found = roots(fmpz_poly(polynomial))
        assert len(found) == 2
        assert not any(root.real for root in found)
