"""Campaigns: claims held against generated configurations, on any engine, kept in a store or not.

A campaign of N examples is divided into units (`checks.campaigns.units`), an engine does them
(`checks.campaigns.engines`), and a ledger keeps what they found if there is one
(`checks.campaigns.store`). The reports take the units in their order, so that the same seed gives
the same reports whoever did them, in whatever order, and in however many sittings. A refuted
claim's witness is shrunk by Hypothesis in the first unit that met it.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass, field
from secrets import randbelow
from typing import NamedTuple

from checks.campaigns.engines import Engine, local
from checks.campaigns.store import Ledger
from checks.campaigns.units import Unit, UnitResult, divide, kinds_of, shrunk
from checks.reach import Reach
from checks.statements import Statement, registry
from checks.verdicts import Report, Tally, Verdict
from theory import HardmaxError
from theory.exact import expect, shown, whole
from theory.files.sources import display_name
from theory.settling import MAX_LAYERS


class Done(NamedTuple):
    """A unit that is taken in, and how many examples it had."""

    unit: Unit
    examples: int


@dataclass
class Totals:
    """What units come to, taken in by their places; no more is kept of them."""

    tallies: dict[str, Tally]
    first: dict[str, Unit] = field(default_factory=dict)
    """For each claim that is refuted the first unit that has a witness."""
    reach: Reach = field(default_factory=Reach)

    def add(self, result: UnitResult) -> None:
        """Take in the next unit."""
        self.reach.add(result.reach)
        for name, tally in self.tallies.items():
            part = result.tallies.get(name)
            if part is None:  # the unit is of another kind of dynamics
                continue
            if part.witness is not None and not part.failed:
                self.first.setdefault(name, result.unit)
            tally.add(part)


@dataclass
class Campaign:
    """A campaign in progress. `results` takes in units; `reports` can be asked at any time.

    claims : the claims to hold; all registered ones when empty.
    examples : how many configurations in all, at least 1.
    seed : any int; the same seed gives the same reports.
    max_layers : the budget for settling.
    shrink : whether the reports have the smallest witnesses instead of the first.
    ledger : where results are kept; the campaign goes on from what it holds.
    """

    claims: Sequence[Statement] = ()
    examples: int = 500
    seed: int = 0
    max_layers: int = MAX_LAYERS
    shrink: bool = True
    ledger: Ledger | None = None
    finished: list[Done] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.examples < 1:
            raise HardmaxError(f"examples = {self.examples}; at least 1 is wanted")
        if not self.claims:
            self.claims = registry.claims()
        self._crossed = False
        self._take(())
        self._recall()

    def units(self) -> list[Unit]:
        """All units in their order."""
        return divide(self.examples, self.seed, kinds_of(self.claims))

    def results(self, engine: Engine | int = 1) -> Iterator[UnitResult]:
        """Do the units that are left, yielding each when it is taken in, and kept if there is a
        ledger.

        `engine` is one of `checks.campaigns.engines`, or a number of processes of this machine.
        Units that another process adds to the ledger meanwhile are yielded as well, at the end.
        Raises `HardmaxError` if the number is < 1, if at the end a unit is not there once, and what
        the engine and the ledger raise.
        """
        workers = local(engine) if isinstance(engine, int) else engine
        with closing(workers.results(self._left(), self.claims, self.max_layers)) as results:
            for some in results:
                if self.ledger is not None and self.ledger.keep(some) < len(some):
                    self._crossed = True
                for result in some:
                    self._add(result)
                yield from some
        own = {done.unit.place for done in self.finished}
        yield from [result for result in self._recall() if result.unit.place not in own]
        self._complete()

    def _left(self) -> Iterator[Unit]:
        """The units that nobody has done yet.

        Two processes that do one campaign would go side by side through the same units, so one
        that comes second with a unit goes on at a place drawn at random.
        """
        done = {result.unit.place for result in self.finished}
        left = deque(unit for unit in self.units() if unit.place not in done)
        while left:
            if self._crossed:
                left.rotate(-randbelow(len(left)))
                self._crossed = False
            unit = left.popleft()
            if self.ledger is None or not self.ledger.has(unit.place):
                yield unit

    def _recall(self) -> Sequence[UnitResult]:
        """Take from the ledger what it holds, which is what counts."""
        if self.ledger is None:
            return ()
        kept = self.ledger.results(self.units())
        self._take(kept)
        return kept

    def _take(self, results: Sequence[UnitResult]) -> None:
        """Begin with these results, and no others."""
        self.finished = []
        self._totals = Totals({claim.key: Tally() for claim in self.claims})
        self._next = 0
        self._waiting: dict[int, UnitResult] = {}
        for result in results:
            self._add(result)

    def _add(self, result: UnitResult) -> None:
        """Take in a unit; its tallies are kept apart only until all units before it are there."""
        self.finished.append(Done(result.unit, result.examples))
        self._waiting[result.unit.place] = result
        while self._next in self._waiting:
            self._totals.add(self._waiting.pop(self._next))
            self._next += 1

    def _complete(self) -> None:
        """Raise `HardmaxError` unless every unit is there, once."""
        places = {result.unit.place for result in self.finished}
        units = len(self.units())
        missing = units - len(places)
        if missing and self.ledger is not None:
            raise HardmaxError(
                f"{display_name(self.ledger.store.path)}: rows were deleted while it was in use, "
                f"so that {missing} of {units} units are missing; the same command does them again"
            )
        if missing:
            raise HardmaxError(f"the engine has lost {missing} of {units} units")
        if len(self.finished) > units:
            raise HardmaxError("the engine has done a unit twice")

    def reports(self) -> list[Report]:
        """The verdict on each claim from the units done so far."""
        totals = deepcopy(self._totals)
        for _, result in sorted(self._waiting.items()):
            totals.add(result)
        return [self._report(claim, totals) for claim in self.claims]

    def _report(self, claim: Statement, totals: Totals) -> Report:
        tally, first, reach = totals.tallies[claim.key], totals.first.get(claim.key), totals.reach
        witness, explanation = tally.witness, tally.explanation
        if tally.verdict is Verdict.REFUTED and first is not None and self.shrink:
            witness, explanation = shrunk(claim, first, self.max_layers) or (witness, explanation)
        return Report(
            claim.name,
            claim.expected,
            tally.verdict,
            tally.examples,
            tally.applicable,
            tally.undecided,
            reach.as_dict(),
            self.seed,
            witness,
            explanation,
            claim.dynamics if witness is None else claim.moves(witness),
        )


def validate(
    claims: Sequence[Statement] = (),
    *,
    examples: int = 500,
    seed: int = 0,
    jobs: int = 1,
    max_layers: int = MAX_LAYERS,
    shrink: bool = True,
) -> list[Report]:
    """Hold claims against `examples` generated configurations; a `Report` for each claim.

    With one job everything runs in this process. With several, claims are found by name in the
    worker processes, so they have to be registered ones.

    >>> from checks.statements import find
    >>> (report,) = validate([find("norms-grow")], examples=20, seed=1)
    >>> report.verdict.value, report.examples
    ('HELD', 20)
    """
    for claim in expect((list, tuple), claims, "a list of claims"):
        expect(Statement, claim, "a claim")
    for name, number in (("examples", examples), ("jobs", jobs), ("max_layers", max_layers)):
        least = int(name != "max_layers")
        if whole(number) is None or number < least:
            raise HardmaxError(f"{name} = {shown(number)}; at least {least} is wanted")
    if whole(seed) is None:
        raise HardmaxError(f"seed = {shown(seed)}; an int was wanted")
    campaign = Campaign(claims, examples, seed, max_layers, shrink)
    for _ in campaign.results(jobs):
        pass
    return campaign.reports()
