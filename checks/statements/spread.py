"""Domains of the literature: the configurations that published statements speak of (section 12 of
the notes).

Their matrices are negative or positive (semi)definite, or any; tokens may be 0, and some are
placed around the origin. The small boxes of a search have the origin too, and the matrices ±I and
diagonal ones.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from flint import fmpq
from hypothesis import strategies as st

from checks.boxes import Box, Point
from checks.run import Run
from checks.statements.domains import Domain, Matrix, Points, Strategy, semidefinite, symmetric
from checks.strategies import configurations
from theory import Configuration
from theory.hull import in_hull
from theory.matrices import Vector, as_matrix, identity, is_positive_definite, minus, plus, times

MOST_TOKENS, MOST_DIMENSIONS = 6, 3
"""Of the configurations that are generated."""

SLOW_STEPS = tuple(fmpq(*x) for x in ((1, 4), (1, 10), (3, 10), (1, 50)))
"""Steps with a pull below 1/4."""


def with_origin(box: Box) -> Iterator[Points]:
    """The sets of a box's points and the origin, up to symmetry, those with the origin first.

    Of each set its mirror image, so that what is on one side of the origin has numbers > 0.

    >>> [*with_origin(Box(1, 1, 2))]
    [((1,), (0,)), ((1,), (-1,))]
    """
    origin: Point = (0,) * box.dimension
    if box.tokens == 1:
        yield (origin,)
    else:
        for rows, _ in replace(box, tokens=box.tokens - 1).representatives():
            yield (*map(_mirrored, rows), origin)
    for rows, _ in box.representatives():
        yield tuple(map(_mirrored, rows))


def _mirrored(z: Point) -> Point:
    return tuple(-x for x in z)


def small(family: str, least: int = 1, dimension: int | None = None) -> Strategy:
    """Configurations of a family under (H) with few tokens, in few dimensions."""
    return configurations(
        family=None if family == "rare" else family,
        min_tokens=least,
        max_tokens=MOST_TOKENS,
        min_dimension=dimension or 1,
        max_dimension=dimension or MOST_DIMENSIONS,
    )


def negated(rows: Sequence[Vector]) -> tuple[Vector, ...]:
    """−A."""
    return tuple(times(fmpq(-1), row) for row in rows)


def flattened(rows: Sequence[Vector]) -> tuple[Vector, ...]:
    """The symmetric matrix without its first row and column: singular."""
    inner = [(fmpq(0), *row[1:]) for row in rows[1:]]
    return ((fmpq(0),) * len(rows), *inner)


def _negative(c: Configuration) -> Configuration:
    return c.altered(A=negated(c.A))


def _drawn_negative(family: str) -> Strategy:
    return small(family).map(_negative)


def _drawn_semidefinite(family: str) -> Strategy:
    """One in four singular."""

    def changed(drawn: tuple[Configuration, int]) -> Configuration:
        c, kind = drawn
        return c.altered(A=negated(flattened(c.A) if kind == 3 else c.A))

    return st.tuples(small(family), st.integers(0, 3)).map(changed)


def _drawn_slowly(family: str) -> Strategy:
    pairs = st.tuples(_drawn_semidefinite(family), st.sampled_from(SLOW_STEPS))
    return pairs.map(lambda pair: pair[0].altered(alpha=pair[1]))


def _drawn_around(family: str) -> Strategy:
    """Moved so that the mean, the first token, or the middle of the first and the last is 0."""

    def changed(drawn: tuple[Configuration, int]) -> Configuration:
        c, kind = drawn
        among = (c.tokens, c.tokens[:1], (c.tokens[0], c.tokens[-1]))[kind]
        total = among[0]
        for z in among[1:]:
            total = plus(total, z)
        centre = times(fmpq(1, len(among)), total)
        return c.altered(tokens=tuple(minus(z, centre) for z in c.tokens))

    return st.tuples(_drawn_semidefinite(family), st.integers(0, 2)).map(changed)


def _drawn_any(family: str) -> Strategy:
    return configurations(
        family=None if family == "rare" else family,
        standing=False,
        max_tokens=MOST_TOKENS,
        max_dimension=MOST_DIMENSIONS,
    )


def _drawn_positive(family: str) -> Strategy:
    """A positive semidefinite, one in four singular; a token may be 0."""
    return _drawn_semidefinite(family).map(_negative)


def _drawn_in_the_plane(family: str) -> Strategy:
    return configurations(
        family=None if family == "rare" else family,
        standing=False,
        max_tokens=MOST_TOKENS,
        min_dimension=2,
        max_dimension=2,
    )


def _in_the_plane(box: Box) -> Iterator[Points]:
    return with_origin(box) if box.dimension == 2 else iter(())


def _drawn_invertible(family: str) -> Strategy:
    def invertible(c: Configuration) -> bool:
        return is_invertible(c.A)

    return _drawn_any(family).filter(invertible)


def is_invertible(A: Sequence[Vector]) -> bool:
    """Whether det A ≠ 0."""
    return bool(as_matrix(A).det())


def negative_semidefinite(A: Sequence[Vector]) -> bool:
    """Whether A is symmetric and −A positive semidefinite."""
    return symmetric(A) and semidefinite(negated(A))


def _is_negative(run: Run) -> bool:
    return is_positive_definite(negated(run.configuration.A))


def _is_negative_semidefinite(run: Run) -> bool:
    return negative_semidefinite(run.configuration.A)


def _is_around(run: Run) -> bool:
    origin = (fmpq(0),) * run.configuration.dimension
    return _is_negative_semidefinite(run) and in_hull(origin, run.configuration.tokens)


def _is_semidefinite(run: Run) -> bool:
    A = run.configuration.A
    return symmetric(A) and semidefinite(A)


def _is_not_zero(run: Run) -> bool:
    return any(any(row) for row in run.configuration.A)


def _is_invertible(run: Run) -> bool:
    return is_invertible(run.configuration.A)


def _minus_one(dimension: int) -> Sequence[Matrix]:
    return [negated(identity(dimension))]


def _diagonal(sign: int) -> Callable[[int], Sequence[Matrix]]:
    """±I, then the other diagonal matrices of 0 and ±1 but 0."""

    def made(dimension: int) -> Sequence[Matrix]:
        one, zero = fmpq(sign), fmpq(0)
        every = [entries for entries in product((one, zero), repeat=dimension) if any(entries)]
        return [
            [[x if i == j else zero for j in range(dimension)] for i, x in enumerate(entries)]
            for entries in every
        ]

    return made


def _flat(dimension: int) -> Sequence[Matrix]:
    """The diagonal matrices of 0 and −1 with both."""
    return [A for A in _diagonal(-1)(dimension) if any(not A[i][i] for i in range(dimension))]


def _signs(dimension: int) -> Sequence[Matrix]:
    return [identity(dimension), negated(identity(dimension))]


def _of(
    words: str,
    condition: Callable[[Run], bool] | None,
    strategy: Callable[[str], Strategy],
    matrices: Callable[[int], Sequence[Matrix]],
) -> Domain:
    return Domain(
        words,
        condition=condition,
        strategy=strategy,
        tokens=with_origin,
        matrices=matrices,
        descends=False,
    )


NEGATIVE = _of("for negative definite $A$", _is_negative, _drawn_negative, _minus_one)
NEGATIVE_SEMIDEFINITE = _of(
    "for negative semidefinite $A$",
    _is_negative_semidefinite,
    _drawn_semidefinite,
    _diagonal(-1),
)
AROUND_THE_ORIGIN = _of(
    r"for negative semidefinite $A$ and $0\in\operatorname{co}(Z^0)$",
    _is_around,
    _drawn_around,
    _diagonal(-1),
)
POSITIVE_SEMIDEFINITE = _of(
    "for positive semidefinite $A$", _is_semidefinite, _drawn_positive, _diagonal(1)
)
ANY_MATRIX = _of("for any rational $A$", None, _drawn_any, _signs)
INVERTIBLE = _of("for invertible $A$", _is_invertible, _drawn_invertible, _signs)
NONZERO_MATRIX = _of(r"for $A\ne0$", _is_not_zero, _drawn_any, _signs)
ANY_PLANE = replace(ANY_MATRIX, strategy=_drawn_in_the_plane, tokens=_in_the_plane)
"""Any matrix in dimension 2."""
FLAT = replace(NEGATIVE_SEMIDEFINITE, matrices=_flat, steps=(fmpq(2),))
"""Small boxes with singular matrices only, and a step with which opposite tokens do not meet."""
SLOW = replace(NEGATIVE_SEMIDEFINITE, strategy=_drawn_slowly, steps=SLOW_STEPS)
"""With small steps."""
