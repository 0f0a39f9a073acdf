"""Which statements are proved under which kinds of dynamics, and in which section of the notes.

`THEORY` is what the notes prove under the theory's own dynamics, and `ELSEWHERE` what they prove
under others: mostly by the same proof, where it asks for nothing that the other dynamics lacks.
"""

from collections.abc import Mapping

THEORY: Mapping[str, str] = {
    "norms-grow": "N",
    "hulls-shrink": "H",
    "first-leader": "F",
    "leader-invariance": "I",
    "separation": "S",
    "acyclic-attention": "G",
    "rest-is-a-foot": "E",
    "locked-followers": "R",
    "frank-wolfe": "FW",
    "permutation-symmetry": "Symmetries",
    "scaling-symmetry": "Symmetries",
    "coordinate-symmetry": "Symmetries",
    "pattern-independent-of-step": "Symmetries",
    "merging-commutes": "6",
    "settled-pattern-is-constant": "3.2",
    "limits-keep-attention": "3.4",
    "leaders-are-vertices": "7",
    "limits-are-feet": "7.5",
    "polytope-in-every-hull": "7.4",
    "mass-contraction": "7.1",
    "capture": "7.6",
    "own-attention-rests": "8.1",
    "one-base": "8.2",
    "single-attention-is-a-leader": "8.3",
    "resonance-iff-no-leader": "8.4",
    "balanced-attention": "11.10",
    "geometric-convergence": "11.3",
    "tie-step-bound": "11.10",
    "resonance-is-orthogonal": "11.10",
    "nothing-balanced-beyond": "11.10",
    "greedy-choice": "11.10",
    "no-attention-within-a-limit": "11.10",
    "degree-bound": "11.10",
    "vertex-followers-lock": "11.4",
    "moving-self-ties": "11.10",
    "voronoi-cells": "12.3",
    "exp-fast-polytope": "12.3",
    "straight-lines": "12.3",
    "polytope-condition-corrected": "12.3",
    "hull-decreases": "H",
    "layers-keep-tokens-distinct": "S",
    "single-leader": "12.4",
    "duality-gap": "12.5",
}
"""By the name of the statement, the section."""

MATRICES = ("negative-definite", "indefinite", "semidefinite", "unsymmetric")
PULLS = ("schedule", "summable", "alpha-infinite", "frank-wolfe")


def _in(section: str, *kinds: str) -> dict[str, str]:
    return dict.fromkeys(kinds, section)


_LAYERS = _in("12.6", "first-index", "summable")
_AT_REST = _LAYERS | _in("12.6", "schedule", "alpha-infinite")
_HULLS = _in("H", *MATRICES) | _in("12.6", *PULLS, "first-index", "causal", "window", "alternating")
_RENAMED = _in("Symmetries", *MATRICES) | _in("12.6", *PULLS)
_CARRIED = _RENAMED | _in("12.6", "first-index", "causal", "window")
_EACH_DEFINITE = _in("12.6", "alternating")
_GATHERED = _in("12.2", "negative-definite", "frank-wolfe")

ELSEWHERE: Mapping[str, Mapping[str, str]] = {
    "norms-grow": _AT_REST | _in("12.6", "causal", "window", "alternating"),
    "hulls-shrink": _HULLS,
    "hull-decreases": _HULLS,
    "first-leader": _LAYERS | _in("12.6", "causal", "window"),
    "leader-invariance": _LAYERS | _in("I", *MATRICES) | _in("12.6", "causal"),
    "separation": _LAYERS | _EACH_DEFINITE | _in("12.6", "semidefinite"),
    "acyclic-attention": _LAYERS | _EACH_DEFINITE,
    "rest-is-a-foot": _AT_REST | _EACH_DEFINITE,
    "locked-followers": _LAYERS | _in("R", *MATRICES),
    "frank-wolfe": _LAYERS | _EACH_DEFINITE,
    "permutation-symmetry": _RENAMED | _in("12.6", "alternating"),
    "scaling-symmetry": _CARRIED,
    "coordinate-symmetry": _CARRIED,
    "pattern-independent-of-step": _in("Symmetries", *MATRICES)
    | _in("12.6", "first-index", "causal", "window"),
    "merging-commutes": _in("6", *MATRICES) | _in("12.6", *PULLS, "alternating"),
    "one-cluster": _GATHERED,
    "one-cluster-semidefinite": _GATHERED,
    "linear-contraction": _in("12.2", "negative-definite"),
    "straight-lines": _in("12.3", "schedule", "summable", "alpha-infinite"),
    "layers-keep-tokens-distinct": _LAYERS | _in("12.6", "unsymmetric"),
    "single-leader": _in("12.4", *MATRICES, *PULLS)
    | _in("12.4", "causal", "window", "first-index", "alternating"),
    "duality-gap": _in("12.5", "semidefinite", "summable"),
    "fw-cluster-corrected": _in("12.2", "frank-wolfe"),
    "gathering-rate": _in("12.2", "frank-wolfe"),
}
"""By the name of the statement and that of the kind, the section."""


def proof_of(statement: str, kind: str) -> str | None:
    """The section of the notes that proves the statement under a kind, or None.

    >>> proof_of("norms-grow", "hardmax"), proof_of("settling", "hardmax")
    ('N', None)
    """
    if kind == "hardmax":
        return THEORY.get(statement)
    return ELSEWHERE.get(statement, {}).get(kind)
