"""The walk beyond (H): patterns that stand, and patterns that return, by linear maps.

`LinearWalk` is the walk of `theory.settling` for every dynamics whose parameters are constant or
return after p_0 layers: γ = 1, value matrices, layers in turn, any A, α < 0 (section 3.8 of the
notes; ours). It looks for the least q such that the pattern has been constant for p_0 + 1 layers
(q = p_0), or that the last q patterns are the q before them (q a multiple of p_0), takes the tokens
on by the maps of these patterns in turn, and has `theory.beyond.standing` find the first layer at
which they attend otherwise. If there is none, the pattern is settled in the first case, and returns
for ever in the second. Where a pattern has a closed form over the rationals (`theory.closed_form`,
`Orbit.exponential`) its terms decide, as in the exact walk.
"""

from flint import fmpz

from theory.beyond.linear import LinearForm, Orbit
from theory.beyond.standing import first_departure, orbit_of
from theory.closed_form import NoClosedForm, closed_form, constant_lam
from theory.configuration import Configuration
from theory.dynamics import Pattern
from theory.exact import Undecidable
from theory.exponential import ExponentialPolynomial, Form
from theory.places import copies_of, spread, spread_history
from theory.settling import LONG_STRETCH, Cycling, Settled
from theory.trajectory import Trajectory
from theory.walk import LayerByLayer, first_change

MOST_WORK = 500_000
"""Spent on proofs that ended with another change far away: bits of the tokens times pairs of the
powers that carry them. It is some twenty seconds; what turns for ever at a slow pace would take
minutes."""

LONGEST_PERIOD = 120
"""Patterns that return after more layers are not noticed, unless the parameters take as many."""


class LinearWalk(LayerByLayer):
    """The layers of a trajectory whose parameters return, and linear maps for what patterns do.

    `period` is that of the parameters, p_0.

    >>> from theory import Configuration
    >>> walk = LinearWalk(Trajectory(Configuration([[1], [-1]], 1, [[-1]])), 1)
    >>> walk.advance()
    >>> walk.first_change(9), walk.history
    (None, [(0, ((1,), (0,))), (1, ((0, 1), (0, 1)))])
    """

    def __init__(self, trajectory: Trajectory, period: int) -> None:
        self.period = period
        self._told = 0
        self._work = 0
        super().__init__(trajectory)

    @property
    def changes(self) -> int:
        """How many patterns there have been, but for those that a proof told beforehand."""
        return len(self.history) - self._told

    @property
    def ends(self) -> bool:
        """Whether (H) holds and parameters are constant."""
        return self.period == 1 and super().ends

    def ripe(self, last: bool) -> bool:
        """Whether patterns have stood or returned often enough, or it is the last layer."""
        return last or self._returning() is not None

    def first_change(self, max_layers: int) -> int | None:
        """The first layer at which the patterns do not go on as they have; None if they do."""
        self._since, self._patterns = self._returning() or self._constant()
        pattern, forms = self._patterns[0], self._solved() if self._settles else None
        if forms is not None:
            self._forms: tuple[Form, ...] = forms
            change = first_change(self.configuration, forms, pattern, self.dynamics)
        else:
            if self._work > MOST_WORK:
                raise Undecidable(
                    f"the pattern has changed {self.changes} times, and a proof that it does not "
                    "again has become too long to be tried once more"
                )
            self._forms, orbit = self._carried(), self._orbit
            change = first_departure(
                self.configuration, self.dynamics, orbit, self._patterns, self._since
            )
            if change is not None and change > LONG_STRETCH:  # one nearby is met at once
                state = self.trajectory.state(self._since)
                bits = max(map(fmpz.bit_length, (state.denominator, *state.matrix.entries())))
                self._work += int(bits) * orbit.polynomial.degree() ** 2
        return None if change is None else self._since + change

    def leap(self, change: int) -> None:
        """Go on to the layer `change`, which `first_change` found."""
        if self._settles:
            self.trajectory.hold(self.history[-1][1], self.layer, change)
            if change - self.layer > LONG_STRETCH:
                time = change - self._since
                self.trajectory.place(change, [form(time) for form in self._forms])
            self._arrive(change)
            return
        before = len(self.history)
        for layer in range(self.layer + 1, change + 1):
            self._arrive(layer)
        self._told += max(0, len(self.history) - before - 1)

    def settled(
        self,
        configuration: Configuration,
        trajectory: Trajectory,
        places: tuple[int, ...],
        told: tuple[int, ...],
    ) -> Settled | Cycling:
        """The answer about the tokens that stand at `places`; they are told by those in `told`."""
        if self.locked:
            self._since, self._patterns = self._constant()
            self._forms = self._solved() or self._carried()
        forms = tuple([self._forms[p] for p in places])
        ties, copies = self.dynamics.ties, copies_of(places)
        history = [entry for entry in self.history if entry[0] <= self._since]
        if self._settles:
            spread_out = spread_history(tuple(history), places, ties)
            return Settled(configuration, trajectory, spread_out, forms, told)
        if history[-1][0] < self._since:  # it begins amid a stretch of one pattern
            history.append((self._since, self._patterns[0]))
        spread_out = spread_history(tuple(history), places, ties)
        patterns = tuple([spread(pattern, places, copies, ties) for pattern in self._patterns])
        return Cycling(configuration, trajectory, spread_out, patterns, forms, told)

    @property
    def _settles(self) -> bool:
        """Whether what is proved, or was tried, is one pattern."""
        return len(set(self._patterns)) == 1

    def _constant(self) -> tuple[int, tuple[Pattern, ...]]:
        """Since when the last pattern has stood, and that pattern for each layer of a period."""
        since, pattern = self.history[-1]
        return since, (pattern,) * self.period

    def _returning(self) -> tuple[int, tuple[Pattern, ...]] | None:
        """Since when patterns have returned, and those of one period from then on."""
        last, pattern = self.layer, self.trajectory.pattern
        if self.history[-1][0] + self.period <= last:
            return self._constant()
        for q in range(self.period, max(self.period, LONGEST_PERIOD) + 1, self.period):
            if 2 * q > last + 1:
                return None
            if all(pattern(last - i) == pattern(last - q - i) for i in range(q)):
                since = last + 1 - 2 * q
                while since and pattern(since - 1) == pattern(since - 1 + q):
                    since -= 1
                return since, tuple([pattern(since + r) for r in range(q)])
        return None

    def _solved(self) -> tuple[ExponentialPolynomial, ...] | None:
        """The closed forms of the one pattern from `_since` on, where there are any over Q."""
        if self.period > 1:
            return None
        pattern, tokens = self._patterns[0], self.trajectory.tokens(self._since)
        try:
            constant_lam(self.configuration, self.dynamics)
            return closed_form(self.configuration, tokens, pattern, self.dynamics)
        except NoClosedForm:
            return self._orbit.exponential()

    @property
    def _orbit(self) -> Orbit:
        tokens = self.trajectory.tokens(self._since)
        return orbit_of(self.configuration, self.dynamics, tokens, self._patterns, self._since)

    def _carried(self) -> tuple[LinearForm, ...]:
        orbit = self._orbit
        return tuple([LinearForm(orbit, i) for i in range(self.configuration.size)])
