"""`hardmax claims`: the list of the statements that are held against configurations."""

import json
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from checks.cli.options import AsJson
from checks.cli.terminal import show
from checks.statements import statements
from checks.statements.formal import theorems

if TYPE_CHECKING:
    from theory.lemmas.lemma import Lemma


def claims(
    as_json: AsJson = False,
) -> None:
    """List the claims: name, statement in LaTeX, hypotheses, source, expected verdict.

    A claim that `hardmax prove` proves symbolically is marked with the hypotheses that its proof
    uses, and one that is proved in Coq, at least in part, with its theorems there. The statements
    that are expected to be refuted follow.
    """
    from theory.lemmas.registry import find  # SymPy is slow to import (`application.PROVING`)

    for claim in statements():
        lemma = find(claim.name)
        if as_json:
            record = {
                "name": claim.name,
                "statement": claim.statement,
                "hypotheses": list(claim.hypotheses),
                "source": claim.source,
                "expected": str(claim.expected),
                "proof_uses": None if lemma is None else list(lemma.hypotheses),
                "coq": list(theorems(claim.name)),
            }
            typer.echo(json.dumps(record))
            continue
        assumed = ", ".join(claim.hypotheses) or "none"
        show(
            Text(claim.name, "bold"),
            Text(f"  {claim.statement}"),
            Text(f"  hypotheses: {assumed}; source: {claim.source}; expected: {claim.expected}"),
            *([] if lemma is None else [Text(f"  proved (hardmax prove) from: {_used(lemma)}")]),
            *(Text(f"  in Coq: {name}") for name in theorems(claim.name)),
            Text(""),
        )


def _used(lemma: "Lemma") -> str:
    return ", ".join(lemma.hypotheses) or "no hypothesis"
