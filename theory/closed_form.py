r"""The closed form of a constant pattern, and of many tokens as matrices.

While the attention pattern is constant, every token solves

    z_i(t+1) = μ_i z_i(t) + (1−μ_i) y_i(t),

with y_i the mean of the *other* tokens of C_i and μ_i = λ + (1−λ) w_i/c_i if i ∈ C_i, else λ
(`paper_notes.md`, section 3.1; ours). When y_i has a term of base μ_i the degree rises by one:
resonance.

closed_form           of all tokens; `closed_forms` of some
solve                 of one token, from that of y_i
blocks                the terms of several exponential polynomials, a matrix for each (r, p)
values                the values of all at one time, as integers over one denominator
gram_terms            the inner products of all pairs, integers for each (r, p) (section 3.2)
"""

from collections.abc import Iterator, Mapping, Sequence
from math import comb
from operator import itemgetter
from typing import NamedTuple

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics, Pattern
from theory.exact import Undecidable
from theory.exponential import ExponentialPolynomial, Scalar, Term, product_degrees
from theory.matrices import Vector, as_matrix, minus, plus, times
from theory.places import gathered


class NoClosedForm(Undecidable):
    """No closed form over Q: attention runs in a cycle, or some μ_i = 0, or parameters change.

    Where (H) holds there is none of these. `theory.beyond.linear` goes on without closed forms.
    """


class Forgetful(NoClosedForm):
    """Some μ_i = 0: from the next layer on the token is where its targets were a layer before."""


def closed_form(
    configuration: Configuration,
    tokens: Sequence[Vector],
    pattern: Pattern,
    dynamics: Dynamics = HARDMAX,
) -> tuple[ExponentialPolynomial, ...]:
    """z_1(t),…,z_n(t) for tokens that start at `tokens` while `pattern` stays constant.

    By lemma G the edges i → j (j ∈ C_i, j ≠ i) strictly increase the norm under (H), so the
    tokens are solved in the order in which nobody waits; raises `NoClosedForm` where the
    hypotheses fail and the graph has a cycle. Where λ = 0 followers meet their leaders at once;
    tokens at one place are solved as one, if they move as one.

    >>> from theory import Configuration
    >>> c = Configuration([[2], [1]], alpha=1)
    >>> leads, follows = closed_form(c, c.tokens, ((0,), (0,)))
    >>> follows(3)
    (15/8,)
    """
    lam = constant_lam(configuration, dynamics)
    if lam == 1:
        return tuple(map(ExponentialPolynomial.constant, tokens))
    if not lam and dynamics.merges:
        met, places = configuration.altered(tokens=tuple(tokens)).merged()
        solved = closed_forms(
            met, dict(enumerate(met.tokens)), dict(enumerate(gathered(pattern, places))), lam
        )
        return tuple([solved[p] for p in places])
    solved = closed_forms(configuration, dict(enumerate(tokens)), dict(enumerate(pattern)), lam)
    return tuple([solved[i] for i in range(len(pattern))])


def constant_lam(configuration: Configuration, dynamics: Dynamics) -> fmpq:
    """λ = 1 − γ, where every layer has this one, and one A.

    Raises `NoClosedForm`, in words, where they have not.

    >>> from theory.steps import Valued
    >>> constant_lam(Configuration([[1]], alpha=1), Dynamics(step=Valued([["1/2"]])))
    Traceback (most recent call last):
        ...
    theory.closed_form.NoClosedForm: the layers step by a value matrix
    """
    lam, period = dynamics.step.kept(configuration), dynamics.period(configuration)
    if lam is not None and period == 1:
        return lam
    if dynamics.ends is not None:
        raise NoClosedForm(f"the layers end after {dynamics.ends}")
    if period is None:
        raise NoClosedForm("the step is another one from layer to layer")
    if period > 1:
        raise NoClosedForm(f"the layers change, and repeat after {period}")
    raise NoClosedForm("the layers step by a value matrix")


