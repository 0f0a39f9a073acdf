"""Names beside the tokens of a picture for the browser: plotly's annotations, none over another.

A page does not know how wide it will be shown. Names are placed as on a phone, and once more as on
a screen, so that they do not meet there, and lie to each other as their tokens do; wider pages only
move them apart (`theory.pictures.placing.place`, `growing`). How wide words are is estimated,
generously.
"""

from collections.abc import Callable, Sequence
from math import hypot
from textwrap import wrap
from typing import Any
from unicodedata import east_asian_width

import numpy as np

from checks.reports.captions import plain
from theory.pictures.colours import GREY
from theory.pictures.placing import Box, Segment, Wanted, lead, place
from theory.pictures.scene import Role, Scene, Slide
from theory.pictures.slides import Slides
from theory.pictures.view import Place, View

MOST_LABELS = 40
"""Tokens beyond which leaders alone are named."""

MOST_IN_LABEL = 4
"""Tokens that one name tells; the others are counted."""

PHONE = {1: (270.0, 140.0), 2: (270.0, 290.0), 3: (330.0, 330.0)}
SCREEN = {1: (570.0, 160.0), 2: (570.0, 400.0), 3: (330.0, 330.0)}
"""What a phone, and a screen, have for a picture, in pixels across and up, by its axes."""

LETTER, LINE, FONT = 7.3, 16.0, 12.5
"""How wide a letter is, how high a line, and the size of the font."""

LONGEST = 24
"""Letters of a line of a name."""

MARK = 7.0
"""How far a mark reaches."""

MOST_LINES = 150

EYE, CENTRE = (1.15, -1.6, 0.85), (0.0, 0.0, -0.12)
"""Where space is seen from, and what is looked at."""


def labels(
    slides: Slides, scene: Scene, above: float = 0.0, on_screen: bool = False
) -> list[dict[str, Any]]:
    """A name beside each token, that of a leader in bold; of many tokens beside leaders alone.

    Tokens at one place of the page share their name, leaders before the others. What finds no room
    has no name, leaders last of all; hovering over a token tells it in any case. `above` is what
    the title takes of the page, in pixels.
    """
    view = scene.view
    width, height = (SCREEN if on_screen else PHONE)[view.axes]
    height -= above
    at = _pixels(view, width, height)
    together: dict[Place, list[int]] = {}
    for role in reversed(Role) if slides.configuration.size <= MOST_LABELS else (Role.LEADER,):
        for z in scene.marks[role]:
            together.setdefault(view.place(z), []).extend(scene.at[z])
    texts = [_lines(slides, scene.slide, here) for here in together.values()]
    wanted = [
        Wanted(*at(x), LETTER * max(map(_letters, words)) + 2, LINE * len(words), MARK)
        for x, (words, _) in zip(together, texts, strict=True)
    ]
    marks = [_around(at(view.place(z))) for here in scene.marks.values() for z in here]
    ways = view.arrows(scene.ways)[:MOST_LINES]
    lines: list[Segment] = [(*at(x), *at(y)) for x, y in ways]
    boxes = place(
        wanted,
        (0.0, 0.0, width, height),
        marks,
        lines,
        gap=1.0,
        growing=True,
    )
    return [
        {
            **dict(zip("xyz" if view.axes == 3 else "xy", x, strict=False)),
            "text": words,
            "font": {"size": FONT, "color": "#000000"},
            "bgcolor": "rgba(255,255,255,0.65)",
            "borderpad": 0,
            "align": "left",
            **_side(name, box),
        }
        for x, (_, words), name, box in zip(together, texts, wanted, boxes, strict=True)
        if box is not None
    ]


def _lines(slides: Slides, slide: Slide, tokens: Sequence[int]) -> tuple[list[str], str]:
    """The names of tokens at one place, in lines, and as plotly reads them."""
    leaders = [i for i in tokens if slide.roles[i] is Role.LEADER]
    others = [i for i in tokens if slide.roles[i] is not Role.LEADER]
    room = max(1, MOST_IN_LABEL - len(leaders))
    first = slides.names.listed(leaders, MOST_IN_LABEL) if leaders else ""
    rest = slides.names.listed(others, room) if others else ""
    if len(first) + len(rest) <= LONGEST:
        parts = [f"<b>{plain(first)}</b>"] * bool(first) + [plain(rest)] * bool(rest)
        return [", ".join(filter(None, (first, rest)))], ", ".join(parts)
    bold = wrap(f"{first}," if first and rest else first, LONGEST)
    thin = wrap(rest, LONGEST)
    return bold + thin, "<br>".join([*(f"<b>{plain(x)}</b>" for x in bold), *map(plain, thin)])


def _letters(line: str) -> float:
    """How many letters wide a line is; some scripts have wide ones."""
    return sum(1.9 if east_asian_width(x) in "WF" else 1.0 for x in line)


def _side(name: Wanted, box: Box) -> dict[str, Any]:
    """Where a name stands, from its token; a line leads to one that stands apart."""
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    across, up = (
        0 if abs(m - x) < 2 else 1 if m > x else -1
        for m, x in zip(middle, (name.x, name.y), strict=True)
    )
    anchors = {
        "xanchor": ("center", "left", "right")[across],
        "yanchor": ("middle", "bottom", "top")[up],
    }
    right = (middle[0], box[0], box[2])[across] - name.x
    high = (middle[1], box[1], box[3])[up] - name.y
    near = lead(name, box)
    if hypot(near[0] - name.x, near[1] - name.y) < MARK + LINE / 2:
        shift = {"xshift": round(right, 1), "yshift": round(high, 1)}
        return {"showarrow": False, **anchors, **shift}
    arrow = {"arrowhead": 0, "arrowwidth": 0.8, "arrowcolor": GREY, "standoff": MARK}
    return {"showarrow": True, **anchors, "ax": round(right, 1), "ay": round(-high, 1), **arrow}


def _around(x: tuple[float, float]) -> Box:
    return x[0] - MARK, x[1] - MARK, x[0] + MARK, x[1] + MARK


def _pixels(view: View, width: float, height: float) -> Callable[[Place], tuple[float, float]]:
    """From places to pixels, from the left and from below."""
    middle = [(a + b) / 2 for a, b in zip(view.low, view.high, strict=True)]
    if view.axes == 1:
        scale = width / view.extent[0]
        return lambda x: (width / 2 + scale * (x[0] - middle[0]), height * 0.55 / 1.35)
    if view.axes == 2:
        scale = min(width / view.extent[0], height / view.extent[1])
        return lambda x: (
            width / 2 + scale * (x[0] - middle[0]), height / 2 + scale * (x[1] - middle[1])
        )  # fmt: skip
    eye, centre = 1.3 * np.array(EYE), np.array(CENTRE)
    ahead = (centre - eye) / np.linalg.norm(centre - eye)
    right = np.cross(ahead, [0, 0, 1])
    right /= np.linalg.norm(right)
    up = np.cross(right, ahead)
    size = 0.88 * np.array(view.extent)

    def seen(x: Place) -> tuple[float, float]:
        away = (np.array(x) - middle) / size - eye
        scale = height / 2 / np.tan(np.pi / 8) / (away @ ahead)
        return float(width / 2 + scale * (away @ right)), float(height / 2 + scale * (away @ up))

    return seen
