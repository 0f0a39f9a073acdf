"""The vocabulary: the features that a model knows, by number, and texts as bags of them.

Vocabulary  the features that a model knows, in order
Bag         a text as a model sees it
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sentiment.grammar import FUNCTION
from sentiment.language import languages
from sentiment.lexicon import MARK
from sentiment.pieces import FACE, look
from sentiment.valued import Valued
from theory.exact import HardmaxError


@dataclass(frozen=True, eq=False)
class Bag(Valued):
    """A text as a model sees it: the numbers of distinct known features, and how much each counts.

    Counts are sums of saliences, in eighths.
    """

    ids: NDArray[np.int32]
    counts: NDArray[np.int32]


@dataclass(frozen=True)
class Vocabulary:
    """The features that a model knows; the number of a feature is its place in `names`.

    Raises `HardmaxError` for a name that occurs twice.
    """

    names: tuple[str, ...]
    index: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index = {name: number for number, name in enumerate(self.names)}
        if len(index) < len(self.names):
            twice = next(name for name, n in Counter(self.names).items() if n > 1)
            raise HardmaxError(f"the vocabulary has {twice!r} twice")
        object.__setattr__(self, "index", index)

    @classmethod
    def of(
        cls,
        documents: Sequence[Mapping[str, int]],
        min_count: int = 1,
        min_count_groups: int = 1,
        lexicon: Mapping[str, float] | None = None,
        marked: bool = False,
    ) -> "Vocabulary":
        """The features of at least `min_count` documents, and every entry of the lexicon.

        Groups of words want `min_count_groups` documents. Words and phrases of the lexicon come
        marked as well as plain, whether they occur or not: what is known needs no occurrence. With
        `marked` all words do.

        >>> Vocabulary.of([{"good": 2, "very good": 1}, {"good": 1}], min_count_groups=2).names
        ('good',)
        """
        frequency: Counter[str] = Counter()
        for document in documents:
            frequency.update(document.keys())
        names = {
            name
            for name, count in frequency.items()
            if count >= (min_count_groups if " " in name else min_count)
        }
        if lexicon is not None:
            names.update(lexicon)
            if any(name.startswith(MARK) for name in frequency):
                names.update(MARK + name for name in lexicon if look(name).kind != FACE)
        if marked:
            plain = {name.removeprefix(MARK) for name in names if " " not in name}
            plain.update(lexicon or ())
            names |= plain
            names |= {MARK + name for name in plain - FUNCTION if look(name).kind != FACE}
        return cls(tuple(sorted(names)))

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that its words are of (`sentiment.language.languages`)."""
        return languages(self.index)

    def __len__(self) -> int:
        return len(self.names)

    def bag(self, counts: Mapping[str, int]) -> Bag:
        """The known features of a document, by rising number; the others are dropped."""
        known = sorted((self.index[name], n) for name, n in counts.items() if name in self.index)
        return Bag(
            np.array([number for number, _ in known], dtype=np.int32),
            np.array([count for _, count in known], dtype=np.int32),
        )
