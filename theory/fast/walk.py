"""Large configurations, layer by layer: floats where they prove the attention, rationals elsewhere.

`FilteredWalk` is the walk of `theory.settling` for hardmax attention with α > 0. At each layer it
asks the filter (`theory.fast.filter`) for the attention sets of the rows that are not locked,
compares exactly the few columns that the filter leaves open, and tells the result to an
`AttentionHistory`. Rows that lead, attend to one leader alone, or to a held tie
(`theory.fast.held`), are locked and are not asked again: after the first layer usually few rows are
left. Everything recorded is exact; floats only spare work (`paper_notes.md`, section 9).
"""

from collections.abc import Sequence

import numpy as np

from theory.closed_form import solving_order
from theory.configuration import Configuration
from theory.exponential import power
from theory.fast.argmax import Array, Indices, products, rivals
from theory.fast.ending import Ending, FilteredSettled
from theory.fast.filter import Image, Maximisers
from theory.fast.held import HeldTies
from theory.fast.history import Attention, AttentionHistory
from theory.fast.persistence import Persistence
from theory.matrices import as_matrix
from theory.rules import AVERAGED
from theory.settling import LONG_STRETCH, Settled
from theory.trajectory import Trajectory

LAYER_COST, ROW_COST, TOKEN_COST, PRODUCT_COST = 100, 0.2, 40, 1.0
"""Cost in microseconds, roughly: of a layer, of a row that asks, of an exact token or product."""

LONG_NUMBER = 1000
"""Numbers of so many bits cost twice as much."""

SUSPECT_COST, FORM_COST = 10, 200
"""Cost of a row, in the same units, where a pattern is suspected, or examined, for ever."""


SMALL = 24
"""Up to so many tokens a closed form costs less than the layer that it may spare."""

DOUBT, SMALL_DOUBT = 32, 4
"""How many times the cost of a proof the layers may cost where it is likely to fail, or has; and
where the tokens are few, so that a proof costs little.

If a proof was tried wherever a pattern repeats, 1,000 Gaussian tokens of dimension 8 at α = 1/1000
would settle in 6.2 s, not in 39 ms.
"""


