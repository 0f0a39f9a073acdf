"""`hardmax selftest`: a short check of an installed copy."""

import json
from collections.abc import Callable

import typer

from checks import verifier
from checks.campaigns.campaign import validate
from checks.cli.terminal import Status
from checks.cli.words import printable
from checks.refutation.account import Budget
from checks.refutation.search import refute
from checks.statements import find
from checks.statements.foreign import blame
from checks.verdicts import Verdict
from theory import Configuration, settle
from theory.certificates import certificate


def selftest() -> None:
    """Check an installed copy in a few seconds: a known limit, a certificate, claims, proofs.

    Every check has to come out as it is known to; one that does not ends with status 1.
    """
    failed = False
    for words, check in CHECKS.items():
        try:
            fault = check()
        except Exception as error:  # a broken installation may fail in any way: that is the news
            fault = blame(error)
        failed = failed or fault is not None
        typer.echo(f"{words}: {'as it should be' if fault is None else printable(fault)}")
    if failed:
        raise typer.Exit(Status.REFUTED)


def _limit() -> str | None:
    settled = settle(Configuration([[0, 1], [1, 1], [2, 0]], alpha="1/3"))
    limits = str(settled.equilibrium().limits)
    return None if limits == "((1/4, 63/64), (2, 0), (2, 0))" else f"the limits are {limits}"


def _certificate() -> str | None:
    settled = settle(Configuration([[3, 2, 0], [-3, 2, 0], [1, 2, 1], [-1, 2, 1], [0, 1, 0]], 1))
    proof = certificate(settled)  # type: ignore[arg-type]  # an undecided run raises, and is told
    verifier.verify(json.dumps(proof))
    proof["claim"]["limits"][4] = ["0", "1", "0"]
    try:
        verifier.verify(json.dumps(proof))
    except verifier.Rejected:
        return None
    return "a certificate with a wrong limit is accepted"


def _claims() -> str | None:
    wrong = [r.name for r in validate(examples=60, seed=1) if r.verdict is not Verdict.HELD]
    return f"not held: {', '.join(wrong)}" if wrong else None


def _false() -> str | None:
    smallest = refute(find("hull-vertices-lead"), Budget(1000)).counterexample
    return (
        None if smallest is not None and smallest.configuration.size == 2 else f"found {smallest}"
    )


def _proofs() -> str | None:
    from theory.lemmas.registry import lemmas  # SymPy is slow to import (`application.PROVING`)

    wrong = [x.name for x in lemmas() if not all(checked.holds for checked in x.check())]
    return f"not proved: {', '.join(wrong)}" if wrong else None


CHECKS: dict[str, Callable[[], str | None]] = {
    "a limit that is known": _limit,
    "a certificate is accepted, and a tampered one rejected": _certificate,
    "the claims hold on 60 configurations": _claims,
    "a false statement is refuted by two tokens": _false,
    "the symbolic proofs of the lemmas": _proofs,
}
"""Each check by what it says; it returns what is wrong, or None."""
