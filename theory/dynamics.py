"""The dynamics: attention sets, targets, layers, and the trajectory they make.

For tokens z_1,…,z_n, a matrix A, a step α and multiplicities w,

    C_i = { j : ⟨z_i, z_j⟩ is greatest },                 ⟨x, y⟩ = xᵀ A y, all ties kept,
    m_i = Σ_{j∈C_i} w_j z_j / Σ_{j∈C_i} w_j,
    z_i' = (z_i + α m_i) / (1 + α).

This is the hardmax attention of Alcalde, Fantuzzi and Zuazua (arXiv:2407.01602), with ties
averaged. Everything is exact for any rational A, symmetric or not, and any rational α ≠ −1.

A `State` holds the tokens of one layer as integers over one common denominator, which is what
makes the exact Gram matrix one integer matrix product.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import lcm
from typing import Any, TypeAlias

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from theory.configuration import Configuration
from theory.exact import HardmaxError, expect, shown, whole
from theory.lazily import once
from theory.matrices import Vector, as_matrix, identity

Pattern: TypeAlias = tuple[tuple[int, ...], ...]
"""The attention pattern (C_1,…,C_n), each attention set sorted."""

DENSE = 24
"""Up to so many tokens a layer is one product of integer matrices."""

SHORT = 128
"""A denominator of up to so many bits costs less than to look for factors to divide out."""


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

    @once
    def numerators(self) -> tuple[tuple[fmpz, ...], ...]:
        """The rows of `matrix`."""
        return tuple(map(tuple, self.matrix.table()))

    @once
    def tokens(self) -> tuple[Vector, ...]:
        """The tokens as rationals, n rows of d."""
        return tuple(map(tuple, (fmpq_mat(self.matrix) / fmpq(self.denominator)).table()))


def _state(rows: int, columns: int, denominator: int, numerators: Sequence[int]) -> State:
    return State(fmpz_mat(rows, columns, list(numerators)), fmpz(denominator))


def attention_sets(
    state: State,
    A: Sequence[Vector],
    rows: Sequence[int] | None = None,
    form: fmpz_mat | None = None,
) -> Pattern:
    """The attention sets C_i of the tokens in `rows` (of all tokens when omitted), ties kept.

    Exact: the products are compared as integers over one denominator, which is positive and
    therefore dropped. `form` has the numerators of A over one denominator, if they are known.

    >>> from theory import Configuration
    >>> c = Configuration([[1, 0], [0, 1], [1, 1]], alpha=1)
    >>> attention_sets(State.of(c.tokens), c.A)
    ((0, 2), (1, 2), (2,))
    """
    size, d = state.matrix.nrows(), len(A)
    if rows is None:
        rows = range(size)
    if not rows:
        return ()
    asking = state.matrix
    if rows != range(size):
        asking = fmpz_mat(len(rows), d, [x for i in rows for x in state.numerators[i]])
    if A is not identity(d):
        asking *= as_matrix(A).numer_denom()[0] if form is None else form
    return tuple(map(maximisers, (asking * state.matrix.transpose()).table()))


def maximisers(values: Sequence[fmpz]) -> tuple[int, ...]:
    """Every index at which `values` is greatest.

    >>> maximisers([fmpz(3), fmpz(1), fmpz(3)])
    (0, 2)
    """
    greatest = max(values)
    if values.count(greatest) == 1:
        return (values.index(greatest),)
    return tuple([j for j, value in enumerate(values) if value == greatest])


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


def next_state(state: State, pattern: Pattern, alpha: fmpq, multiplicities: Sequence[int]) -> State:
    """One layer: z_i' = (z_i + α m_i) / (1 + α) for every token at once.

    With α = a/b and L a common multiple of the weights c_i of the attention sets, the new
    numerators over (a+b) L times the old denominator are the integers
    b L N_i + a (L/c_i) Σ_{j∈C_i} w_j N_j; where they are long a common factor is divided out.
    """
    above, below = alpha.p, alpha.q
    if above + below == 0:
        raise HardmaxError("alpha = -1 makes the layer divide by 1 + alpha = 0")
    if all(attended == (i,) for i, attended in enumerate(pattern)):
        return state
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
            factor = (above + below) * common
            rows.append([factor * x for x in own])
            continue
        if len(attended) == 1:
            mean = state.numerators[attended[0]]
            pull = above * common
        else:
            mean = tuple(
                sum((multiplicities[j] * state.numerators[j][s] for j in attended), fmpz(0))
                for s in range(len(own))
            )
            pull = above * (common // weights[i])
        keep = below * common
        rows.append([keep * x + pull * y for x, y in zip(own, mean, strict=True)])
    moved = fmpz_mat(len(rows), len(rows[0]), [x for row in rows for x in row])
    total = fmpq(state.denominator * (above + below) * common)
    return State(*(fmpq_mat(moved) / total).numer_denom())


@lru_cache(maxsize=64)
def _dense(
    above: int, below: int, pattern: Pattern, multiplicities: tuple[int, ...]
) -> tuple[fmpz_mat, int]:
    """The layer with α = above/below as an integer matrix and the number that divides it."""
    weights = [sum([multiplicities[j] for j in attended]) for attended in pattern]
    common, size = lcm(*weights), len(pattern)
    entries = [0] * (size * size)
    for i, (attended, weight) in enumerate(zip(pattern, weights, strict=True)):
        entries[i * size + i] = below * common
        for j in attended:
            entries[i * size + j] += above * (common // weight) * multiplicities[j]
    return fmpz_mat(size, size, entries), (above + below) * common


def layer_number(layer: object) -> int:
    """A layer as it may be asked for. Raises `HardmaxError` for anything but an int ≥ 0."""
    number = whole(layer)
    if number is None or number < 0:
        raise HardmaxError(f"layer {shown(layer)}: layers are counted 0, 1, 2, …")
    return number


class Trajectory:
    """The layers Z^0, Z^1, … of a configuration, computed once and only as far as asked.

    Everything that reads one configuration's layers shares one trajectory. Where the pattern is
    known to stay constant (`theory.settling` proves it), `hold` spares the argmax, and `place` puts
    a far layer in directly; the layers between are made only if somebody asks for them.
    """

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = expect(Configuration, configuration, "a Configuration")
        self._states: dict[int, State] = {}
        self._patterns: dict[int, Pattern] = {}
        self._told: Callable[[int], Pattern] | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trajectory):
            return NotImplemented
        return self.configuration == other.configuration

    def __hash__(self) -> int:
        return hash(self.configuration)

    def __repr__(self) -> str:
        return f"Trajectory({self.configuration!r})"

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_told": None}  # whoever told the patterns does not travel

    def __copy__(self) -> "Trajectory":
        made = Trajectory(self.configuration)
        made._states, made._patterns = dict(self._states), dict(self._patterns)
        made._told = self._told
        return made

    def state(self, layer: int) -> State:
        """The tokens at `layer` ≥ 0 as integers over a common denominator."""
        found = self._states.get(layer) if type(layer) is int else None
        if found is not None:
            return found
        layer = layer_number(layer)
        if not self._states:
            self._states[0] = State(*self.configuration.integers)
        if layer not in self._states:
            known = layer - 1
            if known not in self._states:
                known = max(k for k in self._states if k < layer)
            for k in range(known, layer):
                self._states[k + 1] = next_state(
                    self._states[k],
                    self.pattern(k),
                    self.configuration.alpha,
                    self.configuration.multiplicities,
                )
        return self._states[layer]

    def tokens(self, layer: int) -> tuple[Vector, ...]:
        """The tokens z_1,…,z_n at `layer` as rationals."""
        return self.state(layer).tokens

    def pattern(self, layer: int) -> Pattern:
        """The attention sets (C_1,…,C_n) at `layer`."""
        found = self._patterns.get(layer) if type(layer) is int else None
        if found is None:
            layer = layer_number(layer)
            told = self._told
            found = self._patterns[layer] = told(layer) if told else self._attend(layer)
        return found

    def targets(self, layer: int) -> tuple[Vector, ...]:
        """The targets m_1,…,m_n at `layer`."""
        return targets(self.tokens(layer), self.pattern(layer), self.configuration.multiplicities)

    def hold(self, pattern: Pattern, start: int, end: int) -> None:
        """Record that `pattern` stands on the layers start ≤ k < end, as the caller has proved."""
        for k in range(start, end):
            self._patterns[k] = pattern

    def follow(self, patterns: Callable[[int], Pattern]) -> None:
        """Take the patterns of all layers from `patterns`, as the caller has proved."""
        self._told = patterns

    def place(self, layer: int, tokens: Sequence[Vector]) -> None:
        """Record the tokens at `layer`, which the caller has computed exactly."""
        self.state(0)
        self._states.setdefault(layer, State.of(tokens))

    def _attend(self, layer: int) -> Pattern:
        state, every = self.state(layer), range(self.configuration.size)
        A, form = self.configuration.A, self.configuration.form[0]
        before = self._patterns.get(layer - 1)
        if before is None or self.configuration.alpha <= 0:
            return attention_sets(state, A, every, form)
        locked = locked_rows(before)  # by lemmas I and R their sets are those of the layer before
        if len(locked) == len(every):
            return before
        rows = [i for i in every if i not in locked] if locked else every
        found = list(before)
        for i, attended in zip(rows, attention_sets(state, A, rows, form), strict=True):
            found[i] = attended
        return tuple(found)


def locked_rows(pattern: Pattern) -> list[int]:
    """The tokens that lead, or that attend to one leader alone.

    By lemmas I and R their attention sets never change again, whatever A is, when α > 0.
    """
    return [
        i
        for i, attended in enumerate(pattern)
        if len(attended) == 1 and pattern[attended[0]] == attended
    ]


def all_locked(alpha: fmpq, pattern: Pattern) -> bool:
    """Whether lemmas I and R fix every row; nothing moves where α = 0."""
    if alpha <= 0:
        return not alpha
    return all(len(attended) == 1 and pattern[attended[0]] == attended for attended in pattern)
