"""Sweeps: every interval and every break is what `settle`, and other arithmetic, say of it."""

import pickle
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath
import pytest
from flint import fmpq, fmpz_poly

from theory import INFINITE, Configuration, HardmaxError, settle
from theory.closed_form import closed_form
from theory.dynamics import Pattern
from theory.places import History
from theory.positivity import first_failure
from theory.schedules.quotients import Quotient
from theory.settling import Settled
from theory.sweeps import Family, Outcome, Piece, Sweep, lines, pulls, steps, sweep, varied
from theory.sweeps.checking import held, numbers_in
from theory.sweeps.families import Row
from theory.sweeps.layers import Motion, Standing
from theory.sweeps.numbers import Root, isolated, sign_at, simplest
from theory.walk import comparisons

TENTH, TEN = fmpq(1, 10), fmpq(10)
EMERGING = [[0, 1], [1, 1], [2, 0]]


def at_layer(history: History, layer: int) -> Pattern:
    return next(pattern for since, pattern in reversed(history) if since <= layer)


def sound(found: Sweep, count: int = 3) -> None:
    """Pieces cover the range without overlap, are maximal, and `settle` agrees with them."""
    pieces = found.pieces
    assert pieces[0].low == Root.rational(found.family.low)
    assert pieces[-1].high == Root.rational(found.family.high)
    assert pieces[0].low_closed
    assert pieces[-1].high_closed
    for before, piece in pairwise(pieces):
        assert before.high == piece.low
        assert before.high_closed != piece.low_closed
        assert not piece.continues(before)
    assert [(x, said) for x, said in held(found, count) if said is not None] == []


# ------------------------------------------------------------------- numbers


def test_roots_are_isolated_however_close_they_are() -> None:
    near = fmpz_poly([-(10**80 * 2 + 1), 0, 10**80])
    product = fmpz_poly([-2, 0, 1]) * near * fmpz_poly([-3, 2])
    one, other, half = isolated(product, fmpq(0), fmpq(2))
    assert one < other < half
    assert (one.degree, other.degree, half.value) == (2, 2, fmpq(3, 2))
    assert one.polynomial == fmpz_poly([-2, 0, 1])
    assert isolated(product, fmpq(0), fmpq(1)) == []
    assert sign_at(near, one) == -1
    assert sign_at(near, other) == 0
    assert sign_at(fmpz_poly([-2, 0, 1]), other) == 1


def test_roots_are_equal_by_what_they_are_and_not_by_their_enclosures() -> None:
    (root,) = isolated(fmpz_poly([-2, 0, 1]), fmpq(0), fmpq(2))
    (wide,) = isolated(fmpz_poly([-2, 0, 1]), fmpq(0), fmpq(100))
    below, above = isolated(fmpz_poly([-2, 0, 1]), fmpq(-2), fmpq(2))
    assert root == wide == above == root.narrowed(fmpq(1, 10**50))
    assert below != root
    assert hash(root) == hash(wide)
    assert pickle.loads(pickle.dumps(root)) == root
    assert not root < wide
    assert below < root


def test_descartes_agrees_with_roots_that_are_known() -> None:
    draw = random.Random(5)
    for _ in range(30):
        values = sorted({fmpq(draw.randint(-40, 40), draw.randint(1, 9)) for _ in range(5)})
        product = fmpz_poly([1, 0, 1])
        for value in values:
            product *= fmpz_poly([-value.p, value.q]) ** draw.randint(1, 2)
        low, high = fmpq(draw.randint(-40, 0)), fmpq(draw.randint(1, 40))
        found = [root.value for root in isolated(product, low, high)]
        assert found == [value for value in values if low < value < high]


def test_the_simplest_number_is_inside_and_none_is_simpler() -> None:
    draw = random.Random(6)
    for _ in range(50):
        low = fmpq(draw.randint(-60, 60), draw.randint(1, 30))
        high = low + fmpq(draw.randint(1, 20), draw.randint(1, 60))
        found = simplest(low, high)
        assert low < found < high
        for q in range(1, int(found.q)):
            assert not low < fmpq((low * q).floor() + 1, q) < high


