"""Lemmas about one layer: N, H, F, I, S and G of the notes."""

import sympy as sp

from theory.gram import Fact, Proof, Vector, inner, norm, vectors
from theory.lemmas.lemma import (
    ALPHA,
    GAMMA,
    HALF,
    LAM,
    STEP,
    SYMMETRIC,
    Lemma,
    apart,
    layer,
    square,
)
from theory.statements import STATEMENTS


def means() -> Lemma:
    x, mean, z = vectors("x m' z")
    p, rest, c = sp.symbols("p rest c")
    first = Fact("c − ⟨x, m'⟩ ≥ 0", c - inner(x, mean, symmetric=False), "≥ 0")
    second = Fact("c − ⟨x, z⟩ ≥ 0", c - inner(x, z, symmetric=False), "≥ 0")
    total = Fact("rest = 1 − p", 1 - p - rest, "= 0")
    m = rest * mean + p * z
    proof = Proof(
        "c − ⟨x, m⟩ ≥ 0 for m = (1−p) m' + p z",
        c - inner(x, m, symmetric=False),
        "≥ 0",
        ((rest, first), (p, second), (c, total)),
        {p: "p > 0", rest: "1 − p > 0"},
    )
    return Lemma(
        "means",
        r"A linear functional that is at most $c$ at each of finitely many points is at most $c$ "
        r"at every mean of them.",
        (proof,),
        "Every A and every number of points, by induction: a mean of n + 1 points is one of them, "
        "or lies between a mean m' of n of them and the last, z.",
    )


def norms_grow() -> Lemma:
    z, m = vectors("z m")
    best = Fact(
        "⟨z, m⟩ − ⟨z, z⟩ ≥ 0 (m maximises ⟨z, ·⟩; means)", inner(z, m - z), "≥ 0", (SYMMETRIC,)
    )
    gain = norm(layer(z, m)) - norm(z)
    return Lemma(
        "norms-grow",
        STATEMENTS["norms-grow"],
        (
            Proof("the gain", gain - GAMMA**2 * norm(m - z), "≥ 0", ((2 * GAMMA, best),), STEP),
            Proof(
                "|z'|² ≥ |z|²",
                gain,
                "≥ 0",
                ((2 * GAMMA, best), (GAMMA**2, square(m - z, "|m − z|²"))),
                STEP,
            ),
            Proof(
                "|z'|² > |z|² where z moves",
                gain,
                "> 0",
                (
                    (2 * GAMMA, best),
                    (GAMMA**2, Fact("|m − z|² > 0 (z' ≠ z)", norm(m - z), "> 0", (SYMMETRIC,))),
                ),
                STEP,
            ),
        ),
        "Every token z, with its target m a mean of any number of tokens.",
    )


def hulls_shrink() -> Lemma:
    x, z, m = vectors("x z m")
    c = sp.Symbol("c")
    own = Fact("c − ⟨x, z⟩ ≥ 0", c - inner(x, z, symmetric=False), "≥ 0")
    mean = Fact("c − ⟨x, m⟩ ≥ 0 (means)", c - inner(x, m, symmetric=False), "≥ 0")
    return Lemma(
        "hulls-shrink",
        STATEMENTS["hulls-shrink"],
        (
            Proof(
                "every half-space ⟨x, ·⟩ ≤ c that holds the tokens holds z'",
                c - inner(x, layer(z, m), symmetric=False),
                "≥ 0",
                ((LAM, own), (GAMMA, mean)),
                STEP,
            ),
        ),
        "Every token z and every linear functional (written ⟨x, ·⟩ for a formal x); a closed "
        "convex set is the intersection of its half-spaces. A plays no part.",
    )


