"""Words in a picture: the labels beside the tokens, and what hovering over a token tells.

Plotly reads some tags and, in dollars, formulas; whatever a label holds comes out as text.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from theory import Configuration
from theory.pictures.scene import Role, Scene, Slide
from theory.pictures.view import Place, View, distance
from theory.readable import label, members, point

MOST_LABELS = 40
"""Tokens beyond which no labels are drawn."""

COPIES_IN_HOVER = 6

NEAR = 0.045
"""Tokens nearer than this part of the page share their label's place."""


def plain(words: str) -> str:
    """Words as plotly shows them unchanged.

    >>> plain("<b> $x$")
    '&lt;b&gt; &#36;x&#36;'
    """
    return escape(" ".join(words.split())).replace("$", "&#36;")


def name(configuration: Configuration, i: int) -> str:
    """What token i is called: its label, shortened, or its number."""
    if configuration.labels is None:
        return str(i)
    return plain(label(configuration.labels[i]))


def hover(configuration: Configuration, slide: Slide, tokens: Sequence[int]) -> str:
    """Exact position and attention set of the tokens at one place of the page."""
    lines = []
    for i in tokens[:COPIES_IN_HOVER]:
        named = "" if configuration.labels is None else f" “{name(configuration, i)}”"
        weight = configuration.multiplicities[i]
        copies = "" if weight == 1 else f", {weight} copies"
        lines += [
            f"<b>token {i}</b>{named}: {slide.roles[i]}{copies}",
            f"at {point(slide.tokens[i])}",
            f"attends to {members(slide.pattern[i])}",
        ]
    if len(tokens) > COPIES_IN_HOVER:
        lines.append(f"… and {len(tokens) - COPIES_IN_HOVER} more tokens here")
    return "<br>".join(lines)


def labels(configuration: Configuration, scene: Scene) -> list[dict[str, Any]]:
    """Plotly's annotations: a label beside each token, away from the middle of the page.

    Tokens close together share one label, at the one that is on top.
    """
    if configuration.size > MOST_LABELS:
        return []
    view = scene.view
    together: dict[Place, list[int]] = {}
    near = NEAR * max(view.extent)
    for z in (z for role in reversed(Role) for z in scene.marks[role]):
        x = view.place(z)
        at = next((y for y in together if distance(x, y) < near), x)
        together.setdefault(at, []).extend(scene.at[z])
    return [
        {
            **dict(zip("xyz" if view.axes == 3 else "xy", at, strict=False)),
            "text": ", ".join(name(configuration, i) for i in sorted(here)),
            "showarrow": False,
            "font": {"size": 12.5, "color": "#000000"},
            "bgcolor": "rgba(255,255,255,0.65)",
            "borderpad": 0,
            **_side(view, at),
        }
        for at, here in together.items()
    ]


def _side(view: View, at: Place) -> dict[str, Any]:
    if view.axes != 2:
        return {"yshift": 16 if view.axes == 1 else 15}
    right, upper = view.outward(at)
    return {
        "xanchor": "left" if right else "right",
        "yanchor": "bottom" if upper else "top",
        "xshift": 5 if right else -5,
        "yshift": 5 if upper else -5,
    }
