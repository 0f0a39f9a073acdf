"""The scores: with which matrix A_k a token compares its candidates at layer k.

    OwnMatrix    the A of the configuration: [AFZ]
    Matrices     one for each layer, again and again or until they end

Where a dynamics has its own, the A of the configuration is the first of them (section 1.1 of the
notes). `checks.rules` knows each of them by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, ClassVar, Protocol, runtime_checkable

from flint import fmpz_mat

from theory.configuration import Configuration
from theory.entries import square, written
from theory.exact import HardmaxError, Rational, expect, text
from theory.matrices import Vector, as_matrix, is_positive_definite
from theory.readable import count
from theory.rules import Keys
from theory.steps import in_turn, turn


@runtime_checkable
class Scores(Protocol):
    """The matrix of each layer."""

    @property
    def keys(self) -> Keys:
        """How a configuration's JSON object tells it."""

    @property
    def words(self) -> str:
        """How a reader is told."""

    @property
    def named(self) -> str:
        """In few words, for a headline; nothing if it is that of [AFZ]."""

    @property
    def ends(self) -> int | None:
        """How many layers it has; None if there is no end."""

    @property
    def period(self) -> int | None:
        """After how many layers it repeats, 1 if it is constant; None if it does not."""

    @property
    def steady(self) -> bool:
        """Whether all matrices are positive multiples of one: what lemmas I and R need."""

    def fit(self, configuration: Configuration) -> None:
        """Raise `HardmaxError` where it is not for configurations of this shape."""

    def matrix(self, configuration: Configuration, layer: int) -> tuple[Vector, ...]:
        """A_k at a layer that it has."""

    def form(self, configuration: Configuration, layer: int) -> fmpz_mat | None:
        """A_k as integers over one positive denominator; None for the identity."""

    def positive_definite(self, configuration: Configuration) -> bool:
        """Whether every A_k is symmetric positive definite."""


@dataclass(frozen=True)
class OwnMatrix:
    """A of the configuration, at every layer.

    >>> OwnMatrix().matrix(Configuration([[1]], 1, A=[[3]]), 7)
    ((3,),)
    """

    keys: ClassVar[Keys] = {}
    words: ClassVar[str] = ""
    named: ClassVar[str] = ""
    ends: ClassVar[int | None] = None
    period: ClassVar[int | None] = 1
    steady: ClassVar[bool] = True

    def fit(self, configuration: Configuration) -> None:
        """For every one."""

    def matrix(self, configuration: Configuration, layer: int) -> tuple[Vector, ...]:
        """A."""
        return configuration.A

    def form(self, configuration: Configuration, layer: int) -> fmpz_mat | None:
        """A as integers."""
        return None if configuration.euclidean else configuration.form[0]

    def positive_definite(self, configuration: Configuration) -> bool:
        """Whether A is."""
        return configuration.hypotheses.positive_definite


@dataclass(frozen=True, init=False, repr=False)
class Matrices:
    """The matrices one after the other, layer by layer; again and again, or until they end.

    Raises `HardmaxError` for what are no square matrices of one size.

    >>> scores = Matrices([[[1]], [[-1]]], repeat=True)
    >>> c = Configuration([[1]], alpha=1)
    >>> [scores.matrix(c, k) for k in range(3)], scores.steady
    ([((1,),), ((-1,),), ((1,),)], False)
    """

    matrices: tuple[tuple[Vector, ...], ...]
    repeat: bool

    def __init__(
        self, matrices: Iterable[Iterable[Iterable[Rational]]], repeat: bool = False
    ) -> None:
        rows = tuple([square(f"layers[{k}].A", A) for k, A in enumerate(matrices)])
        if not rows:
            raise HardmaxError("no layers: one at least is wanted")
        for k, A in enumerate(rows):
            if len(A) != len(rows[0]):
                raise HardmaxError(
                    f"layers[{k}].A has {count(len(A), 'row')}; {len(rows[0])} were wanted"
                )
        object.__setattr__(self, "matrices", rows)
        object.__setattr__(self, "repeat", expect(bool, repeat, "whether they repeat"))

    def __repr__(self) -> str:
        rows = ", ".join(map(written, self.matrices))
        return f"{type(self).__name__}([{rows}], repeat={self.repeat})"

    def __reduce__(self) -> tuple[Any, ...]:
        # FLINT's matrices do not pickle
        return type(self), (self.matrices, self.repeat)

    @property
    def keys(self) -> Keys:
        """The layers, each with its A."""
        layers = [{"A": [[text(x) for x in row] for row in A]} for A in self.matrices]
        return {"A": None, "layers": layers, **({"repeat": True} if self.repeat else {})}

    @property
    def words(self) -> str:
        """How many, and whether they repeat."""
        return in_turn("matrix A", len(self.matrices), self.repeat).replace("matrix As", "matrices")

    @property
    def named(self) -> str:
        """How many."""
        return f"{len(self.matrices)} matrices A in turn" if len(self.matrices) > 1 else ""

    @property
    def ends(self) -> int | None:
        """How many there are, unless they repeat."""
        return None if self.repeat else len(self.matrices)

    @property
    def period(self) -> int | None:
        """As many as there are, if they repeat."""
        return len(self.matrices) if self.repeat else None

    @cached_property
    def steady(self) -> bool:
        """Whether they all are positive multiples of the first."""
        first = [*chain(*self.matrices[0])]
        top = max(map(abs, first))
        for A in self.matrices:
            entries = [*chain(*A)]
            greatest = max(map(abs, entries))
            if bool(top) != bool(greatest):
                return False
            if any(x * top != y * greatest for x, y in zip(entries, first, strict=True)):
                return False
        return True

    @cached_property
    def _forms(self) -> tuple[fmpz_mat, ...]:
        return tuple([as_matrix(A).numer_denom()[0] for A in self.matrices])

    def _place(self, layer: int) -> int:
        return turn(layer, len(self.matrices), self.repeat)

    def fit(self, configuration: Configuration) -> None:
        """For those of their dimension."""
        if configuration.dimension != len(self.matrices[0]):
            raise HardmaxError(
                f"layers[0].A has {count(len(self.matrices[0]), 'row')}; tokens of dimension "
                f"{configuration.dimension} want {configuration.dimension}"
            )

    def matrix(self, configuration: Configuration, layer: int) -> tuple[Vector, ...]:
        """That of the layer."""
        return self.matrices[self._place(layer)]

    def form(self, configuration: Configuration, layer: int) -> fmpz_mat | None:
        """That of the layer as integers."""
        return self._forms[self._place(layer)]

    def positive_definite(self, configuration: Configuration) -> bool:
        """Whether each of them is."""
        return all(map(is_positive_definite, self.matrices))


OWN_MATRIX = OwnMatrix()
