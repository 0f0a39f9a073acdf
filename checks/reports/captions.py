"""Words in a picture: the labels beside the tokens, and what hovering over a token tells.

Plotly reads some tags and, in dollars, formulas; whatever a label holds comes out as text.
"""

from collections.abc import Sequence
from html import escape, unescape
from typing import Any

from theory.pictures.scene import Role, Scene, Slide
from theory.pictures.slides import Slides
from theory.pictures.view import Place, View, distance
from theory.readable import point

MOST_LABELS = 40
"""Tokens beyond which no labels are drawn."""

COPIES_IN_HOVER = 6

MOST_IN_HOVER = 6
"""Tokens of an attention set that hovering names; the others are counted."""

MOST_IN_LABEL = 4
"""Tokens that one label names; the others are counted."""

NEAR = 0.06
"""Tokens nearer than this part of the page have their labels on different sides."""

LONG = 16
"""Characters of a label that may not fit between its token and the edge of a page."""

SIDES = 4
"""Sides of a token on which a label can stand."""


def plain(words: str) -> str:
    """Words as plotly shows them unchanged.

    >>> plain("<b> $x$")
    '&lt;b&gt; &#36;x&#36;'
    """
    return escape(" ".join(words.split())).replace("$", "&#36;")


def hover(slides: Slides, slide: Slide, tokens: Sequence[int]) -> str:
    """Position and attention set of the tokens at one place of the page."""
    names, lines = slides.names, []
    for i in tokens[:COPIES_IN_HOVER]:
        weight = slides.configuration.multiplicities[i]
        copies = "" if weight == 1 else f", {weight} copies"
        lines += [
            f"<b>{plain(names.called(i))}</b>: {slide.roles[i]}{copies}",
            f"at {point(slide.tokens[i])}",
            f"attends to {_attended(slides, slide, i)}",
        ]
    if len(tokens) > COPIES_IN_HOVER:
        lines.append(f"… and {len(tokens) - COPIES_IN_HOVER} more tokens here")
    return "<br>".join(lines)


def _attended(slides: Slides, slide: Slide, token: int) -> str:
    if not slide.pattern[token]:
        return "all, by weights"
    return plain(slides.names.members(slide.pattern[token], MOST_IN_HOVER))


def labels(slides: Slides, scene: Scene) -> list[dict[str, Any]]:
    """Plotly's annotations: a label beside each token, away from the middle of the page.

    Of many tokens only leaders have one. Tokens at one place share their label, leaders before
    the others and in bold. Of places close together each has a label on a side of its own; where
    no side is left, only leaders are named.
    """
    view, few = scene.view, slides.configuration.size <= MOST_LABELS
    near = NEAR * max(view.extent)
    sides: dict[Place, int] = {}
    together: dict[Place, list[int]] = {}
    for role in reversed(Role) if few else (Role.LEADER,):
        for z in scene.marks[role]:
            x = view.place(z)
            if x not in together:
                taken = {sides[y] for y in sides if distance(x, y) < near}
                free = [side for side in range(SIDES) if side not in taken]
                if not free and role is not Role.LEADER:
                    continue
                sides[x] = free[0] if free else SIDES
            together.setdefault(x, []).extend(scene.at[z])
    words = {at: _joined(slides, scene.slide, here) for at, here in together.items()}
    return [
        {
            **dict(zip("xyz" if view.axes == 3 else "xy", at, strict=False)),
            "text": text,
            "showarrow": False,
            "font": {"size": 12.5, "color": "#000000"},
            "bgcolor": "rgba(255,255,255,0.65)",
            "borderpad": 0,
            **_side(view, at, sides[at], len(unescape(text)) > LONG),
        }
        for at, text in words.items()
    ]


def _joined(slides: Slides, slide: Slide, tokens: Sequence[int]) -> str:
    """The names of tokens at one place, the leaders first and in bold."""
    leaders = [i for i in tokens if slide.roles[i] is Role.LEADER]
    others = [i for i in tokens if slide.roles[i] is not Role.LEADER]
    room = max(1, MOST_IN_LABEL - len(leaders))
    parts = [f"<b>{plain(slides.names.listed(leaders, MOST_IN_LABEL))}</b>"] if leaders else []
    return ", ".join(parts + [plain(slides.names.listed(others, room))] * bool(others))


def _side(view: View, at: Place, side: int, long: bool) -> dict[str, Any]:
    """Where the label stands: outward first, then below or above that, then inward.

    A long one stands inward near the edge of the page, which would cut it off.
    """
    across = (at[0] - view.low[0]) / (view.high[0] - view.low[0])
    if view.axes != 2:
        anchor = "center"
        if long and view.axes == 1:
            anchor = "left" if across < 1 / 4 else "right" if across > 3 / 4 else "center"
        return {"yshift": (15, -15, 30, -30, 45)[side], "xanchor": anchor}
    right, upper = view.outward(at)
    right, upper = right != (side in (2, 3)), upper != (side in (1, 3))
    if long and abs(across - 1 / 2) > 1 / 4:
        right = across < 1 / 2
    return {
        "xanchor": "left" if right else "right",
        "yanchor": "bottom" if upper else "top",
        "xshift": 5 if right else -5,
        "yshift": (5 if upper else -5) * (1 if side < SIDES else 4),
    }
