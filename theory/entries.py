"""Rows of numbers as they come in: exact ones, or binary64, and by name what is neither.

`exact_rows` takes what `theory.exact.rational` takes, and `binary64_rows` what is binary64. Either
takes lists, arrays and what holds columns of arrays (a DataFrame), whose values are asked for
column by column: together they may be rounded to one type. Whatever has no order, or would be
rounded, read as text or read as names is refused with its place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from theory.arithmetic import is_standard
from theory.exact import (
    MAX_DIGITS,
    HardmaxError,
    dyadic,
    from_binary64,
    rational,
    shown,
    text,
    whole,
)
from theory.matrices import Vector, identity
from theory.readable import count

Floats = NDArray[np.float64]

WANTED = "floats of up to 64 bits or integers"


def exact_rows(where: str, rows: object) -> tuple[Vector, ...]:
    """The rows as rationals. Raises `HardmaxError` for a float, naming its place.

    >>> exact_rows("tokens", [[1, "1/2"]])
    ((1, 1/2),)
    """
    columns = _columns(where, rows)
    if columns is not None:
        rows = zip(*columns.values(), strict=True)
    return _rows(where, rows, rational)


def square(name: str, rows: object) -> tuple[Vector, ...]:
    """The rows of a square matrix. Raises `HardmaxError` for what is none, with its name."""
    matrix = exact_rows(name, rows)
    if not matrix:
        raise HardmaxError(f"{name} has no rows")
    for i, row in enumerate(matrix):
        if len(row) != len(matrix):
            raise HardmaxError(
                f"{name}[{i}] has {count(len(row), 'number')}; {len(matrix)} were wanted"
            )
    return matrix


def binary64_rows(where: str, rows: object) -> Floats | tuple[Vector, ...]:
    """The rows as an array of their own, without negative zeros, or as rationals.

    As rationals where something is an integer, or where arithmetic is not standard now
    (`theory.arithmetic`). Raises `HardmaxError`, naming the place, for what is no float of up to
    64 bits and no integer, and for NaN and infinities.

    >>> binary64_rows("tokens", [[0.5, -0.0]]), binary64_rows("tokens", [[0.5, 3]])
    (array([[0.5, 0. ]]), ((1/2, 3),))
    """
    columns = _columns(where, rows)
    if columns is not None:
        for name, column in columns.items():
            _check_type(f"{where}, {name}", column)
        if all(column.dtype.kind == "f" for column in columns.values()) and is_standard():
            rows = np.column_stack([_native(column) for column in columns.values()])
        else:
            rows = list(zip(*columns.values(), strict=True))
    elif isinstance(rows, list) and _is_table_of_floats(rows):
        rows = np.array(rows)
    rows = _iterable(where, "rows of floats were", rows)
    if isinstance(rows, np.ndarray):
        _check_type(where, rows)
        if rows.ndim == 2 and rows.size and rows.dtype.kind == "f":
            floats = _native(rows)
            if bool(np.isfinite(floats).all()):
                if not is_standard():
                    return tuple(dyadic(floats))
                kept: Floats = np.add(floats, 0.0, dtype=np.float64, order="C")
                return kept
    return _rows(where, rows, from_binary64)


def exact_number(where: str, value: object) -> fmpq:
    """One exact number."""
    return _converted(where, value, rational)


def binary64_number(where: str, value: object) -> fmpq:
    """One number, where a float is taken as the number that it is."""
    floating = isinstance(value, float | np.floating)
    return _converted(where, value, from_binary64 if floating else rational)


def written(rows: Sequence[Vector]) -> str:
    """The rows as an expression of Python, which the constructor takes."""
    lists = [", ".join(map(literal, row)) for row in rows]
    return f"[[{'], ['.join(lists)}]]"


def literal(value: fmpq) -> str:
    """The number as such an expression: text, or `fmpq` where it is too long for that."""
    words = text(value)
    if max(map(len, words.lstrip("-").split("/"))) <= MAX_DIGITS:
        return repr(words)
    return f"fmpq({hex(int(value.p))}, {hex(int(value.q))})"


def shape(rows: Sequence[Vector]) -> tuple[int, int]:
    """How many rows of tokens there are, of how many coordinates each; one at least of either."""
    if not rows or not rows[0]:
        raise HardmaxError("no tokens: at least one token with one coordinate is wanted")
    check_lengths("tokens", rows, len(rows[0]))
    return len(rows), len(rows[0])


def parts(
    shape: tuple[int, int],
    alpha: fmpq,
    A: tuple[Vector, ...] | None,
    multiplicities: object,
    labels: object,
    name: object,
) -> tuple[fmpq, tuple[Vector, ...], tuple[int, ...], tuple[str, ...] | None, str | None]:
    """What a configuration of so many tokens and coordinates has besides them, checked."""
    size, dimension = shape
    check_step(alpha)
    matrix = identity(dimension) if A is None else A
    if len(matrix) != dimension:
        raise HardmaxError(
            f"A has {count(len(matrix), 'row')}; tokens of dimension {dimension} want {dimension}"
        )
    check_lengths("A", matrix, dimension)
    called = None if name is None else string("name", name)
    return alpha, matrix, weights_of(multiplicities, size), labels_of(labels, size), called


def check_step(alpha: fmpq) -> None:
    """Raise `HardmaxError` for α = −1."""
    if alpha == -1:
        raise HardmaxError("alpha = -1 makes the layer divide by 1 + alpha = 0")


def check_lengths(where: str, rows: Sequence[Sequence[object]], length: int) -> None:
    """Raise `HardmaxError` unless every row has as many numbers."""
    for i, row in enumerate(rows):
        if len(row) != length:
            raise HardmaxError(
                f"{where}[{i}] has {count(len(row), 'number')}; {length} were wanted"
            )


def weights_of(given: object, size: int) -> tuple[int, ...]:
    """`size` positive ints, all 1 if None is given."""
    if given is None:
        return (1,) * size
    weights = []
    for i, value in enumerate(_members("multiplicities", given, size, "positive ints")):
        weight = whole(value)
        if weight is None or weight < 1:
            raise HardmaxError(f"multiplicities[{i}] is {shown(value)}; a positive int was wanted")
        weights.append(weight)
    return tuple(weights)


def labels_of(given: object, size: int) -> tuple[str, ...] | None:
    """`size` strings, or None."""
    if given is None:
        return None
    labels = _members("labels", given, size, "strings")
    return tuple([string(f"labels[{i}]", label) for i, label in enumerate(labels)])


def string(where: str, given: object) -> str:
    """The same string, of Python's own type.

    Raises `HardmaxError` for what is none, and for half of a surrogate pair, which no file could
    hold: UTF-8 has no form of it, and JSON joins two halves to one character.
    """
    if not isinstance(given, str):
        raise HardmaxError(f"{where} is {shown(given)}; a string was wanted")
    try:
        given.encode()
    except UnicodeEncodeError:
        raise HardmaxError(
            f"{where} is {shown(given)}, with half of a surrogate pair; Unicode text was wanted"
        ) from None
    return str(given)


def _members(where: str, given: Any, size: int, wanted: str) -> list[Any]:
    if isinstance(given, str | bytes) or not (
        isinstance(given, Sequence | np.ndarray) or hasattr(given, "to_numpy")
    ):
        raise HardmaxError(f"{where} = {shown(given)}; a list of {size} {wanted} was wanted")
    members = np.ravel(given).tolist() if isinstance(given, np.ndarray) else list(given)
    if len(members) != size:
        raise HardmaxError(f"{len(members)} {where} for {count(size, 'token')}")
    return members


def _rows(where: str, rows: object, convert: Callable[[object], fmpq]) -> tuple[Vector, ...]:
    result: list[Vector] = []
    exact = convert is rational
    kind = "numbers" if exact else "floats"
    for i, row in enumerate(_iterable(where, f"rows of {kind} were", rows)):
        place = f"{where}[{i}]"
        given = tuple(_iterable(place, f"a row of {kind} was", row))
        if not exact or [*map(type, given)].count(fmpq) < len(given):
            given = tuple(
                [
                    _converted(f"{place}[{s}]" if exact else place, value, convert)
                    for s, value in enumerate(given)
                ]
            )
        result.append(given)
    return tuple(result)


def _converted(where: str, value: object, convert: Callable[[object], fmpq]) -> fmpq:
    try:
        return convert(value)
    except HardmaxError as error:
        raise HardmaxError(f"{where}: {error}") from None


def _iterable(where: str, wanted: str, given: object) -> Iterable[Any]:
    """What is given, if its members stand in an order and are no names or characters."""
    if isinstance(given, list | tuple):
        return given
    if isinstance(given, np.ndarray):
        if isinstance(given, np.matrix):
            return np.asarray(given)
        if type(given) in (np.ndarray, np.memmap) and given.ndim:
            return given
    elif (
        isinstance(given, Iterable)
        and not isinstance(given, str | bytes | bytearray | memoryview | Mapping | Set)
        and not hasattr(given, "toarray")  # a sparse matrix
        and not hasattr(given, "columns")
    ):
        return given
    kind = type(given)
    name = "" if kind.__module__ == "builtins" else f" of type {kind.__module__}.{kind.__name__}"
    raise HardmaxError(f"{where} is {shown(given)}{name}; {wanted} wanted")


def _columns(where: str, given: Any) -> dict[str, NDArray[Any]] | None:
    """The columns of a DataFrame as arrays that hold the same numbers, by name; else None."""
    if isinstance(given, np.ndarray) or not hasattr(given, "columns"):
        return None
    columns: dict[str, NDArray[Any]] = {}
    for s, name in enumerate(given.columns):
        key = f"column {shown(name)}"
        try:
            column = given.iloc[:, s] if hasattr(given, "iloc") else given[name]
            array = np.asarray(column.to_numpy())
        except Exception as error:  # whatever a foreign type raises
            kind = f"{type(given).__module__}.{type(given).__name__}"
            raise HardmaxError(f"{where}, {key} of a {kind}: no array of it: {error}") from None
        declared = getattr(column, "dtype", None)
        if array.dtype.kind != "O" and not _same_type(declared, array.dtype):
            raise HardmaxError(
                f"{where}, {key}: of type {declared}, its values come as {array.dtype}; "
                f"{WANTED} were wanted"
            )
        columns[key if key not in columns else f"{key}, number {s}"] = array
    if not columns:
        raise HardmaxError(f"{where} has no columns")
    return columns


def _same_type(declared: Any, dtype: np.dtype[Any]) -> bool:
    if str(declared).lower() == dtype.name:
        return True
    size = getattr(declared, "itemsize", None)
    return (getattr(declared, "kind", None), size) == (dtype.kind, dtype.itemsize)


def _check_type(where: str, array: NDArray[Any]) -> None:
    """Raise unless the array holds floats of up to 64 bits, integers, or objects that are such."""
    kind = array.dtype.kind
    if kind not in "fiuO" or (kind == "f" and array.itemsize > 8):
        name = "long double" if kind == "f" else str(array.dtype)
        raise HardmaxError(f"{where}: its values are of type {name}; {WANTED} were wanted")
    if kind == "O" and array.ndim == 1:
        for i, value in enumerate(array):
            if not isinstance(value, list | tuple | np.ndarray):  # which are rows
                _converted(f"{where}, row {i}", value, from_binary64)


def _native(array: NDArray[Any]) -> NDArray[np.floating[Any]]:
    """The array in the byte order of the machine and in one piece."""
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))


def _is_table_of_floats(rows: list[Any]) -> bool:
    return (
        len({len(row) if type(row) is list else -1 for row in rows}) == 1
        and type(rows[0]) is list
        and all(type(x) is float for row in rows for x in row)
    )
