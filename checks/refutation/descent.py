"""Descent: where to look for a counterexample that is smaller than one at hand.

Configurations fall into classes by n, d and whether A = I, and the classes are in the order of size
(`checks.refutation.minimisation.size_of`). `smaller_classes` lists those below a configuration with
A = I, the smallest first; `starts` yields configurations of one of them: first shadows of the one
at hand, which are its tokens in coordinates in which its A is I, projected to d coordinates and
rounded to a lattice; then sets drawn from lattices. Floats propose, and decide nothing.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from math import sqrt
from random import Random

from flint import fmpq

from theory import Configuration, HardmaxError
from theory.matrices import Vector, identity
from theory.readable import nearest

WIDEST = 5
"""Dimensions that are looked at."""

RADII = range(1, 7)
"""Lattices go as far as one of these numbers in every coordinate."""

STARTS = 3000
"""Configurations that are tried in a class of 4 tokens or more."""

SHADOWS = 120
"""Shadows of the configuration at hand that are tried in each class."""

Rows = tuple[tuple[int, ...], ...]


def tries(n: int, examples: int) -> int:
    """How many starts are worth trying with n tokens in a search of so many examples."""
    return min(STARTS, examples // 10) * min(n, 4) ** 2 // 16


def smaller_classes(c: Configuration) -> Iterator[tuple[int, int]]:
    """The n and d of all classes with A = I below that of c, the smallest first.

    More dimensions than tokens are left out, since tokens span no more, and so are those beyond
    `WIDEST`.

    >>> list(smaller_classes(Configuration([[1, 0], [0, 1]], 1, [[2, 1], [1, 1]])))
    [(1, 1), (2, 1), (2, 2)]
    """
    plain = c.A == identity(c.dimension)
    for n in range(1, c.size + 1):
        for d in range(1, min(n, WIDEST) + 1):
            if (n, d, False) < (c.size, c.dimension, not plain):
                yield n, d


def starts(
    c: Configuration, n: int, d: int, steps: Sequence[fmpq], random: Random
) -> Iterator[Configuration]:
    """Configurations of n distinct tokens that are not 0 in dimension d with A = I, without end."""
    for rows in islice(_shadows(c, n, d, random), SHADOWS):
        yield from _made(rows, n, c.alpha)
    while True:
        radius = random.choice(RADII)
        line = range(-radius, radius + 1)
        few = [random.choices(line, k=random.randint(2, n + 1)) for _ in range(d)]
        axes = [line] * d if random.randrange(2) else few  # few numbers tie more often
        drawn = tuple(tuple(map(random.choice, axes)) for _ in range(n))
        alpha = steps[0] if random.randrange(2) else random.choice([*steps, c.alpha])
        yield from _made(drawn, n, alpha)


def _made(rows: Rows, n: int, alpha: fmpq) -> Iterator[Configuration]:
    if len(set(rows)) == n and all(map(any, rows)):
        yield Configuration(rows, alpha)


def _shadows(c: Configuration, n: int, d: int, random: Random) -> Iterator[Rows]:
    """The tokens of c, or n of them, in d rounded coordinates, for ever; nothing without a root."""
    embedded = _embedded(c)
    if embedded is None:
        return
    wide = len(embedded[0])
    while True:
        chosen = sorted(random.sample(range(c.size), n))
        axes = [[random.uniform(-1, 1) for _ in range(wide)] for _ in range(d)]
        if d == wide and random.randrange(2):
            axes = [[float(s == t) for s in range(wide)] for t in range(d)]
        cast = [
            [sum(a * x for a, x in zip(axis, embedded[i], strict=True)) for axis in _straight(axes)]
            for i in chosen
        ]
        longest = max(abs(x) for row in cast for x in row)
        if not longest:
            return
        scale = random.choice(range(1, 2 * RADII[-1] + 1)) / longest
        yield tuple(tuple(round(scale * x) for x in row) for row in cast)


def _embedded(c: Configuration) -> list[list[float]] | None:
    """The tokens in coordinates in which ⟨x, y⟩ = Σ x_s y_s: Lᵀz for Cholesky's A = L Lᵀ."""
    d = c.dimension
    root = [[0.0] * d for _ in range(d)]
    try:
        A = [[nearest(x) for x in row] for row in c.A]
        for i in range(d):
            for j in range(i + 1):
                rest = A[i][j] - sum(root[i][s] * root[j][s] for s in range(j))
                root[i][j] = sqrt(rest) if i == j else rest / root[j][j]
        tokens: Sequence[Vector] = c.tokens
        return [
            [sum(nearest(z[s]) * root[s][t] for s in range(d)) for t in range(d)] for z in tokens
        ]
    except (OverflowError, ValueError, ZeroDivisionError, HardmaxError):
        return None  # no positive definite A, or numbers beyond floats


def _straight(axes: list[list[float]]) -> list[list[float]]:
    """The axes made orthonormal one after the other."""
    straight: list[list[float]] = []
    for axis in axes:
        for other in straight:
            part = sum(a * b for a, b in zip(axis, other, strict=True))
            axis = [a - part * b for a, b in zip(axis, other, strict=True)]
        length = sqrt(sum(a * a for a in axis)) or 1.0
        straight.append([a / length for a in axis])
    return straight
