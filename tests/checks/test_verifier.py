"""`checks/verifier.py` against its specification: what it accepts, rejects, and never does."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import lcm
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks import verifier
from checks.verifier import Rejected, Work, verify

ROOT = Path(__file__).resolve().parents[2]
VERIFIER = ROOT / "checks" / "verifier.py"
SPECIFICATION = (ROOT / "theory" / "CERTIFICATE.md").read_text(encoding="utf-8")
FOLDER = ROOT / "tests" / "certificates"
GOOD = sorted((FOLDER / "good").glob("*.json"))
BAD = sorted((FOLDER / "bad").glob("*.json"))

SLOW = ("14-layer-10-", "14-refutation-at-", "14-second-a-schedule-", "14-second-solved-at-")
QUICK = [file for file in BAD if not file.name.startswith(SLOW)]
"""All but those on which all the work is spent that one certificate may take."""

MAX_LINES = 400


def read(file: Path) -> str:
    return file.read_bytes().decode()


def rejection(text: str) -> str:
    with pytest.raises(Rejected) as caught:
        verify(text)
    return str(caught.value)


def condition(file: Path) -> int:
    return int(file.name[:2])


# ---------------------------------------------------------------------------- the fixtures


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_good_certificates_are_accepted(file: Path) -> None:
    assert verify(read(file))


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_bad_certificates_are_rejected_by_their_condition(file: Path) -> None:
    assert rejection(read(file)).startswith(f"condition {condition(file)}: ")


def test_every_condition_has_fixtures_of_both_kinds() -> None:
    numbers = [int(x) for x in re.findall(r"^\*\*(\d+)\. ", SPECIFICATION, re.MULTILINE)]
    assert sorted(numbers) == list(range(1, 22))
    assert {condition(file) for file in GOOD} == set(numbers)
    assert {condition(file) for file in BAD} == set(numbers)


def test_the_fixtures_are_as_the_script_makes_them() -> None:
    from certificates import make

    for folder, texts in (("good", make.good()), ("bad", make.bad())):
        stored = {file.stem: read(file) for file in (FOLDER / folder).glob("*.json")}
        assert stored == texts


def calls(name: str) -> set[int]:
    """The lines of the verifier on which the function is called, or the exception made."""
    tree = ast.parse(read(VERIFIER))
    return {
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == name
    }


def test_every_check_of_the_verifier_rejects_some_fixture() -> None:
    lines = set()
    for text in [*map(read, QUICK), " " * (verifier.MAX_TEXT + 1)]:
        with pytest.raises(Rejected) as caught:
            verify(text)
        places = [entry.lineno + 1 for entry in caught.traceback if entry.path == VERIFIER]
        lines.update(places[-2:])
    assert calls("need") | calls("Rejected") <= lines


# -------------------------------------------------------------------- verifier and specification


def rows(section: str) -> list[str]:
    """The first cells of the tables after a heading of the specification, up to the next."""
    text = SPECIFICATION.split(section, 1)[1]
    return re.findall(
        r"^\| `([a-z-]+)`", re.split(r"^(?:#|\*\*\d)", text, flags=re.MULTILINE)[0], re.M
    )


def named(function: str) -> list[str]:
    """The keys of the table that a function of the verifier makes."""
    body = read(VERIFIER).split(f"def {function}(", 1)[1].split("\ndef ", 1)[0]
    return re.findall(r'^ +"([a-z-]+)": ', body, re.MULTILINE)


def test_the_specification_names_the_statements_of_the_verifier() -> None:
    hypotheses = set(named("refutation"))
    assert set(rows("**17. Violation.**")) == {*named("violated"), *named("failing")}
    assert set(rows("**15. Hypotheses.**")) == hypotheses
    under = [x for x in rows("**17. Violation.**") if x not in hypotheses]
    lemmas = {"norms-grow", "first-leader", "leader-invariance", "separation", "acyclic-attention"}
    assert set(under) - lemmas - {"rest-is-a-foot"} == {
        "leaders-from-the-first-layer", "hull-vertices-lead", "limits-are-vertices",
        "nearest-leader", "leaders-independent-of-alpha", "limits-independent-of-alpha",
        "settles-within-n-layers", "attends-leaders-eventually", "geometric-rate",
    }  # fmt: skip


def test_length() -> None:
    assert len(read(VERIFIER).splitlines()) <= MAX_LINES


def test_imports_the_standard_library_alone_and_asserts_nothing() -> None:
    tree = ast.parse(read(VERIFIER))
    names = set()
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Assert)
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(str(node.module))
        elif isinstance(node, ast.Name):
            assert node.id not in ("__import__", "exec", "eval", "importlib", "globals")
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


# ------------------------------------------------------------------------------------ alone


@pytest.mark.parametrize("options", [("-I", "-S"), ("-I", "-S", "-O"), ("-I", "-S", "-OO")])
def test_runs_alone(options: tuple[str, ...], tmp_path: Path) -> None:
    copy = shutil.copy(VERIFIER, tmp_path / "v.py")
    slow = "14-precision-of-100000-bits.json"
    files = [str(file) for file in GOOD + QUICK if file.name != slow]
    run = subprocess.run(
        [sys.executable, *options, copy, *files], capture_output=True, text=True, cwd=tmp_path
    )
    assert (run.returncode, run.stderr) == (1, "")
    told = run.stdout.splitlines()
    assert len(told) == len(files)
    for file, line in zip(files, told, strict=True):
        place = Path(file)
        verdict = "accepted: "
        if place.parent.name == "bad":
            verdict = f"rejected: condition {condition(place)}: "
        assert line.startswith(f"{file}: {verdict}")
        assert line.isascii()


def alone(*arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), *arguments],
        capture_output=True,
        text=True,
        **more,
    )


def test_a_verdict_that_nobody_can_read_is_none() -> None:
    arguments = [sys.executable, "-I", "-S", str(VERIFIER), str(GOOD[0])]
    with open("/dev/full", "w") as full:
        run = subprocess.run(arguments, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (run.returncode, run.stderr) == (2, "")
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run(arguments, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (run.returncode, run.stderr) == (2, "")


def test_exit_statuses_alone(tmp_path: Path) -> None:
    good, bad = map(str, (GOOD[0], BAD[0]))
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")
    assert alone(good).returncode == 0
    assert alone(good, good).returncode == 0
    assert alone(good, bad).returncode == 1
    assert alone(bad, good).returncode == 1
    assert alone().returncode == 2
    for unreadable in (str(tmp_path / "absent"), str(tmp_path), str(binary)):
        for order in ((bad, unreadable, good), (unreadable, bad)):
            run = alone(*order)
            assert run.returncode == 2
            assert run.stdout.count("\n") == len(order)
            assert f"{unreadable}: unreadable: " in run.stdout
            assert run.stderr == ""


def test_prints_in_any_encoding(tmp_path: Path) -> None:
    file = tmp_path / "ü.json"
    file.write_text('{"kind": "settling", "ü\\ud800\\n": 1}', encoding="utf-8")
    run = subprocess.run(
        [sys.executable, str(VERIFIER), str(file)],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"},
    )
    assert run.returncode == 1
    assert run.stderr == b""
    assert run.stdout.count(b"\n") == 1


# ----------------------------------------------------------------------------------- messages


def test_messages_tell_faults_apart() -> None:
    told = {file.stem: rejection(read(file)) for file in QUICK}
    for stem, words in {
        "01-two-values": "Extra data",
        "01-repeated-key": "repeated key among ['format', 'version'",
        "01-deep-nesting": "recursion",
        "02-unknown-key": "certificate is not {'format': 'a text'",
        "02-missing-key": "certificate is not {'format': 'a text'",
        "02-index-with-a-fraction": "settled_layer is not an index below 10^60",
        "02-index-is-false": "settled_layer is not an index below 10^60",
        "02-index-is-negative": "settled_layer is not an index below 10^60",
        "02-number-in-higher-terms": "problem.alpha is not a number in lowest terms",
        "02-number-decimal-point": "problem.alpha is not a number in lowest terms",
        "02-empty-attention-set": "patterns[0].attention[1] is not ['an index below 10^60']",
        "05-a-token-that-is-none": "the attention sets at layer 0",
        "12-no-evidence": "token 4 against 4: no evidence",
        "13-another-limit": "the limit of token",
    }.items():
        assert words in told[stem], stem
    assert max(map(len, told.values())) < 300
    assert all(line.isprintable() for line in told.values())


# ----------------------------------------------------------------------------- hostile sizes

TEXT = read(FOLDER / "good" / "11-moving-tie.json")
MILLION = "1" * 10**6


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version": 1', f'"version": {MILLION}'),
        ('"version": 1', f'"version": 1.{MILLION}'),
        ('"version": 1', f'"version": 1e{MILLION}'),
        ('"version": 1', f'"version": -{MILLION}'),
        ('"alpha": "1/2"', f'"alpha": "{MILLION}"'),
        ('"alpha": "1/2"', f'"alpha": "1/{MILLION}"'),
        ('"alpha": "1/2"', f'"alpha": {MILLION}'),
        ('"alpha": "1/2"', '"alpha": "1e999999999"'),
        ('"precision": 64', f'"precision": {10**6}'),
        ('"precision": 64', f'"precision": {10**59}'),
        ('"times": [0, 4, 5]', f'"times": {[0, 10**59]}'),
        ('"times": [0, 4, 5]', f'"times": {list(range(10**6))}'),
        ('"settled_layer": 1', f'"settled_layer": {10**59}'),
        ('"degree": 1', f'"degree": {10**59}'),
        ('"multiplicities": [1,', f'"multiplicities": [{10**59},'),
        (TEXT, "[" * 10**6),
        (TEXT, '{"a":' * 10**6),
        (TEXT, '{"kind": "settling", "claim": ' + "[" * 500 + "]" * 500 + "}"),
        (TEXT, "{" + ",".join(f'"{i}": 0' for i in range(10**5)) + "}"),
        (TEXT, '"' + "a" * 10**7 + '"'),
        (TEXT, " " * (verifier.MAX_TEXT + 1)),
    ],
)
def test_hostile_sizes_are_rejected(old: str, new: str) -> None:
    assert old in TEXT
    assert len(rejection(TEXT.replace(old, new, 1))) < 300


def test_terms_of_great_degree_that_cancel_are_no_way_round() -> None:
    x = json.loads(TEXT)
    terms = x["evidence"]["closed_forms"][4]
    terms[1:1] = [
        {"base": "2/3", "degree": 900 - q, "coefficient": ["1", "1", "1"]} for q in range(800)
    ]
    assert rejection(json.dumps(x)).startswith("condition 10: ")


def spent(monkeypatch: pytest.MonkeyPatch, x: Any) -> tuple[int, str]:
    """The units of work that were spent on a certificate, and what was told of it."""
    made = Work()
    monkeypatch.setattr(verifier, "Work", lambda: made)
    try:
        told = verify(json.dumps(resealed(x)))
    except Rejected as error:
        told = str(error)
    return verifier.MAX_WORK - made.left, told


def by_layer(tokens: Any, A: Any = None, alpha: str = "-1/2", layer: int = 0) -> Any:
    d = len(tokens[0])
    return {
        "format": "hardmax-certificate",
        "version": 1,
        "kind": "refutation-by-layer",
        "statement": "with-negative-step",
        "problem": {
            "tokens": tokens,
            "A": A or [[str(int(i == j)) for j in range(d)] for i in range(d)],
            "alpha": alpha,
            "multiplicities": [1] * len(tokens),
        },
        "sha256": "",
        "lemma": "norms-grow",
        "layer": layer,
        "token": 0,
        "other": 0,
    }


PAIR = [["2"], ["1"]]
LONG = [["1/1" + "0" * 60 * i + "7"] for i in range(1, 200)]


@pytest.mark.parametrize(
    ("x", "condition"),
    [
        (by_layer(PAIR, alpha="-1/1" + "0" * 3999 + "1", layer=84), 5),
        (by_layer(PAIR, layer=10**6), 5),
        (by_layer([[str(i)] for i in range(7000, 0, -1)]), 5),
        (by_layer(LONG), 15),
        (by_layer([["1"] * 80], [["9" * 99 if i == j else "8" * (70 - j % 9) for j in range(80)]
                                 for i in range(80)], "1"), 15),
    ],
)  # fmt: skip
def test_work_is_bounded_before_it_is_done(
    x: Any, condition: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    units, told = spent(monkeypatch, x)
    assert told == f"condition 14: too much work for condition {condition}"
    assert units > verifier.MAX_WORK


@pytest.mark.parametrize(
    "x",
    [
        by_layer(PAIR, alpha="-1/1" + "0" * 40 + "1", layer=84),
        by_layer(PAIR, layer=1000),
        by_layer([[str(i)] for i in range(700, 0, -1)]),
        by_layer(LONG[:12]),
    ],
)
def test_what_takes_little_work_is_judged(x: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    units, told = spent(monkeypatch, x)
    assert "condition 14" not in told
    assert units < verifier.MAX_WORK / 2


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_good_certificates_take_half_of_the_work_at_most(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units, told = spent(monkeypatch, json.loads(read(file)))
    assert "tokens" in told
    assert 0 < units < verifier.MAX_WORK / 2


@pytest.mark.parametrize("weight", [1, 10**50 + 151])
def test_weights_cost_nothing_where_no_token_is_tied(
    weight: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = by_layer([[str(i)] for i in range(60, 0, -1)], layer=1)
    few, _ = spent(monkeypatch, x)
    x["problem"]["multiplicities"] = [weight + 2 * i for i in range(60)]
    units, told = spent(monkeypatch, x)
    assert "condition 14" not in told
    assert few <= units < 2 * few


def test_a_token_that_was_locked_is_not_compared_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = [["100", "0"], *([str(i), "1"] for i in range(60))]
    first, _ = spent(monkeypatch, by_layer(tokens, alpha="1"))
    later, _ = spent(monkeypatch, by_layer(tokens, alpha="1", layer=1))
    never, _ = spent(monkeypatch, by_layer(tokens, alpha="-1/2", layer=1))
    assert 2 * later < 3 * first < 3 * never


def test_numbers_longer_than_python_converts() -> None:
    assert sys.get_int_max_str_digits() < 10_000
    text = "1" + "0" * 9_998 + "7"
    found = verifier.shape(f"-{text}/3", verifier.NUMBER, "here", Work())
    assert found == -(10**9_999 + 7) / Fraction(3)
    message = rejection(TEXT.replace('"alpha": "1/2"', f'"alpha": "{text}"', 1))
    assert message == "condition 4: sha256 is another one"


# --------------------------------------------------------------------------------- estimates

Terms = list[tuple[Fraction, int, Fraction]]


def terms(*stated: tuple[str | int, int, str | int]) -> Terms:
    return [(Fraction(r), q, Fraction(c)) for r, q, c in stated]


@pytest.mark.parametrize(
    ("f", "times", "precision", "failure"),
    [
        # 1 - 2^-t + 4^-t, and the same at the base 1/3
        (terms((1, 0, 1), ("1/2", 0, -1), ("1/4", 0, 1)), [0, 1], 8, None),
        (terms(("1/3", 0, 1), ("1/6", 0, -1), ("1/12", 0, 1)), [0, 1], 8, None),
        (terms((1, 0, 1), ("1/2", 0, -1), ("1/4", 0, 1)), [0], 8, "times from 0 on"),
        (terms((1, 0, 1), ("1/2", 0, "-3/2"), ("1/4", 0, 1)), [0, 1], 8, None),
        (terms((1, 0, 1), ("1/2", 0, "-3/2"), ("1/4", 0, 1)), [0, 1], 0, "times from 1 on"),
        (terms((1, 0, 1), ("1/2", 0, "-9/4"), ("1/4", 0, "5/4")), [0, 2], 8, "times from 0 on"),
        # C(t,2) - 3 t + 9, whose dominant term is 0 at first
        (terms((1, 2, 1), (1, 1, -3), (1, 0, 9)), [0, 1, 2, 3, 4, 5, 6, 7, 8], 0, None),
        (terms((1, 2, 1), (1, 1, -3), (1, 0, 9)), [0], 0, "times from 0 on"),
        (terms((1, 2, 1), (1, 0, 1)), [0, 1], 0, "times from 1 on"),
        (terms((1, 2, 1), (1, 0, 1)), [0, 2], 0, None),
        (terms((1, 2, 1), (1, 1, -3), (1, 0, 9)), [0, 1, 2], 0, "times from 2 on"),
        (terms((1, 2, 1), (1, 1, -3), (1, 0, 9)), [0, 8], 0, "times from 0 on"),
        # 8 - t 2^-t, whose second term still grows at 0
        (terms((1, 0, 8), ("1/2", 1, -1)), [0], 8, "too early"),
        (terms((1, 0, 8), ("1/2", 1, -1)), [0, 1], 8, None),
        (terms((1, 0, -1), ("1/2", 0, 9)), [0, 1], 8, "times from 1 on"),
        (terms((1, 0, -1), ("1/2", 0, 9)), [0], 8, "times from 0 on"),
        (terms((1, 0, 8), ("1/2", 1, -1)), [1, 2], 8, "order"),
        (terms((1, 0, 8), ("1/2", 1, -1)), [0, 2, 1], 8, "order"),
        (terms((1, 0, 8), ("1/2", 1, -1)), [0, 0, 1], 8, "order"),
    ],
)
def test_estimates(f: Terms, times: list[int], precision: int, failure: str | None) -> None:
    if failure is None:
        verifier.estimates(whole(f), times, precision, "f", Work())
        assert all(value(f, t) > 0 for t in range(200))
    else:
        with pytest.raises(Rejected, match=failure):
            verifier.estimates(whole(f), times, precision, "f", Work())


def value(f: Terms, t: int) -> Fraction:
    """f(t), with C(t,q) as a product."""
    total = Fraction(0)
    for r, q, c in f:
        term = c * r**t
        for s in range(q):
            term *= Fraction(t - s, s + 1)
        total += term
    return total


small = st.fractions(-3, 3, max_denominator=8)
bases = st.fractions("1/9", 1, max_denominator=9)
forms = st.dictionaries(st.tuples(bases, st.integers(0, 3)), small, max_size=5).map(
    lambda f: sorted(((r, q, c) for (r, q), c in f.items() if c), reverse=True)
)


def whole(f: Any) -> Any:
    """The same terms, times positive numbers that make all bases and coefficients integers."""
    one = lcm(*(r.denominator for r, _, _ in f))
    over = lcm(*(c.denominator for _, _, c in f))
    return [(int(r * one), q, int(c * over)) for r, q, c in f]


@given(f=forms.filter(bool), marks=st.sets(st.integers(0, 40)), precision=st.integers(0, 40))
@settings(max_examples=300)
def test_estimates_never_accept_what_fails(f: Terms, marks: set[int], precision: int) -> None:
    times = sorted({0, *marks})
    try:
        verifier.estimates(whole(f), times, precision, "f", Work())
    except Rejected:
        return
    assert all(value(f, t) > 0 for t in range(120))
    assert f[0][2] > 0
    assert times[-1] >= f[0][1]


@given(r=bases, t=st.integers(0, 60), precision=st.integers(0, 80))
def test_powers_are_enclosed(r: Fraction, t: int, precision: int) -> None:
    low, high = (side * verifier.power(r, t, precision, side) for side in (1, -1))
    assert 0 <= low <= 2**precision * r**t <= high


@given(f=forms, g=forms, t=st.integers(0, 9))
def test_products_of_closed_forms(f: Terms, g: Terms, t: int) -> None:
    x, y = ([(r, q, [c]) for r, q, c in h] for h in (f, g))
    for sign in (1, -1):
        product: Any = verifier.product(x, y, sign)  # type: ignore[arg-type]  # for any numbers
        assert value(product, t) == sign * value(f, t) * value(g, t)
        collected: Any = verifier.collected(product)
        assert value(collected, t) == value(product, t)
        assert all(a[:2] > b[:2] for a, b in pairwise(collected))
        assert all(c for _, _, c in collected)
    assert verifier.collected([*product, *((r, q, -c) for r, q, c in product)]) == []


def minors(A: list[list[int]]) -> Iterator[Fraction]:
    """All principal minors, by Leibniz' formula."""
    from itertools import combinations, permutations

    for size in range(1, len(A) + 1):
        for chosen in combinations(range(len(A)), size):
            total = Fraction(0)
            for order in permutations(chosen):
                sign = (-1) ** sum(a > b for a, b in combinations(order, 2))
                product = Fraction(sign)
                for i, j in zip(chosen, order, strict=True):
                    product *= A[i][j] + A[j][i]
                total += product
            yield total


