"""What tokens are called: by the input, whatever number the run gives them."""

import pytest

from theory import Configuration
from theory.configuration import MAX_COPIES
from theory.names import Names


def merged(tokens: list[list[int]], labels: list[str] | None = None) -> Names:
    given = Configuration(tokens, 1, labels=labels)
    return Names.of(given.merged()[0], given)


def test_a_place_is_called_by_all_of_its_tokens() -> None:
    names = merged([[5], [1], [5], [2]])
    assert [names.name(p) for p in range(3)] == ["0, 2", "1", "3"]
    assert names.members([2, 0]) == "{0, 2, 3}"


def test_without_the_input_a_run_names_its_own_tokens() -> None:
    place, given = Configuration([[5], [2]], 1), Configuration([[5], [5], [2]], 1)
    assert Names.of(place).name(1) == "1"
    assert Names.of(place, given).name(1) == "2"
    assert Names.of(given).name(1) == "1"


def test_label_and_index_stand_together() -> None:
    names = merged([[5], [1], [5]], ["8", "good", "8"])
    assert [names.name(p) for p in range(2)] == ["8 (0, 2)", "good (1)"]
    assert names.listed([1, 0]) == "8 (0, 2), good (1)"
    assert names.index(0) == "0, 2"


def test_copies_with_labels_of_their_own_are_all_named() -> None:
    assert merged([[5], [5], [1]], ["a", "b", "c"]).name(0) == "a (0), b (1)"


@pytest.mark.parametrize("empty", ["", "  ", "\n"])
def test_an_empty_label_is_none(empty: str) -> None:
    assert merged([[5], [1]], [empty, "x"]).name(0) == "0"


def test_labels_are_one_short_line_of_characters_that_xml_has() -> None:
    names = merged([[5], [1]], ["two\nlines" * 30, "a\x1b[2J"])
    assert len(names.name(0)) <= 30
    assert "\n" not in names.name(0)
    assert names.name(1) == r"a\x1b[2J (1)"
    assert len(names.name(0, 400)) == 30 * 9 + 4


def test_many_copies_and_many_tokens_are_counted() -> None:
    assert merged([[1]] * 500).name(0) == "0, 1, 2, 3, 4, … 495 more"
    apart = Names.of(Configuration([[i] for i in range(1, 501)], 1))
    assert apart.members(range(500), 3) == "{0, 1, … 498 more}"
    labelled = merged([[1]] * 9, [*"abcdefghi"])
    assert labelled.name(0) == "a (0), b (1), c (2), d (3), e (4), f (5), … 3 more labels"


def test_multiplicities_are_copies_of_the_file() -> None:
    given = Configuration([[1], [2], [1]], 1, multiplicities=[2, 1, 3], labels=["a", "b", "a"])
    assert Names.of(given).copies == ((0, 1), (2,), (3, 4, 5))
    assert Names.of(given.merged()[0], given).name(0) == "a (0, 1, 3, 4, 5)"
    huge = Configuration([[1], [2]], 1, multiplicities=[MAX_COPIES, 1])
    assert Names.of(huge).name(1) == "1"
