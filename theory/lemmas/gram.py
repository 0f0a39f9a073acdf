r"""Formal vectors and their inner products: proofs in every dimension at once.

A statement about tokens that is an identity in inner products ⟨x, y⟩ = xᵀAy holds for all vectors
of all dimensions, since nothing of the vectors is used but that ⟨·,·⟩ is bilinear (and symmetric,
where A is). A `Vector` is a formal linear combination of named vectors with coefficients that are
rational expressions in scalars such as α; `inner` expands into the symbols g(x, y), one for each
pair of names. sympy does the algebra (`paper_notes.md`, section 2).

A `Proof` states facts (expressions that are ≥ 0, > 0 or = 0), a conclusion of the same kind, and a
certificate: multipliers, one for each fact, with

    conclusion = Σ multiplier · fact      identically.

`check` expands both sides, compares with zero, and proves that each multiplier of an inequality is
positive from the stated signs of the scalars: it has to be a quotient of polynomials whose
coefficients are all positive, in scalars that are all positive. So has every denominator, wherever
it stands, lest 0 be divided by; all else may be rational numbers, scalars, and inner products only.
Facts that contradict one another would prove anything, so that a proof comes with a `Model`:
vectors and scalars for which all of its facts hold.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Literal, TypeAlias

import sympy as sp

from theory.exact import HardmaxError, shorten

Sign: TypeAlias = Literal["≥ 0", "> 0", "= 0"]

HOLDS = {
    "≥ 0": lambda x: x >= 0,
    "> 0": lambda x: x > 0,
    "= 0": lambda x: x == 0,
}

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*'*")
"""What a vector or a scalar may be called: no two lists of such names are written alike."""


SMALL_MODELS = 2_000
"""How many models are tried of a proof that comes without one."""

POSITIVE = (sp.Integer(1), sp.Rational(1, 2), sp.Integer(2), sp.Integer(3))
"""What a positive scalar is in them."""


class Pairing(sp.Symbol):  # type: ignore[misc]  # sympy has no types
    """The symbol g(x, y) that stands for ⟨x, y⟩, whatever A is."""

    @property
    def vectors(self) -> tuple[str, str]:
        """The names x and y."""
        first, second = self.name[2:-1].split(", ")
        return first, second


class SymmetricPairing(Pairing):
    """The symbol that stands for ⟨x, y⟩ and for ⟨y, x⟩, as it may where A is symmetric."""


@dataclass(frozen=True)
class Vector:
    """A formal linear combination Σ coefficient · name."""

    parts: Mapping[str, sp.Expr]

    def __post_init__(self) -> None:
        for name in self.parts:
            if not NAME.fullmatch(name):
                raise HardmaxError(f"{shorten(repr(name))} is no name of a vector")

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

    Raises `HardmaxError` for what is no name, and for a name that comes twice.

    >>> x, y = vectors("x y")
    >>> inner(x - y, x - y)
    g(x, x) - 2*g(x, y) + g(y, y)
    """
    parts = names.split()
    if len(set(parts)) < len(parts):
        raise HardmaxError(f"{names}: a name comes twice")
    return tuple(Vector({name: sp.Integer(1)}) for name in parts)


def inner(x: Vector, y: Vector, *, symmetric: bool = True) -> sp.Expr:
    """⟨x, y⟩ as a linear expression in the symbols g(·, ·) of the named vectors.

    With `symmetric`, g(x, y) and g(y, x) are one symbol, which is what A = Aᵀ means. Without it
    they are two, and what is proved holds for every matrix A. The symbols of the two kinds are
    different ones, and no proof has both.
    """
    total = sp.Integer(0)
    for (a, c), (b, d) in product(x.parts.items(), y.parts.items()):
        if symmetric:
            first, second = sorted((a, b))
            total += c * d * SymmetricPairing(f"g({first}, {second})")
        else:
            total += c * d * Pairing(f"g({a}, {b})")
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
class Model:
    """Vectors of one ℝ^d, numbers for the scalars, and A, which is the identity if omitted.

    >>> x, y = vectors("x y")
    >>> Model({"x": (1, 2), "y": (3, 4)}).value(inner(x - y, y))
    -14
    """

    vectors: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    scalars: Mapping[sp.Symbol, sp.Expr | int] = field(default_factory=dict)
    A: Sequence[Sequence[int]] | None = None

    def inner(self, x: Sequence[int], y: Sequence[int]) -> int:
        """xᵀAy."""
        image = y if self.A is None else [_dot(row, y) for row in self.A]
        return _dot(x, image)

    def value(self, expression: sp.Expr) -> sp.Expr:
        """The expression's value, with the symbols that the model lacks left as they are."""
        values: dict[sp.Symbol, sp.Expr] = {s: sp.sympify(x) for s, x in self.scalars.items()}
        for symbol in expression.atoms(Pairing):
            x, y = (self.vectors.get(name) for name in symbol.vectors)
            if x is not None and y is not None:
                values[symbol] = sp.Integer(self.inner(x, y))
        return expression.xreplace(values)


def _dot(x: Sequence[int], y: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(x, y, strict=True))


