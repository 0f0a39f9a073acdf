"""Settling under a schedule of pulls, against layers made of fractions by the definition."""

import pickle
from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from random import Random

import pytest
from flint import arb, ctx, fmpq, fmpz_poly
from hypothesis import example, given
from hypothesis import strategies as st

from theory import Configuration, HardmaxError, Settled, Undecided, settle
from theory.closed_form import NoClosedForm
from theory.dynamics import Dynamics, Pattern
from theory.exact import Undecidable, fraction
from theory.exponential import NoLimit
from theory.matrices import Vector, as_matrix
from theory.rules import (
    BEFORE,
    EVERYONE,
    FIRST,
    NOT_NEGATIVE,
    POSITIVE,
    ZERO,
    Candidates,
    Masked,
    Signs,
)
from theory.schedules.forms import (
    Course,
    IrrationalLimit,
    ProductLimit,
    ScheduledForm,
    averages,
    parts,
    steady_from,
)
from theory.schedules.functions import RationalFunction
from theory.schedules.kept import Decay, Kept, elementary
from theory.schedules.quotients import Quotient
from theory.schedules.signs import Basis, first_unwanted
from theory.schedules.sums import Sum, independent, partial_fractions
from theory.steps import Scheduled

Tokens = tuple[tuple[Fraction, ...], ...]

SCHEDULES = (
    "2/(k+2)",
    "1/(k+2)",
    "1/(k+2)^2",
    "(k+1)/(k+2)",
    "1/(k+3)",
    "4*(k+1)/(k+2)^2",
    "1/(2*(k+2)^2)",
    "k/(2*k+3)",
    "(k-3)^2/(k+4)^2",
)


def under(gamma: str, candidates: Candidates = EVERYONE, first: bool = False) -> Dynamics:
    """The dynamics with this schedule."""
    step = Scheduled(RationalFunction.parse(gamma))
    if first:
        return Dynamics(candidates, FIRST, step)
    return Dynamics(candidates, step=step)


# ------------------------------------------------------------------------ the definition


def attention(tokens: Tokens, A: Sequence[Sequence[int]], dynamics: Dynamics) -> Pattern:
    """Whom each attends to."""
    sets = []
    for i, z in enumerate(tokens):
        left = [sum(x * row[s] for x, row in zip(z, A, strict=True)) for s in range(len(z))]
        products = {
            j: sum((x * y for x, y in zip(left, tokens[j], strict=True)), Fraction(0))
            for j in dynamics.candidates.of(i, len(tokens))
        }
        best = [j for j, x in products.items() if x == max(products.values())]
        sets.append(tuple(best[:1] if dynamics.ties == FIRST else best))
    return tuple(sets)


def layer(tokens: Tokens, pattern: Pattern, pull: Fraction) -> Tokens:
    """The next layer."""
    moved = []
    for z, attended in zip(tokens, pattern, strict=True):
        mean = [sum(tokens[j][s] for j in attended) / len(attended) for s in range(len(z))]
        moved.append(tuple((1 - pull) * x + pull * m for x, m in zip(z, mean, strict=True)))
    return tuple(moved)


def as_fractions(tokens: Sequence[Vector]) -> Tokens:
    """Tokens in numbers of Python."""
    return tuple(tuple(map(fraction, z)) for z in tokens)


def expect_layers(settled: Settled, A: Sequence[Sequence[int]], gamma: str, more: int) -> None:
    """The layers that a settled run tells are those of the definition, to `more` beyond."""
    schedule = RationalFunction.parse(gamma)
    tokens = as_fractions(settled.configuration.tokens)
    for k in range(settled.layer + more):
        pattern = attention(tokens, A, settled.dynamics)
        assert settled.pattern_at(k) == pattern, k
        assert as_fractions(settled.tokens(k)) == tokens, k
        if k == settled.layer - 1:
            assert pattern != settled.pattern
        tokens = layer(tokens, pattern, fraction(schedule(k)))


