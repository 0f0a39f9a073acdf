"""A drift as an HTML page: one file, no script, no network, and no sideways scroll on a phone.

Changes of leaders are drawn as points with their intervals on one scale; that a change is seen is
told by the point, by a word, and by the table, never by colour alone.
"""

from collections.abc import Callable, Sequence
from functools import partial
from html import escape

from sentiment.about import About
from sentiment.drift import telling
from sentiment.drift.comparison import Change, Drift
from sentiment.drift.measures import Leader
from sentiment.drift.tables import side
from sentiment.pages import document

MOST_LEADERS = 30
"""Leaders in the table and the picture."""

MOST_WORDS = 40
"""Words of a list."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""The page's own Content-Security-Policy."""

MORE = """
.changes td, .changes th { padding-right: .5rem; overflow-wrap: break-word; hyphens: auto; }
.changes th:first-child { width: 34%; }
.changes small { display: block; color: var(--soft); font-size: .8rem; }
.forest { list-style: none; margin: .6rem 0; padding: 0; }
.forest li { display: grid; grid-template-columns: minmax(6rem, 1fr) 3fr 5.5rem; gap: .1rem .7rem;
  align-items: center; padding: .25rem 0; border-bottom: 1px solid var(--line); }
.forest .adds { text-align: right; font-variant-numeric: tabular-nums; font-size: .93rem; }
.forest svg { width: 100%; height: 1.1rem; overflow: visible; }
.forest .zero { stroke: var(--edge); stroke-dasharray: 2 2; }
.forest .range { stroke: var(--ink); stroke-width: 2; }
.forest .point { stroke: var(--ink); fill: var(--paper); stroke-width: 1.5; }
.forest .rose .point { fill: var(--good); } .forest .fell .point { fill: var(--bad); }
@media (max-width: 520px) {
  .forest li { grid-template-columns: 1fr 5.5rem; }
  .forest svg { grid-column: 1 / -1; grid-row: 2; }
}
"""


def page(drifts: Sequence[Drift], about: About | None = None) -> str:
    """The page of one drift, or of several from one sample. What names and words say is escaped."""
    title = _title(drifts)
    body = [f"<h1>{title}</h1>"]
    for drift in drifts:
        parts = [_verdict(drift), _measures(drift), _forest(drift), _leaders(drift), _lists(drift)]
        if len(drifts) > 1:
            body.append(f"<h2>{escape(drift.new.name)} against {escape(drift.old.name)}</h2>")
            parts = [part.replace("h2>", "h3>") for part in parts]
        body += parts
    return document(title, body, about, POLICY, style=MORE)


def _title(drifts: Sequence[Drift]) -> str:
    first, last = escape(drifts[0].old.name), escape(drifts[-1].new.name)
    return f"Drift from {first} to {last}"


def _verdict(drift: Drift) -> str:
    first, *others = telling.verdict(drift)
    return (
        f'<p class="headline">{escape(first)}</p>\n'
        f'<p class="note">{escape(" ".join(others))}</p>\n'
        f"<p>Old: {escape(side(drift.old))}.<br>New: {escape(side(drift.new))}.</p>"
    )


def _measures(drift: Drift) -> str:
    rows = []
    for key, change in drift.measures.items():
        old, new = (
            _small(telling.number(key, value), *(telling.number(key, x) for x in own or ()))
            for value, own in ((change.old, change.old_interval), (change.new, change.new_interval))
        )
        rows.append((telling.WORDS[key], old, new, _moved(change, partial(telling.number, key))))
    settings = drift.settings
    caption = (
        f"Small print: intervals, level {settings.level:.0%}; those of changes hold all together, "
        "and changes of percentages are told in points. "
        f"{settings.resamples} resamples and permutations, seed {settings.seed}."
    )
    return "<h2>Measures</h2>" + _table(caption, ("measure", "old", "new", "change"), rows)


