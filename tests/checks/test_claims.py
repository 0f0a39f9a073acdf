"""Every claim holds of the truth, and refuses each wrong world that it is there to refuse.

`TWINS` has, for each way in which a claim can fail, the smallest run on which it has to: the truth
about one configuration with one thing in it replaced. The claim accepts the run as it is, and
returns a `Violation` with the words given here, not an exception, once the thing is replaced.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partialmethod
from inspect import getsource
from typing import Any, NamedTuple

import pytest
from flint import fmpq, fmpz, fmpz_mat
from gallery import GALLERY

import checks.run as runs
from checks import Run, Verdict, Violation, settlement
from checks.beside import BATCHES_ONE_IN, chosen
from checks.examination import examine
from checks.statements import (
    STANDING,
    Claim,
    claim,
    claims,
    find,
    find_claim,
    limits,
    registry,
    symmetries,
    tools,
)
from theory import (
    INFINITE,
    Configuration,
    Dynamics,
    HardmaxError,
    NotSettled,
    Settled,
    Trajectory,
    inequalities,
    settle,
    walk,
)
from theory.certificates import certificate
from theory.closed_form import closed_form
from theory.equilibrium import Leader, Rate
from theory.exponential import ExponentialPolynomial, Term
from theory.fast.filter import Image
from theory.matrices import Vector
from theory.numerics import simulation
from theory.numerics.enclosures import SoftmaxBound
from theory.steps import Valued

NAMES = [
    "attention-is-argmax",
    "layer-is-the-definition",
    "norms-grow",
    "hulls-shrink",
    "first-leader",
    "leader-invariance",
    "separation",
    "acyclic-attention",
    "rest-is-a-foot",
    "locked-followers",
    "frank-wolfe",
    "settling",
    "closed-form",
    "settled-pattern-is-constant",
    "limits-keep-attention",
    "leaders-are-vertices",
    "limits-are-feet",
    "polytope-in-every-hull",
    "clusters-are-limits",
    "binary64-agrees-while-it-attends-alike",
    "softmax-limit",
    "paths-agree",
    "own-attention-rests",
    "one-base",
    "single-attention-is-a-leader",
    "resonance-iff-no-leader",
    "permutation-symmetry",
    "scaling-symmetry",
    "coordinate-symmetry",
    "pattern-independent-of-step",
    "merging-commutes",
    "answers-need-no-hypothesis",
    "side-by-side",
    "signs-are-those-of-values",
    "hulls-tell-sides",
    "the-filter-is-within-its-bounds",
    "mass-contraction",
    "capture",
    "balanced-attention",
    "geometric-convergence",
    "tie-step-bound",
    "resonance-is-orthogonal",
    "nothing-balanced-beyond",
    "greedy-choice",
    "no-attention-within-a-limit",
    "degree-bound",
    "vertex-followers-lock",
    "moving-self-ties",
]

Tamper = Callable[[Run, pytest.MonkeyPatch], None]


class Twin(NamedTuple):
    """A configuration, what is replaced in the truth about it, and what the claim has to say."""

    name: str
    claim: str
    words: str
    configuration: Configuration
    tamper: Tamper


TWINS: list[Twin] = []


def twin(claim: str, words: str, configuration: Configuration) -> Callable[[Tamper], Tamper]:
    """Register a wrong world; `words` is a pattern for the whole text of the violation."""

    def register(tamper: Tamper) -> Tamper:
        TWINS.append(Twin(tamper.__name__, claim, words, configuration, tamper))
        return tamper

    return register


def wrong(
    name: str,
    claim: str,
    configuration: Configuration,
    words: str,
    put: Callable[..., Any],
    *arguments: Any,
    **changes: Any,
) -> Twin:
    """The wrong world in which `put` puts these in the place of the truth."""

    def tamper(run: Run, patch: pytest.MonkeyPatch) -> None:
        put(run, patch, *arguments, **changes)

    return Twin(name, claim, words, configuration, tamper)


def exhibit(name: str) -> Configuration:
    """A configuration of the gallery."""
    shown = GALLERY[name]
    return Configuration(shown["tokens"], shown["alpha"], shown["A"])


FOLLOWER = Configuration([[2], [1]], 1)
"""Token 1 follows token 0."""

FACE = exhibit("face-limit")
"""Token 2 ties the leaders 0 and 1 for ever and tends to the midpoint (0, 2)."""

EMERGING = exhibit("emerging-leader")
"""Settles at layer 2; token 0 leads since layer 1, after a tie with token 1."""

SLOW = exhibit("hundreds-of-layers")
"""Changes its pattern at the layers 1 and 231."""

MOVING = exhibit("moving-tie")
"""Token 4 ties the moving tokens 2 and 3, which tie the leaders 0 and 1."""

COPIES = Configuration([[2], [1], [2]], 1)
"""Tokens 0 and 2 stand at one place."""


def vector(*coordinates: int | str) -> Vector:
    return tuple(fmpq(*map(int, str(x).split("/"))) for x in coordinates)


def put_tokens(run: Run, patch: pytest.MonkeyPatch, layer: int, changes: dict[int, Vector]) -> None:
    """Let tokens be elsewhere at one layer."""
    truth = run.tokens

    def tokens(k: int) -> tuple[Vector, ...]:
        found = list(truth(k))
        if k == layer:
            for i, place in changes.items():
                found[i] = place
        return tuple(found)

    patch.setattr(run, "tokens", tokens)


def put_sets(
    run: Run,
    patch: pytest.MonkeyPatch,
    layer: int,
    changes: dict[int, tuple[int, ...]],
    name: str = "pattern",
) -> None:
    """Let attention sets be others at one layer: those read by `pattern`, or by `argmax`."""
    truth = getattr(run, name)

    def pattern(k: int) -> tuple[tuple[int, ...], ...]:
        found = list(truth(k))
        if k == layer:
            for i, attended in changes.items():
                found[i] = attended
        return tuple(found)

    patch.setattr(run, name, pattern)


def put_targets(run: Run, patch: pytest.MonkeyPatch, changes: dict[int, Vector]) -> None:
    """Let targets be others at every layer."""
    truth = run.targets
    patch.setattr(
        run,
        "targets",
        lambda k: tuple(changes.get(i, target) for i, target in enumerate(truth(k))),
    )


def put_settled(run: Run, patch: pytest.MonkeyPatch, **changes: Any) -> Settled:
    """Replace fields of the settled run; the true one."""
    truth = run.settled
    patch.setattr(run, "settling", replace(truth, **changes))
    patch.setattr(run, "settled", run.settling)
    return truth


def put_pattern(run: Run, patch: pytest.MonkeyPatch, changes: dict[int, tuple[int, ...]]) -> None:
    """Let attention sets of the settled pattern be others."""
    (*before, (layer, pattern)) = run.settled.history
    wrong = tuple(changes.get(i, attended) for i, attended in enumerate(pattern))
    put_settled(run, patch, history=(*before, (layer, wrong)))


def put_forms(
    run: Run, patch: pytest.MonkeyPatch, changes: dict[int, ExponentialPolynomial]
) -> None:
    """Let closed forms be others."""
    forms = tuple(changes.get(i, form) for i, form in enumerate(run.settled.closed_form))
    put_settled(run, patch, closed_form=forms)


def put_equilibrium(run: Run, patch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Replace fields of the equilibrium."""
    patch.setattr(run, "equilibrium", replace(run.equilibrium, **changes))


