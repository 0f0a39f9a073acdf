"""Assorted configurations settled together, and units that judge what was settled so."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from checks.campaigns import units
from checks.campaigns.units import Unit, UnitResult
from checks.statements import registered
from checks.strategies import FAMILIES, configurations, rare_configurations
from checks.verdicts import Verdict
from theory import Configuration, Settled, settle
from theory.fast import lanes
from theory.fast.assorted import settle_together
from theory.settling import MAX_LAYERS

SMALL = ("lattice", "cube", "rational", "collinear", "symmetric", "clustered")
"""Families whose tokens are small integers over a common denominator."""

EDGE = 2**30
"""About Q of two tokens on a line: isqrt(2^62) = 2^31 is the greatest entry."""


def same(found: Settled, wanted: Any) -> bool:
    return isinstance(wanted, Settled) and (
        (found.configuration, found.history, found.closed_form)
        == (wanted.configuration, wanted.history, wanted.closed_form)
    )


def drawn(source: st.SearchStrategy[Configuration], count: int) -> list[Configuration]:
    found: list[Configuration] = []

    @seed(1)
    @settings(max_examples=count, database=None, deadline=None)
    @given(source)
    def draw(configuration: Configuration) -> None:
        found.append(configuration)

    draw()
    return found


# ------------------------------------------------------------------------- what is settled


@pytest.mark.parametrize("family", FAMILIES)
def test_the_answers_are_those_of_settle(family: str) -> None:
    problems = drawn(configurations(family=family), 120)
    found = settle_together(problems, few=0)
    assert len(found) == len(problems)
    for problem, settled in zip(problems, found, strict=True):
        assert settled is None or same(settled, settle(problem)), problem
    answered = sum(settled is not None for settled in found)
    assert answered > len(problems) // 2 if family in SMALL else answered < len(problems)


def test_rare_configurations_are_settled_together() -> None:
    problems = drawn(rare_configurations(), 150)
    found = settle_together(problems)
    assert sum(settled is not None for settled in found) > 20
    for problem, settled in zip(problems, found, strict=True):
        assert settled is None or same(settled, settle(problem)), problem


def test_all_kinds_stand_side_by_side() -> None:
    """One token, 32 tokens, a zero token, a skewed matrix, five dimensions."""
    problems = [
        Configuration([[7]], 1),
        Configuration([[k, 32 - k] for k in range(32)], "1/2"),
        Configuration([[0, 0], [1, 0], [-2, 0]], 2),
        Configuration([[1, 2], [2, 1], [-3, 0]], "3/7", [[5, 2], [2, 1]]),
        Configuration([["1/3", 0, 0, 0, "1/2"], [0, 0, 0, 0, 1]], 100),
    ]
    found = settle_together(problems, few=0)
    assert [k for k, settled in enumerate(found) if settled] == list(range(5))
    for problem, settled in zip(problems, found, strict=True):
        assert settled is not None
        assert same(settled, settle(problem))


@pytest.mark.parametrize(
    "problem",
    [
        Configuration([[2**31 + 1], [1]], 1),
        Configuration([[2**80], [1]], 1),
        Configuration([[1], [2]], 2**40),
        Configuration([[1], [2]], 1, [[2**61]]),
        Configuration([[1], [2]], 1, multiplicities=[1, 2]),
        Configuration([[1], [1]], 1),
        Configuration([[k + 1] for k in range(33)], 1),
        Configuration([[1, 0], [0, 1]], 1, [[1, 2], [0, 1]]),
        Configuration([[1, 0], [0, 1]], 1, [[1, 0], [0, -1]]),
        Configuration([[1], [2]], "-1/2"),
        Configuration([[1], [2]], 0),
    ],
    ids=lambda problem: str(problem.tokens[:2]),
)
def test_what_is_out_of_range_is_left(problem: Configuration) -> None:
    assert settle_together([problem] * 20) == [None] * 20


def test_what_leaves_the_range_is_left() -> None:
    """Token 0 leads from layer 1 on only; a layer is (a+b) L = 8 times as large."""
    tokens = [[0, 1], [1, 1], [2, 0]]
    near, far = (
        Configuration([[size * x for x in row] for row in tokens], "1/3") for size in (1, EDGE)
    )
    inside, outside = settle_together([near, far], few=0)
    assert inside is not None
    assert same(inside, settle(near))
    assert outside is None


def test_the_budget_is_kept() -> None:
    problem = Configuration([[0, 1], [1, 1], [2, 0]], "1/3")
    (layer,) = [settled.layer for settled in settle_together([problem], few=0) if settled]
    assert layer == 2
    assert settle_together([problem], layer - 1, few=0) == [None]
    assert settle_together([], few=0) == []


def test_trajectories_follow_the_layers_themselves() -> None:
    problems = [Configuration([[0, 1], [1, 1], [2, 0]], "1/3")] * 20
    for settled in settle_together(problems):
        assert settled is not None
        assert all(settled.trajectory.pattern(k) == settled.pattern_at(k) for k in range(5))


MAXIMAL = lanes.maximal


def test_a_token_that_is_not_there_is_not_attended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The zero token attends to all that are there; a lane may lack some."""
    problems = [Configuration([[0, 0], [1, 0]], 2), Configuration([[k, 1] for k in range(5)], 1)]
    found, _ = settle_together(problems * 10)[:2]
    assert found is not None
    assert same(found, settle(problems[0]))
    monkeypatch.setattr(lanes, "maximal", lambda products, present=None: MAXIMAL(products))
    found, _ = settle_together(problems * 10)[:2]
    assert found is None or not same(found, settle(problems[0]))