@given(d=st.integers(1, 3), data=st.data())
@settings(max_examples=300)
def test_signs_of_quadratic_forms(d: int, data: st.DataObject) -> None:
    entries = st.integers(-2, 2)
    A = data.draw(st.lists(st.lists(entries, min_size=d, max_size=d), min_size=d, max_size=d))
    found = list(minors(A))
    wanted = "neither"
    if all(x >= 0 for x in found):  # semidefinite: all principal minors are
        wanted = "> 0" if found[-1] > 0 else ">= 0"
    least = min(verifier.pivots(A, Work()))
    assert ("> 0" if least > 0 else ">= 0" if least == 0 else "neither") == wanted


# ------------------------------------------------------------------------------------- fuzz

SMALL = [read(file) for file in GOOD if file.stat().st_size < 5_000]
CERTIFICATES = [json.loads(text) for text in SMALL if 'precision": 100000' not in text]

leaves = (
    st.none()
    | st.booleans()
    | st.integers(-3, 12)
    | st.sampled_from([10**59, 10**60, -1, 2**64])
    | st.floats()
    | st.text(max_size=5)
    | st.fractions().map(str)
    | st.sampled_from(["-0", "0/1", "2/4", "3/1", "1e9", "01", "\ud800", "", "٣"])
)
values = st.recursive(
    leaves, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=3), x, max_size=3)
)


