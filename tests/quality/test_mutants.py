"""Planted wrong dynamics: every mutant is refuted, through the public campaign, by a named claim.

A mutant replaces one function of `theory` by a plausible wrong one. The unharmed theory passes the
same campaign, so that a claim that refutes everything would be noticed.
"""

from collections.abc import Callable
from dataclasses import replace
from math import comb
from typing import Any

import numpy as np
import pytest
from flint import fmpq, fmpz

import theory.closed_form as closed_form
import theory.dynamics as dynamics
import theory.equilibrium as equilibrium
import theory.walk as walk
from checks import Verdict, validate
from checks.campaigns.campaign import Campaign
from checks.run import Run
from checks.statements import find
from checks.verdicts import Violation
from theory.configuration import Configuration
from theory.dynamics import Pattern, State, locked_rows
from theory.equilibrium import Leader, Rate
from theory.exponential import ExponentialPolynomial, Scalar
from theory.fast.filter import Image
from theory.fast.persistence import Persistence
from theory.matrices import as_matrix
from theory.positivity import first_failure, first_nonzero
from theory.rules import Averaged
from theory.settling import Settled
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


def maximisers(patch: pytest.MonkeyPatch, choose: Callable[[list[fmpz]], Any]) -> None:
    patch.setattr(Averaged, "chosen", lambda self, values: tuple(choose(list(values))))


@mutant("argmin", "first-leader")
def argmin(patch: pytest.MonkeyPatch) -> None:
    maximisers(patch, lambda v: [j for j, x in enumerate(v) if x == min(v)])


@mutant("argmin against the definition", "attention-is-argmax")
def argmin_again(patch: pytest.MonkeyPatch) -> None:
    argmin(patch)


@mutant("first maximiser only", "permutation-symmetry")
def first_only(patch: pytest.MonkeyPatch) -> None:
    maximisers(patch, lambda v: [v.index(max(v))])


@mutant("last maximiser only", "permutation-symmetry")
def last_only(patch: pytest.MonkeyPatch) -> None:
    maximisers(patch, lambda v: [len(v) - 1 - v[::-1].index(max(v))])


@mutant("ties within 1e-12", "attention-is-argmax")
def loose_ties(patch: pytest.MonkeyPatch) -> None:
    maximisers(
        patch,
        lambda v: [j for j, x in enumerate(v) if (max(v) - x) * 10**12 <= abs(max(v))],
    )


@mutant("products in floats", "attention-is-argmax")
def float_products(patch: pytest.MonkeyPatch) -> None:
    def choose(values: list[fmpz]) -> list[int]:
        shift = max(0, max(int(abs(x)).bit_length() for x in values) - 1000)
        floats = [float(int(x) >> shift) for x in values]
        return [j for j, x in enumerate(floats) if x == max(floats)]

    maximisers(patch, choose)


@mutant("second greatest", "attention-is-argmax")
def second(patch: pytest.MonkeyPatch) -> None:
    maximisers(patch, lambda v: [j for j, x in enumerate(v) if x == sorted(v)[-2:][0]])


ATTENTION_SETS = dynamics.attention_sets
NEXT_STATE = dynamics.next_state


@mutant("A transposed", "attention-is-argmax")
def transposed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        dynamics,
        "attention_sets",
        lambda state, A, *more: ATTENTION_SETS(state, None if A is None else A.transpose(), *more),
    )


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


@mutant("A ignored", "coordinate-symmetry")
def ignored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        dynamics,
        "attention_sets",
        lambda state, _, *more: ATTENTION_SETS(state, None, *more),
    )


@mutant("a token excluded from its own attention set", "first-leader")
def excluded(patch: pytest.MonkeyPatch) -> None:
    def attend(state: State, A: Any, rows: Any = None, *_: Any) -> Any:
        n = len(state.numerators)
        if n == 1:
            return ((0,),)
        form = state.matrix if A is None else state.matrix * A
        matrix = (form * state.matrix.transpose()).table()
        sets = []
        for i in range(n) if rows is None else rows:
            greatest = max(x for j, x in enumerate(matrix[i]) if j != i)
            sets.append(tuple(j for j, x in enumerate(matrix[i]) if j != i and x == greatest))
        return tuple(sets)

    patch.setattr(dynamics, "attention_sets", attend)


