"""Limit cycles: where tokens tend to that tend to no single point.

Tokens of one configuration that come near p points in turn, layer by layer, have a limit on each
class of layers modulo p (section 3.8 of the notes; ours). Two tokens that change places for ever
are the least example: γ = 1, and each attends to the other.
"""

from collections.abc import Sequence
from math import lcm

from theory.beyond.linear import LinearForm, Rows
from theory.beyond.recurrences import thinned
from theory.exponential import ExponentialPolynomial, Form
from theory.matrices import Vector


def limit_cycle(forms: Sequence[Form], period: int = 1) -> tuple[Rows, ...]:
    """Where tokens tend to: those of the times r + s q to entry r of q entries, `period` | q.

    Raises `NoLimit` where they tend to nothing.

    >>> from flint import fmpq
    >>> swap = ExponentialPolynomial.scalar({(fmpq(1), 0): 1, (fmpq(-1), 0): 2})
    >>> limit_cycle([swap])
    (((3,),), ((-1,),))
    """
    cycles = [_cycle(form) for form in forms]
    count = lcm(period, *map(len, cycles))
    return tuple(tuple([cycle[r % len(cycle)] for cycle in cycles]) for r in range(count))


def _cycle(form: Form) -> tuple[Vector, ...]:
    if isinstance(form, LinearForm):
        return tuple([rows[form.token] for rows in form.orbit.limits])
    if isinstance(form, ExponentialPolynomial) and any(r == -1 for r, _, _ in form.terms):
        return tuple([thinned(form, 2, phase).limit() for phase in (0, 1)])
    return (form.limit(),)
