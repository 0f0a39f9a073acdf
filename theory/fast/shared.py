"""What the lanes of a block share: A, α and the bounds of their numbers.

The guards of `theory.fast.lanes` ask for Q and ⌊Q/(a+b)⌋, which stand here.
"""

from dataclasses import dataclass
from functools import cached_property
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

SPLIT_LIMIT = 2**110
"""P for 64-bit integers whose products are of two limbs."""

LIMB = 26
"""The bits of the lower limb."""

LOWEST = 2**LIMB - 1

LARGEST_FORM = 2**8
"""Two limbs are for matrices whose entries add up to no more."""

WIDE_LIMIT = 2**4096
"""P for Python's integers, where it only bounds the effort."""

PATIENCE = 4
"""A pattern that stands for so many layers and twice as many times 1/γ, unproved, is left open."""


@dataclass(frozen=True)
class Shared:
    """What the lanes of a block share: A (the identity when None), α = above/below > 0, and P."""

    dimension: int
    A: tuple[tuple[int, ...], ...] | None
    above: int
    below: int
    limit: int = LIMIT

    @cached_property
    def total(self) -> int:
        """s = Σ |A_st|."""
        return sum(abs(x) for row in self.A for x in row) if self.A else self.dimension

    @cached_property
    def fits(self) -> int:
        """Q, the bound on the entries."""
        return isqrt(self.limit // self.total)

    @property
    def split(self) -> bool:
        """Whether products are of two limbs."""
        return self.limit == SPLIT_LIMIT

    @cached_property
    def steps(self) -> int:
        """⌊Q/(a+b)⌋."""
        return self.fits // (self.above + self.below)

    @property
    def patience(self) -> int:
        """How many layers a pattern may stand without proof."""
        return PATIENCE + 2 * (self.above + self.below) // self.above

    @property
    def numbers(self) -> type:
        """The type of the entries of a block."""
        return np.int64 if self.limit <= SPLIT_LIMIT else object
