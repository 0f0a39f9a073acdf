"""Configurations: exact data, hypotheses decided exactly, misuse named with its place."""

import pickle
from collections.abc import Callable, Iterable
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from theory import Configuration, HardmaxError, settle
from theory.exact import fraction, rational
from theory.matrices import Vector, as_matrix, identity, is_positive_definite

Rows = list[list[Any]]

TINY = Fraction(1, 10**40)


def exact(rows: Iterable[Iterable[Any]]) -> tuple[Vector, ...]:
    return tuple(tuple(rational(x) for x in row) for row in rows)


# ------------------------------------------------------------------ positive definiteness


def by_leading_minors(rows: Rows) -> bool:
    """Sylvester's criterion from the definition, with sympy's determinants."""
    A = sympy.Matrix([[sympy.Rational(str(x)) for x in row] for row in rows])
    if A != A.T:
        return False
    return all(A[:k, :k].det() > 0 for k in range(1, A.rows + 1))


def gram(random: Random, dimension: int) -> Rows:
    """B^T B for a small integer matrix B: semidefinite, often singular."""
    B = [[random.randint(-1, 1) for _ in range(dimension)] for _ in range(dimension)]
    return [[sum(row[i] * row[j] for row in B) for j in range(dimension)] for i in range(dimension)]


def symmetric(random: Random, dimension: int) -> Rows:
    """Fractions, the diagonal tending to be large."""
    rows = [[Fraction(0)] * dimension for _ in range(dimension)]
    for i, j in product(range(dimension), repeat=2):
        if i <= j:
            value = Fraction(random.randint(-4, 4), random.randint(1, 3))
            rows[i][j] = rows[j][i] = value + random.randint(1, 5) * (i == j)
    return rows


def unsymmetric(random: Random, dimension: int) -> Rows:
    """A definite matrix plus a small number off the diagonal: xᵀAx > 0, and yet not symmetric."""
    rows = [[Fraction(20 * (i == j)) for j in range(dimension)] for i in range(dimension)]
    rows[0][dimension - 1] += TINY
    return rows


@pytest.mark.parametrize(
    ("make", "definite", "other"), [(gram, 20, 20), (symmetric, 20, 20), (unsymmetric, 1, 20)]
)
def test_positive_definite_iff_the_leading_minors_are_positive(
    make: Callable[[Random, int], Rows], definite: int, other: int
) -> None:
    random = Random(7)
    verdicts = []
    for _ in range(80):
        rows = make(random, random.randint(1, 4))
        verdicts.append(is_positive_definite(exact(rows)))
        assert verdicts[-1] == by_leading_minors(rows), rows
    assert verdicts.count(True) >= definite
    assert verdicts.count(False) >= other


@pytest.mark.parametrize(
    ("A", "wanted"),
    [
        ([[1]], True),
        ([[0]], False),
        ([["-1e-40"]], False),
        ([["1e-40"]], True),
        ([[1, 1], [1, 1]], False),
        ([[1, 1], [1, 1 + TINY]], True),
        ([[1, 1], [1, 1 - TINY]], False),
        ([[1, 1 + TINY], [1 + TINY, 1]], False),
        ([[1, TINY], [0, 1]], False),
        ([[0, 1], [1, 0]], False),
        ([[0, 0], [0, 1]], False),
        ([[1, 0], [0, 0]], False),
        ([[-1, 0], [0, -1]], False),  # the second leading minor alone is positive
        ([[1, 2], [2, 1]], False),
        ([[10**40, 0], [0, TINY]], True),
    ],
)
def test_definiteness_on_the_edge(A: Rows, wanted: bool) -> None:
    assert is_positive_definite(exact(A)) is wanted
    assert Configuration([[1] * len(A)], 1, A).hypotheses.positive_definite is wanted


def test_the_hilbert_matrix_is_definite_and_floats_do_not_know() -> None:
    """Its least eigenvalue is 10^-17 in dimension 13, out of the reach of binary64."""
    d = 13
    H = [[Fraction(1, i + j + 1) for j in range(d)] for i in range(d)]
    assert is_positive_definite(exact(H))
    assert np.linalg.eigvalsh(np.array(H, dtype=float)).min() < 1e-15
    singular = sympy.Matrix([[sympy.Rational(x.numerator, x.denominator) for x in r] for r in H])
    excess = Fraction(str(singular.det() / singular[: d - 1, : d - 1].det()))
    for change, wanted in ((-excess, False), (-excess + TINY, True), (-excess - TINY, False)):
        H[-1][-1] += change
        assert is_positive_definite(exact(H)) is wanted
        H[-1][-1] -= change


