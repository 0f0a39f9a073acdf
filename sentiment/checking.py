"""What a classifier is told and given, held to be usable before any work is done.

Each function returns the value in the form that training wants, or raises `HardmaxError` with the
offending value and what was wanted.
"""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sentiment.corpora import split_groups
from sentiment.training import Settings
from theory.exact import HardmaxError

POSITIVE = ("1", "pos", "positive", "fresh", "good", "true", "yes")
"""Labels that are taken for the positive class when none is named."""

INITIALISATIONS = ("random", "log-odds", "lexicon")


def settings(told: Mapping[str, Any]) -> Settings:
    """The settings of training, from the parameters of the estimator by name."""
    if told["initialisation"] not in INITIALISATIONS:
        wanted = ", ".join(INITIALISATIONS)
        raise HardmaxError(f"initialisation = {told['initialisation']!r}; one of {wanted}")
    integer("min_count", told["min_count"], 1)
    integer("min_count_groups", told["min_count_groups"], 1)
    number("validation_fraction", told["validation_fraction"], 0, 1, least=True)
    learned = isinstance(told["alpha"], str) and told["alpha"] == "learn"
    return Settings(
        dimension=integer("dimension", told["dimension"], 1),
        depth=depth(told["depth"]),
        alpha=None if learned else number("alpha", told["alpha"], 0, inf),
        alpha_min=number("alpha_min", told["alpha_min"], 0, inf),
        initialisation=told["initialisation"],
        scale=number("scale", told["scale"], 0, inf),
        lexicon_scale=number("lexicon_scale", told["lexicon_scale"], 0, inf, least=True),
        smoothing=number("smoothing", told["smoothing"], 0, inf),
        noise=number("noise", told["noise"], 0, inf, least=True),
        arc=number("arc", told["arc"], 0, inf, least=True),
        dropout=number("dropout", told["dropout"], 0, 1, least=True),
        decay=number("decay", told["decay"], 0, inf, least=True),
        learning_rate=number("learning_rate", told["learning_rate"], 0, inf),
        batch_size=integer("batch_size", told["batch_size"], 1),
        epochs=integer("epochs", told["epochs"], 0),
        patience=integer("patience", told["patience"], 1),
    )


def depth(value: object) -> float:
    """The number of layers, `math.inf` for "infinite"."""
    return inf if isinstance(value, str) and value == "infinite" else integer("depth", value, 0)


def classes(y: ArrayLike, count: int) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """The two classes, sorted, and the class of each of `count` texts."""
    values = np.asarray(y)
    if values.shape != (count,):
        raise HardmaxError(f"labels of shape {values.shape} for {count} texts")
    if not count:
        raise HardmaxError("no texts: at least two were wanted")
    found, numbers = np.unique(values, return_inverse=True)
    if len(found) != 2:
        shown = ", ".join(map(repr, found.tolist()[:4])) + (", …" if len(found) > 4 else "")
        noun = "class" if len(found) == 1 else "classes"
        raise HardmaxError(f"{len(found)} {noun} in the labels ({shown}); 2 were wanted")
    return found, numbers


def positive(classes: NDArray[Any], wanted: object) -> Any:
    """The label of the positive class."""
    names = [str(label).lower() for label in classes]
    if wanted is not None:
        if str(wanted).lower() not in names:
            raise HardmaxError(f"positive = {wanted!r} is none of the labels {classes.tolist()}")
        return classes[names.index(str(wanted).lower())]
    return next((classes[names.index(name)] for name in POSITIVE if name in names), classes[1])


def validation(
    labels: NDArray[np.bool_], groups: Sequence[Any] | None, fraction: float, seed: int
) -> NDArray[np.bool_]:
    """The texts that training leaves to early stopping: a part of the groups, or of each class."""
    if groups is not None and len(groups) != len(labels):
        raise HardmaxError(f"{len(groups)} groups for {len(labels)} texts")
    held: NDArray[np.bool_] = np.zeros(len(labels), dtype=bool)
    if not fraction:
        return held
    if groups is not None:
        held = ~split_groups(groups, 1 - fraction, seed)
    else:
        rng = np.random.default_rng(seed)
        for label in (False, True):
            members = rng.permutation(np.flatnonzero(labels == label))
            held[members[: round(fraction * len(members))]] = True
    if len(set(labels[~held].tolist())) < 2:
        raise HardmaxError(
            f"{int((~held).sum())} texts of one class remain for training: give more texts, "
            "or validation_fraction=0"
        )
    return held


def integer(name: str, value: object, least: int) -> int:
    """An int of at least `least`."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        other = " or 'infinite'" if name == "depth" else ""
        raise HardmaxError(f"{name} = {value!r}; an int ≥ {least}{other} was wanted")
    return int(value)


def number(name: str, value: object, low: float, high: float, least: bool = False) -> float:
    """A float in (low, high), or in [low, high) if `least`."""
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        found = float(value)
        if low < found < high or (least and found == low):
            return found
    other = " or 'learn'" if name == "alpha" else ""
    opening = "[" if least else "("
    raise HardmaxError(f"{name} = {value!r}; a number in {opening}{low}, {high}){other} was wanted")
