"""Settling: the layer from which the attention pattern never changes again, with its proof.

A configuration *settles at layer k* if its attention pattern is the same at every layer ≥ k, and
k is least (`paper_notes.md`, section 3.2; ours). `follow` decides it, on any `Walk`:

1. Go from layer to layer. When every token leads or attends to one leader alone (lemma R), the
   pattern is constant from here on, with no inequality left to check.
2. When a pattern has stood for long enough to be worth it, solve the tokens in closed form as if it
   stood for ever, and find the first time at which the closed form contradicts it: for a fixed
   j ∈ C_i and every token l, f_il(t) = ⟨z_i(t), z_j(t) − z_l(t)⟩ has to vanish identically for
   l ∈ C_i and to be positive at all t ≥ 0 for l ∉ C_i (or whatever the rules of the dynamics want).
   Both are decided exactly (`theory.positivity`).
3. If nothing contradicts it, the pattern is constant for ever, and the settled layer is the
   first of the layers on which it stands. Otherwise the pattern changes exactly at the time
   found: go there, at once if it is far, and begin again.

What a walk is made of, integers (`theory.walk`) or floats with a bound (`theory.fast`), and when a
proof is worth it, is its own business; `theory.solve` chooses one. Within its budget of layers the
answer is exact; `Undecided` says nothing of the configuration.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, NoReturn, Protocol

from theory.closed_form import NoClosedForm
from theory.configuration import Configuration
from theory.dynamics import Dynamics, Pattern
from theory.equilibrium import Equilibrium
from theory.exact import HardmaxError, Undecidable
from theory.exponential import ExponentialPolynomial, Form
from theory.matrices import Vector
from theory.places import History, copies_of, gathered, gathered_history
from theory.readable import count
from theory.showing import Decision
from theory.trajectory import Trajectory, layer_number

MAX_LAYERS = 10_000
"""The budget of layers unless another is given."""

MAX_CHANGES = 200
"""Changes of pattern after which a configuration outside (H) is given up: it may turn for ever."""

LONG_STRETCH = 32
"""A constant stretch longer than this is crossed in closed form, not layer by layer."""


class NotSettled(HardmaxError):
    """An equilibrium was asked of a configuration that is undecided.

    >>> from theory import settle
    >>> settle(Configuration([[0, 1], [1, 1], [2, 0]], alpha="1/3"), max_layers=1).equilibrium()
    Traceback (most recent call last):
        ...
    theory.settling.NotSettled: undecided after 1 layer: the pattern changes at layer 2, beyond ...
    """


@dataclass(frozen=True)
class Settled(Decision):
    """The proof that a configuration settles, and what follows from it.

    `layer` is the settled layer k, `pattern` the attention pattern from then on, and
    `closed_form[i]` gives z_i at layer k + t for t ≥ 0: as an exponential polynomial under (H), and
    wherever the bases are rational and not 0 (`exponential`). `history` lists the layers at which
    the pattern became another one, with the pattern from then on; it begins at layer 0 and ends at
    layer k.
    `places[i]` is the place of token i: copies of a token share one, unless they were kept apart.

    >>> from theory import settle
    >>> settled = settle(Configuration([[2], [1]], alpha=1))
    >>> settled.layer, settled.pattern, settled.closed_form[1](3)
    (0, ((0,), (0,)), (15/8,))
    """

    configuration: Configuration
    trajectory: Trajectory
    history: History
    closed_form: tuple[Form, ...]
    places: tuple[int, ...]

    def __reduce__(self) -> tuple[Any, ...]:
        # what a walk knew besides does not travel
        parts = (self.configuration, self.trajectory, self.history, self.closed_form, self.places)
        return _arrived, parts

    @property
    def dynamics(self) -> Dynamics:
        """What moves the tokens."""
        return self.trajectory.dynamics

    @property
    def layer(self) -> int:
        """The settled layer k."""
        return self.history[-1][0]

    @property
    def pattern(self) -> Pattern:
        """The attention pattern at every layer ≥ k."""
        return self.history[-1][1]

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

    @property
    def exponential(self) -> tuple[ExponentialPolynomial, ...]:
        """The closed forms. Raises `NoClosedForm` where they are no exponential polynomials."""
        forms = tuple([x for x in self.closed_form if isinstance(x, ExponentialPolynomial)])
        if len(forms) < len(self.closed_form):
            raise NoClosedForm("the tokens move by a linear map whose bases are 0 or not rational")
        return forms

    @cached_property
    def limit_cycle(self) -> tuple[tuple[Vector, ...], ...]:
        """Where the tokens tend to: those of the layers k + r + s q to entry r of q entries.

        One entry, the limits, where they have limits. Raises `HardmaxError` where they tend to
        nothing.

        >>> from theory import INFINITE, settle
        >>> swap = settle(Configuration([[1], [-1]], 1, [[-1]]), dynamics=INFINITE)
        >>> swap.pattern, swap.limit_cycle
        (((1,), (0,)), (((1,), (-1,)), ((-1,), (1,))))
        """
        from theory.beyond.cycles import limit_cycle  # what settles by theorem does without

        return limit_cycle(self.closed_form)

    def merged(self) -> "Settled":
        """The same decision about the places: that of `Configuration.merged`.

        Where no token has a copy, or copies were kept apart, it comes back unchanged.

        >>> from theory import settle
        >>> settled = settle(Configuration([[2], [1], [2]], alpha=1))
        >>> settled.pattern, settled.merged().pattern
        (((0, 2), (0, 2), (0, 2)), ((0,), (0,)))
        """
        count = max(self.places) + 1
        if count == len(self.places):
            return self
        configuration, places = self.configuration.merged()
        trajectory, every = Trajectory(configuration, self.dynamics), tuple(range(count))
        history = gathered_history(self.history, places)
        forms = tuple(self.closed_form[copies[0]] for copies in copies_of(places))
        return Settled(configuration, trajectory, history, forms, every)

    def equilibrium(self) -> Equilibrium:
        """What infinitely many layers make of the configuration.

        Raises `HardmaxError` where the closed form has no limit, which needs (H) to fail.
        """
        return Equilibrium.of(
            self.configuration, self.places, self.history, self.closed_form, self.dynamics.ties
        )

    def _outcome(self) -> str:
        return f"settled at layer {self.layer}"


def _arrived(*parts: Any) -> Settled:
    """A settled run that has travelled."""
    settled = Settled(*parts)
    settled.trajectory.follow(settled.pattern_at)
    return settled


@dataclass(frozen=True)
class Cycling(Decision):
    """The proof that the attention patterns return for ever, and what follows from it.

    From `layer` on `patterns[r]` is the pattern at the layers `layer` + r + s p, s = 0, 1, 2, …,
    with p > 1 the `period`, and `closed_form[i]` gives z_i at `layer` + t for t ≥ 0. `history`
    lists the layers at which the pattern became another one, up to `layer`. It needs (H) to fail,
    γ = 1, or parameters that return (section 3.8 of the notes; ours).

    >>> from theory import INFINITE, settle
    >>> result = settle(Configuration([[0], [1]], 1, [[-1]]), dynamics=INFINITE)
    >>> result.layer, result.period, result.patterns
    (0, 2, (((0, 1), (0,)), ((1,), (0, 1))))
    >>> result.limit_cycle  # each halves its distance to 0, and is passed by the other
    (((0,), (0,)), ((0,), (0,)))
    """

    configuration: Configuration
    trajectory: Trajectory
    history: History
    patterns: tuple[Pattern, ...]
    closed_form: tuple[Form, ...]
    places: tuple[int, ...]

    @property
    def dynamics(self) -> Dynamics:
        """What moves the tokens."""
        return self.trajectory.dynamics

    @property
    def layer(self) -> int:
        """The first layer from which on the patterns return."""
        return self.history[-1][0]

    @property
    def period(self) -> int:
        """After how many layers they return: p > 1."""
        return len(self.patterns)

    def pattern_at(self, layer: int) -> Pattern:
        """The attention pattern at any `layer` ≥ 0."""
        layer = layer_number(layer)
        if layer >= self.layer:
            return self.patterns[(layer - self.layer) % self.period]
        return next(pattern for since, pattern in reversed(self.history) if since <= layer)

    def tokens(self, layer: int) -> tuple[Vector, ...]:
        """The tokens at any `layer` ≥ 0: the closed form's from `layer` on."""
        layer = layer_number(layer)
        if layer < self.layer:
            return self.trajectory.tokens(layer)
        return tuple([form(layer - self.layer) for form in self.closed_form])

    @cached_property
    def limit_cycle(self) -> tuple[tuple[Vector, ...], ...]:
        """Where the tokens tend to: those of the layers `layer` + r + s q to entry r of q entries.

        q is the period, or a multiple of it. Raises `HardmaxError` where they tend to nothing.
        """
        from theory.beyond.cycles import limit_cycle

        return limit_cycle(self.closed_form, self.period)

    def merged(self) -> "Cycling":
        """The same decision about the places, as `Settled.merged`."""
        count = max(self.places) + 1
        if count == len(self.places):
            return self
        configuration, places = self.configuration.merged()
        return Cycling(
            configuration,
            Trajectory(configuration, self.dynamics),
            gathered_history(self.history, places),
            tuple([gathered(pattern, places) for pattern in self.patterns]),
            tuple([self.closed_form[copies[0]] for copies in copies_of(places)]),
            tuple(range(count)),
        )

    def equilibrium(self) -> NoReturn:
        """Raises `NotSettled`: the pattern does not settle."""
        raise NotSettled(f"the attention pattern {self._outcome()}")

    def _outcome(self) -> str:
        since = f"from layer {self.layer} on"
        return f"returns every {self.period} layers {since}, and never settles"


