"""Whether probabilities are what they say: the reliability table and its one number.

The probabilities p of the positive class fall into ten bins of equal width, [k/10, (k+1)/10), the
last with its end. Of a bin are told how many texts it has, their mean p, and which part of them is
positive. The *expected calibration error* (ECE) is the mean over all texts of the distance between
the two in a text's bin (Naeini, Cooper and Hauskrecht, AAAI 2015; Guo et al., arXiv:1706.04599).

Possible issues: with few texts in a bin chance alone parts the two, and the ECE is too great.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10
"""Bins of equal width."""


@dataclass(frozen=True)
class Bin:
    """The texts with a probability from `start` to `end`; None of a bin without texts."""

    start: float
    end: float
    texts: int
    mean_probability: float | None
    positive: float | None

    @property
    def gap(self) -> float:
        """How far the two are apart; 0 without texts."""
        if self.mean_probability is None or self.positive is None:
            return 0.0
        return abs(self.mean_probability - self.positive)


@dataclass(frozen=True)
class Calibration:
    """How far the probabilities were what they say on texts that the fit had not seen.

    texts : how many. parts : of the cross-validation that held each of them out once; 1 for a
    single part that was held out. bins : the reliability table.
    """

    texts: int
    parts: int
    accuracy: float
    log_loss: float
    ece: float
    bins: tuple[Bin, ...]

    @classmethod
    def of(
        cls, logits: NDArray[np.float64], positive: NDArray[np.bool_], parts: int
    ) -> "Calibration":
        """Of texts with these logits."""
        told = 1 / (1 + np.exp(-np.clip(logits, -700, 700)))
        bins = reliability(told, positive)
        return cls(
            len(logits),
            parts,
            float(((logits > 0) == positive).mean()),
            float(np.logaddexp(0, np.where(positive, -logits, logits)).mean()),
            expected_error(bins),
            bins,
        )

    def bin_of(self, probability: float) -> Bin:
        """The bin of a probability."""
        return self.bins[min(int(probability * BINS), BINS - 1)]


def reliability(probabilities: NDArray[np.float64], positive: NDArray[np.bool_]) -> tuple[Bin, ...]:
    """The ten bins, of the probabilities of the positive class and which texts are positive.

    >>> table = reliability(np.array([0.1, 0.9, 0.95, 1.0]), np.array([False, True, True, False]))
    >>> [b.texts for b in table], round(table[-1].positive, 3)
    ([0, 1, 0, 0, 0, 0, 0, 0, 0, 3], 0.667)
    """
    places = np.digitize(probabilities, [k / BINS for k in range(1, BINS)])
    bins = []
    for k in range(BINS):
        those = places == k
        count = int(those.sum())
        mean = float(probabilities[those].mean()) if count else None
        rate = float(positive[those].mean()) if count else None
        bins.append(Bin(k / BINS, (k + 1) / BINS, count, mean, rate))
    return tuple(bins)


def expected_error(bins: tuple[Bin, ...]) -> float:
    """The expected calibration error; 0 without texts.

    >>> calibrated = reliability(np.full(4, 0.75), np.array([True, True, True, False]))
    >>> sure = reliability(np.full(4, 1.0), np.array([True, True, True, False]))
    >>> expected_error(calibrated), expected_error(sure)
    (0.0, 0.25)
    """
    total = sum(b.texts for b in bins)
    return sum(b.texts * b.gap for b in bins) / total if total else 0.0
