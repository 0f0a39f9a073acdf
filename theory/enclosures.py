"""Rigorous enclosures of softmax targets, and the bound on their distance from hardmax targets.

At fixed tokens the softmax target m_i^β tends to the hardmax target m_i as β → ∞; `bound_holds`
decides the rate rigorously (`paper_notes.md`, softmax limit; ours).

    intervals, enclosure, ends, exponential   interval arithmetic, with mpmath's intervals;
    targets_enclosure                         intervals that hold the targets m_i^β;
    bound_holds                               the bound, proved or refuted at one β.

Intervals live in contexts of their own: no precision of mpmath's is read or changed. Of that
arithmetic only +, −, ×, ÷ are used, which round outward. Its exponential is not: it rounds
outward a number that is itself rounded, and so excludes the true value now and then (exp(−115/512)
with 10 bits, in mpmath 1.3); `exponential` takes its place.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any, TypeAlias

from flint import fmpq
from mpmath.ctx_iv import MPIntervalContext

from theory.configuration import Configuration, is_positive_definite
from theory.exact import HardmaxError, Rational, dot, rational, shorten, text
from theory.softmax import InverseTemperature, View, inverse_temperature

Interval: TypeAlias = tuple[fmpq, fmpq]
"""A closed interval by its ends, (lower, upper)."""

PRECISION = 64
"""The bits with which interval arithmetic starts."""

MAX_PRECISION = 4096
"""The bits beyond which `bound_holds` gives up."""

UNDERFLOW = 16_384
"""Exponentials of numbers below −UNDERFLOW are enclosed by [0, 2^−UNDERFLOW]."""


def intervals(precision: int) -> MPIntervalContext:
    """A new context of interval arithmetic with `precision` ≥ 2 bits, apart from mpmath's own."""
    if precision < 2:
        raise HardmaxError(f"precision = {precision}; at least 2 bits were wanted")
    context = MPIntervalContext()
    context.prec = precision
    return context


def enclosure(context: MPIntervalContext, x: fmpq) -> Any:
    """An interval of `context` that holds the rational x."""
    return context.mpf(int(x.p)) / int(x.q)


def ends(interval: Any) -> Interval:
    """The ends of a bounded interval of mpmath's, exactly."""
    lower, upper = (
        fmpq(-int(man) if sign else int(man)) * fmpq(2) ** exp
        for sign, man, exp, _ in interval._mpi_
    )
    return lower, upper


