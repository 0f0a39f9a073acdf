"""Settling: the layer from which the attention pattern never changes again, with its proof.

A configuration *settles at layer k* if its attention pattern is the same at every layer ≥ k, and
k is least (`paper_notes.md`, section 3.2; ours). `settle` decides it as follows.

1. Follow the trajectory. When every token leads or attends to one leader alone (lemma R), the
   pattern is constant from here on, with no inequality left to check.
2. When a pattern stands for the second time running, solve the tokens in closed form as if it
   stood for ever, and find the first time at which the closed form contradicts it: for a fixed
   j ∈ C_i and every token l, f_il(t) = ⟨z_i(t), z_j(t) − z_l(t)⟩ has to vanish identically for
   l ∈ C_i and to be positive at all t ≥ 0 for l ∉ C_i. Both are decided exactly
   (`theory.positivity`).
3. If nothing contradicts it, the pattern is constant for ever, and the settled layer is the
   first of the layers on which it stands. Otherwise the pattern changes exactly at the time
   found: go there, at once if it is far, and begin again.

Within its budget of layers the answer is exact; `Undecided` says nothing of the configuration.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from theory.arithmetic import is_standard
from theory.closed_form import Forgetful, Gram, NoClosedForm, closed_form, gram_terms, solving_order
from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics, Pattern
from theory.exact import HardmaxError, Undecidable, expect, shown, whole
from theory.exponential import ExponentialPolynomial
from theory.lazily import OnDemand, promise
from theory.matrices import Vector
from theory.places import History, copies_of, gathered_history, spread_history
from theory.positivity import Scalar, first_failure, first_failure_of, first_nonzero, runs
from theory.rules import POSITIVE, ZERO, Signs
from theory.trajectory import Trajectory, layer_number

if TYPE_CHECKING:
    from theory.equilibrium import Equilibrium
    from theory.fast.walk import Ending

Path = Literal["exact", "filtered"]
"""How layers are followed: in integers throughout, or through the filter where it decides."""

MAX_LAYERS = 10_000
"""The budget of layers unless another is given."""

MAX_CHANGES = 200
"""Changes of pattern after which a configuration outside (H) is given up: it may turn for ever."""

SMALL = 24
"""Up to so many tokens a closed form costs less than the layer that it may spare."""

LARGE = 64
"""From so many places on the filter costs less than the integers that it spares.

Gaussian tokens of dimension 3 at α = 1/2 settle in 0.2 ms through it and 3.4 ms without if they are
64, and in 0.9 ms and 430 ms if they are 1,000.
"""

DOUBT, SMALL_DOUBT = 32, 4
"""How many times the cost of a proof the layers may cost where it is likely to fail, or has; and
where the tokens are few, so that a proof costs little.

If a proof was tried wherever a pattern repeats, 1,000 Gaussian tokens of dimension 8 at α = 1/1000
would settle in 6.2 s, not in 39 ms.
"""

LONG_STRETCH = 32
"""A constant stretch longer than this is crossed in closed form, not layer by layer."""


class NotSettled(HardmaxError):
    """An equilibrium was asked of a configuration that is undecided."""


@dataclass(frozen=True)
class Settled(OnDemand):
    """The proof that a configuration settles, and what follows from it.

    `layer` is the settled layer k, `pattern` the attention pattern from then on, and
    `closed_form[i]` gives z_i at layer k + t as an exponential polynomial in t ≥ 0. `history`
    lists the layers at which the pattern became another one, with the pattern from then on; it
    begins at layer 0 and ends at layer k. Of a large configuration they are made when asked for.
    `places[i]` is the place of token i: copies of a token share one, unless they were kept apart.
    """

    configuration: Configuration
    trajectory: Trajectory
    history: History
    closed_form: tuple[ExponentialPolynomial, ...]
    places: tuple[int, ...]

    def __getstate__(self) -> dict[str, Any]:
        # what a large configuration is made from does not travel
        return {part.name: getattr(self, part.name) for part in fields(self)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.trajectory.follow(self.pattern_at)

    @property
    def dynamics(self) -> Dynamics:
        """What moves the tokens."""
        return self.trajectory.dynamics

    @property
    def layer(self) -> int:
        """The settled layer k."""
        return self.ending[0].layer if self.ending else self.history[-1][0]

    @property
    def pattern(self) -> Pattern:
        """The attention pattern at every layer ≥ k."""
        return self.history[-1][1]

    @property
    def ending(self) -> "tuple[Ending, tuple[int, ...]] | None":
        """How a large configuration ended, in places, with the place of each token."""
        found: tuple[Ending, tuple[int, ...]] | None = self.__dict__.get("_ending")
        return found

    def pattern_at(self, layer: int) -> Pattern:
        """The attention pattern at any `layer` ≥ 0."""
        layer = layer_number(layer)
        return next(pattern for since, pattern in reversed(self.history) if since <= layer)

    def tokens(self, layer: int) -> tuple[Vector, ...]:
        """The tokens at any `layer` ≥ 0: the closed form's from layer k on."""
        layer = layer_number(layer)
        if layer < self.layer:
            return self.trajectory.tokens(layer)
        return tuple(form(layer - self.layer) for form in self.closed_form)

    def merged(self) -> "Settled":
        """The same decision about the places: that of `Configuration.merged`.

        Where no token has a copy, or copies were kept apart, it comes back unchanged.

        >>> settled = settle(Configuration([[2], [1], [2]], alpha=1))
        >>> settled.pattern, settled.merged().pattern
        (((0, 2), (0, 2), (0, 2)), ((0,), (0,)))
        """
        count = max(self.places) + 1
        if count == len(self.places):
            return self
        configuration, places = self.configuration.merged()
        trajectory, every = Trajectory(configuration, self.dynamics), tuple(range(count))
        if self.ending:
            return _of_ending(configuration, trajectory, self.ending[0], every, every)
        history = gathered_history(self.history, places)
        forms = tuple(self.closed_form[copies[0]] for copies in copies_of(places))
        return Settled(configuration, trajectory, history, forms, every)

    def equilibrium(self) -> "Equilibrium":
        """What infinitely many layers make of the configuration.

        Raises `HardmaxError` where the closed form has no limit, which needs α < 0.
        """
        from theory.equilibrium import Equilibrium  # equilibrium is built on settling

        return Equilibrium.of(self)


