"""The start of `hardmax`: what it imports, and a signal at any moment of it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from commands import environment

from checks.cli.application import COMMANDS
from checks.cli.listing import Listed

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "every-kind-of-limit.json"

SLOW = {
    "numpy", "flint", "theory", "rich", "pydantic", "hypothesis", "sympy", "mpmath", "matplotlib",
    "plotly", "jinja2", "dask", "distributed", "sklearn", "sentiment", "sqlite3",
}  # fmt: skip
"""What takes long to import."""

IMPORTS = {
    "--help": set(),
    "--version": set(),
    "": set(),
    "nonsense": set(),
    "run --help": {"theory", "numpy", "flint"},
    f"run {EXAMPLE}": {"theory", "numpy", "flint", "rich"},
    f"run {EXAMPLE} --json": {"theory", "numpy", "flint"},
    "sentiment --help": {"sentiment"},
}
"""Of that, what a command line may import; of pydantic its core is enough."""


@pytest.mark.parametrize("arguments", IMPORTS, ids=[line.split("/")[0] for line in IMPORTS])
def test_only_what_is_needed_is_imported(arguments: str) -> None:
    words = f"""
import sys
from checks.cli import main
main({arguments.split()!r})
sys.stdout = sys.stderr
print("imported", *{{name.partition(".")[0] for name in sys.modules}})
"""
    ended = subprocess.run(
        [sys.executable, "-c", words], env=environment(), capture_output=True, text=True, check=True
    )
    imported = set(ended.stderr.splitlines()[-1].split())
    assert imported & SLOW <= IMPORTS[arguments]
    assert "checks" in imported
    if arguments.startswith("run /"):
        assert "numpy" in imported


@pytest.mark.parametrize("line", ["hardmax r", "hardmax run --a", "hardmax refute norms"])
def test_a_shell_does_not_wait_for_imports(line: str) -> None:
    words = """
