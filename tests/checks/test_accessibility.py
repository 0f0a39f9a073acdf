"""Every kind of page for every reader: by keyboard, by ear, in the dark, on a phone, on paper.

Axe-core looks for violations of WCAG, levels A and AA, in Chromium (`browser`); what it cannot see
is asked here. A page with planted faults has each of them found.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser import needs, violations
from flint import fmpq
from report_cases import CASES, held, refuted

from checks.reports import html, write_report
from checks.reports.maps import write_map
from checks.reports.sweeps import write_sweep
from checks.statements import find
from checks.statements.kinds import find_kind
from checks.survey.pages import write_survey
from checks.survey.search import Survey
from theory import Configuration, settle
from theory.basins import Plane, Problem, settle_grid
from theory.files.configurations import read_problems
from theory.pictures.projections import Lens, Projection
from theory.sweeps import steps, sweep

needs("playwright.sync_api", "axe_playwright_python", "pypdfium2", "plotly", "latex2mathml")

pytestmark = pytest.mark.xdist_group("chromium")

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

RUNS = {
    "settled": ("examples/every-kind-of-limit.json", 1000),
    "undecided": ("examples/hundreds-of-layers.json", 5),
    "cycle": ("examples/outside-the-hypotheses-cyclic-pursuit.json", 1000),
    "schedule": ("examples/outside-the-hypotheses-two-tokens-refute-a-theorem.json", 1000),
}
"""Runs of each kind: a file, and the layers that it may take."""

ONE = Configuration([[3, 1]], "1/2", labels=["alone"])
MANY = Configuration([[k, k * k % 101] for k in range(1, 27)], "1/3")

PAGES = [
    *(f"{name}.html" for name in CASES),
    "held.html",
    "index.html",
    *(f"{name}.html" for name in (*RUNS, "one", "many", "seen")),
    "map.html",
    "sweep.html",
    "survey/index.html",
    "explained.html",
    "anchored.html",
    "prior.html",
]
DRAWN = [
    name for name in PAGES if name.removesuffix(".html") in {*CASES, *RUNS, "one", "many", "seen"}
]

STUB = """const Plotly = { react: async () => {}, relayout: async () => {} };"""

OWN = """() => {
    const shown = (e) => e.checkVisibility({ visibilityProperty: true });
    const all = (words) => [...document.querySelectorAll(words)].filter(shown);
    const told = (e) => e.getAttribute("aria-label") || e.getAttribute("alt");
    const scrolls = (e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX)
        && e.scrollWidth > e.clientWidth;
    const found = {
        "wider than the window": document.scrollingElement.scrollWidth > innerWidth ? ["page"] : [],
        "table without caption": all("table").filter(t => !t.caption?.textContent.trim()),
        "table without headers": all("table").filter(
            t => !t.querySelector("thead th[scope=col]") || !t.querySelector("tbody [scope=row]")),
        "picture without words": all("svg, canvas, img, [role=img]").filter(
            e => e.id !== "js-plotly-tester" && !told(e)
                && !e.closest("[aria-hidden=true]") && !e.parentElement.closest("[role=img]")),
        "box that no key reaches": all("body *").filter(e => scrolls(e) && e.tabIndex < 0),
        "box without a name": all("body *").filter(e => scrolls(e) && !told(e)),
    };
    return Object.entries(found).filter(([, where]) => where.length)
        .map(([what, where]) => [what, where.map(e => e.outerHTML?.slice(0, 200) ?? e)]);
}"""


def faults(page: Any) -> dict[str, list[str]]:
    """All that is wrong with an open page."""
    return violations(page) | dict(page.evaluate(OWN))


def write_sentiment(directory: Path) -> None:
    """Explanations of a text, and of one in which no word is known."""
    pytest.importorskip("sklearn")
    from anchored import anchored
    from sentences import sentences

    from sentiment.classifier import SentimentClassifier
    from sentiment.deletion import deletions
    from sentiment.explanation import explain
    from sentiment.pages import page
    from sentiment.reliability import Bin

    texts, labels, films = sentences(60, 1)
    model = SentimentClassifier(initialisation="log-odds", random_state=0, min_count_groups=2)
    model.fit(texts, labels, groups=films)
    for name, text in {
        "explained": "A moving film, not dull, with superb acting",
        "prior": "zyx",
    }.items():
        found = explain(model, text)
        told = page(found, deletions(model, found))
        (directory / f"{name}.html").write_text(told, encoding="utf-8")
    said = {"cautions": ("a question",), "cannot_tell": "two of six words are unknown"}
    told = page(anchored(calibration=Bin(0.6, 0.7, 31, 0.64, 0.66), **said))
    (directory / "anchored.html").write_text(told, encoding="utf-8")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of each kind; those of runs have plotly's script beside them, which is faster."""
    directory = tmp_path_factory.mktemp("pages") / "report"
    write_report([*(refuted(name, c) for name, c in CASES.items()), held("held")], directory)
    runs = {"one": (ONE, settle(ONE)), "many": (MANY, settle(MANY))}
    for name, (file, most) in RUNS.items():
        ((configuration, dynamics),) = read_problems(file)
        runs[name] = configuration, settle(configuration, most, dynamics=dynamics)
    runs["seen"] = CASES["space"], settle(CASES["space"])
    inside = f"<script>{html.plotly_script()}</script>"
    for name, (configuration, result) in runs.items():
        other = (Lens(Projection.onto(3, (0, 2))), fmpq(3)) if name == "seen" else ()
        page = html.run_page(result, configuration, name, f"hardmax run {name}.json", *other)
        assert inside in page
        beside = page.replace(inside, f'<script src="{html.SCRIPT}"></script>')
        (directory / f"{name}.html").write_text(beside, encoding="utf-8")
    kinds = [find_kind(name) for name in ("hardmax", "causal", "alpha-infinite", "window")]
    survey = Survey([find("separation"), find("norms-grow")], kinds, examples=5)
    survey.run(1)
    write_survey(survey.cells(), directory / "survey", "hardmax survey", 1000, False)
    axes = (fmpq(1), fmpq(0)), (fmpq(0), fmpq(1))
    plane = Plane((fmpq(0), fmpq(0)), axes, ((fmpq(-3), fmpq(3)),) * 2, 5, 5)
    maps = [settle_grid(Problem(replace(CASES["plane"], alpha=fmpq(a)), 4, plane)) for a in (1, 3)]
    write_map(maps, directory / "map.html", "map", "hardmax map plane.json --free 4")
    found = sweep(steps(CASES["line"], fmpq(1, 100), fmpq(10)), 12)
    write_sweep(found, directory / "sweep.html", "sweep", "hardmax sweep line.json")
    write_sentiment(directory)
    return directory


