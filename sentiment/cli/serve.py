"""`hardmax sentiment serve`: a classifier as a small HTTP service on this machine."""

import json
import os
import sys
from importlib.util import find_spec
from typing import Annotated

import typer

from checks.cli.options import AsJson
from checks.cli.terminal import notice
from sentiment.cli.options import Model, depth_of
from theory import HardmaxError

NEEDED = ("starlette", "uvicorn")
"""What the extra ``serve`` installs."""

MOST_WORKERS = 64
USUAL_WORKERS = 4
"""Workers at most unless more are asked for: each holds the model."""


def serve(
    model: Model,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Where to listen; the default is this machine.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="The port; 0 for any that is free.")
    ] = 8000,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host",
            metavar="NAME",
            help="A further name that requests may say they were sent to (the header Host).",
        ),
    ] = None,
    depth: Annotated[
        str | None,
        typer.Option(
            metavar="K", help="Layers of predictions, or infinite; as trained if not given."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=MOST_WORKERS,
            show_default=False,
            help="Processes that answer; as many as there are processors, and at most "
            f"{USUAL_WORKERS}, if omitted.",
        ),
    ] = None,
    max_characters: Annotated[
        int, typer.Option(metavar="N", min=1, max=1_000_000, help="Characters of a text.")
    ] = 20_000,
    max_texts: Annotated[
        int, typer.Option(metavar="N", min=1, max=100_000, help="Texts of a request.")
    ] = 1_000,
    max_bytes: Annotated[
        int, typer.Option(metavar="N", min=1, max=2**28, help="Bytes of a request's body.")
    ] = 4_000_000,
    max_requests: Annotated[
        int, typer.Option(metavar="N", min=1, max=10_000, help="Requests at work, or waiting.")
    ] = 1_024,
    max_layers: Annotated[
        int | None,
        typer.Option(
            metavar="K", min=0, show_default=False, help="The budget of layers for settling."
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(metavar="S", min=0.1, max=3600, help="Time of a request.")
    ] = 10.0,
    as_json: AsJson = False,
) -> None:
    """Answer requests on this machine: predictions, explanations and their pages.

    Prints its address once it answers, and ends by Ctrl-C or SIGTERM. `GET /openapi.json` describes
    the requests. No text is kept, nothing is logged, and there is no password: with another --host
    whoever reaches it can use it.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise HardmaxError(
            f"`hardmax sentiment serve` needs {', '.join(missing)}: "
            "pip install 'hardmax-theory[sentiment,serve]'"
        )
    from sentiment import saving
    from sentiment.about import about
    from sentiment.service.answers import Served, health
    from sentiment.service.application import Hosts, application
    from sentiment.service.engines import Workers
    from sentiment.service.requests import Bounds
    from sentiment.service.server import address, bound, is_loopback, run

    bounds = Bounds(max_characters, max_texts, max_bytes, seconds, max_requests, max_layers)
    count = workers or min(os.cpu_count() or 1, USUAL_WORKERS)
    with bound(host, port) as opened:
        classifier, trained_on = saving.load(model)
        if depth is not None:
            classifier.set_params(depth=depth_of(depth))
        served = Served(classifier, about(model, trained_on), bounds)
        told = health(served, trained_on)
        place, everywhere = address(opened), not is_loopback(opened)
        hosts = Hosts(frozenset(map(str.lower, (host, *(allow_host or ())))), everywhere)
        if everywhere:
            notice(f"{place} is open to other machines: whoever reaches it can use it")

        def ready() -> None:
            record = {"url": place, "workers": count} | told
            typer.echo(json.dumps(record) if as_json else f"{served.about.name}: {place}")
            sys.stdout.flush()

        engine = Workers(served, count)
        run(application(engine, bounds, told, hosts), engine, opened, ready)
