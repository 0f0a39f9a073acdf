"""Which layers of a run are shown one after the other, exactly.

A run is shown from layer 0 to two layers after it settled, and then in its limit. Where these are
too many, the layers at which the attention pattern becomes another one go first. A run that did
not settle within its budget is shown in its first layers, with no limit.

Tokens are numbered as the run numbers them: by place, where repeated tokens were merged.
"""

from dataclasses import dataclass
from typing import Protocol

from theory.configuration import Configuration
from theory.dynamics import Pattern
from theory.equilibrium import Equilibrium
from theory.exact import HardmaxError
from theory.matrices import Vector
from theory.pictures.scene import Slide
from theory.places import leading
from theory.readable import count, members, point
from theory.schedules.forms import approach
from theory.settling import Cycling, Settled, Undecided, equilibrium_of

MOST = 30
"""Most layers that are shown."""

UNDECIDED_LAYERS = 12
"""Layers that are shown of a run that did not settle."""

MOST_TOKENS = 6000
"""Most tokens that are shown, over all layers; but two layers and the limit at least."""


class Shown(Protocol):
    """What can be shown: anything with layers and a decision."""

    @property
    def configuration(self) -> Configuration: ...
    @property
    def settling(self) -> Settled | Cycling | Undecided: ...
    def tokens(self, layer: int) -> tuple[Vector, ...]: ...
    def pattern(self, layer: int) -> Pattern: ...


@dataclass(frozen=True)
class Slides:
    """The layers of a run that are shown, in order; the limit, if there is one, comes last."""

    configuration: Configuration
    slides: tuple[Slide, ...]
    equilibrium: Equilibrium | None
    settled_layer: int | None
    changes: tuple[int, ...]
    returns: tuple[int, int] | None = None
    """From which layer on attention returns, and after how many layers, if it does."""
    approach: str = ""
    """Under a schedule, how the tokens near their limits; or that they tend to a cycle."""

    @classmethod
    def of(cls, shown: "Shown | Settled | Cycling | Undecided") -> "Slides":
        """The slides of a run, or of a decision of `theory.settle`."""
        run = _Decision(shown) if isinstance(shown, Settled | Cycling | Undecided) else shown
        configuration, settling = run.configuration, run.settling
        if not isinstance(settling, Settled):
            layers = range(min(UNDECIDED_LAYERS, _room(configuration)))
            apart = range(configuration.size)
            slides = [Slide.of_layer(k, run.tokens(k), run.pattern(k), apart) for k in layers]
            returns = (settling.layer, settling.period) if isinstance(settling, Cycling) else None
            return cls(configuration, tuple(slides), None, None, (), returns)
        places, coming = settling.places, leading(settling.pattern, settling.places)
        slides = [
            Slide.of_layer(k, run.tokens(k), run.pattern(k), places, coming)
            for k in _layers(settling)
        ]
        equilibrium = equilibrium_of(settling)
        if equilibrium is not None:
            slides.append(Slide.of_limit(equilibrium, settling.pattern))
        changes = tuple(k for k, _ in settling.history[1:])
        words = approach(settling.closed_form)
        if equilibrium is None and not words:
            words = _cycle(settling)
        return cls(
            configuration, tuple(slides), equilibrium, settling.layer, changes, approach=words
        )

    @property
    def description(self) -> str:
        """The picture in words, for those who do not see it."""
        c = self.configuration
        parts = [f"{count(c.size, 'token')} in dimension {c.dimension}."]
        titles = [slide.title for slide in self.slides]
        parts.append(f"Shown: {titles[0]} to {titles[-1]}." if titles[1:] else f"{titles[0]}.")
        if self.returns is not None:
            since, period = self.returns
            parts.append(f"Attention returns every {period} layers from layer {since} on.")
        elif self.settled_layer is None:
            parts.append("No settled layer is known.")
        else:
            parts.append(f"Settled at layer {self.settled_layer}.")
        if self.changes:
            layers = ", ".join(map(str, self.changes[:8]))
            more = "" if len(self.changes) <= 8 else f" and {len(self.changes) - 8} more"
            parts.append(f"The attention pattern changes at layer {layers}{more}.")
        if self.equilibrium is not None:
            parts.append(_limits(self.equilibrium))
        return " ".join(parts)


def _limits(equilibrium: Equilibrium) -> str:
    leaders = [
        f"token {leader.token} at {point(leader.position)} since layer {leader.since_layer}"
        for leader in equilibrium.leaders[:8]
    ]
    words = f"Leaders: {'; '.join(leaders) or 'none'}"
    if len(equilibrium.leaders) > 8:
        words += f"; {len(equilibrium.leaders) - 8} more"
    faces = [
        f"token {i} tends to {point(equilibrium.limits[i])} on the face of leaders {members(face)}"
        for i, face in list(equilibrium.faces.items())[:8]
    ]
    return f"{words}. {'; '.join(faces).capitalize()}{'.' if faces else ''}".strip()


@dataclass(frozen=True)
class _Decision:
    """A decision of `theory.settle`, seen as a run."""

    settling: Settled | Cycling | Undecided

    @property
    def configuration(self) -> Configuration:
        return self.settling.configuration

    def tokens(self, layer: int) -> tuple[Vector, ...]:
        if isinstance(self.settling, Settled | Cycling):
            return self.settling.tokens(layer)
        return self.settling.trajectory.tokens(layer)

    def pattern(self, layer: int) -> Pattern:
        if isinstance(self.settling, Settled | Cycling):
            return self.settling.pattern_at(layer)
        return self.settling.trajectory.pattern(layer)


def _room(configuration: Configuration) -> int:
    return max(2, min(MOST, MOST_TOKENS // configuration.size))


def _cycle(settled: Settled) -> str:
    """That tokens without limits tend to a cycle, in words, if they do."""
    try:
        length = len(settled.limit_cycle)
    except HardmaxError:
        return ""
    return f"the tokens tend to a cycle of {count(length, 'layer')}"


def _layers(settled: Settled) -> list[int]:
    """The layers to show, in order, as many as there is room for."""
    last = settled.layer + 2
    room = _room(settled.configuration)
    if last < room:
        return list(range(last + 1))
    changes = [k for k, _ in settled.history]
    before = [k - 1 for k in changes[1:]]
    wanted = [0, settled.layer, *changes[: room // 3], *range(room // 3), last]
    wanted += [*changes[::-1], *before, *range(room)]
    return sorted(list(dict.fromkeys(k for k in wanted if k >= 0))[:room])
