"""Signs of exponential polynomials: against brute force near 0, against mpmath far from it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from itertools import pairwise
from math import comb
from random import Random
from typing import Any, NamedTuple

import mpmath
import pytest
from flint import ctx, fmpq

import theory.positivity as positivity
from theory import Undecidable
from theory.exact import fraction, rational
from theory.exponential import ExponentialPolynomial
from theory.positivity import (
    first_failure,
    first_nonzero,
    is_plainly_positive,
    is_zero,
    runs,
    sign_at,
)

Within = Callable[[float], AbstractContextManager[None]]

HORIZON = 80


@pytest.fixture(autouse=True)
def precision_is_left_alone() -> Iterator[None]:
    """No test of this file, and no decision in it, may leave its mark on python-flint."""
    before = ctx.prec, ctx.dps
    yield
    assert (ctx.prec, ctx.dps) == before


def scalar(*terms: tuple[Any, int, Any]) -> ExponentialPolynomial:
    """Σ c C(t,p) r^t from triples (r, p, c)."""
    total = ExponentialPolynomial.of(1, [])
    for r, p, c in terms:
        total = total + ExponentialPolynomial.scalar({(rational(r), p): rational(c)})
    return total


def product(factors: Sequence[ExponentialPolynomial]) -> ExponentialPolynomial:
    total = scalar((1, 0, 1))
    for factor in factors:
        total = total.inner(factor)
    return total


def sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)


def by_fractions(f: ExponentialPolynomial, t: int) -> int:
    """The sign of f(t) from the definition."""
    terms = ((fraction(r), p, fraction(row[0])) for r, p, row in f.terms)
    return sign(sum((c * comb(t, p) * r**t for r, p, c in terms), Fraction(0)))


def by_mpmath(f: ExponentialPolynomial, t: int, digits: int = 400) -> int:
    """The sign of f(t) over the power of its greatest base, with far more digits than needed."""
    with mpmath.workdps(digits):

        def number(x: fmpq) -> Any:
            return mpmath.mpf(int(x.p)) / int(x.q)

        greatest = f.terms[0].base
        total, size = mpmath.mpf(0), mpmath.mpf(0)
        for r, p, (c,) in f.terms:
            term = (
                number(c) * mpmath.binomial(t, p) * mpmath.exp(t * mpmath.log(number(r / greatest)))
            )
            total, size = total + term, size + abs(term)
        assert abs(total) > size * mpmath.mpf(10) ** (-digits // 2)
        return sign(total)


# -------------------------------------------------------------------------- brute force


class Drawn(NamedTuple):
    f: ExponentialPolynomial
    planted: int | None


def draw(random: Random) -> Drawn:
    """Up to four bases, degrees up to 3, often an exact zero planted at some time."""
    bases = [Fraction(random.randint(1, 12), random.randint(1, 12)) for _ in range(3)]
    bases.append(Fraction(1))
    f = scalar(
        *(
            (
                random.choice(bases),
                random.randint(0, 3),
                Fraction(
                    random.randint(-9, 9) * random.choice([1, 1, 1, 100]), random.randint(1, 5)
                ),
            )
            for _ in range(random.randint(1, 6))
        )
    )
    if random.random() < 0.5:
        return Drawn(f, None)
    planted = random.randint(0, 40)
    r = random.choice(bases)
    return Drawn(f - scalar((r, 0, fraction(f(planted)[0]) / r**planted)), planted)


@pytest.mark.parametrize("seed", range(6))
def test_the_runs_are_those_of_brute_force(seed: int) -> None:
    random = Random(seed)
    lengths, zeros, degrees = set(), 0, set()
    for _ in range(40):
        f, planted = draw(random)
        found = runs(f)
        assert found[0][0] == 0
        assert all(a < b and x != y for (a, x), (b, y) in pairwise(found))
        signs = [
            sign
            for (start, sign), (end, _) in pairwise([*found, (HORIZON, 0)])
            for _ in range(start, min(end, HORIZON))
        ][:HORIZON]
        assert signs == [by_fractions(f, t) for t in range(HORIZON)], f
        assert [sign_at(f, t) for t in range(0, HORIZON, 7)] == signs[::7]
        assert first_failure(f) == next((t for t, s in found if s <= 0), None)
        assert first_nonzero(f) == next((t for t, s in enumerate(signs) if s), None)
        assert is_zero(f) is (not any(signs))
        if is_plainly_positive(f):
            assert found == [(0, 1)]
        lengths.add(len(found))
        degrees |= {p for _, p, _ in f.terms}
        if planted is not None:
            assert signs[planted] == 0
            zeros += any(f.terms)
    assert {1, 2, 3} <= lengths
    assert degrees == {0, 1, 2, 3}
    assert zeros > 10


def test_brute_force_itself_sees_a_wrong_run() -> None:
    f = scalar((1, 0, 1), ("1/2", 0, -8))
    assert [by_fractions(f, t) for t in range(5)] == [-1, -1, -1, 0, 1]
    assert by_mpmath(f, 4) == 1
    assert by_mpmath(f, 2) == -1


@pytest.mark.parametrize(
    ("f", "wanted"),
    [
        (scalar(), [(0, 0)]),
        (scalar((1, 0, 3)), [(0, 1)]),
        (scalar(("1/2", 0, -3)), [(0, -1)]),
        (scalar(("1/2", 3, 1)), [(0, 0), (3, 1)]),
        (scalar((2, 2, -1)), [(0, 0), (2, -1)]),
        # (t − 2)(t − 5) = 2 C(t,2) − 6 t + 10
        (scalar((1, 2, 2), (1, 1, -6), (1, 0, 10)), [(0, 1), (2, 0), (3, -1), (5, 0), (6, 1)]),
        # (2t − 5)(2t − 7) = 8 C(t,2) − 20 t + 35 is negative at no integer but 3
        (scalar((1, 2, 8), (1, 1, -20), (1, 0, 35)), [(0, 1), (3, -1), (4, 1)]),
        # 2^t > t^2 but at 2, 3 and 4
        (scalar((2, 0, 1), (1, 2, -2), (1, 1, -1)), [(0, 1), (2, 0), (3, -1), (4, 0), (5, 1)]),
        (scalar((1, 0, 1), ("1/2", 0, -1)), [(0, 0), (1, 1)]),
    ],
    ids=str,
)
def test_runs_by_hand(f: ExponentialPolynomial, wanted: list[tuple[int, int]]) -> None:
    assert runs(f) == wanted
    assert runs((-1) * f) == [(t, -s) for t, s in wanted]


def test_positive_for_ever_and_its_twins() -> None:
    """The dominant term is positive in all of them."""
    assert first_failure(scalar((1, 0, 1), ("1/2", 0, -1), ("1/3", 0, 1))) is None
    assert first_failure(scalar((1, 0, 1), ("1/2", 0, -1))) == 0
    assert first_failure(scalar((1, 0, 1), ("1/2", 1, "-199/100"), ("1/4", 0, 1))) is None
    assert first_failure(scalar((1, 0, 1), ("1/2", 1, -2))) == 1
    assert first_failure(scalar((1, 0, 10), ("9/10", 1, -2))) is None
    assert first_failure(scalar((1, 0, 10), ("9/10", 1, -3))) == 7
    assert first_failure(scalar((1, 0, 10), ("9/10", 1, -3), ("1/2", 3, 1))) == 8
    assert first_failure(scalar((1, 0, 10), ("9/10", 1, -3), ("1/2", 3, 9))) is None
    assert first_failure(scalar()) == 0


@pytest.mark.parametrize(
    ("f", "wanted"),
    [
        (scalar((1, 0, 1)), True),
        (scalar((1, 0, 1), ("1/2", 0, -1)), False),
        (scalar((1, 0, 2), ("1/2", 0, -1)), True),
        (scalar((1, 0, 1), ("1/2", 0, -2), ("1/3", 0, 2)), False),
        (scalar((1, 0, 2), ("1/2", 0, -1), ("1/3", 0, "-1/2"), ("1/4", 3, 7)), True),
        (scalar(("1/2", 0, -1), ("1/4", 0, 2)), False),
        (scalar((1, 1, 5)), False),
        (scalar((1, 0, 1), ("1/2", 1, "-1/100")), False),
        (scalar((1, 0, 3), ("-1/2", 0, 1)), False),
        (scalar(), False),
    ],
    ids=str,
)
def test_what_is_plainly_positive(f: ExponentialPolynomial, wanted: bool) -> None:
    assert is_plainly_positive(f) is wanted


def test_first_nonzero_is_sought_below_the_order_of_the_recurrence() -> None:
    assert first_nonzero(scalar()) is None
    assert first_nonzero(scalar((1, 0, 1), ("1/2", 0, 1))) == 0
    assert first_nonzero(scalar((1, 0, 1), ("1/2", 0, -1))) == 1
    assert first_nonzero(scalar((2, 3, 1), ("1/2", 3, -1))) == 3
    assert first_nonzero(scalar((1, 3, 1), (1, 4, -1), ("1/2", 3, -8))) == 4
    five = product([scalar((1, 1, 1), (1, 0, -k)) for k in range(5)])
    assert first_nonzero(five) == 5


# ------------------------------------------------------------------------- far from zero


def threshold(ratio: Fraction, base: Fraction) -> int:
    """The least t with 1 − ratio base^t > 0: floor(log ratio / −log base) + 1."""
    with mpmath.workdps(3000):
        quotient = -mpmath.log(mpmath.mpf(ratio.numerator) / ratio.denominator) / mpmath.log(
            mpmath.mpf(base.numerator) / base.denominator
        )
        nearest = mpmath.nint(quotient)
        assert abs(quotient - nearest) > mpmath.mpf(10) ** -600
        return int(mpmath.floor(quotient)) + 1


GAPS = [Fraction(1, 10**13), Fraction(3, 10**15), Fraction(1, 10**30), Fraction(7, 10**100)]
RATIOS = [Fraction(3, 2), Fraction(10**40), Fraction(10**40 + 1, 10**40), Fraction(10**400)]


@pytest.mark.parametrize("gap", GAPS, ids=str)
@pytest.mark.parametrize("ratio", RATIOS, ids=lambda x: f"{float(x - 1):.0e}" if x < 2 else "large")
def test_thresholds_are_found_exactly_at_once(
    gap: Fraction, ratio: Fraction, within: Within
) -> None:
    """1 − c (1 − g)^t, which steps would reach after as many as 10^102 layers."""
    f = scalar((1, 0, 1), (1 - gap, 0, -ratio))
    wanted = threshold(ratio, 1 - gap)
    with within(1):
        found = runs(f)
        failure = first_failure((-1) * f)
    assert found == [(0, -1), (wanted, 1)]
    assert failure == wanted
    assert first_failure(f) == 0
    if wanted > 1:
        assert [sign_at(f, t) for t in (wanted - 1, wanted)] == [-1, 1]
        assert [by_mpmath(f, t) for t in (wanted - 1, wanted)] == [-1, 1]


@pytest.mark.parametrize("base", ["1/2", "99/100"])
@pytest.mark.parametrize("power", [40, 300])
def test_a_leading_term_of_a_small_gap_takes_over_late(
    base: str, power: int, within: Within
) -> None:
    """10^−power − r^t changes its sign at a moderate time, and as exactly."""
    f = scalar((1, 0, Fraction(1, 10**power)), (base, 0, -1))
    wanted = threshold(Fraction(10**power), Fraction(base))
    with within(1):
        assert runs(f) == [(0, -1), (wanted, 1)]
    assert [by_fractions(f, t) for t in (wanted - 1, wanted)] == [-1, 1]


def far_factors() -> list[tuple[ExponentialPolynomial, int]]:
    """Factors 1 − c r^t, each with the time at which it changes its sign."""
    pairs = [
        (Fraction(7, 5), 1 - Fraction(1, 10**5)),
        (Fraction(10**9), 1 - Fraction(1, 10**13)),
        (Fraction(10**40), 1 - Fraction(3, 10**31)),
    ]
    return [(scalar((1, 0, 1), (r, 0, -c)), threshold(c, r)) for c, r in pairs]


@pytest.mark.parametrize("sign", [1, -1])
def test_products_change_their_sign_where_their_factors_do(sign: int, within: Within) -> None:
    """Eight terms, three changes between 10^4 and 10^33: none of them is missed."""
    factors = far_factors()
    f = product([factor for factor, _ in factors])
    assert len(f.terms) == 8
    with within(1):
        found = runs(sign * f)
    assert found == [
        (0, -sign),
        (factors[0][1], sign),
        (factors[1][1], -sign),
        (factors[2][1], sign),
    ]
    for t, wanted in found[1:]:
        assert by_mpmath(sign * f, t) == wanted
        assert by_mpmath(sign * f, t - 1) == -wanted


def test_a_short_dip_far_out_is_not_jumped_over(within: Within) -> None:
    """Negative on a stretch 10^3 long at 10^15, and positive everywhere else."""
    first = 1 - Fraction(1, 10**13)
    ratio = Fraction(10**45)
    close = ratio * (1 + Fraction(1, 10**10))
    factors = [scalar((1, 0, 1), (first, 0, -c)) for c in (ratio, close)]
    start, end = threshold(ratio, first), threshold(close, first)
    assert 900 < end - start < 1100
    assert start > 10**15
    with within(1):
        assert runs(product(factors)) == [(0, 1), (start, -1), (end, 1)]
        assert first_failure(product(factors)) == start


def test_powers_of_the_time_against_gaps(within: Within) -> None:
    """C(t,3) r^t exceeds 1 from t = 4 on; with r = 1 − 10^−13 for more than 10^15 layers."""
    r = 1 - Fraction(1, 10**13)
    f = scalar((1, 0, 1), (r, 3, -1))
    with within(1):
        found = runs(f)
    fall = found[-1][0]
    assert found == [(0, 1), (4, -1), (fall, 1)]
    assert fall > 10**15
    assert [by_mpmath(f, t) for t in (3, 4, fall - 1, fall)] == [1, -1, -1, 1]


def test_the_work_grows_with_the_bits_and_not_with_the_layers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def counted(f: ExponentialPolynomial, t: int) -> int:
        asked.append(t)
        return sign_at(f, t)

    monkeypatch.setattr(positivity, "sign_at", counted)
    for power in (20, 40, 80, 160):
        asked.clear()
        f = scalar((1, 0, 1), (1 - Fraction(1, 10**power), 1, -(10**9)), ("1/3", 2, 5))
        assert runs(f)[-1][0] > 10**power
        assert len(asked) < 20 * power + 200


# ------------------------------------------------------------------------- exact zeros


@pytest.mark.parametrize("t", [3, 400, 5_000, 100_000])
def test_an_exact_zero_far_out_is_seen(t: int, within: Within) -> None:
    """2^−t0 − 2^−t at t = t0; and with anything added to it, however little, no zero."""
    f = scalar((1, 0, Fraction(1, 2**t)), ("1/2", 0, -1))
    with within(1):
        assert runs(f) == [(0, -1), (t, 0), (t + 1, 1)]
        assert sign_at(f, t) == 0
        assert first_failure((-1) * f) == t
    less = f - scalar((1, 0, Fraction(1, 2 ** (2 * t + 9))))
    with within(1):
        assert runs(less) == [(0, -1), (t + 1, 1)]
    more = f + scalar((1, 0, Fraction(1, 2 ** (2 * t + 9))))
    with within(1):
        assert runs(more) == [(0, -1), (t, 1)]


@pytest.mark.parametrize("roots", [[1, 7], [399, 400], [2, 1_000, 100_003]])
@pytest.mark.parametrize("base", ["1", "1/2"])
def test_polynomials_vanish_at_their_roots(roots: list[int], base: str) -> None:
    f = product([scalar((1, 1, 1), (1, 0, -root)) for root in roots]).inner(scalar((base, 0, 1)))
    found = runs(f)
    zeros = [range(start, end) for (start, s), (end, _) in pairwise(found) if s == 0]
    assert [t for stretch in zeros for t in stretch] == roots
    assert found[-1] == (roots[-1] + 1, 1)


@pytest.mark.parametrize("base", ["1", "1/2", "99/100"])
@pytest.mark.parametrize("root", [10**7, 10**20, 10**300])
def test_a_zero_within_one_base_is_seen_however_far(base: str, root: int, within: Within) -> None:
    """(t − N)/3 r^t vanishes at t = N alone; with a smaller base beside it, nowhere."""
    line = scalar((base, 1, Fraction(1, 3)), (base, 0, Fraction(-root, 3)))
    with within(1):
        assert runs(line) == [(0, -1), (root, 0), (root + 1, 1)]
        assert first_failure((-1) * line) == root
        assert runs(line + scalar(("1/3", 0, "1/7"))) == [(0, -1), (root, 1)]
        assert runs(line - scalar(("1/3", 0, "1/7"))) == [(0, -1), (root + 1, 1)]


@pytest.mark.parametrize("t", [0, 4, 5, 6000, 6001])
def test_signs_with_negative_bases(t: int) -> None:
    for f in (
        scalar(("-1/2", 0, 1)),
        scalar(("-1/2", 0, 1), ("-1/3", 0, 1)),
        scalar(("-3/2", 0, 2), ("1/3", 0, 1)),
    ):
        assert sign_at(f, t) == (-1 if t % 2 else 1) == by_fractions(f, t)


# --------------------------------------------------------------------------- undecidable


def test_bases_that_are_not_positive_are_out_of_reach() -> None:
    f = scalar((1, 0, 3), ("-1/2", 0, 1))
    for decide in (runs, first_failure):
        with pytest.raises(Undecidable, match=r"bases \['1', '-1/2'\]"):
            decide(f)
    assert sign_at(f, 1) == 1
    assert first_nonzero(f) == 0


def test_beyond_the_greatest_time_the_answer_is_none_and_not_wrong() -> None:
    near = scalar((1, 0, 1), (1 - Fraction(1, 10**1300), 0, -2))
    with pytest.raises(Undecidable, match=r"2\^4096"):
        runs(near)
    assert first_failure(near) == 0
    nearly = scalar((1, 0, 1), (1 - Fraction(1, 10**1100), 0, -2))
    assert runs(nearly)[-1] == (threshold(Fraction(2), 1 - Fraction(1, 10**1100)), 1)


def test_without_precision_the_sign_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A near cancellation at t = 10^6 that 200 bits do not see, and no leave to write it out."""
    t = 10**6
    c = Fraction(10**6 + 1, 10**6) ** 40
    f = scalar((1, 0, c - Fraction(1, 10**80)), (1, 0, 0), ("1/2", 0, -c * 2**t))
    assert sign_at(f, t) == -1
    monkeypatch.setattr(positivity, "EXACT_BITS", 0)
    assert sign_at(f, t) == -1
    monkeypatch.setattr(positivity, "MAX_PRECISION", 200)
    with pytest.raises(Undecidable, match=f"t = {t}"):
        sign_at(f, t)


