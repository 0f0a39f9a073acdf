"""Batches: thousands of small configurations settled at once, each with its exact answer.

`settle_batch` takes N configurations of n ≤ 32 integer tokens in Z^d that share α and A, and
decides of each what `theory.solve.settle` decides: the settled layer, every change of pattern,
who leads since when. Blocks of configurations run side by side in 64-bit integers
(`theory.fast.lanes`, where the guards are derived and the proofs stand); those whose numbers
outgrow these go on in two limbs, and then in Python's integers. What is left open there, most often
since the pattern is constant for another reason than `theory.fast.lanes` knows, is settled one by
one by `settle`, and so is everything where A is not symmetric positive definite or α ≤ 0. The
answers do not depend on the path.

A multiplicity is stated by repeating the token (`paper_notes.md`, sections 3.6 and 6).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import index
from typing import NamedTuple

import numpy as np
from flint import fmpq
from numpy.typing import ArrayLike

from theory.closed_form import closed_form
from theory.configuration import Configuration
from theory.dynamics import Pattern
from theory.exact import HardmaxError, Rational, shorten, shown, whole
from theory.fast.lanes import settle_lanes
from theory.fast.shared import (
    LARGEST_FORM,
    LIMIT,
    MAX_TOKENS,
    SPLIT_LIMIT,
    WIDE_LIMIT,
    Flags,
    Integers,
    Masks,
    Shared,
)
from theory.matrices import Vector
from theory.places import copies_of
from theory.settling import MAX_LAYERS, Cycling, Settled, Undecided
from theory.solve import settle
from theory.trajectory import Trajectory

BLOCK = 300_000
"""How many inner products a block holds at a time: about as many as the processor's cache."""


@dataclass(frozen=True, eq=False)
class Batch:
    """What became of N configurations. The arrays are read-only.

    tokens : (N, n, d) the configurations.
    layer : (N,) the settled layers; −1 where the answer is undecided.
    pattern : (N, n) the attention sets from then on as masks, bit j of [i] telling whether
        j ∈ C_i; 0 where the answer is undecided.
    since : (N, n) for a token that leads, the first layer at which it does; otherwise −1. As
        everywhere, a token leads with all its copies, or not at all.
    fallback : (N,) whether the configuration was settled on its own.

    `batch[k]` is the answer of `settle` to configuration k, made anew each time it is asked for,
    and without a second decision unless `fallback[k]`.

    >>> batch = settle_batch([[[2], [1]], [[0], [3]]], alpha=1)
    >>> batch.layer.tolist(), batch.leads.tolist(), batch[0].pattern
    ([0, 1], [[True, False], [False, True]], ((0,), (0,)))
    """

    tokens: Integers
    alpha: fmpq
    A: tuple[Vector, ...]
    max_layers: int
    layer: Integers
    pattern: Masks
    since: Integers
    fallback: Flags
    changes: "Changes"

    @property
    def leads(self) -> Flags:
        """(N, n): whether the token leads."""
        found: Flags = self.since >= 0
        return found

    @property
    def ends(self) -> Integers:
        """(N, n): the leader to which the token attends in the end, and so tends; −1 if it is none.

        Of the copies of a leader the first. Tokens that attend to several tend to their mean, if
        these lead: it is the same for all that have one mask in `pattern`.

        >>> settle_batch([[[0, 1], [3, 1], [-3, 1]], [[3, 1], [2, 0], [1, 1]]], 1).ends.tolist()
        [[-1, 1, 2], [0, 0, 0]]
        """
        first = np.bitwise_count((self.pattern & -self.pattern) - 1).astype(np.int64)
        first = np.minimum(first, self.pattern.shape[1] - 1)  # there is none in the mask 0
        alone = np.take_along_axis(self.pattern, first, axis=1) == self.pattern
        alone &= np.take_along_axis(self.leads, first, axis=1)
        return np.where(alone, first, -1)

    def configuration(self, k: int) -> Configuration:
        """Configuration k."""
        return Configuration(self.tokens[self._place(k)].tolist(), self.alpha, self.A)

    def history(self, k: int) -> tuple[tuple[int, Pattern], ...]:
        """`Settled.history` of configuration k; empty where the answer is undecided."""
        return self.changes.of(self._place(k))

    def __len__(self) -> int:
        return len(self.tokens)

    def __getitem__(self, k: int) -> Settled | Cycling | Undecided:
        place = self._place(k)
        configuration = self.configuration(place)
        if self.fallback[place]:
            return settle(configuration, self.max_layers)
        return _settled(configuration, self.history(place))

    def _place(self, k: int) -> int:
        place = index(k)
        if not -len(self) <= place < len(self):
            raise IndexError(f"configuration {place} of {len(self)}")
        return place % len(self)


