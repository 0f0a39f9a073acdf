"""The facts of a page in the words that HTML and Markdown share, in the order of a referee.

First what is refuted, by how many tokens in which dimension; then the violated relation with both
sides; then the configuration, the hypotheses, and how hard was looked.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from checks.reach import PHENOMENA
from checks.reports.model import HYPOTHESES, Page
from checks.run import Run
from checks.verdicts import Report, Verdict, Violation, described
from theory import HARDMAX, Configuration, Dynamics
from theory.exact import rational, text
from theory.matrices import identity
from theory.names import Names
from theory.readable import (
    RELATIONS,
    count,
    decimal,
    equal,
    label,
    point,
    relation,
)

NUMBERS = ("tokens", "A", "alpha", "gamma", "V", "layers")
"""The keys of a configuration whose values are numbers."""

MOST_TOKENS = 6
"""Tokens that are told in one line."""

MOST_DIGITS = 3000
"""Characters of an exact number that a page shows; the JSON has all."""


@dataclass(frozen=True)
class Relation:
    """A violated relation of two exact numbers, as a reader sees it.

    claimed, true : the relations; left, right : what stands beside them, in words where there are
    any; rows : both sides and their difference, exactly and as decimals.
    """

    claimed: str
    true: str
    left: str
    right: str
    rows: tuple[tuple[str, str, str], ...]


def headline(report: Report) -> str:
    """What came out, in one sentence."""
    n = count(report.applicable, "applicable configuration")
    if report.verdict is Verdict.REFUTED and report.witness is not None:
        return f"Refuted by {size(report.witness, report.dynamics)}."
    return {
        Verdict.PROVED: f"Proved: true in every case that it speaks of ({n}).",
        Verdict.HELD: f"Held on {n}. That is no proof.",
        Verdict.REFUTED: "Refuted.",
        Verdict.VACUOUS: "Nothing was checked: no configuration met its hypotheses.",
        Verdict.UNDECIDED: f"Undecided: of {count(report.examples, 'configuration')} "
        f"{report.undecided} were beyond the budget, and none of the others refutes it.",
        Verdict.ERROR: "The code of the statement failed.",
    }[report.verdict]


def heading(report: Report) -> str:
    """What the explanation of a report is about."""
    return {
        Verdict.ERROR: "What failed",
        Verdict.UNDECIDED: "Why it is undecided",
    }.get(report.verdict, "What is violated")


def why(report: Report) -> str:
    """The explanation of a report as a sentence."""
    words = report.explanation or ""
    if report.verdict is Verdict.UNDECIDED:
        return f"The first one{' is' if words.startswith('undecided') else ':'} {words}."
    return words


def size(configuration: Configuration, dynamics: Dynamics = HARDMAX) -> str:
    """How many tokens, in which dimension, with which step, matrix, and other dynamics."""
    c = configuration
    tokens = count(sum(c.multiplicities), "token")
    matrix = "A the identity"
    if c.A != identity(c.dimension):
        rows = "; ".join(", ".join(map(text, row)) for row in c.A)
        matrix = f"A = [{rows}]" if len(rows) <= 60 else f"a {c.dimension}×{c.dimension} matrix A"
    parts = (
        f"{tokens} in dimension {c.dimension}",
        dynamics.step.named or equal("α", text(c.alpha)),
        dynamics.scores.named or matrix,
        dynamics.candidates.named,
        dynamics.ties.named,
    )
    return ", ".join(label(part, 80) for part in parts if part)


def numbers(configuration: Configuration, dynamics: Dynamics = HARDMAX) -> str:
    """How large the numbers of the configuration are, those that `described` tells."""
    told = described(configuration, dynamics)
    told |= {"A": told.get("A", "1"), "labels": None, "name": None}
    entries = [*_numbers([told.get(key) for key in NUMBERS])]
    above, below = max(abs(x.p) for x in entries), max(x.q for x in entries)
    words = [_bounded("numerators", above), _bounded("denominators", below)]
    return "all numbers are integers, " + words[0] if below == 1 else ", ".join(words)


def _numbers(value: Any) -> Iterator[fmpq]:
    """The exact numbers in lists and objects; an expression in k is none."""
    if isinstance(value, Mapping):
        value = [value.get(key) for key in NUMBERS]
    if isinstance(value, list):
        for part in value:
            yield from _numbers(part)
    elif isinstance(value, str) and "k" not in value:
        yield rational(value)


def _bounded(name: str, bound: Any) -> str:
    digits = str(bound)
    return f"{name} up to {digits if len(digits) <= 12 else f'{len(digits)} digits'}"


def tokens(configuration: Configuration | None) -> str | None:
    """The tokens in one line, where they are few.

    >>> tokens(Configuration([[1], ["1/2"]], 1))
    'The tokens: (1), (1/2).'
    """
    if configuration is None or configuration.size > MOST_TOKENS:
        return None
    if configuration.size == 1:
        return f"The token: {point(configuration.tokens[0])}."
    return f"The tokens: {', '.join(map(point, configuration.tokens))}."


def where(violation: Violation, run: Run | None) -> str:
    """The layer and the tokens of a violation, called as in the configuration's file."""
    parts = [] if violation.layer is None else [f"layer {violation.layer}"]
    if violation.tokens:
        parts.append(_called(violation.tokens, run))
    return ", ".join(parts)


