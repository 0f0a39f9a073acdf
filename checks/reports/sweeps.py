"""A page about sweeps: limits, leaders and settled layers against one number, without a network.

sweep_page     a picture in vectors, a table of the pieces, and what a reader points at;
write_sweep    writes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.reports.html import render, script_json
from checks.reports.library import require
from theory.exact import visible
from theory.files.outputs import write
from theory.pictures.charts import Place
from theory.pictures.dials import Dial, functions
from theory.pictures.sweeps import MOST_CURVES, last, spread, style
from theory.readable import label
from theory.sweeps import Outcome, Piece, Sweep

MOST_ROWS = 400
"""Pieces of the table."""

LONGEST = 90
"""Characters of a limit in the table; what is longer is behind a word."""


STEP_VARIES = "Its alpha stands for any: the step is what varies here."
"""What is told of the configuration where the step is swept, whatever step its file states."""


@dataclass(frozen=True)
class Line:
    """A curve as the template draws it; `dashes` for SVG, `ends` where its name stands."""

    name: str
    colour: str
    dashes: str
    width: float
    lines: list[str]
    dots: list[str]
    end: float | None


def write_sweep(sweep: Sweep, file: str | Path, title: str, command: str | None = None) -> None:
    """Write the page. Raises `HardmaxError` where a library is missing; what keeps the file from
    being written is raised as the `OSError` that it is.
    """
    require()
    write(Path(file), visible(sweep_page(sweep, title, command)))


def sweep_page(sweep: Sweep, title: str, command: str | None = None) -> str:
    """The page about one sweep.

    >>> from flint import fmpq
    >>> from theory import Configuration
    >>> from theory.sweeps import steps
    >>> from theory.sweeps import sweep as swept
    >>> found = swept(steps(Configuration([[0, 1], [1, 1], [2, 0]], 1), fmpq(1, 10), fmpq(10)))
    >>> "7α² − 4" in sweep_page(found, "three tokens")
    True
    """
    dial = Dial(sweep)
    rows = [_row(dial, piece) for piece in sweep.pieces]
    panels = [
        (panel, [_line(dial, k, curve) for k, curve in enumerate(panel.curves)])
        for panel in dial.panels
    ]
    highest = max((layer for _, layer in dial.layers), default=0)
    return render(
        "sweep.html.j2",
        title=sweep.configuration.name or title,
        given=sweep.configuration,
        note=STEP_VARIES if sweep.parameter in ("alpha", "gamma") else None,
        dial=dial,
        panels=[(panel, lines, _ends(lines)) for panel, lines in panels],
        legend=panels[0][1],
        leaders=[(label(dial.names.name(token)), spans) for token, spans in dial.leaders],
        levels=[(span, _level(layer, highest), layer) for span, layer in dial.layers],
        steps=_steps(highest),
        rows=rows[:MOST_ROWS],
        hidden=max(0, len(rows) - MOST_ROWS),
        longest=LONGEST,
        command=command,
        data=script_json({"spans": dial.spans, "told": [row["told"] for row in rows]}),
    )


def _line(dial: Dial, k: int, curve: Any) -> Line:
    colour, dashes, width = style(k)
    return Line(
        label(dial.names.listed(curve.tokens, 4), 26),
        colour,
        "" if isinstance(dashes, str) else " ".join(f"{width * x:.1f}" for x in dashes[1]),
        width,
        [_points(line) for line in curve.lines],
        [f"M{1000 * x:.1f} {1000 * (1 - y):.1f}h0" for x, y in curve.dots],
        last(curve) if k < MOST_CURVES else None,
    )


def _points(line: Sequence[Place]) -> str:
    return " ".join(f"{1000 * x:.1f},{1000 * (1 - y):.1f}" for x, y in line)


def _ends(lines: Sequence[Line]) -> list[tuple[Line, float]]:
    """The names at the right, and how high they stand."""
    ending = [(line, line.end) for line in lines if line.end is not None]
    heights = spread([end for _, end in ending], 0.09)
    return [(line, height) for (line, _), height in zip(ending, heights, strict=True)]


def _level(layer: int, highest: int) -> float:
    return 0.1 + 0.8 * layer / max(highest, 1)


def _steps(highest: int) -> list[tuple[float, str]]:
    """The numbers along the axis of the settled layers."""
    marks = sorted({0, highest}) if highest < 4 else [0, highest // 2, highest]
    return [(_level(k, highest), str(k)) for k in marks]


def _row(dial: Dial, piece: Piece) -> dict[str, Any]:
    """A piece in words: its place, layer, leaders, limits; and all of it in a sentence."""
    place = dial.place_of(piece)
    kind = "Break" if piece.is_break else "Interval"
    found = piece.outcome
    if found is None:
        told = f"{kind} {place}: undecided: {piece.reason}."
        return {"break": piece.is_break, "place": place, "layer": "", "leaders": "", "limits": [],
                "reason": f"undecided: {piece.reason}", "told": told}  # fmt: skip
    leaders = ", ".join(f"{dial.names.name(i)} since layer {since}" for i, since in found.leaders)
    limits = _limits(dial, found)
    shown = "; ".join(
        f"{names} → {limit if len(limit) <= LONGEST else 'see the table'}"
        for names, limit in limits[:6]
    )
    more = f"; … {len(limits) - 6} more" if len(limits) > 6 else ""
    told = (
        f"{kind} {place}: settled at layer {piece.layer}; leaders: {leaders or 'none'}. "
        f"Limits: {shown}{more}."
    )
    return {"break": piece.is_break, "place": place, "layer": str(piece.layer),
            "leaders": leaders or "none", "limits": limits, "reason": "", "told": told}  # fmt: skip


def _limits(dial: Dial, found: Outcome) -> list[tuple[str, str]]:
    """The limits, tokens with one limit together."""
    together: dict[str, list[int]] = {}
    for i, row in enumerate(found.limits):
        together.setdefault(functions(row, dial.symbol), []).append(i)
    return [(dial.names.listed(tokens), limit) for limit, tokens in together.items()]
