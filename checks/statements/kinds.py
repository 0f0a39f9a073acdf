"""Kinds of dynamics: each has a name, and the configurations that statements are held on under it.

A kind says what moves a configuration, and which configurations it is about: how those that are
drawn under (H) are changed into one of its own, which of (H) they lack, and through which small
boxes a search goes. Where a dynamics is made with something, such as a value matrix, it may depend
on the configuration: its dimension, its number of tokens, its α where that is no step.

>>> [kind.name for kind in kinds()][:4]
['hardmax', 'causal', 'window', 'first-index']
>>> find_kind("negative-definite").changed(Configuration([[2], [1]], 1)).to_dict()["A"]
[['-1']]
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from flint import fmpq

from checks.boxes import Box
from checks.run import Run
from checks.statements.domains import STANDARD, Domain, Matrix, Points, Strategy, orbits, plain
from checks.strategies import configurations
from theory import CAUSAL, FIRST_INDEX, HARDMAX, INFINITE, Configuration, Dynamics, HardmaxError
from theory.exact import expect, shorten
from theory.matrices import Vector, as_matrix
from theory.rules import masked
from theory.schedules.functions import RationalFunction
from theory.scores import Matrices
from theory.steps import Scheduled, Valued

Bounds: TypeAlias = tuple[int, int]

TOKENS, DIMENSIONS = (1, 8), (1, 5)
"""How many tokens, in which dimensions, are drawn where a kind does not say."""

BOX_STEP = (fmpq(1),)
"""The step of configurations in boxes; those that are drawn have others."""


def as_drawn(c: Configuration) -> Configuration:
    """The configuration itself."""
    return c


def any_at_all(c: Configuration) -> bool:
    """Every configuration suits."""
    return True


@dataclass(frozen=True)
class Kind:
    """A dynamics, or one for each configuration, and the configurations that it is about.

    name, words : as the command line takes it, and what it is, for a reader.
    dynamics : what moves the tokens; `derived` makes it of the configuration, if given.
    changed : makes a configuration of this kind from one that satisfies (H).
    suits : whether a configuration is of this kind.
    drops : the standing hypotheses that it lacks, so that statements are held without them.
    tokens, dimensions : the bounds of n and d.
    matrices, steps : those of the small boxes.
    known : configurations that hardly any draw comes near, and that show what falls under it.
    identity : what tells it from every other, where its name does not.

    >>> find_kind("causal").dynamics == CAUSAL
    True
    """

    name: str
    words: str
    dynamics: Dynamics = HARDMAX
    derived: Callable[[Configuration], Dynamics] | None = None
    changed: Callable[[Configuration], Configuration] = as_drawn
    suits: Callable[[Configuration], bool] = any_at_all
    drops: tuple[str, ...] = ()
    tokens: Bounds = TOKENS
    dimensions: Bounds = DIMENSIONS
    matrices: Callable[[int], Sequence[Matrix]] = plain
    steps: tuple[fmpq, ...] = BOX_STEP
    known: tuple[Configuration, ...] = ()
    identity: str = ""
    origin: Path | None = None

    def moves(self, configuration: Configuration) -> Dynamics:
        """What moves the tokens of this configuration."""
        return self.dynamics if self.derived is None else self.derived(configuration)

    @property
    def typical(self) -> Dynamics:
        """What moves three tokens of the plane, where it depends on them."""
        some = Configuration([[1, 0], [0, 1], [1, 1]], 1)
        return self.moves(some) if self.derived else self.dynamics

    def drawn(self, family: str) -> Strategy:
        """Configurations of a family of `checks.strategies`, made to be of this kind."""
        (few, many), (low, high) = self.tokens, self.dimensions
        drawn = configurations(
            min_tokens=few,
            max_tokens=many,
            min_dimension=low,
            max_dimension=high,
            family=family,
        )
        return self.of(drawn)

    def of(self, strategy: Strategy) -> Strategy:
        """The drawn configurations changed; those of no kind are left out."""
        changed = strategy if self.changed is as_drawn else strategy.map(self.changed)
        return changed if self.suits is any_at_all else changed.filter(self.suits)

    def fits(self, configuration: Configuration) -> bool:
        """Whether the configuration is of this kind, in its shape as well."""
        n, d = self.tokens, self.dimensions
        within = self.wide or (
            n[0] <= configuration.size <= n[1] and d[0] <= configuration.dimension <= d[1]
        )
        return within and self.suits(configuration)

    @property
    def wide(self) -> bool:
        """Whether its configurations may have any number of tokens, in any dimension."""
        return (self.tokens, self.dimensions) == (TOKENS, DIMENSIONS)

    def domain(self, own: Domain = STANDARD) -> Domain:
        """The domain of a statement with this domain of its own, held under this kind."""
        return Domain(
            self.words,
            tuple(dict.fromkeys((*own.drops, *self.drops))),
            partial(_of_kind, self, own),
            own.keep_copies,
            partial(_drawn_as, own, self) if own.changeable and self.wide else self.drawn,
            tokens=self.boxed,
            matrices=self.matrices,
            steps=self.steps,
            descends=False,
        )

    def boxed(self, box: Box) -> Iterator[Points]:
        """The tokens of a box's configurations, up to its symmetries; none if it does not suit."""
        n, d = self.tokens, self.dimensions
        fits = n[0] <= box.tokens <= n[1] and d[0] <= box.dimension <= d[1]
        return orbits(box) if fits else iter(())


