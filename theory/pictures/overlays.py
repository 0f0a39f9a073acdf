"""What lies over the colours of a map, and the words beside it, for whoever draws it.

Overlaid     the other tokens and their hull, K, the cells, the free token's own start;
letters      words in the regions;
entries      the legend: a style and words for each destination; `classes` the shades';
caption      what is seen: the grid, the box, the plane, the step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from flint import fmpq

from theory.basins.overlay import Cell, Polygon, clipped
from theory.basins.plane import Box
from theory.configuration import Configuration
from theory.exact import text
from theory.matrices import Vector
from theory.names import Names
from theory.pictures.charts import Chart, Place, room
from theory.pictures.painting import ITSELF, OTHERS, UNDECIDED, Key, Style
from theory.readable import count, equal, point, short

if TYPE_CHECKING:
    from theory.basins import Basins, Destination

LETTER = 0.017
"""About how wide a letter is, in widths of a map."""

LOW = 0.2
"""How high the names of a strip's parts stand in it, below the tokens."""

SHORT = 12
"""Characters of a label on the map."""

MOST_NAMED = 24
"""Tokens beyond which only those are named to which the free token goes."""


@dataclass(frozen=True)
class Overlaid:
    """What lies over the colours. Outlines are closed; `tokens` has names, and who is in the plane.

    outside : how many other tokens the picture does not reach.
    start : where the free token starts in the configuration as given; None if not in the plane.
    """

    hull: tuple[Place, ...]
    polytope: tuple[Place, ...]
    borders: tuple[tuple[Place, Place], ...]
    tokens: tuple[tuple[Place, str, bool], ...]
    outside: int
    start: Place | None

    @classmethod
    def of(cls, basins: "Basins", names: Names) -> "Overlaid":
        """What lies over a map."""
        chart, over = Chart(basins), basins.overlay
        goals = {i for destination in basins.destinations for i in destination.leaders}
        few = len(over.marks) <= MOST_NAMED
        named = {i for i in range(len(over.marks)) if few or i in goals}
        marks = {
            mark.token: (
                chart.place(mark.foot),
                names.name(mark.token, SHORT) * (mark.token in named),
                mark.inside,
            )
            for mark in over.marks
            if chart.shows(mark.foot)
        }
        own = marks.pop(basins.free, None)
        return cls(
            _closed(chart, over.hull),
            _closed(chart, over.polytope),
            _borders(chart, over.cells),
            tuple(marks.values()),
            len(over.marks) - 1 - len(marks),
            own[0] if own is not None and own[2] else None,
        )


def _closed(chart: Chart, outline: Polygon | None) -> tuple[Place, ...]:
    """The part of a convex outline in the picture, and some way beyond its frame."""
    left = outline or ()
    for s, (low, high) in enumerate(chart.frame):
        for sign, end in ((1, 2 * low - high), (-1, 2 * high - low)):
            slopes = [fmpq(sign * (s == t)) for t in range(len(chart.frame))]
            left = clipped(left, slopes, -sign * end) if left else ()
    places = tuple(map(chart.place, left))
    return (*places, places[0]) if len(places) > 2 else places


def _borders(chart: Chart, cells: Sequence[Cell]) -> tuple[tuple[Place, Place], ...]:
    """The sides of the cells inside the box, each once; on a line marks across it."""
    sides: dict[tuple[Vector, Vector], tuple[Place, Place]] = {}
    box = chart.basins.plane.box
    for corners in (cell.polygon for cell in cells):
        for x, y in zip(corners, (*corners[1:], corners[0]), strict=True):
            if chart.flat and x[0] not in box[0]:
                across = chart.place(x)[0]
                sides[x, x] = (across, 0.0), (across, 1.0)
            elif not chart.flat and not _outer(x, y, box):
                sides[min(x, y), max(x, y)] = chart.place(x), chart.place(y)
    return tuple(sides.values())


def _outer(x: Vector, y: Vector, box: Box) -> bool:
    """Whether a side of a cell is one of the box."""
    return any(a == b and a in ends for a, b, ends in zip(x, y, box, strict=True))


@dataclass(frozen=True)
class Entry:
    """A line of the legend."""

    style: Style
    words: str
    count: int


def entries(key: Key, names: Names) -> list[Entry]:
    """The legend, the most frequent destinations first; those of one style share a line."""
    together: dict[Style, list[Destination]] = {}
    for destination, style in key.styles.items():
        together.setdefault(style, []).append(destination)
    found = [
        Entry(style, _words(style, here, names), sum(key.counts[x] for x in here))
        for style, here in together.items()
    ]
    if key.undecided:
        found.append(Entry(UNDECIDED, "undecided", key.undecided))
    return found


