"""Maps for print: where one token goes, for every start of it on a grid, as .svg or .png.

Every grid point is exact, and is drawn as a patch around it; of what lies between the points
nothing is said. Needs matplotlib, the extra ``report``.
"""

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from theory.exact import visible
from theory.names import Names
from theory.pictures.axes import library
from theory.pictures.charts import Chart
from theory.pictures.colours import BLACK, GREY, WHITE
from theory.pictures.figures import save, suffix_of
from theory.pictures.overlays import SHORT, Overlaid, aside, caption, classes, entries, letters
from theory.pictures.painting import ITSELF, UNDECIDED, Key, Style, raster, shade
from theory.pictures.sheet import styled
from theory.readable import label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from theory.basins import Basins

WIDTH = 4.0
"""Inches of a map's longer side."""

Rows: TypeAlias = list[tuple[Any, str]]
"""The lines of a legend: what is drawn, and words."""

LONGEST = 34
"""Characters of a line of the legend."""

ROWS = 26
"""Lines of a column of the legend."""

HATCHING = {"plain": "", "striped": "////", "barred": "---", "dotted": "..", "crossed": "xxxx"}


def draw_map(basins: "Basins", path: str | Path | None = None) -> "Figure":
    """The map as a figure; saved to `path`, if given, as `theory.pictures.figures.save` does.

    Raises `HardmaxError` for another suffix than .svg or .png, and without matplotlib.

    >>> from flint import fmpq
    >>> from theory import Configuration
    >>> from theory.basins import Plane, Problem, settle_grid
    >>> line = Plane((fmpq(0),), ((fmpq(1),),), ((fmpq(-4), fmpq(4)),), 1, 9)
    >>> figure = draw_map(settle_grid(Problem(Configuration([[2], [1], [-3]], alpha=1), 1, line)))
    >>> len(figure.axes)
    1
    """
    if path is not None:
        suffix_of(path)
    names, key, chart = Names.of(basins.configuration), Key.of([basins]), Chart(basins)
    over = Overlaid.of(basins, names)
    with styled():
        figure: Figure = library("matplotlib.figure").Figure(layout="compressed")
        axes = figure.add_subplot()
        _colours(axes, basins, key, chart)
        rows = _rows(key, names, _over(axes, basins, key, names, over))
        _frame(axes, chart)
        legends = _legend(figure, rows, chart.flat)
        width, height = _size(chart, rows, legends)
        figure.set_size_inches(width, height)
        words = fill(caption(basins, key, names, over), width=int(18 * width))
        figure.supxlabel(words, fontsize=6.5, x=0.01, ha="left", parse_math=False)
        named = visible(" ".join((basins.configuration.name or "").split()))
        if named:
            axes.set_title(named, parse_math=False, fontsize=8.5)
    if path is not None:
        save(figure, path)
    return figure


