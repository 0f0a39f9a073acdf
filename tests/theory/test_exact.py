"""Numbers come in exactly or not at all, and a refusal shows the value."""

import math
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import fmpq, fmpz
from hypothesis import example, given
from hypothesis import strategies as st

from theory.exact import (
    FEW,
    MAX_DIGITS,
    HardmaxError,
    Undecidable,
    dot,
    dyadic,
    fraction,
    from_binary64,
    rational,
    shorten,
    text,
)

Within = Callable[[float], AbstractContextManager[None]]

ACCEPTED: list[tuple[Any, Fraction]] = [
    (3, Fraction(3)),
    (-3, Fraction(-3)),
    (10**5000 + 1, Fraction(10**5000 + 1)),
    (Fraction(4, -6), Fraction(-2, 3)),
    (fmpq(4, 6), Fraction(2, 3)),
    (fmpz(-7), Fraction(-7)),
    (Decimal("0.1"), Fraction(1, 10)),
    (Decimal("-1.50E-3"), Fraction(-3, 2000)),
    (Decimal("12E+2"), Fraction(1200)),
    ("3", Fraction(3)),
    ("+3", Fraction(3)),
    ("-0", Fraction(0)),
    ("-2/3", Fraction(-2, 3)),
    ("+4/6", Fraction(2, 3)),
    ("-0/5", Fraction(0)),
    ("0.1", Fraction(1, 10)),
    ("-.5", Fraction(-1, 2)),
    ("-0.5", Fraction(-1, 2)),
    ("7.", Fraction(7)),
    ("1e-40", Fraction(1, 10**40)),
    ("-2.50E+3", Fraction(-2500)),
    ("007", Fraction(7)),
    ("0.1000000000000000055511151231257827", Fraction("0.1000000000000000055511151231257827")),
    (" 3\n", Fraction(3)),
]

REFUSED: list[tuple[Any, str]] = [
    (0.1, "the float 0.1 is ambiguous"),
    (1.0, "the float 1.0 is ambiguous"),
    (math.nan, "the float nan"),
    (math.inf, "the float inf"),
    (np.float64(0.1), r"the float .*0\.1.* is ambiguous"),
    (np.float32(0.5), r"0\.5"),
    (True, "True is a truth value"),
    (False, "False is a truth value"),
    (np.True_, "True"),
    (None, "None is not an exact number"),
    (1j, "1j is not an exact number"),
    (b"3", "b'3' is not an exact number"),
    ([1], r"\[1\] is not an exact number"),
    (Decimal("NaN"), "NaN is not a finite number"),
    (Decimal("sNaN"), "sNaN is not a finite number"),
    (Decimal("-Infinity"), "-Infinity is not a finite number"),
    ("1/0", "'1/0' divides by zero"),
    ("0/0", "'0/0' divides by zero"),
    ("-1/000", "'-1/000' divides by zero"),
    ("1/-2", "'1/-2' is not an exact number"),
    ("1.5/2", "'1.5/2' is not"),
    ("1/2/3", "'1/2/3' is not"),
    ("1 / 2", "'1 / 2' is not"),
    ("1 2", "'1 2' is not"),
    ("", "'' is not"),
    (".", "'.' is not"),
    ("-", "'-' is not"),
    ("e5", "'e5' is not"),
    ("1e", "'1e' is not"),
    ("1e5.0", "'1e5.0' is not"),
    ("--1", "'--1' is not"),
    ("1_000", "'1_000' is not"),
    ("0x10", "'0x10' is not"),
    ("nan", "'nan' is not"),
    ("inf", "'inf' is not"),
    ("½", "'½' is not"),
    ("٣", "'٣' is not"),
    ("\u22123", "'\u22123' is not"),
    ("3\x00", "is not an exact number"),
    ("1,5", "'1,5' is not"),
]


@pytest.mark.parametrize(("value", "wanted"), ACCEPTED, ids=lambda x: shorten(repr(type(x))))
def test_exact_values_are_taken_as_they_are(value: Any, wanted: Fraction) -> None:
    found = rational(value)
    assert isinstance(found, fmpq)
    assert fraction(found) == wanted


@pytest.mark.parametrize(("value", "message"), REFUSED, ids=lambda x: ascii(x))
def test_everything_else_is_refused_and_shown(value: Any, message: str) -> None:
    with pytest.raises(HardmaxError, match=message):
        rational(value)


@given(st.floats())
def test_no_float_is_taken(value: float) -> None:
    with pytest.raises(HardmaxError, match=re.escape(repr(value))):
        rational(value)


def test_refusals_are_one_family() -> None:
    assert issubclass(HardmaxError, ValueError)
    assert issubclass(Undecidable, HardmaxError)


# -------------------------------------------------------------------- text, both ways


@given(st.fractions())
def test_text_is_in_lowest_terms_and_is_read_back(value: Fraction) -> None:
    number = rational(value)
    assert text(number) == str(value)
    assert rational(text(number)) == number
    assert fraction(number) == value
    assert rational(f"{3 * value.numerator}/{3 * value.denominator}") == number


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_decimals_and_their_text_agree(value: Decimal) -> None:
    assert fraction(rational(value)) == fraction(rational(str(value))) == Fraction(value)


