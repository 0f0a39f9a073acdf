"""Results are values: they travel, are copied, compare and hash, and say how to make them again."""

import copy
import inspect
import json
import pickle
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pytest
import sympy as sp
from flint import fmpq, fmpz_poly
from hypothesis import given, settings
from hypothesis import strategies as st

import checks
import theory
from checks import Run, configurations
from checks.boxes import Box
from checks.campaigns.campaign import validate
from checks.campaigns.enumeration import enumerate_box
from checks.campaigns.units import divide
from checks.examination import examine
from checks.reach import Met, Reach
from checks.refutation.account import Budget, Counterexample, Finding
from checks.refutation.search import refute
from checks.statements import Statement, find, registry
from checks.statements.kinds import find_kind
from checks.statements.sources import Source
from checks.verdicts import Report, Verdict, Violation
from theory import (
    CAUSAL,
    FIRST_INDEX,
    INFINITE,
    Configuration,
    HardmaxError,
    Settled,
    Trajectory,
    settle,
)
from theory.certificates import certificate
from theory.dynamics import State
from theory.exact import MAX_DIGITS
from theory.fast.batches import settle_batch
from theory.files.configurations import read_configurations
from theory.numerics.binary64 import rounded
from theory.numerics.enclosures import SoftmaxBound
from theory.numerics.simulation import compare
from theory.numerics.softmax import View
from theory.numerics.softmax import compare as compare_softmax
from theory.own import Own
from theory.rules import Masked
from theory.schedules.quotients import Quotient
from theory.scores import Matrices
from theory.steps import Constant, InTurn, Valued

PLAIN = Configuration(
    [[0, 1], [1, 1], [2, 0]], "1/3", [[2, 1], [1, 2]], labels=["a", "b", "c"], name="n"
)
LOST = Configuration([[1], ["1/2"]], 1)
PURSUIT = Configuration([[1, 0], [0, 1], [-1, 0], [0, -1]], "1/2", [[0, -1], [1, 0]])
COPIES = Configuration([[-2, 2], [1, 2], [0, 1], [1, 2]], "1/2")


def least(products: list[list[fmpq]]) -> list[list[int]]:
    """The attention of a user's own dynamics."""
    return [[row.index(min(row))] for row in products]


def gaussian() -> Configuration:
    return Configuration.from_binary64(np.random.default_rng(1).normal(size=(90, 3)), "1/3")


def settled(c: Configuration, **more: Any) -> Settled:
    result = settle(c, **more)
    assert isinstance(result, Settled)
    return result


def large() -> Settled:
    return settled(gaussian(), path="filtered")


def report() -> Report:
    return Report("x", Verdict.HELD, Verdict.REFUTED, 3, 2, 0, {"ties": 1}, 7, PLAIN, "words")


