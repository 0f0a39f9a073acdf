r"""All layers at one algebraic number: signs of polynomials at a root, and nothing else.

The tokens stay polynomials in x, not reduced; that one is 0 at the root is told by division by the
minimal polynomial, and any other sign by enclosures. Tokens that meet at the root are one place
from there on.
"""

from collections.abc import Sequence
from dataclasses import replace

from flint import fmpq, fmpz_poly

from theory.closed_form import NoClosedForm
from theory.dynamics import Pattern, locked_rows
from theory.places import History, copies_of, spread
from theory.readable import count
from theory.sweeps.layers import Motion, Standing, State, gap
from theory.sweeps.numbers import Root, sign_at

LONG = 32
"""So many layers a pattern stands before it is given up, if there can be no proof."""


class Followed:
    """The layers at a root from those of a state on, as `places` of it."""

    def __init__(self, motion: Motion, state: State, root: Root) -> None:
        self.root, self.work = root.narrowed(fmpq(1, 1 << 64)), 0
        self.cyclic = False
        if root.value is not None:  # numbers in place of polynomials
            motion, state = motion.at(root.value), motion.state_at(state, root.value)
        self.places = self.together(state)
        copies = copies_of(self.places)
        weights = tuple([sum([motion.weights[i] for i in own]) for own in copies])
        self.motion = replace(motion, weights=weights)
        self.state = replace(state, tokens=tuple([state.tokens[own[0]] for own in copies]))

    def sign(self, polynomial: fmpz_poly) -> int:
        """Its sign at the root."""
        self.work += len(polynomial) * polynomial.height_bits()
        return sign_at(polynomial, self.root) if polynomial else 0

    def together(self, state: State) -> tuple[int, ...]:
        """The place of each token of a state, by what is equal at the root."""
        firsts: list[int] = []
        places = []
        for i, row in enumerate(state.tokens):
            for place, first in enumerate(firsts):
                if not any(self.sign(x - y) for x, y in zip(row, state.tokens[first], strict=True)):
                    places.append(place)
                    break
            else:
                places.append(len(firsts))
                firsts.append(i)
        return tuple(places)

    def follow(
        self, history: History, max_layers: int
    ) -> tuple[History, State, Pattern | None, str]:
        """The history of tokens, the last state and its pattern: None, and why, if undecided."""
        copies = copies_of(self.places)
        pattern: Pattern | None = None
        while True:
            pattern = self._attention(pattern)
            told = spread(pattern, self.places, copies)
            if not history or history[-1][1] != told:
                history = (*history, (self.state.layer, told))
            self.cyclic, reason = False, f"not settled within {count(max_layers, 'layer')}"
            try:
                if len(locked_rows(pattern)) == len(pattern) or self._lasts(pattern):
                    return history, self.state, pattern, ""
            except NoClosedForm as error:
                self.cyclic, reason = True, str(error)
            late = self.state.layer - history[-1][0] >= LONG
            if self.state.layer >= max_layers or (self.cyclic and late):
                return history, self.state, None, reason
            self.state = self.motion.after(self.state, pattern)

    def _attention(self, before: Pattern | None) -> Pattern:
        tokens = self.state.tokens
        nothing: Pattern = ((),) * len(tokens)
        pattern = list(before or nothing)
        locked = set(locked_rows(before)) if before else set()
        for i, row in enumerate(tokens):
            if i not in locked:
                pattern[i] = self._greatest(self.motion.functional(row), tokens)
        return tuple(pattern)

    def _greatest(
        self, functional: Sequence[fmpz_poly], tokens: Sequence[Sequence[fmpz_poly]]
    ) -> tuple[int, ...]:
        best = [0]
        for column in range(1, len(tokens)):
            sign = self.sign(gap(functional, tokens[column], tokens[best[0]]))
            if sign > 0:
                best = [column]
            elif not sign:
                best.append(column)
        return tuple(best)

    def _lasts(self, pattern: Pattern) -> bool:
        standing = Standing(self.motion, self.state.tokens, pattern)
        locked, near = set(locked_rows(pattern)), self.root.low
        for i, attended in enumerate(pattern):
            for column in range(len(pattern)):
                if i in locked or column == attended[0]:
                    continue
                pair = i, attended[0], column, near
                if column in attended:
                    if any(self.sign(f) for f in standing.zeros(*pair)):
                        return False
                elif any(self.sign(g) < 0 for g in standing.bounds(*pair)):
                    return False
        return True
