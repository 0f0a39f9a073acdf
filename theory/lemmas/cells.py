"""Lemmas about the cells of the vertices of a hull: Voronoi cells, and straight lines.

They stand in section 12.3 of the notes.
"""

import sympy as sp

from theory.lemmas.gram import Fact, Model, Proof, Vector, inner, norm, vectors
from theory.lemmas.layers import FUNCTIONALS, LAYERS, ON
from theory.lemmas.lemma import (
    ALPHA,
    GAMMA,
    HALF,
    LAM,
    STEP,
    SYMMETRIC,
    Lemma,
    Prose,
    layer,
)
from theory.lemmas.statements import STATEMENTS

AT_VERTICES = Prose(
    "A linear functional is greatest over K at a vertex (means): x lies in the cell of v iff "
    "⟨x, v⟩ − ⟨x, w⟩ ≥ 0 for every vertex w, and in no other iff > 0 for every w but v."
)


def voronoi_cells() -> Lemma:
    x, v, w = vectors("x v w")
    alike = Fact("|w|² − |v|² = 0", norm(w) - norm(v), "= 0")
    return Lemma(
        "voronoi-cells",
        STATEMENTS["voronoi-cells"],
        (
            Proof(
                "|x − w|² − |x − v|² = 2 (⟨x, v⟩ − ⟨x, w⟩)",
                norm(x - w) - norm(x - v) - 2 * (inner(x, v) - inner(x, w)),
                "= 0",
                ((sp.Integer(1), alike),),
                {},
                Model({"x": (1, 0), "v": (0, 1), "w": (1, 0)}),
            ),
        ),
        "Every point x and every two vertices v and w.",
        (AT_VERTICES, Prose("|x| is a norm, and the distances are those in it.", (SYMMETRIC,))),
    )


def straight_lines() -> Lemma:
    x, v, w = vectors("x v w")
    alike = Fact("|v|² − |w|² = 0", norm(v) - norm(w), "= 0")
    apart = Fact("|v − w|² > 0 (two vertices)", norm(v - w), "> 0", (SYMMETRIC,))

    def g(a: Vector, b: Vector) -> sp.Expr:
        return inner(a, b, symmetric=False)

    own = Fact("⟨x, v⟩ − ⟨x, w⟩ > 0 (x is in the cell of v alone)", g(x, v - w), "> 0")
    leads = Fact("⟨v, v⟩ − ⟨v, w⟩ > 0 (v is in its own alone)", g(v, v - w), "> 0")
    moved = layer(x, v)
    model = Model({"x": (1, 0), "v": (1, 0), "w": (0, 1), "u": (1, 0)}, {ALPHA: 1})
    return Lemma(
        "straight-lines",
        STATEMENTS["straight-lines"],
        (
            Proof(
                "⟨v, v⟩ − ⟨v, w⟩ > 0: every vertex is in its own cell alone",
                norm(v) - inner(v, w),
                "> 0",
                ((HALF, apart), (HALF, alike)),
                {},
                model,
            ),
            Proof(
                "⟨x', v⟩ − ⟨x', w⟩ > 0: x' is in the cell of v alone",
                g(moved, v - w),
                "> 0",
                ((LAM, own), (GAMMA, leads)),
                STEP,
                model,
            ),
            Proof(
                "x' − v = λ (x − v): ⟨u, ·⟩ agrees for every u",
                g(Vector({"u": sp.Integer(1)}), moved - v - LAM * (x - v)),
                "= 0",
                (),
                STEP,
                model,
            ),
        ),
        "A token x of the cell of v alone, and every other vertex w.",
        (
            AT_VERTICES,
            Prose(
                "So the target of a vertex is its own place, and it does not move. Since no token "
                "leaves K (hulls-shrink), K is the hull of the tokens at every layer.",
                ON,
            ),
            FUNCTIONALS,
            LAYERS,
        ),
    )