def fuzzed(data: st.DataObject, x: Any) -> Any:
    """The value with one place changed, chosen by the data."""
    if not isinstance(x, list | dict) or not x or data.draw(st.integers(0, 5)) == 0:
        return data.draw(values)
    keys = list(x) if isinstance(x, dict) else list(range(len(x)))
    key = data.draw(st.sampled_from(keys))
    copy = x.copy()
    match data.draw(st.integers(0, 9)):
        case 0:
            del copy[key]
        case 1 if isinstance(x, list):
            copy.insert(key, x[data.draw(st.sampled_from(keys))])
        case 2:
            copy[key] = x[data.draw(st.sampled_from(keys))]
        case _:
            copy[key] = fuzzed(data, x[key])
    return copy


def judged(text: str) -> None:
    """Verify, and let nothing through but acceptance and `Rejected`."""
    try:
        told = verify(text)
    except Rejected as error:
        told = str(error)
        if not re.match(r"condition \d+: ", told):
            raise
    assert len(told) < 400


def resealed(x: Any) -> Any:
    """With right digests, where there is a problem to digest."""
    from hashlib import sha256

    if isinstance(x, dict):
        x = {key: resealed(part) for key, part in x.items()}
        if "problem" in x and "sha256" in x:
            canonical = json.dumps(x["problem"], sort_keys=True, separators=(",", ":"))
            x["sha256"] = sha256(canonical.encode()).hexdigest()
    elif isinstance(x, list):
        x = [resealed(part) for part in x]
    return x


