"""The model card: what a model was trained on, how well it does, how sure it may be, its limits.

`hardmax sentiment train` writes it beside the model, as NAME.md. After M. Mitchell and others,
Model Cards for Model Reporting (FAT* 2019, arXiv:1810.03993).

    Facts     what the card tells of one training
    judged    the figures on texts that were held out
    card      the card, in Markdown
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from checks.process import version
from checks.reports.latex import markdown
from sentiment.classifier import SentimentClassifier
from sentiment.corpora import Corpus
from sentiment.evaluation import evaluation, rivals
from sentiment.provenance import Provenance
from sentiment.saving import CARD
from sentiment.telling import percent

MOST_JUDGED = 5000
"""Held-out texts that are judged at most, evenly taken: of more the figures hardly change."""

RIVALS = {
    "majority": "the commonest label",
    "vader": "VADER's compound score",
    "tfidf": "TF-IDF, logistic regression",
    "tfidf_bigrams": "the same with pairs of words",
    "tfidf_vader": "the same with negation and VADER's scores",
}

LIMITS = (
    "It reads English. Of other languages it knows words that look English, and says so where it "
    "can; take its answer for none.",
    "It reads words, phrases, emoji and negations, not meaning: irony and sarcasm, comparisons "
    "with something else, and questions mislead it.",
    "Texts of one or two words, or of words that were rare in training, are told with a confidence "
    "that has not been earned there.",
    "What it learned is of its data: other subjects, other times and other kinds of writers have "
    "other words. Figures on other data are worse.",
    "Words for people may lean to one side because texts of training did. It is not made for "
    "decisions about people.",
    "An explanation is exact about the model, not about the text: it says what decided, not "
    "whether that was a good reason.",
)


@dataclass(frozen=True)
class Facts:
    """What a card tells of one training.

    corpora : of each its name, rows, texts (trained on), held_out, empty_rows, other_labels, split.
    labels : how many texts of each label were trained on. figures : what `judged` told, None where
    nothing was held out. command : that trains again.
    """

    name: str
    corpora: Sequence[Mapping[str, Any]]
    labels: Mapping[str, int]
    hold_out: float
    seed: int
    figures: Mapping[str, Any] | None
    command: str


def judged(
    model: SentimentClassifier,
    trained_on: Provenance,
    training: Corpus,
    held: Corpus,
    baselines: bool = False,
) -> dict[str, Any] | None:
    """The figures on held-out texts; None without any.

    Texts that stand in training as well, be it nearly so, are left out and counted. Of more than
    `MOST_JUDGED` texts every second, third, … is taken.
    """
    seen = trained_on.seen(held.texts)
    near = trained_on.nearly_seen(held.texts)
    known = seen if near is None else seen | near
    fresh = np.flatnonzero(~known)
    step = -(-len(fresh) // MOST_JUDGED) or 1
    chosen = np.zeros(len(held), dtype=bool)
    chosen[fresh[::step]] = True
    if not chosen.any():
        return None
    tested = held.part(chosen)
    record = evaluation(model, tested)
    record["of_texts"] = len(fresh)
    record["verbatim_in_training"] = int(seen.sum())
    record["near_verbatim_in_training"] = None if near is None else int(near.sum())
    if baselines:
        record["baselines"] = rivals(model, training, tested)
    return record


def card(model: SentimentClassifier, facts: Facts, digest: str) -> str:
    """The card of a model whose version is `digest`."""
    positive, negative = (markdown(str(x)) for x in (model.positive_, model.negative_))
    name = markdown(facts.name)
    parts = [
        CARD.decode(),
        f"# Model card: {name}",
        f"A classifier of short opinions in English: is a text **{positive}** or **{negative}**? "
        "Its decisions are read off words: of every text it can be told exactly which words led, "
        "and what each added.",
        f"Version `{digest}` (the beginning of the SHA-256 of the model's .json file), made with "
        f"hardmax {version()}.",
        "## Data",
        _table(
            ("corpus", "rows read", "trained on", "held out", "without text", "of other labels"),
            [
                (markdown(str(corpus["name"])), *(_count(corpus[key]) for key in _COUNTS))
                for corpus in facts.corpora
            ],
        ),
        "Labels trained on: "
        + ", ".join(f"{_count(n)} {markdown(label)}" for label, n in facts.labels.items())
        + ".",
        _split(facts),
        "## Figures",
        *_figures(facts.figures),
        "## Calibration",
        _calibration(facts.figures),
        _own_calibration(model),
        "## How it decides",
        _decides(model),
        "## Limits",
        "\n".join(f"- {line}" for line in LIMITS),
        "## To use it, and to train it again",
        _code(
            f'hardmax sentiment explain {facts.name} "A text." --html page.html\n{facts.command}'
        ),
        f"The same data, options and seed ({facts.seed}) give the same model.",
    ]
    return "\n\n".join(parts) + "\n"


_COUNTS = ("rows", "texts", "held_out", "empty_rows", "other_labels")


def interval(rate: float, count: int) -> tuple[float, float]:
    """Wilson's interval of 95% for the rate of which `rate` was seen in `count` texts.

    >>> [round(x, 3) for x in interval(0.8, 100)], [round(x, 3) for x in interval(1.0, 10)]
    ([0.711, 0.867], [0.722, 1.0])
    """
    z = 1.959964
    middle = (rate + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * sqrt(rate * (1 - rate) / count + z * z / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def _split(facts: Facts) -> str:
    if not facts.hold_out:
        return "No text was held out."
    kinds = {corpus["split"] for corpus in facts.corpora}
    ways = {
        "parts": "The part that the corpus itself calls test was held out.",
        "groups": f"A part {facts.hold_out:g} of the groups was drawn and held out, each with all "
        "of its texts.",
        "texts": f"A part {facts.hold_out:g} of the texts was drawn and held out.",
    }
    told = " ".join(
        (f"Of {_names(facts, kind)}: " if len(kinds) > 1 else "") + way
        for kind, way in ways.items()
        if kind in kinds
    )
    same = "It is" if len(kinds) == 1 else "They are"
    return f"{told} {same} the same for the same data. No setting was chosen by what was held out."


def _names(facts: Facts, kind: str) -> str:
    """The corpora that were divided in this way."""
    return ", ".join(
        markdown(str(corpus["name"])) for corpus in facts.corpora if corpus["split"] == kind
    )


def _figures(figures: Mapping[str, Any] | None) -> list[str]:
    if figures is None:
        return ["None: no text was held out that is not among those of training."]
    left = figures["verbatim_in_training"] + (figures["near_verbatim_in_training"] or 0)
    of = "" if figures["of_texts"] == figures["texts"] else f" of {_count(figures['of_texts'])}"
    doubles = (
        f" {_count(left)} more stand among those of training and do not count." if left else ""
    )
    rows = [("this model", f"{figures['accuracy']:.3f}")]
    for name, accuracy in figures.get("baselines", {}).items():
        if accuracy is not None:
            rows.append((RIVALS[name], f"{accuracy:.3f}"))
    low, high = interval(figures["accuracy"], figures["texts"])
    return [
        f"On {_count(figures['texts'])}{of} held-out texts.{doubles} Depth of attention: "
        f"{figures['depth']}. By the number of texts alone the accuracy may be anything from "
        f"{low:.3f} to {high:.3f} (95%).",
        _table(("", "accuracy"), rows),
        f"Log loss {figures['log_loss']:.3f}. Texts without a known word: "
        f"{_count(figures['without_known_word'])}.",
    ]


def _calibration(figures: Mapping[str, Any] | None) -> str:
    if figures is None:
        return "What its probabilities are worth has not been measured."
    rows = [
        (f"{percent(b['start'])}–{percent(b['end'])}", _count(b["texts"]),
         f"{b['mean_probability']:.3f}", f"{b['positive']:.3f}")
        for b in figures["reliability"] if b["texts"]
    ]  # fmt: skip
    return (
        "Probability of the positive class as told, and the part of the held-out texts that was "
        f"positive. Expected calibration error (ten bins of equal width): {figures['ece']:.3f}.\n\n"
        + _table(("told", "texts", "mean told", "positive"), rows)
    )


def _own_calibration(model: SentimentClassifier) -> str:
    """What the model itself keeps of that, and tells beside a probability."""
    own = model.calibration_
    if own is None:
        return (
            "The model keeps no table of its own: too few texts were trained on, or none held out."
        )
    how = (
        f"in {own.parts} parts, each judged by a model of the others"
        if own.parts > 1
        else "held out of the first training"
    )
    return (
        f"Scale and starting point of the decoder were fitted on {_count(own.texts)} texts of "
        f"training, {how}. There the accuracy was {own.accuracy:.3f}, the log loss "
        f"{own.log_loss:.3f}, the expected calibration error {own.ece:.3f}; that table is kept in "
        "the model, and explanations tell of it what a probability was worth."
    )


def _decides(model: SentimentClassifier) -> str:
    reading = model.reading_
    pairs = "" if reading.ngrams == 1 else f", groups of up to {reading.ngrams} words"
    led = (
        "At most two words lead in a text, the strongest for each label; words without a side "
        "follow the neutral anchor, a token of no word, which adds nothing."
        if model.parameters_.anchor
        else "There is no neutral anchor: words without a side may lead too."
    )
    return (
        f"It knows {_count(len(model.vocabulary_))} features: words, phrases, emoji{pairs}. Words "
        "that a negation reaches are features of their own. Layers of hardmax attention (α = "
        f"{model.parameters_.alpha:g}, dimension {model.parameters_.dimension}) gather the words "
        f"of a text at leaders; a linear decoder reads the mean. {led} A text without a known word "
        "gets the log-odds of the labels in training."
    )


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [names, ["---", *["---:"] * (len(names) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(words: str) -> str:
    fence = "`" * (3 + words.count("```"))
    return f"{fence}bash\n{words}\n{fence}"


def _count(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"
