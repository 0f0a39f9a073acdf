"""The rule of a block of lanes: A, α and the bounds of their numbers.

The guards of `theory.fast.lanes` ask for Q and ⌊Q/(a+b)⌋, which stand here.
"""

from dataclasses import dataclass, field
from math import isqrt
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Integers: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[Any]
"""64-bit integers, or Python's integers as objects."""
Flags: TypeAlias = NDArray[np.bool_]
Masks: TypeAlias = NDArray[Any]
"""Attention sets as unsigned integers: bit j of the mask of i says whether j ∈ C_i."""

MAX_TOKENS = 32
"""Attention sets have to fit in 32 bits."""

LIMIT = 2**62
"""P for 64-bit integers: no number on the way is greater."""

WIDE_LIMIT = 2**4096
"""P for Python's integers, where it only bounds the effort."""

PATIENCE = 4
"""A pattern that stands for so many layers and twice as many times 1/γ, unproved, is left open."""


@dataclass(frozen=True)
class Rule:
    """What the lanes of a block share: A (the identity when None), α = above/below > 0, and P.

    `fits` is Q, the bound on the entries; `steps` is ⌊Q/(a+b)⌋.
    """

    dimension: int
    A: tuple[tuple[int, ...], ...] | None
    above: int
    below: int
    limit: int = LIMIT
    fits: int = field(init=False)
    steps: int = field(init=False)

    def __post_init__(self) -> None:
        total = sum(abs(x) for row in self.A for x in row) if self.A else self.dimension
        fits = isqrt(self.limit // total)
        object.__setattr__(self, "fits", fits)
        object.__setattr__(self, "steps", fits // (self.above + self.below))

    @property
    def patience(self) -> int:
        """How many layers a pattern may stand without proof."""
        return PATIENCE + 2 * (self.above + self.below) // self.above

    @property
    def numbers(self) -> type:
        """The type of the entries of a block."""
        return np.int64 if self.limit <= LIMIT else object
