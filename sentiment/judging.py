"""What a fitted model knows of a text, for `sentiment.cautions`: the strengths of its words.

judged     why a decision should not be relied on, if so, and what else a reader should know
strengths  what features say by themselves, in logits
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sentiment.anchor import PARTS
from sentiment.cautions import Evidence, cannot_tell, cautions
from sentiment.model import Parameters
from sentiment.reading import Feature
from sentiment.scope import PLAIN

if TYPE_CHECKING:
    from sentiment.classifier import SentimentClassifier
    from sentiment.vocabulary import Bag


def judged(
    model: "SentimentClassifier", given: str, features: Sequence[Feature], bag: "Bag", logit: float
) -> tuple[str | None, tuple[str, ...]]:
    """Why the decision should not be relied on, or None; and what else a reader should know.

    features, bag : what `model` reads in the text. logit : of its decision.
    """
    names = model.vocabulary_.names
    values = strengths(model.parameters_, bag.ids).tolist()
    known = {names[number]: value for number, value in zip(bag.ids.tolist(), values, strict=True)}
    evidence = Evidence(given, features, known, logit, model.vocabulary_.languages)
    return cannot_tell(evidence), cautions(evidence)


def strengths(parameters: Parameters, ids: NDArray[np.int32]) -> NDArray[np.float64]:
    """How far each feature speaks for the positive class, in logits.

    With an anchor that is its strength, which its multiplicity tells (`sentiment.anchor`), 0 of
    weak features; without, its height over the decoder's hyperplane.
    """
    heights = parameters.embedding[ids].astype(np.float64) @ parameters.weights
    if parameters.masses is None:
        return np.asarray(heights + parameters.bias)
    return np.asarray(np.sign(heights) * parameters.masses[ids] * (PLAIN / PARTS))
