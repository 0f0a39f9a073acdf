"""HTML pages that open from a file, without a network, and load nothing from elsewhere.

    statement_page    one `Page`, plotly's script beside it;
    index_page        all statements with their verdicts;
    run_page          one run, as ``hardmax run --plot FILE.html`` writes it, the script inside.

The templates are package data in ``templates/``. Everything is escaped by jinja2 or here; a
policy in each page forbids the browser to ask anything of any other place.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from flint import fmpq

from checks.findings import Result
from checks.reports import ends, facts, latex, runs
from checks.reports.beside import with_softmax
from checks.reports.library import library
from checks.reports.model import Page
from checks.reports.picture import figure
from checks.reports.stills import stills
from theory import HARDMAX, Configuration
from theory.exact import text
from theory.pictures.projections import PLAIN, Lens
from theory.pictures.slides import Slides
from theory.readable import count, decimal

SCRIPT = "plotly.min.js"
"""The name of plotly's script beside the pages of a directory."""

MOST_ROWS = 60
"""Tokens in the table of one layer."""


def statement_page(page: Page, name: str, certificate: str | None) -> str:
    """The page of one statement; `name` is its file's name without suffix."""
    run = page.run
    return render(
        "statement.html.j2",
        page=page,
        report=page.report,
        file=name,
        title=page.statement.name,
        statement=latex.to_html(page.statement.statement),
        remark=latex.to_html(page.statement.remark),
        certificate=certificate,
        relation=facts.broken(page.violation),
        picture=None if run is None else _picture(Slides.of(run)),
        note=None if run is None else runs.note(run),
    )


def index_page(entries: Sequence[tuple[Page, str]], title: str, reach: Mapping[str, Any]) -> str:
    """The table of all statements; `entries` pairs pages with their files' names."""
    rows = [(page, name, latex.to_html(page.statement.statement)) for page, name in entries]
    return render("index.html.j2", rows=rows, title=title, reach=reach)


def run_page(
    result: Result,
    given: Configuration,
    title: str,
    command: str | None = None,
    lens: Lens = PLAIN,
    beta: fmpq | None = None,
) -> str:
    """One page about one decision, with plotly's script inside.

    `given` is the configuration as it was read, before copies were merged. `lens` chooses what is
    drawn; with a `beta` softmax's tokens are drawn beside, layer for layer.
    """
    slides, dynamics = replace(Slides.of(result, given), lens=lens), result.trajectory.dynamics
    if beta is not None:
        slides = with_softmax(slides, beta)
    found = ends.record(result)
    return render(
        "run.html.j2",
        given=given,
        dynamics=dynamics,
        configuration=result.configuration,
        merged=result.configuration.size < given.size,
        title=given.name or title,
        slides=slides,
        leaders=ends.leaders(found, slides.names),
        limits=ends.limits(found, slides),
        command=command,
        picture=_picture(slides),
        note=runs.told(dynamics, given, result.configuration),
        script=plotly_script(),
    )


@cache
def plotly_script() -> str:
    """Plotly's own script, which the package brings along."""
    script: str = library("plotly.offline").get_plotlyjs()
    return script


def _picture(slides: Slides) -> dict[str, Any]:
    """What the template of the picture wants."""
    spec = figure(slides, called="hardmax" if slides.beside else "", screen=True)
    legend = [trace["name"] for trace in spec["data"] if trace["visible"] and trace["showlegend"]]
    others = [
        figure(replace(slides, slides=shown), slides.view, name, screen=True)
        for name, shown in slides.beside
    ]
    for each in (spec, *others):
        each["layout"]["showlegend"] = False
        for controls in ("sliders", "updatemenus"):  # the page's own are reached by the keyboard
            del each["layout"][controls]
        del each["data"]
    return {
        "spec": script_json(spec | {"beside": others}),
        "beside": [name for name, _ in slides.beside],
        "description": slides.description,
        "stills": stills(slides),
        "tables": [(slide.title, runs.rows(slides, slide, MOST_ROWS)) for slide in slides.slides],
        "hidden": max(0, slides.configuration.size - MOST_ROWS),
        "legend": legend,
        "solid": slides.view.axes == 3,
        "flat": slides.view.axes == 1,
    }


def script_json(value: object) -> str:
    """JSON that can stand in a script element: no character of it can end one.

    >>> print(script_json("</script>"))
    "\\u003c/script\\u003e"
    """
    words = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return words.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


@cache
def _environment() -> Any:
    jinja2 = library("jinja2")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("checks.reports"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals |= {"facts": facts, "runs": runs, "plotly": SCRIPT, "HARDMAX": HARDMAX}
    environment.filters |= {
        "exact": facts.exact,
        "decimal": decimal,
        "text": text,
        "count": count,
        "sentence": lambda words: words[:1].upper() + words[1:],
    }
    return environment


def render(template: str, **values: Any) -> str:
    """A page made of one of the templates."""
    rendered: str = _environment().get_template(template).render(**{"script": None} | values)
    return rendered
