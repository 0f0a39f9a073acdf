"""Numbers for readers: what is rounded or left out bears its mark, and what is exact none."""

import pytest
from flint import fmpq

from theory.exact import text
from theory.readable import (
    cell,
    count,
    decimal,
    equal,
    label,
    members,
    nearest,
    number,
    point,
)


@pytest.mark.parametrize("value", [fmpq(1, 3), fmpq(10**40), fmpq(-7, 2**70), fmpq(1, 8), fmpq(0)])
def test_what_is_rounded_is_marked(value: fmpq) -> None:
    for words, exact in (
        (decimal(value), value.q in (1, 2, 4, 8)),
        (point([value, fmpq(1)], 12), len(text(value)) <= 12),
        (equal("", text(value), 12).strip(), len(text(value)) <= 12),
        (number(text(value)), len(text(value)) <= 12),
        (cell([text(value), "1"]), len(text(value)) <= 12),
    ):
        assert words.startswith("≈") is not exact
    assert abs(fmpq(*nearest(value).as_integer_ratio()) - value) <= abs(value) / 2**52


@pytest.mark.parametrize("most", [2, 8, 13])
def test_a_set_names_as_many_as_there_is_room_for(most: int) -> None:
    assert members(range(most), most) == "{" + ", ".join(map(str, range(most))) + "}"
    assert members(range(most + 1), most).endswith(", … 2 more}")
    assert members(range(most + 1), most).count(",") == most - 1
    assert members((), most) == "{}"


def test_coordinates_beyond_the_room_are_counted() -> None:
    assert point([fmpq(k) for k in range(8)]) == "(0, 1, 2, 3, 4, 5, 6, 7)"
    assert point([fmpq(k) for k in range(9)]) == "(0, 1, 2, 3, 4, 5, 6, 7, … 1 more)"
    assert cell(list("012345")) == "(0, 1, 2, 3, 4, 5)"
    assert cell(list("0123456")) == "(0, 1, 2, 3, 4, …)"


def test_rounded_numbers_have_no_idle_zeros() -> None:
    tenth = fmpq(*(0.1).as_integer_ratio())
    assert (number(text(tenth)), cell([text(tenth), "1"])) == ("≈0.1", "≈(0.1, 1)")
    assert point([tenth, fmpq(10) ** 40, fmpq(-1, 3**99)]) == "≈(0.1, 1e+40, -5.82098e-48)"
    assert point([fmpq(10), fmpq(-20)]) == "(10, -20)"


def test_things_and_labels() -> None:
    assert [count(n, "leader") for n in (0, 1, 2)] == ["0 leaders", "1 leader", "2 leaders"]
    assert count(12345, "token", "") == "12345 tokens"
    assert label("x" * 24) == "x" * 24
    assert label("x" * 25) == "x" * 23 + "…"
