"""The map in CONTRIBUTING names every room and every module of the theory, and nothing else."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPAN = re.compile(r"`([^`\n]+)`")
BARE = ("theory", "checks")
"""Rooms whose own modules the map names one by one, without the name of the room."""


WAYS = ("paper_notes.md", "proofs/README.md")
"""What the map links to: the table of the notes, and what the theorems in Coq state."""


@cache
def contributing() -> str:
    return (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def rows(text: str) -> list[list[str]]:
    """The cells of the rows of both tables of the map."""
    begin, end = text.index("## The map of the house"), text.index("## Running the checks")
    lines = [line for line in text[begin:end].splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def wanted() -> set[str]:
    """Every package, every module right in `theory` and `checks`, and every folder of tests."""
    found = {
        f"{path.relative_to(ROOT).parent}/"
        for package in ("hardmax", "theory", "checks", "sentiment")
        for pattern in ("__init__.py", "*/__init__.py")
        for path in (ROOT / package).glob(pattern)
    }
    for package in BARE:
        found |= {
            f"{package}/{path.stem}"
            for path in (ROOT / package).glob("*.py")
            if not path.stem.startswith("__")
        }
    tests = {path.parent for path in (ROOT / "tests").rglob("*.py")} - {ROOT / "tests"}
    return found | {str(path.relative_to(ROOT)) for path in tests}


def named(text: str) -> set[str]:
    """What the map names: rooms with a slash at the end, modules with the room before them."""
    found, here = set(), ""
    for room, holds, *_ in rows(text):
        names = SPAN.findall(room)
        found |= set(names)
        here = names[0].strip("/") if names else here
        if here in BARE:
            modules = [name for name in SPAN.findall(holds) if re.fullmatch(r"[a-z_0-9]+", name)]
            found |= {f"{here}/{name}" for name in modules}
    return found


def problems(text: str) -> Iterator[str]:
    yield from sorted(f"not on the map: {name}" for name in wanted() - named(text))
    yield from sorted(f"nowhere in the house: {name}" for name in named(text) - wanted())
    links = re.findall(r"\]\(([^)#]+)\)", text)
    yield from [f"no such file: {link}" for link in links if not (ROOT / link).is_file()]
    yield from [f"no way to {name}" for name in WAYS if name not in links]


def test_the_map_is_that_of_the_house() -> None:
    assert len(wanted()) > 40
    assert list(problems(contributing())) == []
    assert contributing().index("## The map of the house") < 400


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("`theory/lemmas/` |", "`theory/lemma/` |", "not on the map: theory/lemmas/"),
        ("`theory/lemmas/` |", "`theory/lemma/` |", "nowhere in the house: theory/lemma/"),
        ("`positivity`: ", "`signs`: ", "not on the map: theory/positivity"),
        ("`positivity`: ", "`signs`: ", "nowhere in the house: theory/signs"),
        ("`tests/quality` |", "`tests/worth` |", "not on the map: tests/quality"),
        ("`planted` ", "", "not on the map: checks/planted"),
        ("[`paper_notes.md`](paper_notes.md)", "the notes", "no way to paper_notes.md"),
        ("](proofs/README.md)", "](proofs/READ.md)", "no such file: proofs/READ.md"),
    ],
)
def test_a_wrong_map_is_noticed(old: str, new: str, told: str) -> None:
    assert old in contributing()
    assert told in list(problems(contributing().replace(old, new)))
