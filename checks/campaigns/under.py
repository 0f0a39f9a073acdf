"""The units of campaigns about a kind of dynamics: small boxes first, then what is drawn.

Half of the examples, or all that there are, are the configurations of small boxes in the order of
size, at step 1: the first that refutes is the smallest of them. The others are drawn from the
families of `checks.strategies`, and from planted configurations, changed to be of the kind; last
come those that the kind knows.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice, permutations, product

from checks.boxes import Box
from checks.planted import (
    held_configurations,
    open_configurations,
    resonant_configurations,
    waiting_configurations,
)
from checks.statements import Statement
from checks.statements.domains import Strategy
from checks.statements.kinds import Kind
from checks.strategies import FAMILIES, configurations, rare_configurations
from theory import Configuration

SMALL = (
    Box(1, 2, 1), Box(2, 1, 1), Box(1, 4, 2), Box(2, 2, 2), Box(1, 3, 3), Box(2, 1, 3),
    Box(2, 2, 3), Box(3, 1, 3), Box(1, 4, 4), Box(2, 1, 4), Box(2, 2, 4), Box(3, 1, 4),
)  # fmt: skip
"""Small boxes in the order of size."""

BOXES = "boxes"
"""The source of what is not drawn: the seed of its units is the place of their first one."""

KNOWN = "known"
"""The source of the configurations that a kind has by itself."""

PLANTED: dict[str, Callable[[], Strategy]] = {
    "rare": rare_configurations,
    "small": lambda: configurations(family="lattice", max_tokens=4, max_dimension=2),
    "repeated": lambda: configurations(repeated=True),
    "waiting": waiting_configurations,
    "resonant": resonant_configurations,
    "held": held_configurations,
    "open": open_configurations,
}
"""Sources for kinds whose configurations may have any size, beside the families."""


def seed_of(campaign_seed: int, source: str, number: int) -> int:
    """The seed of the unit with that number of a source."""
    digest = sha256(f"{campaign_seed}:{source}:{number}".encode()).digest()
    return int.from_bytes(digest[:8])


def shares_under(kind: Kind, examples: int) -> dict[str, int]:
    """How many examples each source of the kind gets, the boxes first.

    >>> from checks.statements.kinds import find_kind
    >>> [*shares_under(find_kind("window"), 4).items()][:3]
    [('boxes', 2), ('lattice', 1), ('cube', 1)]
    """
    half = range(examples - examples // 2)
    boxes = sum(1 for _ in zip(half, boxed(kind), strict=False))
    drawn = [*FAMILIES, *(PLANTED if kind.wide else ())]
    known = min(len(kind.known), examples - boxes)
    each, rest = divmod(examples - boxes - known, len(drawn))
    shares = {source: each + (place < rest) for place, source in enumerate(drawn)}
    return {BOXES: boxes} | shares | ({KNOWN: known} if known else {})


def strategy_under(kind: Kind, source: str, claim: Statement | None = None) -> Strategy:
    """What a source draws for the kind, or for that claim under it."""
    if source in PLANTED:
        return kind.of(PLANTED[source]())
    return kind.drawn(source) if claim is None else claim.domain.strategy(source)


def boxes_under(kind: Kind, start: int, count: int) -> Iterator[Configuration]:
    """So many configurations of small boxes from a place on."""
    return islice(boxed(kind), start, start + count)


def boxed(kind: Kind) -> Iterator[Configuration]:
    """The configurations of the small boxes, in every order of the tokens where that counts.

    >>> from checks.statements.kinds import find_kind
    >>> [c.to_dict()["tokens"] for c in islice(boxed(find_kind("causal")), 6)][4:]
    [[['-1'], ['1']], [['1'], ['-1']]]
    """
    for box in SMALL:
        for A, alpha, rows in product(kind.matrices(box.dimension), kind.steps, kind.boxed(box)):
            orders = dict.fromkeys(permutations(rows)) if kind.typical.ordered else (rows,)
            for ordered in orders:
                configuration = Configuration(ordered, alpha, A)
                if kind.suits(configuration):
                    yield configuration
