"""Configurations for a command: the options that say how files are read, and the reading itself.

One bad file does not silence the others: each is told in one line, and the caller is told of it.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import typer

from checks.cli.terminal import notice
from theory.configuration import Configuration
from theory.dynamics import Dynamics
from theory.exact import HardmaxError
from theory.files.configurations import given_options, read_problems
from theory.files.sources import ARRAYS, TABLES, kind_of

KINDS = ".json, .jsonl, .csv, .tsv, .txt, .npy or .npz, each also as .gz"

Alpha = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBER",
        help="The step α, such as 1/3: tables and arrays state none; JSON's own is overridden.",
    ),
]
Matrix = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="The rows of A (.json, or a table or array); else the identity, or JSON's own.",
    ),
]
Gamma = Annotated[
    str | None,
    typer.Option(
        metavar="EXPR",
        help="The pull in place of α: a number in [0, 1], or a rational function of the layer k, "
        "such as 2/(k+2).",
    ),
]
Mask = Annotated[
    str | None,
    typer.Option(
        metavar="causal|all|FILE",
        help="Whom a token may attend to: those up to itself, all, or a 0/1 matrix (.json, or a "
        "table or array).",
    ),
]
Ties = Annotated[
    Literal["first", "averaged"] | None,
    typer.Option(help="Which of several greatest a token attends to: the first, or all."),
]
Header = Annotated[
    bool | None,
    typer.Option(
        "--header/--no-header",
        help="Whether the first line of a table is a header; asked for where it does not tell.",
        show_default=False,
    ),
]
Columns = Annotated[
    str | None,
    typer.Option(
        metavar="LIST",
        help="The columns that are coordinates: names, numbers from 0, or ranges such as 1: or "
        "0:3, with commas between.",
    ),
]
Format = Annotated[
    Literal["json", "jsonl", "csv", "tsv", "txt", "npy", "npz"] | None,
    typer.Option(help="The kind of every FILE, whatever its name; for standard input."),
]


@dataclass
class Reading:
    """How files are read: the options above, checked against the files that they are for.

    Raises `HardmaxError` for an option that no file wants, or whose value is bad for all.
    """

    files: Sequence[str]
    alpha: str | None = None
    matrix: str | None = None
    header: bool | None = None
    columns: str | None = None
    format: str | None = None
    gamma: str | None = None
    mask: str | None = None
    ties: str | None = None

    def __post_init__(self) -> None:
        kinds = {self._kind(file) for file in self.files} - {None}
        if self.header is not None and kinds and kinds.isdisjoint(TABLES):
            raise HardmaxError("--header: only tables have one: .csv, .tsv and .txt")
        if self.columns is not None and kinds and kinds.isdisjoint((*TABLES, *ARRAYS)):
            raise HardmaxError(f"--columns {self.columns}: only tables and arrays have columns")

        given = given_options(self.alpha, self.gamma, self.matrix, self.mask, self.ties, notice)
        self.A, self.allowed = given.A, given.mask

    def read(self, file: str) -> list[tuple[Configuration, Dynamics]]:
        """The configurations of one of the files, each with what moves its tokens.

        What was skipped is told on stderr.
        """
        kind = self._kind(file)
        options: dict[str, Any] = {}
        if kind in TABLES:
            options["header"] = self.header
        if kind in (*TABLES, *ARRAYS) and self.columns is not None:
            options["columns"] = next(csv.reader([self.columns]), [])
        return read_problems(
            file,
            alpha=self.alpha,
            gamma=self.gamma,
            matrix=self.A,
            mask=self.allowed,
            ties=self.ties,
            format=self.format,
            tell=notice,
            **options,
        )

    def _kind(self, file: str) -> str | None:
        try:
            return kind_of(file, self.format)
        except HardmaxError:
            return None
