"""Kinds of dynamics: what is drawn and boxed for one is of it, and makes sense under it."""

import pickle
from collections.abc import Iterator
from itertools import islice

import pytest
from flint import fmpq
from hypothesis import HealthCheck, Phase, given, seed, settings

from checks.campaigns.under import BOXES, PLANTED, boxed, shares_under, strategy_under
from checks.campaigns.units import UNIT, Unit, divide, generate
from checks.run import Run
from checks.statements import find, statements
from checks.statements.domains import STANDING
from checks.statements.kinds import Kind, find_kind, kinds, signature
from checks.statements.sense import INSTRUMENTS, NEGATIVES, reason, recall, reference, under
from checks.strategies import FAMILIES
from theory import HARDMAX, INFINITE, Configuration, HardmaxError

OF_MATRICES = ("negative-definite", "indefinite", "semidefinite", "unsymmetric")

every_kind = pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)


def drawn(kind: Kind, source: str, count: int = 30) -> list[Configuration]:
    met: list[Configuration] = []
    unit = Unit(f"{kind.name}:{source}", count, 1)
    generate(unit, lambda configuration: met.append(configuration), (Phase.generate,), kind)
    return met


def failing(c: Configuration) -> set[str]:
    return {name for name, holds in c.hypotheses.as_dict().items() if not holds}


# ------------------------------------------------------------------------- what is of a kind


@every_kind
@pytest.mark.parametrize("source", [BOXES, "lattice", "near-tied", "rare", "small", "held"])
def test_what_is_met_is_of_the_kind(kind: Kind, source: str) -> None:
    """It fits, its dynamics moves it, and of (H) it lacks what the kind drops, and no more."""
    met = drawn(kind, source)
    assert len(met) > 20
    for c in met:
        assert kind.fits(c)
        assert failing(c) - {"positive_step"} == set(kind.drops) - {"positive_step"}
        assert len(Run(c, kind.moves(c)).pattern(1)) == Run(c, kind.moves(c)).configuration.size


@pytest.mark.parametrize("name", OF_MATRICES)
def test_what_is_of_another_kind_does_not_fit(name: str) -> None:
    """Each kind of matrices leaves out what the others, and the theory's own, are made of."""
    kind = find_kind(name)
    for other in (*OF_MATRICES, "hardmax"):
        fits = [kind.fits(c) for c in drawn(find_kind(other), "lattice")]
        assert len(fits) > 20
        assert set(fits) == {other == name}


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([[1]], (1, 0)),
        ([[-3]], (0, 1)),
        ([[0, 1], [1, 0]], (1, 1)),
        ([[0, 0], [0, 0]], (0, 0)),
        ([[2, 1, 0], [1, 2, 1], [0, 1, 2]], (3, 0)),
        ([[1, 1], [1, 1]], (1, 0)),
        ([[5, 0, 0], [0, 0, 0], [0, 0, "-1/7"]], (1, 1)),
    ],
)
def test_signatures(rows: list[list[object]], wanted: tuple[int, int]) -> None:
    c = Configuration([[1] * len(rows)], 1, rows)  # type: ignore[arg-type]  # numbers of several types
    assert signature(c.A) == wanted
    assert signature([tuple(-x for x in row) for row in c.A]) == wanted[::-1]


def test_the_orders_of_tokens_are_boxed_where_they_count() -> None:
    pairs = [
        [c.to_dict()["tokens"] for c in islice(boxed(find_kind(name)), 60) if c.size == 2]
        for name in ("causal", "hardmax")
    ]
    swapped = [[rows[::-1] in every for rows in every] for every in pairs]
    assert all(swapped[0])
    assert not any(swapped[1])


@every_kind
def test_a_kind_travels(kind: Kind) -> None:
    again = pickle.loads(pickle.dumps(kind))
    assert (again, hash(again)) == (kind, hash(kind))


def test_kinds_have_names_of_their_own() -> None:
    names = [kind.name for kind in kinds()]
    assert len({*names}) == len(names)
    assert [find_kind(name).name for name in names] == names
    with pytest.raises(HardmaxError, match=r"no dynamics is named 'casual'; known: causal"):
        find_kind("casual")
    with pytest.raises(HardmaxError, match=r"no dynamics is named 'q'; known: hardmax, causal"):
        find_kind("q")


