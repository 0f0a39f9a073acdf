"""Settling: the settled layer against layers made one by one, budgets, and failing hypotheses."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from fractions import Fraction
from itertools import pairwise
from math import ceil
from random import Random
from typing import Any

import pytest
from cases import cases
from flint import ctx
from gallery import GALLERY
from reference import brute_layer, brute_pattern

import theory.fast.walk as filtered
import theory.settling as settling
import theory.walk as walk
from theory import (
    Configuration,
    Cycling,
    HardmaxError,
    NotSettled,
    Settled,
    Trajectory,
    Undecided,
    settle,
)
from theory.dynamics import Pattern, attention_sets, next_state
from theory.exact import fraction
from theory.matrices import Vector
from theory.places import copies_of, spread
from theory.walk import comparisons

Within = Callable[[float], AbstractContextManager[None]]
Tokens = list[tuple[Fraction, ...]]


pytestmark = pytest.mark.usefixtures("each_walk")


@pytest.fixture(autouse=True)
def precision_is_left_alone() -> Iterator[None]:
    before = ctx.prec
    yield
    assert ctx.prec == before


def exhibit(name: str, alpha: str | None = None) -> Configuration:
    chosen = GALLERY[name]
    return Configuration(chosen["tokens"], alpha or chosen["alpha"], chosen["A"])


def settled(configuration: Configuration, max_layers: int = settling.MAX_LAYERS) -> Settled:
    result = settle(configuration, max_layers)
    assert isinstance(result, Settled), result.reason
    return result


def undecided(configuration: Configuration, max_layers: int = settling.MAX_LAYERS) -> Undecided:
    result = settle(configuration, max_layers)
    assert isinstance(result, Undecided), result.layer
    return result


def fractions(tokens: tuple[Vector, ...]) -> Tokens:
    return [tuple(fraction(x) for x in row) for row in tokens]


def brute(c: Configuration, count: int) -> list[tuple[Tokens, Pattern]]:
    """Layers 0 to `count`, from the definition, in plain fractions."""
    A = [[fraction(x) for x in row] for row in c.A]
    tokens, found = fractions(c.tokens), []
    for _ in range(count + 1):
        found.append((tokens, brute_pattern(tokens, c.multiplicities, A)))
        tokens = brute_layer(tokens, c.multiplicities, A, fraction(c.alpha))
    return found


def check_by_layers(result: Settled | Cycling, beyond: int = 30) -> None:
    """Every layer up to the settled one and `beyond`: tokens, patterns, leastness, history."""
    layers = brute(result.configuration, result.layer + beyond)
    assert len(layers) == result.layer + beyond + 1
    for k, (tokens, pattern) in enumerate(layers):
        assert result.pattern_at(k) == pattern
        assert fractions(result.tokens(k)) == tokens
    if isinstance(result, Cycling):
        assert result.period > 1
        assert len(set(result.patterns)) > 1
        told = [pattern for _, pattern in layers]
        first, p = result.layer, result.period
        assert all(told[k] == told[k + p] for k in range(first, len(told) - p))
        assert first == 0 or told[first - 1] != told[first - 1 + p]
        return
    assert all(pattern == result.pattern for _, pattern in layers[result.layer :])
    changes = [k for k in range(1, len(layers)) if layers[k][1] != layers[k - 1][1]]
    assert [k for k, _ in result.history] == [0, *changes]
    assert result.layer == (changes[-1] if changes else 0)
    assert all(before != after for (_, before), (_, after) in pairwise(result.history))


# -------------------------------------------------------------------------- the gallery

SETTLED_LAYERS = {
    "face-limit": 0,
    "face-limit-under-a-matrix": 0,
    "face-limit-by-copies": 0,
    "rest-without-leading": 0,
    "coming-to-rest": 1,
    "own-set-and-moving": 1,
    "own-set-and-moving-later": 3,
    "emerging-leader": 2,
    "more-than-n-layers": 5,
    "hundreds-of-layers": 231,
    "leaders-at-small-alpha": 2,
    "leaders-at-large-alpha": 3,
    "mixed-tie": 0,
    "moving-tie": 1,
    "moving-tie-in-the-cube": 1,
    "resonance-of-degree-two": 2,
    "late-by-resonance": 25,
}


def test_the_gallery_is_complete() -> None:
    assert set(SETTLED_LAYERS) == set(GALLERY)


@pytest.mark.parametrize("name", GALLERY)
def test_the_gallery_settles_where_it_is_known_to(name: str) -> None:
    result = settled(exhibit(name))
    assert result.layer == SETTLED_LAYERS[name]
    check_by_layers(result)


@pytest.mark.parametrize("name", [name for name, layer in SETTLED_LAYERS.items() if layer])
def test_the_budget_is_sharp(name: str) -> None:
    """The settled layer itself is enough to know; one layer less is not."""
    layer = SETTLED_LAYERS[name]
    assert settled(exhibit(name), layer).layer == layer
    short = undecided(exhibit(name), layer - 1)
    assert short.layers == layer - 1
    assert f"layer {layer}" in short.reason or f"layer {layer - 1}" in short.reason


def test_a_budget_of_no_layers_decides_what_is_settled_from_the_start() -> None:
    for name, layer in SETTLED_LAYERS.items():
        assert isinstance(settle(exhibit(name), 0), Undecided) is (layer > 0)
    assert settled(Configuration([[5]], 1), 0).layer == 0
    with pytest.raises(HardmaxError, match="max_layers = -1"):
        settle(Configuration([[5]], 1), -1)


@pytest.mark.parametrize(("name", "small"), [(name, n) for name in GALLERY for n in (0, 10**6)])
def test_the_shortcut_for_few_tokens_changes_no_answer(
    name: str, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = settled(exhibit(name))
    monkeypatch.setattr(filtered, "SMALL", small)
    other = settled(exhibit(name))
    assert (other.history, other.closed_form) == (usual.history, usual.closed_form)


@pytest.mark.parametrize("case", list(cases(65, seed=11)), ids=lambda case: case["family"])
def test_random_cases_are_settled_as_the_layers_show(case: Any) -> None:
    result = settled(Configuration(case["tokens"], case["alpha"], case["A"]))
    if result.layer < 100:
        check_by_layers(result, beyond=6)


# ------------------------------------------------------------ far changes of the pattern


def late(eps: Fraction, alpha: str = "1") -> Configuration:
    """`late-by-resonance` for any eps.

    From layer 1 on token 6 ties tokens 2 and 3, and f(t) = 120 − 40 eps − 100 eps t, times 4^−t,
    is its lead over tokens 4 and 5: the pattern changes at layer 1 + t for the first t with
    f(t) ≤ 0.
    """
    tokens: list[list[Any]] = [list(row) for row in GALLERY["late-by-resonance"]["tokens"]]
    for i in (4, 5):
        tokens[i][2] = 20 + 20 * eps
    return Configuration(tokens, alpha)


def late_layer(eps: Fraction) -> int:
    return 1 + ceil(Fraction(6, 5) / eps - Fraction(2, 5))


@pytest.mark.parametrize("eps", ["1/20", "1/200", "1/2000", "3/1000", "1/7", "12/10004"])
def test_the_late_family_changes_where_it_is_computed_to(eps: str) -> None:
    """The last two meet f(t) = 0 exactly: all four tie for one layer, then the tie breaks."""
    result = settled(late(Fraction(eps)))
    change = late_layer(Fraction(eps))
    exact = Fraction(6, 5) / Fraction(eps) - Fraction(2, 5) == change - 1
    assert exact is (eps in ("1/7", "12/10004"))
    assert [result.pattern_at(k)[6] for k in (1, change - 1, change, change + 1)] == [
        (2, 3), (2, 3), (2, 3, 4, 5) if exact else (4, 5), (4, 5),
    ]  # fmt: skip
    assert result.layer == change + exact


@pytest.mark.parametrize("eps", ["0", "-1/20", "-1e-40"])
def test_with_eps_not_positive_the_first_tie_stands_for_ever(eps: str) -> None:
    result = settled(late(Fraction(eps)))
    assert result.layer == 1
    assert result.pattern[6] == (2, 3)


@pytest.mark.parametrize(
    "eps", [Fraction(1, 10**15), Fraction(1, 10**40), Fraction(1, 7**50), Fraction(3, 10**300)]
)
def test_a_change_beyond_all_budgets_is_named_at_once(eps: Fraction, within: Within) -> None:
    """Undecided within the budget; and the layer that ends it is known exactly."""
    with within(1):
        result = undecided(late(eps))
    assert f"layer {late_layer(eps)}," in result.reason
    assert f"budget of {settling.MAX_LAYERS}" in result.reason
    assert result.layers == settling.MAX_LAYERS


@pytest.mark.parametrize("tie", [10**7, 10**40])
def test_an_exact_tie_beyond_all_budgets_is_named_at_once(tie: int, within: Within) -> None:
    """The lead of token 6's pair over the other vanishes exactly, at t = `tie`."""
    eps = Fraction(12, 10 * tie + 4)
    assert late_layer(eps) == tie + 1 == 1 + Fraction(6, 5) / eps - Fraction(2, 5)
    with within(1):
        result = undecided(late(eps))
    assert f"the pattern changes at layer {tie + 1}," in result.reason


