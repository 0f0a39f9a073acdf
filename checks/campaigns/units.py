"""Units: the pieces that a campaign is cut into, and how one of them is done.

Each unit draws from one *source* (a family of `checks.strategies`, the rare configurations,
repeated tokens, or general matrices) with a seed of its own that depends on the campaign's seed and
the unit's place alone. A unit first generates its examples, or a chunk of them, then
judges those that nobody remembers, some at a time (`checks.examination`), and tells all in their
order. What it finds depends on the unit and on the code, and on nothing else: not on who does it,
nor when, nor beside what. So a campaign has the same result on any engine.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain, groupby, zip_longest

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from checks.campaigns.under import BOXES, KNOWN, boxes_under, seed_of, shares_under, strategy_under
from checks.examination import Judgement, Memory, examine, judgements
from checks.planted import (
    backward_configurations,
    crowded_configurations,
    held_configurations,
    open_configurations,
    parting_configurations,
    resonant_configurations,
    waiting_configurations,
)
from checks.reach import Reach
from checks.run import Run
from checks.statements import Statement
from checks.statements.kinds import Kind
from checks.statements.sense import Reference, recall
from checks.strategies import FAMILIES, configurations, rare_configurations
from checks.verdicts import Tally
from theory import HARDMAX, Configuration

UNIT = 25
"""Examples of one unit, unless the campaign is so large that they have to be more."""

MANY = 10_000
"""About how many units a campaign has at most; its units grow so that they stay so few."""

CHUNK = 250
"""Examples of a unit that are kept before they are judged."""

MOST_TOKENS = 1500
"""Fewer configurations are judged together once they have so many tokens: each holds what it has
worked out, so that memory does not depend on how many large ones a unit has."""

SOURCES: dict[str, Callable[[], st.SearchStrategy[Configuration]]] = {
    **{name: (lambda name=name: configurations(family=name)) for name in FAMILIES},  # type: ignore[misc]  # the default argument binds the name; mypy cannot type it
    "rare": rare_configurations,
    "repeated": lambda: configurations(repeated=True),
    "general": lambda: configurations(standing=False),
    "waiting": waiting_configurations,
    "resonant": resonant_configurations,
    "held": held_configurations,
    "backward": backward_configurations,
    "open": open_configurations,
}
"""Where examples come from; every campaign divides its examples among all of them."""

SHARES = {"rare": 3, "waiting": 3, "resonant": 2, "backward": 2}
"""How many shares of the examples a source gets; one if it is not named."""

CROWDS: dict[str, tuple[int, Callable[[], st.SearchStrategy[Configuration]]]] = {
    "crowd": (100, lambda: crowded_configurations(min_tokens=25, max_tokens=32)),
    "large crowd": (700, lambda: crowded_configurations(min_tokens=64, max_tokens=72)),
    "largest crowd": (1000, lambda: crowded_configurations(min_tokens=257, max_tokens=259)),
    "parting": (2500, parting_configurations),
}
"""Sources of large examples: about one in so many of a campaign, for each costs as much as many."""


@dataclass(frozen=True)
class Unit:
    """A piece of a campaign that one process does at one go; `place` is its place among them."""

    source: str
    examples: int
    seed: int
    place: int = 0


@dataclass
class UnitResult:
    """What a unit found: a tally for each claim, and the reach of its examples."""

    unit: Unit
    tallies: dict[str, Tally]
    reach: Reach = field(default_factory=Reach)
    examples: int = 0


def kinds_of(claims: Sequence[Statement]) -> tuple[Kind | None, ...]:
    """The kinds of dynamics that a campaign is about, each once; None is each claim's own."""
    return tuple(dict.fromkeys(claim.kind for claim in claims)) or (None,)