@mutant("γ and λ swapped", "layer-is-the-definition")
def swapped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        dynamics,
        "next_state",
        lambda state, pattern, pull, w: NEXT_STATE(state, pattern, 1 - pull, w),
    )


@mutant("no division by 1+α", "hulls-shrink")
def undivided(patch: pytest.MonkeyPatch) -> None:
    def layer(state: State, pattern: Any, pull: fmpq, w: Any) -> State:
        moved = NEXT_STATE(state, pattern, pull, w)
        return State.of([[x / (1 - pull) for x in row] for row in moved.tokens])

    patch.setattr(dynamics, "next_state", layer)


@mutant("stepping away from the target", "norms-grow")
def away(patch: pytest.MonkeyPatch) -> None:
    def layer(state: State, pattern: Any, pull: fmpq, w: Any) -> State:
        moved = NEXT_STATE(state, pattern, pull, w)
        return State.of(
            [
                [2 * x - y for x, y in zip(old, new, strict=True)]
                for old, new in zip(state.tokens, moved.tokens, strict=True)
            ]
        )

    patch.setattr(dynamics, "next_state", layer)


@mutant("copies unweighted", "merging-commutes")
def unweighted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        dynamics,
        "next_state",
        lambda state, pattern, pull, w: NEXT_STATE(state, pattern, pull, (1,) * len(w)),
    )


@mutant("update in place", "layer-is-the-definition")
def in_place(patch: pytest.MonkeyPatch) -> None:
    def layer(state: State, pattern: Any, pull: fmpq, w: Any) -> State:
        for i in range(len(pattern)):
            tokens = list(state.tokens)
            tokens[i] = NEXT_STATE(state, pattern, pull, w).tokens[i]
            state = State.of(tokens)
        return state

    patch.setattr(dynamics, "next_state", layer)


@mutant("attention from the layer before", "attention-is-argmax")
def stale(patch: pytest.MonkeyPatch) -> None:
    original = Trajectory._attend
    patch.setattr(Trajectory, "_attend", lambda self, k: original(self, max(0, k - 1)))


@mutant("followers of followers are locked", "attention-is-argmax")
def overlocked(patch: pytest.MonkeyPatch) -> None:
    def rows(pattern: Any, _: Any) -> list[int]:
        return [i for i, attended in enumerate(pattern) if len(attended) == 1]

    patch.setattr(dynamics, "locked_rows", rows)


@mutant("leaders by first index", "leaders-are-vertices")
def first_index(patch: pytest.MonkeyPatch) -> None:
    def leaders(history: Any, places: Any, limits: Any, ties: Any) -> tuple[Leader, ...]:
        _, pattern = history[-1]
        return tuple(
            Leader(i, 0, limits[i]) for i, attended in enumerate(pattern) if attended[0] == i
        )

    patch.setattr(equilibrium, "_leaders", leaders)


@mutant("leaders lead from layer 0", "leaders-are-vertices")
def always_led(patch: pytest.MonkeyPatch) -> None:
    original = equilibrium._leaders
    patch.setattr(
        equilibrium,
        "_leaders",
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


@pytest.mark.parametrize("name", MUTANTS)
def test_mutant_is_refuted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    claim, patch = MUTANTS[name]
    patch(monkeypatch)
    campaign = Campaign(
        [find(claim)], EXAMPLES, seed=1, max_layers=LAYERS.get(name, 40), shrink=False
    )
    for _ in campaign.results():
        (report,) = campaign.reports()
        if report.verdict is Verdict.REFUTED:
            break
    assert (report.verdict, report.applicable > 0) == (Verdict.REFUTED, True), report.explanation
    assert report.witness is not None
    assert report.explanation


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
    claims = [find(name) for name in dict.fromkeys(claim for claim, _ in MUTANTS.values())]
    reports = validate(claims, examples=EXAMPLES, seed=1)
    assert {report.name: report.verdict for report in reports} == {
        claim.name: Verdict.HELD for claim in claims
    }


def test_there_are_enough_mutants() -> None:
    assert len(MUTANTS) >= 15
    assert len({claim for claim, _ in MUTANTS.values()}) >= 8
