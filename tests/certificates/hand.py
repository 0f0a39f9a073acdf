"""Settling certificates of version 2, made by hand: closed forms are stated, layers are counted.

`settling` fills in what follows from the problem by counting (patterns, leaders) and from the
closed forms (limits). `held` has certificates that hold, `broken` such with one thing wrong.
"""

from fractions import Fraction
from itertools import islice
from typing import Any

from brute import layers
from sound import Change, changed, sealed, without

from theory.certificates import digest

Certificate = dict[str, Any]
Form = dict[str, list[str]]
"""Of one token: the coefficient of each "base" or "base degree"."""


def layer(
    A: Any, numerator: str = "1", denominator: str = "1", P: Any = ()
) -> dict[str, list[Any]]:
    """The parameters of a layer; polynomials as their coefficients, spaced."""
    text = [[str(x) for x in row] for row in A]
    matrix = [[str(x) for x in row] for row in P]
    return {
        "A": text,
        "P": matrix,
        "numerator": numerator.split(),
        "denominator": denominator.split(),
    }


def problem(
    tokens: Any,
    *turns: dict[str, list[Any]],
    candidates: Any = (),
    ties: str = "averaged",
    weights: Any = None,
) -> dict[str, Any]:
    return {
        "tokens": [[str(x) for x in row] for row in tokens],
        "multiplicities": list(weights or [1] * len(tokens)),
        "dynamics": {
            "layers": list(turns),
            "candidates": [list(row) for row in candidates],
            "ties": ties,
        },
    }


def terms(form: Form) -> list[dict[str, Any]]:
    found = []
    for name, coefficient in form.items():
        base, _, degree = name.partition(" ")
        found.append({"base": base, "degree": int(degree or 0), "coefficient": coefficient})
    return sorted(found, key=lambda x: (Fraction(x["base"]), x["degree"]), reverse=True)


def settling(
    stated: dict[str, Any],
    forms: list[list[Form]],
    settled: int = 0,
    solved: int | None = None,
    period: int = 1,
    cycle: int = 1,
    leads: Any = (),
) -> Certificate:
    """`forms[e][i]` is that of token i in phase e; `cycle` the number of limits."""
    solved = settled if solved is None else solved
    seen = [C for _, C in islice(layers(stated), settled + period)]
    changes = [k for k, C in enumerate(seen) if k == 0 or C != seen[k - 1]]
    alone = [i for i in range(len(seen[0])) if all(C[i] == [i] for C in seen[settled:])]
    since = {i: max([k + 1 for k, C in enumerate(seen) if C[i] != [i]], default=0) for i in alone}
    zero = ["0"] * len(stated["tokens"][0])
    limits: list[Any] = [None] * cycle
    for e, phase in enumerate(forms):
        limits[(solved + e) % cycle] = [form.get("1", zero) for form in phase]
    return {
        "format": "hardmax-certificate",
        "version": 2,
        "kind": "settling",
        "problem": stated,
        "sha256": digest(stated),
        "claim": {
            "settled_layer": settled,
            "period": period,
            "leaders": [{"token": i, "since_layer": k} for i, k in since.items()],
            "limits": limits,
        },
        "evidence": {
            "patterns": [{"from": k, "attention": seen[k]} for k in changes],
            "solved_layer": solved,
            "closed_forms": [[terms(form) for form in phase] for phase in forms],
            "leads": list(leads),
        },
    }


ONE, MINUS, PLANE = [[1]], [[-1]], [[1, 0], [0, 1]]

CROSSING: Any = {"candidates": [[0], [1], [0, 3], [1]]}
"""Token 2 compares 0, to which it goes, with 3, which goes to 1: two roots of one product."""


def crossing(
    z2: str, z3: str, *turns: Any, ties: str = "averaged", z1: str = "0"
) -> dict[str, Any]:
    return problem([[1], [z1], [z2], [z3]], *turns, ties=ties, **CROSSING)


def crossed(z2: str, z3: str, z1: str = "0") -> list[Form]:
    """Their forms: token 2 at 1 + (z2-1) x, token 3 at z1 + (z3-z1) x."""
    ends = ("1", "1"), (z1, z1), ("1", z2), (z1, z3)
    stated = [{"1": Fraction(a), "1/2": Fraction(b) - Fraction(a)} for a, b in ends]
    return [{base: [str(c)] for base, c in form.items() if c} for form in stated]


