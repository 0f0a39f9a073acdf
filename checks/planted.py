"""Strategies for what random draws hardly ever have: planted to wait, to resonate, to be many.

waiting_configurations     ties by symmetry that stand for long, and break then
resonant_configurations    a token that attends to moving tokens alone, and one that it passes
held_configurations        a tie that would be held, but for a token as little as 10^-40 farther
backward_configurations    α ≤ 0, with and without the other hypotheses
open_configurations        the case in which it is not proved that a configuration settles
parting_configurations     a tie of many that stands on two layers, by the place of its centre
crowded_configurations     one of these, or a random one, in a crowd of short tokens

A crowd is drawn through a seed, which is much cheaper than token by token.
"""

from math import isqrt
from random import Random

from flint import fmpq
from hypothesis import strategies as st

from checks.strategies import Draw, Row, configurations, disguised, rare_configurations
from theory import Configuration

BACKWARD = ("-1/10", "-1/3", "-1/50", "-1/2", "-1/5", "0", "-2", "-2/3", "-3/2", "-9/10")
"""The steps α ≤ 0 that are drawn."""

KNOWN: tuple[tuple[tuple[tuple[int, ...], ...], str], ...] = (
    # a token follows its pair for 50 layers, until it is itself what the pair was
    (((10, 4), (-10, 4), (6, 6), (-6, 6), (0, 1)), "1/20"),
    (((-5, -3), (5, -3), (-3, -4), (3, -4), (0, -1)), "1"),
    # the limits tie what is passed on the way
    (((50, 20, 0), (-50, 20, 0), (30, 30, -10), (-30, 30, -10), (0, 1, 2)), "1/2"),
    # something else is farther along after 1, 21 and 101 layers
    (((-2, 4), (2, 4), (3, -5), (-3, -5), (4, 3), (-4, 3), (0, 3)), "1/100"),
    (((20, 10, 0), (-20, 10, 0), (10, 10, 10), (-10, 10, 10), (0, 5, 0), (0, 7, 20)), "1/20"),
    (((60, 20, 0), (-60, 20, 0), (40, 20, 20), (-40, 20, 20), (0, 20, 0), (0, 9, 50)), "1/50"),
    # targets that move
    (((1, 0), (3, 1), (-3, 1), (3, -3), (-3, 2), (3, 2)), "1/2"),
    (((2, 3), (0, -3), (2, -1), (2, -2), (1, 0)), "1/20"),
    # a tie by coincidence on two layers, off the mirror on the third
    (((0, -1), (3, -3), (-3, -3), (1, -1), (-1, -1), (7, -2), (-6, -2)), "1"),
)
"""Waits that were found by search."""

WAITS = ("1", "1/2", "1/20", "1/10", "1/100", "1/5", "1/50", "3")
"""Steps of planted configurations."""

SHORT_WAITS = ("1", "1/2", "3", "1/5")
"""Steps with which 10^-40 is reached within few hundred layers."""

FILLER = 60
"""How many times shorter than the others the tokens of a crowd are, about."""


SQUARES = (27625, 32045, 40885)
"""Squares of radii of circles about the origin that have 64 points of whole coordinates."""


def _coordinates(draw: Draw, count: int, radius: int) -> list[fmpq]:
    return [fmpq(draw(st.integers(-radius, radius))) for _ in range(count)]


def _distinct(rows: list[Row]) -> list[Row]:
    """Without repetitions and the origin; one token at least."""
    d = len(rows[0])
    return [row for row in dict.fromkeys(rows) if any(row)] or [(fmpq(1),) * d]


