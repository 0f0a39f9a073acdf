"""Scenes: what a picture shows, exactly, whoever draws it.

    Role     what a token is in a picture;
    Slide    a layer of a run, or its limit: where the tokens are, what they attend to, their roles;
    Scene    a slide in a view: marks, hulls, arrows, lines, names;
    Tag      a name beside a place;
    Hull     the edges and faces of a convex hull;
    journey  the scene of starts and limits; `layers` those of some layers.

`theory.pictures.figures` draws scenes for print, and pages draw them for the browser. Hulls are
decided in rationals, and leaders and kinds are those of the proof.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from flint import fmpq

from theory.dynamics import Pattern
from theory.equilibrium import Equilibrium
from theory.hull import independent, polygon, polyhedron, ridges
from theory.matrices import Vector
from theory.names import Names
from theory.pictures.projections import PLAIN, Lens
from theory.pictures.view import View
from theory.places import leading
from theory.settling import Settled, equilibrium_of

Pair = tuple[Vector, Vector]
"""The start and the end of an arrow."""

Called = Callable[[int], str]
"""What a token is called."""

MOST_NAMED = 24
"""Tokens beyond which leaders alone are named."""

MOST_NAMED_IN_LAYERS, SHORT = 6, 3
"""The same in the small panels of layers, and characters of a name that is short enough there."""


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
class Tag:
    """A name beside a place: a leader's, or another token's."""

    place: Vector
    words: str
    leads: bool


@dataclass(frozen=True)
class Scene:
    """A slide in a view; all vectors are exact, in the coordinates that the view draws.

    vertices : of the polytope K. starts : where each token came from, where its way from there is
    shown, not whom it attends to. tags : names beside places. line : (v, b) for the line
    ⟨v, x⟩ + b = 0 on which a decoder cannot decide. mean : the mean of the limits, if it is shown.
    """

    view: View
    slide: Slide
    vertices: tuple[Vector, ...] = ()
    starts: tuple[Vector, ...] | None = None
    tags: tuple[Tag, ...] = ()
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


def journey(
    settled: Settled,
    named: Iterable[int] | None = None,
    called: Called | None = None,
    lens: Lens = PLAIN,
) -> Scene:
    """The way of each token from its start to its limit.

    Leaders are named where they lead, and other tokens where they start: those that are `named`;
    else all of them where there are few, and else the leaders. A name is what `called` says, or
    what the token is called in the run. Raises `HardmaxError` where there are no limits.
    """
    truth, configuration = settled.equilibrium(), settled.configuration
    starts = settled.tokens(0)
    view = View.of([*starts, *truth.limits], (), lens, configuration.multiplicities)
    leaders = [leader.token for leader in truth.leaders]
    few = named is None and len(starts) <= MOST_NAMED
    chosen = list(named) if named is not None else list(range(len(starts))) if few else leaders
    wanted = [(i, truth.limits[i], True) for i in leaders if i in set(chosen)]
    at_rest = {i for i, z, _ in wanted if z == starts[i] or not few}
    wanted += [(i, starts[i], False) for i in chosen if i not in at_rest]
    return Scene(
        view,
        Slide.of_limit(truth, settled.pattern),
        truth.polytope,
        starts,
        tags(view, wanted, called or Names.of(configuration).name),
    )


def layers(
    settled: Settled,
    chosen: Sequence[int],
    called: Called | None = None,
    lens: Lens = PLAIN,
    beside: Sequence[Vector] = (),
) -> list[Scene]:
    """Each of the `chosen` layers, in one view; leaders are named, and where few are, all tokens.

    beside : other points for which the view has room.
    """
    places, coming = settled.places, leading(settled.pattern, settled.places)
    slides = [
        Slide.of_layer(k, settled.tokens(k), settled.pattern_at(k), places, coming) for k in chosen
    ]
    configuration, starts = settled.configuration, settled.tokens(0)
    points = [z for block in (starts, *(slide.tokens for slide in slides)) for z in block]
    ends = limits(settled) if configuration.dimension > 3 else ()
    view = View.of([*points, *beside], [*starts, *ends], lens, configuration.multiplicities)
    last = settled.tokens(settled.layer)
    vertices = tuple(last[i] for i in coming)
    called = called or Names.of(configuration).name
    return [Scene(view, slide, vertices, tags=_roles(view, slide, called)) for slide in slides]


def beside(scene: Scene, words: str, tokens: Sequence[Vector], called: Called) -> Scene:
    """A scene with its tokens elsewhere, under other words, and without attention.

    The roles stay those of the scene, so that whoever compares the two finds each token again.
    """
    slide = replace(scene.slide, title=words, tokens=tuple(tokens), pattern=((),) * len(tokens))
    return replace(scene, slide=slide, tags=_roles(scene.view, slide, called))


def limits(settled: Settled) -> tuple[Vector, ...]:
    """The limits; where there are none, the last layer that a page shows."""
    truth = equilibrium_of(settled)
    return settled.tokens(settled.layer + 2) if truth is None else truth.limits


def tags(view: View, wanted: Iterable[tuple[int, Vector, bool]], called: Called) -> tuple[Tag, ...]:
    """A name for each token at a point, leaders first; those at one place of the page are joined.

    A leader's name is joined with no other token's.
    """
    words: dict[tuple[Vector, bool], dict[str, None]] = {}
    for i, point, leads in wanted:
        words.setdefault((view.shadow(point), leads), {})[called(i)] = None
    found = [Tag(place, ", ".join(here), leads) for (place, leads), here in words.items()]
    return tuple(sorted(found, key=lambda tag: not tag.leads))


def _roles(view: View, slide: Slide, called: Called) -> tuple[Tag, ...]:
    tokens = range(len(slide.tokens))
    few = len(tokens) <= MOST_NAMED_IN_LAYERS and max(len(called(i)) for i in tokens) <= SHORT
    shown = {Role.LEADER, Role.LATER, *((Role.FOLLOWER,) if few else ())}
    wanted = [
        (i, z, role is Role.LEADER)
        for i, (z, role) in enumerate(zip(slide.tokens, slide.roles, strict=True))
        if role in shown
    ]
    return tags(view, wanted, called)
