"""Clusters: a Dask cluster as an engine for campaigns.

Every worker needs the same hardmax as this process. Each is asked when it is first seen, and gets
no unit before; one with another hardmax is left out. Dask gives the units of a worker that dies to
others, and where none of those is left, the coordinator does; it takes each result once. Units of
one worker are done one after the other, whatever its number of threads, because what generates
examples is not meant for several threads at once.

Needs the extra ``cluster``.
"""

import logging
import re
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from threading import Lock
from typing import Any, cast
from uuid import uuid4

from checks.campaigns.engines import Results
from checks.campaigns.roster import (
    SILENCE,
    ClusterError,
    Roster,
    bounded,
    code_of,
    compare,
    describe,
    failure,
    many_deaths,
    one_line,
    references_of,
)
from checks.campaigns.tls import Files, security
from checks.campaigns.units import Unit, UnitResult, do_by_reference
from checks.process import no_storage
from checks.statements import Statement
from checks.statements.sense import Reference
from theory import HardmaxError
from theory.exact import shorten

try:
    from distributed import Client, Future, as_completed
    from distributed.comm.addressing import parse_host_port
    from distributed.security import Security
    from distributed.versions import VersionMismatchWarning
except ImportError as missing:
    raise HardmaxError(
        "a Dask cluster needs the extra 'cluster': "
        f"pip install 'hardmax-theory[cluster]' ({missing})"
    ) from None

ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://([^\s/]+:\d{1,5})/?")
"""What an address of a scheduler looks like."""

PATIENCE = 15.0
"""Seconds in which the scheduler has to answer, and a first worker to be there."""

ABSENCE = 60.0
"""Seconds that a campaign waits while there is no worker at all."""

AHEAD = 4
"""Units that are handed out for each thread of the cluster, so that none waits for the next."""

DEATHS = 3
"""How often all workers of a unit may be gone before it is given up, as Dask has it."""


@contextmanager
def connected(
    address: str,
    claims: Sequence[Statement],
    *,
    patience: float = PATIENCE,
    absence: float = ABSENCE,
    tls: Files = (None, None, None),
    tell: Callable[[str], None] = lambda line: None,
) -> Iterator["Cluster"]:
    """The cluster whose scheduler is at `address`, such as ``tcp://10.0.0.1:8786``.

    A worker whose code is not this process's, or that lacks a claim, is left out, which `tell` gets
    in a line. Raises `ClusterError` if the scheduler does not answer, has no worker, or if all of
    them are left out; `HardmaxError` for what is wrong with the files of `tls`
    (`checks.campaigns.tls`).
    """
    if not _is_address(address):
        raise ClusterError(f"{shorten(repr(address))} is no address; tcp://HOST:PORT was wanted")
    with _quiet():
        client = _client(address, patience, security(address, tls))
        try:
            cluster = Cluster(client, address, absence, tell=tell)
            cluster.admit(claims, patience)
            yield cluster
        finally:
            with suppress(OSError, RuntimeError):
                bounded(lambda: client.close(timeout=5), 10)


