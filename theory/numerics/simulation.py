r"""The binary64 baseline: what a floating-point simulation says, held against the exact truth.

The published code of Alcalde, Fantuzzi and Zuazua (arXiv:2407.01602) computes the layers in
floats, attends where ``IP == max(IP)`` and moves every token to s1·z + s2·m, s1 = 1/(1+α),
s2 = α·s1. This module does the same, with multiplicities:

    attention_mask   the float attention sets, as an (n, n) array of truth values;
    layer, simulate  one layer, and the run of layers;
    leaders, leaders_by_first_index   C_i = {i}, and the published rule in its place;
    compare          where the float run leaves the exact one, and what it loses there.

It is a measurement of binary64, never evidence about the theory (`paper_notes.md`, section 4):
ties that exist are broken by rounding, and a follower that comes within rounding of its leader
is taken for it. Numbers are rounded and multiplied by `theory.numerics.binary64`, so that the same
ones come out on every machine.

>>> from theory import Configuration, settle
>>> comparison = compare(settle(Configuration([["1/10"], ["1/3"]], alpha=1)), layers=20)
>>> comparison.first_difference is None, comparison.lost_leaders
(True, ())
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from theory.dynamics import HARDMAX, Dynamics, Pattern
from theory.exact import HardmaxError, expect, shown, whole
from theory.numerics.binary64 import (
    Array,
    OutOfRange,
    Rounded,
    inner_products,
    largest_distance,
    product,
    quiet,
    rounded,
)
from theory.places import copies_of
from theory.settling import Settled, equilibrium_of

Mask: TypeAlias = NDArray[np.bool_]
"""An attention pattern as an (n, n) array: entry (i, j) tells whether j ∈ C_i."""

LAYERS = 200
"""The layers that a comparison looks at unless told otherwise."""


@dataclass(frozen=True)
class Difference:
    """The first layer at which a run attends elsewhere than the truth, at its least token.

    `exact` is the true attention set C_i of that token at that layer; `observed` is the run's.
    """

    layer: int
    token: int
    exact: tuple[int, ...]
    observed: tuple[int, ...]

    def at_tokens(self, copies: Sequence[Sequence[int]]) -> "Difference":
        """The same of tokens, where this is of places and `copies` has the tokens at each."""
        exact, observed = (
            tuple(sorted(i for p in places for i in copies[p]))
            for places in (self.exact, self.observed)
        )
        return Difference(self.layer, copies[self.token][0], exact, observed)

    def as_dict(self) -> dict[str, Any]:
        """The four fields by name, in lists and numbers."""
        return {
            "layer": self.layer,
            "token": self.token,
            "exact": list(self.exact),
            "observed": list(self.observed),
        }


@dataclass(frozen=True)
class LostLeader:
    """A leader that the float run stops seeing: the first layer, since it leads, without it."""

    token: int
    layer: int


@dataclass(frozen=True)
class Comparison:
    """A float run of `layers` layers against the exact result.

    layers : how many layers the run has; layers 0, …, `layers` are looked at.
    failure : None, or why there is no run: a number out of the range of binary64. Everything
        below is None then.
    first_difference : the first layer at which the float attention is not the true one; None if
        there is no such layer in the run.
    lost_leaders : the exact leaders whose float attention set is not {i} at some layer at which
        they lead, by token.
    changes_after_settling : at how many layers after the settled layer the float attention is
        another one than at the layer before. The true number is 0.
    last_change : the last layer at which the float attention is another one than at the layer
        before; None if there is none.
    leaders : the number of exact leaders. This, `lost_leaders` and `distance` are None where the
        exact run has no limit, which needs α < 0.
    leaders_at_end, leaders_by_first_index_at_end : the leaders that the last float layer shows,
        by C_i = {i} and by the published rule.
    distance : the largest Euclidean distance of a token of the last float layer to its exact
        limit, correct to rounding.
    """

    layers: int
    failure: str | None
    first_difference: Difference | None
    lost_leaders: tuple[LostLeader, ...] | None
    changes_after_settling: int | None
    last_change: int | None
    leaders: int | None
    leaders_at_end: int | None
    leaders_by_first_index_at_end: int | None
    distance: float | None

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, in lists, numbers and None only."""
        result = dict(vars(self))
        if self.first_difference is not None:
            result["first_difference"] = self.first_difference.as_dict()
        if self.lost_leaders is not None:
            result["lost_leaders"] = [dict(vars(lost)) for lost in self.lost_leaders]
        return result


