"""One layer as claims look at it: its tokens as integers over one denominator.

Everything here is made from the tokens alone, by the definitions, and shares no code with
`theory.dynamics`: the Gram matrix is one product of integer matrices, and the attention sets are
where its rows are greatest.
"""

from collections.abc import Sequence
from math import lcm
from typing import Any

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from theory import Configuration, Pattern
from theory.lazily import once
from theory.matrices import Vector, as_matrix


class Layer:
    """The tokens z_1,…,z_n of one layer with their inner products ⟨x, y⟩ = xᵀ A y, exactly.

    numerators, denominator : an (n, d) integer matrix N and a positive integer D, z_i = N_i / D.
    form, scale : an integer matrix and a positive integer with A = form / scale.

    >>> c = Configuration([[2, 0], ["1/2", 1]], alpha=1)
    >>> layer = Layer.of(c.tokens, *as_matrix(c.A).numer_denom())
    >>> layer.numerators.tolist(), layer.denominator, layer.products, layer.unit, layer.attention
    ([[4, 0], [1, 2]], 2, [[16, 4], [4, 5]], 4, ((0,), (1,)))
    """

    def __init__(
        self, numerators: fmpz_mat, denominator: fmpz, form: fmpz_mat, scale: fmpz
    ) -> None:
        self.numerators, self.denominator = numerators, denominator
        self.form, self.scale = form, scale

    def __reduce__(self) -> tuple[Any, ...]:
        # FLINT's matrices do not pickle
        numerators, form = (
            [list(map(int, row)) for row in x.table()] for x in (self.numerators, self.form)
        )
        return _layer, (numerators, int(self.denominator), form, int(self.scale))

    @classmethod
    def of(cls, tokens: Sequence[Vector], form: fmpz_mat, scale: fmpz) -> "Layer":
        """The layer whose tokens are `tokens`."""
        numerators, denominator = as_matrix(tokens).numer_denom()
        return cls(numerators, denominator, form, scale)

    @property
    def unit(self) -> fmpz:
        """What `gram` and `products` are to be divided by: D² · scale."""
        return self.denominator * self.denominator * self.scale

    @once
    def gram(self) -> fmpz_mat:
        """N form Nᵀ, so that ⟨z_i, z_j⟩ = gram[i, j] / unit."""
        return self.numerators * self.form * self.numerators.transpose()

    @once
    def products(self) -> list[list[fmpz]]:
        """The rows of `gram`."""
        return self.gram.table()

    @once
    def keys(self) -> list[tuple[fmpz, ...]]:
        """The rows of N: equal iff the tokens are, and hashed far faster than rationals."""
        return list(map(tuple, self.numerators.table()))

    @once
    def greatest(self) -> list[fmpz]:
        """max_j ⟨z_i, z_j⟩ times `unit`, for each i."""
        return [max(row) for row in self.products]

    @once
    def norms(self) -> list[fmpz]:
        """|z_i|² times `unit`, for each i."""
        return [row[i] for i, row in enumerate(self.products)]

    @once
    def attention(self) -> Pattern:
        """The attention sets by the definition: every index at which a row is greatest."""
        return maximal(self.products)

    @once
    def rational(self) -> fmpq_mat:
        """The tokens as a matrix of rationals."""
        return fmpq_mat(self.numerators) / fmpq(self.denominator)

    def tokens(self) -> tuple[Vector, ...]:
        """The tokens as rationals, n rows of d."""
        return tuple(map(tuple, self.rational.table()))

    def after(self, mixing: tuple[fmpz_mat, fmpz]) -> "Layer":
        """The layer after this one, if the mixing matrix is that of its pattern."""
        weights, total = mixing
        if weights.is_scalar() and weights[0, 0] == total:
            return self
        return Layer(weights * self.numerators, total * self.denominator, self.form, self.scale)

    def mapped(self, matrix: fmpz_mat, divisor: fmpz) -> "Layer":
        """The layer of the tokens z_i · matrix / divisor, with z_i as a row."""
        numerators = self.numerators * matrix
        return Layer(numerators, self.denominator * divisor, self.form, self.scale)

    def permuted(self, places: fmpz_mat) -> "Layer":
        """The same tokens in another order: the i-th is the one at the 1 of row i of `places`."""
        return Layer(places * self.numerators, self.denominator, self.form, self.scale)

    def scaled(self, factor: fmpq) -> "Layer":
        """The layer of the tokens times `factor`."""
        numerators = self.numerators * factor.p
        return Layer(numerators, self.denominator * factor.q, self.form, self.scale)

    def stands_at(self, numerators: fmpz_mat, denominator: fmpz) -> bool:
        """Whether the tokens are numerators / denominator."""
        return bool(self.numerators * denominator == numerators * self.denominator)

    def __eq__(self, other: object) -> bool:
        """Whether the tokens are the same."""
        if not isinstance(other, Layer):
            return NotImplemented
        return self.stands_at(other.numerators, other.denominator)

    __hash__ = None  # type: ignore[assignment]  # equal layers may differ in their denominators


def _layer(
    numerators: list[list[int]], denominator: int, form: list[list[int]], scale: int
) -> Layer:
    """A layer that was pickled."""
    return Layer(fmpz_mat(numerators), fmpz(denominator), fmpz_mat(form), fmpz(scale))


def maximal(rows: Sequence[Sequence[fmpz]] | Sequence[Sequence[fmpq]]) -> Pattern:
    """For each row every index at which it is greatest."""
    return tuple(
        [
            (row.index(top),)
            if row.count(top) == 1
            else tuple([j for j, x in enumerate(row) if x == top])
            for row in rows
            for top in (max(row),)
        ]
    )


def mixing(configuration: Configuration, pattern: Pattern) -> tuple[fmpz_mat, fmpz]:
    """The layer as a matrix: z_i' = Σ_j M_ij z_j / total, for an integer matrix M and an integer.

    From z_i' = (z_i + α m_i)/(1 + α) with α = a/b and W a common multiple of the weights w(C_i):
    total = (a + b) W and M_ij = b W [i = j] + a (W / w(C_i)) w_j [j ∈ C_i]. Each row of M adds up
    to `total`, which is positive if α > −1; so for α > 0 every z_i' is a convex combination of
    the tokens.

    >>> M, total = mixing(Configuration([[2], [1]], alpha=1), ((0,), (0,)))
    >>> M.tolist(), total
    ([[2, 0], [1, 1]], 2)
    """
    weights, above, below = (
        configuration.multiplicities,
        int(configuration.alpha.p),
        int(configuration.alpha.q),
    )
    totals = [sum([weights[j] for j in attended]) for attended in pattern]
    common = lcm(*totals)
    size = len(pattern)
    entries = [0] * (size * size)
    for i, (attended, weight) in enumerate(zip(pattern, totals, strict=True)):
        entries[i * size + i] = below * common
        pull = above * (common // weight)
        for j in attended:
            entries[i * size + j] += pull * weights[j]
    return fmpz_mat(size, size, entries), fmpz((above + below) * common)
