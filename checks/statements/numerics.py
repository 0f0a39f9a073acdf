"""Claims that tie the exact layers to floating point and to softmax attention."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from flint import fmpq

from checks.layer import Layer
from checks.run import Run
from checks.statements.registry import claim
from checks.verdicts import Outcome, Violation
from theory import Pattern, Undecidable
from theory.exact import from_binary64
from theory.lemmas.statements import STATEMENTS
from theory.numerics import binary64, simulation
from theory.numerics.enclosures import SoftmaxBound

BINARY64_LAYERS = 8
FEW = 32
"""Of so many tokens all layers are looked at together."""

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
        start = binary64.rounded(c)
    except binary64.OutOfRange:
        return None
    truth = [run.truth(k) for k in range(run.at_most(BINARY64_LAYERS))]
    wanted = [_mask(truth[0].attention)]
    weights = [simulation.shares(wanted[0], start.multiplicities)]
    for before, exact in pairwise(truth):
        alike = exact.attention == before.attention
        wanted.append(wanted[-1] if alike else _mask(exact.attention))
        weights.append(
            weights[-1] if alike else simulation.shares(wanted[-1], start.multiplicities)
        )
    floats = simulation.moves(start.tokens, weights[:-1], start.alpha)  # as the truth attends
    Z = np.array(floats)
    if c.size <= FEW:
        agree = (simulation.attention_mask(Z, start.A) == np.array(wanted)).all((1, 2)).tolist()
    else:
        masks = (simulation.attention_mask(layer, start.A) for layer in floats)
        agree = [np.array_equal(mask, true) for mask, true in zip(masks, wanted, strict=True)]
    told = agree.index(False) if False in agree else len(agree)
    del truth[told + 1 :]  # the first layer that attends otherwise has to be near as well
    size = fmpq(max(map(abs, truth[0].numerators.entries())), truth[0].denominator)
    allowed = (c.size + 8) * size / fmpq(2) ** 50
    near = FLOAT_RANGE[0] < size < FLOAT_RANGE[1] and _plainly_near(Z, truth, allowed)
    for k, exact in enumerate(() if near else truth):
        for i, (row, true) in enumerate(zip(Z[k].tolist(), exact.tokens(), strict=True)):
            for x, y in zip(row, true, strict=True):
                error = abs(from_binary64(x) - y)
                if error > (k + 1) * allowed:
                    words = "binary64 attends alike and is elsewhere"
                    told = f"the error of a coordinate of z_{run.index(i)}"
                    sides = told, "(k+1)(n+8) 2⁻⁵⁰ max|Z⁰|"
                    return Violation(words, k, (i,), error, "<=", (k + 1) * allowed, sides)
    return True if told else None


def _mask(pattern: Pattern) -> simulation.Mask:
    """Entry (i, j) tells whether j ∈ C_i."""
    size = len(pattern)
    flags = bytearray(size * size)
    for i, attended in enumerate(pattern):
        for j in attended:
            flags[i * size + j] = 1
    return np.frombuffer(flags, dtype=np.bool_).reshape(size, size)


def _plainly_near(Z: binary64.Array, truth: Sequence[Layer], allowed: fmpq) -> bool:
    """Whether layer k of Z is within (k+1)·`allowed` of truth[k], for every k; False if in doubt.

    An integer becomes the nearest float. So for coordinates of at most max|Z^0| the roundings of
    numerator, denominator, quotient, difference and bound come to less than 8·2^-53 max|Z^0|, and
    `allowed` is at least 72 times 2^-53 max|Z^0|: three quarters of it leave room for all of them.
    """
    numerators = [x for layer in truth for x in layer.numerators.entries()]
    try:
        exact = np.array([float(x) for x in numerators]).reshape(len(truth), -1)
        units = np.array([float(layer.denominator) for layer in truth])
        step = 0.75 * (int(allowed.p) / int(allowed.q))
    except OverflowError:
        return False
    off = np.abs(Z[: len(truth)].reshape(exact.shape) - exact / units[:, np.newaxis]).max(axis=1)
    return bool((off <= step * np.arange(1, len(truth) + 1)).all())


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
                raise Undecidable(f"softmax at β = {beta}, token {i}: more digits are needed")
            if not holds:
                return Violation(f"at β = {beta} softmax is further from hardmax", 0, (i,))
    return True
