"""Rigorous enclosures of softmax targets, and the bound on their distance from hardmax targets.

At fixed tokens the softmax target m_i^β tends to the hardmax target m_i as β → ∞; `SoftmaxBound`
decides the rate rigorously (`paper_notes.md`, softmax limit; ours).

    exponential, ends             balls that hold exponentials, and the ends of a ball;
    targets_enclosure             intervals that hold the targets m_i^β;
    SoftmaxBound, bound_holds     the bound, proved or refuted at one β.

Balls are Arb's: every operation encloses what it rounds. The precision that they are computed with
is set for the length of a call and put back.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat, fmpz

from theory.configuration import Configuration
from theory.exact import HardmaxError, Rational, expect, rational, shorten, text
from theory.matrices import as_matrix, unfit
from theory.numerics.softmax import InverseTemperature, View, inverse_temperature

Interval: TypeAlias = tuple[fmpq, fmpq]
"""A closed interval by its ends, (lower, upper)."""

PRECISION = 64
"""The bits with which ball arithmetic starts."""

MAX_PRECISION = 4096
"""The bits beyond which `SoftmaxBound` gives up."""

UNDERFLOW = 16_384
"""Exponentials of numbers below −UNDERFLOW are enclosed by [0, 2^(1−UNDERFLOW)]."""


def ends(ball: arb) -> Interval:
    """The ends of a bounded ball, exactly.

    >>> ends(arb(0.75)), ends(arb(fmpq(2, 3)))[0] < fmpq(2, 3) < ends(arb(fmpq(2, 3)))[1]
    ((3/4, 3/4), True)
    """
    middle, radius = (
        fmpq(mantissa) * fmpq(2) ** int(exponent)
        for part in (ball.mid(), ball.rad())
        for mantissa, exponent in (part.man_exp(),)
    )
    return middle - radius, middle + radius


def exponential(x: fmpq) -> arb:
    """A ball, with the working precision of Arb, that holds exp(x) for rational x ≤ 0; rigorous.

    Raises `HardmaxError` for x > 0.

    Possible issues: below −`UNDERFLOW` the ball is within [0, 2^(1−UNDERFLOW)], so that its ends
    are numbers of moderate length.
    """
    if x > 0:
        raise HardmaxError(f"the exponent {shorten(str(x))} is positive; at most 0 was wanted")
    if x < -UNDERFLOW:
        half = arb(1) / arb(2) ** (UNDERFLOW + 1)
        return arb(half, half).nonnegative_part()
    return arb(x).exp()


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
    A is any rational matrix. Raises `HardmaxError` for less than 2 bits, and as `Configuration` and
    `inverse_temperature` do.

    >>> ((lower, upper),), _ = targets_enclosure([[1], [0]], [[1]], [1, 1], 100)
    >>> lower < upper < 1 and upper - lower < fmpq(2) ** -180    # about 1 − e^−100
    True
    """
    problem = Configuration(tokens, 1, A, multiplicities)
    value = inverse_temperature(beta)
    _check_precision(precision)
    rows = []
    with ctx.workprec(precision):
        for i in range(problem.size):
            view = View.of(problem, i)
            weights = _weights(problem, view, view.others, value)
            total = sum(weights, arb(view.weight))
            offsets = _offsets(view, view.others)
            deviation = [ends(x / total) for x in _combined(weights, offsets).entries()]
            rows.append(
                tuple((m + a, m + b) for m, (a, b) in zip(view.target, deviation, strict=True))
            )
    return tuple(rows)


