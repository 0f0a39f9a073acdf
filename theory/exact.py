"""Exact numbers: rationals in, rationals out, and no tolerance anywhere.

Every exact scalar of the project is a ``flint.fmpq``. This module is the only door through which
numbers come in (`rational`, `from_binary64`, `dyadic`) and go out as text (`text`). A Python float
is refused by `rational`, because 0.1 the float is not the number 1/10 that its author meant;
`from_binary64` takes a float as the dyadic rational that it is, and `dyadic` an array of them.
"""

import re
import struct
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from numbers import Integral, Number
from numbers import Rational as AnyRational
from typing import Any, TypeAlias, TypeVar

import numpy as np
from flint import fmpq, fmpz
from numpy.typing import NDArray

Wanted = TypeVar("Wanted")

Rational: TypeAlias = int | str | Fraction | Decimal | fmpq | fmpz | np.integer[Any]
"""What `rational` accepts; besides, the integers and rationals of SymPy."""

MAX_DIGITS = 20_000
"""Longest numerator or denominator, in decimal digits, that is read from text."""

FEW = 50
"""Fewer floats than these are taken as rationals one by one."""

_NORMAL = 2.0**-1022

_NUMBER = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?", re.ASCII)
_QUOTIENT = re.compile(r"([+-]?\d+)/(\d+)", re.ASCII)


class HardmaxError(ValueError):
    """Misuse or bad input: the message shows the offending value and what was wanted.

    >>> rational("1/0")
    Traceback (most recent call last):
        ...
    theory.exact.HardmaxError: '1/0' divides by zero
    """


class Undecidable(HardmaxError):
    """A decision was out of reach of the stated budget; never a wrong answer instead.

    It is no misuse, but one `except HardmaxError` catches whatever keeps an answer away.

    >>> issubclass(Undecidable, HardmaxError)
    True
    """


def rational(value: object) -> fmpq:
    """The exact rational that `value` denotes.

    Accepts int, ``Fraction``, ``Decimal``, ``fmpq``, ``fmpz``, the integers of NumPy, the integers
    and rationals of SymPy, and text such as ``"3"``, ``"-2/3"``, ``"0.1"`` (which is 1/10) or
    ``"1e-40"``.

    Raises `HardmaxError` for a float (see `from_binary64`), a bool, NaN or infinity, a zero
    denominator, text of more than `MAX_DIGITS` digits, and anything else.

    >>> rational("0.1"), rational("-4/6"), rational(np.int64(3))
    (1/10, -2/3, 3)
    """
    if isinstance(value, fmpq):
        return value
    if isinstance(value, bool | np.bool_):
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
    if isinstance(value, float | np.floating):
        raise HardmaxError(
            f"the float {value!r} is ambiguous; give an int, a fraction or a decimal as text, "
            "or use Configuration.from_binary64"
        )
    if isinstance(value, AnyRational) and not isinstance(value, np.timedelta64):
        return fmpq(int(value.numerator), int(value.denominator))
    raise HardmaxError(f"{shown(value)} is not an exact number")


def at_least(least: int, name: str, value: object) -> int:
    """The value as an int. Raises `HardmaxError` unless it is one (no bool), and `least` or more.

    >>> at_least(1, "jobs", 2)
    2
    """
    number = whole(value)
    if number is None or number < least:
        raise HardmaxError(f"{name} = {shown(value)}; at least {least} is wanted")
    return number


def whole(value: object) -> int | None:
    """`value` as an int, if it is one, of Python, NumPy, SymPy or FLINT; None for anything else.

    >>> whole(np.uint8(3)), whole(fmpz(4)), whole(True), whole(3.0), whole("3")
    (3, 4, None, None, None)
    """
    if type(value) is int:
        return value
    if isinstance(value, bool | np.timedelta64) or not isinstance(value, Integral | fmpz):
        return None
    return int(value)