# How to make a result of each kind, anew at each call.
RESULTS: dict[str, Callable[[], Any]] = {
    "Hypotheses": lambda: PLAIN.hypotheses,
    "Configuration": lambda: Configuration(PLAIN.tokens, "1/3", PLAIN.A, [1, 2, 3], ["a", "", "c"]),
    "Configuration of floats": gaussian,
    "Configuration, merged": lambda: COPIES.merged(),
    "State": lambda: State.of(PLAIN.tokens),
    "Dynamics": lambda: CAUSAL,
    "Candidates": lambda: CAUSAL.candidates,
    "Ties": lambda: FIRST_INDEX.ties,
    "Candidates of a mask": lambda: Masked(((0, 1), (1,))),
    "Step": lambda: INFINITE.step,
    "Step of a value matrix": lambda: Valued([["1/2", 0], [1, 2]]),
    "Step layer by layer": lambda: InTurn((Constant("1/2"), Valued([[1]])), True),
    "Quotient": lambda: Quotient.of(fmpz_poly([1]), fmpz_poly([2, 1])),
    "Own": lambda: Own(name="least", rule=least),
    "Kind": lambda: find_kind("causal"),
    "Scores": lambda: Matrices([[[2]], [["-1/3"]]], True),
    "Trajectory": lambda: Trajectory(PLAIN),
    "Trajectory under a mask": lambda: Trajectory(PLAIN, CAUSAL),
    "Trajectory, followed": lambda: large().trajectory,
    "Term": lambda: settled(COPIES).closed_form[2].terms[0],
    "ExponentialPolynomial": lambda: settled(COPIES).closed_form[2],
    "Settled": lambda: settled(PLAIN),
    "Settled of copies": lambda: settled(COPIES),
    "Cycling": lambda: settle(Configuration([[0], [1]], 1, [[-1]]), dynamics=INFINITE),
    "Settled, in a cycle": lambda: settled(PURSUIT),
    "Settled, copies kept apart": lambda: settled(COPIES, keep_copies=True),
    "Settled through the filter": large,
    "Settled by the first index": lambda: settled(COPIES, dynamics=FIRST_INDEX),
    "Settled of the places": lambda: settled(COPIES, path="filtered").merged(),
    "Undecided": lambda: settle(Configuration([[-2, 0], [-2, 1], [-1, -1]], "1/200"), 10),
    "Equilibrium": lambda: settled(COPIES).equilibrium(),
    "Equilibrium through the filter": lambda: large().equilibrium(),
    "Leader": lambda: settled(COPIES).equilibrium().leaders[0],
    "Leader through the filter": lambda: large().equilibrium().leaders[0],
    "Rate": lambda: settled(COPIES).equilibrium().rate,
    "Comparison": lambda: compare(settled(PLAIN), 60),
    "Difference": lambda: compare(settled(LOST), 60).first_difference,
    "LostLeader": lambda: (compare(settled(LOST), 60).lost_leaders or ())[0],
    "SoftmaxComparison": lambda: compare_softmax(settled(PLAIN), 10, 20),
    "View": lambda: View.of(PLAIN, 0),
    "Verdict": lambda: Verdict.HELD,
    "Violation": lambda: Violation("false", 3, (1, 2), fmpq(1, 2), "<", fmpq(1, 3)),
    "Report": report,
    "Finding": lambda: Finding(report(), Counterexample(PLAIN, Violation("x"), "smallest")),
    "Counterexample": lambda: Counterexample(PLAIN, Violation("x"), "smallest"),
    "Budget": Budget,
    "Box": lambda: Box(2, 1, 3),
    "Unit": lambda: divide(100, 1)[0],
    "Met": lambda: Met.of(Run(PLAIN)),
    "Statement": lambda: find("norms-grow"),
    "Statement that is false": lambda: find("hull-vertices-lead"),
    "Domain": lambda: find("with-negative-step").domain,
    "certificate": lambda: json.dumps(certificate(settled(PLAIN))),
}

# Those that hold arrays or grow, and so neither compare nor hash; all the same they travel.
TRAVELLERS: dict[str, tuple[Callable[[], Any], Callable[[Any], Any]]] = {
    "Batch": (
        lambda: settle_batch([[[1, 0], [0, 1]]], 1),
        lambda x: (x.layer.tolist(), x.pattern.tolist(), x[0]),
    ),
    "Source": (lambda: Source(Path("mine.py"), b"x = 1", {}, {}), lambda x: x.files),
    "Rounded": (lambda: rounded(PLAIN), lambda x: (x.tokens.tolist(), x.alpha)),
    "SoftmaxBound": (lambda: SoftmaxBound(PLAIN), lambda x: x.problem),
    "Run under a mask": (lambda: Run(COPIES, CAUSAL), lambda x: (x.source, x.dynamics, x.settling)),
    "Run": (lambda: Run(COPIES), lambda x: (x.source, x.configuration, x.equilibrium)),
    "Run of copies": (
        lambda: Run(COPIES, keep_copies=True),
        lambda x: (x.source, x.configuration, x.equilibrium, x.keep_copies),
    ),
    "Layer": (lambda: Run(PLAIN).as_layer(PLAIN.tokens), lambda x: (x.products, x.attention)),
    "Reach": (Reach, Reach.as_dict),
    "Tally": (lambda: examine(find("norms-grow"), Run(PLAIN)), vars),
}

# What works inside: it makes results, is made again from them, and is handed to nobody else.
MACHINERY = {
    "Image",
    "Ending",
    "Walk",
    "Unsettled",
    "AttentionHistory",
    "Maximisers",
    "Block",
    "Form",
    "Persistence",
    "Settlements",
    "Said",
} | {
    "HardmaxError",
    "Undecidable",
    "NotSettled",
}

WAYS: dict[str, Callable[[Any], Any]] = {
    **{f"pickle {n}": lambda x, n=n: pickle.loads(pickle.dumps(x, n)) for n in (2, 5)},
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "cloudpickle": lambda x: pickle.loads(cloudpickle.dumps(x)),
    "twice": lambda x: copy.deepcopy(pickle.loads(pickle.dumps(x))),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", RESULTS)
def test_results_travel_and_are_copied(name: str, way: str) -> None:
    value = RESULTS[name]()
    there = WAYS[way](value)
    assert there.__class__ is value.__class__
    assert there == value
    assert hash(there) == hash(value)
    assert repr(there) == repr(value)


@pytest.mark.parametrize("name", RESULTS)
def test_equal_results_compare_and_hash_equal(name: str) -> None:
    one, other = RESULTS[name](), RESULTS[name]()
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other}) == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", TRAVELLERS)
def test_what_does_not_compare_travels_all_the_same(name: str, way: str) -> None:
    make, seen = TRAVELLERS[name]
    value = make()
    assert seen(WAYS[way](value)) == seen(value)


