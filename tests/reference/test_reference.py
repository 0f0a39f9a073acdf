"""The reference is pinned to hand-checked numbers, to brute force and to the gallery."""

from collections.abc import Callable
from fractions import Fraction
from itertools import islice
from typing import Any

import pytest
import reference as ref
from cases import FAMILIES, Case, cases
from gallery import GALLERY
from reference import Sum, brute_layer, brute_pattern, closed_form, reference

HALF = Fraction(1, 2)
QUARTER = Fraction(1, 4)
TINY = Fraction(1, 10**40)


def scalar(*terms: tuple[Fraction | int, int, Fraction | int]) -> Sum:
    """Sum of c t^p r^t from triples (r, p, c)."""
    result = Sum(1)
    for base, degree, coefficient in terms:
        result.add(Fraction(base), degree, (Fraction(coefficient),))
    return result


def some(count: int, seed: int) -> list[Case]:
    """This many cases of each family."""
    return list(cases(count * len(FAMILIES), seed))


def family(case: Case) -> str:
    return case["family"]


class Run:
    """Brute layers of the places of one configuration, and its closed form once settled."""

    def __init__(self, tokens: Any, alpha: Fraction, A: Any = None) -> None:
        self.alpha, self.A = alpha, A
        self.result = reference(tokens, alpha, A)
        places, self.weights, self.place_of = ref.merge(tokens)
        self.layers = [places]
        self.extend(self.settled)
        self.pattern = self.pattern_at(self.settled)
        self.curves = closed_form(self.layers[-1], self.weights, A, alpha, self.pattern)

    @property
    def settled(self) -> int:
        layer = self.result["settled_layer"]
        assert isinstance(layer, int)
        return layer

    def extend(self, count: int) -> None:
        for _ in range(count):
            self.layers.append(brute_layer(self.layers[-1], self.weights, self.A, self.alpha))

    def pattern_at(self, layer: int) -> ref.Pattern:
        return brute_pattern(self.layers[layer], self.weights, self.A)

    def moves(self, place: int) -> bool:
        """Whether the place still moves at the settled layer (then it moves for ever)."""
        return bool(self.curves[place].nonconstant())

    def leads(self, place: int) -> bool:
        return self.pattern[place] == (place,)

    def degree(self, place: int) -> int:
        return max((degree for _, degree in self.curves[place].nonconstant()), default=0)

    def moved_in_own_set(self) -> list[tuple[int, int]]:
        """All (layer, place) with the place in its own attention set and moving."""
        return [
            (layer, i)
            for layer in range(len(self.layers) - 1)
            for i, attended in enumerate(self.pattern_at(layer))
            if i in attended and self.layers[layer + 1][i] != self.layers[layer][i]
        ]


def exhibit(name: str) -> Run:
    entry = GALLERY[name]
    return Run(entry["tokens"], Fraction(entry["alpha"]), entry["A"])


# -------------------------------------------------------------------------- hand-checked


def test_one_token() -> None:
    assert reference([[3, -4]], Fraction(1, 2)) == {
        "settled_layer": 0,
        "leaders": [{"token": 0, "since_layer": 0, "position": ["3", "-4"]}],
        "limits": [["3", "-4"]],
        "kinds": ["leader"],
        "faces": {},
        "clusters": [[0]],
        "attention": [[0]],
        "rate": None,
        "hypotheses": {
            "nonzero": True,
            "distinct": True,
            "positive_definite": True,
            "positive_step": True,
        },
    }


