"""Progress bars, on stderr and only if that is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import ProgressColumn


@contextmanager
def progress(
    words: str, total: int, *more: "ProgressColumn", done: int = 0
) -> Iterator[Callable[..., None]]:
    """Yields a function that counts so many more as done, one if none is given.

    `done` are done already; `more` are columns at the end of the bar.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda advance=1: None
        return
    from rich import progress as bars  # it is slow to import
    from rich.console import Console

    columns = (
        bars.TextColumn(words),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeElapsedColumn(),
        *more,
    )
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, completed=done)
        yield lambda advance=1: bar.advance(task, advance)
