"""The classifier: a scikit-learn estimator from texts to two classes.

`SentimentClassifier` reads texts (`sentiment.reading`), fits a model with a neutral anchor
(`sentiment.fitting`), or trains one without (`sentiment.training`), and predicts with layers of
true hardmax attention (`sentiment.model`) or, with ``depth="infinite"``, by the exact equilibrium
of each text (`sentiment.limits`).

Needs scikit-learn, the extra ``sentiment``. Saved and loaded by `sentiment.saving`.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from math import copysign, inf
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from sentiment import checking
from sentiment.fitting import Fitted, fit, trained, updated
from sentiment.lexicon import vader_lexicon
from sentiment.limits import resolve
from sentiment.model import Parameters, logits
from sentiment.reading import check_texts
from sentiment.reliability import Calibration
from sentiment.strengths import Statistics, Strengths
from sentiment.training import Epoch, Settings, kept
from sentiment.vocabulary import Bag, Vocabulary
from theory import HardmaxError, Undecided
from theory.readable import nearest

TINIEST = 5e-324
"""The least float above 0."""


class SentimentClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # untyped bases
    """Hardmax attention over the words of a text, and a linear decoder of their mean.

    Of a text lead at most two words, the strongest for each class, and the *neutral anchor*, a
    token that every text has and that words without a side follow (`sentiment.anchor`). Without an
    anchor the embedding is trained by gradients (`sentiment.training`).

    Parameters
    ----------
    dimension : d, the coordinates of a word; with an anchor at least 2.
    depth : layers of attention, an int ≥ 0, or "infinite". May be changed after fitting.
    alpha : the step α > 0, or "learn".
    alpha_min : the lower bound of a learned α; left free it falls to 0, where leaders mean nothing.
        With an anchor no α is better than another, and "learn" takes this one.
    initialisation : "lexicon", log-odds of the classes and VADER's ratings; "log-odds" alone;
        without an anchor also "random".
    ngrams, negation : longest group of words that is a feature; words marked after a negation.
    min_count, min_count_groups : texts of training that a word, or a group of words, is wanted in.
    smoothing : the pseudo-count of the log-odds.
    lexicon_scale : with an anchor the log-odds that a rating of 1 stands for before any text;
        without, the factor of ratings beside log-odds.
    anchor : the mass of the anchor, in words of strength 1; 0 for none.
    spread : with an anchor, how much farther out stronger words stand.
    unrated : with an anchor, the factor of what is learned of words that the lexicon lacks.
    C : with an anchor, scikit-learn's inverse strength of the ridge.
    validation_fraction : with an anchor the size of the parts of the cross-validation that
        calibrates probabilities; without, the part of texts (of groups, where `fit` gets them) that
        early stopping looks at, and that calibrates. 0 for neither.
    scale, noise : without an anchor, of the initial embedding: the length of its sentiment axis,
        the spread of the other axes.
    arc : without an anchor, how high neutral words begin on the second axis, from 0 to 1 (where no
        word attends to another); see `sentiment.training`.
    dropout, decay, learning_rate, batch_size, epochs, patience, refit : without an anchor, of Adam:
        the part of places that each pass leaves out; how strongly embeddings are held to where they
        began; its rate, texts a step, and passes; passes without a better validation accuracy after
        which it ends; whether it is done again on all texts, as long as was best in validation.
    positive : the label of the positive class; by default the greater of two numbers, the positive
        one of two known words (`sentiment.labels`), else the last.
    random_state : an int makes everything reproducible.
    progress : whether each epoch is told on stderr.

    Attributes after fitting: ``classes_``, ``positive_``, ``vocabulary_``, ``reading_``,
    ``parameters_``, ``history_`` (an `Epoch` each, of the training with validation), ``n_iter_``,
    ``calibration_`` (a `Calibration`, or None where nothing was held out), ``settings_`` (those of
    the fit, which `partial_fit` goes by), and with an anchor ``strengths_`` and ``statistics_``,
    else None.

    `fit` raises `HardmaxError`, a `ValueError`, unless there are two classes, texts are strings
    and the parameters make sense.

    Possible issues: a text without a known word gets the prior, the classes' log-odds in training;
    `known` tells which. A logit of exactly 0 is not the positive class. A word whose embedding is
    0 (it breaks the theory's hypotheses) is dropped; `bags` does it.

    >>> texts = ["a good film", "good fun", "a bad film", "bad, so bad"]
    >>> model = SentimentClassifier(initialisation="log-odds", validation_fraction=0, epochs=2,
    ...                             random_state=0).fit(texts, [1, 1, 0, 0])
    >>> model.predict(["good", "bad film"]).tolist()
    [1, 0]
    >>> model.set_params(depth="infinite").predict(["good", "bad film"]).tolist()
    [1, 0]
    """

    def __init__(
        self,
        dimension: int = 2,
        depth: int | Literal["infinite"] = 8,
        alpha: float | Literal["learn"] = "learn",
        alpha_min: float = 2.0,
        initialisation: str = "lexicon",
        ngrams: int = 1,
        negation: int = 4,
        min_count: int = 1,
        min_count_groups: int = 5,
        scale: float = 1.0,
        lexicon_scale: float = 0.5,
        smoothing: float = 1.0,
        noise: float = 0.01,
        arc: float = 0.8,
        dropout: float = 0.5,
        decay: float = 3e-4,
        learning_rate: float = 0.001,
        batch_size: int = 128,
        epochs: int = 2,
        validation_fraction: float = 0.15,
        patience: int = 2,
        refit: bool = True,
        positive: Any = None,
        random_state: Any = None,
        progress: bool = False,
        anchor: float = 4.0,
        spread: float = 0.4,
        unrated: float = 0.8,
        C: float = 1.0,
    ) -> None:
        self.dimension = dimension
        self.depth = depth
        self.alpha = alpha
        self.alpha_min = alpha_min
        self.initialisation = initialisation
        self.ngrams = ngrams
        self.negation = negation
        self.min_count = min_count
        self.min_count_groups = min_count_groups
        self.scale = scale
        self.lexicon_scale = lexicon_scale
        self.smoothing = smoothing
        self.noise = noise
        self.arc = arc
        self.dropout = dropout
        self.decay = decay
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.refit = refit
        self.positive = positive
        self.random_state = random_state
        self.progress = progress
        self.anchor = anchor
        self.spread = spread
        self.unrated = unrated
        self.C = C

    def __sklearn_tags__(self) -> Any:
        """Texts in, two classes out."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.classifier_tags.multi_class = False
        return tags

    def fit(
        self, X: Iterable[str], y: ArrayLike, groups: Sequence[Any] | None = None
    ) -> "SentimentClassifier":
        """Train on texts `X` with labels `y`. Validation keeps `groups`, if given, together."""
        settings = checking.settings(self.get_params(deep=False))
        reading = checking.reading(self.get_params(deep=False))
        texts = check_texts(X)
        classes, numbers = checking.classes(y, len(texts))
        positive = checking.positive(classes, self.positive)
        labels: NDArray[np.bool_] = numbers == list(classes).index(positive)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        documents = [reading.counts(text) for text in texts]
        try:
            with threadpool_limits(1):  # products are small: two threads take ten times one's time
                fitted = self._fitted(settings, documents, labels, groups, seed)
        except MemoryError:
            raise HardmaxError(
                f"not enough memory for dimension {settings.dimension}: lower dimension, or raise "
                "min_count"
            ) from None
        except FloatingPointError as error:
            raise HardmaxError(
                f"training diverged: {error}; lower learning_rate = {self.learning_rate}"
            ) from None
        self.classes_ = classes
        self.positive_ = positive
        self.reading_ = reading
        self.settings_: Settings = settings
        self._keep(fitted)
        return self

    def partial_fit(
        self, X: Iterable[str], y: ArrayLike, classes: Iterable[Any] | None = None
    ) -> "SentimentClassifier":
        """Learn from further labelled texts, without forgetting those of before.

        The counts of texts add up, and with them the log-odds: afterwards they are those of all
        texts together, in whatever order and portions they came. What the regression of `fit`
        fitted, the decoder and the calibration stay as they are. A model that is not fitted is
        fitted by `fit`. `classes` is taken for scikit-learn's sake, and compared. Raises
        `HardmaxError` for labels that `fit` did not have, and for a model without an anchor.

        >>> texts = ["a good film", "good fun", "a bad film", "bad, so bad"]
        >>> model = SentimentClassifier(random_state=0).fit(texts, [1, 1, 0, 0])
        >>> model.known(["gobsmacking"]).tolist()
        [False]
        >>> model = model.partial_fit(["gobsmacking", "a gobsmacking day"], [1, 1])
        >>> model.predict(["gobsmacking", "bad"]).tolist()
        [1, 0]
        """
        if not hasattr(self, "parameters_"):
            return self.fit(X, y)
        known = self.classes_.tolist()
        told = known if classes is None else list(classes)
        if not (all(label in known for label in told) and all(label in told for label in known)):
            raise HardmaxError(f"classes = {told!r}; the model has {known!r}")
        texts = check_texts(X)
        labels = checking.labels_of(y, len(texts), known)
        positive: NDArray[np.bool_] = np.array([label == self.positive_ for label in labels], bool)
        documents = [self.reading_.counts(text) for text in texts]
        names = Vocabulary.of(documents, *self._least, marked=bool(self.negation)).names
        before = Fitted(
            self.vocabulary_, self.parameters_, self.strengths_, self.statistics_,
            self.calibration_, self.history_,
        )  # fmt: skip
        self._keep(updated(self.settings_, before, self._lexicon(), documents, positive, names))
        return self

    def _keep(self, fitted: Fitted) -> None:
        """The attributes that fitting sets."""
        self.vocabulary_ = fitted.vocabulary
        self.parameters_: Parameters = fitted.parameters
        self.strengths_: Strengths | None = fitted.strengths
        self.statistics_: Statistics | None = fitted.statistics
        self.calibration_: Calibration | None = fitted.calibration
        self.history_: tuple[Epoch, ...] = fitted.history
        self.n_iter_ = len(fitted.history) - 1

    @property
    def _least(self) -> tuple[int, int]:
        """The texts that a word, and a group of words, is wanted in."""
        return self.min_count, self.min_count_groups

    def _lexicon(self) -> Mapping[str, float]:
        return vader_lexicon() if self.initialisation == "lexicon" else {}

    def _fitted(
        self,
        settings: Settings,
        documents: Sequence[Mapping[str, int]],
        labels: NDArray[np.bool_],
        groups: Sequence[Any] | None,
        seed: int,
    ) -> Fitted:
        """The model with an anchor, or without."""
        lexicon, fraction = self._lexicon(), self.validation_fraction

        def vocabulary_of(chosen: Sequence[Mapping[str, int]]) -> Vocabulary:
            return self._vocabulary(settings, chosen)

        if not settings.anchor:
            held = checking.validation(labels, groups, fraction, seed)
            return trained(
                settings, documents, labels, held, self.refit, lexicon, vocabulary_of, seed,
                self._report,
            )  # fmt: skip
        parts = checking.folds(labels, groups, fraction, seed)
        vocabulary = vocabulary_of(documents)
        bags = [vocabulary.bag(document) for document in documents]
        model = fit(settings, vocabulary, lexicon, bags, labels, parts)
        self._report(model.history[0])
        return model

    def _vocabulary(self, settings: Settings, documents: Sequence[Mapping[str, int]]) -> Vocabulary:
        """The features of the documents. Raises `HardmaxError` where there are none."""
        lexicon, marked = self._lexicon() or None, bool(settings.anchor and self.negation)
        vocabulary = Vocabulary.of(documents, *self._least, lexicon, marked)
        if not len(vocabulary):
            raise HardmaxError("no word is frequent enough: lower min_count, or give more text")
        checking.size(len(vocabulary), settings.dimension)
        return vocabulary

    def bags(self, X: Iterable[str]) -> list[Bag]:
        """Each text as the model sees it: known features, without those at the origin."""
        return self.bags_of(self.reading_.counts(text) for text in check_texts(X))

    def bags_of(self, documents: Iterable[Mapping[str, int]]) -> list[Bag]:
        """Each document, features with their saliences, as the model sees it."""
        check_is_fitted(self, "parameters_")
        bags = [self.vocabulary_.bag(document) for document in documents]
        ids = np.concatenate([np.empty(0, np.int32), *(bag.ids for bag in bags)])
        if self.parameters_.embedding[ids].any(axis=1).all():
            return bags
        away = np.asarray(self.parameters_.embedding.any(axis=1))
        return [Bag(bag.ids[away[bag.ids]], bag.counts[away[bag.ids]]) for bag in bags]

    def known(self, X: Iterable[str]) -> NDArray[np.bool_]:
        """For each text whether it has a known word; the prior decides where it has none."""
        return np.array([bool(len(bag.ids)) for bag in self.bags(X)], dtype=bool)

    def positive_logits(self, X: Iterable[str]) -> NDArray[np.float64]:
        """The logit of the positive class for each text, after `depth` layers.

        At infinite depth each is the exact logit rounded once, and its sign is exact. Raises
        `HardmaxError` for a text that is undecided within the budget of layers.
        """
        return self.bag_logits(self.bags(X))

    def bag_logits(self, bags: Sequence[Bag]) -> NDArray[np.float64]:
        """The logit of the positive class for each bag, as `positive_logits` has it."""
        depth = checking.depth(self.depth)
        if depth != inf:
            return self.finite_logits(bags, depth)
        logits = np.empty(len(bags))
        for place, bag in enumerate(bags):
            limit = self.limit_logit(bag)
            if isinstance(limit, Undecided):
                raise HardmaxError(f"text {place} is undecided: {limit.reason}")
            logits[place] = limit
        return logits

    def finite_logits(self, bags: Sequence[Bag], depth: float) -> NDArray[np.float64]:
        """The logit of the positive class for each bag after `depth` layers, in binary64.

        The batch that a text is in may change its logit's last bit, as the order of a sum does.
        """
        return np.asarray(logits(self.parameters_.as_type(np.float64), bags, depth))

    def decision_function(self, X: Iterable[str]) -> NDArray[np.float64]:
        """The logits, positive toward ``classes_[1]`` as scikit-learn has it."""
        logits = self.positive_logits(X)
        return logits if self.positive_ == self.classes_[1] else -logits

    def predict_proba(self, X: Iterable[str]) -> NDArray[np.float64]:
        """The probability of each class, (n, 2) in the order of ``classes_``."""
        second = 1 / (1 + np.exp(-np.clip(self.decision_function(X), -700, 700)))
        return np.column_stack([1 - second, second])

    def predict(self, X: Iterable[str]) -> NDArray[Any]:
        """The class of each text: the positive one iff its logit is greater than 0."""
        is_positive = self.positive_logits(X) > 0
        positive = int(self.positive_ == self.classes_[1])
        predicted: NDArray[Any] = self.classes_[np.where(is_positive, positive, 1 - positive)]
        return predicted

    @property
    def kept_(self) -> Epoch:
        """The epoch of training whose parameters were kept."""
        return kept(self.history_)

    @property
    def negative_(self) -> Any:
        """The label of the other class."""
        return next(label for label in self.classes_ if label != self.positive_)

    def limit_logit(self, bag: Bag) -> float | Undecided:
        """The logit of the positive class at infinite depth: the nearest float, of exact sign."""
        check_is_fitted(self, "parameters_")
        if not len(bag.ids):
            return self.parameters_.prior
        resolved = resolve(self.parameters_, bag)
        if isinstance(resolved, Undecided):
            return resolved
        sign = (resolved.logit > 0) - (resolved.logit < 0)
        value = nearest(resolved.logit)
        return value if value or not sign else copysign(TINIEST, sign)

    def _report(self, epoch: Epoch) -> None:
        if self.progress:
            parts = [f"epoch {epoch.number}", f"alpha {epoch.alpha:.3f}"]
            if epoch.training_loss is not None:
                parts.append(f"loss {epoch.training_loss:.4f}")
            if epoch.validation_accuracy is not None:
                parts.append(
                    f"validation loss {epoch.validation_loss:.4f}, "
                    f"accuracy {epoch.validation_accuracy:.4f}"
                )
            sys.stderr.write("  ".join(parts) + "\n")
