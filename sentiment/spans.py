"""A text span by span: which characters are told as one word, and what each adds to the logit.

    spans_of    the words of a text in order, with their parts of the score
    together    the spans of one word, wherever it stands
    adding_up   numbers rounded so that they still add up

Features overlap: in "not good" the pair is one beside its two words. A *span* is what no feature
divides: the characters of a shortest feature, joined with those that they overlap in part. What a
place of the configuration adds is divided among the occurrences of its features by their salience,
and what an occurrence adds equally among the spans that it touches. So the spans' parts add up
exactly to those of all places that have features.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flint import fmpq

from sentiment.lexicon import MARK
from sentiment.reading import Feature

PLACES = 3
"""Decimals of a part of the score that is shown."""


@dataclass(frozen=True)
class Span:
    """Characters of a text that are told as one word.

    adds : its part of the logit. places : those of the configuration that it has a part in,
    in order. negated : whether it is read as what a negation has turned.
    """

    start: int
    end: int
    adds: fmpq
    places: tuple[int, ...]
    negated: bool = False

    @property
    def known(self) -> bool:
        """Whether the model knows it."""
        return bool(self.places)


@dataclass(frozen=True)
class Together:
    """A word with all its occurrences: what they add together, and whom they follow."""

    word: str
    spans: tuple[Span, ...]

    @property
    def adds(self) -> fmpq:
        """What all occurrences add."""
        return sum((span.adds for span in self.spans), fmpq(0))

    @property
    def negated(self) -> bool:
        """Whether every occurrence is negated."""
        return all(span.negated for span in self.spans)

    @property
    def places(self) -> tuple[int, ...]:
        """The places that any occurrence has a part in."""
        return tuple(dict.fromkeys(place for span in self.spans for place in span.places))


def spans_of(
    features: Sequence[Feature], place_of: Mapping[str, int], pulls: Sequence[fmpq]
) -> tuple[Span, ...]:
    """The spans of a text in order, from its features and what each place adds to the logit.

    >>> not_good = [Feature("not", 0, 3), Feature("good", 4, 8), Feature("not good", 0, 8)]
    >>> places = {"good": 0, "not good": 1}
    >>> [(p.start, p.adds) for p in spans_of(not_good, places, [fmpq(1), fmpq(-3)])]
    [(0, -3/2), (4, -1/2)]
    """
    ends = _undivided(features)
    known = [feature for feature in features if feature.name in place_of]
    saliences: Counter[int] = Counter()
    for feature in known:
        saliences[place_of[feature.name]] += feature.salience
    adds = [fmpq(0)] * len(ends)
    places: list[dict[int, None]] = [{} for _ in ends]
    first = 0
    for feature in sorted(known, key=lambda feature: feature.start):
        while ends[first][1] <= feature.start:
            first += 1
        touched = []
        for number in range(first, len(ends)):
            if ends[number][0] >= feature.end:
                break
            touched.append(number)
        place = place_of[feature.name]
        share = pulls[place] * feature.salience / (saliences[place] * len(touched))
        for number in touched:
            adds[number] += share
            places[number][place] = None
    marked = {(x.start, x.end) for x in features if x.name.startswith(MARK)}
    return tuple(
        Span(*span, part, tuple(here), span in marked)
        for span, part, here in zip(ends, adds, places, strict=True)
    )


def together(given: str, spans: Sequence[Span]) -> tuple[Together, ...]:
    """The spans by word, capitals or not, in the order in which they first stand."""
    groups: dict[str, list[Span]] = {}
    for span in spans:
        groups.setdefault(given[span.start : span.end].casefold(), []).append(span)
    return tuple(Together(word, tuple(group)) for word, group in groups.items())


def adding_up(values: Sequence[fmpq], places: int = PLACES) -> list[fmpq]:
    """The numbers to so many decimals, so that they add up to their sum, rounded.

    The last one is rounded to the nearest decimal, and the others down, but those with the greatest
    rests up.

    >>> [str(x) for x in adding_up([fmpq(1, 3)] * 3 + [fmpq(0)], 1)]
    ['2/5', '3/10', '3/10', '0']
    >>> adding_up([fmpq(1, 3)], 0)
    [0]
    """
    unit = fmpq(1, 10**places)
    *others, last = (value / unit for value in values)
    end = _nearest_integer(last)
    wanted = _nearest_integer(sum(others, last)) - end
    rounded = [int(x.floor()) for x in others]
    by_rest = sorted(range(len(others)), key=lambda k: rounded[k] - others[k])
    for k in by_rest[: wanted - sum(rounded)]:
        rounded[k] += 1
    return [unit * x for x in (*rounded, end)]


def _nearest_integer(value: fmpq) -> int:
    return int((value + fmpq(1, 2)).floor())


def _undivided(features: Sequence[Feature]) -> list[tuple[int, int]]:
    """The spans that contain no other feature's, joined where they overlap, in order."""
    spans = sorted({(feature.start, feature.end) for feature in features}, key=_first_short)
    least: list[tuple[int, int]] = []
    for start, end in reversed(spans):  # of those that begin later, the first ends soonest
        if not least or end < least[-1][1]:
            least.append((start, end))
    joined: list[tuple[int, int]] = []
    for start, end in reversed(least):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _first_short(span: tuple[int, int]) -> tuple[int, int]:
    return span[0], -span[1]
