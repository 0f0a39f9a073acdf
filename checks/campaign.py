"""Campaigns: claims held against generated configurations, in one process or several.

A campaign of N examples is cut into *units* of at most `UNIT` examples. Each unit draws from one
*source* (a family of `checks.strategies`, the rare configurations, repeated tokens, or general
matrices) with a seed of its own that depends on the campaign's seed and the unit's place alone.
So the same seed gives the same result with any number of processes, and every source gets its
share of every campaign. A refuted claim's witness is shrunk by Hypothesis in the unit that met it
first.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from checks.claims import Claim, find, registered
from checks.examination import examine
from checks.pool import ordered_map
from checks.reach import Reach
from checks.run import Run
from checks.strategies import FAMILIES, configurations, rare_configurations
from checks.verdicts import Report, Tally, Verdict
from theory import Configuration, HardmaxError
from theory.settling import MAX_LAYERS

UNIT = 25
"""Most examples of one unit."""

SOURCES: dict[str, Callable[[], st.SearchStrategy[Configuration]]] = {
    **{name: (lambda name=name: configurations(family=name)) for name in FAMILIES},  # type: ignore[misc]  # the default argument binds the name; mypy cannot type it
    "rare": rare_configurations,
    "repeated": lambda: configurations(repeated=True),
    "general": lambda: configurations(standing=False),
}
"""Where examples come from; every campaign divides its examples among all of them."""

SHARES = {"rare": 3}
"""How many shares of the examples a source gets; one if it is not named."""


@dataclass(frozen=True)
class Unit:
    """A piece of a campaign that one process does at one go."""

    source: str
    examples: int
    seed: int


@dataclass
class UnitResult:
    """What a unit found: a tally for each claim, and the reach of its examples."""

    unit: Unit
    tallies: dict[str, Tally]
    reach: Reach = field(default_factory=Reach)
    examples: int = 0


@dataclass
class Campaign:
    """A campaign in progress. `results` takes in units; `reports` can be asked at any time.

    claims : the claims to hold; all registered ones when empty.
    examples : how many configurations in all, at least 1.
    seed : any int; the same seed gives the same reports.
    max_layers : the budget for settling.
    """

    claims: Sequence[Claim] = ()
    examples: int = 500
    seed: int = 0
    max_layers: int = MAX_LAYERS
    shrink: bool = True
    finished: list[UnitResult] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.examples < 1:
            raise HardmaxError(f"examples = {self.examples}; at least 1 is wanted")
        if not self.claims:
            self.claims = registered()

    def units(self) -> list[Unit]:
        """The units in their order: the sources in turn, so that an early stop met all."""
        shares = _shares(self.examples)
        units: list[Unit] = []
        number = 0
        while any(shares.values()):
            for source, left in shares.items():
                if left:
                    size = min(UNIT, left)
                    shares[source] -= size
                    digest = sha256(f"{self.seed}:{source}:{number}".encode()).digest()
                    units.append(Unit(source, size, int.from_bytes(digest[:8])))
            number += 1
        return units

    def results(self, jobs: int = 1) -> Iterator[UnitResult]:
        """Do the units that are left, in `jobs` processes, yielding each as it is taken in.

        Raises `HardmaxError` if `jobs` < 1.
        """
        left = self.units()[len(self.finished) :]
        results: Iterator[UnitResult]
        if jobs == 1:
            results = (do(unit, self.claims, self.max_layers) for unit in left)
        else:
            names = [claim.name for claim in self.claims]
            works = [(unit, names, self.max_layers) for unit in left]
            results = ordered_map(_do_by_name, works, jobs)
        for result in results:
            self.finished.append(result)
            yield result

    def reports(self) -> list[Report]:
        """The verdict on each claim from the units done so far."""
        reach = Reach()
        for result in self.finished:
            reach.add(result.reach)
        return [self._report(claim, reach) for claim in self.claims]

    def _report(self, claim: Claim, reach: Reach) -> Report:
        tally = Tally()
        first: Unit | None = None
        for result in self.finished:
            part = result.tallies[claim.name]
            if first is None and part.witness is not None and not part.failed:
                first = result.unit
            tally.add(part)
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
        )


def validate(
    claims: Sequence[Claim] = (),
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
    """
    campaign = Campaign(claims, examples, seed, max_layers, shrink)
    for _ in campaign.results(jobs):
        pass
    return campaign.reports()


def do(unit: Unit, claims: Sequence[Claim], max_layers: int) -> UnitResult:
    """Hold every claim against the examples of one unit."""
    result = UnitResult(unit, {claim.name: Tally() for claim in claims})
    recent: deque[Run] = deque(maxlen=UNIT)

    def look(configuration: Configuration) -> None:
        # Hypothesis makes about one example in five again, and verdicts depend on nothing else.
        run = next((known for known in recent if known.source == configuration), None)
        if run is None:
            run = Run(configuration, max_layers=max_layers)
            recent.append(run)
        result.examples += 1
        result.reach.meet(run)
        for claim in claims:
            examine(result.tallies[claim.name], claim, run)

    _generate(unit, look, (Phase.generate,))
    return result


def shrunk(claim: Claim, unit: Unit, max_layers: int) -> tuple[Configuration, str] | None:
    """The smallest configuration of the unit's strategy that refutes `claim`, by Hypothesis."""
    last: list[tuple[Configuration, str]] = []

    def look(configuration: Configuration) -> None:
        run = Run(configuration, max_layers=max_layers)
        tally = Tally()
        examine(tally, claim, run)
        if tally.witness is not None and not tally.failed:
            last.append((configuration, tally.explanation or ""))
            raise _RefutedError

    with suppress(_RefutedError, Flaky):  # flaky: refuted once, and not when asked again
        _generate(unit, look, (Phase.generate, Phase.shrink))
    return last[-1] if last else None


class _RefutedError(Exception):
    """Tells Hypothesis that an example refutes, so that it shrinks it."""


def _generate(unit: Unit, look: Callable[[Configuration], None], phases: Sequence[Phase]) -> None:
    test = given(SOURCES[unit.source]())(look)
    configured = settings(
        max_examples=unit.examples,
        phases=tuple(phases),
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    seed(unit.seed)(configured(test))()


def _do_by_name(work: tuple[Unit, Sequence[str], int]) -> UnitResult:
    unit, names, max_layers = work
    return do(unit, [find(name) for name in names], max_layers)


def _shares(examples: int) -> dict[str, int]:
    turns = [source for source in SOURCES for _ in range(SHARES.get(source, 1))]
    each, rest = divmod(examples, len(turns))
    shares = dict.fromkeys(SOURCES, 0)
    for place, source in enumerate(turns):
        shares[source] += each + (place < rest)
    return shares
