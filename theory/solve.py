"""`settle`: the one function that decides, and the one module that knows every walk.

The exact walk (`theory.walk`) is for every dynamics and every configuration; the filtered one
(`theory.fast.walk`) spares large configurations most of their integers. What is decided does not
depend on the walk (`paper_notes.md`, sections 3.2 and 9).
"""

from typing import Literal

from theory.arithmetic import is_standard
from theory.closed_form import NoClosedForm
from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics
from theory.exact import HardmaxError, expect, natural, shown
from theory.places import merge
from theory.scheduled_walk import ScheduledWalk, schedule
from theory.settling import MAX_LAYERS, Settled, Undecided, Walk, follow
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
) -> Settled | Undecided:
    """Decide from which layer on the attention pattern is constant.

    `max_layers` ≥ 0 bounds the layers looked at; `trajectory` lets the caller share the layers.
    `path` forces one of the two ways to the same answer, between which `path_of` chooses; there is
    one for a `dynamics` other than `HARDMAX`.

    The answer needs no hypothesis: where (H) fails the algebra is the same, and what it cannot
    decide (a cycle of attention between distinct places, negative bases, a pattern that has changed
    `MAX_CHANGES` times) is `Undecided`.
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
        gamma = schedule(dynamics)
        try:
            walk = ExactWalk(followed) if gamma is None else ScheduledWalk(followed, gamma)
        except NoClosedForm as error:
            return Undecided(configuration, trajectory, 0, str(error))
    unsettled = follow(walk, max_layers)
    if unsettled is not None:
        return Undecided(configuration, trajectory, *unsettled)
    return walk.settled(configuration, trajectory, places, told)


def path_of(configuration: Configuration, dynamics: Dynamics = HARDMAX) -> Path:
    """The one place where the way is chosen; the answer does not depend on it.

    Few tokens cost less in integers throughout. The filter needs α > 0, for its error bound and for
    the locked rows, and arithmetic to the nearest with subnormals (`theory.arithmetic`). Only where
    a decision exceeds every budget of `theory.positivity`, as no configuration seen does, may one
    way be undecided and the other not.
    """
    large = configuration.size >= LARGE and configuration.alpha > 0 and dynamics == HARDMAX
    return "filtered" if large and is_standard() else "exact"
