"""Models on disk: NAME.npz with the arrays, NAME.json with all else. Nothing is pickled.

The JSON file states format and version, the estimator's parameters, the classes, the vocabulary,
what the model was trained on, and two digests: of the .npz file's bytes, and of the JSON object
without that digest. Loading compares both, and every key, type, shape and range
(`sentiment.formats`), so that a file that was cut short, edited or mixed up with another one is an
error and never a wrong model. Digests guard against accident; whoever means harm can renew them,
so that loading runs no code of a file's and makes nothing much larger than the file.
"""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from sentiment import checking, formats
from sentiment.classifier import SentimentClassifier
from sentiment.model import Parameters
from sentiment.opening import regular
from sentiment.provenance import Provenance
from sentiment.reading import Reading
from sentiment.reliability import Calibration
from sentiment.strengths import Statistics, Strengths
from sentiment.training import Epoch
from sentiment.vocabulary import Vocabulary
from theory.exact import HardmaxError
from theory.files.outputs import write_together

MOST_BYTES = 2**28
"""The longest file that is read."""

DIGITS = 12
"""Hexadecimal digits by which versions of a model are told apart."""

CARD = b"<!-- hardmax: the card of a model; training writes it anew -->"
"""The first line of a model's card (`sentiment.card`), by which it is known again."""


def save(
    model: SentimentClassifier,
    path: str | Path,
    trained_on: Provenance | None = None,
    force: bool = False,
    card: Callable[[str], str] | None = None,
) -> tuple[Path, Path]:
    """Write a fitted model, with what it was trained on if given; the two files.

    With `card`, from the model's version to a text, that is written as a third (`card_path`).

    Both are complete before either takes its place, and of several processes that write at once
    the last wins with both. A model that is there is replaced, other files only by `force`. Raises
    `HardmaxError` for a model that could not be loaded again, such as one with labels that are not
    str, int, float or bool, as `check_place` does, and where a file cannot be written.
    """
    json_path, npz_path = paths(path)
    parameters = model.parameters_
    arrays: dict[str, Any] = {
        "embedding": parameters.embedding.astype(formats.SINGLE),
        "weights": parameters.weights.astype(formats.SINGLE),
    }
    anchored, fitted = parameters.anchor > 0, None
    if model.strengths_ is not None and model.statistics_ is not None:
        fitted = {
            "by_rating": model.strengths_.by_rating,
            "by_odds": model.strengths_.by_odds,
            "texts": model.statistics_.texts.tolist(),
        }
        arrays["masses"] = np.asarray(parameters.masses).astype(formats.SINGLE)
        arrays["with_feature"] = model.statistics_.with_feature.astype(formats.WHOLE)
        arrays["remainders"] = model.strengths_.remainders.astype(formats.DOUBLE)
    if trained_on is not None:
        arrays["trained_on"] = trained_on.fingerprints.astype(formats.WHOLE)
        if trained_on.near is not None:
            arrays["trained_near"] = trained_on.near.astype(formats.WHOLE)
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    content = {
        "format": formats.FORMAT,
        "version": formats.VERSION,
        "made_with": _versions(),
        "parameters": {k: _plain(v, k) for k, v in model.get_params(deep=False).items()},
        "classes": [_plain(label) for label in model.classes_],
        "positive": _plain(model.positive_),
        "prior": parameters.prior,
        "bias": parameters.bias,
        "alpha": parameters.alpha,
        "anchor": parameters.anchor,
        "fitted": fitted,
        "calibration": None if model.calibration_ is None else _table(model.calibration_),
        "reading": vars(model.reading_),
        "vocabulary": list(model.vocabulary_.names),
        "history": [vars(epoch) for epoch in model.history_],
        "trained_on": None if trained_on is None else _without_texts(trained_on),
        "arrays_sha256": hashlib.sha256(packed.getvalue()).hexdigest(),
    }
    formats.checked(content)
    formats.arrays(packed.getvalue(), len(model.vocabulary_), anchored, trained_on is not None)
    words = json.dumps(content | {"sha256": _digest(content)}, indent=1, allow_nan=False) + "\n"
    try:
        with _alone(json_path.parent, to_write=True):
            check_place(json_path, force, card is not None)
            files: dict[Path, str | bytes] = {json_path: words, npz_path: packed.getvalue()}
            if card is not None:
                files[card_path(path)] = card(version_of(words.encode()))
            write_together(files)
    except OSError as error:
        place = error.filename or json_path
        raise HardmaxError(f"{place}: cannot be written: {error.strerror or error}") from None
    return json_path, npz_path