@dataclass(frozen=True)
class Undecided(Decision):
    """No decision within the budget: a statement about the effort, not the configuration.

    >>> from theory import settle
    >>> result = settle(Configuration([[0, 1], [1, 1], [2, 0]], alpha="1/3"), max_layers=1)
    >>> result.layers, result.reason
    (1, 'the pattern changes at layer 2, beyond the budget of 1')
    """

    configuration: Configuration
    trajectory: Trajectory
    layers: int
    reason: str

    def equilibrium(self) -> NoReturn:
        """Raises `NotSettled`: there is nothing certified to read."""
        raise NotSettled(self._outcome())

    def _outcome(self) -> str:
        return f"undecided after {count(self.layers, 'layer')}: {self.reason}"


def equilibrium_of(result: Settled | Cycling | Undecided) -> Equilibrium | None:
    """The equilibrium; None where nothing settles, or there are no limits, which needs α < 0.

    >>> from theory import settle
    >>> equilibrium_of(settle(Configuration([[2], [1]], 1))).limits
    ((2,), (2,))
    """
    try:
        return result.equilibrium()
    except HardmaxError:
        return None


class Walk(Protocol):
    """A configuration followed layer by layer, from layer 0 on."""

    configuration: Configuration
    layer: int
    """Where it stands."""
    repeated: bool
    """Whether the pattern is that of the layer before."""

    @property
    def locked(self) -> bool:
        """Whether every row is proved to stay as it is (lemmas I and R)."""

    @property
    def changes(self) -> int:
        """How many patterns there have been, but for those that a proof told beforehand."""

    @property
    def ends(self) -> bool:
        """Whether the pattern is believed to settle, by (H), however often it changes."""

    def ripe(self, last: bool) -> bool:
        """Whether a proof that the pattern stands for ever is worth trying now.

        `last` says that the budget ends here. Raises `NoClosedForm` where there can be none.
        """

    def advance(self) -> None:
        """Go on to the next layer."""

    def first_change(self, max_layers: int) -> int | None:
        """The first layer at which the pattern is another one; None if it stands for ever.

        Any such layer will do if it is within `LONG_STRETCH` and `max_layers`. Raises
        `NoClosedForm` or `Undecidable`.
        """

    def leap(self, change: int) -> None:
        """Go on to the layer that `first_change` found, or towards it."""

    def settled(
        self,
        configuration: Configuration,
        trajectory: Trajectory,
        places: tuple[int, ...],
        told: tuple[int, ...],
    ) -> Settled | Cycling:
        """The answer about the tokens that stand at `places`; they are told by those in `told`."""


