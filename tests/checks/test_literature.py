"""The literature: each false statement falls to a known smallest counterexample, each true one to
none; and each has a neighbour that comes out the other way.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import islice
from random import Random

import pytest
from flint import fmpq

from checks import Run, Verdict, Violation
from checks.boxes import Box
from checks.refutation.account import Budget
from checks.refutation.boxes import small_configurations
from checks.refutation.minimisation import size_of
from checks.refutation.search import refute
from checks.statements import Statement, find, literature
from checks.statements.cells import cells, own_cells, vertices
from checks.statements.domains import STANDARD
from checks.statements.quadratics import (
    greatest_eigenvalue,
    least_energy,
    square_diameter,
)
from checks.statements.spread import with_origin
from checks.verdicts import Outcome
from theory import HARDMAX, INFINITE, Configuration, Cycling, NotSettled, Undecided
from theory.exact import fraction
from theory.hull import in_hull
from theory.matrices import Vector

SMALLEST = {
    "fw-cluster": (2, 1),
    "constant-step-cluster": (2, 1),
    "one-cluster-semidefinite": (4, 3),
    "polytope-condition": (2, 2),
    "hull-decreases-with-values": (2, 2),
    "layers-keep-tokens-distinct": (2, 1),
}
"""Tokens and dimension of the smallest counterexamples."""

HELD = [made for made in literature() if made.expected is Verdict.HELD]
FALSE = [made for made in literature() if made.expected is Verdict.REFUTED]


def test_the_literature_is_there() -> None:
    assert sorted(made.name for made in FALSE) == sorted(SMALLEST)
    assert len(HELD) == 14
    assert all(made.doubted and made.remark for made in FALSE)


LONG = "one-cluster-semidefinite"
"""What takes most of a minute, and is looked for once."""

SOUGHT = [(name, seed) for name in SMALLEST for seed in (1, 2) if (name, seed) != (LONG, 2)]


@pytest.mark.parametrize(("name", "seed"), SOUGHT)
def test_a_false_statement_falls_to_the_smallest(name: str, seed: int) -> None:
    finding = refute(find(name), Budget(8000), seed=seed)
    assert finding.report.verdict is Verdict.REFUTED
    assert finding.counterexample is not None
    witness = finding.counterexample.configuration
    assert (witness.size, witness.dimension) == SMALLEST[name]
    assert isinstance(finding.counterexample.violation, Violation)
    assert "gone through completely" in finding.counterexample.minimality


@pytest.mark.parametrize("made", HELD, ids=lambda made: made.name)
def test_a_true_statement_holds(made: Statement) -> None:
    report = refute(made, Budget(250), seed=1).report
    assert report.verdict is Verdict.HELD
    assert report.applicable > 40


def another(name: str, judge: Callable[[Run], Outcome], domain: object = None) -> Statement:
    """A statement with another judge, in the same or another domain."""
    made = find(name)
    return replace(made, judge=judge, domain=domain or made.domain)  # type: ignore[arg-type]  # brief


def judge_of(name: str, **changes: fmpq | bool) -> Callable[[Run], Outcome]:
    return partial(find(name).judge, **changes)


def one_index(run: Run) -> Outcome:
    """Every attention set has one token, as an index."""
    return all(len(attended) == 1 for k in range(4) for attended in run.argmax(k))


def strictly_smaller(run: Run) -> Outcome:
    """No token of a layer is a vertex of the hull of the layer before."""
    return all(z not in vertices(run.tokens(0)) for z in run.tokens(1))


FALSE_NEIGHBOURS = {
    "one cluster, at the origin": another("one-cluster", find("constant-step-cluster").judge),
    "one cluster, at the origin, falling": another(
        "one-cluster-scheduled", find("constant-step-cluster").judge
    ),
    "cells without vertices of one length": another(
        "voronoi-cells", find("voronoi-cells").judge, STANDARD
    ),
    "straight lines without it": another("straight-lines", find("straight-lines").judge, STANDARD),
    "a vertex in its own cell, perhaps tied": another(
        "polytope-condition-corrected", find("polytope-condition").judge
    ),
    "half of the right side": another("duality-gap", judge_of("duality-gap", share=fmpq(1, 2))),
    "a quarter of the right side, falling": another(
        "duality-gap-scheduled", judge_of("duality-gap", share=fmpq(1, 4))
    ),
    "a fifth in the place of 2": another(
        "fw-cluster-corrected", judge_of("fw-cluster-corrected", factor=fmpq(1, 5))
    ),
    "1 in the place of 16": another("gathering-rate", judge_of("gathering-rate", factor=fmpq(1))),
    "7 in the place of 8": another(
        "linear-contraction", judge_of("linear-contraction", factor=fmpq(7))
    ),
    "single indices": another("single-leader", one_index),
    "the hull without its vertices": another("hull-decreases", strictly_smaller),
}


@pytest.mark.parametrize("made", FALSE_NEIGHBOURS.values(), ids=FALSE_NEIGHBOURS)
def test_a_false_neighbour_of_a_true_statement_is_refuted(made: Statement) -> None:
    assert refute(made, Budget(3000), seed=1).report.verdict is Verdict.REFUTED


TRUE_NEIGHBOURS = {
    "in its own cell and in no other": another(
        "polytope-condition", find("polytope-condition-corrected").judge
    ),
    "a positive definite matrix keeps tokens apart": another(
        "layers-keep-tokens-distinct", find("layers-keep-tokens-distinct").judge, STANDARD
    ),
    "V a multiple of the identity": replace(find("hull-decreases-with-values"), dynamics=HARDMAX),
}


@pytest.mark.parametrize("made", TRUE_NEIGHBOURS.values(), ids=TRUE_NEIGHBOURS)
def test_a_true_neighbour_of_a_false_statement_holds(made: Statement) -> None:
    assert refute(made, Budget(250), seed=1).report.verdict is Verdict.HELD


@pytest.mark.parametrize("name", ["exp-fast-polytope", "exp-fast-polytope-scheduled"])
def test_a_token_of_two_cells_is_solved_otherwise(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The statement is silent of it; without that hypothesis it is false."""
    from checks.statements import cells as module

    made, corners = find(name), [[2, 1], [1, 2], [-1, -1]]
    tied = Configuration([*corners, ["1/2", "1/2"]], 1)
    alone = Configuration([*corners, [1, "1/2"]], 1)
    assert made(made.run(tied, 50)) is None
    assert made(made.run(alone, 50)) is True

    def first_cell(run: Run) -> dict[Vector, Vector]:
        corners = vertices(run.tokens(0))
        return {z: cells(run, z, corners)[0] for z in run.tokens(0)}

    monkeypatch.setattr(module, "generic", first_cell)
    outcome = made(made.run(tied, 50))
    assert isinstance(outcome, Violation)
    assert (outcome.layer, outcome.tokens) == (1, (3,))
    assert made(made.run(alone, 50)) is True


