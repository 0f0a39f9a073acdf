"""One configuration's layers, patterns, settling and equilibrium, computed lazily and once.

Every claim reads a `Run`, and all claims about one configuration share it.
"""

from collections.abc import Sequence
from functools import cached_property

from flint import fmpq

from theory import (
    Configuration,
    Equilibrium,
    HardmaxError,
    Pattern,
    Settled,
    Trajectory,
    Undecided,
    settle,
)
from theory.configuration import Vector, as_matrix
from theory.settling import MAX_LAYERS

FIRST_LAYERS = 12
"""Claims about every layer look at this many first layers, and at every change of pattern."""

BEYOND = 8
"""Layers iterated beyond the settled one, to hold the closed form against."""

MAX_CHANGES = 8
"""… but at no more than this many changes."""


class Run:
    """A configuration and everything that claims want to know of it.

    Parameters
    ----------
    configuration : the problem; repeated tokens are merged into places unless `keep_copies`.
    max_layers : the budget for settling.
    settled : the answer of `theory.settle` to the configuration that is run, if it is known, with
        its trajectory. Raises `HardmaxError` if it is that of another one.

    `source` is the configuration as given, `configuration` the one that is run.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        max_layers: int = MAX_LAYERS,
        keep_copies: bool = False,
        settled: Settled | Undecided | None = None,
    ) -> None:
        self.source = configuration
        self.max_layers = max_layers
        self.configuration = configuration if keep_copies else configuration.merged()[0]
        if settled is not None and settled.configuration != self.configuration:
            raise HardmaxError(f"settled: {settled.configuration}, not {self.configuration}")
        self._given = settled
        self.trajectory = settled.trajectory if settled else Trajectory(self.configuration)
        self._grams: dict[int, list[list[fmpq]]] = {}

    def tokens(self, layer: int) -> tuple[Vector, ...]:
        """The tokens at `layer`."""
        return self.trajectory.tokens(layer)

    def pattern(self, layer: int) -> Pattern:
        """The attention sets at `layer`."""
        return self.trajectory.pattern(layer)

    def targets(self, layer: int) -> tuple[Vector, ...]:
        """The targets m_i at `layer`."""
        return self.trajectory.targets(layer)

    def gram(self, layer: int) -> list[list[fmpq]]:
        """⟨z_i, z_j⟩ at `layer`, one row for each i."""
        if layer not in self._grams:
            block = as_matrix(self.tokens(layer))
            matrix = as_matrix(self.configuration.A)
            self._grams[layer] = (block * matrix * block.transpose()).table()
        return self._grams[layer]

    @cached_property
    def settling(self) -> Settled | Undecided:
        """The decision of `theory.settle`."""
        if self._given is not None:
            return self._given
        return settle(self.configuration, self.max_layers, self.trajectory)

    @cached_property
    def settled(self) -> Settled:
        """The settled run. Raises `theory.NotSettled` if it is undecided."""
        if isinstance(self.settling, Undecided):
            self.settling.equilibrium()
        return self.settling

    @cached_property
    def equilibrium(self) -> Equilibrium:
        """The equilibrium. Raises `theory.NotSettled` if the run is undecided."""
        return self.settling.equilibrium()

    @cached_property
    def layers(self) -> Sequence[int]:
        """The layers that claims about every layer look at.

        The first `FIRST_LAYERS`, or two more than it takes to settle if that is less; and the
        layers of the first `MAX_CHANGES` later changes of the pattern.
        """
        if isinstance(self.settling, Undecided):
            return range(FIRST_LAYERS)
        first = range(min(FIRST_LAYERS, self.settling.layer + 2))
        later = [k for k, _ in self.settling.history if k >= len(first)]
        return [*first, *later[:MAX_CHANGES]]

    def inner(self, x: Sequence[fmpq], y: Sequence[fmpq]) -> fmpq:
        """⟨x, y⟩ = xᵀ A y."""
        return self.configuration.inner(x, y)

    def argmax(self, layer: int) -> Pattern:
        """The attention sets at `layer` read off `gram`: the definition, with no shortcut."""
        return greatest(self.gram(layer))

    @cached_property
    def beyond(self) -> list[tuple[tuple[Vector, ...], Pattern]]:
        """Tokens and attention sets at the settled layer and `BEYOND` layers after it.

        Iterated from the tokens at the settled layer by `step`, the definition, with nothing of
        the closed form. Raises `theory.NotSettled` if the run is undecided.
        """
        tokens = self.tokens(self.settled.layer)
        found = [(tokens, self.argmax(self.settled.layer))]
        for _ in range(BEYOND):
            tokens = step(self.configuration, *found[-1])
            found.append((tokens, attend(self.configuration, tokens)))
        return found


def greatest(products: Sequence[Sequence[fmpq]]) -> Pattern:
    """For each row every index at which it is greatest."""
    return tuple(
        tuple(j for j, x in enumerate(row) if x == top) for row in products for top in (max(row),)
    )


def attend(configuration: Configuration, tokens: Sequence[Vector]) -> Pattern:
    """The attention sets of `tokens` by the definition, every product compared as a rational."""
    block = as_matrix(tokens)
    return greatest((block * as_matrix(configuration.A) * block.transpose()).table())


def step(
    configuration: Configuration, tokens: Sequence[Vector], pattern: Pattern
) -> tuple[Vector, ...]:
    """One layer by the definition, token by token and coordinate by coordinate."""
    weights, alpha = configuration.multiplicities, configuration.alpha
    moved: list[Vector] = []
    for own, attended in zip(tokens, pattern, strict=True):
        total = sum(weights[j] for j in attended)
        mean = [
            sum((weights[j] * tokens[j][s] for j in attended), fmpq(0)) / total
            for s in range(len(own))
        ]
        moved.append(tuple((x + alpha * m) / (1 + alpha) for x, m in zip(own, mean, strict=True)))
    return tuple(moved)
