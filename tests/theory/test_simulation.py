"""The binary64 baseline: exact where floats are exact, and honest about where they are not."""

import json
import math
import re
import warnings
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import Configuration, HardmaxError, Settled, settle
from theory.exact import fraction
from theory.numerics import binary64, softmax
from theory.numerics.binary64 import (
    Array,
    OutOfRange,
    inner_products,
    largest_distance,
    product,
    rounded,
)
from theory.numerics.simulation import (
    Comparison,
    Difference,
    LostLeader,
    attention_mask,
    compare,
    first_difference,
    layer,
    leaders,
    leaders_by_first_index,
    shares,
    simulate,
)

FIGURE_2: dict[str, Any] = {
    "triangular polytope": [
        (1, 1), ("0.5", "-0.5"), (-1, -1), ("0.6", "0.7"), ("0.25", "0.4"),
        ("-0.35", "-0.8"), ("-0.7", "-0.15"), ("0.3", "-0.2"), ("0.1", "-0.2"),
    ],
    "emerging leader": [
        (1, "4/12"), ("-1/12", "1/12"), (-1, -1), (0, "3/12"),
        ("-0.3", "-0.7"), ("-0.6", "-0.9"), ("0.8", "0.1"), ("0.6", "0.15"),
    ],
}  # fmt: skip


def settled(*args: Any, **kwargs: Any) -> Settled:
    result = settle(Configuration(*args, **kwargs))
    assert isinstance(result, Settled)
    return result


def brute_sets(tokens: list[list[Fraction]], A: list[list[Fraction]]) -> list[list[int]]:
    """The attention sets from the definition, in Fractions."""
    sets = []
    for x in tokens:
        products = [
            sum(x[s] * A[s][t] * y[t] for s in range(len(x)) for t in range(len(y))) for y in tokens
        ]
        sets.append([j for j, value in enumerate(products) if value == max(products)])
    return sets


def brute_layer(
    tokens: list[list[Fraction]], A: list[list[Fraction]], alpha: Fraction, weights: list[int]
) -> list[list[Fraction]]:
    """One layer from the definition, in Fractions."""
    moved = []
    for x, attended in zip(tokens, brute_sets(tokens, A), strict=True):
        total = sum(weights[j] for j in attended)
        mean = [
            sum(weights[j] * tokens[j][s] for j in attended) / Fraction(total)
            for s in range(len(x))
        ]
        moved.append([(a + alpha * m) / (1 + alpha) for a, m in zip(x, mean, strict=True)])
    return moved


def dyadic(low: int = -64, high: int = 64) -> st.SearchStrategy[Fraction]:
    return st.integers(low, high).map(lambda k: Fraction(k, 16))


@st.composite
def dyadic_problems(
    draw: st.DrawFn,
) -> tuple[list[list[Fraction]], list[list[Fraction]], Fraction, list[int]]:
    """Data on which one float layer makes no rounding error but the one of a weighted mean."""
    d = draw(st.integers(1, 3))
    tokens = draw(st.lists(st.lists(dyadic(), min_size=d, max_size=d), min_size=1, max_size=6))
    A = draw(st.lists(st.lists(dyadic(-8, 8), min_size=d, max_size=d), min_size=d, max_size=d))
    alpha = draw(st.sampled_from([Fraction(1), Fraction(3), Fraction(7), Fraction(-1, 2)]))
    weights = draw(st.lists(st.sampled_from([1, 2, 4]), min_size=len(tokens), max_size=len(tokens)))
    return tokens, A, alpha, weights


def floats(rows: list[list[Fraction]]) -> Array:
    return np.array([[float(x) for x in row] for row in rows])


