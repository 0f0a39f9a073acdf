"""What a reader of a decision should know besides, in plain sentences; and when there is none.

A model always answers. Some texts it cannot judge: those in another language, those without a word
that says anything to it, questions, and those where good and bad are even.

    Evidence     a text with what a model knows of it, in plain values
    cannot_tell  why a decision should not be relied on, or None
    cautions     what else a reader should know

Possible issues: sarcasm is not noticed. A question that is none ("What were they thinking?") may
be taken for one, and then it is said so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import inf

from sentiment.language import ENGLISH, LATIN, language_of
from sentiment.lexicon import MARK, vader_lexicon, valence
from sentiment.markup import plain
from sentiment.pieces import look
from sentiment.reading import Feature

EVEN, EVEN_IF_MIXED = 0.2, 0.6
"""Logits up to the first size, probabilities from 45% to 55%, are no decision; nor are those up to
the second, from 35% to 65%, where feelings are mixed."""

FEELING, RATED = 0.5, 0.1
"""The least strength of a word of feeling, and of one that the lexicon rates."""

MIXED = 0.5
"""Feelings are mixed where the weaker side has at least this part of the stronger one's weight."""

FEW, NEARLY_ALL = 0.5, 0.8
"""A smaller part of words than the first is "few"; from the second on it is "nearly all"."""

LONG, CUT = 400, 200
"""Words of a long text; characters from which on a text without an end seems to be cut off."""

