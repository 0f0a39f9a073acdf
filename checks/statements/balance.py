"""Claims about settled patterns from the settling theorem: balanced sets, degrees, and self-ties.

A set V of tokens is balanced at a limit s if s_l ≠ s and ⟨s, s_l⟩ = |s|² for l ∈ V, and the
weighted mean of the s_l is s. With z_l(t) = s_l + λ^t P_l(t), E_V is the mean of the P_l. The
mathematics is in section 11 of the notes (ours); all of it assumes (H).
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from flint import fmpq, fmpq_poly

from checks.run import Run
from checks.statements.layers import next_layer, number
from checks.statements.registry import claim
from checks.verdicts import Outcome, Violation
from theory import Configuration
from theory.exponential import ExponentialPolynomial

MOST = 7
"""The most tokens of which all sets are formed."""

Curve = list[fmpq_poly]
"""A polynomial in t with values in Q^d: one polynomial for each coordinate."""


def curve(form: ExponentialPolynomial, lam: fmpq) -> Curve | None:
    """The P of z(t) = s + λ^t P(t); None where another base occurs."""
    total = [fmpq_poly([0]) for _ in range(form.width)]
    for base, degree, coefficient in form.moving:
        if base != lam:
            return None
        for s, x in enumerate(coefficient):
            total[s] += x * binomial(degree)
    return total


def binomial(p: int) -> fmpq_poly:
    """C(t, p) as a polynomial in t.

    >>> str(binomial(2))
    '1/2*x^2 + (-1/2)*x'
    """
    polynomial = fmpq_poly([1])
    for i in range(p):
        polynomial *= fmpq_poly([fmpq(-i, i + 1), fmpq(1, i + 1)])
    return polynomial


def product(c: Configuration, x: Sequence[fmpq_poly], y: Sequence[fmpq_poly]) -> fmpq_poly:
    """⟨x(t), y(t)⟩."""
    total = fmpq_poly([0])
    for row, a in zip(c.A, x, strict=True):
        for entry, b in zip(row, y, strict=True):
            total += entry * a * b
    return total


def in_the_end(p: fmpq_poly) -> int:
    """The sign of p(t) for all large t."""
    top = p[p.degree()] if p.degree() >= 0 else fmpq(0)
    return (top > 0) - (top < 0)


def _mean(c: Configuration, curves: Sequence[Curve], tokens: Sequence[int]) -> Curve:
    w = c.multiplicities
    total = sum(w[j] for j in tokens)
    columns = zip(*(curves[j] for j in tokens), strict=True)
    return [
        sum((fmpq(w[j], total) * p for j, p in zip(tokens, column, strict=True)), fmpq_poly([0]))
        for column in columns
    ]


def _curves(run: Run) -> list[Curve] | None:
    lam = run.configuration.lam
    forms = zip(range(run.configuration.size), run.settled.exponential, strict=True)
    curves = [curve(form, lam) for _, form in forms]
    return [x for x in curves if x is not None] if None not in curves else None


def balanced(run: Run, i: int) -> Iterator[tuple[int, ...]]:
    """The sets that are balanced at the limit of token i; none if there are too many tokens."""
    limits, w = run.limits, run.configuration.multiplicities
    own = limits.keys[i]
    seen = [
        p
        for p, key in enumerate(limits.keys)
        if key != own and limits.products[i][p] == limits.norms[i]
    ]
    for size in range(2, len(seen) + 1) if len(seen) <= MOST else ():
        for V in combinations(seen, size):
            total = sum(w[p] for p in V)
            columns = zip(*(limits.keys[p] for p in V), strict=True)
            means = [sum(w[p] * x for p, x in zip(V, column, strict=True)) for column in columns]
            if means == [total * x for x in own]:
                yield V


@claim(
    "resonance-is-orthogonal",
    r"With $z_i(t)=s_i+\lambda^tP_i(t)$ from the settled layer on, $\langle s_i,P_i(t)\rangle$ is "
    r"a constant, and it is negative if $i$ moves.",
)
def resonance_is_orthogonal(run: Run) -> Outcome:
    applied = False
    for i, form in zip(range(run.configuration.size), run.settled.exponential, strict=True):
        limit = run.equilibrium.limits[i]
        for base, degree, coefficient in form.moving:
            applied = True
            along = run.inner(limit, coefficient)
            lam, layer = run.configuration.lam, run.settled.layer
            if base != lam:
                sides = f"a base of z_{run.index(i)}", "λ"
                return Violation("another base than λ", layer, (i,), base, "=", lam, sides)
            if degree and along:
                words = "a token resonates along its limit"
                sides = _resonance(run.index(i))
                return Violation(words, layer, (i,), along, "=", fmpq(0), sides)
            if not degree and along >= 0:
                words = "a token comes to its limit from beyond"
                sides = _resonance(run.index(i))
                return Violation(words, layer, (i,), along, "<", fmpq(0), sides)
    return True if applied else None


def _resonance(i: int) -> tuple[str, str]:
    return f"⟨s_{i}, c⟩, where c is a coefficient of P_{i}", ""


@claim(
    "nothing-balanced-beyond",
    r"For every set $V$ balanced at a limit $s$ of some token, $\langle s,E_V(t)\rangle\le0$ for "
    r"all large $t$: its mean does not stay beyond the face.",
)
def nothing_balanced_beyond(run: Run) -> Outcome:
    curves, applied = _curves(run), False
    for i in _face_limits(run) if curves else ():
        for V in balanced(run, i):
            applied = True
            if in_the_end(_along(run, i, _mean(run.configuration, curves or [], V))) > 0:
                return Violation("a balanced set stays beyond the face", None, (i, *V))
    return True if applied else None


def _face_limits(run: Run) -> list[int]:
    """One token for each limit that is no vertex."""
    first: dict[object, int] = {}
    for i, (kind, key) in enumerate(zip(run.equilibrium.kinds, run.limits.keys, strict=True)):
        if kind == "face":
            first.setdefault(key, i)
    return [*first.values()]


def _along(run: Run, i: int, x: Curve) -> fmpq_poly:
    """⟨s_i, x(t)⟩."""
    limit = [fmpq_poly([s]) for s in run.equilibrium.limits[i]]
    return product(run.configuration, limit, x)


@claim(
    "greedy-choice",
    r"Among the sets $V$ that are balanced at $s_i$ and have $\langle s_i,E_V\rangle=0$, none has "
    r"a greater $\langle P_i(t),E_V(t)\rangle$ than $C_i$, for all large $t$.",
)
def greedy_choice(run: Run) -> Outcome:
    curves, applied = _curves(run), False
    if curves is None:
        return None
    c = run.configuration
    for i, attended in enumerate(run.settled.pattern):
        if run.equilibrium.kinds[i] != "face" or run.settled.closed_form[i].rests:
            continue
        taken = _mean(c, curves, attended)
        for V in balanced(run, i):
            E = _mean(c, curves, V)
            if in_the_end(_along(run, i, E)):
                continue
            applied = True
            ahead = [x - y for x, y in zip(E, taken, strict=True)]
            if in_the_end(product(c, curves[i], ahead)) > 0:
                return Violation("another balanced set is farther along", None, (i, *V))
    return True if applied else None


@claim(
    "no-attention-within-a-limit",
    r"In the settled pattern no token attends to another one that moves and has the same limit.",
)
def no_attention_within_a_limit(run: Run) -> Outcome:
    keys, forms = run.limits.keys, run.settled.closed_form
    for i, attended in zip(range(run.configuration.size), run.settled.pattern, strict=True):
        for j in attended:
            if j != i and keys[j] == keys[i] and not forms[j].rests:
                return Violation("a moving token of the same limit is attended to", None, (i, j))
    return True


@claim(
    "degree-bound",
    r"With $z_i(t)=s_i+\lambda^tP_i(t)$, $\deg P_i$ is at most the number of different norms "
    r"$\lvert s\rvert\ge\lvert s_i\rvert$ of limits $s$ that are no vertices of $K$; and $0$ where "
    r"$s_i$ is a vertex.",
)
def degree_bound(run: Run) -> Outcome:
    kinds, norms = run.equilibrium.kinds, run.limits.norms
    faces = {norm for kind, norm in zip(kinds, norms, strict=True) if kind == "face"}
    applied = False
    for i, form in zip(range(run.configuration.size), run.settled.exponential, strict=True):
        degrees = [degree for _, degree, _ in form.moving]
        if not degrees:
            continue
        applied = True
        most = sum(norm >= norms[i] for norm in faces) if kinds[i] == "face" else 0
        if max(degrees) > most:
            words = "a degree is too high"
            norms_told = f"how many norms of limits on faces are at least |s_{run.index(i)}|"
            sides = f"deg P_{run.index(i)}", norms_told if kinds[i] == "face" else ""
            return Violation(words, None, (i,), fmpq(max(degrees)), "≤", fmpq(most), sides)
    return True if applied else None


@claim(
    "vertex-followers-lock",
    r"If $s_i$ is a vertex of $K$ then $C_i=\{v\}$ in the settled pattern, with the leader $v$ "
    r"that stands there.",
)
def vertex_followers_lock(run: Run) -> Outcome:
    stands = {run.limits.keys[leader.token]: leader.token for leader in run.equilibrium.leaders}
    for i, (key, attended) in enumerate(zip(run.limits.keys, run.settled.pattern, strict=True)):
        if key in stands and attended != (stands[key],):
            words = "a token that tends to a vertex is not locked"
            return Violation(words, None, (i, stands[key]))
    return True


@claim(
    "moving-self-ties",
    r"If $i\in C_i$, with $V=C_i\setminus\{i\}$ not empty, $m_V$ the mean over it and "
    r"$g=\gamma w(V)/w(C_i)$, then $\lvert z_i'\rvert^2=\lvert z_i\rvert^2+g^2(\lvert "
    r"m_V\rvert^2-\lvert z_i\rvert^2)$.",
)
def moving_self_ties(run: Run) -> Outcome:
    c, applied = run.configuration, False
    w = c.multiplicities
    for k in run.layers:
        now = run.at(k)
        for i, attended in enumerate(run.argmax(k)):
            V = [p for p in attended if p != i]
            if i not in attended or not V:
                continue
            applied, total, after = True, sum(w[p] for p in V), next_layer(run, k)
            square = sum(w[p] * w[m] * now.products[p][m] for p in V for m in V)
            g = number(run, k) * total / (total + w[i])
            mean, own = fmpq(square, total**2 * now.unit), fmpq(now.norms[i], now.unit)
            norm, wanted = fmpq(after.norms[i], after.unit), own + g**2 * (mean - own)
            if norm != wanted:
                told = run.index(i)
                sides = f"|z_{told}'|²", f"|z_{told}|² + g²(|m_V|² − |z_{told}|²)"
                return Violation("a self-tie ends elsewhere", k, (i, *V), norm, "=", wanted, sides)
    return True if applied else None
