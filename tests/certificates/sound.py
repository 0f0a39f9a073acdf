"""Certificates that hold: settled runs, refutations, and the texts of the folder `good`."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from gallery import GALLERY

from theory import Configuration, Settled, settle
from theory.certificates import certificate, digest, refutation, refutation_by_layer, separating

Certificate = dict[str, Any]
Change = tuple[tuple[str | int, ...], Any]

TINY = "1/1000000000000000"


def dump(value: Any) -> str:
    return json.dumps(value) + "\n"


def changed(base: Certificate, *changes: Change) -> Certificate:
    """A copy with the value at each path replaced; a function gets the old value."""
    copy = deepcopy(base)
    for path, value in changes:
        *before, last = path
        place: Any = copy
        for key in before:
            place = place[key]
        place[last] = value(place[last]) if callable(value) else value
    return copy


def sealed(x: Certificate) -> Certificate:
    """A copy with the SHA-256 of every problem computed again."""
    copy = deepcopy(x)
    for stated in copy.get("runs", [copy]):
        stated["sha256"] = digest(stated["problem"])
    return copy


def without(position: int) -> Callable[[list[Any]], list[Any]]:
    return lambda old: old[:position] + old[position + 1 :]


def settled(tokens: Any, alpha: Any, A: Any = None) -> Settled:
    result = settle(Configuration(tokens, alpha, A).merged()[0])
    if not isinstance(result, Settled):
        raise ValueError(f"undecided: {tokens}, {alpha}")
    return result


def shown(name: str, alpha: str | None = None) -> Settled:
    """A settled run of the gallery, with another step if one is given."""
    exhibit = GALLERY[name]
    return settled(exhibit["tokens"], alpha or exhibit["alpha"], exhibit["A"])


def settling() -> dict[str, Certificate]:
    """Settling certificates by name, without the number."""
    runs = {
        "plain": settled([[2], [1]], 1),
        "one-token": settled([["1/2"]], "1/3"),
        "zero-token": settled([[-1], [0], [1]], 1),
        "zero-among-leaders": settled([[-2], [0], [3]], "1/2"),
        "multiplicities": shown("face-limit-by-copies"),
        "matrix": shown("face-limit-under-a-matrix"),
        "asymmetric-matrix": settled([[1, 0], [0, 2], [1, 1]], 1, [[2, 1], [0, 1]]),
        "hundreds-of-layers": shown("hundreds-of-layers"),
        "more-than-n-layers": shown("more-than-n-layers"),
        "emerging-leader": shown("emerging-leader"),
        "rest-without-leading": shown("rest-without-leading"),
        "own-set-and-moving": shown("own-set-and-moving-later"),
        "face-limit": shown("face-limit"),
        "mixed-tie": shown("mixed-tie"),
        "moving-tie": shown("moving-tie"),
        "moving-tie-in-the-cube": shown("moving-tie-in-the-cube"),
        "moving-tie-at-times-of-order-10-to-15": shown("moving-tie", TINY),
        "late-by-resonance": shown("late-by-resonance"),
        "resonance-of-degree-two": shown("resonance-of-degree-two"),
        "near-tie": settled([[2, 2], [-2, 2], [0, 1], ["1e-40", 1]], "1/2"),
        "numbers-of-4500-digits": settled([[10**4500], [10**4500 - 1]], "1/3"),
    }
    return {name: certificate(run) for name, run in runs.items()}


BY_LAYER: dict[str, tuple[Any, ...]] = {
    # tokens, alpha, A; layer, token, other
    "without-distinctness by first-leader": ([[1], [1]], 1, None, 0, 0, 0),
    "without-symmetry by norms-grow": ([[-1, -2], [-2, -1]], 1, [[1, 1], [-1, 1]], 0, 1, 1),
    "without-definiteness by separation": ([[2, -2], [0, 2]], 1, [[0, 1], [1, 0]], 0, 1, 0),
    "without-definiteness by acyclic-attention": ([[1], [-1]], 1, [[-1]], 0, 0, 1),
    "without-strictness by norms-grow": ([[0, -2], [0, 1]], 1, [[1, 0], [0, 0]], 0, 1, 1),
    "without-strictness by first-leader": ([[1, 0], [1, 1]], 1, [[1, 0], [0, 0]], 3, 0, 0),
    "with-negative-step by norms-grow": ([[2], [1]], "-1/2", None, 0, 1, 1),
    "with-negative-step by leader-invariance": ([[-1, 0], [2, 2], [0, 2]], "-2/3", None, 0, 0, 0),
    "with-zero-step by rest-is-a-foot": ([[2], [1]], 0, None, 0, 1, 1),
}
"""Refutations by a layer: the statement and the lemma, and where the lemma fails."""


def refutations() -> dict[str, Certificate]:
    """Refutations by statement, or by statement and lemma."""
    slow, fast = shown("leaders-at-small-alpha"), shown("leaders-at-large-alpha")
    column = settled([[-2, -2], [-2, 0], [-2, 1]], 1)
    vertex = separating(fast.configuration.tokens, 2)
    tie = shown("moving-tie")
    by_runs = [
        refutation("leaders-from-the-first-layer", [shown("emerging-leader")], 0),
        refutation("hull-vertices-lead", [fast], 2, functional=vertex),
        refutation("limits-are-vertices", [shown("face-limit")], 2),
        refutation("nearest-leader", [column], 1, 2),
        refutation("leaders-independent-of-alpha", [slow, fast], 2),
        refutation("limits-independent-of-alpha", [slow, fast], 2),
        refutation("settles-within-n-layers", [shown("more-than-n-layers")]),
        refutation("attends-leaders-eventually", [tie], 4, 2),
        refutation("geometric-rate", [tie], 4),
        refutation("without-nonzero-tokens", [settled([[-1], [0], [1]], 1)], 1),
    ]
    found = {x["statement"]: x for x in by_runs}
    for name, (tokens, alpha, A, *where) in BY_LAYER.items():
        statement, lemma = name.split(" by ")
        configuration = Configuration(tokens, alpha, A)
        found[name] = refutation_by_layer(statement, configuration, lemma, *where)
    return found


CONDITIONS = {
    2: ("numbers-of-4500-digits",),
    3: ("multiplicities", "asymmetric-matrix", "one-token"),
    4: ("matrix",),
    5: ("hundreds-of-layers",),
    6: ("more-than-n-layers",),
    7: ("emerging-leader",),
    8: ("zero-token", "own-set-and-moving"),
    9: ("rest-without-leading", "zero-among-leaders"),
    10: ("resonance-of-degree-two", "late-by-resonance"),
    11: ("mixed-tie", "moving-tie"),
    12: ("moving-tie-in-the-cube", "moving-tie-at-times-of-order-10-to-15", "near-tie"),
    13: ("face-limit", "plain"),
    15: ("limits-are-vertices", "without-distinctness by first-leader"),
    16: ("hull-vertices-lead", "leaders-independent-of-alpha"),
}
"""The good certificates by the condition that they try most; other refutations try 17."""


def good() -> dict[str, str]:
    """Every text of `good` by file name."""
    made = settling() | refutations()
    number = {name: condition for condition, names in CONDITIONS.items() for name in names}
    texts = {f"{number.get(x, 17):02} {x}".replace(" ", "-"): dump(made[x]) for x in made}
    plain = made["plain"]
    precise = changed(made["moving-tie"], (("evidence", "leads", 0, "precision"), 100_000))
    return texts | {
        "01-white-space": json.dumps(plain, indent=3) + "\n\t\r ",
        "01-escaped-characters": dump(plain).replace("sha256", "\\u0073ha256", 1),
        "02-keys-in-another-order": dump(dict(reversed(plain.items()))),
        "14-precision-of-100000-bits": dump(precise),
        "17-a-witness-that-the-statement-does-not-use": dump(
            changed(made["limits-independent-of-alpha"], (("other",), 1))
        ),
    }
