r"""A second opinion in many digits: hardmax and softmax attention with mpmath's numbers.

Everything is computed from the definition, with as many decimal digits as are asked for, by a
library that nothing else in `theory` uses. It is an opinion, never a proof: ties are what lies
within a tolerance, nothing encloses the error, and a difference below the digits is not seen. What
is exact, or enclosed (`theory.numerics.enclosures`), is held against it in tests (`paper_notes.md`,
section 4 and softmax limit).

    simulate                     tokens and attention sets, layer by layer;
    attention_weights, targets   softmax attention at inverse temperature β.

>>> import mpmath
>>> *_, last = simulate(Configuration([[1], [2]], alpha=2), layers=30, digits=40)
>>> mpmath.nstr(2 - last.tokens[0][0], 10), last.pattern
('4.85693575e-15', ((1,), (1,)))
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from flint import fmpq
from mpmath import MPContext, mp

from theory.configuration import Configuration
from theory.dynamics import Pattern
from theory.exact import HardmaxError, Rational, expect, rational, shown
from theory.matrices import Vector
from theory.numerics.softmax import InverseTemperature, inverse_temperature
from theory.trajectory import layer_number

Number: TypeAlias = Any
"""A number of mpmath's, ``mpf``."""

Rows: TypeAlias = tuple[tuple[Number, ...], ...]
"""Rows of such numbers."""

DIGITS = 50
"""Decimal digits where none are asked for."""


class Layer(NamedTuple):
    """The tokens of one layer, n rows of d numbers, and what they attend to."""

    tokens: Rows
    pattern: Pattern


def simulate(
    configuration: Configuration,
    layers: int,
    *,
    digits: int = DIGITS,
    tolerance: Rational | None = None,
) -> Iterator[Layer]:
    """The layers 0, …, `layers`, made as they are asked for, with `digits` decimal digits.

    Token j is in C_i where ⟨z_i, z_j⟩ falls short of the greatest product of z_i by at most
    `tolerance` times Σ_st |z_is A_st z_jt|, the greatest of them all; by default the tolerance is
    a number of four fifths of the digits. Raises `HardmaxError` for negative `layers`, less than
    one digit or a negative tolerance.

    Possible issues: what differs by less than the tolerance is taken for a tie, and so, after
    enough layers, are products that tend to the same limit. mpmath rounds whatever is computed
    from the numbers to its own precision (``mpmath.workdps``).

    >>> near = Configuration([["1", "0"], ["1", "1e-40"], ["2", "0"], ["2", "1e-40"]], alpha=1)
    >>> [next(simulate(near, 0, digits=digits)).pattern[1] for digits in (20, 200)]
    [(2, 3), (3,)]
    """
    expect(Configuration, configuration, "a Configuration")
    context, last = _context(digits), layer_number(layers)
    return _layers(context, configuration, last, _number(context, _tolerance(tolerance, digits)))


def _layers(context: Any, configuration: Configuration, last: int, near: Number) -> Iterator[Layer]:
    Z, A = _rows(context, configuration.tokens), _rows(context, configuration.A)
    alpha, weights = _number(context, configuration.alpha), configuration.multiplicities
    for k in range(last + 1):
        pattern = []
        for products, sizes in zip(_products(context, Z, A), _sizes(context, Z, A), strict=True):
            least = max(products) - near * max(sizes)
            pattern.append(tuple(j for j, product in enumerate(products) if product >= least))
        yield Layer(_kept(Z), tuple(pattern))
        if k < last:
            means = [_mean(context, [(weights[j], Z[j]) for j in attended]) for attended in pattern]
            Z = [
                [(x + alpha * m) / (1 + alpha) for x, m in zip(z, mean, strict=True)]
                for z, mean in zip(Z, means, strict=True)
            ]


