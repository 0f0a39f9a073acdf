"""`hardmax validate --store`: killed, interrupted, starved or doubled, the end is the same."""

import json
import os
import random
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from commands import Invoke, environment

from checks import Run, claim
from checks.campaigns.store import Store
from checks.campaigns.units import divide

ROOT = Path(__file__).resolve().parents[2]

NAMES = ("attention-is-argmax", "limits-are-feet", "settling")
EXAMPLES = 400
UNITS = len(divide(EXAMPLES, 0))
CHOSEN = [word for name in NAMES for word in ("--claim", name)]
USUAL = ["validate", *CHOSEN, "--examples", str(EXAMPLES), "--json"]
STORED = ["--store", "s.sqlite"]
QUICK = ("validate", "--claim", "norms-grow", "--examples", "60", "--jobs", "1", *STORED)

ANNOUNCED = """
import sys
from checks.campaigns.campaign import Campaign
from checks.cli import main
truth = Campaign.results
def results(self, engine=1):
    for result in truth(self, engine):
        print("done", result.unit.place, file=sys.stderr, flush=True)
        yield result
if __name__ == "__main__":
    Campaign.results = results
    sys.exit(main())
"""
"""`hardmax` that tells on stderr which unit is done."""


def start(folder: Path, *more: str, limit: int | None = None) -> subprocess.Popen[str]:
    """`hardmax validate` in a process group of its own."""
    script = folder.parent / "announced.py"
    script.write_text(ANNOUNCED)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit or 0, limit or 0))

    return subprocess.Popen(
        [sys.executable, str(script), *USUAL, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(),
        cwd=folder,
        start_new_session=True,
        preexec_fn=limited if limit else None,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "work"
    made.mkdir()
    return made


@pytest.fixture
def starting() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """`start`, and an end of everything that was started."""
    running: list[subprocess.Popen[str]] = []

    def started(*arguments: object, **options: int | None) -> subprocess.Popen[str]:
        process = start(*arguments, **options)  # type: ignore[arg-type]  # the arguments of `start`
        running.append(process)
        return process

    yield started
    for process in running:
        kill_all(process)
        process.communicate(timeout=600)


Starting = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the campaign of seed 3 prints in one sitting and without a store."""
    made = tmp_path_factory.mktemp("whole") / "work"
    made.mkdir()
    out, _ = start(made, "--seed", "3", "--jobs", "2").communicate(timeout=3000)
    assert len(out.splitlines()) == len(NAMES)
    return out


def kill_all(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def places(folder: Path) -> list[int]:
    """The units that the store has, read by SQLite alone."""
    with closing(sqlite3.connect(folder / "s.sqlite")) as reader:
        return [place for (place,) in reader.execute("SELECT place FROM units")]


def reported(err: str) -> set[int]:
    """The units that a process told were done."""
    return {int(place) for place in re.findall(r"^done (\d+)$", err, re.M)}


def notices(err: str) -> list[str]:
    return [line for line in err.splitlines() if not line.startswith("done ")]


# --------------------------------------------------------------------------------- killed


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_killed_again_and_again(folder: Path, whole: str, starting: Starting, jobs: str) -> None:
    draw = random.Random(int(jobs))
    told: set[int] = set()
    kills = 0
    while True:
        process = starting(folder, *STORED, "--seed", "3", "--jobs", jobs)
        assert process.stderr is not None
        seen = ""
        wanted = draw.randrange(0, 9) if kills < 5 else 10**6
        for line in process.stderr:
            seen += line
            wanted -= line.startswith("done ")
            if wanted <= 0:
                time.sleep(draw.random() / 5)
                break
        if wanted <= 0:
            kill_all(process)
            kills += 1
        out, rest = process.communicate(timeout=1200)
        told |= reported(seen + rest)
        assert told <= set(places(folder)), "a unit that was told to be done is lost"
        if process.returncode != -signal.SIGKILL:
            break
    assert process.returncode == 0
    assert kills >= 3
    assert out == whole
    assert sorted(places(folder)) == list(range(UNITS))
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == ["s.sqlite"]


def test_killed_while_the_store_is_made(folder: Path, whole: str, starting: Starting) -> None:
    """Whatever there is after a kill at any moment of the start, the command goes on from it."""
    draw = random.Random(5)
    for _ in range(6):
        process = starting(folder, *STORED, "--seed", "3", "--jobs", "2")
        while not any(folder.glob("*.sqlite*")) and not any(folder.glob(".*.new*")):
            assert process.poll() is None
        time.sleep(draw.random() / 50)
        kill_all(process)
        process.communicate(timeout=600)
    process = starting(folder, *STORED, "--seed", "3", "--jobs", "1")
    out, err = process.communicate(timeout=3000)
    assert (process.returncode, out) == (0, whole), err
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == ["s.sqlite"]


def test_a_killed_worker_is_one_line(folder: Path, whole: str, starting: Starting) -> None:
    process = starting(folder, *STORED, "--seed", "3", "--jobs", "2")
    assert process.stderr is not None
    first = process.stderr.readline()
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for worker in workers:
        if b"spawn_main" in Path(f"/proc/{worker}/cmdline").read_bytes():
            os.kill(int(worker), signal.SIGKILL)
            break
    out, err = process.communicate(timeout=600)
    assert (process.returncode, out) == (2, "")
    (line,) = notices(err)
    assert line.startswith("hardmax: a worker process ended before its work did")
    assert reported(first + err) <= set(places(folder))
    process = starting(folder, *STORED, "--seed", "3", "--jobs", "1")
    assert process.communicate(timeout=3000)[0] == whole


# ---------------------------------------------------------------------------- interrupted


def test_ctrl_c_and_on(folder: Path, whole: str, starting: Starting) -> None:
    process = starting(folder, *STORED, "--seed", "3", "--jobs", "2")
    assert process.stderr is not None
    first = process.stderr.readline()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 130
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["name"] for record in records] == list(NAMES)
    assert 0 < records[0]["examples"] < EXAMPLES
    assert notices(err) == [
        "seed 3",
        f"hardmax: interrupted after {records[0]['examples']} of {EXAMPLES} configurations; "
        "the same command goes on from there",
    ]
    kept = len(places(folder))
    assert kept >= len(reported(first + err))
    process = starting(folder, *STORED, "--jobs", "2")
    out, err = process.communicate(timeout=3000)
    assert (process.returncode, out) == (0, whole)
    assert notices(err) == [
        f"s.sqlite: the campaign of seed 3 goes on: {kept} of {UNITS} units are kept",
        "seed 3",
    ]
    assert len(reported(err)) == UNITS - kept


# -------------------------------------------------------------------------------- starved


@pytest.mark.parametrize("limit", [1000, 20_000, 50_000, 60_000])
def test_a_full_disk(folder: Path, whole: str, starting: Starting, limit: int) -> None:
    """No file may grow beyond the limit: SQLite meets it in the log, or while the store is made."""
    process = starting(folder, *STORED, "--seed", "3", "--jobs", "1", limit=limit)
    out, err = process.communicate(timeout=1200)
    assert (process.returncode, out) == (2, "")
    (line,) = notices(err)
    assert line.startswith("hardmax: s.sqlite: cannot be written: ")
    if limit > 40_000:
        assert reported(err)
        assert reported(err) <= set(places(folder))
    process = starting(folder, *STORED, "--seed", "3", "--jobs", "1")
    out, err = process.communicate(timeout=3000)
    assert (process.returncode, out) == (0, whole)
    assert list(folder.glob(".*.new*")) == []


BAD_PLACES = {
    "a missing directory": ("missing/s.sqlite", "cannot be written: No such file or directory"),
    "a directory": (".", "is not a file"),
    "a device": ("/dev/full", "is not a file"),
    "where nobody may write": ("/proc/s.sqlite", "cannot be written"),
    "beneath a file": ("file/s.sqlite", "Not a directory|no such directory"),
}


@pytest.mark.parametrize(("place", "words"), BAD_PLACES.values(), ids=BAD_PLACES)
def test_a_bad_place_is_one_line(hardmax: Invoke, place: str, words: str) -> None:
    Path("file").write_text("")
    status, out, err = hardmax(*QUICK[:-1], place)
    assert (status, out) == (2, "")
    assert re.match(rf"hardmax: .*({words})", err)
    assert err.count("\n") == 1
    assert [path.name for path in Path().iterdir()] == ["file"]


def test_an_unsound_store_is_one_line(hardmax: Invoke) -> None:
    path = Path("s.sqlite")
    path.write_bytes(b"no database")
    status, out, err = hardmax(*QUICK)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("hardmax: s.sqlite is not an SQLite database")
    assert path.read_bytes() == b"no database"


# --------------------------------------------------------------------------- two at once


def test_two_at_once(folder: Path, whole: str, starting: Starting) -> None:
    both = [starting(folder, *STORED, "--seed", "3", "--jobs", "1") for _ in range(2)]
    outputs = [process.communicate(timeout=3000) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert [out for out, _ in outputs] == [whole, whole]
    assert sorted(places(folder)) == list(range(UNITS))


def test_one_is_killed_and_the_other_ends_it(folder: Path, whole: str, starting: Starting) -> None:
    one, other = (starting(folder, *STORED, "--seed", "3", "--jobs", "1") for _ in range(2))
    assert one.stderr is not None
    one.stderr.readline()
    kill_all(one)
    out, err = other.communicate(timeout=3000)
    assert (other.returncode, out) == (0, whole), err
    assert sorted(places(folder)) == list(range(UNITS))


# ------------------------------------------------------------------------- which campaign


def test_without_a_seed(hardmax: Invoke) -> None:
    status, out, err = hardmax(*QUICK, "--json")
    (seed,) = re.findall(r"^seed (\d+)\n$", err)
    assert status == 0
    again = hardmax(*QUICK, "--json")
    assert again == (
        0,
        out,
        f"s.sqlite: the campaign of seed {seed} is complete\nseed {seed}\n",
    )
    status, other, err = hardmax(*QUICK, "--json", "--seed", "1")
    assert (status, err) == (0, "seed 1\n")
    assert other != out
    assert hardmax(*QUICK, "--json", "--seed", seed)[1] == out


def test_a_refuted_claim_is_refuted_after_all(hardmax: Invoke) -> None:
    @claim("at-most-one-token", "$n\\le1$", hypotheses=())
    def at_most_one_token(run: Run) -> bool:
        return run.configuration.size <= 1

    options = ("--claim", "at-most-one-token", "--seed", "1", "--json")
    plain = hardmax(*QUICK[:-2], *options)
    assert plain[0] == 1
    first = hardmax(*QUICK, *options)
    second = hardmax(*QUICK, *options)
    assert first == plain
    assert second[:2] == plain[:2]
    with Store("s.sqlite") as store:
        (witness,) = store.connection.execute(
            "SELECT witness FROM tallies WHERE witness IS NOT NULL ORDER BY place LIMIT 1"
        ).fetchone()
    assert len(json.loads(witness)["tokens"]) > 1


def test_other_code_begins_anew(hardmax: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    _, out, _ = hardmax(*QUICK, "--seed", "1", "--json")
    monkeypatch.setattr("checks.cli.validate.fingerprint", lambda claims: {"source": "new"})
    status, again, err = hardmax(*QUICK, "--seed", "1", "--json")
    assert (status, again) == (0, out)
    told, seed = err.splitlines()
    assert told.startswith(
        "s.sqlite holds such a campaign of other code (another source of hardmax"
    )
    assert told.endswith("it stays, and a new one begins")
    assert seed == "seed 1"
    with Store("s.sqlite") as store:
        assert store.connection.execute("SELECT count(*) FROM campaigns").fetchone() == (2,)


def test_the_help_names_the_options(hardmax: Invoke) -> None:
    _, out, _ = hardmax("validate", "--help")
    assert "--store" in out
    assert "--scheduler" in out
