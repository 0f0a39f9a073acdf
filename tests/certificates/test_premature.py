"""Runs that are said to have settled when they may not have: what is accepted of them is true."""

import json
from random import Random
from typing import Any

import pytest
from test_second import accepted, false

from theory import Configuration, Dynamics, HardmaxError, Settled, certificates
from theory.dynamics import Pattern
from theory.rules import AVERAGED, BEFORE, EVERYONE, FIRST, Masked
from theory.schedules.functions import RationalFunction
from theory.scores import OWN_MATRIX, Matrices
from theory.steps import ALL_THE_WAY, Constant, InTurn, Scheduled, Valued
from theory.trajectory import Trajectory

STEPS: list[Any] = [
    ALL_THE_WAY,
    Constant("1/2"),
    Constant("3/4"),
    Constant("1/3"),
    Constant("-1/2"),
    Scheduled(RationalFunction.parse("1/(k+2)")),
    Scheduled(RationalFunction.parse("2/(k+2)")),
    Scheduled(RationalFunction.parse("k/(k+3)")),
    Valued([[1, 0], [0, 3]]),
    Valued([[1, 1], [0, 1]]),
    InTurn((Constant("1/2"), Constant("1/4")), repeat=True),
]


def drawn(random: Random) -> tuple[Configuration, Dynamics]:
    n = random.randint(2, 4)

    def number() -> int:
        return random.randint(-2, 2)

    A = [[number(), number()], [number(), number()]]
    if random.random() < 0.5:
        A[1][0] = A[0][1]
    mask = Masked(
        tuple(tuple(sorted(random.sample(range(n), random.randint(1, n)))) for _ in range(n))
    )
    scores: Any = OWN_MATRIX
    if random.random() < 0.15:
        scores = Matrices([A, [[number(), 0], [0, number()]]], repeat=True)
    dynamics = Dynamics(
        random.choice([EVERYONE, BEFORE, mask]),
        random.choice([AVERAGED, FIRST]),
        random.choice(STEPS),
        scores,
    )
    tokens = [[number(), number()] for _ in range(n)]
    return Configuration(tokens, 1, A), dynamics


def premature(c: Configuration, dynamics: Dynamics, layer: int) -> Any:
    """The certificate that the pattern of `layer` stands for ever, with evidence as if it did."""
    trajectory = Trajectory(c, dynamics)
    history: list[tuple[int, Pattern]] = []
    for k in range(layer + 1):
        if not history or history[-1][1] != trajectory.pattern(k):
            history.append((k, trajectory.pattern(k)))
    run = Settled(c, trajectory, tuple(history), (), tuple(range(c.size)))
    return certificates.certificate(run)


@pytest.mark.parametrize("seed", range(3))
def test_what_has_not_settled_is_rejected(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "times", lambda f: ([*range(8)], 64))
    monkeypatch.setattr(certificates, "runs", lambda f: [])
    random, counted = Random(seed), [0, 0]
    for _ in range(250):
        c, dynamics = drawn(random)
        try:
            made = premature(c, dynamics, random.randint(0, 3))
        except HardmaxError:  # no closed forms of the kind
            continue
        holds = accepted(made)
        counted[holds] += 1
        if holds:
            assert false(made) is None, json.dumps(made)
    assert min(counted) > 20, counted
