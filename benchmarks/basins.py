"""Maps of basins, against the same points settled one by one.

`main` is the page: for families of integer tokens in the plane, and some others, how many points a
second of one core's time `theory.basins.settle_grid` settles on a grid of 400 × 400 points around
the tokens, in the median and in the worst of some configurations; how many `Basins.settled_at`
settles one by one, on points all over the same grids; and the ratio. What both say is compared: a
difference ends the benchmark.
"""

from collections.abc import Iterator, Sequence
from statistics import median
from time import process_time
from typing import NamedTuple

import numpy as np

from theory.basins import Plane, Problem, settle_grid
from theory.basins.destinations import told
from theory.basins.plane import around, coordinate_plane
from theory.configuration import Configuration

SIDE = 400
"""Points along each side of a grid."""


class Family(NamedTuple):
    """Random configurations: n integer tokens of {−radius…radius}^d, or Gaussian floats if 0."""

    n: int
    d: int
    radius: int
    alpha: str

    def drawn(self, seed: int) -> Configuration:
        """One of them."""
        random = np.random.default_rng([seed, self.n, self.d])
        if not self.radius:
            return Configuration.from_binary64(random.normal(size=(self.n, self.d)), self.alpha)
        rows = random.integers(-self.radius, self.radius + 1, (self.n, self.d))
        return Configuration(rows.tolist(), self.alpha)

    @property
    def words(self) -> str:
        """How it is called."""
        entries = (
            f"{{−{self.radius}..{self.radius}}}^{self.d}" if self.radius else f"R^{self.d}, floats"
        )
        return f"{self.n} of {entries}"


FAMILIES = (
    *(Family(n, 2, 8, alpha) for n in (3, 5, 8) for alpha in ("1", "1/2", "1/3", "1/10")),
    Family(8, 2, 1000, "1/2"),
    Family(8, 3, 8, "1/2"),
    Family(16, 2, 8, "1/2"),
    Family(8, 2, 0, "1/2"),
)


def problem(configuration: Configuration, side: int) -> Problem:
    """The first token moved in the first two coordinates, over the box that a map has by itself."""
    origin, directions = coordinate_plane(configuration.tokens[0], [0, 1])
    box = around([z[:2] for z in configuration.tokens], [side, side])
    return Problem(configuration, 0, Plane(origin, directions, box, side, side))


def rates(family: Family, maps: int, singles: int, side: int) -> tuple[list[float], list[float]]:
    """Points a second of each map, and one by one; raises `SystemExit` where they differ."""
    fast, slow = [], []
    for seed in range(maps):
        given = problem(family.drawn(seed), side)
        start = process_time()
        basins = settle_grid(given)
        fast.append(given.plane.points / (process_time() - start))
        places = np.linspace(0, given.plane.points - 1, singles).astype(int).tolist()
        start = process_time()
        answers = [told(basins.settled_at(*divmod(k, side)), 0) for k in places]
        slow.append(singles / (process_time() - start))
        for k, answer in zip(places, answers, strict=True):
            at = divmod(k, side)
            company = basins.companies[int(basins.company[at])]
            if (basins.destination(*at), int(basins.layers[at]), company) != answer:
                raise SystemExit(f"{given.configuration} at {at}: the answers differ")
    return fast, slow


def rows(families: Sequence[Family], maps: int, singles: int, side: int) -> Iterator[str]:
    """The rows of the table."""
    for family in families:
        fast, slow = rates(family, maps, singles, side)
        each = (median(fast), min(fast), median(slow))
        cells = (
            family.words,
            family.alpha,
            *(f"{x:,.0f}" for x in each),
            f"{each[0] / each[2]:,.0f}",
        )
        yield f"| {' | '.join(cells)} |"


def main() -> str:
    """The page as Markdown."""
    return "\n".join(
        [
            "# Maps of basins",
            "",
            f"Points a second of one core's time, on grids of {SIDE} × {SIDE}: `settle_grid`, in "
            "the median and the worst of five configurations, and `settle` one by one on 300 "
            "points of each.",
            "",
            "| tokens | α | map, median | map, worst | one by one | ratio |",
            "| --- | --- | ---: | ---: | ---: | ---: |",
            *rows(FAMILIES, 5, 300, SIDE),
        ]
    )
