"""Convex hulls, exactly: whether a point is a convex combination of others."""

from collections.abc import Sequence

from flint import fmpq

from theory.configuration import Vector


def in_hull(point: Vector, vertices: Sequence[Vector]) -> bool:
    """Whether `point` is a convex combination of `vertices`, decided exactly.

    Phase one of the simplex method over the rationals with Bland's rule, which cannot cycle:
    find w ≥ 0 with Σ w_v v = point and Σ w_v = 1.

    >>> square = tuple((fmpq(x), fmpq(y)) for x in (0, 1) for y in (0, 1))
    >>> in_hull((fmpq(1, 2), fmpq(1)), square), in_hull((fmpq(2), fmpq(0)), square)
    (True, False)
    """
    if point in vertices:
        return True
    columns = [(*v, fmpq(1)) for v in vertices]
    target = (*point, fmpq(1))
    rows = [
        [sign * column[s] for column in columns]
        + [fmpq(int(a == s)) for a in range(len(target))]
        + [sign * target[s]]
        for s in range(len(target))
        for sign in ((-1 if target[s] < 0 else 1),)
    ]
    count, size = len(columns), len(target)
    basis = list(range(count, count + size))
    cost = [-sum((row[c] for row in rows), fmpq(0)) for c in range(count + size + 1)]
    for c in range(count, count + size):
        cost[c] = fmpq(0)
    while cost[-1]:
        entering = next((c for c in range(count) if cost[c] < 0), None)
        if entering is None:
            return False
        ratios = [
            (rows[s][-1] / rows[s][entering], basis[s], s)
            for s in range(size)
            if rows[s][entering] > 0
        ]
        _, _, leaving = min(ratios)
        pivot = rows[leaving][entering]
        rows[leaving] = [x / pivot for x in rows[leaving]]
        for row in [*(r for s, r in enumerate(rows) if s != leaving), cost]:
            factor = row[entering]
            if factor:
                row[:] = [x - factor * y for x, y in zip(row, rows[leaving], strict=True)]
        basis[leaving] = entering
    return True