def _size(chart: Chart, rows: Rows, columns: int) -> tuple[float, float]:
    """The figure's width and height, in inches: the map's, and room for the words."""
    if chart.flat:
        return WIDTH + 2.2, 1.6 + 0.16 * -(-len(rows) // columns)
    width, height = WIDTH * min(1.0, chart.ratio), WIDTH / max(1.0, chart.ratio)
    longest = max(len(words) for _, words in rows)
    legend = 0.165 * -(-len(rows) // columns) + 0.6
    return width + 0.6 + columns * (0.055 * longest + 0.55), max(height + 1.15, legend)


def _colours(axes: Any, basins: "Basins", key: Key, chart: Chart) -> None:
    """The pixels, over the unit square."""
    colours = np.array(key.palette, np.uint8)[raster(basins, key)]
    axes.imshow(
        colours, extent=(0, 1, 0, 1), aspect=1 / chart.ratio, interpolation="none", zorder=0
    )
    axes.get_images()[0].set_gid("map")


def _over(axes: Any, basins: "Basins", key: Key, names: Names, over: Overlaid) -> dict[str, Any]:
    """What lies over the pixels; handles for the legend."""
    effects = library("matplotlib.patheffects")
    halo = [effects.withStroke(linewidth=2.4, foreground=WHITE)]
    handles: dict[str, Any] = {}
    cased = [effects.withStroke(linewidth=1.5, foreground="#555555")]
    for border in over.borders:
        (handles["border of the vertices’ cells"],) = axes.plot(
            *zip(*border, strict=True), color=WHITE, linewidth=0.6, path_effects=cased, gid="cells"
        )
    alone = f"K, without {names.name(basins.free, SHORT)}"
    for gid, words, outline, dashes in (
        ("hull", "hull of the other tokens", over.hull, ":"),
        ("polytope", alone, over.polytope, "--"),
    ):
        if len(set(outline)) > 1:
            (handles[words],) = axes.plot(
                *zip(*outline, strict=True), color=BLACK, linewidth=1.1, linestyle=dashes,
                path_effects=halo, gid=gid,
            )  # fmt: skip
    for here in (True, False):
        places = [place for place, _, inside in over.tokens if inside is here]
        if places:
            words = "other token" if here else "other token, projected"
            handles[words] = axes.scatter(
                *zip(*places, strict=True), s=26, marker="o" if here else "s", zorder=6,
                color=BLACK if here else WHITE, edgecolors=WHITE if here else BLACK, linewidths=0.9,
                gid="tokens", clip_on=True,
            )  # fmt: skip
    if over.start is not None:
        handles[f"start of {names.name(basins.free)}"] = axes.scatter(
            *over.start, s=70, marker="P", color=WHITE, edgecolors=BLACK, linewidths=0.9, zorder=7,
            gid="start",
        )  # fmt: skip
    written = {"fontsize": 7.0, "parse_math": False, "path_effects": halo, "clip_on": True}
    for place, words in letters(basins, key, names, over):
        axes.text(*place, words, ha="center", va="center", zorder=5, fontweight="bold", **written)
    for mark in over.tokens:
        place, right, upper = aside(mark)
        axes.annotate(
            mark[1], place, xytext=(4 if right else -4, 4 if upper else -4), zorder=8,
            textcoords="offset points", ha="left" if right else "right",
            va="bottom" if upper else "top", annotation_clip=True, **written,
        )  # fmt: skip
    return handles


def _frame(axes: Any, chart: Chart) -> None:
    """The frame: ticks and what runs along the axes."""
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    for axis, marks, words in zip(
        (axes.xaxis, axes.yaxis), (*chart.ticks, []), (*chart.axes, ""), strict=False
    ):
        axis.set_ticks([x for x, _ in marks], [x for _, x in marks])
        axis.set_label_text(words, parse_math=False)


def _rows(key: Key, names: Names, over: dict[str, Any]) -> Rows:
    """The lines of the legend: the destinations, the shades, and what lies over them."""
    patch = library("matplotlib.patches").Patch
    rows = [
        (_patch(patch, entry.style, key), label(entry.words, LONGEST))
        for entry in entries(key, names)
    ]
    if len(key.shades) > 1:
        rows.append((patch(facecolor="none", edgecolor="none"), "layers until settled:"))
        hue = next((s.colour for s in key.styles.values() if s != ITSELF), GREY)
        for k, words in enumerate(classes(key)):
            rows.append(
                (patch(facecolor=_tone(hue, k, key), edgecolor=BLACK, linewidth=0.3), words)
            )
    return rows + [(handle, label(words, LONGEST)) for words, handle in over.items()]


def _legend(figure: Any, rows: Rows, flat: bool) -> int:
    """The legend beside a map, or above a strip; how many columns it has."""
    columns = 3 if flat else -(-len(rows) // ROWS)
    drawn = figure.legend(
        [handle for handle, _ in rows], [words for _, words in rows],
        loc="outside upper left" if flat else "outside right upper", ncols=columns, fontsize=7,
        handletextpad=0.5, columnspacing=1.0, labelspacing=0.35,
    )  # fmt: skip
    for written in drawn.get_texts():
        written.set_parse_math(False)
    return columns


def _patch(patch: Any, style: Style, key: Key) -> Any:
    colour = WHITE if style == UNDECIDED else _tone(style.colour, len(key.shades) - 1, key)
    return patch(facecolor=colour, edgecolor=BLACK, linewidth=0.4, hatch=HATCHING[style.hatch])


def _tone(hue: str, k: int, key: Key) -> tuple[float, ...]:
    return tuple(x / 255 for x in shade(hue, k, len(key.shades)))
