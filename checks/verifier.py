"""Verify certificates of hardmax attention: theory/CERTIFICATE.md, condition by condition.

Standard library only, nothing of the project, no search.      python verifier.py CERTIFICATE...
Exit status: 0 accepted; 1 rejected, with the number of the failed condition; 2 unreadable.
"""

import json
import os
import re
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from itertools import accumulate, chain, groupby, pairwise, zip_longest
from math import comb, gcd, lcm
from operator import itemgetter, lt, mul
from typing import Any

Row = list[int]
Terms = list[tuple[int, int, Any]]  # of a closed form: base, degree and coefficient
MAX_TEXT, MAX_WORK = 1 << 26, 10**8
FRACTION = re.compile("(?!.{50001}|-0)(-?(?:0|[1-9][0-9]*))(?:/([2-9]|[1-9][0-9]+))?")
INDEX, NUMBER, TEXT = "an index below 10^60", "a number in lowest terms", "a text"
HEAD = {"format": TEXT, "version": INDEX, "kind": TEXT}
PROBLEM = {"tokens": [[NUMBER]], "A": [[NUMBER]], "multiplicities": [INDEX], "alpha": NUMBER}
CLAIM = {"settled_layer": INDEX, "limits": [[NUMBER]],
         "leaders": [{"token": INDEX, "since_layer": INDEX}, "?"]}
EVIDENCE: Any = {"patterns": [{"from": INDEX, "attention": [[INDEX]]}],
    "closed_forms": [[{"base": NUMBER, "degree": INDEX, "coefficient": [NUMBER]}, "?"]],
    "leads": [{"token": INDEX, "other": INDEX, "times": [INDEX], "precision": INDEX}, "?"]}
STATED = {"problem": PROBLEM, "sha256": TEXT}
RUN = STATED | {"claim": CLAIM, "evidence": EVIDENCE}
WITNESS = {"statement": TEXT, "token": INDEX, "other": INDEX}
KINDS: dict[str, Any] = {"settling": RUN,
         "refutation-by-runs": WITNESS | {"runs": [RUN], "functional": [NUMBER, "?"]},
         "refutation-by-layer": WITNESS | STATED | {"lemma": TEXT, "layer": INDEX}}
LAYER = {"A": [[NUMBER]], "P": [[NUMBER], "?"], "numerator": [NUMBER], "denominator": [NUMBER]}
DYNAMICS = {"layers": [LAYER], "candidates": [[INDEX], "?"], "ties": TEXT}
SECOND = RUN | {  # what is another in version 2
    "problem": {"tokens": [[NUMBER]], "multiplicities": [INDEX], "dynamics": DYNAMICS},
    "claim": CLAIM | {"limits": [[[NUMBER]]], "period": INDEX},
    "evidence": EVIDENCE | {"closed_forms": [EVIDENCE["closed_forms"]], "solved_layer": INDEX}}

class Rejected(Exception):
    """The certificate fails a condition; the message begins with its number."""

def need(holds: object, condition: int, message: str) -> None:
    if not holds:
        raise Rejected(f"condition {condition}: {message}")

class Work:
    """Condition 14: what is left of the work that one certificate may take."""
    left = MAX_WORK
    def spend(self, condition: int, count: int, long: int = 0) -> None:
        """Before `count` products, quotients or comparisons of integers of `long` bits."""
        self.left -= count * (1 + ((long + 32) ** 2 >> 17))
        need(self.left >= 0, 14, f"too much work for condition {condition}")

def dot(x: Iterable[int], y: Iterable[int]) -> int:
    return sum(map(mul, x, y))

