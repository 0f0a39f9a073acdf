"""Lemmas about what comes of many layers: rest, locked rows, limits as feet, softmax."""

import sympy as sp

from theory.gram import Fact, Proof, Vector, inner, norm, vectors
from theory.lemmas.lemma import GAMMA, HALF, LAM, STEP, SYMMETRIC, Lemma, layer, square
from theory.statements import STATEMENTS


def _foot(z: str, mean: str) -> tuple[Proof, ...]:
    """z is the point of least norm of its face, given that its target is z itself."""
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
    one, two = sp.Integer(1), sp.Integer(2)
    return (
        Proof(
            f"|{z}|² ≥ ⟨{z}, x⟩ on the polytope: {z} is on its face",
            norm(own) - inner(own, x),
            "≥ 0",
            ((one, best), (one, rests)),
            {},
        ),
        Proof(
            f"|x|² ≥ |{z}|² on the face",
            norm(x) - norm(own),
            "≥ 0",
            ((one, square(x - own, f"|x − {z}|²")), (two, on), (-two, rests)),
            {},
        ),
    )


def rest_is_a_foot() -> Lemma:
    return Lemma(
        "rest-is-a-foot",
        STATEMENTS["rest-is-a-foot"],
        _foot("z", "m"),
        "A token z with m = z, and every point x of co(Z), respectively of the face. Only this "
        "implication: its converse is false.",
    )


def locked_followers() -> Lemma:
    x, y, z = vectors("x y z'")

    def g(a: Vector, b: Vector) -> sp.Expr:
        return inner(a, b, symmetric=False)

    follows = Fact("⟨x, y⟩ − ⟨x, z'⟩ ≥ 0 (C_x = {y}; z' is in co(Z); means)", g(x, y - z), "≥ 0")
    leads = Fact("⟨y, y⟩ − ⟨y, z'⟩ > 0 (leader-invariance)", g(y, y - z), "> 0")
    moved = layer(x, y)
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
            ),
            Proof(
                "x' − y = λ (x − y): ⟨v, ·⟩ agrees for every v",
                g(Vector({"v": sp.Integer(1)}), moved - y - LAM * (x - y)),
                "= 0",
                (),
                {},
            ),
        ),
        "A follower x of a leader y and every other token, z' after the layer; every matrix A. "
        "All later layers by induction.",
    )


def frank_wolfe() -> Lemma:
    z, m, v, p = vectors("z m v p")
    e, one = sp.Symbol("e"), sp.Integer(1)
    best = Fact(
        "⟨z, m⟩ − ⟨z, p⟩ ≥ 0 (m maximises ⟨z, ·⟩; means)", inner(z, m - p), "≥ 0", (SYMMETRIC,)
    )
    quotient = sp.expand(HALF * norm(z + e * v) - HALF * norm(z)) / e
    return Lemma(
        "frank-wolfe",
        STATEMENTS["frank-wolfe"],
        (
            Proof(
                "z' = z + γ (m − z): ⟨v, ·⟩ agrees for every v",
                inner(v, layer(z, m) - z - GAMMA * (m - z)),
                "= 0",
                (),
                {},
            ),
            Proof(
                "⟨z, ·⟩ is the derivative of ½|x|² at z, up to e·½|v|²",
                sp.expand(quotient) - inner(z, v) - e * HALF * norm(v),
                "= 0",
                (),
                {},
            ),
            Proof("m maximises it over co(Z)", inner(z, m - p), "≥ 0", ((one, best),), {}),
        ),
        "Every token z, every direction v, every point p of co(Z).",
    )


def softmax_limit() -> Lemma:
    m, y = vectors("m y")
    w, S, D = sp.symbols("w S D")
    blend = (w / (w + S)) * m + (S / (w + S)) * y
    scalars = {w: "w(C_i) > 0", S: "S > 0, the softmax weight of all others"}
    near = Fact(
        "D − |y − m|² ≥ 0 (y and m are means of tokens; D = diam²; means twice)",
        D - norm(y - m),
        "≥ 0",
        (SYMMETRIC,),
    )
    size = Fact("D ≥ 0", D, "≥ 0", (SYMMETRIC,))
    return Lemma(
        "softmax-limit",
        STATEMENTS["softmax-limit"],
        (
            Proof(
                "|m^β − m|² ≤ D·(S/w)² for m^β = (w m + S y)/(w + S)",
                D * S**2 / w**2 - norm(blend - m),
                "≥ 0",
                (
                    (S**2 / (w + S) ** 2, near),
                    (S**2 / w**2 - S**2 / (w + S) ** 2, size),
                ),
                scalars,
            ),
        ),
        "The algebraic part: y is the mean of the tokens outside C_i with their softmax weights, S "
        "their sum when those of C_i are scaled to their multiplicities. That "
        "S ≤ (W − w(C_i)) e^{−βΔ_i} is the monotonicity of exp, and no identity.",
    )


def limits_are_feet() -> Lemma:
    return Lemma(
        "limits-are-feet",
        STATEMENTS["limits-are-feet"],
        _foot("s", "m_s"),
        "A limit s of a settled configuration, and every point x of K. In the limit of the layers "
        "s is the mean m_s of the limits of its attention set, and these keep maximising ⟨s, ·⟩, "
        "since weak inequalities survive limits.",
    )
