"""One claim held against one configuration, and its outcome told to a tally."""

import traceback
from pathlib import Path

from checks.claims import Claim
from checks.run import Run
from checks.verdicts import Tally, Violation
from theory import NotSettled, Undecidable
from theory.exact import shorten

WANTED = "True, False, a Violation, or None was wanted"


def examine(tally: Tally, claim: Claim, run: Run) -> None:
    """Add to the tally what the claim says of the run.

    An exception of the claim's own is its verdict: the tally then has the error in one line, with
    the line of the claim that raised it.
    """
    tally.examples += 1
    try:
        outcome = claim(run)
        holds = outcome is None or bool(outcome)
    except (NotSettled, Undecidable):
        tally.undecided += 1
        return
    except (Exception, SystemExit) as error:  # a claim is user code: what it raises is its verdict
        tally.applicable += 1
        if not tally.failed:
            tally.failed = True
            tally.witness, tally.explanation = run.source, blame(error)
        return
    if outcome is None:
        return
    tally.applicable += 1
    if not isinstance(outcome, bool | Violation):
        if not tally.failed:
            tally.failed = True
            tally.witness = run.source
            tally.explanation = f"it returned {shorten(repr(outcome))}; {WANTED}"
        return
    if not holds and tally.witness is None:
        tally.witness = run.source
        tally.explanation = (
            str(outcome) if isinstance(outcome, Violation) else "the statement is false here"
        )


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
