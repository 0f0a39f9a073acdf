"""The symbolic proofs: each holds, each needs every one of its facts, and false ones fail."""

import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest
import sympy as sp

from checks.cli import main
from theory.lemmas import gram, layers, limits, registry
from theory.lemmas import lemma as shared
from theory.lemmas.gram import (
    Fact,
    Proof,
    Vector,
    check,
    collected,
    inner,
    is_positive,
    norm,
    vectors,
)
from theory.lemmas.registry import MAKERS

PROOFS = [
    pytest.param(proof, id=f"{lemma.name}: {proof.words[:40]}")
    for lemma in registry.lemmas()
    for proof in lemma.proofs
]
NAMES = [
    "means",
    "norms-grow",
    "hulls-shrink",
    "first-leader",
    "leader-invariance",
    "separation",
    "acyclic-attention",
    "rest-is-a-foot",
    "locked-followers",
    "frank-wolfe",
    "softmax-limit",
    "limits-are-feet",
    "voronoi-cells",
    "straight-lines",
]


def test_every_lemma_is_there() -> None:
    assert [lemma.name for lemma in registry.lemmas()] == NAMES


@pytest.mark.parametrize("proof", PROOFS)
def test_the_proof_holds(proof: Proof) -> None:
    checked = check(proof)
    assert checked.holds, checked.faults
    assert checked.remainder == 0


@pytest.mark.parametrize("proof", PROOFS)
def test_without_any_one_fact_the_proof_fails(proof: Proof) -> None:
    for place in range(len(proof.facts)):
        assert not check(shared.without(proof, place)).holds


@pytest.mark.parametrize("proof", PROOFS)
def test_without_any_one_positive_scalar_the_proof_fails(proof: Proof) -> None:
    for scalar in proof.scalars:
        fewer = {s: words for s, words in proof.scalars.items() if s != scalar}
        assert not check(replace(proof, scalars=fewer)).holds


@pytest.mark.parametrize("proof", PROOFS)
def test_a_multiplier_nudged_or_turned_round_fails(proof: Proof) -> None:
    for place, (multiplier, fact) in enumerate(proof.facts):
        for wrong in (multiplier + sp.Rational(1, 7), -multiplier):
            facts = list(proof.facts)
            facts[place] = (wrong, fact)
            assert not check(replace(proof, facts=tuple(facts))).holds


@pytest.mark.parametrize("proof", PROOFS)
def test_the_opposite_conclusion_fails(proof: Proof) -> None:
    if proof.facts:
        assert not check(replace(proof, conclusion=-proof.conclusion)).holds
    assert not check(replace(proof, conclusion=proof.conclusion + 1)).holds


