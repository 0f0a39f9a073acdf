"""Verify certificates of hardmax attention: theory/CERTIFICATE.md, condition by condition.

Standard library only, nothing of the project, no search.      python verifier.py CERTIFICATE...
Exit status: 0 accepted; 1 rejected, with the number of the failed condition; 2 unreadable.
"""

import json
import os
import re
import sys
from bisect import bisect
from collections import deque
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from itertools import accumulate, chain, groupby, pairwise
from math import comb, gcd, lcm
from operator import itemgetter, mul
from typing import Any

Row = list[int]
Terms = list[tuple[int, int, Any]]  # of a closed form: base, degree and coefficient
MAX_TEXT, MAX_WORK = 1 << 26, 10**8
FRACTION = re.compile("(?!.{50001}|-0)(-?(?:0|[1-9][0-9]*))(?:/([2-9]|[1-9][0-9]+))?")
INDEX, NUMBER, TEXT = "an index below 10^60", "a number in lowest terms", "a text"
PROBLEM = {"tokens": [[NUMBER]], "A": [[NUMBER]], "alpha": NUMBER, "multiplicities": [INDEX]}
TERM = {"base": NUMBER, "degree": INDEX, "coefficient": [NUMBER]}
LEAD = {"token": INDEX, "other": INDEX, "times": [INDEX], "precision": INDEX}
CLAIM = {"settled_layer": INDEX, "limits": [[NUMBER]],
         "leaders": [{"token": INDEX, "since_layer": INDEX}, "?"]}
STRETCH = {"from": INDEX, "attention": [[INDEX]]}
EVIDENCE = {"patterns": [STRETCH], "closed_forms": [[TERM, "?"]], "leads": [LEAD, "?"]}
STATED = {"problem": PROBLEM, "sha256": TEXT}
RUN = STATED | {"claim": CLAIM, "evidence": EVIDENCE}
WITNESS = {"statement": TEXT, "token": INDEX, "other": INDEX}
KINDS: dict[str, dict[str, Any]] = {
    "settling": RUN,
    "refutation-by-runs": WITNESS | {"runs": [RUN], "functional": [NUMBER, "?"]},
    "refutation-by-layer": WITNESS | STATED | {"lemma": TEXT, "layer": INDEX},
}

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

def bits(numbers: Iterable[int]) -> int:
    """Of the longest."""
    return max((x.bit_length() for x in numbers), default=0)

def dot(x: Iterable[int], y: Iterable[int]) -> int:
    return sum(map(mul, x, y))

