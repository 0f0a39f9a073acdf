"""Certificates: what a settled run says, written so that others can check it without trusting us.

    certificate             of a settled run: its layer, leaders and limits;
    refutation              of a statement, by settled runs for which it is false;
    refutation_by_layer     of a statement with a hypothesis dropped, by a lemma that fails.

Each makes the JSON object that `theory/CERTIFICATE.md` specifies. An independent verifier
(`checks/verifier.py`) checks it with nothing but that specification. Nothing of the problem is left
out: tokens, A, α and multiplicities stand in the certificate, with their SHA-256.

The only evidence that takes thought is that of condition 12, f(t) > 0 for all t ≥ 0: `times` lists
the times at which a crude estimate of f begins anew, so that the verifier searches nothing. A
refutation is written as asked, and proves something only if the verifier accepts it.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from math import comb
from typing import Any

from flint import arb, ctx, fmpq

from theory.configuration import Configuration
from theory.dynamics import HARDMAX, locked_rows
from theory.exact import HardmaxError, Undecidable, dot, expect, shown, text, whole
from theory.exponential import ExponentialPolynomial
from theory.hull import check_points
from theory.matrices import Vector, as_matrix
from theory.positivity import is_plainly_positive
from theory.settling import Settled
from theory.walk import comparisons

MAX_PRECISION = 1 << 16
"""Bits beyond which evidence is given up."""

MAX_TIMES = 100_000
"""Longest list of times for one comparison."""

MAX_TIME = 10**60
"""Bound of the specification on every index, and so on every time."""

MAX_WORK = 9 * 10**7
"""Units of work of layers and leads that a certificate may take: the specification has 10^8."""

MAX_CHARACTERS = 50_000
"""Bound of the specification on one number."""

MAX_UPDATES = 100_000
"""Updates after which no functional is found."""


def certificate(settled: Settled) -> dict[str, Any]:
    """The certificate of a settled run, as the JSON object of the specification.

    Of repeated tokens it is that of their places (`Settled.merged`).

    Raises `HardmaxError` where α ≤ 0, copies were kept apart or the dynamics is another one, which
    certificates do not cover,
    and `Undecidable` where the evidence would be longer than the specification admits.

    >>> from theory import settle
    >>> made = certificate(settle(Configuration([[2, 2], [-2, 2], [0, 1]], alpha=1)))
    >>> made["claim"]["settled_layer"], made["claim"]["limits"][2]
    (0, ['0', '2'])
    """
    settled = expect(Settled, settled, "a settled configuration").merged()
    configuration = settled.configuration
    if settled.dynamics != HARDMAX:
        raise HardmaxError(f"{shown(settled.dynamics)}: certificates are of hardmax attention")
    if configuration.alpha <= 0:
        raise HardmaxError(f"alpha = {configuration.alpha}: certificates want a positive step")
    if not configuration.hypotheses.distinct:
        raise HardmaxError("repeated tokens: merge them before asking for a certificate")
    stated = problem(configuration)
    leads = _leads(settled)
    first = {
        i: next(k for k, pattern in settled.history if pattern[i] == (i,))
        for i, attended in enumerate(settled.pattern)
        if attended == (i,)
    }
    return {
        "format": "hardmax-certificate",
        "version": 1,
        "kind": "settling",
        "problem": stated,
        "sha256": digest(stated),
        "claim": {
            "settled_layer": settled.layer,
            "leaders": [{"token": i, "since_layer": k} for i, k in first.items()],
            "limits": [_row(form.limit()) for form in settled.closed_form],
        },
        "evidence": {
            "patterns": [
                {"from": k, "attention": [list(attended) for attended in pattern]}
                for k, pattern in settled.history
            ],
            "closed_forms": [_form(form) for form in settled.closed_form],
            "leads": leads,
        },
    }


def refutation(
    statement: str,
    runs: Sequence[Settled],
    token: int = 0,
    other: int | None = None,
    functional: Sequence[fmpq] = (),
) -> dict[str, Any]:
    """The certificate that `statement` is false of settled runs.

    `runs` is one run, or two with other steps α for the statements on α; `token` and `other` (the
    same, if omitted) are the witness, as the table of condition 17 names them; `functional` is
    wanted for a vertex that never leads (`separating`). Raises as `certificate` does.

    >>> from theory import settle
    >>> face = settle(Configuration([[2, 2], [-2, 2], [0, 1]], alpha=1))
    >>> refutation("limits-are-vertices", [face], token=2)["token"]
    2
    """
    expect(str, statement, "the name of a statement")
    made = [certificate(run) for run in expect((list, tuple), runs, "a list of settled runs")]
    return {
        "format": "hardmax-certificate",
        "version": 1,
        "kind": "refutation-by-runs",
        "statement": statement,
        "runs": [{key: x[key] for key in ("problem", "sha256", "claim", "evidence")} for x in made],
        "token": token,
        "other": token if other is None else other,
        "functional": _row(functional),
    }


def refutation_by_layer(
    statement: str,
    configuration: Configuration,
    lemma: str,
    layer: int = 0,
    token: int = 0,
    other: int | None = None,
) -> dict[str, Any]:
    """The certificate that `statement`, one with a hypothesis dropped, is false of a configuration.

    The named lemma fails between `layer` and the next, for `token` and `other` (the same, if
    omitted), as the table of condition 17 says. Copies are kept apart as they are given.

    >>> pair = Configuration([[1], [1]], alpha=1)
    >>> refutation_by_layer("without-distinctness", pair, "first-leader")["lemma"]
    'first-leader'
    """
    expect(str, statement, "the name of a statement")
    stated = problem(expect(Configuration, configuration, "a Configuration"))
    return {
        "format": "hardmax-certificate",
        "version": 1,
        "kind": "refutation-by-layer",
        "statement": statement,
        "problem": stated,
        "sha256": digest(stated),
        "lemma": lemma,
        "layer": layer,
        "token": token,
        "other": token if other is None else other,
    }


def separating(tokens: Sequence[Vector], i: int) -> Vector:
    """A functional h with h·z_i > h·z_v for all v ≠ i: the proof that z_i is a vertex of the hull.

    Found by perceptron updates, h ← h + (z_i − z_v) for some violated v, which end if there is such
    an h. Raises `Undecidable` after `MAX_UPDATES` of them.

    >>> points = [(fmpq(1), fmpq(0)), (fmpq(0), fmpq(1)), (fmpq(0), fmpq(0))]
    >>> [str(x) for x in separating(points, 2)]
    ['-1', '-1']
    """
    check_points(tokens)
    number = whole(i)
    if number is None or not 0 <= number < len(tokens):
        raise HardmaxError(f"token {shown(i)}; one of 0, …, {len(tokens) - 1} was wanted")
    h: Vector = (fmpq(0),) * len(tokens[i])
    gaps = [
        tuple(x - y for x, y in zip(tokens[i], token, strict=True))
        for v, token in enumerate(tokens)
        if v != i
    ]
    for _ in range(MAX_UPDATES):
        violated = next((gap for gap in gaps if dot(h, gap) <= 0), None)
        if violated is None:
            return h
        h = tuple(x + y for x, y in zip(h, violated, strict=True))
    raise Undecidable(f"no functional shows token {i} a vertex after {MAX_UPDATES} updates")


def problem(configuration: Configuration) -> dict[str, Any]:
    """The problem as certificates state it: every number as text in lowest terms."""
    return {
        "tokens": [_row(row) for row in configuration.tokens],
        "A": [_row(row) for row in configuration.A],
        "alpha": _number(configuration.alpha),
        "multiplicities": list(configuration.multiplicities),
    }


def digest(stated: dict[str, Any]) -> str:
    """The SHA-256 of a problem's canonical form: sorted keys, no spaces, ASCII."""
    canonical = json.dumps(stated, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def times(f: ExponentialPolynomial) -> tuple[list[int], int]:
    """Evidence that f(t) > 0 for all integers t ≥ 0: the list of times, and the precision in bits.

    Divided by the base of its dominant term, f = Σ c C(t,q) ρ^t with 0 < ρ ≤ 1. On u ≤ t ≤ v

        f ≥ Σ_{c>0} c C(u,q) ρ^v + Σ_{c<0} c C(v,q) ρ^u,

    and from the last time T on f is positive because its negative terms, divided by the dominant
    one, only fall. Each stretch is taken as long as the estimate allows, by doubling and bisection.

    f has to be positive at all t ≥ 0. Raises `Undecidable` where the evidence grows too long.

    >>> times(ExponentialPolynomial.scalar({(fmpq(1), 0): 1, (fmpq(1, 2), 0): -1 * fmpq(3, 4)}))
    ([0], 64)
    """
    precision = 64
    while precision <= MAX_PRECISION:
        found = _times(f, precision)
        if found is not None:
            return found, precision
        precision *= 2
    raise Undecidable(
        f"evidence for an inequality needs over {MAX_PRECISION} bits, or times ≥ {MAX_TIME:.0e}"
    )


def _times(f: ExponentialPolynomial, precision: int) -> list[int] | None:
    estimate = _Estimate(f, precision)
    last = 0
    while not estimate.ends(last):
        last = 2 * last + 1
        if last >= MAX_TIME or 2 * (last.bit_length() + 2) > precision:
            return None
    low = last // 2
    while low < last:
        middle = (low + last) // 2
        if estimate.ends(middle):
            last = middle
        else:
            low = middle + 1
    found = [0]
    while found[-1] < last:
        if len(found) > MAX_TIMES:
            raise Undecidable(f"evidence for an inequality needs more than {MAX_TIMES} times")
        u = found[-1]
        if not estimate.holds(u, u):
            return None
        reach = 1
        while u + reach < last and estimate.holds(u, min(u + 2 * reach, last) - 1):
            reach *= 2
        low, high = u + reach, min(u + 2 * reach, last)
        while low < high:
            middle = (low + high + 1) // 2
            if estimate.holds(u, middle - 1):
                low = middle
            else:
                high = middle - 1
        found.append(min(low, last))
    return found


class _Estimate:
    """The verifier's estimates, made with room to spare for its coarser arithmetic."""

    def __init__(self, f: ExponentialPolynomial, precision: int) -> None:
        top = f.terms[0].base
        self.terms = [(r / top, q, c) for r, q, (c,) in f.terms]
        self.precision = precision

    def holds(self, u: int, v: int) -> bool:
        """Whether the estimate on u ≤ t ≤ v is positive."""
        return self._positive(
            (c, comb(u, q), r, v) if c > 0 else (c, comb(v, q), r, u) for r, q, c in self.terms
        )

    def ends(self, T: int) -> bool:
        """Whether T may be the last time."""
        (_, degree, dominant), *_ = self.terms
        falling = all(r == 1 or (T + 1) * (1 - r) >= q for r, q, c in self.terms if c < 0)
        if T < degree or not falling:
            return False
        negative = [(c, comb(T, q), r, T) for r, q, c in self.terms if c < 0]
        return self._positive([(dominant, comb(T, degree), fmpq(1), 0), *negative])

    def _positive(self, parts: Any) -> bool:
        # Squaring may double the error of the verifier's powers r^t, and rounding adds a unit of
        # 2^-precision: as long as (4t)² ≤ 2^precision the error is at most 4t units.
        with ctx.workprec(2 * self.precision + 64):
            unit = arb(2) ** -self.precision
            total = arb(0)
            for c, binomial, r, t in parts:
                error = 4 * t * unit
                power = arb(r) ** t
                power = power - error if c > 0 else power + error
                total += arb(c) * arb(binomial) * power
            return bool(total > 0)


def _leads(settled: Settled) -> list[dict[str, Any]]:
    found = []
    A, pattern = settled.configuration.A, settled.pattern
    locked = set(locked_rows(pattern))
    free = [i for i in range(len(pattern)) if i not in locked]
    work, size = _work(settled)
    for i, other, f in comparisons(settled.closed_form, A, pattern, free):
        if other not in pattern[i] and not is_plainly_positive(f):
            marks, precision = times(f)
            steps, high = marks[-1].bit_length(), max(p for _, p, _ in f.terms)
            bases = precision + 2 * _bits([tuple(r for r, _, _ in f.terms)])
            numbers = precision + 4 * size + high * steps
            once = (20 + 6 * steps) * _units(bases) + (1 + high) * _units(numbers)
            work += len(f.terms) * len(marks) * once
            if work > MAX_WORK:
                raise Undecidable("the evidence for all inequalities is too long to be checked")
            found.append({"token": i, "other": other, "times": marks, "precision": precision})
    return found


def _work(settled: Settled) -> tuple[int, int]:
    """The units of work of layers and ties by condition 14, as if numbers grew evenly.

    With it the length of the numbers of the closed forms.

    Raises `Undecidable` where a verifier need not do so much.
    """
    c, k = settled.configuration, settled.layer
    n, d = c.size, c.dimension
    fixed = 1 + max(_bits(c.A), _bits([(c.alpha, fmpq(sum(c.multiplicities)))]))
    first, last = (_bits(settled.tokens(layer)) for layer in (0, k))
    ends = [layer for layer, _ in settled.history[1:]] + [k + 1]
    work, free = 0, n
    for (start, pattern), end in zip(settled.history, ends, strict=True):
        for layer in range(start, end):
            size = first + (last - first) * layer // max(k, 1)
            once = n * d * (7 + d + 2 * free) * _units(size + 2 * fixed)
            work += 600 + n * (60 * d + 2 * free) + once + 4 * n * d * _units(size)
            free = n - len(locked_rows(pattern))
            if work > MAX_WORK:
                raise Undecidable(f"{k} layers of {n} tokens are too much work for a certificate")
    numbers = [row for form in settled.closed_form for _, _, row in form.terms]
    size = 2 * fixed + (_bits(numbers) if numbers else 1)
    forms, pattern = settled.closed_form, settled.pattern
    for i in set(range(n)).difference(locked_rows(pattern)):
        pairs = n * len(forms[pattern[i][0]].terms) + len(numbers)
        pairs *= sum((1 + p) ** 2 for _, p, _ in forms[i].terms)
        work += 10 * n + pairs * (9 + d) * _units(2 * size)
    if work > MAX_WORK:
        raise Undecidable(f"{n} tokens that may tie for ever are too many for a certificate")
    return work, size


def _units(length: int) -> int:
    """Units of work for a product of integers of `length` bits, by the specification."""
    return 1 + ((length + 32) ** 2 >> 17)


def _bits(rows: Sequence[Vector]) -> int:
    """The bits of the greatest integer among the rows over one denominator."""
    matrix, denominator = as_matrix(rows).numer_denom()
    return max(abs(int(x)).bit_length() for x in (denominator, *matrix.entries()))


def _form(form: ExponentialPolynomial) -> list[dict[str, Any]]:
    return [{"base": _number(r), "degree": p, "coefficient": _row(row)} for r, p, row in form.terms]


def _row(row: Sequence[fmpq]) -> list[str]:
    return [_number(x) for x in row]


def _number(value: fmpq) -> str:
    words = text(value)
    if len(words) > MAX_CHARACTERS:
        raise Undecidable(f"a number of {len(words)} characters is too long for a certificate")
    return words
