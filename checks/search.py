"""Search: the smallest counterexample to a statement, or an honest account of how hard we looked.

The order in which a configuration is smaller than another (`size_of`): fewer tokens, then a smaller
dimension, then A = identity, then a simpler α, then smaller coordinates. The search goes

1. through small boxes completely, in this order, up to symmetry (`small_configurations`); a
   counterexample found there is the smallest in its box;
2. through generated configurations (`checks.strategies`), the rare ones first, until one refutes;
3. down from there: `minimise` takes away tokens and dimensions, replaces A and α by simpler ones,
   and shortens coordinates, as long as the statement stays refuted. What is left is a local
   minimum: no token can be dropped, and no coordinate moved one step toward 0.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement, product
from pathlib import Path

from flint import fmpq
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from checks.conjectures import Conjecture
from checks.enumeration import Box, Point
from checks.examination import WANTED, blame
from checks.reach import Reach
from checks.strategies import FAMILIES, configurations
from checks.verdicts import Outcome, Report, Verdict, Violation
from theory import Configuration, HardmaxError, NotSettled, Undecidable
from theory.configuration import identity
from theory.exact import shorten
from theory.exponential import NoLimit

MAX_LAYERS = 300
"""The budget of layers in a search, where thousands of configurations are tried."""

SAMPLED = 20
"""The reach of a search is that of the first of every so many applicable configurations."""

SIMPLE_STEPS = tuple(fmpq(*x) for x in ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3), (1, 10)))
"""Steps α from simple to less simple."""

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
    """How long a search may take: `examples` configurations, `seconds` of time (None: any)."""

    examples: int = 20_000
    seconds: float | None = None


@dataclass(frozen=True)
class Finding:
    """The outcome of a search: the report, and the counterexample if there is one."""

    report: Report
    counterexample: Counterexample | None
    interrupted: bool = False


class _Search:
    """The state of one search: the counts, and the clock."""

    def __init__(self, conjecture: Conjecture, budget: Budget) -> None:
        self.conjecture = conjecture
        self.budget = budget
        self.examples = self.applicable = self.undecided = 0
        self.reach = Reach()
        self.error: tuple[Configuration, str] | None = None
        self.best: tuple[Configuration, Outcome] | None = None
        self.interrupted = False
        self.end = None if budget.seconds is None else time.monotonic() + budget.seconds

    @property
    def spent(self) -> bool:
        """Whether the budget is used up, or the statement's own code has failed."""
        late = self.end is not None and time.monotonic() > self.end
        return late or self.examples >= self.budget.examples or self.error is not None

    def _blame(self, error: BaseException) -> str:
        return blame(error, Path(self.conjecture.judge.__code__.co_filename))

    def look(self, configuration: Configuration) -> Outcome:
        """What the conjecture says of the configuration; counted."""
        self.examples += 1
        run = self.conjecture.run(configuration, MAX_LAYERS)
        try:
            if not self.conjecture.applies(run):
                return None
            outcome = self.conjecture.judge(run)
        except (NotSettled, Undecidable):
            self.undecided += 1
            return None
        except NoLimit:
            return None
        except (
            Exception,
            SystemExit,
        ) as error:  # a user's code
            self.error = (configuration, self._blame(error))
            return None
        if outcome is not None and not isinstance(outcome, bool | Violation):
            self.error = (configuration, f"it returned {shorten(repr(outcome))}; {WANTED}")
            return None
        if outcome is not None:
            self.applicable += 1
            if self.applicable % SAMPLED == 1:
                self.reach.meet(run)
            if not outcome and (
                self.best is None or size_of(configuration) < size_of(self.best[0])
            ):
                self.best = configuration, outcome
        return outcome


def refute(conjecture: Conjecture, budget: Budget | None = None, *, seed: int = 0) -> Finding:
    """Look for the smallest counterexample to the conjecture.

    The same seed and the same budget of examples give the same result; a budget of seconds may
    cut it short.
    """
    search = _Search(conjecture, budget or Budget())
    found: Counterexample | None = None
    try:
        found = _in_boxes(search) or _among_generated(search, seed)
    except KeyboardInterrupt:
        search.interrupted = True
        if search.best is not None:
            outcome = _violation(search.best[1])
            found = Counterexample(search.best[0], outcome, "interrupted: the best so far")
    verdict = Verdict.REFUTED
    if found is None:
        if search.error is not None:
            verdict = Verdict.ERROR
        elif search.undecided:
            verdict = Verdict.UNDECIDED
        else:
            verdict = Verdict.HELD if search.applicable else Verdict.VACUOUS
    witness, explanation = search.error or (None, None)
    if found is not None:
        witness = found.configuration
        false = "the statement is false here"
        explanation = false if found.violation is None else str(found.violation)
    report = Report(
        conjecture.name,
        conjecture.expected,
        verdict,
        search.examples,
        search.applicable,
        search.undecided,
        search.reach.as_dict(),
        seed,
        witness,
        explanation,
    )
    return Finding(report, found, search.interrupted)


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
        best: tuple[tuple[object, ...], Configuration, Outcome] | None = None
        for configuration in candidates:
            if search.spent:
                break
            outcome = search.look(configuration)
            if outcome is not None and not outcome:
                size = size_of(configuration)
                if best is None or size < best[0]:
                    best = size, configuration, outcome
        if best is not None:
            whole = "cut short by the budget" if search.spent else "gone through completely"
            words = f"smallest in the boxes up to {box}, the last one {whole}"
            return Counterexample(best[1], _violation(best[2]), words)
        if search.spent:
            return None
    return None


