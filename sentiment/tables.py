"""Explanations, evaluations and surveys as tables for the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from checks.cli.screen import table
from checks.cli.words import printable
from sentiment import telling
from sentiment.deletion import Deletion
from sentiment.explanation import Explanation
from sentiment.leading import Survey, Word
from sentiment.lexicon import valence
from sentiment.limits import ANCHOR
from sentiment.spans import adding_up
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


def explained(explanation: Explanation, deletions: Sequence[Deletion] = ()) -> list[RenderableType]:
    """One text: the verdict, the leaders with what they contribute, and who follows whom."""
    parts: list[RenderableType] = [
        _line(f"{telling.verdict(explanation)}: {telling.headline(explanation)}", "bold"),
        _line(telling.calibrated(explanation)),
    ]
    parts += [_line(f"Caution: {words}") for words in telling.cautions(explanation)]
    if explanation.resolved is None:
        return parts
    names = "", "since", "mass", "adds", "followed by"
    rows = table(*names, right=names[1:-1])
    leaders = explanation.leaders
    *shown, start = adding_up([*(leader.contribution for leader in leaders), explanation.bias])
    followers = _followers(explanation)
    for leader, value, words in zip(leaders, shown, followers, strict=True):
        rows.add_row(
            Text(printable(telling.spoken(leader.name))),
            str(leader.since_layer),
            f"{nearest(leader.mass):.1%}",
            telling.signed(value),
            Text(printable(_some(words))),
        )
    rows.add_row("starting point", "", "", telling.signed(start), "")
    rows.add_section()
    rows.add_row("score", "", "", telling.signed(sum(shown, start)), "")
    rows.caption = Text(
        f"{telling.sum_of('these rows', explanation)} {_neutral(explanation)}Attention settles at "
        f"layer {explanation.resolved.settled.layer}, and this is its limit; exact numbers with "
        "--json."
    )
    parts.append(rows)
    parts += [
        _line(telling.without(explanation, deletion))
        for deletion in telling.noticeable(explanation, deletions)
    ]
    unknown = (
        f" Not in the vocabulary: {_some([*map(telling.spoken, explanation.unknown)])}."
        if explanation.unknown
        else ""
    )
    parts.append(_line(telling.known(explanation) + unknown))
    return parts


def _followers(explanation: Explanation) -> list[list[str]]:
    """For each leader the words that follow it, and how much of them where it is not all."""
    numbers = {leader.place: k for k, leader in enumerate(explanation.leaders)}
    followers: list[list[str]] = [[] for _ in explanation.leaders]
    anchor = None if explanation.resolved is None else explanation.resolved.anchor
    for place, name in enumerate(explanation.words):
        for k, share in explanation.followed(place):
            if numbers.get(place) != k and place != anchor:
                part = "" if share == 1 else f" ({nearest(share):.0%})"
                followers[k].append(telling.spoken(name) + part)
    return followers


def _neutral(explanation: Explanation) -> str:
    return "" if explanation.anchor is None else f"The {ANCHOR} speaks for neither side. "


def _line(words: str, style: str = "") -> Text:
    return Text(printable(words), style=style)


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
    """The leader words of many texts by their sides, the commonest first, and the anchor."""
    sides = {1: "positive", -1: "negative", 0: "both ways"}
    names = "leader", "side", "texts", "mass", "adds", "VADER"
    grid = table(*names, right={*names} - {"leader", "side"})
    first = survey.ranked()[:top]
    for sign in (1, -1, 0):
        for name, word in first:
            if word.sign == sign:
                rating = valence(name, lexicon)
                rated = f"{rating:+.1f}".replace("-", "−") if rating else ""
                grid.add_row(
                    Text(printable(telling.spoken(name))), sides[sign], *_counted(word), rated
                )
        grid.add_section()
    if survey.anchor is not None:
        grid.add_row(ANCHOR, "neither", *_counted(survey.anchor), "")
    explained = sum(survey.counts.values())
    mean = sum(k * n for k, n in survey.counts.items()) / explained if explained else 0.0
    agree, rated_ones = survey.agreement(lexicon)
    parts = ", ".join(f"{k}: {n}" for k, n in sorted(survey.counts.items()))
    lines = [
        f"{len(survey.words)} words lead in {explained} texts; {mean:.2f} leader words a text "
        f"(leader words: texts; {parts}).",
        f"Of {rated_ones} leaders that VADER rates {agree} stand on its side"
        + (f" ({agree / rated_ones:.1%})." if rated_ones else "."),
        "Mass is the part of a text that follows, adds what that adds to the score: means.",
    ]
    if survey.anchor is not None:
        lines.append(f"The {ANCHOR}, which is no word, leads in {survey.anchor.texts} texts.")
    if survey.without:
        lines.append(f"Texts without a known word: {survey.without}.")
    return [grid, Text("\n".join(lines))]


def _counted(word: Word) -> tuple[str, str, str]:
    return (
        str(word.texts),
        f"{nearest(word.mass / word.texts):.1%}",
        telling.signed(word.contribution / word.texts),
    )


def _some(words: Sequence[str]) -> str:
    more = len(words) - MOST
    return ", ".join(words[:MOST]) + (f", … {more} more" if more > 0 else "")
