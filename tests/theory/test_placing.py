"""Names in pictures: every leader has one, none meets another, and nothing is cut off."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flint import fmpq

from theory import CAUSAL, HARDMAX, Configuration, Settled, settle
from theory.files.configurations import read_problems
from theory.pictures.figures import draw_configuration, draw_layers, save
from theory.pictures.placing import Box, Wanted, lead, place
from theory.places import merge

pytest.importorskip("matplotlib")

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PAGE = (0.0, 0.0, 400.0, 300.0)


def apart(a: Box, b: Box, gap: float = 0.0) -> bool:
    return a[2] + gap <= b[0] or b[2] + gap <= a[0] or a[3] + gap <= b[1] or b[3] + gap <= a[1]


def inside(a: Box, page: Box, slack: float = 0.0) -> bool:
    return (
        a[0] >= page[0] - slack and a[1] >= page[1] - slack
        and a[2] <= page[2] + slack and a[3] <= page[3] + slack
    )  # fmt: skip


# ---------------------------------------------------------------------------- boxes


def crowd(seed: int, count: int) -> list[Wanted]:
    r = Random(seed)
    spread = r.choice([1, 20, 200])
    return [
        Wanted(200 + r.uniform(-spread, spread), 150 + r.uniform(-spread, spread) / 2,
               r.choice([8, 30, 90]), r.choice([9, 18]), 4)
        for _ in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_no_two_boxes_meet_and_none_leaves_the_page(seed: int) -> None:
    names = crowd(seed, 60)
    found = place(names, PAGE, gap=2)
    assert len(found) == len(names)
    standing = [box for box in found if box is not None]
    assert len(standing) >= 20
    assert all(apart(a, b, 2) for a, b in combinations(standing, 2))
    assert all(inside(box, PAGE) for box in standing)
    assert place(names, PAGE, gap=2) == found
    assert not apart(standing[0], standing[0])


def test_boxes_that_grow_apart_never_meet() -> None:
    names = crowd(5, 60)
    found = place(names, PAGE, gap=2, growing=True)
    kept = [(n, box) for n, box in zip(names, found, strict=True) if box is not None]
    assert len(kept) >= 10

    def grown(scale: float, chosen: list[tuple[Wanted, Box]]) -> list[Box]:
        return [
            (b[0] + (scale - 1) * n.x, b[1] + (scale - 1) * n.y,
             b[2] + (scale - 1) * n.x, b[3] + (scale - 1) * n.y)
            for n, b in chosen
        ]  # fmt: skip

    for scale in (1.0, 1.3, 2.0, 5.0):
        assert all(apart(a, b, 1.9) for a, b in combinations(grown(scale, kept), 2))
    fixed = [(n, b) for n, b in zip(names, place(names, PAGE, gap=2), strict=True) if b is not None]
    meetings = [
        not apart(a, b) for scale in (1.3, 2.0) for a, b in combinations(grown(scale, fixed), 2)
    ]
    assert any(meetings)


def test_a_name_stands_near_its_mark_outward_and_over_no_other() -> None:
    (box,) = place([Wanted(300, 200, 20, 10, 4)], PAGE)
    assert box is not None
    assert lead(Wanted(300, 200, 20, 10), box)[0] > 300
    assert apart(box, (296, 196, 304, 204), -2)
    east = (304.0, 190.0, 340.0, 230.0)
    (moved,) = place([Wanted(300, 200, 20, 10, 4)], PAGE, marks=[east])
    assert moved is not None
    assert apart(moved, east)
    assert not apart(box, east)
    (clear,) = place([Wanted(300, 200, 20, 10, 4)], PAGE, lines=[(306, 0, 306, 300)])
    assert clear is not None
    assert clear[2] < 306 < box[2]


def test_where_there_is_no_room_there_is_no_box() -> None:
    wide = Wanted(200, 150, 401, 10)
    assert place([wide, Wanted(200, 150, 10, 10)], PAGE)[0] is None
    assert place([wide, Wanted(200, 150, 10, 10)], PAGE)[1] is not None
    assert place([], PAGE) == []
    full = place([Wanted(200, 150, 390, 290, 1)] * 2, PAGE)
    assert full[1] is None


# ---------------------------------------------------------------------------- figures


def extents(artist: Any, renderer: Any) -> Box:
    from matplotlib.text import Annotation, Text

    box = (Text if isinstance(artist, Annotation) else type(artist)).get_window_extent(
        artist, renderer
    )
    left, bottom, right, top = map(float, box.extents)
    return left, bottom, right, top


def faults(figure: Any, dpi: int = 200) -> list[str]:
    """Names that meet, and words that the edge of the figure cuts, in matplotlib's own measure."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(dpi)
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw_without_rendering()
    edge = (0.0, 0.0, float(figure.bbox.width), float(figure.bbox.height))
    found = []
    for axes in figure.axes:
        names = [(t.get_text(), extents(t, renderer)) for t in axes.texts if t.get_text()]
        for (one, a), (other, b) in combinations(names, 2):
            if not apart(a, b):
                found.append(f"{one} meets {other}")
        found += [f"{words} is cut" for words, box in names if not inside(box, edge)]
        found += [f"{words} leaves its panel" for words, box in names
                  if not inside(box, extents(axes.patch, renderer), 2)]  # fmt: skip
        title = extents(axes.title, renderer)
        found += ["a panel's title is cut"] * (axes.get_title() != "" and not inside(title, edge))
    (legend,) = figure.legends
    words = [*legend.get_texts(), legend.get_title(), figure._suptitle]
    words = [text for text in words if text.get_visible() and text.get_text()]
    found += [f"{x} is cut" for x in (legend, *words) if not inside(extents(x, renderer), edge)]
    bottoms = [extents(axes.patch, renderer)[1] for axes in figure.axes]
    if not apart(extents(figure._suptitle, renderer), extents(legend, renderer)):
        found.append("title meets legend")
    if extents(legend, renderer)[3] > min(bottoms):
        found.append("the legend covers a panel")
    return found


