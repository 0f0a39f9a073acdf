"""`hardmax map` for people: where the token goes from how many points, and who else leads."""

import numpy as np
from flint import fmpq
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from checks.cli.screen import table
from checks.cli.words import printable
from theory.basins import Basins, Plane
from theory.exact import text
from theory.files.sources import display_name
from theory.names import Names
from theory.readable import cell, number, share

MOST_ROWS = 20
"""Rows of a table; the others are counted."""


def summary(basins: Basins, file: str) -> list[RenderableType]:
    """The map in words and tables."""
    parts: list[RenderableType] = [_heading(basins, file), _ends(basins)]
    if len(basins.companies) > 1:
        parts.append(_companies(basins))
    return parts


def _heading(basins: Basins, file: str) -> Text:
    c, plane = basins.configuration, basins.plane
    names = Names.of(c)
    title = display_name(file)
    if c.name is not None:
        title = f"{printable(c.name)} ({title})"
    step = basins.dynamics.step.named or f"α = {number(text(c.alpha))}"
    size = " × ".join(map(str, (plane.columns, plane.rows)[: len(plane.directions)]))
    lines = [
        f"token {names.name(basins.free)} of {c.size} in dimension {c.dimension}, {step}",
        f"{_where(plane)}: {size} points",
    ]
    if basins.undecided:
        lines.append(f"{basins.undecided} points are undecided")
    return Text.assemble((title, "bold"), "\n", "\n".join(lines))


def _where(plane: Plane) -> str:
    """The plane and its box."""
    sides = [f"from {number(text(low))} to {number(text(high))}" for low, high in plane.box]
    ones = [x.count(fmpq(1)) == 1 and x.count(fmpq(0)) == len(x) - 1 for x in plane.directions]
    axes = [x.index(fmpq(1)) for x, unit in zip(plane.directions, ones, strict=True) if unit]
    if len(axes) == len(sides) and not any(plane.origin[axis] for axis in axes):
        parts = [f"coordinate {axis} {side}" for axis, side in zip(axes, sides, strict=True)]
        return ", ".join(parts)
    points = [cell([text(x) for x in point]) for point in (plane.origin, *plane.directions)]
    names = "st"[: len(sides)]
    steps = [f"{name} {point}" for name, point in zip(names, points[1:], strict=True)]
    parts = [f"{name} {side}" for name, side in zip(names, sides, strict=True)]
    return f"{' + '.join([points[0], *steps])}, {', '.join(parts)}"


def _ends(basins: Basins) -> Table:
    """One row a destination: how many points, and how soon they settle."""
    names = Names.of(basins.configuration)
    grid = table("the token", "points", "share", "settled by layer", right=("points", "share"))
    order = sorted(range(len(basins.destinations)), key=lambda k: -basins.counts[k])
    for k in order[:MOST_ROWS]:
        count = basins.counts[k]
        last = int(basins.layers[basins.ends == k].max())
        words = basins.destinations[k].words(names)
        grid.add_row(Text(words), str(count), share(count, basins.plane.points), str(last))
    if len(order) > MOST_ROWS:
        grid.caption = Text(f"… and {len(order) - MOST_ROWS} more; --json has them.")
    return grid


def _companies(basins: Basins) -> Table:
    """One row a set of other tokens that lead."""
    names = Names.of(basins.configuration)
    counts = np.bincount(basins.company[basins.company >= 0], minlength=len(basins.companies))
    grid = table("others that lead", "points", "share", right=("points", "share"))
    order = sorted(range(len(basins.companies)), key=lambda k: -int(counts[k]))
    for k in order[:MOST_ROWS]:
        company = basins.companies[k]
        words = names.listed(company) if company else "none"
        grid.add_row(Text(words), str(counts[k]), share(int(counts[k]), basins.plane.points))
    if len(order) > MOST_ROWS:
        grid.caption = Text(f"… and {len(order) - MOST_ROWS} more; --json has them.")
    return grid