@given(data=st.data(), base=st.sampled_from(CERTIFICATES), changes=st.integers(1, 4))
@settings(max_examples=300)
def test_changed_certificates_are_judged(data: st.DataObject, base: Any, changes: int) -> None:
    for _ in range(changes):
        base = fuzzed(data, base)
    judged(json.dumps(resealed(base)))


@given(
    base=st.sampled_from(SMALL),
    position=st.integers(0, 5_000),
    length=st.integers(0, 3),
    inserted=st.text(max_size=3)
    | st.sampled_from(['"', "[", "]", "{", "}", ",", "-", "0", "9" * 70]),
)
@settings(max_examples=200)
def test_changed_texts_are_judged(base: str, position: int, length: int, inserted: str) -> None:
    position %= len(base)
    judged(base[:position] + inserted + base[position + length :])


@given(st.binary(max_size=200))
@example(b"")
@example(b"\x00")
@example(b"[1e400]")
def test_random_bytes_are_judged(content: bytes) -> None:
    judged(content.decode("latin-1"))


@given(values)
def test_any_json_is_judged(x: Any) -> None:
    judged(json.dumps(x))


@given(values, st.sampled_from(["settling", "refutation-by-runs", "refutation-by-layer"]))
def test_any_object_of_a_kind_is_judged(x: Any, kind: str) -> None:
    shape: Any = verifier.KINDS[kind]

    def filled(wanted: Any) -> Any:
        if isinstance(wanted, dict):
            return {key: filled(part) for key, part in wanted.items()}
        return [filled(wanted[0]), x] if isinstance(wanted, list) else x

    head = {"format": "hardmax-certificate", "version": 1, "kind": kind}
    judged(json.dumps(head | filled(shape)))
