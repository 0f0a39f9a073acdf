"""What the exact result is compared with: simulations, and exact layers without the filter.

A simulation runs until no coordinate moves by `STILL`. It proves nothing: it does not know whether
the attention would change later, and rounding breaks its ties.
"""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, inf, log
from time import process_time

import numpy as np
from numpy.typing import NDArray

from benchmarks.inputs import Tokens

STILL = 1e-12
"""A simulation ends when no coordinate moves by more."""

ROWS = 256
"""Rows of the Gram matrix that the vectorised simulation holds at once: they stay in the cache."""


Workspace = tuple[Tokens, NDArray[np.bool_]]


def workspace(n: int) -> Workspace:
    """Buffers for `vectorised_layer`, to be kept from layer to layer."""
    return np.zeros((ROWS, n)), np.zeros((ROWS, n), dtype=np.bool_)


def vectorised_layer(
    Z: Tokens, alpha: float, rows: int | None = None, buffers: Workspace | None = None
) -> Tokens:
    """One layer of float64 attention, ties averaged; of the first `rows` tokens only, if given.

    Block by block in the same buffers, so that the products stay in the cache and no memory is
    asked of the system: faster than `plain_layer` but where nearly all tokens tie.
    """
    stay = 1 / (1 + alpha)
    moved = np.empty_like(Z if rows is None else Z[:rows])
    numbers, flags = buffers or workspace(len(Z))
    for start in range(0, len(moved), ROWS):
        block = Z[start : min(start + ROWS, len(moved))]
        products = np.matmul(block, Z.T, out=numbers[: len(block)])
        best = products.max(axis=1)[:, None]
        mask = np.equal(products, best, out=flags[: len(block)])
        targets = Z[products.argmax(axis=1)]
        for i in np.flatnonzero(mask.sum(axis=1) > 1):
            targets[i] = Z[mask[i]].mean(axis=0)
        moved[start : start + len(block)] = stay * block + (1 - stay) * targets
    return moved


def plain_layer(Z: Tokens, alpha: float, rows: int | None = None) -> Tokens:
    """The same as one writes it first: all products, all maximisers, their means as a product."""
    stay = 1 / (1 + alpha)
    block = Z if rows is None else Z[:rows]
    products = block @ Z.T
    mask = products == products.max(axis=1, keepdims=True)
    targets = mask.astype(np.float64) @ Z / mask.sum(axis=1, keepdims=True)
    moved: Tokens = stay * block + (1 - stay) * targets
    return moved


def looped_layer(Z: Tokens, alpha: float, rows: int | None = None) -> Tokens:
    """One layer token by token, as the published code has it: ``IP == max(IP)``."""
    stay = 1 / (1 + alpha)
    moved = []
    for z in Z if rows is None else Z[:rows]:
        products = np.array([np.dot(z, other) for other in Z])
        targets = Z[products == max(products)]
        moved.append(stay * z + (1 - stay) * targets.mean(axis=0))
    return np.array(moved)


def fraction_layer(
    Z: list[list[Fraction]], alpha: Fraction, rows: int | None = None
) -> list[list[Fraction]]:
    """One exact layer by the definition, in ``fractions.Fraction``."""
    stay = 1 / (1 + alpha)
    moved = []
    for z in Z if rows is None else Z[:rows]:
        products = [sum((x * y for x, y in zip(z, other, strict=True)), Fraction(0)) for other in Z]
        best = max(products)
        attended = [other for other, x in zip(Z, products, strict=True) if x == best]
        means = [sum(column, Fraction(0)) / len(attended) for column in zip(*attended, strict=True)]
        moved.append([stay * x + (1 - stay) * m for x, m in zip(z, means, strict=True)])
    return moved


def layers_to_rest(Z: Tokens, alpha: float, most: float = inf) -> tuple[int, Tokens]:
    """How many layers the vectorised simulation runs until it is still, and its last tokens."""
    count, buffers = 0, workspace(len(Z))
    while count < most:
        moved = vectorised_layer(Z, alpha, buffers=buffers)
        count += 1
        still = np.abs(moved - Z).max() < STILL
        Z = moved
        if still:
            break
    return count, Z


def expected_layers(Z: Tokens, alpha: float) -> int:
    """About as many, from λ^t: for steps so small that nobody waits for them."""
    reach = float(np.ptp(Z, axis=0).max()) * alpha / (1 + alpha)
    return ceil(log(reach / STILL) / log(1 + alpha))


def seconds_per_layer(layer: Callable[[int | None], object], n: int, rows: int) -> float:
    """CPU time of one layer, measured on the first `rows` tokens and scaled up to all n."""
    start = process_time()
    layer(None if rows >= n else rows)
    return (process_time() - start) * max(1.0, n / rows)
