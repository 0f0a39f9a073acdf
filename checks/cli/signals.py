"""Signals: Ctrl-C, SIGTERM and SIGHUP end `hardmax` in order, whenever they come."""

import signal
import sys
import time
from _thread import interrupt_main, start_new_thread
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import Any

from checks.process import SIGNALS, leave

ONCE = 1.0
"""Seconds in which a signal that comes again is the same: `timeout` sends it to the process and to
its group."""

SOON = 0.01
"""Seconds after which a signal is raised again that could not be raised."""

POSTPONED = 100
"""How often a signal waits for an import; one of a user's files may never end."""

Handler = Callable[[int, FrameType | None], None]


class Interruption:
    """A context in which the signals raise `KeyboardInterrupt`; `signals` has their numbers.

    An import may lose or distort an exception, so that signals wait until it is done.
    """

    def __init__(self) -> None:
        self.signals: list[int] = []
        self._last = -ONCE
        self._postponed = 0
        self._stack = ExitStack()

    def __enter__(self) -> "Interruption":
        self._usual = sys.unraisablehook
        sys.unraisablehook = self._lost
        self._stack.callback(setattr, sys, "unraisablehook", self._usual)
        self._stack.enter_context(handled(self._interrupt))
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self.signals.append(number)
        if time.monotonic() - self._last <= ONCE:
            return
        if self._postponed < POSTPONED and _importing(frame):
            self._postponed += 1
            _soon(signal.Signals(number))
            return
        self._last = time.monotonic()
        raise KeyboardInterrupt

    def _lost(self, unraisable: Any) -> None:
        """An exception in a callback goes nowhere, as in Hypothesis's of the garbage collector."""
        if self.signals and issubclass(unraisable.exc_type, KeyboardInterrupt):
            self._last = -ONCE
            _soon(signal.Signals(self.signals[0]))
        else:
            self._usual(unraisable)


def _importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_name == "_find_and_load" and "importlib" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


def _soon(number: signal.Signals) -> None:
    """Raise the signal again, from a thread of `_thread`: those of `threading` take locks, which
    the code may hold that was interrupted.
    """

    def again() -> None:
        time.sleep(SOON)
        interrupt_main(number)

    start_new_thread(again, ())


@contextmanager
def handled(handler: Handler) -> Iterator[None]:
    """Let the handler have Ctrl-C, SIGTERM and SIGHUP.

    One that is ignored, as under `nohup`, or that somebody else handles, stays so.
    """
    before = {}
    usual = (signal.SIG_DFL, signal.default_int_handler, leave)
    with suppress(ValueError):  # only the main thread may handle signals
        for name in SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) in usual:
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, usually in before.items():
            signal.signal(number, usually)
