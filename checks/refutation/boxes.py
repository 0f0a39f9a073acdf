"""Boxes: small configurations that a search goes through completely, in the order of size."""

from collections.abc import Iterator, Sequence
from itertools import combinations, combinations_with_replacement, permutations, product

from flint import fmpq

from checks.campaigns.enumeration import Box, Point
from checks.refutation.minimisation import SIMPLE_STEPS
from checks.statements.conjectures import Conjecture
from checks.statements.variants import DYNAMICS
from theory import Configuration
from theory.matrices import identity

BOXES = (
    Box(1, 2, 1), Box(2, 1, 1), Box(1, 6, 2), Box(2, 2, 2), Box(1, 6, 3), Box(2, 2, 3),
    Box(3, 1, 3), Box(1, 5, 4), Box(2, 2, 4), Box(3, 1, 4), Box(2, 2, 5),
)  # fmt: skip
"""Boxes that are gone through completely, in the order of size."""

STEPS = {4: 3, 5: 1}
"""Of so many tokens, only the simplest steps are tried; of fewer tokens, all of `SIMPLE_STEPS`."""


def small_configurations(
    conjecture: Conjecture,
) -> Iterator[tuple[str, Iterator[Configuration]]]:
    """The boxes in the order of size: for each box, A and α its name and its configurations."""
    dropped = conjecture.dropped
    for box in BOXES:
        if dropped in ("symmetric", "definite", "strict") and box.tokens > 3:
            return
        name = f"{box.tokens} tokens of {{−{box.radius}…{box.radius}}}^{box.dimension}"
        steps = steps_for(dropped)[: STEPS.get(box.tokens)]
        for A, alpha in product(_matrices(dropped, box.dimension), steps):
            rows = _subsets(box, dropped)
            step = f"α = {alpha}" if uses_alpha(dropped) else "α = ∞"
            yield f"{name} at {step}", (Configuration(x, alpha, A) for x in rows)


def _subsets(box: Box, dropped: str | None) -> Iterator[tuple[Point, ...]]:
    """The tokens of a box's configurations: up to symmetry, with copies, or with a zero."""
    if dropped == "distinct":
        every = combinations_with_replacement(box.points(), box.tokens)
        return (rows for rows in every if len(set(rows)) < len(rows))
    if dropped == "nonzero":
        zero: Point = (0,) * box.dimension
        return ((*rows, zero) for rows in combinations(box.points(), box.tokens - 1))
    if dropped == "averaged ties":  # the order of the tokens counts
        return (rows for some, _ in box.representatives() for rows in permutations(some))
    return (rows for rows, _ in box.representatives())


def _matrices(dropped: str | None, d: int) -> Sequence[Sequence[Sequence[fmpq]]]:
    if dropped not in ("symmetric", "definite", "strict"):
        return [identity(d)]
    entries = sorted(product((0, 1, -1, 2), repeat=d * d), key=lambda x: sum(map(abs, x)))
    return [[[fmpq(x) for x in row[i * d : (i + 1) * d]] for i in range(d)] for row in entries]


def uses_alpha(dropped: str | None) -> bool:
    """Whether the layers of the statement are those of the configuration's α."""
    return DYNAMICS.get(dropped or "", {}).get("alpha", "") is not None


def steps_for(dropped: str | None) -> Sequence[fmpq]:
    if dropped == "negative step":
        return (fmpq(-1, 2), fmpq(-1, 3), fmpq(-2, 3))
    if dropped == "zero step":
        return (fmpq(0),)
    if dropped is not None:
        return (fmpq(1),)
    return SIMPLE_STEPS
