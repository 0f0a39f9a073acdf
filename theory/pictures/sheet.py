"""The sheet of a figure: its size, its panels, and the title, legend and names that fit on it.

    sheet     a figure of panels;
    finish    title, legend, names: nothing is cut off, and no name meets another;
    heading   what the title says of a run;
    styled    matplotlib's defaults and our few changes.

Matplotlib is asked how wide and how high words are, and the sheet follows. Names that find no room
beside their marks are told in the legend.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from textwrap import fill
from typing import TYPE_CHECKING, Any

from theory import readable
from theory.configuration import Configuration
from theory.exact import text, visible
from theory.pictures.axes import Panel, library
from theory.pictures.colours import GREY
from theory.pictures.scene import Tag
from theory.pictures.view import View
from theory.settling import Settled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 200
"""Dots of an inch in a .png, and where words are measured."""

STYLE = {
    "font.size": 8.0,
    "axes.titlesize": 8.0,
    "axes.linewidth": 0.5,
    "axes.edgecolor": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.4,
    "savefig.dpi": DPI,
    "svg.hashsalt": "hardmax",
}


OTHER_SCRIPTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans Devanagari", "WenQuanYi Zen Hei",
    "PingFang SC", "Hiragino Sans", "Microsoft YaHei", "Yu Gothic", "Malgun Gothic", "Nirmala UI",
    "Arial Unicode MS",
)  # fmt: skip
"""Fonts for characters that matplotlib's own lacks, where a machine has them."""

NAMED_GAP = 0.07
"""Inches above and below a panel whose axes have names, which are no part of the legend."""

LETTER = 0.066
"""The width of a letter of the title, in inches, from where on fewer to a line are tried."""


