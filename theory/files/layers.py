"""What the keys of a configuration's object come to: a `Configuration` and its `Dynamics`.

Besides `tokens`, `A`, `labels` and `name` an object states how the layers step, by one of `alpha`,
`gamma`, `V` for all layers or for each of `layers`; and perhaps `mask` and `ties`. `Given` is what
the caller states instead. Whatever is [AFZ]'s dynamics comes out as such, however it was stated: a
constant γ in [0, 1) as the α that it belongs to, V = αI as α, a mask of ones as none, layers that
repeat one as that one. Where a dynamics has its own step or matrices, the α of the configuration is
1, and its A the first of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from theory.configuration import Configuration
from theory.dynamics import Dynamics
from theory.entries import check_lengths, shape
from theory.exact import HardmaxError
from theory.files.sources import InputError, Rows
from theory.matrices import Vector, identity
from theory.readable import count
from theory.rules import AVERAGED, BEFORE, EVERYONE, FIRST, Candidates, masked
from theory.schedules.functions import RationalFunction
from theory.scores import OWN_MATRIX, Matrices, Scores
from theory.steps import ALL_THE_WAY, PARTWAY, Constant, InTurn, Scheduled, Step, Valued

STEPS = ("alpha", "gamma", "V")
"""The keys that tell a step."""

MASKS: dict[str, Candidates] = {"all": EVERYONE, "causal": BEFORE}
"""The masks that have a name."""

Matrix = tuple[Vector, ...]


@dataclass(frozen=True)
class Given:
    """What is stated instead of a file's own keys, as far as it is not None.

    alpha, gamma : the step, of all layers; A : the matrix, of all layers.
    mask : "causal", "all", or a matrix of 0 and 1; ties : "first" or "averaged".
    """

    alpha: fmpq | None = None
    gamma: RationalFunction | None = None
    A: Rows | None = None
    mask: str | Rows | None = None
    ties: str | None = None

    def __post_init__(self) -> None:
        if self.alpha is not None and self.gamma is not None:
            raise InputError("alpha and gamma are both given; one of them was wanted")
        if self.ties not in (None, "first", "averaged"):
            raise InputError(f"ties = {self.ties!r}; 'first' or 'averaged' was wanted")

    @property
    def step(self) -> dict[str, Any]:
        """The key of the step, if one is given."""
        return {
            key: value
            for key, value in (("alpha", self.alpha), ("gamma", self.gamma))
            if value is not None
        }

    def over(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The keys of an object with what is given in their place."""
        changed = {key: value for key, value in fields.items() if value is not None}
        layers = [dict(layer) for layer in changed.get("layers", ())]
        for holder in (changed, *layers):
            if self.step:
                for key in STEPS:
                    holder.pop(key, None)
            if self.A is not None:
                holder.pop("A", None)
        if layers:
            changed["layers"] = layers
        more = {"A": self.A, "mask": self.mask, "ties": self.ties}
        changed |= self.step | {key: value for key, value in more.items() if value is not None}
        return changed


def stated(fields: Mapping[str, Any], given: Given) -> tuple[Configuration, Dynamics]:
    """The configuration and the dynamics of an object's keys. Raises `HardmaxError`.

    >>> gamma = RationalFunction.parse("1/3")
    >>> c, dynamics = stated({"tokens": [[fmpq(1)]], "gamma": gamma}, Given())
    >>> c.alpha, dynamics == Dynamics()
    (1/2, True)
    """
    keys = given.over(fields)
    layers, repeat = _layers(keys)
    named = [key for key in STEPS if key in keys]
    in_layers = next((f"layers[{k}]" for k, x in enumerate(layers) if _named(x)), None)
    if in_layers and named:
        raise InputError(f"{in_layers} and {named[0]} both state the step; one was wanted")
    if len(named) > 1:
        raise InputError(f"{' and '.join(named)} are stated; one of them was wanted")
    if not named and not in_layers:
        raise InputError("alpha is missing, or gamma, V or layers that state a step")
    alpha, step = _stepping(keys, layers, repeat)
    A, scores = _scoring(keys, layers, repeat)
    labels, name = keys.get("labels"), keys.get("name")
    configuration = Configuration(keys["tokens"], alpha, A, labels=labels, name=name)
    candidates = _candidates(keys["mask"], configuration.size) if "mask" in keys else EVERYONE
    ties = FIRST if keys.get("ties") == "first" else AVERAGED
    dynamics = Dynamics(candidates, ties, step, scores)
    dynamics.fit(configuration)
    return configuration, dynamics


