"""Schedules: expressions in k, what they are at every layer, and what is refused at once."""

import pickle
import re
from fractions import Fraction
from typing import NamedTuple

import pytest
from flint import fmpq
from hypothesis import assume, example, given
from hypothesis import strategies as st

from theory.exact import HardmaxError, fraction
from theory.schedules.formulas import parsed
from theory.schedules.functions import RationalFunction
from theory.schedules.quotients import Quotient


class Text(NamedTuple):
    """An expression, and what it is at k = 0,…,9: None where it divides by zero."""

    text: str
    values: tuple[Fraction | None, ...]


def _combine(left: Text, sign: str, right: Text) -> Text:
    def value(a: Fraction | None, b: Fraction | None) -> Fraction | None:
        if a is None or b is None or (sign == "/" and not b):
            return None
        return {"+": a + b, "-": a - b, "*": a * b}[sign] if sign != "/" else a / b

    values = tuple([value(a, b) for a, b in zip(left.values, right.values, strict=True)])
    return Text(f"({left.text}{sign}{right.text})", values)


def _raised(base: Text, exponent: int) -> Text:
    values = tuple([None if a is None else a**exponent for a in base.values])
    return Text(f"({base.text})^{exponent}", values)


NUMBERS = st.integers(0, 20).map(lambda c: Text(str(c), (Fraction(c),) * 10))
DECIMALS = st.sampled_from(["0.1", "2.50", ".75", "1e-3"]).map(
    lambda word: Text(word, (Fraction(word),) * 10)
)
LETTER = st.just(Text("k", tuple(map(Fraction, range(10)))))
EXPRESSIONS = st.recursive(
    NUMBERS | DECIMALS | LETTER,
    lambda inner: (
        st.builds(_combine, inner, st.sampled_from("+-*/"), inner)
        | st.builds(_raised, inner, st.integers(0, 3))
        | inner.map(lambda x: Text(f"-{x.text}", tuple(v if v is None else -v for v in x.values)))
    ),
    max_leaves=8,
)


def _read(text: str) -> Quotient | str:
    """What an expression is, or why it is refused."""
    try:
        return parsed(text)
    except HardmaxError as error:
        return str(error)


@given(EXPRESSIONS)
@example(_combine(Text("2", (Fraction(2),) * 10), "-", Text("-1", (Fraction(-1),) * 10)))
def test_an_expression_is_what_fractions_make_of_it(given: Text) -> None:
    found = _read(given.text)
    if isinstance(found, str):
        assert any(words in found for words in ("zero", "degree", "exponent", "bits"))
        assert ("zero" in found) <= (set(given.values) == {None})
        return
    above, below = found.above, found.below
    for k, value in enumerate(given.values):
        if value is not None:
            assert fraction(fmpq(above(k), below(k))) == value


@given(EXPRESSIONS)
def test_a_schedule_is_within_its_bounds_at_every_layer_seen_and_reads_back(given: Text) -> None:
    try:
        gamma = RationalFunction.parse(given.text)
    except HardmaxError:
        assume(False)
    values = [gamma(k) for k in range(200)]
    assert all(0 <= value <= 1 for value in values)
    again = RationalFunction.parse(str(gamma))
    assert (again, hash(again), str(again)) == (gamma, hash(gamma), str(gamma))
    assert pickle.loads(pickle.dumps(gamma)) == gamma
    first = gamma.below_one_from
    ones = [k for k, value in enumerate(values) if value == 1]
    assert (first is None and len(ones) == 200) or ones[-1:] == ([] if not first else [first - 1])


@given(EXPRESSIONS)
def test_a_schedule_is_refused_only_for_a_reason(given: Text) -> None:
    found = _read(given.text)
    if isinstance(found, str):
        return
    above, below = found.above, found.below

    def fits(k: int) -> bool:
        return bool(below(k)) and 0 <= fmpq(above(k), below(k)) <= 1

    try:
        RationalFunction.parse(given.text)
    except HardmaxError as error:
        layer = re.search(r"at layer (\d+)", str(error))
    else:
        layer = None
    if layer is None:
        assert all(map(fits, range(400)))
    else:
        assert not fits(int(layer[1]))


