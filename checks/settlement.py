"""Whether it is proved that a configuration settles as its run says, at every layer there is.

A run says: at this layer the pattern is this one, and from there on the closed forms are these, for
ever. The proof is its certificate, once the verifier accepts it, which believes nothing of `theory`
(`checks.verifier`), and once it is seen to speak of this configuration, this layer, and this
equilibrium.
"""

import json
from typing import TYPE_CHECKING, Any

from flint import fmpq, fmpq_mat

from checks import verifier
from checks.rules import attention_of, pull, score
from checks.verdicts import Outcome, Violation
from theory.certificates import certificate
from theory.exact import HardmaxError, rational

if TYPE_CHECKING:
    from checks.run import Run

MOST_LAYERS = 400
"""Longer runs are not certified, since the verifier works with Python's fractions."""

TOO_MUCH = "condition 14:"
"""Begins the verifier's message where it refuses to work on, which says nothing of the run."""


def proved(run: "Run") -> Outcome:
    """True if its certificate is accepted; a `Violation` if that is rejected, or is of something
    else; None if it has none. Raises `theory.NotSettled` if it is undecided.
    """
    settled = run.settled
    if settled.layer > MOST_LAYERS:
        return None
    try:
        made = certificate(settled)
    except HardmaxError:  # α ≤ 0, repeated tokens, or evidence beyond the specification
        return None
    try:
        verifier.verify(json.dumps(made))
    except verifier.Rejected as error:
        words = f"its certificate is rejected: {error}"
        return None if str(error).startswith(TOO_MUCH) else Violation(words, settled.layer)
    other = _other(run, made)
    return True if other is None else Violation(f"its certificate is of another {other}")


def _other(run: "Run", made: dict[str, Any]) -> str | None:
    """What of the certificate is not that of the run."""
    c, problem, claim = run.configuration, made["problem"], made["claim"]
    tokens = tuple(_row(row) for row in problem["tokens"])
    if (tokens, tuple(problem["multiplicities"])) != (c.tokens, c.multiplicities):
        return "configuration"
    if made["version"] == 2:
        cycle = claim["limits"]
        if not _moves(run, problem["dynamics"]):
            return "dynamics"
    else:
        cycle = [claim["limits"]]
        A = tuple(_row(row) for row in problem["A"])
        if (A, rational(problem["alpha"])) != (c.A, c.alpha):
            return "configuration"
    if claim["settled_layer"] != run.settled.layer:
        return "layer"
    pattern = tuple(map(tuple, made["evidence"]["patterns"][-1]["attention"]))
    if pattern != run.settled.pattern:
        return "pattern"
    limits = [tuple(_row(row) for row in rows) for rows in cycle]
    expected, k, count = run.settled.limit_cycle, run.settled.layer, len(limits)
    if len(expected) % count or any(
        rows != limits[(k + r) % count] for r, rows in enumerate(expected)
    ):
        return "limit"
    if count == 1 and limits[0] != run.equilibrium.limits:
        return "limit"
    if count > 1:
        return None  # there is no equilibrium, and so no leader is told
    led = [(leader["token"], leader["since_layer"]) for leader in claim["leaders"]]
    told = [(leader.token, leader.since_layer) for leader in run.equilibrium.leaders]
    return None if led == told else "leader"


def _moves(run: "Run", stated: dict[str, Any]) -> bool:
    """Whether the layers, candidates and ties that are stated are those of the run.

    Rational functions of degree at most D are equal if they agree at 2 D + 1 layers.
    """
    c, dynamics, layers = run.configuration, run.dynamics, stated["layers"]
    longest = max(len(x[part]) for x in layers for part in ("numerator", "denominator"))
    for k in range(2 * longest * len(layers)):
        layer = layers[k % len(layers)]
        if tuple(_row(row) for row in layer["A"]) != score(c, dynamics, k):
            return False
        given, wanted = [list(_row(row)) for row in layer["P"]], pull(c, dynamics, k)
        if isinstance(wanted, fmpq_mat):
            if given != wanted.table():
                return False
            continue
        above, below = (
            sum([x * k**p for p, x in enumerate(_row(layer[part]))], fmpq(0))
            for part in ("numerator", "denominator")
        )
        if given or above != wanted * below:
            return False
    # whom every token attends to where all products are equal, and where one is greater
    allowed = stated["candidates"] or [list(range(c.size))] * c.size
    first = stated["ties"] == "first"
    alike = [tuple(own[:1] if first else own) for own in allowed]
    return attention_of([[fmpq(0)] * c.size] * c.size, dynamics) == tuple(alike) and all(
        attention_of([[fmpq(j == top) for j in range(c.size)]] * c.size, dynamics)
        == tuple((top,) if top in own else equal for own, equal in zip(allowed, alike, strict=True))
        for top in range(c.size)
    )


def _row(numbers: list[str]) -> tuple[Any, ...]:
    return tuple(map(rational, numbers))