def expect_limits(settled: Settled) -> None:
    """Far layers come near to the limits: |z_i(k) − limit| ≤ Σ |c(k) − c(∞)|·|row| exactly."""
    for form in settled.closed_form:
        assert isinstance(form, ScheduledForm)
        limit = form.course.limit(form.token)
        bounds = limit.enclosure(80) if isinstance(limit, ProductLimit) else [(x, x) for x in limit]
        for t in (40, 80):
            k = settled.layer + t
            allowed = fmpq(1, 2**70)
            for c, rows in form.course.terms:
                low, high = c.limit_enclosure(80)
                size = max([abs(x) for x in rows[form.token]], default=fmpq(0))
                allowed += max(abs(c(k) - low), abs(c(k) - high)) * size
            for x, (low, high) in zip(form(t), bounds, strict=True):
                assert low - allowed <= x <= high + allowed


# ------------------------------------------------------------------------------ by hand

PINNED = {
    "two that refute": ([[1], [0]], -1, "2/(k+2)", 2, ["1/6", "1/6"]),
    "no tie": ([[3], [-1]], -1, "2/(k+2)", 2, ["1/3", "1/3"]),
    "a pair": ([[1], [-1]], -1, "1/(k+3)", 0, ["0", "0"]),
    "a pair that turns round": ([[1], [-1]], -1, "2/(k+2)", 3, ["0", "0"]),
    "a rational product": ([[2], [1]], 1, "1/(k+2)^2", 0, ["2", "3/2"]),
    "an infinite product": ([[2], [1]], 1, "1/(2*(k+2)^2)", 0, ["2", None]),
    "nearly all the way": ([[2], [1]], 1, "(k+1)/(k+2)", 0, ["2", "2"]),
    "zero alone": ([[0]], 1, "2/(k+2)", 0, ["0"]),
}


@pytest.mark.parametrize("name", PINNED)
def test_settled(name: str) -> None:
    tokens, a, gamma, since, limits = PINNED[name]
    settled = settle(Configuration(tokens, 1, [[a]]), dynamics=under(gamma))
    assert isinstance(settled, Settled)
    assert settled.layer == since
    expect_layers(settled, [[a]], gamma, 60)
    expect_limits(settled)
    assert len(limits) == len(settled.closed_form)
    for form, limit in zip(settled.closed_form, limits, strict=True):
        if limit is None:
            with pytest.raises(IrrationalLimit):
                form.limit()
        else:
            assert [str(x) for x in form.limit()] == [limit]


def test_far_layers_are_exact_and_cheap() -> None:
    """Π (r+1)/(r+2) over r < k is 1/(k+1)."""
    settled = settle(Configuration([[2], [1]], 1), dynamics=under("1/(k+2)"))
    assert isinstance(settled, Settled)
    assert settled.tokens(10**30) == ((2,), (2 - fmpq(1, 10**30 + 1),))


def test_a_change_far_away_is_found_exactly() -> None:
    """The pattern of layer 13 stands for 1,421 layers, and the next one for ever."""
    tokens, A = [[47, -49], [44, 13], [-3, 12]], [[-1, 1], [-2, -2]]
    settled = settle(Configuration(tokens, 1, A), dynamics=under("1/(k+3)"))
    assert isinstance(settled, Settled)
    assert [k for k, _ in settled.history] == [0, 1, 13, 1434]
    at = [as_fractions(settled.tokens(k)) for k in (1433, 1434)]
    before, after = (attention(z, A, settled.dynamics) for z in at)
    assert (before, after) == (settled.pattern_at(1433), settled.pattern)
    assert layer(at[0], before, Fraction(1, 1436)) == at[1]
    short = settle(Configuration(tokens, 1, A), 1433, dynamics=under("1/(k+3)"))
    assert isinstance(short, Undecided)
    assert short.reason == "the pattern changes at layer 1434, beyond the budget of 1433"


def test_what_is_out_of_the_budget_is_undecided() -> None:
    c = Configuration([[4], [1], [-1]], 1, [[-1]])
    result = settle(c, dynamics=under("1/(k+2)"))
    assert isinstance(result, Settled)
    assert result.layer > 0
    short = settle(c, result.layer - 1, dynamics=under("1/(k+2)"))
    assert isinstance(short, Undecided)
    assert "beyond the budget" in short.reason


def test_a_cycle_of_three_says_what_would_be_needed() -> None:
    turn = [[0, -1], [1, -1]]
    c = Configuration([[1, 0], [0, 1], [-1, -1]], 1, turn)
    result = settle(c, 40, dynamics=under("1/(k+2)"))
    assert isinstance(result, Undecided)
    assert "eigenvalues λ that are not rational" in result.reason


