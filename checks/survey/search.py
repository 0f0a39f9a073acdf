"""The survey itself: cells held against configurations, and their counterexamples made small.

Every statement that makes sense under a kind is a claim of one campaign (`checks.campaigns`), so
that it is divided into units, goes on in a store, and has the same result on any engine. Kinds
take turns, so that a survey that is cut short has met all of them. A counterexample of the small
boxes is the smallest of them; any is then cut down (`checks.refutation.minimisation`) as far as a
number of looks allows, which no clock changes.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from checks.campaigns.campaign import Campaign
from checks.campaigns.engines import Engine
from checks.campaigns.pool import ordered_map
from checks.campaigns.store import Ledger
from checks.refutation.minimisation import local_minimum
from checks.statements import Statement
from checks.statements.foreign import contained, interrupted
from checks.statements.kinds import Kind
from checks.statements.sense import Reference, reason, recall, reference, under
from checks.survey.cells import Cell, Smallest
from checks.verdicts import Outcome, Report, Verdict, Violation
from theory import Configuration, HardmaxError
from theory.settling import MAX_LAYERS

LOOKS = 1500
"""Configurations that are tried to make one counterexample smaller."""

LOCAL = "local minimum: no token, dimension or coordinate can be made less by a step and refute"
CUT_SHORT = f"the smallest that was met when {LOOKS} others had been tried"

Work = tuple[Reference, Report, int]


@dataclass
class Survey:
    """A survey in progress: `run` does it, and `cells` can be asked at any time.

    statements, kinds : the rows and the columns.
    examples : how many configurations each kind is held against.
    ledger : where results are kept; the survey goes on from what it holds.
    whole : whether all of it is done.

    Raises `HardmaxError` where no statement applies.

    >>> from checks.statements import find
    >>> from checks.statements.kinds import find_kind
    >>> survey = Survey([find("separation")], [find_kind("alpha-infinite")], examples=20)
    >>> survey.run(1)
    >>> [cell.as_dict()["witness"] for cell in survey.cells()]
    [{'tokens': [['0'], ['-1']], 'gamma': '1'}]
    """

    statements: Sequence[Statement]
    kinds: Sequence[Kind]
    examples: int
    seed: int = 0
    max_layers: int = MAX_LAYERS
    ledger: Ledger | None = None
    whole: bool = False
    smallest: dict[str, Smallest] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.claims = claims_of(self.statements, self.kinds)
        if not self.claims:
            raise HardmaxError("none of these statements applies under any of these dynamics")
        self.campaign = Campaign(
            self.claims, self.examples, self.seed, self.max_layers, False, self.ledger
        )

    def run(
        self,
        engine: Engine | int,
        jobs: int = 1,
        apart: bool = False,
        until: float | None = None,
        step: Callable[[int], None] = lambda examples: None,
    ) -> None:
        """Hold the statements, then make counterexamples small, until that moment if any.

        `jobs` processes do the latter, `apart` from this one where statements are a user's.
        """

        def late() -> bool:
            return until is not None and time.monotonic() >= until

        if late():
            return
        with closing(self.campaign.results(engine)) as results:  # type: ignore[type-var]  # the iterator is a generator
            for result in results:
                step(result.examples)
                if late():
                    return
        reports = zip(self.claims, self.campaign.reports(), strict=True)
        refuted = [pair for pair in reports if pair[1].verdict is Verdict.REFUTED]
        works = [(reference(claim), report, self.max_layers) for claim, report in refuted]
        with closing(ordered_map(_smaller, works, jobs, apart)) as smallest:  # type: ignore[type-var]  # the iterator is a generator
            for (claim, _), least in zip(refuted, smallest, strict=True):
                self.smallest[claim.key] = least
                if late():
                    return
        self.whole = True

    def cells(self) -> list[Cell]:
        """Every cell, statement by statement."""
        reports = {
            claim.key: report
            for claim, report in zip(self.claims, self.campaign.reports(), strict=True)
        }
        cells = []
        for statement in self.statements:
            for kind in self.kinds:
                key = f"{kind.name}:{statement.name}"
                why, report = reason(statement, kind), reports.get(key)
                cells.append(Cell(statement, kind, report, why, self.smallest.get(key)))
        return cells


def claims_of(statements: Sequence[Statement], kinds: Sequence[Kind]) -> list[Statement]:
    """The statements that apply under each of the kinds, kind by kind."""
    return [under(s, kind) for kind in kinds for s in statements if reason(s, kind) is None]


def _smaller(work: Work) -> Smallest:
    told, report, max_layers = work
    with contained():
        return smaller(recall(told), report, max_layers)


def smaller(statement: Statement, report: Report, max_layers: int) -> Smallest:
    """The counterexample of a report cut down to a local minimum, or as far as `LOOKS` allow.

    >>> from checks.statements import find
    >>> from checks.statements.kinds import find_kind
    >>> claim = under(find("separation"), find_kind("alpha-infinite"))
    >>> start = Configuration([[5, 3], [2, 7], [1, 1]], 1)
    >>> report = Report("separation", claim.expected, Verdict.REFUTED, 1, 1, 0, {}, 0, start)
    >>> smaller(claim, report, 100).report.witness
    Configuration(tokens=[['0'], ['1']], alpha='1')
    """
    start, looks = report.witness, 0
    if start is None:
        raise HardmaxError(f"{statement.name}: no witness to make smaller")

    def refutes(configuration: Configuration) -> bool:
        nonlocal looks
        looks += 1
        outcome = _asked(statement, configuration, max_layers)
        return outcome is not None and not outcome

    least, local = local_minimum(start, refutes, lambda: looks >= LOOKS)
    outcome = _asked(statement, least, max_layers)
    violation = outcome if isinstance(outcome, Violation) else None
    words = report.explanation if violation is None else str(violation)
    return Smallest(
        replace(report, witness=least, explanation=words, dynamics=statement.moves(least)),
        violation,
        LOCAL if local else CUT_SHORT,
    )


def _asked(statement: Statement, configuration: Configuration, max_layers: int) -> Outcome:
    """What the statement says; None where it, or the kind, or its code says nothing."""
    if statement.kind is not None and not statement.kind.fits(configuration):
        return None
    try:
        return statement(statement.run(configuration, max_layers))
    except BaseException as error:  # undecided, or whatever a user's code raises
        if interrupted(error):
            raise
        return None
