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
    words = [f"projection to {view.projection}"] if view.projection else []
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
    first, last = slides.slides[0], slides.slides[-1]
    view = View.of(
        [z for slide in slides.slides for z in slide.tokens], [*first.tokens, *last.tokens]
    )
    settled = [slide for slide in slides.slides if slide.title == f"layer {slides.settled_layer}"]
    truth = slides.equilibrium
    vertices = () if truth is None else truth.polytope
    limits = () if truth is None else truth.limits
    ends = [view.shadow(z) for z in limits if z not in vertices]
    called = [slides.names.name(i) for i in range(slides.configuration.size)]
    shown = {slide.title: slide for slide in (first, *settled, last)}
    seen = "".join(f", {words}" for words in seen_as(view))
    return [
        (title + seen, still(Scene(view, slide, vertices), called, () if slide is last else ends))
        for title, slide in shown.items()
    ]
