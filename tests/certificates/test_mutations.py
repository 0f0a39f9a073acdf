"""Every single change of a certificate is rejected, or leaves it true for a reason stated here."""

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from sound import Certificate, refutations, sealed, settling, shown

from checks.verifier import Rejected, verify
from theory import Configuration, Settled, settle
from theory.certificates import certificate

NAMES = (
    "multiplicities",
    "matrix",
    "asymmetric-matrix",
    "zero-among-leaders",
    "own-set-and-moving",
    "mixed-tie",
    "moving-tie",
    "moving-tie-in-the-cube",
    "moving-tie-at-times-of-order-10-to-15",
    "near-tie",
)

Path = tuple[str | int, ...]


def variants(value: Any) -> Iterator[tuple[str, Any]]:
    """Every value that differs from this one in one place at its top."""
    if isinstance(value, int):
        yield from (("nudged", value + step) for step in (-1, 1))
        yield "negated", -value
    elif isinstance(value, str):
        try:
            number = Fraction(value)
        except ValueError:
            yield "spelled otherwise", value + "x"
            return
        for step in (Fraction(1), Fraction(-1), Fraction(1, 1000)):
            yield "nudged", str(number + step)
        if number:
            yield "negated", str(-number)
    elif isinstance(value, list):
        for i, entry in enumerate(value):
            yield "dropped", value[:i] + value[i + 1 :]
            yield "doubled", [*value[:i], entry, *value[i:]]
            if i:
                yield "exchanged", [*value[: i - 1], entry, value[i - 1], *value[i + 1 :]]
    elif isinstance(value, dict):
        for key in value:
            yield "dropped", {k: v for k, v in value.items() if k != key}


def mutants(value: Any, path: Path = ()) -> Iterator[tuple[Path, str, Any]]:
    """Every (path, what was done there, changed value), one place changed at any depth."""
    yield from ((path, what, other) for what, other in variants(value) if other != value)
    places: Any = ()
    if isinstance(value, list):
        places = enumerate(value)
    elif isinstance(value, dict):
        places = value.items()
    for key, part in list(places):
        for where, what, other in mutants(part, (*path, key)):
            copy = value.copy()
            copy[key] = other
            yield where, what, copy


def accepted(x: Certificate) -> bool:
    try:
        verify(json.dumps(x))
    except Rejected:
        return False
    return True


def holds(x: Certificate) -> bool:
    """Whether the claim of a settling certificate is what the program itself finds."""
    stated, claim = x["problem"], x["claim"]
    run = settle(
        Configuration(stated["tokens"], stated["alpha"], stated["A"], stated["multiplicities"])
    )
    if not isinstance(run, Settled):
        return False
    first = {
        i: next(k for k, pattern in run.history if pattern[i] == (i,))
        for i, attended in enumerate(run.pattern)
        if attended == (i,)
    }
    return (
        claim["settled_layer"] == run.layer
        and claim["leaders"] == [{"token": i, "since_layer": k} for i, k in first.items()]
        and claim["limits"] == [[str(c) for c in form.limit()] for form in run.closed_form]
    )


def reason(path: Path, x: Certificate, resealed: bool) -> str | None:
    """Why a changed settling certificate may still be accepted; None if it may not."""
    match path:
        case ("evidence", "leads", int(), "precision"):
            return "the bounds of the powers are narrow enough at this precision as well"
        case ("evidence", "leads", int(), "times", *_):
            return "the estimates hold on these stretches as well"
        case ("problem", "multiplicities", int()) if resealed and holds(x):
            return (
                "another problem: the weight of a token that shares no attention set means nothing"
            )
        case ("problem", "A" | "alpha" | "tokens", *_) if resealed and holds(x):
            return "another problem that settles in the same way"
    return None


def check_mutants(original: Certificate, resealed: bool) -> None:
    """Fail on a mutant that is accepted without a reason; `resealed` ones have a right SHA-256."""
    count = 0
    for path, what, x in mutants(original):
        if resealed and (path[:1] != ("problem",) or len(path) < 3):
            continue
        count += 1
        mutant = sealed(x) if resealed else x
        assert not accepted(mutant) or reason(path, mutant, resealed), (path, what)
    assert count > (20 if resealed else 200)


@pytest.mark.parametrize("name", [*NAMES, "resonance-of-degree-two"])
def test_every_mutant_of_a_settling_certificate(name: str) -> None:
    check_mutants(settling()[name], resealed=False)


@pytest.mark.parametrize("name", NAMES)
def test_every_mutant_of_a_problem_with_its_digest(name: str) -> None:
    check_mutants(settling()[name], resealed=True)


def test_every_mutant_of_many_layers() -> None:
    original = certificate(shown("hundreds-of-layers", "1/60"))
    assert original["claim"]["settled_layer"] == 71
    for resealed in (False, True):
        check_mutants(original, resealed)


def unused(path: Path) -> str | None:
    """Why a changed refutation may still be accepted; None if it may not."""
    match path:
        case ("token" | "other",):
            return "another witness as good, or one that the statement does not use"
        case ("functional", *_):
            return "another functional that is greatest at the vertex"
        case ("layer",):
            return "the lemma fails at this layer as well"
        case ("runs",):
            return "the two runs differ in either order"
        case ("runs", int(), *within):
            return reason(tuple(within), {}, resealed=False)
    return None


@pytest.mark.parametrize("name", refutations())
def test_every_mutant_of_a_refutation(name: str) -> None:
    count = 0
    for path, what, x in mutants(refutations()[name]):
        count += 1
        assert not accepted(x) or unused(path), (path, what)
    assert count > 50


def test_mutants_are_all_made() -> None:
    assert [(path, what, x) for path, what, x in mutants({"a": [1, "1/2"], "b": "z"})] == [
        ((), "dropped", {"b": "z"}),
        ((), "dropped", {"a": [1, "1/2"]}),
        (("a",), "dropped", {"a": ["1/2"], "b": "z"}),
        (("a",), "doubled", {"a": [1, 1, "1/2"], "b": "z"}),
        (("a",), "dropped", {"a": [1], "b": "z"}),
        (("a",), "doubled", {"a": [1, "1/2", "1/2"], "b": "z"}),
        (("a",), "exchanged", {"a": ["1/2", 1], "b": "z"}),
        (("a", 0), "nudged", {"a": [0, "1/2"], "b": "z"}),
        (("a", 0), "nudged", {"a": [2, "1/2"], "b": "z"}),
        (("a", 0), "negated", {"a": [-1, "1/2"], "b": "z"}),
        (("a", 1), "nudged", {"a": [1, "3/2"], "b": "z"}),
        (("a", 1), "nudged", {"a": [1, "-1/2"], "b": "z"}),
        (("a", 1), "nudged", {"a": [1, "501/1000"], "b": "z"}),
        (("a", 1), "negated", {"a": [1, "-1/2"], "b": "z"}),
        (("b",), "spelled otherwise", {"a": [1, "1/2"], "b": "zx"}),
    ]
