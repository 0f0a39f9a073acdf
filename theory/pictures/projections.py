"""Projections: which numbers of a token are drawn, where it is not its coordinates as they are.

    Projection   one, two or three linear forms on Q^d, and what the figure calls them;
    principal    the forms in which points differ most, for pictures alone;
    orthonormal  forms that measure in the inner product of a matrix A, of given directions;
    Lens         what a reader asked for: a projection, a geometry, or neither.

Forms are rational, so that the hull of what is drawn is decided in rationals too. Principal axes
are of floats, rounded to rationals, and orthonormal forms have rounded square roots as factors:
nothing decides by either. In the geometry of A a plane is drawn as ⟨x, y⟩ = xᵀAy sees it. With all
coordinates the forms are the rows of Lᵀ in A = LLᵀ, Cholesky's; of others, every point has its
orthogonal projection onto the plane that the directions span.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isqrt

import numpy as np
from flint import fmpq, fmpz

from theory.exact import HardmaxError
from theory.matrices import Vector, as_matrix, identity, minus, times, unfit
from theory.readable import nearest, point, short

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

DIGITS = 9
"""Decimal places of a principal axis, and more than a page shows."""


@dataclass(frozen=True)
class Projection:
    """Linear forms, one an axis: the shadow of z has ⟨row, z⟩ for each row, in coordinates.

    rows : the forms. names : of the axes. words : what a title says; nothing if all is drawn as it
    is. coordinates : which ones the forms are, if they are coordinates. spanned : the plane in
    words, for a title that says how it is seen.

    >>> flat = Projection.onto(3, (0, 2))
    >>> flat.shadow((fmpq(5), fmpq(6), fmpq(7))), flat.words
    ((5, 7), 'coordinates 0 and 2 of 0 to 2')
    """

    rows: tuple[Vector, ...]
    names: tuple[str, ...]
    words: str = ""
    coordinates: tuple[int, ...] = ()
    spanned: str = ""

    @classmethod
    def onto(cls, dimension: int, coordinates: Sequence[int]) -> "Projection":
        """Some of the coordinates of Q^d, counted from 0."""
        unit = identity(dimension)
        names = tuple(f"x{str(s).translate(SUBSCRIPTS)}" for s in coordinates)
        *first, last = map(str, coordinates)
        listed = f"{', '.join(first)} and {last}" if first else last
        spanned = f"coordinate{'s' * (len(coordinates) > 1)} {listed}"
        whole = tuple(coordinates) == tuple(range(dimension))
        words = "" if whole else f"{spanned} of 0 to {dimension - 1}"
        rows = tuple(unit[s] for s in coordinates)
        return cls(rows, names, words, tuple(coordinates), "" if whole else spanned)

    @classmethod
    def by(cls, matrix: Sequence[Vector], name: str) -> "Projection":
        """z ↦ zP for a d×m matrix P of rationals, m ≤ 3, that is called `name`."""
        columns = tuple(zip(*matrix, strict=True))
        names = tuple(f"column {s}" for s in range(len(columns)))
        return cls(columns, names, f"projected by {name}", spanned=f"the columns of {name}")

    @property
    def dimension(self) -> int:
        """d, the coordinates of what is projected."""
        return len(self.rows[0])

    def shadow(self, point: Vector) -> Vector:
        """What is drawn of a point, exactly."""
        if self.coordinates:
            return tuple(point[s] for s in self.coordinates)
        return tuple(
            sum((a * x for a, x in zip(row, point, strict=True)), fmpq(0)) for row in self.rows
        )

    def after(self, first: "Projection") -> "Projection":
        """This projection of the shadows of another one."""
        product = as_matrix(self.rows) * as_matrix(first.rows)
        rows = tuple(tuple(row) for row in product.table())
        return replace(self, rows=rows, coordinates=())


def principal(points: Sequence[Vector], weights: Sequence[int]) -> Projection:
    """The two orthonormal forms in which the points vary most, each counted by its weight.

    By binary64, of the points divided by their greatest coordinate, and rounded to `DIGITS` places;
    the largest entry of an axis is positive. Of points in one coordinate that one is drawn.

    >>> row = principal([(fmpq(0), fmpq(0)), (fmpq(3), fmpq(4))], [1, 1]).rows[0]
    >>> row
    (3/5, 4/5)
    """
    greatest = max(abs(x) for z in points for x in z) or fmpq(1)
    X = np.array([[nearest(x / greatest) for x in z] for z in points])
    weight = np.array([nearest(fmpq(w, sum(weights))) for w in weights])
    X = X - weight @ X
    values, vectors = np.linalg.eigh((X * weight[:, None]).T @ X)
    axes = vectors.T[::-1][:2]
    signs = np.sign([axis[np.argmax(np.round(abs(axis), DIGITS))] for axis in axes])
    ten = 10**DIGITS
    rows = tuple(
        tuple(fmpq(round(float(x) * ten), ten) for x in sign * axis)
        for sign, axis in zip(signs, axes, strict=True)
    )
    spread = float(values.clip(0).sum())
    share = float(values.clip(0)[::-1][:2].sum()) / spread if spread else None
    told = "" if share is None else f", {share:.0%} of the variance"
    named = " and ".join(str(s + 1) for s in range(len(rows)))
    spanned = f"principal ax{'e' if len(rows) > 1 else 'i'}s {named} of the starts"
    names = tuple(f"principal axis {s + 1}" for s in range(len(rows)))
    return Projection(rows, names, f"{spanned} (by floats{told})", (), spanned)


def orthonormal(directions: Sequence[Vector], A: Sequence[Vector]) -> tuple[Vector, ...]:
    """Forms that give a point's place in the span of `directions`, orthonormal under A.

    Directions are made orthogonal one after the other, exactly; then each form is divided by its
    length, a square root with 20 digits. Raises `HardmaxError` unless A is symmetric and positive
    definite on their span, and for directions that depend on each other.

    >>> orthonormal(identity(2), [(fmpq(4), fmpq(2)), (fmpq(2), fmpq(2))])
    ((2, 1), (0, 1))
    """
    if any(A[i][j] != A[j][i] for i in range(len(A)) for j in range(i)):
        raise HardmaxError(f"{unfit(A)}; a matrix that is not symmetric has no inner product")
    forms: list[Vector] = []
    apart: list[tuple[Vector, Vector, fmpq]] = []
    for direction in directions:
        q = direction
        for other, form, square in apart:
            q = minus(q, times(_dot(form, direction) / square, other))
        form = tuple((as_matrix(A) * as_matrix([q]).transpose()).entries())
        square = _dot(form, q)
        if not any(q):
            raise HardmaxError("its columns depend on each other, and span no plane")
        if square <= 0:
            raise HardmaxError(
                "A is not positive definite, and its form is no inner product: "
                f"⟨x, x⟩ = {short(square, 12)} for x = {point(q)}"
            )
        apart.append((q, form, square))
        forms.append(times(1 / _root(square), form))
    return tuple(forms)


@dataclass(frozen=True)
class Lens:
    """How a reader looks at tokens: through a projection, in a geometry.

    projection : forms; None for all coordinates up to three, or the two that tell most apart.
    principal : whether to take the principal axes of the starts, whose weights are `weights`.
    metric : A, if its inner product is what right angles and lengths are to be of.

    Raises `HardmaxError` for a metric that is not symmetric positive definite.

    >>> seen = Lens(metric=((fmpq(4), fmpq(2)), (fmpq(2), fmpq(2))))
    >>> seen.seen((0, 1), [(fmpq(1), fmpq(0))], [1]).shadow((fmpq(1), fmpq(1)))
    (3, 1)
    """

    projection: Projection | None = None
    principal: bool = False
    metric: tuple[Vector, ...] | None = None

    def __post_init__(self) -> None:
        if self.metric is not None:
            orthonormal(identity(len(self.metric)), self.metric)

    def seen(
        self, telling: Sequence[int], starts: Sequence[Vector], weights: Sequence[int]
    ) -> Projection:
        """The projection; `telling` are the coordinates that are drawn where none is asked for."""
        dimension = len(starts[0])
        if not self.principal:
            plain = self.projection or Projection.onto(dimension, telling)
            return plain if self.metric is None else _measured(plain, self.metric)
        if self.metric is None:
            return principal(starts, weights)
        whole = _measured(Projection.onto(dimension, range(dimension)), self.metric)
        found = principal([whole.shadow(z) for z in starts], weights)
        return replace(found.after(whole), words=f"{found.words}, {IN_ITS_GEOMETRY}")


IN_ITS_GEOMETRY = "in A's inner product"

PLAIN = Lens()
"""Coordinates as they are."""


def _measured(plain: Projection, A: Sequence[Vector]) -> Projection:
    """The plane of a projection as the inner product of A sees it."""
    rows = orthonormal(plain.rows, A)
    seen = f"{IN_ITS_GEOMETRY} (Cholesky, rounded)"
    words = f"the plane of {plain.spanned} {seen}" if plain.spanned else seen
    names = tuple(f"axis {s}" for s in range(len(rows)))
    return Projection(rows, names, words, (), plain.spanned)


def _dot(x: Vector, y: Vector) -> fmpq:
    return sum((a * b for a, b in zip(x, y, strict=True)), fmpq(0))


def _root(square: fmpq, digits: int = 20) -> fmpq:
    """The square root of a positive number, to so many digits; exact where it is rational.

    >>> _root(fmpq(4, 9)), nearest(_root(fmpq(2)))
    (2/3, 1.4142135623730951)
    """
    scale = 10**digits
    top = isqrt(int(square.p * square.q) * scale**2)
    return fmpq(fmpz(top), square.q * scale)
