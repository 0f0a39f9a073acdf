"""`hardmax claims`: the list of the statements that are held against configurations."""

import json
from typing import Annotated

import typer
from rich.text import Text

from checks.claims import registered
from checks.cli.terminal import show


def claims(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a claim, one a line.")
    ] = False,
) -> None:
    """List the claims: name, statement in LaTeX, hypotheses, source, expected verdict."""
    for claim in registered():
        if as_json:
            record = {
                "name": claim.name,
                "statement": claim.statement,
                "hypotheses": list(claim.hypotheses),
                "source": claim.source,
                "expected": str(claim.expected),
            }
            typer.echo(json.dumps(record))
            continue
        assumed = ", ".join(claim.hypotheses) or "none"
        show(
            Text(claim.name, "bold"),
            Text(f"  {claim.statement}"),
            Text(f"  hypotheses: {assumed}; source: {claim.source}; expected: {claim.expected}\n"),
        )