def _called(tokens: Sequence[int], run: Run | None) -> str:
    """What tokens of the configuration as given are called; their numbers without a run."""
    if run is None or not all(0 <= i < run.source.size for i in tokens):
        return f"token{'s' * (len(tokens) > 1)} {', '.join(map(str, tokens))}"
    names = Names.of(run.configuration, run.source)
    if run.source.size != run.configuration.size:
        places = run.source.merged()[1]
        tokens = [places[i] for i in tokens]
    first, *others = dict.fromkeys(tokens)
    if not others:
        return names.called(first)
    return f"tokens {', '.join(map(names.name, (first, *others)))}"


def broken(violation: Violation | None) -> Relation | None:
    """The violated relation with both sides as exact numbers and decimals, and their difference."""
    if violation is None or violation.left is None or violation.right is None:
        return None
    left, right = violation.left, violation.right
    claimed = violation.relation or "?"
    return Relation(
        RELATIONS.get(claimed, claimed),
        relation(left, right),
        violation.sides[0] or (exact(left) if any(violation.sides) else "left"),
        violation.sides[1] or (exact(right) if any(violation.sides) else "right"),
        (
            (_side("left", violation.sides[0]), exact(left), decimal(left)),
            (_side("right", violation.sides[1]), exact(right), decimal(right)),
            ("left − right", exact(left - right), decimal(left - right)),
        ),
    )


def _side(name: str, words: str) -> str:
    return f"{name}: {words}" if words else f"{name} side"


def exact(value: fmpq) -> str:
    """The number with all of its digits, unless no reader would want them."""
    words = text(value)
    if len(words) <= MOST_DIGITS:
        return words
    half = MOST_DIGITS // 2
    return f"{words[:half]} … {words[-half:]} ({len(words):,} characters; the JSON has all)"


def configuration_json(configuration: Configuration, dynamics: Dynamics = HARDMAX) -> str:
    """The configuration as the JSON of a configuration file, one token a line."""
    plain = described(configuration, dynamics)
    lines = []
    for key, value in plain.items():
        words = json.dumps(value, ensure_ascii=False)
        if key in ("tokens", "A") and len(words) > 60:
            rows = ",\n    ".join(json.dumps(row, ensure_ascii=False) for row in value)
            words = f"[\n    {rows}\n  ]"
        lines.append(f'  "{key}": {words}')
    return "{\n" + ",\n".join(lines) + "\n}"


