"""One number of a configuration that varies, named as on the command line.

A[0][1]            an entry of the matrix, and its mirror image with it
token 2[0]         a coordinate of a token
token 2+(1,-1)     a token that is moved: x times this direction

A token is named by its index, or by a label that no other has: token good[0].
"""

import re

from flint import fmpq

from theory.configuration import Configuration
from theory.exact import HardmaxError, Rational, rational, shorten
from theory.matrices import Vector
from theory.names import token_called
from theory.readable import count
from theory.sweeps.families import Family, lines

ENTRY = re.compile(r"A\[(\d+)\]\[(\d+)\]")
COORDINATE = re.compile(r"token (.+)\[(\d+)\]")
DIRECTION = re.compile(r"token (.+?)\s*\+\s*\(([^()]*)\)")
WANTED = "A[I][J], token I[S] or token I+(D1,D2,…) was wanted"


def varied(configuration: Configuration, what: str, low: Rational, high: Rational) -> Family:
    """The configurations in which the number that `what` names goes from `low` to `high`.

    Tokens are counted from 0 as in the input, or named by their labels; a copy of one that moves
    stays. Raises `HardmaxError` where there is no such number, and where nothing varies.

    >>> c = Configuration([[1, 0], [0, 1]], 1)
    >>> family = varied(c, "A[0][1]", -1, 1)
    >>> family.at(fmpq(1, 2)).A
    ((1, 1/2), (1/2, 1))
    >>> varied(c, "token 1+(1,2)", 0, 1).at(fmpq(1)).tokens
    ((1, 0), (1, 3))
    """
    what = " ".join(what.split())
    tokens, A = list(configuration.tokens), list(configuration.A)
    moves: list[Vector] = [(fmpq(0),) * configuration.dimension] * len(tokens)
    turns: list[Vector] = [(fmpq(0),) * configuration.dimension] * len(A)
    if match := ENTRY.fullmatch(what):
        i, j = map(int, match.groups())
        _below(what, max(i, j), len(A), "row")
        for row, column in {(i, j), (j, i)}:
            A[row] = _put(A[row], column, fmpq(0))
            turns[row] = _put(turns[row], column, fmpq(1))
    elif match := COORDINATE.fullmatch(what):
        i, s = token_called(configuration, match[1]), int(match[2])
        _below(what, s, configuration.dimension, "coordinate")
        tokens[i] = _put(tokens[i], s, fmpq(0))
        moves[i] = _put(moves[i], s, fmpq(1))
    elif match := DIRECTION.fullmatch(what):
        i, direction = token_called(configuration, match[1]), match[2].split(",")
        if len(direction) != configuration.dimension:
            wanted = count(configuration.dimension, "number")
            raise HardmaxError(f"{shorten(what)}: a direction of {wanted} was wanted")
        moves[i] = tuple([rational(x.strip()) for x in direction])
        if not any(moves[i]):
            raise HardmaxError(f"{shorten(what)}: nothing varies; a direction ≠ 0 was wanted")
    else:
        raise HardmaxError(f"{shorten(what)}: {WANTED}")
    start = configuration.altered(tokens=tuple(tokens), A=tuple(A), named=True)
    return lines(start, what, low, high, tuple(moves), tuple(turns))


def _below(what: str, number: int, size: int, thing: str) -> None:
    if number >= size:
        known = f"there {'is' if size == 1 else 'are'} {count(size, thing)}"
        raise HardmaxError(f"{shorten(what)}: {known}, counted from 0")


def _put(row: Vector, place: int, value: fmpq) -> Vector:
    return tuple([value if s == place else x for s, x in enumerate(row)])