# ----------------------------------------------------------------------------------- units


def done(unit: Unit, patch: pytest.MonkeyPatch, together: int, chunk: int = 250) -> UnitResult:
    with patch.context() as patched:
        patched.setattr(units, "TOGETHER", together)
        patched.setattr(units, "CHUNK", chunk)
        return units.do(unit, registered(), MAX_LAYERS)


@pytest.mark.parametrize("source", units.SOURCES)
def test_a_unit_finds_the_same_together_or_one_by_one(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = Unit(source, 60, seed=5)
    alone = done(unit, monkeypatch, together=10**9)
    assert alone.examples == 60
    assert done(unit, monkeypatch, together=1) == alone
    assert done(unit, monkeypatch, together=1, chunk=7) == alone


def test_large_units_settle_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def watched(problems: Sequence[Configuration], max_layers: int) -> list[Settled | None]:
        sizes.append(len(problems))
        return settle_together(problems, max_layers)

    monkeypatch.setattr(units, "settle_together", watched)
    done(Unit("lattice", 130, seed=2), monkeypatch, together=2, chunk=60)
    assert len(sizes) == 3
    assert max(sizes) <= 60
    sizes.clear()
    units.do(Unit("lattice", units.UNIT, seed=2), registered(), MAX_LAYERS)
    assert not sizes


def refuted(result: UnitResult) -> set[str]:
    return {name for name, tally in result.tallies.items() if tally.verdict is Verdict.REFUTED}


def test_a_batch_that_loses_ties_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def first(products: Any, present: Any = None) -> Any:
        equal = MAXIMAL(products, present)
        return equal & (np.cumsum(equal, axis=1) == 1)

    monkeypatch.setattr(lanes, "maximal", first)
    found = refuted(done(Unit("cube", 60, seed=1), monkeypatch, together=1))
    assert {"permutation-symmetry", "closed-form"} <= found


def test_a_batch_that_settles_too_late_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(problems: Sequence[Configuration], max_layers: int) -> list[Settled | None]:
        answers = settle_together(problems, max_layers)
        return [
            answer
            and replace(
                answer,
                history=(*answer.history[:-1], (answer.layer + 1, answer.pattern)),
                closed_form=tuple(form.shift() for form in answer.closed_form),
            )
            for answer in answers
        ]

    monkeypatch.setattr(units, "settle_together", late)
    found = refuted(done(Unit("lattice", 60, seed=1), monkeypatch, together=1))
    assert {"permutation-symmetry", "paths-agree"} <= found
