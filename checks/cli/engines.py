"""Who does the work of a campaign, and where it is kept: options, engines, and stores."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import randbits
from typing import Annotated, TypeAlias

import typer

from checks.campaigns.campaign import Campaign
from checks.campaigns.engines import Engine, local
from checks.campaigns.fingerprint import difference
from checks.campaigns.store import Ledger, Store, Terms
from checks.cli.terminal import notice
from checks.statements import Statement
from theory import HardmaxError

StoreAt: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="FILE",
        help="Keep everything in this SQLite file as it comes; the same command then goes on "
        "where it was stopped, whatever stopped it.",
    ),
]

Scheduler: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Use the workers of the Dask scheduler at this address, tcp://HOST:PORT or "
        "tls://HOST:PORT, instead of processes of this machine.",
    ),
]

TlsAuthority: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--tls-ca-file", metavar="FILE", help="For tls://: the authority that signs for both."
    ),
]

TlsCertificate: TypeAlias = Annotated[
    Path | None,
    typer.Option("--tls-cert", metavar="FILE", help="For tls://: the certificate to show."),
]

TlsKey: TypeAlias = Annotated[
    Path | None,
    typer.Option("--tls-key", metavar="FILE", help="For tls://: its key, if in a file of its own."),
]


@contextmanager
def engine_of(
    jobs: int | None,
    scheduler: str | None,
    tls: tuple[Path | None, Path | None, Path | None],
    claims: Sequence[Statement],
    apart: bool = False,
) -> Iterator[Engine]:
    """Who does the work; processes `apart` from this one where claims are a user's.

    Raises `HardmaxError` for options that exclude each other, and for a cluster that cannot do it.
    """
    if scheduler is None:
        if any(tls):
            raise HardmaxError(
                "--tls-ca-file, --tls-cert and --tls-key are for --scheduler tls://…"
            )
        yield local(jobs or os.cpu_count() or 1, apart)
        return
    if jobs is not None:
        raise HardmaxError(
            "--jobs and --scheduler exclude each other: a cluster has its own workers"
        )
    if apart:
        raise HardmaxError("--scheduler: a cluster's workers do not have the file of statements")
    from checks.campaigns.cluster import connected  # Dask is an extra

    with connected(scheduler, claims, tls=tls, tell=notice) as cluster:
        yield cluster


def ledger_of(store: Store, terms: Terms, seed: int | None) -> Ledger:
    """The campaign to go on with, or a new one; says when other code has left one behind.

    Raises `HardmaxError` for a store of another dynamics, which would be a slip of the hand.
    """
    wanted, kept = terms.code.get("dynamics", ""), store.dynamics()
    if kept and wanted not in kept:
        other = " and ".join(sorted(filter(None, kept))) or "the claims' own"
        raise HardmaxError(
            f"{store.path}: holds campaigns of another dynamics ({other}); a store of its own was "
            f"wanted for {wanted or 'that of the claims'}"
        )
    ledger = store.campaign(terms, seed, randbits(32))
    if not ledger.resumed:
        for code in store.others(terms, seed)[-1:]:
            notice(
                f"{store.path} holds such a campaign of other code "
                f"({difference(terms.code, code)}); it stays, and a new one begins"
            )
    return ledger


def tell_resumed(campaign: Campaign, store: Path | None) -> None:
    """Tell how much of a campaign is kept, where it is gone on with."""
    if campaign.ledger is None or not campaign.ledger.resumed:
        return
    done, units = len(campaign.finished), len(campaign.units())
    what = "is complete" if done == units else f"goes on: {done} of {units} units are kept"
    notice(f"{store}: the campaign of seed {campaign.seed} {what}")
