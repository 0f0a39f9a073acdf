"""Configuration files: JSON, JSON Lines, CSV and .npy become a `Configuration`, exactly.

A JSON object states a whole configuration (`tokens`, `alpha`, and optionally `A`, `labels`,
`name`); .csv and .npy state the tokens alone, one a row, and get α and A from the caller. Numbers
never pass through a float: a literal of JSON or CSV is the decimal that it spells, and the floats
of a .npy array are the dyadic rationals that they are.

Whatever is wrong with a file becomes one `InputError` of one line: file, place, cause.
"""

import csv
import io
import json
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import PurePath
from typing import Annotated, Any, TypeAlias

import numpy as np
from flint import fmpq
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainValidator,
    TypeAdapter,
    ValidationError,
)

from theory.configuration import Configuration
from theory.exact import HardmaxError, Rational, from_binary64, rational, shorten

MAX_BYTES = 1 << 26
"""The longest file that is read."""

STDIN = "-"
"""The path that stands for standard input."""

Rows: TypeAlias = list[list[fmpq]]


class InputError(HardmaxError):
    """A file does not state what it should: the message names file, place and cause."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number of a JSON text as it is spelled there, told apart from a string."""

    spelling: str


def read_configurations(
    path: str | os.PathLike[str],
    *,
    alpha: Rational | None = None,
    matrix: str | os.PathLike[str] | None = None,
) -> list[Configuration]:
    """The configurations that a file states: one, or one a line of a .jsonl file.

    Parameters
    ----------
    path : a file named .json, .jsonl, .csv or .npy; a path without a suffix, and "-" for standard
        input, are read as JSON or JSON Lines.
    alpha : the step, for .csv and .npy files, which do not state it.
    matrix : a .json, .csv or .npy file with the rows of A, for .csv and .npy files; the identity
        when omitted.

    Raises `InputError`, and nothing else, for everything that is wrong with the input.

    Possible issues: the numbers of a .csv file are decimals and fractions, so that 0.1 means 1/10
    there; in a .npy array it means the float nearest to 1/10.
    """
    place = os.fspath(path)
    suffix = _suffix(place)
    if is_table(path):
        if alpha is None:
            raise InputError(
                f"{display_name(place)}: a {suffix} file does not state alpha: give --alpha"
            )
        with _at("alpha"):
            step = rational(alpha)
        A = None if matrix is None else _read_table(os.fspath(matrix))
        tokens = _read_table(place)
        with _at(display_name(place)):
            return [Configuration(tokens, step, A)]
    if suffix not in ("", ".json", ".jsonl"):
        raise _unknown_kind(place, ".json, .jsonl, .csv or .npy")
    if alpha is not None or matrix is not None:
        given = "matrix" if alpha is None else "alpha"
        raise InputError(
            f"{display_name(place)}: {given} is for .csv and .npy files; JSON states its own"
        )
    with _at(display_name(place)):
        text = _text(_read(place))
        if suffix == ".json" or (not suffix and not _has_lines(text)):
            return [_configuration(_decode(text))]
        return _configurations(text)


def is_table(path: str | os.PathLike[str]) -> bool:
    """Whether a path names a file of tokens alone, .csv or .npy, which wants α from elsewhere."""
    return _suffix(os.fspath(path)) in (".csv", ".npy")


def display_name(path: str | os.PathLike[str]) -> str:
    """A path as it is called in a message of one line.

    >>> display_name("a.json"), display_name("a\\nb.json"), display_name("-")
    ('a.json', "'a\\\\nb.json'", 'standard input')
    """
    place = os.fspath(path)
    if place == STDIN:
        return "standard input"
    return place if place.isprintable() else repr(place)


def _suffix(place: str) -> str:
    return "" if place == STDIN else PurePath(place).suffix.lower()


def _unknown_kind(place: str, wanted: str) -> InputError:
    return InputError(f"{display_name(place)}: unknown kind of file; {wanted} was wanted")