@pytest.fixture(scope="module")
def window(browser: Any) -> Any:
    """A page that most tests share: another one costs more than what it shows."""
    page = opened(browser)
    yield page
    page.context.close()


def opened(browser: Any, **options: Any) -> Any:
    page = browser.new_context(**({"viewport": WIDE} | options)).new_page()
    page.context.set_offline(True)
    page.set_default_timeout(600_000)
    return page


@pytest.fixture
def visit(browser: Any, window: Any, pages: Path) -> Iterator[Any]:
    """`visit(name)` opens a page, offline, and waits until its picture is drawn.

    Unless it is to be `drawn`, a script that draws nothing stands in plotly's place, whose reading
    costs more than all else.
    """
    own = []

    def go(name: str, folder: Path | None = None, drawn: bool = False, **options: Any) -> Any:
        page = opened(browser, **options) if options else window
        if options:
            own.append(page)
        else:
            page.emulate_media(color_scheme="light")
            page.set_viewport_size(WIDE)
        page.unroute_all()
        if not drawn:
            page.route(f"**/{html.SCRIPT}", lambda asked: asked.fulfill(body=STUB))
        page.goto(((folder or pages) / name).as_uri())
        if name in DRAWN and folder is None and options.get("java_script_enabled", True):
            page.wait_for_function("document.getElementById('picture').dataset.layer")
        return page

    yield go
    for page in own:
        page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_violates_anything(visit: Any, name: str) -> None:
    page = visit(name, drawn=name == "plane.html")
    if name in DRAWN:  # in place of the images of readers without scripts
        assert page.locator("#picture").is_visible()
        assert not page.locator(".stills").is_visible()
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert faults(page) == {}
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert faults(page) == {}


PLANTED = """<!doctype html><html lang="en"><title>planted</title><main><h1>One</h1><h3>Three</h3>
<p style="color: #aaa; background: #fff">pale</p><input><img src="data:,">
<table><tr><td>1</td></tr></table>
<div style="overflow: auto; width: 90px"><div style="width: 300px">wide</div></div>
<div style="width: 2000px">wider</div></main></html>"""


def test_planted_faults_are_found(visit: Any, tmp_path: Path) -> None:
    (tmp_path / "planted.html").write_text(PLANTED)
    found = faults(visit("planted.html", tmp_path))
    assert found.keys() >= {
        "heading-order", "color-contrast", "label", "image-alt",
        "wider than the window", "table without caption", "table without headers",
        "picture without words", "box that no key reaches", "box without a name",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["line.html", "plane.html", "space.html", "more.html", "cycle.html"]
)
def test_images_are_there_without_scripts(visit: Any, name: str) -> None:
    page = visit(name, java_script_enabled=False)
    images = page.locator(".stills svg")
    assert images.count() >= 2
    assert images.first.bounding_box()["width"] > 250
    assert images.first.get_attribute("aria-label").startswith("layer 0: ")
    assert page.locator(".stills p").all_inner_texts()[0].startswith("Layer 0")
    assert not page.locator("#picture").is_visible()
    assert page.locator("button:visible, input:visible").count() == 0