def held() -> dict[str, Certificate]:
    """Certificates that hold, by the condition that they try most and the kind of dynamics."""
    half, slow = layer(ONE, "1", "2"), layer(ONE, "1", "2 1")
    origin = problem([[1, 0], [-1, 0]], layer([[0, 0], [0, 1]], "1", "2 1"))
    edge = problem([[0, 1], [-1, 1], [1, 1], [0, "1/2"]], layer(PLANE, "1", "2"), ties="first")
    chain = problem([[1, 0], [2, 1]], layer(PLANE, "1", "2"), candidates=[[0], [0]])
    value = layer(PLANE, P=[["3/5", "0"], ["0", "7/10"]])
    shear = layer(PLANE, P=[["1/2", "0"], ["-1", "1/2"]])
    turning = problem([[2], [1]], half, layer(MINUS, "1", "2"))
    swapping = problem([[1], [-1]], layer(MINUS))
    meeting = problem([[1], [0]], layer(MINUS, "2", "2 1"))
    swap: list[Form] = [{"1": ["1"]}, {"1": ["-1"]}]
    lead = {"token": 2, "other": 3, "times": [0, 1, 2, 3, 6], "precision": 64}
    sheared = {"1": ["2", "2"], "1/2": ["-1", "-2"], "1/2 1": ["0", "-2"]}
    own = {"token": 1, "other": 1, "times": [*range(12)], "precision": 64}
    return {
        "05 negative definite": settling(
            problem([[1], [-1]], layer(MINUS, "1", "2")), [[{}, {}]], settled=1
        ),
        "05 mask": settling(chain, [[{"1": ["1", "0"]}, {"1": ["1", "0"], "1/2": ["1", "1"]}]]),
        "05 first index": settling(
            edge,
            [[{"1": ["0", "1"]}, {"1": ["-1", "1"]}, {"1": ["1", "1"]},
              {"1": ["0", "1"], "1/2": ["0", "-1/2"]}]],
        ),
        "05 all the way": settling(
            problem([[2], [1]], layer(ONE)), [[{"1": ["2"]}, {"1": ["2"]}]], settled=1
        ),
        "05 rest": settling(problem([[2], [1]], layer(ONE, "0")), [[{"1": ["2"]}, {"1": ["1"]}]]),
        "06 two patterns in turn": settling(
            turning,
            [[{"1": ["5/3"], "1/4": ["1/3"]}, {"1": ["5/3"], "1/4": ["-2/3"]}],
             [{"1": ["5/3"], "1/4": ["1/3"]}, {"1": ["5/3"], "1/4": ["-1/6"]}]], period=2,
        ),
        "07 a leader of the second layer": settling(
            problem([[1], [-1], [3]], layer(MINUS, "1", "2"), candidates=[[0, 1], [0, 1], [2]]),
            [[{}, {}, {"1": ["3"]}]], settled=1,
        ),
        "10 value matrix": settling(
            problem([[2, 2], [1, 0]], value),
            [[{"1": ["2", "2"]}, {"1": ["2", "2"], "2/5": ["-1", "0"], "3/10": ["0", "-2"]}]],
        ),
        "10 value matrix with resonance": settling(
            problem([[2, 2], [1, 0]], shear), [[{"1": ["2", "2"]}, sheared]], leads=[own]
        ),
        "10 multiplicities": settling(
            problem([[1, 1], [-2, 1]], layer([[0, 0], [0, 1]], "1", "3"), weights=[2, 1]),
            [[{"1": ["0", "1"], "2/3": ["1", "0"]}, {"1": ["0", "1"], "2/3": ["-2", "0"]}]],
        ),
        "11 a negative base": settling(
            problem([[1], [-1]], layer(MINUS, "3", "4")),
            [[{"1/4": ["1"]}, {"1/4": ["-1"]}], [{"1/4": ["-1/2"]}, {"1/4": ["1/2"]}]],
        ),
        "12 two roots between layers": settling(
            crossing("-2/3", "10/9", half), [crossed("-2/3", "10/9")], leads=[lead]
        ),
        "12 a tie in passing": settling(
            crossing("-1", "4/3", half, ties="first"),
            [[{"1": ["1"]}, {}, {"1": ["1"], "1/2": ["-1/2"]}, {"1/2": ["1/3"]}]], solved=2,
        ),
        "12 a schedule and a parabola": settling(
            crossing("1/2", "1/2", slow), [crossed("1/2", "1/2")]
        ),
        "13 a cycle of limits": settling(swapping, [swap, swap[::-1]], cycle=2),
        "18 pulls beyond 1 at first": settling(
            problem([[2], [1]], layer(ONE, "3", "2 1")), [[{"1": ["5/2"]}, {"1": ["5/2"]}]],
            settled=2,
        ),
        "19 a cycle of limits met later": settling(swapping, [swap[::-1], swap], solved=1, cycle=2),
        "19 phases that are not needed": settling(
            problem([[2], [1]], half),
            [[{"1": ["2"]}, {"1": ["2"], "1/4": ["-1"]}],
             [{"1": ["2"]}, {"1": ["2"], "1/4": ["-1/2"]}]],
        ),
        "20 a schedule that meets": settling(
            meeting, [[{"1": ["1/6"]}, {"1": ["1/6"]}]], settled=2
        ),
        "20 a schedule that rests": settling(
            problem([[2], [1]], layer(ONE, "2", "2 1")), [[{"1": ["2"]}, {"1": ["2"]}]], settled=1
        ),
        "21 a schedule that goes on": settling(
            problem([[2], [1]], slow), [[{"1": ["2"]}, {"1": ["2"], "1/2": ["-1"]}]]
        ),
        "21 a schedule to the origin": settling(
            origin, [[{"1/2": ["1", "0"]}, {"1/2": ["-1", "0"]}]]
        ),
        "21 a finite sum at rest": settling(
            problem([[2], [2]], layer(ONE, "1", "4 4 1")), [[{"1": ["2"]}, {"1": ["2"]}]]
        ),
    }  # fmt: skip