def sheet(view: View, count: int, side: float, columns: int = 5) -> tuple["Figure", list[Panel]]:
    """A figure with `count` panels whose longer side is about `side` inches."""
    columns = 1 if view.axes == 1 else min(count, columns)
    rows = -(-count // columns)
    width, height = side, side
    if view.axes == 1:
        width, height = 4.5, 0.4 if count > 1 else side / 4
    elif view.axes == 2:
        width, height = (side * x / max(view.extent) for x in view.extent)
    size = max(columns * width + 0.4, 3.4), rows * (height + 0.2) + 0.2
    figure = library("matplotlib.figure").Figure(figsize=size, layout="constrained")
    legend: dict[str, Any] = {}
    scale = 1.0 if count == 1 else 0.6
    kind = {"projection": "3d"} if view.axes == 3 else {}
    panels = [
        Panel(figure.add_subplot(rows, columns, k + 1, **kind), view, legend, scale)
        for k in range(count)
    ]
    if count == 1 and view.projection:
        panels[0].name_axes()
    for panel in panels if view.axes < 3 else ():
        panel.axes.label_outer(remove_inner_ticks=view.axes == 1)
    for panel in panels[:-1] if view.axes == 1 else ():
        panel.axes.spines["bottom"].set_visible(False)
    return figure, panels


def finish(figure: "Figure", panels: Sequence[Panel], title: str) -> None:
    """Title, legend and names: the sheet grows by what they need, and nothing moves after that."""
    shown_at, body = figure.dpi, figure.get_figheight()
    figure.set_dpi(DPI)
    renderer = library("matplotlib.backends.backend_agg").FigureCanvasAgg(figure).get_renderer()
    legend = _legend(figure, panels[0].legend, "", renderer)
    figure.set_figwidth(max(figure.get_figwidth(), _extent(legend, renderer)[0] + 0.1))
    head = figure.suptitle("", fontsize=8.5, parse_math=False)
    _fit(head.set_text, lambda: _extent(head, renderer)[0], title, 0.95 * figure.get_figwidth())
    homeless: dict[Tag, None] = {}
    gaps = {"h_pad": NAMED_GAP} if panels[0].axes.get_xlabel() else {}
    body += 2 * NAMED_GAP if gaps else 0
    while True:
        height = _extent(head, renderer)[1] + _extent(legend, renderer)[1] + 0.1
        figure.set_figheight(body + height)
        figure.set_layout_engine("constrained", **gaps)
        figure.get_layout_engine().execute(figure)  # type: ignore[union-attr]  # it has been set
        figure.set_layout_engine("none")
        for panel in panels:
            panel.axes.apply_aspect()
        more = [tag for p in panels for tag in p.write_names(renderer, homeless.keys())]
        if not more:
            break
        homeless |= dict.fromkeys(more)
        legend.remove()
        legend = _legend(figure, panels[0].legend, _without_room(homeless), renderer)
    figure.set_dpi(shown_at)


def heading(settled: Settled, view: View) -> str:
    """What the title says: the name, what moves the tokens, and what is drawn of them."""
    configuration, dynamics = settled.configuration, settled.dynamics
    matrix = "" if configuration.euclidean else _matrix(configuration)
    parts = [
        visible(" ".join((configuration.name or "").split())),
        dynamics.step.named or f"α = {readable.label(text(configuration.alpha))}",
        dynamics.scores.named or matrix,
        dynamics.candidates.named,
        dynamics.ties.named,
        f"settled at layer {settled.layer}",
        view.projection,
        f"in units of 1e{view.exponent}" if view.exponent else "",
    ]
    return ", ".join(filter(None, parts))


@contextmanager
def styled() -> Iterator[None]:
    """Matplotlib's defaults and our few changes, for as long as we draw."""
    names = library("matplotlib.font_manager").get_font_names()
    style = STYLE | {"font.family": ["DejaVu Sans", *[x for x in OTHER_SCRIPTS if x in names]]}
    with library("matplotlib.style").context(["default", style]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def _legend(figure: "Figure", entries: dict[str, Any], note: str, renderer: Any) -> Any:
    """The legend in as many columns as there is room for, and a note above it."""
    width = figure.get_figwidth() - 0.1

    def drawn(columns: int) -> Any:
        return figure.legend(
            entries.values(), entries.keys(), loc="outside lower center", ncols=columns,
            handletextpad=0.4, columnspacing=1.2
        )  # fmt: skip

    columns = max(1, min(len(entries), int(width / 0.8)))
    legend = drawn(columns)
    while columns > 1 and _extent(legend, renderer)[0] > width:
        legend.remove()
        columns -= 1
        legend = drawn(columns)
    if note:
        words = legend.get_title()
        legend.set_title(" ")
        words.set(fontsize=6.5, parse_math=False, multialignment="left")
        _fit(words.set_text, lambda: _extent(words, renderer)[0], note, width - 0.1)
    return legend


def _fit(
    write: Callable[[str], None], measure: Callable[[], float], words: str, room: float
) -> None:
    """Write words in lines that are no longer than there is room for, in inches."""
    for letters in range(int(room / LETTER) + 12, 4, -2):
        write(fill(words, letters))
        if measure() <= room:
            return


def _extent(artist: Any, renderer: Any) -> tuple[float, float]:
    """How wide and how high, in inches."""
    box = artist.get_window_extent(renderer)
    return box.width / DPI, box.height / DPI


def _without_room(homeless: Iterable[Tag]) -> str:
    """The names that stand beside no mark."""
    words = []
    for leads, kind in ((True, "leader"), (False, "token")):
        names = list(dict.fromkeys(tag.words for tag in homeless if tag.leads == leads))
        if names:
            words.append(f"{kind}{'s' * (len(names) > 1)} {_ranges(names)}")
    return f"without room for a name: {'; '.join(words)}"


def _ranges(names: Sequence[str]) -> str:
    """Names one after the other; of numbers that follow each other, the first and the last.

    >>> _ranges(["1", "2", "3", "5", "7", "8", "a (9)"])
    '1–3, 5, 7, 8, a (9)'
    """
    runs: list[list[str]] = []
    for name in names:
        follows = runs and name.isdecimal() and runs[-1][-1] == str(int(name) - 1)
        if follows:
            runs[-1].append(name)
        else:
            runs.append([name])
    parts = [f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs]
    return ", ".join(parts)


def _matrix(configuration: Configuration) -> str:
    rows = ("[" + ", ".join(map(text, row)) + "]" for row in configuration.A)
    words = "A = [" + ", ".join(rows) + "]"
    return words if len(words) <= 40 else "A not the identity"
