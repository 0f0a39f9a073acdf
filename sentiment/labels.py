"""Two labels: which of them is positive, and which labels of another file mean the same.

    positive  the positive label: the greater of two numbers, one of two known words, or unknown
    alike     whether two labels are one: the same number, or the same word but for its case
    matched   the labels of a model that the labels of a corpus mean
    leaning   how far a lexicon rates the texts of one label above those of the other

Labels are text, and numbers among them are compared as numbers: "10" is greater than "2", "1.0" is
"1".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import copysign, inf, sqrt
from statistics import fmean, variance

from sentiment.lexicon import valence
from sentiment.reading import Reading

PAIRS = (
    ("-", "+"), ("bad", "good"), ("con", "pro"), ("dislike", "like"), ("disliked", "liked"),
    ("down", "up"), ("f", "t"), ("false", "true"), ("hate", "love"), ("n", "y"), ("neg", "pos"),
    ("negative", "positive"), ("no", "yes"), ("not recommended", "recommended"),
    ("rotten", "fresh"), ("sad", "happy"), ("terrible", "great"), ("thumbs down", "thumbs up"),
    ("unfavorable", "favorable"), ("unfavourable", "favourable"), ("worst", "best"),
)  # fmt: skip
"""Known words in lower case, a negative and a positive one each; any two of both kinds tell."""

SIDES = {word: side for pair in PAIRS for word, side in zip(pair, (-1, 1), strict=True)}

DOUBTFUL = 2.0
"""So many standard errors against a label are more than chance."""

MOST_TEXTS = 2000
"""Texts of a label that are rated at most."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,9})?", re.ASCII)


def positive(labels: Iterable[str]) -> str | None:
    """The positive one of two labels; None where that cannot be told, or they are not two.

    >>> positive(["2", "10"]), positive(["Fresh", "rotten"]), positive(["ham", "spam"])
    ('10', 'Fresh', None)
    """
    pair = sorted(set(labels))
    if len(pair) != 2:
        return None
    numbers = [_number(label) for label in pair]
    if numbers[0] is not None and numbers[1] is not None and numbers[0] != numbers[1]:
        return pair[int(numbers[1] > numbers[0])]
    if sorted(_side(label) for label in pair) == [-1, 1]:
        return max(pair, key=_side)
    return None


def alike(one: str, other: str) -> bool:
    """Whether two labels are one: the same number, or the same word but for its case.

    >>> alike("1", "1.0"), alike("Pos", "pos"), alike("1", "2")
    (True, True, False)
    """
    first, second = _number(one), _number(other)
    if first is not None and second is not None:
        return first == second
    return one.casefold() == other.casefold()


def matched(
    labels: Sequence[str], classes: Sequence[str], positive_class: str
) -> Mapping[str, str] | None:
    """For each label of a corpus the class that it means; None where that cannot be told.

    A label means the class that it is `alike`. Where no label is alike any class, and it is known
    which are positive on both sides, the positive ones mean each other.

    >>> matched(["1.0", "5.0"], ["1", "5"], "5")
    {'1.0': '1', '5.0': '5'}
    >>> matched(["pos", "neg"], ["fresh", "rotten"], "fresh")
    {'pos': 'fresh', 'neg': 'rotten'}
    >>> matched(["1", "2"], ["1", "5"], "5") is None
    True
    """
    same = {label: [name for name in classes if alike(label, name)] for label in labels}
    exact = {label: [label] for label in labels if label in classes}
    pairs = same | exact
    if all(len(names) == 1 for names in pairs.values()):
        return {label: names[0] for label, names in pairs.items()}
    if any(pairs.values()) or positive(classes) != positive_class:
        return None
    other = next(name for name in classes if name != positive_class)
    best = positive(labels)
    if best is None and not all(_side(label) for label in labels):
        return None
    return {
        label: positive_class if (label == best if best else _side(label) > 0) else other
        for label in labels
    }


def leaning(
    positive_texts: Sequence[str], negative_texts: Sequence[str], lexicon: Mapping[str, float]
) -> float:
    """How many standard errors the mean rating of the ones is above that of the others.

    The rating of a text is the mean valence of its rated words, each marked after a negation. 0
    where a side has no rated text; at most `MOST_TEXTS` of each, evenly spread, are looked at.

    >>> leaning(["a good film"], ["a bad film", "not good"], {"good": 2, "bad": -2}) > 10
    True
    """
    reading = Reading(negation=4)
    sides = []
    for texts in (positive_texts, negative_texts):
        ratings = []
        for text in texts[:: -(-len(texts) // MOST_TEXTS) or 1]:
            valences = [valence(feature.name, lexicon) for feature in reading.features(text)]
            rated = [rating for rating in valences if rating]
            if rated:
                ratings.append(fmean(rated))
        sides.append(ratings)
    if not all(sides):
        return 0.0
    difference = fmean(sides[0]) - fmean(sides[1])
    error = sqrt(sum(variance(side) / len(side) for side in sides if len(side) > 1))
    return difference / error if error else copysign(inf, difference) if difference else 0.0


def _number(label: str) -> Decimal | None:
    """A label as a number; None if it is none, or one with a huge exponent."""
    word = label.replace("−", "-").lower()
    return Decimal(word) if _NUMBER.fullmatch(word) else None


def _side(label: str) -> int:
    """1 for a known positive word, −1 for a negative one, else 0."""
    return SIDES.get(" ".join(re.split(r"[\s_-]+", label.casefold())), SIDES.get(label, 0))
