"""Options that several commands have, each declared once: its bounds, its name, its help.

What is a file's kind and shape is in `checks.cli.inputs`, and what only the classifier knows in
`sentiment.cli.options`.
"""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

MOST_JOBS = 256
"""Processes of one machine."""

MOST_EXAMPLES = 10**9
"""Configurations of one command: some forty days of one core."""

AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print JSON: one object for each result, one a line.")
]

Latex: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--latex", help="Print formulas in LaTeX, as --json does, and not in Unicode characters."
    ),
]

Claims: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--claim", metavar="NAME", help="Hold only this claim; may be given several times."
    ),
]

Examples: TypeAlias = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=1,
        max=MOST_EXAMPLES,
        help="How many configurations to hold each statement against.",
    ),
]

Seed: TypeAlias = Annotated[
    int | None,
    typer.Option(metavar="N", show_default=False, help="The seed; a new one is drawn if omitted."),
]

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

Seconds: TypeAlias = Annotated[
    float | None,
    typer.Option(
        metavar="S", min=0.0, show_default=False, help="Time for each statement; any if omitted."
    ),
]

MaxLayers: TypeAlias = Annotated[
    int, typer.Option(metavar="K", min=0, help="The budget of layers for settling.")
]

ReportTo: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="DIR",
        show_default=False,
        help="Write the report into this directory: index.html and a page for each statement, with "
        "Markdown and JSON; no network is needed to read it.",
    ),
]

PlotTo: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--plot",
        metavar="FILE",
        help="Draw it: .svg or .png, or .html, a page that shows it and needs no network.",
    ),
]

CertificateTo: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--certificate",
        metavar="FILE",
        help="Write a certificate of the one configuration (see `hardmax check`).",
    ),
]

Force: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--force",
        help="Write over files, and into directories, that hardmax did not make as well.",
    ),
]
