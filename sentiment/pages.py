"""An explanation as an HTML page: one file, no network, nothing of it from elsewhere.

    page      the page
    POLICY    what it says to browsers: ask nothing of any place; `SCRIPTS` for a server's own

The text comes first, each word in blue or orange by its side and as strongly as it speaks; then
bars for the leaders, what the model would say without the words that decide most, a table of all
words that add something, and what is exact. Positive words are underlined, negative ones by dashes,
bars point right or left, and numbers have signs, so that nothing is told by colour alone (the
colours are those of Okabe and Ito). A small script, which the policy names by its digest, lets
arrow keys go from word to word; without it all is told in the table.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from flint import fmpq

from sentiment import telling
from sentiment.about import About
from sentiment.deletion import Deletion
from sentiment.explanation import Explanation
from sentiment.spans import Span, Together, adding_up
from sentiment.telling import signed
from theory.readable import nearest

MOST_ROWS = 25
"""Words in the table; the others are told together."""

GRADES = (0.08, 0.25, 0.55)
"""Parts of the strongest word's from which on a word is drawn stronger."""

STYLE = files("sentiment").joinpath("page.css").read_text(encoding="utf-8")
SCRIPT = files("sentiment").joinpath("page.js").read_text(encoding="utf-8")

SCRIPTS = f"script-src 'sha256-{b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"
"""That of a Content-Security-Policy which lets the page's own script run, and no other."""

POLICY = (
    f"default-src 'none'; style-src 'unsafe-inline'; {SCRIPTS}; base-uri 'none'; form-action 'none'"
)
"""The page's own Content-Security-Policy."""


def page(
    explanation: Explanation, deletions: Sequence[Deletion] = (), about: About | None = None
) -> str:
    """The page. Everything that the text or the vocabulary says is escaped.

    deletions : what `sentiment.deletion.deletions` tells. about : the model.
    """
    resolved = explanation.resolved
    body = [_verdict(explanation), _cautions(explanation), _text(explanation)]
    if resolved is not None:
        body += [_bars(explanation), _without(explanation, deletions), _words(explanation)]
        body.append(_exact(explanation))
    title = f"{telling.verdict(explanation)}: {' '.join(explanation.given.split())[:60]}"
    return document(escape(title), body, about, POLICY, script=SCRIPT)


def document(
    title: str,
    body: Sequence[str],
    about: About | None,
    policy: str,
    style: str = "",
    script: str = "",
) -> str:
    """A whole page of these parts, the empty ones left out; `about` tells the model at its foot.

    title : as HTML. policy : what the page may load and run. style : beside `STYLE`.
    """
    footer = "" if about is None else f"<footer><p>{escape(about.words)}.</p></footer>\n"
    scripts = f"<script>{script}</script>\n" if script else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="generator" content="hardmax">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title} — hardmax</title>\n<style>\n{STYLE}{style}</style>\n</head>\n"
        "<body>\n<main>\n"
        + "\n".join(filter(None, body))
        + f"\n</main>\n{footer}{scripts}</body>\n</html>\n"
    )


def _verdict(explanation: Explanation) -> str:
    positive, negative = telling.side(explanation, True), telling.side(explanation, False)
    lines = [
        f"<h1>{escape(telling.verdict(explanation))}</h1>",
        f'<p class="headline">{escape(telling.headline(explanation))}</p>',
        f'<div class="scale" aria-hidden="true"><span>{escape(negative)}</span><span class="track">'
        f'<span class="mark" style="left: {100 * explanation.probability:.1f}%"></span></span>'
        f"<span>{escape(positive)}</span></div>",
        f'<p class="note">{escape(telling.calibrated(explanation))}</p>',
    ]
    return "\n".join(lines)


def _cautions(explanation: Explanation) -> str:
    lines = telling.cautions(explanation)
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return (
        '<section class="caution" aria-labelledby="caution"><h2 id="caution">Caution</h2>'
        f"<ul>{items}</ul></section>"
    )


def _text(explanation: Explanation) -> str:
    """The text with each word marked by its side and its part."""
    spans = explanation.spans
    most = max((abs(span.adds) for span in spans), default=fmpq(0))
    parts, end = [], 0
    for span in spans:
        parts.append(escape(explanation.given[end : span.start]))
        parts.append(_span(explanation, span, most))
        end = span.end
    parts.append(escape(explanation.given[end:]))
    positive, negative = telling.side(explanation, True), telling.side(explanation, False)
    how = "Point at a marked word, or go to one by the Tab key and on by the arrow keys."
    tip = f'<p class="tip" id="tip" role="status" data-how="{how}"></p>' if most else ""
    legend = (
        f'<li><span class="w p b3">speaks for {escape(positive)}</span></li>'
        f'<li><span class="w n b3">speaks for {escape(negative)}</span></li>'
        if most
        else ""
    )
    if not all(span.known for span in spans):
        legend += '<li><span class="u">unknown to the model</span></li>'
    note = " The stronger the colour, the more a word adds." if most else ""
    return (
        '<section aria-labelledby="the-text"><h2 id="the-text">The text</h2>\n'
        f'<div class="text" id="text" dir="auto">{"".join(parts)}</div>\n{tip}\n'
        f'<ul class="legend" aria-label="Legend">{legend}</ul>\n'
        f'<p class="note">{escape(telling.known(explanation))}{note}</p></section>'
    )


