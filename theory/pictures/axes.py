"""Axes of matplotlib, of one, two or three dimensions, on which scenes are drawn alike.

Mark, Region    how a kind of point, and a hull, are drawn;
Panel           one set of axes, and what can be drawn on it;
library         matplotlib, the extra ``report``, imported only when something is drawn.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from flint import fmpq

from theory.exact import HardmaxError
from theory.matrices import Vector
from theory.pictures.colours import GREY, PURPLE
from theory.pictures.scene import Hull, Pair
from theory.pictures.view import View
from theory.readable import nearest


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

    def points(self, mark: Mark, points: Iterable[Vector]) -> None:
        """One mark at each of `points`; those of a crowd are small."""
        places = [self.view.place(z) for z in points]
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

    def labels(self, labels: Iterable[tuple[Vector, str]]) -> None:
        """Words beside points, pushed away from the middle of the page."""
        for point, words in labels:
            place = self.view.place(point)
            if self.view.axes == 3:
                self.axes.text(*place, "  " + words, fontsize=7, parse_math=False, zorder=9)
                continue
            right, upper = self.view.outward(place)
            self.axes.annotate(
                words, place[:2], xytext=(5 if right else -5, 5 if upper else -5),
                textcoords="offset points", ha="left" if right else "right",
                va="bottom" if upper else "top", fontsize=7, parse_math=False, zorder=9
            )  # fmt: skip


def library(name: str) -> Any:
    """A module of matplotlib's, imported only when something is drawn."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise HardmaxError(
            "drawing needs matplotlib; install it with: pip install 'hardmax-theory[report]'"
        ) from None
