"""What reading alone decides: sums of ratings on nine corpora, against VADER; and its speed.

    python -m benchmarks reading                 # the page; touches the test parts
    python -m benchmarks.reading --training      # the training parts alone

Nothing is trained. A text is positive iff the sum of rating times salience over its features is
above 0, with the lexicon and the rules of `sentiment.lexicon` and `sentiment.scope`; VADER decides
by its compound score. Rules and ratings were chosen on the training parts of `benchmarks.corpora`,
and the test parts show whether they carry over.
"""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpora import divided, named, positive
from benchmarks.timing import medians
from sentiment.corpora import Corpus
from sentiment.downloads import load
from sentiment.evaluation import vader_scores
from sentiment.language import ENGLISH, language
from sentiment.lexicon import vader_lexicon, valence
from sentiment.markup import plain
from sentiment.reading import Reading
from sentiment.sources import SOURCES

NEGATION = re.compile(
    r"\b(?:not|no|never|nothing|nor|neither|without|hardly|cannot|dont|cant|didnt|doesnt|isnt"
    r"|\w+n['’]t|\w+n&#0?39;t)\b",
    re.IGNORECASE,
)
"""A text with a negation, told apart by neither of those compared."""

READING = Reading(negation=4)
WORDS = 20
"""Speed is told for texts of so many words."""


def decided(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which texts have a sum of ratings above 0."""
    lexicon = vader_lexicon()
    counts = [READING.counts(text) for text in texts]
    return np.array([sum(n * valence(x, lexicon) for x, n in c.items()) > 0 for c in counts])


def accuracies(corpus: Corpus) -> list[float]:
    """Of all texts and of those with a negation: how many, VADER's accuracy and ours."""
    truth = positive(corpus)
    vader = np.asarray(vader_scores(corpus.texts))[:, -1] > 0
    ours = decided(corpus.texts)
    negated = np.array([NEGATION.search(text) is not None for text in corpus.texts])
    row: list[float] = []
    for part in (np.ones(len(truth), dtype=bool), negated):
        rates = [float((way == truth)[part].mean()) for way in (vader, ours)]
        row += [float(part.sum()), *rates]
    return row


def table(corpora: Sequence[Corpus]) -> list[str]:
    """A row for each corpus, and one of means."""
    rows = {corpus.name: accuracies(corpus) for corpus in corpora}
    columns = list(zip(*rows.values(), strict=True))
    lines = [
        "| corpus | texts | VADER | ours | with a negation | VADER | ours |",
        "| --- |" + " ---: |" * 6,
    ]
    for name, row in (*rows.items(), ("**mean**", [fmean(column) for column in columns])):
        cells = [
            ("" if name == "**mean**" else f"{x:,.0f}") if k % 3 == 0 else f"{x:.3f}"
            for k, x in enumerate(row)
        ]
        lines.append(f"| {' | '.join([name, *cells])} |")
    return lines


def accused(corpora: Sequence[Corpus]) -> str:
    """How many texts are told to be in another language than English."""
    texts = [text for corpus in corpora for text in corpus.texts]
    told = [language(plain(text).text) for text in texts]
    others = sum(name not in (None, ENGLISH) for name in told)
    return (
        f"{others} of {len(texts):,} texts are told to be in another language; "
        "rotten-tomatoes has some in Spanish and Portuguese."
    )


def speed(corpus: Corpus) -> str:
    """Texts a second and core."""
    texts = corpus.texts[:4000]
    words = sum(len(text.split()) for text in texts)
    pairs = Reading(negation=4, ngrams=2)
    times = medians(
        {
            "counts": lambda: [pairs.counts(text) for text in texts],
            "features": lambda: [pairs.features(text) for text in texts],
        }
    )
    rates = {name: f"{words / WORDS / seconds:,.0f}" for name, seconds in times.items()}
    return (
        f"With pairs, texts of {WORDS} words a second and core: {rates['counts']} as counts, "
        f"{rates['features']} with the characters that features cover."
    )


def main(arguments: Sequence[str] = ()) -> str:
    """Measure; the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--training", action="store_true", help="touch no test part")
    parser.add_argument("--cache", type=Path, help="where the corpora are kept")
    given = parser.parse_args(list(arguments))
    read = [named(load(source, given.cache)) for source in SOURCES.values()]
    parts = list(divided(read, False))
    training = [each.training for each in parts]
    lines = [
        "# What reading alone decides",
        "",
        "Made by `python -m benchmarks reading`. Nothing is trained: ours is the sign of the sum "
        "of rating times salience, VADER's that of its compound score. The rules and our ratings "
        "were chosen on the training parts.",
        "",
        "## Training parts",
        "",
        *table(training),
    ]
    if not given.training:
        lines += ["", "## Test parts", "", *table([each.tested for each in parts])]
    rotten_tomatoes = next(corpus for corpus in training if corpus.name == "rotten-tomatoes")
    lines += ["", accused(training), "", speed(rotten_tomatoes)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    print(main(sys.argv[1:]))
