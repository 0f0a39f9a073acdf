"""Domains: the configurations that a statement speaks of, and where counterexamples are looked for.

A statement assumes some of the standing hypotheses (H), and its domain says what holds besides: for
the theory nothing, so that its claims speak wherever their hypotheses hold; for a statement that
drops a hypothesis, that exactly this one fails. A domain knows how its configurations are
generated, and which of small boxes a search goes through.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement, product
from typing import TypeAlias

from flint import fmpq
from hypothesis import strategies as st

from checks.boxes import Box, Point
from checks.run import FIRST_LAYERS, Run
from checks.strategies import configurations
from theory import Configuration
from theory.matrices import Vector, as_matrix, identity, is_positive_definite

STANDING = ("nonzero", "distinct", "positive_definite", "positive_step")
"""The names of the standing hypotheses (H), as in `theory.Hypotheses`."""

SIMPLE_STEPS = tuple(fmpq(*x) for x in ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3), (1, 10)))
"""Steps α from simple to less simple."""

NEGATIVE_STEPS = tuple(fmpq(-p, q) for p, q in ((1, 2), (1, 3), (2, 3)))
"""Steps between −1 and 0."""

Strategy: TypeAlias = st.SearchStrategy[Configuration]
Matrix: TypeAlias = Sequence[Sequence[fmpq]]
Points: TypeAlias = tuple[Point, ...]


def orbits(box: Box) -> Iterator[Points]:
    """The tokens of a box's configurations up to symmetry."""
    return (rows for rows, _ in box.representatives())


def plain(dimension: int) -> Sequence[Matrix]:
    """The identity alone."""
    return [identity(dimension)]


def standing(family: str) -> Strategy:
    """Configurations of a family under (H)."""
    return configurations(family=family)


@dataclass(frozen=True)
class Domain:
    """Configurations of one kind.

    words : what they are, after "for configurations".
    drops : the standing hypotheses that a statement about all of them does not assume.
    condition : whether a run is of them, where what it assumes holds; always, if None.
    keep_copies : whether repeated tokens are kept apart.
    strategy : configurations of a family of `checks.strategies`, most of them of this kind.
    hunt : strategies with which a search begins.
    tokens, matrices, steps : which tokens of a box, matrices and steps a search goes through
        completely, the simplest first; of a box with at most `most_tokens` tokens, if given.
    descends : whether smaller configurations under (H), with A = I, are of this kind again.
    changeable : whether the strategy draws so that a kind of dynamics may change it to its own.

    >>> Domain(words="with repeated tokens", drops=("distinct",)).assumed
    ('nonzero', 'positive_definite', 'positive_step')
    """

    words: str = ""
    drops: tuple[str, ...] = ()
    condition: Callable[[Run], bool] | None = None
    keep_copies: bool = False
    strategy: Callable[[str], Strategy] = standing
    hunt: tuple[Callable[[], Strategy], ...] = ()
    tokens: Callable[[Box], Iterator[Points]] = orbits
    matrices: Callable[[int], Sequence[Matrix]] = plain
    steps: tuple[fmpq, ...] = SIMPLE_STEPS
    most_tokens: int | None = None
    descends: bool = True
    changeable: bool = False

    @property
    def assumed(self) -> tuple[str, ...]:
        """The standing hypotheses that are not dropped."""
        return tuple(name for name in STANDING if name not in self.drops)

    def in_any_order(self, family: str) -> Strategy:
        """What the strategy draws, with the tokens in an order that is drawn as well."""

        def reordered(c: Configuration) -> Strategy:
            return st.permutations(c.tokens).map(lambda tokens: c.altered(tokens=tuple(tokens)))

        return self.strategy(family).flatmap(reordered)


STANDARD = Domain()
"""All configurations, which are looked for under (H)."""


# ------------------------------------------------------------- where one hypothesis fails


def _drawn_repeated(family: str) -> Strategy:
    return configurations(family=None if family == "rare" else family, repeated=True)


def _drawn_with_zero(family: str) -> Strategy:
    def changed(c: Configuration) -> Configuration:
        zero: Vector = (fmpq(0),) * c.dimension
        return Configuration([*c.tokens, zero], c.alpha, c.A)

    return standing(family).map(changed)


def _drawn_unsymmetric(family: str) -> Strategy:
    def changed(c: Configuration) -> Configuration:
        (a, b, *first), (x, y, *second), *rest = c.A
        return c.altered(A=((a, b + 1, *first), (x - 1, y, *second), *rest))

    return configurations(family=family, min_dimension=2).map(changed)


def _drawn_indefinite(family: str) -> Strategy:
    def changed(c: Configuration) -> Configuration:
        (_, *first), *rest = c.A
        return c.altered(A=((fmpq(-1), *first), *rest))

    return standing(family).map(changed)


def _drawn_singular(family: str) -> Strategy:
    def changed(c: Configuration) -> Configuration:
        inner = [(fmpq(0), *row[1:]) for row in c.A[1:]]
        return c.altered(A=((fmpq(0),) * c.dimension, *inner))

    return standing(family).map(changed)


