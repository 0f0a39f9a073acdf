"""Opening what a user names: files of text that neither hang, nor flood, nor read wrongly.

    opened   a file's text, unpacked while it is read, within `MOST_BYTES`
    lines    its lines with their numbers; nothing but a line feed ends one
    regular  a descriptor of a file that is a file, not a device, a pipe or a socket
    telling  one line of whatever keeps a file from being read

Text is UTF-8. A byte-order mark at the beginning of a line is dropped, whatever the kind of file:
files that were put one behind the other have several.
"""

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import stat
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO, Any, BinaryIO

from theory.exact import HardmaxError

MOST_BYTES = 2**29
"""Bytes of a file that are read at most, counted as they come out of it unpacked."""

MOST_PACKED = 100
EASY_BYTES = 2**24
"""Beyond `EASY_BYTES` a packed byte may unpack to so many: no text is packed better."""

MOST_LINES = 6_000_000
"""Lines of a file at most: more would want many gigabytes of memory."""

LONGEST_LINE = 20_000_000
"""Characters of a line at most."""

BYTE_ORDER_MARK = "\ufeff"

PACKED: Mapping[str, Callable[..., Any]] = {
    ".gz": gzip.open,
    ".bz2": bz2.open,
    ".xz": lzma.open,
}
"""What unpacks a file, by its suffix."""


class _Bounded(io.RawIOBase):
    """The bytes of a stream, with an error once they are too many for the file that they are in."""

    def __init__(self, path: Path, file: BinaryIO, stream: BinaryIO) -> None:
        self._path, self._file, self._stream, self._count = path, file, stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._count += len(data)
        if self._count > MOST_BYTES:
            raise HardmaxError(f"{self._path}: more than {MOST_BYTES >> 20} MiB; give a part of it")
        if self._count > max(EASY_BYTES, MOST_PACKED * self._file.tell()):
            raise HardmaxError(
                f"{self._path}: unpacks to more than {MOST_PACKED} times its size; no text does"
            )
        buffer[: len(data)] = data
        return len(data)


def regular(path: Path) -> int:
    """A descriptor of the file, open for reading.

    Raises `HardmaxError` for what is no regular file, without waiting for a pipe's other end, and
    `OSError` for what cannot be opened.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    kind = os.fstat(handle).st_mode
    if stat.S_ISREG(kind):
        return handle
    os.close(handle)
    if stat.S_ISDIR(kind):
        raise HardmaxError(f"{path}: cannot be read: a folder, and a file was wanted")
    raise HardmaxError(
        f"{path}: cannot be read: a device, a pipe or a socket, and a file was wanted"
    )


@contextmanager
def opened(path: Path, errors: str = "strict") -> Iterator[IO[str]]:
    """The text of a file, unpacked if its suffix says that it is packed.

    `errors` says what becomes of bytes that are not UTF-8, as `open` has it.

    Raises `HardmaxError` as `telling` does, and for UTF-16, which some programs call Unicode.
    """
    with telling(path), os.fdopen(regular(path), "rb") as file:
        kind = path.suffix.lower()
        stream = PACKED[kind](file) if kind in PACKED else file
        with stream, io.BufferedReader(_Bounded(path, file, stream)) as raw:
            start = raw.peek(4)[:4]
            if start[:2] in {b"\xff\xfe", b"\xfe\xff"} or 0 in start:
                raise HardmaxError(f"{path}: not UTF-8 but UTF-16, or no text; convert it first")
            with io.TextIOWrapper(raw, "utf-8", errors, newline="\n") as text:
                yield text


def lines(path: Path, text: IO[str], start: str = "") -> Iterator[tuple[int, str]]:
    """The lines with their numbers from 1, each with its end; `start` was read of the first.

    Neither a bare carriage return nor any of the characters that `str.splitlines` splits at ends a
    line. Raises `HardmaxError` for a line that is too long.
    """
    for number in count(1):
        line = start if start.endswith("\n") else start + text.readline(LONGEST_LINE)
        if len(line) >= LONGEST_LINE:
            raise HardmaxError(f"{path}: line {number} has {LONGEST_LINE:,} characters and more")
        if not line:
            return
        if number > MOST_LINES:
            raise HardmaxError(f"{path}: more than {MOST_LINES:,} lines; give a part of it")
        yield number, line.lstrip(BYTE_ORDER_MARK)
        start = ""


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Make one line, a `HardmaxError`, of whatever keeps a file from being read."""
    try:
        yield
    except HardmaxError:
        raise
    except UnicodeDecodeError as error:
        raise HardmaxError(
            f"{path}: not UTF-8 (byte {error.object[error.start]:#04x}); convert it first"
        ) from None
    except json.JSONDecodeError as error:
        raise HardmaxError(f"{path}: not JSON: {error.msg} (line {error.lineno})") from None
    except csv.Error as error:
        raise HardmaxError(f"{path}: not a table: {error}") from None
    except (RecursionError, ValueError):
        raise HardmaxError(f"{path}: JSON nested too deep, or a number too long") from None
    except MemoryError:
        raise HardmaxError(f"{path}: not enough memory to read it; give a part of it") from None
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise HardmaxError(f"{path}: cannot be read: {reason}") from None
