"""Claims from the proof of the main theorem: masses, capture, and geometric convergence.

The mathematics is in sections 7 and 11 of the notes (ours).
"""

from flint import fmpq, fmpz, fmpz_mat

from checks.layer import Layer
from checks.run import Run
from checks.statements.layers import next_layer, number
from checks.statements.registry import claim
from checks.verdicts import Outcome, Violation
from theory import HARDMAX, Pattern

MOST = 12
"""Runs of more tokens are not followed for as many layers as they have tokens."""


def contraction(run: Run) -> fmpq:
    """1 − c^n with c = min(λ, γ/W), n the number of tokens and W the sum of multiplicities."""
    c = run.configuration
    share = (1 - c.lam) / sum(c.multiplicities)
    return 1 - min(c.lam, share) ** c.size


def _pattern(run: Run, layer: int) -> Pattern:
    return run.settled.pattern if layer >= run.settled.layer else run.truth(layer).attention


@claim(
    "mass-contraction",
    r"With $n$ tokens, $W=\sum_jw_j$ and $c=\min(\lambda,\gamma/W)$: from the layer on at which "
    r"all leaders lead, the part of any token that does not come from leaders falls by the factor "
    r"$1-c^n$ in $n$ layers.",
)
def mass_contraction(run: Run) -> Outcome:
    n, leaders = run.configuration.size, run.equilibrium.leaders
    if n > MOST or (not leaders and _may_lack_leaders(run)):
        return None
    start = max(leader.since_layer for leader in leaders)
    led = {leader.token for leader in leaders}
    mass = fmpz_mat(n, 1, [int(i not in led) for i in range(n)])
    unit = fmpz(1)
    for k in range(start, start + n):
        weights, total = run.mixing(_pattern(run, k), k)
        mass, unit = weights * mass, unit * total
    for i in range(n):
        left = fmpq(mass[i, 0], unit)
        if left > contraction(run):
            words = "a token keeps too much of what is not the leaders'"
            sides = f"the part of z_{run.index(i)} that does not come from leaders", "1 − c^n"
            return Violation(words, start + n, (i,), left, "≤", contraction(run), sides)
    return True if len(led) < n else None


@claim(
    "capture",
    r"For a leader $v$ let $c=\min_j\langle v,v-z_j\rangle^2/\lvert v-z_j\rvert^2$ at the layer at "
    r"which the last leader leads first. At every later layer $\langle v,v-z_j\rangle\ge\sqrt c"
    r"\lvert v-z_j\rvert$, and $\lvert z_i-v\rvert^2<c$ implies $C_i=\{v\}$.",
)
def capture(run: Run) -> Outcome:
    if run.configuration.size > MOST:
        return None
    n, leaders = run.configuration.size, run.equilibrium.leaders
    if not leaders and _may_lack_leaders(run):
        return None
    start = max(leader.since_layer for leader in leaders)
    for v in [leader.token for leader in leaders] if n > 1 else []:
        cones = [_cone(run.at(start), v, j) for j in range(n) if j != v]
        if not all(distance for _, distance in cones):  # A is not definite
            return None
        c = min(gap**2 / distance for gap, distance in cones)
        for k in [k for k in run.layers if k >= start]:
            now, attention = run.at(k), run.argmax(k)
            for i in range(n):
                gap, distance = _cone(now, v, i)
                if gap < 0 or gap**2 < c * distance:
                    return Violation("a token leaves the cone at a leader", k, (i, v))
                if i != v and distance < c and attention[i] != (v,):
                    return Violation("near a leader, and attends elsewhere", k, (i, v))
    return True if n > 1 else None


def _cone(layer: Layer, v: int, j: int) -> tuple[fmpq, fmpq]:
    """⟨z_v, z_v − z_j⟩ and |z_v − z_j|²."""
    own, product, norm = layer.norms[v], layer.products[v][j], layer.norms[j]
    return fmpq(own - product, layer.unit), fmpq(own - 2 * product + norm, layer.unit)


