"""A page about maps of basins, which needs no other file and no network.

    map_page     one map, or several as the frames of a slider;
    write_map    writes it.

The picture is a palette image with vector lines over it, so that it is there without scripts and
prints. The script looks up where the token goes from a grid point, as Python settled it, and
runs the layers of one point again, in rational numbers, for its limit and its way there.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import compress

import numpy as np
from flint import fmpq

from checks.reports import facts
from checks.reports.html import render, script_json
from checks.reports.library import require
from checks.verdicts import described
from theory import HARDMAX
from theory.basins import Basins
from theory.exact import text, visible
from theory.files.outputs import write
from theory.matrices import Vector, as_matrix
from theory.names import Names
from theory.pictures.charts import Chart, room
from theory.pictures.overlays import (
    Overlaid,
    aside,
    caption,
    classes,
    entries,
    letters,
)
from theory.pictures.painting import ITSELF, Key, Pixels, png, ramp, raster, swatch
from theory.readable import equal, point, share
from theory.settling import equilibrium_of

MOST_EXAMPLES = 40
"""Examples of starts and their limits on a page."""

WIDE = 1000
"""The width of the vector lines' own coordinates."""


@dataclass(frozen=True)
class Frame:
    """What the template wants to know of one map."""

    basins: Basins
    name: str
    image: str
    over: Overlaid
    letters: list[Any]
    caption: str
    rows: list[dict[str, Any]]


def write_map(
    frames: Sequence[Basins], file: str | Path, title: str, command: str | None = None
) -> None:
    """Write the page. Raises `HardmaxError` where a library is missing; what keeps the file from
    being written is raised as the `OSError` that it is.
    """
    require()
    write(Path(file), visible(map_page(frames, title, command)))


