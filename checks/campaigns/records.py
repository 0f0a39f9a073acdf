"""Records: what a unit found, as JSON text and back, with nothing lost and nothing taken on trust.

What identifies a campaign is read here as well, as strictly.

A witness is the object of a configuration file, its numbers exact. Reading is strict: unknown,
missing and repeated names, wrong types and negative counts are errors. Equal results have equal
records; seeds are text, since they exceed the whole numbers of SQLite.
"""

import json
from collections import Counter
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    NonNegativeInt,
    PlainValidator,
    StringConstraints,
    ValidationError,
)

from checks.campaigns.units import Unit, UnitResult
from checks.reach import Reach
from checks.verdicts import Tally
from theory import Configuration, HardmaxError
from theory.files.sources import once


class RecordError(HardmaxError):
    """A text that is no record of a unit, or does not identify a campaign."""


def _string(value: object) -> str:
    """Any string: an explanation quotes whatever a claim raised, lone surrogates among it."""
    if not isinstance(value, str):
        raise ValueError("a string was wanted")
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Unit(_Strict):
    source: str
    examples: NonNegativeInt
    seed: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
    place: NonNegativeInt


class _Witness(_Strict):
    tokens: list[list[str]]
    alpha: str
    A: list[list[str]] | None = None
    labels: list[str] | None = None
    name: str | None = None


class _Tally(_Strict):
    examples: NonNegativeInt
    applicable: NonNegativeInt
    undecided: NonNegativeInt
    failed: bool = False
    witness: _Witness | None = None
    explanation: Annotated[str, PlainValidator(_string)] | None = None


class _Reach(_Strict):
    phenomena: dict[str, NonNegativeInt]
    dimension: dict[str, NonNegativeInt]
    settled_layer: dict[str, NonNegativeInt]
    settles_by: dict[str, NonNegativeInt]


class _Record(_Strict):
    unit: _Unit
    examples: NonNegativeInt
    reach: _Reach
    tallies: dict[str, _Tally]


class _Arguments(_Strict):
    claims: list[str]
    examples: NonNegativeInt
    max_layers: NonNegativeInt
    code: dict[str, str]
    seed: Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,4300}$")]


def encode(result: UnitResult) -> str:
    """The record of a unit, in ASCII; `decode` gives an equal result back."""
    return json.dumps(
        {
            "unit": {**vars(result.unit), "seed": str(result.unit.seed)},
            "examples": result.examples,
            "reach": {name: dict(sorted(x.items())) for name, x in vars(result.reach).items()},
            "tallies": {name: _written(tally) for name, tally in result.tallies.items()},
        },
        separators=(",", ":"),
    )


def decode(text: str) -> UnitResult:
    """What a unit found. Raises `RecordError` if the text is anything but a record."""
    try:
        record = _Record.model_validate(json.loads(text, object_pairs_hook=once))
        tallies = {name: _read(tally) for name, tally in record.tallies.items()}
    except (ValueError, RecursionError) as error:
        raise RecordError(f"no record of a unit: {_reason(error)}") from None
    reach = Reach(**{name: Counter(counts) for name, counts in vars(record.reach).items()})
    unit = Unit(**{**vars(record.unit), "seed": int(record.unit.seed)})
    return UnitResult(unit, tallies, reach, record.examples)


def arguments(text: str) -> dict[str, Any]:
    """What identifies a campaign. Raises `RecordError` if the text is anything else."""
    try:
        return vars(_Arguments.model_validate(json.loads(text, object_pairs_hook=once)))
    except (ValueError, RecursionError) as error:
        raise RecordError(f"nothing that identifies a campaign: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        return f"{place}: {first['msg']}" if place else first["msg"]
    return " ".join(str(error).split())


def _written(tally: Tally) -> dict[str, Any]:
    written: dict[str, Any] = {
        "examples": tally.examples,
        "applicable": tally.applicable,
        "undecided": tally.undecided,
    }
    if tally.failed:
        written["failed"] = True
    if tally.witness is not None:
        written["witness"] = tally.witness.to_dict()
    if tally.explanation is not None:
        written["explanation"] = tally.explanation
    return written


def _read(tally: _Tally) -> Tally:
    witness = None if tally.witness is None else Configuration(**vars(tally.witness))
    return Tally(**{**vars(tally), "witness": witness})
