"""The filter: its bound against exact arithmetic, on data made to break it, and its decisions."""

import random
from collections.abc import Callable
from fractions import Fraction
from math import ldexp, nextafter, sqrt

import numpy as np
import pytest
from flint import fmpq

from theory import Configuration, Trajectory
from theory.exact import from_binary64
from theory.fast import argmax
from theory.fast.argmax import norms, products, rivals
from theory.fast.filter import Image, to_float
from theory.matrices import Vector

TINY, HUGE = 5e-324, 1.7976931348623157e308
U = Fraction(1, 2**53)
ETA = Fraction(1, 2**1074)


def gaussian(r: random.Random, n: int, d: int) -> list[list[float]]:
    return [[r.gauss(0, 1) for _ in range(d)] for _ in range(n)]


def cancelling(r: random.Random, n: int, d: int) -> list[list[float]]:
    """Rows nearly orthogonal to one another but large."""
    return [[r.choice([-1.0, 1.0]) * (1e8 + r.random()) for _ in range(d)] for _ in range(n)]


def scales(r: random.Random, n: int, d: int) -> list[list[float]]:
    return [[r.gauss(0, 1) * 10.0 ** r.randint(-200, 200) for _ in range(d)] for _ in range(n)]


def subnormal(r: random.Random, n: int, d: int) -> list[list[float]]:
    return [[r.randint(-9, 9) * TINY for _ in range(d)] for _ in range(n)]


def tiny_beside_huge(r: random.Random, n: int, d: int) -> list[list[float]]:
    return [[r.choice([TINY, -3 * TINY, 1e-310, 1e300, HUGE]) for _ in range(d)] for _ in range(n)]


def near_53_bits(r: random.Random, n: int, d: int) -> list[list[float]]:
    return [
        [float(r.choice([-1, 1]) * (2**53 - r.randint(0, 9))) for _ in range(d)] for _ in range(n)
    ]


def neighbours(r: random.Random, n: int, d: int) -> list[list[float]]:
    """Floats one unit apart: products that differ in the last place or beyond."""
    row = [r.gauss(0, 1) for _ in range(d)]
    return [[nextafter(x, r.choice([-9, 9])) for x in row] for _ in range(n)]


def overflowing(r: random.Random, n: int, d: int) -> list[list[float]]:
    return [[r.choice([-1, 1]) * HUGE * r.random() for _ in range(d)] for _ in range(n)]


FAMILIES: list[Callable[[random.Random, int, int], list[list[float]]]] = [
    gaussian,
    cancelling,
    scales,
    subnormal,
    tiny_beside_huge,
    near_53_bits,
    neighbours,
    overflowing,
]


def some_matrix(r: random.Random, d: int) -> list[list[Fraction]] | None:
    if r.random() < 0.4:
        return None
    size = r.choice([1, 10**9, Fraction(1, 10**9)])
    return [
        [Fraction(r.randint(-99, 99), r.randint(1, 99)) * size for _ in range(d)] for _ in range(d)
    ]


def exactly(x: float) -> Fraction:
    return Fraction(x)


def scaled(value: fmpq, shift: int) -> Fraction:
    return Fraction(int(value.p), int(value.q)) * Fraction(2) ** shift


def check_bound(c: Configuration, image: Image, tokens: tuple[Vector, ...]) -> None:
    """Drift, functionals and products of an image against the exact tokens."""
    rows = [[exactly(x) for x in row] for row in image.rows.tolist()]
    true = [[scaled(x, -image.scale) for x in z] for z in tokens]
    for row, z in zip(rows, true, strict=True):
        distance = sum((x - y) ** 2 for x, y in zip(row, z, strict=True))
        assert distance <= exactly(image.drift) ** 2
        assert sum(y * y for y in z) <= exactly(image.radius) ** 2
    functionals = image.rows if image.matrix is None else products(image.rows, image.matrix)
    found = products(functionals, np.ascontiguousarray(image.rows.T))
    bounds = image.bounds(functionals, image.rows).tolist()
    A = [[scaled(x, -image.matrix_scale) for x in row] for row in c.A]
    d = c.dimension
    for i, z in enumerate(true):
        x = [sum(z[s] * A[s][t] for s in range(d)) for t in range(d)]
        for j, y in enumerate(true):
            product = sum(a * b for a, b in zip(x, y, strict=True))
            assert abs(exactly(float(found[i, j])) - product) <= exactly(bounds[i])


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("seed", range(12))
def test_the_bound_holds_against_exact_arithmetic(
    family: Callable[[random.Random, int, int], list[list[float]]], seed: int
) -> None:
    r = random.Random(f"{family.__name__} {seed}")
    n, d = r.randint(1, 8), r.randint(1, 6)
    A = some_matrix(r, d)
    c = Configuration.from_binary64(family(r, n, d), alpha=r.choice(["1/2", 2, "1/1000", "7/3"]))
    c = c if A is None else Configuration(c.tokens, c.alpha, A)
    merged, _ = c.merged()
    image, trajectory = Image.of(merged), Trajectory(merged)
    for k in range(5):
        check_bound(merged, image, trajectory.tokens(k))
        pattern = trajectory.pattern(k)
        single = np.array([a[0] if len(a) == 1 else -1 for a in pattern])
        sets = {i: a for i, a in enumerate(pattern) if len(a) > 1}
        image = image.moved(merged.lam, single, sets, merged.multiplicities)


