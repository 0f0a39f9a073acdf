"""Who leads, and what deleting them does: the measures of `benchmarks.leaders`, in floats.

    Led          a text's word leaders, and whom its weight follows
    led          the same for many texts
    Probes       texts with each of their words deleted in turn, and read again
    deletions    what deleting the strongest leader does, against every other word

The *strongest leader* of a text is the word leader of the greatest |contribution|, q ⟨v, z⟩ with q
the part of the text that follows it (`paper_notes.md`, 10.3). A deletion takes all occurrences of a
word out of the text as given, marked or not, and the rest is read again. The *effect* of a word is
the logit less the logit without it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from benchmarks.designs import DEEP
from sentiment.deletion import without
from sentiment.lexicon import MARK
from sentiment.model import Batch, Floats, Parameters, batches, forward
from sentiment.reading import Feature, Reading
from sentiment.spans import Span, Together
from sentiment.vocabulary import Bag, Vocabulary

Logits = Callable[[Sequence[Bag]], Floats]
"""From bags to logits."""

Leading = Callable[[Sequence[Bag]], Sequence["Led"]]
"""From bags to who leads them."""

CLOSE = 1e-9
"""Effects this near to the greatest one are as great."""


@dataclass(frozen=True)
class Led:
    """A text at infinite depth.

    words : the features that lead. shares : of the text's weight, that follow each. contributions :
    of each to the logit. anchored : the share that follows the anchor.
    """

    words: tuple[int, ...]
    shares: tuple[float, ...]
    contributions: tuple[float, ...]
    anchored: float

    @property
    def strongest(self) -> int | None:
        """The place in `words` of the greatest contribution; None where no word leads."""
        sizes = [abs(x) for x in self.contributions]
        return sizes.index(max(sizes)) if sizes else None


def led(parameters: Parameters, bags: Sequence[Bag]) -> list[Led]:
    """Of each text; one without features has no leader.

    Where places tie for ever, which floats hardly do, the first of the greatest is followed.
    """
    model = parameters.as_type(np.float64)
    heights = model.embedding @ model.weights
    anchor = len(model.embedding) - 1 if model.anchor else -1
    results: list[Led] = [Led((), (), (), 0.0)] * len(bags)
    for numbers in batches(bags, np.arange(len(bags)), 256, None):
        batch = Batch.of(model, [bags[i] for i in numbers])
        passed = forward(model, batch, DEEP)
        follows = _follows(passed.layers[-1].attended, passed.layers[-1].shares, batch)
        for row, number in enumerate(numbers.tolist()):
            there = np.flatnonzero(batch.counts[row])
            leaders, place = np.unique(follows[row, there], return_inverse=True)
            shares = np.bincount(place, passed.portions[row, there], len(leaders))
            ids = batch.ids[row, leaders]
            word = ids != anchor
            results[number] = Led(
                tuple(ids[word].tolist()),
                tuple(shares[word].tolist()),
                tuple((shares * heights[ids])[word].tolist()),
                float(shares[~word].sum()),
            )
    return results


def _follows(
    attended: NDArray[np.intp] | None, shares: Floats | None, batch: Batch
) -> NDArray[np.intp]:
    """The leader of each place, (B, n): where attention leads it in the end."""
    size, width = batch.counts.shape
    if shares is not None:
        follows = shares.argmax(axis=-1)
    else:
        follows = np.asarray(attended) - (np.arange(size) * width)[:, None]
    for _ in range(width.bit_length()):
        follows = np.take_along_axis(follows, follows, axis=1)
    return np.asarray(follows, dtype=np.intp)


@dataclass(frozen=True, eq=False)
class Probe:
    """A text, its features as words, and what is left of it without each of its words, as read."""

    text: str
    features: Sequence[Feature]
    words: dict[str, tuple[tuple[int, int], ...]]
    left: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Probes:
    """Texts to delete words from; they are read once for all designs."""

    reading: Reading
    probes: Sequence[Probe]

    @classmethod
    def of(cls, reading: Reading, texts: Sequence[str]) -> "Probes":
        """Every word of every text is deleted once."""
        words = Reading(reading.negation, 1)
        probes = []
        for text in texts:
            spans: dict[str, list[tuple[int, int]]] = {}
            for feature in words.features(text):
                name = feature.name.removeprefix(MARK)
                spans.setdefault(name, []).append((feature.start, feature.end))
            taken = {name: tuple(there) for name, there in spans.items()}
            left = {name: reading.counts(rid(text, there)) for name, there in taken.items()}
            probes.append(Probe(text, reading.features(text), taken, left))
        return cls(reading, probes)


def rid(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text without these characters.

    >>> rid("good, so good", [(0, 4), (9, 13)])
    ', so '
    """
    gone = tuple(Span(start, end, fmpq(0), ()) for start, end in sorted(spans))
    return without(text, Together("", gone))


@dataclass(frozen=True)
class Deletions:
    """Over the texts in which a word leads.

    most : the part of them in which the strongest leader's word has the greatest effect of all.
    told_way : in which its deletion moves the logit against its contribution. flips : the decision.
    correlation : of contributions and effects. ratio : of the sums of their sizes.
    """

    texts: int
    most: float
    told_way: float
    flips: float
    correlation: float
    ratio: float


def deletions(
    logits: Logits, leading: Leading, vocabulary: Vocabulary, probes: Probes
) -> Deletions:
    """What deleting the strongest leaders does.

    A leader that is a pair has two words: it is the most influential where one of them is, and both
    are deleted together. Raises `ValueError` where no word leads.
    """
    bags = [vocabulary.bag(_counts(probe.features)) for probe in probes.probes]
    here = logits(bags)
    rows: list[tuple[bool, float, float, bool]] = []
    for probe, before, who in zip(probes.probes, here.tolist(), leading(bags), strict=True):
        if who.strongest is None:
            continue
        name, adds = vocabulary.names[who.words[who.strongest]], who.contributions[who.strongest]
        spans = [(x.start, x.end) for x in probe.features if x.name == name]
        own = [word for word, there in probe.words.items() if _meet(there, spans)]
        left = list(probe.left.values())
        left.append(probe.left[own[0]] if len(own) == 1
                    else probes.reading.counts(rid(probe.text, spans)))  # fmt: skip
        after = logits([vocabulary.bag(counts) for counts in left])
        *effects, effect = (before - after).tolist()
        by_word = dict(zip(probe.left, effects, strict=True))
        greatest = max(abs(x) for x in effects)
        first = max(abs(by_word[word]) for word in own) >= greatest - CLOSE
        rows.append((first, adds, effect, (after[-1] > 0) != (before > 0)))
    if not rows:
        raise ValueError("no word leads in any of the texts")
    most, told, effect, flips = (
        np.array(column, dtype=float) for column in zip(*rows, strict=True)
    )
    return Deletions(
        len(rows), float(most.mean()), float((told * effect > 0).mean()), float(flips.mean()),
        _correlation(told, effect),
        float(np.abs(told).sum() / np.abs(effect).sum()) if effect.any() else inf,
    )  # fmt: skip


def _correlation(some: Floats, others: Floats) -> float:
    """Pearson's; 0 where either does not vary."""
    if not (some.std() and others.std()):
        return 0.0
    return float(np.corrcoef(some, others)[0, 1])


def _counts(features: Sequence[Feature]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for feature in features:
        counts[feature.name] = counts.get(feature.name, 0) + feature.salience
    return counts


def _meet(some: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> bool:
    """Whether a span of the one overlaps a span of the others."""
    return any(a < d and c < b for a, b in some for c, d in others)
