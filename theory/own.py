"""A dynamics of one's own: a rule that says whom the tokens attend to, and how far they go.

The rule is a function of the products ⟨z_i, z_j⟩, rows of exact rationals; it returns the attention
set of each token. The step is one of `theory.steps`, or a function of the layer that returns the
pull: an exact number γ_k, or the rows of a matrix P_k. The layers are exact; whether a pattern
stands for ever is beyond any proof here, for nobody knows which signs the rule goes by.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from flint import fmpq, fmpq_mat

from theory.configuration import Configuration
from theory.dynamics import Dynamics, Pattern, State
from theory.entries import square
from theory.exact import HardmaxError, rational, shown, whole
from theory.matrices import as_matrix
from theory.readable import count
from theory.rules import Keys
from theory.steps import PARTWAY, Pull, Step

Rule: TypeAlias = Callable[[Sequence[Sequence[fmpq]]], Any]
"""Whom the tokens attend to, from the products of all with all."""


class RuleError(HardmaxError):
    """A user's rule or step returned what is none, or failed."""


@dataclass(frozen=True)
class Pulled:
    """A step whose pull is a function of the layer, of the dynamics of that name."""

    name: str
    function: Callable[[int], Any]

    ends: None = None

    @property
    def keys(self) -> Keys:
        """None: no configuration file can tell it."""
        return {"alpha": None}

    @property
    def words(self) -> str:
        """Said with the rule."""
        return ""

    @property
    def named(self) -> str:
        """That it is a function."""
        return f"the pulls of {self.name}"

    def fit(self, configuration: Configuration) -> None:
        """For every one, as far as is known."""

    def pull(self, configuration: Configuration, layer: int) -> Pull:
        """What the function returns. Raises `HardmaxError` where that is no exact pull."""
        return pull_of(self, layer, configuration.dimension)

    def period(self, configuration: Configuration) -> int | None:
        """Unknown."""
        return None

    def kept(self, configuration: Configuration) -> fmpq | None:
        """Unknown."""
        return None

    def convex_from(self, configuration: Configuration) -> int | None:
        """Unknown."""
        return None

    def advances(self, configuration: Configuration) -> bool:
        """Unknown, so that statements that assume it are held."""
        return True


def pull_of(step: Pulled, layer: int, dimension: int) -> Pull:
    """The pull of a layer that a user's function returns, checked."""
    place = f"the dynamics {step.name!r}, its step at layer {layer}"
    returned = _called(place, step.function, layer)
    try:
        if isinstance(returned, list | tuple):
            rows = square("its matrix", returned)
            if len(rows) != dimension:
                raise HardmaxError(
                    f"a matrix of {count(len(rows), 'row')}; {dimension} were wanted"
                )
            return as_matrix(rows)
        if isinstance(returned, fmpq_mat):
            return pull_of(
                Pulled(step.name, lambda k: [*map(list, returned.table())]), layer, dimension
            )
        return rational(returned)
    except HardmaxError as error:
        raise RuleError(f"{place}: {error}") from None


@dataclass(frozen=True)
class Own(Dynamics):
    """The dynamics of that name, by a user's rule for attention.

    Raises `HardmaxError` where the rule returns what are no attention sets, or fails.

    >>> def least(products):
    ...     return [[row.index(min(row))] for row in products]
    >>> from theory import Trajectory
    >>> layers = Trajectory(Configuration([[2], [1]], 1), Own(name="least", rule=least))
    >>> layers.pattern(0), layers.tokens(1)
    (((1,), (1,)), ((3/2,), (1,)))
    """

    step: Step = PARTWAY
    name: str = ""
    rule: Rule = list

    @property
    def file(self) -> str | None:
        """Where the rule was written."""
        return _file(self.rule)

    @property
    def keys(self) -> Keys:
        """Its name, which no configuration file takes."""
        return {**super().keys, "dynamics": self.name}

    @property
    def words(self) -> str:
        """Its name, and the step if it has words."""
        return f"The layers are those of {self.name}. {self.step.words}".strip()

    @property
    def ordered(self) -> bool:
        """It may count in which order the tokens are."""
        return True

    @property
    def merges(self) -> bool:
        """Copies may be told apart."""
        return False

    def attention(
        self,
        configuration: Configuration,
        state: State,
        layer: int,
        rows: Sequence[int] | None = None,
    ) -> Pattern:
        """What the rule returns."""
        tokens = as_matrix(state.tokens)
        products = tokens * as_matrix(configuration.A) * tokens.transpose()
        pattern = sets_of(self, products.table())
        return pattern if rows is None else tuple(pattern[i] for i in rows)

    def locks(self, configuration: Configuration, layer: int) -> bool:
        """Nothing is known to stay."""
        return False

    def all_locked(self, configuration: Configuration, pattern: Pattern, layer: int) -> bool:
        """Nothing is known to stay."""
        return False


def sets_of(dynamics: Own, products: Sequence[Sequence[fmpq]]) -> Pattern:
    """The attention sets that a user's rule returns, checked: indices, rising, not empty."""
    place, size = f"the dynamics {dynamics.name!r}", len(products)
    returned = _called(f"{place}, its rule", dynamics.rule, [list(row) for row in products])
    sets = _listed(returned)
    if sets is None or len(sets) != size:
        raise RuleError(
            f"{place}: its rule returned {shown(returned)}; a list of {size} attention sets, "
            "one for each token, was wanted"
        )
    pattern = []
    for i, attended in enumerate(map(_listed, sets)):
        indices = None if attended is None else [whole(j) for j in attended]
        fits = indices is not None and all(j is not None and 0 <= j < size for j in indices)
        if indices is None or not fits or not indices:
            what = "an empty set" if indices == [] else shown(sets[i])
            raise RuleError(
                f"{place}: its rule returned {what} for token {i}; some of the indices 0 to "
                f"{size - 1} were wanted"
            )
        pattern.append(tuple(sorted({j for j in indices if j is not None})))
    return tuple(pattern)


def _listed(value: object) -> list[Any] | None:
    return list(value) if isinstance(value, list | tuple | set | frozenset | range) else None


def _called(place: str, function: Callable[..., Any], *given: Any) -> Any:
    """What a user's function returns; what it raises is told with the line of its file."""
    try:
        return function(*given)
    except Exception as error:
        trace, line = error.__traceback__, 0
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == _file(function):
                line = trace.tb_lineno
            trace = trace.tb_next
        where = f" at line {line} of its file" if line else ""
        words = f"{type(error).__name__}: {error}".rstrip(": ")
        raise RuleError(f"{place} failed{where}: {words}") from None


def _file(function: Callable[..., Any]) -> str | None:
    return getattr(getattr(function, "__code__", None), "co_filename", None)
