"""Layers by definition, in fractions, from the text of a problem of version 2.

Shares nothing with the verifier, nor with the program: each sentence of "Notation" is one line.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

Tokens = list[list[Fraction]]
Pattern = list[list[int]]


def rows(stated: list[list[str]]) -> list[list[Fraction]]:
    return [[Fraction(x) for x in row] for row in stated]


def polynomial(coefficients: list[str], k: int) -> Fraction:
    return sum((Fraction(c) * k**s for s, c in enumerate(coefficients)), Fraction(0))


def attention(problem: Any, k: int, z: Tokens) -> Pattern:
    """C_1, …, C_n at layer k."""
    dynamics, n, d = problem["dynamics"], len(z), len(z[0])
    A = rows(dynamics["layers"][k % len(dynamics["layers"])]["A"])
    found = []
    for i in range(n):
        candidates = dynamics["candidates"][i] if dynamics["candidates"] else range(n)
        product = {
            j: sum(z[i][s] * A[s][t] * z[j][t] for s in range(d) for t in range(d))
            for j in candidates
        }
        greatest = [j for j in candidates if product[j] == max(product.values())]
        found.append(greatest if dynamics["ties"] == "averaged" else greatest[:1])
    return found


def after(problem: Any, k: int, z: Tokens, C: Pattern) -> Tokens:
    """One layer: z_i + γ_k P (m_i − z_i)."""
    w, d = problem["multiplicities"], len(z[0])
    layer = problem["dynamics"]["layers"][k % len(problem["dynamics"]["layers"])]
    pull = polynomial(layer["numerator"], k) / polynomial(layer["denominator"], k)
    P = rows(layer["P"]) or [[Fraction(int(s == t)) for t in range(d)] for s in range(d)]
    new = []
    for i, attended in enumerate(C):
        weight = sum(w[j] for j in attended)
        gap = [sum(w[j] * z[j][s] for j in attended) / weight - z[i][s] for s in range(d)]
        new.append([z[i][s] + pull * sum(P[s][t] * gap[t] for t in range(d)) for s in range(d)])
    return new


def layers(problem: Any) -> Iterator[tuple[Tokens, Pattern]]:
    """Z^k and its pattern, k = 0, 1, 2, … without end."""
    z, k = rows(problem["tokens"]), 0
    while True:
        C = attention(problem, k, z)
        yield z, C
        z, k = after(problem, k, z, C), k + 1