@dataclass(frozen=True)
class Undecided:
    """No decision within the budget: a statement about the effort, not the configuration."""

    configuration: Configuration
    trajectory: Trajectory
    layers: int
    reason: str

    def equilibrium(self) -> NoReturn:
        """Raises `NotSettled`: there is nothing certified to read."""
        raise NotSettled(f"undecided after {self.layers} layers: {self.reason}")


def settle(
    configuration: Configuration,
    max_layers: int = MAX_LAYERS,
    trajectory: Trajectory | None = None,
    *,
    path: Path | None = None,
    keep_copies: bool = False,
    dynamics: Dynamics = HARDMAX,
) -> Settled | Undecided:
    """Decide from which layer on the attention pattern is constant.

    `max_layers` ≥ 0 bounds the layers looked at; `trajectory` lets the caller share the layers.
    `path` forces one of the two ways to the same answer, between which `path_of` chooses; there is
    one for a `dynamics` other than `HARDMAX`.

    The answer needs no hypothesis: where (H) fails the algebra is the same, and what it cannot
    decide (a cycle of attention between distinct places, negative bases, a pattern that has changed
    `MAX_CHANGES` times) is `Undecided`.
    Under (H) it is proved to end without a budget in large cases: `theory.termination`.
    Copies of one token move as one, and stand for a place with a multiplicity: a place leads if it
    attends to its own copies alone, and then each of them is told as a leader. With `keep_copies`
    the tokens are taken one by one, so that none that has a copy leads; all else is the same.

    >>> result = settle(Configuration(tokens=[[2, -2], [-2, 2], [1, 0]], alpha="1/3"))
    >>> result.layer, result.pattern
    (0, ((0,), (1,), (0,)))
    >>> pair = Configuration([[2], [2], [1]], alpha=1)
    >>> [leader.token for leader in settle(pair).equilibrium().leaders]
    [0, 1]
    >>> settle(pair, keep_copies=True).equilibrium().leaders
    ()
    """
    expect(Configuration, configuration, "a Configuration")
    budget = whole(max_layers)
    if budget is None or budget < 0:
        raise HardmaxError(f"max_layers = {shown(max_layers)}; an int ≥ 0 was wanted")
    expect(Dynamics, dynamics, "a Dynamics")
    if trajectory is None:
        trajectory = Trajectory(configuration, dynamics)
    elif trajectory != Trajectory(configuration, dynamics):
        raise HardmaxError(f"trajectory = {shown(trajectory)}, not that of the configuration")
    max_layers = budget
    every = tuple(range(configuration.size))
    merged, places = configuration.merged() if dynamics.merges else (configuration, every)
    told = every if keep_copies else places
    if path is None:
        path = path_of(merged, dynamics)
    elif path not in ("exact", "filtered"):
        raise HardmaxError(f"path = {shown(path)}; 'exact' or 'filtered' was wanted")
    elif path == "filtered" and dynamics != HARDMAX:
        raise HardmaxError(f"{shown(dynamics)}: the filter knows hardmax attention alone")
    elif path == "filtered" and merged.alpha <= 0:
        raise HardmaxError(f"alpha = {merged.alpha}: the filter needs alpha > 0")
    if path == "filtered":
        ending = _follow(merged, max_layers)
        if isinstance(ending, tuple):
            return Undecided(configuration, trajectory, *ending)
        return _of_ending(configuration, trajectory, ending, places, told)
    if merged is configuration:
        return _decide(trajectory, max_layers)
    result = _decide(Trajectory(merged, dynamics), max_layers)
    if isinstance(result, Undecided):
        return Undecided(configuration, trajectory, result.layers, result.reason)
    history = spread_history(result.history, places, dynamics.ties)
    forms = tuple(result.closed_form[p] for p in places)
    return Settled(configuration, trajectory, history, forms, told)


