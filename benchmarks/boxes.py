"""Boxes gone through on arrays, against the same gone through one configuration at a time.

`main` is the page: for each box the processor time of `checks.campaigns.enumeration.enumerate_box`
with arrays and without, in turns in one process and with one job, and their ratio. The reports of
both are compared: a difference ends the benchmark. Of the last boxes only arrays go through all.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from time import process_time

from benchmarks.timing import in_words, medians
from checks.boxes import Box
from checks.campaigns.enumeration import enumerate_box
from checks.statements import Statement, claims, find

BOTH = ((Box(2, 2, 4), "1"), (Box(2, 2, 4), "1/50"), (Box(2, 2, 5), "1"), (Box(3, 1, 5), "1/2"))
"""Small boxes, gone through both ways."""

ARRAYS = ((Box(2, 2, 8), "1/2"), (Box(2, 3, 5), "1"))
"""Larger ones: one by one they would take minutes."""


def rows(boxes: Sequence[tuple[Box, str]], rounds: int) -> Iterator[tuple[str, ...]]:
    """The rows of boxes that are gone through both ways: with one claim, and with all on arrays."""
    every = [claim for claim in claims() if claim.arrays is not None]
    for box, alpha in boxes:
        for held in ([find("settling")], every):
            told = {
                way: enumerate_box(box, alpha, claims=held, arrays=way) for way in (True, False)
            }
            if told[True] != told[False]:
                raise SystemExit(f"{box} at α = {alpha}: the reports differ")
            spent = medians(
                {
                    str(way): partial(enumerate_box, box, alpha, claims=held, arrays=way)
                    for way in (True, False)
                },
                rounds,
            )
            fast, slow = spent["True"], spent["False"]
            ratio = f"{slow / fast:.0f}"
            yield (*_named(box, alpha, held), in_words(fast), in_words(slow), ratio)


def _named(box: Box, alpha: str, held: Sequence[Statement]) -> tuple[str, ...]:
    words = f"{box.tokens} of {{−{box.radius}..{box.radius}}}^{box.dimension}"
    return words, alpha, str(len(held)), f"{box.orbits():,}"


def main() -> str:
    """The page as Markdown."""
    lines = [
        "# Boxes",
        "",
        "| box | α | claims | orbits | arrays | one by one | ratio |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
        *("| " + " | ".join(row) + " |" for row in rows(BOTH, 3)),
    ]
    for box, alpha in ARRAYS:
        held = [find("settling")]
        start = process_time()
        enumerate_box(box, alpha, claims=held)
        spent = in_words(process_time() - start)
        lines.append("| " + " | ".join((*_named(box, alpha, held), spent, "", "")) + " |")
    return "\n".join(lines)
