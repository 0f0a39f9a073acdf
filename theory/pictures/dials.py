"""What a picture of a sweep shows: limits, leaders and settled layers against one number.

    Dial      the axis of the number, linear or logarithmic, with its breaks and undecided parts;
    Panel     one coordinate of the limits;
    Curve     tokens whose limits agree throughout, as lines over the intervals, dots at the breaks;
    equation  a number of the axis in words: what it solves.

Places are fractions of a panel's width and height, from its lower left corner. Limits are evaluated
at rational numbers, exactly, before they become floats for the page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, exp, log

from flint import fmpq

from theory.exact import text
from theory.names import Names
from theory.pictures.charts import Place, ticks
from theory.readable import decimal, minus, nearest
from theory.schedules.quotients import Quotient
from theory.sweeps import Piece, Sweep
from theory.sweeps.encoding import function, polynomial
from theory.sweeps.numbers import Root

DECADES = 30
"""A range that spans so large a factor has a logarithmic axis."""

POINTS = 160
"""Points of a curve over the whole axis."""

ROOM = 0.055
"""Breaks nearer than this part of the axis are not all numbered."""

MOST_PANELS = 3
"""Coordinates of the limits that are drawn."""

LONGEST = 44
"""Characters of an equation or a function that is shown."""

FINE = 10**12
"""Ends of intervals are enclosed to this part of the range."""

GREEK = {"alpha": "α", "gamma": "γ"}
RAISED = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))

Span = tuple[float, float]
"""Two fractions of the axis."""


@dataclass(frozen=True)
class Curve:
    """Tokens, the lines of their limit over the intervals, and its dots at the breaks."""

    tokens: tuple[int, ...]
    lines: tuple[tuple[Place, ...], ...]
    dots: tuple[Place, ...]


@dataclass(frozen=True)
class Panel:
    """One coordinate of the limits, with the numbers along its axis."""

    coordinate: int
    ticks: tuple[tuple[float, str], ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class Dial:
    """A sweep as a picture."""

    sweep: Sweep

    @cached_property
    def names(self) -> Names:
        """What the tokens are called."""
        return Names.of(self.sweep.configuration)

    @property
    def symbol(self) -> str:
        """What the number is called."""
        return GREEK.get(self.sweep.symbol, self.sweep.symbol)

    @property
    def what(self) -> str:
        """The same at the axis: `x` is what is varied."""
        plain = self.sweep.parameter == self.sweep.symbol
        return self.symbol if plain else f"{self.symbol} = {self.sweep.parameter}"

    @property
    def logarithmic(self) -> bool:
        """Whether equal factors are equally far from each other."""
        family = self.sweep.family
        return bool(family.low > 0 and family.high >= DECADES * family.low)

    def along(self, x: fmpq) -> float:
        """Where a number is."""
        low, high = self.sweep.family.low, self.sweep.family.high
        if low == high:
            return 0.5
        if not self.logarithmic:
            return nearest((x - low) / (high - low))
        return _log(x / low) / _log(high / low)

    def number(self, u: float) -> fmpq:
        """A number there."""
        low, high = self.sweep.family.low, self.sweep.family.high
        if not self.logarithmic:
            return low + (high - low) * _exact(u)
        return low * _exact(exp(u * _log(high / low)))

    def end(self, root: Root) -> fmpq:
        """A rational number at an end of a piece, to draw it."""
        family = self.sweep.family
        size = min(family.high - family.low, abs(family.low)) or family.high - family.low
        return root.narrowed((size or fmpq(1)) / FINE).low

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Where each piece is."""
        return tuple(
            (self.along(low), self.along(low if piece.is_break else self.end(piece.high)))
            for piece in self.sweep.pieces
            for low in (self.end(piece.low),)
        )

    @cached_property
    def marks(self) -> tuple[tuple[float, int, bool], ...]:
        """Where each break is, its number from 1, and whether there is room for that."""
        found: list[tuple[float, int, bool]] = []
        last = -1.0
        for piece, (u, _) in zip(self.sweep.pieces, self.spans, strict=True):
            if piece.is_break:
                free = u - last >= ROOM
                last = u if free else last
                found.append((u, len(found) + 1, free))
        return tuple(found)

    @cached_property
    def undecided(self) -> tuple[Span, ...]:
        """Where nothing is decided."""
        pairs = zip(self.sweep.pieces, self.spans, strict=True)
        return tuple(span for piece, span in pairs if not piece.decided)

    @cached_property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Round numbers along the axis."""
        low, high = self.sweep.family.low, self.sweep.family.high
        if low == high:
            return ((0.5, _brief(low)),)
        marks = decades(low, high) if self.logarithmic else ticks(low, high)
        return tuple((self.along(x), minus(words)) for x, words in marks)

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """The first coordinates of the limits."""
        shown = min(self.sweep.configuration.dimension, MOST_PANELS)
        return tuple(self._panel(s) for s in range(shown))

    @cached_property
    def leaders(self) -> tuple[tuple[int, tuple[Span, ...]], ...]:
        """Each token that leads somewhere, and where it does; a break alone has no length."""
        found: dict[int, list[tuple[int, int]]] = {}
        for k, piece in enumerate(self.sweep.pieces):
            for token, _ in () if piece.outcome is None else piece.outcome.leaders:
                runs = found.setdefault(token, [])
                if runs and runs[-1][1] == k - 1:
                    runs[-1] = runs[-1][0], k
                else:
                    runs.append((k, k))
        return tuple(
            (token, tuple((self.spans[a][0], self.spans[b][1]) for a, b in runs))
            for token, runs in sorted(found.items())
        )

    @cached_property
    def layers(self) -> tuple[tuple[Span, int], ...]:
        """The settled layer of each piece that is decided."""
        pairs = zip(self.sweep.pieces, self.spans, strict=True)
        return tuple((span, piece.layer) for piece, span in pairs if piece.decided)

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The tokens, those together that have one limit throughout."""
        found: dict[tuple[object, ...], list[int]] = {}
        for i in range(self.sweep.configuration.size):
            outcomes = (piece.outcome for piece in self.sweep.pieces)
            limits = tuple(None if x is None else x.limits[i] for x in outcomes)
            found.setdefault(limits, []).append(i)
        return tuple(map(tuple, found.values()))

    def _panel(self, s: int) -> Panel:
        values = []
        for tokens in self.groups:
            pairs = zip(self.sweep.pieces, self.spans, strict=True)
            parts = [self._values(piece, span, tokens[0], s) for piece, span in pairs]
            values.append((tokens, parts))
        every = [y for _, parts in values for part in parts for _, y in part] or [fmpq(0)]
        low, high = min(every), max(every)
        edge = (high - low) / 12 or abs(high) / 4 or fmpq(1)
        low, high = low - edge, high + edge
        curves = []
        for tokens, parts in values:
            placed = [[(u, nearest((y - low) / (high - low))) for u, y in part] for part in parts]
            lines = tuple(tuple(part) for part in placed if len(part) > 1)
            curves.append(Curve(tokens, lines, tuple(part[0] for part in placed if len(part) == 1)))
        marks = tuple(
            (nearest((y - low) / (high - low)), minus(words)) for y, words in ticks(low, high)
        )
        return Panel(s, marks, tuple(curves))

    def _values(self, piece: Piece, span: Span, token: int, s: int) -> list[tuple[float, fmpq]]:
        """Places along the axis and the exact values there; one for a break."""
        if piece.outcome is None:
            return []
        f = piece.outcome.limits[token][s]
        if piece.is_break:
            return [(span[0], f(self.end(piece.low)))]
        (a, b), low, high = span, self.end(piece.low), self.end(piece.high)
        count = 1 if f.above.degree() < 1 and f.below.degree() < 1 else ceil((b - a) * POINTS) + 1
        inner = [a + (b - a) * k / count for k in range(1, count)]
        numbers = [low, *(min(max(self.number(u), low), high) for u in inner), high]
        return list(zip([a, *inner, b], map(f, numbers), strict=True))

    @property
    def caption(self) -> str:
        """What is seen, in sentences."""
        sweep, c = self.sweep, self.sweep.configuration
        ends = f"{_brief(sweep.family.low)} to {_brief(sweep.family.high)}"
        told = f"{len(sweep.breaks)} break{'s' * (len(sweep.breaks) != 1)}"
        step = "" if sweep.parameter in GREEK else f", α = {_brief(c.alpha)}"
        parts = [
            f"Limits, leaders and settled layers for {self.what} from {ends}{step}: {told}, each "
            "an exact number (vertical lines); between them no layer's attention pattern changes.",
        ]
        if self.logarithmic:
            parts.append("The axis is logarithmic.")
        if c.dimension > MOST_PANELS:
            parts.append(f"Of {c.dimension} coordinates the first {MOST_PANELS} are drawn.")
        if self.undecided:
            parts.append("Hatched: undecided.")
        return " ".join(parts)

    def place_of(self, piece: Piece) -> str:
        """A break or an interval, in words."""
        x = self.symbol
        if piece.is_break:
            return equation(piece.low, x)
        low = f"{short(piece.low)} {'≤' if piece.low_closed else '<'} {x}"
        return f"{low} {'≤' if piece.high_closed else '<'} {short(piece.high)}"