@settings(deadline=None)
@given(dyadic_problems())
def test_a_float_layer_is_exact_on_dyadic_data(
    problem: tuple[list[list[Fraction]], list[list[Fraction]], Fraction, list[int]],
) -> None:
    tokens, A, alpha, weights = problem
    sets = brute_sets(tokens, A)
    mask = attention_mask(floats(tokens), floats(A))
    assert [[int(j) for j in np.flatnonzero(row)] for row in mask] == sets
    moved = layer(floats(tokens), floats(A), float(alpha), np.array(weights, dtype=float))
    exact = brute_layer(tokens, A, alpha, weights)
    assert moved.shape == (len(tokens), len(tokens[0]))
    for i, attended in enumerate(sets):
        total = sum(weights[j] for j in attended)
        for found, wanted in zip(moved[i], exact[i], strict=True):
            if total & (total - 1) == 0:  # a mean over a power of two is exact
                assert Fraction(float(found)) == wanted
            else:
                assert abs(Fraction(float(found)) - wanted) <= Fraction(1, 10**12)


@settings(deadline=None)
@given(dyadic_problems())
def test_products_are_those_of_the_definition(
    problem: tuple[list[list[Fraction]], list[list[Fraction]], Fraction, list[int]],
) -> None:
    tokens, A, _, _ = problem
    Z, matrix = floats(tokens), floats(A)
    products = inner_products(Z, matrix)
    assert products.shape == (len(tokens), len(tokens))
    assert np.array_equal(products, np.einsum("is,st,jt->ij", Z, matrix, Z))


def test_product_adds_in_the_order_of_the_indices() -> None:
    x = np.array([[1e16, 1.0, -1e16, 1.0]])
    assert product(x, np.ones((4, 1)))[0, 0] == ((1e16 + 1.0) - 1e16) + 1.0 == 1.0
    assert product(x[:, ::-1], np.ones((4, 1)))[0, 0] == 0.0


