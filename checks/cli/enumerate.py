"""`hardmax enumerate`: every configuration of a small box, up to symmetry."""

import json
import os
from typing import Annotated

import typer
from rich.text import Text

from checks.boxes import Box
from checks.campaigns.enumeration import enumerate_box
from checks.cli.options import AsJson, Claims, Jobs, MaxLayers
from checks.cli.terminal import Interrupted, Status, notice, show
from checks.cli.validate import summary
from checks.statements import find_claim
from checks.verdicts import Verdict, exit_status
from theory.readable import count
from theory.settling import MAX_LAYERS


def enumerate_(
    dimension: Annotated[int, typer.Option("--dim", metavar="D", min=1, help="Dimension.")] = 2,
    radius: Annotated[
        int, typer.Option(metavar="R", min=1, help="Coordinates are whole numbers from −R to R.")
    ] = 1,
    tokens: Annotated[
        int, typer.Option(metavar="N", min=1, help="How many tokens, distinct and not zero.")
    ] = 3,
    alpha: Annotated[str, typer.Option(metavar="NUMBER", help="The step α.")] = "1",
    claim: Claims = None,
    jobs: Jobs = None,
    max_layers: MaxLayers = MAX_LAYERS,
    as_json: AsJson = False,
) -> None:
    """Hold the claims against every configuration of a box, with A = identity.

    A claim about limits that holds on all of them is PROVED for the box, if of each it is proved
    that it settles as it is said to, for ever: by a certificate that the verifier accepts; or by
    inequalities in integers, where arrays can tell every claim that is asked for, a hundred times
    as fast. One that speaks of every layer, matrix or step is HELD, since not all of these can be
    looked at.
    Configurations that differ by a permutation of the coordinates or by signs count as many, and
    are looked at once.
    """
    box = Box(dimension, radius, tokens)
    chosen = [find_claim(name) for name in dict.fromkeys(claim or ())]
    try:
        reports = enumerate_box(
            box, alpha, claims=chosen, jobs=jobs or os.cpu_count() or 1, max_layers=max_layers
        )
    except KeyboardInterrupt:
        raise Interrupted("; nothing is proved of a box that was not finished") from None
    total = box.subsets()
    if as_json:
        for report in reports:
            typer.echo(json.dumps(report.as_dict()))
    elif total:
        show(*summary(reports)[:-1])
        show(
            Text(
                f"Every one of the configurations of {tokens} "
                f"{'token' if tokens == 1 else 'tokens'} of {{−{radius}…{radius}}}^{dimension} at "
                f"α = {alpha} was looked at: {total}, or {box.orbits()} up to symmetry."
            )
        )
    if not total:
        notice(f"hardmax: the box has no configuration of {count(tokens, 'token')}")
        raise typer.Exit(Status.INCONCLUSIVE)
    silent = [report.name for report in reports if report.verdict is Verdict.VACUOUS]
    if silent:
        notice(f"hardmax: no configuration of the box is a case of {', '.join(silent)}")
    # a claim that was not asked for by name need not have a case in the box
    status = exit_status(reports if claim else [x for x in reports if x.name not in silent])
    if status:
        raise typer.Exit(status)
