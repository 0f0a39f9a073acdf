"""Which layers of a run are shown one after the other, exactly.

A run is shown from layer 0 to two layers after it settled, and then in its limit. Where these are
too many, the layers at which the attention pattern becomes another one go first. Of attention that
returns for ever two rounds are shown. A run that is undecided is shown in its first layers, with no
limit. What is left out is told (`Slides.skipped`).

Tokens go by the numbers of the run, places where repeated tokens were merged; what they are called,
`Slides.names` has of the input.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from theory.configuration import Configuration
from theory.dynamics import Pattern
from theory.equilibrium import Equilibrium
from theory.exact import HardmaxError
from theory.matrices import Vector
from theory.names import Names
from theory.pictures.projections import PLAIN, Lens
from theory.pictures.scene import Slide
from theory.pictures.view import View
from theory.places import leading
from theory.readable import count, point
from theory.schedules.forms import approach
from theory.settling import Cycling, Settled, Undecided, equilibrium_of

MOST = 30
"""Most layers that are shown."""

UNDECIDED_LAYERS = 12
"""Layers that are shown of a run that is undecided."""

MOST_TOLD = 8
"""Leaders, and limits on faces, that the description tells."""

MOST_GAPS = 6
"""Gaps between the layers that are shown of which each is told."""

MOST_TOKENS = 6000
"""Most tokens that are shown, over all layers; but two layers and the limit at least."""


class Shown(Protocol):
    """What can be shown: anything with layers and a decision."""

    @property
    def source(self) -> Configuration: ...  # as it was given, before copies were merged
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
    names: Names
    layers: tuple[int, ...]
    equilibrium: Equilibrium | None = None
    settled_layer: int | None = None
    changes: tuple[int, ...] = ()
    returns: tuple[int, int] | None = None
    """From which layer on attention returns, and after how many layers, if it does."""
    approach: str = ""
    """Under a schedule, how the tokens near their limits; or that they tend to a cycle."""
    reason: str = ""
    """Why nothing is decided, where that is so."""
    lens: Lens = PLAIN
    """What of the tokens is drawn."""
    beside: tuple[tuple[str, tuple[Slide, ...]], ...] = ()
    """Other runs from the same start, by name, in as many slides."""

    @classmethod
    def of(
        cls,
        shown: "Shown | Settled | Cycling | Undecided",
        given: Configuration | None = None,
    ) -> "Slides":
        """The slides of a run, or of a decision of `theory.settle`.

        `given` is the configuration as it was read, by which tokens are called; a run knows it.
        """
        run = _Decision(shown) if isinstance(shown, Settled | Cycling | Undecided) else shown
        configuration, settling = run.configuration, run.settling
        names = Names.of(configuration, run.source if given is None else given)
        if isinstance(settling, Undecided):
            layers = tuple(range(min(UNDECIDED_LAYERS, _room(configuration))))
            apart = range(configuration.size)
            slides = [Slide.of_layer(k, run.tokens(k), run.pattern(k), apart) for k in layers]
            return cls(configuration, tuple(slides), names, layers, reason=settling.reason)
        places = settling.places
        coming = leading(settling.pattern, places) if isinstance(settling, Settled) else ()
        layers = _layers(settling)
        slides = [Slide.of_layer(k, run.tokens(k), run.pattern(k), places, coming) for k in layers]
        changes = tuple(k for k, _ in settling.history[1:])
        if isinstance(settling, Cycling):
            return cls(
                configuration, tuple(slides), names, layers, changes=changes,
                returns=(settling.layer, settling.period), approach=_cycle(settling),
            )  # fmt: skip
        equilibrium = equilibrium_of(settling)
        if equilibrium is not None:
            slides.append(Slide.of_limit(equilibrium, settling.pattern))
        words = approach(settling.closed_form)
        if equilibrium is None and not words:
            words = _cycle(settling)
        return cls(
            configuration, tuple(slides), names, layers, equilibrium, settling.layer, changes,
            approach=words,
        )  # fmt: skip

    @cached_property
    def view(self) -> View:
        """The view that every picture of the run has."""
        points = [z for slide in self.slides for z in slide.tokens]
        points += [z for _, slides in self.beside for slide in slides for z in slide.tokens]
        ends = [*self.slides[0].tokens, *self.slides[-1].tokens]
        return View.of(points, ends, self.lens, self.configuration.multiplicities)

    @property
    def skipped(self) -> str:
        """Which layers up to the last that decides are not shown, in a sentence, or nothing."""
        if self.reason:
            return "Later layers are not shown."
        gaps = [(a + 1, b - 1) for a, b in pairwise(self.layers) if b - a > 1]
        if not gaps:
            return ""
        words = [str(a) if a == b else f"{a} to {b}" for a, b in gaps[:MOST_GAPS]]
        if len(gaps) > MOST_GAPS:
            words.append(f"{count(sum(b - a + 1 for a, b in gaps[MOST_GAPS:]), 'layer')} more")
        listed = " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
        one = len(gaps) == 1 and gaps[0][0] == gaps[0][1]
        return f"Layer {listed} is not shown." if one else f"Layers {listed} are not shown."

    @property
    def description(self) -> str:
        """The picture in words, for those who do not see it."""
        c = self.configuration
        parts = [f"{count(sum(c.multiplicities), 'token')} in dimension {c.dimension}."]
        titles = [slide.title for slide in self.slides]
        shown = f"{titles[0]} to {titles[-1]}" if titles[1:] else titles[0]
        if titles[2:] and self.equilibrium is not None:
            shown = f"{titles[0]} to {titles[-2]}, and the limit"
        parts += [f"Shown: {shown}.", self.skipped]
        if self.view.projection:
            parts.append(f"The view: {self.view.projection}.")
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
            word = "layer" if len(self.changes) == 1 else "layers"
            parts.append(f"The attention pattern changes at {word} {layers}{more}.")
        if self.equilibrium is not None:
            parts += self._limits(self.equilibrium)
        return " ".join(filter(None, parts))

    def _limits(self, equilibrium: Equilibrium) -> list[str]:
        names, faces = self.names, equilibrium.faces
        leaders = [
            f"{names.called(leader.token)} at {point(leader.position)} "
            f"since layer {leader.since_layer}"
            for leader in equilibrium.leaders[:MOST_TOLD]
        ]
        if len(equilibrium.leaders) > MOST_TOLD:
            leaders.append(f"{len(equilibrium.leaders) - MOST_TOLD} more")
        onto = [
            f"{names.called(i)}, to {point(equilibrium.limits[i])} on the face of "
            f"{names.members(face)}"
            for i, face in list(faces.items())[:MOST_TOLD]
        ]
        if len(faces) > MOST_TOLD:
            onto.append(f"{len(faces) - MOST_TOLD} more")
        who = "Leader" if len(equilibrium.leaders) == 1 else "Leaders"
        words = [f"{who}: {'; '.join(leaders) or 'none'}."]
        if onto:
            words.append(f"To the foot of the origin on a face tend: {'; '.join(onto)}.")
        return words


@dataclass(frozen=True)
class _Decision:
    """A decision of `theory.settle`, seen as a run."""

    settling: Settled | Cycling | Undecided

    @property
    def source(self) -> Configuration:
        return self.settling.configuration

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


def _cycle(result: Settled | Cycling) -> str:
    """Where tokens tend to that have no limits, or no settled pattern, in words, if it is known."""
    try:
        cycle = result.limit_cycle
    except HardmaxError:
        return ""
    if all(points == cycle[0] for points in cycle):
        return "the tokens have limits"
    return f"the tokens tend to a cycle of {count(len(cycle), 'layer')}"


def _layers(result: Settled | Cycling) -> tuple[int, ...]:
    """The layers to show, in order, as many as there is room for."""
    last = result.layer + (2 if isinstance(result, Settled) else 2 * result.period - 1)
    room = _room(result.configuration)
    if last < room:
        return tuple(range(last + 1))
    changes = [k for k, _ in result.history]
    before = [k - 1 for k in changes[1:]]
    wanted = [0, result.layer, *changes[: room // 3], *range(room // 3), last]
    wanted += [*changes[::-1], *before, *range(room)]
    return tuple(sorted(list(dict.fromkeys(k for k in wanted if k >= 0))[:room]))
