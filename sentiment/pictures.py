"""An explanation as a picture in the plane: words, whom they follow, and on which side.

Every word goes to its limit, which is a leader's place or between leaders. The decoder's line, on
which the score is 0, divides the plane; each side bears its label's name. The text's score is that
of the mean of the limits: it is positive iff the mean is on the positive side. The neutral anchor
is drawn too, where the model has one. Names of leaders tell how much follows them; they never meet
(`theory.pictures.placing`), and letters can be read where the picture is as wide as a phone.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flint import fmpq

from sentiment import telling
from sentiment.explanation import Explanation
from sentiment.limits import ANCHOR, Resolved
from theory import HardmaxError
from theory.exact import dot, from_binary64, visible
from theory.files.outputs import write
from theory.matrices import Vector
from theory.pictures.axes import Mark, Panel, library
from theory.pictures.colours import BLACK, BLUE, GREY, ORANGE
from theory.pictures.figures import octets, suffix_of
from theory.pictures.projections import PLAIN
from theory.pictures.scene import Scene, Slide, Tag
from theory.pictures.sheet import finish, sheet, styled
from theory.pictures.view import View
from theory.readable import label, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIDE = 2.9
"""Inches of the longer side: as wide as a phone, the names are some 11 pixels high."""

BEYOND = fmpq(3, 2)
"""How far the view reaches beyond the decoder's line, in distances of the mean from it, less 1."""

INWARD = 0.15
"""How far from its corner the name of a side is looked for, as a part of the way to the middle."""

WORD = Mark("words", "word", "o", 12, GREY, GREY, 5, 0.4)
BETWEEN = Mark("between", "between leaders", "D", 20, "white", BLACK, 6, 0.7)
MEAN = Mark("mean", "mean of the text", "s", 34, BLACK, "white", 9, 0.8)
NEUTRAL = Mark("anchor", ANCHOR, "P", 60, "white", BLACK, 7, 1.0)
LEADERS = {
    1: Mark("leaders-positive", "leader for {}", "^", 60, BLUE, BLACK, 8, 0.5),
    -1: Mark("leaders-negative", "leader for {}", "v", 60, ORANGE, BLACK, 8, 0.5),
    0: Mark("leaders-neither", "leader for neither", "o", 45, "white", BLACK, 8, 1.0),
}
"""The mark of a leader by the sign of its height."""


def draw_explanation(explanation: Explanation, path: str | Path | None = None) -> "Figure":
    """The picture of an explanation, saved to `path` (.svg or .png) if given.

    Raises `HardmaxError` unless the model has dimension 2 and the text a known word, for another
    suffix, and without matplotlib.

    >>> from sentiment import SentimentClassifier, explain
    >>> texts = ["a good film", "good fun", "a bad film", "bad, so bad"]
    >>> model = SentimentClassifier(initialisation="log-odds", validation_fraction=0, epochs=2,
    ...                             random_state=0).fit(texts, [1, 1, 0, 0])
    >>> len(draw_explanation(explain(model, "good fun")).axes)
    1
    """
    if path is not None:
        suffix_of(path)
    figure = _figure(explanation)
    if path is not None:
        write(path, octets(figure, suffix_of(path)))
    return figure


def drawn(explanation: Explanation, path: str | Path) -> bytes:
    """What a file of this name with the picture is to hold. Raises as `draw_explanation` does."""
    kind = suffix_of(path)
    return octets(_figure(explanation), kind)


def _figure(explanation: Explanation) -> "Figure":
    resolved = explanation.resolved
    if resolved is None:
        raise HardmaxError("the text has no known word: there is nothing to draw")
    if len(resolved.weights) != 2:
        raise HardmaxError(f"dimension {len(resolved.weights)}: the picture wants dimension 2")
    truth = resolved.equilibrium
    starts, mean = resolved.settled.tokens(0), _mean(resolved)
    points = [*starts, *truth.limits, *_beyond(resolved, mean)]
    view = View.of(points, (), PLAIN, resolved.settled.configuration.multiplicities)
    scene = Scene(view, Slide.of_limit(truth, resolved.settled.pattern), (), starts)
    sides = _sides(explanation, view)
    title = (
        f"{telling.verdict(explanation)}: score {telling.signed(explanation.logit)}. "
        "Words go to the leaders that they follow; the mean of all tells the side."
    )
    with styled():
        figure, (panel,) = sheet(view, 1, side=SIDE)
        for words, colour, corners, _ in sides:
            _shade(panel, view, words, colour, corners)
        panel.line("score 0", resolved.weights, resolved.bias)
        panel.arrows("motion", "goes to its limit", scene.ways)
        panel.points(WORD, dict.fromkeys(starts))
        _ends(panel, explanation, resolved)
        panel.points(MEAN, [mean])
        panel.names([*(Tag(place, words, False) for words, _, _, place in sides),
                     *_tags(explanation)])  # fmt: skip
        finish(figure, [panel], title)
    return figure