def put_leaders(run: Run, patch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Replace fields of the first leader."""
    first, *others = run.equilibrium.leaders
    put_equilibrium(run, patch, leaders=(replace(first, **changes), *others))


def put_limit(run: Run, patch: pytest.MonkeyPatch, token: int, limit: Vector, **more: Any) -> None:
    """Let one limit be another point."""
    limits = list(run.equilibrium.limits)
    limits[token] = limit
    put_equilibrium(run, patch, limits=tuple(limits), **more)


def put_certificate(run: Run, patch: pytest.MonkeyPatch, other: Any) -> None:
    """Let the certificate be that of another run."""
    made = certificate(other)
    patch.setattr(settlement, "certificate", lambda settled: made)


def cut_history(run: Run, patch: pytest.MonkeyPatch, changes: int) -> None:
    """Let the run settle at an earlier change of its pattern, with the closed form from there."""
    history = run.settled.history[:changes]
    layer, pattern = history[-1]
    forms = closed_form(run.configuration, run.tokens(layer), pattern)
    put_settled(run, patch, history=history, closed_form=forms)
    patch.setattr(inequalities, "MAX_PRECISION", 1 << 12)  # what is false is shown with none


# ---------------------------------------------------------------------- claims about layers


@twin("layer-is-the-definition", r"layer 0 is not that of the tokens \(layer 0\)", FOLLOWER)
def doubled(run: Run, patch: pytest.MonkeyPatch) -> None:
    truth = run.tokens
    patch.setattr(run, "tokens", lambda k: tuple(tuple(2 * x for x in z) for z in truth(k)))


@twin("separation", r"two tokens meet \(layer 1; token 0, 1\): 0 > 0", FOLLOWER)
def tokens_meet(run: Run, patch: pytest.MonkeyPatch) -> None:
    """Under A = 0, where every distance is 0; else they cannot if the identity holds."""
    patch.setattr(run, "form", (fmpz_mat([[0]]), fmpz(1)))
    put_tokens(run, patch, 1, {1: vector(2)})


@twin(
    "rest-is-a-foot",
    r"a token of the face has a smaller norm \(layer 0; token 0, 1\): 1 >= 4",
    FOLLOWER,
)
def rest_off_the_foot(run: Run, patch: pytest.MonkeyPatch) -> None:
    wrong = run.at(0)
    patch.setattr(wrong, "products", [[fmpz(4), fmpz(4)], [fmpz(4), fmpz(1)]])
    patch.setattr(run, "at", lambda k: wrong)


# ----------------------------------------------------- claims about infinitely many layers


REJECTED = r"its certificate is rejected: condition {}: .* \(layer {}\)"
"""What `settling` says where the verifier does not accept, at that settled layer."""


@twin("settling", r"the pattern changes after settling \(layer 2\)", EMERGING)
def said_to_settle_too_early(run: Run, patch: pytest.MonkeyPatch) -> None:
    """There is no certificate, as what it has to show is false."""
    cut_history(run, patch, 2)


@twin("settling", REJECTED.format(10, 0), FOLLOWER)
def a_closed_form_of_other_layers(run: Run, patch: pytest.MonkeyPatch) -> None:
    limit = ExponentialPolynomial.constant(vector(2))
    wrong = limit + ExponentialPolynomial.of(1, [Term(fmpq(1, 3), 0, vector(-1))])
    put_forms(run, patch, {1: wrong})


@twin("settling", REJECTED.format(9, 2), EMERGING)
def a_layer_is_made_up(run: Run, patch: pytest.MonkeyPatch) -> None:
    """Settled, with its closed form, from a layer that the tokens do not come to."""
    tokens = (vector(0, 1), *run.tokens(2)[1:])
    forms = closed_form(run.configuration, tokens, run.settled.pattern)
    put_settled(run, patch, closed_form=forms)


@twin("settling", "its certificate is of another configuration", MOVING)
def a_certificate_of_another_configuration(run: Run, patch: pytest.MonkeyPatch) -> None:
    other = settle(Configuration([[2 * x for x in z] for z in MOVING.tokens], MOVING.alpha))
    put_certificate(run, patch, other)


@twin("settling", "its certificate is of another leader", MOVING)
def a_certificate_with_another_leader(run: Run, patch: pytest.MonkeyPatch) -> None:
    put_certificate(run, patch, run.settled)
    put_leaders(run, patch, since_layer=7)


@twin("settling", "its certificate is of another limit", MOVING)
def a_certificate_with_another_limit(run: Run, patch: pytest.MonkeyPatch) -> None:
    put_certificate(run, patch, run.settled)
    put_limit(run, patch, 4, vector(0, 3, 0))


@twin("closed-form", r"another pattern stands \(layer 1\)", EMERGING)
def change_forgotten(run: Run, patch: pytest.MonkeyPatch) -> None:
    first, _, last = run.settled.history
    put_settled(run, patch, history=(first, last))


@twin(
    "closed-form",
    r"the closed form is elsewhere than the layers \(layer 1; token 0\): 1/6 = 1/8",
    EMERGING,
)
def solved_with_another_step(run: Run, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        runs,
        "closed_form",
        lambda c, tokens, pattern, _: closed_form(
            Configuration(c.tokens, "1/2", c.A), tokens, pattern
        ),
    )


@twin(
    "closed-form",
    r"the closed form is elsewhere than the layers \(layer 0; token 1\): 3/2 = 1",
    FOLLOWER,
)
def form_of_another_layer(run: Run, patch: pytest.MonkeyPatch) -> None:
    put_forms(run, patch, {1: run.settled.closed_form[1].shift()})


@twin(
    "closed-form",
    r"the closed form is elsewhere than the layers \(layer 1; token 1\): 5/3 = 3/2",
    FOLLOWER,
)
def form_that_starts_right(run: Run, patch: pytest.MonkeyPatch) -> None:
    limit = ExponentialPolynomial.constant(vector(2))
    wrong = limit + ExponentialPolynomial.of(1, [Term(fmpq(1, 3), 0, vector(-1))])
    put_forms(run, patch, {1: wrong})


@twin(
    "closed-form",
    r"the closed form is elsewhere than the layers \(layer 2; token 1\): 11/4 = 7/4",
    FOLLOWER,
)
def form_with_a_degree_too_many(run: Run, patch: pytest.MonkeyPatch) -> None:
    """C(t, 2) 4 (1/2)^t more, which is 0 at the first two layers; degree 1 has no term."""
    limit = ExponentialPolynomial.constant(vector(2))
    terms = [Term(fmpq(1, 2), 0, vector(-1)), Term(fmpq(1, 2), 2, vector(4))]
    put_forms(run, patch, {1: limit + ExponentialPolynomial.of(1, terms)})


@twin(
    "settled-pattern-is-constant",
    r"the pattern stood a layer earlier already \(layer 0\)",
    FOLLOWER,
)
def settled_too_late(run: Run, patch: pytest.MonkeyPatch) -> None:
    forms = tuple(form.shift() for form in run.settled.closed_form)
    pattern = run.settled.pattern
    put_settled(run, patch, history=((0, pattern), (1, pattern)), closed_form=forms)


@twin("leaders-are-vertices", r"the leaders are not the tokens that lead \(token 0, 1\)", FACE)
def a_leader_forgotten(run: Run, patch: pytest.MonkeyPatch) -> None:
    put_equilibrium(run, patch, leaders=run.equilibrium.leaders[1:])


@twin("leaders-are-vertices", r"the leaders are not the tokens that lead \(token 0, 1\)", FACE)
def a_follower_that_leads(run: Run, patch: pytest.MonkeyPatch) -> None:
    leaders = (*run.equilibrium.leaders, Leader(2, 0, vector(0, 1)))
    put_equilibrium(run, patch, leaders=leaders)


@twin("leaders-are-vertices", r"a leader is not exposed in K \(token 2, 0\): 4 < 4", FACE)
def leader_on_an_edge(run: Run, patch: pytest.MonkeyPatch) -> None:
    leaders = (*run.equilibrium.leaders, Leader(2, 0, vector(0, 2)))
    put_pattern(run, patch, {2: (2,)})
    put_equilibrium(run, patch, leaders=leaders)


@twin("leaders-are-vertices", r"a leader does not lead yet \(layer 0; token 0\)", EMERGING)
def leader_too_early(run: Run, patch: pytest.MonkeyPatch) -> None:
    put_leaders(run, patch, since_layer=0, position=run.tokens(0)[0])


@twin("polytope-in-every-hull", r"a vertex of K is outside the hull \(layer 0; token 0\)", FACE)
def vertex_outside(run: Run, patch: pytest.MonkeyPatch) -> None:
    put_leaders(run, patch, position=vector(3, 2))
    limits = (vector(3, 2), *run.equilibrium.limits[1:])
    put_equilibrium(run, patch, limits=limits)


# --------------------------------------------------------------- floating point and softmax


@twin(
    "binary64-agrees-while-it-attends-alike",
    r"binary64 attends alike and is elsewhere \(layer 1; token 0\): \S+ <= 5/140737488355328",
    FOLLOWER,
)
def half_precision(run: Run, patch: pytest.MonkeyPatch) -> None:
    truth = simulation.moves

    def moves(*given: Any) -> list[simulation.Array]:
        start, *moved = truth(*given)
        return [start, *(Z * (1 + 2.0**-11) for Z in moved)]

    patch.setattr(simulation, "moves", moves)


@twin("softmax-limit", r"at β = 1 softmax is further from hardmax \(layer 0; token 0\)", FACE)
def decay_twice_as_fast(run: Run, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SoftmaxBound, "holds", partialmethod(SoftmaxBound.holds, decay=2))


# -------------------------------------------------------------------------- settled patterns


@twin("one-base", r"another base than λ \(layer 0; token 1\): 1/3 = 1/2", FOLLOWER)
def another_base(run: Run, patch: pytest.MonkeyPatch) -> None:
    limit = ExponentialPolynomial.constant(vector(2))
    wrong = limit + ExponentialPolynomial.of(1, [Term(fmpq(1, 3), 0, vector(-1))])
    put_forms(run, patch, {1: wrong})


@twin("paths-agree", r"the filtered path attends otherwise \(layer 1\)", FOLLOWER)
def attended_otherwise(run: Run, patch: pytest.MonkeyPatch) -> None:
    put_settled(run, patch, history=((1, run.settled.pattern),))


@twin("paths-agree", r"the filtered path has another closed form \(layer 0\)", FACE)
def another_closed_form(run: Run, patch: pytest.MonkeyPatch) -> None:
    put_forms(run, patch, {2: run.settled.closed_form[2].shift()})


@twin("paths-agree", "the filtered path decides otherwise", SLOW)
def decided_otherwise(run: Run, patch: pytest.MonkeyPatch) -> None:
    assert run.settled
    patch.setattr(run, "max_layers", 200)


def told_limits(run: Run, patch: pytest.MonkeyPatch) -> None:
    """Let the equilibrium stay what it is, whatever is replaced next."""
    patch.setattr(run, "equilibrium", run.equilibrium)


def moving(*steps: tuple[Vector, int], limit: Vector) -> ExponentialPolynomial:
    """The limit and terms c · C(t, p) · (2/3)^t, given as (c, p)."""
    terms = [Term(fmpq(2, 3), p, c) for c, p in steps]
    width = len(limit)
    return ExponentialPolynomial.constant(limit) + ExponentialPolynomial.of(width, terms)


@twin(
    "mass-contraction",
    r"a token keeps too much of what is not the leaders' \(layer 2; token 1\): 1 ≤ 15/16",
    FOLLOWER,
)
def mass_kept(run: Run, patch: pytest.MonkeyPatch) -> None:
    told_limits(run, patch)
    put_pattern(run, patch, {1: (1,)})


@twin(
    "geometric-convergence",
    r"too slow on the way to the limits \(layer 2\): 96059601/100000000 ≤ 15/16",
    FOLLOWER,
)
def too_slow(run: Run, patch: pytest.MonkeyPatch) -> None:
    form = ExponentialPolynomial.of(1, [Term(fmpq(99, 100), 0, vector(-1))])
    put_forms(run, patch, {1: ExponentialPolynomial.constant(vector(2)) + form})


@twin("greedy-choice", r"another balanced set is farther along \(token 2, 0, 1\)", FACE)
def not_the_farthest(run: Run, patch: pytest.MonkeyPatch) -> None:
    told_limits(run, patch)
    put_pattern(run, patch, {2: (0,)})
    apart = {0: (vector(1, 1), vector(2, 2)), 1: (vector(-1, -1), vector(-2, 2))}
    forms = {i: moving((step, 0), limit=limit) for i, (step, limit) in apart.items()}
    put_forms(run, patch, forms)


@twin(
    "no-attention-within-a-limit",
    r"a moving token of the same limit is attended to \(token 0, 1\)",
    FOLLOWER,
)
def attention_within_a_limit(run: Run, patch: pytest.MonkeyPatch) -> None:
    told_limits(run, patch)
    put_pattern(run, patch, {0: (1,)})


@twin(
    "vertex-followers-lock",
    r"a token that tends to a vertex is not locked \(token 1, 0\)",
    FOLLOWER,
)
def free_at_a_vertex(run: Run, patch: pytest.MonkeyPatch) -> None:
    told_limits(run, patch)
    put_pattern(run, patch, {1: (1,)})


def resonant() -> ExponentialPolynomial:
    """(0, 2) − (0, 1)(1 + t)(2/3)^t."""
    bases = [Term(fmpq(2, 3), p, vector(0, -1)) for p in (0, 1)]
    return ExponentialPolynomial.constant(vector(0, 2)) + ExponentialPolynomial.of(2, bases)


@twin("resonance-is-orthogonal", r"another base than λ \(layer 0; token 1\): 1/3 = 1/2", FOLLOWER)
def resonance_of_another_base(run: Run, patch: pytest.MonkeyPatch) -> None:
    another_base(run, patch)


@twin(
    "resonance-iff-no-leader",
    r"the order has another base than λ \(layer 0; token 1\)",
    FOLLOWER,
)
def order_of_another_base(run: Run, patch: pytest.MonkeyPatch) -> None:
    limit = ExponentialPolynomial.constant(vector(2))
    wrong = limit + ExponentialPolynomial.of(1, [Term(fmpq(1, 3), 0, vector(-1))])
    put_forms(run, patch, {1: wrong})


@twin(
    "resonance-iff-no-leader",
    r"all resonate, and yet one rests \(layer 0; token 2, 0\)",
    FACE,
)
def rest_among_the_moving(run: Run, patch: pytest.MonkeyPatch) -> None:
    put_forms(run, patch, {2: resonant()})
    put_pattern(run, patch, {0: (0, 1), 1: (0, 1)})


# ------------------------------------------------------------------------------- symmetries


@twin("permutation-symmetry", "the permuted configuration has another limit", FOLLOWER)
def limit_by_place(run: Run, patch: pytest.MonkeyPatch) -> None:
    put_forms(run, patch, {1: run.settled.closed_form[1].shift()})


@twin("scaling-symmetry", r"a scaled matrix: the layers differ \(layer 0\)", FACE)
def ties_within_a_tolerance(run: Run, patch: pytest.MonkeyPatch) -> None:
    """Attention that ties every product within 3 of the greatest, once A is no longer I."""

    class Tolerant(Trajectory):
        def pattern(self, layer: int) -> tuple[tuple[int, ...], ...]:
            if self.configuration.A == run.configuration.A:
                return super().pattern(layer)
            return tuple(tuple(range(self.configuration.size)) for _ in self.tokens(layer))

    patch.setattr(symmetries, "Trajectory", Tolerant)


@twin("merging-commutes", r"copies run apart from their place \(layer 1; token 1\)", COPIES)
def copies_unweighted(run: Run, patch: pytest.MonkeyPatch) -> None:
    class Hasty(Trajectory):
        def tokens(self, layer: int) -> tuple[Vector, ...]:
            found = super().tokens(layer)
            merged = self.configuration.size < run.source.size
            return super().tokens(layer + 1) if merged and layer else found

    patch.setattr(symmetries, "Trajectory", Hasty)


@twin("merging-commutes", r"copies attend otherwise than their place \(layer 0\)", COPIES)
def copies_broken(run: Run, patch: pytest.MonkeyPatch) -> None:
    class Narrow(Trajectory):
        def pattern(self, layer: int) -> tuple[tuple[int, ...], ...]:
            return tuple(attended[:1] for attended in super().pattern(layer))

    patch.setattr(symmetries, "Trajectory", Narrow)


def ids() -> list[str]:
    return [f"{made.claim}: {made.name}" for made in TWINS]


WITH_ORIGIN = Configuration([[2, 0], [1, 0], [0, 0]], 1)
"""A configuration outside (H) that settles at layer 1."""


def looked_at(turn: int, one_in: int = tools.ONE_IN) -> Configuration:
    """A face limit that the claims with this turn look at, which they do at one in so many."""
    every = (Configuration([[k, 2], [-k, 2], [0, 1]], "1/2") for k in range(2, 1000))
    return next(c for c in every if chosen(c, one_in, turn))


@twin("side-by-side", r"in a batch it settles otherwise", looked_at(0, BATCHES_ONE_IN))
def batch_otherwise(run: Run, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("checks.run.differs", lambda *_: True)


@twin("signs-are-those-of-values", r"a late failure is told at another time", looked_at(1))
def late_failure(run: Run, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tools, "first_failure", lambda f: tools.FAR + 1)


@twin(
    "signs-are-those-of-values",
    r"the first value that is not 0 is told at another time",
    looked_at(1),
)
def first_value(run: Run, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tools, "first_nonzero", lambda f: 0)


@twin("signs-are-those-of-values", r"the first failure is told at another time", looked_at(1))
def first_told(run: Run, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tools, "first_failure", lambda f: tools.FAR)


@twin("signs-are-those-of-values", r"the runs of constant sign are others", looked_at(1))
def other_runs(run: Run, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tools, "runs", lambda f: [])


@twin("hulls-tell-sides", r"a point is told to be on the other side of a hull", looked_at(2))
def every_side(run: Run, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tools, "in_hull", lambda *_: True)


@twin(
    "the-filter-is-within-its-bounds",
    r"the image is farther off than its drift \(layer 0; token 0\)",
    looked_at(3),
)
def shifted_image(run: Run, patch: pytest.MonkeyPatch) -> None:
    image = Image.of(run.configuration)
    patch.setattr(Image, "of", lambda c: replace(image, rows=image.rows + 1))


@twin(
    "the-filter-is-within-its-bounds",
    r"a product is farther off than its bound \(layer 0; token 0, 0\)",
    looked_at(3),
)
def no_bound(run: Run, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Image, "bounds", lambda self, rows, *_: 0 * rows[:, 0] - 1)


TWINS += [
    # claims about layers
    wrong("tie_dropped", "attention-is-argmax", FACE,
          r"token 1 is missing from C_2 \(layer 0; token 2, 1\): 2 < 2", put_sets, 0, {2: (0,)}),
    wrong("tie_invented", "attention-is-argmax", FACE,
          r"token 1 is wrongly in C_0 \(layer 0; token 0, 1\): 0 = 8", put_sets, 0, {0: (0, 1)}),
    wrong("short_step", "layer-is-the-definition", FOLLOWER,
          r"the layer moves a token elsewhere \(layer 0; token 1\): 4/3 = 3/2",
          put_tokens, 1, {1: vector("4/3")}),
    wrong("step_inward", "norms-grow", FOLLOWER,
          r"the norm gains too little \(layer 0; token 1\): -3/4 >= 1/4",
          put_tokens, 1, {1: vector("1/2")}),
    wrong("step_around", "norms-grow", FACE,
          r"a token moves and keeps its norm \(layer 0; token 0\)",
          put_tokens, 1, {0: vector(2, -2)}),
    wrong("step_beyond", "hulls-shrink", FOLLOWER,
          r"the layer leaves the hull of the tokens \(layer 0; token 1\)",
          put_tokens, 1, {1: vector("201/100")}),
    wrong("step_through_an_edge", "hulls-shrink", FACE,
          r"the layer leaves the hull of the tokens \(layer 0; token 2\)",
          put_tokens, 1, {2: vector(0, "201/100")}),
    wrong("no_first_leader", "first-leader", FOLLOWER,
          r"the token of greatest norm attends to another \(layer 0; token 0, 1\): 2 < 4",
          put_sets, 0, {0: (0, 1)}),
    wrong("leader_deposed", "leader-invariance", FOLLOWER,
          r"the leader since layer 0 no longer leads \(layer 1; token 0\)",
          put_sets, 1, {0: (1,)}),
    wrong("leader_moved", "leader-invariance", FOLLOWER,
          r"the leader since layer 0 has moved \(layer 1; token 0\)",
          put_tokens, 1, {0: vector(3)}),
    wrong("targets_swapped", "separation", FOLLOWER,
          r"targets approach \(layer 0; token 0, 1\): -1 >= 0",
          put_targets, {0: vector(1), 1: vector(2)}),
    wrong("too_far_apart", "separation", FOLLOWER,
          r"the identity fails \(layer 0; token 0, 1\): 16/9 = 1",
          put_tokens, 1, {1: vector("4/3")}),
    wrong("attention_downward", "acyclic-attention", FOLLOWER,
          r"a token attends to one that is no longer \(layer 0; token 0, 1\): 1 > 4",
          put_sets, 0, {0: (1,)}),
    wrong("rest_anywhere", "rest-is-a-foot", FOLLOWER,
          r"the token at rest is not on its face \(layer 0; token 1\): 2 = 1",
          put_targets, {1: vector(1)}),
    wrong("follower_turns", "locked-followers", FOLLOWER,
          r"the follower locked since layer 0 turns \(layer 1; token 1, 0\)",
          put_sets, 1, {1: (1,)}, "argmax"),
    wrong("follower_strays", "locked-followers", FOLLOWER,
          r"the follower locked since layer 0 strays \(layer 1; token 1, 0\): -2/3 = -1/2",
          put_tokens, 1, {1: vector("4/3")}),
    wrong("wrong_oracle", "frank-wolfe", FOLLOWER,
          r"the target does not maximise the linear functional \(layer 0; token 1\): 1 = 2",
          put_targets, {1: vector(1)}),
    wrong("wrong_step", "frank-wolfe", FOLLOWER,
          r"the layer is not the Frank–Wolfe step \(layer 0; token 1\): 4/3 = 3/2",
          put_tokens, 1, {1: vector("4/3")}),
    # claims about infinitely many layers
    wrong("said_to_settle_much_too_early", "settling", SLOW,
          r"the pattern changes long after settling \(layer 257\)", cut_history, 2),
    wrong("another_pattern_is_said_to_stand", "settling", FOLLOWER, REJECTED.format(5, 0),
          put_pattern, {1: (0, 1)}),
    wrong("settled_too_early", "settled-pattern-is-constant", EMERGING,
          r"the pattern changes after settling \(layer 2\)", cut_history, 2),
    wrong("settled_much_too_early", "settled-pattern-is-constant", SLOW,
          r"the pattern changes long after settling \(layer 257\)", cut_history, 2),
    wrong("limit_off_the_tie", "limits-keep-attention", FACE,
          r"in the limit another token is attended to \(token 2, 1\): 2 = 6",
          put_limit, 2, vector(1, 2)),
    wrong("leaders_lost", "leaders-are-vertices", FACE, "no token leads",
          put_equilibrium, leaders=()),
    wrong("leaders_together", "leaders-are-vertices", FACE, "two leaders share a position",
          put_leaders, position=vector(-2, 2)),
    wrong("leader_elsewhere", "leaders-are-vertices", FACE,
          r"a leader moved after it led \(layer 0; token 0\)", put_leaders,
          position=vector(3, 2)),
    wrong("leader_too_late", "leaders-are-vertices", FACE,
          r"a leader leads a layer earlier already \(layer 0; token 0\)",
          put_leaders, since_layer=1),
    wrong("face_called_vertex", "limits-are-feet", FACE,
          r"a limit of kind face is said to be of kind vertex \(token 2\)",
          put_equilibrium, kinds=("leader", "leader", "vertex"), faces={}),
    wrong("leader_called_vertex", "limits-are-feet", FACE,
          r"a limit of kind leader is said to be of kind vertex \(token 0\)",
          put_equilibrium, kinds=("vertex", "leader", "face")),
    wrong("limit_at_the_origin", "limits-are-feet", FACE,
          r"a limit is the origin \(token 2\): 0 > 0", put_limit, 2, vector(0, 0)),
    wrong("limit_off_the_foot", "limits-are-feet", FACE,
          r"a limit is not the foot of the origin \(token 2\): 6 = 5", put_limit, 2,
          vector(1, 2)),
    wrong("feet_without_leaders", "limits-are-feet", FACE,
          r"a limit is not the foot of the origin \(token 0\)",
          put_equilibrium, leaders=(), kinds=(None, None, None), faces={}),
    wrong("face_too_small", "limits-are-feet", FACE,
          r"the face is another one \(token 2, 0, 1\)", put_equilibrium, faces={2: (0,)}),
    wrong("leader_without_a_kind", "limits-are-feet", FACE,
          r"a limit of kind leader is said to be of none \(token 0\)",
          put_equilibrium, kinds=(None, "leader", "face")),
    wrong("face_unnamed", "limits-are-feet", FACE, r"a limit on a face has no kind \(token 2\)",
          put_equilibrium, kinds=("leader", "leader", None), faces={}),
    wrong("foot_outside_the_face", "limits-are-feet", FACE,
          r"a limit is not on its face \(token 2, 0\)",
          put_limit, 2, vector(2, 0), faces={2: (0,)}),
    wrong("limit_outside", "polytope-in-every-hull", FACE, r"a limit is outside K \(token 2\)",
          put_limit, 2, vector(0, "201/100")),
    wrong("nothing_led", "polytope-in-every-hull", FACE, r"a limit is outside K \(token 0\)",
          put_equilibrium, leaders=()),
    wrong("cluster_forgets", "clusters-are-limits", FOLLOWER,
          "the clusters do not partition the tokens", put_equilibrium, clusters=((0,),)),
    wrong("clusters_too_fine", "clusters-are-limits", FOLLOWER, "clusters and limits differ",
          put_equilibrium, clusters=((0,), (1,))),
    wrong("clusters_too_coarse", "clusters-are-limits", FACE, "clusters and limits differ",
          put_equilibrium, clusters=((0,), (1, 2))),
    wrong("limit_elsewhere", "clusters-are-limits", FACE,
          r"a token does not tend to its limit \(token 2\)", put_limit, 2, vector(0, 3)),
    wrong("resonance_overlooked", "clusters-are-limits", MOVING,
          "the rate is not the slowest term", put_equilibrium, rate=Rate(fmpq(2, 3), 0)),
    wrong("nothing_said_to_move", "clusters-are-limits", FOLLOWER,
          "the rate is not the slowest term", put_equilibrium, rate=None),
    # settled patterns
    wrong("moving_in_its_own_set", "own-attention-rests", FACE,
          r"a token in its own attention set moves \(layer 0; token 2\)",
          put_pattern, {2: (0, 1, 2)}),
    wrong("one_that_does_not_lead", "single-attention-is-a-leader", FACE,
          r"a token attends for ever to one that does not lead \(layer 0; token 0, 2\)",
          put_pattern, {0: (2,)}),
    wrong("another_equilibrium", "paths-agree", FOLLOWER,
          r"the filtered path has another equilibrium \(layer 0\)", put_equilibrium, rate=None),
    wrong("past_the_leader", "capture", FOLLOWER,
          r"a token leaves the cone at a leader \(layer 1; token 1, 0\)",
          put_tokens, 1, {1: vector(3)}),
    wrong("near_and_free", "capture", FOLLOWER,
          r"near a leader, and attends elsewhere \(layer 1; token 1, 0\)",
          put_sets, 1, {1: (1,)}, "argmax"),
    wrong("limit_off_balance", "balanced-attention", FACE,
          r"the limits attended to are not balanced \(token 2, 0, 1\)",
          put_limit, 2, vector(1, 2)),
    wrong("limits_off_the_face", "balanced-attention", FACE,
          r"a limit attended to is off the face \(token 2, 0\)",
          put_equilibrium, limits=(vector(2, 3), vector(-2, 1), vector(0, 2))),
    wrong("thrown_out", "tie-step-bound", FACE,
          r"a tie takes a token too far out \(layer 0; token 2, 0\): 81 ≤ .+",
          put_tokens, 1, {2: vector(0, 9)}),
    wrong("resonance_along", "resonance-is-orthogonal", FACE,
          r"a token resonates along its limit \(layer 0; token 2\): -2 = 0",
          put_forms, {2: resonant()}),
    wrong("from_beyond", "resonance-is-orthogonal", FACE,
          r"a token comes to its limit from beyond \(layer 0; token 2\): 2 < 0",
          put_forms, {2: moving((vector(0, 1), 0), limit=vector(0, 2))}),
    wrong("beyond_the_face", "nothing-balanced-beyond", FACE,
          r"a balanced set stays beyond the face \(token 2, 0, 1\)",
          put_forms, {0: moving((vector(0, 1), 0), limit=vector(2, 2))}),
    wrong("two_degrees_on_one_face", "degree-bound", FACE,
          r"a degree is too high \(token 2\): 2 ≤ 1",
          put_forms, {2: moving((vector(0, -1), 2), limit=vector(0, 2))}),
    wrong("self_tie_elsewhere", "moving-self-ties", exhibit("own-set-and-moving"),
          r"a self-tie ends elsewhere \(layer 0; token 0, 1\): 50 = .+",
          put_tokens, 1, {0: vector(5, 5)}),
    wrong("resonance_with_a_leader", "resonance-iff-no-leader", FACE,
          r"a leader is attended to, and yet resonance \(layer 0; token 2, 0\)",
          put_forms, {2: resonant()}),
    wrong("no_resonance_without_leader", "resonance-iff-no-leader", FACE,
          r"no leader, and yet no resonance \(layer 0; token 2\)",
          put_pattern, {0: (0, 1), 1: (0, 1)}),
    wrong("elsewhere_by_proxy", "resonance-iff-no-leader", FACE,
          r"an attended token attends elsewhere \(layer 0; token 2, 1\)",
          put_pattern, {1: (1, 2)}),
    # symmetries
    wrong("first_of_a_tie", "permutation-symmetry", FACE,
          r"the permuted tokens attend otherwise \(layer 0\)", put_sets, 0, {2: (0,)}),
    wrong("move_by_place", "permutation-symmetry", FOLLOWER,
          r"the permuted tokens move otherwise \(layer 1\)", put_tokens, 1, {1: vector("4/3")}),
    wrong("settle_by_place", "permutation-symmetry", EMERGING,
          "the permuted configuration settles at another layer", cut_history, 2),
    wrong("history_by_place", "permutation-symmetry", FOLLOWER,
          "the permuted configuration attends otherwise", put_pattern, {1: (0, 1)}),
    wrong("small_tokens_dragged", "scaling-symmetry", FOLLOWER,
          r"scaled tokens: the layers differ \(layer 1\)", put_tokens, 1, {1: vector("4/3")}),
    wrong("special_coordinates", "coordinate-symmetry", FOLLOWER,
          r"in other coordinates layers differ \(layer 1\)", put_tokens, 1, {1: vector("4/3")}),
    wrong("attention_by_step", "pattern-independent-of-step", FACE,
          r"with the step 3/2 the same tokens attend otherwise \(layer 0\)",
          put_sets, 0, {2: (0,)}),
    wrong("told_elsewhere", "answers-need-no-hypothesis", WITH_ORIGIN,
          r"another pattern is told \(layer 1\)", put_pattern, {1: (1,)}),
    wrong("told_form", "answers-need-no-hypothesis", WITH_ORIGIN,
          r"the closed form that is told is elsewhere \(layer 1\)",
          put_forms, {1: ExponentialPolynomial.constant(vector(5, 0))}),
]  # fmt: skip


@pytest.mark.parametrize("made", TWINS, ids=ids())
def test_the_twin_is_rejected(made: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = find(made.claim)
    monkeypatch.setattr(limits, "PROVED_ONE_IN", 1)
    assert judged(Run(made.configuration)) is True, "the claim does not hold of the truth"
    run = Run(made.configuration)
    assert judged.applies(run)
    made.tamper(run, monkeypatch)
    outcome = judged(run)
    assert outcome is not None
    assert not outcome
    words = str(outcome)
    assert re.fullmatch(rf"{made.words}( is false( \(.*\))?)?", words), words
    if isinstance(outcome, Violation) and outcome.left is not None:
        assert outcome.right is not None
        assert any(outcome.sides), "it does not say what its numbers are"
    assert isinstance(outcome, Violation)
    assert "None" not in words


def test_every_claim_has_a_twin() -> None:
    assert {made.claim for made in TWINS} == {made.name for made in claims()}


def test_every_violation_has_a_twin() -> None:
    """As many texts as the claims' code has places that return a violation."""
    places = {made.name: getsource(made.judge).count("Violation(") for made in claims()}
    helpers = {"closed-form": 1, "settling": 4, "settled-pattern-is-constant": 2}
    texts = {name: len({made.words for made in TWINS if made.claim == name}) for name in places}
    missing = {
        name: (texts[name], count + helpers.get(name, 0))
        for name, count in places.items()
        if texts[name] < count + helpers.get(name, 0)
    }
    assert not missing


# --------------------------------------------------------------------------- the registry


def test_the_names() -> None:
    assert [made.name for made in claims()] == NAMES


@pytest.mark.parametrize("made", claims(), ids=NAMES)
def test_a_claim_is_declared_in_full(made: Claim) -> None:
    assert find(made.name) is made
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made.name)
    assert made.statement
    assert made.statement.count("$") % 2 == 0
    assert made.statement.count("{") == made.statement.count("}")
    assert set(made.hypotheses) <= set(STANDING)
    assert made.source in (registry.AFZ, registry.AGR, registry.OURS)
    assert made.expected is Verdict.HELD