def test_face_and_copies() -> None:
    # (0, 1) ties (2, 2) and (-2, 2), each twice: m = (0, 2), z(t) = (0, 2 - (2/3)^t).
    result = reference([[0, 1], [2, 2], [-2, 2], [2, 2], [0, 1], [-2, 2]], HALF)
    del result["hypotheses"]
    assert result == {
        "settled_layer": 0,
        "leaders": [
            {"token": token, "since_layer": 0, "position": position}
            for token, position in (
                (1, ["2", "2"]),
                (2, ["-2", "2"]),
                (3, ["2", "2"]),
                (5, ["-2", "2"]),
            )
        ],
        "limits": [["0", "2"], ["2", "2"], ["-2", "2"], ["2", "2"], ["0", "2"], ["-2", "2"]],
        "kinds": ["face", "leader", "leader", "leader", "face", "leader"],
        "faces": {"0": [1, 2, 3, 5], "4": [1, 2, 3, 5]},
        "clusters": [[0, 4], [1, 3], [2, 5]],
        "attention": [[1, 2, 3, 5], [1, 3], [2, 5], [1, 3], [1, 2, 3, 5], [2, 5]],
        "rate": {"base": "2/3", "degree": 0},
    }


def test_a_tie_with_oneself_breaks() -> None:
    # <(0,1), .> = 1 on both: m = (1/2, 1), z' = (1/4, 1), and then (1, 1) is ahead, 5/4 > 17/16.
    assert brute_pattern([[0, 1], [1, 1]], [1, 1], None) == ((0, 1), (1,))
    leader = ref.as_vector([1, 1])
    for copies, first in ((1, Fraction(1, 4)), (3, Fraction(3, 8))):
        layer = brute_layer([[0, 1], [1, 1]], [1, copies], None, 1)
        assert layer == [ref.as_vector([first, 1]), leader]
    result = reference([[0, 1], [1, 1]], 1)
    assert result["settled_layer"] == 1
    assert result["kinds"] == ["vertex", "leader"]
    assert result["clusters"] == [[0, 1]]


def test_the_matrix_decides() -> None:
    # |(1,0)|^2 = 1, |(0,1)|^2 = 4, <(1,0),(0,1)> = 3/2: the first follows the second; not so for I.
    A = [[1, Fraction(3, 2)], [Fraction(3, 2), 4]]
    assert reference([[1, 0], [0, 1]], 1, A)["attention"] == [[1], [1]]
    assert reference([[1, 0], [0, 1]], 1)["attention"] == [[0], [1]]


def test_emerging_leader_by_hand() -> None:
    # Layer 0: (0,1) ties itself and (1,1), m = (1/2, 1); (1,1) ties itself and (2,0),
    # m = (3/2, 1/2). Layer 1: (1/8, 1), (9/8, 7/8), (2, 0); the first ties itself and the second
    # (65/64), m = (5/8, 15/16); the second goes to (2, 0). Layer 2: (1/4, 63/64) leads.
    result = reference([[0, 1], [1, 1], [2, 0]], Fraction(1, 3))
    assert result["leaders"] == [
        {"token": 0, "since_layer": 2, "position": ["1/4", "63/64"]},
        {"token": 2, "since_layer": 0, "position": ["2", "0"]},
    ]
    assert result["rate"] == {"base": "3/4", "degree": 0}


def test_undecided_has_no_findings() -> None:
    tokens = [[-2, 0], [-2, 1], [-1, -1]]
    undecided = reference(tokens, Fraction(1, 3), max_layers=4)
    assert undecided.keys() == reference(tokens, Fraction(1, 3), max_layers=5).keys()
    hypotheses = undecided.pop("hypotheses")
    assert all(hypotheses.values())
    assert set(undecided.values()) == {None}
    assert reference(tokens, Fraction(1, 3), max_layers=5)["settled_layer"] == 5


def test_zero_tokens_are_named() -> None:
    assert not reference([[0, 0], [1, 0]], 1)["hypotheses"]["nonzero"]


@pytest.mark.parametrize(
    "A", [[[1, 2], [2, 1]], [[1, 1], [0, 1]], [[1, 1], [1, 1]], [[-1, 0], [0, 1]]]
)
def test_only_symmetric_positive_definite_matrices(A: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="positive definite"):
        reference([[1, 0]], 1, A)


@pytest.mark.parametrize("alpha", [0, -1, Fraction(-1, 2)])
def test_only_positive_steps(alpha: Fraction) -> None:
    with pytest.raises(ValueError, match="alpha > 0"):
        reference([[1, 0]], alpha)


