r"""Sums of hypergeometric terms: their signs at all layers, decided exactly.

A sum is f(k) = Σ_b C_b(k) M_b(k) for k ≥ s, with rational functions C_b and positive products
M_b(k) = Π_{r=s}^{k−1} ρ_b(r). Two terms are similar if ρ_a/ρ_b telescopes, so that their quotient
is rational in k; `collected` adds similar terms up. What then remains is 0 identically iff it has
no terms. With one term the sign is that of C. With more, and a fixed term a, wherever C_a ≠ 0

    g = f / (C_a M_a) = 1 + Σ_{b≠a} (C_b/C_a) (M_b/M_a)

has a difference g(k+1) − g(k) with one term fewer: up to the factor C_a(k) C_a(k+1) it is

    Σ_{b≠a} [ C_b(k+1) C_a(k) ρ_b(k)/ρ_a(k) − C_b(k) C_a(k+1) ] M_b(k)/M_a(k).

Between the changes of sign of that and those of C_a, g is monotone, so f changes its sign at most
once, and bisection finds where (`theory.positivity.located`; `paper_notes.md`, section 3.9; ours).
The sign in the end is that of the terms that grow fastest; where several grow alike, their
constants are enclosed, and `Undecidable` is raised if no precision tells the sign of their sum.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from flint import arb, ctx, fmpq

from theory.exact import Undecidable
from theory.positivity import EXACT_BITS, located
from theory.products import CONSTANT, ONE, Growth, Product, growth, telescoped
from theory.quotients import Quotient

MAX_DEGREE = 1_000
"""Degree of a coefficient beyond which signs are not looked for."""

MAX_PRECISION = 1 << 13
"""Bits beyond which enclosures give up."""

NEAR = 200
"""So many layers on, a product is multiplied out rather than enclosed."""


class Term(NamedTuple):
    """C(k) · Π_{r=s}^{k−1} ρ(r), ρ > 0 from s on, where C has no pole."""

    coefficient: Quotient
    ratio: Quotient


def collected(terms: Sequence[Term], since: int) -> list[Term]:
    """The sum of the terms with s = `since`, no two similar and none zero.

    >>> half = Quotient.constant(fmpq(1, 2))
    >>> collected([Term(half, ONE), Term(-half, ONE)], 0)
    []
    """
    apart: list[Term] = []
    for term in terms:
        for place, other in enumerate(apart):
            factor = similar(term.ratio, other.ratio, since)
            if factor is not None:
                total = other.coefficient + term.coefficient * factor
                apart[place] = Term(total, other.ratio)
                break
        else:
            apart.append(term)
    return [term for term in apart if term.coefficient]


def similar(ratio: Quotient, other: Quotient, since: int) -> Quotient | None:
    """The rational function that the quotient of two products is, if it is one."""
    if ratio == other:
        return ONE
    base, R, rest = telescoped(ratio / other)
    if base != 1 or rest != ONE:
        return None
    return R * Quotient.constant(1 / R(since))


def runs(terms: Sequence[Term], since: int) -> list[tuple[int, int]]:
    """The runs of constant sign of a sum of terms over k ≥ `since`: (first k, sign).

    Exact. The terms are those that `collected` returns. Raises `Undecidable`.

    >>> f = [Term(Quotient.constant(fmpq(-1)), ONE),
    ...      Term(Quotient.constant(fmpq(100)), Quotient.constant(fmpq(1, 2)))]
    >>> runs(f, 3)
    [(3, 1), (10, -1)]
    """
    if not terms:
        return [(since, 0)]
    chosen = terms[0]
    own = chosen.coefficient.signs(since)
    if len(terms) == 1:
        return own
    ahead = chosen.coefficient.shifted()
    differences = []
    for C, ratio in terms[1:]:
        relative = ratio / chosen.ratio
        D = C.shifted() * chosen.coefficient * relative - C * ahead
        if max(D.above.degree(), D.below.degree()) > MAX_DEGREE:
            raise Undecidable(f"a sum of products has coefficients of degree over {MAX_DEGREE}")
        differences.append(Term(D, relative))
    breaks = {since, *(start for start, _ in runs(differences, since))}
    for start, _ in own[1:]:
        breaks |= {start - 1, start}
    return located(partial(sign_at, terms, since), sorted(breaks), final(terms, since))


def sign_at(terms: Sequence[Term], since: int, k: int) -> int:
    """The sign of the sum at k ≥ `since`."""
    products = [Product(ratio, since) for _, ratio in terms]
    values = [C(k) for C, _ in terms]
    if k - since <= NEAR:
        return _exact(values, products, k)
    precision = 128 + 2 * k.bit_length()
    while precision <= MAX_PRECISION:
        with ctx.workprec(precision):
            total = sum([arb(c) * p.ball(k) for c, p in zip(values, products, strict=True)], arb(0))
            if total > 0:
                return 1
            if total < 0:
                return -1
        precision *= 2
    bits = [
        max(abs(part(k)).bit_length() for part in (p.ratio.above, p.ratio.below)) for p in products
    ]
    if (k - since) * sum(bits) > EXACT_BITS:
        raise Undecidable(f"the sign at layer {k} is open at {MAX_PRECISION} bits")
    return _exact(values, products, k)


def _exact(values: Sequence[fmpq], products: Sequence[Product], k: int) -> int:
    total = sum([c * p(k) for c, p in zip(values, products, strict=True)], fmpq(0))
    return (total > 0) - (total < 0)


def final(terms: Sequence[Term], since: int) -> int:
    """The sign of the sum at all large k."""
    greatest = [terms[0]]
    for term in terms[1:]:
        compared = relative_growth(term, greatest[0])
        if compared > CONSTANT:
            greatest = [term]
        elif compared == CONSTANT:
            greatest.append(term)
    signs = {1 if term.coefficient.leading > 0 else -1 for term in greatest}
    if len(signs) == 1:
        return signs.pop()
    precision = 128
    while precision <= MAX_PRECISION:
        with ctx.workprec(precision):
            total = arb(0)
            for C, ratio in greatest:
                total += arb(C.leading) * Product(ratio / greatest[0].ratio, since).scale()
            if total > 0:
                return 1
            if total < 0:
                return -1
        precision *= 2
    raise Undecidable(
        f"whether a sum of infinite products is zero is open at {MAX_PRECISION} bits; a proof that "
        "it is, or is not, would be needed"
    )


def relative_growth(term: Term, other: Term) -> Growth:
    """How the size of the quotient of two terms grows."""
    degree, base, power = growth(term.ratio / other.ratio)
    extra = term.coefficient.degree - other.coefficient.degree
    return Growth(degree, base, power + extra)
