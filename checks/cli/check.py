"""`hardmax check`: certificates, verified by the independent verifier."""

import json
import sys
from typing import Annotated

import typer

from checks import verifier
from checks.cli import inputs
from checks.cli.terminal import Status, complain
from checks.cli.words import printable
from theory import HardmaxError
from theory.files.sources import STDIN, display_name
from theory.places import merge
from theory.stated import digest, problem


def check(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="CERT",
            show_default=False,
            help="Certificates; - reads one from standard input.",
        ),
    ],
    configuration: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Accept only certificates about the one configuration in this file, which is read "
            "as `hardmax run` reads it, with the options below.",
        ),
    ] = None,
    alpha: inputs.Alpha = None,
    gamma: inputs.Gamma = None,
    matrix: inputs.Matrix = None,
    mask: inputs.Mask = None,
    ties: inputs.Ties = None,
    header: inputs.Header = None,
    columns: inputs.Columns = None,
    format: inputs.Format = None,
) -> None:
    """Verify certificates, written by `hardmax run --certificate`.

    An accepted certificate proves what it says of the problem that it contains. That this is the
    problem you mean, dynamics included, is checked with --configuration: it compares the SHA-256.

    The verifier is checks/verifier.py: one file without dependencies, which also runs alone.
    """
    if [*files, configuration, matrix, mask].count(STDIN) > 1:
        raise HardmaxError("standard input can be read once")
    options = {"alpha": alpha, "matrix": matrix, "columns": columns, "format": format}
    options |= {"gamma": gamma, "mask": mask, "ties": ties}
    wanted = None
    if configuration is not None:
        wanted = _wanted(inputs.Reading([configuration], header=header, **options))
    elif header is not None or any(options.values()):
        raise HardmaxError("--configuration FILE is missing, which the other options are about")
    status = Status.CHECKED
    for file in files:
        try:
            text = _text(file)
            told = f"accepted: {verifier.verify(text)}"
            if wanted is not None and wanted.isdisjoint(_digests(text)):
                told = f"rejected: it is not about {configuration}"
                status = max(status, Status.REFUTED)
        except verifier.Rejected as error:
            told, status = f"rejected: {error}", max(status, Status.REFUTED)
        except (HardmaxError, MemoryError) as error:
            complain(display_name(file), error)
            status = Status.BAD_INPUT
            continue
        typer.echo(printable(f"{file}: {told}"))
    if status:
        raise typer.Exit(status)


def _text(file: str) -> str:
    """The text of a certificate, without the byte-order mark that some editors put before it."""
    try:
        if file != STDIN:
            with open(file, encoding="utf-8-sig") as stream:
                return stream.read(verifier.MAX_TEXT + 1)
        if sys.stdin is None:
            raise HardmaxError("it is closed")
        return sys.stdin.buffer.read(verifier.MAX_TEXT + 1).decode("utf-8-sig")
    except OSError as error:
        raise HardmaxError(error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise HardmaxError("not UTF-8 text") from None
    except ValueError as error:  # a path that holds a null character
        raise HardmaxError(str(error)) from None


def _wanted(reading: inputs.Reading) -> set[str]:
    """The SHA-256 of the problem in the file: with copies merged, and as it is given."""
    (file,) = reading.files
    problems = reading.read(file)
    if len(problems) != 1:
        raise HardmaxError(f"{file}: {len(problems)} configurations; one was wanted")
    ((given, dynamics),) = problems
    try:
        both = given, merge(given, dynamics)[0]
        return {digest(problem(c, dynamics, version)) for c in both for version in (1, 2)}
    except HardmaxError as error:
        raise HardmaxError(f"{file}: {error}") from None


def _digests(text: str) -> list[str]:
    """The SHA-256 of every problem that an accepted certificate is about."""
    stated = json.loads(text)
    return [x["sha256"] for x in stated.get("runs", [stated])]
