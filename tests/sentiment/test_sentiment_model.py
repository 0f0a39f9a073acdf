"""The model in floats: against exact dynamics, finite differences, and planted faults."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from sentiment import model as room
from sentiment.limits import resolve
from sentiment.model import Batch, Parameters, backward, batches, forward, logits, loss
from sentiment.vocabulary import Bag
from theory import Configuration, Trajectory, Undecided
from theory.exact import from_binary64


def parameters(size: int, d: int, alpha: float, seed: int) -> Parameters:
    rng = np.random.default_rng(seed)
    rows = rng.integers(-64, 65, (size, d)) / 16.0
    rows[(rows == 0).all(axis=1)] = 1.0
    return Parameters(rows, rng.integers(-8, 9, d) / 4.0, -0.375, alpha, 0.5)


def bag(ids: Sequence[int], counts: Sequence[int]) -> Bag:
    return Bag(np.array(ids, dtype=np.int32), np.array(counts, dtype=np.int32))


def exact_logit(given: Parameters, one: Bag, depth: int) -> tuple[fmpq, tuple[object, ...]]:
    """The logit in rationals by the project's exact layers, and the patterns on the way."""
    rows = [[from_binary64(x) for x in given.embedding[i].tolist()] for i in one.ids]
    alpha = from_binary64(given.alpha)
    path = Trajectory(Configuration(rows, alpha, None, one.counts.tolist()))
    tokens = path.tokens(depth)
    total = fmpq(int(one.counts.sum()))
    value = from_binary64(given.bias)
    for token, count in zip(tokens, one.counts.tolist(), strict=True):
        for weight, x in zip(given.weights.tolist(), token, strict=True):
            value += from_binary64(weight) * x * count / total
    return value, tuple(path.pattern(k) for k in range(depth))


@pytest.mark.parametrize("depth", [0, 1, 2, 5])
@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("seed", range(6))
def test_forward_is_the_exact_dynamics(depth: int, d: int, seed: int) -> None:
    given_ = parameters(12, d, 0.75, seed)
    distinct = np.unique(given_.embedding, axis=0, return_index=True)[1]
    one = bag(sorted(distinct.tolist()), [1 + k % 3 for k in range(len(distinct))])
    exact, _ = exact_logit(given_, one, depth)
    run = forward(given_, Batch.of(given_, [one]), depth)
    assert run.logits[0] == pytest.approx(float(exact.p) / float(exact.q), rel=1e-12, abs=1e-12)


def test_ties_are_averaged_with_multiplicities() -> None:
    # (0, 1) ties with itself, (2, 1) and (-2, 1); multiplicities 1, 3, 2 move the mean off 0.
    tied = Parameters(
        np.array([[0.0, 1.0], [2.0, 1.0], [-2.0, 1.0]]), np.array([1.0, 0.0]), 0.0, 1.0, 0.0
    )
    one = bag([0, 1, 2], [1, 3, 2])
    exact, patterns = exact_logit(tied, one, 1)
    assert patterns == (((0, 1, 2), (1,), (2,)),)
    assert forward(tied, Batch.of(tied, [one]), 1).logits[0] == pytest.approx(
        float(exact.p) / float(exact.q)
    )
    assert exact == fmpq(1, 6) * fmpq(1, 2) * fmpq(2, 6) + fmpq(2, 6)


def test_filling_takes_no_part() -> None:
    given_ = parameters(20, 2, 1.0, 5)
    short, long = bag([3, 7], [2, 1]), bag(range(20), [1] * 20)
    alone = forward(given_, Batch.of(given_, [short]), 8).logits[0]
    together = forward(given_, Batch.of(given_, [short, long]), 8).logits[0]
    assert alone == together
    # The planted fault: a filling place that counts once changes the logit.
    wrong = Batch.of(given_, [short, long])
    wrong = replace(wrong, counts=np.maximum(wrong.counts, 1))
    assert forward(given_, wrong, 8).logits[0] != alone


def test_copies_are_one_place_with_a_multiplicity() -> None:
    given_ = parameters(6, 2, 1.0, 2)
    twice = replace(given_, embedding=np.vstack([given_.embedding, given_.embedding[:1]]))
    merged = forward(given_, Batch.of(given_, [bag([0, 1, 2, 3], [2, 1, 1, 1])]), 4).logits
    apart = forward(twice, Batch.of(twice, [bag([0, 1, 2, 3, 6], [1] * 5)]), 4).logits
    assert merged == pytest.approx(apart, rel=1e-12)


def test_an_empty_text_gets_the_prior() -> None:
    given_ = parameters(3, 2, 1.0, 0)
    run = forward(given_, Batch.of(given_, [bag([], []), bag([1], [1])]), 8)
    assert run.logits[0] == given_.prior
    gradient = backward(given_, run, np.array([1.0, 0.0]))
    assert not gradient.places.any()
    assert gradient.bias == 0.0
    assert not gradient.weights.any()


