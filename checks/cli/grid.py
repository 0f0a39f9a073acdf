"""The survey's table on the terminal, as wide as it is, with its legend."""

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
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

BESIDE = 3
"""What stands beside the two columns of the table."""


class Marks:
    """The table's rows: a name and a mark a column, closer together on a narrow terminal, and where
    that is not enough the marks under the name.
    """

    def __init__(self, grid: Grid) -> None:
        self.names = [printable(statement.name) for statement, _ in grid.rows]
        self.columns = [
            [Text(letter), *(Text(mark(line[i]), _colour(line[i])) for _, line in grid.rows)]
            for i, letter in enumerate(grid.letters)
        ]
        for column in self.columns:
            widest = max(len(cell) for cell in column)
            for cell in column:
                cell.pad_left(widest - len(cell))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        letters, *rows = zip(*self.columns, strict=True)
        close = all(len(letter) == 1 for letter in letters)
        room = options.max_width - max(map(len, self.names)) - BESIDE
        for between in (" ", "") if close else (" ",):
            if len(header := Text(between).join(letters)) <= room:
                made = table("statement")
                made.padding = (0, 0)
                made.add_column(header)
                for name, row in zip(self.names, rows, strict=True):
                    made.add_row(Text(name), Text(between).join(row))
                yield made
                return
        yield from self._beneath(Text("" if close else " "), letters, rows)

    def _beneath(
        self, between: Text, letters: Sequence[Text], rows: Sequence[Sequence[Text]]
    ) -> Iterator[Text]:
        for name, row in zip(self.names, rows, strict=True):
            yield Text(name, "bold", no_wrap=True, overflow="ignore")
            for line in (letters, row):
                yield Text("  ") + between.join(line)
        yield Text()


def _colour(cell: Cell) -> str:
    return COLOURS.get(cell.verdict, "")


def grid_shown(cells: Sequence[Cell]) -> list[RenderableType]:
    """The table, what its columns and marks are, and the cells in words where they are few."""
    grid = Grid.of(cells)
    parts: list[RenderableType] = [Marks(grid)]
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
