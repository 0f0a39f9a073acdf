"""Search: the smallest counterexample to a statement, or an honest account of how hard we looked.

The order in which a configuration is smaller than another (`size_of`): fewer tokens, then a smaller
dimension, then A = identity, then a simpler α, then smaller coordinates. The search goes

1. through small boxes completely, in this order, up to symmetry (`small_configurations`); a
   counterexample found there is the smallest in its box;
2. through generated configurations (`checks.strategies`), the rare ones first, until one refutes.
   Hypothesis generates them, climbs toward those that settle late, change often and resonate
   (`aims`), and shrinks the first that refutes;
3. down from there: `checks.minimisation` takes away tokens and dimensions, makes A and α simpler,
   and shortens coordinates, as long as the statement stays refuted. What is left is a local
   minimum: no token can be dropped, and no coordinate moved one step toward 0.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement, product
from pathlib import Path
from typing import TypeAlias

from flint import fmpq
from hypothesis import HealthCheck, Phase, given, seed, settings, target
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from checks.conjectures import Conjecture
from checks.enumeration import Box, Point
from checks.examination import WANTED, blame
from checks.minimisation import SIMPLE_STEPS, local_minimum, size_of
from checks.reach import Met, Reach
from checks.run import Run
from checks.strategies import FAMILIES, configurations
from checks.verdicts import Outcome, Report, Verdict, Violation
from theory import Configuration, HardmaxError, NotSettled, Settled, Undecidable
from theory.exact import shown
from theory.exponential import NoLimit
from theory.matrices import identity
from theory.settling import MAX_LAYERS

TOLD_EVERY = 200
"""After so many configurations the caller of a search is told how far it is."""

LATE = 40
"""A guided search does not climb toward runs that settle later than this: they cost much."""

TURN = 1000
"""Configurations that one family yields before it is the next one's turn."""

LOCAL_MINIMUM = (
    "local minimum: no token can be dropped, no dimension left out, A and α are as simple as they "
    "can be, and no coordinate can be moved a step toward 0"
)

CUT_SHORT = "the best when the time was up; a smaller one may be near"

BOXES = (
    Box(1, 2, 1), Box(2, 1, 1), Box(1, 3, 2), Box(2, 2, 2), Box(1, 3, 3), Box(2, 2, 3),
    Box(3, 1, 3), Box(1, 3, 4), Box(2, 2, 4), Box(3, 1, 4), Box(2, 2, 5),
)  # fmt: skip
"""Boxes that are gone through completely, in the order of size."""


@dataclass(frozen=True)
class Counterexample:
    """A configuration that refutes, with the violation and in what sense it is smallest."""

    configuration: Configuration
    violation: Violation | None
    minimality: str


@dataclass(frozen=True)
class Budget:
    """How long a search may take.

    examples : how many configurations are tried.
    seconds : how much time it may take; None: any.
    max_layers : the budget of layers for settling each configuration.
    """

    examples: int = 20_000
    seconds: float | None = None
    max_layers: int = MAX_LAYERS


@dataclass(frozen=True)
class Finding:
    """The outcome of a search: the report, and the counterexample if there is one."""

    report: Report
    counterexample: Counterexample | None


Tell: TypeAlias = Callable[[Finding], None]
"""Who wants to know how a search is getting on."""


