"""What batches answer beside the ordinary way: claims hold the one against the other."""

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from theory import Configuration, Settled, Undecided, settle
from theory.fast.batches import settle_batch
from theory.fast.shared import MAX_TOKENS

BIG = 2**62
"""Integers up to about this size are settled in batches."""

LAYERS = 20
"""What settles later is not asked of batches: it would cost as much as a hundred others."""

BATCHES_ONE_IN = 5
"""One in so many configurations is settled in a batch as well."""


def chosen(configuration: Configuration, one_in: int, turn: int = 0) -> bool:
    """Whether this is one of the configurations, one in `one_in`, at which a claim looks closely.

    It depends on the configuration alone, so that verdicts can be repeated.
    """
    return (hash((configuration, configuration.alpha.p)) // 7 + turn) % one_in == 0


def chosen_together(tokens: NDArray[np.int64], alpha: fmpq, one_in: int) -> list[bool]:
    """What `chosen` says of each of the configurations `tokens`, (N, n, d), which are not made.

    >>> pair = [[[2], [1]], [[3], [1]]]
    >>> alone = [chosen(Configuration(rows, 1), 2) for rows in pair]
    >>> chosen_together(np.array(pair), fmpq(1), 2) == alone
    True
    """
    count, n, _ = tokens.shape
    rest, step = (1,) + (1,) * n, int(alpha.p)  # the denominator and the multiplicities
    rows = tokens.reshape(count, -1).tolist()
    return [hash(((*row, *rest), step)) // 7 % one_in == 0 for row in rows]


def differs(configuration: Configuration, max_layers: int) -> bool | None:
    """Whether a batch says of a configuration, copies and all, something else than `settle` does.

    None where it rightly leaves it to `settle`. Its tokens are taken as integers over one
    denominator, which is dropped: that changes no attention set.

    >>> differs(Configuration([[2], [1]], 1), 100)
    False
    """
    given = configuration.hypotheses
    if not (given.positive_definite and given.positive_step):
        return None
    numerators, _ = configuration.integers
    if configuration.size > MAX_TOKENS or max(map(abs, numerators.entries())) > BIG:
        return None
    if any(weight > 1 for weight in configuration.multiplicities):
        return None
    rows = [[int(x) for x in row] for row in numerators.table()]
    batch = settle_batch([rows, rows], configuration.alpha, configuration.A, max_layers=max_layers)
    fallback = bool(batch.fallback.any())
    alone = settle(batch.configuration(1), max_layers)
    if not isinstance(alone, Settled):
        return None if fallback else True
    since = [-1] * len(rows)
    for leader in alone.equilibrium().leaders:
        since[leader.token] = leader.since_layer
    masks = [sum(1 << j for j in attended) for attended in alone.pattern]
    told = (batch.layer.tolist(), batch.pattern.tolist(), batch.since.tolist())
    true = ([alone.layer] * 2, [masks] * 2, [since] * 2)
    wrong = told != true or batch.history(1) != alone.history
    if fallback:
        return wrong or None
    last = batch[1]
    return wrong or isinstance(last, Undecided) or last.closed_form != alone.closed_form