def first_leader() -> Lemma:
    x, y = vectors("x y")
    longest = Fact(
        "|x|² − |y|² ≥ 0 (x has the greatest norm)", norm(x) - norm(y), "≥ 0", (SYMMETRIC,)
    )
    return Lemma(
        "first-leader",
        STATEMENTS["first-leader"],
        (
            Proof(
                "⟨x, x⟩ > ⟨x, y⟩ for every other token y",
                norm(x) - inner(x, y),
                "> 0",
                ((HALF, longest), (HALF, apart(x, y, "|x − y|²"))),
                {},
            ),
        ),
        "A token x of greatest norm and every other token y; a greatest norm exists among finitely "
        "many.",
    )


def leader_invariance() -> Lemma:
    x, z, m, target, y = vectors("x z m m_x y")

    def g(a: Vector, b: Vector) -> sp.Expr:
        return inner(a, b, symmetric=False)

    leads = Fact("⟨x, x⟩ − ⟨x, z⟩ > 0 (C_x = {x})", g(x, x - z), "> 0")
    mean = Fact("⟨x, x⟩ − ⟨x, m⟩ ≥ 0 (C_x = {x}; means)", g(x, x - m), "≥ 0")
    own = Fact("⟨y, m_x⟩ − ⟨y, x⟩ = 0 (C_x = {x}, so m_x = x)", g(y, target - x), "= 0")
    return Lemma(
        "leader-invariance",
        STATEMENTS["leader-invariance"],
        (
            Proof(
                "⟨x, x⟩ > ⟨x, z'⟩ for every other token z",
                g(x, x - layer(z, m)),
                "> 0",
                ((LAM, leads), (GAMMA, mean)),
                STEP,
            ),
            Proof(
                "x' = x: ⟨y, x' − x⟩ = 0 for every y",
                g(y, layer(x, target) - x),
                "= 0",
                ((GAMMA, own),),
                {},
            ),
        ),
        "A leader x, every other token z with its target m; every matrix A. All later layers by "
        "induction.",
    )


def separation() -> Lemma:
    x, y, m, n = vectors("x y m n")
    first = Fact(
        "⟨x, m⟩ − ⟨x, n⟩ ≥ 0 (m maximises ⟨x, ·⟩; means)", inner(x, m - n), "≥ 0", (SYMMETRIC,)
    )
    second = Fact(
        "⟨y, n⟩ − ⟨y, m⟩ ≥ 0 (n maximises ⟨y, ·⟩; means)", inner(y, n - m), "≥ 0", (SYMMETRIC,)
    )
    moved = (1 + ALPHA) ** 2 * norm(layer(x, m) - layer(y, n))
    stated = norm(x - y) + 2 * ALPHA * inner(x - y, m - n) + ALPHA**2 * norm(m - n)
    one = sp.Integer(1)
    return Lemma(
        "separation",
        STATEMENTS["separation"],
        (
            Proof("the identity", moved - stated, "= 0", (), {}),
            Proof(
                "⟨x − y, m − n⟩ ≥ 0", inner(x - y, m - n), "≥ 0", ((one, first), (one, second)), {}
            ),
            Proof(
                "|x' − y'|² > 0",
                moved,
                "> 0",
                (
                    (one, apart(x, y, "|x − y|²")),
                    (2 * ALPHA, first),
                    (2 * ALPHA, second),
                    (ALPHA**2, square(m - n, "|m − n|²")),
                ),
                STEP,
            ),
        ),
        "Any two distinct tokens x, y with their targets m, n.",
    )


def acyclic_attention() -> Lemma:
    x, y = vectors("x y")
    attends = Fact("⟨x, y⟩ − ⟨x, x⟩ ≥ 0 (y maximises ⟨x, ·⟩)", inner(x, y - x), "≥ 0", (SYMMETRIC,))
    return Lemma(
        "acyclic-attention",
        STATEMENTS["acyclic-attention"],
        (
            Proof(
                "|y|² > |x|²",
                norm(y) - norm(x),
                "> 0",
                ((sp.Integer(2), attends), (sp.Integer(1), apart(x, y, "|x − y|²"))),
                {},
            ),
        ),
        "Every token x and every other y that it attends to; along a cycle norms would increase "
        "strictly and return.",
    )
