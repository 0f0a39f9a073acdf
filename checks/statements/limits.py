"""Claims about infinitely many layers: settling, the closed form, and the main theorem."""

from dataclasses import replace

import numpy as np
from flint import fmpq, fmpz

from checks.arrays import Said, Settlements, every, everywhere, holds_always, some
from checks.beside import chosen
from checks.layer import Layer
from checks.planted import open_configurations
from checks.run import BEYOND, Run
from checks.statements.domains import STANDARD
from checks.statements.registry import AFZ, claim
from checks.verdicts import Outcome, Violation
from theory import Cycling
from theory.closed_form import NoClosedForm
from theory.hull import in_hull
from theory.lemmas.statements import STATEMENTS

FAR = (16, 64, 256, 1024)
"""Times beyond the settled layer at which the pattern is read off the closed form."""

PROVED_ONE_IN = 10
"""Of one in so many configurations it is proved by a certificate that they settle."""

STRETCHES = 6
"""Stretches of constant pattern before settling whose closed form is looked at."""

QUICK = fmpq(99, 100)
"""Tokens whose rate is less have halved their distances to their limits between two times: """
AWAY = 512
"""… this one, and its double."""

FAR_BITS = 40_000
"""… as long as the numbers stay below about this many bits."""


@claim(
    "settling",
    r"Every configuration settles: from some layer on its attention pattern is constant.",
    domain=replace(STANDARD, hunt=(open_configurations,)),
    arrays=holds_always,
)
def settling(run: Run) -> Outcome:
    """Of one configuration in so many by a proof, where there is one; of others at some layers."""
    if isinstance(run.settling, Cycling):
        words = f"its attention pattern returns every {run.settling.period} layers, for ever"
        return Violation(words, run.settling.layer)
    proved = run.proved if chosen(run.configuration, PROVED_ONE_IN) else None
    if proved is not None:
        return proved
    changed = _changes_after_settling(run)
    return True if changed is None else changed


@claim(
    "closed-form",
    r"While the pattern stands from layer $k$ on, $z_i^{k+t}=\sum_{r,p}c_{r,p}\binom tp r^t$ with "
    r"the solved coefficients; from the settled layer on it stands for ever.",
)
def closed_form(run: Run) -> Outcome:
    settled = run.settled
    for k in run.layers:
        if settled.pattern_at(k) != run.argmax(k):
            return Violation("another pattern stands", k)
    earlier = settled.history[:-1][:STRETCHES] if run.exponential else ()
    for place, (k, _) in enumerate(earlier):
        try:
            wrong = _elsewhere(run.at_time(run.stretch(place), 1), run.at(k + 1), k + 1)
        except NoClosedForm:  # attention ran in a cycle
            continue
        if wrong is not None:
            return wrong
    for t, layer in enumerate(run.beyond):
        wrong = _elsewhere(run.from_closed_form(t), layer, settled.layer + t)
        if wrong is not None:
            return wrong
    k = settled.layer + 1
    wrong = _elsewhere(run.from_closed_form(1), run.at(k), k)
    return True if wrong is None else wrong


def _elsewhere(told: Layer, true: Layer, k: int) -> Violation | None:
    """Where the closed form differs from the true tokens of layer k."""
    if told == true:
        return None
    pairs = zip(told.tokens(), true.tokens(), strict=True)
    i, s, x, y = next(
        (i, s, x, y)
        for i, rows in enumerate(pairs)
        for s, (x, y) in enumerate(zip(*rows, strict=True), start=1)
        if x != y
    )
    sides = f"coordinate {s} by the closed form", "that by the layers"
    return Violation("the closed form is elsewhere than the layers", k, (i,), x, "=", y, sides)


@claim(
    "settled-pattern-is-constant",
    r"The attention pattern at every layer from the settled layer on is the settled pattern, and "
    r"the settled layer is the least such layer.",
)
def settled_pattern_is_constant(run: Run) -> Outcome:
    settled = run.settled
    changed = _changes_after_settling(run)
    if changed is not None:
        return changed
    if settled.layer and run.truth(settled.layer - 1).attention == settled.pattern:
        return Violation("the pattern stood a layer earlier already", settled.layer - 1)
    return True


def _changes_after_settling(run: Run) -> Violation | None:
    """A layer after the settled one with another pattern, if one is found."""
    settled = run.settled
    for t, layer in enumerate(run.beyond):
        if layer.attention != settled.pattern:
            return Violation("the pattern changes after settling", settled.layer + t)
    if not run.exponential:
        return None
    bits = max((r.height_bits() for r, _, _ in run.settled_blocks), default=0)
    for t in FAR[: run.at_most(len(FAR))]:
        if t * bits > FAR_BITS:
            break
        if run.far_attention(t) != settled.pattern:
            return Violation("the pattern changes long after settling", settled.layer + t)
    return None


