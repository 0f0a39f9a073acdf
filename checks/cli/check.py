"""`hardmax check`: certificates, verified by the independent verifier."""

import json
from typing import Annotated

import typer

from checks import verifier
from checks.cli.terminal import Status, printable
from theory import HardmaxError, certificates
from theory.files import read_configurations


def check(
    files: Annotated[
        list[str], typer.Argument(metavar="CERT", show_default=False, help="Certificates.")
    ],
    configuration: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Accept only certificates about the one configuration in this file (.json).",
        ),
    ] = None,
) -> None:
    """Verify certificates, written by `hardmax run --certificate`.

    An accepted certificate proves what it says of the problem that it contains. That this is the
    problem you mean is checked with --configuration, which compares the SHA-256.

    The verifier is checks/verifier.py: one file without dependencies, which also runs alone.
    """
    wanted = None if configuration is None else _wanted(configuration)
    texts = [(file, _text(file)) for file in files]
    rejected = False
    for file, text in texts:
        try:
            told = f"accepted: {verifier.verify(text)}"
            if wanted is not None and wanted.isdisjoint(_digests(text)):
                told, rejected = f"rejected: it is not about {configuration}", True
        except verifier.Rejected as error:
            told, rejected = f"rejected: {error}", True
        typer.echo(printable(f"{file}: {told}"))
    if rejected:
        raise typer.Exit(Status.REFUTED)


def _text(file: str) -> str:
    try:
        with open(file, encoding="utf-8") as stream:
            return stream.read(verifier.MAX_TEXT + 1)
    except OSError as error:
        raise HardmaxError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise HardmaxError(f"{file}: not UTF-8 text") from None


def _wanted(file: str) -> set[str]:
    """The SHA-256 of the problem in the file: with copies merged, and as it is given."""
    configurations = read_configurations(file)
    if len(configurations) != 1:
        raise HardmaxError(f"{file}: {len(configurations)} configurations; one was wanted")
    (given,) = configurations
    return {certificates.digest(certificates.problem(c)) for c in (given, given.merged()[0])}


def _digests(text: str) -> list[str]:
    """The SHA-256 of every problem that an accepted certificate is about."""
    stated = json.loads(text)
    return [x["sha256"] for x in stated.get("runs", [stated])]
