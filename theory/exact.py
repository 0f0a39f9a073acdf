"""Exact numbers: rationals in, rationals out, and no tolerance anywhere.

Every exact scalar of the project is a ``flint.fmpq``. This module is the only door through which
numbers come in (`rational`, `from_binary64`, `dyadic`) and go out as text (`text`). A Python float
is refused by `rational`, because 0.1 the float is not the number 1/10 that its author meant;
`from_binary64` takes a float as the dyadic rational that it is, and `dyadic` an array of them.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import TypeAlias

import numpy as np
from flint import fmpq, fmpz
from numpy.typing import NDArray

Rational: TypeAlias = int | str | Fraction | Decimal | fmpq | fmpz
"""What `rational` accepts."""

MAX_DIGITS = 20_000
"""Longest numerator or denominator, in decimal digits, that is read from text."""

FEW = 50
"""Fewer floats than these are taken as rationals one by one."""

_NUMBER = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?", re.ASCII)
_QUOTIENT = re.compile(r"([+-]?\d+)/(\d+)", re.ASCII)


class HardmaxError(ValueError):
    """Misuse or bad input: the message shows the offending value and what was wanted."""


class Undecidable(HardmaxError):
    """A decision was out of reach of the stated budget; never a wrong answer instead."""


def rational(value: object) -> fmpq:
    """The exact rational that `value` denotes.

    Accepts int, ``Fraction``, ``Decimal``, ``fmpq``, ``fmpz`` and text such as ``"3"``,
    ``"-2/3"``, ``"0.1"`` (which is 1/10) or ``"1e-40"``.

    Raises `HardmaxError` for a float (see `from_binary64`), a bool, NaN or infinity, a zero
    denominator, more than `MAX_DIGITS` digits, and anything else.

    >>> rational("0.1"), rational("-4/6"), rational(3)
    (1/10, -2/3, 3)
    """
    if isinstance(value, fmpq):
        return value
    if isinstance(value, bool):
        raise HardmaxError(f"{value} is a truth value; a number was wanted")
    if isinstance(value, int | fmpz):
        return fmpq(value)
    if isinstance(value, Fraction):
        return fmpq(value.numerator, value.denominator)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise HardmaxError(f"{value} is not a finite number")
        return _from_text(str(value))
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, float):
        raise HardmaxError(
            f"the float {value!r} is ambiguous; give an int, a fraction or a decimal as text, "
            "or use Configuration.from_binary64"
        )
    raise HardmaxError(f"{shorten(repr(value))} is not an exact number")


def from_binary64(value: float) -> fmpq:
    """The rational that a float is, exactly. Raises `HardmaxError` for NaN and infinities.

    >>> from_binary64(0.1)
    3602879701896397/36028797018963968
    """
    if isinstance(value, int):
        return fmpq(value)
    value = float(value)
    if not isfinite(value):
        raise HardmaxError(f"{value} is not a finite number")
    return fmpq(*value.as_integer_ratio())


def dyadic(array: NDArray[np.float64]) -> list[tuple[fmpq, ...]]:
    """The rows of an (n, d) array of finite floats as the rationals that they are.

    A float is ±m/2^k with m odd or 0, which is in lowest terms.

    >>> dyadic(np.array([[0.75, -2.0]]))
    [(3/4, -2)]
    """
    if array.size < FEW:
        return [tuple([fmpq(*x.as_integer_ratio()) for x in row]) for row in array.tolist()]
    mantissas, exponents = np.frexp(array.ravel())
    whole = np.ldexp(mantissas, 53).astype(np.int64)
    zeros = np.maximum(np.frexp((whole & -whole).astype(np.float64))[1] - 1, 0)
    above, powers = (whole >> zeros).tolist(), (53 - exponents - zeros).tolist()
    below = {k: 1 << max(k, 0) for k in set(powers)}
    if min(below, default=0) < 0:
        above = [m << max(-k, 0) for m, k in zip(above, powers, strict=True)]
    entries = map(fmpq, above, map(below.__getitem__, powers))
    return list(zip(*[entries] * array.shape[1], strict=True))


def text(value: fmpq) -> str:
    """The number in lowest terms, ``"-2/3"`` or ``"3"``; `rational` reads it back."""
    return str(value)


def fraction(value: fmpq) -> Fraction:
    """The same number as a ``fractions.Fraction``."""
    return Fraction(int(value.p), int(value.q))


def dot(x: Sequence[fmpq], y: Sequence[fmpq]) -> fmpq:
    """Σ x_s y_s for two sequences of one length."""
    return sum([a * b for a, b in zip(x, y, strict=True)], fmpq(0))


def shorten(words: str, length: int = 60) -> str:
    """`words` cut in the middle so that an error message stays one line."""
    words = " ".join(words.split())
    if len(words) <= length:
        return words
    return f"{words[: length // 2]}…{words[-length // 4 :]} ({len(words)} characters)"


def _from_text(words: str) -> fmpq:
    stripped = words.strip()
    quotient = _QUOTIENT.fullmatch(stripped)
    if quotient:
        above, below = quotient.groups()
        if max(len(above), len(below)) > MAX_DIGITS:
            raise _too_long(words)
        if not fmpz(below):
            raise HardmaxError(f"{shorten(words)!r} divides by zero")
        return fmpq(fmpz(above.lstrip("+")), fmpz(below))
    number = _NUMBER.fullmatch(stripped)
    if not number or not (number[2] or number[3]):
        raise HardmaxError(f"{shorten(words)!r} is not an exact number")
    sign, whole, decimals, power = number[1], number[2], number[3] or "", number[4] or "0"
    if len(power) > 7 or len(whole) + len(decimals) + abs(int(power)) > MAX_DIGITS:
        raise _too_long(words)
    magnitude = fmpq(fmpz(whole + decimals)) * fmpq(10) ** (int(power) - len(decimals))
    return -magnitude if sign == "-" else magnitude


def _too_long(words: str) -> HardmaxError:
    return HardmaxError(f"{shorten(words)!r} needs more than {MAX_DIGITS} digits")
