"""Boxes: small configurations that a search goes through completely, in the order of size."""

from collections.abc import Iterable, Iterator
from itertools import permutations, product

from flint import fmpq

from checks.boxes import Box
from checks.statements import Statement
from checks.statements.domains import Matrix, Points
from theory import Configuration, Dynamics

BOXES = (
    Box(1, 2, 1), Box(2, 1, 1), Box(1, 6, 2), Box(2, 2, 2), Box(1, 6, 3), Box(2, 2, 3),
    Box(3, 1, 3), Box(1, 5, 4), Box(2, 2, 4), Box(3, 1, 4), Box(2, 2, 5),
)  # fmt: skip
"""Boxes that are gone through completely, in the order of size."""

STEPS = {4: 3, 5: 1}
"""Of so many tokens, only the simplest steps are tried; of fewer tokens, all of the domain's."""


def small_configurations(statement: Statement) -> Iterator[tuple[str, Iterator[Configuration]]]:
    """The boxes in the order of size: for each box, A and α its name and its configurations."""
    domain = statement.domain
    for box in BOXES:
        if domain.most_tokens is not None and box.tokens > domain.most_tokens:
            return
        name = f"{box.tokens} tokens of {{−{box.radius}…{box.radius}}}^{box.dimension}"
        steps = domain.steps[: STEPS.get(box.tokens) if uses_alpha(statement.dynamics) else 1]
        for A, alpha in product(domain.matrices(box.dimension), steps):
            step = _step(statement.dynamics, alpha)
            some = _configurations(_sets(statement, box), alpha, A)
            yield f"{name}{step}", filter(statement.fits, some)


def _step(dynamics: Dynamics, alpha: fmpq) -> str:
    """With which step, in words: that of the configuration, or that of the dynamics."""
    if uses_alpha(dynamics):
        return f" at α = {alpha}"
    gamma = dynamics.keys.get("gamma")
    return "" if gamma is None else " at α = ∞" if gamma == "1" else f" at γ_k = {gamma}"


def _sets(statement: Statement, box: Box) -> Iterator[Points]:
    """The tokens of a box's configurations, in every order where that counts."""
    sets = statement.domain.tokens(box)
    if not statement.dynamics.ordered:
        return sets
    return (rows for some in sets for rows in dict.fromkeys(permutations(some)))


def _configurations(sets: Iterable[Points], alpha: fmpq, A: Matrix) -> Iterator[Configuration]:
    return (Configuration(rows, alpha, A) for rows in sets)


def uses_alpha(dynamics: Dynamics) -> bool:
    """Whether the layers are those of the configuration's α."""
    return "alpha" not in dynamics.keys
