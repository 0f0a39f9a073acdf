"""Configuration files: what is read is exact, and what is wrong is told in one line."""

import io
import json
import os
import sys
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from flint import fmpq

from theory import Configuration, HardmaxError
from theory.files.configurations import read_configurations
from theory.files.sources import MAX_BYTES, InputError

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

TRIANGLE = {"tokens": [["1/2", 0], [0, "-3"]], "A": [[2, 1], [1, 2]], "alpha": "1/2"}


def written(folder: Path, name: str, content: str | bytes | Array) -> Path:
    path = folder / name
    if isinstance(content, np.ndarray):
        np.save(path, content)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content, encoding="utf-8")
    return path


def only(configurations: list[Configuration]) -> Configuration:
    assert len(configurations) == 1
    return configurations[0]


def feed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


# ---------------------------------------------------------------------- what is accepted

# The text of a .json file, and the configuration that it states.
ACCEPTED: dict[str, tuple[str, Configuration]] = {
    "the design's example": (
        '{"tokens": [["1/2", 0], [0.1, -3]], "A": [[2, 1], [1, 2]], "alpha": "1/2",'
        ' "labels": ["good", "film"]}',
        Configuration([["1/2", 0], ["1/10", -3]], "1/2", [[2, 1], [1, 2]], labels=["good", "film"]),
    ),
    "a decimal literal is that decimal": (
        '{"tokens": [[0.1]], "alpha": 0.30}',
        Configuration([["1/10"]], "3/10"),
    ),
    "more digits than a float has": (
        '{"tokens": [[0.1000000000000000000000000000000000000001]], "alpha": 1}',
        Configuration([["0.1000000000000000000000000000000000000001"]], 1),
    ),
    "powers of ten": (
        '{"tokens": [[1e-40, -2.5E+3]], "alpha": "1e2"}',
        Configuration([[fmpq(1, 10**40), -2500]], 100),
    ),
    "an integer beyond 64 bits": (
        '{"tokens": [[123456789012345678901234567890]], "alpha": 1}',
        Configuration([[123456789012345678901234567890]], 1),
    ),
    "more digits than int() reads": (
        f'{{"tokens": [[{"7" * 10_000}]], "alpha": 1}}',
        Configuration([["7" * 10_000]], 1),
    ),
    "null where nothing is the default": (
        '{"tokens": [[1]], "alpha": 1, "A": null, "labels": null, "name": null}',
        Configuration([[1]], 1),
    ),
    "zero, repeated tokens and a negative step are a configuration": (
        '{"tokens": [[0], [0]], "alpha": "-1/2"}',
        Configuration([[0], [0]], "-1/2"),
    ),
    "a byte-order mark": ('\ufeff{"tokens": [[1]], "alpha": 1}', Configuration([[1]], 1)),
    "blanks around": ('\n\n {"tokens": [[1]],\n "alpha": 1} \n', Configuration([[1]], 1)),
}


@pytest.mark.parametrize(("text", "wanted"), ACCEPTED.values(), ids=ACCEPTED)
def test_json_is_read_exactly(tmp_path: Path, text: str, wanted: Configuration) -> None:
    found = only(read_configurations(written(tmp_path, "c.json", text)))
    assert found == wanted
    assert (found.labels, found.name) == (wanted.labels, wanted.name)


@pytest.mark.parametrize(("text", "wanted"), ACCEPTED.values(), ids=ACCEPTED)
def test_standard_input_reads_the_same(
    monkeypatch: pytest.MonkeyPatch, text: str, wanted: Configuration
) -> None:
    feed(monkeypatch, text.encode())
    assert only(read_configurations("-")) == wanted


def test_what_a_configuration_writes_is_read_back(tmp_path: Path) -> None:
    configuration = Configuration(
        [["1/3", "-2"], [5, "7/11"]],
        "2/7",
        [[2, 1], [1, 2]],
        labels=["à", "日本"],
        name="größe 3",
    )
    path = written(tmp_path, "c.json", json.dumps(configuration.to_dict()))
    found = only(read_configurations(path))
    assert found == configuration
    assert found.labels == ("à", "日本")
    assert found.name == "größe 3"


LINES = (
    '{"tokens": [[1]], "alpha": 1}\r\n\n   \n{"tokens": [[2], [3]], "alpha": 0.5, "name": "b"}\n'
)