def check_place(path: str | Path, force: bool = False, card: bool = False) -> None:
    """Raises `HardmaxError` where a model at `path`, perhaps with a card, would take the place of
    something else.

    Something else is what is no file, and, unless by `force`, what is no model's file.
    """
    json_path, npz_path = paths(path)
    ours = _is_settings(json_path)
    places = [(json_path, ours), (npz_path, ours and _is_arrays(npz_path))]
    if card:
        places.append((card_path(path), _is_card(card_path(path))))
    for file, known in places:
        if os.path.lexists(file):
            if file.exists() and not file.is_file():
                raise HardmaxError(f"{file} is no file, and cannot be a model's")
            if not (known or force):
                raise HardmaxError(f"{file} is no model's file, and is replaced by --force only")


def _is_settings(path: Path) -> bool:
    """Whether a file is a model's .json, of whatever version, damaged or not."""
    try:
        return formats.parse(_bytes(path).decode("utf-8")).get("format") == formats.FORMAT
    except (ValueError, RecursionError):  # HardmaxError is one
        return False


def _is_card(path: Path) -> bool:
    """Whether a file is a model's card."""
    try:
        with os.fdopen(regular(path), "rb") as file:
            return file.read(len(CARD)) == CARD
    except (OSError, HardmaxError):
        return False


def _is_arrays(path: Path) -> bool:
    """Whether a file is an .npz with a model's arrays."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.removesuffix(".npy") for name in archive.namelist()}
    except (OSError, ValueError, zipfile.BadZipFile):
        return False
    known = {*formats.PARAMETERS, *formats.TEXTS}
    return {"embedding", "weights"} <= names <= known


def load(path: str | Path) -> tuple[SentimentClassifier, Provenance | None]:
    """The model, and what it was trained on.

    `path` names either file, or both without a suffix. Raises `HardmaxError` naming the file and
    what is wrong with it.
    """
    json_path, npz_path = paths(path)
    with _alone(json_path.parent, to_write=False):
        words, packed = _bytes(json_path), _bytes(npz_path)
    content = _content(json_path, words)
    if hashlib.sha256(packed).hexdigest() != content.arrays_sha256:
        raise HardmaxError(f"{npz_path}: not the arrays that {json_path.name} was written with")
    try:
        with_texts = content.trained_on is not None
        anchored = content.anchor > 0
        arrays = formats.arrays(packed, len(content.vocabulary), anchored, with_texts)
    except HardmaxError as error:
        raise HardmaxError(f"{npz_path}: {error}") from None
    provenance = None
    if content.trained_on is not None:
        provenance = Provenance(
            **vars(content.trained_on),
            fingerprints=arrays["trained_on"],
            near=arrays.get("trained_near"),
        )
    classes = np.array(content.classes)
    model = SentimentClassifier(**content.parameters)
    model.classes_ = classes
    model.settings_ = checking.settings(content.parameters)
    model.positive_ = classes[content.classes.index(content.positive)]
    model.reading_ = Reading(**vars(content.reading))
    model.vocabulary_ = Vocabulary(content.vocabulary)
    model.parameters_ = Parameters(
        arrays["embedding"], arrays["weights"], content.bias, content.alpha, content.prior,
        arrays.get("masses"), content.anchor,
    )  # fmt: skip
    model.strengths_ = model.statistics_ = None
    if content.fitted is not None:
        told = content.fitted
        model.strengths_ = Strengths(told.by_rating, told.by_odds, arrays["remainders"])
        counted = arrays["with_feature"].astype(np.int64)
        model.statistics_ = Statistics(counted, np.array(told.texts, dtype=np.int64))
    model.calibration_ = None
    if content.calibration is not None:
        model.calibration_ = content.calibration.value()
    model.history_ = tuple(Epoch(**vars(epoch)) for epoch in content.history)
    model.n_iter_ = len(model.history_) - 1
    return model, provenance


def paths(path: str | Path) -> tuple[Path, Path]:
    """The two files of a model, .json and .npz. Raises `HardmaxError` for a path without a name."""
    path = Path(path)
    if path.name in {"", ".."}:
        raise HardmaxError(f"{path}: the name of a model was wanted")
    stem = path.with_suffix("") if path.suffix in {".json", ".npz"} else path
    return stem.with_name(stem.name + ".json"), stem.with_name(stem.name + ".npz")


def card_path(path: str | Path) -> Path:
    """The file of a model's card, .md."""
    return paths(path)[0].with_suffix(".md")


