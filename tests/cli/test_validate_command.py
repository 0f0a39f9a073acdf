"""`hardmax validate` and `hardmax claims`: what they print, how they end, and how they fail."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from commands import Invoke, command, environment, only, records
from processes import wait_until_gone

from checks import Run, claim
from checks.campaigns.campaign import Campaign
from checks.campaigns.engines import Engine
from checks.campaigns.units import UnitResult
from checks.formulas import to_text
from checks.reach import OPEN, PHENOMENA
from checks.statements import claims
from theory.files.configurations import read_configurations

ROOT = Path(__file__).resolve().parents[2]

KEYS = [
    "name",
    "expected",
    "verdict",
    "examples",
    "applicable",
    "undecided",
    "reach",
    "seed",
    "witness",
    "explanation",
]
"""The object of `--json`, in its order."""

CLASSES = ["0", "1–3", "4–10", "11–100", "over 100", "undecided"]

USUAL = ("validate", "--examples", "60", "--seed", "1")
QUICK = ("--claim", "attention-is-argmax", "--examples", "15", "--seed", "1", "--jobs", "1")

# ------------------------------------------------------------------------------- findings


def test_the_objects(hardmax: Invoke, tmp_path: Path) -> None:
    """Schema, exit status, and byte for byte the same from an optimised run in two processes."""
    status, out, err = hardmax(*USUAL, "--json", "--jobs", "1")
    assert (status, err) == (0, "seed 1\n")
    found = records(out)
    assert [record["name"] for record in found] == [made.name for made in claims()]
    for record in found:
        assert list(record) == KEYS
        assert (record["expected"], record["verdict"]) == ("HELD", "HELD")
        assert record["examples"] == 60
        assert 0 < record["applicable"] <= 60
        assert record["undecided"] >= 0
        assert record["seed"] == 1
        assert record["witness"] is record["explanation"] is None
        reach = record["reach"]
        assert list(reach) == [*PHENOMENA, "dimension", "settled_layer", "settles_by"]
        assert sum(reach["settles_by"].values()) <= sum(reach["dimension"].values())
        assert reach["settles_by"].get(OPEN, 0) == reach["open_case"]
        assert all(0 <= reach[name] <= 60 for name in PHENOMENA)
        assert sum(reach["dimension"].values()) == 60
        assert list(reach["settled_layer"]) == CLASSES
        assert sum(reach["settled_layer"].values()) == 60
    other = subprocess.run(
        command(*USUAL, "--json", "--jobs", "2", options=("-O",)),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(),
        cwd=tmp_path,
        timeout=3000,
        check=False,
    )
    assert (other.returncode, other.stderr) == (0, "seed 1\n")
    assert other.stdout == out


def test_the_table(hardmax: Invoke) -> None:
    status, out, err = hardmax("validate", *QUICK)
    assert (status, err) == (0, "")
    assert re.search(r"attention-is-argmax +HELD +15 of 15", out)
    for meaning in PHENOMENA.values():
        assert meaning in out
    assert "dimension — 1: " in out
    assert out.endswith("1 claims held on 15 configurations, seed 1. Held is not proved.\n")


def test_claims_in_the_order_given_and_once(hardmax: Invoke) -> None:
    names = ["settling", "norms-grow", "settling"]
    chosen = [word for name in names for word in ("--claim", name)]
    _, out, _ = hardmax("validate", *chosen, "--examples", "15", "--json", "--jobs", "1")
    assert [record["name"] for record in records(out)] == ["settling", "norms-grow"]


def test_a_seed_is_drawn_and_told(hardmax: Invoke) -> None:
    options = ("validate", "--claim", "norms-grow", "--examples", "13", "--jobs", "1", "--json")
    _, out, err = hardmax(*options)
    (drawn,) = re.findall(r"^seed (\d+)\n$", err)
    assert only(out)["seed"] == int(drawn)
    assert hardmax(*options, "--seed", drawn)[1] == out
    assert only(hardmax(*options)[1])["seed"] != int(drawn)
    table = hardmax(*options[:-1], "--seed", drawn)[1]
    assert f"13 configurations, seed {drawn}." in table


def test_vacuous_is_status_three(hardmax: Invoke) -> None:
    few = ("validate", "--claim", "merging-commutes", "--examples", "1", "--seed", "1")
    status, out, _ = hardmax(*few, "--jobs", "1", "--json")
    assert status == 3
    assert (only(out)["verdict"], only(out)["applicable"]) == ("VACUOUS", 0)
    status, out, _ = hardmax(*few, "--jobs", "1")
    assert status == 3
    assert "VACUOUS" in out
    assert "Not as declared: merging-commutes. 1 configurations, seed 1." in out
    assert "claims held" not in out


def test_undecided_is_status_three(hardmax: Invoke) -> None:
    options = ("--claim", "settling", "--examples", "30", "--seed", "1", "--max-layers", "0")
    status, out, _ = hardmax("validate", *options, "--jobs", "1", "--json")
    record = only(out)
    assert status == 3
    assert (record["verdict"], record["witness"]) == ("UNDECIDED", None)
    assert record["undecided"] > 0
    status, out, _ = hardmax("validate", *options, "--jobs", "1")
    assert status == 3
    assert re.search(rf"settling +UNDECIDED +\d+ of 30 +{record['undecided']} *\n", out)


def test_refuted_is_status_one(hardmax: Invoke) -> None:
    @claim("at-most-one-token", "$n\\le1$", hypotheses=())
    def at_most_one_token(run: Run) -> bool:
        return run.configuration.size <= 1

    options = ("--examples", "30", "--seed", "1", "--jobs", "1", "--claim", "at-most-one-token")
    status, out, _ = hardmax("validate", *options, "--claim", "norms-grow", "--json")
    refuted, held = records(out)
    assert status == 1
    assert (refuted["verdict"], held["verdict"]) == ("REFUTED", "HELD")
    assert list(refuted) == KEYS
    assert refuted["explanation"] == "the statement is false here"
    Path("witness.json").write_text(json.dumps(refuted["witness"]))
    (witness,) = read_configurations("witness.json")
    assert (witness.size, witness.dimension) == (2, 1)
    assert hardmax("run", "witness.json", "--json")[0] == 0
    status, out, _ = hardmax("validate", *options)
    assert status == 1
    assert re.search(r"at-most-one-token +REFUTED +30 of 30", out)
    assert "at-most-one-token: the statement is false here\n    {" in out
    assert json.dumps(refuted["witness"]) in out
    assert "Not as declared: at-most-one-token." in out


def test_an_error_is_status_one(hardmax: Invoke) -> None:
    @claim("broken", "…", hypotheses=())
    def broken(run: Run) -> bool:
        raise ValueError("a\nmessage\x1b[31m of two lines")

    status, out, _ = hardmax("validate", *QUICK, "--claim", "broken")
    assert status == 1
    assert re.search(r"broken +ERROR +15 of 15", out)
    place = f"test_validate_command.py:{broken.judge.__code__.co_firstlineno + 2}"
    assert f"broken: ValueError: a message\\x1b[31m of two lines at {place}\n" in out
    assert "\x1b" not in out
    _, out, _ = hardmax("validate", *QUICK, "--claim", "broken", "--json")
    assert records(out)[1]["verdict"] == "ERROR"


# ------------------------------------------------------------------------------ bad usage

BAD: dict[str, tuple[tuple[str, ...], str]] = {
    "unknown claim": (
        ("--claim", "norm-grows"),
        "hardmax: no claim is named 'norm-grows'; near names: norms-grow",
    ),
    "unknown claim in control characters": (
        ("--claim", "\x1b[2J\nzzz"),
        r"hardmax: no claim is named '\x1b[2J\nzzz'; 'hardmax claims' lists them all",
    ),
    "one known and one unknown": (
        ("--claim", "norms-grow", "--claim", "leaders"),
        "hardmax: no claim is named 'leaders'; near names: leaders-are-vertices",
    ),
    "no examples": (("--examples", "0"), "hardmax validate: Invalid value for '--examples': "),
    "half an example": (
        ("--examples", "0.5"),
        "hardmax validate: Invalid value for '--examples': ",
    ),
    "no jobs": (("--jobs", "0"), "hardmax validate: Invalid value for '--jobs': "),
    "no layers": (("--max-layers", "-1"), "hardmax validate: Invalid value for '--max-layers': "),
    "a word for a seed": (("--seed", "one"), "hardmax validate: Invalid value for '--seed': "),
    "unknown option": (("--example", "3"), "hardmax validate: No such option: --example"),
    "an argument": (("norms-grow",), "hardmax validate: Got unexpected extra argument"),
}


@pytest.mark.parametrize(("options", "words"), BAD.values(), ids=BAD)
def test_bad_usage_is_one_line(hardmax: Invoke, options: tuple[str, ...], words: str) -> None:
    status, out, err = hardmax("validate", *options)
    assert (status, out) == (2, "")
    assert err.startswith(words)
    assert err.count("\n") == 1
    assert list(Path().iterdir()) == []


def test_the_help_of_validate_names_its_options(hardmax: Invoke) -> None:
    _, out, _ = hardmax("validate", "--help")
    for option in ("--examples", "--claim", "--seed", "--jobs", "--max-layers", "--json"):
        assert option in out


# ------------------------------------------------------------------------- hardmax claims


def test_claims(hardmax: Invoke) -> None:
    status, out, err = hardmax("claims")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    places = [lines.index(made.name) for made in claims()]
    assert places == sorted(places)
    words = " ".join(out.split())
    for made in claims():
        assert " ".join(to_text(made.statement).split()) in words
    assert "hypotheses: none; source: " in out
    assert "expected: HELD" in out


def test_claims_as_objects(hardmax: Invoke) -> None:
    status, out, err = hardmax("claims", "--json")
    assert (status, err) == (0, "")
    found = records(out)
    for made, record in zip(claims(), found, strict=False):
        assert list(record)[:5] == ["name", "statement", "hypotheses", "source", "expected"]
        assert record["name"] == made.name
        assert record["statement"] == made.statement
        assert record["hypotheses"] == list(made.hypotheses)
        assert record["source"] == made.source
        assert record["expected"] == "HELD"
    assert len(found) >= len(claims())
    assert len({record["name"] for record in found}) == len(found)


# ----------------------------------------------------------------- pipes and interruptions


def interrupted_after(monkeypatch: pytest.MonkeyPatch, units: int) -> None:
    """Let a campaign be interrupted after so many units."""
    truth = Campaign.results

    def results(self: Campaign, engine: Engine | int = 1) -> Iterator[UnitResult]:
        yield from islice(truth(self, engine), units)
        raise KeyboardInterrupt

    monkeypatch.setattr(Campaign, "results", results)


def test_an_interrupted_campaign_tells_what_it_has(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    @claim("at-most-one-token", "$n\\le1$", hypotheses=())
    def at_most_one_token(run: Run) -> bool:
        return run.configuration.size <= 1

    interrupted_after(monkeypatch, 4)
    options = ("--claim", "norms-grow", "--claim", "at-most-one-token", "--examples", "4000")
    status, out, err = hardmax("validate", *options, "--seed", "1", "--jobs", "1")
    assert status == 130
    assert err == "hardmax: interrupted after 100 of 4000 configurations\n"
    assert re.search(r"norms-grow +HELD +\d+ of 100", out)
    assert re.search(r"at-most-one-token +REFUTED +100 of 100", out)
    status, out, err = hardmax("validate", *options, "--seed", "1", "--jobs", "1", "--json")
    assert status == 130
    assert err == "seed 1\nhardmax: interrupted after 100 of 4000 configurations\n"
    assert [record["examples"] for record in records(out)] == [100, 100]
    assert records(out)[1]["witness"] is not None


def test_interrupted_before_the_first_unit(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted_after(monkeypatch, 0)
    status, out, err = hardmax("validate", *QUICK)
    assert status == 130
    assert "VACUOUS" in out
    assert err == "hardmax: interrupted after 0 of 15 configurations\n"


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("validate", *QUICK, "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        cwd=tmp_path,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == ""
        assert running.wait(120) == 141


def test_the_first_line_for_head(tmp_path: Path) -> None:
    line = " ".join(map(repr, command("validate", "--examples", "15", "--seed", "1", "--json")))
    done = subprocess.run(
        ["sh", "-c", f"{line} --jobs 1 --claim settling --claim norms-grow | head -1"],
        capture_output=True,
        text=True,
        env=environment(),
        cwd=tmp_path,
        check=False,
    )
    assert only(done.stdout)["name"] == "settling"
    assert done.stderr in ("", "seed 1\n")


ANNOUNCED = """
import sys
from checks.campaigns.campaign import Campaign
from checks.cli import main
truth = Campaign.results
def results(self, jobs=1):
    print("start", file=sys.stderr, flush=True)
    for result in truth(self, jobs):
        print("unit", file=sys.stderr, flush=True)
        yield result
