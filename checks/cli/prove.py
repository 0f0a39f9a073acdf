"""`hardmax prove`: the symbolic, dimension-free proofs of the lemmas, checked and printed."""

import json
import re
from typing import Annotated, Any

import sympy as sp
import typer
from rich.text import Text

from checks.cli.terminal import Status, show
from checks.verdicts import Verdict
from theory import HardmaxError
from theory.gram import Checked, Proof, collected
from theory.lemmas import Lemma, lemmas


def prove(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]…", show_default=False, help="Lemmas; all if omitted."),
    ] = None,
    latex: Annotated[
        bool, typer.Option("--latex", help="Print statements and identities in LaTeX.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a lemma, one a line.")
    ] = False,
) -> None:
    """Check the proofs of the lemmas and print them: facts, multipliers, and the identity.

    Each proof is an identity in formal inner products, so it holds in every dimension and for
    every number of tokens. An identity can be checked by hand: expand both sides.
    """
    known = {lemma.name: lemma for lemma in lemmas()}
    for name in names or ():
        if name not in known:
            raise HardmaxError(f"no lemma is named {name!r}; known: {', '.join(known)}")
    failed = False
    for lemma in [known[name] for name in dict.fromkeys(names or known)]:
        outcome = lemma.check()
        failed = failed or not all(checked.holds for checked in outcome)
        if as_json:
            typer.echo(json.dumps(_record(lemma, outcome)))
        else:
            show(_page(lemma, outcome, latex))
    if failed:
        raise typer.Exit(Status.REFUTED)


def _verdict(outcome: tuple[Checked, ...]) -> Verdict:
    return Verdict.PROVED if all(checked.holds for checked in outcome) else Verdict.REFUTED


def _record(lemma: Lemma, outcome: tuple[Checked, ...]) -> dict[str, Any]:
    return {
        "name": lemma.name,
        "statement": lemma.statement,
        "verdict": str(_verdict(outcome)),
        "hypotheses": list(lemma.hypotheses),
        "covers": lemma.covers,
        "proofs": [
            {
                "shows": proof.words,
                "conclusion": str(proof.conclusion),
                "sign": proof.sign,
                "facts": [
                    {
                        "multiplier": str(multiplier),
                        "fact": fact.words,
                        "expression": str(fact.expression),
                        "sign": fact.sign,
                    }
                    for multiplier, fact in proof.facts
                ],
                "scalars": list(proof.scalars.values()),
                "remainder": str(checked.remainder),
                "faults": list(checked.faults),
            }
            for proof, checked in zip(lemma.proofs, outcome, strict=True)
        ],
    }


def _page(lemma: Lemma, outcome: tuple[Checked, ...], latex: bool) -> Text:
    verdict = _verdict(outcome)
    page = Text()
    page.append(lemma.name, "bold")
    page.append(f"  {verdict}\n", "green" if verdict is Verdict.PROVED else "bold red")
    page.append(f"  {lemma.statement}\n")
    page.append(f"  uses: {', '.join(lemma.hypotheses) or 'no standing hypothesis'}\n")
    page.append(f"  covers: {lemma.covers}\n")
    for proof, checked in zip(lemma.proofs, outcome, strict=True):
        page.append(f"\n  {proof.words}\n", "bold")
        for words in proof.scalars.values():
            page.append(f"    given  {words}\n")
        for _, fact in proof.facts:
            page.append(f"    given  {fact.words}\n")
        page.append(_identity(proof, latex))
        for fault in checked.faults:
            page.append(f"    FAILS: {fault}\n", "bold red")
    return page


def _identity(proof: Proof, latex: bool) -> str:
    """conclusion = Σ multiplier · (fact), one summand a line."""
    written = _latex if latex else _plain
    lines = [f"    {written(proof.conclusion)}"]
    for place, (multiplier, fact) in enumerate(proof.facts):
        lead = "=" if place == 0 else "+"
        lines.append(f"      {lead} ({written(multiplier)}) · ({written(fact.expression)})")
    if not proof.facts:
        lines.append("      = 0 identically")
    else:
        lines.append(f"      {proof.sign}")
    return "\n".join(lines) + "\n"


def _latex(expression: sp.Expr) -> str:
    """The expression in LaTeX, with angle brackets for g(x, y)."""
    words = sp.latex(collected(expression))
    return re.sub(r"g\(([^()]*)\)", r"\\langle \1\\rangle", words)


def _plain(expression: sp.Expr) -> str:
    """The expression with ⟨x, y⟩ for g(x, y), ^ for powers and α for alpha.

    >>> _plain(sp.Symbol("alpha") ** 2 * sp.Symbol("g(x, y)"))
    'α^2*⟨x, y⟩'
    """
    words = re.sub(r"g\(([^()]*)\)", r"⟨\1⟩", str(collected(expression)))
    return words.replace("**", "^").replace("alpha", "α")
