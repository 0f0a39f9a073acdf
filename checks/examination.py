"""Claims held against one configuration, and their outcomes told to tallies."""

import gc
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple

from checks.reach import Met
from checks.run import Run
from checks.statements import Statement
from checks.statements.foreign import blame, interrupted
from checks.statements.kinds import Kind
from checks.verdicts import NoAnswer, Tally, Violation
from theory import Configuration, NotSettled, Undecidable
from theory.exponential import NoLimit
from theory.own import RuleError

SILENT, HOLDS = Tally(1), Tally(1, 1)
"""What most claims come to; tallies that are only added to others."""

LAST = 4096
"""So many configurations are remembered with what was said of them."""

TOGETHER = 25
"""So many runs are judged claim by claim: one run at a time costs an eighth more."""


class Judgement(NamedTuple):
    """What a configuration has, and what each claim says of it, as a tally of this one example."""

    met: Met
    said: tuple[Tally, ...]


def judgements(claims: Sequence[Statement], runs: Iterable[Run]) -> Iterator[Judgement]:
    """The judgement on each run, in their order.

    `TOGETHER` runs are taken at a time, and each claim is held against all of them before the next
    one is, so that its code stays in the processor's caches.
    """
    left = iter(runs)
    while some := list(islice(left, TOGETHER)):
        with _uncollected():
            met = [Met.of(run) for run in some]
            said = [[examine(claim, run) for run in some] for claim in claims]
            some.clear()
        for place, hypotheses in enumerate(met):
            yield Judgement(hypotheses, tuple([tallies[place] for tallies in said]))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles, which would look through the runs over and over."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


class Memory:
    """The judgements on the last `LAST` configurations, by the same claims.

    What claims say depends on the configuration alone, and on the kind of dynamics under which they
    are held; generated examples come again and again.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[Configuration, Kind | None], Judgement] = OrderedDict()

    def recall(self, configuration: Configuration, kind: Kind | None = None) -> Judgement | None:
        """The judgement on this configuration, if it is remembered."""
        judgement = self._known.get((configuration, kind))
        if judgement is not None:
            self._known.move_to_end((configuration, kind))
        return judgement

    def keep(
        self, configuration: Configuration, judgement: Judgement, kind: Kind | None = None
    ) -> None:
        """Remember a judgement, and forget the one that was not asked for longest."""
        self._known[configuration, kind] = judgement
        if len(self._known) > LAST:
            self._known.popitem(last=False)


def examine(claim: Statement, run: Run) -> Tally:
    """What the claim says of the run, as a tally of one example, which others may share.

    A claim is silent of a configuration that its dynamics does not fit. An exception of the claim's
    own is its verdict: the tally then has the error in one line, with the line of the claim that
    raised it.
    """
    if not claim.fits(run.source):
        return SILENT
    try:
        outcome = claim(claim.own(run))
        if outcome is True:
            return HOLDS
        if outcome is None:
            return SILENT
    except (NoAnswer, RuleError) as error:
        return Tally(1, 1, witness=run.source, explanation=str(error), failed=True)
    except (NotSettled, Undecidable) as error:
        return Tally(1, undecided=1, explanation=str(error))
    except NoLimit:  # of limits it speaks, and there are none
        return SILENT
    except BaseException as error:  # a claim is user code: what it raises is its verdict
        if interrupted(error):
            raise
        return Tally(1, 1, witness=run.source, explanation=blame(error), failed=True)
    words = str(outcome) if isinstance(outcome, Violation) else "the statement is false here"
    return Tally(1, 1, witness=run.source, explanation=words)