def test_a_budget_beyond_the_change_is_used(within: Within) -> None:
    eps = Fraction(1, 20_000)
    assert isinstance(settle(late(eps)), Undecided)
    with within(2):
        result = settled(late(eps), 100_000)
    assert result.layer == late_layer(eps) == 24_001


@pytest.mark.parametrize("alpha", ["1/200", "1/1000"])
def test_jumps_land_where_steps_lead(alpha: str) -> None:
    """The trajectory of `settle` has gaps; stepped layers, made here without lemmas, have none."""
    c = exhibit("hundreds-of-layers", alpha)
    result = settled(c)
    assert result.layer > 200
    state, stepped = Trajectory(c).state(0), []
    for _ in range(result.layer + 3):
        pattern = attention_sets(state, c.form[0])
        stepped.append((state, pattern))
        state = next_state(state, pattern, c.gamma, c.multiplicities)
    changes = [0] + [k for k in range(1, len(stepped)) if stepped[k][1] != stepped[k - 1][1]]
    assert [k for k, _ in result.history] == changes
    assert max(b - a for a, b in pairwise(changes)) > settling.LONG_STRETCH
    for k, (there, pattern) in enumerate(stepped):
        assert result.pattern_at(k) == result.trajectory.pattern(k) == pattern
        if k % 97 == 0 or k in changes or k + 1 in changes:
            assert result.tokens(k) == result.trajectory.tokens(k) == there.tokens


