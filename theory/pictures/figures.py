r"""Pictures of settled configurations: the layers one by one, and the way from start to limit.

    draw_layers         a panel for each of some layers, after Figure 2 of Alcalde, Fantuzzi and
                        Zuazua (arXiv:2407.01602): tokens, hull, leaders, attention;
    draw_configuration  every token's start and limit, the polytope K, the kinds of limit;
    draw_beside         the layers, and those of other runs from the same start below them;
    save                a figure as .svg or .png, the same bytes each time.

One coordinate is drawn on a line, two in the plane, three in space; of more, the two in which
starts and limits are best told apart, as on pages, and the title names them; or what a
`theory.pictures.projections.Lens` asks for. All that is drawn is
exact until its coordinates become floats for the page: hulls are decided in rationals, and leaders
and kinds are those of the proof. Colours are those of Okabe and Ito, and no two marks differ by
colour alone.

Needs matplotlib, the extra ``report``; without it this module imports, and drawing raises
`HardmaxError`. Neither pyplot nor the reader's settings of matplotlib play a part.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from theory.configuration import Configuration
from theory.exact import HardmaxError
from theory.files.outputs import write
from theory.matrices import Vector
from theory.names import Names
from theory.pictures.axes import Mark, Panel, Region
from theory.pictures.colours import BLACK, BLUE, FACE_AND_EDGE, GREY, ORANGE, SKY
from theory.pictures.projections import PLAIN, Lens
from theory.pictures.scene import Role, Scene, beside, journey
from theory.pictures.scene import layers as layers_of
from theory.pictures.sheet import finish, heading, sheet, styled
from theory.settling import Settled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LAYERS = (0, 1, 2, 5, 30)
"""The layers of the paper's Figure 2."""

LAST_COMPARED = 1000
"""The last layer at which runs are compared."""

LAST_LAYER = 100_000
"""The last layer that is drawn; exact tokens grow with the layer, and the page shows no more."""

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


def draw_layers(
    settled: Settled,
    layers: Sequence[int] = LAYERS,
    *,
    given: Configuration | None = None,
    lens: Lens = PLAIN,
) -> "Figure":
    """A panel for each of `layers`: tokens, hull of the tokens, leaders, attention.

    Leaders (at that layer) are filled stars, tokens that lead at a later layer hollow
    ones, followers dots; an arrow runs from a token to each other token that it attends to; the
    polytope K is dashed. Panels share their axes. Leaders are named by their labels and their
    indices in `given`, the configuration before copies were merged; `lens` chooses what is drawn.

    Raises `HardmaxError` for no layers, for a layer that is no int from 0 to `LAST_LAYER`, for
    anything but a `Settled`, and without matplotlib.

    >>> from theory import Configuration, settle
    >>> figure = draw_layers(settle(Configuration([[2], [1]], alpha=1)), layers=[0, 3])
    >>> len(figure.axes)
    2
    """
    _check(settled)
    chosen = _layers(layers)
    scenes = layers_of(settled, chosen, Names.of(settled.configuration, given).name, lens)
    with styled():
        space = scenes[0].view.axes == 3
        figure, panels = sheet(scenes[0].view, len(chosen), side=2.0 if space else 1.45)
        for panel, scene in zip(panels, scenes, strict=True):
            panel.title(scene.slide.title)
            _paint(panel, scene)
        finish(figure, panels, heading(settled, scenes[0].view))
    return figure


