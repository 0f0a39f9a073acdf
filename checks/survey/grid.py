"""The table of the survey: marks that fit in a narrow column, and what they mean.

A refuted cell is marked by the number of tokens that refute it: what matters most needs no legend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

from checks.statements import Statement
from checks.statements.kinds import Kind
from checks.survey.cells import NOT_APPLICABLE, Cell
from theory.readable import count

MARKS = {
    "PROVED": "■",
    "HELD": "✓",
    "UNDECIDED": "?",
    "VACUOUS": "○",
    "ERROR": "!",
    NOT_APPLICABLE: "·",
}
"""By the verdict; REFUTED has a number."""

MEANINGS = (
    ("2", "REFUTED, by so many tokens"),
    ("■", "PROVED in the notes"),
    ("✓", "HELD, which is no proof"),
    ("?", "UNDECIDED: not refuted, and some runs are beyond the budget"),
    ("○", "VACUOUS: no case was applicable"),
    ("·", "does not apply"),
    ("!", "ERROR: the statement's own code failed"),
)

LETTERS = ascii_lowercase + ascii_uppercase


@dataclass(frozen=True)
class Grid:
    """Rows of cells, a row a statement and a column a kind of dynamics."""

    rows: tuple[tuple[Statement, tuple[Cell, ...]], ...]
    kinds: tuple[Kind, ...]

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> "Grid":
        """The cells, which come row by row."""
        kinds = tuple(dict.fromkeys(cell.kind for cell in cells))
        width = len(kinds)
        lines = [tuple(cells[i : i + width]) for i in range(0, len(cells), width)]
        return cls(tuple((line[0].statement, line) for line in lines), kinds)

    @property
    def letters(self) -> tuple[str, ...]:
        """What the columns are called: a letter each, or a number where these are too few."""
        short = len(self.kinds) <= len(LETTERS)
        return tuple(LETTERS[i] if short else str(i + 1) for i in range(len(self.kinds)))

    @property
    def marked(self) -> tuple[tuple[str, str], ...]:
        """The marks that occur, with their meanings."""
        verdicts = {cell.verdict for _, line in self.rows for cell in line}
        found = {MARKS.get(verdict, "2") for verdict in verdicts}
        return tuple((sign, words) for sign, words in MEANINGS if sign in found)


def mark(cell: Cell) -> str:
    """What the table shows of a cell."""
    report = cell.final
    if cell.verdict == "REFUTED" and report is not None and report.witness is not None:
        return str(sum(report.witness.multiplicities))
    return MARKS.get(cell.verdict, "?")


def told(cell: Cell) -> str:
    """What came of a cell, in words."""
    report = cell.final
    if report is None:
        return f"does not apply: {cell.reason}"
    cases = f"{report.applicable} of {report.examples}"
    if cell.verdict == "REFUTED" and report.witness is not None:
        size = count(sum(report.witness.multiplicities), "token", "")
        return f"refuted by {size}: {report.explanation}"
    held = report.applicable
    return {
        "PROVED": f"proved in section {cell.proof}, and held on {held}",
        "HELD": f"held on {cases}",
        "VACUOUS": f"no case among {report.examples}",
        "UNDECIDED": f"held on {cases}, {report.undecided} beyond the budget",
    }.get(cell.verdict, f"its code failed: {report.explanation}")
