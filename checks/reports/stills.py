"""The images of a page that need no script: the first layer, the settled one, and the limit."""

from theory.pictures.scene import Scene
from theory.pictures.slides import Slides
from theory.pictures.still import still
from theory.pictures.view import View


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
    return [
        (title, still(Scene(view, slide, vertices), called, () if slide is last else ends))
        for title, slide in shown.items()
    ]
