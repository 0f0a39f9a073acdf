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
:root { color-scheme: light dark;
        --ink: #111; --paper: #fff; --soft: #444; --line: #ddd; --edge: #767676; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e9ebee; --paper: #14171a; --soft: #b3bac2; --line: #3b4249; --edge: #8a929b; }
}
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem;
       color: var(--ink); background: var(--paper); }
h1 { overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 1.6rem 0 0; }
.review { font-size: 1.25rem; line-height: 2.2; overflow-wrap: anywhere; white-space: pre-wrap;
          position: relative; }
.word { border-bottom: 4px solid; padding: 0 1px; cursor: help; }
.word sub { font-size: .6em; color: var(--soft); }
:focus-visible { outline: 3px solid #0072b2; outline-offset: 2px; }
.tip { display: none; position: absolute; left: 0; right: 0; top: 100%; z-index: 1;
       padding: .3rem .6rem; background: #222; color: #fff; border: 1px solid var(--edge);
       font-size: .8rem; line-height: 1.4; white-space: pre-line; border-radius: 4px; }
.word:hover .tip, .word:focus .tip { display: block; }
.scroll { overflow-x: auto; margin: .5rem 0 1rem; }
table { border-collapse: collapse; }
caption { position: absolute; clip-path: inset(50%); }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line);
         vertical-align: top; }
th { font-weight: 600; } tbody th { font-weight: 400; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
details { margin: .5rem 0; overflow-wrap: anywhere; }
.note { color: var(--soft); font-size: .9rem; }
@media print {
  @page { margin: 18mm 16mm; }
  body { font-size: 10pt; margin: 0; max-width: none; padding: 0; }
  tr { break-inside: avoid; } thead { display: table-header-group; }
  .scroll { overflow: visible; } details:not([open]), .tip { display: none !important; }
}
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
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
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
            f'<span class="word" tabindex="0" aria-describedby="tip-{len(parts)}" style="{style}">'
            f'{word}{number}<span class="tip" id="tip-{len(parts)}" role="tooltip">{escape(tip)}'
            "</span></span>"
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
    return (
        "<h2>Leaders</h2>"
        + _table("Leaders", ("leader", "since layer", "mass", "vote", "mass × vote"), rows)
        + note
    )


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
    return "<h2>Clusters</h2>" + _table(
        "Clusters", ("cluster", "leader", "words that follow it"), rows, numbers=1
    )


def _exact(explanation: Explanation) -> str:
    lines = [f"{escape(leader.word)}: {leader.contribution}" for leader in explanation.leaders]
    bias = "" if explanation.resolved is None else f"bias: {explanation.resolved.bias}"
    rows = "".join(f"<li>{line}</li>" for line in [*lines, bias, f"logit: {explanation.logit}"])
    return (
        "<details><summary>The exact contributions; with the bias they add up to the logit"
        f"</summary><ul>{rows}</ul></details>"
    )


def _table(
    caption: str, names: Sequence[str], rows: Sequence[Sequence[str]], numbers: int = 0
) -> str:
    """`numbers` = 1: only the first column is of numbers; 0: all but the first."""
    kinds = [' class="number"' if (k > 0) != bool(numbers) else "" for k in range(len(names))]
    pairs = [*zip(kinds, names, strict=True)]
    head = "".join(f'<th scope="col"{kind}>{name}</th>' for kind, name in pairs)
    lines = []
    for first, *others in rows:
        cells = zip(kinds[1:], others, strict=True)
        line = "".join(f"<td{kind}>{words}</td>" for kind, words in cells)
        lines.append(f'<tr><th scope="row"{kinds[0]}>{first}</th>{line}</tr>')
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{caption}"><table>'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def signed(value: fmpq) -> str:
    """A number to three places with its sign.

    >>> signed(fmpq(-1, 3)), signed(fmpq(0))
    ('−0.333', '+0.000')
    """
    return f"{nearest(value):+.3f}".replace("-", "−")