def _drawn_as(own: Domain, kind: Kind, family: str) -> Strategy:
    """Of the kind, as a statement's own domain draws them."""
    return kind.of(own.in_any_order(family) if kind.typical.ordered else own.strategy(family))


def _of_kind(kind: Kind, own: Domain, run: Run) -> bool:
    return kind.suits(run.source) and (own.condition is None or own.condition(run))


# ------------------------------------------------------------- what the matrix A may be


def signature(A: Sequence[Vector]) -> tuple[int, int]:
    """How many positive and how many negative eigenvalues a symmetric A has.

    All roots of its characteristic polynomial are real, so that Descartes's rule counts them.

    >>> signature([(fmpq(1), fmpq(2)), (fmpq(2), fmpq(1))]), signature([(fmpq(0),)])
    ((1, 1), (0, 0))
    """
    coefficients = as_matrix(A).charpoly().coeffs()
    other = [-x if i % 2 else x for i, x in enumerate(coefficients)]
    return _changes(coefficients), _changes(other)


def _changes(coefficients: Sequence[fmpq]) -> int:
    signs = [x > 0 for x in coefficients if x]
    return sum(a != b for a, b in pairwise(signs))


def symmetric(A: Sequence[Vector]) -> bool:
    """Whether A is its transpose."""
    return all(A[i][j] == A[j][i] for i in range(len(A)) for j in range(i))


def negated(c: Configuration) -> Configuration:
    """With −A in place of A."""
    return c.altered(A=tuple(tuple(-x for x in row) for row in c.A))


def is_negative(c: Configuration) -> bool:
    """Whether A is symmetric negative definite."""
    return symmetric(c.A) and signature(c.A) == (0, c.dimension)


def _bent(c: Configuration, factor: int) -> Configuration:
    """A − factor · (A e)(A e)ᵀ / eᵀA e for the first unit vector e: the sign along A e changes."""
    A, own = c.A, c.A[0][0]
    return c.altered(
        A=tuple(
            tuple(x - factor * A[i][0] * A[0][j] / own for j, x in enumerate(row))
            for i, row in enumerate(A)
        )
    )


def turned(c: Configuration) -> Configuration:
    """One positive eigenvalue of A made negative."""
    return _bent(c, 2)


def flattened(c: Configuration) -> Configuration:
    """One positive eigenvalue of A made 0."""
    return _bent(c, 1)


def is_indefinite(c: Configuration) -> bool:
    """Whether A is symmetric with eigenvalues of both signs."""
    return symmetric(c.A) and min(signature(c.A)) > 0


def is_flat(c: Configuration) -> bool:
    """Whether A is symmetric positive semidefinite, singular, and not 0."""
    if not symmetric(c.A):
        return False
    positive, negative = signature(c.A)
    return 0 < positive < c.dimension and not negative


def twisted(c: Configuration) -> Configuration:
    """A with an antisymmetric part, which leaves xᵀAx as it is."""
    if c.dimension < 2:
        return c
    (a, b, *first), (x, y, *second), *rest = c.A
    return c.altered(A=((a, b + 1, *first), (x - 1, y, *second), *rest))


def is_twisted(c: Configuration) -> bool:
    """Whether A is unsymmetric with a positive definite symmetric part."""
    d = range(c.dimension)
    half = [tuple((c.A[i][j] + c.A[j][i]) / 2 for j in d) for i in d]
    return not symmetric(c.A) and signature(half) == (c.dimension, 0)


def _whole(d: int, entries: Callable[[int, int], int]) -> Matrix:
    return [[fmpq(entries(i, j)) for j in range(d)] for i in range(d)]


def minus_identity(d: int) -> Sequence[Matrix]:
    """−I."""
    return [_whole(d, lambda i, j: -int(i == j))]


