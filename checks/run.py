"""One configuration's layers, patterns, settling and equilibrium, computed lazily and once.

Every claim reads a `Run`, and all claims about one configuration share it.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations_with_replacement
from typing import Any

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from checks import settlement
from checks.beside import BATCHES_ONE_IN, LAYERS, chosen, differs
from checks.layer import Layer
from checks.rules import attention_of, mixing, pull, score
from checks.verdicts import Outcome
from theory import (
    HARDMAX,
    Configuration,
    Cycling,
    Dynamics,
    Equilibrium,
    HardmaxError,
    Hypotheses,
    Pattern,
    Settled,
    Trajectory,
    Undecided,
    settle,
)
from theory.closed_form import Block, blocks, closed_form, over_one_denominator, scalars, values
from theory.exact import expect, natural
from theory.exponential import ExponentialPolynomial
from theory.matrices import Vector, as_matrix
from theory.places import copies_of, merge
from theory.rules import AVERAGED
from theory.scores import OWN_MATRIX
from theory.settling import LONG_STRETCH, MAX_LAYERS
from theory.trajectory import layer_number

FIRST_LAYERS = 12
"""Claims about every layer look at this many first layers, and at every change of pattern."""

BEYOND = 8
"""Layers iterated beyond the settled one, to hold the closed form against."""

MAX_CHANGES = 8
"""… but at no more than this many changes."""

ROOM = 192
"""Tokens times layers: where there are many tokens fewer layers are looked at."""


class Run:
    """A configuration and everything that claims want to know of it.

    Parameters
    ----------
    configuration : the problem; repeated tokens are merged into places, where the dynamics treats
        copies alike, unless `keep_copies`.
    dynamics : what moves the tokens. The layers by the definition are known to `checks.rules`.
    max_layers : the budget for settling.

    `source` is the configuration as given, `configuration` the one that is run.

    >>> run = Run(Configuration([[0, 1], [1, 1], [2, 0]], alpha="1/3"))
    >>> run.pattern(0), run.settling.layer, len(run.equilibrium.leaders)
    (((0, 1), (1, 2), (2,)), 2, 2)
    """

    def __init__(
        self,
        configuration: Configuration,
        dynamics: Dynamics = HARDMAX,
        *,
        max_layers: int = MAX_LAYERS,
        keep_copies: bool = False,
    ) -> None:
        expect(Configuration, configuration, "a Configuration")
        self.dynamics = expect(Dynamics, dynamics, "a Dynamics")
        self.max_layers = natural("max_layers", max_layers)
        self.source = configuration
        self.keep_copies = keep_copies
        self.configuration = configuration if keep_copies else merge(configuration, dynamics)[0]
        self.trajectory = Trajectory(self.configuration, dynamics)
        self._layers: dict[int, Layer] = {}
        self._targets: dict[int, tuple[Vector, ...]] = {}
        self._target_layers: dict[int, Layer] = {}
        self._mixings: dict[tuple[Pattern, int, int], tuple[fmpz_mat, fmpz]] = {}
        self._crossed: dict[int, list[list[fmpz]]] = {}
        self._stepped: dict[int, bool] = {}
        self._followed: dict[int, bool] = {}
        self._stretches: dict[int, list[Block]] = {}
        self._far: dict[int, Pattern] = {}

    def __getstate__(self) -> tuple[Configuration, dict[str, Any]]:
        # what has been made of it is made again: FLINT's matrices do not pickle
        options = {"max_layers": self.max_layers, "keep_copies": self.keep_copies}
        return self.source, {"dynamics": self.dynamics, **options}

    def __setstate__(self, state: tuple[Configuration, dict[str, Any]]) -> None:
        configuration, options = state
        Run.__init__(self, configuration, **options)

    def index(self, token: int) -> int:
        """The number that a token of the run has in `source`: that of its first copy."""
        if self.source.size == self.configuration.size:
            return token
        return copies_of(self.source.merged()[1])[token][0]

    def tokens(self, layer: int) -> tuple[Vector, ...]:
        """The tokens at `layer`."""
        return self.trajectory.tokens(layer)

    @cached_property
    def form(self) -> tuple[fmpz_mat, fmpz]:
        """An integer matrix and a positive integer whose quotient is A: made of its entries, since
        what `theory` keeps of it is part of what claims are held against."""
        return as_matrix(self.configuration.A).numer_denom()

    def form_at(self, layer: int) -> tuple[fmpz_mat, fmpz]:
        """`form` of the matrix A_k of a layer; where the run has ended, of the last one."""
        if self.dynamics.scores == OWN_MATRIX:
            return self.form
        last = layer if self.dynamics.attends_at(layer) else layer - 1
        A = score(self.configuration, self.dynamics, last)
        return as_matrix(A).numer_denom()

    @cached_property
    def hypotheses(self) -> Hypotheses:
        """The standing hypotheses (H), with the matrices and pulls of the dynamics."""
        return self.dynamics.hypotheses(self.configuration)

    def pattern(self, layer: int) -> Pattern:
        """The attention sets at `layer`."""
        return self.trajectory.pattern(layer)

    def targets(self, layer: int) -> tuple[Vector, ...]:
        """The targets m_i at `layer`."""
        if layer_number(layer) not in self._targets:
            self._targets[layer] = self.trajectory.targets(layer)
        return self._targets[layer]

    def gram(self, layer: int) -> list[list[fmpq]]:
        """⟨z_i, z_j⟩ at `layer`, one row for each i."""
        found = self.at(layer)
        return [[fmpq(x, found.unit) for x in row] for row in found.products]

    def at(self, layer: int) -> Layer:
        """The tokens at `layer` as integers, with their products and attention sets."""
        found = self._layers.get(layer) if type(layer) is int else None
        if found is None:
            layer = layer_number(layer)
            tokens, before = self.tokens(layer), self._layers.get(layer - 1)
            still = before is not None and tokens is self.tokens(layer - 1)
            if before is not None and still and self.dynamics.scores == OWN_MATRIX:
                found = before
            else:
                found = self.as_layer(tokens, layer)
            self._layers[layer] = found
        return found

    def as_layer(self, points: Sequence[Vector], layer: int = 0) -> Layer:
        """Any points in the place of tokens, one or more, at a layer."""
        return Layer.of(points, *self.form_at(layer), self.dynamics)

    def targets_at(self, layer: int) -> Layer:
        """The targets m_i at `layer` as integers."""
        if layer_number(layer) not in self._target_layers:
            self._target_layers[layer] = self.as_layer(self.targets(layer), layer)
        return self._target_layers[layer]

    def crossed(self, layer: int) -> list[list[fmpz]]:
        """⟨z_i, m_j⟩ at `layer`, one row for each i, over one positive denominator."""
        if layer_number(layer) not in self._crossed:
            before, targets = self.at(layer), self.targets_at(layer)
            crossed = before.numerators * before.form * targets.numerators.transpose()
            self._crossed[layer] = crossed.table()
        return self._crossed[layer]

    def moves_to_targets(self, layer: int) -> bool:
        """Whether the tokens after `layer` are z_i + P (m_i − z_i), for the targets at it."""
        if layer_number(layer) not in self._followed:
            moved = self.at(layer).moved(self.targets_at(layer), self.pull(layer))
            self._followed[layer] = self.at(layer + 1).stands_at(*moved)
        return self._followed[layer]

    def pull(self, layer: int) -> fmpq | fmpq_mat:
        """γ_k, or P_k where there is a value matrix, by the definition."""
        return pull(self.configuration, self.dynamics, layer_number(layer))

    def mixing(self, pattern: Pattern, layer: int) -> tuple[fmpz_mat, fmpz]:
        """The layer with that attention pattern as a matrix: `checks.rules.mixing`.

        Raises `HardmaxError` where there is none, but a matrix for each token.
        """
        gamma = self.pull(layer)
        if isinstance(gamma, fmpq_mat):
            raise HardmaxError("a layer with a value matrix does not mix tokens by numbers")
        key = pattern, int(gamma.p), int(gamma.q)
        if key not in self._mixings:
            self._mixings[key] = mixing(self.configuration, pattern, gamma)
        return self._mixings[key]

    def after(self, before: Layer, layer: int) -> Layer:
        """The layer after one whose tokens are these, by the definition."""
        gamma = self.pull(layer)
        if isinstance(gamma, fmpq_mat):
            means, total = mixing(self.configuration, before.attention, fmpq(1))
            moved = before.moved(before.after((means, total)), gamma)
            return Layer(*moved, *self.form_at(layer + 1), self.dynamics)
        found = before.after(self.mixing(before.attention, layer))
        if self.dynamics.scores == OWN_MATRIX:
            return found
        return Layer(found.numerators, found.denominator, *self.form_at(layer + 1), self.dynamics)

    def truth(self, layer: int) -> Layer:
        """The tokens at any `layer` without following every layer up to it.

        Where a stretch of constant pattern is longer than `LONG_STRETCH`, as settling crosses it in
        one leap, its later layers are those of its closed form; beyond the settled layer they are
        those of `beyond`, as far as it goes; all others are `at`.
        """
        if not isinstance(self.settling, Settled):
            return self.at(layer)
        layer = layer_number(layer)
        history, later = self.settling.history, layer - self.settling.layer
        if later > 0:
            return self.beyond[later] if 1 < later < len(self.beyond) else self.at(layer)
        place = max(i for i, (k, _) in enumerate(history) if k <= layer)
        time = layer - history[place][0]
        if time <= LONG_STRETCH or not self.exponential:
            return self.at(layer)
        return self.at_time(self.stretch(place), time)

    def stretch(self, place: int) -> list[Block]:
        """The closed form from the change number `place` of the pattern on.

        Raises `theory.NotSettled` if the run is undecided.
        """
        if place not in self._stretches:
            k, pattern = self.settled.history[place]
            forms = closed_form(self.configuration, self.tokens(k), pattern, self.dynamics)
            self._stretches[place] = blocks(forms)
        return self._stretches[place]

    def steps_by_definition(self, layer: int) -> bool:
        """Whether the tokens after `layer` are those at it, moved as `argmax` and the step say."""
        if layer_number(layer) not in self._stepped:
            self._stepped[layer] = self.after(self.at(layer), layer) == self.at(layer + 1)
        return self._stepped[layer]

    @cached_property
    def settling(self) -> Settled | Cycling | Undecided:
        """The decision of `theory.settle`."""
        return settle(
            self.configuration,
            self.max_layers,
            self.trajectory,
            keep_copies=True,
            dynamics=self.dynamics,
        )

    @cached_property
    def settled(self) -> Settled:
        """The settled run. Raises `theory.NotSettled` if it is undecided, or never settles."""
        if not isinstance(self.settling, Settled):
            self.settling.equilibrium()
        return self.settling

    @cached_property
    def equilibrium(self) -> Equilibrium:
        """The equilibrium. Raises `theory.NotSettled` if the run is undecided."""
        return self.settling.equilibrium()

    @cached_property
    def beside(self) -> bool | None:
        """Whether a batch settles it as it settles alone; None if it has no answer of its own.

        One configuration in `BATCHES_ONE_IN` is asked, with all copies (`checks.beside`).
        """
        if self.dynamics != HARDMAX or not chosen(self.source, BATCHES_ONE_IN):
            return None
        differing = differs(self.source, min(LAYERS, self.max_layers))
        return None if differing is None else not differing

    @cached_property
    def limits(self) -> Layer:
        """The limits s_i as integers. Raises `theory.NotSettled` if the run is undecided."""
        return self.as_layer(self.equilibrium.limits)

    @cached_property
    def layers(self) -> Sequence[int]:
        """The layers that claims about every layer look at.

        The first `FIRST_LAYERS`, or a period and one more than it takes to settle if that is less;
        and those of the first `MAX_CHANGES` later changes of the pattern. Fewer of many tokens.
        """
        if not isinstance(self.settling, Settled):
            most, ends = self.at_most(FIRST_LAYERS), self.dynamics.ends
            return range(most if ends is None else min(most, ends - 1))
        more = self.dynamics.period(self.configuration) or FIRST_LAYERS
        first = range(min(self.at_most(FIRST_LAYERS), self.settling.layer + 1 + more))
        later = [k for k, _ in self.settling.history if k >= len(first)]
        return [*first, *later[: self.at_most(MAX_CHANGES)]]

    def at_most(self, layers: int) -> int:
        """So many of the layers, one or more, as `ROOM` allows for the number of tokens."""
        return max(1, min(layers, ROOM // self.configuration.size))

    def inner(self, x: Sequence[fmpq], y: Sequence[fmpq]) -> fmpq:
        """⟨x, y⟩ = xᵀ A y."""
        return self.configuration.inner(x, y)

    def maximisers(self, layer: int) -> Pattern:
        """All tokens of greatest product at `layer`, before ties are broken."""
        averaged = replace(self.dynamics, ties=AVERAGED)
        return attention_of(self.at(layer).products, averaged)

    def argmax(self, layer: int) -> Pattern:
        """The attention sets at `layer` read off the products: the definition, no shortcut."""
        return self.at(layer).attention

    @cached_property
    def exponential(self) -> bool:
        """Whether closed forms from the settled layer on are exponential polynomials, with one A.

        Raises `theory.NotSettled` if the run is undecided.
        """
        repeats, forms = self.dynamics.period(self.configuration) == 1, self.settled.closed_form
        return repeats and all(isinstance(form, ExponentialPolynomial) for form in forms)

    @cached_property
    def settled_blocks(self) -> list[Block]:
        """The closed form from the settled layer on, as matrices. Raises as `settled` does."""
        return blocks(self.settled.exponential)

    def from_closed_form(self, time: int) -> Layer:
        """The layer `time` ≥ 0 layers after the settled one, as the closed form has it."""
        if self.exponential:
            return self.at_time(self.settled_blocks, time)
        layer = self.settled.layer + layer_number(time)
        return self.as_layer([form(time) for form in self.settled.closed_form], layer)

    def far_attention(self, time: int) -> Pattern:
        """The attention sets at the layer `from_closed_form(time)`, for large times.

        With z(t) = Σ_a x_a(t) B_a the products are Σ_ab x_a(t) x_b(t) B_a A B_bᵀ: their matrices do
        not depend on t, and only the scalars are large. Raises `theory.NotSettled` as that does.
        """
        time = layer_number(time)
        if not self.exponential or not self.settled_blocks:  # or all tokens are 0
            return self.from_closed_form(time).attention
        if time not in self._far:
            factors, _ = scalars(self.settled_blocks, time)
            terms = [factors[a] * factors[b] * rows for a, b, rows in self._settled_products]
            self._far[time] = attention_of(sum(terms[1:], terms[0]).table(), self.dynamics)
        return self._far[time]

    @cached_property
    def _settled_products(self) -> list[tuple[int, int, fmpz_mat]]:
        """For a ≤ b the products of the settled blocks a and b, up to one positive factor."""
        rows, _ = over_one_denominator(self.settled_blocks)
        found = []
        for a, b in combinations_with_replacement(range(len(rows)), 2):
            products = rows[a] * self.form[0] * rows[b].transpose()
            if a < b:
                products += rows[b] * self.form[0] * rows[a].transpose()
            found.append((a, b, products))
        return found

    def at_time(self, found: Sequence[Block], time: int) -> Layer:
        """The layer that closed forms give at `time` ≥ 0."""
        if not found:  # all tokens are 0
            c = self.configuration
            return self.as_layer([(fmpq(0),) * c.dimension] * c.size)
        return Layer(*values(found, layer_number(time)), *self.form, self.dynamics)

    @cached_property
    def proved(self) -> Outcome:
        """Whether it is proved that this settles as it is said to, for ever: `checks.settlement`.

        None where nothing is proved. Raises `theory.NotSettled` if the run is undecided.
        """
        return settlement.proved(self)

    @cached_property
    def beyond(self) -> list[Layer]:
        """The settled layer and `BEYOND` layers after it, fewer of many tokens.

        Iterated by the definition, with nothing of the closed form. Raises as `settled` does.
        """
        found = [self.at(self.settled.layer)]
        for t in range(self.at_most(BEYOND)):
            found.append(self.after(found[-1], self.settled.layer + t))
        return found
