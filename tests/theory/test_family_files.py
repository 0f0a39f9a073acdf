"""What the keys of other dynamics may be in a file, and each way in which they are wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq

from theory import CAUSAL, FIRST_INDEX, HARDMAX, INFINITE, Configuration, Dynamics, Trajectory
from theory.exact import HardmaxError
from theory.files.configurations import read_configurations, read_problems
from theory.files.sources import InputError
from theory.rules import BEFORE, EVERYONE, Masked, masked
from theory.schedules.functions import RationalFunction
from theory.scores import Matrices
from theory.steps import PARTWAY, Constant, InTurn, Scheduled, Valued

TOKENS: list[list[Any]] = [[1, 0], [0, 1], [1, 1]]
V = [["3/2", 0], [0, "7/3"]]
HALF = fmpq(1, 2)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "c.json"


def written(file: Path, **keys: Any) -> Path:
    file.write_text(json.dumps({"tokens": TOKENS} | keys))
    return file


def read(file: Path, **keys: Any) -> tuple[fmpq, Dynamics]:
    """α and the dynamics that a file of these keys states."""
    ((configuration, dynamics),) = read_problems(written(file, **keys))
    return configuration.alpha, dynamics


SCHEDULE = Scheduled(RationalFunction.parse("2/(k+2)"))
A = [[2, 1], [1, 2]]

READ: dict[str, tuple[dict[str, Any], fmpq, Dynamics]] = {
    "a constant pull": ({"gamma": "1/3"}, HALF, HARDMAX),
    "a pull of 0": ({"gamma": 0}, fmpq(0), HARDMAX),
    "a pull of 1": ({"gamma": "1"}, fmpq(1), INFINITE),
    "a pull that cancels": ({"gamma": "(k+1)/(2*k+2)"}, fmpq(1), HARDMAX),
    "a schedule": ({"gamma": "2/(k+2)"}, fmpq(1), Dynamics(step=SCHEDULE)),
    "a value matrix": ({"V": V}, fmpq(1), Dynamics(step=Valued(V))),
    "a multiple of I": ({"V": [["1/2", 0], [0, "1/2"]]}, HALF, HARDMAX),
    "a negative multiple of I": ({"V": [[-3, 0], [0, -3]]}, fmpq(-3), HARDMAX),
    "the causal mask": ({"alpha": 1, "mask": "causal"}, fmpq(1), CAUSAL),
    "the causal mask as rows": (
        {"alpha": 1, "mask": [[1, 0, 0], [1, 1, 0], [1, 1, 1]]}, fmpq(1), CAUSAL,
    ),
    "a mask of ones": ({"alpha": 1, "mask": [[1] * 3] * 3}, fmpq(1), HARDMAX),
    "a mask": (
        {"alpha": 1, "mask": [[1, 0, 0], [0, 1, 1], [1, 1, 1]]}, fmpq(1),
        Dynamics(Masked(((0,), (1, 2), (0, 1, 2)))),
    ),
    "the first index": ({"alpha": 1, "ties": "first"}, fmpq(1), FIRST_INDEX),
    "layers that are one": (
        {"layers": [{"alpha": "1/2"}, {"gamma": "1/3"}], "repeat": True}, HALF, HARDMAX,
    ),
    "layers that are α = ∞": ({"layers": [{"gamma": 1}], "repeat": True}, fmpq(1), INFINITE),
    "layers twice over": (
        {"layers": [{"alpha": 1}, {"alpha": 2}] * 2, "repeat": True}, fmpq(1),
        Dynamics(step=InTurn((Constant("1/2"), Constant("2/3")), True)),
    ),
    "layers that end": (
        {"layers": [{"alpha": 1}, {"alpha": 1}]}, fmpq(1),
        Dynamics(step=InTurn((Constant("1/2"), Constant("1/2")), False)),
    ),
    "matrices of one step": (
        {"alpha": 3, "layers": [{"A": A}, {}], "repeat": True}, fmpq(3),
        Dynamics(scores=Matrices([A, [[1, 0], [0, 1]]], True)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_what_is_read(file: Path, name: str) -> None:
    keys, alpha, dynamics = READ[name]
    assert read(file, **keys) == (alpha, dynamics)


def test_the_matrix_of_layers_without_one_is_that_of_the_file(file: Path) -> None:
    keys = {"alpha": 1, "A": A, "layers": [{}, {"A": [[1, 0], [0, 1]]}], "repeat": True}
    ((configuration, dynamics),) = read_problems(written(file, **keys))
    assert configuration.A == ((2, 1), (1, 2))
    assert [dynamics.matrix(configuration, k) for k in (0, 1, 2)] == [
        configuration.A, ((1, 0), (0, 1)), configuration.A,
    ]  # fmt: skip


ONE = "one of them was wanted"
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no step": ({}, "alpha is missing"),
    "two steps": ({"alpha": 1, "gamma": "1/2"}, f"alpha and gamma are stated; {ONE}"),
    "two others": ({"gamma": "1/2", "V": V}, f"gamma and V are stated; {ONE}"),
    "a step beside layers": (
        {"alpha": 1, "layers": [{"alpha": 1}]}, "layers[0] and alpha both state the step",
    ),
    "a pole": ({"gamma": "1/(k-3)"}, "gamma: '1/(k-3)' has a pole at layer 3"),
    "a pull beyond 1": ({"gamma": "3/(k+2)"}, "gamma: '3/(k+2)' is 3/2 at layer 0"),
    "a pull below 0": ({"gamma": "-1/2"}, "gamma: '-1/2' is -1/2 at layer 0"),
    "no expression": ({"gamma": "2/(k+"}, "gamma: '2/(k+', character"),
    "code": ({"gamma": "exit()"}, "gamma: 'exit()', character 1: 'e' is not known"),
    "a truth value": ({"gamma": True}, "gamma: true is no pull"),
    "V without an inverse": ({"V": [[-1, 0], [0, 2]]}, "V makes the layer divide by I + V"),
    "V of one row": ({"V": [[1]]}, "V has 1 row; tokens of dimension 2 want 2"),
    "V of a long row": ({"V": [[1, 0], [1, 2, 3]]}, "V[1] has 3 numbers; 2 were wanted"),
    "V in layers": ({"layers": [{"V": [[1, 2]]}]}, "layers[0].V has 1 row"),
    "another mask": ({"alpha": 1, "mask": "casual"}, 'mask: \'casual\' was given; "causal" or'),
    "a mask with an empty row": (
        {"alpha": 1, "mask": [[1, 0, 0], [0, 0, 0], [1, 1, 1]]},
        "row 1 of the mask is empty: token 1 has no candidates",
    ),
    "a mask of two rows": (
        {"alpha": 1, "mask": [[1, 0], [0, 1]]}, "the mask has 2 rows; 3 tokens want 3",
    ),
    "a mask with a short row": (
        {"alpha": 1, "mask": [[1, 0, 0], [1, 1], [1, 1, 1]]}, "mask[1] has 2 numbers; 3 were",
    ),
    "a mask with a 2": (
        {"alpha": 1, "mask": [[1, 0, 2], [1, 1, 1], [1, 1, 1]]}, "mask: entry [0][2] is 2; 0 or 1",
    ),
    "another rule for ties": ({"alpha": 1, "ties": "last"}, 'ties: \'last\' was given; "first"'),
    "repeat without layers": ({"alpha": 1, "repeat": True}, "repeat: there are no layers"),
    "repeat as a word": (
        {"layers": [{"alpha": 1}], "repeat": "yes"}, "repeat: 'yes' was given; true or false",
    ),
    "no layers": ({"layers": []}, "layers: one layer at least is wanted"),
    "a layer without a step": (
        {"layers": [{"alpha": 1}, {"A": A}]}, "layers[1] states no step: alpha, gamma or V is",
    ),
    "a layer with two": (
        {"layers": [{"alpha": 1}, {"alpha": 1, "V": V}]}, "layers[1]: alpha and V are stated",
    ),
    "A of a wrong size": (
        {"layers": [{"alpha": 1}] * 2 + [{"alpha": 1, "A": [[1]]}]},
        "layers[2].A has 1 row; tokens of dimension 2 want 2",
    ),
    "α = −1 in a layer": ({"layers": [{"alpha": -1}]}, "layers[0].alpha = -1 makes the layer"),
    "V = −I in a layer": (
        {"layers": [{"alpha": 1}, {"V": [[-1, 0], [0, 0]]}]}, "layers[1].V makes the layer divide",
    ),
    "a pole in a layer": ({"layers": [{"gamma": "1/k"}]}, "layers[0].gamma: '1/k' has a pole"),
    "another key of a layer": (
        {"layers": [{"beta": 1}]}, "unknown key 'layers[0].beta'; the keys are A, alpha, gamma, V",
    ),
    "a mask of a layer": ({"layers": [{"alpha": 1, "mask": "causal"}]}, "unknown key 'layers[0].m"),
    "a layer that is none": ({"layers": [1]}, "layers[0]: 1 was given; an object was wanted"),
    "another key": ({"alpha": 1, "values": V}, "unknown key 'values'; the keys are tokens, alpha"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_told_with_its_place(file: Path, name: str) -> None:
    keys, words = REFUSED[name]
    with pytest.raises(InputError) as told:
        read(file, **keys)
    assert str(told.value).startswith(f"{file}: {words}")
    assert "\n" not in str(told.value)


def test_a_key_that_is_given_twice(file: Path) -> None:
    file.write_text('{"tokens": [[1]], "layers": [{"alpha": 1, "alpha": 2}]}')
    with pytest.raises(InputError, match="the key 'alpha' is given twice"):
        read_problems(file)


def test_other_dynamics_are_not_read_in_silence(file: Path) -> None:
    written(file, alpha=1, mask="causal")
    with pytest.raises(InputError, match=r"masked.*read_problems reads such layers, too"):
        read_configurations(file)
    assert read_configurations(written(file, gamma="1/2")) == [Configuration(TOKENS, 1)]


# ------------------------------------------------------------------------- from Python


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((), "a mask without rows"),
        (((0,), ()), "row 1 of the mask is empty"),
        (((0,), (1, 0)), r"row 1 of the mask is \(1, 0\)"),
        (((0,), (0, 0)), "row 1 of the mask is"),
        (((0,), (2,)), "some of the indices 0 to 1"),
        (((0,), (-1,)), "some of the indices 0 to 1"),
        (((0,), (True,)), "row 1 of the mask is"),
    ],
)
def test_masks_that_are_none(rows: tuple[tuple[int, ...], ...], words: str) -> None:
    with pytest.raises(HardmaxError, match=words):
        Masked(rows)


def test_usual_masks_are_known() -> None:
    assert masked([[0, 1], [0, 1]]) == EVERYONE
    assert masked([[0], [0, 1]]) == BEFORE
    assert masked([[1], [0, 1]]) == Masked(((1,), (0, 1)))


@pytest.mark.parametrize(
    ("dynamics", "words"),
    [
        (Dynamics(Masked(((0,), (1,)))), "the mask has 2 rows; 3 tokens want 3"),
        (Dynamics(step=Valued([[1]])), "V has 1 row; tokens of dimension 2 want 2"),
        (Dynamics(step=InTurn((Valued([[1]]),), False)), "V has 1 row"),
        (Dynamics(scores=Matrices([[[1]]], True)), "layers.0..A has 1 row"),
    ],
)
def test_a_dynamics_of_another_shape_is_refused(dynamics: Dynamics, words: str) -> None:
    with pytest.raises(HardmaxError, match=words):
        Trajectory(Configuration(TOKENS, 1), dynamics)


def test_parts_that_are_none() -> None:
    with pytest.raises(HardmaxError, match="is not the step of one layer"):
        InTurn((PARTWAY,), True)
    with pytest.raises(HardmaxError, match="one at least is wanted"):
        InTurn((), True)
    with pytest.raises(HardmaxError, match="one at least is wanted"):
        Matrices([], True)
    with pytest.raises(HardmaxError, match=r"layers\[1\].A has 1 row; 2 were wanted"):
        Matrices([A, [[1]]], True)
    with pytest.raises(HardmaxError, match="no inverse"):
        Valued([[-1]])
    with pytest.raises(HardmaxError, match="RationalFunction"):
        Scheduled("2/(k+2)")  # type: ignore[arg-type]  # what is tested


# ----------------------------------------------------------- what proofs are told of the layers

TURN = InTurn((Constant("1/2"), Constant("1/3")), True)
FACTS: dict[str, tuple[Dynamics, int | None, int | None, int | None, bool]] = {
    "hardmax": (HARDMAX, 1, None, 0, True),
    "α = ∞": (INFINITE, 1, None, None, False),
    "a schedule": (Dynamics(step=SCHEDULE), None, None, 1, True),
    "a value matrix": (Dynamics(step=Valued(V)), 1, None, None, False),
    "steps in turn": (Dynamics(step=TURN), 2, None, 0, True),
    "a step beyond 1": (
        Dynamics(step=InTurn((Constant("1/2"), Constant(2)), True)), 2, None, None, False,
    ),
    "layers that end": (Dynamics(step=InTurn(TURN.steps, False)), None, 2, None, False),
    "three matrices of two steps": (
        Dynamics(step=TURN, scores=Matrices([A, [[1, 0], [0, 1]], A], True)), 6, None, 0, False,
    ),
    "multiples of one matrix": (
        Dynamics(scores=Matrices([A, [[4, 2], [2, 4]]], True)), 2, None, 0, True,
    ),
    "a matrix and its opposite": (
        Dynamics(scores=Matrices([A, [[-2, -1], [-1, -2]]], True)), 2, None, 0, False,
    ),
}  # fmt: skip
"""Period, end, from when on the pulls are convex, and whether lemmas I and R hold at last."""


@pytest.mark.parametrize("name", FACTS)
def test_what_is_told_of_the_layers(name: str) -> None:
    dynamics, period, ends, since, locks = FACTS[name]
    c = Configuration(TOKENS, 1)
    assert (dynamics.period(c), dynamics.ends) == (period, ends)
    assert dynamics.convex_from(c) == since
    assert dynamics.locks(c, 10**6) is locks
    assert bool(dynamics.locked(c, ((0,), (0,), (2,)), 10**6)) is locks


def test_lemma_I_needs_one_matrix_and_pulls_that_are_numbers() -> None:
    """The examples of section 1.1 of the notes: who leads at layer 0 attends elsewhere later."""
    opposite = Dynamics(scores=Matrices([[[1, 0], [0, 1]], [[-1, 0], [0, -1]]], True))
    patterns = Trajectory(Configuration([[2, 0], [1, 1], [-1, 1]], 1), opposite).pattern
    assert (patterns(0)[0], patterns(1)[0]) == ((0,), (2,))
    turned = Trajectory(
        Configuration([[1, 0], [0, 1], [0, 2]], 1), Dynamics(step=Valued([[1, 8], [0, 1]]))
    )
    assert (turned.pattern(0)[0], turned.pattern(1)[0]) == ((0,), (1,))
    assert turned.tokens(1)[1] == (2, fmpq(3, 2))
