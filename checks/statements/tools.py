"""Claims about the instruments that decide: signs for all times, hulls, and the float filter.

Each is held against the definition, in rationals, on data made from the configuration, so that it
meets the cases that settling itself meets seldom: late failures, resonance, drifts.
"""

from itertools import pairwise
from math import comb

import numpy as np
from flint import fmpq

from checks.beside import chosen
from checks.rules import maximal
from checks.run import Run
from checks.statements.registry import claim
from checks.verdicts import Outcome, Violation
from theory.exact import from_binary64
from theory.exponential import ExponentialPolynomial
from theory.fast.argmax import products
from theory.fast.filter import Image
from theory.hull import in_hull
from theory.matrices import Vector, as_matrix
from theory.positivity import first_failure, first_nonzero, runs

ONE_IN = 10
"""Each of these claims looks at one in so many configurations."""

FAR = 1500
"""A time at which powers are so long that signs come from balls."""

IMAGES = 3
"""Layers through which the filter's image is followed."""

SMALL = 40
"""Up to so many tokens."""


@claim(
    "signs-are-those-of-values",
    r"The first $t$ at which an exponential polynomial of base $\lambda$ is not positive, or not "
    r"$0$, and its runs of constant sign, are those of its values.",
    hypotheses=("positive_step",),
)
def signs_are_those_of_values(run: Run) -> Outcome:
    if not chosen(run.configuration, ONE_IN, 1):
        return None
    lam, digits = run.configuration.lam, hash(run.configuration)
    if first_failure(_powers(lam, {1: fmpq(1), 0: -(lam**FAR)})) != FAR:
        return Violation("a late failure is told at another time")
    order = 1 + digits % 4
    vanishing = [fmpq(1)]  # Π (x − λ^k) over k < order, with x = λ^t
    for k in range(order):
        shifted = zip([fmpq(0), *vanishing], [*vanishing, fmpq(0)], strict=True)
        vanishing = [a - lam**k * b for a, b in shifted]
    if first_nonzero(_powers(lam, dict(enumerate(vanishing)))) != order:
        return Violation("the first value that is not 0 is told at another time")
    for turn in range(3):
        f, last = _failing(lam, digits // 4 + 1009 * turn)
        values = [_value(f, t) for t in range(last + 1)]
        told = first_failure(f)
        if told != next(t for t, x in enumerate(values) if x <= 0):
            return Violation("the first failure is told at another time")
        signs = [(x > 0) - (x < 0) for x in values]
        starts = [0, *(t for t, (x, y) in enumerate(pairwise(signs), 1) if x != y)]
        told_runs = [(t, sign) for t, sign in runs(f) if t <= last]
        if told_runs != [(t, signs[t]) for t in starts]:
            return Violation("the runs of constant sign are others")
    return True


def _powers(lam: fmpq, coefficients: dict[int, fmpq]) -> ExponentialPolynomial:
    """Σ c_k λ^(kt)."""
    return ExponentialPolynomial.scalar({(lam**k, 0): c for k, c in coefficients.items()})


def _value(f: ExponentialPolynomial, t: int) -> fmpq:
    return sum((c * comb(t, p) * r**t for r, p, (c,) in f.terms), fmpq(0))


def _failing(lam: fmpq, digits: int) -> tuple[ExponentialPolynomial, int]:
    """A polynomial of bases 1, λ, λ², with degrees, that is 0 at the time that is told with it."""
    digits, last = divmod(digits, 23)
    terms: dict[tuple[fmpq, int], fmpq | int] = {}
    for base, degree in ((lam, 0), (lam, 1), (lam**2, 0), (lam**2, 1), (lam**2, 2)):
        digits, digit = divmod(digits, 7)
        terms[base, degree] = digit - 3
    f = ExponentialPolynomial.scalar({key: c for key, c in terms.items() if c})
    gone = _value(f, last)
    return f - ExponentialPolynomial.constant((gone,)), last


@claim(
    "hulls-tell-sides",
    r"The mean of points lies in their hull; an exposed vertex lies in no hull of the others, nor "
    r"does a point beyond it.",
)
def hulls_tell_sides(run: Run) -> Outcome:
    c = run.configuration
    if c.size > SMALL or not chosen(c, ONE_IN, 2):
        return None
    tokens, norms = c.tokens, run.at(0).norms
    longest = tokens[max(range(c.size), key=norms.__getitem__)]  # exposed by ⟨longest, ·⟩
    middle = tuple(sum(column, fmpq(0)) / c.size for column in zip(*tokens, strict=True))
    others = [z for z in tokens if z != longest]
    beyond = _between(longest, middle, fmpq(-1, 1000))
    cases: list[tuple[Vector, list[Vector], bool]] = [
        (middle, list(tokens), True),
        (_between(longest, middle, fmpq(1, 3)), list(tokens), True),
        (longest, others, False),
        (longest if beyond == longest else beyond, others, False),
    ]
    for point, corners, inside in cases:
        if corners and in_hull(point, corners) is not inside:
            return Violation("a point is told to be on the other side of a hull")
    return True


def _between(x: Vector, y: Vector, part: fmpq) -> Vector:
    return tuple(a + part * (b - a) for a, b in zip(x, y, strict=True))


@claim(
    "the-filter-is-within-its-bounds",
    r"The tokens in floats are within the drift of the exact ones at every layer, and their "
    r"products within the error bound.",
    hypotheses=("positive_step",),
)
def the_filter_is_within_its_bounds(run: Run) -> Outcome:
    c = run.configuration
    if c.size > SMALL or not chosen(c, ONE_IN, 3):
        return None
    image, layer = Image.of(c), run.as_layer(c.tokens)
    for k in range(IMAGES):
        scale = fmpq(2) ** -image.scale
        true = layer.rational * scale
        floats = as_matrix([tuple(map(from_binary64, row)) for row in image.rows.tolist()])
        off, allowed = floats - true, from_binary64(image.drift) ** 2
        for i, row in enumerate(off.table()):
            if sum((x * x for x in row), fmpq(0)) > allowed:
                return Violation("the image is farther off than its drift", k, (i,))
        functionals = image.rows if image.matrix is None else products(image.rows, image.matrix)
        bounds = image.bounds(functionals, image.rows).tolist()
        told = products(functionals, image.rows.T).tolist()
        unit = scale * scale * fmpq(2) ** -image.matrix_scale / layer.scale
        exact = (true / scale) * layer.form * (true / scale).transpose() * unit
        for i, (row, bound) in enumerate(zip(told, bounds, strict=True)):
            most = from_binary64(bound)
            for j, x in enumerate(row):
                if abs(from_binary64(x) - exact[i, j]) > most:
                    return Violation("a product is farther off than its bound", k, (i, j))
        pattern = maximal(layer.products)
        single = np.array([s[0] if len(s) == 1 else -1 for s in pattern], dtype=np.intp)
        sets = {i: s for i, s in enumerate(pattern) if len(s) > 1}
        image = image.moved(c.lam, single, sets, c.multiplicities)
        layer = layer.after(run.mixing(pattern, k))
    return True