def maximal(products: Array) -> Mask:
    """Where each row takes its greatest value: all ties that the floats show.

    >>> maximal(np.array([[3.0, 1.0, 3.0]]))
    array([[ True, False,  True]])
    """
    mask: Mask = products == products.max(axis=-1, keepdims=True)
    return mask


def attention_mask(Z: Array, A: Array) -> Mask:
    """The float attention sets: entry (i, j) tells whether ⟨z_i, z_j⟩ is the row's greatest.

    Z is (n, d), or a stack of such layers.

    >>> attention_mask(np.array([[2.0], [1.0]]), np.eye(1))
    array([[ True, False],
           [ True, False]])
    """
    return maximal(inner_products(Z, A))


def shares(relative: Mask | Array, multiplicities: Array) -> Array:
    """Weights w_j·relative[i, j], scaled so that each row adds up to 1.

    For an attention mask these are w_j / w(C_i) on C_i, so that m_i = Σ_j shares[i, j] z_j.

    >>> shares(np.array([[True, True, False]]), np.array([3.0, 1.0, 2.0]))
    array([[0.75, 0.25, 0.  ]])
    """
    weights = relative * multiplicities
    with quiet():
        normal: Array = weights / weights.sum(axis=1, keepdims=True)
    return normal


def move(Z: Array, weights: Array, alpha: float) -> Array:
    """s1·z_i + s2·Σ_j weights[i, j] z_j for every token at once."""
    return moves(Z, (weights,), alpha)[1]


def moves(Z: Array, weights: Iterable[Array], alpha: float) -> list[Array]:
    """Z, and Z moved by one array of weights after the other."""
    moved = [Z]
    with quiet():
        s1 = np.float64(1) / (np.float64(1) + alpha)
        s2 = alpha * s1
        for shared in weights:
            moved.append(s1 * moved[-1] + s2 * product(shared, moved[-1]))
    return moved


def layer(Z: Array, A: Array, alpha: float, multiplicities: Array) -> Array:
    """One layer in floats: Z is (n, d), A is (d, d), `multiplicities` is (n,).

    Overflow gives inf or nan in the result, without a warning.

    >>> layer(np.array([[2.0], [1.0]]), np.eye(1), 1.0, np.ones(2))
    array([[2. ],
           [1.5]])
    """
    return move(Z, shares(attention_mask(Z, A), multiplicities), alpha)


def simulate(
    Z: Array, A: Array, alpha: float, multiplicities: Array, layers: int
) -> Iterator[Array]:
    """The tokens at the layers 0, …, `layers`, one (n, d) array each, made as they are asked for.

    >>> [z[1, 0] for z in simulate(np.array([[2.0], [1.0]]), np.eye(1), 1.0, np.ones(2), 3)]
    [np.float64(1.0), np.float64(1.5), np.float64(1.75), np.float64(1.875)]
    """
    yield Z
    for _ in range(layers):
        Z = layer(Z, A, alpha, multiplicities)
        yield Z


def leaders(mask: Mask) -> tuple[int, ...]:
    """The tokens that attend to themselves alone: C_i = {i}.

    >>> leaders(np.array([[True, False], [True, True]]))
    (0,)
    """
    alone = mask.diagonal() & (mask.sum(axis=1) == 1)
    return tuple(int(i) for i in np.flatnonzero(alone))


def leaders_by_first_index(Z: Array, A: Array) -> tuple[int, ...]:
    """The leaders by the published code: i is the *first* maximiser of ⟨z_i, ·⟩.

    Possible issues: this is another notion than `leaders`. Of tokens that the floats cannot tell
    apart the first is counted, whether it leads or follows.

    >>> leaders_by_first_index(np.array([[1.0], [1.0]]), np.eye(1))
    (0,)
    >>> leaders(attention_mask(np.array([[1.0], [1.0]]), np.eye(1)))
    ()
    """
    return _first_maximisers(attention_mask(Z, A))


