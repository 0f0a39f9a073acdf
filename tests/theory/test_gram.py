"""False lemmas that the checker of proofs has to refuse, each next to a true one that it accepts.

A false lemma is told by a model of its facts in which its conclusion fails; where there is none, by
facts that no model has.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from theory import HardmaxError
from theory.lemmas.gram import Fact, Model, Pairing, Proof, Vector, check, inner, norm, vectors
from theory.lemmas.lemma import Lemma, Prose
from theory.lemmas.registry import lemmas

p, q, one = sp.Symbol("p"), sp.Symbol("q"), sp.Integer(1)
x, y = vectors("x y")
POSITIVE = {p: "p > 0"}
HALF = sp.Rational(1, 2)

PLAIN = Model({"x": (1,), "y": (2,)}, {p: 1, q: 1})
APART = Model({"x": (1, 0), "y": (0, 1)}, {p: 1, q: 1})


def proof(
    conclusion: Any, sign: Any, *facts: Any, scalars: Any = None, model: Any = PLAIN
) -> Proof:
    """A proof from triples (multiplier, expression, sign)."""
    given = tuple((multiplier, Fact("given", e, s)) for multiplier, e, s in facts)
    return Proof("", conclusion, sign, given, scalars or {}, model)


TRUE: dict[str, Proof] = {
    "p⟨x,y⟩ = 0 and p > 0, so ⟨x,y⟩ = 0": proof(
        inner(x, y), "= 0", (1 / p, p * inner(x, y), "= 0"), scalars=POSITIVE, model=APART
    ),
    "⟨x,y⟩ = 0, so p⟨x,y⟩ = 0 for every p": proof(
        p * inner(x, y), "= 0", (p, inner(x, y), "= 0"), model=APART
    ),
    "⟨x,y⟩ = 0, so ⟨x,y⟩⟨x,x⟩ = 0": proof(
        norm(x) * inner(x, y), "= 0", (norm(x), inner(x, y), "= 0"), model=APART
    ),
    "p⟨x,x⟩ ≥ 0 and p > 0, so ⟨x,x⟩ ≥ 0": proof(
        norm(x), "≥ 0", (1 / p, p * norm(x), "≥ 0"), scalars=POSITIVE
    ),
    "⟨x,y⟩ − ⟨y,y⟩ ≥ 0 of unsymmetric products": proof(
        inner(x - y, y, symmetric=False),
        "≥ 0",
        (one, inner(x, y, symmetric=False) - inner(y, y, symmetric=False), "≥ 0"),
        model=Model({"x": (2,), "y": (1,)}),
    ),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_true_lemma_is_accepted(name: str) -> None:
    checked = check(TRUE[name])
    assert checked.holds, checked.faults
    assert checked.remainder == 0


def test_true_lemmas_are_accepted_without_a_model_of_their_own() -> None:
    """One is found among small ones, in a time that `hardmax prove` spares."""
    found = [*TRUE.values(), *(p for lemma in lemmas() for p in lemma.proofs)]
    for made in found:
        assert check(replace(made, model=None)).holds, made.words


def test_a_form_that_is_not_symmetric_models_what_no_other_does() -> None:
    first, second = inner(x, y, symmetric=False), inner(y, x, symmetric=False)
    made = proof(first - second, "> 0", (one, first, "> 0"), (one, -second, "> 0"), model=None)
    assert check(made).holds
    assert not check(replace(made, model=PLAIN)).holds


def colliding(*names: str) -> list[Vector]:
    return [Vector({name: one}) for name in names]


infinite = sp.zoo
FALSE: dict[str, tuple[Callable[[], Proof], str]] = {
    "p⟨x,y⟩ = 0, so ⟨x,y⟩ = 0": (
        lambda: proof(inner(x, y), "= 0", (1 / p, p * inner(x, y), "= 0"), model=APART),
        "the denominator p may be 0",
    ),
    "p⟨x,y⟩ = 0 where p − 1 > 0 is meant, and may be 0": (
        lambda: proof(
            inner(x, y), "= 0", (1 / (p - 1), (p - 1) * inner(x, y), "= 0"), scalars=POSITIVE
        ),
        "the denominator p - 1 may be 0",
    ),
    "⟨x,x⟩⟨x,y⟩ = 0, so ⟨x,y⟩ = 0": (
        lambda: proof(inner(x, y), "= 0", (1 / norm(x), norm(x) * inner(x, y), "= 0"), model=APART),
        "the denominator g(x, x) may be 0",
    ),
    "a fact with a pole": (
        lambda: proof(inner(x, y), "= 0", (p, inner(x, y) / p, "= 0"), model=APART),
        "the denominator p may be 0",
    ),
    "a conclusion with a pole": (
        lambda: proof(inner(x, y) / p, "= 0", (1 / p, inner(x, y), "= 0"), model=APART),
        "the denominator p may be 0",
    ),
    "a pole that cancels": (
        lambda: proof(
            norm(x), "≥ 0", ((p**2 - 1) / (p - 1), norm(x) / (p + 1), "≥ 0"), scalars=POSITIVE
        ),
        "the denominator p - 1 may be 0",
    ),
    "a pole deep inside": (
        lambda: proof(norm(x), "≥ 0", (1 / (1 + 1 / (p - 1)), norm(x), "≥ 0"), scalars=POSITIVE),
        "the denominator p - 1 may be 0",
    ),
    "p⟨x,x⟩ ≥ 0 for p of any sign": (
        lambda: proof(p * norm(x), "≥ 0", (p, norm(x), "≥ 0")),
        "the multiplier p of “given” may be negative",
    ),
    "a multiplier that is positive at most places": (
        lambda: proof(
            (p**2 - p + 1) * norm(x), "≥ 0", (p**2 - p + 1, norm(x), "≥ 0"), scalars=POSITIVE
        ),
        "may be negative",
    ),
    "a multiplier that may vanish, and a strict conclusion": (
        lambda: proof(p**2 * norm(x), "> 0", (p**2, norm(x), "> 0")),
        "the multiplier p**2 of “given” may be negative",
    ),
    "⟨x,x⟩ ≥ 0, so ⟨x,x⟩ > 0": (
        lambda: proof(norm(x), "> 0", (one, norm(x), "≥ 0")),
        "nothing makes the conclusion strict",
    ),
    "⟨x,x⟩ ≥ 0, so ⟨x,x⟩ = 0": (
        lambda: proof(norm(x), "= 0", (one, norm(x), "≥ 0")),
        "an inequality in the proof of an equation",
    ),
    "an inner product for a positive scalar": (
        lambda: proof(
            norm(x) * inner(x, y),
            "≥ 0",
            (inner(x, y), norm(x), "≥ 0"),
            scalars={inner(x, y): "⟨x,y⟩ > 0"},
        ),
        "g(x, y) is no plain symbol",
    ),
    "a scalar that is written like an inner product": (
        lambda: proof(
            sp.Symbol("g(x, y)") * norm(x),
            "≥ 0",
            (sp.Symbol("g(x, y)"), norm(x), "≥ 0"),
            scalars={sp.Symbol("g(x, y)"): "> 0"},
        ),
        "g(x, y) is no plain symbol",
    ),
    "a scalar that is said to be nonnegative": (
        lambda: proof(norm(x), "≥ 0", (1 / p, p * norm(x), "≥ 0"), scalars={p: "p ≥ 0"}),
        "the scalar p is not said to be positive: p ≥ 0",
    ),
    "a scalar that is said to be nonzero": (
        lambda: proof(norm(x), "≥ 0", (1 / p, p * norm(x), "≥ 0"), scalars={p: "p ≠ 0"}),
        "the scalar p is not said to be positive: p ≠ 0",
    ),
    "a scalar that sympy thinks to be 0": (
        lambda: proof(
            norm(x), "= 0", (sp.Symbol("o", zero=True), norm(x), "= 0"), model=Model({"x": (0,)})
        ),
        "o is no rational expression",
    ),
    "⟨x,y⟩ ≥ 0, so ⟨y,x⟩ ≥ 0 for every A": (
        lambda: proof(
            inner(y, x, symmetric=False), "≥ 0", (one, inner(x, y, symmetric=False), "≥ 0")
        ),
        "the identity fails",
    ),
    "⟨y,x⟩ ≥ 0 for every A, so ⟨x,y⟩ ≥ 0 for symmetric A": (
        lambda: proof(inner(x, y), "≥ 0", (one, inner(y, x, symmetric=False), "≥ 0")),
        "⟨x, y⟩ is taken for ⟨y, x⟩ in one place and not in another",
    ),
    "contradictory facts": (
        lambda: proof(-norm(x) - 1, "> 0", (one, -norm(x), "≥ 0"), (one, -one, "> 0")),
        "in the model -1 ≥ 0 fails: given",
    ),
    "from ⟨x,x⟩ < 0 anything": (
        lambda: proof(sp.Integer(-1), "> 0", (one, norm(x), "≥ 0"), (one, -norm(x) - 1, "> 0")),
        "in the model -2 > 0 fails: given",
    ),
    "a scalar that is positive and is not": (
        lambda: proof(
            p * norm(x),
            "≥ 0",
            (p, norm(x), "≥ 0"),
            scalars=POSITIVE,
            model=Model({"x": (1,)}, {p: 0}),
        ),
        "in the model p is 0",
    ),
    "facts with a model of other things": (
        lambda: proof(norm(x), "≥ 0", (one, norm(x), "≥ 0"), model=Model()),
        "the model lacks g(x, x)",
    ),
    "contradictory facts, without a model": (
        lambda: proof(-one, "> 0", (one, norm(x), "≥ 0"), (one, -norm(x) - 1, "> 0"), model=None),
        "no model was found in which all facts hold",
    ),
    "facts that contradict one another for every A": (
        lambda: proof(
            one,
            "= 0",
            (one, inner(x, y, symmetric=False), "= 0"),
            (one, 1 - inner(x, y, symmetric=False), "= 0"),
            model=None,
        ),
        "no model was found in which all facts hold",
    ),
    "a square that is negative": (
        lambda: proof(
            norm(y), "> 0", (one, -norm(x), "> 0"), (one, norm(x + y), "= 0"), model=None
        ),
        "no model was found in which all facts hold",
    ),
    "floating point": (
        lambda: proof(0.1 * norm(x), "≥ 0", (sp.Float(0.1), norm(x), "≥ 0")),
        "0.100000000000000 is no rational expression",
    ),
    "a root": (
        lambda: proof(sp.sqrt(p) * norm(x), "≥ 0", (sp.sqrt(p), norm(x), "≥ 0"), scalars=POSITIVE),
        "sqrt(p) is no rational expression",
    ),
    "an irrational number": (
        lambda: proof(sp.pi * norm(x), "≥ 0", (sp.pi, norm(x), "≥ 0")),
        "pi is no rational expression",
    ),
    "a complex number": (
        lambda: proof(-norm(x), "≥ 0", (sp.I**2 + sp.I - sp.I, norm(x), "≥ 0")),
        "may be negative",
    ),
    "a multiplier that is complex": (
        lambda: proof(sp.I * norm(x), "≥ 0", (sp.I, norm(x), "≥ 0")),
        "I is no rational expression",
    ),
    "nan": (
        lambda: proof(norm(x), "≥ 0", (sp.nan, norm(x), "≥ 0")),
        "nan is no rational expression",
    ),
    "complex infinity": (
        lambda: proof(norm(x), "= 0", (infinite, norm(x), "= 0")),
        "zoo is no rational expression",
    ),
    "infinity": (
        lambda: proof(norm(x), "≥ 0", (sp.oo, norm(x), "≥ 0")),
        "oo is no rational expression",
    ),
    "a symbolic power": (
        lambda: proof(
            p**q * norm(x), "≥ 0", (p**q, norm(x), "≥ 0"), scalars={**POSITIVE, q: "q > 0"}
        ),
        "p**q is no rational expression",
    ),
    "an absolute value": (
        lambda: proof(abs(p) * norm(x), "≥ 0", (abs(p), norm(x), "≥ 0"), scalars=POSITIVE),
        "Abs(p) is no rational expression",
    ),
    "no expression": (
        lambda: proof("g(x, x)", "≥ 0", (one, norm(x), "≥ 0")),
        "'g(x, x)' is no expression",
    ),
    "no sign": (
        lambda: proof(-norm(x), "≤ 0", (-one, norm(x), "≥ 0")),
        "'≤ 0' is no sign",
    ),
    "a fact that is not used": (
        lambda: proof(norm(x), "≥ 0", (one, norm(x), "≥ 0"), (sp.Integer(0), norm(y), "> 0")),
        "the fact is not used: given",
    ),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_lemma_is_refused(name: str) -> None:
    make, fault = FALSE[name]
    checked = check(make())
    assert not checked.holds
    assert any(fault in told for told in checked.faults), checked.faults


@pytest.mark.parametrize(
    "name",
    ["x, y", "x,y", "", "x y", "g(x", "x)", "2x", "_x", "⟨x", "x′", "χ", "х", "x-y", "x'y", "x\n"],
)
def test_a_vector_has_a_name_that_no_list_of_names_is_written_like(name: str) -> None:
    with pytest.raises(HardmaxError, match="is no name of a vector"):
        Vector({name: one})


def test_names_that_are_alike_are_kept_apart() -> None:
    """g("x, y", "z") and g("x", "y, z") were one symbol; now there are no such names."""
    names = ["x", "x'", "x''", "x_y", "xy", "X", "m_x"]
    pairs = [(Vector({a: one}), Vector({b: one})) for a in names for b in names]
    general = {inner(a, b, symmetric=False) for a, b in pairs}
    symmetric = {inner(a, b) for a, b in pairs}
    assert len(general) == len(names) ** 2
    assert len(symmetric) == len(names) * (len(names) + 1) // 2
    assert len({str(s) for s in general}) == len(general)
    assert not general & symmetric
    assert all(isinstance(s, Pairing) for s in general | symmetric)


def test_a_name_that_comes_twice_is_refused() -> None:
    with pytest.raises(HardmaxError, match="x y x: a name comes twice"):
        vectors("x y x")


def test_a_lemma_that_uses_symmetry_says_so_whatever_its_facts_say() -> None:
    attends = Fact("⟨x, y⟩ ≥ 0", inner(x, y), "≥ 0")
    made = Lemma("", "", (Proof("", inner(y, x), "≥ 0", ((one, attends),), {}, PLAIN),), "")
    assert all(checked.holds for checked in made.check())
    assert made.hypotheses == ("positive_definite",)
    general = Fact("⟨x, y⟩ ≥ 0", inner(x, y, symmetric=False), "≥ 0")
    plain = Proof("", inner(x, y, symmetric=False), "≥ 0", ((one, general),), {}, PLAIN)
    assert replace(made, proofs=(plain,)).hypotheses == ()


def test_what_is_said_in_words_has_its_hypotheses_printed_too() -> None:
    made = Lemma("", "", (), "", (Prose("…", ("nonzero",)), Prose("…", ("positive_step",))))
    assert made.hypotheses == ("nonzero", "positive_step")
    with pytest.raises(HardmaxError, match="tired: 'sleep' is none of nonzero, distinct"):
        Lemma("tired", "", (), "", (Prose("…", ("sleep",)),))
