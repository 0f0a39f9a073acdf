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
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import combinations
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from flint import fmpq

from theory.configuration import Configuration, Vector, as_matrix, identity
from theory.dynamics import Pattern
from theory.exact import HardmaxError, text
from theory.settling import Settled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#767676"

LAYERS = (0, 1, 2, 5, 30)
"""The layers of the paper's Figure 2."""

LAST_LAYER = 100_000
"""The last layer that is drawn; exact tokens grow with the layer, and the page shows no more."""

LONGEST_LABEL = 24
"""Labels are cut to this many characters."""

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


@dataclass(frozen=True)
class Mark:
    """How one kind of point is drawn; `name` is the id of its group in an .svg file."""

    name: str
    legend: str
    marker: str
    size: float
    face: str
    edge: str
    order: int
    line: float = 0.9


@dataclass(frozen=True)
class Region:
    """How a hull is drawn; `name` is the id of its outline in an .svg file."""

    name: str
    legend: str
    face: str
    opacity: float
    edge: str
    dashes: str
    order: int


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

    Leaders (C_i = {i} at that layer) are filled stars, tokens that lead at a later layer hollow
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
    leading = [i for i, attended in enumerate(settled.pattern) if attended == (i,)]
    polytope = [settled.tokens(settled.layer)[i] for i in leading]
    with _styled():
        figure, panels = _page(view, len(chosen), side=2.0 if view.axes == 3 else 1.45)
        for panel, k, block in zip(panels, chosen, blocks, strict=True):
            pattern = settled.pattern_at(k)
            now = [i for i, attended in enumerate(pattern) if attended == (i,)]
            panel.title(f"layer {k}")
            panel.region(HULL, block)
            panel.region(POLYTOPE_OUTLINE, polytope)
            panel.points(ORIGIN, [view.origin])
            panel.arrows(*ATTENDS, _attention(pattern, block))
            panel.points(FOLLOWER, [z for i, z in enumerate(block) if i not in {*now, *leading}])
            panel.points(LATER, [block[i] for i in leading if i not in now])
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
    leading = [leader.token for leader in truth.leaders]
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
        panel.labels(_labels(settled.configuration, leading))
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
    with _styled(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(
            path, format=kind, metadata={"Date": None} if kind == "svg" else {"Software": None}
        )


# ------------------------------------------------------------------------------- the page


@dataclass(frozen=True)
class View:
    """What part of Q^d is shown: the first `axes` coordinates, in units of 10^exponent."""

    dimension: int
    axes: int
    exponent: int
    low: tuple[float, ...]
    high: tuple[float, ...]

    @classmethod
    def of(cls, points: Sequence[Vector]) -> "View":
        """The view that shows all of `points` and the origin."""
        dimension = len(points[0])
        axes = dimension if dimension <= 3 else 2
        greatest = max(abs(x) for z in points for x in z[:axes])
        digits = len(str(greatest.p)) - len(str(greatest.q)) if greatest else 0
        exponent = digits if abs(digits) > 4 else 0
        columns = [[fmpq(0), *(z[s] / fmpq(10) ** exponent for z in points)] for s in range(axes)]
        ends = [(_float(min(column)), _float(max(column))) for column in columns]
        longest = max(b - a for a, b in ends) or 1.0
        room = [0.62 * max(b - a, longest if axes == 3 else 0.4 * longest) for a, b in ends]
        middle = [(a + b) / 2 for a, b in ends]
        low = tuple(m - r for m, r in zip(middle, room, strict=True))
        high = tuple(m + r for m, r in zip(middle, room, strict=True))
        return cls(dimension, axes, exponent, low, high)

    @property
    def origin(self) -> Vector:
        """The origin of Q^d."""
        return (fmpq(0),) * self.dimension

    @property
    def extent(self) -> tuple[float, ...]:
        """The lengths of the axes."""
        return tuple(b - a for a, b in zip(self.low, self.high, strict=True))

    def place(self, point: Vector) -> tuple[float, ...]:
        """The point on the page; on a line the second coordinate is 0."""
        place = tuple(_float(x / fmpq(10) ** self.exponent) for x in point[: self.axes])
        return place if len(place) > 1 else (*place, 0.0)


class Panel:
    """Axes of one, two or three dimensions, drawn on alike; what was drawn goes to the legend."""

    def __init__(self, axes: Any, view: View, legend: dict[str, Any], scale: float) -> None:
        self.axes, self.view, self.legend, self.scale = axes, view, legend, scale
        axes.set_xlim(view.low[0], view.high[0])
        if view.axes == 1:
            axes.set_ylim(-0.4, 0.8)
            axes.set_yticks([])
            axes.spines[["left", "top", "right"]].set_visible(False)
            axes.axhline(0, color=GREY, linewidth=0.5, zorder=0)
            return
        axes.set_ylim(view.low[1], view.high[1])
        axes.locator_params(nbins=5)
        if view.axes == 2:
            axes.set_aspect("equal")
        else:
            axes.set_zlim(view.low[2], view.high[2])
            axes.set_box_aspect((1, 1, 1), zoom=1.1)
            axes.tick_params(pad=-2)

    def title(self, words: str) -> None:
        """The line above the panel; beside it for a line."""
        if self.view.axes == 1:
            self.axes.set_ylabel(words, rotation=0, ha="right", va="center", y=1 / 3)
        else:
            self.axes.set_title(words)

    def points(self, mark: Mark, points: Iterable[Vector]) -> None:
        """One mark at each of `points`; copies are drawn once, crowds small."""
        places = [self.view.place(z) for z in dict.fromkeys(points)]
        if not places:
            return
        self.axes.scatter(
            *zip(*places, strict=True),
            s=self.scale * mark.size * min(1.0, max(0.4, 20 / len(places))),
            marker=mark.marker,
            linewidths=mark.line if len(places) <= 40 else mark.line / 2,
            gid=mark.name,
            zorder=mark.order,
            color=mark.face,
            **({} if mark.marker == "+" else {"edgecolors": mark.edge}),
            **({"depthshade": False} if self.view.axes == 3 else {"clip_on": False}),
        )
        self.legend[mark.legend] = _library("matplotlib.lines").Line2D(
            [], [], linestyle="none", marker=mark.marker, markersize=mark.size**0.5,
            markerfacecolor=mark.face, markeredgecolor=mark.edge, markeredgewidth=mark.line
        )  # fmt: skip

    def region(self, region: Region, points: Sequence[Vector]) -> None:
        """The convex hull of `points`: a segment, a polygon or a polyhedron; nothing for one."""
        shown = [z[: self.view.axes] for z in points]
        corners = len(independent(shown)) if shown else 0
        if corners < 2:
            return
        if corners == 4:
            self._solid(region, shown)
        else:
            self._flat(region, [self.view.place(z) for z in polygon(shown)])
        self.legend[region.legend] = _library("matplotlib.patches").Patch(
            facecolor=(region.face, region.opacity) if region.opacity else "none",
            edgecolor=region.edge, linestyle=region.dashes, linewidth=0.9
        )  # fmt: skip

    def _flat(self, region: Region, corners: list[tuple[float, ...]]) -> None:
        style = {"color": region.edge, "linestyle": region.dashes, "linewidth": 0.9}
        if self.view.axes == 1:
            style |= {"linewidth": 5.0, "alpha": 0.5} if region.opacity else {"linewidth": 1.4}
        outline = zip(*corners, corners[0], strict=True)
        self.axes.plot(*outline, **style, gid=region.name, zorder=region.order)
        if self.view.axes == 2 and region.opacity:
            self.axes.fill(*zip(*corners, strict=True), color=region.face, linewidth=0,
                           alpha=region.opacity, zorder=region.order - 0.5)  # fmt: skip

    def _solid(self, region: Region, points: Sequence[Vector]) -> None:
        art3d = _library("mpl_toolkits.mplot3d.art3d")
        faces, place = polyhedron(points), self.view.place
        if region.opacity:
            triangles = [[place(z) for z in face] for face in faces]
            self.axes.add_collection3d(art3d.Poly3DCollection(
                triangles, facecolors=region.face, alpha=region.opacity / 3, linewidths=0
            ))  # fmt: skip
        self.axes.add_collection3d(art3d.Line3DCollection(
            [[place(x), place(y)] for x, y in ridges(faces)], colors=region.edge,
            linestyles=region.dashes, linewidths=0.8, gid=region.name
        ))  # fmt: skip

    def arrows(self, name: str, legend: str, pairs: Iterable[tuple[Vector, Vector]]) -> None:
        """Light arrows, plain lines in a crowd; those too short to be seen are left out."""
        least = 0.05 * max(self.view.extent)
        places = dict.fromkeys((self.view.place(a), self.view.place(b)) for a, b in pairs)
        drawn = [
            (x, y) for x, y in places if max(abs(a - b) for a, b in zip(x, y, strict=True)) > least
        ]
        if not drawn:
            return
        crowd = len(drawn) > 60
        style: dict[str, Any] = {"color": GREY, "gid": name, "zorder": 3}
        style |= {"linewidth": 0.4 if crowd else 0.6, "alpha": 0.4 if crowd else 0.8}
        if self.view.axes == 3:
            steps = [[b - a for a, b in zip(x, y, strict=True)] for x, y in drawn]
            ends = zip(
                *((*x, *step) for (x, _), step in zip(drawn, steps, strict=True)), strict=True
            )
            self.axes.quiver(*ends, arrow_length_ratio=0.0 if crowd else 0.08, **style)
        elif crowd:
            lines = _library("matplotlib.collections").LineCollection(drawn, **style)
            self.axes.add_collection(lines, autolim=False)
        else:
            arrow = _library("matplotlib.patches").FancyArrowPatch
            for x, y in drawn:
                bend = 0.0 if self.view.axes == 2 else 0.2 if x > y else -0.2
                self.axes.add_patch(arrow(
                    x[:2], y[:2], arrowstyle="-|>,head_length=0.35,head_width=0.16",
                    connectionstyle=f"arc3,rad={bend}", mutation_scale=9, shrinkA=3, shrinkB=4.5,
                    clip_on=False, **style
                ))  # fmt: skip
        self.legend[legend] = _library("matplotlib.lines").Line2D(
            [0, 1], [0, 0], color=GREY, linewidth=0.8, marker=">", markersize=4, markevery=[1]
        )  # fmt: skip

    def labels(self, labels: Iterable[tuple[Vector, str]]) -> None:
        """Words beside points, pushed away from the middle of the page."""
        middle = [(a + b) / 2 for a, b in zip(self.view.low, self.view.high, strict=True)]
        for point, words in labels:
            place = self.view.place(point)
            if self.view.axes == 3:
                self.axes.text(*place, "  " + words, fontsize=7, parse_math=False, zorder=9)
                continue
            right = place[0] >= middle[0]
            upper = self.view.axes == 1 or place[1] >= middle[1]
            self.axes.annotate(
                words, place[:2], xytext=(5 if right else -5, 5 if upper else -5),
                textcoords="offset points", ha="left" if right else "right",
                va="bottom" if upper else "top", fontsize=7, parse_math=False, zorder=9
            )  # fmt: skip


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
    figure = _library("matplotlib.figure").Figure(figsize=size, layout="constrained")
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
        " ".join((configuration.name or "").split()),
        f"α = {_short(text(configuration.alpha))}",
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


def _library(name: str) -> Any:
    """A module of matplotlib's, imported only when something is drawn."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise HardmaxError(
            "drawing needs matplotlib; install it with: pip install 'hardmax-theory[report]'"
        ) from None


@contextmanager
def _styled() -> Iterator[None]:
    """Matplotlib's defaults and our few changes, for as long as we draw."""
    with _library("matplotlib.style").context(["default", STYLE]):
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
        label = _short(" ".join(configuration.labels[i].split()))
        words.setdefault(configuration.tokens[i], {})[label] = None
    return [(place, ", ".join(labels)) for place, labels in words.items()]


def _matrix(configuration: Configuration) -> str:
    rows = ("[" + ", ".join(map(text, row)) + "]" for row in configuration.A)
    words = "A = [" + ", ".join(rows) + "]"
    return words if len(words) <= 40 else "A not the identity"


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_LABEL else words[: LONGEST_LABEL - 1] + "…"


def _float(x: fmpq) -> float:
    return int(x.p) / int(x.q)


# ---------------------------------------------------------------------------- convex hulls


def independent(points: Sequence[Vector]) -> list[Vector]:
    """Affinely independent points, as many as `points` has: one more than their hull's dimension.

    >>> len(independent([(fmpq(0), fmpq(0)), (fmpq(1), fmpq(1)), (fmpq(2), fmpq(2))]))
    2
    """
    chosen = [points[0]]
    for z in points:
        rows = [_minus(x, points[0]) for x in [*chosen[1:], z]]
        if len(chosen) <= len(z) and as_matrix(rows).rank() == len(rows):
            chosen.append(z)
    return chosen


def polygon(points: Sequence[Vector]) -> list[Vector]:
    """The vertices, in order, of the hull of points that lie in one plane; exact.

    Monotone chain (Andrew), in two coordinates that tell the points of the plane apart.

    >>> [str(x) for x, _ in polygon([(fmpq(x), fmpq(x * x % 3)) for x in range(4)])]
    ['0', '3', '2', '1']
    """
    seeds = independent(points)
    if len(seeds) < 3:
        return sorted({min(points), max(points)})
    x, y, z = seeds
    pairs = combinations(range(len(points[0])), 2)
    s, t = next((s, t) for s, t in pairs if _turn(x, y, z, s, t))
    order = sorted(set(points), key=lambda z: (z[s], z[t]))
    chains: list[list[Vector]] = []
    for ordered in (order, order[::-1]):
        chain: list[Vector] = []
        for z in ordered:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], z, s, t) <= 0:
                chain.pop()
            chain.append(z)
        chains.append(chain[:-1])
    return chains[0] + chains[1]


