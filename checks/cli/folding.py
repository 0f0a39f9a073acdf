"""Lines that fit: text is folded at blanks, and nothing is broken that a reader takes as one.

    folded      lines of a text, later ones under the first;
    longest     the longest piece that stays whole, as wide as a column has to be.

A number, a fraction, a vector, a set and an option's name stay whole, also where they are wider
than the line, which then goes beyond the edge: a terminal continues it, and a copy of it is right.
Brackets that are wider than the line are folded inside.
"""

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

_BLANK = re.compile(r"(?<![≈→]) +(?![→]|\Z)")
_PROSE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
_OPENING = "([{⟨"
_CLOSING = ")]}⟩"


def folded(words: Text, width: int, indent: str = "") -> list[Text]:
    """The lines of the text, each at most so wide where that is possible.

    A line that goes on does so under its own beginning, behind the indent.

    >>> [line.plain for line in folded(Text("tends to (1/6, 2) from layer 12 on"), 18)]
    ['tends to (1/6, 2)', 'from layer 12 on']
    """
    return [
        part for line in words.split("\n", allow_blank=True) for part in _line(line, width, indent)
    ]


def longest(words: Text, width: int) -> int:
    """The width of the widest piece that is not folded in a line of this width.

    >>> longest(Text("on face {0, 1, 2}"), 60)
    9
    """
    lines = [line.plain for line in words.split("\n", allow_blank=True)]
    return max(cell_len(line[i:j]) for line in lines for i, j in _pieces(line, width))


def _line(line: Text, width: int, indent: str) -> Iterator[Text]:
    plain = line.plain
    margin = indent + plain[: len(plain) - len(plain.lstrip(" "))]
    begun = ended = 0
    for start, end in _pieces(plain, width - len(margin)):
        room = width - len(margin) * (begun > 0)
        if ended and cell_len(plain[begun:end]) > room:
            yield _part(line, begun, ended, margin)
            begun = start
        ended = end
    yield _part(line, begun, ended, margin)


def _part(line: Text, start: int, end: int, margin: str) -> Text:
    part = Text(margin if start else "", no_wrap=True, overflow="ignore") + line[start:end]
    part.rstrip()
    return part


def _pieces(line: str, width: int) -> Iterator[tuple[int, int]]:
    """Where each piece begins and ends that is not folded; what is left between them is blank."""
    start = len(line) - len(line.lstrip(" "))
    kept = _kept(line, width)
    begun = 0
    for blank in _BLANK.finditer(line, start):
        if blank.start() not in kept:
            yield begun, blank.start()
            begun = blank.end()
    yield begun, len(line)


def _kept(line: str, width: int) -> set[int]:
    """What stands in brackets that stay whole: they have room in a line, and hold no sentence."""
    kept: set[int] = set()
    opened: list[int] = []
    for place, sign in enumerate(line):
        if sign in _OPENING:
            opened.append(place)
        elif sign in _CLOSING and opened:
            start = opened.pop()
            inside = line[start : place + 1]
            if len(inside) <= width and not _PROSE.search(inside):
                kept.update(range(start, place))
    return kept
