"""Steps to show one after the other: exact, simple, and evenly spread.

A step α is a pull γ = α/(1+α), and equal steps of γ spread well over α > −1. Of the rationals
nearer to one of these than to the others the one with the least denominator is taken.
"""

from flint import fmpq

from theory.exact import HardmaxError, shown, text, whole

MOST_FRAMES = 200
"""Maps that are shown one after the other."""


def steps(low: fmpq, high: fmpq, count: int) -> tuple[fmpq, ...]:
    """`count` steps α from `low` to `high`, rising, both among them.

    Raises `HardmaxError` unless −1 < low < high and 2 ≤ count ≤ `MOST_FRAMES`.

    >>> steps(fmpq(1, 10), fmpq(4), 8)
    (1/10, 1/4, 1/2, 2/3, 1, 3/2, 2, 4)
    """
    number = whole(count)
    if number is None or not 2 <= number <= MOST_FRAMES:
        raise HardmaxError(f"{shown(count)} frames; 2 to {MOST_FRAMES} were wanted")
    if not -1 < low < high:
        raise HardmaxError(f"alpha from {text(low)} to {text(high)}; −1 < from < to was wanted")
    first, last = low / (1 + low), high / (1 + high)
    width = (last - first) / (count - 1)
    pulls = [first + width * k for k in range(count)]
    ends = [(x / (1 - x) for x in (p - width / 2, p + width / 2)) for p in pulls[1:-1]]
    return (low, *(simplest(*pair) for pair in ends), high)


def simplest(low: fmpq, high: fmpq) -> fmpq:
    """The rational between two others with the least denominator; of these the one nearest to 0.

    >>> simplest(fmpq(2, 7), fmpq(3, 8)), simplest(fmpq(-3), fmpq(1, 2))
    (1/3, 0)
    """
    if low < 0 < high:
        return fmpq(0)
    if high <= 0:
        return -simplest(-high, -low)
    whole_part = low.floor()
    if whole_part + 1 < high:
        return fmpq(whole_part + 1)
    if low == whole_part:  # between low and low + 1 or less
        return low + fmpq(1, (1 / (high - low)).floor() + 1)
    return whole_part + 1 / simplest(1 / (high - whole_part), 1 / (low - whole_part))
