"""Scenes: what a picture shows, exactly, whoever draws it.

    Role     what a token is in a picture;
    Slide    a layer of a run, or its limit: where the tokens are, what they attend to, their roles;
    Scene    a slide in a view: marks, hulls, arrows, lines, labels;
    Hull     the edges and faces of a convex hull;
    journey  the scene of starts and limits; `layers` those of some layers.

`theory.pictures.figures` draws scenes for print, and pages draw them for the browser. Hulls are
decided in rationals, and leaders and kinds are those of the proof.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from flint import fmpq

from theory.configuration import Configuration
from theory.dynamics import Pattern
from theory.equilibrium import Equilibrium
from theory.exact import visible
from theory.hull import independent, polygon, polyhedron, ridges
from theory.matrices import Vector
from theory.pictures.view import View
from theory.places import leading
from theory.readable import label
from theory.settling import Settled, equilibrium_of

Pair = tuple[Vector, Vector]
"""The start and the end of an arrow."""

MOST_LABELLED = 24
"""Tokens beyond which leaders alone are labelled."""


class Role(StrEnum):
    """What a token is in a picture, as its legend says; where two meet, the later is on top."""

    MEAN = "mean of the limits"
    START = "start"
    FACE = "limit on a face"
    OTHER = "limit of no kind"
    VERTEX = "at a leader"
    FOLLOWER = "follower"
    LATER = "leads later"
    LEADER = "leader"


ORDER = list(Role).index
"""Which of two roles is on top: the greater."""

KINDS: Mapping[str | None, Role] = {
    "leader": Role.LEADER,
    "vertex": Role.VERTEX,
    "face": Role.FACE,
    None: Role.OTHER,
}
"""The role of a limit by its kind, as `Equilibrium.kinds` tells it."""


@dataclass(frozen=True)
class Slide:
    """One layer, or the limit: where the tokens are, what they attend to, and what they are."""

    title: str
    tokens: tuple[Vector, ...]
    pattern: Pattern
    roles: tuple[Role, ...]

    @classmethod
    def of_layer(
        cls,
        layer: int,
        tokens: Sequence[Vector],
        pattern: Pattern,
        places: Sequence[int],
        later: Iterable[int] = (),
    ) -> "Slide":
        """A layer; `places` tell which tokens lead together, and `later` which lead in the end."""
        now, coming = set(leading(pattern, places)), set(later)
        roles = (
            Role.LEADER if i in now else Role.LATER if i in coming else Role.FOLLOWER
            for i in range(len(tokens))
        )  # fmt: skip
        return cls(f"layer {layer}", tuple(tokens), pattern, tuple(roles))

    @classmethod
    def of_limit(cls, equilibrium: Equilibrium, pattern: Pattern) -> "Slide":
        """The limit; the pattern is the settled one."""
        roles = tuple(KINDS[kind] for kind in equilibrium.kinds)
        return cls("limit", equilibrium.limits, pattern, roles)


@dataclass(frozen=True)
class Hull:
    """The convex hull of points with at most three coordinates.

    edges : one closed path around a segment or a polygon, every edge of a polyhedron, and nothing
    for one place. faces : the triangles of a polyhedron. solid : whether it is one.

    >>> Hull.of([(fmpq(0),), (fmpq(2),), (fmpq(1),)]).edges
    (((0,), (2,), (0,)),)
    """

    edges: tuple[tuple[Vector, ...], ...]
    faces: tuple[tuple[Vector, Vector, Vector], ...] = ()

    @property
    def solid(self) -> bool:
        """Whether it is a polyhedron."""
        return bool(self.faces)

    @classmethod
    def of(cls, points: Sequence[Vector]) -> "Hull":
        """The hull of `points`."""
        corners = len(independent(points)) if points else 0
        if corners < 2:
            return cls(())
        if corners < 4:
            around = polygon(points)
            return cls(((*around, around[0]),))
        faces = polyhedron(points)
        return cls(tuple((x, y) for x, y in ridges(faces)), tuple((x, y, z) for x, y, z in faces))


@dataclass(frozen=True)
class Scene:
    """A slide in a view; all vectors are exact, in the coordinates that the view draws.

    vertices : of the polytope K. starts : where each token came from, where its way from there is
    shown, not whom it attends to. labels : words beside places. line : (v, b) for the line
    ⟨v, x⟩ + b = 0 on which a decoder cannot decide. mean : the mean of the limits, if it is shown.
    """

    view: View
    slide: Slide
    vertices: tuple[Vector, ...] = ()
    starts: tuple[Vector, ...] | None = None
    labels: tuple[tuple[Vector, str], ...] = ()
    line: tuple[Vector, fmpq] | None = None
    mean: Vector | None = None

    @cached_property
    def tokens(self) -> tuple[Vector, ...]:
        """Where each token is."""
        return tuple(map(self.view.shadow, self.slide.tokens))

    @cached_property
    def at(self) -> Mapping[Vector, tuple[int, ...]]:
        """The tokens at each place."""
        places: dict[Vector, list[int]] = {}
        for i, place in enumerate(self.tokens):
            places.setdefault(place, []).append(i)
        return {place: tuple(here) for place, here in places.items()}

    @cached_property
    def marks(self) -> Mapping[Role, tuple[Vector, ...]]:
        """The places of each role, a place only under the role on top."""
        top = {
            z: max((self.slide.roles[i] for i in here), key=ORDER) for z, here in self.at.items()
        }
        shown: dict[Role, dict[Vector, None]] = {role: {} for role in Role}
        for z, role in zip(self.tokens, self.slide.roles, strict=True):
            if top[z] is role:
                shown[role][z] = None
        for start, _ in self.ways if self.starts is not None else ():
            shown[Role.START][start] = None
        if self.mean is not None:
            shown[Role.MEAN][self.view.shadow(self.mean)] = None
        return {role: tuple(places) for role, places in shown.items()}

    @cached_property
    def ways(self) -> tuple[Pair, ...]:
        """The arrows: of attention, or from the starts."""
        if self.starts is not None:
            starts = map(self.view.shadow, self.starts)
            moved = [a != b for a, b in zip(self.starts, self.slide.tokens, strict=True)]
            pairs = zip(starts, self.tokens, moved, strict=True)
            return tuple((a, b) for a, b, moves in pairs if moves)
        return tuple(
            (self.tokens[i], self.tokens[j])
            for i, attended in enumerate(self.slide.pattern)
            for j in attended
        )

    @cached_property
    def hull(self) -> Hull:
        """The hull of the tokens, or of the starts."""
        starts = self.slide.tokens if self.starts is None else self.starts
        return Hull.of([self.view.shadow(z) for z in starts])

    @cached_property
    def polytope(self) -> Hull:
        """The polytope K."""
        return Hull.of([self.view.shadow(z) for z in self.vertices])


def journey(settled: Settled, labelled: Iterable[int] | None = None) -> Scene:
    """The way of each token from its start to its limit.

    Labels stand at the starts of the tokens that are `labelled`: all of them where there are few,
    else the leaders. Raises `HardmaxError` where there are no limits.
    """
    truth = settled.equilibrium()
    starts = settled.tokens(0)
    view = View.of([*starts, *truth.limits])
    if labelled is None:
        few = len(starts) <= MOST_LABELLED
        labelled = range(len(starts)) if few else [leader.token for leader in truth.leaders]
    named = labels(settled.configuration, view, labelled)
    return Scene(view, Slide.of_limit(truth, settled.pattern), truth.polytope, starts, named)


def layers(settled: Settled, chosen: Sequence[int]) -> list[Scene]:
    """Each of the `chosen` layers, in one view."""
    places, coming = settled.places, leading(settled.pattern, settled.places)
    slides = [
        Slide.of_layer(k, settled.tokens(k), settled.pattern_at(k), places, coming) for k in chosen
    ]
    starts = settled.tokens(0)
    points = [z for block in (starts, *(slide.tokens for slide in slides)) for z in block]
    ends = limits(settled) if settled.configuration.dimension > 3 else ()
    view = View.of(points, [*starts, *ends])
    last = settled.tokens(settled.layer)
    vertices = tuple(last[i] for i in coming)
    return [Scene(view, slide, vertices) for slide in slides]


def limits(settled: Settled) -> tuple[Vector, ...]:
    """The limits; where there are none, the last layer that a page shows."""
    truth = equilibrium_of(settled)
    return settled.tokens(settled.layer + 2) if truth is None else truth.limits


def labels(
    configuration: Configuration, view: View, tokens: Iterable[int]
) -> tuple[tuple[Vector, str], ...]:
    """The labels of `tokens` at the places where they start, those at one place joined."""
    if configuration.labels is None:
        return ()
    words: dict[Vector, dict[str, None]] = {}
    for i in tokens:
        named = label(visible(" ".join(configuration.labels[i].split())))
        words.setdefault(view.shadow(configuration.tokens[i]), {})[named] = None
    return tuple((place, ", ".join(here)) for place, here in words.items())
