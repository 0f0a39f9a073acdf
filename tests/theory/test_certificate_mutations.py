"""Ten certificates, every single entry of which is changed: each change is noticed."""

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from gallery import GALLERY
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import brute_layer, brute_pattern

from checks import verifier
from theory import Configuration, Settled, settle
from theory.certificates import certificate, digest
from theory.exact import fraction

FILE = Path(verifier.__file__)

NEAR = Configuration(
    [
        [2, 2],
        [-2, 2],
        [0, 1],
        [1, "2000000000000000000000000000000/1000000000000000000000000000001"],
    ],
    "1/2",
)
CONFIGURATIONS = {
    "one token": Configuration([[1]], 1),
    "copies": Configuration([[-2, 2], [1, 2], [0, 1], [1, 2]], "1/2").merged()[0],
    "near tie": NEAR,
    **{
        name: Configuration(GALLERY[name]["tokens"], GALLERY[name]["alpha"], GALLERY[name]["A"])
        for name in (
            "face-limit-under-a-matrix",
            "rest-without-leading",
            "own-set-and-moving-later",
            "emerging-leader",
            "more-than-n-layers",
            "moving-tie",
            "resonance-of-degree-two",
        )
    },
}


def made(name: str) -> dict[str, Any]:
    settled = settle(CONFIGURATIONS[name])
    assert isinstance(settled, Settled)
    return certificate(settled)


def accepted(value: object) -> bool:
    try:
        verifier.verify(json.dumps(value))
    except verifier.Rejected:
        return False
    return True


Path_ = tuple[str | int, ...]


