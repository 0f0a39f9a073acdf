"""Certificates: what a settled run says, written so that others can check it without trusting us.

`certificate` turns a settled run into the JSON object that `theory/CERTIFICATE.md` specifies. An
independent verifier (`checks/verifier.py`) checks it with nothing but that specification. Nothing
of the problem is left out: tokens, A, α and multiplicities stand in the certificate, with their
SHA-256.

The only evidence that takes thought is that of condition 12, f(t) > 0 for all t ≥ 0: `times` lists
the times at which a crude estimate of f begins anew, so that the verifier searches nothing.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from math import comb
from typing import Any

from flint import arb, ctx, fmpq

from theory.configuration import Configuration
from theory.dynamics import locked_rows
from theory.exact import HardmaxError, Undecidable, text
from theory.exponential import ExponentialPolynomial
from theory.positivity import is_plainly_positive
from theory.settling import Settled, comparisons

MAX_PRECISION = 1 << 16
"""Bits beyond which evidence is given up."""

MAX_TIMES = 100_000
"""Longest list of times for one comparison."""


def certificate(settled: Settled) -> dict[str, Any]:
    """The certificate of a settled run, as the JSON object of the specification.

    Repeated tokens have to be merged first (`Configuration.merged`).

    Raises `HardmaxError` where α ≤ 0 or tokens are repeated, which certificates do not cover, and
    `Undecidable` where the evidence for an inequality would be too long.

    >>> from theory import settle
    >>> made = certificate(settle(Configuration([[2, 2], [-2, 2], [0, 1]], alpha=1)))
    >>> made["claim"]["settled_layer"], made["claim"]["limits"][2]
    (0, ['0', '2'])
    """
    configuration = settled.configuration
    if configuration.alpha <= 0:
        raise HardmaxError(f"alpha = {configuration.alpha}: certificates want a positive step")
    if not configuration.hypotheses.distinct:
        raise HardmaxError("repeated tokens: merge them before asking for a certificate")
    stated = problem(configuration)
    locked = set(locked_rows(settled.pattern))
    moving = [i for i in range(configuration.size) if i not in locked]
    first = {
        i: next(k for k, pattern in settled.history if pattern[i] == (i,))
        for i, attended in enumerate(settled.pattern)
        if attended == (i,)
    }
    return {
        "format": "hardmax-certificate",
        "version": 1,
        "kind": "settling",
        "problem": stated,
        "sha256": digest(stated),
        "claim": {
            "settled_layer": settled.layer,
            "leaders": [{"token": i, "since_layer": k} for i, k in first.items()],
            "limits": [_row(form.limit()) for form in settled.closed_form],
        },
        "evidence": {
            "patterns": [
                {"from": k, "attention": [list(attended) for attended in pattern]}
                for k, pattern in settled.history
            ],
            "closed_forms": [_form(i, settled.closed_form[i]) for i in moving],
            "leads": _leads(settled, moving),
        },
    }


def problem(configuration: Configuration) -> dict[str, Any]:
    """The problem as certificates state it: every number as text in lowest terms."""
    return {
        "tokens": [_row(row) for row in configuration.tokens],
        "A": [_row(row) for row in configuration.A],
        "alpha": text(configuration.alpha),
        "multiplicities": list(configuration.multiplicities),
    }


def digest(stated: dict[str, Any]) -> str:
    """The SHA-256 of a problem's canonical form: sorted keys, no spaces, ASCII."""
    canonical = json.dumps(stated, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def times(f: ExponentialPolynomial) -> tuple[list[int], int]:
    """Evidence that f(t) > 0 for all integers t ≥ 0: the list of times, and the precision in bits.

    Divided by the base of its dominant term, f = Σ c C(t,q) ρ^t with 0 < ρ ≤ 1. On u ≤ t ≤ v

        f ≥ Σ_{c>0} c C(u,q) ρ^v + Σ_{c<0} c C(v,q) ρ^u,

    and from the last time T on f is positive because its negative terms, divided by the dominant
    one, only fall. Each stretch is taken as long as the estimate allows, by doubling and bisection.

    f has to be positive at all t ≥ 0. Raises `Undecidable` where the evidence grows too long.

    >>> times(ExponentialPolynomial.scalar({(fmpq(1), 0): 1, (fmpq(1, 2), 0): -1 * fmpq(3, 4)}))
    ([0], 64)
    """
    precision = 64
    while precision <= MAX_PRECISION:
        found = _times(f, precision)
        if found is not None:
            return found, precision
        precision *= 2
    raise Undecidable(f"evidence for an inequality needs more than {MAX_PRECISION} bits")


def _times(f: ExponentialPolynomial, precision: int) -> list[int] | None:
    estimate = _Estimate(f, precision)
    last = 0
    while not estimate.ends(last):
        last = 2 * last + 1
        if last.bit_length() > precision:
            return None
    low = last // 2
    while low < last:
        middle = (low + last) // 2
        if estimate.ends(middle):
            last = middle
        else:
            low = middle + 1
    found = [0]
    while found[-1] < last:
        if len(found) > MAX_TIMES:
            raise Undecidable(f"evidence for an inequality needs more than {MAX_TIMES} times")
        u = found[-1]
        if not estimate.holds(u, u):
            return None
        reach = 1
        while u + reach < last and estimate.holds(u, min(u + 2 * reach, last) - 1):
            reach *= 2
        low, high = u + reach, min(u + 2 * reach, last)
        while low < high:
            middle = (low + high + 1) // 2
            if estimate.holds(u, middle - 1):
                low = middle
            else:
                high = middle - 1
        found.append(min(low, last))
    return found


class _Estimate:
    """The verifier's estimates, made with room to spare for its coarser arithmetic."""

    def __init__(self, f: ExponentialPolynomial, precision: int) -> None:
        top = f.terms[0].base
        self.terms = [(r / top, q, c) for r, q, (c,) in f.terms]
        self.precision = precision

    def holds(self, u: int, v: int) -> bool:
        """Whether the estimate on u ≤ t ≤ v is positive."""
        return self._positive(
            (c, comb(u, q), r, v) if c > 0 else (c, comb(v, q), r, u) for r, q, c in self.terms
        )

    def ends(self, T: int) -> bool:
        """Whether T may be the last time."""
        (_, degree, dominant), *_ = self.terms
        falling = all(r == 1 or (T + 1) * (1 - r) >= q for r, q, c in self.terms if c < 0)
        if T < degree or not falling:
            return False
        negative = [(c, comb(T, q), r, T) for r, q, c in self.terms if c < 0]
        return self._positive([(dominant, comb(T, degree), fmpq(1), 0), *negative])

    def _positive(self, parts: Any) -> bool:
        # The verifier's powers r^t carry at most 4·bits(t)+4 units of 2^-precision of error.
        with ctx.workprec(2 * self.precision + 64):
            unit = arb(2) ** -self.precision
            total = arb(0)
            for c, binomial, r, t in parts:
                error = (4 * t.bit_length() + 4) * unit
                power = arb(r) ** t
                power = power - error if c > 0 else power + error
                total += arb(c) * arb(binomial) * power
            return bool(total > 0)


def _leads(settled: Settled, moving: Sequence[int]) -> list[dict[str, Any]]:
    found = []
    A, pattern = settled.configuration.A, settled.pattern
    for i, other, f in comparisons(settled.closed_form, A, pattern, moving):
        if other not in pattern[i] and not is_plainly_positive(f):
            marks, precision = times(f)
            found.append({"token": i, "other": other, "times": marks, "precision": precision})
    return found


def _form(i: int, form: ExponentialPolynomial) -> dict[str, Any]:
    terms = [{"base": text(r), "degree": p, "coefficient": _row(row)} for r, p, row in form.terms]
    return {"token": i, "terms": terms}


def _row(row: Sequence[fmpq]) -> list[str]:
    return [text(x) for x in row]
