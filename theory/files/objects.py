"""JSON texts with exact numbers: a literal is the decimal that it spells, and never a float.

`decode` makes values of a text, and `configuration_fields` and `matrix_rows` check the shape of the
two kinds of value that are read. What the keys of a configuration come to is in
`theory.files.layers`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq
from pydantic_core import SchemaValidator, ValidationError
from pydantic_core import core_schema as schema

from theory.exact import HardmaxError, rational, shorten
from theory.files.sources import InputError, Rows, bound, room
from theory.schedules.functions import RationalFunction


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number of a JSON text as it is spelled there, told apart from a string."""

    spelling: str


def decode(text: str) -> Any:
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


def _schedule(value: object) -> RationalFunction:
    """A pull: a number, or a text in k."""
    if isinstance(value, Numeral | str):
        return RationalFunction.parse(value.spelling if isinstance(value, Numeral) else value)
    raise HardmaxError(f"{_spelled(value)} is no pull; a number or a text in k was wanted")


def _mask(value: object) -> str | list[list[int]]:
    """The word for the causal mask, or a matrix of 0 and 1."""
    if isinstance(value, str) and value == "causal":
        return value
    if not isinstance(value, list):
        raise HardmaxError(f'{_spelled(value)} was given; "causal" or a 0/1 matrix was wanted')
    return [_bits(i, row) for i, row in enumerate(value)]


def _bits(i: int, row: object) -> list[int]:
    if not isinstance(row, list):
        raise HardmaxError(f"row {i} is {_spelled(row)}; a list of 0 and 1 was wanted")
    for j, bit in enumerate(row):
        if not isinstance(bit, Numeral) or bit.spelling not in ("0", "1"):
            raise HardmaxError(f"entry [{i}][{j}] is {_spelled(bit)}; 0 or 1 was wanted")
    return [int(bit.spelling) for bit in row]


def _ties(value: object) -> str:
    if isinstance(value, str) and value == "first":
        return value
    raise HardmaxError(f'{_spelled(value)} was given; "first" was wanted')


def _object_schema(shapes: dict[str, schema.CoreSchema], required: str = "") -> schema.CoreSchema:
    fields = {
        key: schema.typed_dict_field(shape, required=key == required)
        for key, shape in shapes.items()
    }
    return schema.typed_dict_schema(fields, extra_behavior="forbid", strict=True)


_ROWS = schema.list_schema(
    schema.list_schema(schema.no_info_plain_validator_function(_number), strict=True), strict=True
)
_WORD = schema.no_info_after_validator_function(_word, schema.str_schema(strict=True))

_STEPS: dict[str, schema.CoreSchema] = {
    "alpha": schema.no_info_plain_validator_function(_number),
    "gamma": schema.no_info_plain_validator_function(_schedule),
    "V": _ROWS,
}
"""How a step is told."""

_LAYER = {"A": _ROWS, **_STEPS}

_SHAPES: dict[str, schema.CoreSchema] = {
    "tokens": _ROWS,
    **_STEPS,
    "layers": schema.list_schema(_object_schema(_LAYER), strict=True),
    "repeat": schema.bool_schema(strict=True),
    "A": schema.nullable_schema(_ROWS),
    "mask": schema.no_info_plain_validator_function(_mask),
    "ties": schema.no_info_plain_validator_function(_ties),
    "labels": schema.nullable_schema(schema.list_schema(_WORD, strict=True)),
    "name": schema.nullable_schema(_WORD),
}
"""The shapes of the JSON object's values; sizes and values are for `Configuration` to judge."""

_OBJECT = SchemaValidator(_object_schema(_SHAPES, "tokens"))  # a step may be an option

_MATRIX = SchemaValidator(_ROWS)

_WANTED = {
    "list_type": "a list",
    "dict_type": "an object",
    "string_type": "a text in quotes",
    "bool_type": "true or false",
    "string_unicode": "a text of Unicode characters",
}
"""What was wanted where pydantic found a value of another type."""


def configuration_fields(value: Any) -> dict[str, Any]:
    """The keys of a configuration's object, each of its shape. Raises `InputError`."""
    try:
        fields: dict[str, Any] = _OBJECT.validate_python(value)
        return fields
    except ValidationError as error:
        raise _misshapen(error) from None


def matrix_rows(value: Any) -> Rows:
    """The rows of a matrix. Raises `InputError`."""
    try:
        rows: Rows = _MATRIX.validate_python(value)
        return rows
    except ValidationError as error:
        raise _misshapen(error) from None


def _misshapen(error: ValidationError) -> InputError:
    """The first thing that is wrong with the shape of a JSON value, as one line."""
    first = error.errors(include_url=False)[0]
    where = ""
    for key in first["loc"]:
        where += f"[{key}]" if isinstance(key, int) else f".{key}" if where else key
    kind = first["type"]
    if kind == "missing":
        return InputError(f"{where} is missing")
    if kind == "extra_forbidden":
        known = ", ".join(_SHAPES if len(first["loc"]) == 1 else _LAYER)
        return InputError(f"unknown key {shorten(ascii(where))}; the keys are {known}")
    if kind == "value_error":
        cause = str(first["ctx"]["error"])
    elif kind in _WANTED:
        cause = f"{_spelled(first['input'])} was given; {_WANTED[kind]} was wanted"
    else:
        cause = first["msg"]
    return InputError(f"{where}: {cause}" if where else cause)
