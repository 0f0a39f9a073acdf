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

from sentiment import checking, reliability
from sentiment.classifier import SentimentClassifier
from sentiment.corpora import LONGEST_LABEL
from sentiment.model import MOST_MULTIPLICITY
from sentiment.reliability import BINS
from theory.exact import HardmaxError, shorten
from theory.files.sources import once

FORMAT = "hardmax sentiment model"
VERSION = 3

LARGEST = 1e15
"""Bound on every number of a model: products of two and their sums stay finite in binary32."""

MAGIC = b"\x93NUMPY\x01\x00"
SINGLE, DOUBLE, WHOLE = "<f4", "<f8", "<u8"
"""The types of the arrays: binary32, binary64, unsigned 64-bit integers, least byte first."""

PARAMETERS = ("embedding", "weights", "masses", "with_feature", "remainders")
TEXTS = ("trained_on", "trained_near")
"""The names of the arrays; the last three parameters are of models with an anchor."""

MOST_TEXTS = 2**40
"""Bound on counts of texts."""

Label = (
    Annotated[str, StringConstraints(max_length=LONGEST_LABEL)]
    | bool
    | Annotated[int, Field(ge=-(2**63), lt=2**63)]
    | Annotated[float, Field(allow_inf_nan=False)]
)
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]
Part = Annotated[float, Field(ge=0, le=1)]
Texts = Annotated[int, Field(ge=1, le=MOST_TEXTS)]
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


class Fitted(_Strict):
    """What a model with an anchor was made of (`sentiment.strengths`), but for the arrays."""

    by_rating: Number
    by_odds: Number
    texts: tuple[Texts, Texts]


class Bin(_Strict):
    """One row of the reliability table (`sentiment.reliability.Bin`)."""

    start: Part
    end: Part
    texts: NonNegativeInt
    mean_probability: Part | None
    positive: Part | None

    @model_validator(mode="after")
    def _consistent(self) -> "Bin":
        rates = self.mean_probability, self.positive
        if any((rate is None) != (self.texts == 0) for rate in rates):
            raise ValueError("a bin has rates if and only if it has texts")
        return self


class Calibration(_Strict):
    """What is known of the probabilities (`sentiment.reliability.Calibration`)."""

    texts: PositiveInt
    parts: Annotated[int, Field(ge=1, le=checking.MOST_FOLDS)]
    accuracy: Part
    log_loss: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    ece: Part
    bins: Annotated[tuple[Bin, ...], Field(min_length=BINS, max_length=BINS)]

    @model_validator(mode="after")
    def _consistent(self) -> "Calibration":
        edges = [(b.start, b.end) for b in self.bins]
        if edges != [(k / BINS, (k + 1) / BINS) for k in range(BINS)]:
            raise ValueError(f"the {BINS} bins of equal width were wanted, in their order")
        if sum(b.texts for b in self.bins) != self.texts:
            raise ValueError("the bins have not all texts")
        return self

    def value(self) -> reliability.Calibration:
        """As the classifier has it."""
        bins = tuple(reliability.Bin(**vars(b)) for b in self.bins)
        return reliability.Calibration(**vars(self) | {"bins": bins})


class TrainedOn(_Strict):
    """What the model was trained on (`sentiment.provenance`); the fingerprints are an array."""

    name: str
    texts: PositiveInt
    seed: Annotated[int, Field(ge=0, lt=2**32)]
    hold_out: Annotated[float, Field(ge=0, lt=1)]


class Content(_Strict):
    """All keys of the JSON file but its own digest."""

    format: Literal["hardmax sentiment model"]
    version: Literal[3]
    made_with: dict[str, str]
    parameters: dict[str, Any]
    classes: tuple[Label, Label]
    positive: Label
    prior: Number
    bias: Number
    alpha: Step
    anchor: Annotated[int, Field(ge=0, le=MOST_MULTIPLICITY)]
    fitted: Fitted | None
    calibration: Calibration | None
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
        if (self.anchor > 0) != (self.fitted is not None):
            raise ValueError("fitted: models with an anchor have it, and no others")
        _check_parameters(self.parameters)
        if (self.anchor > 0) != (self.parameters["anchor"] > 0):
            raise ValueError("anchor: not the one of the parameters")
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


def arrays(packed: bytes, size: int, anchored: bool, with_texts: bool) -> dict[str, NDArray[Any]]:
    """The arrays of an .npz file by name, for a vocabulary of that size.

    Embedding (size, d) and weights (d,); with an anchor the embedding has a row more, and there are
    masses (size,), counts `with_feature` (2, size) and remainders (size,). If wanted, fingerprints
    `trained_on` (n,), and `trained_near` (m,) where the file has them; models of before have none.
    The headers are compared with what is wanted before anything of their size is made. Raises
    `HardmaxError` unless the file has these arrays, uncompressed, and nothing else.
    """
    names = [*PARAMETERS[: None if anchored else 2], *(TEXTS[:1] if with_texts else [])]
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
    if not 1 <= len(weights) <= checking.MOST_DIMENSION:
        raise HardmaxError(f"{len(weights)} weights; 1 to {checking.MOST_DIMENSION} were wanted")
    shapes = {
        "embedding": (SINGLE, (size + anchored, len(weights))),
        "masses": (SINGLE, (size,)),
        "with_feature": (WHOLE, (2, size)),
        "remainders": (DOUBLE, (size,)),
    }
    wanted = {name: _array(raw, name, *shapes[name]) for name in names if name in shapes}
    wanted["weights"] = weights
    if not all((np.abs(array) <= LARGEST).all() for array in wanted.values()):
        raise HardmaxError(f"the arrays have numbers that are not finite, or beyond {LARGEST:g}")
    if anchored and not (wanted["masses"] >= 0).all():
        raise HardmaxError("masses: a number is negative")
    for name in TEXTS:
        if name in names:
            wanted[name] = _array(raw, name, WHOLE, None)
            if not (wanted[name][:-1] < wanted[name][1:]).all():
                raise HardmaxError(f"{name}: rising fingerprints were wanted")
    return wanted


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
