"""From a text to its features: names with saliences, and the characters that each covers.

A *feature* is a word, lower-cased, with one apostrophe for all that are written, its accents
composed (NFC), and without drawn-out letters; or a known phrase, "waste of time"; an emoticon or an
emoji. Content words that a negation reaches are marked, so that "good" and "not_good" are two
features (`sentiment.scope`). Pairs of neighbouring words, "very good", are features as well.
Attention knows no order, so that a text is a bag of features (`paper_notes.md`, section 6); how
much an occurrence counts is its *salience*, in eighths. Markup is stripped before
(`sentiment.markup`).

    Feature  one occurrence
    Reading  how texts are read
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sentiment.lexicon import MARK
from sentiment.markup import plain
from sentiment.pieces import FACE, WORD, Look, divide, look
from sentiment.scope import LEAST, PLAIN, merged, negated, saliences
from theory.exact import HardmaxError

LONGEST = 1_000_000
"""Characters of a text that are read at most."""


class Feature(NamedTuple):
    """One occurrence of a feature: its name, the characters of the text as given that it covers,
    and its salience in eighths."""

    name: str
    start: int
    end: int
    salience: int = PLAIN

    @property
    def is_word(self) -> bool:
        """Whether it is a single word, marked or not."""
        return " " not in self.name


@dataclass(frozen=True)
class Reading:
    """How texts are read.

    negation : the content words that a negation reaches at most; 0 for none.
    ngrams : the longest group of neighbouring words that is a feature; 1 for words alone.

    >>> [f.name for f in Reading(negation=2, ngrams=2).features("Not very good, sadly")]
    ['not', 'very', 'not very', 'not_good', 'not_very good', 'sadly']
    >>> Reading(negation=2).features("a <b>VERY</b> good film &lt;3")[2]
    Feature(name='good', start=14, end=18, salience=10)
    """

    negation: int = 0
    ngrams: int = 1

    def __post_init__(self) -> None:
        for name, least in (("negation", 0), ("ngrams", 1)):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise HardmaxError(f"{name} = {value!r}; an int ≥ {least} was wanted")

    def features(self, text: str) -> list[Feature]:
        """The features of `text` in order, repetitions included.

        Raises `HardmaxError` for anything but a string, and for one that is too long.
        """
        stripped = plain(_checked(text))
        pieces = list(divide(stripped.text))
        return [
            Feature(name, *stripped.given(pieces[first].start(), pieces[last].end()), salience)
            for name, first, last, salience in self._read([look(piece[0]) for piece in pieces])
        ]

    def counts(self, text: str) -> Counter[str]:
        """The features of `text`, each with the sum of its saliences.

        >>> Reading().counts("good, so good")
        Counter({'good': 18, 'so': 8})
        """
        counts: Counter[str] = Counter()
        looks = [look(piece[0]) for piece in divide(plain(_checked(text)).text)]
        for name, _, _, salience in self._read(looks):
            counts[name] += salience
        return counts

    def _read(self, looks: list[Look]) -> Iterator[tuple[str, int, int, int]]:
        """For each feature its name, the numbers of its first and last piece, its salience."""
        units, firsts = merged(looks)
        marks: list[bool] = [False] * len(units)
        spent: list[int] = []
        if self.negation:
            marks, spent = negated(units, self.negation)
        weights = saliences(units, [looks[first].loud for first in firsts])
        for place in spent:
            weights[place] = LEAST
        names = [unit.name for unit in units]
        since = 0
        for place, unit in enumerate(units):
            if unit.kind != WORD and unit.kind != FACE:
                since = place + 1
                continue
            first = firsts[place]
            last = first + unit.parts - 1
            name = MARK + unit.name if marks[place] else unit.name
            yield name, first, last, weights[place]
            if unit.kind == FACE:
                since = place + 1
            for start in range(place - 1, max(since, place - self.ngrams + 1) - 1, -1):
                name = " ".join(names[start : place + 1])
                if True in marks[start : place + 1] and not units[start].negates:
                    name = MARK + name
                yield name, firsts[start], last, max(weights[start : place + 1])


def check_texts(texts: Iterable[object]) -> list[str]:
    """The texts as a list of strings; raises `HardmaxError` naming the first that is none."""
    if isinstance(texts, str):
        raise HardmaxError("one string was given; a list of texts was wanted")
    checked: list[str] = []
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            raise HardmaxError(f"text {place} is {text!r}; a string was wanted")
        checked.append(str(text))
    return checked


def _checked(text: object) -> str:
    if not isinstance(text, str):
        raise HardmaxError(f"{text!r} is no text; a string was wanted")
    if len(text) > LONGEST:
        raise HardmaxError(f"a text of {len(text):,} characters; at most {LONGEST:,} are read")
    return text