def _mean(resolved: Resolved) -> Vector:
    limits = resolved.equilibrium.limits
    return tuple(
        sum((p * z[s] for p, z in zip(resolved.portions, limits, strict=True)), fmpq(0))
        for s in (0, 1)
    )


def _beyond(resolved: Resolved, mean: Vector) -> list[Vector]:
    """A point on the other side of the decoder's line than the mean, so that both are in view."""
    square = dot(resolved.weights, resolved.weights)
    if not square:
        return []
    step = BEYOND * (dot(resolved.weights, mean) + resolved.bias) / square
    return [tuple(x - step * v for x, v in zip(mean, resolved.weights, strict=True))]


def _ends(panel: Panel, explanation: Explanation, resolved: Resolved) -> None:
    """Leaders by their sides, the anchor, and limits between leaders."""
    led = {leader.position for leader in explanation.leaders}
    panel.points(BETWEEN, dict.fromkeys(z for z in resolved.equilibrium.limits if z not in led))
    for sign, mark in LEADERS.items():
        label_of = telling.side(explanation, sign > 0)
        named = Mark(**vars(mark) | {"legend": mark.legend.format(label_of)})
        panel.points(named, [
            leader.position for leader in explanation.leaders
            if not leader.is_anchor and _sign(leader.contribution) == sign
        ])  # fmt: skip
    if resolved.anchor is not None:
        panel.points(NEUTRAL, [resolved.equilibrium.limits[resolved.anchor]])


def _tags(explanation: Explanation) -> list[Tag]:
    """The leaders' names, and how much of the text follows each."""
    words: dict[Vector, list[str]] = {}
    for leader in explanation.leaders:
        name = label(visible(telling.spoken(leader.name)))
        here = words.setdefault(leader.position, [])
        here.append(f"{name}, {telling.percent(nearest(leader.mass))}")
    return [Tag(place, "; ".join(here), True) for place, here in words.items()]


Side = tuple[str, str, list[tuple[float, float]], Vector]


def _sides(explanation: Explanation, view: View) -> list[Side]:
    """Name, colour and corners of each side in view, and where its name is to stand."""
    resolved = explanation.resolved
    if resolved is None:
        return []
    unit = 10.0**view.exponent
    slope = [nearest(x) * unit for x in resolved.weights]
    offset = nearest(resolved.bias)
    (left, bottom), (right, top) = view.low, view.high
    page = [(left, bottom), (right, bottom), (right, top), (left, top)]
    sides: list[Side] = []
    for way, name, colour in (
        (1, telling.side(explanation, True), BLUE),
        (-1, telling.side(explanation, False), ORANGE),
    ):
        heights = [way * (slope[0] * x + slope[1] * y + offset) for x, y in page]
        corners = _above(page, heights)
        if len(corners) < 3 or max(heights) <= 0:
            continue
        far = page[max(range(4), key=lambda k: (round(heights[k], 9), page[k][1]))]
        middle = [sum(z[s] for z in corners) / len(corners) for s in (0, 1)]
        at = [a + INWARD * (b - a) for a, b in zip(far, middle, strict=True)]
        if resolved.anchor is not None:  # the anchor stands above, the words below
            at[1] = (bottom + top) / 2
        place = tuple(from_binary64(x) * fmpq(10) ** view.exponent for x in at)
        sides.append((f"{label(visible(name))} side", colour, corners, place))
    return sides


def _above(
    page: Sequence[tuple[float, float]], heights: Sequence[float]
) -> list[tuple[float, float]]:
    """The part of a convex polygon where the height, linear, is at least 0.

    >>> _above([(0, 0), (2, 0), (2, 1)], [-1, 1, 1])
    [(1.0, 0.5), (1.0, 0.0), (2, 0), (2, 1)]
    """
    corners: list[tuple[float, float]] = []
    for k, (x, y) in enumerate(page):
        (u, v), here, there = page[k - 1], heights[k], heights[k - 1]
        if here * there < 0:
            part = there / (there - here)
            corners.append((u + part * (x - u), v + part * (y - v)))
        if here >= 0:
            corners.append((x, y))
    return corners


def _shade(
    panel: Panel, view: View, words: str, colour: str, corners: Sequence[tuple[float, float]]
) -> None:
    panel.axes.fill(*zip(*corners, strict=True), color=colour, alpha=0.13, linewidth=0, zorder=0)
    panel.axes.set_xlim(view.low[0], view.high[0])
    panel.axes.set_ylim(view.low[1], view.high[1])
    patch = library("matplotlib.patches").Patch
    panel.legend[words] = patch(facecolor=(colour, 0.25), edgecolor=GREY, linewidth=0.4)


def _sign(value: fmpq) -> int:
    return (value > 0) - (value < 0)
