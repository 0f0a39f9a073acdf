"""The problem of a map: a configuration, what moves it, the token that is free, and the grid."""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from theory.basins.plane import Plane
from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics
from theory.entries import check_step
from theory.exact import HardmaxError, expect, shown, whole
from theory.matrices import Vector
from theory.settling import MAX_LAYERS

Integers: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Problem:
    """Token `free` of a configuration, to be started at every point of a grid.

    Raises `HardmaxError` for a token that there is none of, a grid of another dimension, and a
    dynamics whose layers end.

    >>> line = Plane((fmpq(0),), ((fmpq(1),),), ((fmpq(-4), fmpq(4)),), 1, 9)
    >>> Problem(Configuration([[2], [1]], alpha=1), 1, line).moved((fmpq(-4),)).tokens
    ((2,), (-4,))
    """

    configuration: Configuration
    free: int
    plane: Plane
    dynamics: Dynamics = HARDMAX
    max_layers: int = MAX_LAYERS

    def __post_init__(self) -> None:
        expect(Configuration, self.configuration, "a Configuration")
        expect(Plane, self.plane, "a Plane")
        expect(Dynamics, self.dynamics, "a Dynamics")
        size, number = self.configuration.size, whole(self.free)
        if number is None or not 0 <= number < size:
            raise HardmaxError(f"free = {shown(self.free)}; a token, 0 to {size - 1}, was wanted")
        if len(self.plane.origin) != self.configuration.dimension:
            raise HardmaxError(
                f"a plane in {len(self.plane.origin)} dimensions, where tokens have "
                f"{self.configuration.dimension}"
            )
        self.dynamics.fit(self.configuration)
        if self.dynamics.ends is not None:
            raise HardmaxError("the layers end: a token goes nowhere in the limit")

    def moved(self, start: Vector) -> Configuration:
        """The configuration with the free token started elsewhere."""
        tokens = list(self.configuration.tokens)
        tokens[self.free] = start
        return self.configuration.altered(tokens=tuple(tokens))

    def stepping(self, alpha: fmpq) -> "Problem":
        """The same with another step. Raises `HardmaxError` for −1."""
        check_step(alpha)
        return replace(self, configuration=self.configuration.altered(alpha=alpha, named=True))
