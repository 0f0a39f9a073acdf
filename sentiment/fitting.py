"""How a model with a neutral anchor is fitted: strengths, places, and an honest decoder.

1. The texts are divided into parts, by group where there are groups (`checking.folds`).
2. For each part the strengths of features are fitted on all the others (`sentiment.strengths`) and
   placed (`sentiment.anchor`); the texts of the part go through the layers of attention.
3. The decoder is the logistic regression of the labels on the first coordinates of these means. So
   its scale and bias are learned from texts that the strengths had not seen, and probabilities are
   not too sure of themselves; `Calibration` tells how sure they may be.
4. Strengths are fitted and placed once more, on all texts.

Without parts the decoder is fitted on the texts themselves, and no calibration is known.

    Fitted   the parameters, and what `updated` needs
    fit      steps 1 to 4
    trained  the same without an anchor, by gradients
    updated  more texts learned from by adding their counts
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from sentiment.anchor import Anchor, placed
from sentiment.model import Floats, Parameters, logits, means
from sentiment.reliability import Calibration
from sentiment.strengths import Known, Statistics, Strengths, fitted
from sentiment.training import Epoch, Settings, decoder, initial, kept, train
from sentiment.vocabulary import Bag, Vocabulary
from theory.exact import HardmaxError


@dataclass(frozen=True)
class Fitted:
    """The model, and what it was made of.

    strengths, statistics : None without an anchor. calibration : None where nothing was held out.
    history : how it stood on held-out texts, epoch by epoch where there are any.
    """

    vocabulary: Vocabulary
    parameters: Parameters
    strengths: Strengths | None
    statistics: Statistics | None
    calibration: Calibration | None
    history: tuple[Epoch, ...]


def fit(
    settings: Settings,
    vocabulary: Vocabulary,
    lexicon: Mapping[str, float],
    bags: Sequence[Bag],
    labels: NDArray[np.bool_],
    parts: NDArray[np.intp],
) -> Fitted:
    """The model of these texts; `labels` are true for the class of positive logit."""
    known = Known.of(vocabulary, lexicon)
    any_known = np.array([len(bag.ids) > 0 for bag in bags])
    points: Floats = np.zeros(len(bags))
    count = int(parts.max()) + 1
    for part in range(count if count > 1 else 0):
        inside = np.flatnonzero(parts == part).tolist()
        strengths, statistics = _strengths(settings, known, bags, labels, parts != part)
        model = _parameters(settings, known, strengths, statistics)
        points[inside] = means(model, [bags[i] for i in inside], settings.depth)[:, 0]
    strengths, statistics = _strengths(settings, known, bags, labels, np.ones(len(bags), bool))
    model = _parameters(settings, known, strengths, statistics)
    if count == 1:
        points = means(model, bags, settings.depth)[:, 0]
    slope, bias = decoder(points[any_known, None], labels[any_known])
    scale, shift = np.float32(slope[0]), float(np.float32(bias))
    calibration = None
    if count > 1:
        told = np.where(any_known, points * scale + shift, model.prior)
        calibration = Calibration.of(told, labels, count)
    decoded = replace(model, weights=model.weights * scale, bias=shift)
    return Fitted(
        vocabulary, decoded, strengths, statistics, calibration, (_epoch(decoded, calibration),)
    )


def updated(
    settings: Settings,
    before: Fitted,
    lexicon: Mapping[str, float],
    documents: Sequence[Mapping[str, int]],
    labels: NDArray[np.bool_],
    names: Sequence[str],
) -> Fitted:
    """The model after these further texts, whose features among `names` are learned as well.

    Counts are added; what the regression fitted and the decoder stay as they are. So the result
    depends neither on the order of texts nor on how they are divided between several updates.
    Raises `HardmaxError` for a model without an anchor.
    """
    strengths, statistics = before.strengths, before.statistics
    if strengths is None or statistics is None:
        raise HardmaxError("a model without an anchor cannot learn from further texts; fit it")
    vocabulary = Vocabulary(tuple(sorted({*before.vocabulary.names, *names})))
    bags = [vocabulary.bag(document) for document in documents]
    numbers = np.array([vocabulary.index[name] for name in before.vocabulary.names], dtype=np.intp)
    counted = np.zeros((2, len(vocabulary)), dtype=np.int64)
    counted[:, numbers] = statistics.with_feature
    remainders = np.zeros(len(vocabulary))
    remainders[numbers] = strengths.remainders
    strengths = replace(strengths, remainders=remainders)
    statistics = Statistics(counted, statistics.texts).plus(
        Statistics.of(bags, labels, len(vocabulary))
    )
    known = Known.of(vocabulary, lexicon)
    model = _parameters(settings, known, strengths, statistics)
    old = before.parameters
    decoded = replace(model, weights=old.weights, bias=old.bias, alpha=old.alpha)
    return Fitted(vocabulary, decoded, strengths, statistics, before.calibration, before.history)


def trained(
    settings: Settings,
    documents: Sequence[Mapping[str, int]],
    labels: NDArray[np.bool_],
    held: NDArray[np.bool_],
    refit: bool,
    lexicon: Mapping[str, float],
    vocabulary_of: Callable[[Sequence[Mapping[str, int]]], Vocabulary],
    seed: int,
    report: Callable[[Epoch], None],
) -> Fitted:
    """A model without an anchor, trained by gradients on the texts that are not held out.

    With `refit` it is trained once more on all texts, as long as was best on those held out.
    Raises `FloatingPointError` where training diverges.
    """

    def once(told: Settings, held: NDArray[np.bool_]) -> Fitted:
        inside = np.flatnonzero(~held).tolist()
        vocabulary = vocabulary_of([documents[i] for i in inside])
        bags = [vocabulary.bag(document) for document in documents]
        rng = np.random.default_rng(seed)
        start = initial(told, vocabulary, lexicon, [bags[i] for i in inside], labels[inside], rng)
        parameters, history = train(told, start, bags, labels, held, rng, report)
        return Fitted(vocabulary, parameters, None, None, None, history)

    first = once(settings, held)
    if not held.any():
        return first
    outside = [first.vocabulary.bag(documents[i]) for i in np.flatnonzero(held).tolist()]
    calibration, slope, shift = calibrated(first.parameters, outside, labels[held], settings.depth)
    last = first
    if refit:
        last = once(replace(settings, epochs=kept(first.history).number), np.zeros_like(held))
    parameters = rescaled(last.parameters, slope, shift)
    return replace(last, parameters=parameters, calibration=calibration, history=first.history)


def calibrated(
    parameters: Parameters, bags: Sequence[Bag], labels: NDArray[np.bool_], depth: float
) -> tuple[Calibration | None, float, float]:
    """How well a model's logits are calibrated once they are rescaled, and slope and shift of that.

    The texts are held-out ones. A model whose logits do not rise with the label stays as it is.
    """
    told = logits(parameters, bags, depth)
    slope, shift = decoder(told[:, None], labels)
    if labels.all() or not labels.any() or slope[0] <= 0:
        return None, 1.0, 0.0
    return Calibration.of(told * slope[0] + shift, labels, 1), float(slope[0]), shift


def rescaled(parameters: Parameters, slope: float, shift: float) -> Parameters:
    """The model with logits slope · logit + shift."""
    weights = (parameters.weights * slope).astype(np.float32)
    return replace(
        parameters, weights=weights, bias=float(np.float32(parameters.bias * slope + shift))
    )


def _epoch(parameters: Parameters, calibration: Calibration | None) -> Epoch:
    """The one entry of the history of a model that is fitted at once."""
    if calibration is None:
        return Epoch(0, parameters.alpha, None, None, None)
    return Epoch(0, parameters.alpha, None, calibration.log_loss, calibration.accuracy)


def _strengths(
    settings: Settings,
    known: Known,
    bags: Sequence[Bag],
    labels: NDArray[np.bool_],
    chosen: NDArray[np.bool_],
) -> tuple[Strengths, Statistics]:
    texts = [bags[i] for i in np.flatnonzero(chosen).tolist()]
    lean, smoothing = settings.lexicon_scale, settings.smoothing
    return fitted(texts, labels[chosen], known, lean, smoothing, settings.C)


def _parameters(
    settings: Settings,
    known: Known,
    strengths: Strengths,
    statistics: Statistics,
) -> Parameters:
    """The placed features, with a decoder that reads the first coordinate as it is."""
    lean, smoothing = settings.lexicon_scale, settings.smoothing
    values = strengths.of(known, statistics, lean, smoothing, settings.unrated)
    anchor = Anchor(settings.anchor, settings.spread)
    embedding, masses = placed(anchor, values, known.functional, settings.dimension)
    negatives, positives = statistics.texts.tolist()
    alpha = settings.alpha_min if settings.alpha is None else settings.alpha
    axis = np.eye(1, settings.dimension, dtype=np.float32)[0]
    prior = log(positives) - log(negatives)
    return Parameters(embedding, axis, 0.0, float(alpha), prior, masses, anchor.multiplicity)
