"""``python -m benchmarks [NAME…]``: run the benchmarks and write their pages to `results/`."""

import os
import sys

# One thread for each side, before numpy is imported: CPU time then says what was computed, and not
# how long the threads of a library waited for one another.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

from importlib import import_module  # after the environment, as said above
from pathlib import Path  # likewise

from benchmarks.machine import described  # likewise

PAGES = ("settling", "growth", "memory")
"""The modules with a `main()`; another benchmark is one more name here."""

RESULTS = Path(__file__).parent / "results"


def main(names: list[str]) -> int:
    """Run the pages named, all by default. Returns the exit status."""
    unknown = [name for name in names if name not in PAGES]
    if unknown:
        print(f"no benchmark is named {unknown[0]!r}; known: {', '.join(PAGES)}", file=sys.stderr)
        return 2
    for name in names or PAGES:
        page = import_module(f"benchmarks.{name}").main()
        text = f"{page.rstrip()}\n\nMeasured on {described()}.\n"
        (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
