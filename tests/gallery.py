"""Small configurations that each show one rare phenomenon.

Tokens and matrices are integers, alpha is a string for ``Fraction``; A None is the identity.
``tests/reference/test_reference.py`` asserts of each what it is said to show. "Moves" and "rests"
are meant from the settled layer on; lam = 1/(1 + alpha).
"""

from typing import TypedDict


class Exhibit(TypedDict):
    """A configuration and what it shows."""

    tokens: list[list[int]]
    alpha: str
    A: list[list[int]] | None
    shows: str


GALLERY: dict[str, Exhibit] = {
    "face-limit": {
        "tokens": [[2, 2], [-2, 2], [0, 1]],
        "alpha": "1/2",
        "A": None,
        "shows": "a token ties two leaders for ever and tends to the midpoint of their edge",
    },
    "face-limit-under-a-matrix": {
        "tokens": [[4, 2], [0, 2], [1, 1]],
        "alpha": "1/2",
        "A": [[1, -1], [-1, 2]],
        "shows": "face-limit sheared by (x, y) -> (x + y, y): the limit is no Euclidean foot",
    },
    "face-limit-by-copies": {
        "tokens": [[-2, 2], [1, 2], [0, 1], [1, 2]],
        "alpha": "1/2",
        "A": None,
        "shows": "a tie of leaders at unequal distance that lasts because one of them is double",
    },
    "rest-without-leading": {
        "tokens": [[-1, 1], [0, 1], [1, 1]],
        "alpha": "2",
        "A": None,
        "shows": "a token at the foot of the origin on an edge rests from layer 0, and never leads",
    },
    "coming-to-rest": {
        "tokens": [
            [0, 4, 0],
            [4, 4, 4],
            [4, 4, -4],
            [1, 4, 5],
            [1, 4, -5],
            [16, -4, 4],
            [16, -4, -4],
        ],
        "alpha": "1",
        "A": None,
        "shows": "a token moves at layer 0 and rests at the foot of an edge from layer 1 on",
    },
    "own-set-and-moving": {
        "tokens": [[0, 1], [1, 1]],
        "alpha": "1",
        "A": None,
        "shows": "a token in its own attention set, with another, moves at layer 0",
    },
    "own-set-and-moving-later": {
        "tokens": [[0, 1], [1, 1], [2, 0]],
        "alpha": "1",
        "A": None,
        "shows": "a token in its own attention set, with another, moves at layer 1",
    },
    "emerging-leader": {
        "tokens": [[0, 1], [1, 1], [2, 0]],
        "alpha": "1/3",
        "A": None,
        "shows": "token 0 leads first at a layer > 0",
    },
    "more-than-n-layers": {
        "tokens": [[-2, 0], [-2, 1], [-1, -1]],
        "alpha": "1/3",
        "A": None,
        "shows": "three tokens settle at layer 5",
    },
    "hundreds-of-layers": {
        "tokens": [[-2, 0], [-2, 1], [-1, -1]],
        "alpha": "1/200",
        "A": None,
        "shows": "three tokens settle at layer 231",
    },
    "leaders-at-small-alpha": {
        "tokens": [[-2, 0], [-1, 1], [0, 1]],
        "alpha": "1/20",
        "A": None,
        "shows": "tokens 0 and 2 lead; with leaders-at-large-alpha: leaders depend on alpha",
    },
    "leaders-at-large-alpha": {
        "tokens": [[-2, 0], [-1, 1], [0, 1]],
        "alpha": "1",
        "A": None,
        "shows": "token 0 alone leads",
    },
    "mixed-tie": {
        "tokens": [[2, 2], [-2, 2], [1, 2], [-1, 2], [0, 1]],
        "alpha": "1/2",
        "A": None,
        "shows": "an attention set holds two leaders and two tokens that move for ever",
    },
    "moving-tie": {
        "tokens": [[3, 2, 0], [-3, 2, 0], [1, 2, 1], [-1, 2, 1], [0, 1, 0]],
        "alpha": "1/2",
        "A": None,
        "shows": "token 4 attends for ever to two tokens that both move, whose lead over both "
        "leaders tends to 0; resonance: its distance to its limit is of order t lam^t",
    },
    "moving-tie-in-the-cube": {
        "tokens": [
            [-1, -1, 1, -1],
            [-1, 0, 0, 0],
            [-1, 0, 1, -1],
            [-1, 1, -1, -1],
            [-1, 1, 0, -1],
            [1, 1, -1, 0],
            [1, 1, 0, 1],
            [1, 1, 1, 1],
        ],
        "alpha": "2",
        "A": None,
        "shows": "the same as moving-tie inside {-1, 0, 1}^4, found by random search",
    },
    "resonance-of-degree-two": {
        "tokens": [
            [3, 2, 0, 3],
            [-3, 2, 0, 3],
            [3, 2, 0, -3],
            [-3, 2, 0, -3],
            [1, 2, 1, 3],
            [-1, 2, 1, 3],
            [1, 2, 1, -3],
            [-1, 2, 1, -3],
            [0, 2, 0, 2],
            [0, 2, 0, -2],
            [0, 1, 0, 0],
        ],
        "alpha": "1",
        "A": None,
        "shows": "token 10 attends to tokens 8 and 9, each in resonance: order t^2 lam^t",
    },
    "late-by-resonance": {
        "tokens": [
            [100, 40, 0, 0],
            [-100, 40, 0, 0],
            [20, 40, 20, 0],
            [-20, 40, 20, 0],
            [20, 40, 21, -20],
            [-20, 40, 21, -20],
            [0, 20, 0, 20],
        ],
        "alpha": "1",
        "A": None,
        "shows": "eps = 1/20 in a moving tie that gives way to another when eps t exceeds a "
        "constant, a race of terms with one base: settled at layer 25, proportional to 1/eps",
    },
}
