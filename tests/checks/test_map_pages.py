"""Pages about maps in headless Chromium: what they tell under the hand is what Python settles."""

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from browser import needs, violations
from flint import fmpq

from checks.reports.maps import map_page, write_map
from theory import Configuration, HardmaxError, Settled
from theory.basins import Basins, Destination, Plane, Problem, settle_grid
from theory.exact import text
from theory.files.configurations import read_configurations
from theory.readable import point

needs("playwright.sync_api", "axe_playwright_python", "matplotlib", "jinja2")

pytestmark = pytest.mark.xdist_group("chromium")

KINDS = [[-2, 2], [-2, -2], [1, 1], [0, 2], [-1, 0]]
HOSTILE = ["$x_1$ & $$", "<script>alert(1)</script>", "映画", "{{ 7*7 }}" + "x" * 90, "free"]


def grid(
    tokens: Any, free: int, box: Any, rows: int = 9, columns: int = 11, alpha: Any = "1/3",
    max_layers: int = 1000, **rest: Any,
) -> Basins:  # fmt: skip
    c = Configuration(tokens, alpha, **rest)
    axes = [tuple(fmpq(int(s == t)) for s in range(c.dimension)) for t in range(len(box))]
    origin = (*(fmpq(0) for _ in box), *c.tokens[free][len(box) :])
    sides = tuple((fmpq(low), fmpq(high)) for low, high in box)
    plane = Plane(origin, tuple(axes), sides, rows if len(box) > 1 else 1, columns)
    return settle_grid(Problem(c, free, plane, max_layers=max_layers))


SQUARE = ((-3, 3), (-3, 3))
BASINS = {
    "plane": grid(KINDS, 4, SQUARE, labels=HOSTILE),
    "line": grid([[3], [-2], [1]], 2, ((-4, 4),), columns=17, alpha="2/7"),
    "space": grid([[3, 1, 2], [-3, 2, 1], [1, -2, 1], [-1, 2, -1], [0, 1, 0]], 1, SQUARE),
    "skew": grid(KINDS, 3, SQUARE, A=[[2, 1], [0, 1]], alpha="1/5"),
    "copies": grid([[1, 0], [0, 1], [-1, -1], [0, 1]], 2, SQUARE, multiplicities=[1, 2, 1, 3]),
    "undecided": grid(KINDS, 4, SQUARE, alpha="1/9", max_layers=3),
    "huge": grid([[10**40, 1], [1, 10**40], [3, 3]], 2, ((-(10**41), 10**41), (-1, 10**41))),
}


def without_limits() -> Basins:
    """A map of starts from which nothing is told of limits, as where attention returns."""
    told = grid(KINDS, 4, SQUARE, 5, 5)
    zeros = np.zeros((5, 5), np.int64)
    return Basins(told.problem, (Destination("none", ()),), zeros, told.layers, ((),), zeros)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("maps")
    for name, basins in BASINS.items():
        write_map([basins], place / f"{name}.html", name, f"hardmax map {name}.json")
    frames = [grid(KINDS, 4, SQUARE, 5, 5, alpha=alpha) for alpha in ("1/4", 1, 4)]
    write_map(frames, place / "frames.html", "frames")
    write_map([without_limits()], place / "none.html", "none")
    return place


def put(page: Any, basins: Basins, row: int, column: int) -> None:
    """Click on a grid point, and wait for the way from it."""
    plot = page.locator(".plot:visible").first
    box = plot.bounding_box()
    plot.click(position={
        "x": (column + 0.5) / basins.columns * box["width"],
        "y": (1 - (row + 0.5) / basins.rows) * box["height"],
    })  # fmt: skip
    page.wait_for_function(
        "at => document.querySelector('.frame:not([hidden]) .plot').dataset.way === at",
        arg=f"{row},{column}",
    )


def way(page: Any) -> list[list[str]]:
    return [
        line.split("\t") for line in page.locator("#way-rows").inner_text().splitlines() if line
    ]