def test_json_lines(tmp_path: Path) -> None:
    found = read_configurations(written(tmp_path, "c.jsonl", LINES))
    assert found == [Configuration([[1]], 1), Configuration([[2], [3]], "1/2")]
    assert [c.name for c in found] == [None, "b"]


def test_json_lines_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, LINES.encode())
    assert len(read_configurations("-")) == 2


def test_separators_of_unicode_do_not_end_a_line(tmp_path: Path) -> None:
    line = '{"tokens": [[1]], "alpha": 1, "name": "a\u2028b\x85c"}'
    found = only(read_configurations(written(tmp_path, "c.jsonl", line)))
    assert found.name == "a\u2028b\x85c"


def test_upper_case_suffix(tmp_path: Path) -> None:
    assert len(read_configurations(written(tmp_path, "C.JSONL", LINES))) == 2


def test_path_without_suffix_is_json(tmp_path: Path) -> None:
    assert len(read_configurations(written(tmp_path, "lines", LINES))) == 2
    single = written(tmp_path, "single", json.dumps(TRIANGLE, indent=1))
    assert only(read_configurations(str(single))).dimension == 2


def test_csv_is_exact(tmp_path: Path) -> None:
    path = written(tmp_path, "c.csv", '0.1, 1/3\r\n\n-2e-3,"4"\n')
    found = only(read_configurations(path, alpha="1/2"))
    assert found == Configuration([["1/10", "1/3"], ["-1/500", 4]], "1/2")


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "<f4", "<f2", "<i8", ">i4", "u1", "<u8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_is_exact(tmp_path: Path, dtype: str, order: Any) -> None:
    array = np.array([[1, 2], [3, 5], [8, 13]], dtype=dtype, order=order)
    found = only(read_configurations(written(tmp_path, "c.npy", array), alpha=1))
    assert found == Configuration([[1, 2], [3, 5], [8, 13]], 1)


def test_npy_floats_are_the_numbers_that_they_are(tmp_path: Path) -> None:
    values = [[0.1, -1e-300], [5e-324, 2.0**60]]
    found = only(read_configurations(written(tmp_path, "c.npy", np.array(values)), alpha="0.1"))
    assert found == Configuration.from_binary64(values, alpha="1/10")
    for dtype in ("<f2", ">f4", "<f4", ">f8"):
        least = np.finfo(dtype).smallest_subnormal
        array = np.array([[least, -3 * least]], dtype=dtype)
        (row,) = only(read_configurations(written(tmp_path, "s.npy", array), alpha=1)).tokens
        power = {2: 24, 4: 149, 8: 1074}[array.itemsize]
        assert row == (fmpq(1, 2**power), fmpq(-3, 2**power))
    single = written(tmp_path, "f.npy", np.array([[0.1]], dtype="f4"))
    assert only(read_configurations(single, alpha=1)).tokens == ((fmpq(13421773, 2**27),),)


def test_npy_integers_beyond_the_floats(tmp_path: Path) -> None:
    path = written(tmp_path, "c.npy", np.array([[2**53 + 1]]))
    assert only(read_configurations(path, alpha=1)) == Configuration([[2**53 + 1]], 1)


def test_npy_of_format_two(tmp_path: Path) -> None:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.array([[1.5]]), version=(2, 0))
    path = written(tmp_path, "c.npy", file.getvalue())
    assert only(read_configurations(path, alpha=1)).tokens == ((fmpq(3, 2),),)


MATRICES: dict[str, str | Array] = {
    "A.json": '[[2, "1"], [1.0, 2]]',
    "A.csv": "2,1\n1,2\n",
    "A.npy": np.array([[2.0, 1.0], [1.0, 2.0]]),
}


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("tokens", ["c.csv", "c.npy"])
def test_matrix_files(tmp_path: Path, name: str, tokens: str) -> None:
    path = written(tmp_path, tokens, "1,2\n" if tokens == "c.csv" else np.array([[1, 2]]))
    matrix = written(tmp_path, name, MATRICES[name])
    found = only(read_configurations(path, alpha=1, matrix=matrix))
    assert found == Configuration([[1, 2]], 1, [[2, 1], [1, 2]])
    assert found != only(read_configurations(path, alpha=1))


# ---------------------------------------------------------------------- what is refused

