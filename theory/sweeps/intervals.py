"""Open intervals of x, and where polynomials change their signs on them."""

from dataclasses import dataclass

from flint import fmpq, fmpz_poly

from theory.sweeps.numbers import Root, changes, isolated, simplest


@dataclass(frozen=True)
class Open:
    """An open interval, and a rational number in it."""

    low: Root
    high: Root
    sample: fmpq

    @classmethod
    def between(cls, low: Root, high: Root) -> "Open":
        """The interval, with its simplest number."""
        while low.high >= high.low:
            low, high = low.halved(), high.halved()
        width = (high.low - low.high) / 64
        low, high = low.narrowed(width), high.narrowed(width)
        return cls(low, high, simplest(low.high, high.low))

    def beside(self, polynomial: fmpz_poly, odd: bool = False) -> tuple[Root | None, Root | None]:
        """The nearest roots on both sides of the sample, which is none.

        With `odd` only those at which the sign changes.
        """
        if odd:
            if not changes(polynomial, self.low.low, self.high.high):
                return None, None
            polynomial = _changing(polynomial)
        here = Root.rational(self.sample)
        below, above = None, None
        for root in isolated(polynomial, self.low.low, self.high.high):
            if self.low < root < self.high:
                if root < here:
                    below = root
                elif above is None:
                    above = root
        return below, above

    def within(self, below: Root | None, above: Root | None) -> "Open":
        """The part between two numbers, with the same sample."""
        return Open(below or self.low, above or self.high, self.sample)


def apart_from(x: fmpq, polynomial: fmpz_poly) -> fmpz_poly | None:
    """One ≠ 0 at x and of the same signs elsewhere; None where the sign changes at x. Not for 0.

    >>> apart_from(fmpq(1, 2), fmpz_poly([1, -4, 4]) * fmpz_poly([-3, 1]))
    x + (-3)
    >>> apart_from(fmpq(1, 2), fmpz_poly([-1, 2]))
    """
    line, order = fmpz_poly([-x.p, x.q]), 0
    while not polynomial(x):
        polynomial, order = polynomial // line, order + 1
    return None if order % 2 else polynomial


def _changing(polynomial: fmpz_poly) -> fmpz_poly:
    """The product of the factors that occur an odd number of times."""
    product = fmpz_poly([1])
    for factor, times in polynomial.factor_squarefree()[1]:
        if times % 2:
            product *= factor
    return product