def version_of(words: bytes) -> str:
    """What tells a version of a model from others: the beginning of its .json file's SHA-256."""
    return hashlib.sha256(words).hexdigest()[:DIGITS]


def _content(path: Path, words: bytes) -> formats.Content:
    """The content of the JSON file, once its digest is right."""
    try:
        content = formats.parse(words.decode("utf-8"))
    except (ValueError, RecursionError):
        raise HardmaxError(f"{path}: not JSON, so not a model") from None
    if content.get("format") != formats.FORMAT:
        raise HardmaxError(f"{path}: not a {formats.FORMAT}")
    number = content.get("version")
    if type(number) is int and 0 < number < formats.VERSION:
        raise HardmaxError(
            f"{path}: a model of version {number}, and this hardmax reads {formats.VERSION}: "
            "train it again"
        )
    try:
        given = content.pop("sha256", None)
        if given != _digest(content):
            raise HardmaxError("its contents are not those that it was written with")
        return formats.checked(content)
    except HardmaxError as error:
        raise HardmaxError(f"{path}: {error}") from None
    except (ValueError, RecursionError):
        raise HardmaxError(f"{path}: not JSON, so not a model") from None


def _bytes(path: Path) -> bytes:
    try:
        with os.fdopen(regular(path), "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise HardmaxError(f"{path}: cannot be read: {reason}") from None
    if len(content) > MOST_BYTES:
        raise HardmaxError(f"{path}: more than {MOST_BYTES >> 20} MiB, so not a model")
    return content


@contextmanager
def _alone(folder: Path, to_write: bool) -> Iterator[None]:
    """Hold the folder's lock, where the system has such locks: both files of a model are of one."""
    handle = None
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX if to_write else fcntl.LOCK_SH)
    except (ImportError, OSError, ValueError):
        pass  # no locks, or no folder: the file that is opened next says so
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _without_texts(trained_on: Provenance) -> dict[str, Any]:
    texts = {"fingerprints", "near"}
    return {name: value for name, value in vars(trained_on).items() if name not in texts}


def _table(calibration: Calibration) -> dict[str, Any]:
    return vars(calibration) | {"bins": [vars(b) for b in calibration.bins]}


def _digest(content: Mapping[str, Any]) -> str:
    words = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(words.encode()).hexdigest()


def _plain(value: Any, name: str = "a label") -> Any:
    """The value as JSON has it."""
    if isinstance(value, np.generic):
        value = value.item()
    if name == "random_state" and not isinstance(value, int | None):
        return None
    if value is not None and not isinstance(value, str | int | float | bool):
        raise HardmaxError(f"{name} is {value!r}; a str, a number or a bool can be saved")
    return value


def _versions() -> dict[str, str]:
    versions = {}
    for package in ("hardmax-theory", "numpy", "scikit-learn"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return versions
