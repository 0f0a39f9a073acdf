"""Rational functions of k as text: a grammar, read by recursive descent and never run as code.

    sum      =  product { ("+" | "-") product }
    product  =  signed { ("*" | "/") signed }
    signed   =  { "+" | "-" } power
    power    =  atom [ "^" digits ]
    atom     =  number | "k" | "(" sum ")"

A number is a decimal literal, "3", "0.1" or "1e-3", and is that rational exactly. The sign binds
less than the exponent: -k^2 is −(k²). Nothing is implicit: 2k is written 2*k, and of a^b^c it would
have to be guessed which is meant. What an expression would expand to is bounded before it is
expanded: so nothing that can be written in `LONGEST` characters takes long.
"""

import re
from typing import NamedTuple

from flint import fmpz, fmpz_poly

from theory.exact import HardmaxError, rational, shorten
from theory.schedules.quotients import Quotient

LONGEST = 10_000
"""Characters of an expression."""

DEEPEST = 50
"""Parentheses within one another."""

MAX_DEGREE = 64
"""Degree in k of a numerator or denominator, also on the way."""

MAX_BITS = 4_096
"""Bits of a coefficient, also on the way."""

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<sign>[k()+*/^-])"
)
_MINUS = "\N{MINUS SIGN}"


class _Token(NamedTuple):
    text: str
    place: int
    """The character at which it begins, counted from 1."""


def parsed(text: str) -> Quotient:
    """The rational function of k that an expression denotes.

    Raises `HardmaxError` with the place in the text: an unknown character, a parenthesis too many
    or missing, an exponent that is no natural number, a division by zero, or more than the bounds
    of this module.

    >>> parsed("2/(k+2)")(3)
    2/5
    >>> parsed("2/(k+2")
    Traceback (most recent call last):
        ...
    theory.exact.HardmaxError: '2/(k+2', character 3: this parenthesis is not closed
    """
    return _Reader(text).all()