def _layers(keys: Mapping[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    """The layers, none where they are all alike, and whether they repeat."""
    if "layers" not in keys:
        if "repeat" in keys:
            raise InputError("repeat: there are no layers to repeat")
        return [], True
    layers: list[dict[str, Any]] = keys["layers"]
    if not layers:
        raise InputError("layers: one layer at least is wanted")
    for k, layer in enumerate(layers):
        if len(_named(layer)) > 1:
            raise InputError(
                f"layers[{k}]: {' and '.join(_named(layer))} are stated; one of them was wanted"
            )
    return layers, bool(keys.get("repeat", False))


def _named(keys: Mapping[str, Any]) -> list[str]:
    return [key for key in STEPS if key in keys]


def _stepping(
    keys: Mapping[str, Any], layers: Sequence[Mapping[str, Any]], repeat: bool
) -> tuple[fmpq, Step]:
    """α, and the step of all layers."""
    if not layers and "alpha" in keys:
        return keys["alpha"], PARTWAY
    whole = _step(keys, "", keys["tokens"]) if _named(keys) else None
    steps: list[Step] = []
    for k, layer in enumerate(layers):
        if whole is None and not _named(layer):
            raise InputError(f"layers[{k}] states no step: alpha, gamma or V is missing")
        steps.append(whole or _step(layer, f"layers[{k}].", keys["tokens"]))
    turn = _turn(steps) if repeat else steps
    if len(turn) > 1 or not repeat:
        return fmpq(1), InTurn(tuple(turn), repeat)
    return _alone(turn[0] if turn else whole)


def _step(keys: Mapping[str, Any], where: str, tokens: Sequence[Any]) -> Step:
    """The step that one of the keys tells; a constant pull as such."""
    if "alpha" in keys:
        alpha = keys["alpha"]
        if alpha == -1:
            raise InputError(f"{where}alpha = -1 makes the layer divide by 1 + alpha = 0")
        return Constant(alpha / (1 + alpha))
    if "gamma" in keys:
        gamma: RationalFunction = keys["gamma"]
        constant = gamma.constant
        return Scheduled(gamma) if constant is None else Constant(constant)
    _check_square(f"{where}V", keys["V"], shape(tokens)[1])
    try:
        step = Valued(keys["V"])
    except HardmaxError as error:
        raise InputError(f"{where}{error}") from None
    v = step.V[0][0]
    plain = all(
        x == (v if i == j else 0) for i, row in enumerate(step.V) for j, x in enumerate(row)
    )
    return Constant(v / (1 + v)) if plain else step


def _alone(step: Step | None) -> tuple[fmpq, Step]:
    """α, and the step of every layer."""
    if isinstance(step, Constant):
        if step.gamma == 1:
            return fmpq(1), ALL_THE_WAY
        return step.gamma / (1 - step.gamma), PARTWAY
    return fmpq(1), step or PARTWAY


def _scoring(
    keys: Mapping[str, Any], layers: Sequence[Mapping[str, Any]], repeat: bool
) -> tuple[Rows | Matrix | None, Scores]:
    """A, and the matrices of the layers."""
    if not any("A" in layer for layer in layers):
        return keys.get("A"), OWN_MATRIX
    _, dimension = shape(keys["tokens"])
    own = keys.get("A", identity(dimension))
    matrices: list[Matrix] = []
    for k, layer in enumerate(layers):
        rows, where = layer.get("A", own), f"layers[{k}].A" if "A" in layer else "A"
        _check_square(where, rows, dimension)
        matrices.append(tuple(map(tuple, rows)))
    turn = _turn(matrices) if repeat else matrices
    if len(set(turn)) == 1:
        return turn[0], OWN_MATRIX
    return turn[0], Matrices(turn, repeat)


def _check_square(where: str, rows: Sequence[Any], dimension: int) -> None:
    """Raise unless there are as many rows as coordinates, each as long."""
    if len(rows) != dimension:
        raise InputError(
            f"{where} has {count(len(rows), 'row')}; tokens of dimension {dimension} want "
            f"{dimension}"
        )
    check_lengths(where, rows, dimension)


def _turn(items: list[Any]) -> list[Any]:
    """The shortest beginning of which the items are repetitions."""
    for length in range(1, len(items)):
        if len(items) % length == 0 and items == items[:length] * (len(items) // length):
            return items[:length]
    return items


def _candidates(mask: str | Sequence[Sequence[Any]], size: int) -> Candidates:
    """The candidates that a mask tells of so many tokens."""
    if isinstance(mask, str):
        if mask not in MASKS:
            raise InputError(f"mask = {mask!r}; 'causal', 'all' or a 0/1 matrix was wanted")
        return MASKS[mask]
    if len(mask) != size:
        raise InputError(
            f"the mask has {count(len(mask), 'row')}; {count(size, 'token')} want {size}"
        )
    check_lengths("mask", mask, size)
    for i, row in enumerate(mask):
        for j, x in enumerate(row):
            if x not in (0, 1):
                raise InputError(f"mask[{i}][{j}] is {x}; 0 or 1 was wanted")
    return masked([[j for j, x in enumerate(row) if x] for row in mask])