# --------------------------------------------------------------- the three tokens


def test_a_leader_is_lost_at_exactly_two_over_the_root_of_seven() -> None:
    found = sweep(steps(Configuration(EMERGING, 1), TENTH, TEN))
    sound(found)
    assert [piece.layer for piece in found.pieces] == [2, 4, 3, 3, 2]
    assert [piece.low.coefficients for piece in found.breaks] == [(-4, 0, 7), (-4, -4, 1)]
    leaders = [[i for i, _ in piece.outcome.leaders] for piece in found.pieces if piece.outcome]
    assert leaders == [[0, 2], [2], [2], [2], [2]]
    first = found.pieces[0].outcome
    assert first is not None
    assert first.limits[0][0] == Quotient.of(fmpz_poly([0, 1]), fmpz_poly([1, 1]))
    assert first.kinds == ("leader", "vertex", "leader")


class Surd:
    """a + b √r, exactly, in fractions: arithmetic that the engine does not have."""

    r = 0

    def __init__(self, a: Any, b: Any = 0) -> None:
        self.a, self.b = Fraction(a), Fraction(b)

    def __add__(self, other: "Surd") -> "Surd":
        return type(self)(self.a + other.a, self.b + other.b)

    def __sub__(self, other: "Surd") -> "Surd":
        return type(self)(self.a - other.a, self.b - other.b)

    def __mul__(self, other: "Surd") -> "Surd":
        cross = self.a * other.b + self.b * other.a
        return type(self)(self.a * other.a + self.r * self.b * other.b, cross)

    def inverse(self) -> "Surd":
        norm = self.a**2 - self.r * self.b**2
        return type(self)(self.a / norm, -self.b / norm)

    def sign(self) -> int:
        a, b = (self.a > 0) - (self.a < 0), (self.b > 0) - (self.b < 0)
        if a * b >= 0:
            return a or b
        bigger = self.a**2 - self.r * self.b**2
        return a if bigger > 0 else b


def surd_history(tokens: Any, alpha: Surd, layers: int) -> tuple[list[Pattern], list[list[Surd]]]:
    """The patterns of layers 0, 1, … by the definition, and the tokens after them."""
    make = type(alpha)
    state = [[make(x) for x in row] for row in tokens]
    shrink, patterns = (make(1) + alpha).inverse(), []
    for _ in range(layers):
        pattern = []
        for z in state:
            best: list[int] = []
            top = make(0)
            for column, y in enumerate(state):
                score = sum([a * b for a, b in zip(z, y, strict=True)], make(0))
                sign = (score - top).sign() if best else 1
                if sign > 0:
                    best, top = [column], score
                elif not sign:
                    best.append(column)
            pattern.append(tuple(best))
        moved = []
        for z, attended in zip(state, pattern, strict=True):
            share = make(Fraction(1, len(attended)))
            mean = [sum([state[j][s] for j in attended], make(0)) * share for s in range(len(z))]
            moved.append([(x + alpha * m) * shrink for x, m in zip(z, mean, strict=True)])
        state = moved
        patterns.append(tuple(pattern))
    return patterns, state


@pytest.mark.parametrize(
    ("place", "r", "a", "b"), [(0, 7, 0, Fraction(2, 7)), (1, 2, 2, 2)], ids=["2/√7", "2+2√2"]
)
def test_a_break_is_followed_as_in_its_own_quadratic_field(
    place: int, r: int, a: Any, b: Any
) -> None:
    field = type("Field", (Surd,), {"r": r})
    found = sweep(steps(Configuration(EMERGING, 1), TENTH, TEN))
    piece = found.breaks[place]
    patterns, _ = surd_history(EMERGING, field(a, b), piece.layer + 8)
    assert patterns == [at_layer(piece.history, k) for k in range(piece.layer + 8)]
    for other in found.intervals:  # the twin: no neighbour's history will do
        assert patterns != [at_layer(other.history, k) for k in range(piece.layer + 8)]