# The text of a .json file, and what the one line about it has to hold.
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "empty"),
    "blank": (" \n\t\n", "empty"),
    "not JSON": ('{"tokens": [[1],\n [2,]], "alpha": 1}', "line 2, column 5"),
    "cut off": ('{"tokens": [[1]', "column 16"),
    "text behind": ('{"tokens": [[1]], "alpha": 1} x', "column 31: text after the end"),
    "two values": ('{"tokens": [[1]], "alpha": 1}\n{"tokens": [[1]], "alpha": 1}', "line 2"),
    "a list": ("[[1, 2]]", "a list was given; an object was wanted"),
    "a number": ("3", "3 was given; an object was wanted"),
    "null": ("null", "null was given; an object was wanted"),
    "repeated key": ('{"tokens": [[1]], "alpha": 1, "alpha": 2}', "'alpha' is given twice"),
    "unknown key": ('{"tokens": [[1]], "alpha": 1, "beta": 2}', "unknown key 'beta'"),
    "unknown key, odd": ('{"tokens": [[1]], "alpha": 1, "\\ud800\\n": 2}', "Unicode characters"),
    "lower-case a": ('{"tokens": [[1]], "alpha": 1, "a": [[1]]}', "unknown key 'a'"),
    "no tokens key": ('{"alpha": 1}', "tokens is missing"),
    "no alpha": ('{"tokens": [[1]]}', "alpha is missing"),
    "alpha null": ('{"tokens": [[1]], "alpha": null}', "alpha: null is not a number"),
    "alpha = -1": ('{"tokens": [[1]], "alpha": -1}', "alpha = -1"),
    "alpha = -1.0": ('{"tokens": [[1]], "alpha": "-1.0"}', "alpha = -1"),
    "no tokens": ('{"tokens": [], "alpha": 1}', "no tokens"),
    "a token of no numbers": ('{"tokens": [[]], "alpha": 1}', "no tokens"),
    "tokens null": ('{"tokens": null, "alpha": 1}', "tokens: null was given; a list was wanted"),
    "tokens text": ('{"tokens": "12", "alpha": 1}', "tokens: '12' was given; a list was wanted"),
    "a row of text": ('{"tokens": [[1], "2"], "alpha": 1}', "tokens[1]: '2' was given"),
    "a flat list": ('{"tokens": [1, 2], "alpha": 1}', "tokens[0]: 1 was given; a list"),
    "ragged": ('{"tokens": [[1, 2], [3]], "alpha": 1}', "tokens[1] has 1 number; 2 were"),
    "too deep": ('{"tokens": [[[1]]], "alpha": 1}', "tokens[0][0]: a list is not a number"),
    "an object": ('{"tokens": [[{"a": 1}]], "alpha": 1}', "tokens[0][0]: an object is not"),
    "true": ('{"tokens": [[1], [true]], "alpha": 1}', "tokens[1][0]: true is not a number"),
    "NaN": ('{"tokens": [[1, NaN]], "alpha": 1}', "tokens[0][1]: 'NaN' is not an exact"),
    "Infinity": ('{"tokens": [[-Infinity]], "alpha": 1}', "tokens[0][0]: '-Infinity'"),
    "nan as text": ('{"tokens": [["nan"]], "alpha": 1}', "tokens[0][0]: 'nan'"),
    "1/0": ('{"tokens": [[1], ["1/0"]], "alpha": 1}', "tokens[1][0]: '1/0' divides by zero"),
    "two slashes": ('{"tokens": [["1/2/3"]], "alpha": 1}', "tokens[0][0]: '1/2/3'"),
    "other digits": ('{"tokens": [["٣"]], "alpha": 1}', "tokens[0][0]: '٣'"),
    "empty text": ('{"tokens": [[""]], "alpha": 1}', "tokens[0][0]: ''"),
    "hexadecimal": ('{"tokens": [["0x10"]], "alpha": 1}', "tokens[0][0]: '0x10'"),
    "long literal": (f'{{"tokens": [[1{"0" * 2_000_000}]], "alpha": 1}}', "more than 20000 digits"),
    "long text": (f'{{"tokens": [["1{"0" * 2_000_000}"]], "alpha": 1}}', "more than 20000 digits"),
    "long quotient": (f'{{"tokens": [["1/{"3" * 30_000}"]], "alpha": 1}}', "more than 20000"),
    "great power": ('{"tokens": [[1e999999999]], "alpha": 1}', "tokens[0][0]: '1e999999999'"),
    "small power": ('{"tokens": [["1e-999999999"]], "alpha": 1}', "more than 20000 digits"),
    "power beyond": (f'{{"tokens": [[1e{"9" * 100_000}]], "alpha": 1}}', "more than 20000"),
    "A not square": ('{"tokens": [[1, 2]], "alpha": 1, "A": [[1, 2]]}', "A has 1 row; tokens"),
    "A ragged": ('{"tokens": [[1, 2]], "alpha": 1, "A": [[1, 2], [3]]}', "A[1] has 1 number"),
    "A empty": ('{"tokens": [[1]], "alpha": 1, "A": []}', "A has 0 rows"),
    "A of another size": (
        '{"tokens": [[1]], "alpha": 1, "A": [[1, 0], [0, 1]]}',
        "A has 2 rows; tokens of dimension 1 want 1",
    ),
    "A with 1/0": ('{"tokens": [[1]], "alpha": 1, "A": [["1/0"]]}', "A[0][0]: '1/0' divides"),
    "labels too few": ('{"tokens": [[1], [2]], "alpha": 1, "labels": ["a"]}', "1 labels for 2"),
    "a label of digits": (
        '{"tokens": [[1]], "alpha": 1, "labels": [7]}',
        "labels[0]: 7 was given; a text in quotes was wanted",
    ),
    "labels as text": ('{"tokens": [[1]], "alpha": 1, "labels": "a"}', "labels: 'a' was given"),
    "a label null": ('{"tokens": [[1]], "alpha": 1, "labels": [null]}', "labels[0]: null"),
    "half a character": (
        '{"tokens": [[1]], "alpha": 1, "labels": ["\\ud800"]}',
        "labels[0]: '\\ud800' holds half",
    ),
    "a name of digits": ('{"tokens": [[1]], "alpha": 1, "name": 1.5}', "name: 1.5 was given"),
    "deep nesting": ("[" * 1_000_000, "nested too deeply"),
    "deep nesting of objects": ('{"a":' * 1_000_000, "nested too deeply"),
    "deep nesting inside": (f'{{"tokens": {"[" * 100_000}', "nested too deeply"),
    "two byte-order marks": ('\ufeff\ufeff{"tokens": [[1]], "alpha": 1}', "not JSON"),
    "UTF-16": ('{"tokens": [[1]], "alpha": 1}'.encode("utf-16"), "a text in UTF-16; UTF-8 was"),
    "UTF-16, big end first": ('\ufeff{"tokens": 1}'.encode("utf-16-be"), "a text in UTF-16"),
    "UTF-32": ('{"tokens": [[1]], "alpha": 1}'.encode("utf-32"), "a text in UTF-32"),
    "Latin-1": ('{"tokens": [[1]], "alpha": 1, "name": "é"}'.encode("latin-1"), "byte 39 is 0xe9"),
    "garbage": (bytes(range(256)) * 10, "not a text in UTF-8"),
    "null characters": (b"\0" * 1000, "column 1: not JSON"),
    "a control character": ('{"tokens": [[1]], "alpha": 1, "name": "a\nb"}', "line 1, column 41"),
}


