r"""The walk where schedules take turns, with other steps or with matrices.

With γ_k that is one rational function for each class of layers modulo p, nothing is known here of
how 1 − (1−λ)γ compare for different λ, but what needs none of that is decided (section 3.9 of the
notes; ours):

- tokens that all stand at their targets under the matrix of every phase rest for ever, whatever the
  steps are;
- if lemmas I and R lock every row, all targets rest, so that Z(k) = m + π_k (Z − m), where π_k is a
  product of 1 − γ. The p factors of one turn, together, are a rational function of the turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flint import fmpq, fmpz_poly

from theory.closed_form import NoClosedForm
from theory.configuration import Configuration
from theory.exact import HardmaxError
from theory.matrices import Vector, minus, plus, times
from theory.places import spread_history
from theory.schedules.forms import Course, Rows, ScheduledForm
from theory.schedules.functions import RationalFunction
from theory.schedules.kept import Kept
from theory.schedules.products import ONE
from theory.schedules.quotients import Quotient
from theory.settling import MAX_CHANGES, Settled
from theory.steps import Constant, InTurn, Scheduled
from theory.trajectory import Trajectory
from theory.walk import LayerByLayer

PATIENCE = 256
"""Layers that a pattern without a proof is followed."""

UNKNOWN = (
    "schedules take turns, with other steps or matrices, and tokens move that no leader has "
    "locked; the signs of products of 1 − γ over every second layer, or third, would be needed"
)


def over_a_turn(steps: Sequence[RationalFunction], since: int) -> RationalFunction:
    """Γ(j) = 1 − Π (1 − γ_k) over the turn since + p j ≤ k < since + p (j + 1), p = len(steps).

    γ_k is that of steps[k % p]. Raises `HardmaxError` where it is beyond the bounds of schedules.

    >>> steps = [RationalFunction.parse(gamma) for gamma in ("1/(k+2)", "1/2")]
    >>> str(over_a_turn(steps, 0)), over_a_turn(steps, 1)(3) == 1 - fmpq(1, 2) * fmpq(9, 10)
    ('(2*k+3)/(4*k+4)', True)
    """
    kept, count = ONE, len(steps)
    for k in range(since, since + count):
        gamma, layer = steps[k % count].quotient, fmpz_poly([k, count])
        kept *= ONE - Quotient.of(gamma.above(layer), gamma.below(layer))
    pulled = ONE - kept
    return RationalFunction(pulled.above.coeffs(), pulled.below.coeffs())


@dataclass(frozen=True)
class TurnCourse(Course):
    """The tokens of locked rows, where the pulls of `steps` take turns, layer by layer.

    `gamma` is that of a turn from `steady` on, `over_a_turn`, and the c are functions of the turn.

    >>> steps = (RationalFunction.parse("1/(k+2)"), RationalFunction([0]))
    >>> parts = ((fmpq(1), (((fmpq(3),),),)), (fmpq(0), (((fmpq(-1),),),)))
    >>> course = TurnCourse(over_a_turn(steps, 0), 0, (), parts, steps)
    >>> [course.token(0, k) for k in range(4)], course.limit(0)
    ([(2,), (5/2,), (5/2,), (21/8,)], (3,))
    """

    steps: tuple[RationalFunction, ...]

    @property
    def turn(self) -> int:
        """p."""
        return len(self.steps)

    @cached_property
    def terms(self) -> tuple[tuple[Kept, Rows], ...]:
        """Each c, a function of the turns since `steady`, with its rows."""
        return tuple([(Kept(self.gamma, lam, 0, 0), rows) for lam, (rows,) in self.parts])

    def token(self, i: int, layer: int) -> Vector:
        """Token i at a layer ≥ since, exactly."""
        if layer < self.steady:
            return self.head[layer - self.since][i]
        turns, rest = divmod(layer - self.steady, self.turn)
        position = self._origin
        for c, rows in self.terms:
            if any(rows[i]):
                factor = c(turns)
                for k in range(layer - rest, layer):
                    factor *= 1 - (1 - c.lam) * self.steps[k % self.turn](k)
                position = plus(position, times(factor, rows[i]))
        return position


class TurnWalk(LayerByLayer):
    """The layers of a trajectory where schedules take turns.

    >>> steps = (Scheduled(RationalFunction.parse("1/(k+2)")), Constant("1/2"))
    >>> from theory.dynamics import Dynamics
    >>> dynamics = Dynamics(step=InTurn(steps, repeat=True))
    >>> walk = TurnWalk(Trajectory(Configuration([[1], [-2], [3]], 1), dynamics))
    >>> walk.locked, walk.history
    (True, [(0, ((2,), (1,), (2,)))])
    """

    def __init__(self, trajectory: Trajectory) -> None:
        self._reason = UNKNOWN
        super().__init__(trajectory)
        self._convex = self.dynamics.convex_from(self.configuration) or 0

    @property
    def locked(self) -> bool:
        """Whether there is a proof: nothing moves any more, or lemmas I and R fix every row."""
        return self._course is not None

    def ripe(self, last: bool) -> bool:
        """Whether to give up, as there is no other proof."""
        since = max(self.history[-1][0], self._convex)
        return last or self.layer - since >= PATIENCE or self.changes > MAX_CHANGES

    def first_change(self, max_layers: int) -> int | None:
        """Raises `NoClosedForm`."""
        raise NoClosedForm(self._reason)

    def leap(self, change: int) -> None:
        """Never needed."""

    def settled(
        self,
        configuration: Configuration,
        trajectory: Trajectory,
        places: tuple[int, ...],
        told: tuple[int, ...],
    ) -> Settled:
        """The answer about the tokens that stand at `places`; they are told by those in `told`."""
        if self._course is None:
            raise NoClosedForm(self._reason)
        forms = tuple([ScheduledForm(self._course, p) for p in places])
        history = spread_history(tuple(self.history), places, self.dynamics.ties)
        return Settled(configuration, trajectory, history, forms, told)

    def _arrive(self, layer: int) -> None:
        super()._arrive(layer)
        self._course = self._resting() or self._locked()

    def _resting(self) -> Course | None:
        """The course if every target is its token, whichever phase the matrices are in."""
        (since, pattern), layer = self.history[-1], self.layer
        if self.trajectory.targets(layer) != (tokens := self.trajectory.tokens(layer)):
            return None
        state, phases = self.trajectory.state(layer), self.dynamics.scores.period or 1
        for k in range(layer + 1, layer + phases):  # other sets have other means: notes, 3.9
            if self.dynamics.attention(self.configuration, state, k) != pattern:
                return None
        return Course(RationalFunction([0]), since, self._head(since), ((fmpq(1), (tokens,)),))

    def _locked(self) -> TurnCourse | None:
        """The course if lemmas I and R fix every row."""
        pattern, layer = self.history[-1][1], self.layer
        steps = pulls(self.dynamics.step)
        if steps is None or not self.dynamics.all_locked(self.configuration, pattern, layer):
            return None
        tokens, rests = self.trajectory.tokens(layer), self.trajectory.targets(layer)
        try:
            gamma = over_a_turn(steps, layer)
        except HardmaxError as error:
            self._reason = f"the pulls of one turn are no schedule: {error}"
            return None
        moving = tuple([minus(z, m) for z, m in zip(tokens, rests, strict=True)])
        since = self.history[-1][0]
        parts = ((fmpq(1), (rests,)), (fmpq(0), (moving,)))
        return TurnCourse(gamma, since, self._head(since), parts, steps)

    def _head(self, since: int) -> tuple[Rows, ...]:
        return tuple([self.trajectory.tokens(k) for k in range(since, self.layer)])


def pulls(step: object) -> tuple[RationalFunction, ...] | None:
    """The schedules of the steps that take turns; None where one of them is no number.

    >>> [str(gamma) for gamma in pulls(InTurn((Constant("1/2"), Constant(0)), repeat=True)) or ()]
    ['1/2', '0']
    """
    found = []
    for each in step.steps if isinstance(step, InTurn) else ():
        if isinstance(each, Scheduled):
            found.append(each.gamma)
        elif isinstance(each, Constant) and 0 <= each.gamma <= 1:
            found.append(RationalFunction([each.gamma]))
        else:
            return None
    return tuple(found) or None
