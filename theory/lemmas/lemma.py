"""What a lemma is, and the facts that several proofs use (lemma M of the notes above all)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sympy as sp

from theory.exact import HardmaxError
from theory.lemmas.gram import Checked, Fact, Proof, Vector, check, norm

ALPHA = sp.Symbol("alpha")
GAMMA = ALPHA / (1 + ALPHA)
LAM = 1 / (1 + ALPHA)
STEP: Mapping[sp.Symbol, str] = {ALPHA: "α > 0"}

SYMMETRIC = "positive_definite"
"""The standing hypothesis that makes squares nonnegative and ⟨·,·⟩ symmetric."""

HALF = sp.Rational(1, 2)


STANDING = ("nonzero", "distinct", SYMMETRIC, "positive_step")
"""The names of the standing hypotheses, in their usual order."""


@dataclass(frozen=True)
class Prose:
    """A step of the argument in words, which no algebra checks, with the hypotheses it uses."""

    words: str
    hypotheses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lemma:
    """A statement with its proofs and what is said besides in words; together they prove it.

    name : that of the claim that checks the same statement on configurations.
    statement : LaTeX, the same text as the claim's.
    proofs : each an identity, checked by `theory.lemmas.gram.check`.
    covers : in words, which quantifiers the proofs cover.
    prose : the steps that are no identities: inductions, limits, what other lemmas say.

    Raises `HardmaxError` where a fact or a step names an unknown hypothesis.
    """

    name: str
    statement: str
    proofs: tuple[Proof, ...]
    covers: str
    prose: tuple[Prose, ...] = ()

    def __post_init__(self) -> None:
        unknown = self._used - set(STANDING)
        if unknown:
            raise HardmaxError(f"{self.name}: {min(unknown)!r} is none of {', '.join(STANDING)}")

    def check(self) -> tuple[Checked, ...]:
        """The outcome of every proof."""
        return tuple(map(check, self.proofs))

    @property
    def hypotheses(self) -> tuple[str, ...]:
        """The standing hypotheses that proofs and prose use, in their usual order."""
        return tuple(name for name in STANDING if name in self._used)

    @property
    def _used(self) -> set[str]:
        facts = [fact for proof in self.proofs for _, fact in proof.facts]
        used = {name for fact in facts for name in fact.hypotheses}
        used |= {name for step in self.prose for name in step.hypotheses}
        if any(ALPHA in proof.scalars for proof in self.proofs):
            used.add("positive_step")
        if any(proof.needs_symmetry for proof in self.proofs):
            used.add(SYMMETRIC)
        return used


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
