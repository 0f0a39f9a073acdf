"""Terminals of 40 to 200 columns: no number, fraction, vector, set or option is broken."""

import json
import re
from pathlib import Path

import pytest
from commands import ROOT, Invoke, records
from rich.table import Table
from rich.text import Text
from widths import OPTION, WIDTHS, broken, lines, pieces, recorded

from checks.cli import application, screen
from theory.readable import cell

EXAMPLES = ROOT / "examples"
OPTIONS = re.compile(OPTION)
SEARCH = ("--seed", "1", "--jobs", "1")

COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", *(str(path) for path in sorted(EXAMPLES.glob("*.json*")))),
    "layers": ("run", str(EXAMPLES / "hundreds-of-layers.json"), "--layers", "4"),
    "numerics": (
        "run", str(EXAMPLES / "leader-lost-to-rounding.json"), "--numerics", "--beta", "100",
    ),
    "map": (
        "map", str(EXAMPLES / "every-kind-of-limit.json"), "--free", "4", "--resolution", "6",
        "--jobs", "1",
    ),
    "sweep": ("sweep", str(EXAMPLES / "every-kind-of-limit.json"), "--alpha", "1/4:1"),
    "claims": ("claims", "--source", "2508.09628"),
    "prove": ("prove", "separation", "norms-grow"),
    "validate": ("validate", "--examples", "2", *SEARCH, "--claim", "norms-grow"),
    "survey": ("survey", "--examples", "1", *SEARCH, "separation", "norms-grow"),
    "enumerate": (
        "enumerate", "--dim", "1", "--radius", "1", "--tokens", "2", "--alpha", "3/7",
        "--claim", "norms-grow", "--jobs", "1",
    ),
    "refute": ("refute", "hull-vertices-lead", "--examples", "300", *SEARCH),
}  # fmt: skip
"""A command line for everything that `hardmax` shows but the classifier's tables."""


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_is_broken(hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    shown = recorded(monkeypatch)
    status, _, err = hardmax(*COMMANDS[name])
    assert status in (0, 3), err
    assert broken(shown) == {}


@pytest.mark.parametrize("name", ["run", "layers", "map", "sweep", "prove", "validate", "survey"])
def test_no_line_in_a_pipe_ends_in_a_blank(hardmax: Invoke, name: str) -> None:
    _, out, _ = hardmax(*COMMANDS[name])
    assert out.strip()
    assert [line for line in out.splitlines() if line != line.rstrip()] == []


def test_on_a_terminal_a_table_is_as_wide_as_it_is(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    _, out, _ = hardmax(*COMMANDS["sweep"])
    assert any(line.endswith(" ") for line in out.splitlines())


def test_every_cell_holds_the_numbers_of_the_json(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [str(EXAMPLES / name) for name in ("every-kind-of-limit.json", "moving-tie.json")]
    _, out, _ = hardmax("run", *paths, "--json")
    limits = [cell(limit) for record in records(out) for limit in record["limits"]]
    shown = recorded(monkeypatch)
    hardmax("run", *paths)
    for width in WIDTHS:
        printed = "\n".join(lines(shown, width))
        assert [limit for limit in limits if limit not in printed] == []


def test_an_ordinary_table_is_seen_to_break() -> None:
    row = ("0", "(-1234567, 2/3)", "leader since layer 12345", "--max-layers", "7654321")
    plain = Table("token", "limit", "why", "option", "layers")
    plain.add_row(*row)
    assert {40, 60} >= set(broken([plain])) > set()
    ours = screen.table("token", "limit", "why", "option", "layers")
    ours.add_row(*row)
    assert broken([ours]) == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_whatever_does_not_fit_is_a_record(width: int) -> None:
    table = screen.table("token", "limit", "", right=("token",))
    table.add_row("7", "(123456789012, 1/123456789012)", Text("on face {0, 1, 2, 3, 4, 5}"))
    printed = lines([table], width)
    joined = " ".join(" ".join(printed).split())
    assert ("token 7 limit" in joined) == (width == 40)
    assert pieces(printed)["1/123456789012" if width == 40 else "{0, 1, 2, 3, 4, 5}"] == 1


def test_a_row_that_would_be_high_is_a_record() -> None:
    table = screen.table("α", "limits")
    table.add_row("α = 1/2", "; ".join(f"{i} → (−2, {i})" for i in range(12)))
    narrow, wide = lines([table], 40), lines([table], 100)
    assert "α = 1/2" in narrow
    assert "α = 1/2" not in wide
    assert all(line.count("→") == line.count("(") for line in narrow)


def test_a_word_without_blanks_goes_beyond_the_edge() -> None:
    name = "Hardmax.layers.Norms." + "x" * 60
    (line,) = lines([Text(name)], 40)
    assert line == name
    table = screen.table("name", "n")
    table.add_row(name, "12")
    assert name in " ".join(lines([table], 40))


@pytest.mark.parametrize("columns", ["0", "1", "-5", "many", ""])
def test_no_number_of_columns_hides_anything(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    status, out, err = hardmax("run", str(EXAMPLES / "every-kind-of-limit.json"))
    assert (status, err) == (0, "")
    assert {"(47/64,", "79/64)"} <= set(out.split())


def test_text_goes_on_under_its_own_beginning() -> None:
    assert lines([Text("  one two three\nfour")], 10) == ["  one two", "  three", "four"]


def test_a_witness_can_be_copied(hardmax: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = {"tokens": [[str(10**i), "1/3"] for i in range(30)]}
    printed = lines([Text(f"  {json.dumps(tokens)}")], 40)
    assert len(printed) > 20
    assert json.loads("\n".join(printed)) == tokens


def test_the_survey_keeps_names_and_marks(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown = recorded(monkeypatch)
    long = "binary64-agrees-while-it-attends-alike"
    hardmax("survey", long, "--examples", "1", *SEARCH)
    for width, marks in ((40, "  abcdefghijklmn"), (60, "abcdefghijklmn"), (80, "a b c d e f")):
        printed = lines(shown, width)
        assert any(long in line for line in printed)
        assert any(marks in line for line in printed)
        assert all(len(line.rstrip()) <= width for line in printed)


@pytest.mark.parametrize("name", ["", *application.COMMANDS])
def test_no_option_is_broken_in_help(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    told = {}
    for width in WIDTHS:
        monkeypatch.setenv("COLUMNS", str(width))
        _, out, _ = hardmax(*name.split(), "--help")
        told[width] = set(OPTIONS.findall(out))
    assert {"--help"} <= told[200] == told[80] == told[60] == told[40]
