r"""Real algebraic numbers: roots of irreducible integer polynomials, with rational enclosures.

Descartes' rule of signs, after the map x ↦ (low + high·x)/(1 + x) that takes (0, ∞) to
(low, high): the number of changes of sign among the coefficients is that of the roots in
(low, high), with multiplicities, or exceeds it by an even number. So no change proves that there is
no root, and one change that there is exactly one. Halving an interval ends with one of the two for
a polynomial without repeated roots (Vincent, Collins and Akritas; `paper_notes.md`, section 14).

isolated       the roots of a polynomial between two rationals, each with its minimal polynomial
changes        the changes of sign, Descartes' bound
sign_at        the sign of a polynomial at a root, exactly
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import total_ordering
from typing import Any

from flint import arb, ctx, fmpq, fmpq_poly, fmpz, fmpz_poly

FIRST_BITS = 64
"""The precision at which a sign is asked first; it is doubled until it shows."""


@total_ordering
@dataclass(frozen=True, eq=False)
class Root:
    """A real algebraic number: the only root of an irreducible polynomial in [low, high].

    `polynomial` is primitive with a positive leading coefficient. A rational number has
    `low` = `high`; any other lies strictly between them. Roots compare exactly, with each other
    and whatever their enclosures are.

    >>> root, = isolated(fmpz_poly([-2, 0, 1]), fmpq(0), fmpq(2))
    >>> root.degree, root > Root.rational(fmpq(7, 5)), root == root.narrowed(fmpq(1, 10**6))
    (2, True, True)
    """

    polynomial: fmpz_poly
    low: fmpq
    high: fmpq

    @classmethod
    def rational(cls, value: fmpq) -> "Root":
        """A rational number."""
        return cls(fmpz_poly([-value.p, value.q]), value, value)

    @property
    def degree(self) -> int:
        """The degree over Q."""
        return int(self.polynomial.degree())

    @property
    def value(self) -> fmpq | None:
        """The number itself where it is rational."""
        return self.low if self.low == self.high else None

    @property
    def coefficients(self) -> tuple[int, ...]:
        """Those of the minimal polynomial, the constant one first."""
        return tuple(map(int, self.polynomial.coeffs()))

    def __hash__(self) -> int:
        return hash(self.coefficients)

    def __reduce__(self) -> tuple[Any, ...]:
        # FLINT's polynomials do not pickle
        return _root, (self.coefficients, self.low, self.high)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Root):
            return NotImplemented
        if self.polynomial != other.polynomial:
            return False
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low >= high:
            return low == high and self.value == other.value == low
        return _sign_in(self.polynomial, low) * _sign_in(self.polynomial, high) < 0

    def __lt__(self, other: "Root") -> bool:
        if self == other:
            return False
        one, two = self, other
        while max(one.low, two.low) <= min(one.high, two.high):
            if one.high - one.low >= two.high - two.low:
                one = one.halved()
            else:
                two = two.halved()
        return one.high < two.low

    def halved(self) -> "Root":
        """The same number in half of the enclosure."""
        if self.low == self.high:
            return self
        middle = (self.low + self.high) / 2
        if _sign_in(self.polynomial, middle) == _sign_in(self.polynomial, self.low):
            return Root(self.polynomial, middle, self.high)
        return Root(self.polynomial, self.low, middle)

    def narrowed(self, width: fmpq) -> "Root":
        """The same number, in an enclosure that is no wider."""
        root = self
        while root.high - root.low > width:
            root = root._newton(width) or root.halved()
        return root

    def _newton(self, width: fmpq) -> "Root | None":
        """A step of Newton's method in enclosures: the root is in m − p(m)/p'(X) for m in X."""
        gap = self.high - self.low
        bits = 64 + 2 * max(0, int((1 / gap).ceil()).bit_length())
        size = max(abs(self.low), abs(self.high))
        with ctx.workprec(bits + 2 * max(0, int(size.ceil()).bit_length())):
            slope = self.polynomial.derivative()(arb(self.low).union(arb(self.high)))
            if slope.contains(0):
                return None
            middle = (self.low + self.high) / 2
            step = arb(fmpq(self.polynomial(middle))) / slope
            image = arb(middle) - step
            low, high = image.lower().fmpq(), image.upper().fmpq()
        low, high = max(low, self.low), min(high, self.high)
        return Root(self.polynomial, low, high) if high - low < gap / 2 else None

    def ball(self, bits: int) -> arb:
        """An enclosure whose width is about 2^−bits."""
        near = self.narrowed(fmpq(1, fmpz(1) << bits))
        return arb(near.low) if near.low == near.high else arb(near.low).union(arb(near.high))


def _root(coefficients: tuple[int, ...], low: fmpq, high: fmpq) -> Root:
    return Root(fmpz_poly(list(coefficients)), low, high)


def _sign_in(polynomial: fmpz_poly, x: fmpq) -> int:
    """The sign at a rational number, by an enclosure where that shows it."""
    with ctx.workprec(FIRST_BITS + 2 * int(x.q.bit_length())):
        ball = polynomial(arb(x))
        if ball > 0 or ball < 0:
            return 1 if ball > 0 else -1
    return _sign(polynomial(x))


def _sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)


def changes(polynomial: fmpz_poly, low: fmpq, high: fmpq) -> int:
    """The changes of sign that Descartes' rule counts on (low, high).

    >>> p = fmpz_poly([2, -3, 1])
    >>> [changes(p, fmpq(0), fmpq(n, 2)) for n in (1, 3, 5)]
    [0, 1, 2]
    """
    degree = int(polynomial.degree())
    if degree < 1:
        return 0
    # p(low + (high − low) y) as integers, y from 0 to 1; then y = 1/(1 + x)
    below = low.q * high.q // low.q.gcd(high.q)
    start, span = low.p * (below // low.q), high.p * (below // high.q) - low.p * (below // low.q)
    scaled = _scaled(polynomial, below)(fmpz_poly([start, span]))
    turned = fmpz_poly(scaled.coeffs()[::-1])
    if len(scaled) <= degree:
        turned = turned.left_shift(degree + 1 - len(scaled))
    count, last = 0, 0
    for c in turned(fmpz_poly([1, 1])).coeffs():
        if c:
            sign = 1 if c > 0 else -1
            count += sign == -last
            last = sign
    return count


def _scaled(polynomial: fmpz_poly, below: fmpz) -> fmpz_poly:
    """b^n p(x/b): integers for a polynomial of degree n."""
    if below == 1:
        return polynomial
    power, rows = fmpz(1), []
    for c in reversed(polynomial.coeffs()):
        rows.append(c * power)
        power *= below
    return fmpz_poly(rows[::-1])


def isolated(polynomial: fmpz_poly, low: fmpq, high: fmpq) -> list[Root]:
    """The real roots of a polynomial, not 0, in the open interval (low, high), in order.

    >>> [root.value for root in isolated(fmpz_poly([0, 2, -3, 1]), fmpq(0), fmpq(3))]
    [1, 2]
    """
    if not changes(polynomial, low, high):
        return []
    found = [
        root
        for factor, _ in polynomial.factor()[1]
        for root in _of_factor(factor if factor.leading_coefficient() > 0 else -factor, low, high)
    ]
    return sorted(found)


def _of_factor(factor: fmpz_poly, low: fmpq, high: fmpq) -> list[Root]:
    if factor.degree() == 1:
        value = fmpq(-factor[0], factor[1])
        return [Root.rational(value)] if low < value < high else []
    waiting, found = [(low, high)], []
    while waiting:
        start, end = waiting.pop()
        count = changes(factor, start, end)
        if count == 1:
            found.append(Root(factor, start, end))
        elif count:
            middle = (start + end) / 2
            waiting += [(start, middle), (middle, end)]
    return found


def sign_at(polynomial: fmpz_poly, root: Root) -> int:
    """The sign of a polynomial at a root: by an enclosure, or 0 by division.

    >>> root, = isolated(fmpz_poly([-2, 0, 1]), fmpq(0), fmpq(2))
    >>> [sign_at(fmpz_poly(p), root) for p in ([-7, 5], [-3, 2], [4, 0, -2])]
    [1, -1, 0]
    """
    if root.value is not None:
        return _sign(polynomial(root.value))
    return sign_of(lambda x: polynomial(x), root, lambda: _divides(root.polynomial, polynomial))


def _divides(factor: fmpz_poly, polynomial: fmpz_poly) -> bool:
    return not fmpq_poly(polynomial) % fmpq_poly(factor)


def sign_of(value: Callable[[arb], arb], root: Root, vanishes: Callable[[], bool]) -> int:
    """The sign of a function at a root, from its enclosures; `vanishes` is asked once at most."""
    bits, asked, near = FIRST_BITS, False, root
    while True:
        near = near.narrowed(fmpq(1, fmpz(1) << bits))
        with ctx.workprec(4 * bits):
            ball = value(arb(near.low).union(arb(near.high)))
            if ball > 0:
                return 1
            if ball < 0:
                return -1
        if not asked:
            if vanishes():
                return 0
            asked = True
        bits *= 2


def simplest(low: fmpq, high: fmpq) -> fmpq:
    """The rational of least denominator strictly between two, and of these the least numerator.

    >>> simplest(fmpq(0), fmpq(1)), simplest(fmpq(3, 10), fmpq(1, 3)), simplest(fmpq(2), fmpq(9))
    (1/2, 4/13, 3)
    """
    floor = low.floor()
    if floor + 1 < high:
        return fmpq(floor + 1)
    if low == floor:
        # the least q with floor + 1/q < high
        return floor + fmpq(1, (1 / (high - floor)).floor() + 1)
    below, above = 1 / (high - floor), 1 / (low - floor)
    return floor + 1 / simplest(below, above)