@dataclass
class Cluster:
    """An engine: the workers of one scheduler. Made by `connected`.

    `task` is what a worker does with a unit.
    """

    client: Client
    address: str
    absence: float = ABSENCE
    task: Callable[..., UnitResult] = field(default_factory=lambda: _do_there)
    tell: Callable[[str], None] = lambda line: None

    def admit(self, claims: Sequence[Statement], patience: float) -> None:
        """Raise `ClusterError` unless workers are there, some with this code and these claims.

        Those who are busy now are asked again while the campaign goes on.
        """
        with self._told():
            try:
                bounded(lambda: self.client.wait_for_workers(1, timeout=patience), 2 * patience)
            except TimeoutError:
                raise ClusterError(
                    f"no worker has joined the scheduler at {self.address} in {patience:g} seconds"
                ) from None
            self._roster = Roster(self, claims)
            until = time.monotonic() + patience
            self._roster.look()
            while self._roster.asked and time.monotonic() < until:
                time.sleep(0.05)
                self._roster.take_answers()
            if self._roster.out and not self._roster.admitted and not self._roster.asked:
                raise next(iter(self._roster.out.values()))
            self._roster.tell_out()

    def workers(self) -> dict[str, tuple[int, bool]]:
        """Each worker that is there now: how many threads it has, and whether it takes work."""
        known: dict[str, Any] = bounded(self.client.scheduler_info, SILENCE)["workers"]
        return {name: (w["nthreads"], w.get("status") == "running") for name, w in known.items()}

    def results(
        self, units: Iterable[Unit], claims: Sequence[Statement], max_layers: int
    ) -> Results:
        """What the units found, as it comes.

        Units go to workers that are known to have this code. Raises `ClusterError` where the
        scheduler is lost, no worker is left, or a unit has ended several workers.
        """
        references, code = references_of(claims), code_of(claims)
        coming = iter(units)
        run = uuid4().hex
        flying: dict[Any, _Flight] = {}
        stranded: list[_Flight] = []
        landed = as_completed(loop=self.client.loop, with_results=True, raise_errors=False)
        roster = self._roster

        more = True

        def hand_out() -> None:
            nonlocal more
            present = roster.present()
            free = AHEAD * sum(present.values()) - len(flying)
            if not present or free <= 0:
                return
            handed = [(flight.unit, flight.lost) for flight in stranded]
            stranded.clear()
            fresh = [(unit, 0) for unit in islice(coming, max(0, free - len(handed)))]
            more = bool(fresh) or len(handed) >= free
            handed += fresh
            if not handed:
                return
            futures = self.client.map(
                self.task,
                [unit for unit, _ in handed],
                key=[f"hardmax-{run}-{unit.place}-{lost}" for unit, lost in handed],
                workers=list(present),
                references=references,
                max_layers=max_layers,
                code=code,
                pure=False,
            )
            for (unit, lost), future in zip(handed, futures, strict=True):
                flying[future.key] = _Flight(unit, future, frozenset(present), lost)
            landed.update(futures)

        def strand() -> None:
            """Take back the units whose workers are all gone."""
            there = roster.there
            gone = [key for key, flight in flying.items() if flight.workers.isdisjoint(there)]
            if gone:
                futures = [flying[key].future for key in gone]
                for flight in [flying.pop(key) for key in gone]:
                    if flight.lost == DEATHS:
                        raise ClusterError(many_deaths(DEATHS + 1))
                    stranded.append(replace(flight, lost=flight.lost + 1))
                bounded(lambda: self.client.cancel(futures), SILENCE)

        with self._told():
            try:
                hand_out()
                while flying or stranded or more:
                    if not landed.has_ready():
                        with landed.thread_condition:
                            landed.thread_condition.wait(0.1)
                        roster.look()
                        strand()
                    done = []
                    ready = landed.next_batch(block=False) if landed.has_ready() else []
                    for future, result in ready:
                        if flying.pop(future.key, None) is not None:
                            done.append(_taken(future, result))
                    hand_out()
                    yield done
            finally:
                with suppress(Exception):  # the cluster may be gone
                    left = [flight.future for flight in flying.values()]
                    bounded(lambda: self.client.cancel(left), 5)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell in one line what Dask says."""
        try:
            yield
        except (OSError, RuntimeError) as error:
            raise ClusterError(f"lost the scheduler at {self.address}: {one_line(error)}") from None


@dataclass(frozen=True)
class _Flight:
    """A unit that is handed out to some workers; `lost` counts how often all of them were gone."""

    unit: Unit
    future: Future[UnitResult]
    workers: frozenset[str]
    lost: int


_ALONE = Lock()


def _do_there(
    unit: Unit, *, references: tuple[Reference, ...], max_layers: int, code: dict[str, str]
) -> UnitResult:
    """Do a unit on a worker."""
    from distributed import get_worker

    with _ALONE:
        no_storage()
        compare(get_worker().address, code, describe(references))
        with warnings.catch_warnings():
            # Dask's own threads draw random numbers beside Hypothesis, which suspects the strategy.
            warnings.filterwarnings("ignore", "Do not use the `random` module")
            return do_by_reference(unit, references, max_layers)


def _taken(future: Future[UnitResult], result: Any) -> UnitResult:
    if future.status == "finished":
        return cast(UnitResult, result)
    if future.status == "error":
        raise failure(result[1], "a worker")
    raise ClusterError("the scheduler was lost, or let go of the campaign's units")


def _is_address(address: str) -> bool:
    parts = ADDRESS.fullmatch(address)
    if parts is None:
        return False
    try:
        _, port = parse_host_port(parts[2])
    except ValueError:
        return False
    return 0 < port < 1 << 16


def _client(address: str, patience: float, how: Security | None) -> Client:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VersionMismatchWarning)  # `compare` says it
        try:
            return bounded(
                lambda: Client(
                    address, timeout=patience, set_as_default=False, name="hardmax", security=how
                ),
                patience + 5,
            )
        except (OSError, ValueError, RuntimeError, ImportError) as error:
            raise ClusterError(f"no scheduler answers at {address}: {one_line(error)}") from None


@contextmanager
def _quiet() -> Generator[None, None, None]:
    """Keep Dask's own messages off stderr; what goes wrong is raised."""
    known = [logging.getLogger(name) for name in [*logging.root.manager.loggerDict]]
    levels = {x: x.level for x in known if x.name.partition(".")[0] in ("distributed", "tornado")}
    for logger in levels:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)