def equation(root: Root, x: str) -> str:
    """A number, and what it is a root of.

    >>> from flint import fmpz_poly
    >>> from theory.sweeps.numbers import isolated
    >>> equation(*isolated(fmpz_poly([-4, 0, 7]), fmpq(0), fmpq(2)), "α")
    'α ≈ 0.755929, 7α² − 4 = 0'
    """
    words = short(root)
    if root.value is not None:
        return f"{x} = {words}" if words[0] != "≈" else f"{x} {words}"
    solved = f"{mathematics(polynomial(root.polynomial, x))} = 0"
    return f"{x} {words}, {solved if len(solved) <= LONGEST else f'of degree {root.degree}'}"


def short(root: Root) -> str:
    """A number exactly if it is rational and short, else to six digits after a ≈."""
    if root.value is not None:
        return _brief(root.value)
    while root.low * root.high <= 0:
        root = root.halved()
    near = root.narrowed(abs(root.low) / FINE)
    return minus(decimal(near.low, 6))


def functions(row: Sequence[Quotient], x: str) -> str:
    """A point of rational functions in words.

    >>> from flint import fmpz_poly
    >>> functions([Quotient.of(fmpz_poly([0, 1]), fmpz_poly([1, 1]))], "α")
    '(α/(α + 1))'
    """
    return f"({', '.join(mathematics(function(f, x)) for f in row)})"


