"""Certificates of other dynamics: written from a settled run, accepted, and true of far layers."""

import json
from itertools import islice
from typing import Any

import pytest
from certificates.brute import layers
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checks import Run
from checks.settlement import proved
from checks.verifier import Rejected, verify
from theory import (
    CAUSAL,
    HARDMAX,
    INFINITE,
    Configuration,
    Cycling,
    Dynamics,
    HardmaxError,
    Settled,
    settle,
)
from theory.beyond.phases import bounded_from, phases
from theory.certificates import certificate
from theory.dynamics import Pattern
from theory.exact import Undecidable
from theory.rules import AVERAGED, BEFORE, EVERYONE, FIRST, masked
from theory.schedules.functions import RationalFunction
from theory.scores import Matrices
from theory.stated import digest, problem
from theory.steps import ALL_THE_WAY, PARTWAY, Constant, InTurn, Scheduled, Valued
from theory.trajectory import Trajectory


def settled(tokens: Any, dynamics: Dynamics, layer: int, alpha: Any = 1, A: Any = None) -> Settled:
    """A run that is said to settle at `layer`, without closed forms."""
    c = Configuration(tokens, alpha, A)
    trajectory = Trajectory(c, dynamics)
    history: list[tuple[int, Pattern]] = []
    for k in range(layer + 1):
        if not history or history[-1][1] != trajectory.pattern(k):
            history.append((k, trajectory.pattern(k)))
    return Settled(c, trajectory, tuple(history), (), tuple(range(c.size)))


def accepted(made: Any) -> str:
    return verify(json.dumps(made))


def schedule(words: str) -> Dynamics:
    return Dynamics(step=Scheduled(RationalFunction.parse(words)))


RUNS: dict[str, tuple[Any, Dynamics, int, Any, Any]] = {
    "causal": ([[2, 0], [1, 1], [1, -1], [3, 2]], Dynamics(BEFORE), 1, 1, None),
    "a mask": ([[1], [3], [2]], Dynamics(masked([[0], [0, 2], [0, 2]])), 0, 1, None),
    "first index": ([[0, 1], [-1, 1], [1, 1], [0, "1/2"]], Dynamics(ties=FIRST), 0, 1, None),
    "all the way": ([[2, 0], [1, 1], [1, -1], [3, 2]], Dynamics(step=ALL_THE_WAY), 2, 1, None),
    "no step": ([[2], [1]], Dynamics(step=Constant(0)), 0, 1, None),
    "negative definite": ([[1], [-1]], Dynamics(ties=FIRST), 1, 1, [[-1]]),
    "a pair": ([[1], [-1]], Dynamics(BEFORE, step=Constant("3/4")), 0, 1, [[1]]),
    "a value matrix": (
        [[2, 2], [1, 0]], Dynamics(step=Valued([["3/2", 0], [0, "7/3"]])), 0, 1, None
    ),
    "steps in turn": (
        [[2], [1]], Dynamics(step=InTurn((Constant("1/2"), Constant("1/3")), True)), 0, 1, None
    ),
    "matrices in turn": (
        [[2], [1]], Dynamics(scores=Matrices([[[1]], [[2]]], repeat=True)), 0, 1, None
    ),
    "a schedule": ([[2], [1]], schedule("1/(k+2)"), 0, 1, None),
    "Frank and Wolfe": ([[1], [0]], schedule("2/(k+2)"), 2, 1, [[-1]]),
    "a finite sum at rest": ([[1], [2]], schedule("1/(k+2)^2"), 0, 1, [[0]]),
}  # fmt: skip


@pytest.mark.parametrize("name", [x for x in RUNS if x != "a finite sum at rest"])
def test_each_dynamics_has_a_certificate(name: str) -> None:
    tokens, dynamics, layer, alpha, A = RUNS[name]
    made = certificate(settled(tokens, dynamics, layer, alpha, A))
    assert made["version"] == 2
    assert made["claim"]["settled_layer"] == layer
    assert f"settle at layer {layer} " in accepted(made)