@pytest.fixture
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test declare claims that no other test sees."""
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))


@pytest.mark.usefixtures("own_registry")
def test_declaring_a_claim() -> None:
    @claim("tokens-count", "$n\\ge1$", hypotheses=["nonzero"])
    def tokens_count(run: Run) -> bool:
        return run.configuration.size > 0

    assert claims()[-1] is find("tokens-count")
    assert tokens_count(Run(FOLLOWER)) is True
    assert tokens_count(Run(Configuration([[0]], 1))) is None
    assert tokens_count.hypotheses == ("nonzero",)
    assert tokens_count.expected is Verdict.HELD
    assert tokens_count.source == "ours"


def test_what_was_declared_in_a_test_is_gone() -> None:
    with pytest.raises(HardmaxError):
        find("tokens-count")


@pytest.mark.usefixtures("own_registry")
def test_a_name_is_taken_once() -> None:
    before = claims()
    with pytest.raises(HardmaxError, match="a statement named 'norms-grow' exists already"):
        claim("norms-grow", "again")(lambda run: True)
    assert claims() == before


@pytest.mark.usefixtures("own_registry")
def test_a_hypothesis_has_a_name() -> None:
    before = claims()
    with pytest.raises(HardmaxError, match=r"fresh: 'symmetric' is none of nonzero, distinct"):
        claim("fresh", "…", hypotheses=["nonzero", "symmetric"])(lambda run: True)
    assert claims() == before


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("norm-grows", "norms-grow"),
        ("norms_grow", "norms-grow"),
        ("limits", "limits-keep-attention, limits-are-feet, clusters-are-limits"),
        ("Settling", "settling"),
    ],
)
def test_an_unknown_name_is_told_its_neighbours(name: str, near: str) -> None:
    with pytest.raises(HardmaxError) as raised:
        find_claim(name)
    assert str(raised.value) == f"no claim is named {name!r}; near names: {near}"


@pytest.mark.parametrize("name", ["", "zzz", "\n" * 3, "x" * 10_000])
def test_an_unknown_name_without_neighbours(name: str) -> None:
    with pytest.raises(HardmaxError, match=r"no claim is named .*'hardmax claims' lists") as raised:
        find_claim(name)
    assert len(str(raised.value)) < 200
    assert "\n" not in str(raised.value)


# --------------------------------------------------------- where a claim has nothing to say

OUTSIDE: dict[str, Run] = {
    "nonzero": Run(Configuration([[0], [1]], 1)),
    "distinct": Run(Configuration([[1, 0], [1, 0], [2, 1]], 1), keep_copies=True),
    "positive_definite": Run(Configuration([[1, 0], [2, 1]], 1, [[1, 0], [0, -1]])),
    "positive_step": Run(Configuration([[1], [2]], "-1/2")),
}
"""For each hypothesis a run of which it alone fails."""


@pytest.mark.parametrize("name", OUTSIDE)
def test_one_hypothesis_fails(name: str) -> None:
    holding = OUTSIDE[name].configuration.hypotheses.as_dict()
    assert [key for key, holds in holding.items() if not holds] == [name]


@pytest.mark.parametrize("made", claims(), ids=NAMES)
def test_silent_where_a_hypothesis_fails(made: Claim) -> None:
    for name, run in OUTSIDE.items():
        if name in made.hypotheses:
            assert not made.applies(run)
            assert made(run) is None
        else:
            assert made.applies(run)


LONELY = Configuration([[1]], 1)
RESTING = Configuration([[1], [-1]], 1)
BROKEN_TIE = Configuration([["1/10", "1/5"], ["3/10", "1/10"], ["1/5", "3/20"]], 1)

SILENT: dict[str, Run] = {
    "leader-invariance": Run(Configuration([[1], [1]], 1), keep_copies=True),
    "separation": Run(LONELY),
    "acyclic-attention": Run(RESTING),
    "locked-followers": Run(RESTING),
    "limits-are-feet": Run(FOLLOWER),
    "one-base": Run(RESTING),
    "resonance-iff-no-leader": Run(RESTING),
    "permutation-symmetry": Run(LONELY),
    "merging-commutes": Run(FOLLOWER),
    "binary64-agrees-while-it-attends-alike": Run(Configuration([["1e400"], [1]], 1)),
}
"""Runs on which the hypotheses of a claim hold and it speaks of nothing."""


@pytest.mark.parametrize("name", SILENT)
def test_silent_where_it_speaks_of_nothing(name: str) -> None:
    assert find(name).applies(SILENT[name])
    assert find(name)(SILENT[name]) is None


def test_binary64_that_attends_elsewhere_at_once_says_nothing() -> None:
    """0.1·0.1 + 0.2·0.2 ties 0.1·0.3 + 0.2·0.1 exactly, and not in binary64."""
    run = Run(BROKEN_TIE)
    assert len(run.pattern(0)[0]) > 1
    assert find("binary64-agrees-while-it-attends-alike")(run) is None


def test_claims_without_hypotheses_speak_everywhere() -> None:
    free = [made for made in claims() if not made.hypotheses]
    assert len(free) >= 6
    for run in OUTSIDE.values():
        for made in free:
            assert made(run) in (True, None), made.name


def test_hulls_are_looked_at_where_the_step_is_negative() -> None:
    assert isinstance(
        find("hulls-shrink").judge(Run(Configuration([[-1], [-2]], "-1/2"))), Violation
    )


def test_no_claim_is_false_where_tokens_meet() -> None:
    """Two tokens meet at layer 2: distinct tokens stay distinct only if α ≥ 0."""
    run = Run(Configuration([["1/3", -1], ["1/3", 0], [0, 1], [-1, 1]], "-2/3"))
    assert len(set(run.tokens(1))) == 4 > len(set(run.tokens(2)))
    for made in claims():
        try:
            assert made(run) in (True, None), made.name
        except NotSettled:
            assert "positive_step" not in made.hypotheses


def test_a_claim_about_the_limit_waits_for_it() -> None:
    """Beyond the budget a claim raises, which campaigns count as undecided."""
    run = Run(SLOW, max_layers=0)
    with pytest.raises(NotSettled, match="beyond the budget of 0"):
        find("settling")(run)
    with pytest.raises(NotSettled):
        find("limits-are-feet")(run)
    assert find("norms-grow")(run) is True


# -------------------------------------------------------------------------------- the run


def test_a_run_is_merged_unless_copies_are_kept() -> None:
    assert Run(COPIES).configuration.size == 2
    assert Run(COPIES).source is COPIES
    assert Run(COPIES, keep_copies=True).configuration is COPIES


@pytest.mark.parametrize(
    ("configuration", "layers"),
    [
        (FOLLOWER, [0, 1]),
        (EMERGING, [0, 1, 2, 3]),
        (SLOW, [*range(12), 231]),
    ],
)
def test_the_layers_that_claims_look_at(
    configuration: Configuration, layers: Sequence[int]
) -> None:
    assert list(Run(configuration).layers) == list(layers)


def test_the_layers_beyond_are_iterated_by_the_definition() -> None:
    run = Run(MOVING)
    assert len(run.beyond) == 9
    for t, layer in enumerate(run.beyond):
        assert layer.tokens() == run.settled.tokens(run.settled.layer + t)
        assert layer == run.from_closed_form(t)
        assert layer.attention == run.settled.pattern


def test_tokens_that_are_0_for_ever_attend_to_all() -> None:
    run = Run(Configuration([[0, 0], [0, 0]], "1/2"), keep_copies=True)
    assert [layer.attention for layer in run.beyond] == [((0, 1), (0, 1))] * 9


@pytest.mark.parametrize("size", [4, 8, 20])
def test_a_configuration_that_is_said_to_settle_too_early_is_no_proof(size: int) -> None:
    """Of the runs of `SLOW` and its like, none is proved at any change but the last."""
    configuration = Configuration([[-2, 0], [-2, 1], [-1, -1]], fmpq(1, size))
    truth = Run(configuration)
    assert truth.proved is True
    assert len(truth.settled.history) > 1
    for changes in range(1, len(truth.settled.history)):
        with pytest.MonkeyPatch.context() as patch:
            run = Run(configuration)
            cut_history(run, patch, changes)
            assert run.proved is not True
            assert isinstance(find("settling")(run), Violation)


def test_settling_is_proved_of_one_in_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate that is rejected refutes it there; elsewhere the layers decide."""
    put_certificate(Run(MOVING), monkeypatch, settle(FOLLOWER))
    seen = Counter[bool]()
    for k in range(2, 60):
        configuration = Configuration([[k], [1]], 1)
        outcome = find("settling")(Run(configuration))
        asked = chosen(configuration, limits.PROVED_ONE_IN)
        assert isinstance(outcome, Violation) == (asked and configuration != FOLLOWER)
        assert asked or outcome is True
        seen[asked] += 1
    assert min(seen[True], seen[False]) > 2


