"""Exact numbers for readers: decimals, fractions that are short enough, points, sets of tokens.

    nearest         the float to draw, or to format to a few places;
    decimal         12 digits, and whether that is all of the number;
    point, equal    on a page: what is long is rounded;
    number, cell    in a cell of a terminal's table: the same with less room;
    short           in a line of a terminal;
    members, count  sets of tokens, and numbers of things.

What is rounded bears a ``≈``. Nothing decides by any of these: ``--json`` has every digit.
"""

from collections.abc import Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, Inexact

from flint import arb, fmpq, fmpz

from theory.exact import text

DIGITS = 12
"""Significant digits of a decimal."""

LONGEST = 24
"""Characters of a number that is shown whole on a page."""

LONGEST_CELL = 12
"""Characters of a number that is shown whole in a cell."""

MOST_COORDINATES = 8
"""Coordinates of a point that are shown on a page."""

MOST_IN_CELL = 6
"""Coordinates of a point that are shown in a cell."""

MOST_MEMBERS = 13
"""Tokens of a set that are named on a page."""

LONGEST_LABEL = 24
"""Characters of a label in a picture."""

RELATIONS = {">=": "≥", "<=": "≤", "!=": "≠", "==": "="}
"""Relations as a reader writes them."""


def nearest(value: fmpq) -> float:
    """The nearest float, for drawing and for reading.

    >>> nearest(fmpq(-1, 4))
    -0.25
    """
    return int(value.p) / int(value.q)


def decimal(value: fmpq, digits: int = DIGITS) -> str:
    """The number in decimal notation, after ``≈`` if that is rounded.

    >>> decimal(fmpq(1, 4)), decimal(fmpq(-2, 3)), decimal(fmpq(1, 10**40))
    ('0.25', '≈ -0.666666666667', '1e-40')
    """
    context = Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN)
    rounded = context.divide(Decimal(int(value.p)), Decimal(int(value.q))).normalize(context)
    exponent = rounded.adjusted()
    words = f"{rounded:f}" if -7 <= exponent <= digits else str(rounded).lower()
    return f"≈ {words}" if context.flags[Inexact] else words


def share(part: int, whole: int) -> str:
    """A part as a percentage, with one decimal; never 0 or 100 unless it is.

    >>> share(1, 3), share(1, 160_000), share(159_999, 160_000), share(3, 3)
    ('33.3 %', '< 0.1 %', '> 99.9 %', '100.0 %')
    """
    rounded = f"{100 * part / whole:.1f}"
    if rounded == "0.0" and part:
        return "< 0.1 %"
    if rounded == "100.0" and part != whole:
        return "> 99.9 %"
    return f"{rounded} %"


def minus(number: str) -> str:
    """The words of a number, with the sign of a difference.

    >>> minus("≈-2/3"), minus("1e-40")
    ('≈−2/3', '1e−40')
    """
    return number.replace("-", "−")