# -------------------------------------------------------------------------- hypotheses

SOUND: dict[str, Any] = {"tokens": [[1, 0], [0, 1]], "alpha": "1/2"}


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({}, None),
        ({"tokens": [[1, 0], ["1e-40", 0]]}, None),
        ({"tokens": [[1, 0], [0, 0]]}, "nonzero"),
        ({"tokens": [[1, 0], ["2/2", "0.0"]]}, "distinct"),
        ({"A": [[1, 0], [1, 1]]}, "positive_definite"),
        ({"alpha": 0}, "positive_step"),
        ({"alpha": "-1/3"}, "positive_step"),
        ({"alpha": "1e-40"}, None),
        ({"multiplicities": [2, 5]}, None),
    ],
)
def test_each_hypothesis_is_told_apart(change: dict[str, Any], broken: str | None) -> None:
    hypotheses = Configuration(**{**SOUND, **change}).hypotheses
    names = ["nonzero", "distinct", "positive_definite", "positive_step"]
    assert hypotheses.as_dict() == {name: name != broken for name in names}
    assert list(hypotheses.as_dict()) == names
    assert hypotheses.hold is (broken is None)


# ------------------------------------------------------------------------------ values


def test_configurations_are_values() -> None:
    one = Configuration([["0.5", 1]], "1/3", name="a", labels=["x"])
    same = Configuration(((Fraction(1, 2), 1),), fmpq(2, 6), A=[[1, 0], [0, 1]])
    assert one == same
    assert hash(one) == hash(same)
    for other in (
        Configuration([["0.5", 1]], "1/4"),
        Configuration([["0.5", 2]], "1/3"),
        Configuration([["0.5", 1]], "1/3", A=[[1, 0], [0, 2]]),
        Configuration([["0.5", 1]], "1/3", multiplicities=[2]),
    ):
        assert one != other
    with pytest.raises(FrozenInstanceError):
        one.alpha = fmpq(1)  # type: ignore[misc]  # what is tested


def test_rows_may_be_made_on_the_fly_and_are_not_shared() -> None:
    given_rows = [[1, 2], [3, 4]]
    c = Configuration((iter(row) for row in given_rows), 1)
    given_rows[0][0] = 9
    assert c == Configuration([[1, 2], [3, 4]], 1)
    assert (c.size, c.dimension) == (2, 2)


def test_inner_takes_the_first_argument_from_the_left() -> None:
    c = Configuration([[1, 0], [0, 1]], 1, A=[[1, 2], [3, 4]])
    x, y = c.tokens
    assert (c.inner(x, y), c.inner(y, x)) == (2, 3)


@pytest.mark.parametrize(("alpha", "lam"), [("1/3", "3/4"), (0, 1), ("-1/2", 2), (-3, "-1/2")])
def test_lam_is_the_weight_that_a_token_keeps(alpha: Any, lam: Any) -> None:
    assert Configuration([[1]], alpha).lam == rational(lam)


def test_identity_and_matrix() -> None:
    assert identity(2) == exact([[1, 0], [0, 1]])
    assert as_matrix(exact([[1, 2, 3], [4, 5, 6]])).table() == [[1, 2, 3], [4, 5, 6]]