# ------------------------------------------------------------------- the theorem, by hand

FIRST = {
    (1, 0): 144, (-1, 0): 144, (3, -1): 575, (2, -1): 575, (4, -1): 224, (3, -2): 400,
    (5, -1): 143, (6, -1): 110, (4, -3): 784, (5, -3): 256, (6, -3): 575,
}  # fmt: skip
"""At which k the bound fails first for tokens on a line with B = 1."""


def by_hand(tokens: Sequence[int], last: int) -> int | None:
    """The same, from the definition, layer by layer in fractions."""
    z = [Fraction(x) for x in tokens]
    spread = (max(z) - min(z)) ** 2
    for k in range(last):
        moved = []
        for x in z:
            least = min(x * y for y in z)
            attended = [y for y in z if x * y == least]
            moved.append(x + Fraction(2, k + 2) * (sum(attended) / len(attended) - x))
        z = moved
        if max(x * x for x in z) / 2 > Fraction(2, k + 1) * spread:
            return k
    return None


def on_a_line(tokens: Sequence[int]) -> Configuration:
    return Configuration([[x] for x in tokens], 1, [[-1]])


@pytest.mark.parametrize("tokens", FIRST)
def test_the_first_layer_that_fails_is_that_of_all_layers(tokens: tuple[int, int]) -> None:
    made = find("fw-cluster")
    outcome = made(made.run(on_a_line(tokens), 100))
    assert isinstance(outcome, Violation)
    assert outcome.layer == FIRST[tokens] == by_hand(tokens, 1000)


