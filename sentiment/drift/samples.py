"""Texts with what is known of them: labels, groups and times may be missing.

read_sample  the texts of a file or folder
periods      a sample in periods of time, of about as many texts each
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentiment.corpora import COLUMNS, Corpus, corpus_of, kind_of, read_corpus
from sentiment.opening import opened
from sentiment.rows import Row, rows
from theory.exact import HardmaxError, shorten

UNLABELLED = "unlabelled"
"""The label of every text where there are none."""

LABEL = "\0label"
"""The column that such labels are in: no file has one of that name."""

_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class Sample:
    """Texts; `corpus` has their labels, which are no labels unless `labelled`, and their groups.

    `times` are as the file has them, and None where no column of times was named.
    """

    corpus: Corpus
    labelled: bool
    times: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.corpus)

    def part(self, chosen: NDArray[np.bool_]) -> "Sample":
        """The texts where `chosen` is true."""
        times = self.times
        if times is not None:
            times = tuple(times[i] for i in np.flatnonzero(chosen))
        return Sample(self.corpus.part(chosen), self.labelled, times)


def read_sample(
    path: str | Path,
    text_column: str | None = None,
    label_column: str | None = None,
    group_column: str | None = None,
    time_column: str | None = None,
    quoted: bool | None = None,
    skip_empty: bool = False,
    unlabelled: bool = False,
) -> Sample:
    """The texts of a file or folder, as `sentiment.corpora.read_corpus` reads them.

    A table needs no labels. Where no column of labels is named, and none stands beside that of
    texts (`COLUMNS`), or where none are wanted, it is read without. Raises `HardmaxError` as
    `read_corpus` does.
    """
    path = Path(path)
    if path.is_dir():
        if time_column is not None:
            raise HardmaxError(f"{path}: a folder has no column {shorten(repr(time_column))}")
        corpus = read_corpus(path, text_column, label_column, group_column, skip_empty=skip_empty)
        return Sample(corpus, not unlabelled)
    kind = kind_of(path)
    with opened(path) as text:
        given = rows(path, text, kind, quoted)
        first = next(given, None)
        if first is None:
            raise HardmaxError(f"{path}: no rows")
        text_column, known = _columns(first, text_column, label_column)
        label_column = None if unlabelled else known
        both = group_column is not None and time_column is not None
        changed = (
            _row(row, label_column is None, group_column, time_column if both else None)
            for row in chain([first], given)
        )
        columns = text_column, label_column or LABEL, group_column or time_column
        corpus = corpus_of(path, kind, changed, columns, None, skip_empty)
    return _sample(corpus, label_column is not None, group_column, time_column)


def _columns(row: Row, text_column: str | None, label_column: str | None) -> tuple[str, str | None]:
    """The columns of texts and of labels, if any."""
    for text, label in COLUMNS:
        text, label = text_column or text, label_column or label
        if text in row.cells and label in row.cells and text != label:
            return text, label
    if text_column is None:
        text_column = next((text for text, _ in COLUMNS if text in row.cells), None)
    if text_column is None:
        have = ", ".join(shorten(repr(name)) for name in list(row.cells)[:8])
        raise HardmaxError(
            f"{row.file}: which column holds the text? (--text-column names it; there are {have})"
        )
    return text_column, label_column


def _row(row: Row, unlabelled: bool, group: str | None, time: str | None) -> Row:
    """The row with a label, and with its time in the cell of its group."""
    cells = dict(row.cells)
    if unlabelled:
        cells[LABEL] = UNLABELLED
    if group is not None and time is not None and cells.get(group) is not None:
        if cells.get(time) is None:
            raise row.refused(f"no column {shorten(repr(time))}, or nothing in it")
        cells[group] = json.dumps([str(cells[group]), str(cells[time])])
    return replace(row, cells=cells)


def _sample(corpus: Corpus, labelled: bool, group: str | None, time: str | None) -> Sample:
    """The sample of a corpus whose groups hold groups, times, or both."""
    if time is None or corpus.groups is None:
        return Sample(corpus, labelled)
    if group is None:
        return Sample(replace(corpus, groups=None), labelled, corpus.groups)
    pairs = [json.loads(words) for words in corpus.groups]
    groups = tuple(name for name, _ in pairs)
    return Sample(replace(corpus, groups=groups), labelled, tuple(words for _, words in pairs))


def periods(sample: Sample, count: int) -> list[Sample]:
    """The texts in `count` periods one after the other, of about as many texts each.

    Texts of one time are in one period. Each is named by its first and last time. Raises
    `HardmaxError` for what is no time, and where there are fewer times than periods.

    >>> corpus = Corpus("c", ("a", "b", "c", "d"), ("0",) * 4)
    >>> parts = periods(Sample(corpus, False, ("2021", "2020", "2023", "2022")), 2)
    >>> [(part.corpus.name, part.corpus.texts) for part in parts]
    [('2020 to 2021', ('a', 'b')), ('2022 to 2023', ('c', 'd'))]
    """
    if sample.times is None:
        raise HardmaxError(f"{sample.corpus.name}: no column of times was named")
    moments = np.array(_moments(sample.corpus.name, sample.times))
    distinct, places = np.unique(moments, return_inverse=True)
    if len(distinct) < count:
        raise HardmaxError(f"{sample.corpus.name}: {len(distinct)} times are no {count} periods")
    counts = np.bincount(places)
    middles = (np.cumsum(counts) - counts / 2) / len(sample)
    numbers = np.minimum((middles * count).astype(int), count - 1)
    numbers = _every(numbers, count)
    parts = []
    for number in range(count):
        chosen = numbers[places] == number
        part = sample.part(chosen)
        those = np.flatnonzero(chosen)
        first = sample.times[those[moments[those].argmin()]].strip()
        last = sample.times[those[moments[those].argmax()]].strip()
        name = first if first == last else f"{first} to {last}"
        parts.append(replace(part, corpus=replace(part.corpus, name=name)))
    return parts


def _every(numbers: NDArray[np.int_], count: int) -> NDArray[np.int_]:
    """Rising numbers of periods, changed where need be so that every period has a time."""
    changed = numbers.copy()
    for place in range(len(changed)):
        least = count - (len(changed) - place)
        before = changed[place - 1] if place else -1
        changed[place] = min(max(changed[place], least, before), before + 1)
    return changed


def _moments(name: str, times: Sequence[str]) -> list[float]:
    """The times as numbers: all of them numbers, or all of them dates."""
    try:
        numbers = [float(words) for words in times]
        if all(map(isfinite, numbers)):
            return numbers
    except ValueError:
        pass
    return list(_dates(name, times))


def _dates(name: str, times: Sequence[str]) -> Iterator[float]:
    for place, words in enumerate(times, start=1):
        words = words.strip()
        try:
            date = datetime.fromisoformat(words + "-01" if _MONTH.fullmatch(words) else words)
        except ValueError:
            raise HardmaxError(
                f"{name}, text {place}: {shorten(repr(words))} is no date (ISO 8601, such as "
                "2024-05-31), and not all times are numbers"
            ) from None
        yield (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