import sys
from checks.cli import main
assert main([]) == 0
sys.stdout = sys.stderr
print("imported", *{name.partition(".")[0] for name in sys.modules})
"""
    shell = {"_HARDMAX_COMPLETE": "complete_bash", "COMP_WORDS": line}
    asked = environment(**shell, COMP_CWORD=str(line.count(" ")))
    ended = subprocess.run(
        [sys.executable, "-c", words], env=asked, capture_output=True, text=True, check=True
    )
    assert ended.stdout.split()
    imported = set(ended.stderr.splitlines()[-1].split())
    assert not imported & SLOW
    assert "typer" in imported


def listed(commands: Any, before: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Listed]]:
    found = []
    for name, command in commands.items():
        found += [((*before, name), command), *listed(command.commands(), (*before, name))]
    return found


@pytest.mark.parametrize(
    ("names", "command"), listed(COMMANDS), ids=[" ".join(x) for x, _ in listed(COMMANDS)]
)
def test_a_list_says_what_the_command_says(names: tuple[str, ...], command: Listed) -> None:
    assert command.summary.endswith(".")
    assert len(command.summary) < 65
    words = " ".join(command.function().__doc__.split())
    assert words.startswith(command.summary.removesuffix("."))


# --------------------------------------------------------------------------------- signals

FORKING = '''
"""At each import, and at some lines, a copy of the process gets the signal; it goes on alone."""
import os, sys

SIGNAL = {signal}
BEGINS = "checks.cli"
seen = {{"copies": 0, "imports": 0}}


class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == BEGINS:
            seen["begun"] = True
        if "begun" in seen and "copy" not in seen:
            seen["imports"] += 1
            if seen["imports"] <= 12 or seen["imports"] % {stride} == 0:
                strike()
        return None


def strike():
    seen["copies"] += 1
    copy = os.fork()
    if not copy:
        seen["copy"] = True
        out = os.open(os.path.join({folder!r}, str(seen["copies"])), os.O_WRONLY | os.O_CREAT)
        os.dup2(out, 2)
        os.kill(os.getpid(), SIGNAL)
        return
    status = os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])
    with open(os.path.join({folder!r}, f"{{seen['copies']}}.status"), "w") as file:
        file.write(str(status))


sys.meta_path.insert(0, Finder())
'''


@pytest.mark.parametrize(
    ("arguments", "number", "stride"),
    [
        ("--help", signal.SIGINT, 5),
        (f"run {EXAMPLE}", signal.SIGINT, 17),
        (f"run {EXAMPLE} --plot picture.svg", signal.SIGTERM, 41),
        ("validate --examples 1 --claim settling --seed 1 --jobs 1", signal.SIGHUP, 61),
    ],
    ids=lambda value: str(value).split("/")[0],
)
def test_a_signal_at_any_import_is_one_line(
    tmp_path: Path, arguments: str, number: int, stride: int
) -> None:
    """At the first twelve imports, and at every `stride`-th, a copy of the process gets it."""
    told = tmp_path / "told"
    told.mkdir()
    hook = tmp_path / "hook"
    hook.mkdir()
    words = FORKING.format(signal=int(number), stride=stride, folder=str(told))
    (hook / "sitecustomize.py").write_text(words)
    ended = subprocess.run(
        [sys.executable, "-m", "checks", *arguments.split()],
        env=environment(PYTHONPATH=f"{hook}{os.pathsep}{ROOT}"),
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    statuses = sorted(told.glob("*.status"))
    assert len(statuses) > 12
    found = {}
    for place in statuses:
        err = place.with_suffix("").read_text()
        lines = [line for line in err.splitlines() if not line.startswith("seed ")]
        one = len(lines) == 1 and re.match("hardmax: interrupted", lines[0])
        if place.read_text() != str(128 + number) or not one:
            found[place.stem] = (place.read_text(), err)
    assert not found


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    words = """
import signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
sys.argv = ["hardmax", "--version"]
from checks.start import main
main()
print(signal.getsignal(signal.SIGHUP) == signal.SIG_IGN)
print(signal.getsignal(signal.SIGINT).__qualname__)
"""
    ended = subprocess.run(
        [sys.executable, "-c", words], env=environment(), capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines()[-2:] == ["True", "Interruption._interrupt"]


def test_leaving_is_one_line_and_its_status() -> None:
    words = "from checks.process import leave\nleave(15, None)\nprint('never')"
    ended = subprocess.run(
        [sys.executable, "-c", words], env=environment(), capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (143, "", "hardmax: interrupted\n")


# --------------------------------------------------------------------------------- traces

QUIET = {
    "run": f"run {EXAMPLE}",
    "validate": "validate --examples 30 --seed 1 --jobs 2 --claim settling",
    "validate, one process": "validate --examples 30 --seed 1 --jobs 1 --claim settling",
    "refute": "refute hull-vertices-lead --seed 1 --jobs 1 --examples 50",
    "enumerate": "enumerate --tokens 2 --jobs 2 --claim settling",
    "selftest": "selftest",
}


@pytest.mark.parametrize("arguments", QUIET.values(), ids=QUIET)
def test_nothing_appears_that_was_not_asked_for(tmp_path: Path, arguments: str) -> None:
    nameless = tmp_path / "nameless"
    nameless.mkdir()
    (nameless / "sitecustomize.py").write_text(
        "import pwd\ndef getpwuid(number): raise KeyError(number)\npwd.getpwuid = getpwuid\n"
    )
    here = tmp_path / "here"
    here.mkdir()
    known = environment(PYTHONPATH=f"{nameless}{os.pathsep}{ROOT}")
    for name in ("HOME", "USER", "LOGNAME", "HYPOTHESIS_STORAGE_DIRECTORY"):
        known.pop(name, None)
    ended = subprocess.run(
        [sys.executable, "-m", "checks", *arguments.split()],
        env=known, cwd=here, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert list(here.iterdir()) == []


def test_hypothesis_keeps_its_storage_where_it_is_told_to(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "checks", *QUIET["validate, one process"].split()],
        env=environment(HYPOTHESIS_STORAGE_DIRECTORY=str(tmp_path / "there")),
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


@pytest.mark.parametrize("arguments", ["refute hull-vertices-lead settling --seed 1", "enumerate"])
def test_a_worker_that_dies_is_one_line(tmp_path: Path, arguments: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\nif '--multiprocessing-fork' in sys.orig_argv: os._exit(9)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-m", "checks", *arguments.split(), "--jobs", "2"],
        env=environment(PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}"),
        capture_output=True,
        text=True,
    )
    told = [line for line in ended.stderr.splitlines() if not line.startswith("seed ")]
    assert (ended.returncode, len(told)) == (2, 1), ended.stderr
    assert told[0].startswith("hardmax: a worker process ended before its work did")
