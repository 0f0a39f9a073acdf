"""What a file is and what stands in it: its kind, its bytes (unpacked, within bounds), its text.

A kind is the last part of a name, `.gz` apart: `KINDS`. A file without one, like standard input, is
JSON unless its reader says otherwise. Whatever is wrong becomes one `InputError` of one line.
"""

import gzip
import io
import os
import sys
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, TypeAlias

from flint import fmpq

from theory.exact import HardmaxError, shorten

MAX_BYTES = 1 << 26
"""The longest file that is read, and the longest that a packed one may unpack to."""

MAX_NUMBERS = 1 << 20
"""The most numbers that are read from one file; a token costs far more memory than its spelling."""

ROW_BYTES, NUMBER_BYTES = 300, 150
"""More than the memory that a row, and a number in it, take while they are read."""

STDIN = "-"
"""The path that stands for standard input."""

TABLES = ("csv", "tsv", "txt")
"""Texts of one token a row."""

ARRAYS = ("npy", "npz")
"""NumPy's files."""

KINDS = ("json", "jsonl", *TABLES, *ARRAYS)
"""What is read, each perhaps packed by gzip."""

Rows: TypeAlias = list[list[fmpq]]

Tell: TypeAlias = Callable[[str], object]
"""Takes a remark of one line on what a reader has skipped."""

_GZIP = b"\x1f\x8b"

_MARKS = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
"""Byte-order marks of encodings that are refused."""


class InputWarning(UserWarning):
    """A remark on what was skipped in a file, for those whose call has no `tell`.

    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     with telling(None, "a.csv") as tell:
    ...         tell("header skipped")
    >>> told[0].category.__name__, str(told[0].message)
    ('InputWarning', 'a.csv: header skipped')
    """


class InputError(HardmaxError):
    """A file does not state what it should: the message names file, place and cause.

    >>> kind_of("tokens.docx")
    Traceback (most recent call last):
        ...
    theory.files.sources.InputError: tokens.docx: unknown kind of file; .json, .jsonl, ...
    """


def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs of JSON. Raises `ValueError` where a key is given twice.

    >>> once([("a", 1), ("b", 2)])
    {'a': 1, 'b': 2}
    """
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("a key is given twice")
    return content


def bound(count: int) -> None:
    """Raise `InputError` if a file holds too many numbers, before they are made."""
    if count > MAX_NUMBERS:
        raise InputError(f"more than {MAX_NUMBERS} numbers")


def room(numbers: int, rows: int) -> None:
    """Raise `InputError` if there is no memory for what a file holds, before it is made.

    Python may hang where the last byte is gone: unwinding allocates, fails, and unwinds again.
    """
    try:
        bytes(ROW_BYTES * rows + NUMBER_BYTES * numbers)  # claimed, not touched, and let go
    except MemoryError:
        raise InputError("out of memory") from None


def ignore(remark: str) -> None:
    """Tell nobody."""


@contextmanager
def telling(tell: Tell | None, called: str) -> Iterator[Tell]:
    """Takes remarks on the file of that name, for `tell`, or for one `InputWarning` at the end.

    The warning points at the caller of the function that uses this in a `with` statement.
    """
    if tell is not None:
        yield lambda words: tell(f"{called}: {words}")
        return
    remarks: list[str] = []
    yield remarks.append
    if remarks:
        warnings.warn(f"{called}: {'; '.join(remarks)}", InputWarning, stacklevel=4)


@contextmanager
def at(place: str) -> Iterator[None]:
    """Put the place before the message of whatever is wrong there."""
    try:
        yield
    except HardmaxError as error:
        raise InputError(f"{place}: {error}") from None
    except MemoryError:
        raise InputError(f"{place}: out of memory") from None


def display_name(path: str | os.PathLike[str]) -> str:
    """A path as it is called in a message of one line.

    >>> display_name("a.json"), display_name("a\\nb.json"), display_name("-")
    ('a.json', "'a\\\\nb.json'", 'standard input')
    """
    place = os.fspath(path)
    if place == STDIN:
        return "standard input"
    return place if place.isprintable() else repr(place)


def kind_of(path: str | os.PathLike[str], format: str | None = None) -> str:
    """The kind of a file: `format` if given, else by its name; "" where the name does not tell.

    Raises `InputError` for a name that ends like no kind that is read.

    >>> kind_of("a.csv"), kind_of("A.NPY.gz"), kind_of("-"), kind_of("-", "txt")
    ('csv', 'npy', '', 'txt')
    """
    place = os.fspath(path)
    if format is not None:
        if format not in KINDS:
            raise InputError(f"{shorten(repr(format))} is no format; one of {_list()} was wanted")
        return format
    if place == STDIN:
        return ""
    name = PurePath(place)
    suffix = PurePath(name.stem if name.suffix.lower() == ".gz" else name).suffix.lower()[1:]
    if suffix and suffix not in KINDS:
        raise InputError(
            f"{display_name(place)}: unknown kind of file; {_list('.')} was wanted, or one of "
            "them with .gz"
        )
    return suffix


def _list(mark: str = "") -> str:
    *others, last = [f"{mark}{kind}" for kind in KINDS]
    return f"{', '.join(others)} or {last}"


def read_bytes(place: str) -> bytes:
    """The bytes of a file, unpacked if it is packed; raises `InputError` without its name."""
    try:
        if place == STDIN:
            if sys.stdin is None:
                raise InputError("it is closed")
            content = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with open(place, "rb") as file:
                content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(error.strerror or str(error)) from None
    except ValueError as error:  # a path that holds a null character, or a closed stream
        raise InputError(str(error)) from None
    if len(content) > MAX_BYTES:
        raise InputError(f"longer than {MAX_BYTES >> 20} MiB")
    if content.startswith(_GZIP):
        content = _unpacked(content)
    elif content and place.lower().endswith(".gz"):
        raise InputError("not a gzip file")
    if not content.strip():
        raise InputError("the file is empty")
    return content


def _unpacked(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            unpacked = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"a damaged gzip file: {shorten(str(error))}") from None
    if len(unpacked) > MAX_BYTES:
        raise InputError(f"unpacks to more than {MAX_BYTES >> 20} MiB")
    return unpacked


def as_text(content: bytes) -> str:
    """The text that the bytes spell in UTF-8, without the byte-order mark that some editors put.

    >>> as_text("\\ufeffα".encode())
    'α'
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            raise InputError(f"a text in {encoding}; UTF-8 was wanted")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"0x{content[error.start]:02x}"
        raise InputError(f"not a text in UTF-8: byte {error.start} is {byte}") from None
