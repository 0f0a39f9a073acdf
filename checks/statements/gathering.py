r"""The literature on negative semidefinite matrices: whether, and where, tokens gather.

A = −B with B positive semidefinite, so that token i attends to what is least under ⟨z_i, ·⟩ in the
form of B, and J(x) = ½ xᵀBx. What was published says that tokens gather at the origin if that lies
in their hull at first. It does not stay there, and two tokens on a line refute it; they gather
somewhere (section 12 of the notes, where what holds is proved).
"""

from collections.abc import Sequence

from flint import fmpq

from checks.run import FIRST_LAYERS, Run
from checks.statements.quadratics import (
    energy,
    greatest_eigenvalue,
    least_energy,
    square_diameter,
)
from checks.statements.quoted import FALLING, FRANK_WOLFE, QUOTED, published, pull_of
from checks.statements.registry import OURS
from checks.statements.spread import (
    AROUND_THE_ORIGIN,
    FLAT,
    NEGATIVE,
    NEGATIVE_SEMIDEFINITE,
    SLOW,
    negated,
)
from checks.verdicts import Outcome, Verdict, Violation
from theory import Cycling, HardmaxError, NotSettled, Settled, Undecided
from theory.exact import dot
from theory.exponential import NoLimit
from theory.matrices import Vector, minus
from theory.readable import point

FAR = 1_000_000
"""No layer beyond this one is asked whether a bound fails there."""

TWO, EIGHT, SIXTEEN = fmpq(2), fmpq(8), fmpq(16)
"""The factors of the bounds."""

SPREAD = "λ_max(B) diam(co(Z⁰))²"
"""What the bounds are multiples of, in words."""

NARROW, MOST_LAYERS = 256, 200
"""A hull is narrow that is a sixteenth as wide as the first, after so many layers at most."""


def limits(run: Run) -> Sequence[Vector] | Violation:
    """The limits of the tokens, or that they have none.

    Where the attention patterns return for ever the tokens may tend to points nevertheless. Raises
    `theory.NotSettled` if the run is undecided.
    """
    match run.settling:
        case Settled():
            try:
                return [form.limit() for form in run.settling.closed_form]
            except NoLimit as error:
                return Violation(str(error))
        case Cycling():
            try:
                first, *others = run.settling.limit_cycle
            except HardmaxError:
                return Violation("the tokens tend to nothing, and to no cycle")
            moving = [i for i, z in enumerate(first) if any(z != other[i] for other in others)]
            if not moving:
                return first
            turns = f"{point(first[moving[0]])} is one of the points that it visits for ever"
            return Violation(f"the token has no limit: {turns}", None, tuple(moving))
    run.settling.equilibrium()


def far_tokens(run: Run, layer: int) -> Sequence[Vector]:
    """The tokens at any layer, beyond the first ones as their closed forms have them.

    Raises `theory.NotSettled` if the run is undecided.
    """
    if layer <= FIRST_LAYERS:
        return run.tokens(layer)
    if isinstance(run.settling, Undecided):
        run.settling.equilibrium()
    return run.settling.tokens(layer)


def first_excess(run: Run, B: Sequence[Vector], bound: fmpq) -> int | None:
    """The first k with J(z_i^{k+1}) > bound/(k+1) for some i; None if there is none up to `FAR`.

    Exact, without following every layer: by lemma H no token of a later layer is higher than the
    highest of this one, top, so that nothing fails before bound/(k+1) is less than top.
    """
    k = 0
    while k < FAR:
        top = max(energy(B, z) for z in far_tokens(run, k + 1))
        if top * (k + 1) > bound:
            return k
        if not top:
            return None
        k = max(k + 1, int((bound / top).floor()))
    return None


@published(
    "fw-cluster",
    r"Let $A_k=-B_k$ with $B_k\succeq B_{k+1}\succeq0$ and $\gamma_k=\tfrac{2}{k+2}$. If "
    r"$0\in\operatorname{co}(Z^0)$ then $J_k(z_i^{k+1})\le\tfrac{2}{k+1}\,\lambda_{\max}(B_0)\,"
    r"\operatorname{diam}(\operatorname{co}(Z^0))^2$ for all $i$ and $k$, where "
    r"$J_k(x)=\tfrac12\langle B_kx,x\rangle$; so the tokens gather at the origin.",
    (),
    f"{QUOTED}: fw-cluster",
    Verdict.REFUTED,
    AROUND_THE_ORIGIN,
    FRANK_WOLFE,
    remark="The published argument compares J at the tokens with J(0), which is 0, and so uses "
    "that 0 lies in the hull of the tokens at every layer. Only that it does at layer 0 is "
    "assumed, and the hull, which shrinks, may leave the origin. With the least J over the hull of "
    "each layer in the place of 0 the argument is right: fw-cluster-corrected.",
)
def fw_cluster(run: Run) -> Outcome:
    """Of B_k all alike; the right side falls to 0, so that it fails wherever the limit is not 0."""
    B = negated(run.configuration.A)
    spread = 2 * greatest_eigenvalue(B) * square_diameter(run.tokens(0))
    k = first_excess(run, B, spread)
    if k is None:
        return True
    tokens = far_tokens(run, k + 1)
    i = max(range(len(tokens)), key=lambda j: energy(B, tokens[j]))
    left, right = energy(B, tokens[i]), spread / (k + 1)
    words = f"J of a token of layer {k + 1} exceeds the bound{_gather(run)}"
    sides = f"J(z_{run.index(i)}) at layer {k + 1}", f"2/(k+1) {SPREAD}"
    return Violation(words, k, (i,), left, "<=", right, sides)


