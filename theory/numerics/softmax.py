r"""Softmax attention at inverse temperature β, and how far it is from hardmax attention.

Softmax attention replaces the attention set by weights over all tokens,

    p_ij = w_j exp(β⟨z_i, z_j⟩) / Σ_l w_l exp(β⟨z_i, z_l⟩),      m_i^β = Σ_j p_ij z_j,

and the layer is z_i' = (z_i + α m_i^β) / (1 + α). As β → ∞ the target m_i^β tends to the hardmax
target m_i; `theory.numerics.enclosures` decides the rate at fixed tokens rigorously. Over many
layers that bound does not compound near ties; `compare` measures what happens there, in binary64
(`paper_notes.md`, softmax limit).

    inverse_temperature, View                       exactly: β, and what a token sees;
    attention_weights, targets, layer, simulate     in floats;
    tokens                                          those of some layers, for pictures;
    compare                                         a softmax run against the exact hardmax result.

>>> from theory import settle
>>> settled = settle(Configuration([[1, 0], [0, 1], ["1/2", "1/4"]], alpha=1))
>>> cold, hot = (compare(settled, beta, layers=20) for beta in (1000, "1/10"))
>>> cold.first_difference is None, hot.first_difference is None
(True, False)
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq

from theory.configuration import Configuration
from theory.dynamics import targets as mean_targets
from theory.exact import HardmaxError, Rational, from_binary64, rational, shorten, shown, text
from theory.matrices import Vector, as_matrix
from theory.numerics.binary64 import (
    Array,
    OutOfRange,
    as_float,
    inner_products,
    largest_distance,
    product,
    quiet,
    rounded,
)
from theory.numerics.simulation import (
    LAYERS,
    Difference,
    check_comparable,
    first_difference,
    maximal,
    move,
    shares,
)
from theory.places import copies_of
from theory.settling import Settled, equilibrium_of

InverseTemperature: TypeAlias = Rational | float
"""What β may be given as; a float is the rational that it is."""


def inverse_temperature(beta: InverseTemperature) -> fmpq:
    """β as the exact rational that it is: int, float, ``Fraction``, or text such as ``"0.1"``.

    Raises `HardmaxError` unless 0 < β < ∞.

    >>> inverse_temperature("0.1"), inverse_temperature(0.5)
    (1/10, 1/2)
    """
    try:
        floating = isinstance(beta, float | np.floating)
        value = from_binary64(beta) if floating else rational(beta)
    except HardmaxError as error:
        raise HardmaxError(f"beta: {error}") from None
    if value <= 0:
        words = shorten(beta) if isinstance(beta, str) else shown(beta)
        raise HardmaxError(f"beta = {words}; a positive number was wanted")
    return value


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
        block = as_matrix(problem.tokens)
        asking = as_matrix([problem.tokens[i]]) * as_matrix(problem.A)
        return cls.seen(problem, (asking * block.transpose()).entries())

    @classmethod
    def seen(cls, problem: Configuration, products: Sequence[fmpq]) -> "View":
        """The view of the token whose products ⟨z_i, z_j⟩ are given."""
        greatest = max(products)
        gaps = tuple([greatest - x for x in products])
        attended = tuple([j for j, gap in enumerate(gaps) if not gap])
        (target,) = mean_targets(problem.tokens, (attended,), problem.multiplicities)
        return cls(
            gaps,
            tuple([j for j, gap in enumerate(gaps) if gap]),
            sum([problem.multiplicities[j] for j in attended]),
            target,
            tuple([tuple([x - m for x, m in zip(z, target, strict=True)]) for z in problem.tokens]),
        )


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


def tokens(
    problem: Configuration, beta: InverseTemperature, layers: Sequence[int]
) -> dict[int, tuple[Vector, ...]]:
    """The tokens of a softmax run at these layers, each float as the rational that it is.

    The run starts from the rounded tokens. Raises `OutOfRange` where a number leaves the range of
    binary64, and `HardmaxError` unless 0 < β < ∞.

    >>> tokens(Configuration([[2], [1]], alpha=1), 100, [0, 2])
    {0: ((2,), (1,)), 2: ((2,), (7/4,))}
    """
    value, start = inverse_temperature(beta), rounded(problem)
    run = simulate(
        start.tokens, start.A, start.alpha, start.multiplicities, as_float("beta", value),
        max(layers, default=0)
    )  # fmt: skip
    wanted, found = set(layers), {}
    for k, Z in enumerate(run):
        if not np.isfinite(Z).all():
            raise OutOfRange(f"softmax is not representable in binary64: overflow at layer {k}")
        if k in wanted:
            found[k] = tuple(tuple(from_binary64(float(x)) for x in row) for row in Z)
    return found


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
    for negative `layers`, for other layers than hardmax attention, and unless 0 < β < ∞.

    >>> from theory import settle
    >>> comparison = compare(settle(Configuration([[2], [1]], alpha=1)), beta=10, layers=20)
    >>> comparison.first_difference is None, comparison.distance_after_one_layer < 1e-4
    (True, True)
    """
    value = inverse_temperature(beta)
    check_comparable(settled, layers)
    merged = settled.merged()
    try:
        after_one = _distance_after_one_layer(merged.configuration, value)
        Z, difference = _run(merged, as_float("beta", value), layers)
        truth = equilibrium_of(merged)
        at_the_end = largest_distance(Z, truth.limits) if truth else None
    except OutOfRange as error:
        return SoftmaxComparison(value, layers, str(error), None, None, None)
    difference = difference and difference.at_tokens(copies_of(settled.places))
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
