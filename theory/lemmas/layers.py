"""Lemmas about one layer: N, H, F, I, S and G of the notes."""

import sympy as sp

from theory.lemmas.gram import Fact, Model, Proof, Vector, inner, norm, vectors
from theory.lemmas.lemma import (
    ALPHA,
    GAMMA,
    HALF,
    LAM,
    STEP,
    SYMMETRIC,
    Lemma,
    Prose,
    apart,
    layer,
    square,
)
from theory.lemmas.statements import STATEMENTS

FUNCTIONALS = Prose(
    "⟨x, ·⟩ stands for any linear functional, and so may tell any two vectors apart: nothing is "
    "used of the form ⟨·, ·⟩ but that it is bilinear."
)

ON = ("positive_step",)

STAY_DISTINCT = Prose(
    "Distinct tokens are distinct at every layer (separation).", ("distinct", SYMMETRIC, *ON)
)

LAYERS = Prose("All later layers by induction: the proof is one step.")

MAXIMISE = Prose(
    "A target is a mean of tokens at which ⟨z, ·⟩ is greatest, and no mean of tokens exceeds that "
    "(means)."
)


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
        Model({"x": (1,), "m'": (1,), "z": (2,)}, {p: HALF, rest: HALF, c: 3}),
    )
    return Lemma(
        "means",
        r"A linear functional that is at most $c$ at each of finitely many points is at most $c$ "
        r"at every mean of them.",
        (proof,),
        "Every A, every linear functional, and every number of points.",
        (
            Prose(
                "By induction: a mean of n + 1 points is one of them, or a mean m' of n of them, "
                "or lies strictly between such an m' and the last point, z."
            ),
            FUNCTIONALS,
        ),
    )


def norms_grow() -> Lemma:
    z, m = vectors("z m")
    best = Fact(
        "⟨z, m⟩ − ⟨z, z⟩ ≥ 0 (m maximises ⟨z, ·⟩; means)", inner(z, m - z), "≥ 0", (SYMMETRIC,)
    )
    gain = norm(layer(z, m)) - norm(z)
    model = Model({"z": (1,), "m": (2,)}, {ALPHA: 1})
    return Lemma(
        "norms-grow",
        STATEMENTS["norms-grow"],
        (
            Proof(
                "the gain", gain - GAMMA**2 * norm(m - z), "≥ 0", ((2 * GAMMA, best),), STEP, model
            ),
            Proof(
                "|z'|² ≥ |z|²",
                gain,
                "≥ 0",
                ((2 * GAMMA, best), (GAMMA**2, square(m - z, "|m − z|²"))),
                STEP,
                model,
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
                model,
            ),
        ),
        "Every token z, with its target m a mean of any number of tokens.",
        (MAXIMISE,),
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
                Model({"x": (1,), "z": (1,), "m": (2,)}, {ALPHA: 1, c: 3}),
            ),
        ),
        "Every token z and every linear functional. A plays no part.",
        (
            FUNCTIONALS,
            Prose("The hull of finitely many points is the intersection of its half-spaces."),
        ),
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
                Model({"x": (2,), "y": (1,)}),
            ),
        ),
        "A token x of greatest norm and every other token y, at a layer whose tokens are distinct.",
        (
            Prose("Among finitely many tokens one has the greatest norm."),
            STAY_DISTINCT,
            Prose("What leads at layer 0 leads at all layers (leader-invariance).", ON),
        ),
    )


def leader_invariance() -> Lemma:
    x, z, m, target, y = vectors("x z m m_x y")

    def g(a: Vector, b: Vector) -> sp.Expr:
        return inner(a, b, symmetric=False)

    leads = Fact("⟨x, x⟩ − ⟨x, z⟩ > 0 (C_x = {x})", g(x, x - z), "> 0")
    mean = Fact("⟨x, x⟩ − ⟨x, m⟩ ≥ 0 (C_x = {x}; means)", g(x, x - m), "≥ 0")
    own = Fact("⟨y, m_x⟩ − ⟨y, x⟩ = 0 (C_x = {x}, so m_x = x)", g(y, target - x), "= 0")
    model = Model({"x": (2,), "z": (1,), "m": (2,), "m_x": (2,), "y": (1,)}, {ALPHA: 1})
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
                model,
            ),
            Proof(
                "x' = x: ⟨y, x' − x⟩ = 0 for every y",
                g(y, layer(x, target) - x),
                "= 0",
                ((GAMMA, own),),
                STEP,
                model,
            ),
        ),
        "A leader x, every other token z with its target m; every matrix A.",
        (FUNCTIONALS, LAYERS),
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
    differ = Fact("|x − y|² > 0 (x ≠ y)", norm(x - y), "> 0", (SYMMETRIC,))
    one = sp.Integer(1)
    model = Model({"x": (2,), "y": (-2,), "m": (2,), "n": (-2,)}, {ALPHA: 1})
    return Lemma(
        "separation",
        STATEMENTS["separation"],
        (
            Proof("the identity", moved - stated, "= 0", (), STEP, model),
            Proof(
                "⟨x − y, m − n⟩ ≥ 0",
                inner(x - y, m - n),
                "≥ 0",
                ((one, first), (one, second)),
                {},
                model,
            ),
            Proof(
                "|x' − y'|² > 0",
                moved,
                "> 0",
                (
                    (one, differ),
                    (2 * ALPHA, first),
                    (2 * ALPHA, second),
                    (ALPHA**2, square(m - n, "|m − n|²")),
                ),
                STEP,
                model,
            ),
        ),
        "Any two tokens x, y with their targets m, n; in the last proof x ≠ y.",
        (MAXIMISE, LAYERS),
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
                Model({"x": (1,), "y": (2,)}),
            ),
        ),
        "Every token x and every other y that it attends to, at a layer whose tokens are distinct.",
        (
            STAY_DISTINCT,
            Prose("Along a cycle norms would increase strictly, and return."),
        ),
    )
