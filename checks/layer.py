"""One layer as claims look at it: its tokens as integers over one denominator.

Everything here is made from the tokens alone, by the definitions, and shares no code with
`theory.dynamics`: the Gram matrix is one product of integer matrices, and the attention sets are
where its rows are greatest. Of a dynamics only its name is believed: what each rule means is said
here again (`attention_of`, `pull`).
"""

from collections.abc import Sequence
from functools import cached_property
from math import lcm
from typing import Any, TypeAlias

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from theory import HARDMAX, Configuration, Dynamics, HardmaxError, Pattern
from theory.exact import shown
from theory.matrices import Vector, as_matrix
from theory.rules import Averaged, Before, Everyone, FirstIndex
from theory.steps import AllTheWay, Partway

Products: TypeAlias = Sequence[Sequence[fmpz]] | Sequence[Sequence[fmpq]]
"""⟨z_i, z_j⟩, one row for each i, up to one positive factor."""


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
        self,
        numerators: fmpz_mat,
        denominator: fmpz,
        form: fmpz_mat,
        scale: fmpz,
        dynamics: Dynamics = HARDMAX,
    ) -> None:
        self.numerators, self.denominator = numerators, denominator
        self.form, self.scale, self.dynamics = form, scale, dynamics

    def __reduce__(self) -> tuple[Any, ...]:
        # FLINT's matrices do not pickle
        numerators, form = (
            [list(map(int, row)) for row in x.table()] for x in (self.numerators, self.form)
        )
        return _layer, (numerators, int(self.denominator), form, int(self.scale), self.dynamics)

    @classmethod
    def of(
        cls,
        tokens: Sequence[Vector],
        form: fmpz_mat,
        scale: fmpz,
        dynamics: Dynamics = HARDMAX,
    ) -> "Layer":
        """The layer whose tokens are `tokens`."""
        numerators, denominator = as_matrix(tokens).numer_denom()
        return cls(numerators, denominator, form, scale, dynamics)

    @property
    def unit(self) -> fmpz:
        """What `gram` and `products` are to be divided by: D² · scale."""
        return self.denominator * self.denominator * self.scale

    @cached_property
    def gram(self) -> fmpz_mat:
        """N form Nᵀ, so that ⟨z_i, z_j⟩ = gram[i, j] / unit."""
        return self.numerators * self.form * self.numerators.transpose()

    @cached_property
    def products(self) -> list[list[fmpz]]:
        """The rows of `gram`."""
        return self.gram.table()

    @cached_property
    def keys(self) -> list[tuple[fmpz, ...]]:
        """The rows of N: equal iff the tokens are, and hashed far faster than rationals."""
        return list(map(tuple, self.numerators.table()))

    @cached_property
    def greatest(self) -> list[fmpz]:
        """max_j ⟨z_i, z_j⟩ times `unit`, for each i."""
        return [max(row) for row in self.products]

    @cached_property
    def norms(self) -> list[fmpz]:
        """|z_i|² times `unit`, for each i."""
        return [row[i] for i, row in enumerate(self.products)]

    @cached_property
    def attention(self) -> Pattern:
        """The attention sets by the definition, as the dynamics has it."""
        return attention_of(self.products, self.dynamics)

    @cached_property
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
        return self._with(weights * self.numerators, total * self.denominator)

    def mapped(self, matrix: fmpz_mat, divisor: fmpz) -> "Layer":
        """The layer of the tokens z_i · matrix / divisor, with z_i as a row."""
        return self._with(self.numerators * matrix, self.denominator * divisor)

    def permuted(self, places: fmpz_mat) -> "Layer":
        """The same tokens in another order: the i-th is the one at the 1 of row i of `places`."""
        return self._with(places * self.numerators, self.denominator)

    def scaled(self, factor: fmpq) -> "Layer":
        """The layer of the tokens times `factor`."""
        return self._with(self.numerators * factor.p, self.denominator * factor.q)

    def _with(self, numerators: fmpz_mat, denominator: fmpz) -> "Layer":
        """The layer of other tokens."""
        return Layer(numerators, denominator, self.form, self.scale, self.dynamics)

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
    numerators: list[list[int]],
    denominator: int,
    form: list[list[int]],
    scale: int,
    dynamics: Dynamics,
) -> Layer:
    """A layer that was pickled."""
    return Layer(fmpz_mat(numerators), fmpz(denominator), fmpz_mat(form), fmpz(scale), dynamics)


def attention_of(rows: Products, dynamics: Dynamics) -> Pattern:
    """The attention sets by the definition, from the products of all tokens.

    Raises `HardmaxError` for rules that are not known here.

    >>> products = [[fmpz(2), fmpz(2), fmpz(3)], [fmpz(1), fmpz(1), fmpz(1)], [fmpz(0)] * 3]
    >>> attention_of(products, Dynamics(Before(), FirstIndex()))
    ((0,), (0,), (0,))
    """
    among: Sequence[Sequence[Any]]
    match dynamics.candidates:
        case Everyone():
            among = rows
        case Before():
            among = [row[: i + 1] for i, row in enumerate(rows)]
        case _:
            raise _unknown(dynamics.candidates)
    match dynamics.ties:
        case Averaged():
            return maximal(among)
        case FirstIndex():
            return tuple([(row.index(max(row)),) for row in among])
        case _:
            raise _unknown(dynamics.ties)


def pull(configuration: Configuration, dynamics: Dynamics) -> tuple[int, int]:
    """γ = a/b as the integers a and b, b ≠ 0. Raises as `attention_of`."""
    alpha = configuration.alpha
    match dynamics.step:
        case Partway():
            return int(alpha.p), int(alpha.p + alpha.q)
        case AllTheWay():
            return 1, 1
        case _:
            raise _unknown(dynamics.step)


def _unknown(rule: object) -> HardmaxError:
    return HardmaxError(f"{shown(rule)}: claims know no such rule")


def maximal(rows: Sequence[Sequence[Any]]) -> Pattern:
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


def mixing(
    configuration: Configuration, pattern: Pattern, dynamics: Dynamics = HARDMAX
) -> tuple[fmpz_mat, fmpz]:
    """The layer as a matrix: z_i' = Σ_j M_ij z_j / total, for an integer matrix M and an integer.

    From z_i' = z_i + γ (m_i − z_i) with γ = a/b and W a common multiple of the weights w(C_i):
    total = b W and M_ij = (b − a) W [i = j] + a (W / w(C_i)) w_j [j ∈ C_i]. Each row of M adds up
    to `total`, which is positive if α > −1; so for α > 0 every z_i' is a convex combination of
    the tokens.

    >>> M, total = mixing(Configuration([[2], [1]], alpha=1), ((0,), (0,)))
    >>> M.tolist(), total
    ([[2, 0], [1, 1]], 2)
    """
    weights = configuration.multiplicities
    above, below = pull(configuration, dynamics)
    totals = [sum([weights[j] for j in attended]) for attended in pattern]
    common = lcm(*totals)
    size = len(pattern)
    entries = [0] * (size * size)
    for i, (attended, weight) in enumerate(zip(pattern, totals, strict=True)):
        entries[i * size + i] = (below - above) * common
        share = above * (common // weight)
        for j in attended:
            entries[i * size + j] += share * weights[j]
    return fmpz_mat(size, size, entries), fmpz(below * common)
