"""Claims that tie the exact layers to floating point and to softmax attention."""

import numpy as np
from flint import fmpq

from checks.claims.registry import claim
from checks.run import Run
from checks.verdicts import Outcome, Violation
from theory import simulation
from theory.enclosures import SoftmaxBound
from theory.exact import from_binary64
from theory.statements import STATEMENTS

BINARY64_LAYERS = 8
BETAS = (1, 20)
"""Inverse temperatures at which the softmax bound is held."""


@claim(
    "binary64-agrees-while-it-attends-alike",
    r"As long as a binary64 simulation has attended as the truth does, each of its coordinates at "
    r"layer $k$ is within $(k+1)(n+8)\,2^{-50}\max|Z^0|$ of the exact one.",
    hypotheses=("positive_step",),
)
def binary64_agrees(run: Run) -> Outcome:
    # Rounding of one layer: n+5 operations on numbers of at most max|Z^0| (hulls shrink), each
    # with a relative error of 2^-53; errors of layers add since a layer averages.
    c = run.configuration
    try:
        start = simulation.rounded(c)
    except simulation.OutOfRange:
        return None
    size = max(abs(x) for row in c.tokens for x in row)
    Z = start.tokens
    for k in range(BINARY64_LAYERS):
        allowed = (k + 1) * (c.size + 8) * size / fmpq(2) ** 50
        for i, (row, exact) in enumerate(zip(Z, run.tokens(k), strict=True)):
            for x, y in zip(row, exact, strict=True):
                error = abs(from_binary64(x) - y)
                if error > allowed:
                    words = "binary64 attends alike and is elsewhere"
                    return Violation(words, k, (i,), error, "<=", allowed)
        mask = simulation.attention_mask(Z, start.A)
        if tuple(tuple(map(int, np.flatnonzero(row))) for row in mask) != run.pattern(k):
            return True if k else None
        Z = simulation.layer(Z, start.A, start.alpha, start.multiplicities)
    return True


@claim(
    "softmax-limit",
    STATEMENTS["softmax-limit"],
    hypotheses=("positive_definite",),
)
def softmax_limit(run: Run) -> Outcome:
    c = run.configuration
    bound = SoftmaxBound(c)
    for i in {0, c.size - 1}:
        for beta in BETAS:
            holds = bound.holds(i, beta)
            if holds is None:
                return None
            if not holds:
                return Violation(f"at β = {beta} softmax is further from hardmax", 0, (i,))
    return True
