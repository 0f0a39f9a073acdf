"""The proofs of the lemmas as `hardmax prove` shows them: pages for a screen, and JSON objects.

Only that command imports this module, for SymPy takes a quarter of a second to import.
"""

import re
from typing import Any

import sympy as sp
from rich.text import Text

from checks.formulas import formula_text, to_text
from checks.verdicts import Verdict
from theory.lemmas.gram import Checked, Pairing, Proof, collected
from theory.lemmas.lemma import Lemma

NOT_PROVED = "NOT PROVED"
"""A proof that fails refutes nothing: the lemma may have another."""


def _verdict(outcome: tuple[Checked, ...]) -> str:
    return str(Verdict.PROVED) if all(checked.holds for checked in outcome) else NOT_PROVED


def record(lemma: Lemma, outcome: tuple[Checked, ...], latex: bool) -> dict[str, Any]:
    """The lemma, its proofs, and what checking them came to; expressions in LaTeX if asked for."""
    written = _latex if latex else str
    return {
        "name": lemma.name,
        "statement": lemma.statement,
        "verdict": _verdict(outcome),
        "hypotheses": list(lemma.hypotheses),
        "covers": lemma.covers,
        "prose": [
            {"words": step.words, "hypotheses": list(step.hypotheses)} for step in lemma.prose
        ],
        "proofs": [
            {
                "shows": proof.words,
                "conclusion": written(proof.conclusion),
                "sign": proof.sign,
                "facts": [
                    {
                        "multiplier": written(multiplier),
                        "fact": fact.words,
                        "expression": written(fact.expression),
                        "sign": fact.sign,
                    }
                    for multiplier, fact in proof.facts
                ],
                "scalars": list(proof.scalars.values()),
                "remainder": written(checked.remainder),
                "faults": list(checked.faults),
            }
            for proof, checked in zip(lemma.proofs, outcome, strict=True)
        ],
    }


def page(lemma: Lemma, outcome: tuple[Checked, ...], latex: bool) -> Text:
    """The same, to be read."""
    verdict = _verdict(outcome)
    block = Text()
    block.append(lemma.name, "bold")
    block.append(f"  {verdict}\n", "bold red" if verdict == NOT_PROVED else "green")
    block.append(f"  {lemma.statement if latex else to_text(lemma.statement)}\n")
    block.append(f"  uses: {', '.join(lemma.hypotheses) or 'no standing hypothesis'}\n")
    block.append("  in words, which nothing here checks:\n", "italic")
    for words in (f"covers: {lemma.covers}", *(step.words for step in lemma.prose)):
        block.append(f"    {words}\n")
    for proof, checked in zip(lemma.proofs, outcome, strict=True):
        block.append(f"\n  {proof.words}\n", "bold")
        for words in proof.scalars.values():
            block.append(f"    given  {words}\n")
        for _, fact in proof.facts:
            block.append(f"    given  {fact.words}\n")
        block.append(_identity(proof, latex))
        for fault in checked.faults:
            block.append(f"    FAILS: {fault}\n", "bold red")
    return block


def _identity(proof: Proof, latex: bool) -> str:
    """conclusion = Σ multiplier · (fact), one summand a line."""
    written = _latex if latex else _plain
    lines = [f"    {written(proof.conclusion)}"]
    for place, (multiplier, fact) in enumerate(proof.facts):
        lead = "=" if place == 0 else "+"
        lines.append(f"      {lead} ({written(multiplier)}) · ({written(fact.expression)})")
    if not proof.facts:
        lines.append("      = 0 identically")
    else:
        lines.append(f"      {proof.sign}")
    return "\n".join(lines) + "\n"


def _latex(expression: sp.Expr) -> str:
    """The expression in LaTeX, with angle brackets for g(x, y).

    >>> _latex(2 * Pairing("g(m_x, z')"))
    "2 \\\\langle m_x, z'\\\\rangle"
    """
    names = {s: rf"\langle {', '.join(s.vectors)}\rangle" for s in expression.atoms(Pairing)}
    words: str = sp.latex(collected(expression), symbol_names=names)
    return words


def _plain(expression: sp.Expr) -> str:
    """The expression in Unicode, with ⟨x, y⟩ for g(x, y).

    >>> _plain(sp.Symbol("alpha") ** 2 * sp.Symbol("g(x, y)") - 1)
    'α²·⟨x, y⟩ − 1'
    """
    words = re.sub(r"g\(([^()]*)\)", r"⟨\1⟩", str(collected(expression)))
    words = re.sub(r"\*\*(\d+)", lambda power: formula_text(f"^{{{power[1]}}}"), words)
    return words.replace("*", "·").replace("-", "−").replace("alpha", "α")
