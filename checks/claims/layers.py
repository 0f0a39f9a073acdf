"""Claims about single layers: the definition itself, and lemmas N, H, F, I, S, G, E, R, FW.

The proofs are in `paper_notes.md`. Each claim looks at the layers of `Run.layers`, and takes its
attention sets from the Gram matrix by the definition (`Run.argmax`), not from the trajectory.
"""

from itertools import combinations

from flint import fmpq

from checks.claims.registry import AFZ, AGR, claim
from checks.run import Run, step
from checks.verdicts import Outcome, Violation
from theory.configuration import as_matrix
from theory.hull import in_hull
from theory.statements import STATEMENTS

HULL_LAYERS = 4
"""Membership in hulls is decided by linear programming, so only at the first few layers."""


@claim(
    "attention-is-argmax",
    r"$C_i(Z)=\{j:\langle z_i,z_j\rangle=\max_l\langle z_i,z_l\rangle\}$, ties kept.",
    hypotheses=(),
    source=AFZ,
)
def attention_is_argmax(run: Run) -> Outcome:
    for k in run.layers:
        gram = run.gram(k)
        for i, (attended, true) in enumerate(zip(run.pattern(k), run.argmax(k), strict=True)):
            for j in sorted(set(attended) ^ set(true)):
                missing = j in true
                words = f"token {j} is {'missing from' if missing else 'wrongly in'} C_{i}"
                relation = "<" if missing else "="
                return Violation(words, k, (i, j), gram[i][j], relation, max(gram[i]))
    return True


@claim(
    "layer-is-the-definition",
    r"$z_i'=(z_i+\alpha m_i)/(1+\alpha)$ with "
    r"$m_i=\sum_{j\in C_i}w_jz_j\big/\sum_{j\in C_i}w_j$.",
    hypotheses=(),
    source=AFZ,
)
def layer_is_the_definition(run: Run) -> Outcome:
    for k in run.layers:
        wanted = step(run.configuration, run.tokens(k), run.argmax(k))
        for i, (found, true) in enumerate(zip(run.tokens(k + 1), wanted, strict=True)):
            for x, y in zip(found, true, strict=True):
                if x != y:
                    return Violation("the layer moves a token elsewhere", k, (i,), x, "=", y)
    return True


@claim(
    "norms-grow",
    STATEMENTS["norms-grow"],
    hypotheses=("positive_definite", "positive_step"),
)
def norms_grow(run: Run) -> Outcome:
    gamma = run.configuration.alpha / (1 + run.configuration.alpha)
    for k in run.layers:
        before, after, targets = run.gram(k), run.gram(k + 1), run.targets(k)
        for i, (z, m) in enumerate(zip(run.tokens(k), targets, strict=True)):
            delta = [x - y for x, y in zip(m, z, strict=True)]
            gain = after[i][i] - before[i][i]
            least = gamma**2 * run.inner(delta, delta)
            if gain < least:
                return Violation("the norm gains too little", k, (i,), gain, ">=", least)
            if gain == 0 and run.tokens(k + 1)[i] != z:
                return Violation("a token moves and keeps its norm", k, (i,))
    return True


@claim(
    "hulls-shrink",
    STATEMENTS["hulls-shrink"],
    hypotheses=("positive_step",),
)
def hulls_shrink(run: Run) -> Outcome:
    for k in run.layers[:HULL_LAYERS]:
        tokens = run.tokens(k)
        for i, moved in enumerate(run.tokens(k + 1)):
            if not in_hull(moved, tokens):
                return Violation("the layer leaves the hull of the tokens", k, (i,))
    return True


@claim(
    "first-leader",
    STATEMENTS["first-leader"],
    hypotheses=("distinct", "positive_definite"),
)
def first_leader(run: Run) -> Outcome:
    for k in run.layers:
        norms = [run.gram(k)[i][i] for i in range(run.configuration.size)]
        for i, norm in enumerate(norms):
            if norm == max(norms) and run.pattern(k)[i] != (i,):
                j = next(j for j in run.pattern(k)[i] if j != i)
                words = "the token of greatest norm attends to another"
                return Violation(words, k, (i, j), run.gram(k)[i][j], "<", norm)
    return True


@claim(
    "leader-invariance",
    STATEMENTS["leader-invariance"],
    hypotheses=("positive_step",),
)
def leader_invariance(run: Run) -> Outcome:
    leading: dict[int, int] = {}
    for k in run.layers:
        pattern = run.argmax(k)
        for i, since in leading.items():
            if pattern[i] != (i,) or run.pattern(k)[i] != (i,):
                words = f"the leader since layer {since} no longer leads"
                return Violation(words, k, (i,))
            if run.tokens(k)[i] != run.tokens(since)[i]:
                return Violation(f"the leader since layer {since} has moved", k, (i,))
        for i, attended in enumerate(pattern):
            if attended == (i,):
                leading.setdefault(i, k)
    return True if leading else None


