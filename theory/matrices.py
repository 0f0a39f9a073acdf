"""Rows of rationals as matrices: FLINT's, the identity, and whether one is positive definite.

Positive definiteness is decided by elimination over the rationals (all pivots positive), never by
eigenvalues.
"""

from collections.abc import Sequence
from functools import cache

from flint import fmpq, fmpq_mat

Vector = tuple[fmpq, ...]
"""A point of Q^d."""


def as_matrix(rows: Sequence[Vector]) -> fmpq_mat:
    """Rows as a FLINT matrix."""
    return fmpq_mat(list(rows))  # from a list of rows FLINT makes it fastest


@cache
def identity(dimension: int) -> tuple[Vector, ...]:
    """The identity matrix as rows."""
    return tuple(tuple(fmpq(int(i == j)) for j in range(dimension)) for i in range(dimension))


def is_positive_definite(A: Sequence[Vector]) -> bool:
    """Whether A is symmetric positive definite, by exact elimination without pivoting.

    Statement: a symmetric matrix is positive definite iff every pivot of Gaussian elimination in
    the natural order is positive (Sylvester's criterion, since the products of the pivots are the
    leading minors).

    >>> is_positive_definite(((fmpq(2), fmpq(1)), (fmpq(1), fmpq(2))))
    True
    """
    d = len(A)
    if A is identity(d):
        return True
    if any(A[i][j] != A[j][i] for i in range(d) for j in range(i)):
        return False
    rows = [list(row) for row in A]
    for p in range(d):
        if rows[p][p] <= 0:
            return False
        for i in range(p + 1, d):
            factor = rows[i][p] / rows[p][p]
            if factor:
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[p], strict=True)]
    return True
