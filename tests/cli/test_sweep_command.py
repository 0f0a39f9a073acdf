"""`hardmax sweep`: what it prints, how it ends, and how it fails."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from commands import Invoke, only, records
from flint import fmpq, fmpz_poly

from checks.cli import sweep as command_sweep
from theory import settle
from theory.exact import rational
from theory.settling import Settled
from theory.sweeps import Sweep, sweep

THREE = {"tokens": [[0, 1], [1, 1], [2, 0]], "alpha": "1/3", "name": "three"}
LABELLED = {"tokens": [[2, 0], [1, 1], [2, 0]], "alpha": 1, "labels": ["so", "very", "so"]}
CYCLE = {"tokens": [[1, 0], [0, 1], [-1, 0], [0, -1]], "A": [[0, -1], [1, 0]], "alpha": "1/2"}
PULLED = {"tokens": [[0, 1], [1, 1], [2, 0]], "gamma": "1/4"}


def put(name: str, content: Any) -> str:
    Path(name).write_text(json.dumps(content))
    return name


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put("three.json", THREE)
    put("labelled.json", LABELLED)
    put("cycle.json", CYCLE)
    put("pulled.json", PULLED)
    Path("both.jsonl").write_text(f"{json.dumps(THREE)}\n{json.dumps(LABELLED)}\n")
    Path("table.csv").write_text("0,1\n1,1\n2,0\n")


def value_of(told: dict[str, Any], x: fmpq) -> fmpq:
    """A rational function of an object at x, by its coefficients."""
    above, below = (fmpz_poly(told[part]) for part in ("numerator", "denominator"))
    return fmpq(above(x)) / fmpq(below(x))


def test_the_object_says_what_settle_says(hardmax: Invoke) -> None:
    status, out, err = hardmax("sweep", "three.json", "--alpha", "1/4:10", "--json")
    assert (status, err) == (0, "")
    told = only(out)
    assert (told["file"], told["name"], told["parameter"]) == ("three.json", "three", "alpha")
    assert (told["range"], told["decided"], told["breaks"]) == (["1/4", "10"], True, 2)
    assert (told["checked"], told["disagree"]) == (11, 0)
    pieces = told["pieces"]
    assert [piece["kind"] for piece in pieces] == ["interval", "break"] * 2 + ["interval"]
    assert pieces[0]["closed"] == [True, False]
    assert pieces[0]["to"] == pieces[1]["at"] == pieces[2]["from"]
    assert pieces[1]["at"]["exact"] is None
    assert pieces[1]["at"]["polynomial"] == "7*alpha^2 - 4"
    assert pieces[1]["at"]["coefficients"] == [-4, 0, 7]
    low, high = map(rational, pieces[1]["at"]["enclosure"])
    assert low < high < low + fmpq(1, 10**20)
    assert 7 * low**2 < 4 < 7 * high**2
    for piece, x in zip(pieces[::2], (fmpq(1, 3), fmpq(2), fmpq(9)), strict=True):
        truth = settle(command_sweep.steps(_configuration(), x, x).at(x))
        assert isinstance(truth, Settled)
        equilibrium = truth.equilibrium()
        assert piece["settled_layer"] == truth.layer
        leaders = [(leader["token"], leader["since_layer"]) for leader in piece["leaders"]]
        assert leaders == [(leader.token, leader.since_layer) for leader in equilibrium.leaders]
        assert piece["kinds"] == list(equilibrium.kinds)
        limits = [tuple(value_of(f, x) for f in row) for row in piece["limits"]]
        assert limits == list(equilibrium.limits)
        history = [(one["layer"], one["attention"]) for one in piece["history"]]
        assert history == [(k, list(map(list, pattern))) for k, pattern in truth.history]


def _configuration() -> Any:
    from theory.files.configurations import read_configurations

    (configuration,) = read_configurations("three.json")
    return configuration


def test_limits_at_a_break_are_enclosed(hardmax: Invoke) -> None:
    """At α = √2 token 0 tends to α/(2α + 2) = 1 − √2/2."""
    put("five.json", {"tokens": [[0, -1], [3, 0], [3, 1], [1, -1], [0, 2]], "alpha": 1})
    _, out, _ = hardmax("sweep", "five.json", "--alpha", "1/2:10", "--json")
    (piece,) = [
        piece
        for piece in only(out)["pieces"]
        if piece["kind"] == "break" and piece["at"]["coefficients"] == [-2, 0, 1]
    ]
    x, y = piece["limits"][0]
    assert x["text"] == "alpha/(2*(alpha + 1))"
    low, high = map(rational, x["enclosure"])
    assert 0 < high - low < fmpq(1, 10**20)
    assert (2 - 2 * high) ** 2 < 2 < (2 - 2 * low) ** 2
    assert y["enclosure"] == ["-1", "-1"]


def test_the_table_has_a_row_a_piece(hardmax: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "150")
    status, out, _ = hardmax("sweep", "three.json", "--alpha", "1/4:10")
    assert status == 0
    for words in (
        "2 breaks, 3 intervals",
        "1/4 ≤ α < ≈0.755929",
        "α ≈0.755929",
        "7α² − 4 = 0",
        "0 since 2, 2 ",
        "p₁ = (α/(α + 1), (3α² + 8α + 4)/(4(α + 1)²))",
        "settle agrees at 11 numbers.",
    ):
        assert words in out


@pytest.mark.parametrize(
    ("options", "parameter", "breaks"),
    [
        (("--gamma", "1/10:9/10"), "gamma", ["3*gamma^2 + 8*gamma - 4", "gamma^2 + 4*gamma - 4"]),
        (("--vary", "token 1[0]=0:3"), "token 1[0]", ["x", "x - 1", "x - 2"]),
        (("--vary", "token 1+(1,2)=-3:3"), "token 1+(1,2)", ["5*x + 4", "x", "x - 1"]),
        (("--vary", "A[0][1]=-1/2:1/2"), "A[0][1]", ["x"]),
        (("--vary", "A[0][1]=-1/2:1/2", "--alpha", "2"), "A[0][1]", ["x"]),
    ],
)
def test_other_numbers_are_dials_too(
    hardmax: Invoke, options: tuple[str, ...], parameter: str, breaks: list[str]
) -> None:
    status, out, _ = hardmax("sweep", "three.json", *options, "--json")
    told = only(out)
    assert (status, told["parameter"], told["disagree"]) == (0, parameter, 0)
    assert told["checked"] > 0
    found = [piece["at"]["polynomial"] for piece in told["pieces"] if piece["kind"] == "break"]
    assert found == breaks


def test_every_configuration_of_a_file_is_swept(hardmax: Invoke) -> None:
    status, out, _ = hardmax("sweep", "both.jsonl", "--json", "--alpha", "1/4:10")
    assert status == 0
    assert [told["breaks"] for told in records(out)] == [2, 0]
    assert hardmax("sweep", "table.csv", "--no-header", "--json")[0] == 0  # a table states no step
    assert hardmax("sweep", "pulled.json", "--json")[0] == 0
    status, out, _ = hardmax("sweep", "pulled.json", "--vary", "token 1[0]=0:3", "--json")
    assert status == 0  # γ = 1/4 is α = 1/3
    assert only(out)["breaks"] == 3


def test_copies_are_told_by_label_and_index(hardmax: Invoke) -> None:
    status, out, _ = hardmax("sweep", "labelled.json", "--alpha", "1:2")
    assert status == 0
    assert "so (0), so (2)" in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("three.json", "--alpha", "1/20:10", "--max-layers", "1"), "undecided"),
        (("three.json", "--max-pieces", "1"), "more than 1 pieces"),
        (("cycle.json", "--alpha", "1/2:1"), "in a cycle"),
    ],
)
def test_what_is_undecided_is_inconclusive(
    hardmax: Invoke, arguments: tuple[str, ...], words: str
) -> None:
    status, out, err = hardmax("sweep", *arguments)
    assert status == 3
    assert words in " ".join(out.split())
    assert "undecided" in err
    told = only(hardmax("sweep", *arguments, "--json")[1])
    assert told["decided"] is False
    assert any(words in (piece["reason"] or "undecided") for piece in told["pieces"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("three.json", "--alpha", "2:1"),
            "hardmax: --alpha 2:1: alpha from 2 to 1: ",
        ),
        (("three.json", "--alpha=-1:2"), "hardmax: --alpha -1:2: alpha from -1: 0 or more"),
        (("three.json", "--alpha", "1"), "a range such as"),
        (("three.json", "--alpha", "1:2:3"), "a range such as"),
        (("three.json", "--alpha", "x:2"), "not an exact number"),
        (
            ("three.json", "--gamma", "0:3/2"),
            "hardmax: --gamma 0:3/2: gamma from 0 to 3/2: ",
        ),
        (("three.json", "--gamma", "0:1/2", "--alpha", "1:2"), "stands alone"),
        (("three.json", "--vary", "token 1[0]"), "WHAT=LO:HI"),
        (("three.json", "--vary", "token 9[0]=0:1"), "an index from 0 to 2 was wanted, not 9"),
        (
            ("three.json", "--vary", "token good[0]=0:1"),
            "to 2 was wanted, not good",
        ),
        (("labelled.json", "--vary", "token so[0]=0:1"), "tokens 0, 2 are called that"),
        (("three.json", "--vary", "token 0[0]=1:0"), "hardmax: --vary token 0[0]=1:0: "),
        (("three.json", "--vary", "token 0+(0,0)=0:1"), "nothing varies"),
        (("three.json", "--vary", "token 0[0]=0:1", "--alpha", "1:2"), "one number"),
        (("three.json", "--vary", "beta=0:1"), "was wanted"),
        (("table.csv", "--vary", "token 0[0]=0:1"), "alpha"),
        (("none.json",), "none.json"),
    ],
)
def test_bad_usage_is_one_line(hardmax: Invoke, arguments: tuple[str, ...], words: str) -> None:
    status, out, err = hardmax("sweep", *arguments)
    assert (status, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1


def test_that_nobody_leads_is_said(hardmax: Invoke) -> None:
    whole = hardmax("sweep", "three.json", "--gamma", "1/2:1")[1]
    assert [line.split()[4] for line in whole.splitlines() if "γ = 1 " in line] == ["none"]
    assert " none " not in hardmax("sweep", "three.json", "--gamma", "1/2:9/10")[1]


def test_other_layers_are_refused(hardmax: Invoke) -> None:
    put("first.json", {**THREE, "ties": "first"})
    put("schedule.json", {**PULLED, "gamma": "1/(k+2)"})
    for arguments in (("first.json",), ("schedule.json", "--vary", "token 0[0]=0:1")):
        status, _, err = hardmax("sweep", *arguments)
        assert status == 2
        assert "hardmax attention with one step" in err


def test_a_sweep_that_settle_contradicts_is_refuted(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two intervals whose words are exchanged."""

    def wrong(family: Any, *options: Any) -> Sweep:
        found = sweep(family, *options)
        first, *middle, last = found.pieces
        swapped = (
            replace(first, history=last.history, outcome=last.outcome),
            *middle,
            replace(last, history=first.history, outcome=first.outcome),
        )
        return Sweep(family, swapped, found.layers)

    monkeypatch.setattr(command_sweep, "sweep", wrong)
    status, out, err = hardmax("sweep", "three.json", "--alpha", "1/4:10", "--json")
    assert status == 1
    assert only(out)["disagree"] == 8
    assert "alpha = 1/2" in err
    assert "the history of attention" in err
    assert hardmax("sweep", "three.json", "--alpha", "1/4:10", "--check", "0")[0] == 0


def test_a_table_has_one_sign_for_less_than_zero_and_json_the_other(hardmax: Invoke) -> None:
    options = ("--vary", "token 0[0]=-3:-1")
    out = hardmax("sweep", "three.json", *options)[1]
    assert "from −3 to −1" in out
    assert "-" not in out
    told = only(hardmax("sweep", "three.json", *options, "--json")[1])
    assert told["range"] == ["-3", "-1"]
    assert "−" not in json.dumps(told, ensure_ascii=False)