@pytest.mark.parametrize("name", sorted(set(BASINS) - {"undecided"}))
def test_the_page_says_of_random_starts_what_python_settles(visit: Any, name: str) -> None:
    basins, page, random = BASINS[name], visit(name), Random(name)
    for _ in range(6):
        row, column = random.randrange(basins.rows), random.randrange(basins.columns)
        settled = basins.settled_at(row, column)
        assert isinstance(settled, Settled)
        put(page, basins, row, column)
        told, rows = page.locator("#way-words").inner_text(), way(page)
        assert told.startswith(f"From {point(basins.point(row, column))}: ")
        assert f"settled at layer {settled.layer};" in told
        limit = settled.equilibrium().limits[basins.free]
        exact = "" if point(limit).startswith("≈") else "exact "
        assert f", {exact}limit {point(limit)};" in told
        assert [line[0] for line in rows] == [*map(str, range(settled.layer + 1)), "limit"]
        for k in range(settled.layer + 1):
            assert rows[k][1] == point(settled.tokens(k)[basins.free])
        assert rows[-1][1] == point(limit)


def test_a_false_limit_would_be_noticed(visit: Any) -> None:
    basins, page = BASINS["plane"], visit("plane")
    put(page, basins, 5, 5)
    settled = basins.settled_at(5, 6)
    assert point(settled.equilibrium().limits[4]) != way(page)[-1][1] or (
        point(settled.tokens(0)[4]) != way(page)[0][1]
    )


def test_numbers_are_written_as_python_writes_them(visit: Any) -> None:
    random = Random(1)
    values = [fmpq(0), fmpq(1, 3**60), fmpq(10**30), -fmpq(10**30 + 1, 7), fmpq(1, 10**30)]
    values += [
        fmpq(random.randint(-(10**a), 10**a), random.randint(1, 10**b))
        for a, b in ((3, 3), (25, 2), (2, 25), (40, 40), (30, 5), (26, 26), (9, 30), (60, 1))
    ]
    page = visit("line")
    told = page.evaluate(
        "values => values.map(x => exact.point([exact.parse(x)]))", [text(x) for x in values]
    )
    assert told == [point([x]) for x in values]


def test_arrow_keys_move_the_crosshair_and_a_live_region_tells(visit: Any) -> None:
    basins, page = BASINS["plane"], visit("plane")
    told = page.locator("#told")
    assert told.get_attribute("role") == "status"
    page.locator(".plot").focus()
    keys = ["Home", "ArrowRight", "ArrowRight", "PageDown", "PageDown", "ArrowUp", "ArrowUp"]
    for key in [*keys, "ArrowUp", "ArrowDown", "Shift+ArrowRight", "ArrowLeft"]:
        page.keyboard.press(key)
    row, column = 2, 9
    page.wait_for_function("at => document.querySelector('.plot').dataset.at === at", arg="2,9")
    limit = basins.settled_at(row, column).equilibrium().limits[4]
    page.wait_for_function(
        "words => document.getElementById('told').textContent.includes(words)",
        arg=f"exact limit {point(limit)}",
    )
    assert told.inner_text().startswith(f"From {point(basins.point(row, column))}: ")
    assert page.locator(".live-marks .cross").count() == 1
    assert page.locator("#way").is_hidden()
    page.keyboard.press("Enter")
    page.wait_for_function("at => document.querySelector('.plot').dataset.way === at", arg="2,9")
    assert page.locator("#way").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#way").is_hidden()


def test_undecided_starts_are_told_and_not_run(visit: Any) -> None:
    basins, page = BASINS["undecided"], visit("undecided")
    row, column = divmod(int((basins.ends < 0).argmax()), basins.columns)
    put(page, basins, row, column)
    told = page.locator("#way-words").inner_text()
    assert "undecided within 3 layers" in told
    assert "exact limit" not in told
    assert way(page) == []


