"""The rules of attention: candidates and ties, each a small value.

A rule says what to do, and what proves that it is done at all later times: `Ties.wanted` names the
signs that the differences f_il(t) = ⟨z_i(t), z_j(t) − z_l(t)⟩ have to have, and `Candidates.locked`
says where lemmas I and R hold (sections 1, 1.1 and 3.2 of the notes). A dynamics with other
candidates or ties needs new values of these kinds; `checks.rules` knows each rule by itself, and
has to be told of a new one. `keys` are how the JSON object of a configuration tells a rule, and
`words` how a reader is told, if it is not that of [AFZ], or as `named` in a headline. How far a
token goes is in `theory.steps`, and with which matrix it compares in `theory.scores`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol, TypeAlias, runtime_checkable

from flint import fmpz

from theory.configuration import Configuration
from theory.exact import HardmaxError, shown, whole
from theory.readable import count

Values: TypeAlias = Sequence[fmpz]
"""Products with all tokens, up to one positive factor."""

Signs: TypeAlias = frozenset[int]
"""The signs −1, 0, 1 that a number may have."""

Keys: TypeAlias = Mapping[str, Any]
"""Keys of a configuration's JSON object with their values; None takes a key away."""

ZERO, POSITIVE, NOT_NEGATIVE = Signs({0}), Signs({1}), Signs({0, 1})


@runtime_checkable
class Candidates(Protocol):
    """N_i: the tokens that token i may attend to, at every layer the same."""

    @property
    def keys(self) -> Keys:
        """How a configuration's JSON object tells it."""

    @property
    def words(self) -> str:
        """How a reader is told."""

    @property
    def named(self) -> str:
        """In few words, for a headline; nothing if it is that of [AFZ]."""

    def fit(self, configuration: Configuration) -> None:
        """Raise `HardmaxError` where it is not for configurations of this shape."""

    @property
    def alike(self) -> bool:
        """Whether copies of a token have the same candidates, and are candidates together."""

    def of(self, i: int, size: int) -> Sequence[int]:
        """N_i among `size` tokens, rising."""

    def among(self, rows: Sequence[int], values: Sequence[Values]) -> Sequence[Values]:
        """The values of all tokens for each of the `rows`, cut short or lowered so that the
        greatest are those of candidates."""

    def locked(self, followers: Mapping[int, int]) -> list[int]:
        """Of rows i that attend to a leader j = `followers[i]` alone, those that R is true of.

        With N closed if N_l ⊂ N for every l in N, it needs N_i = N_j, closed.
        """


@dataclass(frozen=True)
class Everyone:
    """N_i is all tokens.

    >>> list(Everyone().of(1, 3)), Everyone().keys
    ([0, 1, 2], {})
    """

    keys: ClassVar[Keys] = {}
    words: ClassVar[str] = ""
    named: ClassVar[str] = ""

    def fit(self, configuration: Configuration) -> None:
        """For every one."""

    @property
    def alike(self) -> bool:
        """Copies are."""
        return True

    def of(self, i: int, size: int) -> Sequence[int]:
        """All tokens."""
        return range(size)

    def among(self, rows: Sequence[int], values: Sequence[Values]) -> Sequence[Values]:
        """All values."""
        return values

    def locked(self, followers: Mapping[int, int]) -> list[int]:
        """All of them."""
        return [*followers]


@dataclass(frozen=True)
class Before:
    """N_i is {1,…,i}, token i itself among them: the causal mask.

    >>> list(Before().of(1, 3)), Before().keys
    ([0, 1], {'mask': 'causal'})
    """

    keys: ClassVar[Keys] = {"mask": "causal"}
    words: ClassVar[str] = "The layers are masked: a token attends to itself and those before it."
    named: ClassVar[str] = "a causal mask"

    def fit(self, configuration: Configuration) -> None:
        """For every one."""

    @property
    def alike(self) -> bool:
        """Copies are not: the first has fewer candidates."""
        return False

    def of(self, i: int, size: int) -> Sequence[int]:
        """The tokens up to i."""
        return range(i + 1)

    def among(self, rows: Sequence[int], values: Sequence[Values]) -> Sequence[Values]:
        """The values up to that of the row."""
        return [own[: i + 1] for i, own in zip(rows, values, strict=True)]

    def locked(self, followers: Mapping[int, int]) -> list[int]:
        """The leaders: N_j is smaller than N_i where j < i, so that j may lead and i not follow."""
        return [i for i, j in followers.items() if i == j]