def mathematics(words: str) -> str:
    """A polynomial or a function as a reader writes it.

    >>> mathematics("7*x^2 - 4")
    '7x² − 4'
    """
    raised = re.sub(r"\^(\d+)", lambda m: "".join(RAISED[x] for x in m[1]), words)
    return re.sub(r"(?<![\d)])-|(?<= )-", "−", raised).replace("*", "")


def decades(low: fmpq, high: fmpq) -> list[tuple[fmpq, str]]:
    """Powers of ten between two positive numbers, of which few apart the halves and doubles.

    >>> [words for _, words in decades(fmpq(1, 100), fmpq(10))]
    ['0.01', '0.1', '1', '10']
    """
    first = len(str(low.p)) - len(str(low.q)) - 1
    last = len(str(high.p)) - len(str(high.q)) + 1
    step = -(-(last - first) // 8)
    factors = (1, 2, 5) if last - first <= 4 else (1,)
    powers = [fmpq(10) ** k for k in range(first, last + 1, step)]
    found = [power * factor for power in powers for factor in factors]
    if len([x for x in found if low <= x <= high]) > 8:
        found = powers
    return [(x, _brief(x, plain=True)) for x in found if low <= x <= high]


def _brief(value: fmpq, plain: bool = False) -> str:
    words = text(value)
    return minus(words if len(words) <= 12 and not plain else decimal(value, 6))


def _exact(value: float) -> fmpq:
    return fmpq(*value.as_integer_ratio())


def _log(value: fmpq) -> float:
    return log(int(value.p)) - log(int(value.q))
