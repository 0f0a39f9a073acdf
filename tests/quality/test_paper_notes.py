"""The notes and the code name the same things, and the numbers that the notes quote are true."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache, reduce
from importlib import import_module
from operator import add
from pathlib import Path
from typing import Any

import pytest
from coq_names import names as coq_names
from flint import fmpq
from gallery import GALLERY

from checks.cli.application import COMMANDS
from checks.statements import claims, literature
from theory import Configuration, Settled, settle
from theory.exponential import ExponentialPolynomial
from theory.lemmas.registry import lemmas

ROOT = Path(__file__).parents[2]

SPAN = re.compile(r"`([^`\n]*)`")
LINK = re.compile(r"\]\(#([^)]*)\)")
MATH = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
FRAGILE = re.compile(r"\\[^a-zA-Z]|(?<![a-zA-Z0-9])_|\*|<(?=[a-zA-Z/!?])")
"""What GitHub's Markdown takes for its own inside a formula: escapes, emphasis, tags."""

COMMANDS_OF_LATEX = re.compile(
    r"""
    Big|Delta|Gamma|Omega|Phi|Pi|Sigma|alpha|ast|bar|beta|bigcap|bigl|bigr|binom|
    cap|cdot|cdots|cup|deg|delta|dim|dots|emptyset|epsilon|eta|exp|frac|gamma|ge|
    geq|hat|in|infty|kappa|lambda|langle|lbrace|le|left|leq|liminf|limsup|ln|lt|
    lvert|mapsto|mathbb|mathcal|mathrm|mathsf|max|min|mu|ne|notin|nu|omega|
    operatorname|partial|pi|pm|prime|prod|qquad|quad|rangle|rbrace|rho|right|rvert|
    setminus|sigma|sqrt|subset|sum|tag|tau|text|tfrac|theta|tilde|times|to|top|
    varepsilon|varphi|varrho|xi|zeta
    """,
    re.VERBOSE,
)
"""Those that are used: another one is rather two that ran together, as in ``\\etax``."""

NAME = re.compile(r"(theory|checks|sentiment)(\.\w+)+")
COQ = re.compile(r"Hardmax(\.\w+){2}\.[\w']+")
PATH = re.compile(r"[\w.-]+(/[\w.-]+)+")
COMMAND = re.compile(r"hardmax( .+)?")
CLAIM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@cache
def notes() -> str:
    return (ROOT / "paper_notes.md").read_text(encoding="utf-8")


# ------------------------------------------------------------------ names, formulae and links


def exists(name: str) -> bool:
    """Whether a dotted name is a public module, or an attribute or a field of what it names."""
    parts = name.split(".")
    if any(part.startswith("_") for part in parts):
        return False
    module: Any = None
    for place in range(1, len(parts) + 1):
        try:
            module = import_module(".".join(parts[:place]))
        except ModuleNotFoundError:
            place -= 1
            break
    thing = module
    for part in parts[place:]:
        if is_dataclass(thing) and part in {field.name for field in fields(thing)}:
            thing = None
        elif hasattr(thing, part):
            thing = getattr(thing, part)
        else:
            return False
    return True


def problem(span: str, claims: set[str]) -> str | None:
    """What is wrong with one code span, which has to name something of the project."""
    if COQ.fullmatch(span):
        return None if span in coq_names() else f"no such theorem: {span}"
    if NAME.fullmatch(span):
        return None if exists(span) else f"no such name: {span}"
    if PATH.fullmatch(span):
        return None if (ROOT / span).is_file() else f"no such file: {span}"
    if COMMAND.fullmatch(span):
        known = all(word in COMMANDS for word in span.split()[1:2])
        return None if known else f"no such command: {span}"
    if CLAIM.fullmatch(span):
        return None if span in claims else f"no such claim: {span}"
    return f"names nothing: {span}"


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to the headings."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }


def problems(text: str, claims: set[str]) -> Iterator[str]:
    """Everything that is wrong with the notes."""
    spans = SPAN.findall(text)
    for span in spans:
        found = problem(span, claims)
        if found:
            yield found
    for name in sorted(claims - set(spans)):
        yield f"claim without notes: {name}"
    for link in LINK.findall(text):
        if link not in anchors(text):
            yield f"no such section: {link}"
    prose = SPAN.sub("", text)
    for match in MATH.finditer(prose):
        formula = match[1] or match[2]
        if FRAGILE.search(formula) or ("\n" in formula and not match[1]):
            yield f"formula that GitHub may not show: {formula}"
        for command in re.findall(r"\\([a-zA-Z]+)", formula):
            if not COMMANDS_OF_LATEX.fullmatch(command):
                yield f"no such command of LaTeX: {command}"
    if "$" in MATH.sub("", prose):
        yield "a dollar sign without its partner"


def claim_names() -> set[str]:
    """The names of the claims, of the literature, and of the lemmas, of which one has no claim."""
    names = {made.name for made in (*claims(), *literature())}
    return names | {lemma.name for lemma in lemmas()}


