"""An exact reference for ``hardmax run --json``, written from the definitions alone.

The tests hold the real implementation against this one, so it shares nothing with it: standard
library only, ``Fraction`` throughout, and the plainest algorithm at every step. With
lam = 1/(1 + alpha) and <x, y> = x^T A y:

1. Merge repeated tokens into places with multiplicities w.
2. Step layer by layer. Whenever the attention pattern changes, ask whether it is now constant.
3. To ask, solve every place, in order of falling norm, as a sum of terms t^p r^t (the monomial
   basis, resonance included), put f(t) = <z_i(t), z_j(t) - z_l(t)> for one j in C_i and every
   l, and decide f = 0 (l in C_i) by coefficients, f > 0 for all t >= 0 (l not in C_i) by
   evaluating t = 0, 1, 2, ... until the dominant term outweighs all others for good.

A pattern that holds at layers k..k+m is constant from k on iff it is from k+m on, so asking at
the first layer of each pattern finds the least settled layer.

Possible issues: exponential in nothing but slow in everything; meant for n <= 12, d <= 5.
"""

from fractions import Fraction
from math import comb, lcm
from typing import Any

Vector = tuple[Fraction, ...]
Matrix = tuple[Vector, ...]
Pattern = tuple[tuple[int, ...], ...]
Number = int | Fraction

LARGEST_THRESHOLD = 100_000
ONE = Fraction(1)


# ---------------------------------------------------------------------------- the definition


def as_vector(entries: Any) -> Vector:
    """The entries as Fractions; only int and Fraction are exact enough."""
    for entry in entries:
        if not isinstance(entry, (int, Fraction)):
            raise TypeError(f"expected int or Fraction, got {entry!r}")
    return tuple(Fraction(entry) for entry in entries)


def as_matrix(A: Any, dimension: int) -> Matrix:
    """A as a tuple of rows; None is the identity."""
    if A is None:
        return tuple(
            tuple(Fraction(row == column) for column in range(dimension))
            for row in range(dimension)
        )
    return tuple(as_vector(row) for row in A)


def inner(x: Vector, y: Vector, A: Matrix) -> Fraction:
    """<x, y> = x^T A y."""
    image = [
        sum((entry * b for entry, b in zip(row, y, strict=True) if entry and b), Fraction(0))
        for row in A
    ]
    return sum((a * b for a, b in zip(x, image, strict=True)), Fraction(0))


def brute_pattern(tokens: Any, multiplicities: Any, A: Any) -> Pattern:
    """C_i = argmax_j <z_i, z_j>, all maximisers, for every i.

    The multiplicities do not matter to the pattern; they are taken so that this function and
    ``brute_layer`` are called alike.
    """
    places = [as_vector(token) for token in tokens]
    if len(places) != len(multiplicities):
        raise ValueError("one multiplicity a token is wanted")
    form = as_matrix(A, len(places[0]))
    pattern = []
    for z in places:
        products = [inner(z, other, form) for other in places]
        best = max(products)
        pattern.append(tuple(j for j, product in enumerate(products) if product == best))
    return tuple(pattern)


def brute_layer(tokens: Any, multiplicities: Any, A: Any, alpha: Number) -> list[Vector]:
    """z_i' = (z_i + alpha m_i)/(1 + alpha), m_i the weighted mean of z_j over j in C_i."""
    places = [as_vector(token) for token in tokens]
    pattern = brute_pattern(places, multiplicities, A)
    moved = []
    for z, attended in zip(places, pattern, strict=True):
        mean = weighted_mean([places[j] for j in attended], [multiplicities[j] for j in attended])
        moved.append(
            tuple((x + alpha * m) / Fraction(1 + alpha) for x, m in zip(z, mean, strict=True))
        )
    return moved