class SoftmaxBound:
    r"""The bound on |m_i^β − m_i| for the tokens of one configuration, whose α plays no part.

    Statement: for A symmetric positive definite, |x|² = xᵀAx, diam the largest |z_j − z_l|,
    w(C_i) the multiplicity of the attention set, W that of all tokens, and Δ_i the gap between
    the greatest and the second greatest *distinct* value of ⟨z_i, ·⟩,

        |m_i^β − m_i| ≤ diam · (W − w(C_i))/w(C_i) · e^{−decay·β·Δ_i}

    holds with decay = 1. Proof: with g_j = max ⟨z_i, ·⟩ − ⟨z_i, z_j⟩, e_j = e^{−βg_j}, and
    S = Σ_{j∉C_i} w_j e_j,

        m_i^β − m_i = Σ_{j∉C_i} w_j e_j (z_j − m_i) / (w(C_i) + S).

    Here |z_j − m_i| ≤ diam, since m_i is a mean of tokens, and e_j ≤ e^{−βΔ_i}; so the norm is at
    most diam · S / w(C_i) with S ≤ (W − w(C_i)) e^{−βΔ_i}. If C_i holds every token both sides
    are exactly 0. All multiplicities 1 give diam · (n − |C_i|)/|C_i| · e^{−βΔ_i}.

    Raises `HardmaxError` where A is not symmetric positive definite: there is no norm then.

    >>> bound = SoftmaxBound(Configuration([[2, 0], [0, 1], [-1, -1]], alpha=1))
    >>> bound.squared_diameter, bound.holds(0, beta=3)
    (10, True)
    """

    def __init__(self, problem: Configuration) -> None:
        expect(Configuration, problem, "a Configuration")
        if not problem.hypotheses.positive_definite:
            raise HardmaxError(f"{unfit(problem.A)}; the bound wants a norm")
        self.problem = problem
        self._A = as_matrix(problem.A)
        self._views: dict[int, _Split] = {}

    def __reduce__(self) -> tuple[type["SoftmaxBound"], tuple[Configuration]]:
        return SoftmaxBound, (self.problem,)  # FLINT's matrices do not pickle

    def holds(
        self,
        i: int,
        beta: InverseTemperature,
        *,
        decay: Rational = 1,
        precision: int = PRECISION,
        max_precision: int = MAX_PRECISION,
    ) -> bool | None:
        """Whether the bound holds of token i at β; rigorous.

        A `decay` above 1 states more, and falsely once β is large: it is there to check the check.

        Returns True or False where ball arithmetic proves it, starting at `precision` bits and
        doubling them; None if `max_precision` bits do not decide. The squares of the sides are
        compared, without their common factor and with everything rational kept exact, so that
        decay = 1 is decided at any β: even for two tokens on a line, where the sides agree to the
        relative size e^{−βΔ_i}.

        Raises `HardmaxError` where i is no token, for decay < 1, for less than 2 bits, and as
        `inverse_temperature` does.

        >>> bound = SoftmaxBound(Configuration([[2, 0], [0, 1], [-1, -1]], 1))
        >>> [bound.holds(i, 3) for i in range(3)], [bound.holds(i, 3, decay=2) for i in range(3)]
        ([True, True, True], [False, False, False])
        """
        value, factor = inverse_temperature(beta), rational(decay)
        if not 0 <= i < self.problem.size:
            raise HardmaxError(f"token {i}: there are {self.problem.size} tokens, counted from 0")
        if factor < 1:
            raise HardmaxError(f"decay = {text(factor)}; at least 1 was wanted")
        _check_precision(precision)
        if i not in self._views:
            products, unit = self._products
            view = View.seen(self.problem, [fmpq(x, unit) for x in products[i]])
            self._views[i] = _Split.of(self.problem, view, self._A)
        split = self._views[i]
        if not split.view.others:
            return True
        while precision <= max_precision:
            with ctx.workprec(precision):
                first, second = _slack(self.problem, split, self.squared_diameter, value, factor)
                if (first >= 0 and second >= 0) or first + second >= 0:
                    return True
                if first + second < 0:
                    return False
            precision *= 2
        return None

    @cached_property
    def squared_diameter(self) -> fmpq:
        """The largest |z_j − z_l|²; 0 for a single token."""
        gram, unit = self._products
        norms = [row[j] for j, row in enumerate(gram)]
        squares = [
            norms[j] - 2 * row[k] + norms[k] for j, row in enumerate(gram) for k in range(j + 1)
        ]
        return fmpq(max(squares), unit)

    @cached_property
    def _products(self) -> tuple[list[list[fmpz]], fmpz]:
        """⟨z_i, z_j⟩ as integers, one row for each i, and what they are to be divided by."""
        rows, below = as_matrix(self.problem.tokens).numer_denom()
        form, scale = self._A.numer_denom()
        return (rows * form * rows.transpose()).table(), below**2 * scale


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
    r"""Whether |m_i^β − m_i| ≤ diam · (W − w(C_i))/w(C_i) · e^{−decay·β·Δ_i}: `SoftmaxBound.holds`.

    Raises `HardmaxError` as `Configuration`, `SoftmaxBound` and `SoftmaxBound.holds` do.

    >>> bound_holds([[2, 0], [0, 1], [-1, -1]], [[1, 0], [0, 1]], [1, 1, 1], 0, 3)
    True
    """
    bound = SoftmaxBound(Configuration(tokens, 1, A, multiplicities))
    return bound.holds(i, beta, decay=decay, precision=precision, max_precision=max_precision)


