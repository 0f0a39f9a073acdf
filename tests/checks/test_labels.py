"""Names in pictures for the browser: none over another, on a phone or on any wider page."""

from html import unescape
from itertools import combinations
from random import Random
from typing import Any

import pytest
from report_cases import CASES

from checks.reports.labels import LETTER, LINE, PHONE, SCREEN
from checks.reports.picture import Painter
from checks.run import Run
from theory import Configuration, settle
from theory.files.configurations import read_configurations
from theory.pictures.scene import Role
from theory.pictures.slides import Slides
from theory.pictures.view import View

Box = tuple[float, float, float, float]


def box(note: dict[str, Any], view: View, width: float, height: float) -> Box:
    """Where a name stands on a page of this size, by what plotly does with its note."""
    scale = width / view.extent[0]
    if view.axes == 2:
        scale = min(scale, height / view.extent[1])
    x = width / 2 + scale * (note["x"] - (view.low[0] + view.high[0]) / 2)
    y = height * 0.55 / 1.35
    if view.axes == 2:
        y = height / 2 + scale * (note["y"] - (view.low[1] + view.high[1]) / 2)
    x += note["ax"] if note["showarrow"] else note["xshift"]
    y += -note["ay"] if note["showarrow"] else note["yshift"]
    lines = note["text"].replace("<b>", "").replace("</b>", "").split("<br>")
    wide, high = LETTER * max(len(unescape(line)) for line in lines), LINE * len(lines)
    left = x - wide * {"left": 0.0, "center": 0.5, "right": 1.0}[note["xanchor"]]
    bottom = y - high * {"bottom": 0.0, "middle": 0.5, "top": 1.0}[note["yanchor"]]
    return left, bottom, left + wide, bottom + high


def meetings(notes: list[dict[str, Any]], view: View, size: tuple[float, float]) -> list[str]:
    """Names that meet, or that are cut off, on a page of this size."""
    boxes = [(note["text"], box(note, view, *size)) for note in notes]
    found = [f"{one} meets {other}" for (one, a), (other, b) in combinations(boxes, 2)
             if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]]  # fmt: skip
    return found + [f"{one} is cut" for one, a in boxes if a[0] < -1 or a[2] > size[0] + 1]


def cloud() -> Slides:
    (given,) = read_configurations("examples/cloud.csv", alpha="1/2")
    return Slides.of(settle(given), given)


def random_slides(seed: int) -> Slides:
    r = Random(seed)
    n, d = r.choice([2, 6, 20, 40]), r.choice([1, 2, 2, 5])
    tokens = [[r.randint(-30, 30) for _ in range(d)] for _ in range(n)]
    tokens[0][0] = 31
    labels = [r.choice(["a", "word", "a long label of many words"]) for _ in range(n)]
    given = Configuration(tokens, 1, labels=labels)
    return Slides.of(settle(given.merged()[0]), given)


SHOWN = {
    "cloud": cloud,
    "line": lambda: Slides.of(Run(CASES["line"])),
    "plane": lambda: Slides.of(Run(CASES["plane"])),
    **{f"random {seed}": lambda seed=seed: random_slides(seed) for seed in range(8)},
}


@pytest.mark.parametrize("name", SHOWN)
def test_no_two_names_meet_however_wide_the_page_is(name: str) -> None:
    slides = SHOWN[name]()
    painter = Painter(slides)
    for slide in slides.slides:
        for on_screen, sizes in ((False, PHONE), (True, SCREEN)):
            notes = painter.names(slide, on_screen=on_screen)
            wide, high = sizes[painter.view.axes]
            for grown in (1.0, 1.2, 2.0, 4.0):
                upward = grown if painter.view.axes == 2 else 1.0
                size = (wide * grown, high * upward)
                assert meetings(notes, painter.view, size) == [], (slide.title, grown)
            assert notes
        leaders = slide.roles.count(Role.LEADER)
        assert "<b>" in "".join(note["text"] for note in notes) or not leaders


def test_the_measure_finds_names_that_meet() -> None:
    slides = cloud()
    painter = Painter(slides)
    notes = painter.names(slides.slides[0])
    beside = [{**note, "showarrow": False, "xanchor": "left", "yanchor": "bottom", "xshift": 5,
               "yshift": 5} for note in notes]  # fmt: skip
    assert any("meets" in words for words in meetings(beside, painter.view, PHONE[2]))
    assert any("cut" in words for words in meetings(notes, painter.view, (100.0, 290.0)))


def test_every_leader_of_the_cloud_is_named_at_every_layer() -> None:
    slides = cloud()
    for slide in slides.slides:
        words = " ".join(note["text"] for note in Painter(slides).names(slide))
        for i, role in enumerate(slide.roles):
            assert (f"<b>{i}</b>" in words) is (role is Role.LEADER)
