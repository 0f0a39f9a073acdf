"""Values that hold arrays: they compare and hash, as what holds none does by itself."""

from dataclasses import fields
from typing import Any

import numpy as np


class Valued:
    """A frozen dataclass with arrays among its fields (declare it with ``eq=False``).

    Two are equal if all their fields are, arrays in type, shape and every bit; equal ones hash
    equal.

    >>> from sentiment.vocabulary import Bag
    >>> one, other = (Bag(np.array([3]), np.array([n])) for n in (1, 2))
    >>> one == one, one == other, hash(one) == hash(Bag(np.array([3]), np.array([1])))
    (True, False, True)
    """

    def _members(self) -> tuple[Any, ...]:
        values = [getattr(self, field.name) for field in fields(self)]  # type: ignore[arg-type]  # of a dataclass
        return tuple(
            (x.dtype.str, x.shape, x.tobytes()) if isinstance(x, np.ndarray) else x for x in values
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Valued) or type(other) is not type(self):
            return NotImplemented
        return self._members() == other._members()

    def __hash__(self) -> int:
        return hash(self._members())
