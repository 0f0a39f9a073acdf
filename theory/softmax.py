r"""Softmax attention at inverse temperature β, and how far it is from hardmax attention.

Softmax attention replaces the attention set by weights over all tokens,

    p_ij = w_j exp(β⟨z_i, z_j⟩) / Σ_l w_l exp(β⟨z_i, z_l⟩),      m_i^β = Σ_j p_ij z_j,

and the layer is z_i' = (z_i + α m_i^β) / (1 + α). As β → ∞ the target m_i^β tends to the hardmax
target m_i; `bound_holds` decides the rate at fixed tokens rigorously (`paper_notes.md`, softmax
limit; ours). Over many layers that bound does not compound near ties; `compare` measures what
happens there, in binary64.

    attention_weights, targets, layer, simulate   in floats;
    targets_enclosure, bound_holds                rigorous, in mpmath's interval arithmetic;
    compare                                       a softmax run against the exact hardmax result.

Intervals live in contexts of their own: no precision of mpmath's is read or changed. Of that
arithmetic only +, −, ×, ÷ are used, which round outward. Its exponential is not: it rounds
outward a number that is itself rounded, and so excludes the true value now and then (exp(−115/512)
with 10 bits, in mpmath 1.3); `exponential` takes its place.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq
from mpmath.ctx_iv import MPIntervalContext

from theory.configuration import Configuration, Vector, is_positive_definite
from theory.dynamics import targets as mean_targets
from theory.exact import HardmaxError, Rational, dot, from_binary64, rational, shorten, text
from theory.settling import Settled
from theory.simulation import (
    LAYERS,
    Array,
    Difference,
    OutOfRange,
    as_float,
    equilibrium_of,
    first_difference,
    inner_products,
    largest_distance,
    maximal,
    move,
    product,
    quiet,
    rounded,
    shares,
)

InverseTemperature: TypeAlias = Rational | float
"""What β may be given as; a float is the rational that it is."""

Interval: TypeAlias = tuple[fmpq, fmpq]
"""A closed interval by its ends, (lower, upper)."""

PRECISION = 64
"""The bits with which interval arithmetic starts."""

MAX_PRECISION = 4096
"""The bits beyond which `bound_holds` gives up."""

UNDERFLOW = 16_384
"""Exponentials of numbers below −UNDERFLOW are enclosed by [0, 2^−UNDERFLOW]."""


def inverse_temperature(beta: InverseTemperature) -> fmpq:
    """β as the exact rational that it is: int, float, ``Fraction``, or text such as ``"0.1"``.

    Raises `HardmaxError` unless 0 < β < ∞.

    >>> inverse_temperature("0.1"), inverse_temperature(0.5)
    (1/10, 1/2)
    """
    try:
        value = from_binary64(beta) if isinstance(beta, float) else rational(beta)
    except HardmaxError as error:
        raise HardmaxError(f"beta: {error}") from None
    if value <= 0:
        raise HardmaxError(f"beta = {shorten(str(beta))}; a positive number was wanted")
    return value


def relative_weights(Z: Array, A: Array, beta: float) -> Array:
    """exp(β(⟨z_i, z_j⟩ − max_l ⟨z_i, z_l⟩)) in floats: each row next to its largest weight.

    The greatest product is subtracted before the exponential is taken, so that nothing overflows
    but the products themselves; that gives nan, without a warning.
    """
    products = inner_products(Z, A)
    with quiet():
        relative: Array = np.exp(beta * (products - products.max(axis=1, keepdims=True)))
    return relative


def attention_weights(Z: Array, A: Array, multiplicities: Array, beta: float) -> Array:
    """The (n, n) array of weights p_ij in floats, each row adding up to 1.

    >>> attention_weights(np.array([[1.0], [0.0]]), np.eye(1), np.ones(2), math.log(3))
    array([[0.75, 0.25],
           [0.5 , 0.5 ]])
    """
    return shares(relative_weights(Z, A, beta), multiplicities)


def targets(Z: Array, A: Array, multiplicities: Array, beta: float) -> Array:
    """The targets m_i^β in floats, an (n, d) array."""
    return product(attention_weights(Z, A, multiplicities, beta), Z)


def layer(Z: Array, A: Array, alpha: float, multiplicities: Array, beta: float) -> Array:
    """One softmax layer in floats: Z is (n, d), A is (d, d), `multiplicities` is (n,)."""
    return move(Z, attention_weights(Z, A, multiplicities, beta), alpha)


def simulate(
    Z: Array, A: Array, alpha: float, multiplicities: Array, beta: float, layers: int
) -> Iterator[Array]:
    """The tokens at the layers 0, …, `layers`, one (n, d) array each, made as they are asked for.

    >>> run = simulate(np.array([[2.0], [1.0]]), np.eye(1), 1.0, np.ones(2), 100.0, 3)
    >>> [float(z[1, 0]) for z in run]
    [1.0, 1.5, 1.75, 1.875]
    """
    yield Z
    for _ in range(layers):
        Z = layer(Z, A, alpha, multiplicities, beta)
        yield Z


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


@dataclass(frozen=True)
class View:
    """What token i sees, exactly.

    gaps : g_j = max_l ⟨z_i, z_l⟩ − ⟨z_i, z_j⟩ ≥ 0 for every j.
    others : the tokens outside C_i = {j : g_j = 0}.
    weight : w(C_i).
    target : m_i.
    offsets : z_j − m_i for every j.
    """

    gaps: Vector
    others: tuple[int, ...]
    weight: int
    target: Vector
    offsets: tuple[Vector, ...]

    @classmethod
    def of(cls, problem: Configuration, i: int) -> "View":
        """The view of token i of a configuration, whose α plays no part."""
        asking = [dot(column, problem.tokens[i]) for column in zip(*problem.A, strict=True)]
        products = [dot(asking, z) for z in problem.tokens]
        greatest = max(products)
        gaps = tuple(greatest - x for x in products)
        attended = tuple(j for j, gap in enumerate(gaps) if not gap)
        (target,) = mean_targets(problem.tokens, (attended,), problem.multiplicities)
        return cls(
            gaps,
            tuple(j for j, gap in enumerate(gaps) if gap),
            sum(problem.multiplicities[j] for j in attended),
            target,
            tuple(tuple(x - m for x, m in zip(z, target, strict=True)) for z in problem.tokens),
        )


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


@dataclass(frozen=True)
class SoftmaxComparison:
    """A softmax run of `layers` layers, in binary64, against the exact hardmax result.

    beta : the inverse temperature β, exactly.
    layers : how many layers the run has; layers 0, …, `layers` are looked at.
    failure : None, or why there is no run: a number out of the range of binary64. Everything
        below is None then.
    distance_after_one_layer : the largest Euclidean distance of a softmax token to its hardmax
        token after one layer from the same exact Z^0. Gaps and offsets are exact, so it is right
        to a few roundings, however small it is, and 0 where it lies below the least float.
    distance_to_limits : the largest Euclidean distance of a token of the last softmax layer to
        its exact hardmax limit; None where there is no limit, which needs α < 0.
    first_difference : the first layer at which the largest weights, per copy, of the softmax run
        sit elsewhere than the exact attention set; None if there is no such layer in the run.
    """

    beta: fmpq
    layers: int
    failure: str | None
    distance_after_one_layer: float | None
    distance_to_limits: float | None
    first_difference: Difference | None

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, in lists, numbers, None, and β as text."""
        result = {**vars(self), "beta": text(self.beta)}
        if self.first_difference is not None:
            result["first_difference"] = self.first_difference.as_dict()
        return result


