"""Settings shared by all tests: the Hypothesis profiles, and a bound on the time of a decision."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import process_time

import pytest
from hypothesis import settings

settings.register_profile("hardmax", deadline=None, print_blob=True)
settings.register_profile("hardmax-ci", settings.get_profile("hardmax"), derandomize=True)
settings.load_profile("hardmax-ci" if os.environ.get("CI") else "hardmax")


@pytest.fixture
def within() -> Callable[[float], AbstractContextManager[None]]:
    """`with within(seconds):` fails if the block takes more processor time."""

    @contextmanager
    def measure(seconds: float) -> Iterator[None]:
        start = process_time()
        yield
        spent = process_time() - start
        assert spent < seconds, f"{spent:.2f} s of processor time; {seconds} s were allowed"

    return measure
