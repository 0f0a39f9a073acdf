"""Grids of basins in colour: the pixels of a map, and the legend that reads them.

    Key          which style stands for which destination, and which shade for which layers; one
                 key reads several maps alike, as the frames of a slider;
    Style        a colour and a hatching; no two destinations that are named share one;
    raster       the pixels of a map, as indices into the key's palette.

A region's colour is the free token's destination, its shade the layers until all has settled. Lines
run where the destination changes, dashed ones where the leaders among the other tokens do.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from theory.pictures.axes import library
from theory.pictures.colours import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION

if TYPE_CHECKING:
    from theory.basins import Basins, Destination

Integers = NDArray[np.int64]
Pixels = NDArray[np.uint8]

YELLOW = "#F0E442"

HUES = (BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY, YELLOW)
"""The colours of destinations, the most frequent first."""

HATCHES = ("plain", "striped", "barred", "dotted")
"""What tells destinations of one colour apart."""

PALE = "#D9D9D9"
"""Where the free token itself leads."""

SHADES = 5
"""Classes of settled layers that are told apart."""

WHITEST = 0.55
"""How much white is in the lightest shade."""

SIDE = 800
"""About so many pixels has the longer side of a map."""

STRIP = 64
"""The pixels of a strip's shorter side."""

COLOURS = (*HUES, PALE, GREY)
"""The colours of destinations, of the token itself, and of what is not told apart."""

LINE, GAP = "#111111", "#FFFFFF"
"""The colours of lines."""


@dataclass(frozen=True)
class Style:
    """How the grid points of one destination are painted."""

    colour: str
    hatch: str


ITSELF = Style(PALE, "plain")
OTHERS = Style(GREY, "dotted")
UNDECIDED = Style(GAP, "crossed")


@dataclass(frozen=True)
class Key:
    """How maps are to be read.

    styles : of each destination, the most frequent first. counts : its grid points. shades : the
    first and the last settled layer of each class, the lightest first. undecided : grid points.
    """

    styles: "dict[Destination, Style]"
    counts: "dict[Destination, int]"
    shades: tuple[tuple[int, int], ...]
    undecided: int

    @classmethod
    def of(cls, frames: "Sequence[Basins]") -> "Key":
        """The key to `frames`, of which there is at least one."""
        counts: Counter[Destination] = Counter()
        layers: Counter[int] = Counter()
        undecided = 0
        for basins in frames:
            ends, times = np.unique(basins.ends, return_counts=True)
            for end, count in zip(ends.tolist(), times.tolist(), strict=True):
                if end < 0:
                    undecided += count
                else:
                    counts[basins.destinations[end]] += count
            settled, times = np.unique(basins.layers, return_counts=True)
            pairs = zip(settled.tolist(), times.tolist(), strict=True)
            layers.update({layer: count for layer, count in pairs if layer >= 0})
        order = [destination for destination, _ in counts.most_common()]
        named = [destination for destination in order if destination.kind != "leader"]
        free = iter([Style(hue, hatch) for hatch in HATCHES for hue in HUES])
        styles = {destination: next(free, OTHERS) for destination in named}
        ordered = {destination: styles.get(destination, ITSELF) for destination in order}
        return cls(ordered, dict(counts), _classes(layers), undecided)

    @cached_property
    def palette(self) -> list[tuple[int, int, int]]:
        """The colours that pixels name by their index: lines, then the shades of each colour."""
        colours = [_rgb(LINE), _rgb(GAP), _rgb(GREY)]
        for hue in COLOURS:
            colours += [shade(hue, k, len(self.shades)) for k in range(SHADES)]
            colours.append(_mixed(_rgb(hue), (0, 0, 0), 0.5))
        return colours


def shade(hue: str, k: int, classes: int) -> tuple[int, int, int]:
    """Shade k of so many: 0 is the lightest, the last the colour itself.

    >>> shade("#000000", 4, 5), shade("#000000", 0, 1)
    ((0, 0, 0), (35, 35, 35))
    """
    if classes < 2:
        return _mixed(_rgb(hue), (255, 255, 255), WHITEST / 4)
    white = WHITEST * max(0.0, 1 - k / (classes - 1))
    return _mixed(_rgb(hue), (255, 255, 255), white)


