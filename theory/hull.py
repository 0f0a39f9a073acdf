"""Convex hulls, exactly: whether a point is in one, and what bounds it.

    in_hull               whether a point is a convex combination of others;
    independent           affinely independent points: the dimension of a hull;
    polygon               the vertices of a hull in a plane, in order;
    polyhedron, ridges    the triangles and the edges of a hull in space.

Everything is decided in rationals; points may be repeated. Lemma H of the notes says that hulls
shrink.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import TypeAlias

from flint import fmpq

from theory.exact import HardmaxError, expect, shown
from theory.matrices import Vector, as_matrix

Triangle: TypeAlias = tuple[Vector, Vector, Vector]
"""Three points in space; their order tells the two sides apart."""


def in_hull(point: Vector, vertices: Sequence[Vector]) -> bool:
    """Whether `point` is a convex combination of `vertices`, decided exactly.

    Wanted are w ≥ 0 with Σ w_v v = point and Σ w_v = 1. If the vertices are affinely independent
    the equations have one solution at most; otherwise w is looked for by phase one of the simplex
    method over the rationals with Bland's rule, which cannot cycle.

    >>> square = tuple((fmpq(x), fmpq(y)) for x in (0, 1) for y in (0, 1))
    >>> in_hull((fmpq(1, 2), fmpq(1)), square), in_hull((fmpq(2), fmpq(0)), square)
    (True, False)

    Raises `HardmaxError` for what are no points of one dimension.
    """
    check_points([point], vertices)
    if point in vertices:
        return True
    count = len(vertices)
    if count <= len(point) + 1:
        one = fmpq(1)
        system = as_matrix([(*v, one) for v in (*vertices, point)]).transpose()
        reduced, rank = system.rref()
        if not count or reduced[count - 1, count - 1]:  # the pivots are those of the vertices
            return rank == count and all(reduced[s, count] >= 0 for s in range(count))
    columns = [(*v, fmpq(1)) for v in vertices]
    target = (*point, fmpq(1))
    rows = [
        [sign * column[s] for column in columns]
        + [fmpq(int(a == s)) for a in range(len(target))]
        + [sign * target[s]]
        for s in range(len(target))
        for sign in ((-1 if target[s] < 0 else 1),)
    ]
    size = len(target)
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


def check_points(*groups: object) -> None:
    """Raise `HardmaxError` unless each is a list or tuple of points, all of one dimension."""
    points: list[object] = []
    for group in groups:
        points += expect((list, tuple), group, "a list of points")
    dimension = len(points[0]) if points and isinstance(points[0], list | tuple) else 0
    for z in points:
        if not (
            isinstance(z, list | tuple)
            and len(z) == dimension > 0
            and all(isinstance(x, fmpq) for x in z)
        ):
            raise HardmaxError(f"{shown(z)} was given; a point of rationals was wanted")


def independent(points: Sequence[Vector]) -> list[Vector]:
    """Affinely independent points, as many as `points` has: one more than their hull's dimension.

    >>> len(independent([(fmpq(0), fmpq(0)), (fmpq(1), fmpq(1)), (fmpq(2), fmpq(2))]))
    2
    """
    chosen = [points[0]]
    for z in points:
        rows = [_minus(x, points[0]) for x in [*chosen[1:], z]]
        if len(chosen) <= len(z) and as_matrix(rows).rank() == len(rows):
            chosen.append(z)
    return chosen


def polygon(points: Sequence[Vector]) -> list[Vector]:
    """The vertices, in order, of the hull of points that lie in one plane; exact.

    Monotone chain (Andrew), in two coordinates that tell the points of the plane apart.

    >>> [str(x) for x, _ in polygon([(fmpq(x), fmpq(x * x % 3)) for x in range(4)])]
    ['0', '3', '2', '1']
    """
    seeds = independent(points)
    if len(seeds) < 3:
        return sorted({min(points), max(points)})
    x, y, z = seeds
    pairs = combinations(range(len(points[0])), 2)
    s, t = next((s, t) for s, t in pairs if _turn(x, y, z, s, t))
    order = sorted(set(points), key=lambda z: (z[s], z[t]))
    chains: list[list[Vector]] = []
    for ordered in (order, order[::-1]):
        chain: list[Vector] = []
        for z in ordered:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], z, s, t) <= 0:
                chain.pop()
            chain.append(z)
        chains.append(chain[:-1])
    return chains[0] + chains[1]


def polyhedron(points: Sequence[Vector]) -> list[Triangle]:
    """Triangles, seen from outside counterclockwise, that cover the hull of points in Q^3; exact.

    Point by point: what the new point sees (strictly) is taken away, and the rim of the hole is
    joined to it. The points must not lie in one plane.
    """
    a, b, c, d = independent(points)
    if _volume(a, b, c, d) > 0:
        a, b = b, a
    faces = [(a, b, c), (a, c, d), (a, d, b), (b, d, c)]
    for z in points:
        seen = [face for face in faces if _volume(*face, z) > 0]
        edges = {edge for x, y, w in seen for edge in ((x, y), (y, w), (w, x))}
        faces = [face for face in faces if face not in seen]
        faces += [(x, y, z) for x, y in sorted(edges) if (y, x) not in edges]
    return faces


def ridges(faces: Sequence[Triangle]) -> list[tuple[Vector, Vector]]:
    """The edges of a polyhedron: those of its triangles at which the plane changes."""
    across = {edge: w for x, y, z in faces for edge, w in (((x, y), z), ((y, z), x), ((z, x), y))}
    return sorted(
        (x, y) for (x, y), z in across.items() if x < y and _volume(x, y, z, across[y, x])
    )


def _minus(x: Vector, y: Vector) -> Vector:
    return tuple(a - b for a, b in zip(x, y, strict=True))


def _turn(x: Vector, y: Vector, z: Vector, s: int, t: int) -> fmpq:
    return (y[s] - x[s]) * (z[t] - x[t]) - (y[t] - x[t]) * (z[s] - x[s])


def _volume(x: Vector, y: Vector, z: Vector, w: Vector) -> fmpq:
    return as_matrix([_minus(y, x), _minus(z, x), _minus(w, x)]).det()
