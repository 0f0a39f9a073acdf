r"""Lanes: the layers of many small configurations side by side, in integers that never wrap.

One *lane* is one configuration. The lanes of a block stand along the last axis of every array, so
that one numpy operation serves all of them. They share n, d, A and α = a/b (`Shared`). At every
layer a lane is integers X_i with z_i = X_i / D, D > 0; no comparison needs D, and it is not kept.
With c_i = |C_i|, L = lcm(c_1,…,c_n) and M_i = (L/c_i) Σ_{j∈C_i} X_j = L D m_i, the next layer is

    X_i' = b L X_i + a M_i        (over the denominator (a+b) L D).

A lane leaves the block *settled* when `locked` or `stands` proves that its pattern is constant from
here on, and *open* when a guard says that its numbers might outgrow the limit P: 2^62, with
which a block is an array of 64-bit integers, or a greater power of two, with which it is an array
of Python's integers, some ten times slower.

The guards
----------
Let B bound |X_is| over a lane, s = Σ |A_st|, and Q = ⌊√(P / s)⌋, so that s Q² ≤ P.

1. B ≤ Q before products are formed. Every partial sum of A X and of ⟨X_i, X_l⟩ is at most
   s B² ≤ P. No lane passes if Q = 0. As s ≥ 1, Q² ≤ P: with P = 2^62 a sum of up to
   `MAX_TOKENS` = 32 tokens, or of their double, is at most 2^37.
2. 2 L B ≤ Q before `stands` is asked. |M_i| ≤ (L/c_i) c_i B = L B and |L X_i − M_i| ≤ 2 L B;
   ⟨M_i, M_l⟩ is at most s (L B)² ≤ P/4, and ⟨M_i, X_l⟩ + ⟨X_i, M_l⟩ at most 2 s L B² ≤ P/2.
3. (a+b) L B ≤ Q before a layer is made. It bounds b L X_i, a M_i and their sum, and the new
   tokens pass guard 1.

The guards themselves cannot wrap. The first compares entries with ±Q. The others are asked as
L ≤ ⌊⌊Q/2⌋ / B⌋ and L ≤ ⌊⌊Q/(a+b)⌋ / B⌋, where a + b may be an integer of any size, and
L ≤ lcm(1,…,32) < 2^48.

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

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from theory.fast.shared import Flags, Integers, Masks, Numbers, Shared
from theory.settling import MAX_CHANGES

MAX_STEPS = MAX_CHANGES - 1
"""A lane that is not settled after so many layers is left open: `settle` might give it up."""


class Change(NamedTuple):
    """The lanes whose pattern becomes another one at `layer`, with their new patterns (n, m)."""

    layer: int
    lanes: Integers
    masks: Masks


@dataclass(frozen=True)
class Lanes:
    """What became of N lanes.

    layer : (N,) the settled layer, or −1 where the lane is open.
    pattern : (n, N) the pattern from then on.
    since : (n, N) the first layer at which C_i is token i with its copies, −1 where there is none.
    changes : where patterns changed, in the order of the layers, beginning with layer 0. The
        settled layer of a lane is its last change; what is said of an open lane is incomplete.
    """

    layer: Integers
    pattern: Masks
    since: Integers
    changes: tuple[Change, ...]

    @classmethod
    def all_open(cls, n: int, count: int) -> "Lanes":
        """N lanes of n tokens of which nothing is known."""
        layer = np.full(count, -1, np.int64)
        pattern = np.zeros((n, count), _bits(n).dtype)
        nothing = Change(0, np.arange(0), pattern[:, :0])
        return cls(layer, pattern, np.full((n, count), -1, np.int64), (nothing,))


@dataclass(frozen=True)
class _Going:
    """The lanes that are still in the block, at one layer."""

    lanes: Integers
    X: Numbers
    copies: Masks
    masks: Masks
    stood: Integers

    def only(self, keep: Flags) -> "_Going":
        if keep.all():
            return self
        chosen = np.flatnonzero(keep)
        return _Going(
            self.lanes[chosen],
            self.X[..., chosen],
            self.copies[:, chosen],
            self.masks[:, chosen],
            self.stood[chosen],
        )


def settle_lanes(X: Numbers, shared: Shared, max_layers: int) -> Lanes:
    """Settle the lanes X, an (n, d, N) array of `shared.numbers`, n ≤ `MAX_TOKENS`, where P allows.

    Exact: what is said of a settled lane is what `theory.solve.settle` says. Lanes that are not
    settled by layer `max_layers` are left open.
    """
    n, _, count = X.shape
    layer, pattern, since, (nothing,) = vars(Lanes.all_open(n, count)).values()
    changes = [nothing]

    inside: Flags = np.less_equal(X, shared.fits) & np.greater_equal(X, -shared.fits)
    fits = np.all(inside, axis=(0, 1)) & (shared.fits > 0)  # guard 1
    going = _Going(np.arange(count), X, pattern, pattern, layer).only(fits)
    for k in range(min(max_layers, MAX_STEPS) + 1):
        if not going.lanes.size:
            break
        equal = maximal(gram(shared, going.X))
        masks = packed(equal)
        changed = (masks != going.masks).any(axis=0)
        changes.append(Change(k, going.lanes[changed], masks[:, changed]))
        going = _Going(
            going.lanes,
            going.X,
            going.copies if k else copies(going.X),
            masks,
            np.where(changed, k, going.stood),
        )
        leading = since[:, going.lanes]
        leading[(masks == going.copies) & (leading < 0)] = k
        since[:, going.lanes] = leading

        done = locked(masks, going.copies)
        layer[going.lanes[done]] = going.stood[done]
        pattern[:, going.lanes[done]] = masks[:, done]
        going, equal = going.only(~done), equal[..., ~done]

        sizes = np.bitwise_count(going.masks).astype(np.int64)
        common = np.lcm.reduce(sizes, axis=0)
        size = np.maximum(np.abs(going.X).max(axis=(0, 1), initial=0), 1)
        able = common <= shared.fits // 2 // size  # guard 2
        going, equal = going.only(able), equal[..., able]
        common, share, size = common[able], (common // sizes)[:, able], size[able]
        common = common.astype(shared.numbers)

        targets = means(going.masks, going.X, share)
        done = stands(shared, going.X, targets, common, going.masks, equal)
        layer[going.lanes[done]] = going.stood[done]
        pattern[:, going.lanes[done]] = going.masks[:, done]

        able = ~done & (common <= shared.steps // size)  # guard 3
        able &= k - going.stood < shared.patience
        if not able.any():
            break
        going, targets, common = going.only(able), targets[..., able], common[able]
        X = moved(shared, going.X, targets, common)
        going = _Going(going.lanes, X, going.copies, going.masks, going.stood)
    return Lanes(layer, pattern, since, tuple(changes))


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
        greatest = maximal(gram(shared, targets[..., chosen], Y))
        constant[chosen] = (greatest | ~equal[..., chosen]).all(axis=(0, 1))
    return constant


def moved(shared: Shared, X: Numbers, targets: Numbers, common: Numbers) -> Numbers:
    """X' = b L X + a M, every lane divided by the greatest common divisor of its numbers."""
    n, d, count = X.shape
    layer = shared.below * common * X + shared.above * targets
    divisor = np.gcd.reduce(layer.reshape(n * d, count), axis=0)
    quotient: Numbers = layer // np.maximum(divisor, 1)
    return quotient


def _bits(n: int) -> Masks:
    """The masks of the single tokens, (n, 1), in the smallest type that holds n bits."""
    kind = np.min_scalar_type((1 << n) - 1)
    return (np.uint64(1) << np.arange(n, dtype=np.uint64)).astype(kind)[:, None]
