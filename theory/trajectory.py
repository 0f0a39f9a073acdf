"""The trajectory of a configuration: its layers under a dynamics, made once and as far as asked.

What a layer is stands in section 1 of `paper_notes.md`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from flint import fmpq

from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics, Pattern, State, targets
from theory.exact import HardmaxError, Undecidable, expect, shown, whole
from theory.matrices import Vector

FARTHEST = 10**6
"""Layers that are made one after the other for the sake of one."""


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
        dynamics.fit(configuration)
        self._states: dict[int, State] = {}
        self._patterns: dict[int, Pattern] = {}
        self._held: list[tuple[int, int, Pattern]] = []
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
        copy = Trajectory(self.configuration, self.dynamics)
        copy._states, copy._patterns = dict(self._states), dict(self._patterns)
        copy._held, copy._told = [*self._held], self._told
        return copy

    def state(self, layer: int) -> State:
        """The tokens at `layer` ≥ 0 as integers over a common denominator."""
        state = self._states.get(layer) if type(layer) is int else None
        if state is not None:
            return state
        layer = layer_number(layer)
        ends = self.dynamics.ends
        if ends is not None and layer > ends:
            raise HardmaxError(f"layer {shown(layer)}: the run ends at layer {ends}")
        if not self._states:
            self._states[0] = State(*self.configuration.integers)
        if layer not in self._states:
            known = layer - 1
            if known not in self._states:
                known = max(k for k in self._states if k < layer)
            if layer - known > FARTHEST:
                raise Undecidable(f"layer {shown(layer)}: {FARTHEST:,} at most are made at once")
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
        pattern = self._patterns.get(layer) if type(layer) is int else None
        if pattern is None:
            layer = layer_number(layer)
            pattern = self._known(layer)
            if pattern is None:
                told = self._told
                pattern = self._checked(told(layer)) if told else self._attend(layer)
            self._patterns[layer] = pattern
        return pattern

    def targets(self, layer: int) -> tuple[Vector, ...]:
        """The targets m_1,…,m_n at `layer`."""
        return targets(self.tokens(layer), self.pattern(layer), self.configuration.multiplicities)

    def hold(self, pattern: Pattern, start: int, end: int) -> None:
        """Record that `pattern` stands on the layers start ≤ k < end, as the caller has proved."""
        self._held.append((layer_number(start), layer_number(end), self._checked(pattern)))

    def follow(self, patterns: Callable[[int], Pattern]) -> None:
        """Take the patterns of all layers from `patterns`, as the caller has proved."""
        if not callable(patterns):
            raise HardmaxError(f"{shown(patterns)} was given; a function of the layer was wanted")
        self._told = patterns

    def place(self, layer: int, tokens: Sequence[Vector]) -> None:
        """Record the tokens at `layer`, which the caller has computed exactly."""
        wanted = self.configuration
        if not (
            isinstance(tokens, Sequence)
            and len(tokens) == wanted.size
            and all(isinstance(z, tuple) and len(z) == wanted.dimension for z in tokens)
            and all(isinstance(x, fmpq) for z in tokens for x in z)
        ):
            shape = f"{wanted.size} tuples of {wanted.dimension} fmpq"
            raise HardmaxError(f"tokens = {shown(tokens)}; {shape} were wanted")
        self.state(0)
        self._states.setdefault(layer_number(layer), State.of(tokens))

    def _checked(self, pattern: Pattern) -> Pattern:
        every = range(self.configuration.size)
        if not (
            isinstance(pattern, tuple)
            and len(pattern) == len(every)
            and all(isinstance(attended, tuple) and attended for attended in pattern)
            and all(type(j) is int and j in every for attended in pattern for j in attended)
        ):
            raise HardmaxError(
                f"pattern = {shown(pattern)}; for each of {len(every)} tokens a tuple of those "
                "that it attends to was wanted"
            )
        return pattern

    def _known(self, layer: int) -> Pattern | None:
        pattern = self._patterns.get(layer)
        if pattern is None:
            stands = (kept for start, end, kept in reversed(self._held) if start <= layer < end)
            pattern = next(stands, None)
        return pattern

    def _attend(self, layer: int) -> Pattern:
        state, size = self.state(layer), self.configuration.size
        if not self.dynamics.attends_at(layer):
            raise HardmaxError(f"layer {layer}: the run ends, without a matrix of this layer")
        before = self._known(layer - 1)
        # by lemmas I and R the sets of locked rows are those of the layer before
        c = self.configuration
        locked = [] if before is None else self.dynamics.locked(c, before, layer - 1)
        if before is None or not locked:
            return self.dynamics.attention(c, state, layer)
        if len(locked) == size:
            return before
        fixed = set(locked)
        rows = [i for i in range(size) if i not in fixed]
        pattern = list(before)
        attention = self.dynamics.attention(c, state, layer, rows)
        for i, attended in zip(rows, attention, strict=True):
            pattern[i] = attended
        return tuple(pattern)
