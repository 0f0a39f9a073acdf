r"""The loop: layer by layer on an interval of x, cut where attention changes.

On an open interval J on which the history of the layers before k is constant, the tokens of layer k
are polynomials in x. Take a rational x_0 in J. For a row i, j ∈ C_i(x_0) and every l let
f_il = ⟨z_i, z_j − z_l⟩, a polynomial.

- Where f_il = 0 as a polynomial, l is tied with j on all of J.
- Where f_il(x_0) = 0 only there, x_0 is a break.
- Otherwise f_il(x_0) > 0, and the nearest roots of f_il on either side, in J, bound where l is
  not attended to.

The pattern of x_0 holds on the open interval between the nearest of all these roots; at such a
root it is another one, for l is tied with j there. So every root found is a break, and what is left
of J on either side goes on at the same layer (`paper_notes.md`, section 14; ours).
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flint import fmpq, fmpz, fmpz_poly

from theory.closed_form import NoClosedForm
from theory.dynamics import Pattern, locked_rows
from theory.equilibrium import Kind
from theory.exact import HardmaxError
from theory.places import History, copies_of, leading, spread_history
from theory.schedules.quotients import Quotient
from theory.settling import Settled
from theory.solve import settle
from theory.sweeps.families import Family
from theory.sweeps.intervals import Open
from theory.sweeps.layers import Motion, Standing, State, gap, shares_of
from theory.sweeps.numbers import Root, simplest
from theory.sweeps.points import Followed
from theory.sweeps.values import Outcome, Piece, Sweep, joined

MAX_LAYERS = 300
"""The budget of layers unless another is given."""

MAX_PIECES = 400
"""The budget of intervals and breaks."""

PATIENCE = 4
"""So many layers a pattern stands before its proof may cut an interval in two."""


@dataclass(frozen=True)
class Part:
    """Where a walk stands: a place, an open interval or a number, and its history before."""

    place: Open | Root
    state: State
    history: History
    stands: int = 0
    """For how many layers the pattern has been the same."""


def sweep(
    family: Family,
    max_layers: int = MAX_LAYERS,
    max_pieces: int = MAX_PIECES,
    progress: Callable[[int, int, int], None] | None = None,
) -> Sweep:
    """The maximal intervals of x on which the history of attention patterns is constant.

    `progress` is told of the layer, of the parts in work, and of those that are done.
    """
    walk = _Walk(family, max_layers)
    low, high = Root.rational(family.low), Root.rational(family.high)
    done = [walk.rational(family.low)]
    waiting: deque[Part] = deque()
    if family.low < family.high:
        done.append(walk.rational(family.high))
        waiting.append(Part(Open.between(low, high), walk.start, ()))
    while waiting:
        part = waiting.popleft()
        if progress is not None:
            progress(part.state.layer, len(waiting) + 1, len(done))
        if len(done) + len(waiting) > max_pieces:
            waiting.appendleft(part)
            done += [
                walk.given_up(one, f"there are more than {max_pieces} pieces") for one in waiting
            ]
            break
        if isinstance(part.place, Root):
            done.append(walk.number(part, part.place))
            continue
        pieces, more = walk.interval(part, part.place)
        done += pieces
        waiting.extend(more)
    return Sweep(family, joined(done), max_layers)


class _Walk:
    """A family, and the places of its tokens: copies for all x stand for one."""

    def __init__(self, family: Family, max_layers: int) -> None:
        self.family, self.max_layers = family, max_layers
        weights = family.configuration.multiplicities
        index: dict[tuple[tuple[int, ...], ...], int] = {}
        self.places = tuple(
            [
                index.setdefault(tuple([tuple(map(int, x.coeffs())) for x in row]), len(index))
                for row in family.tokens
            ]
        )
        copies = copies_of(self.places)
        self.motion = Motion(
            family.keep,
            family.pull,
            family.matrix,
            tuple([sum([weights[i] for i in own]) for own in copies]),
        )
        tokens = tuple([family.tokens[own[0]] for own in copies])
        self.start = State(0, tokens, 1 / fmpq(family.unit))

    def rational(self, x: fmpq) -> Piece:
        """What `settle` says at a rational number."""
        root = Root.rational(x)
        result = settle(self.family.at(x))
        if not isinstance(result, Settled):
            reason = getattr(result, "reason", "the attention pattern returns, and never settles")
            return Piece(root, root, True, True, (), None, reason)
        return Piece(root, root, True, True, result.history, outcome_of(result))

    def interval(self, part: Part, place: Open) -> tuple[list[Piece], list[Part]]:
        """One layer on an interval: the pieces that are done, and the parts that go on."""
        try:
            pattern, inner = self.attention(part, place)
        except _Tied:
            return [], self.cut(part, place, Root.rational(place.sample))
        more = []
        if inner.low is not place.low:
            more += self.outside(part, place, place.low, inner.low)
        if inner.high is not place.high:
            more += self.outside(part, place, inner.high, place.high)
        history, stands = part.history, part.stands + 1
        if not history or history[-1][1] != pattern:
            history, stands = (*history, (part.state.layer, pattern)), 0
        here = Part(inner, part.state, history, stands)
        if len(locked_rows(pattern)) == len(pattern):
            return [self.settled(here, inner)], more
        try:
            standing = Standing(self.motion, part.state.tokens, pattern)
            sure = self.lasting(standing, inner)
        except NoClosedForm as error:
            sure = None
            if part.state.layer >= self.max_layers:
                return [self.given_up(here, str(error))], more
        if part.state.layer >= self.max_layers and sure is None:
            return [self.given_up(here, f"not settled within {self.max_layers} layers")], more
        done: list[Piece] = []
        if sure is not None and sure.low is inner.low and sure.high is inner.high:
            return [self.settled(here, inner)], more
        moved = self.motion.after(part.state, pattern)
        if sure is not None and stands >= PATIENCE:
            return self.partly(here, inner, sure, moved, more)
        more.append(Part(Open.between(inner.low, inner.high), moved, history, stands))
        return done, more

    def partly(
        self, here: Part, inner: Open, sure: Open, moved: State, more: list[Part]
    ) -> tuple[list[Piece], list[Part]]:
        """The part on which the pattern stands for ever, cut off at rational numbers."""
        low, high, done = inner.low, inner.high, []
        if sure.low is not inner.low:
            root = sure.low.narrowed((sure.sample - sure.low.high) / 64)
            low = Root.rational(simplest(root.high, (7 * root.high + sure.sample) / 8))
            done.append(self.rational(low.low))
            more.append(Part(Open.between(inner.low, low), moved, here.history, here.stands))
        if sure.high is not inner.high:
            root = sure.high.narrowed((sure.high.low - sure.sample) / 64)
            high = Root.rational(simplest((7 * root.low + sure.sample) / 8, root.low))
            done.append(self.rational(high.low))
            more.append(Part(Open.between(high, inner.high), moved, here.history, here.stands))
        done.append(self.settled(here, Open(low, high, sure.sample)))
        return done, more

    def outside(self, part: Part, place: Open, low: Root, high: Root) -> list[Part]:
        """What is left of an interval on one side of a break, and the break."""
        interval = Part(Open.between(low, high), part.state, part.history, part.stands)
        number = high if low is place.low else low
        return [interval, Part(number, part.state, part.history, part.stands)]

    def cut(self, part: Part, place: Open, at: Root) -> list[Part]:
        """An interval in two, and the number between them."""
        return [
            Part(Open.between(place.low, at), part.state, part.history, part.stands),
            Part(at, part.state, part.history, part.stands),
            Part(Open.between(at, place.high), part.state, part.history, part.stands),
        ]

    def rows(self, part: Part) -> Sequence[int]:
        """The rows that are not locked by the pattern before."""
        size = len(part.state.tokens)
        if not part.history:
            return range(size)
        locked = set(locked_rows(part.history[-1][1]))
        return [i for i in range(size) if i not in locked]

    def attention(self, part: Part, place: Open) -> tuple[Pattern, Open]:
        """The pattern at the sample, and where it holds."""
        tokens, x = part.state.tokens, place.sample
        before: Pattern = part.history[-1][1] if part.history else ((),) * len(tokens)
        pattern = list(before)
        for i in self.rows(part):
            functional = self.motion.functional(tokens[i])
            heights = [
                sum([f(x) * y(x) for f, y in zip(functional, row, strict=True)], fmpq(0))
                for row in tokens
            ]
            top = max(heights)
            j = heights.index(top)
            attended = []
            for column, row in enumerate(tokens):
                f = gap(functional, tokens[j], row)
                if not f:
                    attended.append(column)
                elif heights[column] == top:
                    raise _Tied
                else:
                    place = place.within(*place.beside(f))
            pattern[i] = tuple(attended)
        return tuple(pattern), place

    def lasting(self, standing: Standing, place: Open) -> Open | None:
        """Where about the sample the pattern stands for ever, or None."""
        x = place.sample
        rows = [
            (i, attended)
            for i, attended in enumerate(standing.pattern)
            if i not in set(locked_rows(standing.pattern))
        ]
        there = Standing(self.motion_at(x), _values(standing.at(0), x), standing.pattern)
        for only_there in (True, False):
            for i, attended in rows:
                j = attended[0]
                for column in range(len(standing.pattern)):
                    if column == j:
                        continue
                    one = there if only_there else standing
                    if column in attended:
                        if any(one.zeros(i, j, column, x)):
                            return None
                        continue
                    for bound in one.bounds(i, j, column, x):
                        if only_there:
                            if bound(0) < 0:
                                return None
                        elif bound:
                            if not bound(x):
                                return None
                            place = place.within(*place.beside(bound, odd=True))
        return place

    def motion_at(self, x: fmpq) -> Motion:
        """What moves the tokens at one x, up to a factor."""
        motion, one = self.motion, [[self.motion.keep, self.motion.pull]]
        ((keep, pull),) = _values(one, x)
        matrix = tuple(map(tuple, _values(motion.matrix, x)))
        return Motion(keep, pull, matrix, motion.weights)

    def number(self, part: Part, root: Root) -> Piece:
        """All layers at one number."""
        if root.value is not None:
            return self.rational(root.value)
        followed = Followed(self.motion, part.state, root)
        copies = tuple([followed.places[p] for p in self.places])
        history, state, pattern, reason = followed.follow(part.history, self.max_layers)
        history = spread_history(history, self.places)
        if pattern is None:
            return Piece(root, root, True, True, history, None, reason)
        outcome = self.outcome(followed.motion, state, pattern, history, copies)
        return Piece(root, root, True, True, history, outcome)

    def settled(self, part: Part, place: Open) -> Piece:
        """The piece, with what the tokens come to."""
        history = spread_history(part.history, self.places)
        outcome = self.outcome(self.motion, part.state, part.history[-1][1], history, self.places)
        return Piece(place.low, place.high, False, False, history, outcome)

    def outcome(
        self, motion: Motion, state: State, pattern: Pattern, told: History, places: Sequence[int]
    ) -> Outcome:
        """Leaders, kinds and limits of tokens at `places`, whose history is told."""
        limits = [tuple(row) for row in motion.limits(state, pattern)]
        leaders = []
        for i in leading(told[-1][1], places):
            other = [k for k, (_, earlier) in enumerate(told) if earlier[i] != told[-1][1][i]]
            leaders.append((i, told[other[-1] + 1][0] if other else 0))
        kinds = kinds_of(motion, pattern)
        return Outcome(
            tuple(leaders),
            tuple([kinds[p] for p in places]),
            tuple([limits[p] for p in places]),
        )

    def given_up(self, part: Part, reason: str) -> Piece:
        """A part of which nothing more is decided."""
        place = part.place
        history = spread_history(part.history, self.places) if part.history else ()
        if isinstance(place, Root):
            return Piece(place, place, True, True, history, None, reason)
        return Piece(place.low, place.high, False, False, history, None, reason)


class _Tied(Exception):
    """The sample itself is a break."""


def _values(rows: Sequence[Sequence[fmpz_poly]], x: fmpq) -> list[list[fmpz_poly]]:
    """The polynomials at x, times one positive integer, as constants."""
    values = [[fmpq(entry(x)) for entry in row] for row in rows]
    below = fmpz(1)
    for row in values:
        for value in row:
            below = below.lcm(value.q)
    return [[fmpz_poly([(value * below).p]) for value in row] for row in values]


def outcome_of(result: Settled) -> Outcome | None:
    """What a settled configuration comes to, in constants."""
    try:
        truth = result.equilibrium()
    except HardmaxError:
        return None
    return Outcome(
        tuple([(leader.token, leader.since_layer) for leader in truth.leaders]),
        truth.kinds,
        tuple([tuple(map(Quotient.constant, row)) for row in truth.limits]),
    )


def kinds_of(motion: Motion, pattern: Pattern) -> list[Kind | None]:
    """The kinds under (H): a mean of several leaders is no vertex."""
    kinds: list[Kind | None] = []
    for i, shares in enumerate(shares_of(pattern, motion.weights)):
        if pattern[i] == (i,):
            kinds.append("leader")
        else:
            kinds.append("vertex" if len(shares) == 1 else "face")
    return kinds