def test_a_run_without_jumps_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    jumped = settled(exhibit("hundreds-of-layers"))
    placed: list[int] = []
    monkeypatch.setattr(Trajectory, "place", lambda self, layer, tokens: placed.append(layer))
    monkeypatch.setattr(walk, "LONG_STRETCH", 10**9)
    monkeypatch.setattr(filtered, "LONG_STRETCH", 10**9)
    assert settled(exhibit("hundreds-of-layers")).closed_form == jumped.closed_form
    assert placed == []


def test_a_shared_trajectory_is_read_and_not_changed() -> None:
    c = exhibit("hundreds-of-layers")
    shared, alone = Trajectory(c), Trajectory(c)
    result = settle(c, trajectory=shared)
    assert isinstance(result, Settled)
    assert result.trajectory is shared
    assert [shared.tokens(k) for k in (0, 1, 50, 231)] == [alone.tokens(k) for k in (0, 1, 50, 231)]


# ----------------------------------------------------------------------- the inequalities


@pytest.mark.parametrize("name", ["moving-tie", "mixed-tie", "face-limit-under-a-matrix"])
def test_comparisons_are_those_of_the_definition(name: str) -> None:
    """⟨z_i(t), z_j(t) − z_l(t)⟩ at t = 0,…,5, and no pair but l = j left out."""
    c = exhibit(name)
    result = settled(c)
    rows = [0, c.size - 1]
    seen = []
    for i, column, f in comparisons(result.closed_form, c.A, result.pattern, rows):
        seen.append((i, column))
        j = min(result.pattern[i])
        for t in range(6):
            z = result.tokens(result.layer + t)
            assert f(t)[0] == c.inner(z[i], z[j]) - c.inner(z[i], z[column])
        assert (column in result.pattern[i]) is (not f.terms)
    wanted = [(i, j) for i in rows for j in range(c.size) if j != min(result.pattern[i])]
    assert sorted(seen) == wanted


def test_a_tie_that_lasts_and_one_that_does_not() -> None:
    tie = settled(Configuration([[2, 2], [-2, 2], [0, 1]], 1))
    assert tie.pattern[2] == (0, 1)
    assert tie.layer == 0
    broken = settled(Configuration([[2, 2], [-2, "2"], [0, 1], [0, -1], [1, -2]], 1))
    check_by_layers(broken)
    off = settled(Configuration([[2, 2], [-3, 2], [0, 1]], 1))
    assert off.pattern_at(0)[2] == (0, 1)
    assert off.layer == 1
    assert off.pattern[2] == (1,)


