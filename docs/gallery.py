"""`make gallery`: run the commands of docs/gallery.md, which make its pictures again.

The commands are read from the text, so that what is printed is what is run. A line for chromium
takes the browser of this machine (CHROMIUM=/path/to/it, or one of the usual names).
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXT = ROOT / "docs" / "gallery.md"

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def commands(text: str) -> list[list[str]]:
    """The commands of the blocks of a Markdown text, in order.

    >>> commands("```bash\\nhardmax run 'my file'\\n```\\n`hardmax claims`")
    [['hardmax', 'run', 'my file']]
    """
    blocks = re.findall(r"^```bash\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def pictures(text: str) -> list[str]:
    """The files that a Markdown text shows, in order."""
    return re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)


def program(command: list[str], environment: Mapping[str, str]) -> list[str]:
    """The command as this machine runs it."""
    name, *rest = command
    if name == "hardmax":
        return [sys.executable, "-m", "checks", *rest]
    if name == "chromium":
        browser = environment.get("CHROMIUM") or next(
            filter(None, map(shutil.which, BROWSERS)), None
        )
        if browser is None:
            sys.exit("gallery: no Chromium: apt-get install chromium")
        return [browser, *["--no-sandbox"] * (os.getuid() == 0), *rest]
    sys.exit(f"gallery: {name} is not run")


def made(text: str) -> Iterator[str]:
    """Run each command, and tell it."""
    for command in commands(text):
        yield shlex.join(command)
        done = subprocess.run(
            program(command, os.environ), cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"gallery: exit status {done.returncode}: {done.stderr.strip()}")


if __name__ == "__main__":
    for line in made(TEXT.read_text(encoding="utf-8")):
        print(line, flush=True)
