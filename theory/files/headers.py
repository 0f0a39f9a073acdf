"""Which line of a table is its header, and which column its index: recognised, or asked about.

A token that is taken for a header is lost, and a header that is taken for a token may lead. So a
line is a header by itself only where it can be no token (`x,y`), and a token by itself only where
it looks like no header. What may be either is for the user to say.

    has_header       the first line: a header, a token, or undecided
    index_column     the first column: an index, a coordinate, or undecided
"""

import re
from collections.abc import Sequence
from enum import Enum

from theory.exact import HardmaxError, rational

Cells = Sequence[str]

YEARS = range(1800, 2201)
"""Rising whole numbers in this range are looked at as names of years."""

_MISSING = {"nan", "inf", "infinity", "na", "n/a", "null", "none", "true", "false"}
_INDEX_NAMES = {"index", "idx", "id", "row", "rows", "no", "nr", "number"}
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_LITERAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_COUNT = re.compile(r"\d+(?:\.0*)?", re.ASCII)
_UNNAMED = re.compile(r"(Unnamed: \d+)?")  # what pandas writes, and what it makes of it


class Answer(Enum):
    """What a line or a column is, so far as it tells by itself."""

    YES = "yes"
    NO = "no"
    SUSPECT = "no, but the user is to be told"
    ASK = "undecided"


def is_name(cell: str) -> bool:
    """Whether a cell names something: it has a letter, and does not begin like a number.

    >>> [is_name(cell) for cell in ("x", "sepal length (cm)", "1st", "-inf", "nan", "1,5", "€2")]
    [True, True, False, False, False, False, False]
    """
    word = cell.strip().lower()
    if word.lstrip("+-") in _MISSING or not any(map(str.isalpha, word)):
        return False
    return word[0].isalpha() or word[0] in "_([{<|\"'"


def is_number(cell: str) -> bool:
    """Whether `rational` takes the cell."""
    try:
        rational(cell)
    except HardmaxError:
        return False
    return True


def has_header(first: Cells, rest: Sequence[Cells]) -> Answer:
    """Whether the first line of a table is its header.

    YES where no cell is a number and one is a name, and where the first cell alone is empty (as
    pandas writes above its index). ASK where all are numbers that look like names: 0, 1, …, d−1;
    years; or numbers none of which is given twice, whole above lines none of which is, or the
    other way round. NO otherwise.

    >>> [has_header(x, [["0.5", "0.1"]]).name for x in (["x", "y"], ["0", "1"], [".1", "2"])]
    ['YES', 'ASK', 'NO']
    """
    if any(map(is_name, first)) and all(is_name(cell) or not cell.strip() for cell in first):
        return Answer.YES
    if len(first) > 1 and not first[0].strip() and all(cell.strip() for cell in first[1:]):
        return Answer.YES
    if not rest or not all(map(is_number, first)):
        return Answer.NO
    values = [rational(cell) for cell in first]
    if len(set(values)) < len(values):
        return Answer.NO
    years = values == sorted(values) and all(x.q == 1 and int(x) in YEARS for x in values)
    counts = values == list(range(len(values))) and all(_COUNT.fullmatch(x.strip()) for x in first)
    if counts or years or _differs(first, rest):
        return Answer.ASK
    return Answer.NO


def _differs(first: Cells, rest: Sequence[Cells]) -> bool:
    """Whether a line of numbers is of another kind than all lines below: whole, decimal, mixed.

    Fractions, and what is no number, are by hand: no program that writes headers writes them.
    """
    if _is_whole(first):
        differs = not any(map(_is_whole, rest))
    else:
        differs = not any(map(_is_integer, first)) and all(map(_is_whole, rest))
    return differs and all(_is_literal(cell) for line in (first, *rest) for cell in line)


def index_column(name: str | None, rows: Sequence[Cells]) -> Answer:
    """Whether the first column of a table, with its name if there is a header, counts its rows.

    YES where it has an empty name and counts 0, 1, … or 1, 2, …; ASK where it has an empty name and
    does not count, where it counts and is called an index, and where it counts beside columns
    without whole numbers; SUSPECT where it counts three or more rows beside whole numbers.

    >>> index_column("", [["0", "3"], ["1", "5"]]).name, index_column(None, [["0"], ["1"]]).name
    ('YES', 'NO')
    """
    if len(rows[0]) < 2:
        return Answer.NO
    start = rows[0][0].strip()
    numbers = [cell.strip() for cell, *_ in rows]
    counts = start in ("0", "1") and numbers == [str(int(start) + i) for i in range(len(rows))]
    if name is not None and _UNNAMED.fullmatch(name.strip()):
        return Answer.YES if counts else Answer.ASK
    if not counts or len(rows) < (2 if start == "0" else 3):
        return Answer.NO
    called = name is not None and name.strip().lower() in _INDEX_NAMES
    if called or not any(_is_integer(cell) for _, *others in rows for cell in others):
        return Answer.ASK
    return Answer.SUSPECT if len(rows) > 2 else Answer.NO


def _is_literal(cell: str) -> bool:
    return _LITERAL.fullmatch(cell.strip()) is not None


def _is_integer(cell: str) -> bool:
    return _INTEGER.fullmatch(cell.strip()) is not None


def _is_whole(line: Cells) -> bool:
    return all(map(_is_integer, line))