def entries(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every entry of a JSON value with its place."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from entries(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from entries(inner, (*path, place))


def nudged(text: str) -> Iterator[str]:
    """Other numbers: one more, one less, the sign flipped, the number upside down."""
    x = Fraction(text)
    for y in (x + 1, x - 1, -x, *([1 / x] if x else [])):
        if y != x:
            yield str(y)


def changes(whole: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every certificate that differs in one entry: nudged, moved, flipped, dropped or doubled."""
    for path, value in entries(whole):
        if not path:
            continue
        new: list[Any] = []
        if isinstance(value, bool):
            continue
        if isinstance(value, int):
            new = [value + 1, *([value - 1] if value else []), -value - 1, str(value), float(value)]
        elif isinstance(value, str) and path[-1] not in ("format", "kind", "sha256"):
            new = [*nudged(value), f"{value}/1", value + " "]
        elif isinstance(value, str):
            new = [value + "x", ""]
        for other in new:
            yield f"{path} -> {other!r}", _with(whole, path, other)
        if isinstance(path[-1], int):
            yield f"{path} dropped", _edited(whole, path, lambda x, i: x.pop(i))
            yield f"{path} doubled", _edited(whole, path, lambda x, i: x.insert(i, x[i]))
        else:
            yield f"{path} dropped", _edited(whole, path, lambda x, i: x.pop(i))


def _with(whole: dict[str, Any], path: Path_, other: Any) -> dict[str, Any]:
    def put(holder: Any, place: Any) -> None:
        holder[place] = other

    return _edited(whole, path, put)


def _edited(whole: dict[str, Any], path: Path_, edit: Any) -> dict[str, Any]:
    result = copy.deepcopy(whole)
    holder = result
    for key in path[:-1]:
        holder = holder[key]
    edit(holder, path[-1])
    return result


def still_true(words: str) -> bool:
    """Changes after which the certificate is still one, and why.

    A precision that is greater or, where bits are to spare, a little smaller, only changes how
    finely the verifier rounds; evidence may begin anew more often than it has to, or at a later
    last time, as long as every estimate holds.
    """
    return "'leads'" in words and ("'precision'" in words or "'times'" in words)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_every_change_of_one_entry_is_rejected(name: str) -> None:
    whole = made(name)
    assert accepted(whole)
    survivors = [words for words, changed in changes(whole) if accepted(changed)]
    assert [words for words in survivors if not still_true(words)] == []


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_changed_problem_with_its_own_digest_is_another_problem(name: str) -> None:
    """A number of the problem is nudged and the digest made anew: rejected, or true by brute force.

    Where it is accepted, the claim has to be true of the changed problem.
    """
    whole = made(name)
    for path, value in entries(whole["problem"], ("problem",)):
        if isinstance(value, str):
            for other in nudged(value):
                changed = _with(whole, path, other)
                changed["sha256"] = digest(changed["problem"])
                if accepted(changed):
                    _holds_by_brute_force(changed, 30)


def _holds_by_brute_force(whole: dict[str, Any], beyond: int) -> None:
    problem, k = whole["problem"], whole["claim"]["settled_layer"]
    tokens = [[Fraction(x) for x in row] for row in problem["tokens"]]
    A = [[Fraction(x) for x in row] for row in problem["A"]]
    alpha, weights = Fraction(problem["alpha"]), problem["multiplicities"]
    final = [tuple(x) for x in whole["evidence"]["patterns"][-1]["attention"]]
    limits = [[Fraction(x) for x in row] for row in whole["claim"]["limits"]]
    first = {}
    for layer in range(k + beyond):
        pattern = [tuple(x) for x in brute_pattern(tokens, weights, A)]
        assert (pattern == final) or layer < k
        assert not (layer == k - 1 and pattern == final)
        for i, attended in enumerate(pattern):
            if attended == (i,):
                first.setdefault(i, layer)
        tokens = brute_layer(tokens, weights, A, alpha)
    leaders = {x["token"]: x["since_layer"] for x in whole["claim"]["leaders"]}
    assert leaders == first
    for token, limit in zip(tokens, limits, strict=True):
        far = max(abs(x - s) for x, s in zip(token, limit, strict=True))
        assert far < Fraction(1, 2) if beyond < 100 else far < Fraction(1, 10**6)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_the_claim_is_true_by_brute_force_two_hundred_layers_beyond(name: str) -> None:
    if name != "near tie":
        _holds_by_brute_force(made(name), 200)


def test_the_configurations_have_what_is_hard() -> None:
    assert made("near tie")["evidence"]["leads"] or made("near tie")["evidence"]["closed_forms"]
    assert max(made("copies")["problem"]["multiplicities"]) == 2
    degrees = [
        term["degree"]
        for form in made("resonance-of-degree-two")["evidence"]["closed_forms"]
        for term in (form["terms"] if isinstance(form, dict) else form)
    ]
    assert max(degrees) == 2
    assert fraction(NEAR.tokens[3][1]) < 2


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda x: x.decode("latin-1")))
def test_no_text_crashes_the_verifier(text: str) -> None:
    with pytest.raises(verifier.Rejected):
        verifier.verify(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**70) | st.sampled_from(["", "0", "-1/2", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_replaced_part_crashes_the_verifier(data: st.DataObject) -> None:
    whole = made("emerging-leader")
    path, _ = data.draw(st.sampled_from([x for x in entries(whole) if x[0]]))
    changed = _with(whole, path, data.draw(VALUES))
    accepted(changed)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"kind":' * 50_000,
        "1" * 10**6,
        "",
        "{}",
        "null",
        '{"kind": "settling"} x',
        '{"kind": "settling", "kind": "settling"}',
        '{"kind": 1.5}',
        "NaN",
    ],
    ids=lambda x: x[:20],
)
def test_hostile_texts_are_rejected(text: str) -> None:
    with pytest.raises(verifier.Rejected):
        verifier.verify(text)


def test_a_number_of_a_million_digits_is_rejected() -> None:
    whole = made("emerging-leader")
    whole["problem"]["alpha"] = "1" * 10**6
    assert not accepted(whole)


@pytest.mark.parametrize("flags", [["-I", "-S"], ["-O"], []])
def test_the_verifier_runs_alone(tmp_path: Path, flags: list[str]) -> None:
    alone = tmp_path / "verifier.py"
    alone.write_bytes(FILE.read_bytes())
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    whole = made("moving-tie")
    good.write_text(json.dumps(whole))
    whole["claim"]["limits"][4][0] = "1"
    bad.write_text(json.dumps(whole))

    def run(*paths: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *flags, str(alone), *map(str, paths)]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)

    assert run(good).returncode == 0
    rejected = run(good, bad)
    assert rejected.returncode == 1
    assert "condition 13" in rejected.stdout + rejected.stderr or "13" in rejected.stdout
    assert run(tmp_path / "none.json").returncode == 2


def test_the_verifier_imports_nothing_but_the_standard_library() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    imports = [x.split()[1].split(".")[0] for x in lines if x.startswith(("import ", "from "))]
    assert set(imports) <= set(sys.stdlib_module_names)
    assert "assert " not in "\n".join(x.strip() for x in lines)
    assert len(lines) <= 400
