"""How words change each other: what a negation reaches, and how much a word counts where it stands.

    merged     pieces as units: known phrases are one, what is passed over is gone
    negated    which units are turned by a negation
    saliences  how much each unit counts, in eighths

The rules, after those of VADER (C. J. Hutto and E. Gilbert, ICWSM 2014), with ends of clauses in
place of its three words. *Negation*: the next content words are turned; function words and words of
degree use nothing up; punctuation ends it, and a word that begins a clause, such as "but". A second
negation right after the first, or after a verb of saying, undoes it ("not without charm", "can't
say it isn't fun"); "isn't it lovely" has none; "too slow to enjoy" turns what comes after "to"; "a
masterpiece it is not" what came before, and "but it wasn't" as well. *Salience*:
words of degree raise the next content word or lower it; so do capitals, unless most of the text is
in capitals, and letters drawn out; exclamation marks raise the words of feeling of their sentence;
what stands before "but" counts half, and what comes after one and a half.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from sentiment import phrases
from sentiment.grammar import (
    ARTICLES,
    BARE,
    BETTER,
    CLAUSE,
    CONCESSIONS,
    DEGREES_OF_FEELING,
    FORMS_OF_BE,
    LIVED,
    NOT_YET,
    PRONOUNS,
    SAYING,
    TURNS,
)
from sentiment.lexicon import DEGREE, degrees, vader_lexicon
from sentiment.pieces import PASSED, PAUSE, STOP, WORD, Look, look

PLAIN = 8
"""The salience of a word that nothing raises or lowers."""

LEAST, MOST = 1, 32
"""The least and the greatest salience; the least is that of a negation that is used up."""

NEAR = 2
"""Content words after a negation among which a word of ill feeling is turned: the best of 1 to 4
for a sum of ratings, on corpora of snippets, tweets and reviews."""

UNSURPASSED = ("no", "none", "nobody", "nothing", "never", "couldn't")
"""Negations before "better" that praise."""

LOUD, STRETCHED, MOST_CRIES = 3, 2, 4
"""Eighths for capitals and for drawn-out letters; exclamation marks that count, an eighth each."""

HALF, MORE = 4, 12
"""Eighths of what comes before "but", and after it: VADER's factors."""


def merged(looks: Sequence[Look]) -> tuple[list[Look], list[int]]:
    """The units of a text, and the number of each one's first piece.

    >>> [unit.name for unit in merged([look(x) for x in ["a", "waste", "of", "time", "."]])[0]]
    ['a', 'waste of time', '.']
    """
    units: list[Look] = []
    firsts: list[int] = []
    known = _phrases()
    names = [piece.name for piece in looks]
    end = 0
    for place, unit in enumerate(looks):
        if place < end:
            continue
        if (seconds := known.get(unit.name)) and place + 1 < len(names):
            for words, phrase in seconds.get(names[place + 1], ()):
                if names[place : place + phrase.parts] == words:
                    unit, end = phrase, place + phrase.parts
                    break
        if unit.kind != PASSED:
            units.append(unit)
            firsts.append(place)
    return units, firsts


@cache
def _phrases() -> Mapping[str, Mapping[str, Sequence[tuple[list[str], Look]]]]:
    """The phrases by their first word and their second, longest first."""
    known: dict[tuple[str, ...], Look] = {}
    for name, rating in vader_lexicon().items():
        if re.fullmatch(r"[\w'/+]+(?:[ -][\w'/+]+)+", name):
            words = tuple(look(word).name for word in re.split("[ -]", name))
            function = not rating
            known[words] = Look(name, WORD, rating, function, parts=len(words))
    for name in phrases.reversing():
        words = tuple(look(word).name for word in name.split())
        if len(words) > 1:
            rating = known[words].rating if words in known else 0.0
            known[words] = Look(name, WORD, rating, not rating, True, parts=len(words))
    for name, degree in degrees().items():
        words = tuple(look(word).name for word in name.split())
        if len(words) > 1:
            known[words] = Look(name, WORD, 0.0, True, degree=degree, parts=len(words))
    for word in BARE.values():
        stem = word.removesuffix("n't")
        for parts in ((f"{stem}n", "t"), (stem, "n't")):
            known[parts] = Look(word, WORD, 0.0, True, True, parts=2)
    table: dict[str, dict[str, list[tuple[list[str], Look]]]] = {}
    for words in sorted(known, key=lambda words: (-len(words), words)):
        seconds = table.setdefault(words[0], {})
        seconds.setdefault(words[1], []).append((list(words), known[words]))
    return table


def negated(units: Sequence[Look], reach: int) -> tuple[list[bool], list[int]]:
    """For each unit whether a negation turns it; and which negations are used up by that.

    A negation reaches at most `reach` content words. Words of ill feeling it turns only among the
    first `NEAR`: what is far from it is bad all the same, as in "I don't know how much money they
    wasted". Where it turned one, or was undone by a second negation, it is no ill word itself.

    >>> negated([look(x) for x in "not a very good film but fun".split()], 4)
    ([False, False, False, True, True, False, False], [])
    >>> negated([look(x) for x in "no problems".split()], 4)
    ([False, True], [0])
    """
    marks = [False] * len(units)
    spent: list[int] = []
    start = 0
    too = begun = said = -1
    used = reach
    for place, unit in enumerate(units):
        if unit.kind != WORD or unit.name in CLAUSE or (unit.parts > 1 and _closes(unit)):
            too, used = -1, reach
            if unit.kind == STOP:
                _backward(units, start, place, marks)
                start = place + 1
        elif unit.negates and not _asks(units, place):
            if used == 0 or (used == 1 and said > begun):
                marks[place] = unit.rating != 0
                spent += [begun, place]
                used = reach
            else:
                begun, used = place, 0
        elif not unit.function:
            if used < reach and _turned(units, place, begun, used):
                marks[place] = True
                if unit.rating < 0 and used == 0:
                    spent.append(begun)
            used += 1
            if unit.name in SAYING:
                said = place
        elif unit.name == "too":
            too = place
        elif unit.name == "to" and -1 < too < place - 1 and used >= reach:
            too, begun, used = -1, place, 0
    _backward(units, start, len(units), marks)
    return marks, spent