def attention_weights(
    configuration: Configuration, beta: InverseTemperature, *, digits: int = DIGITS
) -> Rows:
    """The n rows of softmax weights p_ij = w_j e^{β⟨z_i, z_j⟩} / Σ_l w_l e^{β⟨z_i, z_l⟩}.

    Raises `HardmaxError` for less than one digit, and unless 0 < β < ∞.

    >>> import mpmath
    >>> (own, other), _ = attention_weights(Configuration([[1], [0]], alpha=1), beta=100, digits=60)
    >>> mpmath.nstr(other, 40)
    '3.720075976020835962959695803863118337359e-44'
    """
    expect(Configuration, configuration, "a Configuration")
    context = _context(digits)
    return _kept(_weights(context, configuration, inverse_temperature(beta)))


def targets(
    configuration: Configuration, beta: InverseTemperature, *, digits: int = DIGITS
) -> Rows:
    """The targets m_i^β = Σ_j p_ij z_j of softmax attention: n rows of d numbers.

    Raises `HardmaxError` as `attention_weights` does.

    >>> import mpmath
    >>> mpmath.nstr(targets(Configuration([[1], [0]], alpha=1), beta=1)[0][0], 30)
    '0.731058578630004879251159241822'
    """
    expect(Configuration, configuration, "a Configuration")
    context = _context(digits)
    Z = _rows(context, configuration.tokens)
    rows = _weights(context, configuration, inverse_temperature(beta))
    return _kept([_mean(context, list(zip(row, Z, strict=True))) for row in rows])


def _context(digits: object) -> Any:
    """A context of its own, so that mpmath's global precision is neither read nor set."""
    if not isinstance(digits, int) or isinstance(digits, bool) or digits < 1:
        raise HardmaxError(f"digits = {shown(digits)}; a whole number from 1 on was wanted")
    context = MPContext()
    context.dps = digits
    return context


def _tolerance(tolerance: Rational | None, digits: int) -> fmpq:
    if tolerance is None:
        return fmpq(1, 10 ** (4 * digits // 5))
    value = rational(tolerance)
    if value < 0:
        raise HardmaxError(f"tolerance = {shown(tolerance)}; a number from 0 on was wanted")
    return value


def _number(context: Any, x: fmpq) -> Number:
    """The rational, rounded once."""
    return +context.fraction(int(x.p), int(x.q))


def _rows(context: Any, rows: Sequence[Vector]) -> list[list[Number]]:
    return [[_number(context, x) for x in row] for row in rows]


def _kept(rows: Any) -> Rows:
    """The numbers with all their digits, as numbers of ``mpmath.mp``, which does not round them."""
    return tuple(tuple(mp.make_mpf(x._mpf_) for x in row) for row in rows)


def _products(context: Any, Z: Any, A: Any) -> list[list[Number]]:
    """⟨z_i, z_j⟩ = z_iᵀ A z_j."""
    columns = list(zip(*A, strict=True))
    moved = [[context.fdot(z, column) for column in columns] for z in Z]
    return [[context.fdot(row, z) for z in Z] for row in moved]


def _sizes(context: Any, Z: Any, A: Any) -> list[list[Number]]:
    """The same with all signs taken away, next to which products are rounded."""
    return _products(context, *([[abs(x) for x in row] for row in rows] for rows in (Z, A)))


def _mean(context: Any, weighted: Any) -> list[Number]:
    """The mean of rows with weights."""
    weights, rows = zip(*weighted, strict=True)
    total = context.fsum(weights)
    return [context.fdot(weights, column) / total for column in zip(*rows, strict=True)]


def _weights(context: Any, configuration: Configuration, beta: fmpq) -> list[list[Number]]:
    Z, A = _rows(context, configuration.tokens), _rows(context, configuration.A)
    rows = []
    for products in _products(context, Z, A):
        greatest = max(products)
        powers = [
            w * context.exp(_number(context, beta) * (x - greatest))
            for w, x in zip(configuration.multiplicities, products, strict=True)
        ]
        total = context.fsum(powers)
        rows.append([power / total for power in powers])
    return rows
