"""Foreign code: running a user's file or statement, so that what it does is never taken for ours.

Whatever it raises is an error of its own, which `blame` tells in one line; `interrupted` tells the
one exception that is not: that of a signal. What it prints goes to stderr, which it cannot close or
replace, `os._exit` raises, and the current folder and other settings of the process are afterwards
what they were. What only another process withstands, the command line leaves to one
(`checks.campaigns.pool`).
Modules beside the file can be imported, after those of Python and of every installed package, so
that they replace none.
"""

import io
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from multiprocessing import parent_process
from pathlib import Path
from typing import NoReturn, TextIO

import numpy as np
from hypothesis.errors import HypothesisDeprecationWarning

from theory.exact import shorten

OWN = ("theory", "checks", "sentiment", "hardmax", "__main__")
"""Packages that are not the user's, wherever they lie."""

LONGEST = 300
"""Characters of an error's message that are told."""


def interrupted(error: BaseException) -> bool:
    """Whether the error is the interruption of this process by a signal.

    Worker processes never see Ctrl-C. Elsewhere the handler that raised stands at the end of the
    traceback, unless it is Python's own, which leaves no trace and is believed.
    """
    if not isinstance(error, KeyboardInterrupt) or parent_process() is not None:
        return False
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    if signal.default_int_handler in handlers:
        return True
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    codes = [getattr(handler, "__code__", None) for handler in handlers]
    return last is not None and last.tb_frame.f_code in codes


def blame(error: BaseException, file: Path | None = None) -> str:
    """The error in one line, with the last line of code that it passed through.

    With `file` it is the last line of that file, if the error passed through it at all.
    """
    frames: list[traceback.FrameSummary] = list(traceback.extract_tb(error.__traceback__))
    if file is not None:
        frames = [frame for frame in frames if Path(frame.filename) == file] or frames
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    if isinstance(error, SyntaxError):
        where = f" at {Path(error.filename or '?').name}:{error.lineno}"
    words = said(error)
    return f"{type(error).__name__}{f': {words}' if words else ''}{where}"


def said(error: BaseException) -> str:
    """The message of an error, whose making is foreign code too."""
    try:
        return shorten(error.msg if isinstance(error, SyntaxError) else str(error), LONGEST)
    except BaseException as again:
        if interrupted(again):
            raise
        return "its message cannot be made"


class Lent(io.TextIOBase):
    """A stream for foreign code to print on; closing or changing it leaves the one below alone."""

    def __init__(self, stream: TextIO | None) -> None:
        self.stream: TextIO = io.StringIO() if stream is None else stream

    def write(self, text: str) -> int:
        if self.closed:
            raise ValueError("the stream is closed")
        return self.stream.write(text)

    def flush(self) -> None:
        if not self.closed:
            self.stream.flush()

    def fileno(self) -> int:
        return self.stream.fileno()

    def isatty(self) -> bool:
        return self.stream.isatty()

    def writable(self) -> bool:
        return True


@contextmanager
def contained() -> Iterator[None]:
    """Run foreign code: what it prints goes to stderr, and `os._exit` raises `SystemExit`.

    The streams, the current folder, the filters of warnings, NumPy's way with errors, and a limit
    of recursion that was lowered are afterwards what they were. Hypothesis's `assume`, which a
    statement may use, is not warned of.
    """
    leave, process = os._exit, os.getpid()
    lent = Lent(sys.stderr)

    def refuse(status: int) -> NoReturn:
        if os.getpid() != process:  # a process that the foreign code has forked
            leave(status)
        raise SystemExit(f"os._exit({status})")

    os._exit = refuse
    try:
        with (
            _settings(),
            warnings.catch_warnings(),
            np.errstate(),
            redirect_stdout(lent),
            redirect_stderr(lent),
        ):
            warnings.filterwarnings("ignore", "Using `assume`", HypothesisDeprecationWarning)
            yield
    finally:
        os._exit = leave


@contextmanager
def _settings() -> Iterator[None]:
    """Put back the current folder, if there is one, and a limit of recursion that was lowered."""
    folder, limit = None, sys.getrecursionlimit()
    with suppress(OSError):
        folder = os.getcwd()
    try:
        yield
    finally:
        sys.setrecursionlimit(max(limit, sys.getrecursionlimit()))
        if folder is not None:
            with suppress(OSError):
                os.chdir(folder)


def beside(folder: Path, former: Iterable[Path]) -> None:
    """Let modules in `folder` be imported, and those in no `former` folder any more."""
    for other in former:
        if other != folder:
            for name in helpers(other):
                del sys.modules[name]
            sys.path[:] = [entry for entry in sys.path if entry != str(other)]
    if str(folder) not in sys.path:
        sys.path.append(str(folder))


def helpers(folder: Path) -> dict[str, Path]:
    """The modules that were imported from `folder` by their names, with their files."""
    files = {}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and name.partition(".")[0] not in OWN:
            stem = folder.joinpath(*name.split("."))
            if Path(file) in (stem.with_name(f"{stem.name}.py"), stem / "__init__.py"):
                files[name] = Path(file)
    return files
