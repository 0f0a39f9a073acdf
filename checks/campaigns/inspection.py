"""Inspection: whether a file is a sound store of this version, found out without writing to it.

The header is read first, which tells a store from other files and from other versions; then SQLite
checks its structure, every index against its table; the schema has to be that of a store, to the
letter, since a trigger could change what is kept; and the digest of every campaign and of every
unit is compared. A file that fails is left as it is, byte for byte, and so is its write-ahead log.
"""

import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from checks.campaigns.records import RecordError, arguments
from theory import HardmaxError
from theory.files.sources import display_name

APPLICATION = 0x686D6178
"""The application_id of a store: "hmax" in ASCII."""

VERSION = 1
"""The user_version of a store: that of `SCHEMA`."""

SCHEMA = """
CREATE TABLE campaigns (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    arguments TEXT NOT NULL,
    begun TEXT NOT NULL
);
CREATE TABLE units (
    campaign INTEGER NOT NULL REFERENCES campaigns (id),
    place INTEGER NOT NULL,
    record TEXT NOT NULL,
    digest TEXT NOT NULL,
    UNIQUE (campaign, place)
);
CREATE VIEW tallies AS
    SELECT
        units.campaign AS campaign,
        units.place AS place,
        json_extract(units.record, '$.unit.source') AS source,
        json_extract(units.record, '$.unit.seed') AS seed,
        held.key AS claim,
        json_extract(held.value, '$.examples') AS examples,
        json_extract(held.value, '$.applicable') AS applicable,
        json_extract(held.value, '$.undecided') AS undecided,
        json_extract(held.value, '$.failed') IS NOT NULL AS failed,
        json_extract(held.value, '$.witness') AS witness,
        json_extract(held.value, '$.explanation') AS explanation
    FROM units, json_each(units.record, '$.tallies') AS held;
"""
"""The tables of a store. `record` is the text of `checks.campaigns.records`, `arguments` is
JSON."""

MAGIC = b"SQLite format 3\0"
HEADER = 100
"""The length of an SQLite header; user_version stands at byte 60, application_id at byte 68."""


class StoreError(HardmaxError):
    """A file that is no sound store, or that cannot be read or written, in one line."""


def inspect(path: Path) -> None:
    """Raise `StoreError` unless `path` is a sound store of this version."""
    _look_at_header(path)
    before = os.stat(path)
    try:
        _look_inside(path)
    except (StoreError, sqlite3.Error, UnicodeError):
        after = os.stat(path)
        if not _has_log(path) and _mark(before) == _mark(after):
            raise
        _look_inside(path)  # another process wrote meanwhile; its log is heeded this time


def canonical(arguments: dict[str, Any]) -> str:
    """Arguments as text, equal for equal arguments."""
    return json.dumps(arguments, sort_keys=True, separators=(",", ":"))


def campaign_digest(arguments: str) -> str:
    """What identifies a campaign."""
    return sha256(arguments.encode()).hexdigest()


def unit_digest(campaign: str, place: int, record: str) -> str:
    """What tells a record that was changed, or stands in another's place."""
    return sha256(f"{campaign}:{place}:{record}".encode()).hexdigest()


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Tell in one line what SQLite and the operating system say of the store at `path`."""
    name = display_name(path)
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_words(name, error)) from None
    except UnicodeError:
        raise damaged(path, "a text in it is none") from None
    except OSError as error:
        raise StoreError(f"{name}: {error.strerror or error}") from None


def _words(name: str, error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return f"{name} is damaged: {error}; it is left as it is"
    if code == sqlite3.SQLITE_CANTOPEN:
        return f"{name}: cannot be opened: no such directory, or no right to write there"
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY):
        return f"{name}: cannot be written: {error}; what was kept before stays"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"{name}: another program keeps it locked"
    return f"{name}: {error}"


def _look_at_header(path: Path) -> None:
    name = display_name(path)
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise StoreError(f"{name} is not a file, and so no store of campaigns")
    with path.open("rb") as file:
        header = file.read(HEADER)
    if not header.startswith(MAGIC):
        what = "is not an SQLite database" if header else "is empty"
        raise StoreError(f"{name} {what}, and so no store of campaigns; it is left as it is")
    if len(header) < HEADER:
        raise damaged(path, "it ends within its header")
    version, application = (int.from_bytes(header[i : i + 4]) for i in (60, 68))
    if application != APPLICATION:
        raise StoreError(f"{name} is a database of another program; it is left as it is")
    if version != VERSION:
        age = "an older" if version < VERSION else "a newer"
        raise StoreError(
            f"{name} is a store of {age} hardmax: it has format {version}, and this one reads "
            f"{VERSION}; it is left as it is"
        )


def _look_inside(path: Path) -> None:
    """Check structure and digests through a connection that writes nothing, not even a log."""
    mode = "mode=ro" if _has_log(path) else "mode=ro&immutable=1"
    address = f"{path.absolute().as_uri()}?{mode}"
    with closing(sqlite3.connect(address, uri=True, timeout=60, isolation_level=None)) as reader:
        reader.text_factory = _lenient
        reader.execute("BEGIN")
        (sound,) = reader.execute("PRAGMA integrity_check(1)").fetchone()
        if sound != "ok":
            raise damaged(path, sound)
        _compare_schema(path, reader)
        digests = {}
        for number, digest, text in reader.execute("SELECT id, digest, arguments FROM campaigns"):
            if digest != campaign_digest(text):
                raise damaged(path, f"campaign {number} does not match its digest")
            try:
                arguments(text)
            except RecordError as error:
                raise damaged(path, f"campaign {number}: {error}") from None
            digests[number] = digest
        for number, place, record, digest in reader.execute(
            "SELECT campaign, place, record, digest FROM units"
        ):
            if number not in digests or digest != unit_digest(digests[number], place, record):
                raise damaged(path, f"unit {place} of campaign {number} does not match its digest")


def _compare_schema(path: Path, reader: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript(SCHEMA)
        wanted = _schema(fresh)
    here = _schema(reader)
    for name in sorted(wanted.keys() - here.keys(), reverse=True):
        raise damaged(path, f"it has no {name}")
    for name in sorted(name for name, text in here.items() if wanted.get(name) != text):
        raise damaged(path, f"the {name} in it is not hardmax's")


def _schema(connection: sqlite3.Connection) -> dict[str, tuple[str, str | None]]:
    """Everything in the file by kind and name: its table, and its text in SQL."""
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")
    return {f"{kind} {name!r}": (table, text) for kind, name, table, text in rows}


def _lenient(text: bytes) -> str:
    """Damaged text is read all the same, and then does not match its digest."""
    return text.decode(errors="replace")


def damaged(path: Path, how: str) -> StoreError:
    """The error of a file that is damaged so."""
    words = " ".join(how.split())
    return StoreError(f"{display_name(path)} is damaged: {words}; it is left as it is")


def _has_log(path: Path) -> bool:
    return os.path.exists(f"{os.path.realpath(path)}-wal")


def _mark(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
