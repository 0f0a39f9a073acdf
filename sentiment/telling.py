"""What is said of an explanation, in words, alike on pages and in tables.

Feature names become words: a word marked after a negation, `not_good`, is told as "good (negated)".
The logit is called the score; a probability is told of the label that was decided for.
"""

from collections.abc import Sequence

from flint import fmpq

from sentiment.deletion import Deletion
from sentiment.explanation import Explanation, LeaderWord
from sentiment.lexicon import MARK
from sentiment.spans import PLACES, Span, Together
from theory.readable import nearest

NEGATED = " (negated)"


def side(explanation: Explanation, positive: bool) -> str:
    """The label of a side as a reader sees it; which side it is, where its name does not say.

    A label without a letter, such as "1", says nothing by itself.
    """
    name = str(explanation.positive if positive else explanation.negative)
    if any(letter.isalpha() for letter in name):
        return name
    return f"{name} ({'positive' if positive else 'negative'})"


def decided(explanation: Explanation) -> str:
    """The label that was decided for."""
    return side(explanation, explanation.logit > 0)


def verdict(explanation: Explanation) -> str:
    """The decision, or that there is none."""
    return "Cannot tell" if undecidable(explanation) else decided(explanation)


def undecidable(explanation: Explanation) -> str | None:
    """Why the label should not be relied on; None where it may."""
    if explanation.cannot_tell is None and explanation.resolved is None:
        return "no word of the text is known to the model"
    return explanation.cannot_tell


def headline(explanation: Explanation) -> str:
    """How sure the model is, or why it cannot tell."""
    why = undecidable(explanation)
    sure = f"{likely(_own(explanation))} probability of {decided(explanation)}"
    if why is None:
        return f"{sure}."
    decides = "the model" if explanation.resolved is not None else "the prior of its training"
    return f"{_sentence(why)} Told to decide all the same, {decides} says: {sure}."


def calibrated(explanation: Explanation) -> str:
    """What such a probability was worth on texts that the model had not seen."""
    part = explanation.calibration
    if part is None:
        return "What such a probability is worth on other texts has not been measured."
    if part.positive is None:
        return "No held-out text was told such a probability: what it is worth is not known."
    low, high, rate = part.start, part.end, part.positive
    if not explanation.logit > 0:
        low, high, rate = 1 - high, 1 - low, 1 - rate
    return (
        f"Of {part.texts:,} held-out texts that were told {percent(low)}–{percent(high)} "
        f"{decided(explanation)}, {percent(rate)} were."
    )


def cautions(explanation: Explanation) -> list[str]:
    """What a reader should know besides; empty where there is nothing."""
    return [_sentence(words) for words in explanation.cautions]


def known(explanation: Explanation) -> str:
    """How many words the model knows, and which not."""
    spans = explanation.spans
    count = sum(span.known for span in spans)
    words = f"{count} of {len(spans)} words ({percent(explanation.known_share)}) are known."
    return words if len(spans) > 1 else ("The word is known." if count else "The word is unknown.")


def sum_of(what: str, explanation: Explanation) -> str:
    """The one decomposition, where it is shown by bars or by rows."""
    positive = side(explanation, True)
    return f"The score is the sum of {what}; above 0 is {positive}."


def total(explanation: Explanation) -> str:
    """The sum of the bars in words."""
    where = "above 0" if explanation.logit > 0 else "not above 0"
    return f"The sum, {where}: {decided(explanation)}."


def quoted(leader: LeaderWord) -> str:
    """A leader's name, a word's in quotation marks."""
    if leader.word is None:
        return leader.name
    words = spoken(leader.word)
    bare = words.removesuffix(NEGATED)
    return f"“{words}”" if bare == words or NEGATED in bare else f"“{bare}”{NEGATED}"


def spoken(name: str) -> str:
    """A feature's name as a reader knows it.

    >>> spoken("not_good"), spoken("very good"), spoken("not_bad/not_so bad")
    ('good (negated)', 'very good', 'bad (negated)/so bad (negated)')
    """
    return "/".join(
        word.removeprefix(MARK) + NEGATED if word.startswith(MARK) else word
        for word in name.split("/")
    )