def compare(settled: Settled, beta: InverseTemperature, layers: int = LAYERS) -> SoftmaxComparison:
    """Run `layers` ≥ 0 softmax layers from the rounded tokens and hold them to the exact result.

    A number that binary64 cannot hold is reported in `failure`, not raised. Raises `HardmaxError`
    for negative `layers` and unless 0 < β < ∞.

    >>> from theory import settle
    >>> found = compare(settle(Configuration([[2], [1]], alpha=1)), beta=10, layers=20)
    >>> found.first_difference is None, found.distance_after_one_layer < 1e-4
    (True, True)
    """
    value = inverse_temperature(beta)
    if layers < 0:
        raise HardmaxError(f"layers = {layers}; it must not be negative")
    try:
        after_one = _distance_after_one_layer(settled.configuration, value)
        Z, difference = _run(settled, as_float("beta", value), layers)
        truth = equilibrium_of(settled)
        at_the_end = largest_distance(Z, truth.limits) if truth else None
    except OutOfRange as error:
        return SoftmaxComparison(value, layers, str(error), None, None, None)
    return SoftmaxComparison(value, layers, None, after_one, at_the_end, difference)


def _run(settled: Settled, beta: float, layers: int) -> tuple[Array, Difference | None]:
    start = rounded(settled.configuration)
    difference: Difference | None = None
    Z = tokens = start.tokens
    for k in range(layers + 1):
        Z, relative = tokens, relative_weights(tokens, start.A, beta)
        if not (np.isfinite(Z).all() and np.isfinite(relative).all()):
            raise OutOfRange(f"not representable in binary64: overflow at layer {k}")
        if difference is None:
            difference = first_difference(k, settled.pattern_at(k), maximal(relative))
        tokens = move(Z, shares(relative, start.multiplicities), start.alpha)
    return Z, difference


def _distance_after_one_layer(problem: Configuration, beta: fmpq) -> float:
    largest = 0.0
    for i in range(problem.size):
        view = View.of(problem, i)
        weights = {
            j: problem.multiplicities[j] * factor
            for j in view.others
            if (factor := _decayed(beta * view.gaps[j]))
        }
        total = math.fsum([view.weight, *weights.values()])
        deviation = (
            math.fsum(
                w / total * as_float("the offset of a token from a target", view.offsets[j][s])
                for j, w in weights.items()
            )
            for s in range(problem.dimension)
        )
        largest = max(largest, math.hypot(*deviation))
    return abs(as_float("alpha / (1 + alpha)", 1 - problem.lam)) * largest


def _decayed(exponent: fmpq) -> float:
    """e^−exponent, which is 0 in floats from 746 on."""
    return math.exp(-as_float("an exponent", exponent)) if exponent < 1000 else 0.0
