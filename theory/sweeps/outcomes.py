"""What the tokens come to once a pattern is proved to stand: leaders, kinds, limits."""

from collections.abc import Callable, Sequence, Set
from math import lcm

from flint import fmpz_poly

from theory.dynamics import Pattern
from theory.equilibrium import Kind
from theory.exact import HardmaxError
from theory.places import History, leading
from theory.schedules.quotients import Quotient
from theory.settling import Settled
from theory.sweeps.layers import ZERO, Motion, State, dot, shares_of
from theory.sweeps.values import Outcome

Sign = Callable[[fmpz_poly], int | None]
"""The sign of a polynomial, not 0, where the tokens are; None where it has several."""


def outcome(
    motion: Motion,
    state: State,
    pattern: Pattern,
    told: History,
    places: Sequence[int],
    starts: Sequence[int],
    sign: Sign,
) -> Outcome:
    """That of tokens at `places`, which are at `state` and attend by `pattern` for ever.

    `told` is the history of the tokens, and `starts` has where each of them started.
    """
    last, leaders = told[-1][1], []
    for i in leading(last, starts):
        other = [k for k, (_, earlier) in enumerate(told) if earlier[i] != last[i]]
        leaders.append((i, told[other[-1] + 1][0] if other else 0))
    limits = _limits(motion, state, pattern)
    kinds = _kinds(motion, state, pattern, {places[i] for i, _ in leaders}, sign)
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


def _means(
    state: State, pattern: Pattern, weights: Sequence[int]
) -> list[tuple[int, list[fmpz_poly]]]:
    """The limits as numerators, each over its own positive integer beside `state`'s factor."""
    means = []
    for shares in shares_of(pattern, weights):
        common = lcm(*[int(share.q) for share in shares.values()])
        parts = [((share * common).p, state.tokens[v]) for v, share in shares.items()]
        width = range(len(state.tokens[0]))
        means.append((common, [sum([c * row[s] for c, row in parts], ZERO) for s in width]))
    return means


def _limits(motion: Motion, state: State, pattern: Pattern) -> list[tuple[Quotient, ...]]:
    """Where the tokens tend to: means of leaders."""
    below = (motion.keep + motion.pull) ** state.layer * state.unit.q
    return [
        tuple([Quotient.of(state.unit.p * mean, below * common) for mean in means])
        for common, means in _means(state, pattern, motion.weights)
    ]


def _kinds(
    motion: Motion, state: State, pattern: Pattern, leaders: Set[int], sign: Sign
) -> list[Kind | None]:
    """The kinds: a limit that is no leader's place is on a face if it is of greatest height there.

    It is a mean of leaders, so if ⟨s, v⟩ ≤ |s|² for all of these, equality holds for those in it.
    """
    kinds: list[Kind | None] = []
    shares = shares_of(pattern, motion.weights)
    for i, (common, mean) in enumerate(_means(state, pattern, motion.weights)):
        rows = [state.tokens[v] for v in leaders]
        apart = [[common * x - y for x, y in zip(row, mean, strict=True)] for row in rows]
        if i in leaders:
            kinds.append("leader")
        elif any(all(not x or sign(x) == 0 for x in row) for row in apart):
            kinds.append("vertex")
        else:
            functional = motion.functional(mean)
            above = [f for row in apart if (f := dot(functional, row))]
            greatest = leaders >= shares[i].keys() and all(sign(f) in (-1, 0) for f in above)
            kinds.append("face" if greatest else None)
    return kinds