def closed_forms(
    configuration: Configuration,
    tokens: Mapping[int, Vector],
    attention: Mapping[int, Sequence[int]],
    lam: fmpq | None = None,
) -> dict[int, ExponentialPolynomial]:
    """`closed_form` of some tokens, which attend to one another alone; λ ≠ 1.

    `attention[i]` is C_i, for the tokens i asked for; `tokens` has their places. λ is that of the
    configuration when omitted.
    """
    lam = configuration.lam if lam is None else lam
    order = solving_order(attention)
    solved: dict[int, ExponentialPolynomial] = {}
    for i in order:
        mu, others = recursion(configuration, attention, i, lam)
        if not others:
            solved[i] = ExponentialPolynomial.constant(tokens[i])
            continue
        if not mu:
            raise Forgetful(f"token {i} forgets its place at every layer (μ = 0)")
        if len(others) == 1:
            source = solved[others[0][0]]
        else:
            source = ExponentialPolynomial.of(
                configuration.dimension,
                (
                    Term(r, p, times(share, row))
                    for j, share in others
                    for r, p, row in solved[j].terms
                ),
            )
        solved[i] = solve(mu, source, tokens[i])
    return solved


def recursion(
    configuration: Configuration,
    pattern: Pattern | Mapping[int, Sequence[int]],
    i: int,
    lam: fmpq,
) -> tuple[fmpq, list[tuple[int, fmpq]]]:
    """μ_i, and the other tokens of C_i with their shares in y_i (which add up to 1)."""
    weights, attended = configuration.multiplicities, pattern[i]
    if len(attended) == 1:
        return (fmpq(1), []) if attended[0] == i else (lam, [(attended[0], fmpq(1))])
    others = [j for j in attended if j != i]
    rest = sum([weights[j] for j in others])
    own = weights[i] if len(others) < len(attended) else 0
    mu = lam + (1 - lam) * fmpq(own, rest + own) if own else lam
    return mu, [(j, fmpq(weights[j], rest)) for j in others]


def solve(mu: fmpq, source: ExponentialPolynomial, start: Vector) -> ExponentialPolynomial:
    """The solution of z(t+1) = μ z(t) + (1−μ) y(t) with z(0) = start, for μ ≠ 0.

    In the binomial basis a term b_p C(t,p) r^t of z contributes ((r−μ) b_p + r b_{p+1}) C(t,p) r^t
    to z(t+1) − μ z(t). So for r ≠ μ the coefficients follow from the highest degree down, and for
    r = μ (resonance) b_{p+1} = (1−μ) y_p / r. The start fixes the coefficient of μ^t.

    >>> y = ExponentialPolynomial.scalar({(fmpq(1, 2), 0): 1})
    >>> solve(fmpq(1, 2), y, (fmpq(0),)).terms
    (Term(base=1/2, degree=1, coefficient=(1,)),)
    """
    if 0 < mu < 1 and len(source.terms) == 1 and source.terms[0].is_constant:
        (constant,) = source.terms
        missing = minus(start, constant.coefficient)
        own = (Term(mu, 0, missing),) if any(missing) else ()
        return ExponentialPolynomial(source.width, (constant, *own))
    terms: list[Term] = []
    base = fmpq(0)
    for r, top, _ in source.terms:
        if r == base:
            continue
        base = r
        above = (fmpq(0),) * source.width
        for degree in range(top, -1, -1):
            given = times(1 - mu, source.coefficient(r, degree))
            if r == mu:
                terms.append(Term(r, degree + 1, times(1 / r, given)))
            else:
                above = times(1 / (r - mu), plus(given, times(-r, above)))
                terms.append(Term(r, degree, above))
    particular = ExponentialPolynomial.of(source.width, terms)
    missing = minus(start, particular(0))
    return particular + ExponentialPolynomial.of(source.width, [Term(mu, 0, missing)])


