"""Alternating measurements of CPU time."""

from collections.abc import Callable, Mapping
from statistics import median
from time import process_time


def medians(sides: Mapping[str, Callable[[], object]], rounds: int = 5) -> dict[str, float]:
    """Seconds of CPU time of each side, the median of `rounds` runs taken in turn.

    Each side runs once before, unmeasured. Ratios of the results compare what ran under the same
    load.
    """
    for work in sides.values():
        work()
    spent: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, work in sides.items():
            start = process_time()
            work()
            spent[name].append(process_time() - start)
    return {name: median(times) for name, times in spent.items()}


def in_words(seconds: float) -> str:
    """Three digits and a unit: ``1.23 ms``."""
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1 or unit == "µs":
            return f"{seconds * factor:.3g} {unit}"
    raise AssertionError("unreachable")
