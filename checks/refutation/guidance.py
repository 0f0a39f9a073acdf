"""What a search for counterexamples draws, where it begins, and what it climbs toward."""

from hypothesis import strategies as st

from checks.planted import open_configurations
from checks.run import Run
from checks.statements.conjectures import Conjecture
from checks.strategies import configurations
from theory import Configuration, Settled

LATE = 40
"""A guided search does not climb toward runs that settle later than this: they cost much."""

HUNTS = {"settling": ["open"]}
"""Where a statement is looked at first: sources by the name of the statement."""

HUNTED = 5
"""Turns of such a hunt, before the boxes."""


def strategy(conjecture: Conjecture, family: str) -> st.SearchStrategy[Configuration]:
    """Configurations of a family, or of a hunt, of which the conjecture has something to say."""
    if family == "open":
        return open_configurations()
    if conjecture.dropped in (None, "infinite step", "averaged ties"):
        return configurations(family=family)
    if conjecture.dropped == "distinct":
        return configurations(family=None if family == "rare" else family, repeated=True)
    return configurations(family=None if family == "rare" else family, standing=False)


def aims(run: Run) -> dict[str, float]:
    """What a guided search climbs toward: how late, how often and how slowly a run settles."""
    if not isinstance(run.settling, Settled) or run.settling.layer > LATE:
        return {}
    degrees = [term.degree for form in run.settling.closed_form for term in form.terms]
    widths = [len(attended) for attended in run.settling.pattern]
    return {
        "settled layer": float(run.settling.layer),
        "changes of the pattern": float(len(run.settling.history)),
        "greatest degree": float(max(degrees)),
        "tokens attended to for ever": float(sum(widths)),
    }
