"""`hardmax run` against the independent reference, field by field."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from cases import cases
from gallery import GALLERY
from reference import reference

from checks.findings import findings, shortfall
from theory import Configuration, settle

CASES = list(cases(300, seed=20250607))


def found(tokens: Sequence[Sequence[int | Fraction]], alpha: Fraction, A: Any) -> dict[str, Any]:
    """What `hardmax run` reports, without the file and the name."""
    configuration = Configuration(tokens, alpha, A)
    merged, places = configuration.merged()
    result = settle(merged)
    assert shortfall(result) is None
    record = findings(result, places, configuration, None)
    assert (record.pop("file"), record.pop("name")) == (None, None)
    return record


def differences(mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """The fields that differ, with both values; a field that one side lacks differs."""
    return {
        key: (mine.get(key, "absent"), theirs.get(key, "absent"))
        for key in mine.keys() | theirs.keys()
        if mine.get(key, "absent") != theirs.get(key, "absent")
    }


@cache
def found_of_case(index: int) -> dict[str, Any]:
    case = CASES[index]
    return found(case["tokens"], case["alpha"], case["A"])


@pytest.mark.parametrize("index", range(len(CASES)), ids=[case["family"] for case in CASES])
def test_every_field_equals_the_reference(index: int) -> None:
    case = CASES[index]
    wanted = reference(case["tokens"], case["alpha"], case["A"])
    assert wanted["settled_layer"] is not None
    assert differences(found_of_case(index), wanted) == {}


@pytest.mark.parametrize("name", GALLERY)
def test_every_field_of_the_gallery_equals_the_reference(name: str) -> None:
    exhibit = GALLERY[name]
    alpha = Fraction(exhibit["alpha"])
    wanted = reference(exhibit["tokens"], alpha, exhibit["A"])
    assert wanted["settled_layer"] is not None
    assert differences(found(exhibit["tokens"], alpha, exhibit["A"]), wanted) == {}


def test_the_cases_show_what_may_go_wrong() -> None:
    """A comparison that meets only easy cases proves little."""
    records = [found_of_case(index) for index in range(len(CASES))]
    reach = {
        "faces": sum(bool(r["faces"]) for r in records),
        "emerging leaders": sum(any(x["since_layer"] for x in r["leaders"]) for r in records),
        "ties": sum(any(len(a) > 1 for a in r["attention"]) for r in records),
        "nothing moves": sum(r["rate"] is None for r in records),
        "late": sum(r["settled_layer"] > 20 for r in records),
        "copies": sum(len(x["tokens"]) > len(set(map(tuple, x["tokens"]))) for x in CASES),
    }
    assert min(reach.values()) >= 3, reach


# Each field of the object, and a configuration of the gallery with which it differs from that of
# the twin: so the comparison sees every field.
TWINS = {
    "settled_layer": ("more-than-n-layers", "hundreds-of-layers"),
    "leaders": ("leaders-at-small-alpha", "leaders-at-large-alpha"),
    "limits": ("leaders-at-small-alpha", "leaders-at-large-alpha"),
    "kinds": ("leaders-at-small-alpha", "leaders-at-large-alpha"),
    "faces": ("face-limit", "face-limit-by-copies"),
    "clusters": ("face-limit", "leaders-at-large-alpha"),
    "attention": ("face-limit", "face-limit-by-copies"),
    "rate": ("own-set-and-moving-later", "emerging-leader"),
}


@pytest.mark.parametrize("field", TWINS)
def test_a_wrong_field_is_seen(field: str) -> None:
    mine, theirs = (
        found(GALLERY[name]["tokens"], Fraction(GALLERY[name]["alpha"]), GALLERY[name]["A"])
        for name in TWINS[field]
    )
    assert field in differences(mine, theirs)
    assert set(TWINS) | {"hypotheses"} == set(mine)


def test_a_missing_field_is_seen() -> None:
    assert differences({"a": 1}, {"a": 1, "b": None}) == {"b": ("absent", None)}
    assert differences({"a": 1}, {"a": 1}) == {}
