"""`hardmax sentiment explain`: why a classifier decides on a text as it does."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from checks.cli import drawing
from checks.cli.options import AsJson, Force, PlotTo
from checks.cli.terminal import Status, notice, show, spare
from sentiment.cli.options import Model
from theory import HardmaxError, Undecided

PAGE = ".html"
"""The suffix of a page, with either option."""


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
    """Explain one text at infinite depth, exactly: leaders, who follows them, what each word adds.

    It can be drawn as .svg or .png where the model has two dimensions. Of several files each is
    written that can be, and the status is 2 if one cannot.
    """
    from sentiment import deletion, explanation, pages, pictures, saving, tables
    from sentiment.about import about

    files, errors = _targets({"--plot": plot, "--html": html}, (file, *saving.paths(model)), force)
    text = _text(given, file)
    classifier, trained_on = saving.load(model)
    explained = explanation.explain(classifier, text)
    if isinstance(explained, Undecided):
        notice(f"undecided after {explained.layers} layers: {explained.reason}")
        raise typer.Exit(Status.INCONCLUSIVE)
    deletions = deletion.deletions(classifier, explained)
    named = about(model, trained_on)

    def make(file: Path) -> str | bytes:
        if file.suffix.lower() == PAGE or file is html:
            return pages.page(explained, deletions, named)
        return pictures.drawn(explained, file)

    errors += _written(files, make, alone=not errors)
    if explained.resolved is None:
        notice("no word of the text is known: the prior of the training texts decides")
    if as_json:
        told = {"without": [words.as_dict() for words in deletions], "model": named.as_dict()}
        typer.echo(json.dumps(explained.as_dict() | told))
    else:
        show(*tables.explained(explained, deletions))
    if errors:
        raise typer.Exit(Status.BAD_INPUT)


def _targets(
    wanted: Mapping[str, Path | None], read: Iterable[Path | None], force: bool
) -> tuple[dict[str, Path], list[HardmaxError]]:
    """The files that can be written, as far as is known before the work, and what is wrong else.

    What is wrong is told, or raised where no file is left. Raises `HardmaxError` for two options
    that name one file.
    """
    files = {option: file for option, file in wanted.items() if file is not None}
    taken: dict[Path, Path] = {}
    for option, file in files.items():
        if file.resolve() in taken:
            raise HardmaxError(f"{option} {file}: that would overwrite {taken[file.resolve()]}")
        taken[file.resolve()] = file
    known = tuple(read)

    def check(option: str, file: Path) -> None:
        spare(known, {option: file}, force)
        if not file.absolute().parent.is_dir():
            raise HardmaxError(f"{option} {file}: there is no folder {file.parent}")
        if option == "--plot" and file.suffix.lower() != PAGE:
            drawing.page(file)

    return _each(files, check)


def _written(
    files: Mapping[str, Path], make: Callable[[Path], str | bytes], alone: bool
) -> list[HardmaxError]:
    """Make and write the files, each whole or not at all; what is wrong with the others is told."""
    from theory.files.outputs import write

    def put(option: str, file: Path) -> None:
        try:
            write(file, make(file))
        except OSError as error:
            raise HardmaxError(f"{option} {file}: {error.strerror or error}") from None

    return _each(files, put, alone)[1]


def _each(
    files: Mapping[str, Path], act: Callable[[str, Path], Any], alone: bool = True
) -> tuple[dict[str, Path], list[HardmaxError]]:
    """The files with which it went well, and the errors of the others.

    The errors are told; where none went well, and `alone`, the last one is raised instead.
    """
    well: dict[str, Path] = {}
    errors: list[HardmaxError] = []
    for option, file in files.items():
        try:
            act(option, file)
            well[option] = file
        except HardmaxError as error:
            errors.append(error)
    last = errors[-1] if errors and alone and not well else None
    for wrong in errors:
        if wrong is not last:
            notice(f"hardmax: {wrong}")
    if last is not None:
        raise last
    return well, errors


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
