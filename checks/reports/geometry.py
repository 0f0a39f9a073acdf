"""Lines and surfaces that plotly has no words for: the inside of a hull in space, and arrows."""

from collections.abc import Sequence
from math import hypot

from theory.hull import independent
from theory.matrices import Vector
from theory.pictures.scene import Scene
from theory.pictures.view import Place

MOST_CORNERS = 60
"""Tokens beyond which the browser is left to find a hull in space."""

ARC = 12
"""Straight pieces of an arc."""


def surface(
    scene: Scene,
) -> tuple[list[Vector], list[tuple[int, int, int]] | None]:
    """Corners of the tokens' hull in space and the triangles between them, by their places.

    No triangles for a hull without inside but a polygon's; None where there are so many points
    that the browser has to find them.
    """
    corners = list(scene.at)
    if len(corners) > MOST_CORNERS and len(independent(corners)) == 4:
        return corners, None
    if scene.hull.solid:
        index = {z: i for i, z in enumerate(corners)}
        return corners, [(index[x], index[y], index[z]) for x, y, z in scene.hull.faces]
    around = [*(scene.hull.edges or ((),))[0][:-1]]
    if len(around) < 3:
        return corners, []
    return around, [(0, i, i + 1) for i in range(1, len(around) - 1)]


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
