"""The lemmas and the main theorem with exactly one hypothesis dropped.

Each statement speaks of configurations on which the dropped hypothesis fails and the others hold;
each is false, which shows that the theory needs that hypothesis (section 5 of the notes).
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

from flint import fmpq

from checks.run import FIRST_LAYERS, Run
from checks.statements.domains import (
    BACKWARD,
    INDEFINITE,
    REPEATED,
    SINGULAR,
    TIED,
    UNIT_STEP,
    UNSYMMETRIC,
    WITH_ZERO,
    WITHOUT_STEP,
    Domain,
)
from checks.statements.evidence import Evidence, one_layer, settled_run, zero_limit
from checks.statements.layers import (
    acyclic_attention,
    first_leader,
    hulls_shrink,
    leader_invariance,
    norms_grow,
    rest_is_a_foot,
    separation,
)
from checks.statements.registry import OURS, Judge, Statement, declare
from checks.verdicts import Outcome, Verdict, Violation
from theory import FIRST_INDEX, HARDMAX, INFINITE, Dynamics
from theory.hull import in_hull

PARTS: tuple[Statement, ...] = (
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
            return replace(outcome, text=f"{part.name}: {outcome.text}")
    if run.configuration.alpha == 0:
        return _rest_without_a_foot(run)
    for i, limit in enumerate(run.equilibrium.limits):
        if not any(limit) and len(run.equilibrium.polytope) > 1:
            words = "main theorem: a limit is the origin, on no proper face of K"
            sides = f"|s_{run.index(i)}|²", ""
            return Violation(words, None, (i,), fmpq(0), ">", fmpq(0), sides)
    for failure in run.equilibrium.failures:
        return Violation(f"main theorem: {failure}")
    return True


def _rest_without_a_foot(run: Run) -> Outcome:
    gram = run.gram(0)
    for i, row in enumerate(gram):
        if run.tokens(1)[i] == run.tokens(0)[i] and max(row) != row[i]:
            words = "rest-is-a-foot: the token rests for ever, not at the foot of a face"
            sides = f"max_j ⟨z_{run.index(i)}, z_j⟩", f"|z_{run.index(i)}|²"
            return Violation(words, 0, (i,), max(row), "=", row[i], sides)
    return True


def _false(
    name: str,
    statement: str,
    domain: Domain,
    evidence: Evidence | None = None,
    dynamics: Dynamics = HARDMAX,
) -> Callable[[Judge], Statement]:
    return declare(
        name,
        statement,
        domain.assumed,
        OURS,
        Verdict.REFUTED,
        domain=domain,
        evidence=evidence,
        doubted=True,
        dynamics=dynamics,
    )


_BY_LAYER = one_layer([part.name for part in PARTS])

for _name, _domain, _evidence in (
    ("without-distinctness", REPEATED, _BY_LAYER),
    ("without-nonzero-tokens", WITH_ZERO, zero_limit),
    ("without-symmetry", UNSYMMETRIC, _BY_LAYER),
    ("without-definiteness", INDEFINITE, _BY_LAYER),
    ("without-strictness", SINGULAR, _BY_LAYER),
    ("with-negative-step", BACKWARD, _BY_LAYER),
    ("with-zero-step", WITHOUT_STEP, _BY_LAYER),
):
    _words = f"The lemmas and the main theorem hold {_domain.words}."
    _false(_name, _words, _domain, _evidence)(_theorem)


@_false(
    "with-infinite-step",
    r"Lemmas S and I hold in the limit case $\alpha=\infty$, where $z_i'=m_i$: distinct tokens "
    "stay distinct, and a leader goes on leading.",
    UNIT_STEP,
    settled_run,
    INFINITE,
)
def with_infinite_step(run: Run) -> Outcome:
    for k in range(FIRST_LAYERS):
        moved, after = run.tokens(k + 1), run.argmax(k + 1)
        for i, j in combinations(range(len(moved)), 2):
            if moved[i] == moved[j]:
                words = "separation: two tokens meet (squared distance)"
                sides = f"|z_{run.index(i)} − z_{run.index(j)}|²", ""
                return Violation(words, k + 1, (i, j), fmpq(0), ">", fmpq(0), sides)
        for i, attended in enumerate(run.argmax(k)):
            if attended == (i,) and after[i] != (i,):
                return Violation("leader-invariance: the leader no longer leads", k + 1, (i,))
    return True


@_false(
    "with-first-index-ties",
    "Every leader is a vertex of $K$, with ties broken by the first index in place of averaged.",
    TIED,
    settled_run,
    FIRST_INDEX,
)
def with_first_index_ties(run: Run) -> Outcome:
    """Lemmas H, S and I hold here, so that leaders stay where they are, apart, and in K."""
    for k in range(FIRST_LAYERS):
        tokens = run.tokens(k)
        leaders = [i for i, attended in enumerate(run.argmax(k)) if attended == (i,)]
        for i in leaders:
            others = [j for j in leaders if j != i]
            if others and in_hull(tokens[i], [tokens[j] for j in others]):
                words = (
                    "leaders-are-vertices: it leads from this layer on for ever, inside the hull "
                    f"of the other leaders {[*map(run.index, others)]}"
                )
                return Violation(words, k, (i,))
    return True
