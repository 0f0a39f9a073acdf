"""What bounds a hull: polygons and polyhedra against the definition of a vertex and of a face."""

from itertools import product
from typing import Any

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.hull import in_hull, independent, polygon, polyhedron, ridges
from theory.matrices import Vector


def points(*rows: tuple[int, ...]) -> list[Vector]:
    return [tuple(fmpq(x) for x in row) for row in rows]


def vectors(dimension: int, size: int = 3) -> st.SearchStrategy[list[Vector]]:
    coordinate = st.integers(-size, size).map(fmpq)
    return st.lists(st.tuples(*[coordinate] * dimension), min_size=1, max_size=9)


def extreme(rows: list[Vector]) -> set[Vector]:
    """The vertices of the hull from the definition."""
    distinct = set(rows)
    return {z for z in distinct if len(distinct) == 1 or not in_hull(z, sorted(distinct - {z}))}


@settings(deadline=None)
@given(vectors(2))
def test_a_polygon_has_the_extreme_points_as_vertices_in_order(rows: list[Vector]) -> None:
    vertices = polygon(rows)
    assert len(vertices) == len(set(vertices))
    assert set(vertices) == extreme(rows)
    if len(vertices) > 2:
        for x, y, z in zip(
            vertices, vertices[1:] + vertices[:1], vertices[2:] + vertices[:2], strict=True
        ):
            assert (y[0] - x[0]) * (z[1] - x[1]) > (y[1] - x[1]) * (z[0] - x[0])


@settings(deadline=None)
@given(vectors(3, size=2))
def test_a_polyhedron_has_the_extreme_points_as_ends_of_its_edges(rows: list[Vector]) -> None:
    corners = independent(rows)
    if len(corners) < 4:
        assert set(polygon(rows)) == extreme(rows)
        return
    faces = polyhedron(rows)
    edges = ridges(faces)
    ends = {z for edge in edges for z in edge}
    assert extreme(rows) <= ends <= set(rows)
    for x, y, z in faces:
        normal = [
            (y[a] - x[a]) * (z[b] - x[b]) - (y[b] - x[b]) * (z[a] - x[a])
            for a, b in ((1, 2), (2, 0), (0, 1))
        ]
        assert any(normal)
        assert all(sum(n * (w[s] - x[s]) for s, n in enumerate(normal)) <= 0 for w in rows)
    sides = [side for x, y, z in faces for side in ((x, y), (y, z), (z, x))]
    assert len(sides) == len(set(sides))
    assert all((y, x) in sides for x, y in sides)


@pytest.mark.parametrize(
    ("rows", "edges"),
    [
        (list(product((-1, 1), repeat=3)), 12),
        (list(product((-1, 0, 1), repeat=3)), None),
        ([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)], 12),
        ([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)], 6),
    ],
    ids=["cube", "cube with its middles", "octahedron", "tetrahedron"],
)
def test_known_polyhedra_have_their_edges(rows: Any, edges: int | None) -> None:
    found = ridges(polyhedron(points(*rows)))
    if edges is None:  # an edge of the cube is cut in two by its middle, or drawn whole
        assert {z for edge in found for z in edge} <= set(points(*rows))
        assert all(
            sum(a == b and abs(a) == 1 for a, b in zip(x, y, strict=True)) == 2 for x, y in found
        )
    else:
        assert len(found) == edges


def test_independence_counts_the_dimension() -> None:
    assert len(independent(points((1, 2), (1, 2)))) == 1
    assert len(independent(points((1, 2), (2, 4), (3, 6)))) == 2
    assert len(independent(points((1, 2), (2, 4), (3, 7), (0, 0)))) == 3
    assert len(independent(points((1, 2, 0), (2, 4, 0), (3, 7, 0), (0, 0, 0)))) == 3
    assert len(independent(points((1, 2, 0), (2, 4, 0), (3, 7, 0), (0, 0, 1)))) == 4
