r"""The literature on any matrix: hulls, single leaders, distinct tokens, and the duality gap.

The proofs, and the counterexamples, are in section 12 of the notes.
"""

from collections.abc import Sequence

from flint import fmpq

from checks.run import FIRST_LAYERS, Run
from checks.statements.quadratics import energy
from checks.statements.quoted import FALLING, QUOTED, VALUES, published, pull_of
from checks.statements.spread import (
    ANY_MATRIX,
    ANY_PLANE,
    INVERTIBLE,
    NONZERO_MATRIX,
    POSITIVE_SEMIDEFINITE,
)
from checks.verdicts import Outcome, Verdict, Violation
from theory.hull import in_hull
from theory.matrices import Vector

ALL = fmpq(1)


def _decreases(run: Run) -> Outcome:
    """Every token of a layer in the hull of those of the layer before."""
    for k in range(run.at_most(FIRST_LAYERS)):
        tokens = run.tokens(k)
        for i, moved in enumerate(run.tokens(k + 1)):
            if not in_hull(moved, tokens):
                return Violation("the token leaves the hull of the tokens", k + 1, (i,))
    return True


published(
    "hull-decreases",
    r"Let $0\le\gamma_k\le1$. Then $\operatorname{co}(Z^{k+1})\subset\operatorname{co}(Z^k)$ for "
    r"all $k$, whatever $A$ is.",
    ("positive_step",),
    f"{QUOTED}: hull-decreases",
    Verdict.HELD,
    ANY_MATRIX,
)(_decreases)

published(
    "hull-decreases-with-values",
    r"With the value matrix $V=\operatorname{diag}(\tfrac32,\tfrac73)$, so that "
    r"$P=\operatorname{diag}(\tfrac35,\tfrac7{10})$, $\operatorname{co}(Z^{k+1})\subset"
    r"\operatorname{co}(Z^k)$ for all $k$.",
    (),
    f"{QUOTED}: hull-decreases",
    Verdict.REFUTED,
    ANY_PLANE,
    VALUES,
    remark="P pulls more in one coordinate than in another, so that a token does not move along "
    "the segment to its target.",
)(_decreases)


@published(
    "layers-keep-tokens-distinct",
    r"Let $A$ be invertible and $\alpha>0$. Then a layer keeps distinct tokens distinct, so that "
    r"it sends no set of positive measure to a null set.",
    ("positive_step",),
    f"{QUOTED}: a step of the proof of single-leader",
    Verdict.REFUTED,
    INVERTIBLE,
    remark="It holds of positive definite A (separation). With A = −1 and α = 1 every a > 0 > b "
    "are sent to one point, an open set of pairs to a line; single-leader is true nevertheless.",
)
def layers_keep_tokens_distinct(run: Run) -> Outcome:
    for k in range(run.at_most(FIRST_LAYERS)):
        before, after = run.tokens(k), run.tokens(k + 1)
        for i, x in enumerate(before):
            for j, y in enumerate(before[:i]):
                if x != y and after[i] == after[j]:
                    words = f"two tokens that stand apart at layer {k} meet (squared distance)"
                    sides = f"|z_{run.index(j)} − z_{run.index(i)}|²", ""
                    return Violation(words, k + 1, (j, i), fmpq(0), ">", fmpq(0), sides)
    return True


@published(
    "single-leader",
    r"Let $A\ne0$. For almost every $Z^0$ every attention set of every layer stands at one place.",
    (),
    f"{QUOTED}: single-leader",
    Verdict.HELD,
    NONZERO_MATRIX,
    remark="Of places it holds for any A ≠ 0 and any steps. As a set of indices an attention set "
    "may have several tokens for an open set of Z^0, where tokens meet: A = −1, α = 1, a > 0 > b.",
)
def single_leader(run: Run) -> Outcome:
    """Of the tokens moved a little, by numbers that no identity with small integers joins."""
    c = run.configuration
    moved = Run(c.altered(tokens=_nudged(c.tokens)), run.dynamics, keep_copies=True)
    for k in range(moved.at_most(FIRST_LAYERS)):
        tokens = moved.tokens(k)
        for i, attended in enumerate(moved.argmax(k)):
            for j in attended[1:]:
                if tokens[j] != tokens[attended[0]]:
                    words = "tokens at two places are attended to, also after all are nudged"
                    return Violation(words, k, (i, attended[0], j))
    return True


def _nudged(tokens: Sequence[Vector]) -> tuple[Vector, ...]:
    """The tokens with small numbers added that have nothing to do with each other."""
    state = 1
    moved = []
    for z in tokens:
        row = []
        for x in z:
            state = state * 6364136223846793005 % 2**64 + 1442695040888963407
            row.append(x + fmpq(state % 2**64, 2**80))
        moved.append(tuple(row))
    return tuple(moved)


def _gap(run: Run, share: fmpq = ALL) -> Outcome:
    """With β_k = γ_k: any other β_k = c γ_k multiplies both sides by c.

    share : which part of the right side is asked for.
    """
    A = run.configuration.A
    n, last = run.configuration.size, min(8, run.at_most(FIRST_LAYERS))
    pulls = [pull_of(run, k) or fmpq(0) for k in range(last + 1)]
    if not all(pulls[1:]):
        return None
    for i in range(n):
        gaps: list[fmpq] = []
        for t in range(1, last + 1):
            tokens = run.tokens(t)
            own = run.inner(tokens[i], tokens[i])
            most = max(run.inner(tokens[i], y) for y in tokens)
            gaps.append(pulls[t] * (most - own))
            bound = share * (max(energy(A, y) for y in tokens) - energy(A, run.tokens(1)[i])) / t
            if min(gaps) > bound:
                z = f"z_{run.index(i)}"
                least = f"the least γ_k max_y ⟨{z}, y − {z}⟩ of the layers k = 1, …, {t}"
                sides = least, f"(max_y J(y) − J({z} of layer 1)) / {t}"
                words = "every duality gap is too large"
                return Violation(words, t, (i,), min(gaps), "<=", bound, sides)
    return True


GAP = (
    r"Let $A_k=\beta_kB$ with $B\succeq0$, $0<\gamma_k<1$ and $\beta_k/\beta_{k+1}="
    r"\gamma_k/\gamma_{k+1}$. Then $\min_{1\le\tau\le t}\max_{y\in\operatorname{co}Z^\tau}\langle"
    r"-\beta_\tau Bz_i^\tau,z_i^\tau-y\rangle\le\tfrac1t\bigl(-J_1(z_i^1)/\gamma_1+"
    r"\max_{\operatorname{co}Z^t}J_t/\gamma_t\bigr)$ for $t\ge1$, where "
    r"$J_k(x)=\tfrac12\langle A_kx,x\rangle$."
)

published(
    "duality-gap",
    GAP,
    ("positive_step",),
    f"{QUOTED}: duality-gap",
    Verdict.HELD,
    POSITIVE_SEMIDEFINITE,
)(_gap)

published(
    "duality-gap-scheduled",
    GAP,
    ("positive_step",),
    f"{QUOTED}: duality-gap",
    Verdict.HELD,
    POSITIVE_SEMIDEFINITE,
    FALLING,
)(_gap)