def test_notes_and_code_name_the_same_things() -> None:
    assert claim_names()
    assert not list(problems(notes(), claim_names()))


# Each change to the notes with what the check has to say of it.
WRONG = {
    "empty": ("", "", "claim without notes: norms-grow"),
    "module": ("theory.hull.in_hull", "theory.hulls.in_hull", "no such name: theory.hulls"),
    "function": ("theory.solve.settle`", "theory.solve.settled`", "no such name: theory."),
    "method": ("Configuration.merged`", "Configuration.merge`", "no such name: theory."),
    "field": ("Equilibrium.clusters`", "Equilibrium.cluster`", "no such name: theory."),
    "private name": ("theory.positivity.runs`", "theory.positivity._changes`", "no such name"),
    "claim": ("`norms-grow`", "`norms-shrink`", "no such claim: norms-shrink"),
    "claim of one word": ("`separation`", "`separations`", "no such claim: separations"),
    "claim left out": ("`one-base`", "one-base", "claim without notes: one-base"),
    "file": (
        "`tests/quality/test_paper_notes.py`",
        "`tests/test_notes.py`",
        "no such file: tests/",
    ),
    "command": ("`hardmax claims`", "`hardmax claim`", "no such command: hardmax claim"),
    "anything else": ("`frank-wolfe`", "`frank_wolfe`", "names nothing: frank_wolfe"),
    "section": ("(#s-separation)", "(#s-separated)", "no such section: s-separated"),
    "heading": ("### S. Separation", "### S. Distance", "no such section: s-separation"),
    "escape": (r"$\lambda$", r"$\{\lambda\}$", "formula"),
    "emphasis": (r"$\lambda$", r"$\bar{\lambda}_i$", "formula"),
    "letters that ran together": (r"$\lambda$", r"$\lambdax$", "no such command of LaTeX"),
    "dollar": (r"$\lambda$", r"$\lambda", "formula"),
}


@pytest.mark.parametrize(("old", "new", "reason"), WRONG.values(), ids=WRONG)
def test_wrong_notes_are_noticed(old: str, new: str, reason: str) -> None:
    assert old in notes()
    changed = notes().replace(old, new) if old else new
    assert any(found.startswith(reason) for found in problems(changed, claim_names()))


# -------------------------------------------------------- from each row to its code, and back

NUMBERS = re.compile(r"(?:sections?|[Nn]otes,?|paper_notes\.md`,)\s+((?:\d[\d.]*|,\s|\sand\s|–)+)")
LETTERS = re.compile(r"[Ll]emmas?\s+((?:[A-Z]{1,2}\b|,\s|\sand\s)+)")


def table(text: str) -> list[tuple[str, list[str], list[str]]]:
    """The rows of the opening table: notion, sections, names in the code."""
    begin, end = text.index("## Where everything is"), text.index("## 1. The dynamics")
    found = []
    for line in text[begin:end].splitlines():
        if line.startswith("| ") and not line.startswith(("| Notion", "| ---")):
            notion, sections, code, _ = line.removeprefix("| ").removesuffix("|").split(" | ")
            links = re.findall(r"\[([^\]]+)\]\(#", sections)
            found.append((notion, links, SPAN.findall(code)))
    return found


def documentation(name: str) -> str:
    """The docstring of the module that a dotted name lies in, and those of what it names there."""
    parts, place, thing = name.split("."), 1, import_module(name.partition(".")[0])
    told = []
    for part in parts[1:]:
        try:
            thing = import_module(".".join(parts[: place + 1]))
            told, place = [thing.__doc__ or ""], place + 1
        except ModuleNotFoundError:
            thing = getattr(thing, part, None)
            told.append(getattr(thing, "__doc__", None) or "")
    return "\n".join(told)


def referred(told: str) -> set[str]:
    """The sections of the notes that a docstring names, by number, by lemma, or by a title."""
    if "notes" not in told:
        return set()
    found = {
        part.rstrip(".") for span in NUMBERS.findall(told) for part in re.findall(r"[\d.]+", span)
    }
    found |= {part for span in LETTERS.findall(told) for part in re.findall(r"[A-Z]+", span)}
    return found | {title for title in ("Softmax", "Symmetries") if title.lower() in told.lower()}


def lost(text: str) -> Iterator[str]:
    """Rows that lead nowhere, and names of the code whose docstrings do not lead back."""
    for notion, sections, code in table(text):
        if not sections:
            yield f"without a section: {notion}"
        if not code:
            yield f"without code: {notion}"
        wanted = {section.rsplit(".", k)[0] for section in sections for k in range(3)}
        for name in code:
            told = documentation(name) if NAME.fullmatch(name) and exists(name) else ""
            specified = "theory/CERTIFICATE.md" in code and "theory/CERTIFICATE.md" in told
            if NAME.fullmatch(name) and not specified and not wanted & referred(told):
                yield f"no way back: {name} does not name {' or '.join(sections)}"


