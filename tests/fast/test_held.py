"""Held ties: what is held stands for ever, and each condition counts."""

import random
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from flint import fmpq
from reference import brute_layer, brute_pattern
from test_walk import drawn, outcome

from theory import Configuration, settle
from theory.equilibrium import Rate
from theory.fast import walk
from theory.fast.filter import Image
from theory.fast.held import HeldTies
from theory.fast.walk import FilteredWalk
from theory.trajectory import Trajectory

SQUARE = [[2, 2], [2, -2], [-2, 2], [-2, -2]]


def layers_of(c: Configuration, count: int = 1) -> FilteredWalk:
    layers = FilteredWalk(c)
    for _ in range(count - 1):
        layers.advance()
    return layers


def test_a_tie_of_leaders_is_held_at_once() -> None:
    history = layers_of(Configuration([*SQUARE, [1, 0]], 1)).history
    assert history.held == {(0, 1): (0, (fmpq(2), fmpq(0)))}
    assert history.target(4) == (2, 0)


def test_a_tie_of_followers_that_balance_is_held() -> None:
    c = Configuration([*SQUARE, [1, 0], [2, 1], [2, -1]], 1)
    layers = layers_of(c)
    assert layers.history.held == {(0, 1, 5, 6): (0, (fmpq(2), fmpq(0)))}
    assert not len(layers.active)


def test_a_token_that_rests_among_those_that_it_attends_to() -> None:
    c = Configuration([*SQUARE, [2, 0], [1, 0]], 1)
    layers = layers_of(c)
    assert layers.history.held == {(0, 1, 4): (0, (fmpq(2), fmpq(0)))}
    assert not len(layers.active)


def test_held_sets_of_held_sets() -> None:
    """In a full lattice the tokens of a face go to the middles of its faces, and so on."""
    rows = [list(z) for z in product(range(-2, 3), repeat=3) if any(z)]
    layers = layers_of(Configuration(rows, "1/2"))
    assert len(layers.history.held) == 3**3 - 1 - 2**3
    assert not len(layers.active)


BALANCE = [[4, 2], [-6, 2], [3, 2], [-1, 2], [0, 1]]
"""The mean is the foot of the origin, but it does not stay there: 1 fails."""

REACH = [[2, -2], [0, -1], [-1, -2]]
"""The mean of two leaders that token 1 ties is not the foot of their edge: 2 fails."""

REST = [[0, 1], [-1, -1], [-1, 1], [1, -1], [0, -1]]
"""A token in its own attention set that is not at its mean."""


