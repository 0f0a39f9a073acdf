"""How good a classifier is, and what it is to be compared with.

evaluation   accuracy and loss on labelled texts; agreement of finite and infinite depth
rivals       majority, VADER's compound score, TF-IDF with logistic regression, and that with our
             features and VADER's scores; `regressions` by themselves
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment import checking, labels
from sentiment.classifier import SentimentClassifier
from sentiment.corpora import Corpus
from sentiment.model import loss
from sentiment.reading import Reading
from sentiment.reliability import expected_error, reliability
from theory import HardmaxError, Undecided
from theory.exact import shorten

COMPOUND = 3
"""Which of VADER's four scores (negative, neutral, positive, compound) is the summary."""

STRENGTH = 40.0
"""C of the regression with our features: the best of 1, 3, 10, 20, 40 and 100 in the mean of three
validation splits of the training films of Rotten Tomatoes."""


def evaluation(
    model: SentimentClassifier,
    corpus: Corpus,
    finite_depth: int = 8,
    step: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Accuracy, mean logistic loss and more, as a JSON object.

    At infinite depth ``agreement`` is the part of the decided texts on which `finite_depth` layers
    decide alike, and ``accuracy_at_finite_depth`` their accuracy. Texts that are undecided at
    infinite depth are listed, and count nowhere else. ``reliability`` and ``ece`` say how far the
    probabilities are what they say (`sentiment.reliability`). Raises `HardmaxError` for labels
    that the model does not know, and where there are no texts.

    >>> texts = ["a good film", "good fun", "a bad film", "bad, so bad"]
    >>> model = SentimentClassifier(initialisation="log-odds", validation_fraction=0, epochs=2,
    ...                             random_state=0).fit(texts, [1, 1, 0, 0])
    >>> test = Corpus("two", ("good", "so bad"), ("1", "0"))
    >>> evaluation(model, test)["accuracy"]
    1.0
    """
    truth = is_positive(model, corpus)
    bags = model.bags(corpus.texts)
    known = np.array([len(bag.ids) > 0 for bag in bags])
    logits = np.empty(len(bags))
    undecided: list[int] = []
    deep = checking.depth(model.depth) == inf
    if not deep:
        logits[:] = model.finite_logits(bags, checking.depth(model.depth))
    for place, bag in enumerate(bags):
        step()
        if deep:
            limit = model.limit_logit(bag)
            if isinstance(limit, Undecided):
                undecided.append(place)
            else:
                logits[place] = limit
    decided = np.ones(len(bags), dtype=bool)
    decided[undecided] = False
    if not decided.any():
        raise HardmaxError("every text is undecided at infinite depth")
    told = 1 / (1 + np.exp(-np.clip(logits[decided], -700, 700)))
    bins = reliability(told, truth[decided])
    record = {
        "texts": len(bags),
        "depth": model.depth,
        "alpha": model.parameters_.alpha,
        "accuracy": _rate((logits > 0) == truth, decided),
        "log_loss": float(loss(logits[decided], truth[decided]).mean()),
        "ece": expected_error(bins),
        "reliability": [vars(b) for b in bins],
        "without_known_word": int((~known).sum()),
        "undecided": undecided,
    }
    if deep:
        shallow = model.finite_logits(bags, finite_depth)
        record["finite_depth"] = finite_depth
        record["agreement"] = _rate((logits > 0) == (shallow > 0), decided)
        record["accuracy_at_finite_depth"] = _rate((shallow > 0) == truth, decided)
    return record


def rivals(
    model: SentimentClassifier, training: Corpus | None, tested: Corpus
) -> dict[str, float | None]:
    """The accuracies of simple classifiers; None where the texts of training are wanted and absent.

    majority : the commonest class of training (of the tested texts, where there is no training).
    vader : positive iff VADER's compound score is above 0.
    tfidf : logistic regression on TF-IDF of words, scikit-learn's defaults.
    tfidf_bigrams : the same on words and pairs, sublinear counts, C = 10.
    tfidf_vader : the same on what our model reads, words marked after a negation and all pairs,
        with VADER's four scores as further features, C = `STRENGTH`.
    """
    truth = is_positive(model, tested)
    sample = is_positive(model, tested if training is None else training)
    common = bool(2 * sample.sum() > len(sample))
    everywhere = np.ones(len(truth), dtype=bool)
    accuracies: dict[str, float | None] = {
        "majority": _rate(truth == common, everywhere),
        "vader": _rate((vader_scores(tested.texts)[:, COMPOUND] > 0) == truth, everywhere),
    }
    for name, regression in regressions().items():
        accuracies[name] = None
        if training is not None:
            regression.fit(training.texts, is_positive(model, training))
            accuracies[name] = _rate(regression.predict(tested.texts) == truth, everywhere)
    return accuracies


def vader_scores(texts: Sequence[str]) -> NDArray[np.float64]:
    """VADER's four scores of each text: negative, neutral, positive, compound."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    return np.array([list(analyser.polarity_scores(text).values()) for text in texts])


def regressions(
    scores: Callable[[Sequence[str]], NDArray[np.float64]] = vader_scores,
) -> dict[str, Any]:
    """The regressions of `rivals` by name, not fitted; `scores` has VADER's of each text."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.preprocessing import FunctionTransformer

    read = partial(_read, Reading(negation=4, ngrams=2))
    ours = TfidfVectorizer(analyzer=read, sublinear_tf=True)
    pipelines = {}
    for name, features, strength in (
        ("tfidf", TfidfVectorizer(), 1.0),
        ("tfidf_bigrams", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), 10.0),
        ("tfidf_vader", make_union(ours, FunctionTransformer(scores)), STRENGTH),
    ):
        pipelines[name] = make_pipeline(features, LogisticRegression(C=strength, max_iter=1000))
    return pipelines


def _read(reading: Reading, text: str) -> list[str]:
    return [feature.name for feature in reading.features(text)]


def matched(model: SentimentClassifier, corpus: Corpus) -> Corpus:
    """The corpus with the model's labels for its own (`sentiment.labels.matched`).

    Raises `HardmaxError` where it cannot be told which label means which, and without texts.
    """
    if not len(corpus):
        raise HardmaxError(f"{corpus.name}: no texts")
    classes = [str(label) for label in model.classes_]
    meaning = labels.matched(corpus.classes, classes, str(model.positive_))
    if meaning is None:
        strange = [label for label in corpus.classes if label not in classes]
        raise HardmaxError(
            f"{corpus.name}: the label {shorten(repr(strange[0]))} is none of the model's "
            f"{', '.join(shorten(repr(label)) for label in classes)}"
        )
    return corpus.relabelled(meaning)


def is_positive(model: SentimentClassifier, corpus: Corpus) -> NDArray[np.bool_]:
    """Which texts are labelled positive. Raises `HardmaxError` as `matched` does."""
    named = matched(model, corpus)
    return np.array([label == str(model.positive_) for label in named.labels])


def _rate(right: NDArray[np.bool_], counted: NDArray[np.bool_]) -> float:
    return float(right[counted].mean())
