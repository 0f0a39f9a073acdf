"""Minimisation: a smaller and smaller configuration that still refutes a statement.

The order: fewer tokens, then a smaller dimension, then A = identity, then a simpler α, then smaller
coordinates (`size_of`). The end is a *local minimum*: no token can be dropped, no dimension left
out, no coordinate moved one step toward 0, and no two coordinates of one axis, all of it, or all
that are equal moved together by one step to a smaller configuration, without losing the refutation.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from flint import fmpq

from checks.statements.domains import SIMPLE_STEPS
from theory import Configuration, HardmaxError
from theory.matrices import identity


def local_minimum(
    start: Configuration,
    refutes: Callable[[Configuration], bool],
    stop: Callable[[], bool] = lambda: False,
) -> tuple[Configuration, bool]:
    """A configuration that refutes, below `start`, which does; and whether it is a local minimum.

    Every simplification is tried, the greatest first; the first that still refutes is taken, and
    all are tried again, until none does, or until `stop` says so.

    >>> small, local = local_minimum(Configuration([[5, 3], [2, 7]], "2/3"), lambda c: c.size == 2)
    >>> small.to_dict()["tokens"], local
    ([['0'], ['0']], True)
    """
    best = start
    improved = True
    while improved:
        improved = False
        for candidate in _simpler(best):
            if stop():
                return best, False
            if refutes(candidate):
                best, improved = candidate, True
                break
    return best, True


def size_of(configuration: Configuration) -> tuple[object, ...]:
    """The order in which configurations are small; see the module's description."""
    coordinates = [x for row in configuration.tokens for x in row]
    return (
        configuration.size,
        configuration.dimension,
        configuration.A != identity(configuration.dimension),
        _complexity(configuration.alpha),
        sum(_complexity(x) for x in coordinates),
        sum((abs(x) for x in coordinates), fmpq(0)),
    )


def _complexity(x: fmpq) -> int:
    """Whole numbers before fractions, small before large."""
    return int(abs(x.p) + 4 * (x.q - 1))


def _simpler(c: Configuration) -> Iterator[Configuration]:  # noqa: C901 - a loop a kind of step
    """Simpler configurations, the most simplified first; each smaller by `size_of`."""

    def simpler(
        rows: Sequence[Sequence[fmpq]], alpha: fmpq = c.alpha, A: object = None
    ) -> Iterator[Configuration]:
        matrix = c.A if A is None else A
        try:
            candidate = Configuration(rows, alpha, matrix)  # type: ignore[arg-type]  # A is rows
        except HardmaxError:
            return
        if size_of(candidate) < size_of(c):
            yield candidate

    for i in range(c.size):
        if c.size > 1:
            yield from simpler([row for j, row in enumerate(c.tokens) if j != i])
    for s in range(c.dimension):
        if c.dimension > 1:
            rest = [t for t in range(c.dimension) if t != s]
            shortened = [[row[t] for t in rest] for row in c.tokens]
            yield from simpler(shortened, A=[[c.A[a][b] for b in rest] for a in rest])
    yield from simpler(c.tokens, A=identity(c.dimension))
    for alpha in SIMPLE_STEPS:
        yield from simpler(c.tokens, alpha=alpha)
    content = _content(c)
    yield from simpler([[x / content for x in row] for row in c.tokens])
    for i, row in enumerate(c.tokens):
        for s, x in enumerate(row):
            for y in _shorter(x):
                moved = [list(other) for other in c.tokens]
                moved[i][s] = y
                yield from simpler(moved)
    for s in range(c.dimension):
        for group in _groups([row[s] for row in c.tokens]):
            for step in (1, -1):
                moved = [list(other) for other in c.tokens]
                for i in group:
                    moved[i][s] += step
                yield from simpler(moved)


def _groups(column: Sequence[fmpq]) -> Iterator[tuple[int, ...]]:
    """Tokens that are moved together in one coordinate: all, those alike in it, and each two."""
    everybody = tuple(range(len(column)))
    yield everybody
    for value in dict.fromkeys(column):
        yield tuple(i for i in everybody if column[i] == value)
    yield from combinations(everybody, 2)


def _content(c: Configuration) -> fmpq:
    """The greatest number of which all coordinates are whole multiples; 1 if all are 0."""
    coordinates = [x for row in c.tokens for x in row if x]
    if not coordinates:
        return fmpq(1)
    above, below = coordinates[0].p, coordinates[0].q
    for x in coordinates:
        above, below = above.gcd(x.p), below.lcm(x.q)
    return fmpq(above, below)


def _shorter(x: fmpq) -> Iterator[fmpq]:
    """Numbers of less complexity: 0, whole numbers near x, half of x, one step toward 0."""
    if not x:
        return
    sign = 1 if x > 0 else -1
    yield fmpq(0)
    yield fmpq(sign)
    yield fmpq((abs(x) / 2).floor()) * sign
    yield fmpq(abs(x).floor()) * sign
    yield x - sign
