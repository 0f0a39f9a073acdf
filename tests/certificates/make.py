"""The certificates in `good` and `bad`, made anew by: python tests/certificates/make.py

The verifier accepts every file in `good`. It rejects every file in `bad`, by the condition of
theory/CERTIFICATE.md whose number the name begins with. A bad certificate is a good one with one
thing changed; where the problem is changed its SHA-256 is computed again, except for condition 4.
"""

import json
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER.parents[1]), str(FOLDER.parent)]

from gallery import GALLERY  # noqa: E402

from theory import Configuration, Settled, settle  # noqa: E402
from theory.certificates import (  # noqa: E402
    certificate,
    digest,
    refutation,
    refutation_by_layer,
    separating,
)
from theory.dynamics import Trajectory  # noqa: E402
from theory.exponential import closed_form  # noqa: E402

Certificate = dict[str, Any]

TINY = "1/1000000000000000"
HUNDREDTH = "1/100"

PLAIN = {"tokens": [["2"], ["1"]], "A": [["1"]], "alpha": "1", "multiplicities": [1, 1]}


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
    return {
        "plain": certificate(settled([[2], [1]], 1)),
        "one-token": certificate(settled([["1/2"]], "1/3")),
        "zero-token": certificate(settled([[-1], [0], [1]], 1)),
        "zero-among-leaders": certificate(settled([[-2], [0], [3]], "1/2")),
        "multiplicities": certificate(shown("face-limit-by-copies")),
        "matrix": certificate(shown("face-limit-under-a-matrix")),
        "asymmetric-matrix": certificate(settled([[1, 0], [0, 2], [1, 1]], 1, [[2, 1], [0, 1]])),
        "hundreds-of-layers": certificate(shown("hundreds-of-layers")),
        "a-hundred-layers": certificate(shown("hundreds-of-layers", HUNDREDTH)),
        "more-than-n-layers": certificate(shown("more-than-n-layers")),
        "emerging-leader": certificate(shown("emerging-leader")),
        "rest-without-leading": certificate(shown("rest-without-leading")),
        "own-set-and-moving": certificate(shown("own-set-and-moving-later")),
        "face-limit": certificate(shown("face-limit")),
        "mixed-tie": certificate(shown("mixed-tie")),
        "moving-tie": certificate(shown("moving-tie")),
        "moving-tie-in-the-cube": certificate(shown("moving-tie-in-the-cube")),
        "moving-tie-at-times-of-order-10-to-15": certificate(shown("moving-tie", TINY)),
        "late-by-resonance": certificate(shown("late-by-resonance")),
        "resonance-of-degree-two": certificate(shown("resonance-of-degree-two")),
        "near-tie": certificate(
            settled([[2, 2], [-2, 2], [0, 1], ["1e-40", 1]], "1/2"),
        ),
    }


def refutations() -> dict[str, Certificate]:
    """Refutations by statement, or by statement and lemma."""
    emerging, tie, cone = shown("emerging-leader"), shown("moving-tie"), shown("face-limit")
    slow, fast = shown("leaders-at-small-alpha"), shown("leaders-at-large-alpha")
    functional = separating(fast.configuration.tokens, 2)
    column = settled([[-2, -2], [-2, 0], [-2, 1]], 1)
    made = [
        refutation("leaders-from-the-first-layer", [emerging], 0),
        refutation("hull-vertices-lead", [fast], 2, functional=functional),
        refutation("limits-are-vertices", [cone], 2),
        refutation("nearest-leader", [column], 1, 2),
        refutation("leaders-independent-of-alpha", [slow, fast], 2),
        refutation("limits-independent-of-alpha", [slow, fast], 2),
        refutation("settles-within-n-layers", [shown("more-than-n-layers")]),
        refutation("attends-leaders-eventually", [tie], 4, 2),
        refutation("geometric-rate", [tie], 4),
        refutation("without-nonzero-tokens", [settled([[-1], [0], [1]], 1)], 1),
    ]
    turn, plane = [[1, 1], [-1, 1]], [[1, 0], [0, 0]]
    swap: Any = [[0, 1], [1, 0]]
    for statement, tokens, alpha, A, lemma, layer, i, j in (
        ("without-distinctness", [[1], [1]], 1, None, "first-leader", 0, 0, 0),
        ("without-symmetry", [[-1, -2], [-2, -1]], 1, turn, "norms-grow", 0, 1, 1),
        ("without-definiteness", [[2, -2], [0, 2]], 1, swap, "separation", 0, 1, 0),
        ("without-definiteness", [[1], [-1]], 1, [[-1]], "acyclic-attention", 0, 0, 1),
        ("without-strictness", [[0, -2], [0, 1]], 1, plane, "norms-grow", 0, 1, 1),
        ("without-strictness", [[1, 0], [1, 1]], 1, plane, "first-leader", 3, 0, 0),
        ("with-negative-step", [[2], [1]], "-1/2", None, "norms-grow", 0, 1, 1),
        ("with-negative-step", [[2], [1]], "-1/2", None, "norms-grow", 7, 1, 1),
        (
            "with-negative-step",
            [[-1, 0], [2, 2], [0, 2]],
            "-2/3",
            None,
            "leader-invariance",
            0,
            0,
            0,
        ),
        ("with-zero-step", [[2], [1]], 0, None, "rest-is-a-foot", 0, 1, 1),
    ):
        configuration = Configuration(tokens, alpha, A)
        made.append(refutation_by_layer(statement, configuration, lemma, layer, i, j))
    named = {}
    for x in made:
        parts = [x["statement"]] + [f"{x['lemma']}-at-layer-{x['layer']}"] * ("lemma" in x)
        named["-by-".join(parts)] = x
    return named


