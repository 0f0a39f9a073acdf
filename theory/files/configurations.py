"""Configuration files: JSON, tables and arrays become a `Configuration`, exactly.

A JSON object states a whole configuration (`tokens`, `alpha`, and optionally `A`, `labels`,
`name`); a table (`theory.files.tables`) or an array (`theory.files.arrays`) states the tokens
alone, one a row, and gets α and A from the caller. Numbers never pass through a float: a literal of
JSON or of a table is the decimal that it spells, and the floats of an array are the dyadic
rationals that they are.

Whatever is wrong with a file becomes one `InputError` of one line: file, place, cause.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq
from pydantic_core import SchemaValidator, ValidationError
from pydantic_core import core_schema as schema

from theory.configuration import Configuration
from theory.exact import HardmaxError, Rational, rational, shorten
from theory.files.sources import (
    ARRAYS,
    TABLES,
    InputError,
    Rows,
    Tell,
    as_text,
    at,
    bound,
    display_name,
    kind_of,
    read_bytes,
    room,
    telling,
)

_LEADING = b"\xef\xbb\xbf \t\r\n"
"""What may stand before a JSON value."""


def read_configurations(
    path: str | os.PathLike[str],
    *,
    alpha: Rational | None = None,
    matrix: str | os.PathLike[str] | Rows | None = None,
    header: bool | None = None,
    columns: Sequence[str | int] | None = None,
    format: str | None = None,
    tell: Tell | None = None,
) -> list[Configuration]:
    """The configurations that a file states: one, or one a line of a .jsonl file.

    Parameters
    ----------
    path : a file of one of the kinds .json, .jsonl, .csv, .tsv, .txt, .npy and .npz, each perhaps
        packed (.gz); a path without a suffix, and "-" for standard input, are read as JSON or JSON
        Lines.
    alpha : the step, for tables and arrays, which do not state it; instead of the file's own for
        JSON.
    matrix : the rows of A, or a file that `read_matrix` takes, for tables and arrays, which have
        the identity otherwise; instead of the file's own for JSON.
    header : whether the first line of a table is a header; None leaves it to the table, and is
        an error where that does not tell.
    columns : the columns that are coordinates, by name or by number from 0; None for all of them,
        but for an index. Ranges such as "1:" are taken as well.
    format : the kind of the file, whatever its name.
    tell : takes remarks, each one line, on what was skipped: a header, an index, a line that names
        the separator. Without it one `InputWarning` a file has them.

    Raises `InputError`, and nothing else, for everything that is wrong with the input.

    Possible issues: the numbers of a table are decimals and fractions, so that 0.1 means 1/10
    there; in an array it means the float nearest to 1/10.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "two.json")
    ...     with open(path, "w") as file:
    ...         _ = file.write('{"tokens": [[0.1], ["1/3"]], "alpha": 1}')
    ...     (configuration,) = read_configurations(path)
    >>> configuration.tokens
    ((1/10,), (1/3,))
    """
    place = os.fspath(path)
    called = display_name(place)
    kind = kind_of(place, format)
    if header is not None and kind not in TABLES:
        raise InputError(f"{called}: header is for tables: .csv, .tsv or .txt")
    if columns is not None and kind not in (*TABLES, *ARRAYS):
        raise InputError(f"{called}: columns are for tables and arrays")
    step = None
    if alpha is not None:
        with at("alpha"):
            step = rational(alpha)
    with telling(tell, called) as remark:
        A = matrix if not isinstance(matrix, str | os.PathLike) else read_matrix(matrix, tell)
        with at(called):
            if kind not in (*TABLES, *ARRAYS):
                return _stated(read_bytes(place), kind, step, A)
            if step is None:
                raise InputError(f"a .{kind} file does not state alpha: give --alpha")
            content = read_bytes(place)
            if kind in TABLES:
                from theory.files.tables import table_rows  # here and below: what this kind needs

                text = as_text(content)
                tokens = table_rows(text, kind, header=header, columns=columns, tell=remark)
            else:
                from theory.files.arrays import array_rows

                tokens = array_rows(content, kind)
                if columns is not None:
                    from theory.files.tables import chosen_columns

                    chosen = chosen_columns(columns, len(tokens[0]))
                    tokens = [[row[column] for column in chosen] for row in tokens]
            return [Configuration(tokens, step, A)]


def _stated(content: bytes, kind: str, alpha: fmpq | None, A: Rows | None) -> list[Configuration]:
    """The configurations that JSON states, one or one a line."""
    try:
        text = as_text(content)
        if kind == "json" or (not kind and not _has_lines(text)):
            return [_configuration(_decode(text), alpha, A)]
        return _configurations(text, alpha, A)
    except InputError as error:
        if kind or content.lstrip(_LEADING).startswith(b"{"):
            raise
        raise InputError(f"{error} (--format, if it is not JSON)") from None


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number of a JSON text as it is spelled there, told apart from a string."""

    spelling: str


