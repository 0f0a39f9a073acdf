"""What each rule of a dynamics means, said again: whom a token attends to, with which A, how far.

Claims hold `theory` against these definitions, which share no code with it. Of a dynamics only the
names and numbers of its parts are believed: a rule that claims do not know by name is refused, and
one that pretends to be another is held against that.

    attention_of  C_i from the products    score  A_k    pull  P_k
    mixing        a layer as a matrix      attend, step  a layer from its tokens, number by number
"""

from collections.abc import Sequence
from functools import lru_cache
from math import lcm
from typing import Any, TypeAlias

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from theory import HARDMAX, Configuration, Dynamics, HardmaxError, Pattern
from theory.exact import dot, shown
from theory.matrices import Vector, as_matrix
from theory.own import Own, Pulled, pull_of, sets_of
from theory.rules import Averaged, Before, Everyone, FirstIndex, Masked, Ties
from theory.scores import Matrices, OwnMatrix
from theory.steps import AllTheWay, Constant, InTurn, Partway, Scheduled, Step, Valued

Products: TypeAlias = Sequence[Sequence[fmpz]] | Sequence[Sequence[fmpq]]
"""⟨z_i, z_j⟩, one row for each i, up to one positive factor."""


def attention_of(rows: Products, dynamics: Dynamics) -> Pattern:
    """The attention sets by the definition, from the products of all tokens.

    Raises `HardmaxError` for rules that are not known here.

    >>> products = [[fmpz(2), fmpz(2), fmpz(3)], [fmpz(1), fmpz(1), fmpz(1)], [fmpz(0)] * 3]
    >>> attention_of(products, Dynamics(Before(), FirstIndex()))
    ((0,), (0,), (0,))
    """
    among: Sequence[Sequence[Any]]
    if isinstance(dynamics, Own):
        return sets_of(dynamics, [[fmpq(x) for x in row] for row in rows])
    match dynamics.candidates:
        case Everyone():
            among = rows
        case Before():
            among = [row[: i + 1] for i, row in enumerate(rows)]
        case Masked(rows=allowed):
            among = [[row[j] for j in own] for own, row in zip(allowed, rows, strict=True)]
            chosen = choose(among, dynamics.ties)
            pairs = zip(allowed, chosen, strict=True)
            return tuple([tuple([own[place] for place in places]) for own, places in pairs])
        case _:
            raise _unknown(dynamics.candidates)
    return choose(among, dynamics.ties)


def choose(among: Sequence[Sequence[Any]], ties: Ties) -> Pattern:
    """Which of the greatest of each row the rule for ties takes."""
    match ties:
        case Averaged():
            return maximal(among)
        case FirstIndex():
            return tuple([(row.index(max(row)),) for row in among])
        case _:
            raise _unknown(ties)


def score(configuration: Configuration, dynamics: Dynamics, layer: int) -> tuple[Vector, ...]:
    """A_k. Raises as `attention_of`."""
    match dynamics.scores:
        case OwnMatrix():
            return configuration.A
        case Matrices(matrices=matrices, repeat=True):
            return matrices[layer % len(matrices)]
        case Matrices(matrices=matrices):
            return matrices[layer]
        case _:
            raise _unknown(dynamics.scores)


def pull(configuration: Configuration, dynamics: Dynamics, layer: int) -> fmpq | fmpq_mat:
    """γ_k, or P_k where there is a value matrix. Raises as `attention_of`."""
    return _pull(configuration, dynamics.step, layer)


def _pull(configuration: Configuration, step: Step, layer: int) -> fmpq | fmpq_mat:
    match step:
        case Partway():
            alpha = configuration.alpha
            return fmpq(alpha.p, alpha.p + alpha.q)
        case AllTheWay():
            return fmpq(1)
        case Constant(gamma=gamma):
            return gamma
        case Scheduled(gamma=function):
            above, below = (
                sum([c * layer**p for p, c in enumerate(part)])
                for part in (function.above, function.below)
            )
            return fmpq(above, below)
        case Valued(V=V):
            return _by_value(V)
        case Pulled():
            return pull_of(step, layer, configuration.dimension)
        case InTurn(steps=steps, repeat=repeat):
            turn = layer % len(steps) if repeat else layer
            return _pull(configuration, steps[turn], layer)
        case _:
            raise _unknown(step)