def test_small_and_large_products_are_the_same_floats(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(4)
    factors = [
        (
            random.normal(size=(a, b)) * 10.0 ** random.integers(-9, 9, (a, b)),
            random.normal(size=(b, c)),
        )
        for a, b, c in ((1, 1, 1), (3, 40, 1), (1, 17, 5), (6, 9, 6), (5, 3, 2))
    ]
    factors.append((np.array([[-0.0, 1e308, np.inf]]), np.array([[0.0], [1e308], [-1.0]])))
    small = [product(X, Y).tobytes() for X, Y in factors]
    monkeypatch.setattr(binary64, "SMALL_PRODUCT", 0)
    assert small == [product(X, Y).tobytes() for X, Y in factors]


@pytest.mark.parametrize("most", [0, binary64.SMALL_PRODUCT])
def test_the_attention_of_a_stack_is_that_of_its_layers(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binary64, "SMALL_PRODUCT", most)
    generator = np.random.default_rng(5)
    A = generator.integers(-2, 3, (3, 3)) / 3
    stack = np.array([generator.integers(-4, 5, (6, 3)) / k for k in (1, 3, 7, 49)])
    stack[1, 2] = np.inf
    masks = attention_mask(stack, A)
    products = inner_products(stack, A)
    for Z, mask, values in zip(stack, masks, products, strict=True):
        assert np.array_equal(mask, attention_mask(Z, A))
        assert values.tobytes() == inner_products(Z, A).tobytes()


def test_shares_are_the_means_over_attention_sets() -> None:
    mask = np.array([[True, False, True], [False, True, False]])
    assert np.array_equal(
        shares(mask, np.array([1.0, 5.0, 3.0])), [[0.25, 0.0, 0.75], [0.0, 1.0, 0.0]]
    )


def test_simulate_yields_every_layer_and_each_is_one_layer_from_the_last() -> None:
    start = rounded(Configuration(FIGURE_2["emerging leader"], "1/2"))
    run = list(simulate(start.tokens, start.A, start.alpha, start.multiplicities, 7))
    assert len(run) == 8
    assert np.array_equal(run[0], start.tokens)
    for before, after in pairwise(run):
        assert np.array_equal(after, layer(before, start.A, start.alpha, start.multiplicities))


def test_the_layer_is_written_as_in_the_published_code() -> None:
    """s1·z + s2·m with s1 = 1/(1+α), s2 = α·s1, each rounded."""
    Z = np.array([[0.1, 0.7], [0.9, -0.2], [0.3, 0.3]])
    alpha, ones = 0.3, np.ones(3)
    s1 = 1 / (1 + alpha)
    s2 = alpha * s1
    mask = attention_mask(Z, np.eye(2))
    targets = np.array([Z[row].mean(axis=0) for row in mask])
    assert np.array_equal(layer(Z, np.eye(2), alpha, ones), s1 * Z + s2 * targets)


# ---------------------------------------------------------------------------- leaders


def test_the_two_notions_of_leader_differ_on_ties() -> None:
    mask = np.array([[True, True, False], [False, True, False], [True, True, True]])
    assert leaders(mask) == (1,)
    twins = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
    assert leaders(attention_mask(twins, np.eye(2))) == (2,)
    assert leaders_by_first_index(twins, np.eye(2)) == (0, 2)


def test_the_first_index_rule_can_count_a_follower_in_place_of_its_leader() -> None:
    """Followers first: once the floats merge them, the first of the two is counted."""
    start = rounded(Configuration([["1/2"], [1]], 1))
    *_, last = simulate(start.tokens, start.A, start.alpha, start.multiplicities, 60)
    assert leaders_by_first_index(last, start.A) == (0,)
    assert leaders(attention_mask(last, start.A)) == ()


# ---------------------------------------------------------------------------- compare


def test_the_layer_at_which_a_leader_is_lost_is_the_one_that_arithmetic_predicts() -> None:
    """1 − 2^−(k+1) at layer k fits in 53 bits up to k = 52; half of 2^−53 more rounds to 1."""
    found = compare(settled([[1], ["1/2"]], 1))
    assert found == Comparison(
        layers=200,
        failure=None,
        first_difference=Difference(53, 0, (0,), (0, 1)),
        lost_leaders=(LostLeader(0, 53),),
        changes_after_settling=1,
        last_change=53,
        leaders=1,
        leaders_at_end=0,
        leaders_by_first_index_at_end=1,
        distance=0.0,
    )


@pytest.mark.parametrize("layers", [0, 1, 52])
def test_nothing_is_lost_before_that_layer(layers: int) -> None:
    found = compare(settled([[1], ["1/2"]], 1), layers)
    assert (found.layers, found.first_difference, found.lost_leaders) == (layers, None, ())
    assert found.changes_after_settling == 0
    assert found.leaders_at_end == found.leaders_by_first_index_at_end == found.leaders == 1
    assert found.distance == 0.5 ** (layers + 1)


@pytest.fixture(scope="module")
def broken_tie() -> Settled:
    """1/10 + 2/10 = 3/10, but not in binary64."""
    return settled([["1/64", "1/64"], ["1/10", "2/10"], ["3/10", 0]], 1)


def test_a_tie_that_floats_break_is_seen_at_layer_0(broken_tie: Settled) -> None:
    assert broken_tie.pattern_at(0)[0] == (1, 2)
    assert compare(broken_tie).first_difference == Difference(0, 0, (1, 2), (1,))


def test_the_same_tie_in_dyadic_numbers_is_kept() -> None:
    found = compare(settled([["1/64", "1/64"], ["1/8", "2/8"], ["3/8", 0]], 1), layers=5)
    assert found.first_difference is None


def test_a_wrong_pattern_is_told_from_the_right_one(broken_tie: Settled) -> None:
    """The rejecting twin: against a pattern that is not the true one, floats differ at once."""
    truth = settled([[1, 0], [0, 1], ["1/2", "1/4"]], 1)
    assert truth.pattern == ((0,), (1,), (0,))
    assert compare(truth, 40).first_difference is None
    wrong = replace(truth, history=((0, ((0,), (1,), (1,))),))
    assert compare(wrong, 40).first_difference == Difference(0, 2, (1,), (0,))
    late = replace(truth, history=((0, truth.pattern), (7, ((0,), (1,), (0, 1)))))
    assert compare(late, 40).first_difference == Difference(7, 2, (0, 1), (0,))


def test_first_difference_compares_all_tokens_and_all_members() -> None:
    mask = np.array([[True, False], [True, True]])
    assert first_difference(3, ((0,), (0, 1)), mask) is None
    assert first_difference(3, ((0,), (0,)), mask) == Difference(3, 1, (0,), (0, 1))
    assert first_difference(3, ((0, 1), (0,)), mask) == Difference(3, 0, (0, 1), (0,))


def test_a_leader_counts_as_lost_only_from_the_layer_at_which_it_leads() -> None:
    emerging = settled(FIGURE_2["emerging leader"], "1/2")
    since = {leader.token: leader.since_layer for leader in emerging.equilibrium().leaders}
    assert max(since.values()) > 0
    found = compare(emerging)
    assert found.lost_leaders == ()
    assert found.leaders == len(since)


def test_a_change_that_is_true_is_not_counted_against_the_floats() -> None:
    """The pattern changes for the last time at the settled layer itself."""
    emerging = settled(FIGURE_2["emerging leader"], "1/2")
    found = compare(emerging)
    assert (found.changes_after_settling, found.last_change) == (0, emerging.layer)
    follower = settled([["1"], ["1/2"]], 1)
    late = replace(follower, history=((0, follower.pattern), (52, follower.pattern)))
    assert compare(late).changes_after_settling == 1
    later = replace(follower, history=((0, follower.pattern), (53, follower.pattern)))
    assert compare(later).changes_after_settling == 0


def test_copies_kept_apart_have_no_leader_but_the_first_index_rule_counts_one() -> None:
    c = Configuration([[1], [1], ["1/4"]], 1)
    apart = settle(c, keep_copies=True)
    assert isinstance(apart, Settled)
    found = compare(apart)
    assert (found.leaders, found.leaders_at_end, found.leaders_by_first_index_at_end) == (0, 0, 1)


def test_copies_are_compared_as_places_and_told_one_by_one() -> None:
    tokens = [["1/2"], [1], ["1/2"], [1]]
    copies = compare(settled(tokens, 1))
    places = compare(settled([["1/2"], [1]], 1, multiplicities=[2, 2]))
    assert places.first_difference is not None
    assert places.lost_leaders == (LostLeader(1, 53),)
    layer = places.first_difference.layer
    assert places.first_difference == Difference(layer, 0, (1,), (0, 1))
    assert copies.lost_leaders == (LostLeader(1, 53), LostLeader(3, 53))
    assert copies.first_difference == Difference(layer, 0, (1, 3), (0, 1, 2, 3))
    assert (copies.leaders, copies.leaders_at_end) == (places.leaders, places.leaders_at_end)
    assert copies.distance == places.distance
    soft, once = (
        softmax.compare(s, 10, 60)
        for s in (settled(tokens, 1), settled([["1/2"], [1]], 1, multiplicities=[2, 2]))
    )
    assert soft.distance_to_limits == once.distance_to_limits
    assert once.first_difference is not None
    assert soft.first_difference is not None
    assert soft.first_difference.exact == (1, 3)


def test_multiplicities_weigh_the_means() -> None:
    tokens = [["1/4", 0], [1, 1], [1, -1]]
    once, thrice = settled(tokens, 1), settled(tokens, 1, multiplicities=[1, 3, 1])
    assert compare(once, 0).distance != compare(thrice, 0).distance
    for case in (once, thrice):
        found = compare(case, 40)
        assert found.first_difference is None
        assert found.distance is not None
        assert found.distance < 1e-9


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(*[st.floats(-2, 2, allow_subnormal=False, width=32)] * 2).filter(any),
        min_size=1,
        max_size=6,
        unique=True,
    ),
    st.sampled_from(["1/2", "1", "2"]),
)
def test_while_floats_attend_as_the_truth_does_they_stay_near_it(
    rows: list[tuple[float, float]], alpha: str
) -> None:
    result = settle(Configuration.from_binary64(rows, alpha))
    if not isinstance(result, Settled):
        return
    found = compare(result, layers=25)
    if found.first_difference is None:
        start = rounded(result.configuration)
        *_, last = simulate(start.tokens, start.A, start.alpha, start.multiplicities, 25)
        assert largest_distance(last, result.tokens(25)) < 1e-12
        assert found.distance is not None
    else:
        assert found.first_difference.layer <= 25
        assert (
            found.first_difference.exact
            == (result.pattern_at(found.first_difference.layer)[found.first_difference.token])
        )


