"""Engines: who does the units of a campaign.

An engine takes units as fast as it can do them and hands on what they found, some at a time and in
any order. `InProcess` and `Processes` are here, and a Dask cluster is an engine as well
(`checks.campaigns.cluster`). What a unit finds does not depend on the engine.
"""

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from checks.campaigns.pool import ordered_map
from checks.campaigns.units import Unit, UnitResult, do, do_by_reference
from checks.examination import Memory
from checks.statements import Statement
from checks.statements.foreign import contained
from checks.statements.sense import Reference, reference

Results: TypeAlias = Generator[Sequence[UnitResult], None, None]


class Engine(Protocol):
    """Does units. Whoever closes the generator early leaves nothing running."""

    def results(
        self, units: Iterable[Unit], claims: Sequence[Statement], max_layers: int
    ) -> Results:
        """What the units found, some at a time as they are done, each unit once.

        The units are taken from their iterable only as fast as they are done.
        """
        ...


class InProcess:
    """Everything in this process, one unit after the other. Claims need not be registered."""

    def results(
        self, units: Iterable[Unit], claims: Sequence[Statement], max_layers: int
    ) -> Results:
        """What the units found, in their order."""
        memory = Memory()
        for unit in units:
            yield [do(unit, claims, max_layers, memory)]


@dataclass(frozen=True)
class Processes:
    """`jobs` processes of this machine, at least 1. Claims are found by their names there.

    `apart` is for users' claims: not even one job is done in this process.
    """

    jobs: int
    apart: bool = False

    def results(
        self, units: Iterable[Unit], claims: Sequence[Statement], max_layers: int
    ) -> Results:
        """What the units found, in their order.

        Raises `HardmaxError` for a claim that is not registered, `jobs` < 1, and a process that
        was killed.
        """
        references = tuple(map(reference, claims))
        works = ((unit, references, max_layers) for unit in units)
        with closing(ordered_map(_do, works, self.jobs, self.apart)) as results:  # type: ignore[type-var]  # the iterator is a generator
            for result in results:
                yield [result]


def local(jobs: int, apart: bool = False) -> Engine:
    """The engine for so many processes of this machine; one is this process, unless `apart`."""
    return InProcess() if jobs == 1 and not apart else Processes(jobs, apart)


def _do(work: tuple[Unit, tuple[Reference, ...], int]) -> UnitResult:
    with contained():
        return do_by_reference(*work)