@pytest.mark.parametrize("tokens", [(0,), (1, -1), (2, -2), (2, 0, -2)])
def test_where_the_bound_holds_no_layer_fails(tokens: tuple[int, ...]) -> None:
    made = find("fw-cluster")
    assert made(made.run(on_a_line(tokens), 100)) is True
    assert by_hand(tokens, 1500) is None


@pytest.mark.parametrize("tokens", [(1,), (2, 1), (-1, -3)])
def test_it_says_nothing_where_the_origin_is_outside(tokens: tuple[int, ...]) -> None:
    made = find("fw-cluster")
    assert made(made.run(on_a_line(tokens), 100)) is None


def test_the_two_tokens() -> None:
    """The smallest, with the limit and both sides; nothing smaller refutes."""
    made = find("fw-cluster")
    found = refute(made, Budget(2000), seed=1).counterexample
    assert found is not None
    assert found.configuration == on_a_line((1, 0))
    violation = found.violation
    assert violation is not None
    assert (violation.layer, violation.left, violation.right) == (144, fmpq(1, 72), fmpq(2, 145))
    assert "every token tends to (1/6), where J is 1/72" in violation.text
    smaller = [c for _, some in small_configurations(made) for c in islice(some, 100)]
    below = [c for c in smaller if size_of(c) < size_of(found.configuration)]
    assert below
    assert all(made(made.run(c, 100)) in (True, None) for c in below)
    tokens = Run(found.configuration, made.dynamics).tokens(145)
    assert tokens == ((fmpq(1, 6),), (fmpq(1, 6),))


# ------------------------------------------------------------------------------- one cluster

ONE = find("one-cluster")


def patterns(tokens: Sequence[int], alpha: object, layers: int) -> list[object]:
    run = Run(Configuration([[x] for x in tokens], alpha, [[-1]]))  # type: ignore[arg-type]  # text
    return [run.pattern(k) for k in range(layers)]


def test_tokens_gather_while_their_patterns_return() -> None:
    """Three tokens whose patterns have period 3, and one limit; with γ = 1 two that have none."""
    c = Configuration([[1], [-2], [5]], 2, [[-1]])
    run = ONE.run(c, 100)
    assert isinstance(run.settling, Cycling)
    assert ONE(run) is True
    found = patterns((1, -2, 5), 2, 12)
    assert found[:3] * 4 == found
    assert len({*found}) == 3
    swapping = replace(ONE, dynamics=INFINITE)
    outcome = swapping(swapping.run(Configuration([[1], [-1]], 1, [[-1]]), 100))
    assert isinstance(outcome, Violation)
    assert "no limit" in outcome.text


def test_tokens_gather_while_their_patterns_never_return() -> None:
    """u_k = 2^k z_1 is an odd number over 2^k and moves by (3/2) u − sgn u: no value returns."""
    c = Configuration([[1], [2], [-2]], "1/3", [[-1]])
    run = ONE.run(c, 100)
    assert isinstance(run.settling, Undecided)
    assert ONE(run) is True
    u = Fraction(1)
    for k in range(60):
        z = [fraction(x) for (x,) in run.tokens(k)]
        assert z == [u / 2**k, Fraction(2, 2**k), Fraction(-2, 2**k)]
        assert run.pattern(k)[0] == ((2,) if u > 0 else (1,))
        assert (u.denominator, u.numerator % 2) == (2**k, 1)
        assert abs(u) < 2
        u = Fraction(3, 2) * u - (1 if u > 0 else -1)


def test_a_hull_that_stays_wide_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    from checks.statements import gathering

    c = Configuration([[1], [2], [-2]], "1/3", [[-1]])
    monkeypatch.setattr(gathering, "MOST_LAYERS", 3)
    with pytest.raises(NotSettled, match="undecided"):
        ONE(ONE.run(c, 100))


# -------------------------------------------------------------------------------- their means