def _among_generated(search: _Search, seed_: int) -> Counterexample | None:
    """A counterexample among generated configurations, minimised."""
    sources = ["rare", *FAMILIES]
    turn = 0
    while not search.spent:
        found: list[Configuration] = []
        family = sources[turn % len(sources)]
        test = given(_strategy(search.conjecture, family))(_collector(search, found))
        quiet = settings(
            max_examples=200,
            phases=(Phase.generate,),
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        seed(f"{seed_}:{turn}")(quiet(test))()
        turn += 1
        if found:
            return minimise(search.conjecture, found[0], search.look)
    return None


def _collector(search: _Search, found: list[Configuration]) -> Callable[[Configuration], None]:
    def collect(configuration: Configuration) -> None:
        if not found and not search.spent:
            outcome = search.look(configuration)
            if outcome is not None and not outcome:
                found.append(configuration)

    return collect


def _strategy(conjecture: Conjecture, family: str) -> st.SearchStrategy[Configuration]:
    if conjecture.dropped in (None, "infinite step", "averaged ties"):
        return configurations(family=family)
    if conjecture.dropped == "distinct":
        return configurations(family=None if family == "rare" else family, repeated=True)
    return configurations(family=None if family == "rare" else family, standing=False)


def minimise(
    conjecture: Conjecture, start: Configuration, look: Callable[..., Outcome] | None = None
) -> Counterexample:
    """A local minimum below `start`, which refutes the conjecture.

    Every simplification of `_simpler` is tried, the greatest first; the first that still refutes
    is taken, and all are tried again, until none does.
    """
    judge = look or _Search(conjecture, Budget()).look
    best, outcome = start, judge(start)
    improved = True
    while improved:
        improved = False
        for candidate in _simpler(best):
            verdict = judge(candidate)
            if verdict is not None and not verdict:
                best, outcome, improved = candidate, verdict, True
                break
    words = (
        "local minimum: no token can be dropped, no dimension left out, A and α are as simple as "
        "they can be, and no coordinate can be moved a step toward 0"
    )
    return Counterexample(best, _violation(outcome), words)


def size_of(configuration: Configuration) -> tuple[object, ...]:
    """The order in which configurations are small; see the module's description."""
    coordinates = [x for row in configuration.tokens for x in row]
    return (
        configuration.size,
        configuration.dimension,
        configuration.A != identity(configuration.dimension),
        _complexity(configuration.alpha),
        sum(_complexity(x) for x in coordinates),
        sum((abs(x) for x in coordinates), fmpq(0)),
    )


def _complexity(x: fmpq) -> int:
    """Whole numbers before fractions, small before large."""
    return int(abs(x.p) + 4 * (x.q - 1))


def _simpler(c: Configuration) -> Iterator[Configuration]:
    """Simpler configurations, the most simplified first; each smaller by `size_of`."""

    def made(
        rows: Sequence[Sequence[fmpq]], alpha: fmpq = c.alpha, A: object = None
    ) -> Iterator[Configuration]:
        matrix = c.A if A is None else A
        try:
            candidate = Configuration(rows, alpha, matrix)  # type: ignore[arg-type]  # A is rows
        except HardmaxError:
            return
        if size_of(candidate) < size_of(c):
            yield candidate

    for i in range(c.size):
        if c.size > 1:
            yield from made([row for j, row in enumerate(c.tokens) if j != i])
    for s in range(c.dimension):
        if c.dimension > 1:
            rest = [t for t in range(c.dimension) if t != s]
            shortened = [[row[t] for t in rest] for row in c.tokens]
            yield from made(shortened, A=[[c.A[a][b] for b in rest] for a in rest])
    yield from made(c.tokens, A=identity(c.dimension))
    for alpha in SIMPLE_STEPS:
        yield from made(c.tokens, alpha=alpha)
    content = _content(c)
    yield from made([[x / content for x in row] for row in c.tokens])
    for i, row in enumerate(c.tokens):
        for s, x in enumerate(row):
            for y in _shorter(x):
                moved = [list(other) for other in c.tokens]
                moved[i][s] = y
                yield from made(moved)


def _content(c: Configuration) -> fmpq:
    """The greatest number of which all coordinates are whole multiples; 1 if all are 0."""
    coordinates = [x for row in c.tokens for x in row if x]
    if not coordinates:
        return fmpq(1)
    above, below = coordinates[0].p, coordinates[0].q
    for x in coordinates:
        above, below = above.gcd(x.p), below.lcm(x.q)
    return fmpq(above, below)


def _shorter(x: fmpq) -> Iterator[fmpq]:
    """Numbers of less complexity: 0, whole numbers near x, half of x, one step toward 0."""
    if not x:
        return
    sign = 1 if x > 0 else -1
    yield fmpq(0)
    yield fmpq(sign)
    yield fmpq((abs(x) / 2).floor()) * sign
    yield fmpq(abs(x).floor()) * sign
    yield x - sign


def _violation(outcome: Outcome) -> Violation | None:
    return outcome if isinstance(outcome, Violation) else None
