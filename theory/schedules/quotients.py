"""Rational functions of k over Q, exactly: quotients of integer polynomials in lowest terms.

What they are at k, added, multiplied and shifted; how they grow; and the runs of constant sign over
the integers k ≥ 0, as of every exponential polynomial (`theory.positivity`): a
polynomial is one of base 1.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flint import fmpq, fmpq_poly, fmpz_poly

from theory.exponential import ExponentialPolynomial, Term
from theory.positivity import runs


@dataclass(frozen=True)
class Quotient:
    """N(k)/D(k) in lowest terms, the leading coefficient of D positive. Make one with `of`.

    >>> k, one = Quotient.of(fmpz_poly([0, 1])), Quotient.of(fmpz_poly([1]))
    >>> f = one / k - one / (k + one)
    >>> f(2), str(f.above), str(f.below), f.degree
    (1/6, '1', 'x^2 + x', -2)
    """

    above: fmpz_poly
    below: fmpz_poly

    @classmethod
    def of(cls, above: fmpz_poly, below: fmpz_poly | None = None) -> "Quotient":
        """The quotient of two polynomials, the second not zero; 1 when omitted."""
        if below is None:
            return cls(above, _ONE)
        common = above.gcd(below)
        if below.leading_coefficient() < 0:
            common = -common
        if not common.is_one():
            above, below = above // common, below // common
        return cls(above, below)

    @classmethod
    def rational(cls, above: fmpq_poly, below: fmpq_poly) -> "Quotient":
        """The quotient of two polynomials with rational coefficients, the second not zero."""
        return cls.of(above.numer() * below.denom(), below.numer() * above.denom())

    @classmethod
    def constant(cls, value: fmpq) -> "Quotient":
        """A rational number."""
        return cls(fmpz_poly([value.p]), fmpz_poly([value.q]))

    def __hash__(self) -> int:
        return hash(self._numbers())

    def __reduce__(self) -> tuple[Any, ...]:
        # FLINT's polynomials do not pickle
        return _quotient, self._numbers()

    def _numbers(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return tuple(map(int, self.above.coeffs())), tuple(map(int, self.below.coeffs()))

    def __bool__(self) -> bool:
        return bool(self.above)

    def __call__(self, k: int | fmpq) -> fmpq:
        """The value at k, which is no pole."""
        return fmpq(self.above(k)) / fmpq(self.below(k))

    def __neg__(self) -> "Quotient":
        return Quotient(-self.above, self.below)

    def __add__(self, other: "Quotient") -> "Quotient":
        if self.below == other.below:
            return Quotient.of(self.above + other.above, self.below)
        above = self.above * other.below + other.above * self.below
        return Quotient.of(above, self.below * other.below)

    def __sub__(self, other: "Quotient") -> "Quotient":
        return self + -other

    def __mul__(self, other: "Quotient") -> "Quotient":
        return Quotient.of(self.above * other.above, self.below * other.below)

    def __truediv__(self, other: "Quotient") -> "Quotient":
        return Quotient.of(self.above * other.below, self.below * other.above)

    def shifted(self, steps: int = 1) -> "Quotient":
        """k ↦ f(k + steps)."""
        k = fmpz_poly([steps, 1])
        return Quotient(self.above(k), self.below(k))

    @property
    def degree(self) -> int:
        """deg N − deg D, for a function that is not zero: it grows like k to this power."""
        return int(self.above.degree() - self.below.degree())

    @property
    def leading(self) -> fmpq:
        """The number c with f(k) ~ c·k^degree."""
        return fmpq(self.above.leading_coefficient(), self.below.leading_coefficient())

    def signs(self, since: int = 0) -> list[tuple[int, int]]:
        """The runs of constant sign over k ≥ since, each with its first k; no pole is there.

        >>> Quotient.of(fmpz_poly([-3, 1]), fmpz_poly([1, 1])).signs(1)
        [(1, -1), (3, 0), (4, 1)]
        """
        below = signs(self.below, since)
        above = signs(self.above, since)
        changes: list[tuple[int, int]] = []
        for k in sorted({start for start, _ in above + below}):
            sign = at(above, k) * at(below, k)
            if not changes or changes[-1][1] != sign:
                changes.append((k, sign))
        return changes


_ONE = fmpz_poly([1])


def _quotient(above: tuple[int, ...], below: tuple[int, ...]) -> Quotient:
    return Quotient(fmpz_poly(list(above)), fmpz_poly(list(below)))


def signs(polynomial: fmpz_poly, since: int = 0) -> list[tuple[int, int]]:
    """The runs of constant sign of a polynomial over k ≥ since: the first k of each, and its sign.

    Newton's series, Σ_p Δ^p f(0)·C(t,p), is an exponential polynomial of base 1.

    >>> signs(fmpz_poly([6, -5, 1]))
    [(0, 1), (2, 0), (4, 1)]
    """
    differences = [polynomial(since + t) for t in range(len(polynomial))]
    newton = []
    while differences:
        newton.append(fmpq(differences[0]))
        differences = [after - before for before, after in pairwise(differences)]
    terms = [Term(fmpq(1), p, (c,)) for p, c in enumerate(newton)]
    return [(since + t, sign) for t, sign in runs(ExponentialPolynomial.of(1, terms))]


def at(changes: list[tuple[int, int]], k: int) -> int:
    """The sign at k, not before the first run."""
    return next(sign for start, sign in reversed(changes) if start <= k)