def path_of(configuration: Configuration, dynamics: Dynamics = HARDMAX) -> Path:
    """The one place where the way is chosen; the answer does not depend on it.

    Few tokens cost less in integers throughout. The filter needs α > 0, for its error bound and for
    the locked rows, and arithmetic to the nearest with subnormals (`theory.arithmetic`). Only where
    a decision exceeds every budget of `theory.positivity`, as no configuration seen does, may one
    way be undecided and the other not.
    """
    large = configuration.size >= LARGE and configuration.alpha > 0 and dynamics == HARDMAX
    return "filtered" if large and is_standard() else "exact"


def _of_ending(
    configuration: Configuration,
    trajectory: Trajectory,
    ending: "Ending",
    places: tuple[int, ...],
    told: tuple[int, ...],
) -> Settled:
    """The answer about a large configuration; `told` are the places that leaders are told by."""
    made = object.__new__(Settled)
    made.__dict__.update(
        configuration=configuration, trajectory=trajectory, places=told, _ending=(ending, places)
    )
    settled = promise(
        made,
        {
            "history": lambda: spread_history(ending.history(), places),
            "closed_form": lambda: tuple(map(ending.closed_form().__getitem__, places)),
        },
    )
    trajectory.follow(settled.pattern_at)
    return settled


def _follow(configuration: Configuration, max_layers: int) -> "Ending | tuple[int, str]":
    """`_decide` through the filter: how it ends, or the layers looked at and why it is undecided.

    It decides as `_decide` does, but looks for a proof that a pattern stands only when the layers
    on which it has stood have cost about as much as the proof, or some times as much where a change
    is to be expected. So neither the layers nor proofs that fail cost far more than the other way.
    A proof that fails says at which layer the pattern is another one; up to there none is tried.
    """
    from theory.fast.persistence import Standing
    from theory.fast.walk import SUSPECT_COST, Ending, Layers  # small configurations do without

    layers = Layers(configuration)
    course, patience = layers.course, 1.0
    doubt = SMALL_DOUBT if configuration.size <= SMALL else DOUBT
    acyclic, suspected, ends = False, None, 0
    while True:
        k, rows = layers.layer, layers.active.tolist()
        if not layers.repeated:
            acyclic, suspected, ends = False, None, 0
            if k > max_layers:
                return max_layers, _beyond(k, max_layers)
            if len(course.changes) > MAX_CHANGES and not configuration.hypotheses.hold:
                return k, f"the pattern has changed {MAX_CHANGES} times, and (H) fails"
        if not rows:
            return Ending(course, layers.image, None)
        try:
            if (layers.repeated or k == max_layers) and not (
                acyclic or configuration.hypotheses.positive_definite
            ):
                solving_order({i: course.now(i) for i in range(configuration.size)})
                acyclic = True
            spent = layers.spent
            if layers.repeated and suspected is None and spent >= SUSPECT_COST * len(rows):
                suspected = layers.suspect()
            times = doubt if suspected else patience
            if not layers.repeated or k < ends or spent < times * layers.cost_of_proof:
                layers.advance()  # beyond the budget too: the change that ends it may be near
                continue
            since, image = layers.begun
            standing = Standing(course, image, since, rows)
            found = standing.first_change(min(k + LONG_STRETCH, max_layers) - since)
        except (NoClosedForm, Undecidable) as error:
            return min(k, max_layers), str(error)
        if found is None:
            return Ending(course, layers.image, standing)
        change = since + found
        if change > max_layers:
            return max_layers, _beyond(change, max_layers)
        patience = min(2 * patience, DOUBT)
        if change > k + LONG_STRETCH:
            layers.leap(change, standing)
        else:
            ends = change
            layers.advance()


