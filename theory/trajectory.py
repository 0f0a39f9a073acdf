"""The trajectory of a configuration: its layers under a dynamics, made once and as far as asked.

What a layer is stands in section 1 of `paper_notes.md`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics, Pattern, State, targets
from theory.exact import HardmaxError, expect, shown, whole
from theory.matrices import Vector


def layer_number(layer: object) -> int:
    """A layer as it may be asked for. Raises `HardmaxError` for anything but an int ≥ 0."""
    number = whole(layer)
    if number is None or number < 0:
        raise HardmaxError(f"layer {shown(layer)}: layers are counted 0, 1, 2, …")
    return number


class Trajectory:
    """The layers Z^0, Z^1, … of a configuration, computed once and only as far as asked.

    >>> from theory.dynamics import CAUSAL
    >>> c = Configuration([[1], [2]], alpha=1)
    >>> Trajectory(c).pattern(0), Trajectory(c, CAUSAL).pattern(0)
    (((1,), (1,)), ((0,), (1,)))

    Everything that reads one configuration's layers shares one trajectory. Where the pattern is
    known to stay constant (`theory.settling` proves it), `hold` spares the argmax, and `place` puts
    a far layer in directly; the layers between are made only if somebody asks for them.
    """

    def __init__(self, configuration: Configuration, dynamics: Dynamics = HARDMAX) -> None:
        self.configuration = expect(Configuration, configuration, "a Configuration")
        self.dynamics = expect(Dynamics, dynamics, "a Dynamics")
        self._states: dict[int, State] = {}
        self._patterns: dict[int, Pattern] = {}
        self._told: Callable[[int], Pattern] | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trajectory):
            return NotImplemented
        return (self.configuration, self.dynamics) == (other.configuration, other.dynamics)

    def __hash__(self) -> int:
        return hash(self.configuration)

    def __repr__(self) -> str:
        rule = "" if self.dynamics == HARDMAX else f", {self.dynamics!r}"
        return f"Trajectory({self.configuration!r}{rule})"

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_told": None}  # whoever told the patterns does not travel

    def __copy__(self) -> "Trajectory":
        made = Trajectory(self.configuration, self.dynamics)
        made._states, made._patterns = dict(self._states), dict(self._patterns)
        made._told = self._told
        return made

    def state(self, layer: int) -> State:
        """The tokens at `layer` ≥ 0 as integers over a common denominator."""
        found = self._states.get(layer) if type(layer) is int else None
        if found is not None:
            return found
        layer = layer_number(layer)
        if not self._states:
            self._states[0] = State(*self.configuration.integers)
        if layer not in self._states:
            known = layer - 1
            if known not in self._states:
                known = max(k for k in self._states if k < layer)
            for k in range(known, layer):
                self._states[k + 1] = self.dynamics.after(
                    self.configuration, self._states[k], self.pattern(k), k
                )
        return self._states[layer]

    def tokens(self, layer: int) -> tuple[Vector, ...]:
        """The tokens z_1,…,z_n at `layer` as rationals."""
        return self.state(layer).tokens

    def pattern(self, layer: int) -> Pattern:
        """The attention sets (C_1,…,C_n) at `layer`."""
        found = self._patterns.get(layer) if type(layer) is int else None
        if found is None:
            layer = layer_number(layer)
            told = self._told
            found = self._patterns[layer] = told(layer) if told else self._attend(layer)
        return found

    def targets(self, layer: int) -> tuple[Vector, ...]:
        """The targets m_1,…,m_n at `layer`."""
        return targets(self.tokens(layer), self.pattern(layer), self.configuration.multiplicities)

    def hold(self, pattern: Pattern, start: int, end: int) -> None:
        """Record that `pattern` stands on the layers start ≤ k < end, as the caller has proved."""
        for k in range(start, end):
            self._patterns[k] = pattern

    def follow(self, patterns: Callable[[int], Pattern]) -> None:
        """Take the patterns of all layers from `patterns`, as the caller has proved."""
        self._told = patterns

    def place(self, layer: int, tokens: Sequence[Vector]) -> None:
        """Record the tokens at `layer`, which the caller has computed exactly."""
        self.state(0)
        self._states.setdefault(layer, State.of(tokens))

    def _attend(self, layer: int) -> Pattern:
        state, size = self.state(layer), self.configuration.size
        before = self._patterns.get(layer - 1)
        # by lemmas I and R the sets of locked rows are those of the layer before
        locked = [] if before is None else self.dynamics.locked(self.configuration, before)
        if before is None or not locked:
            return self.dynamics.attention(self.configuration, state)
        if len(locked) == size:
            return before
        fixed = set(locked)
        rows = [i for i in range(size) if i not in fixed]
        pattern = list(before)
        attention = self.dynamics.attention(self.configuration, state, rows)
        for i, attended in zip(rows, attention, strict=True):
            pattern[i] = attended
        return tuple(pattern)
