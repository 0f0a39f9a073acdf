"""Why the model decides as it does: a review's leaders, who follows them, what each contributes.

    explain   one text at infinite depth, exactly: an `Explanation`, or `Undecided`
    survey_leaders  many texts: which words lead, how often, and which way

All numbers come from the exact equilibrium of the embedding's floats taken as the rationals that
they are (`sentiment.limits`); decimals are for reading. The bias belongs to no leader and is shown
apart: the contributions and the bias add up to the logit exactly. Since masses add up to 1, the
*weighted votes* mass · (⟨v, z_l⟩ + b) add up to the logit as well: on which side of the decoder's
hyperplane a leader stands is which way it votes.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import copysign, exp
from typing import TYPE_CHECKING, Any

from flint import fmpq

from sentiment.lexicon import valence
from sentiment.limits import Resolved, resolve
from sentiment.reading import Feature
from theory import HardmaxError, Undecided
from theory.exact import from_binary64, text
from theory.readable import nearest

if TYPE_CHECKING:
    from sentiment.classifier import SentimentClassifier


@dataclass(frozen=True)
class LeaderWord:
    """A leader of one text.

    place, word : its place, and the feature there ("/" between features of equal embedding).
    since_layer : from which layer on it leads. position : where, exactly.
    mass : the part of the text that follows it. contribution : mass · ⟨v, z⟩.
    vote : ⟨v, z⟩ + b. weighted_vote : mass · vote.
    """

    place: int
    word: str
    since_layer: int
    position: tuple[fmpq, ...]
    mass: fmpq
    vote: fmpq
    contribution: fmpq

    @property
    def weighted_vote(self) -> fmpq:
        """What it adds to the logit, with its part of the bias."""
        return self.mass * self.vote


@dataclass(frozen=True)
class Explanation:
    """One text explained. `resolved` is None where no word is known: then the prior decides.

    features : every occurrence in the text. unknown : the words without a place, in order, once.
    positive, negative : the labels. words : the feature or features at each place.
    """

    given: str
    features: tuple[Feature, ...]
    unknown: tuple[str, ...]
    positive: Any
    negative: Any
    prior: fmpq
    words: tuple[str, ...]
    place_of: Mapping[str, int] = field(hash=False)
    resolved: Resolved | None

    @cached_property
    def logit(self) -> fmpq:
        """The logit of the positive class, exactly."""
        return self.prior if self.resolved is None else self.resolved.logit

    @property
    def prediction(self) -> Any:
        """The label: the positive one iff the logit is greater than 0."""
        return self.positive if self.logit > 0 else self.negative

    @property
    def probability(self) -> float:
        """The probability of the positive class."""
        value = max(-700.0, min(700.0, nearest(self.logit)))
        return 1 / (1 + exp(-value))

    @cached_property
    def leaders(self) -> tuple[LeaderWord, ...]:
        """The leaders, greatest weighted vote (in size) first; none where the prior decides."""
        resolved = self.resolved
        if resolved is None:
            return ()
        leaders = [
            LeaderWord(
                leader.token,
                self.words[leader.token],
                leader.since_layer,
                leader.position,
                resolved.masses[leader.token],
                resolved.votes[leader.token],
                resolved.contributions[leader.token],
            )
            for leader in resolved.equilibrium.leaders
        ]
        return tuple(sorted(leaders, key=lambda one: (-abs(one.weighted_vote), one.place)))

    @cached_property
    def clusters(self) -> tuple[tuple[int, ...], ...]:
        """The places with equal limits: those of the leaders in their order, then the others."""
        if self.resolved is None:
            return ()
        order = {leader.place: rank for rank, leader in enumerate(self.leaders)}
        least = [
            (min((order[i] for i in cluster if i in order), default=len(order)), cluster)
            for cluster in self.resolved.equilibrium.clusters
        ]
        return tuple(cluster for _, cluster in sorted(least))

    def followed(self, place: int) -> tuple[tuple[int, fmpq], ...]:
        """The leaders (numbers in `leaders`) that a place follows at the limit, and its shares."""
        if self.resolved is None:
            return ()
        shares = self.resolved.shares[place]
        return tuple(
            (number, shares[leader.place])
            for number, leader in enumerate(self.leaders)
            if leader.place in shares
        )

    def as_dict(self) -> dict[str, Any]:
        """The explanation as a JSON object: exact numbers as text, decimals beside them."""
        record: dict[str, Any] = {
            "text": self.given,
            "prediction": plain(self.prediction),
            "positive": plain(self.positive),
            "negative": plain(self.negative),
            "probability": self.probability,
            "logit": text(self.logit),
            "logit_decimal": nearest(self.logit),
            "prior_decides": self.resolved is None,
            "unknown": list(self.unknown),
        }
        resolved = self.resolved
        if resolved is None:
            return record | {"bias": None, "settled_layer": None, "leaders": [], "words": []}
        limits, kinds = resolved.equilibrium.limits, resolved.equilibrium.kinds
        record["bias"] = text(resolved.bias)
        record["settled_layer"] = resolved.settled.layer
        record["leaders"] = [
            {
                "word": leader.word,
                "since_layer": leader.since_layer,
                "position": [text(x) for x in leader.position],
                "mass": text(leader.mass),
                "vote": text(leader.vote),
                "contribution": text(leader.contribution),
                "weighted_vote": text(leader.weighted_vote),
                "weighted_vote_decimal": nearest(leader.weighted_vote),
            }
            for leader in self.leaders
        ]
        counts = resolved.settled.configuration.multiplicities
        record["words"] = [
            {
                "word": self.words[i],
                "count": counts[i],
                "kind": kinds[i],
                "follows": {self.leaders[k].word: text(x) for k, x in self.followed(i)},
                "limit": [text(x) for x in limits[i]],
                "part": text(resolved.parts[i]),
            }
            for i in range(len(self.words))
        ]
        return record


def explain(
    model: "SentimentClassifier", given: str, max_layers: int | None = None
) -> Explanation | Undecided:
    """Explain one text; `Undecided` where the budget of layers does not suffice.

    Raises `HardmaxError` for a text without any word.

    >>> from sentiment import SentimentClassifier
    >>> texts = ["a good film", "good fun", "a bad film", "bad, so bad"]
    >>> model = SentimentClassifier(initialisation="log-odds", validation_fraction=0, epochs=2,
    ...                             random_state=0).fit(texts, [1, 1, 0, 0])
    >>> explanation = explain(model, "good fun")
    >>> explanation.logit > 0, explanation.unknown
    (True, ())
    """
    bag = model.bags([given])[0]
    features = tuple(model.reading_.features(given))
    if not features:
        raise HardmaxError("the text has no word in it")
    names = model.vocabulary_.names
    known = {names[number] for number in bag.ids.tolist()}
    unknown = dict.fromkeys(f.name for f in features if f.is_word and f.name not in known)
    resolved = resolve(model.parameters_, bag, names, max_layers) if known else None
    if isinstance(resolved, Undecided):
        return resolved
    groups = () if resolved is None else resolved.features
    return Explanation(
        given,
        features,
        tuple(unknown),
        model.positive_,
        model.negative_,
        from_binary64(model.parameters_.prior),
        tuple("/".join(names[k] for k in group) for group in groups),
        {names[k]: place for place, group in enumerate(groups) for k in group},
        resolved,
    )


@dataclass
class Word:
    """A leader word over many texts: how many it leads in, its mass and its votes there."""

    texts: int = 0
    mass: fmpq = field(default_factory=lambda: fmpq(0))
    votes: Counter[int] = field(default_factory=Counter)
    weighted_vote: fmpq = field(default_factory=lambda: fmpq(0))

    @property
    def sign(self) -> int:
        """The way it votes in most texts: 1, −1, or 0."""
        difference = self.votes[1] - self.votes[-1]
        return (difference > 0) - (difference < 0)


@dataclass(frozen=True)
class Survey:
    """Who leads in many texts.

    words : each leader word; `counts[k]` : texts with k leaders; `without` : texts without a
    known word; `undecided` : their places; `settled` : the settled layer of each other text.
    """

    texts: int
    words: Mapping[str, Word] = field(hash=False)
    counts: Counter[int] = field(hash=False)
    settled: Counter[int] = field(hash=False)
    without: int
    undecided: tuple[int, ...]

    def ranked(self) -> list[tuple[str, Word]]:
        """The leader words, most texts first."""
        return sorted(self.words.items(), key=lambda item: (-item[1].texts, item[0]))

    def agreement(self, lexicon: Mapping[str, float]) -> tuple[int, int]:
        """Of the leaders with a rating other than 0: how many vote its way, and of how many."""
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
            "words": [
                {
                    "word": name,
                    "texts": word.texts,
                    "sign": word.sign,
                    "mean_mass": nearest(word.mass / word.texts),
                    "mean_weighted_vote": nearest(word.weighted_vote / word.texts),
                    "vader": valence(name, lexicon) or None,
                }
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
        counts[len(resolved.leaders)] += 1
        settled[resolved.settled.layer] += 1
        for leader in resolved.leaders:
            vote = resolved.votes[leader]
            for number in resolved.features[leader]:
                word = words.setdefault(names[number], Word())
                word.texts += 1
                word.mass += resolved.masses[leader]
                word.weighted_vote += resolved.masses[leader] * vote
                word.votes[(vote > 0) - (vote < 0)] += 1
    return Survey(len(bags), words, counts, settled, without, tuple(undecided))


def plain(value: Any) -> Any:
    """A label as JSON has it."""
    return value.item() if hasattr(value, "item") else value
