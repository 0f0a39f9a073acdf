"""How long a pattern stands under a schedule of pulls: exactly, or for ever.

With the closed forms of `theory.scheduled` every f_il(k) = ⟨z_i, z_j − z_l⟩ is a sum of products of
two c_{λj} with rational coefficients. c_{λj} is the product P_λ times a polynomial in sums over the
layers, which are written with independent ones (`theory.sums`), so that f is a sum of
hypergeometric terms: `theory.hypergeometric` tells its signs at all layers. Where 1 − (1−λ)γ is
negative, P_λ changes its sign from layer to layer; even and odd layers are then looked at apart
(section 3.9 of the notes; ours).
"""

from collections.abc import Sequence
from itertools import combinations_with_replacement

from flint import fmpq

from theory.configuration import Configuration
from theory.dynamics import Dynamics, Pattern
from theory.hypergeometric import Term, collected, runs
from theory.kept import Kept, elementary, power_summands
from theory.matrices import as_matrix
from theory.products import ONE
from theory.quotients import Quotient
from theory.rules import Signs
from theory.scheduled import Course
from theory.sums import Polynomial, Sum, independent


def first_departure(
    configuration: Configuration, dynamics: Dynamics, course: Course, pattern: Pattern
) -> int | None:
    """The first layer ≥ course.steady at which the course contradicts its pattern, or None."""
    since, size = course.steady, configuration.size
    locked = set(dynamics.locked(configuration, pattern, since))
    rows = [i for i in range(size) if i not in locked]
    if not rows:
        return None
    A = as_matrix(dynamics.matrix(configuration, since))
    tables = [as_matrix(part) for _, part in course.terms]
    asking = [as_matrix([part[i] for i in rows]) * A for _, part in course.terms]
    basis = Basis(course)
    grams = []
    for a, b in basis.pairs:
        gram = asking[a] * tables[b].transpose()
        if a != b:
            gram += asking[b] * tables[a].transpose()
        grams.append(gram.tolist())
    changes: dict[tuple[tuple[fmpq, ...], Signs], int | None] = {}
    for place, i in enumerate(rows):
        attended = pattern[i]
        for other in dynamics.candidates.of(i, size):
            if other == attended[0]:
                continue
            f = tuple([gram[place][attended[0]] - gram[place][other] for gram in grams])
            wanted = dynamics.ties.wanted(other, attended)
            if (f, wanted) not in changes:
                changes[f, wanted] = basis.first_unwanted(f, wanted)
    return min([change for change in changes.values() if change is not None], default=None)


class Basis:
    """The products of two c_{λj} of a course, as terms whose sums have signs.

    `pairs` has their places among the course's terms.
    """

    def __init__(self, course: Course) -> None:
        self.since = course.steady
        kept = [c for c, _ in course.terms]
        self.sums, factors = _written(kept, self.since)
        self.pairs = list(combinations_with_replacement(range(len(kept)), 2))
        alternate = [c.product.alternates for c in kept]
        self.alternate = [alternate[a] != alternate[b] for a, b in self.pairs]
        sizes = [-c.product.ratio if c.product.alternates else c.product.ratio for c in kept]
        self.terms = [
            collected(
                [
                    Term(C, sizes[a] * sizes[b], powers)
                    for powers, C in (factors[a] * factors[b]).terms.items()
                ],
                self.since,
            )
            for a, b in self.pairs
        ]

    def first_unwanted(self, f: Sequence[fmpq], wanted: Signs) -> int | None:
        """The first layer at which Σ f_p c c', over the pairs p, has none of the signs wanted."""
        flips = any(c and negative for c, negative in zip(f, self.alternate, strict=True))
        changes = [self._first(f, wanted, 0, 1 + flips)]
        if flips:
            odd = [-c if negative else c for c, negative in zip(f, self.alternate, strict=True)]
            changes.append(self._first(odd, wanted, 1, 2))
        return min([change for change in changes if change is not None], default=None)

    def _first(self, f: Sequence[fmpq], wanted: Signs, begin: int, step: int) -> int | None:
        """The first of the layers since + begin, since + begin + step, … with an unwanted sign."""
        if not self.sums and all(c >= 0 for c in f) and any(f) and 1 in wanted:
            return None
        terms = [
            Term(C * Quotient.constant(c), ratio, powers)
            for c, part in zip(f, self.terms, strict=True)
            if c
            for C, ratio, powers in part
        ]
        signs = runs(collected(terms, self.since), self.since, self.sums)
        ends = [start for start, _ in signs[1:]]
        for (start, sign), end in zip(signs, [*ends, None], strict=True):
            layer = start + (self.since + begin - start) % step
            if sign not in wanted and (end is None or layer < end):
                return layer
        return None


def _written(kept: Sequence[Kept], since: int) -> tuple[list[Sum], list[Polynomial]]:
    """Independent sums, and each e_{λj} as a polynomial in them."""
    orders: dict[fmpq, int] = {}
    for c in kept:
        orders[c.lam] = max(orders.get(c.lam, 0), c.order)
    summands: list[Quotient] = []
    for c in kept:
        if c.order == orders[c.lam]:
            summands += power_summands(c.summand, c.order)
    sums, written = independent(summands, since)
    one = Polynomial({(0,) * len(sums): ONE})
    polynomials, place = [], 0
    for _, order in orders.items():
        powers = [w.polynomial() for w in written[place : place + order]]
        polynomials += elementary(powers, one)
        place += order
    return sums, polynomials
