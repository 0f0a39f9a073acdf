"""Many small configurations at once, each settled with its proof, as arrays that statements read.

`settled_together` asks `theory.fast.batches` at which layer each of them settles, and with which
patterns, and believes none of it: it follows the layers by the definition, in integers, compares
the attention sets of every layer, and proves of the last pattern that it stands for ever
(`paper_notes.md`, section 3.6). *If the targets m of the settled layer stay where they are as long
as the pattern stands, and those attended to maximise ⟨m_i, m_l⟩ and ⟨m_i, z_l⟩ + ⟨z_i, m_l⟩ among
all l, then it stands for ever*; the tokens tend to their targets, z_i(t) = m_i + λ^t (z_i − m_i).
What is not proved so is left to `checks.run.Run` and its certificates.

A is the identity and α > 0. The configurations of a block stand along the last axis.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property
from math import isqrt
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from theory.fast.batches import settle_batch
from theory.fast.shared import MAX_TOKENS

Numbers: TypeAlias = NDArray[Any]
"""64-bit integers, or Python's integers as objects."""
Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

LIMITS = {np.int64: 2**62, object: 2**4096}
"""No number on the way is greater: it would not fit, or take too long."""

PRODUCTS = 150_000
"""Inner products of a block: about as many as the processor's cache holds."""

FIRST_CHANGES = 8
"""Changes of pattern up to which `checks.reach` looks for tokens that are tied with themselves."""

LONG = 32
"""A pattern that stands for more layers, and changes, is counted as a long stretch."""


@dataclass(frozen=True, eq=False)
class Settlements:
    """N configurations of n tokens that settle, each proved to.

    numbers : (N,) which configurations of those asked for they are.
    tokens : (n, d, N) as they were given.
    layer : (N,) the settled layers.
    attends : (n, n, N) whether j ∈ C_i, from then on.
    since : (n, N) the first layer at which token i leads; −1 if it never does.
    here, limits : (n, d, N) the tokens at the settled layer and their limits, as integers over one
        denominator of each configuration's own.
    ties, self_ties, long_stretches : (N,) what happened on the way, as `checks.reach` calls it.

    >>> made, _ = settled_together(np.array([[[2], [1]], [[3], [-1]]]), fmpq(1), 100)
    >>> made.layer.tolist(), made.leads.T.tolist(), made.moves.T.tolist()
    ([0, 0], [[True, False], [True, True]], [[False, True], [False, False]])
    """

    numbers: Integers
    tokens: Integers
    layer: Integers
    attends: Flags
    since: Integers
    here: Numbers
    limits: Numbers
    ties: Flags
    self_ties: Flags
    long_stretches: Flags

    @property
    def leads(self) -> Flags:
        """(n, N): whether token i leads."""
        return np.greater_equal(self.since, 0)

    @cached_property
    def moves(self) -> Flags:
        """(n, N): whether token i moves after the settled layer."""
        return some(np.not_equal(self.here, self.limits), 1)

    @cached_property
    def products(self) -> Numbers:
        """(n, n, N): ⟨s_i, s_l⟩ of the limits; that of a leader is where it stands."""
        return inner(self.limits, self.limits)

    @cached_property
    def at_leaders(self) -> Flags:
        """(n, N): whether the limit of token i is where a leader stands."""
        found = np.zeros(self.leads.shape, np.bool_)
        for position, leads in zip(self.limits, self.leads, strict=True):
            found |= every(np.equal(self.limits, position), 1) & leads
        return found

    def only(self, keep: Flags) -> "Settlements":
        """Those of the configurations that are kept."""
        return Settlements(*(getattr(self, part.name)[..., keep] for part in fields(self)))


class Said(NamedTuple):
    """Of each configuration whether a statement applies to it, and whether it surely holds then."""

    applies: Flags
    holds: Flags


ArrayJudge: TypeAlias = Callable[[Settlements], Said]
"""What a statement says of many configurations at once; where it does not surely hold, or fails, it
is asked of the run alone."""


