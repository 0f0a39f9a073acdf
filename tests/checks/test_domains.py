"""Domains: what is drawn for a statement, and which small boxes it goes through, is of its kind."""

from itertools import islice

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from checks.refutation.boxes import small_configurations
from checks.statements import Statement, conjectures, find
from checks.statements.domains import STANDARD, STANDING
from checks.strategies import configurations
from theory import Configuration

DROPPING = [made for made in conjectures() if made.domain.drops]


def drawn(statement: Statement, family: str, count: int = 40) -> list[Configuration]:
    found: list[Configuration] = []

    @seed(1)
    @settings(
        max_examples=count, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(statement.domain.strategy(family))
    def look(configuration: Configuration) -> None:
        found.append(configuration)

    look()
    return found


def failing(c: Configuration) -> set[str]:
    return {name for name, holds in c.hypotheses.as_dict().items() if not holds}


@pytest.mark.parametrize("family", ["rare", "lattice", "near-tied"])
@pytest.mark.parametrize("statement", DROPPING, ids=lambda made: made.name)
def test_what_is_drawn_fails_as_declared(statement: Statement, family: str) -> None:
    """Exactly the dropped hypothesis fails, so that the statement has something to say."""
    found = drawn(statement, family)
    runs = [statement.run(c, 40) for c in found]
    assert {*map(frozenset, map(failing, found))} == {frozenset(statement.domain.drops)}
    assert sum(map(statement.applies, runs)) == len(found)


@pytest.mark.parametrize("statement", DROPPING, ids=lambda made: made.name)
def test_under_the_standing_hypotheses_it_does_not_apply(statement: Statement) -> None:
    for c in drawn(find("settling"), "lattice"):
        assert not failing(c)
        assert not statement.applies(statement.run(c, 40))


@pytest.mark.parametrize("statement", DROPPING, ids=lambda made: made.name)
def test_another_hypothesis_that_fails_is_none_of_it(statement: Statement) -> None:
    """Each of these domains leaves out what the others are made of."""
    for other in DROPPING:
        applies = [statement.applies(statement.run(c, 40)) for c in drawn(other, "lattice", 10)]
        assert any(applies) == (other is statement)


@pytest.mark.parametrize("statement", DROPPING, ids=lambda made: made.name)
def test_boxes_reach_the_domain(statement: Statement) -> None:
    some = islice(small_configurations(statement), 400)
    runs = [statement.run(c, 40) for _, box in some for c in islice(box, 4)]
    assert any(map(statement.applies, runs))
    assert all(set(statement.domain.drops) >= failing(run.source) for run in runs)


def test_the_assumed_hypotheses_are_those_that_are_not_dropped() -> None:
    assert STANDARD.assumed == STANDING
    for statement in DROPPING:
        assert statement.hypotheses == statement.domain.assumed
        assert {*statement.hypotheses, *statement.domain.drops} == set(STANDING)


def test_settling_is_first_held_against_the_open_case() -> None:
    (hunt,) = find("settling").domain.hunt
    assert find("separation").domain.hunt == ()
    found: list[Configuration] = []

    @seed(1)
    @settings(max_examples=20, database=None, phases=[Phase.generate])
    @given(hunt())
    def look(configuration: Configuration) -> None:
        found.append(configuration)

    look()
    assert all(c.dimension >= 4 and c.alpha >= 3 for c in found)


def test_families_are_those_of_the_strategies() -> None:
    assert repr(STANDARD.strategy("cube")) == repr(configurations(family="cube"))
