r"""Pictures of settled configurations: the layers one by one, and the way from start to limit.

    draw_layers         a panel for each of some layers, after Figure 2 of Alcalde, Fantuzzi and
                        Zuazua (arXiv:2407.01602): tokens, hull, leaders, attention;
    draw_configuration  every token's start and limit, the polytope K, the kinds of limit;
    save                a figure as .svg or .png, the same bytes each time.

One coordinate is drawn on a line, two in the plane, three in space; of more, the first two are
drawn and the title says so. All that is drawn is exact until its coordinates become floats for
the page: hulls are decided in rationals, and leaders and kinds are those of the proof. Colours
are those of Okabe and Ito, and no two marks differ by colour alone.

Needs matplotlib, the extra ``report``; without it this module imports, and drawing raises
`HardmaxError`. Neither pyplot nor the reader's settings of matplotlib play a part.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from theory import readable
from theory.configuration import Configuration
from theory.dynamics import Pattern
from theory.exact import HardmaxError, text, visible
from theory.files.outputs import write
from theory.matrices import Vector, identity
from theory.pictures.axes import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    Mark,
    Panel,
    Region,
    View,
    library,
)
from theory.places import leading
from theory.settling import Settled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LAYERS = (0, 1, 2, 5, 30)
"""The layers of the paper's Figure 2."""

LAST_LAYER = 100_000
"""The last layer that is drawn; exact tokens grow with the layer, and the page shows no more."""

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
    "savefig.dpi": 200,
    "svg.hashsalt": "hardmax",
}

LEADER = Mark("leaders", "leader", "*", 95, VERMILION, BLACK, 7, 0.5)
LATER = Mark("leaders-to-be", "leads later", "*", 95, "white", VERMILION, 6, 1.0)
FOLLOWER = Mark("followers", "follower", "o", 20, SKY, BLUE, 5)
START = Mark("starts", "start", "o", 16, "white", BLUE, 5)
FACE = Mark("face-limits", "limit on a face", "D", 30, GREEN, BLACK, 6, 0.5)
OTHER = Mark("other-limits", "limit of no kind", "X", 40, PURPLE, BLACK, 6, 0.5)
ORIGIN = Mark("origin", "origin", "+", 36, BLACK, BLACK, 3, 0.7)

HULL = Region("hull", "hull of the tokens", SKY, 0.22, BLUE, "-", 1)
START_HULL = Region("start-hull", "hull of the starts", "none", 0.0, GREY, ":", 1)
POLYTOPE = Region("polytope", "polytope K", ORANGE, 0.25, ORANGE, "-", 2)
POLYTOPE_OUTLINE = Region("polytope", "polytope K", "none", 0.0, ORANGE, "--", 2)

ATTENDS = ("attention", "attends to")
GOES = ("motion", "goes to its limit")


def draw_layers(settled: Settled, layers: Sequence[int] = LAYERS) -> "Figure":
    """A panel for each of `layers`: tokens, hull of the tokens, leaders, attention.

    Leaders (at that layer) are filled stars, tokens that lead at a later layer hollow
    ones, followers dots; an arrow runs from a token to each other token that it attends to; the
    polytope K is dashed. Panels share their axes.

    Raises `HardmaxError` for no layers, for a layer that is no int from 0 to `LAST_LAYER`, for
    anything but a `Settled`, and without matplotlib.
    """
    _check(settled)
    chosen = list(layers)
    if not chosen:
        raise HardmaxError("no layers: at least one was wanted")
    for k in chosen:
        if not isinstance(k, int) or isinstance(k, bool) or not 0 <= k <= LAST_LAYER:
            raise HardmaxError(f"layer {k!r}; an int from 0 to {LAST_LAYER} was wanted")
    blocks = [settled.tokens(k) for k in chosen]
    view = View.of([z for block in (settled.tokens(0), *blocks) for z in block])
    lead = leading(settled.pattern, settled.places)
    polytope = [settled.tokens(settled.layer)[i] for i in lead]
    with _styled():
        figure, panels = _page(view, len(chosen), side=2.0 if view.axes == 3 else 1.45)
        for panel, k, block in zip(panels, chosen, blocks, strict=True):
            pattern = settled.pattern_at(k)
            now = leading(pattern, settled.places)
            panel.title(f"layer {k}")
            panel.region(HULL, block)
            panel.region(POLYTOPE_OUTLINE, polytope)
            panel.points(ORIGIN, [view.origin])
            panel.arrows(*ATTENDS, _attention(pattern, block))
            panel.points(FOLLOWER, [z for i, z in enumerate(block) if i not in {*now, *lead}])
            panel.points(LATER, [block[i] for i in lead if i not in now])
            panel.points(LEADER, [block[i] for i in now])
        _finish(figure, panels, settled)
    return figure