def test_each_row_of_the_table_leads_to_code_that_leads_back() -> None:
    assert len(table(notes())) > 30
    assert list(lost(notes())) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("| [3.7](#37-held-ties) |", "| [4](#4-where) |", "no way back: theory.fast.held.HeldTies"),
        ("| [3.7](#37-held-ties) |", "| held ties |", "without a section: held ties"),
        ("`theory.hull.in_hull` |", "in_hull |", "without code: H, hulls shrink"),
        ("`theory.hull.in_hull` |", "`theory.hull.inside` |", "no way back: theory.hull.inside"),
        ("`theory.places.spread` |", "`theory.exact.rational` |", "no way back: theory.exact"),
    ],
)
def test_a_row_that_leads_nowhere_is_noticed(old: str, new: str, told: str) -> None:
    assert old in notes()
    assert any(found.startswith(told) for found in lost(notes().replace(old, new)))


# --------------------------------------------------------------------- numbers of section 8

Tokens = list[list[int | fmpq]]


def mirrored(*rows: tuple[int | fmpq, ...]) -> Tokens:
    """Each row, and the row with its first coordinate negated."""
    return [[sign * row[0], *row[1:]] for row in rows for sign in (1, -1)]


def settled(
    tokens: Tokens | list[list[int]], alpha: str, A: list[list[int]] | None = None
) -> Settled:
    result = settle(Configuration(tokens, alpha, A).merged()[0])
    assert isinstance(result, Settled)
    return result


def late(m: int) -> Tokens:
    """Section 8.5 with ε = 1/(5m)."""
    return [*mirrored((5, 2, 0, 0), (1, 2, 1, 0), (1, 2, 1 + fmpq(1, 5 * m), -1)), [0, 1, 0, 1]]


CANCELLING: Tokens = [
    *mirrored((3, 2, 0, 3, 0), (3, 2, 0, -3, 0), (1, 2, 1, 3, 0), (1, 2, -1, -3, 0)),
    [0, 2, 0, 1, 1],
    [0, 2, 0, -1, 1],
    [0, 1, 0, 0, 1],
]
"""Section 8.4: a resonant token of no greater degree than the tokens that it attends to."""


def degree(form: ExponentialPolynomial) -> int:
    """The greatest degree of a term that moves, −1 if there is none."""
    return max((p for _, p, _ in form.moving), default=-1)


def contradictions(result: Settled) -> Iterator[str]:
    """The statements of 8.4 that fail of a settled configuration, token by token."""
    pattern, forms = result.pattern, result.closed_form
    weights = result.configuration.multiplicities
    for i, attended in enumerate(pattern):
        total = sum(weights[j] for j in attended)
        target = reduce(add, (fmpq(weights[j], total) * forms[j] for j in attended))
        fixed = not target.moving
        if fixed != any(not forms[j].moving for j in attended):
            yield f"token {i}: a fixed target and attention to a token at rest differ"
        if fixed != any(pattern[j] == (j,) for j in attended):
            yield f"token {i}: a fixed target and attention to a leader differ"
        if fixed and any(not set(pattern[j]) <= set(attended) for j in attended):
            yield f"token {i}: the attention set is not closed"
        if not fixed and (degree(forms[i]) != degree(target) + 1 or len(attended) < 2):
            yield f"token {i}: no resonance"


@pytest.mark.parametrize("m", [1, 2, 4, 8, 12, 40])
def test_settled_layers_of_8_5(m: int) -> None:
    layer = settled(late(m), "1").layer
    assert layer == 6 * m + 1
    assert str(layer) in re.findall(r"\$(\d+)\$", notes().split("### 8.5")[1])


def test_who_resonates() -> None:
    resonant = 0
    for exhibit in GALLERY.values():
        for alpha in ("1/2", "3", "8", exhibit["alpha"]):
            result = settled(exhibit["tokens"], alpha, exhibit["A"])
            assert not list(contradictions(result))
            resonant += sum(degree(form) > 0 for form in result.closed_form)
    assert resonant > 4


# An attention set put in the place of that of token 10, which is (8, 9), and what 8.4 says to it.
FALSE_SETS = {
    "a leader besides moving tokens": ((0, 8, 9), "to a token at rest differ"),
    "one moving token": ((8,), "no resonance"),
    "a follower without its leader, at a fixed target": ((0, 4, 7), "not closed"),
}


@pytest.mark.parametrize(("attended", "reason"), FALSE_SETS.values(), ids=FALSE_SETS)
def test_contradictions_are_noticed(attended: tuple[int, ...], reason: str) -> None:
    result = settled(CANCELLING, "1")
    assert result.pattern[10] == (8, 9)
    false = replace(result, history=((1, (*result.pattern[:10], attended)),))
    assert any(reason in found for found in contradictions(false))


def test_resonance_without_a_greater_degree() -> None:
    result = settled(CANCELLING, "1")
    assert result.layer == 1
    assert result.pattern[10] == (8, 9)
    assert [degree(result.closed_form[i]) for i in (8, 9, 10)] == [1, 1, 1]
    assert not list(contradictions(result))
