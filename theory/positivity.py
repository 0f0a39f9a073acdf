r"""Where an exponential polynomial is positive: decided exactly for all integers t ≥ 0.

Let f(t) = Σ c_{r,p} C(t,p) r^t be a scalar with positive bases r. For any base s > 0 the sequence
h(t) = f(t)/s^t has the difference h(t+1) − h(t) = g(t)/s^{t+1} with g = (E − s) f, where
(E f)(t) = f(t+1). In the binomial basis

    (E − s) [C(t,p) r^t] = (r−s) C(t,p) r^t + r C(t,p−1) r^t,

so g loses the greatest degree at s. Its order, D = Σ (1 + the greatest degree) over the bases, is
one less than that of f, if s is a base of f. This is a discrete Rolle theorem: where g keeps its
sign, f/s^t is monotone, and f changes sign at most once (`paper_notes.md`, section 3.3). By
induction on the order, f has finitely many runs of constant sign, and each end of a run is found by
bisection (`runs`). No layer is stepped over: the cost is polynomial in the bit length of the data,
whether the last run begins at t = 3 or at 10^15.

Signs at large t come from ball arithmetic (Arb, rigorous enclosures) at a precision that is
doubled until the ball excludes zero; a value that might be exactly zero is written out exactly if
that is affordable, and otherwise `Undecidable` is raised.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from math import comb

from flint import arb, ctx, fmpq, fmpz

from theory.exact import Undecidable
from theory.exponential import ExponentialPolynomial, Scalar

EXACT_BITS = 4_000_000
"""A value is written out exactly when that takes at most about this many bits."""

MAX_PRECISION = 1 << 17
"""Precision, in bits, beyond which ball arithmetic gives up."""

MAX_TIME_BITS = 4_096
"""Times t ≥ 2^MAX_TIME_BITS are not searched."""

FIRST_TIMES = 4
"""Times that are tried one by one before the runs are made: most decisions fall at once."""


def is_zero(f: ExponentialPolynomial) -> bool:
    """Whether f(t) = 0 for all t ≥ 0: whether it has no terms."""
    return not f.terms


def first_nonzero(f: ExponentialPolynomial) -> int | None:
    """The least t ≥ 0 with f(t) ≠ 0, or None if f vanishes identically.

    With D the sum over the bases of one more than the greatest degree there, an f that vanishes at
    D consecutive integers vanishes identically (it solves a recurrence of order D), so the least t
    is below D.

    >>> first_nonzero(ExponentialPolynomial.scalar({(fmpq(1, 2), 3): 1}))
    3
    """
    if not f.terms:
        return None
    order = sum(
        p + 1
        for place, (r, p, _) in enumerate(f.terms)
        if place == 0 or f.terms[place - 1].base != r
    )
    return next(t for t in range(order) if any(f(t)))


def first_failure(f: ExponentialPolynomial) -> int | None:
    """The least integer t ≥ 0 with f(t) ≤ 0, or None if f(t) > 0 for all t ≥ 0.

    Exact. Raises `Undecidable` if a sign stays open at the greatest precision.

    >>> f = ExponentialPolynomial.scalar({(fmpq(1), 0): -1, (fmpq(99, 100), 0): 10**6})
    >>> first_failure(f)
    1375
    """
    terms = _terms(f)
    if all(r > 0 for r, _, _ in terms):
        return first_failure_of(terms)
    if _sign_at(terms, 0) <= 0:
        return 0
    raise _not_positive(f)


def first_failure_of(f: Scalar) -> int | None:
    """`first_failure` of integers; all bases have to be positive."""
    if _is_plainly_positive(f):
        return None
    shifted = f
    for t in range(FIRST_TIMES):
        if _start(shifted) <= 0:
            return t
        if _grows(shifted):
            return None
        shifted = _difference(shifted, fmpz(0))
    bases, coefficients = fmpz(0), fmpz(0)
    for r, _, c in f:
        bases, coefficients = bases.gcd(r), coefficients.gcd(c)
    terms = tuple([(r // bases, p, c // coefficients) for r, p, c in f])
    return next((start for start, sign in _runs(terms) if sign <= 0), None)


def is_plainly_positive(f: ExponentialPolynomial) -> bool:
    """A sufficient condition for f(t) > 0 at all t ≥ 0 that costs a few additions.

    Terms of degree ≥ 1 must have coefficients ≥ 0, and are dropped. For the rest, with bases
    r_1 > r_2 > … > 0 and partial sums S_k = c_1 + … + c_k, Abel summation gives
    f(t) = Σ_k S_k (r_k^t − r_{k+1}^t) + S_last r_last^t, which is positive if every S_k ≥ 0 and
    S_last > 0.
    """
    return all(r > 0 for r, _, _ in f.terms) and _is_plainly_positive(_terms(f))


def _is_plainly_positive(f: Scalar) -> bool:
    total = fmpz(0)
    for _, p, c in f:
        if p:
            if c < 0:
                return False
        else:
            total += c
            if total < 0:
                return False
    return total > 0


def runs(f: ExponentialPolynomial) -> list[tuple[int, int]]:
    """The runs of constant sign of f on t = 0, 1, 2, …: pairs (first t, sign), in order.

    Neighbouring runs differ in sign; the last one goes on for ever. Bases must be positive.

    >>> runs(ExponentialPolynomial.scalar({(fmpq(1), 0): 1, (fmpq(1, 2), 0): -8}))
    [(0, -1), (3, 0), (4, 1)]
    """
    terms = _terms(f)
    if any(r <= 0 for r, _, _ in terms):
        raise _not_positive(f)
    return _runs(terms)


def _not_positive(f: ExponentialPolynomial) -> Undecidable:
    return Undecidable(f"bases {[str(r) for r, _, _ in f.terms]}: all have to be positive")


def _terms(f: ExponentialPolynomial) -> Scalar:
    bases, coefficients = fmpz(1), fmpz(1)
    for r, _, (c,) in f.terms:
        bases, coefficients = bases.lcm(r.q), coefficients.lcm(c.q)
    return [(r.p * (bases // r.q), p, c.p * (coefficients // c.q)) for r, p, (c,) in f.terms]


def _runs(f: Scalar) -> list[tuple[int, int]]:
    if len(f) <= 1:
        if not f:
            return [(0, 0)]
        ((_, p, c),) = f
        sign = 1 if c > 0 else -1
        return [(0, sign)] if p == 0 else [(0, 0), (p, sign)]
    final = 1 if f[0][2] > 0 else -1
    monotone = [start for start, _ in _runs(_difference(f, f[-1][0]))]
    return located(partial(_sign_at, f), monotone, final)


def located(sign: Callable[[int], int], breaks: Sequence[int], final: int) -> list[tuple[int, int]]:
    """The runs of constant sign of a sequence that is monotone between successive `breaks`.

    It begins at the first of them, is monotone from the last one on, and has the sign `final` in
    the end. Monotone it may be up to a factor of one sign. Raises `Undecidable` where that end is
    beyond 2^MAX_TIME_BITS.

    >>> located(lambda t: (t > 5) - (t < 5), [0, 2], 1)
    [(0, -1), (5, 0), (6, 1)]
    """
    changes = [(breaks[0], sign(breaks[0]))]
    for start, end in pairwise(breaks):
        _changes(sign, changes, start, end, sign(end))
    start = breaks[-1]
    end = start + 1
    while sign(end) != final:
        end = start + 2 * (end - start)
        if end.bit_length() > MAX_TIME_BITS:
            raise Undecidable(f"the sign settles only beyond t = 2^{MAX_TIME_BITS}")
    _changes(sign, changes, start, end, final)
    return changes


def _difference(f: Scalar, s: fmpz) -> Scalar:
    """The terms of (E − s) f."""
    terms: list[tuple[fmpz, int, fmpz]] = []
    base, degree, below = fmpz(0), 0, fmpz(0)
    for r, p, c in f:
        value = (r - s) * c
        if below:
            if degree == p and base == r:
                value += below
            else:
                terms.append((base, degree, below))
        if value:
            terms.append((r, p, value))
        base, degree, below = r, p - 1, r * c if p else fmpz(0)
    if below:
        terms.append((base, degree, below))
    return terms


def _start(f: Scalar) -> fmpz:
    """f(0)."""
    return sum([c for _, p, c in f if not p], fmpz(0))


def _grows(f: Scalar) -> bool:
    """A sufficient condition for f(t) > 0 at all t ≥ 0, where f(0) > 0 and all bases are positive.

    If g = (E − s) f ≥ 0 at all t for a base s > 0, then f(t+1) ≥ s f(t), so that f stays positive.
    And g ≥ 0 at all t if g(0) ≥ 0 and the same can be said of g with its own least base. The order
    falls with every step, and f = 0 ends the chain.
    """
    while f:
        f = _difference(f, f[-1][0])
        if _start(f) < 0:
            return False
    return True


def _changes(
    sign_of: Callable[[int], int],
    changes: list[tuple[int, int]],
    start: int,
    end: int,
    last: int,
) -> None:
    """Append the changes of sign in (start, end], where the sequence is monotone up to a factor."""
    while changes[-1][1] != last:
        sign = changes[-1][1]
        low, high = max(start, changes[-1][0]), end
        while high - low > 1:
            middle = (low + high) // 2
            if sign_of(middle) == sign:
                low = middle
            else:
                high = middle
        changes.append((high, sign_of(high)))


def sign_at(f: ExponentialPolynomial, t: int) -> int:
    """The sign of the scalar f(t), exactly, for t as large as 2^4096."""
    return _sign_at(_terms(f), t)


def _sign_at(f: Scalar, t: int) -> int:
    if f and f[-1][0] > 0 and t * f[0][0].bit_length() <= 2048:
        return _sign(sum([c * r**t * comb(t, p) if p else c * r**t for r, p, c in f], fmpz(0)))
    values = _by_base(f, t)
    if not values:
        return 0
    negative = values[-1][0] < 0
    if len(values) == 1 and not negative:
        return _sign(values[0][1])
    bits = t * max([abs(r).bit_length() for r, _ in values])
    if bits <= (EXACT_BITS if negative else 2048):
        return _exact_sign(values, t)
    if negative:
        raise Undecidable(f"the sign at t = {t} with a negative base is not looked for")
    precision = 128 + t.bit_length()
    while precision <= MAX_PRECISION:
        with ctx.workprec(precision):
            enclosure = _ball(values, t)
            if enclosure > 0:
                return 1
            if enclosure < 0:
                return -1
        precision *= 2
        if precision > 1024 and bits <= EXACT_BITS:
            return _exact_sign(values, t)
    raise Undecidable(f"the sign at t = {t} is open at {MAX_PRECISION} bits")


def _by_base(f: Scalar, t: int) -> list[tuple[fmpz, fmpz]]:
    """The nonzero values Σ_p c_{r,p} C(t,p), with r, greatest base first.

    They are cheap and exact whatever t is, so that a cancellation within one base is seen as such.
    """
    values: list[tuple[fmpz, fmpz]] = []
    for r, p, c in f:
        value = c * comb(t, p) if p else c
        if values and values[-1][0] == r:
            value += values.pop()[1]
        values.append((r, value))
    return [(r, value) for r, value in values if value]


def _exact_sign(values: Sequence[tuple[fmpz, fmpz]], t: int) -> int:
    return _sign(sum([value * r**t for r, value in values], fmpz(0)))


def _ball(values: list[tuple[fmpz, fmpz]], t: int) -> arb:
    """An enclosure of f(t)/r^t with r the greatest base, so that nothing underflows to nothing."""
    greatest = values[0][0]
    total = arb(0)
    for r, value in values:
        total += arb(value) * arb(fmpq(r, greatest)) ** t
    return total


def _sign(value: fmpz) -> int:
    return (value > 0) - (value < 0)
