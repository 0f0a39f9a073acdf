"""Tables of numbers as text: .csv, .tsv and .txt become rows of exact numbers.

    line          what becomes of it
    ----          -----------------
    # …           a comment; the last before the rows is a header if it names the columns
    sep=;         Excel's line: the separator
    x,y           a header (`theory.files.headers`), skipped and told
    1/2,0.1       a token

Columns are separated by tabs, semicolons, commas or blanks, whichever the lines hold; by tabs alone
in a .tsv file. Columns are counted from 0, like tokens.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from flint import fmpq

from theory.exact import rational, shorten
from theory.files.headers import Answer, Cells, has_header, index_column, is_name
from theory.files.sources import InputError, Rows, Tell, at, bound, ignore, room
from theory.readable import count

_ERROR_VALUES = r"(?!(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!))"  # Excel's begin with # as well
_COMMENT = re.compile(rf"^\s*#{_ERROR_VALUES}")
_REMARK = re.compile(rf"\s#{_ERROR_VALUES}.*")
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_SLICE = re.compile(r"(\d*):(\d*)", re.ASCII)
_SAMPLE = 100
"""Lines by which the separator is found."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number and its cells."""

    number: int
    cells: list[str]


def table_rows(
    text: str,
    kind: str,
    *,
    header: bool | None = None,
    columns: Sequence[str | int] | None = None,
    tell: Tell = ignore,
) -> Rows:
    """The numbers of a table, a row for a token.

    `header` says whether the first line is one, `columns` which columns are coordinates; where
    either is not given and the table does not tell by itself, `InputError` asks for it. `tell`
    takes a remark on what was skipped.

    >>> table_rows("x;y\\n0.1;1/3\\n", "csv", tell=print)
    line 1 is taken for a header: x,y
    [[1/10, 1/3]]
    """
    lines, comment = _parse(text, kind, tell)
    names, rows = _split(lines, comment, header, columns, tell)
    if columns is not None:
        chosen = chosen_columns(columns, len(rows[0].cells), names)
    else:
        chosen = list(range(len(rows[0].cells)))
        counted = index_column(names[0] if names else None, [row.cells for row in rows])
        if counted is Answer.ASK:
            raise InputError("column 0 may be an index or a coordinate: give --columns 1: or 0:")
        if counted is Answer.SUSPECT:
            tell("column 0 counts the rows and is taken for a coordinate (--columns 1: skips it)")
        if counted is Answer.YES:
            tell("column 0 is taken for an index")
            chosen.remove(0)
    if header is None and names is None:
        try:
            _numbers(rows[0], chosen, names)
        except InputError as error:
            hint = "--header, if this is one; --columns, if not every column is a coordinate"
            raise InputError(f"{error} ({hint})") from None
    return [_numbers(row, chosen, names) for row in rows]


def matrix_rows(text: str, kind: str, tell: Tell = ignore) -> Rows:
    """The numbers of a square table: its shape tells whether it has a header and an index.

    >>> matrix_rows("0,1\\n1,0\\n", "csv"), matrix_rows("0,1\\n2,3\\n4,5\\n", "csv")
    ([[0, 1], [1, 0]], [[2, 3], [4, 5]])
    """
    lines, comment = _parse(text, kind, tell)
    first = has_header(lines[0].cells, [line.cells for line in lines[1:]])
    width = len(lines[0].cells)
    header = None
    if first is Answer.ASK:
        header = len(lines) == width + 1
        if header:
            tell(f"line {lines[0].number} is taken for a header, since the rest is square")
    names, rows = _split(lines, comment, header, None, tell)
    counted = index_column("" if names is None else names[0], [row.cells for row in rows])
    told = names is not None or len(rows) > 1
    indexed = len(rows) + 1 == width and counted is Answer.YES and told
    if indexed:
        tell("column 0 is taken for an index")
    return [_numbers(row, list(range(int(indexed), width)), names) for row in rows]


def chosen_columns(
    columns: Sequence[str | int], width: int, names: Cells | None = None
) -> list[int]:
    """The numbers of columns that are named, numbered from 0, or in a range a:b that ends before b.

    >>> chosen_columns(["y", 0], 2, ["x", "y"]), chosen_columns(["1:"], 4)
    ([1, 0], [1, 2, 3])
    """
    if isinstance(columns, str) or not columns:
        raise InputError(f"columns = {columns!r}; a list of names or numbers was wanted")
    known = [] if names is None else [name.strip() for name in names]
    chosen: list[int] = []
    for column in columns:
        word = str(column).strip()
        part = _SLICE.fullmatch(word)
        if isinstance(column, str) and known.count(word) == 1:
            chosen.append(known.index(word))
        elif isinstance(column, str) and word in known:
            raise InputError(f"{known.count(word)} columns are called {shorten(repr(word))}")
        elif part:
            chosen += range(width)[
                slice(*[int(bound) if bound else None for bound in part.groups()])
            ]
        elif re.fullmatch("[0-9]{1,9}", word) and not isinstance(column, bool):
            if int(word) >= width:
                raise InputError(f"there is no column {word}; there are {width}, from 0 on")
            chosen.append(int(word))
        else:
            listed = (
                f"they are {shorten(ascii(','.join(known)))}" if known else "there are no names"
            )
            raise InputError(f"there is no column {shorten(repr(word))}; {listed}")
    if len(set(chosen)) < len(chosen) or not chosen:
        raise InputError("columns: each may be given once, and one has to be")
    return chosen