def test_the_distance_is_taken_exactly() -> None:
    """1 and 1 + 10^-40 round to one float; their distance does not."""
    found = compare(settled([["1." + "0" * 39 + "1"]], 1), layers=0)
    assert found.distance == pytest.approx(1e-40, rel=1e-15)


def test_the_result_is_the_same_each_time_and_json_ready() -> None:
    case = settled([["1/3", "1/7"], ["2/3", "-1/5"], ["-3/7", "1/9"]], "1/3")
    first, second = compare(case), compare(case)
    assert first == second
    assert json.loads(json.dumps(first.as_dict())) == first.as_dict()
    assert set(first.as_dict()) == set(vars(first))
    lost = compare(settled([[1], ["1/2"]], 1)).as_dict()
    assert lost["first_difference"] == {
        "layer": 53, "token": 0, "exact": [0], "observed": [0, 1],
    }  # fmt: skip
    assert lost["lost_leaders"] == [{"token": 0, "layer": 53}]


def test_negative_layers_are_misuse() -> None:
    with pytest.raises(HardmaxError, match="layers = -1"):
        compare(settled([[1]], 1), layers=-1)


# ---------------------------------------------------------------------------- out of range


HUGE = "1" + "0" * 400
OUT_OF_RANGE: dict[str, tuple[dict[str, Any], str | None]] = {
    "a token": ({"tokens": [[1], [HUGE]], "alpha": 1}, r"tokens\[1\]\[0\] is 1000"),
    "A": ({"tokens": [[1]], "alpha": 1, "A": [[HUGE]]}, r"A\[0\]\[0\]"),
    "alpha": ({"tokens": [[1], [2]], "alpha": HUGE}, "alpha"),
    "a multiplicity": (
        {"tokens": [[1]], "alpha": 1, "multiplicities": [10**400]},
        "multiplicities",
    ),
    "the products": ({"tokens": [["1e200"], ["2e200"]], "alpha": 1}, "overflow at layer 0"),
    "the step": ({"tokens": [[1], [3]], "alpha": "1e308"}, None),
    "numbers near the greatest float": (
        {"tokens": [["1.7e308"], ["-1.7e308"]], "alpha": 1, "A": [["1e-310"]]},
        None,
    ),
}


