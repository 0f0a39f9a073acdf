"""Certificates as they are written: true by brute force, accepted by the verifier, and small."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from fractions import Fraction
from math import comb, lcm
from random import Random
from typing import Any

import numpy as np
import pytest
from cases import FAMILIES, cases
from flint import fmpq
from gallery import GALLERY
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference import brute_layer, brute_pattern

from checks.verifier import Rejected, Work, estimates, verify
from theory import Configuration, HardmaxError, Settled, certificates, inequalities, settle
from theory.certificates import (
    certificate,
    digest,
    problem,
    refutation,
    refutation_by_layer,
    separating,
)
from theory.exact import Undecidable, fraction
from theory.exponential import ExponentialPolynomial
from theory.inequalities import times
from theory.positivity import first_failure, is_plainly_positive

Within = Callable[[float], AbstractContextManager[None]]

BEYOND = 200
"""Layers after the settled one at which the claim is compared with the definition."""


def settled(configuration: Configuration, max_layers: int = 3_000) -> Settled:
    result = settle(configuration.merged()[0], max_layers)
    assert isinstance(result, Settled)
    return result


def shown(name: str) -> Settled:
    exhibit = GALLERY[name]
    return settled(Configuration(exhibit["tokens"], exhibit["alpha"], exhibit["A"]))


def text(x: dict[str, Any]) -> str:
    """What others read: nothing but JSON."""
    return json.dumps(x)


# ------------------------------------------------------------------------------ brute force


def fractions(rows: Any) -> list[tuple[Fraction, ...]]:
    return [tuple(map(Fraction, row)) for row in rows]


def check_by_brute_force(x: dict[str, Any], beyond: int = BEYOND) -> None:
    """Follow the stated problem by the definition of a layer, and compare with every statement."""
    stated, claim, evidence = x["problem"], x["claim"], x["evidence"]
    z, A, weights = fractions(stated["tokens"]), fractions(stated["A"]), stated["multiplicities"]
    alpha, k = Fraction(stated["alpha"]), claim["settled_layer"]
    patterns = {entry["from"]: entry["attention"] for entry in evidence["patterns"]}
    limits = fractions(claim["limits"])
    assert len(z) == len(limits) == len(evidence["closed_forms"])
    since: dict[int, int] = {}
    now: Any = None
    for layer in range(k + beyond + 1):
        found = [list(attended) for attended in brute_pattern(z, weights, A)]
        before, now = now, patterns.get(layer, now)
        assert found == now, layer
        if layer == k:
            assert now != before
        for i, attended in enumerate(found):
            if attended == [i]:
                since.setdefault(i, layer)
        if layer >= k and (layer - k) % 40 == 0:
            for i, terms in enumerate(evidence["closed_forms"]):
                assert z[i] == value(terms, layer - k, len(A)), (layer, i)
        z = [tuple(row) for row in brute_layer(z, weights, A, alpha)]
    assert max(patterns) == k
    stated_leaders = {entry["token"]: entry["since_layer"] for entry in claim["leaders"]}
    assert stated_leaders == since
    for i in since:
        assert z[i] == limits[i]
    for terms, limit in zip(evidence["closed_forms"], limits, strict=True):
        assert all(0 < Fraction(term["base"]) <= 1 for term in terms)
        fixed = [term for term in terms if Fraction(term["base"]) == 1]
        zero = [{"base": "1", "degree": 0, "coefficient": ["0"] * len(A)}]
        assert fractions([(fixed or zero)[0]["coefficient"]]) == [limit]


def value(terms: Any, t: int, d: int) -> tuple[Fraction, ...]:
    total = [Fraction(0)] * d
    for term in terms:
        factor = comb(t, term["degree"]) * Fraction(term["base"]) ** t
        for s, c in enumerate(term["coefficient"]):
            total[s] += factor * Fraction(c)
    return tuple(total)


@pytest.mark.parametrize("name", sorted(set(GALLERY) - {"hundreds-of-layers"}))
def test_claims_of_the_gallery_hold_far_beyond_the_settled_layer(name: str) -> None:
    large = len(GALLERY[name]["tokens"]) > 7
    x = certificate(shown(name))
    assert verify(text(x))
    check_by_brute_force(x, 60 if large else BEYOND)


def test_the_claim_of_hundreds_of_layers_holds() -> None:
    x = certificate(shown("hundreds-of-layers"))
    assert x["claim"]["settled_layer"] == 231
    assert verify(text(x))
    check_by_brute_force(x)


def test_claims_of_random_cases_hold_beyond_the_settled_layer() -> None:
    for case in cases(26, 11):
        c = Configuration(case["tokens"], case["alpha"], case["A"])
        x = certificate(settled(c))
        check_by_brute_force(x, 25)


def test_brute_force_notices_a_wrong_claim() -> None:
    x = certificate(shown("emerging-leader"))
    for change in (
        lambda y: y["claim"]["limits"].reverse(),
        lambda y: y["claim"]["leaders"].pop(),
        lambda y: y["claim"].update(settled_layer=1),
        lambda y: y["evidence"]["patterns"][0]["attention"].reverse(),
        lambda y: y["evidence"]["closed_forms"][1][0].update(base="1/7"),
    ):
        wrong = json.loads(text(x))
        change(wrong)
        with pytest.raises(AssertionError):
            check_by_brute_force(wrong, 3)


# -------------------------------------------------------------------------- writer and verifier


def test_writer_and_verifier_agree_on_three_hundred_cases() -> None:
    met = dict.fromkeys(FAMILIES, 0)
    merged = evidence = moving = late = 0
    for case in cases(300, 5):
        c = Configuration(case["tokens"], case["alpha"], case["A"])
        run = settled(c)
        x = certificate(run)
        told = verify(text(x))
        leaders = sum(attended == (i,) for i, attended in enumerate(run.pattern))
        assert told == (
            f"{run.configuration.size} tokens settle at layer {run.layer} with "
            + ("1 leader" if leaders == 1 else f"{leaders} leaders")
        )
        met[case["family"]] += 1
        merged += max(x["problem"]["multiplicities"]) > 1
        evidence += bool(x["evidence"]["leads"])
        moving += any(len(terms) > 2 for terms in x["evidence"]["closed_forms"])
        late += run.layer > 0
    assert min(met.values()) >= 23
    assert merged >= 15
    assert evidence >= 10
    assert moving >= 20
    assert late >= 100


def test_multiplicities_of_any_size() -> None:
    random = Random(3)
    for case in cases(60, 9):
        c = Configuration(case["tokens"], case["alpha"], case["A"]).merged()[0]
        weights = [random.choice([1, 2, 3, 5, 10**30]) for _ in range(c.size)]
        weighted = Configuration(c.tokens, c.alpha, c.A, multiplicities=weights)
        x = certificate(settled(weighted))
        assert x["problem"]["multiplicities"] == weights
        assert verify(text(x))


def test_a_certificate_of_a_thousand_gaussian_tokens(within: Within) -> None:
    tokens = np.random.default_rng(1).normal(size=(1000, 3))
    run = settled(Configuration.from_binary64(tokens, alpha="1/2"))
    with within(10):
        words = text(certificate(run))
    assert len(words) < 5_000_000 / 5
    with within(60):
        assert verify(words).startswith("1000 tokens settle at layer ")


def test_the_problem_is_stated_in_full() -> None:
    c = Configuration([["0.5", 2], [-1, "1e-3"]], "2/4", [[2, 0], [0, 1]], multiplicities=(3, 1))
    assert problem(c) == {
        "tokens": [["1/2", "2"], ["-1", "1/1000"]],
        "A": [["2", "0"], ["0", "1"]],
        "alpha": "1/2",
        "multiplicities": [3, 1],
    }
    assert digest(problem(c)) == digest(dict(reversed(problem(c).items())))
    assert digest(problem(c)) != digest(problem(Configuration(c.tokens, c.alpha, c.A)))


def test_the_digest_is_that_of_the_canonical_form() -> None:
    from hashlib import sha256

    canonical = '{"A":[["1"]],"alpha":"1/2","multiplicities":[1],"tokens":[["-1/2"]]}'
    stated = problem(Configuration([["-1/2"]], "1/2"))
    assert digest(stated) == sha256(canonical.encode("ascii")).hexdigest()


def test_what_certificates_do_not_cover() -> None:
    for alpha in ("-1/2", 0):
        run = settle(Configuration([[2], [1]], alpha))
        assert isinstance(run, Settled)
        with pytest.raises(HardmaxError, match="positive step"):
            certificate(run)
    copies = settle(Configuration([[1], [1]], 1), keep_copies=True)
    assert isinstance(copies, Settled)
    with pytest.raises(HardmaxError, match="repeated tokens"):
        certificate(copies)


def test_the_certificate_of_copies_is_that_of_their_places() -> None:
    lattice = [[x, y] for x in range(-4, 5) for y in range(-4, 5)]
    for tokens in ([[-2, 2], [1, 2], [0, 1], [1, 2]], [[1], [1]], lattice * 2):
        c = Configuration(tokens, "1/2")
        copies, places = settle(c), settle(c.merged()[0])
        assert isinstance(copies, Settled)
        assert isinstance(places, Settled)
        assert certificate(copies) == certificate(places)
        assert max(certificate(copies)["problem"]["multiplicities"]) == 2


def on_a_line(count: int, halves: int = 0) -> list[list[str | int]]:
    """Tokens between two that tie, `halves` of them a little longer to write."""
    between = [f"{i}/2000" for i in range(1, 2 * halves, 2)]
    return [[x, 0] for x in [*(f"{i}/1000" for i in range(1, count + 1)), *between]]


def test_what_no_verifier_need_accept_is_not_written() -> None:
    slow = settled(Configuration(GALLERY["hundreds-of-layers"]["tokens"], "1/8000"), 10_000)
    with pytest.raises(Undecidable, match="9171 layers of 3 tokens"):
        certificate(slow)
    tied = settled(Configuration([[5, 1], [5, -1], *on_a_line(998)], "1/2"))
    assert certificates._work(tied)[0] < certificates.MAX_WORK
    more = settled(Configuration([[5, 1], [5, -1], *on_a_line(998, 98)], "1/2"))
    with pytest.raises(Undecidable, match="1098 tokens that may tie for ever"):
        certificate(more)
    long = settled(Configuration([[fmpq(10**26_000 + 1, 10**26_000)], [2]], 1))
    with pytest.raises(Undecidable, match="52003 characters"):
        certificate(long)


def test_what_is_written_is_accepted_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a sixteenth of the work, for a quarter of the tokens."""
    monkeypatch.setattr(certificates, "MAX_WORK", certificates.MAX_WORK // 16)
    monkeypatch.setattr(Work, "left", Work.left // 16)
    tied = settled(Configuration([[5, 1], [5, -1], *on_a_line(249)], "1/2"))
    assert verify(text(certificate(tied))).startswith("251 tokens")
    more = settled(Configuration([[5, 1], [5, -1], *on_a_line(249, 25)], "1/2"))
    with pytest.raises(Undecidable, match="tokens that may tie for ever"):
        certificate(more)


def test_long_evidence_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    tie = shown("moving-tie")
    monkeypatch.setattr(certificates, "MAX_WORK", 5_250)
    with pytest.raises(Undecidable, match="too long"):
        certificate(tie)
    monkeypatch.setattr(certificates, "MAX_WORK", 5_500)
    assert verify(text(certificate(tie)))


# ---------------------------------------------------------------------------------- times


def whole(f: ExponentialPolynomial) -> list[tuple[int, int, int]]:
    """The terms, times positive numbers that make all bases and coefficients integers."""
    terms = [(fraction(r), q, fraction(c)) for r, q, (c,) in f.terms]
    one, over = (lcm(*(x[place].denominator for x in terms)) for place in (0, 2))
    return [(int(r * one), q, int(c * over)) for r, q, c in terms]


def verified(f: ExponentialPolynomial) -> int:
    """The last time of the evidence for f, once the verifier has accepted it."""
    marks, precision = times(f)
    estimates(whole(f), marks, precision, "f", Work())
    return marks[-1]


def scalar(*terms: tuple[str | int, int, str | int]) -> ExponentialPolynomial:
    made = {(fmpq_of(r), q): fmpq_of(c) for r, q, c in terms}
    return ExponentialPolynomial.scalar(made)


def fmpq_of(x: str | int) -> fmpq:
    exact = Fraction(x)
    return fmpq(exact.numerator, exact.denominator)


def test_times_begin_anew_where_the_estimate_fails() -> None:
    assert times(scalar((1, 0, 1), ("1/2", 0, "-3/4"))) == ([0], 64)
    assert verified(scalar((1, 0, 1), ("1/2", 0, -1), ("1/4", 0, 1))) == 1


@pytest.mark.parametrize("depth", [3, 15, 40, 300])
def test_times_of_near_ties(depth: int, within: Within) -> None:
    """A leading term of order 10^-depth, which takes over from terms of either sign."""
    f = scalar((1, 0, f"1e-{depth}"), ("9/10", 0, "-1/1000"), ("8/10", 0, 1), ("7/10", 2, 1))
    g = f + scalar(("9/10", 1, "1/1000"), ("9/10", 2, "1/100"))
    with within(10):
        assert first_failure(g) is None
        assert verified(g) >= depth // 4


@pytest.mark.parametrize("size", [10**3, 10**9, 10**15, 10**21])
def test_times_of_slow_races(size: int, within: Within) -> None:
    """(t - size)^2 plus a thousandth of size^2, times 2^-t: nearly zero about t = size."""
    f = scalar(("1/2", 2, 2), ("1/2", 1, 1 - 2 * size), ("1/2", 0, f"{1001 * size**2}/1000"))
    with within(10):
        assert first_failure(f) is None
        assert verified(f) > size


def test_times_at_bases_near_one(within: Within) -> None:
    """The verifier's powers lose about as many bits as t has: the precision makes up for it."""
    base = f"{10**15 - 1}/{10**15}"
    square = str(Fraction(base) ** 2)
    f = scalar((1, 0, 1), (base, 0, -3), (square, 0, "9/4"))
    with within(10):
        assert first_failure(f + scalar((1, 0, "1/1000"))) is None
        assert verified(f + scalar((1, 0, "1/1000"))) > 10**14


def test_times_beyond_what_can_be_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inequalities, "MAX_PRECISION", 2048)
    slow = f"{10**70 - 1}/{10**70}"
    f = scalar((1, 0, "1/100"), (slow, 0, -1), (str(Fraction(slow) ** 2), 0, 26))
    assert first_failure(f) is None
    with pytest.raises(Undecidable, match=r"times ≥ 1e\+60"):
        times(f)


positive = st.fractions(0, 4, max_denominator=8)
terms_of = st.dictionaries(
    st.tuples(st.fractions("1/12", 1, max_denominator=12), st.integers(0, 3)),
    st.one_of(positive, positive, st.fractions(-2, 0, max_denominator=8)),
    min_size=2,
    max_size=5,
)


@given(terms_of)
@settings(max_examples=200)
def test_the_verifier_accepts_the_evidence_for_whatever_is_positive(chosen: Any) -> None:
    f = scalar(*((str(r), q, str(c)) for (r, q), c in chosen.items()))
    assume(f.terms)
    if first_failure(f) is None:
        assume(not is_plainly_positive(f))
        verified(f)
    else:
        with pytest.raises(Rejected):
            estimates(whole(f), list(range(30)), 64, "f", Work())


# ----------------------------------------------------------------------------- refutations


def test_a_refutation_holds_its_runs() -> None:
    run = shown("face-limit")
    x = refutation("limits-are-vertices", [run], 2)
    whole = certificate(run)
    assert x["runs"] == [{key: whole[key] for key in ("problem", "sha256", "claim", "evidence")}]
    assert (x["token"], x["other"], x["functional"]) == (2, 2, [])
    assert verify(text(x)) == "limits-are-vertices is false for 3 tokens in dimension 2"


def test_a_refutation_that_does_not_hold_is_rejected() -> None:
    with pytest.raises(Rejected, match="condition 17"):
        verify(text(refutation("limits-are-vertices", [shown("face-limit")], 1)))


def test_a_refutation_by_a_layer_keeps_copies() -> None:
    c = Configuration([[1], [1], ["1/2"]], 1)
    x = refutation_by_layer("without-distinctness", c, "first-leader", 4, 1)
    assert len(x["problem"]["tokens"]) == 3
    assert verify(text(x)) == "without-distinctness is false for 3 tokens in dimension 1"


points = st.lists(
    st.lists(st.integers(-3, 3).map(fmpq), min_size=2, max_size=2).map(tuple),
    min_size=1,
    max_size=6,
    unique_by=lambda point: tuple(map(str, point)),
)


@given(points)
def test_separating_functionals_show_vertices(tokens: Any) -> None:
    from theory.hull import in_hull

    for i, z in enumerate(tokens):
        others = tokens[:i] + tokens[i + 1 :]
        if not others or not in_hull(z, others):
            h = separating(tokens, i)
            for other in others:
                assert sum((a * (x - y) for a, x, y in zip(h, z, other, strict=True)), fmpq(0)) > 0


def test_no_functional_separates_what_is_no_vertex(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "MAX_UPDATES", 50)
    with pytest.raises(Undecidable, match="token 1"):
        separating([(fmpq(0),), (fmpq(1),), (fmpq(2),)], 1)
