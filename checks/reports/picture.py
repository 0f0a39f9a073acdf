"""Pictures for the browser: tokens, hull, leaders and attention, layer by layer, by plotly.

`figure` makes plotly's JSON object, with a slider and a play button; `draw` the plotly figure.
One coordinate is drawn on a line, two in the plane, three in space. Of more, two are drawn: the
pair in which the most tokens and limits are told apart; the title names the pair.

All is exact until its coordinates become floats for the page. Colours are those of Okabe and Ito,
and no two marks differ by colour alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from checks.reports.captions import hover, plain
from checks.reports.geometry import arc, arrow_in_space, surface
from checks.reports.labels import CENTRE, EYE, labels
from checks.reports.library import library
from theory import Cycling, Settled, Undecided
from theory.matrices import Vector
from theory.pictures.colours import BLACK, BLUE, FACE_AND_EDGE, GREEN, GREY, ORANGE, SKY
from theory.pictures.scene import Role, Scene, Slide
from theory.pictures.slides import Shown, Slides
from theory.pictures.view import View

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

MARKS = {
    Role.FACE: ("diamond", 11),
    Role.OTHER: ("x", 10),
    Role.VERTEX: ("circle", 9),
    Role.FOLLOWER: ("circle", 9),
    Role.LATER: ("square", 10),
    Role.LEADER: ("star", 16),
}
"""The mark of each role and its size, from the one that is drawn first to the one on top."""

IN_SPACE = {"star": "square", "square": "square-open", "x": "x", "circle": "circle"}
"""Marks that space has in place of those of the plane."""

MOST_ARROWS = 300

TITLE_WIDTH, TITLE_LINE = 44, 20
"""Characters of a line of the title, and pixels between two of them."""


def draw(shown: "Shown | Settled | Cycling | Undecided | Slides") -> "Figure":
    """The picture as a plotly figure. Raises `HardmaxError` without plotly.

    >>> from theory import Configuration, settle
    >>> picture = draw(settle(Configuration([[2, 0], [1, 1]], alpha=1)))
    >>> len(picture.frames) > 1
    True
    """
    graph_objects = library("plotly.graph_objects")
    slides = shown if isinstance(shown, Slides) else Slides.of(shown)
    picture: Figure = graph_objects.Figure(figure(slides))
    return picture


def figure(
    slides: Slides, view: View | None = None, called: str = "", screen: bool = False
) -> dict[str, Any]:
    """The picture as plotly's JSON object: data, layout, and a frame for each slide.

    `view` is that of the slides unless another is given; titles say what the run is `called`. For a
    page that looks how wide it is shown, frames also have the names `on_screen`, if asked for.
    """
    painter = Painter(slides, view, called)
    frames = [painter.frame(slide) for slide in slides.slides]
    columns = zip(*(frame["data"] for frame in frames), strict=True)
    for traces in columns:
        used = any(trace["visible"] for trace in traces)
        for trace in traces:
            named = trace["name"] != ""
            if used and named and not trace["visible"]:  # its place in the legend is kept
                trace |= {axis: [None] for axis in "xyz" if axis in trace}
            trace |= {"visible": used and (named or trace["visible"]), "showlegend": named}
    if screen and painter.view.axes < 3:
        for frame, slide in zip(frames, slides.slides, strict=True):
            frame["on_screen"] = painter.names(slide, on_screen=True)
    layout, first = painter.layout(), frames[0]["layout"]
    if "scene" in layout:  # a frame's scene is laid over that of the layout
        for frame in frames:
            frame["layout"]["scene"] |= layout["scene"]
    return {
        "data": frames[0]["data"],
        "layout": {**layout, **first, **_controls(frames)},
        "frames": frames,
    }


@dataclass
class Painter:
    """Paints slides in one view, so that nothing but the tokens moves from one to the next."""

    slides: Slides
    seen: View | None = None
    called: str = ""

    def __post_init__(self) -> None:
        self.view = self.seen or self.slides.view
        truth = self.slides.equilibrium
        self.vertices = () if truth is None else truth.polytope
        limits = () if truth is None else truth.limits
        away = [self.view.shadow(z) for z in limits if z not in self.vertices]
        self.ends = list(dict.fromkeys(away))

    def frame(self, slide: Slide) -> dict[str, Any]:
        """What a slide shows: the same traces for every slide, some of them empty."""
        scene = Scene(self.view, slide, self.vertices)
        words = self.names(slide)
        shown = {"scene": {"annotations": words}} if self.view.axes == 3 else {"annotations": words}
        data = [
            *self._hull(scene),
            self._lines("polytope K", scene.polytope.edges, ORANGE, 2.5, "dash"),
            self._points("origin", [self.view.origin], "cross-thin", 10, BLACK, BLACK, "origin"),
            self._arrows(scene),
            self._points("limit of a follower", self.ends, "diamond-open", 9, GREEN, GREEN, None),
            *self._tokens(scene),
        ]
        return {
            "name": slide.title,
            "data": data,
            "layout": {"title": {"text": self._title(slide), "font": {"size": 15}}, **shown},
        }

    def names(self, slide: Slide, on_screen: bool = False) -> list[dict[str, Any]]:
        """Names beside the tokens, as plotly's annotations."""
        scene = Scene(self.view, slide, self.vertices)
        return labels(self.slides, scene, TITLE_LINE * len(self._view), on_screen)

    def layout(self) -> dict[str, Any]:
        """Axes, legend and margins."""
        top = 40 + TITLE_LINE * len(self._view)
        base: dict[str, Any] = {
            "template": "none",
            "font": {"family": "system-ui, sans-serif", "size": 13, "color": "#222222"},
            "paper_bgcolor": "#FFFFFF",
            "plot_bgcolor": "#FFFFFF",
            "margin": {"l": 48, "r": 12, "t": top, "b": 44},
            "hovermode": "closest",
            "hoverlabel": {"bgcolor": "#FFFFFF", "font": {"color": "#111111"}, "align": "left"},
            "legend": {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
            "uirevision": "keep",
            "height": 330 if self.view.axes == 1 else 560,
        }
        names = self.view.drawn.names
        axes = [
            {
                "range": [low, high],
                "title": {"text": name, "standoff": 4} if self.view.axes < 3 else {"text": name},
                "nticks": 5 if self.view.axes == 3 else 8,
                "zeroline": True,
                "zerolinecolor": "#BBBBBB",
                "gridcolor": "#EAEAEA",
                "linecolor": GREY,
            }
            for low, high, name in zip(self.view.low, self.view.high, names, strict=True)
        ]
        if self.view.axes == 3:
            for axis, low, high in zip(axes, self.view.low, self.view.high, strict=True):
                middle, half = (low + high) / 2, (high - low) * 0.44
                axis["range"] = [middle - half, middle + half]
            scene: dict[str, Any] = dict(zip(("xaxis", "yaxis", "zaxis"), axes, strict=True))
            scene |= {
                "aspectmode": "cube",
                "camera": {
                    "eye": dict(zip("xyz", EYE, strict=True)),
                    "center": dict(zip("xyz", CENTRE, strict=True)),
                },
            }
            return base | {"scene": scene, "margin": {"l": 0, "r": 0, "t": top, "b": 0}}
        base["dragmode"] = False
        if self.view.axes == 1:
            hidden = {"visible": False, "range": [-0.55, 0.8], "fixedrange": True}
            return base | {"xaxis": axes[0] | {"zeroline": False}, "yaxis": hidden}
        axes[1] |= {"scaleanchor": "x"}
        return base | {"xaxis": axes[0], "yaxis": axes[1]}

    # ------------------------------------------------------------------------ the traces

    def _trace(self, name: str, points: Sequence[Sequence[float | None]]) -> dict[str, Any]:
        columns = [list(column) for column in zip(*points, strict=True)]
        axes = 3 if self.view.axes == 3 else 2
        columns = columns[:axes] or [[] for _ in range(axes)]
        return {
            "type": "scatter3d" if axes == 3 else "scatter",
            "name": name,
            "visible": bool(points),
            "hoverinfo": "skip",
            **dict(zip("xyz", columns, strict=False)),
        }

    def _lines(
        self, name: str, drawn: Iterable[Sequence[Vector]], color: str, width: float, dash: str
    ) -> dict[str, Any]:
        """Paths of exact points."""
        return self._trace(name, self._broken(drawn)) | {
            "mode": "lines",
            "line": {"color": color, "width": width, "dash": dash},
        }

    def _broken(self, drawn: Iterable[Sequence[Vector]]) -> list[tuple[float | None, ...]]:
        points: list[tuple[float | None, ...]] = []
        for path in drawn:
            points += [*map(self.view.place, path), (None, None, None)[: max(2, self.view.axes)]]
        return points[:-1]

    def _hull(self, scene: Scene) -> list[dict[str, Any]]:
        """The hull of the tokens: its inside, and its edges."""
        name = "hull of the tokens"
        if self.view.axes == 3:
            corners, triangles = surface(scene)
            inside = self._trace("", [self.view.place(z) for z in corners])
            inside |= {"type": "mesh3d", "color": SKY, "opacity": 0.16, "flatshading": True}
            if triangles is None:
                inside["alphahull"] = 0
            else:
                inside |= dict(zip("ijk", map(list, zip(*triangles, strict=True)), strict=False))
                inside["visible"] = bool(triangles)
            edges = () if triangles is None else scene.hull.edges
            return [inside, self._lines(name, edges, BLUE, 2, "solid")]
        width = 7 if self.view.axes == 1 else 1.5
        trace = self._trace(name, self._broken(scene.hull.edges)) | {
            "mode": "lines",
            "line": {"color": BLUE if self.view.axes == 2 else SKY, "width": width},
        }
        if self.view.axes == 2:
            trace |= {"fill": "toself", "fillcolor": "rgba(86,180,233,0.18)"}
        return [trace, self._trace("", [])]

    def _points(
        self, name: str, points: Sequence[Vector], symbol: str, size: float, color: str,
        edge: str, hover: "str | list[str] | None",
    ) -> dict[str, Any]:  # fmt: skip
        in_space = self.view.axes == 3
        if in_space:
            symbol = {"cross-thin": "cross"}.get(symbol, IN_SPACE.get(symbol, symbol))
            size *= 0.62
        trace = self._trace(name, [self.view.place(z) for z in points])
        trace |= {
            "mode": "markers",
            "marker": {
                "symbol": symbol,
                "size": size,
                "color": edge if symbol.endswith("-open") else color,
                "line": {"color": edge, "width": 1.2},
                "opacity": 1,
            },
        }
        if hover is not None:
            trace |= {"hoverinfo": "text", "hovertext": hover}
        return trace

    def _arrows(self, scene: Scene) -> dict[str, Any]:
        """From each token to each other one that it attends to."""
        drawn = self.view.arrows(scene.ways)[:MOST_ARROWS]
        points: list[tuple[float | None, ...]] = []
        sizes: list[int] = []
        for x, y in drawn:
            if self.view.axes == 3:
                path = arrow_in_space(x, y, 0.03 * max(self.view.extent))
            else:
                path = [x, y] if self.view.axes == 2 else arc(x, y, max(self.view.extent))
            points += path
            points.append((None,) * len(x))
            sizes += [*[0] * (len(path) - 1), 11, 0]
        trace = self._trace("attends to", points)
        trace["line"] = {"color": GREY, "width": 3 if self.view.axes == 3 else 1.3}
        if self.view.axes == 3:
            return trace | {"mode": "lines"}
        return trace | {
            "mode": "lines+markers",
            "marker": {
                "symbol": "arrow",
                "angleref": "previous",
                "size": sizes,
                "standoff": [6 if size else 0 for size in sizes],
                "color": GREY,
                "line": {"width": 0},
                "opacity": 1,
            },
        }

    def _tokens(self, scene: Scene) -> list[dict[str, Any]]:
        """One trace a role; tokens at one place on the page share a mark, and are all told of."""
        return [
            self._points(str(role), scene.marks[role], symbol, size, *FACE_AND_EDGE[role],
                         [hover(self.slides, scene.slide, scene.at[z]) for z in scene.marks[role]])
            for role, (symbol, size) in MARKS.items()
        ]  # fmt: skip

    def _title(self, slide: Slide) -> str:
        words = f"<b>{', '.join(filter(None, (plain(self.called), slide.title)))}</b>"
        return "<br>".join([words, *self._view])

    @cached_property
    def _view(self) -> list[str]:
        """What is drawn, and in which unit, in lines that a phone has room for."""
        lines = [plain(line) for line in wrap(self.view.projection, TITLE_WIDTH)]
        if self.view.exponent:
            lines.append(f"in units of 10<sup>{self.view.exponent}</sup>")
        return [f'<span style="font-size:12px">{line}</span>' for line in lines]


def _controls(frames: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Plotly's own slider and buttons."""
    still = {"mode": "immediate", "frame": {"duration": 0, "redraw": True}}
    play = {"fromcurrent": True, "frame": {"duration": 700, "redraw": True}}
    steps = [
        {"label": frame["name"].removeprefix("layer "), "method": "animate",
         "args": [[frame["name"]], still]}
        for frame in frames
    ]  # fmt: skip
    buttons = [
        {"label": "Play", "method": "animate", "args": [None, play]},
        {"label": "Pause", "method": "animate", "args": [[None], still]},
    ]
    return {
        "sliders": [{"steps": steps, "currentvalue": {"prefix": "layer "}, "pad": {"t": 60}}],
        "updatemenus": [
            {"type": "buttons", "direction": "left", "buttons": buttons, "showactive": False,
             "x": 1, "xanchor": "right", "y": 1.12}
        ],
    }  # fmt: skip
