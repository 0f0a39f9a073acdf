"""The layers that a configuration file of any dynamics states, from the definition alone.

It reads the JSON by itself and shares nothing with the implementation: standard library only,
`Fraction` throughout. At layer k = 0, 1, 2, …

    N_i    the candidates: all, those up to i ("causal"), or the ones of row i of the mask
    C_i    those j of N_i with z_iᵀ A_k z_j greatest; the first of them alone where ties are "first"
    m_i    the mean of z_j over C_i
    z_i'   z_i + P_k (m_i − z_i),  P_k = γ_k, or α/(1+α), or (I+V)^{-1} V

`layers` without `repeat` have no A at their end: there is no attention then.
"""

import json
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

Row = list[Fraction]
Layer = tuple[list[list[str]], list[list[int]] | None]


def layers(text: str, count: int) -> list[Layer]:
    """Tokens, as texts, and attention of the layers 0, …, `count`."""
    stated = json.loads(text, parse_float=Decimal)
    tokens = [row_of(row) for row in stated["tokens"]]
    found: list[Layer] = []
    for k in range(count + 1):
        told = [list(map(str, row)) for row in tokens]
        parameters = parameters_of(stated, k)
        if parameters is None:
            own = any("A" in layer for layer in stated["layers"])
            sets = None if own else attention(stated, tokens, matrix_of(stated, len(tokens[0])))
            found.append((told, sets))
            break
        A = matrix_of(parameters, len(tokens[0]))
        sets = attention(stated, tokens, A)
        found.append((told, sets))
        reached = [[tokens[j] for j in attended] for attended in sets]
        pairs = zip(tokens, reached, strict=True)
        tokens = [moved(own, those, parameters, k) for own, those in pairs]
    return found


def number(value: Any) -> Fraction:
    return Fraction(value)


def row_of(values: Any) -> Row:
    return [number(x) for x in values]


def parameters_of(stated: dict[str, Any], k: int) -> dict[str, Any] | None:
    """The keys that count at layer k; None where the run has ended."""
    if "layers" not in stated:
        return stated
    turn = stated["layers"]
    if stated.get("repeat"):
        return {**stated, **turn[k % len(turn)]}
    return {**stated, **turn[k]} if k < len(turn) else None


def matrix_of(parameters: dict[str, Any], d: int) -> list[Row]:
    if "A" in parameters:
        return [row_of(row) for row in parameters["A"]]
    return [[Fraction(s == t) for t in range(d)] for s in range(d)]


def candidates(stated: dict[str, Any], i: int, n: int) -> list[int]:
    mask = stated.get("mask")
    if mask is None:
        return list(range(n))
    if mask == "causal":
        return list(range(i + 1))
    return [j for j in range(n) if mask[i][j] == 1]


def attention(stated: dict[str, Any], tokens: list[Row], A: list[Row]) -> list[list[int]]:
    n, d = len(tokens), len(tokens[0])
    sets = []
    for i in range(n):
        scores = {}
        for j in candidates(stated, i, n):
            total = Fraction(0)
            for s in range(d):
                for t in range(d):
                    total += tokens[i][s] * A[s][t] * tokens[j][t]
            scores[j] = total
        best = [j for j in scores if scores[j] == max(scores.values())]
        sets.append(best[:1] if stated.get("ties") == "first" else best)
    return sets


def moved(own: Row, attended: list[Row], parameters: dict[str, Any], k: int) -> Row:
    d = len(own)
    away = [sum(z[s] for z in attended) / len(attended) - own[s] for s in range(d)]
    if "V" in parameters:
        # u = P away: (I + V) u = V away
        V = [row_of(row) for row in parameters["V"]]
        right = [sum(V[s][t] * away[t] for t in range(d)) for s in range(d)]
        left = [[V[s][t] + (s == t) for t in range(d)] for s in range(d)]
        away = solved(left, right)
    else:
        gamma = pull(parameters, k)
        away = [gamma * x for x in away]
    return [x + y for x, y in zip(own, away, strict=True)]


def pull(parameters: dict[str, Any], k: int) -> Fraction:
    if "gamma" in parameters:
        return valued(str(parameters["gamma"]), k)
    alpha = number(parameters["alpha"])
    return alpha / (1 + alpha)


def valued(expression: str, k: int) -> Fraction:
    """The expression at k: the tests write their own, so that Python may evaluate it."""
    words = re.sub(r"\d+(\.\d+)?", r"F('\g<0>')", expression).replace("^", "**")
    value = eval(words, {"__builtins__": {}}, {"F": Fraction, "k": Fraction(k)})
    assert isinstance(value, Fraction)
    return value


def solved(left: list[Row], right: Row) -> Row:
    """x with left x = right, by Cramer's rule."""
    whole = determinant(left)
    d = len(right)
    return [
        determinant([[right[s] if t == c else left[s][t] for t in range(d)] for s in range(d)])
        / whole
        for c in range(d)
    ]


def determinant(rows: list[Row]) -> Fraction:
    if not rows:
        return Fraction(1)
    first, *others = rows
    return sum(
        (
            (-1) ** c * x * determinant([row[:c] + row[c + 1 :] for row in others])
            for c, x in enumerate(first)
        ),
        Fraction(0),
    )
