"""Report pages in headless Chromium (`browser`): drawn, moved, hovered over, quiet."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from browser import needs
from report_cases import CASES, HOSTILE, held, refuted

from checks.reports import write_report, write_run
from theory import settle
from theory.files.configurations import read_configurations

needs("playwright.sync_api", "plotly", "jinja2", "latex2mathml")

pytestmark = pytest.mark.xdist_group("chromium")

WIDE = {"width": 1000, "height": 900}
DRAWN = [*(f"{name}.html" for name in CASES), "run.html"]


@dataclass
class Visit:
    """An open page, and whatever it did that it should not."""

    page: Any
    complaints: list[str] = field(default_factory=list)

    def state(self) -> Any:
        """What plotly has drawn: the places of all marks."""
        return self.page.evaluate(
            "document.getElementById('picture')._fullData"
            ".map(t => [t.name, t.visible, t.x && [...t.x], t.y && [...t.y], t.z && [...t.z]])"
        )

    def layer(self) -> Any:
        """The layer that plotly has drawn last."""
        return self.page.evaluate("document.getElementById('picture').dataset.layer")

    def reach(self, layer: str) -> None:
        """Wait until this layer is drawn."""
        self.page.wait_for_function(
            "layer => document.getElementById('picture').dataset.layer === layer", arg=layer
        )

    def look_other_than(self, before: bytes) -> None:
        """Wait until the picture looks other than before; a thousand looks are enough."""
        picture = self.page.locator("#picture")
        for _ in range(1000):
            if picture.screenshot() != before:
                return
        pytest.fail("the picture looks as before")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("report")
    write_report([*(refuted(name, c) for name, c in CASES.items()), held("held")], directory)
    (configuration,) = read_configurations("examples/every-kind-of-limit.json")
    write_run(settle(configuration), configuration, directory / "run.html", "run")
    return directory


@pytest.fixture
def visit(browser: Any, report: Path) -> Iterator[Any]:
    """`visit(name)` opens a page; at the end no page may have complained or asked elsewhere."""
    contexts, visits = [], []

    def go(name: str, viewport: dict[str, int] = WIDE) -> Visit:
        context = browser.new_context(viewport=viewport)
        contexts.append(context)
        context.set_offline(True)
        page = context.new_page()
        page.set_default_timeout(600_000)
        visited = Visit(page)
        visits.append(visited)
        home = report.as_uri()

        def asked(request: Any) -> None:
            if not request.url.startswith((home, "data:", "blob:")):
                visited.complaints.append(f"asks for {request.url[:100]}")

        page.on("request", asked)
        page.on("pageerror", lambda error: visited.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: visited.complaints.append(f"dialog: {dialog.message}"))
        page.on(
            "console",
            lambda said: said.type == "error" and visited.complaints.append(f"says: {said.text}"),
        )
        page.goto(f"{home}/{name}")
        if name in DRAWN:
            visited.reach("layer 0")
        return visited

    yield go
    complaints = [complaint for visited in visits for complaint in visited.complaints]
    for context in contexts:
        context.close()
    assert not complaints


@pytest.mark.parametrize("name", DRAWN)
def test_the_picture_is_drawn_and_the_slider_moves_it(visit: Any, name: str) -> None:
    visited = visit(name)
    page = visited.page
    before, picture = visited.state(), page.locator("#picture").screenshot()
    assert len(before) > 6
    page.locator("#layer").focus()
    page.keyboard.press("End")
    visited.reach("limit")
    assert page.locator("#layer").get_attribute("aria-valuetext") == "limit"
    assert visited.state() != before
    visited.look_other_than(picture)
    assert "limit" in page.locator("#picture").inner_text()
    page.keyboard.press("Home")
    visited.reach("layer 0")
    assert visited.state() == before
    assert "Settled at layer" in page.locator("#picture").get_attribute("aria-label")
    assert page.locator("details table tbody tr").count() >= 5


MEETINGS = """() => {
  const picture = document.getElementById("picture").getBoundingClientRect();
  const boxes = [...document.querySelectorAll("#picture .annotation-text-g")].map((name) => {
    const { left, right, top, bottom } = name.getBoundingClientRect();
    return { words: name.textContent, left, right, top, bottom };
  }).filter((box) => box.right > box.left);
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const cut = (a) => a.left < picture.left - 1 || a.right > picture.right + 1;
  const found = boxes.filter(cut).map((a) => `${a.words} is cut`);
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
    if (meet(a, b)) found.push(`${a.words} meets ${b.words}`);
  }));
  return [boxes.length, found];
}"""
"""Names in the picture that meet or are cut off, as the browser has them."""


@pytest.mark.parametrize("viewport", [WIDE, {"width": 360, "height": 740}])
def test_names_neither_meet_nor_are_cut_off(visit: Any, viewport: dict[str, int]) -> None:
    visited = visit("plane.html", viewport)
    count, found = visited.page.evaluate(MEETINGS)
    assert (count > 3, found) == (True, [])
    visited.page.evaluate(
        """() => {
          const picture = document.getElementById("picture");
          const { x, y } = picture.layout.annotations[0];
          const annotations = picture.layout.annotations.map((name) => ({ ...name, x, y }));
          return Plotly.relayout(picture, { annotations });
        }"""
    )
    assert any("meets" in words for words in visited.page.evaluate(MEETINGS)[1])


@pytest.mark.parametrize("name", ["line", "plane", "more"])
def test_hovering_tells_exactly(visit: Any, name: str) -> None:
    visited = visit(f"{name}.html")
    page = visited.page
    page.locator("#layer").focus()
    page.keyboard.press("ArrowRight")
    visited.reach("layer 1")
    at = page.evaluate(
        """() => {
            const place = document.getElementById("picture");
            place.scrollIntoView({ block: "center" });
            const trace = place._fullData.find(t => t.name === "follower" && t.x[0] !== null);
            const { xaxis, yaxis } = place._fullLayout;
            const box = place.getBoundingClientRect();
            return { x: box.x + xaxis._offset + xaxis.l2p(trace.x[0]),
                     y: box.y + yaxis._offset + yaxis.l2p(trace.y[0]), told: trace.hovertext[0] };
        }"""
    )
    page.mouse.move(at["x"] - 30, at["y"] - 30)
    page.mouse.move(at["x"], at["y"], steps=5)
    told = page.locator(".hoverlayer .hovertext").first
    told.wait_for(state="attached")
    words = told.text_content()
    run = settle(CASES[name])
    token = int(re.findall(r"\d+", at["told"].split("</b>")[0])[-1])
    assert re.search(rf"^token .*\b{token}\b", words)
    assert f"at ({', '.join(map(str, run.trajectory.tokens(1)[token]))})" in words
    assert "attends to {" in words


def test_space_is_drawn_in_space_and_turns(visit: Any) -> None:
    visited = visit("space.html")
    page = visited.page
    picture = page.locator("#picture")
    assert page.locator("#picture canvas").count() >= 1
    picture.scroll_into_view_if_needed()
    before, box = picture.screenshot(), picture.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 250)
    page.mouse.down()
    page.mouse.move(box["x"] + 450, box["y"] + 220, steps=5)
    page.mouse.up()
    visited.look_other_than(before)
    camera = "document.getElementById('picture')._fullLayout.scene.camera.eye.x"
    turned = page.evaluate(camera)
    page.locator("#layer").focus()
    page.keyboard.press("ArrowRight")
    visited.reach("layer 1")
    assert page.evaluate(camera) == pytest.approx(turned)  # the next layer is seen the same way


def test_play_and_pause(visit: Any) -> None:
    """The page's clock stands still but for what the test lets pass."""
    visited = visit("plane.html")
    page = visited.page
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    play = page.locator("#play")
    play.click()
    assert play.inner_text() == "Pause"
    page.clock.run_for(1700)
    visited.reach("layer 2")
    play.click()
    assert play.inner_text() == "Play"
    page.clock.run_for(10_000)
    assert page.locator("#layer").input_value() == "2"
    play.click()
    page.clock.run_for(100_000)
    visited.reach("limit")
    assert play.inner_text() == "Play"


