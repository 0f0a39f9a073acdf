"""Boxes: the configurations of a few tokens with small whole coordinates, up to symmetry.

The box is {−R,…,R}^d without the origin; its symmetries are the hyperoctahedral group (permutations
of the coordinates and changes of sign), which leaves A = I and every claim as it is. One
representative of each orbit of n-subsets is enough, and the number of orbits is known
independently by Burnside's formula (`orbits`), against which the enumeration is checked.

Representatives are the subsets that no symmetry makes lexicographically smaller, and they are made
by orderly generation: *without its greatest element a representative is a representative*. For let
S = T ∪ {m} with m > max T, and suppose that g T is smaller than T, first at place p. One element
more moves no sorted element of g T to a later place, so that g S is at places up to p at most what
g T is, at p less than T, and there T and S agree: g S is smaller than S. (Known as Read's method.)
So representatives of k elements are found among those of k − 1 elements with one element added, and
only a small part of all subsets is ever looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations, product
from math import comb, factorial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from theory import HardmaxError
from theory.exact import shown, whole

Point: TypeAlias = tuple[int, ...]

Indices: TypeAlias = NDArray[np.int64]

BLOCK = 20_000
"""Subsets that are looked at side by side."""

MAX_SUBSETS = 1_000_000_000
"""Largest number of subsets that is gone through."""

MOST_TOKENS = 200
"""Largest number of tokens of a configuration."""

MOST_POINTS = 1_000_000
"""Largest number of points of a box."""

MOST_IMAGES = 50_000_000
"""Largest number of points times symmetries, all of which are kept."""


@dataclass(frozen=True)
class Box:
    """The n-subsets of {−radius,…,radius}^dimension without the origin.

    Raises `HardmaxError` for numbers below 1 and for boxes with too many tokens, points, symmetries
    or subsets to be gone through, before any of these is made.

    >>> box = Box(dimension=2, radius=1, tokens=2)
    >>> len(box.points()), box.subsets(), box.orbits()
    (8, 28, 6)
    """

    dimension: int
    radius: int
    tokens: int

    def __post_init__(self) -> None:
        for name, value in list(vars(self).items()):
            number = whole(value)
            if number is None:
                raise HardmaxError(f"{name} = {shown(value)}; an int was wanted")
            if number < 1:
                raise HardmaxError(f"{name} = {_spelled(number)}; at least 1 is wanted")
            object.__setattr__(self, name, number)
        if self.tokens > MOST_TOKENS:
            raise HardmaxError(
                f"tokens = {_spelled(self.tokens)}; at most {MOST_TOKENS} are wanted"
            )
        named = f"the box of radius {_spelled(self.radius)} in dimension {_spelled(self.dimension)}"
        # 3^64 is beyond any bound, so that no higher power need be made.
        side, dimension = 2 * self.radius + 1, min(self.dimension, 64)
        if side > MOST_POINTS or (points := side**dimension - 1) > MOST_POINTS:
            raise HardmaxError(f"{named} has more than {MOST_POINTS} points, which are too many")
        if points * 2**dimension * factorial(dimension) > MOST_IMAGES:
            raise HardmaxError(f"{named} has too many symmetries")
        if self.subsets() > MAX_SUBSETS:
            raise HardmaxError(
                f"{_spelled(self.subsets())} subsets of {named} are too many to enumerate"
            )

    def points(self) -> tuple[Point, ...]:
        """The points of the box, short ones first."""
        line = range(-self.radius, self.radius + 1)
        every = (p for p in product(line, repeat=self.dimension) if any(p))
        return tuple(sorted(every, key=lambda p: (max(map(abs, p)), sum(map(abs, p)), p)))

    def subsets(self) -> int:
        """How many n-subsets there are."""
        return comb((2 * self.radius + 1) ** self.dimension - 1, self.tokens)

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
        lexicographically smaller; representatives come in lexicographic order.

        >>> next(Box(2, 1, 2).representatives())
        (((-1, 0), (0, -1)), 4)
        """
        points = self.points()
        for subsets, sizes in self.blocks():
            for subset, size in zip(subsets.tolist(), sizes.tolist(), strict=True):
                yield tuple(points[i] for i in subset), size

    def blocks(self) -> Iterator[tuple[Indices, Indices]]:
        """The representatives, many at a time: (m, n) indices into `points`, (m,) orbit sizes."""
        group = np.array(symmetries(self.dimension, self.radius))
        for subsets, fixed in self._grown(group, self.tokens):
            yield subsets, len(group) // fixed

    def _grown(self, group: Indices, size: int) -> Iterator[tuple[Indices, Indices]]:
        """The representatives of `size` points, with the number of symmetries that keep each."""
        if not size:
            yield np.zeros((1, 0), np.int64), np.array([len(group)])
            return
        # Room is left for the points that are still to be added.
        end = group.shape[1] - (self.tokens - size)
        for parents, _ in self._grown(group, size - 1):
            first = parents[:, -1] + 1 if size > 1 else np.zeros(1, np.int64)
            room = np.maximum(end - first, 0)
            places = np.arange(room.sum()) - np.repeat(np.cumsum(room) - room, room)
            added = places + np.repeat(first, room)
            for start in range(0, len(added), BLOCK):
                part = slice(start, start + BLOCK)
                kept = np.repeat(np.arange(len(parents)), room)[part]
                children = np.column_stack([parents[kept], added[part]])
                yield _smallest(children, group)


def _spelled(number: int) -> str:
    return str(number) if abs(number) < 10**20 else "a number of more than 20 digits"


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


def _smallest(subsets: Indices, group: Indices) -> tuple[Indices, Indices]:
    """The subsets that no symmetry makes smaller, with the number of symmetries that keep each.

    A subset is coded as bits, that of point 0 first. The first point in which two subsets of one
    size differ belongs to the smaller one, which therefore has the greater code.
    """
    points = np.arange(group.shape[1])
    codes = np.zeros((len(points), len(points) // 64 + 1), np.uint64)
    codes[points, points // 64] = np.uint64(1) << (63 - points % 64).astype(np.uint64)
    own = codes[subsets].sum(axis=1)
    fixed = np.zeros(len(subsets), np.int64)
    for element in group:
        image = codes[element[subsets]].sum(axis=1)
        smaller = np.zeros(len(subsets), bool)
        same = ~smaller
        for mine, other in zip(own.T, image.T, strict=True):
            smaller |= same & (other > mine)
            same &= other == mine
        fixed += same
        if smaller.any():
            subsets, own, fixed = subsets[~smaller], own[~smaller], fixed[~smaller]
    return subsets, fixed


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
