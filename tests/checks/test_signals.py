"""However `hardmax` is ended, it leaves no process behind, and one line at most."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from commands import environment
from processes import wait_until_gone

from checks.cli import application
from checks.cli.signals import Interruption

ROOT = Path(__file__).resolve().parents[2]

VALIDATE = ("validate", "--claim", "norms-grow", "--examples", "100000", "--seed", "3", "--json")
LONG = {
    "validate": VALIDATE,
    "store": (*VALIDATE, "--store", "s.sqlite"),
    "refute": ("refute", "settling", "norms-grow", "--examples", "1000000", "--seconds", "300"),
    "enumerate": ("enumerate", "--dim", "2", "--radius", "2", "--tokens", "8"),
}
"""Commands that take minutes."""

LAST = "flint"
"""A library that a worker loads among the last."""

Process = subprocess.Popen[str]
Starting = Callable[..., Process]


@pytest.fixture
def starting(tmp_path: Path) -> Iterator[Starting]:
    """Start `hardmax` in a process group of its own, which is ended after the test."""
    running: list[Process] = []

    def start(*arguments: str) -> Process:
        process = subprocess.Popen(
            [sys.executable, "-m", "checks", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=environment(),
            start_new_session=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def workers(process: Process) -> list[int]:
    """The processes that it has started for the work, read from Linux."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    found = []
    for child in map(int, listed):
        with suppress(OSError):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
    return found


def mapped(number: int) -> str:
    """The libraries that the process has loaded, read from Linux."""
    with suppress(OSError):
        return Path(f"/proc/{number}/maps").read_text()
    return ""


def at_work(process: Process, *, count: int = 2, library: str = LAST) -> None:
    """Wait until so many workers have loaded the library."""
    while len([number for number in workers(process) if library in mapped(number)]) < count:
        assert process.poll() is None
        time.sleep(0.01)


@pytest.mark.parametrize("arguments", LONG.values(), ids=LONG)
def test_workers_end_with_a_killed_parent(starting: Starting, arguments: tuple[str, ...]) -> None:
    """Whoever reads its output comes to the end, too."""
    process = starting(*arguments, "--jobs", "2")
    at_work(process)
    process.kill()
    out, err = process.communicate()
    assert out == ""
    assert "Traceback" not in err
    wait_until_gone(process.pid)


def test_workers_that_just_begin_end_as_well(starting: Starting) -> None:
    for library in ("", "_socket", "_multiarray_umath", LAST):
        process = starting(*VALIDATE, "--jobs", "2")
        at_work(process, count=1, library=library)
        process.kill()
        process.communicate()
        wait_until_gone(process.pid)


ENDS = {
    "validate, terminated": ("validate", signal.SIGTERM, False),
    "store, terminated": ("store", signal.SIGTERM, False),
    "store, terminated by timeout": ("store", signal.SIGTERM, True),
    "store, hung up": ("store", signal.SIGHUP, False),
    "store, its terminal closed": ("store", signal.SIGHUP, True),
    "store, interrupted": ("store", signal.SIGINT, False),
    "refute, terminated by timeout": ("refute", signal.SIGTERM, True),
    "enumerate, its terminal closed": ("enumerate", signal.SIGHUP, True),
}


@pytest.mark.parametrize(("name", "number", "whole_group"), ENDS.values(), ids=ENDS)
def test_a_signal_ends_it_in_order(
    starting: Starting, name: str, number: signal.Signals, whole_group: bool
) -> None:
    arguments = LONG[name]
    process = starting(*arguments, "--jobs", "2")
    at_work(process)
    process.send_signal(number)
    if whole_group:
        os.killpg(process.pid, number)  # the process is told twice, as `timeout` does
    out, err = process.communicate()
    assert process.returncode == 128 + number
    told = [line for line in err.splitlines() if not line.startswith("seed ")]
    assert len(told) == 1
    assert told[0].startswith("hardmax: interrupted")
    wait_until_gone(process.pid)
    if arguments[0] == "validate":
        assert '"norms-grow"' in out
    if "--store" in arguments:
        process = starting(*arguments, "--jobs", "1")
        assert process.stderr is not None
        assert process.stderr.readline().startswith("s.sqlite: the campaign of seed 3 goes on: ")


def ready(process: Process) -> bool:
    """Whether it handles SIGTERM by now, read from Linux."""
    words = Path(f"/proc/{process.pid}/status").read_text()
    caught = int(words.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def test_a_hang_up_that_is_ignored_is_ignored(tmp_path: Path) -> None:
    """As `nohup` has it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "checks", *VALIDATE[:-5], "--examples", "20000", "--jobs", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment(),
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    while not ready(process):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGHUP)
    process.terminate()
    process.communicate()
    assert process.returncode == 128 + signal.SIGTERM


def test_an_error_after_a_signal_is_the_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code in C may make another exception of `KeyboardInterrupt`."""

    def invoke(_: object) -> int:
        raise SystemError("a function returned a result with an exception set")

    monkeypatch.setattr(application, "_invoke", invoke)
    interruption = Interruption()
    interruption.signals.append(signal.SIGTERM)
    assert application.run(["claims"], interruption) == 128 + signal.SIGINT
    assert capsys.readouterr().err == "hardmax: interrupted\n"
    assert application.run(["claims"], Interruption()) == 70
    assert "internal error: SystemError" in capsys.readouterr().err


def test_a_signal_that_is_lost_in_a_callback_comes_again() -> None:
    """Python drops what a callback of the garbage collector raises."""

    class Lost:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)
            time.sleep(0)

    def lose() -> None:
        lost = Lost()
        del lost
        for _ in range(6000):
            time.sleep(0.01)

    with Interruption() as interruption, pytest.raises(KeyboardInterrupt):
        interruption.call(lose)
    assert interruption.signals == [signal.SIGTERM]
