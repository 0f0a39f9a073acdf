"""`hardmax check`: certificates, verified by the independent verifier."""

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
    wanted = None if configuration is None else _digest(configuration)
    texts = [(file, _text(file)) for file in files]
    rejected = False
    for file, text in texts:
        try:
            told = f"accepted: {verifier.verify(text)}"
            if wanted is not None and wanted not in verifier.digests(text):
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


def _digest(file: str) -> str:
    configurations = read_configurations(file)
    if len(configurations) != 1:
        raise HardmaxError(f"{file}: {len(configurations)} configurations; one was wanted")
    return certificates.digest(certificates.problem(configurations[0].merged()[0]))
