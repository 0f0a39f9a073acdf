"""Pages about sweeps in headless Chromium: pieces under the pointer, by keys, and in a table."""

from pathlib import Path
from typing import Any

import pytest
from browser import needs, violations
from flint import fmpq

from checks.reports.sweeps import STEP_VARIES, sweep_page, write_sweep
from theory import Configuration
from theory.pictures.dials import Dial
from theory.sweeps import steps, sweep, varied

needs("playwright.sync_api", "axe_playwright_python", "matplotlib", "jinja2")

pytestmark = pytest.mark.xdist_group("chromium")

TOO_WIDE = """[...document.querySelectorAll(".scroll")]
    .filter(x => x.scrollWidth > x.clientWidth).map(x => x.ariaLabel)"""
"""The tables that have to be moved sideways."""

HOSTILE = ["$x_1$", "<script>alert(1)</script>", "映画 {{ 7*7 }}"]
THREE = Configuration([[0, 1], [1, 1], [2, 0]], 1, labels=HOSTILE)
SLOW = Configuration([[-2, 0], [-2, 1], [-1, -1]], 1)
SWEEPS = {
    "three": sweep(steps(THREE, fmpq(1, 100), fmpq(10))),
    "slow": sweep(steps(SLOW, fmpq(1, 100), fmpq(10)), 12),
    "plain": sweep(steps(Configuration([[2], [1]], 1), fmpq(1), fmpq(2))),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sweeps")
    for name, found in SWEEPS.items():
        write_sweep(found, place / f"{name}.html", name, f"hardmax sweep {name}.json")
    return place


def test_the_arrow_keys_go_from_piece_to_piece(visit: Any) -> None:
    page, pieces = visit("three"), SWEEPS["three"].pieces
    told = page.locator("#told")
    assert told.get_attribute("role") == "status"
    page.locator("#dials").focus()
    for k, piece in enumerate(pieces):
        words = told.inner_text()
        assert words.startswith("Break" if piece.is_break else "Interval")
        assert f"settled at layer {piece.layer};" in words
        assert page.locator("tr.now-row").get_attribute("id") == f"piece-{k}"
        page.keyboard.press("ArrowRight")
    assert page.locator("#dials").get_attribute("data-piece") == str(len(pieces) - 1)
    page.keyboard.press("Home")
    assert page.locator("#dials").get_attribute("data-piece") == "0"
    assert "{{ 7*7 }} (2) since layer 0" in told.inner_text()


def test_the_pointer_finds_a_break_that_is_near_and_else_the_interval(visit: Any) -> None:
    page = visit("three")
    box = page.locator(".plot").first.bounding_box()
    break_at = float(
        page.evaluate("JSON.parse(document.getElementById('sweep-data').textContent).spans[1][0]")
    )
    for shift, piece in ((0, "1"), (3, "1"), (-30, "0"), (30, "2")):
        page.mouse.move(box["x"] + break_at * box["width"] + shift, box["y"] + 20)
        assert page.locator("#dials").get_attribute("data-piece") == piece


def test_the_table_has_every_piece_exactly(visit: Any) -> None:
    page = visit("three", java_script_enabled=False)
    words = page.locator("table").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    for part in ("(1) α ≈ 0.755929, 7α² − 4 = 0", "(2) α ≈ 4.82843, α² − 4α − 4 = 0",
                 "(α/(α + 1), (3α² + 8α + 4)/(4(α + 1)²))", "1/100 ≤ α <"):  # fmt: skip
        assert part in words
    assert page.locator("tbody tr").count() == len(SWEEPS["three"].pieces)
    assert "undecided" not in words
    slow = visit("slow", java_script_enabled=False).locator("table").inner_text()
    assert "undecided: not settled within 12 layers" in slow


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window_and_the_picture_is_there_without_scripts(
    visit: Any, width: int
) -> None:
    for name in SWEEPS:
        page = visit(name, width)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        assert page.evaluate(TOO_WIDE) == []
        page = visit(name, width, java_script_enabled=False)
        assert page.locator(".plot polyline").count() >= 1
        assert page.locator(".plot").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_screen_reader_finds_nothing_amiss(visit: Any, scheme: str) -> None:
    for name in ("three", "slow"):
        page = visit(name, color_scheme=scheme)
        page.locator("#dials").focus()
        assert violations(page) == {}


def test_a_page_asks_for_nothing() -> None:
    page = sweep_page(SWEEPS["three"], "three")
    assert "<script>alert" not in page
    assert 'src="' not in page
    assert len(page) < 60_000


def test_a_step_that_varies_is_not_told_as_the_one_of_the_file() -> None:
    along = varied(SLOW, "token 0[0]", fmpq(-2), fmpq(-1))
    assert STEP_VARIES in sweep_page(SWEEPS["plain"], "plain")
    assert STEP_VARIES not in sweep_page(sweep(along), "along")


def test_a_reader_sees_one_sign_for_less_than_zero() -> None:
    """But for the configuration and the command, which are copied."""
    found = sweep(varied(SLOW, "token 0[0]", fmpq(-3), fmpq(-1)), 12)
    dial = Dial(found)
    words = [dial.caption, *map(dial.place_of, found.pieces), *(tick for _, tick in dial.ticks)]
    words += [tick for panel in dial.panels for _, tick in panel.ticks]
    assert sum("−" in line for line in words) > 8
    assert [line for line in words if "-" in line] == []
    told = sweep_page(found, "slow")
    assert "−3 ≤ x &lt; −5/2" in told or "−3 ≤ x < −5/2" in told
    assert "-5/2" not in told