def test_a_break_of_high_degree_is_followed_as_in_four_hundred_digits() -> None:
    tokens = [[-2, 0], [-2, 1], [-1, -1]]
    found = sweep(steps(Configuration(tokens, 1), TENTH, TEN))
    sound(found)
    deepest = max(found.breaks, key=lambda piece: piece.low.degree)
    assert deepest.low.degree >= 8
    for piece in found.breaks:
        near = piece.low.narrowed(fmpq(1, 10**400)).low
        with mpmath.workdps(390):
            alpha = mpmath.mpf(int(near.p)) / int(near.q)
            state = [mpmath.matrix(row) for row in tokens]
            for k in range(piece.layer + 3):
                pattern = []
                for z in state:
                    scores = [(z.T * y)[0] for y in state]
                    gaps = [max(scores) - score for score in scores]
                    assert all(gap < 1e-300 or gap > 1e-100 for gap in gaps)
                    pattern.append(tuple([j for j, gap in enumerate(gaps) if gap < 1e-300]))
                assert tuple(pattern) == at_layer(piece.history, k)
                state = [
                    (z + alpha * sum([state[j] for j in c], mpmath.matrix([0, 0])) / len(c))
                    / (1 + alpha)
                    for z, c in zip(state, pattern, strict=True)
                ]


# ------------------------------------------------------------------ all kinds


def drawn(draw: random.Random) -> Configuration:
    d, reach = draw.randint(1, 3), draw.choice([1, 2, 3, 9])
    tokens = [[draw.randint(-reach, reach) for _ in range(d)] for _ in range(draw.randint(1, 6))]
    A = [[2 if i == j else 1 for j in range(d)] for i in range(d)] if draw.random() < 0.3 else None
    return Configuration(tokens, fmpq(draw.randint(1, 6), draw.randint(1, 6)), A)


def family_of(draw: random.Random, c: Configuration) -> Family:
    kind = draw.randrange(4)
    if kind == 0:
        return steps(c, TENTH, TEN)
    if kind == 1:
        return pulls(c, TENTH, fmpq(9, 10))
    i = draw.randrange(c.size)
    if kind == 2:
        return varied(c, f"token {i}[{draw.randrange(c.dimension)}]", fmpq(-3), fmpq(3))
    slope = [draw.randint(-2, 2) for _ in range(c.dimension)]
    slope[0] += not any(slope)
    return varied(c, f"token {i}+({','.join(map(str, slope))})", fmpq(-1), fmpq(1))


@pytest.mark.parametrize("seed", range(4))
def test_settle_agrees_in_every_piece(seed: int) -> None:
    draw = random.Random(seed)
    pieces = 0
    for _ in range(20):
        found = sweep(family_of(draw, drawn(draw)), max_layers=40, max_pieces=60)
        sound(found)
        pieces += len(found.pieces)
    assert pieces > 30


@pytest.mark.parametrize(
    ("tokens", "breaks"),
    [
        ([[1]], 0),
        ([[0]], 0),
        ([[0, 0], [0, 0]], 0),
        ([[2, 2], [-2, 2], [0, 1]], 0),
        ([[1, 1], [1, -1], [-1, -1], [-1, 1], [0, 0]], 0),
        ([[1, 0], [1, 0], [0, 1]], 0),
        ([[3, 2, 0], [-3, 2, 0], [1, 2, 1], [-1, 2, 1], [0, 1, 0]], 1),
        ([[0, 1], [1, 1], [2, 0], [1, 1]], 43),
        ([[-3], [1], [2]], 0),
    ],
    ids=["one", "zero", "zeros", "tie", "zero in a square", "copies", "moving tie", "copies that "
         "move", "line"],
)  # fmt: skip
def test_degenerate_starts(tokens: Any, breaks: int) -> None:
    for family in (steps(Configuration(tokens, 1), fmpq(1, 50), fmpq(10**6)),
                   pulls(Configuration(tokens, 1), TENTH, fmpq(9, 10))):  # fmt: skip
        found = sweep(family)
        sound(found)
        assert found.decided
        if family.parameter == "alpha":
            assert len(found.breaks) == breaks


