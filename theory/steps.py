"""The step: how far a token goes towards its target, the pull P_k of layer k.

    z_i' = z_i + P_k (m_i − z_i)

P_k is a number γ_k, or a matrix where there is a value matrix (section 1.1 of the notes):

    Partway      γ = α/(1+α) with the step α of the configuration: [AFZ]
    AllTheWay    γ = 1, which is α = ∞
    Constant     any other γ, as one of several layers has it
    Scheduled    γ_k a function of the layer
    Valued       P = (I+V)^{-1} V
    InTurn       one of these for each layer, again and again or until they end

A configuration's α counts for `Partway` alone. `checks.rules` knows each of them by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import lcm
from typing import Any, ClassVar, Protocol, TypeAlias, runtime_checkable

from flint import fmpq, fmpq_mat

from theory.configuration import Configuration
from theory.entries import exact_number, literal, square, written
from theory.exact import HardmaxError, Rational, expect, shown, text
from theory.matrices import Vector, as_matrix, identity
from theory.readable import count
from theory.rules import Keys
from theory.schedules.functions import RationalFunction

Pull: TypeAlias = fmpq | fmpq_mat
"""γ_k, or P_k."""


@runtime_checkable
class Step(Protocol):
    """How far a token goes towards its target."""

    @property
    def keys(self) -> Keys:
        """How a configuration's JSON object tells it."""

    @property
    def words(self) -> str:
        """How a reader is told."""

    @property
    def named(self) -> str:
        """In few words, for a headline; nothing if it is that of [AFZ]."""

    @property
    def ends(self) -> int | None:
        """How many layers it has; None if there is no end."""

    def fit(self, configuration: Configuration) -> None:
        """Raise `HardmaxError` where it is not for configurations of this shape."""

    def pull(self, configuration: Configuration, layer: int) -> Pull:
        """P_k at a layer that it has."""

    def period(self, configuration: Configuration) -> int | None:
        """After how many layers it repeats, 1 if it is constant; None if it does not."""

    def kept(self, configuration: Configuration) -> fmpq | None:
        """λ = 1 − γ where that is one number at every layer: what closed forms are made with."""

    def convex_from(self, configuration: Configuration) -> int | None:
        """The first layer from which on 0 ≤ γ_k < 1 for ever; None if there is none."""

    def advances(self, configuration: Configuration) -> bool:
        """Whether 0 < γ_k ≤ 1 at every layer, which is α > 0 where there is an α."""


class _Constantly:
    """A step that is the same at every layer, and for every configuration, unless it says more."""

    ends: ClassVar[int | None] = None

    def fit(self, configuration: Configuration) -> None:
        """For every one."""

    def period(self, configuration: Configuration) -> int | None:
        """1."""
        return 1

    def convex_from(self, configuration: Configuration) -> int | None:
        """Never: a token may leave the hull, or reach its target."""
        return None


@dataclass(frozen=True)
class Partway(_Constantly):
    """γ = α/(1+α) with the step α of the configuration.

    >>> Partway().pull(Configuration([[1]], alpha="1/2"), 7)
    1/3
    """

    keys: ClassVar[Keys] = {}
    words: ClassVar[str] = ""
    named: ClassVar[str] = ""

    def pull(self, configuration: Configuration, layer: int) -> fmpq:
        """α/(1+α)."""
        return configuration.gamma

    def kept(self, configuration: Configuration) -> fmpq:
        """1/(1+α)."""
        return configuration.lam

    def convex_from(self, configuration: Configuration) -> int | None:
        """0 if α ≥ 0."""
        return 0 if configuration.advances or not configuration.alpha else None

    def advances(self, configuration: Configuration) -> bool:
        """Whether α > 0."""
        return configuration.advances


