"""What a model was trained on: enough to know its texts again, and no more.

A text's *fingerprint* is the first 64 bits of the SHA-256 of its words as they stand, with one
space between them: line ends and white space at the margins do not matter. A model keeps the
fingerprints of all texts that training or its validation saw, so that a test leaves them out
wherever they turn up: in the file of the training, in a part of it, in another order, under other
labels, or in another file. Two different texts have one fingerprint with probability 2^-64.

Possible issues: whoever has a text and a model can tell whether the one was trained on the other.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentiment.corpora import Corpus
from sentiment.valued import Valued

Fingerprints = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Provenance(Valued):
    """What a model was trained on.

    name : of the corpus. texts : how many of them. seed : of the training.
    hold_out : the part that was kept for a test. fingerprints : of the texts, rising, distinct.
    """

    name: str
    texts: int
    seed: int
    hold_out: float
    fingerprints: Fingerprints

    def seen(self, texts: Iterable[str]) -> NDArray[np.bool_]:
        """For each text whether it was trained on."""
        among: NDArray[np.bool_] = np.isin(fingerprints(texts), self.fingerprints)
        return among

    def all_in(self, texts: Iterable[str]) -> bool:
        """Whether all that was trained on is among the texts."""
        return bool(np.isin(self.fingerprints, fingerprints(texts)).all())


def provenance(corpus: Corpus, seed: int, hold_out: float) -> Provenance:
    """What a model is told of the texts that it was trained on."""
    kept = np.unique(fingerprints(corpus.texts))
    return Provenance(corpus.name, len(corpus), seed, hold_out, kept)


def fingerprints(texts: Iterable[str]) -> Fingerprints:
    """The fingerprint of each text, in their order.

    >>> one, other, spaced = fingerprints(["a film", "A film", " a  film\\n"])
    >>> bool(one == spaced), bool(one == other)
    (True, False)
    """
    return np.array([_fingerprint(text.split()) for text in texts], dtype=np.uint64)


def _fingerprint(words: Sequence[str]) -> int:
    digest = hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big")
