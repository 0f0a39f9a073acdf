"""The two sides of a corpus: which labels are positive or negative; and several corpora as one.

sided   a corpus with two labels, by the labels that are named; the texts of others are left out
agreed  several corpora with the same two labels
joined  several corpora as one, their groups apart
"""

from collections.abc import Mapping, Sequence

import numpy as np

from sentiment import checking, labels
from sentiment.corpora import PARTS, Corpus
from sentiment.labels import alike
from theory.exact import HardmaxError, shorten

NAMES = ("negative", "positive")
"""What two sides are called of which one has several labels."""


def check_named(positives: Sequence[str], negatives: Sequence[str]) -> None:
    """Raises `HardmaxError` where one label is named for both sides, or is empty."""
    if not all(label.strip() for label in [*positives, *negatives]):
        raise HardmaxError("--positive or --negative is empty; a label was wanted")
    for label in positives:
        if any(alike(label, other) for other in negatives):
            raise HardmaxError(f"the label {shorten(repr(label))} is both positive and negative")


def sided(
    corpus: Corpus, positives: Sequence[str], negatives: Sequence[str], names: tuple[str, str]
) -> Corpus:
    """The texts of both sides, labelled by the names of the negative and the positive side.

    Where one side is named alone, the other is the one label that is left. Labels are compared as
    `sentiment.labels.alike` does, but for those that are named letter for letter. Raises
    `HardmaxError` where a label is named that no text has, or the other side cannot be told.

    >>> stars = Corpus("stars", ("so bad", "fair", "fine", "great"), ("1", "3", "4", "5"))
    >>> sided(stars, ["4", "5"], ["1"], ("-", "+")).labels
    ('-', '+', '+')
    """
    return _relabelled(corpus, _meaning(corpus, positives, negatives), names)


def agreed(
    corpora: Sequence[Corpus], positives: Sequence[str], negatives: Sequence[str]
) -> tuple[list[Corpus], tuple[str, str]]:
    """The corpora with the same two labels, and these: the negative and the positive one.

    Labels that are named hold in every corpus that has one of them; in the others each side is
    known by what the labels mean. The two are called as in the first corpus, or by `NAMES` where a
    side has several labels. Raises `HardmaxError` where a side has to be asked for.

    >>> one = Corpus("a", ("good", "bad"), ("5", "1"))
    >>> other = Corpus("b", ("fun", "dull"), ("fresh", "rotten"))
    >>> [corpus.labels for corpus in agreed([one, other], [], [])[0]]
    [('5', '1'), ('5', '1')]
    """
    everywhere = [label for corpus in corpora for label in corpus.classes]
    for label in [*positives, *negatives]:
        if not _among(everywhere, label):
            have = ", ".join(shorten(repr(x)) for x in dict.fromkeys(everywhere[:8]))
            side = "positive" if label in positives else "negative"
            raise HardmaxError(f"{side} = {shorten(repr(label))} is none of the labels {have}")
    names = NAMES if max(len(positives), len(negatives)) > 1 else None
    used = []
    for corpus in corpora:
        here = [
            [label for label in side if _among(corpus.classes, label)]
            for side in (positives, negatives)
        ]
        meaning = _meaning(corpus, *here) if any(here) else _known(corpus, names)
        if names is None:
            sides = {positive: label for label, positive in meaning.items()}
            names = (sides[False], sides[True]) if len(meaning) == len(sides) == 2 else NAMES
        used.append(_relabelled(corpus, meaning, names))
    return used, names or NAMES


def _among(classes: Sequence[str], label: str) -> list[str]:
    """The classes that a label names."""
    exact = [x for x in classes if x == label]
    return exact or [x for x in classes if alike(x, label)]


def _meaning(corpus: Corpus, positives: Sequence[str], negatives: Sequence[str]) -> dict[str, bool]:
    """Whether each label of a side is positive, as they are named."""
    meaning: dict[str, bool] = {}
    for wanted, positive in ((negatives, False), (positives, True)):
        for label in wanted:
            found = _among(corpus.classes, label)
            if not found:
                have = ", ".join(shorten(repr(x)) for x in corpus.classes[:8])
                raise HardmaxError(
                    f"{corpus.name}: {shorten(repr(label))} is none of the labels {have}"
                )
            if any(meaning.get(x, positive) != positive for x in found):
                raise HardmaxError(f"{corpus.name}: {shorten(repr(label))} is of both sides")
            meaning |= dict.fromkeys(found, positive)
    if not (positives and negatives):
        rest = [label for label in corpus.classes if label not in meaning]
        if len(rest) != 1:
            shown = ", ".join(shorten(repr(label)) for label in rest[:8]) or "none"
            which = "--negative" if positives else "--positive"
            raise HardmaxError(
                f"{corpus.name}: which labels are the other side? {which} names them "
                f"(left are {shown})"
            )
        meaning[rest[0]] = not positives
    return meaning


def _known(corpus: Corpus, names: tuple[str, str] | None) -> dict[str, bool]:
    """Whether each label is positive, by what the labels mean."""
    best = labels.positive(corpus.classes)
    if best is not None:
        return {label: label == best for label in corpus.classes}
    if names is not None:
        meant = labels.matched(corpus.classes, names, names[1])
        if meant is not None:
            return {label: name == names[1] for label, name in meant.items()}
    try:
        checking.classes(corpus.labels, len(corpus))
    except HardmaxError as error:
        more = "; --positive and --negative name two sides" if len(corpus.classes) > 2 else ""
        raise HardmaxError(f"{corpus.name}: {error}{more}") from None
    shown = " and ".join(shorten(repr(label)) for label in corpus.classes)
    raise HardmaxError(f"{corpus.name}: which of its labels {shown} is positive? --positive")


def _relabelled(corpus: Corpus, meaning: Mapping[str, bool], names: tuple[str, str]) -> Corpus:
    kept = np.array([label in meaning for label in corpus.labels])
    called = {label: names[positive] for label, positive in meaning.items()}
    return corpus.part(kept).relabelled(called)


def joined(corpora: Sequence[Corpus]) -> Corpus:
    """Several corpora as one. Groups stay apart by corpus, whatever they are called.

    Where only some have groups, each text of the others is a group of its own, as is one of a
    corpus whose groups are its parts train and test.

    >>> one = Corpus("a", ("good", "bad"), ("1", "0"), ("x", "y"))
    >>> both = joined([one, Corpus("b", ("fun",), ("1",))])
    >>> both.name, both.groups
    ('a, b', ('0 x', '0 y', '1.0'))
    """
    if len(corpora) == 1:
        return corpora[0]
    groups: list[str] = []
    for number, corpus in enumerate(corpora):
        if corpus.groups is None or set(corpus.groups) <= set(PARTS):
            groups += [f"{number}.{place}" for place in range(len(corpus))]
        else:
            groups += [f"{number} {group}" for group in corpus.groups]
    ungrouped = all(corpus.groups is None for corpus in corpora)
    return Corpus(
        ", ".join(corpus.name for corpus in corpora),
        tuple(text for corpus in corpora for text in corpus.texts),
        tuple(label for corpus in corpora for label in corpus.labels),
        None if ungrouped else tuple(groups),
        sum(corpus.rows or 0 for corpus in corpora),
        sum(corpus.empty for corpus in corpora),
    )
