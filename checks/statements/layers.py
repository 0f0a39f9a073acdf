"""Claims about single layers: the definition itself, and lemmas N, H, F, I, S, G, E, R, FW.

The proofs are in `paper_notes.md`. Each claim looks at the layers of `Run.layers`. Attention sets
are those that the run tells, which `attention-is-argmax` holds against the Gram matrix by the
definition (`Run.argmax`), or these themselves.
Numbers are compared as integers over the denominators that `checks.layer.Layer` keeps; a rational
is made only to be shown.
"""

from itertools import combinations

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from checks.layer import Layer
from checks.rules import step
from checks.run import Run
from checks.statements.registry import AFZ, AGR, claim
from checks.verdicts import Outcome, Violation
from theory import HardmaxError
from theory.hull import in_hull
from theory.lemmas.statements import STATEMENTS
from theory.matrices import Vector
from theory.scores import OWN_MATRIX


def next_layer(run: Run, layer: int) -> Layer:
    """The tokens after a layer, with the products of the layer's own A."""
    if run.dynamics.scores == OWN_MATRIX:
        return run.at(layer + 1)
    return run.as_layer(run.tokens(layer + 1), layer)


def number(run: Run, layer: int) -> fmpq:
    """The pull of a layer, which is a number γ. Raises `HardmaxError` where it is a matrix."""
    gamma = run.pull(layer)
    if isinstance(gamma, fmpq_mat):
        raise HardmaxError("the pull is a matrix; a number γ was wanted")
    return gamma


ALL_LAYERS = ("distinct", "positive_definite", "positive_step")
"""What makes the tokens of all layers distinct, by lemma S."""


@claim(
    "attention-is-argmax",
    r"$C_i(Z)=\{j:\langle z_i,z_j\rangle=\max_l\langle z_i,z_l\rangle\}$, ties kept.",
    hypotheses=(),
    source=AFZ,
)
def attention_is_argmax(run: Run) -> Outcome:
    for k in run.layers:
        if run.pattern(k) == run.argmax(k):
            continue
        gram = run.gram(k)
        for i, (attended, true) in enumerate(zip(run.pattern(k), run.argmax(k), strict=True)):
            for j in sorted(set(attended) ^ set(true)):
                missing = j in true
                own, other = run.index(i), run.index(j)
                words = f"token {other} is {'missing from' if missing else 'wrongly in'} C_{own}"
                relation = "<" if missing else "="
                sides = f"⟨z_{own}, z_{other}⟩", f"max_l ⟨z_{own}, z_l⟩"
                return Violation(words, k, (i, j), gram[i][j], relation, max(gram[i]), sides)
    return True


@claim(
    "layer-is-the-definition",
    r"$z_i'=(z_i+\alpha m_i)/(1+\alpha)$ with "
    r"$m_i=\sum_{j\in C_i}w_jz_j\big/\sum_{j\in C_i}w_j$.",
    hypotheses=(),
    source=AFZ,
)
def layer_is_the_definition(run: Run) -> Outcome:
    if run.tokens(0) != run.configuration.tokens:
        return Violation("layer 0 is not that of the tokens", 0)
    for k in run.layers:
        if run.steps_by_definition(k):
            continue
        wanted = step(run.configuration, run.tokens(k), run.argmax(k), run.dynamics, k)
        for i, (moved, true) in enumerate(zip(run.tokens(k + 1), wanted, strict=True)):
            for s, (x, y) in enumerate(zip(moved, true, strict=True), start=1):
                if x != y:
                    words = "the layer moves a token elsewhere"
                    sides = f"coordinate {s} of z_{run.index(i)}'", "that by the definition"
                    return Violation(words, k, (i,), x, "=", y, sides)
    return True