def _turned(units: Sequence[Look], place: int, begun: int, used: int) -> bool:
    """Whether a word is turned by a negation at `begun` with `used` content words between.

    A comparative after "never been" or "couldn't be" stands as it is, and after "never seen a"; so
    does "no better".
    """
    unit = units[place]
    if unit.rating < 0 and used >= NEAR:
        return False
    if unit.name in ("better", "happier") and place - 1 == begun:
        return units[begun].name not in UNSURPASSED
    before = place - 1 if units[place - 1].name == "more" else place
    if before < place or unit.name in BETTER:
        between = {each.name for each in units[begun + 1 : place]}
        if units[begun].name in NOT_YET and between & LIVED and between & ARTICLES:
            return False
    compared = before < place or unit.name.endswith("er")
    return not (compared and before - 1 > begun and units[before - 1].name in ("be", "been"))


def _closes(phrase: Look) -> bool:
    """Whether no negation reaches a phrase, and beyond: it has its own, and is rated with it."""
    name = phrase.name
    own = "n't " in name or name.startswith(("not ", "no ", "never ", "nothing ", "anything "))
    return own and not phrase.negates


def _asks(units: Sequence[Look], place: int) -> bool:
    """Whether a negation opens a question that wants a yes: "isn't it", "don't you"."""
    if not units[place].name.endswith("n't") or (place and units[place - 1].kind == WORD):
        return False
    return place + 1 < len(units) and units[place + 1].name in PRONOUNS


def _backward(units: Sequence[Look], start: int, end: int, marks: list[bool]) -> None:
    """Turn what stands before "it is not" at the end of a sentence, or before "but it wasn't"."""
    names = [unit.name for unit in units[start:end]]
    if len(names) > 3 and names[-1] == "not" and names[-2] in FORMS_OF_BE:
        subject = len(names) - 3
    elif len(names) > 3 and names[-1].endswith("n't"):
        subject = len(names) - 2
    else:
        return
    denied = names[subject - 1] in TURNS
    if names[subject] not in PRONOUNS or (names[-1] != "not" and not denied):
        return
    for place in range(start + subject - 1, start - 1, -1):
        unit = units[place]
        if unit.kind != WORD and not denied:
            break
        if unit.kind == WORD and not unit.function and not (denied and unit.parts > 1):
            marks[place] = not marks[place]


def saliences(units: Sequence[Look], louds: Sequence[bool | None]) -> list[int]:
    """How much each unit counts, in eighths, from `LEAST` to `MOST`.

    >>> saliences([look(x) for x in "a very good film !!".split()], [None] * 5)
    [8, 8, 12, 8, 8]
    """
    weights = [PLAIN] * len(units)
    pending = 0
    for place, unit in enumerate(units):
        if unit.degree:
            pending += unit.degree
        elif unit.kind != WORD:
            pending = 0
        elif pending and not unit.function:
            weights[place] += pending
            pending = 0
        if unit.stretched:
            weights[place] += STRETCHED
        if unit.rating and place + 1 < len(units) and _only_degree(unit, units[place + 1]):
            weights[place] = LEAST
            pending += DEGREE
    if any(louds) and 3 * louds.count(True) < 2 * (len(louds) - louds.count(None)):
        for place, unit in enumerate(units):
            if louds[place] and not unit.function:
                weights[place] += LOUD
    for start, end, cries in _sentences(units):
        if cries:
            for place in range(start, end):
                if units[place].rating:
                    weights[place] += min(cries, MOST_CRIES)
        _contrast(units, start, end, weights)
    return [max(LEAST, min(MOST, weight)) for weight in weights]


def _only_degree(unit: Look, following: Look) -> bool:
    """Whether a word of feeling only says how much: it stands before one of the other side."""
    if unit.rating * following.rating >= 0 or following.kind != WORD:
        return False
    return unit.degree > 0 or unit.name.endswith("ly") or unit.name in DEGREES_OF_FEELING


def _sentences(units: Sequence[Look]) -> Iterator[tuple[int, int, int]]:
    """Where each sentence begins and ends, and its exclamation marks."""
    start = cries = 0
    ended = False
    for place, unit in enumerate(units):
        if unit.kind == STOP:
            ended = True
            cries += unit.cries
        elif ended:
            yield start, place, cries
            start, cries, ended = place, 0, False
    yield start, len(units), cries


def _contrast(units: Sequence[Look], start: int, end: int, weights: list[int]) -> None:
    """Weigh the two sides of "but" and of "although" in one sentence."""
    for place in range(start, end):
        name = units[place].name
        if name in TURNS:
            weaker = range(start, place)
        elif name in CONCESSIONS:
            stop = next((k for k in range(place, end) if units[k].kind == PAUSE), end)
            weaker = range(place, stop)
        else:
            continue
        for k in range(start, end):
            factor = HALF if k in weaker else MORE if k != place else PLAIN
            weights[k] = max(LEAST, weights[k] * factor // PLAIN)
        return
