r"""Where a pattern that stands takes the tokens under a schedule of pulls, in closed form.

While attention sets stand, layer k is Z' = Z + γ_k (W − I) Z, with W_ij = w_j / w(C_i) for j ∈ C_i.
These maps commute, whatever γ is. Let Z = Σ_λ Z_λ at a layer s with (W−λ)^m Z_λ = 0, where every λ
is rational. With N = W − λ on Z_λ the layers from s on are Π (1 − (1−λ)γ_r + γ_r N), so that

    Z(k) = Σ_λ Σ_j c_{λj}(k) (W−λ)^j Z_λ,
    Σ_j c_{λj}(k) x^j = Π_{r=s}^{k−1} (1 − (1−λ)γ_r + γ_r x)

(section 3.9 of the notes; ours). Where all targets rest (W W Z = W Z: locked rows, ties between
resting leaders, tokens that have met) there are λ = 1, 0 and j = 0 alone; pairs that attend to each
other have λ = −1, and followers of tokens that follow have j = 1. A limit is a sum of the same
kind: rational where each c that does not tend to 0 telescopes, and else told as infinite products,
with an enclosure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flint import fmpq, fmpq_mat, fmpq_poly

from theory.closed_form import NoClosedForm
from theory.dynamics import Pattern
from theory.exact import natural
from theory.exponential import Form, NoLimit
from theory.matrices import Vector, as_matrix, plus, times
from theory.schedules.functions import RationalFunction
from theory.schedules.kept import Decay, Kept
from theory.schedules.products import ONE
from theory.schedules.quotients import Quotient

Rows = tuple[Vector, ...]
"""The tokens of one layer."""

Parts = dict[fmpq, tuple[Rows, ...]]
"""Z_λ, (W−λ) Z_λ, (W−λ)² Z_λ, … as far as they are not 0, for each λ."""


def averages(pattern: Pattern, multiplicities: Sequence[int]) -> fmpq_mat:
    """W: the targets are W Z.

    >>> averages(((0,), (0, 1)), (1, 2)).table()
    [[1, 0], [1/3, 2/3]]
    """
    means = fmpq_mat(len(pattern), len(pattern))
    for i, attended in enumerate(pattern):
        weight = sum(multiplicities[j] for j in attended)
        for j in attended:
            means[i, j] = fmpq(multiplicities[j], weight)
    return means


def parts(W: fmpq_mat, tokens: Rows) -> Parts:
    """What Z is made of, by the eigenvalues λ of W: for λ = 1, and where Z_λ is not 0.

    Raises `NoClosedForm` where that needs a λ that is not rational.

    >>> swap = averages(((1,), (0,)), (1, 1))
    >>> parts(swap, ((fmpq(3),), (fmpq(-1),)))
    {1: (((1,), (1,)),), -1: (((2,), (-2,)),)}
    """
    whole = fmpq_poly(W.minpoly())
    diagonal: Parts = {}
    left = as_matrix(tokens)
    for p, exponent in whole.numer().factor()[1]:
        if p.degree() > 1:
            continue
        lam, power = fmpq(-p[0], p[1]), fmpq_poly(p) ** exponent
        rest = whole // power
        part = _applied(rest * rest.xgcd(power)[1] % whole, W, as_matrix(tokens))
        left -= part
        chain: list[Rows] = []
        while any(part.entries()) or (lam == 1 and not chain):
            chain.append(tuple(map(tuple, part.tolist())))
            part = W * part - part * lam
        if chain:
            diagonal[lam] = tuple(chain)
    if any(left.entries()):
        raise NoClosedForm(
            "attention runs in a cycle whose averages have eigenvalues λ that are not rational; "
            "the signs of products of 1 − (1−λ)γ with such λ would be needed"
        )
    return diagonal


def _applied(polynomial: fmpq_poly, W: fmpq_mat, tokens: fmpq_mat) -> fmpq_mat:
    value = tokens * fmpq(0)
    for c in reversed(polynomial.coeffs()):
        value = W * value + tokens * c
    return value


def steady_from(gamma: RationalFunction, lam: fmpq) -> int:
    """The first layer from which on 1 − (1−λ) γ_r has one sign, not 0, for a γ that is no constant.

    >>> gamma = RationalFunction.parse("2/(k+2)")
    >>> [steady_from(gamma, fmpq(lam)) for lam in (1, 0, -1)]
    [0, 1, 3]
    """
    return (ONE - Quotient.constant(1 - lam) * gamma.quotient).signs()[-1][0]


@dataclass(frozen=True)
class ProductLimit:
    """A limit `rational` + Σ c(∞)·row over the `kept` c, none of which is known to be rational.

    >>> gamma = RationalFunction.parse("1/(2*(k+2)^2)")
    >>> limit = ProductLimit((fmpq(1),), ((Kept(gamma, fmpq(0), 0, 0), (fmpq(2),)),))
    >>> [float(low.p) / float(low.q) for low, _ in limit.enclosure(64)]
    [2.432751144052976]
    """

    rational: Vector
    kept: tuple[tuple[Kept, Vector], ...]

    def enclosure(self, bits: int = 64) -> tuple[tuple[fmpq, fmpq], ...]:
        """Two rationals for each coordinate, with the limit between them, to about `bits` bits."""
        ends = [c.limit_enclosure(bits) for c, _ in self.kept]
        intervals = []
        for s, x in enumerate(self.rational):
            low = high = x
            for (below, above), (_, row) in zip(ends, self.kept, strict=True):
                low += min(below * row[s], above * row[s])
                high += max(below * row[s], above * row[s])
            intervals.append((low, high))
        return tuple(intervals)


class IrrationalLimit(NoLimit):
    """A limit is there, but known by infinite products alone: `limit` has it."""

    def __init__(self, token: int, limit: ProductLimit) -> None:
        self.token, self.limit = token, limit
        super().__init__(
            f"the limit of token {token} is an infinite product, not known to be rational"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return IrrationalLimit, (self.token, self.limit)


@dataclass(frozen=True)
class Course:
    """The tokens of a pattern that stands from the layer `since` on, under a schedule.

    `head` has the tokens of the layers before every 1 − (1−λ)γ has one sign, which are few; from
    the layer after them on they are Σ c_{λj} · rows over the `parts`, which have (W−λ)^j Z_λ.
    """

    gamma: RationalFunction
    since: int
    head: tuple[Rows, ...]
    parts: tuple[tuple[fmpq, tuple[Rows, ...]], ...]

    @property
    def steady(self) -> int:
        """The layer that the products begin with."""
        return self.since + len(self.head)

    @property
    def turn(self) -> int:
        """How many layers one factor of the products stands for."""
        return 1

    @cached_property
    def terms(self) -> tuple[tuple[Kept, Rows], ...]:
        """Each c_{λj} with its rows."""
        return tuple(
            (Kept(self.gamma, lam, self.steady, order), rows)
            for lam, chain in self.parts
            for order, rows in enumerate(chain)
        )

    def token(self, i: int, layer: int) -> Vector:
        """Token i at a layer ≥ since, exactly."""
        if layer < self.steady:
            return self.head[layer - self.since][i]
        position = self._origin
        for c, rows in self.terms:
            if any(rows[i]):
                position = plus(position, times(c(layer), rows[i]))
        return position

    def limit(self, i: int) -> Vector | ProductLimit:
        """Where token i tends to. Raises `NoLimit` where none is known."""
        rational, products = self._origin, []
        for c, rows in self.terms:
            if not any(rows[i]):
                continue
            if not c.converges:
                raise NoLimit(f"no limit: token {i} goes back and forth, as 1 − (1−λ)γ tends to −1")
            if c.limit is None:
                products.append((c, rows[i]))
            else:
                rational = plus(rational, times(c.limit, rows[i]))
        return ProductLimit(rational, tuple(products)) if products else rational

    def decay(self, tokens: Sequence[int]) -> Decay | None:
        """How the slowest of the tokens comes near to its limit; None if they all rest.

        Where they have none it is how they move.
        """
        slowest: Decay | None = None
        for c, rows in self.terms:
            if (c.lam != 1 or c.order) and any(any(rows[i]) for i in tokens):
                slowest = c.decay if slowest is None else max(slowest, c.decay)
        return slowest

    @property
    def _origin(self) -> Vector:
        return (fmpq(0),) * len(self.parts[0][1][0][0])


@dataclass(frozen=True)
class ScheduledForm:
    """One token of a course as a function of t, the layers since its beginning.

    >>> gamma = RationalFunction.parse("2/(k+2)")
    >>> parts = ((fmpq(1), (((fmpq(3),),),)), (fmpq(0), (((fmpq(-1),),),)))
    >>> form = ScheduledForm(Course(gamma, 1, (), parts), 0)
    >>> form(0), form(1), form.limit()
    ((2,), (8/3,), (3,))
    """

    course: Course
    token: int

    def __call__(self, t: int) -> Vector:
        """The exact value at t ≥ 0."""
        return self.course.token(self.token, self.course.since + natural("t", t))

    @property
    def rests(self) -> bool:
        """Whether it is the same at all t."""
        course, i = self.course, self.token
        held = all(rows[i] == course.token(i, course.steady) for rows in course.head)
        moving = (rows[i] for c, rows in course.terms if c.order or c.lam != 1)
        return held and not any(map(any, moving))

    def limit(self) -> Vector:
        """Where it tends to.

        Raises `IrrationalLimit` where that is not known to be rational, and `NoLimit` where none is
        known at all.
        """
        limit = self.course.limit(self.token)
        if isinstance(limit, ProductLimit):
            raise IrrationalLimit(self.token, limit)
        return limit


def in_turns(layers: int) -> str:
    """What k counts in a bound, if it is not the layers.

    >>> in_turns(1), in_turns(2)
    ('', ' after k turns of 2 layers')
    """
    return f" after k turns of {layers} layers" if layers > 1 else ""


def approach(forms: Sequence[Form]) -> str:
    """How tokens near their limits, in words, if their forms are those of a schedule.

    >>> parts = ((fmpq(1), (((fmpq(3),),),)), (fmpq(0), (((fmpq(-1),),),)))
    >>> approach([ScheduledForm(Course(RationalFunction.parse("2/(k+2)"), 1, (), parts), 0)])
    'slowest term at most like k^(-2)'
    """
    scheduled = [form for form in forms if isinstance(form, ScheduledForm)]
    if not scheduled:
        return ""
    course, tokens = scheduled[0].course, [form.token for form in scheduled]
    decay = course.decay(tokens)
    if decay is None:
        return "nothing moves any more"
    words = f"slowest term at most like {decay}{in_turns(course.turn)}"
    try:
        products = any(isinstance(course.limit(i), ProductLimit) for i in tokens)
    except NoLimit:
        return "the tokens have no limits"
    return f"limits are infinite products, {words}" if products else words