def refusal(path: Any, **options: Any) -> str:
    """The message about a file, after a look at how it is told."""
    with pytest.raises(HardmaxError) as refused:
        read_configurations(path, **options)
    message = str(refused.value)
    assert isinstance(refused.value, InputError)
    assert message.splitlines() == [message]
    assert message.isprintable()
    assert len(message) < 400
    return message


@pytest.mark.parametrize(("text", "cause"), REFUSED.values(), ids=REFUSED)
def test_bad_json_is_refused_in_one_line(tmp_path: Path, text: str | bytes, cause: str) -> None:
    path = written(tmp_path, "c.json", text)
    message = refusal(path)
    assert message.startswith(f"{path}: ")
    assert cause in message


@pytest.mark.parametrize(
    ("text", "cause"),
    [case for name, case in REFUSED.items() if name != "two values"],
    ids=[name for name in REFUSED if name != "two values"],
)
def test_bad_standard_input_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, text: str | bytes, cause: str
) -> None:
    feed(monkeypatch, text if isinstance(text, bytes) else text.encode())
    message = refusal("-")
    assert message.startswith("standard input: ")
    assert cause in message


GOOD_LINE = '{"tokens": [[1]], "alpha": 1}\n'


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        (GOOD_LINE + '\n{"tokens": [[1], ["1/0"]], "alpha": 1}', "line 3: tokens[1][0]: '1/0'"),
        (GOOD_LINE + '{"tokens": [[1]]', "line 2: column 17: not JSON"),
        (GOOD_LINE + '{"tokens": [[1]], "alpha": 1} {}', "line 2: column 31: text after"),
        (GOOD_LINE + "[" * 100_000, "line 2: brackets"),
        (GOOD_LINE + '{"alpha": 1, "alpha": 1}', "line 2: the key 'alpha' is given twice"),
        (GOOD_LINE + '{"tokens": [[1], [2, 3]], "alpha": 1}', "line 2: tokens[1] has 2"),
        (json.dumps(TRIANGLE, indent=1), "line 1: column 2: not JSON"),
    ],
)
def test_bad_json_lines_name_the_line(tmp_path: Path, text: str, cause: str) -> None:
    path = written(tmp_path, "c.jsonl", text)
    assert refusal(path).startswith(f"{path}: {cause}" if "line" in cause else f"{path}: ")
    assert cause in refusal(path)


