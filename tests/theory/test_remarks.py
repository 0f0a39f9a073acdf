"""What was skipped in a file is told: by a warning, unless the call says how."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from theory.files.configurations import read_configurations, read_matrix
from theory.files.sources import InputWarning

SKIPPED = {
    "header": (b"x,y\n1/2,3\n2,5\n", "line 1 is taken for a header: x,y"),
    "header and index": (
        b",x,y\n0,1/2,3\n1,2,5\n",
        "line 1 is taken for a header: ,x,y; column 0 is taken for an index",
    ),
    "separator": (b"sep=;\n1/2;3\n2;5\n", "line 1 names the separator: sep=;"),
    "comment": (b"# x,y\n1/2,3\n2,5\n", "line 1 is taken for a header: # x,y"),
}
PLAIN = b"1/2,3\n2,5\n"


@pytest.mark.parametrize("name", SKIPPED)
def test_what_was_skipped_is_one_warning_of_one_line(tmp_path: Path, name: str) -> None:
    content, words = SKIPPED[name]
    path = tmp_path / "c.csv"
    path.write_bytes(content)
    with pytest.warns(InputWarning) as warned:
        (found,) = read_configurations(path, alpha=1)
    assert [str(w.message) for w in warned] == [f"{path}: {words}"]
    assert warned[0].filename == __file__
    told: list[str] = []
    assert read_configurations(path, alpha=1, tell=told.append) == [found]  # and no warning
    assert told == [f"{path}: {remark}" for remark in words.split("; ")]


def test_a_matrix_has_a_warning_of_its_own(tmp_path: Path) -> None:
    tokens, matrix = tmp_path / "c.csv", tmp_path / "A.csv"
    tokens.write_bytes(b"x,y\n1/2,3\n2,5\n")
    matrix.write_bytes(b"x,y\n2,1\n1,2\n")
    with pytest.warns(InputWarning) as warned:
        read_configurations(tokens, alpha=1, matrix=matrix)
    assert sorted(str(w.message).split(":")[0] for w in warned) == sorted(
        map(str, (matrix, tokens))
    )
    with pytest.warns(InputWarning, match="header"):
        assert read_matrix(matrix) == [[2, 1], [1, 2]]


def test_nothing_is_told_where_nothing_was_skipped(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes(PLAIN)
    np.save(tmp_path / "c.npy", [[1, 2]])
    (tmp_path / "c.json").write_text('{"tokens": [[1]], "alpha": 1}')
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in ("c.csv", "c.npy", "c.json"):
            assert len(read_configurations(tmp_path / name, alpha=1)) == 1


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"# my data\n1,2\n3,5\n", None),
        (b"# my data\n1\t2\n3\t5\n", None),
        (b"# my,data\n1,2\n3,5\n", "my,data"),
        (b"# my,data\n1 2\n3 5\n", "my,data"),
        (b"# my data\n1 2\n3 5\n", "my,data"),
        (b"# my own data\n1 2\n3 5\n", None),
    ],
)
def test_a_remark_of_as_many_words_as_columns_names_none(
    tmp_path: Path, content: bytes, names: str | None
) -> None:
    path = tmp_path / "c.txt"
    path.write_bytes(content)
    told: list[str] = []
    (found,) = read_configurations(path, alpha=1, tell=told.append)
    assert [list(map(int, row)) for row in found.tokens] == [[1, 2], [3, 5]]
    words = [f"{path}: line 1 is taken for a header: # {names}"] if names else []
    assert told == words
