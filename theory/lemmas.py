"""The lemmas of the theory as data, with proofs that hold in every dimension and for every n.

Each `Lemma` has one or more `theory.gram.Proof`s: facts with known signs, a conclusion, and the
multipliers that make the conclusion an identity. What a proof speaks of is a fixed, small number of
formal vectors (a token, its target, another token, …), so it covers every dimension, every
number of tokens and every choice of the tokens named, since these are arbitrary.

Two steps are not identities in finitely many vectors, and are said here once and for all.

- *Means.* A target m is a mean Σ p_j z_j of any number of tokens. Where a linear functional is at
  most c on every z_j, it is at most c on m. By induction on the number of tokens this is the proof
  called "means", which splits off one token: m = (1−p) m' + p z with 0 ≤ p ≤ 1. Facts that use it
  say so.
- *All layers.* "For all later layers" is induction over the layers; the proof is one step.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import sympy as sp

from theory.gram import Checked, Fact, Proof, Vector, check, inner, norm, vectors
from theory.statements import STATEMENTS

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


@cache
def lemmas() -> tuple[Lemma, ...]:
    """Every lemma that is proved here, "means" first."""
    return tuple(make() for make in _MAKERS)


def find(name: str) -> Lemma | None:
    """The lemma of that name, or None."""
    return next((lemma for lemma in lemmas() if lemma.name == name), None)


def _means() -> Lemma:
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


def _norms_grow() -> Lemma:
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


def _hulls_shrink() -> Lemma:
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


def _first_leader() -> Lemma:
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


def _leader_invariance() -> Lemma:
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


def _separation() -> Lemma:
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


def _acyclic_attention() -> Lemma:
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


def _rest_is_a_foot() -> Lemma:
    return Lemma(
        "rest-is-a-foot",
        STATEMENTS["rest-is-a-foot"],
        _foot("z", "m"),
        "A token z with m = z, and every point x of co(Z), respectively of the face. Only this "
        "implication: its converse is false.",
    )


def _locked_followers() -> Lemma:
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


def _frank_wolfe() -> Lemma:
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


def _softmax_limit() -> Lemma:
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


def _limits_are_feet() -> Lemma:
    return Lemma(
        "limits-are-feet",
        STATEMENTS["limits-are-feet"],
        _foot("s", "m_s"),
        "A limit s of a settled configuration, and every point x of K. In the limit of the layers "
        "s is the mean m_s of the limits of its attention set, and these keep maximising ⟨s, ·⟩, "
        "since weak inequalities survive limits.",
    )


_MAKERS: tuple[Callable[[], Lemma], ...] = (
    _means,
    _norms_grow,
    _hulls_shrink,
    _first_leader,
    _leader_invariance,
    _separation,
    _acyclic_attention,
    _rest_is_a_foot,
    _locked_followers,
    _frank_wolfe,
    _softmax_limit,
    _limits_are_feet,
)
