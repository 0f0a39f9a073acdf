"""Layers of other dynamics, for pictures of statements that replace the layer itself.

Two of the statements that drop a hypothesis are not about hardmax attention: the limit case
α = ∞, where z_i' = m_i, and ties broken by the first index. Their pictures show their own layers;
nothing is decided about them, so no limit is shown.
"""

from dataclasses import dataclass, field

from checks.run import attend, step
from theory import Configuration, Pattern, Trajectory, Undecided
from theory.dynamics import targets
from theory.matrices import Vector

VARIANTS = {
    "infinite step": "The layers are those of α = ∞: every token jumps to its target.",
    "averaged ties": "The layers break every tie by the first index.",
}
"""The dropped hypotheses, as `checks.conjectures` names them, that replace the layer."""


@dataclass(frozen=True)
class Variant:
    """The layers of a configuration under one of `VARIANTS`, as a run that has not settled."""

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
            pattern = self._attend(before)
            if self.kind == "infinite step":
                self._layers.append(targets(before, pattern, self.configuration.multiplicities))
            else:
                self._layers.append(step(self.configuration, before, pattern))
        return self._layers[layer]

    def pattern(self, layer: int) -> Pattern:
        """The attention sets at `layer`."""
        return self._attend(self.tokens(layer))

    def _attend(self, tokens: tuple[Vector, ...]) -> Pattern:
        pattern = attend(self.configuration, tokens)
        return pattern if self.kind == "infinite step" else tuple(x[:1] for x in pattern)
