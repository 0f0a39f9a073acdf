"""What a lemma is, and the facts that several proofs use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sympy as sp

from theory.gram import Checked, Fact, Proof, Vector, check, norm

ALPHA = sp.Symbol("alpha")
GAMMA = ALPHA / (1 + ALPHA)
LAM = 1 / (1 + ALPHA)
STEP: Mapping[sp.Symbol, str] = {ALPHA: "α > 0"}

SYMMETRIC = "positive_definite"
"""The standing hypothesis that makes squares nonnegative and ⟨·,·⟩ symmetric."""

HALF = sp.Rational(1, 2)


@dataclass(frozen=True)
class Lemma:
    """A statement with its proofs; all of them together prove it.

    name : that of the claim that checks the same statement on configurations.
    statement : LaTeX, the same text as the claim's.
    proofs : each an identity, checked by `theory.gram.check`.
    covers : in words, which quantifiers the proofs cover and which step is induction.
    """

    name: str
    statement: str
    proofs: tuple[Proof, ...]
    covers: str

    def check(self) -> tuple[Checked, ...]:
        """The outcome of every proof."""
        return tuple(map(check, self.proofs))

    @property
    def hypotheses(self) -> tuple[str, ...]:
        """The standing hypotheses that the proofs use, in their usual order."""
        used = {name for p in self.proofs for _, fact in p.facts for name in fact.hypotheses}
        if any(proof.scalars and ALPHA in proof.scalars for proof in self.proofs):
            used.add("positive_step")
        order = ("nonzero", "distinct", "positive_definite", "positive_step")
        return tuple(name for name in order if name in used)


def square(v: Vector, words: str) -> Fact:
    """|v|² ≥ 0."""
    return Fact(f"{words} ≥ 0", norm(v), "≥ 0", (SYMMETRIC,))


def apart(x: Vector, y: Vector, words: str) -> Fact:
    """|x − y|² > 0 for distinct x and y."""
    return Fact(f"{words} > 0", norm(x - y), "> 0", ("distinct", SYMMETRIC))


def layer(z: Vector, m: Vector) -> Vector:
    """z' = (z + α m)/(1 + α)."""
    moved: Vector = LAM * z + GAMMA * m
    return moved


def without(proof: Proof, place: int) -> Proof:
    """The proof without its fact number `place`: it must fail."""
    return replace(proof, facts=proof.facts[:place] + proof.facts[place + 1 :])