def test_boxes_with_the_origin_have_all_sets() -> None:
    """As many as there are orbits with and without it, each set once."""
    box = Box(2, 1, 3)
    found = [frozenset(rows) for rows in with_origin(box)]
    assert len(found) == box.orbits() + Box(2, 1, 2).orbits() == len({*found})
    assert [*with_origin(Box(1, 1, 1))] == [((0,),), ((1,),)]
    assert all(len(rows) == 3 for rows in found)


def squares(points: Sequence[Sequence[int]]) -> list[Vector]:
    return [tuple(map(fmpq, z)) for z in points]


def test_the_least_energy_is_where_no_step_of_frank_and_wolfe_gains() -> None:
    """J(x) − max ⟨∇J(x), x − y⟩ ≤ min J ≤ J(x) at every x of the hull, in floats near the best."""
    random = Random(1)
    for _ in range(60):
        n, d = random.randint(1, 4), random.randint(1, 3)
        rows = [[random.randint(-3, 3) for _ in range(d)] for _ in range(n)]
        root = [[random.randint(-2, 2) for _ in range(d)] for _ in range(random.randint(0, d))]
        form = [[sum(r[s] * r[t] for r in root) for t in range(d)] for s in range(d)]
        low, high = between(form, rows)
        B, points = [tuple(map(fmpq, row)) for row in form], squares(rows)
        least = float(fraction(least_energy(B, points)))
        assert high - low < 0.1
        assert low - 1e-9 <= least <= high + 1e-9
        assert (least_energy(B, points) == 0) == any_zero(B, points)


def between(form: list[list[int]], rows: list[list[int]]) -> tuple[float, float]:
    """A lower and an upper bound of min ½ xᵀ form x over the hull of the rows, by Frank–Wolfe."""
    x, best = [float(v) for v in rows[0]], (-1e9, 1e9)
    for k in range(3000):
        slope = [sum(a * v for a, v in zip(row, x, strict=True)) for row in form]
        height = sum(a * v for a, v in zip(slope, x, strict=True)) / 2
        y = min(rows, key=lambda z: sum(a * v for a, v in zip(slope, z, strict=True)))
        gap = sum(a * (v - w) for a, v, w in zip(slope, x, y, strict=True))
        best = max(best[0], height - gap), min(best[1], height)
        x = [v + 2 / (k + 2) * (w - v) for v, w in zip(x, y, strict=True)]
    return best


def any_zero(B: Sequence[Vector], points: Sequence[Vector]) -> bool:
    """Whether the origin lies in the hull of the images Bz, where J is 0."""
    images = [tuple(sum((a * x for a, x in zip(row, z, strict=True)), fmpq(0)) for row in B)
              for z in points]  # fmt: skip
    return in_hull((fmpq(0),) * len(B), images)


@pytest.mark.parametrize(
    ("rows", "below", "above"),
    [
        ([[3, 0], [0, 2]], 3, 3),
        ([[0, 0], [0, 0]], 0, 0),
        ([[1, 1], [1, 1]], 2, 2),
        ([[1, 1], [1, 2]], "2618033988/1000000000", "2618033989/1000000000"),
        ([[5, 0, 0], [0, 1, 1], [0, 1, 2]], 5, 5),
        ([[2, 0, 0], [0, 1, 1], [0, 1, 2]], "2618033988/1000000000", "2618033989/1000000000"),
    ],
)
def test_the_greatest_eigenvalue(rows: list[list[int]], below: object, above: object) -> None:
    found = fraction(greatest_eigenvalue([tuple(map(fmpq, row)) for row in rows]))
    assert Fraction(str(below)) <= found <= Fraction(str(above))


def test_the_diameter_is_euclidean() -> None:
    assert square_diameter(squares([(0, 0), (3, 4), (1, 1)])) == 25
    assert square_diameter(squares([(7,)])) == 0


def test_vertices_and_their_cells() -> None:
    square = squares([(1, 0), (1, 1), (0, 0), (0, 1)])
    middle = (fmpq(1, 2), fmpq(1, 2))
    assert vertices([*square, middle, square[0]]) == square
    run = Run(Configuration([[1, 0], [1, 1]], 1))
    assert not own_cells(run, run.tokens(0))  # (1, 0) ties
    assert own_cells(run, run.tokens(0)[1:])
