r"""How strongly each feature speaks for a class: what a lexicon, counts and a regression say of it.

The *strength* of a feature is what one plain occurrence of it adds to the logit of a text of 17
words, positive for the positive class. It has three parts,

    u_f = (a r_f + b l_f + ρ_f) · U_f,

the rating r_f of a lexicon, the log-odds l_f of the counts, and a remainder ρ_f; U_f is a constant
below 1 for features without a rating where there is a lexicon (they carry over to other text less
well), else 1. A marked feature has the strength of its word besides, turned by `REVERSAL`: what is
known of a word is known of its negation, and what is counted of the negated word is added.

*Log-odds.* With p_c texts of class c that have the feature, of N_c, pseudo-counts s, σ the logistic
function and π_c = N_c/N,

    l_f = log (p₁ + 4 s π₁ σ(m))/N₁ − log (p₀ + 4 s π₀ σ(−m))/N₀,    m = (lean) · r_f :

what is counted nowhere has m, the lexicon's opinion, and many texts outvote it. p and N are sums
over texts, so that more texts are learned from by addition (`Statistics.plus`).

*Fit.* a, b and ρ are those of one logistic regression with a ridge on all texts. A text counts
itself in the log-odds of its features, which would make them look better than they are: in the
regression its own count is taken off (leave-one-out).

    Statistics  the counts, which add up
    Known       what is known of the features beforehand
    Strengths   a, b, ρ, and what they make of counts
    fitted      the regression
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from sentiment.grammar import LIGHT
from sentiment.lexicon import MARK, REVERSAL, valence
from sentiment.pieces import look
from sentiment.scope import PLAIN
from sentiment.valued import Valued
from sentiment.vocabulary import Bag, Vocabulary

Values = NDArray[np.float64]

LENGTH = 8.0
"""A text of n words is divided by √(n + 8): long texts say the same thing several times."""

UNIT = 5.0
"""√(17 + 8): strengths are told for texts of 17 words."""

FREE = 10.0
"""How much longer the columns of rating and log-odds are than those of single features: the ridge
holds these two coefficients hardly at all."""

STEPS = 300
"""Steps of the regression at most; corpora of 400 to 13,000 texts took 20 to 220."""


@dataclass(frozen=True, eq=False)
class Statistics(Valued):
    """Sums over texts of the negative and the positive class.

    with_feature : (2, V), texts that have the feature. texts : (2,).
    """

    with_feature: NDArray[np.int64]
    texts: NDArray[np.int64]

    @classmethod
    def of(cls, bags: Sequence[Bag], labels: NDArray[np.bool_], size: int) -> "Statistics":
        """Of texts with the label that is true for the positive class."""
        counted = np.zeros((2, size), dtype=np.int64)
        for bag, label in zip(bags, labels, strict=True):
            counted[int(label), bag.ids] += 1
        return cls(counted, np.array([(~labels).sum(), labels.sum()], dtype=np.int64))

    def plus(self, other: "Statistics") -> "Statistics":
        """Of the texts of both, for one vocabulary."""
        return Statistics(self.with_feature + other.with_feature, self.texts + other.texts)


def log_odds(statistics: Statistics, prior: Values, smoothing: float) -> Values:
    """l_f of each feature, (V,); `prior` is m.

    >>> counts = Statistics(np.array([[0, 0, 90], [0, 9, 0]]), np.array([100, 10]))
    >>> log_odds(counts, np.array([2.0, 0.0, 2.0]), 1.0).round(1).tolist()
    [2.0, 3.9, -3.3]
    """
    absent, present = statistics.with_feature
    negatives, positives = statistics.texts.tolist()
    return _log_odds(absent, present, negatives, positives, prior, smoothing)


def _log_odds(
    absent: NDArray[np.int64] | Values,
    present: NDArray[np.int64] | Values,
    negatives: float,
    positives: float,
    prior: Values,
    smoothing: float,
) -> Values:
    total = negatives + positives
    rates = [
        np.log((counts + 4 * smoothing * (texts / total) / (1 + np.exp(-side * prior))) / texts)
        for counts, texts, side in ((absent, negatives, -1), (present, positives, 1))
    ]
    return np.asarray(rates[1] - rates[0])


@dataclass(frozen=True)
class Known:
    """What is known of the features of a vocabulary before any text.

    ratings : r_f, (V,); 0 for marked features, which `turning` makes of their words.
    functional : which are function words, and have no rating.
    turning : the (V, V) matrix that adds to each marked feature its word's value, turned.
    """

    vocabulary: Vocabulary
    ratings: Values
    functional: NDArray[np.bool_]
    turning: sparse.csr_matrix

    @classmethod
    def of(cls, vocabulary: Vocabulary, lexicon: Mapping[str, float]) -> "Known":
        """By a lexicon, which may be empty."""
        names, size = vocabulary.names, len(vocabulary)
        plain = [name.removeprefix(MARK) for name in names]
        ratings = [
            valence(name, lexicon) if name == word else 0.0
            for name, word in zip(names, plain, strict=True)
        ]
        functional = [is_function_word(word) and not valence(word, lexicon) for word in plain]
        pairs = [
            (number, vocabulary.index[word])
            for number, (name, word) in enumerate(zip(names, plain, strict=True))
            if name != word and word in vocabulary.index
        ]
        rows, columns = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
        turned = sparse.csr_matrix((np.full(len(pairs), REVERSAL), (rows, columns)), (size, size))
        return cls(
            vocabulary,
            np.array(ratings),
            np.array(functional, dtype=bool),
            turned + sparse.identity(size, format="csr"),
        )


def is_function_word(name: str) -> bool:
    """Whether an unmarked feature is a function word, or a group of nothing else.

    Words of degree and negations are: they say how much of what others say, or the contrary; and
    so are those that say little by themselves (`sentiment.grammar.LIGHT`).

    >>> [is_function_word(name) for name in ("of", "very", "can't", "sort of", "good", "very good")]
    [True, True, True, True, False, False]
    """
    looks = [look(word) for word in name.split()]
    return all(word.function or word.negates or word.name in LIGHT for word in looks)


@dataclass(frozen=True, eq=False)
class Strengths(Valued):
    """What makes strengths of counts: a (`by_rating`), b (`by_odds`), ρ (`remainders`, (V,))."""

    by_rating: float
    by_odds: float
    remainders: Values

    def of(
        self, known: Known, statistics: Statistics, lean: float, smoothing: float, unrated: float
    ) -> Values:
        """The strength of each feature, (V,)."""
        ratings = known.ratings
        odds = log_odds(statistics, lean * ratings, smoothing)
        own = self.by_rating * ratings + self.by_odds * odds + self.remainders
        if ratings.any():
            own = np.where(ratings != 0, own, unrated * own)
        return np.asarray(known.turning @ own) / UNIT


def matrix(bags: Sequence[Bag], size: int) -> sparse.csr_matrix:
    """The texts as rows (n, V) of summed saliences, 1 for a plain occurrence."""
    starts = np.cumsum([0, *(len(bag.ids) for bag in bags)])
    ids = np.concatenate([np.zeros(0, dtype=np.int32), *(bag.ids for bag in bags)])
    counts = np.concatenate([np.zeros(0), *(bag.counts / PLAIN for bag in bags)])
    return sparse.csr_matrix((counts, ids, starts), (len(bags), size))


def fitted(
    bags: Sequence[Bag],
    labels: NDArray[np.bool_],
    known: Known,
    lean: float,
    smoothing: float,
    strength: float,
    leave_one_out: bool = True,
) -> tuple[Strengths, Statistics]:
    """The regression on these texts of two classes; `strength` is scikit-learn's C."""
    size, ratings = len(known.vocabulary), known.ratings
    statistics = Statistics.of(bags, labels, size)
    prior = lean * ratings
    absent, present = statistics.with_feature.astype(float)
    negatives, positives = map(float, statistics.texts)
    said = matrix(bags, size)
    lengths = np.asarray(said.sum(axis=1)).ravel()
    texts = sparse.diags(1 / np.sqrt(lengths + LENGTH)) @ (said @ known.turning)
    own = int(leave_one_out)
    less_absent = np.maximum(absent - own, 0), present, max(negatives - own, 1), positives
    less_present = absent, np.maximum(present - own, 0), negatives, max(positives - own, 1)
    apart, together = (_log_odds(*x, prior, smoothing) for x in (less_absent, less_present))
    odds = np.where(labels, texts @ together, texts @ apart)
    columns = np.column_stack([texts @ ratings, odds]) * FREE
    occur = np.flatnonzero(texts.getnnz(axis=0))
    regression = LogisticRegression(C=strength, max_iter=STEPS)
    with catch_warnings():
        simplefilter("ignore", ConvergenceWarning)  # nearly there is near enough
        regression.fit(sparse.hstack([columns, texts[:, occur]], format="csr"), labels)
    coefficients = regression.coef_[0]
    by_rating, by_odds = (FREE * coefficients[:2]).tolist()
    remainders = np.zeros(size)
    remainders[occur] = coefficients[2:]
    return Strengths(by_rating, by_odds, remainders), statistics
