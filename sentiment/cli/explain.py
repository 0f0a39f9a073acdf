"""`hardmax sentiment explain`: why a classifier decides on a text as it does."""

import json
from pathlib import Path
from typing import Annotated

import typer

from checks.cli.terminal import Status, notice, show, spare
from sentiment.cli.options import AsJson, Force, Model
from theory import HardmaxError, Undecided
from theory.outputs import write

MARKS = (
    b'<meta name="generator" content="hardmax">',
    b"<dc:title>hardmax</dc:title>",
    b"Software\0hardmax",
)
"""What the pages, .svg and .png files that hardmax makes have in their first `HEAD` bytes."""

HEAD = 4096


def explain(
    model: Model,
    given: Annotated[
        str | None, typer.Argument(metavar="TEXT", show_default=False, help="The text.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="A file with the text, UTF-8.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page that shows it.")
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", help="Draw it in the plane (d = 2): .svg, .png."),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Explain one text at infinite depth, exactly: leaders, who follows them, contributions."""
    from sentiment import explanation, pages, pictures, saving, tables

    spare((file, *saving.paths(model)), {"--plot": plot, "--html": html})
    for option, place in (("--plot", plot), ("--html", html)):
        if place is not None and not force:
            _check_ours(option, place)
    text = _text(given, file)
    classifier, _ = saving.load(model)
    found = explanation.explain(classifier, text)
    if isinstance(found, Undecided):
        notice(f"undecided after {found.layers} layers: {found.reason}")
        raise typer.Exit(Status.INCONCLUSIVE)
    if found.resolved is None:
        notice("no word of the text is known: the prior of the training texts decides")
    if plot is not None:
        pictures.draw(found, plot)
    if html is not None:
        try:
            write(html, pages.page(found))
        except OSError as error:
            raise HardmaxError(f"{html}: cannot be written: {error.strerror or error}") from None
    if as_json:
        typer.echo(json.dumps(found.as_dict()))
    else:
        show(*tables.explained(found))


def _check_ours(option: str, place: Path) -> None:
    """Raises `HardmaxError` where a page or picture would replace a file that hardmax did not make.

    An empty file may be replaced, and what is no file is left to whoever writes to it.
    """
    try:
        if not place.is_file():
            return
        with place.open("rb") as file:
            start = file.read(HEAD)
    except OSError as error:
        raise HardmaxError(f"{option} {place}: {error.strerror or error}") from None
    if start and not any(mark in start for mark in MARKS):
        raise HardmaxError(
            f"{option} {place}: hardmax did not make what is there; --force replaces it"
        )


def _text(given: str | None, file: Path | None) -> str:
    """The text to explain. Raises `HardmaxError` unless there is one, and it has letters."""
    if (given is None) == (file is None):
        raise HardmaxError("one of TEXT and --file was wanted")
    from sentiment.vocabulary import LONGEST

    place = "TEXT" if file is None else str(file)
    if file is not None:
        try:
            with file.open(encoding="utf-8-sig") as lines:
                given = lines.read(LONGEST + 1)
        except UnicodeDecodeError:
            raise HardmaxError(f"{file}: not UTF-8; convert it first") from None
        except OSError as error:
            raise HardmaxError(f"{file}: cannot be read: {error.strerror or error}") from None
    if given is not None and any("\ud800" <= letter <= "\udfff" for letter in given):
        raise HardmaxError(f"{place}: not UTF-8; convert it first")
    if given is None or not given.strip():
        raise HardmaxError(f"{place} is empty; a text was wanted")
    if len(given) > LONGEST:
        raise HardmaxError(f"{place}: more than {LONGEST:,} characters")
    return given
