"""Products of a rational function over the layers, Π_{r=s}^{k−1} ρ(r): what a schedule keeps.

`Product` is the function of k. It is rational in k as far as it telescopes: if ρ(r) = R(r+1)/R(r)
it is R(k)/R(s), as that of (r−1)/(r+1) is s(s−1)/(k(k−1)). In general

    ρ = β · R(r+1)/R(r) · rest,

where nothing of the rest telescopes (`telescoped`). Whether a product tends to 0 is decided by the
degrees, the leading coefficients and the next ones. Its values at any k, and its limit, are
quotients of Gamma functions at the roots of ρ,

    Π_{r=s}^{k−1} Π_i (r − n_i)/(r − d_i) = Π_i Γ(k − n_i) Γ(s − d_i) / (Γ(s − n_i) Γ(k − d_i)),

which Arb encloses (`paper_notes.md`, section 3.9; the formulas are Gauss's).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from flint import acb, arb, ctx, fmpq, fmpq_poly, fmpz, fmpz_poly

from theory.exact import Undecidable, shown
from theory.exponential import LONGEST, power
from theory.schedules.quotients import Quotient

MAX_SHIFT = 128
"""Degree up to which a function that telescopes is written out."""

FARTHEST = 10**6
"""Factors that are multiplied one by one."""


class Telescope(NamedTuple):
    """ρ(k) = base · R(k+1)/R(k) · rest(k), where nothing of the rest telescopes."""

    base: fmpq
    R: Quotient
    rest: Quotient

    @property
    def whole(self) -> bool:
        """Whether there is no rest."""
        return self.rest == ONE


class Growth(NamedTuple):
    """|Π ρ(r)| grows like (k!)^degree; where that is 0 like base^k; where that is 1 like k^power.

    So they are compared from the left.
    """

    degree: int
    base: fmpq
    power: fmpq


CONSTANT = Growth(0, fmpq(1), fmpq(0))
"""The growth of a product that tends to a number other than 0."""

ONE = Quotient.of(fmpz_poly([1]))


@dataclass(frozen=True)
class Product:
    """k ↦ Π_{r=since}^{k−1} ρ(r) for k ≥ `since`; from there on ρ has no pole, and one sign, not 0.

    >>> ratio = Quotient.of(fmpz_poly([0, 1]), fmpz_poly([2, 1]))
    >>> kept = Product(ratio, 2)  # of 1 − 2/(r+2)
    >>> kept(2), kept(3), kept(10**9), kept.limit
    (1, 1/2, 3/500000000500000000, 0)
    """

    ratio: Quotient
    since: int

    @cached_property
    def telescope(self) -> Telescope:
        """What of the ratio telescopes."""
        return telescoped(self.ratio)

    @cached_property
    def alternates(self) -> bool:
        """Whether ρ is negative, so that the sign changes from layer to layer."""
        return self.ratio(self.since) < 0

    def __call__(self, k: int) -> fmpq:
        """The value at k ≥ since, exactly.

        Raises `Undecidable` where it is too long, or of too many factors, to be written out.
        """
        return _value(self, k)

    @cached_property
    def growth(self) -> Growth:
        """How its size grows."""
        return growth(self.ratio)

    @cached_property
    def limit(self) -> fmpq | None:
        """lim, if it is 0 or the product telescopes; None if it is another number, or none."""
        if self.growth < CONSTANT:
            return fmpq(0)
        if self.alternates or self.growth > CONSTANT or not self.telescope.whole:
            return None
        return self.telescope.R.leading / self.telescope.R(self.since)

    @property
    def converges(self) -> bool:
        """Whether there is a limit."""
        return self.growth < CONSTANT or (self.growth == CONSTANT and not self.alternates)

    def ball(self, k: int) -> arb:
        """An enclosure of the value at k, at the working precision of Arb."""
        if self.telescope.whole and abs(self.telescope.base) == 1:
            return arb(self(k))
        above, below = _gammas(self.ratio, k), _gammas(self.ratio, self.since)
        size = arb(abs(self.ratio.leading)) ** (k - self.since) * (above - below).exp()
        return -size if self.alternates and (k - self.since) % 2 else size

    def scale(self) -> arb:
        """An enclosure of the constant of `growth`, lim Π |ρ(r)| / (k^power base^(k−since)).

        The degree has to be 0. Where `growth` is that of a constant it is the limit of the sizes.
        """
        return (-_gammas(self.ratio, self.since)).exp()

    def limit_enclosure(self, bits: int) -> tuple[fmpq, fmpq]:
        """Two rationals with the limit between them, to about `bits` bits; there has to be one."""
        if self.limit is not None:
            return self.limit, self.limit
        with ctx.workprec(bits + 32):
            return ends(self.scale())


def ends(ball: arb) -> tuple[fmpq, fmpq]:
    """The ends of a bounded ball, exactly."""
    middle, radius = (
        fmpq(mantissa) * fmpq(2) ** int(exponent)
        for part in (ball.mid(), ball.rad())
        for mantissa, exponent in (part.man_exp(),)
    )
    return middle - radius, middle + radius


def growth(ratio: Quotient) -> Growth:
    """How the product of a ratio grows.

    ρ = c·k^m (1 + e/k + O(1/k²)) has the degree m, the base |c| and the power e.

    >>> growth(Quotient.of(fmpz_poly([1]), fmpz_poly([2, 1])))
    Growth(degree=-1, base=1, power=-2)
    """
    e = fmpq(0)
    for part, sign in ((ratio.above, 1), (ratio.below, -1)):
        coefficients = part.coeffs()
        if len(coefficients) > 1:
            e += sign * fmpq(coefficients[-2], coefficients[-1])
    return Growth(ratio.degree, abs(ratio.leading), e)


@lru_cache(maxsize=256)  # pairs of tokens ask for the same few
def telescoped(ratio: Quotient) -> Telescope:
    """A rational function, not 0, in its telescoping part and the rest.

    The irreducible factors over Q are sorted into classes p(k+h), h = 0, 1, 2, …, with exponents
    e_h. Of each class p(k)^{Σ e_h} remains, and R has Π_h Π_{j<h} p(k+j)^{e_h}. A class that would
    make R too long is left as it is.

    >>> k = fmpz_poly([0, 1])
    >>> parts = telescoped(Quotient.of(2 * k * (k + 2), (k + 1) ** 2))
    >>> parts.base, str(parts.R.above), str(parts.R.below), parts.whole
    (2, 'x + 1', 'x', True)
    """
    R = rest = ONE
    for p, shifts in _classes(ratio):
        if sum(abs(e) * h for h, e in shifts) * p.degree() > MAX_SHIFT:
            remains = shifts
        else:
            remains = [(0, sum(e for _, e in shifts))]
            for h, e in shifts:
                for j in range(h):
                    R = R * _power(p, j, e)
        for h, e in remains:
            rest = rest * _power(p, h, e)
    base = ratio.leading / rest.leading
    return Telescope(base, R, rest)


def _power(p: fmpz_poly, shift: int, exponent: int) -> Quotient:
    factor = p(fmpz_poly([shift, 1])) ** abs(exponent)
    return Quotient(factor, ONE.below) if exponent > 0 else Quotient.of(ONE.above, factor)


def _classes(ratio: Quotient) -> list[tuple[fmpz_poly, list[tuple[int, int]]]]:
    """The irreducible factors p(k+h)^e: each class p with its pairs (h, e), the least h is 0."""
    classes: list[tuple[fmpz_poly, dict[int, int]]] = []
    for part, sign in ((ratio.above, 1), (ratio.below, -1)):
        for factor, exponent in part.factor()[1]:
            for p, shifts in classes:
                h = shift_between(p, factor)
                if h is not None:
                    shifts[h] = shifts.get(h, 0) + sign * exponent
                    break
            else:
                classes.append((factor, {0: sign * exponent}))
    moved = []
    for p, shifts in classes:
        least = min(shifts)
        exponents = [(h - least, e) for h, e in sorted(shifts.items())]
        moved.append((p(fmpz_poly([least, 1])), exponents))
    return moved


def shift_between(p: fmpz_poly, q: fmpz_poly) -> int | None:
    """The integer h with q(k) = p(k+h), up to the sign, or None."""
    n = p.degree()
    if n != q.degree():
        return None
    p_monic, q_monic = (fmpq_poly(f) / f.leading_coefficient() for f in (p, q))
    h = (q_monic[n - 1] - p_monic[n - 1]) / n
    if h.q != 1 or p_monic(fmpq_poly([h, 1])) != q_monic:
        return None
    return int(h.p)


@lru_cache(maxsize=64)  # the tokens of one layer share it
def _value(product: Product, k: int) -> fmpq:
    since, (base, R, rest) = product.since, product.telescope
    if rest == ONE:
        return power(base, k - since) * R(k) / R(since)
    above, below = product.ratio.above, product.ratio.below
    bits = max(abs(fmpz(part(k))).bit_length() for part in (above, below))
    if k - since > FARTHEST or (k - since) * bits > LONGEST:
        raise Undecidable(f"layer {shown(k)}: the product of 1 − γ is too long to be written out")
    return fmpq(by_halves(above, since, k), by_halves(below, since, k))


def by_halves(polynomial: fmpz_poly, start: int, end: int) -> fmpz:
    """Π p(r) over start ≤ r < end, by halves."""
    if end - start <= 16:
        product = fmpz(1)
        for r in range(start, end):
            product *= polynomial(r)
        return product
    middle = (start + end) // 2
    return by_halves(polynomial, start, middle) * by_halves(polynomial, middle, end)


def _gammas(ratio: Quotient, k: int) -> arb:
    """Σ log |Γ(k − n_i)| − Σ log |Γ(k − d_i)| over the roots of numerator and denominator."""
    total = arb(0)
    for part, sign in ((ratio.above, 1), (ratio.below, -1)):
        for root, multiplicity in roots(part):
            total += sign * multiplicity * (acb(k) - root).lgamma().real
    return total


def roots(polynomial: fmpz_poly) -> tuple[tuple[acb, int], ...]:
    """Its complex roots with their multiplicities, enclosed at the working precision of Arb."""
    return _roots(tuple(map(int, polynomial.coeffs())), ctx.prec)


@lru_cache(maxsize=64)
def _roots(coefficients: tuple[int, ...], precision: int) -> tuple[tuple[acb, int], ...]:
    with ctx.workprec(precision):
        # the stubs have balls alone where there are pairs
        pairs: Iterable[Any] = fmpz_poly(list(coefficients)).complex_roots()
        return tuple([(acb(root), int(multiplicity)) for root, multiplicity in pairs])