def _beyond(layer: int, max_layers: int) -> str:
    return f"the pattern changes at layer {layer}, beyond the budget of {max_layers}"


def _decide(trajectory: Trajectory, max_layers: int) -> Settled | Undecided:
    configuration, dynamics = trajectory.configuration, trajectory.dynamics
    lam = dynamics.step.kept(configuration)
    history: list[tuple[int, Pattern]] = []
    k, locked = 0, False
    while k <= max_layers:
        pattern = trajectory.pattern(k)
        repeated = bool(history) and pattern == history[-1][1]
        if not repeated:
            history.append((k, pattern))
            if len(history) > MAX_CHANGES and not configuration.hypotheses.hold:
                reason = f"the pattern has changed {MAX_CHANGES} times, and (H) fails"
                return Undecided(configuration, trajectory, k, reason)
            locked = dynamics.all_locked(configuration, pattern)
        if not (locked or repeated or k == max_layers):
            k += 1
            continue
        since = history[-1][0] if locked or lam > 0 else k  # bases > 0
        try:
            forms = closed_form(configuration, trajectory.tokens(since), pattern, dynamics)
            found = None if locked else _first_change(configuration, forms, pattern, dynamics)
        except (NoClosedForm, Undecidable) as error:
            if isinstance(error, Forgetful) and not lam and k < max_layers:
                k += 1  # where the token goes others may be, and then it stays
                continue
            return Undecided(configuration, trajectory, k, str(error))
        if found is None:
            first = history[-1][0]
            try:
                if since > first:
                    forms = closed_form(configuration, trajectory.tokens(first), pattern, dynamics)
            except NoClosedForm:
                reason = f"the pattern of layer {first} stands, with a closed form from {since} on"
                return Undecided(configuration, trajectory, k, reason)
            alone = tuple(range(configuration.size))
            return Settled(configuration, trajectory, tuple(history), forms, alone)
        change = since + found
        if change <= k:
            reason = f"the attention sets at layer {k} contradict the products of the tokens"
            return Undecided(configuration, trajectory, k, reason)
        if change > max_layers:
            reason = _beyond(change, max_layers)
            return Undecided(configuration, trajectory, max_layers, reason)
        trajectory.hold(pattern, k, change)
        if change - k > LONG_STRETCH:
            trajectory.place(change, [form(found) for form in forms])
        k = change
    reason = f"the pattern still changes at layer {max_layers}, the end of the budget"
    return Undecided(configuration, trajectory, max_layers, reason)


def _first_change(
    configuration: Configuration,
    forms: Sequence[ExponentialPolynomial],
    pattern: Pattern,
    dynamics: Dynamics,
) -> int | None:
    """The first time at which the closed forms of a pattern contradict it, or None."""
    size, wanted = len(pattern), dynamics.ties.wanted
    locked = set(dynamics.locked(configuration, pattern))
    rows = [i for i in range(size) if i not in locked]
    gram = gram_terms(forms, configuration.A, rows)
    plain = all(r > 0 for r, _, _ in gram.terms)
    changes = [
        _first_other(wanted(column, pattern[i]), f, gram, plain)
        for place, i in enumerate(rows)
        for candidates in (dynamics.candidates.of(i, size),)
        for column, f in gram.differences(place, pattern[i][0])
        if column in candidates
    ]
    return min([change for change in changes if change is not None], default=None)


def _first_other(wanted: Signs, f: Scalar, gram: Gram, plain: bool) -> int | None:
    """The first time at which a difference has none of the signs wanted, or None."""
    if wanted == ZERO:
        return first_nonzero(gram.rational(f))
    if wanted == POSITIVE:
        return first_failure_of(f) if plain else first_failure(gram.rational(f))
    return next((t for t, sign in runs(gram.rational(f)) if sign not in wanted), None)


def comparisons(
    forms: Sequence[ExponentialPolynomial],
    A: Sequence[Vector],
    pattern: Pattern,
    rows: Sequence[int],
) -> Iterator[tuple[int, int, ExponentialPolynomial]]:
    """For i in `rows` and every l ≠ j: i, l, and f_il(t) = ⟨z_i(t), z_j(t) − z_l(t)⟩, j = min C_i.

    The pattern is constant for ever iff every f with l ∈ C_i vanishes identically and every other
    is positive at all t ≥ 0. The trivial l = j is left out.
    """
    gram = gram_terms(forms, A, rows)
    for place, i in enumerate(rows):
        for column, f in gram.differences(place, pattern[i][0]):
            yield i, column, gram.rational(f)
