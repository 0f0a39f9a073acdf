"""The registry of statements: names, near names, what is refused, and how statements travel."""

import copy
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cloudpickle
import pytest

from checks import Claim, Conjecture, Run, Verdict, claim, conjecture
from checks.statements import (
    Statement,
    claims,
    conjectures,
    find,
    find_claim,
    forget,
    literature,
    load,
    registry,
    statements,
)
from checks.statements.domains import STANDARD
from checks.statements.evidence import settled_run
from theory import Configuration, HardmaxError

PAIR = Run(Configuration([[2], [1]], 1))


@pytest.fixture
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements that are declared here are gone afterwards."""
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))


FALSE = [
    "without-distinctness",
    "without-nonzero-tokens",
    "without-symmetry",
    "without-definiteness",
    "without-strictness",
    "with-negative-step",
    "with-zero-step",
    "with-infinite-step",
    "with-first-index-ties",
    "leaders-from-the-first-layer",
    "hull-vertices-lead",
    "limits-are-vertices",
    "nearest-leader",
    "leaders-independent-of-alpha",
    "limits-independent-of-alpha",
    "settles-within-n-layers",
    "attends-leaders-eventually",
    "geometric-rate",
]
"""The conjectures, in the order in which they are listed."""

PUBLISHED = {
    "fw-cluster": "REFUTED",
    "fw-cluster-corrected": "HELD",
    "gathering-rate": "HELD",
    "constant-step-cluster": "REFUTED",
    "linear-contraction": "HELD",
    "one-cluster": "HELD",
    "one-cluster-scheduled": "HELD",
    "one-cluster-semidefinite": "REFUTED",
    "voronoi-cells": "HELD",
    "exp-fast-polytope": "HELD",
    "exp-fast-polytope-scheduled": "HELD",
    "straight-lines": "HELD",
    "polytope-condition": "REFUTED",
    "polytope-condition-corrected": "HELD",
    "hull-decreases": "HELD",
    "hull-decreases-with-values": "REFUTED",
    "layers-keep-tokens-distinct": "REFUTED",
    "single-leader": "HELD",
    "duality-gap": "HELD",
    "duality-gap-scheduled": "HELD",
}
"""The literature with its expected verdicts, in the order in which it is listed."""


def test_claims_and_conjectures_are_the_statements() -> None:
    """Claims are listed first, and the literature last; claims are expected to hold, our own
    conjectures to fall."""
    assert statements() == (*claims(), *conjectures(), *literature())
    assert Claim is Conjecture is Statement
    assert [made.name for made in conjectures()] == FALSE
    assert {made.expected for made in claims()} == {Verdict.HELD}
    assert {made.expected for made in conjectures()} == {Verdict.REFUTED}
    assert {made.name: str(made.expected) for made in literature()} == PUBLISHED
    assert [made.name for made in literature()] == [*PUBLISHED]
    assert len({made.name for made in statements()}) == len(statements())


@pytest.mark.usefixtures("own_registry")
@pytest.mark.parametrize("name", ["norms-grow", "hull-vertices-lead"])
@pytest.mark.parametrize("declare", [claim, conjecture])
def test_a_name_is_taken_whoever_has_it(declare: Callable[..., Any], name: str) -> None:
    before = statements()
    with pytest.raises(HardmaxError, match=f"a statement named '{name}' exists already"):
        declare(name, "again")(lambda run: True)
    assert statements() == before
    declare(f"{name}-again", "again")(lambda run: True)
    assert [made.name for made in statements()] == [*(x.name for x in before), f"{name}-again"]


@pytest.mark.usefixtures("own_registry")
@pytest.mark.parametrize("declare", [claim, conjecture])
@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"name": "a b"}, "a statement named 'a b'"),
        ({"name": "-a"}, "printable characters"),
        ({"name": None}, "text was wanted"),
        ({"statement": 3}, "fresh: statement = 3"),
        ({"source": None}, "fresh: source = None"),
        ({"expected": "TRUE"}, "one of PROVED, HELD"),
        ({"hypotheses": ["symmetric"]}, "'symmetric' is none of nonzero"),
        ({"hypotheses": "nonzero"}, "a list of names was wanted"),
    ],
)
def test_misuse_is_refused(declare: Callable[..., Any], bad: dict[str, Any], told: str) -> None:
    before = statements()
    with pytest.raises(HardmaxError, match=told):
        declare(**{"name": "fresh", "statement": "s"} | bad)(lambda run: True)
    assert statements() == before
    fresh = declare("fresh", "s", expected="HELD", hypotheses=["nonzero"])(lambda run: True)
    assert (fresh.expected, fresh.hypotheses) == (Verdict.HELD, ("nonzero",))


@pytest.mark.usefixtures("own_registry")
@pytest.mark.parametrize("judge", [3, None, int, lambda: True, lambda run, more: True])
@pytest.mark.parametrize("declare", [claim, conjecture])
def test_a_judge_is_a_function_of_a_run(declare: Callable[..., Any], judge: Any) -> None:
    with pytest.raises(HardmaxError, match="a function of"):
        declare("fresh", "s")(judge)
    again = declare("fresh", "s")(find("norms-grow"))
    assert again.judge is find("norms-grow").judge


def test_statements_are_found_by_name_and_claims_among_claims() -> None:
    assert find("norms-grow") is find_claim("norms-grow")
    assert find("hull-vertices-lead").doubted
    with pytest.raises(HardmaxError, match="no claim is named 'hull-vertices-lead'"):
        find_claim("hull-vertices-lead")
    with pytest.raises(HardmaxError, match="no statement is named 'leader'; near") as raised:
        find("leader")
    told = str(raised.value)
    assert told.index("hull-vertices-lead" if "hull" in told else "nearest-leader") < told.index(
        "first-leader"
    )


@pytest.mark.usefixtures("own_registry")
def test_a_conjecture_is_taken_back_and_no_claim_is() -> None:
    conjecture("fresh", "s")(lambda run: True)
    forget("fresh")
    with pytest.raises(HardmaxError):
        find("fresh")
    forget("norms-grow")
    assert not find("norms-grow").doubted
    forget("no-such-name")


# ------------------------------------------------------------------------- how they travel


@pytest.mark.parametrize("made", statements(), ids=lambda made: made.name)
def test_a_registered_statement_travels_by_its_name(made: Statement) -> None:
    for words in (pickle.dumps(made), cloudpickle.dumps(made)):
        assert pickle.loads(words) is made
        assert len(words) < 200
    assert copy.deepcopy(made) is made
    assert hash(made) == hash(replace(made))


def always(run: Run) -> bool:
    return True


def test_a_statement_that_is_not_registered_travels_with_its_judge() -> None:
    loose = Statement("norms-grow", "s", (), "ours", Verdict.HELD, always)
    there = pickle.loads(pickle.dumps(loose))
    assert there == loose != find("norms-grow")
    assert (there.domain, there.evidence) == (STANDARD, settled_run)


MINE = """
from checks import claim, conjecture
from helper import MOST


