"""The equilibrium: what infinitely many layers make of a configuration, read off exactly.

From a settled configuration everything in the main theorem of Alcalde, Fantuzzi and Zuazua
(arXiv:2407.01602) can be read: the leaders L are the tokens with C_i = {i}; the limit s_i is the
constant term of the closed form of z_i; the leaders are the vertices of the polytope
K = co{z_i : i ∈ L}; a limit that is no vertex is the point of least norm of the face
F_i = {x ∈ K : ⟨s_i, x⟩ = |s_i|²}. `Equilibrium.failures` checks each of these exactly and says
which, if any, is violated; under (H) none can be (`paper_notes.md`, sections 3
and 7; leaders stay by lemma I).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from flint import fmpq, fmpz

from theory.configuration import Configuration
from theory.exact import HardmaxError, dot, expect
from theory.exponential import ExponentialPolynomial
from theory.hull import in_hull
from theory.lazily import OnDemand, once, promise
from theory.matrices import Vector, as_matrix, identity
from theory.places import copies_of, leading
from theory.settling import Settled

Kind = Literal["leader", "vertex", "face"]


@dataclass(frozen=True)
class Leader(OnDemand):
    """A token that leads: its index, the first layer at which it leads, its position.

    C_i = {i}; of a token with copies, C_i is the set of these, and each of them is a leader. Of a
    large configuration the position is made when asked for.
    """

    token: int
    since_layer: int
    position: Vector


@dataclass(frozen=True)
class Rate:
    """The slowest term C(t, degree)·base^t of any token on its way to the limit."""

    base: fmpq
    degree: int


@dataclass(frozen=True)
class Equilibrium(OnDemand):
    """Leaders, limits, kinds, faces, clusters, polytope and rate, all exact.

    leaders : the leaders by token index.
    limits : s_1,…,s_n, each in Q^d.
    kinds : for each token "leader"; "vertex" (s_i is a leader's position); "face" (otherwise,
        and s_i maximises ⟨s_i, ·⟩ over K); None where no kind applies, which needs (H) to fail.
    faces : for each token of kind "face" the leaders v with ⟨s_i, v⟩ = |s_i|².
    clusters : the tokens with equal limits, each cluster sorted, by smallest member.
    rate : None when nothing moves after the settled layer.
    """

    configuration: Configuration
    leaders: tuple[Leader, ...]
    limits: tuple[Vector, ...]
    kinds: tuple[Kind | None, ...]
    faces: dict[int, tuple[int, ...]] = field(hash=False)
    clusters: tuple[tuple[int, ...], ...]
    rate: Rate | None

    @classmethod
    def of(cls, settled: Settled) -> "Equilibrium":
        """The equilibrium of a settled configuration.

        Raises `HardmaxError` where a token has no limit, which needs α < 0.
        """
        expect(Settled, settled, "a settled configuration")
        if settled.ending:
            made = object.__new__(cls)
            made.__dict__["configuration"] = settled.configuration
            return promise(made, _Large(settled).makers())
        configuration = settled.configuration
        limits = tuple([form.limit() for form in settled.closed_form])
        leaders = _leaders(settled, limits)
        keys = _keys([*limits, *(leader.position for leader in leaders)])
        kinds, faces = _kinds(configuration, leaders, limits, keys)
        return cls(
            configuration,
            leaders,
            limits,
            kinds,
            faces,
            _clusters(keys[: len(limits)]),
            _rate(settled.closed_form),
        )

    @property
    def polytope(self) -> tuple[Vector, ...]:
        """The vertices of K: the positions of the leaders, without repetition."""
        positions = [leader.position for leader in self.leaders]
        if not positions:
            return ()
        return tuple(dict(zip(_keys(positions), positions, strict=True)).values())

    @once
    def failures(self) -> tuple[str, ...]:
        """The statements of the main theorem that fail here; empty under (H).

        Checked exactly: there is a leader; the leaders' positions are distinct; each leader is an
        exposed point of K (the functional ⟨z_i, ·⟩ is greatest over the leaders at z_i alone);
        every limit satisfies max over K of ⟨s_i, ·⟩ = |s_i|², which makes it the point of least
        norm of a face; and every limit lies in K.
        """
        found: list[str] = []
        inner = self.configuration.inner
        vertices = self.polytope
        if not vertices:
            found.append("no token leads")
        places = self.configuration.merged()[1]
        if len(vertices) < len({places[leader.token] for leader in self.leaders}):
            found.append("two leaders share a position")
        for leader in self.leaders:
            height = inner(leader.position, leader.position)
            if any(inner(leader.position, v) >= height for v in vertices if v != leader.position):
                found.append(f"leader {leader.token} is not an exposed vertex of K")
        if len(self.limits) != self.configuration.size:
            found.append(f"{len(self.limits)} limits for {self.configuration.size} tokens")
            return tuple(found)
        for leader in self.leaders:
            if self.limits[leader.token] != leader.position:
                found.append(f"leader {leader.token} does not stay at its position")
        keys = _keys([*self.limits, *(leader.position for leader in self.leaders)])
        clusters = _clusters(keys[: len(self.limits)])
        for cluster in clusters:
            point = self.limits[cluster[0]]
            if point not in vertices and _face(self.configuration, self.leaders, point) is None:
                found.append(
                    f"the limit of token {cluster[0]} is not the foot of the origin on a face"
                )
            if not any(point) and len(vertices) > 1:
                found.append(f"the limit of token {cluster[0]} is the origin, on no proper face")
            if vertices and not in_hull(point, vertices):
                found.append(f"the limit of token {cluster[0]} is not in K")
        if clusters != self.clusters:
            found.append("the clusters are not the classes of equal limits")
        kinds, faces = _kinds(self.configuration, self.leaders, self.limits, keys)
        if (kinds, faces) != (self.kinds, self.faces):
            found.append("the kinds and faces are not those of the limits")
        return tuple(found)


def _clusters(keys: Sequence[tuple[fmpz, ...]]) -> tuple[tuple[int, ...], ...]:
    members: dict[tuple[fmpz, ...], list[int]] = {}
    for i, key in enumerate(keys):
        members.setdefault(key, []).append(i)
    return tuple(map(tuple, members.values()))


def _keys(points: Sequence[Vector]) -> list[tuple[fmpz, ...]]:
    """Integers in place of the points: equal iff they are, and hashed far faster."""
    numerators, _ = as_matrix(points).numer_denom()
    return list(map(tuple, numerators.table()))


def _leaders(settled: Settled, limits: Sequence[Vector]) -> tuple[Leader, ...]:
    leaders = []
    for i in leading(settled.pattern, settled.places, settled.dynamics.ties):
        own = settled.pattern[i]
        since = next(k for k, pattern in settled.history if pattern[i] == own)
        leaders.append(Leader(i, since, limits[i]))
    return tuple(leaders)


def _kinds(
    configuration: Configuration,
    leaders: Sequence[Leader],
    limits: Sequence[Vector],
    keys: Sequence[tuple[fmpz, ...]],
) -> tuple[tuple[Kind | None, ...], dict[int, tuple[int, ...]]]:
    """The kinds and faces; `keys` are those of the limits and then of the leaders' positions."""
    alone = {leader.token for leader in leaders}
    positions = set(keys[len(limits) :])
    known: dict[tuple[fmpz, ...], tuple[int, ...] | None] = {}
    kinds: list[Kind | None] = []
    faces: dict[int, tuple[int, ...]] = {}
    for i, (limit, key) in enumerate(zip(limits, keys, strict=False)):
        if i in alone:
            kinds.append("leader")
        elif key in positions:
            kinds.append("vertex")
        else:
            if key not in known:
                known[key] = _face(configuration, leaders, limit)
            face = known[key]
            kinds.append(None if face is None else "face")
            if face is not None:
                faces[i] = face
    return tuple(kinds), faces


