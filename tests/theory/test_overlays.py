"""What maps are compared with, and where their grids lie: sections, cells, boxes, steps."""

import random
from itertools import combinations, pairwise, product
from typing import Any

import pytest
from flint import fmpq

from theory import CAUSAL, Configuration, HardmaxError, settle
from theory.basins import Overlay, Plane, Problem
from theory.basins.frames import simplest, steps
from theory.basins.overlay import clipped, section
from theory.basins.plane import around, coordinate_plane
from theory.dynamics import Dynamics
from theory.exact import dot
from theory.hull import in_hull
from theory.matrices import Vector
from theory.rules import Masked

SIDE = (fmpq(-3), fmpq(3))


def problem(c: Configuration, free: int, axes: tuple[int, ...] = (0, 1), **more: Any) -> Problem:
    """A grid in the plane of two coordinates, or on a line of one."""
    origin, directions = coordinate_plane(c.tokens[free], axes)
    count = len(axes)
    return Problem(
        c, free, Plane(origin, directions, (SIDE,) * count, 7 if count > 1 else 1, 7), **more
    )


def drawn(seed: int) -> Problem:
    """Small numbers in up to four dimensions; planes and lines in any direction."""
    chance = random.Random(seed)
    d, n = chance.choice([1, 2, 2, 3, 3, 4]), chance.randint(1, 6)
    tokens = [
        [fmpq(chance.randint(-2, 2), chance.choice([1, 2])) for _ in range(d)] for _ in range(n)
    ]
    A = [[int(i == j) * 2 + int(abs(i - j) == 1) for j in range(d)] for i in range(d)]
    c = Configuration(tokens, 1, A if chance.random() < 0.5 else None)
    free, count = chance.randrange(n), chance.choice([1, 2]) if d > 1 else 1
    while True:
        rows = tuple(tuple(fmpq(chance.randint(-1, 1)) for _ in range(d)) for _ in range(count))
        try:
            plane = Plane(c.tokens[free], rows, (SIDE,) * count, 7 if count > 1 else 1, 7)
        except HardmaxError:
            continue
        return Problem(c, free, plane)


def inside(point: Vector, polygon: Any) -> bool:
    """Whether a point of the plane lies in a convex polygon, its vertices in either order."""
    return bool(polygon) and in_hull(point, polygon)


def boxed(problem: Problem) -> list[Vector]:
    """Coordinates all over the box."""
    ends = [fmpq(k, 2) for k in range(-6, 7)]
    return [tuple(x) for x in product(ends, repeat=len(problem.plane.directions))]


@pytest.mark.parametrize("seed", range(40))
def test_a_section_is_the_hull_in_the_plane(seed: int) -> None:
    given = drawn(seed)
    others = [z for i, z in enumerate(given.configuration.tokens) if i != given.free]
    polygon = section(given, others)
    assert polygon is not None
    for vertex in polygon:
        assert in_hull(given.plane.at(vertex), others)
    for x in boxed(given)[::3]:
        assert inside(x, polygon) == (bool(others) and in_hull(given.plane.at(x), others))


@pytest.mark.parametrize("seed", range(40))
def test_a_cell_is_where_a_token_scores_highest(seed: int) -> None:
    given = drawn(seed)
    c, overlay = given.configuration, Overlay.of(given)
    others = [i for i in range(c.size) if i != given.free]
    for x in boxed(given):
        point = given.plane.at(x)
        scores = {i: c.inner(point, c.tokens[i]) for i in others}
        best = {i for i in others if scores[i] == max(scores.values())}
        here = [cell for cell in overlay.cells if inside(x, cell.polygon)]
        assert all(set(cell.tokens) <= best for cell in here)
        if len({c.tokens[i] for i in best}) == 1:
            assert [set(cell.tokens) for cell in here] == [best]


def test_the_others_left_alone_have_k() -> None:
    c = Configuration([[-2, 2], [-2, -2], [1, 1], [0, 2], [-1, 0]], "1/3")
    overlay = Overlay.of(problem(c, 0))
    alone = settle(Configuration(c.tokens[1:], "1/3")).equilibrium()
    assert overlay.leaders == tuple(leader.token + 1 for leader in alone.leaders)
    assert overlay.polytope is not None
    assert set(overlay.polytope) == set(alone.polytope)
    assert [mark.foot for mark in overlay.marks] == [*c.tokens]
    assert all(mark.inside for mark in overlay.marks)


def test_copies_share_a_cell_and_all_lead() -> None:
    overlay = Overlay.of(problem(Configuration([[1, 0], [1, 0], [-1, 0], [0, 1]], 1), 3))
    assert overlay.leaders == (0, 1, 2)
    assert [cell.tokens for cell in overlay.cells] == [(0, 1), (2,)]


