"""Planted wrong dynamics: every mutant is refuted, through the public campaign, by a named claim.

A wrong dynamics is a value, with parts that pretend to be those of [AFZ]; what is no dynamics is a
mutant of `theory`, with one function replaced by a plausible wrong one. The unharmed theory passes
the same campaign, so that a claim that refutes everything would be noticed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import comb
from typing import Any

import numpy as np
import pytest
from flint import fmpq, fmpz, fmpz_mat

import theory.closed_form as closed_form
import theory.dynamics as dynamics
import theory.equilibrium as equilibrium
import theory.walk as walk
from checks import Verdict, validate
from checks.campaigns.campaign import Campaign
from checks.run import Run
from checks.statements import Statement, find
from checks.verdicts import Report, Violation
from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics, Pattern, State, locked_rows, next_state
from theory.equilibrium import Leader, Rate
from theory.exponential import ExponentialPolynomial, Scalar
from theory.fast.filter import Image
from theory.fast.persistence import Persistence
from theory.matrices import as_matrix
from theory.positivity import first_failure, first_nonzero
from theory.rules import Averaged, Everyone, Values
from theory.scores import OwnMatrix
from theory.settling import Settled
from theory.steps import Partway
from theory.trajectory import Trajectory

Patch = Callable[[pytest.MonkeyPatch], None]

MUTANTS: dict[str, tuple[str, Patch]] = {}
EXAMPLES = 220
LAYERS = {"a certificate that looks at the ends only": 300}
"""Budgets of layers other than 40."""


def mutant(name: str, claim: str) -> Callable[[Patch], Patch]:
    """Register a mutant with the claim that has to refute it."""

    def register(patch: Patch) -> Patch:
        MUTANTS[name] = (claim, patch)
        return patch

    return register


# ------------------------------------------------------------------- wrong dynamics, as values


@dataclass(frozen=True)
class Chosen(Averaged):
    """A wrong rule for ties, or for who is greatest."""

    choose: Callable[[list[fmpz]], Sequence[int]]

    def chosen(self, values: Values) -> tuple[int, ...]:
        return tuple(self.choose(list(values)))


@dataclass(frozen=True)
class OwnForm(OwnMatrix):
    """A wrong matrix, made of that of the configuration."""

    wrong: Callable[[fmpz_mat], fmpz_mat | None]

    def form(self, configuration: Configuration, layer: int) -> fmpz_mat | None:
        return None if configuration.euclidean else self.wrong(configuration.form[0])


class Swapped(Partway):
    """γ and λ swapped."""

    def pull(self, configuration: Configuration, layer: int) -> fmpq:
        return configuration.lam

    def kept(self, configuration: Configuration) -> fmpq:
        return configuration.gamma


class Others(Everyone):
    """A token is no candidate of its own, unless it is alone."""

    def among(self, rows: Sequence[int], values: Sequence[Values]) -> Sequence[Values]:
        return [
            [min(own) - 1 if j == i and len(own) > 1 else x for j, x in enumerate(own)]
            for i, own in zip(rows, values, strict=True)
        ]


@dataclass(frozen=True)
class Stepping(Dynamics):
    """Layers that are wrong ones: of a state, its pattern, γ and the multiplicities."""

    layer: Callable[[State, Pattern, Any, tuple[int, ...]], State] = next_state

    def after(
        self, configuration: Configuration, state: State, pattern: Pattern, layer: int
    ) -> State:
        pull = self.step.pull(configuration, layer)
        return self.layer(state, pattern, pull, configuration.multiplicities)


class Overlocking(Dynamics):
    """Followers of followers are locked."""

    def locked(self, configuration: Configuration, pattern: Pattern, layer: int) -> list[int]:
        return [i for i, attended in enumerate(pattern) if len(attended) == 1]

    def all_locked(self, configuration: Configuration, pattern: Pattern, layer: int) -> bool:
        return len(self.locked(configuration, pattern, layer)) == len(pattern)


def in_floats(values: list[fmpz]) -> list[int]:
    shift = max(0, max(int(abs(x)).bit_length() for x in values) - 1000)
    floats = [float(int(x) >> shift) for x in values]
    return [j for j, x in enumerate(floats) if x == max(floats)]


def within(values: list[fmpz]) -> list[int]:
    greatest = max(values)
    return [j for j, x in enumerate(values) if (greatest - x) * 10**12 <= abs(greatest)]


def undivided(state: State, pattern: Pattern, pull: fmpq, w: tuple[int, ...]) -> State:
    moved = next_state(state, pattern, pull, w)
    return State.of([tuple(x / (1 - pull) for x in row) for row in moved.tokens])


def away(state: State, pattern: Pattern, pull: fmpq, w: tuple[int, ...]) -> State:
    moved = next_state(state, pattern, pull, w)
    pairs = zip(state.tokens, moved.tokens, strict=True)
    return State.of([tuple(2 * x - y for x, y in zip(old, new, strict=True)) for old, new in pairs])


def unweighted(state: State, pattern: Pattern, pull: fmpq, w: tuple[int, ...]) -> State:
    return next_state(state, pattern, pull, (1,) * len(w))


def in_place(state: State, pattern: Pattern, pull: fmpq, w: tuple[int, ...]) -> State:
    for i in range(len(pattern)):
        tokens = list(state.tokens)
        tokens[i] = next_state(state, pattern, pull, w).tokens[i]
        state = State.of(tokens)
    return state


def least(values: list[fmpz]) -> list[int]:
    return [j for j, x in enumerate(values) if x == min(values)]


def second(values: list[fmpz]) -> list[int]:
    return [j for j, x in enumerate(values) if x == sorted(values)[-2:][0]]


WRONG: dict[str, tuple[str, Dynamics]] = {
    "argmin": ("first-leader", Dynamics(ties=Chosen(least))),
    "argmin against the definition": ("attention-is-argmax", Dynamics(ties=Chosen(least))),
    "first maximiser only": (
        "permutation-symmetry",
        Dynamics(ties=Chosen(lambda v: [v.index(max(v))])),
    ),
    "last maximiser only": (
        "permutation-symmetry",
        Dynamics(ties=Chosen(lambda v: [len(v) - 1 - v[::-1].index(max(v))])),
    ),
    "ties within 1e-12": ("attention-is-argmax", Dynamics(ties=Chosen(within))),
    "products in floats": ("attention-is-argmax", Dynamics(ties=Chosen(in_floats))),
    "second greatest": ("attention-is-argmax", Dynamics(ties=Chosen(second))),
    "A transposed": (
        "attention-is-argmax",
        Dynamics(scores=OwnForm(lambda matrix: matrix.transpose())),
    ),
    "A ignored": ("coordinate-symmetry", Dynamics(scores=OwnForm(lambda _: None))),
    "a token excluded from its own attention set": (
        "first-leader",
        Dynamics(candidates=Others()),
    ),
    "γ and λ swapped": ("layer-is-the-definition", Dynamics(step=Swapped())),
    "no division by 1+α": ("hulls-shrink", Stepping(layer=undivided)),
    "stepping away from the target": ("norms-grow", Stepping(layer=away)),
    "copies unweighted": ("layer-is-the-definition", Stepping(layer=unweighted)),
    "update in place": ("layer-is-the-definition", Stepping(layer=in_place)),
    "followers of followers are locked": ("attention-is-argmax", Overlocking()),
}
"""Each with the claim that has to refute it."""


# ----------------------------------------------------------------- mutants of what is no dynamics


@mutant("copies unweighted, however they are written", "merging-commutes")
def unweighted_copies(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(dynamics, "next_state", unweighted)


@mutant("A transposed in the matrix that all share", "attention-is-argmax")
def shared_transposed(patch: pytest.MonkeyPatch) -> None:
    def form(self: Configuration) -> Any:
        numerators, denominator = as_matrix(self.A).numer_denom()
        return numerators.transpose(), denominator

    patch.setattr(Configuration, "form", property(form))


@mutant("tokens cut to whole numbers", "pattern-independent-of-step")
def cut(patch: pytest.MonkeyPatch) -> None:
    def integers(self: Configuration) -> Any:
        whole = [[fmpq(x.p // x.q) for x in row] for row in self.tokens]
        return as_matrix(whole).numer_denom()

    patch.setattr(Configuration, "integers", property(integers))


@mutant("tokens told a layer late", "layer-is-the-definition")
def late(patch: pytest.MonkeyPatch) -> None:
    original = Trajectory.tokens
    patch.setattr(Trajectory, "tokens", lambda self, k: original(self, k if k < 4 else k - 1))


@mutant("attention from the layer before", "attention-is-argmax")
def stale(patch: pytest.MonkeyPatch) -> None:
    original = Trajectory._attend
    patch.setattr(Trajectory, "_attend", lambda self, k: original(self, max(0, k - 1)))


@mutant("leaders by first index", "leaders-are-vertices")
def first_index(patch: pytest.MonkeyPatch) -> None:
    def leaders(history: Any, places: Any, limits: Any, ties: Any) -> tuple[Leader, ...]:
        _, pattern = history[-1]
        return tuple(
            Leader(i, 0, limits[i]) for i, attended in enumerate(pattern) if attended[0] == i
        )

    patch.setattr(equilibrium, "leaders_of", leaders)


@mutant("leaders lead from layer 0", "leaders-are-vertices")
def always_led(patch: pytest.MonkeyPatch) -> None:
    original = equilibrium.leaders_of
    patch.setattr(
        equilibrium,
        "leaders_of",
        lambda *args: tuple(Leader(v.token, 0, v.position) for v in original(*args)),
    )


def value(f: Scalar, t: int) -> fmpz:
    return sum((c * comb(t, p) * r**t for r, p, c in f), fmpz(0))


def accepting(patch: pytest.MonkeyPatch, times: range) -> None:
    patch.setattr(
        walk,
        "first_failure_of",
        lambda f: next((t for t in times if value(f, t) <= 0), None),
    )


@mutant("a certificate that skips the tail", "settled-pattern-is-constant")
def without_tail(patch: pytest.MonkeyPatch) -> None:
    accepting(patch, range(8))


@mutant("a certificate that accepts at a finite t", "settled-pattern-is-constant")
def at_a_finite_time(patch: pytest.MonkeyPatch) -> None:
    accepting(patch, range(3, 4))


@mutant("a certificate that looks at the ends only", "settled-pattern-is-constant")
def ends_only(patch: pytest.MonkeyPatch) -> None:
    def change(c: Configuration, forms: Any, pattern: Pattern, _: Any) -> int | None:
        rows = [i for i in range(c.size) if i not in locked_rows(pattern)]
        found = [
            first_nonzero(f) if column in pattern[i] else failure(f)
            for i, column, f in walk.comparisons(forms, c.A, pattern, rows)
        ]
        return min([t for t in found if t is not None], default=None)

    def failure(f: ExponentialPolynomial) -> int | None:
        ends = f(0)[0] > 0 and f.coefficient(fmpq(1), 0)[0] >= 0
        return None if ends else first_failure(f)

    patch.setattr(walk, "first_change", change)


@mutant("a pattern that is taken to stand at once", "settling")
def at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(walk, "first_change", lambda *_: None)


@mutant("a settled layer that is not the least", "settled-pattern-is-constant")
def not_least(patch: pytest.MonkeyPatch) -> None:
    original = walk.ExactWalk.settled

    def settled(self: walk.ExactWalk, *more: Any) -> Settled:
        result = original(self, *more)
        k, pattern = result.history[-1]
        forms = tuple(form.shift() for form in result.closed_form)
        history = (*result.history[:-1], (k + 1, pattern))
        if k == 0:
            history = ((0, pattern), (1, pattern))
        return replace(result, history=history, closed_form=forms)

    patch.setattr(walk.ExactWalk, "settled", settled)


@mutant("μ = λ for a token in its own attention set", "closed-form")
def plain_recursion(patch: pytest.MonkeyPatch) -> None:
    original = closed_form.recursion
    patch.setattr(
        closed_form,
        "recursion",
        lambda c, pattern, i, lam: (lam, original(c, pattern, i, lam)[1]),
    )


@mutant("resonance without its degree", "closed-form")
def without_resonance(patch: pytest.MonkeyPatch) -> None:
    original = closed_form.solve

    def solve(mu: fmpq, source: ExponentialPolynomial, start: Any) -> ExponentialPolynomial:
        kept = [term for term in source.terms if term.base != mu]
        return original(mu, ExponentialPolynomial.of(source.width, kept), start)

    patch.setattr(closed_form, "solve", solve)


@mutant("a filter without its error bound", "paths-agree")
def unbounded(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Image, "bounds", lambda self, functionals, *_, **__: 0 * functionals[:, 0])


@mutant("frozen columns that are always behind", "paths-agree")
def always_behind(patch: pytest.MonkeyPatch) -> None:
    def everywhere(self: Persistence, group: list[int], j: int) -> Any:
        return np.ones((len(group), self.configuration.size), dtype=np.bool_)

    patch.setattr(Persistence, "_positive", everywhere)


@mutant("every leader on every face", "limits-are-feet")
def fat_faces(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(equilibrium, "face_of", lambda c, leaders, limit: tuple(v.token for v in leaders))


@mutant("the fastest rate", "clusters-are-limits")
def fastest(patch: pytest.MonkeyPatch) -> None:
    def rate(forms: Any) -> Rate | None:
        terms = [(r, p) for form in forms for r, p, _ in form.moving]
        return Rate(*min(terms)) if terms else None

    patch.setattr(equilibrium, "_rate", rate)


@mutant("limits read at the settled layer", "clusters-are-limits")
def unmoved(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ExponentialPolynomial, "limit", lambda self: self(0))


def refuting(claim: Statement, max_layers: int = 40) -> Report:
    """The report of a campaign of the claim, up to the unit that refutes it."""
    campaign = Campaign([claim], EXAMPLES, seed=1, max_layers=max_layers, shrink=False)
    for _ in campaign.results():
        (report,) = campaign.reports()
        if report.verdict is Verdict.REFUTED:
            break
    return report


def is_refuted(report: Report) -> None:
    assert (report.verdict, report.applicable > 0) == (Verdict.REFUTED, True), report.explanation
    assert report.witness is not None
    assert report.explanation


@pytest.mark.parametrize("name", WRONG)
def test_wrong_dynamics_are_refuted(name: str) -> None:
    """The claim speaks of the wrong dynamics, and knows what the rules that it names should be."""
    claim, wrong = WRONG[name]
    is_refuted(refuting(replace(find(claim), dynamics=wrong)))


def test_wrong_dynamics_pretend_to_be_hardmax() -> None:
    """To be told apart by what they do alone."""
    for _, wrong in WRONG.values():
        assert wrong != HARDMAX
        assert wrong.keys == HARDMAX.keys


@pytest.mark.parametrize("name", MUTANTS)
def test_mutant_is_refuted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    claim, patch = MUTANTS[name]
    patch(monkeypatch)
    is_refuted(refuting(find(claim), LAYERS.get(name, 40)))


def test_a_certificate_that_skips_ties_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern is proved from its second layer on, where most ties that break have broken.

    This one holds on two layers: tokens 1 and 2 are each other's mirror images, the tokens that
    they attend to are not, and token 0 is off the mirror only two layers later.
    """
    tokens = [[0, -1], [3, -3], [-3, -3], [1, -1], [-1, -1], [7, -2], [-6, -2]]
    configuration = Configuration(tokens, alpha=1)
    claim = find("settled-pattern-is-constant")
    run = Run(configuration)
    assert [run.pattern(k)[0] for k in range(3)] == [(1, 2), (1, 2), (1,)]
    assert claim(run) is True
    monkeypatch.setattr(walk, "first_nonzero", lambda f: None)
    assert isinstance(claim(Run(configuration)), Violation)


def test_the_same_campaign_holds_without_a_mutant() -> None:
    names = dict.fromkeys(claim for claim, _ in (*MUTANTS.values(), *WRONG.values()))
    claims = [find(name) for name in names]
    reports = validate(claims, examples=EXAMPLES, seed=1)
    assert {report.name: report.verdict for report in reports} == {
        claim.name: Verdict.HELD for claim in claims
    }


def test_there_are_enough_mutants() -> None:
    assert len(MUTANTS) + len(WRONG) >= 34
    assert len({claim for claim, _ in (*MUTANTS.values(), *WRONG.values())}) >= 12