class _Search:
    """The state of one search: the counts, the clock, and the best so far."""

    def __init__(
        self, conjecture: Conjecture, budget: Budget, seed: int = 0, tell: Tell | None = None
    ) -> None:
        self.conjecture = conjecture
        self.budget = budget
        self.seed = seed
        self.tell = tell
        self.examples = self.applicable = self.undecided = 0
        self.reach = Reach()
        self.error: tuple[Configuration, str] | None = None
        self.best: tuple[Configuration, Outcome] | None = None
        self.end = None if budget.seconds is None else time.monotonic() + budget.seconds

    @property
    def spent(self) -> bool:
        """Whether the budget is used up, or the statement's own code has failed."""
        used = self.examples >= self.budget.examples
        return used or self.late or self.error is not None

    @property
    def late(self) -> bool:
        """Whether the time is up."""
        return self.end is not None and time.monotonic() > self.end

    def look(self, configuration: Configuration) -> Outcome:
        """What the conjecture says of the configuration; counted."""
        return self.judge(self.conjecture.run(configuration, self.budget.max_layers))

    def judge(self, run: Run) -> Outcome:
        """What the conjecture says of the run; counted."""
        self.examples += 1
        if self.tell is not None and self.examples % TOLD_EVERY == 0:
            self.tell(self.finding(self.smallest("the best so far")))
        outcome = self._ask(run)
        if outcome is not None:
            self.applicable += 1
            self.reach.meet(Met.of(run))
            if not outcome and (self.best is None or size_of(run.source) < size_of(self.best[0])):
                self.best = run.source, outcome
                if self.tell is not None:
                    self.tell(self.finding(self.smallest("the best so far")))
        return outcome

    def _ask(self, run: Run) -> Outcome:
        try:
            outcome = self.conjecture(run)
        except (NotSettled, Undecidable):
            self.undecided += 1
            return None
        except NoLimit:
            return None
        except (Exception, SystemExit) as error:  # whatever a user's code raises
            file = Path(self.conjecture.judge.__code__.co_filename)
            self.error = (run.source, blame(error, file))
            return None
        if outcome is not None and not isinstance(outcome, bool | Violation):
            self.error = (run.source, f"it returned {shown(outcome)}; {WANTED}")
            return None
        return outcome

    def smallest(self, minimality: str) -> Counterexample | None:
        """The smallest configuration yet that refutes, and in what sense it is smallest."""
        if self.best is None:
            return None
        configuration, outcome = self.best
        violation = outcome if isinstance(outcome, Violation) else None
        return Counterexample(configuration, violation, minimality)

    def finding(self, found: Counterexample | None) -> Finding:
        """The report of a search that ends with `found`."""
        witness, explanation = (None, None) if self.error is None else self.error
        if found is not None:
            verdict, witness = Verdict.REFUTED, found.configuration
            false = "the statement is false here"
            explanation = false if found.violation is None else str(found.violation)
        elif self.error is not None:
            verdict = Verdict.ERROR
        elif self.undecided:
            verdict = Verdict.UNDECIDED
        else:
            verdict = Verdict.HELD if self.applicable else Verdict.VACUOUS
        report = Report(
            self.conjecture.name,
            self.conjecture.expected,
            verdict,
            self.examples,
            self.applicable,
            self.undecided,
            self.reach.as_dict(),
            self.seed,
            witness,
            explanation,
        )
        return Finding(report, found)


def refute(
    conjecture: Conjecture,
    budget: Budget | None = None,
    *,
    seed: int = 0,
    tell: Tell | None = None,
) -> Finding:
    """Look for the smallest counterexample to the conjecture.

    The same seed and the same budget of examples give the same result; a budget of seconds may
    cut it short. `tell` is called with the finding so far at every smaller counterexample, and
    after every `TOLD_EVERY` configurations.
    """
    search = _Search(conjecture, budget or Budget(), seed, tell)
    return search.finding(_in_boxes(search) or _among_generated(search))


def aims(run: Run) -> dict[str, float]:
    """What a guided search climbs toward: how late, how often and how slowly a run settles."""
    if not isinstance(run.settling, Settled) or run.settling.layer > LATE:
        return {}
    degrees = [term.degree for form in run.settling.closed_form for term in form.terms]
    widths = [len(attended) for attended in run.settling.pattern]
    return {
        "settled layer": float(run.settling.layer),
        "changes of the pattern": float(len(run.settling.history)),
        "greatest degree": float(max(degrees)),
        "tokens attended to for ever": float(sum(widths)),
    }


def small_configurations(
    conjecture: Conjecture,
) -> Iterator[tuple[str, Iterator[Configuration]]]:
    """The boxes in the order of size: for each box, A and α its name and its configurations."""
    dropped = conjecture.dropped
    for box in BOXES:
        if dropped in ("symmetric", "definite", "strict") and box.tokens > 3:
            return
        name = f"{box.tokens} tokens of {{−{box.radius}…{box.radius}}}^{box.dimension}"
        steps = _steps(dropped)[: 1 if box.tokens > 4 else None]
        for A, alpha in product(_matrices(dropped, box.dimension), steps):
            rows = _subsets(box, dropped)
            yield f"{name} at α = {alpha}", (Configuration(x, alpha, A) for x in rows)


