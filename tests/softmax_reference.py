"""Both sides of the bound on softmax targets from the definitions, and problems to try.

No ball arithmetic: mpmath's floats, with a thousand bits or more.
"""

from fractions import Fraction
from typing import Any

import mpmath
from flint import fmpq
from hypothesis import strategies as st

Problem = tuple[Any, Any, list[int], Fraction]


def inner(x: list[Fraction], A: list[list[Fraction]], y: list[Fraction]) -> Fraction:
    """⟨x, y⟩ from the definition."""
    d = len(x)
    return sum((x[s] * A[s][t] * y[t] for s in range(d) for t in range(d)), Fraction(0))


def number(x: Fraction | fmpq) -> Any:
    """The rational at the precision that mpmath is set to."""
    return mpmath.mpf(int(x.numerator)) / int(x.denominator)


def mpf(x: Fraction) -> Any:
    with mpmath.workprec(1000):
        return mpmath.mpf(x.numerator) / x.denominator


def plain_sides(
    tokens: Any, A: Any, weights: list[int], i: int, beta: Fraction, decay: int
) -> tuple[Any, Any]:
    """Both sides of the bound from their definitions, with 1000 bits and no intervals."""
    with mpmath.workprec(1000):
        d, n = len(tokens[0]), len(tokens)

        def minus(x: list[Fraction], y: list[Fraction]) -> list[Fraction]:
            return [a - b for a, b in zip(x, y, strict=True)]

        products = [inner(tokens[i], A, z) for z in tokens]
        values = sorted(set(products))
        if len(values) == 1:
            return mpmath.mpf(0), mpmath.mpf(0)
        attended = [j for j in range(n) if products[j] == values[-1]]
        own = sum(weights[j] for j in attended)
        hard = [sum(weights[j] * tokens[j][s] for j in attended) / Fraction(own) for s in range(d)]
        powers = [
            w * mpmath.exp(mpf(beta * (p - values[-1])))
            for w, p in zip(weights, products, strict=True)
        ]
        total = mpmath.fsum(powers)
        soft = [
            mpmath.fsum(p * mpf(z[s]) for p, z in zip(powers, tokens, strict=True)) / total
            for s in range(d)
        ]
        off = [x - mpf(y) for x, y in zip(soft, hard, strict=True)]
        left = mpmath.sqrt(
            abs(mpmath.fsum(off[s] * mpf(A[s][t]) * off[t] for s in range(d) for t in range(d)))
        )
        diameter = mpmath.sqrt(
            mpf(max(inner(minus(x, y), A, minus(x, y)) for x in tokens for y in tokens))
        )
        right = (
            diameter
            * mpf(Fraction(sum(weights) - own, own))
            * mpmath.exp(-decay * mpf(beta * (values[-1] - values[-2])))
        )
        return left, right


numbers = st.builds(Fraction, st.integers(-12, 12), st.integers(1, 5))


@st.composite
def problems(draw: st.DrawFn, definite: bool = False) -> Problem:
    """Tokens, A, multiplicities and β; A symmetric positive definite where asked for."""
    d = draw(st.integers(1, 3))
    vectors = st.lists(numbers, min_size=d, max_size=d)
    tokens = draw(st.lists(vectors, min_size=1, max_size=5))
    B = draw(st.lists(vectors, min_size=d, max_size=d))
    A = B
    if definite:
        A = [
            [sum((row[s] * row[t] for row in B), Fraction(s == t)) for t in range(d)]
            for s in range(d)
        ]
    weights = draw(st.lists(st.integers(1, 4), min_size=len(tokens), max_size=len(tokens)))
    beta = draw(st.builds(Fraction, st.integers(1, 400), st.integers(1, 40)))
    return tokens, A, weights, beta
