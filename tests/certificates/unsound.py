"""Certificates that do not hold, one thing wrong with each: the texts of the folder `bad`."""

from typing import Any
from unittest.mock import patch

from sound import (
    BY_LAYER,
    Certificate,
    Change,
    changed,
    dump,
    refutations,
    sealed,
    settled,
    settling,
    shown,
    without,
)

from theory import Configuration, Settled, certificates, settle
from theory.certificates import certificate, refutation, refutation_by_layer
from theory.closed_form import closed_form
from theory.trajectory import Trajectory


def premature(tokens: Any, alpha: Any, layer: int, times: list[int]) -> Certificate:
    """A certificate that a run settles at a layer at which it does not.

    Everything else is right; each comparison that wants evidence gets the same times.
    """
    configuration = Configuration(tokens, alpha)
    trajectory = Trajectory(configuration)
    stretches: list[tuple[int, Any]] = []
    for k in range(layer + 1):
        if not stretches or stretches[-1][1] != trajectory.pattern(k):
            stretches.append((k, trajectory.pattern(k)))
    forms = closed_form(configuration, trajectory.tokens(layer), stretches[-1][1])
    with patch.object(certificates, "times", lambda f: (times, 64)):
        places = tuple(range(configuration.size))
        return certificate(Settled(configuration, trajectory, tuple(stretches), forms, places))


def bad() -> dict[str, str]:
    """Every text of `bad` by file name."""
    made = settling()
    return bad_texts(made["plain"]) | bad_settling(made) | bad_refutations(refutations())


NUMBERS = {
    "in-higher-terms": "2/2",
    "with-denominator-one": "1/1",
    "with-denominator-zero": "1/0",
    "zero-over-five": "0/5",
    "minus-zero": "-0",
    "leading-zero": "01",
    "leading-zero-below": "1/02",
    "plus-sign": "+1",
    "sign-below": "1/-2",
    "two-signs": "--1",
    "space": " 1",
    "newline": "1\n",
    "underscore": "1_0",
    "decimal-point": "1.0",
    "exponent": "1e0",
    "empty": "",
    "two-slashes": "1/2/3",
    "arabic-digit": "١",
    "superscript": "²",
    "infinity": "inf",
    "of-50001-digits": "1" * 50_001,
}
"""Strings that are no numbers."""


def bad_texts(plain: Certificate) -> dict[str, str]:
    """Conditions 1 and 2: one certificate, put down wrongly."""
    text = dump(plain)
    texts = {
        "01-empty": "",
        "01-cut-short": text[:-3],
        "01-two-values": text + "{}",
        "01-trailing-comma": text.replace("}\n", ",}\n"),
        "01-repeated-key": text.replace('"version": 1', '"version": 1, "version": 1'),
        "01-repeated-key-inside": text.replace('"alpha": "1"', '"alpha": "1", "alpha": "1"'),
        "01-control-character": text.replace("settling", "sett\tling"),
        "01-byte-order-mark": "\ufeff" + text,
        "02-index-of-5000-digits": text.replace('"version": 1', f'"version": {"1" * 5000}'),
        "01-deep-nesting": "[" * 100_000,
        "02-infinity": text.replace('"version": 1', '"version": Infinity'),
        "02-not-a-number": text.replace('"version": 1', '"version": NaN'),
        "02-index-with-a-fraction": text.replace('"settled_layer": 0', '"settled_layer": 0.0'),
        "02-index-with-an-exponent": text.replace('"settled_layer": 0', '"settled_layer": 0e0'),
        "02-index-is-minus-zero": text.replace('"settled_layer": 0', '"settled_layer": -0'),
        "02-list": "[]",
        "02-null": "null",
    }

    def put(name: str, *changes: Change) -> None:
        texts[f"02-{name}"] = dump(changed(plain, *changes))

    put("kind-unknown", (("kind",), "proof"))
    put("kind-is-a-list", (("kind",), ["settling"]))
    put("format", (("format",), "hardmax"))
    put("version", (("version",), 2))
    put("version-is-true", (("version",), True))
    put("unknown-key", (("comment",), "good"))
    put("unknown-key-inside", (("claim", "comment"), "good"))
    put("unknown-key-of-a-lone-surrogate", (("\ud800",), ""))
    put("object-is-a-list", (("claim",), []))
    put("list-is-an-object", (("claim", "leaders"), {}))
    put("list-is-null", (("evidence", "leads"), None))
    put("string-is-null", (("problem", "alpha"), None))
    put("number-is-an-integer", (("problem", "alpha"), 1))
    put("index-is-a-string", (("claim", "settled_layer"), "0"))
    put("index-is-false", (("claim", "settled_layer"), False))
    put("index-is-negative", (("claim", "settled_layer"), -1))
    put("index-is-10-to-60", (("claim", "settled_layer"), 10**60))
    put("no-tokens", (("problem", "tokens"), []))
    put("token-without-numbers", (("problem", "tokens", 0), []))
    put("no-limits", (("claim", "limits"), []))
    put("no-patterns", (("evidence", "patterns"), []))
    put("no-closed-forms", (("evidence", "closed_forms"), []))
    put("empty-attention", (("evidence", "patterns", 0, "attention"), []))
    put("empty-attention-set", (("evidence", "patterns", 0, "attention", 1), []))
    put("empty-coefficient", (("evidence", "closed_forms", 0, 0, "coefficient"), []))
    put("empty-times", (("evidence", "leads"), [
        {"token": 0, "other": 0, "times": [], "precision": 64}]))  # fmt: skip
    for name, number in NUMBERS.items():
        put(f"number-{name}", (("problem", "alpha"), number))
    texts["02-missing-key"] = dump({k: v for k, v in plain.items() if k != "claim"})
    return texts


