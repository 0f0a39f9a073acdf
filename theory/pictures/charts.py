"""Where the things on a map of basins are, as fractions of the picture's width and height.

    Chart     the picture's frame, the places in it, and the words at its axes;
    ticks     round numbers along an axis;
    room      where a region has room for words.

Each grid point is the middle of its patch, so that the frame is half a patch larger than the box.
All is rational until a fraction becomes a float; fractions are counted from the lower left corner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from theory.exact import dot, text
from theory.matrices import Vector
from theory.readable import decimal, nearest

if TYPE_CHECKING:
    from theory.basins import Basins

Place = tuple[float, float]
"""Fractions of the width and the height."""

NARROWEST = 6
"""No picture is so many times longer than broad: its axes have units of their own then."""

MOST_TICKS = 6
"""Numbers along an axis, but for one or two."""

LONGEST_TICK = 9
"""Characters of a number at an axis."""


@dataclass(frozen=True)
class Chart:
    """The frame of a map."""

    basins: "Basins"

    @property
    def flat(self) -> bool:
        """Whether the token moves along a line only."""
        return len(self.basins.plane.directions) == 1

    @cached_property
    def frame(self) -> tuple[tuple[fmpq, fmpq], ...]:
        """The ends of the picture in each direction."""
        plane = self.basins.plane
        halves = [
            (high - low) / (2 * (count - 1))
            for (low, high), count in zip(plane.box, (plane.columns, plane.rows), strict=False)
        ]
        return tuple(
            (low - half, high + half) for (low, high), half in zip(plane.box, halves, strict=True)
        )

    @cached_property
    def square(self) -> fmpq:
        """(width / height)² in the units of the space."""
        sides = [
            (high - low) ** 2 * dot(direction, direction)
            for (low, high), direction in zip(self.frame, self.basins.plane.directions, strict=True)
        ]
        return sides[0] / sides[-1]

    @property
    def equal(self) -> bool:
        """Whether both axes have one unit."""
        return fmpq(1, NARROWEST**2) <= self.square <= NARROWEST**2

    @property
    def ratio(self) -> float:
        """The picture's width by its height."""
        return 10.0 if self.flat else nearest(self.square) ** 0.5 if self.equal else 1.0

    def shows(self, coordinates: Sequence[fmpq]) -> bool:
        """Whether the point with these coordinates is in the picture."""
        return all(low <= x <= high for x, (low, high) in zip(coordinates, self.frame, strict=True))

    def place(self, coordinates: Sequence[fmpq]) -> Place:
        """Where the point of the plane with these coordinates is; on a line half-way up."""
        parts = [
            nearest((x - low) / (high - low))
            for x, (low, high) in zip(coordinates, self.frame, strict=True)
        ]
        return (parts[0], 0.5) if self.flat else (parts[0], parts[1])

    @cached_property
    def near(self) -> tuple[bool, ...]:
        """Whether the numbers along each axis would look alike: then they begin at the frame."""
        words = [[words for _, words in ticks(low, high)] for low, high in self.frame]
        return tuple(len(set(here)) < len(here) for here in words)

    @property
    def runs(self) -> tuple[str, ...]:
        """The directions of the plane, in words."""
        return tuple(map(_axis, self.basins.plane.directions))

    @property
    def axes(self) -> tuple[str, ...]:
        """The same for the axes, and where their numbers begin."""
        ends = [decimal(low, 6).removeprefix("≈ ") for low, _ in self.frame]
        return tuple(
            f"{words}, beyond about {end}" if near else words
            for words, end, near in zip(self.runs, ends, self.near, strict=True)
        )

    @cached_property
    def ticks(self) -> tuple[list[tuple[float, str]], ...]:
        """Fractions along each axis and the numbers there."""
        found = []
        for (low, high), near in zip(self.frame, self.near, strict=True):
            wide, begin = high - low, fmpq(0) if near else low
            marks = ticks(begin, begin + wide)
            found.append([(nearest((x - begin) / wide), words) for x, words in marks])
        return tuple(found)


def ticks(low: fmpq, high: fmpq) -> list[tuple[fmpq, str]]:
    """Round numbers from `low` to `high`, some six, and their text.

    >>> [words for _, words in ticks(fmpq(-3, 2), fmpq(3))]
    ['-1', '0', '1', '2', '3']
    >>> [words for _, words in ticks(fmpq(0), fmpq(10) ** 40)]
    ['0', '2e+39', '4e+39', '6e+39', '8e+39', '1e+40']
    """
    wide = high - low
    power = fmpq(10) ** (len(str(wide.p)) - len(str(wide.q)) - 1)
    steps = (power * factor for factor in (fmpq(1, 10), fmpq(1, 5), fmpq(1, 2), 1, 2, 5, 10, 20))
    step = next(step for step in steps if wide / step < MOST_TICKS)
    first = -(-(low / step).p // (low / step).q)
    last = (high / step).p // (high / step).q
    return [(step * k, _short(step * k)) for k in range(int(first), int(last) + 1)]


def room(ends: NDArray[np.int64], end: int, size: Place) -> tuple[Place, float]:
    """Where words of this size fit best into the region of one value, and how well.

    Sizes and places are fractions of the map; what is at least 1 fits.

    >>> room(np.array([[0] * 9 + [1]] * 10), 0, (0.5, 0.1))
    ((0.45, 0.45), 2.0)
    """
    rows, columns = ends.shape
    inside = ends == end
    across = np.minimum(_run(inside), _run(inside[:, ::-1])[:, ::-1]) * (2 / columns / size[0])
    up = np.minimum(_run(inside.T).T, _run(inside.T[:, ::-1])[:, ::-1].T) * (2 / rows / size[1])
    fits = across if rows == 1 else np.minimum(across, up)
    best = (fits + np.maximum(across, up) / 10).argmax()  # of equal ones that with most room
    row, column = divmod(int(best), columns)
    return ((column + 0.5) / columns, (row + 0.5) / rows), float(fits[row, column])


def _run(inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many of the values before, in the row, are true without a gap, this one among them."""
    columns = np.arange(1, inside.shape[1] + 1)
    gaps = np.where(inside, 0, columns)
    run: NDArray[np.int64] = columns - np.maximum.accumulate(gaps, axis=1)
    return run


def _short(value: fmpq) -> str:
    words = decimal(value)
    return words if len(words) <= LONGEST_TICK else decimal(value, 4).removeprefix("≈ ")


def _axis(direction: Vector) -> str:
    ones = [s for s, x in enumerate(direction) if x]
    if len(ones) == 1 and direction[ones[0]] == 1:
        return f"coordinate {ones[0]}"
    return f"along ({', '.join(map(text, direction))})"
