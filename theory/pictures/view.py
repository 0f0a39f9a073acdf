"""Views: what of the tokens is drawn, in which unit, and where a point is on the page.

All is exact until a coordinate becomes a float for the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from flint import fmpq

from theory.matrices import Vector
from theory.pictures.projections import PLAIN, Lens, Projection
from theory.readable import nearest

SHORTEST = 0.05
"""No arrow shorter than this part of the page is drawn."""

LIKELY = 8
"""Coordinates among which a pair that tells points apart is looked for."""

Place = tuple[float, ...]
"""A point of the page."""


@dataclass(frozen=True)
class View:
    """What part of Q^d is shown: its shadow, in units of 10^exponent."""

    drawn: Projection
    exponent: int
    low: tuple[float, ...]
    high: tuple[float, ...]

    @classmethod
    def of(
        cls,
        points: Sequence[Vector],
        apart: Sequence[Vector] = (),
        lens: Lens = PLAIN,
        weights: Sequence[int] = (),
    ) -> "View":
        """The view that shows all of `points` and the origin, the first of which are the starts.

        Unless the lens chooses, the coordinates are those that tell the points of `apart` from
        each other, or all `points`. Principal axes are those of the starts, counted by `weights`.
        """
        starts = points[: len(weights)] or points
        drawn = lens.seen(telling(apart or points), starts, weights or (1,) * len(points))
        shadows = [drawn.shadow(z) for z in points]
        greatest = max(abs(x) for z in shadows for x in z)
        digits = len(str(greatest.p)) - len(str(greatest.q)) if greatest else 0
        exponent = digits if abs(digits) > 4 else 0
        columns = [
            [fmpq(0), *(x / fmpq(10) ** exponent for x in column)]
            for column in zip(*shadows, strict=True)
        ]
        ends = [(nearest(min(column)), nearest(max(column))) for column in columns]
        longest = max(b - a for a, b in ends) or 1.0
        least = longest if len(columns) == 3 else 0.4 * longest
        room = [0.62 * max(b - a, least) for a, b in ends]
        middle = [(a + b) / 2 for a, b in ends]
        low = tuple(m - r for m, r in zip(middle, room, strict=True))
        high = tuple(m + r for m, r in zip(middle, room, strict=True))
        return cls(drawn, exponent, low, high)

    @property
    def axes(self) -> int:
        """How many coordinates are drawn."""
        return len(self.drawn.rows)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Which coordinates are drawn, if it is coordinates."""
        return self.drawn.coordinates

    @property
    def projection(self) -> str:
        """What is drawn, where it is not all coordinates as they are."""
        return self.drawn.words

    @property
    def extent(self) -> tuple[float, ...]:
        """The lengths of the axes."""
        return tuple(b - a for a, b in zip(self.low, self.high, strict=True))

    @property
    def origin(self) -> Vector:
        """The shadow of the origin."""
        return (fmpq(0),) * self.axes

    def shadow(self, point: Vector) -> Vector:
        """What is drawn of a point, exactly."""
        return self.drawn.shadow(point)

    def place(self, shadow: Vector) -> Place:
        """Where a shadow is on the page; on a line the second coordinate is 0."""
        place = tuple(nearest(x / fmpq(10) ** self.exponent) for x in shadow)
        return place if len(place) > 1 else (*place, 0.0)

    def arrows(self, pairs: Iterable[tuple[Vector, Vector]]) -> list[tuple[Place, Place]]:
        """Arrows between shadows on the page, each once; those too short to see are left out."""
        least = SHORTEST * max(self.extent)
        places = dict.fromkeys((self.place(a), self.place(b)) for a, b in pairs)
        return [(x, y) for x, y in places if distance(x, y) > least]

    def outward(self, place: Place) -> tuple[bool, bool]:
        """Whether right, and whether up, leads away from the middle of the page."""
        right = place[0] >= (self.low[0] + self.high[0]) / 2
        return right, self.axes == 1 or place[1] >= (self.low[1] + self.high[1]) / 2


def distance(x: Place, y: Place) -> float:
    """The greatest difference of two coordinates."""
    return max(abs(a - b) for a, b in zip(x, y, strict=True))


def telling(points: Sequence[Vector]) -> tuple[int, ...]:
    """Which coordinates to draw: all up to three; else two that tell the most points apart.

    >>> telling([(fmpq(1), fmpq(0), fmpq(0), fmpq(3)), (fmpq(1), fmpq(0), fmpq(2), fmpq(4))])
    (0, 2)
    """
    dimension = len(points[0])
    if dimension <= 3:
        return tuple(range(dimension))
    values = [len({z[s] for z in points}) for s in range(dimension)]
    likely = sorted(sorted(range(dimension), key=lambda s: -values[s])[:LIKELY])
    return max(combinations(likely, 2), key=lambda st: len({(z[st[0]], z[st[1]]) for z in points}))
