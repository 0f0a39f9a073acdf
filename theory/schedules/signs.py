"""How long a pattern stands under a schedule of pulls: exactly, or for ever.

With the closed forms of `theory.schedules.forms` every f_il(k) = ⟨z_i, z_j − z_l⟩ is a sum of
products of two c_{λj} with rational coefficients. c_{λj} is the product P_λ times a polynomial in
sums over the layers, which are written with independent ones (`theory.schedules.sums`), so that f
is a sum of hypergeometric terms: `theory.schedules.hypergeometric` tells its signs at all layers.
Where 1 − (1−λ)γ is negative, P_λ changes its sign from layer to layer; even and odd layers are then
looked at apart (section 3.9 of the notes; ours).
"""

from collections.abc import Sequence
from itertools import combinations_with_replacement
from typing import NamedTuple

from flint import fmpq

from theory.configuration import Configuration
from theory.dynamics import Dynamics, Pattern
from theory.exact import Undecidable
from theory.matrices import as_matrix
from theory.rules import Signs
from theory.schedules.forms import Course
from theory.schedules.hypergeometric import NEAR, Term, collected, final, runs, sign_at
from theory.schedules.kept import Kept, elementary, power_summands
from theory.schedules.products import ONE
from theory.schedules.quotients import Quotient
from theory.schedules.sums import Polynomial, Sum, independent


class Question(NamedTuple):
    """Whether a sum of terms has the signs wanted at the layers since + begin + step·t, t ≥ 0."""

    terms: list[Term]
    wanted: Signs
    begin: int
    step: int


def first_departure(
    configuration: Configuration,
    dynamics: Dynamics,
    course: Course,
    pattern: Pattern,
    thorough: bool = True,
) -> int | None:
    """The first layer ≥ course.steady at which the course contradicts its pattern, or None.

    Raises `Undecidable` where a sign is not decided and, unless it has to be `thorough`, where the
    pattern changes at some layer for its last signs: that is soon told, and the layer costs more.
    """
    basis = Basis(course)
    questions = sorted(
        _questions(configuration, dynamics, course, pattern, basis), key=lambda q: len(q.terms)
    )
    if not thorough and any(_ends_unwanted(question, basis) for question in questions):
        raise Undecidable("the pattern changes at a layer that is not looked for yet")
    first: int | None = None
    for question in questions:
        change = first_unwanted(question, basis, first)
        if change is not None:
            first = change if first is None else min(first, change)
    return first


def _questions(
    configuration: Configuration,
    dynamics: Dynamics,
    course: Course,
    pattern: Pattern,
    basis: "Basis",
) -> list[Question]:
    """One for every i that is not locked and every l, no two alike."""
    since, size = course.steady, configuration.size
    locked = set(dynamics.locked(configuration, pattern, since))
    rows = [i for i in range(size) if i not in locked]
    if not rows:
        return []
    A = as_matrix(dynamics.matrix(configuration, since))
    tables = [as_matrix(part) for _, part in course.terms]
    asking = [as_matrix([part[i] for i in rows]) * A for _, part in course.terms]
    grams = []
    for a, b in basis.pairs:
        gram = asking[a] * tables[b].transpose()
        if a != b:
            gram += asking[b] * tables[a].transpose()
        grams.append(gram.tolist())
    asked: dict[tuple[tuple[fmpq, ...], Signs], None] = {}
    for place, i in enumerate(rows):
        attended = pattern[i]
        for other in dynamics.candidates.of(i, size):
            if other != attended[0]:
                f = tuple([gram[place][attended[0]] - gram[place][other] for gram in grams])
                asked[f, dynamics.ties.wanted(other, attended)] = None
    return [question for f, wanted in asked for question in basis.questions(f, wanted)]


def _ends_unwanted(question: Question, basis: "Basis") -> bool:
    """Whether the last sign is not wanted, so that the pattern changes."""
    terms = question.terms
    return (final(terms, basis.since, basis.sums) if terms else 0) not in question.wanted


def first_unwanted(question: Question, basis: "Basis", before: int | None = None) -> int | None:
    """The first layer with an unwanted sign; layers from `before` on may be left out."""
    terms, wanted, begin, step = question
    since, sums = basis.since, basis.sums
    if before is not None and before - since <= NEAR:
        layers = range(since + begin, before, step)
        return next((k for k in layers if sign_at(terms, since, sums, k) not in wanted), None)
    signs = runs(terms, since, sums)
    ends = [start for start, _ in signs[1:]]
    for (start, sign), end in zip(signs, [*ends, None], strict=True):
        layer = start + (since + begin - start) % step
        if sign not in wanted and (end is None or layer < end):
            return layer
    return None


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

    def questions(self, f: Sequence[fmpq], wanted: Signs) -> list[Question]:
        """What has to be asked about Σ f_p c c' over the pairs p; nothing if it is plainly so."""
        if not any(c and negative for c, negative in zip(f, self.alternate, strict=True)):
            if not self.sums and all(c >= 0 for c in f) and any(f) and 1 in wanted:
                return []
            return [Question(self._sum(f), wanted, 0, 1)]
        odd = [-c if negative else c for c, negative in zip(f, self.alternate, strict=True)]
        return [Question(self._sum(f), wanted, 0, 2), Question(self._sum(odd), wanted, 1, 2)]

    def _sum(self, f: Sequence[fmpq]) -> list[Term]:
        terms = [
            Term(C * Quotient.constant(c), ratio, powers)
            for c, part in zip(f, self.terms, strict=True)
            if c
            for C, ratio, powers in part
        ]
        return collected(terms, self.since)


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
