"""Words in a picture: what hovering over a token tells.

Plotly reads some tags and, in dollars, formulas; whatever a label holds comes out as text.
"""

from collections.abc import Sequence
from html import escape

from theory.pictures.scene import Slide
from theory.pictures.slides import Slides
from theory.readable import point

COPIES_IN_HOVER = 6

MOST_IN_HOVER = 6
"""Tokens of an attention set that hovering names; the others are counted."""


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
