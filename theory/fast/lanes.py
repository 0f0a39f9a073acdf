r"""Lanes: the layers of many small configurations side by side, in integers that never wrap.

One *lane* is one configuration. The lanes of a block stand along the last axis of every array, so
that one numpy operation serves all of them. They share n, d, A and α = a/b (`Shared`). At every
layer a lane is integers X_i with z_i = X_i / D, D > 0; no comparison needs D, and it is not kept.
With c_i = |C_i|, L = lcm(c_1,…,c_n) and M_i = (L/c_i) Σ_{j∈C_i} X_j = L D m_i, the next layer is

    X_i' = b L X_i + a M_i        (over the denominator (a+b) L D).

A lane leaves the block *settled* when `locked` or `stands` proves that its pattern is constant from
here on, and *open* when a guard says that its numbers might outgrow the limit P: 2^62, with
which a block is an array of 64-bit integers; 2^110, with which it still is, and products are of two
limbs (`greatest`), four times slower; or a greater power of two, with which it is an array of
Python's integers, some ten times slower again. It goes on with the next limit where it stands.

The guards
----------
Let B bound |X_is| over a lane, s = Σ |A_st|, and Q = ⌊√(P / s)⌋, so that s Q² ≤ P.

1. B ≤ Q before products are formed. Every partial sum of A X and of ⟨X_i, X_l⟩ is at most
   s B² ≤ P. No lane passes if Q = 0. As s ≥ 1, Q² ≤ P: with P ≤ 2^110 a sum of up to
   `MAX_TOKENS` = 32 tokens, or of their double, is at most 2^61.
2. 2 L B ≤ Q before `stands` is asked. |M_i| ≤ (L/c_i) c_i B = L B and |L X_i − M_i| ≤ 2 L B;
   ⟨M_i, M_l⟩ is at most s (L B)² ≤ P/4, and ⟨M_i, X_l⟩ + ⟨X_i, M_l⟩ at most 2 s L B² ≤ P/2.
3. (a+b) L B ≤ Q before a layer is made. It bounds b L X_i, a M_i and their sum, and the new
   tokens pass guard 1.

The guards themselves cannot wrap. The first compares entries with ±Q. The others are asked as
L ≤ ⌊⌊Q/2⌋ / B⌋ and L ≤ ⌊⌊Q/(a+b)⌋ / B⌋, where a + b may be an integer of any size, and
L ≤ lcm(1,…,32) < 2^48.

Two limbs
---------
With P = 2^110 and s ≤ 2^8 let X = 2^26 H + L, 0 ≤ L < 2^26, so that |H| ≤ Q / 2^26 + 1, and
⟨X_i, X_l⟩ = 2^52 ⟨H_i, H_l⟩ + 2^26 (⟨H_i, L_l⟩ + ⟨L_i, H_l⟩) + ⟨L_i, L_l⟩. As s Q² ≤ 2^110, and so
s Q ≤ 2^59: s |H|² ≤ 2^58 + 2^35, s |H| 2^26 ≤ 2^59 + 2^34 and s |L|² ≤ 2^60. No part of a product
of X with X exceeds twice the second, and none of M with X, of which guard 2 says 2 |M| ≤ Q, four
times it: 2^61 + 2^36. Carries add 2^36 at most.

A pattern that stands
---------------------
Let W be the matrix that takes Z to its targets, m = W z, under the present pattern, and δ = m − z.
*If W δ = 0, every target is constant as long as the pattern is*: z(1) = z + γ δ gives
m(1) = m + γ W δ = m, and δ(1) = λ δ. Hence z_i(t) = m_i + x (z_i − m_i) with x = λ^t, and
⟨z_i(t), z_l(t)⟩ is a quadratic in x with the Bernstein coefficients on [0, 1]

    ⟨m_i, m_l⟩,      (⟨m_i, z_l⟩ + ⟨z_i, m_l⟩) / 2,      ⟨z_i, z_l⟩.

*If the tokens of C_i are, among all l, maximisers of the first and of the second, then C_i is the
attention set of i for ever.* Take j ∈ C_i and any l. The quadratic of j less that of l has no
negative coefficient; for l ∈ C_i all three are 0, and for l ∉ C_i the third is positive, and x > 0.
This needs α > 0 and nothing of A, of which `gram` wants symmetry (ours; `paper_notes.md`, 3.6).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from theory.fast.shared import LIMB, LOWEST, Flags, Integers, Masks, Numbers, Shared
from theory.settling import MAX_CHANGES

MAX_STEPS = MAX_CHANGES - 1
"""A lane that is not settled after so many layers is left open: `settle` might give it up."""


class Change(NamedTuple):
    """The lanes whose pattern becomes another one, at which layers (m,), and which (n, m)."""

    layer: Integers
    lanes: Integers
    masks: Masks


@dataclass(frozen=True)
class Lanes:
    """What became of N lanes.

    layer : (N,) the settled layer, or −1 where the lane is open.
    pattern : (n, N) the pattern from then on.
    since : (n, N) the first layer at which C_i is token i with its copies, −1 where there is none.
    changes : where patterns changed, of each lane in the order of the layers, beginning with layer
        0. The settled layer of a lane is its last change; what is said of an open lane is
        incomplete.
    """

    layer: Integers
    pattern: Masks
    since: Integers
    changes: list[Change]

    @classmethod
    def all_open(cls, n: int, count: int) -> "Lanes":
        """N lanes of n tokens of which nothing is known."""
        layer = np.full(count, -1, np.int64)
        pattern = np.zeros((n, count), _bits(n).dtype)
        nothing = Change(layer[:0], np.arange(0), pattern[:, :0])
        return cls(layer, pattern, np.full((n, count), -1, np.int64), [nothing])


@dataclass(frozen=True)
class _Going:
    """The lanes that are still in the block, each at a layer."""

    lanes: Integers
    X: Numbers
    copies: Masks
    masks: Masks
    stood: Integers
    layer: Integers

    def only(self, keep: Flags) -> "_Going":
        return _Going(*_kept(keep, *vars(self).values()))

    @classmethod
    def joined(cls, parts: Sequence["_Going"]) -> "_Going":
        columns = zip(*[vars(part).values() for part in parts], strict=True)
        return cls(*[np.concatenate(column, axis=-1) for column in columns])


def settle_lanes(X: Numbers, widths: Sequence[Shared], max_layers: int) -> Lanes:
    """Settle the lanes X, an (n, d, N) array of integers, n ≤ `MAX_TOKENS`, where the P allow.

    Exact: what is said of a settled lane is what `theory.solve.settle` says. Lanes that are not
    settled by layer `max_layers` are left open.
    """
    n, _, count = X.shape
    found = Lanes.all_open(n, count)
    nowhere = np.zeros(count, np.int64)
    going = _Going(np.arange(count), X, copies(X), found.pattern.copy(), nowhere - 1, nowhere)
    for shared in widths:
        if going.lanes.size and np.can_cast(going.X.dtype, shared.numbers):
            inside = replace(going, X=going.X.astype(shared.numbers))
            going = _follow(inside, shared, max_layers, found)
    return found


def _follow(going: _Going, shared: Shared, max_layers: int, found: Lanes) -> _Going:
    """Follow lanes as far as P allows, and write down what is found; those that P stops."""
    stopped = [going.only(np.zeros(going.lanes.size, bool))]

    def within(able: Flags, wanted: Flags | None = None) -> Flags:
        lost = ~able if wanted is None else wanted & ~able
        if lost.any():
            stopped.append(going.only(lost))
        return able

    inside: Flags = np.less_equal(going.X, shared.fits) & np.greater_equal(going.X, -shared.fits)
    fits = np.all(inside, axis=(0, 1)) & (shared.fits > 0)  # guard 1
    going = going.only(within(fits))
    last = min(max_layers, MAX_STEPS)
    while going.lanes.size:
        equal = greatest(shared, going.X)
        masks = packed(equal)
        changed = (masks != going.masks).any(axis=0)
        change = Change(going.layer[changed], going.lanes[changed], masks[:, changed])
        found.changes.append(change)
        stood = np.where(changed, going.layer, going.stood)
        going = replace(going, masks=masks, stood=stood)
        leading = found.since[:, change.lanes]
        first = (change.masks == going.copies[:, changed]) & (leading < 0)
        found.since[:, change.lanes] = np.where(first, change.layer, leading)

        done = locked(masks, going.copies)
        found.layer[going.lanes[done]] = going.stood[done]
        found.pattern[:, going.lanes[done]] = masks[:, done]
        going, (equal,) = going.only(~done), _kept(~done, equal)

        sizes = np.bitwise_count(going.masks).astype(np.int64)
        common = np.ones(going.lanes.size, np.int64)
        tied = np.flatnonzero((sizes > 1).any(axis=0))
        common[tied] = np.lcm.reduce(sizes[:, tied], axis=0)
        size = np.maximum(np.abs(going.X).max(axis=(0, 1), initial=0), 1)
        able = within(common <= shared.fits // 2 // size)  # guard 2
        going, share = going.only(able), common // sizes
        equal, common, share, size = _kept(able, equal, common, share, size)
        common = common.astype(shared.numbers)

        targets = means(going.masks, going.X, share)
        done = stands(shared, going.X, targets, common, going.masks, equal)
        found.layer[going.lanes[done]] = going.stood[done]
        found.pattern[:, going.lanes[done]] = going.masks[:, done]

        on = ~done & (going.layer < last) & (going.layer - going.stood < shared.patience)
        able = on & within(common <= shared.steps // size, on)  # guard 3
        if not able.any():
            break
        going, (targets, common) = going.only(able), _kept(able, targets, common)
        X = moved(shared, going.X, targets, common)
        going = replace(going, X=X, layer=going.layer + 1)
    return _Going.joined(stopped)


def _kept(keep: Flags, *parts: NDArray[Any]) -> Sequence[NDArray[Any]]:
    """What the arrays have of the lanes to keep."""
    if keep.all():
        return parts
    chosen = np.flatnonzero(keep)
    return [part[..., chosen] for part in parts]


def greatest(shared: Shared, X: Numbers, Y: Numbers | None = None) -> Flags:
    """For every row i every l at which the product of `gram` is greatest: (n, n, N), ties kept.

    The products are one number each, or 2^52 `high` + 2^26 `middle` + `low`, whose parts are
    brought to 0 ≤ `middle`, `low` < 2^26 to be compared.
    """
    if not shared.split:
        return maximal(gram(shared, X, Y))
    H, L = X >> LIMB, X & LOWEST
    if Y is None:
        high, middle, low = gram(shared, H), gram(shared, H, L), gram(shared, L)
    else:
        K, M = Y >> LIMB, Y & LOWEST
        high, low = gram(shared, H, K), gram(shared, L, M)
        middle = gram(shared, H, M) + gram(shared, L, K)
    middle = middle + (low >> LIMB)
    first = maximal(high + (middle >> LIMB))
    return maximal(np.where(first, (middle & LOWEST) << LIMB | low & LOWEST, -1))


def gram(shared: Shared, X: Numbers, Y: Numbers | None = None) -> Numbers:
    """⟨X_i, X_l⟩, or with Y ⟨X_i, Y_l⟩ + ⟨Y_i, X_l⟩: (n, n, N), symmetric in i and l as A is."""
    n, d, count = X.shape
    images = X if Y is None else Y
    if shared.A is not None:
        images = image(images, shared.A)
    products = np.empty((n, n, count), X.dtype)
    for i in range(n):
        row = X[i, 0] * images[i:, 0]
        for s in range(1, d):
            row += X[i, s] * images[i:, s]
        if Y is not None:
            for s in range(d):
                row += images[i, s] * X[i:, s]
        products[i, i:] = row
        products[i + 1 :, i] = row[1:]
    return products


def image(X: Numbers, A: tuple[tuple[int, ...], ...]) -> Numbers:
    """A X_i for every token: (n, d, N)."""
    images = np.zeros_like(X)
    for s, row in enumerate(A):
        for t, entry in enumerate(row):
            images[:, s] += entry * X[:, t]
    return images


def maximal(products: Numbers) -> Flags:
    """For every row i every l at which it is greatest: (n, n, N), all ties kept."""
    greatest = products.max(axis=1)
    flags: Flags = np.equal(products, greatest[:, None])
    return flags


def packed(equal: Flags) -> Masks:
    """The rows of (n, n, N) flags as (n, N) masks."""
    bits = _bits(len(equal))
    masks = np.zeros((len(equal), equal.shape[2]), bits.dtype)
    for bit, column in zip(bits[:, 0], equal.transpose(1, 0, 2), strict=True):
        masks |= column * bit
    return masks


def copies(X: Numbers) -> Masks:
    """For every token the mask of all tokens that are equal to it, itself among them: (n, N)."""
    n, d, count = X.shape
    bits = _bits(n)[:, 0]
    masks = np.zeros((n, count), bits.dtype)
    for i in range(n):
        masks[i] |= bits[i]
        for j in range(i + 1, n):
            same = X[i, 0] == X[j, 0]
            for s in range(1, d):
                same &= X[i, s] == X[j, s]
            masks[i] |= same * bits[j]
            masks[j] |= same * bits[i]
    return masks


def locked(masks: Masks, copies: Masks) -> Flags:
    """The lanes in which every row is locked: (N,).

    A place leads if it attends to its own copies alone; a row is locked if it attends to the copies
    of one leading place alone (lemmas I and R, for places).
    """
    lead = masks == copies
    locked_rows = np.zeros_like(lead)
    for place, leads in zip(copies, lead, strict=True):
        locked_rows |= (masks == place) & leads
    every: Flags = locked_rows.all(axis=0)
    return every


def means(masks: Masks, X: Numbers, share: Integers | None = None) -> Numbers:
    """M_i = (L/c_i) Σ_{j∈C_i} X_j, L/c_i being `share`; without it the plain sums: (n, d, N)."""
    lowest = masks & -masks
    first = np.bitwise_count(lowest - 1).astype(np.intp)
    means = np.take_along_axis(X, first[:, None], axis=0)  # where nothing ties, and L = c_i = 1
    tied = np.flatnonzero((masks != lowest).any(axis=0))
    if tied.size:
        total = np.zeros_like(X[..., tied])
        columns = (masks[:, tied] & bit > 0 for bit in _bits(len(X))[:, 0])
        for column, token in zip(columns, X[..., tied], strict=True):
            total += column[:, None] * token
        means[..., tied] = total if share is None else total * share[:, None, tied]
    return means


def stands(
    shared: Shared, X: Numbers, targets: Numbers, common: Numbers, masks: Masks, equal: Flags
) -> Flags:
    """The lanes whose pattern is proved to stand for ever, the targets being constant: (N,)."""
    constant: Flags = ~np.any(means(masks, common * X - targets) != 0, axis=(0, 1))
    for other in (None, X):
        chosen = np.flatnonzero(constant)
        Y = None if other is None else other[..., chosen]
        most = greatest(shared, targets[..., chosen], Y)
        constant[chosen] = (most | ~equal[..., chosen]).all(axis=(0, 1))
    return constant


def moved(shared: Shared, X: Numbers, targets: Numbers, common: Numbers) -> Numbers:
    """X' = b L X + a M, every lane divided by the greatest common divisor of its numbers."""
    n, d, count = X.shape
    layer: Numbers = shared.below * common * X + shared.above * targets
    divisor = np.gcd.reduce(layer.reshape(n * d, count), axis=0)
    shared_by_all = np.flatnonzero(divisor > 1)
    layer[..., shared_by_all] //= divisor[shared_by_all]
    return layer


def _bits(n: int) -> Masks:
    """The masks of the single tokens, (n, 1), in the smallest type that holds n bits."""
    kind = np.min_scalar_type((1 << n) - 1)
    return (np.uint64(1) << np.arange(n, dtype=np.uint64)).astype(kind)[:, None]
