"""Where the tokens of a run tend to, as tables of a page.

Made of the object that ``hardmax run --json`` prints, of the tokens of the run, which are called as
in the input. `leaders` tells who leads, `limits` where tokens tend to: to limits and why they are
what they are, to the points of a cycle, or to infinite products.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks.findings import Result, findings
from checks.reports.runs import Told, kind, place
from theory.exact import rational, text
from theory.names import Names
from theory.pictures.slides import Slides
from theory.readable import point

MOST_ROWS = 200
"""Leaders, and clusters, that are listed."""

MOST_PHASES = 6
"""Points of a cycle that are listed."""


@dataclass(frozen=True)
class Table:
    """Rows of tokens, points, and words; `points` and `words` have as many columns as heads.

    note : what is left out, or how to read it.
    """

    points: tuple[str, ...]
    words: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Told, ...], tuple[str, ...]], ...]
    note: str = ""


def record(result: Result) -> dict[str, Any]:
    """The findings about the tokens of the run."""
    configuration = result.configuration
    return findings(result, range(configuration.size), configuration, None)


def leaders(found: Mapping[str, Any], names: Names) -> Table | None:
    """Who leads, where, since when; None where that is not known."""
    led = found["leaders"]
    if led is None:
        return None
    rows = tuple(
        (names.name(x["token"]), (place(x["position"]),), (str(x["since_layer"]),))
        for x in led[:MOST_ROWS]
    )
    note = "" if led else "No token leads."
    if len(led) > MOST_ROWS:
        note = f"… and {len(led) - MOST_ROWS} more leaders."
    return Table(("position",), ("since layer",), rows, note)


def limits(found: Mapping[str, Any], slides: Slides) -> Table | None:
    """Where the tokens tend to; None where that is not known."""
    names, truth = slides.names, slides.equilibrium
    if truth is not None:
        ends = found["limits"]
        rows = [
            (names.listed(c), (place(ends[c[0]]),), (kind(truth, c, names),))
            for c in truth.clusters[:MOST_ROWS]
        ]
        return Table(("limit",), ("kind",), tuple(rows), _more(len(truth.clusters)))
    if "products" in found:
        return _products(found, names)
    if found["limits"] is not None:
        return _gathered([(x,) for x in found["limits"]], names, ("limit",))
    cycle = found.get("limit_cycle")
    if cycle is None:
        return None
    shown = cycle[:MOST_PHASES]
    since, period = found.get("returns_from", found["settled_layer"]), len(cycle)
    heads = tuple(f"layers {since + r}, {since + r + period}, …" for r in range(len(shown)))
    table = _gathered(list(zip(*shown, strict=True)), names, heads)
    note = f"{table.note} … and {period - len(shown)} more points of the cycle."
    return table if period == len(shown) else Table(heads, (), table.rows, note.strip())


def _gathered(
    points: Sequence[Sequence[Sequence[str]]], names: Names, heads: tuple[str, ...]
) -> Table:
    """One row for all tokens that tend to the same."""
    together: dict[tuple[tuple[str, ...], ...], list[int]] = {}
    for i, ends in enumerate(points):
        together.setdefault(tuple(map(tuple, ends)), []).append(i)
    rows = [
        (names.listed(here), tuple(map(place, ends)), ())
        for ends, here in list(together.items())[:MOST_ROWS]
    ]
    return Table(heads, (), tuple(rows), _more(len(together)))


def _products(found: Mapping[str, Any], names: Names) -> Table:
    """Limits that are infinite products, with bounds of each coordinate."""
    rows = []
    for limit in found["products"][:MOST_ROWS]:
        lows, highs = ([*ends] for ends in zip(*limit["enclosure"], strict=True))
        told = place(limit["rational"])
        if limit["terms"]:
            bounds = f"between ({', '.join(lows)}) and ({', '.join(highs)})"
            near = point([text(rational(low)) for low in lows])
            told = Told(f"≈{near.removeprefix('≈')}", f"{_product(limit)}, {bounds}")
        rows.append((names.name(limit["token"]), (told,), ()))
    note = _more(len(found["products"]), "tokens")
    if "turn" in found:
        turn = found["turn"]
        note = f"k counts turns of {turn['layers']} layers from layer {turn['from']} on. {note}"
    return Table(("limit",), (), tuple(rows), note.strip())


def _product(limit: Mapping[str, Any]) -> str:
    """The exact limit: a point plus multiples of infinite products."""
    words = f"({', '.join(limit['rational'])})"
    for term in limit["terms"]:
        factors = f"∏ over k ≥ {term['from']} of ({term['factor']})"
        if "order" in term:
            factors = f"the coefficient of x^{term['order']} in ∏ over k ≥ {term['from']} of "
            factors += f"({term['factor']} + ({term['pull']})·x)"
        words += f" + ({', '.join(term['times'])}) · {factors}"
    return words


def _more(count: int, things: str = "clusters") -> str:
    return f"… and {count - MOST_ROWS} more {things}." if count > MOST_ROWS else ""
