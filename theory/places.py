"""Places: distinct tokens with the number of their copies, and the way back to the copies.

Copies of a token move as one (`paper_notes.md`, section 6), so what is decided is decided of
places; `places[i]` is the place of token i, and places are numbered by their first tokens.
"""

from collections.abc import Sequence

from theory.dynamics import Pattern

History = tuple[tuple[int, Pattern], ...]
"""The layers at which the pattern became another one, with the pattern from then on."""


def copies_of(places: Sequence[int]) -> list[list[int]]:
    """The tokens at each place, from the place of each token."""
    copies: list[list[int]] = [[] for _ in range(max(places) + 1)]
    for token, place in enumerate(places):
        copies[place].append(token)
    return copies


def leading(pattern: Pattern, places: Sequence[int]) -> list[int]:
    """The tokens that lead: those that attend to all copies of their place, and to nothing else.

    >>> pattern = (0, 2), (0, 2), (0, 2)
    >>> leading(pattern, (0, 1, 0)), leading(pattern, (0, 1, 2))
    ([0, 2], [])
    """
    if max(places) + 1 == len(places):
        return [i for i, attended in enumerate(pattern) if attended == (i,)]
    copies = list(map(tuple, copies_of(places)))
    return [i for i, attended in enumerate(pattern) if attended == copies[places[i]]]


def spread(pattern: Pattern, places: Sequence[int], copies: Sequence[Sequence[int]]) -> Pattern:
    """The pattern of the tokens, copies listed one by one, from the pattern of their places."""
    sets = [tuple(sorted(c for q in attended for c in copies[q])) for attended in pattern]
    return tuple(sets[p] for p in places)


def spread_history(history: History, places: Sequence[int]) -> History:
    """The history of the tokens from that of their places."""
    copies = copies_of(places)
    if len(copies) == len(places):
        return history
    return tuple((k, spread(pattern, places, copies)) for k, pattern in history)


def gathered_history(history: History, places: Sequence[int]) -> History:
    """The history of the places from that of the tokens.

    >>> gathered_history(((0, ((0, 2), (0, 2), (0, 2))),), (0, 1, 0))
    ((0, ((0,), (0,))),)
    """
    firsts = [copies[0] for copies in copies_of(places)]
    return tuple(
        (k, tuple(tuple(sorted({places[j] for j in pattern[i]})) for i in firsts))
        for k, pattern in history
    )
