"""Exact numbers in binary64: rounded to the nearest float, and multiplied in a set order.

    rounded            a configuration in floats, each number correctly rounded;
    product            the product of two matrices, the same on every machine;
    inner_products     ⟨z_i, z_j⟩ of all tokens at once;
    largest_distance   how far floats are from exact points.

Sums are taken in the order of the indices: a library's product may break a tie in another way.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from theory.configuration import Configuration
from theory.exact import HardmaxError, shorten
from theory.matrices import Vector

Array: TypeAlias = NDArray[np.float64]
"""Floats: tokens as an (n, d) array, a matrix as a (d, d) array."""

SMALL_PRODUCT = 4096
"""Matrix products of at most so many multiplications are made in one piece."""

quiet = partial(np.errstate, over="ignore", under="ignore", invalid="ignore", divide="ignore")
"""Overflow is looked for in the results, not announced on the way."""


class OutOfRange(HardmaxError):
    """A number that binary64 cannot hold."""


@dataclass(frozen=True, eq=False)
class Rounded:
    """A configuration rounded to binary64, each number to the nearest float."""

    tokens: Array
    A: Array
    alpha: float
    multiplicities: Array


def rounded(configuration: Configuration) -> Rounded:
    """The configuration in floats, each number correctly rounded.

    Raises `OutOfRange`, naming the number and its place, where one exceeds the greatest float.

    >>> rounded(Configuration([["1/3"]], alpha=1)).tokens
    array([[0.33333333]])
    """
    return Rounded(
        as_floats("tokens", configuration.tokens),
        as_floats("A", configuration.A),
        as_float("alpha", configuration.alpha),
        as_floats("multiplicities", [[fmpq(w) for w in configuration.multiplicities]])[0],
    )


def product(X: Array, Y: Array) -> Array:
    """The matrix product X Y, its sums taken in the order of the indices.

    X is (a, b), Y is (b, c). Each product and each sum is rounded once, so the result does not
    depend on the machine.

    >>> float(product(np.array([[0.1, 0.2, 0.3]]), np.ones((3, 1)))[0, 0])
    0.6000000000000001
    """
    with quiet():
        return _product(X, Y)


def _product(X: Array, Y: Array) -> Array:
    if X.size * Y.shape[-1] <= SMALL_PRODUCT:  # the same operations in fewer calls
        terms = X[..., np.newaxis] * Y[..., np.newaxis, :, :]
        summed: Array = np.add.accumulate(terms, axis=-2)[..., -1, :] + 0.0
        return summed
    total = np.zeros((*X.shape[:-1], Y.shape[-1]))
    for s in range(X.shape[-1]):
        total += X[..., s, np.newaxis] * Y[..., s, np.newaxis, :]
    return total


def inner_products(Z: Array, A: Array) -> Array:
    """The (…, n, n) array of ⟨z_i, z_j⟩ = z_iᵀ A z_j in floats; overflow gives inf or nan.

    Z is (n, d), or a stack of such layers.
    """
    with quiet():
        return _product(_product(Z, A), Z.swapaxes(-1, -2))


def largest_distance(Z: Array, points: Sequence[Vector]) -> float:
    """The largest Euclidean distance of a row of Z to its exact point, correct to rounding.

    Each difference is taken exactly and rounded once, so tokens at 1 and 1 + 10^-40 are told
    apart.
    """
    distances = [
        math.hypot(
            *(
                as_float("a distance to the limit", fmpq(*x.as_integer_ratio()) - y)
                for x, y in zip(row, point, strict=True)
            )
        )
        for row, point in zip(Z.tolist(), points, strict=True)
    ]
    return max(distances)


def as_float(where: str, value: fmpq) -> float:
    """The nearest float. Raises `OutOfRange`, naming the place, where there is none."""
    try:
        return int(value.p) / int(value.q)
    except OverflowError:
        raise OutOfRange(
            f"not representable in binary64: {where} is {shorten(str(value))}"
        ) from None


def as_floats(where: str, rows: Sequence[Sequence[fmpq]]) -> Array:
    """Rows of nearest floats. Raises `OutOfRange`, naming the place, where there is none."""
    try:
        return np.array([[int(x.p) / int(x.q) for x in row] for row in rows])
    except OverflowError:
        for i, row in enumerate(rows):
            for s, x in enumerate(row):
                as_float(f"{where}[{i}][{s}]", x)
        raise