class Changes(NamedTuple):
    """Every change of pattern, (M,), (M,) and (M, n), sorted by configuration and layer."""

    configuration: Integers
    layer: Integers
    masks: Masks

    def of(self, k: int) -> tuple[tuple[int, Pattern], ...]:
        """The layers at which the pattern of configuration k became another one, and which."""
        begin, end = np.searchsorted(self.configuration, (k, k + 1))
        return tuple(
            (int(self.layer[at]), tuple(map(_members, self.masks[at].tolist())))
            for at in range(begin, end)
        )


def settle_batch(
    tokens: ArrayLike,
    alpha: Rational,
    A: Sequence[Sequence[Rational]] | None = None,
    *,
    max_layers: int = MAX_LAYERS,
) -> Batch:
    """Settle the N configurations `tokens[k]`, with the step `alpha` and the matrix `A`.

    Parameters
    ----------
    tokens : (N, n, d) integers, 1 ≤ n ≤ 32; N may be 0. Python's integers, in an array of objects,
        may have more than 64 bits.
    alpha, A, max_layers : as for `Configuration` and `settle`; the same for every configuration.

    Exact. One core settles 600,000 configurations a second of 6 tokens of {−8..8}² at α = 1/2, and
    260,000 at α = 1/10 (`benchmarks/batches.py`).

    Raises `HardmaxError` for an array of another shape or of anything but integers, and
    where `Configuration` and `settle` do.

    Possible issues: tokens may be zero or repeat, as for `settle`. Patterns whose tokens attend to
    moving tokens for ever, and numbers beyond some 2^30, are decided one by one and cost as much.

    >>> batch = settle_batch([[[2, -2], [-2, 2], [1, 0]], [[0, 1], [3, 1], [-3, 1]]], alpha="1/3")
    >>> batch.layer.tolist(), batch.pattern.tolist(), batch.leads.tolist()
    ([0, 0], [[1, 2, 1], [7, 2, 4]], [[True, True, False], [False, True, True]])
    >>> batch[1].equilibrium().kinds
    ('face', 'leader', 'leader')
    """
    block = _checked(tokens)
    count, n, d = block.shape
    problem = Configuration([[1] * d], alpha, A)
    budget = whole(max_layers)
    if budget is None or not 0 <= budget < 2**62:
        raise HardmaxError(f"max_layers = {shown(max_layers)}; an int from 0 to 2^62 was wanted")
    max_layers = budget
    widths = _widths(problem)
    step = max(BLOCK // n**2, 1)
    parts = [
        _part(block[start : start + step], widths, problem, max_layers, start)
        for start in range(0, max(count, 1), step)
    ]
    joined = [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]
    for array in joined:
        array.flags.writeable = False
    layer, pattern, since, fallback, *changes = joined
    return Batch(
        *(block, problem.alpha, problem.A, max_layers, layer, pattern, since, fallback),
        Changes(*changes),
    )


class _Part(NamedTuple):
    """The arrays of a `Batch` and of its `Changes`, for some of its configurations."""

    layer: Integers
    pattern: Masks
    since: Integers
    fallback: Flags
    changed: Integers
    changed_layer: Integers
    changed_masks: Masks


def _part(
    tokens: Integers, widths: Sequence[Shared], problem: Configuration, max_layers: int, start: int
) -> _Part:
    """Settle a block of configurations, of which the first has the number `start`."""
    count = len(tokens)
    lanes = settle_lanes(np.ascontiguousarray(tokens.transpose(1, 2, 0)), widths, max_layers)
    settled = lanes.layer >= 0
    still = np.flatnonzero(~settled)
    layer, pattern, since = lanes.layer, lanes.pattern.T.copy(), lanes.since.T.copy()
    since[still] = -1
    changes = []
    for change in lanes.changes:
        kept = settled[change.lanes]
        changes.append((change.lanes[kept], change.layer[kept], change.masks[:, kept].T))
    for k in still.tolist():
        answer = settle(Configuration(tokens[k].tolist(), problem.alpha, problem.A), max_layers)
        if isinstance(answer, Settled):
            layers, patterns = zip(*answer.history, strict=True)
            masks = np.array([_masks(kept) for kept in patterns], pattern.dtype)
            layer[k], pattern[k] = answer.layer, masks[-1]
            copies = copies_of(answer.places)
            own = [sum(1 << j for j in copies[p]) for p in answer.places]
            alone = masks == np.array(own, pattern.dtype)
            since[k] = np.where(alone[-1], np.array(layers)[alone.argmax(axis=0)], -1)
            changes.append((np.full(len(layers), k), np.array(layers), masks))
    changed, changed_layer, changed_masks = map(np.concatenate, zip(*changes, strict=True))
    order = np.lexsort((changed_layer, changed))
    return _Part(
        *(layer, pattern, since, np.isin(np.arange(count), still)),
        *(changed[order] + start, changed_layer[order], changed_masks[order]),
    )


def _checked(tokens: ArrayLike) -> Integers:
    try:
        given = np.asarray(tokens)
    except ValueError as error:
        raise HardmaxError(f"tokens: {error}") from None
    if given.ndim != 3:
        raise HardmaxError(f"tokens of shape {given.shape}; (N, n, d) was wanted")
    if not (0 < given.shape[1] <= MAX_TOKENS and given.shape[2]):
        raise HardmaxError(
            f"tokens of shape {given.shape}; 1 to {MAX_TOKENS} tokens of one coordinate or more "
            "were wanted"
        )
    whole_numbers = given.dtype == object and all(type(x) is int for x in given.flat)
    narrow = given.dtype.kind in "iu" and np.can_cast(given.dtype, np.int64)
    if given.size and not (narrow or whole_numbers):
        raise HardmaxError(
            f"tokens are {given.dtype}, {shorten(repr(given.flat[:1].tolist()[0]))} first; "
            "integers of at most 64 bits with their sign, or Python's integers, were wanted"
        )
    wide = whole_numbers and given.size and max(map(abs, given.flat)) > LIMIT
    block = given.copy() if wide else given.astype(np.int64)
    block.flags.writeable = False
    return block


def _widths(problem: Configuration) -> list[Shared]:
    """What lanes share, with each limit; nothing where they would prove nothing."""
    if not (problem.hypotheses.positive_definite and problem.hypotheses.positive_step):
        return []
    matrix, _ = problem.form
    A = tuple(tuple(map(int, row)) for row in matrix.table())
    shared = Shared(
        problem.dimension,
        None if problem.euclidean else A,
        int(problem.alpha.p),
        int(problem.alpha.q),
    )
    limits = [LIMIT, SPLIT_LIMIT, WIDE_LIMIT]
    if shared.total > LARGEST_FORM:
        limits.remove(SPLIT_LIMIT)
    return [replace(shared, limit=limit) for limit in limits]


def _settled(configuration: Configuration, history: tuple[tuple[int, Pattern], ...]) -> Settled:
    """What `settle` makes of the configuration, given the patterns that it would find."""
    layer, pattern = history[-1]
    trajectory = Trajectory(configuration)
    ends = [*(k for k, _ in history[1:]), layer + 1]
    for (start, kept), end in zip(history, ends, strict=True):
        trajectory.hold(kept, start, end)
    merged, places = configuration.merged()
    firsts = [places.index(p) for p in range(merged.size)]
    tokens = trajectory.tokens(layer)
    forms = closed_form(
        merged,
        [tokens[i] for i in firsts],
        tuple(tuple(sorted({places[j] for j in pattern[i]})) for i in firsts),
    )
    return Settled(configuration, trajectory, history, tuple(forms[p] for p in places), places)


def _masks(pattern: Pattern) -> list[int]:
    return [sum(1 << j for j in attended) for attended in pattern]


def _members(mask: int) -> tuple[int, ...]:
    return tuple([j for j in range(mask.bit_length()) if mask >> j & 1])