def draw_beside(
    settled: Settled,
    others: Mapping[str, Mapping[int, Sequence[Vector]]],
    path: str | Path | None = None,
    layers: Sequence[int] = LAYERS,
    *,
    given: Configuration | None = None,
    lens: Lens = PLAIN,
) -> "Figure":
    """The panels of `draw_layers`, and below them those of other runs from the same start.

    others : the tokens of each other run by its name and by layer, such as softmax's; floats as
        the rationals that they are. A token keeps the mark that it has in the first row.

    Raises `HardmaxError` as `draw_layers` and `save` do.

    >>> from theory import Configuration, settle
    >>> pair = settle(Configuration([[2, 0], [1, 1]], alpha=1))
    >>> still = {k: pair.tokens(0) for k in (0, 1)}
    >>> figure = draw_beside(pair, {"softmax": still}, layers=[0, 1])
    >>> [axes.get_ylabel() for axes in figure.axes]
    ['hardmax', '', 'softmax', '']
    """
    _check(settled)
    if path is not None:
        suffix_of(path)
    chosen = _layers(layers)
    called = Names.of(settled.configuration, given).name
    room = [z for run in others.values() for k in chosen for z in run[k]]
    first = layers_of(settled, chosen, called, lens, room)
    rows = [("hardmax", first)]
    for name, run in others.items():
        pairs = zip(first, chosen, strict=True)
        rows.append(
            (name, [beside(scene, scene.slide.title, run[k], called) for scene, k in pairs])
        )
    scenes = [(name, scene) for name, row in rows for scene in row]
    view = first[0].view
    if view.axes == 1:  # a line each: what is compared stands one below the other
        scenes = [
            scenes[k + row * len(first)] for k in range(len(first)) for row in range(len(rows))
        ]
    with styled():
        side = 2.0 if view.axes == 3 else 1.45
        figure, panels = sheet(view, len(scenes), side, columns=len(first))
        for place, (panel, (name, scene)) in enumerate(zip(panels, scenes, strict=True)):
            if view.axes == 2:
                panel.title(scene.slide.title if place < len(first) else "")
                panel.axes.set_ylabel("" if place % len(first) else name, parse_math=False)
            else:
                panel.title(f"{scene.slide.title}, {name}")
            _paint(panel, scene)
        finish(figure, panels, heading(settled, view))
    if path is not None:
        save(figure, path)
    return figure


def draw_configuration(
    settled: Settled,
    path: str | Path | None = None,
    *,
    given: Configuration | None = None,
    lens: Lens = PLAIN,
) -> "Figure":
    """Starts, an arrow from each to its limit, K filled, leaders, and limits on faces.

    A limit that is a leader's position ("vertex") is where that leader's star is; one on a face
    is a diamond; one of no kind, which needs (H) to fail, a cross. Leaders are named where they
    lead, in bold, and where tokens are few, all of them where they start: by their labels and their
    indices in `given`, the configuration before copies were merged. `lens` chooses what is drawn.
    Saved to `path`, if given, as `save` does.

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
    called = Names.of(settled.configuration, given).name
    return draw_journey(journey(settled, None, called, lens), settled, path)


def draw_journey(
    scene: Scene, settled: Settled, path: str | Path | None = None, title: str = ""
) -> "Figure":
    """A scene of `theory.pictures.scene.journey`, perhaps with more on it, below a title."""
    with styled():
        figure, (panel,) = sheet(scene.view, 1, side=4.0)
        _paint(panel, scene)
        if title:
            panel.axes.set_title(title, fontsize=6.5)
        finish(figure, [panel], heading(settled, scene.view))
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
    write(path, octets(figure, suffix_of(path)))


def octets(figure: "Figure", kind: str) -> bytes:
    """A figure as ``svg`` or ``png``."""
    drawn = BytesIO()
    with styled():
        maker = {"Date": None, "Creator": "hardmax"}
        metadata = maker if kind == "svg" else {"Software": "hardmax"}
        figure.savefig(drawn, format=kind, metadata=metadata)
    return drawn.getvalue()


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
    panel.names(scene.tags)


def layers_to_compare(settled: Settled) -> tuple[int, ...]:
    """The layers of the paper's figure; in place of the last that of the settling, if it is later.

    >>> from theory import Configuration, settle
    >>> layers_to_compare(settle(Configuration([[-2, 0], [-2, 1], [-1, -1]], alpha="1/200")))
    (0, 1, 2, 5, 231)
    """
    return (*LAYERS[:-1], min(max(LAYERS[-1], settled.layer), LAST_COMPARED))


def _layers(layers: Sequence[int]) -> list[int]:
    chosen = list(layers)
    if not chosen:
        raise HardmaxError("no layers: at least one was wanted")
    for k in chosen:
        if not isinstance(k, int) or isinstance(k, bool) or not 0 <= k <= LAST_LAYER:
            raise HardmaxError(f"layer {k!r}; an int from 0 to {LAST_LAYER} was wanted")
    return chosen


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