def exponential(context: MPIntervalContext, x: fmpq) -> Any:
    """An interval of `context` that holds exp(x), for rational x ≤ 0; rigorous.

    With y = x/2^k ∈ [−1/256, 0] the series Σ y^m/m! alternates and its terms fall, so the rest is
    at most the last term taken; k squarings give exp(x). Raises `HardmaxError` for x > 0.

    Possible issues: below −`UNDERFLOW` the interval is [0, 2^−UNDERFLOW].
    """
    if x > 0:
        raise HardmaxError(f"the exponent {shorten(str(x))} is positive; at most 0 was wanted")
    if x == 0:
        return context.mpf(1)
    if x < -UNDERFLOW:
        return context.mpf([0, 1]) / 2**UNDERFLOW
    halvings = int((-x).ceil()).bit_length() + 8
    y = enclosure(context, x / 2**halvings)
    term = total = context.mpf(1)
    for m in range(1, context.prec // 8 + 3):
        term = term * y / m
        total += term
    total += context.mpf([-1, 1]) * term
    for _ in range(halvings):
        total *= total
    return total


def targets_enclosure(
    tokens: Sequence[Sequence[Rational]],
    A: Sequence[Sequence[Rational]],
    multiplicities: Sequence[int],
    beta: InverseTemperature,
    precision: int = PRECISION,
) -> tuple[tuple[Interval, ...], ...]:
    """Rigorous enclosures of the targets m_i^β: n rows of d intervals with rational ends.

    Statement: with gaps g_ij = max_l ⟨z_i, z_l⟩ − ⟨z_i, z_j⟩ ≥ 0, attention sets C_i = {g_ij = 0}
    and hardmax targets m_i, all exact,

        m_i^β = m_i + Σ_{j∉C_i} w_j e^{−βg_ij} (z_j − m_i) / (w(C_i) + Σ_{j∉C_i} w_j e^{−βg_ij}).

    The fraction is evaluated with `precision` bits, and m_i is exact, so the enclosure is narrow
    next to m_i^β − m_i, however small that is; where C_i holds every token both ends are m_i.
    A is any rational matrix. Raises `HardmaxError` as `Configuration`, `inverse_temperature` and
    `intervals` do.

    >>> ((lower, upper),), _ = targets_enclosure([[1], [0]], [[1]], [1, 1], 100)
    >>> lower < upper < 1 and upper - lower < fmpq(2) ** -180    # about 1 − e^−100
    True
    """
    problem = Configuration(tokens, 1, A, multiplicities)
    value = inverse_temperature(beta)
    context = intervals(precision)
    rows = []
    for i in range(problem.size):
        view = View.of(problem, i)
        weights = _weights(context, problem, view, view.others, value)
        total = sum(weights, context.mpf(view.weight))
        deviation = (ends(x / total) for x in _combined(context, weights, view, view.others))
        rows.append(tuple((m + a, m + b) for m, (a, b) in zip(view.target, deviation, strict=True)))
    return tuple(rows)


def bound_holds(
    tokens: Sequence[Sequence[Rational]],
    A: Sequence[Sequence[Rational]],
    multiplicities: Sequence[int],
    i: int,
    beta: InverseTemperature,
    *,
    decay: Rational = 1,
    precision: int = PRECISION,
    max_precision: int = MAX_PRECISION,
) -> bool | None:
    r"""Whether |m_i^β − m_i| ≤ diam · (W − w(C_i))/w(C_i) · e^{−decay·β·Δ_i}; rigorous.

    Statement: for A symmetric positive definite, |x|² = xᵀAx, diam the largest |z_j − z_l|,
    w(C_i) the multiplicity of the attention set, W that of all tokens, and Δ_i the gap between
    the greatest and the second greatest *distinct* value of ⟨z_i, ·⟩, it holds with decay = 1.
    Proof: with g_j = max ⟨z_i, ·⟩ − ⟨z_i, z_j⟩, e_j = e^{−βg_j}, and S = Σ_{j∉C_i} w_j e_j,

        m_i^β − m_i = Σ_{j∉C_i} w_j e_j (z_j − m_i) / (w(C_i) + S).

    Here |z_j − m_i| ≤ diam, since m_i is a mean of tokens, and e_j ≤ e^{−βΔ_i}; so the norm is at
    most diam · S / w(C_i) with S ≤ (W − w(C_i)) e^{−βΔ_i}. If C_i holds every token both sides
    are exactly 0. All multiplicities 1 give diam · (n − |C_i|)/|C_i| · e^{−βΔ_i}.

    A `decay` above 1 states more, and falsely once β is large: it is there to check the check.

    Returns True or False where interval arithmetic proves it, starting at `precision` bits and
    doubling them; None if `max_precision` bits do not decide. The squares of the sides are
    compared, without their common factor and with everything rational kept exact, so that
    decay = 1 is decided at any β: even for two tokens on a line, where the sides agree to the
    relative size e^{−βΔ_i}.

    Raises `HardmaxError` where A is not symmetric positive definite (there is no norm then),
    where i is no token, for decay < 1, and as `Configuration` and `inverse_temperature` do.

    >>> tokens, A = [[2, 0], [0, 1], [-1, -1]], [[1, 0], [0, 1]]
    >>> [bound_holds(tokens, A, [1, 1, 1], i, 3) for i in range(3)]
    [True, True, True]
    >>> [bound_holds(tokens, A, [1, 1, 1], i, 3, decay=2) for i in range(3)]
    [False, False, False]
    """
    problem = Configuration(tokens, 1, A, multiplicities)
    value, factor = inverse_temperature(beta), rational(decay)
    if not is_positive_definite(problem.A):
        raise HardmaxError("A is not symmetric positive definite; the bound wants a norm")
    if not 0 <= i < problem.size:
        raise HardmaxError(f"token {i}: there are {problem.size} tokens, counted from 0")
    if factor < 1:
        raise HardmaxError(f"decay = {text(factor)}; at least 1 was wanted")
    view = View.of(problem, i)
    if not view.others:
        return True
    diameter = _squared_diameter(problem)
    while precision <= max_precision:
        context = intervals(precision)
        lower, upper = ends(_slack(context, problem, view, diameter, value, factor))
        if lower >= 0:
            return True
        if upper < 0:
            return False
        precision *= 2
    return None


def _slack(
    context: MPIntervalContext,
    problem: Configuration,
    view: View,
    diameter: fmpq,
    beta: fmpq,
    decay: fmpq,
) -> Any:
    """The right side's square minus the left side's, times w(C)² (w(C) + S)² e^{2βΔ}.

    With o = W − w(C), f_j = e^{−β(g_j − Δ)} and N = Σ_{j∉C} w_j f_j (z_j − m), that is

        w(C)² (diam² o² − |N|²) + diam² o² (e^{−2(decay−1)βΔ} (w(C) + S)² − w(C)²).

    The tokens with g_j = Δ have f_j = 1: their part V of N = V + U is exact, and so is
    diam² o² − |V|²; the rest of the first bracket is −⟨2V + U, U⟩.
    """
    A, own = problem.A, view.weight
    delta = min(view.gaps[j] for j in view.others)
    near = [j for j in view.others if view.gaps[j] == delta]
    far = [j for j in view.others if view.gaps[j] > delta]
    weights = _weights(context, problem, view, far, beta, delta)
    U = _combined(context, weights, view, far)
    V = [
        sum((problem.multiplicities[j] * x for j, x in zip(near, column, strict=True)), fmpq(0))
        for column in zip(*(view.offsets[j] for j in near), strict=True)
    ]
    bound = diameter * sum(problem.multiplicities[j] for j in view.others) ** 2
    first = enclosure(context, bound - problem.inner(V, V))
    for s, u in enumerate(U):
        image = enclosure(context, 2 * dot(A[s], V))
        first -= u * sum((enclosure(context, a) * x for a, x in zip(A[s], U, strict=True)), image)
    near_weight = context.mpf(sum(problem.multiplicities[j] for j in near))
    S = exponential(context, -beta * delta) * sum(weights, near_weight)
    second = S * (2 * own + S)
    if decay > 1:
        shrunk = exponential(context, -2 * (decay - 1) * beta * delta)
        second = shrunk * (own + S) * (own + S) - own**2
    return own**2 * first + enclosure(context, bound) * second


def _weights(
    context: MPIntervalContext,
    problem: Configuration,
    view: View,
    rows: Sequence[int],
    beta: fmpq,
    least: fmpq | int = 0,
) -> list[Any]:
    """Intervals that hold w_j e^{−β(g_j − least)} for j in `rows`."""
    return [
        problem.multiplicities[j] * exponential(context, -beta * (view.gaps[j] - least))
        for j in rows
    ]


def _combined(
    context: MPIntervalContext, weights: Sequence[Any], view: View, rows: Sequence[int]
) -> list[Any]:
    """Intervals that hold the coordinates of Σ_{j ∈ rows} weight·(z_j − m_i)."""
    return [
        sum(
            (
                w * enclosure(context, view.offsets[j][s])
                for w, j in zip(weights, rows, strict=True)
            ),
            context.mpf(0),
        )
        for s in range(len(view.target))
    ]


def _squared_diameter(problem: Configuration) -> fmpq:
    """The largest |z_j − z_l|²; there are two tokens or more."""
    return max(
        problem.inner(offset, offset)
        for x, y in combinations(problem.tokens, 2)
        for offset in ([a - b for a, b in zip(x, y, strict=True)],)
    )
