"""What every command shares: exit statuses, notices, and output that survives a closed pipe."""

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from checks.cli.words import printable

if TYPE_CHECKING:
    from rich.console import RenderableType


class Status(IntEnum):
    """The exit statuses of `hardmax`; its --help lists them."""

    CHECKED = 0
    REFUTED = 1
    BAD_INPUT = 2
    INCONCLUSIVE = 3
    INTERNAL_ERROR = 70
    INTERRUPTED = 130
    CLOSED_PIPE = 141


class Interrupted(KeyboardInterrupt):
    """A command that was interrupted has told what it had; the words go on after "interrupted"."""


EXIT_STATUSES = {
    Status.CHECKED: "everything was checked and came out as declared",
    Status.REFUTED: "a claim was refuted that should hold, or failed; or a certificate rejected",
    Status.BAD_INPUT: "bad input or usage, or output that cannot be written",
    Status.INCONCLUSIVE: "inconclusive: undecided within the budget, vacuous, or nothing to check",
    Status.INTERNAL_ERROR: "internal error, a fault of hardmax itself",
    Status.INTERRUPTED: "interrupted (by SIGHUP 129, by SIGTERM 143)",
    Status.CLOSED_PIPE: "the reader of the output went away",
}
"""The end of `hardmax --help`."""

ELSEWHERE = "`hardmax --help` tells what the exit statuses mean."
"""The end of every command's --help."""


def spare(
    read: Iterable[str | Path | None], written: Mapping[str, Path | None], force: bool = False
) -> None:
    """Raise `HardmaxError` where an option would write over a file that is read, that another
    option writes, or, unless by `force`, that hardmax did not make.
    """
    from theory.exact import HardmaxError
    from theory.files.outputs import is_certificate, is_drawn, replaceable

    taken = {Path(file).resolve(): str(file) for file in read if file is not None}
    for option, file in written.items():
        if file is not None:
            place = file.resolve()
            if place in taken:
                raise HardmaxError(f"{option} {file}: that would overwrite {taken[place]}")
            taken[place] = str(file)
            known = is_certificate if option == "--certificate" else is_drawn
            try:
                lost = not force and not replaceable(file, known)
            except OSError as error:
                raise HardmaxError(f"{option} {file}: {error.strerror or error}") from None
            if lost:
                raise HardmaxError(
                    f"{option} {file}: hardmax did not make what is there; --force replaces it"
                )


def notice(message: str) -> None:
    """Tell the user something on stderr, in one line."""
    with suppress(OSError):  # when stderr is gone too, there is nobody left to tell
        typer.echo(printable(message), err=True)


def complain(place: str, error: Exception) -> None:
    """Tell what is wrong with one of several inputs; the others go on."""
    notice(f"hardmax: {place}: {'out of memory' if isinstance(error, MemoryError) else error}")


def show(*parts: "RenderableType") -> None:
    """Print text and tables on stdout, in colour on a terminal, else with no blanks at ends."""
    from checks.cli.screen import Screen  # it needs rich

    console = Screen(highlight=False)
    with console.capture() as captured:
        for part in parts:
            console.tell(part)
    words = captured.get()
    if not console.is_terminal:
        words = "\n".join([line.rstrip(" ") for line in words.split("\n")])
    typer.echo(words, nl=False)


def prepare_streams() -> bool:
    """Let stdout spell out what its encoding lacks; False if there is no stdout to write to."""
    if sys.stdout is None:
        return False
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    return True


def release_streams() -> None:
    """Write out what is left; drop what a broken stream holds, lest Python complain at its end."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            try:
                stream.flush()
            except OSError:
                _discard(stream)


def _discard(stream: TextIO) -> None:
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
