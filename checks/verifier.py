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
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from itertools import accumulate, chain, groupby, islice, pairwise
from math import comb, lcm
from operator import mul
from typing import Any

Row = list[int]
Form = dict[tuple[int, int], Row]  # a closed form: the coefficient of each (rank of base, degree)
MAX_TEXT, MAX_PARTS, MAX_WORK = 1 << 26, 1 << 21, 5 * 10**7
NUMBER = re.compile("(?!-0)(-?(?:0|[1-9][0-9]*))(?:/([2-9]|[1-9][0-9]+))?")
POINTS = [["number"]]
LEADER = {"token": "index", "since_layer": "index"}
STRETCH = {"from": "index", "attention": [["index"]]}
TERM = {"base": "number", "degree": "index", "coefficient": ["number"]}
LEAD = {"token": "index", "other": "index", "times": ["index"], "precision": "index"}
PROBLEM = {"tokens": POINTS, "A": POINTS, "alpha": "number", "multiplicities": ["index"]}
STATED = {"problem": PROBLEM, "sha256": "text"}
RUN = STATED | {
    "claim": {"settled_layer": "index", "leaders": [LEADER, "?"], "limits": POINTS},
    "evidence": {"patterns": [STRETCH], "closed_forms": [[TERM, "?"]], "leads": [LEAD, "?"]},
}
WITNESS = {"statement": "text", "token": "index", "other": "index"}
KINDS: dict[str, dict[str, Any]] = {
    "settling": RUN,
    "refutation-by-runs": WITNESS | {"runs": [RUN], "functional": ["number", "?"]},
    "refutation-by-layer": WITNESS | STATED | {"lemma": "text", "layer": "index"},
}

class Rejected(Exception):
    """The certificate fails a condition; the message begins with its number."""

def need(holds: object, condition: int, message: str) -> None:
    if not holds:
        raise Rejected(f"condition {condition}: {message}")

def bits(numbers: Iterable[int]) -> int:
    """Of the longest."""
    return max(x.bit_length() for x in numbers)

