"""The claims: every lemma and theorem of the notes as a function of a `Run`.

Importing this package registers them all.
"""

from checks.statements import (  # noqa: F401  # they register
    layers,
    limits,
    numerics,
    paths,
    settled,
    symmetries,
    told,
    tools,
)
from checks.statements.registry import STANDING, Claim, claim, find, registered

from checks.statements import convergence, balance  # isort: skip  # noqa: F401  # listed last

__all__ = ["STANDING", "Claim", "claim", "find", "registered"]