def test_near_ties_are_told_from_ties() -> None:
    tiny = Fraction(1, 10**40)
    for change, attended in ((Fraction(0), (0, 1)), (tiny, (1,)), (-tiny, (0,))):
        c = Configuration([[2, 2], [-2, 2 + change], [0, 1]], 1)
        assert settled(c).pattern[2] == attended


# --------------------------------------------------------------------------------- copies


@pytest.mark.parametrize(
    "tokens",
    [
        [[1, 0], [1, 0]],
        [[-2, 2], [1, 2], [0, 1], [1, 2]],
        [[2, 0], [1, 1], [2, 0], [0, 1], [1, 1], [1, 1]],
        [[-2, 0], [-2, 1], [-1, -1], [-2, 1]],
    ],
)
def test_copies_kept_apart_and_copies_merged_agree(tokens: list[list[int]]) -> None:
    kept = Configuration(tokens, "1/3")
    merged, places = kept.merged()
    assert merged.size < kept.size
    apart, together = settled(kept), settled(merged)
    assert apart.layer == together.layer
    assert apart.closed_form == tuple(together.closed_form[p] for p in places)
    assert apart.configuration is kept
    check_by_layers(apart)
    check_by_layers(together)
    copies = copies_of(places)
    for k in range(together.layer + 2):
        assert apart.pattern_at(k) == spread(together.pattern_at(k), places, copies)
    assert not any(apart.pattern[i] == (i,) for i in range(kept.size) if len(copies[places[i]]) > 1)


def test_copies_count() -> None:
    """Two tokens at (1, 2) hold the tie with the one at (−2, 2) that one could not hold."""
    single = settled(Configuration([[-2, 2], [1, 2], [0, 1]], "1/2"))
    double = settled(Configuration([[-2, 2], [1, 2], [0, 1], [1, 2]], "1/2"))
    weighted = settled(Configuration([[-2, 2], [1, 2], [0, 1]], "1/2", multiplicities=[1, 2, 1]))
    assert single.pattern[2] == (0,)
    assert double.pattern[2] == (0, 1, 3)
    assert weighted.pattern[2] == (0, 1)


def test_an_undecided_run_of_copies_speaks_of_the_copies() -> None:
    c = Configuration([[-2, 0], [-2, 1], [-1, -1], [-1, -1]], "1/200")
    result = undecided(c, 10)
    assert result.configuration is c
    assert result.trajectory.configuration is c


def test_places_and_copies() -> None:
    assert copies_of((0, 1, 0, 2, 1)) == [[0, 2], [1, 4], [3]]
    pattern = ((0, 1), (1,), (0, 2))
    assert spread(pattern, (0, 1, 0, 2, 1), copies_of((0, 1, 0, 2, 1))) == (
        (0, 1, 2, 4), (1, 4), (0, 1, 2, 4), (0, 2, 3), (1, 4),
    )  # fmt: skip


# -------------------------------------------------------------- where a hypothesis fails


@pytest.mark.parametrize(
    ("tokens", "alpha", "A", "layer"),
    [
        ([[0]], 1, None, 0),
        ([[0], [1]], 1, None, 1),
        ([[0, 0], [1, 0], [-1, 0]], 1, None, 0),  # rests at 0, inside K, and attends to all
        ([[0, 0], [1, 0], [-2, 0]], 1, None, 1),
        ([[1, 0], [0, 1], [1, 1]], 0, None, 0),  # nothing ever moves
        ([[2], [1]], "-1/2", None, 2),
        ([[2], [1]], "-1/4", None, 3),
        ([[2], [1]], "-1/4", [[-1]], 0),  # token 0 flees for ever
        ([[2, 1], [1, 0]], 1, [[1, 0], [0, 0]], 0),
        ([[1, 0], [0, 1], [3, 3]], 1, [[0, 1], [1, 0]], 0),
        ([[2, 1]], "-1/2", [[-3, 1], [0, 0]], 0),
        ([[2, 1]], -5, None, 0),
        ([[1], [-1]], 0, [[-1]], 0),  # a cycle of attention in which nothing moves
        ([[-3], [0]], 1, [[-2]], 1),  # and one that does not last
        ([[-3], [1]], 3, [[-2]], 2),
    ],
)
def test_what_is_defined_is_decided(tokens: Any, alpha: Any, A: Any, layer: int) -> None:
    result = settled(Configuration(tokens, alpha, A))
    assert result.layer == layer
    check_by_layers(result)