@conjecture("mine-true", r"Some token leads.")
def true(run):
    return len(run.equilibrium.leaders) >= 1


@conjecture("mine-false", r"At most one token leads.", expected="REFUTED")
def false(run):
    return len(run.equilibrium.leaders) <= MOST


@claim("mine-claimed", r"Tokens are there.")
def claimed(run):
    return run.configuration.size > 0
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "helper.py").write_text("MOST = 1\n")
    return tmp_path / "mine.py"


def test_a_users_file_declares_statements_of_both_kinds(mine: Path) -> None:
    before = statements()
    true, false, claimed = load(str(mine))
    assert statements() == (*before, true, false, claimed)
    assert (true.doubted, false.expected, claimed.doubted) == (True, Verdict.REFUTED, False)
    assert load(str(mine)) == (true, false, claimed)
    for made in (true, false, claimed):
        assert made.origin is not None
        assert made.origin.path == mine
        assert set(made.origin.files) == {"mine.py", "helper.py"}
    two = Run(Configuration([[1], [-1]], 1))
    assert (true(two), false(two), false(PAIR), claimed(two)) == (True, False, True, True)


def asked(statement: Statement) -> tuple[object, ...]:
    two = Run(Configuration([[1], [-1]], 1))
    return statement.name, statement(two), None if statement.origin is None else "read"


def test_users_statements_travel_to_processes_that_have_not_read_the_file(mine: Path) -> None:
    made = load(str(mine))
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        there = list(pool.map(asked, [*made, find("norms-grow")]))
    assert there == [
        ("mine-true", True, "read"),
        ("mine-false", False, "read"),
        ("mine-claimed", True, "read"),
        ("norms-grow", True, None),
    ]


@pytest.mark.parametrize("end", ["raise ValueError('mine')", "claim('norms-grow', 's')(false)"])
def test_a_file_that_fails_leaves_nothing_behind(mine: Path, end: str) -> None:
    before = statements()
    mine.write_text(f"{MINE}\n{end}\n")
    with pytest.raises(HardmaxError, match=r"mine\.py"):
        load(str(mine))
    assert statements() == before
    mine.write_text(MINE)
    assert len(load(str(mine))) == 3


@pytest.mark.parametrize("more", [{"dynamics": "causal"}, {"dynamics": None}, {"domain": "foo"}])
def test_dynamics_and_domain_are_what_they_have_to_be(more: dict[str, Any]) -> None:
    with pytest.raises(HardmaxError, match="wanted"):
        conjecture("of-something-else", "x", **more)
    assert not [made for made in statements() if made.name == "of-something-else"]
