r"""The literature on positive definite matrices: the cells of the vertices, and straight lines.

K = co(Z^0) has the vertices v_1, v_2, …, and the cell of v_i is {x ∈ K : ⟨x, v_i⟩ = max_K⟨x, ·⟩}:
the tokens in it attend to v_i, or to others as well where they lie in another cell too (section 12
of the notes).
"""

from collections.abc import Sequence
from functools import partial
from itertools import combinations, product

from flint import fmpq
from hypothesis import strategies as st

from checks.run import FIRST_LAYERS, Run
from checks.statements.domains import STANDARD, Domain, Strategy
from checks.statements.quoted import FALLING, QUOTED, published, pull_of
from checks.statements.registry import OURS
from checks.statements.spread import small
from checks.verdicts import Outcome, Verdict, Violation
from theory import Configuration
from theory.hull import in_hull
from theory.lemmas.statements import STATEMENTS
from theory.matrices import Vector, minus, plus, times
from theory.readable import point

DEFINITE = ("positive_definite", "positive_step")


def vertices(points: Sequence[Vector]) -> list[Vector]:
    """The points that are in the hull of no others, each once.

    >>> vertices([(fmpq(0),), (fmpq(2),), (fmpq(1),), (fmpq(2),)])
    [(0,), (2,)]
    """
    places = list(dict.fromkeys(points))
    return [z for i, z in enumerate(places) if not in_hull(z, places[:i] + places[i + 1 :])]


def own_cells(run: Run, corners: Sequence[Vector]) -> bool:
    """Whether every vertex lies in its own cell and in no other."""
    heights = {v: run.inner(v, v) for v in corners}
    return all(run.inner(v, w) < heights[v] for v in corners for w in corners if v != w)


def cells(run: Run, point: Vector, corners: Sequence[Vector]) -> list[Vector]:
    """The vertices in whose cells a point of K lies."""
    products = [run.inner(point, v) for v in corners]
    top = max(products)
    return [v for v, product in zip(corners, products, strict=True) if product == top]


def generic(run: Run) -> dict[Vector, Vector] | None:
    """The vertex in whose cell alone each token lies, where every vertex lies in its own alone.

    None where some token lies in several cells, or some vertex in another's.
    """
    tokens = run.tokens(0)
    corners = vertices(tokens)
    if not own_cells(run, corners):
        return None
    cells_of = {z: cells(run, z, corners) for z in tokens}
    if any(len(those) > 1 for those in cells_of.values()):
        return None
    return {z: those[0] for z, those in cells_of.items()}


def _drawn_level(family: str) -> Strategy:
    """Vertices with one |v|: a point with its signs changed, for a diagonal A; and means of them.

    All in coordinates in which A need not be diagonal.
    """
    return st.composite(_level)(small(family))


def _level(draw: st.DrawFn, base: Strategy) -> Configuration:
    c = draw(base)
    corner, d = c.tokens[0], c.dimension
    scales = draw(st.lists(st.sampled_from((1, 2, 5)), min_size=d, max_size=d))
    changes = draw(
        st.lists(st.sampled_from([*product((1, -1), repeat=d)]), min_size=1, unique=True)
    )
    corners = [tuple(s * x for s, x in zip(change, corner, strict=True)) for change in changes]
    rows = list(dict.fromkeys(corners))
    for weights in draw(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=8), max_size=4)):
        chosen = [(w, v) for w, v in zip(weights, rows[: len(corners)], strict=False) if w]
        if chosen:
            total = times(fmpq(0), corner)
            for w, v in chosen:
                total = plus(total, times(fmpq(w, sum(w for w, _ in chosen)), v))
            rows.append(total)
    shear = draw(st.integers(-2, 2)) if d > 1 else 0
    # x ↦ (x_1 + shear x_2, x_2, …), and A carried along
    sheared = [(z[0] + shear * z[1], *z[1:]) if d > 1 else z for z in rows]
    A = [[fmpq(scales[i] if i == j else 0) for j in range(d)] for i in range(d)]
    if d > 1:
        A[0][1] = A[1][0] = -shear * A[0][0]
        A[1][1] += shear * shear * A[0][0]
    return Configuration(list(dict.fromkeys(sheared)), c.alpha, A)


def _is_level(run: Run) -> bool:
    heights = {run.inner(v, v) for v in vertices(run.tokens(0))}
    return len(heights) == 1


LEVEL = Domain(
    "whose vertices are equally long in the norm of $A$",
    condition=_is_level,
    strategy=_drawn_level,
    changeable=True,
)


@published(
    "voronoi-cells",
    STATEMENTS["voronoi-cells"],
    ("positive_definite",),
    f"{QUOTED}: voronoi-cells",
    Verdict.HELD,
    LEVEL,
    evidence=None,
    remark="An identity: |x − v_j|² = |x|² − 2⟨x, v_j⟩ + |v_j|², and the last term is the same for "
    "all j.",
)
def voronoi_cells(run: Run) -> Outcome:
    tokens = run.tokens(0)
    corners = vertices(tokens)
    middles = [times(fmpq(1, 2), plus(x, y)) for x, y in combinations(tokens, 2)]
    for x in (*tokens, *middles):
        here = cells(run, x, corners)
        away = {v: run.inner(minus(x, v), minus(x, v)) for v in corners}
        near = [v for v in corners if away[v] == min(away.values())]
        if here != near:
            v = next(v for v in corners if (v in here) != (v in near))
            words = "a point is in one of the two cells of a vertex (squared distances)"
            j, least = tokens.index(v), min(away.values())
            sides = (
                f"|x − z_{run.index(j)}|² for x = {point(x)}",
                "the least |x − v|² of a vertex v",
            )
            return Violation(words, 0, (j,), away[v], "=", least, sides)
    return True