def hypotheses(
    names: Sequence[str],
    configuration: Configuration | None,
    dynamics: Dynamics = HARDMAX,
    merged: bool = False,
) -> list[tuple[str, bool, bool | None]]:
    """Each hypothesis in words: whether it is assumed, and whether the configuration has it.

    Of other dynamics with the matrices and pulls that they use; `merged` says that the tokens are
    distinct because copies were merged.
    """
    holding = {} if configuration is None else dynamics.hypotheses(configuration).as_dict()
    known = {**dict(HYPOTHESES), **{name: name for name in names if name not in HYPOTHESES}}
    if "alpha" in dynamics.keys:
        known["positive_step"] = "0 < γ_k ≤ 1 at every layer"
    if merged:
        known["distinct"] += ", copies merged"
    return [(words, name in names, holding.get(name)) for name, words in known.items()]


def assumptions(page: Page) -> list[tuple[str, bool, bool | None]]:
    """The hypotheses of a page's statement, and what it is about besides, which its text says."""
    run, statement = page.run, page.statement
    if run is None:
        return hypotheses(statement.hypotheses, None, statement.dynamics)
    fewer = run.configuration.size < run.source.size
    return hypotheses(statement.hypotheses, run.configuration, run.dynamics, fewer)


def moved(page: Page) -> str | None:
    """The dynamics of a statement that is not about hardmax attention, in words."""
    kind = page.statement.kind
    if kind is not None:
        return f"Under the dynamics {kind.name}: {kind.words}."
    return page.statement.dynamics.words or None


def effort(page: Page) -> list[tuple[str, str]]:
    """How hard was looked, as names and counts."""
    report = page.report
    return [
        ("configurations looked at", f"{report.examples:,}"),
        ("of these applicable", f"{report.applicable:,}"),
        (f"undecided within {count(page.max_layers, 'layer')}", f"{report.undecided:,}"),
        ("seed", str(report.seed)),
    ]


def reach(counts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the configurations had: counts and meanings, then the histograms."""
    rows = [(f"{counts[name]:,}", words) for name, words in PHENOMENA.items() if name in counts]
    for key, value in counts.items():
        if key in PHENOMENA:
            continue
        words = key.replace("_", " ")
        if isinstance(value, Mapping):
            shown = ", ".join(f"{name}: {times:,}" for name, times in value.items() if times)
            rows.append(("", f"{words} — {shown or 'none'}"))
        else:
            rows.append((str(value), words))
    return rows


def proves(page: Page) -> str:
    """What the certificate proves."""
    if page.certified == "refutation":
        return "It proves that the statement is false of this configuration."
    return "It proves the run of this configuration: its settled layer, leaders and limits."


def certified(page: Page) -> str:
    """What the certificate proves, and what it does not."""
    if page.certified == "refutation":
        return proves(page)
    return (
        f"{proves(page)} It is no "
        "proof of the refutation, for the verifier does not know the statement: that it is false "
        "of this run is what the statement's own code says."
    )


def needed(page: Page) -> str | None:
    """What the command needs beside hardmax, if anything."""
    if not page.files:
        return None
    names = ", ".join(page.files)
    those = "that file lies" if len(page.files) == 1 else "those files lie"
    return f"In the folder where {names} lies beside this page, or wherever {those}:"


def summary(pages: Sequence[Page]) -> str:
    """How many statements came out how, and whether as expected."""
    verdicts = [page.report.verdict for page in pages]
    parts = [f"{verdicts.count(v)} {v.lower()}" for v in Verdict if v in verdicts]
    wrong = sum(not page.report.as_declared for page in pages)
    tail = f"{wrong} not as expected" if wrong else "all as expected"
    return f"{count(len(pages), 'statement')}: {', '.join(parts) or 'none'}; {tail}."


def common_reach(pages: Sequence[Page]) -> Mapping[str, Any]:
    """The reach that all pages share, since they stem from one campaign; else nothing."""
    first = pages[0].report.reach if pages else {}
    return first if all(page.report.reach == first for page in pages) else {}