BAD_ARRAYS = {
    "nan": (np.array([[1, 2], [3, np.nan]]), "[1, 1]: nan is not a finite number"),
    "infinite": (np.array([[-np.inf]]), "[0, 0]: -inf is not a finite number"),
    "single precision nan": (np.array([[np.nan]], dtype="f4"), "[0, 0]: nan"),
    "one dimension": (np.array([1.0, 2.0]), "shape (2,)"),
    "three dimensions": (np.zeros((2, 2, 2)), "shape (2, 2, 2)"),
    "no dimension": (np.array(1.0), "shape ()"),
    "no tokens": (np.zeros((0, 3)), "shape (0, 3)"),
    "no numbers": (np.zeros((3, 0)), "shape (3, 0)"),
    "complex": (np.array([[1j]]), "an array of complex128"),
    "truth values": (np.array([[True]]), "an array of bool"),
    "texts": (np.array([["1"]]), "an array of <U1"),
    "dates": (np.array([["2020-01-01"]], dtype="M8[D]"), "an array of datetime64[D]"),
    "records": (np.zeros((1, 1), dtype=[("x", "f8")]), "an array of [('x', '<f8')]"),
    "extended precision": (np.array([[1.0]], dtype=np.longdouble), "at most 64 bits"),
}


@pytest.mark.parametrize(("array", "cause"), BAD_ARRAYS.values(), ids=BAD_ARRAYS)
def test_bad_array_is_refused_in_one_line(tmp_path: Path, array: Array, cause: str) -> None:
    path = written(tmp_path, "c.npy", array)
    message = refusal(path, alpha=1)
    assert message.startswith(f"{path}: ")
    assert cause in message


def test_pickled_objects_are_refused_and_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "c.npy"
    np.save(path, np.array([[print, {}]], dtype=object), allow_pickle=True)
    assert "an array of object" in refusal(path, alpha=1)


def array_bytes(array: Array, **header: Any) -> bytes:
    """A .npy file whose header may say something else than the array."""
    file = io.BytesIO()
    described = {"descr": array.dtype.str, "fortran_order": False, "shape": array.shape}
    np.lib.format.write_array_header_1_0(file, {**described, **header})
    return file.getvalue() + array.tobytes()


GOOD_ARRAY = array_bytes(np.array([[1.0, 2.0]]))

