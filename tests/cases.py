"""Configurations on which implementations are compared: ``cases(count, seed)``.

Families in turn, each case from its own generator seeded with (seed, index, family): the i-th
case does not depend on the count. Every case has nonzero tokens, A symmetric positive definite
(None is the identity) and alpha > 0; only the family "repeated" has repeated tokens. Most random
configurations are settled at layer 0, every token leading or following one leader; such draws
are mostly thrown back.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from random import Random
from typing import NamedTuple, TypedDict

from reference import brute_pattern

Token = list[Fraction]
Block = list[Token]

STEPS = [Fraction(1, 3), Fraction(1, 2), Fraction(1), Fraction(2), Fraction(3), Fraction(7, 5)]
SMALL_STEPS = [Fraction(1, 10), Fraction(1, 50), Fraction(1, 200)]
LARGE_STEPS = [Fraction(5), Fraction(100)]


class Case(TypedDict):
    """One configuration and the family that it came from."""

    tokens: Block
    A: Block | None
    alpha: Fraction
    family: str


class Draw(NamedTuple):
    """What a family makes: tokens, A, alpha."""

    tokens: Block
    A: Block | None
    alpha: Fraction


def distinct(draw: Callable[[], Token], count: int) -> Block:
    """Up to count distinct nonzero tokens (fewer where the family has no more to give)."""
    tokens: Block = []
    for _ in range(50 * count):
        token = draw()
        if any(token) and token not in tokens:
            tokens.append(token)
        if len(tokens) == count:
            break
    return tokens


def lattice_tokens(random: Random, count: int, dimension: int, radius: int = 3) -> Block:
    """Distinct nonzero integer tokens in a box."""
    return distinct(
        lambda: [Fraction(random.randint(-radius, radius)) for _ in range(dimension)], count
    )


def lattice(random: Random) -> Draw:
    """Small integer tokens: ties by the dozen."""
    tokens = lattice_tokens(random, random.randint(2, 9), random.randint(1, 4))
    return Draw(tokens, None, random.choice(STEPS))


def signs(random: Random) -> Draw:
    """Vertices of {-1, 1}^d: all of one norm, so each leads, and a few shorter tokens."""
    dimension = random.randint(1, 5)
    vertices = [[Fraction(x) for x in point] for point in product((-1, 1), repeat=dimension)]
    tokens = random.sample(vertices, random.randint(1, min(len(vertices), 8)))
    for token in lattice_tokens(random, 3, dimension, 1):
        if token not in tokens:
            tokens.append(token)
    random.shuffle(tokens)
    return Draw(tokens, None, random.choice(STEPS))


def cube(random: Random) -> Draw:
    """Points of {-1, 0, 1}^d."""
    tokens = lattice_tokens(random, random.randint(2, 10), random.randint(1, 5), 1)
    return Draw(tokens, None, random.choice(STEPS))


def definite(random: Random, dimension: int) -> Block:
    """B^T B + I/8 for an integer matrix B: often nearly singular, rarely near diagonal."""
    B = [[random.randint(-3, 3) for _ in range(dimension)] for _ in range(dimension)]
    return [
        [
            Fraction(sum(row[i] * row[j] for row in B)) + Fraction(int(i == j), 8)
            for j in range(dimension)
        ]
        for i in range(dimension)
    ]


def matrices(random: Random) -> Draw:
    """Integer tokens under a matrix far from diagonal."""
    dimension = random.randint(2, 4)
    tokens = lattice_tokens(random, random.randint(2, 8), dimension, 2)
    return Draw(tokens, definite(random, dimension), random.choice(STEPS))


def rationals(random: Random) -> Draw:
    """Rational tokens with unlike denominators, at times under a matrix."""
    dimension = random.randint(1, 4)
    tokens = distinct(
        lambda: [
            Fraction(random.randint(-20, 20), random.randint(1, 12)) for _ in range(dimension)
        ],
        random.randint(2, 9),
    )
    A = definite(random, dimension) if random.random() < 0.3 else None
    return Draw(tokens, A, Fraction(random.randint(1, 30), random.randint(1, 12)))


def binary64(random: Random) -> Draw:
    """Gaussian floats, taken as the exact rationals that they are."""
    dimension = random.randint(1, 5)
    tokens = distinct(
        lambda: [Fraction(random.gauss(0, 1)) for _ in range(dimension)], random.randint(2, 12)
    )
    return Draw(tokens, None, random.choice([*STEPS, Fraction(0.1)]))


def near_tie(random: Random) -> Draw:
    """Tokens of a family rich in ties, some coordinates off by 10^-12 to 10^-40."""
    tokens, A, alpha = random.choice((lattice, signs, cube, symmetric))(random)
    tokens = [list(token) for token in tokens[:8]]
    for token in tokens:
        for index in range(len(token)):
            if random.random() < 0.2:
                token[index] += random.choice((-1, 1)) * Fraction(1, 10 ** random.randint(12, 40))
    return Draw(tokens, A, alpha)


def repeated(random: Random) -> Draw:
    """Lattice tokens, some of them more than once."""
    tokens = lattice_tokens(random, random.randint(2, 6), random.randint(1, 3), 2)
    tokens += [list(random.choice(tokens)) for _ in range(random.randint(1, 6))]
    random.shuffle(tokens)
    return Draw(tokens, None, random.choice(STEPS))


def small_alpha(random: Random) -> Draw:
    """Small steps: the last change of pattern may be hundreds of layers away."""
    tokens = lattice_tokens(random, random.randint(2, 6), random.randint(1, 3))
    return Draw(tokens, None, random.choice(SMALL_STEPS))


def large_alpha(random: Random) -> Draw:
    """Large steps."""
    tokens = lattice_tokens(random, random.randint(2, 8), random.randint(1, 4))
    return Draw(tokens, None, random.choice(LARGE_STEPS))


def collinear(random: Random) -> Draw:
    """Tokens on one line, through the origin or not."""
    dimension = random.randint(1, 3)
    (direction,) = lattice_tokens(random, 1, dimension)
    foot = [Fraction(random.randint(-2, 2)) for _ in range(dimension)]
    if random.random() < 0.4:
        foot = [Fraction(0)] * dimension

    def draw() -> Token:
        s = Fraction(random.randint(-12, 12), random.choice((1, 2, 3)))
        return [x + s * v for x, v in zip(foot, direction, strict=True)]

    return Draw(distinct(draw, random.randint(2, 8)), None, random.choice(STEPS))


def symmetric(random: Random) -> Draw:
    """Each token with its negative."""
    half = lattice_tokens(random, random.randint(1, 5), random.randint(1, 4), 2)
    tokens = list(half)
    for token in half:
        opposite = [-x for x in token]
        if opposite not in tokens:
            tokens.append(opposite)
    random.shuffle(tokens)
    return Draw(tokens, None, random.choice(STEPS))


def resonant(random: Random) -> Draw:
    """A tie of two moving tokens, which may give way to another when eps t exceeds a constant.

    Tokens 2 and 3 follow tokens 0 and 1, token 6 ties 2 and 3 and drifts along their third axis
    like t lam^t; tokens 4 and 5 have (1 + eps) times their part there and less of the fourth.
    The pattern changes at a layer of order 1/eps if eps > 0, never if eps <= 0.
    """
    width = random.randint(4, 6)
    eps = Fraction(random.choice((-1, 1, 1, 1)), random.randint(2, 24))
    fourth = Fraction(random.randint(0, 2), random.randint(1, 2))
    tokens = [
        [Fraction(sign * first), Fraction(2), third, last]
        for first, third, last in (
            (width, Fraction(0), Fraction(0)),
            (1, Fraction(1), Fraction(0)),
            (1, 1 + eps, Fraction(-1)),
        )
        for sign in (1, -1)
    ]
    tokens.append([Fraction(0), Fraction(1), Fraction(0), fourth])
    return Draw(tokens, None, random.choice([Fraction(1, 2), Fraction(1), Fraction(3)]))


FAMILIES: dict[str, Callable[[Random], Draw]] = {
    "lattice": lattice,
    "signs": signs,
    "cube": cube,
    "matrices": matrices,
    "rationals": rationals,
    "binary64": binary64,
    "near-tie": near_tie,
    "repeated": repeated,
    "small-alpha": small_alpha,
    "large-alpha": large_alpha,
    "collinear": collinear,
    "symmetric": symmetric,
    "resonant": resonant,
}


def is_plain(draw: Draw) -> bool:
    """Whether at layer 0 every token leads or follows one leader; then nothing ever changes."""
    tokens = [token for index, token in enumerate(draw.tokens) if token not in draw.tokens[:index]]
    pattern = brute_pattern(tokens, [1] * len(tokens), draw.A)
    return all(len(attended) == 1 and pattern[attended[0]] == attended for attended in pattern)


def cases(count: int, seed: int) -> Iterator[Case]:
    """The first count cases of this seed, the families in turn."""
    names = list(FAMILIES)
    for index in range(count):
        family = names[index % len(names)]
        random = Random(f"{seed}/{index}/{family}")
        draw = FAMILIES[family](random)
        patience = random.choice((0, 10, 20, 40))
        while patience and is_plain(draw):
            draw = FAMILIES[family](random)
            patience -= 1
        yield {"tokens": draw.tokens, "A": draw.A, "alpha": draw.alpha, "family": family}
