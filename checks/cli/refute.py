"""`hardmax refute`: the smallest counterexample to a statement."""

import json
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from secrets import randbits
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from checks.cli.terminal import Status, notice, printable, show
from checks.cli.validate import COLOURS
from checks.conjectures import conjectures, find, load, origin
from checks.evidence import evidence
from checks.pool import ordered_map
from checks.reports import Page, prepare, write_report
from checks.search import MAX_LAYERS, Budget, Finding
from checks.search import refute as search
from checks.verdicts import exit_status

Work = tuple[str, tuple[str, ...], Budget, int]


def refute(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME | FILE.py]…",
            show_default=False,
            help="Statements by name, or files with @conjecture functions; if omitted, every "
            "statement that is expected to be refuted.",
        ),
    ] = None,
    examples: Annotated[
        int, typer.Option(metavar="N", min=1, help="Configurations to try for each statement.")
    ] = 30_000,
    seconds: Annotated[
        float | None,
        typer.Option(
            metavar="S",
            min=0.0,
            show_default=False,
            help="Time for each statement; any if omitted.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="N", show_default=False, help="The seed; a new one is drawn if omitted."
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            show_default=False,
            help="Processes, each with one statement at a time; one a processor if omitted.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            show_default=False,
            help="Write HTML, Markdown and JSON pages, with an index, to this directory.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a statement, one a line.")
    ] = False,
) -> None:
    """Find the smallest counterexample to a statement, or say how hard we looked.

    Small boxes are gone through completely, fewest tokens first; then configurations are generated
    and cut down to a local minimum. Smaller means fewer tokens, then a smaller dimension, then
    A = identity, then a simpler step, then smaller coordinates.
    """
    files = tuple(name for name in names or () if name.endswith(".py"))
    chosen = [] if names else [c.name for c in conjectures()]
    for name in names or ():
        chosen += [c.name for c in load(name)] if name in files else [find(name).name]
    used = randbits(32) if seed is None else seed
    if report is not None:
        prepare(report)
    works = [(name, files, Budget(examples, seconds), used) for name in dict.fromkeys(chosen)]
    findings: list[Finding] = []
    interrupted = False
    try:
        for finding in _follow(works, min(jobs or os.cpu_count() or 1, len(works) or 1)):
            findings.append(finding)
            if as_json:
                typer.echo(json.dumps(finding.report.as_dict()))
            else:
                show(_told(finding))
            if finding.interrupted:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        interrupted = True
    notice(f"seed {used}")
    if report is not None:
        pages = [_page(finding, examples) for finding in findings]
        notice(f"report: {write_report(pages, report, 'Counterexamples')}")
    if interrupted:
        notice(f"hardmax: interrupted after {len(findings)} of {len(works)} statements")
        raise typer.Exit(Status.INTERRUPTED)
    status = exit_status(finding.report for finding in findings)
    if status:
        raise typer.Exit(status)


def _page(finding: Finding, examples: int) -> Page:
    """What the report tells of one statement."""
    found, statement = finding.counterexample, find(finding.report.name)
    run = None if found is None else statement.run(found.configuration, MAX_LAYERS)
    return Page.of(
        finding.report,
        statement,
        violation=None if found is None else found.violation,
        minimality=None if found is None else found.minimality,
        certificate=None if found is None else evidence(statement, found),
        command=f"hardmax refute {shlex.quote(origin(statement) or statement.name)} "
        f"--examples {examples} --seed {finding.report.seed}",
        run=run,
    )


def _follow(works: Sequence[Work], jobs: int) -> Iterator[Finding]:
    """The findings in order, with a progress bar if stderr is a terminal."""
    found = ordered_map(_search, works, jobs)
    if not (sys.stderr is not None and sys.stderr.isatty()):
        yield from found
        return
    columns = (
        TextColumn("statements"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[best]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(works), best="")
        for finding in found:
            progress.advance(task)
            progress.update(task, best=f"{finding.report.name}: {finding.report.verdict}")
            yield finding


def _search(work: Work) -> Finding:
    name, files, budget, seed = work
    for file in files:
        load(file)
    return search(find(name), budget, seed=seed)


def _told(finding: Finding) -> Text:
    report = finding.report
    words = Text()
    words.append(report.name, "bold")
    words.append("  ")
    words.append(report.verdict, COLOURS[report.verdict])
    counterexample = finding.counterexample
    if counterexample is not None:
        c = counterexample.configuration
        n = "1 token" if c.size == 1 else f"{c.size} tokens"
        words.append(f" by {n} in dimension {c.dimension}\n")
        words.append(f"  {find(report.name).statement}\n")
        violation = counterexample.violation
        words.append(f"  {'false here' if violation is None else printable(str(violation))}\n")
        words.append(f"  {json.dumps(c.to_dict())}\n")
        words.append(f"  {counterexample.minimality}\n")
    else:
        words.append("\n")
        if report.explanation:
            words.append(f"  {printable(report.explanation)}\n", "red")
            if report.witness is not None:
                words.append(f"  {json.dumps(report.witness.to_dict())}\n")
    words.append(
        f"  {report.examples} configurations tried, {report.applicable} applicable, "
        f"{report.undecided} undecided\n"
    )
    return words
