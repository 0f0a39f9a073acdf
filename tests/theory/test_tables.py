"""Tables: every line is a token, a header that is told, or a question; no number is misread."""

import gzip
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from theory import Configuration
from theory.files import sources
from theory.files.configurations import read_configurations, read_matrix
from theory.files.headers import Answer, has_header, index_column, is_name
from theory.files.sources import MAX_BYTES, InputError, ignore
from theory.files.tables import matrix_rows, table_rows

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

ONE = [[1, 2], [3, 4]]

# A table, its kind, the options, the rows, and what is told about it.
READ: dict[str, tuple[str, str, dict[str, Any], list[Any], list[str]]] = {
    "no header": ("1,2\n3,4\n", "csv", {}, ONE, []),
    "names": ("x,y\n1,2\n3,4\n", "csv", {}, ONE, ["line 1 is taken for a header: x,y"]),
    "names with blanks": (
        "sepal length (cm), sepal width (cm)\n1,2\n3,4\n",
        "csv",
        {},
        ONE,
        ["line 1 is taken for a header: sepal length (cm),sepal width (cm)"],
    ),
    "names in quotes": (
        '"x, in cm";"y"\n1;2\n3;4',
        "csv",
        {},
        ONE,
        ["line 1 is taken for a header: x, in cm,y"],
    ),
    "names in Greek": ("α,β₁\n1,2\n3,4\n", "csv", {}, ONE, ["line 1 is taken for a header: α,β₁"]),
    "names in a comment": (
        "# made today\n\n# x,y\n1 2\n3 4\n",
        "txt",
        {},
        ONE,
        ["line 3 is taken for a header: # x,y"],
    ),
    "comments": ("#1,2\n1 2 # first\n  # 5 6\n3 4\n# end", "txt", {}, ONE, []),
    "Excel's separator": (
        "sep=;\nx;y\n1;2\n3;4\n",
        "csv",
        {},
        ONE,
        ["line 1 names the separator: sep=;", "line 2 is taken for a header: x,y"],
    ),
    "an index as pandas writes it": (
        ",x,y\n0,1,2\n1,3,4\n",
        "csv",
        {},
        ONE,
        ["line 1 is taken for a header: ,x,y", "column 0 is taken for an index"],
    ),
    "an index above unnamed columns": (
        ",0,1\n0,1,2\n1,3,4\n",
        "csv",
        {},
        ONE,
        ["line 1 is taken for a header: ,0,1", "column 0 is taken for an index"],
    ),
    "an index written and read twice": (
        "Unnamed: 0,x,y\n0,1,2\n1,3,4\n",
        "csv",
        {},
        ONE,
        ["line 1 is taken for a header: Unnamed: 0,x,y", "column 0 is taken for an index"],
    ),
    "a column that counts": (
        "0,0\n1,1\n2,4\n",
        "csv",
        {"header": False},
        [[0, 0], [1, 1], [2, 4]],
        ["column 0 counts the rows and is taken for a coordinate (--columns 1: skips it)"],
    ),
    "tabs": ("1\t2\r\n3\t4\r\n", "tsv", {}, ONE, []),
    "tabs in .csv": ("1\t2\n3\t4\n", "csv", {}, ONE, []),
    "semicolons": ("1;2\n3;4\n", "csv", {}, ONE, []),
    "blanks": ("  1   2\n\n3\t4  \n", "txt", {}, [[1, 2], [3, 4]], []),
    "commas and blanks": ("1 , 2\n3,\t4\n", "txt", {}, ONE, []),
    "a lone index of pandas": (
        "\tx\n0\t1\n1\t3\n",
        "csv",
        {},
        [[1], [3]],
        ["line 1 is taken for a header: ,x", "column 0 is taken for an index"],
    ),
    "lines of blanks": ("1,2\n   \n3,4\n\t\n", "csv", {}, ONE, []),
    "old line ends": ("1,2\r3,4\r", "csv", {}, ONE, []),
    "empty lines at the end": ("1,2\n3,4\n,\n\n , \n", "csv", {}, ONE, []),
    "savetxt": (
        "1.000000000000000000e+00 2.000000000000000000e+00\n3.0e+00 4.0e+00\n",
        "txt",
        {},
        ONE,
        [],
    ),
    "savetxt whose first token counts": (
        "0.00e+00 1.00e+00\n3e0 4e0\n",
        "txt",
        {},
        [[0, 1], [3, 4]],
        [],
    ),
    "numbers said to be a header": ("0,1\n1,2\n3,4\n", "csv", {"header": True}, ONE, []),
    "numbers said to be a token": (
        "1,2\n.5,.5\n",
        "csv",
        {"header": False},
        [[1, 2], ["1/2"] * 2],
        [],
    ),
    "a token of repeated numbers": ("1,1\n.5,.5\n", "csv", {}, [[1, 1], ["1/2", "1/2"]], []),
    "a token above fractions": ("1,0\n1/2,1/3\n", "csv", {}, [[1, 0], ["1/2", "1/3"]], []),
    "one token that counts": ("0,1\n", "csv", {}, [[0, 1]], []),
    "columns by name": (
        "w,x,y\na,1,2\nb,3,4\n",
        "csv",
        {"columns": ["x", "y"], "header": True},
        ONE,
        [],
    ),
    "columns by number": ("1,9,2\n3,9,4\n", "csv", {"columns": [0, "2"]}, ONE, []),
    "columns by range": ("a,1,2\nb,3,4\n", "csv", {"columns": ["1:"]}, ONE, []),
    "columns in another order": ("2,1\n4,3\n", "csv", {"columns": [1, 0]}, ONE, []),
    "a name of digits comes before a number": (
        "1,0\n2,1\n4,3\n",
        "csv",
        {"columns": ["0", "1"], "header": True},
        ONE,
        [],
    ),
    "names of a comment": (
        "# y x\n2 1\n4 3\n",
        "txt",
        {"columns": ["x", "y"]},
        ONE,
        ["line 1 is taken for a header: # y,x"],
    ),
    "names make the header": (
        "w,1999,2005\na,1,2\nb,3,4\n",
        "csv",
        {"columns": ["1999", "2005"], "header": True},
        ONE,
        [],
    ),
}


