"""The application behind `hardmax`: its commands, and what becomes of whatever ends them.

`run` makes one line and an exit status of whatever happens in a command.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Annotated, Any

import typer

from checks.cli.listing import VARIABLE, Listed, application, load
from checks.cli.signals import Interruption
from checks.cli.terminal import Interrupted, Status, notice, prepare_streams, release_streams
from checks.process import version as installed

COMMANDS = {
    "run": Listed("checks.cli.run", "run", "Take tokens through attention to the limit, exactly."),
    "map": Listed("checks.cli.map", "map_", "Map the basins of one token's start."),
    "sweep": Listed(
        "checks.cli.sweep", "sweep_", "Sweep one number, and find where attention changes."
    ),
    "claims": Listed("checks.cli.claims", "claims", "List the claims."),
    "validate": Listed("checks.cli.validate", "validate", "Hold the claims of the theory."),
    "check": Listed("checks.cli.check", "check", "Verify certificates."),
    "enumerate": Listed(
        "checks.cli.enumerate",
        "enumerate_",
        "Hold the claims against every configuration of a box.",
    ),
    "refute": Listed("checks.cli.refute", "refute", "Find a small counterexample to a statement."),
    "survey": Listed("checks.cli.survey", "survey", "Hold every statement under every dynamics."),
    "prove": Listed("checks.cli.prove", "prove", "Check the proofs of the lemmas and print them."),
    "selftest": Listed(
        "checks.cli.selftest", "selftest", "Check an installed copy in a few seconds."
    ),
    "sentiment": Listed(
        "sentiment.cli", "sentiment", "The interpretable sentiment classifier.", group=True
    ),
}
"""Every command of `hardmax` by name. A new one is a function in a module of its own here."""


COMPLETION = {"--install-completion", "--show-completion"}
"""Typer's own options, of the program and of no command."""


def _print_version(context: typer.Context, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:  # a line that is completed is not run
        typer.echo(f"hardmax {installed()}")
        raise typer.Exit


def hardmax(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Exact hardmax attention: limits with proofs, and claims held against configurations."""


def prepare(arguments: Sequence[str], interruption: Interruption) -> int:
    """Import the command that the arguments name; an exit status, that of failure if it fails."""
    try:
        load(COMMANDS, list(arguments))
    except Exception as error:  # a library may look for the current folder
        return interruption.tell(_told, error)
    return Status.CHECKED


def run(arguments: Sequence[str], interruption: Interruption) -> int:
    """Run `hardmax` with the arguments, as `checks.cli.main` does; the exit status.

    After a signal an error is its interruption, whatever code in C has made of it.
    """
    if not prepare_streams():
        interruption.tell(notice, "hardmax: standard output is closed")
        return Status.BAD_INPUT
    try:
        return interruption.call(_invoke, arguments)
    except (Exception, KeyboardInterrupt) as error:  # the last resort: no traceback is shown
        signalled = interruption.signals and not isinstance(error, KeyboardInterrupt)
        return interruption.tell(_told, KeyboardInterrupt() if signalled else error)
    finally:
        release_streams()


def _invoke(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name, past typer's own way with errors and pipes."""
    if instruction := os.environ.get(VARIABLE):
        from checks.cli.completion import complete

        status = complete(hardmax, instruction)
    else:
        status = _done(application(hardmax, COMMANDS, whole=True), arguments)
    sys.stdout.flush()
    return status


def _done(command: Any, arguments: Sequence[str]) -> int:
    """The status with which the command ends, or an option that ends it, as --version does."""
    if arguments and arguments[0] in COMPLETION:
        return _completed(command, arguments)
    status: int = Status.CHECKED
    try:
        with command.make_context("hardmax", list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as end:
        status = end.exit_code
    return status


def _completed(command: Any, arguments: Sequence[str]) -> int:
    """Show or install completion by typer's own options, which end the process, and fail by 1."""
    told = StringIO()
    try:
        with redirect_stdout(told), redirect_stderr(told):
            command.make_context("hardmax", list(arguments))
    except (typer.Exit, SystemExit) as end:
        if end.exit_code if isinstance(end, typer.Exit) else end.code:
            notice("hardmax: completion is for bash, zsh, fish and PowerShell; run it in one")
            return Status.BAD_INPUT
    typer.echo(told.getvalue(), nl=False)
    return Status.CHECKED


def _told(error: BaseException) -> int:
    """Tell in one line what ended the command; its exit status."""
    if isinstance(error, BrokenPipeError):
        return Status.CLOSED_PIPE
    if isinstance(error, KeyboardInterrupt):
        notice(f"hardmax: interrupted{error if isinstance(error, Interrupted) else ''}")
        return Status.INTERRUPTED
    if _is_misuse(error):
        notice(f"hardmax: {error}")
        return Status.BAD_INPUT
    if isinstance(error, MemoryError):
        notice("hardmax: out of memory")
        return Status.BAD_INPUT
    if isinstance(error, FileNotFoundError) and error.filename is None and _is_nowhere():
        notice("hardmax: the current folder is no longer there: change to one that is")
        return Status.BAD_INPUT
    if isinstance(error, OSError):
        place = error.filename or "the output"
        notice(f"hardmax: cannot write {place}: {error.strerror or error}")
        return Status.BAD_INPUT
    if hasattr(error, "format_message"):  # typer's usage errors, which have no public name
        context = getattr(error, "ctx", None)
        command = "hardmax" if context is None else context.command_path
        notice(f"{command}: {error.format_message().rstrip('.')} (see '{command} --help')")
        return Status.BAD_INPUT
    notice(f"hardmax: internal error: {type(error).__name__}: {error}")
    return Status.INTERNAL_ERROR


def _is_misuse(error: BaseException) -> bool:
    """Whether it is a `HardmaxError`. Its module takes long to import; without it there is none."""
    exact = sys.modules.get("theory.exact")
    return exact is not None and isinstance(error, exact.HardmaxError)


def _is_nowhere() -> bool:
    """Whether the current folder was removed."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False