class _Split(NamedTuple):
    """What `_slack` wants of a view at every β.

    delta : Δ. near_weight : the multiplicity of the tokens at Δ. far : those beyond it.
    offsets : z_j − m for the latter, one row each. rest : W − w(C). A : the matrix.
    doubled : 2 A V as a column. square : ⟨V, V⟩.
    """

    view: View
    delta: fmpq
    near_weight: int
    far: Sequence[int]
    offsets: fmpq_mat
    rest: int
    A: fmpq_mat
    doubled: fmpq_mat
    square: fmpq

    @classmethod
    def of(cls, problem: Configuration, view: View, A: fmpq_mat) -> "_Split":
        weights = problem.multiplicities
        delta = min([view.gaps[j] for j in view.others], default=fmpq(0))
        near = [j for j in view.others if view.gaps[j] == delta]
        far = [j for j in view.others if view.gaps[j] != delta]
        rest = sum([weights[j] for j in view.others])
        V = fmpq_mat(1, len(near), [weights[j] for j in near]) * _offsets(view, near)
        image = A * V.transpose()
        near_weight = sum([weights[j] for j in near])
        square = (V * image)[0, 0]
        return cls(view, delta, near_weight, far, _offsets(view, far), rest, A, 2 * image, square)


def _slack(
    problem: Configuration, split: _Split, diameter: fmpq, beta: fmpq, decay: fmpq
) -> tuple[arb, arb]:
    """The right side's square minus the left side's, times w(C)² (w(C) + S)² e^{2βΔ}.

    With o = W − w(C), f_j = e^{−β(g_j − Δ)} and N = Σ_{j∉C} w_j f_j (z_j − m), that is the sum of

        w(C)² (diam² o² − |N|²)   and   diam² o² (e^{−2(decay−1)βΔ} (w(C) + S)² − w(C)²),

    which are returned apart, since the second is a tiny positive number next to an exact 0 at
    times. The tokens with g_j = Δ have f_j = 1: their part V of N = V + U is exact, and so is
    diam² o² − |V|²; the rest of the first bracket is −⟨U, 2V + U⟩. `diameter` is diam².
    """
    view, delta, near_weight, far, offsets, rest, A, doubled, square = split
    own = view.weight
    weights = _weights(problem, view, far, beta, delta)
    bound = diameter * rest**2
    first = arb(bound - square)
    if far:
        U = _combined(weights, offsets)
        image = arb_mat(A) * U.transpose() + arb_mat(doubled)
        first -= (U * image)[0, 0]
    S = exponential(-beta * delta) * sum(weights, arb(near_weight))
    if decay > 1:
        shrunk = exponential(-2 * (decay - 1) * beta * delta)
        second = arb(bound) * (shrunk * (own + S) * (own + S) - own**2)
    else:
        second = (arb(bound) * S * (2 * own + S)).nonnegative_part()
    return own**2 * first, second


def _weights(
    problem: Configuration,
    view: View,
    rows: Sequence[int],
    beta: fmpq,
    least: fmpq | int = 0,
) -> list[arb]:
    """Balls that hold w_j e^{−β(g_j − least)} for j in `rows`."""
    return [problem.multiplicities[j] * exponential(-beta * (view.gaps[j] - least)) for j in rows]


def _combined(weights: Sequence[arb], rows: fmpq_mat) -> arb_mat:
    """Balls that hold the sum of the rows with these weights, as a row."""
    return arb_mat(1, len(weights), weights) * arb_mat(rows)


def _offsets(view: View, rows: Sequence[int]) -> fmpq_mat:
    """The rows z_j − m_i for j in `rows`."""
    return fmpq_mat(len(rows), len(view.target), [x for j in rows for x in view.offsets[j]])


def _check_precision(precision: int) -> None:
    if precision < 2:
        raise HardmaxError(f"precision = {precision}; at least 2 bits were wanted")