def test_a_late_pull_of_1_is_waited_for() -> None:
    """γ_40 = 1: all that follow are then where they follow to; before, nothing is proved."""
    gamma = "1-(k-40)^2/(k+41)^2"
    assert RationalFunction.parse(gamma).below_one_from == 41
    c = Configuration([[3], [1], [-1]], 1, [[-1]])
    result = settle(c, dynamics=under(gamma))
    assert isinstance(result, Settled)
    expect_layers(result, [[-1]], gamma, 60)
    short = settle(c, 20, dynamics=under(gamma))
    assert isinstance(short, Settled) or "begins there" in short.reason


# --------------------------------------------------------------------------- random sets


@st.composite
def problems(draw: st.DrawFn) -> tuple[Configuration, list[list[int]], Dynamics, str]:
    """A few tokens, any A, any mask, either rule for ties, any schedule."""
    n, d = draw(st.integers(1, 5)), draw(st.integers(1, 2))
    entry = st.integers(-3, 3)
    rows = st.lists(entry, min_size=d, max_size=d)
    tokens = draw(st.lists(rows, min_size=n, max_size=n))
    one = [[int(s == t) for t in range(d)] for s in range(d)]
    A = draw(
        st.sampled_from([one, [[-x for x in row] for row in one]])
        | st.lists(rows, min_size=d, max_size=d)
    )
    gamma = draw(st.sampled_from(SCHEDULES))
    masks = st.lists(
        st.sets(st.integers(0, n - 1), min_size=1).map(lambda x: tuple(sorted(x))),
        min_size=n,
        max_size=n,
    )
    candidates = draw(
        st.just(EVERYONE) | st.just(BEFORE) | masks.map(lambda rows: Masked(tuple(rows)))
    )
    dynamics = under(gamma, candidates, first=draw(st.booleans()))
    return Configuration(tokens, 1, A), A, dynamics, gamma


@given(problems())
def test_what_settles_goes_on_so(
    problem: tuple[Configuration, list[list[int]], Dynamics, str],
) -> None:
    configuration, A, dynamics, gamma = problem
    result = settle(configuration, 60, dynamics=dynamics)
    if isinstance(result, Undecided):
        assert any(
            words in result.reason
            for words in ("beyond the budget", "not rational", "has changed", "begins there")
        )
        return
    expect_layers(result, A, gamma, 60)
    if all(c.converges for c, _ in result.closed_form[0].course.terms):
        expect_limits(result)


def test_most_random_sets_are_decided() -> None:
    """And the others are seen to go on changing."""
    random, decided = Random(14), 0
    for _ in range(60):
        n, d = random.randint(2, 5), random.randint(1, 2)
        tokens = [[random.randint(-4, 4) for _ in range(d)] for _ in range(n)]
        A = [[random.randint(-3, 3) for _ in range(d)] for _ in range(d)]
        dynamics = under(random.choice(SCHEDULES[:6]), first=random.random() < 0.5)
        result = settle(Configuration(tokens, 1, A), 300, dynamics=dynamics)
        decided += isinstance(result, Settled)
    assert decided >= 54


# ---------------------------------------------------------------------- the closed forms


@st.composite
def patterns(draw: st.DrawFn) -> tuple[Pattern, tuple[int, ...], tuple[Vector, ...]]:
    """Any pattern with multiplicities and tokens."""
    n = draw(st.integers(1, 5))
    attended = st.sets(st.integers(0, n - 1), min_size=1).map(lambda x: tuple(sorted(x)))
    pattern = tuple(draw(st.lists(attended, min_size=n, max_size=n)))
    weights = tuple(draw(st.lists(st.integers(1, 3), min_size=n, max_size=n)))
    tokens = tuple((fmpq(draw(st.integers(-5, 5))),) for _ in range(n))
    return pattern, weights, tokens


@given(patterns())
def test_parts_are_generalised_eigenvectors_that_add_up(
    drawn: tuple[Pattern, tuple[int, ...], tuple[Vector, ...]],
) -> None:
    pattern, weights, tokens = drawn
    W = averages(pattern, weights)
    try:
        diagonal = parts(W, tokens)
    except NoClosedForm:
        assert any(p.degree() > 1 for p, _ in W.minpoly().numer().factor()[1])
        return
    total = as_matrix(tokens) * fmpq(0)
    for lam, chain in diagonal.items():
        total += as_matrix(chain[0])
        for rows, after in pairwise([*map(as_matrix, chain), total * fmpq(0)]):
            assert W * rows - rows * lam == after
    assert total == as_matrix(tokens)