def test_floats_are_refused() -> None:
    inexact: Any = 0.5
    with pytest.raises(TypeError, match=r"0\.5"):
        reference([[inexact]], 1)
    with pytest.raises(TypeError, match=r"0\.5"):
        reference([[1]], inexact)


# ------------------------------------------------------------------------ sums and signs


@pytest.mark.parametrize(
    "target",
    [
        scalar((1, 0, 5)),
        scalar((HALF, 0, 1)),
        scalar((HALF, 1, 3), (HALF, 0, -2)),
        scalar((HALF, 2, -1), (Fraction(1, 3), 1, 4), (1, 0, 7)),
        scalar((Fraction(3, 4), 3, 2), (Fraction(3, 4), 1, -1), (HALF, 0, 6)),
    ],
)
@pytest.mark.parametrize("mu", [HALF, Fraction(3, 4), Fraction(2, 5)])
def test_relax_solves_the_recursion(target: Sum, mu: Fraction) -> None:
    z = ref.relax((Fraction(9),), mu, target)
    assert z.at(0) == (Fraction(9),)
    for t in range(12):
        assert z.at(t + 1) == (mu * z.at(t)[0] + (1 - mu) * target.at(t)[0],)


def test_resonance_raises_the_degree() -> None:
    # z(t+1) = z(t)/2 + 2^-t/2 from 0 is t 2^-t.
    z = ref.relax((Fraction(0),), HALF, scalar((HALF, 0, 1)))
    assert z.terms == scalar((HALF, 1, 1)).terms


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (scalar(), False),
        (scalar((1, 0, 1)), True),
        (scalar((1, 0, -1)), False),
        (scalar((1, 0, 3), (HALF, 0, -2)), True),
        (scalar((1, 0, 2), (HALF, 0, -2)), False),
        (scalar((1, 0, -1), (HALF, 0, 10**9)), False),
        (scalar((HALF, 1, 1)), False),
        (scalar((HALF, 1, 1), (HALF, 0, 1)), True),
        # t 2^-t is 1/2 at t = 1 and t = 2, its greatest value.
        (scalar((1, 0, 1), (HALF, 1, Fraction(-19, 10))), True),
        (scalar((1, 0, 1), (HALF, 1, -2)), False),
        # (9/10)^t t^3 rises until t = 28 and falls below 10^-6 only beyond t = 290.
        (scalar((1, 0, 1), (Fraction(9, 10), 3, 1)), True),
        (scalar((1, 0, Fraction(1, 10**6)), (Fraction(9, 10), 3, -1), (HALF, 0, 5)), False),
        # (2^-t - 1/8)^2 is 0 at t = 3 alone.
        (scalar((QUARTER, 0, 1), (HALF, 0, -QUARTER), (1, 0, Fraction(1, 64))), False),
        (
            scalar((QUARTER, 0, 1), (HALF, 0, -QUARTER), (1, 0, Fraction(1, 64) + TINY)),
            True,
        ),
        (scalar((1, 0, TINY), (HALF, 0, 1)), True),
        (scalar((1, 0, -TINY), (HALF, 0, 1)), False),
    ],
)
def test_positive_for_ever(f: Sum, expected: bool) -> None:
    assert ref.is_positive_for_ever(f) is expected
    if expected:
        assert all(f.at(t)[0] > 0 for t in range(60))


def test_a_sign_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = scalar((1, 0, 1), (Fraction(999, 1000), 0, 2))
    assert ref.is_positive_for_ever(slow)
    monkeypatch.setattr(ref, "LARGEST_THRESHOLD", 600)
    with pytest.raises(NotImplementedError, match="600"):
        ref.is_positive_for_ever(slow)
    assert not ref.is_positive_for_ever(scalar((1, 0, -1), (Fraction(999, 1000), 0, 2)))


# ---------------------------------------------------------------------------- brute force


