"""An explanation made by hand, exactly: two words of feeling, two of none, and a neutral anchor.

In the plane "superb" stands at (2, 0), "dull" at (−1, 0), "film" and "the" beside the anchor at
(0, 1), which is of no word and counts as two. So "superb" and "dull" lead themselves, and the
others follow the anchor. The decoder is ⟨(1, 0), x⟩ + 1/10.
"""

from dataclasses import replace
from typing import Any

from flint import fmpq

from sentiment.classifier import SentimentClassifier
from sentiment.explanation import Explanation, explain
from sentiment.limits import Resolved, shares_of
from sentiment.reading import Reading
from sentiment.scope import PLAIN
from theory import Configuration, Settled, settle

POINTS = {"superb": (2, 0), "dull": (-1, 0), "film": ("1/10", "4/5"), "the": ("-1/20", "4/5")}
ANCHOR = (0, 1)


def anchored(given: str = "The superb, superb film: dull zyx.", **rest: Any) -> Explanation:
    """The explanation of a text of these words; labels are fresh and rotten."""
    counts = Reading().counts(given)
    names = [name for name in POINTS if name in counts]
    configuration = Configuration(
        [*(POINTS[name] for name in names), ANCHOR], 2, None,
        [*(counts[name] for name in names), 2 * PLAIN], [*names, ""],
    )  # fmt: skip
    settled = settle(configuration)
    assert isinstance(settled, Settled)
    groups = (*((number,) for number in range(len(names))), ())
    shares = shares_of(settled.pattern, configuration.multiplicities)
    weights = fmpq(1), fmpq(0)
    resolved = (
        Resolved(groups, settled, shares, weights, fmpq(1, 10), len(names)) if names else None
    )
    features = tuple(Reading().features(given))
    unknown = dict.fromkeys(f.name for f in features if f.name not in names)
    places = {name: place for place, name in enumerate(names)}
    explanation = Explanation(
        given, features, tuple(unknown), "fresh", "rotten", fmpq(1, 10), (*names, ""), places,
        resolved,
    )  # fmt: skip
    return replace(explanation, **rest)


def explained(model: SentimentClassifier, text: str) -> Explanation:
    """The explanation of a text that a model decides."""
    explanation = explain(model, text)
    assert isinstance(explanation, Explanation)
    return explanation