def _gather(run: Run) -> str:
    """Where the tokens tend to, if that is known and is one point."""
    found = limits(run)
    places = [] if isinstance(found, Violation) else [*dict.fromkeys(found)]
    if len(places) != 1:
        return ""
    (place,) = places
    J = energy(negated(run.configuration.A), place)
    return f": every token tends to {point(place)}, where J is {J}"


@published(
    "fw-cluster-corrected",
    r"Let $A=-B$ with $B\succeq0$ and $\gamma_k=\tfrac{2}{k+2}$. Then $J(z_i^{k+1})-"
    r"\min_{\operatorname{co}(Z^k)}J\le\tfrac{2}{k+2}\,\lambda_{\max}(B)\,"
    r"\operatorname{diam}(\operatorname{co}(Z^0))^2$ for all $i$ and $k$, where "
    r"$J(x)=\tfrac12\langle Bx,x\rangle$.",
    (),
    OURS,
    Verdict.HELD,
    NEGATIVE_SEMIDEFINITE,
    FRANK_WOLFE,
    remark="Where 0 lies in every hull the minimum is 0, and this is fw-cluster.",
)
def fw_cluster_corrected(run: Run, factor: fmpq = TWO) -> Outcome:
    B = negated(run.configuration.A)
    spread = factor * greatest_eigenvalue(B) * square_diameter(run.tokens(0))
    for k in range(run.at_most(FIRST_LAYERS)):
        least, bound = least_energy(B, run.tokens(k)), spread / (k + 2)
        for i, z in enumerate(run.tokens(k + 1)):
            gap = energy(B, z) - least
            if gap > bound:
                words = "J is too far above its least value"
                least_told = f"the least J over the hull of layer {k}"
                sides = f"J(z_{run.index(i)}') − {least_told}", f"2/(k+2) {SPREAD}"
                return Violation(words, k, (i,), gap, "<=", bound, sides)
    return True


@published(
    "gathering-rate",
    r"Let $A=-B$ with $B\succeq0$ and $\gamma_k=\tfrac{2}{k+2}$. Then $\langle B(z_i^{k+1}-"
    r"z_j^{k+1}),z_i^{k+1}-z_j^{k+1}\rangle\le\tfrac{16}{k+2}\,\lambda_{\max}(B)\,"
    r"\operatorname{diam}(\operatorname{co}(Z^0))^2$ for all $i$, $j$ and $k$: up to the kernel of "
    r"$B$ the tokens gather at one point.",
    (),
    OURS,
    Verdict.HELD,
    NEGATIVE_SEMIDEFINITE,
    FRANK_WOLFE,
)
def gathering_rate(run: Run, factor: fmpq = SIXTEEN) -> Outcome:
    B = negated(run.configuration.A)
    spread = factor * greatest_eigenvalue(B) * square_diameter(run.tokens(0))
    for k in range(run.at_most(FIRST_LAYERS)):
        moved, bound = run.tokens(k + 1), spread / (k + 2)
        for i, x in enumerate(moved):
            for j, y in enumerate(moved[:i]):
                apart = 2 * energy(B, minus(x, y))
                if apart > bound:
                    words = "two tokens are too far apart"
                    sides = _apart(run, j, i, "'"), f"16/(k+2) {SPREAD}"
                    return Violation(words, k, (j, i), apart, "<=", bound, sides)
    return True


