"""The images of a page that need no script: the first layer, the settled one, and the limit."""

from theory.pictures.scene import Scene
from theory.pictures.slides import Slides
from theory.pictures.still import still
from theory.pictures.view import View

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def seen_as(view: View) -> list[str]:
    """How a view shows the tokens, in words for a title, where it is not as they are.

    >>> from flint import fmpq
    >>> seen_as(View.of([(fmpq(10**7), fmpq(0))]))
    ['in units of 10⁷']
    """
    words = [view.projection] if view.projection else []
    if view.exponent:
        words.append(f"in units of 10{str(view.exponent).translate(RAISED)}")
    return words


def stills(slides: Slides) -> list[tuple[str, str]]:
    """Titles and images, in the view that the picture of the page has.

    >>> from theory import Configuration, settle
    >>> shown = stills(Slides.of(settle(Configuration([[2, 0], [1, 1]], alpha=1))))
    >>> [title for title, _ in shown]
    ['layer 0', 'layer 1', 'limit']
    """
    view, truth = slides.view, slides.equilibrium
    vertices = () if truth is None else truth.polytope
    limits = () if truth is None else truth.limits
    ends = [view.shadow(z) for z in limits if z not in vertices]
    called = [slides.names.name(i) for i in range(slides.configuration.size)]
    titles = [slide.title for slide in slides.slides]
    chosen = dict.fromkeys(
        k for k, title in enumerate(titles)
        if k in (0, len(titles) - 1) or title == f"layer {slides.settled_layer}"
    )  # fmt: skip
    drawn, seen = [], seen_as(view)
    for name, shown in (("", slides.slides), *slides.beside):
        for k in chosen:
            title = ", ".join(filter(None, (name, shown[k].title, *seen)))
            left = () if titles[k] == "limit" else ends
            drawn.append((title, still(Scene(view, shown[k], vertices), called, left)))
    return drawn
