"""The equilibrium: what infinitely many layers make of a configuration, read off exactly.

From a settled configuration everything in the main theorem of Alcalde, Fantuzzi and Zuazua
(arXiv:2407.01602) can be read: the leaders L are the tokens with C_i = {i}; the limit s_i is the
constant term of the closed form of z_i; the leaders are the vertices of the polytope
K = co{z_i : i ∈ L}; a limit that is no vertex is the point of least norm of the face
F_i = {x ∈ K : ⟨s_i, x⟩ = |s_i|²}. `Equilibrium.failures` checks each of these exactly and says
which, if any, is violated; under (H) none can be (`paper_notes.md`, section 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from flint import fmpq, fmpz

from theory.configuration import Configuration, Vector, as_matrix
from theory.exponential import ExponentialPolynomial
from theory.hull import in_hull
from theory.settling import Settled

Kind = Literal["leader", "vertex", "face"]


@dataclass(frozen=True)
class Leader:
    """A token with C_i = {i}: its index, the first layer at which it leads, its position."""

    token: int
    since_layer: int
    position: Vector


@dataclass(frozen=True)
class Rate:
    """The slowest term C(t, degree)·base^t of any token on its way to the limit."""

    base: fmpq
    degree: int


@dataclass(frozen=True)
class Equilibrium:
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
    faces: dict[int, tuple[int, ...]]
    clusters: tuple[tuple[int, ...], ...]
    rate: Rate | None

    @classmethod
    def of(cls, settled: Settled) -> "Equilibrium":
        """The equilibrium of a settled configuration.

        Raises `HardmaxError` where a token has no limit, which needs α < 0.
        """
        configuration = settled.configuration
        limits = tuple(form.limit() for form in settled.closed_form)
        leaders = _leaders(settled)
        kinds, faces = _kinds(configuration, leaders, limits)
        return cls(
            configuration,
            leaders,
            limits,
            kinds,
            faces,
            _clusters(limits),
            _rate(settled.closed_form),
        )

    @property
    def polytope(self) -> tuple[Vector, ...]:
        """The vertices of K: the positions of the leaders, without repetition."""
        return tuple(dict.fromkeys(leader.position for leader in self.leaders))

    @cached_property
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
        if len(vertices) < len(self.leaders):
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
        clusters = _clusters(self.limits)
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
        kinds, faces = _kinds(self.configuration, self.leaders, self.limits)
        if (kinds, faces) != (self.kinds, self.faces):
            found.append("the kinds and faces are not those of the limits")
        return tuple(found)


def _clusters(limits: Sequence[Vector]) -> tuple[tuple[int, ...], ...]:
    members: dict[tuple[fmpz, ...], list[int]] = {}
    for i, key in enumerate(_keys(limits)):
        members.setdefault(key, []).append(i)
    return tuple(map(tuple, members.values()))


def _keys(points: Sequence[Vector]) -> list[tuple[fmpz, ...]]:
    """Integers in place of the points: equal iff they are, and hashed far faster."""
    numerators, _ = as_matrix(points).numer_denom()
    return list(map(tuple, numerators.table()))


def _leaders(settled: Settled) -> tuple[Leader, ...]:
    leaders = []
    for i, attended in enumerate(settled.pattern):
        if attended == (i,):
            since = next(k for k, pattern in settled.history if pattern[i] == (i,))
            leaders.append(Leader(i, since, settled.closed_form[i].limit()))
    return tuple(leaders)


def _kinds(
    configuration: Configuration, leaders: Sequence[Leader], limits: Sequence[Vector]
) -> tuple[tuple[Kind | None, ...], dict[int, tuple[int, ...]]]:
    leading = {leader.token for leader in leaders}
    keys = _keys([*limits, *(leader.position for leader in leaders)])
    positions = set(keys[len(limits) :])
    known: dict[tuple[fmpz, ...], tuple[int, ...] | None] = {}
    kinds: list[Kind | None] = []
    faces: dict[int, tuple[int, ...]] = {}
    for i, (limit, key) in enumerate(zip(limits, keys, strict=False)):
        if i in leading:
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
    configuration: Configuration, leaders: Sequence[Leader], limit: Vector
) -> tuple[int, ...] | None:
    """The leaders on F = {x ∈ K : ⟨s, x⟩ = |s|²}, or None if s is not on it.

    For s = 0, which needs a zero token, F is all of K.
    """
    norm = configuration.inner(limit, limit)
    products = [configuration.inner(limit, leader.position) for leader in leaders]
    if not products or max(products) != norm:
        return None
    face = [leader for leader, x in zip(leaders, products, strict=True) if x == norm]
    if not in_hull(limit, [leader.position for leader in face]):
        return None
    return tuple(leader.token for leader in face)


def _rate(forms: Sequence[ExponentialPolynomial]) -> Rate | None:
    moving = [(r, p) for form in forms for r, p, _ in form.moving]
    return Rate(*max(moving)) if moving else None
