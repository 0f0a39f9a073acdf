"""A drift in words: the verdict, and numbers as people read them. It says no more than is known."""

from collections.abc import Sequence

from sentiment.drift.comparison import Change, Drift
from sentiment.drift.measures import MEASURES, Leader
from sentiment.limits import ANCHOR
from sentiment.telling import spoken

MOST_NAMED = 5
"""Leader words that the verdict names."""

RATES = {"mean_probability", "excess", "ece"}
"""Measures that are told as they are, not in percent."""

WORDS = {measure.key: measure.words for measure in MEASURES}
"""What each measure is called."""


def name(leader: Leader) -> str:
    """What a leader is called.

    >>> name("not_dull"), name(None)
    ('dull (negated)', 'neutral anchor')
    """
    return ANCHOR if leader is None else spoken(leader)


def number(key: str, value: float, sign: bool = False) -> str:
    """A measure's value.

    >>> number("accuracy", 0.7512), number("ece", 0.0213), number("accuracy", -0.05, sign=True)
    ('75.1%', '0.021', '−5.0%')
    """
    form = ("+" if sign else "") + (".3f" if key in RATES else ".1%")
    return format(value, form).replace("-", "−")


def mass(value: float, sign: bool = False) -> str:
    """A mean mass.

    >>> mass(0.01234), mass(-0.001, sign=True)
    ('1.23%', '−0.10%')
    """
    return format(value, ("+" if sign else "") + ".2%").replace("-", "−")


def spread(low: str, high: str) -> str:
    """An interval.

    >>> spread("1%", "2%")
    '1% to 2%'
    """
    return f"{low} to {high}"


def verdict(drift: Drift) -> list[str]:
    """What can be said, in sentences: what changed, how sure that is, and what is left open."""
    measures = [(WORDS[key], change) for key, change in drift.measures.items() if change.seen]
    leaders = [(name(leader), change) for leader, change in drift.leaders if change.seen]
    count = f"{len(drift.measures)} measures and {len(drift.leaders)} leaders"
    level = f"{drift.settings.level:.0%}"
    if not (measures or leaders):
        sentences = [
            f"No drift is seen: of {count} none changed by more than chance would have it "
            f"(all intervals together, level {level})."
        ]
    else:
        parts = [f"the {words} {_moved(change)}" for words, change in measures]
        if leaders:
            parts.append(_named(leaders))
        sentences = [
            f"Drift is seen: {'; '.join(parts)}.",
            f"Looked at were {count}; if nothing drifted, even one of them would be told with "
            f"a probability of at most {1 - drift.settings.level:.0%}.",
        ]
    return [*sentences, _visible(drift), *_open(drift)]


def _moved(change: Change) -> str:
    return "rose" if change.seen > 0 else "fell"


def _named(leaders: Sequence[tuple[str, Change]]) -> str:
    """Which leaders gained and lost."""
    parts = []
    for sign, verb in ((1, "more"), (-1, "less")):
        words = [words for words, change in leaders if change.seen == sign]
        if words:
            more = f" and {len(words) - MOST_NAMED} others" if len(words) > MOST_NAMED else ""
            lead = "leads" if len(words) == 1 else "lead"
            parts.append(f"{', '.join(words[:MOST_NAMED])}{more} {lead} {verb}")
    return "; ".join(parts)


def _visible(drift: Drift) -> str:
    """How great a change would have to be to be seen, where anything tells that."""
    key = "accuracy" if "accuracy" in drift.measures else "mean_probability"
    visible = drift.measures[key].visible
    if not visible:
        return (
            f"In all that was drawn the {WORDS[key]} never varied: how small a change would have "
            "been seen is not known."
        )
    size = number(key, visible)
    return f"A change of the {WORDS[key]} by less than some {size} would not have been seen."


def _open(drift: Drift) -> list[str]:
    """What this does not tell."""
    told = []
    if "accuracy" not in drift.measures:
        told.append("Without labels in both nothing is said of accuracy and calibration.")
    if drift.seen:
        told.append("Why it changed, and whether that harms, is not told by this.")
    return told