_ASKING = re.compile(
    r"(?:so|and|but|well|hey|hi|ok|okay|@\w+|,|\W)*\s*\b(?:is|are|was|were|do|does|did|has|have|had"
    r"|can|could|would|will|should|may|what|what's|who|who's|where|when|which|whose|how's|how is"
    r"|how was|how are|how good|how many|how much|how long|any|anyone|anybody|ever)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(r"n't|\bnot\b|\bpossibly\b|\bwho (?:would|could|can|cares)\b", re.IGNORECASE)
"""A question that says something: "what's not to like?", "who could like this?"."""

_END = re.compile(r"[a-z][.!?](?= )")
_SENTENCE = re.compile(r"[^.!?\n]*[\w][^.!?\n]*([.!?]*)")


@dataclass(frozen=True)
class Evidence:
    """A text, and what a model knows of it.

    text : as given. features : of its reading. strengths : of the features that the model knows, by
    name, in logits, positive for the positive class. logit : of the decision. languages : of the
    model's words (`sentiment.language.languages`), as far as they are known.
    """

    text: str
    features: Sequence[Feature]
    strengths: Mapping[str, float]
    logit: float
    languages: frozenset[str] = frozenset()

    @cached_property
    def stripped(self) -> str:
        """The text without markup."""
        return plain(self.text).text

    @cached_property
    def words(self) -> tuple[Feature, ...]:
        """The features that are no groups: one for each word, phrase and emoji."""
        covered = -1
        words = []
        for feature in sorted(self.features, key=lambda feature: (feature.start, feature.end)):
            if feature.start >= covered:
                words.append(feature)
                covered = feature.end
        return tuple(words)

    @cached_property
    def known(self) -> int:
        """How many words the model knows."""
        return sum(word.name in self.strengths for word in self.words)

    @cached_property
    def sides(self) -> tuple[float, float]:
        """The weight of what has feeling for the positive class, and for the negative one."""
        weights = [0.0, 0.0]
        for name, _, _, salience in self.features:
            strength = self.strengths.get(name, 0.0)
            if abs(strength) >= _least(name):
                weights[strength < 0] += salience * abs(strength)
        return weights[0], weights[1]

    @cached_property
    def other_language(self) -> str | None:
        """The language that the text seems to be in, where that is not the model's.

        A model whose languages are not known, or that has none of those in Latin letters, is of the
        language of a text of which it knows nearly all words.
        """
        names = (word.name.removeprefix(MARK) for word in self.words if word.name[0].isalnum())
        parts = (name.split() for name in names)
        language = language_of(self.stripped, chain.from_iterable(parts))
        if not self.words or language is None or language in (self.languages or {ENGLISH}):
            return None
        nearly_all = self.known >= NEARLY_ALL * len(self.words)
        if nearly_all and not (self.languages and language in LATIN):
            return None
        return language.rstrip(",")

    @cached_property
    def mixed(self) -> bool:
        """Whether what speaks for the weaker side is worth mention beside the stronger one."""
        good, bad = self.sides
        return min(good, bad) >= MIXED * max(good, bad) > 0

    @cached_property
    def asks(self) -> tuple[int, int]:
        """How many sentences ask, and how many there are."""
        sentences = list(_SENTENCE.finditer(self.stripped))
        asking = [
            sentence
            for sentence in sentences
            if "?" in sentence[1] and _ASKING.match(sentence[0]) and not _SAYS.search(sentence[0])
        ]
        return len(asking), len(sentences)


def cannot_tell(evidence: Evidence) -> str | None:
    """Why a decision should not be relied on, as a part of a sentence; None where it may.

    >>> cannot_tell(Evidence("zyx", [Feature("zyx", 0, 3)], {}, 0.1))
    'no word of the text is known to the model'
    >>> cannot_tell(Evidence("good", [Feature("good", 0, 4)], {"good": 1.0}, 1.0)) is None
    True
    """
    words = len(evidence.words)
    if evidence.other_language is not None:
        knows = f"{evidence.known} of {words} words"
        return f"the text seems to be in {evidence.other_language}, and the model knows {knows}"
    if not evidence.known:
        return "no word of the text is known to the model"
    if not any(evidence.sides):
        if words == 1:
            return "the word is known, and says neither good nor bad"
        return f"of its {words} words none is known to say anything good or bad"
    asking, sentences = evidence.asks
    if asking and asking == sentences:
        return "the text is a question" if asking == 1 else "the text is nothing but questions"
    if abs(evidence.logit) <= (EVEN_IF_MIXED if evidence.mixed else EVEN):
        if all(evidence.sides):
            return "what speaks for either side is about even"
        return "what speaks for a side is too weak"
    return None


def cautions(evidence: Evidence) -> tuple[str, ...]:
    """What a reader should know besides, in sentences; none where all is plain.

    >>> cautions(Evidence("good zyx zyy", [Feature("good", 0, 4), Feature("zyx", 5, 8),
    ...     Feature("zyy", 9, 12)], {"good": 1.0}, 1.0))
    ('Only 1 of 3 words is known to the model (33%).',)
    """
    told = []
    words, known = len(evidence.words), evidence.known
    if evidence.other_language is not None:
        own = " or ".join(sorted(evidence.languages or {ENGLISH}))
        told.append(f"The text seems to be in {evidence.other_language}, not in {own}.")
    if 0 < known < FEW * words:
        are = "is" if known == 1 else "are"
        told.append(
            f"Only {known} of {words} words {are} known to the model ({known / words:.0%})."
        )
    good, bad = evidence.sides
    if known and not good and not bad:
        told.append("No word of feeling is known: what decides is what texts of a class are about.")
    elif evidence.mixed:
        told.append("Feelings are mixed: words for both sides weigh nearly as much.")
    asking, sentences = evidence.asks
    if asking and asking < sentences:
        told.append("Part of the text is a question.")
    if words >= LONG:
        told.append(
            f"The text is long ({words:,} words): its strongest words decide, wherever they stand, "
            "and not its conclusion."
        )
    if _is_cut(evidence.text):
        told.append("The text seems to be cut off; what is missing was not judged.")
    return tuple(told)


def _least(name: str) -> float:
    """The least strength at which a feature has feeling; function words and negations have none."""
    if valence(name, vader_lexicon()):
        return RATED
    words = [look(word) for word in name.removeprefix(MARK).split()]
    return inf if all(word.function or word.negates for word in words) else FEELING


def _is_cut(text: str) -> bool:
    """Whether a text of some length ends in the middle of a sentence, and others in it do not."""
    end = plain(text[-2 * CUT :]).text.rstrip()
    if len(text) < CUT or not end:
        return False
    return end.endswith(("…", "...")) or (end[-1].isalpha() and len(_END.findall(text)) >= 2)
