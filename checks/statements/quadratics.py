"""What statements about the energy J(x) = ½ xᵀBx need of a positive semidefinite B, exactly.

    greatest_eigenvalue   λ_max(B), or a number just above it where it is irrational;
    square_diameter       the square of the Euclidean diameter of points, and so of their hull;
    least_energy          min J over the hull of points.

The statements are in section 12 of the notes.
"""

from collections.abc import Sequence
from itertools import combinations

from flint import fmpq

from checks.statements.domains import semidefinite
from theory.exact import dot
from theory.matrices import Vector, as_matrix, identity, is_positive_definite, minus, times

HALVINGS = 40
"""So many times the gap is halved between λ_max and an irrational number's upper bound."""


def energy(B: Sequence[Vector], x: Vector) -> fmpq:
    """½ xᵀBx.

    >>> energy(identity(2), (fmpq(1), fmpq(2)))
    5/2
    """
    return dot(x, [dot(row, x) for row in B]) / 2


def greatest_eigenvalue(B: Sequence[Vector]) -> fmpq:
    """λ_max of a symmetric positive semidefinite B; where it is irrational, a number above it.

    That number is less than λ_max + (trace(B) + 1)/2^40, so that a bound which fails with it fails.

    >>> greatest_eigenvalue(((fmpq(2), fmpq(1)), (fmpq(1), fmpq(2))))
    3
    >>> x = greatest_eigenvalue(((fmpq(1), fmpq(1)), (fmpq(1), fmpq(2))))
    >>> 3 * x - 1 < x**2 < 3 * x - 1 + fmpq(1, 10**10)
    True
    """
    polynomial = as_matrix(B).charpoly()
    _, factors = polynomial.factor()
    rational = [-p[0] / p[1] for p, _ in factors if p.degree() == 1]
    trace = sum((row[i] for i, row in enumerate(B)), fmpq(0))
    low = max(rational, default=fmpq(0))
    if semidefinite(_less(B, low)):
        return low
    high = trace + 1
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        inside = is_positive_definite(_less(B, middle))
        low, high = (low, middle) if inside else (middle, high)
    return high


def _less(B: Sequence[Vector], r: fmpq) -> list[Vector]:
    """rI − B."""
    scaled = [times(r, row) for row in identity(len(B))]
    return [minus(x, y) for x, y in zip(scaled, B, strict=True)]


def square_diameter(points: Sequence[Vector]) -> fmpq:
    """max |x − y|² in the Euclidean norm.

    >>> square_diameter([(fmpq(3),), (fmpq(-1),)])
    16
    """
    apart = (minus(x, y) for x, y in combinations(points, 2))
    return max((dot(x, x) for x in apart), default=fmpq(0))


def least_energy(B: Sequence[Vector], points: Sequence[Vector]) -> fmpq:
    r"""The minimum of J over the hull of the points.

    It is attained at Σ w_s z_s with w > 0 for a set S of points which is as small as can be, and
    affinely independent. There Σ_t ⟨z_s, z_t⟩ w_t is the same number for every s in S; with
    Σ w_s = 1 this has one solution, since along another one could move to a smaller S. So the
    minimum is the least J of those solutions that are weights.

    >>> square = [(fmpq(x), fmpq(y)) for x in (1, 3) for y in (-1, 2)]
    >>> least_energy(identity(2), square)
    1/2
    """
    places = list(dict.fromkeys(points))
    images = [tuple(dot(row, x) for row in B) for x in places]
    gram = [[dot(x, y) for y in images] for x in places]
    least = min(row[i] for i, row in enumerate(gram))
    one, zero = fmpq(1), fmpq(0)
    for size in range(2, min(len(places), len(places[0]) + 1) + 1):
        for chosen in combinations(range(len(places)), size):
            rows = [(*(gram[s][t] for t in chosen), one) for s in chosen]
            system = as_matrix([*rows, (*(one for _ in chosen), zero)])
            if not system.det():
                continue
            wanted = as_matrix([(zero,)] * size + [(one,)])
            *weights, multiplier = system.solve(wanted).entries()
            if min(weights) >= 0:
                least = min(least, -multiplier)
    return least / 2
