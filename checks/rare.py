"""Rare configurations, found by search: what random draws seldom show, in a few small integers."""

RARE: tuple[tuple[tuple[tuple[int, ...], ...], str], ...] = (
    # a leader emerges; a token moves though it is in its own attention set
    (((0, 1), (1, 1), (2, 0)), "1/3"),
    (((-2, 0), (-1, 1), (0, 1)), "1/20"),
    # more layers than tokens; hundreds of layers
    (((-2, 0), (-2, 1), (-1, -1)), "1/3"),
    (((-2, 0), (-2, 1), (-1, -1)), "1/200"),
    # a token comes to rest at the foot of an edge
    (
        ((0, 4, 0), (4, 4, 4), (4, 4, -4), (1, 4, 5), (1, 4, -5), (16, -4, 4), (16, -4, -4)),
        "1",
    ),
    # attention for ever to leaders and moving tokens together, and to moving tokens alone
    (((2, 2), (-2, 2), (1, 2), (-1, 2), (0, 1)), "1/2"),
    (((3, 2, 0), (-3, 2, 0), (1, 2, 1), (-1, 2, 1), (0, 1, 0)), "1/2"),
    # the same in the cube
    (
        (
            (0, -1, 0, 0),
            (0, 1, 0, 0),
            (1, -1, 1, -1),
            (-1, -1, 1, 1),
            (-1, 0, 0, -1),
            (-1, -1, 1, 0),
            (0, -1, 1, -1),
        ),
        "1/2",
    ),
    # resonance of degree two
    (
        (
            (3, 2, 0, 3),
            (-3, 2, 0, 3),
            (3, 2, 0, -3),
            (-3, 2, 0, -3),
            (1, 2, 1, 3),
            (-1, 2, 1, 3),
            (1, 2, 1, -3),
            (-1, 2, 1, -3),
            (0, 2, 0, 2),
            (0, 2, 0, -2),
            (0, 1, 0, 0),
        ),
        "1",
    ),
)
"""Token sets and steps found by search, each with a behaviour that random draws seldom have."""
