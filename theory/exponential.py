"""Exponential polynomials over the rationals.

An exponential polynomial is a finite sum

    f(t) = Σ_{r,p} c_{r,p} · C(t,p) · r^t,        t = 0, 1, 2, …

with rational bases r ≠ 0, degrees p ≥ 0 and coefficients c_{r,p} in Q^m; C(t,p) is the binomial
coefficient (`paper_notes.md`, section 3.1; ours). The binomial basis is used in place of t^p
because the shift, the difference and the recursion of a layer are two-term rules in it:
C(t+1,p) = C(t,p) + C(t,p−1).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb
from operator import itemgetter
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

from flint import fmpq, fmpz

from theory.exact import HardmaxError, Undecidable, dot, natural, shown
from theory.matrices import Vector, plus, times

LONGEST = 2**30
"""Bits of a power that are written out: 128 MB."""

Sum = TypeVar("Sum", bound=Any)
"""A coefficient that can be added: a row, or a matrix."""

Scalar: TypeAlias = Sequence[tuple[fmpz, int, fmpz]]
"""The terms (r, p, c) of a scalar, c ≠ 0, in the order of `ExponentialPolynomial.terms`.

Integers: with m and D common denominators of the bases and of the coefficients they are those of
D m^t f(t), which has the signs of f(t), and no common factor is ever looked for.
"""


class Term(NamedTuple):
    """One term c · C(t, degree) · base^t, with its coefficient c in Q^m."""

    base: fmpq
    degree: int
    coefficient: Vector

    @property
    def is_constant(self) -> bool:
        """Whether the term does not depend on t."""
        return self.degree == 0 and self.base == 1


class NoLimit(HardmaxError):
    """A closed form grows or does not settle down; this needs (H) to fail."""


class Form(Protocol):
    """Where a token is at t = 0, 1, 2, …"""

    def __call__(self, t: int) -> Vector:
        """The exact value at t ≥ 0."""

    def limit(self) -> Vector:
        """Where it tends to. Raises `NoLimit` where it tends to nothing."""

    @property
    def rests(self) -> bool:
        """Whether it is the same at all t."""


def power(r: fmpq, t: int) -> fmpq:
    """r^t. Raises `Undecidable` where it would be longer than `LONGEST` bits.

    >>> power(fmpq(2, 3), 2), power(fmpq(1), 10**30)
    (4/9, 1)
    """
    if abs(r.p) == r.q:
        return r if t % 2 else r * r
    if t * (max(abs(r.p), r.q).bit_length() - 1) > LONGEST:
        raise Undecidable(f"t = {shown(t)}: ({r})^t is too long to be written out")
    return r**t


@dataclass(frozen=True)
class ExponentialPolynomial:
    """f(t) = Σ c_{r,p} C(t,p) r^t with coefficients in Q^m; m = 1 for scalars.

    `terms` has one `Term` with a nonzero coefficient for each (r, p), greatest base first and
    greatest degree first within a base, so that its first entry is the dominant term when all
    bases are positive. Two exponential polynomials are the same function of t = 0, 1, 2, … iff
    their terms are equal.

    >>> f = ExponentialPolynomial.scalar({(fmpq(1), 0): 3, (fmpq(1, 2), 1): -4})
    >>> [str(f(t)[0]) for t in range(4)]
    ['3', '1', '1', '3/2']
    """

    width: int
    terms: tuple[Term, ...]

    @classmethod
    def of(cls, width: int, terms: Iterable[Term]) -> "ExponentialPolynomial":
        """The sum of the given terms; equal (r, p) are added and zeros dropped.

        Raises `HardmaxError` for a base 0, a negative degree, or a coefficient not in Q^width.
        """
        given = list(terms)
        for r, p, row in given:
            if not r or p < 0 or len(row) != width:
                raise HardmaxError(
                    f"base {r}, degree {p}, {len(row)} coefficients: wanted a nonzero base, a "
                    f"degree ≥ 0 and {width} coefficients"
                )
        collected = collect(given, plus)
        return cls(width, tuple(Term(r, p, row) for r, p, row in collected if any(row)))

    @classmethod
    def constant(cls, row: Vector) -> "ExponentialPolynomial":
        """The constant function with value `row`."""
        return cls(len(row), (Term(fmpq(1), 0, row),) if any(row) else ())

    @classmethod
    def scalar(cls, terms: Mapping[tuple[fmpq, int], fmpq | int]) -> "ExponentialPolynomial":
        """A scalar exponential polynomial from its coefficients by (r, p)."""
        return cls.of(1, (Term(r, p, (fmpq(c),)) for (r, p), c in terms.items()))

    def coefficient(self, base: fmpq, degree: int) -> Vector:
        """c_{r,p}, zero where there is no such term."""
        for r, p, row in self.terms:
            if p == degree and r == base:
                return row
        return (fmpq(0),) * self.width

    @property
    def rests(self) -> bool:
        """Whether f is constant."""
        return not self.moving

    @cached_property
    def moving(self) -> tuple[Term, ...]:
        """The terms that depend on t: none iff f is constant."""
        return tuple([term for term in self.terms if term.degree or term.base != 1])

    def __call__(self, t: int) -> Vector:
        """The exact value at t ≥ 0. Cost grows with t: r^t is written out.

        Raises `Undecidable` where that would be longer than `LONGEST` bits.
        """
        t = natural("t", t)
        total: Vector = (fmpq(0),) * self.width
        for place, (r, p, row) in enumerate(self.terms):
            if r != 1 or p:
                row = times(comb(t, p) * power(r, t), row)
            total = plus(total, row) if place else row
        return total

    def __add__(self, other: "ExponentialPolynomial") -> "ExponentialPolynomial":
        return ExponentialPolynomial.of(self.width, [*self.terms, *other.terms])

    def __rmul__(self, factor: fmpq | int) -> "ExponentialPolynomial":
        scale = fmpq(factor)
        if not scale:
            return ExponentialPolynomial(self.width, ())
        return ExponentialPolynomial(
            self.width, tuple(Term(r, p, times(scale, row)) for r, p, row in self.terms)
        )

    def __sub__(self, other: "ExponentialPolynomial") -> "ExponentialPolynomial":
        return self + (-1) * other

    def shift(self, steps: int = 1) -> "ExponentialPolynomial":
        """t ↦ f(t + steps), by Vandermonde: C(t+s,p) = Σ_q C(s,p−q) C(t,q)."""
        steps = natural("steps", steps)
        terms = (
            Term(r, q, times(comb(steps, p - q) * power(r, steps), row))
            for r, p, row in self.terms
            for q in range(p + 1)
        )
        return ExponentialPolynomial.of(self.width, terms)

    def inner(
        self, other: "ExponentialPolynomial", A: Sequence[Vector] | None = None
    ) -> "ExponentialPolynomial":
        """t ↦ f(t)ᵀ A g(t), a scalar; A is the identity when omitted."""
        terms = []
        for r, p, x in self.terms:
            left = x if A is None else [dot(x, column) for column in zip(*A, strict=True)]
            for s, q, y in other.terms:
                value = dot(left, y)
                terms += [Term(r * s, k, (c * value,)) for k, c in product_degrees(p, q)]
        return ExponentialPolynomial.of(1, terms)

    def limit(self) -> Vector:
        """lim f(t). Raises `NoLimit` where a term of base outside (−1, 1] forbids one."""
        constant: Vector = (fmpq(0),) * self.width
        for r, p, row in self.terms:
            if not p and r == 1:
                constant = row
            elif not -1 < r < 1:
                raise NoLimit(f"no limit: the term C(t,{p})·({r})^t does not vanish")
        return constant


def product_degrees(p: int, q: int) -> list[tuple[int, int]]:
    """The pairs (k, c) with C(t,p) C(t,q) = Σ c C(t,k), k from max(p,q) to p+q.

    >>> product_degrees(1, 1)
    [(1, 1), (2, 2)]
    """
    if not (p and q):
        return [(p + q, 1)]
    return [(k, comb(k, p) * comb(p, k - q)) for k in range(max(p, q), p + q + 1)]


def collect(
    terms: Iterable[tuple[fmpq, int, Sum]], plus: Callable[[Sum, Sum], Sum]
) -> list[tuple[fmpq, int, Sum]]:
    """The triples in falling order of (r, p), those with equal (r, p) added.

    Sorting is much faster than a dictionary: comparing rationals is cheap, hashing them is not.
    """
    collected: list[tuple[fmpq, int, Sum]] = []
    for r, p, block in sorted(terms, key=itemgetter(0, 1), reverse=True):
        if collected and collected[-1][1] == p and collected[-1][0] == r:
            collected[-1] = (r, p, plus(collected[-1][2], block))
        else:
            collected.append((r, p, block))
    return collected