def outward(value: fmpq, direction: int, places: int = 24) -> str:
    """A decimal with so many places that is at most the number, or, for `direction` 1, at least.

    >>> outward(fmpq(-1, 3), -1, 3), outward(fmpq(-1, 3), 1, 3), outward(fmpq(1, 4), 1, 3)
    ('-0.334', '-0.333', '0.25')
    """
    scaled = value * 10**places
    digits = -(-scaled.p // scaled.q) if direction > 0 else scaled.p // scaled.q
    whole, rest = divmod(abs(int(digits)), 10**places)
    decimals = f"{rest:0{places}}".rstrip("0")
    return f"{'-' if digits < 0 else ''}{whole}{'.' if decimals else ''}{decimals}"


def relation(left: fmpq, right: fmpq) -> str:
    """The true relation of two numbers.

    >>> relation(fmpq(1), fmpq(2))
    '<'
    """
    return "<" if left < right else ">" if left > right else "="


def point(
    coordinates: Sequence[fmpq | str], longest: int = LONGEST, most: int = MOST_COORDINATES
) -> str:
    """A point, of numbers or exact text; one ≈ before the bracket if any coordinate is rounded.

    >>> point([fmpq(1), fmpq(1, 2)]), point(["1/3", "1/30000000000000000000000001"])
    ('(1, 1/2)', '≈(1/3, 3.33333e-26)')
    """
    exact = [x if isinstance(x, str) else text(x) for x in coordinates[:most]]
    words = [x if len(x) <= longest else _rounded(x, 6) for x in exact]
    if len(coordinates) > most:
        words.append(f"… {len(coordinates) - most} more")
    return f"{'≈' * any(len(x) > longest for x in exact)}({', '.join(words)})"


def equal(name: str, exact: str, longest: int = LONGEST) -> str:
    """What a named number is, given as exact text.

    >>> equal("α", "-2/3"), equal("α", "1/30000000000000000000000001")
    ('α = -2/3', 'α ≈ 3.33333e-26')
    """
    return f"{name} = {exact}" if len(exact) <= longest else f"{name} ≈ {_rounded(exact, 6)}"


def number(exact: str) -> str:
    """A number, given as exact text, as it is if that is short, else to six digits after a ≈.

    >>> number("-2/3"), number("1/30000000000001")
    ('-2/3', '≈3.33333e-14')
    """
    return exact if len(exact) <= LONGEST_CELL else f"≈{_rounded(exact, 6)}"


def short(value: fmpq, most: int) -> str:
    """The number as it is if it has at most so many characters, else to so many digits.

    >>> short(fmpq(-2, 3), 4), short(fmpq(-2, 3), 3), short(fmpq(1, 1000), 3)
    ('-2/3', '≈-0.667', '0.001')
    """
    exact = text(value)
    return exact if len(exact) <= most else decimal(value, most).replace(" ", "")


def cell(coordinates: Sequence[str]) -> str:
    """A point, given as exact text; one ≈ before the bracket if any coordinate is rounded.

    >>> cell(["1", "-2/3"]), cell(["1", "1/30000000000001"])
    ('(1, -2/3)', '≈(1, 3.333e-14)')
    """
    shown = coordinates[: MOST_IN_CELL - (len(coordinates) > MOST_IN_CELL)]
    words = [x if len(x) <= LONGEST_CELL else _rounded(x, 4) for x in shown]
    words += ["…"] * (len(shown) < len(coordinates))
    rounded = any(len(x) > LONGEST_CELL for x in shown)
    return f"{'≈' * rounded}({', '.join(words)})"


def members(tokens: Sequence[int], most: int = MOST_MEMBERS) -> str:
    """A set of tokens; of many, the first are named and the others counted.

    >>> members([0, 4]), members(range(100), 8)
    ('{0, 4}', '{0, 1, 2, 3, 4, 5, 6, … 93 more}')
    """
    shown = tokens if len(tokens) <= most else tokens[: most - 1]
    more = f", … {len(tokens) - len(shown)} more" if len(shown) < len(tokens) else ""
    return f"{{{', '.join(map(str, shown))}{more}}}"


def count(number: int, word: str, thousands: str = ",") -> str:
    """A number of things, in groups of three digits between `thousands`.

    >>> count(1, "token"), count(1234, "token"), count(1234, "layer", "")
    ('1 token', '1,234 tokens', '1234 layers')
    """
    return f"{number:,} {word}{'s' * (number != 1)}".replace(",", thousands)


def power(base: str, degree: int) -> str:
    """The term base^t · t^degree of a limit that is approached.

    >>> power("2/3", 0), power("1/2", 2)
    ('(2/3)^t', '(1/2)^t t^2')
    """
    return f"({base})^t" + ("" if degree == 0 else " t" if degree == 1 else f" t^{degree}")


def label(words: str, longest: int = LONGEST_LABEL) -> str:
    """A label on one line, cut at the end where it is long.

    >>> label("a\\nlabel"), label("x" * 60)
    ('a label', 'xxxxxxxxxxxxxxxxxxxxxxx…')
    """
    line = " ".join(words.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _rounded(exact: str, digits: int) -> str:
    """The first digits of an exact number, whatever its size."""
    numerator, _, denominator = exact.partition("/")
    words = arb(fmpq(fmpz(numerator), fmpz(denominator or "1"))).str(digits, radius=False)
    mantissa, e, exponent = words.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}{e}{exponent}"
