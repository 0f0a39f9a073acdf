r"""Formal vectors and their inner products: proofs in every dimension at once.

A statement about tokens that is an identity in inner products ⟨x, y⟩ = xᵀAy holds for all vectors
of all dimensions, since nothing of the vectors is used but that ⟨·,·⟩ is bilinear (and symmetric,
where A is). A `Vector` is a formal linear combination of named vectors with coefficients that are
rational expressions in scalars such as α; `inner` expands into the symbols g(x, y), one for each
pair of names. sympy does the algebra.

A `Proof` states facts (expressions that are ≥ 0, > 0 or = 0), a conclusion of the same kind, and a
certificate: multipliers, one for each fact, with

    conclusion = Σ multiplier · fact      identically.

`check` expands both sides, compares with zero, and proves that each multiplier of an inequality is
nonnegative (positive where strictness comes from it) from the stated signs of the scalars: a
multiplier has to be a quotient of polynomials whose coefficients are all positive, in scalars that
are all positive, or a square.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import sympy as sp

Sign: TypeAlias = Literal["≥ 0", "> 0", "= 0"]


@dataclass(frozen=True)
class Vector:
    """A formal linear combination Σ coefficient · name."""

    parts: Mapping[str, sp.Expr]

    def __add__(self, other: "Vector") -> "Vector":
        names = dict.fromkeys([*self.parts, *other.parts])
        zero = sp.Integer(0)
        return Vector({n: self.parts.get(n, zero) + other.parts.get(n, zero) for n in names})

    def __rmul__(self, factor: sp.Expr | int) -> "Vector":
        return Vector({name: sp.sympify(factor) * c for name, c in self.parts.items()})

    def __sub__(self, other: "Vector") -> "Vector":
        return self + (-1) * other

    @property
    def is_zero(self) -> bool:
        """Whether every coefficient vanishes identically."""
        return all(sp.cancel(c) == 0 for c in self.parts.values())


def vectors(names: str) -> tuple[Vector, ...]:
    """The named vectors, from their names separated by spaces.

    >>> x, y = vectors("x y")
    >>> inner(x - y, x - y)
    g(x, x) - 2*g(x, y) + g(y, y)
    """
    return tuple(Vector({name: sp.Integer(1)}) for name in names.split())


def inner(x: Vector, y: Vector, *, symmetric: bool = True) -> sp.Expr:
    """⟨x, y⟩ as a linear expression in the symbols g(·, ·) of the named vectors.

    With `symmetric`, g(x, y) and g(y, x) are one symbol, which is what A = Aᵀ means. Without it
    they are two, and what is proved holds for every matrix A.
    """
    total = sp.Integer(0)
    for a, c in x.parts.items():
        for b, d in y.parts.items():
            first, second = sorted((a, b)) if symmetric else (a, b)
            total += c * d * sp.Symbol(f"g({first}, {second})", real=True)
    return sp.expand(total)


def norm(x: Vector) -> sp.Expr:
    """|x|² = ⟨x, x⟩, for symmetric A."""
    return inner(x, x)


@dataclass(frozen=True)
class Fact:
    """An expression with a known sign, in words, with the standing hypotheses it comes from.

    A square |v|² ≥ 0 is a fact that comes from A being symmetric positive semidefinite.
    """

    words: str
    expression: sp.Expr
    sign: Sign
    hypotheses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """conclusion `sign`, because conclusion = Σ multiplier · fact.

    scalars : the scalars that are assumed positive, with the words that say so.
    facts : pairs (multiplier, fact).
    """

    words: str
    conclusion: sp.Expr
    sign: Sign
    facts: tuple[tuple[sp.Expr, Fact], ...]
    scalars: Mapping[sp.Symbol, str]


@dataclass(frozen=True)
class Checked:
    """The outcome of `check`: the remainder of the identity, and every reason why it fails."""

    remainder: sp.Expr
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the proof is one."""
        return not self.faults


def check(proof: Proof) -> Checked:
    """Check a proof: the identity, the signs of the multipliers, and strictness.

    >>> x, y = vectors("x y")
    >>> square = Fact("a square", norm(x - y), "≥ 0")
    >>> half = sp.Rational(1, 2)
    >>> mean = half * norm(x) + half * norm(y) - inner(x, y)
    >>> check(Proof("Young", mean, "≥ 0", ((half, square),), {})).holds
    True
    >>> check(Proof("wrong", -mean, "≥ 0", ((half, square),), {})).faults[0]
    'the identity fails: remainder -g(x, x) + 2*g(x, y) - g(y, y)'
    """
    total = sum((c * fact.expression for c, fact in proof.facts), sp.Integer(0))
    remainder = sp.cancel(sp.together(sp.expand(proof.conclusion - total)))
    remainder = sp.expand(remainder) if remainder.is_polynomial() else remainder
    faults = []
    if remainder != 0:
        faults.append(f"the identity fails: remainder {remainder}")
    strict = False
    for multiplier, fact in proof.facts:
        if sp.cancel(multiplier) == 0:
            faults.append(f"the fact is not used: {fact.words}")
        if fact.sign == "= 0":
            continue
        if proof.sign == "= 0":
            faults.append(f"an inequality in the proof of an equation: {fact.words}")
        if not is_positive(multiplier, proof.scalars):
            faults.append(f"the multiplier {multiplier} of “{fact.words}” may be negative")
        strict = strict or fact.sign == "> 0"
    if proof.sign == "> 0" and not strict:
        faults.append("nothing makes the conclusion strict")
    return Checked(remainder, tuple(faults))


def is_positive(multiplier: sp.Expr, scalars: Mapping[sp.Symbol, str]) -> bool:
    """Whether the multiplier is positive for all positive values of `scalars`, as it stands.

    It is accepted if, in lowest terms, numerator and denominator are polynomials in `scalars` all
    of whose coefficients are positive.

    >>> a = sp.Symbol("alpha")
    >>> is_positive(a / (1 + a), {a: "α > 0"}), is_positive(a / (1 + a), {})
    (True, False)
    """
    for part in sp.fraction(sp.cancel(sp.together(multiplier))):
        if part.free_symbols - set(scalars):
            return False
        if not part.free_symbols:
            if part <= 0:
                return False
        elif any(c <= 0 for c in sp.Poly(part, *part.free_symbols).coeffs()):
            return False
    return True


def collected(expression: sp.Expr) -> sp.Expr:
    """The expression sorted by inner products, each with one factored coefficient, to be read.

    >>> a = sp.Symbol("alpha")
    >>> x, y = vectors("x y")
    >>> collected(inner(x, y) / (1 + a) + a * inner(x, y) / (1 + a) - 2 * inner(x, x))
    -2*g(x, x) + g(x, y)
    """
    products = [s for s in expression.free_symbols if str(s).startswith("g(")]
    ordered = sorted(products, key=str)
    return sp.collect(sp.expand(expression), ordered, sp.factor) if ordered else expression
