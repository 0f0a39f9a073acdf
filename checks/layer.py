"""One layer as claims look at it: its tokens as integers over one denominator.

Everything here is made from the tokens alone, by the definitions, and shares no code with
`theory.dynamics`: the Gram matrix is one product of integer matrices, and the attention sets are
where its rows are greatest, as `checks.rules` has it.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from checks.rules import attention_of
from theory import HARDMAX, Dynamics, Pattern
from theory.matrices import Vector, as_matrix
from theory.own import Own


class Layer:
    """The tokens z_1,…,z_n of one layer with their inner products ⟨x, y⟩ = xᵀ A y, exactly.

    numerators, denominator : an (n, d) integer matrix N and a positive integer D, z_i = N_i / D.
    form, scale : an integer matrix and a positive integer with A = form / scale.

    >>> from theory import Configuration
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
        if isinstance(self.dynamics, Own):  # its rule is asked about the products themselves
            rows = [[fmpq(x, self.unit) for x in row] for row in self.products]
            return attention_of(rows, self.dynamics)
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

    def moved(self, targets: "Layer", pull: fmpq | fmpq_mat) -> tuple[fmpz_mat, fmpz]:
        """z_i + P (m_i − z_i) for the targets m_i, as integers over a positive integer."""
        if isinstance(pull, fmpq_mat):
            own = self.rational
            return (own + (targets.rational - own) * pull.transpose()).numer_denom()
        moved = self.numerators * ((pull.q - pull.p) * targets.denominator)
        moved += targets.numerators * (pull.p * self.denominator)
        return moved, self.denominator * targets.denominator * pull.q

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