def map_page(frames: Sequence[Basins], title: str, command: str | None = None) -> str:
    """The page about one map, or about several that differ in α; there is one at least.

    >>> from theory import Configuration
    >>> from theory.basins import Plane, Problem, settle_grid
    >>> line = Plane((fmpq(0),), ((fmpq(1),),), ((fmpq(-4), fmpq(4)),), 1, 9)
    >>> basins = settle_grid(Problem(Configuration([[2], [1], [-3]], alpha=1), 1, line))
    >>> "Where token 1 goes from 9 starts" in map_page([basins], "three tokens")
    True
    """
    first = frames[0]
    names, key, chart = Names.of(first.configuration), Key.of(frames), Chart(first)
    shown = [_frame(basins, key, names, MOST_EXAMPLES // len(frames)) for basins in frames]
    legend = [(_uri(swatch(x.style, key), key), x.words, x.count) for x in entries(key, names)]
    return render(
        "map.html.j2",
        title=first.configuration.name or title,
        given=first.configuration,
        dynamics=first.dynamics,
        size=_size(frames),
        token=names.name(first.free),
        frames=shown,
        legend=legend,
        shades=[
            (_uri(ramp(_first_hue(key), k, key), key), words)
            for k, words in enumerate(classes(key))
        ],
        chart=chart,
        wide=WIDE,
        high=round(WIDE / chart.ratio),
        widest=max((words for _, words in chart.ticks[-1]), key=len, default=""),
        places=_places,
        aside=aside,
        companies=any(len(basins.companies) > 1 for basins in frames),
        command=command,
        data=script_json(_data(frames, names, chart)),
    )


def _size(frames: Sequence[Basins]) -> str:
    """The configuration in words; of a slider's frames with the range of α."""
    c, last = frames[0].configuration, frames[-1].configuration
    words = facts.size(c, frames[0].dynamics)
    if len(frames) < 2:
        return words
    return words.replace(f"α = {text(c.alpha)}", f"α from {text(c.alpha)} to {text(last.alpha)}")


def _frame(basins: Basins, key: Key, names: Names, most: int) -> Frame:
    over = Overlaid.of(basins, names)
    return Frame(
        basins,
        equal("α", text(basins.configuration.alpha)),
        _uri(raster(basins, key), key),
        over,
        letters(basins, key, names, over),
        caption(basins, key, names, over),
        _rows(basins, key, names, most),
    )


def _rows(basins: Basins, key: Key, names: Names, most: int) -> list[dict[str, Any]]:
    """The table of destinations, the most frequent first, with an example of each."""
    order = sorted(range(len(basins.destinations)), key=lambda k: -basins.counts[k])
    rows = []
    for number, k in enumerate(order):
        layers = basins.layers[basins.ends == k]
        row = {
            "swatch": _uri(swatch(key.styles[basins.destinations[k]], key), key),
            "words": basins.destinations[k].words(names),
            "count": basins.counts[k],
            "share": share(basins.counts[k], basins.ends.size),
            "layers": _span(int(layers.min()), int(layers.max())),
            "start": "",
            "limit": "",
        }
        if number < most:
            row |= _example(basins, k)
        rows.append(row)
    return rows


def _example(basins: Basins, end: int) -> dict[str, str]:
    """A start from well inside the region, and the limit from there."""
    (x, y), _ = room(basins.ends, end, (0.1, 0.1))
    row, column = int(y * basins.rows), int(x * basins.columns)
    truth = equilibrium_of(basins.settled_at(row, column))
    limit = "not told" if truth is None else point(truth.limits[basins.free])
    return {"start": point(basins.point(row, column)), "limit": limit}


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _data(frames: Sequence[Basins], names: Names, chart: Chart) -> dict[str, Any]:
    """What the script reads; numbers are exact text."""
    first = frames[0]
    c, plane = first.configuration, first.plane
    numerators, denominator = plane.form()
    own = plane.foot(c.tokens[first.free])
    start = _nearest(first, own[0])
    return {
        "rows": plane.rows,
        "columns": plane.columns,
        "start": start,
        "grid": [[f"{x}/{denominator}" for x in row] for row in numerators.table()],
        "draw": [[text(x) for x in row] for row in _drawn(chart)],
        "wide": WIDE,
        "high": round(WIDE / chart.ratio),
        "free": first.free,
        "names": [names.name(i) for i in range(c.size)],
        "tokens": [[text(x) for x in z] for z in c.tokens],
        "weights": [str(w) for w in c.multiplicities],
        "file": described(c, first.dynamics),
        "A": [[text(x) for x in row] for row in c.A],
        "plain": first.dynamics == HARDMAX,
        "budget": first.problem.max_layers,
        "frames": [_frame_data(basins, names) for basins in frames],
    }


def _frame_data(basins: Basins, names: Names) -> dict[str, Any]:
    """One map: what is told at each grid point, as places in a table, compressed."""
    told = np.stack([basins.ends, basins.layers, basins.company], axis=-1).reshape(-1, 3)
    table, cells = np.unique(told, axis=0, return_inverse=True)
    wide = cells.reshape(-1).astype("<u4" if len(table) > 65535 else "<u2")
    return {
        "alpha": text(basins.configuration.alpha),
        "cells": b64encode(compress(wide.tobytes(), 9)).decode(),
        "bytes": wide.itemsize,
        "table": table.tolist(),
        "ends": [x.words(names) for x in basins.destinations],
        "limited": [x.kind != "none" for x in basins.destinations],
        "companies": [names.listed(x) if x else "none" for x in basins.companies],
    }


def _nearest(basins: Basins, foot: Vector) -> list[int]:
    """The row and the column of the grid point nearest to a foot."""
    counts = (basins.columns, basins.rows)
    places = []
    for x, (low, high), count in zip(foot, basins.plane.box, counts, strict=False):
        step = (x - low) / (high - low) * (count - 1) + fmpq(1, 2)
        places.append(min(max(int(step.floor()), 0), count - 1))
    return [places[1] if len(places) > 1 else 0, places[0]]


def _drawn(chart: Chart) -> list[Vector]:
    """Rows b, m_1, …, m_d: the point z is drawn at the fraction b + ⟨m, z⟩ of each axis."""
    plane = chart.basins.plane
    rows = as_matrix(plane.directions)
    feet = (rows * rows.transpose()).solve(rows)
    found = []
    for s, (low, high) in enumerate(chart.frame):
        slopes = [feet[s, t] / (high - low) for t in range(len(plane.origin))]
        offset = sum((m * o for m, o in zip(slopes, plane.origin, strict=True)), fmpq(0))
        found.append((-low / (high - low) - offset, *slopes))
    return found


def _first_hue(key: Key) -> str:
    styles = [style for style in key.styles.values() if style != ITSELF]
    return (styles or [ITSELF])[0].colour


def _places(outline: Sequence[tuple[float, float]], high: float) -> str:
    """Places as the points of an SVG outline."""
    return " ".join(f"{WIDE * x:.1f},{high * (1 - y):.1f}" for x, y in outline)


def _uri(pixels: Pixels, key: Key) -> str:
    return f"data:image/png;base64,{b64encode(png(pixels, key)).decode()}"
