"""Completion in a shell: the right words, without what takes long to import, never status 1."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer._completion_shared
import typer.completion
from commands import ROOT, Invoke, Output, environment

from checks.cli.application import COMMANDS
from checks.cli.listing import VARIABLE
from checks.cli.offers import listing
from checks.statements import statements

Complete = Callable[[str], list[str]]


@pytest.fixture
def complete(hardmax: Invoke, monkeypatch: pytest.MonkeyPatch) -> Complete:
    """The words that bash is told for the last word of a line."""

    def words(line: str) -> list[str]:
        monkeypatch.setenv(VARIABLE, "complete_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        status, out, err = hardmax()
        assert (status, err) == (0, "")
        return out.split()

    return words


def test_the_listing_is_that_of_the_commands() -> None:
    """After a change of an option or a statement: ``make completion``."""
    kept = json.loads((ROOT / "checks/cli/completion.json").read_text("utf-8"))
    assert kept == json.loads(json.dumps(listing(COMMANDS)))
    del kept["commands"]["run"]["parameters"][1]
    assert kept != json.loads(json.dumps(listing(COMMANDS)))


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("hardmax ", [*COMMANDS]),
        ("hardmax re", ["refute"]),
        ("hardmax nonsense", []),
        ("hardmax --ver", ["--version"]),
        ("hardmax run --al", ["--alpha"]),
        ("hardmax run c.json --no-h", ["--no-header"]),
        ("hardmax run --ties ", ["first", "averaged"]),
        ("hardmax run ", []),
        ("hardmax --version re", ["refute"]),
        ("hardmax validate --claim=separ", ["separation"]),
        ("hardmax validate --claim norms-grow --claim separ", ["separation"]),
        ("hardmax validate --dynamics caus", ["causal"]),
        ("hardmax refute fw-cluster-", ["fw-cluster-corrected"]),
        ("hardmax prove mean", ["means"]),
        ("hardmax survey --dynamics sched", ["schedule"]),
        ("hardmax sentiment tr", ["train"]),
        ("hardmax sentiment data rot", ["rotten-tomatoes"]),
        ("hardmax sentiment train --text-c", ["--text-column"]),
        ('hardmax run "a b', []),
    ],
)
def test_bash_is_told_what_may_follow(complete: Complete, line: str, wanted: list[str]) -> None:
    assert complete(line) == wanted


def test_every_statement_can_be_named(complete: Complete) -> None:
    names = [made.name for made in statements() if made.origin is None]
    assert complete("hardmax survey ") == names
    assert "no-such-statement" not in names


def test_bash_itself_completes(tmp_path: Path) -> None:
    """Bash sources typer's script, and asks by it."""
    if (bash := shutil.which("bash")) is None:
        pytest.fail("there is no bash")
    program = tmp_path / "hardmax"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m checks "$@"\n')
    program.chmod(0o755)
    ask = """
eval "$(_HARDMAX_COMPLETE=source_bash hardmax)"
for last in hull-v nothing-like-this; do
    COMP_WORDS=(hardmax refute $last) COMP_CWORD=2
    _hardmax_completion hardmax; echo "$?: ${COMPREPLY[*]}"
done
"""
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [bash, "--norc", "-c", ask], env=environment(PATH=path), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "0: hull-vertices-lead\n0: \n"


def asked(hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, **variables: str) -> Output:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return hardmax()


@pytest.mark.parametrize(
    ("line", "status"), [("hardmax run --al", 0), ("hardmax run ", 3), ("hardmax re", 0)]
)
def test_fish_is_told_by_the_status_whether_there_is_anything(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, line: str, status: int
) -> None:
    fish = {VARIABLE: "complete_fish", "_TYPER_COMPLETE_ARGS": line}
    ended = asked(hardmax, monkeypatch, **fish, _TYPER_COMPLETE_FISH_ACTION="is-args")
    assert ended == (status, "", "")
    _, out, _ = asked(hardmax, monkeypatch, _TYPER_COMPLETE_FISH_ACTION="get-args")
    assert bool(out.strip()) == (status == 0)


@pytest.mark.parametrize(
    "variables",
    [
        {VARIABLE: "complete_bash"},
        {VARIABLE: "complete_bash", "COMP_WORDS": "hardmax ", "COMP_CWORD": "x"},
        {VARIABLE: "complete_tcsh"},
        {VARIABLE: "complete"},
        {VARIABLE: "nonsense_bash"},
    ],
)
def test_what_no_shell_asks_is_bad_input(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    monkeypatch.delenv("COMP_WORDS", raising=False)
    status, out, err = asked(hardmax, monkeypatch, **variables)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1


def test_an_unknown_shell_is_no_refutation(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (typer.completion, typer._completion_shared):
        monkeypatch.setattr(module, "_get_shell_name", lambda: None)
    for option in ("--show-completion", "--install-completion"):
        status, out, err = hardmax(option)
        assert (status, out) == (2, "")
        assert err.count("\n") == 1


def test_completion_is_installed_and_shown(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for module in (typer.completion, typer._completion_shared):
        monkeypatch.setattr(module, "_get_shell_name", lambda: "bash")
    monkeypatch.setenv("HOME", str(tmp_path))
    status, shown, err = hardmax("--show-completion")
    assert (status, err) == (0, "")
    assert "_HARDMAX_COMPLETE=complete_bash" in shown
    status, _, err = hardmax("--install-completion")
    assert (status, err) == (0, "")
    script = tmp_path / ".bash_completions" / "hardmax.sh"
    assert script.read_text().strip() == shown.strip()
    assert str(script) in (tmp_path / ".bashrc").read_text()
    script.unlink()
    script.parent.rmdir()
    script.parent.write_text("in the way")
    status, _, err = hardmax("--install-completion")
    assert status == 2
    assert err.startswith("hardmax: cannot write")
