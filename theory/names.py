"""What the tokens of a run are called: as in the input, by label and index together.

Copies are run as one place (`theory.places`), and places have numbers of their own. Whoever reads
an answer knows the tokens of the input and no others, so that tables, captions and pictures all
take their words from here: "good (3)", or "3" without labels; of a place that holds several tokens
all of them, "fine (0, 2)".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from theory.configuration import MAX_COPIES, Configuration
from theory.exact import HardmaxError, shorten, visible
from theory.places import copies_of
from theory.readable import LONGEST_LABEL, MOST_MEMBERS, label

MOST_COPIES = 6
"""Tokens of a place that are named; the others are counted."""


@dataclass(frozen=True)
class Names:
    """The names of the tokens of a run.

    copies : the tokens of the input that each token of the run stands for.
    labels : those of the tokens of the input, if they have any.

    >>> film = Configuration([[1, 2], [0, 1], [1, 2]], 1, labels=["fine", "film", "fine"])
    >>> names = Names.of(film.merged()[0], film)
    >>> names.name(0), names.index(0), names.members([0, 1])
    ('fine (0, 2)', '0, 2', '{fine (0, 2), film (1)}')
    >>> Names.of(film).name(2)
    'fine (2)'
    """

    copies: tuple[tuple[int, ...], ...]
    labels: tuple[str, ...] | None = None

    @classmethod
    def of(cls, run: Configuration, given: Configuration | None = None) -> "Names":
        """The names in a run of `run`, which is `given` as it was read, or that with copies merged.

        Without `given` the tokens of the run are those of the input. A multiplicity counts as so
        many tokens, as in the file of the configuration (`Configuration.to_dict`).

        >>> Names.of(Configuration([[1], [2]], 1, multiplicities=[2, 1])).copies
        ((0, 1), (2,))
        """
        given = run if given is None else given
        weights = given.multiplicities
        if sum(weights) > MAX_COPIES:  # there is no such file
            weights = (1,) * given.size
        ends = [0, *accumulate(weights)]
        spans = [range(*span) for span in pairwise(ends)]
        copies: list[Sequence[int]] = [*spans]
        if given.size != run.size:
            copies = [[t for i in here for t in spans[i]] for here in copies_of(given.merged()[1])]
        labels = None
        if given.labels is not None:
            words = zip(given.labels, weights, strict=True)
            labels = tuple(word for word, weight in words for _ in range(weight))
        return cls(tuple(map(tuple, copies)), labels)

    def index(self, token: int) -> str:
        """Where the token stands in the input, with all of its copies; counted from 0."""
        return _listed(self.copies[token])

    def name(self, token: int, longest: int = LONGEST_LABEL) -> str:
        """The token's label and index; the index alone where it has no label.

        Copies with different labels are named one by one.

        >>> Names(((0, 2), (1,)), ("so", " ", "very")).name(0)
        'so (0), very (2)'
        >>> Names(((0, 2), (1,)), ("so", " ", "very")).name(1)
        '1'
        """
        if self.labels is None:
            return self.index(token)
        together: dict[str, list[int]] = {}
        for i in self.copies[token]:
            together.setdefault(label(visible(self.labels[i]), longest), []).append(i)
        parts = [
            f"{words} ({_listed(here)})" if words else _listed(here)
            for words, here in list(together.items())[:MOST_COPIES]
        ]
        if len(together) > MOST_COPIES:
            parts.append(f"… {len(together) - MOST_COPIES} more labels")
        return ", ".join(parts)

    def called(self, token: int) -> str:
        """The name in a sentence.

        >>> Names(((0, 2), (1,))).called(0), Names(((0,),), ("good",)).called(0)
        ('tokens 0, 2', 'token good (0)')
        """
        return f"token{'s' * (len(self.copies[token]) > 1)} {self.name(token)}"

    def listed(self, tokens: Iterable[int], most: int = MOST_MEMBERS) -> str:
        """The names of some tokens, in the order of the input; of many, the first, and a count.

        >>> Names.of(Configuration([[1], [2], [3], [4]], 1)).listed([3, 1, 0, 2], 3)
        '0, 1, … 2 more'
        """
        places = sorted(tokens, key=lambda i: self.copies[i])
        if self.labels is None:
            return _listed(sorted(i for p in places for i in self.copies[p]), most)
        shown = places if len(places) <= most else places[: most - 1]
        words = [self.name(i) for i in shown]
        if len(shown) < len(places):
            words.append(f"… {len(places) - len(shown)} more")
        return ", ".join(words)

    def members(self, tokens: Iterable[int], most: int = MOST_MEMBERS) -> str:
        """A set of tokens, as `listed` has them.

        >>> Names.of(Configuration([[1], [2]], 1)).members([0, 1])
        '{0, 1}'
        """
        return f"{{{self.listed(tokens, most)}}}"


def _listed(numbers: Sequence[int], most: int = MOST_COPIES) -> str:
    shown = numbers if len(numbers) <= most else numbers[: most - 1]
    more = [f"… {len(numbers) - len(shown)} more"] if len(shown) < len(numbers) else []
    return ", ".join([*map(str, shown), *more])


def token_called(configuration: Configuration, words: str) -> int:
    """The token of this index, or else of this label. Raises `HardmaxError` unless it is one.

    >>> film = Configuration([[1], [2]], 1, labels=["good", "film"])
    >>> token_called(film, "film"), token_called(film, "0")
    (1, 0)
    """
    size, labels = configuration.size, configuration.labels or ()
    here = [i for i, own in enumerate(labels) if own == words]
    if re.fullmatch("[0-9]{1,9}", words) and int(words) < size:
        return int(words)
    if len(here) == 1:
        return here[0]
    if here:
        raise HardmaxError(
            f"tokens {', '.join(map(str, here))} are called that; an index was wanted"
        )
    known = " or the label of one token" if labels else ""
    raise HardmaxError(f"an index from 0 to {size - 1}{known} was wanted, not {shorten(words)}")