@st.composite
def waiting_configurations(draw: Draw) -> Configuration:
    """Pairs of mirror images that follow others, and a token on the mirror that ties them.

    It is drawn along until the pair has gone past it, or something else is farther along. One in
    three is one of those `KNOWN`.
    """
    if draw(st.sampled_from((False, False, True))):
        tokens, alpha = draw(st.sampled_from(KNOWN))
        return disguised(draw, [tuple(map(fmpq, row)) for row in tokens], alpha)
    far = draw(st.integers(4, 9)), draw(st.integers(0, 3))
    near = draw(st.integers(1, far[0] - 1)), far[1] + draw(st.integers(1, 3))
    pairs = [far, near]
    if draw(st.booleans()):
        pairs.append((draw(st.integers(0, 9)), draw(st.integers(-3, 3))))
    rows: list[Row] = [(fmpq(sign * x), fmpq(y)) for x, y in pairs for sign in (1, -1)]
    rows.append((fmpq(0), fmpq(draw(st.integers(1, 4)), draw(st.sampled_from((2, 1, 3, 10))))))
    if draw(st.booleans()):
        x, y = _coordinates(draw, 2, 5)
        rows.append((x / 2, y / 2))
    if draw(st.booleans()):
        rows = [(*row, fmpq(draw(st.integers(-1, 1)))) for row in rows]
    return disguised(draw, _distinct(rows), draw(st.sampled_from(WAITS)))


@st.composite
def resonant_configurations(draw: Draw) -> Configuration:
    """A token that ties two followers of two leaders, moves with t·λ^t, and may meet another."""
    height, width = draw(st.integers(1, 4)), draw(st.integers(2, 6))
    inner, off = draw(st.integers(1, width)), draw(st.integers(1, 3))
    own = fmpq(draw(st.integers(1, 3)), draw(st.sampled_from((1, 2))))
    other = fmpq(draw(st.integers(1, 10 * height)), 10)
    rows: list[Row] = [
        *((fmpq(sign * width), fmpq(height), fmpq(0)) for sign in (1, -1)),
        *((fmpq(sign * inner), fmpq(height), fmpq(off)) for sign in (1, -1)),
        (fmpq(0), own, fmpq(0)),
        (fmpq(0), other, fmpq(draw(st.integers(1, 9)))),
    ]
    if draw(st.booleans()):
        rows.append((fmpq(0), own / 2, -fmpq(off) / 4))
    return disguised(draw, _distinct(rows), draw(st.sampled_from(WAITS)))


@st.composite
def held_configurations(draw: Draw) -> Configuration:
    """A token ties two leaders; another is farther along their mean, by as little as 10^-40."""
    width, height = draw(st.integers(2, 5)), draw(st.integers(1, 3))
    down = draw(st.integers(1, 2))
    gap = fmpq(1, 10 ** draw(st.sampled_from((40, 2, 12, 17, 30))))
    if draw(st.sampled_from((False, False, True))):
        gap = -gap
    rows: list[Row] = [
        *((fmpq(sign * width), fmpq(height), fmpq(0)) for sign in (1, -1)),
        (fmpq(0), height + gap, fmpq(-down)),
        (fmpq(0), fmpq(1), fmpq(1, draw(st.sampled_from((10, 2, 7))))),
    ]
    return disguised(draw, _distinct(rows), draw(st.sampled_from(SHORT_WAITS)))


@st.composite
def backward_configurations(draw: Draw) -> Configuration:
    """α ≤ 0: nothing has to settle, hulls may grow, and leaders may stop leading."""
    standing = draw(st.sampled_from((True, True, False)))
    forward = draw(
        configurations(max_tokens=6, max_dimension=3, family="lattice", standing=standing)
    )
    return forward.altered(alpha=fmpq(*_parts(draw(st.sampled_from(BACKWARD)))))


@st.composite
def open_configurations(draw: Draw) -> Configuration:
    """The open case of settling: tokens that share a limit on a face, and followers beyond it.

    d ≥ 4 and α ≥ 3. Two leaders make an edge; mirror pairs of followers stand beyond it; and each
    of several tokens is the foot of a pair's mean on a random line, so that it ties itself with
    that pair and moves (section 11.11 of the notes).
    """
    d, height = draw(st.integers(4, 5)), draw(st.integers(1, 3))
    width = draw(st.integers(3, 9))
    zeros = (fmpq(0),) * (d - 2)
    rows: list[Row] = [(fmpq(sign * width), fmpq(height), *zeros) for sign in (1, -1)]
    means: list[Row] = []
    for _ in range(draw(st.integers(1, 3))):
        near, off = fmpq(draw(st.integers(1, width - 1))), _coordinates(draw, d - 2, 2)
        over = height + fmpq(draw(st.integers(1, 4)), draw(st.sampled_from((10, 2, 100, 1000))))
        off = [x / draw(st.sampled_from((2, 1, 10))) for x in off]
        rows += [(sign * near, over, *off) for sign in (fmpq(1), fmpq(-1))]
        means.append((fmpq(0), over, *off))
    for _ in range(draw(st.integers(2, 4))):
        mean = draw(st.sampled_from(means))
        line = (fmpq(0), fmpq(draw(st.integers(2, 9))), *_coordinates(draw, d - 2, 4))
        along = sum((x * y for x, y in zip(mean, line, strict=True)), fmpq(0))
        part = along / sum(x * x for x in line)
        rows.append(tuple(part * x for x in line))
    return disguised(
        draw, _distinct(rows), draw(st.sampled_from(("3", "8", "4", "15", "24", "99")))
    )