def raster(basins: "Basins", key: Key) -> Pixels:
    """The pixels of a map, the highest row first: indices into the key's palette."""
    longest = max(basins.rows, basins.columns)
    across = _scale(basins.columns, longest)
    down = STRIP if basins.rows == 1 else _scale(basins.rows, longest)
    arrays = (basins.ends, basins.layers, basins.company)
    patch = np.ones((down, across), np.int64)
    ends, layers, company = (np.kron(x[::-1], patch) for x in arrays)
    pixels = np.empty(ends.shape, np.int64)
    tops = np.array([last for _, last in key.shades[:-1]], np.int64)
    classes = np.asarray(np.searchsorted(tops, layers), np.int64)
    for end in np.unique(ends).tolist():
        style = UNDECIDED if end < 0 else key.styles[basins.destinations[end]]
        here = ends == end
        pixels[here] = _painted(style, classes)[here]
    row, column = np.indices(pixels.shape)
    dashes = np.asarray((row + column) // 4 % 2, np.int64)
    changes = _edges(company) & ~_edges(ends)
    pixels[changes] = dashes[changes]
    pixels[_edges(ends)] = 0
    return pixels.astype(np.uint8)


def swatch(style: Style, key: Key, size: int = 28) -> Pixels:
    """A small square of a style, in its darkest shade."""
    return _painted(style, np.full((size, size), len(key.shades) - 1)).astype(np.uint8)


def ramp(hue: str, k: int, key: Key, size: int = 28) -> Pixels:
    """A small square of a colour in shade k."""
    return _painted(Style(hue, "plain"), np.full((size, size), k)).astype(np.uint8)


def _painted(style: Style, classes: Integers) -> Integers:
    """The pixels of an area of one style, which has these classes of layers."""
    dark = _hatched(style.hatch, classes.shape)
    if style == UNDECIDED:
        return np.where(dark, 2, 1)
    first = 3 + (SHADES + 1) * COLOURS.index(style.colour)
    return np.where(dark, first + SHADES, first + classes)


def _hatched(hatch: str, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    row, column = np.indices(shape)
    dark: NDArray[np.bool_] = {
        "plain": row < 0,
        "striped": (row + column) % 12 < 3,
        "barred": row % 12 < 3,
        "dotted": (row % 9 < 3) & ((column + 4 * (row // 9 % 2)) % 9 < 3),
        "crossed": ((row + column) % 10 < 2) | ((row - column) % 10 < 2),
    }[hatch]
    return dark


def png(pixels: Pixels, key: Key) -> bytes:
    """The pixels as a .png file with a palette."""
    image = library("PIL.Image").fromarray(pixels)
    image.putpalette([part for colour in key.palette for part in colour])
    written = BytesIO()
    image.save(written, format="PNG", optimize=True)
    return written.getvalue()


def _edges(values: Integers) -> NDArray[np.bool_]:
    """Where a pixel differs from the one above it or to the left of it."""
    edges = np.zeros(values.shape, np.bool_)
    edges[1:] |= values[1:] != values[:-1]
    edges[:, 1:] |= values[:, 1:] != values[:, :-1]
    return edges


def _scale(count: int, longest: int) -> int:
    """Pixels of a grid point: two at least, so that lines hide none, unless the map is huge."""
    return max(2 if longest <= 2 * SIDE else 1, SIDE // longest)


def _classes(layers: "Counter[int]") -> tuple[tuple[int, int], ...]:
    """At most `SHADES` classes of settled layers, of about as many grid points each."""
    values = sorted(layers)
    if not values:
        return ((0, 0),)
    cuts, seen, total = [values[0]], 0, sum(layers.values())
    for rank, (value, after) in enumerate(pairwise(values), start=1):
        seen += layers[value]
        left = SHADES - len(cuts)
        if left and (seen * SHADES >= total * len(cuts) or len(values) - rank <= left):
            cuts.append(after)
    ends = [max(v for v in values if v < cut) for cut in cuts[1:]] + [values[-1]]
    return tuple(zip(cuts, ends, strict=True))


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return red, green, blue


def _mixed(
    colour: tuple[int, int, int], other: tuple[int, int, int], part: float
) -> tuple[int, int, int]:
    red, green, blue = (round(a + part * (b - a)) for a, b in zip(colour, other, strict=True))
    return red, green, blue
