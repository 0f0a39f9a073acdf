r"""Closed forms by phases: rational ones with bases in (0, 1], where there are any.

While a pattern stands and the parameters of the layers repeat, q layers are one linear map Λ of
the tokens. Through the layers that are e modulo q, the *phase* e, the tokens are an exponential
polynomial whose bases are eigenvalues of Λ. The eigenvalues of one layer need not be rational and
positive: a pair whose tokens attend to each other has 1 − 2γ, three tokens in pursuit of one
another complex ones. Their powers may be, and then q phases have a certificate
(`theory/CERTIFICATE.md`, version 2).

    phases      those of a settled run
    scheduled   of one under a schedule, where the targets stay: 1/2 stands for the product
"""

from collections.abc import Sequence
from math import comb, lcm
from typing import NamedTuple

from flint import fmpq, fmpq_mat, fmpq_poly

from theory.beyond.linear import layer_map
from theory.beyond.recurrences import thinned
from theory.configuration import Configuration
from theory.dynamics import Dynamics, Pattern, targets
from theory.exact import Undecidable
from theory.exponential import ExponentialPolynomial, Term
from theory.matrices import Vector, as_matrix, minus
from theory.schedules.functions import RationalFunction

Forms = tuple[ExponentialPolynomial, ...]
"""Of all tokens."""

COUNTS = (1, 2, 3, 4, 6, 8, 12)
"""Multiples of the period that are tried as the number of phases."""

LARGEST = 60
"""Rows of the greatest matrix whose eigenvalues are looked at."""

FARTHEST = 10_000
"""Layers from the settled one on, within which a schedule has to be bounded."""


class Phases(NamedTuple):
    """The closed forms of each phase: `forms[e][i](t)` is z_i at layer `solved` + e + q t."""

    solved: int
    forms: tuple[Forms, ...]

    def later(self, count: int) -> "Phases":
        """The same from `count` times all phases later on."""
        moved = [[_shifted(f, count) for f in forms] for forms in self.forms]
        return Phases(self.solved + count * len(self.forms), tuple(map(tuple, moved)))


def phases(
    configuration: Configuration,
    dynamics: Dynamics,
    patterns: Sequence[Pattern],
    layer: int,
    tokens: Sequence[Vector],
    known: Sequence[object] = (),
) -> Phases:
    """Those from `layer` on, or from a little later, while the patterns stand in turn.

    `known` are closed forms from `layer` on, which spare the eigenvalues if they are exponential
    polynomials. Raises `Undecidable` where no number of phases that is tried has rational bases
    in (0, 1].

    >>> from theory.dynamics import HARDMAX
    >>> pair = Configuration([[1], [-1]], alpha=3, A=[[-1]])
    >>> found = phases(pair, HARDMAX, [((1,), (0,))], 0, pair.tokens)
    >>> [[str(c) for f in forms for r, _, (c,) in f.terms] for forms in found.forms]
    [['1', '-1'], ['-1/2', '1/2']]
    """
    period = dynamics.period(configuration)
    if period is None:
        raise Undecidable("parameters that never repeat have no closed forms by phases")
    period = lcm(period, len(patterns))
    forms = [f for f in known if isinstance(f, ExponentialPolynomial)]
    if known and len(forms) == len(known):
        count = lcm(period, 2 if any(r < 0 for f in forms for r, _, _ in f.terms) else 1)
        parted = tuple(tuple(thinned(f, count, e) for f in forms) for e in range(count))
        if all(bounded(f) for part in parted for f in part):
            return Phases(layer, parted)
    square = isinstance(dynamics.pull(configuration, layer), fmpq_mat)
    if len(tokens) * (configuration.dimension if square else 1) > LARGEST:
        raise Undecidable(f"more than {LARGEST} rows of eigenvalues are too many for a certificate")
    for count in COUNTS:
        found = _by_eigenvalues(configuration, dynamics, patterns, layer, tokens, count * period)
        if found is not None:
            return found
    raise Undecidable(
        "certificates cover closed forms with rational bases in (0, 1]; this one has other "
        "eigenvalues, which are not rational"
    )


def scheduled(
    configuration: Configuration,
    gamma: RationalFunction,
    pattern: Pattern,
    layer: int,
    tokens: Sequence[Vector],
) -> Phases:
    """Under a schedule, where the targets stay: m_i + (z_i − m_i) x, x the product of 1 − γ_s.

    The base 1/2 stands for x. `tokens` are those of `layer`, from which on 0 ≤ γ < 1 is seen by
    the coefficients of `bounded_from`. Raises `Undecidable` where a target moves, and where a token
    does though Σ γ_k is finite, so that x has a positive limit, rarely a rational one.
    """
    means = targets(tokens, pattern, configuration.multiplicities)
    gaps = tuple(map(minus, tokens, means))
    again = targets(means, pattern, configuration.multiplicities)
    drift = targets(gaps, pattern, configuration.multiplicities)
    if again != means or any(any(row) for row in drift):
        raise Undecidable("certificates cover schedules under which the targets stay; one moves")
    if any(any(row) for row in gaps) and not gamma.diverges:
        raise Undecidable(
            f"certificates cover schedules of infinite sum; that of γ_k = {gamma} is finite"
        )
    half = fmpq(1, 2)
    forms = [
        ExponentialPolynomial.of(len(m), [Term(fmpq(1), 0, m), Term(half, 0, gap)])
        for m, gap in zip(means, gaps, strict=True)
    ]
    return Phases(layer, (tuple(forms),))


