"""Designs of attention over the same strengths, decoded alike: what `benchmarks.leaders` compares.

    divided      the films of a corpus, divided once more: one part is never fitted on
    Read         a divided corpus as bags of features, with parts for a cross-validation
    Fits         strengths of all features, fitted without each part in turn and on all texts
    decided      a design with its decoder, fitted on texts that the strengths have not seen
    summed, anchored, topical, arched, strongest    the designs

A *design* turns strengths into a function from bags to points (n, k). The decoder is the logistic
regression of the labels on the points, as in `sentiment.fitting`; `summed` is no attention: the sum
of all strengths in the text, over √(n + 8).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD

from sentiment import checking
from sentiment.anchor import THRESHOLD, Anchor, placed
from sentiment.classifier import SentimentClassifier
from sentiment.corpora import Corpus, split_groups
from sentiment.labels import positive
from sentiment.lexicon import vader_lexicon
from sentiment.model import Floats, Parameters, means
from sentiment.reading import Reading
from sentiment.strengths import LENGTH, Known, Values, fitted, matrix
from sentiment.training import decoder
from sentiment.vocabulary import Bag, Vocabulary

INSIDE = 0.75
"""The part of the texts that strengths and decoders are fitted on."""

DEEP = 30
"""Layers that stand for infinitely many: of what is left after the first, 3^−29 at α = 2."""

DEFAULT: dict[str, Any] = SentimentClassifier().get_params()

Labels = NDArray[np.bool_]
Points = Callable[[Sequence[Bag]], Floats]
"""From bags to points (n, k)."""


@dataclass(frozen=True)
class Divided:
    """A corpus in two parts that share no group."""

    training: Corpus
    validation: Corpus
    seed: int

    @cached_property
    def counted(self) -> dict[int, list[Any]]:
        """The texts of both parts, read as words, and as words and pairs."""
        texts = (*self.training.texts, *self.validation.texts)
        negation = DEFAULT["negation"]
        return {n: [Reading(negation, n).counts(text) for text in texts] for n in (1, 2)}


def divided(corpus: Corpus, seed: int) -> Divided:
    """The part to fit on, and the part to hold the results against."""
    inside = split_groups(corpus.groups or (), INSIDE, seed)
    return Divided(corpus.part(inside), corpus.part(~inside), seed)


def labels_of(corpus: Corpus) -> Labels:
    """Which texts are of the positive class."""
    best = positive(corpus.classes) or corpus.classes[-1]
    return np.array([label == best for label in corpus.labels])


@dataclass(frozen=True, eq=False)
class Read:
    """A divided corpus as bags.

    parts : of the cross-validation, as `SentimentClassifier` has them with `random_state=seed`.
    """

    known: Known
    bags: Sequence[Bag]
    labels: Labels
    parts: NDArray[np.intp]
    held: Sequence[Bag]
    held_labels: Labels

    @classmethod
    def of(cls, texts: Divided, ngrams: int = 1, least: int = 5, lexicon: bool = True) -> "Read":
        """`least`: texts that a pair is wanted in. Without the lexicon no word has a rating."""
        counts, size = texts.counted[ngrams], len(texts.training)
        ratings = vader_lexicon() if lexicon else {}
        vocabulary = Vocabulary.of(counts[:size], 1, least, ratings or None, marked=True)
        bags = [vocabulary.bag(document) for document in counts]
        labels = labels_of(texts.training)
        seed = int(np.random.RandomState(texts.seed).randint(2**31 - 1))
        fraction = DEFAULT["validation_fraction"]
        parts = checking.folds(labels, texts.training.groups, fraction, seed)
        known = Known.of(vocabulary, ratings)
        told = labels_of(texts.validation)
        return cls(known, bags[:size], labels, parts, bags[size:], told)


@dataclass(frozen=True, eq=False)
class Fits:
    """The strengths of all features: without each part in turn (`without`), and on all texts."""

    read: Read
    without: Sequence[Values]
    of_all: Values

    @classmethod
    def of(cls, read: Read, leave_one_out: bool = True, remainders: bool = True) -> "Fits":
        """With the classifier's settings by default.

        Not `leave_one_out`: with log-odds in which each text counts itself. Not `remainders`:
        strengths are ratings and log-odds alone.
        """

        def strengths(chosen: Labels) -> Values:
            lean, smoothing = DEFAULT["lexicon_scale"], DEFAULT["smoothing"]
            fit, statistics = fitted(
                [read.bags[i] for i in np.flatnonzero(chosen).tolist()], read.labels[chosen],
                read.known, lean, smoothing, DEFAULT["C"], leave_one_out,
            )  # fmt: skip
            if not remainders:
                fit = replace(fit, remainders=np.zeros_like(fit.remainders))
            return fit.of(read.known, statistics, lean, smoothing, DEFAULT["unrated"])

        count = int(read.parts.max()) + 1
        without = [strengths(read.parts != part) for part in range(count)]
        return cls(read, without, strengths(np.ones(len(read.bags), dtype=bool)))

    @cached_property
    def alone(self) -> Floats:
        """The held-out texts' logits without attention."""
        points, weights, bias = decided(self, summed)
        return np.asarray(points(self.read.held) @ weights + bias)


