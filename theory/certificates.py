"""Certificates: what a settled run says, written so that others can check it without trusting us.

    certificate             of a settled run: its layer, leaders and limits;
    refutation              of a statement, by settled runs for which it is false;
    refutation_by_layer     of a statement with a hypothesis dropped, by a lemma that fails.

Each makes the JSON object that `theory/CERTIFICATE.md` specifies. An independent verifier
(`checks/verifier.py`) checks it with nothing but that specification. Nothing of the problem is left
out: tokens, A, α and multiplicities stand in the certificate, with their SHA-256.

The only evidence that takes thought is that of condition 12, f(t) > 0 for all t ≥ 0, which
`theory.inequalities` finds. A refutation is written as asked, and proves something only if the
verifier accepts it.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

from flint import fmpq

from theory.beyond.phases import Phases, bounded, bounded_from, phases, scheduled
from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics, Pattern, locked_rows
from theory.exact import HardmaxError, Undecidable, dot, expect, shown, whole
from theory.exponential import ExponentialPolynomial
from theory.hull import check_points
from theory.inequalities import times
from theory.matrices import Vector, as_matrix
from theory.positivity import is_plainly_positive, runs
from theory.schedules.functions import RationalFunction
from theory.settling import Cycling, Settled
from theory.stated import as_row, as_terms, digest, problem
from theory.steps import Scheduled
from theory.walk import comparisons

MAX_WORK = 9 * 10**7
"""Units of work of layers and leads that a certificate may take: the specification has 10^8."""

MAX_UPDATES = 100_000
"""Updates after which no functional is found."""


def certificate(settled: Settled | Cycling) -> dict[str, Any]:
    """The certificate of a settled run, as the JSON object of the specification.

    Of repeated tokens it is that of their places (`Settled.merged`). Under `HARDMAX`, with closed
    forms whose bases are in (0, 1], it is of version 1 of the specification, else of version 2:
    under any other dynamics, of patterns that return, of negative bases.

    Raises `HardmaxError` where α ≤ 0 or copies were kept apart under `HARDMAX`, which version 1
    does not cover, and for layers that certificates cannot state; `Undecidable` where there is no
    evidence of the kind that the specification admits, or where it is too long.

    >>> from theory import FIRST_INDEX, settle
    >>> made = certificate(settle(Configuration([[2, 2], [-2, 2], [0, 1]], alpha=1)))
    >>> made["claim"]["settled_layer"], made["claim"]["limits"][2]
    (0, ['0', '2'])
    >>> pair = Configuration([[2], [1]], alpha=1)
    >>> certificate(settle(pair, dynamics=FIRST_INDEX))["version"]
    2
    """
    if isinstance(settled, Cycling):
        return _second(settled.merged(), settled.merged().patterns)
    settled = expect(Settled, settled, "a settled configuration").merged()
    configuration = settled.configuration
    if settled.dynamics != HARDMAX:
        return _second(settled, (settled.pattern,))
    if configuration.alpha <= 0:
        raise HardmaxError(f"alpha = {configuration.alpha}: certificates want a positive step")
    if not configuration.hypotheses.distinct:
        raise HardmaxError("repeated tokens: merge them before asking for a certificate")
    if not all(isinstance(f, ExponentialPolynomial) and bounded(f) for f in settled.closed_form):
        return _second(settled, (settled.pattern,))
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
            "limits": [as_row(form.limit()) for form in settled.closed_form],
        },
        "evidence": {
            "patterns": _stretches(settled.history),
            "closed_forms": [as_terms(form) for form in settled.exponential],
            "leads": leads,
        },
    }


def _second(settled: Settled | Cycling, patterns: Sequence[Pattern]) -> dict[str, Any]:
    """The certificate of version 2, for patterns that return in turn."""
    c, dynamics, k = settled.configuration, settled.dynamics, settled.layer
    stated = problem(c, dynamics, 2)
    schedule = schedule_of(dynamics)
    if schedule is None:
        tokens = settled.trajectory.tokens(k)
        found = phases(c, dynamics, patterns, k, tokens, settled.closed_form)
    elif len(patterns) > 1 or dynamics.scores.period != 1:
        raise Undecidable(
            "certificates cover schedules with one matrix A and one pattern that stands"
        )
    else:
        start = bounded_from(schedule, k)
        found = scheduled(c, schedule, patterns[0], start, settled.trajectory.tokens(start))
    while isinstance(leads := _comparisons(settled, patterns, found, schedule is not None), int):
        found = found.later(leads)
    count, limits = len(found.forms), [[f.coefficient(fmpq(1), 0) for f in x] for x in found.forms]
    cycle = next(
        L for L in range(1, count + 1) if count % L == 0 and limits[L:] + limits[:L] == limits
    )
    history = [*settled.history]
    history += [(k + r, b) for r, (a, b) in enumerate(pairwise(patterns), start=1) if a != b]
    since = {
        i: max([b for (_, C), (b, _) in pairwise(history) if C[i] != (i,)], default=0)
        for i in range(c.size)
        if all(C[i] == (i,) for C in patterns)
    }
    return {
        "format": "hardmax-certificate",
        "version": 2,
        "kind": "settling",
        "problem": stated,
        "sha256": digest(stated),
        "claim": {
            "settled_layer": k,
            "period": len(patterns),
            "leaders": [{"token": i, "since_layer": first} for i, first in since.items()],
            "limits": [
                [as_row(row) for row in limits[(place - found.solved) % count]]
                for place in range(cycle)
            ],
        },
        "evidence": {
            "patterns": _stretches(history),
            "solved_layer": found.solved,
            "closed_forms": [[as_terms(f) for f in forms] for forms in found.forms],
            "leads": leads,
        },
    }


def _stretches(history: Sequence[tuple[int, Pattern]]) -> list[dict[str, Any]]:
    return [{"from": k, "attention": [list(C) for C in pattern]} for k, pattern in history]


def _comparisons(
    settled: Settled | Cycling, patterns: Sequence[Pattern], found: Phases, under_schedule: bool
) -> list[dict[str, Any]] | int:
    """The evidence of condition 12 in version 2, or how many rounds of phases later to begin.

    A tie of which the first index wins may come and go; it has to be over where phases begin.
    """
    c, dynamics = settled.configuration, settled.dynamics
    work, size = _second_work(settled, patterns, found)
    leads = []
    for e, forms in enumerate(found.forms):
        A = dynamics.matrix(c, found.solved + e)
        pattern = patterns[(found.solved + e - settled.layer) % len(patterns)]
        for i, other, f in comparisons(forms, A, pattern, range(c.size)):
            candidates = dynamics.candidates.of(i, c.size)
            if other not in candidates or other in pattern[i] or _sums(f):
                continue
            if under_schedule:
                a, b, q = (f.coefficient(fmpq(1, 2**p), 0)[0] for p in range(3))
                if a < 0 or (b < 0 < b + 2 * q and b * b >= 4 * a * q):
                    raise Undecidable(f"token {i} against {other}: not for every product of 1 − γ")
                continue
            ties = [t for t, sign in runs(f) if sign == 0]
            if ties:
                return ties[-1] + 1
            marks, precision = times(f)
            work += _estimated(f, marks, precision, size)
            if work > MAX_WORK:
                raise Undecidable("the evidence for all inequalities is too long to be checked")
            leads.append({"token": i, "other": other, "times": marks, "precision": precision})
    return leads


def _sums(f: ExponentialPolynomial) -> bool:
    """Whether f passes the sums test of condition 12, which shows f ≥ 0."""
    constant = [c for _, p, (c,) in f.terms if not p]
    return all(c >= 0 for _, p, (c,) in f.terms if p) and all(x >= 0 for x in accumulate(constant))


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
        "functional": as_row(functional),
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


def schedule_of(dynamics: Dynamics) -> RationalFunction | None:
    """γ of a dynamics under a schedule that is not constant, else None."""
    step = dynamics.step
    return step.gamma if isinstance(step, Scheduled) and step.gamma.constant is None else None


def _leads(settled: Settled) -> list[dict[str, Any]]:
    found = []
    A, pattern = settled.configuration.A, settled.pattern
    locked = set(locked_rows(pattern))
    free = [i for i in range(len(pattern)) if i not in locked]
    work, size = _work(settled)
    for i, other, f in comparisons(settled.exponential, A, pattern, free):
        if other not in pattern[i] and not is_plainly_positive(f):
            marks, precision = times(f)
            work += _estimated(f, marks, precision, size)
            if work > MAX_WORK:
                raise Undecidable("the evidence for all inequalities is too long to be checked")
            found.append({"token": i, "other": other, "times": marks, "precision": precision})
    return found


def _estimated(f: ExponentialPolynomial, marks: list[int], precision: int, size: int) -> int:
    """The units of work of the estimates of one comparison."""
    steps, high = marks[-1].bit_length(), max(p for _, p, _ in f.terms)
    bases = precision + 2 * _bits([tuple(r for r, _, _ in f.terms)])
    numbers = precision + 4 * size + high * steps
    once = (20 + 6 * steps) * _units(bases) + (1 + high) * _units(numbers)
    return len(f.terms) * len(marks) * once


def _second_work(
    settled: Settled | Cycling, patterns: Sequence[Pattern], found: Phases
) -> tuple[int, int]:
    """`_work` in version 2: no token is locked, and there are all phases."""
    c, k = settled.configuration, found.solved + len(found.forms)
    n, d = c.size, c.dimension
    fixed = 1 + _bits([*settled.dynamics.matrix(c, 0), (fmpq(sum(c.multiplicities)),) * d])
    first, last = (_bits(settled.trajectory.tokens(layer)) for layer in (0, found.solved))
    work = 0
    for layer in range(k):
        size = first + (last - first) * layer // k
        once = n * d * (7 + 2 * d + 2 * n) * _units(size + 2 * fixed)
        work += 600 + n * (60 * d + 2 * n) + once + 4 * n * d * _units(size)
        if work > MAX_WORK:
            raise Undecidable(f"{k} layers of {n} tokens are too much work for a certificate")
    numbers = [row for forms in found.forms for f in forms for _, _, row in f.terms]
    size = 2 * fixed + (_bits(numbers) if numbers else 1)
    for e, forms in enumerate(found.forms):
        terms = sum(len(f.terms) for f in forms)
        pattern = patterns[(found.solved + e - settled.layer) % len(patterns)]
        for f, attended in zip(forms, pattern, strict=True):
            pairs = n * len(forms[attended[0]].terms) + terms
            pairs *= sum((1 + p) ** 2 for _, p, _ in f.terms)
            work += 10 * n + pairs * (9 + d) * _units(2 * size)
    if work > MAX_WORK:
        raise Undecidable(f"{n} tokens that move are too many for a certificate")
    return work, size


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
    numbers = [row for form in settled.exponential for _, _, row in form.terms]
    size = 2 * fixed + (_bits(numbers) if numbers else 1)
    forms, pattern = settled.exponential, settled.pattern
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