def test_a_rational_break_is_what_settle_says() -> None:
    found = sweep(varied(Configuration(EMERGING, "1/3"), "token 1[0]", fmpq(0), fmpq(3)))
    sound(found)
    assert [piece.low.value for piece in found.breaks] == [0, 1, 2]
    for piece in found.breaks:
        value = piece.low.value
        assert value is not None
        truth = settle(found.family.at(value))
        assert isinstance(truth, Settled)
        assert truth.history == piece.history
    assert {x for x, _ in held(found, 1)} >= {0, 1, 2, 3}


def test_two_breaks_that_are_ten_to_the_minus_forty_apart() -> None:
    near = fmpq(1, 10**40)
    tokens = [[1, 0], [0, 1 + near], [0, 1], [fmpq(1, 2), fmpq(1, 2)]]
    found = sweep(varied(Configuration(tokens, 1), "token 0[0]", fmpq(1, 2), fmpq(2)))
    sound(found)
    breaks = [piece.low.value for piece in found.breaks]
    assert 1 + near in breaks
    close = sweep(
        varied(Configuration([[1, 0], [2, 2], [2, 2 + near]], 1), "token 0[0]", fmpq(-1), fmpq(1))
    )
    sound(close)
    assert [piece.low.value for piece in close.breaks] == [0]


def test_a_range_of_one_point_and_one_that_begins_where_nothing_moves() -> None:
    point = sweep(steps(Configuration(EMERGING, 1), fmpq(1), fmpq(1)))
    sound(point)
    assert [(p.is_break, p.layer) for p in point.pieces] == [(True, 3)]
    still = sweep(steps(Configuration(EMERGING, 1), fmpq(0), fmpq(1)))
    sound(still)
    assert still.pieces[0].is_break
    assert still.pieces[0].layer == 0
    assert still.decided


@pytest.mark.parametrize("tokens", [EMERGING, [[2], [1]], [[-2, 0], [-2, 1], [-1, -1]]])
def test_the_whole_pull_is_an_end_as_any_other(tokens: Any) -> None:
    found = sweep(pulls(Configuration(tokens, 1), "1/2", 1))
    sound(found)
    truth = settle(Configuration(tokens, 1), dynamics=INFINITE)
    assert isinstance(truth, Settled)
    last = found.pieces[-1]
    assert last.outcome is not None
    assert last.history == truth.history
    limits = [tuple([f(1) for f in row]) for row in last.outcome.limits]
    assert limits == list(truth.equilibrium().limits)


def mirrored(draw: random.Random) -> Configuration:
    """Tokens in pairs that an A of any signs ties: leaders, vertices and faces."""
    d, tokens = draw.randint(2, 3), []
    for _ in range(draw.randint(1, 3)):
        token = [draw.randint(-3, 3) for _ in range(d)]
        tokens += [token, [*token[:-1], -token[-1]]]
    tokens += [[draw.randint(-3, 3) for _ in range(d - 1)] + [0] for _ in range(2)]
    A = [[0] * d for _ in range(d)]
    for i in range(d - 1):
        for j in range(i + 1):
            A[i][j] = A[j][i] = draw.randint(-2, 2)
    A[-1][-1] = draw.randint(-2, 3)
    return Configuration(tokens, fmpq(draw.randint(1, 6), draw.randint(1, 6)), A)


def test_kinds_need_no_definite_matrix() -> None:
    """The pattern alone tells them on an interval, and `settle` by signs, whatever A is."""
    draw, kinds = random.Random(8), set()
    for _ in range(40):
        c = mirrored(draw)
        family = steps(c, TENTH, TEN)
        if draw.random() < 0.5:
            family = varied(c, "A[0][0]", fmpq(-3), fmpq(3))
        found = sweep(family, max_layers=20, max_pieces=30, effort=20)
        sound(found)
        if not c.hypotheses.positive_definite:
            kinds |= {kind for p in found.intervals if p.outcome for kind in p.outcome.kinds}
    assert kinds == {"leader", "vertex", "face"}