def test_value_matrices_and_masks_fit_the_configuration() -> None:
    c = Configuration([[1, 2], [3, 4], [5, 6]], "1/2")
    valued, windowed = (find_kind(name).moves(c) for name in ("value-matrix", "window"))
    assert valued.keys["V"] == [["1/2", "0"], ["0", "1"]]
    assert windowed.keys == {"mask": [[1, 1, 0], [1, 1, 1], [0, 1, 1]]}


# ------------------------------------------------------------------------- what makes sense


def test_under_the_theorys_own_dynamics_all_of_its_own_makes_sense() -> None:
    own = find_kind("hardmax")
    for statement in statements():
        negative = statement.domain in NEGATIVES
        apart = statement.dynamics != HARDMAX or statement.domain.drops or negative
        assert (reason(statement, own) is None) == (not apart), statement.name


@every_kind
def test_instruments_make_sense_nowhere_else(kind: Kind) -> None:
    for name in INSTRUMENTS:
        assert (reason(find(name), kind) is None) == (kind.name == "hardmax")


def test_statements_of_a_dynamics_make_sense_under_it_alone() -> None:
    statement = find("with-infinite-step")
    sensible = [kind.name for kind in kinds() if reason(statement, kind) is None]
    assert sensible == ["alpha-infinite"]


@every_kind
def test_what_a_statement_assumes_under_a_kind(kind: Kind) -> None:
    claim = find("limits-are-feet")
    assert claim.hypotheses == STANDING
    held = under(claim, kind)
    assert set(held.hypotheses) == set(STANDING) - set(kind.drops)
    assert held.run(Configuration([[1], [2]], 1), 9).dynamics == kind.moves(
        Configuration([[1], [2]], 1)
    )


def test_a_statement_is_silent_of_other_kinds() -> None:
    held = under(find("hulls-shrink"), find_kind("negative-definite"))
    c = Configuration([[1], [2]], 1, [[-1]])
    assert held(held.run(c, 9)) is True
    assert held(held.run(c.altered(A=((fmpq(1),),)), 9)) is None


def test_references_are_found_again() -> None:
    claim, kind = find("norms-grow"), find_kind("alpha-infinite")
    assert recall(reference(claim)) is claim
    again = recall(pickle.loads(pickle.dumps(reference(under(claim, kind)))))
    assert (again.key, again.moves(Configuration([[1]], 1))) == (
        "alpha-infinite:norms-grow",
        INFINITE,
    )


# ------------------------------------------------------------------------- the units


@every_kind
@pytest.mark.parametrize("examples", [1, 2, 7, 120])
def test_every_example_is_of_some_unit(kind: Kind, examples: int) -> None:
    units = divide(examples, 3, [kind])
    assert sum(unit.examples for unit in units) == examples
    assert sum(shares_under(kind, examples).values()) == examples
    assert [unit.place for unit in units] == [*range(len(units))]
    assert all(0 < unit.examples <= UNIT for unit in units)
    assert {unit.source.partition(":")[0] for unit in units} == {kind.name}


def test_kinds_take_turns() -> None:
    some = kinds()[:3]
    units = divide(200, 3, some)
    assert [unit.source.partition(":")[0] for unit in units[:6]] == [k.name for k in some] * 2
    assert len({(unit.source, unit.seed) for unit in units}) == len(units)


def test_boxes_are_met_in_their_order() -> None:
    kind = find_kind("first-index")
    units = [unit for unit in divide(200, 3, [kind]) if unit.source.endswith(BOXES)]
    met: list[Configuration] = []
    for unit in units:
        generate(unit, lambda configuration: met.append(configuration), (Phase.generate,), kind)
    assert met == [*islice(boxed(kind), 100)]


def test_a_kind_of_one_shape_has_no_others() -> None:
    kind = Kind("three", "three tokens of the plane", tokens=(3, 3), dimensions=(2, 2))
    assert not {*shares_under(kind, 300)} & {*PLANTED}
    for source in (BOXES, *FAMILIES):
        met = drawn(kind, source)
        assert met
        assert {(c.size, c.dimension) for c in met} == {(3, 2)}
    assert not kind.fits(Configuration([[1, 2]], 1))


@every_kind
def test_each_source_draws_something(kind: Kind) -> None:
    for source in PLANTED:
        assert next(examples_of(kind, source)) is not None


def examples_of(kind: Kind, source: str) -> Iterator[Configuration]:
    met: list[Configuration] = []

    @seed(5)
    @settings(
        max_examples=3, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy_under(kind, source))
    def look(configuration: Configuration) -> None:
        met.append(configuration)

    look()
    return iter(met)
