"""Which case of the settling theorem covers a configuration, beforehand and from its limits."""

import pytest

from checks.reach import OPEN, case
from checks.run import Run
from theory import Configuration, Settled, settle
from theory.termination import settled_by, settles

BASIS = [[int(i == j) for j in range(4)] for i in range(4)]
FIVE = [*BASIS, [1, 1, 1, 1]]
EDGE = [[4, 2, 0, 0], [-4, 2, 0, 0]]
"""Two leaders; what stands between them tends to their edge."""


@pytest.mark.parametrize(
    ("tokens", "alpha", "case"),
    [
        ([[1]], 100, "d ≤ 3"),
        ([[1, 2, 3], [3, 2, 1], [1, 1, 1], [0, 0, 1]], 100, "d ≤ 3"),
        (BASIS[:3], 100, "n ≤ 3"),
        (FIVE, "299/100", "α < 3 and multiplicities 1"),
        (FIVE, 3, None),
        ([*FIVE, FIVE[0]], "1/3", None),  # √(1 + α) < 2/2 does not hold for α > 0
        ([*FIVE, *FIVE], 2, "√(1+α) < (the two least multiplicities)/(the greatest)"),
        ([*FIVE, *FIVE], 3, None),
        ([*FIVE, [0, 0, 0, 0]], 1, None),  # (H) fails
        ([[1]], 0, None),
        ([[1], [2]], "-1/2", None),
    ],
)
def test_what_is_told_beforehand(tokens: list[list[int]], alpha: str, case: str | None) -> None:
    assert settles(Configuration(tokens, alpha)) == case


def test_an_unsymmetric_matrix_is_not_covered() -> None:
    assert settles(Configuration([[1, 0], [0, 1]], 1, [[1, 1], [0, 1]])) is None


def test_what_the_limits_tell() -> None:
    assert settled_by(settle(Configuration(FIVE, 3))) == "all limits are vertices"
    one = Configuration([*EDGE, [0, 1, 0, 0], [1, 1, 1, 0]], 3)
    assert "face" in settle(one).equilibrium().kinds
    assert settled_by(settle(one)) == "no two tokens share a face limit"


def test_the_open_case_is_told() -> None:
    two = Configuration([*EDGE, [0, 1, 0, 1], [0, 1, 0, -1]], 3)
    result = settle(two)
    faces = [
        s
        for s, kind in zip(result.equilibrium().limits, result.equilibrium().kinds, strict=True)
        if kind == "face"
    ]
    assert len(faces) == 2 > len(set(faces))
    assert settled_by(result) is None
    assert case(Run(two)) == OPEN
    assert case(Run(Configuration(EDGE, 3))) == "n ≤ 3"
    assert case(Run(Configuration([[0], [1]], 1))) is None


def test_copies_kept_apart_tell_nothing_of_limits() -> None:
    edge = [[-2, 2, 0, 0], [-2, -2, 0, 0], [-1, 0, 0, 0], ["-3/2", 0, 0, 0]]
    rows = [*edge, [0, 0, 9, 0], [0, 0, 0, 9]]
    twice = Configuration([row for row in rows for _ in range(2)], 3)
    apart = settle(twice, keep_copies=True)
    assert isinstance(apart, Settled)
    assert set(apart.equilibrium().kinds) == {None}
    assert settled_by(apart) is None
    single = settle(Configuration(rows[:2] + rows[4:], 3))
    assert isinstance(single, Settled)
    assert settled_by(single) is not None  # it can be told of places
