"""Clusters: a Dask cluster as an engine for campaigns.

Every worker needs the same hardmax as this process. That is asked of the workers that are there
when the campaign starts, and again by every unit where it is done, since workers come and go. Dask
gives the units of a worker that dies to others; the coordinator takes each result once. Units of
one worker are done one after the other, whatever its number of threads, because what generates
examples is not meant for several threads at once.

Needs the extra ``cluster``.
"""

import logging
import re
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future as Answer
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import version
from itertools import islice
from threading import Lock, Thread
from typing import Any, TypeVar, cast
from uuid import uuid4

from checks.claims import Claim, find
from checks.engines import Batches
from checks.fingerprint import difference, fingerprint
from checks.start import no_storage
from checks.units import Unit, UnitResult, do_by_name
from theory import HardmaxError
from theory.exact import shorten

try:
    from distributed import Client, Future, KilledWorker, as_completed, wait
    from distributed.comm.addressing import parse_host_port
    from distributed.versions import VersionMismatchWarning
except ImportError as missing:
    raise HardmaxError(
        "a Dask cluster needs the extra 'cluster': "
        f"pip install 'hardmax-theory[cluster]' ({missing})"
    ) from None

Result = TypeVar("Result")

ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://([^\s/]+:\d{1,5})/?")
"""What an address of a scheduler looks like."""

PATIENCE = 15.0
"""Seconds in which the scheduler has to answer, and a first worker to be there."""

ABSENCE = 60.0
"""Seconds that a campaign waits while there is no worker at all."""

SILENCE = 30.0
"""Seconds in which a scheduler that was there has to answer."""

AHEAD = 4
"""Units that are handed out for each thread of the cluster, so that none waits for the next."""

LOOK = 2.0
"""Seconds between two looks at how many workers there are."""

DASK = ("dask", "distributed")
"""Libraries that have to be the same here and there for the two to talk at all."""


class ClusterError(HardmaxError):
    """A cluster that cannot be reached, cannot do the work, or was lost; in one line."""


@contextmanager
def connected(
    address: str,
    claims: Sequence[Claim],
    *,
    patience: float = PATIENCE,
    absence: float = ABSENCE,
) -> Iterator["Cluster"]:
    """The cluster whose scheduler is at `address`, such as ``tcp://10.0.0.1:8786``.

    Raises `ClusterError` if the scheduler does not answer, has no worker, or if a worker's code is
    not the same as this process's, or lacks one of the claims.
    """
    if not _is_address(address):
        raise ClusterError(f"{shorten(repr(address))} is no address; tcp://HOST:PORT was wanted")
    with _quiet():
        client = _client(address, patience)
        try:
            cluster = Cluster(client, address, absence)
            cluster.admit(claims, patience)
            yield cluster
        finally:
            with suppress(OSError, RuntimeError):
                _bounded(lambda: client.close(timeout=5), 10)


@dataclass
class Cluster:
    """An engine: the workers of one scheduler. Made by `connected`.

    `task` is what a worker does with a unit.
    """

    client: Client
    address: str
    absence: float = ABSENCE
    task: Callable[..., UnitResult] = field(default_factory=lambda: _do_there)

    def admit(self, claims: Sequence[Claim], patience: float) -> None:
        """Raise `ClusterError` unless workers are there and have this code and these claims."""
        with self._told():
            try:
                _bounded(lambda: self.client.wait_for_workers(1, timeout=patience), 2 * patience)
            except TimeoutError:
                raise ClusterError(
                    f"no worker has joined the scheduler at {self.address} in {patience:g} seconds"
                ) from None
            here = _code(claims)
            workers = list(self.threads())
            # The first question names nothing of hardmax: it would end a worker that has none.
            have = self._ask(workers, patience, import_module, __name__)
            for worker, answer in self._ask(have, patience, _describe, _names(claims)).items():
                _compare(worker, here, answer.result(timeout=patience))

    def _ask(
        self, workers: Iterable[str], patience: float, question: Callable[..., Any], *more: Any
    ) -> dict[str, Future[Any]]:
        """The answers of the workers; those who are busy now are asked again by the units."""
        asked = {
            worker: self.client.submit(question, *more, workers=[worker], pure=False)
            for worker in workers
        }
        with self.client.as_current(), suppress(TimeoutError):
            wait(list(asked.values()), timeout=patience)
        for worker, answer in asked.items():
            if answer.status == "error":
                raise _failure(answer.exception(timeout=patience), f"the worker {worker}")
        return {worker: answer for worker, answer in asked.items() if answer.status == "finished"}

    def threads(self) -> dict[str, int]:
        """How many threads each worker has that is there now."""
        found: dict[str, int] = _bounded(self.client.nthreads, SILENCE)
        return found

    def results(self, units: Iterable[Unit], claims: Sequence[Claim], max_layers: int) -> Batches:
        """What the units found, as it comes.

        Raises `ClusterError` where the scheduler is lost, no worker is left, a unit has ended
        several workers, or a worker has another hardmax than this process.
        """
        names, code = _names(claims), _code(claims)
        coming = iter(units)
        run = uuid4().hex
        flying: dict[Any, Future[UnitResult]] = {}
        landed = as_completed(loop=self.client.loop, with_results=True, raise_errors=False)
        watch = _Watch(self)

        def hand_out() -> None:
            free = max(1, AHEAD * watch.threads) - len(flying)
            batch = list(islice(coming, max(0, free)))
            if not batch:
                return
            futures = self.client.map(
                self.task,
                batch,
                key=[f"hardmax-{run}-{unit.place}" for unit in batch],
                names=names,
                max_layers=max_layers,
                code=code,
                pure=False,
            )
            flying.update((future.key, future) for future in futures)
            landed.update(futures)

        with self._told():
            try:
                hand_out()
                while flying:
                    while not landed.has_ready():
                        with landed.thread_condition:
                            landed.thread_condition.wait(0.1)
                        watch.look()
                    found = []
                    for future, result in landed.next_batch(block=False):
                        del flying[future.key]
                        found.append(_taken(future, result))
                    hand_out()
                    yield found
            finally:
                with suppress(Exception):  # the cluster may be gone
                    _bounded(lambda: self.client.cancel(list(flying.values())), 5)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell in one line what Dask says."""
        try:
            yield
        except (OSError, RuntimeError) as error:
            raise ClusterError(f"lost the scheduler at {self.address}: {_line(error)}") from None


class _Watch:
    """Looks now and then how many threads the cluster has, and whether it has any."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.threads = 1
        self.seen = time.monotonic()
        self.next = 0.0
        self.look()

    def look(self) -> None:
        """Raises `ClusterError` when no worker has been there for too long."""
        now = time.monotonic()
        if now < self.next:
            return
        self.next = now + LOOK
        self.threads = sum(self.cluster.threads().values())
        if self.threads:
            self.seen = now
        elif now - self.seen > self.cluster.absence:
            raise ClusterError(
                f"the scheduler at {self.cluster.address} has had no worker for "
                f"{self.cluster.absence:g} seconds"
            )


