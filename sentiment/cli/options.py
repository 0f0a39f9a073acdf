"""What the commands share: arguments and options, and what becomes of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import progress as bars
from rich.console import Console

from checks.cli.terminal import printable
from sentiment import corpora, downloads
from sentiment.corpora import Corpus
from theory import HardmaxError

MOST_DIGITS = 12
"""More digits of a number of layers say no more than that they are too many."""

DATA_HELP = (
    "A .csv, .tsv, .jsonl or .json file (perhaps .gz, .bz2 or .xz), the folder aclImdb, or the "
    "name of a corpus of `hardmax sentiment data`."
)
Data = Annotated[str, typer.Argument(metavar="DATA", show_default=False, help=DATA_HELP)]
Model = Annotated[
    Path, typer.Argument(metavar="MODEL", show_default=False, help="A model from `train --out`.")
]
TextColumn = Annotated[
    str | None, typer.Option("--text-column", metavar="NAME", help="The column of texts.")
]
LabelColumn = Annotated[
    str | None, typer.Option("--label-column", metavar="NAME", help="The column of labels.")
]
GroupColumn = Annotated[
    str | None,
    typer.Option(
        "--group-column", metavar="NAME", help="Texts equal here stay on one side of a split."
    ),
]
Cache = Annotated[
    Path | None,
    typer.Option("--cache", metavar="DIR", help="Where corpora are kept, not the usual place."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def read(
    data: str,
    text_column: str | None,
    label_column: str | None,
    group_column: str | None,
    cache: Path | None,
) -> Corpus:
    """The corpus that DATA names. Raises `HardmaxError` where there is none."""
    if data in downloads.SOURCES and not Path(data).exists():
        if text_column or label_column or group_column:
            raise HardmaxError(f"{data}: the columns of this corpus are known; name none")
        return downloads.load(downloads.SOURCES[data], cache)
    if not Path(data).exists():
        downloads_hint = ""
        if not Path(data).suffix:
            try:
                downloads.source(data)
            except HardmaxError as error:
                downloads_hint = f"; {error}"
        raise HardmaxError(f"{data}: no such file or folder{downloads_hint}")
    return corpora.read_corpus(data, text_column, label_column, group_column)


def depth_of(words: str) -> Any:
    """What --depth says: an int or "infinite"."""
    if words == "infinite":
        return words
    if not words.isdecimal():
        raise HardmaxError(f"--depth {printable(words)}; a number of layers or infinite was wanted")
    return int(words[:MOST_DIGITS])


def number_of(option: str, words: str) -> float:
    """What an option says, as a float."""
    try:
        return float(words)
    except ValueError:
        raise HardmaxError(f"{option} {printable(words)}; a number or learn was wanted") from None


@contextmanager
def progress(words: str, total: int) -> Iterator[Any]:
    """Yields a function that counts one more done; a bar is shown on a terminal only."""
    console = Console(stderr=True)
    columns = (
        bars.TextColumn(words),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeElapsedColumn(),
    )
    with bars.Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(words, total=total)
        yield lambda: bar.advance(task)