@pytest.mark.parametrize("case", some(3, seed=2024), ids=family)
def test_the_closed_form_is_what_happens(case: Case) -> None:
    run = Run(case["tokens"], case["alpha"], case["A"])
    run.extend(30)
    for t in range(31):
        assert run.pattern_at(run.settled + t) == run.pattern
        assert run.layers[run.settled + t] == [curve.at(t) for curve in run.curves]
    assert run.settled == 0 or run.pattern_at(run.settled - 1) != run.pattern

    leaders: dict[int, int] = {}
    for layer in range(run.settled + 1):
        for i, attended in enumerate(run.pattern_at(layer)):
            if attended == (i,):
                leaders.setdefault(i, layer)
    assert run.result["leaders"] == [
        {
            "token": token,
            "since_layer": leaders[place],
            "position": [str(x) for x in run.layers[-1][place]],
        }
        for token, place in enumerate(run.place_of)
        if place in leaders
    ]


@pytest.mark.parametrize("case", some(5, seed=7), ids=family)
def test_what_settled_patterns_are_like(case: Case) -> None:
    """Consequences of the definitions under (H), by algebra that the reference does not use.

    In a settled pattern: a place in its own attention set rests; a moving place has z(t) = s +
    P(t) lam^t; one attended alone leads; with a place at rest in its attention set P is constant,
    and if all of it moves, deg P is at least 1.
    """
    run = Run(case["tokens"], case["alpha"], case["A"])
    lam = 1 / (1 + case["alpha"])
    for i, attended in enumerate(run.pattern):
        assert {base for base, _ in run.curves[i].nonconstant()} <= {lam}
        if i in attended:
            assert not run.moves(i)
        elif len(attended) == 1:
            assert run.leads(attended[0])
            assert run.degree(i) == 0
        else:
            assert (run.degree(i) > 0) is all(run.moves(j) for j in attended)

    form = ref.as_matrix(run.A, len(case["tokens"][0]))
    leaders = [curve.limit() for place, curve in enumerate(run.curves) if run.leads(place)]
    for curve in run.curves:
        s = curve.limit()
        assert max(ref.inner(s, v, form) for v in leaders) == ref.inner(s, s, form)


# -------------------------------------------------------------------------------- cases


def test_cases_do_not_depend_on_their_count() -> None:
    many = list(cases(3 * len(FAMILIES), seed=5))
    assert many[:20] == list(islice(cases(1000, seed=5), 20))
    assert many != list(cases(3 * len(FAMILIES), seed=6))
    assert {case["family"] for case in many} == set(FAMILIES)


@pytest.mark.parametrize("case", some(10, seed=1), ids=family)
def test_cases_meet_the_hypotheses(case: Case) -> None:
    tokens = case["tokens"]
    assert 1 <= len(tokens) <= 12
    assert 1 <= len(tokens[0]) <= 5
    assert all(any(token) for token in tokens)
    assert case["alpha"] > 0
    assert ref.is_symmetric_positive_definite(ref.as_matrix(case["A"], len(tokens[0])))
    places, _, _ = ref.merge(tokens)
    assert (len(places) < len(tokens)) is (case["family"] == "repeated")


# -------------------------------------------------------------------------------- gallery


def face_limit(run: Run) -> bool:
    return run.result["kinds"][2] == "face" and run.settled == 0 and run.moves(2)


def shows_face_by_copies(run: Run) -> bool:
    single = reference([[-2, 2], [1, 2], [0, 1]], HALF)
    return face_limit(run) and run.weights == [1, 2, 1] and single["kinds"][2] == "vertex"


def shows_rest(run: Run) -> bool:
    return run.settled == 0 and run.pattern[1] == (0, 1, 2) and not run.moves(1)


def shows_coming_to_rest(run: Run) -> bool:
    return (
        run.settled == 1
        and run.layers[0][0] != run.layers[1][0]
        and not run.moves(0)
        and not run.leads(0)
    )


