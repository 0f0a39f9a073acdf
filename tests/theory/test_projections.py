"""Projections: what is drawn of tokens of more coordinates, and in which geometry."""

from itertools import combinations
from random import Random

import numpy as np
import pytest
from flint import fmpq

from theory import Configuration, HardmaxError
from theory.matrices import Vector, identity
from theory.pictures.projections import Lens, Projection, orthonormal, principal
from theory.pictures.view import View
from theory.readable import nearest

MATRIX = Configuration([[1, 0, 0]], 1, [[2, 1, 0], [1, 3, "-1/2"], [0, "-1/2", 1]]).A
TRIANGLE = Configuration([[1, 0], [-1, 1], [0, -1]], 1, [[2, 1], [1, 2]])


def vectors(seed: int, count: int, dimension: int) -> list[Vector]:
    r = Random(seed)
    return [tuple(fmpq(r.randint(-9, 9), r.randint(1, 4)) for _ in range(dimension))
            for _ in range(count)]  # fmt: skip


def product(x: Vector, y: Vector, A: tuple[Vector, ...]) -> float:
    found = sum((a * A[i][j] * b for i, a in enumerate(x) for j, b in enumerate(y)), fmpq(0))
    return nearest(found)


def drawn(lens: Lens, points: list[Vector], weights: tuple[int, ...] = ()) -> list[list[float]]:
    view = View.of(points, (), lens, weights or (1,) * len(points))
    return [[nearest(x) for x in view.shadow(z)] for z in points]


def test_in_a_matrix_s_geometry_lengths_and_angles_are_those_of_its_inner_product() -> None:
    points = vectors(1, 8, 3)
    seen = drawn(Lens(metric=MATRIX), points)
    for i, j in combinations(range(8), 2):
        wanted = product(points[i], points[j], MATRIX)
        assert np.dot(seen[i], seen[j]) == pytest.approx(wanted)
    plain = drawn(Lens(), points)
    assert np.dot(plain[0], plain[1]) != pytest.approx(product(points[0], points[1], MATRIX))


def test_the_equilateral_triangle_looks_like_one() -> None:
    points = list(TRIANGLE.tokens)
    for lens, alike in ((Lens(metric=TRIANGLE.A), True), (Lens(), False)):
        z = np.array(drawn(lens, points))
        sides = [float(np.linalg.norm(a - b)) for a, b in combinations(z, 2)]
        assert (max(sides) == pytest.approx(min(sides))) is alike


def test_a_plane_is_seen_orthogonally_under_the_matrix() -> None:
    p, q = vectors(2, 2, 3)
    forms = orthonormal([p, q], MATRIX)
    seen = Projection(forms, ("", ""))
    for x, y in ((p, p), (p, q), (q, q)):
        a, b = ([nearest(c) for c in seen.shadow(z)] for z in (x, y))
        assert np.dot(a, b) == pytest.approx(product(x, y, MATRIX))
    n = np.cross(*([nearest(c) for c in np.array(MATRIX) @ np.array(z)] for z in (p, q)))
    apart = tuple(fmpq(round(x * 10**9), 10**9) for x in n)
    assert [nearest(x) for x in seen.shadow(apart)] == pytest.approx([0, 0], abs=1e-5)
    assert [nearest(x) for x in Projection.onto(3, (0, 1)).shadow(apart)] != pytest.approx([0, 0])


def test_a_matrix_without_a_geometry_says_why() -> None:
    one, two = fmpq(1), fmpq(2)
    for A, cause in (
        (((one, two), (two, one)), r"⟨x, x⟩ = -3 for x = \(-2, 1\)"),
        (((one, one), (one, one)), r"⟨x, x⟩ = 0 for x = \(-1, 1\)"),
        (((one, two), (one, one)), r"A\[0\]\[1\] = 2 and A\[1\]\[0\] = 1 differ by 1"),
    ):
        with pytest.raises(HardmaxError, match=cause):
            Lens(metric=A)
    with pytest.raises(HardmaxError, match="depend on each other"):
        orthonormal([(one, two), (two, two * 2)], identity(2))


@pytest.mark.parametrize("seed", range(4))
def test_principal_axes_are_those_of_most_variance(seed: int) -> None:
    points = vectors(seed, 9, 4)
    weights = tuple(Random(seed).randint(1, 3) for _ in points)
    found = principal(points, weights)
    X = np.array([[nearest(x) for x in z] for z in points])
    copies = np.repeat(X, weights, axis=0)
    _, values, rows = np.linalg.svd(copies - copies.mean(0))
    got = np.array([[nearest(x) for x in row] for row in found.rows])
    assert abs(got @ rows[:2].T) == pytest.approx(np.eye(2), abs=1e-6)
    assert all(row[np.argmax(abs(row))] > 0 for row in got)
    share = (values[:2] ** 2).sum() / (values**2).sum()
    assert f"{share:.0%} of the variance" in found.words
    assert "by floats" in found.words
    assert principal([tuple(x * 10**400 for x in z) for z in points], weights) == found


def test_principal_axes_under_a_matrix_are_those_of_what_it_measures() -> None:
    points = vectors(7, 9, 3)
    seen = np.array(drawn(Lens(principal=True, metric=MATRIX), points))
    whole = np.array(drawn(Lens(metric=MATRIX), points))
    spread = np.linalg.svd(whole - whole.mean(0))[1]
    assert np.linalg.svd(seen - seen.mean(0))[1] == pytest.approx(spread[:2], rel=1e-6)
    view = View.of(points, (), Lens(principal=True, metric=MATRIX))
    assert "principal axes 1 and 2 of the starts" in view.projection
    assert "A's inner product" in view.projection


@pytest.mark.parametrize("points", [[(0, 0, 0, 0)], [(1, 1, 1, 1)] * 3, [(5,), (2,)], [(3, 4)]])
def test_what_does_not_vary_has_axes_all_the_same(points: list[tuple[int, ...]]) -> None:
    exact = [tuple(map(fmpq, z)) for z in points]
    found = principal(exact, [1] * len(points))
    assert len(found.rows) == min(2, len(points[0]))
    assert all(any(row) for row in found.rows)
    assert View.of(exact, (), Lens(principal=True)).axes == len(found.rows)


def test_a_matrix_of_the_reader_projects_exactly() -> None:
    P = tuple(map(tuple, [[fmpq(1), fmpq(2)], [fmpq(0), fmpq(1, 3)], [fmpq(-1), fmpq(5)]]))
    projection = Projection.by(P, "P.json")
    assert projection.shadow((fmpq(1), fmpq(3), fmpq(1))) == (0, 8)
    assert projection.words == "projected by P.json"
    assert Projection.onto(2, (0, 1)).words == ""
    assert Projection.onto(2, (1, 0)).words == "coordinates 1 and 0 of 0 to 1"
    assert Projection.onto(5, (1, 0, 4)).words == "coordinates 1, 0 and 4 of 0 to 4"
    assert Projection.onto(2, (1,)).words == "coordinate 1 of 0 to 1"
