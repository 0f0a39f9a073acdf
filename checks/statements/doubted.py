"""Statements that one might believe under the standing hypotheses (H), and that are false.

Why each is false stands in section 5 of the notes.
"""

from collections.abc import Callable

from flint import fmpq

from checks.run import Run
from checks.statements.domains import STANDING
from checks.statements.evidence import (
    Evidence,
    first,
    first_and_last,
    leads,
    limit,
    other_step,
    vertex,
)
from checks.statements.registry import OURS, Judge, Statement, declare
from checks.verdicts import Outcome, Verdict, Violation
from theory import Undecided
from theory.hull import in_hull

OTHER_STEPS = (fmpq(1), fmpq(1, 3), fmpq(3), fmpq(1, 20))
"""Steps against which dependence on α is looked for."""


def _false(name: str, statement: str, evidence: Evidence) -> Callable[[Judge], Statement]:
    wanted = Verdict.REFUTED
    return declare(name, statement, STANDING, OURS, wanted, evidence=evidence, doubted=True)


def _products(run: Run, i: int, j: int) -> tuple[str, str]:
    """What the two sides are where token i should attend to itself and attends to j."""
    own, other = run.index(i), run.index(j)
    return f"⟨z_{own}, z_{other}⟩", f"⟨z_{own}, z_{own}⟩"


@_false("leaders-from-the-first-layer", r"Every leader leads from layer $0$ on.", first_and_last)
def leaders_from_the_first_layer(run: Run) -> Outcome:
    for leader in run.equilibrium.leaders:
        if leader.since_layer:
            i = leader.token
            k = 0 if run.pattern(0)[i] != (i,) else leader.since_layer - 1  # it may begin again
            j = next(j for j in run.pattern(k)[i] if j != i)
            gram = run.gram(k)
            led = any(run.pattern(at)[i] == (i,) for at in range(leader.since_layer))
            words = (
                f"it attends to token {run.index(j)} at layer {k} and leads "
                f"{'again' if led else 'first'} at {leader.since_layer}"
            )
            return Violation(words, k, (i,), gram[i][j], "<", gram[i][i], _products(run, i, j))
    return True


@_false("hull-vertices-lead", r"Every vertex of $\operatorname{co}(Z^0)$ is a leader.", vertex)
def hull_vertices_lead(run: Run) -> Outcome:
    leading = {leader.token for leader in run.equilibrium.leaders}
    tokens = run.tokens(0)
    for i, token in enumerate(tokens):
        others = tokens[:i] + tokens[i + 1 :]
        if i not in leading and not (others and in_hull(token, others)):
            k, gram = run.settled.layer, run.gram(run.settled.layer)
            j = run.settled.pattern[i][0]
            words = f"a vertex of the hull never leads: it attends to token {run.index(j)} for ever"
            return Violation(words, k, (i,), gram[i][j], "<", gram[i][i], _products(run, i, j))
    return True


@_false("limits-are-vertices", r"Every limit is a vertex of $K$.", first_and_last)
def limits_are_vertices(run: Run) -> Outcome:
    for i, kind in enumerate(run.equilibrium.kinds):
        if kind == "face":
            limit, face = run.equilibrium.limits[i], run.equilibrium.faces[i]
            longest = max(run.gram(run.settled.layer)[v][v] for v in face)
            leaders = [*map(run.index, face)]
            words = f"the limit is inside the face of leaders {leaders}, which are longer"
            sides = f"|s_{run.index(i)}|²", "the greatest |z_j|² of these leaders"
            return Violation(words, None, (i,), run.inner(limit, limit), "=", longest, sides)
    return True


@_false(
    "nearest-leader",
    r"Every token tends to the leader that is nearest to it at layer $0$.",
    first_and_last,
)
def nearest_leader(run: Run) -> Outcome:
    equilibrium = run.equilibrium
    for i, token in enumerate(run.tokens(0) if equilibrium.leaders else ()):
        apart = {}
        for leader in equilibrium.leaders:
            away = [x - y for x, y in zip(token, leader.position, strict=True)]
            apart[leader.token] = run.inner(away, away)
        nearest = min(apart, key=lambda v: apart[v])
        if list(apart.values()).count(apart[nearest]) > 1:
            continue
        for leader in equilibrium.leaders:
            if leader.token != nearest and equilibrium.limits[i] == leader.position:
                own, v, w = map(run.index, (i, leader.token, nearest))
                words = f"it tends to leader {v}, and {w} is nearer (squares)"
                far, near = apart[leader.token], apart[nearest]
                sides = f"|z_{own} − s_{v}|²", f"|z_{own} − s_{w}|²"
                return Violation(words, 0, (i, nearest), far, "<=", near, sides)
    return True