CONDITIONS = {
    3: ("multiplicities", "asymmetric-matrix", "one-token"),
    4: ("matrix",),
    5: ("hundreds-of-layers", "a-hundred-layers"),
    6: ("more-than-n-layers",),
    7: ("emerging-leader",),
    8: ("zero-token", "own-set-and-moving"),
    9: ("rest-without-leading", "zero-among-leaders"),
    10: ("resonance-of-degree-two", "late-by-resonance"),
    11: ("mixed-tie", "moving-tie"),
    12: ("moving-tie-in-the-cube", "moving-tie-at-times-of-order-10-to-15", "near-tie"),
    13: ("face-limit", "plain"),
}
"""The good settling certificates by the condition that they try most."""


def good() -> dict[str, str]:
    """Every text of `good` by file name."""
    settling_, refuted = settling(), refutations()
    texts = {
        f"{number:02}-{name}": dump(settling_[name])
        for number, names in CONDITIONS.items()
        for name in names
    }
    texts["01-white-space"] = json.dumps(settling_["plain"], indent=3) + "\n\t\r "
    texts["01-escaped-characters"] = texts["13-plain"].replace("sha256", "\\u0073ha256", 1)
    texts["02-keys-in-another-order"] = dump(dict(reversed(settling_["plain"].items())))
    texts["02-numbers-of-4500-digits"] = dump(
        certificate(settled([[10**4500], [10**4500 - 1]], "1/3"))
    )
    work = changed(settling_["moving-tie"], (("evidence", "leads", 0, "precision"), 100_000))
    texts["14-precision-of-100000-bits"] = dump(work)
    for name, x in refuted.items():
        number = 17 if "lemma" in x else 16 if len(x["runs"]) > 1 or x["functional"] else 15
        texts[f"{number}-{name}"] = dump(x)
    texts["17-another-step-of-two"] = dump(refuted["limits-independent-of-alpha"] | {"other": 1})
    return texts


def dump(value: Any) -> str:
    return json.dumps(value) + "\n"


def changed(base: Certificate, *changes: tuple[tuple[str | int, ...], Any]) -> Certificate:
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
    """The SHA-256 of every problem computed again."""
    copy = deepcopy(x)
    for run in copy.get("runs", [copy]):
        run["sha256"] = digest(run["problem"])
    return copy


def without(position: int) -> Callable[[list[Any]], list[Any]]:
    return lambda old: old[:position] + old[position + 1 :]


def premature(tokens: Any, alpha: Any, layer: int, times: list[int] | None) -> Certificate:
    """A certificate that a run settles at a layer at which it does not.

    Everything is right but the leads: each comparison that the sums test does not decide gets the
    same times, or no evidence if there are none.
    """
    configuration = Configuration(tokens, alpha)
    trajectory = Trajectory(configuration)
    stretches: list[tuple[int, Any]] = []
    for k in range(layer + 1):
        if not stretches or stretches[-1][1] != trajectory.pattern(k):
            stretches.append((k, trajectory.pattern(k)))
    forms = closed_form(configuration, trajectory.tokens(layer), stretches[-1][1])
    run = Settled(configuration, trajectory, tuple(stretches), forms)
    if times is None:
        return certificate(run)
    import theory.certificates as writer

    kept = writer.times
    writer.times = lambda f: (times, 64)
    try:
        return certificate(run)
    finally:
        writer.times = kept


