"""The points of a map settled, many at a time, each exactly.

The dynamics is homogeneous: tokens times a positive number have the same patterns. So the tokens of
all points times their common denominator are integers, which `theory.fast.batches` takes, a part of
the grid at a time. What it does not take is settled one by one: another dynamics, an A that is not
symmetric positive definite, α ≤ 0, more than `MAX_TOKENS` tokens, multiplicities. The answers do
not depend on the path, nor on the parts.

Of a batch the destinations are read off the patterns (`theory.basins.destinations`): those of a
free token that leads, or attends to one place that leads, in arrays; the others once a pattern.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

import numpy as np
from flint import fmpz

from theory.basins.destinations import KINDS, Destination, Told, members, reached, told
from theory.basins.faces import faces
from theory.basins.problem import Integers, Problem
from theory.dynamics import HARDMAX
from theory.fast.batches import Batch, settle_batch
from theory.fast.shared import LIMIT, MAX_TOKENS
from theory.solve import settle

PART = 2**15
"""Points that are settled at a time in batches."""

FEW = 2**7
"""Points that are settled at a time one by one."""


class Part(NamedTuple):
    """What became of the points of a part of the grid, as `Basins` has it, each table its own."""

    destinations: list[Destination]
    ends: Integers
    layers: Integers
    companies: list[tuple[int, ...]]
    company: Integers


Work: TypeAlias = tuple[Problem, int, int]
"""A problem, and the points of its grid from one to another, counted row by row."""

Each: TypeAlias = Callable[[Callable[[Work], Part], Iterable[Work]], Iterable[Part]]
"""Applies a function to every work, in order, as `map` does."""


def works(problem: Problem) -> list[Work]:
    """The parts of the grid, in order."""
    step = FEW if batched(problem) is None else PART
    points = problem.plane.points
    return [(problem, at, min(at + step, points)) for at in range(0, points, step)]


def settle_part(work: Work) -> Part:
    """Settle the points of a part."""
    problem, start, stop = work
    scaled = batched(problem)
    places = np.arange(start, stop)
    if scaled is None:
        return _joined([_told_at(problem, int(place)) for place in places])
    batch = settle_batch(
        scaled.at(places, problem),
        problem.configuration.alpha,
        problem.configuration.A,
        max_layers=problem.max_layers,
    )
    return _read(batch, problem.free, problem.configuration.dimension)


class Scaled(NamedTuple):
    """The tokens of all points as integers over one denominator.

    fixed : (n, d) the tokens, those of the free one being whatever they are.
    moving : (3, d) or (2, d), N with the free token (1, column, row) N.
    """

    fixed: Integers
    moving: Integers

    def at(self, places: Integers, problem: Problem) -> Integers:
        """(N, n, d): the tokens at these points."""
        rows, columns = np.divmod(places, problem.plane.columns)
        tokens = np.repeat(self.fixed[None], len(places), axis=0)
        where = np.stack([np.ones_like(places), columns, rows][: len(self.moving)], axis=1)
        tokens[:, problem.free] = where @ self.moving
        return tokens


def batched(problem: Problem) -> Scaled | None:
    """The tokens as integers, if batches take the problem."""
    c = problem.configuration
    standing = c.hypotheses.positive_definite and c.hypotheses.positive_step
    if problem.dynamics != HARDMAX or not standing or c.size > MAX_TOKENS:
        return None
    if any(weight != 1 for weight in c.multiplicities):
        return None
    fixed, below = c.integers
    moving, step = problem.plane.form()
    common = fmpz(below).lcm(step)
    rows = [[int(x * (common / below)) for x in row] for row in fixed.table()]
    steps = [[int(x * (common / step)) for x in row] for row in moving.table()]
    counts = (1, problem.plane.columns, problem.plane.rows)
    sizes = [abs(x) * k for row, k in zip(steps, counts, strict=False) for x in row]
    narrow = sum(sizes) <= LIMIT and max(abs(x) for row in rows for x in row) <= LIMIT
    kind = np.int64 if narrow else object
    return Scaled(np.array(rows, kind), np.array(steps, kind))


def _told_at(problem: Problem, place: int) -> Told:
    """The answer of one point, settled on its own."""
    start = problem.plane.point(*divmod(place, problem.plane.columns))
    answer = settle(problem.moved(start), problem.max_layers, dynamics=problem.dynamics)
    return told(answer, problem.free)


def _joined(answers: list[Told]) -> Part:
    destinations: dict[Destination, int] = {}
    companies: dict[tuple[int, ...], int] = {}
    ends, company = [], []
    for answer in answers:
        if answer.destination is None:
            ends.append(-1)
            company.append(-1)
            continue
        ends.append(destinations.setdefault(answer.destination, len(destinations)))
        company.append(companies.setdefault(answer.company, len(companies)))
    return Part(
        list(destinations),
        np.array(ends, np.int64),
        np.array([answer.layer for answer in answers], np.int64),
        list(companies),
        np.array(company, np.int64),
    )


def _read(batch: Batch, free: int, dimension: int) -> Part:
    """The destinations and companies of a batch.

    A destination is 4 times the mask of its leaders and the number of its kind, in one integer.
    """
    masks, leads, decided = batch.pattern.astype(np.int64), batch.leads, batch.layer >= 0
    bits = np.int64(1) << np.arange(masks.shape[1], dtype=np.int64)
    together = leads @ bits

    own = masks[:, free]
    first = np.bitwise_count((own & -own) - 1).astype(np.int64)  # its first token; of none any
    first = np.minimum(first, masks.shape[1] - 1)[:, None]
    alone = np.take_along_axis(masks, first, axis=1)[:, 0] == own
    alone &= np.take_along_axis(leads, first, axis=1)[:, 0]
    ends = 4 * own + ~leads[:, free]
    further = np.flatnonzero(decided & ~alone)
    patterns, which = np.unique(
        np.column_stack([masks, together])[further], axis=0, return_inverse=True
    )
    ends[further] = np.array([_end(row, free) for row in patterns.tolist()], np.int64)[
        which.ravel()
    ]
    if dimension > 2:
        tied = further[ends[further] & 3 == KINDS.index("face")]
        ends[tied] = 4 * np.array(faces(batch, tied.tolist(), free), np.int64) + KINDS.index("face")
    ends[~decided] = -1
    told_ends, end = np.unique(ends, return_inverse=True)
    sets, company = np.unique(np.where(decided, together & ~bits[free], -1), return_inverse=True)
    lost = int(not decided.all())  # the first of each is then that of undecided points
    return Part(
        [Destination(KINDS[x & 3], members(x >> 2)) for x in told_ends[lost:].tolist()],
        end.ravel() - lost,
        batch.layer,
        [members(mask) for mask in sets[lost:].tolist()],
        company.ravel() - lost,
    )


def _end(row: list[int], free: int) -> int:
    """The destination by a settled pattern, to which the tokens that lead are added."""
    *masks, leads = row
    found = reached(masks, free, leads)
    return 4 * sum(found) + KINDS.index("vertex" if len(found) == 1 else "face")
