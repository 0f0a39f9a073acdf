r"""Sums of hypergeometric terms: their signs at all layers, decided exactly.

A sum is f(k) = Σ C(k) M(k) T(k)^m over its terms, for k ≥ s, with a rational function C, a positive
product M(k) = Π_{r=s}^{k−1} ρ(r), and a monomial in independent sums T_i(k) = Σ_{r=s}^{k−1} t_i(r)
(`theory.schedules.sums`). Two products are similar if the quotient of their ρ telescopes, so that
their own is rational in k; `collected` adds terms with similar products and one monomial up. What
then remains is 0 identically iff it has no terms. There are two ways to its signs.

*By the greatest term.* All factors are monotone from some layer on, which polynomials tell. From
there on each lies between its value and its limit; if that bounds all other terms by the one that
grows fastest, the sign is that one's, and the layers before are looked at one by one.

*By differences.* Of one term without sums the sign is that of C. Else let a be a term whose
monomial is of greatest degree among those with its product. Wherever C_a ≠ 0,

    g = f / (C_a M_a)

has a difference g(k+1) − g(k) in which, up to the factor C_a(k) C_a(k+1), a term C M T^m becomes

    [ C(k+1) C_a(k) ρ(k)/ρ_a(k) (T(k) + t(k))^m − C(k) C_a(k+1) T(k)^m ] M(k)/M_a(k):

the term a becomes some of lower degree, and no other term becomes one of higher degree, so that
this ends. Between the changes of sign of the difference and those of C_a, g is monotone, so f
changes its sign at most once, and bisection finds where (`theory.positivity.located`;
`paper_notes.md`, section 3.9; ours). The sign in the end is that of the terms that grow fastest;
where several grow alike, their constants are enclosed, and `Undecidable` is raised if no precision
tells the sign of their sum.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import product
from math import comb
from typing import NamedTuple

from flint import arb, ctx, fmpq, fmpz_poly

from theory.exact import Undecidable, shown
from theory.positivity import EXACT_BITS, located
from theory.schedules.products import CONSTANT, ONE, Growth, Product, growth, telescoped
from theory.schedules.quotients import Quotient
from theory.schedules.sums import Powers, Sum

MAX_DEGREE = 150
"""Degree of a coefficient beyond which differences are not taken."""

SOON, LATE = 64, 4_096
"""Layers within which the greatest term is looked for: before differences are tried, and after."""

MAX_PRECISION = 1 << 12
"""Bits beyond which enclosures give up."""

LAST_BITS = 256
"""Layers from 2^LAST_BITS on are not looked at."""

NEAR = 200
"""So many layers on, a product is multiplied out rather than enclosed."""


class Term(NamedTuple):
    """C(k) · Π_{r=s}^{k−1} ρ(r) · T(k)^powers; ρ > 0 from s on, where C has no pole."""

    coefficient: Quotient
    ratio: Quotient
    powers: Powers = ()


def collected(terms: Sequence[Term], since: int) -> list[Term]:
    """The sum of the terms with s = `since`, no two of one kind and none zero.

    >>> half = Quotient.constant(fmpq(1, 2))
    >>> collected([Term(half, ONE), Term(-half, ONE)], 0)
    []
    """
    apart: list[Term] = []
    for term in terms:
        for place, other in enumerate(apart):
            factor = similar(term.ratio, other.ratio, since)
            if factor is None:
                continue
            if term.powers == other.powers:
                total = other.coefficient + term.coefficient * factor
                apart[place] = Term(total, other.ratio, other.powers)
                break
            term = Term(term.coefficient * factor, other.ratio, term.powers)
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


def runs(terms: Sequence[Term], since: int, sums: Sequence[Sum] = ()) -> list[tuple[int, int]]:
    """The runs of constant sign of a sum of terms over k ≥ `since`: (first k, sign).

    Exact. The terms are those that `collected` returns. Raises `Undecidable`.

    >>> f = [Term(Quotient.constant(fmpq(-1)), ONE),
    ...      Term(Quotient.constant(fmpq(100)), Quotient.constant(fmpq(1, 2)))]
    >>> runs(f, 3)
    [(3, 1), (10, -1)]
    """
    if not terms:
        return [(since, 0)]
    if len(terms) == 1 and not any(terms[0].powers):
        return terms[0].coefficient.signs(since)
    changes = by_the_greatest(terms, since, sums, SOON)
    if changes is not None:
        return changes
    try:
        return by_differences(terms, since, sums)
    except Undecidable:
        changes = by_the_greatest(terms, since, sums, LATE)
        if changes is None:
            raise
        return changes


def by_differences(
    terms: Sequence[Term], since: int, sums: Sequence[Sum] = ()
) -> list[tuple[int, int]]:
    """What `runs` returns, by differences: of more terms than one, or of one with sums."""
    chosen = max(
        (term for term in terms if term.ratio == terms[0].ratio), key=lambda term: sum(term.powers)
    )
    own = chosen.coefficient.signs(since)
    ahead = chosen.coefficient.shifted()
    differences = []
    for C, ratio, powers in terms:
        relative = ratio / chosen.ratio
        later = C.shifted() * chosen.coefficient * relative
        for factor, below in _shifts(powers, sums):
            differences.append(Term(later * factor, relative, below))
        differences.append(Term(-(C * ahead), relative, powers))
    common, differences = _without_common(collected(differences, since))
    if any(C.above.degree() > MAX_DEGREE for C, _, _ in differences):
        raise Undecidable(f"a sum of products has coefficients of degree over {MAX_DEGREE}")
    breaks = {since, *(start for start, _ in runs(differences, since, sums))}
    breaks |= {start for start, _ in common.signs(since)}
    for start, _ in own[1:]:
        breaks |= {start - 1, start}
    sign = partial(sign_at, terms, since, sums)
    return located(sign, sorted(breaks), final(terms, since, sums))


def _without_common(terms: Sequence[Term]) -> tuple[Quotient, list[Term]]:
    """A common factor of the coefficients, and the terms without it: polynomials are left."""
    above, below = fmpz_poly([]), ONE.above
    for C, _, _ in terms:
        above = above.gcd(C.above)
        below = below * C.below // below.gcd(C.below)
    common = Quotient.of(above, below)
    return common, [Term(C / common, ratio, powers) for C, ratio, powers in terms]


def by_the_greatest(
    terms: Sequence[Term], since: int, sums: Sequence[Sum], within: int
) -> list[tuple[int, int]] | None:
    """The runs, if the sign is shown to be that of the greatest term from a near layer on."""
    greatest = _greatest(terms, sums)[0]
    settled = since
    parts = []
    for C, ratio, powers in terms:
        share, relative = C / greatest.coefficient, ratio / greatest.ratio
        bound = growth(relative)
        exponents = [m - n for m, n in zip(powers, greatest.powers, strict=False)]
        rising = any(e > 0 and T.grows for e, T in zip(exponents, sums, strict=False))
        if bound > CONSTANT or share.degree > 0 or rising:
            return None
        settled = max(settled, _monotone(share.shifted() - share, since))
        settled = max(settled, _monotone(relative - ONE, since))
        parts.append((share, Product(relative, since), bound == CONSTANT, exponents))
    settled = max(settled, _monotone(greatest.coefficient, since))
    settled = max([settled, *(_monotone(T.summand, since) for T in sums)])
    later = [1, *(2**j for j in range(3, within.bit_length()) if 2**j <= within)]
    for k in [settled + t for t in later if settled + t <= since + within]:
        with ctx.workprec(128):
            total, last = arb(0), _sign([arb(greatest.coefficient(k))])
            for share, kept, stays, exponents in parts:
                value = kept.ball(k).union(kept.scale() if stays else arb(0))
                value *= arb(share(k)).union(arb(share.leading if share.degree == 0 else 0))
                for e, T in zip(exponents, sums, strict=False):
                    value *= _later_power(T, k, e)
                total += value
            last *= _sign([total])
            for m, T in zip(greatest.powers, sums, strict=False):
                last *= _later_sign(T, k) ** m
        if last:
            return located(partial(sign_at, terms, since, sums), range(since, k + 1), last)
    return None


@lru_cache(maxsize=256)  # all pairs of tokens have the same products
def _monotone(change: Quotient, since: int) -> int:
    """The layer from which on a function has one sign."""
    return change.signs(since)[-1][0]


def _later_sign(T: Sum, k: int) -> int:
    """The sign of a sum at all layers from k on, where its summand has one sign; 0 if not told."""
    if not T.grows:
        return _sign([T.ball(k).union(T.ball(None))])
    sign = _sign([T.ball(k)])
    return sign if (T.summand(k) > 0) == (sign > 0) else 0


def _later_power(T: Sum, k: int, exponent: int) -> arb:
    """An enclosure of the values of a power of a sum from k on; not positive if the sum grows."""
    if not exponent:
        return arb(1)
    if not T.grows:
        return T.ball(k).union(T.ball(None)) ** exponent
    return (T.ball(k) ** exponent).union(arb(0)) if _later_sign(T, k) else arb("nan")


def _shifts(powers: Powers, sums: Sequence[Sum]) -> Iterator[tuple[Quotient, Powers]]:
    """(T + t)^powers as a polynomial in T: rational functions, each with the powers of T."""
    for below in product(*(range(m + 1) for m in powers)):
        factor = ONE
        for m, j, T in zip(powers, below, sums, strict=False):
            factor = factor * Quotient.constant(fmpq(comb(m, j)))
            for _ in range(m - j):
                factor = factor * T.summand
        yield factor, below


def sign_at(terms: Sequence[Term], since: int, sums: Sequence[Sum], k: int) -> int:
    """The sign of the sum at k ≥ `since`."""
    if k - since <= NEAR:
        return _exact(terms, since, sums, k)
    if k.bit_length() > LAST_BITS:
        raise Undecidable(f"a sum of products keeps its last sign only beyond layer 2^{LAST_BITS}")
    precision = 128 + 2 * k.bit_length()
    while precision <= MAX_PRECISION:
        with ctx.workprec(precision):
            values = [T.ball(k) for T in sums]
            sign = _sign(
                [
                    arb(C(k)) * Product(ratio, since).ball(k) * _monomial(values, powers)
                    for C, ratio, powers in terms
                ]
            )
            if sign:
                return sign
        precision *= 2
    bits = [
        max(abs(part(k)).bit_length() for part in (ratio.above, ratio.below))
        for _, ratio, _ in terms
    ]
    if (k - since) * sum(bits) > EXACT_BITS:
        raise Undecidable(f"the sign at layer {shown(k)} is open at {MAX_PRECISION} bits")
    return _exact(terms, since, sums, k)


def _exact(terms: Sequence[Term], since: int, sums: Sequence[Sum], k: int) -> int:
    values = [T(k) for T in sums]
    total = fmpq(0)
    for C, ratio, powers in terms:
        value = C(k) * Product(ratio, since)(k)
        for T, m in zip(values, powers, strict=False):
            value *= T**m
        total += value
    return (total > 0) - (total < 0)


def _monomial(values: Sequence[arb], powers: Powers) -> arb:
    value = arb(1)
    for T, m in zip(values, powers, strict=False):
        value *= T**m
    return value


def _sign(parts: Sequence[arb]) -> int:
    """The sign of a sum of balls, 0 if they do not tell."""
    total = sum(parts, arb(0))
    return 1 if total > 0 else -1 if total < 0 else 0


def final(terms: Sequence[Term], since: int, sums: Sequence[Sum] = ()) -> int:
    """The sign of the sum at all large k."""
    greatest = _greatest(terms, sums)
    if len(greatest) == 1 and not any(greatest[0].powers):
        return 1 if greatest[0].coefficient.leading > 0 else -1
    precision = 128
    while precision <= MAX_PRECISION:
        with ctx.workprec(precision):
            # what grows is like c·log k, one power of which all of these terms share
            values = [arb(T.summand.leading) if T.grows else T.ball(None) for T in sums]
            sign = _sign(
                [
                    arb(C.leading)
                    * Product(ratio / greatest[0].ratio, since).scale()
                    * _monomial(values, powers)
                    for C, ratio, powers in greatest
                ]
            )
            if sign:
                return sign
        precision *= 2
    raise Undecidable(
        f"whether a sum of infinite products is zero is open at {MAX_PRECISION} bits; a proof that "
        "it is, or is not, would be needed"
    )


def _greatest(terms: Sequence[Term], sums: Sequence[Sum]) -> list[Term]:
    """The terms that grow fastest."""
    greatest = [terms[0]]
    for term in terms[1:]:
        compared = relative_growth(term, greatest[0], sums)
        if compared > (CONSTANT, 0):
            greatest = [term]
        elif compared == (CONSTANT, 0):
            greatest.append(term)
    return greatest


def relative_growth(term: Term, other: Term, sums: Sequence[Sum] = ()) -> tuple[Growth, int]:
    """How the size of the quotient of two terms grows: as a product, and in powers of log k."""
    degree, base, power = growth(term.ratio / other.ratio)
    extra = term.coefficient.degree - other.coefficient.degree
    logs = sum(m - n for m, n, T in zip(term.powers, other.powers, sums, strict=False) if T.grows)
    return Growth(degree, base, power + extra), logs
