"""The lemmas and the main theorem with exactly one hypothesis dropped.

Each statement speaks of configurations on which the dropped hypothesis fails and the others hold;
each is false, which shows that the theory needs that hypothesis.
"""

from collections.abc import Callable, Sequence
from itertools import combinations

from flint import fmpq

from checks.claims import Claim
from checks.claims.layers import (
    acyclic_attention,
    first_leader,
    hulls_shrink,
    leader_invariance,
    norms_grow,
    rest_is_a_foot,
    separation,
)
from checks.claims.registry import OURS, STANDING, Judge
from checks.conjectures.registry import Conjecture, declare
from checks.run import Run, attend, step
from checks.verdicts import Outcome, Verdict, Violation
from theory import Configuration
from theory.matrices import Vector, as_matrix, is_positive_definite


def _symmetric(A: Sequence[Vector]) -> bool:
    return all(A[i][j] == A[j][i] for i in range(len(A)) for j in range(i))


def _semidefinite(A: Sequence[Vector]) -> bool:
    """Whether the symmetric A is positive semidefinite: all principal minors are ≥ 0."""
    return all(
        as_matrix([tuple(A[i][j] for j in chosen) for i in chosen]).det() >= 0
        for size in range(1, len(A) + 1)
        for chosen in combinations(range(len(A)), size)
    )


def _symmetric_part(A: Sequence[Vector]) -> list[Vector]:
    d = range(len(A))
    return [tuple((A[i][j] + A[j][i]) / 2 for j in d) for i in d]


DROPPED: dict[str, Callable[[Run], bool]] = {
    "distinct": lambda run: not run.configuration.hypotheses.distinct,
    "nonzero": lambda run: not run.configuration.hypotheses.nonzero,
    "symmetric": lambda run: (
        not _symmetric(run.configuration.A)
        and is_positive_definite(_symmetric_part(run.configuration.A))
    ),
    "definite": lambda run: (
        _symmetric(run.configuration.A) and not _semidefinite(run.configuration.A)
    ),
    "strict": lambda run: (
        _symmetric(run.configuration.A)
        and not run.configuration.hypotheses.positive_definite
        and _semidefinite(run.configuration.A)
    ),
    "negative step": lambda run: -1 < run.configuration.alpha < 0,
    "zero step": lambda run: run.configuration.alpha == 0,
    "infinite step": lambda run: run.configuration.alpha == 1,
    "averaged ties": lambda run: run.configuration.alpha == 1,
}
"""When a dropped hypothesis fails. The last two replace the layer; α plays no part there."""

PARTS: tuple[Claim, ...] = (
    first_leader,
    norms_grow,
    leader_invariance,
    separation,
    acyclic_attention,
    rest_is_a_foot,
    hulls_shrink,
)
"""The lemmas that are tried, in this order, before the main theorem."""


def _theorem(run: Run) -> Outcome:
    """The lemmas, then the main theorem, without asking for their hypotheses."""
    for part in PARTS:
        outcome = part.judge(run)
        if isinstance(outcome, Violation):
            return Violation(
                f"{part.name}: {outcome.text}",
                outcome.layer,
                outcome.tokens,
                outcome.left,
                outcome.relation,
                outcome.right,
            )
    if run.configuration.alpha == 0:
        return _rest_without_a_foot(run)
    for i, limit in enumerate(run.equilibrium.limits):
        if not any(limit) and len(run.equilibrium.polytope) > 1:
            words = "main theorem: a limit is the origin, on no proper face of K"
            return Violation(words, None, (i,), fmpq(0), ">", fmpq(0))
    for failure in run.equilibrium.failures:
        return Violation(f"main theorem: {failure}")
    return True


def _rest_without_a_foot(run: Run) -> Outcome:
    gram = run.gram(0)
    for i, row in enumerate(gram):
        if run.tokens(1)[i] == run.tokens(0)[i] and max(row) != row[i]:
            words = "rest-is-a-foot: the token rests for ever, not at the foot of a face"
            return Violation(words, 0, (i,), max(row), "=", row[i])
    return True


def _dropping(
    name: str, statement: str, dropped: str, hypotheses: tuple[str, ...]
) -> Callable[[Judge], Conjecture]:
    return declare(
        name,
        statement,
        hypotheses,
        OURS,
        Verdict.REFUTED,
        dropped=dropped,
        fails=DROPPED[dropped],
        keep_copies=dropped == "distinct",
    )


def _without(*names: str) -> tuple[str, ...]:
    return tuple(x for x in STANDING if x not in names)


_THEOREM = "The lemmas and the main theorem hold"

for _name, _words, _dropped, _hypotheses in (
    ("without-distinctness", "with repeated tokens kept apart", "distinct", _without("distinct")),
    ("without-nonzero-tokens", "with a zero token", "nonzero", _without("nonzero")),
    (
        "without-symmetry",
        r"for $A\ne A^\top$ with positive definite symmetric part",
        "symmetric",
        _without("positive_definite"),
    ),
    (
        "without-definiteness",
        "for symmetric indefinite $A$",
        "definite",
        _without("positive_definite"),
    ),
    (
        "without-strictness",
        "for singular positive semidefinite $A$",
        "strict",
        _without("positive_definite"),
    ),
    ("with-negative-step", r"for $-1<\alpha<0$", "negative step", _without("positive_step")),
    ("with-zero-step", r"for $\alpha=0$", "zero step", _without("positive_step")),
):
    _dropping(_name, f"{_THEOREM} {_words}.", _dropped, _hypotheses)(_theorem)


@_dropping(
    "with-infinite-step",
    f"{_THEOREM} in the limit case $\\alpha=\\infty$, where $z_i'=m_i$.",
    "infinite step",
    STANDING,
)
def with_infinite_step(run: Run) -> Outcome:
    tokens = run.tokens(0)
    pattern = attend(run.configuration, tokens)
    moved = run.targets(0)
    for i, j in combinations(range(len(tokens)), 2):
        if moved[i] == moved[j]:
            return Violation("separation: two tokens meet", 1, (i, j), fmpq(0), ">", fmpq(0))
    after = attend(run.configuration, moved)
    for i, attended in enumerate(pattern):
        if attended == (i,) and after[i] != (i,):
            return Violation("leader-invariance: the leader no longer leads", 1, (i,))
    return True


@_dropping(
    "with-first-index-ties",
    f"{_THEOREM} with ties broken by the first index in place of averaged; among them that "
    "permuting tokens permutes the layer.",
    "averaged ties",
    STANDING,
)
def with_first_index_ties(run: Run) -> Outcome:
    c = run.configuration
    order = list(reversed(range(c.size)))
    turned = Configuration([c.tokens[i] for i in order], c.alpha, c.A)

    def first(configuration: Configuration) -> tuple[Vector, ...]:
        pattern = attend(configuration, configuration.tokens)
        return step(configuration, configuration.tokens, tuple(x[:1] for x in pattern))

    one, other = first(c), first(turned)
    for place, i in enumerate(order):
        for x, y in zip(one[i], other[place], strict=True):
            if x != y:
                words = "permutation-symmetry: in reversed order the token moves elsewhere"
                return Violation(words, 1, (i,), x, "=", y)
    return True
