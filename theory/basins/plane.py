"""The grid of a map: points origin + s p + t q of Q^d, with (s, t) on a rational grid.

The grid has both ends of its box: column c of N stands at s = X0 + (X1 − X0) c / (N − 1), and row r
of M at t = Y0 + (Y1 − Y0) r / (M − 1), row 0 lowest. A line has one direction and one row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flint import fmpq, fmpz, fmpz_mat

from theory.exact import HardmaxError, shown, text, whole
from theory.matrices import Vector, as_matrix, plus, times
from theory.readable import count

MOST_POINTS = 2**22
"""Points of one map."""

SPACING = 400
"""Points along each side of a map, unless others are asked for."""

MARGIN = fmpq(1, 8)
"""What a box has beyond the hull on each side, of the hull's greatest width."""

Box: TypeAlias = tuple[tuple[fmpq, fmpq], ...]
"""The ends of the box in each direction."""


@dataclass(frozen=True)
class Plane:
    """A grid of `rows` × `columns` points in a plane, or on a line.

    Raises `HardmaxError` for directions that are dependent, a box that is empty, and a number of
    points that is none or more than `MOST_POINTS`.

    >>> zero, one = fmpq(0), fmpq(1)
    >>> plane = Plane((zero, zero), ((one, zero), (zero, one)), ((zero, one), (zero, one)), 2, 3)
    >>> plane.point(1, 1), plane.points
    ((1/2, 1), 6)
    """

    origin: Vector
    directions: tuple[Vector, ...]
    box: Box
    rows: int
    columns: int

    def __post_init__(self) -> None:
        d, spanned = len(self.origin), len(self.directions)
        if spanned not in (1, 2) or len(self.box) != spanned:
            raise HardmaxError(
                f"{spanned} directions and {len(self.box)} sides of a box; one of each was wanted "
                "for a line, and two for a plane"
            )
        for direction in self.directions:
            if len(direction) != d:
                raise HardmaxError(
                    f"a direction of {count(len(direction), 'coordinate')}, where tokens have {d}"
                )
        if as_matrix(self.directions).rank() < spanned:
            if spanned == 1:
                raise HardmaxError("the direction is 0")
            raise HardmaxError("the directions are linearly dependent: they span no plane")
        for low, high in self.box:
            if low >= high:
                raise HardmaxError(f"the box from {text(low)} to {text(high)} is empty")
        _check_size(self.rows, self.columns, spanned)

    @property
    def points(self) -> int:
        """How many points there are."""
        return self.rows * self.columns

    def coordinates(self, row: int, column: int) -> tuple[fmpq, ...]:
        """The coordinates in the plane of a point of the grid: s, or s and t."""
        across = _between(self.box[0], column, self.columns)
        if len(self.box) == 1:
            return (across,)
        return across, _between(self.box[1], row, self.rows)

    def point(self, row: int, column: int) -> Vector:
        """The point of the grid in Q^d. Raises `HardmaxError` where there is none."""
        for name, value, most in (("row", row, self.rows), ("column", column, self.columns)):
            number = whole(value)
            if number is None or not 0 <= number < most:
                raise HardmaxError(f"{name} = {shown(value)}; 0 to {most - 1} was wanted")
        return self.at(self.coordinates(row, column))

    def at(self, coordinates: Sequence[fmpq]) -> Vector:
        """The point of Q^d with these coordinates in the plane."""
        found = self.origin
        for factor, direction in zip(coordinates, self.directions, strict=True):
            found = plus(found, times(factor, direction))
        return found

    def foot(self, point: Vector) -> tuple[tuple[fmpq, ...], bool]:
        """The coordinates of the foot of a point on the plane, and whether it is that point.

        The foot is the nearest point in the Euclidean norm.
        """
        offset = as_matrix([tuple([a - b for a, b in zip(point, self.origin, strict=True)])])
        rows = as_matrix(self.directions)
        found = (rows * rows.transpose()).solve(rows * offset.transpose())
        coordinates = tuple([found[k, 0] for k in range(len(self.directions))])
        return coordinates, self.at(coordinates) == point

    def form(self) -> tuple[fmpz_mat, fmpz]:
        """Integers N and D > 0 with point(r, c) = (1, c, r) N / D; on a line (1, c) N / D."""
        corner = self.at([low for low, _ in self.box])
        steps = [
            times((high - low) / max(count - 1, 1), direction)
            for (low, high), count, direction in zip(
                self.box, (self.columns, self.rows), self.directions, strict=False
            )
        ]
        numerators, denominator = as_matrix([corner, *steps]).numer_denom()
        return numerators, denominator