@st.composite
def parting_configurations(draw: Draw) -> Configuration:
    """A token ties leaders on a circle and a follower, 63 together, on two layers and no third.

    What it ties is at one height, at which the token itself is on the axis, so that it is tied by
    whatever is there; and the mean of what it ties is on the axis, so that after one layer it still
    is. But then the follower has moved.
    """
    square = draw(st.sampled_from(SQUARES))
    halves = [(x, isqrt(square - x * x)) for x in range(-isqrt(square), isqrt(square) + 1)]
    circle = [(x, s * y) for x, y in halves if x * x + y * y == square for s in (1, -1)]
    # the follower stands where two leaders would have held the mean on the axis: inside, and
    # nearest to one leader alone
    places = []
    for place, (x, y) in enumerate(circle):
        for u, v in circle[:place]:
            products = sorted((x + u) * a + (y + v) * b for a, b in circle)
            if 0 < (x + u) ** 2 + (y + v) ** 2 < square and products[-1] > products[-2]:
                places.append(((x, y), (u, v)))
    left_out = draw(st.sampled_from(places))
    (x, y), (u, v) = left_out
    height = fmpq(draw(st.integers(300, 500)))
    rows: list[Row] = [
        *((fmpq(a), fmpq(b), height) for a, b in circle if (a, b) not in left_out),
        (fmpq(x + u), fmpq(y + v), height),
        (fmpq(0), fmpq(0), fmpq(draw(st.integers(1, 9)))),
    ]
    return disguised(draw, rows, draw(st.sampled_from(WAITS)))


def _parts(step: str) -> tuple[int, int]:
    above, _, below = step.partition("/")
    return int(above), int(below or 1)


@st.composite
def crowded_configurations(draw: Draw, *, min_tokens: int, max_tokens: int) -> Configuration:
    """Few tokens that matter among many short ones, some on the segments between the former.

    Or among many of about the same norm, on a ring. Sometimes tokens are repeated. Shrinks toward
    `min_tokens` tokens.
    """
    core = draw(
        st.one_of(
            configurations(min_tokens=4, max_tokens=8, min_dimension=2, max_dimension=3),
            waiting_configurations(),
            resonant_configurations(),
            rare_configurations(),
        )
    )
    size = draw(st.integers(min_tokens, max_tokens))
    generator = Random(sum(100**k * draw(st.integers(0, 99)) for k in range(4)))
    rows, copies = list(core.tokens), draw(st.integers(0, 3))
    rows, d = list(dict.fromkeys(rows)), core.dimension
    longest = max(abs(x) for row in rows for x in row)
    unit, radius, ring = longest / FILLER, 3 + round(size ** (1 / d)), draw(st.booleans())
    if ring:
        unit, radius = longest / 60, 60
    while len(rows) < size:
        if ring:
            whole = [generator.randint(-radius, radius) for _ in range(d)]
            square = sum(x * x for x in whole)
            row = tuple(unit * x for x in whole)
            if 0.85 * radius**2 <= square <= radius**2 and row not in rows:
                rows.append(row)
            continue
        if len(rows) % 5 == 4:
            x, y = generator.sample(core.tokens, 2) if core.size > 1 else core.tokens * 2
            part = fmpq(generator.randint(1, 7), 8 * generator.randint(1, 9))
            row = tuple(part * (a + b) / 2 for a, b in zip(x, y, strict=True))
        else:
            row = tuple(unit * generator.randint(-radius, radius) for _ in range(d))
        if any(row) and row not in rows:
            rows.append(row)
    rows += generator.sample(rows, copies)
    return Configuration(rows, draw(st.sampled_from(SHORT_WAITS)), core.A)