def test_a_page_sent_alone_has_its_images(visit: Any, pages: Path, tmp_path: Path) -> None:
    (tmp_path / "plane.html").write_bytes((pages / "plane.html").read_bytes())
    page = visit("plane.html", tmp_path, drawn=True)
    assert html.SCRIPT in page.locator("#picture-missing").inner_text()
    assert page.locator(".stills svg").first.is_visible()
    assert page.locator("button:visible:not(.copy), input:visible").count() == 0


CONTRASTS = """() => {
    const light = (colour) => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map(x => x / 255)
            .map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const paper = light(getComputedStyle(document.body).backgroundColor);
    const against = (x) => (Math.max(x, paper) + 0.05) / (Math.min(x, paper) + 0.05);
    const words = [...document.querySelectorAll("#picture svg text, .stills text")];
    return words.map(e => against(light(getComputedStyle(e).fill)));
}"""


def test_the_dark_is_dark_in_pictures_too(visit: Any) -> None:
    page = visit("plane.html", drawn=True)
    paper = "getComputedStyle(document.body).backgroundColor"
    drawn = "getComputedStyle(document.querySelector('#picture .main-svg')).backgroundColor"
    seen = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"{paper} === {drawn}")
        seen.append(page.evaluate(paper))
        contrasts = page.evaluate(CONTRASTS)
        assert len(contrasts) > 40
        assert min(contrasts) >= 4.5
    assert seen == ["rgb(255, 255, 255)", "rgb(20, 23, 26)"]


def test_everything_is_reached_by_keys_and_shows_that_it_is(visit: Any) -> None:
    page = visit("space.html", drawn=True, viewport=PHONE)
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        at, outline = page.evaluate(
            "[document.activeElement.id || document.activeElement.tagName,"
            " getComputedStyle(document.activeElement).outlineStyle]"
        )
        if at == "BODY":
            break
        reached.append(at)
        assert outline != "none", at
    else:
        pytest.fail("no way out")
    assert {"play", "layer", "turn", "tilt", "save", "SUMMARY", "PRE", "A"} <= {*reached}
    details = page.locator("details").first
    details.locator("summary").press("Enter")
    assert details.get_attribute("open") is not None
    camera = "JSON.stringify(document.getElementById('picture')._fullLayout.scene.camera.eye)"
    before = page.evaluate(camera)
    for way in ("turn", "tilt"):
        page.locator(f"#{way}").press("ArrowRight")
        page.wait_for_function(f"before => {camera} !== before", arg=before)
        before = page.evaluate(camera)


def test_only_what_is_drawn_in_space_is_turned(visit: Any) -> None:
    page = visit("seen.html")  # of space, two coordinates
    assert page.locator("#turn").count() == 0


def test_what_a_screen_reader_hears(visit: Any) -> None:
    page = visit("settled.html")
    heard = page.locator("main").aria_snapshot()
    for line in (
        'heading "every kind of limit" [level=1]', 'heading "Leaders" [level=2]',
        'slider "Layer"', 'status: layer 0', 'button "Play"', 'img "5 tokens in dimension 2.',
        'table "Leaders"', 'columnheader "position"', 'rowheader "0, 3"',
    ):  # fmt: skip
        assert line in heard, line
    assert page.locator("#layer-told").evaluate("e => e.tagName") == "OUTPUT"  # a live region
    page.locator("#layer").press("ArrowRight")
    assert page.locator("#layer-told").inner_text() == "layer 1"
    assert page.locator("#layer").get_attribute("aria-valuetext") == "layer 1"


def test_nothing_moves_by_itself_for_those_who_ask_for_that(visit: Any) -> None:
    page = visit("settled.html", reduced_motion="reduce")
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    button = page.locator("#play")
    assert button.inner_text() == "Next"
    button.press("Enter")
    page.clock.run_for(60_000)
    assert page.locator("#layer").input_value() == "1"
    page.emulate_media(reduced_motion="no-preference")
    page.wait_for_function("document.getElementById('play').textContent === 'Play'")


def sheets(pdf: bytes) -> list[float]:
    """How far down each sheet of paper is printed on, as a part of its height."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    filled = []
    for sheet in document:
        grey = sheet.render(scale=0.5, grayscale=True).to_numpy()
        rows = (grey.reshape(grey.shape[0], -1) < 160).any(axis=1).nonzero()[0]
        filled.append(float(rows[-1] + 1) / len(grey) if len(rows) else 0.0)
        assert grey[:3].min() > 250  # paper is white
    document.close()
    return filled


@pytest.mark.parametrize(
    "name", ["plane.html", "settled.html", "many.html", "map.html", "sweep.html", "explained.html"]
)
def test_no_sheet_is_nearly_empty(visit: Any, name: str) -> None:
    page = visit(name, color_scheme="dark")
    *full, last = sheets(page.pdf(format="A4"))
    assert all(part > 0.6 for part in full), full
    assert last > 0.1


def test_an_empty_sheet_is_noticed(visit: Any, tmp_path: Path) -> None:
    words = '<p>a</p><p style="break-before: page">b</p>'
    (tmp_path / "empty.html").write_text(f"<!doctype html>{words}")
    assert [part > 0.6 for part in sheets(visit("empty.html", tmp_path).pdf())] == [False, False]
