r"""Configurations that depend on one number x, as polynomials in x.

A `Family` has tokens, a matrix and a layer whose entries are integer polynomials in x:

    Z_i ↦ u Z_i + v M_i,        u(x) > 0 and v(x) > 0,

which is the layer of hardmax attention with γ = v/(u + v), times u + v: attention sets do not see a
positive factor. For the step itself u = 1 and v = x = α, for the pull u = 1 − x and v = x = γ; for
a number in the tokens or in A, u and v are integers with v/u = α.

steps          α from one rational to another
pulls          γ, likewise
lines          tokens and A on a line, α fixed
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq, fmpz, fmpz_poly

from theory.configuration import Configuration
from theory.dynamics import INFINITE
from theory.exact import HardmaxError, Rational, rational, text
from theory.matrices import Vector
from theory.settling import Cycling, Settled, Undecided
from theory.solve import settle

Row = tuple[fmpz_poly, ...]

ONE, X = fmpz_poly([1]), fmpz_poly([0, 1])


@dataclass(frozen=True)
class Family:
    """The configurations of all x in [low, high].

    `tokens` and `matrix` are integer polynomials: they are those of x, times `unit` and some
    positive integer. `directions` are what x is multiplied by: of each token, and of A.

    >>> family = steps(Configuration([[1], ["1/2"]], 1), fmpq(1, 10), fmpq(10))
    >>> family.tokens, family.unit, family.at(fmpq(2)).alpha
    (((2,), (1,)), 2, 2)
    """

    parameter: str
    configuration: Configuration
    low: fmpq
    high: fmpq
    keep: fmpz_poly
    pull: fmpz_poly
    tokens: tuple[Row, ...]
    matrix: tuple[Row, ...]
    unit: fmpz
    directions: tuple[tuple[Vector, ...], tuple[Vector, ...]] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        # FLINT's polynomials do not pickle
        return _family, (self.parameter, self.configuration, self.low, self.high, self.directions)

    def at(self, x: fmpq) -> Configuration:
        """The configuration at x."""
        c, x = self.configuration, fmpq(x)
        if self.parameter == "alpha":
            return c.altered(alpha=x)
        if self.parameter == "gamma":
            if x == 1:
                raise HardmaxError("gamma = 1: no step α, which would be infinite; use `settled`")
            return c.altered(alpha=x / (1 - x))
        tokens, A = self.directions or ((), ())
        return c.altered(tokens=_along(c.tokens, tokens, x), A=_along(c.A, A, x))

    def settled(self, x: fmpq) -> Settled | Cycling | Undecided:
        """What `settle` says at x.

        >>> pulls(Configuration([[2], [1]], 1), 0, 1).settled(fmpq(1)).equilibrium().limits
        ((2,), (2,))
        """
        if self.parameter == "gamma" and x == 1:
            return settle(self.configuration, dynamics=INFINITE)
        return settle(self.at(x))


def _family(
    parameter: str, configuration: Configuration, low: fmpq, high: fmpq, directions: Any
) -> Family:
    if directions is not None:
        return lines(configuration, parameter, low, high, *directions)
    return (steps if parameter == "alpha" else pulls)(configuration, low, high)


def _along(start: Sequence[Vector], direction: Sequence[Vector], x: fmpq) -> tuple[Vector, ...]:
    return tuple(
        [
            tuple([a + x * b for a, b in zip(row, slope, strict=True)])
            for row, slope in zip(start, direction, strict=True)
        ]
    )


def ends(parameter: str, low: Rational, high: Rational) -> tuple[fmpq, fmpq]:
    """The ends of a range. Raises `HardmaxError` unless it rises, and has 0 ≤ α, or 0 ≤ γ ≤ 1.

    >>> ends("alpha", "1/100", 10)
    (1/100, 10)
    """
    low, high = rational(low), rational(high)
    if parameter == "alpha" and low < 0:
        raise HardmaxError(f"alpha from {text(low)}: 0 or more was wanted")
    if parameter == "gamma" and (low < 0 or high > 1):
        raise HardmaxError(f"gamma from {text(low)} to {text(high)}: 0 ≤ gamma ≤ 1 was wanted")
    if low > high:
        raise HardmaxError(f"{parameter} from {text(low)} to {text(high)}: the range has to rise")
    return low, high


def steps(configuration: Configuration, low: Rational, high: Rational) -> Family:
    """α from `low` to `high`; that of the configuration is not looked at. Needs 0 ≤ low ≤ high.

    >>> steps(Configuration([[1]], 1), "1/100", 10).at(fmpq(1, 2)).alpha
    1/2
    """
    return _constant("alpha", configuration, *ends("alpha", low, high), ONE, X)


def pulls(configuration: Configuration, low: Rational, high: Rational) -> Family:
    """γ = α/(1+α) from `low` to `high`. Needs 0 ≤ low ≤ high ≤ 1.

    >>> pulls(Configuration([[1]], 1), 0, "1/2").at(fmpq(1, 3)).alpha
    1/2
    """
    return _constant("gamma", configuration, *ends("gamma", low, high), ONE - X, X)


def _constant(
    parameter: str,
    configuration: Configuration,
    low: fmpq,
    high: fmpq,
    keep: fmpz_poly,
    pull: fmpz_poly,
) -> Family:
    tokens, unit = _polynomials(configuration.tokens)
    matrix, _ = _polynomials(configuration.A)
    return Family(parameter, configuration, low, high, keep, pull, tokens, matrix, unit)


def lines(
    configuration: Configuration,
    parameter: str,
    low: Rational,
    high: Rational,
    tokens: tuple[Vector, ...],
    A: tuple[Vector, ...],
) -> Family:
    """Tokens z_i + x·tokens[i] and the matrix A + x·A', α > 0 as it is, x from `low` to `high`.

    >>> c = Configuration([[1], [0]], alpha="1/2")
    >>> family = lines(c, "x", fmpq(0), fmpq(2), ((fmpq(0),), (fmpq(1),)), ((fmpq(0),),))
    >>> family.at(fmpq(2)).tokens, family.tokens[1][0]
    (((1,), (2,)), x)
    """
    low, high = ends(parameter, low, high)
    alpha = configuration.alpha
    if alpha <= 0:
        raise HardmaxError(f"alpha = {text(alpha)}: a number > 0 was wanted")
    rows, unit = _polynomials(configuration.tokens, tokens)
    matrix, _ = _polynomials(configuration.A, A)
    keep, pull = fmpz_poly([alpha.q]), fmpz_poly([alpha.p])
    return Family(parameter, configuration, low, high, keep, pull, rows, matrix, unit, (tokens, A))


def _polynomials(
    start: Sequence[Vector], slope: Sequence[Vector] | None = None
) -> tuple[tuple[Row, ...], fmpz]:
    """The entries a + b x as integer polynomials over one positive denominator."""
    unit = fmpz(1)
    for rows in (start, slope or ()):
        for row in rows:
            for value in row:
                unit = unit.lcm(value.q)
    slopes = slope or [(fmpq(0),) * len(start[0])] * len(start)
    return tuple(
        [
            tuple(
                [fmpz_poly([(a * unit).p, (b * unit).p]) for a, b in zip(row, other, strict=True)]
            )
            for row, other in zip(start, slopes, strict=True)
        ]
    ), unit