def test_the_tokens_of_the_published_statement_meet() -> None:
    tokens, dynamics, layer, alpha, A = RUNS["Frank and Wolfe"]
    made = certificate(settled(tokens, dynamics, layer, alpha, A))
    assert made["claim"] == {
        "settled_layer": 2, "period": 1, "leaders": [], "limits": [[["1/6"], ["1/6"]]],
    }  # fmt: skip
    assert made["evidence"]["solved_layer"] == 2
    with pytest.raises(Rejected, match="condition 6"):
        accepted(made | {"claim": made["claim"] | {"settled_layer": 3}})


def chased(step: Any) -> Settled:
    """Three tokens in pursuit of one another: their matrix turns the plane."""
    A = [["-1/2", "1"], ["-1", "-1/2"]]
    return settled([[1, 0], [0, 1], [-1, -1]], Dynamics(step=step), 0, 1, A)


def test_powers_of_complex_eigenvalues_may_be_rational() -> None:
    run = chased(Constant("1/2"))
    cycle = run.pattern
    assert sorted(C for (C,) in cycle) == [0, 1, 2]
    made = certificate(run)
    assert len(made["evidence"]["closed_forms"]) == 6
    assert accepted(made)
    assert len(certificate(chased(Constant("1/3")))["evidence"]["closed_forms"]) == 12
    with pytest.raises(Undecidable, match="not rational"):
        certificate(chased(Constant("1/4")))


@pytest.mark.parametrize(
    ("words", "first"),
    [("1/(k+2)", 0), ("2/(k+2)", 1), ("(k^2+1)/(k^2+k+9)", 0), ("(k+1)/(k^2-6*k+30)", 3)],
)
def test_schedules_are_bounded_by_their_coefficients(words: str, first: int) -> None:
    assert bounded_from(RationalFunction.parse(words), 0) >= first
    still = certificate(settled([[2], [2]], schedule(words), 0))
    assert still["evidence"]["solved_layer"] >= first
    assert accepted(still)


def test_what_no_certificate_covers_is_told_in_one_line() -> None:
    for words, other, told in (
        ("1/(k+2)^2", [[2], [1]], "is finite"),
        ("1/(k+2)", [[1, 0], [2, 1], [3, 5]], "one moves"),
    ):
        mask = masked([[0], [0], [1]]) if len(other) == 3 else EVERYONE
        c = Dynamics(mask, step=Scheduled(RationalFunction.parse(words)))
        with pytest.raises(Undecidable, match=told) as caught:
            certificate(settled(other, c, 0))
        assert "\n" not in str(caught.value)
    ending = Dynamics(step=InTurn((Constant("1/2"),), False))
    with pytest.raises(HardmaxError, match="without end"):
        problem(Configuration([[1]], 1), ending)


def test_a_tie_in_passing_is_over_where_phases_begin() -> None:
    mask = masked([[0], [1], [0, 3], [1]])
    tokens = [[1], [0], [-1], ["4/3"]]
    made = certificate(settled(tokens, Dynamics(mask, FIRST), 0))
    assert (made["claim"]["settled_layer"], made["evidence"]["solved_layer"]) == (0, 2)
    assert accepted(made)
    with pytest.raises(Rejected, match="condition 12"):
        accepted(certificate_from(made, 0, tokens, Dynamics(mask, FIRST)))


def decided(tokens: Any, alpha: Any, A: Any, dynamics: Dynamics = HARDMAX) -> Any:
    return settle(Configuration(tokens, alpha, A), dynamics=dynamics)


TURNED = [["-1/2", "1"], ["-1", "-1/2"]]