def _limits_keep_attention(made: Settlements) -> Said:
    greatest = made.products == made.products.max(axis=1)[:, None]
    return everywhere(every(greatest | ~made.attends, 0, 1))


@claim(
    "limits-keep-attention",
    r"$\langle s_i,s_j\rangle=\max_l\langle s_i,s_l\rangle$ for every $j$ of the settled $C_i$.",
    arrays=_limits_keep_attention,
)
def limits_keep_attention(run: Run) -> Outcome:
    limits = run.limits
    for i, attended in zip(range(run.configuration.size), run.settled.pattern, strict=True):
        for j in attended:
            if limits.products[i][j] != limits.greatest[i]:
                words = "in the limit another token is attended to"
                product, most = limits.products[i][j], limits.greatest[i]
                sides = fmpq(product, limits.unit), fmpq(most, limits.unit)
                own = run.index(i)
                names = f"⟨s_{own}, s_{run.index(j)}⟩", f"max_l ⟨s_{own}, s_l⟩"
                return Violation(words, None, (i, j), sides[0], "=", sides[1], names)
    return True


def _leaders_are_vertices(made: Settlements) -> Said:
    """That they lead since when they are said to is part of what was proved."""
    holds = some(made.leads, 0)
    for i, products in enumerate(made.products):
        behind = (products < products[i]) | ~made.leads
        behind[i] = True
        holds &= every(behind, 0) | ~made.leads[i]
    return everywhere(holds)


@claim(
    "leaders-are-vertices",
    r"There is a leader; leaders stand apart, each is an exposed vertex of "
    r"$K=\operatorname{co}\{z_i:i\in L\}$, and each is reached in finitely many layers.",
    source=AFZ,
    arrays=_leaders_are_vertices,
)
def leaders_are_vertices(run: Run) -> Outcome:
    leaders = run.equilibrium.leaders
    if not leaders:
        return Violation("no token leads")
    leading = [i for i, attended in enumerate(run.settled.pattern) if attended == (i,)]
    if [leader.token for leader in leaders] != leading:
        return Violation("the leaders are not the tokens that lead", None, tuple(leading))
    corners = run.as_layer([leader.position for leader in leaders])
    if len(set(corners.keys)) < len(leaders):
        return Violation("two leaders share a position")
    for leader, own, products in zip(leaders, corners.norms, corners.products, strict=True):
        for other, product in zip(leaders, products, strict=True):
            if other.token != leader.token and product >= own:
                words = "a leader is not exposed in K"
                sides = fmpq(product, corners.unit), fmpq(own, corners.unit)
                pair = leader.token, other.token
                i, j = map(run.index, pair)
                names = f"⟨s_{i}, s_{j}⟩", f"|s_{i}|²"
                return Violation(words, None, pair, sides[0], "<", sides[1], names)
        if run.tokens(leader.since_layer)[leader.token] != leader.position:
            return Violation("a leader moved after it led", leader.since_layer, (leader.token,))
        if run.argmax(leader.since_layer)[leader.token] != (leader.token,):
            return Violation("a leader does not lead yet", leader.since_layer, (leader.token,))
        before = leader.since_layer - 1
        if before >= 0 and run.truth(before).attention[leader.token] == (leader.token,):
            return Violation("a leader leads a layer earlier already", before, (leader.token,))
    return True


def _limits_are_feet(made: Settlements) -> Said:
    """A limit is the mean of those of the tokens that are attended to, since targets are constant.

    So it lies in K if these do; and then on the face, if these have its product with itself.
    """
    others = made.attends & ~np.eye(len(made.attends), dtype=np.bool_)[..., None]
    within, before = made.at_leaders, None
    while before is None or (within != before).any():
        before = within
        within = before | (every(~others | before, 1) & some(others, 1))
    faces = ~made.at_leaders
    holds = every(within | ~faces, 0)
    for i, products in enumerate(made.products):
        norm = products[i]
        highest = every((products <= norm) | ~made.leads, 0) & (norm > 0)
        holds &= (highest & every((products == norm) | ~others[i], 0)) | ~faces[i]
    return Said(some(faces, 0), holds)


