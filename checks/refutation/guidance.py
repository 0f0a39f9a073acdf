"""What a search for counterexamples climbs toward."""

from checks.run import Run
from theory import Settled
from theory.exponential import ExponentialPolynomial

LATE = 40
"""A guided search does not climb toward runs that settle later than this: they cost much."""


def aims(run: Run) -> dict[str, float]:
    """What a guided search climbs toward: how late, how often and how slowly a run settles."""
    if not isinstance(run.settling, Settled) or run.settling.layer > LATE:
        return {}
    forms = [x for x in run.settling.closed_form if isinstance(x, ExponentialPolynomial)]
    degrees = [term.degree for form in forms for term in form.terms]
    widths = [len(attended) for attended in run.settling.pattern]
    return {
        "settled layer": float(run.settling.layer),
        "changes of the pattern": float(len(run.settling.history)),
        "greatest degree": float(max(degrees, default=0)),
        "tokens attended to for ever": float(sum(widths)),
    }