@pytest.mark.parametrize(
    ("run", "version", "told", "limits"),
    [
        (decided([[1], [-1]], 1, [[-1]]), 1, "settle at layer 1", [["0"], ["0"]]),
        (decided([[1], [-1]], 3, [[-1]]), 2, "settle at layer 0", [[["0"], ["0"]]]),
        (decided([[1, 0], [0, 1], [-1, -1]], 1, TURNED), 2, "settle at layer 0", [[["0"] * 2] * 3]),
        (decided([[1], [-1]], 1, [[-1]], INFINITE), 2, "settle at layer 0",
         [[["1"], ["-1"]], [["-1"], ["1"]]]),
        (decided([[0], [1]], 1, [[-1]], INFINITE), 2, "repeat 2 patterns from layer 0",
         [[["0"], ["0"]]]),
        (decided([[0], [1], [1]], 1, [[-1]], INFINITE), 2, "repeat 2 patterns from layer 0",
         [[["0"], ["0"]]]),
        (decided([[2], [1]], 1, None, Dynamics(scores=Matrices([[[1]], [[-1]]], True))), 2,
         "repeat 2 patterns from layer 0", [[["5/3"], ["5/3"]]]),
    ],
)  # fmt: skip
def test_what_is_decided_beyond_the_hypotheses_has_certificates(
    run: Settled | Cycling, version: int, told: str, limits: Any
) -> None:
    made = certificate(run)
    assert (made["version"], made["claim"]["limits"]) == (version, limits)
    assert told in accepted(made)
    wrong = made | {"claim": made["claim"] | {"settled_layer": made["claim"]["settled_layer"] + 1}}
    with pytest.raises(Rejected, match="condition"):
        accepted(wrong)


def test_a_certificate_of_version_2_is_compared_with_its_run() -> None:
    pair = Configuration([[1], [-1]], 3, [[-1]])
    assert proved(Run(pair)) is True
    assert proved(Run(pair.altered(alpha=1), INFINITE)) is True
    assert proved(Run(Configuration([[2], [1]], 1), CAUSAL)) is True


def certificate_from(made: Any, layer: int, tokens: Any, dynamics: Dynamics) -> Any:
    """The same with closed forms from `layer` on, whatever they prove."""
    c = Configuration(tokens, 1)
    start = Trajectory(c, dynamics)
    found = phases(c, dynamics, [start.pattern(layer)], layer, start.tokens(layer))
    forms = [
        [
            [
                {"base": str(r), "degree": p, "coefficient": [*map(str, row)]}
                for r, p, row in f.terms
            ]
            for f in part
        ]
        for part in found.forms
    ]
    return made | {"evidence": made["evidence"] | {"solved_layer": layer, "closed_forms": forms}}


def test_the_digest_tells_dynamics_apart() -> None:
    c = Configuration([[2], [1]], 1)
    kinds = [dynamics for _, dynamics, _, _, _ in RUNS.values() if dynamics.scores.period == 1]
    made = [digest(problem(c, d)) for d in kinds if d.candidates in (EVERYONE, BEFORE)
            and not isinstance(d.step, Valued)]  # fmt: skip
    assert len({*made, digest(problem(c))}) >= 8
    causal = Dynamics(BEFORE)
    assert digest(problem(c, causal)) == digest(problem(c, Dynamics(BEFORE, AVERAGED, PARTWAY)))


small = st.integers(-3, 3)
rules = st.builds(
    Dynamics,
    st.sampled_from([EVERYONE, BEFORE]),
    st.sampled_from([AVERAGED, FIRST]),
    st.sampled_from([PARTWAY, ALL_THE_WAY, Constant("1/3"), Constant("2/3")]),
)


@given(
    tokens=st.lists(st.tuples(small, small), min_size=1, max_size=5),
    A=st.tuples(*[small] * 4),
    dynamics=rules,
)
@settings(max_examples=150, deadline=None)
def test_certificates_of_settled_runs_are_accepted_and_true(
    tokens: list[tuple[int, int]], A: tuple[int, int, int, int], dynamics: Dynamics
) -> None:
    c = Configuration(tokens, 1, [A[:2], A[2:]])
    run = settle(c, 60, dynamics=dynamics)
    assume(isinstance(run, Settled))
    assert isinstance(run, Settled)
    if run.merged().dynamics == Dynamics():
        return
    try:
        made = certificate(run)
    except Undecidable:
        return
    assert accepted(made)
    k = made["claim"]["settled_layer"]
    assert k == run.layer
    seen = list(islice(layers(made["problem"]), k + 25))
    assert all(C == seen[k][1] for _, C in seen[k:])
    assert k == 0 or seen[k - 1][1] != seen[k][1]
    limits, expected = made["claim"]["limits"], run.merged().limit_cycle
    assert len(expected) % len(limits) == 0
    for r, rows in enumerate(expected):
        assert limits[(k + r) % len(limits)] == [[str(x) for x in row] for row in rows]