@given(patterns(), st.sampled_from(SCHEDULES))
def test_a_course_is_the_layers_of_a_constant_pattern(
    drawn: tuple[Pattern, tuple[int, ...], tuple[Vector, ...]], gamma: str
) -> None:
    pattern, weights, tokens = drawn
    schedule, W = RationalFunction.parse(gamma), averages(pattern, weights)
    try:
        steady = max(steady_from(schedule, lam) for lam in parts(W, tokens))
    except NoClosedForm:
        return
    head, state = [], as_matrix(tokens)
    for k in range(steady):
        head.append(tuple(map(tuple, state.tolist())))
        state += (W * state - state) * schedule(k)
    diagonal = parts(W, tuple(map(tuple, state.tolist())))
    course = Course(schedule, 0, tuple(head), tuple(diagonal.items()))
    state = as_matrix(tokens)
    for k in range(steady + 12):
        for i in range(len(tokens)):
            assert course.token(i, k) == tuple(state.tolist()[i])
        state += (W * state - state) * schedule(k)
    assert pickle.loads(pickle.dumps(course)) == course


@pytest.mark.parametrize("gamma", SCHEDULES)
@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_what_is_kept(gamma: str, order: int) -> None:
    schedule = RationalFunction.parse(gamma)
    for lam in (fmpq(0), fmpq(1, 2), fmpq(-1)):
        since = steady_from(schedule, lam)
        kept = Kept(schedule, lam, since, order)
        for t in (0, 1, 5, 9):
            product: list[Fraction] = reduce(
                lambda p, r: _times_linear(p, fraction(1 - (1 - lam) * schedule(r)), schedule(r)),
                range(since, since + t),
                [Fraction(1)],
            )
            expected = product[order] if order < len(product) else Fraction(0)
            assert fraction(kept(since + t)) == expected


def _times_linear(p: list[Fraction], constant: Fraction, slope: fmpq) -> list[Fraction]:
    high = [Fraction(0), *(x * fraction(slope) for x in p)]
    return [x * constant + y for x, y in zip([*p, Fraction(0)], high, strict=True)]


def test_limits_of_what_followers_of_followers_keep() -> None:
    """Π (1 − 1/(r+2)²) is 1/2, and Σ 1/((r+1)(r+3)) is 3/4; their product is what is kept."""
    schedule = RationalFunction.parse("1/(k+2)^2")
    kept = [Kept(schedule, fmpq(0), 0, order) for order in range(3)]
    assert [c.limit for c in kept] == [fmpq(1, 2), fmpq(3, 8), None]
    low, high = kept[2].limit_enclosure(64)
    assert low < high < low + fmpq(1, 2**50)
    far = kept[2](4000)
    assert abs(far - low) < fmpq(1, 1000)
    assert [Kept(RationalFunction.parse("2/(k+2)"), fmpq(0), 1, j).limit for j in range(3)] == [
        0
    ] * 3


def test_sums_that_grow_count() -> None:
    """With ρ = −k/(k+2) and τ = −(k+1)/k the sums grow like k: of order 2 nothing vanishes."""
    gamma = RationalFunction.parse("(k+1)/(k+2)")
    kept = [Kept(gamma, fmpq(-1), 1, order) for order in range(3)]
    assert [c.growth.power for c in kept] == [-2, -1, 0]
    assert [c.limit for c in kept] == [0, 0, None]
    assert [c.converges for c in kept] == [True, True, False]
    assert abs(kept[2](2001)) > fmpq(1, 2)
    assert Kept(RationalFunction.parse("k/(2*k+3)"), fmpq(0), 0, 1).decay.power == fmpq(5, 2)


def test_a_course_that_goes_back_and_forth_has_no_limit() -> None:
    schedule = RationalFunction.parse("1-1/(k+3)^2")
    pair = parts(averages(((1,), (0,)), (1, 1)), ((fmpq(1),), (fmpq(-1),)))
    with pytest.raises(NoLimit, match="back and forth"):
        Course(schedule, 0, (), tuple(pair.items())).limit(0)
    one = parts(averages(((0,), (0,)), (1, 1)), ((fmpq(1),), (fmpq(-1),)))
    assert Course(schedule, 0, (), tuple(one.items())).limit(1) == (1,)