@lru_cache(maxsize=16)
def _by_value(V: tuple[Vector, ...]) -> fmpq_mat:
    """The P with (I + V) P = V."""
    kept = as_matrix(V)
    for s in range(len(V)):
        kept[s, s] += 1
    return kept.solve(as_matrix(V))


def _unknown(rule: object) -> HardmaxError:
    return HardmaxError(f"{shown(rule)}: claims know no such rule")


def maximal(rows: Sequence[Sequence[Any]]) -> Pattern:
    """For each row every index at which it is greatest."""
    return tuple(
        [
            (row.index(top),)
            if row.count(top) == 1
            else tuple([j for j, x in enumerate(row) if x == top])
            for row in rows
            for top in (max(row),)
        ]
    )


def mixing(configuration: Configuration, pattern: Pattern, pull: fmpq) -> tuple[fmpz_mat, fmpz]:
    """The layer as a matrix: z_i' = Σ_j M_ij z_j / total, for an integer matrix M and an integer.

    From z_i' = z_i + γ (m_i − z_i) with γ = a/b and W a common multiple of the weights w(C_i):
    total = b W and M_ij = (b − a) W [i = j] + a (W / w(C_i)) w_j [j ∈ C_i]. Each row of M adds up
    to `total`, which is positive; so for 0 ≤ γ ≤ 1 every z_i' is a convex combination of the
    tokens. With γ = 1 they are the targets.

    >>> M, total = mixing(Configuration([[2], [1]], alpha=1), ((0,), (0,)), fmpq(1, 2))
    >>> M.tolist(), total
    ([[2, 0], [1, 1]], 2)
    """
    weights = configuration.multiplicities
    above, below = int(pull.p), int(pull.q)
    totals = [sum([weights[j] for j in attended]) for attended in pattern]
    common = lcm(*totals)
    size = len(pattern)
    entries = [0] * (size * size)
    for i, (attended, weight) in enumerate(zip(pattern, totals, strict=True)):
        entries[i * size + i] = (below - above) * common
        share = above * (common // weight)
        for j in attended:
            entries[i * size + j] += share * weights[j]
    return fmpz_mat(size, size, entries), fmpz(below * common)


def attend(
    configuration: Configuration,
    tokens: Sequence[Vector],
    dynamics: Dynamics = HARDMAX,
    layer: int = 0,
) -> Pattern:
    """The attention sets of `tokens` by the definition, every product compared as a rational."""
    block, A = as_matrix(tokens), as_matrix(score(configuration, dynamics, layer))
    return attention_of((block * A * block.transpose()).table(), dynamics)


def step(
    configuration: Configuration,
    tokens: Sequence[Vector],
    pattern: Pattern,
    dynamics: Dynamics = HARDMAX,
    layer: int = 0,
) -> tuple[Vector, ...]:
    """One layer by the definition, token by token and coordinate by coordinate."""
    weights, P = configuration.multiplicities, pull(configuration, dynamics, layer)
    moved: list[Vector] = []
    for own, attended in zip(tokens, pattern, strict=True):
        total = sum(weights[j] for j in attended)
        away = [
            sum((weights[j] * tokens[j][s] for j in attended), fmpq(0)) / total - own[s]
            for s in range(len(own))
        ]
        if isinstance(P, fmpq_mat):
            away = [dot(row, away) for row in P.table()]
        else:
            away = [P * x for x in away]
        moved.append(tuple(x + y for x, y in zip(own, away, strict=True)))
    return tuple(moved)
