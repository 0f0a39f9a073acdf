"""What the tokens come to once a pattern is proved to stand: leaders, kinds, limits.

The pattern alone tells leaders, kinds, and the weights with which limits are means of leaders
(`paper_notes.md`, section 14; ours).
"""

from collections.abc import Mapping, Sequence, Set
from math import lcm

from flint import fmpq

from theory.dynamics import Pattern
from theory.equilibrium import Kind
from theory.exact import HardmaxError
from theory.places import History, leading
from theory.schedules.quotients import Quotient
from theory.settling import Settled
from theory.sweeps.layers import ZERO, Motion, State, shares_of
from theory.sweeps.values import Outcome

Shares = Sequence[Mapping[int, fmpq]]
"""The weights of leaders in each limit, as `shares_of` tells them."""


def outcome(
    motion: Motion,
    state: State,
    pattern: Pattern,
    told: History,
    places: Sequence[int],
    starts: Sequence[int],
) -> Outcome:
    """That of tokens at `places`, which are at `state` and attend by `pattern` for ever.

    `told` is the history of the tokens, and `starts` has where each of them started.
    """
    last, leaders = told[-1][1], []
    for i in leading(last, starts):
        other = [k for k, (_, earlier) in enumerate(told) if earlier[i] != last[i]]
        leaders.append((i, told[other[-1] + 1][0] if other else 0))
    shares = shares_of(pattern, motion.weights)
    limits = _limits(motion, state, shares)
    kinds = kinds_of(shares, {places[i] for i, _ in leaders})
    return Outcome(
        tuple(leaders), tuple([kinds[p] for p in places]), tuple([limits[p] for p in places])
    )


def settled_outcome(settled: Settled) -> Outcome | None:
    """That of one configuration, in constants; None where there are no limits."""
    try:
        truth = settled.equilibrium()
    except HardmaxError:
        return None
    return Outcome(
        tuple([(leader.token, leader.since_layer) for leader in truth.leaders]),
        truth.kinds,
        tuple([tuple(map(Quotient.constant, row)) for row in truth.limits]),
    )


def _limits(motion: Motion, state: State, shares: Shares) -> list[tuple[Quotient, ...]]:
    """Where the tokens tend to: means of leaders."""
    below = (motion.keep + motion.pull) ** state.layer * state.unit.q
    limits, width = [], range(len(state.tokens[0]))
    for weights in shares:
        common = lcm(*[int(share.q) for share in weights.values()])
        parts = [((share * common).p, state.tokens[v]) for v, share in weights.items()]
        sums = [sum([c * row[s] for c, row in parts], ZERO) for s in width]
        limits.append(tuple([Quotient.of(state.unit.p * x, below * common) for x in sums]))
    return limits


def kinds_of(shares: Shares, leaders: Set[int]) -> list[Kind | None]:
    """The kinds of limits, whatever A is: by the weights of leaders in them, without the tokens.

    A limit of which only one leader has a share is its position, and any other is on a face, for
    ⟨s, v⟩ ≤ |s|² at every leader v. None where a place has a share that does not lead, as of tokens
    that met there: such a limit may be on a face all the same.

    >>> from theory.sweeps.layers import shares_of
    >>> kinds_of(shares_of(((0,), (1,), (0, 1), (1,)), (1, 1, 1, 1)), {0, 1})
    ['leader', 'leader', 'face', 'vertex']
    """
    kinds: list[Kind | None] = []
    for i, weights in enumerate(shares):
        if not leaders >= weights.keys():
            kinds.append(None)
        elif len(weights) > 1:
            kinds.append("face")
        else:
            kinds.append("leader" if i in leaders else "vertex")
    return kinds
