"""What a command shows, at any width: whether something is broken that a reader takes as one."""

import re
from collections import Counter
from collections.abc import Sequence

import pytest
from rich.console import RenderableType

from checks.cli.screen import Screen

WIDTHS = (40, 60, 80, 200)

VECTOR = r"≈?\((?:[-\d./e]+|…)(?:, (?:[-\d./e]+|…))*\)"
SET = r"\{[\d, …]+(?:more)?\}"
NUMBER = r"[-−≈]?\d+(?:[./]\d+)*(?:e[-+]?\d+)?"
OPTION = r"--[a-z][a-z-]*"
WHOLE = re.compile("|".join((VECTOR, SET, OPTION, NUMBER)))
NUMBERS = re.compile(NUMBER)

LONGEST = 22
"""A vector or set that is longer may be folded at a comma on the narrowest screen."""

Shown = list[RenderableType]


def recorded(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """All that commands show from now on."""
    shown: Shown = []
    monkeypatch.setattr(Screen, "tell", lambda self, part: shown.append(part))
    return shown


def lines(shown: Sequence[RenderableType], width: int) -> list[str]:
    """The lines on a screen of this width."""
    console = Screen(width=width, highlight=False)
    with console.capture() as captured:
        for part in shown:
            TELL(console, part)
    return captured.get().splitlines()


TELL = Screen.tell


def pieces(printed: Sequence[str]) -> Counter[str]:
    """The numbers, vectors, sets and options of the lines, each found within one line."""
    found = (x for line in printed for x in WHOLE.findall(line))
    return Counter(y for x in found for y in ([x] if len(x) <= LONGEST else NUMBERS.findall(x)))


def broken(shown: Sequence[RenderableType]) -> dict[int, Counter[str]]:
    """By width, the pieces that a screen without an edge shows and this one does not."""
    wanted = pieces(lines(shown, 10_000))
    assert wanted
    lost = {width: wanted - pieces(lines(shown, width)) for width in WIDTHS}
    return {width: pieces for width, pieces in lost.items() if pieces}
