"""Verify certificates of hardmax attention: an implementation of theory/CERTIFICATE.md.

Standard library only, nothing of the project, no search: whatever has to hold for all times is
checked from the evidence that the certificate names.   python verifier.py CERTIFICATE...
Exit status: 0 accepted; 1 rejected, with the number of the failed condition; 2 unreadable.
"""

import json
import re
import sys
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from math import comb, gcd, lcm
from operator import mul
from typing import Any

MAX_TEXT, MAX_DIGITS, MAX_WORK = 1 << 26, 50_000, 10**9
NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:/([1-9][0-9]*))?", re.ASCII)
Row = list[Fraction]
Rows = list[list[int]]
Key = tuple[Fraction, int]
Form = dict[Key, Row]
Term = tuple[Fraction, int, Fraction]
LIMIT = (Fraction(1), 0)
ROW, POINTS = ["number"], [["number"]]
PROBLEM = {"tokens": POINTS, "A": POINTS, "alpha": "number", "multiplicities": ["index"]}
TERM = {"base": "number", "degree": "index", "coefficient": ROW}
HEAD = {"format": "text", "version": "index", "kind": "text"}
SETTLING = HEAD | {
    "problem": PROBLEM,
    "sha256": "text",
    "claim": {
        "settled_layer": "index",
        "leaders": [{"token": "index", "since_layer": "index"}, "or none"],
        "limits": POINTS,
    },
    "evidence": {
        "patterns": [{"from": "index", "attention": [["index"]]}],
        "closed_forms": [{"token": "index", "terms": [TERM]}, "or none"],
        "leads": [
            {"token": "index", "other": "index", "times": ["index"], "precision": "index"},
            "or none",
        ],
    },
}
REFUTATION = HEAD | {
    "statement": "text",
    "settling": [SETTLING, "or none"],
    "problems": [{"problem": PROBLEM, "sha256": "text"}, "or none"],
    "witness": {
        "lemma": "text",
        "layer": "index",
        "tokens": ["index", "or none"],
        "functional": ["number", "or none"],
    },
}


class Rejected(Exception):
    """The certificate fails the numbered condition."""

    def __init__(self, condition: int, message: str) -> None:
        super().__init__(f"condition {condition}: {message}")
        self.condition = condition


def need(holds: object, condition: int, message: str) -> None:
    if not holds:
        raise Rejected(condition, message)


def parse(text: str) -> Any:
    """Condition 1: the text is one JSON value without floats, repeated keys or long integers."""

    def integer(digits: str) -> int:
        need(len(digits) <= 60, 1, f"an integer of {len(digits)} digits")
        return int(digits)

    def refuse(word: str) -> None:
        raise Rejected(1, f"{word[:40]} is a float; numbers are strings")

    def unique(items: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len(dict(items)) == len(items), 1, f"repeated key among {[k for k, _ in items][:9]}")
        return dict(items)

    need(len(text) <= MAX_TEXT, 1, f"{len(text)} characters; at most {MAX_TEXT}")
    hooks: dict[str, Any] = {"parse_int": integer, "parse_float": refuse, "parse_constant": refuse}
    try:
        return json.loads(text, object_pairs_hook=unique, **hooks)
    except RecursionError:
        raise Rejected(1, "nested too deeply") from None
    except ValueError as error:
        raise Rejected(1, f"not one JSON value: {str(error)[:80]}") from None


def shape(value: Any, wanted: Any, where: str = "certificate") -> Any:
    """Condition 2: the value has the wanted shape; numbers come back as fractions."""
    if isinstance(wanted, dict):
        need(isinstance(value, dict), 2, f"{where} is not an object")
        odd = sorted(set(value) ^ set(wanted))
        need(not odd, 2, f"{where}: missing or unknown key {str(odd[:1])[:60]}")
        return {key: shape(value[key], wanted[key], f"{where}.{key}") for key in wanted}
    if isinstance(wanted, list):
        need(isinstance(value, list), 2, f"{where} is not a list")
        need(value or len(wanted) > 1, 2, f"{where} is empty")
        return [shape(x, wanted[0], f"{where}[{i}]") for i, x in enumerate(value)]
    if wanted == "index":
        need(type(value) is int and value >= 0, 2, f"{where} is not an integer ≥ 0")
        return value
    need(isinstance(value, str), 2, f"{where} is not a string")
    return value if wanted == "text" else number(value, where)