def bad() -> dict[str, str]:
    """Every text of `bad` by file name."""
    ok = settling()
    plain, face, tie = ok["plain"], ok["face-limit"], ok["moving-tie"]
    slow, emerging = ok["more-than-n-layers"], ok["emerging-leader"]
    cube = ok["moving-tie-in-the-cube"]
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
        "01-integer-of-5000-digits": text.replace('"version": 1', f'"version": {"1" * 5000}'),
        "01-deep-nesting": "[" * 100_000,
        "02-infinity": text.replace('"version": 1', '"version": Infinity'),
        "02-not-a-number": text.replace('"version": 1', '"version": NaN'),
        "02-index-with-a-fraction": text.replace('"settled_layer": 0', '"settled_layer": 0.0'),
        "02-index-with-an-exponent": text.replace('"settled_layer": 0', '"settled_layer": 0e0'),
        "02-list": "[]",
        "02-null": "null",
    }

    def put(name: str, base: Certificate, *changes: tuple[tuple[str | int, ...], Any]) -> None:
        x = changed(base, *changes)
        texts[name] = dump(x if name.startswith("04") else sealed(x))

    put("02-kind-unknown", plain, (("kind",), "proof"))
    put("02-kind-is-a-list", plain, (("kind",), ["settling"]))
    put("02-format", plain, (("format",), "hardmax"))
    put("02-version", plain, (("version",), 2))
    put("02-version-is-true", plain, (("version",), True))
    put("02-unknown-key", plain, (("comment",), "good"))
    put("02-unknown-key-inside", plain, (("claim", "comment"), "good"))
    put("02-unknown-key-of-a-lone-surrogate", plain, (("\ud800",), ""))
    put("02-missing-key", {k: v for k, v in plain.items() if k != "claim"})
    put("02-object-is-a-list", plain, (("claim",), []))
    put("02-list-is-an-object", plain, (("claim", "leaders"), {}))
    put("02-list-is-null", plain, (("evidence", "leads"), None))
    put("02-string-is-null", plain, (("problem", "alpha"), None))
    put("02-number-is-an-integer", plain, (("problem", "alpha"), 1))
    put("02-index-is-a-string", plain, (("claim", "settled_layer"), "0"))
    put("02-index-is-false", plain, (("claim", "settled_layer"), False))
    put("02-index-is-negative", plain, (("claim", "settled_layer"), -1))
    put("02-index-is-10-to-60", plain, (("claim", "settled_layer"), 10**60))
    for name, number in (
        ("in-higher-terms", "2/2"),
        ("with-denominator-one", "1/1"),
        ("with-denominator-zero", "1/0"),
        ("zero-over-five", "0/5"),
        ("minus-zero", "-0"),
        ("leading-zero", "01"),
        ("leading-zero-below", "1/02"),
        ("plus-sign", "+1"),
        ("sign-below", "1/-2"),
        ("two-signs", "--1"),
        ("space", " 1"),
        ("newline", "1\n"),
        ("underscore", "1_0"),
        ("decimal-point", "1.0"),
        ("exponent", "1e0"),
        ("empty", ""),
        ("two-slashes", "1/2/3"),
        ("arabic-digit", "١"),
        ("superscript", "²"),
        ("infinity", "inf"),
        ("too-long", "1" * 50_001),
    ):
        put(f"02-number-{name}", plain, (("problem", "alpha"), number))
    put("02-no-tokens", plain, (("problem", "tokens"), []))
    put("02-token-without-numbers", plain, (("problem", "tokens", 0), []))
    put("02-no-limits", plain, (("claim", "limits"), []))
    put("02-no-patterns", plain, (("evidence", "patterns"), []))
    put("02-no-closed-forms", plain, (("evidence", "closed_forms"), []))
    put("02-empty-attention", plain, (("evidence", "patterns", 0, "attention"), []))
    put("02-empty-attention-set", plain, (("evidence", "patterns", 0, "attention", 1), []))
    put("02-no-times", tie, (("evidence", "leads", 0, "times"), []))
    put("02-empty-coefficient", plain, (("evidence", "closed_forms", 0, 0, "coefficient"), []))

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
    put("04-sha256-of-nothing", plain, (("sha256",), ""))
    put("04-sha256-cut-short", plain, (("sha256",), lambda old: old[:-1]))
    put("04-another-step", plain, (("problem", "alpha"), "2"))
    put("04-another-token-that-leads-as-well", plain, (("problem", "tokens", 0), ["3"]))
    put("04-sha256-with-white-space", plain, (("sha256",), lambda old: old + "\n"))

    first = ("evidence", "patterns", 0, "attention")
    put("05-another-attention-set", plain, ((*first, 1), [1]))
    put("05-a-tied-token-left-out", face, ((*first, 2), [0]))
    put("05-a-token-too-many", face, ((*first, 0), [0, 1]))
    put("05-not-in-rising-order", face, ((*first, 2), [1, 0]))
    put("05-a-token-twice", face, ((*first, 2), [0, 1, 1]))
    put("05-a-token-that-is-none", plain, ((*first, 1), [2]))
    put("05-a-row-too-few", plain, (first, without(1)))
    put("05-a-row-too-many", plain, (first, lambda old: [*old, [0]]))
    put("05-an-early-layer", slow, ((*first, 0), [0]))
    put("05-changes-a-layer-late", slow, (("evidence", "patterns", 1, "from"), lambda k: k + 1))
    put("05-another-problem", face, (("problem", "tokens", 2), ["1", "1"]))
    put("05-another-step", slow, (("problem", "alpha"), "1"))

    patterns = ("evidence", "patterns")
    put("06-begins-late", plain, ((*patterns, 0, "from"), 1), (("claim", "settled_layer"), 1))
    put("06-layer-claimed-too-early", slow, (("claim", "settled_layer"), 4))
    put("06-layer-claimed-too-late", slow, (("claim", "settled_layer"), 6))
    put("06-layer-10-to-59", plain, (("claim", "settled_layer"), 10**59))
    put("06-stretches-exchanged", slow, (patterns, lambda old: old[::-1]))
    put("06-stretch-twice", slow, (patterns, lambda old: [old[0], *old]))
    put(
        "06-no-change",
        plain,
        (patterns, lambda old: [*old, {**old[0], "from": 1}]),
        (("claim", "settled_layer"), 1),
    )

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

    shift = [(1, ["1"]), (0, ["1"])]
    put("10-another-limit", plain, *[((*forms, 1, a, "coefficient"), b) for a, b in shift[:0]],
        ((*forms, 1, 0, "coefficient"), ["3"]), ((*forms, 1, 1, "coefficient"), ["-2"]))  # fmt: skip
    put("10-another-base", plain, ((*forms, 1, 1, "base"), "1/3"))
    put("10-degree-10-to-59", tie, ((*forms, 4, 1, "degree"), 10**59))
    put("10-resonance-left-out", tie, ((*forms, 4), without(1)))
    put("10-multiplicity-of-a-tied-token", tie, (("problem", "multiplicities", 2), 2))

    texts["11-tie-that-breaks"] = dump(premature([[0, 1], [1, 1]], 1, 0, [0]))
    texts["11-tie-that-breaks-later"] = dump(premature([[0, 1], [1, 1], [2, 0]], 1, 1, [0]))

    leads = ("evidence", "leads")
    put("12-no-evidence", tie, (leads, []))
    put("12-evidence-twice", tie, (leads, lambda old: old * 2))
    put("12-evidence-where-none-is-due", plain, (leads, tie["evidence"]["leads"]))
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
    overtaken: Any = ([[2, -1], [-1, -2], [-2, 2], [0, -1]], "1/3")
    for times in ([0], list(range(30))):
        name = f"12-settles-later-with-{len(times)}-times"
        texts[name] = dump(premature(*OVERTAKEN, times))
    del overtaken

    limits = ("claim", "limits")
    put("13-another-limit", face, ((*limits, 2), ["0", "1"]))
    put("13-one-too-few", plain, (limits, without(1)))
    put("13-one-too-many", plain, (limits, lambda old: [*old, old[0]]))
    put("13-limits-exchanged", face, (limits, lambda old: [old[1], old[0], old[2]]))
    put("13-limit-too-short", face, ((*limits, 2), ["0"]))
    put("13-limit-too-long", face, ((*limits, 2), ["0", "2", "0"]))

    put(
        "14-layer-10-to-59",
        plain,
        (patterns, lambda old: [*old, {"from": 10**59, "attention": [[0], [1]]}]),
        (("claim", "settled_layer"), 10**59),
    )
    put("14-precision-10-to-7", tie, ((*leads, 0, "precision"), 10**7))
    put("14-precision-10-to-59", tie, ((*leads, 0, "precision"), 10**59))
    many = list(range(400_000))
    many[1:] = []
    put("14-matrix-of-30000-digits", slow, (("problem", "A", 0, 0), "1" + "0" * 30_000))
    put("14-step-of-30000-digits", slow, (("problem", "alpha"), "1/1" + "0" * 30_000))
    return texts


OVERTAKEN: Any = ([[2, 2], [-2, 2], [0, 1]], 1, 0)


def write() -> None:
    """Write every file, and remove what is no longer made."""
    for folder, texts in (("good", good()), ("bad", bad())):
        (FOLDER / folder).mkdir(exist_ok=True)
        for old in (FOLDER / folder).glob("*.json"):
            old.unlink()
        for name, text in texts.items():
            (FOLDER / folder / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