@dataclass(frozen=True)
class Masked:
    """N_i is `rows[i]`, rising and not empty: any mask, for configurations of so many tokens.

    Raises `HardmaxError` for rows that are none of these. `masked` knows the usual masks.

    >>> Masked(((0, 1), (1,))).keys
    {'mask': [[1, 1], [0, 1]]}
    """

    rows: tuple[tuple[int, ...], ...]

    words: ClassVar[str] = (
        "The layers are masked: a token attends to those that its row of the mask has."
    )
    named: ClassVar[str] = "a mask"

    def __post_init__(self) -> None:
        size = len(self.rows)
        if not size:
            raise HardmaxError("a mask without rows")
        for i, row in enumerate(self.rows):
            if not row:
                raise HardmaxError(f"row {i} of the mask is empty: token {i} has no candidates")
            numbers = [whole(j) for j in row]
            if None in numbers or [*row] != sorted({*row}) or row[0] < 0 or row[-1] >= size:
                raise HardmaxError(
                    f"row {i} of the mask is {shown(row)}; some of the indices 0 to {size - 1}, "
                    "rising, were wanted"
                )

    @property
    def keys(self) -> Keys:
        """The 0/1 matrix."""
        columns = range(len(self.rows))
        return {"mask": [[int(j in row) for j in columns] for row in map(frozenset, self.rows)]}

    def fit(self, configuration: Configuration) -> None:
        """For those of as many tokens as it has rows."""
        if configuration.size != len(self.rows):
            raise HardmaxError(
                f"the mask has {count(len(self.rows), 'row')}; {configuration.size} tokens want "
                f"{configuration.size}"
            )

    @property
    def alike(self) -> bool:
        """Copies are not."""
        return False

    def of(self, i: int, size: int) -> Sequence[int]:
        """The tokens of row i."""
        return self.rows[i]

    def among(self, rows: Sequence[int], values: Sequence[Values]) -> Sequence[Values]:
        """The values, those of no candidates lowered below the greatest of candidates."""
        lowered = []
        for i, own in zip(rows, values, strict=True):
            allowed = self._sets[i]
            below = max([own[j] for j in allowed]) - 1
            lowered.append([x if j in allowed else below for j, x in enumerate(own)])
        return lowered

    def locked(self, followers: Mapping[int, int]) -> list[int]:
        """Where N_i = N_j, closed."""
        sets = self._sets
        return [i for i, j in followers.items() if sets[i] == sets[j] and i in self._closed]

    @cached_property
    def _sets(self) -> tuple[frozenset[int], ...]:
        return tuple(map(frozenset, self.rows))

    @cached_property
    def _closed(self) -> frozenset[int]:
        """The tokens i with N_l ⊂ N_i for every l in N_i."""
        sets = self._sets
        return frozenset(i for i, own in enumerate(sets) if all(sets[j] <= own for j in own))


EVERYONE, BEFORE = Everyone(), Before()


def masked(rows: Sequence[Sequence[int]]) -> Candidates:
    """The candidates `rows[i]` of each token: `Everyone` or `Before` where it is that mask.

    >>> masked([[0], [0, 1]]), masked([[0], [1]])
    (Before(), Masked(rows=((0,), (1,))))
    """
    mask, size = Masked(tuple(map(tuple, rows))), len(rows)
    for usual in (EVERYONE, BEFORE):
        if all(row == tuple(usual.of(i, size)) for i, row in enumerate(mask.rows)):
            return usual
    return mask


@runtime_checkable
class Ties(Protocol):
    """Which of the candidates with the greatest product a token attends to."""

    @property
    def keys(self) -> Keys:
        """How a configuration's JSON object tells it."""

    @property
    def words(self) -> str:
        """How a reader is told."""

    @property
    def named(self) -> str:
        """In few words, for a headline; nothing if it is that of [AFZ]."""

    def chosen(self, values: Values) -> tuple[int, ...]:
        """The attention set, from the products with the candidates."""

    def copies(self, copies: tuple[int, ...]) -> tuple[int, ...]:
        """Which of the copies of a token, rising, are attended to where the token is."""

    def wanted(self, column: int, attended: tuple[int, ...]) -> Signs:
        """The signs that ⟨z_i, z_j − z_l⟩ has, j = min C_i, for a candidate l = `column`.

        C_i is `attended` iff the difference has one of these signs for every candidate l.
        """


@dataclass(frozen=True)
class Averaged:
    """All of them: ties are kept, and their tokens averaged.

    >>> Averaged().chosen([fmpz(3), fmpz(1), fmpz(3)])
    (0, 2)
    """

    keys: ClassVar[Keys] = {}
    words: ClassVar[str] = ""
    named: ClassVar[str] = ""

    def chosen(self, values: Values) -> tuple[int, ...]:
        """Every index at which the values are greatest."""
        greatest = max(values)
        if values.count(greatest) == 1:
            return (values.index(greatest),)
        return tuple([j for j, value in enumerate(values) if value == greatest])

    def copies(self, copies: tuple[int, ...]) -> tuple[int, ...]:
        """All copies."""
        return copies

    def wanted(self, column: int, attended: tuple[int, ...]) -> Signs:
        """Zero on C_i, positive elsewhere."""
        return ZERO if column in attended else POSITIVE


@dataclass(frozen=True)
class FirstIndex:
    """The first of them alone.

    >>> FirstIndex().chosen([fmpz(3), fmpz(1), fmpz(3)])
    (0,)
    """

    keys: ClassVar[Keys] = {"ties": "first"}
    words: ClassVar[str] = "The layers break every tie by the first index."
    named: ClassVar[str] = "ties broken by the first index"

    def chosen(self, values: Values) -> tuple[int, ...]:
        """The first index at which the values are greatest."""
        return (values.index(max(values)),)

    def copies(self, copies: tuple[int, ...]) -> tuple[int, ...]:
        """The first copy."""
        return copies[:1]

    def wanted(self, column: int, attended: tuple[int, ...]) -> Signs:
        """Positive before j, not negative after it."""
        return POSITIVE if column < attended[0] else NOT_NEGATIVE


AVERAGED, FIRST = Averaged(), FirstIndex()