FIT = {
    "2/(k+2)": ("2/(k+2)", None, 1, True),
    "1/(k+2)^2": ("1/(k^2+4*k+4)", None, 0, False),
    "(k+1)/(k+2)": ("(k+1)/(k+2)", None, 0, True),
    "k^2/(1+k^2)": ("k^2/(k^2+1)", None, 0, True),
    "-(-1)/2": ("1/2", fmpq(1, 2), 0, True),
    "0": ("0", fmpq(0), 0, False),
    "(2*k+2)/(2*k+2)": ("1", fmpq(1), None, True),
    " 4*(k + 1) / (k+2)^2\t": ("(4*k+4)/(k^2+4*k+4)", None, 1, True),
    "1/(3*k-1)^2": ("1/(9*k^2-6*k+1)", None, 1, False),
    "(k-3)^2/(k^2+9)": ("(k^2-6*k+9)/(k^2+9)", None, 1, True),
    "1-(k-10^12)^2/(k+10^12)^2": (
        "4000000000000*k/(k^2+2000000000000*k+1000000000000000000000000)",
        None,
        10**12 + 1,
        True,
    ),
    "k^64/k^64/2": ("1/2", fmpq(1, 2), 0, True),
    "1−k^0/2": ("1/2", fmpq(1, 2), 0, True),
    "1^999999999": ("1", fmpq(1), None, True),
}
"""A schedule; what it is written as, its constant, from where on it is below 1, whether Σ = ∞."""


@pytest.mark.parametrize("text", FIT)
def test_schedules(text: str) -> None:
    gamma = RationalFunction.parse(text)
    assert (str(gamma), gamma.constant, gamma.below_one_from, gamma.diverges) == FIT[text]
    assert RationalFunction.parse(str(gamma)) == gamma


def test_of_sixty_four_factors() -> None:
    gamma = RationalFunction.parse("1/(k+1)^64")
    assert gamma(1) == fmpq(1, 2**64)
    assert RationalFunction.parse(str(gamma)) == gamma


def test_values_are_equal_iff_the_functions_are() -> None:
    one, other = RationalFunction([2], [2, 1]), RationalFunction.parse("4*(k+1)/(2*k^2+6*k+4)")
    assert one == other
    assert hash(one) == hash(other)
    assert one != RationalFunction([2], [3, 1])
    assert RationalFunction([0, 0]) == RationalFunction.parse("0") == RationalFunction([], [3])
    assert RationalFunction(["-1/2"], [-1, "-1/2"]) == RationalFunction.parse("1/(k+2)")


