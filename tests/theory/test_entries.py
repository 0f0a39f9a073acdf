"""What comes in as rows: binary64 exactly, exact numbers exactly, and the rest refused by name."""

import array
import datetime
import enum
from collections import OrderedDict
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from flint import fmpq, fmpz

from theory import Configuration, HardmaxError
from theory.exact import fraction

LONG = 2**53 + 1


class Column:
    """A stand-in for a Series: its declared type and its values."""

    def __init__(self, values: np.ndarray[Any, Any], dtype: Any = None) -> None:
        self.dtype, self._values = dtype or values.dtype, values

    def to_numpy(self) -> np.ndarray[Any, Any]:
        return self._values

    def __iter__(self) -> Any:
        return iter(self._values)


class Frame:
    """A stand-in for a DataFrame: iterating gives names, and all values at once are rounded."""

    def __init__(self, **columns: Any) -> None:
        self.columns = list(columns)
        self._columns = {
            name: x if isinstance(x, Column) else Column(np.asarray(x))
            for name, x in columns.items()
        }

    def __iter__(self) -> Any:
        return iter(self.columns)

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def to_numpy(self) -> np.ndarray[Any, Any]:
        return np.array([c.to_numpy().astype(float) for c in self._columns.values()]).T


class Size(enum.IntEnum):
    LARGE = 7


def floats(rows: Any, **more: Any) -> list[list[Fraction]]:
    c = Configuration.from_binary64(rows, 1, **more)
    return [[fraction(x) for x in row] for row in c.tokens]


BINARY64: dict[str, tuple[Any, list[list[Any]]]] = {
    "float64": (np.array([[0.1, 5e-324]]), [[0.1, 5e-324]]),
    "float32": (np.array([[0.1, 1e-45]], np.float32), [[float(np.float32(0.1)), 2.0**-149]]),
    "float16": (np.array([[0.1, 6e-8]], np.float16), [[float(np.float16(0.1)), 2.0**-24]]),
    "the other byte order": (np.array([[0.1, -3.0]], ">f8"), [[0.1, -3]]),
    "Fortran order": (np.asfortranarray([[0.1, 2.0], [3.0, 4.5]]), [[0.1, 2], [3, 4.5]]),
    "a view": (np.arange(8.0).reshape(2, 4)[:, ::2], [[0, 2], [4, 6]]),
    "int64": (np.array([[LONG, -(2**63)]]), [[LONG, -(2**63)]]),
    "uint64": (np.array([[2**64 - 1, 2**63 + 1]], np.uint64), [[2**64 - 1, 2**63 + 1]]),
    "int8": (np.array([[-128, 127]], np.int8), [[-128, 127]]),
    "objects": (np.array([[0.1, LONG]], object), [[0.1, LONG]]),
    "a matrix": (np.array([[0.5, 2.0]]).view(np.matrix), [[0.5, 2]]),
    "lists": ([[0.1, 2.0], [1.5, 0.0]], [[0.1, 2], [1.5, 0]]),
    "tuples": (((0.1, 2), (1.5, 10**400)), [[0.1, 2], [1.5, 10**400]]),
    "rows that are arrays": ([np.array([0.1]), np.array([LONG])], [[0.1], [LONG]]),
    "scalars": (
        [[np.float32(0.1), np.float16(0.5), np.int64(LONG), np.float64(0.1)]],
        [[float(np.float32(0.1)), 0.5, LONG, 0.1]],
    ),
    "array.array": ([array.array("d", [0.1, 2.0])], [[0.1, 2]]),
    "an enumeration of ints": ([[Size.LARGE]], [[7]]),
    "a frame": (Frame(a=[0.1, 2.0], b=[3.0, 4.0]), [[0.1, 3], [2, 4]]),
    "a mixed frame": (Frame(a=[0.1, 2.0], b=[LONG, 4]), [[0.1, LONG], [2, 4]]),
    "a frame of two widths": (
        Frame(a=np.array([0.1], np.float32), b=np.array([0.1])),
        [[float(np.float32(0.1)), 0.1]],
    ),
    "a frame of names that are numbers": (Frame(**{"0": [0.5], "1": [7.0]}), [[0.5, 7]]),
    "a frame of objects": (Frame(a=np.array([0.1, LONG], object)), [[0.1], [LONG]]),
    "nullable, complete": (Frame(a=Column(np.array([LONG]), "Int64")), [[LONG]]),
    "rows that are series": ([Column(np.array([0.1, 2.0]))], [[0.1, 2]]),
}


