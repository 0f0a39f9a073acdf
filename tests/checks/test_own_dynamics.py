"""A user's own dynamics: its layers by brute force, what a wrong rule is told, how it travels."""

import pickle
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq
from hypothesis import given, settings

from checks.run import Run
from checks.statements import dynamics, find, load, users
from checks.statements.kinds import TOKENS
from checks.statements.own import owned, restore_dynamics
from checks.statements.registry import restore, statements
from checks.statements.stated import kind_of_file, kind_of_own
from checks.statements.users import select_dynamics
from checks.strategies import configurations
from checks.survey.search import Survey
from theory import HARDMAX, Configuration, HardmaxError, Trajectory, Undecided, settle
from theory.own import Own, RuleError

FILE = """
from hardmax import conjecture, dynamics

@dynamics("second", gamma="1/(k+2)")
def second(products):
    "Each token attends to the second best, or to itself where it is alone."
    sets = []
    for i, row in enumerate(products):
        order = sorted(range(len(row)), key=lambda j: (-row[j], j))
        sets.append([order[min(1, len(row) - 1)]])
    return sets

@conjecture("stays", "Token 0 stays.", hypotheses=(), dynamics=second)
def stays(run):
    return run.tokens(1)[0] == run.tokens(0)[0]
"""


@pytest.fixture(autouse=True)
def registries() -> Iterator[None]:
    before, own = statements(), owned()
    yield
    restore(before)
    restore_dynamics(own)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(users, "_READ", {})
    (tmp_path / "mine.py").write_text(FILE)
    return str(tmp_path / "mine.py")


def least(products: Any) -> list[set[int]]:
    return [{j for j, x in enumerate(row) if x == min(row)} for row in products]


# ------------------------------------------------------------------------- what it does


def brute(c: Configuration, layers: int, gamma: Callable[[int], Fraction]) -> list[Any]:
    """Tokens layer by layer under `least`, in Python's fractions."""
    points = [tuple(Fraction(int(x.p), int(x.q)) for x in row) for row in c.tokens]
    A = [[Fraction(int(x.p), int(x.q)) for x in row] for row in c.A]
    axes, told = range(c.dimension), []
    for k in range(layers):
        told.append(points)
        moved = []
        for z in points:
            scores = [sum(z[s] * A[s][t] * y[t] for s in axes for t in axes) for y in points]
            best = [y for y, x in zip(points, scores, strict=True) if x == min(scores)]
            mean = [sum(y[s] for y in best) / len(best) for s in axes]
            moved.append(tuple(x + gamma(k) * (m - x) for x, m in zip(z, mean, strict=True)))
        points = moved
    return told


@pytest.mark.parametrize(
    ("gamma", "pull"),
    [
        ("1/3", lambda k: Fraction(1, 3)),
        ("2/(k+2)", lambda k: Fraction(2, k + 2)),
        (lambda k: fmpq(1, k + 3), lambda k: Fraction(1, k + 3)),
        (2, lambda k: Fraction(2)),
    ],
)
@settings(max_examples=15, database=None, deadline=None)
@given(configurations(max_tokens=5, max_dimension=3, family="lattice"))
def test_layers_are_those_of_brute_force(
    gamma: Any, pull: Callable[[int], Fraction], c: Configuration
) -> None:
    restore_dynamics(())
    own = dynamics("least", gamma=gamma)(least)
    run = Run(c, own)
    for k, points in enumerate(brute(c, 4, pull)):
        told = [tuple(Fraction(int(x.p), int(x.q)) for x in z) for z in run.tokens(k)]
        assert told == points
        assert run.argmax(k) == run.pattern(k)
        assert run.steps_by_definition(k)


def test_a_pull_may_be_a_matrix() -> None:
    own = dynamics("turned", gamma=lambda k: [[0, k], ["1/2", 0]])(least)
    layers = Trajectory(Configuration([[1, 0], [0, 1]], 1), own)
    assert layers.pattern(0) == ((1,), (0,))
    assert layers.tokens(1) == ((1, fmpq(-1, 2)), (0, fmpq(3, 2)))  # z + P (m − z), k = 0
    assert Run(Configuration([[1, 0], [0, 1]], 1), own).steps_by_definition(1)


def test_without_a_pull_it_is_that_of_alpha() -> None:
    own = dynamics("plain")(least)
    assert Trajectory(Configuration([[2], [1]], "1/2"), own).tokens(1)[0] == (fmpq(5, 3),)


def test_it_is_undecided_and_says_why() -> None:
    own = dynamics("least")(least)
    result = settle(Configuration([[2], [1]], 1), dynamics=own)
    assert isinstance(result, Undecided)
    assert result.reason == "a rule of a user's own has no proof that its pattern stands"
    assert not isinstance(settle(Configuration([[2], [1]], 1), dynamics=HARDMAX), Undecided)


def test_copies_are_told_apart() -> None:
    own = dynamics("first")(lambda products: [[0]] * len(products))
    assert Run(Configuration([[1], [1], [2]], 1), own).configuration.size == 3


# ------------------------------------------------------------------------- what is refused