def weighted_mean(vectors: list[Vector], weights: list[int]) -> Vector:
    """Sum of w v over sum of w."""
    total = sum(weights)
    return tuple(
        sum((w * x for w, x in zip(weights, column, strict=True)), Fraction(0)) / total
        for column in zip(*vectors, strict=True)
    )


def merge(tokens: Any) -> tuple[list[Vector], list[int], list[int]]:
    """Distinct places in order of first appearance, their multiplicities, each token's place."""
    places: list[Vector] = []
    multiplicities: list[int] = []
    place_of: list[int] = []
    for token in tokens:
        z = as_vector(token)
        if z not in places:
            places.append(z)
            multiplicities.append(0)
        place_of.append(places.index(z))
        multiplicities[places.index(z)] += 1
    return places, multiplicities, place_of


# --------------------------------------------------------------- sums of terms c t^p r^t


class Sum:
    """Sum over r and p of c[r][p] t^p r^t, the c vectors: a dict base -> list of coefficients."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.terms: dict[Fraction, list[Vector]] = {}

    def add(self, base: Fraction, degree: int, coefficient: Vector) -> None:
        """Add coefficient * t^degree base^t, and keep no zero at the top."""
        row = self.terms.setdefault(base, [])
        while len(row) <= degree:
            row.append((Fraction(0),) * self.length)
        row[degree] = tuple(x + y for x, y in zip(row[degree], coefficient, strict=True))
        while row and not any(row[-1]):
            row.pop()
        if not row:
            del self.terms[base]

    def add_multiple(self, factor: Fraction, other: "Sum") -> None:
        """Add factor * other."""
        for base, degree, coefficient in other.listed():
            self.add(base, degree, tuple(factor * x for x in coefficient))

    def listed(self) -> list[tuple[Fraction, int, Vector]]:
        """All (base, degree, coefficient) with nonzero coefficient."""
        return [
            (base, degree, coefficient)
            for base, row in self.terms.items()
            for degree, coefficient in enumerate(row)
            if any(coefficient)
        ]

    def at(self, t: int) -> Vector:
        """The value at t."""
        value = [Fraction(0)] * self.length
        for base, degree, coefficient in self.listed():
            factor = base**t * t**degree
            value = [x + factor * c for x, c in zip(value, coefficient, strict=True)]
        return tuple(value)

    def limit(self) -> Vector:
        """The value at infinity: the coefficient of 1^t."""
        return self.terms[ONE][0] if ONE in self.terms else (Fraction(0),) * self.length

    def nonconstant(self) -> list[tuple[Fraction, int]]:
        """All (base, degree) but (1, 0)."""
        return [(base, degree) for base, degree, _ in self.listed() if (base, degree) != (ONE, 0)]


def product(x: Sum, y: Sum, A: Matrix) -> Sum:
    """<x(t), y(t)>, as a sum with coefficients of length 1."""
    result = Sum(1)
    for r, p, u in x.listed():
        for s, q, v in y.listed():
            result.add(r * s, p + q, (inner(u, v, A),))
    return result


def relax(start: Vector, mu: Fraction, target: Sum) -> Sum:
    """The solution of z(t+1) = mu z(t) + (1 - mu) y(t), z(0) = start.

    Base by base, a particular solution sum_p b_p t^p r^t of u(t+1) - mu u(t) = (1 - mu) y(t):
    comparing coefficients of t^p r^t, from the top,

        (r - mu) b_p + r sum_{q > p} binom(q, p) b_q = (1 - mu) c_p.

    At r = mu the first term is gone, each equation gives b_{p+1} instead of b_p, the degree is
    one higher (resonance) and b_0 is free: 0. The multiple of mu^t that is left meets z(0).
    """
    result = Sum(len(start))
    for r, c in target.terms.items():
        shift = 1 if r == mu else 0
        b: dict[int, Vector] = {}
        for p in reversed(range(len(c))):
            known = [(1 - mu) * x for x in c[p]]
            for q, higher in b.items():
                known = [x - r * comb(q, p) * y for x, y in zip(known, higher, strict=True)]
            pivot = r * (p + 1) if shift else r - mu
            b[p + shift] = tuple(x / pivot for x in known)
        for degree, coefficient in b.items():
            result.add(r, degree, coefficient)
    rest = tuple(x - y for x, y in zip(start, result.at(0), strict=True))
    result.add(mu, 0, rest)
    return result


def closed_form(
    places: Any, multiplicities: Any, A: Any, alpha: Number, pattern: Pattern
) -> list[Sum]:
    """z_i(t) for every i, as if the pattern held at all layers t >= 0.

    ValueError if the attention graph has a cycle, which A symmetric positive definite excludes.
    """
    starts = [as_vector(place) for place in places]
    form = as_matrix(A, len(starts[0]))
    lam = 1 / Fraction(1 + alpha)
    norms = [inner(z, z, form) for z in starts]
    solved: dict[int, Sum] = {}
    for i in sorted(range(len(starts)), key=lambda i: norms[i], reverse=True):
        others = [j for j in pattern[i] if j != i]
        if any(j not in solved for j in others):
            raise ValueError(f"token {i} attends to a token of no greater norm")
        own = multiplicities[i] if i in pattern[i] else 0
        total = sum(multiplicities[j] for j in pattern[i])
        target = Sum(len(starts[i]))
        for j in others:
            target.add_multiple(Fraction(multiplicities[j], total - own), solved[j])
        mu = lam + (1 - lam) * Fraction(own, total)
        solved[i] = relax(starts[i], mu, target)
    return [solved[i] for i in range(len(starts))]


# ------------------------------------------------------------------------------- settling


def is_positive_for_ever(f: Sum) -> bool:
    """Whether f(t) > 0 for all integers t >= 0 (f with coefficients of length 1).

    With dominant term a t^P R^t, every other term over it is c/a t^(q-P) (r/R)^t, which falls
    from t >= max(1, (q-P)/(1 - r/R)) on. So one T beyond these bounds at which the dominant term
    exceeds the sum of the absolute values of the others proves the sign for all t >= T.
    All terms are multiplied by D^t and by a common denominator, so that the loop is in integers.
    """
    terms = f.listed()
    if not terms:
        return False
    terms.sort(key=lambda term: term[:2], reverse=True)
    R, P, (lead, *_) = terms[0]
    if lead < 0:
        return False
    first = 1
    for r, q, _ in terms[1:]:
        if r < R and q > P:
            bound = (q - P) / (1 - r / R)
            first = max(first, -((-bound.numerator) // bound.denominator))
    D = lcm(*(r.denominator for r, _, _ in terms))
    common = lcm(*(c[0].denominator for _, _, c in terms))
    steps = [int(r * D) for r, _, _ in terms]
    degrees = [q for _, q, _ in terms]
    scaled = [int(c[0] * common) for _, _, c in terms]
    for t in range(LARGEST_THRESHOLD + 1):
        values = [c * t**q for c, q in zip(scaled, degrees, strict=True)]
        if sum(values) <= 0:
            return False
        if t >= first and values[0] > sum(abs(value) for value in values[1:]):
            return True
        scaled = [c * step for c, step in zip(scaled, steps, strict=True)]
    raise NotImplementedError(f"a sign is decided only beyond t = {LARGEST_THRESHOLD}")


def holds_for_ever(curves: list[Sum], pattern: Pattern, A: Matrix) -> bool:
    """Whether the closed form has this pattern at every t >= 0."""
    for i, attended in enumerate(pattern):
        j = attended[0]
        for rival in range(len(curves)):
            if rival == j:
                continue
            lead = Sum(curves[i].length)
            lead.add_multiple(ONE, curves[j])
            lead.add_multiple(-ONE, curves[rival])
            f = product(curves[i], lead, A)
            if rival in attended:
                if f.terms:
                    return False
            elif not is_positive_for_ever(f):
                return False
    return True


def is_symmetric_positive_definite(A: Matrix) -> bool:
    """Symmetric, and all pivots of Gaussian elimination positive."""
    size = len(A)
    if any(A[i][j] != A[j][i] for i in range(size) for j in range(size)):
        return False
    rows = [list(row) for row in A]
    for k in range(size):
        if rows[k][k] <= 0:
            return False
        for i in range(k + 1, size):
            factor = rows[i][k] / rows[k][k]
            rows[i] = [x - factor * y for x, y in zip(rows[i], rows[k], strict=True)]
    return True


def reference(tokens: Any, alpha: Number, A: Any = None, max_layers: int = 2000) -> dict[str, Any]:
    """What ``hardmax run --json`` prints of this configuration, without file and name.

    Layers 0..max_layers are tried; if none settles, every finding but the hypotheses is None.
    ValueError unless A is symmetric positive definite and alpha > 0: without these nothing here
    is known to be right.
    """
    places, weights, place_of = merge(tokens)
    form = as_matrix(A, len(places[0]))
    (alpha,) = as_vector([alpha])
    if not is_symmetric_positive_definite(form) or alpha <= 0:
        raise ValueError("the reference wants A symmetric positive definite and alpha > 0")
    hypotheses = {
        "nonzero": all(any(z) for z in places),
        "distinct": True,
        "positive_definite": True,
        "positive_step": True,
    }
    since: dict[int, int] = {}
    asked: Pattern | None = None
    current = places
    for layer in range(max_layers + 1):
        pattern = brute_pattern(current, weights, form)
        for i, attended in enumerate(pattern):
            if attended == (i,):
                since.setdefault(i, layer)
        if pattern != asked:
            asked = pattern
            curves = closed_form(current, weights, form, alpha, pattern)
            if holds_for_ever(curves, pattern, form):
                findings = describe(layer, pattern, curves, since, place_of, form)
                return {**findings, "hypotheses": hypotheses}
        current = brute_layer(current, weights, form, alpha)
    undecided = ["settled_layer", "leaders", "limits", "kinds", "faces"]
    undecided += ["clusters", "attention", "rate"]
    return {**dict.fromkeys(undecided), "hypotheses": hypotheses}


def describe(
    layer: int,
    pattern: Pattern,
    curves: list[Sum],
    since: dict[int, int],
    place_of: list[int],
    A: Matrix,
) -> dict[str, Any]:
    """The findings, in the indices of the input."""
    tokens = range(len(place_of))
    limits = [curves[place_of[token]].limit() for token in tokens]
    leaders = [token for token in tokens if pattern[place_of[token]] == (place_of[token],)]
    kinds = []
    faces = {}
    for token in tokens:
        s = limits[token]
        if token in leaders:
            kinds.append("leader")
        elif any(limits[leader] == s for leader in leaders):
            kinds.append("vertex")
        else:
            kinds.append("face")
            faces[str(token)] = [v for v in leaders if inner(s, limits[v], A) == inner(s, s, A)]
    clusters = [
        [other for other in tokens if limits[other] == limits[token]]
        for token in tokens
        if limits.index(limits[token]) == token
    ]
    attention = [
        [other for other in tokens if place_of[other] in pattern[place_of[token]]]
        for token in tokens
    ]
    terms = [term for curve in curves for term in curve.nonconstant()]
    base, degree = max(terms) if terms else (None, None)
    return {
        "settled_layer": layer,
        "leaders": [
            {
                "token": token,
                "since_layer": since[place_of[token]],
                "position": [str(x) for x in limits[token]],
            }
            for token in leaders
        ],
        "limits": [[str(x) for x in limit] for limit in limits],
        "kinds": kinds,
        "faces": faces,
        "clusters": clusters,
        "attention": attention,
        "rate": {"base": str(base), "degree": degree} if terms else None,
    }
