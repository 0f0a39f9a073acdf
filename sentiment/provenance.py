"""What a model was trained on: enough to know its texts again, and no more.

A text's *fingerprint* is the first 64 bits of the SHA-256 of its words as they stand, with one
space between them: line ends and white space at the margins do not matter. A model keeps the
fingerprints of all texts that training or its validation saw, so that a test leaves them out
wherever they turn up: in the file of the training, in a part of it, in another order, under other
labels, or in another file. Two different texts have one fingerprint with probability 2^-64.

A *near* fingerprint forgives case, punctuation, white space and markup (tags and entities of HTML):
it is that of the letters, digits and emoji alone. So a copy of a text that was cleaned, or typed
again, is known too; a text with one word more, less or other is not. Texts of a single word or none
have no near fingerprint: "Good!" and "good" may well be of two people.

Possible issues: whoever has a text and a model can tell whether the one was trained on the other.
Emoticons such as ":)" are punctuation: two texts that differ in them alone are near-verbatim. A
sentence of a script without white space counts as one word where no punctuation divides it.
"""

import hashlib
import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import category, normalize

import numpy as np
from numpy.typing import NDArray

from sentiment.corpora import Corpus
from sentiment.markup import APOSTROPHES
from sentiment.valued import Valued

Fingerprints = NDArray[np.uint64]

NONE = 0
"""Stands for the near fingerprint of a text that has none."""

LEAST_WORDS = 2
"""A text of fewer words has no near fingerprint."""

_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|<![^<>]*>", re.IGNORECASE)
_NO_APOSTROPHE = str.maketrans("", "", APOSTROPHES + "'")
_VARIATION = "\ufe0e\ufe0f"
"""Selectors of how an emoji is drawn."""


@dataclass(frozen=True, eq=False)
class Provenance(Valued):
    """What a model was trained on.

    name : of the corpus. texts : how many of them. seed : of the training.
    hold_out : the part that was kept for a test. fingerprints : of the texts, rising, distinct.
    near : the near fingerprints, likewise; None where a model was saved without them.
    """

    name: str
    texts: int
    seed: int
    hold_out: float
    fingerprints: Fingerprints
    near: Fingerprints | None = None

    def seen(self, texts: Iterable[str]) -> NDArray[np.bool_]:
        """For each text whether it was trained on."""
        among: NDArray[np.bool_] = np.isin(fingerprints(texts), self.fingerprints)
        return among

    def nearly_seen(self, texts: Sequence[str]) -> NDArray[np.bool_] | None:
        """For each text whether one was trained on that differs in no letter, but not itself.

        None where the model has no near fingerprints, so that it cannot be told.
        """
        if self.near is None:
            return None
        among: NDArray[np.bool_] = np.isin(near_fingerprints(texts), self.near)
        return among & ~self.seen(texts)

    def all_in(self, texts: Iterable[str]) -> bool:
        """Whether all that was trained on is among the texts."""
        return bool(np.isin(self.fingerprints, fingerprints(texts)).all())


def provenance(corpus: Corpus, seed: int, hold_out: float) -> Provenance:
    """What a model is told of the texts that it was trained on."""
    kept = np.unique(fingerprints(corpus.texts))
    near = np.unique(near_fingerprints(corpus.texts))
    return Provenance(corpus.name, len(corpus), seed, hold_out, kept, near[near != NONE])


def fingerprints(texts: Iterable[str]) -> Fingerprints:
    """The fingerprint of each text, in their order.

    >>> one, other, spaced = fingerprints(["a film", "A film", " a  film\\n"])
    >>> bool(one == spaced), bool(one == other)
    (True, False)
    """
    return np.array([_fingerprint(text.split()) for text in texts], dtype=np.uint64)


def near_fingerprints(texts: Iterable[str]) -> Fingerprints:
    """The near fingerprint of each text, in their order; `NONE` where it has none.

    >>> one, marked, other = near_fingerprints(
    ...     ["It&#39;s a film.", "<p>its  a FILM!</p>", "it's a good film"])
    >>> bool(one == marked), bool(one == other)
    (True, False)
    """
    return np.array([_near(text) for text in texts], dtype=np.uint64)


def _near(text: str) -> int:
    plain = normalize("NFKC", _TAG.sub(" ", html.unescape(text)).translate(_NO_APOSTROPHE))
    plain = plain.casefold()
    words = plain.translate({ord(x): " " for x in set(plain) if not _counts(x)}).split()
    return _fingerprint(["".join(words)]) if len(words) >= LEAST_WORDS else NONE


def _counts(letter: str) -> bool:
    """Whether a character is part of a word: a letter with its marks, a digit, an emoji."""
    if letter.isalnum():
        return True
    kind = category(letter)
    return kind == "So" or (kind[0] == "M" and letter not in _VARIATION)


def _fingerprint(words: Sequence[str]) -> int:
    digest = hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big")