@given(st.text("0123456789+-./eE _", max_size=8))
@example("1_0")
@example("1./2")
@example("-1/2")
@example("+.5e-2")
def test_text_means_what_python_fractions_mean_by_it(words: str) -> None:
    """Never another number; and nothing refused but underscores and zero denominators."""
    if re.search(r"[eE][+-]?\d{4}", words):
        return
    try:
        wanted: Fraction | None = Fraction(words)
    except (ValueError, ZeroDivisionError):
        wanted = None
    try:
        found: Fraction | None = fraction(rational(words))
    except HardmaxError:
        found = None
    if "_" in words:
        assert found is None
    elif not re.search(r"\d\s+\d|\s/|/\s", words):
        assert found == wanted


# ------------------------------------------------------------------------- huge numbers


def test_the_bound_on_digits_is_sharp() -> None:
    nines = "9" * MAX_DIGITS
    assert rational(nines) == fmpq(10) ** MAX_DIGITS - 1
    assert rational(f"1/{nines}") * rational(nines) == 1
    assert rational(f"0.{'0' * (MAX_DIGITS - 2)}1") == fmpq(10) ** (1 - MAX_DIGITS)
    assert rational(f"1e{MAX_DIGITS - 1}") == fmpq(10) ** (MAX_DIGITS - 1)
    assert text(rational(nines)) == nines
    for words in (
        "9" + nines,
        f"1/9{nines}",
        f"9{nines}/7",
        f"0.{'0' * MAX_DIGITS}1",
        f"1e{MAX_DIGITS}",
        f"1e-{MAX_DIGITS}",
    ):
        with pytest.raises(HardmaxError, match=f"more than {MAX_DIGITS} digits"):
            rational(words)


@pytest.mark.parametrize(
    "value",
    [
        "1e999999999",
        "-1e-999999999",
        "1e" + "9" * 100_000,
        "1" * 1_000_000,
        "1/" + "1" * 1_000_000,
        "0." + "0" * 1_000_000,
        "1" * 1_000_000 + "x",
        "1" * 500_000 + "." + "1" * 500_000 + "x",
        "/" * 1_000_000,
        Decimal("1e999999"),
        Decimal("-1e-999999"),
    ],
    ids=lambda value: f"{str(value)[:12]}…{len(str(value))}",
)
def test_number_bombs_are_refused_at_once_in_one_short_line(value: Any, within: Within) -> None:
    with within(2), pytest.raises(HardmaxError) as caught:
        rational(value)
    message = str(caught.value)
    assert len(message) < 160
    assert "\n" not in message
    assert str(value)[:5] in message


@given(st.text("ab \n\t", max_size=120), st.integers(10, 80))
def test_shortened_text_is_one_line_with_both_ends(words: str, length: int) -> None:
    short = shorten(words, length)
    flat = " ".join(words.split())
    assert "\n" not in short
    if len(flat) <= length:
        assert short == flat
    else:
        assert short.startswith(flat[: length // 2])
        assert f"({len(flat)} characters)" in short


# --------------------------------------------------------------------- floats as they are


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(5e-324)
@example(-0.0)
@example(0.1)
def test_a_float_is_the_dyadic_number_that_it_is(value: float) -> None:
    assert fraction(from_binary64(value)) == Fraction(value)


def test_a_float_is_not_the_decimal_that_it_is_printed_as() -> None:
    assert from_binary64(0.1) != rational("0.1")
    assert from_binary64(0.5) == rational("0.5")
    assert fraction(from_binary64(float(np.float32(0.1)))) == Fraction(13421773, 2**27)


@pytest.mark.parametrize("value", [2**53 + 1, -(10**400), 0])
def test_an_integer_among_floats_is_not_rounded(value: int) -> None:
    assert from_binary64(value) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float64("nan")])
def test_no_number_is_made_of_nan_or_infinity(value: float) -> None:
    with pytest.raises(HardmaxError, match=f"{value} is not a finite number"):
        from_binary64(value)


# ----------------------------------------------------------------------------------- dot


@given(st.lists(st.tuples(st.fractions(-9, 9), st.fractions(-9, 9)), max_size=4))
def test_dot_is_the_sum_of_products(pairs: list[tuple[Fraction, Fraction]]) -> None:
    found = dot([rational(x) for x, _ in pairs], [rational(y) for _, y in pairs])
    assert fraction(found) == sum((x * y for x, y in pairs), Fraction(0))


def test_dot_wants_equal_lengths() -> None:
    with pytest.raises(ValueError, match="shorter"):
        dot([fmpq(1), fmpq(2)], [fmpq(1)])


def test_arrays_of_floats_are_the_rationals_that_they_are() -> None:
    wild = [0.0, -0.0, 5e-324, -(2.0**-1022), 1.7976931348623157e308, 0.1, -3.0, 2.0**53 + 2, 1e22]
    for count in (1, FEW):
        rows = np.array([wild] * count)
        assert dyadic(rows) == [tuple(map(from_binary64, wild))] * count
    whole = np.full((FEW, 2), 2.0**60)
    assert dyadic(whole) == [(fmpq(2**60), fmpq(2**60))] * FEW
    bits = np.random.default_rng(1).integers(0, 2**63, (300, 4), dtype=np.uint64).view(np.float64)
    drawn = np.where(np.isfinite(bits), bits, 1.0)
    assert dyadic(drawn) == [tuple(map(from_binary64, row)) for row in drawn.tolist()]
