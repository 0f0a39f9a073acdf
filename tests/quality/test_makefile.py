"""The Makefile: an environment whose path has blanks works, and is made where it is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make")


def make(place: Path, *more: str) -> str:
    names = ("MAKEFLAGS", "MAKELEVEL")
    known = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        ["make", "lint", f"VENV={place}", *more],
        cwd=ROOT, env=known, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


@pytest.mark.parametrize("name", ["plain", "with some blanks"])
def test_an_environment_of_any_path(tmp_path: Path, name: str) -> None:
    place = tmp_path / name / "environment"
    (place / "bin").mkdir(parents=True)
    ruff = place / "bin" / "ruff"
    ruff.write_text('#!/bin/sh\necho "called: $@"\n')
    ruff.chmod(0o755)
    for mark in (".installed-core", ".installed-full"):
        (place / mark).touch()
    told = make(place).splitlines()
    assert "called: check ." in told
    assert "called: format --check ." in told
    assert not any("Installing" in line for line in told)
    (place / ".installed-full").unlink()
    assert f"Installing hardmax in {place}" in make(place, "--dry-run")


def test_what_the_tests_cost_is_told_alike() -> None:
    cost = "about 12 minutes of two cores, 2 GB"
    for name in ("Makefile", "README.md", "CONTRIBUTING.md"):
        (line,) = [
            x
            for x in (ROOT / name).read_text().splitlines()
            if x.lstrip("# ").startswith("make test  ")
        ]
        assert cost in line
