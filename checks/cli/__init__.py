"""The command line `hardmax`: one module a command, listed in `checks.cli.application`.

Nothing else in the project prints. A command writes its findings on stdout and everything else on
stderr (`checks.cli.terminal`), lets `HardmaxError` through for bad input, and ends with
``raise typer.Exit(status)`` unless its status is 0.

`main` is where the program starts. This module imports the standard library only, so that no signal
finds it before it is ready; what takes long to import, it imports when it runs.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

ONCE = 1.0
"""Seconds in which a signal that comes again is the same: `timeout` sends it to the process and to
its group."""

Handler = Callable[[int, FrameType | None], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `hardmax` with the given arguments (those of the process if None); the exit status.

    Whatever happens ends in a status, with at most one line about it on stderr. SIGTERM and SIGHUP
    end the command as Ctrl-C does; the status tells which it was.
    """
    with _handled(_leave):
        from checks.cli.application import prepare, run

        prepare()
    received: list[int] = []
    with _handled(_interrupting(received)):
        status = run(arguments)
    return 128 + received[0] if received and status == 128 + signal.SIGINT else status


def _leave(number: int, frame: FrameType | None) -> None:
    """End at once: nothing is begun yet, and imports can lose or distort an exception."""
    with suppress(OSError):
        os.write(2, b"hardmax: interrupted\n")
    os._exit(128 + number)


def _interrupting(received: list[int]) -> Handler:
    """What raises `KeyboardInterrupt`, and adds the number of the signal to the list."""
    last = -ONCE

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal last
        received.append(number)
        if time.monotonic() - last > ONCE:
            last = time.monotonic()
            raise KeyboardInterrupt

    return interrupt


@contextmanager
def _handled(handler: Handler) -> Iterator[None]:
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