def divide(examples: int, campaign_seed: int, kinds: Sequence[Kind | None] = (None,)) -> list[Unit]:
    """The units of a campaign in their order: the sources in turn, so that an early stop met all.

    Where it is about kinds of dynamics, so many examples are of each, and the kinds take turns.

    >>> [(unit.source, unit.examples) for unit in divide(3, 1)]
    [('lattice', 1), ('cube', 1), ('rational', 1)]
    >>> from checks.statements.kinds import find_kind
    >>> [unit.source for unit in divide(2, 1, [find_kind("window")])]
    ['window:boxes', 'window:lattice']
    """
    parts = [
        _parts(examples, campaign_seed)
        if kind is None
        else _parts_under(kind, examples, campaign_seed)
        for kind in kinds
    ]
    turns = chain.from_iterable(zip_longest(*parts))
    units = [unit for unit in turns if unit is not None]
    return [replace(unit, place=place) for place, unit in enumerate(units)]


def _parts(examples: int, campaign_seed: int) -> Iterator[Unit]:
    shares = _shares(examples)
    greatest = max(UNIT, -(-examples // MANY))
    number = 0
    while any(shares.values()):
        for source, left in shares.items():
            if left:
                size = min(greatest, left)
                shares[source] -= size
                yield Unit(source, size, seed_of(campaign_seed, source, number))
        number += 1


def _parts_under(kind: Kind, examples: int, campaign_seed: int) -> Iterator[Unit]:
    greatest = max(UNIT, -(-examples // MANY))
    shares = shares_under(kind, examples)
    for start in range(0, shares[BOXES], greatest):
        yield Unit(f"{kind.name}:{BOXES}", min(greatest, shares[BOXES] - start), start)
    del shares[BOXES]
    number = 0
    while any(shares.values()):
        for source, left in shares.items():
            if left:
                size = min(greatest, left)
                shares[source] -= size
                name = f"{kind.name}:{source}"
                yield Unit(name, size, seed_of(campaign_seed, name, number))
        number += 1


def do(
    unit: Unit, claims: Sequence[Statement], max_layers: int, memory: Memory | None = None
) -> UnitResult:
    """Hold every claim against the examples of one unit, if it is of the unit's kind.

    `memory` spares the examples that these claims were held against before with the same budget.
    """
    kind = kind_of(unit, claims)
    claims = [claim for claim in claims if claim.kind == kind]
    alone = [claim for claim in claims if kind and claim.domain.strategy != kind.drawn]
    alike = [claim for claim in claims if claim not in alone]
    groups = [(alike, None), *(([claim], claim) for claim in alone)]
    results = [
        _held(unit, group, max_layers, memory if claim is None else None, claim)
        for group, claim in groups
        if group or not alone
    ]
    tallies = {name: tally for result in results for name, tally in result.tallies.items()}
    return replace(results[0], tallies={claim.key: tallies[claim.key] for claim in claims})


def _held(
    unit: Unit,
    claims: Sequence[Statement],
    max_layers: int,
    memory: Memory | None,
    drawing: Statement | None,
) -> UnitResult:
    """Hold claims against the examples of a unit, as `drawing` draws them if it is given."""
    kind = kind_of(unit, claims)
    result = UnitResult(unit, {claim.key: Tally() for claim in claims})
    known = Memory() if memory is None else memory
    waiting: list[Configuration] = []

    def judge() -> None:
        judged = _judgements(waiting, claims, max_layers, known)
        result.examples += len(judged)
        for met, alike in groupby([judgement.met for judgement in judged]):
            result.reach.meet(met, len(list(alike)))
        for number, claim in enumerate(claims):
            tally = result.tallies[claim.key]
            for _, same in groupby([judgement.said[number] for judgement in judged], key=id):
                tallies = list(same)
                tally.add(tallies[0], len(tallies))
        waiting.clear()

    def look(configuration: Configuration) -> None:
        waiting.append(configuration)
        if len(waiting) == CHUNK or sum(c.size for c in waiting) >= MOST_TOKENS:
            judge()

    generate(unit, look, (Phase.generate,), kind, drawing)
    judge()
    return result


def do_by_reference(unit: Unit, references: tuple[Reference, ...], max_layers: int) -> UnitResult:
    """`do` with registered claims, in a process that does one unit after the other."""
    claims, memory = _known(references, max_layers)
    return do(unit, claims, max_layers, memory)


@lru_cache(maxsize=1)
def _known(
    references: tuple[Reference, ...], max_layers: int
) -> tuple[tuple[Statement, ...], Memory]:
    return tuple(map(recall, references)), Memory()


def kind_of(unit: Unit, claims: Sequence[Statement]) -> Kind | None:
    """The kind of dynamics that the unit is about; None if each claim has its own."""
    name, separator, _ = unit.source.rpartition(":")
    return next(c.kind for c in claims if c.kind and c.kind.name == name) if separator else None


def _judgements(
    configurations: Sequence[Configuration],
    claims: Sequence[Statement],
    max_layers: int,
    memory: Memory,
) -> list[Judgement]:
    """The judgement on each configuration, made once of those that are equal."""
    judgements_of: dict[Configuration, Judgement] = {}
    fresh: list[Configuration] = []
    kind = claims[0].kind if claims else None
    for configuration in dict.fromkeys(configurations):
        known = memory.recall(configuration, kind)
        if known is None:
            fresh.append(configuration)
        else:
            judgements_of[configuration] = known
    runs = (
        Run(c, HARDMAX if kind is None else kind.moves(c), max_layers=max_layers) for c in fresh
    )
    for configuration, judgement in zip(fresh, judgements(claims, runs), strict=True):
        judgements_of[configuration] = judgement
        memory.keep(configuration, judgement, kind)
    return [judgements_of[configuration] for configuration in configurations]


def shrunk(claim: Statement, unit: Unit, max_layers: int) -> tuple[Configuration, str] | None:
    """The smallest configuration of the unit's strategy that refutes `claim`, by Hypothesis."""
    last: list[tuple[Configuration, str]] = []

    def look(configuration: Configuration) -> None:
        tally = examine(claim, claim.run(configuration, max_layers))
        if tally.witness is not None and not tally.failed:
            last.append((configuration, tally.explanation or ""))
            raise _RefutedError

    with suppress(_RefutedError, Flaky):  # flaky: refuted once, and not when asked again
        generate(unit, look, (Phase.generate, Phase.shrink), claim.kind, claim)
    return last[-1] if last else None


class _RefutedError(Exception):
    """Tells Hypothesis that an example refutes, so that it shrinks it."""


def generate(
    unit: Unit,
    look: Callable[[Configuration], None],
    phases: Sequence[Phase],
    kind: Kind | None = None,
    claim: Statement | None = None,
) -> None:
    """Let Hypothesis draw the examples of a unit, or take them from where they stand; look at each.

    Those are drawn that all claims under the kind have in common, or that this one draws.
    """
    source = unit.source.rpartition(":")[2]
    if kind is not None and source == BOXES:
        for configuration in boxes_under(kind, unit.seed, unit.examples):
            look(configuration)
        return
    if kind is not None and source == KNOWN:
        for configuration in kind.known[: unit.examples]:
            look(configuration)
        return
    crowd = CROWDS.get(unit.source)
    looked = _but_the_first(look) if crowd else look
    if crowd:
        strategy = crowd[1]()
    else:
        strategy = SOURCES[source]() if kind is None else strategy_under(kind, source, claim)
    test = given(strategy)(looked)
    configured = settings(
        max_examples=unit.examples + bool(crowd),
        phases=tuple(phases),
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    seed(unit.seed)(configured(test))()


def _but_the_first(look: Callable[[Configuration], None]) -> Callable[[Configuration], None]:
    """Without what Hypothesis draws first, which is the simplest of all, in every unit."""
    drawn = 0

    def looked(configuration: Configuration) -> None:
        nonlocal drawn
        drawn += 1
        if drawn > 1:
            look(configuration)

    return looked


def _shares(examples: int) -> dict[str, int]:
    rounds = range(max(SHARES.values()))
    turns = [source for turn in rounds for source in SOURCES if turn < SHARES.get(source, 1)]
    crowds = {source: (examples + one_in // 2) // one_in for source, (one_in, _) in CROWDS.items()}
    each, rest = divmod(examples - sum(crowds.values()), len(turns))
    shares = dict.fromkeys(SOURCES, 0) | crowds
    for place, source in enumerate(turns):
        shares[source] += each + (place < rest)
    return shares