def derived(image: Image, i: int, functional: list[float]) -> float:
    """E_i by the formula of the module, without any of its slack."""
    d, e, R = image.rows.shape[1], image.drift, image.radius
    length = sqrt(sum(x * x for x in functional))
    own = sqrt(sum(x * x for x in image.rows[i].tolist()))
    gamma = d * 2.0**-53
    off = e if image.matrix is None else image.width * e + (gamma + 2.0**-52) * image.width * own
    return length * (gamma * (R + e) + e) + off * R


@pytest.mark.parametrize("layers", [0, 1, 4])
@pytest.mark.parametrize("d", [2, 16, 64])
def test_the_bound_is_the_derived_one_and_hardly_more(d: int, layers: int) -> None:
    """Half of it would be noticed; so would a bound too coarse to decide anything."""
    r = random.Random(d)
    matrix = [[Fraction(r.randint(-9, 9), 7) for _ in range(d)] for _ in range(d)]
    for A in (None, matrix):
        c = Configuration.from_binary64(gaussian(r, 20, d), alpha=1)
        c = c if A is None else Configuration(c.tokens, 1, A)
        image = Image.of(c)
        drift = image.drift
        for _ in range(layers):
            nobody = np.arange(c.size) - 1
            nobody[0] = 0
            before = image
            image = image.moved(c.lam, nobody, {2: (0, 1, 2)}, c.multiplicities)
            drift += 7 * 2.0**-53 * (before.radius + before.drift)
        assert drift <= image.drift <= 1.01 * drift + 1e-300
        functionals = image.rows if image.matrix is None else image.rows @ image.matrix
        bounds = image.bounds(functionals, image.rows)
        for i in range(c.size):
            least = derived(image, i, functionals[i].tolist())
            assert least <= bounds[i] <= (1 + 4 / d) * least * 1.01 + 1e-300


def test_a_bound_of_zero_would_be_wrong() -> None:
    """1/3 is no float: the floats of these products differ, the products do not."""
    r = random.Random(5)
    wrong = 0
    for _ in range(40):
        z = [fmpq(r.randint(-99, 99), r.randint(1, 99)) for _ in range(2)]
        c = Configuration([z, [z[0] + z[1], z[1] - z[0]], [z[0] - z[1], z[1] + z[0]]], 1)
        image = Image.of(c)
        found = products(image.rows, np.ascontiguousarray(image.rows.T))
        ties = [a for a in Trajectory(c).pattern(0) if len(a) > 1]
        maximisers = image.maximisers()
        for i, attended in enumerate(Trajectory(c).pattern(0)):
            naive = np.flatnonzero(found[i] == found[i].max()).tolist()
            wrong += tuple(naive) != attended
            if maximisers.sole[i] >= 0:
                assert attended == (maximisers.sole[i],)
            else:
                assert set(attended) <= set(maximisers.open[i].tolist())
        assert len(ties) == 1
    assert wrong >= 3


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.__name__)
def test_the_filter_never_exclude_a_maximiser(
    family: Callable[[random.Random, int, int], list[list[float]]],
) -> None:
    r = random.Random(family.__name__)
    for _ in range(30):
        c = Configuration.from_binary64(family(r, r.randint(1, 9), r.randint(1, 4)), alpha=1)
        maximisers = Image.of(c).maximisers()
        for i, attended in enumerate(Trajectory(c).pattern(0)):
            if maximisers.sole[i] >= 0:
                assert attended == (maximisers.sole[i],)
                assert i not in maximisers.open
            else:
                assert set(attended) <= set(maximisers.open[i].tolist())
                if maximisers.decided:
                    assert attended == tuple(maximisers.open[i].tolist())


def test_lattices_are_decided_in_floats() -> None:
    tokens = [[x, y] for x in range(-9, 10) for y in range(-9, 10) if x or y]
    c = Configuration(tokens, alpha=1)
    maximisers = Image.of(c).maximisers()
    pattern = Trajectory(c).pattern(0)
    assert maximisers.decided
    assert maximisers.open
    for i, attended in enumerate(pattern):
        sole = int(maximisers.sole[i])
        assert attended == ((sole,) if sole >= 0 else tuple(maximisers.open[i].tolist()))