@claim(
    "limits-are-feet",
    STATEMENTS["limits-are-feet"],
    source=AFZ,
    arrays=_limits_are_feet,
)
def limits_are_feet(run: Run) -> Outcome:
    equilibrium = run.equilibrium
    positions = {leader.token: leader.position for leader in equilibrium.leaders}
    applied = False
    tokens = range(run.configuration.size)
    for i, kind, limit in zip(tokens, equilibrium.kinds, equilibrium.limits, strict=True):
        vertex = limit in positions.values()
        wanted = "leader" if i in positions else "vertex" if vertex else "face"
        if kind != wanted and (kind or vertex):
            words = (
                f"a limit of kind {wanted} is said to be of {f'kind {kind}' if kind else 'none'}"
            )
            return Violation(words, None, (i,))
        if vertex:
            continue
        applied = True
        norm = run.inner(limit, limit)
        products = {v: run.inner(limit, z) for v, z in positions.items()}
        if not norm:
            sides = f"|s_{run.index(i)}|²", ""
            return Violation("a limit is the origin", None, (i,), norm, ">", fmpq(0), sides)
        greatest = max(products.values(), default=None)
        if greatest != norm:
            words = "a limit is not the foot of the origin"
            own = f"s_{run.index(i)}"
            sides = f"the greatest ⟨{own}, z_j⟩ of a leader j", f"|{own}|²"
            return Violation(words, None, (i,), greatest, "=", norm, sides)
        if kind is None:
            return Violation("a limit on a face has no kind", None, (i,))
        face = tuple(v for v, product in products.items() if product == norm)
        if equilibrium.faces.get(i) != face:
            return Violation("the face is another one", None, (i, *face))
        if not in_hull(limit, [positions[v] for v in face]):
            return Violation("a limit is not on its face", None, (i, *face))
    return True if applied else None


@claim(
    "polytope-in-every-hull",
    r"Every limit lies in $K$, and $K\subset\operatorname{co}(Z^k)$ for every $k$.",
)
def polytope_in_every_hull(run: Run) -> Outcome:
    vertices = run.equilibrium.polytope
    classes: dict[tuple[fmpz, ...], int] = {}
    for i, key in enumerate(run.limits.keys):
        classes.setdefault(key, i)
    for i in classes.values():
        if not in_hull(run.equilibrium.limits[i], vertices):
            return Violation("a limit is outside K", None, (i,))
    leaders = [(leader.token, leader.position) for leader in run.equilibrium.leaders]
    for k in run.layers[:BEYOND]:
        tokens = run.tokens(k)
        for i, position in leaders:
            if tokens[i] != position and not in_hull(position, tokens):
                return Violation("a vertex of K is outside the hull", k, (i,))
    return True


def _nears_its_limits(run: Run) -> Outcome:
    """By layers far away, where the rate is such that they have to be near by then."""
    rate = run.equilibrium.rate
    if rate is None or rate.base > QUICK:
        return None
    before, after = (_distance(run, t) for t in (AWAY, 2 * AWAY))
    if before and 2 * after > before:
        return Violation("the tokens do not near their limits", run.settled.layer + 2 * AWAY)
    return True


def _distance(run: Run, time: int) -> fmpq:
    """The greatest distance of a coordinate from its limit."""
    tokens = run.settled.tokens(run.settled.layer + time)
    pairs = zip(tokens, run.equilibrium.limits, strict=True)
    return max(abs(x - y) for z, s in pairs for x, y in zip(z, s, strict=True))


@claim(
    "clusters-are-limits",
    r"Tokens are in one cluster iff their limits are equal, every limit is the limit of its closed "
    r"form, and the rate is its slowest term.",
)
def clusters_are_limits(run: Run) -> Outcome:
    equilibrium = run.equilibrium
    covered = sorted(i for cluster in equilibrium.clusters for i in cluster)
    if covered != list(range(run.configuration.size)):
        return Violation("the clusters do not partition the tokens")
    keys = run.limits.keys
    points = [{keys[i] for i in cluster} for cluster in equilibrium.clusters]
    if any(len(places) != 1 for places in points) or len(set().union(*points)) < len(points):
        return Violation("clusters and limits differ")
    one, ways = fmpq(1), []
    if not run.exponential:
        return _nears_its_limits(run)
    for i, form in zip(range(run.configuration.size), run.settled.exponential, strict=True):
        moving = [(r, p) for r, p, _ in form.moving]
        if form.coefficient(one, 0) != equilibrium.limits[i] or any(r >= one for r, _ in moving):
            return Violation("a token does not tend to its limit", None, (i,))
        ways += moving
    slowest = max(ways, default=None)
    rate = equilibrium.rate
    if (None if rate is None else (rate.base, rate.degree)) != slowest:
        return Violation("the rate is not the slowest term")
    return True