def _face(
    configuration: Configuration, leaders: Sequence[Leader], limit: Vector, inside: bool = False
) -> tuple[int, ...] | None:
    """The leaders on F = {x ∈ K : ⟨s, x⟩ = |s|²}, or None if s is not on it.

    `leaders` has at least those at which ⟨s, ·⟩ is greatest; `inside` says that s is known to lie
    in K. For s = 0, which needs a zero token, F is all of K.
    """
    A: Sequence[Vector] = configuration.A
    plain = A is identity(len(A))
    functional = limit if plain else [dot(limit, column) for column in zip(*A, strict=True)]
    norm = dot(functional, limit)
    products = [dot(functional, leader.position) for leader in leaders]
    if not products or max(products) != norm:
        return None
    face = [leader for leader, x in zip(leaders, products, strict=True) if x == norm]
    if not inside and not in_hull(limit, [leader.position for leader in face]):
        return None
    return tuple(leader.token for leader in face)


def _rate(forms: Sequence[ExponentialPolynomial]) -> Rate | None:
    moving = [(r, p) for form in forms for r, p, _ in form.moving]
    return Rate(*max(moving)) if moving else None


class _Large:
    """The fields of the equilibrium of a large configuration, with few rationals.

    Places are sorted into classes of equal limits by the leader that they follow; only the rows
    that are not locked need their closed forms for that.
    """

    def __init__(self, settled: Settled) -> None:
        if settled.ending is None:
            raise HardmaxError("only a large configuration ends so")
        self.configuration = settled.configuration
        self.ending, self.places = settled.ending
        self.apart = settled.places != self.places
        self.course = self.ending.course

    def makers(self) -> dict[str, Callable[[], Any]]:
        return {
            "leaders": lambda: self.leaders,
            "limits": lambda: tuple(map(self.points.__getitem__, self.classes)),
            "kinds": lambda: self.kinds[0],
            "faces": lambda: self.kinds[1],
            "clusters": lambda: self.clusters,
            "rate": self.rate,
        }

    @once
    def positions(self) -> dict[int, Vector]:
        """Where each leading place stands."""
        places = self.course.leaders()
        always = [i for i, since in places if not since]
        found = dict(zip(always, self.course.configuration.some_tokens(always), strict=True))
        if len(always) == len(places):
            return found
        return {i: found[i] if i in found else self.course.token(i, k) for i, k in places}

    @once
    def classes(self) -> list[int]:
        """The class of each token, named by a place in it."""
        of_place: list[int] = self.course.single.tolist()
        limits = self.ending.limits
        if limits:
            positions = self.positions
            keys = _keys([*positions.values(), *limits.values()])
            known = dict(zip(keys, positions, strict=False))
            for i, key in zip(limits, keys[len(positions) :], strict=True):
                of_place[i] = known.setdefault(key, i)
        if len(of_place) == len(self.places):
            return of_place
        return [of_place[p] for p in self.places]

    @once
    def points(self) -> dict[int, Vector]:
        """The limit of each class."""
        limits = self.ending.limits
        return {**limits, **self.positions} if limits else self.positions

    @once
    def leaders(self) -> tuple[Leader, ...]:
        """The leaders: every copy of a leading place, or none where copies are kept apart."""
        places = self.course.leaders()
        if len(self.course.single) == len(self.places):
            found = [(i, since, i) for i, since in places]
        else:
            copies = copies_of(self.places)
            found = sorted(
                (i, since, p)
                for p, since in places
                if len(copies[p]) == 1 or not self.apart
                for i in copies[p]
            )
        return tuple([self._leader(*leader) for leader in found])

    def _leader(self, token: int, since: int, place: int) -> Leader:
        made = object.__new__(Leader)
        made.__dict__.update(token=token, since_layer=since)
        return promise(made, {"position": lambda: self.positions[place]})

    @once
    def clusters(self) -> tuple[tuple[int, ...], ...]:
        members: dict[int, list[int]] = {}
        for i, c in enumerate(self.classes):
            members.setdefault(c, []).append(i)
        return tuple(map(tuple, members.values()))

    @once
    def kinds(self) -> tuple[tuple[Kind | None, ...], dict[int, tuple[int, ...]]]:
        classes, alone = self.classes, [leader.token for leader in self.leaders]
        of_class: dict[int, Kind | None] = {classes[i]: "vertex" for i in alone}
        others = [c for c in dict.fromkeys(classes) if c not in of_class]
        face_of = self._faces(others) if others else {}
        for c in others:
            of_class[c] = "face" if c in face_of else None
        kinds = [of_class[c] for c in classes]
        for i in alone:
            kinds[i] = "leader"
        faces = {i: face_of[c] for i, c in enumerate(classes) if c in face_of} if face_of else {}
        return tuple(kinds), faces

    def _faces(self, classes: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """The leaders on the face of each class that has one, as `_face` finds them.

        Floats exclude most leaders, by the bound of `theory.fast.filter`. Unless copies are kept
        apart every limit lies in K, being a mean of limits of tokens with a shorter way to the
        leaders; so it lies in the hull of the leaders on its face, which is not looked for then.
        """
        found: dict[int, tuple[int, ...]] = {}
        if not self.leaders:
            return found
        leaders: dict[int, list[Leader]] = {}
        for leader in self.leaders:
            leaders.setdefault(self.places[leader.token], []).append(leader)
        places = np.array([*leaders], dtype=np.intp)
        points = [self.points[c] for c in classes]
        near = self.ending.image.contenders(points, places)
        for c, point, columns in zip(classes, points, near, strict=True):
            close = [leaders[place][0] for place in columns.tolist()]
            face = _face(self.configuration, close, point, inside=not self.apart)
            if face is not None:
                found[c] = tuple(
                    sorted(copy.token for i in face for copy in leaders[self.places[i]])
                )
        return found

    def rate(self) -> Rate | None:
        found = self.ending.rate()
        return None if found is None else Rate(*found)