class _Reader:
    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise HardmaxError(f"{shorten(text)!r}: {LONGEST:,} characters at most are read")
        self.text = text
        self.tokens = list(self._tokens())
        self.next = 0
        self.depth = 0

    def all(self) -> Quotient:
        whole = self._sum()
        left = self._now
        if left.text == ")":
            raise self._error(left, "a parenthesis closes that was not opened")
        if left.text:
            raise self._error(left, f"an operator is wanted before {left.text!r}")
        return whole

    def _tokens(self) -> list[_Token]:
        tokens, place = [], 0
        plain = self.text.replace(_MINUS, "-")
        while place < len(plain):
            if plain[place] in " \t":
                place += 1
                continue
            match = _TOKEN.match(plain, place)
            here = _Token(plain[place], place + 1)
            if match is None:
                wanted = "numbers, k, + - * / ^ and parentheses are"
                raise self._error(here, f"{here.text!r} is not known; {wanted}")
            tokens.append(_Token(match[0], place + 1))
            place = match.end()
        return [*tokens, _Token("", len(plain) + 1)]

    @property
    def _now(self) -> _Token:
        return self.tokens[self.next]

    def _take(self, wanted: str) -> _Token | None:
        """The next token, if it is one of the signs wanted; it is then read."""
        now = self._now
        if not now.text or now.text not in wanted:
            return None
        self.next += 1
        return now

    def _sum(self) -> Quotient:
        total = self._product()
        while sign := self._take("+-"):
            other = self._product()
            if sign.text == "-":
                other = -other
            if total.below != other.below:
                crossed = [(total.above, other.below), (other.above, total.below)]
                self._expect_degrees(sign, (total.below, other.below), *crossed)
            total = self._bounded(sign, total + other)
        return total

    def _product(self) -> Quotient:
        total = self._signed()
        while sign := self._take("*/"):
            other = self._signed()
            if sign.text == "/":
                if not other.above:
                    raise self._error(sign, "this divides by zero")
                other = Quotient.of(other.below, other.above)
            self._expect_degrees(sign, (total.above, other.above), (total.below, other.below))
            total = self._bounded(sign, total * other)
        return total

    def _signed(self) -> Quotient:
        negative = False
        while sign := self._take("+-"):
            negative ^= sign.text == "-"
        power = self._power()
        return -power if negative else power

    def _power(self) -> Quotient:
        base = self._atom()
        sign = self._take("^")
        if sign is None:
            return base
        exponent = self._now
        if not exponent.text.isdigit():
            raise self._error(sign, "an exponent has to be a natural number, in digits")
        self.next += 1
        if self._now.text == "^":
            raise self._error(self._now, "which power is raised to which? Parentheses are wanted")
        digits = exponent.text.lstrip("0")
        times = int(digits[:9] or 0)
        size = max(base.above.height_bits(), base.below.height_bits()) - 1
        if (
            len(digits) > 9
            or times * max(base.above.degree(), base.below.degree()) > MAX_DEGREE
            or times * size > MAX_BITS
        ):
            raise self._error(sign, f"the exponent {shorten(exponent.text, 20)} is too big")
        return self._bounded(sign, Quotient(base.above**times, base.below**times))

    def _atom(self) -> Quotient:
        now = self._now
        self.next += 1
        if now.text == "k":
            return Quotient.of(fmpz_poly([0, 1]))
        if now.text == "(":
            self.depth += 1
            if self.depth > DEEPEST:
                raise self._error(now, f"more than {DEEPEST} parentheses within one another")
            inside = self._sum()
            if self._take(")") is None:
                if self._now.text:
                    raise self._error(self._now, f"an operator is wanted before {self._now.text!r}")
                raise self._error(now, "this parenthesis is not closed")
            self.depth -= 1
            return inside
        if not now.text or now.text in ")+-*/^":
            what = f"{now.text!r}" if now.text else "the end"
            raise self._error(now, f"a number, k or a parenthesis is wanted before {what}")
        try:
            value = rational(now.text)
        except HardmaxError:
            raise self._error(now, "the number is too long") from None
        return self._bounded(now, Quotient.constant(value))

    def _expect_degrees(self, sign: _Token, *products: tuple[fmpz_poly, fmpz_poly]) -> None:
        if any(x.degree() + y.degree() > MAX_DEGREE for x, y in products):
            raise self._error(sign, f"the degree in k exceeds {MAX_DEGREE}")

    def _bounded(self, token: _Token, value: Quotient) -> Quotient:
        if max(value.above.height_bits(), value.below.height_bits()) > MAX_BITS:
            raise self._error(token, f"a coefficient of more than {MAX_BITS} bits comes out")
        return value

    def _error(self, token: _Token, words: str) -> HardmaxError:
        return HardmaxError(f"{shorten(self.text)!r}, character {token.place}: {words}")


def expression(function: Quotient) -> str:
    """A rational function of k, multiplied out; `parsed` reads it back.

    >>> expression(Quotient.of(fmpz_poly([1, 1]), fmpz_poly([0, 2])))
    '(k+1)/(2*k)'
    """
    above, below = written(function.above), written(function.below)
    if below == "1":
        return above
    above = f"({above})" if "+" in above or "-" in above[1:] else above
    return f"{above}/{below if below.isalnum() else f'({below})'}"


def written(polynomial: fmpz_poly) -> str:
    """A polynomial in k as an expression.

    >>> written(fmpz_poly([4, -1, 0, 2])), written(fmpz_poly([]))
    ('2*k^3-k+4', '0')
    """
    terms = []
    for power, c in reversed(list(enumerate(polynomial.coeffs()))):
        if c:
            letter = "" if not power else "k" if power == 1 else f"k^{power}"
            size = "" if letter and abs(c) == 1 else str(abs(fmpz(c)))
            terms.append(f"{'-' if c < 0 else '+'}{size}{'*' * bool(size and letter)}{letter}")
    return "".join(terms).removeprefix("+") or "0"
