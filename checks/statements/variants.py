"""Layers of other dynamics, for statements that replace the layer itself.

Two of the statements that drop a hypothesis are not about the layers of `theory`: the limit case
α = ∞, where z_i' = m_i, and ties broken by the first index. A `Variant` has their layers, which
statements judge and pictures show; nothing is decided about its limits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.run import attend, step
from theory import Configuration, Pattern, Trajectory, Undecided
from theory.dynamics import targets
from theory.exact import text
from theory.matrices import Vector

VARIANTS = {
    "infinite step": "The layers are those of α = ∞: every token jumps to its target.",
    "averaged ties": "The layers break every tie by the first index.",
}
"""The dropped hypotheses, as `checks.statements.conjectures` names them, that replace the layer."""

DYNAMICS: Mapping[str, Mapping[str, str | None]] = {
    "infinite step": {"alpha": None, "gamma": "1"},
    "averaged ties": {"ties": "first"},
}
"""How the JSON object of a witness tells them: γ = α/(1 + α) is 1; ties go to the first index."""


@dataclass(frozen=True)
class Variant:
    """The layers of a configuration under one of `VARIANTS`, as a run that has not settled.

    >>> c = Configuration([[0, 1], [-1, 1], [1, 1]], 1)
    >>> Variant(c, "averaged ties").pattern(0), Variant(c, "averaged ties").contest(0)
    (((0,), (1,), (2,)), ((0, 1, 2), (1,), (2,)))
    """

    configuration: Configuration
    kind: str
    _layers: list[tuple[Vector, ...]] = field(default_factory=list, compare=False, repr=False)

    @property
    def source(self) -> Configuration:
        """The configuration as given; nothing is merged."""
        return self.configuration

    @property
    def note(self) -> str:
        """Which layers these are."""
        return VARIANTS[self.kind]

    @property
    def settling(self) -> Undecided:
        """Nothing is decided of other dynamics."""
        return Undecided(self.configuration, Trajectory(self.configuration), 0, self.note)

    def tokens(self, layer: int) -> tuple[Vector, ...]:
        """The tokens at `layer`."""
        if not self._layers:
            self._layers.append(self.configuration.tokens)
        while len(self._layers) <= layer:
            before = self._layers[-1]
            pattern = self._chosen(attend(self.configuration, before))
            if self.kind == "infinite step":
                self._layers.append(targets(before, pattern, self.configuration.multiplicities))
            else:
                self._layers.append(step(self.configuration, before, pattern))
        return self._layers[layer]

    def contest(self, layer: int) -> Pattern:
        """All maximisers of each token at `layer`, whatever the ties come to."""
        return attend(self.configuration, self.tokens(layer))

    def pattern(self, layer: int) -> Pattern:
        """The attention sets at `layer`."""
        return self._chosen(self.contest(layer))

    def told(self, layers: int) -> list[dict[str, Any]]:
        """Tokens and attention sets at the layers 0, …, `layers`, exact numbers as text."""
        return [
            {
                "tokens": [[text(x) for x in z] for z in self.tokens(k)],
                "attention": [list(attended) for attended in self.pattern(k)],
            }
            for k in range(layers + 1)
        ]

    def _chosen(self, maximisers: Pattern) -> Pattern:
        return maximisers if self.kind == "infinite step" else tuple(x[:1] for x in maximisers)