TWO = Configuration([[2], [1]], 1)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (lambda p: None, r"its rule returned None; a list of 2 attention sets"),
        (lambda p: [[0]], r"returned \[\[0\]\]; a list of 2 attention sets"),
        (lambda p: [[0], [0], [0]], "a list of 2 attention sets, one for each token, was wanted"),
        (lambda p: [[0], []], "returned an empty set for token 1; some of the indices 0 to 1"),
        (lambda p: [[0], [2]], r"returned \[2\] for token 1; some of the indices 0 to 1"),
        (lambda p: [[-1], [0]], r"returned \[-1\] for token 0"),
        (lambda p: [[0.0], [0]], r"returned \[0.0\] for token 0"),
        (lambda p: [[True], [0]], r"returned \[True\] for token 0"),
        (lambda p: [0, 1], "returned 0 for token 0"),
        (lambda p: ["0", "1"], "returned '0' for token 0"),
        (lambda p: p[9], r"its rule failed at line \d+ of its file: IndexError"),
        (lambda p: 1 / 0, "failed at line .*ZeroDivisionError: division by zero"),
    ],
)
def test_a_wrong_rule_is_told_in_one_line(rule: Any, words: str) -> None:
    own = dynamics("wrong")(rule)
    for ask in (lambda: Trajectory(TWO, own).pattern(0), lambda: Run(TWO, own).argmax(0)):
        with pytest.raises(RuleError, match=words) as told:
            ask()
        assert str(told.value).startswith("the dynamics 'wrong'")
        assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("gamma", "words"),
    [
        (lambda k: 0.5, "its step at layer 0: the float 0.5 is ambiguous"),
        (lambda k: None, "its step at layer 0: "),
        (lambda k: [[1, 0], [0, 1]], "its step at layer 0: a matrix of 2 rows; 1 were wanted"),
        (lambda k: [[1, 0]], "its step at layer 0: "),
        (lambda k: 1 // 0, "its step at layer 0 failed at line"),
    ],
)
def test_a_wrong_step_is_told_in_one_line(gamma: Any, words: str) -> None:
    own = dynamics("wrong", gamma=gamma)(least)
    with pytest.raises(RuleError, match=words):
        Trajectory(TWO, own).tokens(1)


@pytest.mark.parametrize(
    ("name", "gamma", "rule", "words"),
    [
        ("a b", None, least, "1 to 100 printable characters"),
        ("x", "1/(k-1)", least, "x: gamma: '1/.k-1.' has a pole at layer 1"),
        ("x", 0.5, least, "x: gamma: .*0.5"),
        ("x", None, 7, "x: rule = 7; a function of one argument was wanted"),
        ("x", None, list, "a function of one argument was wanted"),
        ("x", lambda: 1, least, "x: gamma = .*a function of one argument was wanted"),
    ],
)
def test_what_declares_none_is_refused(name: str, gamma: Any, rule: Any, words: str) -> None:
    before = owned()
    with pytest.raises(HardmaxError, match=words):
        dynamics(name, gamma=gamma)(rule)
    assert owned() == before


def test_no_two_share_a_name() -> None:
    dynamics("one")(least)
    with pytest.raises(HardmaxError, match="a dynamics named 'one' exists already"):
        dynamics("one")


# ------------------------------------------------------------------------- files


def test_a_file_declares_one_with_its_conjectures(file: str) -> None:
    (statement,) = load(file)
    own = select_dynamics(file, "second")
    assert statement.dynamics == own
    run = statement.run(Configuration([[3], [1], [2]], 1), 9)
    assert run.pattern(0) == ((2,), (2,), (2,))
    assert run.tokens(1)[0] == (fmpq(5, 2),)  # γ_0 = 1/2
    assert not statement(run)
    with pytest.raises(
        HardmaxError, match="declares no dynamics named 'third'; it declares second"
    ):
        select_dynamics(file, "third")


def test_it_travels_by_its_name_and_file(file: str) -> None:
    load(file)
    own = select_dynamics(file, "second")
    kind = kind_of_own(own)
    assert pickle.loads(pickle.dumps(own)) is own
    assert pickle.loads(pickle.dumps(kind)) == kind
    assert str(kind.origin) == file


def test_a_file_that_fails_leaves_no_dynamics(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text(FILE + "\n1 / 0\n")
    before = owned()
    with pytest.raises(HardmaxError, match="ZeroDivisionError"):
        load(str(bad))
    assert owned() == before


def test_statements_are_held_under_it(file: str) -> None:
    load(file)
    kind = kind_of_own(select_dynamics(file, "second"))
    survey = Survey([find("hulls-shrink"), find("norms-grow")], [kind], examples=40, seed=1)
    survey.run(1)
    assert [cell.verdict for cell in survey.cells()] == ["HELD", "REFUTED"]


def test_the_dynamics_of_a_file_without_tokens(tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    path.write_text('{"mask": [[1, 0, 0], [1, 1, 0], [0, 1, 1]], "A": [[-1, 0], [0, -2]]}')
    kind, read = kind_of_file(str(path))
    assert (kind.tokens, kind.dimensions, kind.drops) == ((3, 3), (2, 2), ("positive_definite",))
    assert not read.ignored
    assert kind.fits(Configuration([[1, 2], [3, 4], [5, 6]], "1/7", [[-1, 0], [0, -2]]))
    assert not kind.fits(Configuration([[1, 2], [3, 4], [5, 6]], "1/7"))
    assert pickle.loads(pickle.dumps(kind)) == kind
    path.write_text('{"gamma": "1/(k+2)"}')
    other, _ = kind_of_file(str(path))
    assert (other.tokens, other.drops) == (TOKENS, ())
    assert other.identity != kind.identity
    assert isinstance(other.dynamics, type(HARDMAX))
    assert not isinstance(other.dynamics, Own)