@pytest.mark.parametrize("name", OUT_OF_RANGE)
def test_what_floats_cannot_hold_is_a_value(name: str) -> None:
    arguments, message = OUT_OF_RANGE[name]
    case = settled(**arguments)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = compare(case)
    if message is None:
        assert found.failure is None
    else:
        assert found.failure is not None
        assert found.failure.startswith("not representable in binary64: ")
        assert "\n" not in found.failure
        assert len(found.failure) < 150
        assert re.search(message, found.failure)
        assert all(
            value is None for key, value in vars(found).items() if key not in {"layers", "failure"}
        )
    assert json.dumps(found.as_dict())


def test_rounded_names_what_it_cannot_round() -> None:
    with pytest.raises(OutOfRange, match=r"tokens\[0\]\[1\]"):
        rounded(Configuration([[1, "-1e309"]], 1))
    assert issubclass(OutOfRange, HardmaxError)


def test_rounding_is_to_nearest() -> None:
    values = ["1/3", "0.1", "-2/7", "1e-320", "1e-400", str(2**53 + 1), "1.7976931348623157e308"]
    start = rounded(Configuration([values], 1))
    for found, value in zip(start.tokens[0], Configuration([values], 1).tokens[0], strict=True):
        exact = fraction(value)
        around = [math.nextafter(found, math.inf), math.nextafter(found, -math.inf)]
        gap = abs(Fraction(float(found)) - exact)
        assert all(gap <= abs(Fraction(x) - exact) for x in around if math.isfinite(x))


def test_a_step_to_minus_one_in_floats_is_no_division_warning() -> None:
    """α = −1 + 10^−30 is −1 in floats."""
    case = settled([[1]], "-0." + "9" * 30)
    assert "overflow" in str(compare(case, 3).failure)


def test_without_limits_what_needs_them_is_none() -> None:
    case = settled([[2], [1]], "-1/4", A=[[-1]])  # token 0 flees from token 1 for ever
    found = compare(case, 3)
    assert found.failure is None
    assert found.distance is None
    assert found.lost_leaders is None
    assert found.leaders is None
    assert found.leaders_at_end is not None
