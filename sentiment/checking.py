"""What a classifier is told and given, held to be usable before any work is done.

Each function returns the value in the form that training wants, or raises `HardmaxError` with the
offending value and what was wanted.
"""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sentiment import labels
from sentiment.corpora import split_groups
from sentiment.model import MOST_LAYERS
from sentiment.reading import Reading
from sentiment.training import Settings
from theory.exact import HardmaxError, shorten

INITIALISATIONS = ("random", "log-odds", "lexicon")

MOST_DEPTH = MOST_LAYERS
MOST_DIMENSION, MOST_EPOCHS, MOST_BATCH = 1024, 10_000, 10_000
MOST_NGRAMS, MOST_NEGATION = 8, 1000
MOST_NUMBERS = 50_000_000
"""Numbers of an embedding: training holds about forty bytes for each."""

MOST = 1e6
"""The greatest step, scale or rate."""

MOST_ANCHOR, MOST_SPREAD, MOST_UNRATED = 1000.0, 0.5, 2.0
"""Bounds of the design with an anchor: `sentiment.anchor` is proved within them."""

MOST_FOLDS = 10
"""Parts of a cross-validation at most."""

LEAST_STEP = 1e-3
"""The least step α: below it a text may want thousands of layers to settle."""


def settings(told: Mapping[str, Any]) -> Settings:
    """The settings of training, from the parameters of the estimator by name."""
    if told["initialisation"] not in INITIALISATIONS:
        wanted = ", ".join(INITIALISATIONS)
        raise HardmaxError(f"initialisation = {told['initialisation']!r}; one of {wanted}")
    for name in ("refit", "progress"):
        if not isinstance(told[name], bool | np.bool_):
            raise HardmaxError(f"{name} = {_shown(told[name])}; True or False was wanted")
    integer("min_count", told["min_count"], 1, 10**9)
    integer("min_count_groups", told["min_count_groups"], 1, 10**9)
    number("validation_fraction", told["validation_fraction"], 0, 1, least=True)
    anchor = number("anchor", told["anchor"], 0, MOST_ANCHOR, least=True)
    least = 2 if anchor else 1
    if anchor and told["initialisation"] == "random":
        raise HardmaxError("initialisation = 'random' with an anchor; anchor=0 was wanted")
    learned = isinstance(told["alpha"], str) and told["alpha"] == "learn"
    return Settings(
        dimension=integer("dimension", told["dimension"], least, MOST_DIMENSION),
        depth=depth(told["depth"]),
        alpha=None if learned else step("alpha", told["alpha"]),
        alpha_min=step("alpha_min", told["alpha_min"]),
        initialisation=told["initialisation"],
        scale=number("scale", told["scale"], 0, MOST),
        lexicon_scale=number("lexicon_scale", told["lexicon_scale"], 0, MOST, least=True),
        smoothing=number("smoothing", told["smoothing"], 0, MOST),
        noise=number("noise", told["noise"], 0, MOST, least=True),
        arc=number("arc", told["arc"], 0, MOST, least=True),
        dropout=number("dropout", told["dropout"], 0, 1, least=True),
        decay=number("decay", told["decay"], 0, MOST, least=True),
        learning_rate=number("learning_rate", told["learning_rate"], 0, MOST),
        batch_size=integer("batch_size", told["batch_size"], 1, MOST_BATCH),
        epochs=integer("epochs", told["epochs"], 0, MOST_EPOCHS),
        patience=integer("patience", told["patience"], 1, MOST_EPOCHS),
        anchor=anchor,
        spread=number("spread", told["spread"], 0, MOST_SPREAD),
        unrated=number("unrated", told["unrated"], 0, MOST_UNRATED),
        C=number("C", told["C"], 0, MOST),
    )


def reading(told: Mapping[str, Any]) -> Reading:
    """How texts are read, from the parameters of the estimator by name."""
    return Reading(
        integer("negation", told["negation"], 0, MOST_NEGATION),
        integer("ngrams", told["ngrams"], 1, MOST_NGRAMS),
    )


def size(features: int, dimension: int) -> None:
    """Raises `HardmaxError` for an embedding of more than `MOST_NUMBERS` numbers."""
    if features * dimension > MOST_NUMBERS:
        raise HardmaxError(
            f"{features:,} features × dimension {dimension} are more than {MOST_NUMBERS:,} "
            "numbers: lower dimension, or raise min_count"
        )


def depth(value: object) -> float:
    """The number of layers, `math.inf` for "infinite"."""
    infinite = isinstance(value, str) and value == "infinite"
    return inf if infinite else integer("depth", value, 0, MOST_DEPTH)


def step(name: str, value: object) -> float:
    """The step α: a float from `LEAST_STEP` to `MOST`."""
    return number(name, value, LEAST_STEP, MOST, least=True)


def classes(y: ArrayLike, count: int) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """The two classes, sorted, and the class of each of `count` texts."""
    values = np.asarray(y)
    if values.shape != (count,):
        raise HardmaxError(f"labels of shape {values.shape} for {count} texts")
    if not count:
        raise HardmaxError("no texts: at least two were wanted")
    if any(label is None or label != label for label in values.tolist()):
        raise HardmaxError("a label is missing (None or NaN)")
    try:
        distinct, numbers = np.unique(values, return_inverse=True)
    except TypeError:
        raise HardmaxError("labels of several kinds; one kind was wanted") from None
    if len(distinct) != 2:
        shown = ", ".join(shorten(repr(x)) for x in distinct.tolist()[:4])
        shown += ", …" if len(distinct) > 4 else ""
        if distinct.dtype.kind == "f" and (distinct % 1 != 0).any():
            raise HardmaxError(f"continuous labels ({shown}); two classes were wanted")
        noun = "class" if len(distinct) == 1 else "classes"
        only = ". Only binary classification is supported." if len(distinct) > 2 else ""
        raise HardmaxError(f"{len(distinct)} {noun} in the labels ({shown}); 2 were wanted{only}")
    return distinct, numbers