@pytest.mark.parametrize("depth", [0, 1, 3, 8])
@pytest.mark.parametrize("seed", range(5))
def test_gradient_is_exact_by_rational_differences(depth: int, seed: int) -> None:
    """With the pattern fixed the logit is affine in each row: the quotient is the derivative."""
    given_ = parameters(9, 2, 0.5, seed)
    distinct = sorted(np.unique(given_.embedding, axis=0, return_index=True)[1].tolist())
    one = bag(distinct, [1 + k % 2 for k in range(len(distinct))])
    step = 2.0**-30
    run = forward(given_, Batch.of(given_, [one]), depth)
    gradient = backward(given_, run, np.ones(1))
    base, pattern = exact_logit(given_, one, depth)
    compared = 0
    for place, row in enumerate(distinct):
        for s in range(2):
            moved = replace(given_, embedding=given_.embedding.copy())
            moved.embedding[row, s] += step
            value, other = exact_logit(moved, one, depth)
            if other == pattern:
                exact = (value - base) / from_binary64(step)
                assert gradient.places[0, place, s] == pytest.approx(
                    float(exact.p) / float(exact.q), rel=1e-11, abs=1e-13
                )
                compared += 1
    assert compared >= len(distinct)


@pytest.mark.parametrize("depth", [1, 4, 20, inf])
@pytest.mark.parametrize("seed", range(4))
def test_gradient_by_finite_differences(depth: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    start = Parameters(rng.normal(size=(15, 3)), rng.normal(size=3), 0.2, 0.8, 0.0)
    bags = [bag(np.sort(rng.permutation(15)[:n]).tolist(), [1] * n) for n in (3, 7, 12)]
    batch, truth = Batch.of(start, bags), np.array([True, False, True])

    def total(p: Parameters) -> float:
        return float(loss(forward(p, batch, depth).logits, truth).sum())

    run = forward(start, batch, depth)
    slopes = 1 / (1 + np.exp(-run.logits)) - truth
    gradient = backward(start, run, slopes)
    h = 1e-6
    for s in range(3):
        up, down = start.weights.copy(), start.weights.copy()
        up[s] += h
        down[s] -= h
        difference = total(replace(start, weights=up)) - total(replace(start, weights=down))
        assert gradient.weights[s] == pytest.approx(difference / (2 * h), rel=1e-5, abs=1e-7)
    for name, found in (("bias", gradient.bias), ("alpha", gradient.alpha)):
        value = getattr(start, name)
        difference = total(replace(start, **{name: value + h})) - total(
            replace(start, **{name: value - h})
        )
        assert found == pytest.approx(difference / (2 * h), rel=1e-4, abs=1e-7)
    by_row = np.zeros_like(start.embedding)
    present = batch.counts > 0
    np.add.at(by_row, batch.ids[present], gradient.places[present])
    for row, s in ((int(bags[0].ids[0]), 0), (int(bags[1].ids[2]), 1), (int(bags[2].ids[5]), 2)):
        up, down = start.embedding.copy(), start.embedding.copy()
        up[row, s] += h
        down[row, s] -= h
        difference = total(replace(start, embedding=up)) - total(replace(start, embedding=down))
        assert by_row[row, s] == pytest.approx(difference / (2 * h), rel=1e-4, abs=1e-7)


def test_a_wrong_adjoint_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forgetting what comes back through attention is noticed by the check above."""
    monkeypatch.setattr(room, "_scattered", lambda attended, pulled: np.zeros_like(pulled))
    with pytest.raises(AssertionError):
        test_gradient_is_exact_by_rational_differences(3, 1)


@given(
    st.integers(0, 10_000), st.integers(2, 12), st.integers(1, 4), st.sampled_from([1.0, 1.5, 3.0])
)
def test_infinite_depth_in_floats_is_the_exact_limit(
    seed: int, n: int, d: int, alpha: float
) -> None:
    rng = np.random.default_rng(seed)
    given_ = Parameters(
        rng.normal(size=(n, d)).astype(np.float32), rng.normal(size=d).astype(np.float32),
        0.25, alpha, 0.0,
    )  # fmt: skip
    one = bag(range(n), rng.integers(1, 4, n).tolist())
    exact = resolve(given_, one)
    assert not isinstance(exact, Undecided)
    found = forward(given_.as_type(np.float64), Batch.of(given_, [one]), inf).logits[0]
    assert found == pytest.approx(int(exact.logit.p) / int(exact.logit.q), rel=1e-9, abs=1e-9)


def test_locked_rows_do_not_lose_leaders_to_rounding() -> None:
    """After 5000 layers of float32 the limit is still the leaders' (compare argmax anew)."""
    rng = np.random.default_rng(3)
    given_ = Parameters(
        rng.normal(size=(30, 2)).astype(np.float32), np.array([1, 0.5], np.float32), 0.0, 1.0, 0.0
    )
    one = bag(range(30), [1] * 30)
    exact = resolve(given_, one)
    assert not isinstance(exact, Undecided)
    found = forward(given_, Batch.of(given_, [one]), 5000).logits[0]
    assert found == pytest.approx(int(exact.logit.p) / int(exact.logit.q), rel=1e-4)


def test_batches_hold_every_text_once_and_bound_the_memory() -> None:
    bags = [bag(range(n), [1] * n) for n in (1, 5, 2000, 3, 900, 1500, 0)]
    for rng in (None, np.random.default_rng(1)):
        cuts = list(batches(bags, np.arange(len(bags)), 4, rng))
        assert sorted(int(i) for cut in cuts for i in cut) == list(range(len(bags)))
        for cut in cuts:
            longest = max(len(bags[i].ids) for i in cut)
            assert len(cut) == 1 or len(cut) * longest**2 <= room.MOST_PRODUCTS
    assert len(logits(parameters(2000, 2, 1.0, 0), bags, 1)) == len(bags)
