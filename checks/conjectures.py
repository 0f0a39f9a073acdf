"""Conjectures: statements to be refuted, and how users add their own.

Two kinds of statement are expected to be refuted. Those under the standing hypotheses (H) are what
one might believe of hardmax attention and is false. Those with a hypothesis dropped are the lemmas
and the main theorem with exactly one hypothesis removed, on configurations where it fails and the
others hold; each shows that the theory needs that hypothesis. The settling conjecture is a claim
(`checks.claims.limits`), expected to hold.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from itertools import combinations
from pathlib import Path

from flint import fmpq

from checks.claims import Claim, registered
from checks.claims.layers import (
    acyclic_attention,
    first_leader,
    hulls_shrink,
    leader_invariance,
    norms_grow,
    rest_is_a_foot,
    separation,
)
from checks.claims.limits import settling
from checks.claims.registry import OURS, STANDING, Judge, make
from checks.examination import blame
from checks.run import Run, attend, step
from checks.verdicts import Outcome, Verdict, Violation
from theory import Configuration, HardmaxError, Undecided
from theory.configuration import Vector, as_matrix, is_positive_definite
from theory.hull import in_hull

OTHER_STEPS = (fmpq(1), fmpq(1, 3), fmpq(3), fmpq(1, 20))
"""Steps against which dependence on α is looked for."""

_CONJECTURES: dict[str, "Conjecture"] = {}
_LOADED: dict[Path, tuple["Conjecture", ...]] = {}


@dataclass(frozen=True)
class Conjecture(Claim):
    """A claim that somebody doubts: `dropped` names the hypothesis that has to fail, if any."""

    dropped: str | None = None
    keep_copies: bool = False

    def applies(self, run: Run) -> bool:
        """Whether the assumed hypotheses hold, and the dropped one fails."""
        return super().applies(run) and (self.dropped is None or DROPPED[self.dropped](run))

    def run(self, configuration: Configuration, max_layers: int) -> Run:
        """The run on which the conjecture is judged."""
        return Run(configuration, max_layers=max_layers, keep_copies=self.keep_copies)


def conjecture(
    name: str,
    statement: str,
    *,
    hypotheses: Iterable[str] = STANDING,
    source: str = OURS,
    expected: Verdict = Verdict.HELD,
) -> Callable[[Judge], Conjecture]:
    """Declare the decorated function of a `Run` as a conjecture and register it under `name`.

    The function returns True or False, or None where the statement does not apply; a `Violation` in
    place of False carries the numbers into the report. `expected` is what you believe: the command
    ends with status 0 if it comes out so.

    >>> @conjecture("few-leaders", r"At most $d+1$ tokens lead.")
    ... def few_leaders(run):
    ...     return len(run.equilibrium.leaders) <= run.configuration.dimension + 1
    >>> forget("few-leaders")
    """

    def register(judge: Judge) -> Conjecture:
        if name in _CONJECTURES or name in {claim.name for claim in registered()}:
            raise HardmaxError(f"a statement named {name!r} exists already")
        made = make(Conjecture, name, statement, tuple(hypotheses), source, expected, judge)
        _CONJECTURES[name] = made
        return made

    return register


def forget(name: str) -> None:
    """Take a conjecture back, for instance before its file is read again."""
    _CONJECTURES.pop(name, None)


def find(name: str) -> Conjecture:
    """The conjecture of that name. Raises `HardmaxError` listing the known names if there is none.

    The settling conjecture, a claim, is found here as well.
    """
    if name == "settling":
        return make(Conjecture, **vars(settling))
    if name not in _CONJECTURES:
        known = ", ".join([*_CONJECTURES, "settling"])
        raise HardmaxError(f"no conjecture is named {name!r}; known: {known}")
    return _CONJECTURES[name]


def load(file: str) -> tuple[Conjecture, ...]:
    """Run a user's file and return the conjectures that it declares.

    Raises `HardmaxError`, with the line of the file, if it cannot be run, declares none, or takes
    a name that is taken.
    """
    path = Path(file).resolve()
    if path in _LOADED:
        return _LOADED[path]
    before = set(_CONJECTURES)
    spec = spec_from_file_location(f"hardmax_conjectures_{len(_LOADED)}", path)
    if spec is None or spec.loader is None:
        raise HardmaxError(f"{file}: not a Python file")
    try:
        spec.loader.exec_module(module_from_spec(spec))
    except OSError as error:
        raise HardmaxError(f"{file}: {error.strerror or error}") from None
    except Exception as error:  # whatever a user's file raises is told as a fault of that file
        for name in set(_CONJECTURES) - before:
            forget(name)
        raise HardmaxError(f"{file}: {blame(error, path)}") from None
    made = tuple(c for name, c in _CONJECTURES.items() if name not in before)
    if not made:
        raise HardmaxError(f"{file}: no function is declared with @conjecture")
    _LOADED[path] = made
    return made


def origin(made: Conjecture) -> str | None:
    """The user's file that declares the conjecture, or None for a built-in one."""
    for path, declared in _LOADED.items():
        if made in declared:
            return str(path)
    return None


