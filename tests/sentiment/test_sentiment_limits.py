"""Texts at infinite depth: shares and contributions are exact."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from flint import fmpq
from hypothesis import assume, given
from hypothesis import strategies as st

from sentiment.limits import Resolved, resolve, shares_of
from sentiment.model import Parameters
from sentiment.vocabulary import Bag
from theory import Configuration, HardmaxError, Settled, Undecided, settle
from theory.exact import dot, rational


def model_of(rows: Sequence[Sequence[float]], alpha: float = 1.0) -> Parameters:
    embedding = np.array(rows, dtype=np.float32)
    weights = np.arange(1, embedding.shape[1] + 1).astype(np.float32)
    return Parameters(embedding, weights, -0.25, alpha, 0.0)


def bag(counts: Sequence[int]) -> Bag:
    return Bag(np.arange(len(counts), dtype=np.int32), np.array(counts, dtype=np.int32))


def resolved(
    rows: Sequence[Sequence[float]], counts: Sequence[int], alpha: float = 1.0
) -> Resolved:
    found = resolve(model_of(rows, alpha), bag(counts))
    assert isinstance(found, Resolved)
    return found


coordinates = st.integers(-4, 4).map(float)


@given(
    st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=8, unique=True),
    st.lists(st.integers(1, 3), min_size=8, max_size=8),
    st.sampled_from([0.25, 1.0, 2.5]),
)
def test_contributions_add_up_exactly(
    rows: list[tuple[float, float]], counts: list[int], alpha: float
) -> None:
    """Small integers: ties, faces, moving ties. The mean of the limits gives the logit."""
    assume((0.0, 0.0) not in rows)
    found = resolve(model_of(rows, alpha), bag(counts[: len(rows)]))
    if isinstance(found, Undecided):
        return
    assert found.failures == ()
    limits = found.equilibrium.limits
    used = counts[: len(rows)]
    mean = [fmpq(0), fmpq(0)]
    for limit, count in zip(limits, used, strict=True):
        mean = [x + y * count / sum(used) for x, y in zip(mean, limit, strict=True)]
    assert dot(found.weights, mean) + found.bias == found.logit
    assert sum(found.contributions.values(), found.bias) == found.logit
    assert sum(found.masses.values()) == 1
    assert all(mass > 0 for mass in found.masses.values())


def test_a_face_limit_is_shared_as_the_dynamics_shares_it() -> None:
    # (0, 1) ties for ever between two leaders of multiplicities 3 and 1, whose mean is the foot.
    found = resolved([[1, 2], [-3, 2], [0, 1]], [3, 1, 2])
    assert found.shares[2] == {0: fmpq(3, 4), 1: fmpq(1, 4)}
    assert found.masses == {0: fmpq(3, 6) + fmpq(2, 6) * fmpq(3, 4), 1: fmpq(1, 6) + fmpq(1, 12)}
    assert found.failures == ()


def test_shares_go_through_tokens_that_are_no_leaders() -> None:
    pattern = ((0,), (1,), (0, 1, 2), (2,))
    shares = shares_of(pattern, [1, 3, 5, 1])
    assert shares[3] == shares[2] == {0: fmpq(1, 4), 1: fmpq(3, 4)}


def test_a_cycle_is_refused() -> None:
    with pytest.raises(HardmaxError, match="cycle"):
        shares_of(((1,), (0,)), [1, 1])


def test_wrong_shares_are_noticed() -> None:
    good = resolved([[2, 2], [-2, 2], [0, 1]], [1, 1, 1])
    for wrong in ({0: fmpq(1)}, {0: fmpq(3, 2), 1: fmpq(-1, 2)}, {0: fmpq(1, 2)}):
        shares = (*good.shares[:2], wrong)
        bad = Resolved(good.features, good.settled, shares, good.weights, good.bias)
        assert bad.failures


def test_against_the_configuration_by_hand() -> None:
    rows = [[1.5, 0.25], [-0.75, 2.0], [0.125, -1.0], [1.0, 1.0]]
    by_hand = settle(Configuration([[str(x) for x in row] for row in rows], 1, None, [1, 2, 1, 3]))
    assert isinstance(by_hand, Settled)
    found = resolved(rows, [1, 2, 1, 3])
    assert found.equilibrium.limits == by_hand.equilibrium().limits


def test_float32_is_taken_exactly() -> None:
    found = resolved([[0.1, 1.0]], [1])
    assert found.settled.configuration.tokens[0][0] == rational("13421773/134217728")


def test_equal_rows_are_one_place() -> None:
    found = resolved([[1, 2], [3, 1], [1, 2]], [1, 1, 4])
    assert found.features == ((0, 2), (1,))
    assert found.settled.configuration.multiplicities == (5, 1)


def test_origin_and_nothing_are_refused() -> None:
    with pytest.raises(HardmaxError, match="origin"):
        resolve(model_of([[0, 0], [1, 0]]), bag([1, 1]))
    with pytest.raises(HardmaxError, match="no known word"):
        resolve(model_of([[1, 0]]), bag([]))


def test_an_exhausted_budget_is_undecided() -> None:
    slow = model_of([[-2, 0], [-2, 1], [-1, -1]], 1 / 256)
    assert isinstance(resolve(slow, bag([1, 1, 1]), max_layers=2), Undecided)
    assert isinstance(resolve(slow, bag([1, 1, 1])), Resolved)


def test_every_small_text_in_a_box() -> None:
    points = [(x, y) for x, y in product((-1.0, 0.0, 1.0, 2.0), repeat=2) if (x, y) != (0, 0)]
    rng = np.random.default_rng(0)
    for _ in range(60):
        chosen = [points[i] for i in rng.permutation(len(points))[:4]]
        found = resolve(model_of(chosen), bag([1, 2, 1, 1]))
        assert isinstance(found, Resolved)
        assert found.failures == ()
