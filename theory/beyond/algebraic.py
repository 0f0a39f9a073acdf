r"""Roots of integer polynomials: enclosures, and exact answers about their moduli and ratios.

Polynomials are monic with integer coefficients, so that roots are algebraic integers. A `Root` is
one of an irreducible factor, with a ball of Arb that holds it and no other root of the factor, at
the precision in force. What balls tell apart is different; that two numbers are equal is proved
thus (section 3.8 of the notes; ours):

- |α|² = α ᾱ is among the products of two roots of the minimal polynomial of α. The monic integer
  polynomial that has these for roots is made from power sums and factored; |α|² is the root that
  its ball meets, if that is one alone. So |α| = |β| iff both squares are the same root of the same
  irreducible polynomial (`dominant`).
- α/β is a root of unity of order N only if φ(N) is at most the product of the degrees, so that N
  is bounded, and iff α^N = β^N, again the same root of the same polynomial (`unity_order`).

Where balls are too wide for an answer `Unclear` is raised: whoever asks raises the precision. Where
roots are too close for their size, `Undecidable` is, before any work is done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flint import acb, arb, ctx, fmpz, fmpz_poly

from theory.exact import Undecidable

Coefficients = tuple[int, ...]
"""A polynomial as a key: its coefficients, the constant one first."""

ORDERS = 6
"""N ≤ 6 φ(N) for all N ≤ 10^6; the primorial 510510 comes nearest."""

MAX_DEGREE = 400
"""Fields of a greater degree are not searched for roots of unity."""


MAX_BITS = 700
"""Roots of more bits are enclosed only if they are not close to each other (`_bound`)."""

MAX_CLOSENESS = 1500
"""… by no more than so many bits, all pairs together.

