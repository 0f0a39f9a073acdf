"""Which words lead in many texts, how often, which way, and how much follows them.

    survey_leaders   the texts one after the other, at infinite depth: a `Survey`
    Word             what is counted of one leader word, or of the neutral anchor

Where a model has a neutral anchor it leads in nearly every text; it is counted apart, since it is
no word and speaks for neither side.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import copysign
from typing import TYPE_CHECKING, Any

from flint import fmpq

from sentiment.lexicon import valence
from sentiment.limits import Resolved, resolve
from theory import Undecided
from theory.readable import nearest

if TYPE_CHECKING:
    from sentiment.classifier import SentimentClassifier


@dataclass
class Word:
    """A leader over many texts: how many it leads in, and its mass and its height there.

    votes : in how many it stands above, on and below the decoder's hyperplane (1, 0, −1).
    contribution : what it adds to the logits. weighted_vote : the same with its part of the bias.
    """

    texts: int = 0
    mass: fmpq = field(default_factory=lambda: fmpq(0))
    votes: Counter[int] = field(default_factory=Counter)
    weighted_vote: fmpq = field(default_factory=lambda: fmpq(0))
    contribution: fmpq = field(default_factory=lambda: fmpq(0))

    @property
    def sign(self) -> int:
        """The side on which it stands in most texts: 1, −1, or 0."""
        difference = self.votes[1] - self.votes[-1]
        return (difference > 0) - (difference < 0)

    def count(self, resolved: Resolved, leader: int) -> None:
        """Count one text more that it leads in."""
        vote = resolved.votes[leader]
        self.texts += 1
        self.mass += resolved.masses[leader]
        self.weighted_vote += resolved.masses[leader] * vote
        self.contribution += resolved.contributions[leader]
        self.votes[(vote > 0) - (vote < 0)] += 1

    def as_dict(self) -> dict[str, Any]:
        """What was counted, as a JSON object."""
        return {
            "texts": self.texts,
            "sign": self.sign,
            "mean_mass": nearest(self.mass / self.texts),
            "mean_contribution": nearest(self.contribution / self.texts),
            "mean_weighted_vote": nearest(self.weighted_vote / self.texts),
        }


@dataclass(frozen=True)
class Survey:
    """Who leads in many texts.

    words : each leader word; `counts[k]` : texts with k leader words; `without` : texts without a
    known word; `undecided` : their places; `settled` : the settled layer of each other text;
    `anchor` : the neutral anchor, None where the model has none.
    """

    texts: int
    words: Mapping[str, Word] = field(hash=False)
    counts: Counter[int] = field(hash=False)
    settled: Counter[int] = field(hash=False)
    without: int
    undecided: tuple[int, ...]
    anchor: Word | None = field(default=None, hash=False)

    def ranked(self, sign: int | None = None) -> list[tuple[str, Word]]:
        """The leader words, most texts first; with a sign, those of one side."""
        chosen = (pair for pair in self.words.items() if sign is None or pair[1].sign == sign)
        return sorted(chosen, key=lambda item: (-item[1].texts, item[0]))

    def agreement(self, lexicon: Mapping[str, float]) -> tuple[int, int]:
        """Of the leaders with a rating other than 0: how many stand on its side, of how many."""
        agree = rated = 0
        for name, word in self.words.items():
            rating = valence(name, lexicon)
            if rating:
                agree += word.votes[int(copysign(1, rating))]
                rated += word.texts
        return agree, rated

    def as_dict(self, lexicon: Mapping[str, float]) -> dict[str, Any]:
        """The survey as a JSON object."""
        agree, rated = self.agreement(lexicon)
        return {
            "texts": self.texts,
            "without_known_word": self.without,
            "undecided": list(self.undecided),
            "leaders_per_text": {str(k): n for k, n in sorted(self.counts.items())},
            "settled_layers": {str(k): n for k, n in sorted(self.settled.items())},
            "vader": {"agree": agree, "rated": rated},
            "anchor": None if self.anchor is None else self.anchor.as_dict(),
            "words": [
                {"word": name, "vader": valence(name, lexicon) or None} | word.as_dict()
                for name, word in self.ranked()
            ],
        }


def survey_leaders(
    model: "SentimentClassifier", texts: Sequence[str], step: Callable[[], None] = lambda: None
) -> Survey:
    """Explain many texts and count their leaders; `step` is called after each text.

    >>> from sentiment import SentimentClassifier
    >>> texts = ["a good film", "good fun", "a bad film", "bad, so bad"]
    >>> model = SentimentClassifier(initialisation="log-odds", validation_fraction=0, epochs=2,
    ...                             random_state=0).fit(texts, [1, 1, 0, 0])
    >>> survey_leaders(model, ["good fun", "xyz"]).without
    1
    """
    words: dict[str, Word] = {}
    anchor = Word()
    counts: Counter[int] = Counter()
    settled: Counter[int] = Counter()
    without, undecided = 0, []
    bags = model.bags(texts)
    names = model.vocabulary_.names
    for place, bag in enumerate(bags):
        step()
        if not len(bag.ids):
            without += 1
            continue
        resolved = resolve(model.parameters_, bag, names)
        if isinstance(resolved, Undecided):
            undecided.append(place)
            continue
        neutral = resolved.anchor
        counts[sum(leader != neutral for leader in resolved.leaders)] += 1
        settled[resolved.settled.layer] += 1
        for leader in resolved.leaders:
            if leader == neutral:
                anchor.count(resolved, leader)
                continue
            for number in resolved.features[leader]:
                words.setdefault(names[number], Word()).count(resolved, leader)
    led = anchor if anchor.texts else None
    return Survey(len(bags), words, counts, settled, without, tuple(undecided), led)
