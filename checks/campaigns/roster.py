"""Rosters: the workers of a cluster that may have units, and those that are left out.

A worker is asked whether it has hardmax, then for its code, when it is first seen; one with another
hardmax is left out, and told of once. Needs the extra ``cluster``.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future as Answer
from functools import cache
from importlib import import_module
from importlib.metadata import version
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from checks.campaigns.fingerprint import difference, fingerprint
from checks.statements import Statement
from checks.statements.sense import Reference, recall, reference
from theory import HardmaxError
from theory.exact import shorten

if TYPE_CHECKING:
    from distributed import Future

    from checks.campaigns.cluster import Cluster

Result = TypeVar("Result")

SILENCE = 30.0
"""Seconds in which a scheduler that was there has to answer."""

LOOK = 2.0
"""Seconds between two looks at how many workers there are."""

PAUSE = 15.0
"""Seconds after which it is told that all workers are paused."""

DASK = ("dask", "distributed")
"""Libraries that have to be the same here and there for the two to talk at all."""


class ClusterError(HardmaxError):
    """A cluster that cannot be reached, cannot do the work, or was lost; in one line."""


class Roster:
    """The workers that are there: admitted, left out with an error, or asked just now.

    A worker is asked whether it has hardmax, then for its code; until then it gets no unit.
    """

    def __init__(self, cluster: "Cluster", claims: Sequence[Statement]) -> None:
        self.cluster = cluster
        self.references = references_of(claims)
        self.code = code_of(claims)
        self.there: dict[str, tuple[int, bool]] = {}
        self.admitted: set[str] = set()
        self.out: dict[str, HardmaxError] = {}
        self.asked: dict[str, tuple[bool, Future[Any]]] = {}
        self.seen = time.monotonic()
        self.next = 0.0
        self._untold = True
        self._told: set[str] = set()

    def present(self) -> dict[str, int]:
        """The threads of the workers that may have units."""
        return {w: n for w, (n, takes) in self.there.items() if takes and w in self.admitted}

    def look(self) -> None:
        """Raises `ClusterError` when no worker has been there for too long that takes units."""
        now = time.monotonic()
        if now < self.next:
            return
        self.next = now + LOOK
        self.there = self.cluster.workers()
        for worker in self.asked.keys() - self.there.keys():
            del self.asked[worker]
        for worker in self.there:
            if not (worker in self.admitted or worker in self.out or worker in self.asked):
                self._ask(worker, False)
        self.take_answers()
        self.tell_out()
        may = [takes for w, (_, takes) in self.there.items() if w in self.admitted | {*self.asked}]
        if any(may):
            self.seen, self._untold = now, True
        elif may and self._untold and now - self.seen > PAUSE:
            self._untold = False
            self.cluster.tell(
                f"every worker of the scheduler at {self.cluster.address} is paused, as when its "
                "memory is nearly full; waiting for one to go on"
            )
        elif now - self.seen > self.cluster.absence:
            have = "paused workers only" if may else "no worker"
            if self.out.keys() & self.there.keys():
                have += " but those that were left out"
            raise ClusterError(
                f"the scheduler at {self.cluster.address} has had {have} for "
                f"{self.cluster.absence:g} seconds"
            )

    def take_answers(self) -> None:
        """Admit or leave out whoever has answered."""
        for worker, (last, answer) in [*self.asked.items()]:
            try:
                if answer.status == "error":
                    raise failure(answer.exception(timeout=SILENCE), f"the worker {worker}")
                if answer.status == "finished" and not last:
                    self._ask(worker, True)
                elif answer.status == "finished":
                    del self.asked[worker]
                    compare(worker, self.code, answer.result(timeout=SILENCE))
                    self.admitted.add(worker)
                elif answer.status in ("cancelled", "lost"):
                    del self.asked[worker]
            except HardmaxError as error:
                self.asked.pop(worker, None)
                self.out[worker] = error

    def tell_out(self) -> None:
        """Tell of the workers that are left out, each once."""
        for worker in self.out.keys() - self._told:
            self._told.add(worker)
            self.cluster.tell(f"{self.out[worker]}; the campaign goes on without it")

    def _ask(self, worker: str, last: bool) -> None:
        # The first question names nothing of hardmax: it would end a worker that has none.
        question = (
            (describe, self.references) if last else (import_module, "checks.campaigns.cluster")
        )
        asked = self.cluster.client.submit(*question, workers=[worker], pure=False)
        self.asked[worker] = last, asked


@cache
def describe(references: tuple[Reference, ...]) -> dict[str, str]:
    """The code of this process; raises `HardmaxError` if it lacks one of the claims."""
    return code_of([recall(x) for x in references])


def code_of(claims: Sequence[Statement]) -> dict[str, str]:
    return {**fingerprint(claims), **{name: version(name) for name in DASK}}


def references_of(claims: Sequence[Statement]) -> tuple[Reference, ...]:
    return tuple(map(reference, claims))


def compare(worker: str, here: dict[str, str], there: dict[str, str]) -> None:
    unlike = difference(here, there)
    if unlike:
        raise ClusterError(f"the worker {worker} has {unlike}; results would not fit together")


def failure(error: BaseException, who: str) -> HardmaxError:
    from distributed import KilledWorker

    if isinstance(error, HardmaxError):
        return error
    if isinstance(error, KilledWorker):
        return ClusterError(many_deaths(error.allowed_failures + 1))
    if isinstance(error, ImportError | AttributeError):
        return ClusterError(f"{who} has no hardmax, or another one: {one_line(error)}")
    return ClusterError(f"{who} failed: {one_line(error)}")


def many_deaths(times: int) -> str:
    return f"one unit was on {times} workers that died: they were killed, or their memory ran out"


def one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {shorten(str(error), 200)}"


def bounded(call: Callable[[], Result], seconds: float) -> Result:
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
