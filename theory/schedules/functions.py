"""Schedules: pulls γ_k that are a rational function of the layer k = 0, 1, 2, …

`RationalFunction` is the value. That it has no pole at a layer, and lies in [0, 1] at every one of
them, is decided once and exactly, for all k, by the runs of constant sign of three polynomials
(`theory.schedules.quotients`). How it is written is the business of `theory.schedules.formulas`,
and where it takes tokens is in section 3.9 of the notes (`theory.schedules.forms`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flint import fmpq, fmpq_poly, fmpz_poly

from theory.exact import HardmaxError, Rational, expect, natural, rational, shorten, shown
from theory.schedules.formulas import LONGEST, MAX_BITS, MAX_DEGREE, expression, parsed
from theory.schedules.quotients import Quotient, signs


@dataclass(frozen=True, init=False)
class RationalFunction:
    """γ_k = N(k)/D(k) in lowest terms, without a pole and with values in [0, 1] at k = 0, 1, 2, …

    Parameters
    ----------
    above, below : the coefficients of numerator and denominator, exact numbers, that of k^0 first.
        They are kept in lowest terms: integers, the leading one of the denominator positive.

    Raises `HardmaxError` for a denominator that is zero, a pole at a layer or a value outside
    [0, 1] there, with the first such layer; and for degrees and coefficients beyond the bounds of
    `theory.schedules.formulas`.

    >>> gamma = RationalFunction.parse("2/(k+2)")
    >>> gamma == RationalFunction([2], [2, 1]), str(gamma), gamma(3)
    (True, '2/(k+2)', 2/5)
    """

    above: tuple[int, ...]
    below: tuple[int, ...]

    def __init__(self, above: Iterable[Rational], below: Iterable[Rational] = (1,)) -> None:
        over, under = _polynomial(above), _polynomial(below)
        if not under:
            raise HardmaxError("a rational function with the denominator 0")
        quotient = Quotient.rational(over, under)
        object.__setattr__(self, "above", tuple(map(int, quotient.above.coeffs())))
        object.__setattr__(self, "below", tuple(map(int, quotient.below.coeffs())))
        self._check()

    @classmethod
    def parse(cls, words: str) -> "RationalFunction":
        """The schedule that an expression in k denotes (`theory.schedules.formulas` has the
        grammar).

        Raises `HardmaxError` with the place in the text for what is no such expression, and as the
        constructor does for one that is no schedule.

        >>> RationalFunction.parse("1/(k-1000000000)")
        Traceback (most recent call last):
            ...
        theory.exact.HardmaxError: '1/(k-1000000000)' has a pole at layer 1000000000
        """
        read = parsed(expect(str, words, "an expression in k"))
        try:
            return cls(read.above.coeffs(), read.below.coeffs())
        except HardmaxError as error:
            _, _, cause = str(error).partition("' ")
            raise HardmaxError(f"{shorten(words)!r} {cause}") from None

    def __str__(self) -> str:
        """The expression, multiplied out; `parse` reads it back."""
        return expression(self.quotient)

    def __call__(self, k: int) -> fmpq:
        """γ_k. Raises `HardmaxError` unless k is an int ≥ 0."""
        k = natural("k", k)
        return self.quotient(k)

    @cached_property
    def quotient(self) -> Quotient:
        """N/D, to calculate with."""
        return Quotient(fmpz_poly(list(self.above)), fmpz_poly(list(self.below)))

    @property
    def numerator(self) -> fmpz_poly:
        """N."""
        return self.quotient.above

    @property
    def denominator(self) -> fmpz_poly:
        """D."""
        return self.quotient.below

    def __reduce__(self) -> tuple[Any, ...]:
        # the fields alone: FLINT's polynomials do not pickle
        return RationalFunction, (self.above, self.below)

    @property
    def constant(self) -> fmpq | None:
        """Its one value, if it does not depend on k; else None.

        >>> RationalFunction.parse("(k+1)/(2*k+2)").constant
        1/2
        """
        return self(0) if max(len(self.above), len(self.below)) == 1 else None

    @cached_property
    def below_one_from(self) -> int | None:
        """The least k from which on γ_k < 1 at every layer; None for γ = 1, which never is.

        >>> RationalFunction.parse("2/(k+2)").below_one_from
        1
        """
        runs = signs(self.denominator - self.numerator)
        last = max((place for place, (_, sign) in enumerate(runs) if sign == 0), default=-1)
        return None if last + 1 == len(runs) else runs[last + 1][0]

    @property
    def diverges(self) -> bool:
        """Whether Σ γ_k = ∞, so that Π (1−γ_k) = 0: whether γ ≠ 0 and deg D − deg N ≤ 1.

        A rational function of degree −e is c·k^{−e}(1 + O(1/k)) with c ≠ 0, here c > 0.

        >>> [RationalFunction.parse(f).diverges for f in ("2/(k+2)", "1/(k+2)^2", "0", "1/2")]
        [True, False, False, True]
        """
        return bool(self.above) and len(self.below) - len(self.above) <= 1

    def _check(self) -> None:
        name = shorten(str(self))
        if max(len(self.above), len(self.below)) > MAX_DEGREE + 1:
            raise HardmaxError(f"'{name}' has a degree in k of more than {MAX_DEGREE}")
        bits = max([abs(c).bit_length() for c in (*self.above, *self.below)])
        if bits > MAX_BITS or len(str(self)) > LONGEST:
            raise HardmaxError(f"'{name}' is too long to be written in {LONGEST:,} characters")
        over, under = self.numerator, self.denominator
        poles = [start for start, sign in signs(under) if not sign]
        if poles:
            raise HardmaxError(f"'{name}' has a pole at layer {poles[0]}")
        parts = (over, under, under - over)
        for k in sorted({start for part in parts for start, _ in signs(part)}):
            if not 0 <= fmpq(over(k), under(k)) <= 1:
                raise HardmaxError(
                    f"'{name}' is {shorten(str(self(k)))} at layer {k}; a pull γ_k in [0, 1] at "
                    "every layer was wanted"
                )


def _polynomial(coefficients: Iterable[Rational]) -> fmpq_poly:
    try:
        return fmpq_poly([rational(c) for c in coefficients])
    except TypeError:
        raise HardmaxError(f"{shown(coefficients)}; coefficients were wanted") from None