@dataclass(frozen=True, init=False, repr=False)
class Constant(_Constantly):
    """γ is this number at every layer, whatever α is.

    >>> Constant("2/3").pull(Configuration([[1]], alpha="1/2"), 7)
    2/3
    """

    gamma: fmpq

    def __init__(self, gamma: Rational) -> None:
        object.__setattr__(self, "gamma", exact_number("gamma", gamma))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({literal(self.gamma)})"

    @property
    def keys(self) -> Keys:
        """γ in [0, 1], or the α that it belongs to.

        >>> Constant("1/3").keys, Constant(-1).keys
        ({'alpha': None, 'gamma': '1/3'}, {'alpha': '-1/2'})
        """
        if 0 <= self.gamma <= 1:
            return {"alpha": None, "gamma": text(self.gamma)}
        return {"alpha": text(self.gamma / (1 - self.gamma))}

    @property
    def words(self) -> str:
        """γ."""
        return f"The layers pull by {self.named}."

    @property
    def named(self) -> str:
        """γ."""
        return f"γ = {text(self.gamma)}"

    def pull(self, configuration: Configuration, layer: int) -> fmpq:
        """γ."""
        return self.gamma

    def kept(self, configuration: Configuration) -> fmpq:
        """1 − γ."""
        return 1 - self.gamma

    def convex_from(self, configuration: Configuration) -> int | None:
        """0 if 0 ≤ γ < 1."""
        return 0 if 0 <= self.gamma < 1 else None

    def advances(self, configuration: Configuration) -> bool:
        """Whether 0 < γ ≤ 1."""
        return bool(0 < self.gamma <= 1)


@dataclass(frozen=True)
class AllTheWay(_Constantly):
    """γ = 1, the limit α = ∞: z_i' = m_i, whatever the step of the configuration is.

    >>> AllTheWay().pull(Configuration([[1]], alpha="1/2"), 7), AllTheWay().named
    (1, 'α = ∞')
    """

    keys: ClassVar[Keys] = {"alpha": None, "gamma": "1"}
    words: ClassVar[str] = "The layers are those of α = ∞: every token jumps to its target."
    named: ClassVar[str] = "α = ∞"

    def pull(self, configuration: Configuration, layer: int) -> fmpq:
        """1."""
        return fmpq(1)

    def kept(self, configuration: Configuration) -> fmpq:
        """0."""
        return fmpq(0)

    def advances(self, configuration: Configuration) -> bool:
        """As α = ∞ does."""
        return True


@dataclass(frozen=True)
class Scheduled(_Constantly):
    """γ_k = `gamma(k)`, in [0, 1].

    >>> Scheduled(RationalFunction.parse("2/(k+2)")).pull(Configuration([[1]], alpha=1), 2)
    1/2
    """

    gamma: RationalFunction

    def __post_init__(self) -> None:
        expect(RationalFunction, self.gamma, "a RationalFunction")

    @property
    def keys(self) -> Keys:
        """The expression in k."""
        return {"alpha": None, "gamma": str(self.gamma)}

    @property
    def words(self) -> str:
        """γ_k."""
        return f"The layers pull by {self.named}."

    @property
    def named(self) -> str:
        """γ_k."""
        return f"γ_k = {self.gamma}"

    def pull(self, configuration: Configuration, layer: int) -> fmpq:
        """γ_k."""
        return self.gamma(layer)

    def period(self, configuration: Configuration) -> int | None:
        """1 if it is constant."""
        return None if self.gamma.constant is None else 1

    def kept(self, configuration: Configuration) -> fmpq | None:
        """1 − γ if it is constant."""
        constant = self.gamma.constant
        return None if constant is None else 1 - constant

    def convex_from(self, configuration: Configuration) -> int | None:
        """The first layer from which on γ_k < 1."""
        return self.gamma.below_one_from

    def advances(self, configuration: Configuration) -> bool:
        """Whether it is nowhere 0."""
        numerator = self.gamma.numerator
        return bool(numerator) and all(root < 0 for root, _ in numerator.roots())


