"""What tests of the commands share: the program in a process of its own, and what it prints."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

Output = tuple[int, str, str]
Invoke = Callable[..., Output]
"""The fixture `hardmax`: arguments of the command line to status, stdout and stderr."""


def command(*arguments: str, options: tuple[str, ...] = ()) -> list[str]:
    """The command line of `hardmax` in a process of its own, with options of Python's."""
    return [sys.executable, *options, "-m", "checks", *arguments]


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that imports this checkout, on a terminal of 120 columns."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120", **more}


def refused(output: Output, *words: str) -> None:
    """Bad input: status 2, and one line on stderr alone that says these words."""
    status, out, err = output
    assert (status, out, err.count("\n")) == (2, "", 1), err
    for word in words:
        assert word in err


def records(out: str) -> list[dict[str, Any]]:
    """The objects that `--json` printed."""
    return [json.loads(line) for line in out.splitlines()]


def only(out: str) -> dict[str, Any]:
    """The one object that `--json` printed."""
    (record,) = records(out)
    return record