@claim(
    "balanced-attention",
    r"From the settled layer on the weighted mean of the limits $s_j$, $j\in C_i$, is $s_i$, and "
    r"$\langle s_i,s_j\rangle=\lvert s_i\rvert^2$ for every $j\in C_i$.",
)
def balanced_attention(run: Run) -> Outcome:
    limits, weights = run.limits, run.configuration.multiplicities
    tokens = range(run.configuration.size)
    for i, attended in zip(tokens, run.settled.pattern, strict=True):
        total = sum(weights[j] for j in attended)
        columns = zip(*(limits.keys[j] for j in attended), strict=True)
        mean = [
            sum(weights[j] * x for j, x in zip(attended, column, strict=True)) for column in columns
        ]
        if mean != [total * x for x in limits.keys[i]]:
            return Violation("the limits attended to are not balanced", None, (i, *attended))
        for j in attended:
            if limits.products[i][j] != limits.norms[i]:
                return Violation("a limit attended to is off the face", None, (i, j))
    return True


@claim(
    "geometric-convergence",
    r"With $n$ tokens, $W=\sum_jw_j$ and $c=\min(\lambda,\gamma/W)$: from the settled layer $k$ "
    r"on, $\max_i\lvert z_i^{k+n}-s_i\rvert^2\le(1-c^n)\max_i\lvert z_i^k-s_i\rvert^2$.",
)
def geometric_convergence(run: Run) -> Outcome:
    n = run.configuration.size
    if n > MOST:
        return None
    before, after = (_farthest(run, run.from_closed_form(t)) for t in (0, n))
    if not before:
        return None
    most = contraction(run) * before
    if after > most:
        words = "too slow on the way to the limits"
        k = run.settled.layer
        sides = f"max_i |z_i − s_i|² at layer {k + n}", f"1 − c^n times that at layer {k}"
        return Violation(words, k + n, (), after, "≤", most, sides)
    return True


def _farthest(run: Run, layer: Layer) -> fmpq:
    """max_i |z_i − s_i|²."""
    apart = layer.rational - run.limits.rational
    return max(run.inner(row, row) for row in apart.table())


@claim(
    "tie-step-bound",
    r"Let $C_j=J\cup V$ with $J,V\ne\emptyset$ apart, $m_V$ the mean over $V$, "
    r"$g=\gamma w(V)/w(C_j)$, and $N$ the greatest of $\lvert z_j\rvert^2$, $\langle "
    r"z_j,m_V\rangle$ and of $\lvert z_l\rvert^2$, $\langle z_l,m_V\rangle$, $l\in J$. Then "
    r"$\lvert z_j'\rvert^2\le N+g^2(\lvert m_V\rvert^2-N)$.",
)
def tie_step_bound(run: Run) -> Outcome:
    applied = False
    for k in run.layers[: run.at_most(4)]:
        now, after = run.at(k), next_layer(run, k)
        for j, attended in enumerate(run.argmax(k)):
            for alone in attended[:3] if len(attended) > 1 else ():
                rest = tuple(p for p in attended if p != alone)
                for apart, V in (((alone,), rest), (rest, (alone,))):
                    applied = True
                    most = _bound(run, k, now, j, apart, V)
                    norm = fmpq(after.norms[j], after.unit)
                    if norm > most:
                        words = "a tie takes a token too far out"
                        sides = f"|z_{run.index(j)}'|²", "N + g²(|m_V|² − N)"
                        return Violation(words, k, (j, *apart), norm, "≤", most, sides)
    return True if applied else None


def _may_lack_leaders(run: Run) -> bool:
    """Whether the theorem by which there is a leader does not speak of the run."""
    return run.dynamics != HARDMAX or not run.configuration.hypotheses.hold


def _bound(
    run: Run, k: int, layer: Layer, j: int, apart: tuple[int, ...], V: tuple[int, ...]
) -> fmpq:
    c = run.configuration
    w, products = c.multiplicities, layer.products
    own, other = (sum(w[p] for p in part) for part in (V, apart))
    toward = {x: fmpq(sum(w[p] * products[x][p] for p in V), own) for x in (j, *apart, *V)}
    square = sum((w[p] * toward[p] for p in V), fmpq(0)) / own
    N = max(max(fmpq(layer.norms[x]), toward[x]) for x in (j, *apart))
    g = number(run, k) * own / (own + other)
    return (N + g**2 * (square - N)) / layer.unit
