"""From which time on one term outweighs all negative ones: the test of the checker in Coq.

With u_{e,q}(t) = C(t,q) λ^{et} let f(t) = Σ c u_{e,q}(t). Let c_0 > 0 be one of its coefficients,
at (e_0,q_0), and T ≥ q_0. If e ≥ e_0 and (T+1−q_0) λ^{e−e_0} ≤ T+1−q wherever c < 0, then those
terms, divided by u_{e_0,q_0}(t), only fall from T on; so f(t) > 0 for all t ≥ T if at T the term
of c_0 and the negative ones add up to a positive number. What holds at T holds at all later times.
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import comb

from flint import fmpq

from theory.dynamics import locked_rows
from theory.exponential import ExponentialPolynomial
from theory.matrices import Vector
from theory.positivity import is_plainly_positive
from theory.walk import comparisons


def least_start(
    forms: Sequence[ExponentialPolynomial],
    A: Sequence[Vector],
    pattern: tuple[tuple[int, ...], ...],
    lam: fmpq,
    bound: int,
) -> int | None:
    """The least T ≤ `bound` from which on every lead is seen to be positive, or None.

    The closed forms have the bases 1 and λ alone. What passes the sums test needs no T.
    """
    locked = set(locked_rows(pattern))
    free = [i for i in range(len(pattern)) if i not in locked]
    start: int | None = 0
    for i, other, f in comparisons(forms, A, pattern, free):
        if start is not None and other not in pattern[i] and not is_plainly_positive(f):
            start = _least(partial(dominated, f, lam), start, bound)
    return start


def dominated(f: ExponentialPolynomial, lam: fmpq, T: int) -> bool:
    """Whether some term of f outweighs all negative ones at T, and so at every later time.

    >>> f = ExponentialPolynomial.scalar({(fmpq(1), 0): 1, (fmpq(1, 2), 1): -1})
    >>> dominated(f, fmpq(1, 2), 0), dominated(f, fmpq(1, 2), 1)
    (False, True)
    """
    terms = [((fmpq(1), lam, lam * lam).index(r), q, c) for r, q, (c,) in f.terms]
    negative = [term for term in terms if term[2] < 0]
    loss = sum([c * comb(T, q) * lam ** (e * T) for e, q, c in negative], fmpq(0))
    return any(
        c_0 > 0
        and q_0 <= T
        and all(e >= e_0 and (T + 1 - q_0) * lam ** (e - e_0) <= T + 1 - q for e, q, _ in negative)
        and c_0 * comb(T, q_0) * lam ** (e_0 * T) + loss > 0
        for e_0, q_0, c_0 in terms
    )


def _least(holds: Callable[[int], bool], low: int, bound: int) -> int | None:
    """The least T from `low` to `bound` at which a condition holds that goes on holding."""
    step, high = 1, low
    while not holds(high):
        if high >= bound:
            return None
        low, high, step = high + 1, min(high + step, bound), 2 * step
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
