"""Verify certificates of hardmax attention: theory/CERTIFICATE.md, condition by condition.

Standard library only, nothing of the project, no search.      python verifier.py CERTIFICATE...
Exit status: 0 accepted; 1 rejected, with the number of the failed condition; 2 unreadable.
"""

import json
import os
import re
import sys
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator
from fractions import Fraction
from hashlib import sha256
from itertools import accumulate, chain, islice, pairwise
from math import comb, gcd, lcm
from operator import mul
from typing import Any

Row = list[int]
Form = dict[tuple[int, int], Row]  # a closed form: the coefficient of each (place of base, degree)
Terms = list[tuple[Fraction, int, int]]  # a scalar one: (base, degree, coefficient), falling
MAX_TEXT, MAX_PARTS, MAX_WORK = 1 << 26, 1 << 21, 5 * 10**7
NUMBER = re.compile("(?!-0)-?(0|[1-9][0-9]*)(?:/([2-9]|[1-9][0-9]+))?")
POINTS = [["number"]]
PROBLEM = {"tokens": POINTS, "A": POINTS, "alpha": "number", "multiplicities": ["index"]}
LEADER = {"token": "index", "since_layer": "index"}
STRETCH = {"from": "index", "attention": [["index"]]}
TERM = {"base": "number", "degree": "index", "coefficient": ["number"]}
LEAD = {"token": "index", "other": "index", "times": ["index"], "precision": "index"}
RUN = {
    "problem": PROBLEM, "sha256": "text",
    "claim": {"settled_layer": "index", "leaders": [LEADER, "?"], "limits": POINTS},
    "evidence": {"patterns": [STRETCH], "closed_forms": [[TERM, "?"]], "leads": [LEAD, "?"]},
}
WITNESS = {"statement": "text", "token": "index", "other": "index"}
KINDS: dict[str, dict[str, Any]] = {
    "settling": RUN,
    "refutation-by-runs": WITNESS | {"runs": [RUN], "functional": ["number", "?"]},
    "refutation-by-layer":
        WITNESS | {"problem": PROBLEM, "sha256": "text", "lemma": "text", "layer": "index"},
}

class Rejected(Exception):
    """The certificate fails a condition; the message begins with its number."""

def need(holds: object, condition: int, message: str) -> None:
    if not holds:
        raise Rejected(f"condition {condition}: {message}")

class Work:
    """Condition 14: what is left of the work that one certificate may take."""
    def __init__(self) -> None:
        self.left = MAX_WORK

    def spend(self, condition: int, count: int, a: int = 0, b: int = 0) -> None:
        """Before `count` products, quotients or comparisons of integers of a and b bits."""
        self.left -= count * (1 + ((a + 32) * (b + 32) >> 17))
        need(self.left >= 0, 14, f"too much work for condition {condition}")

def bits(numbers: Iterable[Any]) -> int:
    """Of the longest numerator or denominator."""
    return max((max(abs(x.numerator), x.denominator).bit_length() for x in numbers), default=1)