def shown_names(figure: Any) -> str:
    """All names of a figure, those of the legend's note among them."""
    note = figure.legends[0].get_title().get_text()
    return "\n".join([*(t.get_text() for axes in figure.axes for t in axes.texts), note])


def examples() -> Iterator[tuple[str, Configuration, Any]]:
    for file in sorted(EXAMPLES.iterdir()):
        if file.suffix != ".md":
            step = {"alpha": "1/2"} if file.suffix == ".csv" else {}
            for number, (given, dynamics) in enumerate(read_problems(str(file), **step)):
                yield f"{file.stem} {number}", given, dynamics


CASES = {name: (given, dynamics) for name, given, dynamics in examples()}


@pytest.mark.parametrize("name", CASES)
def test_of_every_example_names_and_legends_are_whole(name: str) -> None:
    given, own = CASES[name]
    drawn = 0
    masked = own == HARDMAX and name[0] in "bcmot"
    for dynamics in [own, CAUSAL] if masked else [own]:
        merged = given if dynamics == CAUSAL else merge(given, dynamics)[0]
        case = settle(merged, 300, dynamics=dynamics)
        if not isinstance(case, Settled):
            continue
        figure = draw_configuration(case, given=given)
        assert faults(figure) == []
        shown = shown_names(figure)
        assert all(leader_name(given, dynamics, x.token) in shown for x in leaders(case))
        drawn += 1
    assert drawn


def leaders(case: Settled) -> list[Any]:
    return list(case.equilibrium().leaders)


def leader_name(given: Configuration, dynamics: Any, token: int) -> str:
    from theory.names import Names

    merged = given if dynamics == CAUSAL else merge(given, dynamics)[0]
    return Names.of(merged, given).name(token)


@pytest.mark.parametrize(
    ("name", "dpi"),
    [("every-kind-of-limit 0", 100), ("leader-lost-to-rounding 0", 200), ("repeated-words 0", 200),
     ("moving-tie 0", 200), ("outside-the-hypotheses-one-cluster 0", 100)],
)  # fmt: skip
def test_of_layers_too(name: str, dpi: int) -> None:
    given, dynamics = CASES[name]
    case = settle(merge(given, dynamics)[0], dynamics=dynamics)
    assert isinstance(case, Settled)
    assert faults(draw_layers(case, given=given), dpi) == []


def test_the_measure_finds_what_is_wrong() -> None:
    given, _ = CASES["cloud 0"]
    case = settle(given)
    assert isinstance(case, Settled)
    figure = draw_configuration(case)
    assert faults(figure) == []
    names = [t for t in figure.axes[0].texts if t.get_text()]
    kept = names[1].xyann
    names[1].xy, names[1].xyann = names[0].xy, names[0].xyann
    assert any("meets" in fault for fault in faults(figure))
    names[1].xyann = (kept[0] - 900, kept[1])
    assert any("cut" in fault for fault in faults(figure))
    figure = draw_configuration(case)
    figure.set_figwidth(1.5)
    assert any("Legend" in fault or "cut" in fault for fault in faults(figure))


def random_case(seed: int) -> Configuration:
    r = Random(seed)
    d, n = r.choice([1, 2, 2, 3, 4, 6]), r.choice([1, 2, 5, 12, 24, 50])
    scale = r.choice(["1", "1e30", "1e-30"])
    tokens = [[f"{r.randint(-9, 9)}{r.choice(['', 'e30']) if r.random() < 0.1 else ''}"
               for _ in range(d)] for _ in range(n)]  # fmt: skip
    tokens[0][0] = scale
    words = ["word", "$x_{$ and more", "слово", "a_b^c" * 6, "λόγος", "", "x"]
    labels = [r.choice(words) for _ in range(n)] if r.random() < 0.6 else None
    return Configuration(tokens, r.choice([1, "1/2"]), labels=labels, name=r.choice(words) * 3)


@pytest.mark.parametrize("seed", range(8))
def test_of_random_configurations_too(seed: int) -> None:
    given = random_case(seed)
    case = settle(merge(given, HARDMAX)[0])
    assert isinstance(case, Settled)
    figure = draw_configuration(case, given=given)
    assert faults(figure) == []
    shown = "".join(shown_names(figure).split())
    for leader in leaders(case):
        assert "".join(leader_name(given, HARDMAX, leader.token).split()) in shown


def test_hundreds_of_leaders_are_named_beside_their_marks_or_in_the_legend(tmp_path: Path) -> None:
    halves = [fmpq(k, 130) for k in range(-130, 131)]
    arc = [[2 * t / (1 + t * t), (1 - t * t) / (1 + t * t)] for t in halves]
    case = settle(Configuration(arc, 1))
    assert isinstance(case, Settled)
    wanted = {str(leader.token) for leader in leaders(case)}
    assert len(wanted) == 261
    for figure in (draw_configuration(case), draw_layers(case, [0, 1])):
        assert faults(figure) == []
        note = " ".join(figure.legends[0].get_title().get_text().split())
        told = note.removeprefix("without room for a name: leaders ").split(", ")
        spans = [(span.split("–")[0], span.split("–")[-1]) for span in told]
        beyond = {str(k) for a, b in spans for k in range(int(a), int(b) + 1)}
        for axes in figure.axes:
            beside = {text.get_text() for text in axes.texts if text.get_text()}
            assert len(beside) > 20
            assert beside | beyond == wanted
    save(figure, tmp_path / "a.svg")
