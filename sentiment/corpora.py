"""Labelled texts: reading them from files and folders, and splitting them by group.

    read_corpus   a table (.csv, .tsv, .jsonl, .json, each also as .gz, .bz2 or .xz), Kaggle's
                  ``IMDB Dataset.csv``, or the folder ``aclImdb`` of Maas et al.
    Corpus        texts, labels, and groups where there are any
    split_groups  which texts fall into a random part of the groups
    training_part which texts are for training

A split by group keeps all reviews of one film on one side. Otherwise a model may recognise the
film instead of the opinion.
"""

import bz2
import csv
import gzip
import io
import json
import lzma
import zlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from sentiment.vocabulary import LONGEST
from theory.exact import HardmaxError, shorten

COLUMNS = (("review", "sentiment"), ("text", "label"), ("text", "category"))
"""Pairs of text and label columns that are recognised when none are named."""

PARTS = ("train", "test")
"""The parts of a corpus that comes divided."""

_OPENERS: Mapping[str, Callable[[Path, str], Any]] = {
    ".gz": gzip.open,
    ".bz2": bz2.open,
    ".xz": lzma.open,
}
_SUFFIXES = (".csv", ".tsv", ".jsonl", ".json")
_LONGEST_CELL = 10_000_000
_LONGEST_LINE = 20_000_000
_LONGEST_LIST = 2**30
"""Characters of a cell, of a line, and of a JSON list at most: an endless file is no table."""

LONGEST_LABEL = 1000
"""Characters of a label at most."""


