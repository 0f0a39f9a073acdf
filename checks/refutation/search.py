"""Search: a small counterexample to a statement, or an honest account of how hard we looked.

What it finds for false statements is in section 5 of the notes. The order in which a configuration
is smaller than another (`size_of`): fewer tokens, then a smaller dimension, then A = identity, then
a simpler α, then smaller coordinates. The search goes

1. through small boxes completely, in this order, up to symmetry (`small_configurations`); a
   counterexample found there is the smallest in these boxes;
2. where none has one, through generated configurations (`checks.strategies`), the rare ones first,
   until one refutes. Hypothesis generates them, climbs toward those that settle late, change often
   and resonate (`aims`), and shrinks the first that refutes;
3. down from there: `checks.refutation.minimisation` takes away tokens and dimensions, makes A and α
   simpler, and shortens coordinates, as long as the statement stays refuted, to a local minimum;
4. through the smaller classes of n and d with A = I, the smallest first
   (`checks.refutation.descent`), from many starts in each, and down from the first class where one
   refutes.

What is left is the smallest that was met. `Counterexample.minimality` says what was done, and no
more: beyond the boxes nobody knows whether a smaller one exists.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings, target
from hypothesis.errors import Flaky

from checks.reach import Met, Reach
from checks.refutation.account import Budget, Counterexample, Finding, Tell
from checks.refutation.boxes import small_configurations, uses_alpha
from checks.refutation.descent import smaller_classes, starts, tries
from checks.refutation.guidance import aims
from checks.refutation.minimisation import local_minimum, size_of
from checks.run import FIRST_LAYERS, Run
from checks.statements import Statement
from checks.statements.domains import Strategy
from checks.statements.foreign import blame, interrupted
from checks.strategies import FAMILIES
from checks.verdicts import NoAnswer, Outcome, Report, Verdict, Violation
from theory import HARDMAX, Configuration, HardmaxError, NotSettled, Undecidable
from theory.exponential import NoLimit
from theory.own import RuleError
from theory.readable import count

TOLD_EVERY = 200
"""After so many configurations the caller of a search is told how far it is."""

TURN = 1000
"""Configurations that one family yields before it is the next one's turn."""

LOCAL_MINIMUM = (
    "local minimum: no token can be dropped, no dimension left out, {} as simple as {} "
    "can be, and no coordinate can be moved a step toward 0, alone or with others of its axis"
)

CUT_SHORT = "the best when the time was up; a smaller one may be near"

HUNTED = 5
"""Turns of a domain's own hunt, before the boxes."""

AGAIN = 4
"""Starts in one class whose local minima are compared."""

BELOW = (
    "{} others, among them some of fewer tokens, of a smaller dimension and with A = I, were tried "
    "to go lower; a smaller one may exist"
)

BELOW_ONE = "1 other was tried to go lower; a smaller one may exist"

GENERIC = "; only configurations without ties at any layer counted"


class _Search:
    """The state of one search: the counts, the clock, and the best so far."""

    def __init__(
        self,
        statement: Statement,
        budget: Budget,
        seed: int = 0,
        tell: Tell | None = None,
        generic: bool = False,
    ) -> None:
        self.statement = statement
        self.generic = generic
        self.budget = budget
        self.seed = seed
        self.tell = tell
        self.examples = self.applicable = self.undecided = 0
        self.reach = Reach()
        self.boxes, self.in_boxes = "", 0
        self.error: tuple[Configuration, str] | None = None
        self.reason = ""
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
        """What the statement says of the configuration; counted. Nothing if it does not fit."""
        if not self.statement.fits(configuration):
            self.examples += 1
            return None
        return self.judge(self.statement.run(configuration, self.budget.max_layers))

    def judge(self, run: Run) -> Outcome:
        """What the statement says of the run; counted."""
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
            if self.generic and not is_generic(run):
                return None
            return self.statement(run)
        except (NoAnswer, RuleError) as error:
            self.error = (run.source, str(error))
            return None
        except (NotSettled, Undecidable) as error:
            self.undecided += 1
            self.reason = self.reason or str(error)
            return None
        except NoLimit:
            return None
        except BaseException as error:  # whatever a user's code raises
            if interrupted(error):
                raise
            code = getattr(self.statement.judge, "__code__", None)
            file = None if code is None else Path(code.co_filename)
            self.error = (run.source, blame(error, file))
            return None

    def smallest(self, minimality: str) -> Counterexample | None:
        """The smallest configuration yet that refutes, and in what sense it is smallest."""
        if self.best is None:
            return None
        configuration, outcome = self.best
        violation = outcome if isinstance(outcome, Violation) else None
        words = minimality + (GENERIC if self.generic else "")
        if self.error is not None:
            words += f"; the statement's own code failed on another: {self.error[1]}"
        return Counterexample(configuration, violation, words)

    def finding(self, smallest: Counterexample | None) -> Finding:
        """The report of a search that ends with `smallest`."""
        witness, explanation = (None, None) if self.error is None else self.error
        if smallest is not None:
            verdict, witness = Verdict.REFUTED, smallest.configuration
            false = "the statement is false here"
            explanation = false if smallest.violation is None else str(smallest.violation)
        elif self.error is not None:
            verdict = Verdict.ERROR
        elif self.undecided:
            verdict, explanation = Verdict.UNDECIDED, self.reason
        else:
            verdict = Verdict.HELD if self.applicable else Verdict.VACUOUS
        report = Report(
            self.statement.name,
            self.statement.expected,
            verdict,
            self.examples,
            self.applicable,
            self.undecided,
            self.reach.as_dict(),
            self.seed,
            witness,
            explanation,
            self.statement.dynamics,
        )
        through = f"the boxes up to {self.boxes}, completely" if self.boxes else "no box completely"
        others = self.examples - self.in_boxes
        return Finding(report, smallest, f"{through}; {count(others, 'other configuration', '')}")


