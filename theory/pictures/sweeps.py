"""Sweeps for print: limits, leaders and settled layers against one number, as .svg or .png.

Needs matplotlib, the extra ``report``.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from theory.exact import visible
from theory.pictures.axes import library
from theory.pictures.colours import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION
from theory.pictures.dials import Curve, Dial, Panel, equation
from theory.pictures.figures import save, suffix_of
from theory.pictures.sheet import styled
from theory.readable import label
from theory.sweeps import Sweep

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 5.6
"""Inches of a panel."""

COLOURS = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK)
DASHES = ("solid", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
"""What tells curves of one colour apart."""

WIDEST, STEP, THINNEST = 4.4, 0.8, 1.1
"""Points: the first curve is the widest, so that those over it leave something of it to see."""

MOST_CURVES = 14
"""Curves of a panel that are named."""

FEW = 20
"""Breaks up to which their dots stand out."""

MOST_TOLD = 8
"""Breaks that the figure tells in words."""


def draw_sweep(sweep: Sweep, path: str | Path | None = None) -> "Figure":
    """The sweep as a figure; saved to `path`, if given, as `theory.pictures.figures.save` does.

    Raises `HardmaxError` for another suffix than .svg or .png, and without matplotlib.

    >>> from flint import fmpq
    >>> from theory import Configuration
    >>> from theory.sweeps import steps, sweep
    >>> found = sweep(steps(Configuration([[0, 1], [1, 1], [2, 0]], 1), fmpq(1, 10), fmpq(10)))
    >>> len(draw_sweep(found).axes)
    4
    """
    if path is not None:
        suffix_of(path)
    dial = Dial(sweep)
    with styled():
        rows = max(1, len(dial.leaders))
        ratios = [*[1.9] * len(dial.panels), 0.16 * rows + 0.15, 0.7]
        figure: Figure = library("matplotlib.figure").Figure(
            figsize=(WIDTH + 1.3, sum(ratios) + 1.6), layout="constrained"
        )
        panels = figure.subplots(len(ratios), 1, height_ratios=ratios, squeeze=False)[:, 0]
        for axes, panel in zip(panels, dial.panels, strict=False):
            _limits(axes, dial, panel)
        _leaders(panels[-2], dial)
        _layers(panels[-1], dial)
        for axes in panels:
            _frame(axes, dial, last=axes is panels[-1])
        _numbers(panels[0], dial)
        name = visible(" ".join((sweep.configuration.name or "").split()))
        if name:
            figure.suptitle(name, fontsize=8.5, parse_math=False)
        words = fill(" ".join([dial.caption, told(dial)]), width=125)
        figure.supxlabel(words, fontsize=6.5, x=0.01, ha="left", parse_math=False)
    if path is not None:
        save(figure, path)
    return figure


def told(dial: Dial) -> str:
    """The breaks by their numbers, as many as a caption holds."""
    breaks = [piece.low for piece in dial.sweep.breaks]
    words = [f"({k}) {equation(x, dial.symbol)}" for k, x in enumerate(breaks[:MOST_TOLD], 1)]
    more = [f"and {len(breaks) - MOST_TOLD} more breaks"] if len(breaks) > MOST_TOLD else []
    return "; ".join([*words, *more]) + "." * bool(breaks)


def spread(places: Sequence[float], gap: float) -> list[float]:
    """The places, moved up as little as it takes for a gap between neighbours; all in [0, 1].

    >>> spread([0.5, 0.5, 0.0], 0.25)
    [0.5, 0.75, 0.0]
    """
    order = sorted(range(len(places)), key=lambda k: places[k])
    moved = list(places)
    for before, k in pairwise(order):
        moved[k] = max(moved[k], moved[before] + gap)
    limit = 1.0
    for k in reversed(order):
        moved[k] = min(moved[k], limit)
        limit = moved[k] - gap
    return moved


def style(k: int) -> tuple[str, Any, float]:
    """The colour, the dashes and the width of curve k."""
    width = max(THINNEST, WIDEST - STEP * k)
    return COLOURS[k % len(COLOURS)], DASHES[k // len(COLOURS) % len(DASHES)], width


def _limits(axes: Any, dial: Dial, panel: Panel) -> None:
    for k, curve in enumerate(panel.curves):
        colour, dashes, width = style(k)
        for line in curve.lines:
            axes.plot(
                *zip(*line, strict=True), color=colour, linestyle=dashes, linewidth=width,
                solid_capstyle="butt", dash_capstyle="butt", zorder=3 + k / 100, gid="limit",
            )  # fmt: skip
        few = len(dial.marks) <= FEW
        if curve.dots:
            axes.scatter(
                *zip(*curve.dots, strict=True), s=(width + 1.5 * few) ** 2, color=colour, zorder=4,
                edgecolors="white" if few else "none", linewidths=0.5, gid="at-a-break",
            )  # fmt: skip
    named = [(k, curve, end) for k, curve in enumerate(panel.curves[:MOST_CURVES])
             if (end := last(curve)) is not None]  # fmt: skip
    heights = spread([end for _, _, end in named], 0.085)
    for (k, curve, _), height in zip(named, heights, strict=True):
        words = label(dial.names.listed(curve.tokens, 4), 26)
        axes.text(1.015, height, words, color=style(k)[0] if style(k)[0] != ORANGE else "#8A5F00",
                  va="center", fontsize=7, parse_math=False, transform=axes.transAxes)  # fmt: skip
    axes.set_ylim(0, 1)
    axes.set_yticks([y for y, _ in panel.ticks], [words for _, words in panel.ticks])
    axes.set_ylabel(f"limit, coordinate {panel.coordinate}")


def last(curve: Curve) -> float | None:
    """How high a curve ends, if it does."""
    ends = [line[-1] for line in curve.lines] + list(curve.dots)
    return max(ends)[1] if ends else None


def _leaders(axes: Any, dial: Dial) -> None:
    """A bar for each token over the numbers at which it leads."""
    for k, (_, spans) in enumerate(dial.leaders):
        for low, high in spans:
            if high > low:
                axes.barh(k, high - low, left=low, height=0.45, color=GREY, zorder=3, gid="leads")
            else:
                axes.scatter([low], [k], s=10, color=BLACK, zorder=4, gid="leads")
    rows = len(dial.leaders)
    axes.set_ylim(max(rows, 1) - 0.4, -0.6)
    axes.set_yticks(range(rows), [label(dial.names.name(token), 18) for token, _ in dial.leaders])
    axes.set_ylabel("leads", rotation=0, ha="right", va="center")
    for written in axes.get_yticklabels():
        written.set_parse_math(False)


def _layers(axes: Any, dial: Dial) -> None:
    for (low, high), layer in dial.layers:
        if high > low:
            axes.plot([low, high], [layer] * 2, color=BLACK, linewidth=1.3, zorder=3, gid="layer")
        else:
            axes.scatter([low], [layer], s=9, color=BLACK, zorder=4, gid="layer")
    highest = max((layer for _, layer in dial.layers), default=0)
    axes.set_ylim(-0.08 * highest - 0.4, 1.08 * highest + 0.4)
    axes.yaxis.set_major_locator(library("matplotlib.ticker").MaxNLocator(4, integer=True))
    axes.set_ylabel("settled\nlayer")


def _frame(axes: Any, dial: Dial, last: bool) -> None:
    """The axis of the number, its breaks, what is undecided."""
    axes.set_xlim(-0.01, 1.01)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xticks([u for u, _ in dial.ticks], [words if last else "" for _, words in dial.ticks])
    for u, _, _ in dial.marks:
        axes.axvline(u, color=GREY, linewidth=0.6 if len(dial.marks) < 20 else 0.3, zorder=1)
    for low, high in dial.undecided:
        axes.axvspan(low, max(high, low + 0.004), facecolor="none", edgecolor=GREY, hatch="////",
                     linewidth=0, zorder=0, gid="undecided")  # fmt: skip
    if last:
        axes.set_xlabel(dial.what, parse_math=False)


def _numbers(axes: Any, dial: Dial) -> None:
    """The numbers of the breaks, above the picture, where there is room."""
    for u, number, free in dial.marks:
        if free:
            axes.annotate(
                f"({number})", (u, 1), xycoords=("data", "axes fraction"), xytext=(0, 2),
                textcoords="offset points", ha="center", va="bottom", fontsize=6.5,
            )  # fmt: skip