def holds_always(settlements: Settlements) -> Said:
    """What holds of everything that is proved to settle."""
    return everywhere(np.ones(len(settlements.layer), np.bool_))


def everywhere(holds: Flags) -> Said:
    """What applies to every configuration, and surely holds of these."""
    return Said(np.ones_like(holds), holds)


def settled_together(tokens: Integers, alpha: fmpq, max_layers: int) -> Iterator[Settlements]:
    """Those of the configurations `tokens`, (N, n, d), that are proved to settle, in blocks.

    Exact; the tokens of each are distinct. None for α ≤ 0, or of more than `MAX_TOKENS` tokens.
    """
    count, n, d = tokens.shape
    if alpha <= 0 or n > MAX_TOKENS:
        return
    step = max(PRODUCTS // n**2, 1)
    for start in range(0, count, step):
        block = tokens[start : start + step]
        told = _Told.of(block, alpha, max_layers)
        left = np.arange(len(block))
        for kind, most in LIMITS.items():
            found = _Following(block, told, kind).proved(left, alpha, isqrt(most // d))
            left = np.setdiff1d(left, found.numbers)
            yield replace(found, numbers=found.numbers + start)


class _Told(NamedTuple):
    """What is said of the configurations: where they settle, −1 for unknown, and patterns."""

    layer: Integers
    changes: dict[int, tuple[Integers, Flags]]
    """By layer: the configurations whose pattern is another one from there on, and these."""

    @classmethod
    def of(cls, block: Integers, alpha: fmpq, max_layers: int) -> "_Told":
        batch = settle_batch(block, alpha, max_layers=max_layers)
        numbers, layers, masks = batch.changes
        bits = np.arange(block.shape[1], dtype=masks.dtype)[:, None]
        changes = {}
        for k in np.unique(layers).tolist():
            here = layers == k
            changes[k] = numbers[here], (masks[here].T[:, None] >> bits & 1).astype(np.bool_)
        return cls(np.where(batch.fallback, -1, batch.layer), changes)


class _Following:
    """Configurations followed from layer to layer, and what has been seen of them."""

    def __init__(self, block: Integers, told: _Told, kind: type) -> None:
        count, n, d = block.shape
        self.told, self.kind = told, kind
        self.pattern = np.zeros((n, n, count), np.bool_)
        self.changed, self.changes = np.zeros((2, count), np.int64)
        self.proved_of = np.zeros(count, np.bool_)
        self.made = Settlements(
            np.arange(count),
            block.transpose(1, 2, 0),
            told.layer,
            self.pattern,
            np.full((n, count), -1),
            *np.zeros((2, n, d, count), kind),
            *np.zeros((3, count), np.bool_),
        )

    def proved(self, lanes: Integers, alpha: fmpq, most: int) -> Settlements:
        """Those of the configurations `lanes` that settle as they are said to.

        With |X_is| ≤ B at one layer, Q = `most` = ⌊√(P/d)⌋, and L the least common multiple of the
        |C_i|, 2 L B ≤ Q bounds every product of L X, L m and their double by P, and (a+b) L B ≤ Q
        every number of the next layer.
        """
        above, below = int(alpha.p), int(alpha.q)
        most //= max(2, above + below)
        lanes = lanes[self.told.layer[lanes] >= 0]
        X: Numbers = self.made.tokens[..., lanes].astype(self.kind)
        k = 0
        while True:
            keep = self._arrive(k)[lanes]
            keep &= every((X <= most) & (X >= -most), 0, 1)
            lanes, X = lanes[keep], X[..., keep]
            size = np.maximum(np.abs(X).max(axis=(0, 1), initial=0), 1)
            products = inner(X, X)
            equal = np.equal(products, products.max(axis=1)[:, None])
            sizes = equal.sum(axis=1)
            common = np.lcm.reduce(sizes, axis=0)
            keep = every(equal == self.pattern[..., lanes], 0, 1) & (common <= most // size)
            if not keep.any():
                return self.made.only(self.proved_of)
            lanes, X, equal, sizes = lanes[keep], X[..., keep], equal[..., keep], sizes[:, keep]
            common = common[keep].astype(self.kind)
            targets, here = _sums(equal, X) * (common // sizes)[:, None], common * X
            self._look(k, lanes, equal, sizes, some(here != targets, 1))
            on = self.told.layer[lanes] > k
            self._end(lanes[~on], equal[..., ~on], here[..., ~on], targets[..., ~on])
            if not on.any():
                return self.made.only(self.proved_of)
            lanes, X = lanes[on], below * here[..., on] + above * targets[..., on]
            X //= np.maximum(np.gcd.reduce(X.reshape(-1, len(lanes)), axis=0), 1)
            k += 1

    def _arrive(self, k: int) -> Flags:
        """Take the patterns of layer k; false where one that is said to be new is the old one."""
        fair = np.ones(len(self.changed), np.bool_)
        if k in self.told.changes:
            which, patterns = self.told.changes[k]
            fair[which] = some(patterns != self.pattern[..., which], 0, 1)
            self.made.long_stretches[which] |= k - self.changed[which] > LONG
            self.pattern[..., which], self.changed[which] = patterns, k
            self.changes[which] += 1
        return fair

    def _look(self, k: int, lanes: Integers, equal: Flags, sizes: Integers, moves: Flags) -> None:
        """Note which tokens lead and which are tied at layer k, where the pattern is `equal`."""
        own, tied = np.einsum("iim->im", equal), sizes > 1
        since = self.made.since[:, lanes]
        self.made.since[:, lanes] = np.where(own & ~tied & (since < 0), k, since)
        self.made.ties[lanes] |= some(tied, 0)
        early = (self.changed[lanes] == k) & (self.changes[lanes] <= FIRST_CHANGES)
        self.made.self_ties[lanes] |= some(own & tied & moves, 0) & early

    def _end(self, lanes: Integers, equal: Flags, here: Numbers, targets: Numbers) -> None:
        """Keep what settles, if it does."""
        self.made.here[..., lanes], self.made.limits[..., lanes] = here, targets
        self.proved_of[lanes] = stands(here, targets, equal)


def some(flags: Flags, *axes: int) -> Flags:
    """Whether there is one along these axes."""
    found: Flags = np.logical_or.reduce(flags, axis=axes)
    return found


def every(flags: Flags, *axes: int) -> Flags:
    """Whether all are, along these axes."""
    found: Flags = np.logical_and.reduce(flags, axis=axes)
    return found


def inner(X: Numbers, Y: Numbers) -> Numbers:
    """⟨X_i, Y_l⟩: (n, n, N)."""
    products = X[:, None, 0] * Y[None, :, 0]
    for s in range(1, X.shape[1]):
        products += X[:, None, s] * Y[None, :, s]
    return products


def stands(here: Numbers, targets: Numbers, pattern: Flags) -> Flags:
    """Of which configurations it is proved that the pattern stands for ever: (N,).

    >>> tokens, pattern = np.array([[[2]], [[1]]]), np.array([[[True], [False]]] * 2)
    >>> stands(tokens, np.array([[[2]], [[2]]]), pattern)
    array([ True])
    >>> stands(tokens, np.array([[[1]], [[1]]]), ~pattern)
    array([False])
    """
    found: Flags = ~some(np.not_equal(_sums(pattern, targets - here), 0), 0, 1)
    crossed = inner(targets, here)
    for products in (inner(targets, targets), crossed + crossed.transpose(1, 0, 2)):
        greatest = np.equal(products, products.max(axis=1)[:, None])
        found &= every(greatest | ~pattern, 0, 1)
    return found


def _sums(pattern: Flags, X: Numbers) -> Numbers:
    """Of every row the sum of the tokens that it attends to: (n, d, N)."""
    total = np.zeros_like(X)
    for column, token in zip(pattern.transpose(1, 0, 2), X, strict=True):
        total += column[:, None] * token
    return total
