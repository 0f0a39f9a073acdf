"""Explanations, evaluations and surveys as tables for the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from checks.cli.screen import table
from checks.cli.words import printable
from sentiment.explanation import Explanation, Survey
from sentiment.lexicon import valence
from theory.readable import nearest

MOST = 12
"""Words shown in one cell; the others are counted."""

RIVALS = {
    "majority": "majority",
    "vader": "VADER",
    "tfidf": "TF-IDF, regression",
    "tfidf_bigrams": "TF-IDF with pairs, regression",
    "tfidf_vader": "TF-IDF with pairs, negation, VADER, regression",
}


def explained(explanation: Explanation) -> list[RenderableType]:
    """One text: the verdict, the leaders with what they contribute, and who follows whom."""
    verdict = (
        f"{explanation.prediction}: logit {nearest(explanation.logit):+.4f}, "
        f"probability of {explanation.positive} {explanation.probability:.3f}"
    )
    parts: list[RenderableType] = [Text(printable(verdict), style="bold")]
    resolved = explanation.resolved
    if resolved is None:
        parts.append(Text("No known word: this is the prior of the training texts."))
        return parts
    names = "leader", "since", "mass", "vote", "mass × vote", "followed by"
    made = table(*names, right=names[1:-1])
    numbers = {leader.place: k for k, leader in enumerate(explanation.leaders)}
    followers: list[list[str]] = [[] for _ in explanation.leaders]
    for place, word in enumerate(explanation.words):
        for k, share in explanation.followed(place):
            if numbers.get(place) != k:
                followers[k].append(word if share == 1 else f"{word} ({nearest(share):.0%})")
    for leader, words in zip(explanation.leaders, followers, strict=True):
        made.add_row(
            Text(printable(leader.word)),
            str(leader.since_layer),
            f"{nearest(leader.mass):.1%}",
            f"{nearest(leader.vote):+.3f}",
            f"{nearest(leader.weighted_vote):+.4f}",
            Text(printable(_some(words))),
        )
    made.add_section()
    made.add_row("logit", "", "", "", f"{nearest(explanation.logit):+.4f}", "")
    made.caption = Text(
        f"Settled at layer {resolved.settled.layer}; this is the limit of infinitely many. "
        f"Each vote has the bias {nearest(resolved.bias):+.4f} in it; exact numbers with --json."
    )
    parts.append(made)
    if explanation.unknown:
        parts.append(Text(f"not in the vocabulary: {printable(_some(explanation.unknown))}"))
    return parts


def evaluated(record: Mapping[str, Any]) -> list[RenderableType]:
    """An evaluation."""
    grid = table("", "accuracy", right=("accuracy",))
    grid.add_row(f"this model, depth {record['depth']}", f"{record['accuracy']:.4f}")
    if "agreement" in record:
        finite = f"this model, depth {record['finite_depth']}"
        grid.add_row(finite, f"{record['accuracy_at_finite_depth']:.4f}")
    for name, accuracy in record.get("baselines", {}).items():
        if accuracy is not None:
            grid.add_row(RIVALS[name], f"{accuracy:.4f}")
    notes = f"{record['texts']} texts, mean loss {record['log_loss']:.4f}."
    if "agreement" in record:
        notes += (
            f" Depth {record['finite_depth']} and infinite depth decide alike on "
            f"{record['agreement']:.2%}."
        )
    grid.caption = Text(notes)
    names = "said", "texts", "mean said", "positive"
    bins = table(*names, right=names[1:])
    for part in record["reliability"]:
        if part["texts"]:
            told = (f"{part[name]:.3f}" for name in ("mean_probability", "positive"))
            bins.add_row(f"{part['start']:.1f}–{part['end']:.1f}", str(part["texts"]), *told)
    bins.caption = Text(
        f"Probability of positive as said, and the part that is. Expected calibration error "
        f"(ECE, {len(record['reliability'])} bins of equal width): {record['ece']:.4f}."
    )
    return [grid, bins]


def surveyed(survey: Survey, lexicon: Mapping[str, float], top: int) -> list[RenderableType]:
    """The leader words of many texts, most frequent first."""
    names = "leader", "texts", "votes", "mass", "mass × vote", "VADER"
    grid = table(*names, right={*names} - {"leader", "votes"})
    for name, word in survey.ranked()[:top]:
        rating = valence(name, lexicon)
        grid.add_row(
            Text(printable(name)),
            str(word.texts),
            {1: "positive", -1: "negative", 0: "both ways"}[word.sign],
            f"{nearest(word.mass / word.texts):.1%}",
            f"{nearest(word.weighted_vote / word.texts):+.3f}",
            f"{rating:+.1f}" if rating else "",
        )
    explained = sum(survey.counts.values())
    mean = sum(k * n for k, n in survey.counts.items()) / explained if explained else 0.0
    agree, rated = survey.agreement(lexicon)
    parts = ", ".join(f"{k}: {n}" for k, n in sorted(survey.counts.items()))
    lines = [
        f"{len(survey.words)} words lead in {explained} texts; {mean:.2f} leaders a text "
        f"(leaders: texts; {parts}).",
        f"Of {rated} leaders that VADER rates {agree} vote its way"
        + (f" ({agree / rated:.1%})." if rated else "."),
    ]
    if survey.without:
        lines.append(f"Texts without a known word: {survey.without}.")
    return [grid, Text("\n".join(lines))]


def _some(words: Sequence[str]) -> str:
    more = len(words) - MOST
    return ", ".join(words[:MOST]) + (f", … {more} more" if more > 0 else "")