EMPTY: dict[str, dict[str, Any]] = {
    "limits-keep-attention": {"pattern": ()},
    "leaders-are-vertices": {"leaders": ()},
    "limits-are-feet": {"kinds": (), "limits": ()},
    "polytope-in-every-hull": {"leaders": (), "clusters": ()},
    "clusters-are-limits": {"clusters": ()},
    "own-attention-rests": {"pattern": ()},
    "one-base": {"closed_form": ()},
    "single-attention-is-a-leader": {"pattern": ()},
    "resonance-iff-no-leader": {"pattern": ()},
    "settling": {"pattern": ()},
    "closed-form": {"pattern": ()},
    "settled-pattern-is-constant": {"pattern": ()},
    "mass-contraction": {"leaders": ()},
    "capture": {"leaders": ()},
    "balanced-attention": {"pattern": ()},
    "geometric-convergence": {"closed_form": ()},
    "resonance-is-orthogonal": {"closed_form": ()},
    "nothing-balanced-beyond": {"closed_form": ()},
    "greedy-choice": {"closed_form": ()},
    "no-attention-within-a-limit": {"pattern": ()},
    "degree-bound": {"closed_form": ()},
    "vertex-followers-lock": {"pattern": ()},
}
"""For each claim about a settled run the parts without which it has nothing to say."""


