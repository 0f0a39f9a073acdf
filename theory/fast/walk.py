"""Large configurations, layer by layer: floats where they prove the attention, rationals elsewhere.

`Layers` walks through the layers of a configuration with α > 0. At each it asks the filter
(`theory.fast.filter`) for the attention sets of the rows that are not locked, compares exactly the
few columns that the filter leaves open, and tells the result to a `Course`. Rows that lead, attend
to one leader alone, or to a held tie (`theory.fast.held`), are locked and are not asked again:
after the first layer usually few rows are left. Everything recorded is exact; floats only spare
work (`paper_notes.md`, section 9).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from theory.closed_form import closed_forms, solving_order
from theory.configuration import Configuration
from theory.dynamics import Pattern
from theory.exponential import ExponentialPolynomial
from theory.fast.argmax import Array, Indices, products, rivals
from theory.fast.filter import Contest, Image
from theory.fast.held import Ties
from theory.fast.history import Attention, Course
from theory.fast.persistence import Standing
from theory.lazily import once
from theory.matrices import Vector, as_matrix
from theory.rules import maximisers

LAYER_COST, ROW_COST, TOKEN_COST, PRODUCT_COST = 100, 0.2, 40, 1.0
"""Cost in microseconds, roughly: of a layer, of a row that asks, of an exact token or product."""

LONG_NUMBER = 1000
"""Numbers of so many bits cost twice as much."""

SUSPECT_COST, FORM_COST = 10, 200
"""Cost of a row, in the same units, where a pattern is suspected, or examined, for ever."""


class Layers:
    """The layers of a configuration, one after the other, from layer 0 on.

    `layer` is where it stands; `course` has been told every pattern up to there; `active` are the
    rows that are not locked; `repeated` says whether the pattern is that of the layer before; and
    `begun` is the layer since which it has stood, with its image.

    >>> layers = Layers(Configuration([[4, 0], [1, 2], [0, 3]], alpha=1))
    >>> list(layers.course.patterns()), layers.active.tolist()
    ([((0,), (2,), (2,))], [])
    """

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.course = Course(configuration)
        self.ties = Ties(self.course)
        self.image = Image.of(configuration)
        self.layer = 0
        self.begun = 0, self.image
        self.repeated = False
        self.spent = 0.0
        self._matrix = None
        if self.image.matrix is not None:
            self._matrix, _ = configuration.form
        single = np.empty(configuration.size, dtype=np.intp)
        every = np.arange(configuration.size)
        sets: dict[int, Attention] = {}
        self._attend(self.image.contest(), every, single, sets)
        self.course.tell(0, single, sets)
        self.active = self._unlocked(every)

    def advance(self) -> None:
        """Go on to the next layer."""
        course = self.course
        self.image = self.image.moved(
            self.configuration.lam, course.single, course.sets, self.configuration.multiplicities
        )
        self._arrive(self.layer + 1)

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
        places = np.array([i for i, _ in self.course.leaders()], dtype=np.intp)
        winners, found = rivals(functionals, self.image.rows.take(places, 0), 0 * own)
        for place, columns in found.items():
            winners[place] = columns[0]
        leaders = places.take(winners)
        marks = self.image.rows.take(leaders, 0)
        excess = np.vecdot(functionals, marks) - own
        beyond = excess > 2 * self.image.bounds(functionals, ends)
        beyond |= (ends == marks).all(1)
        return any(
            leader not in self.course.now(i)
            for i, leader, far in zip(rows, leaders.tolist(), beyond.tolist(), strict=True)
            if far
        )

    def _ends(self, rows: Sequence[int]) -> Array:
        """Where the rows would tend to if the pattern stood, about."""
        course, weights = self.course, self.configuration.multiplicities
        limits = self.image.rows.take(np.maximum(course.single, 0), 0)
        for i, attended in course.held_rows().items():
            limits[i] = self.image.of_point(course.held[attended][1])
        active = set(rows)
        for i in solving_order({i: [j for j in course.now(i) if j in active] for i in rows}):
            others = [j for j in course.now(i) if j != i]
            if len(others) == 1:
                limits[i] = limits[others[0]]
            elif others:
                shares = np.array([float(weights[j]) for j in others])
                limits[i] = shares.dot(limits.take(others, 0)) / sum(shares.tolist())
            else:
                limits[i] = self.image.rows[i]
        return limits.take(rows, 0)

    def leap(self, layer: int, standing: Standing) -> None:
        """Go on to a far `layer`, up to which the pattern stands, as `standing` has proved."""
        since, image = self.begun
        steps = layer - since
        rows = self.active.tolist()
        for i in rows:
            self.course.place(i, layer, standing.form(i)(steps))
        # a locked row goes λ^steps of its way at once, as in one layer with another λ
        keep, held = self.configuration.lam**steps, self.course.held_rows()
        image = image.moved(keep, self.course.single, held, self.configuration.multiplicities)
        self.image = image.with_rows(self.active, [self.course.token(i, layer) for i in rows])
        self._arrive(layer)

    def _arrive(self, layer: int) -> None:
        self.layer = layer
        single = self.course.single.copy()
        sets = self.course.held_rows()
        self._attend(self.image.contest(self.active), self.active, single, sets)
        self.repeated = sets == self.course.sets and bool((single == self.course.single).all())
        if not self.repeated:
            self.spent = 0.0
            self.begun = layer, self.image
            self.course.tell(layer, single, sets)
        if not self.repeated or self.ties.due(layer):
            self.active = self._unlocked(self.active)

    def _unlocked(self, rows: Indices) -> Indices:
        """Those of `rows` that are not locked; a row that was locked stays so."""
        course = self.course
        leader = course.single.take(rows)
        free = course.single.take(leader) != leader
        if not course.sets:
            return np.asarray(rows[free])
        left = rows[free | (leader < 0)]
        self.ties.hold(self.layer, left.tolist(), self.image)
        moving = [i for i in left.tolist() if course.sets.get(i) not in course.held]
        return np.array(moving, dtype=np.intp)

    def _attend(
        self, contest: Contest, asking: Indices, single: Indices, sets: dict[int, Attention]
    ) -> None:
        """Put the attention sets of the rows that asked into `single` and `sets`."""
        single[asking] = contest.winners
        self.spent += LAYER_COST + ROW_COST * len(asking)
        if not contest.open:
            return
        rows = asking.tolist()
        left = [(rows[place], columns) for place, columns in contest.open.items()]
        if contest.decided:
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
        tokens, layer, matrix = self.course.tokens, self.layer, self._matrix
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
                found.append((i, tuple([asked[q] for q in maximisers(values)])))
        return found


@dataclass(frozen=True)
class Ending:
    """A large configuration that has settled: its course, and the rows that are not locked.

    Only what is asked for is made. Tokens are those of the configuration of the course; `image`
    shows those of a layer from the settled one on, and `standing` begins at the settled layer.
    """

    course: Course
    image: Image
    standing: Standing | None

    @property
    def layer(self) -> int:
        """The settled layer."""
        return self.course.changes[-1]

    def history(self) -> tuple[tuple[int, Pattern], ...]:
        """The layers at which the pattern became another one, with the patterns."""
        return tuple(zip(self.course.changes, self.course.patterns(), strict=True))

    def closed_form(self) -> tuple[ExponentialPolynomial, ...]:
        """The closed forms of all tokens from the settled layer on."""
        course, layer, free = self.course, self.layer, self.free
        every = course.attention()
        # a locked row attends to locked rows alone
        attention = {i: attended for i, attended in enumerate(every) if i not in free}
        tokens = dict(zip(attention, course.tokens([*attention], layer), strict=True))
        forms = {**free, **closed_forms(course.configuration, tokens, attention)}
        return tuple(map(forms.__getitem__, range(len(every))))

    @once
    def free(self) -> dict[int, ExponentialPolynomial]:
        """The closed forms of the rows that are not locked, from `layer` on."""
        return {i: self.standing.form(i) for i in self.standing.rows} if self.standing else {}

    @once
    def limits(self) -> dict[int, Vector]:
        """The limits of the rows that do not end at a leader that they attend to alone."""
        found = {i: form.limit() for i, form in self.free.items()}
        course = self.course
        found.update((i, course.target(i)) for i in course.held_rows())
        return found

    def rate(self) -> tuple[fmpq, int] | None:
        """The greatest (base, degree) of a term that moves.

        Whoever does not lead, nor rests in the held set that it attends to, and is locked, has λ^t.
        """
        course = self.course
        moving = [(r, p) for form in self.free.values() for r, p, _ in form.moving]
        apart = {*self.free, *(i for i, attended in course.sets.items() if i in attended)}
        if len(course.leaders()) + len(apart) < len(course.single):
            moving.append((course.configuration.lam, 0))
        return max(moving, default=None)
