"""Exact numbers for readers: decimals, shortened fractions, points."""

from collections.abc import Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, Inexact

from flint import fmpq

from theory.exact import text

DIGITS = 12
"""Significant digits of a decimal."""

LONGEST = 24
"""Characters of a number that is shown whole where there is little room."""

MAX_COORDINATES = 8
"""Coordinates of a point that are shown where there is little room."""

RELATIONS = {">=": "≥", "<=": "≤", "!=": "≠", "==": "="}
"""Relations as a reader writes them."""


def decimal(value: fmpq, digits: int = DIGITS) -> str:
    """The number in decimal notation, after ``≈`` if that is rounded.

    >>> decimal(fmpq(1, 4)), decimal(fmpq(-2, 3)), decimal(fmpq(1, 10**40))
    ('0.25', '≈ -0.666666666667', '1e-40')
    """
    context = Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN)
    found = context.divide(Decimal(int(value.p)), Decimal(int(value.q))).normalize(context)
    exponent = found.adjusted()
    words = f"{found:f}" if -7 <= exponent <= digits else str(found).lower()
    return f"≈ {words}" if context.flags[Inexact] else words


def relation(left: fmpq, right: fmpq) -> str:
    """The true relation of two numbers.

    >>> relation(fmpq(1), fmpq(2))
    '<'
    """
    return "<" if left < right else ">" if left > right else "="


def brief(value: fmpq, longest: int = LONGEST) -> str:
    """The number exactly if that is short, else its decimal and how long it is.

    >>> brief(fmpq(-2, 3)), brief(fmpq(1, 3**60))
    ('-2/3', '≈ 2.35898e-29 (31 characters)')
    """
    words = text(value)
    if len(words) <= longest:
        return words
    rounded = decimal(value, 6)
    return f"{rounded if rounded[0] == '≈' else f'= {rounded}'} ({len(words)} characters)"


def point(coordinates: Sequence[fmpq], longest: int = LONGEST) -> str:
    """A point, each coordinate as `brief` has it.

    >>> point([fmpq(1), fmpq(1, 2)])
    '(1, 1/2)'
    """
    shown = [brief(x, longest) for x in coordinates[:MAX_COORDINATES]]
    if len(coordinates) > MAX_COORDINATES:
        shown.append(f"… {len(coordinates) - MAX_COORDINATES} more")
    return f"({', '.join(shown)})"


def members(tokens: Sequence[int], most: int = 12) -> str:
    """A set of tokens.

    >>> members([0, 4])
    '{0, 4}'
    """
    words = [str(i) for i in tokens[:most]]
    if len(tokens) > most:
        words.append(f"… {len(tokens) - most} more")
    return "{" + ", ".join(words) + "}"


def count(number: int, word: str) -> str:
    """A number of things.

    >>> count(1, "token"), count(1234, "token")
    ('1 token', '1,234 tokens')
    """
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
