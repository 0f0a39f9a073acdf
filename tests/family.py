"""Random configuration files of every dynamics: all rows of the family and their combinations."""

import json
from random import Random
from typing import Any

GAMMAS = [
    "2/(k+2)", "1/(k+2)^2", "(k+1)/(k+2)", "k/(k+1)", "1/2", "0.25", "1", "0", "1-1/(2*k+3)",
    "(k^2+1)/(2*k^2+3)", "1/(k+1)", "3/(k+4) - 1/(k+5)",
]  # fmt: skip
ALPHAS: list[Any] = [1, "1/2", 3, "7/3", 0.1, "-1/2", -3, 0]


def numeral(r: Random, most: int = 3) -> Any:
    """A number as it may stand in a file."""
    whole = r.randint(-most, most)
    return r.choice([whole, whole, whole, str(whole), f"{whole}/2", f"{whole}/3", whole / 4])


def matrix(r: Random, d: int) -> list[list[Any]]:
    """Any matrix: negative, semidefinite, indefinite, unsymmetric, or definite."""
    B = [[r.randint(-2, 2) for _ in range(d)] for _ in range(d)]
    square = [[sum(B[k][i] * B[k][j] for k in range(d)) for j in range(d)] for i in range(d)]
    kind = r.randrange(4)
    if kind == 0:
        return [[-x for x in row] for row in square]
    return square if kind == 1 else [[numeral(r, 2) for _ in range(d)] for _ in range(d)]


def value_matrix(r: Random, d: int) -> list[list[Any]]:
    """V triangular, with 1 + v ≠ 0 on the diagonal."""
    diagonal = [r.choice(["3/2", "7/3", 1, "1/2", 0, -3, 0.5]) for _ in range(d)]
    if r.random() < 0.2:
        diagonal = diagonal[:1] * d
    lower = r.random() < 0.6
    return [
        [diagonal[s] if s == t else numeral(r, 1) if lower and t < s else 0 for t in range(d)]
        for s in range(d)
    ]


def step(r: Random, d: int, constant: bool = False) -> dict[str, Any]:
    """One of the keys that tell a step."""
    kind = r.choice(["alpha", "gamma", "gamma", "V"])
    if kind == "alpha":
        return {"alpha": r.choice(ALPHAS)}
    if kind == "V":
        return {"V": value_matrix(r, d)}
    return {"gamma": r.choice(["1/2", "1", "2/3", 0.75] if constant else GAMMAS)}


def mask(r: Random, n: int) -> Any:
    if r.random() < 0.5:
        return "causal"
    rows = [[int(r.random() < 0.6) for _ in range(n)] for _ in range(n)]
    for row in rows:
        row[r.randrange(n)] = 1
    return [[1] * n for _ in range(n)] if r.random() < 0.1 else rows


def problem(r: Random, least: int = 1) -> dict[str, Any]:
    """The JSON object of a configuration; finite layers are `least` or more."""
    d, n = r.choice([1, 1, 2, 2, 3]), r.randint(1, 6)
    found: dict[str, Any] = {"tokens": [[numeral(r) for _ in range(d)] for _ in range(n)]}
    if r.random() < 0.6:
        found["A"] = matrix(r, d)
    if r.random() < 0.4:
        repeat = r.random() < 0.6
        count = r.randint(1, 4) if repeat else r.randint(least, least + 3)
        whole = r.random() < 0.2
        turn: list[dict[str, Any]] = [{} if whole else step(r, d) for _ in range(count)]
        for layer in turn:
            if r.random() < 0.5:
                layer["A"] = matrix(r, d)
        if whole:
            found |= step(r, d)
        found["layers"] = turn
        if repeat or r.random() < 0.2:
            found["repeat"] = repeat
    else:
        found |= step(r, d)
    if r.random() < 0.4:
        found["mask"] = mask(r, n)
    if r.random() < 0.4:
        found["ties"] = "first"
    return found


def problems(count: int, seed: int, least: int = 1) -> list[str]:
    """So many configuration files."""
    r = Random(seed)
    return [json.dumps(problem(r, least)) for _ in range(count)]
