"""A text without markup in pieces: words, emoticons, emoji, punctuation; and what each piece is.

    divide  the pieces of a text, as matches
    look    what a piece is, read by itself: its name and what it does to its neighbours

A word is letters, with their accents, and digits, with apostrophes within; it has at least one
letter. A hyphen between two letters divides words and ends nothing. Addresses, numbers and names of
users (@somebody) are passed over; of a #hashtag the word counts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from unicodedata import normalize

from sentiment import phrases
from sentiment.grammar import BARE, FUNCTION, NEGATIONS
from sentiment.lexicon import degrees, shown, vader_lexicon
from sentiment.markup import APOSTROPHES, QUOTATION_MARKS

WORD, FACE, PAUSE, STOP, PASSED = range(5)
"""Kinds of pieces: words and phrases; emoticons and emoji; what ends a part of a sentence; what
ends a sentence; what is passed over."""

DOUBTFUL = frozenset(["8)", "(8", "d:", "o:", "s:", "d;", "d=", "*)", "&:", "$:", "(="])
"""Emoticons of VADER that are more often the end of something else, as in "(see page 8)"."""

LONGEST_KEPT = 40
"""Characters of a piece whose look is kept for the next time."""

_PLAIN = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(QUOTATION_MARKS, '"'))

_MARKS = r"\u0300-\u036f\u0653-\u0655\u093c\u0bd7\u102e\u1b35\u3099\u309a\U000110ba"
"""Accents and the like: all that a letter is composed with in Unicode's form NFC."""

