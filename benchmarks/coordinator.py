"""What a unit of a campaign costs the one that coordinates, and how many workers that can feed.

    python -m benchmarks.coordinator [UNITS]

A real scheduler and a real worker, in processes of their own, do units whose result is known
beforehand, so that all that is left is coordination. Processor time is taken of each process:

- the coordinator: `hardmax validate --scheduler … --store …`, which hands out, takes in, and keeps;
- its parts alone: a record written and read, a store that keeps it;
- the scheduler of Dask.

A coordinator that spends c seconds on a unit that takes a worker u seconds feeds u / c workers. The
unit's own time is measured on real units of all claims.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from checks.campaigns import cluster
from checks.campaigns.campaign import Campaign
from checks.campaigns.fingerprint import fingerprint
from checks.campaigns.records import decode, encode
from checks.campaigns.store import Store, Terms
from checks.campaigns.units import UNIT, Unit, UnitResult, divide, do
from checks.statements import Statement, registry

MAX_LAYERS = 1000
SAMPLE = 12
"""Real units that are timed: one of each source."""

TICK = os.sysconf("SC_CLK_TCK")


def main(units: int = 4000) -> None:
    """Measure, and print a table."""
    claims = registry.claims()
    sample = divide(UNIT * (SAMPLE + 3), 1)[:SAMPLE]
    started = time.process_time()
    found = [do(unit, claims, MAX_LAYERS) for unit in sample]
    per_example = (time.process_time() - started) / sum(unit.examples for unit in sample)
    canned = found[0]

    examples = units * UNIT
    planned = divide(examples, 1)
    with TemporaryDirectory() as folder:
        rows: list[tuple[str, float]] = []
        record = encode(canned)
        rows.append(("a record written", per(units, lambda _: encode(canned))))
        rows.append(("a record read", per(units, lambda _: decode(record))))
        terms = Terms([claim.name for claim in claims], examples, MAX_LAYERS, fingerprint(claims))
        for name, batch in (("kept, one a transaction", 1), ("kept, 50 a transaction", 50)):
            with Store(Path(folder) / f"{batch}.sqlite") as store:
                ledger = store.campaign(terms, 1, 1)
                cost = batched(ledger.keep, [placed(canned, unit) for unit in planned], batch)
                rows.append((name, cost))
        rows += clustered(Path(folder), terms, claims, canned)
    print(f"{len(planned)} units, {len(record)} bytes a record")
    print(f"one example, all {len(claims)} claims: {1000 * per_example:.1f} ms on a worker")
    print(f"{'processor time of the coordinator':<44}{'µs a unit':>10}")
    for name, seconds in rows:
        print(f"{name:<44}{1e6 * seconds:>10.0f}")
    whole = max(seconds for name, seconds in rows if name.startswith("all"))
    dask = max(seconds for name, seconds in rows if name.startswith("Dask"))
    print(f"{'examples of a unit':<20}{'workers the coordinator feeds':>32}{'Dask scheduler':>18}")
    for size in (UNIT, 100, 250, 1000):
        seconds = size * per_example
        print(f"{size:<20}{seconds / whole:>32.0f}{seconds / dask:>18.0f}")


def placed(result: UnitResult, unit: Unit) -> UnitResult:
    """The known result as that of another unit."""
    return UnitResult(unit, result.tallies, result.reach, unit.examples)


def per(times: int, call: Callable[[int], Any]) -> float:
    """Seconds of processor time of one call."""
    started = time.process_time()
    for number in range(times):
        call(number)
    return (time.process_time() - started) / times


def batched(
    keep: Callable[[Sequence[UnitResult]], int], results: list[UnitResult], n: int
) -> float:
    """Seconds of processor time of keeping one result, n at a time."""
    started = time.process_time()
    kept = sum(keep(results[i : i + n]) for i in range(0, len(results), n))
    if kept != len(results):
        raise SystemExit(f"{kept} of {len(results)} were kept")
    return (time.process_time() - started) / kept


def clustered(
    folder: Path, terms: Terms, claims: Sequence[Statement], canned: UnitResult
) -> list[tuple[str, float]]:
    """The whole way through Dask and into a store: this process, and the scheduler."""
    file = folder / "scheduler.json"
    options = ["--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
    dask = [sys.executable, "-m", "dask"]
    place = str(Path(__file__).resolve().parents[1])
    running = [
        subprocess.Popen(
            [*dask, *more],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": place},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for more in (
            ["scheduler", "--port", "0", "--scheduler-file", str(file), *options],
            ["worker", "--scheduler-file", str(file), "--no-nanny", "--nthreads", "8", *options],
        )
    ]
    try:
        while not file.exists():
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        with (
            cluster.connected(address, claims, patience=60) as engine,
            Store(folder / "cluster.sqlite") as store,
        ):
            ledger = store.campaign(terms, 1, 1)
            campaign = Campaign(claims, terms.examples, 1, ledger=ledger)
            before, started = spent(running[0].pid), time.process_time()
            for _ in campaign.results(replace(engine, task=partial(known, encode(canned)))):
                pass
            units = len(campaign.finished)
            own = (time.process_time() - started) / units
            return [
                ("all: handed out, taken in, kept, read back", own),
                (
                    "Dask's scheduler (a process of its own)",
                    (spent(running[0].pid) - before) / units,
                ),
            ]
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def known(record: str, unit: Unit, **options: Any) -> UnitResult:
    """What a worker does here: it gives the known result back."""
    return placed(decode(record), unit)


def spent(pid: int) -> float:
    """Seconds of processor time of a process, as Linux tells them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