Campaign.results = results
sys.exit(main())
"""
"""`hardmax` that tells on stderr when its campaign starts and when a unit is taken in."""


@pytest.mark.parametrize(
    ("jobs", "units", "to_all"),
    [
        pytest.param("2", 0, True, id="to all, while workers start"),
        pytest.param("2", 2, True, id="to all, in the midst of it"),
        pytest.param("1", 1, False, id="one process"),
    ],
)
def test_ctrl_c(tmp_path: Path, jobs: str, units: int, to_all: bool) -> None:
    names = ("norms-grow", "settling")
    chosen = [word for name in names for word in ("--claim", name)]
    command = [sys.executable, "-c", ANNOUNCED, "validate", *chosen]
    with subprocess.Popen(
        [*command, "--examples", "100000", "--seed", "1", "--jobs", jobs],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(),
        cwd=tmp_path,
        start_new_session=True,
    ) as running:
        try:
            assert running.stderr is not None
            for line in ["start", *["unit"] * units]:
                assert running.stderr.readline() == f"{line}\n"
            (os.killpg if to_all else os.kill)(running.pid, signal.SIGINT)
            out, err = running.communicate()
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
    assert running.returncode == 130
    *more, notice = err.splitlines()
    assert set(more) <= {"unit"}
    done = int(notice.split()[3])
    assert notice == f"hardmax: interrupted after {done} of 100000 configurations"
    told = units + len(more)
    assert done in (25 * told, 25 * (told + 1))  # the last may be taken in and not yet told
    for name in names:
        assert re.search(rf"{name} +(HELD|VACUOUS) +\d+ of {done}\b", out)
    assert f"{done} configurations, seed 1." in out
    wait_until_gone(running.pid)


def test_a_terminal_sees_progress_on_stderr_only(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    with subprocess.Popen(
        command("validate", *QUICK, "--json"),
        stdout=subprocess.PIPE,
        stderr=slave,
        text=True,
        env=environment(TERM="xterm"),
        cwd=tmp_path,
    ) as running:
        os.close(slave)
        out, _ = running.communicate()
    seen = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        seen += piece
    os.close(master)
    assert running.returncode == 0
    assert only(out)["examples"] == 15
    assert b"configurations" in seen
    assert b"15/15" in seen
    assert b"seed 1" in seen
