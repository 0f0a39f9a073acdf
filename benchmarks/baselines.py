"""What the exact result is compared with: simulations, and exact layers without the filter.

A simulation runs until no coordinate moves by `STILL`. It proves nothing: it does not know whether
the attention would change later, and rounding breaks its ties.
"""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, inf, log
from time import process_time

import numpy as np

from benchmarks.inputs import Tokens

STILL = 1e-12
"""A simulation ends when no coordinate moves by more."""

ROWS = 256
"""Rows of the Gram matrix that the vectorised simulation holds at once: they stay in the cache."""


def vectorised_layer(Z: Tokens, alpha: float, rows: int | None = None) -> Tokens:
    """One layer of float64 attention, ties averaged; of the first `rows` tokens only, if given."""
    stay = 1 / (1 + alpha)
    moved = np.empty_like(Z if rows is None else Z[:rows])
    for start in range(0, len(moved), ROWS):
        block = Z[start : min(start + ROWS, len(moved))]
        products = block @ Z.T
        best = products.max(axis=1)
        mask = products == best[:, None]
        targets = Z[products.argmax(axis=1)]
        for i in np.flatnonzero(mask.sum(axis=1) > 1):
            targets[i] = Z[mask[i]].mean(axis=0)
        moved[start : start + len(block)] = stay * block + (1 - stay) * targets
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
    count = 0
    while count < most:
        moved = vectorised_layer(Z, alpha)
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