def test_no_two_results_are_alike() -> None:
    """The rejecting twin: what differs in any field is another value."""
    made = [make() for make in RESULTS.values()]
    for i, x in enumerate(made):
        assert not any(x == y for y in made[i + 1 :] if type(x) is type(y)), x
    one = settled(PLAIN)
    for other in (
        replace(one, history=((0, one.pattern), (one.layer + 1, one.pattern))),
        replace(one, closed_form=one.closed_form[::-1]),
        replace(one, places=(0, 1, 1)),
        settled(PLAIN.altered(alpha=fmpq(1, 2))),
    ):
        assert one != other
    e = one.equilibrium()
    assert e != replace(e, faces={0: (1,)})
    assert e != replace(e, kinds=(None,) * 3)
    assert report() != replace(report(), reach={"ties": 2})


def annotations_of(value: Any) -> Iterator[str]:
    """What a function returns, or the fields and the public methods of a type, as annotated."""
    members = [value]
    if inspect.isclass(value):
        yield from map(str, getattr(value, "__annotations__", {}).values())
        members = [member for name, member in vars(value).items() if not name.startswith("_")]
    for member in members:
        for name in ("fget", "maker", "__func__"):
            member = getattr(member, name, None) or member
        yield str(getattr(member, "__annotations__", {}).get("return", ""))


def reachable() -> set[str]:
    """The types of the project that the public names hand out, and whatever these hand out."""
    packages = ("theory.", "checks.")
    types = {
        name: kind
        for module in list(sys.modules.values())
        if module.__name__.startswith(packages)
        for name, kind in vars(module).items()
        if inspect.isclass(kind) and kind.__module__ == module.__name__
    }
    waiting = [getattr(package, name) for package in (theory, checks) for name in package.__all__]
    found = {kind.__name__ for kind in waiting if inspect.isclass(kind)}
    while waiting:
        for words in annotations_of(waiting.pop()):
            new = (set(re.findall(r"\w+", words)) & set(types)) - found
            found |= new
            waiting += [types[name] for name in new]
    return found


def test_no_type_that_is_handed_out_is_forgotten() -> None:
    known = {name.split(",")[0].split(" ")[0] for name in (*RESULTS, *TRAVELLERS)}
    handed = reachable()
    assert handed >= {"Settled", "Equilibrium", "Leader", "ExponentialPolynomial", "Report"}
    assert handed - MACHINERY <= known


def equilibrium_of(c: Configuration) -> Any:
    return settled(c).equilibrium()


def test_results_come_back_from_a_pool_of_processes() -> None:
    cases = [PLAIN, COPIES, gaussian()]
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        there = list(pool.map(settle, cases))
        limits = list(pool.map(equilibrium_of, cases))
        judged = list(pool.map(find("norms-grow"), map(Run, cases)))
    assert there == [settle(c) for c in cases]
    assert limits == [equilibrium_of(c) for c in cases]
    assert judged == [True] * 3


def test_what_travelled_goes_on_as_before() -> None:
    for value in (settled(PLAIN), large(), settled(COPIES)):
        there = pickle.loads(pickle.dumps(value))
        layers = range(value.layer + 3)
        assert [there.trajectory.tokens(k) for k in layers] == [value.tokens(k) for k in layers]
        assert [there.pattern_at(k) for k in layers] == [value.pattern_at(k) for k in layers]
        assert [there.trajectory.pattern(k) for k in layers] == [
            there.pattern_at(k) for k in layers
        ]
        assert there.layer == value.layer
        assert there.equilibrium() == value.equilibrium()
        assert certificate(there) == certificate(value)


def test_both_ways_end_in_equal_values() -> None:
    for c in (PLAIN, COPIES, gaussian()):
        one, other = settled(c, path="exact"), settled(c, path="filtered")
        assert one == other
        assert hash(one) == hash(other)
        assert {one.equilibrium(): 1}[other.equilibrium()] == 1


# ------------------------------------------------------------------- written and read again

WORDS = ["", " ", "\x00", "\n\r\t", "'", '"', "\\", "\u2028", "\x1b[1m", "é", "😀", "a" * 100_000]


def again(c: Configuration) -> Any:
    return eval(repr(c), {"Configuration": Configuration, "fmpq": fmpq})


