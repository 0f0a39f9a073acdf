"""Assorted configurations settled together: each with tokens, dimension, A and α of its own.

`settle_together` is for a campaign, whose examples are all different: those that are small integer
configurations, up to a common denominator, stand side by side as lanes of one block
(`theory.fast.lanes`, where the guards are derived and the proofs stand), filled up with coordinates
and tokens that are not there. What it answers is what `theory.settling.settle` answers; what the
lanes leave open it does not answer, and whoever asked settles that one on its own.
"""

from collections.abc import Sequence
from math import isqrt
from typing import NamedTuple

import numpy as np
from flint import fmpz_mat

from theory.configuration import Configuration
from theory.dynamics import Trajectory
from theory.exact import expect
from theory.exponential import closed_form
from theory.fast.batches import history_of
from theory.fast.lanes import Lanes, settle_lanes
from theory.fast.rules import LIMIT, MAX_TOKENS, Integers, Rules
from theory.settling import MAX_LAYERS, Settled

FEW = 8
"""So many lanes cost more in another layer than `settle` costs them."""


def settle_together(
    configurations: Sequence[Configuration], max_layers: int = MAX_LAYERS, few: int = FEW
) -> list[Settled | None]:
    """For each configuration what `settle` answers, or None where that is left to `settle`.

    Exact. Left to `settle` are: copies and multiplicities, more than `MAX_TOKENS` tokens, whatever
    is not under "A symmetric positive definite and α > 0", numbers that 64-bit integers do not hold
    at some layer, the last `few` or fewer that are still open, patterns that are constant for a
    reason that `theory.fast.lanes` does not know, and what is not settled by `max_layers`. Memory
    grows with the number of configurations times the greatest n² among them.

    The trajectories are not told the patterns that were found: they follow the layers themselves.

    >>> found = settle_together([Configuration([[k], [1]], 1) for k in range(2, 12)])
    >>> [settled.layer for settled in found if settled]
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    """
    for configuration in expect((list, tuple), configurations, "a list of configurations"):
        expect(Configuration, configuration, "a Configuration")
    fitting = {k: lane for k, c in enumerate(configurations) if (lane := _lane(c)) is not None}
    answers: list[Settled | None] = [None] * len(configurations)
    if not fitting:
        return answers
    lanes = _settled(list(fitting.values()), max_layers, few)
    for place, k in enumerate(fitting):
        if lanes.layer[place] >= 0:
            answers[k] = _answer(configurations[k], lanes, place)
    return answers


class _Lane(NamedTuple):
    """A configuration in integers: its tokens, A, α = above/below, and Q of `theory.fast.lanes`."""

    tokens: fmpz_mat
    form: fmpz_mat
    above: int
    below: int
    fits: int


def _lane(configuration: Configuration) -> _Lane | None:
    """The configuration as a lane, if it may be one and its first layer passes guard 1."""
    given = configuration.hypotheses
    if not (given.distinct and given.positive_definite and given.positive_step):
        return None
    if configuration.size > MAX_TOKENS or any(w > 1 for w in configuration.multiplicities):
        return None
    form, _ = configuration.form
    fits = isqrt(LIMIT // sum([abs(int(x)) for x in form.entries()]))
    above, below = int(configuration.alpha.p), int(configuration.alpha.q)
    tokens, _ = configuration.integers
    if above + below > fits or any(abs(x) > fits for x in tokens.entries()):
        return None
    return _Lane(tokens, form, above, below, fits)


def _settled(lanes: Sequence[_Lane], max_layers: int, few: int) -> Lanes:
    count = len(lanes)
    n = max(lane.tokens.nrows() for lane in lanes)
    d = max(lane.tokens.ncols() for lane in lanes)
    X, A = np.zeros((n, d, count), np.int64), np.zeros((d, d, count), np.int64)
    present = np.zeros((n, count), np.bool_)
    for place, lane in enumerate(lanes):
        size, width = lane.tokens.nrows(), lane.tokens.ncols()
        X[:size, :width, place] = _integers(lane.tokens)
        A[:width, :width, place] = _integers(lane.form)
        present[:size, place] = True
    above, below, fits = np.array([lane[2:] for lane in lanes], np.int64).T
    return settle_lanes(X, Rules(A, above, below, fits, present, few), max_layers)


def _integers(matrix: fmpz_mat) -> Integers:
    return np.array(list(map(int, matrix.entries())), np.int64).reshape(matrix.nrows(), -1)


def _answer(configuration: Configuration, lanes: Lanes, place: int) -> Settled:
    history = history_of(lanes, place, configuration.size)
    trajectory = Trajectory(configuration)
    layer, pattern = history[-1]
    forms = closed_form(configuration, trajectory.tokens(layer), pattern)
    return Settled(configuration, trajectory, history, forms, tuple(range(configuration.size)))
