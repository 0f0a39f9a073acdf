"""Work in several processes: results in the order of the work, and a clean end, whoever ends it.

Worker processes never see Ctrl-C, nor a terminal that hangs up: the process that started them ends
them. Where that one is killed, each ends itself. Their standard output is stderr, for they print no
results.
"""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import active_children, get_context, parent_process
from threading import Thread
from typing import TypeVar

from theory import HardmaxError

ENDED = "a worker process ended before its work did: it was killed, or memory ran out"


class EndedError(HardmaxError):
    """A worker process ended before its work did."""

    def __init__(self) -> None:
        super().__init__(ENDED)


Work = TypeVar("Work")
Result = TypeVar("Result")

SAFE = "PYTHONSAFEPATH"
"""What tells a Python that starts to leave the current folder out of its path."""

AHEAD = 4
"""Pieces of work that are handed out for each process ahead of the one that is waited for."""


def ordered_map(
    function: Callable[[Work], Result], works: Iterable[Work], jobs: int, apart: bool = False
) -> Iterator[Result]:
    """The results of `function` on each piece of work, in order, computed in `jobs` processes.

    With one job everything runs in this process, unless it has to be `apart` from it. Otherwise
    the function has to be one of a module, and works and results have to pickle. Works are taken
    from their iterable only as fast as they are done. Whoever stops reading leaves no process
    behind.

    Raises `HardmaxError` if `jobs` < 1 or a process could not start, `EndedError` where one was
    killed, and whatever the function raises.
    """
    if jobs < 1:
        raise HardmaxError(f"jobs = {jobs}; at least 1 is wanted")
    if jobs == 1 and not apart:
        yield from map(function, works)
        return
    others = set(active_children())
    with _uninterrupted():  # it starts a process of its own, which tidies up
        executor = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_prepare)
    waiting: deque[Future[Result]] = deque()
    try:
        for work in works:
            with _uninterrupted(), _told():
                waiting.append(executor.submit(function, work))
            if len(waiting) >= AHEAD * jobs:
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())
    finally:  # nobody waits for what is under way, nor for what a user's file has left running
        for worker in set(active_children()) - others:
            worker.kill()
        executor.shutdown(cancel_futures=True)


def _result(future: "Future[Result]") -> Result:
    try:
        return future.result()
    except BrokenProcessPool:
        raise EndedError from None


@contextmanager
def _told() -> Iterator[None]:
    """Tell what keeps a process from being started or from being reached."""
    try:
        yield
    except (BrokenProcessPool, BrokenPipeError):
        raise EndedError from None
    except OSError as error:
        raise HardmaxError(f"a worker process cannot start: {error.strerror or error}") from None


def _prepare() -> None:
    """Print on stderr, and end as soon as the process that started this one is gone."""
    with suppress(OSError):  # there may be no stderr
        os.dup2(2, 1)
    parent, leave = parent_process(), os._exit
    if parent is not None:

        def follow() -> None:
            parent.join()
            leave(1)

        Thread(target=follow, daemon=True).start()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and hanging up back; processes started meanwhile never see either.

    Nor do they import what lies in the current folder, where a user's ``random.py`` may be.
    """
    safe = os.environ.get(SAFE)
    os.environ[SAFE] = "1"
    try:
        with _masked():
            yield
    finally:
        if safe is None:
            del os.environ[SAFE]
        else:
            os.environ[SAFE] = safe


@contextmanager
def _masked() -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
