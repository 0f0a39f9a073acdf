"""`hardmax refute`: a small counterexample to a statement."""

import json
import os
import pickle
import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from secrets import randbits
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TypeVar

import typer
from rich.progress import ProgressColumn, Task
from rich.text import Text

from checks.campaigns.pool import ordered_map
from checks.cli.chosen import called, chosen_of, of_users
from checks.cli.options import (
    AsJson,
    Examples,
    Force,
    Jobs,
    Latex,
    MaxLayers,
    ReportTo,
    Seconds,
    Seed,
)
from checks.cli.progress import progress
from checks.cli.terminal import Interrupted, Status, notice, show
from checks.cli.validate import COLOURS
from checks.cli.words import printable
from checks.formulas import to_text
from checks.refutation.account import Budget, Finding
from checks.refutation.search import refute as search
from checks.reports import Page, Refutation, prepare, write_report
from checks.run import Run
from checks.statements import Statement, conjectures, find, literature, load
from checks.statements.foreign import contained
from checks.verdicts import Verdict, described, exit_status
from theory import HARDMAX
from theory.exact import text
from theory.files.outputs import write
from theory.readable import count
from theory.settling import MAX_LAYERS

MOST_LAYERS = 6
"""Layers that a terminal is shown up to the one that fails, and that one; JSON has `ALL_LAYERS`."""

ALL_LAYERS = 1000

Told = TypeVar("Told")

Work = tuple[str, tuple[str, ...], Budget, int, bool, Path]
"""A statement, the files to load, the budget, the seed, whether ties do not count, and where to
write how far it is."""


def refute(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME|FILE.py|FILE.py::NAME",
            show_default=False,
            help="Statements by name, or files with @conjecture functions, or one statement of a "
            "file; if omitted, every statement that is expected to be refuted.",
        ),
    ] = None,
    examples: Examples = 30_000,
    seconds: Seconds = None,
    seed: Seed = None,
    jobs: Jobs = None,
    max_layers: MaxLayers = MAX_LAYERS,
    generic: Annotated[
        bool,
        typer.Option(
            "--generic",
            help="Want a counterexample without ties: every attention set is one token, at every "
            "layer.",
        ),
    ] = False,
    report: ReportTo = None,
    force: Force = False,
    latex: Latex = False,
    as_json: AsJson = False,
) -> None:
    """Find a small counterexample to a statement, or say how hard we looked.

    Small boxes are gone through completely, fewest tokens first; then configurations are generated,
    cut down to a local minimum, and smaller ones are looked for from there. Smaller means fewer
    tokens, then a smaller dimension, then A = identity, then a simpler step, then smaller
    coordinates. Each result says in which sense it is smallest.
    """
    files, chosen = chosen_of(names or (), _false)
    used = randbits(32) if seed is None else seed
    if report is not None:
        prepare(report, force, [*dict.fromkeys(chosen)])
    budget = Budget(examples, seconds, max_layers)
    findings: list[Finding] = []
    best: list[Finding] = []
    interrupted = False
    with TemporaryDirectory() as scratch:
        works = [
            (name, files, budget, used, generic, Path(scratch, str(place)))
            for place, name in enumerate(dict.fromkeys(chosen))
        ]
        try:
            for finding in _follow(works, min(jobs or os.cpu_count() or 1, len(works) or 1)):
                findings.append(finding)
                _tell(finding, as_json, latex)
        except KeyboardInterrupt:
            interrupted = True
            unfinished = [_noted(work[-1]) for work in works[len(findings) :]]
            best = [x for x in unfinished if x is not None and x.counterexample is not None]
            for finding in best:
                _tell(finding, as_json, latex)
    notice(f"seed {used}")
    if report is not None:
        pages = [_page(finding, budget, generic) for finding in [*findings, *best]]
        notice(f"report: {write_report(pages, report, 'Counterexamples', force)}")
    if interrupted:
        raise Interrupted(
            f" after {len(findings)} of {len(works)} statements; "
            f"{len(best)} more refuted, not yet by the smallest"
        )
    failed = [finding.report for finding in findings if finding.report.verdict is Verdict.ERROR]
    for failure in failed:
        of = "" if failure.witness is None else f" of {json.dumps(failure.witness.to_dict())}"
        notice(f"hardmax: {called(find(failure.name))}: {failure.explanation}{of}")
    status = exit_status(finding.report for finding in findings if finding.report not in failed)
    if failed and status != Status.REFUTED:
        raise typer.Exit(Status.BAD_INPUT)
    if status:
        raise typer.Exit(status)


def _false() -> list[Statement]:
    """The statements that are expected to be refuted."""
    return [c for c in (*conjectures(), *literature()) if c.expected is Verdict.REFUTED]


def _tell(finding: Finding, as_json: bool, latex: bool) -> None:
    if as_json:
        smallest = finding.counterexample
        violation = None if smallest is None else smallest.violation
        more = {
            "violation": None if violation is None else violation.as_dict(),
            "minimality": None if smallest is None else smallest.minimality,
            "layers": _other_layers(finding),
            "searched": finding.searched,
        }
        typer.echo(json.dumps(finding.report.as_dict() | more))
    else:
        show(_told(finding, latex))


