"""Small configurations settled in batches, against the same settled one by one.

`python benchmarks/batches.py` prints, for each family of configurations, how many a second of one
core's time `theory.fast.batches.settle_batch` settles, how many `theory.settle` settles, and the
ratio. Both run in this process, in turns; of the rounds the median counts. The batch's time
includes its guards, the wide integers, and what falls back to `settle`. One by one is timed on the
first of the configurations of a round, building the `Configuration` included, and its answers are
held against the batch's: a difference ends the benchmark.
"""

import argparse
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from statistics import median
from time import process_time
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from theory import Configuration, Settled, settle
from theory.fast.batches import settle_batch

Tokens = NDArray[np.int64]


class Family(NamedTuple):
    """Configurations that share a step."""

    name: str
    tokens: Tokens
    alpha: str


class Rates(NamedTuple):
    """Configurations a second, and what part of the batch fell back."""

    batch: float
    single: float
    fallback: float


def lattice(count: int, n: int, d: int, radius: int, seed: int) -> Tokens:
    """Random integer tokens; some are zero or repeat."""
    return np.random.default_rng(seed).integers(-radius, radius + 1, (count, n, d))


def box(radius: int, n: int, d: int) -> Tokens:
    """Every n-subset of {−radius,…,radius}^d without the origin."""
    points = [p for p in product(range(-radius, radius + 1), repeat=d) if any(p)]
    return np.array(list(combinations(points, n)))


def families(count: int) -> Iterator[Family]:
    """Generic lattices of `count` configurations, a box full of ties, other sizes, small steps."""
    for alpha in ("1", "1/2", "2", "1/10", "1/50"):
        yield Family("6 of {-8..8}^2", lattice(count, 6, 2, 8, 1), alpha)
    for alpha in ("1", "1/2", "1/10"):
        yield Family("all 6 of {-2..2}^2", box(2, 6, 2), alpha)
    yield Family("6 of {-1..1}^3", lattice(count, 6, 3, 1, 2), "1/2")
    yield Family("4 of {-8..8}^2", lattice(count, 4, 2, 8, 3), "1/2")
    yield Family("12 of {-8..8}^3", lattice(count // 4, 12, 3, 8, 4), "1/2")


def measure(family: Family, singles: int, rounds: int) -> Rates:
    """The rates, in turns; raises `SystemExit` where the answers differ."""
    batch_times, single_times = [], []
    fallback = 0.0
    for turn in range(rounds):
        start = process_time()
        batch = settle_batch(family.tokens, family.alpha)
        batch_times.append((process_time() - start) / len(batch))
        fallback = float(batch.fallback.mean())
        places = [(turn * singles + k) % len(batch) for k in range(singles)]
        rows = family.tokens[places].tolist()
        start = process_time()
        answers = [settle(Configuration(tokens, family.alpha)) for tokens in rows]
        single_times.append((process_time() - start) / singles)
        for k, answer in zip(places, answers, strict=True):
            history = answer.history if isinstance(answer, Settled) else ()
            if history != batch.history(k):
                raise SystemExit(f"{family.tokens[k].tolist()}: the answers differ")
    return Rates(1 / median(batch_times), 1 / median(single_times), fallback)


def results(count: int, singles: int, rounds: int) -> Iterator[dict[str, Any]]:
    """One row of the table a family."""
    for family in families(count):
        rates = measure(family, singles, rounds)
        yield {
            "family": family.name,
            "alpha": family.alpha,
            "configurations": len(family.tokens),
            "batch": rates.batch,
            "single": rates.single,
            "ratio": rates.batch / rates.single,
            "fallback": rates.fallback,
        }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000, help="random configurations")
    parser.add_argument("--singles", type=int, default=200, help="settled one by one, a round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    print(f"{'tokens':<20}{'alpha':>6}{'batch/s':>11}{'single/s':>10}{'ratio':>8}{'fallback':>10}")
    for row in results(options.count, options.singles, options.rounds):
        print(
            f"{row['family']:<20}{row['alpha']:>6}{row['batch']:>11,.0f}{row['single']:>10,.0f}"
            f"{row['ratio']:>8,.0f}{row['fallback']:>10.3%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
