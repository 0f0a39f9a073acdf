r"""Chance: the bootstrap, permutations, and intervals that hold together.

*Statistics* here are functions of the sums of some columns over all texts: means and rates are
quotients of two sums. What is drawn are texts, or groups of texts where there are groups, which
stay whole.

*Bootstrap.* A resample draws as many groups as a sample has, with replacement (Efron and
Tibshirani, 1993; of clusters Davison and Hinkley, 1997, 3.8). It tells how far a number spreads.

*Permutations.* If nothing drifted, it is chance alone which group came to which sample. A
permutation deals the groups of both out anew, so many to each. It tells how far a difference
spreads where there is no drift, also of what is so rare that a sample happens to have none of it,
where the bootstrap would see no spread at all.

*Together.* Of many differences d_k some lie far from 0 by chance alone. With the spread τ_k of the
permuted d°_k, let c be such that max_k |d°_k| / τ_k ≤ c in a part `level` of the permutations: the
distribution of the greatest takes in how many differences there are and how they depend on one
another (Westfall and Young, 1993). The intervals are d_k ± c max(σ_k, τ_k) with the bootstrap's
spread σ_k. Where nothing drifted, the probability that one or more of them excludes 0 is at most
1 − level.

Possible issues: it is the interval of one that is asymptotic, and of few groups too short. Groups
of which there are some in both samples count as two.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]

BLOCK = 2**22
"""Weights of resamples that are held at a time."""

TINY = 1e-12
"""A spread or a difference that is rounding alone."""


def sums(columns: sparse.csr_array, groups: Sequence[object] | None) -> sparse.csr_array:
    """The columns' sums over each group, (G, K); the columns themselves where there are none."""
    if groups is None:
        return columns
    names = {name: number for number, name in enumerate(dict.fromkeys(groups))}
    places = [names[name] for name in groups]
    ones = np.ones(len(places))
    member = sparse.csr_array(
        (ones, (places, np.arange(len(places)))), shape=(len(names), len(places))
    )
    return sparse.csr_array(member @ columns)


def resampled(grouped: sparse.csr_array, resamples: int, rng: np.random.Generator) -> Floats:
    """The columns' sums in each resample of the groups, (resamples, K)."""
    count = grouped.shape[0]

    def weights() -> NDArray[np.intp]:
        return np.bincount(rng.integers(count, size=count), minlength=count)

    return _drawn(grouped, resamples, weights)


def permuted(
    old: sparse.csr_array, new: sparse.csr_array, resamples: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """The columns' sums of both samples in each permutation, (resamples, K) each."""
    both = sparse.csr_array(sparse.vstack([old, new]))
    place = np.arange(both.shape[0]) < old.shape[0]

    def weights() -> NDArray[np.bool_]:
        return rng.permutation(place)

    first = _drawn(both, resamples, weights)
    return first, np.asarray(both.sum(axis=0)).ravel() - first


def _drawn(
    grouped: sparse.csr_array, resamples: int, weights: Callable[[], NDArray[Any]]
) -> Floats:
    """The sums of the groups by so many weights as they are drawn."""
    turned = sparse.csr_array(grouped.T)
    drawn = np.empty((resamples, grouped.shape[1]))
    width = max(1, BLOCK // grouped.shape[0])
    for start in range(0, resamples, width):
        stop = min(start + width, resamples)
        block = np.stack([weights() for _ in range(start, stop)], axis=1)
        drawn[start:stop] = (turned @ block.astype(np.float64)).T
    return drawn


@dataclass(frozen=True, eq=False)
class Together:
    """Intervals of some differences, (K,) each, and what was found of each.

    probability : in which part of the permutations the greatest of all differences was as great as
    this one, in units of its spread: its p-value among all of them.
    """

    low: Floats
    high: Floats
    probability: Floats


def together(differences: Floats, drawn: Floats, null: Floats, level: float) -> Together:
    """Intervals that hold together: of differences (K,), resampled and permuted ones (B, K).

    >>> rng = np.random.default_rng(0)
    >>> null = rng.normal(size=(500, 2))
    >>> intervals = together(np.array([0.5, 9.0]), null + [0.5, 9.0], null, 0.95)
    >>> ((intervals.low > 0) | (intervals.high < 0)).tolist()
    [False, True]
    """
    differences = np.where(np.abs(differences) <= TINY, 0.0, differences)
    spreads = np.maximum(drawn.std(axis=0, ddof=1), null.std(axis=0, ddof=1))
    fixed = spreads <= TINY * (1 + np.abs(differences))
    under = null.std(axis=0, ddof=1)
    deviations = np.abs(null) / np.where(under <= TINY, 1.0, under)
    deviations[:, fixed | (under <= TINY)] = 0
    greatest = deviations.max(axis=1, initial=0)
    critical = float(np.quantile(greatest, level, method="higher"))
    size = np.abs(differences) / np.where(fixed, 1.0, spreads)
    size[fixed] = np.where(differences[fixed] == 0, 0, np.inf)
    beyond = (greatest[None, :] >= size[:, None]).sum(axis=1)
    half = np.where(fixed, 0.0, critical * spreads)
    return Together(differences - half, differences + half, (1 + beyond) / (1 + len(greatest)))


def interval(drawn: Floats, level: float) -> tuple[float, float]:
    """The percentile interval of one resampled number."""
    rest = (1 - level) / 2
    low, high = np.quantile(drawn, [rest, 1 - rest])
    return float(low), float(high)
