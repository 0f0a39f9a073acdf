r"""Sums of rational functions over the layers, Σ_{r=s}^{k−1} τ(r), and which are independent.

In partial fractions over Q, τ is a polynomial and a sum of B(r)/p(r+h)^m with irreducible p. It
telescopes as far as it is a difference R(r+1) − R(r): the polynomial does, and B(r)/p(r+h)^m does
up to B(r−h)/p(r)^m. What remains of several τ are vectors over Q; of these a basis is chosen, so
that every sum is a rational function of k and a combination of few sums T. Over the rational
functions these are algebraically independent (Karr; section 3.9 of the notes): a polynomial in them
is 0 for all k only if its coefficients are. At most one grows, like log k; the others converge.

Values are enclosed at any k, with the digamma function and Hurwitz's zeta function at roots of p.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from flint import acb, acb_poly, arb, fmpq, fmpq_mat, fmpq_poly, fmpz_poly

from theory.exact import Undecidable, shown
from theory.schedules.products import FARTHEST, MAX_SHIFT, roots, shift_between
from theory.schedules.quotients import Quotient

ZERO = Quotient.of(fmpz_poly([]))

Powers: TypeAlias = tuple[int, ...]
"""The exponents of a monomial in the sums."""

Remainder: TypeAlias = dict[tuple[int, int, int], fmpq]
"""Coefficients by the class of p, the power m, and the power of r in B."""


class Fraction(NamedTuple):
    """B(r)/p(r)^power with an irreducible p and deg B < deg p."""

    B: fmpq_poly
    p: fmpz_poly
    power: int

    @property
    def quotient(self) -> Quotient:
        """As a rational function."""
        return Quotient.rational(self.B, fmpq_poly(self.p) ** self.power)


@dataclass(frozen=True)
class Sum:
    """k ↦ Σ_{r=since}^{k−1} τ(r) for k ≥ `since`, where τ has no pole and degree −1 or less.

    >>> harmonic = Sum(Quotient.of(fmpz_poly([1]), fmpz_poly([0, 1])), 1)
    >>> harmonic(1), harmonic(4), harmonic.grows
    (0, 11/6, True)
    """

    summand: Quotient
    since: int

    @property
    def grows(self) -> bool:
        """Whether it grows, like log k."""
        return self.summand.degree == -1

    def __call__(self, k: int) -> fmpq:
        """The value at k ≥ since, exactly. Raises `Undecidable` where it has too many summands."""
        if k - self.since > FARTHEST:
            raise Undecidable(f"layer {shown(k)}: a sum over the layers is too long")
        return _halves(self.summand, self.since, k)

    def ball(self, k: int | None) -> arb:
        """An enclosure of the value at k, or of the limit where k is None and it does not grow."""
        total = arb(0)
        for B, p, power in self._fractions:
            for root, _ in roots(p):
                for m, c in enumerate(_poles(B, p, power, root), start=1):
                    part = _tail(acb(self.since) - root, m)
                    if k is not None:
                        part -= _tail(acb(k) - root, m)
                    total += (c * part).real
        return total

    @cached_property
    def _fractions(self) -> list[Fraction]:
        return partial_fractions(self.summand)[1]


def _tail(x: acb, m: int) -> acb:
    """Σ_{r≥0} 1/(x+r)^m; where that diverges, for m = 1, minus the digamma function."""
    return -x.digamma() if m == 1 else acb(m).zeta(x)


def _poles(B: fmpq_poly, p: fmpz_poly, power: int, root: acb) -> list[acb]:
    """The coefficients of 1/(r−root)^m, m = 1, 2, …, power, in B(r)/p(r)^power."""
    if power == 1:
        return [_at(B, root) / _at(p.derivative(), root)]
    # at root + y the polynomial p is y·q(y), as the root is one
    q = acb_poly(p)(acb_poly([root, 1])).coeffs()[1:]
    numerator = acb_poly(B)(acb_poly([root, 1])).coeffs()
    near = [*numerator, *[acb(0)] * power][:power]
    for _ in range(power):
        for s in range(power):  # a power series divided by q
            for t in range(1, min(s, len(q) - 1) + 1):
                near[s] -= q[t] * near[s - t]
            near[s] /= q[0]
    return near[::-1]


def _at(polynomial: fmpq_poly | fmpz_poly, root: acb) -> acb:
    return acb_poly(polynomial)(root)


def _halves(summand: Quotient, start: int, end: int) -> fmpq:
    if end - start <= 8:
        return sum([summand(r) for r in range(start, end)], fmpq(0))
    middle = (start + end) // 2
    return _halves(summand, start, middle) + _halves(summand, middle, end)


def partial_fractions(f: Quotient) -> tuple[fmpq_poly, list[Fraction]]:
    """A polynomial and fractions that add up to a rational function.

    >>> polynomial, parts = partial_fractions(Quotient.of(fmpz_poly([1]), fmpz_poly([0, 1, 1])))
    >>> polynomial, [(str(B), str(p), m) for B, p, m in parts]
    (0, [('1', 'x', 1), ('(-1)', 'x + 1', 1)])
    """
    whole, left = divmod(fmpq_poly(f.above), fmpq_poly(f.below))
    parts = []
    for p, exponent in f.below.factor()[1]:
        factor = fmpq_poly(p)
        power = factor**exponent
        rest = fmpq_poly(f.below) // power
        _, inverse, _ = rest.xgcd(power)
        digits = left * inverse % power
        for m in range(exponent, 0, -1):
            digits, B = divmod(digits, factor)
            if B:
                parts.append(Fraction(B, p, m))
    return whole, parts


@dataclass(frozen=True)
class Polynomial:
    """A polynomial in independent sums T, over the rational functions of k: by exponents.

    >>> T = Polynomial({(1,): Quotient.constant(fmpq(1))})
    >>> {m: c(0) for m, c in (T * T * fmpq(1, 2) + T).terms.items()}
    {(2,): 1/2, (1,): 1}
    """

    terms: Mapping[Powers, Quotient]

    def __add__(self, other: "Polynomial") -> "Polynomial":
        total = dict(self.terms)
        for powers, c in other.terms.items():
            total[powers] = total.get(powers, ZERO) + c
        return Polynomial(total)

    def __mul__(self, other: "Polynomial | fmpq") -> "Polynomial":
        if isinstance(other, fmpq):
            factor = Quotient.constant(other)
            return Polynomial({powers: c * factor for powers, c in self.terms.items()})
        total = Polynomial({})
        for powers, c in self.terms.items():
            moved = {
                tuple([m + n for m, n in zip(powers, own, strict=True)]): c * d
                for own, d in other.terms.items()
            }
            total += Polynomial(moved)
        return total


class Written(NamedTuple):
    """A sum as R(k) + Σ c·T(k) over the independent sums T, with R(since) = 0."""

    R: Quotient
    coefficients: tuple[fmpq, ...]

    def polynomial(self) -> Polynomial:
        """The same as a polynomial in the T."""
        size = len(self.coefficients)
        terms = {(0,) * size: self.R}
        for place, c in enumerate(self.coefficients):
            if c:
                terms[tuple([int(i == place) for i in range(size)])] = Quotient.constant(c)
        return Polynomial(terms)


def independent(summands: Sequence[Quotient], since: int) -> tuple[list[Sum], list[Written]]:
    """Independent sums over r ≥ `since`, and the sums of all `summands` written with them.

    >>> k, one = Quotient.of(fmpz_poly([0, 1])), Quotient.of(fmpz_poly([1]))
    >>> sums, written = independent([one / k, one / (k + one), one / k - one / (k + one)], 1)
    >>> len(sums), [(w.R(2), w.coefficients) for w in written]
    (1, [(0, (1,)), (-1/2, (1,)), (1/2, (0,))])
    """
    classes: list[fmpz_poly] = []
    reduced = [_reduced(summand, classes) for summand in summands]
    basis: list[Remainder] = []
    sums: list[Sum] = []
    written = []
    for R, remainder in reduced:
        coefficients = _solved(basis, remainder)
        if coefficients is None:
            summand = _function(remainder, classes)
            grown = next((place for place, T in enumerate(sums) if T.grows), None)
            coefficients = [fmpq(0)] * len(basis)
            if summand.degree == -1 and grown is not None:
                c = summand.leading / sums[grown].summand.leading
                remainder = {
                    key: remainder.get(key, fmpq(0)) - c * basis[grown].get(key, fmpq(0))
                    for key in {*remainder, *basis[grown]}
                }
                coefficients[grown] = c
                summand = _function(remainder, classes)
            basis.append(remainder)
            sums.append(Sum(summand, since))
            coefficients.append(fmpq(1))
        written.append((R - Quotient.constant(R(since)), coefficients))
    full = [(*c, *[fmpq(0)] * (len(basis) - len(c))) for _, c in written]
    return sums, [Written(R, c) for (R, _), c in zip(written, full, strict=True)]


def _reduced(summand: Quotient, classes: list[fmpz_poly]) -> tuple[Quotient, Remainder]:
    """R and what remains, of a rational function; new classes are appended."""
    polynomial, parts = partial_fractions(summand)
    R = _antidifference(polynomial)
    remainder: Remainder = {}
    for B, p, power in parts:
        place, h = _class_of(p, classes)
        moved = B(fmpq_poly([-h, 1]))  # p(r) is u·q(r+h) with q of the class
        factor = fmpq(p.leading_coefficient(), classes[place].leading_coefficient()) ** power
        moved = moved / factor
        canonical = Fraction(moved, classes[place], power).quotient
        for j in range(h):
            R = R + canonical.shifted(j)
        for j in range(h, 0):
            R = R - canonical.shifted(j)
        for s, c in enumerate(moved.coeffs()):
            key = (place, power, s)
            remainder[key] = remainder.get(key, fmpq(0)) + c
    return R, {key: c for key, c in remainder.items() if c}


def _class_of(p: fmpz_poly, classes: list[fmpz_poly]) -> tuple[int, int]:
    for place, q in enumerate(classes):
        h = shift_between(q, p)
        if h is not None and abs(h) <= MAX_SHIFT:
            return place, h
    classes.append(p)
    return len(classes) - 1, 0


def _antidifference(polynomial: fmpq_poly) -> Quotient:
    """The polynomial R with R(k+1) − R(k) that polynomial, by Newton's series."""
    values = [polynomial(r) for r in range(len(polynomial))]
    R, binomial = fmpq_poly([]), fmpq_poly([1])
    for j in range(len(values)):
        binomial = binomial * fmpq_poly([-j, 1]) / (j + 1)
        R += binomial * values[0]
        values = [after - before for before, after in pairwise(values)]
    return Quotient.rational(R, fmpq_poly([1]))


def _function(remainder: Remainder, classes: Sequence[fmpz_poly]) -> Quotient:
    total = ZERO
    for (place, power, s), c in remainder.items():
        total = total + Fraction(fmpq_poly([0] * s + [c]), classes[place], power).quotient
    return total


def _solved(basis: Sequence[Remainder], remainder: Remainder) -> list[fmpq] | None:
    """The coefficients of a remainder in the basis, or None if it is independent of it."""
    if not remainder:
        return [fmpq(0)] * len(basis)
    keys = sorted({key for vector in (*basis, remainder) for key in vector})
    columns = [[vector.get(key, fmpq(0)) for key in keys] for vector in (*basis, remainder)]
    echelon, rank = fmpq_mat(columns).transpose().rref()
    if rank > len(basis):
        return None
    return [echelon[i, len(basis)] for i in range(len(basis))]
