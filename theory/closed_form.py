"""Closed forms of many tokens as matrices: one for each base and degree, in place of loops.

blocks                the terms of several exponential polynomials, a matrix for each (r, p)
values                the values of all at one time, as integers over one denominator
gram_terms            the inner products of all pairs, integers for each (r, p)
"""

from collections.abc import Iterator, Sequence
from math import comb
from operator import itemgetter
from typing import NamedTuple

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from theory.exponential import ExponentialPolynomial, Term, product_degrees
from theory.matrices import Vector, as_matrix
from theory.positivity import Scalar


class Block(NamedTuple):
    """The terms of several forms of one width at one (r, p): their coefficients as rows."""

    base: fmpq
    degree: int
    rows: fmpq_mat


class Gram(NamedTuple):
    """The terms of the inner products of many pairs: (base, degree, coefficients) as integers.

    The coefficients are those of the rows that ask, one column for each token. Greatest base first,
    as in `ExponentialPolynomial.terms`; bases are to be divided by one positive number, and
    coefficients by another.
    """

    terms: list[tuple[fmpz, int, list[list[fmpz]]]]
    base_unit: fmpz
    unit: fmpz
    size: int

    def differences(self, place: int, j: int) -> Iterator[tuple[int, Scalar]]:
        """For every l ≠ j: l, and ⟨z_i(t), z_j(t) − z_l(t)⟩ with i the row at `place`."""
        rows = [
            [(r, p, top - x) for x in table[place]]
            for r, p, table in self.terms
            for top in (table[place][j],)
        ]
        for column in range(self.size):
            if column != j:
                yield column, [row[column] for row in rows if row[column][2]]

    def rational(self, f: Scalar) -> ExponentialPolynomial:
        """What a difference is as a function of t."""
        terms = [Term(fmpq(r, self.base_unit), p, (fmpq(c, self.unit),)) for r, p, c in f]
        return ExponentialPolynomial(1, tuple(terms))


def blocks(forms: Sequence[ExponentialPolynomial]) -> list[Block]:
    """The terms of several forms of one width, a matrix for each (r, p) that occurs.

    Sorted as `ExponentialPolynomial.terms`.

    >>> half = ExponentialPolynomial.scalar({(fmpq(1, 2), 0): 3})
    >>> [(b.base, b.degree, b.rows.table()) for b in blocks([half, ExponentialPolynomial(1, ())])]
    [(1/2, 0, [[3], [0]])]
    """
    found: list[tuple[fmpq, int, list[Vector]]] = []
    zero = (fmpq(0),) * (forms[0].width if forms else 0)
    for i, form in enumerate(forms):
        for r, p, row in form.terms:
            for s, q, rows in found:
                if p == q and (r is s or r == s):
                    rows[i] = row
                    break
            else:
                fresh = [zero] * len(forms)
                fresh[i] = row
                found.append((r, p, fresh))
    made = [Block(r, p, as_matrix(rows)) for r, p, rows in found]
    return sorted(made, key=itemgetter(0, 1), reverse=True)


def values(found: Sequence[Block], t: int) -> tuple[fmpz_mat, fmpz]:
    """The values at t ≥ 0 of the forms that the blocks, one or more, were made of, one row each.

    As integers over one positive denominator, not in lowest terms: with m a common multiple of the
    denominators of the bases, r^t m^t is an integer power, and no common factor is looked for.

    >>> rows, denominator = values(blocks([ExponentialPolynomial.scalar({(fmpq(1, 2), 0): 3})]), 2)
    >>> rows.table(), denominator
    ([[3]], 4)
    """
    parts, common = over_one_denominator(found)
    factors, power = scalars(found, t)
    terms = [rows * factor for rows, factor in zip(parts, factors, strict=True)]
    return sum(terms[1:], terms[0]), common * power


def over_one_denominator(found: Sequence[Block]) -> tuple[list[fmpz_mat], fmpz]:
    """The rows of the blocks as integers over one positive denominator."""
    parts = [b.rows.numer_denom() for b in found]
    common = fmpz(1)
    for _, below in parts:
        common = common.lcm(below)
    return [rows if below == common else rows * (common // below) for rows, below in parts], common


def scalars(found: Sequence[Block], t: int) -> tuple[list[fmpz], fmpz]:
    """C(t, degree) base^t of each block at t ≥ 0, as integers over one positive denominator."""
    bases, multiple = integral([b.base for b in found])
    factors = [fmpz(r) ** t * comb(t, b.degree) for r, b in zip(bases, found, strict=True)]
    return factors, multiple**t


def gram_terms(
    forms: Sequence[ExponentialPolynomial], A: Sequence[Vector], rows: Sequence[int]
) -> Gram:
    """⟨z_i(t), z_l(t)⟩ for i in `rows` and every l, as integers.

    One matrix product for each pair of terms that occur, instead of one scalar product for each
    pair of tokens.
    """
    found, size = blocks(forms), len(forms)
    if not (found and rows):
        return Gram([], fmpz(1), fmpz(1), size)
    parts, common = over_one_denominator(found)
    form, scale = as_matrix(A).numer_denom()
    if len(rows) < size:
        chosen = fmpz_mat(len(rows), size, [int(i == k) for i in rows for k in range(size)])
        left = [chosen * part * form for part in parts]
    else:
        left = [part * form for part in parts]
    bases, multiple = integral([b.base for b in found])
    sums: dict[tuple[int, int], fmpz_mat] = {}
    right = [part.transpose() for part in parts]
    for r, x, (_, p, _) in zip(bases, left, found, strict=True):
        for s, y, (_, q, _) in zip(bases, right, found, strict=True):
            product = x * y
            for k, c in product_degrees(p, q):
                key, term = (r * s, k), product * c if c > 1 else product
                sums[key] = sums[key] + term if key in sums else term
    return Gram(
        [(fmpz(r), p, sums[r, p].table()) for r, p in sorted(sums, reverse=True)],
        multiple * multiple,
        common * common * scale,
        size,
    )


def integral(bases: Sequence[fmpq]) -> tuple[list[int], fmpz]:
    """The bases as integers over one positive denominator."""
    multiple = fmpz(1)
    for base in bases:
        multiple = multiple.lcm(base.q)
    return [int(base.p * (multiple // base.q)) for base in bases], multiple
