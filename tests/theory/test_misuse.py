"""Misuse of whatever is public ends in `HardmaxError`, which shows what was given."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import checks
import theory
from checks import Run, Violation, claim, configurations, conjecture, dynamics, validate
from checks.boxes import Box
from checks.refutation.account import Budget
from checks.statements import find
from checks.strategies import general_matrices, matrices, steps, token_sets
from theory import (
    Configuration,
    Dynamics,
    Equilibrium,
    HardmaxError,
    Settled,
    Trajectory,
    Undecidable,
    settle,
)
from theory.certificates import certificate, refutation, refutation_by_layer, separating
from theory.exact import shown
from theory.fast.batches import settle_batch
from theory.hull import in_hull
from theory.numerics.enclosures import SoftmaxBound
from theory.numerics.simulation import compare
from theory.numerics.softmax import compare as compare_softmax

C = Configuration([[0, 1], [1, 1], [2, 0]], "1/3")
S = settle(C)
RUN = Run(C)

FLOATS = Configuration.from_binary64([[0.5, 1.0], [2.0, 1.0]], 1)

NONSENSE = ["x", 1.5, -1, True, [], {}, np.nan, object(), 1j, b"1", -(10**5000), np.float64(1)]
"""No layer, no configuration, no result."""

BOUNDS = ("min_tokens", "max_tokens", "min_dimension", "max_dimension")
POINT = (fmpq(1),)

RESULTS = {
    "Hypotheses", "Leader", "Rate", "Settled", "Undecided", "Report", "Statement", "Claim",
    "Conjecture", "Cycling",
}  # fmt: skip
"""Values that others make; nobody calls them with what is his own."""

NO_CALL = {"HardmaxError", "Undecidable", "NotSettled", "Pattern", "Verdict"}
"""Exceptions, a type of tuples, and an enumeration, which refuses by itself."""


def following(patterns: Any) -> Trajectory:
    trajectory = Trajectory(C)
    trajectory.follow(patterns)
    return trajectory


CALLS: dict[str, Callable[[Any], Any]] = {
    "Configuration": lambda x: Configuration(x, 1),
    "Configuration.from_binary64": lambda x: Configuration.from_binary64(x, 1),
    **{
        f"configurations, {name}": lambda x, name=name: configurations(
            **{name: x if type(x) is not bool else None}
        )
        for name in BOUNDS
    },
    "Budget": Budget,
    "Budget, seconds": lambda x: Budget(seconds=x if isinstance(x, str | list) else -1.0),
    "Budget, layers": lambda x: Budget(max_layers=x),
    "Box": lambda x: Box(x, 1, 1),
    "Box, radius": lambda x: Box(1, x, 1),
    "Box, tokens": lambda x: Box(1, 1, x),
    "in_hull": lambda x: in_hull(x, [POINT]),
    "in_hull, vertices": lambda x: in_hull(POINT, [x]),
    "separating": lambda x: separating([x], 0),
    "separating, token": lambda x: separating([POINT, (fmpq(0),)], x),
    **{
        f"{declare.__name__}, {name}": lambda x, declare=declare, name=name: declare(
            **{"name": "of-the-test", "statement": "s", name: x if x != "x" else 0}
        )(lambda run: True)
        for declare in (claim, conjecture)
        for name in ("name", "statement", "source", "expected")
    },
    **{
        f"{declare.__name__}, hypotheses": lambda x, declare=declare: declare(
            "of-the-test", "s", hypotheses=[x]
        )(lambda run: True)
        for declare in (claim, conjecture)
    },
    **{
        f"{declare.__name__}, judge": lambda x, declare=declare: declare("of-the-test", "s")(x)
        for declare in (claim, conjecture)
    },
    "dynamics": lambda x: dynamics(x if x != "x" else 0)(lambda products: products),
    "find": lambda x: find(x),
    "Violation": lambda x: Violation("a", 0, (), None, x if x != "x" else 0),
    "settle": settle,
    "settle, budget": lambda x: settle(C, x),
    "settle, trajectory": lambda x: settle(C, 10, x),
    "settle, path": lambda x: settle(C, path=x),
    "settle, dynamics": lambda x: settle(C, dynamics=x),
    "Trajectory": Trajectory,
    "Trajectory, dynamics": lambda x: Trajectory(C, x),
    "Dynamics": Dynamics,
    "Dynamics, ties": lambda x: Dynamics(ties=x),
    "Dynamics, step": lambda x: Dynamics(step=x),
    "Run, dynamics": lambda x: Run(C, x),
    **{
        f"Trajectory.{n}": getattr(Trajectory(C), n)
        for n in ("state", "tokens", "pattern", "targets")
    },
    "Trajectory.follow": lambda x: Trajectory(C).follow(x),
    "Trajectory.follow, pattern": lambda x: following(lambda layer: x).pattern(0),
    "Trajectory.hold": lambda x: Trajectory(C).hold(x, 0, 1),
    "Trajectory.hold, start": lambda x: Trajectory(C).hold(S.pattern, x, 9),  # type: ignore[union-attr]  # it is settled
    "Trajectory.place": lambda x: Trajectory(C).place(1, x),
    "Trajectory.place, layer": lambda x: Trajectory(C).place(x, C.tokens),
    "Settled.tokens": lambda x: S.tokens(x),  # type: ignore[union-attr]  # it is settled
    "Settled.pattern_at": lambda x: S.pattern_at(x),  # type: ignore[union-attr]  # it is settled
    "closed form": lambda x: S.closed_form[0](x),  # type: ignore[union-attr]  # it is settled
    "shift": lambda x: S.closed_form[0].shift(x),  # type: ignore[union-attr]  # it is settled
    "Equilibrium.of": lambda x: Equilibrium.of(x, (0, 1, 2), S.history, S.closed_form),  # type: ignore[union-attr]  # it is settled
    "inner": lambda x: C.inner(x, x),
    "some tokens": lambda x: C.some_tokens([x if x is not True and x != -1 else 3]),
    "some floats": lambda x: FLOATS.some_tokens(0 if isinstance(x, list | dict) else x),  # type: ignore[arg-type]  # what is tested
    "matrices": lambda x: drawn(matrices(x if x is not True else 0)),
    "general matrices": lambda x: drawn(general_matrices(x if x is not True else 0)),
    "steps": lambda x: steps(min_value=10**9 if isinstance(x, int) else x),
    "steps, greatest": lambda x: steps(max_value=x),
    "token sets, family": lambda x: token_sets(family=x),
    "token sets, zero": lambda x: token_sets(family="cube", nonzero=x if x is not True else 1),
    **{
        f"token sets, {name}": lambda x, name=name: token_sets(
            family="cube", **{name: x if type(x) is not bool else None}
        )
        for name in BOUNDS
    },
    "compare": compare,
    "compare, layers": lambda x: compare(S, x),  # type: ignore[arg-type]  # it is settled
    "softmax": lambda x: compare_softmax(x, 1),
    "softmax, layers": lambda x: compare_softmax(S, 1, x),  # type: ignore[arg-type]  # it is settled
    "certificate": certificate,
    "refutation": lambda x: refutation("limits-are-vertices", [x]),
    "refutation by a layer": lambda x: refutation_by_layer(
        "without-distinctness", x, "first-leader"
    ),
    "settle_batch": lambda x: settle_batch(x, 1),
    "settle_batch, budget": lambda x: settle_batch([[[1]]], 1, max_layers=x),
    "SoftmaxBound": SoftmaxBound,
    "Run": Run,
    "Run, budget": lambda x: Run(C, max_layers=x),
    **{
        f"Run.{n}": getattr(RUN, n)
        for n in ("tokens", "pattern", "targets", "gram", "at", "targets_at", "crossed", "truth")
    },
    **{
        f"Run.{n}": getattr(RUN, n)
        for n in ("steps_by_definition", "moves_to_targets", "from_closed_form", "far_attention")
    },
    "validate": lambda x: validate([x]),
    "validate, examples": lambda x: validate([find("norms-grow")], examples=x),
    "validate, jobs": lambda x: validate([find("norms-grow")], examples=1, jobs=x),
    "validate, budget": lambda x: validate([find("norms-grow")], examples=1, max_layers=x),
}


def drawn(strategy: st.SearchStrategy[Any]) -> None:
    settings(max_examples=1, database=None)(given(strategy)(lambda value: None))()


@pytest.mark.parametrize("name", CALLS)
def test_misuse_is_one_line_of_one_family(name: str) -> None:
    for value in NONSENSE:
        with pytest.raises(HardmaxError) as caught:
            CALLS[name](value)
        assert "\n" not in str(caught.value), value


def test_no_public_name_is_forgotten() -> None:
    public = {*theory.__all__, *checks.__all__} - {"HARDMAX", "FIRST_INDEX", "CAUSAL", "INFINITE"}
    called = {name.split(",")[0].split(".")[0] for name in CALLS}
    assert public - RESULTS - NO_CALL <= called
    assert public >= RESULTS | NO_CALL


def test_what_is_right_is_taken() -> None:
    """The accepting twin, NumPy's integers among it."""
    assert isinstance(S, Settled)
    two = np.int64(2)
    assert settle(C, np.int32(100)) == settle(C, 100, Trajectory(C), path="exact") == S
    assert Trajectory(C).tokens(two) == S.tokens(two) == RUN.tokens(two) == S.tokens(2)  # type: ignore[arg-type]  # what is tested
    assert S.closed_form[0](two) == S.closed_form[0](2)  # type: ignore[arg-type]  # what is tested
    assert RUN.at(2).attention == RUN.argmax(2) == S.pattern_at(2)
    assert compare(S, 5).layers == 5
    assert certificate(S) == certificate(settle(C))  # type: ignore[arg-type]  # it is settled
    assert C.inner(C.tokens[0], C.tokens[1]) == 1
    assert [r.examples for r in validate([find("norms-grow")], examples=3, seed=1)] == [3]


def test_what_nobody_can_write_out_is_one_line() -> None:
    far = 10**30
    for call in (
        lambda t: S.tokens(t),
        lambda t: S.closed_form[1](t),
        lambda t: S.closed_form[1].shift(t),
        lambda t: Trajectory(C).tokens(t),
        lambda t: Trajectory(C).pattern(t),
    ):
        with pytest.raises(Undecidable) as caught:
            call(far)
        assert "\n" not in str(caught.value)
        assert call(3)
    assert S.pattern_at(far) == S.pattern  # that needs no number
    assert S.closed_form[2](far) == S.closed_form[2](0)  # nor does what rests
    held = Trajectory(C)
    held.hold(S.pattern, 0, far)
    assert held.pattern(far - 1) == S.pattern
    assert following(S.pattern_at).pattern(far) == S.pattern


def test_anything_can_be_shown() -> None:
    class Hostile:
        def __repr__(self) -> str:
            raise RuntimeError("no")

    assert shown(Hostile()) == "a Hostile"
    assert shown(10**5000) == "a int"
    assert shown("a\nb") == r"'a\nb'"
