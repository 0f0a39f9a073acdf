"""Pictures of sweeps: what is drawn is what the sweep has, exactly, and words are true."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq

from theory import Configuration, HardmaxError
from theory.pictures.dials import Dial, decades, equation, mathematics
from theory.pictures.sweeps import draw_sweep, spread, style, told
from theory.readable import nearest
from theory.sweeps import Sweep, steps, sweep

pytest.importorskip("matplotlib")

THREE = [[0, 1], [1, 1], [2, 0]]


def swept(tokens: Any = THREE, low: Any = "1/100", high: Any = 10, **rest: Any) -> Sweep:
    budget = rest.pop("budget", ())
    return sweep(
        steps(Configuration(tokens, 1, **rest), fmpq(*map(int, str(low).split("/"))), fmpq(high)),
        *budget,
    )


SWEPT = swept()


def test_lines_go_through_the_exact_limits_and_dots_are_those_at_the_breaks() -> None:
    dial = Dial(SWEPT)
    for panel in dial.panels:
        heights = dict(panel.ticks)
        assert len(heights) > 1
        (low, at_low), *_, (high, at_high) = [(float(words), v) for v, words in panel.ticks]
        for curve in panel.curves:
            pieces = iter(curve.lines)
            for piece in SWEPT.intervals:
                assert piece.outcome is not None
                line = next(pieces)
                f = piece.outcome.limits[curve.tokens[0]][panel.coordinate]
                for u, v in line[1:-1] or line:
                    expected = nearest(f(dial.number(u)))
                    drawn = low + (high - low) * (v - at_low) / (at_high - at_low)
                    assert drawn == pytest.approx(expected, abs=1e-9)
            assert len(curve.dots) == len(SWEPT.breaks)


def test_the_leader_that_is_lost_ends_at_the_break_exactly() -> None:
    dial = Dial(SWEPT)
    (first, spans), (second, others) = dial.leaders
    assert (first, second) == (0, 2)
    assert [low for low, _ in spans] == [0.0]
    assert spans[0][1] == dial.marks[0][0]
    assert others == ((0.0, 1.0),)
    assert nearest(dial.number(spans[0][1])) == pytest.approx((4 / 7) ** 0.5)


def test_layers_are_those_of_the_pieces() -> None:
    assert [layer for _, layer in Dial(SWEPT).layers] == [2, 4, 3, 3, 2]


def test_breaks_are_numbered_and_told_in_words() -> None:
    assert told(Dial(SWEPT)) == "(1) α ≈ 0.755929, 7α² − 4 = 0; (2) α ≈ 4.82843, α² − 4α − 4 = 0."
    assert told(Dial(swept([[2], [1]], "1/2", 1))) == ""
    assert equation(SWEPT.breaks[0].low, "x").endswith("7x² − 4 = 0")
    assert mathematics("-x^12 - 3*x + 2") == "−x¹² − 3x + 2"


def test_the_axis_is_logarithmic_where_the_range_spans_decades() -> None:
    dial = Dial(SWEPT)
    assert dial.logarithmic
    assert dial.along(fmpq(1, 10)) == pytest.approx(1 / 3)
    assert "logarithmic" in dial.caption
    short = Dial(swept(low="1/2", high=3))
    assert not short.logarithmic
    assert short.along(fmpq(7, 4)) == 0.5
    assert "logarithmic" not in short.caption
    for low, high in ((fmpq(1, 100), fmpq(10)), (fmpq(1, 10**30), fmpq(10**30))):
        assert 3 < len(decades(low, high)) < 13


def test_what_is_undecided_is_hatched_and_said() -> None:
    slow = swept([[-2, 0], [-2, 1], [-1, -1]], "1/100", 10, budget=(9,))
    dial = Dial(slow)
    assert not slow.decided
    assert dial.undecided
    assert "Hatched: undecided" in dial.caption
    for panel in dial.panels:
        for line in (line for curve in panel.curves for line in curve.lines):
            assert not any(low < u < high for u, _ in line for low, high in dial.undecided)
    assert not Dial(SWEPT).undecided


def test_names_at_the_ends_do_not_meet() -> None:
    for places in ([0.5] * 9, [0.0, 1.0, 1.0, 0.99], [0.2]):
        moved = sorted(spread(places, 0.1))
        assert all(b - a > 0.0999 for a, b in pairwise(moved))
        assert moved[-1] <= 1


def test_no_two_of_28_curves_look_alike() -> None:
    assert len({style(k)[:2] for k in range(28)}) == 28


CASES: dict[str, Sweep] = {
    "three": SWEPT,
    "labels": swept([[3], [-2], [1]], "1/2", 2, labels=["$x$", "<b>", "映画 " + "y" * 90]),
    "space": swept([[3, 2, 0, 1], [-3, 2, 0, 1], [1, 2, 1, 0]], "1/2", 1),
    "huge": swept([[10**40, 0], [0, 10**40]], "1/2", 1),
    "undecided": swept([[-2, 0], [-2, 1], [-1, -1]], "1/100", 10, budget=(9,)),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_drawn(name: str, tmp_path: Path) -> None:
    draw_sweep(CASES[name], tmp_path / "a.svg")
    drawn = (tmp_path / "a.svg").read_bytes()
    assert drawn.count(b'id="limit') >= 1
    assert (b'id="undecided' in drawn) is not CASES[name].decided


def test_the_same_sweep_is_the_same_file_and_another_is_another(tmp_path: Path) -> None:
    for name, found in (("a", SWEPT), ("b", swept()), ("c", swept(high=9))):
        draw_sweep(found, tmp_path / f"{name}.svg")
    one, same, other = ((tmp_path / f"{name}.svg").read_bytes() for name in "abc")
    assert one == same != other


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HardmaxError, match=r"\.svg or \.png"):
        draw_sweep(SWEPT, tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())