@dataclass(frozen=True)
class Proof:
    """conclusion `sign`, because conclusion = Σ multiplier · fact.

    scalars : the scalars that are assumed positive, with the words that say so.
    facts : pairs (multiplier, fact).
    model : where all facts hold; nothing is proved from facts that cannot hold together. If it is
        omitted, one is looked for among small ones.
    """

    words: str
    conclusion: sp.Expr
    sign: Sign
    facts: tuple[tuple[sp.Expr, Fact], ...]
    scalars: Mapping[sp.Symbol, str]
    model: Model | None = None

    @property
    def needs_symmetry(self) -> bool:
        """Whether ⟨x, y⟩ is taken for ⟨y, x⟩ somewhere."""
        return bool(_products(self, SymmetricPairing))


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
    """Check a proof: the identity, the signs of the multipliers, strictness, and the model.

    Where what is written is no rational expression, or may divide by 0, nothing else is looked at
    and the remainder is NaN.

    >>> x, y = vectors("x y")
    >>> square = Fact("a square", norm(x - y), "≥ 0")
    >>> half = sp.Rational(1, 2)
    >>> mean = half * norm(x) + half * norm(y) - inner(x, y)
    >>> model = Model({"x": (1,), "y": (0,)})
    >>> check(Proof("Young", mean, "≥ 0", ((half, square),), {}, model)).holds
    True
    >>> check(Proof("wrong", -mean, "≥ 0", ((half, square),), {}, model)).faults[0]
    'the identity fails: remainder -g(x, x) + 2*g(x, y) - g(y, y)'
    """
    ill = tuple(dict.fromkeys(_ill_written(proof)))
    if ill:
        return Checked(sp.nan, ill)
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
    if proof.model is not None:
        faults += _unmodelled(proof, proof.model)
    elif not any(_holds(proof, model) for model in _small_models(proof)):
        faults.append("no model was found in which all facts hold")
    return Checked(remainder, tuple(faults))


def _expressions(proof: Proof) -> Iterator[sp.Expr]:
    yield proof.conclusion
    for multiplier, fact in proof.facts:
        yield from (multiplier, fact.expression)


def _products(proof: Proof, kind: type[Pairing]) -> set[Pairing]:
    return {s for e in _expressions(proof) for s in e.atoms(kind) if type(s) is kind}


def _is_scalar(symbol: sp.Basic) -> bool:
    """Whether it is a symbol of which sympy is told nothing, and not written as a product is."""
    plain = type(symbol) is sp.Symbol and symbol.assumptions0 == {"commutative": True}
    return plain and NAME.fullmatch(symbol.name) is not None


def _ill_written(proof: Proof) -> Iterator[str]:
    """Every reason why what is written does not mean a rational expression at all."""
    for sign in (proof.sign, *(fact.sign for _, fact in proof.facts)):
        if sign not in HOLDS:
            yield f"{sign!r} is no sign"
    for scalar, words in proof.scalars.items():
        if not _is_scalar(scalar):
            yield f"{scalar} is no plain symbol"
        if "> 0" not in words:
            yield f"the scalar {scalar} is not said to be positive: {words}"
    for expression in _expressions(proof):
        if not isinstance(expression, sp.Expr):
            yield f"{expression!r} is no expression"
            return
        for part in sp.preorder_traversal(expression):
            if isinstance(part, sp.Pow):
                if not part.exp.is_Integer:
                    yield f"{part} is no rational expression"
                elif part.exp < 0 and not is_positive(part.base, proof.scalars):
                    yield f"the denominator {part.base} may be 0"
            elif not (
                isinstance(part, sp.Add | sp.Mul | sp.Rational | Pairing) or _is_scalar(part)
            ):
                yield f"{part} is no rational expression"
    if _products(proof, Pairing) and _products(proof, SymmetricPairing):
        yield "⟨x, y⟩ is taken for ⟨y, x⟩ in one place and not in another"


def _symbols(proof: Proof) -> list[sp.Symbol]:
    """The declared scalars, and then every symbol that occurs."""
    named = sorted({s for e in _expressions(proof) for s in e.atoms(sp.Symbol)}, key=str)
    return list(dict.fromkeys((*proof.scalars, *named)))


def _holds(proof: Proof, model: Model) -> bool:
    return next(_unmodelled(proof, model), None) is None


def _small_models(proof: Proof) -> Iterator[Model]:
    """Models in one and two dimensions, always the same; A varies if it need not be symmetric."""
    random = Random(1)
    symbols = _symbols(proof)
    names = sorted({x for s in symbols if isinstance(s, Pairing) for x in s.vectors})
    general = not proof.needs_symmetry
    for trial in range(SMALL_MODELS):
        d = 1 + trial % 2
        vectors = {x: tuple(random.choices(range(-2, 3), k=d)) for x in names}
        scalars = {
            s: random.choice(POSITIVE if s in proof.scalars else (*POSITIVE, 0, -1))
            for s in symbols
            if not isinstance(s, Pairing)
        }
        A = [random.choices(range(-2, 3), k=d) for _ in range(d)] if general else None
        yield Model(vectors, scalars, A)


def _unmodelled(proof: Proof, model: Model) -> Iterator[str]:
    """Every reason why the model does not show that the facts can hold together."""
    for symbol in _symbols(proof):
        value = model.value(symbol)
        if not isinstance(value, sp.Rational):
            yield f"the model lacks {symbol}"
            return
        if symbol in proof.scalars and value <= 0:
            yield f"in the model {symbol} is {value}"
            return
    for _, fact in proof.facts:
        value = model.value(fact.expression)
        if not HOLDS[fact.sign](value):
            yield f"in the model {value} {fact.sign} fails: {fact.words}"


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
            if not (part.is_Rational and part > 0):
                return False
        elif not all(c.is_Rational and c > 0 for c in sp.Poly(part, *part.free_symbols).coeffs()):
            return False
    return True


def collected(expression: sp.Expr) -> sp.Expr:
    """The expression sorted by inner products, each with one factored coefficient, to be read.

    >>> a = sp.Symbol("alpha")
    >>> x, y = vectors("x y")
    >>> collected(inner(x, y) / (1 + a) + a * inner(x, y) / (1 + a) - 2 * inner(x, x))
    -2*g(x, x) + g(x, y)
    """
    ordered = sorted(expression.atoms(Pairing), key=str)
    return sp.collect(sp.expand(expression), ordered, sp.factor) if ordered else expression