@pytest.mark.parametrize(
    ("rows", "condition", "answer"),
    [(BALANCE, "_moves", False), (REACH, "_leads_to", True), (REST, "_rests", True)],
)
def test_every_condition_counts(
    rows: list[list[int]], condition: str, answer: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    c = Configuration(rows, 2)
    exact = outcome(c, "exact", 1_000)
    assert outcome(c, "filtered", 1_000) == exact
    monkeypatch.setattr(HeldTies, condition, lambda *_: answer)
    assert outcome(c, "filtered", 1_000) != exact


def tied(r: random.Random) -> Configuration:
    """Parts of small lattices, often symmetric, with copies, under several matrices."""
    d = r.choice([2, 2, 3])
    rows = [z for z in product(range(-2, 3), repeat=d) if any(z)]
    chosen = r.sample(rows, r.randint(3, 8))
    if r.random() < 0.6:
        chosen += [(-z[0], *z[1:]) for z in chosen]
    A = r.choice(
        [None, None, [[2, 1, 0], [1, 2, 0], [0, 0, 1]], [[1, 0, 0], [0, -1, 0], [0, 0, 2]]]
    )
    matrix = None if A is None else [row[:d] for row in A[:d]]
    return Configuration(chosen, r.choice([1, 2, "1/2", "1/10"]), matrix).merged()[0]


def test_what_is_held_is_attended_to_for_ever() -> None:
    """Held against the definition, thirty layers on."""
    r, held, refused = random.Random(11), 0, 0
    for _ in range(400):
        c = tied(r)
        layers, trajectory = FilteredWalk(c), Trajectory(c)
        for k in range(4):
            pattern = trajectory.pattern(k)
            for attended, (since, mean) in layers.history.held.items():
                if since != k:
                    continue
                held += 1
                rows = [i for i in range(c.size) if pattern[i] == attended]
                assert rows
                for later in range(k, k + 30):
                    tokens = trajectory.tokens(later)
                    assert all(trajectory.pattern(later)[i] == attended for i in rows)
                    total = sum(c.multiplicities[j] for j in attended)
                    for s in range(c.dimension):
                        parts = (c.multiplicities[j] * tokens[j][s] for j in attended)
                        assert sum(parts, fmpq(0)) == total * mean[s]
            refused += sum(len(pattern[i]) > 1 for i in layers.active.tolist())
            layers.advance()
    assert held > 50
    assert refused > 50


def test_against_the_reference() -> None:
    """The same with the independent reference, which shares no code with the project."""
    rows = [*SQUARE, [1, 0], [2, 1], [2, -1]]
    held = layers_of(Configuration(rows, "1/3")).history.held
    ones, identity, seen = [1] * len(rows), [[1, 0], [0, 1]], set()
    tokens: list[Any] = rows
    for _ in range(5):
        seen.add(tuple(sorted(brute_pattern(tokens, ones, identity)[4])))
        tokens = brute_layer(tokens, ones, identity, Fraction(1, 3))
    assert seen == set(held)


def test_settled_without_a_closed_form(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a closed form was made")

    monkeypatch.setattr(walk, "Persistence", never)
    rows = [z for z in product(range(-4, 5), repeat=2) if any(z)]
    c = Configuration.from_binary64(np.array(rows, dtype=float), alpha="1/1000")
    rate = settle(c, path="filtered").equilibrium().rate
    assert rate == Rate(fmpq(1000, 1001), 0)
    assert outcome(c, "filtered", 10) == outcome(c, "exact", 10)
    with pytest.raises(AssertionError, match="a closed form was made"):
        settle(Configuration(BALANCE, 2), path="filtered")


def test_resting_tokens_alone_have_no_rate() -> None:
    """In {−1, 0, 1}^d every token is at the mean of those that it attends to."""
    rows = [z for z in product((-1, 0, 1), repeat=4) if any(z)]
    c = Configuration(rows, "1/2")
    e = settle(c, path="filtered").equilibrium()
    assert e == settle(c, path="exact").equilibrium()
    assert e.rate is None
    assert e.limits == c.tokens


def test_a_set_that_was_refused_is_held_later() -> None:
    """Token 3 is farther along the mean of tokens 0 and 1 at first, and follows token 2."""
    c = Configuration([[2, 0, 5], [2, 0, -5], [0, 10, 0], [3, 3, 0], ["1/2", "-1/2", 0]], 1)
    layers = layers_of(c)
    assert not layers.history.held
    for _ in range(40):
        layers.advance()
    assert list(layers.history.held) == [(0, 1)]
    assert not len(layers.active)
    assert outcome(c, "filtered", 100) == outcome(c, "exact", 100)


def test_a_mean_that_moves_is_never_held() -> None:
    layers = layers_of(Configuration(BALANCE, 2), 2)
    assert not layers.history.held
    assert not layers.ties.due(10**9)


def test_held_rows_stay_held_across_a_leap() -> None:
    """A far change elsewhere: the rows of a held tie go λ^t of their way at once."""
    far = [[-2, 0, 0], [-2, 1, 0], [-1, -1, 0]]
    held = [[9, 0, 9], [9, 0, -9], [1, 0, 0], [9, 0, 3], [9, 0, -3]]
    for steps in (100, 500):
        c = Configuration([*far, *held], fmpq(4, 3 * steps))
        assert outcome(c, "filtered", 10_000) == outcome(c, "exact", 10_000)


def test_faces_are_those_of_all_leaders() -> None:
    """Floats may exclude leaders only where the exact products do; near-ties are kept apart."""
    tiny = fmpq(1, 2**60)
    rows = [[2, 2], [2, -2], [2 + tiny, 0], [1, 1], [1, -1], [-2, 1], [-2, -1], [-1, 0]]
    for path in ("exact", "filtered"):
        e = settle(Configuration(rows, 1), path=path).equilibrium()
        assert e == settle(Configuration(rows, 1), path="exact").equilibrium()
        assert not e.failures


def test_contenders_hold_every_maximiser() -> None:
    r = random.Random(5)
    for _ in range(200):
        c = drawn(r)
        image = Image.of(c)
        points = [tuple(fmpq(r.randint(-9, 9), 7) for _ in range(c.dimension)) for _ in range(3)]
        for point, near in zip(points, image.contenders(points), strict=True):
            products = [c.inner(point, z) for z in c.tokens]
            top = max(products)
            assert {j for j, x in enumerate(products) if x == top} <= set(near.tolist())
