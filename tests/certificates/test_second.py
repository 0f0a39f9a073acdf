"""Certificates of version 2 against exact layers: what is accepted is true."""

import json
from fractions import Fraction
from functools import cache
from itertools import islice, pairwise
from random import Random
from typing import Any

import pytest
from brute import layers
from hand import broken, held
from sound import Certificate, changed, sealed
from test_mutations import mutants

from checks.verifier import Rejected, verify

FAR = 36
"""Layers looked at beyond the last that a certificate speaks of one by one."""


def accepted(x: Any) -> bool:
    try:
        verify(json.dumps(x))
    except Rejected:
        return False
    return True


@cache
def _far(problem: str, count: int) -> list[Any]:
    return list(islice(layers(json.loads(problem)), count))


def false(x: Certificate) -> str | None:
    """What the layers contradict of an accepted claim; None if nothing."""
    claim, evidence = x["claim"], x["evidence"]
    k, m, limits = claim["settled_layer"], claim["period"], claim["limits"]
    count = evidence["solved_layer"] + len(evidence["closed_forms"]) + FAR
    seen = _far(json.dumps(x["problem"]), count)
    patterns = [C for _, C in seen]
    if any(patterns[layer] != patterns[layer + m] for layer in range(k, count - m)):
        return "the pattern does not repeat"
    if k and patterns[k - 1] == patterns[k - 1 + m]:
        return "it repeats before"
    for r in range(1, m):
        if all(patterns[layer] == patterns[layer + r] for layer in range(k, count - r)):
            return "it repeats with a smaller period"
    leaders = {}
    for i in range(len(patterns[0])):
        if all(C[i] == [i] for C in patterns[k:]):
            other = [layer for layer, C in enumerate(patterns) if C[i] != [i]]
            leaders[i] = max(other, default=-1) + 1
    if claim["leaders"] != [{"token": i, "since_layer": first} for i, first in leaders.items()]:
        return "the leaders"
    L = len(limits)
    for i in range(len(patterns[0])):
        start = [max(abs(a) for a in seen[layer][0][i]) + 4 for layer in (0,)]
        for layer in range(count - L, count):
            end = [Fraction(c) for c in limits[layer % L][i]]
            now, before = (
                max(abs(a - b) for a, b in zip(seen[at][0][i], end, strict=True))
                for at in (layer, layer - L * (FAR // (2 * L)))
            )
            if now > start[0] / 4 or (before and now >= before):
                return f"the limit of token {i}"
    return None


GOOD = held()


@pytest.mark.parametrize("name", GOOD)
def test_certificates_that_hold_are_true(name: str) -> None:
    assert accepted(GOOD[name])
    assert false(GOOD[name]) is None


@pytest.mark.parametrize("name", ["05 no mask", "12 a product that dips", "13 limits exchanged"])
def test_broken_ones_are_rejected_and_some_of_them_are_false(name: str) -> None:
    made = broken()[name]
    assert not accepted(made)
    assert false(made)


@pytest.mark.parametrize("name", GOOD)
def test_no_mutant_that_is_false_is_accepted(name: str) -> None:
    count = 0
    for path, what, x in mutants(GOOD[name]):
        count += 1
        for mutant in (x, sealed(x)) if path[:1] == ("problem",) and len(path) > 2 else (x,):
            if accepted(mutant):
                assert false(mutant) is None, (path, what)
    assert count > 100


PULLS = (["1"], ["1"]), (["1"], ["2"]), (["0"], ["1"]), (["2"], ["2", "1"]), (["1"], ["2", "1"])
PULLS += (["1"], ["4", "4", "1"]), (["3"], ["2"]), (["1", "1"], ["2", "1"]), (["3"], ["2", "1"])


def mutated(x: Certificate, random: Random) -> Certificate:
    """A few changes at once, of the kind that keep a certificate's shape."""
    copy = json.loads(json.dumps(x))
    problem, dynamics = copy["problem"], copy["problem"]["dynamics"]
    n, layer = len(problem["tokens"]), random.choice(dynamics["layers"])
    for _ in range(random.randint(1, 3)):
        match random.randrange(9):
            case 0:
                layer["numerator"], layer["denominator"] = random.choice(PULLS)
            case 1:
                dynamics["ties"] = random.choice(["first", "averaged"])
            case 2:
                dynamics["candidates"] = random.choice(
                    [[], [[*range(i + 1)] for i in range(n)], [[i] for i in range(n)]]
                )
            case 3:
                row = random.choice(layer["A"])
                row[random.randrange(len(row))] = str(random.randint(-2, 2))
            case 4:
                row = random.choice(problem["tokens"])
                row[random.randrange(len(row))] = str(Fraction(random.randint(-6, 6), 2))
            case 5:
                copy["claim"]["settled_layer"] = random.randint(0, 3)
                copy["evidence"]["solved_layer"] = random.randint(0, 4)
            case 6:
                problem["multiplicities"][random.randrange(n)] = random.randint(1, 3)
            case 7:
                dynamics["layers"].append(json.loads(json.dumps(layer)))
            case 8:
                copy["evidence"]["closed_forms"] *= 2
    return refilled(copy)


def refilled(x: Certificate) -> Certificate:
    """The same with patterns, leaders, starts and limits as the layers have them up to its last."""
    problem, claim, evidence = x["problem"], x["claim"], x["evidence"]
    k, count = claim["settled_layer"], len(evidence["closed_forms"])
    seen = list(islice(layers(problem), max(k, evidence["solved_layer"]) + count + 1))
    patterns = [C for _, C in seen[: k + claim["period"]]]
    changes = [0, *(b for (a, C), (b, D) in pairwise(enumerate(patterns)) if C != D)]
    evidence["patterns"] = [{"from": at, "attention": patterns[at]} for at in changes]
    alone = [i for i in range(len(patterns[0])) if all(C[i] == [i] for C in patterns[k:])]
    claim["leaders"] = [
        {
            "token": i,
            "since_layer": max([a + 1 for a, C in enumerate(patterns) if C[i] != [i]] or [0]),
        }
        for i in alone
    ]
    for e, forms in enumerate(evidence["closed_forms"]):
        for z, form in zip(seen[evidence["solved_layer"] + e][0], forms, strict=True):
            ends = [t for t in form if t["degree"] == 0]
            if ends:  # the start decides the coefficient of its last term
                rest = [
                    sum(Fraction(t["coefficient"][s]) for t in ends[:-1]) for s in range(len(z))
                ]
                gap = [a - b for a, b in zip(z, rest, strict=True)]
                ends[-1]["coefficient"] = [str(c) for c in gap]
                if not any(gap):
                    form.remove(ends[-1])
            elif any(z):
                form.append({"base": "1", "degree": 0, "coefficient": [str(c) for c in z]})
    limits = [[["0"] * len(z) for z in seen[0][0]] for _ in claim["limits"]]
    for e, forms in enumerate(evidence["closed_forms"]):
        place = (evidence["solved_layer"] + e) % len(limits)
        for i, form in enumerate(forms):
            for t in form:
                if t["base"] == "1":
                    limits[place][i] = t["coefficient"]
    claim["limits"] = limits
    return sealed(x)


@pytest.mark.parametrize("seed", range(4))
def test_no_random_mutant_that_is_false_is_accepted(seed: int) -> None:
    random, kept = Random(seed), 0
    for _ in range(400):
        mutant = mutated(random.choice([*GOOD.values()]), random)
        if accepted(mutant):
            kept += 1
            assert false(mutant) is None, mutant
    assert kept > 10


def test_what_the_layers_contradict_is_told() -> None:
    for name, path, value, told in (
        ("06 two patterns in turn", ("claim", "period"), 1, "the pattern does not repeat"),
        ("05 all the way", ("claim", "settled_layer"), 2, "it repeats before"),
        ("06 two patterns in turn", ("claim", "period"), 4, "it repeats with a smaller period"),
        ("05 mask", ("claim", "leaders"), [], "the leaders"),
        ("05 mask", ("claim", "limits", 0, 1, 0), "3", "the limit of token 1"),
    ):
        assert false(changed(GOOD[name], (path, value))) == told
