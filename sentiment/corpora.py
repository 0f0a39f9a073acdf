"""Labelled texts: reading them from files and folders, and splitting them by group.

    read_corpus   a table (.csv, .tsv, .jsonl, .json, each also as .gz, .bz2 or .xz), Kaggle's
                  ``IMDB Dataset.csv``, or the folder ``aclImdb`` of Maas et al.
    Corpus        texts, labels, and groups where there are any
    split_groups  which texts fall into a random part of the groups
    training_part which texts are for training

A split by group keeps all reviews of one film on one side. Otherwise a model may recognise the
film instead of the opinion.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.opening import BYTE_ORDER_MARK, PACKED, opened, telling
from sentiment.reading import LONGEST
from sentiment.rows import KINDS, Row, melted, rows
from theory.exact import HardmaxError, shorten

COLUMNS = (("review", "sentiment"), ("text", "label"), ("text", "category"))
"""Pairs of text and label columns that are recognised when none are named."""

PARTS = ("train", "test")
"""The parts of a corpus that comes divided."""

LONGEST_LABEL = 1000
"""Characters of a label at most."""

ARCHIVES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".7z", ".rar")
"""Kinds of files that hold files."""

NO_REVIEWS = ("thumbs.db", "desktop.ini", "__macosx")
"""What systems leave in folders beside files whose names begin with a dot."""


@dataclass(frozen=True)
class Corpus:
    """Texts with their labels, and the group of each text where groups are known.

    `rows` says how many rows, or files of a folder, were read for them, if any were: some may be
    left out, of which `empty` were skipped for their empty text. Raises `HardmaxError` unless
    there is a label, and a group if any, for every text.
    """

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    groups: tuple[str, ...] | None = None
    rows: int | None = None
    empty: int = 0

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
            self.rows,
            self.empty,
        )

    def relabelled(self, meaning: Mapping[str, str]) -> "Corpus":
        """With the label that each label means."""
        return replace(self, labels=tuple(meaning[label] for label in self.labels))


def split_groups(groups: Sequence[Hashable], fraction: float, seed: int) -> NDArray[np.bool_]:
    """Which members belong to a random part of the groups, of the given fraction of groups.

    The groups' names are sorted, permuted by ``numpy.random.default_rng(seed)``, and the first
    ``round(fraction · number)`` are taken. Both parts have at least one group; raises
    `HardmaxError` where there are fewer than two groups, or the fraction is not in (0, 1).

    >>> inside = split_groups(["one film", "another", "one film"], 0.5, seed=0)
    >>> int(inside.sum()) in (1, 2), bool(inside[0] == inside[2])
    (True, True)
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


def split_by(corpus: Corpus) -> str:
    """What `training_part` goes by: the corpus's own "parts", its "groups", or single "texts"."""
    if corpus.groups is None:
        return "texts"
    return "parts" if set(corpus.groups) == set(PARTS) else "groups"


def training_part(corpus: Corpus, hold_out: float) -> NDArray[np.bool_]:
    """Which texts are for training where a part `hold_out` is kept for a test; all of them at 0.

    Groups that are called train and test, as in ``aclImdb``, say it themselves. Otherwise a part of
    the groups, or of the texts where there are none, is drawn: the same one for the same data.
    """
    if not hold_out:
        return np.ones(len(corpus), dtype=bool)
    if corpus.groups is not None and split_by(corpus) == "parts":
        return np.array([group == PARTS[0] for group in corpus.groups])
    return split_groups(corpus.groups or range(len(corpus)), 1 - hold_out, 0)


def read_corpus(
    path: str | Path,
    text_column: str | None = None,
    label_column: str | None = None,
    group_column: str | None = None,
    labels: Collection[str] | None = None,
    quoted: bool | None = None,
    skip_empty: bool = False,
) -> Corpus:
    """The labelled texts of a file or folder; of a table those with one of `labels`, if given.

    A folder is read as ``aclImdb``: ``train`` and ``test`` (or one of them, or ``pos`` and
    ``neg`` themselves) with a file for each review. Columns that are not named are those of
    `COLUMNS`. Labels are text; white space around them is dropped. `quoted` says whether cells of
    a table may be in quotation marks; if None, those of a .csv file may and of a .tsv file not
    (`sentiment.rows`). With `skip_empty` rows and files without text are skipped, and counted.

    Raises `HardmaxError` naming the file, the line and the cause: unreadable, wrong encoding, a
    column that is missing, a row whose text is empty or too long or that has no label, rows that
    a quotation mark has melted into one, no rows.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "reviews.csv")
    ...     _ = path.write_text("text,label\\na good film,1\\n", encoding="utf-8")
    ...     corpus = read_corpus(path)
    >>> corpus.texts, corpus.labels
    (('a good film',), ('1',))
    """
    path = Path(path)
    columns = (text_column, label_column, group_column)
    if "" in columns:
        raise HardmaxError("a column's name is empty; the name of a column was wanted")
    if None not in columns[:2] and text_column == label_column:
        raise HardmaxError(f"{shorten(repr(text_column))} cannot hold both text and label")
    if path.is_dir():
        return _read_folder(path, skip_empty)
    kind = kind_of(path)
    with opened(path) as text:
        return corpus_of(path, kind, rows(path, text, kind, quoted), columns, labels, skip_empty)


