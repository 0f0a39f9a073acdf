"""Settings shared by all tests: the Hypothesis profiles, signals, and a bound on processor time."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import process_time

import pytest
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