def _subsets(box: Box, dropped: str | None) -> Iterator[tuple[Point, ...]]:
    """The tokens of a box's configurations: up to symmetry, with copies, or with a zero."""
    if dropped == "distinct":
        every = combinations_with_replacement(box.points(), box.tokens)
        return (rows for rows in every if len(set(rows)) < len(rows))
    if dropped == "nonzero":
        zero: Point = (0,) * box.dimension
        return ((*rows, zero) for rows in combinations(box.points(), box.tokens - 1))
    return (rows for rows, _ in box.representatives())


def _matrices(dropped: str | None, d: int) -> Sequence[Sequence[Sequence[fmpq]]]:
    if dropped not in ("symmetric", "definite", "strict"):
        return [identity(d)]
    entries = sorted(product((0, 1, -1, 2), repeat=d * d), key=lambda x: sum(map(abs, x)))
    return [[[fmpq(x) for x in row[i * d : (i + 1) * d]] for i in range(d)] for row in entries]


def _steps(dropped: str | None) -> Sequence[fmpq]:
    if dropped == "negative step":
        return (fmpq(-1, 2), fmpq(-1, 3), fmpq(-2, 3))
    if dropped == "zero step":
        return (fmpq(0),)
    if dropped is not None:
        return (fmpq(1),)
    return SIMPLE_STEPS


def _in_boxes(search: _Search) -> Counterexample | None:
    """The smallest counterexample of the first box, A and α that has one."""
    for box, candidates in small_configurations(search.conjecture):
        for configuration in candidates:
            if search.spent:
                break
            search.look(configuration)
        if search.best is not None:
            whole = "cut short by the budget" if search.spent else "gone through completely"
            words = f"smallest in the boxes up to {box}, the last one {whole}"
            return search.smallest(words)
        if search.spent:
            return None
    return None


def _among_generated(search: _Search) -> Counterexample | None:
    """A counterexample among generated configurations, minimised."""
    sources = ["rare", *FAMILIES]
    turn = 0
    while not search.spent:
        family = sources[turn % len(sources)]
        test = given(_strategy(search.conjecture, family))(_guided(search))
        quiet = settings(
            max_examples=TURN,
            phases=(Phase.generate, Phase.target, Phase.shrink),
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        with suppress(_RefutedError, Flaky):  # flaky: when the time is up in the midst of shrinking
            seed(f"{search.seed}:{turn}")(quiet(test))()
        turn += 1
        if search.best is not None:
            return _minimised(search, search.best[0])
    return None


class _RefutedError(Exception):
    """Tells Hypothesis that an example refutes, so that it shrinks it."""


def _guided(search: _Search) -> Callable[[Configuration], None]:
    def look(configuration: Configuration) -> None:
        if search.spent:
            return
        run = search.conjecture.run(configuration, search.budget.max_layers)
        outcome = search.judge(run)
        if outcome is None:
            return
        if not outcome:
            raise _RefutedError
        for label, value in aims(run).items():
            target(value, label=label)

    return look


def _strategy(conjecture: Conjecture, family: str) -> st.SearchStrategy[Configuration]:
    if conjecture.dropped in (None, "infinite step", "averaged ties"):
        return configurations(family=family)
    if conjecture.dropped == "distinct":
        return configurations(family=None if family == "rare" else family, repeated=True)
    return configurations(family=None if family == "rare" else family, standing=False)


def minimise(conjecture: Conjecture, start: Configuration) -> Counterexample:
    """A local minimum below `start` (`checks.minimisation`), which refutes the conjecture.

    Raises `HardmaxError` if it does not.
    """
    search = _Search(conjecture, Budget())
    search.look(start)
    found = _minimised(search, start) if search.best is not None else None
    if found is None:
        raise HardmaxError(f"{conjecture.name} is not refuted by {start.to_dict()}")
    return found


def _minimised(search: _Search, start: Configuration) -> Counterexample | None:
    def refutes(configuration: Configuration) -> bool:
        outcome = search.look(configuration)
        return outcome is not None and not outcome

    _, whole = local_minimum(start, refutes, lambda: search.late)
    return search.smallest(LOCAL_MINIMUM if whole else CUT_SHORT)
