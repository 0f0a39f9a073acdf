"""How certificates state a problem: every number as text in lowest terms.

`problem` is what `theory/CERTIFICATE.md` calls so: of version 1 for `HARDMAX`, else of version 2.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from math import lcm
from typing import Any

from flint import fmpq

from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics
from theory.exact import HardmaxError, Undecidable, shown, text
from theory.exponential import ExponentialPolynomial
from theory.rules import Averaged, Everyone, FirstIndex
from theory.steps import InTurn, Scheduled

MAX_CHARACTERS = 50_000
"""Bound of the specification on one number."""


def problem(
    configuration: Configuration, dynamics: Dynamics = HARDMAX, version: int | None = None
) -> dict[str, Any]:
    """The problem as certificates state it: every number as text in lowest terms.

    Of version 1 for `HARDMAX`, unless version 2 is asked for, and of version 2 for others.

    Raises `HardmaxError` for layers that come to an end, and for rules that are none of ours.
    """
    tokens = [as_row(x) for x in configuration.tokens]
    weights = list(configuration.multiplicities)
    if dynamics != HARDMAX or version == 2:
        return {
            "tokens": tokens,
            "multiplicities": weights,
            "dynamics": _stated(configuration, dynamics),
        }
    return {
        "tokens": tokens,
        "A": [as_row(x) for x in configuration.A],
        "alpha": as_text(configuration.alpha),
        "multiplicities": weights,
    }


def _stated(c: Configuration, dynamics: Dynamics) -> dict[str, Any]:
    """The layers, candidates and ties of version 2."""
    ties = {Averaged: "averaged", FirstIndex: "first"}.get(type(dynamics.ties))
    if ties is None or type(dynamics) is not Dynamics:
        raise HardmaxError(f"{shown(dynamics)}: certificates cannot state it")
    if dynamics.ends is not None:
        raise HardmaxError("certificates are of layers without end")
    steps = dynamics.step.steps if isinstance(dynamics.step, InTurn) else (dynamics.step,)
    layers = []
    for k in range(lcm(len(steps), dynamics.scores.period or 1)):
        step, P, above, below = steps[k % len(steps)], list[list[str]](), ["1"], ["1"]
        if isinstance(step, Scheduled):
            above, below = ([*map(str, x)] or ["0"] for x in (step.gamma.above, step.gamma.below))
        elif isinstance(pull := step.pull(c, k), fmpq):
            above = [as_text(pull)]
        else:
            P = [as_row(x) for x in pull.table()]
        A = [as_row(x) for x in dynamics.matrix(c, k)]
        layers.append({"A": A, "P": P, "numerator": above, "denominator": below})
    every = isinstance(dynamics.candidates, Everyone)
    candidates = [] if every else [[*dynamics.candidates.of(i, c.size)] for i in range(c.size)]
    return {"layers": layers, "candidates": candidates, "ties": ties}


def digest(stated: dict[str, Any]) -> str:
    """The SHA-256 of a problem's canonical form: sorted keys, no spaces, ASCII."""
    canonical = json.dumps(stated, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def as_terms(form: ExponentialPolynomial) -> list[dict[str, Any]]:
    """A closed form."""
    return [{"base": as_text(r), "degree": p, "coefficient": as_row(c)} for r, p, c in form.terms]


def as_row(row: Sequence[fmpq]) -> list[str]:
    """A vector."""
    return [as_text(x) for x in row]


def as_text(value: fmpq) -> str:
    """A number. Raises `Undecidable` for one that is too long."""
    words = text(value)
    if len(words) > MAX_CHARACTERS:
        raise Undecidable(f"a number of {len(words)} characters is too long for a certificate")
    return words
