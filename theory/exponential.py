r"""Exponential polynomials over the rationals, and the closed form of a constant pattern.

An exponential polynomial is a finite sum

    f(t) = Σ_{r,p} c_{r,p} · C(t,p) · r^t,        t = 0, 1, 2, …

with rational bases r ≠ 0, degrees p ≥ 0 and coefficients c_{r,p} in Q^m; C(t,p) is the binomial
coefficient. The binomial basis is used in place of t^p because the shift, the difference and the
recursion below are two-term rules in it: C(t+1,p) = C(t,p) + C(t,p−1).

While the attention pattern is constant, every token solves

    z_i(t+1) = μ_i z_i(t) + (1−μ_i) y_i(t),

with y_i the mean of the *other* tokens of C_i and μ_i = λ + (1−λ) w_i/c_i if i ∈ C_i, else λ
(`closed_form`, after section 3 of `paper_notes.md`; ours). When y_i has a term of base μ_i the
degree rises by one: resonance.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from flint import fmpq

from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics, Pattern
from theory.exact import HardmaxError, dot, natural
from theory.lazily import once
from theory.matrices import Vector
from theory.places import gathered

Sum = TypeVar("Sum", bound=Any)
"""A coefficient that can be added: a row, or a matrix."""


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
    """A closed form grows or does not settle down; this needs α < 0."""


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
        collected = collect(given, _add)
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

    @once
    def moving(self) -> tuple[Term, ...]:
        """The terms that depend on t: none iff f is constant."""
        return tuple([term for term in self.terms if term.degree or term.base != 1])

    def __call__(self, t: int) -> Vector:
        """The exact value at t ≥ 0. Cost grows with t: r^t is written out."""
        t = natural("t", t)
        total: Vector = (fmpq(0),) * self.width
        for place, (r, p, row) in enumerate(self.terms):
            if r != 1 or p:
                row = _scale(comb(t, p) * r**t, row)
            total = _add(total, row) if place else row
        return total

    def __add__(self, other: "ExponentialPolynomial") -> "ExponentialPolynomial":
        return ExponentialPolynomial.of(self.width, [*self.terms, *other.terms])

    def __rmul__(self, factor: fmpq | int) -> "ExponentialPolynomial":
        scale = fmpq(factor)
        if not scale:
            return ExponentialPolynomial(self.width, ())
        return ExponentialPolynomial(
            self.width, tuple(Term(r, p, _scale(scale, row)) for r, p, row in self.terms)
        )

    def __sub__(self, other: "ExponentialPolynomial") -> "ExponentialPolynomial":
        return self + (-1) * other

    def shift(self, steps: int = 1) -> "ExponentialPolynomial":
        """t ↦ f(t + steps), by Vandermonde: C(t+s,p) = Σ_q C(s,p−q) C(t,q)."""
        steps = natural("steps", steps)
        terms = (
            Term(r, q, _scale(comb(steps, p - q) * r**steps, row))
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
        """lim f(t). Raises `NoLimit` where a term of base outside (0, 1] forbids one."""
        constant: Vector = (fmpq(0),) * self.width
        for r, p, row in self.terms:
            if not p and r == 1:
                constant = row
            elif not 0 < r < 1:
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


def solve(mu: fmpq, source: ExponentialPolynomial, start: Vector) -> ExponentialPolynomial:
    """The solution of z(t+1) = μ z(t) + (1−μ) y(t) with z(0) = start, for μ ≠ 0.

    In the binomial basis a term b_p C(t,p) r^t of z contributes ((r−μ) b_p + r b_{p+1}) C(t,p) r^t
    to z(t+1) − μ z(t). So for r ≠ μ the coefficients follow from the highest degree down, and for
    r = μ (resonance) b_{p+1} = (1−μ) y_p / r. The start fixes the coefficient of μ^t.

    >>> y = ExponentialPolynomial.scalar({(fmpq(1, 2), 0): 1})
    >>> solve(fmpq(1, 2), y, (fmpq(0),)).terms
    (Term(base=1/2, degree=1, coefficient=(1,)),)
    """
    if 0 < mu < 1 and len(source.terms) == 1 and source.terms[0].is_constant:
        (constant,) = source.terms
        missing = _minus(start, constant.coefficient)
        own = (Term(mu, 0, missing),) if any(missing) else ()
        return ExponentialPolynomial(source.width, (constant, *own))
    terms: list[Term] = []
    base = fmpq(0)
    for r, top, _ in source.terms:
        if r == base:
            continue
        base = r
        above = (fmpq(0),) * source.width
        for degree in range(top, -1, -1):
            given = _scale(1 - mu, source.coefficient(r, degree))
            if r == mu:
                terms.append(Term(r, degree + 1, _scale(1 / r, given)))
            else:
                above = _scale(1 / (r - mu), _add(given, _scale(-r, above)))
                terms.append(Term(r, degree, above))
    particular = ExponentialPolynomial.of(source.width, terms)
    missing = _minus(start, particular(0))
    return particular + ExponentialPolynomial.of(source.width, [Term(mu, 0, missing)])


class NoClosedForm(HardmaxError):
    """No closed form: attention runs in a cycle, or some μ_i = 0. Either needs (H) to fail."""


class Forgetful(NoClosedForm):
    """Some μ_i = 0: from the next layer on the token is where its targets were a layer before."""


def closed_form(
    configuration: Configuration,
    tokens: Sequence[Vector],
    pattern: Pattern,
    dynamics: Dynamics = HARDMAX,
) -> tuple[ExponentialPolynomial, ...]:
    """z_1(t),…,z_n(t) for tokens that start at `tokens` while `pattern` stays constant.

    By lemma G the edges i → j (j ∈ C_i, j ≠ i) strictly increase the norm under (H), so the
    tokens are solved in the order in which nobody waits; raises `NoClosedForm` where the
    hypotheses fail and the graph has a cycle. Where λ = 0 followers meet their leaders at once;
    tokens at one place are solved as one, if they move as one.
    """
    lam = dynamics.step.kept(configuration)
    if lam == 1:
        return tuple(map(ExponentialPolynomial.constant, tokens))
    if not lam and dynamics.merges:
        met, places = configuration.altered(tokens=tuple(tokens)).merged()
        solved = closed_forms(
            met, dict(enumerate(met.tokens)), dict(enumerate(gathered(pattern, places))), lam
        )
        return tuple([solved[p] for p in places])
    solved = closed_forms(configuration, dict(enumerate(tokens)), dict(enumerate(pattern)), lam)
    return tuple([solved[i] for i in range(len(pattern))])


def closed_forms(
    configuration: Configuration,
    tokens: Mapping[int, Vector],
    attention: Mapping[int, Sequence[int]],
    lam: fmpq | None = None,
) -> dict[int, ExponentialPolynomial]:
    """`closed_form` of some tokens, which attend to one another alone; λ ≠ 1.

    `attention[i]` is C_i, for the tokens i asked for; `tokens` has their places. λ is that of the
    configuration when omitted.
    """
    lam = configuration.lam if lam is None else lam
    order = solving_order(attention)
    solved: dict[int, ExponentialPolynomial] = {}
    for i in order:
        mu, others = recursion(configuration, attention, i, lam)
        if not others:
            solved[i] = ExponentialPolynomial.constant(tokens[i])
            continue
        if not mu:
            raise Forgetful(f"token {i} forgets its place at every layer (μ = 0)")
        if len(others) == 1:
            source = solved[others[0][0]]
        else:
            source = ExponentialPolynomial.of(
                configuration.dimension,
                (
                    Term(r, p, _scale(share, row))
                    for j, share in others
                    for r, p, row in solved[j].terms
                ),
            )
        solved[i] = solve(mu, source, tokens[i])
    return solved


def recursion(
    configuration: Configuration,
    pattern: Pattern | Mapping[int, Sequence[int]],
    i: int,
    lam: fmpq,
) -> tuple[fmpq, list[tuple[int, fmpq]]]:
    """μ_i, and the other tokens of C_i with their shares in y_i (which add up to 1)."""
    weights, attended = configuration.multiplicities, pattern[i]
    if len(attended) == 1:
        return (fmpq(1), []) if attended[0] == i else (lam, [(attended[0], fmpq(1))])
    others = [j for j in attended if j != i]
    rest = sum([weights[j] for j in others])
    own = weights[i] if len(others) < len(attended) else 0
    mu = lam + (1 - lam) * fmpq(own, rest + own) if own else lam
    return mu, [(j, fmpq(weights[j], rest)) for j in others]


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


def solving_order(attention: Mapping[int, Sequence[int]]) -> list[int]:
    """Tokens in an order in which every token comes after the others that it attends to.

    Raises `NoClosedForm`, naming the tokens, where attention runs in a cycle.
    """
    waiting = {i: {j for j in attended if j != i} for i, attended in attention.items()}
    if not any(waiting.get(j, {j}) for others in waiting.values() for j in others):
        return sorted(waiting, key=lambda i: bool(waiting[i]))
    askers: dict[int, list[int]] = {}
    for i, others in waiting.items():
        for j in others:
            askers.setdefault(j, []).append(i)
    order = [i for i, others in waiting.items() if not others]
    for j in order:
        for i in askers.get(j, ()):
            waiting[i].discard(j)
            if not waiting[i]:
                order.append(i)
    if len(order) < len(attention):
        stuck = sorted(i for i, others in waiting.items() if others)
        raise NoClosedForm(f"tokens {stuck} attend to one another in a cycle")
    return order


def _add(x: Vector, y: Vector) -> Vector:
    return tuple([a + b for a, b in zip(x, y, strict=True)])


def _minus(x: Vector, y: Vector) -> Vector:
    return tuple([a - b for a, b in zip(x, y, strict=True)])


def _scale(factor: fmpq, x: Vector) -> Vector:
    return tuple([factor * a for a in x])
