"""Where names stand beside marks, so that no two of them meet.

    Wanted   a name that is to stand near a point: how wide, how high;
    place    a box for each, or none where there is no room.

Boxes are tried around each point, near ones first, in the order of the list; one that meets a box
that stands, or leaves the page, is never taken. Of the others the cheapest is: near its point, over
no mark, over few lines, away from the middle. All in units of the page, such as pixels, and nothing
by chance: the same names stand at the same places each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

Segment = tuple[float, float, float, float]
"""x and y of one end, x and y of the other."""

DIRECTIONS = 16
RINGS = (0.0, 0.5, 1.0, 1.7, 2.5, 3.5, 5.0, 7.0, 9.5, 12.5)
"""How far from its point a name is looked for, in heights of a line."""

MARK, LINE, OWN, INWARD, OTHER = 6.0, 1.0, 2.5, 0.25, 1.5
"""What it costs to cover a mark, to cross a line, to be led to over a name, to lie inward, and to
be nearer to another mark than to one's own, in heights of a line that a name might be nearer."""


@dataclass(frozen=True)
class Wanted:
    """A name of this size near (x, y), whose mark reaches `clear` far."""

    x: float
    y: float
    width: float
    height: float
    clear: float = 0.0


def place(
    names: Sequence[Wanted],
    page: Box,
    marks: Sequence[Box] = (),
    lines: Sequence[Segment] = (),
    gap: float = 1.0,
    growing: bool = False,
    reach: float = RINGS[-1],
) -> list[Box | None]:
    """A box for each of `names`, or None: inside the page, none less than `gap` from another.

    marks, lines : what names should not cover, where that can be helped.
    reach : how far names may be from their points, in heights of a line.
    growing : the page may grow, and points move apart with it while names keep their size and
        their place beside their points. Then boxes lie as their points do, left of each other or
        below, so that they do not meet on any larger page either.

    >>> here = Wanted(50, 50, 20, 10)
    >>> first, second = place([here, here], (0, 0, 100, 100))
    >>> first[2] < second[0] or second[2] < first[0] or first[3] < second[1] or second[3] < first[1]
    True
    >>> place([here], (0, 0, 15, 100))
    [None]
    """
    standing = np.empty((0, 4))
    points = np.empty((0, 2))
    found: list[Box | None] = []
    for name in names:
        boxes, cost = _around(name, page, reach)
        inside = ((boxes[:, :2] >= page[:2]) & (boxes[:, 2:] <= page[2:])).all(axis=1)
        boxes, cost = boxes[inside], cost[inside]
        if growing:
            free = _lie(boxes, standing, np.array([name.x, name.y]) - points, gap)
        else:
            free = ~np.logical_or.reduce(_meet(boxes, standing, gap), axis=1)
        boxes, cost = boxes[free], cost[free]
        if not len(boxes):
            found.append(None)
            continue
        seen = np.array(marks).reshape(-1, 4)
        cost = cost + MARK * _meet(boxes, seen, 0.0).sum(1)
        away = _away(boxes, np.array([[name.x, name.y]])) - 0.1 * name.height
        cost = cost + OTHER * (_away(boxes, (seen[:, :2] + seen[:, 2:]) / 2) < away).sum(1)
        cost = cost + LINE * _crossed(boxes, np.array(lines).reshape(-1, 4)).sum(1)
        middles = (boxes[:, :2] + boxes[:, 2:]) / 2
        leads = np.hstack([np.tile([name.x, name.y], (len(boxes), 1)), middles])
        if len(standing):
            cost = cost + OWN * _crossed(standing, leads).sum(0)
        best = boxes[int(np.argmin(np.round(cost, 6)))]
        left, bottom, right, top = map(float, best)
        found.append((left, bottom, right, top))
        standing, points = np.vstack([standing, best]), np.vstack([points, [name.x, name.y]])
    return found


def lead(name: Wanted, box: Box) -> tuple[float, float]:
    """The point of a box that is nearest to its name's point."""
    return min(max(name.x, box[0]), box[2]), min(max(name.y, box[1]), box[3])


def _around(name: Wanted, page: Box, most: float) -> tuple[Array, Array]:
    """Boxes to try, and what each costs for how far it is and which way."""
    turns = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    ways = np.round(np.stack([np.cos(turns), np.sin(turns)], 1), 12)
    outward = np.array([name.x - (page[0] + page[2]) / 2, name.y - (page[1] + page[3]) / 2])
    outward /= hypot(*outward) or 1.0
    line = min(name.height, 2 * name.width)
    half = np.array([name.width, name.height]) / 2
    boxes, costs = [], []
    for ring in [ring for ring in RINGS if ring <= most]:
        reach = name.clear + ring * line
        # the nearest point of the box lies on the ring: a corner, or the middle of a side
        corners = np.where(abs(ways) > 1e-9, np.sign(ways), 0.0)
        middles = np.array([name.x, name.y]) + ways * reach + corners * half
        boxes.append(np.hstack([middles - half, middles + half]))
        slant = 1 - ways @ outward + 0.2 * (abs(ways[:, 0]) < 1e-9)
        costs.append(ring + INWARD * slant)
    return np.vstack(boxes), np.concatenate(costs)


def _meet(boxes: Array, others: Array, gap: float) -> Flags:
    """Which boxes come nearer than `gap` to which others."""
    a, b = boxes[:, None], others[None]
    apart = (a[..., :2] >= b[..., 2:] + gap) | (a[..., 2:] + gap <= b[..., :2])
    return ~(apart[..., 0] | apart[..., 1])


def _away(boxes: Array, points: Array) -> Array:
    """How far each point is from each box."""
    low, high = boxes[:, None, :2] - points[None], points[None] - boxes[:, None, 2:]
    beyond: Array = np.maximum(np.maximum(low, high), 0.0)
    return np.hypot(beyond[..., 0], beyond[..., 1])


def _lie(boxes: Array, others: Array, steps: Array, gap: float) -> Flags:
    """Which boxes lie to every other one as their point to its point, `steps` away."""
    a, b = boxes[:, None], others[None]
    after = (a[..., :2] >= b[..., 2:] + gap) & (steps >= 0)
    before = (a[..., 2:] + gap <= b[..., :2]) & (steps <= 0)
    apart = after | before
    kept: Flags = np.logical_and.reduce(apart[..., 0] | apart[..., 1], axis=1)
    return kept


def _crossed(boxes: Array, lines: Array) -> Flags:
    """Which boxes are met by which segments: the part within the slabs of both axes is there."""
    start, way = lines[None, :, :2], (lines[:, 2:] - lines[:, :2])[None]
    low, high = boxes[:, None, :2] - start, boxes[:, None, 2:] - start
    still = np.abs(way) < 1e-12
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = low / way, high / way
    enter = np.where(still, np.where((low <= 0) & (high >= 0), 0.0, np.inf), np.minimum(one, two))
    leave = np.where(still, 1.0, np.maximum(one, two))
    crossed: Flags = np.maximum(enter.max(-1), 0) <= np.minimum(leave.min(-1), 1)
    return crossed
