"""`hardmax survey` and `validate --dynamics`: what they print, how they end, and how they fail."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checks.campaigns.campaign import Campaign
from checks.cli import main
from checks.statements import own, registry
from checks.statements.kinds import kinds
from checks.survey.cells import NOT_APPLICABLE
from checks.verdicts import Verdict
from theory.files.configurations import read_problems

ROOT = Path(__file__).resolve().parents[2]

KEYS = ["statement", "dynamics", "verdict", "witness"]
"""The first keys of the object of a cell."""

QUICK = ("--examples", "40", "--seed", "1", "--jobs", "1")
PAIR = ("separation", "one-base", "--dynamics", "alpha-infinite", "--dynamics", "causal")

Output = tuple[int, str, str]
Invoke = Callable[..., Output]

MINE = """
from hardmax import conjecture

@conjecture("few", "At most two tokens.", hypotheses=())
def few(run):
    return run.configuration.size <= 2

@conjecture("yes", "True.", hypotheses=())
def yes(run):
    return True
"""


@pytest.fixture
def hardmax(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Invoke:
    """Run `hardmax` in this process, in an empty folder: its status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))
    monkeypatch.setattr(own, "_REGISTRY", dict(own._REGISTRY))

    def invoke(*arguments: str) -> Output:
        status = main(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return int(status), out, err

    return invoke


def records(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


# ------------------------------------------------------------------------- what it prints


def test_an_object_a_cell(hardmax: Invoke) -> None:
    status, out, err = hardmax("survey", *PAIR, *QUICK, "--json")
    cells = records(out)
    assert status == 0
    assert [(c["statement"], c["dynamics"]) for c in cells] == [
        ("separation", "alpha-infinite"),
        ("separation", "causal"),
        ("one-base", "alpha-infinite"),
        ("one-base", "causal"),
    ]
    assert [list(c)[:4] for c in cells] == [KEYS] * 4
    assert [c["verdict"] for c in cells] == ["REFUTED", "REFUTED", NOT_APPLICABLE, "HELD"]
    assert cells[0]["witness"] == {"tokens": [["0"], ["-1"]], "gamma": "1"}
    assert cells[1]["witness"]["mask"] == "causal"
    assert [c["tokens"] for c in cells] == [2, 3, None, None]
    assert cells[2]["explanation"].startswith("it speaks of one λ")
    assert err.splitlines()[-1] == "seed 1"


def test_a_witness_is_a_configuration_of_its_dynamics(hardmax: Invoke, tmp_path: Path) -> None:
    """What a cell tells is a file that `hardmax run` takes."""
    _, out, _ = hardmax("survey", "separation", "--dynamics", "alpha-infinite", *QUICK, "--json")
    (tmp_path / "w.json").write_text(json.dumps(records(out)[0]["witness"]))
    status, out, _ = hardmax("run", "w.json", "--json")
    assert status == 0
    assert records(out)[0]["limits"][0] == records(out)[0]["limits"][1]


@pytest.mark.parametrize("columns", ["60", "80"])
def test_the_table_fits(hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    status, out, _ = hardmax("survey", "--examples", "2", "--seed", "1", "--jobs", "2")
    assert status in (0, 3)
    assert max(map(len, out.splitlines())) <= int(columns)
    lines = out.splitlines()
    (head,) = [line for line in lines if line.split()[:2] == ["statement", "a"]]
    assert len(head.split()) == 1 + len(kinds())
    rows = [line.split() for line in lines if line.strip().startswith("settled-pattern-is")]
    assert [len(row) for row in rows] == [1 + len(kinds())]  # the name is in one line with them
    for kind in kinds():
        assert re.search(rf"^\w  {kind.name}: ", out, re.MULTILINE)


def test_few_cells_are_told_in_words(hardmax: Invoke) -> None:
    _, out, _ = hardmax("survey", *PAIR, *QUICK)
    told = " ".join(out.split())
    assert "separation under alpha-infinite: refuted by 2 tokens: " in told
    assert "one-base under alpha-infinite: does not apply: it speaks of one λ" in told
    assert re.search(r"one-base under causal: held on \d+ of 40", told)


def test_a_report_links_its_pages(hardmax: Invoke, tmp_path: Path) -> None:
    status, _, err = hardmax("survey", *PAIR, *QUICK, "--report", "out")
    assert status == 0
    assert "report: out/index.html" in err
    page = (tmp_path / "out/index.html").read_text()
    links = re.findall(r'href="([^"#]+\.html)"', page)
    assert {*links} == {
        "separation-under-alpha-infinite.html",
        "separation-under-causal.html",
    }
    for link in links:
        told = (tmp_path / "out" / link).read_text()
        assert "Under this dynamics no verdict was expected." in told
        assert "hardmax survey separation one-base --dynamics alpha-infinite" in told
    index = json.loads((tmp_path / "out/index.json").read_text())
    assert [c["verdict"] for c in index["cells"]][:2] == ["REFUTED"] * 2
    assert {entry["as_declared"] for entry in index["statements"]} == {None}
    assert hardmax("survey", *PAIR, *QUICK, "--report", "out")[0] == 0  # it is known again


def test_one_file_of_markdown(hardmax: Invoke, tmp_path: Path) -> None:
    status, _, _ = hardmax("survey", *PAIR, *QUICK, "--markdown", "s.md")
    assert status == 0
    told = (tmp_path / "s.md").read_text()
    assert "| statement | a | b |\n| --- | :-: | :-: |\n| separation | 2 | 3 |" in told
    witnesses = [json.loads(x) for x in re.findall(r"`(\{.*\})`", told)]
    for place, witness in enumerate(witnesses):
        (tmp_path / f"{place}.json").write_text(json.dumps(witness))
        assert read_problems(str(tmp_path / f"{place}.json"))
    assert len(witnesses) == 2


# ------------------------------------------------------------------------- users' statements


def test_a_users_statements(hardmax: Invoke, tmp_path: Path) -> None:
    """In processes apart, whatever the number of jobs; the same with one and two."""
    (tmp_path / "mine.py").write_text(MINE)
    outputs = []
    for jobs in ("1", "2"):
        arguments = ("mine.py", "--dynamics", "causal", "--dynamics", "summable", "--examples")
        status, out, _ = hardmax(
            "survey", *arguments, "30", "--seed", "2", "--jobs", jobs, "--json"
        )
        assert status == 0
        outputs.append(out)
    assert outputs[0] == outputs[1]
    cells = records(outputs[0])
    assert [c["verdict"] for c in cells] == ["REFUTED", "REFUTED", "HELD", "HELD"]
    assert [c["tokens"] for c in cells[:2]] == [3, 3]


def test_a_users_false_statement_that_is_declared_true_is_a_failure(
    hardmax: Invoke, tmp_path: Path
) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    arguments = ("survey", "mine.py::few", "--dynamics", "hardmax", *QUICK)
    assert hardmax(*arguments)[0] == 1
    assert hardmax("survey", "mine.py::yes", "--dynamics", "hardmax", *QUICK)[0] == 0


# ------------------------------------------------------------------------- how it ends


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--dynamics", "casual"), "no dynamics is named 'casual'; known: causal"),
        (("no-such-claim",), "no statement is named 'no-such-claim'"),
        (("one-base", "--dynamics", "schedule"), "none of these statements applies under any"),
        (("--examples", "0"), "Invalid value for '--examples'"),
        (("--seconds", "-1"), "Invalid value for '--seconds'"),
        (("none.py",), "none.py: No such file or directory"),
        (("--store", "none/s.sqlite", *PAIR), "No such file or directory"),
        (("--report", "full", *PAIR), "report full: holds kept and no report"),
        (("--markdown", "full/kept", *PAIR), "hardmax did not make what is there"),
        (("--jobs", "2", "--scheduler", "tcp://127.0.0.1:1", *PAIR), "exclude each other"),
    ],
)
def test_bad_input_is_one_line(
    hardmax: Invoke, tmp_path: Path, arguments: tuple[str, ...], line: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/kept").write_text("mine")
    status, out, err = hardmax("survey", *arguments)
    assert (status, out) == (2, "")
    assert line in err
    assert len(err.splitlines()) == 1
    assert sorted(x.name for x in tmp_path.rglob("*")) == ["full", "kept"]


def test_without_time_it_is_inconclusive(hardmax: Invoke) -> None:
    status, out, err = hardmax("survey", *PAIR, *QUICK, "--seconds", "0", "--json")
    assert status == 3
    assert {c["verdict"] for c in records(out)} == {"VACUOUS", NOT_APPLICABLE}
    assert {c["examples"] for c in records(out)} == {0}
    assert "the time was up after 0 of 80 configurations" in err


def test_an_interrupted_survey_tells_what_it_has(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And goes on from there, to the same end as one that is run through."""
    whole = hardmax("survey", *PAIR, *QUICK, "--json")
    results = Campaign.results

    def cut(self: Campaign, engine: Any = 1) -> Any:
        for place, result in enumerate(results(self, engine)):
            if place == 2:
                raise KeyboardInterrupt
            yield result

    monkeypatch.setattr(Campaign, "results", cut)
    status, out, err = hardmax("survey", *PAIR, *QUICK, "--json", "--store", "s.sqlite")
    assert status == 130
    assert len(records(out)) == 4
    assert re.search(r"hardmax: interrupted after [1-9]\d of 80 configurations; the same comm", err)
    monkeypatch.setattr(Campaign, "results", results)
    again = hardmax("survey", *PAIR, *QUICK, "--json", "--store", "s.sqlite")
    assert again[:2] == whole[:2]
    assert "the campaign of seed 1 goes on: " in again[2]


def test_a_closed_pipe_is_no_fault(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "checks", "survey", *PAIR, *QUICK, "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read().decode()
        assert process.wait() == 141
    assert "Traceback" not in told


# ------------------------------------------------------------------------- validate --dynamics


def test_claims_are_held_under_a_dynamics(hardmax: Invoke) -> None:
    arguments = ("--claim", "hulls-shrink", "--claim", "separation", *QUICK, "--json")
    status, out, _ = hardmax("validate", "--dynamics", "negative-definite", *arguments)
    assert status == 1
    assert [(x["name"], x["verdict"], x["dynamics"]) for x in records(out)] == [
        ("hulls-shrink", "HELD", "negative-definite"),
        ("separation", "REFUTED", "negative-definite"),
    ]
    assert records(out)[1]["witness"]["A"] == [["-1"]]


def test_every_claim_that_makes_sense_is_held(hardmax: Invoke) -> None:
    _, out, _ = hardmax("validate", "--dynamics", "alpha-infinite", *QUICK, "--json")
    names = {x["name"] for x in records(out)}
    assert {"attention-is-argmax", "answers-need-no-hypothesis", "hulls-shrink"} <= names
    assert not names & {"one-base", "paths-agree"}
    assert {x["verdict"] for x in records(out)} <= {*map(str, Verdict)}


def test_a_claim_that_does_not_apply_is_refused(hardmax: Invoke) -> None:
    status, out, err = hardmax(
        "validate", "--dynamics", "alpha-infinite", "--claim", "one-base", *QUICK
    )
    assert (status, out) == (2, "")
    assert err == (
        "hardmax: one-base does not apply under alpha-infinite: it speaks of one λ, and the pull "
        "is no constant between 0 and 1\n"
    )


def test_a_store_of_another_dynamics_is_refused(hardmax: Invoke, tmp_path: Path) -> None:
    some = ("validate", "--claim", "hulls-shrink", *QUICK, "--store", "s.sqlite")
    assert hardmax(*some, "--dynamics", "causal")[0] == 0
    before = (tmp_path / "s.sqlite").read_bytes()
    for other in ((), ("--dynamics", "first-index")):
        status, out, err = hardmax(*some, *other)
        assert (status, out) == (2, "")
        assert "holds campaigns of another dynamics (causal)" in err
    assert (tmp_path / "s.sqlite").read_bytes() == before
    status, _, err = hardmax(*some, "--dynamics", "causal")
    assert status == 0
    assert "the campaign of seed 1 is complete" in err


def test_any_number_of_jobs_finds_the_same_under_a_dynamics(hardmax: Invoke) -> None:
    some = ("--dynamics", "value-matrix", "--examples", "60", "--seed", "3", "--json")
    names = ("--claim", "hulls-shrink", "--claim", "merging-commutes")
    outputs = [hardmax("validate", *some, *names, "--jobs", jobs)[1] for jobs in ("1", "2")]
    assert outputs[0] == outputs[1]


def test_every_error_of_a_dynamics_file_is_one_line(hardmax: Invoke, tmp_path: Path) -> None:
    files = {
        "a.json": ('{"gamma": "2/(k+"}', "a.json: gamma: "),
        "b.json": ("[1]", "b.json: an object with the keys of a dynamics was wanted"),
        "c.json": ('{"gama": 1}', "c.json: unknown key 'gama'"),
        "d.json": ('{"alpha": 1, "gamma": 1}', "d.json: alpha and gamma are stated"),
        "e.json": ('{"mask": [[0]]}', "e.json: "),
        "f.json": ("{", "f.json: "),
        "g.json": ('{"A": [[1]], "V": [[1, 0], [0, 1]]}', "g.json: "),
    }
    for name, (content, words) in files.items():
        (tmp_path / name).write_text(content)
        status, out, err = hardmax("validate", "--dynamics", name, *QUICK)
        assert (status, out) == (2, ""), name
        assert err.startswith(f"hardmax: {words}"), err
        assert len(err.splitlines()) == 1
    status, _, err = hardmax("validate", "--dynamics", "none.json", *QUICK)
    assert (status, err) == (2, "hardmax: none.json: No such file or directory\n")


def test_the_dynamics_of_a_file(hardmax: Invoke, tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text('{"gamma": "1/(k+2)", "mask": "causal", "tokens": [[1]]}')
    some = ("--claim", "hulls-shrink", "--claim", "rest-is-a-foot", *QUICK, "--json")
    status, out, err = hardmax("validate", "--dynamics", "d.json", *some)
    assert status == 1
    assert "d.json: its tokens are left out" in err
    held, refuted = records(out)
    assert (held["verdict"], held["dynamics"]) == ("HELD", "d.json")
    assert (refuted["witness"]["gamma"], refuted["witness"]["mask"]) == ("1/(k+2)", "causal")
    surveyed = hardmax("survey", "rest-is-a-foot", "--dynamics", "d.json", *QUICK, "--json")
    assert records(surveyed[1])[0]["verdict"] == "REFUTED"


OWN = """
from hardmax import conjecture, dynamics

@dynamics("farthest", gamma="1/2")
def farthest(products):
    return [[row.index(min(row))] for row in products]

@dynamics("floats")
def floats(products):
    return [[0.5] for row in products]

@conjecture("apart", "Tokens stay apart.", hypotheses=("distinct",), dynamics=farthest)
def apart(run):
    return len({*run.tokens(1)}) == run.configuration.size
"""


def test_a_dynamics_of_ones_own(hardmax: Invoke, tmp_path: Path) -> None:
    """Refuted by its conjecture, held by a claim, in one process or two, and its faults told."""
    (tmp_path / "mine.py").write_text(OWN)
    status, out, _ = hardmax("refute", "mine.py", "--examples", "100", "--seed", "1", "--json")
    assert status == 1
    assert records(out)[0]["witness"]["dynamics"] == "farthest"
    some = ("--claim", "hulls-shrink", "--claim", "settling", "--examples", "30", "--seed", "1")
    outputs = []
    for jobs in ("1", "2"):
        told = hardmax(
            "validate", "--dynamics", "mine.py::farthest", *some, "--jobs", jobs, "--json"
        )
        assert told[0] == 3
        outputs.append(told[1])
    assert outputs[0] == outputs[1]
    assert [x["verdict"] for x in records(outputs[0])] == ["HELD", "UNDECIDED"]
    status, out, err = hardmax("validate", "--dynamics", "mine.py::floats", *some, "--json")
    assert status == 2  # a fault of the file; 1 is kept for claims that are refuted
    assert "hardmax: --dynamics mine.py::floats: the dynamics 'floats': its rule returned" in err
    assert records(out)[0]["verdict"] == "ERROR"
    assert records(out)[0]["explanation"] == (
        "the dynamics 'floats': its rule returned [0.5] for token 0; some of the indices 0 to 0 "
        "were wanted"
    )
    for name, words in (
        (
            "mine.py::none",
            "mine.py: declares no dynamics named 'none'; it declares farthest, floats",
        ),
        ("mine.py", "--dynamics mine.py: mine.py::NAME was wanted, a dynamics of the file"),
    ):
        status, out, err = hardmax("validate", "--dynamics", name, *some)
        assert (status, out, err) == (2, "", f"hardmax: {words}\n")


FAULTY = """
from hardmax import conjecture, dynamics

@conjecture("boom", "Raises.")
def boom(run):
    raise ValueError("bang")

@conjecture("one-token", "There is one token.")
def one_token(run):
    return run.configuration.size < 2

@dynamics("floats")
def floats(products):
    return [[0.5] for row in products]
"""


def test_a_users_code_that_fails_is_a_fault_of_the_file(hardmax: Invoke, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(FAULTY)
    some = ("--dynamics", "causal", "--dynamics", "schedule", "--examples", "9", "--seed", "1")
    status, out, err = hardmax("survey", "mine.py", *some, "--json")
    verdicts = [(x["statement"], x["verdict"]) for x in records(out)]
    assert verdicts == [("boom", "ERROR")] * 2 + [("one-token", "REFUTED")] * 2
    assert status == 2
    assert [line for line in err.splitlines() if line.startswith("hardmax: ")] == [
        f"hardmax: mine.py::boom, causal: {records(out)[0]['explanation']}"
    ]
    status, _, err = hardmax("survey", "mine.py::one-token", *some, "--json")
    assert (status, "hardmax: " in err) == (0, False)  # what is refuted elsewhere is a finding
    some = ("--dynamics", "mine.py::floats", "--examples", "9", "--seed", "1")
    status, out, err = hardmax("survey", "hulls-shrink", "settling", *some, "--json")
    assert (status, next(x["verdict"] for x in records(out))) == (2, "ERROR")
    assert err.count("hardmax: ") == 1
    # what was declared is refuted: that is 1, whatever else failed
    some = ("--dynamics", "hardmax", "--examples", "9", "--seed", "1")
    status, _, _ = hardmax("survey", "mine.py", *some, "--json")
    assert status == 1
