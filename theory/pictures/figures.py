r"""Pictures of settled configurations: the layers one by one, and the way from start to limit.

    draw_layers         a panel for each of some layers, after Figure 2 of Alcalde, Fantuzzi and
                        Zuazua (arXiv:2407.01602): tokens, hull, leaders, attention;
    draw_configuration  every token's start and limit, the polytope K, the kinds of limit;
    save                a figure as .svg or .png, the same bytes each time.

One coordinate is drawn on a line, two in the plane, three in space; of more, the two in which
starts and limits are best told apart, as on pages, and the title names them. All that is drawn is
exact until its coordinates become floats for the page: hulls are decided in rationals, and leaders
and kinds are those of the proof. Colours are those of Okabe and Ito, and no two marks differ by
colour alone.

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
from theory.exact import HardmaxError, text, visible
from theory.files.outputs import write
from theory.pictures.axes import Mark, Panel, Region, library
from theory.pictures.colours import BLACK, BLUE, FACE_AND_EDGE, GREY, ORANGE, SKY
from theory.pictures.scene import Role, Scene, journey
from theory.pictures.scene import layers as layers_of
from theory.pictures.view import View
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

MARKS = {
    role: Mark(name, role, marker, size, *FACE_AND_EDGE[role], order, line)
    for role, name, marker, size, order, line in (
        (Role.START, "starts", "o", 16, 5, 0.9),
        (Role.FACE, "face-limits", "D", 30, 6, 0.5),
        (Role.OTHER, "other-limits", "X", 40, 6, 0.5),
        (Role.FOLLOWER, "followers", "o", 20, 5, 0.9),
        (Role.LATER, "leaders-to-be", "*", 95, 6, 1.0),
        (Role.LEADER, "leaders", "*", 95, 7, 0.5),
        (Role.MEAN, "mean", "s", 36, 9, 1.0),
    )
}
"""The mark of each role, in the order of the legend; a limit at a leader is under the leader's."""

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

    >>> from theory import Configuration, settle
    >>> figure = draw_layers(settle(Configuration([[2], [1]], alpha=1)), layers=[0, 3])
    >>> len(figure.axes)
    2
    """
    _check(settled)
    chosen = list(layers)
    if not chosen:
        raise HardmaxError("no layers: at least one was wanted")
    for k in chosen:
        if not isinstance(k, int) or isinstance(k, bool) or not 0 <= k <= LAST_LAYER:
            raise HardmaxError(f"layer {k!r}; an int from 0 to {LAST_LAYER} was wanted")
    scenes = layers_of(settled, chosen)
    with _styled():
        space = scenes[0].view.axes == 3
        figure, panels = _page(scenes[0].view, len(chosen), side=2.0 if space else 1.45)
        for panel, scene in zip(panels, scenes, strict=True):
            panel.title(scene.slide.title)
            _paint(panel, scene)
        _finish(figure, panels, settled)
    return figure


def draw_configuration(settled: Settled, path: str | Path | None = None) -> "Figure":
    """Starts, an arrow from each to its limit, K filled, leaders, and limits on faces.

    A limit that is a leader's position ("vertex") is where that leader's star is; one on a face
    is a diamond; one of no kind, which needs (H) to fail, a cross. Labels stand at the starts:
    all of them where there are few, else the leaders'. Saved to `path`, if given, as `save` does.

    Raises `HardmaxError` where there are no limits (α < 0), for anything but a `Settled`, for
    another suffix than .svg or .png, and without matplotlib.

    >>> from theory import Configuration, settle
    >>> figure = draw_configuration(settle(Configuration([[2, 0], [1, 1]], alpha=1)))
    >>> len(figure.axes)
    1
    """
    _check(settled)
    if path is not None:
        suffix_of(path)
    return draw_journey(journey(settled), settled, path)


def draw_journey(
    scene: Scene, settled: Settled, path: str | Path | None = None, title: str = ""
) -> "Figure":
    """A scene of `theory.pictures.scene.journey`, perhaps with more on it, below a title."""
    with _styled():
        figure, (panel,) = _page(scene.view, 1, side=4.0)
        _paint(panel, scene)
        if title:
            panel.axes.set_title(title, fontsize=6.5)
        _finish(figure, [panel], settled)
    if path is not None:
        save(figure, path)
    return figure


def save(figure: "Figure", path: str | Path) -> None:
    """Write a figure as .svg or .png, by the suffix; the same figure gives the same bytes.

    Raises `HardmaxError` for another suffix; what keeps the file from being written is raised as
    the `OSError` that it is. A character that the font lacks is drawn as a box.

    >>> from tempfile import TemporaryDirectory
    >>> from theory import Configuration, settle
    >>> figure = draw_configuration(settle(Configuration([[2, 0], [1, 1]], alpha=1)))
    >>> with TemporaryDirectory() as folder:
    ...     save(figure, Path(folder, "two.svg"))
    ...     "<svg" in Path(folder, "two.svg").read_text(encoding="utf-8")
    True
    """
    kind = suffix_of(path)
    drawn = BytesIO()
    with _styled(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        maker = {"Date": None, "Creator": "hardmax"}
        metadata = maker if kind == "svg" else {"Software": "hardmax"}
        figure.savefig(drawn, format=kind, metadata=metadata)
    write(path, drawn.getvalue())


# ------------------------------------------------------------------------------- the page


def _paint(panel: Panel, scene: Scene) -> None:
    """All of a scene but its title."""
    moves = scene.starts is not None
    panel.region(START_HULL if moves else HULL, scene.hull)
    panel.region(POLYTOPE if moves else POLYTOPE_OUTLINE, scene.polytope)
    panel.points(ORIGIN, [scene.view.origin])
    panel.arrows(*(GOES if moves else ATTENDS), scene.ways)
    for role, mark in MARKS.items():
        panel.points(mark, scene.marks[role])
    if scene.line is not None:
        panel.line("logit 0", *scene.line)
    panel.labels(scene.labels)


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
    dynamics = settled.dynamics
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


def suffix_of(path: str | Path) -> str:
    """``svg`` or ``png``. Raises `HardmaxError` for a file of another name."""
    suffix = Path(path).suffix.lower()
    if suffix not in {".svg", ".png"}:
        raise HardmaxError(f"{str(path)!r}: a file name ending in .svg or .png was wanted")
    return suffix[1:]


def _matrix(configuration: Configuration) -> str:
    rows = ("[" + ", ".join(map(text, row)) + "]" for row in configuration.A)
    words = "A = [" + ", ".join(rows) + "]"
    return words if len(words) <= 40 else "A not the identity"
