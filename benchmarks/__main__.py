"""``python -m benchmarks [NAME…]``: run the benchmarks and write their pages to `results/`."""

import os
import subprocess
import sys

# One thread for each side, before numpy is imported: CPU time then says what was computed, and not
# how long the threads of a library waited for one another.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

from importlib import import_module  # after the environment, as said above
from pathlib import Path  # likewise

from benchmarks.machine import described  # likewise

PAGES = ("settling", "growth", "memory", "start", "boxes", "basins")
"""The modules whose `main()` returns a page."""

PRINTED = ("batches", "campaign", "coordinator")
"""The modules that print, in a process of their own, what becomes their page."""

ON_REQUEST = ("sentiment", "corpora", "leaders", "reading", "service")
"""Pages that are made only when named: they want corpora from elsewhere; the first an hour."""

RESULTS = Path(__file__).parent / "results"


def main(names: list[str]) -> int:
    """Run the pages named, all by default. Returns the exit status."""
    every = (*PAGES, *PRINTED)
    unknown = [name for name in names if name not in (*every, *ON_REQUEST)]
    if unknown:
        print(
            f"no benchmark is named {unknown[0]!r}; known: {', '.join((*every, *ON_REQUEST))}",
            file=sys.stderr,
        )
        return 2
    for name in names or every:
        page = _printed(name) if name in PRINTED else import_module(f"benchmarks.{name}").main()
        text = f"{page.rstrip()}\n\nMeasured on {described()}.\n"
        (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
        print(text)
    return 0


def _printed(name: str) -> str:
    module = f"benchmarks.{name}"
    title = (import_module(module).__doc__ or name).splitlines()[0].rstrip(".")
    told = subprocess.run(
        [sys.executable, "-m", module], stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    return f"# {title}\n\n```text\n{told.rstrip()}\n```"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
