"""Exponential polynomials: every operation against plain values, solutions against recursion."""

from collections.abc import Sequence
from fractions import Fraction
from math import comb
from random import Random
from typing import Any

import pytest
from flint import fmpq
from gallery import GALLERY
from hypothesis import given
from hypothesis import strategies as st

from theory import Configuration, HardmaxError, Trajectory
from theory.closed_form import (
    NoClosedForm,
    blocks,
    closed_form,
    gram_terms,
    recursion,
    solve,
    values,
)
from theory.dynamics import Pattern
from theory.exact import fraction, rational
from theory.exponential import ExponentialPolynomial, Term, product_degrees
from theory.matrices import Vector

Terms = list[tuple[Fraction, int, tuple[Fraction, ...]]]

BASES = [Fraction(x) for x in ("1", "1/2", "2/3", "-1/2", "3/2", "-1")]
TIMES = range(9)


def make(width: int, terms: Terms) -> ExponentialPolynomial:
    return ExponentialPolynomial.of(
        width, (Term(rational(r), p, tuple(map(rational, row))) for r, p, row in terms)
    )


def value(width: int, terms: Terms, t: int) -> tuple[Fraction, ...]:
    """The sum of c C(t,p) r^t from its definition."""
    return tuple(
        sum((row[s] * comb(t, p) * r**t for r, p, row in terms), Fraction(0)) for s in range(width)
    )


def at(f: ExponentialPolynomial, t: int) -> tuple[Fraction, ...]:
    return tuple(fraction(x) for x in f(t))


def scalar(*terms: tuple[Any, int, Any]) -> ExponentialPolynomial:
    return make(1, [(Fraction(r), p, (Fraction(c),)) for r, p, c in terms])


def plus(x: Sequence[Fraction], y: Sequence[Fraction]) -> tuple[Fraction, ...]:
    return tuple(a + b for a, b in zip(x, y, strict=True))


def times(c: Fraction, x: Sequence[Fraction]) -> tuple[Fraction, ...]:
    return tuple(c * a for a in x)


def form(x: Sequence[Fraction], A: Sequence[Sequence[Fraction]], y: Sequence[Fraction]) -> Fraction:
    return sum(
        (x[i] * A[i][j] * y[j] for i in range(len(x)) for j in range(len(y))),
        Fraction(0),
    )


coefficients = st.integers(-3, 3).map(Fraction)


def vectors(width: int) -> st.SearchStrategy[tuple[Fraction, ...]]:
    return st.tuples(*[coefficients] * width)


def sums(width: int, *, max_size: int = 4, max_degree: int = 3) -> st.SearchStrategy[Terms]:
    """Terms with repetitions, to be collected, and zeros, to be dropped."""
    term = st.tuples(st.sampled_from(BASES), st.integers(0, max_degree), vectors(width))
    return st.lists(term, max_size=max_size)


# --------------------------------------------------------------------------- the algebra


@given(sums(2, max_size=7))
def test_terms_are_collected_ordered_and_never_zero(terms: Terms) -> None:
    f = make(2, terms)
    keys = [(r, p) for r, p, _ in f.terms]
    assert keys == sorted(set(keys), reverse=True)
    assert all(any(row) for _, _, row in f.terms)
    assert all(at(f, t) == value(2, terms, t) for t in TIMES)
    assert make(2, terms[::-1]) == f
    for r in BASES:
        for p in range(4):
            wanted = [sum(row[s] for q, k, row in terms if (q, k) == (r, p)) for s in (0, 1)]
            assert [fraction(x) for x in f.coefficient(rational(r), p)] == wanted


@given(sums(2), sums(2), coefficients, st.integers(0, 4))
def test_sums_multiples_and_shifts_are_pointwise(
    x: Terms, y: Terms, c: Fraction, steps: int
) -> None:
    f, g = make(2, x), make(2, y)
    for t in TIMES:
        u, v = value(2, x, t), value(2, y, t)
        assert at(f + g, t) == plus(u, v)
        assert at(f - g, t) == plus(u, times(Fraction(-1), v))
        assert at(rational(c) * f, t) == times(c, u)
        assert at(f.shift(steps), t) == value(2, x, t + steps)
    assert f.shift(0) == f
    assert f.shift() == f.shift(1)
    assert not (f - f).terms


