"""Which texts a model was not trained on, and what is told of the others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checks.cli.terminal import notice
from sentiment.corpora import Corpus
from sentiment.provenance import Provenance


@dataclass(frozen=True, eq=False)
class Known:
    """For each text whether it was trained on, and whether nearly so.

    Nearly so: but for case, punctuation, white space or markup, and not itself; None where the
    model cannot tell.
    """

    verbatim: NDArray[np.bool_]
    near: NDArray[np.bool_] | None

    @property
    def either(self) -> NDArray[np.bool_]:
        """Which texts are not to be counted."""
        return self.verbatim if self.near is None else self.verbatim | self.near

    @property
    def counts(self) -> dict[str, int | None]:
        """How many of each kind, for JSON."""
        near = None if self.near is None else int(self.near.sum())
        return {"verbatim_in_training": int(self.verbatim.sum()), "near_verbatim_in_training": near}


def known(trained_on: Provenance | None, corpus: Corpus) -> Known:
    """Which texts of a corpus a model was trained on; none where it does not say."""
    if trained_on is None:
        return Known(np.zeros(len(corpus), dtype=bool), None)
    return Known(trained_on.seen(corpus.texts), trained_on.nearly_seen(corpus.texts))


def tell(trained_on: Provenance | None, those: Known, counted: str) -> None:
    """How many texts are left out, and why; `counted` says what becomes of the others."""
    seen, near = int(those.verbatim.sum()), 0 if those.near is None else int(those.near.sum())
    if those.either.all():
        return
    if seen:
        end = "" if near else f"; {counted}"
        notice(f"texts that the model was trained on: {seen}, left out{end}")
    if near:
        notice(f"near-verbatim in training: {near}, left out; {counted}")
    if trained_on is not None and those.near is None:
        notice(
            "this model was saved without the fingerprints that forgive case and punctuation: "
            "near-verbatim texts could not be told"
        )
