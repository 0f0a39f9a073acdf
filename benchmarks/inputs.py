"""What is settled: generic, tie-rich and nearly tied tokens, from fixed seeds."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.float64]


def gaussian(n: int, d: int, seed: int = 0) -> Tokens:
    """n tokens with independent normal coordinates."""
    return np.random.default_rng([seed, n, d]).normal(size=(n, d))


def lattice(radius: int, d: int) -> Tokens:
    """All of {−radius,…,radius}^d but the origin: every tie that symmetry can make."""
    rows = [row for row in product(range(-radius, radius + 1), repeat=d) if any(row)]
    return np.array(rows, dtype=np.float64)


def drawn_lattice(n: int, radius: int, d: int, seed: int = 0) -> Tokens:
    """n draws from {−radius,…,radius}^d, copies and the origin among them."""
    random = np.random.default_rng([seed, n, radius, d])
    return random.integers(-radius, radius + 1, (n, d)).astype(np.float64)


def near_ties(tokens: Tokens, size: float, seed: int = 0) -> Tokens:
    """The tokens, each coordinate off by about `size` of itself."""
    return tokens * (1 + size * np.random.default_rng(seed).normal(size=tokens.shape))
