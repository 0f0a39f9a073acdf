"""What is printed never commands the terminal, whatever strangers' names and statements hold."""

import pytest
from rich.table import Table
from rich.text import Text

from checks.cli import main, screen, terminal
from checks.cli.terminal import show
from checks.statements import registry
from checks.statements.registry import Claim
from checks.verdicts import Verdict

HOSTILE = "a\x1b[2Jb\x1b]0;title\x07c\x9b1md\u202ee\x08f"
"""Clears the screen, names the window, colours by one byte, turns the line round, goes back."""


def commands(printed: str) -> list[str]:
    """The characters that a terminal might obey."""
    return [x for x in printed if not x.isprintable() and x != "\n"]


@pytest.mark.parametrize("width", ["40", "100"])
def test_no_text_or_table_reaches_the_terminal_as_a_command(
    width: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    table = Table(HOSTILE, HOSTILE, caption=HOSTILE, title=HOSTILE)
    table.add_row(HOSTILE, Text(HOSTILE))
    show(Text(f"first\n{HOSTILE}"), table, HOSTILE)
    printed = capsys.readouterr().out
    assert not commands(printed)
    assert printed.startswith("first\na\\x1b[2Jb\\x1b]0;title")


def test_what_is_printable_stays_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    words = "⟨z_i, z_j⟩ ≥ |z_i|², α = ½ — naïve 猫\n  an indented line"
    show(Text(words))
    assert capsys.readouterr().out == f"{words}\n"
    assert commands(HOSTILE)


def test_colours_of_our_own_still_reach_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Coloured(screen.Screen):
        def __init__(self, highlight: bool) -> None:
            super().__init__(highlight=highlight, force_terminal=True, color_system="standard")

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(screen, "Screen", Coloured)
    told: list[str] = []
    monkeypatch.setattr(terminal.typer, "echo", lambda words, nl: told.append(words))
    show(Text(HOSTILE, "red"))
    (printed,) = told
    assert printed.startswith("\x1b[31ma\\x1b[2J")
    assert printed.count("\x1b") == 2


@pytest.mark.parametrize("command", ["claims", "validate"])
def test_a_hostile_statement_is_spelt_out(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Claim(HOSTILE, HOSTILE, (), HOSTILE, Verdict.HELD, lambda run: True)
    monkeypatch.setattr(registry, "_REGISTRY", {HOSTILE: made})
    assert (
        main([command, *(["--examples", "1", "--jobs", "1"] if command == "validate" else [])]) == 0
    )
    printed = capsys.readouterr().out
    assert "a\\x1b[2J" in printed
    assert not commands(printed)
