"""A user's own dynamics: how a file declares one, and how it reaches other processes.

It pickles by its name, with the file that has to be read first, as statements do
(`checks.statements.users`).
"""

import inspect
from collections.abc import Callable
from typing import Any

from checks.statements.registry import check_name
from theory import HardmaxError
from theory.exact import Rational, shown
from theory.own import Own, Pulled, Rule
from theory.schedules.functions import RationalFunction
from theory.steps import PARTWAY, Constant, Scheduled, Step

_REGISTRY: dict[str, Own] = {}


def dynamics(
    name: str, *, gamma: Rational | str | Callable[[int], Any] | None = None
) -> Callable[[Rule], Own]:
    """Declare the decorated function as a rule of attention: a `Dynamics` to hold statements under.

    The function gets the products ⟨z_i, z_j⟩ as rows of exact rationals and returns the attention
    set of each token, a list of lists (or sets) of indices from 0; a token moves towards the mean
    over its set. `gamma` is how far, z_i' = z_i + γ_k (m_i − z_i): an exact number, text such as
    "2/(k+2)", or a function of the layer k that returns an exact number or the rows of a matrix;
    without it γ = α/(1+α).

    Layers are exact, and statements about layers are held; that a pattern stands for ever is not
    decided. What the function returns is checked at every layer. Raises `HardmaxError` for a name
    that is taken or cannot be one, and for what is no function or no step.

    >>> from hardmax import Configuration, Run
    >>> @dynamics("most-distant", gamma="1/2")
    ... def most_distant(products):
    ...     return [[row.index(min(row))] for row in products]
    >>> run = Run(Configuration([[2], [1]], alpha=1), most_distant)
    >>> run.pattern(0), run.tokens(1)
    (((1,), (1,)), ((3/2,), (1,)))
    >>> forget_dynamics("most-distant")
    """
    check_name(name)
    if name in _REGISTRY:
        raise HardmaxError(f"a dynamics named {name!r} exists already")

    def register(rule: Rule) -> Own:
        for what, function in (("rule", rule), ("gamma", gamma)):
            wanted = what == "rule" or callable(function)
            if wanted and not _takes_one(function):
                raise HardmaxError(
                    f"{name}: {what} = {shown(function)}; a function of one argument was wanted"
                )
        own = Own(step=_step(name, gamma), name=name, rule=rule)
        _REGISTRY[name] = own
        return own

    return register


def _takes_one(function: object) -> bool:
    if not callable(function) or isinstance(function, type):
        return False
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
        return False
    try:
        inspect.signature(function).bind(None)
    except (TypeError, ValueError):
        return False
    return True


def _step(name: str, gamma: Rational | str | Callable[[int], Any] | None) -> Step:
    """The step of a pull. Raises `HardmaxError` for what is none."""
    if gamma is None:
        return PARTWAY
    if callable(gamma):
        return Pulled(name, gamma)
    try:
        if not isinstance(gamma, str):
            return Constant(gamma)
        schedule = RationalFunction.parse(gamma)
    except HardmaxError as error:
        raise HardmaxError(f"{name}: gamma: {error}") from None
    return Scheduled(schedule) if schedule.constant is None else Constant(schedule.constant)


def owned() -> tuple[Own, ...]:
    """Every dynamics that was declared, in the order of declaration."""
    return tuple(_REGISTRY.values())


def forget_dynamics(name: str) -> None:
    """Take a dynamics back, for instance before its file is read again."""
    _REGISTRY.pop(name, None)


def restore_dynamics(known: tuple[Own, ...]) -> None:
    """Let the registry hold these and no others."""
    _REGISTRY.clear()
    _REGISTRY.update({own.name: own for own in known})
