r"""Signs for all integers t ≥ 0 of an integer sequence that a linear recurrence makes.

The sequence u is given by its first values and a bound B on its order: some monic polynomial of
degree at most B annihilates it, with E u(t) = u(t+1). Then (section 3.8 of the notes; ours)

1. u = 0 iff its first B values vanish. Otherwise the monic polynomial q of least degree that
   annihilates u, found modulo a prime and verified on 2B values, has integer coefficients, and
   u(t) = Σ P_α(t) α^t from t = e on, over the roots α ≠ 0 of q, where e is the multiplicity of the
   root 0 and deg P_α is exactly one less than the multiplicity of α.
2. If all roots are rational, u is an exponential polynomial: `theory.positivity` decides, on
   even and odd t apart where one is negative (`first_outside`).
3. Otherwise let G be the roots of the greatest modulus ρ and, there, of the greatest multiplicity
   D + 1. If ratios of them are roots of unity ≠ 1, or −ρ is in G, u is taken apart into its values
   on the classes modulo the common order, each again such a sequence. If not, u(t)/(C(t,D) ρ^t)
   is c + Σ c_α (α/ρ)^t over G without ρ, up to terms that vanish, and of these sums

       c > Σ |c_α|: u is positive from some T on;      c < −Σ |c_α|: negative;
       no ρ in G, or one pair α, ᾱ with |c| < 2 |c_α|: both signs occur for ever, as the sum has
       the mean 0 and is not 0, or comes near c − 2 |c_α| for ever, by Kronecker's theorem.

   T is a time from which on a bound of all other terms only falls; all times before it are looked
   at one by one. What is decided in none of these ways raises `Undecidable`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, lcm

from flint import acb, acb_mat, arb, ctx, fmpq, fmpq_mat, fmpz, fmpz_poly

from theory.beyond.algebraic import Root, Unclear, dominant, roots, unity_order
from theory.exact import Undecidable
from theory.exponential import ExponentialPolynomial, Term
from theory.positivity import first_failure, first_nonzero, runs
from theory.rules import POSITIVE, ZERO, Signs

PRIMES = (2**61 - 1, 2**62 - 57, 2**61 - 31)
"""Moduli in which the order is looked for; a bad one is noticed and the next is taken."""

PRECISIONS = (128, 256, 512, 1024, 2048, 4096)
"""Bits at which a decision is tried."""

FARTHEST = 10_000
"""Times that are looked at one by one where a change has to be found."""

NEAR = 1_000
"""Times that are looked at one by one, exactly, where no precision tells the roots apart."""

NEAR_BITS = 200_000
"""… as far as values have no more bits: 1,000 of them then take a second."""

BLOCK = 64
"""Times whose values are enclosed by one product of matrices."""

CLASSES = 240
"""Classes of t into which a sequence is taken apart, at most."""


@dataclass(frozen=True)
class Recurrence:
    """u(t+m) = Σ c_i u(t+i) with the least order m: the values u(0),…,u(m−1), and c.

    >>> fibonacci = Recurrence.of([fmpz(x) for x in (0, 1, 1, 2, 3, 5, 8, 13)], 4)
    >>> fibonacci.order, fibonacci.polynomial, fibonacci(30)
    (2, x^2 + (-1)*x + (-1), 832040)
    """

    start: tuple[fmpz, ...]
    rule: tuple[fmpz, ...]

    @classmethod
    def of(cls, values: Sequence[fmpz], bound: int) -> "Recurrence":
        """The recurrence of least order of a sequence of order ≤ `bound`: of 2 · bound values."""
        if not any(values[:bound]):
            return cls((), ())
        for prime in PRIMES:
            m = _order(values, prime)
            if m > bound:
                continue
            table = fmpq_mat(m, m, [fmpq(values[i + j]) for i in range(m) for j in range(m)])
            try:
                solved = table.solve(fmpq_mat(m, 1, [fmpq(x) for x in values[m : 2 * m]]))
            except ZeroDivisionError:
                continue
            found = cls(tuple(values[:m]), tuple([x.p for x in solved.entries()]))
            if all(x.q == 1 for x in solved.entries()) and found._makes(values):
                return found
        raise Undecidable(f"no recurrence of order {bound} makes the first {len(values)} values")

    @property
    def order(self) -> int:
        """The degree of the polynomial of least degree that annihilates u."""
        return len(self.rule)

    @property
    def polynomial(self) -> fmpz_poly:
        """That polynomial, monic."""
        return fmpz_poly([*(-x for x in self.rule), 1])

    @property
    def transient(self) -> int:
        """The multiplicity of the root 0: from here on u is what the other roots make it."""
        return next((i for i, x in enumerate(self.rule) if x), self.order)

    def __call__(self, t: int) -> fmpz:
        """The value at t ≥ 0, by squaring."""
        if t < self.order:
            return self.start[t]
        modulus, power, base = self.polynomial, fmpz_poly([1]), fmpz_poly([0, 1])
        while t:
            if t & 1:
                power = power * base % modulus
            base, t = base * base % modulus, t >> 1
        return sum([x * y for x, y in zip(power.coeffs(), self.start, strict=False)], fmpz(0))

    def values(self, count: int) -> Iterator[fmpz]:
        """u(0), u(1), …, `count` of them."""
        window = [*self.start]
        for _ in range(count if window else 0):
            yield window[0]
            following = sum([c * x for c, x in zip(self.rule, window, strict=True)], fmpz(0))
            window = [*window[1:], following]

    def thinned(self, step: int, phase: int) -> "Recurrence":
        """s ↦ u(phase + step · s)."""
        every = [*self.values(phase + 2 * self.order * step)]
        return Recurrence.of(every[phase::step], self.order)

    def _makes(self, values: Sequence[fmpz]) -> bool:
        m = self.order
        return all(
            values[t + m] == sum([c * values[t + i] for i, c in enumerate(self.rule)], fmpz(0))
            for t in range(len(values) - m)
        )


def _order(values: Sequence[fmpz], prime: int) -> int:
    """The order of the values modulo a prime (Berlekamp and Massey)."""
    given = [int(x % prime) for x in values]
    found, before = [1], [1]
    order, since, last = 0, 1, 1
    for t, value in enumerate(given):
        gap = value + sum(c * given[t - i] for i, c in enumerate(found) if i)
        gap %= prime
        if not gap:
            since += 1
            continue
        factor = gap * pow(last, -1, prime)
        shifted = [0] * since + [factor * c for c in before]
        size = max(len(found), len(shifted))
        longer = [
            (x - y) % prime
            for x, y in zip(_padded(found, size), _padded(shifted, size), strict=True)
        ]
        if 2 * order <= t:
            order, before, last, since = t + 1 - order, found, gap, 1
        else:
            since += 1
        found = longer
    return order


def _padded(row: list[int], size: int) -> list[int]:
    return row + [0] * (size - len(row))


def first_unwanted(
    values: Sequence[fmpz], bound: int, wanted: Signs, before: int | None = None
) -> int | None:
    """The first t ≥ 0 at which the sign of u(t) is not `wanted`; None if there is none.

    u has order ≤ `bound`, and `values` are its first 2 · bound values or more. With `before` None
    may mean too that there is none before that time. Exact. Raises `Undecidable` where the dominant
    terms balance, or a change is farther than `FARTHEST`.

    >>> spiral = [fmpz(0), fmpz(1)]  # u(t+2) = 2 u(t+1) − 2 u(t): √2^t sin(π t / 4)
    >>> for _ in range(6):
    ...     spiral.append(2 * spiral[-1] - 2 * spiral[-2])
    >>> first_unwanted(spiral, 2, Signs({0, 1})), first_unwanted(spiral, 2, Signs({-1, 0, 1}))
    (5, None)
    """
    met = _scan(values, wanted)
    if met is not None or (before is not None and before <= len(values)):
        return met
    return _first(Recurrence.of(values, bound), wanted, len(values), before)


def _scan(values: Iterable[fmpz], wanted: Signs) -> int | None:
    return next((t for t, x in enumerate(values) if _sign(x) not in wanted), None)


def _first(u: Recurrence, wanted: Signs, known: int, before: int | None) -> int | None:
    """The same, where no sign is unwanted at the times before `known`."""
    if not u.order:
        return None if 0 in wanted else 0
    if known < u.transient:
        met = _scan(u.values(u.transient), wanted)
        if met is not None:
            return met
    if Signs({-1, 0, 1}) == wanted:
        return None
    factors = [factor for factor, _ in u.polynomial.factor()[1]]
    if all(factor.degree() == 1 for factor in factors):
        met = first_outside(_exponential(u), wanted)
        return None if met is None else met + u.transient
    for precision in PRECISIONS:
        try:
            with ctx.workprec(precision):
                return _dominated(u, wanted, known, before)
        except Unclear:
            continue
    growth = max(abs(x).bit_length() // (u.order - i) for i, x in enumerate(u.rule))
    near = min(NEAR, NEAR_BITS // (growth + 1))
    last = near if before is None else min(before, near)
    met = _scan(u.values(last), wanted)
    if met is not None or last == before:
        return met
    raise Undecidable(f"the dominant terms of a sign balance, as far as {precision} bits tell")


def _exponential(u: Recurrence) -> ExponentialPolynomial:
    """t ↦ u(t + transient), where all roots are rational."""
    found = [(root.rational or fmpz(0), root.multiplicity) for root in roots(u.polynomial)]
    bases = [(fmpq(base), p) for base, multiplicity in found for p in range(multiplicity)]
    size, first = len(bases), u.transient
    table = fmpq_mat(size, size, [comb(t, p) * r**t for t in range(size) for r, p in bases])
    late = [*u.values(first + size)][first:]
    solved = table.solve(fmpq_mat(size, 1, [fmpq(x) for x in late])).entries()
    terms = [Term(r, p, (c,)) for (r, p), c in zip(bases, solved, strict=True)]
    return ExponentialPolynomial.of(1, terms)


def first_outside(f: ExponentialPolynomial, wanted: Signs) -> int | None:
    """The first t ≥ 0 at which a scalar f(t) has a sign that is not wanted; None if there is none.

    Bases may be negative: even and odd t are decided apart. Raises `Undecidable` beyond the budgets
    of `theory.positivity`.

    >>> f = ExponentialPolynomial.scalar({(fmpq(1), 0): 1, (fmpq(-1, 2), 0): 4})
    >>> first_outside(f, POSITIVE), first_outside(f.shift(4), POSITIVE)
    (1, None)
    """
    if wanted == ZERO:
        return first_nonzero(f)
    if any(term.base < 0 for term in f.terms):
        parts = [(phase, first_outside(thinned(f, 2, phase), wanted)) for phase in (0, 1)]
        return min([phase + 2 * t for phase, t in parts if t is not None], default=None)
    if wanted == POSITIVE:
        return first_failure(f)
    return next((t for t, sign in runs(f) if sign not in wanted), None)


def thinned(f: ExponentialPolynomial, step: int, phase: int) -> ExponentialPolynomial:
    """s ↦ f(phase + step · s): C(phase + step·s, p) is a sum of C(s, q), by its differences at 0.

    >>> f = ExponentialPolynomial.scalar({(fmpq(-1, 2), 1): 1})
    >>> [(str(r), p, str(c[0])) for r, p, c in thinned(f, 2, 1).terms]
    [('1/4', 1, '-1'), ('1/4', 0, '-1/2')]
    """
    terms = []
    for r, p, row in f.terms:
        for q in range(p + 1):
            share = sum(
                (-1) ** (q - i) * comb(q, i) * comb(phase + step * i, p) for i in range(q + 1)
            )
            terms.append(Term(r**step, q, tuple([share * r**phase * x for x in row])))
    return ExponentialPolynomial.of(f.width, terms)


def _dominated(u: Recurrence, wanted: Signs, known: int, before: int | None) -> int | None:
    """Step 3, with enclosures at the precision in force."""
    found = roots(u.polynomial)
    group = dominant(found)
    depth = max(root.multiplicity for root in group)
    top = [root for root in group if root.multiplicity == depth]
    classes = _classes(top)
    if classes > 1:
        until = None if before is None else before // classes + 1
        parts = [
            (phase, _first(u.thinned(classes, phase), wanted, known // classes, until))
            for phase in range(classes)
        ]
        return min([phase + classes * t for phase, t in parts if t is not None], default=None)
    first = u.transient
    terms = _coefficients(u, found)
    leading = [(root, c) for root, p, c in terms if root in top and p == depth - 1]
    own = sum([c.real for root, c in leading if root.real], arb(0))
    others = [abs(c) for root, c in leading if not root.real]
    total = sum(others, arb(0))
    real = len(others) < len(leading)
    if real and abs(own) > total:
        lesser = [
            (arb(1) if root in group else _below_one(root.size / group[0].size), p, abs(c))
            for root, p, c in terms
            if not (root in top and p == depth - 1)
        ]
        last = first + _outweighed(lesser, depth - 1, abs(own) - total, before)
        met = _searched(u, terms, group[0].size, range(known, last + 1), wanted)
        if met is None and before is None and (1 if own > 0 else -1) not in wanted:
            raise Unclear("a sign contradicts its enclosure")
        return met
    both = not real or (len(others) == 2 and abs(own) < total)
    if not (both or abs(own) < total):
        raise Unclear("the dominant terms balance")
    last = FARTHEST if before is None else min(before, FARTHEST)
    met = _searched(u, terms, group[0].size, range(known, last), wanted)
    if met is not None or last == before:
        return met
    words = "both signs occur for ever" if both else "it is open whether both signs occur for ever"
    raise Undecidable(f"a sign turns: {words}, but none before t = {FARTHEST:,} is unwanted")


def _below_one(x: arb) -> arb:
    """A number ≥ x that is < 1, where x is."""
    if not x < 1:
        raise Unclear("two moduli are not apart")
    return x.upper()


def _classes(top: Sequence[Root]) -> int:
    """The least step at which no two dominant roots differ by a root of unity, and none is < 0."""
    orders = [unity_order(one, other) or 1 for one, other in combinations(top, 2)]
    step = lcm(*orders, *(2 for root in top if root.real and root.ball.real < 0))
    if step > CLASSES:
        raise Undecidable(f"signs repeat by {step} classes of layers; {CLASSES} are looked at")
    return step


def _coefficients(u: Recurrence, found: Sequence[Root]) -> list[tuple[Root, int, acb]]:
    """The coefficients of C(t,p) α^t in u(t + transient), enclosed."""
    unknown = [(root, p) for root in found for p in range(root.multiplicity)]
    size, first = len(unknown), u.transient
    table = [[comb(t, p) * root.ball**t for root, p in unknown] for t in range(size)]
    late = [[acb(x)] for x in [*u.values(first + size)][first:]]
    try:
        solved = acb_mat(table).solve(acb_mat(late)).entries()
    except ZeroDivisionError:
        raise Unclear("the coefficients are not enclosed") from None
    return [(root, p, c) for (root, p), c in zip(unknown, solved, strict=True)]


def _searched(
    u: Recurrence, terms: Sequence[tuple[Root, int, acb]], size: arb, times: range, wanted: Signs
) -> int | None:
    """The first of the `times` at which the sign is not wanted: enclosed, and exact near 0.

    u(t)/ρ^t, with ρ = `size`, for `BLOCK` times at once, by C(t+s,p) = Σ C(t,p−q) C(s,q).
    """
    first = u.transient
    if times.stop <= max(times.start, first):
        return None
    scaled = [(root.ball / size, p, c) for root, p, c in terms]
    table = acb_mat([[comb(s, p) * x**s for s in range(BLOCK)] for x, p, _ in scaled])
    for t in range(max(times.start - first, 0), times.stop - first, BLOCK):
        row = [acb(0)] * len(scaled)
        for place, (x, p, c) in enumerate(scaled):
            for q in range(p + 1):  # the terms of one root follow one another
                row[place - p + q] += c * comb(t, p - q) * x**t
        for s, value in enumerate((acb_mat([row]) * table).entries()):
            real = value.real
            sign = 1 if real > 0 else -1 if real < 0 else _sign(u(first + t + s))
            if sign not in wanted:
                return first + t + s
    return None


def _sign(x: fmpz) -> int:
    return (x > 0) - (x < 0)


def _outweighed(
    lesser: Sequence[tuple[arb, int, arb]], depth: int, gap: arb, before: int | None
) -> int:
    """A time from which on Σ |c| C(t,p) x^t / C(t,depth) over lesser terms (x, p, |c|) is < `gap`.

    Or any time ≥ `before`.

    A term with p ≤ depth only falls; another does from T on if x (T+1−depth) ≤ T+1−p.
    """
    T = 1 + max([depth, *(p for _, p, _ in lesser)])
    while T <= FARTHEST:
        falling = all(p <= depth or x * (T + 1 - depth) <= T + 1 - p for x, p, _ in lesser)
        rest = sum([c * comb(T, p) * x**T / comb(T, depth) for x, p, c in lesser], arb(0))
        if falling and rest < gap:
            return T
        if before is not None and T >= before:
            return T
        T *= 2
    raise Undecidable(f"a dominant term outweighs the others only after t = {FARTHEST:,}")