def test_elementary_symmetric_functions() -> None:
    numbers = [fmpq(2), fmpq(-1, 3), fmpq(5)]
    sums = [sum([x**m for x in numbers], fmpq(0)) for m in (1, 2, 3)]
    assert elementary(sums, fmpq(1)) == [1, fmpq(20, 3), fmpq(23, 3), fmpq(-10, 3)]


# ------------------------------------------------------------------------------- sums


@st.composite
def summands(draw: st.DrawFn) -> list[Quotient]:
    """Rational functions without a pole from 3 on, some of them shifts of others."""
    factors = st.sampled_from(
        [fmpz_poly(x) for x in ([1, 1], [-2, 1], [1, 2], [1, 0, 1], [9, 6, 1], [2, 3], [7, 1])]
    )
    found = []
    for _ in range(draw(st.integers(1, 3))):
        above = fmpz_poly(draw(st.lists(st.integers(-4, 4), min_size=1, max_size=4)))
        below = reduce(fmpz_poly.__mul__, draw(st.lists(factors, min_size=1, max_size=3)))
        found.append(Quotient.of(above, below))
    if draw(st.booleans()):
        found.append(found[0].shifted(2) + found[-1] * Quotient.constant(fmpq(2, 3)))
    return found


@given(summands())
def test_sums_are_written_with_independent_ones(taus: list[Quotient]) -> None:
    since = 3
    sums, written = independent(taus, since)
    assert sum(T.grows for T in sums) <= 1
    assert len(written) == len(taus)
    for tau, (R, coefficients) in zip(taus, written, strict=True):
        whole, fractions = partial_fractions(tau)
        again = reduce(
            Quotient.__add__,
            [x.quotient for x in fractions],
            Quotient.rational(whole, whole * 0 + 1),
        )
        assert again == tau
        for k in (3, 4, 11):
            direct = sum([tau(r) for r in range(since, k)], fmpq(0))
            parts_of = [c * T(k) for c, T in zip(coefficients, sums, strict=True)]
            assert R(k) + sum(parts_of, fmpq(0)) == direct


@given(summands())
def test_sums_are_enclosed(taus: list[Quotient]) -> None:
    for T in independent(taus, 3)[0]:
        with ctx.workprec(100):
            ball = T.ball(25)
            assert ball.overlaps(arb(T(25)))
            assert not ball.overlaps(arb(T(25)) + arb("1e-12"))
            if not T.grows:
                gap = abs(T.ball(None) - T.ball(2000))
                assert gap < abs(T.summand.leading) * 3 / 1000 + arb("0.01")


def test_a_sum_of_too_many_summands_is_refused() -> None:
    with pytest.raises(Undecidable, match="too long"):
        Sum(Quotient.of(fmpz_poly([1]), fmpz_poly([1, 1])), 0)(10**8)


def test_a_limit_that_is_no_rational_number_travels() -> None:
    settled = settle(Configuration([[2], [1]], 1), dynamics=under("1/(2*(k+2)^2)"))
    assert isinstance(settled, Settled)
    with pytest.raises(HardmaxError, match="infinite product") as caught:
        settled.equilibrium()
    assert isinstance(caught.value, IrrationalLimit)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.token, again.limit) == (1, caught.value.limit)
    assert pickle.loads(pickle.dumps(settled)) == settled


def test_the_equilibrium_of_a_schedule() -> None:
    truth = settle(Configuration([[2], [1]], 1), dynamics=under("1/(k+2)^2")).equilibrium()
    assert [str(x) for (x,) in truth.limits] == ["2", "3/2"]
    assert truth.kinds == ("leader", None)
    assert truth.clusters == ((0,), (1,))
    whole = settle(Configuration([[2], [1]], 1), dynamics=under("1/(k+2)")).equilibrium()
    assert whole.kinds == ("leader", "vertex")
    assert whole.clusters == ((0, 1),)


# ------------------------------------------------------------- signs of what is made of them


