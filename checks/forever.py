"""What a closed form proves of all later layers at once, by the checks' own algebra.

A closed form is f(t) = Σ B_{r,p} C(t,p) r^t, in `theory.closed_form.Block`s. If f(0) is a layer
with the pattern P, f(t+1) = M f(t) for all t with M the layer of P as a matrix
(`solves_the_layers`), and the products of f(t) have the pattern P at all t ≥ 0 (`plainly_stands`),
then by induction the layer t layers later is f(t) and has the pattern P, for every t.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import itemgetter

from flint import fmpq, fmpz, fmpz_mat

from checks.layer import Layer, maximal
from theory import Pattern
from theory.closed_form import Block, over_one_denominator


def solves_the_layers(found: Sequence[Block], mixing: tuple[fmpz_mat, fmpz], start: Layer) -> bool:
    """Whether f(0) is the layer `start` and f(t+1) = M f(t) for all t, M from `layer.mixing`.

    By C(t+1,p) = C(t,p) + C(t,p−1) the coefficients of f(t+1) are r (B_{r,p} + B_{r,p+1}).
    """
    if not found:  # all are 0 for ever
        return start.numerators.is_zero()
    matrix, total = mixing
    parts, common = over_one_denominator(found)
    for place, ((r, p, _), rows) in enumerate(zip(found, parts, strict=True)):
        both = rows
        if place and found[place - 1].degree == p + 1 and found[place - 1].base == r:
            both = rows + parts[place - 1]
        if matrix * rows * r.q != both * (total * r.p):
            return False
    degrees = [(b.base, b.degree) for b in found]
    gapless = all(not p or (r, p - 1) in degrees for r, p in degrees)
    first = [rows for (_, p), rows in zip(degrees, parts, strict=True) if not p]
    return gapless and start.stands_at(sum(first[1:], first[0]), common)


def plainly_stands(found: Sequence[Block], form: fmpz_mat, pattern: Pattern, alpha: fmpq) -> bool:
    """A sufficient condition for f to have the pattern at all t ≥ 0; A is a multiple of `form`.

    If all degrees are 0 its products are Σ_k G_k r_k^t with r_1 ≥ r_2 ≥ … > 0. With the partial
    sums S_k = G_1 + … + G_k they are Σ_k S_k (r_k^t − r_{k+1}^t) + S_last r_last^t, so it is
    enough if row i is greatest at every j in C_i in each S_k with r_k > r_{k+1}, and in the last
    sum nowhere else. Rows that are locked at t = 0 are so for ever if α > 0 (lemma R), and only
    looked at in the last sum, which is f(0).
    """
    if not found or any(p or r <= 0 for r, p, _ in found):
        return False
    parts, _ = over_one_denominator(found)
    left = [(b.base, rows * form) for b, rows in zip(found, parts, strict=True)]
    right = [(b.base, rows.transpose()) for b, rows in zip(found, parts, strict=True)]
    terms = [(r * s, rows * columns) for r, rows in left for s, columns in right]
    terms.sort(key=itemgetter(0), reverse=True)
    free = [
        i
        for i, attended in enumerate(pattern)
        if alpha <= 0 or len(attended) > 1 or pattern[attended[0]] != attended
    ]
    bases, products = zip(*terms, strict=True)
    sums = list(accumulate(products))
    for (r, total), (s, _) in pairwise(zip(bases, sums, strict=True)):
        if r == s:
            continue
        rows = total.table()
        for i in free:
            top = max(rows[i])
            if any(rows[i][j] != top for j in pattern[i]):
                return False
    return maximal(sums[-1].table()) == pattern