@pytest.mark.parametrize(("text", "kind", "options", "rows", "told"), READ.values(), ids=READ)
def test_what_is_read_and_told(
    text: str, kind: str, options: Any, rows: list[Any], told: list[str]
) -> None:
    said: list[str] = []
    found = table_rows(text, kind, tell=said.append, **options)
    assert found == [list(row) for row in Configuration(rows, 1).tokens]
    assert said == told


# A table of kind .csv, the options, and what the one line of refusal holds.
REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "columns without names": ("0,1\n.5,.7\n", {}, "line 1: 0,1 may be a header or a token"),
    "a lattice": ("0,1\n1,0\n", {}, "line 1: 0,1 may be a header or a token"),
    "columns of floats": ("0.0,1.0\n1,0\n", {}, "line 1: 0.0,1.0 may be a header or a token"),
    "one column without a name": ("0\n1\n2\n", {}, "line 1: 0 may be a header or a token"),
    "years": ("2019,2020\n3,4\n", {}, "line 1: 2019,2020 may be"),
    "years above decimals": ("2019,2020\n0.1,0.2\n", {}, "line 1: 2019,2020 may be"),
    "years apart": ("1990,2000,2010\n1,2,3\n", {}, "may be a header or a token"),
    "whole above decimals": ("5,7\n.1,.3\n.2,4.\n", {}, "line 1: 5,7 may be"),
    "whole above mixed": ("5,7\n.1,3\n2,4e-1\n", {}, "line 1: 5,7 may be"),
    "decimals above whole": (".25,.75\n1,2\n3,4\n", {}, "line 1: .25,.75 may be"),
    "below Excel's line": ("sep=,\n0,1\n2,3\n", {}, "line 2: 0,1 may be"),
    "below a comment": ("# from the lab\n0,1\n2,3\n", {}, "line 2: 0,1 may be"),
    "a header of numbers among chosen columns": (
        "w,0,1\na,.5,.7\n",
        {"columns": ["1:"]},
        "line 1: w,0,1 may be",
    ),
    "a name and numbers": (
        "w,0,1\n1,.5,.7\n",
        {},
        "column 0: 'w' is not an exact number (--header",
    ),
    "a header and no tokens": ("x,y\n", {}, "no tokens: nothing follows the header x,y"),
    "a header said, and no tokens": ("1,2\n", {"header": True}, "nothing follows the header 1,2"),
    "a header denied": ("x,y\n1,2\n", {"header": False}, "line 1: column 0: 'x'"),
    "two headers": ("x,y\ncm,cm\n1,2\n", {}, "line 2: column 'x': 'cm' is not an exact"),
    "an index of names": (",x\na,1\nb,2\n", {}, "column 0 may be an index or a coordinate"),
    "an index with gaps": (",x\n3,1\n7,2\n", {}, "column 0 may be an index or a coordinate"),
    "a column called index": ("id,x\n0,1\n1,2\n", {}, "column 0 may be an index"),
    "a first column that counts above decimals": ("0,.5\n1,.7\n", {}, "column 0 may be an index"),
    "the same from one": ("1,.5\n2,.7\n3,.9\n", {"header": False}, "column 0 may be an index"),
    "quoted numbers with commas": ('"1,000","2"\n1,2\n', {}, "line 1: column 0: '1,000'"),
    "decimal commas": ("1,5;2,5\n1;2\n", {}, "line 1: column 0: '1,5'"),
    "decimal commas between blanks": ("1,5 2,5\n1,5 2,5\n", {}, "line 1: column 1: '5 2'"),
    "thin blanks in numbers": ("1\u00a0000 2\n3 4\n", {}, "line 1: column 0: '1 000'"),
    "underscores": ("1_000,2\n", {}, "line 1: column 0: '1_000'"),
    "hexadecimal": ("0x10,0x11\n1,2\n", {}, "line 1: column 0: '0x10'"),
    "other digits": ("٣,٤\n1,2\n", {}, "line 1: column 0: '٣'"),
    "another minus": ("−1,−2\n1,2\n", {}, "line 1: column 0: '−1'"),
    "units": ("1 cm,2 cm\n3,4\n", {}, "line 1: column 0: '1 cm'"),
    "percent": ("50%,20%\n3,4\n", {}, "line 1: column 0: '50%'"),
    "money": ("€5,€7\n3,4\n", {}, "line 1: column 0: '€5'"),
    "nan": ("nan,inf\n", {}, "line 1: column 0: 'nan' is not an exact number"),
    "nan above numbers": ("NaN,-Infinity\n1,2\n", {}, "line 1: column 0: 'NaN' is not"),
    "nothing known": ("NA,null\n1,2\n", {}, "line 1: column 0: 'NA' is not an exact number"),
    "Excel's errors": ("#N/A,1\n1,2\n", {}, "line 1: column 0: '#N/A' is not an exact"),
    "Excel's errors below": ("1 2\n#DIV/0! 3\n", {}, "line 2: column 0: '#DIV/0!'"),
    "a trailing separator": ("1,2,\n3,4,\n", {}, "line 1: column 2: '' is not an exact number"),
    "an empty cell": ("1,2\n3,\n", {}, "line 2: column 1: ''"),
    "a row left empty": ("1,2\n,\n3,4\n", {}, "line 2: column 0: '' is not an exact number"),
    "ragged": ("1,2\n\n1\n", {}, "line 3: 1 number; 2 were wanted, as above"),
    "ragged below a header": ("x,y\n1,2,3\n", {}, "line 2: 3 numbers; 2 were wanted"),
    "row names below a shorter header": ('"x" "y"\n"a" 1 2\n', {}, "line 2: 3 numbers; 2 were"),
    "1/0": ("1,2\n3,1/0\n", {}, "line 2: column 1: '1/0' divides by zero"),
    "a word": ("1,2\nx,4\n", {}, "line 2: column 0: 'x' is not an exact number"),
    "an open quote": ('1,"2\n3,4\n', {}, "not CSV"),
    "a long cell": (f"1,{'9' * 1_000_000}\n", {}, "line 1: not CSV: field larger than"),
    "a long number": (f"1,{'9' * 100_000}\n", {}, "line 1: column 1: '9999"),
    "a null character": ("1,2\n3,\0\n", {}, "line 2"),
    "two byte-order marks": ("\ufeff\ufeff1,2\n3,4\n", {}, "line 1: column 0"),
    "only comments": ("# x,y\n", {}, "no line of numbers"),
    "Excel's line alone": ("sep=;\n", {}, "no line of numbers"),
    "a separator of digits": ("sep=1\n213\n", {}, "line 1: '1' separates no columns"),
    "no such name": ("x,y\n1,2\n", {"columns": ["z"]}, "there is no column 'z'; they are 'x,y'"),
    "no names": ("1,2\n3,4\n", {"columns": ["x"]}, "there is no column 'x'; there are no names"),
    "no such number": ("1,2\n", {"columns": [2]}, "there is no column 2; there are 2, from 0 on"),
    "a negative number": ("1,2\n", {"columns": [-1]}, "there is no column '-1'"),
    "a name of two columns": ("x,x\n1,2\n", {"columns": ["x"]}, "2 columns are called 'x'"),
    "a column twice": ("x,y\n1,2\n", {"columns": ["x", 0]}, "each may be given once"),
    "no columns": ("1,2\n", {"columns": []}, "a list of names or numbers was wanted"),
    "an empty range": ("1,2\n", {"columns": ["2:"]}, "one has to be"),
    "columns as a text": ("x,y\n1,2\n", {"columns": "xy"}, "columns = 'xy'; a list of names"),
    "a truth value": ("1,2\n", {"columns": [True]}, "there is no column 'True'"),
    "a float": ("1,2\n", {"columns": [1.0]}, "there is no column '1.0'"),
}


