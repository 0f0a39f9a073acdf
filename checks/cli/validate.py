"""`hardmax validate`: claims held against generated configurations."""

import json
import shlex
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from secrets import randbits
from typing import Any

import typer
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from checks.campaigns.campaign import Campaign
from checks.campaigns.engines import Engine
from checks.campaigns.fingerprint import fingerprint
from checks.campaigns.store import Store, Terms
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
from checks.cli.kinds import Under, held_under, kind_of
from checks.cli.options import AsJson, Claims, Examples, Force, Jobs, MaxLayers, ReportTo, Seed
from checks.cli.progress import progress
from checks.cli.screen import table
from checks.cli.terminal import Interrupted, Status, notice, show
from checks.cli.words import printable
from checks.reach import OPEN, PHENOMENA
from checks.reports import Page, prepare, write_report
from checks.statements import claims, find_claim
from checks.verdicts import Report, Verdict, described, exit_status
from theory.settling import MAX_LAYERS

COLOURS = {
    Verdict.PROVED: "bold green",
    Verdict.HELD: "green",
    Verdict.REFUTED: "bold red",
    Verdict.ERROR: "bold red",
    Verdict.VACUOUS: "yellow",
    Verdict.UNDECIDED: "yellow",
}


def validate(
    examples: Examples = 1000,
    claim: Claims = None,
    dynamics: Under = None,
    seed: Seed = None,
    jobs: Jobs = None,
    store: StoreAt = None,
    scheduler: Scheduler = None,
    tls_ca_file: TlsAuthority = None,
    tls_cert: TlsCertificate = None,
    tls_key: TlsKey = None,
    max_layers: MaxLayers = MAX_LAYERS,
    as_json: AsJson = False,
    report: ReportTo = None,
    force: Force = False,
) -> None:
    """Hold the claims of the theory against configurations built to break them.

    A claim that holds on every applicable configuration is HELD, which is no proof. The table of
    what was met tells how hard the configurations were. Under another dynamics those claims are
    held that make sense for it, without the hypotheses that it lacks; that they hold is declared of
    the theory's own.
    """
    kind = None if dynamics is None else kind_of(dynamics)
    chosen = [find_claim(name) for name in dict.fromkeys(claim or ())]
    if kind is not None:
        chosen = held_under(kind, chosen, claims())
    if report is not None:
        prepare(report, force, [made.name for made in chosen or claims()])
    interrupted = False
    with ExitStack() as stack:
        tls = (tls_ca_file, tls_cert, tls_key)
        apart = kind is not None and kind.origin is not None
        engine = stack.enter_context(engine_of(jobs, scheduler, tls, chosen or claims(), apart))
        ledger = None
        if store is not None:
            terms = Terms(
                [made.key for made in chosen or claims()],
                examples,
                max_layers,
                fingerprint(chosen or claims()),
                (kind,),
            )
            ledger = ledger_of(stack.enter_context(Store(store, notice)), terms, seed)
        used = seed if seed is not None else randbits(32) if ledger is None else ledger.seed
        campaign = Campaign(chosen, examples, used, max_layers, ledger=ledger)
        tell_resumed(campaign, store)
        try:
            _follow(campaign, engine)
        except KeyboardInterrupt:
            interrupted, campaign.shrink = True, False  # shrinking can take long
    reports = campaign.reports()
    if as_json:
        of = {} if kind is None else {"dynamics": kind.name}
        for found in reports:
            typer.echo(json.dumps(found.as_dict() | of))
        notice(f"seed {used}")
    else:
        show(*summary(reports))
    if report is not None:
        notice(f"report: {_write(report, campaign, reports, examples, force, dynamics)}")
    if interrupted:
        done = sum(result.examples for result in campaign.finished)
        more = "" if store is None else "; the same command goes on from there"
        raise Interrupted(f" after {done} of {examples} configurations{more}")
    failed = [report for report in reports if report.verdict is Verdict.ERROR and apart]
    for failure in failed[:1]:  # all tell of the user's rule
        notice(f"hardmax: --dynamics {dynamics}: {failure.explanation}")
    status = exit_status(report for report in reports if report not in failed)
    if failed and status != Status.REFUTED:
        raise typer.Exit(Status.BAD_INPUT)
    if status:
        raise typer.Exit(status)