@dataclass(frozen=True)
class Corpus:
    """Texts with their labels, and the group of each text where groups are known.

    Raises `HardmaxError` unless there is a label, and a group if any, for every text.
    """

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    groups: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        for what, values in (("labels", self.labels), ("groups", self.groups)):
            if values is not None and len(values) != len(self.texts):
                raise HardmaxError(f"{self.name}: {len(values)} {what} for {len(self)} texts")

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels that occur, sorted."""
        return tuple(sorted(set(self.labels)))

    def part(self, chosen: NDArray[np.bool_]) -> "Corpus":
        """The texts where `chosen` is true."""
        numbers = np.flatnonzero(chosen)
        return Corpus(
            self.name,
            tuple(self.texts[i] for i in numbers),
            tuple(self.labels[i] for i in numbers),
            None if self.groups is None else tuple(self.groups[i] for i in numbers),
        )


def split_groups(groups: Sequence[Hashable], fraction: float, seed: int) -> NDArray[np.bool_]:
    """Which members belong to a random part of the groups, of the given fraction of groups.

    The groups' names are sorted, permuted by ``numpy.random.default_rng(seed)``, and the first
    ``round(fraction · number)`` are taken. Both parts have at least one group; raises
    `HardmaxError` where there are fewer than two groups, or the fraction is not in (0, 1).
    """
    if not 0 < fraction < 1:
        raise HardmaxError(f"fraction = {fraction!r}; a number between 0 and 1 was wanted")
    values, members = np.unique(np.asarray(groups), return_inverse=True)
    if len(values) < 2:
        raise HardmaxError(f"{len(values)} group cannot be split; at least 2 were wanted")
    count = min(max(round(fraction * len(values)), 1), len(values) - 1)
    chosen = np.random.default_rng(seed).permutation(len(values))[:count]
    inside: NDArray[np.bool_] = np.isin(members, chosen)
    return inside


def training_part(corpus: Corpus, hold_out: float) -> NDArray[np.bool_]:
    """Which texts are for training where a part `hold_out` is kept for a test; all of them at 0.

    Groups that are called train and test, as in ``aclImdb``, say it themselves. Otherwise a part of
    the groups, or of the texts where there are none, is drawn: the same one for the same data.
    """
    if not hold_out:
        return np.ones(len(corpus), dtype=bool)
    if corpus.groups is not None and set(corpus.groups) == set(PARTS):
        return np.array([group == PARTS[0] for group in corpus.groups])
    return split_groups(corpus.groups or range(len(corpus)), 1 - hold_out, 0)


def read_corpus(
    path: str | Path,
    text_column: str | None = None,
    label_column: str | None = None,
    group_column: str | None = None,
    labels: Sequence[str] | None = None,
) -> Corpus:
    """The labelled texts of a file or folder; of a table those with one of `labels`, if given.

    A folder is read as ``aclImdb``: ``train`` and ``test`` (or one of them, or ``pos`` and
    ``neg`` themselves) with a file for each review. Columns that are not named are those of
    `COLUMNS`. Labels are text; white space around them is dropped.

    Raises `HardmaxError` naming the file and the cause: unreadable, wrong encoding, a column that
    is missing, a row whose text is empty or too long or that has no label, no rows.
    """
    path = Path(path)
    if path.is_dir():
        return _read_folder(path)
    suffixes = path.suffixes
    packed = suffixes[-1].lower() if suffixes and suffixes[-1].lower() in _OPENERS else ""
    kind = Path(path.stem).suffix.lower() if packed else path.suffix.lower()
    if kind not in _SUFFIXES:
        wanted = ", ".join(_SUFFIXES)
        raise HardmaxError(f"{path}: a file of kind {wanted}, perhaps packed, was wanted")
    with _telling(path), _opened(path, packed) as lines:
        if kind in {".csv", ".tsv"}:
            rows = _table(path, lines, "," if kind == ".csv" else "\t")
        else:
            rows = _objects(path, lines)
        return _corpus(path, rows, (text_column, label_column, group_column), labels)


def _corpus(
    path: Path,
    rows: Iterator[tuple[int, Mapping[str, Any]]],
    columns: tuple[str | None, str | None, str | None],
    wanted: Sequence[str] | None,
) -> Corpus:
    text_column, label_column, group_column = columns
    texts: list[str] = []
    labels: list[str] = []
    groups: list[str] = []
    for number, row in rows:
        if number == 1:
            text_column, label_column = _columns(path, row, text_column, label_column)
        for column in filter(None, (text_column, label_column, group_column)):
            if row.get(column) is None:
                have = ", ".join(shorten(repr(name)) for name in list(row)[:8])
                raise HardmaxError(
                    f"{path}, row {number}: no column {shorten(repr(column))} among {have}"
                )
        label = row[str(label_column)]
        if not isinstance(label, str | int | bool) or not str(label).strip():
            raise HardmaxError(f"{path}, row {number}: {shorten(repr(label))} is no label")
        label = str(label).strip()
        if len(label) > LONGEST_LABEL:
            raise HardmaxError(f"{path}, row {number}: a label of {len(label):,} characters")
        if wanted is not None and label not in wanted:
            continue
        text = row[str(text_column)]
        if not isinstance(text, str):
            raise HardmaxError(f"{path}, row {number}: {shorten(repr(text))} is no text")
        _check_length(f"{path}, row {number}", text)
        texts.append(text)
        labels.append(label)
        if group_column is not None:
            groups.append(str(row[group_column]))
    if not texts:
        raise HardmaxError(f"{path}: no rows")
    return Corpus(
        path.name, tuple(texts), tuple(labels), tuple(groups) if group_column is not None else None
    )


def _check_length(place: str, text: str) -> None:
    if not text.strip():
        raise HardmaxError(f"{place}: the text is empty")
    if len(text) > LONGEST:
        raise HardmaxError(f"{place}: {len(text):,} characters; at most {LONGEST:,} are read")


def _columns(
    path: Path, row: Mapping[str, Any], text_column: str | None, label_column: str | None
) -> tuple[str, str]:
    """The columns of text and label: those named, else the first pair that is there."""
    for text, label in COLUMNS:
        text, label = text_column or text, label_column or label
        if text in row and label in row:
            return text, label
    have = ", ".join(shorten(repr(name)) for name in list(row)[:8])
    wanted = [repr(x) for x in (text_column, label_column) if x is not None and x not in row]
    missing = f"no column {wanted[0]}" if wanted else "which columns hold text and label?"
    raise HardmaxError(
        f"{path}: {missing} (--text-column and --label-column name them; there are {have})"
    )


def _table(path: Path, lines: IO[str], delimiter: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    csv.field_size_limit(_LONGEST_CELL)
    table = csv.DictReader(_lines(path, lines), delimiter=delimiter, strict=True)
    names = table.fieldnames or []
    if len(set(names)) < len(names):
        raise HardmaxError(f"{path}: two columns have one name: {shorten(', '.join(names))}")
    for number, row in enumerate(table, start=1):
        if None in row or None in row.values():
            raise HardmaxError(f"{path}, row {number}: not {len(names)} cells as in the header")
        yield number, row


def _objects(path: Path, lines: IO[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """JSON Lines, or one JSON list, told apart by the first letter."""
    items: Iterable[Any]
    start = lines.read(1)
    if start == "[":
        rest = lines.read(_LONGEST_LIST)
        if len(rest) == _LONGEST_LIST:
            raise HardmaxError(f"{path}: a list too long; give one object a line, as .jsonl")
        items = json.loads(start + rest)
    else:
        rows = filter(str.strip, _lines(path, lines, start))
        items = (_parsed(path, number, line) for number, line in enumerate(rows, start=1))
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            raise HardmaxError(f"{path}, row {number}: {shorten(repr(item))} is no JSON object")
        yield number, item


def _parsed(path: Path, number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise HardmaxError(f"{path}, row {number}: not JSON: {error.msg}") from None


def _lines(path: Path, lines: IO[str], start: str = "") -> Iterator[str]:
    """The lines, with `start` before the first."""
    for number in count(1):
        line = start + lines.readline(_LONGEST_LINE)
        if len(line) >= _LONGEST_LINE:
            raise HardmaxError(f"{path}: line {number} has {_LONGEST_LINE:,} characters and more")
        if not line:
            return
        yield line
        start = ""


def _read_folder(path: Path) -> Corpus:
    """``aclImdb``: reviews in ``pos`` and ``neg``; the group of a review is its part."""
    parts = [part for part in PARTS if (path / part / "pos").is_dir()] or [""]
    texts, labels, groups = [], [], []
    for part in parts:
        for label in ("neg", "pos"):
            folder = path / part / label
            if not folder.is_dir():
                raise HardmaxError(f"{path}: no folder {folder.relative_to(path)}, as aclImdb has")
            for file in sorted(folder.glob("*.txt")):
                with _telling(file):
                    texts.append(file.read_text(encoding="utf-8"))
                    _check_length(str(file), texts[-1])
                labels.append(label)
                groups.append(part)
    if not texts:
        raise HardmaxError(f"{path}: no reviews in pos/*.txt and neg/*.txt")
    return Corpus(path.name, tuple(texts), tuple(labels), tuple(groups) if parts != [""] else None)


@contextmanager
def _opened(path: Path, packed: str) -> Iterator[IO[str]]:
    opener = _OPENERS[packed] if packed else open
    with (
        opener(path, "rb") as raw,
        io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as lines,
    ):
        yield lines


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Make one line of whatever keeps a file from being read."""
    try:
        yield
    except HardmaxError:
        raise
    except UnicodeDecodeError as error:
        raise HardmaxError(
            f"{path}: not UTF-8 (byte {error.object[error.start]:#04x}); convert it first"
        ) from None
    except json.JSONDecodeError as error:
        raise HardmaxError(f"{path}: not JSON: {error.msg} (line {error.lineno})") from None
    except csv.Error as error:
        raise HardmaxError(f"{path}: not a table: {error}") from None
    except (RecursionError, ValueError):
        raise HardmaxError(f"{path}: JSON nested too deep, or a number too long") from None
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise HardmaxError(f"{path}: cannot be read: {reason}") from None
