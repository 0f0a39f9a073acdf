"""A map as one JSON object: the problem, the grid, and its rows in runs of equal points."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from theory.basins.basins import Basins
from theory.basins.overlay import Overlay
from theory.exact import text
from theory.matrices import Vector


def as_dict(basins: Basins) -> dict[str, Any]:
    """The object of ``hardmax map --json``; numbers that need not be whole are text.

    problem : the configuration file, with the free token at its own start.
    free : the index of the free token.
    plane : point(r, c) = origin + s p + t q for the `directions` p, q, and the c-th of `columns`
        equally spaced s, the r-th of `rows` equally spaced t, both ends of `box` among them.
    destinations : `kind`, `leaders` and how many `points`.
    companies : sets of other tokens that lead.
    map : the rows, the lowest first, each a list of runs [count, destination, layer, company]: so
        many points, to the right, with these places in the lists above and this settled layer; all
        three are −1 where the answer is undecided.
    undecided : at how many points it is.
    overlay : what the map is compared with, in coordinates (s, t): `hull` of the other tokens,
        `leaders` and `polytope` K where these are left alone, `cells` of `tokens`.

    >>> from flint import fmpq
    >>> from theory import Configuration
    >>> from theory.basins.basins import settle_grid
    >>> from theory.basins.plane import Plane
    >>> from theory.basins.problem import Problem
    >>> line = Plane((fmpq(0),), ((fmpq(1),),), ((fmpq(-4), fmpq(4)),), 1, 9)
    >>> found = as_dict(settle_grid(Problem(Configuration([[2], [1], [-3]], alpha=1), 1, line)))
    >>> found["map"][0][:2], found["companies"]
    ([[1, 1, 0, 0], [1, 2, 0, 1]], [[0], [0, 2], [2]])
    """
    plane = basins.plane
    return {
        "problem": _problem(basins),
        "free": basins.free,
        "plane": {
            "origin": _numbers(plane.origin),
            "directions": [_numbers(x) for x in plane.directions],
            "box": [_numbers(side) for side in plane.box],
            "columns": plane.columns,
            "rows": plane.rows,
        },
        "destinations": [
            {"kind": x.kind, "leaders": list(x.leaders), "points": count}
            for x, count in zip(basins.destinations, basins.counts, strict=True)
        ],
        "companies": [list(x) for x in basins.companies],
        "map": [_runs(basins, row) for row in range(basins.rows)],
        "undecided": basins.undecided,
        "overlay": _overlay(basins.overlay),
    }


def _problem(basins: Basins) -> dict[str, Any]:
    keys = {**basins.configuration.to_dict(), **basins.dynamics.keys}
    return {key: value for key, value in keys.items() if value is not None}


def _runs(basins: Basins, row: int) -> list[list[int]]:
    """One row as runs of equal points."""
    points = np.stack([array[row] for array in (basins.ends, basins.layers, basins.company)])
    begins = np.flatnonzero((points[:, 1:] != points[:, :-1]).any(axis=0)) + 1
    begins = np.concatenate([[0], begins])
    counts = np.diff([*begins, points.shape[1]])
    runs: list[list[int]] = np.column_stack([counts, points[:, begins].T]).tolist()
    return runs


def _overlay(overlay: Overlay) -> dict[str, Any]:
    return {
        "hull": _polygon(overlay.hull),
        "leaders": None if overlay.leaders is None else list(overlay.leaders),
        "polytope": _polygon(overlay.polytope),
        "cells": [
            {"tokens": list(cell.tokens), "polygon": _polygon(cell.polygon)}
            for cell in overlay.cells
        ],
    }


def _polygon(points: Sequence[Vector] | None) -> list[list[str]] | None:
    return None if points is None else [_numbers(x) for x in points]


def _numbers(row: Vector) -> list[str]:
    return [text(x) for x in row]