def _decode(text: str) -> Any:
    """The JSON value of a text, its numbers as `Numeral`."""
    numbers = text.count(",") + 1
    bound(numbers - 1)
    room(numbers, text.count("["))
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


def _configurations(text: str, alpha: fmpq | None, A: Rows | None) -> list[Configuration]:
    found = []
    room(text.count(","), text.count("["))
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            with at(f"line {number}"):
                found.append(_configuration(_decode(line), alpha, A))
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


_ROWS = schema.list_schema(
    schema.list_schema(schema.no_info_plain_validator_function(_number), strict=True), strict=True
)
_WORD = schema.no_info_after_validator_function(_word, schema.str_schema(strict=True))

_SHAPES: dict[str, schema.CoreSchema] = {
    "tokens": _ROWS,
    "alpha": schema.no_info_plain_validator_function(_number),
    "A": schema.nullable_schema(_ROWS),
    "labels": schema.nullable_schema(schema.list_schema(_WORD, strict=True)),
    "name": schema.nullable_schema(_WORD),
}
"""The shapes of the JSON object's values; sizes and values are for `Configuration` to judge."""

_OBJECT = SchemaValidator(
    schema.typed_dict_schema(
        {
            key: schema.typed_dict_field(shape, required=key == "tokens")  # alpha may be an option
            for key, shape in _SHAPES.items()
        },
        extra_behavior="forbid",
        strict=True,
    )
)

_MATRIX = SchemaValidator(_ROWS)

_WANTED = {
    "list_type": "a list",
    "dict_type": "an object",
    "string_type": "a text in quotes",
    "string_unicode": "a text of Unicode characters",
}
"""What was wanted where pydantic found a value of another type."""


def _configuration(value: Any, alpha: fmpq | None, A: Rows | None) -> Configuration:
    """The configuration of a JSON value; `alpha` and `A`, if given, are instead of its own."""
    try:
        file = _OBJECT.validate_python(value)
    except ValidationError as error:
        raise _misshapen(error) from None
    step = file.get("alpha") if alpha is None else alpha
    if step is None:
        raise InputError("alpha is missing")
    rows = file.get("A") if A is None else A
    return Configuration(
        file["tokens"], step, rows, labels=file.get("labels"), name=file.get("name")
    )


def _misshapen(error: ValidationError) -> InputError:
    """The first thing that is wrong with the shape of a JSON value, as one line."""
    first = error.errors(include_url=False)[0]
    where = "".join(f"[{key}]" if isinstance(key, int) else key for key in first["loc"])
    kind = first["type"]
    if kind == "missing":
        return InputError(f"{where} is missing")
    if kind == "extra_forbidden":
        known = ", ".join(_SHAPES)
        return InputError(f"unknown key {shorten(ascii(where))}; the keys are {known}")
    if kind == "value_error":
        cause = str(first["ctx"]["error"])
    elif kind in _WANTED:
        cause = f"{_spelled(first['input'])} was given; {_WANTED[kind]} was wanted"
    else:
        cause = first["msg"]
    return InputError(f"{where}: {cause}" if where else cause)


def read_matrix(path: str | os.PathLike[str], tell: Tell | None = None) -> Rows:
    """The rows of numbers of a matrix: JSON's list of lists, a table or an array.

    Raises `InputError`; `tell` takes remarks on what was skipped, which one `InputWarning` has
    without it.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "A.csv")
    ...     with open(path, "w") as file:
    ...         _ = file.write("2, 1/2\\n1/2, 1")
    ...     Configuration([[1, 0]], alpha=1, A=read_matrix(path)).A
    ((2, 1/2), (1/2, 1))
    """
    place = os.fspath(path)
    called = display_name(place)
    kind = kind_of(place)
    if kind not in ("json", *TABLES, *ARRAYS):
        raise InputError(f"{called}: unknown kind of file; .json, a table or an array was wanted")
    with telling(tell, called) as remark, at(called):
        content = read_bytes(place)
        if kind in ARRAYS:
            from theory.files.arrays import array_rows

            return array_rows(content, kind)
        text = as_text(content)
        if kind in TABLES:
            from theory.files.tables import matrix_rows

            return matrix_rows(text, kind, remark)
        try:
            rows: Rows = _MATRIX.validate_python(_decode(text))
            return rows
        except ValidationError as error:
            raise _misshapen(error) from None