def draw_configuration(settled: Settled, path: str | Path | None = None) -> "Figure":
    """Starts, an arrow from each to its limit, K filled, leaders, and limits on faces.

    A limit that is a leader's position ("vertex") is where that leader's star is; one on a face
    is a diamond; one of no kind, which needs (H) to fail, a cross. Labels stand at the starts:
    all of them where there are few, else the leaders'. Saved to `path`, if given, as `save` does.

    Raises `HardmaxError` where there are no limits (α < 0), for anything but a `Settled`, for
    another suffix than .svg or .png, and without matplotlib.
    """
    _check(settled)
    if path is not None:
        _format(path)
    truth = settled.equilibrium()
    starts = settled.tokens(0)
    view = View.of([*starts, *truth.limits])
    lead = [leader.token for leader in truth.leaders]
    moving = [i for i, z in enumerate(starts) if z != truth.limits[i]]
    limits: dict[str | None, list[Vector]] = {"face": [], None: []}
    for limit, kind in zip(truth.limits, truth.kinds, strict=True):
        limits.setdefault(kind, []).append(limit)
    with _styled():
        figure, (panel,) = _page(view, 1, side=4.0)
        panel.region(START_HULL, starts)
        panel.region(POLYTOPE, truth.polytope)
        panel.points(ORIGIN, [view.origin])
        panel.arrows(*GOES, [(starts[i], truth.limits[i]) for i in moving])
        panel.points(START, [starts[i] for i in moving])
        panel.points(FACE, limits["face"])
        panel.points(OTHER, limits[None])
        panel.points(LEADER, truth.polytope)
        panel.labels(_labels(settled.configuration, lead))
        _finish(figure, [panel], settled)
    if path is not None:
        save(figure, path)
    return figure


def save(figure: "Figure", path: str | Path) -> None:
    """Write a figure as .svg or .png, by the suffix; the same figure gives the same bytes.

    Raises `HardmaxError` for another suffix; what keeps the file from being written is raised as
    the `OSError` that it is. A character that the font lacks is drawn as a box.
    """
    kind = _format(path)
    drawn = BytesIO()
    with _styled(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        maker = {"Date": None, "Creator": "hardmax"}
        metadata = maker if kind == "svg" else {"Software": "hardmax"}
        figure.savefig(drawn, format=kind, metadata=metadata)
    write(path, drawn.getvalue())


# ------------------------------------------------------------------------------- the page


def _page(view: View, count: int, side: float) -> tuple["Figure", list[Panel]]:
    """A figure with `count` panels whose longer side is about `side` inches."""
    columns = 1 if view.axes == 1 else min(count, 5)
    rows = -(-count // columns)
    width, height = side, side
    if view.axes == 1:
        width, height = 4.5, 0.4
    elif view.axes == 2:
        width, height = (side * x / max(view.extent) for x in view.extent)
    size = max(columns * width + 0.4, 3.4), rows * (height + 0.2) + 0.6
    figure = library("matplotlib.figure").Figure(figsize=size, layout="constrained")
    legend: dict[str, Any] = {}
    scale = 1.0 if count == 1 else 0.6
    kind = {"projection": "3d"} if view.axes == 3 else {}
    panels = [
        Panel(figure.add_subplot(rows, columns, k + 1, **kind), view, legend, scale)
        for k in range(count)
    ]
    for panel in panels if view.axes < 3 else ():
        panel.axes.label_outer(remove_inner_ticks=view.axes == 1)
    for panel in panels[:-1] if view.axes == 1 else ():
        panel.axes.spines["bottom"].set_visible(False)
    return figure, panels


def _finish(figure: "Figure", panels: Sequence[Panel], settled: Settled) -> None:
    """The title and the legend."""
    configuration, view, legend = settled.configuration, panels[0].view, panels[0].legend
    matrix = "" if configuration.A == identity(configuration.dimension) else _matrix(configuration)
    parts = [
        visible(" ".join((configuration.name or "").split())),
        f"α = {readable.label(text(configuration.alpha))}",
        matrix,
        f"settled at layer {settled.layer}",
        f"coordinates 1 and 2 of {view.dimension}" if view.dimension > view.axes else "",
        f"in units of 1e{view.exponent}" if view.exponent else "",
    ]
    width = figure.get_figwidth()
    words = fill(", ".join(filter(None, parts)), width=int(15 * width))
    figure.suptitle(words, fontsize=8.5, parse_math=False)
    columns = min(len(legend), max(2, int(width / 1.05)))
    figure.set_figheight(figure.get_figheight() + 0.17 * (-(-len(legend) // columns) - 1))
    figure.legend(legend.values(), legend.keys(), loc="outside lower center", ncols=columns,
                  handletextpad=0.4, columnspacing=1.2)  # fmt: skip


@contextmanager
def _styled() -> Iterator[None]:
    """Matplotlib's defaults and our few changes, for as long as we draw."""
    with library("matplotlib.style").context(["default", STYLE]):
        yield


def _check(settled: object) -> None:
    if not isinstance(settled, Settled):
        raise HardmaxError(
            f"{type(settled).__name__} cannot be drawn; a settled configuration was wanted"
        )


def _format(path: str | Path) -> str:
    suffix = Path(path).suffix.lower()
    if suffix not in {".svg", ".png"}:
        raise HardmaxError(f"{str(path)!r}: a file name ending in .svg or .png was wanted")
    return suffix[1:]


def _attention(pattern: Pattern, tokens: Sequence[Vector]) -> list[tuple[Vector, Vector]]:
    return [(tokens[i], tokens[j]) for i, attended in enumerate(pattern) for j in attended]


def _labels(configuration: Configuration, leading: Sequence[int]) -> list[tuple[Vector, str]]:
    """The labels of each place, joined; of the leaders alone where there are many tokens."""
    if configuration.labels is None:
        return []
    chosen = range(configuration.size) if configuration.size <= 24 else leading
    words: dict[Vector, dict[str, None]] = {}
    for i in chosen:
        label = readable.label(visible(" ".join(configuration.labels[i].split())))
        words.setdefault(configuration.tokens[i], {})[label] = None
    return [(place, ", ".join(labels)) for place, labels in words.items()]


def _matrix(configuration: Configuration) -> str:
    rows = ("[" + ", ".join(map(text, row)) + "]" for row in configuration.A)
    words = "A = [" + ", ".join(rows) + "]"
    return words if len(words) <= 40 else "A not the identity"