def compare(settled: Settled, layers: int = LAYERS) -> Comparison:
    """Run `layers` ≥ 0 layers in binary64 from the rounded tokens and hold them to the truth.

    A number that binary64 cannot hold is reported in `Comparison.failure`, not raised. Copies run
    as one place: a difference is told of the first, a lost leader of each, and leaders are counted
    by places. Raises `HardmaxError` for negative `layers`, and
    for other layers than hardmax attention.

    >>> from theory import Configuration, settle
    >>> settled = settle(Configuration([[1], ["1/2"]], alpha=1))
    >>> comparison = compare(settled)
    >>> comparison.first_difference    # from layer 53 on the floats cannot tell 1 from its follower
    Difference(layer=53, token=0, exact=(0,), observed=(0, 1))
    >>> comparison.lost_leaders, comparison.leaders_at_end
    ((LostLeader(token=0, layer=53),), 0)
    """
    check_comparable(settled, layers)
    try:
        comparison = _compared(settled.merged(), layers)
    except OutOfRange as error:
        return Comparison(layers, str(error), *(None,) * 8)
    copies = copies_of(settled.places)
    lost = comparison.lost_leaders and sorted(
        [(i, leader.layer) for leader in comparison.lost_leaders for i in copies[leader.token]]
    )
    return replace(
        comparison,
        first_difference=comparison.first_difference
        and comparison.first_difference.at_tokens(copies),
        lost_leaders=tuple([LostLeader(*x) for x in lost]) if lost else comparison.lost_leaders,
    )


def check_known(dynamics: Dynamics) -> None:
    """Raise `HardmaxError` for layers that the floats do not have."""
    if dynamics != HARDMAX:
        raise HardmaxError(f"the floats are of hardmax attention. {dynamics.words}")


def check_comparable(settled: object, layers: object) -> None:
    """Raise `HardmaxError` unless a settled run and an int ≥ 0 are given, and of other layers."""
    check_known(expect(Settled, settled, "a settled configuration").dynamics)
    number = whole(layers)
    if number is None or number < 0:
        raise HardmaxError(f"layers = {shown(layers)}; an int ≥ 0 was wanted")


def _compared(settled: Settled, layers: int) -> Comparison:
    start = rounded(settled.configuration)
    truth = equilibrium_of(settled)
    difference: Difference | None = None
    lost: dict[int, int] = {}
    changes: list[int] = []
    Z, mask = start.tokens, attention_mask(start.tokens, start.A)
    for k, tokens, attended in _attending(start, layers):
        if difference is None:
            difference = first_difference(k, settled.pattern_at(k), attended)
        seen = set(leaders(attended))
        for leader in truth.leaders if truth else ():
            if leader.since_layer <= k and leader.token not in seen:
                lost.setdefault(leader.token, k)
        if not np.array_equal(attended, mask):
            changes.append(k)
        Z, mask = tokens, attended
    return Comparison(
        layers=layers,
        failure=None,
        first_difference=difference,
        lost_leaders=tuple(LostLeader(*x) for x in sorted(lost.items())) if truth else None,
        changes_after_settling=sum(k > settled.layer for k in changes),
        last_change=changes[-1] if changes else None,
        leaders=len(truth.leaders) if truth else None,
        leaders_at_end=len(leaders(mask)),
        leaders_by_first_index_at_end=len(_first_maximisers(mask)),
        distance=largest_distance(Z, truth.limits) if truth else None,
    )


def _attending(start: Rounded, layers: int) -> Iterator[tuple[int, Array, Mask]]:
    """The layers 0, …, `layers` as (layer, tokens, attention mask), every number finite."""
    Z = start.tokens
    for k in range(layers + 1):
        products = inner_products(Z, start.A)
        if not (np.isfinite(Z).all() and np.isfinite(products).all()):
            raise OutOfRange(f"not representable in binary64: overflow at layer {k}")
        mask = maximal(products)
        yield k, Z, mask
        Z = move(Z, shares(mask, start.multiplicities), start.alpha)


def first_difference(layer: int, pattern: Pattern, mask: Mask) -> Difference | None:
    """The first token whose attention set in `mask` is not the one in `pattern`, if any."""
    for i, attended in enumerate(pattern):
        observed = tuple(int(j) for j in np.flatnonzero(mask[i]))
        if observed != attended:
            return Difference(layer, i, attended, observed)
    return None


def _first_maximisers(mask: Mask) -> tuple[int, ...]:
    return tuple(int(i) for i in np.flatnonzero(mask.argmax(axis=1) == np.arange(len(mask))))