Two roots of 512 bits at a distance of 2 are enclosed in 0.02 s, of 1,024 bits in 2 s, and of 8,000
bits in minutes; roots of any size that are as far apart as they are great take a millisecond.
"""


class Unclear(Exception):
    """The enclosures at this precision are too wide to tell."""


@dataclass(frozen=True)
class Root:
    """A root of an irreducible monic integer polynomial, enclosed, with its multiplicity.

    `place` tells which root it is at the precision at which it was enclosed.
    """

    factor: Coefficients
    place: int
    ball: acb = field(compare=False)
    multiplicity: int

    @property
    def degree(self) -> int:
        """The degree over Q."""
        return len(self.factor) - 1

    @property
    def rational(self) -> fmpz | None:
        """The root itself where it is rational, and so an integer."""
        return -fmpz(self.factor[0]) if self.degree == 1 else None

    @property
    def square(self) -> arb:
        """|α|², enclosed."""
        return self.ball.real * self.ball.real + self.ball.imag * self.ball.imag

    @property
    def size(self) -> arb:
        """|α|, enclosed."""
        return self.square.sqrt()

    @property
    def real(self) -> bool:
        """Whether α is real: Arb encloses real roots in real balls."""
        if not self.ball.imag.is_zero() and self.ball.imag.contains(0):
            raise Unclear("a root may be real")
        return self.ball.imag.is_zero()

    def conjugate_to(self, other: "Root") -> bool:
        """Whether the other is ᾱ, or α itself if that is real."""
        own = (other.factor, other.place)
        return self.factor == other.factor and own == _placed([own[0]], self.ball.conjugate())


def coefficients(polynomial: fmpz_poly) -> Coefficients:
    """A polynomial as a key."""
    return tuple(map(int, polynomial.coeffs()))


def roots(polynomial: fmpz_poly) -> list[Root]:
    """The roots other than 0, each once, with their multiplicities.

    >>> [(r.rational, r.multiplicity) for r in roots(fmpz_poly([0, 4, -4, 1]))]
    [(2, 2)]
    """
    found = []
    for factor, multiplicity in polynomial.factor()[1]:
        key = coefficients(factor)
        if key != (0, 1):
            balls = enumerate(_balls(key, ctx.prec))
            found += [Root(key, place, ball, multiplicity) for place, ball in balls]
    return found


@lru_cache(maxsize=512)
def _balls(key: Coefficients, precision: int) -> tuple[acb, ...]:
    if len(key) == 2:
        return (acb(-key[0]),)
    _bound(key)
    with ctx.workprec(precision):
        # the stubs have balls alone where there are pairs
        pairs: Iterable[Any] = fmpz_poly(list(key)).complex_roots()
        balls = tuple([ball for ball, _ in pairs])
    for place, ball in enumerate(balls):
        if any(ball.overlaps(other) for other in balls[:place]):
            raise Unclear(f"the roots of {key} are not apart")
    return balls


def _bound(key: Coefficients) -> None:
    """Raise `Undecidable` if enclosing the roots is too much work, before it is begun.

    With R = max |c_{d−i}|^{1/i}, to which the roots are compared, and D = Π (α_i − α_j)² over the
    pairs, R^{d(d−1)} / |D| tells how close they are, all pairs together.
    """
    degree = len(key) - 1
    bits = max(abs(c).bit_length() // (degree - i) for i, c in enumerate(key[:-1]))
    if bits <= MAX_BITS:
        return
    apart = abs(int(fmpz_poly(list(key)).discriminant())).bit_length()
    if degree * (degree - 1) * bits - apart > MAX_CLOSENESS:
        raise Undecidable(
            f"roots of about {bits:,} bits, {degree} of them, are too close to be told apart"
        )


def dominant(found: Sequence[Root]) -> list[Root]:
    """Those of the greatest modulus, exactly.

    >>> [r.rational for r in dominant(roots(fmpz_poly([-2, 0, 1]) * fmpz_poly([-1, 1])))]
    [None, None]
    """
    best = max(found, key=lambda root: root.square.mid())
    return [best, *(root for root in found if root != best and not _smaller(root, best))]


def _smaller(root: Root, best: Root) -> bool:
    """Whether |root| < |best|, or the same; never more."""
    if best.conjugate_to(root):
        return False
    if root.square < best.square:
        return True
    if same_modulus(root, best):
        return False
    raise Unclear("two moduli are not apart")


def same_modulus(root: Root, other: Root) -> bool:
    """Whether two roots have the same modulus, exactly.

    >>> one, other = roots(fmpz_poly([-2, 0, 1])), roots(fmpz_poly([2, -2, 1]))
    >>> same_modulus(one[0], other[0]), same_modulus(one[0], roots(fmpz_poly([-1, 1]))[0])
    (True, False)
    """
    if not root.square.overlaps(other.square):
        return False
    squares = [_placed(_products(one.factor), acb(one.square)) for one in (root, other)]
    return squares[0] == squares[1]


def modulus(root: Root) -> fmpz | None:
    """|α| where it is rational, and so an integer.

    >>> [modulus(roots(fmpz_poly(f))[0]) for f in ([25, -6, 1], [2, -2, 1])]
    [5, None]
    """
    if root.rational is not None:
        return abs(root.rational)
    square, _ = _placed(_products(root.factor), acb(root.square))
    if len(square) > 2:
        return None
    size = fmpz(-square[0]).isqrt()
    return size if size * size == -square[0] else None


def _placed(factors: Sequence[Coefficients], ball: acb) -> tuple[Coefficients, int]:
    """Which root of which of the irreducible factors is in the ball: one of them has to be."""
    met = [
        (factor, place)
        for factor in factors
        for place, other in enumerate(_balls(factor, ctx.prec))
        if ball.overlaps(other)
    ]
    if len(met) != 1:
        raise Unclear(f"{len(met)} roots are in one ball")
    return met[0]


def unity_order(root: Root, other: Root) -> int | None:
    """The order of root/other as a root of unity, or None if it is none; moduli must be equal.

    Raises `Unclear` too where the degrees are too great to look.

    >>> i, j = roots(fmpz_poly([1, 0, 1]))
    >>> unity_order(i, j), unity_order(*roots(fmpz_poly([5, -2, 1])))
    (2, None)
    """
    degree = root.degree * other.degree
    if degree > MAX_DEGREE:
        raise Unclear(f"a field of degree {degree}")
    ratio, power = root.ball / other.ball, acb(1)
    for order in range(1, ORDERS * degree + 1):
        power *= ratio
        if power.contains(1) and fmpz(order).euler_phi() <= degree:
            if _powers(root, order) != _powers(other, order):
                raise Unclear("two powers are not apart")
            return order
    return None


def _powers(root: Root, order: int) -> tuple[Coefficients, int]:
    """The number root^order: a root of which irreducible polynomial, and which."""
    sums = power_sums(root.factor, order * root.degree)
    factor = of_power_sums([sums[order * (k + 1) - 1] for k in range(root.degree)])
    return _placed(_irreducible(factor), root.ball**order)


@lru_cache(maxsize=256)
def _products(key: Coefficients) -> tuple[Coefficients, ...]:
    """The irreducible factors of the polynomial of all α_i α_j, i ≤ j, for the roots of one."""
    degree = (len(key) - 1) * len(key) // 2
    sums = power_sums(key, 2 * degree)
    squares = [(sums[k] * sums[k] + sums[2 * k + 1]) // 2 for k in range(degree)]
    return _irreducible(of_power_sums(squares))


def _irreducible(polynomial: fmpz_poly) -> tuple[Coefficients, ...]:
    return tuple([coefficients(factor) for factor, _ in polynomial.factor()[1]])


def power_sums(key: Coefficients, count: int) -> list[fmpz]:
    """Σ α, Σ α², …, `count` of them, over the roots α of a monic polynomial (Newton).

    >>> power_sums((-2, 0, 1), 4)
    [0, 4, 0, 8]
    """
    degree = len(key) - 1
    sums: list[fmpz] = []
    for k in range(1, count + 1):
        total = fmpz(-k * key[degree - k]) if k <= degree else fmpz(0)
        for i in range(1, min(k - 1, degree) + 1):
            total -= key[degree - i] * sums[k - i - 1]
        sums.append(total)
    return sums


def of_power_sums(sums: Sequence[fmpz]) -> fmpz_poly:
    """The monic polynomial whose roots, as many as there are sums, have these.

    >>> of_power_sums([fmpz(0), fmpz(4)])
    x^2 + (-2)
    """
    found: list[fmpz] = []
    for k in range(1, len(sums) + 1):
        total = sums[k - 1]
        for i in range(1, k):
            total += found[i - 1] * sums[k - i - 1]
        found.append(-total // k)
    return fmpz_poly([*reversed(found), 1])