@claim(
    "norms-grow",
    STATEMENTS["norms-grow"],
    hypotheses=("positive_definite", "positive_step"),
)
def norms_grow(run: Run) -> Outcome:
    """By a value matrix the step is P (m − z), which is z' − z."""
    for k in run.layers:
        before, after, gamma = run.at(k), next_layer(run, k), run.pull(k)
        matrix = isinstance(gamma, fmpq_mat)
        end = after if matrix else run.targets_at(k)
        above, whole = (1, 1) if isinstance(gamma, fmpq_mat) else (gamma.p, gamma.q)
        delta = end.numerators * before.denominator - before.numerators * end.denominator
        pull = delta * before.form * delta.transpose()
        old, new = before.denominator**2, after.denominator**2
        square, scale = (whole * end.denominator) ** 2, above**2 * new
        for i, (norm, longer) in enumerate(zip(before.norms, after.norms, strict=True)):
            gain = longer * old - norm * new  # over new · unit
            least = pull[i, i] * scale  # over new · unit · square
            if gain * square < least:
                gained = fmpq(gain, new * before.unit)
                wanted = fmpq(least, new * before.unit * square)
                z = f"z_{run.index(i)}"
                least_told = f"|{z}' − {z}|²" if matrix else f"γ²|m_{run.index(i)} − {z}|²"
                sides = f"|{z}'|² − |{z}|²", least_told
                words = "the norm gains too little"
                return Violation(words, k, (i,), gained, ">=", wanted, sides)
            if gain == 0 and run.tokens(k + 1)[i] != run.tokens(k)[i]:
                return Violation("a token moves and keeps its norm", k, (i,))
    return True


def _convex(weights: fmpz_mat, total: fmpz) -> bool:
    """Whether the rows, divided by `total`, are weights of convex combinations."""
    return total > 0 and all(min(row) >= 0 and sum(row) == total for row in weights.table())


@claim(
    "hulls-shrink",
    STATEMENTS["hulls-shrink"],
    hypotheses=("positive_step",),
)
def hulls_shrink(run: Run) -> Outcome:
    # Weights ≥ 0 that add up to 1 and give the token are a witness that it lies in the hull: those
    # of the layer as a matrix, looked at as numbers. Only where they fail others are looked for.
    for k in run.layers:
        mixes = isinstance(run.pull(k), fmpq) and run.steps_by_definition(k)
        if mixes and _convex(*run.mixing(run.argmax(k), k)):
            continue
        tokens = run.tokens(k)
        for i, moved in enumerate(run.tokens(k + 1)):
            if not in_hull(moved, tokens):
                return Violation("the layer leaves the hull of the tokens", k, (i,))
    return True


@claim(
    "first-leader",
    STATEMENTS["first-leader"],
    hypotheses=ALL_LAYERS,
)
def first_leader(run: Run) -> Outcome:
    for k in run.layers:
        norms, pattern = run.at(k).norms, run.pattern(k)
        longest = max(norms)
        for i, norm in enumerate(norms):
            if norm == longest and pattern[i] != (i,):
                j = next(j for j in pattern[i] if j != i)
                words = "the token of greatest norm attends to another"
                row, own = run.gram(k)[i], run.index(i)
                sides = f"⟨z_{own}, z_{run.index(j)}⟩", f"⟨z_{own}, z_{own}⟩"
                return Violation(words, k, (i, j), row[j], "<", row[i], sides)
    return True


@claim(
    "leader-invariance",
    STATEMENTS["leader-invariance"],
    hypotheses=("positive_step",),
)
def leader_invariance(run: Run) -> Outcome:
    leading: dict[int, tuple[int, Vector]] = {}
    for k in run.layers:
        pattern, told, tokens = run.argmax(k), run.pattern(k), run.tokens(k)
        for i, (since, position) in leading.items():
            if pattern[i] != (i,) or told[i] != (i,):
                words = f"the leader since layer {since} no longer leads"
                return Violation(words, k, (i,))
            if tokens[i] != position:
                return Violation(f"the leader since layer {since} has moved", k, (i,))
        for i, attended in enumerate(pattern):
            if attended == (i,):
                leading.setdefault(i, (k, tokens[i]))
    return True if leading else None


