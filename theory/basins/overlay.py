"""What a map is compared with, in the coordinates of its plane: exact points and polygons.

    hull       that of the other tokens, cut by the plane;
    polytope   K, the hull of the leaders of the other tokens left alone, cut by the plane;
    cells      {x : ⟨x, v⟩ is greatest at v among the other tokens}, cut by the plane and the box.

A token that does not itself score higher attends at layer 0 to the token whose cell it is in. Where
the hull is that of vertices each of which is in its own cell alone it goes there, straight (section
12.3 of the notes); a map shows where it does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TypeAlias

from flint import fmpq

from theory.basins.problem import Problem
from theory.configuration import Configuration
from theory.dynamics import Dynamics
from theory.equilibrium import Equilibrium
from theory.exact import dot
from theory.hull import polygon
from theory.matrices import Vector, as_matrix, minus
from theory.rules import Masked, masked
from theory.settling import equilibrium_of
from theory.solve import settle

Polygon: TypeAlias = tuple[Vector, ...]
"""The vertices in order, counterclockwise; on a line both ends; nothing where it is empty."""

MOST_SIMPLICES = 10_000
"""Simplices of tokens that are held against a plane; a hull of more is not told."""


@dataclass(frozen=True)
class Mark:
    """A token near the plane: its foot there, and whether it lies in the plane itself."""

    token: int
    foot: Vector
    inside: bool


@dataclass(frozen=True)
class Cell:
    """Where ⟨x, v⟩ is greatest at these copies of one token v, within the box."""

    tokens: tuple[int, ...]
    polygon: Polygon


@dataclass(frozen=True)
class Overlay:
    """What a map is compared with; all in the coordinates of its plane.

    marks : every token as given, the free one among them.
    hull : the section of the hull of the other tokens; None where it is not told.
    leaders : the tokens that lead where the others are left alone; None where that is undecided,
        or they have no limits.
    polytope : the section of K, the hull of where these stand; None as before.
    cells : those that have an inner point.
    """

    marks: tuple[Mark, ...]
    hull: Polygon | None
    leaders: tuple[int, ...] | None
    polytope: Polygon | None
    cells: tuple[Cell, ...]

    @classmethod
    def of(cls, problem: Problem) -> "Overlay":
        """The overlay of a map.

        >>> from theory.basins.plane import Plane
        >>> zero, one = fmpq(0), fmpq(1)
        >>> line = Plane((zero,), ((one,),), ((fmpq(-4), fmpq(4)),), 1, 9)
        >>> found = Overlay.of(Problem(Configuration([[2], [1], [-3]], alpha=1), 1, line))
        >>> found.hull, found.leaders, [(x.tokens, x.polygon) for x in found.cells]
        (((-3,), (2,)), (0, 2), [((0,), ((0,), (4,))), ((2,), ((-4,), (0,)))])
        """
        c, plane = problem.configuration, problem.plane
        marks = [Mark(i, *plane.foot(z)) for i, z in enumerate(c.tokens)]
        others = [i for i in range(c.size) if i != problem.free]
        truth = _alone(problem, others)
        return cls(
            tuple(marks),
            section(problem, [c.tokens[i] for i in others]),
            None if truth is None else tuple([others[x.token] for x in truth.leaders]),
            None if truth is None else section(problem, truth.polytope),
            _cells(problem, others),
        )


def _alone(problem: Problem, others: Sequence[int]) -> Equilibrium | None:
    """The equilibrium of the other tokens without the free one."""
    c, dynamics = problem.configuration, problem.dynamics
    if not others:
        return None
    left = Configuration(
        [c.tokens[i] for i in others],
        c.alpha,
        c.A,
        multiplicities=[c.multiplicities[i] for i in others],
    )
    if isinstance(dynamics.candidates, Masked):
        rows = [[j for j in dynamics.candidates.rows[i] if j in others] for i in others]
        if not all(rows):
            return None  # one has no candidates any more
        within = masked([[others.index(j) for j in row] for row in rows])
        dynamics = Dynamics(within, dynamics.ties, dynamics.step, dynamics.scores)
    return equilibrium_of(settle(left, problem.max_layers, dynamics=dynamics))


def section(problem: Problem, points: Sequence[Vector]) -> Polygon | None:
    """The hull of some points cut by the plane; None where there are too many to say.

    Its vertices lie on faces of the hull of at most the dimension that the plane lacks, and so, by
    Carathéodory, in simplices of so many points and one; each of these meets the plane in one point
    at most if the plane tells its points apart.
    """
    plane = problem.plane
    distinct = list(dict.fromkeys(points))
    lacking = len(plane.origin) - len(plane.directions)
    sizes = range(1, min(lacking + 1, len(distinct)) + 1)
    if sum(comb(len(distinct), size) for size in sizes) > MOST_SIMPLICES:
        return None
    feet = [plane.foot(z)[0] for z in distinct]
    away = [minus(z, plane.at(foot)) for z, foot in zip(distinct, feet, strict=True)]
    found: list[Vector] = []
    for size in sizes:
        for chosen in combinations(range(len(distinct)), size):
            weights = _balance([away[i] for i in chosen])
            if weights is not None:
                found.append(_mean([feet[i] for i in chosen], weights))
    return tuple(polygon(found)) if found else ()


def _balance(points: Sequence[Vector]) -> list[fmpq] | None:
    """The only w ≥ 0 with Σ w_i x_i = 0 and Σ w_i = 1; None if there is none, or more than one."""
    if len(points) == 1:
        return None if any(points[0]) else [fmpq(1)]
    count = len(points)
    system = as_matrix([(*x, fmpq(1)) for x in (*points, points[0])]).transpose()
    for s in range(system.nrows()):
        system[s, count] = fmpq(int(s == system.nrows() - 1))
    reduced, rank = system.rref()
    if rank != count or not reduced[count - 1, count - 1]:
        return None
    weights = [reduced[s, count] for s in range(count)]
    return weights if all(w >= 0 for w in weights) else None


def _mean(points: Sequence[Vector], weights: Sequence[fmpq]) -> Vector:
    return tuple([dot(weights, column) for column in zip(*points, strict=True)])


def _cells(problem: Problem, others: Sequence[int]) -> tuple[Cell, ...]:
    """The cells of the other tokens, copies together."""
    c, plane = problem.configuration, problem.plane
    A = problem.dynamics.matrix(c, 0)
    scored = c.altered(A=A)
    copies: dict[Vector, list[int]] = {}
    for i in others:
        copies.setdefault(c.tokens[i], []).append(i)
    cells = []
    for v, tokens in copies.items():
        left = _box(problem)
        for w in copies:
            if w != v and left:
                ahead = minus(v, w)
                slopes = [scored.inner(direction, ahead) for direction in plane.directions]
                left = clipped(left, slopes, scored.inner(plane.origin, ahead))
        if left:
            cells.append(Cell(tuple(tokens), left))
    return tuple(cells)


def _box(problem: Problem) -> Polygon:
    (x, y), *more = problem.plane.box
    if not more:
        return (x,), (y,)
    ((low, high),) = more
    return (x, low), (y, low), (y, high), (x, high)


def clipped(points: Polygon, slopes: Sequence[fmpq], height: fmpq) -> Polygon:
    """The part of a convex polygon where ⟨slopes, x⟩ + height ≥ 0; nothing without an inner point.

    >>> zero, one = fmpq(0), fmpq(1)
    >>> clipped(((zero, zero), (one, zero), (zero, one)), [one, -one], zero)
    ((0, 0), (1, 0), (1/2, 1/2))
    """
    heights = [dot(slopes, x) + height for x in points]
    if all(h >= 0 for h in heights):
        return points
    if all(h <= 0 for h in heights):
        return ()
    kept: list[Vector] = []
    around = zip(points, heights, [*points[1:], points[0]], [*heights[1:], heights[0]], strict=True)
    for x, h, y, g in around:
        if h >= 0:
            kept.append(x)
        if h * g < 0 and (len(points) > 2 or x is points[0]):
            part = h / (h - g)
            kept.append(tuple([a + part * (b - a) for a, b in zip(x, y, strict=True)]))
    return tuple(kept)
