"""Lemmas about what comes of many layers: rest, locked rows, limits as feet, softmax."""

import sympy as sp

from theory.lemmas.gram import Fact, Model, Proof, Vector, inner, norm, vectors
from theory.lemmas.layers import FUNCTIONALS, LAYERS, MAXIMISE, ON
from theory.lemmas.lemma import (
    ALPHA,
    GAMMA,
    HALF,
    LAM,
    STANDING,
    STEP,
    SYMMETRIC,
    Lemma,
    Prose,
    layer,
    square,
)
from theory.lemmas.statements import STATEMENTS


def _foot(z: str, mean: str) -> tuple[Proof, ...]:
    """z is the one point of least norm of its face, given that its target is z itself."""
    own, target, x = vectors(f"{z} {mean} x")
    best = Fact(
        f"⟨{z}, {mean}⟩ − ⟨{z}, x⟩ ≥ 0 ({mean} maximises ⟨{z}, ·⟩; means)",
        inner(own, target - x),
        "≥ 0",
        (SYMMETRIC,),
    )
    rests = Fact(f"⟨{z}, {z}⟩ − ⟨{z}, {mean}⟩ = 0 ({mean} = {z})", inner(own, own - target), "= 0")
    on = Fact(
        f"⟨{z}, x⟩ − ⟨{z}, {mean}⟩ = 0 (x is on the face, as {mean} is)",
        inner(own, x - target),
        "= 0",
    )
    other = Fact(f"|x − {z}|² > 0 (x is another point)", norm(x - own), "> 0", (SYMMETRIC,))
    one, two = sp.Integer(1), sp.Integer(2)
    model = Model({z: (0, 1), mean: (0, 1), "x": (1, 1)})
    return (
        Proof(
            f"|{z}|² ≥ ⟨{z}, x⟩ on the polytope: {z} is on its face",
            norm(own) - inner(own, x),
            "≥ 0",
            ((one, best), (one, rests)),
            {},
            model,
        ),
        Proof(
            f"|x|² > |{z}|² for every other point x of the face",
            norm(x) - norm(own),
            "> 0",
            ((one, other), (two, on), (-two, rests)),
            {},
            model,
        ),
    )


def rest_is_a_foot() -> Lemma:
    return Lemma(
        "rest-is-a-foot",
        STATEMENTS["rest-is-a-foot"],
        _foot("z", "m"),
        "A token z with m = z, and every point x of co(Z), respectively of the face. Only this "
        "implication: its converse is false.",
        (MAXIMISE,),
    )


def locked_followers() -> Lemma:
    x, y, z = vectors("x y z'")

    def g(a: Vector, b: Vector) -> sp.Expr:
        return inner(a, b, symmetric=False)

    follows = Fact("⟨x, y⟩ − ⟨x, z'⟩ ≥ 0 (C_x = {y}; z' is in co(Z); means)", g(x, y - z), "≥ 0")
    leads = Fact("⟨y, y⟩ − ⟨y, z'⟩ > 0 (leader-invariance)", g(y, y - z), "> 0")
    moved = layer(x, y)
    model = Model({"x": (1,), "y": (2,), "z'": (1,), "v": (1,)}, {ALPHA: 1})
    return Lemma(
        "locked-followers",
        STATEMENTS["locked-followers"],
        (
            Proof(
                "⟨x', y⟩ > ⟨x', z'⟩ for every other token z",
                g(moved, y - z),
                "> 0",
                ((LAM, follows), (GAMMA, leads)),
                STEP,
                model,
            ),
            Proof(
                "x' − y = λ (x − y): ⟨v, ·⟩ agrees for every v",
                g(Vector({"v": sp.Integer(1)}), moved - y - LAM * (x - y)),
                "= 0",
                (),
                STEP,
                model,
            ),
        ),
        "A follower x of y, which leads, and every other token, z' after the layer; every A.",
        (
            Prose("z' is in co(Z) (hulls-shrink), and y leads after the layer too.", ON),
            FUNCTIONALS,
            LAYERS,
        ),
    )