# ------------------------------------------------------------------------------ misuse


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tokens": []}, "no tokens"),
        ({"tokens": [[]]}, "no tokens"),
        ({"tokens": [[1, 2], [3]]}, r"tokens\[1\] has 1 number; 2 were wanted"),
        ({"tokens": [[1, 2], [3, 4, 5]]}, r"tokens\[1\] has 3 numbers; 2 were wanted"),
        ({"tokens": [[1, 2], [3, 0.1]]}, r"tokens\[1\]\[1\]: the float 0\.1"),
        ({"tokens": [[1, 2], [True, 1]]}, r"tokens\[1\]\[0\]: True"),
        ({"tokens": [[1, "1/0"]]}, r"tokens\[0\]\[1\]: '1/0'"),
        ({"tokens": [["nan", 1]]}, r"tokens\[0\]\[0\]: 'nan'"),
        ({"tokens": [1, 2]}, r"tokens\[0\] is 1"),
        ({"tokens": ["12", "34"]}, r"tokens\[0\] is '12'"),
        ({"tokens": "12"}, "tokens is '12'"),
        ({"tokens": None}, "tokens is None"),
        ({"alpha": -1}, "alpha = -1"),
        ({"alpha": "-7/7"}, "alpha = -1"),
        ({"alpha": 0.5}, r"alpha: the float 0\.5"),
        ({"alpha": "inf"}, "alpha: 'inf'"),
        ({"A": []}, "A has 0 rows; tokens of dimension 2 want 2"),
        ({"A": [[1]]}, "A has 1 row; tokens of dimension 2 want 2"),
        ({"A": [[1, 0], [0, 1], [0, 0]]}, "A has 3 rows"),
        ({"A": [[1, 0], [0]]}, r"A\[1\] has 1 number; 2 were wanted"),
        ({"A": [[1, 0], [0, 1.0]]}, r"A\[1\]\[1\]: the float 1\.0"),
        ({"A": [None, None]}, r"A\[0\] is None"),
        ({"multiplicities": [1]}, "1 multiplicities for 2 tokens"),
        ({"multiplicities": [1, 0]}, r"multiplicities\[1\] is 0"),
        ({"multiplicities": [-1, 1]}, r"multiplicities\[0\] is -1"),
        ({"multiplicities": [1, True]}, r"multiplicities\[1\] is True"),
        ({"multiplicities": [1, 1.0]}, r"multiplicities\[1\] is 1\.0"),
        ({"multiplicities": 5}, "multiplicities"),
        ({"labels": ["a"]}, "1 labels for 2 tokens"),
    ],
)
def test_misuse_is_named_with_its_place(change: dict[str, Any], message: str) -> None:
    with pytest.raises(HardmaxError, match=message):
        Configuration(**{**SOUND, **change})


def test_the_arguments_that_the_misuses_change_are_sound() -> None:
    assert Configuration(**SOUND).hypotheses.hold


# ---------------------------------------------------------------------------- binary64


def test_floats_are_taken_as_the_numbers_that_they_are() -> None:
    array = np.array([[0.1, -0.0], [5e-324, 3.0]])
    c = Configuration.from_binary64(array, "0.1", A=np.array([[2.0, 0.1], [0.1, 1.0]]))
    assert [[fraction(x) for x in row] for row in c.tokens] == [
        [Fraction(0.1), 0],
        [Fraction(5e-324), 3],
    ]
    assert fraction(c.A[0][1]) == Fraction(0.1) != Fraction(1, 10)
    assert fraction(c.alpha) == Fraction(1, 10)


def test_what_is_no_number_is_refused_among_floats_too() -> None:
    with pytest.raises(HardmaxError, match=r"tokens\[1\]: nan"):
        Configuration.from_binary64([[1.0], [float("nan")]], 1)
    with pytest.raises(HardmaxError, match=r"A\[1\]: inf"):
        Configuration.from_binary64([[1.0, 0.0]], 1, A=[[1.0, 0.0], [0.0, float("inf")]])
    with pytest.raises(HardmaxError, match=r"tokens\[0\]"):
        Configuration.from_binary64(np.array([1.0, 2.0]), 1)


# ------------------------------------------------------------------------------ merging


@given(
    st.lists(
        st.tuples(st.integers(-1, 1), st.integers(-1, 1), st.integers(1, 3)),
        min_size=1,
        max_size=9,
    )
)
def test_merging_adds_up_the_copies_in_order_of_appearance(
    rows: list[tuple[int, int, int]],
) -> None:
    tokens = [[x, y] for x, y, _ in rows]
    labels = [f"w{i}" for i in range(len(rows))]
    c = Configuration(tokens, "1/3", [[2, 1], [1, 2]], [w for _, _, w in rows], labels, "name")
    merged, places = c.merged()
    firsts = [i for i, row in enumerate(tokens) if row not in tokens[:i]]
    assert merged.tokens == tuple(c.tokens[i] for i in firsts)
    assert [merged.tokens[p] for p in places] == list(c.tokens)
    assert merged.multiplicities == tuple(
        sum(w for x, y, w in rows if [x, y] == tokens[i]) for i in firsts
    )
    assert merged.labels == tuple(labels[i] for i in firsts)
    assert (merged.alpha, merged.A, merged.name) == (c.alpha, c.A, c.name)
    assert merged.hypotheses.distinct
    assert (merged is c) is (len(firsts) == len(rows))
    assert merged.merged() == (merged, tuple(range(merged.size)))


