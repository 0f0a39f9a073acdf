"""Softmax attention beside a run's layers, for pages that show both."""

from dataclasses import replace

from flint import fmpq

from theory.exact import text
from theory.numerics import softmax
from theory.numerics.simulation import LAYERS
from theory.pictures.slides import Slides


def with_softmax(slides: Slides, beta: fmpq) -> Slides:
    """The slides, with the tokens of a softmax run at their layers beside them.

    Beside the limit stands the last layer that is simulated. A token keeps its role. Raises
    `HardmaxError` where the floats overflow.

    >>> from theory import Configuration, settle
    >>> both = with_softmax(Slides.of(settle(Configuration([[2], [1]], alpha=1))), fmpq(10))
    >>> [(name, [slide.title for slide in shown]) for name, shown in both.beside]
    [('softmax, β = 10', ['layer 0', 'layer 1', 'layer 2', 'layer 200'])]
    """
    limits = len(slides.slides) - len(slides.layers)
    layers = [*slides.layers, *[max(LAYERS, *slides.layers)] * limits]
    tokens = softmax.tokens(slides.configuration, beta, layers)
    nobody = ((),) * slides.configuration.size
    shown = tuple(
        replace(slide, title=f"layer {k}", tokens=tokens[k], pattern=nobody)
        for k, slide in zip(layers, slides.slides, strict=True)
    )
    return replace(slides, beside=(*slides.beside, (f"softmax, β = {text(beta)}", shown)))
