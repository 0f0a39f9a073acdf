"""Configurations: the tokens z_1,…,z_n, the matrix A, the step α, and multiplicities.

A `Configuration` is the exact data of the dynamics of Alcalde, Fantuzzi and Zuazua
(arXiv:2407.01602) and nothing else: it is frozen, compares by value, and decides the standing
hypotheses (H) exactly (`paper_notes.md`, section 1).

Text repeats words, so tokens may repeat: `Configuration.merged` puts the copies of a token into
one *place* with a multiplicity (section 6).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq, fmpz, fmpz_mat
from numpy.typing import NDArray

from theory.entries import (
    binary64_number,
    binary64_rows,
    exact_number,
    exact_rows,
    literal,
    parts,
    shape,
    written,
)
from theory.exact import (
    HardmaxError,
    Rational,
    dot,
    dyadic,
    shown,
    text,
)
from theory.matrices import Vector, as_matrix, identity, is_positive_definite
from theory.showing import Tokens

MAX_COPIES = 10**7
"""Most tokens of a configuration file."""


@dataclass(frozen=True)
class Hypotheses:
    """The standing hypotheses (H), each decided exactly.

    `nonzero`: no token is 0. `distinct`: no two tokens are equal. `positive_definite`: A is
    symmetric positive definite. `positive_step`: α > 0.

    >>> Configuration([[0], [1]], alpha="-1/2").hypotheses
    Hypotheses(nonzero=False, distinct=True, positive_definite=True, positive_step=False)
    """

    nonzero: bool
    distinct: bool
    positive_definite: bool
    positive_step: bool

    @cached_property
    def hold(self) -> bool:
        """Whether all four hold."""
        return self.nonzero and self.distinct and self.positive_definite and self.positive_step

    def as_dict(self) -> dict[str, bool]:
        """The four by name, in the order above."""
        return {part.name: getattr(self, part.name) for part in fields(self)}


@dataclass(frozen=True, init=False)
class Configuration(Tokens):
    """Tokens in Q^d with a matrix and a step: one problem, stated exactly.

    Parameters
    ----------
    tokens : n rows of d numbers; n, d ≥ 1. Lists, arrays of integers, a DataFrame of them.
    alpha : the step α, any rational except −1.
    A : d rows of d numbers; the identity when omitted. It need not be symmetric.
    multiplicities : n positive integers w_i; all 1 when omitted.
    labels : n strings, for instance the words that the tokens stand for.
    name : a name for reports.

    Numbers are anything that `theory.exact.rational` accepts; floats are refused (see
    `from_binary64`). Raises `HardmaxError` naming the offending value and its place.

    `binary64` is the (n, d) array of the tokens where they were given as floats, exactly equal to
    them and not to be written to, and None otherwise.

    Possible issues: repeated and zero tokens are accepted, since statements about them are worth
    refuting; `hypotheses` says which parts of (H) hold.

    >>> c = Configuration(tokens=[[2, -2], [-2, 2], [1, 0]], alpha="1/3")
    >>> c.size, c.dimension, c.hypotheses.hold
    (3, 2, True)
    >>> c.inner(c.tokens[0], c.tokens[2])
    2
    """

    tokens: tuple[Vector, ...]
    alpha: fmpq
    A: tuple[Vector, ...]
    multiplicities: tuple[int, ...]
    labels: tuple[str, ...] | None = field(compare=False)
    name: str | None = field(compare=False)
    binary64: NDArray[np.float64] | None = field(init=False, compare=False, repr=False)

    def __init__(
        self,
        tokens: Iterable[Iterable[Rational]],
        alpha: Rational,
        A: Iterable[Iterable[Rational]] | None = None,
        multiplicities: Sequence[int] | None = None,
        labels: Sequence[str] | None = None,
        name: str | None = None,
    ) -> None:
        rows = exact_rows("tokens", tokens)
        matrix = None if A is None else exact_rows("A", A)
        step = exact_number("alpha", alpha)
        given = (rows, *parts(shape(rows), step, matrix, multiplicities, labels, name), None)
        for part, value in zip(fields(self), given, strict=True):
            object.__setattr__(self, part.name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        # the fields alone: FLINT's matrices do not pickle
        parts = (self.tokens, self.alpha, self.A, self.multiplicities, self.labels, self.name)
        return Configuration, parts

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        """The call that makes it; of numbers that are too long for text it takes FLINT's `fmpq`.

        >>> Configuration([["1/2", 0]], alpha=3, labels=["good"])
        Configuration(tokens=[['1/2', '0']], alpha='3', labels=['good'])
        """
        parts = [f"tokens={written(self.tokens)}", f"alpha={literal(self.alpha)}"]
        if not self.euclidean:
            parts.append(f"A={written(self.A)}")
        if any(weight != 1 for weight in self.multiplicities):
            weights = ", ".join(hex(w) if w >> 64 else str(w) for w in self.multiplicities)
            parts.append(f"multiplicities=[{weights}]")
        if self.labels is not None:
            parts.append(f"labels={list(self.labels)!r}")
        if self.name is not None:
            parts.append(f"name={self.name!r}")
        return f"Configuration({', '.join(parts)})"

    @cached_property
    def _hash(self) -> int:
        numerators, denominator = self.integers  # hashing a rational costs far more
        return hash((*numerators.entries(), denominator, *self.multiplicities))

    @cached_property
    def integers(self) -> tuple[fmpz_mat, fmpz]:
        """An (n, d) integer matrix N and a positive D in lowest terms, z_i = N_i / D."""
        return as_matrix(self.tokens).numer_denom()

    @cached_property
    def form(self) -> tuple[fmpz_mat, fmpz]:
        """An integer matrix and a positive integer in lowest terms, the quotient of which is A."""
        return as_matrix(self.A).numer_denom()

    @classmethod
    def from_binary64(
        cls,
        array: Any,
        alpha: Rational | float,
        A: Any = None,
        labels: Sequence[str] | None = None,
        name: str | None = None,
    ) -> "Configuration":
        """The configuration whose tokens, A and α are floats, taken as the rationals they are.

        `array` has n rows of d numbers, and is an array of float16, float32, float64 or integers, a
        DataFrame of such columns, or rows of floats and ints. α may also be anything exact. An
        array of floats is copied and kept: it is the tokens, and rationals are made of it only
        where they are asked for.

        Raises `HardmaxError` for NaN and infinities, and for whatever is not binary64: a long
        double, fractions, decimals, text, complex numbers, truth values, dates, masked arrays.

        >>> c = Configuration.from_binary64([[0.5, -0.0]], alpha=0.25)
        >>> c.tokens, c.binary64, c.alpha
        (((1/2, 0),), array([[0.5, 0. ]]), 1/4)
        """
        rows = binary64_rows("tokens", array)
        matrix = None if A is None else binary64_rows("A", A)
        if isinstance(matrix, np.ndarray):
            matrix = tuple(dyadic(matrix))
        step = binary64_number("alpha", alpha)
        if isinstance(rows, np.ndarray):
            return _OfFloats(rows, step, matrix, None, labels, name)
        return cls(rows, step, matrix, labels=labels, name=name)

    def some_tokens(self, rows: Sequence[int]) -> list[Vector]:
        """z_i for i in `rows`; no rational is made of the others if the tokens are floats."""
        try:
            if self.binary64 is None:
                return [self.tokens[i] for i in rows]
            return dyadic(self.binary64[list(rows)])
        except (TypeError, IndexError, ValueError):
            raise HardmaxError(f"{shown(rows)}; indices of tokens were wanted") from None

    @cached_property
    def size(self) -> int:
        """n, the number of tokens."""
        return len(self.multiplicities)

    @cached_property
    def dimension(self) -> int:
        """d, the number of coordinates of a token."""
        return len(self.A)

    @cached_property
    def euclidean(self) -> bool:
        """Whether A is the identity."""
        return self.A == identity(self.dimension)

    @cached_property
    def advances(self) -> bool:
        """Whether α > 0."""
        return self.alpha > 0

    @cached_property
    def lam(self) -> fmpq:
        """λ = 1/(1+α), the weight that a token keeps of itself."""
        return 1 / (1 + self.alpha)

    @cached_property
    def gamma(self) -> fmpq:
        """γ = 1 − λ = α/(1+α), the weight that it gives to its target."""
        return 1 - self.lam

    def inner(self, x: Sequence[fmpq], y: Sequence[fmpq]) -> fmpq:
        """⟨x, y⟩ = xᵀ A y."""
        try:
            return dot(x, [dot(row, y) for row in self.A])
        except (TypeError, ValueError):
            raise HardmaxError(
                f"{shown(x)}, {shown(y)}: two rows of {self.dimension} exact numbers were wanted"
            ) from None

    @cached_property
    def hypotheses(self) -> Hypotheses:
        """The standing hypotheses (H), decided exactly."""
        bits = None if self.binary64 is None else self.binary64.view(np.int64)
        return Hypotheses(
            nonzero=all(map(any, self.tokens)) if bits is None else bool(bits.any(axis=1).all()),
            distinct=len(self._index[0]) == self.size,
            positive_definite=self.euclidean or is_positive_definite(self.A),
            positive_step=self.advances,
        )

    def merged(self) -> tuple["Configuration", tuple[int, ...]]:
        """The configuration of distinct places, and the place of each token.

        Places stand in order of first appearance; the multiplicity of a place is the sum of its
        tokens' multiplicities. A configuration of distinct tokens comes back unchanged.

        >>> c, places = Configuration([[1], [2], [1]], alpha=1).merged()
        >>> c.tokens, c.multiplicities, places
        (((1,), (2,)), (2, 1), (0, 1, 0))
        """
        firsts, places = self._index
        if len(firsts) == self.size:
            return self, places
        weights = [0] * len(firsts)
        for place, weight in zip(places, self.multiplicities, strict=True):
            weights[place] += weight
        labels = None if self.labels is None else [self.labels[i] for i in firsts]
        if self.binary64 is not None:
            rows = self.binary64[list(firsts)]
            return _OfFloats(rows, self.alpha, self.A, weights, labels, self.name), places
        tokens = tuple([self.tokens[i] for i in firsts])
        known = None if labels is None else tuple(labels)
        return _Known(tokens, self.alpha, self.A, tuple(weights), known, self.name), places

    def altered(
        self,
        *,
        tokens: tuple[Vector, ...] | None = None,
        alpha: fmpq | None = None,
        A: tuple[Vector, ...] | None = None,
        multiplicities: tuple[int, ...] | None = None,
        named: bool = False,
    ) -> "Configuration":
        """A copy with other fields, `named` with labels and name or without; nothing is checked.

        What is made of a configuration is valid, and checking it costs more than all the rest.

        >>> c = Configuration([[4], [2]], alpha=1)
        >>> c.altered(alpha=fmpq(2)) == Configuration([[4], [2]], alpha=2)
        True
        """
        return _Known(
            self.tokens if tokens is None else tokens,
            self.alpha if alpha is None else alpha,
            self.A if A is None else A,
            self.multiplicities if multiplicities is None else multiplicities,
            *((self.labels, self.name) if named else (None, None)),
        )

    @cached_property
    def _index(self) -> tuple[Sequence[int], tuple[int, ...]]:
        """The first token at each place, and the place of each token.

        Floats are compared as bytes: equal numbers have equal bytes, since no zero is negative.
        """
        keys: Iterable[Any]
        if self.binary64 is None:
            keys = map(tuple, self.integers[0].table())
        else:
            column = np.sort(self.binary64.view(np.int64)[:, 0])
            if bool((column[1:] != column[:-1]).all()):
                return range(self.size), tuple(range(self.size))
            width = np.dtype((np.void, self.binary64[0].nbytes))
            keys = np.ascontiguousarray(self.binary64).view(width).ravel().tolist()
        index: dict[Any, int] = {}
        places = tuple([index.setdefault(key, len(index)) for key in keys])
        if len(index) == self.size:
            return range(self.size), places
        firsts: dict[int, int] = {}
        for i, place in enumerate(places):
            firsts.setdefault(place, i)
        return tuple(firsts.values()), places

    def to_dict(self) -> dict[str, Any]:
        """The configuration as the JSON object of a configuration file, numbers as text.

        `A` is left out when it is the identity; a multiplicity is written as repeated tokens,
        since files know copies and not weights. Raises `HardmaxError` beyond `MAX_COPIES` of them.
        """
        if sum(self.multiplicities) > MAX_COPIES:
            raise HardmaxError(
                f"multiplicities add up to more than {MAX_COPIES}, too many tokens for a file"
            )
        copies = [i for i, weight in enumerate(self.multiplicities) for _ in range(weight)]
        result: dict[str, Any] = {
            "tokens": [[text(x) for x in self.tokens[i]] for i in copies],
            "alpha": text(self.alpha),
        }
        if not self.euclidean:
            result["A"] = [[text(x) for x in row] for row in self.A]
        if self.labels is not None:
            result["labels"] = [self.labels[i] for i in copies]
        if self.name is not None:
            result["name"] = self.name
        return result


class _Known(Configuration):
    """A configuration of parts that are known to be valid."""

    # `dataclasses.replace` calls this with every field, for these to be checked; == compares it
    __class__ = property(lambda _: Configuration)

    def __init__(
        self,
        tokens: tuple[Vector, ...],
        alpha: fmpq,
        A: tuple[Vector, ...],
        multiplicities: tuple[int, ...],
        labels: tuple[str, ...] | None,
        name: str | None,
    ) -> None:
        given = (tokens, alpha, A, multiplicities, labels, name, None)
        for part, value in zip(fields(self), given, strict=True):
            object.__setattr__(self, part.name, value)


class _OfFloats(Configuration):
    """A configuration whose tokens are an array of floats; rationals are made when asked for."""

    __class__ = property(lambda _: Configuration)  # as above

    def __init__(
        self,
        array: NDArray[np.float64],
        alpha: fmpq,
        A: tuple[Vector, ...] | None,
        multiplicities: Sequence[int] | None,
        labels: Sequence[str] | None,
        name: str | None,
    ) -> None:
        array.flags.writeable = False
        size, dimension = array.shape
        given = (*parts((size, dimension), alpha, A, multiplicities, labels, name), array)
        for part, value in zip(fields(self)[1:], given, strict=True):
            object.__setattr__(self, part.name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        parts = (self.alpha, self.A, self.multiplicities, self.labels, self.name)
        return _OfFloats, (self.binary64, *parts)

    @cached_property
    def tokens(self) -> tuple[Vector, ...]:
        """The rationals that the floats are."""
        return tuple(self.some_tokens(range(self.size)))