def conjectures() -> tuple[Conjecture, ...]:
    """Every registered conjecture, in the order of declaration."""
    return tuple(_CONJECTURES.values())


def _false(name: str, statement: str) -> Callable[[Judge], Conjecture]:
    return conjecture(name, statement, expected=Verdict.REFUTED)


@_false("leaders-from-the-first-layer", r"Every leader leads from layer $0$ on.")
def leaders_from_the_first_layer(run: Run) -> Outcome:
    for leader in run.equilibrium.leaders:
        if leader.since_layer:
            words = f"the token leads first at layer {leader.since_layer}"
            return Violation(words, leader.since_layer, (leader.token,))
    return True


@_false("hull-vertices-lead", r"Every vertex of $\operatorname{co}(Z^0)$ is a leader.")
def hull_vertices_lead(run: Run) -> Outcome:
    leading = {leader.token for leader in run.equilibrium.leaders}
    tokens = run.tokens(0)
    for i, token in enumerate(tokens):
        others = tokens[:i] + tokens[i + 1 :]
        if i not in leading and not (others and in_hull(token, others)):
            return Violation("a vertex of the hull never leads", 0, (i,))
    return True


@_false("limits-are-vertices", r"Every limit is a vertex of $K$.")
def limits_are_vertices(run: Run) -> Outcome:
    for i, kind in enumerate(run.equilibrium.kinds):
        if kind == "face":
            words = f"the limit is inside the face of leaders {run.equilibrium.faces[i]}"
            return Violation(words, None, (i,))
    return True


@_false("nearest-leader", r"Every token tends to the leader that is nearest to it at layer $0$.")
def nearest_leader(run: Run) -> Outcome:
    equilibrium = run.equilibrium
    for i, token in enumerate(run.tokens(0)):
        apart = {}
        for leader in equilibrium.leaders:
            away = [x - y for x, y in zip(token, leader.position, strict=True)]
            apart[leader.token] = run.inner(away, away)
        nearest = min(apart, key=lambda v: apart[v])
        if list(apart.values()).count(apart[nearest]) > 1:
            continue
        for leader in equilibrium.leaders:
            if leader.token != nearest and equilibrium.limits[i] == leader.position:
                words = f"it tends to leader {leader.token}, and {nearest} is nearer (squares)"
                far, near = apart[leader.token], apart[nearest]
                return Violation(words, 0, (i, nearest), far, "<=", near)
    return True


def _other_steps(run: Run, differs: Callable[[Run, Run], Violation | None]) -> Outcome:
    for alpha in OTHER_STEPS:
        c = run.configuration
        if alpha != c.alpha:
            other = Run(Configuration(c.tokens, alpha, c.A, c.multiplicities))
            if not isinstance(other.settling, Undecided):
                violation = differs(run, other)
                if violation is not None:
                    return violation
    return True


@_false("leaders-independent-of-alpha", r"Which tokens lead does not depend on $\alpha$.")
def leaders_independent_of_alpha(run: Run) -> Outcome:
    def differs(one: Run, other: Run) -> Violation | None:
        sets = [{leader.token for leader in x.equilibrium.leaders} for x in (one, other)]
        if sets[0] == sets[1]:
            return None
        words = f"leaders {sorted(sets[0])}, but {sorted(sets[1])} with α ="
        return Violation(f"{words} {other.configuration.alpha}", None, tuple(sets[0] ^ sets[1]))

    return _other_steps(run, differs)