def _words(style: Style, here: "Sequence[Destination]", names: Names) -> str:
    if style == ITSELF:
        return "leads itself"
    if style == OTHERS:
        return count(len(here), "other destination")
    return here[0].words(names)


def letters(basins: "Basins", key: Key, names: Names, over: Overlaid) -> list[tuple[Place, str]]:
    """Words in the regions that have room for them, beside the words at the tokens."""
    free, (rows, columns) = np.array(basins.ends), basins.ends.shape
    for mark in over.tokens:
        (left, right), (low, high) = _extent(*aside(mark), mark[1])
        free[
            max(0, int(low * rows)) : int(high * rows) + 1 if rows > 1 else None,
            max(0, int(left * columns)) : int(right * columns) + 1,
        ] = -1
    found = []
    for end, destination in enumerate(basins.destinations):
        if key.styles[destination] in (ITSELF, OTHERS) or not destination.leaders:
            continue
        more = " …" * (len(destination.leaders) > 2)
        short = [names.name(i, SHORT) for i in destination.leaders[:2]]
        numbers = [names.index(i) for i in destination.leaders[:2]]
        for words in (f"→ {', '.join(short)}{more}", f"→ {', '.join(numbers)}{more}"):
            size = LETTER * (len(words) + 1), 2.6 * LETTER
            place, fits = room(free, end, size)
            if fits >= 1:
                found.append(((place[0], LOW) if rows == 1 else place, words))
                break
    return found


def aside(mark: tuple[Place, str, bool]) -> tuple[Place, bool, bool]:
    """Where a token's name stands: its place, and whether to the right of it and above it.

    Away from the middle of the map, if there is room for it.
    """
    (x, y), name, _ = mark
    wide = LETTER * (len(name) + 1)
    right = x + wide < 1 if x >= 0.5 else x - wide < 0
    return (x, y), right, y < 0.94 if y >= 0.5 else y < 0.06


def _extent(
    place: Place, right: bool, upper: bool, name: str
) -> tuple[tuple[float, float], tuple[float, float]]:
    """About what a token and its name cover."""
    (x, y), wide, high = place, LETTER * (len(name) + 1), 3 * LETTER
    across = (x - LETTER, x + wide) if right else (x - wide, x + LETTER)
    return across, (y - LETTER, y + high) if upper else (y - high, y + LETTER)


def classes(key: Key) -> list[str]:
    """The layers of each shade, in words; none where there is one shade."""
    if len(key.shades) < 2:
        return []
    return [str(a) if a == b else f"{a}–{b}" for a, b in key.shades]


def caption(basins: "Basins", key: Key, names: Names, over: Overlaid) -> str:
    """What a map shows, in sentences."""
    plane, c = basins.plane, basins.configuration
    grid = " × ".join(map(str, (basins.columns, basins.rows)[: len(plane.box)]))
    box = " × ".join(f"[{short(low, 12)}, {short(high, 12)}]" for low, high in plane.box)
    where = [f"box {box}", f"axes {' and '.join(Chart(basins).runs)}"]
    if any(plane.origin):
        where.append(f"through {point(plane.origin)}")
    where.append(basins.dynamics.step.named or equal("α", text(c.alpha)))
    if not c.euclidean:
        where.append(basins.dynamics.scores.named or matrix(c))
    darker = "; the darker, the more layers until all tokens have settled" if key.shades[1:] else ""
    parts = [
        f"Where token {names.name(basins.free)} goes from {grid} starts, each settled exactly: "
        f"{', '.join(where)}.",
        f"Colour: the destination{darker}.",
    ]
    if len(basins.companies) > 1:
        parts.append("Dashed lines, black and white: who leads among the other tokens changes.")
    if over.outside:
        parts.append(f"Not in the picture: {count(over.outside, 'other token')}.")
    if not Chart(basins).equal:
        parts.append("The axes have units of their own.")
    if basins.undecided:
        parts.append(f"Crossed: undecided ({count(basins.undecided, 'start')}).")
    return " ".join(parts)


def matrix(configuration: Configuration) -> str:
    """The matrix A, if that is short."""
    rows = ("[" + ", ".join(map(text, row)) + "]" for row in configuration.A)
    words = "A = [" + ", ".join(rows) + "]"
    return words if len(words) <= 40 else "A not the identity"