@pytest.mark.parametrize(("text", "options", "cause"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_or_asked(tmp_path: Path, text: str, options: Any, cause: str) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(text.encode())
    message = refusal(lambda: read_configurations(path, alpha=1, **options))
    assert message.startswith(f"{path}: ")
    assert cause in message


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(InputError) as refused:
        read()
    message = str(refused.value)
    assert message.splitlines() == [message]
    assert len(message) < 400
    return message


def test_what_names_and_what_does_not() -> None:
    assert all(map(is_name, ("x", "x1", "_x", "(cm)", "[kg]", "Ä", "日本", "e5")))
    assert not any(
        map(is_name, ("1", "1st", "", " ", "-x", "+", "nan", "-INF", "n/a", "None", "_"))
    )


@pytest.mark.parametrize("first", [["x", "y"], ["x", ""], ["", "1"], ["", "y"]])
def test_what_can_be_no_token_is_a_header(first: list[str]) -> None:
    assert has_header(first, [["1", "2"]]) is Answer.YES
    assert has_header(["1", *first[1:]], [["1", "2"]]) is Answer.NO


def test_an_index_is_recognised_by_its_name_and_count() -> None:
    counted, other = [["0", ".5"], ["1", ".7"]], [["1", ".5"], ["0", ".7"]]
    assert index_column("", counted) is Answer.YES
    assert index_column("", other) is Answer.ASK
    assert index_column("t", counted) is Answer.ASK
    assert index_column("t", other) is Answer.NO
    assert index_column("t", [["0", "5"], ["1", "7"]]) is Answer.NO
    assert index_column("row", [["0", "5"], ["1", "7"]]) is Answer.ASK
    assert index_column(None, [["0"], ["1"], ["2"]]) is Answer.NO


# ------------------------------------------------------------------------------ matrices

MATRICES = {
    "a swap": ("0,1\n1,0\n", [[0, 1], [1, 0]]),
    "counted columns": ("0,1\n2,1\n1,2\n", [[2, 1], [1, 2]]),
    "years": ("2019 2020\n2 1\n1 2\n", [[2, 1], [1, 2]]),
    "names": ("x,y\n2,1\n1,2\n", [[2, 1], [1, 2]]),
    "index and names": (",x,y\n0,2,1\n1,1,2\n", [[2, 1], [1, 2]]),
    "index and counted columns": (",0,1\n0,2,1\n1,1,2\n", [[2, 1], [1, 2]]),
    "an index alone": ("0,2,1\n1,1,2\n", [[2, 1], [1, 2]]),
    "the identity, which counts": ("0\n", [[0]]),
    "whole above decimals": ("1,2\n.5,.7\n", [[1, 2], ["1/2", "7/10"]]),
}


@pytest.mark.parametrize(("text", "rows"), MATRICES.values(), ids=MATRICES)
def test_the_shape_of_a_matrix_tells_its_header(tmp_path: Path, text: str, rows: Any) -> None:
    path = tmp_path / "A.csv"
    path.write_text(text)
    wanted = [list(row) for row in Configuration(rows, 1).tokens]
    assert read_matrix(path, ignore) == wanted


def test_a_matrix_that_is_not_square_is_left_to_be_refused() -> None:
    assert matrix_rows("1,2\n", "csv") == [[1, 2]]
    assert matrix_rows("0,1\n1,2\n3,4\n5,6\n", "csv") == [[0, 1], [1, 2], [3, 4], [5, 6]]


# ---------------------------------------------------------------- arrays, packed files, stdin


def npz(*arrays: Array, packed: bool = True) -> bytes:
    file = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(file, *arrays)
    return file.getvalue()


def npy(array: Array) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


TOKENS = np.array([[0.1, 2.0], [3.0, 4.0]])
FLOATS = Configuration.from_binary64(TOKENS, alpha=1)
DECIMALS = Configuration([["0.1", 2], [3, 4]], alpha=1)

CONTENTS: dict[str, tuple[bytes, Configuration]] = {
    "json": (b'{"tokens": [[0.1, 2], [3, 4]], "alpha": 1}', DECIMALS),
    "jsonl": (b'{"tokens": [[0.1, 2], [3, 4]], "alpha": 1}\n', DECIMALS),
    "csv": (b"\xef\xbb\xbfx,y\n0.1,2\n3,4\n", DECIMALS),
    "tsv": (b"0.1\t2\n3\t4\n", DECIMALS),
    "txt": (b"# x y\n0.1 2\n3 4\n", DECIMALS),
    "npy": (npy(TOKENS), FLOATS),
    "npz": (npz(TOKENS), FLOATS),
}


@pytest.mark.parametrize("kind", CONTENTS)
def test_every_kind_plain_packed_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    content, wanted = CONTENTS[kind]
    for name, octets in (
        (f"c.{kind}", content),
        (f"C.{kind.upper()}", content),
        (f"c.{kind}.gz", gzip.compress(content)),
        (f"c.{kind}", gzip.compress(content)),
    ):
        path = tmp_path / name
        path.write_bytes(octets)
        assert read_configurations(path, alpha=1, tell=ignore) == [wanted]
    other = tmp_path / "c.data"
    for octets in (content, gzip.compress(content)):
        other.write_bytes(octets)
        assert read_configurations(other, alpha=1, format=kind, tell=ignore) == [wanted]
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(octets)))
        assert read_configurations("-", alpha=1, format=kind, tell=ignore) == [wanted]
    assert "unknown kind of file" in refusal(
        lambda: read_configurations(other, alpha=1, tell=ignore)
    )