def test_a_limit_in_which_tokens_that_met_have_a_share_is_on_a_face_of_others() -> None:
    """At α = 1 two tokens meet: none leads there, and the leaders span the mean of all."""
    corners = [[2, 2, 1, 0], [2, -2, 1, 0], [-2, 2, 1, 0]]
    tokens = [*corners, *corners, [-2, -2, 1, 1], [-2, -2, 1, -1], [0, 0, 1, 0]]
    A = [[-(i == j == 3) or int(i == j) for j in range(4)] for i in range(4)]
    found = sweep(steps(Configuration(tokens, 1, A), fmpq(1, 2), fmpq(2)))
    sound(found)
    outcome = found.piece_at(fmpq(1)).outcome
    assert outcome is not None
    assert outcome.kinds == ("leader",) * 6 + (None, None, "face")


def test_an_interval_is_cut_however_wide_the_enclosures_of_its_ends_are() -> None:
    family = pulls(Configuration([[1, 1], [1, -1], [-2, 0]], 1, [[-2, 0], [0, 2]]), TENTH, 1)
    sound(sweep(family, max_layers=8))


def test_an_end_is_one_with_what_is_beside_it_if_everything_told_is_the_same() -> None:
    piece = sweep(steps(Configuration(EMERGING, 1), TENTH, TEN)).pieces[0]
    outcome, x = piece.outcome, fmpq(1, 10)
    assert outcome is not None
    end = replace(piece, high=piece.low, high_closed=True)
    assert piece.continues(end)
    for other in (
        replace(outcome, kinds=(None, *outcome.kinds[1:])),
        replace(outcome, leaders=outcome.leaders[1:]),
        replace(outcome, limits=outcome.limits[::-1]),
    ):
        assert not outcome.agrees(other, x)
        assert not piece.continues(replace(end, outcome=other))


# ------------------------------------------------------------- what is not decided


def test_what_is_beyond_a_budget_is_undecided_and_the_rest_is_right() -> None:
    family = steps(Configuration([[-2, 0], [-2, 1], [-1, -1]], 1), fmpq(1, 20), TEN)
    whole = sweep(family)
    assert whole.decided
    for options, words in (
        ({"max_layers": 6}, "within 6 layers"),
        ({"max_pieces": 9}, "more than 9 pieces"),
        ({"effort": 0}, "more than 0 million bits"),
    ):
        found = sweep(family, **options)
        sound(found)
        assert not found.decided
        (open_piece,) = [piece for piece in found.pieces if not piece.decided]
        assert words in str(open_piece.reason)
        for piece in found.breaks[1:-1]:  # the ends of the range beside
            assert piece in whole.breaks


def test_attention_in_a_cycle_is_undecided_in_an_interval_and_settled_at_a_number() -> None:
    tokens, A = [[1, 0], [0, 1], [-1, 0], [0, -1]], [[0, -1], [1, 0]]
    found = sweep(steps(Configuration(tokens, "1/2", A), fmpq(1, 2), fmpq(1)))
    (piece,) = found.intervals
    assert not piece.decided
    assert "in a cycle" in str(piece.reason)
    assert found.piece_at(fmpq(1, 2)).decided


def test_intervals_accumulate_where_a_tie_in_the_limit_is_broken() -> None:
    c = Configuration([[0, 0], [-1, 1], [-1, -1], [0, 1]], 1)
    found = sweep(varied(c, "token 1[0]", fmpq(-1), fmpq(1)), max_layers=30)
    sound(found)
    (undecided,) = [piece for piece in found.pieces if not piece.decided]
    assert fmpq(0) <= undecided.low.low < undecided.high.high < fmpq(1, 10**6)
    assert found.piece_at(fmpq(0)).decided or fmpq(0) in undecided


