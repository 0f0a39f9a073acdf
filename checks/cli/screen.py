"""The screen: rich's console, which no text commands that is printed on it, and its tables."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from checks.cli.folding import folded, longest
from checks.cli.words import spelt


class Screen(Console):
    """A console that spells out the control characters of what it is given to print.

    Names, labels and statements are the user's, or a stranger's: none may command the terminal.
    """

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=spelt(segment.text))

    def tell(self, part: RenderableType) -> None:
        """Print text or a table; one piece that is wider than the screen goes beyond its edge."""
        self.width = max(self.width, NARROWEST)
        if not isinstance(part, Text):
            self.print(part, crop=False)
            return
        for line in folded(part, self.width):
            self.print(line, crop=False, no_wrap=True, overflow="ignore")


NARROWEST = 10
"""Columns of a screen, whatever it says of itself."""

PADDINGS = ((1, 1), (0, 1), (0, 0))
"""What stands left and right of a column beside the line between two, from the widest."""


MOST_LINES = 4
"""Lines of a cell; a row that needs more is easier to read as a record."""


class Sheet(Table):
    """A table that breaks nothing in a cell that a reader takes as one (`checks.cli.folding`).

    Columns are narrowed as far as words can be folded; where that does not do, each row is told
    as a record, a line a cell.
    """

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.max_width
        names = [_text(column.header) for column in self.columns]
        columns = [[_text(cell) for cell in column.cells] for column in self.columns]
        rows = list(zip(*columns, strict=True))
        fitted = self._fitted(names, rows, room)
        if self.title:
            yield from folded(_text(self.title, "italic"), room)
        yield from _records(names, rows, room) if fitted is None else [fitted]
        if self.caption:
            yield from folded(_text(self.caption, "table.caption"), room)

    def _fitted(
        self, names: Sequence[Text], rows: Sequence[Sequence[Text]], room: int
    ) -> Table | None:
        """The table with columns, as far apart as they can be; None where there is no room."""
        _, right, _, left = self.padding
        for padding in (pair for pair in PADDINGS if sum(pair) <= right + left):
            between = len(names) + 1 + sum(padding) * (len(names) - 1)
            widths = _widths([names, *rows], room - between)
            if widths and all(len(folded(*cell)) <= MOST_LINES for cell in _cells(rows, widths)):
                break
        else:
            return None
        fitted = Table(box=self.box, pad_edge=False, padding=(0, padding[1], 0, padding[0]))
        for name, column, width in zip(names, self.columns, widths, strict=True):
            fitted.add_column(_cell(name, width), justify=column.justify, width=width)
        for row, kept in zip(rows, self.rows, strict=True):
            fitted.add_row(*map(_cell, row, widths), end_section=kept.end_section)
        return fitted


def _cells(rows: Sequence[Sequence[Text]], widths: Sequence[int]) -> Iterator[tuple[Text, int]]:
    for row in rows:
        yield from zip(row, widths, strict=True)


def _widths(rows: Sequence[Sequence[Text]], room: int) -> list[int] | None:
    """Widths of the columns, the widest narrowed first; None where the room does not do."""
    columns = list(zip(*rows, strict=True))
    least = [max(longest(cell, room) for cell in column) for column in columns]
    widths = [
        max(cell_len(line) for cell in column for line in cell.plain.split("\n"))
        for column in columns
    ]
    if sum(least) > room:
        return None
    while sum(widths) > room:
        width, widest = max((w, i) for i, w in enumerate(widths) if w > least[i])
        widths[widest] = width - 1
    return widths


def _records(names: Sequence[Text], rows: Sequence[Sequence[Text]], room: int) -> Iterator[Text]:
    """Every row as a record: its first cell, and the others under it, each behind its name."""
    yield Text()
    margin = "  " + " " * (max((cell_len(name.plain) for name in names[1:]), default=0) + 2)
    for first, *others in rows:
        if first.plain:
            named = first.plain.startswith(f"{names[0].plain} ")
            title = first.plain if named else f"{names[0].plain} {first.plain}".strip()
            yield from folded(Text(title, "bold"), room)
        for name, cell in zip(names[1:], others, strict=True):
            if cell.plain:
                yield from _field(name.plain, cell, margin, room)
    yield Text()


def _field(name: str, cell: Text, margin: str, room: int) -> Iterator[Text]:
    lead = f"  {name}".ljust(len(margin))
    for line in folded(cell, room - len(margin)):
        yield Text(lead, no_wrap=True, overflow="ignore") + line
        lead = margin


def _text(words: RenderableType, style: str = "") -> Text:
    return words.copy() if isinstance(words, Text) else Text(str(words), style)


def _cell(words: Text, width: int) -> Text:
    joined = Text("\n", no_wrap=True, overflow="ignore").join(folded(words, width))
    joined.no_wrap, joined.overflow = True, "crop"
    return joined


def table(*names: str, right: Collection[str] = (), title: str | None = None) -> Table:
    """An empty table with these columns, some of them flush right."""
    empty = Sheet(title=title, box=box.SIMPLE_HEAD, pad_edge=False)
    for name in names:
        empty.add_column(name, justify="right" if name in right else "left")
    return empty