REFUSED = {
    "": "character 1: a number, k or a parenthesis is wanted before the end",
    "   ": "character 4: a number, k or a parenthesis is wanted before the end",
    "2/(k+x)": "character 6: 'x' is not known",
    "__import__('os')": "character 1: '_' is not known",
    "k\n/9": "character 2: '\\n' is not known",
    "²/k": "character 1: '²' is not known",
    "٣/9": "character 1: '٣' is not known",
    "2k": "character 2: an operator is wanted before 'k'",
    "2(k+1)": "character 2: an operator is wanted before '('",
    "(k 2)": "character 4: an operator is wanted before '2'",
    "2/(k+2": "character 3: this parenthesis is not closed",
    "2/k+2)": "character 6: a parenthesis closes that was not opened",
    "()": "character 2: a number, k or a parenthesis is wanted before ')'",
    "1/*k": "character 3: a number, k or a parenthesis is wanted before '*'",
    "k**2": "character 3: a number, k or a parenthesis is wanted before '*'",
    "1+": "character 3: a number, k or a parenthesis is wanted before the end",
    "1.2.3": "character 4: an operator is wanted before '.3'",
    ".": "character 1: '.' is not known",
    "2^k": "character 2: an exponent has to be a natural number",
    "k^-1": "character 2: an exponent has to be a natural number",
    "k^0.5": "character 2: an exponent has to be a natural number",
    "k^(2)": "character 2: an exponent has to be a natural number",
    "k^": "character 2: an exponent has to be a natural number",
    "k^65": "character 2: the exponent 65 is too big",
    "2^9999999": "character 2: the exponent 9999999 is too big",
    "(k^64)^64": "character 7: the exponent 64 is too big",
    "9^9^9": "character 4: which power is raised to which?",
    "((9^64)^64)^64": "character 8: the exponent 64 is too big",
    "k^40*k^40": "character 5: the degree in k exceeds 64",
    "1/k^40+1/(k+1)^40": "character 7: the degree in k exceeds 64",
    "1e99999999": "character 1: the number is too long",
    "2^4090*2^4090": "character 7: a coefficient of more than 4096 bits comes out",
    "9" * 2000: "character 1: a coefficient of more than 4096 bits comes out",
    "k+" * 5000 + "k": "10,000 characters at most are read",
    "(" * 4000 + "k": "character 51: more than 50 parentheses within one another",
    "(" * 10_000 + "k" + ")" * 10_000: "10,000 characters at most are read",
    "1/0": "character 2: this divides by zero",
    "1/(k-k)": "character 2: this divides by zero",
    "1/(k-3)": "has a pole at layer 3",
    "(k+1)/k": "has a pole at layer 0",
    "1/(k-10^9)": "has a pole at layer 1000000000",
    "k/((k-10^9)*(k-10^8))": "has a pole at layer 100000000",
    "3/2": "is 3/2 at layer 0",
    "-1/2": "is -1/2 at layer 0",
    "2/(k+1)": "is 2 at layer 0",
    "k/5": "is 6/5 at layer 6",
    "1/2-k/10^20": "at layer 50000000000000000001",
    "1/(3*(k-10^12-1/2)^2)": "is 4/3 at layer 1000000000000",
    "1/(k+10^30)^40": "is too long to be written in 10,000 characters",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:20])
def test_what_is_no_schedule_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(HardmaxError) as caught:
        RationalFunction.parse(text)
    assert REFUSED[text] in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


def test_what_nearly_is_refused_is_not() -> None:
    """The twin: each is one step within the bound that it tests."""
    assert RationalFunction.parse("(" * 50 + "1/2" + ")" * 50).constant == fmpq(1, 2)
    assert parsed("k^64").above.degree() == 64
    assert parsed("k^40*k^24").above.degree() == 64
    assert parsed("2^4095").above(0) == 2**4095
    assert RationalFunction.parse("1/2+0*k^9").constant == fmpq(1, 2)
    assert RationalFunction.parse("1/(k-1/2)^2/4")(0) == 1
    assert not RationalFunction.parse("0+" * 4999 + "0").above
    assert RationalFunction.parse("1/(4*(k-10^12-1/2)^2)")(10**12) == 1


@pytest.mark.parametrize("arguments", [([1], []), ([1], [0, 0])])
def test_the_denominator_zero_is_refused(arguments: tuple[list[int], list[int]]) -> None:
    with pytest.raises(HardmaxError, match="denominator 0"):
        RationalFunction(*arguments)


@pytest.mark.parametrize("above", [[0.5], ["x"], 3, None, [[1]]])
def test_coefficients_are_exact_numbers(above: object) -> None:
    with pytest.raises(HardmaxError):
        RationalFunction(above)  # type: ignore[arg-type] # misuse is what is tested


@pytest.mark.parametrize("k", [-1, 1.0, "1", True, None])
def test_a_schedule_is_asked_for_layers(k: object) -> None:
    with pytest.raises(HardmaxError, match="k = "):
        RationalFunction.parse("2/(k+2)")(k)  # type: ignore[arg-type] # misuse is what is tested


@pytest.mark.parametrize("words", [None, 3, b"k", ["k"]])
def test_an_expression_is_text(words: object) -> None:
    with pytest.raises(HardmaxError, match="an expression in k"):
        RationalFunction.parse(words)  # type: ignore[arg-type] # misuse is what is tested
