"""What the commands share: arguments and options, and what becomes of them."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from checks.cli.terminal import notice
from checks.cli.words import printable
from theory import HardmaxError

if TYPE_CHECKING:
    from sentiment.corpora import Corpus
    from sentiment.sources import Source

MOST_LABELS = 6
"""Labels whose numbers are told."""

MOST_DIGITS = 12
"""More digits of a number of layers say no more than that they are too many."""

DATA_HELP = (
    "A .csv, .tsv, .jsonl or .json file (perhaps .gz, .bz2 or .xz), the folder aclImdb, or the "
    "name of a corpus of `hardmax sentiment data`."
)
Data = Annotated[str, typer.Argument(metavar="DATA", show_default=False, help=DATA_HELP)]
Datas = Annotated[
    list[str],
    typer.Argument(metavar="DATA...", show_default=False, help="One or more: " + DATA_HELP),
]
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
Quoted = Annotated[
    bool | None,
    typer.Option(
        "--quoted/--unquoted",
        show_default=False,
        help="Whether cells of a table may be in quotation marks; if not given, those of a .csv "
        "file may, and of a .tsv file not.",
    ),
]
SkipEmpty = Annotated[
    bool, typer.Option("--skip-empty", help="Skip rows without text, and count them.")
]
Positives = Annotated[
    list[str] | None,
    typer.Option(
        "--positive",
        metavar="LABEL",
        help="A label of the positive class, again for each further one. Asked for unless the "
        "labels are two numbers, of which the greater is positive, or two known words such as "
        "fresh and rotten.",
    ),
]
Negatives = Annotated[
    list[str] | None,
    typer.Option(
        "--negative",
        metavar="LABEL",
        help="A label of the negative class, again for each further one. Texts of labels that are "
        "named for neither class are left out; if one class alone is named, the other is the "
        "label that is left.",
    ),
]
Cache = Annotated[
    Path | None,
    typer.Option("--cache", metavar="DIR", help="Where corpora are kept, not the usual place."),
]


def read(
    data: str,
    text_column: str | None,
    label_column: str | None,
    group_column: str | None,
    quoted: bool | None,
    cache: Path | None,
    skip_empty: bool = False,
) -> "Corpus":
    """The corpus that DATA names. Raises `HardmaxError` where there is none."""
    from sentiment import corpora, downloads

    columns = {
        "--text-column": text_column, "--label-column": label_column,
        "--group-column": group_column,
    }  # fmt: skip
    source = named(data, columns, quoted)
    if source is not None:
        return downloads.load(source, cache)
    corpus = corpora.read_corpus(
        data, text_column, label_column, group_column, quoted=quoted, skip_empty=skip_empty
    )
    if corpus.empty:
        notice(f"{corpus.name}: empty rows: {corpus.empty}, skipped")
    return corpus


def named(data: str, columns: Mapping[str, str | None], quoted: bool | None) -> "Source | None":
    """The corpus that DATA names; None where it is a file or folder that is there.

    `columns` are those that are named, by option. Raises `HardmaxError` where there is neither.
    """
    from sentiment import sources

    for option, name in columns.items():
        if name == "":
            raise HardmaxError(f"{option} is empty; the name of a column was wanted")
    try:
        there = Path(data).exists()
    except OSError as error:
        raise HardmaxError(f"{data}: cannot be read: {error.strerror or error}") from None
    if data in sources.SOURCES and not there:
        if any(name is not None for name in columns.values()) or quoted is not None:
            raise HardmaxError(f"{data}: the columns of this corpus are known; name none")
        return sources.SOURCES[data]
    if there:
        return None
    hint = ""
    if not Path(data).suffix:
        try:
            sources.source(data)
        except HardmaxError as error:
            hint = f"; {error}"
    raise HardmaxError(f"{data}: no such file or folder{hint}")


def rows_of(corpus: "Corpus") -> str:
    """How many rows were read and used, and with which labels, in one line."""
    labels = Counter(corpus.labels)
    shown = [f"{count} {label}" for label, count in sorted(labels.items())[:MOST_LABELS]]
    shown += ["…"] if len(labels) > MOST_LABELS else []
    used = "all used" if corpus.rows == len(corpus) else f"{len(corpus)} used"
    return printable(f"{corpus.name}: {corpus.rows} rows read, {used}: {', '.join(shown)}")


def tell_other_labels(given: "Corpus", used: "Corpus") -> int:
    """How many texts of a corpus are left out for their labels, told where there are any."""
    others = len(given) - len(used)
    if others:
        notice(f"{printable(given.name)}: texts of other labels: {others}, left out")
    return others


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