def test_a_slider_names_its_steps_exactly() -> None:
    frames = [grid(KINDS, 4, SQUARE, 5, 5, alpha=alpha) for alpha in ("23/35", fmpq(1, 10**40))]
    page = map_page(frames, "frames")
    assert "<summary>α = 23/35</summary>" in page
    assert "<summary>α ≈ 1e-40</summary>" in page


def test_destinations_on_a_phone_are_read_without_moving_them_sideways(visit: Any) -> None:
    page = visit("plane", 390)
    table = page.locator("table.ends")
    assert table.evaluate("x => x.scrollWidth <= x.parentElement.clientWidth")
    assert "to the limit (" in table.inner_text()
    assert "to the limit (" not in visit("plane").locator("table.ends").inner_text()


def test_where_there_are_no_limits_none_is_told(visit: Any) -> None:
    page = visit("none")
    put(page, without_limits(), 2, 3)
    told = page.locator("#way-words").inner_text()
    assert "no limit" in told
    assert "exact limit" not in told
    assert "settled at layer" not in told
    assert way(page) == []


def test_the_configuration_of_a_start_is_read_back(visit: Any, folder: Path) -> None:
    for name in ("plane", "copies"):
        basins, page = BASINS[name], visit(name)
        put(page, basins, 3, 7)
        told = json.loads(page.locator("#way-json").text_content())
        moved = basins.problem.moved(basins.point(3, 7))
        (folder / "start.json").write_text(json.dumps(told))
        (read,) = read_configurations(folder / "start.json")
        given = basins.configuration.to_dict()
        assert read.to_dict() == {**given, "tokens": moved.to_dict()["tokens"]}


def test_the_slider_shows_one_frame_after_the_other(visit: Any) -> None:
    page = visit("frames")
    page.locator("#frame").focus()
    told = []
    for key in ("Home", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
        assert page.locator(".frame:visible").count() == 1
        told.append(page.locator("#frame").get_attribute("aria-valuetext"))
    assert told == ["α = 1/4", "α = 1", "α = 4"]
    assert page.locator("#frame-name").inner_text() == "α = 4"
    assert "α from 1/4 to 4" in page.locator("main").inner_text()


@pytest.mark.parametrize("name", ["plane", "line", "frames"])
@pytest.mark.parametrize("width", [390, 1280])
def test_without_scripts_all_is_there_and_nothing_is_wider_than_the_page(
    visit: Any, name: str, width: int
) -> None:
    for options in ({}, {"java_script_enabled": False}):
        page = visit(name, width, **options)
        images = page.locator(".plot > img")
        assert images.count() == (3 if name == "frames" else 1)
        for k in range(images.count()) if options else ():
            assert images.nth(k).is_visible()
        assert page.locator("figcaption").first.is_visible()
        box = page.locator("main").bounding_box()
        assert box["width"] <= width
        wide = page.locator("html").bounding_box()
        assert wide["width"] <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_screen_reader_finds_nothing_amiss(visit: Any, scheme: str) -> None:
    for name in ("plane", "frames"):
        page = visit(name, color_scheme=scheme)
        put(page, BASINS["plane"] if name == "plane" else grid(KINDS, 4, SQUARE, 5, 5), 2, 2)
        assert violations(page) == {}


def test_a_page_asks_for_nothing_and_is_small() -> None:
    page = map_page([BASINS["plane"]], "plane")
    assert not re.findall(r"(?:src|href)=\"(?!data:|#)", page)
    assert "<script>alert" not in page
    assert len(page) < 150_000


def test_a_file_that_cannot_be_written_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_map([BASINS["line"]], tmp_path / "none" / "a.html", "line")
    assert not list(tmp_path.iterdir())


def test_without_jinja_the_error_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    with pytest.raises(HardmaxError, match="hardmax-theory"):
        write_map([BASINS["line"]], tmp_path / "a.html", "line")