def unique(items: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(items)
    need(len(found) == len(items), 1, f"repeated key among {[key for key, _ in items]!r:.80}")
    return found

def shape(value: Any, wanted: Any, where: str, work: Work) -> Any:
    """Condition 2: the value, in the wanted shape and order, with its numbers as fractions."""
    if isinstance(wanted, dict) and isinstance(value, dict) and value.keys() == wanted.keys():
        return {key: shape(value[key], x, f"{where}.{key}", work) for key, x in wanted.items()}
    if isinstance(wanted, list) and isinstance(value, list) and (value or "?" in wanted):
        return [shape(x, wanted[0], f"{where}[{i}]", work) for i, x in enumerate(value)]
    if wanted == NUMBER and isinstance(value, str) and (found := FRACTION.fullmatch(value)):
        work.spend(2, 10, 3 * len(value))
        above, below = (int(Decimal(x)) for x in found.groups(1))  # of any length
        need(gcd(above, below) == 1, 2, f"{where} is not {NUMBER}")
        return Fraction(above, below)
    need((wanted, type(value)) in [(INDEX, int), (TEXT, str)], 2, f"{where} is not {wanted!s:.80}")
    return value

class Problem:
    """Conditions 3, 4 and 18; a problem of version 1 as one of version 2."""
    def __init__(self, said: Any, raw: Any, work: Work) -> None:
        *self.given, last = said["problem"].values()
        self.tokens, *self.old, self.weights = self.given  # the matrix of version 1
        if self.old:
            layers, candidates, ties = [(*self.old, [], [last], [1 + last])], [], "averaged"
        else:
            layers, candidates, ties = last.values()
            layers = [(*layer.values(),) for layer in layers]
        self.work, self.n, self.d = work, len(self.tokens), len(layers[0][0])
        self.most = {"averaged": self.n, "first": 1}.get(ties)
        squares = [x for layer in layers for x in layer[:2] if x]
        sizes = {*map(len, chain(self.tokens, squares, *squares))}
        need(sizes == {self.d}, 3, "tokens and A differ in length")
        need(len(self.weights) == self.n and all(self.weights), 3, "the multiplicities")
        need(not self.old or last > (0 if "claim" in said else -1), 3, "alpha is too small")
        rising = all(all(map(lt, [-1, *N], [*N, self.n])) for N in candidates)
        need(rising and len(candidates) in (0, self.n) and self.most, 3, "candidates or ties")
        self.among: list[Any] = candidates or [range(self.n)] * self.n
        text = json.dumps(raw["problem"], sort_keys=True, separators=(",", ":"))
        need(said["sha256"] == sha256(text.encode()).hexdigest(), 4, "sha256 is another one")
        self.turns, self.fixed = list[Any](), 0
        for A, P, above, below in layers:
            need(below[-1] > 0 and (above[-1] or len(above + below) == 2), 3, "the polynomials")
            (_, A, long), (under, P, wide) = self.whole(5, A), self.whole(5, P)
            spread = sum(sum(map(int.bit_length, x.as_integer_ratio())) for x in above + below)
            self.turns.append((A, P, under, max(long, wide), (above, below), spread))
        self.take(0)
    def take(self, layer: int) -> None:
        """Condition 18: A and P of a layer, times positive numbers, and the pull of this P."""
        self.A, self.P, under, long, powers, spread = self.turns[layer % len(self.turns)]
        count = sum(map(len, powers))
        self.work.spend(18, 2 * (count - 2), spread + count * layer.bit_length())
        above, below = (sum(c * layer**s for s, c in enumerate(x)) for x in powers)
        need(below, 18, f"a pole at layer {layer}")
        self.pull, weight = above / below / under, sum(self.weights)
        self.lam, self.parts = 1 - self.pull, self.pull.as_integer_ratio()
        self.fixed = 2 * max(long, *map(int.bit_length, [*self.lam.as_integer_ratio(), weight]))
    def whole(self, condition: int, rows: Any, count: int = 0) -> tuple[int, list[Row], int]:
        """Numbers over their least common denominator, and their length, for `count` products."""
        q, numbers = 1, [*chain(*rows)]
        for x in numbers:
            self.work.spend(condition, 4, max(q, x.denominator).bit_length())
            q = lcm(q, x.denominator)
        above = max([0, *(x.numerator.bit_length() - x.denominator.bit_length() for x in numbers)])
        long = self.fixed + q.bit_length() + above
        self.work.spend(condition, len(numbers) + count, long)
        return q, [[x.numerator * (q // x.denominator) for x in row] for row in rows], long
    def inner(self, x: Row, y: Row) -> int:
        return dot(x, [dot(row, y) for row in self.A])
    def layers(self, last: int) -> Iterator[tuple[Any, list[Row], Row]]:
        """Z^0, ..., Z^last, their attention sets, and the tokens whose set may change later."""
        n, d, w, z = self.n, self.d, self.weights, self.tokens
        sets, free = [[0]] * n, [*range(n)]
        for layer in range(last + 1):
            self.take(layer)
            self.work.spend(5, 600 + n * (60 * d + 2 * len(free)))
            q, rows, _ = self.whole(5, z, n * (6 + d + len(self.P) + 2 * len(free)) * d)
            images, sets = [[dot(row, x) for row in self.A] for x in rows], sets.copy()
            for i in free:
                values = {j: sum(map(mul, rows[i], images[j])) for j in self.among[i]}
                top = max(values.values())
                sets[i] = [j for j, value in values.items() if value == top][: self.most]
            free = [i for i, C in enumerate(sets)
                    if not self.old or len(C) > 1 or sets[C[0]] != C or self.pull <= 0]
            yield z, sets, free
            means = [[Fraction(sum(w[j] * rows[j][s] for j in C), q * sum(w[j] for j in C))
                      for s in range(d)] for C in sets]
            moves = [[y - x for x, y in zip(*pair)] for pair in zip(z, means)]
            moves = [[sum(map(mul, row, x)) for row in self.P] or x for x in moves]
            z = [[x + self.pull * y for x, y in zip(*pair)] for pair in zip(z, moves)]

class Settling(Problem):
    """Conditions 3 to 14 and 18 to 21; a run of version 1 as one of version 2."""
    def __init__(self, said: Any, raw: Any, work: Work) -> None:
        super().__init__(said, raw, work)
        claim, evidence = said["claim"], said["evidence"]
        k, m = self.last, self.period = claim["settled_layer"], claim.get("period", 1)
        first = self.solved = evidence.get("solved_layer", k)
        stretches = [(*x.values(),) for x in evidence["patterns"]]
        self.limits: Any = [claim["limits"]] if self.old else claim["limits"]
        forms: Any = [evidence["closed_forms"]] if self.old else evidence["closed_forms"]
        need(all(a < b and C != D for (a, C), (b, D) in pairwise(stretches)), 6, "the stretches")
        need(0 == stretches[0][0] <= k <= stretches[-1][0] < k + m, 6, "the first or last stretch")
        count, changes, self.phases, past = len(forms), dict(stretches), list[Any](), list[Any]()
        need(first >= k and count % lcm(m, len(self.limits), len(self.turns)) == 0, 19, "phases")
        for layer, (z, C, free) in zip(range(first + count), self.layers(first + count)):
            stated = past[-m] if layer >= k + m else changes.get(layer) or past[-1]
            need(C == stated, 5, f"the attention sets at layer {layer}")
            self.phases += [(z, C, self.A, self.P, free, self.parts)] * (layer >= first)
            past.append(stated)
        need(k == 0 or past[k - 1] != past[k - 1 + m], 6, f"of period {m} before layer {k}")
        cycle = past[k : k + m]
        need(all(m % r or cycle[r:] != cycle[:-r] for r in range(1, m)), 6, "the period is less")
        self.since = {i: max([b for (_, C), (b, _) in pairwise(stretches) if C[i] != [i]] or [0])
                      for i in range(self.n) if all(C[i] == [i] for C in cycle)}
        need([(*x.values(),) for x in claim["leaders"]] == [*self.since.items()], 7, "the leaders")
        self.scheduled = any(len(x) > 1 for *_, powers, _ in self.turns for x in powers)
        if self.scheduled:
            self.schedule(forms)
        self.solve(forms)
        self.compare(lead.values() for lead in evidence["leads"])
    def schedule(self, entries: Any) -> None:
        """Conditions 20 and 21; in 8 to 10, 1/2 is the pull and 2^-t the product."""
        *_, powers, spread = self.turns[0]
        k, count = self.solved, sum(map(len, powers))
        self.work.spend(20, 2 * count**2, spread + count * (1 + k.bit_length()))
        above, below = ([sum(c * comb(j + s, j) * k**s for s, c in enumerate(x[j:]))
                         for j in range(len(x))] for x in powers)  # in powers of the layer - k
        rest = [y - x for x, y in zip_longest(above, below, fillvalue=0)]
        need(min(above + rest) >= 0 < rest[0], 20, f"no bounds of the pull from layer {k} on")
        half, pairs = Fraction(1, 2), {(x["base"], x["degree"]) for x in chain(*entries[0])}
        need(len(entries) == 1 and not self.P and pairs <= {(1, 0), (half, 0)}, 20, "the terms")
        need((half, 0) not in pairs or len(below) <= len(above) + 1, 21, "a finite sum of pulls")
        self.phases = [(*self.phases[0][:-1], (1, 2))]
    def solve(self, told: Any) -> None:
        """Conditions 8 to 10 and 13, with bases and coefficients over a common denominator."""
        n, d, w, wide = self.n, self.d, self.weights, max(len(P) for *_, P, _, _ in self.phases)
        need(all(len(forms) == n for forms in told), 8, "one closed form for each token")
        count = sum(2 + len(forms[j]) for forms, (_, sets, *_) in zip(told, self.phases)
                    for i, C in enumerate(sets) for j in [i, i, *C])
        numbers = [[x["base"], *x["coefficient"]] for x in chain(*chain(*told))]
        one, rows, self.long = self.whole(8, numbers, count * (20 + 5 * d * (1 + wide)))
        self.one, it = one, iter(rows)
        self.forms = [[[(r, x["degree"], c) for x, (r, *c) in zip(y, it)] for y in z] for z in told]
        starts = chain(*(z for z, *_ in self.phases))
        for i, form, start in zip([*range(n)] * len(told), chain(*self.forms), starts):
            good = all(0 < r and (r, p) < (one, 1) and len(c) == d and any(c) for r, p, c in form)
            need(good and all(x[:2] > y[:2] for x, y in pairwise(form)), 8, f"token {i}: the terms")
            sums = [Fraction(sum(c[s] for _, p, c in form if p == 0), one) for s in range(d)]
            need(sums == start, 9, f"token {i} starts elsewhere")
        need(all(len(x) == n for x in self.limits), 13, "one limit for each token")
        for e, (_, sets, _, P, _, (above, under)) in enumerate(self.phases):
            last, forms = e + 1 == len(told), self.forms[e]
            moved = [[(r, p, [above * x for x in [dot(y, c) for y in P] or c]) for r, p, c in form]
                     for form in forms]
            for i, C in enumerate(sets):
                part, after = sum(w[j] for j in C), self.forms[0 if last else e + 1][i]
                both = [(r, p, (r if last else one) * under * part, c) for r, p, c in after]
                both += [(r, p - 1, r * under * part, c) for r, p, c in after if last and p]
                both += [(r, p, -one * under * part, c) for r, p, c in forms[i]]
                both += [(r, p, one * part, c) for r, p, c in moved[i]]
                both += [(r, p, -one * w[j], c) for j in C for r, p, c in moved[j]]
                for s in range(d):
                    rest = collected([(r, p, factor * c[s]) for r, p, factor, c in both])
                    need(not rest, 10, f"token {i} does not obey the layer")
                fixed = [x["coefficient"] for x in told[e][i] if x["base"] == 1] or [[0] * d]
                limit = self.limits[(self.solved + e) % len(self.limits)][i]
                need([limit] == fixed, 13, f"the limit of token {i}")
    def compare(self, due: Any) -> None:
        """Conditions 11 and 12."""
        for forms, (_, sets, A, _, free, _) in zip(self.forms, self.phases):
            terms, unit = sum(map(len, forms)), self.one**2
            for i in free:
                first, C = forms[sets[i][0]], {*sets[i]}
                pairs = sum((1 + p) ** 2 for _, p, _ in forms[i]) * (self.n * len(first) + terms)
                self.work.spend(11, 10 * self.n + pairs * (9 + self.d), 2 * self.long)
                x = [(r, p, [dot(c, column) for column in zip(*A)]) for r, p, c in forms[i]]
                top = product(x, first, 1)
                for j in self.among[i]:
                    f, where = collected(top + product(x, forms[j], -1)), f"token {i} against {j}"
                    need(not f or j not in C, 11, f"{where}: the tie does not last")
                    sums = [*accumulate(c for _, p, c in f if p == 0), *(c for _, p, c in f if p)]
                    if self.scheduled:
                        a, b, c = (sum(c for r, *_, c in f if r * y == unit) for y in (1, 2, 4))
                        dips = b < 0 and -b < 2 * c and b * b >= 4 * a * c
                        need(a >= 0 and not dips, 12, f"{where}: not for every product")
                    elif min(sums, default=0) < 0:
                        *named, times, precision = next(due, [None] * 4)
                        need(named == [i, j], 12, f"{where}: no evidence, or out of order")
                        estimates(f, times, precision, where, self.work)
        need(not [*due], 12, "evidence where none is due, or out of order")

def product(x: Terms, y: Terms, sign: int) -> Terms:
    """The terms of the product of two closed forms, times the sign."""
    return [(r * s, p, comb(p, a) * comb(a, p - b) * value if p else value)
            for r, a, u in x for s, b, v in y for value in [sign * dot(u, v)]
            for p in range(max(a, b), a + b + 1)]

def collected(terms: Terms) -> Terms:
    """The same closed form: falling, no pair of base and degree twice, no coefficient 0."""
    groups = groupby(sorted(terms, reverse=True), itemgetter(0, 1))
    return [(r, p, total) for (r, p), group in groups if (total := sum([c for *_, c in group]))]

def estimates(f: Terms, times: Any, precision: Any, where: str, work: Work) -> None:
    """Condition 12, of the terms (base, degree, coefficient) of f."""
    need(times[0] == 0 and all(u < v for u, v in pairwise(times)), 12, f"{where}: the order")
    g, T, count = [(Fraction(r, f[0][0]), p, c) for r, p, c in f], times[-1], len(f) * len(times)
    under, most = max(r.denominator for r, _, _ in g), max(abs(c) for *_, c in g)
    high, steps = max(p for _, p, _ in g), T.bit_length()
    work.spend(12, count * (20 + 6 * steps), precision + under.bit_length())
    work.spend(12, count * (1 + high), precision + most.bit_length() + high * steps)
    need(all(r == 1 or (T + 1) * (1 - r) >= p for r, p, c in g if c < 0), 12, f"{where}: too early")
    for u, v in zip(times, [*(t - 1 for t in times[1:]), T]):
        rising = g if u < T else g[:1]  # from T on the dominant term alone
        above = [c * comb(u, p) * power(r, v, precision, 1) for r, p, c in rising if c > 0]
        below = [c * comb(v, p) * power(r, u, precision, -1) for r, p, c in g if c < 0]
        need(sum(above) > sum(below), 12, f"{where}: the estimate for times from {u} on")

def power(r: Fraction, t: int, precision: int, side: int) -> int:
    """About side 2^precision r^t for 0 < r <= 1, and not more; the side is 1 or -1."""
    value = side << precision
    for bit in f"{t:b}":
        value = side * value * value >> precision
        value = value * r.numerator // r.denominator if bit == "1" else value
    return value

def pivots(A: list[Row], work: Work) -> Iterator[int]:
    """Of elimination by minors on A + A', to a negative one; -1 for 0 in a row that is not 0."""
    rows, last = [[x + y for x, y in zip(*pair)] for pair in zip(A, zip(*A))], 1
    while rows and last > 0:
        work.spend(15, 10 * len(rows) ** 2, max(map(int.bit_length, chain(*rows))))
        (pivot, *right), *below = rows
        yield pivot if pivot or not any(right) else -1
        old, last = last, pivot or last
        rows = [[(last * x - left * y) // old for x, y in zip(row, right)] for left, *row in below]

def refutation(said: Any, runs: Any) -> str:
    """Conditions 15 to 17, after those of the runs, or 3, 4 and 14 of the one problem."""
    statement, i, j, dropped = said["statement"], said["token"], said["other"], list[str]()
    for p in runs:
        _, rows, _ = p.whole(15, p.tokens, p.n * p.n.bit_length() * (3 + p.d))
        least = min(pivots(p.A, p.work))
        holding = {
            "without-nonzero-tokens": all(map(any, rows)),
            "without-distinctness": all(x != y for x, y in pairwise(sorted(rows))),
            "without-symmetry": p.A == [[*column] for column in zip(*p.A)],
            "without-definiteness": least >= 0,
            "without-strictness": least != 0,
            "with-negative-step": p.lam <= 1,
            "with-zero-step": p.lam != 1,
        }
        dropped = [name for name, holds in holding.items() if not holds]
        need(dropped == [x for x in holding if x == statement], 15, f"without {dropped}")
        need(max(i, j) < p.n, 16, "a token that is none of the problem's")
    false = violated(said, runs, i, j) if "runs" in said else dropped and failing(said, p, i, j)
    need(false, 17, f"{statement!r:.40} is not refuted")
    return f"{statement} is false for {runs[0].n} tokens in dimension {runs[0].d}"

def violated(said: Any, runs: list[Settling], i: int, j: int) -> object:
    """Conditions 16 and 17, by runs."""
    p, last, statement, vector = runs[0], runs[-1], said["statement"], said["functional"]
    form = (1 + statement.endswith("-of-alpha"), p.d if statement == "hull-vertices-lead" else 0)
    need((len(runs), len(vector)) == form and p.given == last.given, 16, "the runs or functional")
    _, points, _ = p.whole(17, [*p.tokens, *p.limits[0], vector], p.n * p.d * (p.d + 4))
    z, s, high = points[: p.n], points[p.n :], {v: dot(points[-1], points[v]) for v in range(p.n)}
    far = {v: p.inner(x, x) for v in p.since for x in [[a - b for a, b in zip(z[i], s[v])]]}
    ends = [s[v] for v in p.since]
    moving = [(r, q) for r, q, _ in p.forms[0][j] if r < p.one]
    return {
        "leaders-from-the-first-layer": p.since.get(i, 0) > 0,
        "hull-vertices-lead": i not in p.since and [v for v in high if high[v] >= high[i]] == [i],
        "limits-are-vertices": s[i] not in ends,
        "nearest-leader": [v for v in far if far[v] <= far.get(j, -1)] == [j] and s[i] != s[j],
        "leaders-independent-of-alpha": (i in p.since) != (i in last.since),
        "limits-independent-of-alpha": p.limits[0][i] != last.limits[0][i],
        "settles-within-n-layers": p.last > p.n,
        "attends-leaders-eventually": i != j and j in p.phases[0][1][i] and moving,
        "geometric-rate": any(key > (p.lam * p.one, 0) for key in moving),
        "without-nonzero-tokens": min([s[i], *ends]) < s[i] == [0] < max(ends),
    }.get(statement)

def failing(said: Any, p: Problem, i: int, j: int) -> object:
    """Conditions 14 and 17, by a layer."""
    (old, C, _), (new, D, _) = deque(p.layers(said["layer"] + 1), 2)
    _, rows, _ = p.whole(17, old + new, (p.n + 4) * p.d * (p.d + 1))
    z, after = rows[: p.n], rows[p.n :]
    norms, step = [p.inner(x, x) for x in z], [x - y for x, y in zip(after[i], z[i])]
    gain = p.inner(after[i], after[i]) - norms[i]
    return {
        "norms-grow": gain < p.inner(step, step) or (gain == 0 and any(step)),
        "first-leader": C[i] != [i] and norms[i] == max(norms),
        "leader-invariance": C[i] == [i] and (D[i] != [i] or any(step)),
        "separation": z[i] != z[j] and after[i] == after[j],
        "acyclic-attention": i != j and j in C[i] and norms[j] <= norms[i],
        "rest-is-a-foot": not any(step) and p.inner(z[i], z[C[i][0]]) != norms[i],
    }.get(said["lemma"])

def verify(text: str) -> str:
    """What the certificate proves, in one line; raises `Rejected`, and nothing else."""
    work = Work()
    need(len(text) <= MAX_TEXT, 1, f"more than {MAX_TEXT} characters")
    work.spend(1, 20 * sum(map(text.count, "[{,")))
    try:
        raw = json.loads(text, object_pairs_hook=unique, parse_int=lambda digits: (
            None if digits[0] == "-" or len(digits) > 60 else int(digits)))
    except (ValueError, RecursionError) as error:
        raise Rejected(f"condition 1: not JSON within bounds: {error!s:.80}") from None
    kind = str(raw.get("kind")) if isinstance(raw, dict) else ""
    need(kind in KINDS, 2, f"kind is none of {', '.join(KINDS)}")
    new = kind == "settling" and raw.get("version") == 2
    said = shape(raw, HEAD | (SECOND if new else KINDS[kind]), "certificate", work)
    need((*said.values(),)[:2] == ("hardmax-certificate", 1 + new), 2, "format or version")
    run: Any = Problem if "lemma" in said else Settling
    runs = [run(*x, work) for x in zip(said.get("runs", [said]), raw.get("runs", [raw]))]
    if kind != "settling":
        return refutation(said, runs)
    words = "settle at" if (p := runs[0]).period == 1 else f"repeat {p.period} patterns from"
    return f"{p.n} tokens {words} layer {p.last} with {(n := len(p.since))} leader{'s'[n == 1:]}"

def judge(path: str) -> int:
    """Say of one file what it proves, or why not; the exit status."""
    try:
        with open(path, encoding="utf-8") as file:
            code, told = 0, f"accepted: {verify(file.read(MAX_TEXT + 1))}"
    except Rejected as error:
        code, told = 1, f"rejected: {error}"
    except (OSError, UnicodeDecodeError) as error:
        code, told = 2, f"unreadable: {error}"
    print(f"{path}: {told}".encode("ascii", "backslashreplace").decode(), flush=True)
    return code

if __name__ == "__main__":
    try:
        sys.exit(max(map(judge, sys.argv[1:]), default=2))
    except OSError:  # nobody can read the verdict
        os._exit(2)
