"""Signals: Ctrl-C, SIGTERM and SIGHUP end `hardmax` in order, whenever they come."""

import os
import signal
import sys
import time
from _thread import interrupt_main, start_new_thread
from collections.abc import Callable
from contextlib import suppress
from types import CodeType, FrameType
from typing import Any, ParamSpec, TypeVar

from checks.process import SIGNALS, leave

ONCE = 1.0
"""Seconds in which a signal that comes again is the same: `timeout` sends it to the process and to
its group."""

SOON = 0.01
"""Seconds after which is raised what could not be raised."""

POSTPONED = 100
"""How often a signal waits for an import; one of a user's files may never end."""

ECHO = getattr(signal, "SIGURG", signal.SIGABRT)
"""A signal of our own, for what could not be raised: one that nobody sends, so that it is never
taken for another that the user sends."""

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Interruption:
    """The signals' handler: they raise `KeyboardInterrupt` in what `call` calls, and nowhere else.

    Outside it they end the process, at once. `signals` has the numbers of those that came. An
    import may lose or distort an exception, so that in one they wait until it is done. One that is
    ignored, as under `nohup`, or that somebody else handles, stays so. The context gives them back
    where it is left, unless it has them `to_the_end` of the process.
    """

    def __init__(self, to_the_end: bool = False) -> None:
        self._to_the_end = to_the_end
        self.signals: list[int] = []
        self._telling = self._told = False
        self._last = -ONCE
        self._owed = False
        self._postponed = 0
        self._before: dict[int, Any] = {}
        self._usual = sys.unraisablehook

    def __enter__(self) -> "Interruption":
        sys.unraisablehook = self._lost
        usual = (signal.SIG_DFL, signal.default_int_handler, leave)
        numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
        with suppress(ValueError):  # only the main thread may handle signals
            for number in (ECHO, *numbers):
                if signal.getsignal(number) in usual:
                    self._before[number] = signal.signal(number, self._interrupt)
        return self

    def __exit__(self, *error: object) -> None:
        if self._to_the_end:
            return
        for number, usually in self._before.items():
            signal.signal(number, usually)
        sys.unraisablehook = self._usual

    def call(
        self, function: Callable[Given, Result], *given: Given.args, **named: Given.kwargs
    ) -> Result:
        """The function's result, if no signal came. Whoever handles an interruption raises it on.

        Whether a signal raises is asked of the frames, so that no moment is left, before or after,
        at which the exception would find nobody to catch it.
        """
        result = function(*given, **named)
        if self.signals:  # it still waits for an import, or the exception was lost
            raise KeyboardInterrupt
        return result

    def tell(
        self, function: Callable[Given, Result], *given: Given.args, **named: Given.kwargs
    ) -> Result:
        """The function's result, after which the user knows how the process ends.

        A signal adds no line to that: one that comes meanwhile is too late, and a later one ends
        what a reader keeps waiting.
        """
        self._telling = True
        result = function(*given, **named)
        self._told = True
        return result

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        inside = _within(frame, Interruption.call.__code__)
        if number == ECHO:
            if not (inside and self._owed):
                return
        else:
            self.signals.append(number)
            again = time.monotonic() - self._last <= ONCE
            if not inside:
                self._outside(again)
            if not inside or again or self._owed:
                return
        self._owed = True
        if self._postponed < POSTPONED and _importing(frame):
            self._postponed += 1
            _soon()
            return
        self._last = time.monotonic()
        self._owed = False
        raise KeyboardInterrupt

    def _outside(self, again: bool) -> None:
        """End at once where nothing is begun yet, or all is done; `tell` says how."""
        if not self._telling:
            leave(self.signals[0], None)
        if self._told and not again:
            os._exit(128 + self.signals[0])

    def _lost(self, unraisable: Any) -> None:
        """An exception in a callback goes nowhere, as in Hypothesis's of the garbage collector."""
        if self.signals and issubclass(unraisable.exc_type, KeyboardInterrupt):
            self._owed = True
            _soon()
        else:
            self._usual(unraisable)


def _within(frame: FrameType | None, code: CodeType) -> bool:
    while frame is not None:
        if frame.f_code is code:
            return True
        frame = frame.f_back
    return False


def _importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_name == "_find_and_load" and "importlib" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


def _soon() -> None:
    """Raise what is owed, from a thread of `_thread`: those of `threading` take locks, which the
    code may hold that was interrupted.
    """

    def again() -> None:
        time.sleep(SOON)
        interrupt_main(ECHO)

    start_new_thread(again, ())
