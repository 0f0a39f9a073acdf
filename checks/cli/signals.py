"""Signals: Ctrl-C, SIGTERM and SIGHUP end `hardmax` in order, whenever they come."""

import os
import signal
import sys
import time
from _thread import interrupt_main
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Timer
from types import FrameType
from typing import Any

ONCE = 1.0
"""Seconds in which a signal that comes again is the same: `timeout` sends it to the process and to
its group."""

Handler = Callable[[int, FrameType | None], None]


def leave(number: int, frame: FrameType | None) -> None:
    """End at once: nothing is begun yet, and imports can lose or distort an exception."""
    with suppress(OSError):
        os.write(2, b"hardmax: interrupted\n")
    os._exit(128 + number)


class Interruption:
    """A context in which the signals raise `KeyboardInterrupt`; `signals` has their numbers."""

    def __init__(self) -> None:
        self.signals: list[int] = []
        self._last = -ONCE
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
        if time.monotonic() - self._last > ONCE:
            self._last = time.monotonic()
            raise KeyboardInterrupt

    def _lost(self, unraisable: Any) -> None:
        """An exception in a callback goes nowhere, as in Hypothesis's of the garbage collector."""
        if self.signals and issubclass(unraisable.exc_type, KeyboardInterrupt):
            self._last = -ONCE
            Timer(0.01, interrupt_main, self.signals[:1]).start()
        else:
            self._usual(unraisable)


@contextmanager
def handled(handler: Handler) -> Iterator[None]:
    """Let the handler have Ctrl-C, SIGTERM and SIGHUP.

    One that is ignored, as under `nohup`, or that somebody else handles, stays so.
    """
    before = {}
    usual = (signal.SIG_DFL, signal.default_int_handler)
    with suppress(ValueError):  # only the main thread may handle signals
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) in usual:
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, usually in before.items():
            signal.signal(number, usually)