def mass(explanation: Explanation, leader: LeaderWord) -> str:
    """How much of the text follows a leader."""
    share = percent(nearest(leader.mass))
    if not leader.is_anchor:
        return f"{share} of the text’s weight follows {quoted(leader)}."
    rest = "All of it" if len(explanation.leaders) == 1 else f"The rest, {share},"
    return f"{rest} follows the {leader.name}, which speaks for neither side."


def followed(explanation: Explanation, word: Together | Span) -> str:
    """Whom a word follows, the leaders with most of it first."""
    shares: dict[int, fmpq] = {}
    for place in word.places:
        for number, share in explanation.followed(place):
            shares[number] = shares.get(number, fmpq(0)) + share
    numbers = sorted(shares, key=lambda k: (-shares[k], k))
    names = [quoted(explanation.leaders[k]) for k in numbers]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def tip(explanation: Explanation, span: Span) -> str:
    """What is told of one word of the text."""
    word = explanation.given[span.start : span.end]
    negated = NEGATED if span.negated else ""
    label = side(explanation, span.adds > 0)
    follows = followed(explanation, span)
    return f"“{word}”{negated} adds {signed(span.adds)}, for {label}. It follows {follows}."


def without(explanation: Explanation, deletion: Deletion) -> str:
    """What the model says of the text without a word."""
    times = "" if deletion.occurrences == 1 else f" ({deletion.occurrences} times)"
    label = decided(explanation)
    before, after = _own(explanation), _remaining(explanation, deletion)
    now = (
        f", so that the decision is {side(explanation, deletion.logit > 0)}"
        if deletion.flips
        else ""
    )
    return (
        f"Without “{deletion.word}”{times}: probability of {label} "
        f"{likely(before)} → {likely(after)}{now}."
    )


def noticeable(explanation: Explanation, deletions: Sequence[Deletion]) -> list[Deletion]:
    """The deletions that change the decision, or its probability as it is told."""
    before = likely(_own(explanation))
    return [
        deletion
        for deletion in deletions
        if deletion.flips or likely(_remaining(explanation, deletion)) != before
    ]


def _remaining(explanation: Explanation, deletion: Deletion) -> float:
    """The probability, without the word, of the label that is decided with it."""
    return deletion.probability if explanation.logit > 0 else 1 - deletion.probability


def settled(explanation: Explanation) -> str:
    """What is exact about it."""
    if explanation.resolved is None:
        return ""
    layer = explanation.resolved.settled.layer
    return (
        f"Attention settles at layer {layer}; this is its limit after infinitely many layers, "
        "computed without rounding. Numbers elsewhere are rounded so that they add up."
    )


def signed(value: fmpq) -> str:
    """A number to three places with its sign, which what is rounded to 0 has not.

    >>> signed(fmpq(-1, 3)), signed(fmpq(1, 2)), signed(fmpq(-1, 9999))
    ('−0.333', '+0.500', '0.000')
    """
    words = f"{nearest(value):+.{PLACES}f}".replace("-", "−")
    return words if any(digit in words for digit in "123456789") else words[1:]


def _own(explanation: Explanation) -> float:
    """The probability of the label that was decided for."""
    likely = explanation.probability
    return likely if explanation.logit > 0 else 1 - likely


def percent(part: float) -> str:
    """A part as a percentage, never 0 or 100 unless it is nearly so.

    >>> [percent(x) for x in (0.0, 0.004, 0.5, 0.996, 1.0)]
    ['0%', 'under 1%', '50%', 'over 99%', '100%']
    """
    if 0 < part < 0.005:
        return "under 1%"
    if 0.995 <= part < 1:
        return "over 99%"
    return f"{100 * part:.0f}%"


def likely(probability: float) -> str:
    """A probability as a percentage, with a decimal near 0 and 100, where it tells something.

    >>> [likely(x) for x in (0.5, 0.04, 0.9976, 0.9999, 0.00001)]
    ['50%', '4.0%', '99.8%', 'over 99.9%', 'under 0.1%']
    """
    if probability < 0.0005:
        return "under 0.1%"
    if probability >= 0.9995:
        return "over 99.9%"
    return f"{100 * probability:.{0 if 0.05 <= probability < 0.95 else 1}f}%"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")