@pytest.mark.parametrize("name", BINARY64)
def test_what_is_binary64_is_taken_exactly(name: str) -> None:
    rows, wanted = BINARY64[name]
    assert floats(rows) == [[Fraction(x) for x in row] for row in wanted]
    if len(wanted) == len(wanted[0]):
        A = Configuration.from_binary64([[1.0] * len(wanted)], 1, A=rows).A
        assert [[fraction(x) for x in row] for row in A] == wanted


REFUSED: dict[str, tuple[Any, str]] = {
    "long double": (np.array([[0.1]], np.longdouble), "long double"),
    "a long double": ([[np.longdouble("0.1")]], "longdouble"),
    "fractions": ([[Fraction(1, 3)]], r"tokens\[0\]: Fraction\(1, 3\) is of type fractions"),
    "decimals": ([[Decimal("0.1")]], r"Decimal\('0.1'\)"),
    "fmpq": ([[fmpq(1, 2)]], "fmpq"),
    "SymPy": ([[sympy.Rational(1, 2)]], "1/2 is of type sympy"),
    "a float of SymPy": ([[sympy.Float(0.5)]], "0.5"),
    "text": ([["0.1"]], "'0.1' is of type str"),
    "rows of text": (["12", "34"], r"tokens\[0\] is '12'; a row of floats"),
    "one text": ("12", "tokens is '12'; rows of floats"),
    "bytes": (b"12", "tokens is b'12'"),
    "rows of bytes": ([b"12"], r"tokens\[0\] is b'12'"),
    "a bytearray": ([bytearray(b"1")], "bytearray"),
    "a memoryview": (memoryview(np.array([[0.5]])), "memory"),
    "arrays of text": (np.array([["0.1"]]), "<U3"),
    "complex": (np.array([[0.1 + 0j]]), "complex128"),
    "complex numbers": ([[1j]], "1j is of type complex"),
    "truth values": ([[True]], "True is of type bool"),
    "an array of them": (np.array([[True]]), "bool"),
    "NumPy's": ([[np.True_]], "True"),
    "dates": (np.array([["2020-01-01"]], "M8[D]"), "datetime64"),
    "spans": (np.array([[3]], "m8[s]"), "timedelta64"),
    "a span": ([[np.timedelta64(3, "s")]], "timedelta64"),
    "a date": ([[datetime.date(2020, 1, 1)]], "datetime.date"),
    "nothing": ([[None]], "None is of type NoneType"),
    "no rows": (None, "tokens is None"),
    "a number": (0.5, "tokens is 0.5"),
    "a flat list": ([0.5, 1.0], r"tokens\[0\] is 0\.5"),
    "an array of no axis": (np.array(0.5), r"tokens is array\(0\.5\)"),
    "three axes": (np.zeros((1, 2, 3)), r"tokens\[0\]"),
    "a dict": ({0: [0.5]}, r"tokens is \{0: \[0\.5\]\}"),
    "rows that are dicts": ([{0: 0.5}], r"tokens\[0\] is \{0: 0\.5\}"),
    "an ordered dict": (OrderedDict(a=[0.5]), "OrderedDict"),
    "a set": ({(0.5,)}, "tokens is"),
    "rows that are sets": ([{0.5, 1.0}], r"tokens\[0\]"),
    "masked": (np.ma.masked_array([[0.5, 1.0]], mask=[[False, True]]), "MaskedArray"),
    "masked rows": ([np.ma.masked_array([0.5], mask=[True])], "MaskedArray"),
    "records": (np.array([(0.5, 1)], [("a", float), ("b", int)]), r"\[\('a'"),
    "objects": (np.array([[0.5, "x"]], object), "'x' is of type str"),
    "other objects": (np.array([[object()]]), "object"),
    "not a number": (np.array([[0.5], [np.nan]]), r"tokens\[1\]: nan is not a finite"),
    "infinite": (np.array([[np.inf]], np.float16), "inf is not a finite"),
    "infinite scalars": ([[np.float32("inf")]], "inf is not a finite"),
    "unequal rows": ([[0.5], [1.0, 2.0]], r"tokens\[1\] has 2 numbers"),
    "no tokens": ([], "no tokens"),
    "empty": (np.zeros((0, 2)), "no tokens"),
    "rows of nothing": (np.zeros((2, 0)), "no tokens"),
    "a frame with words": (Frame(a=[0.5], film=["good"]), "column 'film'.*<U4"),
    "a frame of words": (Frame(a=[0.5], b=np.array(["x"], object)), "column 'b', row 0: 'x'"),
    "a frame of dates": (Frame(day=np.array(["2020-01-01"], "M8[D]")), "column 'day'"),
    "a frame of truths": (Frame(a=[True]), "column 'a'.*bool"),
    "a nullable frame, rounded": (
        Frame(a=Column(np.array([float(LONG), np.nan]), "Int64")),
        "column 'a': of type Int64, its values come as float64",
    ),
    "decimals that come as floats": (Frame(a=Column(np.array([0.1]), "Decimal")), "column 'a'"),
    "a frame of nothing": (Frame(), "no columns"),
    "a hole": (Frame(a=[0.5, np.nan]), r"tokens\[1\]: nan"),
    "rows that are frames": ([Frame(a=[0.5])], r"tokens\[0\]"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_binary64_is_refused_by_name(name: str) -> None:
    rows, message = REFUSED[name]
    with pytest.raises(HardmaxError, match=message) as caught:
        Configuration.from_binary64(rows, 1)
    assert "\n" not in str(caught.value)
    if rows is not None:
        with pytest.raises(HardmaxError):
            Configuration.from_binary64([[0.5]], 1, A=rows)


@pytest.mark.parametrize(
    ("alpha", "wanted"),
    [
        (0.5, Fraction(1, 2)),
        (0.1, Fraction(0.1)),
        (np.float64(0.1), Fraction(0.1)),
        (np.float32(0.1), Fraction(float(np.float32(0.1)))),
        (np.float16(0.5), Fraction(1, 2)),
        ("0.1", Fraction(1, 10)),
        (Fraction(1, 3), Fraction(1, 3)),
        (np.int64(3), Fraction(3)),
    ],
)
def test_a_step_among_floats_is_the_number_that_it_is(alpha: Any, wanted: Fraction) -> None:
    for rows in ([[0.5]], np.array([[0.5]]), [[1]]):
        assert fraction(Configuration.from_binary64(rows, alpha).alpha) == wanted


@pytest.mark.parametrize(
    "alpha",
    [np.nan, np.inf, -1.0, np.longdouble("0.1"), True, None, 1j, np.float32("nan"), [0.5], "x"],
    ids=repr,
)
def test_no_other_step_is_taken(alpha: Any) -> None:
    with pytest.raises(HardmaxError, match="alpha"):
        Configuration.from_binary64([[0.5]], alpha)


EXACT: dict[str, tuple[Any, list[list[Any]]]] = {
    "int64": (np.array([[LONG, -1]]), [[LONG, -1]]),
    "uint64": (np.array([[2**64 - 1]], np.uint64), [[2**64 - 1]]),
    "scalars": ([[np.int8(-3), np.uint64(2**63 + 1)]], [[-3, 2**63 + 1]]),
    "SymPy": (
        [[sympy.Integer(3), sympy.Rational(-2, 3), sympy.S.Half, sympy.S.Zero, sympy.S.One]],
        [[3, Fraction(-2, 3), Fraction(1, 2), 0, 1]],
    ),
    "a matrix of SymPy's rows": (sympy.Matrix([[1, 2]]).tolist(), [[1, 2]]),
    "FLINT": ([[fmpz(3), fmpq(-2, 3)]], [[3, Fraction(-2, 3)]]),
    "mixed": ([[fmpq(1, 2), np.int16(4)]], [[Fraction(1, 2), 4]]),
    "objects": (np.array([[Fraction(1, 3), LONG]], object), [[Fraction(1, 3), LONG]]),
    "a frame": (Frame(a=[LONG], b=[2]), [[LONG, 2]]),
    "a frame of fractions": (Frame(a=np.array([Fraction(1, 3)], object)), [[Fraction(1, 3)]]),
    "a matrix": (np.array([[1, 2]]).view(np.matrix), [[1, 2]]),
}


@pytest.mark.parametrize("name", EXACT)
def test_exact_numbers_of_other_libraries_are_taken(name: str) -> None:
    rows, wanted = EXACT[name]
    c = Configuration(rows, 1)
    assert [[fraction(x) for x in row] for row in c.tokens] == wanted
    assert fraction(Configuration([[1]], c.tokens[0][0]).alpha) == wanted[0][0]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.array([[0.5]]), r"tokens\[0\]\[0\]: the float .*0\.5"),
        ([[np.float32(0.5)]], r"the float .*0\.5"),
        ([[np.longdouble("0.5")]], r"the float .*0\.5"),
        ([[sympy.Float(0.5)]], r"0\.5.* is not an exact number"),
        ([[sympy.sqrt(2)]], r"sqrt\(2\) is not an exact number"),
        ([[sympy.Symbol("x")]], "x is not an exact number"),
        ([[sympy.oo]], "oo is not an exact number"),
        ([[sympy.nan]], "nan is not an exact number"),
        ([[sympy.true]], "True is not an exact number"),
        ([[np.timedelta64(3, "s")]], "timedelta64"),
        (np.array([[True]]), "True.* is a truth value"),
        (np.array([["2020"]], "M8[Y]"), "is not an exact number"),
        (np.ma.masked_array([[1, 2]]), "MaskedArray"),
        ({"a": 1}, r"tokens is \{'a': 1\}"),
        ([{1: 2}], r"tokens\[0\] is \{1: 2\}"),
        ({(1, 2)}, r"tokens is \{\(1, 2\)\}"),
        ([{1, 2}], r"tokens\[0\] is \{1, 2\}"),
        ({1: [2]}.keys(), "tokens is dict_keys"),
        ([[[1]]], r"tokens\[0\]\[0\]: \[1\] is not an exact number"),
        ([None], r"tokens\[0\] is None"),
        ([b"12"], r"tokens\[0\] is b'12'"),
        (Frame(a=[0.5]), "the float"),
        (Frame(a=np.array(["x"], object)), "'x' is not an exact number"),
        (10**5000, "tokens is a int"),
    ],
    ids=lambda x: ascii(x)[:40] if isinstance(x, str) else "rows",
)
def test_what_is_not_exact_is_refused_by_name(rows: Any, message: str) -> None:
    with pytest.raises(HardmaxError, match=message):
        Configuration(rows, 1)
    with pytest.raises(HardmaxError):
        Configuration([[1]], 1, A=rows)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"labels": "ab"}, "labels = 'ab'; a list of 2 strings"),
        ({"labels": b"ab"}, "labels = b'ab'"),
        ({"labels": ["a", 1]}, r"labels\[1\] is 1; a string"),
        ({"labels": ["a", None]}, r"labels\[1\] is None"),
        ({"labels": {"a": 1, "b": 2}}, "labels = "),
        ({"labels": {"a", "b"}}, "labels = "),
        ({"labels": (x for x in "ab")}, "labels = "),
        ({"labels": 5}, "labels = 5"),
        ({"labels": ["a", "\ud800"]}, r"labels\[1\] is '\\ud800', with half"),
        ({"labels": ["a", "\ud83d\ude00"]}, r"labels\[1\]"),
        ({"labels": [b"a", b"b"]}, r"labels\[0\] is b'a'"),
        ({"name": 5}, "name is 5; a string"),
        ({"name": ["x"]}, r"name is \['x'\]"),
        ({"name": "\udfff"}, "name is"),
        ({"multiplicities": [1, fmpq(1)]}, r"multiplicities\[1\] is 1"),
        ({"multiplicities": "11"}, "multiplicities = '11'"),
        ({"multiplicities": ["1", "1"]}, r"multiplicities\[0\] is '1'"),
        ({"multiplicities": {1: 1, 2: 2}}, "multiplicities = "),
        ({"multiplicities": [1, np.True_]}, r"multiplicities\[1\]"),
        ({"multiplicities": np.array([1.0, 1.0])}, r"multiplicities\[0\] is 1\.0"),
        ({"multiplicities": [1, sympy.Rational(1, 2)]}, r"multiplicities\[1\] is 1/2"),
        ({"multiplicities": [1, -(10**5000)]}, r"multiplicities\[1\] is a int"),
    ],
    ids=lambda x: ascii(x)[:40] if isinstance(x, str) else "more",
)
def test_the_rest_is_checked_as_well(more: dict[str, Any], message: str) -> None:
    with pytest.raises(HardmaxError, match=message):
        Configuration([[1], [2]], 1, **more)


def test_the_rest_of_other_libraries_becomes_plain() -> None:
    c = Configuration(
        [[1], [2]],
        1,
        multiplicities=np.array([2, 3]),
        labels=np.array(["a", "b"]),
        name=np.str_("n"),
    )
    assert (c.multiplicities, c.labels, c.name) == ((2, 3), ("a", "b"), "n")
    assert {type(x) for x in (*c.multiplicities, *c.labels, c.name)} == {int, str}
    assert Configuration([[1], [2]], 1, multiplicities=[fmpz(2), sympy.Integer(3)]) == c