@_false("limits-independent-of-alpha", r"The limits do not depend on $\alpha$.")
def limits_independent_of_alpha(run: Run) -> Outcome:
    def differs(one: Run, other: Run) -> Violation | None:
        pairs = zip(one.equilibrium.limits, other.equilibrium.limits, strict=True)
        for i, (x, y) in enumerate(pairs):
            for a, b in zip(x, y, strict=True):
                if a != b:
                    words = f"another limit with α = {other.configuration.alpha}"
                    return Violation(words, None, (i,), a, "=", b)
        return None

    return _other_steps(run, differs)


@_false("settles-within-n-layers", r"A configuration of $n$ tokens settles within $n$ layers.")
def settles_within_n_layers(run: Run) -> Outcome:
    layer, n = run.settled.layer, run.configuration.size
    if layer > n:
        return Violation("it settles later", layer, (), fmpq(layer), "<=", fmpq(n))
    return True


@_false(
    "attends-leaders-eventually",
    r"From some layer on every attention set consists of leaders and tokens at rest.",
)
def attends_leaders_eventually(run: Run) -> Outcome:
    settled = run.settled
    for i, attended in enumerate(settled.pattern):
        for j in attended:
            if j != i and settled.closed_form[j].moving:
                words = f"from layer {settled.layer} on it attends to a token that always moves"
                return Violation(words, settled.layer, (i, j))
    return True


@_false(
    "geometric-rate",
    r"The distance of every token to its limit is $O(\lambda^t)$.",
)
def geometric_rate(run: Run) -> Outcome:
    for i, form in enumerate(run.settled.closed_form):
        for term in form.moving:
            if (term.base, term.degree) > (run.configuration.lam, 0):
                words = f"its distance is of order t^{term.degree}·({term.base})^t"
                return Violation(words, run.settled.layer, (i,))
    return True


# With one hypothesis dropped: the lemmas and the main theorem where it fails.


def _symmetric(A: Sequence[Vector]) -> bool:
    return all(A[i][j] == A[j][i] for i in range(len(A)) for j in range(i))


def _semidefinite(A: Sequence[Vector]) -> bool:
    """Whether the symmetric A is positive semidefinite: all principal minors are ≥ 0."""
    return all(
        as_matrix([tuple(A[i][j] for j in chosen) for i in chosen]).det() >= 0
        for size in range(1, len(A) + 1)
        for chosen in combinations(range(len(A)), size)
    )


def _symmetric_part(A: Sequence[Vector]) -> list[Vector]:
    d = range(len(A))
    return [tuple((A[i][j] + A[j][i]) / 2 for j in d) for i in d]


DROPPED: dict[str, Callable[[Run], bool]] = {
    "distinct": lambda run: not run.configuration.hypotheses.distinct,
    "nonzero": lambda run: not run.configuration.hypotheses.nonzero,
    "symmetric": lambda run: (
        not _symmetric(run.configuration.A)
        and is_positive_definite(_symmetric_part(run.configuration.A))
    ),
    "definite": lambda run: (
        _symmetric(run.configuration.A) and not _semidefinite(run.configuration.A)
    ),
    "strict": lambda run: (
        _symmetric(run.configuration.A)
        and not run.configuration.hypotheses.positive_definite
        and _semidefinite(run.configuration.A)
    ),
    "negative step": lambda run: -1 < run.configuration.alpha < 0,
    "zero step": lambda run: run.configuration.alpha == 0,
    "infinite step": lambda run: run.configuration.alpha == 1,
    "averaged ties": lambda run: run.configuration.alpha == 1,
}
"""When a dropped hypothesis fails. The last two replace the layer; α plays no part there."""

PARTS: tuple[Claim, ...] = (
    first_leader,
    norms_grow,
    leader_invariance,
    separation,
    acyclic_attention,
    rest_is_a_foot,
    hulls_shrink,
)
"""The lemmas that are tried, in this order, before the main theorem."""