def _leaders(drift: Drift) -> str:
    if not drift.leaders:
        return '<p class="note">No leader leads in enough texts to be looked at.</p>'
    rows = []
    for leader, change in drift.leaders[:MOST_LEADERS]:
        texts = change.texts or (0, 0)
        old, new = (
            f"{telling.mass(value)}<small>{count} texts</small>"
            for value, count in zip((change.old, change.new), texts, strict=True)
        )
        rows.append((telling.name(leader), old, new, _moved(change, telling.mass)))
    rest = len(drift.leaders) - len(rows)
    caption = (
        f"Mean mass: the part of a text that follows the leader. {len(drift.leaders)} leaders of "
        f"{drift.settings.least} texts and more were looked at, {drift.few} rarer ones not."
        + (f" {rest} others changed less." if rest else "")
    )
    table = _table(caption, ("leader", "old", "new", "change"), rows)
    return f"<details><summary>The numbers of these leaders</summary>{table}</details>"


def _moved(change: Change, form: Callable[[float, bool], str]) -> str:
    """The change, its interval, and whether it is seen."""
    word = {1: "rose", -1: "fell", 0: "within chance"}[change.seen]
    low, high = form(change.low, True), form(change.high, True)
    return f"{form(change.difference, True)}<small>{low} to {high}; {word}</small>"


def _small(value: str, *own: str) -> str:
    return value + (f"<small>{own[0]} to {own[1]}</small>" if own else "")


def _table(caption: str, names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table whose first column is escaped, and whose others are of numbers."""
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    lines = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in rows
    )
    return (
        f'<table class="changes"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    )


def _forest(drift: Drift) -> str:
    """The leaders' changes with their intervals, on one scale."""
    shown = drift.leaders[:MOST_LEADERS]
    if not shown:
        return "<h2>Leaders</h2>"
    least = min(0.0, *(change.low for _, change in shown))
    most = max(0.0, *(change.high for _, change in shown))
    width = (most - least) or 1.0
    lines = "".join(_line(leader, change, least, width) for leader, change in shown)
    return (
        "<h2>Leaders</h2>"
        '<p class="note">How the mean mass of each leader changed: a point, its interval, and '
        "a dashed line at no change. Filled points are changes that are seen.</p>"
        f'<ul class="forest">{lines}</ul>'
    )


def _line(leader: Leader, change: Change, least: float, width: float) -> str:
    def at(value: float) -> str:
        return f"{100 * (value - least) / width:.2f}%"

    kind = {1: "rose", -1: "fell", 0: "still"}[change.seen]
    return (
        f'<li class="{kind}"><span class="name">{escape(telling.name(leader))}</span>'
        f'<svg aria-hidden="true"><line class="zero" x1="{at(0)}" x2="{at(0)}" y1="0" y2="100%"/>'
        f'<line class="range" x1="{at(change.low)}" x2="{at(change.high)}" y1="50%" y2="50%"/>'
        f'<circle class="point" cx="{at(change.difference)}" cy="50%" r="5"/></svg>'
        f'<span class="adds">{telling.mass(change.difference, sign=True)}</span></li>'
    )


def _lists(drift: Drift) -> str:
    parts = []
    strange = [(word, new) for word, _, new in drift.strange]
    for title, pairs in (
        ("Lead in the new texts alone", drift.appeared),
        ("Lead in the old texts alone", drift.vanished),
        ("Not in the vocabulary: new texts, those first that grew most", strange),
    ):
        if pairs:
            words = ", ".join(
                f"{escape(telling.name(word))}: {count}" for word, count in pairs[:MOST_WORDS]
            )
            more = f", … {len(pairs) - MOST_WORDS} more" if len(pairs) > MOST_WORDS else ""
            parts.append(f"<h2>{title}</h2><p>{words}{more}</p>")
    note = (
        '<p class="note">After a word the number of texts. These lists are no findings: rare words '
        "come and go by chance.</p>"
    )
    return "\n".join([*parts, note] if parts else [])