def _span(explanation: Explanation, span: Span, most: fmpq) -> str:
    word = escape(explanation.given[span.start : span.end])
    if not span.known:
        return f'<span class="u">{word}</span>'
    if not span.adds:
        return word
    grade = 1 + sum(abs(nearest(span.adds / most)) >= least for least in GRADES)
    side = "p" if span.adds > 0 else "n"
    tip = escape(telling.tip(explanation, span), quote=True)
    return f'<span class="w {side} b{grade}" data-tip="{tip}">{word}</span>'


def _bars(explanation: Explanation) -> str:
    leaders, bias = explanation.leaders, explanation.bias
    values = [*(leader.contribution for leader in leaders), bias]
    most = max(map(abs, [*values, explanation.logit])) or fmpq(1)
    *shown, start = adding_up(values)
    rows = [
        _bar(telling.quoted(leader), value, most, telling.mass(explanation, leader))
        for leader, value in zip(leaders, shown, strict=True)
    ]
    rows.append(_bar("starting point", start, most, "Before any word is read (the bias)."))
    total = sum([*shown, start], fmpq(0))
    rows.append(_bar("score", total, most, telling.total(explanation), " total"))
    return (
        '<section aria-labelledby="bars"><h2 id="bars">Where the score comes from</h2>\n'
        f"<p>{escape(telling.sum_of('these bars', explanation))}</p>\n"
        f'<ul class="bars">{"".join(rows)}</ul></section>'
    )


def _bar(name: str, value: fmpq, most: fmpq, mass: str, kind: str = "") -> str:
    width = 50 * min(1.0, abs(nearest(value / most)))
    left = 50 if value > 0 else 50 - width
    side = "p" if value > 0 else "n"
    fill = f'<span class="fill {side}" style="left: {left:.1f}%; width: {width:.1f}%"></span>'
    return (
        f'<li class="row{kind}"><span class="name">{escape(name)}</span>'
        f'<span class="bar" aria-hidden="true">{fill if value else ""}</span>'
        f'<span class="adds">{signed(value)}</span><span class="mass">{escape(mass)}</span></li>'
    )


def _without(explanation: Explanation, deletions: Sequence[Deletion]) -> str:
    told = telling.noticeable(explanation, deletions)
    if not told:
        return ""
    rows = "".join(f"<li>{escape(telling.without(explanation, each))}</li>" for each in told)
    return (
        '<section aria-labelledby="without"><h2 id="without">Without this word</h2>\n'
        "<p>What the model says when a word is deleted wherever it stands, and the rest is read "
        f'again:</p>\n<ul class="without">{rows}</ul></section>'
    )


def _words(explanation: Explanation) -> str:
    """The words that add most, the others together, the starting point, and their sum."""
    words = sorted(
        (word for word in explanation.together if word.adds), key=lambda word: -abs(word.adds)
    )
    if not words:
        return ""
    first, others = words[:MOST_ROWS], words[MOST_ROWS:]
    rest = sum((word.adds for word in others), fmpq(0))
    anchor = sum(explanation.pulls, fmpq(0)) - sum((word.adds for word in words), fmpq(0))
    entries: list[tuple[str, str, fmpq]] = [
        (_named(word), telling.followed(explanation, word), word.adds) for word in first
    ]
    if others:
        entries.append((f"{len(others)} more words", "", rest))
    if anchor:
        entries.append(("neutral anchor", "itself", anchor))
    entries.append(("starting point", "", explanation.bias))
    shown = adding_up([value for _, _, value in entries])
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(follows)}</td>'
        f'<td class="number">{signed(value)}</td></tr>'
        for (name, follows, _), value in zip(entries, shown, strict=True)
    )
    return (
        '<section aria-labelledby="words"><h2 id="words">Each word’s part</h2>\n<table>'
        "<caption>What a leader contributes comes from the words that follow it. The parts add up "
        'to the score.</caption><thead><tr><th scope="col">word</th><th scope="col">follows</th>'
        f'<th scope="col" class="number">adds</th></tr></thead><tbody>{rows}</tbody>'
        '<tfoot><tr><th scope="row">score</th><td></td>'
        f'<td class="number">{signed(sum(shown, fmpq(0)))}</td></tr></tfoot></table></section>'
    )


def _named(word: Together) -> str:
    count = len(word.spans)
    name = word.word + (telling.NEGATED if word.negated else "")
    return name if count == 1 else f"{name} × {count}"


def _exact(explanation: Explanation) -> str:
    return (
        "<details><summary>The exact numbers</summary>"
        f'<ul class="exact">{"".join(_numbers(explanation))}</ul>'
        f'<p class="note">{escape(telling.settled(explanation))}</p></details>'
    )


def _numbers(explanation: Explanation) -> Iterator[str]:
    for leader in explanation.leaders:
        yield (
            f"<li>{escape(telling.quoted(leader))}: mass {leader.mass}, "
            f"contribution {leader.contribution}</li>"
        )
    yield f"<li>bias: {explanation.bias}</li><li>score: {explanation.logit}</li>"