def from_binary64(value: object) -> fmpq:
    """The rational that a float is, exactly.

    Accepts what binary64 holds, ``float`` and NumPy's of up to 64 bits, and integers, which are
    taken as they are. Raises `HardmaxError` for NaN and infinities, and for anything else: a long
    double, a fraction, text, a truth value, a complex number.

    >>> from_binary64(0.1)
    3602879701896397/36028797018963968
    """
    if isinstance(value, float):
        if not isfinite(value):
            raise HardmaxError(f"{value} is not a finite number")
        return _of_float(value)
    if (number := whole(value)) is not None:
        return fmpq(number)
    if isinstance(value, np.floating) and value.itemsize < 8:
        if not np.isfinite(value):
            raise HardmaxError(f"{value} is not a finite number")
        return dyadic(np.array([[value]]))[0][0]
    kind = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
    hint = "; Configuration(…) takes exact numbers" if isinstance(value, Number | str) else ""
    raise HardmaxError(f"{shown(value)} is of type {kind}, not a float of up to 64 bits{hint}")


def _of_float(value: float) -> fmpq:
    if -_NORMAL < value < _NORMAL:  # subnormal: arithmetic may take it for 0
        (bits,) = struct.unpack("<q", struct.pack("<d", value))
        magnitude = fmpq(bits & ((1 << 52) - 1), 1 << 1074)
        return -magnitude if bits < 0 else magnitude
    return fmpq(*value.as_integer_ratio())


def dyadic(array: NDArray[np.floating[Any]]) -> list[tuple[fmpq, ...]]:
    """The rows of an (n, d) array of finite floats, of up to 64 bits, as the rationals they are.

    A float is ±m/2^k with m odd or 0, which is in lowest terms. Read off the bits, so that no mode
    of the processor matters.

    >>> dyadic(np.array([[0.75, -2.0]]))
    [(3/4, -2)]
    """
    if array.size < FEW and array.dtype == np.float64:
        return [tuple(map(_of_float, row)) for row in array.tolist()]
    form = np.finfo(array.dtype)
    bits = array.ravel().view(f"i{array.itemsize}").astype(np.int64)
    digits, exponents = form.nmant, (bits >> form.nmant) & ((1 << form.iexp) - 1)
    numbers = bits & ((1 << digits) - 1) | (exponents > 0).astype(np.int64) << digits
    np.negative(numbers, out=numbers, where=bits < 0)
    exponents = np.maximum(exponents, 1) + (int(form.minexp) - 1 - digits)
    zeros = np.maximum(np.frexp((numbers & -numbers).astype(np.float64))[1] - 1, 0)
    above, powers = (numbers >> zeros).tolist(), (-exponents - zeros).tolist()
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


def natural(name: str, value: object) -> int:
    """`value` as an int ≥ 0. Raises `HardmaxError` for anything else, with its name."""
    number = whole(value)
    if number is None or number < 0:
        raise HardmaxError(f"{name} = {shown(value)}; an int ≥ 0 was wanted")
    return number


def expect(kind: type[Wanted] | tuple[type[Wanted], ...], value: object, wanted: str) -> Wanted:
    """`value`, if it is of that kind. Raises `HardmaxError` naming it and what was `wanted`."""
    if not isinstance(value, kind):
        raise HardmaxError(f"{shown(value)} was given; {wanted} was wanted")
    return value


def shown(value: object) -> str:
    """`value` for an error message: its representation on one line, whatever it is."""
    try:
        return shorten(repr(value))
    except Exception:  # a representation is code of others; that of a long int is refused by Python
        return f"a {type(value).__name__}"


ILL_FORMED = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\ud800-\\udfff\\ufffe\\uffff]"
"""A regular expression for the characters that XML 1.0 forbids or discourages, half pairs too."""


def visible(words: str) -> str:
    """Words in which each character that XML does not have is spelled out.

    >>> print(visible("a\\x1b[2J"))
    a\\x1b[2J
    """
    return re.sub(ILL_FORMED, lambda half: ascii(half[0])[1:-1], words)


def _from_text(words: str) -> fmpq:
    stripped = words.strip()
    quotient = _QUOTIENT.fullmatch(stripped)
    if quotient:
        above, below = quotient.groups()
        if max(len(above.lstrip("+-")), len(below)) > MAX_DIGITS:
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
