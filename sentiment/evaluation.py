"""How good a classifier is, and what it is to be compared with.

evaluation   accuracy and loss on labelled texts; agreement of finite and infinite depth
rivals       majority, VADER's compound score, TF-IDF with logistic regression
"""

from collections import Counter
from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment import checking
from sentiment.classifier import SentimentClassifier
from sentiment.corpora import Corpus
from sentiment.model import logits, loss
from theory import HardmaxError, Undecided


def evaluation(
    model: SentimentClassifier,
    corpus: Corpus,
    finite_depth: int = 8,
    step: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Accuracy, mean logistic loss and more, as a JSON object.

    At infinite depth ``agreement`` is the part of the decided texts on which `finite_depth` layers
    decide alike, and ``accuracy_at_finite_depth`` their accuracy. Texts that are undecided at
    infinite depth are listed, and count nowhere else. Raises `HardmaxError` for labels that the
    model does not know, and where there are no texts.
    """
    truth = _truth(model, corpus)
    bags = model.bags(corpus.texts)
    known = np.array([len(bag.ids) > 0 for bag in bags])
    found = np.empty(len(bags))
    undecided: list[int] = []
    deep = checking.depth(model.depth) == inf
    if not deep:
        found[:] = logits(model.parameters_, bags, checking.depth(model.depth))
    for place, bag in enumerate(bags):
        step()
        if deep:
            limit = model.limit_logit(bag)
            if isinstance(limit, Undecided):
                undecided.append(place)
            else:
                found[place] = limit
    decided = np.ones(len(bags), dtype=bool)
    decided[undecided] = False
    if not decided.any():
        raise HardmaxError("every text is undecided at infinite depth")
    record = {
        "texts": len(bags),
        "depth": model.depth,
        "alpha": model.parameters_.alpha,
        "accuracy": _rate((found > 0) == truth, decided),
        "log_loss": float(loss(found[decided], truth[decided]).mean()),
        "without_known_word": int((~known).sum()),
        "undecided": undecided,
    }
    if deep:
        shallow = logits(model.parameters_, bags, finite_depth)
        record["finite_depth"] = finite_depth
        record["agreement"] = _rate((found > 0) == (shallow > 0), decided)
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
    """
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    truth = _truth(model, tested)
    sample = tested if training is None else training
    common = Counter(sample.labels).most_common(1)[0][0] == str(model.positive_)
    analyser = SentimentIntensityAnalyzer()
    scores = np.array([analyser.polarity_scores(text)["compound"] for text in tested.texts])
    everywhere = np.ones(len(truth), dtype=bool)
    found: dict[str, float | None] = {
        "majority": _rate(truth == common, everywhere),
        "vader": _rate((scores > 0) == truth, everywhere),
        "tfidf": None,
        "tfidf_bigrams": None,
    }
    if training is not None:
        labels = _truth(model, training)
        for name, options, strength in (
            ("tfidf", {}, 1.0),
            ("tfidf_bigrams", {"ngram_range": (1, 2), "sublinear_tf": True}, 10.0),
        ):
            predicted = regression(training, labels, tested, options, strength)
            found[name] = _rate(predicted == truth, everywhere)
    return found


def regression(
    training: Corpus,
    labels: NDArray[np.bool_],
    tested: Corpus,
    options: dict[str, Any],
    strength: float,
) -> NDArray[np.bool_]:
    """The predictions of logistic regression on TF-IDF with the given options and C."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectors = TfidfVectorizer(**options)
    fitted = LogisticRegression(C=strength, max_iter=1000).fit(
        vectors.fit_transform(training.texts), labels
    )
    predicted: NDArray[np.bool_] = fitted.predict(vectors.transform(tested.texts))
    return predicted


def _truth(model: SentimentClassifier, corpus: Corpus) -> NDArray[np.bool_]:
    """Which texts are labelled positive."""
    if not len(corpus):
        raise HardmaxError(f"{corpus.name}: no texts")
    labels = [str(label) for label in model.classes_]
    for label in corpus.classes:
        if label not in labels:
            raise HardmaxError(
                f"{corpus.name}: the label {label!r} is none of the model's {labels}"
            )
    return np.array([label == str(model.positive_) for label in corpus.labels])


def _rate(right: NDArray[np.bool_], counted: NDArray[np.bool_]) -> float:
    return float(right[counted].mean())
