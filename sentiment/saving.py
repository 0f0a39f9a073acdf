"""Models on disk: NAME.npz with the arrays, NAME.json with all else. Nothing is pickled.

The JSON file states format and version, the estimator's parameters, the classes, the vocabulary,
what the model was trained on, and two digests: of the .npz file's bytes, and of the JSON object
without that digest. Loading compares both, and every shape and type, so that a file that was cut
short, edited or mixed up with another one is an error and never a wrong model. Digests guard
against accident; whoever means harm can renew them, so that loading runs no code of a file's.
"""

import hashlib
import io
import json
import math
import os
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from sentiment.classifier import SentimentClassifier
from sentiment.model import Parameters
from sentiment.training import Epoch
from sentiment.vocabulary import Reading, Vocabulary
from theory.exact import HardmaxError

FORMAT = "hardmax sentiment model"
VERSION = 1

_KEYS = {
    "format", "version", "made_with", "parameters", "classes", "positive", "prior", "bias", "alpha",
    "reading", "vocabulary", "history", "trained_on", "arrays_sha256", "sha256",
}  # fmt: skip


def save(
    model: SentimentClassifier, path: str | Path, trained_on: dict[str, Any] | None = None
) -> tuple[Path, Path]:
    """Write a fitted model; the two files. Each is replaced in one step.

    `trained_on` is kept with the model as it is. Raises `HardmaxError` for labels that are not
    str, int, float or bool, and `OSError` where a file cannot be written.
    """
    classes = [_plain(label) for label in model.classes_]
    arrays = io.BytesIO()
    parameters = model.parameters_
    np.savez(arrays, embedding=parameters.embedding, weights=parameters.weights)
    content = {
        "format": FORMAT,
        "version": VERSION,
        "made_with": _versions(),
        "parameters": {k: _plain(v, k) for k, v in model.get_params(deep=False).items()},
        "classes": classes,
        "positive": _plain(model.positive_),
        "prior": parameters.prior,
        "bias": parameters.bias,
        "alpha": parameters.alpha,
        "reading": {"negation": model.reading_.negation, "ngrams": model.reading_.ngrams},
        "vocabulary": list(model.vocabulary_.names),
        "history": [vars(epoch) for epoch in model.history_],
        "trained_on": trained_on,
        "arrays_sha256": hashlib.sha256(arrays.getvalue()).hexdigest(),
    }
    content["sha256"] = _digest(content)
    json_path, npz_path = _paths(path)
    _replace(npz_path, arrays.getvalue())
    _replace(json_path, (json.dumps(content, indent=1, allow_nan=False) + "\n").encode())
    return json_path, npz_path


def load(path: str | Path) -> tuple[SentimentClassifier, dict[str, Any] | None]:
    """The model, and what it was trained on.

    `path` names either file, or both without a suffix. Raises `HardmaxError` naming the file and
    what is wrong with it.
    """
    json_path, npz_path = _paths(path)
    content = _read_json(json_path)
    packed = _bytes(npz_path)
    if hashlib.sha256(packed).hexdigest() != content["arrays_sha256"]:
        raise HardmaxError(f"{npz_path}: not the arrays that {json_path.name} was written with")
    try:
        return _model(content, packed), content["trained_on"]
    except HardmaxError as error:
        raise HardmaxError(f"{json_path}: {error}") from None
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise HardmaxError(f"{json_path}: not a model's: {type(error).__name__}") from None


def _model(content: dict[str, Any], packed: bytes) -> SentimentClassifier:
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        embedding, weights = arrays["embedding"], arrays["weights"]
    vocabulary = Vocabulary(tuple(content["vocabulary"]))
    for name, array, shape in (
        ("embedding", embedding, (len(vocabulary), weights.size)),
        ("weights", weights, (weights.size,)),
    ):
        if array.shape != shape or array.dtype != np.float32 or not np.isfinite(array).all():
            raise HardmaxError(f"{name} is no finite float32 array of shape {shape}")
    scalars = [content[name] for name in ("bias", "alpha", "prior")]
    if not all(isinstance(x, float) and math.isfinite(x) for x in scalars) or scalars[1] <= 0:
        raise HardmaxError(f"bias, alpha, prior = {scalars}; finite numbers were wanted, alpha > 0")
    classes = np.array(content["classes"])
    if classes.shape != (2,) or content["positive"] not in content["classes"]:
        raise HardmaxError(f"classes {content['classes']}; two were wanted, one of them positive")
    model = SentimentClassifier(**content["parameters"])
    model.classes_ = classes
    model.positive_ = classes[content["classes"].index(content["positive"])]
    model.reading_ = Reading(**content["reading"])
    model.vocabulary_ = vocabulary
    model.parameters_ = Parameters(embedding, weights, *scalars)
    model.history_ = tuple(Epoch(**epoch) for epoch in content["history"])
    model.n_iter_ = len(model.history_) - 1
    return model


def _read_json(path: Path) -> dict[str, Any]:
    packed = _bytes(path)
    try:
        content = json.loads(packed.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise HardmaxError(f"{path}: not JSON, so not a model") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise HardmaxError(f"{path}: not a {FORMAT}")
    if content.get("version") != VERSION:
        raise HardmaxError(f"{path}: version {content.get('version')!r}; {VERSION} was wanted")
    if set(content) != _KEYS:
        raise HardmaxError(f"{path}: keys {sorted(set(content) ^ _KEYS)} are missing or unknown")
    if content["sha256"] != _digest({k: v for k, v in content.items() if k != "sha256"}):
        raise HardmaxError(f"{path}: its contents are not those that it was written with")
    return content


def _paths(path: str | Path) -> tuple[Path, Path]:
    path = Path(path)
    stem = path.with_suffix("") if path.suffix in {".json", ".npz"} else path
    return stem.with_name(stem.name + ".json"), stem.with_name(stem.name + ".npz")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HardmaxError(f"{path}: cannot be read: {error.strerror or error}") from None


def _replace(path: Path, content: bytes) -> None:
    """Write the file in one step: whoever reads it has the old one or the new one."""
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(scratch, 0o666 & ~umask)
        os.replace(scratch, path)
    except BaseException:
        os.unlink(scratch)
        raise


def _digest(content: dict[str, Any]) -> str:
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
    found = {}
    for package in ("hardmax-theory", "numpy", "scikit-learn"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
