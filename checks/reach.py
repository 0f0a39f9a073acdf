"""Reach: which phenomena a configuration actually has.

A check that meets only easy cases proves little, so every campaign counts what it met. The
phenomena are those that break toy implementations.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from flint import fmpq

from checks.arrays import FIRST_CHANGES, LONG, Flags, Integers, Settlements, every, some
from checks.beside import BATCHES_ONE_IN, LAYERS, chosen_together
from checks.run import Run
from theory import HARDMAX, Configuration, Settled
from theory.fast.argmax import FEW_PRODUCTS
from theory.fast.walk import SMALL
from theory.solve import LARGE
from theory.termination import ALL_VERTICES, APART, settled_by, settles

PHENOMENA: dict[str, str] = {
    "ties": "some attention set has several tokens",
    "self_ties": "a token is in its own attention set with others, and moves",
    "emerging_leaders": "a token leads first at a layer > 0",
    "resting_followers": "a token that does not lead is at rest",
    "face_limits": "a limit is no vertex of K",
    "moving_ties": "for ever, an attention set has several tokens and one of them moves",
    "moving_only": "for ever, an attention set consists of moving tokens",
    "resonance": "a token converges slower than every C·base^t",
    "many_layers": "settles later than layer n",
    "long_stretches": "the pattern stands for more than 32 layers and then changes",
    "merged_tokens": "tokens are repeated",
    "near_ties": "two products differ by less than a part in 10^9",
    "big_numbers": "a coordinate needs more than 53 bits",
    "skewed_matrix": "A is symmetric positive definite and not diagonal",
    "general_matrix": "A is not symmetric positive definite",
    "zero_tokens": "a token is 0",
    "small_steps": "α ≤ 1/20",
    "large_steps": "α ≥ 5",
    "one_token": "n = 1",
    "crowds": "n ≥ 25",
    "filtered": "n ≥ 64, where floats are asked first",
    "ranked": "n ≥ 257, where columns are ranked by their norms",
    "backward_steps": "α ≤ 0",
    "side_by_side": "settled side by side with others as well, in a batch",
    "shared_face_limits": "two tokens share a limit that is no vertex of K",
    "open_case": "under (H), and no theorem says that it settles",
}
"""Every phenomenon that is counted, with its meaning."""

OPEN = "open case"
"""How `Reach.settles_by` names what no case of the settling theorem covers."""

SETTLED_AFTER = ((0, "0"), (3, "1–3"), (10, "4–10"), (100, "11–100"))
"""Classes of the settled layer: the greatest layer of each class, and its name."""

NEAR = 10**9


def phenomena(run: Run) -> set[str]:
    """The names, out of `PHENOMENA`, of what this run has."""
    c = run.configuration
    found = {
        "merged_tokens": run.source.size > run.source.merged()[0].size,
        "big_numbers": any(x.height_bits() > 53 for row in c.tokens for x in row),
        "general_matrix": not c.hypotheses.positive_definite,
        "skewed_matrix": c.hypotheses.positive_definite and _is_skewed(run),
        "zero_tokens": not c.hypotheses.nonzero,
        "small_steps": 0 < c.alpha <= fmpq(1, 20),
        "large_steps": c.alpha >= 5,
        "one_token": c.size == 1,
        "crowds": c.size > SMALL,
        "filtered": c.size >= LARGE and c.alpha > 0,
        "ranked": c.size**2 > FEW_PRODUCTS,
        "backward_steps": c.alpha <= 0,
        "side_by_side": run.beside is not None,
        "near_ties": _has_near_tie(run),
        "open_case": case(run) == OPEN,
    }
    names = {name for name, holds in found.items() if holds}
    if isinstance(run.settling, Settled):
        names |= _changes(run.settling)
        if run.dynamics == HARDMAX:
            names |= _settled_phenomena(run, run.settling)
    return names


def settled_class(run: Run) -> str:
    """The class of the settled layer, for the histogram."""
    if not isinstance(run.settling, Settled):
        return "undecided"
    layer = run.settling.layer
    return next((name for greatest, name in SETTLED_AFTER if layer <= greatest), "over 100")


def case(run: Run) -> str | None:
    """The case of the settling theorem that covers a run under (H), or `OPEN`; else None.

    None of other dynamics, of which it does not speak.
    """
    if run.dynamics != HARDMAX or not run.configuration.hypotheses.hold:
        return None
    if isinstance(run.settling, Settled):
        return settled_by(run.settling) or OPEN
    return settles(run.configuration) or OPEN


class Met(NamedTuple):
    """What one configuration has: phenomena, dimension, class of the settled layer, and case."""

    phenomena: tuple[str, ...]
    dimension: str
    settled_layer: str
    settles_by: str | None = None

    @classmethod
    def of(cls, run: Run) -> "Met":
        """What this run has. Of other dynamics no closed forms are looked at."""
        return cls(
            tuple(phenomena(run)), str(run.configuration.dimension), settled_class(run), case(run)
        )


@dataclass
class Reach:
    """Counts of what was met: phenomena, dimensions, settled layers, cases of the theorem."""

    phenomena: Counter[str] = field(default_factory=Counter)
    dimension: Counter[str] = field(default_factory=Counter)
    settled_layer: Counter[str] = field(default_factory=Counter)
    settles_by: Counter[str] = field(default_factory=Counter)

    def meet(self, met: Met, times: int = 1) -> None:
        """Count one configuration, or one that stands for several."""
        for name in met.phenomena:
            self.phenomena[name] += times
        self.dimension[met.dimension] += times
        self.settled_layer[met.settled_layer] += times
        if met.settles_by is not None:
            self.settles_by[met.settles_by] += times

    def meet_together(self, made: Settlements, alpha: fmpq, times: Integers) -> None:
        """Count configurations of a box, settled together; the first stands for `times[0]`, …

        The same as `meet` of each of them alone.
        """
        total = int(times.sum())
        if not total:
            return
        self.dimension[str(made.tokens.shape[1])] += total
        place = np.searchsorted([last for last, _ in SETTLED_AFTER], made.layer)
        names = [*(name for _, name in SETTLED_AFTER), "over 100"]
        face, shared = _faces(made)
        known = settles(Configuration(made.tokens[..., 0].tolist(), alpha))
        cases = {ALL_VERTICES: ~face, APART: face & ~shared, OPEN: shared}
        met = _phenomena_together(made, alpha)
        for counter, flags_of in (
            (self.phenomena, met if known else met | {"open_case": shared}),
            (self.settled_layer, {name: place == k for k, name in enumerate(names)}),
            (self.settles_by, {known: place >= 0} if known else cases),
        ):
            for name, flags in flags_of.items():
                if found := int(times[flags].sum()):
                    counter[name] += found

    def add(self, other: "Reach") -> None:
        """Add the counts of another part."""
        self.phenomena += other.phenomena
        self.dimension += other.dimension
        self.settled_layer += other.settled_layer
        self.settles_by += other.settles_by

    def as_dict(self) -> dict[str, Any]:
        """Every phenomenon by name, those never met with 0; then the three histograms."""
        classes = [*(name for _, name in SETTLED_AFTER), "over 100", "undecided"]
        return {
            **{name: self.phenomena[name] for name in PHENOMENA},
            "dimension": dict(sorted(self.dimension.items())),
            "settled_layer": {name: self.settled_layer[name] for name in classes},
            "settles_by": dict(sorted(self.settles_by.items())),
        }


def _changes(settled: Settled) -> set[str]:
    """What the patterns and the layers at which they change tell."""
    names: set[str] = set()
    patterns = [pattern for _, pattern in settled.history]
    if any(len(attended) > 1 for pattern in patterns for attended in pattern):
        names.add("ties")
    starts = [k for k, _ in settled.history]
    if any(later - since > LONG for since, later in pairwise(starts)):
        names.add("long_stretches")
    first = patterns[0]
    if any(attended == (i,) and first[i] != (i,) for i, attended in enumerate(settled.pattern)):
        names.add("emerging_leaders")
    if settled.layer > len(settled.pattern):
        names.add("many_layers")
    return names


def _settled_phenomena(run: Run, settled: Settled) -> set[str]:
    """What the closed forms tell."""
    c = run.configuration
    names: set[str] = set()
    if any(
        i in attended and len(attended) > 1 and run.targets(k)[i] != run.tokens(k)[i]
        for k, pattern in settled.history[:FIRST_CHANGES]
        for i, attended in enumerate(pattern)
    ):
        names.add("self_ties")
    moves = [not form.rests for form in settled.closed_form]
    for i, attended in enumerate(settled.pattern):
        others = [j for j in attended if j != i]
        if others and not moves[i]:
            names.add("resting_followers")
        if len(attended) > 1 and any(moves[j] for j in others):
            names.add("moving_ties")
        if others and all(moves[j] for j in attended):
            names.add("moving_only")
    if c.hypotheses.hold:
        equilibrium = run.equilibrium
        if "face" in equilibrium.kinds:
            names.add("face_limits")
            keys = zip(run.limits.keys, equilibrium.kinds, strict=True)
            if any(
                times > 1 for times in Counter(x for x, kind in keys if kind == "face").values()
            ):
                names.add("shared_face_limits")
        if equilibrium.rate is not None and equilibrium.rate.degree > 0:
            names.add("resonance")
    return names


def _phenomena_together(made: Settlements, alpha: fmpq) -> dict[str, Flags]:
    """Which of the configurations have a phenomenon; those that a box cannot have are left out."""
    n, _, count = made.tokens.shape
    always = np.ones(count, np.bool_)
    several = made.attends.sum(axis=1) > 1
    others = made.attends & ~np.eye(n, dtype=np.bool_)[..., None]
    led_by = some(others, 1)
    one_moves = some(others & made.moves, 1)
    all_move = every(~made.attends | made.moves, 1)
    face, shared = _faces(made)
    scalars = {
        "small_steps": alpha <= fmpq(1, 20),
        "large_steps": alpha >= 5,
        "one_token": n == 1,
        "crowds": n > SMALL,
    }
    tokens = made.tokens.transpose(2, 0, 1)
    beside = np.array(chosen_together(tokens, alpha, BATCHES_ONE_IN), np.bool_)
    return {
        **{name: always for name, holds in scalars.items() if holds},
        "ties": made.ties,
        "self_ties": made.self_ties,
        "emerging_leaders": some(made.since > 0, 0),
        "resting_followers": some(led_by & ~made.moves, 0),
        "face_limits": face,
        "moving_ties": some(several & one_moves, 0),
        "moving_only": some(led_by & all_move, 0),
        "many_layers": made.layer > n,
        "long_stretches": made.long_stretches,
        "side_by_side": beside & (made.layer <= LAYERS),
        "shared_face_limits": shared,
    }


def _faces(made: Settlements) -> tuple[Flags, Flags]:
    """Which configurations have a limit where no leader stands, and which two at one place."""
    face = ~made.at_leaders
    shared = np.zeros(face.shape[1], np.bool_)
    for i, limit in enumerate(made.limits):
        same = every(np.equal(made.limits[i + 1 :], limit), 1)
        shared |= some(same & face[i + 1 :], 0) & face[i]
    return some(face, 0), shared


def _is_skewed(run: Run) -> bool:
    A = run.configuration.A
    return any(A[i][j] for i in range(len(A)) for j in range(i))


def _has_near_tie(run: Run) -> bool:
    first = run.at(0)
    for row, top in zip(first.products, first.greatest, strict=True):
        near = abs(top)
        for x in row:
            if x != top and (top - x) * NEAR < near:
                return True
    return False