BAD_BYTES = {
    "cut off": (GOOD_ARRAY[:-3], "13 bytes follow a header that announces (1, 2)"),
    "cut in the header": (GOOD_ARRAY[:40], "not a .npy file"),
    "only magic": (GOOD_ARRAY[:6], "not a .npy file"),
    "bytes behind": (GOOD_ARRAY + b"\0", "17 bytes follow"),
    "a great shape": (
        array_bytes(np.array([[1.0, 2.0]]), shape=(10**15, 3)),
        "16 bytes follow a header that announces (1000000000000000, 3)",
    ),
    "a shape of truth values": (
        array_bytes(np.array([[1.0]]), shape=(True, True)),
        "shape (True, True)",
    ),
    "a shape with one": (array_bytes(np.array([[1.0]]), shape=(1, True)), "shape (1, True)"),
    "a negative shape": (array_bytes(np.array([[1.0]]), shape=(-1, -1)), "shape (-1, -1)"),
    "version nine": (GOOD_ARRAY.replace(b"\x01\x00", b"\x09\x00", 1), ".npy"),
    "garbage": (bytes(range(256)), "not a .npy file"),
    "text": (b"1,2\n", "not a .npy file"),
    "zip": (b"PK\x03\x04" + bytes(100), "not a .npy file"),
    "a pickle": (b"\x80\x04K\x01.", "not a .npy file"),
    "a header that computes": (
        GOOD_ARRAY.replace(b"(1, 2)", b"[9**9]", 1),
        "not a .npy file",
    ),
}


@pytest.mark.parametrize(("content", "cause"), BAD_BYTES.values(), ids=BAD_BYTES)
def test_bad_npy_is_refused_in_one_line(tmp_path: Path, content: bytes, cause: str) -> None:
    path = written(tmp_path, "c.npy", content)
    message = refusal(path, alpha=1)
    assert message.startswith(f"{path}: ")
    assert cause in message


def test_every_damaged_npy_header_is_refused_or_read(tmp_path: Path) -> None:
    """No byte of the header, changed to any of these, brings anything but InputError."""
    messages = []
    for place in range(len(GOOD_ARRAY) - 16):
        for byte in b"\0('9\xff":
            content = GOOD_ARRAY[:place] + bytes([byte]) + GOOD_ARRAY[place + 1 :]
            try:
                read_configurations(written(tmp_path, "c.npy", content), alpha=1)
            except InputError as error:
                messages.append(str(error))
    assert len(messages) > 200
    assert all(message.isprintable() for message in messages)


def test_tables_and_arrays_want_alpha(tmp_path: Path) -> None:
    csv = written(tmp_path, "c.csv", "1,2\n")
    npy = written(tmp_path, "c.npy", np.array([[1.0]]))
    assert refusal(csv) == f"{csv}: a .csv file does not state alpha: give --alpha or --gamma"
    assert "a .npy file does not state alpha" in refusal(npy)


def test_what_is_given_overrides_what_json_states(tmp_path: Path) -> None:
    matrix = written(tmp_path, "A.csv", "3,0\n0,3\n")
    whole = written(tmp_path, "c.json", json.dumps(TRIANGLE))
    tokens, A, alpha = (TRIANGLE[key] for key in ("tokens", "A", "alpha"))
    found = [
        only(read_configurations(whole, **options))
        for options in (
            {},
            {"alpha": "1/3"},
            {"matrix": matrix},
            {"matrix": [[fmpq(3), 0], [0, 3]]},
        )
    ]
    assert found == [
        Configuration(tokens, alpha, A),
        Configuration(tokens, "1/3", A),
        Configuration(tokens, alpha, [[3, 0], [0, 3]]),
        Configuration(tokens, alpha, [[3, 0], [0, 3]]),
    ]
    stepless = written(tmp_path, "d.jsonl", '{"tokens": [[1]]}\n{"tokens": [[2]], "alpha": 5}\n')
    assert [c.alpha for c in read_configurations(stepless, alpha=2)] == [2, 2]
    assert "line 1: alpha is missing" in refusal(stepless)
    assert "A has 2 rows" in refusal(stepless, alpha=2, matrix=matrix)
    assert "header is for tables" in refusal(whole, header=True)
    assert "columns are for tables and arrays" in refusal(whole, columns=[0])


@pytest.mark.parametrize(
    ("alpha", "cause"),
    [
        (0.5, "alpha: the float 0.5"),
        ("x", "alpha: 'x' is not an exact number"),
        ("1/0", "alpha: '1/0' divides by zero"),
        ("nan", "alpha: 'nan'"),
        ("1e999999999", "alpha: '1e999999999' needs more"),
        ("-1", "alpha = -1"),
        (True, "alpha: True"),
    ],
)
def test_bad_alpha_for_a_table(tmp_path: Path, alpha: Any, cause: str) -> None:
    assert cause in refusal(written(tmp_path, "c.csv", "1,2\n"), alpha=alpha)


