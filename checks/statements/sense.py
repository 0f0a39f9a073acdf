"""Which statements make sense under which kind of dynamics, and how they are held under it.

Under a kind a statement is asked of the kind's configurations, moved by its dynamics, and assumes
of (H) what the kind does not lack. It does not apply where it speaks of what the dynamics does not
have, such as λ where the pull changes (`reason`).

>>> from checks.statements.kinds import find_kind
>>> from checks.statements.registry import find
>>> held = under(find("norms-grow"), find_kind("negative-definite"))
>>> held.key, held.hypotheses
('negative-definite:norms-grow', ('positive_step',))
>>> reason(find("one-base"), find_kind("schedule"))
'it speaks of one λ, and the pull is no constant between 0 and 1'
"""

from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

from checks.statements.domains import Domain
from checks.statements.kinds import Kind, is_flat, is_indefinite, is_negative, is_twisted
from checks.statements.registry import Statement, find
from checks.statements.spread import (
    AROUND_THE_ORIGIN,
    FLAT,
    INVERTIBLE,
    NEGATIVE,
    NEGATIVE_SEMIDEFINITE,
    POSITIVE_SEMIDEFINITE,
    SLOW,
)
from checks.statements.users import recalled
from theory import HARDMAX, Dynamics
from theory.rules import Masked
from theory.scores import OwnMatrix
from theory.steps import Partway, Valued

INSTRUMENTS = frozenset({
    "binary64-agrees-while-it-attends-alike", "softmax-limit", "paths-agree", "side-by-side",
    "signs-are-those-of-values", "hulls-tell-sides", "the-filter-is-within-its-bounds",
})  # fmt: skip
"""About floating point, softmax, and instruments that know the theory's own dynamics alone."""

GEOMETRY = frozenset({
    "voronoi-cells", "polytope-condition", "polytope-condition-corrected",
})  # fmt: skip
"""About points and matrices, whatever moves the tokens."""

PROGRAM = frozenset({
    "attention-is-argmax", "layer-is-the-definition", "answers-need-no-hypothesis",
    "clusters-are-limits", "closed-form",
})  # fmt: skip
"""About whether the program does what the definitions say: no finding about a dynamics."""

ONE_LAMBDA = frozenset({
    "one-base", "resonance-iff-no-leader", "mass-contraction",
    "geometric-convergence", "resonance-is-orthogonal", "nothing-balanced-beyond", "greedy-choice",
    "degree-bound", "geometric-rate", "linear-contraction",
})  # fmt: skip
"""They speak of one λ = 1 − γ, with 0 < λ < 1."""

ONE_ALPHA = frozenset({
    "pattern-independent-of-step", "leaders-independent-of-alpha", "limits-independent-of-alpha",
})  # fmt: skip
"""They speak of other steps α."""

ONE_NUMBER = frozenset({
    "separation", "locked-followers", "frank-wolfe", "tie-step-bound", "moving-self-ties",
    "duality-gap", "exp-fast-polytope",
})  # fmt: skip
"""They speak of a pull γ that is a number."""

ONE_MATRIX = frozenset({
    "coordinate-symmetry", "scaling-symmetry", "limits-keep-attention", "leaders-are-vertices",
    "limits-are-feet", "capture", "balanced-attention", "pattern-independent-of-step",
})  # fmt: skip
"""They speak of one A."""

ONE_FORM = frozenset({
    "one-base", "resonance-iff-no-leader", "resonance-is-orthogonal", "degree-bound",
    "nothing-balanced-beyond", "greedy-choice", "geometric-rate",
})  # fmt: skip
"""They speak of the closed form of a settled run."""

NEGATIVES = (AROUND_THE_ORIGIN, NEGATIVE, NEGATIVE_SEMIDEFINITE, FLAT, SLOW)
"""Domains in which A is negative definite or semidefinite."""

Reference: TypeAlias = str | tuple[str, str | None, Kind]
"""What another process finds a statement by."""


def reason(statement: Statement, kind: Kind) -> str | None:
    """Why the statement does not apply under the kind, or None if it does."""
    name, dynamics = statement.name, kind.typical
    own = statement.dynamics if statement.dynamics != HARDMAX else None
    if own is not None and own != kind.dynamics:
        return "it is about another dynamics"
    other = not set(statement.domain.drops) <= set(kind.drops)
    if other or _is_elsewhere(statement.domain, kind):
        return f"it is about configurations {statement.domain.words}"
    if dynamics == HARDMAX and kind.derived is None and not kind.drops:
        return None
    if name in INSTRUMENTS:
        return "it is about instruments that know no other dynamics"
    if name in GEOMETRY:
        return "it says nothing of layers"
    if name in ONE_LAMBDA and not isinstance(dynamics.step, Partway):
        return "it speaks of one λ, and the pull is no constant between 0 and 1"
    if name in ONE_ALPHA and not isinstance(dynamics.step, Partway):
        return "it speaks of steps α, and there is none"
    if name in ONE_NUMBER and _is_valued(dynamics):
        return "it speaks of a pull that is a number, and it is a matrix"
    if name == "separation" and kind.suits is is_twisted:
        return "its identity wants a symmetric A"
    if name == "merging-commutes" and isinstance(dynamics.candidates, Masked):
        return "the mask is one for so many tokens"
    if name in ONE_MATRIX and not isinstance(dynamics.scores, OwnMatrix):
        return "it speaks of one A, and there are several"
    if name in ONE_FORM and not isinstance(dynamics.scores, OwnMatrix):
        return "it speaks of one closed form, and there is one for each layer of a turn"
    return None


def _is_elsewhere(domain: Domain, kind: Kind) -> bool:
    """Whether the matrices of the domain and those of the kind have none in common."""
    if domain in NEGATIVES:
        return kind.suits is not is_negative
    if domain == POSITIVE_SEMIDEFINITE:
        return kind.suits in (is_negative, is_indefinite, is_twisted)
    return domain == INVERTIBLE and kind.suits is is_flat


def _is_valued(dynamics: Dynamics) -> bool:
    steps = getattr(dynamics.step, "steps", (dynamics.step,))
    return any(isinstance(step, Valued) for step in steps)


def under(statement: Statement, kind: Kind) -> Statement:
    """The statement as it is held under the kind."""
    return replace(
        statement,
        hypotheses=tuple(name for name in statement.hypotheses if name not in kind.drops),
        dynamics=kind.typical,
        domain=kind.domain(statement.domain),
        kind=kind,
    )


def reference(statement: Statement) -> Reference:
    """What `recall` finds it by in another process."""
    if statement.kind is None:
        return statement.name
    origin = statement.origin
    return statement.name, None if origin is None else str(origin.path), statement.kind


def recall(told: Reference) -> Statement:
    """The statement of a reference, made in another process."""
    return find(told) if isinstance(told, str) else _under(*told)


@lru_cache(maxsize=4096)
def _under(name: str, file: str | None, kind: Kind) -> Statement:
    return under(recalled(name, file), kind)