# ---------------------------------------------------------------------- twins


def planted(found: Sweep, alter: Callable[[Piece, Outcome], Piece]) -> set[str | None]:
    """What `held` says of a sweep whose first piece is another one."""
    first = found.pieces[0]
    assert first.outcome is not None
    wrong = replace(found, pieces=(alter(first, first.outcome), *found.pieces[1:]))
    return {said for _, said in held(wrong, 3)}


def test_a_planted_error_is_found() -> None:
    found = sweep(steps(Configuration(EMERGING, 1), TENTH, TEN))
    second = found.pieces[2]
    zero = Quotient.constant(fmpq(0))

    def put(**parts: Any) -> Callable[[Piece, Outcome], Piece]:
        return lambda piece, old: replace(piece, outcome=replace(old, **parts))

    assert planted(found, lambda piece, _: piece) == {None}
    assert "the history of attention" in planted(
        found, lambda piece, _: replace(piece, history=second.history, outcome=second.outcome)
    )
    assert "the leaders" in planted(found, put(leaders=((0, 1), (2, 0))))
    assert "the kinds of limits" in planted(found, put(kinds=("leader", "face", "leader")))
    assert "the limits" in planted(found, put(limits=((zero, zero),) * 3))
    # a break that is left out: the tight numbers on both sides tell
    longer = replace(found.pieces[0], high=second.high)
    said = {words for _, words in held(replace(found, pieces=(longer, *found.pieces[3:])), 3)}
    assert "the history of attention" in said


def constants(rows: Any, unit: int) -> tuple[Row, ...]:
    return tuple([tuple([fmpz_poly([(fmpq(x) * unit).p]) for x in row]) for row in rows])


def test_bounds_are_enough_and_in_time_necessary() -> None:
    """g_1, g_2, … ≥ 0 and f(0) > 0 give f > 0 for all times; where f > 0 fails, some g does."""
    draw = random.Random(3)
    sure = refuted = 0
    for _ in range(150):
        c = drawn(draw).merged()[0]
        result = settle(c)
        assert isinstance(result, Settled)
        for layer, pattern in result.history:
            tokens, alpha = result.tokens(layer), c.alpha
            unit = 1
            for row in (*tokens, *c.A):
                for x in row:
                    unit = int(fmpq(x).q.lcm(unit))
            keep, pull = fmpz_poly([alpha.q]), fmpz_poly([alpha.p])
            motion = Motion(keep, pull, constants(c.A, unit), c.multiplicities)
            standing = Standing(motion, constants(tokens, unit), pattern)
            forms = closed_form(c, tokens, pattern)
            for i, column, f in comparisons(forms, c.A, pattern, range(c.size)):
                pair = i, pattern[i][0], column, fmpq(0)
                fails = first_failure(f) if column not in pattern[i] else None
                if column in pattern[i]:
                    assert any(standing.zeros(*pair)) == bool(f.terms)
                elif all(g(0) >= 0 for g in standing.bounds(*pair)):
                    assert fails is None
                    sure += 1
                elif fails is not None:
                    refuted += 1
    assert sure > 500
    assert refuted > 0


# ----------------------------------------------------------------------- misuse


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda c: steps(c, fmpq(-1), fmpq(1)), "0 or more"),
        (lambda c: steps(c, fmpq(2), fmpq(1)), "has to rise"),
        (lambda c: pulls(c, fmpq(0), fmpq(2)), "gamma ≤ 1"),
        (lambda c: varied(c, "token 3[0]", fmpq(0), fmpq(1)), "0 to 2 was wanted, not 3"),
        (lambda c: varied(c, "token 0[2]", fmpq(0), fmpq(1)), "there are 2 coordinates"),
        (lambda c: varied(c, "A[0][2]", fmpq(0), fmpq(1)), "there are 2 rows"),
        (lambda c: varied(c, "token 0+(1)", fmpq(0), fmpq(1)), "direction of 2"),
        (lambda c: varied(c, "token 0+(0,0)", fmpq(0), fmpq(1)), "nothing varies"),
        (lambda c: varied(c, "token good[0]", fmpq(0), fmpq(1)), "was wanted, not good"),
        (lambda c: varied(c, "beta", fmpq(0), fmpq(1)), "was wanted"),
        (lambda c: lines(c.altered(alpha=fmpq(0)), "x", TENTH, TEN, c.tokens, c.A), "> 0"),
    ],
)
def test_what_cannot_be_swept_is_refused(make: Callable[[Any], Any], words: str) -> None:
    with pytest.raises(HardmaxError, match=words):
        make(Configuration(EMERGING, 1))


