"""The history of attention: who attends to whom at each layer, and any one token exactly.

A `Trajectory` holds every token of every layer. An `AttentionHistory` holds what a large
configuration needs instead: the attention sets as arrays, of which only the changes are recorded,
and exact tokens made one by one where somebody asks (`AttentionHistory.token`).

A token that attends from layer s to layer t to tokens with a constant mean m is

    z(t) = m + λ^(t−s) (z(s) − m),

so that whoever follows leaders (lemma R) or a held tie (`paper_notes.md`, section 3.7) is known at
any layer at once. Others are followed layer by layer, and so are the tokens that they attend to, or
in closed form where their attention stands for long; everything is kept for the next question.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from flint import fmpq

from theory.closed_form import NoClosedForm, closed_forms
from theory.configuration import Configuration
from theory.dynamics import Pattern
from theory.fast.argmax import Indices
from theory.matrices import Vector

Attention = tuple[int, ...]
"""One attention set, sorted."""

LONG = 16
"""So many layers from which on a constant stretch is crossed in closed form, not layer by layer."""

NEVER: tuple[int, Vector] = (1 << 62, ())
"""A layer beyond all others, and no mean."""


class AttentionHistory:
    """The attention sets of a configuration (α > 0), layer by layer, and its tokens on demand.

    `single[i]` is j where C_i = {j} at the last layer told, and −1 where `sets[i]` is C_i. `held`
    has the held ties (`theory.fast.held`), each with the layer since which it is held and its mean.

    >>> history = AttentionHistory(Configuration([[4], [1]], alpha=1))
    >>> history.tell(0, np.array([0, 0]), {})
    >>> history.token(1, 3)
    (29/8,)
    """

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.changes: list[int] = []
        """The layers at which the pattern became another one, 0 first."""
        self.single: Indices = np.empty(0, dtype=np.intp)
        self.sets: dict[int, Attention] = {}
        self.held: dict[Attention, tuple[int, Vector]] = {}
        self._base: Indices = self.single
        self._news: list[dict[int, Attention]] = []
        self._stretches: dict[int, list[tuple[int, Attention]]] = {}
        self._leads: dict[int, int] = {}
        self._means: dict[tuple[Attention, int], Sequence[fmpq]] = {}
        self._known: dict[int, tuple[list[int], list[Vector]]] = {}

    def tell(self, layer: int, single: Indices, sets: Mapping[int, Attention]) -> None:
        """Record the pattern at `layer`: the first, or another one than before.

        Layers are told in rising order; the pattern stands until the next one told.
        """
        if not self.changes:
            self._base = single
            news = dict(sets)
            own = (single == np.arange(len(single))).nonzero()[0]
            self._leads = dict.fromkeys(own.tolist(), layer)
        else:
            changed = (single != self.single).nonzero()[0]
            told = zip(changed.tolist(), single.take(changed).tolist(), strict=True)
            news = {i: (j,) for i, j in told if j >= 0}
            news.update((i, own) for i, own in sets.items() if own != self.sets.get(i))
        for i, attended in news.items():
            self._stretches.setdefault(i, []).append((layer, attended))
            if attended == (i,):
                self._leads[i] = layer
        self.changes.append(layer)
        self._news.append(news)
        self.single, self.sets = single, dict(sets)

    def patterns(self) -> Iterator[Pattern]:
        """The pattern from each of the layers `changes` on."""
        pattern: list[Attention] = list(zip(self._base.tolist(), strict=True))
        for news in self._news:
            for i, attended in news.items():
                pattern[i] = attended
            yield tuple(pattern)

    def leaders(self) -> list[tuple[int, int]]:
        """The tokens that lead, each with the layer since which it does, by token."""
        return sorted(self._leads.items())

    def attention(self) -> list[Attention]:
        """C_i for every i at the last layer told."""
        sets: list[Attention] = list(zip(self.single.tolist(), strict=True))
        for i, attended in self.sets.items():
            sets[i] = attended
        return sets

    def now(self, i: int) -> Attention:
        """C_i at the last layer told."""
        j = int(self.single[i])
        return self.sets[i] if j < 0 else (j,)

    def hold(self, attended: Attention, layer: int, mean: Vector) -> None:
        """Record that a set is held from `layer` on, at its mean."""
        self.held[attended] = layer, mean

    def held_rows(self) -> dict[int, Attention]:
        """The tokens that attend to held sets at the last layer told, with these."""
        return {i: attended for i, attended in self.sets.items() if attended in self.held}

    def target(self, i: int) -> Vector:
        """The limit of a locked token: its leader's position, or the mean of the set held."""
        j = int(self.single[i])
        return self.held[self.sets[i]][1] if j < 0 else self.token(j, self.changes[-1])

    def mean(self, attended: Attention, layer: int) -> Vector:
        """The mean of tokens at `layer`; the pattern before it has to have been told."""
        return tuple(self._mean(attended, layer, self.tokens(attended, layer)))

    def token(self, i: int, layer: int) -> Vector:
        """z_i at `layer`, exactly; the pattern before `layer` has to have been told."""
        known = self._known.get(i)
        if known is not None:
            last = known[0][-1]
            if last == layer or last == self._leads.get(i, layer + 1) <= layer:
                return known[1][-1]
        missing = self._advance(i, layer)
        waiting = [(i, layer), *missing] if missing else []
        while waiting:
            missing = self._advance(*waiting[-1])
            if missing:
                waiting += missing
            else:
                waiting.pop()
        return self._at(i, layer)

    def tokens(self, rows: Sequence[int], layer: int) -> list[Vector]:
        """z_i at `layer` for i in `rows`."""
        if not layer:
            return self.configuration.some_tokens(rows)
        return [self.token(i, layer) for i in rows]

    def place(self, i: int, layer: int, token: Vector) -> None:
        """Record z_i at `layer`, which the caller has computed exactly."""
        layers, tokens = self._start(i)
        at = _place(layers, layer)
        if layers[at] != layer:
            layers.insert(at + 1, layer)
            tokens.insert(at + 1, token)

    def _start(self, i: int) -> tuple[list[int], list[Vector]]:
        """The layers at which z_i is known, and z_i there."""
        known = self._known.get(i)
        if known is None:
            known = self._known[i] = ([0], self.configuration.some_tokens([i]))
        return known

    def _at(self, i: int, layer: int) -> Vector:
        layers, tokens = self._known[i]
        return tokens[_place(layers, layer)]

    def _advance(self, i: int, layer: int) -> list[tuple[int, int]]:
        """Bring token i to `layer`, or say which tokens, at which layers, that has to wait for."""
        layer = min(layer, self._leads.get(i, layer))
        layers, tokens = self._start(i)
        at = _place(layers, layer)
        now, token = layers[at], tokens[at]
        lam = self.configuration.lam
        while now < layer:
            attended, end = self._stretch(i, now)
            end = min(end, layer)
            mean: Sequence[fmpq]
            since, mean = self.held.get(attended, NEVER) if len(attended) > 1 else NEVER
            if since > now:
                ready = [self._ready(j, now) for j in attended]
                rows = [z for z in ready if z is not None]
                if len(rows) < len(ready):
                    return [(j, now) for j, z in zip(attended, ready, strict=True) if z is None]
                if end > now + 1 and any(self._leads.get(j, layer) > now for j in attended):
                    if end - now >= LONG and (wanted := self._cross(i, now, end)) is not None:
                        if wanted:
                            return wanted
                        at = _place(layers, layer)
                        now, token = layers[at], tokens[at]
                        continue
                    end = now + 1
                mean = self._mean(attended, now, rows)
            weight = lam if end == now + 1 else lam ** (end - now)
            token = tuple([m + weight * (x - m) for x, m in zip(token, mean, strict=True)])
            now, at = end, at + 1
            layers.insert(at, now)
            tokens.insert(at, token)
        return []

    def _cross(self, i: int, now: int, end: int) -> list[tuple[int, int]] | None:
        """Bring token i, and all that it attends to, far ahead at once, by their closed forms.

        Where their attention stands for `LONG` layers at least, and for more than they are; None
        otherwise. What has to be brought to `now` before is returned instead, if there is anything.
        """
        attention: dict[int, Attention] = {}
        waiting = [i]
        while waiting:
            j = waiting.pop()
            if j not in attention:
                attention[j], until = self._stretch(j, now)
                end = min(end, until)
                if end - now < max(LONG, len(attention)):
                    return None
                waiting += attention[j]
        missing = [(j, now) for j in attention if self._ready(j, now) is None]
        if missing:
            return missing
        try:
            forms = closed_forms(
                self.configuration, {j: self._at(j, now) for j in attention}, attention
            )
        except NoClosedForm:
            return None
        for j, form in forms.items():
            if self._leads.get(j, end) >= end:
                self.place(j, end, form(end - now))
        return []

    def _ready(self, j: int, layer: int) -> Vector | None:
        """z_j at `layer`, if it is known."""
        layer = min(layer, self._leads.get(j, layer))
        layers, tokens = self._start(j)
        at = _place(layers, layer)
        return tokens[at] if layers[at] == layer else None

    def _mean(self, attended: Attention, layer: int, rows: Sequence[Vector]) -> Sequence[fmpq]:
        """The mean of the `rows`, which are the tokens attended to at `layer`."""
        if len(attended) == 1:
            return rows[0]
        mean = self._means.get((attended, layer))
        if mean is None:
            weights = [self.configuration.multiplicities[j] for j in attended]
            total = sum(weights)
            mean = self._means[attended, layer] = [
                sum([w * x for w, x in zip(weights, column, strict=True)], fmpq(0)) / total
                for column in zip(*rows, strict=True)
            ]
        return mean

    def _stretch(self, i: int, layer: int) -> tuple[Attention, int]:
        """C_i at `layer`, and the next layer at which it is another one."""
        until = NEVER[0]
        for since, attended in reversed(self._stretches.get(i, ())):
            if since <= layer:
                return attended, until
            until = since
        return (int(self._base[i]),), until


def _place(layers: Sequence[int], layer: int) -> int:
    """The place of the last of the layers up to `layer`, most often the last of all."""
    return len(layers) - 1 if layers[-1] <= layer else bisect_right(layers, layer) - 1
