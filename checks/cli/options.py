"""Options that several commands have, with bounds that are looked at before any work."""

from typing import Annotated, TypeAlias

import typer

MOST_JOBS = 256
"""Processes of one machine."""

MOST_EXAMPLES = 10**9
"""Configurations of one command: some forty days of one core."""

Jobs: TypeAlias = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=1,
        max=MOST_JOBS,
        show_default=False,
        help="How many processes to use; as many as there are processors if omitted. The result "
        "does not depend on it.",
    ),
]

Force: TypeAlias = Annotated[
    bool, typer.Option("--force", help="Replace files that hardmax did not write as well.")
]