@pytest.mark.parametrize("name", EMPTY)
def test_nothing_holds_of_a_run_that_says_nothing(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find(name)(Run(FACE)) is True
    run = Run(FACE)
    parts = dict(EMPTY[name])
    if "pattern" in parts:
        assert run.equilibrium
        monkeypatch.setattr(run, "equilibrium", run.equilibrium)
        put_settled(run, monkeypatch, history=((0, parts.pop("pattern")),))
    elif "closed_form" in parts:
        put_settled(run, monkeypatch, **parts)
    else:
        put_equilibrium(run, monkeypatch, **parts)
    told = examine(find(name), run)
    assert told.verdict in (Verdict.REFUTED, Verdict.ERROR)


def test_every_claim_of_a_settled_run_is_there() -> None:
    waiting = {x.name for x in claims() if examine(x, Run(SLOW, max_layers=0)).undecided}
    assert set(EMPTY) == waiting


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "settles at once": lambda patch: patch.setattr(walk, "first_change", lambda *_: None),
    "settles where the signs are right at first": lambda patch: patch.setattr(
        walk, "first_failure_of", lambda f: None
    ),
}
"""Wrong theories, under which a configuration is said to settle where it does not."""


@pytest.mark.parametrize("name", FAULTS)
def test_settling_is_refuted_under_a_wrong_theory(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find("settling")(Run(EMERGING)) is True
    FAULTS[name](monkeypatch)
    assert [c.alpha for c in (EMERGING, SLOW) if isinstance(find("settling")(Run(c)), Violation)], (
        "nothing is refuted"
    )


@pytest.mark.parametrize("alpha", [0, -2, "-1/2", 1])
def test_the_paths_say_nothing_of_another_dynamics(alpha: int | str) -> None:
    """Nor raise where the configuration has a step that no filter takes; of their own they do."""
    tokens = [[2, 1], [-1, 0], [0, 1]]
    assert find("paths-agree")(Run(Configuration(tokens, alpha), INFINITE)) is None
    assert find("paths-agree")(Run(Configuration(tokens, 1))) is True


def test_a_leader_that_begins_again_does_not_lead_from_the_first_layer() -> None:
    """It leads at layer 0, attends to another, and leads again."""
    judge = replace(find("leaders-from-the-first-layer"), hypotheses=())
    turning = Dynamics(step=Valued([[2, -2], [2, -2]]))
    again = judge(Run(Configuration([[2, 2], [0, 1]], 1), turning))
    assert isinstance(again, Violation)
    assert str(again).startswith("it attends to token 1 at layer 2 and leads again at 3")
    assert judge(Run(Configuration([[2, 1], [1, 0]], 1))) is True
