"""The statements: lemmas and theorems of the notes, and what is false, as functions of a `Run`.

Importing this package registers them all: the claims, in the order in which they are listed, then
the conjectures. Two kinds of conjecture are expected to be refuted: what one might believe under
the standing hypotheses (H) and is false (`doubted`), and the theory where exactly one hypothesis
fails (`dropped`). That every configuration settles is a claim (`limits`), expected to hold. The
literature comes last: what others have published (`gathering`, `cells`, `passing`).
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
from checks.statements.domains import STANDING
from checks.statements.own import dynamics
from checks.statements.registry import (
    Claim,
    Conjecture,
    Statement,
    claim,
    claims,
    conjecture,
    conjectures,
    find,
    find_claim,
    forget,
    literature,
    statements,
)
from checks.statements.users import adopt, declared, load, select

from checks.statements import convergence, balance, dropped, doubted  # isort: skip  # noqa: F401  # listed last
from checks.statements import gathering, cells, passing  # isort: skip  # noqa: F401  # listed last

__all__ = [
    "STANDING",
    "Claim",
    "Conjecture",
    "Statement",
    "adopt",
    "claim",
    "claims",
    "conjecture",
    "conjectures",
    "declared",
    "dynamics",
    "find",
    "find_claim",
    "forget",
    "literature",
    "load",
    "select",
    "statements",
]