@settings(max_examples=60, deadline=None)
@given(configurations(max_tokens=4), st.text(max_size=6), st.data())
def test_the_representation_makes_the_configuration(
    c: Configuration, name: str, data: st.DataObject
) -> None:
    labels = data.draw(st.lists(st.text(max_size=4), min_size=c.size, max_size=c.size))
    weights = data.draw(st.lists(st.integers(1, 9), min_size=c.size, max_size=c.size))
    for made in (c, Configuration(c.tokens, c.alpha, c.A, weights, labels, name)):
        found = again(made)
        assert found == made
        assert (found.labels, found.name) == (made.labels, made.name)


def test_the_representation_of_odd_configurations() -> None:
    long = fmpq(10) ** (MAX_DIGITS - 1)
    for c in (
        Configuration([[long, 1 / long], [-long, 0]], -long),
        Configuration([[10 * long, 1 / (10 * long)]], -10 * long),
        Configuration([[Fraction(1, 3)]], 1, multiplicities=[10**5000]),
        gaussian(),
        Configuration([[1]] * len(WORDS), 1, labels=WORDS, name=WORDS[6]),
        COPIES.merged()[0],
    ):
        assert again(c) == c
        assert (again(c).labels, again(c).name) == (c.labels, c.name)
    assert again(PLAIN) != COPIES
    assert repr(Configuration([["1/2"]], 1)) == "Configuration(tokens=[['1/2']], alpha='1')"


@pytest.mark.parametrize("word", WORDS, ids=lambda word: ascii(word[:8]))
def test_labels_and_names_that_are_taken_come_back_from_files(word: str, tmp_path: Path) -> None:
    c = Configuration([[1], [2]], 1, labels=[word, "x"], name=word)
    assert Configuration(**c.to_dict()).labels == c.labels
    found = json.loads(json.dumps(c.to_dict()))
    assert (found["labels"], found["name"]) == ([word, "x"], word)
    for ascii_only in (True, False):
        file = tmp_path / f"{ascii_only}.json"
        file.write_text(json.dumps(c.to_dict(), ensure_ascii=ascii_only), encoding="utf-8")
        (back,) = read_configurations(str(file))
        assert (back, back.labels, back.name) == (c, c.labels, c.name)


def test_no_file_of_too_many_copies_is_begun() -> None:
    with pytest.raises(HardmaxError, match="too many tokens"):
        Configuration([[1]], 1, multiplicities=[10**12]).to_dict()


# ---------------------------------------------------------------- what a statement may answer


ANSWERS = [
    (True, Verdict.HELD),
    (False, Verdict.REFUTED),
    (np.True_, Verdict.HELD),
    (np.False_, Verdict.REFUTED),
    (np.array([1, 2])[0] == 1, Verdict.HELD),
    (sp.true, Verdict.HELD),
    (sp.Eq(1, 2), Verdict.REFUTED),
    (Violation("no"), Verdict.REFUTED),
    (None, Verdict.VACUOUS),
    (1, Verdict.ERROR),
    (0, Verdict.ERROR),
    ("yes", Verdict.ERROR),
    (float("nan"), Verdict.ERROR),
    (np.array([True]), Verdict.ERROR),
    (np.array(True), Verdict.ERROR),
    (np.array([True, False]), Verdict.ERROR),
    (np.int64(1), Verdict.ERROR),
    (sp.Symbol("x") > 0, Verdict.ERROR),
    (sp.Integer(1), Verdict.ERROR),
    (NotImplemented, Verdict.ERROR),
    (10**5000, Verdict.ERROR),
]
"""What a judge returns, and the verdict on its statement."""

PLACES: dict[str, Callable[[Statement], Report]] = {
    "validate": lambda claim: validate([claim], examples=12, seed=1)[0],
    "refute": lambda claim: refute(claim, Budget(examples=12)).report,
    "refute generic": lambda claim: refute(claim, Budget(60), generic=True).report,
}
"""Where answers are judged."""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("answer", "verdict"), ANSWERS, ids=lambda x: type(x).__name__)
def test_truth_values_are_answers_and_nothing_else_is(
    answer: Any, verdict: Verdict, place: str
) -> None:
    claim = replace(find("norms-grow"), name="of-the-test", judge=lambda run: answer)
    found = PLACES[place](claim)
    assert found.verdict is verdict
    if verdict is Verdict.ERROR:
        assert found.explanation is not None
        assert "\n" not in found.explanation
        assert found.explanation.startswith("it returned ")
        with pytest.raises(HardmaxError, match="it returned"):
            claim(Run(PLAIN))
    else:
        assert type(claim(Run(PLAIN))) in (bool, type(None), Violation)


def test_enumeration_judges_the_same_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    for answer, verdict in ANSWERS:
        claim = replace(find("norms-grow"), judge=lambda run, answer=answer: answer)
        monkeypatch.setitem(registry._REGISTRY, "norms-grow", claim)
        (found,) = enumerate_box(Box(1, 1, 1), claims=[claim])
        assert found.verdict is verdict