@claim(
    "separation",
    STATEMENTS["separation"],
    hypotheses=("distinct", "positive_definite", "positive_step"),
)
def separation(run: Run) -> Outcome:
    n, alpha = run.configuration.size, run.configuration.alpha
    if n < 2:
        return None
    for k in run.layers:
        block = as_matrix([*run.tokens(k), *run.targets(k)])
        gram = (block * as_matrix(run.configuration.A) * block.transpose()).table()
        after = run.gram(k + 1)
        for i, j in combinations(range(n), 2):
            apart = gram[i][i] - 2 * gram[i][j] + gram[j][j]
            a, b = n + i, n + j
            cross = gram[i][a] - gram[i][b] - gram[j][a] + gram[j][b]
            means = gram[a][a] - 2 * gram[a][b] + gram[b][b]
            found = (1 + alpha) ** 2 * (after[i][i] - 2 * after[i][j] + after[j][j])
            wanted = apart + 2 * alpha * cross + alpha**2 * means
            if cross < 0:
                return Violation("targets approach", k, (i, j), cross, ">=", fmpq(0))
            if found != wanted:
                return Violation("the identity fails", k, (i, j), found, "=", wanted)
            if found <= 0:
                return Violation("two tokens meet", k + 1, (i, j), found, ">", fmpq(0))
    return True


@claim(
    "acyclic-attention",
    STATEMENTS["acyclic-attention"],
    hypotheses=("distinct", "positive_definite"),
)
def acyclic_attention(run: Run) -> Outcome:
    applied = False
    for k in run.layers:
        gram = run.gram(k)
        for i, attended in enumerate(run.pattern(k)):
            for j in attended:
                if j == i:
                    continue
                applied = True
                if gram[j][j] <= gram[i][i]:
                    words = "a token attends to one that is no longer"
                    return Violation(words, k, (i, j), gram[j][j], ">", gram[i][i])
    return True if applied else None


@claim(
    "rest-is-a-foot",
    STATEMENTS["rest-is-a-foot"],
    hypotheses=("positive_definite",),
)
def rest_is_a_foot(run: Run) -> Outcome:
    applied = False
    for k in run.layers:
        gram = run.gram(k)
        for i, (z, m) in enumerate(zip(run.tokens(k), run.targets(k), strict=True)):
            if z != m:
                continue
            applied = True
            if max(gram[i]) != gram[i][i]:
                words = "the token at rest is not on its face"
                return Violation(words, k, (i,), max(gram[i]), "=", gram[i][i])
            for j, product in enumerate(gram[i]):
                if product == gram[i][i] and gram[j][j] < gram[i][i]:
                    words = "a token of the face has a smaller norm"
                    return Violation(words, k, (i, j), gram[j][j], ">=", gram[i][i])
    return True if applied else None


@claim(
    "locked-followers",
    STATEMENTS["locked-followers"],
    hypotheses=("positive_step",),
)
def locked_followers(run: Run) -> Outcome:
    lam = run.configuration.lam
    locked: dict[int, tuple[int, int]] = {}
    for k in run.layers:
        pattern, tokens = run.argmax(k), run.tokens(k)
        for i, (since, j) in locked.items():
            if pattern[i] != (j,):
                return Violation(f"the follower locked since layer {since} turns", k, (i, j))
            factor = lam ** (k - since)
            for x, y, start in zip(tokens[i], tokens[j], run.tokens(since)[i], strict=True):
                if x - y != factor * (start - y):
                    words = f"the follower locked since layer {since} strays"
                    return Violation(words, k, (i, j), x - y, "=", factor * (start - y))
        for i, attended in enumerate(pattern):
            j = attended[0]
            if len(attended) == 1 and j != i and pattern[j] == attended:
                locked.setdefault(i, (k, j))
    return True if locked else None


@claim(
    "frank-wolfe",
    STATEMENTS["frank-wolfe"],
    hypotheses=("positive_definite", "positive_step"),
    source=AGR,
)
def frank_wolfe(run: Run) -> Outcome:
    gamma = run.configuration.alpha / (1 + run.configuration.alpha)
    for k in run.layers:
        gram, targets, moved = run.gram(k), run.targets(k), run.tokens(k + 1)
        for i, z in enumerate(run.tokens(k)):
            reached = run.inner(z, targets[i])
            if reached != max(gram[i]):
                words = "the target does not maximise the linear functional"
                return Violation(words, k, (i,), reached, "=", max(gram[i]))
            for x, m, y in zip(z, targets[i], moved[i], strict=True):
                if y != x + gamma * (m - x):
                    words = "the layer is not the Frank–Wolfe step"
                    return Violation(words, k, (i,), y, "=", x + gamma * (m - x))
    return True