def bounded_from(gamma: RationalFunction, layer: int) -> int:
    """A layer from which on 0 ≤ γ < 1 is seen by the coefficients in powers of the layers since.

    >>> bounded_from(RationalFunction.parse("2/(k+2)"), 0)
    1
    """
    since = gamma.below_one_from
    if since is None:
        raise Undecidable("certificates cover schedules that end below 1")
    over, under = (fmpq_poly(list(c)) for c in (gamma.above, gamma.below))
    step, start = 1, max(since, layer)
    while start < max(since, layer) + FARTHEST:
        u = fmpq_poly([start, 1])
        parts = over(u), (under - over)(u)
        if all(c >= 0 for part in parts for c in part.coeffs()) and parts[1](0) > 0:
            return start
        start, step = start + step, 2 * step
    raise Undecidable("this schedule is bounded too late for a certificate")


def _by_eigenvalues(
    c: Configuration,
    dynamics: Dynamics,
    patterns: Sequence[Pattern],
    layer: int,
    tokens: Sequence[Vector],
    count: int,
) -> Phases | None:
    """`phases` with so many of them; None if they have other bases."""
    maps = []
    for e in range(count):
        pattern, pull = patterns[e % len(patterns)], dynamics.pull(c, layer + e)
        maps.append(as_matrix(layer_map(pattern, pull, c.multiplicities)))
    state = as_matrix(tokens)
    if maps[0].nrows() != len(tokens):
        state = fmpq_mat(maps[0].nrows(), 1, state.entries())
    whole = maps[0]
    for step in maps[1:]:
        whole = step * whole
    roots: list[tuple[fmpq, int]] = []
    zeros = 0
    for factor, multiplicity in whole.charpoly().factor()[1]:
        if factor.degree() > 1:
            continue
        root = -factor[0] / factor[1]
        if root:
            roots.append((root, multiplicity))
        else:
            zeros = multiplicity
    for later in range(zeros + 1):
        kept = _annihilating(whole, state, roots)
        if kept is not None:
            return _solved(c, maps, whole, state, kept, layer + later * count)
        state = whole * state
    return None


def _annihilating(
    whole: fmpq_mat, state: fmpq_mat, roots: Sequence[tuple[fmpq, int]]
) -> list[tuple[fmpq, int]] | None:
    """The least powers of Λ − r whose product takes the state to 0; None if there is none, or one
    of the bases r is not in (0, 1], or has a degree at 1."""
    kept = list(roots)

    def rest(powers: Sequence[tuple[fmpq, int]]) -> fmpq_mat:
        vector = state
        for r, power in powers:
            for _ in range(power):
                vector = whole * vector - vector * r
        return vector

    if any(rest(kept).entries()):
        return None
    for place, (root, _) in enumerate(roots):
        while kept[place][1]:
            fewer = [*kept]
            fewer[place] = (root, kept[place][1] - 1)
            if any(rest(fewer).entries()):
                break
            kept = fewer
    kept = [(r, power) for r, power in kept if power]
    if any(not 0 < r <= 1 or (r == 1 and power > 1) for r, power in kept):
        return None
    return kept


def _solved(
    c: Configuration,
    maps: Sequence[fmpq_mat],
    whole: fmpq_mat,
    state: fmpq_mat,
    roots: Sequence[tuple[fmpq, int]],
    layer: int,
) -> Phases:
    """The phases of a state at `layer` whose bases and their multiplicities are `roots`."""
    pairs = [(r, p) for r, power in roots for p in range(power)]
    size, n, d = len(pairs), c.size, c.dimension
    values, vector = [], state
    for _ in range(size):
        values += vector.entries()
        vector = whole * vector
    powers = [comb(t, p) * r**t for t in range(size) for r, p in pairs]
    parts: list[fmpq_mat] = []
    if size:
        width = state.nrows() * state.ncols()
        solved = fmpq_mat(size, size, powers).solve(fmpq_mat(size, width, values))
        parts = [fmpq_mat(state.nrows(), state.ncols(), list(row)) for row in solved.table()]
    forms = []
    for step in maps:
        rows = [fmpq_mat(n, d, part.entries()).table() for part in parts]
        terms = [list(zip(pairs, [table[i] for table in rows], strict=True)) for i in range(n)]
        forms.append(
            tuple(
                ExponentialPolynomial.of(d, [Term(r, p, tuple(x)) for (r, p), x in own])
                for own in terms
            )
        )
        parts = [step * part for part in parts]
    return Phases(layer, tuple(forms))


def bounded(f: ExponentialPolynomial) -> bool:
    """Whether every base is in (0, 1], with no degree at 1."""
    return all(0 < r < 1 or (r == 1 and not p) for r, p, _ in f.terms)


def _shifted(f: ExponentialPolynomial, count: int) -> ExponentialPolynomial:
    """t ↦ f(t + count)."""
    return thinned(f, 1, count)