BAD_MATRICES: dict[str, tuple[str, str | Array, str]] = {
    "wrong size": ("A.csv", "1,2\n", "A has 1 row; tokens of dimension 2 want 2"),
    "ragged JSON": ("A.json", "[[1, 2], [3]]", "A[1] has 1 number"),
    "ragged CSV": ("A.csv", "1,2\n3\n", "A.csv: line 2: 1 number"),
    "an object": ("A.json", '{"A": [[1, 0], [0, 1]]}', "A.json: an object was given; a list"),
    "1/0": ("A.json", '[[1, 0], [0, "1/0"]]', "A.json: [1][1]: '1/0' divides by zero"),
    "nan": ("A.npy", np.array([[1, 0], [0, np.nan]]), "A.npy: [1, 1]: nan"),
    "a vector": ("A.npy", np.array([1.0, 2.0]), "A.npy: an array of shape (2,)"),
    "unknown kind": ("A.tex", "1 0\n0 1\n", "A.tex: unknown kind of file"),
    "no kind": ("A", "[[1, 0], [0, 1]]", "A: unknown kind of file"),
    "JSON lines": ("A.jsonl", "[[1, 0], [0, 1]]", "A.jsonl: unknown kind of file"),
}


@pytest.mark.parametrize(("name", "content", "cause"), BAD_MATRICES.values(), ids=BAD_MATRICES)
def test_bad_matrix(tmp_path: Path, name: str, content: str | Array, cause: str) -> None:
    tokens = written(tmp_path, "c.csv", "1,2\n")
    assert cause in refusal(tokens, alpha=1, matrix=written(tmp_path, name, content))


def test_missing_matrix_is_named(tmp_path: Path) -> None:
    tokens = written(tmp_path, "c.csv", "1,2\n")
    message = refusal(tokens, alpha=1, matrix=tmp_path / "A.csv")
    assert message == f"{tmp_path / 'A.csv'}: No such file or directory"


@pytest.mark.parametrize("name", ["c.yaml", "c.json.bz2", "c.gz.json.xz", "c.xlsx", "c."])
def test_unknown_suffix(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, json.dumps(TRIANGLE))
    if name == "c.":  # no suffix after all
        assert len(read_configurations(path)) == 1
    else:
        assert refusal(path).startswith(f"{path}: unknown kind of file")
        assert len(read_configurations(path, format="json")) == 1


def test_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    assert refusal(path) == f"{path}: No such file or directory"


@pytest.mark.parametrize("suffix", ["", ".json", ".jsonl", ".csv", ".npy"])
def test_directory(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"folder{suffix}"
    path.mkdir()
    options = {"alpha": 1} if suffix in (".csv", ".npy") else {}
    assert refusal(path, **options) == f"{path}: Is a directory"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_unreadable_file(tmp_path: Path) -> None:
    path = written(tmp_path, "c.json", json.dumps(TRIANGLE))
    path.chmod(0)
    assert refusal(path) == f"{path}: Permission denied"


def test_odd_paths(tmp_path: Path) -> None:
    assert "null" in refusal("a\0b.json")
    assert refusal(tmp_path / "a\nb.json").count("\\n") == 1
    assert "No such file" in refusal(os.fsdecode(b"\xff.json"))
    assert "File name too long" in refusal("a" * 300 + ".json")


def test_long_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    with path.open("wb") as file:
        file.truncate(10**12)  # sparse
    assert refusal(path) == f"{path}: longer than 64 MiB"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero")
def test_endless_file_is_not_read_to_its_end() -> None:
    assert refusal("/dev/zero") == "/dev/zero: longer than 64 MiB"


def test_file_of_the_greatest_length(tmp_path: Path) -> None:
    text = json.dumps(TRIANGLE)
    path = written(tmp_path, "c.json", text + " " * (MAX_BYTES - len(text)))
    assert len(read_configurations(path)) == 1
    path = written(tmp_path, "c.json", text + " " * (MAX_BYTES - len(text) + 1))
    assert "longer" in refusal(path)


def test_closed_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert refusal("-") == "standard input: it is closed"


def test_lines_on_standard_input_name_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, (GOOD_LINE + '{"tokens": [["1/0"]], "alpha": 1}').encode())
    assert refusal("-") == "standard input: line 2: tokens[0][0]: '1/0' divides by zero"