def one_turned(d: int) -> Sequence[Matrix]:
    """diag(−1, 1, …, 1)."""
    return [_whole(d, lambda i, j: 0 if i != j else -1 if not i else 1)]


def one_flat(d: int) -> Sequence[Matrix]:
    """diag(0, 1, …, 1)."""
    return [_whole(d, lambda i, j: int(i == j > 0))]


def one_twisted(d: int) -> Sequence[Matrix]:
    """I with 1 above, and −1 below, its first entry beside the diagonal."""
    beside = {(0, 1): 1, (1, 0): -1}
    return [_whole(d, lambda i, j: int(i == j) + beside.get((i, j), 0))]


# ------------------------------------------------------------- dynamics of a configuration


def _rising(d: int) -> tuple[Vector, ...]:
    return tuple(tuple(fmpq(i + 1 if i == j else 0) for j in range(d)) for i in range(d))


def valued(c: Configuration) -> Dynamics:
    """V = α · diag(1, …, d)."""
    return Dynamics(step=Valued([[c.alpha * x for x in row] for row in _rising(c.dimension)]))


def windowed(c: Configuration) -> Dynamics:
    """N_i = {i − 1, i, i + 1}."""
    n = c.size
    return Dynamics(masked([range(max(0, i - 1), min(n, i + 2)) for i in range(n)]))


def alternating(c: Configuration) -> Dynamics:
    """A and diag(1, …, d) in turn."""
    return Dynamics(scores=Matrices((c.A, _rising(c.dimension)), True))


def _scheduled(gamma: str) -> Dynamics:
    return Dynamics(step=Scheduled(RationalFunction.parse(gamma)))


def _without_step(c: Configuration) -> Configuration:
    """With the step 1, which counts for nothing."""
    return c if c.alpha == 1 else c.altered(alpha=fmpq(1))


DEFINITE = ("positive_definite",)


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind that has a name, the theory's own first."""
    halving = _scheduled("2/(k+2)")
    return (
        Kind("hardmax", "A positive definite, a constant step, all tokens, ties averaged"),
        Kind(
            "causal",
            "a causal mask: a token attends to itself and those before it",
            CAUSAL,
            # the last token meets the first
            known=(Configuration([[6, -1], [9, 28], [8, 0], [4, -2]], 1),),
        ),
        Kind(
            "window", "a mask: a token attends to itself and its two neighbours", derived=windowed
        ),
        Kind("first-index", "ties go to the first index", FIRST_INDEX),
        Kind(
            "negative-definite",
            "A negative definite",
            changed=negated,
            suits=is_negative,
            drops=DEFINITE,
            matrices=minus_identity,
        ),
        Kind(
            "indefinite",
            "A symmetric, with eigenvalues of both signs",
            changed=turned,
            suits=is_indefinite,
            drops=DEFINITE,
            matrices=one_turned,
        ),
        Kind(
            "semidefinite",
            "A positive semidefinite and singular, not 0",
            changed=flattened,
            suits=is_flat,
            drops=DEFINITE,
            matrices=one_flat,
        ),
        Kind(
            "unsymmetric",
            "A unsymmetric, its symmetric part positive definite",
            changed=twisted,
            suits=is_twisted,
            drops=DEFINITE,
            matrices=one_twisted,
        ),
        Kind("alternating", "A and diag(1, …, d) in turn from layer to layer", derived=alternating),
        Kind(
            "value-matrix",
            "a value matrix: V = α diag(1, …, d)",
            derived=valued,
            drops=("positive_step",),
        ),
        Kind("schedule", "the pull 2/(k+2)", halving, changed=_without_step),
        Kind(
            "summable",
            "the pull 1/(k+2)^2, whose sum is finite",
            _scheduled("1/(k+2)^2"),
            changed=_without_step,
        ),
        Kind(
            "alpha-infinite",
            "α = ∞: every token jumps to its target",
            INFINITE,
            changed=_without_step,
        ),
        Kind(
            "frank-wolfe",
            "A negative definite with the pull 2/(k+2)",
            halving,
            changed=_negated_without_step,
            suits=is_negative,
            drops=DEFINITE,
            matrices=minus_identity,
        ),
    )


def _negated_without_step(c: Configuration) -> Configuration:
    return negated(_without_step(c))


def find_kind(name: str) -> Kind:
    """The kind of that name. Raises `HardmaxError` listing near names if there is none.

    >>> find_kind("causal").dynamics == CAUSAL
    True
    """
    expect(str, name, "the name of a dynamics")
    known = {kind.name: kind for kind in kinds()}
    if name in known:
        return known[name]
    near = get_close_matches(name, known) or known
    raise HardmaxError(f"no dynamics is named {shorten(repr(name))}; known: {', '.join(near)}")
