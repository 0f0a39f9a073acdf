"""What is measured of each text, at infinite depth where leaders are asked for.

`measured` takes a model and a sample to a `Measured`: for each text numbers whose sums over texts
make the `MEASURES`, and the mass of each leader. A measure is a function of such sums.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.classifier import SentimentClassifier
from sentiment.leading import survey_leaders
from sentiment.reliability import BINS
from theory.exact import HardmaxError
from theory.readable import nearest

Floats = NDArray[np.float64]

TEXTS, WORDS, UNKNOWN, WITHOUT, PROBABILITY, RIGHT, EXCESS, BINNED = range(8)
"""Columns: 1; words; those not in the vocabulary; whether no word is known; the probability of
positive; whether the label is right; that probability less 1 where the label is positive; the same
in the text's bin of calibration, a column for each bin."""

COLUMNS = BINNED + BINS

Leader = str | None
"""A leader's word; None is the neutral anchor."""


@dataclass(frozen=True)
class Measure:
    """A number of a sample, by the sums of its columns (last axis).

    key, words : what it is called in JSON and by people. labels : whether it needs labels.
    biased : whether few texts make it too great.
    """

    key: str
    words: str
    value: Callable[[Floats], Floats]
    labels: bool = False
    biased: bool = False


def _mean(column: int, over: int = TEXTS) -> Callable[[Floats], Floats]:
    def value(sums: Floats) -> Floats:
        quotient: Floats = sums[..., column] / np.maximum(sums[..., over], 1)
        return quotient

    return value


def _positive(sums: Floats) -> Floats:
    share: Floats = (sums[..., PROBABILITY] - sums[..., EXCESS]) / np.maximum(sums[..., TEXTS], 1)
    return share


def _ece(sums: Floats) -> Floats:
    gaps: Floats = np.abs(sums[..., BINNED:COLUMNS]).sum(axis=-1) / np.maximum(sums[..., TEXTS], 1)
    return gaps


MEASURES = (
    Measure("unknown_words", "share of unknown words", _mean(UNKNOWN, WORDS)),
    Measure("without_known_word", "texts without a known word", _mean(WITHOUT)),
    Measure("mean_probability", "mean probability of positive", _mean(PROBABILITY)),
    Measure("positive", "share of texts labelled positive", _positive, labels=True),
    Measure("accuracy", "accuracy", _mean(RIGHT), labels=True),
    Measure("excess", "mean probability less share positive", _mean(EXCESS), labels=True),
    Measure("ece", "expected calibration error", _ece, labels=True, biased=True),
)
"""All of them, in the order in which they are told."""


@dataclass(frozen=True, eq=False)
class Measured:
    """A sample as it was measured, without its undecided texts.

    numbers : (n, `COLUMNS`). masses : of each text the leaders, and which part of it follows each.
    strange : words that are not in the vocabulary, and in how many texts they are.
    undecided : the places of texts that are undecided within the budget of layers.
    """

    name: str
    labelled: bool
    groups: tuple[str, ...] | None
    numbers: Floats
    masses: tuple[Mapping[Leader, float], ...]
    strange: Counter[str]
    undecided: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.masses)

    @property
    def units(self) -> int:
        """What resampling draws from: groups, or texts where there are none."""
        return len(self) if self.groups is None else len(set(self.groups))

    def part(self, chosen: NDArray[np.bool_], name: str) -> "Measured":
        """The texts where `chosen` is true; what is strange in them is not told again."""
        those = np.flatnonzero(chosen)
        groups = None if self.groups is None else tuple(self.groups[i] for i in those)
        masses = tuple(self.masses[i] for i in those)
        return Measured(name, self.labelled, groups, self.numbers[those], masses, Counter(), ())


def measured(
    model: SentimentClassifier,
    name: str,
    texts: Sequence[str],
    truth: NDArray[np.bool_] | None = None,
    groups: Sequence[str] | None = None,
    step: Callable[[], None] = lambda: None,
) -> Measured:
    """The texts, measured; `truth` says which are positive, where that is known.

    `step` is called after each text. Raises `HardmaxError` where every text is undecided.
    """
    masses: list[Mapping[Leader, float]] = []
    decided: list[int] = []
    for place, text in enumerate(texts):
        led = _led(model, text)
        step()
        if led is not None:
            masses.append(led)
            decided.append(place)
    if not decided:
        raise HardmaxError(f"{name}: every text is undecided at infinite depth")
    kept = [texts[place] for place in decided]
    numbers = np.zeros((len(kept), COLUMNS))
    strange: Counter[str] = Counter()
    index = model.vocabulary_.index
    for row, text in zip(numbers, kept, strict=True):
        words = [feature.name for feature in model.reading_.features(text) if feature.is_word]
        unknown = [word for word in words if word not in index]
        row[WORDS], row[UNKNOWN] = len(words), len(unknown)
        strange.update(set(unknown))
    numbers[:, TEXTS] = 1
    numbers[:, WITHOUT] = ~model.known(kept)
    positive = list(model.classes_).index(model.positive_)
    numbers[:, PROBABILITY] = model.predict_proba(kept)[:, positive]
    if truth is not None:
        _judge(numbers, truth[decided])
    return Measured(
        name,
        truth is not None,
        None if groups is None else tuple(groups[place] for place in decided),
        numbers,
        tuple(masses),
        strange,
        tuple(sorted(set(range(len(texts))) - set(decided))),
    )


def _led(model: SentimentClassifier, text: str) -> Mapping[Leader, float] | None:
    """The masses of a text's leaders; None where it is undecided."""
    survey = survey_leaders(model, [text])
    if survey.undecided:
        return None
    masses: dict[Leader, float] = {name: nearest(word.mass) for name, word in survey.words.items()}
    if survey.anchor is not None:
        masses[None] = nearest(survey.anchor.mass)
    return masses


def _judge(numbers: Floats, truth: NDArray[Any]) -> None:
    """Fill in what labels tell."""
    told = numbers[:, PROBABILITY]
    excess = told - truth
    numbers[:, RIGHT] = (told > 0.5) == truth
    numbers[:, EXCESS] = excess
    bins = np.digitize(told, [k / BINS for k in range(1, BINS)])
    numbers[np.arange(len(told)), BINNED + bins] = excess
