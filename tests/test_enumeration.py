"""Enumeration: counts against Burnside's formula and brute force, and boxes that are theorems."""

from itertools import combinations, permutations, product
from math import comb

import pytest

from checks import Verdict
from checks.claims import find, registered
from checks.cli import main
from checks.enumeration import DECIDED, Box, enumerate_box
from theory import HardmaxError
from theory.configuration import identity


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
    assert len(reports) == len(registered()) - 1
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


def test_a_planted_false_claim_is_refuted_in_the_box(monkeypatch: pytest.MonkeyPatch) -> None:
    from checks.claims import registry

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
    assert "Every one of the 56 configurations of 3 tokens" in printed
    assert "10 up to symmetry" in printed
    assert "PROVED" in printed


def test_the_command_with_an_empty_box(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enumerate", "--dim", "1", "--tokens", "3", "--jobs", "1"]) == 3
    assert "no configuration" in capsys.readouterr().err


def test_the_command_with_a_bad_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enumerate", "--alpha", "1/0", "--jobs", "1"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