_ALONE = Lock()


def _do_there(
    unit: Unit, *, names: tuple[str, ...], max_layers: int, code: dict[str, str]
) -> UnitResult:
    """Do a unit on a worker."""
    from distributed import get_worker

    with _ALONE:
        no_storage()
        _compare(get_worker().address, code, _describe(names))
        with warnings.catch_warnings():
            # Dask's own threads draw random numbers beside Hypothesis, which suspects the strategy.
            warnings.filterwarnings("ignore", "Do not use the `random` module")
            return do_by_name(unit, names, max_layers)


@cache
def _describe(names: tuple[str, ...]) -> dict[str, str]:
    """The code of this process; raises `HardmaxError` if it has no claim of one of the names."""
    return _code([find(name) for name in names])


def _code(claims: Sequence[Claim]) -> dict[str, str]:
    return {**fingerprint(claims), **{name: version(name) for name in DASK}}


def _names(claims: Sequence[Claim]) -> tuple[str, ...]:
    return tuple(claim.name for claim in claims)


def _compare(worker: str, here: dict[str, str], there: dict[str, str]) -> None:
    unlike = difference(here, there)
    if unlike:
        raise ClusterError(f"the worker {worker} has {unlike}; results would not fit together")


def _taken(future: Future[UnitResult], result: Any) -> UnitResult:
    if future.status == "finished":
        return cast(UnitResult, result)
    if future.status == "error":
        raise _failure(result[1], "a worker")
    raise ClusterError("the scheduler was lost, or let go of the campaign's units")


def _failure(error: BaseException, who: str) -> HardmaxError:
    if isinstance(error, HardmaxError):
        return error
    if isinstance(error, KilledWorker):
        return ClusterError(
            f"one unit was on {error.allowed_failures + 1} workers that died: they were killed, "
            "or their memory ran out"
        )
    if isinstance(error, ImportError | AttributeError):
        return ClusterError(f"{who} has no hardmax, or another one: {_line(error)}")
    return ClusterError(f"{who} failed: {_line(error)}")


def _line(error: BaseException) -> str:
    return f"{type(error).__name__}: {shorten(str(error), 200)}"


def _is_address(address: str) -> bool:
    found = ADDRESS.fullmatch(address)
    if found is None:
        return False
    try:
        _, port = parse_host_port(found[2])
    except ValueError:
        return False
    return 0 < port < 1 << 16


def _client(address: str, patience: float) -> Client:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VersionMismatchWarning)  # `_compare` says it, and ends it
        try:
            return _bounded(
                lambda: Client(address, timeout=patience, set_as_default=False, name="hardmax"),
                patience + 5,
            )
        except (OSError, ValueError, RuntimeError, ImportError) as error:
            raise ClusterError(f"no scheduler answers at {address}: {_line(error)}") from None


def _bounded(call: Callable[[], Result], seconds: float) -> Result:
    """What the call returns, or `TimeoutError`: Dask waits for some answers without end."""
    answer: Answer[Result] = Answer()

    def ask() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:
            answer.set_exception(error)

    Thread(target=ask, daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError as error:
        raise TimeoutError(str(error) or f"no answer in {seconds:g} seconds") from None


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
