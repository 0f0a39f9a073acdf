"""The dynamics of a configuration file without tokens: what moves any tokens that suit it.

The keys are those of a configuration (`theory.files.layers`) but for its tokens; the step may be
left out as well, and is then free. A matrix fixes the dimension, and a mask of 0 and 1 the number
of tokens.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from theory.configuration import Configuration
from theory.dynamics import Dynamics
from theory.files.layers import STEPS, Given, stated
from theory.files.objects import Numeral, configuration_fields, decode
from theory.files.sources import InputError, as_text, at, display_name, read_bytes


@dataclass(frozen=True)
class Stated:
    """What such a file states.

    dynamics : what moves the tokens.
    example : a configuration that it fits, with the A and α that are stated.
    tokens, dimension : how many tokens, in which dimension, if it says.
    matrix, step : whether it states A, and α.
    ignored : whether it has tokens, which count for nothing.
    """

    dynamics: Dynamics
    example: Configuration
    tokens: int | None
    dimension: int | None
    matrix: bool
    step: bool
    ignored: bool


def read_dynamics(path: str | os.PathLike[str]) -> Stated:
    """The dynamics that a JSON file states. Raises `InputError` for everything wrong with it.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "d.json")
    ...     with open(path, "w") as file:
    ...         _ = file.write('{"V": [["3/2", 0], [0, "7/3"]], "mask": "causal"}')
    ...     read = read_dynamics(path)
    >>> read.dynamics.keys["mask"], read.tokens, read.dimension, read.matrix
    ('causal', None, 2, False)
    """
    with at(display_name(path)):
        value = decode(as_text(read_bytes(os.fspath(path))))
        if not isinstance(value, dict):
            raise InputError("an object with the keys of a dynamics was wanted")
        return _stated(value)


def _stated(value: Mapping[str, Any]) -> Stated:
    layers = value.get("layers")
    own = layers if isinstance(layers, list) else []
    parts = [value, *(layer for layer in own if isinstance(layer, dict))]
    free = not any(key in part for part in parts for key in STEPS)
    n = _length(value.get("mask"))
    sizes = [_length(part.get(key)) for part in parts for key in ("A", "V")]
    d = next((size for size in sizes if size), None)
    more: dict[str, Any] = {"alpha": Numeral("1")} if free else {}
    rows = [[Numeral(str(i + 1))] * (d or 1) for i in range(n or 1)]
    kept = {key: x for key, x in value.items() if key not in ("tokens", "labels", "name")}
    example, dynamics = stated(configuration_fields({**kept, **more, "tokens": rows}), Given())
    return Stated(
        dynamics,
        example,
        n,
        d,
        any("A" in part for part in parts),
        not free and dynamics.step.keys.get("alpha", "") is not None,
        "tokens" in value,
    )


def _length(value: object) -> int | None:
    return len(value) if isinstance(value, list) and value else None
