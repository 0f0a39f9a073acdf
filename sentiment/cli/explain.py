"""`hardmax sentiment explain`: why a classifier decides on a text as it does."""

import json
from pathlib import Path
from typing import Annotated

import typer

from checks.cli.options import AsJson, Force, PlotTo
from checks.cli.terminal import Status, notice, show, spare
from sentiment.cli.options import Model
from theory import HardmaxError, Undecided
from theory.files.outputs import write


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
    plot: PlotTo = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Explain one text at infinite depth, exactly: leaders, who follows them, contributions.

    It can be drawn as .svg or .png where the model has two dimensions.
    """
    from sentiment import explanation, pages, pictures, saving, tables

    spare((file, *saving.paths(model)), {"--plot": plot, "--html": html}, force)
    text = _text(given, file)
    classifier, _ = saving.load(model)
    explained = explanation.explain(classifier, text)
    if isinstance(explained, Undecided):
        notice(f"undecided after {explained.layers} layers: {explained.reason}")
        raise typer.Exit(Status.INCONCLUSIVE)
    if explained.resolved is None:
        notice("no word of the text is known: the prior of the training texts decides")
    for file in (plot, html):
        if file is not None and (file is html or file.suffix.lower() == ".html"):
            write(file, pages.page(explained))
        elif file is not None:
            pictures.draw_explanation(explained, file)
    if as_json:
        typer.echo(json.dumps(explained.as_dict()))
    else:
        show(*tables.explained(explained))


def _text(given: str | None, file: Path | None) -> str:
    """The text to explain. Raises `HardmaxError` unless there is one, and it has letters."""
    if (given is None) == (file is None):
        raise HardmaxError("one of TEXT and --file was wanted")
    from sentiment.reading import LONGEST

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
