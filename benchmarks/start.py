"""The start: processor time of short commands, against importing numpy and flint.

Each command is a process of its own; the two sides take turns, and a ratio is the median of the
ratios of neighbours.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.timing import in_words

ROUNDS = 11

EXAMPLE = str(Path(__file__).parents[1] / "examples" / "every-kind-of-limit.json")

YARDSTICK = ("-c", "import numpy, flint")

COMMANDS = {
    "hardmax --help": ("--help",),
    "hardmax run FILE": ("run", EXAMPLE),
    "hardmax run FILE --json": ("run", EXAMPLE, "--json"),
}


def main() -> str:
    """The page."""
    lines = [
        "# The start: short commands against importing numpy and flint",
        "",
        "User and system time of the whole process; the file has five tokens.",
        "",
        '| command | takes | `python -c "import numpy, flint"` | ratio |',
        "| --- | ---: | ---: | ---: |",
    ]
    for name, arguments in COMMANDS.items():
        pairs = [(spent(("-m", "checks", *arguments)), spent(YARDSTICK)) for _ in range(ROUNDS)]
        mine, other = (median(side) for side in zip(*pairs, strict=True))
        ratio = median(x / y for x, y in pairs)
        lines.append(f"| `{name}` | {in_words(mine)} | {in_words(other)} | {ratio:.2f} |")
    return "\n".join(lines)


def spent(arguments: Sequence[str]) -> float:
    """Seconds of processor time of a Python process with these arguments."""
    before = os.times()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    user, system = (
        getattr(after, x) - getattr(before, x) for x in ("children_user", "children_system")
    )
    return float(user + system)
