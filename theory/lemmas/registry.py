"""The registry of the lemmas of `paper_notes.md`, section 2 and after."""

from collections.abc import Callable
from functools import cache

from theory.lemmas.cells import straight_lines, voronoi_cells
from theory.lemmas.layers import (
    acyclic_attention,
    first_leader,
    hulls_shrink,
    leader_invariance,
    means,
    norms_grow,
    separation,
)
from theory.lemmas.lemma import Lemma
from theory.lemmas.limits import (
    frank_wolfe,
    limits_are_feet,
    locked_followers,
    rest_is_a_foot,
    softmax_limit,
)

MAKERS: tuple[Callable[[], Lemma], ...] = (
    means,
    norms_grow,
    hulls_shrink,
    first_leader,
    leader_invariance,
    separation,
    acyclic_attention,
    rest_is_a_foot,
    locked_followers,
    frank_wolfe,
    softmax_limit,
    limits_are_feet,
    voronoi_cells,
    straight_lines,
)
"""A function for each lemma."""


@cache
def lemmas() -> tuple[Lemma, ...]:
    """Every lemma that is proved here, "means" first.

    >>> [lemma.name for lemma in lemmas()][:3]
    ['means', 'norms-grow', 'hulls-shrink']
    >>> all(checked.holds for lemma in lemmas() for checked in lemma.check())
    True
    """
    return tuple(make() for make in MAKERS)


def find(name: str) -> Lemma | None:
    """The lemma of that name, or None."""
    return next((lemma for lemma in lemmas() if lemma.name == name), None)