def bad_settling(made: dict[str, Certificate]) -> dict[str, str]:
    """Conditions 3 to 14."""
    texts = {}

    def put(name: str, base: str, *changes: Change) -> None:
        x = changed(made[base], *changes)
        texts[name] = dump(x if name.startswith("04") else sealed(x))

    plain, face, tie, cube = "plain", "face-limit", "moving-tie", "moving-tie-in-the-cube"
    slow, emerging = "more-than-n-layers", "emerging-leader"

    put("03-ragged-tokens", face, (("problem", "tokens", 1), ["-2"]))
    put("03-token-too-long", face, (("problem", "tokens", 1), ["-2", "2", "0"]))
    put("03-ragged-matrix", face, (("problem", "A", 1), ["0"]))
    put("03-matrix-not-square", face, (("problem", "A"), [["1", "0"]]))
    put("03-too-few-multiplicities", plain, (("problem", "multiplicities"), [1]))
    put("03-too-many-multiplicities", plain, (("problem", "multiplicities"), [1, 1, 1]))
    put("03-multiplicity-zero", plain, (("problem", "multiplicities", 1), 0))
    put("03-step-zero", plain, (("problem", "alpha"), "0"))
    put("03-step-negative", plain, (("problem", "alpha"), "-1/2"))
    put("03-step-minus-one", plain, (("problem", "alpha"), "-1"))

    put("04-sha256-in-capitals", plain, (("sha256",), str.upper))
    put("04-sha256-empty", plain, (("sha256",), ""))
    put("04-sha256-cut-short", plain, (("sha256",), without(63)))
    put("04-sha256-with-white-space", plain, (("sha256",), lambda old: old + "\n"))
    put("04-another-step", plain, (("problem", "alpha"), "2"))
    put("04-another-multiplicity", plain, (("problem", "multiplicities", 1), 2))

    patterns = ("evidence", "patterns")
    first = (*patterns, 0, "attention")
    put("05-another-attention-set", plain, ((*first, 1), [1]))
    put("05-a-tied-token-left-out", face, ((*first, 2), [0]))
    put("05-a-token-too-many", face, ((*first, 0), [0, 1]))
    put("05-not-in-rising-order", face, ((*first, 2), [1, 0]))
    put("05-a-token-twice", face, ((*first, 2), [0, 1, 1]))
    put("05-a-token-that-is-none", plain, ((*first, 1), [2]))
    put("05-a-row-too-few", plain, (first, without(1)))
    put("05-a-row-too-many", plain, (first, lambda old: [*old, [0]]))
    put("05-an-early-layer", slow, ((*first, 0), [0]))
    put("05-changes-a-layer-late", slow, ((*patterns, 1, "from"), lambda old: old + 1))
    put("05-another-problem", face, (("problem", "tokens", 2), ["1", "1"]))
    put("05-another-step", slow, (("problem", "alpha"), "1"))

    layer = ("claim", "settled_layer")
    put("06-begins-late", plain, ((*patterns, 0, "from"), 1), (layer, 1))
    put("06-layer-claimed-too-early", slow, (layer, 4))
    put("06-layer-claimed-too-late", slow, (layer, 6))
    put("06-layer-10-to-59", plain, (layer, 10**59))
    put("06-stretches-exchanged", slow, (patterns, lambda old: old[::-1]))
    put("06-stretch-twice", slow, (patterns, lambda old: [old[0], *old]))

    def later(k: int) -> tuple[Change, Change]:
        return (patterns, lambda old: [*old, {**old[-1], "from": k}]), (layer, k)

    put("06-no-change", plain, *later(1))

    leaders = ("claim", "leaders")
    put("07-no-leaders", plain, (leaders, []))
    put("07-a-leader-left-out", face, (leaders, without(0)))
    put("07-a-leader-too-many", plain, (leaders, lambda x: [*x, {"token": 1, "since_layer": 0}]))
    put("07-a-leader-twice", plain, (leaders, lambda old: old * 2))
    put("07-not-in-rising-order", face, (leaders, lambda old: old[::-1]))
    put("07-since-too-early", emerging, ((*leaders, 0, "since_layer"), 0))
    put("07-since-too-late", emerging, ((*leaders, 1, "since_layer"), 2))

    forms = ("evidence", "closed_forms")
    put("08-one-too-few", plain, (forms, without(1)))
    put("08-one-too-many", plain, (forms, lambda old: [*old, []]))
    put("08-terms-rise", plain, ((*forms, 1), lambda old: old[::-1]))
    put("08-term-twice", plain, ((*forms, 0), lambda old: old * 2))
    put("08-base-zero", plain, ((*forms, 1, 1, "base"), "0"))
    put("08-base-above-one", plain, ((*forms, 1, 0, "base"), "2"))
    put("08-base-negative", plain, ((*forms, 1, 1, "base"), "-1/2"))
    put("08-base-one-of-degree-one", plain, ((*forms, 0, 0, "degree"), 1))
    put("08-coefficient-zero", plain, ((*forms, 1, 1, "coefficient"), ["0"]))
    put("08-coefficient-too-long", plain, ((*forms, 1, 1, "coefficient"), ["-1", "0"]))

    put("09-a-coefficient", plain, ((*forms, 1, 1, "coefficient"), ["-2"]))
    put("09-a-term-left-out", plain, ((*forms, 1), without(1)))
    put("09-no-terms", plain, ((*forms, 1), []))

    put(
        "10-another-limit",
        plain,
        ((*forms, 1, 0, "coefficient"), ["3"]),
        ((*forms, 1, 1, "coefficient"), ["-2"]),
    )
    put("10-more-terms-than-tokens", plain, ((*forms, 1), lambda old: [
        *old,
        {"base": "1/3", "degree": 0, "coefficient": ["1"]},
        {"base": "1/4", "degree": 0, "coefficient": ["-1"]},
    ]))  # fmt: skip
    put("10-another-base", plain, ((*forms, 1, 1, "base"), "1/3"))
    put("10-degree-10-to-59", tie, ((*forms, 4, 1, "degree"), 10**59))
    put("10-resonance-left-out", tie, ((*forms, 4), without(1)))
    put("10-multiplicity-of-a-tied-token", "mixed-tie", (("problem", "multiplicities", 2), 2))

    leads = ("evidence", "leads")
    put("12-no-evidence", tie, (leads, []))
    put("12-evidence-twice", tie, (leads, lambda old: old * 2))
    put("12-evidence-where-none-is-due", plain, (leads, made[tie]["evidence"]["leads"]))
    put("12-evidence-for-another-token", tie, ((*leads, 0, "token"), 3))
    put("12-evidence-against-another-token", tie, ((*leads, 0, "other"), 3))
    put("12-not-in-rising-order", cube, (leads, lambda old: old[::-1]))
    put("12-first-time-not-zero", tie, ((*leads, 0, "times", 0), 1))
    put("12-a-time-twice", tie, ((*leads, 0, "times"), [0, 4, 4, 5]))
    put("12-times-fall", tie, ((*leads, 0, "times"), [0, 5, 4]))
    put("12-a-time-left-out", tie, ((*leads, 0, "times"), [0, 5]))
    put("12-last-time-too-early", tie, ((*leads, 0, "times"), [0, 4]))
    put("12-times-of-order-10-to-59", tie, ((*leads, 0, "times"), [0, 10**59]))
    put("12-precision-zero", tie, ((*leads, 0, "precision"), 0))

    limits = ("claim", "limits")
    put("13-another-limit", face, ((*limits, 2), ["0", "1"]))
    put("13-one-too-few", plain, (limits, without(1)))
    put("13-one-too-many", plain, (limits, lambda old: [*old, old[0]]))
    put("13-limits-exchanged", face, (limits, lambda old: [old[1], old[0], old[2]]))
    put("13-limit-too-short", face, ((*limits, 2), ["0"]))
    put("13-limit-too-long", face, ((*limits, 2), ["0", "2", "0"]))

    # The patterns of the longer runs change, lest condition 6 be the first to reject.
    def long(k: int) -> tuple[Change, Change]:
        another = {"from": k, "attention": [[0], [1]]}
        return (patterns, lambda old: [*old, another]), (layer, k)

    zeros = "0" * 30_000
    put("14-layer-10-to-59", plain, *long(10**59))
    put("14-layer-10-to-6", plain, *long(10**6))
    put(
        "14-layer-30000-and-a-long-matrix",
        plain,
        *long(30_000),
        (("problem", "A", 0, 0), "1" + zeros),
    )
    put(
        "14-layer-30000-and-a-long-step",
        plain,
        *long(30_000),
        (("problem", "alpha"), "1/1" + zeros),
    )
    put("14-layer-30000-and-a-long-token", plain, *long(30_000),
        (("problem", "tokens", 1, 0), "1/1" + zeros))  # fmt: skip
    put("14-precision-10-to-7", tie, ((*leads, 0, "precision"), 10**7))
    put("14-precision-10-to-59", tie, ((*leads, 0, "precision"), 10**59))

    early = {
        "11-tie-that-breaks": premature([[0, 1], [1, 1]], 1, 0, [0]),
        "11-tie-that-breaks-later": premature([[0, 1], [1, 1], [2, 0]], 1, 1, [0]),
        "12-settles-later": premature([[0, 1], [2, 2], [3, 1]], "1/3", 0, [0]),
        "12-settles-later-step-by-step": premature(
            [[0, 1], [2, 2], [3, 1]], "1/3", 0, list(range(30))
        ),
        "12-dominant-term-negative": premature([[2, 3], [-1, 1], [0, 3]], "1/3", 0, [0]),
    }
    return texts | {name: dump(x) for name, x in early.items()}