def test_a_token_off_the_plane_has_a_foot_there() -> None:
    c = Configuration([[1, 0, 5], [0, 1, 2]], 1)
    first, second = Overlay.of(problem(c, 1)).marks
    assert (first.foot, first.inside) == ((1, 0), False)
    assert (second.foot, second.inside) == ((0, 1), True)


def test_other_dynamics_are_left_alone_by_their_own_rules() -> None:
    c = Configuration([[1], [2], [-1]], 1)
    assert Overlay.of(problem(c, 0, (0,))).leaders == (1, 2)
    assert Overlay.of(problem(c, 1, (0,), dynamics=CAUSAL)).leaders == (0, 2)
    masked = Dynamics(Masked(((0,), (0, 1), (0, 1, 2))))
    assert Overlay.of(problem(c, 1, (0,), dynamics=masked)).leaders == (0, 2)
    bare = Dynamics(Masked(((0,), (0,), (1,))))
    assert Overlay.of(problem(c, 1, (0,), dynamics=bare)).leaders is None


def test_one_token_is_compared_with_nothing() -> None:
    overlay = Overlay.of(problem(Configuration([[1, 2]], 1), 0))
    assert (overlay.hull, overlay.leaders, overlay.polytope, overlay.cells) == ((), None, None, ())


@pytest.mark.parametrize("seed", range(30))
def test_a_clipped_polygon_has_what_the_half_plane_has(seed: int) -> None:
    chance = random.Random(seed)
    square = ((fmpq(0), fmpq(0)), (fmpq(2), fmpq(0)), (fmpq(2), fmpq(2)), (fmpq(0), fmpq(2)))
    slopes = [fmpq(chance.randint(-2, 2)), fmpq(chance.randint(-2, 2))]
    height = fmpq(chance.randint(-4, 4))
    left = clipped(square, slopes, height)
    for x in product([fmpq(k, 4) for k in range(9)], repeat=2):
        if dot(slopes, x) + height < 0:
            assert not inside(x, left)
        elif left:
            assert inside(x, left)
    assert len(set(left)) == len(left)


@pytest.mark.parametrize(
    ("points", "counts"),
    [
        ([(-1, -1), (2, 3)], (400, 400)),
        ([(-1,), (2,)], (400,)),
        ([(0, 0), (0, 0)], (40, 30)),
        ([(7, 7)], (400, 400)),
        ([("1/3", "1/7"), ("1/2", "1/7")], (101, 400)),
        ([(10**40, 0), (-(10**40), 10**30)], (400, 400)),
        ([("1e-40", 0), ("3e-40", "1e-50")], (400, 400)),
        ([(-1, 0), (1, 100)], (400, 20)),
    ],
)
def test_the_box_holds_the_points_and_has_short_coordinates(points: Any, counts: Any) -> None:
    rows = [tuple(map(fmpq_of, point)) for point in points]
    sides = around(rows, counts)
    assert len(sides) == len(counts)
    (h,) = {(high - low) / (count - 1) for (low, high), count in zip(sides, counts, strict=True)}
    for s, (low, high) in enumerate(sides):
        assert all(low <= row[s] <= high for row in rows)
        assert (low / h).q == (high / h).q == 1
    below = int(h.q if h < 1 else h.p)
    for prime in (2, 5):
        while below % prime == 0:
            below //= prime
    assert below == 1
    assert h < 1 or h.q == 1


def fmpq_of(value: Any) -> fmpq:
    return Configuration([[value]], 1).tokens[0][0]


def test_the_least_denominator_is_taken() -> None:
    numbers = sorted({fmpq(p, q) for q in range(1, 8) for p in range(-9, 10)})
    for low, high in combinations(numbers[::3], 2):
        found = simplest(low, high)
        assert low < found < high
        between = [x for x in numbers if low < x < high]
        assert all((found.q, abs(found)) <= (x.q, abs(x)) for x in between)


def test_steps_rise_from_end_to_end() -> None:
    for low, high, count in (
        (fmpq(1, 10), fmpq(4), 16),
        (fmpq(-1, 2), fmpq(1), 9),
        (fmpq(1), fmpq(2), 2),
    ):
        found = steps(low, high, count)
        assert (found[0], found[-1], len(found)) == (low, high, count)
        assert all(x < y for x, y in pairwise(found))


@pytest.mark.parametrize(
    ("low", "high", "count", "message"),
    [
        (fmpq(2), fmpq(1), 4, "from 2 to 1"),
        (fmpq(1), fmpq(1), 4, "from 1 to 1"),
        (fmpq(-1), fmpq(1), 4, "from -1 to 1"),
        (fmpq(1), fmpq(2), 1, "1 frames; 2 to 200"),
        (fmpq(1), fmpq(2), 201, "201 frames"),
    ],
)
def test_bad_steps_are_refused(low: fmpq, high: fmpq, count: int, message: str) -> None:
    with pytest.raises(HardmaxError, match=message):
        steps(low, high, count)