_SIGN = "[\u00a9\u00ae\u203c\u2049\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_SIGNS = rf"{_SIGN}[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*"
_EMOJI = rf"{_SIGNS}(?:\u200d{_SIGNS})*"

_DASHES = "\u2014\u2013\u2212"
_STRETCH = re.compile(r"(.)\1{2,}", re.DOTALL)
_ADDRESS = re.compile(r"\.[a-z]")
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Look:
    """A piece by itself.

    name : how a feature of it is called. kind : `WORD` and so on. rating : in the lexicon, 0 for
    none. function : whether it is a function word or a word of degree. negates : whether it turns
    what follows. degree : eighths that it adds to the next word. loud : whether it is in capitals,
    None where it has no two letters. stretched : whether it was written like "sooo". cries : its
    exclamation marks. parts : of how many pieces it was made.
    """

    name: str
    kind: int
    rating: float = 0.0
    function: bool = False
    negates: bool = False
    degree: int = 0
    loud: bool | None = None
    stretched: bool = False
    cries: int = 0
    parts: int = 1


def divide(text: str) -> Iterable[re.Match[str]]:
    """The pieces of a text in order."""
    return _pattern().finditer(text.translate(_PLAIN))


def look(piece: str) -> Look:
    """What a piece is.

    >>> look("GOOOOD").name, look("GOOOOD").loud, look("cant").name, look(":-)))").name
    ('good', True, "can't", ':-)')
    """
    return _kept(piece) if len(piece) <= LONGEST_KEPT else _look(piece)


@lru_cache(maxsize=2**16)
def _kept(piece: str) -> Look:
    return _look(piece)


def _look(piece: str) -> Look:
    first = piece[0]
    if first == "@" or piece.startswith(("http:", "https:", "www.")) or _ADDRESS.match(piece):
        return Look(piece, PASSED)
    face = _face(piece)
    if face is not None:
        name, stretched = face
        return Look(name, FACE, vader_lexicon().get(name, 0.0), stretched=stretched)
    if first.isalnum():
        if _LETTERS.search(piece):
            return _word(piece)
        rating = vader_lexicon().get(piece, 0.0)
        return Look(piece, WORD if rating else PASSED, rating)
    if (first in ".!?…。！？" and piece.strip(".…")) or piece == "." or first == "\n":
        return Look(piece, STOP, cries=piece.count("!") + piece.count("！"))
    return Look(piece, PAUSE)


def _word(piece: str) -> Look:
    letters = "".join(_LETTERS.findall(piece))
    name = normalize("NFC", piece.lower())
    name, stretched = _unstretched(BARE.get(name, name))
    rating = vader_lexicon().get(name, 0.0)
    degree = degrees().get(name, 0)
    return Look(
        name,
        WORD,
        rating,
        function=(name in FUNCTION or degree != 0) and not rating,
        negates=name in NEGATIONS or name.endswith("n't") or name in _reversing(),
        degree=degree,
        loud=piece.isupper() if len(letters) > 1 else None,
        stretched=stretched,
    )


@cache
def _reversing() -> frozenset[str]:
    return frozenset(phrase for phrase in phrases.reversing() if " " not in phrase)


def _unstretched(name: str) -> tuple[str, bool]:
    """A word with letters that stand thrice or more reduced, and whether there were any.

    To one or two of them, whichever gives a word that is known; else to two of e and o, and one of
    other letters. A word of one letter, "xxx", stays as it is.
    """
    runs = _STRETCH.findall(name)
    if not runs or name in vader_lexicon() or len(set(name)) == 1:
        return name, False
    for lengths in product((2, 1), repeat=len(runs)) if len(runs) < 5 else ():
        short = _shortened(name, lengths)
        if short in vader_lexicon() or short in FUNCTION or short in degrees() or short in BARE:
            return BARE.get(short, short), True
    return _shortened(name, [2 if letter in "eo" else 1 for letter in runs]), True


def _shortened(name: str, lengths: Iterable[int]) -> str:
    counts = iter(lengths)
    return _STRETCH.sub(lambda run: run[1] * next(counts), name)


def _face(piece: str) -> tuple[str, bool] | None:
    """The name of an emoticon or emoji, and whether its last character was repeated."""
    name = piece.lower()
    if name in _faces():
        return name, False
    if _is_sign(piece[0]):
        return shown(piece), False
    once = name.rstrip(name[-1]) + name[-1]
    return (once, True) if once in _faces() else None


@cache
def _faces() -> frozenset[str]:
    """The emoticons: entries of the lexicon with no two letters or digits side by side."""
    drawn = re.compile(r"(?!.*[^\W_]{2})(?!\d/)(?=.*[^\w\s]|.*_)\S*")
    faces = {name for name in vader_lexicon() if drawn.fullmatch(name) and not _is_sign(name[0])}
    return frozenset(faces | phrases.FACES.keys() | {"xd"}) - DOUBTFUL


@cache
def _pattern() -> re.Pattern[str]:
    """All that is a piece; what matches nothing, such as white space, divides."""
    faces = sorted(_faces() - {"xd"})
    bare = [x for x in faces if x[0] in ":;=<>" and (x[-1] == "3" or not re.search(r"[^\W_]", x))]
    apart = [face for face in faces if face not in bare]
    run = rf"[^\W_]+(?:[{_MARKS}]+[^\W_]*)*"
    word = rf"{run}(?:'{run})*"
    return re.compile(
        "|".join(
            [
                rf"(?!https?://|www\.)(?=[^\W\d_]{{2}}){word}",  # most pieces: tried first
                r"(?:https?://|www\.)[^\s<>\"]+",
                r"(?<!\w)@\w+",
                r"(?<=\w)\.(?:com|org|net|gov|edu|ly|co|io|tv)(?![^\W_])(?:/[^\s<>\"]*)?",
                rf"(?=[:;=<>])(?i:{_tree(bare)})(?!\w)",
                rf"(?<!\S)(?i:{_tree(apart)})(?=[\s.,!?;)]|$)",
                _EMOJI,
                r"\d+(?:[.,:/]\d+)+(?![^\W\d_])",
                word,
                r"[.!?…。！？]+",
                rf"[,;:()\"\[\]、，；：{_DASHES}]",
                r"(?<![^\W_])-+|-+(?![^\W_])|--+",
                r"\n\s*\n\s*",
            ]
        )
    )


def _tree(words: Iterable[str]) -> str:
    """A pattern of the words, as a tree by their letters: the longest that fits.

    The last character of a word may be repeated.
    """
    branches: dict[str, list[str]] = {}
    for word in words:
        branches.setdefault(word[0], []).append(word[1:])
    parts = []
    for first, rests in sorted(branches.items()):
        longer = [rest for rest in rests if rest]
        letter = re.escape(first)
        if not longer:
            parts.append(letter + "+")
        elif len(longer) < len(rests):
            parts.append(f"{letter}(?:{_tree(longer)}|{letter}*)")
        else:
            parts.append(letter + _tree(longer))
    return "(?:" + "|".join(parts) + ")"


def _is_sign(character: str) -> bool:
    return re.match(_SIGN, character) is not None
