r"""The dynamics: whom a token attends to, where it moves, and what proves that it goes on so.

For tokens z_1,…,z_n, a matrix A, a step α and multiplicities w, the hardmax attention of Alcalde,
Fantuzzi and Zuazua (arXiv:2407.01602), with ties averaged, is

    C_i = { j : ⟨z_i, z_j⟩ is greatest },                 ⟨x, y⟩ = xᵀ A y, all ties kept,
    m_i = Σ_{j∈C_i} w_j z_j / Σ_{j∈C_i} w_j,
    z_i' = λ z_i + γ m_i,                                 λ = 1/(1 + α), γ = 1 − λ.

This is `HARDMAX`. A `Dynamics` is a value made of four parts, each a small value itself
(sections 1 and 1.1 of the notes; `theory.rules`, `theory.steps`, `theory.scores`):

    candidates   whom token i may attend to, N_i: `Everyone`, those `Before` it, any mask `Masked`;
    ties         which of the greatest it attends to: all of them `Averaged`, or the `FirstIndex`;
    step         how far it goes, P_k: as α says (`Partway`), all the way (`AllTheWay`, α = ∞), by
                 a schedule γ_k (`Scheduled`), a value matrix (`Valued`), layer by layer (`InTurn`);
    scores       what it compares with, A_k: `OwnMatrix` A, or `Matrices` layer by layer.

Everything is exact for any rational A, symmetric or not, and any rational α ≠ −1. A `State` holds
the tokens of one layer as integers over one common denominator, which is what makes the exact Gram
matrix one integer matrix product.

>>> pattern: Pattern = attention_sets(State.of([(fmpq(2),), (fmpq(1),)]))
>>> pattern
((0,), (0,))
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import lcm
from typing import Any, TypeAlias

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from theory.configuration import Configuration, Hypotheses
from theory.exact import expect
from theory.matrices import Vector, as_matrix
from theory.rules import AVERAGED, BEFORE, EVERYONE, FIRST, Candidates, Keys, Ties
from theory.scores import OWN_MATRIX, Scores
from theory.steps import ALL_THE_WAY, PARTWAY, Pull, Step

Pattern: TypeAlias = tuple[tuple[int, ...], ...]
"""The attention pattern (C_1,…,C_n), each attention set sorted."""

DENSE = 24
"""Up to so many tokens a layer is one product of integer matrices."""

SHORT = 128
"""A denominator of up to so many bits costs less than to look for factors to divide out."""


@dataclass(frozen=True)
class Dynamics:
    """Whom a token attends to, how it steps, and which signs prove that it goes on.

    Raises `HardmaxError` for parts that are none.

    >>> c = Configuration([[0, 1], [-1, 1], [1, 1]], alpha=1)
    >>> state = State.of(c.tokens)
    >>> [d.attention(c, state, 0)[0] for d in (HARDMAX, FIRST_INDEX, CAUSAL)]
    [(0, 1, 2), (0,), (0,)]
    """

    candidates: Candidates = EVERYONE
    ties: Ties = AVERAGED
    step: Step = PARTWAY
    scores: Scores = OWN_MATRIX

    def __post_init__(self) -> None:
        expect(Candidates, self.candidates, "candidates")
        expect(Ties, self.ties, "a rule for ties")
        expect(Step, self.step, "a step")
        expect(Scores, self.scores, "score matrices")

    @property
    def keys(self) -> Keys:
        """How the JSON object of a configuration tells it, besides the configuration's own keys.

        >>> HARDMAX.keys, INFINITE.keys
        ({}, {'alpha': None, 'gamma': '1'})
        """
        step, scores = self.step.keys, self.scores.keys
        found = {**self.candidates.keys, **self.ties.keys, **step, **scores}
        if "layers" in step and "layers" in scores:
            lengths = len(step["layers"]), len(scores["layers"])
            count = lcm(*lengths) if self.ends is None else self.ends
            found["layers"] = [
                {**scores["layers"][k % lengths[1]], **step["layers"][k % lengths[0]]}
                for k in range(count)
            ]
        if self.ends is not None:
            found.pop("repeat", None)
        return found

    @property
    def words(self) -> str:
        """What it is, for a reader who expects `HARDMAX`; empty for that."""
        parts = (self.candidates, self.ties, self.step, self.scores)
        return " ".join(part.words for part in parts if part.words)

    @property
    def ordered(self) -> bool:
        """Whether it counts in which order the tokens are.

        >>> [d.ordered for d in (HARDMAX, FIRST_INDEX, CAUSAL, INFINITE)]
        [False, True, True, False]
        """
        return not self.candidates.alike or self.ties.copies((0, 1)) != (0, 1)

    @property
    def merges(self) -> bool:
        """Whether copies of a token move as one, so that they may stand for one place."""
        return self.candidates.alike

    @cached_property
    def ends(self) -> int | None:
        """The last layer that there are tokens at; None if there is none."""
        ends = [part.ends for part in (self.step, self.scores) if part.ends is not None]
        return min(ends, default=None)

    def attends_at(self, layer: int) -> bool:
        """Whether there are attention sets at a layer: at the last one they may have no matrix."""
        return self.scores.ends is None or layer < self.scores.ends

    def period(self, configuration: Configuration) -> int | None:
        """After how many layers A_k and P_k repeat: 1 if they are constant, None if they do not.

        >>> c = Configuration([[1]], alpha=1)
        >>> HARDMAX.period(c), INFINITE.period(c)
        (1, 1)
        """
        step, scores = self.step.period(configuration), self.scores.period
        return step if scores == 1 else lcm(step, scores) if step and scores else None

    def fit(self, configuration: Configuration) -> None:
        """Raise `HardmaxError` where it is not for configurations of this shape."""
        self.candidates.fit(configuration)
        self.step.fit(configuration)
        self.scores.fit(configuration)

    def hypotheses(self, configuration: Configuration) -> Hypotheses:
        """The standing hypotheses (H), with the matrices and pulls that are really used.

        `positive_definite` is of every A_k. `positive_step` is 0 < γ_k ≤ 1 at every layer, where
        γ = 1 is α = ∞, and false for a value matrix that is no multiple of the identity.

        >>> INFINITE.hypotheses(Configuration([[1]], alpha=-2)).positive_step
        True
        """
        given = configuration.hypotheses
        found = (
            self.scores.positive_definite(configuration),
            self.step.advances(configuration),
        )
        if found == (given.positive_definite, given.positive_step):
            return given
        return replace(given, positive_definite=found[0], positive_step=found[1])

    def matrix(self, configuration: Configuration, layer: int) -> tuple[Vector, ...]:
        """A_k at a layer."""
        return self.scores.matrix(configuration, layer)

    def pull(self, configuration: Configuration, layer: int) -> Pull:
        """P_k at a layer: the number γ_k, or a matrix."""
        return self.step.pull(configuration, layer)

    def attention(
        self,
        configuration: Configuration,
        state: "State",
        layer: int,
        rows: Sequence[int] | None = None,
    ) -> Pattern:
        """The attention sets of the tokens in `rows`, all when omitted, in the state of a layer."""
        A = self.scores.form(configuration, layer)
        return attention_sets(state, A, rows, self.candidates, self.ties)

    def after(
        self, configuration: Configuration, state: "State", pattern: Pattern, layer: int
    ) -> "State":
        """The layer after `layer`, which has this state and pattern."""
        pull = self.step.pull(configuration, layer)
        return next_state(state, pattern, pull, configuration.multiplicities)

    def convex_from(self, configuration: Configuration) -> int | None:
        """The first layer from which on 0 ≤ γ_k < 1 at every layer there will be.

        None where there is none, where P_k is a matrix, and where the run ends.
        """
        return self.step.convex_from(configuration)

    def locks(self, configuration: Configuration, layer: int) -> bool:
        """Whether lemmas I and R hold from a layer on.

        They need 0 ≤ γ_k < 1, and one A up to positive multiples: with another matrix, or a pull by
        a matrix, a leader of one layer may not lead at the next.
        """
        since = self.step.convex_from(configuration)
        return since is not None and since <= layer and self.scores.steady

    def locked(self, configuration: Configuration, pattern: Pattern, layer: int) -> list[int]:
        """The rows that lemmas I and R fix: their sets at `layer` never change again."""
        if not self.locks(configuration, layer):
            return []
        return locked_rows(pattern, self.candidates)

    def all_locked(self, configuration: Configuration, pattern: Pattern, layer: int) -> bool:
        """Whether lemmas I and R fix every row; nothing moves where λ = 1."""
        if self.scores.steady and self.step.kept(configuration) == 1:
            return True
        if not self.locks(configuration, layer):
            return False
        return len(locked_rows(pattern, self.candidates)) == len(pattern)


HARDMAX = Dynamics()
"""That of Alcalde, Fantuzzi and Zuazua."""

FIRST_INDEX = Dynamics(ties=FIRST)
"""A tie goes to the first index."""

CAUSAL = Dynamics(candidates=BEFORE)
"""Tokens attend to themselves and to those before them."""

INFINITE = Dynamics(step=ALL_THE_WAY)
"""α = ∞: every token jumps to its target."""


@dataclass(frozen=True)
class State:
    """The tokens of one layer, exactly: z_i = numerators[i] / denominator, a positive integer.

    `matrix` has the numerators as an (n, d) integer matrix. They may have a factor in common with
    the denominator, so that states of the same tokens may differ.
    """

    matrix: fmpz_mat
    denominator: fmpz

    @classmethod
    def of(cls, tokens: Sequence[Vector]) -> "State":
        """The state whose tokens are `tokens`."""
        return cls(*as_matrix(tokens).numer_denom())

    def __reduce__(self) -> tuple[Any, ...]:
        # FLINT's matrices do not pickle
        return _state, (self.matrix.nrows(), self.matrix.ncols(), *self._numbers())

    def __hash__(self) -> int:
        return hash(self._numbers())

    def _numbers(self) -> tuple[int, tuple[int, ...]]:
        return int(self.denominator), tuple(map(int, self.matrix.entries()))

    @cached_property
    def numerators(self) -> tuple[tuple[fmpz, ...], ...]:
        """The rows of `matrix`."""
        return tuple(map(tuple, self.matrix.table()))

    @cached_property
    def tokens(self) -> tuple[Vector, ...]:
        """The tokens as rationals, n rows of d."""
        return tuple(map(tuple, (fmpq_mat(self.matrix) / fmpq(self.denominator)).table()))


def _state(rows: int, columns: int, denominator: int, numerators: Sequence[int]) -> State:
    return State(fmpz_mat(rows, columns, list(numerators)), fmpz(denominator))


def attention_sets(
    state: State,
    A: fmpz_mat | None = None,
    rows: Sequence[int] | None = None,
    candidates: Candidates = EVERYONE,
    ties: Ties = AVERAGED,
) -> Pattern:
    """The attention sets C_i of the tokens in `rows` (of all tokens when omitted).

    Exact: the products are compared as integers over one denominator, which is positive and
    therefore dropped. `A` has the numerators of A over one denominator; the identity when omitted.

    >>> from theory import Configuration
    >>> c = Configuration([[1, 0], [0, 1], [1, 1]], alpha=1)
    >>> attention_sets(State.of(c.tokens))
    ((0, 2), (1, 2), (2,))
    """
    size, d = state.matrix.nrows(), state.matrix.ncols()
    if rows is None:
        rows = range(size)
    if not rows:
        return ()
    asking = state.matrix
    if rows != range(size):
        asking = fmpz_mat(len(rows), d, [x for i in rows for x in state.numerators[i]])
    if A is not None:
        asking *= A
    products = (asking * state.matrix.transpose()).table()
    return tuple(map(ties.chosen, candidates.among(rows, products)))


def targets(
    tokens: Sequence[Vector], pattern: Pattern, multiplicities: Sequence[int]
) -> tuple[Vector, ...]:
    """The targets m_i: the weighted means of the tokens of each attention set."""
    means: list[Vector] = []
    for attended in pattern:
        if len(attended) == 1:
            means.append(tokens[attended[0]])
            continue
        weight = sum(multiplicities[j] for j in attended)
        means.append(
            tuple(
                sum((multiplicities[j] * tokens[j][s] for j in attended), fmpq(0)) / weight
                for s in range(len(tokens[0]))
            )
        )
    return tuple(means)


def next_state(state: State, pattern: Pattern, pull: Pull, multiplicities: Sequence[int]) -> State:
    """One layer: z_i' = z_i + P (m_i − z_i) for every token at once, P = `pull` = γ or a matrix.

    With γ = a/b and L a common multiple of the weights c_i of the attention sets, the new
    numerators over b L times the old denominator are the integers
    (b − a) L N_i + a (L/c_i) Σ_{j∈C_i} w_j N_j; where they are long a common factor is divided out.
    With a matrix and the tokens as rows, Z' = Z (I − P)ᵀ + M Pᵀ for the targets M.
    """
    if all(attended == (i,) for i, attended in enumerate(pattern)):
        return state
    if isinstance(pull, fmpq_mat):
        averaging, weight = _dense(1, 1, pattern, tuple(multiplicities))
        here, there = fmpq_mat(state.matrix), fmpq_mat(averaging * state.matrix) / fmpq(weight)
        moved_on = (here + (there - here) * pull.transpose()) / fmpq(state.denominator)
        return State(*moved_on.numer_denom())
    above, below = pull.p, pull.q
    if len(pattern) <= DENSE:
        mixing, divisor = _dense(int(above), int(below), pattern, tuple(multiplicities))
        mixed, denominator = mixing * state.matrix, state.denominator * divisor
        if denominator > 0 and denominator.bit_length() <= SHORT:
            return State(mixed, denominator)
        return State(*(fmpq_mat(mixed) / fmpq(denominator)).numer_denom())
    weights = [sum(multiplicities[j] for j in attended) for attended in pattern]
    common = fmpz(1)
    for weight, attended in zip(weights, pattern, strict=True):
        if len(attended) > 1:
            common = common.lcm(fmpz(weight))
    rows = []
    for i, (own, attended) in enumerate(zip(state.numerators, pattern, strict=True)):
        if attended == (i,):
            factor = below * common
            rows.append([factor * x for x in own])
            continue
        if len(attended) == 1:
            mean = state.numerators[attended[0]]
            towards = above * common
        else:
            mean = tuple(
                sum((multiplicities[j] * state.numerators[j][s] for j in attended), fmpz(0))
                for s in range(len(own))
            )
            towards = above * (common // weights[i])
        keep = (below - above) * common
        rows.append([keep * x + towards * y for x, y in zip(own, mean, strict=True)])
    moved = fmpz_mat(len(rows), len(rows[0]), [x for row in rows for x in row])
    total = fmpq(state.denominator * below * common)
    return State(*(fmpq_mat(moved) / total).numer_denom())


@lru_cache(maxsize=64)
def _dense(
    above: int, below: int, pattern: Pattern, multiplicities: tuple[int, ...]
) -> tuple[fmpz_mat, int]:
    """The layer with γ = above/below as an integer matrix and the number that divides it."""
    weights = [sum([multiplicities[j] for j in attended]) for attended in pattern]
    common, size = lcm(*weights), len(pattern)
    entries = [0] * (size * size)
    for i, (attended, weight) in enumerate(zip(pattern, weights, strict=True)):
        entries[i * size + i] = (below - above) * common
        for j in attended:
            entries[i * size + j] += above * (common // weight) * multiplicities[j]
    return fmpz_mat(size, size, entries), below * common


def locked_rows(pattern: Pattern, candidates: Candidates = EVERYONE) -> list[int]:
    """The tokens that lead, or that attend to one leader alone, as far as their candidates allow.

    By lemmas I and R their attention sets never change again, whatever A is, when 0 ≤ γ_k < 1.

    >>> locked_rows(((0,), (0,), (1,))), locked_rows(((0,), (0,), (1,)), CAUSAL.candidates)
    ([0, 1], [0])
    """
    followers = {
        i: attended[0]
        for i, attended in enumerate(pattern)
        if len(attended) == 1 and pattern[attended[0]] == attended
    }
    return candidates.locked(followers)
