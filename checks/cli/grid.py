"""The survey's table on the terminal, no wider than 60 columns, with its legend."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from checks.cli.screen import table
from checks.cli.words import printable
from checks.survey.cells import Cell
from checks.survey.grid import Grid, mark, told

COLOURS = {
    "PROVED": "bold green",
    "HELD": "green",
    "REFUTED": "bold red",
    "ERROR": "bold red",
    "VACUOUS": "yellow",
    "UNDECIDED": "yellow",
}

FEW = 12
"""Of so many cells each is told in a line of its own."""

WIDTH = 28
"""Longer names are folded."""


def grid_shown(cells: Sequence[Cell]) -> list[RenderableType]:
    """The table, what its columns and marks are, and the cells in words where they are few."""
    grid = Grid.of(cells)
    made = table("statement", *grid.letters, right=grid.letters)
    made.padding = (0, 0)
    made.columns[0].max_width = WIDTH
    for statement, line in grid.rows:
        marks = [Text(mark(cell), COLOURS.get(cell.verdict, "")) for cell in line]
        made.add_row(Text(printable(statement.name)), *marks)
    parts: list[RenderableType] = [made]
    legend = Text()
    for letter, kind in zip(grid.letters, grid.kinds, strict=True):
        legend.append(f"{letter}  ").append(printable(kind.name), "bold")
        legend.append(f": {printable(kind.words)}\n")
    parts.append(legend)
    parts.append(Text("\n".join(f"{sign}  {words}" for sign, words in grid.marked) + "\n"))
    if len(cells) <= FEW:
        for cell in cells:
            place = f"{cell.statement.name} under {cell.kind.name}: "
            parts.append(Text(printable(f"{place}{told(cell)}")))
    return parts
