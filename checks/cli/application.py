"""The application behind `hardmax`: its commands, and what becomes of whatever ends them.

`run` makes one line and an exit status of whatever happens in a command.
"""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

import typer
from typer.main import get_command

from checks.cli import check, claims, enumerate, prove, refute, selftest, validate
from checks.cli.run import run as run_command
from checks.cli.terminal import EXIT_STATUSES, Status, notice, prepare_streams, release_streams
from theory import HardmaxError

COMMANDS: dict[str, Callable[..., Any]] = {
    "run": run_command,
    "claims": claims.claims,
    "validate": validate.validate,
    "check": check.check,
    "enumerate": enumerate.enumerate_,
    "refute": refute.refute,
    "prove": prove.prove,
    "selftest": selftest.selftest,
}
"""Every command of `hardmax` by name. A new one is a function in a module of its own here."""

PROVING = {"claims", "prove", "selftest"}
"""Commands that need SymPy, which is slow to import."""

app = typer.Typer(add_completion=False, epilog=EXIT_STATUSES, rich_markup_mode=None)

for name, function in COMMANDS.items():
    app.command(name, epilog=EXIT_STATUSES)(function)


def _add_sentiment() -> None:
    """Add the group `hardmax sentiment`, which is built on this package's `terminal`."""
    from sentiment import cli as room

    group = typer.Typer(epilog=EXIT_STATUSES, rich_markup_mode=None, invoke_without_command=True)
    group.callback(epilog=EXIT_STATUSES)(room.sentiment)
    for name, function in room.COMMANDS.items():
        group.command(name, epilog=EXIT_STATUSES)(function)
    app.add_typer(group, name="sentiment")


def _print_version(wanted: bool) -> None:
    if wanted:
        try:
            number = version("hardmax-theory")
        except PackageNotFoundError:
            number = "(not installed)"
        typer.echo(f"hardmax {number}")
        raise typer.Exit


@app.callback()
def hardmax(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Exact hardmax attention: limits with proofs, and claims held against configurations."""


def prepare(arguments: Sequence[str]) -> None:
    """Import what remains to be imported before the command can run that the arguments name."""
    if not app.registered_groups:
        _add_sentiment()
    if not PROVING.isdisjoint(arguments):
        import_module("theory.lemmas")


def run(arguments: Sequence[str] | None, signals: Sequence[int] = ()) -> int:
    """Run `hardmax` with the arguments, as `checks.cli.main` does; the exit status.

    After one of `signals` an error is its interruption, whatever code in C has made of it.
    """
    if not prepare_streams():
        notice("hardmax: standard output is closed")
        return Status.BAD_INPUT
    try:
        status = _invoke(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # the last resort: no traceback is shown
        status = _told(KeyboardInterrupt() if signals else error)
    release_streams()
    return status


def _invoke(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name, past typer's own way with errors and pipes."""
    command = get_command(app)
    try:
        with command.make_context("hardmax", list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    return Status.CHECKED


def _told(error: BaseException) -> int:
    """Tell in one line what ended the command; its exit status."""
    if isinstance(error, BrokenPipeError):
        return Status.CLOSED_PIPE
    if isinstance(error, KeyboardInterrupt):
        notice("hardmax: interrupted")
        return Status.INTERRUPTED
    if isinstance(error, HardmaxError):
        notice(f"hardmax: {error}")
        return Status.BAD_INPUT
    if isinstance(error, MemoryError):
        notice("hardmax: out of memory")
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
