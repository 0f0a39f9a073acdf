"""Enumeration: every configuration of a small box, up to symmetry.

The box is {−R,…,R}^d without the origin; its symmetries are the hyperoctahedral group (permutations
of the coordinates and changes of sign), which leaves A = I and every claim as it is. One
representative of each orbit of n-subsets is enough, and the number of orbits is known
independently by Burnside's formula (`orbits`), against which the enumeration is checked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, islice, permutations, product
from typing import TypeAlias

from flint import fmpq

from checks.claims import Claim, find, registered
from checks.examination import examine
from checks.pool import ordered_map
from checks.reach import Reach
from checks.run import Run
from checks.verdicts import Report, Tally, Verdict
from theory import Configuration, HardmaxError
from theory.exact import Rational, rational

Point: TypeAlias = tuple[int, ...]

DECIDED = (
    "settling",
    "limits-keep-attention",
    "leaders-are-vertices",
    "limits-are-feet",
    "clusters-are-limits",
    "own-attention-rests",
    "one-base",
    "single-attention-is-a-leader",
    "resonance-iff-no-leader",
)
"""Claims about the settled pattern and the limits, which one settled run decides completely."""

UNIT = 100
"""Configurations that one process does at one go."""

MAX_SUBSETS = 50_000_000
"""Largest number of subsets that is gone through."""


@dataclass(frozen=True)
class Box:
    """The n-subsets of {−radius,…,radius}^dimension without the origin.

    Raises `HardmaxError` for numbers below 1 and for boxes of more than `MAX_SUBSETS` subsets.
    """

    dimension: int
    radius: int
    tokens: int

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value < 1:
                raise HardmaxError(f"{name} = {value}; at least 1 is wanted")
        if self.subsets() > MAX_SUBSETS:
            raise HardmaxError(f"{self.subsets()} subsets of the box are too many to enumerate")

    def points(self) -> tuple[Point, ...]:
        """The points of the box, short ones first."""
        line = range(-self.radius, self.radius + 1)
        every = (p for p in product(line, repeat=self.dimension) if any(p))
        return tuple(sorted(every, key=lambda p: (max(map(abs, p)), sum(map(abs, p)), p)))

    def subsets(self) -> int:
        """How many n-subsets there are."""
        return binomial((2 * self.radius + 1) ** self.dimension - 1, self.tokens)

    def orbits(self) -> int:
        """How many orbits of n-subsets there are, by Burnside's formula.

        The number of orbits is the mean, over the group, of the number of subsets that an element
        leaves as they are: unions of its cycles, counted by the coefficient of x^n in Π (1 + x^c)
        over its cycle lengths c.

        >>> Box(2, 1, 2).subsets(), Box(2, 1, 2).orbits()
        (28, 6)
        """
        group = symmetries(self.dimension, self.radius)
        return sum(_fixed(element, self.tokens) for element in group) // len(group)

    def representatives(self) -> Iterator[tuple[tuple[Point, ...], int]]:
        """One subset of each orbit, with the size of the orbit, short points first.

        A subset, as indices into `points`, is the representative if no symmetry makes it
        lexicographically smaller.
        """
        points = self.points()
        group = symmetries(self.dimension, self.radius)
        for subset in combinations(range(len(points)), self.tokens):
            fixed = 0
            for element in group:
                image = tuple(sorted([element[i] for i in subset]))
                if image < subset:
                    break
                fixed += image == subset
            else:
                yield tuple(points[i] for i in subset), len(group) // fixed


def binomial(n: int, k: int) -> int:
    """n over k."""
    result = 1
    for i in range(k):
        result = result * (n - i) // (i + 1)
    return max(result, 0)


@cache
def symmetries(dimension: int, radius: int) -> tuple[tuple[int, ...], ...]:
    """The hyperoctahedral group as permutations of the indices of a box's points."""
    points = Box(dimension, radius, 1).points()
    index = {p: i for i, p in enumerate(points)}
    return tuple(
        tuple(index[tuple(s * p[a] for s, a in zip(signs, axes, strict=True))] for p in points)
        for axes in permutations(range(dimension))
        for signs in product((1, -1), repeat=dimension)
    )


def enumerate_box(
    box: Box, alpha: Rational = 1, *, claims: Sequence[Claim] = (), jobs: int = 1
) -> list[Report]:
    """Hold the claims against every configuration of the box with the step `alpha` and A = I.

    A claim of `DECIDED` that holds on every one of them is PROVED for the box: this is a proof by
    exhaustion, the symmetries of the box being symmetries of every claim. Other claims are HELD,
    since judging them looks at finitely many of the layers, matrices or steps that they speak of.
    The counts are of configurations, not of orbits. Without `claims` all registered ones
    are held but `merging-commutes`, since no token of a box is repeated.
    """
    held = claims or [claim for claim in registered() if claim.name != "merging-commutes"]
    step = rational(alpha)
    names = tuple(claim.name for claim in held)
    tallies = {name: Tally() for name in names}
    reach = Reach()
    units = ((unit, step, names) for unit in _units(box))
    for part, met in ordered_map(_do, units, jobs):
        for name in names:
            tallies[name].add(part[name])
        reach.add(met)
    return [
        Report(
            claim.name,
            claim.expected,
            _proved(claim.name, tallies[claim.name].verdict),
            tallies[claim.name].examples,
            tallies[claim.name].applicable,
            tallies[claim.name].undecided,
            reach.as_dict(),
            0,
            tallies[claim.name].witness,
            tallies[claim.name].explanation,
        )
        for claim in held
    ]


def _proved(name: str, verdict: Verdict) -> Verdict:
    return Verdict.PROVED if verdict is Verdict.HELD and name in DECIDED else verdict


def _units(box: Box) -> Iterator[list[tuple[tuple[Point, ...], int]]]:
    representatives = box.representatives()
    while unit := list(islice(representatives, UNIT)):
        yield unit


def _do(
    work: tuple[list[tuple[tuple[Point, ...], int]], fmpq, tuple[str, ...]],
) -> tuple[dict[str, Tally], Reach]:
    unit, step, names = work
    tallies = {name: Tally() for name in names}
    reach = Reach()
    for rows, times in unit:
        run = Run(Configuration(rows, step))
        reach.meet(run, times)
        for name in names:
            found = Tally()
            examine(found, find(name), run)
            found.examples *= times
            found.applicable *= times
            found.undecided *= times
            tallies[name].add(found)
    return tallies, reach


def _fixed(element: Sequence[int], size: int) -> int:
    """How many subsets of the given size the permutation leaves as they are."""
    ways = [1] + [0] * size
    seen: set[int] = set()
    for start in range(len(element)):
        length, place = 0, start
        while place not in seen:
            seen.add(place)
            place = element[place]
            length += 1
        if length:
            for k in range(size, length - 1, -1):
                ways[k] += ways[k - length]
    return ways[size]