@pytest.mark.parametrize(
    ("greatest", "grid"), [(2**26 - 1, True), (2**27 - 1, False), (2**40 + 1, False)]
)
def test_a_grid_ends_where_products_leave_53_bits(greatest: int, grid: bool) -> None:
    assert Image.of(Configuration([[greatest], [1]], alpha=1)).grid is grid
    assert not Image.of(Configuration([[greatest], ["1/3"]], alpha=1)).grid


def test_the_grid_counts_the_matrix() -> None:
    tokens = [[2**12 - 1, 0], [1, 1]]
    assert Image.of(Configuration(tokens, 1, [[2**20 - 1, 0], [0, 1]])).grid
    assert not Image.of(Configuration(tokens, 1, [[2**26 - 1, 0], [0, 1]])).grid
    assert not Image.of(Configuration(tokens, 1, [["1/3", 0], [0, 1]])).grid


def brute(x: np.ndarray, z: np.ndarray, gaps: np.ndarray) -> list[list[int]]:
    values = x @ z.T
    near = values >= (values.max(axis=1) - gaps)[:, None]
    return [np.flatnonzero(row).tolist() for row in near]


@pytest.mark.parametrize("block", [16, 100, 1 << 18])
@pytest.mark.parametrize("head", [1, 3, 64])
def test_rivals_against_brute_force(head: int, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Integers, so that products are exact; small blocks, so that every piece is met."""
    monkeypatch.setattr(argmax, "HEAD", head)
    monkeypatch.setattr(argmax, "BLOCK", block)
    monkeypatch.setattr(argmax, "TILE", block)
    monkeypatch.setattr(argmax, "FEW_PRODUCTS", 30)
    random = np.random.default_rng(head * block)
    for _ in range(60):
        n, asked, d = (int(random.integers(1, top)) for top in (60, 40, 5))
        radius = int(random.integers(1, 9))
        z = random.integers(-radius, radius + 1, (n, d)).astype(float)
        x = random.integers(-radius, radius + 1, (asked, d)).astype(float)
        gaps = random.integers(0, 4, asked).astype(float)
        winners, found = rivals(x, z, gaps)
        for i, wanted in enumerate(brute(x, z, gaps)):
            if len(wanted) == 1:
                assert (winners[i], i in found) == (wanted[0], False)
            else:
                assert (winners[i], found[i].tolist()) == (-1, wanted)


def test_what_is_not_a_number_is_never_excluded() -> None:
    winners, found = rivals(np.array([[np.nan], [1.0]]), np.array([[1.0], [2.0]]), np.zeros(2))
    assert winners.tolist() == [-1, 1]
    assert found[0].tolist() == [0, 1]
    winners, found = rivals(np.array([[1.0]]), np.array([[1.0], [2.0]]), np.array([np.nan]))
    assert (winners.tolist(), found[0].tolist()) == ([-1], [0, 1])


def test_norms_are_upper_bounds() -> None:
    r = random.Random(3)
    for family in FAMILIES:
        image = Image.of(Configuration.from_binary64(family(r, 6, 4), alpha=1))
        for row, length in zip(image.rows.tolist(), norms(image.rows).tolist(), strict=True):
            square = sum(exactly(x) ** 2 for x in row)
            assert square <= exactly(length) ** 2 <= 5 * square + ETA


def test_to_float_rounds_to_the_nearest() -> None:
    r = random.Random(4)
    for _ in range(300):
        value = fmpq(r.randint(-(10**20), 10**20), r.randint(1, 10**20))
        shift = r.randint(-1100, 900)
        image, true = to_float(value, shift), scaled(value, shift)
        assert abs(exactly(image) - true) <= U * abs(true) + ETA
    assert to_float(fmpq(1, 3)) == 1 / 3
    assert to_float(fmpq(1), -1074) == ldexp(1, -1074)


def test_an_image_scales_exactly_or_says_so() -> None:
    exact = Image.of(Configuration.from_binary64([[1e300, 3.0], [1e-7, 0.1]], alpha=1))
    assert exact.drift == 0
    lossy = Image.of(Configuration.from_binary64([[1e300, 3 * TINY], [1e-7, 0.1]], alpha=1))
    assert 0 < lossy.drift
    assert Image.of(Configuration([["1/3"], [1]], alpha=1)).drift > 0
    assert Image.of(Configuration([[0, 0], [0, 0]], alpha=1)).radius <= TINY


def test_exact_tokens_of_floats_are_what_they_are() -> None:
    c = Configuration.from_binary64([[0.1, -0.0], [TINY, HUGE]], alpha=1)
    assert c.some_tokens([0]) == [(from_binary64(0.1), fmpq(0))]
    assert tuple(c.some_tokens([0, 1])) == c.tokens == Configuration(c.tokens, 1).tokens
    assert c.tokens[1] == (fmpq(1, 2**1074), fmpq(2**1024 - 2**971))
