"""Kinds of dynamics that have no name: that of a file without tokens, and a user's own."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flint import fmpq

from checks.statements.domains import Matrix, plain
from checks.statements.kinds import BOX_STEP, DIMENSIONS, TOKENS, Kind, any_at_all, as_drawn
from checks.verdicts import described
from theory import Configuration
from theory.files.dynamics import Stated, read_dynamics
from theory.files.sources import display_name
from theory.matrices import Vector
from theory.own import Own


@dataclass(frozen=True)
class Fixed:
    """The A and the α that a file states, as far as it does."""

    A: tuple[Vector, ...] | None
    alpha: fmpq | None


class Changed(Fixed):
    """Makes configurations that have them."""

    def __call__(self, c: Configuration) -> Configuration:
        alpha = c.alpha if self.alpha is None else self.alpha
        return c.altered(A=c.A if self.A is None else self.A, alpha=alpha)


class Suits(Fixed):
    """Whether a configuration has them."""

    def __call__(self, c: Configuration) -> bool:
        return self.A in (None, c.A) and self.alpha in (None, c.alpha)


class Boxed(Fixed):
    """The matrices of small boxes: A, where it is stated."""

    def __call__(self, dimension: int) -> Sequence[Matrix]:
        return [self.A] if self.A is not None and len(self.A) == dimension else []


def kind_of_file(file: str) -> tuple[Kind, Stated]:
    """The kind of dynamics that a file states. Raises `theory.files.sources.InputError`."""
    read = read_dynamics(file)
    name, c = display_name(file), read.example
    A, alpha = c.A if read.matrix else None, c.alpha if read.step else None
    free = A is None and alpha is None
    lacking = read.dynamics.hypotheses(c)
    parts = {"positive_definite": lacking.positive_definite, "positive_step": lacking.positive_step}
    told = described(c, read.dynamics)
    stated = {
        key: x
        for key, x in told.items()
        if key != "tokens" and (key != "alpha" or read.step) and (key != "A" or read.matrix)
    }
    words = json.dumps(stated)
    kind = Kind(
        name,
        f"the dynamics of a file, {words}",
        read.dynamics,
        changed=as_drawn if free else Changed(A, alpha),
        suits=any_at_all if free else Suits(A, alpha),
        drops=tuple(part for part, holds in parts.items() if not holds),
        tokens=TOKENS if read.tokens is None else (read.tokens, read.tokens),
        dimensions=DIMENSIONS if read.dimension is None else (read.dimension, read.dimension),
        matrices=Boxed(A, alpha) if read.matrix else plain,
        steps=BOX_STEP if alpha is None else (alpha,),
        identity=words,
    )
    return kind, read


def kind_of_own(own: Own) -> Kind:
    """The kind of a user's own dynamics."""
    words = f"a user's own, {own.name}"
    path = None if own.file is None else Path(own.file)
    return Kind(own.name, words, own, identity=f"{own.name} of a user's file", origin=path)
