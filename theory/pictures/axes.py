"""Axes of matplotlib, of one, two or three dimensions, on which scenes are drawn alike.

Mark, Region    how a kind of point, and a hull, are drawn; names never meet each other;
Panel           one set of axes, and what can be drawn on it;
library         matplotlib, the extra ``report``, imported only when something is drawn.
"""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from math import hypot
from textwrap import fill
from typing import Any

from flint import fmpq

from theory.exact import HardmaxError
from theory.matrices import Vector
from theory.pictures.colours import GREY, PURPLE
from theory.pictures.placing import RINGS, Box, Wanted, lead, place
from theory.pictures.scene import Hull, Pair, Tag
from theory.pictures.view import Place, View
from theory.readable import nearest

NAME_WIDTH = 30
"""Characters of a name before it goes on in another line."""

MOST_LED, NEAR = 100, 0.5
"""Names beyond which none stands apart from its mark, but is told in the legend; and how far, in
heights of a line, the others may be from theirs."""

MOST_LINES = 200
"""Lines that names keep away from, where they can."""

POINTS = 72
"""Points of an inch."""


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


class Panel:
    """Axes of one, two or three dimensions, drawn on alike; what was drawn goes to the legend."""

    def __init__(self, axes: Any, view: View, legend: dict[str, Any], scale: float) -> None:
        self.axes, self.view, self.legend, self.scale = axes, view, legend, scale
        self._marks: list[tuple[Place, float]] = []
        self._lines: list[tuple[Place, Place]] = []
        self._tags: tuple[Tag, ...] = ()
        self._written: list[Any] = []
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
            width, height = (view.high[s] - view.low[s] for s in (0, 1))
            if width < 0.7 * height:  # the ticks of a narrow panel would run into one another
                axes.locator_params(axis="x", nbins=2)
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

    def name_axes(self) -> None:
        """What the axes are, where it is not plain from the title."""
        if self.view.axes == 3:  # its labels stand outside of the box
            self.axes.set_box_aspect((1, 1, 1), zoom=0.85)
        for axis, name in zip("xyz", self.view.drawn.names, strict=False):
            getattr(self.axes, f"set_{axis}label")(name, fontsize=6.5, parse_math=False)

    def points(self, mark: Mark, points: Iterable[Vector]) -> None:
        """One mark at each of `points`; those of a crowd are small."""
        places = [self.view.place(z) for z in points]
        if not places:
            return
        size = self.scale * mark.size * min(1.0, max(0.4, 20 / len(places)))
        self._marks += [(z, size**0.5 / 2) for z in places]
        self.axes.scatter(
            *zip(*places, strict=True),
            s=size,
            marker=mark.marker,
            linewidths=mark.line if len(places) <= 40 else mark.line / 2,
            gid=mark.name,
            zorder=mark.order,
            color=mark.face,
            **({} if mark.marker == "+" else {"edgecolors": mark.edge}),
            **({"depthshade": False} if self.view.axes == 3 else {"clip_on": False}),
        )
        self.legend[mark.legend] = library("matplotlib.lines").Line2D(
            [], [], linestyle="none", marker=mark.marker, markersize=mark.size**0.5,
            markerfacecolor=mark.face, markeredgecolor=mark.edge, markeredgewidth=mark.line
        )  # fmt: skip

    def region(self, region: Region, hull: Hull) -> None:
        """A hull: a segment, a polygon or a polyhedron; nothing for one place."""
        if not hull.edges:
            return
        if hull.solid:
            self._solid(region, hull)
        else:
            self._flat(region, [self.view.place(z) for z in hull.edges[0]])
        self.legend[region.legend] = library("matplotlib.patches").Patch(
            facecolor=(region.face, region.opacity) if region.opacity else "none",
            edgecolor=region.edge, linestyle=region.dashes, linewidth=0.9
        )  # fmt: skip

    def _flat(self, region: Region, outline: list[tuple[float, ...]]) -> None:
        self._lines += pairwise(outline)
        style = {"color": region.edge, "linestyle": region.dashes, "linewidth": 0.9}
        if self.view.axes == 1:
            style |= {"linewidth": 5.0, "alpha": 0.5} if region.opacity else {"linewidth": 1.4}
        self.axes.plot(*zip(*outline, strict=True), **style, gid=region.name, zorder=region.order)
        if self.view.axes == 2 and region.opacity:
            self.axes.fill(*zip(*outline[:-1], strict=True), color=region.face, linewidth=0,
                           alpha=region.opacity, zorder=region.order - 0.5)  # fmt: skip

    def _solid(self, region: Region, hull: Hull) -> None:
        art3d, place = library("mpl_toolkits.mplot3d.art3d"), self.view.place
        if region.opacity:
            self.axes.add_collection3d(art3d.Poly3DCollection(
                [[place(z) for z in face] for face in hull.faces], facecolors=region.face,
                alpha=region.opacity / 3, linewidths=0
            ))  # fmt: skip
        self.axes.add_collection3d(art3d.Line3DCollection(
            [[place(z) for z in edge] for edge in hull.edges], colors=region.edge,
            linestyles=region.dashes, linewidths=0.8, gid=region.name
        ))  # fmt: skip

    def arrows(self, name: str, legend: str, pairs: Iterable[Pair]) -> None:
        """Light arrows, plain lines in a crowd."""
        drawn = self.view.arrows(pairs)
        if not drawn:
            return
        crowd = len(drawn) > 60
        self._lines += drawn
        style: dict[str, Any] = {"color": GREY, "gid": name, "zorder": 3}
        style |= {"linewidth": 0.4 if crowd else 0.6, "alpha": 0.4 if crowd else 0.8}
        if self.view.axes == 3:
            steps = [[b - a for a, b in zip(x, y, strict=True)] for x, y in drawn]
            ends = zip(
                *((*x, *step) for (x, _), step in zip(drawn, steps, strict=True)), strict=True
            )
            self.axes.quiver(*ends, arrow_length_ratio=0.0 if crowd else 0.08, **style)
        elif crowd:
            lines = library("matplotlib.collections").LineCollection(drawn, **style)
            self.axes.add_collection(lines, autolim=False)
        else:
            arrow = library("matplotlib.patches").FancyArrowPatch
            for x, y in drawn:
                bend = 0.0 if self.view.axes == 2 else 0.2 if x > y else -0.2
                self.axes.add_patch(arrow(
                    x[:2], y[:2], arrowstyle="-|>,head_length=0.35,head_width=0.16",
                    connectionstyle=f"arc3,rad={bend}", mutation_scale=9, shrinkA=3, shrinkB=4.5,
                    clip_on=False, **style
                ))  # fmt: skip
        self.legend[legend] = library("matplotlib.lines").Line2D(
            [0, 1], [0, 0], color=GREY, linewidth=0.8, marker=">", markersize=4, markevery=[1]
        )  # fmt: skip

    def line(self, legend: str, normal: Vector, offset: fmpq) -> None:
        """The line ⟨v, x⟩ + b = 0 of the plane, for a normal v that is not 0."""
        square = sum((x * x for x in normal), fmpq(0))
        if not square:
            return
        first, second = normal
        foot = tuple(nearest(-offset * x / square) for x in normal)
        ahead = foot[0] - nearest(second), foot[1] + nearest(first)
        self.legend[legend] = self.axes.axline(
            foot, ahead, color=PURPLE, linewidth=1.2, linestyle="-.", zorder=4
        )

    def names(self, tags: Iterable[Tag]) -> None:
        """Names to stand beside places; `write_names` finds out where."""
        self._tags = tuple(tags)

    def write_names(self, renderer: Any, without: AbstractSet[Tag] = frozenset()) -> list[Tag]:
        """Write the names beside their places, none over another; those that find no room.

        The axes have to be where they stay. Those `without` a name are passed over.
        """
        while self._written:
            self._written.pop().remove()
        to_pixels, pixel = self.axes.transData.transform, self.axes.figure.dpi / POINTS
        at, tags = self._on_page(), [tag for tag in self._tags if tag not in without]
        texts = [self._text(at(self.view.place(tag.place)), tag) for tag in tags]
        wanted = []
        for tag, text in zip(tags, texts, strict=True):
            x, y = map(float, to_pixels(text.xy))
            size = text.get_window_extent(renderer)
            reach = self._reach(self.view.place(tag.place)) * pixel
            wanted.append(Wanted(x, y, size.width, size.height, reach))
        marks = [_around(to_pixels(at(z)), radius * pixel) for z, radius in self._marks]
        lines = []
        for start, end in self._lines[:MOST_LINES]:
            (x, y), (u, v) = to_pixels(at(start)), to_pixels(at(end))
            lines.append((float(x), float(y), float(u), float(v)))
        left, bottom, right, top = map(float, self.axes.get_window_extent(renderer).extents)
        crowd = len(tags) > (MOST_LED if self.scale == 1 else MOST_LED / 4)
        reach = NEAR if crowd else RINGS[-1]
        page = left, bottom, right, top
        boxes = place(wanted, page, marks, lines, gap=1.5 * pixel, reach=reach)
        homeless = []
        for tag, text, name, box in zip(tags, texts, wanted, boxes, strict=True):
            if box is None:
                text.remove()
                homeless.append(tag)
                continue
            text.xyann = (box[0] - name.x) / pixel, (box[1] - name.y) / pixel
            self._written.append(text)
            near = lead(name, box)
            if hypot(near[0] - name.x, near[1] - name.y) > name.clear + 4 * pixel:
                away = (near[0] - name.x) / pixel, (near[1] - name.y) / pixel
                self._written.append(self._lead(text.xy, away, name.clear / pixel - 1.5))
        return homeless

    def _on_page(self) -> Callable[[Place], tuple[float, float]]:
        """From places to two coordinates; of space, as it is seen."""
        if self.view.axes < 3:
            return lambda z: (z[0], z[1])
        project = library("mpl_toolkits.mplot3d.proj3d").proj_transform
        matrix = self.axes.get_proj()

        def seen(z: Place) -> tuple[float, float]:
            x, y, _ = project(*z, matrix)
            return float(x), float(y)

        return seen

    def _reach(self, place: Place) -> float:
        """How far the marks at a place reach, in points, and a little."""
        return 1.5 + max((r for z, r in self._marks if z == place), default=0.0)

    def _text(self, place: tuple[float, float], tag: Tag) -> Any:
        size = 7 if self.scale == 1 else 6
        inches = self.axes.get_window_extent().width / self.axes.figure.dpi
        width = min(NAME_WIDTH, max(8, int(0.6 * inches * POINTS / (0.6 * size))))
        halo = library("matplotlib.patheffects").withStroke(linewidth=1.6, foreground="white")
        return self.axes.annotate(
            fill(tag.words, width), place, xytext=(0, 0), textcoords="offset points",
            ha="left", va="bottom", multialignment="left", fontsize=size,
            fontweight="bold" if tag.leads else "normal", parse_math=False, zorder=9, gid="name",
            path_effects=[halo], annotation_clip=False, in_layout=False
        )  # fmt: skip

    def _lead(self, place: tuple[float, float], away: tuple[float, float], clear: float) -> Any:
        """A thin line to a place from a name that stands apart from it."""
        line = {"arrowstyle": "-", "color": GREY, "linewidth": 0.4, "shrinkA": 0, "shrinkB": clear}
        return self.axes.annotate(
            "", place, xytext=away, textcoords="offset points", arrowprops=line, zorder=8,
            gid="lead", annotation_clip=False, in_layout=False
        )  # fmt: skip


def _around(middle: Sequence[float], radius: float) -> Box:
    x, y = map(float, middle)
    return x - radius, y - radius, x + radius, y + radius


def library(name: str) -> Any:
    """A module of matplotlib's, imported only when something is drawn."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise HardmaxError(
            "drawing needs matplotlib; install it with: pip install 'hardmax-theory[report]'"
        ) from None