class Work:
    """Condition 14: what is left of the work that one certificate may take."""
    left = MAX_WORK

    def spend(self, condition: int, count: int, a: int, b: int) -> None:
        """Before `count` products, quotients or comparisons of integers of a and b bits."""
        self.left -= count * (1 + ((a + 32) * (b + 32) >> 17))
        need(self.left >= 0, 14, f"too much work for condition {condition}")

    def integers(self, condition: int, rows: list[list[Fraction]]) -> tuple[int, list[Row], int]:
        """The least common denominator, its products with all numbers, and their length."""
        q, numbers = 1, [*chain(*rows)]
        for x in numbers:
            self.spend(condition, 10, q.bit_length(), x.denominator.bit_length())
            q = lcm(q, x.denominator)
        above = max((x.numerator.bit_length() for x in numbers), default=1)
        self.spend(condition, len(numbers), q.bit_length(), 2000 + 2 * above)
        whole = [[x.numerator * (q // x.denominator) for x in row] for row in rows]
        return q, whole, bits([q, *chain(*whole)])

def parse(text: str) -> Any:
    """Condition 1."""
    def unique(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        need(len(found) == len(items), 1, f"repeated key among {[key for key, _ in items]!r:.80}")
        return found
    parts = sum(map(text.count, "[{,"))
    need(len(text) <= MAX_TEXT and parts <= MAX_PARTS, 1, "more characters or parts than allowed")
    try:
        return json.loads(text, object_pairs_hook=unique, parse_int=index)
    except (ValueError, RecursionError) as error:
        raise Rejected(f"condition 1: not JSON within bounds: {error!s:.80}") from None

def index(digits: str) -> int:
    return int(digits) if digits[0] != "-" and len(digits) <= 60 else -1

def shape(value: Any, wanted: Any, where: str, work: Work) -> Any:
    """Condition 2: the value, of the wanted shape, with its numbers as fractions."""
    if isinstance(wanted, dict) and isinstance(value, dict) and value.keys() == wanted.keys():
        return {key: shape(value[key], x, f"{where}.{key}", work) for key, x in wanted.items()}
    if isinstance(wanted, list) and isinstance(value, list) and (value or "?" in wanted):
        return [shape(x, wanted[0], f"{where}[{i}]", work) for i, x in enumerate(value)]
    kind = {"index": int, "number": str, "text": str}.get(str(wanted))
    need(type(value) is kind, 2, f"{where} is not of the shape {wanted!r:.80}")
    need(kind is str or value >= 0, 2, f"{where} is negative or too large")
    return number(value, where, work) if wanted == "number" else value

def number(text: str, where: str, work: Work) -> Fraction:
    found: Any = NUMBER.fullmatch(text) if len(text) <= 50_000 else None
    need(found, 2, f"{where}: {text[:40]!r} is not a number in lowest terms, or too long")
    work.spend(2, 10, 3 * len(text), 3 * len(text))
    above, below = int(Decimal(found[1])), int(Decimal(found[2] or 1))  # of any length
    value = Fraction(above, below)
    need(value.denominator == below, 2, f"{where}: {text[:40]!r} is not in lowest terms")
    return value

def dot(x: Iterable[int], y: Iterable[int]) -> int:
    return sum(map(mul, x, y))

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
        _, self.A, size = work.integers(5, self.matrix)  # A times a positive number
        self.pull, self.hold = alpha.as_integer_ratio()  # z becomes (hold z + pull m) / total
        self.total = self.hold + self.pull
        self.fixed = max(size, bits([self.hold, self.total, sum(self.weights)]))

    def inner(self, x: Row, y: Row) -> int:
        return dot(x, [dot(row, y) for row in self.A])

    def locked(self, sets: list[list[int]]) -> set[int]:
        """The tokens whose attention sets are proved to stay."""
        return {i for i, C in enumerate(sets) if len(C) == 1 and sets[C[0]] == C and self.pull > 0}

    def layers(self, last: int) -> Iterator[tuple[int, list[Row], int, list[list[int]]]]:
        """Z^0, ..., Z^last, as q and q Z^l with their length, and their attention sets."""
        n, d, w, z, sets = self.n, self.d, self.weights, self.tokens, [list[int]()] * self.n
        for layer in range(last + 1):
            q, rows, size = self.work.integers(5, z)
            free, long = {*range(n)} - self.locked(sets), size + 2 * self.fixed
            self.work.spend(5, 200 + n * (20 + d) * (2 + d), size, self.fixed)
            self.work.spend(5, n * len(free) * (2 + d), size, long)
            images, sets = [[dot(row, x) for row in self.A] for x in rows], sets.copy()
            for i in free:
                values = [sum(map(mul, rows[i], y)) for y in images]
                top = max(values)
                sets[i] = [j for j, value in enumerate(values) if value == top]
            yield q, rows, size, sets
            if layer < last:
                self.work.spend(5, sum(map(len, sets)) * (2 + d), size, self.fixed)
                self.work.spend(5, 5 * n * d, long, long)
                totals = [sum(w[j] for j in C) for C in sets]
                sums = [[sum(w[j] * rows[j][s] for j in C) for s in range(d)] for C in sets]
                z = [[Fraction(self.hold * total * x + self.pull * y, self.total * total * q)
                      for x, y in zip(row, mean)] for row, mean, total in zip(rows, sums, totals)]

class Settling(Problem):
    """Conditions 3 to 14."""
    def __init__(self, said: Any, raw: Any, work: Work) -> None:
        super().__init__(said, raw, work)
        claim, evidence = said["claim"], said["evidence"]
        self.layer, self.limits = claim["settled_layer"], claim["limits"]
        self.follow(evidence["patterns"])
        leaders = [{"token": i, "since_layer": k} for i, k in self.since.items()]
        need(claim["leaders"] == leaders, 7, "the leaders")
        self.solve(evidence["closed_forms"])
        self.compare(deque(evidence["leads"]))

    def follow(self, patterns: Any) -> None:
        """Conditions 5 and 6."""
        first, k = [stretch["from"] for stretch in patterns], self.layer
        need(all(a < b for a, b in pairwise(first)), 6, "the stretches do not rise")
        need([first[0], first[-1]] == [0, k], 6, f"they do not run from 0 to {k}")
        same = any(x["attention"] == y["attention"] for x, y in pairwise(patterns))
        need(not same, 6, "no change of pattern")
        layers, self.since = self.layers(k), dict[int, int]()
        for stretch, until in zip(patterns, [*first[1:], k + 1]):
            for layer in range(stretch["from"], until):
                self.q, self.start, self.long, self.sets = next(layers)
                need(self.sets == stretch["attention"], 5, f"the attention sets at layer {layer}")
                led = [i for i, C in enumerate(self.sets) if C == [i]]
                self.since = {i: self.since.get(i, layer) for i in led}

    def solve(self, entries: Any) -> None:
        """Conditions 8 to 10 and 13, with bases and coefficients over common denominators."""
        n, d, work, terms = self.n, self.d, self.work, [*chain(*entries)]
        need(len(entries) == n, 8, "one closed form for each token")
        vectors = [term["coefficient"] for term in terms]
        need(all(len(c) == d and any(c) for c in vectors), 8, "a coefficient")
        need(all(0 < x["base"] < 1 or (x["base"], x["degree"]) == (1, 0) for x in terms), 8, "base")
        degrees = [x["degree"] for x in terms]
        need(all(p < n for p in degrees), 10, "a degree that is too high")
        one, [bases], self.broad = work.integers(8, [[x["base"] for x in terms]])
        over, rows, self.size = work.integers(8, vectors)
        self.one, self.bases = one, [r for r, _ in groupby(sorted(bases))]
        placed = zip(zip([bisect_left(self.bases, r) for r in bases], degrees), rows)
        self.forms: list[Form] = [dict(islice(placed, len(entry))) for entry in entries]
        for i, (form, entry) in enumerate(zip(self.forms, entries)):
            falls = len(form) == len(entry) and [*form] == sorted(form, reverse=True)
            need(falls, 8, f"token {i}: the order of the terms")
        need(len({*chain(*self.forms)}) <= n, 10, "too many terms")
        tied = sum(1 + len(self.forms[j]) for C in self.sets for j in C)
        count = (n + 4 * len(rows) + tied) * (20 + 5 * d)
        work.spend(10, count, self.size, self.broad + 2 * self.fixed + self.long)
        for form, z in zip(self.forms, self.start):
            sums = map(sum, zip([0] * d, *(c for (_, p), c in form.items() if p == 0)))
            need([self.q * x for x in sums] == [over * x for x in z], 9, "a token starts elsewhere")
        for i, C in enumerate(self.sets):
            error, weight = Form(), sum(self.weights[j] for j in C)
            for (r, p), c in self.forms[i].items():
                grown = self.bases[r] * self.total * weight
                add(error, grown - one * self.hold * weight, {(r, p): c})
                add(error, grown, {(r, p - 1): c} if p else {})
            for j in C:
                add(error, -one * self.pull * self.weights[j], self.forms[j])
            need(not any(map(any, error.values())), 10, f"token {i} does not obey the layer")
        fixed = [[x["coefficient"] for x in entry if x["base"] == 1] for entry in entries]
        need(len(self.limits) == n, 13, "one limit for each token")
        for i, c in enumerate(fixed):
            need(self.limits[i] == (c[0] if c else [0] * d), 13, f"the limit of token {i}")

    def compare(self, due: Any) -> None:
        """Conditions 11 and 12."""
        columns, bases, work = [*zip(*self.A)], self.bases, self.work
        work.spend(11, 40 * len(bases) ** 2, self.broad, self.broad)
        products = sorted(r * s for r in bases for s in bases)
        place = [[bisect_left(products, r * s) for s in bases] for r in bases]
        pairs = [*chain(*self.forms)]
        high = 1 + max((p for _, p in pairs), default=0)
        each = self.d**2 + len(pairs) * (5 + self.d) * high**2
        for i in sorted({*range(self.n)} - self.locked(self.sets)):
            form, C = self.forms[i], {*self.sets[i]}
            work.spend(11, 10 * self.n + len(form) * each, self.size, self.size + self.fixed)
            left = {key: [dot(c, x) for x in columns] for key, c in form.items()}
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
                    lead: Any = due.popleft() if due else {}
                    named = (lead.get("token"), lead.get("other")) == (i, other)
                    need(named, 12, f"{where}: no evidence, or out of order")
                    g = [(products[a], p, c) for a, p, c in f]
                    estimates(g, lead["times"], lead["precision"], where, work)
        need(not due, 12, "evidence where none is due, or out of order")

def add(total: Form, factor: int, form: Form) -> None:
    for key, c in form.items():
        total[key] = [x + factor * y for x, y in zip(total.get(key, [0] * len(c)), c)]

def product(x: Form, y: Form, place: list[Row]) -> dict[tuple[int, int], int]:
    """Of closed forms; `place` has the rank of each product of two bases."""
    total: dict[tuple[int, int], int] = {}
    for (r, a), u in x.items():
        for (s, b), v in y.items():
            value = dot(u, v)
            for p in range(max(a, b), a + b + 1):
                key = place[r][s], p
                total[key] = total.get(key, 0) + comb(p, a) * comb(a, p - b) * value
    return total

def estimates(f: Any, times: list[int], precision: int, where: str, work: Work) -> None:
    """Condition 12, of the terms (base, degree, coefficient) of f."""
    rises = times[0] == 0 and all(u < v for u, v in pairwise(times))
    need(rises, 12, f"{where}: the order of the times")
    need(f and f[0][2] > 0, 12, f"{where}: the dominant coefficient is not positive")
    bases, degrees, numbers = zip(*f)
    T, steps, long = times[-1], 1 + times[-1].bit_length(), precision + bits(bases)
    work.spend(12, len(f) * (20 + 6 * len(times) * steps), long, long)
    long, high = precision + bits(numbers) + steps, max(degrees)
    work.spend(12, len(f) * len(times) * (1 + high), high * steps, long)
    g = [(Fraction(r, bases[0]), p, c) for r, p, c in f]
    falls = all(r == 1 or (T + 1) * (1 - r) >= p for r, p, c in g if c < 0)
    need(T >= degrees[0] and falls, 12, f"{where}: {T} is too early to be the last time")
    stretches = [(u, v - 1, g) for u, v in pairwise(times)]
    for u, v, terms in [*stretches, (T, T, [g[0], *(term for term in g if term[2] < 0)])]:
        least = sum(c * comb(u, p) * power(r, v, precision)[0] if c > 0 else
                    c * comb(v, p) * power(r, u, precision)[1] for r, p, c in terms)
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
    while rows:
        (pivot, *right), *below = rows
        if pivot < 0 or (pivot == 0 and any(right)):
            return "neither"
        found, pivot = (found, pivot) if pivot else (">= 0", last)
        size = bits(chain(*rows))
        work.spend(15, 8 * len(rows) ** 2, size, size)
        rows = [[(pivot * x - left * y) // last for x, y in zip(row, right)]
                for left, *row in below]  # minors, so that `last` divides them
        last = pivot
    return found

def hypotheses(p: Problem) -> dict[str, bool]:
    """Those of condition 15 that may fail, by the statements that want them to."""
    _, rows, size = p.work.integers(15, p.tokens)
    p.work.spend(15, p.n * p.n.bit_length() * (3 + p.d), size, 32)
    form = sign(p.A, p.work)
    return {
        "without-nonzero-tokens": all(map(any, rows)),
        "without-distinctness": all(x != y for x, y in pairwise(sorted(rows))),
        "without-symmetry": p.A == [[*column] for column in zip(*p.A)],
        "without-definiteness": form != "neither",
        "without-strictness": form != ">= 0",
        "with-negative-step": p.pull >= 0,
        "with-zero-step": p.pull != 0,
    }

def refutation(said: Any, raw: Any, work: Work) -> str:
    """Conditions 15 to 17, and 3 to 14 of each run, or 3, 4 and 14 of the one problem."""
    statement, i, j, dropped = said["statement"], said["token"], said["other"], list[str]()
    runs = [Settling(x, y, work) for x, y in zip(said.get("runs", []), raw.get("runs", []))]
    problems: list[Problem] = [*runs] or [Problem(said, raw, work)]
    for p in problems:
        holding = hypotheses(p)
        dropped = [name for name, holds in holding.items() if not holds]
        wanted = [name for name in holding if name == statement]
        need(dropped == wanted, 15, f"the hypotheses: {dropped} do not hold")
        need(max(i, j) < p.n, 16, "a token that is none of the problem's")
    false = (violated(statement, runs, i, j, said["functional"]) if runs else
             dropped and failing(said["lemma"], problems[0], i, j, said["layer"]))
    need(false, 17, f"{statement!r:.40} is not refuted")
    return f"{statement} is false for {problems[0].n} tokens in dimension {problems[0].d}"

def violated(statement: str, runs: list[Settling], i: int, j: int, vector: Any) -> object:
    """Conditions 16 and 17, by runs."""
    p, last = runs[0], runs[-1]
    same = (p.tokens, p.matrix, p.weights) == (last.tokens, last.matrix, last.weights)
    need(same and len(runs) == 1 + statement.endswith("-of-alpha"), 16, "the runs")
    need(len(vector) == (p.d if statement == "hull-vertices-lead" else 0), 16, "the functional")
    _, points, size = p.work.integers(17, [*p.tokens, *p.limits, vector])
    p.work.spend(17, p.n * p.d * (p.d + 4), size + p.fixed, size + p.fixed)
    z, s, h = points[: p.n], points[p.n : -1], points[-1]
    led = {v: s[v] for v in p.since}
    far = {v: p.inner(x, x) for v in led for x in [[a - b for a, b in zip(z[i], s[v])]]}
    moving = [(Fraction(p.bases[a], p.one), q) for a, q in p.forms[j] if p.bases[a] < p.one]
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
        "geometric-rate": any(key > (Fraction(p.hold, p.total), 0) for key in moving),
        "without-nonzero-tokens": p.d == 1
            and min(led.values(), default=[0]) < s[i] == [0] < max(led.values(), default=[0]),
    }.get(statement)

def failing(lemma: str, p: Problem, i: int, j: int, layer: int) -> object:
    """Conditions 14 and 17, by a layer."""
    (q, z, size, C), (over, after, long, D) = deque(p.layers(layer + 1), 2)
    p.work.spend(17, (p.n + 4) * p.d * (p.d + 1), size + long, size + long + p.fixed)
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
        print(f"{path}: {told}".encode("ascii", "backslashreplace").decode(), flush=True)
        status = max(status, code)
    return status

if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError:  # nobody can read the verdict
        os._exit(2)