@pytest.mark.parametrize(
    "name", ["norms-grow", "first-leader", "separation", "acyclic-attention", "rest-is-a-foot"]
)
def test_lemmas_about_norms_need_a_symmetric_matrix(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (shared, layers, limits):
        monkeypatch.setattr(
            module,
            "inner",
            lambda x, y, symmetric=True: inner(x, y, symmetric=False),
            raising=False,
        )
        monkeypatch.setattr(module, "norm", lambda x: inner(x, x, symmetric=False), raising=False)
    make = {maker.__name__: maker for maker in MAKERS}[name.replace("-", "_")]
    assert not all(checked.holds for checked in make().check())


@pytest.mark.parametrize("name", ["leader-invariance", "locked-followers", "hulls-shrink"])
def test_lemmas_without_hypotheses_on_A_do_not_need_it(name: str) -> None:
    lemma = registry.find(name)
    assert lemma is not None
    assert "positive_definite" not in lemma.hypotheses
    symbols = {str(s) for proof in lemma.proofs for s in proof.conclusion.free_symbols}
    assert any(
        f"g({b}, {a})" not in symbols
        for s in symbols
        if s.startswith("g(")
        for a, b in [s[2:-1].split(", ")]
        if a != b
    )


ATOM = re.compile(r"⟨([^,⟩]+), ([^⟩]+)⟩|\|([^|]+)\|²")


def vector(words: str) -> Vector:
    """x − y and the like."""
    first, *others = words.replace(" − ", " + -").split(" + ")
    total = Vector({first: sp.Integer(1)})
    for part in others:
        sign, name = (-1, part[1:]) if part[0] == "-" else (1, part)
        total = total + sign * Vector({name: sp.Integer(1)})
    return total


def read(words: str, symmetric: bool) -> tuple[sp.Expr, str]:
    """The expression and the sign that a fact's words begin with."""
    formula = words.split(" (")[0]
    relation = next(r for r in ("≥", ">", "=") if f" {r} " in formula)
    sides = []
    for side in formula.split(f" {relation} "):
        found: dict[sp.Symbol, sp.Expr] = {}

        def put(match: re.Match[str], found: dict[sp.Symbol, sp.Expr] = found) -> str:
            x, y = match[1] or match[3], match[2] or match[3]
            symbol = sp.Symbol(f"product{len(found)}")
            found[symbol] = inner(vector(x), vector(y), symmetric=symmetric)
            return str(symbol)

        plain = ATOM.sub(put, side).replace("−", "-").replace("²", "**2")
        names = {"S": sp.Symbol("S"), "e": sp.Symbol("e")}
        sides.append(sp.sympify(plain, locals=names).xreplace(found))
    return sides[0] - sides[1], f"{relation} 0"


def says_what_it_is(fact: Fact) -> bool:
    """Whether the words of a fact are its expression and its sign."""
    for symmetric in (True, False):
        expression, sign = read(fact.words, symmetric)
        wanted = {sp.expand(expression), sp.expand(-expression)} if sign == "= 0" else {expression}
        if sign == fact.sign and any(sp.expand(fact.expression - e) == 0 for e in wanted):
            return True
    return False


@pytest.mark.parametrize("proof", PROOFS)
def test_the_words_of_a_fact_are_what_it_is(proof: Proof) -> None:
    for _, fact in proof.facts:
        assert says_what_it_is(fact), fact.words
        assert not says_what_it_is(replace(fact, sign="≥ 0" if fact.sign != "≥ 0" else "> 0"))
        assert not says_what_it_is(replace(fact, expression=fact.expression + sp.Symbol("u")))
        if fact.sign != "= 0":
            assert not says_what_it_is(replace(fact, expression=-fact.expression))


def test_identities_agree_with_numbers() -> None:
    """Each identity with the formal vectors replaced by vectors of the plane and the space."""
    for dimension in (2, 3):
        for lemma in registry.lemmas():
            for number, proof in enumerate(lemma.proofs):
                total = proof.conclusion - sum(c * fact.expression for c, fact in proof.facts)
                values = {}
                for symbol in sorted(total.free_symbols, key=str):
                    if str(symbol).startswith("g("):
                        x, y = (_point(name, dimension) for name in str(symbol)[2:-1].split(", "))
                        values[symbol] = sum(a * b for a, b in zip(x, y, strict=True))
                    else:
                        values[symbol] = sp.Rational(3 + len(values), 7)
                if not any(str(s) in ("rest", "p") for s in values):
                    assert sp.simplify(total.subs(values)) == 0, (lemma.name, number)


def _point(name: str, dimension: int) -> list[sp.Rational]:
    return [sp.Rational(sum(map(ord, name)) * (s + 2) % 17 - 8, 3) for s in range(dimension)]


def test_vectors_add_and_scale() -> None:
    x, y = vectors("x y")
    assert (x - x).is_zero
    assert not (x - y).is_zero
    assert inner(2 * x + y, y) == 2 * inner(x, y) + norm(y)
    assert inner(x, y) == inner(y, x)
    assert inner(x, y, symmetric=False) != inner(y, x, symmetric=False)


def test_signs_of_multipliers() -> None:
    a, b = sp.symbols("a b")
    positive = {a: "a > 0", b: "b > 0"}
    assert is_positive(a * b / (1 + a) ** 2, positive)
    assert not is_positive(a - b, positive)
    assert not is_positive(a / (1 - a), positive)
    assert not is_positive(sp.Integer(0), positive)
    assert not is_positive(-a, positive)
    assert not is_positive(a, {b: "b > 0"})


def test_faults_are_told_apart() -> None:
    x, y = vectors("x y")
    square = Fact("square", norm(x - y), "≥ 0")
    one = sp.Integer(1)
    assert "identity" in check(Proof("", norm(x), "≥ 0", ((one, square),), {})).faults[0]
    assert "negative" in check(Proof("", -norm(x - y), "≥ 0", ((-one, square),), {})).faults[0]
    assert "strict" in check(Proof("", norm(x - y), "> 0", ((one, square),), {})).faults[0]
    assert "inequality" in check(Proof("", norm(x - y), "= 0", ((one, square),), {})).faults[0]
    zero = (sp.Integer(0), square)
    assert "not used" in check(Proof("", sp.Integer(0), "≥ 0", (zero,), {})).faults[0]


def test_a_collected_expression_is_the_same_expression() -> None:
    for lemma in registry.lemmas():
        for proof in lemma.proofs:
            assert sp.simplify(collected(proof.conclusion) - proof.conclusion) == 0


def test_prove_prints_and_ends_with_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("PROVED") == len(NAMES)
    assert "FAILS" not in printed


def test_prove_one_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "acyclic-attention", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["verdict"] == "PROVED"
    assert record["hypotheses"] == ["distinct", "positive_definite", "positive_step"]
    assert [step["words"] for step in record["prose"]] == [
        "Distinct tokens are distinct at every layer (separation).",
        "Along a cycle norms would increase strictly, and return.",
    ]
    assert [fact["multiplier"] for fact in record["proofs"][0]["facts"]] == ["2", "1"]


def test_only_the_commands_about_proofs_load_sympy() -> None:
    program = "import sys; from checks.cli import main; main(['validate', '--examples', '1'])"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}; sys.exit('sympy' in sys.modules)"], timeout=1000
    )
    assert done.returncode == 0