@published(
    "constant-step-cluster",
    r"Let $A$ be negative semidefinite and $\alpha>0$. If $0\in\operatorname{co}(Z^0)$ then all "
    r"tokens tend to the origin.",
    ("positive_step",),
    f"{QUOTED}: constant-step-cluster",
    Verdict.REFUTED,
    AROUND_THE_ORIGIN,
    remark="Nothing keeps the origin in the hull, which shrinks. What remains is that the tokens "
    "of a negative definite A gather at one point: one-cluster.",
)
def constant_step_cluster(run: Run) -> Outcome:
    found = limits(run)
    if isinstance(found, Violation):
        return found
    for i, limit in enumerate(found):
        if any(limit):
            words = f"the token tends to {point(limit)}, not to the origin (square of the norm)"
            sides = f"the square of the norm of s_{run.index(i)}", ""
            return Violation(words, None, (i,), dot(limit, limit), "=", fmpq(0), sides)
    return True


def _apart(run: Run, i: int, j: int, mark: str = "") -> str:
    """How far two tokens are apart by B; `mark` tells of the next layer."""
    way = f"z_{run.index(i)}{mark} − z_{run.index(j)}{mark}"
    return f"⟨B({way}), {way}⟩"


def _one_cluster(run: Run) -> Outcome:
    """By the limits; where nobody knows them, by how narrow the hull becomes.

    Hulls are nested, so that all limits lie in the hull of any layer. With patterns that neither
    settle nor return (section 12.2 of the notes has some) this is as near as one may come; a hull
    that stays wide is undecided.
    """
    try:
        found = limits(run)
    except NotSettled:
        first = square_diameter(run.tokens(0))
        if any(square_diameter(run.tokens(k)) * NARROW < first for k in range(MOST_LAYERS)):
            return True
        raise
    if isinstance(found, Violation):
        return found
    for i, limit in enumerate(found):
        if limit != found[0]:
            apart = minus(found[0], limit)
            words = f"they tend to {point(found[0])} and to {point(limit)} (squared distance)"
            sides = f"the squared distance of s_0 and s_{run.index(i)}", ""
            return Violation(words, None, (0, i), dot(apart, apart), "=", fmpq(0), sides)
    return True


@published(
    "linear-contraction",
    r"Let $A=-B$ with $B\succeq0$, and $0<\gamma<\tfrac14$. Then $\langle B(z_i^k-z_j^k),z_i^k-"
    r"z_j^k\rangle\le8\,(1-\gamma+4\gamma^2)^k\,(\max_lJ(z_l^0)-\min_{\operatorname{co}(Z^0)}J)$ "
    r"for all $i$, $j$ and $k$, where $J(x)=\tfrac12\langle Bx,x\rangle$.",
    ("positive_step",),
    OURS,
    Verdict.HELD,
    SLOW,
    remark="So tokens do contract linearly to one point, up to the kernel of B, for small steps. "
    "That this point is the origin is what is false: constant-step-cluster.",
)
def linear_contraction(run: Run, factor: fmpq = EIGHT) -> Outcome:
    gamma = pull_of(run, 0)
    if gamma is None or gamma * 4 >= 1:
        return None
    B, tokens = negated(run.configuration.A), run.tokens(0)
    bound = factor * (max(energy(B, z) for z in tokens) - least_energy(B, tokens))
    for k in range(run.at_most(FIRST_LAYERS)):
        tokens = run.tokens(k)
        for i, x in enumerate(tokens):
            for j, y in enumerate(tokens[:i]):
                apart = 2 * energy(B, minus(x, y))
                if apart > bound:
                    words = "two tokens are too far apart"
                    sides = _apart(run, j, i), "8 (1 − γ + 4γ²)^k (max J − min J of layer 0)"
                    return Violation(words, k, (j, i), apart, "<=", bound, sides)
        bound *= 1 - gamma + 4 * gamma * gamma
    return True


published(
    "one-cluster",
    r"Let $A$ be negative definite and $\alpha>0$. Then all tokens tend to one point.",
    ("positive_step",),
    OURS,
    Verdict.HELD,
    NEGATIVE,
    remark="It holds for any pulls with 0 < inf and sup < 1, and for any that tend to 0 with a "
    "sum that diverges; for γ = 1 two opposite tokens change places for ever.",
)(_one_cluster)

published(
    "one-cluster-scheduled",
    r"Let $A$ be negative definite, $0\le\gamma_k<1$, $\gamma_k\to0$ and "
    r"$\sum\gamma_k=\infty$. Then all tokens tend to one point.",
    (),
    OURS,
    Verdict.HELD,
    NEGATIVE,
    FALLING,
)(_one_cluster)

published(
    "one-cluster-semidefinite",
    r"Let $A$ be negative semidefinite and $\alpha>0$. Then all tokens tend to one point.",
    ("positive_step",),
    OURS,
    Verdict.REFUTED,
    FLAT,
    remark="Tokens attend within pairs that lie opposite each other, and nothing brings two pairs "
    "together that the kernel of A tells apart.",
)(_one_cluster)
