"""The claim that both ways of following layers, in integers and through floats, end alike."""

from checks.run import Run
from checks.statements.registry import claim
from checks.verdicts import Outcome, Violation
from theory import HARDMAX, Cycling, Settled, Undecided, settle
from theory.solve import Path, path_of

DOUBTED = 150
"""Layers in which the other path may not settle what one path leaves undecided."""


@claim(
    "paths-agree",
    r"Followed in integers or through the floating-point filter, a configuration settles at the "
    r"same layer, with the same attention sets, closed forms and equilibrium.",
    hypotheses=("positive_step",),
)
def paths_agree(run: Run) -> Outcome:
    """Of an undecided run the other path may not decide anything in the first `DOUBTED` layers.

    There is one path alone under another dynamics than the theory's own.
    """
    if run.dynamics != HARDMAX:
        return None
    other: Path = "exact" if path_of(run.configuration) == "filtered" else "filtered"
    undecided = isinstance(run.settling, Undecided)
    budget = min(run.max_layers, DOUBTED) if undecided else run.max_layers
    again = settle(run.configuration, budget, path=other, keep_copies=True)
    if undecided and isinstance(again, Undecided):
        return None
    if isinstance(run.settling, Cycling) and again == run.settling:
        return True
    if not (isinstance(run.settling, Settled) and isinstance(again, Settled)):
        return Violation(f"the {other} path decides otherwise")
    if again.history != run.settled.history:
        return Violation(f"the {other} path attends otherwise", run.settled.layer)
    if again.closed_form != run.settled.closed_form:
        return Violation(f"the {other} path has another closed form", run.settled.layer)
    if again.equilibrium() != run.equilibrium:
        return Violation(f"the {other} path has another equilibrium", run.settled.layer)
    return True
