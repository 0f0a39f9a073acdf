r"""A floating-point filter for the argmax: it accepts only what a proven error bound accepts.

An `Image` holds the tokens of one layer in binary64, with a bound on their distance to the exact
tokens. `Image.contest` finds, for each asking row, the attention set where the products in floats
decide it, and otherwise every column that the bound cannot exclude; those few are then compared
exactly by the caller. This is the filter of exact geometric computation.

**The bound** (ours; the standard model of rounding, e.g. Higham, *Accuracy and Stability of
Numerical Algorithms*). Write u = 2^-53, η = 2^-1074, γ_k = k u/(1 − k u), |·| for Euclidean and
Frobenius norms. An operation in binary64 rounds to the nearest: its result is the true one times
(1 + δ), |δ| ≤ u, and a product or quotient that underflows is off by η/2 besides; a sum is not. A
sum of d products, in any order and with or without fused operations, has at most d roundings on
the way of each product; its error is at most γ_d Σ|x_s||y_s| + d η, hence at most
γ_d |x||y| + d η.

*Scale.* Tokens and A are first multiplied by powers of two that bring their greatest entry into
[1/2, 1); by the symmetries Z → cZ and A → cA that changes no attention set. Nothing can overflow
from then on, and only entries below 2^-1022 of the greatest can lose anything, at most η each.

*Tokens.* Let |ẑ_i − z_i| ≤ e for every i: the **drift**. At layer 0, e = 0 for tokens that are
floats and not reduced to subnormals, and otherwise e = u R + 2 d η. With R ≥ max |z_i| at layer 0,
R bounds the tokens of all layers, for they are convex combinations of those (α > 0). A layer
computes λ̂ ẑ_i + κ̂ Σ_j ŵ_j ẑ_j, where λ̂, κ̂, ŵ_j are λ, 1 − λ and the shares of the c tokens of
C_i, each rounded once. The way of each summand has at most c + 4 roundings: its share, its product,
c − 1 sums, κ̂, the product with it, the last sum. The exact map is a convex combination, so that
errors average, and

    e' = e + γ_{c+4} (R + e) + (c + 5) d η

with c the greatest |C_i| of the layer. Drifts add from layer to layer, and do not multiply.

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
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import frexp, sqrt

import numpy as np
from flint import fmpq

from theory.configuration import Configuration, identity
from theory.contests import SLACK, TINY, Array, Indices, norms, products, rivals

UNIT = 2.0**-53
"""u, the relative error of one rounding."""


@dataclass(frozen=True)
class Contest:
    """What the filter found for the rows that asked, in their order.

    winners : C_i = {winners[i]} where that is proved, else −1.
    open : for each place with winner −1 the columns that may belong to C_i, rising.
    decided : whether the open columns are proved to be C_i, all of them.
    """

    winners: Indices
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
        rows, scale, drifting = _tokens(configuration)
        matrix, matrix_scale, width, exact = _matrix(configuration)
        radius = float(norms(rows).max()) * SLACK
        drift = 0.0 if not drifting else (UNIT * radius + 2 * d * TINY) * SLACK
        radius += drift
        grid = not drifting and exact and _is_grid(rows, matrix)
        return cls(rows, scale, matrix, matrix_scale, width, radius, drift, grid)

    def bounds(self, functionals: Array, asking: Array, rounded: bool = False) -> Array:
        """E_i for the rows `asking`, of which `functionals` are the images under Aᵀ.

        The rows are off by at most the drift; if `rounded`, by one rounding of each entry instead.
        """
        if self.grid and not rounded:
            return np.zeros(len(functionals))
        d = self.rows.shape[1]
        e, R = self.drift, self.radius
        gamma = d * UNIT * SLACK
        own = norms(asking)
        lengths = own if functionals is asking else norms(functionals)
        off: Array | float = 2 * UNIT * own + 2 * d * TINY if rounded else e
        if self.matrix is not None:
            off = self.width * off + (gamma + 2 * UNIT) * self.width * own + 4 * d * d * TINY
        bound = lengths * (gamma * (R + e) + e + 4 * UNIT * R) + off * R + d * TINY
        return np.asarray(bound * SLACK * SLACK)

    def contest(self, asking: Indices | None = None) -> Contest:
        """The attention sets of the rows `asking` (all when omitted), as far as floats prove them.

        >>> found = Image.of(Configuration([[3, 4], [0, 1], [-5, 0]], alpha=1)).contest()
        >>> found.winners.tolist(), found.open
        ([0, 0, 2], {})
        """
        rows = self.rows if asking is None else self.rows[asking]
        functionals = rows if self.matrix is None else products(rows, self.matrix)
        gaps = 2 * self.bounds(functionals, rows)
        own = np.einsum("ij,ij->i", functionals, rows)
        winners, candidates = rivals(functionals, self.rows, gaps, own)
        return Contest(winners, candidates, self.grid)

    def of_point(self, point: Sequence[fmpq]) -> Array:
        """2^−scale times the point, each coordinate rounded once."""
        return np.array([to_float(x, -self.scale) for x in point])

    def contenders(
        self, points: Sequence[Sequence[fmpq]], columns: Indices | None = None
    ) -> list[Indices]:
        """For each point the columns j that are not proved not to maximise ⟨point, z_j⟩, rising.

        `columns` are those that take part, all when omitted.

        >>> c = Configuration([[3, 4], [0, 1], [4, 3]], alpha=1)
        >>> Image.of(c).contenders([(fmpq(1), fmpq(1)), c.tokens[1]])
        [array([0, 2]), array([0])]
        """
        asking = np.array([self.of_point(point) for point in points])
        functionals = asking if self.matrix is None else products(asking, self.matrix)
        gaps = 2 * self.bounds(functionals, asking, rounded=True)
        rows = self.rows if columns is None else self.rows[columns]
        winners, found = rivals(functionals, rows, gaps)
        places = [found.get(p, winners[p : p + 1]) for p in range(len(points))]
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
        n, d = self.rows.shape
        stay, pull = to_float(keep), to_float(1 - keep)
        rows = stay * self.rows + pull * self.rows[attended]
        means: dict[tuple[int, ...], Array] = {}
        for i, members in sets.items():
            if members not in means:
                total = sum([multiplicities[j] for j in members])
                shares = np.array([multiplicities[j] / total for j in members])
                means[members] = pull * (shares @ self.rows[list(members)])
            rows[i] = stay * self.rows[i] + means[members]
        most = max(map(len, means), default=1)
        resting = attended == np.arange(n)
        if sets:
            resting[list(sets)] = False
        rows[resting] = self.rows[resting]
        growth = (most + 4) * UNIT * SLACK * (self.radius + self.drift) + (most + 5) * d * TINY
        drift = (self.drift + growth) * SLACK
        return replace(self, rows=rows, drift=drift, grid=False)

    def with_rows(self, places: Indices, tokens: Sequence[Sequence[fmpq]]) -> "Image":
        """The same image with the exact tokens given put at `places`."""
        rows = self.rows.copy()
        rows[places] = [self.of_point(token) for token in tokens]
        d = rows.shape[1]
        drift = max(self.drift, (UNIT * self.radius + 2 * d * TINY) * SLACK)
        return replace(self, rows=rows, drift=drift, grid=False)


def to_float(value: fmpq, shift: int = 0) -> float:
    """value · 2^shift in binary64, to the nearest; below 2^-1022 with an error of at most η."""
    above, below = int(value.p), int(value.q)
    if shift >= 0:
        above <<= shift
    else:
        below <<= -shift
    return above / below


def _tokens(configuration: Configuration) -> tuple[Array, int, bool]:
    """The scaled tokens, the scale, and whether any is not exact."""
    given = configuration.binary64
    if given is not None:
        _, scale = frexp(float(np.abs(given).max()))
        rows = np.ldexp(given, -scale)
        return rows, scale, scale > 0 and not np.array_equal(np.ldexp(rows, scale), given)
    scale = _scale([x for row in configuration.tokens for x in row])
    table, exact = _images(configuration.tokens, scale)
    return table, scale, not exact


def _matrix(configuration: Configuration) -> tuple[Array | None, int, float, bool]:
    """The scaled A (None for the identity), the scale, a bound of its norm, whether it is exact."""
    A = configuration.A
    if A == identity(len(A)):
        return None, 0, sqrt(len(A)) * SLACK, True
    scale = _scale([x for row in A for x in row])
    matrix, exact = _images(A, scale)
    width = sqrt(float(np.einsum("ij,ij->", matrix, matrix))) * SLACK
    return matrix, scale, width + len(A) * TINY, exact


def _images(rows: Sequence[Sequence[fmpq]], scale: int) -> tuple[Array, bool]:
    """2^−scale times the rows, each entry rounded once, and whether none is off by it."""
    table = [[to_float(x, -scale) for x in row] for row in rows]
    unit = fmpq(2) ** scale
    exact = all(
        fmpq(*y.as_integer_ratio()) * unit == x
        for row, images in zip(rows, table, strict=True)
        for x, y in zip(row, images, strict=True)
    )
    return np.array(table), exact


def _scale(values: Sequence[fmpq]) -> int:
    """The least power of two, as an exponent, above all absolute values, or nearly so."""
    greatest = max((abs(x) for x in values), default=fmpq(0))
    if not greatest:
        return 0
    scale = int(greatest.p).bit_length() - int(greatest.q).bit_length()
    return scale + 1 if greatest >= fmpq(2) ** scale else scale


def _is_grid(rows: Array, matrix: Array | None) -> bool:
    """Whether all sums of products of entries are integers of at most 53 bits in their unit."""
    d = int(rows.shape[1])
    bits = _fineness(rows)
    room = 53 - d.bit_length() - 2 * bits
    if matrix is not None:
        room -= d.bit_length() + _fineness(matrix)
    return room >= 0


def _fineness(entries: Array) -> int:
    """The least b ≥ 0 with 2^b times every entry an integer; 99 if that is above 26."""
    if not np.array_equal(coarse := np.ldexp(entries, 26), np.rint(coarse)):
        return 99
    whole = np.abs(coarse.astype(np.int64))
    common = int(np.bitwise_or.reduce(whole, axis=None))
    return 26 - min(26, (common & -common).bit_length() - 1) if common else 0
