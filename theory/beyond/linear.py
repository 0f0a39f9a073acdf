r"""Where patterns that stand take the tokens, as linear maps over the rationals.

While attention sets stand, a layer is one linear map of the tokens. With W_ij = w_j / w(C_i) for
j ∈ C_i it is Z ↦ ((1 − γ) I + γ W) Z on the n rows of Z, and with a matrix P for γ it is
z_i ↦ (I − P) z_i + P Σ_j W_ij z_j on all n d coordinates. Where parameters and patterns return
after p layers, M_0,…,M_{p−1} are applied in turn and T = M_{p−1} ⋯ M_0 is one turn. Cycles of
attention, tokens that have met, rows that attend alike: linear algebra needs no word for them.

An `Orbit` is such a sequence of maps with a start (section 3.8 of the notes; ours). Let q be the
monic polynomial of least degree m with q(T) Z = 0 at the start Z. By its roots, exactly
(`theory.beyond.algebraic`), T^s Z

    converges        all roots are 1, simple, or |root| < 1. With q = (x − 1) g the limit is
                     g(T) Z / g(1), which is rational; 0 where 1 is no root.
    cycles           other roots of unity occur, simple ones: it converges on each class of s modulo
                     their common order.
    turns, or grows  a root of modulus 1 is neither, or one is repeated, or greater.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import comb, lcm
from operator import itemgetter
from typing import Any, NamedTuple

from flint import arb, ctx, fmpq, fmpq_mat, fmpq_poly, fmpz, fmpz_mat, fmpz_poly

from theory.beyond.algebraic import Root, Unclear, coefficients, modulus, roots, same_modulus
from theory.beyond.recurrences import PRECISIONS, Recurrence
from theory.dynamics import Pattern
from theory.exact import HardmaxError, Undecidable, natural
from theory.exponential import ExponentialPolynomial, NoLimit, Term
from theory.matrices import Vector, as_matrix
from theory.steps import Pull

Rows = tuple[Vector, ...]
"""A matrix that can be compared, hashed and sent."""

DIGITS = fmpz(10) ** 12
"""Rates that are not rational are enclosed to so many parts of 1."""

MOST_PHASES = 5_040
"""Limit cycles that are longer are not written out."""


def layer_map(
    pattern: Pattern, pull: Pull, multiplicities: Sequence[int], dimension: int = 1
) -> Rows:
    """A layer with that pattern as a matrix of n · `dimension` rows: 1, or d where P is a matrix.

    >>> layer_map(((0,), (0,)), fmpq(1, 3), (1, 1))
    ((1, 0), (1/3, 2/3))
    """
    size = len(pattern)
    means = [[fmpq(0)] * size for _ in pattern]
    for row, attended in zip(means, pattern, strict=True):
        weight = sum(multiplicities[j] for j in attended)
        for j in attended:
            row[j] = fmpq(multiplicities[j], weight)
    if isinstance(pull, fmpq):
        pulls = [[pull * int(s == t) for t in range(dimension)] for s in range(dimension)]
    else:
        pulls = pull.tolist()
    d = len(pulls)
    return tuple(
        tuple(
            int(i == j) * (int(s == t) - pulls[s][t]) + means[i][j] * pulls[s][t]
            for j in range(size)
            for t in range(d)
        )
        for i in range(size)
        for s in range(d)
    )


class Ending(NamedTuple):
    """What becomes of a turn that is repeated for ever.

    It converges on each of `classes` classes of turns; 0 if it does on none, and `reason` tells.
    """

    classes: int
    reason: str


@dataclass(frozen=True)
class Orbit:
    """The maps, in turn, and the n tokens of dimension d that they begin with.

    >>> swap = layer_map(((1,), (0,)), fmpq(3, 4), (1, 1))
    >>> orbit = Orbit((swap,), ((fmpq(0),), (fmpq(1),)))
    >>> orbit(1), orbit.ending.classes, orbit.limits
    (((3/4,), (1/4,)), 1, (((1/2,), (1/2,)),))
    """

    maps: tuple[Rows, ...]
    start: Rows

    def __reduce__(self) -> tuple[Any, ...]:
        return Orbit, (self.maps, self.start)  # FLINT's matrices do not pickle

    def __call__(self, t: int) -> Rows:
        """The tokens at t ≥ 0."""
        return _at(self, natural("t", t))

    @property
    def period(self) -> int:
        """The number of maps, p."""
        return len(self.maps)

    @cached_property
    def integers(self) -> list[tuple[fmpz_mat, fmpz]]:
        """Each map as integers over a positive integer."""
        return [as_matrix(rows).numer_denom() for rows in self.maps]

    @cached_property
    def first(self) -> fmpz_mat:
        """The start up to a positive factor, as the maps take it: of n rows, or of one column."""
        numerators: fmpz_mat = self.shaped(as_matrix(self.start).numer_denom()[0])
        return numerators

    def shaped(self, tokens: Any) -> Any:
        """A matrix of n rows as the maps take it."""
        rows = len(self.maps[0])
        if rows == tokens.nrows():
            return tokens
        return type(tokens)(rows, 1, tokens.entries())

    def tokens(self, found: Any) -> Any:
        """The n rows again."""
        return type(found)(len(self.start), len(self.start[0]), found.entries())

    @cached_property
    def turn(self) -> tuple[fmpz_mat, fmpz]:
        """T as integers over a positive integer b."""
        matrix, below = self.integers[0]
        for factor, other in self.integers[1:]:
            matrix, below = factor * matrix, other * below
        return matrix, below

    @cached_property
    def polynomial(self) -> fmpz_poly:
        """The monic polynomial of least degree that annihilates b T at the start."""
        matrix, _ = self.turn
        size, bound = matrix.nrows(), 4
        weights = fmpz_mat(1, size, [(k * k * k + 7 * k + 1) % 1009 for k in range(size)])
        columns = self.first.ncols()
        mixing = fmpz_mat(columns, 1, [(3 * k * k + k + 1) % 997 for k in range(columns)])
        while bound < 2 * size + 4:
            values, state = [], self.first
            for _ in range(2 * min(bound, size)):
                values.append((weights * state * mixing)[0, 0])
                state = matrix * state
            try:
                found = Recurrence.of(values, min(bound, size)).polynomial
            except Undecidable:
                found = fmpz_poly([1])
            if not any(_applied(found, matrix, self.first).entries()):
                return found
            bound *= 2
        return _least(matrix, self.first)  # the mixture of coordinates hides a root

    @cached_property
    def ending(self) -> Ending:
        """Whether T^s Z converges, on how many classes of s."""
        orders = [1]
        for factor, multiplicity in self.polynomial.factor()[1]:
            kind = _kind(coefficients(factor), int(self.turn[1]))
            if kind == "grows":
                return Ending(0, "the tokens grow without bound")
            if kind != "falls" and multiplicity > 1:
                return Ending(0, "the tokens drift without bound")
            if kind == "turns":
                return Ending(0, "the tokens turn for ever, and never return")
            if isinstance(kind, int):
                orders.append(kind)
        classes = lcm(*orders)
        if classes * self.period > MOST_PHASES:
            return Ending(0, f"the tokens turn for ever, by a cycle longer than {MOST_PHASES:,}")
        return Ending(classes, "")

    @cached_property
    def repeats(self) -> int | None:
        """So many turns that all tokens are later where they were in these; None if they never are.

        They are where all roots are 0, or simple and roots of unity.
        """
        orders, first = [1], 0
        for factor, multiplicity in self.polynomial.factor()[1]:
            kind = _kind(coefficients(factor), int(self.turn[1]))
            if factor.degree() == 1 and not factor[0]:
                first = multiplicity
            elif isinstance(kind, str) or multiplicity > 1:
                return None
            else:
                orders.append(kind)
        turns = first + lcm(*orders)
        return turns if turns * self.period <= MOST_PHASES else None

    @cached_property
    def limits(self) -> tuple[Rows, ...]:
        """Where the tokens of the times t, t + p, t + 2 p, … tend to, p the classes · period.

        Raises `NoLimit` where they tend to nothing.
        """
        if not self.ending.classes:
            raise NoLimit(f"no limit: {self.ending.reason}")
        if self.ending.classes > 1:
            return Orbit(self.maps * self.ending.classes, self.start).limits
        (matrix, below), one = self.turn, fmpq(1)
        scaled = fmpq_poly([c * fmpq(below) ** k for k, c in enumerate(self.polynomial.coeffs())])
        rest, left = divmod(scaled, fmpq_poly([-one, one]))
        shape = as_matrix(self.start)
        if left:  # 1 is no root
            found = self.shaped(shape) * fmpq(0)
        else:
            found = _applied(rest, fmpq_mat(matrix) / fmpq(below), self.shaped(shape)) / rest(one)
        limits = []
        for rows in self.maps:
            limits.append(tuple(map(tuple, self.tokens(found).tolist())))
            found = as_matrix(rows) * found
        return tuple(limits)

    @cached_property
    def slowest(self) -> tuple[fmpq, int, fmpq | None] | None:
        """The greatest modulus < 1, a layer, with its degree and, where it is enclosed, its end."""
        below = arb(self.turn[1])
        with ctx.workprec(128):
            found = [(root.size / below, root) for root in roots(self.polynomial)]
            falling = [(x.mid(), root.multiplicity, root) for x, root in found if x < 1]
            if not falling:
                return None
            _, multiplicity, root = max(falling, key=itemgetter(0, 1))
            exact = modulus(root) if self.period == 1 else None
            if exact is not None:
                return fmpq(exact, self.turn[1]), multiplicity - 1, None
            size = (root.size / below).root(self.period).mid().fmpq()
        low = fmpq((size * DIGITS).floor(), DIGITS)
        return low - fmpq(1, DIGITS), multiplicity - 1, low + fmpq(2, DIGITS)

    def exponential(self) -> tuple[ExponentialPolynomial, ...] | None:
        """The tokens as exponential polynomials; None where a root of q is 0 or not rational."""
        bases: list[tuple[fmpq, int]] = []
        for factor, multiplicity in self.polynomial.factor()[1]:
            if self.period > 1 or factor.degree() > 1 or not factor[0]:
                return None
            bases += [(fmpq(-factor[0], self.turn[1]), p) for p in range(multiplicity)]
        size, d = len(bases), len(self.start[0])
        if not size:
            return tuple([ExponentialPolynomial(d, ())] * len(self.start))
        table = fmpq_mat(size, size, [comb(t, p) * r**t for t in range(size) for r, p in bases])
        known = fmpq_mat([[x for row in self(t) for x in row] for t in range(size)])
        solved = table.solve(known).tolist()
        return tuple(
            ExponentialPolynomial.of(
                d,
                [
                    Term(r, p, tuple(row[i * d : i * d + d]))
                    for (r, p), row in zip(bases, solved, strict=True)
                ],
            )
            for i in range(len(self.start))
        )


@dataclass(frozen=True)
class LinearForm:
    """One token of an orbit as a function of t.

    >>> turning = layer_map(((1,), (2,), (0,)), fmpq(1, 2), (1, 1, 1))
    >>> orbit = Orbit((turning,), ((fmpq(0),), (fmpq(1),), (fmpq(5),)))
    >>> LinearForm(orbit, 0)(2), LinearForm(orbit, 0).limit()
    ((7/4,), (2,))
    """

    orbit: Orbit
    token: int

    def __call__(self, t: int) -> Vector:
        """The exact value at t ≥ 0."""
        return self.orbit(t)[self.token]

    @property
    def rests(self) -> bool:
        """Whether it is the same at all t: at so many that a recurrence fixes it."""
        last = self.orbit.period * (self.orbit.polynomial.degree() + 1)
        return all(self(t) == self(0) for t in range(1, last + 1))

    def limit(self) -> Vector:
        """Where it tends to. Raises `NoLimit` where it tends to nothing."""
        limits = {rows[self.token] for rows in self.orbit.limits}
        if len(limits) > 1:
            raise NoLimit(f"no limit: token {self.token} tends to a cycle of {len(limits)} places")
        return limits.pop()


@lru_cache(maxsize=64)  # all tokens of one time are asked for one after the other
def _at(orbit: Orbit, t: int) -> Rows:
    turns, rest = divmod(t, orbit.period)
    matrix, below = orbit.turn
    found = orbit.shaped(as_matrix(orbit.start))
    if turns:
        found = fmpq_mat(matrix**turns) * found / fmpq(below) ** turns
    for rows in orbit.maps[:rest]:
        found = as_matrix(rows) * found
    return tuple(map(tuple, orbit.tokens(found).tolist()))


def _applied(polynomial: Any, matrix: Any, start: Any) -> Any:
    """p(M) Z, by Horner."""
    found = start * 0
    for c in reversed(polynomial.coeffs()):
        found = matrix * found + start * c
    return found


def _least(matrix: fmpz_mat, start: fmpz_mat) -> fmpz_poly:
    """The polynomial of `Orbit.polynomial` by elimination, whatever the start is."""
    size, columns, state = matrix.nrows(), [], start
    for _ in range(size + 1):
        columns.append([fmpq(x) for x in state.entries()])
        state = matrix * state
    reduced, rank = fmpq_mat(columns).transpose().rref()
    if rank > size:
        raise HardmaxError(f"rank {rank} of a map of {size} rows")
    return fmpz_poly([*(-reduced[i, rank].p for i in range(rank)), fmpz(1)])


def _kind(factor: tuple[int, ...], below: int) -> str | int:
    """Where the roots α of an irreducible polynomial are, divided by `below`.

    Their order if they are roots of unity; else "falls", "turns" or "grows" as |α| < 1, = 1, > 1
    for one of them that is greatest.
    """
    degree = len(factor) - 1
    scaled = [c * fmpz(below) ** k for k, c in enumerate(factor)]
    lead = scaled[-1]
    if all(x % lead == 0 for x in scaled):
        order = fmpz_poly([x // lead for x in scaled]).is_cyclotomic()
        if order:
            return int(order)
    if degree == 1:
        return "falls" if abs(factor[0]) < below else "grows"
    for precision in PRECISIONS:
        with ctx.workprec(precision):
            try:
                return _place(roots(fmpz_poly(list(factor))), below)
            except Unclear:
                continue
    raise Undecidable(f"a modulus is not told from 1 at {precision} bits")


def _place(found: Sequence[Root], below: int) -> str:
    (unit,) = roots(fmpz_poly([-below, 1]))
    turning = False
    for root in found:
        if root.square > unit.square:
            return "grows"
        if not root.square < unit.square:
            if not same_modulus(root, unit):
                raise Unclear("a modulus is near 1")
            turning = True
    return "turns" if turning else "falls"
