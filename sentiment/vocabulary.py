"""From text to a bag of features, and the vocabulary that numbers them.

A text is read as words and marks, with one apostrophe for all that are written and letters with
their accents composed (NFC). Its *features* are the words, lower-cased; within a few words
after a negation the word is marked, so that "good" and "not_good" are two features; and pairs of
neighbouring words, "very good", are features as well, marked if their first word is. Attention
knows no order, so a text is a bag: distinct features with multiplicities, one place each
(`paper_notes.md`, section 6).

    Reading        how texts are read: marks of negation and length of word groups
    Vocabulary     the features that a model knows, in order
    valence        what a lexicon of single words says of a feature
    vader_lexicon  the words of the lexicon VADER with their mean ratings
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from sentiment.valued import Valued
from theory.exact import HardmaxError

APOSTROPHES = "‘’‛ʹʻʼʽˈˊˋ´`′‵՚❛❜Ꞌꞌ＇｀\u1fbd\u1fbf\u1fef\u1ffd\u1ffe\x91\x92"
"""What is written for an apostrophe; the last two are those of Windows-1252, read as Latin-1."""

QUOTATION_MARKS = "“”„‟«»″‶＂\x93\x94"
"""What is written for a quotation mark."""

_MARKS = r"\u0300-\u036f\u0653-\u0655\u093c\u0bd7\u102e\u1b35\u3099\u309a\U000110ba"
"""Accents and the like: all that a letter is composed with in Unicode's form NFC."""

_LETTER = rf"[^\W\d_][{_MARKS}]*"
_PIECE = re.compile(rf"(?:{_LETTER})+(?:'(?:{_LETTER})+)*|[.,;:!?()\"\-–—…]|<br */?>")
_PLAIN = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(QUOTATION_MARKS, '"'))
_NEGATION = re.compile(
    r"not|no|never|nor|neither|nothing|nobody|nowhere|hardly|barely|scarcely|without|cannot|.*n't"
)
MARK = "not_"
"""What stands before a word that is negated."""

REVERSAL = -0.74
"""What a negation does to a word's valence: VADER's own factor."""


LONGEST = 1_000_000
"""Characters of a text that are read at most."""


@dataclass(frozen=True)
class Feature:
    """One occurrence of a feature in a text: its name and the characters that it covers."""

    name: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is a single word, marked or not."""
        return " " not in self.name


@dataclass(frozen=True)
class Reading:
    """How texts are read.

    negation : how many words after a negation are marked; a punctuation mark ends it; 0 for none.
    ngrams : the longest group of neighbouring words that is a feature; 1 for words alone.

    >>> [f.name for f in Reading(negation=2, ngrams=2).features("Not very good, sadly")]
    ['not', 'not_very', 'not very', 'not_good', 'not_very good', 'sadly']
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

        Raises `HardmaxError` for anything but a string.
        """
        if not isinstance(text, str):
            raise HardmaxError(f"{text!r} is no text; a string was wanted")
        if len(text) > LONGEST:
            raise HardmaxError(f"a text of {len(text):,} characters; at most {LONGEST:,} are read")
        features: list[Feature] = []
        group: list[tuple[str, Feature]] = []
        marked = 0
        for piece in _PIECE.finditer(text.translate(_PLAIN)):
            if not piece[0][0].isalpha():
                group, marked = [], 0
                continue
            word = Feature(normalize("NFC", piece[0].lower()), piece.start(), piece.end())
            prefix = MARK if marked else ""
            marked = max(marked - 1, 0)
            features.append(Feature(prefix + word.name, word.start, word.end))
            if self.negation and _NEGATION.fullmatch(word.name):
                marked = self.negation
            group = [*group[-(self.ngrams - 1) :], (prefix, word)] if self.ngrams > 1 else []
            for first in range(len(group) - 2, -1, -1):
                name = group[first][0] + " ".join(part.name for _, part in group[first:])
                features.append(Feature(name, group[first][1].start, word.end))
        return features

    def counts(self, text: str) -> Counter[str]:
        """The features of `text` with their multiplicities."""
        return Counter(feature.name for feature in self.features(text))


@dataclass(frozen=True, eq=False)
class Bag(Valued):
    """A text as a model sees it: the numbers of distinct known features, and how often each."""

    ids: NDArray[np.int32]
    counts: NDArray[np.int32]


@dataclass(frozen=True)
class Vocabulary:
    """The features that a model knows; the number of a feature is its place in `names`.

    Raises `HardmaxError` for a name that occurs twice.
    """

    names: tuple[str, ...]
    index: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index = {name: number for number, name in enumerate(self.names)}
        if len(index) < len(self.names):
            twice = next(name for name, n in Counter(self.names).items() if n > 1)
            raise HardmaxError(f"the vocabulary has {twice!r} twice")
        object.__setattr__(self, "index", index)

    @classmethod
    def of(
        cls,
        documents: Sequence[Mapping[str, int]],
        min_count: int = 1,
        min_count_groups: int = 1,
        lexicon: Mapping[str, float] | None = None,
    ) -> "Vocabulary":
        """The features of at least `min_count` documents, and every word of the lexicon.

        Groups of words want `min_count_groups` documents. The words of the lexicon come marked as
        well as plain, whether they occur or not: what is known of them needs no occurrence.

        >>> Vocabulary.of([{"good": 2, "very good": 1}, {"good": 1}], min_count_groups=2).names
        ('good',)
        """
        frequency: Counter[str] = Counter()
        for document in documents:
            frequency.update(document.keys())
        names = {
            name
            for name, count in frequency.items()
            if count >= (min_count_groups if " " in name else min_count)
        }
        if lexicon is not None:
            words = [word for word in lexicon if _PIECE.fullmatch(word) and word[0].isalpha()]
            marked = any(name.startswith(MARK) for name in frequency)
            names.update(words)
            names.update(MARK + word for word in words if marked)
        return cls(tuple(sorted(names)))

    def __len__(self) -> int:
        return len(self.names)

    def bag(self, counts: Mapping[str, int]) -> Bag:
        """The known features of a document, by rising number; the others are dropped."""
        known = sorted((self.index[name], n) for name, n in counts.items() if name in self.index)
        return Bag(
            np.array([number for number, _ in known], dtype=np.int32),
            np.array([count for _, count in known], dtype=np.int32),
        )


def valence(name: str, lexicon: Mapping[str, float]) -> float:
    """What a lexicon says of a feature: a word's rating, turned for a marked word, 0 for groups.

    >>> valence("good", {"good": 2.0}), valence("not_good", {"good": 2.0})
    (2.0, -1.48)
    """
    if name.startswith(MARK):
        return REVERSAL * lexicon.get(name.removeprefix(MARK), 0.0)
    return lexicon.get(name, 0.0)


@cache
def vader_lexicon() -> Mapping[str, float]:
    """The words that VADER rates, with their mean ratings from −4 to 4.

    Source: C. J. Hutto and E. Gilbert, VADER, ICWSM 2014; the package vaderSentiment. Raises
    `HardmaxError` where that is not installed.

    >>> vader_lexicon()["good"], vader_lexicon()["bad"]
    (1.9, -2.5)
    """
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        raise HardmaxError(
            "the lexicon VADER is not installed: pip install 'hardmax-theory[sentiment]'"
        ) from None
    return dict(SentimentIntensityAnalyzer().lexicon)


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
