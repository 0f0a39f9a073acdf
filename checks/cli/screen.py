"""The screen: rich's console, which no text commands that is printed on it, and its tables."""

from collections.abc import Collection, Iterable

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table

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


def table(*names: str, right: Collection[str] = (), title: str | None = None) -> Table:
    """An empty table with these columns, some of them flush right; long cells are folded."""
    empty = Table(
        title=title,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        caption_justify="left",
        pad_edge=False,
    )
    for name in names:
        empty.add_column(name, justify="right" if name in right else "left", overflow="fold")
    return empty
