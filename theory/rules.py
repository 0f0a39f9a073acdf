"""The rules that make a dynamics: candidates, ties and step, each a small value.

A rule says what to do, and what proves that it is done at all later times: `Ties.wanted` names the
signs that the differences f_il(t) = ⟨z_i(t), z_j(t) − z_l(t)⟩ have to have, and `Candidates.locked`
and `Step.kept` say where lemmas I and R hold (sections 1, 2 and 3.2 of the notes). A dynamics
with other candidates, ties or one other λ needs new values of these three kinds; `checks.layer`
knows each rule by itself, and has to be told of a new one. `keys` are how the JSON object of a
configuration tells a rule, and `words` how a reader is told, if it is not that of [AFZ].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeAlias, runtime_checkable

from flint import fmpq, fmpz

from theory.configuration import Configuration

Values: TypeAlias = Sequence[fmpz]
"""Products with all tokens, up to one positive factor."""

Signs: TypeAlias = frozenset[int]
"""The signs −1, 0, 1 that a number may have."""

Keys: TypeAlias = Mapping[str, str | None]
"""Keys of a configuration's JSON object with their values; None takes a key away."""

ZERO, POSITIVE, NOT_NEGATIVE = Signs({0}), Signs({1}), Signs({0, 1})


@runtime_checkable
class Candidates(Protocol):
    """N_i: the tokens that token i may attend to, at every layer the same."""

    keys: ClassVar[Keys]
    words: ClassVar[str]

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

        It needs N_l ⊂ N_i for every l in N_i, and N_i ⊂ N_j.
        """


@dataclass(frozen=True)
class Everyone:
    """N_i is all tokens."""

    keys: ClassVar[Keys] = {}
    words: ClassVar[str] = ""

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
    """N_i is {1,…,i}, token i itself among them: the causal mask."""

    keys: ClassVar[Keys] = {"mask": "causal"}
    words: ClassVar[str] = "The layers are masked: a token attends to itself and those before it."

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


EVERYONE, BEFORE = Everyone(), Before()


@runtime_checkable
class Ties(Protocol):
    """Which of the candidates with the greatest product a token attends to."""

    keys: ClassVar[Keys]
    words: ClassVar[str]

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
    """All of them: ties are kept, and their tokens averaged."""

    keys: ClassVar[Keys] = {}
    words: ClassVar[str] = ""

    def chosen(self, values: Values) -> tuple[int, ...]:
        """Every index at which the values are greatest.

        >>> AVERAGED.chosen([fmpz(3), fmpz(1), fmpz(3)]), FIRST.chosen([fmpz(3), fmpz(1), fmpz(3)])
        ((0, 2), (0,))
        """
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
    """The first of them alone."""

    keys: ClassVar[Keys] = {"ties": "first"}
    words: ClassVar[str] = "The layers break every tie by the first index."

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


@runtime_checkable
class Step(Protocol):
    """How far a token goes towards its target."""

    keys: ClassVar[Keys]
    words: ClassVar[str]

    def pull(self, configuration: Configuration, layer: int) -> fmpq:
        """γ at a layer."""

    def kept(self, configuration: Configuration) -> fmpq:
        """λ = 1 − γ where it is the same at every layer: what closed forms are made with."""

    def partial(self, configuration: Configuration) -> bool:
        """Whether 0 < γ < 1 at every layer: what lemmas I and R need."""


@dataclass(frozen=True)
class Partway:
    """γ = α/(1+α) with the step α of the configuration."""

    keys: ClassVar[Keys] = {}
    words: ClassVar[str] = ""

    def pull(self, configuration: Configuration, layer: int) -> fmpq:
        """α/(1+α)."""
        return configuration.gamma

    def kept(self, configuration: Configuration) -> fmpq:
        """1/(1+α)."""
        return configuration.lam

    def partial(self, configuration: Configuration) -> bool:
        """Whether α > 0."""
        return configuration.advances


@dataclass(frozen=True)
class AllTheWay:
    """γ = 1, the limit α = ∞: z_i' = m_i, whatever the step of the configuration is."""

    keys: ClassVar[Keys] = {"alpha": None, "gamma": "1"}
    words: ClassVar[str] = "The layers are those of α = ∞: every token jumps to its target."

    def pull(self, configuration: Configuration, layer: int) -> fmpq:
        """1."""
        return fmpq(1)

    def kept(self, configuration: Configuration) -> fmpq:
        """0."""
        return fmpq(0)

    def partial(self, configuration: Configuration) -> bool:
        """No."""
        return False


PARTWAY, ALL_THE_WAY = Partway(), AllTheWay()
