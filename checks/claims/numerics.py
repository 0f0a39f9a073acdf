"""Claims that tie the exact layers to floating point and to softmax attention."""

import numpy as np
from flint import fmpq

from checks.claims.registry import claim
from checks.layer import Layer
from checks.run import Run
from checks.verdicts import Outcome, Violation
from theory import Pattern, simulation
from theory.enclosures import SoftmaxBound
from theory.exact import from_binary64
from theory.statements import STATEMENTS

BINARY64_LAYERS = 8
FLOAT_RANGE = (fmpq(1, 2**900), fmpq(2**900))
"""Sizes of coordinates at which no rounding is that of a subnormal number."""

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
        exact = run.truth(k)
        allowed = (k + 1) * (c.size + 8) * size / fmpq(2) ** 50
        if not (FLOAT_RANGE[0] < size < FLOAT_RANGE[1] and _plainly_near(Z, exact, allowed)):
            for i, (row, true) in enumerate(zip(Z, exact.tokens(), strict=True)):
                for x, y in zip(row, true, strict=True):
                    error = abs(from_binary64(x) - y)
                    if error > allowed:
                        words = "binary64 attends alike and is elsewhere"
                        return Violation(words, k, (i,), error, "<=", allowed)
        mask = simulation.attention_mask(Z, start.A)
        if not _is_pattern(mask, exact.attention):
            return True if k else None
        if k + 1 < BINARY64_LAYERS:
            Z = simulation.move(Z, simulation.shares(mask, start.multiplicities), start.alpha)
    return True


def _is_pattern(mask: simulation.Mask, pattern: Pattern) -> bool:
    """Whether entry (i, j) of the mask tells whether j ∈ C_i."""
    return all(
        row.count(True) == len(attended) and all(row[j] for j in attended)
        for row, attended in zip(mask.tolist(), pattern, strict=True)
    )


def _plainly_near(Z: simulation.Array, exact: Layer, allowed: fmpq) -> bool:
    """Whether every coordinate of Z is within `allowed` of the exact one; False if in doubt.

    Python divides integers with one rounding. So for coordinates of at most max|Z^0| that rounding
    and those of the difference and of `allowed` come to less than 2·2^-53 max|Z^0|, and `allowed`
    is at least 72 times 2^-53 max|Z^0|: three quarters of it leave room for all of them.
    """
    denominator = int(exact.denominator)
    rounded = [int(x) / denominator for x in exact.numerators.entries()]
    difference = np.abs(Z.ravel() - np.array(rounded)).max()
    return bool(difference <= 0.75 * (int(allowed.p) / int(allowed.q)))


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
