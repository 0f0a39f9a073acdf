"""What the model says of a text without one of its words: the words that decide most, by deletion.

A word is deleted wherever it stands, by its characters in the text as given, and what is left is
read again: words that were marked after a negation may be so no more, and other words may lead.
Where letters would meet that were apart, a blank stands between them. The words without which the
logit is farthest from what it was are looked for among the words that lead and those that add most
(`MOST_TRIED`, fewer in long texts), in floats; those that are told are decided exactly, at infinite
depth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from flint import fmpq

from sentiment.explanation import Explanation, plain, probability
from sentiment.limits import resolve
from sentiment.spans import Together
from theory import Undecided
from theory.exact import from_binary64, text
from theory.readable import nearest

if TYPE_CHECKING:
    from sentiment.classifier import SentimentClassifier
    from sentiment.vocabulary import Bag

MOST_TRIED = 48
"""Words of a text that are deleted, one after the other, to find those that decide most."""

MOST_PRODUCTS = 2**25
"""Inner products that all these texts may have: of a text of a thousand distinct features 33."""

MOST_TOLD = 3
"""Words of which it is told what the model says without them."""


@dataclass(frozen=True)
class Deletion:
    """A text without one word.

    word : as it stands, without capitals. occurrences : how often. logit : of what is left.
    change : by how much the logit falls without the word. prediction : the label of what is left.
    """

    word: str
    occurrences: int
    logit: fmpq
    change: fmpq
    prediction: Any
    flips: bool

    @property
    def probability(self) -> float:
        """The probability of the positive class, of what is left."""
        return probability(self.logit)

    def as_dict(self) -> dict[str, Any]:
        """The deletion as a JSON object."""
        return {
            "word": self.word,
            "occurrences": self.occurrences,
            "logit": text(self.logit),
            "logit_decimal": nearest(self.logit),
            "probability": self.probability,
            "prediction": plain(self.prediction),
            "flips": self.flips,
        }


def deletions(
    model: "SentimentClassifier", explanation: Explanation, most: int = MOST_TOLD
) -> tuple[Deletion, ...]:
    """The words without which the logit is farthest from what it was, the farthest first.

    At most `most`, and none without which nothing changes.

    >>> from sentiment import SentimentClassifier, explain
    >>> texts = ["a good film", "good fun", "a bad film", "bad, so bad"]
    >>> model = SentimentClassifier(initialisation="log-odds", validation_fraction=0, epochs=2,
    ...                             random_state=0).fit(texts, [1, 1, 0, 0])
    >>> [(told.word, told.flips) for told in deletions(model, explain(model, "so good"), 1)]
    [('good', False)]
    """
    if explanation.resolved is None:
        return ()
    words = _tried(explanation, most)
    bags = model.bags([without(explanation.given, word) for word in words])
    order = list(range(len(words)))
    if len(words) > most:
        logits = model.finite_logits(bags, inf).tolist()
        here = nearest(explanation.logit)
        order.sort(key=lambda k: -abs(logits[k] - here))
    told: list[Deletion] = []
    for k in order:
        if len(told) == most:
            break
        logit = _exact(model, bags[k])
        if logit is None or logit == explanation.logit:
            continue
        label = explanation.positive if logit > 0 else explanation.negative
        told.append(
            Deletion(
                words[k].word, len(words[k].spans), logit, explanation.logit - logit, label,
                (logit > 0) != (explanation.logit > 0),
            )
        )  # fmt: skip
    return tuple(sorted(told, key=lambda deletion: -abs(deletion.change)))


def _tried(explanation: Explanation, most: int) -> list[Together]:
    """The words that may decide most: those that lead, then those that add most."""
    leading = {leader.place for leader in explanation.leaders}
    words = sorted(
        explanation.together, key=lambda word: (leading.isdisjoint(word.places), -abs(word.adds))
    )
    room = MOST_PRODUCTS // len(explanation.words) ** 2
    return words[: min(MOST_TRIED, max(most, room))]


def without(given: str, word: Together) -> str:
    """The text without a word's characters, wherever it stands.

    >>> from sentiment.spans import Span
    >>> without("so, so good", Together("so", tuple(Span(k, k + 2, fmpq(0), ()) for k in (0, 4))))
    ',  good'
    """
    kept, end = [], 0
    for span in word.spans:
        kept.append(given[end : span.start])
        end = span.end
    return _joined([*kept, given[end:]])


def _joined(kept: Sequence[str]) -> str:
    """The parts one after the other; a blank where two letters would meet."""
    whole = ""
    for part in kept:
        meets = whole[-1:].isalnum() and part[:1].isalnum()
        whole += f" {part}" if meets else part
    return whole


def _exact(model: "SentimentClassifier", bag: "Bag") -> fmpq | None:
    """The logit at infinite depth; None where it is undecided."""
    if not len(bag.ids):
        return from_binary64(model.parameters_.prior)
    resolved = resolve(model.parameters_, bag)
    return None if isinstance(resolved, Undecided) else resolved.logit
