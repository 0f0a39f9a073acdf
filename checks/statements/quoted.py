"""How a statement of the literature is declared, and what the dynamics are that it speaks of.

It is quoted with its hypotheses as they stand, also where it is false. What could be said in its
place is declared in the same way, as ours.
"""

from collections.abc import Callable, Sequence

from flint import fmpq

from checks.run import Run
from checks.statements.domains import Domain
from checks.statements.evidence import Evidence, settled_run
from checks.statements.registry import AGR, Judge, Statement, declare
from checks.verdicts import Verdict
from theory import HARDMAX, Dynamics
from theory.schedules.functions import RationalFunction
from theory.steps import Scheduled, Valued

FRANK_WOLFE = Dynamics(step=Scheduled(RationalFunction.parse("2/(k+2)")))
"""The usual steps of Frank and Wolfe's method, the first of which is 1."""

FALLING = Dynamics(step=Scheduled(RationalFunction.parse("1/(k+2)")))
"""Pulls that fall to 0, none of them 1, with a sum that diverges."""

VALUES = Dynamics(step=Valued([["3/2", 0], [0, "7/3"]]))
"""The pull is diag(3/5, 7/10)."""

QUOTED = f"{AGR}, as quoted in public reproductions"
"""A source that was not at hand itself."""


def published(
    name: str,
    statement: str,
    hypotheses: Sequence[str],
    source: str,
    expected: Verdict,
    domain: Domain,
    dynamics: Dynamics = HARDMAX,
    remark: str = "",
    evidence: Evidence | None = settled_run,
) -> Callable[[Judge], Statement]:
    """Declare a statement of the literature, or one that repairs it."""
    return declare(
        name,
        statement,
        hypotheses,
        source,
        expected,
        dynamics,
        domain=domain,
        evidence=evidence,
        doubted=True,
        published=True,
        remark=remark,
    )


def pull_of(run: Run, layer: int) -> fmpq | None:
    """γ_k; None where the pull is a matrix."""
    pull = run.dynamics.pull(run.configuration, layer)
    return pull if isinstance(pull, fmpq) else None