def _parse(text: str, kind: str, tell: Tell) -> tuple[list[Line], Line | None]:
    """The lines that hold something, and the comment before them that names the columns, if any."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = text.count("\n")
    bound(rows)
    start, first = next(((i, x) for i, x in enumerate(_lines(text)) if x.strip()), (0, ""))
    separator = None
    excel = _SEPARATOR.fullmatch(first)
    if excel:
        separator = excel[1]
        if separator not in "\t;,| ":
            raise InputError(f"line {start + 1}: {shorten(ascii(separator))} separates no columns")
        tell(f"line {start + 1} names the separator: {shorten(first)}")
    skipped = start + 1 if excel else 0
    if separator is None:
        separator = "\t" if kind == "tsv" else _separator(_bare(text, skipped))
    bare = _bare(text, skipped)
    if separator == " ":
        bare = (re.sub("[ \t]+", " ", line.strip(" \t")) for line in bare)
    reader = csv.reader((line + "\n" for line in bare), delimiter=separator, strict=True)
    lines: list[Line] = []
    try:
        for cells in reader:
            if len(cells) > 1 or any(map(str.strip, cells)):
                if not lines:
                    room(rows * len(cells), rows)
                lines.append(Line(reader.line_num, cells))
                bound(len(lines) * len(cells))
                if len(cells) != len(lines[0].cells):
                    given = f"line {reader.line_num}: {count(len(cells), 'number')}"
                    raise InputError(f"{given}; {len(lines[0].cells)} were wanted, as above")
    except csv.Error as error:
        raise InputError(f"line {reader.line_num}: not CSV: {error}") from None
    while lines and not any(map(str.strip, lines[-1].cells)):
        lines.pop()  # rows that a spreadsheet left empty
    if not lines:
        raise InputError("no line of numbers")
    above = enumerate(islice(_lines(text), lines[0].number - 1), start=1)
    comments = [(number, line.strip()) for number, line in above if _COMMENT.match(line)]
    return lines, _heading(comments, len(lines[0].cells), separator)


def _lines(text: str) -> Iterator[str]:
    """The lines of a text, one at a time, which takes less memory than all at once."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _bare(text: str, skipped: int) -> Iterator[str]:
    """The lines without comments; the first `skipped` ones are empty."""
    for place, line in enumerate(_lines(text)):
        if place < skipped or _COMMENT.match(line):
            yield ""
        else:
            yield line if '"' in line else _REMARK.sub("", line)


def _separator(lines: Iterable[str]) -> str:
    """The separator of columns, outside of quotes: one that all lines hold, or half of them."""
    some = islice((line for line in lines if line.strip()), _SAMPLE)
    sample = [_QUOTED.sub("", line).strip(" ") for line in some]
    for candidates, least in (("\t;,", len(sample)), (";,", len(sample) / 2)):
        for candidate in candidates:
            if sum(candidate in line for line in sample) >= max(least, 1):
                return candidate
    return " "


def _heading(comments: Sequence[tuple[int, str]], width: int, separator: str) -> Line | None:
    """The last comment before the rows, if it holds as many names as there are columns.

    Words between blanks are names only above columns between blanks, and a remark elsewhere.
    """
    for number, comment in comments[-1:]:
        words = comment.lstrip("# \t")
        for between in ("\t", ";", ",", *([None] if separator == " " else [])):
            cells = [cell.strip() for cell in words.split(between)]
            if len(cells) == width and all(map(is_name, cells)):
                return Line(number, cells)
    return None


def _split(
    lines: list[Line],
    comment: Line | None,
    header: bool | None,
    columns: Sequence[str | int] | None,
    tell: Tell,
) -> tuple[Cells | None, list[Line]]:
    """The names of the columns, if there are any, and the lines that are tokens."""
    first, rest = lines[0], lines[1:]
    told = f"line {first.number}"
    words = shorten(",".join(cell.strip() for cell in first.cells))
    answer = _is_header(lines, comment, columns)
    if header is None and answer is Answer.ASK:
        raise InputError(
            f"{told}: {words} may be a header or a token: give --header or --no-header"
        )
    if header is None:
        taken = answer is Answer.YES
        if taken:
            tell(f"{told} is taken for a header: {words}")
    else:
        taken = header and (answer is not Answer.NO or comment is None)
    if taken:
        if not rest:
            raise InputError(f"no tokens: nothing follows the header {words}")
        return first.cells, rest
    if comment is None:
        return None, lines
    tell(f"line {comment.number} is taken for a header: # {shorten(','.join(comment.cells))}")
    return comment.cells, lines


def _is_header(
    lines: list[Line], comment: Line | None, columns: Sequence[str | int] | None
) -> Answer:
    """Whether the first line is a header, judged by the columns that are wanted."""
    cells = [line.cells for line in lines]
    if columns is None:
        return has_header(cells[0], cells[1:])
    width = len(cells[0])
    try:
        chosen = chosen_columns(columns, width)
    except InputError:
        if comment is not None and _names_all(columns, comment.cells):
            return has_header(cells[0], cells[1:])
        return Answer.YES if _names_all(columns, cells[0]) else has_header(cells[0], cells[1:])
    kept = [[row[column] for column in chosen] for row in cells]
    return has_header(kept[0], kept[1:])


def _names_all(columns: Sequence[str | int], names: Cells) -> bool:
    try:
        chosen_columns(columns, len(names), names)
    except InputError:
        return False
    return True


def _numbers(line: Line, chosen: Sequence[int], names: Cells | None) -> list[fmpq]:
    row = []
    for column in chosen:
        cell = line.cells[column]
        called = column if names is None else shorten(ascii(names[column].strip()))
        with at(f"line {line.number}: column {called}"):
            row.append(rational(cell))
    return row
