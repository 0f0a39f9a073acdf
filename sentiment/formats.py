"""The format of a saved model: what each key of the JSON file is, and how long the arrays are.

`Content` is the JSON file without its digest. Reading is strict: unknown, missing and repeated
keys, wrong types, numbers that are not finite and numbers out of range are errors. Nothing here
touches a file.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from math import prod
from typing import Annotated, Any, Literal, NoReturn

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    StringConstraints,
    ValidationError,
    model_validator,
)

from sentiment import checking
from sentiment.classifier import SentimentClassifier
from sentiment.corpora import LONGEST_LABEL
from theory.exact import HardmaxError, shorten
from theory.files.sources import once

FORMAT = "hardmax sentiment model"
VERSION = 2

LARGEST = 1e15
"""Bound on every number of a model: products of two and their sums stay finite in binary32."""

MAGIC = b"\x93NUMPY\x01\x00"
SINGLE, WHOLE = "<f4", "<u8"
"""The types of the arrays: binary32 and unsigned 64-bit integers, least byte first."""

Label = (
    Annotated[str, StringConstraints(max_length=LONGEST_LABEL)]
    | bool
    | Annotated[int, Field(ge=-(2**63), lt=2**63)]
    | Annotated[float, Field(allow_inf_nan=False)]
)
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]
Step = Annotated[float, Field(ge=checking.LEAST_STEP, le=checking.MOST, allow_inf_nan=False)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Reading(_Strict):
    """How texts are read (`sentiment.reading.Reading`)."""

    negation: Annotated[int, Field(ge=0, le=checking.MOST_NEGATION)]
    ngrams: Annotated[int, Field(ge=1, le=checking.MOST_NGRAMS)]


class Epoch(_Strict):
    """How training stood after an epoch (`sentiment.training.Epoch`)."""

    number: NonNegativeInt
    alpha: Step
    training_loss: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None
    validation_loss: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None
    validation_accuracy: Annotated[float, Field(ge=0, le=1)] | None


class TrainedOn(_Strict):
    """What the model was trained on (`sentiment.provenance`); the fingerprints are an array."""

    name: str
    texts: PositiveInt
    seed: Annotated[int, Field(ge=0, lt=2**32)]
    hold_out: Annotated[float, Field(ge=0, lt=1)]


class Content(_Strict):
    """All keys of the JSON file but its own digest."""

    format: Literal["hardmax sentiment model"]
    version: Literal[2]
    made_with: dict[str, str]
    parameters: dict[str, Any]
    classes: tuple[Label, Label]
    positive: Label
    prior: Number
    bias: Number
    alpha: Step
    reading: Reading
    vocabulary: Annotated[tuple[str, ...], Field(min_length=1)]
    history: Annotated[tuple[Epoch, ...], Field(min_length=1)]
    trained_on: TrainedOn | None
    arrays_sha256: Digest

    @model_validator(mode="after")
    def _consistent(self) -> "Content":
        first, second = self.classes
        if type(first) is not type(second) or not first < second:  # type: ignore[operator]  # of one type by then
            raise ValueError("classes: two labels of one kind were wanted, in rising order")
        if not any(type(x) is type(self.positive) and x == self.positive for x in self.classes):
            raise ValueError(f"positive: {shorten(repr(self.positive))} is none of the classes")
        if len(set(self.vocabulary)) < len(self.vocabulary):
            raise ValueError("vocabulary: a feature is named twice")
        for place, epoch in enumerate(self.history):
            judged = (epoch.validation_loss is None, epoch.validation_accuracy is None)
            if epoch.number != place or (epoch.training_loss is None) != (place == 0):
                raise ValueError(f"history: epoch {place} was wanted at place {place}")
            if judged != ((self.history[0].validation_loss is None),) * 2:
                raise ValueError("history: some epochs are validated and some are not")
        _check_parameters(self.parameters)
        return self


def _check_parameters(parameters: Mapping[str, Any]) -> None:
    """The estimator's parameters: each of them, and each of a value that `fit` would take."""
    wanted = set(SentimentClassifier().get_params(deep=False))
    if set(parameters) != wanted:
        raise ValueError(f"parameters: {sorted(set(parameters) ^ wanted)} are missing or unknown")
    checking.settings(parameters)
    checking.reading(parameters)
    if not isinstance(parameters["positive"], str | int | float | None):
        raise ValueError("parameters: positive is a label or null")
    seed = parameters["random_state"]
    if seed is not None and (type(seed) is not int or not 0 <= seed < 2**32):
        raise ValueError("parameters: random_state is a number from 0 to 2^32 − 1, or null")


