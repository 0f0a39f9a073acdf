"""How values show themselves: in a few lines, in a file, in a notebook.

    Showing     what a notebook shows of a value (`theory.pictures.notebooks`);
    Tokens      a configuration's shape, its line of text, its JSON;
    Decision    what `settle` found, in a few lines;
    heading     a configuration without its tokens, and `stated` without its name.

`repr` stays exact. What is printed is short, however many tokens there are: long numbers are
rounded after a ≈, and what is left out is counted.
"""

import json
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from flint import fmpq

from theory.exact import HardmaxError, text, visible
from theory.matrices import Vector, identity
from theory.readable import cell, count, label, number

MOST_TOKENS = 6
"""Tokens of a configuration that are printed."""

LONGEST_MATRIX = 40
"""Characters of a matrix that is printed."""


class Showing:
    """A value that a notebook shows as a table and an image."""

    def _repr_html_(self) -> str:
        # by its name: values stand below pictures, and only a notebook has them drawn
        page: str = import_module("theory.pictures.notebooks").page(self)
        return page


class Tokens(Showing):
    """n tokens in Q^d with what goes with them, as rows."""

    alpha: fmpq
    A: tuple[Vector, ...]
    multiplicities: tuple[int, ...]
    labels: tuple[str, ...] | None
    name: str | None

    @property
    def shape(self) -> tuple[int, int]:
        """(n, d), as of an array with a token a row; `len` is n."""
        return len(self.multiplicities), len(self.A)

    def __len__(self) -> int:
        return len(self.multiplicities)

    def __str__(self) -> str:
        shown = range(min(len(self), MOST_TOKENS))
        rows = zip(map(self._label, shown), self.some_tokens(shown), strict=True)
        words = [f"{called}{cell([text(x) for x in z])}" for called, z in rows]
        if len(self) > MOST_TOKENS:
            words.append(f"… {len(self) - MOST_TOKENS} more")
        return f"{heading(self)}: {', '.join(words)}"

    def _label(self, token: int) -> str:
        words = "" if self.labels is None else label(visible(self.labels[token]))
        return f"{words} " if words else ""

    def some_tokens(self, rows: Sequence[int]) -> list[Vector]:
        """The tokens of these indices."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of a configuration file."""
        raise NotImplementedError

    def to_json(self) -> str:
        """The configuration as the text of a file (`to_dict`), which reads back equal.

        A multiplicity is as many tokens there, which merge into one place again. Raises
        `HardmaxError` for more tokens than a file may have.

        >>> from theory import Configuration
        >>> print(Configuration([["1/2", 0], [1, 2]], alpha=3, labels=["good", "film"]).to_json())
        {"tokens": [["1/2", "0"], ["1", "2"]], "alpha": "3", "labels": ["good", "film"]}
        """
        return json.dumps(self.to_dict())


class Decision(Showing):
    """What was decided of a configuration."""

    configuration: Any
    trajectory: Any

    def _outcome(self) -> str:
        """What was decided, in a few words."""
        raise NotImplementedError

    def equilibrium(self) -> Any:
        """What follows from it. Raises `HardmaxError` where nothing does."""
        raise NotImplementedError

    def __str__(self) -> str:
        told = f"{heading(self.configuration, self.trajectory.dynamics)}\n{self._outcome()}"
        try:
            return f"{told}: {self.equilibrium()}"
        except HardmaxError:
            return told


def heading(given: Tokens, dynamics: Any = None) -> str:
    """The name of a configuration and `stated`.

    >>> from theory import Configuration
    >>> heading(Configuration([[1, 0]], "1/3", A=[[2, 1], [1, 2]], name="skewed"))
    'skewed: 1 token in dimension 2, α = 1/3, A = [2, 1; 1, 2]'
    """
    words = stated(given, dynamics)
    return words if given.name is None else f"{label(visible(given.name), 60)}: {words}"


def stated(given: Tokens, dynamics: Any = None) -> str:
    """How many tokens there are, the step, and the matrix if it is not the identity.

    Of other dynamics than hardmax attention, what they have in their place.
    """
    n, d = given.shape
    step, matrix = f"α = {number(text(given.alpha))}", ""
    if given.A != identity(d):
        matrix = "; ".join(", ".join(map(text, row)) for row in given.A)
        matrix = f"A = [{matrix}]" if len(matrix) <= LONGEST_MATRIX else f"A a {d}×{d} matrix"
    parts = [f"{count(n, 'token', '')} in dimension {d}", step, matrix]
    if dynamics is not None:
        step, matrix = dynamics.step.named or step, dynamics.scores.named or matrix
        parts[1:] = [step, matrix, dynamics.candidates.named, dynamics.ties.named]
    return ", ".join(label(part, 80) for part in parts if part)