def _other_steps(run: Run, differs: Callable[[Run, Run], Violation | None]) -> Outcome:
    for alpha in OTHER_STEPS:
        c = run.configuration
        if alpha != c.alpha:
            other = Run(c.altered(alpha=alpha), run.dynamics, keep_copies=True)
            if not isinstance(other.settling, Undecided):
                violation = differs(run, other)
                if violation is not None:
                    return violation
    return True


@_false(
    "leaders-independent-of-alpha",
    r"Which tokens lead does not depend on $\alpha$.",
    other_step(OTHER_STEPS, leads),
)
def leaders_independent_of_alpha(run: Run) -> Outcome:
    def differs(one: Run, other: Run) -> Violation | None:
        sets = [{leader.token for leader in x.equilibrium.leaders} for x in (one, other)]
        if sets[0] == sets[1]:
            return None
        told = [sorted(map(run.index, leaders)) for leaders in sets]
        words = f"leaders {told[0]}, but {told[1]} with α ="
        return Violation(f"{words} {other.configuration.alpha}", None, tuple(sets[0] ^ sets[1]))

    return _other_steps(run, differs)


@_false(
    "limits-independent-of-alpha",
    r"The limits do not depend on $\alpha$.",
    other_step(OTHER_STEPS, limit),
)
def limits_independent_of_alpha(run: Run) -> Outcome:
    def differs(one: Run, other: Run) -> Violation | None:
        pairs = zip(one.equilibrium.limits, other.equilibrium.limits, strict=True)
        for i, (x, y) in enumerate(pairs):
            for s, (a, b) in enumerate(zip(x, y, strict=True), start=1):
                if a != b:
                    words = f"another limit with α = {other.configuration.alpha}"
                    sides = f"coordinate {s} of s_{run.index(i)}", "that with the other α"
                    return Violation(words, None, (i,), a, "=", b, sides)
        return None

    return _other_steps(run, differs)


@_false(
    "settles-within-n-layers",
    r"A configuration of $n$ tokens settles within $n$ layers.",
    first_and_last,
)
def settles_within_n_layers(run: Run) -> Outcome:
    layer, n = run.settled.layer, run.configuration.size
    if layer > n:
        sides = "the settled layer", "n"
        return Violation("it settles later", layer, (), fmpq(layer), "<=", fmpq(n), sides)
    return True


@_false(
    "attends-leaders-eventually",
    r"From some layer on every attention set consists of leaders and tokens at rest.",
    first_and_last,
)
def attends_leaders_eventually(run: Run) -> Outcome:
    settled = run.settled
    for i, attended in enumerate(settled.pattern):
        for j in attended:
            if j != i and not settled.closed_form[j].rests:
                k = settled.layer
                told = run.index(j)
                words = f"from layer {k} on it attends to token {told}, which moves at every layer"
                before, after = run.gram(k)[j][j], run.gram(k + 1)[j][j]
                if before == after:  # where A is not definite
                    return Violation(words, k, (i, j))
                sides = f"|z_{told}|² at layer {k + 1}", f"|z_{told}|² at layer {k}"
                return Violation(words, k, (i, j), after, "=", before, sides)
    return True


@_false(
    "geometric-rate",
    r"The distance of every token to its limit is $O(\lambda^t)$.",
    first,
)
def geometric_rate(run: Run) -> Outcome:
    for i, form in enumerate(run.settled.exponential):
        for term in form.moving:
            if (term.base, term.degree) > (run.configuration.lam, 0):
                words = (
                    f"its distance is of order t^{term.degree}·({term.base})^t: the squared norm "
                    "of that term's coefficient"
                )
                size = run.inner(term.coefficient, term.coefficient)
                if not size:  # where A is not definite
                    return Violation(words.partition(":")[0], run.settled.layer, (i,))
                sides = f"|c|², c the coefficient of that term of z_{run.index(i)}", ""
                return Violation(words, run.settled.layer, (i,), size, "=", fmpq(0), sides)
    return True