def frank_wolfe() -> Lemma:
    z, m, v = vectors("z m v")
    e = sp.Symbol("e")
    one = Fact("1 > 0", sp.Integer(1), "> 0")
    model = Model({"z": (1,), "m": (2,), "v": (1,)}, {ALPHA: 1, e: 1})
    return Lemma(
        "frank-wolfe",
        STATEMENTS["frank-wolfe"],
        (
            Proof(
                "z' = z + γ (m − z): ⟨v, ·⟩ agrees for every v",
                inner(v, layer(z, m) - z - GAMMA * (m - z)),
                "= 0",
                (),
                STEP,
                model,
            ),
            Proof(
                "½|z + ev|² = ½|z|² + e⟨z, v⟩ + ½e²|v|²: ⟨z, ·⟩ is the derivative of ½|x|² at z",
                HALF * norm(z + e * v) - HALF * norm(z) - e * inner(z, v) - HALF * e**2 * norm(v),
                "= 0",
                (),
                {},
                model,
            ),
            Proof("γ > 0", GAMMA, "> 0", ((GAMMA, one),), STEP, model),
            Proof("1 − γ > 0", 1 - GAMMA, "> 0", ((LAM, one),), STEP, model),
        ),
        "Every token z and every direction v.",
        (
            MAXIMISE,
            Prose(
                "A Frank–Wolfe step of size γ goes from a point z of co(Z) to z + γ (m − z), where "
                "m maximises the derivative over co(Z) and 0 ≤ γ ≤ 1."
            ),
        ),
    )


def softmax_limit() -> Lemma:
    m, y = vectors("m y")
    w, S, D = sp.symbols("w S D")
    blend = (w / (w + S)) * m + (S / (w + S)) * y
    scalars = {w: "w(C_i) > 0", S: "S > 0, the softmax weight of all others"}
    near = Fact(
        "D − |y − m|² ≥ 0 (D = diam² ≥ |v|² ≥ |u|²)",
        D - norm(y - m),
        "≥ 0",
        (SYMMETRIC,),
    )
    size = Fact("D ≥ 0", D, "≥ 0", (SYMMETRIC,))
    u, v = vectors("u v")
    longer = Fact(
        "⟨u, v⟩ − |u|² ≥ 0 (u = y − m; v, of two tokens, maximises ⟨u, ·⟩; means twice)",
        inner(u, v - u),
        "≥ 0",
        (SYMMETRIC,),
    )
    one, two = sp.Integer(1), sp.Integer(2)
    return Lemma(
        "softmax-limit",
        STATEMENTS["softmax-limit"],
        (
            Proof(
                "|v|² ≥ |u|²",
                norm(v) - norm(u),
                "≥ 0",
                ((one, square(v - u, "|v − u|²")), (two, longer)),
                {},
                Model({"u": (1,), "v": (2,)}),
            ),
            Proof(
                "|m^β − m|² ≤ D·(S/w)² for m^β = (w m + S y)/(w + S)",
                D * S**2 / w**2 - norm(blend - m),
                "≥ 0",
                (
                    (S**2 / (w + S) ** 2, near),
                    (S**2 / w**2 - S**2 / (w + S) ** 2, size),
                ),
                scalars,
                Model({"m": (0,), "y": (1,)}, {w: 1, S: 1, D: 1}),
            ),
        ),
        "The algebraic part: y is the mean of the tokens outside C_i with their softmax weights, S "
        "their sum when those of C_i are scaled to their multiplicities.",
        (
            Prose("⟨u, y − m⟩ is at most ⟨u, v⟩ for the difference v of two tokens (means)."),
            Prose("S ≤ (W − w(C_i)) e^{−βΔ_i}, by the monotonicity of exp; β > 0."),
            Prose("Where C_i holds every token, m^β = m and W = w(C_i)."),
        ),
    )


def limits_are_feet() -> Lemma:
    (s,) = vectors("s")
    e = sp.Symbol("e")
    nonzero = Fact("|s|² > 0 (s ≠ 0)", norm(s), "> 0", (SYMMETRIC,))
    return Lemma(
        "limits-are-feet",
        STATEMENTS["limits-are-feet"],
        (
            *_foot("s", "m_s"),
            Proof(
                "⟨s, (1 + e) s⟩ > |s|² for every e > 0: (1 + e) s is outside K",
                inner(s, (1 + e) * s) - norm(s),
                "> 0",
                ((e, nonzero),),
                {e: "e > 0"},
                Model({"s": (1,)}, {e: 1}),
            ),
        ),
        "A limit s, and every point x of K, respectively of the face.",
        (
            Prose("Every token has a limit, and K contains it (notes, section 7).", STANDING),
            Prose(
                "m − z tends to 0 at every token (norms-grow, added up), so that its target tends "
                "to m_s = s; and ⟨z, m⟩ ≥ ⟨z, x⟩, for x in K, stays in the limit.",
                (SYMMETRIC, *ON),
            ),
            Prose(
                "s ≠ 0: norms do not fall (norms-grow), and no token is 0.",
                ("nonzero", SYMMETRIC, *ON),
            ),
            Prose("The points (1 + e) s come as near to s as one likes: s is in ∂K."),
        ),
    )
