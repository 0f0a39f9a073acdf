"""The greatest products of many rows with many columns, in floats: who can win, within a gap.

For functionals x_i and rows z_j, `rivals` finds the columns j with x_i·z_j ≥ max − gap_i, as
binary64 computes it, for every i. It knows nothing of errors: what the gaps have to be is the
business of `theory.fast.filter` (`paper_notes.md`, section 9). Memory is O(n) and a block, whatever
the number of products.

Products are not computed where they cannot matter: with the columns in order of falling norm, the
first few give a lower bound b of the maximum, and by |x·z| ≤ |x||z| only columns with
|z_j| ≥ (b − gap)/|x_i| can come within the gap of it. In low dimensions these are few.
"""

from collections.abc import Iterator
from math import sqrt
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
"""Floats, shape (n, d) or (n,)."""

Indices: TypeAlias = NDArray[np.intp]
"""Token indices."""

SLACK = 1 + 2.0**-20
"""Factor on every bound, which covers the rounding of the bound itself."""

TINY = 2.0**-1074
"""η, the least positive float."""

SMALL_SQUARE = 2.0**-900
"""Squared norms below this may have underflowed in part."""

HEAD = 64
"""Columns of greatest norm that are looked at first, if products are many."""

FEW_PRODUCTS = 1 << 16
"""So many products are computed faster than they are avoided."""

TILE = 1 << 18
"""Multiplications in one call of the BLAS: small calls stay in the cache and on one thread."""

BLOCK = 1 << 18
"""Products held at once."""


def rivals(
    functionals: Array, rows: Array, gaps: Array, own: Array | None = None
) -> tuple[Indices, dict[int, Indices]]:
    """For each functional its only rival, or −1, and then all its rivals, rising.

    `own` has one of the rows for each functional, if there is a likely one; columns that stay below
    it by the gap may be left out as well.

    >>> rivals(np.array([[1.0], [0.0]]), np.array([[3.0], [2.0]]), np.zeros(2))
    (array([ 0, -1]), {1: array([0, 1])})
    """
    columns = _Columns.of(rows, len(functionals))
    best, winners, second = _leading(functionals, columns.table[:, : columns.head])
    reach = None
    if columns.lengths is not None:
        floors = best if own is None else np.maximum(best, np.vecdot(functionals, own))
        reach = columns.reach(functionals, columns.lengths, floors - gaps)
        rest = np.flatnonzero(reach > columns.head)
        for part in _chunks(rest, reach, columns.head):
            further = columns.table[:, columns.head : reach[part[-1]]]
            top, places, runners = _leading(functionals[part], further)
            better = top > best[part]
            losers = np.where(better, best[part], top)
            second[part] = np.maximum(losers, np.maximum(second[part], runners))
            winners[part] = np.where(better, places + columns.head, winners[part])
            best[part] = np.where(better, top, best[part])
    if columns.order is not None:
        winners = columns.order[winners]
    thresholds = best - gaps
    undecided = (~(second < thresholds)).nonzero()[0]
    close: dict[int, Indices] = {}
    if not len(undecided):
        return winners, close
    winners[undecided] = -1
    for part in (undecided,) if reach is None else _chunks(undecided, reach, 0):
        table = columns.table if reach is None else columns.table[:, : reach[part[-1]]]
        outside = products(functionals.take(part, 0), table) < thresholds.take(part)[:, None]
        for row, near in zip(part.tolist(), ~outside, strict=True):
            places = near.nonzero()[0]
            close[row] = places if columns.order is None else np.sort(columns.order[places])
    return winners, close


class _Columns(NamedTuple):
    """The rows as columns, (d, n): by falling norm, or as they are if there is little to avoid.

    Their order and norms, for the former, and how many columns are looked at first.
    """

    table: Array
    order: Indices | None
    lengths: Array | None
    head: int

    @classmethod
    def of(cls, rows: Array, asked: int) -> "_Columns":
        n = len(rows)
        if asked * n <= FEW_PRODUCTS:
            return cls(rows.T, None, None, n)
        lengths = norms(rows)
        order = np.argsort(-lengths)
        return cls(np.ascontiguousarray(rows[order].T), order, lengths[order], min(n, HEAD))

    def reach(self, functionals: Array, lengths: Array, thresholds: Array) -> Indices:
        """How many of the first columns can have a product that reaches the threshold."""
        d, n = self.table.shape
        reach = np.full(len(functionals), n)
        thresholds = thresholds - d * TINY
        bounded = np.flatnonzero(thresholds > 0)
        least = thresholds[bounded] / (norms(functionals[bounded]) * SLACK * SLACK)
        reach[bounded] = np.searchsorted(-lengths, -least, side="right")
        return reach


def norms(rows: Array) -> Array:
    """Upper bounds of the Euclidean norms, within a factor √d where squares underflow."""
    squares = np.vecdot(rows, rows)
    lengths: Array = np.sqrt(squares)
    lengths *= SLACK
    if len(rows) and not squares.item(squares.argmin()) >= SMALL_SQUARE:
        small = ~(squares >= SMALL_SQUARE)
        greatest = np.abs(rows[small]).max(axis=1)
        lengths[small] = greatest * (sqrt(rows.shape[1]) * SLACK) + TINY
    return lengths


def products(left: Array, right: Array) -> Array:
    """left @ right, in pieces that the BLAS does not spread over threads."""
    n, d = left.shape
    m = right.shape[1]
    piece = max(1, TILE // (d * m))
    if n <= piece:
        return np.asarray(left.dot(right))
    whole = n - n % piece
    result = np.empty((n, m))
    stack = left[:whole].reshape(-1, piece, d)
    np.matmul(stack, right, out=result[:whole].reshape(-1, piece, m))
    if whole < n:
        np.matmul(left[whole:], right, out=result[whole:])
    return result


def _leading(functionals: Array, columns: Array) -> tuple[Array, Indices, Array]:
    """For each functional the greatest product, its first column, and the greatest elsewhere."""
    asked, step = len(functionals), max(1, BLOCK // columns.shape[1])
    if asked <= step:
        return _first_two(products(functionals, columns))
    parts = [
        _first_two(products(functionals[start : start + step], columns))
        for start in range(0, asked, step)
    ]
    best, winners, second = map(np.concatenate, zip(*parts, strict=True))
    return best, winners, second


def _first_two(values: Array) -> tuple[Array, Indices, Array]:
    """The greatest of each row, its place, and the greatest elsewhere; the values are spent."""
    starts = np.arange(0, values.size, values.shape[1])
    places = values.argmax(1)
    at = starts + places
    best = values.take(at)
    values.put(at, -np.inf)
    return best, places, values.take(starts + values.argmax(1))


def _chunks(rows: Indices, reach: Indices, head: int) -> Iterator[Indices]:
    """The rows in order of rising reach, at most `BLOCK` products at a time, or one row."""
    rows = rows[np.argsort(reach[rows])]
    start = 0
    while start < len(rows):
        room = max(1, BLOCK // max(1, int(reach[rows[start]]) - head))
        stop = min(len(rows), start + room)
        while stop - start > 1 and (stop - start) * (int(reach[rows[stop - 1]]) - head) > BLOCK:
            stop = start + (stop - start) // 2
        yield rows[start:stop]
        start = stop