def parse(text: str) -> Any:
    """Condition 1."""
    def unique(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in items:
            need(key not in found, 1, f"repeated key {key!r:.80}")
            found[key] = value
        return found
    def index(digits: str) -> int:
        return int(digits) if digits[0] != "-" and len(digits) <= 60 else -1
    need(len(text) <= MAX_TEXT, 1, f"more than {MAX_TEXT} characters")
    need(sum(map(text.count, "[{,")) <= MAX_PARTS, 1, f"more than {MAX_PARTS} parts")
    try:
        return json.loads(text, object_pairs_hook=unique, parse_int=index)
    except (ValueError, RecursionError) as error:
        raise Rejected(f"condition 1: not JSON within bounds: {error!s:.80}") from None

def shape(value: Any, wanted: Any, where: str, work: Work) -> Any:
    """Condition 2: the value, of the wanted shape, with its numbers as fractions."""
    if isinstance(wanted, dict):
        need(isinstance(value, dict), 2, f"{where} is not an object")
        odd = sorted(value.keys() ^ wanted.keys())
        need(not odd, 2, f"{where}: missing or unknown key {odd[:1]!r:.80}")
        return {key: shape(value[key], x, f"{where}.{key}", work) for key, x in wanted.items()}
    if isinstance(wanted, list):
        need(isinstance(value, list), 2, f"{where} is not a list")
        need(value or "?" in wanted, 2, f"{where} is empty")
        return [shape(x, wanted[0], f"{where}[{i}]", work) for i, x in enumerate(value)]
    kind = int if wanted == "index" else str
    need(type(value) is kind, 2, f"{where} is of type {type(value).__name__}, not {kind.__name__}")
    need(wanted != "index" or value >= 0, 2, f"{where} is negative or too large")
    return number(value, where, work) if wanted == "number" else value

def number(text: str, where: str, work: Work) -> Fraction:
    found: Any = NUMBER.fullmatch(text) if len(text) <= 50_000 else None
    need(found, 2, f"{where}: {text[:40]!r} is not a number in lowest terms, or too long")
    work.spend(2, 10, 3 * len(text), 3 * len(text))
    above, below = whole(found[1]), whole(found[2] or "1")
    need(gcd(above, below) == 1, 2, f"{where}: {text[:40]!r} is not in lowest terms")
    return Fraction(-above if text[0] == "-" else above, below)

def whole(digits: str) -> int:
    """int(digits), in pieces that pass Python's limit on the length of what it converts."""
    head, tail = digits[:-600], digits[-600:]
    return (whole(head) * 10**600 if head else 0) + int(tail)

def integers(rows: list[list[Fraction]], work: Work, condition: int) -> tuple[int, list[Row]]:
    """The least common denominator of the numbers, and its product with each of them."""
    q, count, size = 1, sum(map(len, rows)), bits(chain(*rows))
    for x in chain(*rows):
        work.spend(condition, 10, q.bit_length(), x.denominator.bit_length())
        q = lcm(q, x.denominator)
    work.spend(condition, 2 * count, q.bit_length(), size)
    work.spend(condition, count * q.bit_length() >> 6)
    return q, [[x.numerator * (q // x.denominator) for x in row] for row in rows]

def dot(x: Iterable[int], y: Iterable[int]) -> int:
    return sum(map(mul, x, y))

class Problem:
    """Conditions 3 and 4."""
    def __init__(self, said: Any, raw: Any, work: Work) -> None:
        self.tokens, matrix, self.alpha, self.weights = (said["problem"][key] for key in PROBLEM)
        self.n, self.d, self.work = len(self.tokens), len(matrix), work
        need({self.d} == {*map(len, self.tokens + matrix)}, 3, "tokens and A differ in dimension")
        need(len(self.weights) == self.n and all(self.weights), 3, "the multiplicities")
        need(self.alpha > -1, 3, "alpha is not above -1")
        canonical = json.dumps(raw["problem"], sort_keys=True, separators=(",", ":"))
        need(said["sha256"] == sha256(canonical.encode()).hexdigest(), 4, "sha256 is another one")
        self.scale, self.A = integers(matrix, work, 5)  # A times a positive number
        self.pull, self.hold = self.alpha.as_integer_ratio()  # z becomes (hold z + pull m) / sum
        self.sum = self.hold + self.pull
        self.long = bits([*chain(*self.A), self.hold, self.sum, sum(self.weights)])

    def inner(self, x: Row, y: Row) -> int:
        return dot(x, [dot(row, y) for row in self.A])

    def locked(self, sets: list[list[int]]) -> set[int]:
        """The tokens whose attention sets are proved to stay."""
        return {i for i, C in enumerate(sets)
                if self.alpha > 0 and len(C) == 1 and sets[C[0]] == C}

    def layers(self, last: int) -> Iterator[tuple[int, list[Row], list[list[int]]]]:
        """Z^0, ..., Z^last, as q and q Z^l, with their attention sets."""
        n, d, w, spend = self.n, self.d, self.weights, self.work.spend
        spend(5, (last + 1) * (200 + n * (10 + 2 * d)))
        q, rows = integers(self.tokens, self.work, 5)
        sets = [list[int]()] * n
        for layer in range(last + 1):
            size, stay = bits([q, *chain(*rows)]), self.locked(sets)
            spend(5, n * d * (d + 1), size, self.long)
            spend(5, n * (n - len(stay)) * (2 + d), size, size + self.long)
            images = [[dot(row, x) for row in self.A] for x in rows]
            sets = [sets[i] if i in stay else [j for j, v in enumerate(values) if v == top]
                    for i, x in enumerate(rows)
                    for values in [[] if i in stay else [sum(map(mul, x, y)) for y in images]]
                    for top in [max(values, default=0)]]
            yield q, rows, sets
            if layer < last:
                spend(5, sum(map(len, sets)) * (2 + d), size, self.long)
                spend(5, n, n * self.long, self.long)
                shares = [[w[j] // common for j in C] for C in sets
                          for common in [gcd(*(w[j] for j in C))]]
                over = lcm(*map(sum, shares))
                spend(5, 2 * n * d, size + self.long, over.bit_length() + self.long)
                sums = [[dot(share, column) for column in zip(*(rows[j] for j in C))]
                        for C, share in zip(sets, shares)]
                pulls = [self.pull * over // sum(share) for share in shares]
                rows = [[self.hold * over * u + pull * v for u, v in zip(x, y)]
                        for x, y, pull in zip(rows, sums, pulls)]
                q *= self.sum * over
                spend(5, n * d, q.bit_length(), q.bit_length())
                common = gcd(q, *chain(*rows))
                q, rows = q // common, [[x // common for x in row] for row in rows]

class Settling(Problem):
    """Conditions 3 to 14."""
    def __init__(self, said: Any, raw: Any, work: Work) -> None:
        super().__init__(said, raw, work)
        need(self.alpha > 0, 3, "alpha is not positive")
        claim, evidence = said["claim"], said["evidence"]
        self.layer, self.limits = claim["settled_layer"], claim["limits"]
        self.follow(evidence["patterns"])
        leaders = [{"token": i, "since_layer": k} for i, k in self.since.items()]
        need(claim["leaders"] == leaders, 7, "the leaders")
        self.solve(evidence["closed_forms"])
        need(len(self.limits) == self.n, 13, "one limit for each token")
        for i, terms in enumerate(evidence["closed_forms"]):
            fixed = [term["coefficient"] for term in terms if term["base"] == 1]
            need([self.limits[i]] == (fixed or [[0] * self.d]), 13, f"the limit of token {i}")
        self.compare(evidence["leads"])

    def follow(self, patterns: Any) -> None:
        """Conditions 5 and 6."""
        first = [stretch["from"] for stretch in patterns]
        need(all(a < b for a, b in pairwise(first)), 6, "the stretches do not rise")
        need([first[0], first[-1]] == [0, self.layer], 6, f"they do not run from 0 to {self.layer}")
        stated = [stretch["attention"] for stretch in patterns]
        need(all(a != b for a, b in pairwise(stated)), 6, "no change of pattern")
        changes, self.since = iter(zip([*first[1:], -1], stated)), dict[int, int]()
        until, pattern = next(changes)
        for layer, (q, z, sets) in enumerate(self.layers(self.layer)):
            if layer == until:
                until, pattern = next(changes)
            need(sets == pattern, 5, f"the attention sets at layer {layer}")
            self.since = {i: self.since.get(i, layer) for i, C in enumerate(sets) if C == [i]}
            self.q, self.start, self.sets = q, z, sets

    def solve(self, entries: Any) -> None:
        """Conditions 8 to 10, with the closed forms over one denominator."""
        n, d, w, zero, spend = self.n, self.d, self.weights, [0] * self.d, self.work.spend
        need(len(entries) == n, 8, "one closed form for each token")
        terms = [*chain(*entries)]
        self.bases = [term["base"] for term in terms]
        broad, count = bits(self.bases), len(terms)
        spend(8, 20 * count * (1 + count.bit_length()), broad, broad)
        for i, form in enumerate(entries):
            pairs = [(term["base"], term["degree"]) for term in form]
            need(all(x > y for x, y in pairwise(pairs)), 8, f"token {i}: the order of the terms")
            need(all(0 < r < 1 or (r, p) == (1, 0) for r, p in pairs), 8, f"token {i}: a base")
        vectors = [term["coefficient"] for term in terms]
        need(all(len(c) == d and any(c) for c in vectors), 8, "a coefficient")
        need(all(term["degree"] < n for term in terms), 10, "a degree that is too high")
        self.bases.sort()
        over, rows = integers(vectors, self.work, 8)
        places = ((bisect_left(self.bases, term["base"]), term["degree"]) for term in terms)
        placed = zip(places, rows)
        self.forms: list[Form] = [dict(islice(placed, len(form))) for form in entries]
        need(len({*chain(*self.forms)}) <= n, 10, "too many terms")
        self.size = bits([over, *chain(*rows)])
        spend(9, 3 * (n + count) * d, self.size, self.q.bit_length())
        spend(9, n * d, self.size, bits(chain(*self.start)))
        for form, z in zip(self.forms, self.start):
            sums = [sum(c[s] for (_, p), c in form.items() if p == 0) for s in range(d)]
            need([self.q * x for x in sums] == [over * x for x in z], 9, "a token starts elsewhere")
        for i, C in enumerate(self.sets):
            form, mean, weight = self.forms[i], Form(), sum(w[j] for j in C)
            count = 3 * len(form) + sum(1 + len(self.forms[j]) for j in C)
            spend(10, count * (20 + 5 * d), self.size + broad + self.long, broad + 2 * self.long)
            for key, c, weigh in ((key, c, w[j]) for j in C for key, c in self.forms[j].items()):
                mean[key] = [x + weigh * y for x, y in zip(mean.get(key, zero), c)]
            for a, p in {*form, *mean, *((a, p - 1) for a, p in form if p)}:
                now, up = form.get((a, p), zero), form.get((a, p + 1), zero)
                above, below = self.bases[a].as_integer_ratio()
                after, hold, pull = (x * y for x, y in zip(
                    [above * weight, below * weight, below], [self.sum, self.hold, self.pull]))
                need(all(after * (x + y) == hold * x + pull * m
                         for x, y, m in zip(now, up, mean.get((a, p), zero))),
                     10, f"token {i} does not obey the layer")

    def compare(self, entries: Any) -> None:
        """Conditions 11 and 12."""
        due, columns, stay, work = iter(entries), [*zip(*self.A)], self.locked(self.sets), self.work
        pairs, broad = [*chain(*self.forms)], 2 * bits(self.bases)
        high, every = max([0, *(p for _, p in pairs)]), {a for a, _ in pairs}
        some = {a for i, form in enumerate(self.forms) if i not in stay for a, _ in form}
        count = len(some) * len(every)
        work.spend(11, 40 * count * count.bit_length(), broad, broad)
        bases = sorted(self.bases[a] * self.bases[b] for a in some for b in every)
        place = {(a, b): bisect_left(bases, self.bases[a] * self.bases[b])
                 for a in some for b in every}
        for i, form in enumerate(self.forms):
            if i in stay:
                continue
            most = max([0, *(p for _, p in form)])
            count = self.d**2 + len(pairs) * (6 + self.d + most * (1 + most) * (9 + high))
            work.spend(11, len(form) * count, self.size, self.size + self.long)
            work.spend(11, 20 * self.n)
            left = {key: [dot(c, x) for x in columns] for key, c in form.items()}
            C = {*self.sets[i]}
            top = product(left, self.forms[min(C)], place)
            for other in range(self.n):
                gap, where = top.copy(), f"token {i} against {other}"
                for key, x in product(left, self.forms[other], place).items():
                    gap[key] = gap.get(key, 0) - x
                f = sorted(((a, p, c) for (a, p), c in gap.items() if c), reverse=True)
                sums = [*accumulate(c for _, p, c in f if p == 0)] or [0]
                if other in C:
                    need(not f, 11, f"{where}: the tie does not last")
                elif min(sums) < 0 or sums[-1] == 0 or any(c < 0 for _, p, c in f if p):
                    lead: Any = next(due, {})
                    named = (lead.get("token"), lead.get("other")) == (i, other)
                    need(named, 12, f"{where}: no evidence, or out of order")
                    g = [(bases[a], p, c) for a, p, c in f]
                    estimates(g, lead["times"], lead["precision"], where, work)
        need(not [*due], 12, "evidence where none is due, or out of order")

def product(x: Form, y: Form, place: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """Of closed forms; `place` has the base of each product of two bases."""
    total: dict[tuple[int, int], int] = {}
    for (r, a), u in x.items():
        for (s, b), v in y.items():
            value = dot(u, v)
            for p in range(max(a, b), a + b + 1):
                key = place[r, s], p
                total[key] = total.get(key, 0) + comb(p, a) * comb(a, p - b) * value
    return total

def estimates(f: Terms, times: list[int], precision: int, where: str, work: Work) -> None:
    rises = times[0] == 0 and all(u < v for u, v in pairwise(times))
    need(rises, 12, f"{where}: the order of the times")
    need(f and f[0][2] > 0, 12, f"{where}: the dominant coefficient is not positive")
    size, long = 2 * bits(r for r, _, _ in f), bits(c for _, _, c in f)
    degree = max(q for _, q, _ in f)
    work.spend(12, 50 * len(f), size, size + 200)
    g, T = [(r / f[0][0], q, c) for r, q, c in f], times[-1]
    falls = all(r == 1 or (T + 1) * (1 - r) >= q for r, q, c in g if c < 0)
    need(T >= g[0][1] and falls, 12, f"{where}: {T} is too early to be the last time")
    stretches = [(u, v - 1, g) for u, v in pairwise(times)]
    for u, v, terms in [*stretches, (T, T, [g[0], *(term for term in g if term[2] < 0)])]:
        steps = v.bit_length()
        work.spend(12, 6 * len(terms) * (1 + steps), precision + size, precision + size)
        work.spend(12, len(terms) * (1 + degree), degree * steps, long + steps + precision)
        least = sum(c * comb(u, q) * power(r, v, precision)[0] if c > 0 else
                    c * comb(v, q) * power(r, u, precision)[1] for r, q, c in terms)
        need(least > 0, 12, f"{where}: the estimate for times from {u} on")

def power(r: Fraction, t: int, precision: int) -> tuple[int, int]:
    """Integers low <= 2^precision r^t <= high, for 0 < r <= 1."""
    above, below = r.as_integer_ratio()
    low = high = 1 << precision
    for bit in f"{t:b}":
        low, high = low * low >> precision, -(-high * high >> precision)
        if bit == "1":
            low, high = low * above // below, -(-high * above // below)
    return low, high

def sign(A: list[Row], work: Work) -> str:
    """Of x'Ax for x not 0: always "> 0", always ">= 0", or neither; by elimination on A + A'."""
    rows, found, last = [[x + y for x, y in zip(*pair)] for pair in zip(A, zip(*A))], "> 0", 1
    for k, row in enumerate(rows):
        if row[k] < 0 or (row[k] == 0 and any(row[k:])):
            return "neither"
        found, size = found if row[k] else ">= 0", bits(chain(*rows[k:]))
        work.spend(15, 8 * (len(rows) - k) ** 2, size, size)
        for below in rows[k + 1 :] if row[k] else []:  # minors, so that `last` divides them
            below[k:] = [(row[k] * x - below[k] * y) // last for x, y in zip(below[k:], row[k:])]
        last = row[k] or last
    return found

STANDING = {"nonzero": True, "distinct": True, "symmetric": True, "A": "> 0", "alpha": "> 0"}
DROPPED: dict[str, dict[str, object]] = {
    "without-nonzero-tokens": {"nonzero": False}, "without-distinctness": {"distinct": False},
    "without-symmetry": {"symmetric": False}, "without-definiteness": {"A": "neither"},
    "without-strictness": {"A": ">= 0"}, "with-negative-step": {"alpha": "< 0"},
    "with-zero-step": {"alpha": "= 0"},
}

def refutation(said: Any, raw: Any, work: Work) -> str:
    """Conditions 15 to 17, and 3 to 14 of each run, or 3, 4 and 14 of the one problem."""
    statement, i, j = said["statement"], said["token"], said["other"]
    runs = [Settling(x, y, work) for x, y in zip(said.get("runs", []), raw.get("runs", []))]
    problems: list[Problem] = [*runs] or [Problem(said, raw, work)]
    for p in problems:
        _, rows = integers(p.tokens, work, 15)
        work.spend(15, p.n * p.n.bit_length() * (3 + p.d), bits(chain(*rows)), 32)
        facts = {"nonzero": all(map(any, rows)), "A": sign(p.A, work),
                 "distinct": all(x != y for x, y in pairwise(sorted(rows))),
                 "symmetric": p.A == [[*column] for column in zip(*p.A)],
                 "alpha": "> 0" if p.alpha > 0 else "= 0" if p.alpha == 0 else "< 0"}
        need(facts == STANDING | DROPPED.get(statement, {}), 15, f"the hypotheses: {facts}")
        need(max(i, j) < p.n, 16, "a token that is none of the problem's")
    false = (violated(statement, runs, i, j, said["functional"]) if runs else
             statement in DROPPED and failing(said["lemma"], problems[0], i, j, said["layer"]))
    need(false, 17, f"{statement!r:.40} is not refuted")
    return f"{statement} is false for {problems[0].n} tokens in dimension {problems[0].d}"

def violated(statement: str, runs: list[Settling], i: int, j: int, vector: Any) -> object:
    """Conditions 16 and 17, by runs."""
    p, last, work = runs[0], runs[-1], runs[0].work
    same = (p.tokens, p.A, p.scale, p.weights) == (last.tokens, last.A, last.scale, last.weights)
    need(same and len(runs) == 1 + statement.endswith("-of-alpha"), 16, "the runs")
    need(len(vector) == (p.d if statement == "hull-vertices-lead" else 0), 16, "the functional")
    _, points = integers(p.tokens + p.limits, work, 17)
    _, [h] = integers([vector], work, 17)
    size = bits(chain(*points))
    work.spend(17, p.n * p.d * (p.d + 4), size + p.long, size + p.long + bits(h))
    z, s = points[: p.n], points[p.n :]
    led = {v: s[v] for v in p.since}
    away = {v: [x - y for x, y in zip(z[i], s[v])] for v in led}
    far = {v: p.inner(x, x) for v, x in away.items()}
    moving = [(p.bases[a], q) for a, q in p.forms[j] if p.bases[a] < 1]
    return {
        "leaders-from-the-first-layer": p.since.get(i, 0) > 0,
        "hull-vertices-lead": i not in led
            and all(dot(h, x) < dot(h, z[i]) for v, x in enumerate(z) if v != i),
        "limits-are-vertices": s[i] not in led.values(),
        "nearest-leader": j in led and s[i] != s[j]
            and all(x > far[j] for v, x in far.items() if v != j),
        "leaders-independent-of-alpha": (i in led) != (i in last.since),
        "limits-independent-of-alpha": p.limits[i] != last.limits[i],
        "settles-within-n-layers": p.layer > p.n,
        "attends-leaders-eventually": i != j and j in p.sets[i] and moving,
        "geometric-rate": any(key > (Fraction(p.hold, p.sum), 0) for key in moving),
        "without-nonzero-tokens": p.d == 1
            and min(led.values(), default=[0]) < s[i] == [0] < max(led.values(), default=[0]),
    }.get(statement)

def failing(lemma: str, p: Problem, i: int, j: int, layer: int) -> object:
    """Conditions 14 and 17, by a layer."""
    (q, z, C), (over, after, D) = deque(p.layers(layer + 1), 2)
    size = bits([q, over, *z[i], *chain(*after)])
    p.work.spend(17, (p.n + 4) * p.d * (p.d + 1), 2 * size, 2 * size + p.long)
    norms = [p.inner(x, x) for x in z]
    old, new = [x * over for x in z[i]], [x * q for x in after[i]]
    step = [x - y for x, y in zip(new, old)]
    gain = p.inner(new, new) - p.inner(old, old)
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
    raw, work = parse(text), Work()
    kind = raw.get("kind") if isinstance(raw, dict) else None
    need(isinstance(kind, str) and kind in KINDS, 2, f"kind is none of {', '.join(KINDS)}")
    head = {"format": "text", "version": "index", "kind": "text"}
    said = shape(raw, head | KINDS[str(kind)], "certificate", work)
    need((said["format"], said["version"]) == ("hardmax-certificate", 1), 2, "format or version")
    if kind != "settling":
        return refutation(said, raw, work)
    run = Settling(said, raw, work)
    return f"{run.n} tokens settle at layer {run.layer} with {len(run.since)} leaders"

def main(paths: list[str]) -> int:
    status = 0 if paths else 2
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                told, code = f"accepted: {verify(file.read(MAX_TEXT + 1))}", 0
        except Rejected as error:
            told, code = f"rejected: {error}", 1
        except (OSError, UnicodeDecodeError) as error:
            told, code = f"unreadable: {error}", 2
        status = max(status, code)
        try:
            print(f"{path}: {told}".encode("ascii", "backslashreplace").decode(), flush=True)
        except OSError:  # nobody can read the verdict
            os._exit(2)
    return status

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
