"""The page and the picture of `benchmarks.leaders`: accuracy against the words that lead.

page   the goals with their figures, and every setting in two tables
draw   a point for each setting, a shape and colour for each family
"""

from collections.abc import Mapping, Sequence
from math import sqrt
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from theory.pictures.axes import library
from theory.pictures.colours import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
)
from theory.pictures.figures import save
from theory.pictures.sheet import styled

DEFAULT_NAME = "the classifier as it is by default"
ALONE_NAME = "every word for itself: the sum"

FAMILIES = {
    "neutral anchor": ("o", BLUE),
    "anchor, more dimensions": ("s", GREEN),
    "trained end to end": ("D", ORANGE),
    "arcs, same strengths": ("v", PURPLE),
    "before the anchor": ("^", VERMILION),
    "no attention": ("X", GREY),
}
"""Each family of settings with its shape and colour."""

MOST_COST, LEAST_CONTENT, MOST_LEADERS, LEAST_MOST, LEAST_TOLD = 0.005, 0.95, 3.0, 0.65, 0.98
"""The goals."""

Results = Mapping[str, Any]


class Row(NamedTuple):
    """A setting, its figures the means over seeds. error: the standard error of the cost."""

    name: str
    family: str
    accuracy: float
    cost: float
    error: float
    log_loss: float
    ece: float
    leaders: float
    function: float
    content: float
    anchor: float
    most: float
    told_way: float
    flips: float
    correlation: float
    ratio: float


def rows(results: Results) -> list[Row]:
    """All settings, in their order."""
    return [_row(name, record["family"], record["runs"]) for name, record in results.items()]


def _row(name: str, family: str, runs: Sequence[Mapping[str, Any]]) -> Row:
    flat = [{**run, **run["deletions"]} for run in runs]
    means = {key: fmean(run[key] for run in flat) for key in Row._fields[2:] if key != "error"}
    texts = sum(run["deletions"]["texts"] for run in runs), sum(run["texts"] for run in runs)
    error = sqrt(fmean(run["cost_variance"] for run in runs) / texts[1])
    return Row(name=name, family=family, error=error, **means)


def page(results: Results) -> str:
    """The page as Markdown."""
    every = rows(results)
    default = next(row for row in every if row.name == DEFAULT_NAME)
    runs = results[DEFAULT_NAME]["runs"]
    held, probed = runs[0]["texts"], sum(run["deletions"]["texts"] for run in runs)
    lines = [
        "# What leaders cost: accuracy against the words that lead",
        "",
        "Made by `python -m benchmarks leaders`. The training films of Rotten Tomatoes, divided by "
        f"film once for each of {len(runs)} seeds, about {held:,} reviews held out each time; "
        "means over seeds. No test film was looked at. Depth is 30, in floats, for infinite.",
        "",
        "![accuracy against word leaders a text](leaders.svg)",
        "",
        "## The default, and what was wanted of it",
        "",
        *goals(default),
        "",
        f"Deletions are true ones: in {probed:,} held-out reviews every word is deleted in turn, "
        "all its occurrences, and the rest is read again. The strongest leader is the one of the "
        "greatest contribution, in absolute value. Deleting it flips the decision in "
        f"{default.flips:.1%}. Contributions and effects have correlation "
        f"{default.correlation:.2f}; what is told is {default.ratio:.2f} times the effect: when a "
        "leader goes, the next word of its side leads what followed it.",
        "",
        "## What was tried, and what it gained",
        "",
        "Accuracy less that of the default, in points, of the most accurate setting of a family, "
        "first among those that reach all of the goals above. "
        f"The standard error of such a difference is about "
        f"{100 * default.error:.1f}, and a best of many is flattered by the choice.",
        "",
        "| | reaching all goals | points | leaders | the best | points | leaders |",
        "| --- | --- | ---: | ---: | --- | ---: | ---: |",
        *_gains(every, default),
        "",
        "## Accuracy and probabilities",
        "",
        "*Cost* is the accuracy of the same strengths summed without attention, less this "
        "accuracy, in points; ± its standard error, of pairs of answers to a review (reviews "
        "that several seeds hold out count several times: it is somewhat too small). Before the "
        "anchor there was another classifier, and its cost is against that one at depth 0.",
        "",
        "| setting | accuracy | cost | log loss | ECE | word leaders |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *_table(every, _of_accuracy),
        "",
        "## Whom the text follows, and deletions",
        "",
        "Percent of the text's weight that follows a function word, a content word, the anchor; "
        "percent of reviews in which the strongest leader has the greatest effect of all words, in "
        "which its deletion goes the told way, and in which it flips the decision; and correlation "
        "and ratio of what is told to the effect.",
        "",
        "| setting | function | content | anchor | greatest | told way | flips | corr. | ratio |",
        f"| --- |{' ---: |' * 8}",
        *_table(every, _of_leaders),
        "",
        *SETTINGS,
    ]
    return "\n".join(lines) + "\n"