def unique(items: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(items)
    need(len(found) == len(items), 1, f"repeated key among {[key for key, _ in items]!r:.80}")
    return found

def index(digits: str) -> int:
    return -1 if digits[0] == "-" or len(digits) > 60 else int(digits)

def shape(value: Any, wanted: Any, where: str, work: Work) -> Any:
    """Condition 2: the value, of the wanted shape, with its numbers as fractions."""
    if isinstance(wanted, dict) and isinstance(value, dict) and value.keys() == wanted.keys():
        return {key: shape(value[key], x, f"{where}.{key}", work) for key, x in wanted.items()}
    if isinstance(wanted, list) and isinstance(value, list) and (value or "?" in wanted):
        return [shape(x, wanted[0], f"{where}[{i}]", work) for i, x in enumerate(value)]
    if wanted == NUMBER and isinstance(value, str) and (found := FRACTION.fullmatch(value)):
        work.spend(2, 10, 3 * len(value))
        above, below = (int(Decimal(x)) for x in found.groups(1))  # of any length
        if gcd(above, below) == 1:
            return Fraction(above, below)
    right = isinstance(value, str) if wanted == TEXT else type(value) is int and value >= 0
    need(right and wanted in (INDEX, TEXT), 2, f"{where} is not {wanted!s:.80}")
    return value

class Problem:
    """Conditions 3 and 4."""
    def __init__(self, said: Any, raw: Any, work: Work) -> None:
        self.tokens, self.matrix, alpha, self.weights = (said["problem"][key] for key in PROBLEM)
        self.n, self.d, self.work = len(self.tokens), len(self.matrix), work
        need({self.d} == {*map(len, self.tokens + self.matrix)}, 3, "tokens and A differ in length")
        need(len(self.weights) == self.n and all(self.weights), 3, "the multiplicities")
        need(alpha > (0 if "claim" in said else -1), 3, "alpha is too small")
        canonical = json.dumps(raw["problem"], sort_keys=True, separators=(",", ":"))
        need(said["sha256"] == sha256(canonical.encode()).hexdigest(), 4, "sha256 is another one")
        self.lam, self.fixed = 1 / (1 + alpha), 0
        _, self.A, size = self.whole(5, self.matrix)  # A times a positive number
        self.fixed = 2 * max(size, bits([*self.lam.as_integer_ratio(), sum(self.weights)]))

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
        n, d, w, z, lam = self.n, self.d, self.weights, self.tokens, self.lam
        sets, free = [[0]] * n, [*range(n)]
        for _ in range(last + 1):
            self.work.spend(5, 600 + n * (60 * d + 2 * len(free)))
            q, rows, _ = self.whole(5, z, n * (6 + d + 2 * len(free)) * d)
            images, sets = [[dot(row, x) for row in self.A] for x in rows], sets.copy()
            for i in free:
                values = [sum(map(mul, rows[i], y)) for y in images]
                top = max(values)
                sets[i] = [j for j, value in enumerate(values) if value == top]
            free = [i for i, C in enumerate(sets) if len(C) > 1 or sets[C[0]] != C or lam >= 1]
            yield z, sets, free
            means = [[Fraction(sum(w[j] * rows[j][s] for j in C), q * sum(w[j] for j in C))
                      for s in range(d)] for C in sets]
            z = [[lam * x + (1 - lam) * y for x, y in zip(*pair)] for pair in zip(z, means)]

class Settling(Problem):
    """Conditions 3 to 14."""
    def __init__(self, said: Any, raw: Any, work: Work) -> None:
        super().__init__(said, raw, work)
        claim, evidence = said["claim"], said["evidence"]
        self.last, self.limits = claim["settled_layer"], claim["limits"]
        first, stated = ([x[key] for x in evidence["patterns"]] for key in STRETCH)
        need(all(a < b for a, b in pairwise(first)), 6, "the stretches do not rise")
        need([first[0], first[-1]] == [0, self.last], 6, f"they do not run from 0 to {self.last}")
        need(all(a != b for a, b in pairwise(stated)), 6, "no change of pattern")
        self.since = dict[int, int]()
        for layer, reached in enumerate(self.layers(self.last)):
            self.start, self.sets, self.free = reached
            same = self.sets == stated[bisect(first, layer) - 1]
            need(same, 5, f"the attention sets at layer {layer}")
            self.since = {i: self.since.get(i, layer) for i, C in enumerate(self.sets) if C == [i]}
        need([(*x.values(),) for x in claim["leaders"]] == [*self.since.items()], 7, "the leaders")
        self.solve(evidence["closed_forms"])
        self.compare(lead.values() for lead in evidence["leads"])

    def solve(self, entries: Any) -> None:
        """Conditions 8 to 10 and 13, with bases and coefficients over a common denominator."""
        d, w, sets, (hold, total) = self.d, self.weights, self.sets, self.lam.as_integer_ratio()
        need(len(entries) == self.n, 8, "one closed form for each token")
        count = sum(2 + len(entries[j]) for i, C in enumerate(sets) for j in [i, i, *C])
        numbers = [[x["base"], *x["coefficient"]] for x in chain(*entries)]
        one, rows, self.long = self.whole(8, numbers, count * (20 + 5 * d))
        self.one, self.forms, due = one, list[Terms](), iter(rows)
        for i, entry in enumerate(entries):
            form = [(r, x["degree"], c) for x, (r, *c) in zip(entry, due)]
            need(all(x[:2] > y[:2] for x, y in pairwise(form)), 8, f"token {i}: the order")
            good = all(0 < r < one or (r, p) == (one, 0) for r, p, _ in form)
            need(good and all(len(c) == d and any(c) for *_, c in form), 8, f"token {i}: a term")
            sums = [sum(c[s] for _, p, c in form if p == 0) for s in range(d)]
            starts = [Fraction(x, one) for x in sums] == self.start[i]
            need(starts, 9, f"token {i} starts elsewhere")
            self.forms.append(form)
        need(len(self.limits) == self.n, 13, "one limit for each token")
        for i, (form, C) in enumerate(zip(self.forms, sets)):
            part = sum(w[j] for j in C)
            for s in range(d):
                a = [(r, p, (r * total - one * hold) * part * c[s]) for r, p, c in form]
                b = [(r, p - 1, r * total * part * c[s]) for r, p, c in form if p]
                c = [(r, p, one * (hold - total) * w[j] * c[s])
                     for j in C for r, p, c in self.forms[j]]
                need(not collected(a + b + c), 10, f"token {i} does not obey the layer")
            fixed = [x["coefficient"] for x in entries[i] if x["base"] == 1] or [[0] * d]
            need([self.limits[i]] == fixed, 13, f"the limit of token {i}")

    def compare(self, due: Any) -> None:
        """Conditions 11 and 12."""
        n, forms, terms = self.n, self.forms, sum(map(len, self.forms))
        for i in self.free:
            first, C = forms[self.sets[i][0]], {*self.sets[i]}
            pairs = sum((1 + p) ** 2 for _, p, _ in forms[i]) * (n * len(first) + terms)
            self.work.spend(11, 10 * n + pairs * (9 + self.d), 2 * self.long)
            x = [(r, p, [dot(c, column) for column in zip(*self.A)]) for r, p, c in forms[i]]
            top = product(x, first, 1)
            for j, form in enumerate(forms):
                f, where = collected(top + product(x, form, -1)), f"token {i} against {j}"
                sums = [*accumulate(c for _, p, c in f if p == 0)] or [0]
                if j in C:
                    need(not f, 11, f"{where}: the tie does not last")
                elif min(sums) < 0 or sums[-1] == 0 or any(c < 0 for _, p, c in f if p):
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
    sums = [(r, p, sum([c for *_, c in group])) for (r, p), group in groups]
    return [term for term in sums if term[2]]

def estimates(f: Terms, times: Any, precision: Any, where: str, work: Work) -> None:
    """Condition 12, of the terms (base, degree, coefficient) of f."""
    rises = times[0] == 0 and all(u < v for u, v in pairwise(times))
    need(rises, 12, f"{where}: the order of the times")
    need(f and f[0][2] > 0, 12, f"{where}: the dominant coefficient is not positive")
    (top, first, _), T, high = f[0], times[-1], max(p for _, p, _ in f)
    g, count = [(Fraction(r, top), p, c) for r, p, c in f], len(f) * len(times)
    long, steps = precision + bits(r.denominator for r, _, _ in g), T.bit_length()
    work.spend(12, count * (20 + 6 * steps), long)
    work.spend(12, count * (1 + high), precision + bits(c for *_, c in f) + high * steps)
    falls = all(r == 1 or (T + 1) * (1 - r) >= p for r, p, c in g if c < 0)
    need(T >= first and falls, 12, f"{where}: {T} is too early to be the last time")
    for u, v in zip(times, [*(t - 1 for t in times[1:]), T]):
        above = [c * comb(u, p) * power(r, v, precision, 1) for r, p, c in g
                 if c > 0 and (u < T or (r == 1 and p == first))]
        below = [c * comb(v, p) * power(r, u, precision, -1) for r, p, c in g if c < 0]
        need(sum(above) > sum(below), 12, f"{where}: the estimate for times from {u} on")

def power(r: Fraction, t: int, precision: int, side: int) -> int:
    """About side 2^precision r^t for 0 < r <= 1, and not more; the side is 1 or -1."""
    value = side << precision
    for bit in f"{t:b}":
        value = side * value * value >> precision
        if bit == "1":
            value = value * r.numerator // r.denominator
    return value

def pivots(A: list[Row], work: Work) -> Iterator[int]:
    """Those of elimination on A + A', up to a negative one; -1 for a 0 in a row that is not 0."""
    rows, last = [[x + y for x, y in zip(*pair)] for pair in zip(A, zip(*A))], 1
    while rows and last > 0:
        work.spend(15, 10 * len(rows) ** 2, bits(chain(*rows)))
        (pivot, *right), *below = rows
        yield pivot if pivot or not any(right) else -1
        pivot = pivot or last
        rows = [[(pivot * x - left * y) // last for x, y in zip(row, right)]
                for left, *row in below]  # minors, so that `last` divides them
        last = pivot

def refutation(said: Any, raw: Any, work: Work) -> str:
    """Conditions 15 to 17, and 3 to 14 of each run, or 3, 4 and 14 of the one problem."""
    statement, i, j = said["statement"], said["token"], said["other"]
    kind, dropped = Settling if "runs" in said else Problem, list[str]()
    runs: Any = [kind(*x, work) for x in zip(said.get("runs", [said]), raw.get("runs", [raw]))]
    for p in runs:
        _, rows, _ = p.whole(15, p.tokens, p.n * p.n.bit_length() * (3 + p.d))
        least = min(pivots(p.A, work))
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
    false = (violated(statement, runs, i, j, said["functional"]) if "runs" in said else
             dropped and failing(said["lemma"], runs[0], i, j, said["layer"]))
    need(false, 17, f"{statement!r:.40} is not refuted")
    return f"{statement} is false for {runs[0].n} tokens in dimension {runs[0].d}"

def violated(statement: str, runs: list[Settling], i: int, j: int, vector: Any) -> object:
    """Conditions 16 and 17, by runs."""
    p, last = runs[0], runs[-1]
    same = (p.tokens, p.matrix, p.weights) == (last.tokens, last.matrix, last.weights)
    need(same and len(runs) == 1 + statement.endswith("-of-alpha"), 16, "the runs")
    need(len(vector) == (p.d if statement == "hull-vertices-lead" else 0), 16, "the functional")
    _, points, _ = p.whole(17, [*p.tokens, *p.limits, vector], p.n * p.d * (p.d + 4))
    z, s, high = points[: p.n], points[p.n :], {v: dot(points[-1], points[v]) for v in range(p.n)}
    far = {v: p.inner(x, x) for v in p.since for x in [[a - b for a, b in zip(z[i], s[v])]]}
    ends = [s[v] for v in p.since]
    moving = [(r, q) for r, q, _ in p.forms[j] if r < p.one]
    return {
        "leaders-from-the-first-layer": p.since.get(i, 0) > 0,
        "hull-vertices-lead": i not in p.since and [v for v in high if high[v] >= high[i]] == [i],
        "limits-are-vertices": s[i] not in ends,
        "nearest-leader": [v for v in far if far[v] <= far.get(j, -1)] == [j] and s[i] != s[j],
        "leaders-independent-of-alpha": (i in p.since) != (i in last.since),
        "limits-independent-of-alpha": p.limits[i] != last.limits[i],
        "settles-within-n-layers": p.last > p.n,
        "attends-leaders-eventually": i != j and j in p.sets[i] and moving,
        "geometric-rate": any(key > (p.lam * p.one, 0) for key in moving),
        "without-nonzero-tokens": min([s[i], *ends]) < s[i] == [0] < max(ends),
    }.get(statement)

def failing(lemma: str, p: Problem, i: int, j: int, layer: int) -> object:
    """Conditions 14 and 17, by a layer."""
    (old, C, _), (new, D, _) = deque(p.layers(layer + 1), 2)
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
    }.get(lemma)

def verify(text: str) -> str:
    """What the certificate proves, in one line; raises `Rejected`, and nothing else."""
    work = Work()
    need(len(text) <= MAX_TEXT, 1, f"more than {MAX_TEXT} characters")
    work.spend(1, 20 * sum(map(text.count, "[{,")))
    try:
        raw = json.loads(text, object_pairs_hook=unique, parse_int=index)
    except (ValueError, RecursionError) as error:
        raise Rejected(f"condition 1: not JSON within bounds: {error!s:.80}") from None
    kind = raw.get("kind") if isinstance(raw, dict) else None
    need(isinstance(kind, str) and kind in KINDS, 2, f"kind is none of {', '.join(KINDS)}")
    head = {"format": TEXT, "version": INDEX, "kind": TEXT}
    said = shape(raw, head | KINDS[str(kind)], "certificate", work)
    need((said["format"], said["version"]) == ("hardmax-certificate", 1), 2, "format or version")
    if kind != "settling":
        return refutation(said, raw, work)
    run = Settling(said, raw, work)
    return f"{run.n} tokens settle at layer {run.last} with {len(run.since)} leaders"

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
