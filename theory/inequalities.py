"""Evidence that f(t) > 0 at all times t ≥ 0, for a verifier that searches nothing.

`times` lists the times at which a crude estimate of f begins anew (condition 12 of
`theory/CERTIFICATE.md`), and the precision at which powers are to be bounded.
"""

from math import comb
from typing import Any

from flint import arb, ctx, fmpq

from theory.exact import Undecidable
from theory.exponential import ExponentialPolynomial

MAX_PRECISION = 1 << 16
"""Bits beyond which evidence is given up."""

MAX_TIMES = 100_000
"""Longest list of times for one comparison."""

MAX_TIME = 10**60
"""Bound of the specification on every index, and so on every time."""


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
        evidence = _times(f, precision)
        if evidence is not None:
            return evidence, precision
        precision *= 2
    raise Undecidable(
        f"evidence for an inequality needs over {MAX_PRECISION} bits, or times ≥ {MAX_TIME:.0e}"
    )


def _times(f: ExponentialPolynomial, precision: int) -> list[int] | None:
    estimate = _Estimate(f, precision)
    last = 0
    while not estimate.ends(last):
        last = 2 * last + 1
        if last >= MAX_TIME or 2 * (last.bit_length() + 2) > precision:
            return None
    low = last // 2
    while low < last:
        middle = (low + last) // 2
        if estimate.ends(middle):
            last = middle
        else:
            low = middle + 1
    times = [0]
    while times[-1] < last:
        if len(times) > MAX_TIMES:
            raise Undecidable(f"evidence for an inequality needs more than {MAX_TIMES} times")
        u = times[-1]
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
        times.append(min(low, last))
    return times


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
        # Squaring may double the error of the verifier's powers r^t, and rounding adds a unit of
        # 2^-precision: as long as (4t)² ≤ 2^precision the error is at most 4t units.
        with ctx.workprec(2 * self.precision + 64):
            unit = arb(2) ** -self.precision
            total = arb(0)
            for c, binomial, r, t in parts:
                error = 4 * t * unit
                power = arb(r) ** t
                power = power - error if c > 0 else power + error
                total += arb(c) * arb(binomial) * power
            return bool(total > 0)
