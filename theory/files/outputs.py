"""Outputs: files written whole or not at all. Every file that users ask for is written here.

A file under way is a draft beside it, ``.NAME.XXXXXXXXXXXXXXXX.new``, made anew (O_EXCL, so that no
link that lies there is followed) and locked while its writer lives. It takes the place of the file
in one step. What a killed writer has left is removed when the same file is written again.

A link to a file, or to nowhere, is replaced and not followed. Devices and pipes are written to as
they are; ``/dev/stdout`` is this process's own, whatever it leads to.

What others wrote is recognised by its lack of the mark that hardmax's own files bear (`is_drawn`,
`is_certificate`), and is left alone by whoever asks `replaceable` first.
"""

import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from errno import EINVAL
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    from fcntl import LOCK_EX, LOCK_NB, flock

LONGEST = 200
"""Bytes of a file's name that its drafts' names have."""

LINKS = 40
"""Links that lead to one another, at most."""

MARKS = (
    b'<meta name="generator" content="hardmax">',
    b"<dc:title>hardmax</dc:title>",
    b"Software\0hardmax",
)
"""What the pages, .svg and .png files that hardmax makes have in their first `HEAD` bytes."""

HEAD = 4096

MOST_BYTES = 2**28
"""No longer file is recognised as hardmax's own."""

FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def write(file: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file whole or not at all; text as UTF-8, with its line ends as they are.

    Raises the `OSError` that hinders, with the file as its ``filename``.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write(f"{folder}/a.txt", "α\\n")
    ...     Path(folder, "a.txt").read_bytes(), os.listdir(folder)
    (b'\\xce\\xb1\\n', ['a.txt'])
    """
    write_together({Path(file): content})


def write_together(files: Mapping[Path, str | bytes]) -> None:
    """Write files that belong together: all are complete before the first takes its place.

    They take their places in the given order. Raises the `OSError` that hinders, with the file as
    its ``filename``. Possible issues: what a device or a pipe has got cannot be taken back.
    """
    with ExitStack() as opened:
        complete = []
        for file, content in files.items():
            with _named(file):
                octets = _octets(content)
                stream = _existing(file)
                if stream is None:
                    complete.append((opened.enter_context(_draft(file, octets)), file))
                else:
                    with stream:
                        stream.write(octets)
        for draft, file in complete:
            with _named(file):
                draft.replace(file)


def write_new(file: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file that is not there yet, so that it outlasts a loss of power once it is.

    Raises `FileExistsError` for whatever is there, a link to nowhere too, and any other `OSError`
    that hinders.
    """
    place = Path(file)
    with _named(place), _draft(place, _octets(content), durable=True) as draft:
        os.link(draft, place)
        with suppress(OSError):  # where directories can be synchronised
            folder = os.open(place.absolute().parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def replaceable(file: Path, known: Callable[[bytes], bool]) -> bool:
    """Whether nothing of others is lost when the file is written.

    So it is where no file is, in an empty one, in one whose content is `known`, and in what is
    written to as it is, such as devices, pipes and this process's own output. Raises the `OSError`
    that keeps the file from being read.
    """
    if _descriptor(file) is not None or not file.is_file():
        return True
    with file.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    return not content or (len(content) <= MOST_BYTES and known(content))


def is_drawn(content: bytes) -> bool:
    """Whether hardmax made the page or picture.

    >>> is_drawn(b"<svg>"), is_drawn(b"<svg><dc:title>hardmax</dc:title>")
    (False, True)
    """
    return any(mark in content[:HEAD] for mark in MARKS)


def is_certificate(content: bytes) -> bool:
    """Whether it is a certificate, sound or not.

    >>> is_certificate(b'{"format": "hardmax-certificate"}'), is_certificate(b"[]")
    (True, False)
    """
    try:  # numbers stay text: Python would refuse the long ones
        stated = json.loads(content, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return isinstance(stated, dict) and stated.get("format") == "hardmax-certificate"


def sweep(file: Path) -> None:
    """Remove what killed writers of the file have left beside it; what others write now stays.

    Does nothing on Windows, which has no locks of this kind.
    """
    if sys.platform == "win32":
        return
    drafts = re.compile(re.escape(_beginning(file)) + r"[0-9a-f]{16}\.new")
    with suppress(OSError), os.scandir(file.parent) as entries:
        for name in [entry.name for entry in entries if drafts.fullmatch(entry.name)]:
            draft = file.with_name(name)
            with suppress(OSError):
                handle = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                try:
                    flock(handle, LOCK_EX | LOCK_NB)
                    draft.unlink()
                finally:
                    os.close(handle)


def _beginning(file: Path) -> str:
    return f".{os.fsdecode(os.fsencode(file.name)[:LONGEST])}."


@contextmanager
def _draft(file: Path, octets: bytes, durable: bool = False) -> Iterator[Path]:
    """A complete draft of the file, and no draft any more at the end."""
    sweep(file)
    draft, handle = _locked(file)
    try:
        with open(handle, "wb") as stream:
            stream.write(octets)
            stream.flush()
            if durable:
                os.fsync(handle)
            if sys.platform == "win32":
                stream.close()  # which could not be renamed otherwise
            yield draft
    finally:
        draft.unlink(missing_ok=True)


def _locked(file: Path) -> tuple[Path, int]:
    """An empty draft that was made anew, and its handle, which holds its lock."""
    while True:
        draft = file.with_name(f"{_beginning(file)}{os.urandom(8).hex()}.new")
        handle = os.open(draft, FLAGS, 0o666)
        if sys.platform != "win32":
            with suppress(OSError):  # a file system without locks
                flock(handle, LOCK_EX)
        if os.fstat(handle).st_nlink:
            return draft, handle
        os.close(handle)  # it was swept away before it was locked


def _existing(file: Path) -> BinaryIO | None:
    """What is there to be written to as it is, if it is: anything but a file."""
    number = _descriptor(file)
    if number is not None:
        return open(os.dup(number), "wb")
    try:
        kind = os.stat(file).st_mode
    except FileNotFoundError:
        return None
    return None if stat.S_ISREG(kind) else open(os.open(file, os.O_WRONLY), "wb")


def _descriptor(file: Path) -> int | None:
    """The number of this process's open file that a path such as /dev/stdout leads to."""
    place = os.path.abspath(file)
    for _ in range(LINKS):
        named = re.fullmatch(rf"/(?:dev|proc/self|proc/{os.getpid()})/fd/(\d+)", place)
        if named is not None:
            return int(named[1])
        if not os.path.islink(place):
            break
        place = os.path.normpath(os.path.join(os.path.dirname(place), os.readlink(place)))
    return None


def _octets(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


@contextmanager
def _named(file: Path) -> Iterator[None]:
    """Let whatever hinders name the file, not its draft."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(file), None
        raise
    except ValueError as error:
        raise OSError(EINVAL, str(error), str(file)) from None