def broken() -> dict[str, Certificate]:
    """Certificates with one thing wrong, by the condition that rejects them."""
    made, texts = held(), {}

    def put(name: str, base: str, *changes: Change) -> None:
        texts[name] = sealed(changed(made[base], *changes))

    forms, turns = ("evidence", "closed_forms"), ("problem", "dynamics", "layers")
    limits, patterns = ("claim", "limits"), ("evidence", "patterns")
    mask, first = "05 mask", "05 first index"
    turning, value, wave = "06 two patterns in turn", "10 value matrix", "11 a negative base"
    roots, passing, curve = (
        "12 two roots between layers",
        "12 a tie in passing",
        "12 a schedule and a parabola",
    )
    cycle, spare = "13 a cycle of limits", "19 phases that are not needed"
    meets, goes, origin = (
        "20 a schedule that meets",
        "21 a schedule that goes on",
        "21 a schedule to the origin",
    )
    put("02 no dynamics", mask, (("problem",), lambda old: {**old, "dynamics": None}))
    put("02 an unknown key of a layer", mask, ((*turns, 0, "V"), []))
    put("02 an expression", goes, ((*turns, 0, "denominator"), "k+2"))
    put("02 coefficients in a float", goes, ((*turns, 0, "denominator"), [2.0, 1.0]))
    put("02 no coefficients", goes, ((*turns, 0, "numerator"), []))
    put("02 no layers", goes, (turns, []))
    put("02 no phases", goes, (forms, []))
    put("02 candidates without any", mask, (("problem", "dynamics", "candidates", 1), []))
    put("02 version 3 with dynamics", mask, (("version",), 3))
    put("02 version 1 with dynamics", mask, (("version",), 1))
    put("02 limits of version 1", mask, (limits, lambda old: old[0]))
    put("02 a step", mask, (("problem", "alpha"), "1"))
    put("03 a long P", value, ((*turns, 0, "P", 0), ["1", "0", "0"]))
    put("03 a tall P", value, ((*turns, 0, "P"), lambda old: [*old, ["0", "0"]]))
    put("03 A of another layer", turning, ((*turns, 1, "A"), [["1", "0"], ["0", "1"]]))
    put("03 no multiplicity", turning, (("problem", "multiplicities", 1), 0))
    put("03 unknown ties", first, (("problem", "dynamics", "ties"), "last"))
    put("03 candidates fall", roots, (("problem", "dynamics", "candidates", 2), [3, 0]))
    put("03 a candidate twice", roots, (("problem", "dynamics", "candidates", 2), [0, 0]))
    put("03 a candidate that is none", roots, (("problem", "dynamics", "candidates", 2), [0, 4]))
    put("03 candidates of too few", mask, (("problem", "dynamics", "candidates"), without(1)))
    put("03 a denominator that ends in 0", goes, ((*turns, 0, "denominator"), ["2", "1", "0"]))
    put("03 a denominator that is 0", mask, ((*turns, 0, "denominator"), ["0"]))
    put(
        "03 a negative denominator",
        meets,
        ((*turns, 0, "numerator"), ["-2"]),
        ((*turns, 0, "denominator"), ["-2", "-1"]),
    )
    put("03 a numerator that ends in 0", goes, ((*turns, 0, "numerator"), ["1", "0"]))
    put("03 a schedule of pulls 0", goes, ((*turns, 0, "numerator"), ["0"]))
    texts["04 another mask"] = changed(
        made[mask], (("problem", "dynamics", "candidates", 1), [0, 1])
    )
    put("05 no mask", mask, (("problem", "dynamics", "candidates"), []))
    put("05 another mask", mask, (("problem", "dynamics", "candidates", 1), [1]))
    put("05 ties averaged", first, (("problem", "dynamics", "ties"), "averaged"))
    put("05 ties to the first", "05 all the way", (("problem", "dynamics", "ties"), "first"))
    put("05 another matrix of the second layer", turning, ((*turns, 1, "A"), [["1"]]))
    put(
        "05 another pattern of the second layer", turning, ((*patterns, 1, "attention"), [[0], [1]])
    )
    put("05 another schedule", meets, ((*turns, 0, "denominator"), ["3", "1"]))
    shear = (*turns, 0, "P"), [["1", "0"], ["1", "0"]]
    put("10 another value matrix", "10 multiplicities", shear)
    put("05 another value matrix", "10 multiplicities", shear, (("evidence", "solved_layer"), 1))
    put("06 settled earlier", meets, (("claim", "settled_layer"), 1))
    put(
        "06 settled later",
        meets,
        (("claim", "settled_layer"), 3),
        (("evidence", "solved_layer"), 3),
    )
    put("06 no period", mask, (("claim", "period"), 0))
    put(
        "06 twice the period",
        turning,
        (("claim", "period"), 4),
        (forms, lambda old: old * 2),
        (patterns, lambda old: [*old, {**old[0], "from": 2}, {**old[1], "from": 3}]),
    )
    put("06 a period of one pattern", spare, (("claim", "period"), 2))
    put(
        "06 a period that began before",
        turning,
        (("claim", "settled_layer"), 1),
        (("evidence", "solved_layer"), 2),
        (patterns, lambda old: [*old, {**old[0], "from": 2}]),
    )
    put(
        "06 a pattern beyond the period",
        turning,
        (patterns, lambda old: [*old, {**old[0], "from": 2}]),
    )
    put("07 a leader in turn", turning, (("claim", "leaders"), [{"token": 0, "since_layer": 0}]))
    put(
        "07 too early",
        "07 a leader of the second layer",
        (("claim", "leaders", 0, "since_layer"), 1),
    )
    put("07 a leader left out", "07 a leader of the second layer", (("claim", "leaders"), []))
    put("08 a closed form too few", wave, ((*forms, 1), without(1)))
    put("08 a negative base", wave, ((*forms, 1, 0, 0, "base"), "-1/4"))
    put("08 a base of 1 and a degree", value, ((*forms, 0, 1, 0, "degree"), 1))
    put("09 phases exchanged", wave, (forms, lambda old: old[::-1]))
    put("09 solved a phase later", cycle, (("evidence", "solved_layer"), 1))
    put("09 the second phase", turning, ((*forms, 1, 1, 1, "coefficient"), ["-1/3"]))
    put(
        "10 another pull",
        goes,
        ((*forms, 0, 1, 1, "base"), "1/2"),
        ((*forms, 0, 1, 0, "coefficient"), ["3"]),
        ((*forms, 0, 1, 1, "coefficient"), ["-2"]),
    )
    put("10 a base of one phase", wave, ((*forms, 1, 0, 0, "base"), "1/2"))
    put(
        "10 a value matrix turned",
        "10 value matrix with resonance",
        ((*turns, 0, "P"), [["1/2", "-1"], ["0", "1/2"]]),
    )
    put("10 no resonance", "10 value matrix with resonance", ((*forms, 0, 1), without(1)))
    put("09 another constant pull", spare, ((*turns, 0, "denominator"), ["3"]))
    put("10 multiplicities", "10 multiplicities", (("problem", "multiplicities"), [3, 1]))
    put("12 no evidence", roots, (("evidence", "leads"), []))
    put("12 evidence not due", value, (("evidence", "leads"), made[roots]["evidence"]["leads"]))
    put(
        "12 evidence under a schedule",
        curve,
        (("evidence", "leads"), made[roots]["evidence"]["leads"]),
    )
    put("12 a layer skipped", roots, (("evidence", "leads", 0, "times"), [0, 2, 3, 6]))
    put(
        "12 a tie in passing not passed",
        passing,
        (("evidence", "solved_layer"), 0),
        ((*forms, 0, 2, 1, "coefficient"), ["-2"]),
        ((*forms, 0, 3, 0, "coefficient"), ["4/3"]),
    )
    put("13 limits exchanged", cycle, (limits, lambda old: old[::-1]))
    put("13 one limit of a cycle", cycle, (limits, lambda old: old[:1]))
    put("13 a limit too few", cycle, ((*limits, 1), without(1)))
    put("13 a limit of a schedule", goes, ((*limits, 0, 1), ["1"]))
    put("14 solved at layer 10 to 59", meets, (("evidence", "solved_layer"), 10**59))
    put("14 a schedule of great degree", goes, ((*turns, 0, "denominator"), ["2"] * 9000))
    put(
        "14 a schedule of long numbers",
        goes,
        ((*turns, 0, "denominator"), ["1" + "0" * 40_000] * 40),
    )
    put("18 a pole", meets, ((*turns, 0, "denominator"), ["-1", "1"]))
    put("18 a pole at once", meets, ((*turns, 0, "denominator"), ["0", "1"]))
    put("19 solved before it settles", meets, (("evidence", "solved_layer"), 1))
    put("19 a phase for two patterns", turning, (forms, lambda old: old[:1]))
    put("19 three phases for two layers", turning, (forms, lambda old: [*old, old[0]]))
    put("19 a phase for two limits", mask, (limits, lambda old: old * 2))
    put("20 a value matrix", goes, ((*turns, 0, "P"), [["1"]]))
    put("20 two phases", goes, (forms, lambda old: old * 2))
    put("20 another base", goes, ((*forms, 0, 1, 1, "base"), "1/3"))
    put("20 a degree", goes, ((*forms, 0, 1, 1, "degree"), 1))
    put("20 a pull of 1", "21 a schedule that goes on", ((*turns, 0, "numerator"), ["2"]))
    put("20 a negative pull", goes, ((*turns, 0, "numerator"), ["-1"]))
    put(
        "20 a pull that grows negative",
        goes,
        ((*turns, 0, "numerator"), ["9", "-1"]),
        ((*turns, 0, "denominator"), ["100", "1"]),
    )
    put(
        "20 a pull that grows beyond 1",
        goes,
        ((*turns, 0, "numerator"), ["1", "0", "1"]),
        ((*turns, 0, "denominator"), ["100", "1"]),
    )
    put("20 a pole later", goes, ((*turns, 0, "denominator"), ["99", "-20", "1"]))
    put("21 a finite sum", goes, ((*turns, 0, "denominator"), ["4", "4", "1"]))
    put("21 a finite sum to the origin", origin, ((*turns, 0, "denominator"), ["4", "4", "1"]))
    half, slow = layer(ONE, "1", "2"), layer(ONE, "1", "2 1")
    for name, z2, z3, turn in (
        ("12 a product that dips", "-1", "4/3", slow),
        ("12 a product that touches 0", "-1", "2", slow),
        ("12 a product that touches 0 at a layer", "-1", "2", half),
    ):
        texts[name] = settling(crossing(z2, z3, turn), [crossed(z2, z3)])
    for name, turn in (("12 a product that ends negative", half), ("12 the same, scheduled", slow)):
        stated = crossing("1", "0", turn, z1="2")
        texts[name] = settling(stated, [crossed("1", "0", "2")])
    return texts  # fmt: skip