def refute(
    statement: Statement,
    budget: Budget | None = None,
    *,
    seed: int = 0,
    tell: Tell | None = None,
    generic: bool = False,
) -> Finding:
    """Look for a small counterexample to the statement.

    The same seed and the same budget of examples give the same result; a budget of seconds may
    cut it short. `tell` is called with the finding so far at every smaller counterexample, and
    after every `TOLD_EVERY` configurations. With `generic` only configurations count that have no
    ties (`is_generic`). A statement whose domain has a hunt of its own is held against
    that first, `settling` against the case that is open. Going down from a counterexample may take
    more examples than the budget.

    >>> from checks.statements import find
    >>> finding = refute(find("hull-vertices-lead"), Budget(examples=200), seed=1)
    >>> finding.counterexample.configuration
    Configuration(tokens=[['-1'], ['-2']], alpha='1')
    """
    search = _Search(statement, budget or Budget(), seed, tell, generic)
    domain = statement.domain
    hunt = [hunted() for hunted in domain.hunt]
    words = _among_generated(search, hunt, HUNTED * len(hunt))
    whole = False
    if words is None:
        words = _in_boxes(search)
        whole = words is not None
    if words is None:
        families = [domain.strategy(family) for family in ("rare", *FAMILIES)]
        words = _among_generated(search, [*families, *hunt])
    return search.finding(None if words is None else _descended(search, words, whole))


def is_generic(run: Run) -> bool:
    """Whether no attention set of the run has several tokens, at any layer for ever.

    Of layers of other dynamics the first `FIRST_LAYERS` are looked at, before ties are broken.
    Raises `theory.NotSettled` if the run is undecided.
    """
    if run.dynamics == HARDMAX:
        patterns = [pattern for _, pattern in run.settled.history]
    else:
        patterns = [run.maximisers(k) for k in range(FIRST_LAYERS)]
    return all(len(attended) == 1 for pattern in patterns for attended in pattern)


def _in_boxes(search: _Search) -> str | None:
    """Look for the smallest counterexample in the boxes; what was done."""
    for box, candidates in small_configurations(search.statement):
        for configuration in candidates:
            if search.spent:
                break
            search.look(configuration)
        else:
            search.boxes, search.in_boxes = box, search.examples
        if search.best is not None:
            whole = "cut short by the budget" if search.spent else "gone through completely"
            return f"smallest in the boxes up to {box}, the last one {whole}"
        if search.spent:
            return None
    return None


def _among_generated(
    search: _Search, sources: Sequence[Strategy], turns: int | None = None
) -> str | None:
    """Look for a counterexample among generated configurations, and minimise it; what was done."""
    turn = 0
    while not search.spent and (turns is None or turn < turns):
        test = given(sources[turn % len(sources)])(_guided(search))
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
        if not search.statement.fits(configuration):
            search.examples += 1
            return
        run = search.statement.run(configuration, search.budget.max_layers)
        outcome = search.judge(run)
        if outcome is None:
            return
        if not outcome:
            raise _RefutedError
        for label, value in aims(run).items():
            target(value, label=label)

    return look


def minimise(statement: Statement, start: Configuration) -> Counterexample:
    """A local minimum below `start` (`checks.refutation.minimisation`), which refutes the
    statement.

    Raises `HardmaxError` if it does not.

    >>> from checks.statements import find
    >>> start = Configuration([[3, 1], [1, 2], [6, 2]], alpha="1/3")
    >>> minimise(find("hull-vertices-lead"), start).configuration
    Configuration(tokens=[['1'], ['2']], alpha='1')
    """
    search = _Search(statement, Budget())
    search.look(start)
    smallest = None if search.best is None else search.smallest(_minimised(search, start))
    if smallest is None:
        raise HardmaxError(f"{statement.name} is not refuted by {start.to_dict()}")
    return smallest


def _descended(search: _Search, words: str, whole: bool) -> Counterexample | None:
    """The counterexample at hand, or a smaller one from a class that is no greater than its own.

    Its own class is left out if `whole`, where boxes of it were gone through.
    """
    if search.best is None or not search.statement.domain.descends:
        return search.smallest(words)
    start, before, refuting = search.best[0], search.examples, 0
    classes = [*smaller_classes(start)]
    if not whole:
        classes.append((start.size, start.dimension))
    steps = search.statement.domain.steps
    for n, d in classes:
        random = Random(f"{search.seed}:{n}:{d}")
        some = islice(starts(start, n, d, steps, random), tries(n, search.budget.examples))
        for candidate in some:
            if search.late or refuting == AGAIN:
                break
            outcome = search.look(candidate)
            if outcome is not None and not outcome:
                words = _minimised(search, candidate)
                refuting += 1
        if search.late:
            return search.smallest(CUT_SHORT)
        if refuting:
            break
    tried = search.examples - before
    below = BELOW_ONE if tried == 1 else BELOW.format(tried)
    return search.smallest(f"{words}; {below}" if tried else words)


def _minimised(search: _Search, start: Configuration) -> str:
    """Go down from a start that refutes; in what sense the end is smallest."""

    def refutes(configuration: Configuration) -> bool:
        outcome = search.look(configuration)
        return outcome is not None and not outcome

    _, whole = local_minimum(start, refutes, lambda: search.late)
    simple = ("A and α are", "they") if uses_alpha(search.statement.dynamics) else ("A is", "it")
    return LOCAL_MINIMUM.format(*simple) if whole else CUT_SHORT
