"""Hull membership against orientations in the plane, and against its definition above it."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from theory.exact import rational
from theory.hull import in_hull
from theory.matrices import Vector

Point = tuple[Fraction, Fraction]

TINY = Fraction(1, 10**40)


def exact(point: Sequence[Any]) -> Vector:
    return tuple(rational(x) for x in point)


def inside(point: Sequence[Any], vertices: Sequence[Sequence[Any]]) -> bool:
    return in_hull(exact(point), [exact(v) for v in vertices])


def orientation(a: Point, b: Point, c: Point) -> Fraction:
    """Twice the signed area of the triangle a b c."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def by_orientation(point: Point, vertices: Sequence[Point]) -> bool:
    """Whether no edge of the hull has the point strictly outside; degenerate hulls included."""
    corners = sorted(set(vertices))
    if len(corners) == 1:
        return point == corners[0]
    chains = []
    for ordered in (corners, corners[::-1]):
        chain: list[Point] = []
        for c in ordered:
            while len(chain) > 1 and orientation(chain[-2], chain[-1], c) <= 0:
                chain.pop()
            chain.append(c)
        chains.append(chain)
    if any(orientation(a, b, point) < 0 for chain in chains for a, b in pairwise(chain)):
        return False
    return len(chains[0]) + len(chains[1]) > 4 or corners[0] <= point <= corners[-1]


numbers = st.integers(-3, 3).map(Fraction) | st.fractions(-3, 3, max_denominator=3)
points = st.tuples(numbers, numbers)


@given(numbers, st.lists(numbers, min_size=1, max_size=6))
def test_on_the_line_a_hull_is_an_interval(x: Fraction, vertices: list[Fraction]) -> None:
    assert inside([x], [[v] for v in vertices]) is (min(vertices) <= x <= max(vertices))


@given(points, st.lists(points, min_size=1, max_size=7))
@example((Fraction(1), Fraction(1)), [(Fraction(0), Fraction(0)), (Fraction(2), Fraction(2))])
@example((Fraction(3), Fraction(3)), [(Fraction(0), Fraction(0)), (Fraction(2), Fraction(2))])
@example((Fraction(0), Fraction(1)), [(Fraction(0), Fraction(0)), (Fraction(0), Fraction(2))])
@example((Fraction(0), Fraction(3)), [(Fraction(0), Fraction(0)), (Fraction(0), Fraction(2))])
def test_in_the_plane_orientations_decide(point: Point, vertices: list[Point]) -> None:
    assert inside(point, vertices) is by_orientation(point, vertices)


@settings(max_examples=60)
@given(points, points, points, st.lists(numbers, min_size=1, max_size=5), numbers)
def test_points_of_one_line_are_decided_along_it(
    foot: Point, direction: Point, off: Point, places: list[Fraction], place: Fraction
) -> None:
    """Degenerate hulls in the plane: a segment or a point."""

    def at(s: Fraction) -> Point:
        return foot[0] + s * direction[0], foot[1] + s * direction[1]

    vertices = [at(s) for s in places]
    within = min(places) <= place <= max(places) or not any(direction)
    assert inside(at(place), vertices) is within
    apart = (at(place)[0] + off[0], at(place)[1] + off[1])
    if orientation(at(Fraction(0)), at(Fraction(1)), apart):
        assert not inside(apart, vertices)


def test_the_plane_criterion_itself() -> None:
    square = [(Fraction(x), Fraction(y)) for x in (0, 2) for y in (0, 2)]
    assert by_orientation((Fraction(1), Fraction(1)), square)
    assert by_orientation((Fraction(0), Fraction(1)), square)
    assert not by_orientation((Fraction(3), Fraction(1)), square)
    assert not by_orientation((-TINY, Fraction(1)), square)
    assert not by_orientation((Fraction(4), Fraction(4)), [square[0], square[3]])
    assert not by_orientation((Fraction(1), Fraction(1)), square[:1])


@given(st.data())
def test_in_any_dimension_combinations_are_in_and_what_a_functional_separates_is_out(
    data: st.DataObject,
) -> None:
    d = data.draw(st.integers(3, 5))
    small = st.lists(st.integers(-2, 2), min_size=d, max_size=d)
    vertices = data.draw(st.lists(small, min_size=1, max_size=8))
    count = len(vertices)
    weights = data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    weights[0] += not any(weights)
    total = sum(weights)
    mean = [
        Fraction(sum(w * v[s] for w, v in zip(weights, vertices, strict=True)), total)
        for s in range(d)
    ]
    assert inside(mean, vertices)
    normal = data.draw(small.filter(any))
    height = max(sum(a * x for a, x in zip(normal, v, strict=True)) for v in vertices)
    step = (height - sum(a * x for a, x in zip(normal, mean, strict=True)) + TINY) / Fraction(
        sum(a * a for a in normal)
    )
    beyond = [x + step * a for x, a in zip(mean, normal, strict=True)]
    assert not inside(beyond, vertices)


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5])
def test_a_hair_decides_at_a_facet_of_the_cube(d: int) -> None:
    cube = list(product((0, 1), repeat=d))
    facet = [Fraction(1)] + [Fraction(1, 3)] * (d - 1)
    assert inside(facet, cube)
    assert inside([facet[0] - TINY, *facet[1:]], cube)
    assert not inside([facet[0] + TINY, *facet[1:]], cube)
    assert inside([Fraction(1, 2)] * d, cube)
    assert inside(cube[-1], cube)


def test_the_simplex_method_does_not_cycle_on_highly_degenerate_hulls() -> None:
    """Every point of the grid, many times over; the centre ties everything."""
    grid = list(product((-1, 0, 1), repeat=3)) * 2
    assert inside([0, 0, Fraction(1, 7)], grid)
    assert inside([1, 1, 1], grid)
    assert not inside([1, 1, 1 + TINY], grid)
    flat = [point for point in grid if point[0] == point[1] == point[2]]
    assert inside([Fraction(1, 2)] * 3, flat)
    assert not inside([Fraction(1, 2), Fraction(1, 2), Fraction(1, 2) + TINY], flat)


def test_the_empty_hull_holds_nothing_and_one_point_holds_itself() -> None:
    assert not in_hull((fmpq(0),), [])
    assert inside([0, 0], [[0, 0]])
    assert not inside([0, 0], [[0, TINY]])
    assert inside([0, 0], [[0, 0], [0, 0]])
