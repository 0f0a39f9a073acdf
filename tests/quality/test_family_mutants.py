"""Wrong dynamics, planted as values: each rule of the family told a little wrong is refuted.

A claim takes a rule by its name and numbers and holds the layers against what that means, so a
value that pretends to be a rule and does something else has to be caught.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from flint import fmpq, fmpq_mat, fmpz_mat

from checks import Run
from checks.statements import find
from checks.verdicts import Violation
from theory import Configuration, Dynamics
from theory.rules import EVERYONE, FIRST, Before, FirstIndex, Masked, Values
from theory.schedules.functions import RationalFunction
from theory.scores import Matrices, OwnMatrix
from theory.steps import Constant, InTurn, Scheduled, Valued

GAMMA = RationalFunction.parse("1/(k+2)")
TOKENS = [[2, 1], [-1, 3], [1, 1], [0, -2]]
ROWS = ((0, 1), (1, 3), (1, 2, 3), (2, 3))
V: list[list[int | str]] = [["3/2", 1], [0, "1/3"]]
TURN = [[[1, 0], [0, 1]], [[-1, 1], [0, 2]], [[0, 1], [1, 0]]]
STEPS = tuple(map(Constant, ("1/2", "1/3", "3/4")))


class NextRow(Masked):
    """The row of another token."""

    def among(self, rows: Sequence[int], values: Sequence[Values]) -> Sequence[Values]:
        return super().among([(i + 1) % len(self.rows) for i in rows], values)


class Column(Masked):
    """Who may be attended to by i, for whom i may attend to."""

    def among(self, rows: Sequence[int], values: Sequence[Values]) -> Sequence[Values]:
        size = len(self.rows)
        columns = [[j for j in range(size) if i in self.rows[j]] for i in range(size)]
        return Masked(tuple(map(tuple, columns))).among(rows, values)


class Unmasked(Masked):
    """Everyone."""

    def among(self, rows: Sequence[int], values: Sequence[Values]) -> Sequence[Values]:
        return EVERYONE.among(rows, values)


class After(Before):
    """Those from i on."""

    def among(self, rows: Sequence[int], values: Sequence[Values]) -> Sequence[Values]:
        return Masked(tuple(tuple(range(i, len(values[0]))) for i in range(len(values[0])))).among(
            rows, values
        )


class LastIndex(FirstIndex):
    def chosen(self, values: Values) -> tuple[int, ...]:
        return (len(values) - 1 - list(values)[::-1].index(max(values)),)


class NextLayer(Scheduled):
    """γ of layer k + 1."""

    def pull(self, configuration: Configuration, layer: int) -> fmpq:
        return super().pull(configuration, layer + 1)


class Still(Scheduled):
    """γ of layer 0 at every layer."""

    def pull(self, configuration: Configuration, layer: int) -> fmpq:
        return super().pull(configuration, 0)


class Transposed(Valued):
    def pull(self, configuration: Configuration, layer: int) -> fmpq_mat:
        return super().pull(configuration, layer).transpose()


class Undivided(Valued):
    """V in the place of (I+V)^{-1} V."""

    def pull(self, configuration: Configuration, layer: int) -> fmpq_mat:
        return fmpq_mat([[*row] for row in self.V])


class NextTurn(InTurn):
    def pull(self, configuration: Configuration, layer: int) -> fmpq | fmpq_mat:
        return super().pull(configuration, layer + 1)


class LastStays(InTurn):
    """The last step goes on where they begin again."""

    def pull(self, configuration: Configuration, layer: int) -> fmpq | fmpq_mat:
        return super().pull(configuration, min(layer, len(self.steps) - 1))


class NextMatrix(Matrices):
    def form(self, configuration: Configuration, layer: int) -> fmpz_mat | None:
        return super().form(configuration, layer + 1)


class Backwards(Matrices):
    """A of each layer transposed."""

    def form(self, configuration: Configuration, layer: int) -> fmpz_mat | None:
        form = super().form(configuration, layer)
        return None if form is None else form.transpose()


class TransposedMatrix(OwnMatrix):
    def form(self, configuration: Configuration, layer: int) -> fmpz_mat | None:
        return configuration.form[0].transpose()


class Steady(Matrices):
    """Lemmas I and R taken for true though the matrix changes."""

    steady = True  # type: ignore[assignment]  # that is the error


@dataclass(frozen=True)
class Loose(Masked):
    """Lemma R taken for true of any mask."""

    def locked(self, followers: Mapping[int, int]) -> list[int]:
        return [*followers]


SKEW = Configuration(TOKENS, "1/2", [[1, 2], [-1, 1]])
PLAIN = Configuration(TOKENS, "1/2")
TIED = Configuration([[0, 1], [-1, 1], [1, 1]], 1)
LEADS = Configuration([[2, 0], [1, 1], [-1, 1]], 1)
"""Each matrix of `SWAPPED` has another leader."""
SWAPPED = [[[1, 0], [0, 1]], [[-1, 0], [0, -1]]]
ATTENTION, STEP = "attention-is-argmax", "layer-is-the-definition"

PLANTED: dict[str, tuple[str, Dynamics, Dynamics, Configuration]] = {
    "the mask of the next row": (
        ATTENTION, Dynamics(NextRow(ROWS)), Dynamics(Masked(ROWS)), PLAIN,
    ),
    "the mask transposed": (ATTENTION, Dynamics(Column(ROWS)), Dynamics(Masked(ROWS)), PLAIN),
    "no mask": (ATTENTION, Dynamics(Unmasked(ROWS)), Dynamics(Masked(ROWS)), PLAIN),
    "the tokens after it": (ATTENTION, Dynamics(After()), Dynamics(Before()), PLAIN),
    "the last of a tie": (ATTENTION, Dynamics(ties=LastIndex()), Dynamics(ties=FIRST), TIED),
    "γ of the next layer": (
        STEP, Dynamics(step=NextLayer(GAMMA)), Dynamics(step=Scheduled(GAMMA)), PLAIN,
    ),
    "γ of layer 0": (
        STEP, Dynamics(step=Still(GAMMA)), Dynamics(step=Scheduled(GAMMA)), PLAIN,
    ),
    "V transposed": (STEP, Dynamics(step=Transposed(V)), Dynamics(step=Valued(V)), PLAIN),
    "V for P": (STEP, Dynamics(step=Undivided(V)), Dynamics(step=Valued(V)), PLAIN),
    "the step of the next layer": (
        STEP, Dynamics(step=NextTurn(STEPS, True)), Dynamics(step=InTurn(STEPS, True)), PLAIN,
    ),
    "the last step stays": (
        STEP, Dynamics(step=LastStays(STEPS, True)), Dynamics(step=InTurn(STEPS, True)), PLAIN,
    ),
    "A of the next layer": (
        ATTENTION, Dynamics(scores=NextMatrix(TURN, True)),
        Dynamics(scores=Matrices(TURN, True)), PLAIN,
    ),
    "A of each layer transposed": (
        ATTENTION, Dynamics(scores=Backwards(TURN, True)),
        Dynamics(scores=Matrices(TURN, True)), PLAIN,
    ),
    "A transposed": (ATTENTION, Dynamics(scores=TransposedMatrix()), Dynamics(), SKEW),
    "locked rows though A changes": (
        ATTENTION, Dynamics(scores=Steady(SWAPPED, True)),
        Dynamics(scores=Matrices(SWAPPED, True)), LEADS,
    ),
    "locked rows under any mask": (
        ATTENTION, Dynamics(Loose(((0,), (0, 1), (0, 1, 2)))),
        Dynamics(Masked(((0,), (0, 1), (0, 1, 2)))),
        Configuration([[-2, -3], [-1, -4], [-1, 0]], 3),
    ),
}  # fmt: skip
"""For each: the claim that refutes it, the wrong dynamics, the true one, and tokens that tell."""


@pytest.mark.parametrize("name", PLANTED)
def test_a_wrong_rule_is_refuted(name: str) -> None:
    claim, wrong, true, c = PLANTED[name]
    judge = find(claim)
    assert isinstance(judge(Run(c, wrong, max_layers=6)), Violation)
    assert judge(Run(c, true, max_layers=6)) is True
