"""A sweep held against `settle`, which knows nothing of it: at rational numbers in every piece."""

from collections.abc import Iterator

from flint import fmpq

from theory.settling import Settled
from theory.sweeps.numbers import simplest
from theory.sweeps.outcomes import settled_outcome
from theory.sweeps.values import Piece, Sweep

NEAR = 1000
"""The first and the last number of an interval are within so much of its length from its ends."""


def numbers_in(piece: Piece, count: int) -> list[fmpq]:
    """So many rational numbers of a piece, of which two or more are near its ends; or its own.

    The ends that belong to an interval, and are rational, come besides.

    >>> from theory.sweeps.numbers import Root
    >>> ends = Root.rational(fmpq(0)), Root.rational(fmpq(1))
    >>> numbers_in(Piece(*ends, False, False, (), None), 3)
    [1/1001, 1/2, 1000/1001]
    """
    if piece.is_break:
        return [piece.low.value] if piece.low.value is not None and count else []
    low, high = piece.low, piece.high
    while low.high >= high.low:
        low, high = low.halved(), high.halved()
    width = (high.low - low.high) / (NEAR * NEAR)
    start, end = low.narrowed(width).high, high.narrowed(width).low
    span = end - start
    closed = [
        root.value
        for root, belongs in ((piece.low, piece.low_closed), (piece.high, piece.high_closed))
        if belongs and root.value is not None and count
    ]
    if count == 1:
        return [simplest(start, end), *closed]
    inner = [(fmpq(k, count), fmpq(k + 1, count)) for k in range(1, count - 1)]
    parts = [(fmpq(0), fmpq(1, NEAR)), *inner, (1 - fmpq(1, NEAR), fmpq(1))][:count]
    return [*(simplest(start + a * span, start + b * span) for a, b in parts), *closed]


def held(sweep: Sweep, count: int) -> Iterator[tuple[fmpq, str | None]]:
    """At so many numbers of every decided piece: the number, and what does not agree with `settle`.

    >>> from theory import Configuration
    >>> from theory.sweeps import steps
    >>> from theory.sweeps.walk import sweep as swept
    >>> found = swept(steps(Configuration([[2], [1]], 1), fmpq(1), fmpq(2)))
    >>> list(held(found, 1))
    [(3/2, None), (1, None), (2, None)]
    """
    for piece in sweep.pieces:
        if piece.decided:
            for x in numbers_in(piece, count):
                yield x, _difference(sweep, piece, x)


def _difference(sweep: Sweep, piece: Piece, x: fmpq) -> str | None:
    result = sweep.family.settled(x)
    if not isinstance(result, Settled):
        return None  # the budget of layers, or of changes outside (H)
    truth, found = settled_outcome(result), piece.outcome
    if result.history != piece.history:
        return "the history of attention"
    if truth is None or found is None:
        return "whether there are limits"
    if truth.leaders != found.leaders:
        return "the leaders"
    if truth.kinds != found.kinds:
        return "the kinds of limits"
    if truth.at(x) != found.at(x):
        return "the limits"
    return None
