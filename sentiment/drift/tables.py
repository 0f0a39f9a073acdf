"""A drift on the terminal."""

from rich.console import RenderableType
from rich.text import Text

from checks.cli.screen import table
from checks.cli.words import printable
from sentiment.drift import telling
from sentiment.drift.comparison import Change, Drift, Side

MARKS = {1: "rose", -1: "fell", 0: ""}
"""What is said of a change that is seen."""

MOST_WORDS = 12
"""Words of a list."""


def compared(drift: Drift, top: int) -> list[RenderableType]:
    """The verdict, the measures, the leaders that changed most, and what is new."""
    parts: list[RenderableType] = [
        Text(f"old: {side(drift.old)}\nnew: {side(drift.new)}"),
        Text(printable(" ".join(telling.verdict(drift))), style="bold"),
        _measures(drift),
    ]
    if drift.leaders:
        parts.append(_leaders(drift, top))
    parts += [Text(line) for line in _lists(drift)]
    return parts


def side(told: Side) -> str:
    """A sample in a few words."""
    groups = f" of {told.units} groups" if told.grouped else ""
    return printable(f"{told.name}, {told.texts} texts{groups}")


def _measures(drift: Drift) -> RenderableType:
    grid = table("", "old", "new", "change", "interval", "", right=("old", "new", "change"))
    for key, change in drift.measures.items():
        grid.add_row(
            telling.WORDS[key],
            _own(key, change.old, change.old_interval),
            _own(key, change.new, change.new_interval),
            telling.number(key, change.difference, sign=True),
            telling.spread(*(telling.number(key, x, sign=True) for x in (change.low, change.high))),
            MARKS[change.seen],
        )
    grid.caption = Text(
        f"Under a value its own interval (bootstrap, level {drift.settings.level:.0%}); the "
        "intervals of changes hold together, and changes of percentages are in points. "
        f"{drift.settings.resamples} resamples and permutations, seed {drift.settings.seed}."
    )
    return grid


def _own(key: str, value: float, own: tuple[float, float] | None) -> str:
    told = telling.number(key, value)
    if own is None:
        return told
    low, high = (telling.number(key, x) for x in own)
    return f"{told}\n{low}–{high}"


def _leaders(drift: Drift, top: int) -> RenderableType:
    names = "leader", "texts", "old", "new", "change", "interval", ""
    grid = table(*names, right=names[1:5])
    for leader, change in drift.leaders[:top]:
        grid.add_row(
            Text(printable(telling.name(leader))),
            _texts(change),
            telling.mass(change.old),
            telling.mass(change.new),
            telling.mass(change.difference, sign=True),
            telling.spread(*(telling.mass(x, sign=True) for x in (change.low, change.high))),
            MARKS[change.seen],
        )
    rest = len(drift.leaders) - top
    more = f" {rest} others changed less." if rest > 0 else ""
    grid.caption = Text(
        f"Mean mass: the part of a text that follows the leader. {len(drift.leaders)} leaders of "
        f"{drift.settings.least} texts and more are looked at, {drift.few} rarer ones not.{more}"
    )
    return grid


def _texts(change: Change) -> str:
    old, new = change.texts or (0, 0)
    return f"{old} → {new}"


def _lists(drift: Drift) -> list[str]:
    lines = []
    for what, pairs in (
        ("lead in the new texts alone", drift.appeared),
        ("lead in the old texts alone", drift.vanished),
        (
            "not in the vocabulary, with texts, those first that grew most",
            [(w, n) for w, _, n in drift.strange],
        ),
    ):
        if pairs:
            shown = ", ".join(
                f"{telling.name(word)}: {count}" for word, count in pairs[:MOST_WORDS]
            )
            more = len(pairs) - MOST_WORDS
            lines.append(printable(f"{what}: {shown}" + (f", … {more} more" if more > 0 else "")))
    return lines
