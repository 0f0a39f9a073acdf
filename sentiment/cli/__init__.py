"""`hardmax sentiment`: data, train, evaluate, explain, leaders, a module for each.

`COMMANDS` lists them; `checks.cli` makes them into a group. What needs the extra ``sentiment`` is
imported when a command runs, so that the rest of `hardmax` starts without it.
"""

from collections.abc import Callable
from importlib.util import find_spec

import typer

from sentiment.cli.data import data
from sentiment.cli.evaluate import evaluate
from sentiment.cli.explain import explain
from sentiment.cli.leaders import leaders
from sentiment.cli.train import train
from theory import HardmaxError

EXTRA = ("sklearn", "vaderSentiment")
"""What the extra ``sentiment`` installs."""

COMMANDS: dict[str, Callable[..., None]] = {
    "data": data,
    "train": train,
    "evaluate": evaluate,
    "explain": explain,
    "leaders": leaders,
}
"""Every command of the group by name."""


def sentiment(context: typer.Context) -> None:
    """The interpretable sentiment classifier, trained here and explained exactly."""
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise HardmaxError(
            f"`hardmax sentiment` needs {', '.join(missing)}: "
            "pip install 'hardmax-theory[sentiment]'"
        )
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