@given(
    st.lists(st.tuples(st.fractions(-3, 3), st.integers(1, 3)), min_size=1, max_size=5),
    st.booleans(),
)
def test_a_configuration_file_says_the_same(
    rows: list[tuple[Fraction, int]], labelled: bool
) -> None:
    labels = [f"w{i}" for i in range(len(rows))] if labelled else None
    for A in (None, [["1/3"]]):
        c = Configuration([[x] for x, _ in rows], "1/7", A, [w for _, w in rows], labels, "n")
        written = c.to_dict()
        again = Configuration(**written)
        assert again.merged()[0] == c.merged()[0]
        assert again.size == sum(w for _, w in rows)
        assert (again.name, again.labels is None) == ("n", not labelled)
        assert ("A" in written) is (A is not None)
        assert all(isinstance(x, str) for row in written["tokens"] for x in row)


def test_absent_parts_are_left_out() -> None:
    assert Configuration([["0.5"]], "2/4").to_dict() == {"tokens": [["1/2"]], "alpha": "1/2"}
    assert "A" not in Configuration([[1, 2]], 1, [[1, 0], [0, 1]]).to_dict()


@pytest.mark.parametrize("floats", [False, True])
def test_replacing_a_field_leaves_the_others(floats: bool) -> None:
    made = Configuration.from_binary64([[0.5, 1.0], [2.0, 0.0]], 1)
    before = made if floats else Configuration(made.tokens, 1)
    after = replace(before, labels=("a", "b"))
    assert (after.tokens, after.alpha, after.A) == (before.tokens, before.alpha, before.A)
    assert after.labels == ("a", "b")
    assert settle(after).pattern == settle(before).pattern


# ------------------------------------------------------------------- copies and what is kept


def test_a_copy_keeps_what_is_the_same_and_nothing_else() -> None:
    c = Configuration([["1/2", 1], [0, 3]], 1, [[2, 1], [1, 2]], [1, 2], ["a", "b"], "two")
    assert (c.integers[1], c.form[1], c.hypotheses.hold) == (2, 1, True)
    kept = hash(c)
    other = ((fmpq(0), fmpq(0)), (fmpq(1, 3), fmpq(1)))
    skew = ((fmpq(0), fmpq(1, 5)), (fmpq(-1), fmpq(0)))
    for made, wanted in [
        (c.altered(alpha=fmpq(3)), Configuration(c.tokens, 3, c.A, [1, 2])),
        (c.altered(tokens=other), Configuration(other, 1, c.A, [1, 2])),
        (c.altered(A=skew), Configuration(c.tokens, 1, skew, [1, 2])),
        (c.altered(multiplicities=(5, 1)), Configuration(c.tokens, 1, c.A, [5, 1])),
    ]:
        assert made == wanted
        assert made != c
        assert hash(c) == kept
        assert (made.integers, made.form) == (wanted.integers, wanted.form)
        assert (hash(made), made.hypotheses) == (hash(wanted), wanted.hypotheses)
        assert (made.labels, made.name) == (None, None)


def test_what_is_made_once_does_not_travel() -> None:
    c = Configuration([["1/2", 1], [0, 3]], 1, [[2, 1], [1, 2]], [1, 2], ["a", "b"], "two")
    assert c.integers[1] == 2 * c.form[1]
    assert c.hypotheses.hold
    assert c.merged()[0] is c
    there = pickle.loads(pickle.dumps(c))
    assert there == c
    assert (hash(there), there.integers, there.form) == (hash(c), c.integers, c.form)
    assert (there.labels, there.name) == (c.labels, c.name)