def kind_of(path: Path) -> str:
    """The kind of a table, one of `KINDS`, packed or not. Raises `HardmaxError` for another one."""
    kind = (Path(path.stem) if path.suffix.lower() in PACKED else path).suffix.lower()
    if kind not in KINDS:
        wanted = ", ".join(KINDS)
        archive = "unpack the archive first; " if kind in ARCHIVES else ""
        raise HardmaxError(
            f"{path}: {archive}a file of kind {wanted}, perhaps packed as {', '.join(PACKED)}, "
            "was wanted"
        )
    return kind


def corpus_of(
    path: Path,
    kind: str,
    rows: Iterator[Row],
    columns: tuple[str | None, str | None, str | None],
    wanted: Collection[str] | None,
    skip_empty: bool,
) -> Corpus:
    """The corpus of the rows of a file of that kind; the rest is as in `read_corpus`."""
    text_column, label_column, group_column = columns
    names: dict[str, str] = {}
    texts: list[str] = []
    labels: list[str] = []
    groups: list[str] = []
    long: list[Row] = []
    number = empty = 0
    for number, row in enumerate(rows, start=1):
        if number == 1:
            text_column, label_column = _columns(path, row, text_column, label_column)
        if skip_empty and is_empty(row.cells.get(str(text_column), False)):
            empty += 1
            continue
        for column in filter(None, (text_column, label_column, group_column)):
            if row.cells.get(column) is None:
                have = ", ".join(shorten(repr(name)) for name in list(row.cells)[:8])
                raise row.refused(f"no column {shorten(repr(column))} among {have}")
        label = label_of(row, row.cells[str(label_column)])
        label = names.setdefault(label, label)  # one string for all rows with this label
        if row.lines:
            long.append(row)
        if wanted is not None and label not in wanted:
            continue
        text = row.cells[str(text_column)]
        if not isinstance(text, str):
            raise row.refused(f"{shorten(repr(text))} is no text")
        fault = fault_of(text)
        if fault is not None:
            raise row.refused(fault)
        texts.append(text)
        labels.append(label)
        if group_column is not None:
            groups.append(str(row.cells[group_column]))
    for row in long:
        if melted(row, str(label_column), kind, names):
            raise row.refused(
                f"a quotation mark melts {len(row.lines)} lines into one row: it is not closed"
            )
    if not texts:
        raise HardmaxError(f"{path}: no rows" + (f" but {empty} empty ones" if empty else ""))
    return Corpus(
        path.name,
        tuple(texts),
        tuple(labels),
        tuple(groups) if group_column is not None else None,
        number,
        empty,
    )


def is_empty(text: Any) -> bool:
    """Whether a cell is there and holds no text: nothing, white space, or JSON's null."""
    return text is None or (isinstance(text, str) and not text.strip())


def label_of(row: Row, value: Any) -> str:
    """A label as text. Raises `HardmaxError` for what is none."""
    real = isinstance(value, float) and isfinite(value)
    if not (isinstance(value, str | int) or real) or not str(value).strip():
        raise row.refused(f"{shorten(repr(value))} is no label")
    label = str(value).strip()
    if len(label) > LONGEST_LABEL:
        raise row.refused(f"a label of {len(label):,} characters")
    return label


def fault_of(text: str) -> str | None:
    """What keeps a text from being taken."""
    if not text.strip():
        return "the text is empty"
    if len(text) > LONGEST:
        return f"{len(text):,} characters; at most {LONGEST:,} are read"
    return None


def _columns(
    path: Path, row: Row, text_column: str | None, label_column: str | None
) -> tuple[str, str]:
    """The columns of text and label: those named, else the first pair that is there."""
    for text, label in COLUMNS:
        text, label = text_column or text, label_column or label
        if text in row.cells and label in row.cells:
            return text, label
    have = ", ".join(shorten(repr(name)) for name in list(row.cells)[:8])
    wanted = [repr(x) for x in (text_column, label_column) if x is not None and x not in row.cells]
    missing = f"no column {wanted[0]}" if wanted else "which columns hold text and label?"
    raise HardmaxError(
        f"{path}: {missing} (--text-column and --label-column name them; there are {have})"
    )


def _read_folder(path: Path, skip_empty: bool) -> Corpus:
    """``aclImdb``: reviews in ``pos`` and ``neg``; the group of a review is its part.

    What is no .txt file is left out, as is what systems leave in folders; `Corpus.rows` counts the
    former and not the latter.
    """
    parts = [part for part in PARTS if (path / part / "pos").is_dir()] or [""]
    texts, labels, groups = [], [], []
    rows = empty = 0
    for part in parts:
        for label in ("neg", "pos"):
            folder = path / part / label
            if not folder.is_dir():
                raise HardmaxError(f"{path}: no folder {folder.relative_to(path)}, as aclImdb has")
            for file in _members(folder):
                rows += 1
                if file.suffix.lower() != ".txt":
                    continue
                with opened(file) as text:
                    review = text.read(LONGEST + 1).lstrip(BYTE_ORDER_MARK)
                if skip_empty and is_empty(review):
                    empty += 1
                    continue
                fault = fault_of(review)
                if fault is not None:
                    raise HardmaxError(f"{file}: {fault}")
                texts.append(review)
                labels.append(label)
                groups.append(part)
    if not texts:
        raise HardmaxError(f"{path}: no reviews in pos/*.txt and neg/*.txt")
    grouped = tuple(groups) if parts != [""] else None
    return Corpus(path.name, tuple(texts), tuple(labels), grouped, rows, empty)


def _members(folder: Path) -> list[Path]:
    """What is in a folder, in order, but for what systems leave there."""
    with telling(folder):
        return sorted(
            file
            for file in folder.iterdir()
            if not file.name.startswith(".") and file.name.lower() not in NO_REVIEWS
        )
