"""An explanation as a picture in the plane: tokens, limits, leaders, and the decoder's line.

The picture is the way of each token to its limit, as `theory.pictures.figures.draw_configuration`
draws it, with the line ⟨v, x⟩ + b = 0 on which the logit is 0 and the mean of the limits: the
review is positive iff the mean is on the line's positive side.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flint import fmpq

from sentiment.explanation import Explanation
from theory import HardmaxError
from theory.exact import visible
from theory.pictures.figures import draw_journey, suffix_of
from theory.pictures.scene import journey
from theory.readable import label, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_explanation(explanation: Explanation, path: str | Path | None = None) -> "Figure":
    """The picture of an explanation, saved to `path` (.svg or .png) if given.

    Raises `HardmaxError` unless the model has dimension 2 and the text a known word, for another
    suffix, and without matplotlib.

    >>> from sentiment import SentimentClassifier, explain
    >>> texts = ["a good film", "good fun", "a bad film", "bad, so bad"]
    >>> model = SentimentClassifier(initialisation="log-odds", validation_fraction=0, epochs=2,
    ...                             random_state=0).fit(texts, [1, 1, 0, 0])
    >>> [axes.get_title()[:5] for axes in draw_explanation(explain(model, "good fun")).axes]
    ['logit']
    """
    resolved = explanation.resolved
    if resolved is None:
        raise HardmaxError("the text has no known word: there is nothing to draw")
    if len(resolved.weights) != 2:
        raise HardmaxError(f"dimension {len(resolved.weights)}: the picture wants dimension 2")
    if path is not None:
        suffix_of(path)
    limits = resolved.equilibrium.limits
    mean = tuple(
        sum((p * z[s] for p, z in zip(resolved.portions, limits, strict=True)), fmpq(0))
        for s in (0, 1)
    )
    labels = resolved.settled.configuration.labels or ()
    # the words of a review lie close: only the leaders' are told
    scene = replace(
        journey(
            resolved.settled,
            [leader.place for leader in explanation.leaders],
            lambda place: label(visible(labels[place])),
        ),
        line=(resolved.weights, resolved.bias),
        mean=mean,
    )
    side = ">" if explanation.logit > 0 else "≤"
    title = f"logit {nearest(explanation.logit):.3f} {side} 0 at the mean of the limits"
    return draw_journey(scene, resolved.settled, path, title)
