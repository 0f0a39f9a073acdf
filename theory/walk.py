"""The exact walk: a configuration layer by layer in integers, and when a pattern stands for ever.

`ExactWalk` is the walk of `theory.settling` for hardmax attention with α > 0 and a definite matrix,
where attention runs in no cycle. With f_il(t) = ⟨z_i(t), z_j(t) − z_l(t)⟩ and j = min C_i, taken of
the closed forms of a pattern, the pattern stands at all t ≥ 0 iff every f_il has the signs that the
dynamics wants of it (section 3.2 of the notes; ours). `first_change` finds the first t at which one
has not, for any dynamics.
"""

from collections.abc import Iterator, Sequence

from theory.beyond.recurrences import first_outside
from theory.closed_form import closed_form, gram_terms
from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics, Pattern
from theory.exponential import ExponentialPolynomial
from theory.matrices import Vector
from theory.places import spread_history
from theory.positivity import first_failure_of, first_nonzero
from theory.rules import POSITIVE, ZERO
from theory.settling import LONG_STRETCH, Settled
from theory.trajectory import Trajectory


class LayerByLayer:
    """What walks have in common that go along the layers of a trajectory in integers, from 0 on.

    `history` has the layers at which the pattern became another one, with the pattern from then on.
    """

    def __init__(self, trajectory: Trajectory) -> None:
        self.trajectory = trajectory
        self.configuration, self.dynamics = trajectory.configuration, trajectory.dynamics
        self.history: list[tuple[int, Pattern]] = []
        self._arrive(0)

    @property
    def locked(self) -> bool:
        """Whether lemmas I and R fix every row."""
        return self._locks

    @property
    def changes(self) -> int:
        """How many patterns there have been."""
        return len(self.history)

    @property
    def ends(self) -> bool:
        """Whether (H) holds."""
        return self.dynamics.hypotheses(self.configuration).hold

    def advance(self) -> None:
        """Go on to the next layer."""
        self._arrive(self.layer + 1)

    def _arrive(self, layer: int) -> None:
        self.layer, pattern = layer, self.trajectory.pattern(layer)
        self.repeated = bool(self.history) and pattern == self.history[-1][1]
        if not self.repeated:
            self.history.append((layer, pattern))
            self._locks = self.dynamics.all_locked(self.configuration, pattern, layer)


class ExactWalk(LayerByLayer):
    """The walk of hardmax attention: closed forms over the rationals, and their signs.

    >>> walk = ExactWalk(Trajectory(Configuration([[2, 2], [-3, 2], [0, 1]], 1)))
    >>> walk.first_change(9)
    1
    >>> walk.leap(1)
    >>> walk.history[-1]
    (1, ((0,), (1,), (1,)))
    """

    def ripe(self, last: bool) -> bool:
        """Whether the pattern is worth a proof: at its second layer, or at the last one."""
        return last or self.repeated

    def first_change(self, max_layers: int) -> int | None:
        """The layer at which another pattern stands, or None; the closed forms are kept."""
        since, pattern = self.history[-1]
        self._since, self._forms = since, self._solved(since)
        change = first_change(self.configuration, self._forms, pattern, self.dynamics)
        return None if change is None else since + change

    def leap(self, change: int) -> None:
        """Go on to the layer `change`, which `first_change` found."""
        self.trajectory.hold(self.history[-1][1], self.layer, change)
        if change - self.layer > LONG_STRETCH:
            time = change - self._since
            self.trajectory.place(change, [form(time) for form in self._forms])
        self._arrive(change)

    def settled(
        self,
        configuration: Configuration,
        trajectory: Trajectory,
        places: tuple[int, ...],
        told: tuple[int, ...],
    ) -> Settled:
        """The answer about the tokens that stand at `places`; they are told by those in `told`."""
        forms = self._solved(self.history[-1][0]) if self.locked else self._forms
        history = spread_history(tuple(self.history), places, self.dynamics.ties)
        return Settled(configuration, trajectory, history, tuple([forms[p] for p in places]), told)

    def _solved(self, layer: int) -> tuple[ExponentialPolynomial, ...]:
        """The closed forms from a layer on as if the last pattern stood for ever."""
        tokens, pattern = self.trajectory.tokens(layer), self.history[-1][1]
        return closed_form(self.configuration, tokens, pattern, self.dynamics)


def first_change(
    configuration: Configuration,
    forms: Sequence[ExponentialPolynomial],
    pattern: Pattern,
    dynamics: Dynamics = HARDMAX,
) -> int | None:
    """The first time at which the closed forms of a pattern contradict it, or None."""
    size, wanted = len(pattern), dynamics.ties.wanted
    locked = set(dynamics.locked(configuration, pattern, 0))
    rows = [i for i in range(size) if i not in locked]
    gram = gram_terms(forms, dynamics.matrix(configuration, 0), rows)
    plain = all(r > 0 for r, _, _ in gram.terms)
    changes: list[int | None] = []
    for place, i in enumerate(rows):
        candidates, attended = dynamics.candidates.of(i, size), pattern[i]
        for column, f in gram.differences(place, attended[0]):
            if column not in candidates:
                continue
            signs = wanted(column, attended)
            if signs == ZERO:
                changes.append(first_nonzero(gram.rational(f)))
            elif plain and signs == POSITIVE:
                changes.append(first_failure_of(f))
            else:
                changes.append(first_outside(gram.rational(f), signs))
    return min([change for change in changes if change is not None], default=None)


def comparisons(
    forms: Sequence[ExponentialPolynomial],
    A: Sequence[Vector],
    pattern: Pattern,
    rows: Sequence[int],
) -> Iterator[tuple[int, int, ExponentialPolynomial]]:
    """For i in `rows` and every l ≠ j: i, l, and f_il(t) = ⟨z_i(t), z_j(t) − z_l(t)⟩, j = min C_i.

    Under hardmax attention the pattern is constant for ever iff every f with l ∈ C_i vanishes
    identically and every other is positive at all t ≥ 0. The trivial l = j is left out.
    """
    gram = gram_terms(forms, A, rows)
    for place, i in enumerate(rows):
        for column, f in gram.differences(place, pattern[i][0]):
            yield i, column, gram.rational(f)