@claim(
    "separation",
    STATEMENTS["separation"],
    hypotheses=("positive_definite", "positive_step"),
)
def separation(run: Run) -> Outcome:
    n = run.configuration.size
    if n < 2:
        return None
    for k in run.layers:
        gamma = number(run, k)
        above, below = gamma.p, gamma.q - gamma.p  # α = above/below
        before, after, targets = run.at(k), next_layer(run, k), run.targets_at(k)
        crossed, later = run.crossed(k), after.products
        # the Gram matrix of z + αm, whose distances the identity is about
        sums = before.numerators * (targets.denominator * below) + targets.numerators * (
            before.denominator * above
        )
        gram = sums * before.form * sums.transpose()
        unit = (before.denominator * targets.denominator) ** 2
        left, right = gamma.q**2 * unit, after.denominator**2
        alike = after.gram * left == gram * right  # then so are all distances
        for i, j in combinations(range(n), 2):
            cross = crossed[i][i] - crossed[i][j] - crossed[j][i] + crossed[j][j]
            squared = later[i][i] - 2 * later[i][j] + later[j][j]
            if alike and cross >= 0 and (squared > 0 or before.keys[i] == before.keys[j]):
                continue
            told = run.index(i), run.index(j)
            z_apart, moved, m_apart = (
                f"{letter}_{told[0]}{mark} − {letter}_{told[1]}{mark}"
                for letter, mark in (("z", ""), ("z", "'"), ("m", ""))
            )
            if cross < 0:
                inner = fmpq(cross, before.denominator * targets.denominator * before.scale)
                sides = f"⟨{z_apart}, {m_apart}⟩", ""
                return Violation("targets approach", k, (i, j), inner, ">=", fmpq(0), sides)
            share = fmpq(1, below or 1) ** 2  # where α = ∞ nothing is divided by α²
            length = share * gamma.q**2 * fmpq(squared, after.unit)
            wanted = gram[i, i] - 2 * gram[i, j] + gram[j, j]
            if squared * left != wanted * right:
                other = share * fmpq(wanted, unit * before.scale)
                sides = f"(1+α)²|{moved}|²", f"|{z_apart} + α({m_apart})|²"
                return Violation("the identity fails", k, (i, j), length, "=", other, sides)
            if after.keys[i] == after.keys[j] and before.keys[i] != before.keys[j]:
                sides = f"(1+α)²|{moved}|²", ""
                return Violation("two tokens meet", k + 1, (i, j), length, ">", fmpq(0), sides)
    return True


@claim(
    "acyclic-attention",
    STATEMENTS["acyclic-attention"],
    hypotheses=ALL_LAYERS,
)
def acyclic_attention(run: Run) -> Outcome:
    applied = False
    for k in run.layers:
        norms = run.at(k).norms
        for i, attended in enumerate(run.pattern(k)):
            for j in attended:
                if j == i:
                    continue
                applied = True
                if norms[j] <= norms[i]:
                    words = "a token attends to one that is no longer"
                    gram = run.gram(k)
                    sides = f"|z_{run.index(j)}|²", f"|z_{run.index(i)}|²"
                    return Violation(words, k, (i, j), gram[j][j], ">", gram[i][i], sides)
    return True if applied else None


