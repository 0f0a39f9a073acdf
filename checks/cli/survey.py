"""`hardmax survey`: statements against dynamics, one verdict a cell."""

import json
import os
import shlex
import time
from contextlib import ExitStack
from pathlib import Path
from secrets import randbits
from typing import Annotated

import typer

from checks.campaigns.fingerprint import fingerprint
from checks.campaigns.store import Store, Terms
from checks.campaigns.units import kinds_of
from checks.cli.chosen import called, chosen_of
from checks.cli.engines import (
    Scheduler,
    StoreAt,
    TlsAuthority,
    TlsCertificate,
    TlsKey,
    engine_of,
    ledger_of,
    tell_resumed,
)
from checks.cli.grid import grid_shown
from checks.cli.kinds import kind_of
from checks.cli.options import AsJson, Examples, Force, Jobs, MaxLayers, ReportTo, Seed
from checks.cli.progress import progress
from checks.cli.terminal import Interrupted, notice, show, spare
from checks.reports import prepare
from checks.statements import find, statements
from checks.statements.kinds import kinds
from checks.survey.cells import status, surveyed
from checks.survey.pages import markdown_page, page_names, write_survey
from checks.survey.search import Survey, claims_of
from theory.exact import HardmaxError
from theory.files.outputs import write

BUDGET = 1000
"""Layers for settling: a configuration that takes longer is undecided."""


def survey(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME|FILE.py|FILE.py::NAME",
            show_default=False,
            help="Statements by name, or files with @conjecture functions, or one statement of a "
            "file; if omitted, every statement about the dynamics.",
        ),
    ] = None,
    dynamics: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME|FILE.json|FILE.py::NAME",
            show_default=False,
            help="Only this dynamics; may be given several times.",
        ),
    ] = None,
    examples: Examples = 300,
    seconds: Annotated[
        float | None,
        typer.Option(
            metavar="S", min=0.0, show_default=False, help="Time for all; any if omitted."
        ),
    ] = None,
    seed: Seed = None,
    jobs: Jobs = None,
    store: StoreAt = None,
    scheduler: Scheduler = None,
    tls_ca_file: TlsAuthority = None,
    tls_cert: TlsCertificate = None,
    tls_key: TlsKey = None,
    max_layers: MaxLayers = BUDGET,
    as_json: AsJson = False,
    report: ReportTo = None,
    markdown: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="Write the table, its legend and every counterexample into this Markdown file.",
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Hold every statement under every dynamics: which part of the theorem survives what?

    A cell is PROVED where the notes have a proof, HELD on so many configurations, REFUTED by one of
    so few tokens, UNDECIDED where some were beyond the budget, VACUOUS where none was applicable,
    or it does not apply. Under another dynamics than the theory's own nothing is declared, so that
    a refuted cell there is a finding and no failure; a proof that is contradicted is one.
    """
    columns = [kind_of(name) for name in dict.fromkeys(dynamics or ())] or [*kinds()]
    files, chosen = chosen_of(names or (), lambda: surveyed(statements(), columns))
    rows = [find(name) for name in dict.fromkeys(chosen)]
    if report is not None:
        prepare(report, force, page_names(rows, columns))
    spare(files, {"--markdown": markdown}, force)
    claims = claims_of(rows, columns)
    if not claims:
        raise HardmaxError("none of these statements applies under any of these dynamics")
    apart = bool(files) or any(kind.origin is not None for kind in columns)
    began, interrupted = time.monotonic(), False
    with ExitStack() as stack:
        tls = (tls_ca_file, tls_cert, tls_key)
        engine = stack.enter_context(engine_of(jobs, scheduler, tls, claims, apart))
        ledger = None
        if store is not None:
            terms = Terms(
                [claim.key for claim in claims],
                examples,
                max_layers,
                fingerprint(claims),
                kinds_of(claims),
            )
            ledger = ledger_of(stack.enter_context(Store(store, notice)), terms, seed)
        used = seed if seed is not None else randbits(32) if ledger is None else ledger.seed
        made = Survey(rows, columns, examples, used, max_layers, ledger)
        tell_resumed(made.campaign, store)
        done = sum(result.examples for result in made.campaign.finished)
        until = None if seconds is None else began + seconds
        try:
            with progress("configurations", examples * len(columns), done=done) as step:
                made.run(engine, jobs or os.cpu_count() or 1, apart, until, step)
        except KeyboardInterrupt:
            interrupted = True
    cells = made.cells()
    if as_json:
        for cell in cells:
            typer.echo(json.dumps(cell.as_dict()))
    else:
        show(*grid_shown(cells))
    notice(f"seed {used}")
    command = _command(names or [], dynamics or [], examples, used, max_layers)
    if report is not None:
        notice(f"report: {write_survey(cells, report, command, max_layers, force)}")
    if markdown is not None:
        write(markdown, markdown_page(cells, command))
    if not made.whole:
        done = sum(result.examples for result in made.campaign.finished)
        total = sum(unit.examples for unit in made.campaign.units())
        more = "" if store is None else "; the same command goes on from there"
        words = f" after {done} of {total} configurations{more}"
        if interrupted:
            raise Interrupted(words)
        notice(f"hardmax survey: the time was up{words}")
    faults = {
        c.statement.name if c.statement.origin else c.kind.name: c
        for c in reversed(cells)
        if c.at_fault
    }
    for cell in reversed(faults.values()):  # under other dynamics it fails alike
        of = f"{called(cell.statement)}, {cell.kind.name}"
        notice(f"hardmax: {of}: {cell.as_dict()['explanation']}")
    if code := status(cells):
        raise typer.Exit(code)


def _command(
    names: list[str], dynamics: list[str], examples: int, seed: int, max_layers: int
) -> str:
    """What reproduces it."""
    words = ["hardmax", "survey", *names]
    for name in dynamics:
        words += ["--dynamics", name]
    words += ["--examples", str(examples), "--seed", str(seed)]
    return shlex.join(words + ([] if max_layers == BUDGET else ["--max-layers", str(max_layers)]))
