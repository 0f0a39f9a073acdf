r"""Whether a pattern stands for ever: the inequalities of the rows that never lock, filtered.

Let the pattern of layer k stand as long as it may, t = 0, 1, 2, … layers later. Only the rows that
are not locked can end it, and row i does so at the first t at which, for a fixed j ∈ C_i,

    f_il(t) = ⟨z_i(t), z_j(t) − z_l(t)⟩

is not 0 for some l ∈ C_i, or not positive for some other l. A large configuration has few such rows
but all its columns, of which nearly all are far from the maximum. Those are passed in floats, by a
bound, without a rational made for them (ours):

**Frozen columns.** While the pattern stands, z_l(t) = Σ_q W_lq(t) z_q(k), where W is a product of
stochastic matrices: its rows are convex weights, W_ll(t) ≥ λ^t > 0, and W_lq(t) > 0 only for the
tokens q that l attends to, directly or through others (its *closure*). With the frozen columns

    g_iq(t) = ⟨z_i(t), z_j(t) − z_q(k)⟩,        f_il(t) = Σ_q W_lq(t) g_iq(t),

f_il(t) > 0 follows from g_il(t) > 0 and g_iq(t) ≥ 0 on the closure of l. For q ∈ C_i, g_iq = 0 is
decided exactly; everything else is asked of floats.

**Signs in floats.** z_i(t) = Σ_k a_k φ_k(t) with φ_k(t) = C(t,p) r^t, so that g_iq = Σ_k c_k φ_k
with c_k = h_k − ⟨a_k, z_q⟩, where h_k is the coefficient of ⟨z_i(t), z_j(t)⟩, exact and then
rounded. By Abel summation (`positivity.is_plainly_positive`) over the terms of degree 0, in falling
order of r from r = 1 on, and by 0 ≤ C(t,p) r^t ≤ M_k = (r/(1−r))^p otherwise (a binomial
probability is at most 1),

    g_iq(t) ≥ min over partial sums S of the terms of degree 0 − Σ_{p>0} M_k max(0, −c_k).

With |ĉ_k − c_k| ≤ ε_k the right-hand side is off by at most Σ_k M_k ε_k; ε_k is the bound of
`theory.filtering` for the product, with the rounding of h_k and a_k, and 4u(K + 4) Σ M_k |ĉ_k|
covers sums of K terms. What does not pass is decided exactly (`theory.positivity`).
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from theory.configuration import as_matrix
from theory.contests import BLOCK, SLACK, TINY, Array
from theory.course import Attention, Course
from theory.exponential import ExponentialPolynomial, closed_forms
from theory.filtering import UNIT, Image, to_float
from theory.positivity import first_failure, first_nonzero

Mask = NDArray[np.bool_]
"""Truth values, one row for each row that asks, one column for each token."""


class Standing:
    """The last pattern that a course was told, from `layer` on, and the `rows` that may end it.

    `rows` are those that are not locked, and `image` shows the tokens of `layer`.
    """

    def __init__(self, course: Course, image: Image, layer: int, rows: Sequence[int]) -> None:
        self.course, self.image, self.layer, self.rows = course, image, layer, rows
        self.configuration = course.configuration
        self._matrix = None if image.matrix is None else self.configuration.A
        self._forms: dict[int, ExponentialPolynomial] = {}
        asking = {*rows, *course.sets}
        self._edges = [
            np.array(ends, dtype=np.intp)
            for ends in zip(*((i, j) for i in asking for j in course.now(i)), strict=True)
        ]

    def form(self, i: int) -> ExponentialPolynomial:
        """z_i(t) while the pattern stands."""
        if i not in self._forms:
            self._solve([i])
        return self._forms[i]

    def _change_by(self, i: int, j: int, column: int) -> int | None:
        """The first t at which f_il, for l = `column`, says that the pattern is another one."""
        f = self.form(i).inner(self.form(j) - self.form(column), self._matrix)
        return first_nonzero(f) if column in self.course.now(i) else first_failure(f)

    def first_change(self, soon: int = 0) -> int | None:
        """The least t ≥ 1 at which another pattern stands at `layer` + t, or None if there is none.

        A change at a time t ≤ `soon` is good enough: it need not be the first.
        """
        found: int | None = None
        groups: dict[Attention, list[int]] = {}
        for i in self.rows:
            groups.setdefault(self.course.now(i), []).append(i)
        size = max(1, BLOCK // self.configuration.size)
        for attended, members in groups.items():
            for start in range(0, len(members), size):
                for change in self._changes(members[start : start + size], attended):
                    found = change if found is None else min(found, change)
                    if found <= soon:
                        return found
        return found

    def _solve(self, rows: Iterable[int]) -> None:
        waiting, attention = list(rows), {}
        while waiting:
            i = waiting.pop()
            if i not in attention:
                attention[i] = self.course.now(i)
                waiting += attention[i]
        tokens = {i: self.course.token(i, self.layer) for i in attention}
        self._forms.update(closed_forms(self.configuration, tokens, attention))

    def _changes(self, group: Sequence[int], attended: Attention) -> Iterator[int]:
        """The first times at which the inequalities of rows with one attention set fail."""
        self._solve(group)
        j = next((q for q in attended if not self.form(q).moving), attended[0])
        members = list(attended)
        tied = self._tied(group, attended, j)
        positive = self._positive(group, j)
        positive[:, members] = False
        sound = positive.copy()
        sound[:, members] = tied[:, None]
        self._close(sound)
        zero = np.zeros_like(sound)
        zero[:, members] = tied[:, None]
        self._close(zero)
        zero[:, j] = True
        for place, i in enumerate(group):
            left = ~np.where(positive[place], sound[place], zero[place])
            for column in np.flatnonzero(left).tolist():
                change = self._change_by(i, j, column)
                if change is not None:
                    yield change

    def _close(self, mask: Mask) -> None:
        """Clear the tokens that attend, directly or not, to a token that is clear."""
        single = self.course.single
        followed = np.where(single < 0, np.arange(len(single)), single)
        mask &= mask[:, followed]
        asking, asked = self._edges
        while True:
            places, edges = np.nonzero(mask[:, asking] & ~mask[:, asked])
            if not len(places):
                break
            mask[places, asking[edges]] = False
        mask &= mask[:, followed]

    def _tied(self, group: Sequence[int], attended: Attention, j: int) -> NDArray[np.bool_]:
        """For each row whether g_iq = 0 for every q in C_i: decided if j rests, else false."""
        if self.form(j).moving:
            return np.zeros(len(group), dtype=np.bool_)
        others = [q for q in attended if q != j]
        rows = [(place, row) for place, i in enumerate(group) for _, _, row in self.form(i).terms]
        if not (others and rows):
            return np.ones(len(group), dtype=np.bool_)
        mark = self.course.token(j, self.layer)
        gaps = [
            [x - y for x, y in zip(mark, self.course.token(q, self.layer), strict=True)]
            for q in others
        ]
        left = as_matrix([row for _, row in rows])
        if self._matrix is not None:
            left *= as_matrix(self._matrix)
        products = (left * as_matrix([tuple(gap) for gap in gaps]).transpose()).table()
        found = np.ones(len(group), dtype=np.bool_)
        for (place, _), values in zip(rows, products, strict=True):
            if any(values):
                found[place] = False
        return found

    def _positive(self, group: Sequence[int], j: int) -> Mask:
        """For each row the columns q with g_iq(t) > 0 for all t ≥ 0, as far as floats prove it."""
        n = self.configuration.size
        none = np.zeros((len(group), n), dtype=np.bool_)
        heights = [self.form(i).inner(self.form(j), self._matrix) for i in group]
        forms = [self.form(i) for i in group]
        keys = sorted(
            {(r, p) for form in (*forms, *heights) for r, p, _ in form.terms}, reverse=True
        )
        if not keys or keys[0] != (fmpq(1), 0) or keys[-1][0] <= 0:
            return none
        shift = -2 * self.image.scale - self.image.matrix_scale
        total = np.zeros((len(group), n))
        least = np.full((len(group), n), np.inf)
        loss, size = np.zeros_like(total), np.zeros_like(total)
        doubt = np.zeros(len(group))
        try:
            for r, p in keys:
                most = (to_float(r / (1 - r)) * SLACK) ** p * SLACK if p else 1.0
                height = np.array([to_float(f.coefficient(r, p)[0], shift) for f in heights])
                rows = np.array(
                    [[to_float(x, -self.image.scale) for x in f.coefficient(r, p)] for f in forms]
                )
                products, error = self._products(rows)
                terms = height[:, None] - products
                magnitudes = np.abs(terms) * most
                size += magnitudes
                doubt += most * (error + 2 * UNIT * np.abs(height) + TINY)
                if p:
                    loss += np.maximum(-terms, 0.0) * most
                else:
                    total += terms
                    np.minimum(least, total, out=least)
        except OverflowError:
            return none
        rounding = 4 * UNIT * (len(keys) + 4) * size
        return np.asarray(least - loss > SLACK * (rounding + doubt[:, None] * SLACK))

    def _products(self, rows: Array) -> tuple[Array, Array]:
        """⟨a_k, z_q⟩ for coefficients and all frozen columns, with a bound for each row."""
        matrix = self.image.matrix
        functionals = rows if matrix is None else rows @ matrix
        return functionals @ self.image.rows.T, self.image.bounds(functionals, rows, rounded=True)