@claim(
    "rest-is-a-foot",
    STATEMENTS["rest-is-a-foot"],
    hypotheses=("positive_definite",),
)
def rest_is_a_foot(run: Run) -> Outcome:
    applied = False
    for k in run.layers:
        layer = run.at(k)
        products, norms = layer.products, layer.norms
        for i, (z, m) in enumerate(zip(run.tokens(k), run.targets(k), strict=True)):
            if z != m:
                continue
            applied = True
            norm = norms[i]
            if layer.greatest[i] != norm:
                words = "the token at rest is not on its face"
                reached = fmpq(layer.greatest[i], layer.unit)
                sides = f"max_j ⟨z_{run.index(i)}, z_j⟩", f"|z_{run.index(i)}|²"
                return Violation(words, k, (i,), reached, "=", fmpq(norm, layer.unit), sides)
            for j, product in enumerate(products[i]):
                if product == norm and norms[j] < norm:
                    words = "a token of the face has a smaller norm"
                    less = fmpq(norms[j], layer.unit)
                    sides = f"|z_{run.index(j)}|²", f"|z_{run.index(i)}|²"
                    return Violation(words, k, (i, j), less, ">=", fmpq(norm, layer.unit), sides)
    return True if applied else None


def kept(run: Run, since: int, layer: int) -> fmpq:
    """Π (1 − γ_s) over the layers from `since` on and before `layer`."""
    if run.dynamics.period(run.configuration) == 1:
        return (1 - number(run, since)) ** (layer - since)
    factor = fmpq(1)
    for k in range(since, layer):
        factor *= 1 - number(run, k)
    return factor


@claim(
    "locked-followers",
    STATEMENTS["locked-followers"],
    hypotheses=("positive_step",),
)
def locked_followers(run: Run) -> Outcome:
    locked: dict[int, tuple[int, int, Vector]] = {}
    for k in run.layers:
        pattern, tokens = run.argmax(k), run.tokens(k)
        for i, (since, j, begun) in locked.items():
            if pattern[i] != (j,):
                return Violation(f"the follower locked since layer {since} turns", k, (i, j))
            factor = kept(run, since, k)
            for s, (x, y, start) in enumerate(zip(tokens[i], tokens[j], begun, strict=True), 1):
                if x - y != factor * (start - y):
                    words = f"the follower locked since layer {since} strays"
                    own, v = f"z_{run.index(i)}", f"z_{run.index(j)}"
                    way = f"Π(1 − γ_r) ({own} of layer {since} − {v}), {since} ≤ r < {k}"
                    sides = f"coordinate {s} of {own} − {v}", f"that of {way}"
                    return Violation(words, k, (i, j), x - y, "=", factor * (start - y), sides)
        for i, attended in enumerate(pattern):
            j = attended[0]
            if len(attended) == 1 and j != i and pattern[j] == attended:
                locked.setdefault(i, (k, j, tokens[i]))
    return True if locked else None


@claim(
    "frank-wolfe",
    STATEMENTS["frank-wolfe"],
    hypotheses=("positive_definite", "positive_step"),
    source=AGR,
)
def frank_wolfe(run: Run) -> Outcome:
    for k in run.layers:
        gamma = number(run, k)
        before, targets, reached = run.at(k), run.targets_at(k), run.crossed(k)
        alike = run.moves_to_targets(k)
        for i, greatest in enumerate(before.greatest):
            if reached[i][i] * before.denominator != greatest * targets.denominator:
                words = "the target does not maximise the linear functional"
                unit = before.denominator * targets.denominator * before.scale
                value, most = fmpq(reached[i][i], unit), fmpq(greatest, before.unit)
                own = run.index(i)
                sides = f"⟨z_{own}, m_{own}⟩", f"max_j ⟨z_{own}, z_j⟩"
                return Violation(words, k, (i,), value, "=", most, sides)
            if alike:
                continue
            triples = zip(run.tokens(k)[i], run.targets(k)[i], run.tokens(k + 1)[i], strict=True)
            for s, (x, m, y) in enumerate(triples, start=1):
                if y != x + gamma * (m - x):
                    words, own = "the layer is not the Frank–Wolfe step", run.index(i)
                    way = f"z_{own} + γ(m_{own} − z_{own})"
                    sides = f"coordinate {s} of z_{own}'", f"that of {way}"
                    return Violation(words, k, (i,), y, "=", x + gamma * (m - x), sides)
    return True