def parse(text: str) -> dict[str, Any]:
    """A JSON object. Raises `ValueError` or `RecursionError` for everything else."""
    content = json.loads(text, parse_constant=_no_constant, object_pairs_hook=once)
    if not isinstance(content, dict):
        raise ValueError("no object")
    return content


def checked(content: Mapping[str, Any]) -> Content:
    """The content of a JSON file, without its digest.

    Raises `HardmaxError` that names the key and what was wanted.
    """
    try:
        return Content.model_validate_json(json.dumps(content, allow_nan=False))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"][:3]))
        words = first["msg"].removeprefix("Value error, ")
        raise HardmaxError(shorten(f"{place}: {words}" if place else words, 160)) from None
    except (ValueError, RecursionError) as error:
        raise HardmaxError(shorten(f"{error}", 160)) from None


def arrays(packed: bytes, size: int, with_texts: bool) -> tuple[NDArray[Any], ...]:
    """Embedding (size, d), weights (d,), and the fingerprints (n,) if wanted, of an .npz file.

    Near fingerprints (m,) come last where the file has them; models of before have none.
    The headers are compared with what is wanted before anything of their size is made. Raises
    `HardmaxError` unless the file has these arrays, uncompressed, and nothing else.
    """
    names = ["embedding", "weights", *(["trained_on"] if with_texts else [])]
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            members = archive.infolist()
            if with_texts and any(m.filename == "trained_near.npy" for m in members):
                names.append("trained_near")
            if sorted(m.filename for m in members) != sorted(f"{name}.npy" for name in names):
                raise HardmaxError(f"the arrays {', '.join(names)} were wanted, and no others")
            if any(m.compress_type != zipfile.ZIP_STORED for m in members):
                raise HardmaxError("the arrays are compressed, as no model's are")
            raw = {name: archive.read(f"{name}.npy") for name in names}
    except HardmaxError:
        raise
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError, KeyError) as error:
        raise HardmaxError(f"not an .npz file: {shorten(str(error))}") from None
    weights = _array(raw, "weights", SINGLE, None)
    embedding = _array(raw, "embedding", SINGLE, (size, len(weights)))
    parameters = [embedding, weights]
    if not 1 <= len(weights) <= checking.MOST_DIMENSION:
        raise HardmaxError(f"{len(weights)} weights; 1 to {checking.MOST_DIMENSION} were wanted")
    if not all((np.abs(array) <= LARGEST).all() for array in parameters):
        raise HardmaxError(f"the arrays have numbers that are not finite, or beyond {LARGEST:g}")
    for name in names[2:]:
        parameters.append(_array(raw, name, WHOLE, None))
        if not (parameters[-1][:-1] < parameters[-1][1:]).all():
            raise HardmaxError(f"{name}: rising fingerprints were wanted")
    return tuple(parameters)


def _array(
    raw: Mapping[str, bytes], name: str, kind: str, shape: tuple[int, ...] | None
) -> NDArray[Any]:
    """An array of that shape; of one axis if None.

    The header is compared with the one that NumPy writes: its parser is for trusted files.
    """
    content = raw[name]
    start = len(MAGIC) + 2
    stop = start + int.from_bytes(content[len(MAGIC) : start], "little")
    dtype = np.dtype(kind)
    if shape is None:
        shape = ((len(content) - stop) // dtype.itemsize,)
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    length = prod(shape) * dtype.itemsize
    good = content.startswith(MAGIC) and content[start:stop].rstrip() == header
    if not good or len(content) - stop != length:
        raise HardmaxError(f"{name} is no array of type {dtype.name} and shape {shape}")
    return np.frombuffer(content, dtype, offset=stop).reshape(shape).astype(dtype.newbyteorder("="))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
