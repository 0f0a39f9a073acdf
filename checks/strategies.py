"""Hypothesis strategies for configurations, built to reach what breaks toy implementations.

`configurations` draws from several families (`FAMILIES`), each of which makes one kind of trouble
likely: lattice and cube points tie; collinear and symmetric sets degenerate; near-ties differ
by as little as 10^-40; binary64 coordinates have 53-bit numerators; the rare family carries known
configurations whose behaviour random search meets once in thousands of draws, transformed by
symmetries that keep it.

Shrinking goes toward few tokens, A = identity, small dimension, α = 1 and small integers. It can,
because every family draws its tokens in one way, coordinate by coordinate in `WIDTH` dimensions of
which only the last d are used: a token can be left out, a dimension dropped, and one family tried
for another, without what the other choices mean being changed.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

from flint import fmpq
from hypothesis import strategies as st

from checks.rare import RARE
from theory import Configuration, HardmaxError
from theory.exact import at_least, expect, from_binary64, rational, shorten, shown
from theory.matrices import identity

Row: TypeAlias = tuple[fmpq, ...]
Draw: TypeAlias = st.DrawFn
Bounds: TypeAlias = tuple[int, int]

WIDTH = 5
"""Coordinates drawn for every point, unless more are wanted."""

RADII = (2, 1, 3, 5)
"""The radii of the boxes that lattice points are drawn from."""

STEPS = ("1", "1/2", "2", "1/3", "3", "1/10", "8", "1/50", "3/7", "100", "1/300")
"""The steps α that are drawn, simplest first."""


def steps(*, min_value: str = "0", max_value: str = "1000") -> st.SearchStrategy[fmpq]:
    """Steps α > 0 between the bounds; shrinks toward 1.

    Raises `HardmaxError` if no step of `STEPS` is between them.
    """
    low, high = rational(min_value), rational(max_value)
    among = [step for step in map(rational, STEPS) if low <= step <= high]
    if not among:
        raise HardmaxError(f"no step between {shorten(str(low))} and {shorten(str(high))}: {STEPS}")
    return st.sampled_from(among)


@st.composite
def matrices(draw: Draw, dimension: int) -> tuple[Row, ...]:
    """Symmetric positive definite rational matrices, d rows of d; shrinks toward the identity.

    Drawn as U D Uᵀ with U unit upper triangular with entries up to 3 and D a positive diagonal
    of ratios up to 50, so that most are far from diagonal.
    """
    at_least(1, "dimension", dimension)
    if draw(st.booleans()):
        return _definite(draw, dimension)
    return identity(dimension)


def _definite(draw: Draw, d: int) -> tuple[Row, ...]:
    drawn = range(max(d, WIDTH))
    upper = [
        [fmpq(int(i == j) if i >= j else draw(st.integers(-3, 3))) for j in drawn] for i in drawn
    ]
    diagonal = [
        fmpq(draw(st.sampled_from((1, 2, 5, 50))), draw(st.sampled_from((1, 3)))) for _ in drawn
    ]
    return tuple(
        tuple(
            sum((upper[i][s] * diagonal[s] * upper[j][s] for s in drawn[-d:]), fmpq(0))
            for j in drawn[-d:]
        )
        for i in drawn[-d:]
    )


@st.composite
def general_matrices(draw: Draw, dimension: int) -> tuple[Row, ...]:
    """Any small integer matrices, unsymmetric, singular and indefinite ones among them."""
    at_least(1, "dimension", dimension)
    return tuple(_points(draw, max(dimension, WIDTH), dimension, 2)[-dimension:])


def _lattice(draw: Draw, n: int, d: int) -> list[Row]:
    return _points(draw, n, d, draw(st.sampled_from(RADII)))


def _cube(draw: Draw, n: int, d: int) -> list[Row]:
    signs = draw(st.sampled_from((False, True)))
    rows = _points(draw, n, d, 1)
    return [tuple(fmpq(1) if x >= 0 else x for x in row) for row in rows] if signs else rows


def _rational(draw: Draw, n: int, d: int) -> list[Row]:
    denominator = draw(st.sampled_from((2, 3, 10, 12, 33)))
    return _scaled(_points(draw, n, d, 3 * denominator), fmpq(1, denominator))


def _collinear(draw: Draw, n: int, d: int) -> list[Row]:
    rows = _lattice(draw, n, d)
    base, direction = _points(draw, 2, d, 2)
    times = [row[0] / draw(st.sampled_from((1, 2, 3))) for row in rows]
    return [tuple(b + t * v for b, v in zip(base, direction, strict=True)) for t in times]


def _symmetric(draw: Draw, n: int, d: int) -> list[Row]:
    half = _lattice(draw, n, d)[: (n + 1) // 2]
    return [row for x in half for row in (x, tuple(-s for s in x))]


def _near_tied(draw: Draw, n: int, d: int) -> list[Row]:
    rows = _lattice(draw, n, d)
    moved = []
    for row in rows:
        power = draw(st.sampled_from((0, 12, 17, 30, 40)))
        sign = draw(st.sampled_from((1, -1)))
        place = draw(st.integers(0, d - 1))
        nudge = fmpq(sign, 10**power) if power else fmpq(0)
        moved.append(tuple(x + nudge if s == place else x for s, x in enumerate(row)))
    return moved


def _huge(draw: Draw, n: int, d: int) -> list[Row]:
    small, large = _lattice(draw, n, d), _lattice(draw, n, d)
    scale = fmpq(10) ** draw(st.sampled_from((20, -20, 60)))
    return [
        tuple(x + scale * y for x, y in zip(row, far, strict=True))
        for row, far in zip(small, large, strict=True)
    ]


def _binary64(draw: Draw, n: int, d: int) -> list[Row]:
    denominator = draw(st.sampled_from((10, 3)))
    rows = _points(draw, n, d, 2 * denominator)
    return [tuple(from_binary64(int(x) / denominator) for x in row) for row in rows]


def _clustered(draw: Draw, n: int, d: int) -> list[Row]:
    """A few far tokens and many inside, as emerging leaders and face limits want."""
    rows = _lattice(draw, n, d)
    corners = max(1, n // 3)
    outer = [tuple(x + 3 if x >= 0 else x - 3 for x in row) for row in rows[:corners]]
    return outer + rows[corners:]


Family: TypeAlias = Callable[[Draw, int, int], list[Row]]

FAMILIES: dict[str, Family] = {
    "lattice": _lattice,
    "cube": _cube,
    "rational": _rational,
    "collinear": _collinear,
    "symmetric": _symmetric,
    "clustered": _clustered,
    "near-tied": _near_tied,
    "huge": _huge,
    "binary64": _binary64,
}
"""The families of token sets by name."""


def token_sets(
    *,
    family: str,
    min_tokens: int = 1,
    max_tokens: int = 8,
    min_dimension: int = 1,
    max_dimension: int = 5,
    nonzero: bool = True,
) -> st.SearchStrategy[list[Row]]:
    """Rows of one family, distinct, and without the origin if `nonzero`.

    Never fewer than `min_tokens`; fewer than `max_tokens` where draws coincide. Raises
    `HardmaxError` for bounds between which nothing is, and for no family.
    """
    sizes = (min_tokens, max_tokens), (min_dimension, max_dimension)
    _check(*sizes, family, FAMILIES, nonzero=nonzero)
    return _token_sets(family, sizes, nonzero)


@st.composite
def _token_sets(draw: Draw, family: str, sizes: tuple[Bounds, Bounds], nonzero: bool) -> list[Row]:
    return _tokens(draw, family, *_size(draw, *sizes), sizes[0], nonzero)


def _size(draw: Draw, tokens: Bounds, dimensions: Bounds) -> tuple[int, int]:
    return draw(_sizes(*tokens)), draw(_sizes(*dimensions))


def _tokens(draw: Draw, family: str, n: int, d: int, bounds: Bounds, nonzero: bool) -> list[Row]:
    """About n tokens, their number within the bounds."""
    least, greatest = bounds
    rows = list(dict.fromkeys(FAMILIES[family](draw, n, d)))[:greatest]
    if nonzero:
        rows = [row for row in rows if any(row)]
    missing = least - len(rows)
    step = 1
    while missing > 0:
        row = tuple(fmpq(step if s == 0 else 0) for s in range(d))
        if row not in rows:
            rows.append(row)
            missing -= 1
        step += 1
    return rows


def configurations(
    *,
    min_tokens: int = 1,
    max_tokens: int = 8,
    min_dimension: int = 1,
    max_dimension: int = 5,
    family: str | None = None,
    repeated: bool = False,
    standing: bool = True,
) -> st.SearchStrategy[Configuration]:
    """Configurations to hold claims against.

    Parameters
    ----------
    min_tokens, max_tokens, min_dimension, max_dimension : bounds on n and d.
    family : one of `FAMILIES`, or "rare" (see `rare_configurations`; these satisfy (H) always);
        any of `FAMILIES` when omitted.
    repeated : whether some tokens are repeated (n then counts places).
    standing : whether the standing hypotheses (H) hold, repeated tokens apart. If not, A is any
        small integer matrix and a token may be 0; α stays positive.

    Raises `HardmaxError` for bounds that nothing satisfies and for an unknown family.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, database=None, deadline=None)
    ... @given(configurations(min_tokens=2, max_tokens=3, max_dimension=2))
    ... def small(configuration):
    ...     assert configuration.size in (2, 3) and configuration.dimension in (1, 2)
    >>> small()
    """
    sizes = (min_tokens, max_tokens), (min_dimension, max_dimension)
    _check(*sizes, family, (None, "rare", *FAMILIES), repeated=repeated, standing=standing)
    return _configurations(*sizes, family, repeated, standing)


@st.composite
def _configurations(
    draw: Draw,
    tokens: Bounds,
    dimensions: Bounds,
    family: str | None,
    repeated: bool,
    standing: bool,
) -> Configuration:
    if family == "rare":
        rare = draw(_rare(tokens, dimensions))
        rows, alpha, A = list(rare.tokens), rare.alpha, rare.A
    else:
        name = draw(st.sampled_from(list(FAMILIES))) if family is None else family
        n, d = _size(draw, tokens, dimensions)
        alpha = draw(steps())
        A = draw(matrices(d)) if standing else draw(general_matrices(d))
        rows = _tokens(draw, name, n, d, tokens, nonzero=standing)
    if repeated:
        copies = draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=4))
        rows = [*rows, *(rows[i] for i in copies)]
    return Configuration(rows, alpha, A)


SCALES = (fmpq(1), fmpq(3), fmpq(1, 7))


def rare_configurations() -> st.SearchStrategy[Configuration]:
    """Known rare configurations under symmetries that keep what is rare about them.

    The tokens are permuted, scaled, and carried to other coordinates by an integer shear, with A
    carried along; sometimes a short token is added, which disturbs nobody.
    """
    return _rare((1, 1 + max(len(tokens) for tokens, _ in RARE)), (1, WIDTH))


@st.composite
def _rare(draw: Draw, sizes: Bounds, dimensions: Bounds) -> Configuration:
    _check_bounds("tokens", sizes)
    _check_bounds("dimension", dimensions)
    among = [
        (tokens, alpha)
        for tokens, alpha in RARE
        if sizes[0] <= len(tokens) <= sizes[1] and dimensions[0] <= len(tokens[0]) <= dimensions[1]
    ]
    if not among:
        raise HardmaxError(
            f"no rare configuration has {sizes[0]} to {sizes[1]} tokens in dimension "
            f"{dimensions[0]} to {dimensions[1]}"
        )
    tokens, alpha = draw(st.sampled_from(among))
    rows: list[Row] = [tuple(map(fmpq, row)) for row in tokens]
    if len(rows) < sizes[1] and draw(st.booleans()):
        (small,) = _points(draw, 1, len(tokens[0]), 1)
        if any(small):
            rows.append(tuple(x / 100 for x in small))
    return disguised(draw, rows, alpha)


def disguised(draw: Draw, rows: list[Row], alpha: str | fmpq) -> Configuration:
    """The tokens permuted, scaled, and perhaps sheared with A, so that nothing depends on these."""
    d = len(rows[0])
    A = identity(d)
    if d > 1 and draw(st.booleans()):
        shear = draw(st.sampled_from((1, -1, 2)))
        rows = [(row[0] + shear * row[1], *row[1:]) for row in rows]
        A = _sheared(shear, d)
    rows = draw(st.permutations(rows))
    return Configuration(_scaled(rows, draw(st.sampled_from(SCALES))), alpha, A)


def _sheared(shear: int, d: int) -> tuple[Row, ...]:
    """B^{-T} B^{-1} for the shear B = I + shear·e_1 e_2ᵀ."""
    inverse = [[fmpq(int(i == j)) for j in range(d)] for i in range(d)]
    inverse[0][1] = fmpq(-shear)
    return tuple(
        tuple(sum((inverse[s][i] * inverse[s][j] for s in range(d)), fmpq(0)) for j in range(d))
        for i in range(d)
    )


def _sizes(least: int, greatest: int) -> st.SearchStrategy[int]:
    """Sizes that shrink toward the least and lean to the greater half, where things happen."""
    upper = range((least + greatest + 1) // 2, greatest + 1)
    return st.sampled_from([*range(least, greatest + 1), *upper, *upper])


def _points(draw: Draw, n: int, d: int, radius: int) -> list[Row]:
    coordinates = st.integers(-radius, radius)
    return [tuple(fmpq(draw(coordinates)) for _ in range(max(d, WIDTH)))[-d:] for _ in range(n)]


def _scaled(rows: Sequence[Row], factor: fmpq | int) -> list[Row]:
    return [tuple(factor * x for x in row) for row in rows]


def _check(
    tokens: Bounds, dimensions: Bounds, family: object, families: Collection[object], **flags: bool
) -> None:
    for what, bounds in (("tokens", tokens), ("dimension", dimensions)):
        for least, number in zip(("min", "max"), bounds, strict=True):
            at_least(0, f"{least}_{what}", number)
        _check_bounds(what, bounds)
    if not isinstance(family, str | None) or family not in families:
        raise HardmaxError(f"{shown(family)} is none of the families {', '.join(FAMILIES)}")
    for name, flag in flags.items():
        expect(bool, flag, f"True or False for {name}")


def _check_bounds(what: str, bounds: Bounds) -> None:
    if not 1 <= bounds[0] <= bounds[1]:
        raise HardmaxError(f"{what} between {bounds[0]} and {bounds[1]}: nothing is")
