"""Enumeration: counts against Burnside's formula and brute force, and boxes that are theorems."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, permutations, product
from math import comb
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from checks import Run, Verdict, boxes, settlement
from checks.boxes import Box, symmetries
from checks.campaigns import enumeration
from checks.campaigns.enumeration import DECIDED, enumerate_box
from checks.cli import main
from checks.statements import claims, find, limits
from theory import HardmaxError, Settled
from theory.certificates import certificate
from theory.matrices import identity


def brute_orbits(box: Box) -> set[frozenset[frozenset[tuple[int, ...]]]]:
    """The orbits of subsets, from the definition."""
    d = box.dimension
    points = [p for p in product(range(-box.radius, box.radius + 1), repeat=d) if any(p)]
    group = [
        (axes, signs) for axes in permutations(range(d)) for signs in product((1, -1), repeat=d)
    ]
    return {
        frozenset(
            frozenset(tuple(s * p[a] for s, a in zip(signs, axes, strict=True)) for p in subset)
            for axes, signs in group
        )
        for subset in combinations(points, box.tokens)
    }


@pytest.mark.parametrize(
    "box", [Box(1, 3, 2), Box(2, 1, 1), Box(2, 1, 4), Box(2, 1, 8), Box(2, 2, 2), Box(3, 1, 2)]
)
def test_representatives_are_one_of_each_orbit(box: Box) -> None:
    orbits = brute_orbits(box)
    found = list(box.representatives())
    assert len(found) == len(orbits) == box.orbits()
    assert sum(size for _, size in found) == box.subsets()
    for subset, size in found:
        (orbit,) = [orbit for orbit in orbits if frozenset(subset) in orbit]
        assert len(orbit) == size


@pytest.mark.parametrize(
    "box", [Box(1, 3, 4), Box(2, 1, 4), Box(2, 2, 3), Box(2, 2, 23), Box(3, 1, 3), Box(1, 33, 2)]
)
def test_representatives_are_the_smallest_of_their_orbits_in_order(box: Box) -> None:
    """The definition, in plain Python; the last box has more points than a word has bits."""
    group = symmetries(box.dimension, box.radius)
    points = box.points()
    wanted = [
        tuple(points[i] for i in subset)
        for subset in combinations(range(len(points)), box.tokens)
        if all(tuple(sorted(element[i] for i in subset)) >= subset for element in group)
    ]
    assert [subset for subset, _ in box.representatives()] == wanted


@pytest.mark.parametrize("size", [1, 7, 100])
def test_blocks_of_any_size_give_the_same(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = list(Box(2, 2, 4).representatives())
    monkeypatch.setattr(boxes, "BLOCK", size)
    assert list(Box(2, 2, 4).representatives()) == usual


@pytest.mark.parametrize(
    "box", [Box(2, 2, 6), Box(2, 2, 12), Box(2, 3, 5), Box(3, 1, 6), Box(4, 1, 3), Box(1, 40, 78)]
)
def test_large_boxes_have_the_numbers_that_burnside_gives(box: Box) -> None:
    sizes = np.concatenate([sizes for _, sizes in box.blocks()])
    assert len(sizes) == box.orbits()
    assert sizes.sum() == box.subsets()


@pytest.mark.parametrize(
    ("box", "subsets", "orbits"),
    [
        (Box(2, 2, 3), 2024, 275),
        (Box(2, 2, 4), 10626, 1391),
        (Box(2, 2, 6), 134596, 17052),
        (Box(3, 1, 4), 14950, 399),
    ],
)
def test_counts(box: Box, subsets: int, orbits: int) -> None:
    assert box.subsets() == subsets == comb((2 * box.radius + 1) ** box.dimension - 1, box.tokens)
    assert box.orbits() == orbits
    if subsets < 20_000:
        assert sum(1 for _ in box.representatives()) == orbits


def test_a_box_without_configurations() -> None:
    assert Box(1, 1, 3).subsets() == Box(1, 1, 3).orbits() == 0
    assert list(Box(1, 1, 3).representatives()) == []


@pytest.mark.parametrize(("d", "r", "n"), [(0, 1, 1), (1, 0, 1), (1, 1, 0), (6, 3, 9)])
def test_impossible_boxes(d: int, r: int, n: int) -> None:
    with pytest.raises(HardmaxError):
        Box(d, r, n)


@pytest.mark.parametrize("tokens", [1, 2, 3, 4, 5])
def test_the_unit_box_is_a_theorem(tokens: int) -> None:
    box = Box(2, 1, tokens)
    reports = enumerate_box(box)
    assert len(reports) == len(claims()) - 1
    for report in reports:
        good = Verdict.PROVED if report.name in DECIDED else Verdict.HELD
        assert report.verdict in (good, Verdict.VACUOUS), report
        assert report.examples == box.subsets()
    by_name = {report.name: report for report in reports}
    assert by_name["settling"].verdict is Verdict.PROVED
    assert by_name["leaders-are-vertices"].applicable == box.subsets()


def test_the_box_of_radius_two_up_to_four_tokens() -> None:
    claims = [
        find(name)
        for name in (
            "settling",
            "leaders-are-vertices",
            "limits-are-feet",
            "one-base",
        )
    ]
    for tokens in (1, 2, 3, 4):
        for report in enumerate_box(Box(2, 2, tokens), "1/2", claims=claims, jobs=2):
            assert report.verdict in (Verdict.PROVED, Verdict.VACUOUS), report.explanation
            assert report.examples == Box(2, 2, tokens).subsets()


def test_many_tokens() -> None:
    (report,) = enumerate_box(Box(1, 20, 39), claims=[find("settling")])
    assert report.verdict is Verdict.PROVED
    assert report.examples == 40


def test_a_planted_false_claim_is_refuted_in_the_box(monkeypatch: pytest.MonkeyPatch) -> None:
    from checks.statements import registry

    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))

    @registry.claim("one-leader", "One token leads.")
    def one_leader(run):  # type: ignore[no-untyped-def]  # a user's function
        return len(run.equilibrium.leaders) == 1

    (report,) = enumerate_box(Box(1, 1, 2), claims=[one_leader])
    assert report.verdict is Verdict.REFUTED
    assert report.witness is not None
    assert report.witness.A == identity(1)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enumerate", "--dim", "2", "--tokens", "3", "--jobs", "1"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Every one of the configurations of 3 tokens" in printed
    assert "was looked at: 56, or" in printed
    assert "10 up to symmetry" in printed
    assert "PROVED" in printed


def test_a_claim_without_a_case_is_inconclusive_if_it_was_asked_for() -> None:
    box = ["enumerate", "--dim", "2", "--tokens", "3", "--jobs", "1"]
    assert main([*box, "--claim", "greedy-choice"]) == 3
    assert main([*box, "--claim", "separation"]) == 0


def test_the_command_with_an_empty_box(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enumerate", "--dim", "1", "--tokens", "3", "--jobs", "1"]) == 3
    assert "no configuration" in capsys.readouterr().err


TOO_MUCH = {
    "dimension": "--dim 100000",
    "a dimension whose symmetries are too many": "--dim 8 --tokens 1",
    "a dimension of hundreds of digits": "--dim 1" + 300 * "0",
    "tokens": "--tokens 1000000000",
    "tokens of which there are more points": "--dim 1 --radius 100000 --tokens 201",
    "radius": "--radius 1000000000 --tokens 1",
    "a radius in one dimension": "--dim 1 --radius 500001 --tokens 1",
    "a radius of thousands of digits": "--radius 1" + 4000 * "0",
    "subsets": "--dim 3 --radius 3 --tokens 8",
    "many tokens of many": "--dim 1 --radius 500000 --tokens 200",
    "processes": "--jobs 100000",
}


@pytest.mark.parametrize("arguments", TOO_MUCH.values(), ids=TOO_MUCH)
def test_too_much_is_refused_before_it_is_begun(
    arguments: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("begun")

    for name in ("symmetries", "product", "permutations"):
        monkeypatch.setattr(boxes, name, never)
    monkeypatch.setattr(enumeration, "ordered_map", never)
    assert main(["enumerate", *arguments.split()]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert len(err) < 250


def test_what_is_not_too_much_is_begun() -> None:
    for box in (Box(1, 499_999, 1), Box(6, 1, 2), Box(1, 100, 200), Box(1, 100, 199)):
        assert 0 < box.subsets() <= boxes.MAX_SUBSETS
    assert sum(size for _, size in Box(1, 100, 199).representatives()) == 200


def test_the_command_with_a_bad_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enumerate", "--alpha", "1/0", "--jobs", "1"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def verdicts(names: Sequence[str], radius: int = 1) -> dict[str, Verdict]:
    chosen = [find(name) for name in names]
    reports = enumerate_box(Box(2, radius, 3), claims=chosen, arrays=False)
    return {report.name: report.verdict for report in reports}


def test_what_is_decided_is_proved_only_with_its_grounds(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["settling", "limits-are-feet", "own-attention-rests", "norms-grow"]
    wanted = dict.fromkeys(names, Verdict.PROVED) | {"norms-grow": Verdict.HELD}
    assert verdicts(names, radius=2) == wanted
    monkeypatch.setattr(Run, "proved", None)  # as where it has no certificate
    assert verdicts(names, radius=2) == dict.fromkeys(names, Verdict.HELD)


def test_what_has_no_certificate_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdicts(["settling"]) == {"settling": Verdict.PROVED}
    monkeypatch.setattr(settlement, "MOST_LAYERS", -1)
    assert verdicts(["settling"]) == {"settling": Verdict.HELD}


def test_a_wrong_certificate_refutes_settling_and_proves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wrong(settled: Settled) -> dict[str, Any]:
        made = certificate(settled)
        made["claim"]["settled_layer"] += 1
        return made

    monkeypatch.setattr(limits, "PROVED_ONE_IN", 1)
    monkeypatch.setattr(settlement, "certificate", wrong)
    assert verdicts(["settling", "one-base"]) == {
        "settling": Verdict.REFUTED,
        "one-base": Verdict.HELD,
    }


@pytest.mark.parametrize(
    "wrong", [{"leaders": ()}, {"clusters": ((0,),)}, {"limits": ((fmpq(9), fmpq(9)),) * 3}]
)
def test_wrong_leaders_or_limits_prove_nothing_else(
    wrong: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim that is asked for holds; what it rests on does not."""
    truth = Settled.equilibrium
    monkeypatch.setattr(Settled, "equilibrium", lambda self: replace(truth(self), **wrong))
    assert verdicts(["own-attention-rests"]) == {"own-attention-rests": Verdict.HELD}


def test_every_step_where_nothing_is_proved_says_so() -> None:
    """At α = 0 the claims about limits do not apply."""
    reports = enumerate_box(Box(2, 1, 2), alpha=0)
    assert Verdict.PROVED not in {report.verdict for report in reports}