def _gains(every: Sequence[Row], default: Row) -> list[str]:
    """Of each family the best setting that reaches all goals, and the best of all."""
    lines = []
    for family in FAMILIES:
        some = [row for row in every if row.family == family and row is not default]
        cells = [family]
        for choice in ([row for row in some if all(reached for *_, reached in wanted(row))], some):
            best = max(choice, key=lambda row: row.accuracy, default=None)
            if best is None:
                cells += ["none", "", ""]
            else:
                gain = signed(best.accuracy - default.accuracy)
                cells += [best.name, gain, f"{best.leaders:.2f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def wanted(row: Row) -> list[tuple[str, str, str, bool]]:
    """The goals: what, how much is wanted, how much was measured, whether that reaches it."""
    follows = row.content + row.anchor
    return [
        ("cost against no attention", f"≤ {100 * MOST_COST:.1f} points",
         f"{signed(row.cost)} ± {100 * row.error:.2f}", row.cost <= MOST_COST),
        ("weight that follows content words or the anchor", f"≥ {LEAST_CONTENT:.0%}",
         f"{follows:.1%} ({row.anchor:.1%} the anchor)", follows >= LEAST_CONTENT),
        ("word leaders a text", f"≤ {MOST_LEADERS:g}", f"{row.leaders:.2f}",
         row.leaders <= MOST_LEADERS),
        ("strongest leader is the most influential word", f"≥ {LEAST_MOST:.0%}",
         f"{row.most:.1%}", row.most >= LEAST_MOST),
        ("its deletion goes the told way", f"≥ {LEAST_TOLD:.0%}", f"{row.told_way:.1%}",
         row.told_way >= LEAST_TOLD),
    ]  # fmt: skip


def goals(row: Row) -> list[str]:
    """Each goal with its figure, as a table."""
    return ["| | wanted | measured | |", "| --- | ---: | ---: | --- |"] + [
        f"| {what} | {much} | {figure} | {'reached' if reached else 'missed'} |"
        for what, much, figure, reached in wanted(row)
    ]


def signed(part: float) -> str:
    """In points of a hundred, with its sign.

    >>> signed(0.0012), signed(-0.01), signed(0.0)
    ('+0.12', '−1.00', '+0.00')
    """
    return f"{100 * part:+.2f}".replace("-", "−")


def _of_accuracy(row: Row) -> list[str]:
    cost = f"{signed(row.cost)} ± {100 * row.error:.2f}"
    return [f"{row.accuracy:.4f}", cost, f"{row.log_loss:.3f}", f"{row.ece:.3f}",
            f"{row.leaders:.2f}"]  # fmt: skip


def _of_leaders(row: Row) -> list[str]:
    parts = row.function, row.content, row.anchor, row.most, row.told_way, row.flips
    return [
        *(f"{100 * x:.1f}" for x in parts),
        f"{row.correlation:.2f}".replace("-", "−"),
        f"{row.ratio:.2f}",
    ]


def _table(every: Sequence[Row], cells: Any) -> list[str]:
    """The rows of a table, with a line for each family before its settings."""
    lines, family = [], ""
    for row in every:
        told = cells(row)
        if row.family != family:
            family = row.family
            lines.append(f"| **{family}** |{' |' * len(told)}")
        lines.append(f"| {row.name} | {' | '.join(told)} |")
    return lines


SETTINGS = (
    "## The settings",
    "",
    "The default is `SentimentClassifier()` as it is; a row of its family differs in what it "
    "names.",
    "",
    "- *Pairs in n texts*: pairs of neighbouring words that n training texts have, beside words.",
    "- *Log-odds not leave-one-out*: in the regression each text counts itself in the log-odds.",
    "- *No remainders*: strengths are multiples of ratings and log-odds alone.",
    "- *Topics*: leading words lie apart, by the singular vectors of texts by words, so that "
    "a word follows the strongest of its side that is near; the decoder reads all d "
    "coordinates.",
    "- *Hardmax*, *annealed softmax*: the embedding and the decoder trained by Adam from the "
    "default on, six epochs at most, by the exact gradient with attention sets as they stand,"
    " or through softmax attention whose β rises from 1 to 30; half of the places left out of"
    " each pass. The number of epochs, at least one, is that of least loss on a seventh of "
    "the training films.",
    "- *Arcs a and b*: no anchor; positive words of strength u stand at height a√(R² − u²), "
    "negative ones at height b√(R² − u²), with an R for each class; *own axes*: each class in"
    " a plane of its own. No masses; the decoder reads all coordinates.",
    "- *Before the anchor*: the classifier with `anchor=0, ngrams=2, lexicon_scale=0.3`, "
    "trained as it was; its probabilities are rescaled on held-out films, as now.",
    "- *Leaders only*: the decoder reads the strengths of the strongest word of each side, "
    "whatever follows it; *the sum*: no attention, every word leads itself.",
    "",
    "Not tried: training end to end in more than two coordinates, or of multiplicities; rates of "
    "Adam other than 0.001; other paths of β; other readings than these; more than "
    "one corpus.",
)


def draw(results: Results, path: Path) -> None:
    """The picture: word leaders a text to the right, on a logarithmic axis; accuracy upward."""
    every = rows(results)
    default = next(row for row in every if row.name == DEFAULT_NAME)
    ceiling = default.accuracy + default.cost
    with styled():
        figure = library("matplotlib.figure").Figure(figsize=(5.2, 4.2), layout="constrained")
        axes = figure.subplots()
        axes.set_xscale("log")
        for family, (marker, colour) in FAMILIES.items():
            some = [row for row in every if row.family == family and row is not default]
            axes.scatter(
                [row.leaders for row in some], [100 * row.accuracy for row in some], s=26,
                marker=marker, color=colour, edgecolors=BLACK, linewidths=0.4, label=family,
                zorder=4, gid=family.replace(" ", "-").replace(",", ""),
            )  # fmt: skip
        axes.scatter(
            [default.leaders], [100 * default.accuracy], s=110, marker="*", color=SKY,
            edgecolors=BLACK, linewidths=0.8, zorder=5, label="the default", gid="the-default",
        )  # fmt: skip
        axes.axhline(
            100 * ceiling, color=BLACK, linewidth=0.8, linestyle="--", zorder=1,
            label="the same strengths, no attention",
        )  # fmt: skip
        axes.axhspan(
            100 * (ceiling - MOST_COST), 100 * ceiling, color=GREY, alpha=0.25, linewidth=0,
            zorder=0, label="half a point below",
        )  # fmt: skip
        axes.axvline(
            MOST_LEADERS, color=GREY, linewidth=0.8, linestyle=":", zorder=1,
            label=f"{MOST_LEADERS:g} word leaders",
        )  # fmt: skip
        ticks = [1, 2, 3, 5, 10, 20]
        axes.set_xticks(ticks, [str(x) for x in ticks])
        axes.minorticks_off()
        axes.set(xlabel="word leaders a text", ylabel="accuracy on validation films, %")
        figure.legend(loc="outside lower center", ncols=2)
    save(figure, path)