def _other_layers(finding: Finding) -> list[dict[str, Any]] | None:
    """The layers to the one that fails, where they are not those that `hardmax run` shows.

    No more than `ALL_LAYERS`: of a bound that fails far out the first ones.
    """
    smallest = finding.counterexample
    if smallest is None or finding.report.dynamics == HARDMAX:
        return None
    last = 0 if smallest.violation is None else min(smallest.violation.layer or 0, ALL_LAYERS)
    run = Run(smallest.configuration, finding.report.dynamics)
    return [
        {
            "tokens": [[text(x) for x in z] for z in run.tokens(k)],
            "attention": [list(attended) for attended in run.pattern(k)],
        }
        for k in range(last + 1)
    ]


def _page(finding: Finding, budget: Budget, generic: bool) -> Page:
    """What the report tells of one statement."""
    smallest, statement = finding.counterexample, find(finding.report.name)
    options = [f"--examples {budget.examples}", f"--seed {finding.report.seed}"]
    options += [] if budget.seconds is None else [f"--seconds {budget.seconds}"]
    options += [] if budget.max_layers == MAX_LAYERS else [f"--max-layers {budget.max_layers}"]
    options += ["--generic"] if generic else []
    command = f"hardmax refute {shlex.quote(called(statement))} {' '.join(options)}"
    refutation = Refutation()
    if smallest is not None:
        certificate = statement.certificate(smallest.configuration, smallest.violation)
        refutation = Refutation(smallest.violation, smallest.minimality, certificate)
    return Page(finding.report, statement, refutation, command, budget.max_layers)


def _follow(works: Sequence[Work], jobs: int) -> Iterator[Finding]:
    """The findings in order; how far the searches are is shown."""
    apart = any(files for _, files, *_ in works)
    findings = ordered_map(_search, works, jobs, apart=apart)
    if apart:
        findings = of_users([called(find(name)) for name, *_ in works], findings)
    with progress("statements", len(works), _BestColumn([work[-1] for work in works])) as step:
        for finding in findings:
            step()
            yield finding


class _BestColumn(ProgressColumn):
    """The statement that is searched now, how far, and its best counterexample so far."""

    max_refresh = 0.5

    def __init__(self, notes: Sequence[Path]) -> None:
        super().__init__()
        self.notes = notes

    def render(self, task: Task) -> Text:
        finding = next(filter(None, map(_noted, self.notes[int(task.completed) :])), None)
        if finding is None:
            return Text()
        report, smallest = finding.report, finding.counterexample
        best = ""
        if smallest is not None:
            c = smallest.configuration
            best = f", best so far: {count(c.size, 'token', '')} in dimension {c.dimension}"
        return Text(f"{report.name}: {report.examples} tried{best}")


def _search(work: Work) -> Finding:
    name, files, budget, seed, generic, note = work
    for file in files:
        load(file)
    with contained():
        return search(find(name), budget, seed=seed, tell=partial(_note, note), generic=generic)


def _note(path: Path, finding: Finding) -> None:
    """Write down how far a search is, so that it can be read whenever its process ends."""
    with suppress(OSError):  # a full disk costs the progress bar its words, and nothing else
        write(path, pickle.dumps(finding))


def _noted(path: Path) -> Finding | None:
    """How far a search has written that it is."""
    try:
        noted: Finding = pickle.loads(path.read_bytes())  # written by `_note`, in our own directory
    except FileNotFoundError:
        return None
    return noted


def _told(finding: Finding, latex: bool) -> Text:
    report = finding.report
    words = Text()
    words.append(report.name, "bold")
    words.append("  ")
    words.append(report.verdict, COLOURS[report.verdict])
    counterexample = finding.counterexample
    if counterexample is not None:
        c = counterexample.configuration
        words.append(f" by {count(c.size, 'token', '')} in dimension {c.dimension}\n")
        statement = find(report.name).statement
        words.append(f"  {printable(statement if latex else to_text(statement))}\n")
        violation = counterexample.violation
        words.append(f"  {'false here' if violation is None else printable(str(violation))}\n")
        words.append(f"  {json.dumps(described(c, report.dynamics))}\n")
        layers = [*enumerate(_other_layers(finding) or ())]
        shown = layers if len(layers) <= MOST_LAYERS else [*layers[: MOST_LAYERS - 1], layers[-1]]
        for k, layer in shown:
            words.append(f"  layer {k} of these dynamics: {json.dumps(layer)}\n")
        if remark := find(report.name).remark:
            words.append(f"  {printable(remark)}\n")
        words.append(f"  {printable(counterexample.minimality)}\n")
    else:
        words.append("\n")
        if report.explanation:
            words.append(f"  {printable(report.explanation)}\n", "red")
            if report.witness is not None:
                words.append(f"  {json.dumps(report.witness.to_dict())}\n")
    words.append(
        f"  {count(report.examples, 'configuration', '')} tried, {report.applicable} applicable, "
        f"{report.undecided} undecided\n"
    )
    if counterexample is None:
        words.append(f"  searched: {printable(finding.searched)}\n")
    return words