@given(sums(2, max_size=3), sums(3, max_size=3), st.tuples(*[vectors(3)] * 2))
def test_inner_products_are_pointwise_under_any_matrix(
    x: Terms, y: Terms, A: tuple[tuple[Fraction, ...], ...]
) -> None:
    f, g = make(2, x), make(3, y)
    product = f.inner(g, [tuple(map(rational, row)) for row in A])
    for t in TIMES:
        assert at(product, t) == (form(value(2, x, t), A, value(3, y, t)),)
    identity = [[Fraction(i == j) for j in range(2)] for i in range(2)]
    for t in TIMES:
        assert at(f.inner(f), t) == (form(value(2, x, t), identity, value(2, x, t)),)


@given(sums(1), sums(1))
def test_terms_are_equal_iff_the_functions_are(x: Terms, y: Terms) -> None:
    """Six bases of degrees up to 3: a difference that vanishes 24 times over is zero."""
    f, g = make(1, x), make(1, y)
    assert (f == g) is all(value(1, x, t) == value(1, y, t) for t in range(24))


def test_one_function_written_in_two_ways() -> None:
    split = scalar((1, 0, 2), ("1/2", 1, 3), ("1/2", 1, -1), ("1/3", 0, 1), ("1/3", 0, -1))
    assert split == scalar(("1/2", 1, 2), (1, 0, 2))
    assert split != scalar(("1/2", 1, 2), (1, 0, 2), ("1/3", 7, 1))
    assert split == ExponentialPolynomial.scalar({(fmpq(1), 0): 2, (fmpq(1, 2), 1): fmpq(2)})


@pytest.mark.parametrize(
    "terms",
    [
        [(Fraction(0), 0, (Fraction(1),))],
        [(Fraction(1), -1, (Fraction(1),))],
        [(Fraction(1), 0, (Fraction(1), Fraction(2)))],
    ],
)
def test_terms_that_are_none_are_refused(terms: Terms) -> None:
    with pytest.raises(HardmaxError, match="wanted a nonzero base, a degree ≥ 0 and 1 coeff"):
        make(1, terms)


@pytest.mark.parametrize(("p", "q"), [(p, q) for p in range(5) for q in range(5)])
def test_products_of_binomial_coefficients(p: int, q: int) -> None:
    pairs = product_degrees(p, q)
    for t in range(14):
        assert comb(t, p) * comb(t, q) == sum(c * comb(t, k) for k, c in pairs)
    assert [k for k, _ in pairs] == list(range(max(p, q), p + q + 1))


def test_moving_terms_are_those_that_depend_on_the_time() -> None:
    f = scalar((1, 0, 5), (1, 1, 2), ("1/2", 0, 3))
    assert [(r, p) for r, p, _ in f.moving] == [(1, 1), (fmpq(1, 2), 0)]
    assert scalar((1, 0, 5)).moving == ()
    assert ExponentialPolynomial.constant((fmpq(1), fmpq(0)))(10**9) == (1, 0)


def test_limits_are_the_constant_terms() -> None:
    assert scalar((1, 0, 5), ("9/10", 3, -7)).limit() == (5,)
    assert scalar(("9/10", 3, -7)).limit() == (0,)
    assert scalar().limit() == (0,)


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ((1, 1, 2), r"C\(t,1\)·\(1\)\^t"),
        (("3/2", 0, 2), r"C\(t,0\)·\(3/2\)\^t"),
        ((-1, 0, 2), r"C\(t,0\)·\(-1\)\^t"),
        (("-3/2", 2, 2), r"C\(t,2\)·\(-3/2\)\^t"),
    ],
)
def test_without_a_limit_the_term_that_forbids_it_is_named(term: Any, message: str) -> None:
    with pytest.raises(HardmaxError, match=message):
        scalar((1, 0, 5), term, ("1/2", 0, 1)).limit()


# -------------------------------------------------------------------------- the recursion


