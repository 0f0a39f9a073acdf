"""Settings shared by all tests: the Hypothesis profiles, signals, and a bound on processor time."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path
from time import process_time

import pytest
from browser import browser as browser
from browser import visit as visit
from commands import Invoke, Output
from hypothesis import settings

from theory import HARDMAX, Configuration, Dynamics, solve

settings.register_profile("hardmax", deadline=None, print_blob=True)
settings.register_profile("hardmax-ci", settings.get_profile("hardmax"), derandomize=True)
settings.load_profile("hardmax-ci" if os.environ.get("CI") else "hardmax")

# What the tests start hears of signals even where the tests themselves run in the background.
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(
            number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        )


@pytest.fixture(params=["exact", "filtered"])
def each_walk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The test is run over each walk: every configuration settles by it that can."""
    wanted: solve.Path = request.param

    def path_of(configuration: Configuration, dynamics: Dynamics = HARDMAX) -> solve.Path:
        able = configuration.advances and dynamics == HARDMAX
        return wanted if able else "exact"

    monkeypatch.setattr(solve, "path_of", path_of)
    return wanted


@pytest.fixture
def hardmax(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Invoke:
    """Run `hardmax` in this process, in an empty folder: its status, stdout and stderr."""
    from checks.cli import main
    from checks.statements import registry

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))

    def invoke(*arguments: str, stdin: bytes = b"") -> Output:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin)))
        status = main(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return int(status), out, err

    return invoke


@pytest.fixture
def within() -> Callable[[float], AbstractContextManager[None]]:
    """`with within(seconds):` fails if the block takes far more processor time.

    It tells what is bounded from what is not, on machines ten times slower too.
    """

    @contextmanager
    def measure(seconds: float) -> Iterator[None]:
        start = process_time()
        yield
        spent = process_time() - start
        allowed = 10 * seconds
        assert spent < allowed, f"{spent:.2f} s of processor time; {allowed} s were allowed"

    return measure
