"""The lemmas and the main theorem with exactly one hypothesis dropped.

Each statement speaks of configurations on which the dropped hypothesis fails and the others hold;
each is false, which shows that the theory needs that hypothesis.
"""

from collections.abc import Callable, Sequence
from itertools import combinations

from flint import fmpq

from checks.run import FIRST_LAYERS, Run
from checks.statements import Claim
from checks.statements.conjectures.registry import Conjecture, declare
from checks.statements.layers import (
    acyclic_attention,
    first_leader,
    hulls_shrink,
    leader_invariance,
    norms_grow,
    rest_is_a_foot,
    separation,
)
from checks.statements.registry import OURS, STANDING, Judge
from checks.statements.variants import Variant
from checks.verdicts import Outcome, Verdict, Violation
from theory.hull import in_hull
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
    "averaged ties": lambda run: any(
        len(tied) > 1
        for k in range(FIRST_LAYERS)
        for tied in Variant(run.configuration, "averaged ties").contest(k)
    ),
}
"""When a dropped hypothesis fails. The last two replace the layer (`checks.statements.variants`): a
configuration with α = 1 stands for the one with α = ∞, and a tie has to occur."""

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
    r"Lemmas S and I hold in the limit case $\alpha=\infty$, where $z_i'=m_i$: distinct tokens "
    "stay distinct, and a leader goes on leading.",
    "infinite step",
    STANDING,
)
def with_infinite_step(run: Run) -> Outcome:
    layers = Variant(run.configuration, "infinite step")
    for k in range(FIRST_LAYERS):
        moved, after = layers.tokens(k + 1), layers.pattern(k + 1)
        for i, j in combinations(range(len(moved)), 2):
            if moved[i] == moved[j]:
                words = "separation: two tokens meet (squared distance)"
                return Violation(words, k + 1, (i, j), fmpq(0), ">", fmpq(0))
        for i, attended in enumerate(layers.pattern(k)):
            if attended == (i,) and after[i] != (i,):
                return Violation("leader-invariance: the leader no longer leads", k + 1, (i,))
    return True


@_dropping(
    "with-first-index-ties",
    "Every leader is a vertex of $K$, with ties broken by the first index in place of averaged.",
    "averaged ties",
    STANDING,
)
def with_first_index_ties(run: Run) -> Outcome:
    """Lemmas H, S and I hold here, so that leaders stay where they are, apart, and in K."""
    layers = Variant(run.configuration, "averaged ties")
    for k in range(FIRST_LAYERS):
        tokens = layers.tokens(k)
        leaders = [i for i, attended in enumerate(layers.pattern(k)) if attended == (i,)]
        for i in leaders:
            others = [j for j in leaders if j != i]
            if others and in_hull(tokens[i], [tokens[j] for j in others]):
                words = (
                    "leaders-are-vertices: it leads from this layer on for ever, inside the hull "
                    f"of the other leaders {others}"
                )
                return Violation(words, k, (i,))
    return True
