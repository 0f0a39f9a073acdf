"""Maps: each grid point has the colour of its destination, and words are true."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from theory import Configuration, HardmaxError
from theory.basins import Basins, Destination, Plane, Problem, settle_grid
from theory.names import Names
from theory.pictures.charts import Chart, room, ticks
from theory.pictures.maps import draw_map
from theory.pictures.overlays import Overlaid, aside, caption, classes, entries, letters
from theory.pictures.painting import ITSELF, OTHERS, UNDECIDED, Key, png, raster, swatch

pytest.importorskip("matplotlib")

TOKENS = [[-2, 2], [-2, -2], [1, 1], [0, 2], [-1, 0]]
HOSTILE = ["$x_1$ & $$", "<b>bold</b>", "映画 سينما", "{{ 7*7 }}\n" + "x" * 200, "free"]


def grid(
    tokens: Any = TOKENS, free: int = 4, box: Any = ((-3, 3), (-3, 3)), rows: int = 13,
    columns: int = 17, max_layers: int = 1000, **rest: Any,
) -> Basins:  # fmt: skip
    c = Configuration(tokens, rest.pop("alpha", "1/3"), **rest)
    axes = [tuple(fmpq(int(s == t)) for s in range(c.dimension)) for t in range(len(box))]
    origin = tuple(
        fmpq(0) if s < len(box) else c.tokens[free][s] for s in range(c.dimension)
    )  # fmt: skip
    sides = tuple((fmpq(low), fmpq(high)) for low, high in box)
    plane = Plane(origin, tuple(axes), sides, rows if len(box) > 1 else 1, columns)
    return settle_grid(Problem(c, free, plane, max_layers=max_layers))


def many(count: int) -> Basins:
    """A strip of so many destinations, one a grid point, which no configuration has."""
    told = grid([[2], [1]], 1, ((0, 1),), columns=count)
    leads = Destination("leader", (1,))
    ends = tuple(Destination("vertex", (k,)) for k in range(count - 1))
    numbers, zeros = np.arange(count)[None], np.zeros((1, count), np.int64)
    return Basins(told.problem, (leads, *ends), numbers, zeros, ((),), zeros)


def said(basins: Basins) -> str:
    names = Names.of(basins.configuration)
    return caption(basins, Key.of([basins]), names, Overlaid.of(basins, names))


def colours(basins: Basins, key: Key) -> list[list[tuple[int, int, int]]]:
    """The colour in the middle of each grid point's patch, the lowest row first."""
    pixels = raster(basins, key)[::-1]
    down, across = (a // b for a, b in zip(pixels.shape, basins.ends.shape, strict=True))
    middle = pixels[down // 2 :: down, across // 2 :: across]
    return [[key.palette[index] for index in row] for row in middle.tolist()]


def test_every_grid_point_has_the_colour_of_its_destination_and_the_shade_of_its_layer() -> None:
    basins = grid()
    key = Key.of([basins])
    painted = colours(basins, key)
    seen: dict[tuple[int, int, int], set[tuple[str, int]]] = {}
    for row in range(basins.rows):
        for column in range(basins.columns):
            destination = basins.destination(row, column)
            assert destination is not None
            layer = int(basins.layers[row, column])
            shade = next(k for k, (a, b) in enumerate(key.shades) if a <= layer <= b)
            seen.setdefault(painted[row][column], set()).add(
                (key.styles[destination].colour, shade)
            )
    assert len(seen) > 6
    assert all(len(read) == 1 for read in seen.values())


def test_a_point_that_goes_elsewhere_is_painted_otherwise() -> None:
    basins = grid()
    key, ends = Key.of([basins]), np.array(basins.ends)
    ends[3, 5] = (ends[3, 5] + 1) % len(basins.destinations)
    moved = Basins(
        basins.problem, basins.destinations, ends, basins.layers, basins.companies, basins.company
    )
    before, after = colours(basins, key), colours(moved, key)
    differ = [
        (row, column)
        for row in range(basins.rows)
        for column in range(basins.columns)
        if before[row][column] != after[row][column]
    ]
    assert differ == [(3, 5)]


@pytest.mark.parametrize("count", [1, 2, 8, 28])
def test_no_two_destinations_look_alike(count: int) -> None:
    key = Key.of([many(count + 1)])
    styles = list(key.styles.values())
    assert len(styles) == len(set(styles)) == count + 1
    swatches = {swatch(style, key).tobytes() for style in styles}
    assert len(swatches) == count + 1


def test_destinations_beyond_the_colours_share_one_and_the_legend_says_so() -> None:
    key = Key.of([many(40)])
    styles = list(key.styles.values())
    assert styles.count(OTHERS) == 40 - 1 - 28
    names = Names(tuple((k,) for k in range(40)))
    assert [x.words for x in entries(key, names) if x.style == OTHERS] == ["11 other destinations"]
    assert sum(entry.count for entry in entries(key, names)) == 40


def test_undecided_points_have_a_mark_of_their_own() -> None:
    basins = grid(alpha="1/9", max_layers=3)
    key = Key.of([basins])
    assert 0 < basins.undecided == key.undecided
    assert entries(key, Names.of(basins.configuration))[-1].style == UNDECIDED
    assert f"undecided ({basins.undecided} starts)" in said(basins)
    assert Key.of([grid()]).undecided == 0


def test_one_key_reads_several_maps() -> None:
    frames = [grid(alpha=alpha, rows=4, columns=5) for alpha in ("1/5", "1/2", 2)]
    key = Key.of(frames)
    assert set(key.styles) == {x for basins in frames for x in basins.destinations}
    assert sum(key.counts.values()) == sum(basins.ends.size for basins in frames)
    assert key.shades[-1][1] == max(int(basins.layers.max()) for basins in frames)
    for basins in frames:
        assert raster(basins, key).max() < len(key.palette)
        assert png(raster(basins, key), key).startswith(b"\x89PNG")


def test_shades_are_classes_of_layers_in_order() -> None:
    key = Key.of([grid()])
    assert 1 < len(key.shades) <= 5
    assert all(a <= b for a, b in key.shades)
    assert all(b < c for (_, b), (c, _) in zip(key.shades, key.shades[1:], strict=False))
    assert len(classes(key)) == len(key.shades)
    assert classes(Key.of([many(3)])) == []


def test_grid_points_are_in_the_middle_of_their_patches() -> None:
    chart = Chart(grid(box=((-3, 5), (0, 1))))
    plane = chart.basins.plane
    for row, column in ((0, 0), (12, 16), (5, 7)):
        x, y = chart.place(plane.coordinates(row, column))
        assert (x, y) == pytest.approx(((column + 0.5) / 17, (row + 0.5) / 13))


def test_numbers_along_the_axes_are_round_and_tell_points_apart() -> None:
    big = fmpq(10) ** 40
    near = grid([[big + 5, 0], [big, 1]], 1, ((big - 9, big + 9), (-4, 4)), 2, 2)
    for chart in (Chart(near), Chart(grid()), Chart(grid([[1], [2]], 0, ((0, big),)))):
        for marks in chart.ticks:
            words = [words for _, words in marks]
            assert 2 <= len(words) == len(set(words)) < 9
            assert all(0 <= place <= 1 for place, _ in marks)
    assert Chart(near).axes == ("coordinate 0, beyond about 1e+40", "coordinate 1")
    assert [words for _, words in ticks(fmpq(1, 3), fmpq(1, 2))] == ["0.35", "0.4", "0.45", "0.5"]


def test_the_caption_says_what_is_seen() -> None:
    basins = grid(labels=HOSTILE, A=[[2, 1], [1, 2]])
    words = said(basins)
    for part in (
        "token free (4)", "17 × 13 starts", "[-3, 3] × [-3, 3]", "coordinate 0 and", "α = 1/3",
        "A = [[2, 1], [1, 2]]", "who leads among the other tokens",
    ):  # fmt: skip
        assert part in words
    line = grid([[2], [1]], 1, ((0, 1),), columns=5)
    words = said(line)
    assert "5 starts" in words
    assert "Not in the picture: 1 other token." in words
    assert "who leads" not in words


def test_words_stand_in_their_regions_and_beside_their_tokens() -> None:
    basins = grid(rows=81, columns=81)
    key, names = Key.of([basins]), Names.of(basins.configuration)
    over = Overlaid.of(basins, names)
    told = letters(basins, key, names, over)
    assert [words for _, words in told] == ["→ 0", "→ 1", "→ 2"]
    for (x, y), words in told:
        destination = basins.destination(int(y * 81), int(x * 81))
        assert destination is not None
        assert words == f"→ {destination.leaders[0]}"
    (place, right, upper) = aside(((0.99, 0.01), "a long name", True))
    assert (place, right, upper) == ((0.99, 0.01), False, True)
    assert room(np.zeros((4, 4), np.int64), 1, (0.1, 0.1))[1] < 1


CASES: dict[str, dict[str, Any]] = {
    "labels": {"labels": HOSTILE},
    "line": {"tokens": [[3], [-2], [1]], "free": 2, "box": ((-4, 4),)},
    "space": {"tokens": [[1, 2, 3], [3, 1, -2], [0, -4, 1]], "free": 2},
    "copies": {"tokens": [[1, 0], [1, 0], [0, 1]], "free": 2},
    "huge": {"tokens": [[10**400, 0], [0, 10**400]], "free": 1, "box": ((0, 1), (0, 10**400))},
    "alone": {"tokens": [[1, 1]], "free": 0},
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_drawn_and_the_same_each_time(case: dict[str, Any], tmp_path: Path) -> None:
    basins = grid(**case, rows=3, columns=3)
    for name in ("a.svg", "b.svg"):
        draw_map(basins, tmp_path / name)
    drawn = (tmp_path / "a.svg").read_bytes()
    assert drawn == (tmp_path / "b.svg").read_bytes()
    assert b'id="map"' in drawn


def test_another_map_is_another_picture(tmp_path: Path) -> None:
    draw_map(grid(rows=3, columns=3), tmp_path / "a.svg")
    draw_map(grid(rows=3, columns=4), tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() != (tmp_path / "b.svg").read_bytes()


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HardmaxError, match=r"\.svg or \.png"):
        draw_map(grid(rows=2, columns=2), tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())


def test_where_the_token_itself_leads_is_told() -> None:
    basins = grid([[1, 1]], 0, rows=2, columns=2)
    key = Key.of([basins])
    assert list(key.styles.values()) == [ITSELF]
    assert [x.words for x in entries(key, Names.of(basins.configuration))] == ["leads itself"]
