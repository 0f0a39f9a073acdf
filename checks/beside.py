"""What lanes answer beside the ordinary way: claims hold the one against the other.

Boxes are enumerated in lanes of one kind (`theory.fast.batches`), and large campaigns settle
assorted ones (`theory.fast.assorted`). What is said of a lane does not depend on those beside it,
nor does anything here, so that it may be asked for one configuration or for many at once.
"""

from collections.abc import Sequence

from theory import Configuration, Settled, Undecided, settle
from theory.fast.assorted import settle_together
from theory.fast.batches import settle_batch
from theory.fast.rules import MAX_TOKENS

LANES_ONE_IN = 2
"""One in so many configurations is settled in a lane as well."""

LAYERS = 20
"""Layers for which a lane is followed; what settles later is not asked of lanes."""

BIG = 2**40
"""Integers up to about this size are settled in batches."""

BATCHES_ONE_IN = 24
"""One in so many configurations is settled in a batch as well."""

NEIGHBOUR = Configuration([[*(s * s - i * s for s in range(1, 7))] for i in range(13)], alpha="2/3")
"""It has tokens and coordinates that most lanes beside it lack."""


def chosen(configuration: Configuration, one_in: int, turn: int = 0) -> bool:
    """Whether this is one of the configurations, one in `one_in`, at which a claim looks closely.

    It depends on the configuration alone, so that verdicts can be repeated.
    """
    return (hash((configuration, configuration.alpha.p)) // 7 + turn) % one_in == 0


def beside(configurations: Sequence[Configuration], max_layers: int) -> list[Settled | None]:
    """For each configuration what a lane answers; None if it was not asked, or has no answer.

    One in `LANES_ONE_IN` is asked.

    >>> found = beside([Configuration([[k], [1]], 1) for k in range(2, 22)], 100)
    >>> {settled.layer for settled in found if settled}
    {0}
    """
    answers: list[Settled | None] = [None] * len(configurations)
    asked = [k for k, c in enumerate(configurations) if chosen(c, LANES_ONE_IN)]
    if asked:
        lanes = [NEIGHBOUR, *(configurations[k] for k in asked)]
        found = settle_together(lanes, min(LAYERS, max_layers), few=0)
        for k, settled in zip(asked, found[1:], strict=True):
            answers[k] = settled
    return answers


def differs(configuration: Configuration, max_layers: int) -> bool | None:
    """Whether a batch says of a configuration, copies and all, something else than `settle` does.

    None where it leaves it to `settle`. Its tokens are taken as integers over one denominator,
    which is dropped: that changes no attention set.

    >>> differs(Configuration([[2], [1]], 1), 100)
    False
    """
    numerators, _ = configuration.integers
    if configuration.size > MAX_TOKENS or max(map(abs, numerators.entries())) > BIG:
        return None
    if any(weight > 1 for weight in configuration.multiplicities):
        return None
    rows = [[int(x) for x in row] for row in numerators.table()]
    batch = settle_batch([rows, rows], configuration.alpha, configuration.A, max_layers=max_layers)
    if batch.fallback.any():
        return None
    alone, last = settle(batch.configuration(1), max_layers), batch[1]
    if isinstance(alone, Undecided) or isinstance(last, Undecided):
        return True
    since = [-1] * len(rows)
    for leader in alone.equilibrium().leaders:
        since[leader.token] = leader.since_layer
    masks = [sum(1 << j for j in attended) for attended in alone.pattern]
    told = (batch.layer.tolist(), batch.pattern.tolist(), batch.since.tolist())
    true = ([alone.layer] * 2, [masks] * 2, [since] * 2)
    return told != true or (last.history, last.closed_form) != (alone.history, alone.closed_form)
