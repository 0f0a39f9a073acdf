r"""A floating-point filter for the argmax: it accepts only what a proven error bound accepts.

An `Image` holds the tokens of one layer in binary64, with a bound on their distance to the exact
tokens. `Image.maximisers` finds, for each asking row, the attention set where the products in
floats decide it, and otherwise every column that the bound cannot exclude; those few are then
compared exactly by the caller. This is the filter of exact geometric computation
(`paper_notes.md`, section 9).

**The bound** (ours; the standard model of rounding, e.g. Higham, *Accuracy and Stability of
Numerical Algorithms*). Write u = 2^-53, η = 2^-1074, γ_k = k u/(1 − k u), |·| for Euclidean and
Frobenius norms. An operation in binary64 rounds to the nearest: its result is the true one times
(1 + δ), |δ| ≤ u, and a product or quotient that underflows is off by η/2 besides; a sum is not. A
sum of d products, in any order and with or without fused operations, has at most d roundings on
the way of each product; its error is at most γ_d Σ|x_s||y_s| + d η, hence at most
γ_d |x||y| + d η.

*Scale.* Tokens and A are first multiplied by powers of two that bring their greatest entry into
[1/4, 1); by the symmetries Z → cZ and A → cA that changes no attention set. Nothing can overflow
from then on, and only entries below 2^-1022 of the greatest can lose anything, at most η each.

*Tokens.* Let |ẑ_i − z_i| ≤ e for every i: the **drift**. At layer 0, e = 0 for tokens that are
floats and not reduced to subnormals, and otherwise e = u R + 2 d η. With R ≥ max |z_i| at layer 0,
R bounds the tokens of all layers, for they are convex combinations of those (α > 0). A layer
computes λ̂ ẑ_i + κ̂ Σ_j ŵ_j ẑ_j, where λ̂, κ̂, ŵ_j are λ, 1 − λ and the shares of the c tokens of
C_i, each rounded once. The way of each summand has at most c + 4 roundings: its share, its product,
c − 1 sums, κ̂, the product with it, the last sum. The exact map is a convex combination, so that
errors average, and

    e' = e + γ_{c+4} (R + e) + (c + 5) d η

with c the greatest |C_i| of the layer, or 3 if that is more. For where C_i = {j} the layer computes
ẑ_i + κ̂ (ẑ_j − ẑ_i) instead, which leaves ẑ_i exactly as it is if j = i. There the sum rounds by at
most u (R + e), and the three roundings on the way of the difference make γ_3 (1 + u) 2 (R + e) at
most, together no more than γ_7 (R + e). Drifts add from layer to layer, and do not multiply.

*Functionals.* For x_i = Aᵀ z_i the float x̂_i is ẑ_i if A is the identity, and |x̂_i − x_i| ≤ e.
Otherwise A is rounded entry by entry (u |A| + d η), the products are summed (γ_d), and with a ≥ |A|

    |x̂_i − x_i| ≤ f_i = a e + (γ_d + 2u) a |ẑ_i| + 4 d² η.

*Products.* P̂_ij = fl(x̂_i · ẑ_j) and P_ij = x_i · z_j = x̂_i·ẑ_j − x̂_i·(ẑ_j − z_j) − (x̂_i −
x_i)·z_j differ by at most

    E_i = |x̂_i| (γ_d (R + e) + e) + f_i R + d η.

So P̂_ij < P̂_il − 2 E_i proves P_ij < P_il. The columns that are not excluded in this way by the
best one hold all maximisers; when one is left, it is C_i.

*The bound's own rounding.* R, |x̂_i| and all terms above are non-negative and are computed in
binary64 with a relative error below 2^-21 if d < 2^30 (norms with squares below 2^-900 are taken
from the greatest entry instead, which cannot underflow). They are multiplied by `SLACK` = 1 +
2^-20, and 4 u |x̂_i| R is added for the rounding of P̂_il − 2 E_i itself.

*Grids.* If the entries of tokens and A are integer multiples of powers of two so coarse that all
sums of products are integers below 2^53 in their unit, then every operation above is exact, in any
order, and E_i = 0: ties of lattices are decided by comparing floats, and by nothing weaker.

Whatever is not finite is never accepted: comparisons are written so that NaN excludes nothing.

*Modes.* All this is of arithmetic that rounds to the nearest and has subnormal numbers. Where
another library has changed that (`theory.arithmetic`), the drift and every bound are infinite.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import frexp, inf, isfinite, sqrt
from operator import or_
from typing import NamedTuple

import numpy as np
from flint import fmpq, fmpz, fmpz_mat

from theory.arithmetic import is_standard
from theory.configuration import Configuration
from theory.fast.argmax import SLACK, TINY, Array, Indices, norms, products, rivals

UNIT = 2.0**-53
"""u, the relative error of one rounding."""

FINEST, TOO_FINE = 26, 99
"""Entries that are multiples of 2^-26 may be those of a grid; 99 stands for finer ones."""


class Maximisers(NamedTuple):
    """Who attains the maximum for the rows that asked, in their order, as far as floats prove it.

    sole : C_i = {sole[i]} where that is proved, else −1.
    open : for each place with sole −1 the columns that may belong to C_i, rising.
    decided : whether the open columns are proved to be C_i, all of them.
    """

    sole: Indices
    open: dict[int, Indices]
    decided: bool


@dataclass(frozen=True)
class Image:
    """The tokens of one layer in binary64: |rows[i] − 2^−scale z_i| ≤ drift for every i.

    rows : (n, d) floats of absolute value at most about 1.
    matrix : 2^−matrix_scale A; None for the identity.
    width : a ≥ |A|; radius : R ≥ |z_i| at every layer; grid : whether products are exact.
    """

    rows: Array
    scale: int
    matrix: Array | None
    matrix_scale: int
    width: float
    radius: float
    drift: float
    grid: bool = field(default=False)

    @classmethod
    def of(cls, configuration: Configuration) -> "Image":
        """The image of layer 0.

        >>> Image.of(Configuration([[3, 4], [0, "1/3"]], alpha=1)).rows.tolist()
        [[0.375, 0.5], [0.0, 0.041666666666666664]]
        """
        d = configuration.dimension
        rows, scale, fineness = _tokens(configuration)
        matrix, matrix_scale, width, room = _matrix(configuration)
        lengths = norms(rows)
        radius = lengths.item(lengths.argmax()) * SLACK
        drift = 0.0 if fineness is not None else (UNIT * radius + 2 * d * TINY) * SLACK
        radius += drift
        grid = fineness is not None and 2 * fineness <= room
        if not is_standard():
            drift, grid = inf, False
        return cls(rows, scale, matrix, matrix_scale, width, radius, drift, grid)

    def bounds(self, functionals: Array, asking: Array, rounded: bool = False) -> Array:
        """E_i for the rows `asking`, of which `functionals` are the images under Aᵀ.

        The rows are off by at most the drift; if `rounded`, by one rounding of each entry instead.
        """
        if not (isfinite(self.drift) and is_standard()):
            return np.full(len(functionals), inf)
        if self.grid and not rounded:
            return np.zeros(len(functionals))
        d = self.rows.shape[1]
        e, R = self.drift, self.radius
        gamma = d * UNIT * SLACK
        own = norms(asking)
        lengths = own if functionals is asking else norms(functionals)
        # f_i = share · |asking row| + rest
        share, rest = (2 * UNIT, 2 * d * TINY) if rounded else (0.0, e)
        if self.matrix is not None:
            share = self.width * (share + gamma + 2 * UNIT)
            rest = self.width * rest + 4 * d * d * TINY
        slack = SLACK * SLACK
        bound: Array = lengths * ((gamma * (R + e) + e + 4 * UNIT * R) * slack)
        if share:
            bound += own * (share * R * slack)
        bound += (rest * R + d * TINY) * slack
        return bound

    def maximisers(self, asking: Indices | None = None) -> Maximisers:
        """The attention sets of the rows `asking` (all when omitted), as far as floats prove them.

        >>> found = Image.of(Configuration([[3, 4], [0, 1], [-5, 0]], alpha=1)).maximisers()
        >>> found.sole.tolist(), found.open
        ([0, 0, 2], {})
        """
        rows = self.rows if asking is None else self.rows.take(asking, 0)
        functionals = rows if self.matrix is None else products(rows, self.matrix)
        bounds = self.bounds(functionals, rows)
        sole, candidates = rivals(functionals, self.rows, bounds + bounds, rows)
        return Maximisers(sole, candidates, self.grid and not bounds.any())

    def of_point(self, point: Sequence[fmpq]) -> Array:
        """2^−scale times the point, each coordinate rounded once."""
        return np.array(to_floats(point, -self.scale))

    def contenders(
        self, points: Sequence[Sequence[fmpq]], columns: Indices | None = None
    ) -> list[Indices]:
        """For each point the columns j that are not proved not to maximise ⟨point, z_j⟩, rising.

        `columns` are those that take part, all when omitted.

        >>> c = Configuration([[3, 4], [0, 1], [4, 3]], alpha=1)
        >>> Image.of(c).contenders([(fmpq(1), fmpq(1)), c.tokens[1]])
        [array([0, 2]), array([0])]
        """
        asking = np.array([to_floats(point, -self.scale) for point in points])
        functionals = asking if self.matrix is None else products(asking, self.matrix)
        gaps = 2 * self.bounds(functionals, asking, rounded=True)
        rows = self.rows if columns is None else self.rows[columns]
        winners, close = rivals(functionals, rows, gaps)
        places = [close.get(p, winners[p : p + 1]) for p in range(len(points))]
        return places if columns is None else [columns[near] for near in places]

    def moved(
        self,
        keep: fmpq,
        attended: Indices,
        sets: dict[int, tuple[int, ...]],
        multiplicities: Sequence[int],
    ) -> "Image":
        """The image of the next layer, for λ = `keep` in (0, 1).

        Row i attends to {attended[i]}, or to sets[i] where that is given. A row that attends to
        itself alone is left as it is, exactly.
        """
        d = self.rows.shape[1]
        stay, pull = to_float(keep), to_float(1 - keep)
        rows = self.rows.take(attended, 0)
        rows -= self.rows
        rows *= pull
        rows += self.rows
        means: dict[tuple[int, ...], Array] = {}
        for i, members in sets.items():
            mean = means.get(members)
            if mean is None:
                weights = [multiplicities[j] for j in members]
                total = sum(weights)
                shares = np.array([weight / total for weight in weights])
                mean = means[members] = shares.dot(self.rows.take(members, 0)) * pull
            rows[i] = stay * self.rows[i] + mean
        most = max([3, *map(len, means)])
        growth = (most + 4) * UNIT * SLACK * (self.radius + self.drift) + (most + 5) * d * TINY
        return self._like(rows, (self.drift + growth) * SLACK)

    def with_rows(self, places: Indices, tokens: Sequence[Sequence[fmpq]]) -> "Image":
        """The same image with the exact tokens given put at `places`."""
        rows = self.rows.copy()
        rows[places] = [to_floats(token, -self.scale) for token in tokens]
        d = rows.shape[1]
        return self._like(rows, max(self.drift, (UNIT * self.radius + 2 * d * TINY) * SLACK))

    def _like(self, rows: Array, drift: float) -> "Image":
        """The image of other tokens of the same configuration."""
        matrix, width = self.matrix, self.width
        drift = drift if is_standard() else inf
        return Image(rows, self.scale, matrix, self.matrix_scale, width, self.radius, drift)


def to_float(value: fmpq, shift: int = 0) -> float:
    """value · 2^shift in binary64, to the nearest; below 2^-1022 with an error of at most η."""
    above, below = int(value.p), int(value.q)
    if shift >= 0:
        above <<= shift
    else:
        below <<= -shift
    return above / below


def to_floats(values: Sequence[fmpq], shift: int) -> list[float]:
    """`to_float` of each."""
    return [above / below for above, below in _shifted(values, shift)]


def quotients(values: Sequence[fmpz], below: fmpz, scale: int) -> list[float]:
    """The integers over `below` · 2^scale in binary64, as `to_float` rounds them."""
    above, common = _over(values, int(below), scale)
    return [x / common for x in above]


def _over(values: Sequence[fmpz], below: int, scale: int) -> tuple[list[int], int]:
    """Integers and a denominator for the values over `below` · 2^scale."""
    if scale >= 0:
        return [*map(int, values)], below << scale
    return [int(x) << -scale for x in values], below


def _shifted(values: Sequence[fmpq], shift: int) -> list[tuple[int, int]]:
    """Integers, the quotients of which are the values times 2^shift."""
    if shift >= 0:
        return [(int(x.p) << shift, int(x.q)) for x in values]
    return [(int(x.p), int(x.q) << -shift) for x in values]


def _tokens(configuration: Configuration) -> tuple[Array, int, int | None]:
    """The scaled tokens, the scale, and their fineness; None if any is not exact."""
    given = configuration.binary64
    if given is None:
        return _image(*configuration.integers)
    _, scale = frexp(float(np.abs(given).max()))
    rows = np.ldexp(given, -scale)
    if scale > 0 and not np.array_equal(np.ldexp(rows, scale), given):
        return rows, scale, None
    coarse = np.ldexp(rows, FINEST)
    whole = coarse.astype(np.int64)
    if (whole != coarse).any():
        return rows, scale, TOO_FINE
    return rows, scale, _bits(int(np.bitwise_or.reduce(whole, axis=None)), FINEST)


def _matrix(configuration: Configuration) -> tuple[Array | None, int, float, int]:
    """The scaled A (None for the identity), the scale, a bound of its norm.

    And how many bits are left to the products of the tokens' entries, if sums of products are to be
    integers of at most 53 bits in their unit; −1 if none are.
    """
    A = configuration.A
    d = len(A)
    room = 53 - d.bit_length()
    if configuration.euclidean:
        return None, 0, sqrt(d) * SLACK, room
    matrix, scale, fineness = _image(*configuration.form)
    width = sqrt(float(np.vdot(matrix, matrix))) * SLACK + d * TINY
    return matrix, scale, width, -1 if fineness is None else room - d.bit_length() - fineness


def _image(numerators: fmpz_mat, denominator: fmpz) -> tuple[Array, int, int | None]:
    """The quotients over 2^scale, each entry rounded once, the scale, and the fineness.

    The greatest entry is brought into [1/4, 1), and into [1/2, 1) if its denominator is a power of
    two. The fineness is the least b ≥ 0 with 2^b times every entry an integer, or `TOO_FINE` if
    that is above `FINEST`, or None if an entry had to be rounded.
    """
    above, below = numerators.entries(), int(denominator)
    scale = max(map(abs, above)).bit_length() - below.bit_length() + 1
    whole, below = _over(above, below, scale)
    flat = [x / below for x in whole]
    table = np.array(flat).reshape(numerators.nrows(), -1)
    if below & (below - 1):
        return table, scale, None
    fineness = _bits(reduce(or_, whole), below.bit_length() - 1)
    if fineness <= FINEST:
        return table, scale, fineness
    ratios = map(float.as_integer_ratio, flat)
    exact = all(p * below == x * q for x, (p, q) in zip(whole, ratios, strict=True))
    return table, scale, TOO_FINE if exact else None


def _bits(common: int, bits: int) -> int:
    """The least b ≥ 0 such that 2^bits divides 2^b `common`; `common` joins the bits of several."""
    return max(0, bits + 1 - (common & -common).bit_length()) if common else 0
