"""What is known of words before any training: VADER's ratings, words of degree, our phrases.

Source: C. J. Hutto and E. Gilbert, VADER: A Parsimonious Rule-based Model for Sentiment Analysis
of Social Media Text, ICWSM 2014. The package vaderSentiment (MIT licence) brings the ratings of
words and emoticons from −4 to 4, descriptions of emoji in words, words of degree and rated idioms;
they are read from it as it is installed. Phrases and some emoji are rated by us
(`sentiment.phrases`).

    vader_lexicon   ratings by the name that a reading gives: words, phrases, emoticons, emoji
    valence         what the lexicon says of a feature, marked or not
    degrees         words that strengthen the next one, or weaken it, in eighths
    shown           an emoji without skin tone and variation, as features are named
"""

from collections.abc import Mapping
from functools import cache
from types import ModuleType

from sentiment import phrases, ratings
from theory.exact import HardmaxError

MARK = "not_"
"""What stands before a word that is negated."""

REVERSAL = -0.74
"""What a negation does to a word of which nothing else is known: VADER's factor."""

REVERSED, SOFTENED = -1.0, -0.5
"""What a negation does to a rating above 0, and to one below: "not good" is bad, "not bad" is half
as good."""

DEGREE = 2
"""Eighths that a word of degree adds or takes."""

MOST = 4.0
"""The greatest rating, as in VADER."""

OF_FEELING = frozenset([
    "face", "heart", "hearts", "kiss", "kissing", "love", "person", "man", "woman", "couple",
])  # fmt: skip
"""Only emoji that are described with one of them are rated: a game die is nobody's death."""

NO_FEELING = frozenset(["hand", "playing", "tipping", "raising"])
"""Words that say what such an emoji does."""

_DROPPED = dict.fromkeys([0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)])


def shown(emoji: str) -> str:
    """The emoji without skin tone and variation selectors.

    >>> shown("👍🏽"), shown("❤️") == "❤"
    ('👍', True)
    """
    return emoji.translate(_DROPPED) or emoji


@cache
def vader_lexicon() -> Mapping[str, float]:
    """Ratings from −4 to 4 by name: VADER's words, emoticons and emoji, and our phrases.

    An emoji is rated by the words that describe it. Raises `HardmaxError` where the package
    vaderSentiment is not installed.

    >>> lexicon = vader_lexicon()
    >>> lexicon["good"], lexicon["bad"], lexicon[":("], lexicon["😢"], lexicon["waste of time"]
    (1.9, -2.5, -1.9, -2.1, -3.0)
    """
    vader = _vader()
    analyser = vader.SentimentIntensityAnalyzer()
    words = {word.lower(): float(rating) for word, rating in analyser.lexicon.items()}
    idioms = {name: float(rating) for name, rating in vader.SPECIAL_CASES.items()}
    laden = {name: float(rating) for name, rating in vader.SENTIMENT_LADEN_IDIOMS.items()}
    emoji: dict[str, float] = {}
    for sign, description in analyser.emojis.items():
        told = description.partition(":")[0].replace(",", " ").replace("-", " ").split()
        total = sum(words.get(word, 0.0) for word in told if word not in NO_FEELING)
        if total and not OF_FEELING.isdisjoint(told):
            emoji.setdefault(shown(sign), round(max(-MOST, min(MOST, total)), 1))
    ours = dict(ratings.rated()) | dict(phrases.rated())
    return emoji | words | laden | idioms | ours | phrases.EMOJI | phrases.FACES


@cache
def degrees() -> Mapping[str, int]:
    """Words and phrases of degree with the eighths that they add to what follows.

    Which they are, and which way, is VADER's.

    >>> degrees()["very"], degrees()["slightly"]
    (2, -2)
    """
    vader = {
        word.replace("-", " "): DEGREE if change > 0 else -DEGREE
        for word, change in _vader().BOOSTER_DICT.items()
    }
    return vader | dict(phrases.degrees())


def valence(name: str, lexicon: Mapping[str, float]) -> float:
    """What a lexicon says of a feature: its rating, turned for a marked one, 0 for what it lacks.

    >>> lexicon = {"good": 2.0, "bad": -2.0}
    >>> valence("good", lexicon), valence("not_good", lexicon), valence("not_bad", lexicon)
    (2.0, -2.0, 1.0)
    """
    if name.startswith(MARK):
        rating = lexicon.get(name.removeprefix(MARK), 0.0)
        return rating * (REVERSED if rating > 0 else SOFTENED)
    return lexicon.get(name, 0.0)


def _vader() -> ModuleType:
    try:
        from vaderSentiment import vaderSentiment
    except ImportError:
        raise HardmaxError(
            "the lexicon VADER is not installed: pip install 'hardmax-theory[sentiment]'"
        ) from None
    module: ModuleType = vaderSentiment
    return module
