"""One claim held against one configuration, and its outcome told to a tally."""

import traceback
from pathlib import Path

from checks.claims import Claim
from checks.run import Run
from checks.verdicts import Tally, Violation
from theory import NotSettled, Undecidable
from theory.exact import shorten

SILENT, HOLDS, UNDECIDED = Tally(1), Tally(1, 1), Tally(1, undecided=1)
"""What most claims come to; tallies that are only added to others."""

WANTED = "True, False, a Violation, or None was wanted"


def examine(tally: Tally, claim: Claim, run: Run) -> None:
    """Add to the tally what the claim says of the run.

    An exception of the claim's own is its verdict: the tally then has the error in one line, with
    the line of the claim that raised it. A claim is asked once of a run, and what it said is
    remembered there.
    """
    asked, said = run.remembered.get(claim.name, (None, SILENT))
    if asked is not claim:
        said = _judge(claim, run)
        run.remembered[claim.name] = claim, said
    tally.add(said)


def _judge(claim: Claim, run: Run) -> Tally:
    try:
        outcome = claim(run)
        holds = outcome is None or bool(outcome)
    except (NotSettled, Undecidable):
        return UNDECIDED
    except (Exception, SystemExit) as error:  # a claim is user code: what it raises is its verdict
        return Tally(1, 1, witness=run.source, explanation=blame(error), failed=True)
    if outcome is None:
        return SILENT
    if not isinstance(outcome, bool | Violation):
        words = f"it returned {shorten(repr(outcome))}; {WANTED}"
        return Tally(1, 1, witness=run.source, explanation=words, failed=True)
    if holds:
        return HOLDS
    words = str(outcome) if isinstance(outcome, Violation) else "the statement is false here"
    return Tally(1, 1, witness=run.source, explanation=words)


def blame(error: BaseException, file: Path | None = None) -> str:
    """The error in one line, with the last line of code that it passed through.

    With `file` it is the last line of that file, if the error passed through it at all.
    """
    frames: list[traceback.FrameSummary] = list(traceback.extract_tb(error.__traceback__))
    if file is not None:
        frames = [frame for frame in frames if Path(frame.filename) == file] or frames
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    if isinstance(error, SyntaxError):
        where = f" at {Path(error.filename or '?').name}:{error.lineno}"
    return f"{type(error).__name__}: {error}{where}"