@given(sums(2), st.sampled_from(BASES), vectors(2))
def test_solutions_satisfy_their_recursion(
    terms: Terms, mu: Fraction, start: tuple[Fraction, ...]
) -> None:
    """z(t+1) = μ z(t) + (1−μ) y(t), the bases of y among the values of μ: resonance."""
    solution = solve(rational(mu), make(2, terms), tuple(map(rational, start)))
    z = start
    for t in range(12):
        assert at(solution, t) == z
        z = plus(times(mu, z), times(1 - mu, value(2, terms, t)))


@pytest.mark.parametrize("degree", [0, 1, 2, 3])
def test_resonance_raises_the_degree_by_one_and_nothing_else_does(degree: int) -> None:
    def top(mu: str) -> int:
        solution = solve(fmpq(*map(int, mu.split("/"))), source, (fmpq(1),))
        return max(p for r, p, _ in solution.terms if r == fmpq(1, 2))

    source = scalar(("1/2", degree, 1), (1, 0, 1))
    assert top("1/2") == degree + 1
    assert top("1/3") == degree


# -------------------------------------------------------------------------- closed forms


def random_pattern(random: Random, size: int) -> Pattern:
    """Any acyclic pattern, tokens in their own attention sets at times; not an argmax."""
    order = random.sample(range(size), size)
    sets: list[tuple[int, ...]] = [()] * size
    for place, i in enumerate(order):
        attended = random.sample(order[:place], random.randint(0, min(place, 3)))
        if not attended or random.random() < 0.3:
            attended.append(i)
        sets[i] = tuple(sorted(attended))
    return tuple(sets)


def stepped(
    tokens: list[tuple[Fraction, ...]], pattern: Pattern, weights: list[int], alpha: Fraction
) -> list[tuple[Fraction, ...]]:
    """One layer with the attention sets given."""
    moved = []
    for z, attended in zip(tokens, pattern, strict=True):
        total = sum(weights[j] for j in attended)
        mean = [
            sum((weights[j] * tokens[j][s] for j in attended), Fraction(0)) / total
            for s in range(len(z))
        ]
        moved.append(tuple((x + alpha * m) / (1 + alpha) for x, m in zip(z, mean, strict=True)))
    return moved


@pytest.mark.parametrize("alpha", ["1/3", "1", "2", "3", "8", "1/200", "-1/2", "-3", "-7/3"])
def test_closed_forms_are_the_layers_of_a_constant_pattern(alpha: str) -> None:
    """α = 3 = c(c−2) for c = 3 among others, where a token can resonate with its own tie."""
    random = Random(alpha)
    seen: set[int] = set()
    for _ in range(30):
        size = random.randint(1, 6)
        pattern = random_pattern(random, size)
        weights = [random.randint(1, 3) for _ in range(size)]
        tokens = [
            tuple(Fraction(random.randint(-5, 5), random.randint(1, 3)) for _ in "xy")
            for _ in range(size)
        ]
        c = Configuration(tokens, alpha, multiplicities=weights)
        try:
            forms = closed_form(c, c.tokens, pattern)
        except NoClosedForm:
            assert Fraction(alpha) < -1
            continue
        assert len(forms) == size
        for t in range(8):
            assert [at(f, t) for f in forms] == tokens
            tokens = stepped(tokens, pattern, weights, Fraction(alpha))
        seen |= {p for f in forms for _, p, _ in f.moving}
    assert {0, 1} <= seen


def test_a_cycle_of_attention_has_no_closed_form() -> None:
    c = Configuration([[1], [2], [3]], 1)
    with pytest.raises(NoClosedForm, match=r"tokens \[0, 1\] attend to one another in a cycle"):
        closed_form(c, c.tokens, ((1,), (0, 2), (2,)))
    assert len(closed_form(c, c.tokens, ((1,), (1, 2), (2,)))) == 3


def test_a_token_that_forgets_its_place_has_no_closed_form() -> None:
    """μ = λ + (1−λ)/2 = 0 at α = −2 for a token that ties itself with another."""
    c = Configuration([[1], [2]], -2)
    assert recursion(c, ((0,), (0, 1)), 1, c.lam) == (0, [(0, 1)])
    with pytest.raises(NoClosedForm, match="token 1 forgets its place"):
        closed_form(c, c.tokens, ((0,), (0, 1)))
    near = Configuration([[1], [2]], "-199/100")
    assert closed_form(near, near.tokens, ((0,), (0, 1)))[1](1) == near_layer(near)


