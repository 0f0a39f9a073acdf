"""Places: distinct tokens with the number of their copies, and the way back to the copies.

Copies of a token move as one (`paper_notes.md`, section 6), so what is decided is decided of
places; `places[i]` is the place of token i, and places are numbered by their first tokens.
"""

from collections.abc import Sequence

from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics, Pattern
from theory.rules import AVERAGED, Ties

History = tuple[tuple[int, Pattern], ...]
"""The layers at which the pattern became another one, with the pattern from then on."""


def merge(
    configuration: Configuration, dynamics: Dynamics = HARDMAX
) -> tuple[Configuration, tuple[int, ...]]:
    """The configuration of places, and the place of each token.

    That of `Configuration.merged` where the dynamics treats copies alike; otherwise each token is
    a place.
    """
    if dynamics.merges:
        return configuration.merged()
    return configuration, tuple(range(configuration.size))


def copies_of(places: Sequence[int]) -> list[list[int]]:
    """The tokens at each place, from the place of each token."""
    copies: list[list[int]] = [[] for _ in range(max(places) + 1)]
    for token, place in enumerate(places):
        copies[place].append(token)
    return copies


def leading(pattern: Pattern, places: Sequence[int], ties: Ties = AVERAGED) -> list[int]:
    """The tokens that lead: those that attend to the copies of their place, and to nothing else.

    >>> pattern = (0, 2), (0, 2), (0, 2)
    >>> leading(pattern, (0, 1, 0)), leading(pattern, (0, 1, 2))
    ([0, 2], [])
    """
    if max(places) + 1 == len(places):
        return [i for i, attended in enumerate(pattern) if attended == (i,)]
    own = [ties.copies(tuple(copies)) for copies in copies_of(places)]
    return [i for i, attended in enumerate(pattern) if attended == own[places[i]]]


def spread(
    pattern: Pattern,
    places: Sequence[int],
    copies: Sequence[Sequence[int]],
    ties: Ties = AVERAGED,
) -> Pattern:
    """The pattern of the tokens, copies listed one by one, from the pattern of their places."""
    asked = [ties.copies(tuple(own)) for own in copies]
    sets = [tuple(sorted(c for q in attended for c in asked[q])) for attended in pattern]
    return tuple(sets[p] for p in places)


def spread_history(history: History, places: Sequence[int], ties: Ties = AVERAGED) -> History:
    """The history of the tokens from that of their places."""
    copies = copies_of(places)
    if len(copies) == len(places):
        return history
    return tuple((k, spread(pattern, places, copies, ties)) for k, pattern in history)


def gathered_history(history: History, places: Sequence[int]) -> History:
    """The history of the places from that of the tokens.

    A place attends to the places of those that its first token attends to.

    >>> gathered_history(((0, ((0, 2), (0, 2), (0, 2))),), (0, 1, 0))
    ((0, ((0,), (0,))),)
    """
    return tuple((k, gathered(pattern, places)) for k, pattern in history)


def gathered(pattern: Pattern, places: Sequence[int]) -> Pattern:
    """The pattern of the places from that of the tokens."""
    firsts = [copies[0] for copies in copies_of(places)]
    return tuple([tuple(sorted({places[j] for j in pattern[i]})) for i in firsts])
