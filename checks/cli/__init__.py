"""The command line `hardmax`: one module a command, listed in `checks.cli.application`.

Nothing else in the project prints. A command writes its findings on stdout and everything else on
stderr (`checks.cli.terminal`), lets `HardmaxError` through for bad input, and ends with
``raise typer.Exit(status)`` unless its status is 0. The process itself starts in `checks.start`.
"""

import gc
import signal
import sys
from collections.abc import Sequence

from checks.cli.signals import Interruption


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `hardmax` with the given arguments (those of the process if None); the exit status.

    Whatever happens ends in a status, with at most one line about it on stderr. SIGTERM and SIGHUP
    end the command as Ctrl-C does; the status tells which it was.
    """
    own = arguments is None  # whether the process is the program's own
    given = sys.argv[1:] if arguments is None else arguments
    with Interruption(to_the_end=own) as interruption:
        if own:
            gc.disable()  # what is imported stays: the collector of cycles need not look through it
        from checks.cli.application import prepare, run

        if failed := prepare(given, interruption):
            return failed
        if own:
            gc.freeze()
            gc.enable()
        status = run(given, interruption)
    if interruption.signals and status == 128 + signal.SIGINT:
        return 128 + interruption.signals[0]
    return status
