"""The equilibrium: what infinitely many layers make of a configuration, read off exactly.

From a settled configuration everything in the main theorem of Alcalde, Fantuzzi and Zuazua
(arXiv:2407.01602) can be read: the leaders L are the tokens with C_i = {i}; the limit s_i is the
constant term of the closed form of z_i; the leaders are the vertices of the polytope
K = co{z_i : i ∈ L}; a limit that is no vertex is the point of least norm of the face
F_i = {x ∈ K : ⟨s_i, x⟩ = |s_i|²}. `Equilibrium.failures` checks each of these exactly and says
which, if any, is violated; under (H) none can be (`paper_notes.md`, sections 3
and 7; leaders stay by lemma I).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from flint import fmpq, fmpz

from theory.configuration import Configuration
from theory.exact import dot, expect, text
from theory.exponential import ExponentialPolynomial, Form
from theory.hull import in_hull
from theory.matrices import Vector, as_matrix
from theory.names import Names
from theory.places import History, leading
from theory.readable import cell, count, number, power
from theory.rules import AVERAGED, Ties
from theory.showing import Showing

MOST_LEADERS = 6
"""Leaders that are printed."""

Kind = Literal["leader", "vertex", "face"]


@dataclass(frozen=True)
class Leader:
    """A token that leads: its index, the layer since which it leads for good, its position.

    C_i = {i}; of a token with copies, C_i is the set of these, and each of them is a leader. By
    lemma I the layer is the first at which it leads, if α > 0 under hardmax attention; otherwise a
    leader may cease to lead and begin again.

    >>> from theory import settle
    >>> truth = settle(Configuration([[0, 1], [1, 1], [2, 0]], alpha="1/3")).equilibrium()
    >>> truth.leaders[0]
    Leader(token=0, since_layer=2, position=(1/4, 63/64))
    """

    token: int
    since_layer: int
    position: Vector


@dataclass(frozen=True)
class Rate:
    """The slowest term C(t, degree)·base^t of any token on its way to the limit.

    Where attention runs in a cycle the base may be complex or irrational: then the number is its
    modulus, a layer, which lies between `base` and `upper`.

    >>> from theory import settle
    >>> settle(Configuration([[2], [1]], alpha=1)).equilibrium().rate
    Rate(base=1/2, degree=0)
    """

    base: fmpq
    degree: int
    upper: fmpq | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Equilibrium(Showing):
    """Leaders, limits, kinds, faces, clusters, polytope and rate, all exact.

    leaders : the leaders by token index.
    limits : s_1,…,s_n, each in Q^d.
    kinds : for each token "leader"; "vertex" (s_i is a leader's position); "face" (otherwise,
        and s_i maximises ⟨s_i, ·⟩ over K); None where no kind applies, which needs (H) to fail.
    faces : for each token of kind "face" the leaders v with ⟨s_i, v⟩ = |s_i|².
    clusters : the tokens with equal limits, each cluster sorted, by smallest member.
    rate : None when nothing moves after the settled layer.

    >>> from theory import settle
    >>> truth = settle(Configuration([[-2, 2], [-2, -2], [-1, 0]], alpha=1)).equilibrium()
    >>> truth.limits[2], truth.kinds[2], truth.faces[2]
    ((-2, 0), 'face', (0, 1))
    """

    configuration: Configuration
    leaders: tuple[Leader, ...]
    limits: tuple[Vector, ...]
    kinds: tuple[Kind | None, ...]
    faces: dict[int, tuple[int, ...]] = field(hash=False)
    clusters: tuple[tuple[int, ...], ...]
    rate: Rate | None

    @classmethod
    def of(
        cls,
        configuration: Configuration,
        places: Sequence[int],
        history: History,
        closed_form: Sequence[Form],
        ties: Ties = AVERAGED,
    ) -> "Equilibrium":
        """The equilibrium of tokens that stand at `places`, have attended as `history` tells, and
        move by `closed_form` from its last layer on.

        Raises `HardmaxError` where a token has no limit, which needs α < 0.
        """
        expect(Configuration, configuration, "a Configuration")
        limits = tuple([form.limit() for form in closed_form])
        leaders = leaders_of(history, places, limits, ties)
        keys = keys_of([*limits, *(leader.position for leader in leaders)])
        kinds, faces = _kinds(configuration, leaders, limits, keys)
        clusters = _clusters(keys[: len(limits)])
        return cls(configuration, leaders, limits, kinds, faces, clusters, _rate(closed_form))

    def __str__(self) -> str:
        """Leaders and clusters, and the first of the leaders.

        >>> from theory import settle
        >>> print(settle(Configuration([[2], [1]], 1, labels=["good", "film"])).equilibrium())
        1 leader, 1 cluster, slowest term (1/2)^t
          good (0) leads since layer 0 at (2)
        """
        names = Names.of(self.configuration)
        lines = [outcome(self)]
        for leader in self.leaders[:MOST_LEADERS]:
            place = cell([text(x) for x in leader.position])
            lines.append(
                f"{names.name(leader.token)} leads since layer {leader.since_layer} at {place}"
            )
        if len(self.leaders) > MOST_LEADERS:
            lines.append(f"… {len(self.leaders) - MOST_LEADERS} more")
        return "\n  ".join(lines)

    @property
    def polytope(self) -> tuple[Vector, ...]:
        """The vertices of K: the positions of the leaders, without repetition."""
        positions = [leader.position for leader in self.leaders]
        if not positions:
            return ()
        return tuple(dict(zip(keys_of(positions), positions, strict=True)).values())

    @cached_property
    def failures(self) -> tuple[str, ...]:
        """The statements of the main theorem that fail here; empty under (H).

        Checked exactly: there is a leader; the leaders' positions are distinct; each leader is an
        exposed point of K (the functional ⟨z_i, ·⟩ is greatest over the leaders at z_i alone);
        every limit satisfies max over K of ⟨s_i, ·⟩ = |s_i|², which makes it the point of least
        norm of a face; and every limit lies in K.
        """
        failing: list[str] = []
        inner = self.configuration.inner
        vertices = self.polytope
        if not vertices:
            failing.append("no token leads")
        places = self.configuration.merged()[1]
        if len(vertices) < len({places[leader.token] for leader in self.leaders}):
            failing.append("two leaders share a position")
        for leader in self.leaders:
            height = inner(leader.position, leader.position)
            if any(inner(leader.position, v) >= height for v in vertices if v != leader.position):
                failing.append(f"leader {leader.token} is not an exposed vertex of K")
        if len(self.limits) != self.configuration.size:
            failing.append(f"{len(self.limits)} limits for {self.configuration.size} tokens")
            return tuple(failing)
        for leader in self.leaders:
            if self.limits[leader.token] != leader.position:
                failing.append(f"leader {leader.token} does not stay at its position")
        keys = keys_of([*self.limits, *(leader.position for leader in self.leaders)])
        clusters = _clusters(keys[: len(self.limits)])
        for cluster in clusters:
            point = self.limits[cluster[0]]
            if point not in vertices and face_of(self.configuration, self.leaders, point) is None:
                failing.append(
                    f"the limit of token {cluster[0]} is not the foot of the origin on a face"
                )
            if not any(point) and len(vertices) > 1:
                failing.append(f"the limit of token {cluster[0]} is the origin, on no proper face")
            if vertices and not in_hull(point, vertices):
                failing.append(f"the limit of token {cluster[0]} is not in K")
        if clusters != self.clusters:
            failing.append("the clusters are not the classes of equal limits")
        kinds, faces = _kinds(self.configuration, self.leaders, self.limits, keys)
        if (kinds, faces) != (self.kinds, self.faces):
            failing.append("the kinds and faces are not those of the limits")
        return tuple(failing)


def outcome(truth: Equilibrium) -> str:
    """How many leaders and clusters there are, and the rate, in a few words."""
    words = f"{count(len(truth.leaders), 'leader')}, {count(len(truth.clusters), 'cluster')}"
    if truth.rate is None:
        return f"{words}, nothing moves any more"
    return f"{words}, slowest term {power(number(text(truth.rate.base)), truth.rate.degree)}"


def _clusters(keys: Sequence[tuple[fmpz, ...]]) -> tuple[tuple[int, ...], ...]:
    members: dict[tuple[fmpz, ...], list[int]] = {}
    for i, key in enumerate(keys):
        members.setdefault(key, []).append(i)
    return tuple(map(tuple, members.values()))


def keys_of(points: Sequence[Vector]) -> list[tuple[fmpz, ...]]:
    """Integers in place of the points: equal iff they are, and hashed far faster."""
    numerators, _ = as_matrix(points).numer_denom()
    return list(map(tuple, numerators.table()))


def leaders_of(
    history: History, places: Sequence[int], limits: Sequence[Vector], ties: Ties
) -> tuple[Leader, ...]:
    """The leaders among tokens that stand at `places` and tend to the `limits`."""
    _, pattern = history[-1]
    leaders = []
    for i in leading(pattern, places, ties):
        other = [k for k, (_, earlier) in enumerate(history) if earlier[i] != pattern[i]]
        since = history[other[-1] + 1][0] if other else history[0][0]
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
                known[key] = face_of(configuration, leaders, limit)
            face = known[key]
            kinds.append(None if face is None else "face")
            if face is not None:
                faces[i] = face
    return tuple(kinds), faces


def face_of(
    configuration: Configuration, leaders: Sequence[Leader], limit: Vector, inside: bool = False
) -> tuple[int, ...] | None:
    """The leaders on F = {x ∈ K : ⟨s, x⟩ = |s|²}, or None if s is not on it.

    `leaders` has at least those at which ⟨s, ·⟩ is greatest; `inside` says that s is known to lie
    in K. For s = 0, which needs a zero token, F is all of K.
    """
    functional: Sequence[fmpq] = limit
    if not configuration.euclidean:
        functional = [dot(limit, column) for column in zip(*configuration.A, strict=True)]
    norm = dot(functional, limit)
    products = [dot(functional, leader.position) for leader in leaders]
    if not products or max(products) != norm:
        return None
    face = [leader for leader, x in zip(leaders, products, strict=True) if x == norm]
    if not inside and not in_hull(limit, [leader.position for leader in face]):
        return None
    return tuple(leader.token for leader in face)


def _rate(forms: Sequence[Form]) -> Rate | None:
    if not all(isinstance(form, ExponentialPolynomial) for form in forms):
        from theory.beyond.linear import LinearForm  # what settles by theorem does without

        orbits = [form.orbit for form in forms if isinstance(form, LinearForm)]
        if orbits:
            slowest = orbits[0].slowest
            return None if slowest is None else Rate(*slowest)
    moving = [
        (abs(r), p, r)
        for form in forms
        if isinstance(form, ExponentialPolynomial)
        for r, p, _ in form.moving
    ]
    if not moving:
        return None
    _, degree, base = max(moving)
    return Rate(base, degree)
