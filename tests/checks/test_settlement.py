"""The proof of a settled run: a certificate that speaks of this configuration and its dynamics."""

from dataclasses import replace
from typing import Any

import pytest

from checks import settlement
from checks.run import Run
from checks.verdicts import Violation
from theory import CAUSAL, FIRST_INDEX, INFINITE, Configuration, Dynamics, Settled, settle
from theory.certificates import certificate
from theory.rules import FIRST, masked
from theory.schedules.functions import RationalFunction
from theory.scores import Matrices
from theory.steps import Constant, InTurn, Scheduled, Valued

TOKENS = Configuration([[2, 1], [1, 0], [-1, 1]], 1)


def scheduled(gamma: str) -> Dynamics:
    return Dynamics(step=Scheduled(RationalFunction.parse(gamma)))


PAIRS: dict[str, tuple[Dynamics, Dynamics]] = {
    "mask": (CAUSAL, Dynamics(masked([[0], [1, 2], [0, 1, 2]]))),
    "ties": (FIRST_INDEX, CAUSAL),
    "candidates and ties": (Dynamics(CAUSAL.candidates, FIRST), CAUSAL),
    "pull": (INFINITE, Dynamics(step=InTurn((Constant("1/2"), Constant("1/3")), True))),
    "schedule": (scheduled("2/(k+2)"), scheduled("2/(k+3)")),
    "value matrix": (
        Dynamics(step=Valued([[1, 0], [0, 2]])),
        Dynamics(step=Valued([[1, 0], [1, 2]])),
    ),
    "A": (
        Dynamics(scores=Matrices([[[1, 0], [0, 1]], [[2, 0], [0, 1]]], True)),
        Dynamics(scores=Matrices([[[1, 0], [0, 1]], [[3, 0], [0, 1]]], True)),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_certificate_is_of_the_dynamics_of_the_run(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = PAIRS[name]
    run = Run(TOKENS, own, keep_copies=True)
    assert settlement.proved(run) is True
    made = certificate(run.settled)
    foreign = settle(TOKENS, dynamics=other)
    assert isinstance(foreign, Settled)
    dynamics: dict[str, Any] = certificate(foreign)["problem"]["dynamics"]
    assert dynamics != made["problem"]["dynamics"]
    told = {**made, "problem": {**made["problem"], "dynamics": dynamics}}
    monkeypatch.setattr(settlement, "certificate", lambda settled: told)
    monkeypatch.setattr(settlement.verifier, "verify", lambda text: "")  # as if it were accepted
    outcome = settlement.proved(run)
    assert isinstance(outcome, Violation)
    assert str(outcome) == "its certificate is of another dynamics"


def test_a_leader_is_told_since_when_it_leads_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(TOKENS, CAUSAL, keep_copies=True)
    (leader, *rest) = run.equilibrium.leaders
    later = replace(leader, since_layer=leader.since_layer + 1)
    monkeypatch.setattr(run, "equilibrium", replace(run.equilibrium, leaders=(later, *rest)))
    assert str(settlement.proved(run)) == "its certificate is of another leader"
