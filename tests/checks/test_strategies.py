"""What the strategies promise: bounds, hypotheses, kinds of trouble, and small examples."""

import random
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import find as find_smallest
from hypothesis import strategies as st

from checks import Run, configurations, validate
from checks.rare import RARE
from checks.reach import PHENOMENA, phenomena
from checks.statements import find
from checks.strategies import (
    FAMILIES,
    STEPS,
    general_matrices,
    matrices,
    rare_configurations,
    steps,
    token_sets,
)
from theory import Configuration, HardmaxError
from theory.exact import rational
from theory.matrices import identity, is_positive_definite

EACH = settings(
    max_examples=10,
    database=None,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
"""Settings of the properties; they draw the same examples every time."""


def drawn(strategy: st.SearchStrategy[Any], examples: int, number: int = 1) -> list[Any]:
    """What a strategy draws with a seed."""
    found: list[Any] = []
    test = given(strategy)(lambda example: found.append(example))
    seed(number)(settings(EACH, derandomize=False, max_examples=examples)(test))()
    return found


# --------------------------------------------------------------------------------- bounds


@st.composite
def bounds(draw: st.DrawFn) -> dict[str, Any]:
    """Keyword arguments that bound n and d."""
    least_n, least_d = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    return {
        "min_tokens": least_n,
        "max_tokens": least_n + draw(st.integers(0, 4)),
        "min_dimension": least_d,
        "max_dimension": least_d + draw(st.integers(0, 2)),
    }


def within(found: Configuration, bounds: dict[str, Any]) -> bool:
    n, d = len(set(found.tokens)), found.dimension
    return bool(
        bounds["min_tokens"] <= n <= bounds["max_tokens"]
        and bounds["min_dimension"] <= d <= bounds["max_dimension"]
    )


@pytest.mark.parametrize("family", [*FAMILIES, None])
@pytest.mark.parametrize("standing", [True, False], ids=["standing", "general"])
def test_bounds_are_honoured(family: str | None, standing: bool) -> None:
    @EACH
    @given(bounds(), st.data())
    def test(given_bounds: dict[str, Any], data: st.DataObject) -> None:
        strategy = configurations(family=family, standing=standing, **given_bounds)
        found = data.draw(strategy)
        assert within(found, given_bounds)
        assert found.size == len(set(found.tokens))
        assert found.multiplicities == (1,) * found.size
        assert found.alpha > 0
        if standing:
            assert found.hypotheses.hold

    test()


@pytest.mark.parametrize("family", FAMILIES)
def test_token_sets_are_bounded_and_distinct(family: str) -> None:
    @EACH
    @given(bounds(), st.booleans(), st.data())
    def test(given_bounds: dict[str, Any], nonzero: bool, data: st.DataObject) -> None:
        rows = data.draw(token_sets(family=family, nonzero=nonzero, **given_bounds))
        assert within(Configuration(rows, 1), given_bounds)
        assert len(rows) == len(set(rows))
        assert all(any(row) for row in rows) or not nonzero

    test()


def test_zero_tokens_come_only_if_wanted() -> None:
    rows = drawn(token_sets(family="cube", nonzero=False, max_dimension=2), 60)
    assert any(not any(row) for tokens in rows for row in tokens)
    rows = drawn(token_sets(family="cube", max_dimension=2), 60)
    assert all(any(row) for tokens in rows for row in tokens)


@pytest.mark.parametrize("family", [*FAMILIES, "rare", None])
def test_repeated_tokens_are_repeated(family: str | None) -> None:
    for found in drawn(configurations(family=family, repeated=True, max_tokens=7), 15):
        places = len(set(found.tokens))
        assert places < found.size <= places + 4
        assert places <= 7
        assert found.merged()[0].hypotheses.hold


def test_without_the_standing_hypotheses() -> None:
    found = drawn(configurations(standing=False), 120)
    assert any(not c.hypotheses.nonzero for c in found)
    matrices = [c.A for c in found]
    assert any(A != tuple(zip(*A, strict=True)) for A in matrices)
    assert any(A == tuple(zip(*A, strict=True)) and any(map(any, A)) for A in matrices)
    assert any(not any(map(any, A)) for A in matrices)
    assert all(c.hypotheses.distinct and c.hypotheses.positive_step for c in found)


@pytest.mark.parametrize("dimension", [1, 2, 5, 7])
def test_matrices(dimension: int) -> None:
    found = drawn(matrices(dimension), 30)
    assert all(len(A) == dimension and is_positive_definite(A) for A in found)
    assert any(A == identity(dimension) for A in found)
    skewed = [A for A in found if any(A[i][j] for i in range(dimension) for j in range(i))]
    assert len(skewed) >= (10 if dimension > 1 else 0)
    general = drawn(general_matrices(dimension), 30)
    assert {len(A) for A in general} == {len(row) for A in general for row in A} == {dimension}


def test_steps_are_bounded() -> None:
    assert set(drawn(steps(), 200)) == set(map(rational, STEPS))
    assert set(drawn(steps(min_value="1/10", max_value="1/2"), 80)) == {
        fmpq(1, 2),
        fmpq(1, 3),
        fmpq(1, 10),
        fmpq(3, 7),
    }
    assert set(drawn(steps(min_value="100", max_value="100"), 10)) == {fmpq(100)}
    assert find_smallest(steps(), lambda alpha: True) == 1


# -------------------------------------------------------------------- impossible requests

IMPOSSIBLE: dict[str, tuple[Callable[[], st.SearchStrategy[Any]], str]] = {
    "no tokens": (
        lambda: configurations(min_tokens=0),
        "tokens between 0 and 8: nothing is",
    ),
    "more at least than at most": (
        lambda: configurations(min_tokens=9),
        "tokens between 9 and 8: nothing is",
    ),
    "no dimension": (
        lambda: configurations(min_dimension=0),
        "dimension between 0 and 5: nothing is",
    ),
    "dimensions reversed": (
        lambda: configurations(min_dimension=3, max_dimension=2),
        "dimension between 3 and 2: nothing is",
    ),
    "unknown family": (
        lambda: configurations(family="latice"),
        "'latice' is none of the families lattice, cube, ",
    ),
    "unknown family of token sets": (
        lambda: token_sets(family="rare"),
        "'rare' is none of the families lattice, cube, ",
    ),
    "token sets reversed": (
        lambda: token_sets(family="cube", min_tokens=3, max_tokens=2),
        "tokens between 3 and 2: nothing is",
    ),
    "rare and large": (
        lambda: configurations(family="rare", min_tokens=12, max_tokens=20),
        "no rare configuration has 12 to 20 tokens in dimension 1 to 5",
    ),
    "rare and flat": (
        lambda: configurations(family="rare", max_dimension=1),
        "no rare configuration has 1 to 8 tokens in dimension 1 to 1",
    ),
    "rare and reversed": (
        lambda: configurations(family="rare", min_tokens=4, max_tokens=3),
        "tokens between 4 and 3: nothing is",
    ),
    "no such step": (lambda: steps(min_value="4", max_value="5"), "no step between 4 and 5"),
    "steps reversed": (lambda: steps(min_value="2", max_value="1"), "no step between 2 and 1"),
    "no number": (lambda: steps(min_value="x"), "'x' is not an exact number"),
}


@pytest.mark.parametrize(("make", "words"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_impossible_request_is_an_error(
    make: Callable[[], st.SearchStrategy[Any]], words: str
) -> None:
    with pytest.raises(HardmaxError) as raised:
        find_smallest(make(), lambda example: True, settings=EACH)
    assert str(raised.value).startswith(words)


# ------------------------------------------------------------------------------- families


def shows(name: str, found: Configuration) -> bool:
    """Whether a configuration has what its family is for."""
    rows = found.tokens
    numbers = [x for row in rows for x in row]
    if name == "lattice":
        return all(x.q == 1 and abs(x) <= 5 for x in numbers)
    if name == "cube":
        return all(x in (-1, 0, 1) for x in numbers) or found.dimension == 1
    if name == "rational":
        return any(x.q > 1 for x in numbers)
    if name == "collinear":
        apart = [[x - y for x, y in zip(row, rows[0], strict=True)] for row in rows[1:]]
        return all(
            u[s] * v[t] == u[t] * v[s]
            for u in apart
            for v in apart
            for s in range(len(u))
            for t in range(len(u))
        )
    if name == "symmetric":
        return all(tuple(-x for x in row) in rows for row in rows)
    if name == "clustered":
        return any(abs(x) >= 3 for x in numbers)
    if name == "near-tied":
        return any(x.q >= 10**12 for x in numbers)
    if name in ("huge", "binary64"):
        return any(x.height_bits() > 53 for x in numbers)
    raise AssertionError(name)


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("lattice", 40),
        ("cube", 40),
        ("rational", 25),
        ("collinear", 40),
        ("symmetric", 20),
        ("clustered", 30),
        ("near-tied", 25),
        ("huge", 25),
        ("binary64", 25),
    ],
)
def test_a_family_makes_its_trouble(name: str, least: int) -> None:
    found = drawn(configurations(family=name, min_tokens=2), 40)
    assert len(found) == 40
    assert sum(shows(name, c) for c in found) >= least


def test_every_family_is_drawn() -> None:
    found = drawn(configurations(min_tokens=2), 250)
    for name in ("near-tied", "huge", "binary64", "rational"):
        assert any(shows(name, c) for c in found)
    assert {c.dimension for c in found} == set(range(1, 6))
    assert {c.size for c in found} == set(range(2, 9))
    assert {c.alpha for c in found} == set(map(rational, STEPS))


# ---------------------------------------------------------------------------- rare behaviour

SHOWN: list[set[str]] = [
    {"emerging_leaders", "self_ties"},
    {"emerging_leaders", "small_steps"},
    {"many_layers"},
    {"many_layers", "long_stretches"},
    {"resting_followers", "face_limits"},
    {"face_limits", "moving_ties"},
    {"moving_ties", "moving_only", "resonance"},
    {"moving_ties", "moving_only", "resonance"},
    {"moving_ties", "moving_only", "resonance"},
]
"""What the comments beside `RARE` say of each entry."""


def test_rare_configurations_show_what_is_said_of_them() -> None:
    assert len(SHOWN) == len(RARE)
    for wanted, (tokens, alpha) in zip(SHOWN, RARE, strict=True):
        found = phenomena(Run(Configuration(tokens, alpha)))
        assert wanted <= found
    rates = [Run(Configuration(*rare)).equilibrium.rate for rare in RARE]
    assert [rate.degree for rate in rates if rate is not None] == [0] * 6 + [1, 1, 2]
    layers = [Run(Configuration(*rare)).settled.layer for rare in RARE]
    assert layers == [2, 2, 5, 231, 1, 0, 1, 1, 2]


def test_a_token_comes_to_rest_that_moved() -> None:
    run = Run(Configuration(*RARE[4]))
    (token,) = [
        i
        for i, form in enumerate(run.settled.closed_form)
        if not form.moving and run.equilibrium.kinds[i] == "face"
    ]
    assert run.tokens(0)[token] != run.tokens(1)[token] == run.tokens(2)[token]


def signature(found: Configuration) -> tuple[Any, ...]:
    """What permutations, scalings and shears keep."""
    run = Run(found)
    ties = sorted(len(attended) for attended in run.settled.pattern if len(attended) > 1)
    return run.settled.layer, len(run.equilibrium.leaders), tuple(ties), run.equilibrium.rate


def test_symmetries_keep_what_is_rare() -> None:
    sizes = {len(tokens) for tokens, _ in RARE}
    found = drawn(rare_configurations(), 120)
    assert all(c.hypotheses.hold for c in found)
    assert {c.size for c in found} == sizes | {n + 1 for n in sizes}
    assert len({c.A for c in found}) > 4
    signatures = {signature(c) for c in found if c.size in sizes}
    assert signatures == {signature(Configuration(*rare)) for rare in RARE}


@pytest.mark.parametrize("rare", RARE, ids=range(len(RARE)))
def test_a_short_token_disturbs_nobody(rare: tuple[Any, str]) -> None:
    tokens, alpha = rare
    alone = Run(Configuration(tokens, alpha)).settled
    n, d = len(tokens), len(tokens[0])
    shorts = [x for x in product((-1, 0, 1), repeat=d) if any(x)]
    for short in shorts[:: 1 + len(shorts) // 30]:
        more = [*tokens, [fmpq(x, 100) for x in short]]
        both = Run(Configuration(more, alpha)).settled
        for k in {k for k, _ in (*alone.history, *both.history)}:
            assert both.pattern_at(k)[:n] == alone.pattern_at(k)


def test_rare_configurations_honour_bounds() -> None:
    for found in drawn(configurations(family="rare", max_tokens=3), 20):
        assert found.size == 3
    for found in drawn(configurations(family="rare", min_tokens=7, max_dimension=3), 20):
        assert (found.size, found.dimension) in ((7, 3), (8, 3))
    for found in drawn(configurations(family="rare", min_dimension=4, max_tokens=11), 20):
        assert found.dimension == 4
        assert found.size in (7, 8, 11)


# ------------------------------------------------------------------------------ shrinking

SHRINK = settings(
    EACH,
    max_examples=2000,
    derandomize=False,
    phases=(Phase.generate, Phase.shrink),
    report_multiple_bugs=False,
)
SEEDS = range(2)


def smallest(holds: Callable[[Configuration], bool], **options: Any) -> Iterator[Configuration]:
    """The configurations that Hypothesis ends at, from several starts."""
    for number in SEEDS:
        yield find_smallest(
            configurations(**options), holds, settings=SHRINK, random=random.Random(number)
        )


def plain(found: Configuration) -> bool:
    """Whether A is the identity, α = 1 and the coordinates are 0, 1 and −1."""
    return (
        found.A == identity(found.dimension)
        and found.alpha == 1
        and all(x in (-1, 0, 1) for row in found.tokens for x in row)
    )


def test_the_smallest_configuration() -> None:
    assert set(smallest(lambda c: True)) == {Configuration([[1]], 1)}


def test_shrinking_leaves_tokens_out() -> None:
    for found in smallest(lambda c: c.size >= 3):
        assert found.size == 3
        assert found.dimension <= 2
        assert found.A == identity(found.dimension)
        assert found.alpha == 1


def test_shrinking_drops_dimensions() -> None:
    assert set(smallest(lambda c: c.dimension >= 2)) == {Configuration([[1, 0]], 1)}
    for found in smallest(lambda c: c.size >= 2 and c.dimension >= 3):
        assert (found.size, found.dimension) == (2, 3)
        assert plain(found)


def test_few_tokens_come_before_small_dimension() -> None:
    for found in smallest(lambda c: c.size * c.dimension >= 4):
        assert (found.size, found.dimension) == (1, 4)
        assert plain(found)


def test_shrinking_simplifies_the_step() -> None:
    assert set(smallest(lambda c: c.alpha < 1)) == {Configuration([[1]], "1/2")}
    assert set(smallest(lambda c: c.alpha > 1)) == {Configuration([[1]], 2)}


def test_shrinking_keeps_the_identity_if_it_can() -> None:
    for found in smallest(lambda c: c.A != identity(c.dimension) or c.alpha != 1):
        assert found == Configuration([[1]], "1/2")


def test_shrinking_leads_to_small_integers() -> None:
    for found in smallest(lambda c: any(x >= 2 for row in c.tokens for x in row)):
        assert found == Configuration([[2]], 1)


def test_a_face_limit_is_small() -> None:
    """The smallest face limit has three tokens in the plane, whatever was met first."""

    def has_face(c: Configuration) -> bool:
        return "face" in Run(c).equilibrium.kinds

    for found in smallest(has_face, family="cube", max_tokens=6, max_dimension=3):
        assert (found.size, found.dimension) == (3, 2)
        assert plain(found)


def test_a_tie_is_small() -> None:
    for found in smallest(lambda c: "ties" in phenomena(Run(c)), max_tokens=3, max_dimension=3):
        assert (found.size, found.dimension) == (2, 2)
        assert plain(found)


def test_repeated_tokens_shrink() -> None:
    assert set(smallest(lambda c: True, repeated=True)) == {Configuration([[1], [1]], 1)}


# ------------------------------------------------------------------------- seeds and reach


def test_draws_do_not_depend_on_the_modules_that_are_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hypothesis draws integers that it finds in the source of loaded modules, if they fit."""
    strategies = [configurations(family=name, max_tokens=4) for name in FAMILIES]
    before = [drawn(strategy, 30) for strategy in strategies]
    numbers = ", ".join(f"{x}, -{x}" for x in range(100, 400))
    (tmp_path / "numbers_of_mine.py").write_text(f"X = [{numbers}]\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "numbers_of_mine", import_module("numbers_of_mine"))
    assert [drawn(strategy, 30) for strategy in strategies] == before


def test_the_same_seed_draws_the_same() -> None:
    assert drawn(configurations(), 20, 7) == drawn(configurations(), 20, 7)
    assert drawn(configurations(), 20, 7) != drawn(configurations(), 20, 8)


def test_a_campaign_meets_every_phenomenon() -> None:
    (report,) = validate([find("attention-is-argmax")], examples=500, seed=1)
    assert {name: report.reach[name] for name in PHENOMENA if not report.reach[name]} == {}
    assert set(report.reach["dimension"]) == {"1", "2", "3", "4", "5"}
    assert sum(report.reach["dimension"].values()) == 500
    assert sum(report.reach["settled_layer"].values()) == 500
    assert report.reach["settled_layer"]["over 100"] > 0
