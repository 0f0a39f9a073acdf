"""Statements on a terminal: Unicode mathematics, in which nothing of the LaTeX is left or lost.

What a formula says is read a second time by `latex2mathml`: the characters of its MathML, in their
order, are those of the text, up to the parentheses and marks that hold scripts and fractions.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from commands import Invoke
from latex2mathml.converter import Converter

from checks.formulas import formula_text, pieces, to_text
from checks.statements import statements
from theory.lemmas.registry import lemmas

STATEMENTS = sorted({made.statement for made in (*statements(), *lemmas())})
FORMULAS = sorted({part for words in STATEMENTS for formula, part in pieces(words) if formula})

ALIKE = str.maketrans("⪰−|∗’′⊤⧵", "≽-∣*''T∖")
"""Characters that are one sign to a reader."""

HELD = "()_^/⁄ ,√"
"""What may stand in the text for the place of a script, or for the line of a fraction or root."""


def leftovers(words: str, statement: str) -> list[str]:
    """What of LaTeX's own signs is left; braces of sets may be, as many as the statement has."""
    left = re.findall(r"[\\$]", words)
    for brace in "{}":
        left += [brace] * abs(words.count(brace) - statement.count(f"\\{brace}"))
    return left


def signs(words: str) -> str:
    """The characters that a reader sees, each as the plain one; those that hold others left out."""
    plain = unicodedata.normalize("NFKC", words).translate(ALIKE)
    return "".join(x for x in plain if x not in HELD and x.isprintable())


def said(formula: str) -> str:
    """The characters of the formula's MathML."""
    tree = Converter().convert_to_element(formula)
    words = "".join(text if text != "&#x0002F;" else "/" for text in tree.itertext())
    return re.sub(r"&#x([0-9A-F]+);", lambda code: chr(int(code[1], 16)), words)


def lost(text: str, formula: str) -> bool:
    """Whether the text does not say all that the formula says, in its order."""
    wanted, found = signs(said(formula)), signs(text)
    few = any(text.count(x) < said(formula).count(x) for x in "()")
    return found.replace("binom", "") != wanted or few


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_latex_is_left_of_any_statement(statement: str) -> None:
    assert leftovers(to_text(statement), statement) == []


@pytest.mark.parametrize("formula", FORMULAS)
def test_nothing_is_lost_of_any_formula(formula: str) -> None:
    assert not lost(formula_text(formula), formula)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("j i", r"j\ne i"),
        ("|z|² ≥ 0", r"\lvert z_i\rvert^2\ge0"),
        ("zᵢᵏ⁺¹", r"z_i^{k-1}"),
        ("½12", r"\tfrac12"),
        ("co Z", r"\operatorname{co}(Z)"),
        ("zⱼ − zᵢ", "z_i-z_j"),
    ],
)
def test_a_loss_is_seen(text: str, formula: str) -> None:
    assert lost(text, formula)
    assert not lost(formula_text(formula), formula)


@pytest.mark.parametrize("words", ["$x$", r"\alpha", "z^{k+1}", "{x}"])
def test_what_is_left_is_seen(words: str) -> None:
    assert leftovers(words, words.replace("{", "")) != []


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("z_i^{k+1}", "zᵢᵏ⁺¹"),
        ("z_i'", "zᵢ'"),
        ("m_V^2", "(m_V)²"),
        ("E_V(t)", "E_V(t)"),
        (r"B^{-\top}AB^{-1}", "B⁻ᵀAB⁻¹"),
        (r"e^{-\beta\Delta_i}", "e^(−βΔᵢ)"),
        (r"c_{r,p}\binom tp r^t", "c_(r, p) binom(t, p) rᵗ"),
        (r"\tfrac12\langle Bx,x\rangle", "½⟨Bx, x⟩"),
        (r"\tfrac{2}{k+2}\,\lambda_{\max}(B)", "(2/(k+2)) λₘₐₓ(B)"),
        (r"\le\tfrac1t\bigl(J_t/\gamma_t\bigr)", "≤ (1/t)(Jₜ/γₜ)"),
        (r"\frac{2\alpha}{(1+\alpha)^2}", "2α/(1+α)²"),
        (r"\frac{a+b}{cd}", "(a+b)/(cd)"),
        (r"|-a|-|b|", "|−a| − |b|"),
        (r"\{j:\langle z_i,\cdot\rangle=0\}", "{j : ⟨zᵢ, ·⟩ = 0}"),
        (r"\sqrt c\lvert v\rvert", "√c |v|"),
        (r"\sqrt{a+b}", "√(a+b)"),
        (r"x^{2^{n}}", "x^(2ⁿ)"),
        (r"\mathbb{R}^d", "ℝᵈ"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "(1 2; 3 4)"),
        (r"\text{for all }k", "for all k"),
        ("12^{10}", "12¹⁰"),
        (r"x\unknown y", "x unknown y"),
    ],
)
def test_scripts_fractions_and_room(formula: str, text: str) -> None:
    assert formula_text(formula) == text


@pytest.mark.parametrize(
    "formula",
    ["{{{x", "x}}y", "_", "^", "x^", r"\frac", r"\frac1", r"\sqrt", "\\", r"\text{a", "|"],
)
def test_what_is_no_latex_is_shown_all_the_same(formula: str) -> None:
    assert not set(formula_text(formula)) & set("{}")


@pytest.mark.parametrize(
    "deep",
    ["{" * 10_000 + "x" + "}" * 10_000, r"\sqrt" * 10_000, r"\frac" * 10_000, "x^{y" * 5_000],
)
def test_what_is_nested_without_end_is_shown_as_it_was_written(deep: str) -> None:
    assert to_text(f"${deep}$") == deep
    assert formula_text(r"\sqrt" * 3 + " x") == "√√√x"


@pytest.mark.parametrize("sign", ["x^", "x_i", "|", "(", "-", r"\le", "'"])
def test_what_is_long_is_read_once(sign: str, within: Callable[[float], Any]) -> None:
    with within(2):
        assert formula_text(sign * 50_000)


def test_text_keeps_what_is_no_formula() -> None:
    assert to_text(r"costs \$5, \emph{so} 50\% of {a, b}") == "costs $5, so 50% of {a, b}"


@pytest.mark.parametrize(
    ("command", "latex", "plain"),
    [
        (("claims", "--source", "Fantuzzi"), r"\langle z_i,z_j\rangle", "⟨zᵢ, zⱼ⟩"),
        (("prove", "locked-followers"), r"z_i^{k+t}-z_j^k", "zᵢᵏ⁺ᵗ − zⱼᵏ"),
        (
            ("refute", "hull-vertices-lead", "--examples", "50", "--seed", "1", "--jobs", "1"),
            r"$\operatorname{co}(Z^0)$",
            "co(Z⁰)",
        ),
    ],
)
def test_latex_is_shown_where_it_is_asked_for(
    hardmax: Invoke, command: tuple[str, ...], latex: str, plain: str
) -> None:
    status, out, _ = hardmax(*command)
    assert status == 0
    assert plain in out
    assert "\\" not in out
    _, out, _ = hardmax(*command, "--latex")
    assert latex in out
    assert plain not in out
    if command[0] != "refute":
        assert json.dumps(latex)[1:-1] in hardmax(*command, "--json")[1]