@st.composite
def mixtures(draw: st.DrawFn) -> tuple[Course, list[fmpq]]:
    """A course with eigenvalues and followers of followers, and a number for each pair of terms."""
    gamma = RationalFunction.parse(draw(st.sampled_from(SCHEDULES)))
    lams = [fmpq(1), *draw(st.lists(st.sampled_from(LAMBDAS), min_size=1, max_size=2, unique=True))]
    chains = [1, *(draw(st.integers(1, 2)) for _ in lams[1:])]
    since = max(steady_from(gamma, lam) for lam in lams)
    row = (((fmpq(1),),),)
    course = Course(
        gamma, since, (), tuple((x, row * m) for x, m in zip(lams, chains, strict=True))
    )
    count = len(Basis(course).pairs)
    numbers = st.builds(fmpq, st.integers(-6, 6), st.sampled_from([1, 1, 4, 50]))
    return course, draw(st.lists(numbers, min_size=count, max_size=count))


LAMBDAS = tuple(fmpq(*x) for x in ((0, 1), (-1, 1), (1, 2), (-1, 3)))
TURNING = Course(
    RationalFunction.parse("(k+1)/(k+2)"),
    1,
    (),
    ((fmpq(1), (((fmpq(1),),),)), (fmpq(-1), (((fmpq(1),),),))),
)
"""P_1 = 1 and P_{−1} = Π −k/(k+2), which alternates: 1, −1/3, 1/6, …"""


@given(mixtures(), st.sampled_from([POSITIVE, NOT_NEGATIVE, ZERO]))
@example((TURNING, [fmpq(1), fmpq(4), fmpq(0)]), POSITIVE)
@example((TURNING, [fmpq(-1), fmpq(4), fmpq(0)]), ZERO)
def test_the_first_unwanted_sign_is_that_of_the_values(
    drawn: tuple[Course, list[fmpq]], wanted: Signs
) -> None:
    course, numbers = drawn
    basis = Basis(course)
    assert len(basis.pairs) == len(numbers)
    try:
        answers = [first_unwanted(q, basis) for q in basis.questions(numbers, wanted)]
    except Undecidable:
        return
    first = min([k for k in answers if k is not None], default=None)
    kept = [c for c, _ in course.terms]
    for k in range(course.steady, course.steady + 40):
        values = [c(k) for c in kept]
        terms = [x * values[a] * values[b] for x, (a, b) in zip(numbers, basis.pairs, strict=True)]
        total = sum(terms, fmpq(0))
        if (total > 0) - (total < 0) not in wanted:
            assert first == k
            return
    assert first is None or first >= course.steady + 40


def test_a_sign_that_fails_at_odd_layers_alone() -> None:
    """1 + 4 P_{−1} is 5, −1/3, 5/3, 3/5, …: it fails at the second layer."""
    basis = Basis(TURNING)
    even, odd = basis.questions([fmpq(1), fmpq(4), fmpq(0)], POSITIVE)
    assert (first_unwanted(even, basis), first_unwanted(odd, basis)) == (None, 2)
    even, odd = basis.questions([fmpq(1), fmpq(2), fmpq(0)], POSITIVE)
    assert (first_unwanted(even, basis), first_unwanted(odd, basis)) == (None, None)


@pytest.mark.parametrize(
    ("decay", "words"),
    [
        (Decay(0, fmpq(1), fmpq(-1), 0), "k^(-1)"),
        (Decay(0, fmpq(1), fmpq(-2), 2), "k^(-2) (log k)^2"),
        (Decay(-2, fmpq(1), fmpq(0), 0), "(k!)^(-2)"),
        (Decay(0, fmpq(1, 2), fmpq(1), 1), "(1/2)^k k log k"),
        (Decay(0, fmpq(1), fmpq(0), 0), "1"),
    ],
)
def test_how_fast_is_told(decay: Decay, words: str) -> None:
    assert str(decay) == words


def test_decay_bounds_the_distance() -> None:
    """k² (log k)^{-1} times what followers of followers miss by stays between two numbers."""
    gamma = RationalFunction.parse("2/(k+2)")
    chain = averages(((0,), (0,), (1,)), (1, 1, 1))
    made = parts(chain, ((fmpq(0),), (fmpq(1),), (fmpq(5),)))
    course = Course(gamma, 1, (), tuple(made.items()))
    assert course.decay([2]) == Decay(0, fmpq(1), fmpq(-2), 1)
    assert course.decay([1]) == Decay(0, fmpq(1), fmpq(-2), 0)
    assert course.decay([0]) is None
    for k in (100, 1000, 3000):
        distance = fraction(course.token(2, k)[0])
        assert 1 < distance * k * k / len(f"{k:b}") < 10
