"""Rows of rationals: as FLINT's matrices, the identity, whether one is positive definite, sums.

Positive definiteness (`paper_notes.md`, section 1) is decided by elimination over the rationals
(all pivots positive), never by eigenvalues.
"""

from collections.abc import Sequence

from flint import fmpq, fmpq_mat

from theory.readable import short

Vector = tuple[fmpq, ...]
"""A point of Q^d."""

ROUNDING = fmpq(1, 10**6)
"""Entries that differ by this part of the largest, or less, may differ by rounding."""


def as_matrix(rows: Sequence[Vector]) -> fmpq_mat:
    """Rows as a FLINT matrix."""
    return fmpq_mat(list(rows))  # from a list of rows FLINT makes it fastest


def identity(dimension: int) -> tuple[Vector, ...]:
    """The identity matrix as rows."""
    zeros, one = (fmpq(0),) * dimension, (fmpq(1),)
    return tuple([zeros[:i] + one + zeros[i + 1 :] for i in range(dimension)])


def unfit(A: Sequence[Vector]) -> str:
    """That A is not symmetric positive definite, with the entries that differ most where they do.

    Possible issues: rounding, as of an A computed in floats, leaves entries that differ in their
    last digits; up to `ROUNDING` of the largest entry the words say so. Nothing is repaired.

    >>> unfit(((fmpq(2), fmpq(1)), (fmpq(3), fmpq(2))))
    'A is not symmetric positive definite: A[0][1] = 1 and A[1][0] = 3 differ by 2'
    """
    words = "A is not symmetric positive definite"
    d = len(A)
    gaps = {(i, j): abs(A[i][j] - A[j][i]) for i in range(d) for j in range(i + 1, d)}
    i, j = max(gaps, key=gaps.__getitem__, default=(0, 0))
    gap = gaps.get((i, j), fmpq(0))
    if not gap:
        return words
    greatest = max(abs(x) for row in A for x in row)
    near = "symmetric but for rounding, " if gap <= ROUNDING * greatest else ""
    count = sum(map(bool, gaps.values()))
    more = f", the most of {count} such pairs" if count > 1 else ""
    entries = f"A[{i}][{j}] = {short(A[i][j], 17)} and A[{j}][{i}] = {short(A[j][i], 17)}"
    return f"{words}: {near}{entries} differ by {short(gap, 3)}{more}"


def is_positive_definite(A: Sequence[Vector]) -> bool:
    """Whether A is symmetric positive definite, by exact elimination without pivoting.

    Statement: a symmetric matrix is positive definite iff every pivot of Gaussian elimination in
    the natural order is positive (Sylvester's criterion, since the products of the pivots are the
    leading minors).

    >>> is_positive_definite(((fmpq(2), fmpq(1)), (fmpq(1), fmpq(2))))
    True
    """
    d = len(A)
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


def plus(x: Vector, y: Vector) -> Vector:
    """x + y."""
    return tuple([a + b for a, b in zip(x, y, strict=True)])


def minus(x: Vector, y: Vector) -> Vector:
    """x − y."""
    return tuple([a - b for a, b in zip(x, y, strict=True)])


def times(factor: fmpq, x: Vector) -> Vector:
    """`factor` times x."""
    return tuple([factor * a for a in x])