def shows_emerging_leader(run: Run) -> bool:
    return [leader["since_layer"] for leader in run.result["leaders"]] == [2, 0]


def shows_moving_only(place: int, degree: int) -> Callable[[Run], bool]:
    """The place attends to two or more places, all moving, whose lead over leaders vanishes."""

    def check(run: Run) -> bool:
        form = ref.as_matrix(run.A, len(run.layers[0][0]))
        attended = run.pattern[place]
        s = run.curves[place].limit()
        face = [
            v
            for v, curve in enumerate(run.curves)
            if run.leads(v) and ref.inner(s, curve.limit(), form) == ref.inner(s, s, form)
        ]
        leads = []
        for v in face:
            ahead = Sum(len(s))
            ahead.add_multiple(Fraction(1), run.curves[attended[0]])
            ahead.add_multiple(Fraction(-1), run.curves[v])
            leads.append(ref.product(run.curves[place], ahead, form))
        return (
            len(attended) >= 2
            and all(run.moves(j) for j in attended)
            and run.moves(place)
            and run.degree(place) == degree
            and run.result["rate"]["degree"] == degree
            and len(face) >= 2
            and all(ref.is_positive_for_ever(f) and f.limit() == (Fraction(0),) for f in leads)
        )

    return check


def shows_mixed_tie(run: Run) -> bool:
    return run.pattern[4] == (0, 1, 2, 3) and [run.moves(j) for j in range(4)] == [
        False,
        False,
        True,
        True,
    ]


def leading(run: Run) -> list[int]:
    return [leader["token"] for leader in run.result["leaders"]]


SHOWN: dict[str, Callable[[Run], bool]] = {
    "face-limit": face_limit,
    "face-limit-under-a-matrix": face_limit,
    "face-limit-by-copies": shows_face_by_copies,
    "rest-without-leading": shows_rest,
    "coming-to-rest": shows_coming_to_rest,
    "own-set-and-moving": lambda run: run.moved_in_own_set() == [(0, 0)],
    "own-set-and-moving-later": lambda run: (1, 0) in run.moved_in_own_set(),
    "emerging-leader": shows_emerging_leader,
    "more-than-n-layers": lambda run: run.settled == 5 > len(run.weights),
    "hundreds-of-layers": lambda run: run.settled == 231,
    "leaders-at-small-alpha": lambda run: leading(run) == [0, 2],
    "leaders-at-large-alpha": lambda run: leading(run) == [0],
    "mixed-tie": shows_mixed_tie,
    "moving-tie": shows_moving_only(4, 1),
    "moving-tie-in-the-cube": shows_moving_only(1, 1),
    "resonance-of-degree-two": shows_moving_only(10, 2),
    "late-by-resonance": lambda run: run.settled == 25 and shows_moving_only(6, 1)(run),
}


def test_all_of_the_gallery_is_pinned() -> None:
    assert SHOWN.keys() == GALLERY.keys()
    small, large = GALLERY["leaders-at-small-alpha"], GALLERY["leaders-at-large-alpha"]
    assert small["tokens"] == large["tokens"]


@pytest.mark.parametrize("name", GALLERY)
def test_gallery(name: str) -> None:
    assert SHOWN[name](exhibit(name))


@pytest.mark.parametrize(("inverse", "layer"), [(5, 7), (10, 13), (20, 25), (40, 49)])
def test_late_by_resonance_grows_with_the_inverse(inverse: int, layer: int) -> None:
    tokens = [
        [inverse * x for x in token]
        for token in ([5, 2, 0, 0], [-5, 2, 0, 0], [1, 2, 1, 0], [-1, 2, 1, 0], [0, 1, 0, 1])
    ]
    rivals = [[sign * inverse, 2 * inverse, inverse + 1, -inverse] for sign in (1, -1)]
    assert reference(tokens + rivals, 1)["settled_layer"] == layer
    never = [[sign * inverse, 2 * inverse, inverse - 1, -inverse] for sign in (1, -1)]
    assert reference(tokens + never, 1)["settled_layer"] == 1