@dataclass(frozen=True, init=False, repr=False)
class Valued(_Constantly):
    """P = (I+V)^{-1} V for a value matrix V; V = αI gives γI.

    Raises `HardmaxError` for a V that is no square matrix, and where I+V has no inverse.

    >>> Valued([["3/2", 0], [0, "7/3"]]).pull(Configuration([[1, 1]], alpha=1), 0).table()
    [[3/5, 0], [0, 7/10]]
    """

    V: tuple[Vector, ...]

    words: ClassVar[str] = (
        "The layers step by a value matrix V: by (I+V)^{-1} V of the way, a matrix, to the target."
    )
    named: ClassVar[str] = "a value matrix V"

    def __init__(self, V: Iterable[Iterable[Rational]]) -> None:
        object.__setattr__(self, "V", square("V", V))
        if not self._kept.det():
            raise HardmaxError("V makes the layer divide by I + V, which has no inverse")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({written(self.V)})"

    def __reduce__(self) -> tuple[Any, ...]:
        # FLINT's matrices do not pickle
        return type(self), (self.V,)

    @property
    def keys(self) -> Keys:
        """V."""
        return {"alpha": None, "V": [[text(x) for x in row] for row in self.V]}

    @cached_property
    def _kept(self) -> fmpq_mat:
        """I + V."""
        return as_matrix(identity(len(self.V))) + as_matrix(self.V)

    @cached_property
    def _pull(self) -> fmpq_mat:
        return self._kept.inv() * as_matrix(self.V)

    def fit(self, configuration: Configuration) -> None:
        """For those of its dimension."""
        d = configuration.dimension
        if d != len(self.V):
            rows = count(len(self.V), "row")
            raise HardmaxError(f"V has {rows}; tokens of dimension {d} want {d}")

    def pull(self, configuration: Configuration, layer: int) -> fmpq_mat:
        """P."""
        return self._pull

    def kept(self, configuration: Configuration) -> fmpq | None:
        """None: I − P is a matrix."""
        return None

    def advances(self, configuration: Configuration) -> bool:
        """No."""
        return False


@dataclass(frozen=True)
class InTurn:
    """The steps one after the other, layer by layer; again and again, or until they end.

    >>> step = InTurn((Constant("1/2"), Constant("1/3")), repeat=True)
    >>> step.pull(Configuration([[1]], alpha=1), 3), step.keys["layers"]
    (1/3, [{'gamma': '1/2'}, {'gamma': '1/3'}])
    """

    steps: tuple[Step, ...]
    repeat: bool

    def __post_init__(self) -> None:
        for step in expect(tuple, self.steps, "a tuple of steps"):
            if isinstance(expect(Step, step, "a step"), InTurn | Partway):
                raise HardmaxError(f"{shown(step)} is not the step of one layer")
        if not self.steps:
            raise HardmaxError("no layers: one at least is wanted")
        expect(bool, self.repeat, "whether they repeat")

    @property
    def keys(self) -> Keys:
        """The layers, each with its key."""
        layers = [{k: v for k, v in step.keys.items() if v is not None} for step in self.steps]
        return {"alpha": None, "layers": layers, **({"repeat": True} if self.repeat else {})}

    @property
    def words(self) -> str:
        """How many, and whether they repeat."""
        return in_turn("step", len(self.steps), self.repeat)

    @property
    def named(self) -> str:
        """How many."""
        return f"{len(self.steps)} steps in turn" if len(self.steps) > 1 else "one step"

    @property
    def ends(self) -> int | None:
        """How many there are, unless they repeat."""
        return None if self.repeat else len(self.steps)

    def fit(self, configuration: Configuration) -> None:
        """Where each of them is."""
        for step in self.steps:
            step.fit(configuration)

    def pull(self, configuration: Configuration, layer: int) -> Pull:
        """That of the layer's step."""
        place = turn(layer, len(self.steps), self.repeat)
        return self.steps[place].pull(configuration, layer)

    def period(self, configuration: Configuration) -> int | None:
        """As many as there are, if they repeat and each of them does."""
        periods = [step.period(configuration) for step in self.steps]
        known = [period for period in periods if period is not None]
        return lcm(len(periods), *known) if self.repeat and len(known) == len(periods) else None

    def kept(self, configuration: Configuration) -> fmpq | None:
        """None."""
        return None

    def convex_from(self, configuration: Configuration) -> int | None:
        """The last of the layers from which on each of them is; None where they end."""
        since = [step.convex_from(configuration) for step in self.steps]
        known = [layer for layer in since if layer is not None]
        return max(known) if self.repeat and len(known) == len(since) else None

    def advances(self, configuration: Configuration) -> bool:
        """Whether each of them does."""
        return all(step.advances(configuration) for step in self.steps)


PARTWAY, ALL_THE_WAY = Partway(), AllTheWay()


def turn(layer: int, count: int, repeat: bool) -> int:
    """Whose turn it is at a layer. Raises `HardmaxError` where they have ended."""
    if layer >= count and not repeat:
        raise HardmaxError(f"layer {shown(layer)}: the run ends at layer {count}")
    return layer % count


def in_turn(what: str, count: int, repeat: bool) -> str:
    """That there are several of something, in words."""
    some = f"are {count} layers, each" if count > 1 else "is one layer,"
    again = f"The layers take {count} {what}s in turn, again and again."
    return again if repeat else f"There {some} with its own {what}."