@pytest.mark.parametrize(
    ("tokens", "alpha", "A", "layer"),
    [
        ([[1], [-1]], 1, [[-1]], 1),  # they meet
        ([[1, 0], [-1, 1], [0, -2]], 1, [[-1, 0], [0, -1]], 2),
        ([[1, 0], [0, 1], [-1, 0], [0, -1]], 1, [[0, 1], [-1, 0]], 0),  # cyclic pursuit
        ([[2], [1]], 1, [[0]], 0),  # all attend to all
        ([[2], [1]], -2, None, 0),  # bases -1
        ([[2], [1]], -3, None, 0),
        ([[2, 0], [1, 1]], "-4/3", None, 1),  # each flees from the other in turn
    ],
)
def test_cycles_and_negative_bases_are_decided(tokens: Any, alpha: Any, A: Any, layer: int) -> None:
    result = settle(Configuration(tokens, alpha, A), 50)
    assert isinstance(result, Settled | Cycling)
    assert result.layer == layer
    check_by_layers(result)


def test_what_is_out_of_reach_is_undecided_and_says_why() -> None:
    c = Configuration([[-2, -2], [2, 1], [-1, 2]], "-4/3", [[-1, 2], [-2, 1]])
    with pytest.raises(NotSettled, match="the dominant terms of a sign balance"):
        undecided(c, 50).equilibrium()


def test_no_wrong_answer_without_hypotheses() -> None:
    """Any matrix, any step, zero and repeated tokens: what is settled is settled."""
    random = Random(5)
    kinds = {Settled: 0, Cycling: 0, Undecided: 0}
    changing = 0
    for _ in range(220):
        d = random.randint(1, 2)
        c = Configuration(
            [[random.randint(-2, 2) for _ in range(d)] for _ in range(random.randint(1, 4))],
            random.choice(["1/2", "1", "3", "-1/4", "-1/2", "-2/3", "-3", "0"]),
            [[random.randint(-2, 2) for _ in range(d)] for _ in range(d)],
        )
        result = settle(c, 40)
        kinds[result.__class__] += 1
        if not isinstance(result, Undecided):
            changing += result.layer > 0
            check_by_layers(result, beyond=12)
    assert kinds[Settled] > 150
    assert kinds[Cycling] > 5
    assert kinds[Undecided] < 5
    assert changing > 10


# ------------------------------------------------------------------------- small and plain


@pytest.mark.parametrize("alpha", ["1/3", "1e-40", "1e40", "-1/2", "-3", "0"])
@pytest.mark.parametrize("token", [["-2/7"], [0, 0], ["1e-40", 3, "1e40"]])
def test_one_token_is_settled(alpha: str, token: list[Any]) -> None:
    result = settled(Configuration([token], alpha))
    assert (result.layer, result.pattern) == (0, ((0,),))
    assert result.tokens(10**9) == result.configuration.tokens


def test_the_line_has_its_ends_for_leaders() -> None:
    """d = 1: the greatest and the least token lead if their signs differ, else the longer one."""
    random = Random(2)
    for _ in range(40):
        places = random.sample([x for x in range(-30, 31) if x], random.randint(1, 7))
        c = Configuration([[x] for x in places], random.choice(["1/50", "1/2", "1", "9"]))
        result = settled(c)
        assert result.layer == 0
        for i, x in enumerate(places):
            assert result.pattern[i] == (places.index(max(places) if x > 0 else min(places)),)


def test_reading_a_settled_run() -> None:
    result = settled(exhibit("more-than-n-layers"))
    assert result.layer == 5 == result.history[-1][0]
    assert result.history[0] == (0, result.pattern_at(0))
    assert result.pattern_at(4) != result.pattern_at(5) == result.pattern_at(10**30)
    assert result.tokens(5) == tuple(form(0) for form in result.closed_form)
    assert result.tokens(4) == result.trajectory.tokens(4)
    assert result.equilibrium().configuration is result.configuration
    with pytest.raises(HardmaxError, match="layer -1"):
        result.tokens(-1)
    with pytest.raises(HardmaxError, match="layer -1"):
        result.pattern_at(-1)


def test_undecided_says_how_much_was_done() -> None:
    result = undecided(exhibit("hundreds-of-layers"), 230)
    assert "the pattern changes at layer 231, beyond the budget of 230" in result.reason
    with pytest.raises(NotSettled, match=r"undecided after 230 layers: the pattern changes at"):
        result.equilibrium()
    assert result.trajectory.configuration == exhibit("hundreds-of-layers")
