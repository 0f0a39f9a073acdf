"""Enumeration: every configuration of a small box, up to symmetry.

The symmetries of a box (`checks.boxes`) leave A = I and every claim as it is, so that one
configuration of each orbit is looked at, and counts as many.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from flint import fmpq

from checks.boxes import Box, Indices
from checks.campaigns.pool import ordered_map
from checks.examination import judgements
from checks.reach import Reach
from checks.run import Run
from checks.statements import STANDING, Statement, find, registry
from checks.verdicts import Report, Tally, Verdict
from theory import Configuration
from theory.exact import Rational, rational
from theory.settling import MAX_LAYERS

DECIDED = (
    "settling",
    "limits-keep-attention",
    "leaders-are-vertices",
    "limits-are-feet",
    "clusters-are-limits",
    "own-attention-rests",
    "one-base",
    "single-attention-is-a-leader",
    "resonance-iff-no-leader",
)
"""Claims about the settled pattern and the limits, which one settled run decides completely.

That is, if the run is right: see `GROUNDS`.
"""

GROUNDS = ("clusters-are-limits", "leaders-are-vertices")
"""That limits and leaders are those of the closed form and the pattern; held of every run."""

PROVED = Statement(
    "proved",
    r"The configuration settles as it is said to, for ever.",
    STANDING,
    registry.OURS,
    Verdict.HELD,
    lambda run: run.proved,
)
"""Holds where that is proved, and says nothing elsewhere; held of every run besides `GROUNDS`."""

UNIT = 100
"""Configurations that one process does at one go."""


def enumerate_box(
    box: Box,
    alpha: Rational = 1,
    *,
    claims: Sequence[Statement] = (),
    jobs: int = 1,
    max_layers: int = MAX_LAYERS,
) -> list[Report]:
    """Hold the claims against every configuration of the box with the step `alpha` and A = I.

    A claim of `DECIDED` that holds on every one of them is PROVED for the box, if it is proved of
    every one that it settles as it is said to (`checks.settlement`), with these limits and leaders:
    this is a proof by exhaustion, the symmetries of the box being symmetries of every claim. Other
    claims are HELD, since judging them looks at finitely many of the layers, matrices or steps that
    they speak of. The counts are of configurations, not of orbits. Without `claims` all registered
    ones are held but `merging-commutes`, since no token of a box is repeated.

    >>> from checks.statements import find
    >>> (report,) = enumerate_box(Box(dimension=1, radius=2, tokens=2), claims=[find("settling")])
    >>> report.verdict.value, report.examples
    ('PROVED', 6)
    """
    held = claims or [claim for claim in registry.claims() if claim.name != "merging-commutes"]
    step = rational(alpha)
    names = tuple(claim.name for claim in held)
    tallies = {name: Tally() for name in names}
    reach = Reach()
    units = ((unit, step, names, max_layers) for unit in _units(box))
    proved = True
    for part, met, sound in ordered_map(_do, units, jobs):
        for name in names:
            tallies[name].add(part[name])
        reach.add(met)
        proved = proved and sound
    return [
        Report(
            claim.name,
            claim.expected,
            _verdict(claim.name, tallies[claim.name].verdict, proved),
            tallies[claim.name].examples,
            tallies[claim.name].applicable,
            tallies[claim.name].undecided,
            reach.as_dict(),
            0,
            tallies[claim.name].witness,
            tallies[claim.name].explanation,
            claim.dynamics,
        )
        for claim in held
    ]


def _verdict(name: str, verdict: Verdict, proved: bool) -> Verdict:
    decided = proved and name in DECIDED
    return Verdict.PROVED if verdict is Verdict.HELD and decided else verdict


Unit: TypeAlias = tuple[Indices, Indices]
"""Configurations, (m, n, d), with the sizes of their orbits."""


def _units(box: Box) -> Iterator[Unit]:
    points = np.array(box.points())
    for subsets, sizes in box.blocks():
        for start in range(0, len(subsets), UNIT):
            part = slice(start, start + UNIT)
            yield points[subsets[part]], sizes[part]


def _do(work: tuple[Unit, fmpq, tuple[str, ...], int]) -> tuple[dict[str, Tally], Reach, bool]:
    (tokens, sizes), step, names, max_layers = work
    tallies = {name: Tally() for name in names}
    reach = Reach()
    held = [*(find(name) for name in names), *(find(name) for name in GROUNDS), PROVED]
    sound = True
    runs = (Run(Configuration(rows, step), max_layers=max_layers) for rows in tokens.tolist())
    for (met, said), times in zip(judgements(held, runs), sizes.tolist(), strict=True):
        reach.meet(met, times)
        for name, tally in zip(names, said[: len(names)], strict=True):
            tallies[name].add(tally, times)
        sound = sound and all(tally.verdict is Verdict.HELD for tally in said[len(names) :])
    return tallies, reach, sound