@contextmanager
def _at(place: str) -> Iterator[None]:
    """Put the place before the message of whatever is wrong there."""
    try:
        yield
    except HardmaxError as error:
        raise InputError(f"{place}: {error}") from None


def _read(place: str) -> bytes:
    try:
        if place == STDIN:
            if sys.stdin is None:
                raise InputError("it is closed")
            content = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with open(place, "rb") as file:
                content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(error.strerror or str(error)) from None
    except ValueError as error:  # a path that holds a null character
        raise InputError(str(error)) from None
    if len(content) > MAX_BYTES:
        raise InputError(f"longer than {MAX_BYTES >> 20} MiB")
    if not content.strip():
        raise InputError("the file is empty")
    return content


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = f"0x{content[error.start]:02x}"
        raise InputError(f"not a text in UTF-8: byte {error.start} is {byte}") from None
    if text.startswith("\ufeff"):
        raise InputError("it starts with a byte order mark; plain UTF-8 was wanted")
    return text


def _decode(text: str) -> Any:
    """The JSON value of a text, its numbers as `Numeral`."""
    try:
        return json.loads(
            text,
            parse_int=Numeral,
            parse_float=Numeral,
            parse_constant=Numeral,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in text else ""
        extra = error.msg == "Extra data"
        cause = "text after the end of the JSON value" if extra else f"not JSON: {error.msg}"
        raise InputError(f"{line}column {error.colno}: {cause}") from None
    except RecursionError:
        raise InputError("brackets are nested too deeply") from None


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise InputError(f"the key {shorten(ascii(repeated))} is given twice")
    return result


def _has_lines(text: str) -> bool:
    """Whether the first line that is not blank is a JSON value with more lines after it."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return False
    try:
        _decode(lines[0])
    except InputError:
        return False
    return True


def _configurations(text: str) -> list[Configuration]:
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            with _at(f"line {number}"):
                found.append(_configuration(_decode(line)))
    return found


def _number(value: object) -> fmpq:
    if isinstance(value, Numeral | str):
        return rational(value.spelling if isinstance(value, Numeral) else value)
    raise HardmaxError(f"{_spelled(value)} is not a number")


def _word(value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise HardmaxError(f"{_spelled(value)} holds half of a surrogate pair")
    return value


def _spelled(value: object) -> str:
    """A JSON value for a message."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return shorten(ascii(value))
        case Numeral():
            return shorten(value.spelling)
        case list():
            return "a list"
        case _:
            return "an object"


Number: TypeAlias = Annotated[fmpq, PlainValidator(_number)]
Word: TypeAlias = Annotated[str, AfterValidator(_word)]


class ConfigurationFile(BaseModel):
    """The shape of the JSON object; sizes and values are for `Configuration` to judge."""

    model_config = ConfigDict(strict=True, extra="forbid", arbitrary_types_allowed=True)

    tokens: list[list[Number]]
    alpha: Number
    A: list[list[Number]] | None = None
    labels: list[Word] | None = None
    name: Word | None = None


_MATRIX = TypeAdapter(
    list[list[Number]], config=ConfigDict(strict=True, arbitrary_types_allowed=True)
)

_WANTED = {
    "list_type": "a list",
    "model_type": "an object",
    "string_type": "a text in quotes",
    "string_unicode": "a text of Unicode characters",
}
"""What was wanted where pydantic found a value of another type."""


def _configuration(value: Any) -> Configuration:
    try:
        file = ConfigurationFile.model_validate(value)
    except ValidationError as error:
        raise _misshapen(error) from None
    return Configuration(file.tokens, file.alpha, file.A, labels=file.labels, name=file.name)


def _misshapen(error: ValidationError) -> InputError:
    """The first thing that is wrong with the shape of a JSON value, as one line."""
    first = error.errors(include_url=False)[0]
    where = "".join(f"[{key}]" if isinstance(key, int) else key for key in first["loc"])
    kind = first["type"]
    if kind == "missing":
        return InputError(f"{where} is missing")
    if kind == "extra_forbidden":
        known = ", ".join(ConfigurationFile.model_fields)
        return InputError(f"unknown key {shorten(ascii(where))}; the keys are {known}")
    if kind == "value_error":
        cause = str(first["ctx"]["error"])
    elif kind in _WANTED:
        cause = f"{_spelled(first['input'])} was given; {_WANTED[kind]} was wanted"
    else:
        cause = first["msg"]
    return InputError(f"{where}: {cause}" if where else cause)


def _read_table(place: str) -> Rows:
    """The rows of numbers of a .json, .csv or .npy file."""
    readers = {".json": _json_rows, ".csv": _csv_rows, ".npy": _npy_rows}
    reader = readers.get(_suffix(place))
    if reader is None:
        raise _unknown_kind(place, ".json, .csv or .npy")
    with _at(display_name(place)):
        return reader(_read(place))


def _json_rows(content: bytes) -> Rows:
    value = _decode(_text(content))
    try:
        return _MATRIX.validate_python(value)
    except ValidationError as error:
        raise _misshapen(error) from None


def _csv_rows(content: bytes) -> Rows:
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    rows: Rows = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                with _at(f"line {reader.line_num}"):
                    rows.append(_csv_row(cells, rows))
    except csv.Error as error:
        raise InputError(f"line {reader.line_num}: not CSV: {error}") from None
    return rows


def _csv_row(cells: Sequence[str], before: Rows) -> list[fmpq]:
    if not before and all(map(_is_name, cells)):
        raise InputError(
            f"{shorten(ascii(','.join(cells)))} looks like a header; every line is to be a token"
        )
    row = []
    for column, cell in enumerate(cells, start=1):
        with _at(f"column {column}"):
            row.append(rational(cell))
    if before and len(row) != len(before[0]):
        raise InputError(f"{len(row)} numbers; {len(before[0])} were wanted, as above")
    return row


def _is_name(cell: str) -> bool:
    word = cell.strip().lower()
    return word.isidentifier() and word not in ("nan", "inf", "infinity")


def _npy_rows(content: bytes) -> Rows:
    array = _npy_array(content)
    for i, s in np.argwhere(~np.isfinite(array)):
        raise InputError(f"[{i}, {s}]: {array[i, s]} is not a finite number")
    convert = from_binary64 if array.dtype.kind == "f" else rational
    return [[convert(x) for x in row] for row in array.tolist()]


def _npy_array(content: bytes) -> np.ndarray[Any, np.dtype[Any]]:
    """The array of a .npy file; its header is judged before anything is made of it."""
    shape, by_column, dtype, start = _npy_header(content)
    if dtype.kind not in "iuf" or dtype.itemsize > 8:
        raise InputError(
            f"an array of {shorten(str(dtype))}; integers or floats of at most 64 bits were wanted"
        )
    if len(shape) != 2 or min(shape) < 1:
        raise InputError(f"an array of shape {shorten(str(shape))}; (n, d), n, d ≥ 1 was wanted")
    if prod(shape) * dtype.itemsize != len(content) - start:
        raise InputError(f"{len(content) - start} bytes follow a header that announces {shape}")
    array = np.frombuffer(content, dtype, offset=start)
    return array.reshape(shape, order="F" if by_column else "C")


def _npy_header(content: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    """Shape, whether columns come first, type, and where the numbers begin."""
    file = io.BytesIO(content)
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    try:
        read = readers.get(np.lib.format.read_magic(file))
        if read is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # numpy's remarks on files made by Python 2
                shape, by_column, dtype = read(file)
            return shape, by_column, dtype, file.tell()
    except Exception as error:  # a damaged header leads numpy's parser to errors of any type
        raise InputError(f"not a .npy file: {shorten(str(error))}") from None
    raise InputError("an unknown version of the .npy format")