def test_prove_in_latex(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "separation", "--latex"]) == 0
    assert r"\langle m, x\rangle" in capsys.readouterr().out


def test_prove_as_json_in_latex(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "leader-invariance", "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)["proofs"][0]
    assert main(["prove", "leader-invariance", "--json", "--latex"]) == 0
    latex = json.loads(capsys.readouterr().out)["proofs"][0]
    assert plain["facts"][0]["expression"] == "g(x, x) - g(x, z)"
    assert plain["facts"][0]["multiplier"] == "1/(alpha + 1)"
    assert latex["facts"][0]["expression"] == r"\langle x, x\rangle - \langle x, z\rangle"
    assert latex["facts"][0]["multiplier"] == r"\frac{1}{\alpha + 1}"
    assert latex["remainder"] == "0"
    assert r"\langle x, x\rangle" in latex["conclusion"]
    assert "g(" not in json.dumps(latex)


@pytest.mark.parametrize("name", NAMES)
def test_prove_says_what_is_said_in_words_only(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    lemma = registry.find(name)
    assert lemma is not None
    assert lemma.prose
    assert main(["prove", name]) == 0
    _, words = capsys.readouterr().out.split("  in words, which nothing here checks:\n")
    told = words.split("\n\n")[0].split("\n")
    wanted = [f"covers: {lemma.covers}", *(step.words for step in lemma.prose)]
    assert told == [f"    {line}" for line in wanted]


def test_a_wrong_lemma_ends_with_one_and_shows_the_remainder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = registry.find("acyclic-attention")
    assert good is not None
    wrong = replace(good, proofs=(shared.without(good.proofs[0], 0),))
    monkeypatch.setattr("theory.lemmas.registry.lemmas", lambda: (wrong,))
    assert main(["prove"]) == 1
    printed = capsys.readouterr().out
    assert printed.splitlines()[0] == "acyclic-attention  NOT PROVED"
    assert "REFUTED" not in printed  # a proof that fails says nothing of the lemma
    assert "remainder" in printed
    assert main(["prove", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["verdict"] == "NOT PROVED"
    monkeypatch.setattr("theory.lemmas.registry.lemmas", lambda: (good,))
    assert main(["prove"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "acyclic-attention  PROVED"
    assert main(["prove", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "PROVED"


def test_an_unknown_lemma_is_bad_usage() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "checks", "prove", "no-such"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "no-such" in done.stderr
    assert "norms-grow" in done.stderr


def test_vector_names_are_kept_apart() -> None:
    assert isinstance(gram.vectors("x")[0], Vector)
