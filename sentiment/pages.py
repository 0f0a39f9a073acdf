"""An explanation as an HTML page: one file, no script, no network.

Words are coloured by cluster: those with one limit share a colour and a number, so that nothing
is told by colour alone; the colours are those of Okabe and Ito. Hovering over a word, or focusing
it with the keyboard, tells whom it follows and what it adds to the logit.
"""

from collections.abc import Sequence
from html import escape

from flint import fmpq

from sentiment.explanation import Explanation
from theory.pictures.colours import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION
from theory.readable import nearest

COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION)
"""One for each cluster, in turn; a seventh cluster is dashed."""

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem;
       color: #111; background: #fff; }
.review { font-size: 1.25rem; line-height: 2.2; overflow-wrap: anywhere; white-space: pre-wrap;
          position: relative; }
.word { border-bottom: 4px solid; padding: 0 1px; cursor: help; }
.word sub { font-size: .6em; color: #444; }
.word:focus { outline: 2px solid #000; }
.tip { display: none; position: absolute; left: 0; right: 0; top: 100%; z-index: 1;
       padding: .3rem .6rem; background: #222; color: #fff; font-size: .8rem;
       line-height: 1.4; white-space: pre-line; border-radius: 4px; }
.word:hover .tip, .word:focus .tip { display: block; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid #ddd;
         vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
details { margin: .5rem 0; overflow-wrap: anywhere; }
.note { color: #444; font-size: .9rem; }
"""


def page(explanation: Explanation) -> str:
    """The page. Everything that the text or the vocabulary says is escaped."""
    body = [
        f"<h1>{escape(str(explanation.prediction))}</h1>",
        f"<p>{_verdict(explanation)}</p>",
        f'<p class="review">{_review(explanation)}</p>',
    ]
    if explanation.resolved is not None:
        body += [_leaders(explanation), _clusters(explanation), _exact(explanation)]
    if explanation.unknown:
        words = ", ".join(map(escape, explanation.unknown))
        body.append(f'<p class="note">Not in the vocabulary: {words}.</p>')
    title = escape(f"{explanation.prediction}: {' '.join(explanation.given.split())[:60]}")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="generator" content="hardmax">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _verdict(explanation: Explanation) -> str:
    logit = f"logit {signed(explanation.logit)}"
    if explanation.resolved is None:
        return f"No word is known: the prior of training decides ({logit})."
    layer = explanation.resolved.settled.layer
    return (
        f"{logit}, probability of {escape(str(explanation.positive))} "
        f"{explanation.probability:.3f}; attention settles at layer {layer}, "
        "and this is its limit at infinite depth."
    )


def _review(explanation: Explanation) -> str:
    """The text with each word marked by its cluster."""
    cluster_of = {i: k for k, cluster in enumerate(explanation.clusters) for i in cluster}
    pairs = [f for f in explanation.features if not f.is_word and f.name in explanation.place_of]
    parts, end = [], 0
    for feature in explanation.features:
        if not feature.is_word:
            continue
        parts.append(escape(explanation.given[end : feature.start]))
        word = escape(explanation.given[feature.start : feature.end])
        end = feature.end
        covering = [f.name for f in pairs if f.start <= feature.start and feature.end <= f.end]
        names = [feature.name, *dict.fromkeys(covering)]
        known = [name for name in names if name in explanation.place_of]
        if not known:
            parts.append(word)
            continue
        tip = "\n".join(_tip(explanation, name) for name in known)
        place = explanation.place_of.get(feature.name)
        style, number = f"border-color: {GREY}; border-style: dotted", ""
        if place is not None:
            k = cluster_of[place]
            line = "solid" if k < len(COLOURS) else "dashed"
            style = f"border-color: {COLOURS[k % len(COLOURS)]}; border-style: {line}"
            style += f"; border-width: 0 0 {7 if _leads(explanation, place) else 4}px"
            number = f"<sub>{k + 1}</sub>"
        parts.append(
            f'<span class="word" tabindex="0" style="{style}">{word}{number}'
            f'<span class="tip" role="tooltip">{escape(tip)}</span></span>'
        )
    parts.append(escape(explanation.given[end:]))
    return "".join(parts)


def _tip(explanation: Explanation, name: str) -> str:
    place = explanation.place_of[name]
    resolved = explanation.resolved
    part = "" if resolved is None else signed(resolved.parts[place])
    if _leads(explanation, place):
        return f"{name}: leads; adds {part}"
    followed = [
        explanation.leaders[k].word + ("" if share == 1 else f" ({nearest(share):.0%})")
        for k, share in explanation.followed(place)
    ]
    return f"{name}: follows {', '.join(followed)}; adds {part}"


def _leads(explanation: Explanation, place: int) -> bool:
    return any(leader.place == place for leader in explanation.leaders)


def _leaders(explanation: Explanation) -> str:
    bias = fmpq(0) if explanation.resolved is None else explanation.resolved.bias
    rows = [
        [
            escape(leader.word),
            str(leader.since_layer),
            f"{nearest(leader.mass):.1%}",
            signed(leader.vote),
            signed(leader.weighted_vote),
        ]
        for leader in explanation.leaders
    ]
    rows.append(["logit", "", "", "", signed(explanation.logit)])
    note = f'<p class="note">Each vote has the bias {signed(bias)} in it.</p>'
    return _table(("leader", "since layer", "mass", "vote", "mass × vote"), rows) + note


def _clusters(explanation: Explanation) -> str:
    rows = []
    leading = {leader.place for leader in explanation.leaders}
    for number, cluster in enumerate(explanation.clusters, start=1):
        heads = [explanation.words[i] for i in cluster if i in leading]
        if not heads:
            heads = ["between " + ", ".join(
                explanation.leaders[k].word for k, _ in explanation.followed(cluster[0])
            )]  # fmt: skip
        others = [explanation.words[i] for i in cluster if i not in leading]
        rows.append([str(number), escape(", ".join(heads)), escape(", ".join(others))])
    return _table(("cluster", "leader", "words that follow it"), rows, numbers=1)


def _exact(explanation: Explanation) -> str:
    lines = [f"{escape(leader.word)}: {leader.contribution}" for leader in explanation.leaders]
    bias = "" if explanation.resolved is None else f"bias: {explanation.resolved.bias}"
    rows = "".join(f"<li>{line}</li>" for line in [*lines, bias, f"logit: {explanation.logit}"])
    return (
        "<details><summary>The exact contributions; with the bias they add up to the logit"
        f"</summary><ul>{rows}</ul></details>"
    )


def _table(names: Sequence[str], rows: Sequence[Sequence[str]], numbers: int = 0) -> str:
    """`numbers` = 1: only the first column is of numbers; 0: all but the first."""
    head = "".join(f"<th>{name}</th>" for name in names)
    lines = []
    for row in rows:
        cells = [
            f'<td class="number">{x}</td>' if (k > 0) != bool(numbers) else f"<td>{x}</td>"
            for k, x in enumerate(row)
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><tr>{head}</tr>{''.join(lines)}</table>"


def signed(value: fmpq) -> str:
    """A number to three places with its sign.

    >>> signed(fmpq(-1, 3)), signed(fmpq(0))
    ('−0.333', '+0.000')
    """
    return f"{nearest(value):+.3f}".replace("-", "−")
