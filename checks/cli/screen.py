"""The screen: rich's console, which no text commands that is printed on it."""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from checks.cli.terminal import spelt


class Screen(Console):
    """A console that spells out the control characters of what it is given to print.

    Names, labels and statements are the user's, or a stranger's: none may command the terminal.
    """

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=spelt(segment.text))