class FilteredWalk:
    """The layers of a configuration, one after the other, from layer 0 on.

    It looks for a proof that a pattern stands only when the layers on which it has stood have cost
    about as much as the proof, or some times as much where a change is to be expected. So neither
    the layers nor proofs that fail cost far more than the other way. A proof that fails says at
    which layer the pattern is another one; up to there none is tried.

    `layer` is where it stands; `history` has been told every pattern up to there; `active` are the
    rows that are not locked; `repeated` says whether the pattern is that of the layer before; and
    `begun` is the layer since which it has stood, with its image.

    >>> walk = FilteredWalk(Configuration([[4, 0], [1, 2], [0, 3]], alpha=1))
    >>> list(walk.history.patterns()), walk.active.tolist()
    ([((0,), (2,), (2,))], [])
    """

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.history = AttentionHistory(configuration)
        self.image = Image.of(configuration)
        self.layer = 0
        self.begun = 0, self.image
        self.repeated = False
        self.spent = 0.0
        self.ties = HeldTies(self.history)
        self._matrix = None if self.image.matrix is None else configuration.form[0]
        self._persistence: Persistence | None = None
        self._patience = 1.0
        self._doubt = SMALL_DOUBT if configuration.size <= SMALL else DOUBT
        self._acyclic = False
        self._suspected: bool | None = None
        self._quiet = 0
        single = np.empty(configuration.size, dtype=np.intp)
        every = np.arange(configuration.size)
        sets: dict[int, Attention] = {}
        self._attend(self.image.maximisers(), every, single, sets)
        self.history.tell(0, single, sets)
        self.active = self._unlocked(every)

    @property
    def locked(self) -> bool:
        """Whether every row is locked."""
        return not len(self.active)

    @property
    def changes(self) -> int:
        """How many patterns there have been."""
        return len(self.history.changes)

    @property
    def ends(self) -> bool:
        """Whether (H) holds."""
        return self.configuration.hypotheses.hold

    def advance(self) -> None:
        """Go on to the next layer."""
        history = self.history
        self.image = self.image.moved(
            self.configuration.lam, history.single, history.sets, self.configuration.multiplicities
        )
        self._arrive(self.layer + 1)

    def ripe(self, last: bool) -> bool:
        """Whether the layers of the pattern have cost what a proof is worth.

        Raises `NoClosedForm` where attention runs in a cycle, as it can if A is not definite.
        """
        acyclic = self._acyclic or self.configuration.hypotheses.positive_definite
        if (self.repeated or last) and not acyclic:
            solving_order({i: self.history.now(i) for i in range(self.configuration.size)})
            self._acyclic = True
        if not self.repeated:
            return False
        if self._suspected is None and self.spent >= SUSPECT_COST * len(self.active):
            self._suspected = self.suspect()
        times = self._doubt if self._suspected else self._patience
        return self.layer >= self._quiet and self.spent >= times * self.cost_of_proof

    def first_change(self, max_layers: int) -> int | None:
        """The first layer at which another pattern stands, or an early one; None if none is."""
        since, image = self.begun
        self._persistence = Persistence(self.history, image, since, self.active.tolist())
        soon = min(self.layer + LONG_STRETCH, max_layers) - since
        change = self._persistence.first_change(soon)
        return None if change is None else since + change

    def leap(self, change: int) -> None:
        """Go on to a far change at once, and towards a near one by a layer."""
        self._patience = min(2 * self._patience, DOUBT)
        if self._persistence is not None and change > self.layer + LONG_STRETCH:
            self.cross(change, self._persistence)
        else:
            self._quiet = change  # no proof is tried before
            self.advance()

    def settled(
        self,
        configuration: Configuration,
        trajectory: Trajectory,
        places: tuple[int, ...],
        told: tuple[int, ...],
    ) -> Settled:
        """The answer about the tokens that stand at `places`; they are told by those in `told`."""
        ending = Ending(self.history, self.image, None if self.locked else self._persistence)
        return FilteredSettled(configuration, trajectory, ending, places, told)

    def _forget(self) -> None:
        """Forget what is known of a pattern that is no more."""
        self._acyclic, self._suspected, self._quiet = False, None, 0

    @property
    def cost_of_proof(self) -> float:
        """What a proof costs, about, that the pattern stands: a layer makes numbers longer."""
        layer, _ = self.begun
        length = 1 + layer * self.configuration.lam.q.bit_length() / LONG_NUMBER
        return FORM_COST * length * len(self.active)

    def suspect(self) -> bool:
        """Whether some row i and some leader l seem to have f_il < 0 in the end, by floats.

        Were the pattern to stand, each token would tend to the mean of those that it attends to,
        and no leader would be farther along its limit than the limit itself; and a token that tends
        to a leader would in the end attend to it. Looking at that is much cheaper than a proof that
        the pattern stands, and spares most of the proofs that would fail. It decides nothing.
        """
        rows = self.active.tolist()
        ends = self._ends(rows)
        functionals = ends if self.image.matrix is None else products(ends, self.image.matrix)
        own = np.vecdot(functionals, ends)
        places = np.array([i for i, _ in self.history.leaders()], dtype=np.intp)
        winners, found = rivals(functionals, self.image.rows.take(places, 0), 0 * own)
        for place, columns in found.items():
            winners[place] = columns[0]
        leaders = places.take(winners)
        marks = self.image.rows.take(leaders, 0)
        excess = np.vecdot(functionals, marks) - own
        beyond = excess > 2 * self.image.bounds(functionals, ends)
        beyond |= (ends == marks).all(1)
        return any(
            leader not in self.history.now(i)
            for i, leader, far in zip(rows, leaders.tolist(), beyond.tolist(), strict=True)
            if far
        )

    def _ends(self, rows: Sequence[int]) -> Array:
        """Where the rows would tend to if the pattern stood, about."""
        history, weights = self.history, self.configuration.multiplicities
        limits = self.image.rows.take(np.maximum(history.single, 0), 0)
        for i, attended in history.held_rows().items():
            limits[i] = self.image.of_point(history.held[attended][1])
        active = set(rows)
        for i in solving_order({i: [j for j in history.now(i) if j in active] for i in rows}):
            others = [j for j in history.now(i) if j != i]
            if len(others) == 1:
                limits[i] = limits[others[0]]
            elif others:
                shares = np.array([float(weights[j]) for j in others])
                limits[i] = shares.dot(limits.take(others, 0)) / sum(shares.tolist())
            else:
                limits[i] = self.image.rows[i]
        return limits.take(rows, 0)

    def cross(self, layer: int, persistence: Persistence) -> None:
        """Go on to a far `layer`, up to which the pattern stands, as `persistence` has proved."""
        since, image = self.begun
        steps = layer - since
        rows = self.active.tolist()
        for i in rows:
            self.history.place(i, layer, persistence.form(i)(steps))
        # a locked row goes λ^steps of its way at once, as in one layer with another λ
        keep, held = power(self.configuration.lam, steps), self.history.held_rows()
        image = image.moved(keep, self.history.single, held, self.configuration.multiplicities)
        self.image = image.with_rows(self.active, [self.history.token(i, layer) for i in rows])
        self._arrive(layer)

    def _arrive(self, layer: int) -> None:
        self.layer = layer
        single = self.history.single.copy()
        sets = self.history.held_rows()
        self._attend(self.image.maximisers(self.active), self.active, single, sets)
        self.repeated = sets == self.history.sets and bool((single == self.history.single).all())
        if not self.repeated:
            self.spent = 0.0
            self._forget()
            self.begun = layer, self.image
            self.history.tell(layer, single, sets)
        if not self.repeated or self.ties.due(layer):
            self.active = self._unlocked(self.active)

    def _unlocked(self, rows: Indices) -> Indices:
        """Those of `rows` that are not locked; a row that was locked stays so."""
        history = self.history
        leader = history.single.take(rows)
        free = history.single.take(leader) != leader
        if not history.sets:
            return np.asarray(rows[free])
        left = rows[free | (leader < 0)]
        self.ties.hold(self.layer, left.tolist(), self.image)
        moving = [i for i in left.tolist() if history.sets.get(i) not in history.held]
        return np.array(moving, dtype=np.intp)

    def _attend(
        self, maximisers: Maximisers, asking: Indices, single: Indices, sets: dict[int, Attention]
    ) -> None:
        """Put the attention sets of the rows that asked into `single` and `sets`."""
        single[asking] = maximisers.sole
        self.spent += LAYER_COST + ROW_COST * len(asking)
        if not maximisers.open:
            return
        rows = asking.tolist()
        left = [(rows[place], columns) for place, columns in maximisers.open.items()]
        if maximisers.decided:
            found = [(i, tuple(columns.tolist())) for i, columns in left]
        else:
            found = self._compared(left)
        for i, attended in found:
            single[i] = attended[0] if len(attended) == 1 else -1
            if len(attended) > 1:
                sets[i] = attended

    def _compared(self, open_rows: Sequence[tuple[int, Indices]]) -> list[tuple[int, Attention]]:
        """The attention sets of rows, each with the columns left open, by exact products."""
        groups: dict[bytes, list[int]] = {}
        columns: dict[bytes, list[int]] = {}
        for i, candidates in open_rows:
            groups.setdefault(candidates.tobytes(), []).append(i)
            columns[candidates.tobytes()] = candidates.tolist()
        tokens, layer, matrix = self.history.tokens, self.layer, self._matrix
        found: list[tuple[int, Attention]] = []
        for key, rows in groups.items():
            asked = columns[key]
            if len(asked) == 1:
                found += [(i, (asked[0],)) for i in rows]
                continue
            left, below = as_matrix(tokens(rows, layer)).numer_denom()
            if matrix is not None:
                left *= matrix
            length = 1 + below.bit_length() / LONG_NUMBER
            self.spent += length * len(rows) * (TOKEN_COST + PRODUCT_COST * len(asked))
            right, _ = as_matrix(tokens(asked, layer)).numer_denom()
            for i, values in zip(rows, (left * right.transpose()).table(), strict=True):
                found.append((i, tuple([asked[q] for q in AVERAGED.chosen(values)])))
        return found
