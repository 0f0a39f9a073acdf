"""The claim that both ways of following layers, in integers and through floats, end alike."""

from checks.claims.registry import claim
from checks.run import Run
from checks.verdicts import Outcome, Violation
from theory import Undecided, settle
from theory.settling import Path, path_of


@claim(
    "paths-agree",
    r"Followed in integers or through the floating-point filter, a configuration settles at the "
    r"same layer, with the same attention sets, closed forms and equilibrium.",
    hypotheses=("positive_step",),
)
def paths_agree(run: Run) -> Outcome:
    other: Path = "exact" if path_of(run.configuration) == "filtered" else "filtered"
    again = settle(run.configuration, run.max_layers, path=other)
    if isinstance(run.settling, Undecided) or isinstance(again, Undecided):
        if isinstance(again, Undecided) and isinstance(run.settling, Undecided):
            return None
        return Violation(f"the {other} path decides otherwise")
    if again.history != run.settled.history:
        return Violation(f"the {other} path attends otherwise", run.settled.layer)
    if again.closed_form != run.settled.closed_form:
        return Violation(f"the {other} path has another closed form", run.settled.layer)
    if again.equilibrium() != run.equilibrium:
        return Violation(f"the {other} path has another equilibrium", run.settled.layer)
    return True