def test_a_token_is_varied_by_its_label_too() -> None:
    c = Configuration(EMERGING, 1, labels=["a[0]", "very good", "2"], name="three")
    for by_label, by_index in (
        ("token very good[0]", "token 1[0]"),
        ("token very good + (1,2)", "token 1+(1,2)"),
        ("token a[0][1]", "token 0[1]"),
    ):
        one, other = (varied(c, what, fmpq(0), fmpq(1)) for what in (by_label, by_index))
        assert (one.tokens, one.directions) == (other.tokens, other.directions)
        assert (one.configuration.labels, one.configuration.name) == (c.labels, "three")
    alike = Configuration(EMERGING, 1, labels=["good", "good", "film"])
    with pytest.raises(HardmaxError, match="tokens 0, 1 are called that"):
        varied(alike, "token good[0]", fmpq(0), fmpq(1))


def test_a_sweep_travels() -> None:
    found = sweep(varied(Configuration(EMERGING, 1), "A[0][1]", fmpq(-1, 2), fmpq(1, 2)))
    again = pickle.loads(pickle.dumps(found))
    assert again.pieces == found.pieces
    assert again.family.at(fmpq(1, 3)) == found.family.at(fmpq(1, 3))
    assert again.family.tokens == found.family.tokens
    assert numbers_in(again.pieces[0], 2) == numbers_in(found.pieces[0], 2)


@pytest.mark.parametrize("family", [steps, pulls])
def test_where_nothing_moves_the_limits_are_the_starts(family: Any) -> None:
    """The history at 0 is that of the interval beside it, and the limits are others."""
    found = sweep(family(Configuration([[2], [1]], 1), 0, fmpq(1, 2)))
    assert [piece.history for piece in found.pieces] == [((0, ((0,), (0,))),)] * 2
    limits = [[[f(fmpq(0)) for f in row] for row in piece.outcome.limits] for piece in found.pieces]
    assert limits == [[[2], [1]], [[2], [2]]]
    assert [piece.is_break for piece in found.pieces] == [True, False]
    assert [difference for _, difference in held(found, 3)] == [None] * 5


def test_an_end_of_the_range_that_is_as_beside_it_is_no_piece_of_its_own() -> None:
    found = sweep(steps(Configuration([[2], [1]], 1), fmpq(1, 2), 1))
    assert [(piece.low_closed, piece.high_closed) for piece in found.pieces] == [(True, True)]


def test_a_bound_that_touches_zero_at_the_sample_hides_nothing() -> None:
    """Row 3 has the bound (x − 1)² + …, whose greatest base touches 0 at the simplest number."""
    c = Configuration([[-1, 0, 1], [1, 0, 1], [0, 2, 0], [0, 0, "1/2"]], 1)
    along = [[0, 1, 0], [0, 1, 0], [0, 0, 0], [0, 0, 0]]
    for low, high in (("1/2", "3/2"), ("1/2", "19/20")):
        found = sweep(lines(c, "x", low, high, exact(along), exact([[0] * 3] * 3)), max_layers=25)
        assert found.decided
        assert [piece.layer for piece in found.pieces] == [0]
        sound(found)


def exact(rows: list[list[int]]) -> tuple[tuple[fmpq, ...], ...]:
    return tuple(tuple(map(fmpq, row)) for row in rows)