def number(text: str, where: str) -> Fraction:
    match = NUMBER.fullmatch(text) if len(text) <= MAX_DIGITS else None
    if match is None:
        raise Rejected(2, f"{where}: {text[:40]!r} ({len(text)} characters) is no exact number")
    parts = []
    for digits in (match[2], match[3] or "1"):
        value = 0
        for k in range(0, len(digits), 4000):
            value = value * 10 ** len(digits[k : k + 4000]) + int(digits[k : k + 4000])
        parts.append(value)
    above, below = parts
    canonical = gcd(above, below) == 1 and (below > 1) == bool(match[3]) and (above or not match[1])
    need(canonical, 2, f"{where}: {text[:40]!r} is not in lowest terms")
    return Fraction(-above if match[1] else above, below)


class Problem:
    """Conditions 3 and 4, and the layers that condition 5 speaks of."""

    def __init__(self, said: Any, raw: Any, digest: str, alpha_positive: bool = True) -> None:
        self.tokens, self.A, self.alpha, self.weights = (said[key] for key in PROBLEM)
        self.n, self.d = len(self.tokens), len(self.A)
        need({self.d} == set(map(len, self.tokens + self.A)), 3, "tokens and A differ in dimension")
        need(len(self.weights) == self.n and all(self.weights), 3, "multiplicities")
        need(self.alpha > 0 or (not alpha_positive and self.alpha != -1), 3, "alpha")
        canonical = json.dumps(raw, sort_keys=True, separators=(",", ":"))
        need(digest == sha256(canonical.encode()).hexdigest(), 4, "sha256 is not the problem's")

    def inner(self, x: Row, y: Row) -> Fraction:
        images = [sum(map(mul, row, y), Fraction()) for row in self.A]
        return sum(map(mul, x, images), Fraction())

    def layers(self, last: int) -> Iterator[tuple[int, tuple[Rows, int], Rows]]:
        """Layer, tokens as integer rows over one denominator, and attention sets, 0 to `last`."""
        work = (last + 1) * self.n * (self.n * self.d + len(str(self.alpha)))
        need(work <= MAX_WORK, 3, f"{last} layers of {self.n} tokens are too much work")
        q = lcm(*(x.denominator for row in self.tokens for x in row))
        rows = [[int(x * q) for x in row] for row in self.tokens]
        scale = lcm(*(x.denominator for row in self.A for x in row))
        A = [[int(x * scale) for x in row] for row in self.A]
        for layer in range(last + 1):
            images = [[sum(map(mul, row, z)) for row in A] for z in rows]
            products = [[sum(map(mul, z, image)) for image in images] for z in rows]
            tops = map(max, products)
            sets = [[j for j, x in enumerate(r) if x == t] for r, t in zip(products, tops)]
            yield layer, (rows, q), sets
            rows, q = self.step(rows, q, sets)

    def step(self, rows: Rows, q: int, sets: Rows) -> tuple[Rows, int]:
        a, b = self.alpha.numerator, self.alpha.denominator
        weights = [sum(self.weights[j] for j in attended) for attended in sets]
        common = lcm(*weights)
        moved = []
        for z, attended, weight in zip(rows, sets, weights):
            mean = [sum(self.weights[j] * rows[j][s] for j in attended) for s in range(self.d)]
            moved.append([b * common * x + a * (common // weight) * y for x, y in zip(z, mean)])
        q *= (a + b) * common
        factor = gcd(q, *(x for row in moved for x in row)) * (1 if q > 0 else -1)
        return [[x // factor for x in row] for row in moved], q // factor


class Settling:
    """Conditions 5 to 13. A closed form is a dictionary {(base, degree): coefficient row}."""

    def __init__(self, said: Any, raw: Any) -> None:
        need((said["format"], said["version"]) == ("hardmax-certificate", 1), 2, "format, version")
        need(said["kind"] == "settling", 2, "kind is not settling")
        self.p = p = Problem(said["problem"], raw["problem"], said["sha256"])
        self.lam = 1 / (1 + p.alpha)
        claim, evidence = said["claim"], said["evidence"]
        self.layer, self.limits = claim["settled_layer"], claim["limits"]
        stretches: dict[int, Rows] = {}
        before = None
        for entry in evidence["patterns"]:
            start, sets = entry["from"], entry["attention"]
            need(start == 0 if before is None else start > before, 6, f"stretch from {start}")
            need(before is None or sets != stretches[before], 6, f"no change at layer {start}")
            stretches[start], before = sets, start
        need(before == self.layer, 6, f"the last stretch begins at {before}, not {self.layer}")
        self.since: dict[int, int] = {}
        self.sets: Rows = []
        for k, (rows, q), sets in p.layers(self.layer):
            self.sets = stretches.get(k, self.sets)
            need(self.sets == sets, 5, f"the attention sets at layer {k}")
            for i in range(p.n):
                if sets[i] == [i]:
                    self.since.setdefault(i, k)
        self.start = [[Fraction(x, q) for x in row] for row in rows]
        leaders = [i for i in range(p.n) if self.sets[i] == [i]]
        wanted = [{"token": i, "since_layer": self.since[i]} for i in leaders]
        need(claim["leaders"] == wanted, 7, "the leaders")
        self.forms = {i: self.locked_form(i) for i in range(p.n) if self.locked(i)}
        for entry in evidence["closed_forms"]:
            self.listed_form(entry["token"], entry["terms"])
        need(len(self.forms) == p.n, 8, "a token that is not locked has no closed form")
        for i in range(p.n):
            if not self.locked(i):
                self.recursion(i)
        self.leads(evidence["leads"])
        need(len(self.limits) == p.n, 13, "one limit for each token")
        for i, limit in enumerate(self.limits):
            need(
                limit == self.forms[i].get(LIMIT, [Fraction()] * p.d), 13, f"the limit of token {i}"
            )

    def locked(self, i: int) -> bool:
        return len(self.sets[i]) == 1 and self.sets[self.sets[i][0]] == self.sets[i]

    def locked_form(self, i: int) -> Form:
        leader = self.start[self.sets[i][0]]
        away = [x - y for x, y in zip(self.start[i], leader)]
        return {LIMIT: leader} | ({(self.lam, 0): away} if any(away) else {})

    def listed_form(self, i: int, terms: Any) -> None:
        need(i < self.p.n and i not in self.forms, 8, f"token {i} is locked, listed, or none")
        form = {(term["base"], term["degree"]): term["coefficient"] for term in terms}
        keys = list(form)
        need(keys == sorted(keys, reverse=True) and len(keys) == len(terms), 8, f"{i}: order")
        for (r, degree), row in form.items():
            need(0 < r < 1 or (r, degree) == LIMIT, 8, f"token {i}: base {r}, degree {degree}")
            need(len(row) == self.p.d and any(row) and degree < 1000, 8, f"token {i}: coefficient")
        self.forms[i] = form

    def recursion(self, i: int) -> None:
        p = self.p
        error: Form = {}
        first = [row for (_, degree), row in self.forms[i].items() if degree == 0]
        total = [sum(column) for column in zip([0] * p.d, *first)]
        need(total == self.start[i], 9, f"token {i} starts elsewhere")
        for (r, degree), row in self.forms[i].items():
            collect(error, (r, degree), r - self.lam, row)
            if degree:
                collect(error, (r, degree - 1), r, row)
        weight = sum(p.weights[j] for j in self.sets[i])
        for j in self.sets[i]:
            for key, row in self.forms[j].items():
                collect(error, key, (self.lam - 1) * Fraction(p.weights[j], weight), row)
        need(not any(map(any, error.values())), 10, f"token {i} does not obey the layer")

    def product(self, i: int, j: int) -> Form:
        total: Form = {}
        for (r, a), x in self.forms[i].items():
            for (s, b), y in self.forms[j].items():
                value = self.p.inner(x, y)
                for k in range(max(a, b), a + b + 1):
                    collect(total, (r * s, k), comb(k, a) * comb(a, k - b), [value])
        return total

    def leads(self, entries: Any) -> None:
        pairs = [(entry["token"], entry["other"]) for entry in entries]
        named = dict(zip(pairs, entries))
        need(pairs == sorted(named), 12, "the leads are out of order or repeated")
        for i in range(self.p.n):
            if self.locked(i):
                continue
            products = [self.product(i, column) for column in range(self.p.n)]
            for column in range(self.p.n):
                f = dict(products[self.sets[i][0]])
                for key, row in products[column].items():
                    collect(f, key, -1, row)
                terms = sorted(((*key, c) for key, (c,) in f.items() if c), reverse=True)
                if column in self.sets[i]:
                    need(not terms, 11, f"the tie of tokens {i} and {column} does not last")
                elif not sums_positive(terms):
                    need((i, column) in named, 12, f"token {i}: no evidence against {column}")
                    estimate(terms, named.pop((i, column)), f"token {i} against {column}")
        need(not named, 12, f"evidence for {list(named)[:1]}, where none is due")


def collect(form: Form, key: Key, factor: Any, row: Row) -> None:
    old = form.get(key, [0] * len(row))
    form[key] = [x + factor * y for x, y in zip(old, row)]


def sums_positive(terms: list[Term]) -> bool:
    sums = [Fraction()]
    for _, degree, c in terms:
        if degree and c < 0:
            return False
        sums.append(sums[-1] + (0 if degree else c))
    return min(sums) >= 0 and sums[-1] > 0


def estimate(terms: list[Term], evidence: Any, where: str) -> None:
    times, one = evidence["times"], 1 << min(evidence["precision"], 1 << 20)
    need(
        times[0] == 0 and times == sorted(set(times)) and times[-1] < 10**60, 12, f"{where}: times"
    )
    need(terms and terms[0][2] > 0, 12, f"{where}: the dominant coefficient is not positive")
    top, degree, _ = terms[0]
    scaled = [(r / top, q, c) for r, q, c in terms]
    for u, after in zip(times, times[1:]):
        v = after - 1
        least = (
            c * comb(u, q) * power(r, v, one)[0] if c > 0 else c * comb(v, q) * power(r, u, one)[1]
            for r, q, c in scaled
        )
        need(sum(least) > 0, 12, f"{where}: times {u} to {v}")
    T = times[-1]
    need(T >= degree, 12, f"{where}: the last time is below the dominant degree")
    grows = [q for r, q, c in scaled if c < 0 and r < 1 and (T + 1) * (1 - r) < q]
    need(not grows, 12, f"{where}: a term may still grow at {T}")
    worst = sum(c * comb(T, q) * power(r, T, one)[1] for r, q, c in scaled if c < 0)
    need(terms[0][2] * comb(T, degree) * one + worst > 0, 12, f"{where}: times from {T} on")


def power(r: Fraction, t: int, one: int) -> tuple[int, int]:
    """Integers (low, high) with low ≤ one·r^t ≤ high, for 0 < r ≤ 1."""
    low = high = one
    for bit in bin(t)[2:]:
        low, high = low * low // one, -(-high * high // one)
        if bit == "1":
            low, high = low * r.numerator // r.denominator, -(-high * r.numerator // r.denominator)
    return low, high


def failing(p: Problem) -> set[str]:
    """The standing hypotheses that fail: positive definiteness by elimination."""
    rows, names = [list(row) for row in p.A], set()
    for k in range(p.d):
        if rows[k][k] <= 0:
            names.add("positive_definite")
            break
        for i in range(k + 1, p.d):
            rows[i] = [x - rows[i][k] / rows[k][k] * y for x, y in zip(rows[i], rows[k])]
    symmetric = all(p.A[i][j] == p.A[j][i] for i in range(p.d) for j in range(i))
    distinct = len(set(map(tuple, p.tokens))) == p.n
    good = {
        "symmetric": symmetric,
        "nonzero": all(map(any, p.tokens)),
        "distinct": distinct,
        "positive_step": p.alpha > 0,
    }
    names |= {name for name, holds in good.items() if not holds}
    return names - {"positive_definite"} if "symmetric" in names else names


DROPPED = {
    "without-distinctness": "distinct",
    "without-nonzero-tokens": "nonzero",
    "without-symmetry": "symmetric",
    "without-definiteness": "positive_definite",
    "without-strictness": "positive_definite",
    "with-negative-step": "positive_step",
    "with-zero-step": "positive_step",
}
PAIRS = ("leaders-independent-of-alpha", "limits-independent-of-alpha")


def refutation(said: Any, raw: Any) -> str:
    """Conditions 14 to 17."""
    need((said["format"], said["version"]) == ("hardmax-certificate", 1), 2, "format, version")
    statement, witness = said["statement"], said["witness"]
    runs = [Settling(x, y) for x, y in zip(said["settling"], raw["settling"])]
    problems = [run.p for run in runs]
    for x, y in zip(said["problems"], raw["problems"]):
        problems.append(Problem(x["problem"], y["problem"], x["sha256"], alpha_positive=False))
    need(len(problems) == (2 if statement in PAIRS else 1), 14, "the number of problems")
    p, tokens = problems[0], witness["tokens"]
    need(len(tokens) == 2 and max(tokens) < p.n, 14, "two tokens of the problem are wanted")
    i, j = tokens
    dropped = {DROPPED[statement]} if statement in DROPPED else set()
    need(all(failing(q) == dropped for q in problems), 15, "the hypotheses of the statement")
    if runs:
        need(settled_relation(statement, runs, i, j, witness), 16, "the relation is not violated")
    else:
        need(lemma_fails(statement, p, i, j, witness), 17, "the lemma is not violated")
    return f"{statement} is refuted by {p.n} tokens in dimension {p.d}"


def settled_relation(statement: str, runs: list[Settling], i: int, j: int, witness: Any) -> bool:
    s, p, led = runs[0], runs[0].p, [v for v in range(runs[0].p.n) if runs[0].sets[v] == [v]]
    limits, other = s.limits, runs[-1]
    if statement in PAIRS:
        same = (p.tokens, p.A, p.weights) == (other.p.tokens, other.p.A, other.p.weights)
        differ = (
            set(s.since) != set(other.since) if statement == PAIRS[0] else limits != other.limits
        )
        return same and differ
    need(len(witness["functional"]) in (0, p.d), 14, "the functional")
    heights = [sum(map(mul, witness["functional"], z)) for z in p.tokens]
    away = {v: [a - b for a, b in zip(p.tokens[i], limits[v])] for v in led}
    apart = {v: p.inner(x, x) for v, x in away.items()}
    moving = [key for key in s.forms[j] if key != LIMIT]
    violated: dict[str, bool] = {
        "leaders-from-the-first-layer": s.since.get(i, 0) > 0,
        "hull-vertices-lead": i not in s.since
        and [v for v in range(p.n) if heights[v] >= heights[i]] == [i],
        "limits-are-vertices": limits[i] not in [limits[v] for v in led],
        "nearest-leader": j in led
        and limits[i] != limits[j]
        and [v for v in led if apart[v] <= apart[j]] == [j],
        "settles-within-n-layers": s.layer > p.n,
        "attends-leaders-eventually": j != i and j in s.sets[i] and bool(moving),
        "geometric-rate": max(moving, default=(0, 0)) > (s.lam, 0),
        "without-nonzero-tokens": p.d == 1
        and min((limits[v] for v in led), default=[0]) < limits[i] == [0]
        and limits[i] < max(limits[v] for v in led),
    }
    return violated.get(statement, False)


def lemma_fails(statement: str, p: Problem, i: int, j: int, witness: Any) -> bool:
    need(statement in DROPPED, 14, f"{statement[:40]!r} wants a settled run")
    layers = [
        ([[Fraction(x, q) for x in row] for row in rows], sets)
        for k, (rows, q), sets in p.layers(witness["layer"] + 1)
        if k >= witness["layer"]
    ]
    (z, C), (after, D) = layers
    norms = [p.inner(x, x) for x in z]
    lemmas = {
        "norms-grow": p.inner(after[i], after[i]) < norms[i],
        "first-leader": norms[i] == max(norms) and C[i] != [i],
        "leader-invariance": C[i] == [i] and (D[i] != [i] or after[i] != z[i]),
        "separation": z[i] != z[j] and after[i] == after[j],
        "acyclic-attention": j != i and j in C[i] and norms[j] <= norms[i],
        "rest-is-a-foot": after[i] == z[i] and p.inner(z[i], z[C[i][0]]) != norms[i],
    }
    return lemmas.get(witness["lemma"], False)


def verify(text: str) -> str:
    """Accept the certificate and return what it proves in one line, or raise `Rejected`."""
    raw = parse(text)
    kind = raw.get("kind") if isinstance(raw, dict) else None
    need(kind in ("settling", "refutation"), 2, "kind is neither settling nor refutation")
    if kind == "refutation":
        return refutation(shape(raw, REFUTATION), raw)
    s = Settling(shape(raw, SETTLING), raw)
    return f"{s.p.n} tokens settle at layer {s.layer} with {len(s.since)} leaders"


def digests(text: str) -> list[str]:
    """The SHA-256 of every problem that an accepted certificate is about."""
    raw = parse(text)
    return [x["sha256"] for x in (raw.get("settling", []) + raw.get("problems", []) or [raw])]


def main(paths: list[str]) -> int:
    status = 0 if paths else 2
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                print(f"{path}: accepted: {verify(file.read(MAX_TEXT + 1))}")
        except Rejected as error:
            print(f"{path}: rejected: {error}")
            status = max(status, 1)
        except (OSError, UnicodeDecodeError) as error:
            print(f"{path}: unreadable: {error}", file=sys.stderr)
            status = 2
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