def near_layer(c: Configuration) -> Vector:
    (z, w) = (fraction(row[0]) for row in c.tokens)
    alpha = fraction(c.alpha)
    return (rational((w + alpha * (z + w) / 2) / (1 + alpha)),)


def test_the_weights_of_a_recursion() -> None:
    c = Configuration([[1], [2], [3]], 1, multiplicities=[1, 2, 3])
    assert recursion(c, ((0,), (0, 2), (0, 1, 2)), 0, c.lam) == (1, [])
    assert recursion(c, ((0,), (0, 2), (0, 1, 2)), 1, c.lam) == (
        fmpq(1, 2),
        [(0, fmpq(1, 4)), (2, fmpq(3, 4))],
    )
    assert recursion(c, ((0,), (0, 2), (0, 1, 2)), 2, c.lam) == (
        fmpq(3, 4),
        [(0, fmpq(1, 3)), (1, fmpq(2, 3))],
    )


@pytest.mark.parametrize(
    ("name", "token", "degree"),
    [("face-limit", 2, 0), ("moving-tie", 4, 1), ("resonance-of-degree-two", 10, 2)],
)
def test_chains_of_followers_resonate(name: str, token: int, degree: int) -> None:
    exhibit = GALLERY[name]
    c = Configuration(exhibit["tokens"], exhibit["alpha"], exhibit["A"])
    forms = closed_form(c, c.tokens, Trajectory(c).pattern(0))
    assert max((r, p) for r, p, _ in forms[token].moving) == (c.lam, degree)


@pytest.mark.parametrize(
    "A", [None, [[1, 2], [3, 4]], [[0, 1], [-1, 0]]], ids=["identity", "general", "rotation"]
)
def test_gram_terms_are_the_inner_products_of_pairs(A: list[list[int]] | None) -> None:
    random = Random(1)
    for _ in range(6):
        forms = [
            make(2, [(random.choice(BASES), p, (Fraction(p - 1), Fraction(2))) for p in degrees])
            for degrees in (random.sample(range(4), random.randint(0, 3)) for _ in range(4))
        ]
        rows = random.sample(range(4), 2)
        c = Configuration([[1, 0]], 1, A)
        gram = gram_terms(forms, c.A, rows)
        keys = [(fmpq(r, gram.base_unit), p) for r, p, _ in gram.terms]
        assert keys == sorted(set(keys), reverse=True)
        for place, i in enumerate(rows):
            for column in range(4):
                terms = [
                    Term(r, p, (fmpq(table[place][column], gram.unit),))
                    for (r, p), (_, _, table) in zip(keys, gram.terms, strict=True)
                ]
                wanted = forms[i].inner(forms[column], c.A)
                assert ExponentialPolynomial.of(1, terms) == wanted


def test_blocks_of_nothing_are_none() -> None:
    assert blocks([]) == []
    assert blocks([ExponentialPolynomial(2, ())]) == []
    assert gram_terms([ExponentialPolynomial.constant((fmpq(1),))], [(fmpq(1),)], []).terms == []


def test_blocks_have_the_values_of_the_forms() -> None:
    third, half = fmpq(1, 3), fmpq(1, 2)
    forms = [
        ExponentialPolynomial.of(
            2, [Term(half, 2, (fmpq(1), fmpq(-5, 7))), Term(third, 0, (half, third))]
        ),
        ExponentialPolynomial.constant((fmpq(0), fmpq(3))),
        ExponentialPolynomial(2, ()),
        ExponentialPolynomial.of(
            2, [Term(fmpq(-2), 1, (third, half)), Term(fmpq(1), 0, (half, half))]
        ),
    ]
    found = blocks(forms)
    assert [(b.base, b.degree) for b in found] == [(1, 0), (half, 2), (third, 0), (-2, 1)]
    for t in (0, 1, 2, 5, 11):
        rows, denominator = values(found, t)
        exact = [tuple(fmpq(x, denominator) for x in row) for row in rows.table()]
        assert exact == [form(t) for form in forms]
