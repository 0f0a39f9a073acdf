"""Enumeration: every configuration of a small box, up to symmetry.

The symmetries of a box (`checks.boxes`) leave A = I and every claim as it is, so that one
configuration of each orbit is looked at, and counts as many.

Where arrays can tell each of the claims (`Statement.arrays`), they are asked first, of thousands of
configurations at a time, and a `Run` is made only where they leave something open. Counts,
verdicts and witnesses are the same. The 5,423 orbits of 5 of {−2..2}² take 0.05 s of a processor
with the claim `settling`, and 10 s one by one (`benchmarks/boxes.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from flint import fmpq

from checks.arrays import ArrayJudge, Settlements, settled_together
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
    arrays: bool = True,
) -> list[Report]:
    """Hold the claims against every configuration of the box with the step `alpha` and A = I.

    A claim of `DECIDED` that holds on every one of them is PROVED for the box, if it is proved of
    every one that it settles as it is said to (`checks.arrays`, `checks.settlement`), with these
    limits and leaders: this is a proof by exhaustion, the symmetries of the box being symmetries of
    every claim. Other claims are HELD, since judging them looks at finitely many of the layers,
    matrices or steps that they speak of. The counts are of configurations, not of orbits. Without
    `claims` all registered ones are held but `merging-commutes`, since no token of a box is
    repeated. Without `arrays` each configuration is judged alone: the same reports, later.

    >>> from checks.statements import find
    >>> (report,) = enumerate_box(Box(dimension=1, radius=2, tokens=2), claims=[find("settling")])
    >>> report.verdict.value, report.examples
    ('PROVED', 6)
    """
    held = claims or [claim for claim in registry.claims() if claim.name != "merging-commutes"]
    step = rational(alpha)
    names = tuple(claim.name for claim in held)
    total = Count.of(names)
    judges = _judges(held) if arrays else {}
    left = _left(box, judges, step, max_layers, total)
    works = ((unit, step, names, max_layers) for unit in left)
    for part in ordered_map(_do, works, jobs):
        total.add(part)
    return [
        Report(
            claim.name,
            claim.expected,
            _verdict(claim.name, tally.verdict, total.proved),
            tally.examples,
            tally.applicable,
            tally.undecided,
            total.reach.as_dict(),
            0,
            tally.witness,
            tally.explanation,
            claim.dynamics,
        )
        for claim, tally in ((claim, total.tallies[claim.name]) for claim in held)
    ]


def _verdict(name: str, verdict: Verdict, proved: bool) -> Verdict:
    decided = proved and name in DECIDED
    return Verdict.PROVED if verdict is Verdict.HELD and decided else verdict


@dataclass
class Count:
    """What claims say of configurations, what these have, and whether each is proved to settle."""

    tallies: dict[str, Tally]
    reach: Reach = field(default_factory=Reach)
    proved: bool = True

    @classmethod
    def of(cls, names: Iterable[str]) -> "Count":
        """Nothing counted yet."""
        return cls({name: Tally() for name in names})

    def add(self, other: "Count") -> None:
        """Add the counts of another part."""
        for name, tally in other.tallies.items():
            self.tallies[name].add(tally)
        self.reach.add(other.reach)
        self.proved = self.proved and other.proved


Unit: TypeAlias = tuple[Indices, Indices]
"""Configurations, (m, n, d), with the sizes of their orbits."""


def _left(
    box: Box, judges: Mapping[str, ArrayJudge], step: fmpq, max_layers: int, total: Count
) -> Iterator[Unit]:
    """The configurations that arrays leave open, in their order; the others are counted."""
    points = np.array(box.points())
    for subsets, sizes in box.blocks():
        tokens = points[subsets]
        left = np.ones(len(tokens), np.bool_)
        for made in settled_together(tokens, step, max_layers) if judges else ():
            left[_counted(made, judges, step, sizes, total)] = False
        tokens, sizes = tokens[left], sizes[left]
        for start in range(0, len(tokens), UNIT):
            part = slice(start, start + UNIT)
            yield tokens[part], sizes[part]


def _judges(held: Sequence[Statement]) -> dict[str, ArrayJudge]:
    """What arrays are asked, with the ground that leaders are told aright; nothing if some claim
    cannot be told by arrays.
    """
    asked = [*held, find("leaders-are-vertices")]
    judges = {claim.name: claim.arrays for claim in asked if claim.arrays is not None}
    return judges if len(judges) == len({claim.name for claim in asked}) else {}


def _counted(
    made: Settlements, judges: Mapping[str, ArrayJudge], step: fmpq, sizes: Indices, total: Count
) -> Indices:
    """Count the configurations of which every judge knows what to say, and tell which they are."""
    known = np.ones(len(made.layer), np.bool_)
    for judge in judges.values():
        said = judge(made)
        known &= said.holds | ~said.applies
    made = made.only(known)
    times = sizes[made.numbers]
    for name, tally in total.tallies.items():
        applies = judges[name](made).applies
        tally.add(Tally(int(times.sum()), int(times[applies].sum())))
    total.reach.meet_together(made, step, times)
    return made.numbers


def _do(work: tuple[Unit, fmpq, tuple[str, ...], int]) -> Count:
    (tokens, sizes), step, names, max_layers = work
    count = Count.of(names)
    held = [*(find(name) for name in names), *(find(name) for name in GROUNDS), PROVED]
    runs = (Run(Configuration(rows, step), max_layers=max_layers) for rows in tokens.tolist())
    for (met, said), times in zip(judgements(held, runs), sizes.tolist(), strict=True):
        count.reach.meet(met, times)
        for name, tally in zip(names, said[: len(names)], strict=True):
            count.tallies[name].add(tally, times)
        sound = all(tally.verdict is Verdict.HELD for tally in said[len(names) :])
        count.proved = count.proved and sound
    return count
