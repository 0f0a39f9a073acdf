"""Equilibria: the main theorem on every case, known limits by hand, planted wrong ones refused."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import comb
from typing import Any

import pytest
from cases import Case, cases
from flint import fmpq
from gallery import GALLERY

from theory import (
    HARDMAX,
    Configuration,
    Dynamics,
    Equilibrium,
    HardmaxError,
    Leader,
    Rate,
    Settled,
    settle,
)
from theory.certificates import certificate
from theory.exact import fraction, rational
from theory.steps import Valued

pytestmark = pytest.mark.usefixtures("each_walk")

CASES = list(cases(200, seed=4))

Point = tuple[Fraction, ...]


def settled(*arguments: Any, **options: Any) -> Settled:
    result = settle(Configuration(*arguments, **options))
    assert isinstance(result, Settled)
    return result


def exhibit(name: str) -> Settled:
    chosen = GALLERY[name]
    return settled(chosen["tokens"], chosen["alpha"], chosen["A"])


def of_case(case: Case) -> Equilibrium:
    """Copies merged: a token that has a twin is no leader."""
    merged, _ = Configuration(case["tokens"], case["alpha"], case["A"]).merged()
    result = settle(merged)
    assert isinstance(result, Settled)
    return result.equilibrium()


def points(rows: Sequence[Sequence[fmpq]]) -> list[Point]:
    return [tuple(fraction(x) for x in row) for row in rows]


def inner(c: Configuration, x: Point, y: Point) -> Fraction:
    """⟨x, y⟩ from the definition."""
    d = range(c.dimension)
    return sum((x[s] * fraction(c.A[s][t]) * y[t] for s, t in product(d, d)), Fraction(0))


# -------------------------------------------------------------------- the main theorem


@pytest.mark.parametrize("index", range(len(CASES)), ids=[case["family"] for case in CASES])
def test_the_main_theorem_holds_on_random_cases(index: int) -> None:
    e = of_case(CASES[index])
    assert e.configuration.hypotheses.hold
    assert e.failures == ()
    check_plainly(e)


@pytest.mark.parametrize("name", GALLERY)
def test_the_main_theorem_holds_on_the_gallery(name: str) -> None:
    c = exhibit(name).configuration.merged()[0]
    result = settle(c)
    assert isinstance(result, Settled)
    assert result.equilibrium().failures == ()
    check_plainly(result.equilibrium())


def check_plainly(e: Equilibrium) -> None:
    """The statements that `failures` speaks of, and the fields, in Fractions and by definition."""
    c = e.configuration
    limits = points(e.limits)
    leaders = {x.token: tuple(fraction(y) for y in x.position) for x in e.leaders}
    vertices = list(leaders.values())
    assert leaders
    assert len(limits) == len(e.kinds) == c.size
    assert list(leaders) == sorted(leaders)
    assert points(e.polytope) == vertices
    for token, v in leaders.items():
        assert limits[token] == v
        assert all(inner(c, v, w) < inner(c, v, v) for w in vertices if w != v)
    for i, s in enumerate(limits):
        products = {token: inner(c, s, v) for token, v in leaders.items()}
        height = inner(c, s, s)
        assert max(products.values()) == height > 0
        assert max(inner(c, s, other) for other in limits) == height
        kind = "leader" if i in leaders else "vertex" if s in vertices else "face"
        assert e.kinds[i] == kind
        face = tuple(token for token, x in products.items() if x == height)
        assert e.faces.get(i) == (face if kind == "face" else None)
    assert set(e.faces) == {i for i, kind in enumerate(e.kinds) if kind == "face"}
    assert [list(cluster) for cluster in e.clusters] == [
        [j for j in range(c.size) if limits[j] == limits[i]]
        for i in range(c.size)
        if limits.index(limits[i]) == i
    ]


def test_the_cases_have_every_kind_of_limit() -> None:
    found = [of_case(case) for case in CASES]
    assert sum("face" in e.kinds for e in found) >= 10
    assert sum("vertex" in e.kinds for e in found) >= 50
    assert sum(any(leader.since_layer for leader in e.leaders) for e in found) >= 1
    assert sum(e.rate is None for e in found) >= 3
    assert sum(e.rate is not None and e.rate.degree > 0 for e in found) >= 1
    assert sum(len(e.polytope) > 2 for e in found) >= 20


# ------------------------------------------------------------------------------- by hand


def test_a_limit_on_an_edge() -> None:
    e = exhibit("face-limit").equilibrium()
    assert e.limits == ((2, 2), (-2, 2), (0, 2))
    assert e.kinds == ("leader", "leader", "face")
    assert e.faces == {2: (0, 1)}
    assert e.clusters == ((0,), (1,), (2,))
    assert e.leaders == (
        Leader(0, 0, (fmpq(2), fmpq(2))),
        Leader(1, 0, (fmpq(-2), fmpq(2))),
    )
    assert e.polytope == ((2, 2), (-2, 2))
    assert e.rate == Rate(fmpq(2, 3), 0)


def test_the_foot_is_that_of_the_matrix() -> None:
    """The edge from (4, 2) to (0, 2): its Euclidean foot would be (0, 2), a vertex."""
    e = exhibit("face-limit-under-a-matrix").equilibrium()
    assert e.limits[2] == (2, 2)
    assert (e.kinds[2], e.faces) == ("face", {2: (0, 1)})


def test_copies_pull_the_limit_along_the_edge_to_its_foot() -> None:
    e = exhibit("face-limit-by-copies").equilibrium()
    assert e.limits[2] == (0, 2)
    merged, _ = e.configuration.merged()
    kept, together = e, settle(merged).equilibrium()
    assert [kept.limits[i] for i in (0, 1, 2)] == list(together.limits)
    assert [leader.token for leader in together.leaders] == [0, 1]
    assert [leader.token for leader in kept.leaders] == [0, 1, 3]
    apart = settle(e.configuration, keep_copies=True).equilibrium()
    assert [leader.token for leader in apart.leaders] == [0]
    assert apart.limits == kept.limits


def test_a_vertex_and_a_cluster() -> None:
    e = settled([[2, -2], [-2, 2], [1, 0]], "1/3").equilibrium()
    assert e.kinds == ("leader", "leader", "vertex")
    assert e.clusters == ((0, 2), (1,))
    assert e.faces == {}
    assert e.rate == Rate(fmpq(3, 4), 0)


def test_leaders_and_since_when() -> None:
    e = exhibit("emerging-leader").equilibrium()
    assert {leader.token: leader.since_layer for leader in e.leaders} == {0: 2, 2: 0}
    run = exhibit("emerging-leader")
    assert [run.pattern_at(k)[0] == (0,) for k in range(4)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("tokens", "dynamics", "alpha", "led", "since"),
    [
        ([[0, 1], [2, 2]], Dynamics(step=Valued([[2, -2], [2, -2]])), 1, [True, False, False], 3),
        ([[1, 0], [2, 2], [0, -1]], HARDMAX, "-1/2", [True, False, False], 3),
        ([[2, 1], [1, 0], [3, -1]], HARDMAX, "1/2", [True, True], 0),
    ],
)
def test_a_leader_may_cease_to_lead_and_begin_again(
    tokens: list[list[int]], dynamics: Dynamics, alpha: str | int, led: list[bool], since: int
) -> None:
    """It leads since the last time that it began, as its certificate says; with α > 0, once."""
    run = settle(Configuration(tokens, alpha), dynamics=dynamics)
    assert isinstance(run, Settled)
    leader = run.equilibrium().leaders[-1]
    own = [run.pattern_at(k)[leader.token] == (leader.token,) for k in range(run.layer + 1)]
    assert own[: len(led)] == led
    assert leader.since_layer == since
    assert all(own[since:])
    assert not any(own[since - 1 : since])
    if dynamics != HARDMAX:
        claim = certificate(run)["claim"]
        told = [{"token": x.token, "since_layer": x.since_layer} for x in run.equilibrium().leaders]
        assert claim["leaders"] == told


def test_one_token() -> None:
    e = settled([["-2/7", 0]], "1/3").equilibrium()
    assert e.leaders == (Leader(0, 0, (fmpq(-2, 7), fmpq(0))),)
    assert (e.kinds, e.faces, e.clusters, e.rate) == (("leader",), {}, ((0,),), None)
    assert e.failures == ()


@pytest.mark.parametrize(
    ("name", "base", "degree"),
    [
        ("face-limit", "2/3", 0),
        ("moving-tie", "2/3", 1),
        ("resonance-of-degree-two", "1/2", 2),
        ("hundreds-of-layers", "200/201", 0),
    ],
)
def test_the_rate_is_the_order_of_the_slowest_distance(name: str, base: str, degree: int) -> None:
    """|z_i(t) − s_i|² / (C(t, degree) base^t)² tends to a positive number, for some token."""
    run = exhibit(name)
    e = run.equilibrium()
    assert e.rate == Rate(rational(base), degree)

    def size(t: int) -> Fraction:
        distances = [
            sum((fraction(x - y) ** 2 for x, y in zip(z, s, strict=True)), Fraction(0))
            for z, s in zip(run.tokens(run.layer + t), e.limits, strict=True)
        ]
        return max(distances) / (comb(t, degree) * Fraction(base) ** t) ** 2

    near, far = size(400), size(800)
    assert Fraction(99, 100) < far / near < Fraction(101, 100)


def test_nothing_moves_without_a_rate() -> None:
    e = exhibit("rest-without-leading").equilibrium()
    assert e.rate is None
    assert e.kinds == ("leader", "face", "leader")


# ------------------------------------------------------------- planted wrong equilibria


def with_leaders(e: Equilibrium, choose: Callable[[int], bool]) -> Equilibrium:
    return replace(e, leaders=tuple(leader for leader in e.leaders if choose(leader.token)))


def promoted(e: Equilibrium, token: int, position: Sequence[Any] | None = None) -> Equilibrium:
    """The same with one more leader."""
    row = e.limits[token] if position is None else tuple(rational(x) for x in position)
    return replace(e, leaders=(*e.leaders, Leader(token, 0, row)))


def moved(e: Equilibrium, token: int, *position: Any) -> Equilibrium:
    limits = list(e.limits)
    limits[token] = tuple(rational(x) for x in position)
    return replace(e, limits=tuple(limits))


EDGE = exhibit("face-limit").equilibrium()
VERTEX = settled([[2, -2], [-2, 2], [1, 0]], "1/3").equilibrium()

PLANTED: dict[str, tuple[Equilibrium, str]] = {
    "no leaders": (with_leaders(EDGE, lambda i: False), "no token leads"),
    "a leader forgotten": (with_leaders(EDGE, lambda i: i != 1), "token 1 is not in K"),
    "another leader forgotten": (with_leaders(VERTEX, lambda i: i != 0), "token 0 is not in K"),
    "the foot of an edge leads": (promoted(EDGE, 2), "leader 2 is not an exposed vertex"),
    "a follower leads": (promoted(VERTEX, 2), "two leaders share a position"),
    "a leader inside": (promoted(EDGE, 2, [0, 1]), "leader 2 is not an exposed vertex"),
    "a limit above the edge": (moved(EDGE, 2, 0, "2.0000000001"), "token 2 is not in K"),
    "a limit below the edge": (moved(EDGE, 2, 0, "1.9999999999"), "token 2 is not in K"),
    "a limit beyond a leader": (moved(EDGE, 2, 3, 2), "token 2 is not in K"),
    "a limit inside": (moved(VERTEX, 2, 1, -1), "limit of token 2 is not the foot"),
    "a follower beyond its leader": (moved(VERTEX, 2, 4, -4), "token 2 is not in K"),
    "a leader that moves": (moved(VERTEX, 0, -2, 2), "leader 0 does not stay"),
    "a limit slid along the edge": (moved(EDGE, 2, "1e-40", 2), "limit of token 2 is not the foot"),
    "a limit too few": (replace(VERTEX, limits=VERTEX.limits[:2]), "2 limits for 3 tokens"),
    "a vertex called face": (replace(VERTEX, kinds=("leader", "leader", "face")), "kinds"),
    "a leader called vertex": (replace(VERTEX, kinds=("vertex", "leader", "vertex")), "kinds"),
    "a leader off the face": (replace(EDGE, faces={2: (0,)}), "faces"),
    "clusters mixed": (replace(VERTEX, clusters=((0, 1), (2,))), "clusters"),
    "clusters split": (replace(VERTEX, clusters=((0,), (1,), (2,))), "clusters"),
    "a leader where nobody is": (promoted(EDGE, 2, [0, 3]), "leader 2 does not stay"),
    "no kind": (replace(EDGE, kinds=("leader", "leader", None)), "limit"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_wrong_equilibrium_is_refused(name: str) -> None:
    wrong, message = PLANTED[name]
    assert any(message in failure for failure in wrong.failures), wrong.failures


def test_the_equilibria_that_were_spoilt_are_sound() -> None:
    for sound in (EDGE, VERTEX):
        assert sound.failures == ()
        check_plainly(sound)


@pytest.mark.parametrize("name", PLANTED)
def test_the_plain_check_refuses_it_too(name: str) -> None:
    with pytest.raises(AssertionError):
        check_plainly(PLANTED[name][0])


def test_forgetting_any_leader_of_any_case_is_noticed() -> None:
    """A vertex of K is in no hull of the others."""
    for index in range(0, len(CASES), 4):
        e = of_case(CASES[index])
        for leader in e.leaders:
            forgotten = with_leaders(e, lambda i, token=leader.token: i != token)  # type: ignore[misc]  # the default binds it
            assert forgotten.failures


# ---------------------------------------------------------------- where a hypothesis fails


def test_repeated_tokens_that_are_kept_apart_lead_nowhere() -> None:
    e = settle(Configuration([[1], [1]], 1), keep_copies=True).equilibrium()
    assert e.leaders == ()
    assert e.kinds == (None, None)
    assert "no token leads" in e.failures
    assert settled([[1], [1]], 1).configuration.merged()[0].hypotheses.hold


def test_a_zero_token_may_rest_inside_the_polytope() -> None:
    e = settled([[0], [1], [-1]], 1).equilibrium()
    assert e.limits[0] == (0,)
    assert e.kinds == ("face", "leader", "leader")
    assert e.faces == {0: (1, 2)}
    assert e.failures
    with pytest.raises(AssertionError):
        check_plainly(e)
    nearly = settled([["1e-40"], [1], [-1]], 1).equilibrium()
    assert nearly.kinds[0] == "vertex"
    assert nearly.failures == ()
    check_plainly(nearly)


@pytest.mark.parametrize(("alpha", "base"), [("-1/4", "4/3"), ("-1/2", "2")])
def test_a_token_that_flees_has_no_limit(alpha: str, base: str) -> None:
    run = settled([[2], [1]], alpha, [[-1]])
    assert run.pattern == ((1,), (1,))
    with pytest.raises(HardmaxError, match=rf"no limit: the term C\(t,0\)·\({base}\)\^t"):
        run.equilibrium()


def test_with_step_zero_every_token_is_its_own_limit() -> None:
    e = settled([[1, 0], [0, 1], [1, 1]], 0).equilibrium()
    assert e.limits == e.configuration.tokens
    assert e.rate is None
    assert e.kinds == (None, None, "leader")
    assert {"the limit of token 0 is not in K", "the limit of token 1 is not in K"} <= {*e.failures}
    lower = settled([["1/2", 0], [0, 1], [1, 1]], 0).equilibrium()
    assert lower.kinds[0] is None
    assert "the limit of token 0 is not the foot of the origin on a face" in lower.failures


# ----------------------------------------------------------------------------- scaling


@pytest.mark.parametrize("name", ["moving-tie", "face-limit-under-a-matrix", "hundreds-of-layers"])
@pytest.mark.parametrize("factor", ["7/3", "1e-40", "1e40"])
def test_limits_scale_with_the_tokens_and_not_with_the_matrix(name: str, factor: str) -> None:
    chosen = GALLERY[name]
    c = rational(factor)
    plain = exhibit(name).equilibrium()
    tokens = [[c * x for x in row] for row in plain.configuration.tokens]
    large = settled(tokens, chosen["alpha"], chosen["A"]).equilibrium()
    assert large.limits == tuple(tuple(c * x for x in row) for row in plain.limits)
    A = [[c * x for x in row] for row in plain.configuration.A]
    steep = settled(chosen["tokens"], chosen["alpha"], A).equilibrium()
    assert steep.limits == plain.limits
    for other in (large, steep):
        assert (other.kinds, other.faces, other.rate) == (plain.kinds, plain.faces, plain.rate)