Triangle = tuple[Vector, Vector, Vector]


def polyhedron(points: Sequence[Vector]) -> list[Triangle]:
    """Triangles, seen from outside counterclockwise, that cover the hull of points in Q^3; exact.

    Point by point: what the new point sees (strictly) is taken away, and the rim of the hole is
    joined to it. The points must not lie in one plane.
    """
    a, b, c, d = independent(points)
    if _volume(a, b, c, d) > 0:
        a, b = b, a
    faces = [(a, b, c), (a, c, d), (a, d, b), (b, d, c)]
    for z in points:
        seen = [face for face in faces if _volume(*face, z) > 0]
        edges = {edge for x, y, w in seen for edge in ((x, y), (y, w), (w, x))}
        faces = [face for face in faces if face not in seen]
        faces += [(x, y, z) for x, y in sorted(edges) if (y, x) not in edges]
    return faces


def ridges(faces: Sequence[Triangle]) -> list[tuple[Vector, Vector]]:
    """The edges of a polyhedron: those of its triangles at which the plane changes."""
    across = {edge: w for x, y, z in faces for edge, w in (((x, y), z), ((y, z), x), ((z, x), y))}
    return sorted(
        (x, y) for (x, y), z in across.items() if x < y and _volume(x, y, z, across[y, x])
    )


def _minus(x: Vector, y: Vector) -> Vector:
    return tuple(a - b for a, b in zip(x, y, strict=True))


def _turn(x: Vector, y: Vector, z: Vector, s: int, t: int) -> fmpq:
    return (y[s] - x[s]) * (z[t] - x[t]) - (y[t] - x[t]) * (z[s] - x[s])


def _volume(x: Vector, y: Vector, z: Vector, w: Vector) -> fmpq:
    return as_matrix([_minus(y, x), _minus(z, x), _minus(w, x)]).det()
