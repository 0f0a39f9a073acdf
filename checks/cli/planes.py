"""What the options of `hardmax map` say of a grid: a plane, a box, a number of points.

Each error names its option.
"""

import re
from collections.abc import Sequence

from flint import fmpq

from theory.basins import Plane
from theory.basins.plane import SPACING, around, coordinate_plane
from theory.configuration import Configuration
from theory.exact import HardmaxError, rational, shorten
from theory.files.sources import at
from theory.matrices import Vector
from theory.names import token_called
from theory.readable import count


def token(configuration: Configuration, words: str) -> int:
    """The token that `--free` names: an index, or a label that one token has.

    >>> token(Configuration([[1], [2]], 1, labels=["good", "film"]), "film")
    1
    """
    with at(f"--free {shorten(words)}"):
        return token_called(configuration, words)


def points(words: str | None, line: bool) -> tuple[int, int]:
    """The columns and rows that `--resolution` states.

    >>> points("800x600", line=False), points("50", line=False), points("50", line=True)
    ((800, 600), (50, 50), (50, 1))
    """
    if words is None:
        return SPACING, 1 if line else SPACING
    found = re.fullmatch("([0-9]{1,9})(?:[x×]([0-9]{1,9}))?", words.strip())
    if found is None:
        raise HardmaxError(f"--resolution {shorten(words)}: N or NxM was wanted, such as 400x300")
    columns, rows = found.groups()
    if rows is not None and line:
        raise HardmaxError(f"--resolution {shorten(words)}: N was wanted, for a line")
    return int(columns), 1 if line else int(rows or columns)


def grid(
    configuration: Configuration,
    free: int,
    plane: str | None,
    along: str | None,
    box: str | None,
    resolution: str | None,
) -> Plane:
    """The grid that the options state, with what they leave out.

    >>> pair = Configuration([[2, 0], [0, 2]], 1)
    >>> grid(pair, 0, None, "1,1;1,-1", "-1,1,-1,1", "3").point(0, 0)
    (0, 0)
    """
    start = configuration.tokens[free]
    if plane is not None and along is not None:
        raise HardmaxError("--plane and --along exclude each other")
    if along is not None:
        with at(f"--along {shorten(along)}"):
            origin, directions = start, _directions(along, configuration.dimension)
    else:
        with at(f"--plane {shorten(plane or '')}"):
            origin, directions = coordinate_plane(start, _axes(plane, configuration.dimension))
    columns, rows = points(resolution, line=len(directions) == 1)
    counts = (columns, rows)[: len(directions)]
    option = "--along" if along is not None else "--plane"
    with at(f"{option} {shorten(along or plane or '')}"):  # whether the directions span a plane
        unit = Plane(
            origin, directions, ((fmpq(0), fmpq(1)),) * len(directions), *_least(directions)
        )
    with at(f"--resolution {shorten(resolution or '')}"):
        Plane(origin, directions, unit.box, rows, columns)
    if box is None:
        sides = around([unit.foot(z)[0] for z in configuration.tokens], counts)
        return Plane(origin, directions, sides, rows, columns)
    with at(f"--box {shorten(box)}"):
        return Plane(origin, directions, _box(box, len(directions)), rows, columns)


def _least(directions: Sequence[Vector]) -> tuple[int, int]:
    return (1, 2) if len(directions) == 1 else (2, 2)


def _axes(words: str | None, dimension: int) -> list[int]:
    """The coordinates of a plane, the first two unless others are stated."""
    if words is None:
        return [0, 1][:dimension]
    if not re.fullmatch("[0-9]{1,9}(,[0-9]{1,9})?", words.replace(" ", "")):
        raise HardmaxError("i,j was wanted, or i for a line: numbers of coordinates, from 0")
    return [int(axis) for axis in words.split(",")]


def _directions(words: str, dimension: int) -> tuple[Vector, ...]:
    rows = [numbers(part) for part in words.split(";")]
    if len(rows) > 2:
        raise HardmaxError(f"{len(rows)} directions; p;q was wanted, or p for a line")
    for row in rows:
        if len(row) != dimension:
            raise HardmaxError(
                f"a direction of {count(len(row), 'number')}, where tokens have {dimension}"
            )
    return tuple(rows)


def _box(words: str, directions: int) -> tuple[tuple[fmpq, fmpq], ...]:
    ends = numbers(words)
    if len(ends) != 2 * directions:
        wanted = "X0,X1" if directions == 1 else "X0,X1,Y0,Y1"
        raise HardmaxError(f"{count(len(ends), 'number')}; {wanted} was wanted")
    return tuple(zip(ends[::2], ends[1::2], strict=True))


def numbers(words: str) -> Vector:
    """Exact numbers with commas between."""
    return tuple([rational(part) for part in words.split(",")])


def animation(words: str) -> tuple[fmpq, fmpq]:
    """The steps from which and to which `--animate` goes.

    >>> animation("alpha=1/10:4")
    (1/10, 4)
    """
    name, equals, ends = words.partition("=")
    sides = ends.split(":")
    if name.strip() not in ("alpha", "α") or not equals or len(sides) != 2:
        raise HardmaxError(f"--animate {shorten(words)}: alpha=FROM:TO was wanted")
    with at(f"--animate {shorten(words)}"):
        low, high = map(rational, sides)
        return low, high