def bad_refutations(made: dict[str, Certificate]) -> dict[str, str]:
    """Conditions 15 to 17, and some others in their place within a refutation."""
    texts = {}

    def put(name: str, base: str, *changes: Change) -> None:
        texts[name] = dump(changed(made[base], *changes))

    def by_runs(name: str, statement: str, runs: list[Settled], *witness: int) -> None:
        texts[name] = dump(refutation(statement, runs, *witness))

    def by_layer(name: str, what: str, *problem: Any, witness: tuple[int, ...] = (0, 0)) -> None:
        statement, lemma = what.split(" by ")
        configuration = Configuration(*problem)
        texts[name] = dump(refutation_by_layer(statement, configuration, lemma, *witness))

    vertex, limits = "hull-vertices-lead", "limits-independent-of-alpha"
    leaders = "leaders-independent-of-alpha"
    equal, kept = "without-distinctness by first-leader", "with-zero-step by rest-is-a-foot"
    growth = "with-negative-step by norms-grow"

    put("02-refutation-without-runs", vertex, (("runs",), []))
    put("02-refutation-by-runs-with-a-layer", vertex, (("layer",), 0))
    put("02-refutation-by-a-layer-with-runs", equal, (("runs",), []))
    put("04-digest-of-a-run", vertex, (("runs", 0, "sha256"), "0"))
    put("04-digest-of-a-refutation-by-a-layer", equal, (("sha256",), "0"))
    put("13-limit-of-the-second-run", limits, (("runs", 1, "claim", "limits", 2), ["0", "0"]))
    put("14-refutation-at-layer-10-to-59", kept, (("layer",), 10**59))
    minus_one = sealed(changed(made[growth], (("problem", "alpha"), "-1")))
    texts["03-refutation-by-a-layer-of-step-minus-one"] = dump(minus_one)

    face: Any = [[2, 2], [-2, 2], [0, 1]]
    edge = "limits-are-vertices"
    for name, tokens, A in (
        ("a-zero-token", [[2, 0], [1, 0], [0, 0]], None),
        ("an-asymmetric-matrix", [[2, 0], [1, 0]], [[1, 1], [0, 1]]),
        ("an-indefinite-matrix", [[2, 0], [1, 0]], [[1, 0], [0, -1]]),
        ("a-singular-matrix", [[2, 0], [1, 0]], [[1, 0], [0, 0]]),
    ):
        by_runs(f"15-{name}", edge, [settled(tokens, 1, A)], 1)
    pair, swap, plane = [[1], [1]], [[0, 1], [1, 0]], [[1, 0], [0, 0]]
    by_layer("15-distinct-tokens", "without-distinctness by first-leader", [[1], [2]], 1)
    by_layer("15-no-zero-token", "without-nonzero-tokens by first-leader", pair, 1)
    by_layer("15-equal-tokens-too", "with-zero-step by first-leader", pair, 0)
    by_layer("15-zero-step-too", "without-distinctness by first-leader", pair, 0)
    by_layer("15-indefinite-for-singular", "without-strictness by first-leader", face, 1, swap)
    by_layer("15-singular-for-indefinite", "without-definiteness by first-leader", face, 1, plane)
    by_layer("15-positive-for-negative-step", growth, [[2], [1]], 1, witness=(0, 1))
    by_layer("15-zero-for-negative-step", "with-negative-step by rest-is-a-foot", [[2], [1]], 0)
    by_layer("15-negative-for-zero-step", "with-zero-step by norms-grow", [[2], [1]], "-1/2")
    by_layer(
        "15-asymmetric-and-indefinite",
        "without-symmetry by first-leader",
        face,
        1,
        [[0, 1], [2, 0]],
    )
    by_layer(
        "15-hidden-singular", "without-definiteness by first-leader", face, 1, [[1, 1], [1, 1]]
    )

    put("16-token-that-is-none", edge, (("token",), 3), (("other",), 3))
    put("16-other-that-is-none", edge, (("other",), 3))
    put("16-other-that-is-none-at-a-layer", equal, (("other",), 2))
    put("16-no-functional", vertex, (("functional",), []))
    put("16-functional-too-long", vertex, (("functional",), lambda old: [*old, "0"]))
    put("16-functional-not-wanted", edge, (("functional",), ["0", "1"]))
    put("16-one-run-for-two", limits, (("runs",), without(1)))
    put("16-three-runs-for-two", limits, (("runs",), lambda old: [*old, old[0]]))
    put("16-two-runs-for-one", edge, (("runs",), lambda old: old * 2))
    slow, cone = shown("leaders-at-small-alpha"), shown("face-limit")
    by_runs("16-runs-of-other-tokens", leaders, [slow, cone], 2)
    stretched = settled([[-2, 0], [-1, 1], [0, 1]], 1, [[1, 0], [0, 9]])
    by_runs("16-runs-of-another-matrix", leaders, [slow, stretched], 2)
    heavier = Configuration(slow.configuration.tokens, 1, multiplicities=(1, 2, 1))
    run = settle(heavier)
    if isinstance(run, Settled):
        by_runs("16-runs-of-other-multiplicities", leaders, [slow, run], 2)

    put("17-unknown-statement", edge, (("statement",), "limits-are-edges"))
    by_layer("17-nothing-dropped", f"{edge} by first-leader", [[2], [1]], 1)
    put("17-unknown-lemma", equal, (("lemma",), "hulls-shrink"))
    put("17-another-layer", "without-definiteness by separation", (("layer",), 1))
    plain = settled([[2], [1]], 1)
    for statement, witness in {
        "leaders-from-the-first-layer": (0, 0),
        "limits-are-vertices": (1, 1),
        "nearest-leader": (1, 0),
        "settles-within-n-layers": (0, 0),
        "attends-leaders-eventually": (1, 0),
        "geometric-rate": (1, 1),
    }.items():
        by_runs(f"17-{statement}", statement, [plain], *witness)
    put(f"17-{vertex}", vertex, (("functional",), ["0", "0"]))
    put(f"17-{vertex}-that-leads", vertex, (("token",), 0), (("functional",), ["-1", "0"]))
    for statement in (limits, leaders):
        by_runs(f"17-{statement}", statement, [slow, slow], 2)
    zero = "without-nonzero-tokens"
    by_runs(f"17-{zero}-on-one-side", zero, [settled([[1], [0], [2]], 1)], 1)
    by_runs(f"17-{zero}-in-the-plane", zero, [settled([[1, 0], [0, 0], [-1, 0]], 1)], 1)
    by_runs("17-nearest-leader-of-two-as-near", "nearest-leader", [cone], 2, 0)
    by_runs(
        "17-attends-to-itself", "attends-leaders-eventually", [shown("rest-without-leading")], 1
    )
    for name, (tokens, alpha, A, layer, i, j) in BY_LAYER.items():
        statement, lemma = name.split(" by ")
        quiet = {"first-leader": "acyclic-attention", "norms-grow": "separation"}
        other = quiet.get(lemma, "leader-invariance")
        other = "norms-grow" if lemma == other else other
        x = refutation_by_layer(statement, Configuration(tokens, alpha, A), other, layer, i, j)
        texts[f"17-{name} not by {other}".replace(" ", "-")] = dump(x)
    return texts