def solving_order(attention: Mapping[int, Sequence[int]]) -> list[int]:
    """Tokens in an order in which every token comes after the others that it attends to.

    Raises `NoClosedForm`, naming the tokens, where attention runs in a cycle.
    """
    waiting = {i: {j for j in attended if j != i} for i, attended in attention.items()}
    if not any(waiting.get(j, {j}) for others in waiting.values() for j in others):
        return sorted(waiting, key=lambda i: bool(waiting[i]))
    askers: dict[int, list[int]] = {}
    for i, others in waiting.items():
        for j in others:
            askers.setdefault(j, []).append(i)
    order = [i for i, others in waiting.items() if not others]
    for j in order:
        for i in askers.get(j, ()):
            waiting[i].discard(j)
            if not waiting[i]:
                order.append(i)
    if len(order) < len(attention):
        stuck = sorted(i for i, others in waiting.items() if others)
        raise NoClosedForm(f"tokens {stuck} attend to one another in a cycle")
    return order


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
    terms: list[tuple[fmpq, int, list[Vector]]] = []
    zero = (fmpq(0),) * (forms[0].width if forms else 0)
    for i, form in enumerate(forms):
        for r, p, row in form.terms:
            for s, q, rows in terms:
                if p == q and r == s:
                    rows[i] = row
                    break
            else:
                fresh = [zero] * len(forms)
                fresh[i] = row
                terms.append((r, p, fresh))
    matrices = [Block(r, p, as_matrix(rows)) for r, p, rows in terms]
    return sorted(matrices, key=itemgetter(0, 1), reverse=True)


def values(terms: Sequence[Block], t: int) -> tuple[fmpz_mat, fmpz]:
    """The values at t ≥ 0 of the forms that the blocks, one or more, were made of, one row each.

    As integers over one positive denominator, not in lowest terms: with m a common multiple of the
    denominators of the bases, r^t m^t is an integer power, and no common factor is looked for.

    >>> rows, denominator = values(blocks([ExponentialPolynomial.scalar({(fmpq(1, 2), 0): 3})]), 2)
    >>> rows.table(), denominator
    ([[3]], 4)
    """
    parts, common = over_one_denominator(terms)
    factors, power = scalars(terms, t)
    summands = [rows * factor for rows, factor in zip(parts, factors, strict=True)]
    return sum(summands[1:], summands[0]), common * power


def over_one_denominator(terms: Sequence[Block]) -> tuple[list[fmpz_mat], fmpz]:
    """The rows of the blocks as integers over one positive denominator."""
    parts = [b.rows.numer_denom() for b in terms]
    common = fmpz(1)
    for _, below in parts:
        common = common.lcm(below)
    return [rows if below == common else rows * (common // below) for rows, below in parts], common


def scalars(terms: Sequence[Block], t: int) -> tuple[list[fmpz], fmpz]:
    """C(t, degree) base^t of each block at t ≥ 0, as integers over one positive denominator."""
    bases, multiple = integral([b.base for b in terms])
    factors = [fmpz(r) ** t * comb(t, b.degree) for r, b in zip(bases, terms, strict=True)]
    return factors, multiple**t


def gram_terms(
    forms: Sequence[ExponentialPolynomial], A: Sequence[Vector], rows: Sequence[int]
) -> Gram:
    """⟨z_i(t), z_l(t)⟩ for i in `rows` and every l, as integers.

    One matrix product for each pair of terms that occur, instead of one scalar product for each
    pair of tokens.
    """
    terms, size = blocks(forms), len(forms)
    if not (terms and rows):
        return Gram([], fmpz(1), fmpz(1), size)
    parts, common = over_one_denominator(terms)
    form, scale = as_matrix(A).numer_denom()
    if len(rows) < size:
        chosen = fmpz_mat(len(rows), size, [int(i == k) for i in rows for k in range(size)])
        left = [chosen * part * form for part in parts]
    else:
        left = [part * form for part in parts]
    bases, multiple = integral([b.base for b in terms])
    sums: dict[tuple[int, int], fmpz_mat] = {}
    right = [part.transpose() for part in parts]
    for r, x, (_, p, _) in zip(bases, left, terms, strict=True):
        for s, y, (_, q, _) in zip(bases, right, terms, strict=True):
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