def test_standard_input_that_is_no_json_names_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("csv", "npy", "npz"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(CONTENTS[kind][0])))
        assert "--format" in refusal(lambda: read_configurations("-", alpha=1))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"tokens": [["1/0"]]}')))
    assert "--format" not in refusal(lambda: read_configurations("-", alpha=1))
    assert "'xml' is no format" in refusal(lambda: read_configurations("-", format="xml"))


def test_columns_of_an_array(tmp_path: Path) -> None:
    path = tmp_path / "c.npy"
    np.save(path, np.array([[9, 1, 2], [9, 3, 4]]))
    assert read_configurations(path, alpha=1, columns=["1:"]) == [Configuration(ONE, 1)]
    assert "no column 'x'" in refusal(lambda: read_configurations(path, alpha=1, columns=["x"]))
    assert "header is for tables" in refusal(
        lambda: read_configurations(path, alpha=1, header=True)
    )


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (npz(TOKENS, TOKENS), "2 arrays ('arr_0, arr_1'); one was wanted"),
        (npz(), "0 arrays; one was wanted"),
        (npz(np.array([[1j]])), "an array of complex128"),
        (npz(np.array([[None]], dtype=object)), "an array of object"),
        (npz(TOKENS)[:-30], "not a .npz file"),
        (npy(TOKENS), "not a .npz file"),
        (b"PK\x03\x04" + bytes(100), "not a .npz file"),
        (npz(np.zeros((1, MAX_BYTES // 8))), "unpacks to more than 64 MiB"),
    ],
    ids=["two", "none", "complex", "objects", "cut", "npy", "garbage", "bomb"],
)
def test_bad_npz(tmp_path: Path, content: bytes, cause: str) -> None:
    path = tmp_path / "c.npz"
    path.write_bytes(content)
    assert cause in refusal(lambda: read_configurations(path, alpha=1))


def test_every_damaged_npz_is_refused_or_read(tmp_path: Path) -> None:
    content, messages = npz(TOKENS, packed=False), []
    path = tmp_path / "c.npz"
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        try:
            read_configurations(path, alpha=1)
        except InputError as error:
            messages.append(str(error))
    assert len(messages) > len(content) // 2
    assert all(map(str.isprintable, messages))


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (gzip.compress(b" " * (MAX_BYTES + 1)), "unpacks to more than 64 MiB"),
        (gzip.compress(b"1,2\n")[:-4], "a damaged gzip file"),
        (gzip.compress(b"1,2\n")[:-1] + b"x", "a damaged gzip file"),
        (gzip.compress(b""), "the file is empty"),
        (b"1,2\n", "not a gzip file"),
        (gzip.compress(gzip.compress(b"1,2\n")), "not a text in UTF-8"),
    ],
    ids=["bomb", "cut", "wrong sum", "empty", "not packed", "twice"],
)
def test_bad_gzip(tmp_path: Path, content: bytes, cause: str) -> None:
    path = tmp_path / "c.csv.gz"
    path.write_bytes(content)
    assert cause in refusal(lambda: read_configurations(path, alpha=1))


def test_numbers_are_counted_before_they_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A packed file of a few kB may hold more rows than memory does."""
    monkeypatch.setattr(sources, "MAX_NUMBERS", 4)
    contents = {
        "c.csv": b"1,2\n3,4\n",
        "c.txt": b"1\n2\n3\n4",
        "c.npy": npy(np.array([[1, 2], [3, 4]])),
        "c.json": b'{"tokens":[[1],[2],[3],[4]],"alpha":1}',
    }
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert len(read_configurations(path, alpha=1)) == 1
    monkeypatch.setattr(sources, "MAX_NUMBERS", 3)
    for name in contents:
        path = tmp_path / name
        assert refusal(partial(read_configurations, path, alpha=1)).endswith("more than 3 numbers")
