r"""Infinite depth, exactly: what hardmax attention makes of a text, and whose doing the logit is.

The embedding's floats are rationals, and so are the decoder's and α. `resolve` makes of a text the
configuration of its places, lets `theory.settle` decide where the attention pattern stays for
ever, and reads the limits s_i.

*Shares.* From the settled layer on, z_i(t+1) = μ_i z_i(t) + (1−μ_i) y_i(t) with 0 < μ_i < 1, for
every token that does not lead, where y_i is the w-mean of the other tokens of C_i. Taking limits,

    s_i = Σ_{j∈C_i, j≠i} w_j s_j / Σ_{j∈C_i, j≠i} w_j,        s_l = z_l for a leader l.

The same rule on indicator vectors, p_l = e_l for a leader l, gives p_i ≥ 0 with Σ_l p_il = 1 and
s_i = Σ_l p_il z_l: the share of leader l in token i. It is a recursion, since attention has no
cycles (lemma G), and it ends at leaders, since a token whose other attended tokens are none
attends to itself alone. (`paper_notes.md`, section 10; ours.)

*Contributions.* So with W = Σ w_i the logit is exactly

    b + Σ_l c_l,     c_l = (Σ_i w_i p_il / W) ⟨v, z_l⟩,

one number for each leader. As the masses Σ_i w_i p_il / W add up to 1, the logit is also the mean
of the leaders' *votes* ⟨v, z_l⟩ + b, weighted by mass. Shares are those of the dynamics: where
more leaders than necessary span a face there are other ways to write s_i, and this one is what
attention did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from flint import fmpq

from sentiment.model import Parameters, multiplicities
from sentiment.vocabulary import Bag
from theory import Configuration, Equilibrium, HardmaxError, Pattern, Settled, Undecided, settle
from theory.exact import dot, from_binary64
from theory.matrices import Vector

ANCHOR = "neutral anchor"
"""What the anchor is called wherever it is shown."""

Shares: TypeAlias = tuple[Mapping[int, fmpq], ...]
"""For each token the leaders that it follows, with their shares."""


@dataclass(frozen=True)
class Resolved:
    """A text at infinite depth, exactly.

    features : the numbers of the features at each place, several where rows are equal; none of the
        anchor. anchor : the place of the neutral anchor, None where the model has none.
    settled : the proof; its configuration has the places as tokens, with multiplicities.
    shares : p_il for each place i, nonzero entries only.
    weights, bias : the decoder as rationals.
    """

    features: tuple[tuple[int, ...], ...]
    settled: Settled
    shares: Shares = field(hash=False)
    weights: Vector
    bias: fmpq
    anchor: int | None = None

    @cached_property
    def equilibrium(self) -> Equilibrium:
        """Leaders, limits, kinds, faces and clusters."""
        return self.settled.equilibrium()

    @cached_property
    def leaders(self) -> tuple[int, ...]:
        """The places that lead."""
        pattern = self.settled.pattern
        return tuple(i for i, attended in enumerate(pattern) if attended == (i,))

    @cached_property
    def portions(self) -> tuple[fmpq, ...]:
        """w_i / W for each place."""
        counts = self.settled.configuration.multiplicities
        total = sum(counts)
        return tuple(fmpq(count, total) for count in counts)

    @cached_property
    def heights(self) -> Mapping[int, fmpq]:
        """⟨v, z_l⟩ for each leader."""
        forms = self.settled.closed_form
        return {leader: dot(self.weights, forms[leader].limit()) for leader in self.leaders}

    @cached_property
    def masses(self) -> Mapping[int, fmpq]:
        """Σ_i w_i p_il / W for each leader: which part of the text follows it. They add up to 1."""
        masses = dict.fromkeys(self.leaders, fmpq(0))
        for portion, shares in zip(self.portions, self.shares, strict=True):
            for leader, share in shares.items():
                masses[leader] += portion * share
        return masses

    @cached_property
    def contributions(self) -> Mapping[int, fmpq]:
        """c_l for each leader: with the bias they add up to the logit exactly."""
        return {leader: self.masses[leader] * self.heights[leader] for leader in self.leaders}

    @cached_property
    def votes(self) -> Mapping[int, fmpq]:
        """⟨v, z_l⟩ + b for each leader: weighted by the masses they add up to the logit."""
        return {leader: height + self.bias for leader, height in self.heights.items()}

    @cached_property
    def parts(self) -> tuple[fmpq, ...]:
        """(w_i/W) (⟨v, s_i⟩ + b) for each place: they add up to the logit exactly."""
        return tuple(
            portion * sum((share * self.votes[leader] for leader, share in shares.items()), fmpq(0))
            for portion, shares in zip(self.portions, self.shares, strict=True)
        )

    @cached_property
    def logit(self) -> fmpq:
        """The logit at infinite depth, exactly."""
        return self.bias + sum(self.contributions.values(), fmpq(0))

    @property
    def failures(self) -> tuple[str, ...]:
        """What is wrong with the shares or the theorem's statements; empty unless there is a fault.

        Checked exactly: no share is negative, shares add up to 1 and reproduce the limit, and the
        logit is that of the mean of the limits.
        """
        failures = list(self.equilibrium.failures)
        limits = self.equilibrium.limits
        total = [fmpq(0)] * len(self.weights)
        for i, (shares, limit) in enumerate(zip(self.shares, limits, strict=True)):
            if any(share <= 0 for share in shares.values()) or sum(shares.values()) != 1:
                failures.append(f"the shares of place {i} are no convex combination")
            mixed = [fmpq(0)] * len(limit)
            for leader, share in shares.items():
                mixed = [x + share * y for x, y in zip(mixed, limits[leader], strict=True)]
            if tuple(mixed) != limit:
                failures.append(f"the shares of place {i} do not give its limit")
            total = [x + self.portions[i] * y for x, y in zip(total, limit, strict=True)]
        votes = [self.masses[leader] * self.votes[leader] for leader in self.leaders]
        for what, value in (
            ("mean of the limits", dot(self.weights, total) + self.bias),
            ("weighted votes", sum(votes, fmpq(0))),
            ("parts of the places", sum(self.parts, fmpq(0))),
        ):
            if value != self.logit:
                failures.append(f"the logit is not that of the {what}")
        return tuple(failures)


def resolve(
    parameters: Parameters,
    bag: Bag,
    names: Sequence[str] | None = None,
    max_layers: int | None = None,
) -> Resolved | Undecided:
    """A text at infinite depth; `Undecided` where the budget of layers does not suffice.

    `names` are the vocabulary's, for labels. Features with equal rows stand at one place. Raises
    `HardmaxError` for an empty bag, and for a feature at the origin, which breaks (H): a place
    there attends to everything; drop such features first.
    """
    if not len(bag.ids):
        raise HardmaxError("the text has no known word")
    placed: dict[Vector, list[int]] = {}
    counts: dict[Vector, int] = {}
    weighed = multiplicities(parameters, bag.ids, bag.counts)
    for number, count in zip(bag.ids.tolist(), weighed.tolist(), strict=True):
        row = _row(parameters, number)
        placed.setdefault(row, []).append(number)
        counts[row] = counts.get(row, 0) + count
    anchor = None
    if parameters.anchor:
        row = _row(parameters, len(parameters.embedding) - 1)
        placed.setdefault(row, [])
        counts[row] = counts.get(row, 0) + parameters.anchor
        anchor = list(placed).index(row)
    features = tuple(map(tuple, placed.values()))
    labels = None
    if names is not None:
        labels = ["/".join(names[k] for k in group) or ANCHOR for group in features]
    configuration = Configuration(
        list(placed), from_binary64(parameters.alpha), None, list(counts.values()), labels
    )
    result = settle(configuration) if max_layers is None else settle(configuration, max_layers)
    if isinstance(result, Undecided):
        return result
    if not isinstance(result, Settled):  # under (H) no pattern is known to return
        result.equilibrium()
    return Resolved(
        features,
        result,
        shares_of(result.pattern, configuration.multiplicities),
        tuple(from_binary64(x) for x in parameters.weights.tolist()),
        from_binary64(parameters.bias),
        anchor,
    )


def _row(parameters: Parameters, number: int) -> Vector:
    row = tuple(from_binary64(x) for x in parameters.embedding[number].tolist())
    if not any(row):
        raise HardmaxError(f"feature {number} stands at the origin")
    return row


def shares_of(pattern: Pattern, multiplicities: Sequence[int]) -> Shares:
    """p_i for every token of a settled pattern: indicator vectors through the limit's recursion.

    Raises `HardmaxError` where attention has a cycle or never reaches a leader; (H) excludes both.

    >>> shares_of(((0,), (1,), (0, 1)), [1, 3, 1])[2] == {0: fmpq(1, 4), 1: fmpq(3, 4)}
    True
    """
    known: dict[int, dict[int, fmpq]] = {}
    for start in range(len(pattern)):
        path = [start]
        while path:
            i = path[-1]
            others = [j for j in pattern[i] if j != i]
            waiting = [j for j in others if j not in known]
            if waiting and len(path) <= len(pattern):
                path.append(waiting[0])
                continue
            if waiting:
                raise HardmaxError(f"token {i}: attention runs in a cycle")
            known[i] = _mean(i, others, known, multiplicities)
            path.pop()
    return tuple(known[i] for i in range(len(pattern)))


def _mean(
    i: int, others: Sequence[int], known: Mapping[int, Mapping[int, fmpq]], weights: Sequence[int]
) -> dict[int, fmpq]:
    if not others:
        return {i: fmpq(1)}
    total = sum(weights[j] for j in others)
    shares: dict[int, fmpq] = {}
    for j in others:
        for leader, share in known[j].items():
            shares[leader] = shares.get(leader, fmpq(0)) + share * fmpq(weights[j], total)
    return shares
