"""The gallery: its text, its pictures and the commands that make them belong together."""

import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
FOLDER = ROOT / "docs" / "gallery"
LARGEST = 150_000
"""Bytes of a picture."""


def script() -> Any:
    spec = spec_from_file_location("gallery_script", ROOT / "docs" / "gallery.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GALLERY = script()


def amiss(text: str) -> list[str]:
    """What does not belong together."""
    commands, shown = GALLERY.commands(text), GALLERY.pictures(text)
    written = [
        match[1]
        for command in commands
        for match in [re.search(r"(?:--plot |--screenshot=)docs/(\S+)", " ".join(command))]
        if match
    ]
    found = [f"{name} is shown but not made" for name in shown if written.count(name) != 1]
    found += [f"{name} is made but not shown" for name in written if shown.count(name) != 1]
    for name in shown:
        file = ROOT / "docs" / name
        if not file.is_file():
            found.append(f"{name} is not there")
        elif file.stat().st_size > LARGEST:
            found.append(f"{name} is larger than {LARGEST} bytes")
    files = {word for command in commands for word in command if word.startswith("examples/")}
    found += [f"{name} is not there" for name in sorted(files) if not (ROOT / name).is_file()]
    return found


def test_ten_pictures_each_by_a_printed_command() -> None:
    assert len(GALLERY.pictures(TEXT)) == 10
    assert amiss(TEXT) == []
    shown = {Path(name).name for name in GALLERY.pictures(TEXT)}
    assert {file.name for file in FOLDER.iterdir()} == shown


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("--plot docs/gallery/map.svg", "--plot docs/gallery/other.svg", "not made"),
        ("(gallery/map.svg)", "(gallery/none.svg)", "is not there"),
        ("examples/moving-tie.json", "examples/none.json", "none.json is not there"),
        ("```bash\nhardmax sweep examples/em", "```text\nhardmax sweep examples/em", "not made"),
    ],
)
def test_what_does_not_belong_together_is_noticed(old: str, new: str, told: str) -> None:
    assert old in TEXT
    assert any(told in words for words in amiss(TEXT.replace(old, new)))


def test_what_is_printed_is_what_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[list[str]] = []

    def ran(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        run.append(command)
        return subprocess.CompletedProcess(command, 3 * ("refuse" in command), "", "because")

    monkeypatch.setattr(GALLERY.subprocess, "run", ran)
    monkeypatch.setenv("CHROMIUM", "/a/browser")
    told = list(GALLERY.made(TEXT))
    assert len(told) == len(run) == len(GALLERY.commands(TEXT)) == 11
    for line, command in zip(told, run, strict=True):
        name, *rest = GALLERY.commands(f"```bash\n{line}\n```\n")[0]
        assert command[-len(rest) :] == rest
        assert command[0] == (sys.executable if name == "hardmax" else "/a/browser")
    with pytest.raises(SystemExit, match="exit status 3: because"):
        list(GALLERY.made("```bash\nhardmax refuse\n```\n"))
    with pytest.raises(SystemExit, match="rm is not run"):
        list(GALLERY.made("```bash\nrm -r docs\n```\n"))


def test_the_readme_shows_a_map_a_sweep_and_a_counterexample() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = [name for name in GALLERY.pictures(readme) if name.startswith("docs/")]
    assert shown == [
        f"docs/gallery/{name}" for name in ("map.svg", "sweep.svg", "counterexample.png")
    ]
    assert all((ROOT / name).is_file() for name in shown)