def _write(
    directory: Path,
    campaign: Campaign,
    reports: Sequence[Report],
    examples: int,
    force: bool,
    dynamics: str | None,
) -> Path:
    """Write the report; the path of its index page."""
    claims = {claim.name: claim for claim in campaign.claims}
    budget = "" if campaign.max_layers == MAX_LAYERS else f" --max-layers {campaign.max_layers}"
    budget += "" if dynamics is None else f" --dynamics {shlex.quote(dynamics)}"
    pages = [
        Page(
            found,
            claims[found.name],
            command=f"hardmax validate --claim {shlex.quote(found.name)} --examples {examples} "
            f"--seed {campaign.seed}{budget}",
        )
        for found in reports
    ]
    return write_report(pages, directory, "Claims held against generated configurations", force)


def summary(reports: Sequence[Report]) -> list[RenderableType]:
    """The verdicts, what was met, and one closing line."""
    parts: list[RenderableType] = [_verdicts(reports)]
    parts += [_violation(report) for report in reports if report.explanation]
    if reports:
        parts += [_reach(reports[0].reach), _closing(reports)]
    return parts


def _verdicts(reports: Sequence[Report]) -> Table:
    made = table("claim", "verdict", "cases", "undecided", right=("cases", "undecided"))
    for report in reports:
        made.add_row(
            report.name,
            Text(report.verdict, COLOURS[report.verdict]),
            f"{report.applicable} of {report.examples}",
            str(report.undecided or ""),
        )
    return made


def _violation(report: Report) -> Text:
    words = Text(f"{report.name}: {printable(report.explanation or '')}\n", "red")
    if report.witness is not None:
        words.append(f"    {json.dumps(described(report.witness, report.dynamics))}\n", "default")
    return words


def _reach(reach: Mapping[str, Any]) -> Table:
    title = "What the configurations had"
    made = table("met", "phenomenon", right=("met",), title=title)
    for name, meaning in PHENOMENA.items():
        times = reach[name]
        made.add_row(Text(str(times), "yellow" if not times else ""), meaning)
    made.add_section()
    for key, words in (("dimension", "dimension"), ("settled_layer", "settled at layer")):
        made.add_row("", f"{words} — {_counts(reach[key])}")
    made.add_row("", _settling(reach["settles_by"]))
    return made


def _settling(cases: Mapping[str, int]) -> str:
    """Of how many configurations a theorem proves that they settle, by case, and of how many none.

    >>> _settling({"d ≤ 3": 5, "n ≤ 3": 1, OPEN: 2})
    'settling — PROVED of 6 by its theorem (d ≤ 3: 5, n ≤ 3: 1), open case: 2'
    """
    proved = {name: times for name, times in cases.items() if name != OPEN}
    theorem = f"PROVED of {sum(proved.values())} by its theorem ({_counts(proved) or 'no case'})"
    return f"settling — {theorem}, {OPEN}: {cases.get(OPEN, 0)}"


def _counts(histogram: Mapping[str, int]) -> str:
    return ", ".join(f"{name}: {times}" for name, times in histogram.items() if times)


def _closing(reports: Sequence[Report]) -> Text:
    bad = [report.name for report in reports if not report.as_declared]
    examples = max(report.examples for report in reports)
    seed = reports[0].seed
    if bad:
        return Text(f"Not as declared: {', '.join(bad)}. {examples} configurations, seed {seed}.")
    return Text(
        f"{len(reports)} claims held on {examples} configurations, seed {seed}. Held is not proved."
    )


def _follow(campaign: Campaign, engine: Engine) -> None:
    """Run the campaign, and show how far it is."""
    done = sum(result.examples for result in campaign.finished)
    with progress("configurations", campaign.examples, done=done) as step:
        for result in campaign.results(engine):
            step(result.examples)
