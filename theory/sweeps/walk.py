r"""The loop: layer by layer on an interval of x, cut where attention changes.

On an open interval J on which the history of the layers before k is constant, the tokens of layer k
are polynomials in x. Take a rational x_0 in J. For a row i, j ∈ C_i(x_0) and every l let
f_il = ⟨z_i, z_j − z_l⟩, a polynomial.

- Where f_il = 0 as a polynomial, l is tied with j on all of J.
- Where f_il(x_0) = 0 but f_il ≠ 0, x_0 is a break.
- Otherwise f_il(x_0) > 0, and the nearest roots of f_il on either side, in J, bound where l is
  not attended to.

The pattern of x_0 holds on the open interval between the nearest of all these roots; at these two
it is another one, for l is tied with j there. So both ends, where they are inside J, are breaks
(roots farther off need be none, and are not used), and what is left of J on either side goes on at
the same layer. Once the pattern is proved to stand for ever on all
of an interval that is a piece (`paper_notes.md`, section 14; ours).
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flint import fmpq, fmpz_poly

from theory.closed_form import NoClosedForm
from theory.dynamics import Pattern, locked_rows
from theory.places import History, copies_of, spread_history
from theory.readable import count
from theory.settling import Settled, Undecided
from theory.sweeps.families import Family
from theory.sweeps.intervals import Open, apart_from
from theory.sweeps.layers import Motion, Standing, State, gap, values
from theory.sweeps.numbers import Root, simplest
from theory.sweeps.outcomes import outcome, settled_outcome
from theory.sweeps.points import LONG, Followed
from theory.sweeps.values import Piece, Sweep, joined

MAX_LAYERS = 500
"""The budget of layers unless another is given."""

MAX_PIECES = 1000
"""The budget of breaks and intervals."""

EFFORT = 200
"""The budget of work: of coefficients that are compared, in millions of bits."""

PATIENCE = 4
"""So many layers a pattern stands before its proof may cut an interval."""

Progress = Callable[[int, int, int], None]
"""Is told of the layer, of the parts in work, and of the pieces that are done."""


@dataclass(frozen=True)
class Part:
    """Where a walk stands: at an open interval or a number, with its history so far.

    The pattern has been the same for `stands` layers.
    """

    place: Open | Root
    state: State
    history: History
    stands: int = 0


def sweep(
    family: Family,
    max_layers: int = MAX_LAYERS,
    max_pieces: int = MAX_PIECES,
    effort: int = EFFORT,
    progress: Progress | None = None,
) -> Sweep:
    """The maximal intervals of x on which the history of attention patterns is constant.

    Exact: what is not decided within the budgets of layers, pieces and work is told as undecided.

    >>> from theory import Configuration
    >>> from theory.sweeps.families import steps
    >>> c = Configuration([[0, 1], [1, 1], [2, 0]], 1)
    >>> found = sweep(steps(c, 1, 100))
    >>> [(str(p.low.polynomial), p.outcome.leaders) for p in found.breaks]
    [('x^2 + (-4)*x + (-4)', ((2, 0),))]
    """
    walk = _Walk(family, max_layers)
    done = [walk.end(family.low)]
    waiting: deque[Part] = deque()
    if family.low < family.high:
        done.append(walk.end(family.high))
        low, high = Root.rational(family.low), Root.rational(family.high)
        waiting.append(Part(Open.between(low, high), walk.start, ()))
    while waiting:
        spent = ""
        if len(done) + len(waiting) > max_pieces:
            spent = f"more than {max_pieces} pieces"
        elif walk.work > effort * 1_000_000:
            spent = f"more than {effort} million bits of work"
        if spent:
            done += [walk.given_up(part, spent) for part in waiting]
            break
        part = waiting.popleft()
        if progress is not None:
            progress(part.state.layer, len(waiting) + 1, len(done))
        pieces, more = walk.step(part)
        done += pieces
        waiting.extend(more)
    return Sweep(family, joined(done), max_layers)


class _Walk:
    """A family, the places of its tokens (copies for all x stand at one), and the work done."""

    def __init__(self, family: Family, max_layers: int) -> None:
        self.family, self.max_layers, self.work = family, max_layers, 0
        weights = family.configuration.multiplicities
        index: dict[tuple[tuple[int, ...], ...], int] = {}
        keys = [tuple([tuple(map(int, x.coeffs())) for x in row]) for row in family.tokens]
        self.places = tuple([index.setdefault(key, len(index)) for key in keys])
        copies = copies_of(self.places)
        sums = tuple([sum([weights[i] for i in own]) for own in copies])
        self.motion = Motion(family.keep, family.pull, family.matrix, sums)
        tokens = tuple([family.tokens[own[0]] for own in copies])
        self.start = State(0, tokens, 1 / fmpq(family.unit))

    def end(self, x: fmpq) -> Piece:
        """An end of the range, by `settle`."""
        root, result = Root.rational(x), self.family.settled(x)
        if isinstance(result, Settled):
            found = settled_outcome(result)
            reason = "the tokens have no limits" if found is None else None
            return Piece(root, root, True, True, result.history, found, reason)
        reason = "the attention pattern returns for ever, and does not settle"
        if isinstance(result, Undecided):
            reason = f"undecided after {count(result.layers, 'layer')}: {result.reason}"
        return Piece(root, root, True, True, (), None, reason)

    def step(self, part: Part) -> tuple[list[Piece], list[Part]]:
        """The pieces that one layer of a part gives, and the parts that go on."""
        if isinstance(part.place, Root):
            return [self.number(part, part.place)], []
        return self.interval(part, part.place)

    def number(self, part: Part, root: Root) -> Piece:
        """All layers at one number."""
        followed = Followed(self.motion, part.state, root)
        history, state, pattern, reason = followed.follow(part.history, self.max_layers)
        self.work += followed.work
        told = spread_history(history, self.places)
        if pattern is None and root.value is not None and followed.cyclic:
            return self.end(root.value)  # where attention runs in a cycle, `settle` knows more
        if pattern is None:
            return Piece(root, root, True, True, told, None, reason)
        places = tuple([followed.places[p] for p in self.places])
        begun = followed.together(self.start)
        starts = tuple([begun[p] for p in self.places])
        found = outcome(followed.motion, state, pattern, told, places, starts)
        piece = Piece(root, root, True, True, told, found)
        if None in found.kinds and root.value is not None:
            exact = self.end(root.value)  # of tokens that met, likewise
            return exact if exact.decided else piece
        return piece

    def interval(self, part: Part, place: Open) -> tuple[list[Piece], list[Part]]:
        """One layer on an interval."""
        layer = part.state.layer
        try:
            pattern, inner = self.attention(part, place)
        except _Tied:
            at = Root.rational(place.sample)
            return [], [
                replace(part, place=Open.between(place.low, at)),
                replace(part, place=at),
                replace(part, place=Open.between(at, place.high)),
            ]
        more: list[Open | Root] = []
        if inner.low is not place.low:
            more += [Open.between(place.low, inner.low), inner.low]
        if inner.high is not place.high:
            more += [inner.high, Open.between(inner.high, place.high)]
        left = [replace(part, place=other) for other in more]
        history, stands = part.history, part.stands + 1
        if not history or history[-1][1] != pattern:
            history, stands = (*history, (layer, pattern)), 0
        here, reason = Part(inner, part.state, history, stands), ""
        sure: Open | None = None
        try:
            standing = Standing(self.motion, part.state.tokens, pattern)
            sure = self.lasting(standing, inner)
        except NoClosedForm as error:
            reason = f", where {error}"
        if sure is not None and sure.low is inner.low and sure.high is inner.high:
            return [self.settled(here, inner)], left
        if layer >= self.max_layers or (reason and stands >= LONG):
            return [
                self.given_up(here, f"not settled within {count(layer, 'layer')}{reason}")
            ], left
        moved = self.motion.after(part.state, pattern)
        if sure is None or stands < PATIENCE:
            return [], [
                *left,
                replace(here, state=moved, place=Open.between(inner.low, inner.high)),
            ]
        low, high = _cut(sure, inner)
        done = [self.settled(here, replace(sure, low=low, high=high), inner)]
        rest = [
            replace(here, state=moved, place=Open.between(start, end))
            for start, end in ((inner.low, low), (high, inner.high))
            if start is not end
        ]
        return done, [*left, *rest]

    def rows(self, part: Part) -> Sequence[int]:
        """The rows that are not locked by the pattern before."""
        size = len(part.state.tokens)
        if not part.history:
            return range(size)
        locked = set(locked_rows(part.history[-1][1]))
        return [i for i in range(size) if i not in locked]

    def attention(self, part: Part, place: Open) -> tuple[Pattern, Open]:
        """The pattern at the sample, and where it holds. Raises `_Tied` if nowhere about it."""
        tokens, x = part.state.tokens, place.sample
        before: Pattern = part.history[-1][1] if part.history else ((),) * len(tokens)
        pattern, there = list(before), [[fmpq(y(x)) for y in row] for row in tokens]
        for i in self.rows(part):
            functional = self.motion.functional(tokens[i])
            at = [f(x) for f in functional]
            heights = [sum([f * y for f, y in zip(at, row, strict=True)], fmpq(0)) for row in there]
            j, attended = heights.index(max(heights)), []
            for column, row in enumerate(tokens):
                f = gap(functional, tokens[j], row)
                if not f:
                    attended.append(column)
                elif heights[column] == heights[j]:
                    raise _Tied
                else:
                    place = self.narrowed(place, f)
            pattern[i] = tuple(attended)
        return tuple(pattern), place

    def narrowed(self, place: Open, f: fmpz_poly, odd: bool = False) -> Open:
        """The part of an interval about its sample in which a polynomial has no root."""
        self.work += len(f) * f.height_bits()
        return place.within(*place.beside(f, odd))

    def lasting(self, standing: Standing, place: Open) -> Open | None:
        """Where about the sample the pattern stands for ever, as far as is proved; or None."""
        x, pattern = place.sample, standing.pattern
        locked = set(locked_rows(pattern))
        rows = [(i, attended) for i, attended in enumerate(pattern) if i not in locked]
        if not rows:
            return place
        there = Standing(self.motion.at(x), values(standing.at(0), x)[0], pattern)
        pairs = [
            (i, attended[0], column)
            for i, attended in rows
            for column in range(len(pattern))
            if column != attended[0]
        ]
        for i, j, column in pairs:  # numbers first, which cost little
            tied = column in pattern[i]
            if not tied and any(g(0) < 0 for g in there.bounds(i, j, column, x)):
                return None
        for i, j, column in pairs:
            if column in pattern[i]:
                if any(standing.zeros(i, j, column, x)):
                    return None
                continue
            for bound in filter(None, standing.bounds(i, j, column, x)):
                rest = apart_from(x, bound)
                if rest is None or rest(x) < 0:
                    return None
                place = self.narrowed(place, rest, odd=True)
        return place

    def settled(self, part: Part, place: Open, inner: Open | None = None) -> Piece:
        """The piece, with what the tokens come to; its ends belong to it where `inner` goes on."""
        told = spread_history(part.history, self.places)
        pattern, places = part.history[-1][1], self.places
        found = outcome(self.motion, part.state, pattern, told, places, places)
        closed = [False, False]
        if inner is not None:
            closed = [place.low is not inner.low, place.high is not inner.high]
        return Piece(place.low, place.high, closed[0], closed[1], told, found)

    def given_up(self, part: Part, reason: str) -> Piece:
        """A part of which nothing more is decided."""
        place, number = part.place, isinstance(part.place, Root)
        low, high = (place, place) if isinstance(place, Root) else (place.low, place.high)
        told = spread_history(part.history, self.places) if part.history else ()
        return Piece(low, high, number, number, told, None, reason)


class _Tied(Exception):
    """The sample itself is a break."""


def _cut(sure: Open, inner: Open) -> tuple[Root, Root]:
    """An interval within `sure` that ends in rationals where that ends before `inner`."""
    low, high, x = inner.low, inner.high, sure.sample
    below, above = sure.low, sure.high
    while below.high >= x:
        below = below.halved()
    while above.low <= x:
        above = above.halved()
    if sure.low is not inner.low:
        near = below.narrowed((x - below.high) / 64).high
        low = Root.rational(simplest(near, (7 * near + x) / 8))
    if sure.high is not inner.high:
        near = above.narrowed((above.low - x) / 64).low
        high = Root.rational(simplest((7 * near + x) / 8, near))
    return low, high
