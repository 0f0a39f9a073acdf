"""Fields of frozen values that are made when they are first asked for.

A large configuration settles without one rational being made for most of its tokens. `OnDemand`
lets a frozen dataclass promise a field by a maker in place of its value. To a reader the field is
an ordinary one: equality, ``repr``, ``replace`` and pickling see the value.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

_MAKERS = "_makers"

Value = TypeVar("Value", bound="OnDemand")
"""A value with promised fields."""

Made = TypeVar("Made")

if TYPE_CHECKING:
    once = cached_property
else:

    class _Once(Generic[Made]):
        """`functools.cached_property` without the lock that Python 3.11 still takes around it.

        Where an attribute costs no more than a microsecond the lock is most of it.
        """

        def __init__(self, maker: Callable[[Any], Made]) -> None:
            self.maker = maker
            self.__doc__ = maker.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self.name = name

        def __get__(self, value: Any, owner: type | None = None) -> Any:
            if value is None:
                return self
            made = value.__dict__[self.name] = self.maker(value)
            return made

    once = _Once


class OnDemand:
    """Base of frozen dataclasses some of whose fields may be promised (see `promise`).

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Square(OnDemand):
    ...     area: int
    >>> promised = promise(object.__new__(Square), {"area": lambda: 3 * 3})
    >>> promised == Square(9), promised
    (True, Square(area=9))
    """

    if not TYPE_CHECKING:  # so that a misspelt field is still an error to a type checker

        def __getattr__(self, name: str) -> Any:
            fields = self.__dict__
            try:
                maker = fields[_MAKERS][name]
            except KeyError:
                words = f"{type(self).__name__!r} has no attribute {name!r}"
                raise AttributeError(words) from None
            return fields.setdefault(name, maker())

    def __getstate__(self) -> dict[str, Any]:
        for name in self.__dict__.get(_MAKERS, ()):
            getattr(self, name)
        return {name: value for name, value in self.__dict__.items() if name != _MAKERS}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def promise(value: Value, makers: Mapping[str, Callable[[], Any]]) -> Value:
    """`value`, whose missing fields the makers will make, each at most once and without effects."""
    value.__dict__[_MAKERS] = makers
    return value
