"""What pages tell of a run: what became of it, its tokens, and where they are.

outcome, kind         what became of the run, and why a limit is what it is;
Told, place           a point as it is shown, and exactly on demand;
Row, rows             the tokens of a layer;
note, told, merged    what else a reader has to know of the layers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq

from checks.run import Run
from theory import Configuration, Dynamics, Equilibrium
from theory.exact import text
from theory.names import Names
from theory.pictures.scene import Slide
from theory.pictures.slides import Slides
from theory.readable import count, number, point, power

MOST_MERGED = 20
"""Places with several tokens that are told."""

MOST_IN_CELL = 300
"""Characters of an exact coordinate in a table; ``hardmax run --json`` has all."""


@dataclass(frozen=True)
class Told:
    """What a page shows, and what it has on demand, if that says more."""

    short: str
    whole: str | None = None


def place(coordinates: Sequence[fmpq | str]) -> Told:
    """A point, of numbers or exact text: rounded if it is long, and then exactly on demand.

    >>> place([fmpq(1, 3), "2"])
    Told(short='(1/3, 2)', whole=None)
    >>> place(["1/30000000000000000000000001"])
    Told(short='≈(3.33333e-26)', whole='(1/30000000000000000000000001)')
    """
    short = point(coordinates)
    if "≈" not in short and "…" not in short:
        return Told(short)
    exact = [x if isinstance(x, str) else text(x) for x in coordinates]
    words = [
        x if len(x) <= MOST_IN_CELL else f"{x[:40]} … {x[-40:]} ({len(x):,} characters)"
        for x in exact
    ]
    return Told(short, f"({', '.join(words)})")


def note(run: Run) -> str | None:
    """What a reader has to know of the layers that are shown, if anything."""
    return told(run.dynamics, run.source, run.configuration)


def told(dynamics: Dynamics, given: Configuration, run: Configuration) -> str | None:
    """The dynamics in words if it is another, and which tokens are shown as one, if any."""
    return " ".join(filter(None, (dynamics.words, merged(given, run)))) or None


def merged(given: Configuration, run: Configuration) -> str | None:
    """Which tokens are copies and move as one, or None where none do."""
    names = Names.of(run, given)
    several = [p for p, here in enumerate(names.copies) if len(here) > 1]
    if not several:
        return None
    words = "; ".join(names.called(p) for p in several[:MOST_MERGED])
    if len(several) > MOST_MERGED:
        words += f"; {len(several) - MOST_MERGED} more"
    return f"Copies of a token move as one, and are shown as one: {words}."


@dataclass(frozen=True)
class Row:
    """A token at a layer: its name, position, whom it attends to, its role."""

    name: str
    position: Told
    attended: str
    role: str


def rows(slides: Slides, slide: Slide, most: int) -> list[Row]:
    """The first tokens of a layer."""
    names = slides.names
    return [
        Row(names.name(i), place(slide.tokens[i]), names.listed(attended), slide.roles[i])
        for i, attended in enumerate(slide.pattern[:most])
    ]


def outcome(slides: Slides) -> str:
    """What became of a run, in one sentence."""
    if slides.returns is not None:
        since, period = slides.returns
        words = f"Attention returns every {period} layers from layer {since} on, and never settles"
        return f"{words}{f'; {slides.approach}' if slides.approach else ''}."
    if slides.settled_layer is None:
        return f"Undecided, and nothing is certified: {slides.reason}."
    settled = f"Settled at layer {slides.settled_layer}"
    truth = slides.equilibrium
    if truth is None:
        return f"{settled}; {slides.approach or 'the tokens have no limits'}."
    led = sum(len(slides.names.copies[leader.token]) for leader in truth.leaders)
    counted = f"{count(led, 'leader')}, {count(len(truth.clusters), 'cluster')}"
    if slides.approach:
        return f"{settled}: {counted}; {slides.approach}."
    if truth.rate is None:
        return f"{settled}: {counted}; nothing moves any more."
    rate = power(number(text(truth.rate.base)), truth.rate.degree)
    return f"{settled}: {counted}; slowest term {rate}."


def kind(truth: Equilibrium, cluster: Sequence[int], names: Names) -> str:
    """Why the limit of a cluster is what it is."""
    leading = {leader.token for leader in truth.leaders}
    here = [i for i in cluster if i in leading]
    if here:
        return f"leader {names.listed(here)}"
    face = truth.faces.get(cluster[0])
    if face is None:
        return "no vertex, no foot"
    return f"foot of the origin on the face of {names.members(face)}"
