r"""What a schedule keeps of a part of the tokens: c_{λj}(k), its values and its limit.

With the eigenvalue λ, and N nilpotent, the layers multiply by 1 − (1−λ)γ_r + γ_r N, and

    Π_{r=s}^{k−1} (1 − (1−λ)γ_r + γ_r x) = Σ_j c_j(k) x^j = P(k) Σ_j e_j(k) x^j,

with P = Π (1 − (1−λ)γ_r) and e_j the elementary symmetric function of τ_r = γ_r/(1 − (1−λ)γ_r),
which Newton's identities write with the sums of τ, τ², …, τ^j (`theory.schedules.products`,
`theory.schedules.sums`; section 3.9 of the notes; ours).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from flint import arb, ctx, fmpq, fmpz_poly

from theory.exact import Undecidable, shown
from theory.exponential import LONGEST
from theory.schedules.functions import RationalFunction
from theory.schedules.products import CONSTANT, FARTHEST, ONE, Growth, Product, by_halves, ends
from theory.schedules.quotients import Quotient
from theory.schedules.sums import Sum, Written, independent


class Decay(NamedTuple):
    """O((k!)^degree base^k k^power (log k)^logarithms); they are compared from the left.

    >>> str(Decay(0, fmpq(1, 2), fmpq(3, 2), 1)), str(Decay(-1, fmpq(1), fmpq(4), 0))
    ('(1/2)^k k^(3/2) log k', '(k!)^(-1) k^4')
    """

    degree: int
    base: fmpq
    power: fmpq
    logarithms: int

    def __str__(self) -> str:
        factors = (
            _power("k!", self.degree),
            f"({self.base})^k" if self.base != 1 else "",
            _power("k", self.power),
            _power("log k", self.logarithms),
        )
        return " ".join(filter(None, factors)) or "1"


def _power(base: str, exponent: int | fmpq) -> str:
    if exponent in (0, 1):
        return base if exponent == 1 else ""
    words = str(exponent)
    return f"{base if base == 'k' else f'({base})'}^{words if words.isdigit() else f'({words})'}"


@dataclass(frozen=True)
class Kept:
    """c(k), the coefficient of x^order in Π_{r=since}^{k−1} (1 − (1−λ)γ_r + γ_r x).

    From `since` on 1 − (1−λ)γ has one sign, not 0. For the order 0 it is a `Product`.

    >>> gamma = RationalFunction.parse("2/(k+2)")
    >>> follows, follows_followers = (Kept(gamma, fmpq(0), 1, order) for order in (0, 1))
    >>> [follows(k) for k in (1, 2, 3)], [follows_followers(k) for k in (1, 2, 3)]
    ([1, 1/3, 1/6], [0, 2/3, 1/2])
    """

    gamma: RationalFunction
    lam: fmpq
    since: int
    order: int

    @cached_property
    def product(self) -> Product:
        """Π (1 − (1−λ)γ_r)."""
        ratio = ONE - Quotient.constant(1 - self.lam) * self.gamma.quotient
        return Product(ratio, self.since)

    @cached_property
    def summand(self) -> Quotient:
        """τ = γ/(1 − (1−λ)γ): c is P times an elementary symmetric function of the τ_r."""
        return self.gamma.quotient / self.product.ratio

    def __call__(self, k: int) -> fmpq:
        """The value at k ≥ since, exactly. Raises `Undecidable` where it is too long."""
        if not self.order:
            return self.product(k)
        return _coefficients(self.gamma, self.lam, self.since, self.order, k)[self.order]

    @cached_property
    def growth(self) -> Growth:
        """A bound of how its size grows, but for powers of log k."""
        degree, base, power = self.product.growth
        return Growth(degree, base, power + self.order * max(self.summand.degree + 1, 0))

    @property
    def converges(self) -> bool:
        """Whether it is known to have a limit."""
        return self.growth < CONSTANT or (
            self.growth == CONSTANT == self.product.growth and self.product.converges
        )

    @property
    def decay(self) -> Decay:
        """A bound of how |c(k) − c(∞)| falls: as c does, or as the rest Σ_{r≥k} γ_r of a sum.

        >>> [Kept(RationalFunction.parse(gamma), fmpq(0), 1, 1).decay[2:]
        ...  for gamma in ("2/(k+2)", "1/(k+2)^3")]
        [(-2, 1), (-2, 0)]
        """
        if self.growth == CONSTANT == self.product.growth:
            return Decay(0, fmpq(1), fmpq(self.gamma.quotient.degree + 1), 0)
        logarithms = self.order if self.summand.degree == -1 else 0
        return Decay(*self.growth, logarithms)

    @cached_property
    def limit(self) -> fmpq | None:
        """Its limit, if that is 0 or all of it telescopes; else None."""
        if self.growth < CONSTANT:
            return fmpq(0)
        if not self.converges or self.product.limit is None:
            return None
        sums = []
        for R, coefficients in self._sums[1]:
            if any(coefficients):
                return None
            sums.append(_at_infinity(R))
        symmetric: list[fmpq] = elementary(sums, fmpq(1))
        return self.product.limit * symmetric[self.order]

    def limit_enclosure(self, bits: int) -> tuple[fmpq, fmpq]:
        """Two rationals with the limit between them, to about `bits` bits; there has to be one."""
        if self.limit is not None:
            return self.limit, self.limit
        with ctx.workprec(bits + 64):
            independents, written = self._sums
            values = [T.ball(None) for T in independents]
            sums = []
            for R, coefficients in written:
                total = arb(_at_infinity(R))
                for c, value in zip(coefficients, values, strict=True):
                    total += arb(c) * value if c else arb(0)
                sums.append(total)
            return ends(self.product.scale() * elementary(sums, arb(1))[self.order])

    @cached_property
    def _sums(self) -> tuple[list[Sum], list[Written]]:
        return independent(power_summands(self.summand, self.order), self.since)


def power_summands(summand: Quotient, order: int) -> list[Quotient]:
    """τ, τ², …, τ^order."""
    powers: list[Quotient] = []
    for _ in range(order):
        powers.append(powers[-1] * summand if powers else summand)
    return powers


def elementary(sums: Sequence[Any], one: Any) -> list[Any]:
    """e_0, e_1, …: the elementary symmetric functions of numbers whose power sums are given.

    By Newton's identities, j e_j = Σ_{i=1}^{j} (−1)^{i−1} e_{j−i} S_i. Anything that is added, and
    multiplied with its like and with rationals, will do; `one` is its 1.

    >>> elementary([fmpq(3), fmpq(5)], fmpq(1))  # of 1 and 2
    [1, 3, 2]
    """
    symmetric = [one]
    for j in range(1, len(sums) + 1):
        total = symmetric[j - 1] * sums[0]
        for i in range(2, j + 1):
            total = total + symmetric[j - i] * sums[i - 1] * fmpq((-1) ** (i - 1))
        symmetric.append(total * fmpq(1, j))
    return symmetric


def _at_infinity(R: Quotient) -> fmpq:
    """The limit of a rational function that has one."""
    return R.leading if R and R.degree == 0 else fmpq(0)


@lru_cache(maxsize=64)  # the tokens of one layer share it
def _coefficients(
    gamma: RationalFunction, lam: fmpq, since: int, order: int, k: int
) -> tuple[fmpq, ...]:
    """Those of x^0, …, x^order in Π_{r=since}^{k−1} (1 − (1−λ)γ_r + γ_r x)."""
    share = 1 - lam
    below = gamma.denominator * share.q  # of both, 1 − (1−λ)γ and γ
    pulled = gamma.numerator * share.q
    kept = below - gamma.numerator * share.p
    bits = max(abs(part(k)).bit_length() for part in (kept, pulled, below))
    if k - since > FARTHEST or (k - since) * bits * (order + 1) > LONGEST:
        raise Undecidable(f"layer {shown(k)}: the product of 1 − γ is too long to be written out")

    def tree(start: int, end: int) -> fmpz_poly:
        if end - start == 1:
            return fmpz_poly([kept(start), pulled(start)])
        middle = (start + end) // 2
        return (tree(start, middle) * tree(middle, end)).truncate(order + 1)

    if k == since:
        return (fmpq(1), *[fmpq(0)] * order)
    coefficients, total = tree(since, k), by_halves(below, since, k)
    return tuple([fmpq(coefficients[j], total) for j in range(order + 1)])
