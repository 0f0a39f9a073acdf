"""`Basins`: a map, which tells of every point of a grid where the free token goes from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from theory.basins.destinations import Destination, Result
from theory.basins.engine import Each, settle_part, works
from theory.basins.overlay import Overlay
from theory.basins.plane import Plane
from theory.basins.problem import Integers, Problem
from theory.configuration import Configuration
from theory.dynamics import Dynamics
from theory.matrices import Vector
from theory.solve import settle


@dataclass(frozen=True, eq=False)
class Basins:
    """What became of one token, started at every point of a grid. The arrays are read-only.

    problem : the configuration as given, what moves it, the token that is free, and the grid.
    destinations : where the token goes, each once, sorted.
    ends : (rows, columns) which of these; −1 where the answer is undecided.
    layers : (rows, columns) the settled layer; −1 where the answer is undecided.
    companies : which of the other tokens lead, each set once, sorted.
    company : (rows, columns) which of these; −1 where the answer is undecided.

    Row 0 is the lowest. Exact at every point; of what lies between them nothing is said.

    >>> from flint import fmpq
    >>> line = Plane((fmpq(0),), ((fmpq(1),),), ((fmpq(1), fmpq(3)),), 1, 3)
    >>> basins = settle_grid(Problem(Configuration([[2], [1], [-3]], alpha=1), 1, line))
    >>> [basins.destination(0, k).leaders for k in range(3)], basins.layers.tolist()
    ([(0,), (0, 1), (1,)], [[0, 0, 0]])
    """

    problem: Problem
    destinations: tuple[Destination, ...]
    ends: Integers
    layers: Integers
    companies: tuple[tuple[int, ...], ...]
    company: Integers

    @property
    def configuration(self) -> Configuration:
        """The configuration as given, the free token at its own start."""
        return self.problem.configuration

    @property
    def dynamics(self) -> Dynamics:
        """What moves the tokens."""
        return self.problem.dynamics

    @property
    def free(self) -> int:
        """The index of the token that is moved."""
        return self.problem.free

    @property
    def plane(self) -> Plane:
        """The grid."""
        return self.problem.plane

    @property
    def rows(self) -> int:
        """How many rows there are: 1 on a line."""
        return self.plane.rows

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return self.plane.columns

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many points go to each destination."""
        decided = self.ends[self.ends >= 0]
        return tuple(np.bincount(decided, minlength=len(self.destinations)).tolist())

    @cached_property
    def undecided(self) -> int:
        """At how many points the answer is undecided."""
        return int((self.ends < 0).sum())

    @cached_property
    def overlay(self) -> Overlay:
        """What the map is compared with: marks, hull, K, cells."""
        return Overlay.of(self.problem)

    def point(self, row: int, column: int) -> Vector:
        """Where the free token starts there."""
        return self.plane.point(row, column)

    def destination(self, row: int, column: int) -> Destination | None:
        """Where it goes from there; None where that is undecided."""
        end = int(self.ends[row, column])
        return None if end < 0 else self.destinations[end]

    def settled_at(self, row: int, column: int) -> Result:
        """The answer of `settle` with the free token started there, made anew."""
        moved = self.problem.moved(self.point(row, column))
        return settle(moved, self.problem.max_layers, dynamics=self.dynamics)


def settle_grid(problem: Problem, each: Each = map) -> Basins:
    """Settle every point of a grid.

    `each` applies a function to all parts of it, in order; in processes of its own, for instance.

    >>> from flint import fmpq
    >>> from theory.basins.plane import Plane
    >>> c = Configuration([[2], [1], [-3]], alpha=1)
    >>> line = Plane((fmpq(0),), ((fmpq(1),),), ((fmpq(-4), fmpq(4)),), 1, 9)
    >>> [settle_grid(Problem(c, 1, line)).destination(0, k).leaders for k in range(9)]
    [(1,), (1, 2), (2,), (2,), (2,), (0,), (0, 1), (1,), (1,)]
    """
    parts = list(each(settle_part, works(problem)))
    shape = problem.plane.rows, problem.plane.columns
    destinations = sorted({x for part in parts for x in part.destinations}, key=lambda x: x.order)
    companies = sorted({x for part in parts for x in part.companies})
    ends = [_renumbered(part.ends, part.destinations, destinations) for part in parts]
    company = [_renumbered(part.company, part.companies, companies) for part in parts]
    layers = [part.layers for part in parts]
    end, layer, together = (_whole(x, shape) for x in (ends, layers, company))
    return Basins(problem, tuple(destinations), end, layer, tuple(companies), together)


def _whole(parts: Sequence[Integers], shape: tuple[int, int]) -> Integers:
    whole = np.concatenate(parts).reshape(shape)
    whole.flags.writeable = False
    return whole


def _renumbered(numbers: Integers, old: Sequence[object], new: Sequence[object]) -> Integers:
    """Places in one table as places in another; −1 stays."""
    places = {x: k for k, x in enumerate(new)}
    table = np.array([*(places[x] for x in old), -1], np.int64)
    found: Integers = table[numbers]
    return found
