"""The leaders on the face that a token tends to, for all points with one history at once.

While a pattern C stands, one layer is z ↦ (λ I + γ W) z, W the means over the attention sets. So
the tokens at the settled layer are P z(0), with P a product of powers of such matrices, the same
for all points with one history; and with B the chances to end at each leader of the walk that goes
from a token to one of those that it attends to, s_f = Σ_v B_fv v. The leader v is on F_f iff
⟨s_f, v⟩ = ⟨s_f, s_f⟩, which is asked in integers (sections 3.1 and 13 of the notes).
"""

from collections.abc import Sequence
from itertools import pairwise
from math import lcm

import numpy as np
from flint import fmpq, fmpq_mat

from theory.dynamics import Pattern
from theory.fast.batches import Batch
from theory.matrices import as_matrix
from theory.places import History


def faces(batch: Batch, points: Sequence[int], free: int) -> list[int]:
    """For each of these settled points the mask of the leaders with ⟨s_f, v⟩ = |s_f|²."""
    alike: dict[History, list[int]] = {}
    for k in points:
        alike.setdefault(batch.history(k), []).append(k)
    found: dict[int, int] = {}
    A = np.array(
        [list(map(int, row)) for row in as_matrix(batch.A).numer_denom()[0].table()], object
    )
    for history, members in alike.items():
        leads = np.flatnonzero(batch.leads[members[0]]).tolist()
        rows = np.array(_rows(history, leads, free, batch), object)
        tokens = batch.tokens[members].astype(object)
        limit, *leaders = np.tensordot(rows, tokens, axes=(1, 1))
        image = limit @ A
        height = (image * limit).sum(axis=1)
        masks = np.zeros(len(members), object)
        for leader, v in zip(leads, leaders, strict=True):
            masks += (1 << leader) * ((image * v).sum(axis=1) == height)
        found.update(zip(members, masks.tolist(), strict=True))
    return [found[k] for k in points]


def _rows(history: History, leads: Sequence[int], free: int, batch: Batch) -> list[list[int]]:
    """Integers that take the starts to s_f and to each leader, times one positive number."""
    n = batch.tokens.shape[1]
    kept = 1 / (1 + batch.alpha)
    one = fmpq_mat(n, n, [fmpq(int(i == j)) for i in range(n) for j in range(n)])
    passed = one
    for (start, pattern), (end, _) in pairwise(history):
        passed = (kept * one + (1 - kept) * _means(pattern)) ** (end - start) * passed
    means = _means(history[-1][1])
    others = [i for i in range(n) if i not in leads]
    within = fmpq_mat([[one[i, j] - means[i, j] for j in others] for i in others])
    out = fmpq_mat([[means[i, j] for j in leads] for i in others])
    chances = within.solve(out)
    at = others.index(free)
    limit = [
        sum((chances[at, k] * passed[v, i] for k, v in enumerate(leads)), fmpq(0)) for i in range(n)
    ]
    rows = [limit, *([passed[v, i] for i in range(n)] for v in leads)]
    common = lcm(*(int(x.q) for row in rows for x in row))
    return [[int(x * common) for x in row] for row in rows]


def _means(pattern: Pattern) -> fmpq_mat:
    """W: row i has the mean over C_i."""
    return fmpq_mat(
        [
            [fmpq(int(j in attended), len(attended)) for j in range(len(pattern))]
            for attended in map(set, pattern)
        ]
    )