def decided(
    fits: Fits, design: Callable[[Values], Points], coordinates: int | None = None
) -> tuple[Points, Floats, float]:
    """The design with the strengths of all texts, and the weights and bias of its decoder.

    The decoder is fitted on points of each part, by strengths that were fitted without it.
    `coordinates` : how many of the points' it reads; all by default.
    """
    read = fits.read
    parts = []
    for part, values in enumerate(fits.without):
        inside = np.flatnonzero(read.parts == part)
        parts.append((inside, design(values)([read.bags[i] for i in inside.tolist()])))
    points = np.zeros((len(read.bags), parts[0][1].shape[1]))
    for inside, there in parts:
        points[inside] = there
    some = np.array([len(bag.ids) > 0 for bag in read.bags])
    weights, bias = decoder(points[some, :coordinates], read.labels[some])
    padded = np.zeros(points.shape[1])
    padded[: len(weights)] = weights
    return design(fits.of_all), padded, bias


def prior(labels: Labels) -> float:
    """The log-odds of the classes."""
    return log(labels.sum()) - log((~labels).sum())


def summed(values: Values) -> Points:
    """No attention: the sum of strengths over √(n + 8), (N, 1)."""

    def points(bags: Sequence[Bag]) -> Floats:
        said = matrix(bags, len(values))
        lengths = np.asarray(said.sum(axis=1)).ravel()
        return np.asarray(said @ values / np.sqrt(lengths + LENGTH))[:, None]

    return points


def attended(parameters: Parameters) -> Points:
    """The means after as many layers as the classifier has; more change them by 0.0002 at most."""
    return lambda bags: means(parameters, bags, DEFAULT["depth"])


Placed = Callable[[Values], Parameters]


def anchored(read: Read, mass: float, spread: float) -> Placed:
    """The classifier's design (`sentiment.anchor`)."""

    def design(values: Values) -> Parameters:
        anchor = Anchor(mass, spread)
        embedding, masses = placed(anchor, values, read.known.functional, 2)
        return _model(read, embedding, masses, anchor.multiplicity)

    return design


def topical(read: Read, dimension: int, width: float) -> Placed:
    """The same in R^d, where leading words lie apart by topic, `width` off the first axis.

    Topics are the leading singular vectors of texts by words, scaled to length 1 for each word: a
    word follows the strongest of its side that lies near it.
    """
    plain = anchored(read, DEFAULT["anchor"], DEFAULT["spread"])
    said = matrix(read.bags, len(read.known.vocabulary))
    svd = TruncatedSVD(dimension - 2, random_state=0).fit(said.log1p())
    topics = svd.components_.T - svd.components_.T.mean(axis=0)
    topics /= np.maximum(np.linalg.norm(topics, axis=1, keepdims=True), 1e-9)

    def design(values: Values) -> Parameters:
        model = plain(values)
        leads = (np.abs(values) >= THRESHOLD) & ~read.known.functional
        height = np.where(leads, np.abs(model.embedding[:-1, 0]), 0.0)
        apart = np.zeros((len(model.embedding), dimension - 2))
        apart[:-1] = width * height[:, None] * topics
        whole = np.concatenate([model.embedding, apart.astype(np.float32)], axis=1)
        return _model(read, whole, model.masses, model.anchor)

    return design


def arched(read: Read, positives: float, negatives: float, own_axes: bool = False) -> Placed:
    """No anchor: words of strength u at height arc·√(R² − u²), an arc and an R for each class.

    With `own_axes` each class has a second axis of its own, so that no word attends across.
    """

    def design(values: Values) -> Parameters:
        embedding = np.random.default_rng(0).normal(0, 1e-3, (len(values) + 1, 2 + own_axes))
        embedding[:-1, 0] += values
        for number, (side, arc) in enumerate(((values > 0, positives), (values <= 0, negatives))):
            reach = np.max(np.abs(values[side]), initial=0.0)
            height = arc * np.sqrt(reach**2 - values**2, where=side, out=np.zeros(len(values)))
            embedding[:-1, 1 + number * own_axes] += height
        return _model(read, embedding[:-1].astype(np.float32), None, 0)

    return design


def strongest(values: Values) -> Points:
    """The decoder on leaders only: the least and the greatest strength of each text, (N, 2).

    Words below the threshold count as 0, and so does a side without words.
    """
    kept = np.where(np.abs(values) < THRESHOLD, 0.0, values)

    def points(bags: Sequence[Bag]) -> Floats:
        ends = [[kept[bag.ids].min(initial=0), kept[bag.ids].max(initial=0)] for bag in bags]
        return np.array(ends).reshape(-1, 2)

    return points


def ruled(read: Read, values: Values) -> Values:
    """The strengths, 0 for function words: they lead no text."""
    return np.where(read.known.functional, 0.0, values)


def decoded(fits: Fits, design: Placed, coordinates: int | None = None) -> Parameters:
    """A design of attention with its decoder, fitted as `decided` has it."""
    _, weights, bias = decided(fits, lambda values: attended(design(values)), coordinates)
    model = design(fits.of_all)
    return replace(model, weights=weights.astype(np.float32), bias=float(np.float32(bias)))


def _model(
    read: Read, embedding: NDArray[np.float32], masses: NDArray[np.float32] | None, anchor: int
) -> Parameters:
    axis = np.eye(1, embedding.shape[1], dtype=np.float32)[0]
    alpha, odds = DEFAULT["alpha_min"], prior(read.labels)
    return Parameters(embedding, axis, 0.0, alpha, odds, masses, anchor)
