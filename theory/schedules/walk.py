"""The walk under a schedule of pulls.

`ScheduledWalk` is the walk of `theory.settling` for a pull γ_k that is a rational function of the
layer: any mask, any rule for ties, and any rational A. The tokens of a pattern are carried on by
`theory.schedules.forms`, and `theory.schedules.signs` has the first layer at which they attend
otherwise (section 3.9 of the notes; ours).
"""

from theory.closed_form import NoClosedForm
from theory.configuration import Configuration
from theory.dynamics import Dynamics
from theory.exact import Undecidable
from theory.places import spread_history
from theory.schedules.forms import Course, ScheduledForm, averages, parts, steady_from
from theory.schedules.functions import RationalFunction
from theory.schedules.signs import first_departure
from theory.settling import LONG_STRETCH, Settled
from theory.steps import Scheduled
from theory.trajectory import Trajectory
from theory.walk import LayerByLayer

PATIENCE = 256
"""Layers that a pattern without a proof is followed."""


def schedule(dynamics: Dynamics) -> RationalFunction | None:
    """γ_k, if that is a schedule and no constant, and A is one matrix up to positive factors.

    >>> schedule(Dynamics()) is None
    True
    """
    step = dynamics.step
    if not isinstance(step, Scheduled) or step.gamma.constant is not None:
        return None
    return step.gamma if dynamics.scores.steady and dynamics.ends is None else None


class ScheduledWalk(LayerByLayer):
    """The layers of a trajectory with the pulls γ_k = `gamma`, which is no constant.

    >>> gamma = RationalFunction.parse("2/(k+2)")
    >>> c = Configuration([[1], [0]], alpha=1, A=[[-1]])
    >>> walk = ScheduledWalk(Trajectory(c, Dynamics(step=Scheduled(gamma))), gamma)
    >>> walk.advance(), walk.advance(), walk.advance()
    (None, None, None)
    >>> walk.first_change(9), walk.history[-1]
    (None, (2, ((0, 1), (0, 1))))
    """

    def __init__(self, trajectory: Trajectory, gamma: RationalFunction) -> None:
        self.gamma = gamma
        self._proved: tuple[int, int | None] | None = None
        super().__init__(trajectory)

    def ripe(self, last: bool) -> bool:
        """Whether there is a proof: looked for after 1, 2, 4, … layers, and at the last one.

        Where there is no closed form, or a sign is not decided, it is waited for a while: most such
        patterns change.
        """
        stood = self.layer - self.history[-1][0]
        if last or not self.repeated or stood & (stood - 1):
            return last
        try:
            self._departure(thorough=stood >= PATIENCE)
        except (NoClosedForm, Undecidable):
            return stood >= PATIENCE
        return True

    def first_change(self, max_layers: int) -> int | None:
        """The first layer at which the pattern is another one; None if it stands for ever."""
        return self._departure(thorough=True)

    def _departure(self, thorough: bool) -> int | None:
        """What `first_change` returns, and `ripe` asks for before."""
        if self._proved is None or self._proved[0] != self.layer:
            pattern, course = self.history[-1][1], self._course()
            change = first_departure(self.configuration, self.dynamics, course, pattern, thorough)
            self._proved = self.layer, change
        return self._proved[1]

    def leap(self, change: int) -> None:
        """Go on to the layer `change`, which `first_change` found."""
        self.trajectory.hold(self.history[-1][1], self.layer, change)
        if change - self.layer > LONG_STRETCH:
            course, every = self._course(), range(self.configuration.size)
            self.trajectory.place(change, [course.token(i, change) for i in every])
        self._arrive(change)

    def settled(
        self,
        configuration: Configuration,
        trajectory: Trajectory,
        places: tuple[int, ...],
        told: tuple[int, ...],
    ) -> Settled:
        """The answer about the tokens that stand at `places`; they are told by those in `told`."""
        course = self._course()
        forms = tuple([ScheduledForm(course, p) for p in places])
        history = spread_history(tuple(self.history), places, self.dynamics.ties)
        return Settled(configuration, trajectory, history, forms, told)

    def _course(self) -> Course:
        """The course of the tokens from the first layer of the pattern on, as if it stood for ever.

        Its products begin at that layer, or between it and the present one.
        """
        first, pattern = self.history[-1]
        W = averages(pattern, self.configuration.multiplicities)
        steady = self.layer + 1
        for layer in (first, self.layer):  # what a pull of 1 ends is gone by now
            try:
                diagonal = parts(W, self.trajectory.tokens(layer))
            except NoClosedForm:
                if layer == self.layer:
                    raise
                continue
            steady = max(layer, *[steady_from(self.gamma, lam) for lam in diagonal])
            if steady <= self.layer:
                if steady > layer:
                    diagonal = parts(W, self.trajectory.tokens(steady))
                head = tuple([self.trajectory.tokens(k) for k in range(first, steady)])
                return Course(self.gamma, first, head, tuple(diagonal.items()))
        raise NoClosedForm(
            f"some 1 − (1−λ)γ_k is 0 or changes its sign before layer {steady}; the closed form "
            "begins there"
        )
