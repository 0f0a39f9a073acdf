r"""Whether a pattern stands for ever: the inequalities of the rows that never lock, filtered.

Let the pattern of layer k stand as long as it may, t = 0, 1, 2, … layers later. Only the rows that
are not locked can end it, and row i does so at the first t at which, for a fixed j ∈ C_i,

    f_il(t) = ⟨z_i(t), z_j(t) − z_l(t)⟩

is not 0 for some l ∈ C_i, or not positive for some other l. A large configuration has few such rows
but all its columns, of which nearly all are far from the maximum. Those are passed in floats, by a
bound, without a rational made for them (ours):

**Frozen columns** (`paper_notes.md`, section 9). While the pattern stands, z_l(t) = Σ_q W_lq(t)
z_q(k), where W is a product of stochastic matrices: its rows are convex weights, W_ll(t) ≥ λ^t > 0,
and W_lq(t) > 0 only for the tokens q that l attends to, directly or through others (its *closure*).
With the frozen columns

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
`theory.fast.filter` for the product, with the rounding of h_k and a_k, and 4u(K + 4) Σ M_k |ĉ_k|
covers sums of K terms. What does not pass is decided exactly (`theory.positivity`).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from flint import fmpq, fmpq_mat, fmpz, fmpz_mat
from numpy.typing import NDArray

from theory.closed_form import closed_forms
from theory.exponential import ExponentialPolynomial, Term, collect, product_degrees
from theory.fast.argmax import BLOCK, SLACK, TINY, products
from theory.fast.filter import UNIT, Image, quotients, to_float
from theory.fast.history import Attention, AttentionHistory
from theory.matrices import as_matrix
from theory.positivity import first_failure, first_nonzero

ROWS_AT_ONCE, COLUMNS_AT_ONCE = 32, 64
"""So many rows are asked of floats together, and so many columns of a row are decided exactly."""

Mask = NDArray[np.bool_]
"""Truth values, one row for each row that asks, one column for each token."""


class Persistence:
    """The last pattern that a history was told, from `layer` on, and the `rows` that may end it.

    `rows` are those that are not locked, and `image` shows the tokens of `layer`.
    """

    def __init__(
        self, history: AttentionHistory, image: Image, layer: int, rows: Sequence[int]
    ) -> None:
        self.history, self.image, self.layer, self.rows = history, image, layer, rows
        self.configuration = history.configuration
        self._matrix: tuple[fmpz_mat, fmpz] | None = None
        if image.matrix is not None:
            self._matrix = self.configuration.form
        self._forms: dict[int, ExponentialPolynomial] = {}
        asking = {*rows, *history.sets}
        self._edges = np.array([(i, j) for i in asking for j in history.now(i)], dtype=np.intp).T
        self._followed = np.where(
            history.single < 0, np.arange(len(history.single)), history.single
        )

    def form(self, i: int) -> ExponentialPolynomial:
        """z_i(t) while the pattern stands."""
        if i not in self._forms:
            self._solve([i])
        return self._forms[i]

    def first_change(self, soon: int = 0) -> int | None:
        """The least t ≥ 1 at which another pattern stands at `layer` + t, or None if there is none.

        A change at a time t ≤ `soon` is good enough: it need not be the first.
        """
        least: int | None = None
        rows = sorted(self.rows, key=self.history.now)
        size = max(1, min(ROWS_AT_ONCE, BLOCK // self.configuration.size))
        for start in range(0, len(rows), size):
            for change in self._changes(rows[start : start + size]):
                least = change if least is None else min(least, change)
                if least <= soon:
                    return least
        return least

    def _solve(self, rows: Iterable[int]) -> None:
        waiting, attention = list(rows), {}
        while waiting:
            i = waiting.pop()
            if i not in attention:
                attention[i] = self.history.now(i)
                waiting += attention[i]
        starts = self.history.tokens([*attention], self.layer)
        tokens = dict(zip(attention, starts, strict=True))
        self._forms.update(closed_forms(self.configuration, tokens, attention))

    def _changes(self, rows: Sequence[int]) -> Iterator[int]:
        """The first times at which the inequalities of the rows fail."""
        self._solve(rows)
        groups: dict[Attention, list[int]] = {}
        for place, i in enumerate(rows):
            groups.setdefault(self.history.now(i), []).append(place)
        marks = [0] * len(rows)
        for attended, places in groups.items():
            j = next((q for q in attended if not self.form(q).moving), attended[0])
            for place in places:
                marks[place] = j
        positive = self._positive(rows, marks)
        mask = np.zeros((2, *positive.shape), dtype=np.bool_)
        for attended, places in groups.items():
            tied = self._tied([rows[place] for place in places], attended, marks[places[0]])
            asking = np.array(places)[:, None]
            positive[asking, attended] = False
            mask[:, asking, attended] = tied[:, None]
        sound, zero = mask
        sound |= positive
        self._close(mask.reshape(-1, positive.shape[1]))
        zero[range(len(rows)), marks] = True
        done = np.where(positive, sound, zero)
        for place in (~done.all(1)).nonzero()[0].tolist():
            left = (~done[place]).nonzero()[0].tolist()
            for start in range(0, len(left), COLUMNS_AT_ONCE):
                columns = left[start : start + COLUMNS_AT_ONCE]
                yield from self._changes_by(rows[place], marks[place], columns)

    def _changes_by(self, i: int, j: int, columns: Sequence[int]) -> Iterator[int]:
        """The first times at which f_il, for l in `columns`, says that the pattern is another."""
        self._solve([q for q in (j, *columns) if q not in self._forms])
        products, _ = self._inner(
            _Stack.of([self._forms[i]]), [self._forms[q] for q in (j, *columns)]
        )
        attended = self.history.now(i)
        for place, column in enumerate(columns, 1):
            terms = [
                Term(r, p, (fmpq(row[0] - row[place]),))
                for r, p, (row,) in products
                if row[0] != row[place]
            ]
            f = ExponentialPolynomial(1, tuple(terms))
            change = first_nonzero(f) if column in attended else first_failure(f)
            if change is not None:
                yield change

    def _inner(
        self, left: "_Stack", forms: Sequence[ExponentialPolynomial]
    ) -> tuple[list[tuple[fmpq, int, list[list[fmpz]]]], fmpz]:
        """⟨f(t), g(t)⟩ for the forms f in a stack and the others g: integers over a denominator.

        Triples (base, degree, coefficients), as in `ExponentialPolynomial.terms`, zeros and all.
        """
        right = _Stack.of(forms)
        rows, below = left.rows, left.below * right.below
        if self._matrix is not None:
            matrix, common = self._matrix
            rows, below = rows * matrix, below * common
        table = (rows * right.rows.transpose()).table()
        n, m = left.size, right.size
        parts = []
        for u, (r, p) in enumerate(left.keys):
            for v, (s, q) in enumerate(right.keys):
                part = [row[v * m : v * m + m] for row in table[u * n : u * n + n]]
                for k, c in product_degrees(p, q) if p or q else ((0, 1),):
                    scaled = part if c == 1 else [[c * x for x in row] for row in part]
                    parts.append((r * s, k, scaled))
        return collect(parts, _sum), below

    def _close(self, mask: Mask) -> None:
        """Clear the tokens that attend, directly or not, to a token that is clear."""
        mask &= mask.take(self._followed, 1)
        asking, asked = self._edges
        while True:
            places, edges = (mask.take(asking, 1) & ~mask.take(asked, 1)).nonzero()
            if not len(places):
                break
            mask[places, asking[edges]] = False
        mask &= mask.take(self._followed, 1)

    def _tied(self, group: Sequence[int], attended: Attention, j: int) -> NDArray[np.bool_]:
        """For each row whether g_iq = 0 for every q in C_i: decided if j rests, else false."""
        if self.form(j).moving:
            return np.zeros(len(group), dtype=np.bool_)
        others = [q for q in attended if q != j]
        rows = [(place, row) for place, i in enumerate(group) for _, _, row in self.form(i).terms]
        if not (others and rows):
            return np.ones(len(group), dtype=np.bool_)
        mark = self.history.token(j, self.layer)
        gaps = [
            [x - y for x, y in zip(mark, self.history.token(q, self.layer), strict=True)]
            for q in others
        ]
        left, _ = as_matrix([row for _, row in rows]).numer_denom()
        if self._matrix is not None:
            left *= self._matrix[0]
        right, _ = as_matrix([tuple(gap) for gap in gaps]).numer_denom()
        heights = (left * right.transpose()).table()
        always = np.ones(len(group), dtype=np.bool_)
        for (place, _), values in zip(rows, heights, strict=True):
            if any(values):
                always[place] = False
        return always

    def _positive(self, group: Sequence[int], marks: Sequence[int]) -> Mask:
        """For each row the columns q with g_iq(t) > 0 for all t ≥ 0, as far as floats prove it.

        `marks` has j for each row.
        """
        stack = _Stack.of([self._forms[i] for i in group])
        room = max(1, BLOCK // (max(1, len(stack.keys)) * self.configuration.size))
        if len(group) > room:
            halves = slice(room), slice(room, None)
            return np.concatenate([self._positive(group[h], marks[h]) for h in halves])
        none = np.zeros((len(group), self.configuration.size), dtype=np.bool_)
        ends = list(dict.fromkeys(marks))
        heights, below = self._inner(stack, [self._forms[j] for j in ends])
        own = [ends.index(j) for j in marks]
        # for each (r, p) the place of a_k in the stack, and of h_k; -1 where there is none
        keys = collect(
            [
                *((r, p, (u, -1)) for u, (r, p) in enumerate(stack.keys)),
                *((r, p, (-1, w)) for w, (r, p, _) in enumerate(heights)),
            ],
            lambda x, y: (max(x[0], y[0]), max(x[1], y[1])),
        )
        if not keys or keys[0][:2] != (fmpq(1), 0) or keys[-1][0] <= 0:
            return none
        image, (n, d) = self.image, self.image.rows.shape
        try:
            most = np.array(
                [(to_float(r / (1 - r)) * SLACK) ** p * SLACK if p else 1.0 for r, p, _ in keys]
            )
            rows = quotients(stack.rows.entries(), stack.below, image.scale)
            values = [row[at] for *_, table in heights for row, at in zip(table, own, strict=True)]
            height = quotients(values, below, 2 * image.scale + image.matrix_scale)
        except OverflowError:
            return none
        coefficients = np.array(rows + [0.0] * (len(group) * d)).reshape(-1, len(group) * d)
        exact = np.array(height + [0.0] * len(group)).reshape(-1, len(group))
        asking = coefficients.take([u for _, _, (u, _) in keys], 0).reshape(-1, d)
        terms = exact.take([w for _, _, (_, w) in keys], 0)
        functionals = asking if image.matrix is None else products(asking, image.matrix)
        error = image.bounds(functionals, asking, rounded=True).reshape(terms.shape)
        doubt = most.dot(error + 2 * UNIT * np.abs(terms) + TINY)
        terms = terms[:, :, None] - products(functionals, image.rows.T).reshape(-1, len(group), n)
        terms = terms.reshape(len(keys), -1)
        rounding = most.dot(np.abs(terms)) * (4 * UNIT * (len(keys) + 4) * SLACK)
        late = [k for k, (_, p, _) in enumerate(keys) if p]
        if late:
            plain = terms[[k for k, (_, p, _) in enumerate(keys) if not p]]
            least = np.add.accumulate(plain, 0).min(0)
            least -= most[late].dot(np.maximum(-terms[late], 0.0))
        else:
            least = np.add.accumulate(terms, 0).min(0)
        positive = (least - rounding).reshape(none.shape) > (doubt * SLACK * SLACK)[:, None]
        return np.asarray(positive)


class _Stack(NamedTuple):
    """The coefficients of several forms as rows: those of all forms for each (r, p), in turn.

    Integers over one denominator, zero where a form has no such term.
    """

    keys: list[tuple[fmpq, int]]
    rows: fmpz_mat
    below: fmpz
    size: int

    @classmethod
    def of(cls, forms: Sequence[ExponentialPolynomial]) -> "_Stack":
        size, width, zero = len(forms), forms[0].width, fmpq(0)
        keys: list[tuple[fmpq, int]] = []
        places: dict[tuple[fmpz, fmpz, int], int] = {}
        entries: list[fmpq] = []
        for place, form in enumerate(forms):
            for r, p, row in form.terms:
                u = places.setdefault((r.p, r.q, p), len(keys))
                if u == len(keys):
                    keys.append((r, p))
                    entries += [zero] * (size * width)
                start = (u * size + place) * width
                entries[start : start + width] = row
        return cls(keys, *fmpq_mat(len(keys) * size, width, entries).numer_denom(), size)


def _sum(x: list[list[fmpz]], y: list[list[fmpz]]) -> list[list[fmpz]]:
    return [[a + b for a, b in zip(u, v, strict=True)] for u, v in zip(x, y, strict=True)]