def _theorem(run: Run) -> Outcome:
    """The lemmas, then the main theorem, without asking for their hypotheses."""
    for part in PARTS:
        outcome = part.judge(run)
        if isinstance(outcome, Violation):
            return Violation(
                f"{part.name}: {outcome.text}",
                outcome.layer,
                outcome.tokens,
                outcome.left,
                outcome.relation,
                outcome.right,
            )
    if run.configuration.alpha == 0:
        return _rest_without_a_foot(run)
    for failure in run.equilibrium.failures:
        return Violation(f"main theorem: {failure}")
    return True


def _rest_without_a_foot(run: Run) -> Outcome:
    gram = run.gram(0)
    for i, row in enumerate(gram):
        if run.tokens(1)[i] == run.tokens(0)[i] and max(row) != row[i]:
            words = "rest-is-a-foot: the token rests for ever, not at the foot of a face"
            return Violation(words, 0, (i,), max(row), "=", row[i])
    return True


def _dropping(
    name: str, statement: str, dropped: str, hypotheses: Iterable[str]
) -> Callable[[Judge], Conjecture]:
    def register(judge: Judge) -> Conjecture:
        made = make(
            Conjecture,
            name,
            statement,
            tuple(hypotheses),
            OURS,
            Verdict.REFUTED,
            judge,
            dropped=dropped,
            keep_copies=dropped == "distinct",
        )
        _CONJECTURES[name] = made
        return made

    return register


def _without(*names: str) -> tuple[str, ...]:
    return tuple(x for x in STANDING if x not in names)


_THEOREM = "The lemmas and the main theorem hold"

for _name, _words, _dropped, _hypotheses in (
    ("without-distinctness", "with repeated tokens kept apart", "distinct", _without("distinct")),
    ("without-nonzero-tokens", "with a zero token", "nonzero", _without("nonzero")),
    (
        "without-symmetry",
        r"for $A\ne A^\top$ with positive definite symmetric part",
        "symmetric",
        _without("positive_definite"),
    ),
    (
        "without-definiteness",
        "for symmetric indefinite $A$",
        "definite",
        _without("positive_definite"),
    ),
    (
        "without-strictness",
        "for singular positive semidefinite $A$",
        "strict",
        _without("positive_definite"),
    ),
    ("with-negative-step", r"for $-1<\alpha<0$", "negative step", _without("positive_step")),
    ("with-zero-step", r"for $\alpha=0$", "zero step", _without("positive_step")),
):
    _dropping(_name, f"{_THEOREM} {_words}.", _dropped, _hypotheses)(_theorem)


@_dropping(
    "with-infinite-step",
    f"{_THEOREM} in the limit case $\\alpha=\\infty$, where $z_i'=m_i$.",
    "infinite step",
    STANDING,
)
def with_infinite_step(run: Run) -> Outcome:
    tokens = run.tokens(0)
    pattern = attend(run.configuration, tokens)
    moved = run.targets(0)
    for i, j in combinations(range(len(tokens)), 2):
        if moved[i] == moved[j]:
            return Violation("separation: two tokens meet", 1, (i, j))
    after = attend(run.configuration, moved)
    for i, attended in enumerate(pattern):
        if attended == (i,) and after[i] != (i,):
            return Violation("leader-invariance: the leader no longer leads", 1, (i,))
    return True


@_dropping(
    "with-first-index-ties",
    f"{_THEOREM} with ties broken by the first index in place of averaged; among them that "
    "permuting tokens permutes the layer.",
    "averaged ties",
    STANDING,
)
def with_first_index_ties(run: Run) -> Outcome:
    c = run.configuration
    order = list(reversed(range(c.size)))
    turned = Configuration([c.tokens[i] for i in order], c.alpha, c.A)

    def first(configuration: Configuration) -> tuple[Vector, ...]:
        pattern = attend(configuration, configuration.tokens)
        return step(configuration, configuration.tokens, tuple(x[:1] for x in pattern))

    one, other = first(c), first(turned)
    for place, i in enumerate(order):
        for x, y in zip(one[i], other[place], strict=True):
            if x != y:
                words = "permutation-symmetry: in reversed order the token moves elsewhere"
                return Violation(words, 1, (i,), x, "=", y)
    return True