@pytest.mark.parametrize("name", ["held.html", "index.html"])
def test_statements_are_formulas(visit: Any, name: str) -> None:
    formula = visit(name).page.locator("math").first
    assert formula.bounding_box()["width"] > 10
    assert r"\operatorname" in formula.get_attribute("alttext")


def test_hostile_labels_are_words(visit: Any) -> None:
    page = visit("plane.html").page
    assert page.locator("img").count() == 0
    assert HOSTILE in page.locator("pre code").first.inner_text().replace('\\"', '"')
    assert HOSTILE[:20] in page.locator("#picture").inner_text()


def test_copying_and_printing(visit: Any) -> None:
    page = visit("plane.html").page
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.locator(".copy").first.click()
    page.wait_for_function("document.querySelector('.copy').textContent !== 'Copy'")
    page.clock.run_for(2000)
    assert page.locator(".copy").first.inner_text() == "Copy"
    page.emulate_media(media="print")
    assert not page.locator(".controls:visible").count()
    assert page.locator(".stills svg").first.is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_a_page_without_its_script_says_so(browser: Any, report: Path, tmp_path: Path) -> None:
    shutil.copy(report / "plane.html", tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / "plane.html").as_uri())
    assert "plotly.min.js" in page.locator("#picture-missing").inner_text()
    page.close()
