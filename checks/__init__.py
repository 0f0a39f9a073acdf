"""How we know: claims held against configurations built to break them.

The public names: `configurations` is a Hypothesis strategy, `claim` declares a statement, and
`validate` holds statements against generated configurations.
"""

from checks.campaign import validate
from checks.claims import Claim, claim
from checks.conjectures import Conjecture, conjecture
from checks.run import Run
from checks.strategies import configurations
from checks.verdicts import Report, Verdict, Violation

__all__ = [
    "Claim",
    "Conjecture",
    "Report",
    "Run",
    "Verdict",
    "Violation",
    "claim",
    "configurations",
    "conjecture",
    "validate",
]
