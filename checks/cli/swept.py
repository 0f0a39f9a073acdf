"""`hardmax sweep` for people: one row a piece."""

from collections.abc import Iterable, Sequence

from flint import fmpq
from rich.console import RenderableType
from rich.text import Text

from checks.cli.screen import table
from checks.cli.words import printable
from checks.symbols import SUBSCRIPTS
from theory.exact import text
from theory.names import Names
from theory.pictures.dials import mathematics
from theory.readable import count, decimal, minus, number
from theory.schedules.quotients import Quotient
from theory.sweeps import Outcome, Piece, Sweep
from theory.sweeps.checking import numbers_in
from theory.sweeps.encoding import function, polynomial
from theory.sweeps.numbers import Root

MOST = 60
"""Rows that are shown; of more, the first and the last."""

SHORT, EQUATION, LONGEST = 24, 40, 160
"""Characters of a point in a row, of an equation, and of a point that is shown exactly."""

GREEK = {"alpha": "α", "gamma": "γ"}


def report(sweep: Sweep, title: str, looked: int, wrong: int) -> list[RenderableType]:
    """The pieces as a table, with a heading, and what was held against `settle`."""
    c, x = sweep.configuration, GREEK.get(sweep.symbol, sweep.symbol)
    name = title if c.name is None else f"{printable(c.name)} ({title})"
    family = sweep.family
    what = x if sweep.parameter == sweep.symbol else f"x = {sweep.parameter}"
    ends = f"{what} from {_number(family.low)} to {_number(family.high)}"
    parts = [f"{count(c.size, 'token')} in dimension {c.dimension}", ends]
    if sweep.parameter not in GREEK:
        parts.append(f"α = {_number(c.alpha)}")
    told = f"{count(len(sweep.breaks), 'break')}, {count(len(sweep.intervals), 'interval')}"
    if not sweep.decided:
        told += f", {sum(not piece.decided for piece in sweep.pieces)} undecided"
    grid = table(x, "layer", "leaders", "limits", right=("layer",))
    names = Names.of(c)
    points = _Points(names, x)
    for piece in _shown(sweep.pieces):
        if piece is None:
            grid.add_row("…", "", "", f"{len(sweep.pieces) - MOST} more, which --json has")
            continue
        found = piece.outcome
        if found is None:
            grid.add_row(_place(piece, x), "", "", Text(f"undecided: {piece.reason}"))
            continue
        leaders = ", ".join(
            f"{names.name(i)} since {since}" if since else names.name(i)
            for i, since in found.leaders
        )
        row = (_place(piece, x), str(piece.layer), leaders or "none", points.of(found, piece))
        grid.add_row(*map(Text, row))
    heading = Text.assemble((name, "bold"), "\n", ", ".join(parts), "\n", told)
    checked = f"settle agrees at {count(looked - wrong, 'number')}"
    if wrong:
        checked += f", and does not at {wrong}"
    return [heading, grid, *points.lines(), Text(f"{checked}.")]


def _shown(pieces: tuple[Piece, ...]) -> Iterable[Piece | None]:
    if len(pieces) <= MOST:
        return pieces
    return [*pieces[: MOST // 2], None, *pieces[-(MOST // 2) :]]


def _place(piece: Piece, x: str) -> str:
    """The number or the interval: a break with the equation that it solves."""
    if piece.is_break:
        words = _short(piece.low)
        if piece.low.value is not None:
            return f"{x} = {words}" if words[0] != "≈" else f"{x} {words}"
        equation = f"{mathematics(polynomial(piece.low.polynomial, x))} = 0"
        if len(equation) > EQUATION:
            equation = f"of degree {piece.low.degree}"
        return f"{x} {words}\n{equation}"
    low = f"{_short(piece.low)} {'≤' if piece.low_closed else '<'} {x}"
    return f"{low} {'≤' if piece.high_closed else '<'} {_short(piece.high)}"


def _number(value: fmpq) -> str:
    return minus(number(text(value)))


def _short(root: Root) -> str:
    if root.value is not None:
        return _number(root.value)
    return minus(decimal(_near(root).low, 6).replace(" ", ""))


def _near(root: Root) -> Root:
    """The number, enclosed to twelve digits."""
    while not root.low * root.high > 0 and root.value is None:
        root = root.halved()
    return root.narrowed(abs(root.low) / 10**12)


class _Points:
    """Limits as the table has them: short ones as they are, and long ones by a name."""

    def __init__(self, names: Names, x: str) -> None:
        self.names, self.x, self.named = names, x, dict[str, str]()

    def of(self, found: Outcome, piece: Piece) -> str:
        """Where the tokens tend to, together where that is one point."""
        together: dict[tuple[str, ...], list[int]] = {}
        for i, row in enumerate(found.limits):
            together.setdefault(tuple([function(f, self.x) for f in row]), []).append(i)
        return "; ".join(
            f"{self.names.listed(tokens)} → {self._point(parts, found.limits[tokens[0]], piece)}"
            for parts, tokens in together.items()
        )

    def _point(self, parts: tuple[str, ...], row: Sequence[Quotient], piece: Piece) -> str:
        point = f"({', '.join(map(mathematics, parts))})"
        if len(point) <= SHORT:
            return point
        words = f"= {point}"
        if len(point) > LONGEST:
            at = _near(piece.low).low if piece.is_break else numbers_in(piece, 1)[0]
            values = [minus(decimal(f(at), 6).replace("≈ ", "")) for f in row]
            words = f"≈ ({', '.join(values)})"
            if not piece.is_break:
                words += f" at {self.x} = {_number(at)}"
        name = f"p{''.join(SUBSCRIPTS[c] for c in str(len(self.named) + 1))}"
        return self.named.setdefault(words, name)

    def lines(self) -> list[Text]:
        """What the names stand for."""
        return [Text(f"{name} {words}") for words, name in self.named.items()]
