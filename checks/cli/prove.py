"""`hardmax prove`: the symbolic, dimension-free proofs of the lemmas, checked and printed."""

import json
from typing import Annotated

import typer

from checks.cli.options import AsJson, Latex
from checks.cli.terminal import Status, show
from theory import HardmaxError


def prove(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", show_default=False, help="Lemmas; all if omitted."),
    ] = None,
    latex: Latex = False,
    as_json: AsJson = False,
) -> None:
    """Check the proofs of the lemmas and print them: facts, multipliers, and the identity.

    Each proof is an identity in formal inner products, so it holds in every dimension and for
    every number of tokens. An identity can be checked by hand: expand both sides. PROVED means that
    the identities hold and give what they are said to show, from the facts named; the steps that
    are no identities (quantifiers, inductions, limits) are printed as words that nothing checks.
    NOT PROVED (status 1) is said of a proof that fails, which refutes nothing.
    """
    from checks.cli.proofs import page, record  # SymPy is slow to import (`application.PROVING`)
    from theory.lemmas.registry import lemmas

    known = {lemma.name: lemma for lemma in lemmas()}
    for name in names or ():
        if name not in known:
            raise HardmaxError(f"no lemma is named {name!r}; known: {', '.join(known)}")
    failed = False
    for lemma in [known[name] for name in dict.fromkeys(names or known)]:
        outcome = lemma.check()
        failed = failed or not all(checked.holds for checked in outcome)
        if as_json:
            typer.echo(json.dumps(record(lemma, outcome, latex)))
        else:
            show(page(lemma, outcome, latex))
    if failed:
        raise typer.Exit(Status.REFUTED)
