r"""Layers of tokens that are polynomials in x, and what a pattern that stands does to them.

A `State` has the tokens of a layer as integer polynomials Z_i, up to a factor: z_i is
unit · Z_i / (u + v)^k at layer k. One layer under a pattern is

    Z_i ↦ L u Z_i + v Σ_{j∈C_i} w_j (L/w(C_i)) Z_j,        L a common multiple of the w(C_i).

While the pattern stands, every token is a combination of C(t,p) r^t whose bases are r = u + c v
(up to a factor) with c = 1, 0, or w_i/w(C_i) for a token in its own attention set
(`paper_notes.md`, sections 3.1 and 14; ours). A product of two tokens has the products of their
bases, and with these and their multiplicities is annihilated by Π (E − s).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import lcm

from flint import fmpq, fmpz, fmpz_poly

from theory.closed_form import solving_order
from theory.dynamics import Pattern
from theory.sweeps.families import Row

ZERO = fmpz_poly([])

Rows = Sequence[Sequence[fmpz_poly]]


@dataclass(frozen=True)
class State:
    """The tokens at a layer: z_i = unit · tokens[i] / (u + v)^layer."""

    layer: int
    tokens: tuple[Row, ...]
    unit: fmpq


@dataclass(frozen=True)
class Motion:
    """What moves the tokens of a family: u, v, A and the multiplicities."""

    keep: fmpz_poly
    pull: fmpz_poly
    matrix: tuple[Row, ...]
    weights: tuple[int, ...]

    def after(self, state: State, pattern: Pattern) -> State:
        """The next layer, without common integer factors."""
        rows = self.moved(state.tokens, pattern)
        unit = state.unit / self.multiple(pattern)
        content = fmpz(0)
        for row in rows:
            for entry in row:
                content = content.gcd(entry.content())
        if content > 1:
            rows, unit = [[x // content for x in row] for row in rows], unit * content
        return State(state.layer + 1, tuple(map(tuple, rows)), unit)

    def at(self, x: fmpq) -> "Motion":
        """What moves the tokens at one x, up to a positive factor."""
        ((keep, pull),), _ = values([[self.keep, self.pull]], x)
        return Motion(keep, pull, values(self.matrix, x)[0], self.weights)

    def state_at(self, state: State, x: fmpq) -> State:
        """A state of polynomials at one x, for `at`."""
        tokens, below = values(state.tokens, x)
        _, factor = values([[self.keep, self.pull]], x)
        return State(state.layer, tokens, state.unit * factor**state.layer / below)

    def multiple(self, pattern: Pattern) -> int:
        """L, a common multiple of the weights of the attention sets."""
        return lcm(*[self.weight(attended) for attended in pattern])

    def weight(self, attended: Sequence[int]) -> int:
        """w(C)."""
        return sum([self.weights[j] for j in attended])

    def moved(self, tokens: Rows, pattern: Pattern) -> list[list[fmpz_poly]]:
        """The next layer, times L (u + v)."""
        common, whole = self.multiple(pattern), self.keep + self.pull
        rows = []
        for i, attended in enumerate(pattern):
            if attended == (i,):
                rows.append([common * whole * x for x in tokens[i]])
                continue
            share = common // self.weight(attended)
            rows.append(
                [
                    common * self.keep * x
                    + self.pull
                    * sum([share * self.weights[j] * tokens[j][s] for j in attended], ZERO)
                    for s, x in enumerate(tokens[i])
                ]
            )
        return rows

    def functional(self, row: Sequence[fmpz_poly]) -> list[fmpz_poly]:
        """⟨z, ·⟩ of a token z, as the coefficients of a linear functional."""
        return [
            sum([x * line[s] for x, line in zip(row, self.matrix, strict=True)], ZERO)
            for s in range(len(row))
        ]


def values(rows: Rows, x: fmpq) -> tuple[tuple[Row, ...], fmpz]:
    """The polynomials at x as constants, times one positive integer, and that.

    >>> values([[fmpz_poly([1, 2]), fmpz_poly([3])]], fmpq(1, 4))
    (((3, 6),), 2)
    """
    found = [[fmpq(entry(x)) for entry in row] for row in rows]
    below = fmpz(1)
    for row in found:
        for value in row:
            below = below.lcm(value.q)
    return tuple([tuple([fmpz_poly([(y * below).p]) for y in row]) for row in found]), below


def gap(
    left: Sequence[fmpz_poly], one: Sequence[fmpz_poly], other: Sequence[fmpz_poly]
) -> fmpz_poly:
    """The functional `left` at one token less that at another."""
    return sum([f * (x - y) for f, x, y in zip(left, one, other, strict=True) if f], ZERO)


def shares_of(pattern: Pattern, weights: Sequence[int]) -> list[dict[int, fmpq]]:
    """The weights with which each limit is a mean of leaders, if the pattern stands for ever.

    Raises `NoClosedForm` where attention runs in a cycle.

    >>> shares_of(((0,), (1,), (0, 1), (2, 3)), (1, 1, 1, 1))[3]
    {0: 1/2, 1: 1/2}
    """
    shares: dict[int, dict[int, fmpq]] = {}
    for i in solving_order(dict(enumerate(pattern))):
        others = [j for j in pattern[i] if j != i]
        if not others:
            shares[i] = {i: fmpq(1)}
            continue
        rest = sum([weights[j] for j in others])
        mean: dict[int, fmpq] = {}
        for j in others:
            for v, share in shares[j].items():
                mean[v] = mean.get(v, fmpq(0)) + share * fmpq(weights[j], rest)
        shares[i] = mean
    return [shares[i] for i in range(len(pattern))]


class Standing:
    """A pattern as if it stood for ever: the tokens at times 0, 1, 2, …, and their bases.

    Raises `NoClosedForm` where attention runs in a cycle.
    """

    def __init__(
        self, motion: Motion, tokens: Sequence[Sequence[fmpz_poly]], pattern: Pattern
    ) -> None:
        self.motion, self.pattern = motion, pattern
        self._tokens = [tokens]
        self._functionals: dict[tuple[int, int], list[fmpz_poly]] = {}
        self.common = motion.multiple(pattern)

    @cached_property
    def degrees(self) -> list[dict[fmpq, int]]:
        """For each token the c of its bases u + c v, with the greatest degrees p of C(t,p)."""
        degrees: dict[int, dict[fmpq, int]] = {}
        for i in solving_order(dict(enumerate(self.pattern))):
            own: dict[fmpq, int] = {}
            others = [j for j in self.pattern[i] if j != i]
            for j in others:
                for c, p in degrees[j].items():
                    own[c] = max(p, own.get(c, 0))
            if not others:
                own[fmpq(1)] = 0
            else:
                attended = self.pattern[i]
                weight = self.motion.weights[i] if i in attended else 0
                c = fmpq(weight, self.motion.weight(attended))
                own[c] = own[c] + 1 if c in own else 0
            degrees[i] = own
        return [degrees[i] for i in range(len(self.pattern))]

    def base(self, c: fmpq) -> fmpz_poly:
        """L (u + c v)."""
        return self.common * self.motion.keep + (self.common * c).p * self.motion.pull

    def bases(self, i: int, j: int, column: int, near: fmpq) -> list[fmpz_poly]:
        """The bases of ⟨z_i, z_j − z_l⟩, as often as they may count, the least at `near` first."""
        counts: dict[tuple[fmpq, fmpq], int] = {}
        right: Mapping[fmpq, int] = self.degrees[j] | {
            c: max(p, self.degrees[j].get(c, 0)) for c, p in self.degrees[column].items()
        }
        for (c, p), (e, q) in product(self.degrees[i].items(), right.items()):
            key = (min(c, e), max(c, e))
            counts[key] = max(counts.get(key, 0), p + q + 1)
        products = [(self.base(c) * self.base(e), n) for (c, e), n in counts.items()]
        products.sort(key=lambda one: one[0](near))
        return [base for base, n in products for _ in range(n)]

    def at(self, t: int) -> Sequence[Sequence[fmpz_poly]]:
        """The tokens at time t, up to one factor for each layer."""
        while len(self._tokens) <= t:
            self._tokens.append(self.motion.moved(self._tokens[-1], self.pattern))
        return self._tokens[t]

    def gap(self, i: int, j: int, column: int, t: int) -> fmpz_poly:
        """f_il(t) = ⟨z_i(t), z_j(t) − z_l(t)⟩, up to one factor for each layer."""
        tokens = self.at(t)
        if (i, t) not in self._functionals:
            self._functionals[i, t] = self.motion.functional(tokens[i])
        return gap(self._functionals[i, t], tokens[j], tokens[column])

    def zeros(self, i: int, j: int, column: int, near: fmpq) -> Iterator[fmpz_poly]:
        """Polynomials that all vanish at x iff f_il(t) does at all t ≥ 0."""
        for t in range(len(self.bases(i, j, column, near))):
            yield self.gap(i, j, column, t)

    def bounds(self, i: int, j: int, column: int, near: fmpq) -> Iterator[fmpz_poly]:
        """Polynomials g_1, g_2, …: where none is negative, and f_il(0) > 0, f_il(t) > 0 for all t.

        g_q = (E − s_q) … (E − s_1) f_il at time 0, with all bases s_1, s_2, … in turn.
        """
        bases = self.bases(i, j, column, near)
        row = [self.gap(i, j, column, 0)]
        for t in range(1, len(bases)):
            value = self.gap(i, j, column, t)
            fresh = [value]
            for base, before in zip(bases, row, strict=False):
                value = value - base * before
                fresh.append(value)
            row = fresh
            yield row[-1]
