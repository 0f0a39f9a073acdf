"""Lines and surfaces for pictures: outlines of hulls, exact; arrows, in floats for the page."""

from collections.abc import Sequence
from math import hypot

from theory.hull import independent, polygon, polyhedron, ridges
from theory.matrices import Vector

Place = tuple[float, ...]

MOST_CORNERS = 60
"""Tokens beyond which the browser is left to find a hull in space."""

ARC = 12
"""Straight pieces of an arc."""


def paths(points: Sequence[Vector]) -> list[list[Vector]]:
    """The edges of the hull of `points`: one closed path in a plane, many edges in space.

    Nothing for a single place. The points have at most three coordinates.
    """
    if not points:
        return []
    corners = len(independent(points))
    if corners < 2:
        return []
    if corners < 4:
        around = polygon(points)
        return [[*around, around[0]]]
    return [[x, y] for x, y in ridges(polyhedron(points))]


def surface(
    points: Sequence[Vector],
) -> tuple[list[Vector], list[tuple[int, int, int]] | None]:
    """Corners of a hull in space and the triangles between them, by their places in the list.

    No triangles for a hull without inside but a polygon's; None where there are so many points
    that the browser has to find them.
    """
    corners = list(dict.fromkeys(points))
    solid = len(independent(points))
    if solid < 3:
        return corners, []
    if solid == 3:
        corners = polygon(points)
        return corners, [(0, i, i + 1) for i in range(1, len(corners) - 1)]
    if len(corners) > MOST_CORNERS:
        return corners, None
    index = {z: i for i, z in enumerate(corners)}
    return corners, [(index[x], index[y], index[z]) for x, y, z in polyhedron(points)]


def arc(start: Place, end: Place, extent: float) -> list[Place]:
    """A bow over the line to the right, under it to the left."""
    height = (0.12 + 0.5 * abs(end[0] - start[0]) / extent) * (1 if end[0] > start[0] else -1)
    steps = [s / ARC for s in range(ARC + 1)]
    return [
        (start[0] + s * (end[0] - start[0]), 4 * s * (1 - s) * height * 0.8) for s in steps
    ]  # fmt: skip


def arrow_in_space(start: Place, end: Place, head: float) -> list[Place]:
    """One stroke from start to end that draws a head of two crossing wedges as it gets there."""
    way = [b - a for a, b in zip(start, end, strict=True)]
    length = hypot(*way)
    u = [x / length for x in way]
    axis = min(range(3), key=lambda s: abs(u[s]))
    e = [float(s == axis) for s in range(3)]
    p = _cross(u, e)
    p = [x / hypot(*p) for x in p]
    tip = tuple(b - 0.6 * head * x for b, x in zip(end, u, strict=True))
    stroke: list[Place] = [start, tip]
    for side in (p, _cross(u, p)):
        for sign in (1, -1):
            wing = tuple(
                t - head * x + sign * 0.4 * head * y for t, x, y in zip(tip, u, side, strict=True)
            )
            stroke += [wing, tip]
    return stroke


def _cross(x: Sequence[float], y: Sequence[float]) -> list[float]:
    return [
        x[1] * y[2] - x[2] * y[1],
        x[2] * y[0] - x[0] * y[2],
        x[0] * y[1] - x[1] * y[0],
    ]
