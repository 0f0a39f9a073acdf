"""The rows of a table of texts: .csv, .tsv, .jsonl and .json, one at a time.

A `Row` knows where it begins, so that one bad row is told with its file and line.

*Quoting.* In a .csv file a cell in quotation marks may hold commas, doubled quotation marks and
line ends (RFC 4180). A .tsv file is unquoted: every line is a row, and a quotation mark is a
letter like others, for texts are full of them and one that is never closed would swallow the rows
after it. Either may be told otherwise.

*Rows that melt.* With quoting, a quotation mark that is never closed is an error that names its
line. Where another one further down happens to close it, rows between them would be read as one
cell; `melted` finds those, by lines within one row that are rows themselves.
"""

import csv
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from sentiment.opening import BYTE_ORDER_MARK, lines
from theory.exact import HardmaxError, shorten

DELIMITERS = {".csv": ",", ".tsv": "\t"}
"""What stands between the cells of a line, by the kind of file."""

KINDS = (*DELIMITERS, ".jsonl", ".json")
"""The kinds of files that hold rows, by suffix."""

LONGEST_CELL = 10_000_000
LONGEST_LIST = 2**27
"""Characters of a cell and of a JSON list at most."""

MARGIN = 1000
"""Characters of the first line in which a JSON list begins."""

_COMPLAINTS = {
    "unexpected end of data": "a quotation mark opens a cell and nothing closes it",
    "' expected after '": "a quotation mark closes a cell in the midst of it; double it",
    "new-line character": "a carriage return alone outside quotation marks",
    "field larger": f"field larger than {LONGEST_CELL:,} characters; is a quotation mark open?",
}
"""What the errors of `csv` mean, by words that are in them."""


@dataclass(frozen=True)
class Row:
    """A row: its file, its number from 1, its cells by column, and where it stands.

    line : the line on which it begins, None in a JSON list. lines : its lines where it has several.
    """

    file: Path
    number: int
    cells: Mapping[str, Any]
    line: int | None = None
    lines: tuple[str, ...] = ()

    def refused(self, words: str) -> HardmaxError:
        """The error that says what is wrong with it."""
        where = "" if self.line is None else f" (line {self.line})"
        return HardmaxError(f"{self.file}, row {self.number}: {words}{where}")


def rows(
    path: Path, text: IO[str], kind: str, quoted: bool | None, header: str = ""
) -> Iterator[Row]:
    """The rows of a file of that kind (one of `KINDS`).

    `header` is the first line, with its end, of a table whose file does not begin with one; lines
    are then counted from there.

    Raises `HardmaxError` with file and line for a row that has not as many cells as the header, or
    is no JSON object.
    """
    if kind not in DELIMITERS:
        return _objects(path, text)
    return _table(path, kind, lines(path, text, header), quoted)


def _table(
    path: Path, kind: str, numbered: Iterator[tuple[int, str]], wanted: bool | None
) -> Iterator[Row]:
    quoted = kind == ".csv" if wanted is None else wanted
    split = _quoted if quoted else _plain
    names: list[str] | None = None
    number = 0
    hint = "" if quoted else "; --quoted lets cells be in quotation marks"
    for line, cells, held in split(path, numbered, DELIMITERS[kind]):
        if names is None:
            names = cells
            _check_header(path, names, wanted is None and not quoted)
            continue
        number += 1
        row = Row(path, number, dict(zip(names, cells, strict=False)), line, held)
        if len(cells) != len(names):
            raise row.refused(f"not {len(names)} cells as in the header but {len(cells)}{hint}")
        yield row


def _check_header(path: Path, names: Sequence[str], asked: bool) -> None:
    if any("\r" in name for name in names):
        raise HardmaxError(
            f"{path}: its lines end in carriage returns alone; convert them to line feeds"
        )
    if asked and all(len(name) > 1 and name[0] == name[-1] == '"' for name in names):
        raise HardmaxError(
            f"{path}: the header is in quotation marks: --quoted reads the cells without them, "
            "--unquoted with them"
        )
    if len(set(names)) < len(names):
        raise HardmaxError(f"{path}: two columns have one name: {shorten(', '.join(names))}")


Split = tuple[int, list[str], tuple[str, ...]]
"""The line on which a row begins, its cells, and its lines if it has several."""


def _plain(path: Path, numbered: Iterator[tuple[int, str]], delimiter: str) -> Iterator[Split]:
    """Every line is a row, but for empty ones."""
    for number, line in numbered:
        line = line.rstrip("\r\n")
        if line:
            yield number, line.split(delimiter), ()


def _quoted(path: Path, numbered: Iterator[tuple[int, str]], delimiter: str) -> Iterator[Split]:
    """Cells in quotation marks may hold delimiters and line ends."""
    held: list[tuple[int, str]] = []

    def feeding() -> Iterator[str]:
        for number, line in numbered:
            held.append((number, line))
            yield line

    table = csv.reader(feeding(), delimiter=delimiter, strict=True)
    while True:
        held.clear()
        usual = csv.field_size_limit(LONGEST_CELL)  # the whole process has one
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            words = str(error)
            meant = next((told for part, told in _COMPLAINTS.items() if part in words), words)
            first, last = held[0][0], held[-1][0]
            until = f" (the row is read to line {last})" if last > first else ""
            raise HardmaxError(f"{path}, line {first}: not a table: {meant}{until}") from None
        finally:
            csv.field_size_limit(usual)
        if cells:
            several = tuple(line for _, line in held) if len(held) > 1 else ()
            yield held[0][0], cells, several


def melted(row: Row, label_column: str, kind: str, labels: Collection[str]) -> bool:
    """Whether a row of several lines holds rows that a missing quotation mark has melted.

    One of its lines has the row's own label. If a second line, with its quotation marks dropped,
    is a whole row with a label too, a quotation mark is missing.

    >>> cells = {"text": "…", "label": "0"}
    >>> row = Row(Path("a.csv"), 1, cells, 2, ('"fine,1\\n', 'bad",0\\n'))
    >>> melted(row, "label", ".csv", {"0", "1"})
    True
    >>> melted(replace(row, lines=('"fine,\\n', 'bad",0\\n')), "label", ".csv", {"0", "1"})
    False
    """
    names = list(row.cells)
    place = names.index(label_column)
    whole = 0
    for line in row.lines:
        cells = [cell.strip('"') for cell in line.rstrip("\r\n").split(DELIMITERS[kind])]
        if len(cells) >= len(names):
            whole += bool({cells[place], cells[place - len(names)]} & set(labels))
    return whole > 1


def _objects(path: Path, text: IO[str]) -> Iterator[Row]:
    """JSON Lines, or one JSON list, told apart by the first letter."""
    start = text.readline(MARGIN).lstrip(BYTE_ORDER_MARK)
    if start.lstrip().startswith("["):
        content = start + text.read(LONGEST_LIST)
        if len(content) > LONGEST_LIST:
            raise HardmaxError(f"{path}: a list too long; give one object a line, as .jsonl")
        for number, item in enumerate(json.loads(content), start=1):
            yield _object(Row(path, number, {}), item)
        return
    numbered = ((number, line) for number, line in lines(path, text, start) if line.strip())
    for number, (place, line) in enumerate(numbered, start=1):
        row = Row(path, number, {}, place)
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise row.refused(f"not JSON: {error.msg}") from None
        yield _object(row, item)


def _object(row: Row, item: Any) -> Row:
    if not isinstance(item, dict):
        raise row.refused(f"{shorten(repr(item))} is no JSON object")
    return replace(row, cells=item)
