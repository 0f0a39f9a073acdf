r"""Held ties: attention sets of several tokens that stand for ever, with a mean that does not move.

To ties a *held* set is what lemma R is to single leaders (`paper_notes.md`, section 3.7; ours).
At some layer let the tokens of an attention set S be locked, each on its way to its target t_j (its
leader, or the mean of the held set that it attends to), and let m be the mean of S. If

1. Σ_{j∈S} w_j (t_j − z_j) = 0, and
2. every j ∈ S maximises ⟨m, ·⟩ over all tokens,

then whoever attends to S does so at all later layers, and tends to m. One token of S may itself
attend to S; then it has to rest, z_i = m, and 2 follows. `HeldTies` finds such sets. Thanks to it
{−15…15}² settles in 2.1 ms at α = 1/2 and not in 27, {−4…4}³ in 5.9 ms and not in 89.

Sums and products are exact: in floats where all entries are short multiples of one power of two
(grids), and in rationals elsewhere, but for the columns that the bound of `theory.fast.filter`
excludes.
"""

from collections.abc import Sequence
from math import inf

import numpy as np
from flint import fmpq

from theory.exact import dot, dyadic
from theory.fast.filter import Image
from theory.fast.history import Attention, AttentionHistory
from theory.matrices import Vector

MOST_COPIES = 1 << 26
"""Sums of so many entries of a grid, counted with multiplicity, are exact in floats."""


class HeldTies:
    """Finds the held sets of a history, and tells it.

    A set that fails 1 fails it for ever. One that fails 2 may be held later, when a token that was
    farther along its mean has left; it is tried again when twice as many layers have passed.
    """

    def __init__(self, history: AttentionHistory) -> None:
        self.history = history
        self._again: dict[Attention, float] = {}
        """The layer from which on a set that was refused is worth another try."""

    def due(self, layer: int) -> bool:
        """Whether a set that was refused is worth another try."""
        return any(again <= layer for again in self._again.values())

    def hold(self, layer: int, rows: Sequence[int], image: Image) -> None:
        """Tell the history which attention sets of `rows`, all that are not locked, are held now.

        `layer` is the last one told, and `image` shows its tokens.
        """
        history, unlocked = self.history, set(rows)
        self._again = {refused: again for refused, again in self._again.items() if again > layer}
        groups: dict[Attention, list[int]] = {}
        for i in rows:
            attended = history.sets.get(i)
            if attended is not None and attended not in self._again:
                groups.setdefault(attended, []).append(i)
        # the tokens of a held set attend to parts of it, so that smaller sets come first
        for attended in sorted(groups, key=len):
            own = unlocked.intersection(attended)
            if len(own) > 1 or not own.issubset(groups[attended]):
                continue
            mean = self._mean(attended, layer, image) if own else None
            if not all(self._rests(i, layer, mean) for i in own):
                continue
            if self._moves([j for j in attended if j not in own], layer):
                self._again[attended] = inf
                continue
            mean = mean or self._mean(attended, layer, image)
            if own or self._leads_to(attended, mean, layer, image):
                history.hold(attended, layer, mean)
                unlocked.difference_update(groups[attended])
            else:
                self._again[attended] = 2 * layer + 1

    def _mean(self, attended: Attention, layer: int, image: Image) -> Vector:
        """The mean of the tokens of a set."""
        weights = [self.history.configuration.multiplicities[j] for j in attended]
        total = sum(weights)
        if not image.grid or total > MOST_COPIES:
            return self.history.mean(attended, layer)
        row = np.array([weights], dtype=np.float64).dot(image.rows.take(attended, 0))
        unit = fmpq(2) ** image.scale / total
        return tuple([x * unit for x in dyadic(row)[0]])

    def _rests(self, i: int, layer: int, mean: Vector | None) -> bool:
        """Whether a token that attends to a set with this mean is where it goes."""
        return self.history.token(i, layer) == mean

    def _moves(self, attended: Sequence[int], layer: int) -> bool:
        """Whether the locked tokens of a set move their mean: whether the sum in 1 is not 0."""
        history = self.history
        weights = history.configuration.multiplicities
        total = [fmpq(0)] * history.configuration.dimension
        for j in attended:
            if j not in history.now(j):
                target, token = history.target(j), history.token(j, layer)
                total = [
                    x + weights[j] * (t - z) for x, t, z in zip(total, target, token, strict=True)
                ]
        return any(total)

    def _leads_to(self, attended: Attention, mean: Vector, layer: int, image: Image) -> bool:
        """Whether every token of the set maximises ⟨mean, ·⟩."""
        columns = set(image.contenders([mean])[0].tolist())
        if not columns.issuperset(attended):
            return False
        configuration, token = self.history.configuration, self.history.token
        functional = [dot(mean, column) for column in zip(*configuration.A, strict=True)]
        heights = {dot(functional, token(j, layer)) for j in attended}
        top = heights.pop()
        others = columns.difference(attended)
        return not heights and all(dot(functional, token(j, layer)) <= top for j in others)
