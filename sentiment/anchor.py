r"""Leaders by design: where features of given strengths stand, and how much each weighs.

In R^d, d ≥ 2, the first axis is sentiment and the second neutrality. Each text has one more token,
the *neutral anchor* at (0, 2), of a multiplicity that is the same for all texts. With u the
strength of a feature (`sentiment.strengths`), t `THRESHOLD` and ε a *spread* > 0, it stands

    at (±(1 + ε|u|), δ)    as a *leading word*, where |u| ≥ t and it is no function word,
    at (±(0.3 + x), 0.1)   as a *function word* with |u| ≥ t, where 0 < x < 0.1 rises with |u|,
    at (x, 0.5)            as a *weak* one, |u| < t, where |x| < 0.05 rises with u,

± the sign of u, and δ > 0 so small that it does no more than part words of equal strength. The
multiplicity of a leading or a function word in a text is its summed salience times |u|, in units
of 1/20 and rounded, at least 1; that of a weak one is 1.

So at the first layer already every leading word attends to the strongest leading word of its side
alone, a function word to that of its side, or to the anchor where its side has none, and a weak
word to the anchor: the pattern is settled, at most two words lead beside the anchor, and words
that lead are no function words. (`paper_notes.md`, section 10.4, with the proof; ours.)

    placed   positions and weights of features
    Anchor   its mass and its spread
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentiment.scope import PLAIN

Single = NDArray[np.float32]

THRESHOLD = 0.1
"""The least strength of a word that leads."""

PARTS = 20
"""Multiplicity of a plain occurrence of strength 1, and of the anchor for each unit of its mass."""

HEIGHT = 2.0
"""Where the anchor stands on the second axis."""

FUNCTION_START, FUNCTION_SPAN, FUNCTION_HEIGHT = 0.3, 0.1, 0.1
WEAK_SPAN, WEAK_HEIGHT = 0.05, 0.5
PARTING = 2.0**-23
"""The least δ; the greatest is twice that. Strengths that differ in binary32 differ by more than δ
can make good, for leading words and for function words."""

STRONGEST = 30.0
"""Strengths are cut here, far above those that occur: what is proved of the design needs
ε·`STRONGEST` ≤ 15."""


@dataclass(frozen=True)
class Anchor:
    """mass : of the anchor, in words of strength 1. spread : ε."""

    mass: float
    spread: float

    @property
    def multiplicity(self) -> int:
        """Of the anchor in every text."""
        return max(1, round(PARTS * self.mass))


def placed(
    anchor: Anchor, strengths: NDArray[np.float64], functional: NDArray[np.bool_], dimension: int
) -> tuple[Single, Single]:
    """The embedding (V + 1, d), the anchor last, and the multiplicities for each eighth, (V,)."""
    u = np.clip(strengths, -STRONGEST, STRONGEST)
    size = np.abs(u)
    side = np.sign(u)
    weak = size < THRESHOLD
    follows = functional & ~weak
    first = side * (1 + anchor.spread * size)
    first[follows] = (side * (FUNCTION_START + FUNCTION_SPAN * size / (1 + size)))[follows]
    first[weak] = (WEAK_SPAN * u / THRESHOLD)[weak]
    second = PARTING * (1 + np.arange(len(u)) / len(u))
    second[follows] = FUNCTION_HEIGHT
    second[weak] = WEAK_HEIGHT
    embedding = np.zeros((len(u) + 1, dimension), dtype=np.float32)
    embedding[:-1, 0] = first
    embedding[:-1, 1] = second
    embedding[-1, 1] = HEIGHT
    masses = np.where(weak, 0.0, size) * (PARTS / PLAIN)
    return embedding, masses.astype(np.float32)