def _between(ends: tuple[fmpq, fmpq], place: int, count: int) -> fmpq:
    low, high = ends
    return low + (high - low) * place / (count - 1)


def _check_size(rows: int, columns: int, directions: int) -> None:
    least = 1 if directions == 1 else 2
    for name, value, wanted in (("columns", columns, 2), ("rows", rows, least)):
        number = whole(value)
        if number is None or number < wanted:
            raise HardmaxError(
                f"{shown(value)} as the number of {name}; {wanted} or more was wanted"
            )
    if directions == 1 and rows != 1:
        raise HardmaxError(f"{rows} rows; a line has one")
    if rows * columns > MOST_POINTS:
        raise HardmaxError(
            f"{columns} × {rows} points are more than {MOST_POINTS}, the most of one map"
        )


def coordinate_plane(start: Vector, axes: Sequence[int]) -> tuple[Vector, tuple[Vector, ...]]:
    """Origin and directions of the plane of some coordinates, the others being those of `start`.

    Coordinates in that plane are those of the tokens. Raises `HardmaxError` for axes that there
    are none of.

    >>> coordinate_plane((fmpq(3), fmpq(4)), [1])
    ((3, 0), ((0, 1),))
    """
    d = len(start)
    for axis in axes:
        if not 0 <= axis < d:
            raise HardmaxError(f"there is no coordinate {axis}; 0 to {d - 1} were wanted")
    origin = tuple([fmpq(0) if s in axes else x for s, x in enumerate(start)])
    return origin, tuple([tuple([fmpq(int(s == axis)) for s in range(d)]) for axis in axes])


def around(points: Sequence[Vector], counts: Sequence[int]) -> Box:
    """A box around points of the plane, so that the points of a grid have short coordinates.

    Neighbours are h apart, and every coordinate is a multiple of h: of 1/m or m, where m has no
    prime factors but 2 and 5, such that the box has some `MARGIN` beyond the points.

    >>> around([(fmpq(-1),), (fmpq(2),)], [400])
    ((-149/100, 5/2),)
    """
    sides = [(min(side), max(side)) for side in zip(*points, strict=True)]
    width = max(high - low for low, high in sides)
    if not width:
        width = max(max(abs(x) for x in side) for side in sides) or fmpq(1)
    wanted = [high - low + 2 * MARGIN * width for low, high in sides]
    h = _step(max(x / (count - 1) for x, count in zip(wanted, counts, strict=True)))
    lows = [
        h * ((low + high) / (2 * h) - fmpq(count - 2, 2)).floor()
        for (low, high), count in zip(sides, counts, strict=True)
    ]
    return tuple([(low, low + h * (count - 1)) for low, count in zip(lows, counts, strict=True)])


def _step(least: fmpq) -> fmpq:
    """The least 1/m ≥ `least`, if that is at most 1, or else the least such m; m = 2^a 5^b."""
    if least <= 1:
        most = int((1 / least).floor())
        powers = [5**b for b in range(most.bit_length()) if 5**b <= most]
        return fmpq(1, max(power << ((most // power).bit_length() - 1) for power in powers))
    bound = int(least.ceil())
    powers = [5**b for b in range(bound.bit_length())]
    return fmpq(min(power << max(-(-bound // power) - 1, 0).bit_length() for power in powers))