def test_a_failed_decision_leaves_the_precision_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ctx.prec
    monkeypatch.setattr(positivity, "EXACT_BITS", 0)
    with pytest.raises(Undecidable):
        sign_at(scalar((1, 0, Fraction(1, 2**5000)), ("1/2", 0, -1)), 5000)
    assert ctx.prec == before
    ctx.prec = 77
    try:
        runs(scalar((1, 0, 1), (1 - Fraction(1, 10**30), 0, -2)))
        assert ctx.prec == 77
    finally:
        ctx.prec = before


def test_the_short_cuts_decide_as_the_runs_do() -> None:
    """On sums with bases and degrees as settling has them, near the boundary of positivity."""
    random, met = Random(11), {"stays": 0, "fails": 0, "grows": 0}
    for _ in range(600):
        ratio = rational(random.choice(["1/2", "2/3", "9/10", "1/9"]))
        f = scalar(
            *(
                (ratio**k, p, random.randint(-4 if p or k else 0, 6))
                for k in range(3)
                for p in range(random.randint(0, 3) if k else 1)
            )
        )
        wanted = next((start for start, sign in runs(f) if sign <= 0), None)
        assert first_failure(f) == wanted, f
        met["stays" if wanted is None else "fails"] += 1
        if positivity._start(positivity._terms(f)) > 0 and positivity._grows(positivity._terms(f)):
            assert wanted is None
            met["grows"] += not is_plainly_positive(f)
    assert min(met.values()) > 50, met
