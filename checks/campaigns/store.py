"""Stores: campaigns kept in an SQLite file, so that they can go on after anything.

A store holds any number of campaigns. A campaign is identified by its seed, its number of examples,
its budget of layers, the names of its claims and the fingerprint of the code
(`checks.campaigns.fingerprint`): a claim that was changed never takes over old verdicts. What a
unit found is one row, unique by campaign and place, so that nothing counts twice; it is durable
(write-ahead log, synchronised) when `Ledger.keep` returns. Every row carries a digest, so that a
changed byte is damage and not a verdict. A file is inspected completely, without being written to,
before it is opened for writing (`checks.campaigns.inspection`).

The view `tallies` has one row for each unit and claim, for questions in SQL.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from checks.campaigns.inspection import (
    APPLICATION,
    SCHEMA,
    VERSION,
    StoreError,
    campaign_digest,
    canonical,
    damaged,
    inspect,
    told,
    unit_digest,
)
from checks.campaigns.records import RecordError, arguments, decode, encode
from checks.campaigns.units import Unit, UnitResult, divide
from checks.statements.kinds import Kind
from theory.files.outputs import sweep, write_new
from theory.files.sources import display_name

PATIENCE = 60.0
"""Seconds to wait for another process that writes."""

SILENCE = 5.0
"""Seconds of waiting after which it is told."""


@dataclass(frozen=True)
class Terms:
    """What a campaign is about, its seed apart.

    claims : the names of the claims, in any order.
    code : the fingerprint of the code, with the dynamics that they are held under.
    kinds : these dynamics; None is each claim's own.
    """

    claims: Sequence[str]
    examples: int
    max_layers: int
    code: dict[str, str]
    kinds: tuple[Kind | None, ...] = (None,)

    def arguments(self, seed: int) -> dict[str, Any]:
        """What identifies the campaign of that seed."""
        return {**self.asked, "code": self.code, "seed": str(seed)}

    @property
    def asked(self) -> dict[str, Any]:
        """What the user asked for."""
        return {
            "claims": sorted(self.claims),
            "examples": self.examples,
            "max_layers": self.max_layers,
        }


class Store:
    """A store, open for reading and writing; made if there is no file. A context manager.

    Raises `StoreError` in one line for a file that is no sound store of this version, which is
    left as it is, and for whatever hinders reading and writing. `tell` gets a line when another
    program keeps the store locked for more than `SILENCE`.

    Possible issues: any number of processes may have a store open, but one process should have it
    open once, since POSIX drops a process's locks on a file when it closes any handle of it.
    """

    def __init__(
        self, path: str | os.PathLike[str], tell: Callable[[str], None] = lambda line: None
    ) -> None:
        self.path = Path(path)
        self.tell = tell
        if self.path.is_symlink() and not self.path.exists():
            raise StoreError(f"{display_name(path)}: is a link to a file that is not there")
        with told(self.path):
            sweep(self.path)
            if not os.path.lexists(self.path):
                _make(self.path)
            inspect(self.path)
            _writable(self.path)
            self.connection = connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=PATIENCE,
                isolation_level=None,
            )
        try:
            with told(self.path):
                _durable(connection)
                self._file = self._identity()
        except BaseException:
            connection.close()
            raise

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(sqlite3.Error):  # what is committed is in the log, and stays there
            self.connection.close()

    def campaign(self, terms: Terms, seed: int | None, fresh: int) -> "Ledger":
        """The ledger of the campaign with these terms and this seed, begun if it is new.

        Without a seed it is the latest unfinished campaign with these terms, or else the latest
        finished one, or else a new one with the seed `fresh`.
        """
        with self.transaction():
            chosen = seed
            if chosen is None:
                chosen = self._latest(terms)
            if chosen is None:
                chosen = fresh
            text = canonical(terms.arguments(chosen))
            digest = campaign_digest(text)
            begun = datetime.now(UTC).isoformat(timespec="seconds")
            insertion = self.connection.execute(
                "INSERT INTO campaigns (digest, arguments, begun) VALUES (?, ?, ?) "
                "ON CONFLICT (digest) DO NOTHING",
                (digest, text, begun),
            )
            (number,) = self.connection.execute(
                "SELECT id FROM campaigns WHERE digest = ?", (digest,)
            ).fetchone()
        return Ledger(self, number, digest, chosen, insertion.rowcount == 0)

    def dynamics(self) -> set[str]:
        """Under which dynamics campaigns are kept here; an empty one is the claims' own."""
        return {kept["code"].get("dynamics", "") for kept in self._campaigns()}

    def others(self, terms: Terms, seed: int | None) -> list[dict[str, str]]:
        """The fingerprints of other code under which the same campaign is kept here."""
        codes = []
        for kept in self._campaigns():
            same = all(kept[name] == value for name, value in terms.asked.items())
            meant = seed is None or kept["seed"] == str(seed)
            if same and meant and kept["code"] != terms.code:
                codes.append(kept["code"])
        return codes

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block is written, durably, or nothing."""
        with told(self.path):
            self._still_there()
            self._begin()
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self.connection.execute("ROLLBACK")
                raise

    def _begin(self) -> None:
        for patience, last in ((min(SILENCE, PATIENCE), False), (PATIENCE, True)):
            self.connection.execute(f"PRAGMA busy_timeout = {round(1000 * patience)}")
            try:
                self.connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                self.tell(f"{display_name(self.path)}: waiting for another program that writes")
            else:
                return

    def _latest(self, terms: Terms) -> int | None:
        wanted = canonical({**terms.asked, "code": terms.code})
        rows = self.connection.execute(
            "SELECT arguments, (SELECT count(*) FROM units WHERE campaign = campaigns.id) "
            "FROM campaigns ORDER BY id DESC"
        )
        whole = len(divide(terms.examples, 0, terms.kinds))
        finished = None
        for text, done in rows:
            kept = arguments(text)
            seed = int(kept.pop("seed"))
            if canonical(kept) != wanted:
                continue
            if done < whole:
                return seed
            finished = seed if finished is None else finished
        return finished

    def _campaigns(self) -> list[dict[str, Any]]:
        with told(self.path):
            rows = self.connection.execute("SELECT arguments FROM campaigns ORDER BY id").fetchall()
        return [arguments(text) for (text,) in rows]

    def _identity(self) -> tuple[int, int]:
        status = os.stat(self.path)
        return status.st_dev, status.st_ino

    def _still_there(self) -> None:
        """SQLite would go on writing to a file that nobody will find again."""
        with suppress(FileNotFoundError):
            if self._identity() == self._file:
                return
        raise StoreError(
            f"{display_name(self.path)}: the store was moved or deleted while it was in use"
        )


@dataclass(frozen=True)
class Ledger:
    """The results of one campaign in a store.

    `resumed` tells that the campaign was there already.
    """

    store: Store
    number: int
    digest: str
    seed: int
    resumed: bool

    def keep(self, results: Sequence[UnitResult]) -> int:
        """Write the results in one transaction; how many were new.

        They are durable when this returns. A unit that is there already stays as it is.
        """
        rows = []
        for result in results:
            record, place = encode(result), result.unit.place
            rows.append((self.number, place, record, unit_digest(self.digest, place, record)))
        with self.store.transaction():
            return sum(
                self.store.connection.execute(
                    "INSERT INTO units (campaign, place, record, digest) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (campaign, place) DO NOTHING",
                    row,
                ).rowcount
                for row in rows
            )

    def has(self, place: int) -> bool:
        """Whether the unit at that place is done."""
        with told(self.store.path):
            row = self.store.connection.execute(
                "SELECT 1 FROM units WHERE campaign = ? AND place = ?", (self.number, place)
            ).fetchone()
        return row is not None

    def results(self, units: Sequence[Unit]) -> list[UnitResult]:
        """What is kept, in the order of the units.

        Raises `StoreError` where a result is not that of the unit at its place.
        """
        results: list[UnitResult] = []
        path = self.store.path
        with told(path):
            rows = self.store.connection.execute(
                "SELECT place, record, digest FROM units WHERE campaign = ? ORDER BY place",
                (self.number,),
            )
            for place, record, digest in rows:
                try:
                    result = decode(record)
                except RecordError as error:
                    raise damaged(path, f"unit {place}: {error}") from None
                sound = digest == unit_digest(self.digest, place, record)
                if not sound or place >= len(units) or result.unit != units[place]:
                    raise damaged(path, f"unit {place} is another's")
                results.append(result)
        return results


def _make(path: Path) -> None:
    """Make an empty store in one step: the path names a whole store from its first moment on."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(
            f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; {SCHEMA}"
        )
        empty = connection.serialize()
    try:
        write_new(path, empty)
    except FileExistsError:  # another process was first
        pass
    except OSError as error:
        name = display_name(path)
        raise StoreError(f"{name}: cannot be written: {error.strerror or error}") from None


def _writable(path: Path) -> None:
    """SQLite would open a file for reading where it must not write, and leave a log beside it."""
    for place in (path, path.absolute().resolve().parent):
        if not os.access(place, os.W_OK):
            raise StoreError(f"{display_name(place)}: there is no right to write here")


def _durable(connection: sqlite3.Connection) -> None:
    """Write ahead, and let no commit return before it would outlast a loss of power."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")
