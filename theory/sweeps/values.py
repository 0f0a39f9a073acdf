"""Sweeps as values: pieces of a range, and what is told of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

from flint import fmpq

from theory.configuration import Configuration
from theory.dynamics import Pattern
from theory.equilibrium import Kind
from theory.matrices import Vector
from theory.places import History
from theory.schedules.quotients import Quotient
from theory.sweeps.families import Family
from theory.sweeps.numbers import Root


@dataclass(frozen=True)
class Outcome:
    """What the tokens come to on a piece, each told for all x of it.

    `limits[i]` is the limit of token i as rational functions of x; `leaders` are pairs (token,
    layer since which it leads); `kinds` as in `theory.equilibrium.Equilibrium`.
    """

    leaders: tuple[tuple[int, int], ...]
    kinds: tuple[Kind | None, ...]
    limits: tuple[tuple[Quotient, ...], ...]

    def at(self, x: fmpq) -> tuple[Vector, ...]:
        """The limits at one number."""
        return tuple([tuple([f(x) for f in row]) for row in self.limits])

    def agrees(self, other: "Outcome", x: fmpq) -> bool:
        """Whether both say the same of one number."""
        return (self.leaders, self.kinds, self.at(x)) == (other.leaders, other.kinds, other.at(x))


@dataclass(frozen=True)
class Piece:
    """A break, where `low` = `high`, or an interval between two numbers.

    An interval is open but for an end that is `closed` and belongs to it: an end of the range at
    which nothing else is told than beside it, or a rational number where what is decided was cut
    off from what is not. Any other end is that of a neighbour. `history` lists the layers at which
    the attention pattern became another one, with the pattern from then on; it holds at every x of
    the piece. Where `outcome` is None the piece is undecided, `reason` says why, and the history is
    known on it as far as it goes.
    """

    low: Root
    high: Root
    low_closed: bool
    high_closed: bool
    history: History
    outcome: Outcome | None
    reason: str | None = None

    @property
    def is_break(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    @property
    def decided(self) -> bool:
        """Whether the history is known for all layers."""
        return self.outcome is not None

    @property
    def layer(self) -> int:
        """The settled layer, of a piece that is decided."""
        return self.history[-1][0]

    @property
    def pattern(self) -> Pattern:
        """The pattern from then on."""
        return self.history[-1][1]

    def __contains__(self, x: object) -> bool:
        at = x if isinstance(x, Root) else Root.rational(fmpq(x))  # type: ignore[call-overload]  # refused there
        if at == self.low:
            return self.low_closed
        if at == self.high:
            return self.high_closed
        return self.low < at < self.high

    def continues(self, before: "Piece") -> bool:
        """Whether it and its left neighbour are one: both undecided, or of one history and outcome.

        At α = 0 nothing moves, so that limits may be others than beside it with the same history.
        """
        if self.outcome is None or before.outcome is None:
            return self.outcome is before.outcome
        if self.history != before.history:
            return False
        x = self.low.value
        one_number = self.is_break or before.is_break
        return not one_number or x is None or self.outcome.agrees(before.outcome, x)


@dataclass(frozen=True)
class Sweep:
    """The pieces of a range, in order: breaks, and the maximal intervals between them.

    >>> from theory.sweeps import steps, sweep
    >>> tokens = Configuration([[0, 1], [1, 1], [2, 0]], 1)
    >>> found = sweep(steps(tokens, "1/10", 10))
    >>> [piece.layer for piece in found.pieces], [len(p.outcome.leaders) for p in found.pieces]
    ([2, 4, 3, 3, 2], [2, 1, 1, 1, 1])
    >>> [piece.low.coefficients for piece in found.breaks]
    [(-4, 0, 7), (-4, -4, 1)]
    """

    family: Family
    pieces: tuple[Piece, ...]
    layers: int
    """The budget of layers."""

    @property
    def parameter(self) -> str:
        """The name of x: `alpha`, `gamma`, or what was varied."""
        return self.family.parameter

    @property
    def symbol(self) -> str:
        """What x is called in polynomials: `alpha`, `gamma` or `x`."""
        return self.parameter if self.parameter in ("alpha", "gamma") else "x"

    @property
    def configuration(self) -> Configuration:
        """The configuration of the file; `family.at` has that of an x."""
        return self.family.configuration

    @cached_property
    def breaks(self) -> tuple[Piece, ...]:
        """The pieces that are one number."""
        return tuple([piece for piece in self.pieces if piece.is_break])

    @cached_property
    def intervals(self) -> tuple[Piece, ...]:
        """The others."""
        return tuple([piece for piece in self.pieces if not piece.is_break])

    @property
    def decided(self) -> bool:
        """Whether every piece is."""
        return all(piece.decided for piece in self.pieces)

    def piece_at(self, x: Root | fmpq) -> Piece:
        """The piece that x is in, which is in the range."""
        return next(piece for piece in self.pieces if x in piece)


def joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces in order, neighbours that are one put together.

    Of what is undecided the history is told as far as it is known for all of it.
    """
    merged: list[Piece] = []
    for piece in sorted(pieces, key=lambda one: (one.low, one.high)):
        if merged and piece.continues(merged[-1]):
            before = merged.pop()
            wider = piece if before.is_break else before  # whose limits are functions
            common = _common(before.history, piece.history)
            whole = replace(wider, low=before.low, high=piece.high, history=common)
            piece = replace(whole, low_closed=before.low_closed, high_closed=piece.high_closed)
        merged.append(piece)
    return tuple(merged)


def _common(one: History, other: History) -> History:
    """How two histories begin alike."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return tuple([entry for entry, _ in pairs])