def _solved(run: Run) -> Outcome:
    """z_i^k = v + Π (1 − γ_s) (z_i^0 − v), s < k, at the layers that are looked at."""
    cell = generic(run)
    if cell is None:
        return None
    start, left = run.tokens(0), fmpq(1)
    for k in range(run.at_most(FIRST_LAYERS)):
        for i, z in enumerate(run.tokens(k)):
            v = cell[start[i]]
            for s, (x, y, begun) in enumerate(zip(z, v, start[i], strict=True), start=1):
                if x != y + left * (begun - y):
                    told = f"coordinate {s} of z_{run.index(i)}"
                    way = f"v + Π(1 − γ_r) (z_{run.index(i)} of layer 0 − v), r < {k}"
                    wanted = y + left * (begun - y)
                    sides = told, f"that of {way}"
                    return Violation("it is elsewhere", k, (i,), x, "=", wanted, sides)
        pull = pull_of(run, k)
        if pull is None:
            return None
        left *= 1 - pull
    return True


EXP_FAST = (
    r"Let $A$ be positive definite and $0<\gamma_k<1$. If every vertex of $\operatorname{co}(Z^0)$ "
    r"lies in its own cell and in no other, and every token in exactly one cell, then "
    r"$z_i^k=v+\prod_{s<k}(1-\gamma_s)\,(z_i^0-v)$ for the vertex $v$ of its cell."
)

published(
    "exp-fast-polytope",
    EXP_FAST,
    DEFINITE,
    f"{QUOTED}: exp-fast-polytope",
    Verdict.HELD,
    STANDARD,
)(_solved)

published(
    "exp-fast-polytope-scheduled",
    EXP_FAST,
    DEFINITE,
    f"{QUOTED}: exp-fast-polytope",
    Verdict.HELD,
    STANDARD,
    FALLING,
)(_solved)


@published(
    "straight-lines",
    STATEMENTS["straight-lines"],
    DEFINITE,
    f"{QUOTED}: the abstract, under the hypotheses of voronoi-cells",
    Verdict.HELD,
    LEVEL,
)
def straight_lines(run: Run) -> Outcome:
    start = run.tokens(0)
    corners = vertices(start)
    home = {z: those[0] for z in start if len(those := cells(run, z, corners)) == 1}
    for k in range(run.at_most(FIRST_LAYERS)):
        after = run.tokens(k + 1)
        for i, (z, moved) in enumerate(zip(run.tokens(k), after, strict=True)):
            if start[i] in corners and moved != start[i]:
                return Violation("a vertex moves", k, (i,))
            if start[i] not in home:
                continue
            v = home[start[i]]
            if cells(run, moved, corners) != [v]:
                return Violation("a token leaves its cell", k + 1, (i,))
            if not in_hull(moved, [z, v]):
                return Violation("a token leaves the segment to its vertex", k + 1, (i,))
    return True


def _condition(run: Run, strictly: bool) -> Outcome:
    """That a vertex is in its own cell (alone, if `strictly`) iff all ⟨v, w − v⟩ are negative.

    Of all vertices w: those of neighbours are negative iff all are, since w − v is a sum of
    multiples ≥ 0 of what leads from v to its neighbours.
    """
    start = run.tokens(0)
    corners = vertices(start)
    applied = False
    for v in corners:
        if not any(v):
            continue
        applied = True
        products = [run.inner(v, minus(w, v)) for w in corners if w != v]
        condition = max([*products, -run.inner(v, v)]) < 0
        here = cells(run, v, corners)
        if condition != (here == [v] if strictly else v in here):
            words = "the vertex is in its own cell, and a neighbour w has ⟨v, w − v⟩ = 0"
            j = start.index(v)
            told = f"the greatest ⟨v, w − v⟩ of a vertex w other than v = z_{run.index(j)}"
            return Violation(words, 0, (j,), max(products), "<", fmpq(0), (told, ""))
    return True if applied else None


published(
    "polytope-condition",
    r"Let $A$ be positive definite. A vertex $v\ne0$ of $\operatorname{co}(Z^0)$ lies in its own "
    r"cell iff $\langle v,w-v\rangle<0$ for all its neighbours $w$ and for $w=0$.",
    ("positive_definite",),
    f"{QUOTED}: polytope-condition",
    Verdict.REFUTED,
    STANDARD,
    remark="A cell is given by an inequality that is not strict, so that a vertex lies in its own "
    "cell also where a neighbour ties with it. The condition says that it lies in no other: "
    "polytope-condition-corrected.",
)(partial(_condition, strictly=False))

published(
    "polytope-condition-corrected",
    r"Let $A$ be positive definite. A vertex $v\ne0$ of $\operatorname{co}(Z^0)$ lies in its own "
    r"cell and in no other iff $\langle v,w-v\rangle<0$ for all its neighbours $w$ and for $w=0$.",
    ("positive_definite",),
    OURS,
    Verdict.HELD,
    STANDARD,
)(partial(_condition, strictly=True))