def labels_of(y: ArrayLike, count: int, known: Sequence[Any]) -> list[Any]:
    """The labels of `count` texts, each of them known. Raises `HardmaxError` for any other."""
    values = np.asarray(y)
    if values.shape != (count,):
        raise HardmaxError(f"labels of shape {values.shape} for {count} texts")
    given: list[Any] = values.tolist()
    for label in given:
        if label not in known:
            raise HardmaxError(f"the label {_shown(label)} is none of the model's {known!r}")
    return given


def positive(classes: NDArray[Any], wanted: object) -> Any:
    """The label of the positive class: the one that is wanted, else that which `labels` knows.

    The last of the classes where it knows none, as scikit-learn has it.
    """
    names = [str(label) for label in classes]
    if wanted is None:
        known = labels.positive(names)
        return classes[1 if known is None else names.index(known)]
    alike = [name for name in names if name == str(wanted)]
    alike = alike or [name for name in names if labels.alike(name, str(wanted))]
    if len(alike) != 1:
        shown = ", ".join(shorten(repr(name)) for name in names)
        raise HardmaxError(f"positive = {_shown(wanted)} is none of the labels {shown}")
    return classes[names.index(alike[0])]


def validation(
    truth: NDArray[np.bool_], groups: Sequence[Any] | None, fraction: float, seed: int
) -> NDArray[np.bool_]:
    """The texts that training leaves to early stopping: a part of the groups, or of each class.

    A single group cannot be divided, and counts as none.
    """
    if groups is not None and len(groups) != len(truth):
        raise HardmaxError(f"{len(groups)} groups for {len(truth)} texts")
    held: NDArray[np.bool_] = np.zeros(len(truth), dtype=bool)
    if not fraction:
        return held
    if groups is not None and len(set(groups)) > 1:
        held = ~split_groups(groups, 1 - fraction, seed)
    else:
        rng = np.random.default_rng(seed)
        for label in (False, True):
            members = rng.permutation(np.flatnonzero(truth == label))
            held[members[: round(fraction * len(members))]] = True
    if len(set(truth[~held].tolist())) < 2:
        raise HardmaxError(
            f"{int((~held).sum())} texts of one class remain for training: give more texts, "
            "or validation_fraction=0"
        )
    return held


def folds(
    truth: NDArray[np.bool_], groups: Sequence[Any] | None, fraction: float, seed: int
) -> NDArray[np.intp]:
    """The part of each text in a cross-validation whose parts hold about `fraction` of the texts.

    Parts keep groups together, or else the classes' proportions. One part alone means none: where
    the fraction is 0, and where a class has a single text or all texts are of one group. Raises
    `HardmaxError` where the other parts have texts of one class alone.
    """
    if groups is not None and len(groups) != len(truth):
        raise HardmaxError(f"{len(groups)} groups for {len(truth)} texts")
    parts: NDArray[np.intp] = np.zeros(len(truth), dtype=np.intp)
    if not fraction:
        return parts
    rng = np.random.default_rng(seed)
    count = min(MOST_FOLDS, max(2, round(1 / fraction)))
    if groups is not None and len(set(groups)) > 1:
        names, members, sizes = np.unique(
            np.array([str(group) for group in groups]), return_inverse=True, return_counts=True
        )
        count = min(count, len(names))
        filled = np.zeros(count)
        part_of = np.zeros(len(names), dtype=np.intp)
        for name in rng.permutation(len(names)):
            part_of[name] = filled.argmin()
            filled[part_of[name]] += sizes[name]
        parts = part_of[members]
    else:
        count = min(count, int(truth.sum()), int((~truth).sum()))
        for label in (False, True):
            shuffled = rng.permutation(np.flatnonzero(truth == label))
            parts[shuffled] = np.arange(len(shuffled)) % max(count, 1)
    for part in range(parts.max() + 1 if parts.any() else 0):
        if len(set(truth[parts != part].tolist())) < 2:
            raise HardmaxError(
                f"{int((parts != part).sum())} texts of one class remain for training: give more "
                "texts, or validation_fraction=0"
            )
    return parts


def integer(name: str, value: object, least: int, most: int) -> int:
    """An int from `least` to `most`."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not least <= value <= most:  # type: ignore[operator]  # whole, so it compares
        other = " or 'infinite'" if name == "depth" else ""
        raise HardmaxError(
            f"{name} = {_shown(value)}; an int from {least} to {most}{other} was wanted"
        )
    return int(value)  # type: ignore[call-overload, no-any-return]  # whole


def number(name: str, value: object, low: float, high: float, least: bool = False) -> float:
    """A float in (low, high), or in [low, high) if `least`."""
    real = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if real and (low < value < high or (least and value == low)):  # type: ignore[operator]  # real
        return float(value)  # type: ignore[arg-type]  # real
    other = " or 'learn'" if name == "alpha" else ""
    opening = "[" if least else "("
    raise HardmaxError(
        f"{name} = {_shown(value)}; a number in {opening}{low:g}, {high:g}){other} was wanted"
    )


def _shown(value: object) -> str:
    huge = isinstance(value, int) and value.bit_length() > 200  # may have no repr
    return "a huge int" if huge else shorten(repr(value))
