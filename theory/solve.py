"""`settle`: the one function that decides, and the one module that knows every walk.

The exact walk (`theory.walk`) is for hardmax attention with α > 0 and a definite matrix; the
filtered one (`theory.fast.walk`) spares large configurations most of its integers; the linear one
(`theory.beyond.turns`) is for every configuration, and every dynamics whose parameters repeat. What
is decided does not depend on the walk (`paper_notes.md`, sections 3.2, 3.8 and 9).
"""

from typing import Literal

from theory.arithmetic import is_standard
from theory.closed_form import NoClosedForm
from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics
from theory.exact import HardmaxError, expect, natural, shown
from theory.matrices import is_positive_definite
from theory.own import Own
from theory.places import merge
from theory.settling import MAX_LAYERS, Cycling, Settled, Undecided, Walk, follow
from theory.trajectory import Trajectory
from theory.walk import ExactWalk

Path = Literal["exact", "filtered"]
"""How layers are followed: in integers throughout, or through the filter where it decides."""

LARGE = 64
"""From so many places on the filter costs less than the integers that it spares.

Gaussian tokens of dimension 3 at α = 1/2 settle in 0.2 ms through it and 3.4 ms without if they are
64, and in 0.9 ms and 430 ms if they are 1,000.
"""


def settle(
    configuration: Configuration,
    max_layers: int = MAX_LAYERS,
    trajectory: Trajectory | None = None,
    *,
    path: Path | None = None,
    keep_copies: bool = False,
    dynamics: Dynamics = HARDMAX,
) -> Settled | Cycling | Undecided:
    """Decide from which layer on the attention pattern is constant.

    `max_layers` ≥ 0 bounds the layers looked at; `trajectory` lets the caller share the layers.
    `path` forces one of the two ways to the same answer, between which `path_of` chooses; there is
    one for a `dynamics` other than `HARDMAX`.

    The answer needs no hypothesis. Where (H) fails, tokens move by linear maps whose eigenvalues
    need not be rational, patterns may return for ever in place of settling (`Cycling`), and what
    cannot be decided (dominant terms that balance, a pattern that has changed `MAX_CHANGES` times
    and never returned) is `Undecided` and says so.
    Under (H) it is proved to end without a budget in large cases: `theory.termination`.
    Copies of one token move as one, and stand for a place with a multiplicity: a place leads if it
    attends to its own copies alone, and then each of them is told as a leader. With `keep_copies`
    the tokens are taken one by one, so that none that has a copy leads; all else is the same.

    >>> result = settle(Configuration(tokens=[[2, -2], [-2, 2], [1, 0]], alpha="1/3"))
    >>> result.layer, result.pattern
    (0, ((0,), (1,), (0,)))
    >>> pair = Configuration([[2], [2], [1]], alpha=1)
    >>> [leader.token for leader in settle(pair).equilibrium().leaders]
    [0, 1]
    >>> settle(pair, keep_copies=True).equilibrium().leaders
    ()
    """
    expect(Configuration, configuration, "a Configuration")
    expect(Dynamics, dynamics, "a Dynamics")
    max_layers = natural("max_layers", max_layers)
    if trajectory is None:
        trajectory = Trajectory(configuration, dynamics)
    elif trajectory != Trajectory(configuration, dynamics):
        raise HardmaxError(f"trajectory = {shown(trajectory)}, not that of the configuration")
    if isinstance(dynamics, Own):
        reason = "a rule of a user's own has no proof that its pattern stands"
        return Undecided(configuration, trajectory, 0, reason)
    merged, places = merge(configuration, dynamics)
    told = tuple(range(configuration.size)) if keep_copies else places
    if path is None:
        path = path_of(merged, dynamics)
    elif path not in ("exact", "filtered"):
        raise HardmaxError(f"path = {shown(path)}; 'exact' or 'filtered' was wanted")
    elif path == "filtered" and dynamics != HARDMAX:
        raise HardmaxError(f"{shown(dynamics)}: the filter knows hardmax attention alone")
    elif path == "filtered" and merged.alpha <= 0:
        raise HardmaxError(f"alpha = {merged.alpha}: the filter needs alpha > 0")
    walk: Walk
    if path == "filtered":
        from theory.fast.walk import FilteredWalk  # small configurations do without

        walk = FilteredWalk(merged)
    else:
        apart = merged.size == configuration.size
        followed = trajectory if apart else Trajectory(merged, dynamics)
        try:
            walk = _walk(followed)
        except NoClosedForm as error:
            return Undecided(configuration, trajectory, 0, str(error))
    unsettled = follow(walk, max_layers)
    if unsettled is not None and path == "filtered" and not walk.ends:
        from theory.beyond.turns import LinearWalk

        walk = LinearWalk(Trajectory(merged), 1)  # where attention runs in a cycle
        unsettled = follow(walk, max_layers)
    if unsettled is not None:
        return Undecided(configuration, trajectory, *unsettled)
    return walk.settled(configuration, trajectory, places, told)


def _walk(trajectory: Trajectory) -> Walk:
    """The walk along a trajectory. Raises `NoClosedForm`, in words, where none is known."""
    c, dynamics = trajectory.configuration, trajectory.dynamics
    if dynamics == HARDMAX and c.advances and (c.euclidean or is_positive_definite(c.A)):
        return ExactWalk(trajectory)  # by lemma G attention runs in no cycle
    period = dynamics.period(c)  # each walk is imported where it is needed: that takes a while
    if period is not None:
        from theory.beyond.turns import LinearWalk

        return LinearWalk(trajectory, period)
    if dynamics.ends is not None:
        raise NoClosedForm(f"the layers end after {dynamics.ends}")
    from theory.schedules.walk import ScheduledWalk, schedule

    gamma = schedule(dynamics)
    if gamma is not None:
        return ScheduledWalk(trajectory, gamma)
    from theory.schedules.turns import TurnWalk

    return TurnWalk(trajectory)


def path_of(configuration: Configuration, dynamics: Dynamics = HARDMAX) -> Path:
    """The one place where the way is chosen; the answer does not depend on it.

    Few tokens cost less in integers throughout. The filter needs α > 0, for its error bound and for
    the locked rows, and arithmetic to the nearest with subnormals (`theory.arithmetic`). Only where
    a decision exceeds every budget of `theory.positivity`, as no configuration seen does, may one
    way be undecided and the other not.
    """
    large = configuration.size >= LARGE and configuration.alpha > 0 and dynamics == HARDMAX
    return "filtered" if large and is_standard() else "exact"
