"""Claims about what `theory` answers, whichever way the answer was found.

They hold it against the definition where (H) fails, and against the batches.
"""

from checks.beside import chosen
from checks.run import BEYOND, Run
from checks.statements.registry import claim
from checks.verdicts import Outcome, Violation
from theory import Cycling, Undecided

HOLDING_ONE_IN = 16
"""Of one in so many configurations under (H), of which other claims say as much."""

FOLLOWED = 24
"""Layers that are iterated from layer 0 on."""


@claim(
    "answers-need-no-hypothesis",
    r"Wherever attention is said to settle or to return, with or without (H), the pattern at every "
    r"layer is the one that is told, and the tokens are where their closed form has them.",
    hypotheses=(),
)
def answers_need_no_hypothesis(run: Run) -> Outcome:
    """By the definition from layer 0 on, with nothing of the trajectory that settling shared."""
    if isinstance(run.settling, Undecided):
        return None
    if run.hypotheses.hold and not chosen(run.configuration, HOLDING_ONE_IN, 5):
        return None
    settled = run.settling
    last = min(settled.layer + run.at_most(BEYOND), run.at_most(FOLLOWED))
    layer = run.as_layer(run.configuration.tokens)
    for k in range(last + 1):
        if settled.pattern_at(k) != layer.attention:
            return Violation("another pattern is told", k)
        after = k - settled.layer
        if after < 0:
            told = layer
        elif isinstance(settled, Cycling):
            told = run.as_layer([form(after) for form in settled.closed_form], k)
        else:
            told = run.from_closed_form(after)
        if told != layer:
            return Violation("the closed form that is told is elsewhere", k)
        layer = run.after(layer, k)
    return True


@claim(
    "side-by-side",
    r"Settled side by side with others, in integers of one array, a configuration settles at the "
    r"same layer as alone, with the same attention sets, leaders and closed forms.",
    hypotheses=("positive_definite", "positive_step"),
)
def side_by_side(run: Run) -> Outcome:
    return Violation("in a batch it settles otherwise") if run.beside is False else run.beside
