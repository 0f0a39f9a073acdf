"""Why the model decides as it does: a text's leaders, who follows them, what each word adds.

    explain   one text at infinite depth, exactly: an `Explanation`, or `Undecided`

There is one decomposition of the logit, which pages and tables call the score:

    logit = bias + Σ_l mass_l · ⟨v, z_l⟩,

the bias, which is there before any word is read, and of every leader l its *contribution*: the part
of the text that follows it times its *height* ⟨v, z_l⟩. A model may have a *neutral anchor*, a
token of no word that weak words follow; it stands at height 0 and contributes nothing. What a
leader contributes comes from those who follow it, so that every word of the text has its part
(`sentiment.spans`), and the parts and the bias add up to the logit exactly.

All numbers come from the exact equilibrium of the embedding's floats taken as the rationals that
they are (`sentiment.limits`); decimals are for reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import exp
from typing import TYPE_CHECKING, Any

from flint import fmpq

from sentiment.judging import judged
from sentiment.limits import ANCHOR, Resolved, resolve
from sentiment.reading import Feature
from sentiment.reliability import Bin
from sentiment.spans import Span, Together, spans_of, together
from theory import HardmaxError, Undecided
from theory.exact import from_binary64, text
from theory.readable import nearest

if TYPE_CHECKING:
    from sentiment.classifier import SentimentClassifier


@dataclass(frozen=True)
class LeaderWord:
    """A leader of one text.

    place, word : its place, and the feature there ("/" between features of equal embedding), None
    of the neutral anchor. since_layer : from which layer on it leads. position : where, exactly.
    mass : the part of the text that follows it. vote : ⟨v, z⟩ + b. contribution : mass · ⟨v, z⟩.
    """

    place: int
    word: str | None
    since_layer: int
    position: tuple[fmpq, ...]
    mass: fmpq
    vote: fmpq
    contribution: fmpq

    @property
    def is_anchor(self) -> bool:
        """Whether it is the neutral anchor, which is no word of the text."""
        return self.word is None

    @property
    def name(self) -> str:
        """What it is called."""
        return ANCHOR if self.word is None else self.word

    @property
    def weighted_vote(self) -> fmpq:
        """What it adds to the logit, with its part of the bias."""
        return self.mass * self.vote


@dataclass(frozen=True)
class Explanation:
    """One text explained. `resolved` is None where no word is known: then the prior decides.

    features : every occurrence in the text. unknown : the words without a place, in order, once.
    positive, negative : the labels. words : the feature or features at each place.
    calibration : of held-out texts with such a probability, how many were positive; None where that
    was not measured. cautions : what a reader should know besides. cannot_tell : why the label
    should not be relied on, if so.
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
    calibration: Bin | None = None
    cautions: tuple[str, ...] = ()
    cannot_tell: str | None = None

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
        return probability(self.logit)

    @property
    def bias(self) -> fmpq:
        """What the logit is before any word is read; the prior, where it decides."""
        return self.prior if self.resolved is None else self.resolved.bias

    @cached_property
    def leaders(self) -> tuple[LeaderWord, ...]:
        """The leaders, greatest contribution (in size) first; none where the prior decides."""
        resolved = self.resolved
        if resolved is None:
            return ()
        leaders = [
            LeaderWord(
                leader.token,
                None if leader.token == resolved.anchor else self.words[leader.token],
                leader.since_layer,
                leader.position,
                resolved.masses[leader.token],
                resolved.votes[leader.token],
                resolved.contributions[leader.token],
            )
            for leader in resolved.equilibrium.leaders
        ]
        return tuple(
            sorted(leaders, key=lambda word: (word.is_anchor, -abs(word.contribution), word.place))
        )

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

    @property
    def anchor(self) -> LeaderWord | None:
        """The neutral anchor, where it leads."""
        return next((leader for leader in self.leaders if leader.is_anchor), None)

    @cached_property
    def pulls(self) -> tuple[fmpq, ...]:
        """What each place adds to the logit: the part of the text there, times its limit's height.

        With the bias they add up to the logit.
        """
        resolved = self.resolved
        if resolved is None:
            return ()
        return tuple(
            portion * sum((x * resolved.heights[leader] for leader, x in shares.items()), fmpq(0))
            for portion, shares in zip(resolved.portions, resolved.shares, strict=True)
        )

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The words of the text in order, and what each adds to the logit."""
        return spans_of(self.features, self.place_of, self.pulls)

    @cached_property
    def together(self) -> tuple[Together, ...]:
        """The same with all occurrences of a word together, in the order of the first ones."""
        return together(self.given, self.spans)

    @property
    def known_share(self) -> float:
        """The part of the text's words that the model knows."""
        return sum(span.known for span in self.spans) / len(self.spans)

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
            "known_share": self.known_share,
            "cautions": list(self.cautions),
            "cannot_tell": self.cannot_tell,
            "calibration": None if self.calibration is None else vars(self.calibration),
            "spans": [
                {"start": x.start, "end": x.end, "known": x.known, "adds": text(x.adds)}
                for x in self.spans
            ],
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
                "anchor": leader.is_anchor,
                "since_layer": leader.since_layer,
                "position": [text(x) for x in leader.position],
                "mass": text(leader.mass),
                "vote": text(leader.vote),
                "contribution": text(leader.contribution),
                "contribution_decimal": nearest(leader.contribution),
                "weighted_vote": text(leader.weighted_vote),
                "weighted_vote_decimal": nearest(leader.weighted_vote),
            }
            for leader in self.leaders
        ]
        counts = resolved.settled.configuration.multiplicities
        record["words"] = [
            {
                "word": None if i == resolved.anchor else self.words[i],
                "anchor": i == resolved.anchor,
                "count": counts[i],
                "kind": kinds[i],
                "follows": {self.leaders[k].name: text(x) for k, x in self.followed(i)},
                "limit": [text(x) for x in limits[i]],
                "part": text(resolved.parts[i]),
                "adds": text(self.pulls[i]),
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
    prior = from_binary64(model.parameters_.prior)
    logit = prior if resolved is None else resolved.logit
    doubt, cautions = judged(model, given, features, bag, nearest(logit))
    measured = model.calibration_
    return Explanation(
        given,
        features,
        tuple(unknown),
        model.positive_,
        model.negative_,
        prior,
        tuple("/".join(names[k] for k in group) for group in groups),
        {names[k]: place for place, group in enumerate(groups) for k in group},
        resolved,
        None if measured is None else measured.bin_of(probability(logit)),
        cautions,
        doubt,
    )


def probability(logit: fmpq) -> float:
    """The probability of the positive class.

    >>> probability(fmpq(0)), probability(fmpq(10) ** 9)
    (0.5, 1.0)
    """
    return 1 / (1 + exp(-max(-700.0, min(700.0, nearest(logit)))))


def plain(value: Any) -> Any:
    """A label as JSON has it."""
    return value.item() if hasattr(value, "item") else value