def _drawn_backward(family: str) -> Strategy:
    pairs = st.tuples(standing(family), st.sampled_from(NEGATIVE_STEPS))
    return pairs.map(lambda pair: pair[0].altered(alpha=pair[1]))


def _drawn_without_step(family: str) -> Strategy:
    return standing(family).map(lambda c: c.altered(alpha=fmpq(0)))


def _with_copies(box: Box) -> Iterator[Points]:
    every = combinations_with_replacement(box.points(), box.tokens)
    return (rows for rows in every if len(set(rows)) < len(rows))


def _with_zero(box: Box) -> Iterator[Points]:
    zero: Point = (0,) * box.dimension
    return ((*rows, zero) for rows in combinations(box.points(), box.tokens - 1))


def _small_matrices(d: int) -> Sequence[Matrix]:
    entries = sorted(product((0, 1, -1, 2), repeat=d * d), key=lambda x: sum(map(abs, x)))
    return [[[fmpq(x) for x in row[i * d : (i + 1) * d]] for i in range(d)] for row in entries]


def symmetric(A: Sequence[Vector]) -> bool:
    return all(A[i][j] == A[j][i] for i in range(len(A)) for j in range(i))


def semidefinite(A: Sequence[Vector]) -> bool:
    """Whether the symmetric A is positive semidefinite: all principal minors are ≥ 0."""
    return all(
        as_matrix([tuple(A[i][j] for j in chosen) for i in chosen]).det() >= 0
        for size in range(1, len(A) + 1)
        for chosen in combinations(range(len(A)), size)
    )


def _symmetric_part(A: Sequence[Vector]) -> list[Vector]:
    d = range(len(A))
    return [tuple((A[i][j] + A[j][i]) / 2 for j in d) for i in d]


def _repeats(run: Run) -> bool:
    return not run.configuration.hypotheses.distinct


def _has_zero(run: Run) -> bool:
    return not run.configuration.hypotheses.nonzero


def _is_unsymmetric(run: Run) -> bool:
    A = run.configuration.A
    return not symmetric(A) and is_positive_definite(_symmetric_part(A))


def _is_indefinite(run: Run) -> bool:
    A = run.configuration.A
    return symmetric(A) and not semidefinite(A)


def _is_singular(run: Run) -> bool:
    c = run.configuration
    return symmetric(c.A) and not c.hypotheses.positive_definite and semidefinite(c.A)


def _goes_back(run: Run) -> bool:
    return -1 < run.configuration.alpha < 0


def _rests(run: Run) -> bool:
    return run.configuration.alpha == 0


REPEATED = Domain(
    "with repeated tokens kept apart",
    ("distinct",),
    _repeats,
    keep_copies=True,
    strategy=_drawn_repeated,
    tokens=_with_copies,
    steps=(fmpq(1),),
    descends=False,
)

WITH_ZERO = Domain(
    "with a zero token",
    ("nonzero",),
    _has_zero,
    strategy=_drawn_with_zero,
    tokens=_with_zero,
    steps=(fmpq(1),),
    descends=False,
)


def _of_matrices(
    words: str, condition: Callable[[Run], bool], strategy: Callable[[str], Strategy]
) -> Domain:
    return Domain(
        words,
        ("positive_definite",),
        condition,
        strategy=strategy,
        matrices=_small_matrices,
        steps=(fmpq(1),),
        most_tokens=3,
        descends=False,
    )


UNSYMMETRIC = _of_matrices(
    r"for $A\ne A^\top$ with positive definite symmetric part", _is_unsymmetric, _drawn_unsymmetric
)
INDEFINITE = _of_matrices("for symmetric indefinite $A$", _is_indefinite, _drawn_indefinite)
SINGULAR = _of_matrices("for singular positive semidefinite $A$", _is_singular, _drawn_singular)


BACKWARD = Domain(
    r"for $-1<\alpha<0$",
    ("positive_step",),
    _goes_back,
    strategy=_drawn_backward,
    steps=NEGATIVE_STEPS,
    descends=False,
)

WITHOUT_STEP = Domain(
    r"for $\alpha=0$",
    ("positive_step",),
    _rests,
    strategy=_drawn_without_step,
    steps=(fmpq(0),),
    descends=False,
)


# ------------------------------------------------------------- for other dynamics


def _has_unit_step(run: Run) -> bool:
    return run.configuration.alpha == 1


def _ties(run: Run) -> bool:
    return any(len(tied) > 1 for k in range(FIRST_LAYERS) for tied in run.maximisers(k))


UNIT_STEP = Domain(r"for $\alpha=1$", (), _has_unit_step, steps=(fmpq(1),))
"""For layers that do not read the step, where this one stands for all."""

TIED = Domain("where a tie occurs", (), _ties, steps=(fmpq(1),))
"""For layers that break ties."""