class Unsettled(NamedTuple):
    """How many layers were looked at, and why nothing is decided."""

    layers: int
    reason: str


def follow(walk: Walk, max_layers: int) -> Unsettled | None:
    """Follow a walk until its pattern is proved to stand for ever, None; or until that is given up.

    >>> from theory.walk import ExactWalk
    >>> walk = ExactWalk(Trajectory(Configuration([[0, 1], [1, 1], [2, 0]], "1/3")))
    >>> follow(walk, 1)
    Unsettled(layers=1, reason='the pattern changes at layer 2, beyond the budget of 1')
    >>> follow(walk, 9), walk.layer
    (None, 2)
    """
    while True:
        k = walk.layer
        if not walk.repeated:
            if k > max_layers:
                return Unsettled(max_layers, _beyond(k, max_layers))
            if walk.changes > MAX_CHANGES and not walk.ends:
                return Unsettled(
                    k,
                    f"the pattern has changed {MAX_CHANGES} times, and (H) fails: it may turn for "
                    "ever, and a proof of that would be needed",
                )
        if walk.locked:
            return None
        try:
            if not walk.ripe(k >= max_layers):
                walk.advance()  # beyond the budget too: the change that ends it may be near
                continue
            change = walk.first_change(max_layers)
            if change is None:
                return None
            if change <= k:
                reason = f"the attention sets at layer {k} contradict the products of the tokens"
                return Unsettled(k, reason)
            if change > max_layers:
                return Unsettled(max_layers, _beyond(change, max_layers))
            walk.leap(change)
        except (NoClosedForm, Undecidable) as error:
            return Unsettled(min(k, max_layers), str(error))


def _beyond(layer: int, max_layers: int) -> str:
    return f"the pattern changes at layer {layer}, beyond the budget of {max_layers}"
