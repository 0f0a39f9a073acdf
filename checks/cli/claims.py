"""`hardmax claims`: the list of the statements that are held against configurations."""

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from checks.cli.options import AsJson, Latex
from checks.cli.terminal import show
from checks.formulas import to_text
from checks.statements import Statement, statements
from checks.statements.formal import theorems
from theory import HardmaxError
from theory.exact import shown

if TYPE_CHECKING:
    from theory.lemmas.lemma import Lemma


def claims(
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="TEXT",
            show_default=False,
            help="Only statements whose source has this in it, such as 2508.09628 or ours.",
        ),
    ] = None,
    latex: Latex = False,
    as_json: AsJson = False,
) -> None:
    """List the claims: name, statement, hypotheses, source, expected verdict.

    A claim that `hardmax prove` proves symbolically is marked with the hypotheses that its proof
    uses, and one that is proved in Coq, at least in part, with its theorems there. The statements
    that are expected to be refuted follow, and then the literature: what others have published,
    true or false, and what can be said in its place.
    """
    from theory.lemmas.registry import find  # SymPy is slow to import (`application.PROVING`)

    for claim in _of(source):
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
                "kind": _kind(claim),
                "dynamics": dict(claim.dynamics.keys),
                "remark": claim.remark or None,
            }
            typer.echo(json.dumps(record))
            continue
        assumed = ", ".join(claim.hypotheses) or "none"
        show(
            Text(claim.name, "bold"),
            Text(f"  {claim.statement if latex else to_text(claim.statement)}"),
            Text(f"  hypotheses: {assumed}; source: {claim.source}; expected: {claim.expected}"),
            *([Text(f"  {claim.dynamics.words}")] if claim.dynamics.words else []),
            *([Text(f"  {claim.remark}")] if claim.remark else []),
            *([] if lemma is None else [Text(f"  proved (hardmax prove) from: {_used(lemma)}")]),
            *(Text(f"  in Coq: {name}") for name in theorems(claim.name)),
            Text(""),
        )


def _of(source: str | None) -> list[Statement]:
    """Those of a source, all without one. Raises `HardmaxError` if there are none."""
    wanted = (source or "").casefold()
    chosen = [made for made in statements() if wanted in made.source.casefold()]
    if not chosen:
        sources = "; ".join(
            dict.fromkeys(made.source.split(", as quoted")[0] for made in statements())
        )
        raise HardmaxError(f"--source {shown(source)}: no statement is of it; there are: {sources}")
    return chosen


def _kind(made: Statement) -> str:
    """What the statement is held as."""
    return "literature" if made.published else "conjecture" if made.doubted else "claim"


def _used(lemma: "Lemma") -> str:
    return ", ".join(lemma.hypotheses) or "no hypothesis"
