"""The pages as Markdown: the same facts in the same order, formulas as LaTeX between dollars."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from checks.reports import facts, latex, runs
from checks.reports.model import Page
from checks.verdicts import Verdict
from theory.pictures.scene import Slide
from theory.pictures.slides import Slides

MOST_ROWS = 24
"""Tokens in the table of one layer."""

Cells = Sequence[str]


def statement_page(page: Page, certificate: str | None) -> str:
    """The Markdown page of one statement."""
    report, statement = page.report, page.statement
    parts = [
        f"# {latex.markdown(statement.name)}: {report.verdict}",
        latex.markdown(facts.headline(report)),
        f"> {latex.to_markdown(statement.statement)}",
        _expected(page),
    ]
    if (moved := facts.moved(page)) is not None:
        parts.append(latex.markdown(moved))
    if (few := facts.tokens(report.witness)) is not None:
        parts.append(latex.markdown(few))
    if certificate is not None:
        parts.append(f"Certificate: [{certificate}]({certificate}). {facts.proves(page)}")
    if (minimality := page.refutation.minimality) is not None:
        parts.append(f"In which sense it is smallest: {latex.markdown(minimality)}")
    parts += _violation(page)
    if statement.remark:
        heading = "Where it breaks" if report.verdict is Verdict.REFUTED else "Remark"
        parts += [f"## {heading}", latex.to_markdown(statement.remark)]
    if report.witness is not None and page.run is not None:
        parts += [
            "## The configuration, exactly",
            _code(facts.configuration_json(report.witness, report.dynamics), "json"),
            latex.markdown(facts.numbers(report.witness, report.dynamics)) + ".",
        ]
        if (note := runs.note(page.run)) is not None:
            parts.append(latex.markdown(note))
        parts += _layers(Slides.of(page.run))
    parts += ["## Hypotheses", _hypotheses(page), "## Source", latex.markdown(statement.source)]
    if page.code:
        parts += ["## The statement as code", _code(page.code, "python")]
    parts += ["## How hard was looked", _table(("", "count"), facts.effort(page))]
    if report.reach:
        parts.append(reach(report.reach))
    if certificate is not None:
        parts += [
            "## Certificate",
            f"{facts.certified(page)} [{certificate}]({certificate}) is checked by the independent "
            "verifier with",
            _code(f"hardmax check {certificate}"),
        ]
    if page.command:
        parts.append("## To reproduce this")
        if (needed := facts.needed(page)) is not None:
            parts.append(latex.markdown(needed))
        parts.append(_code(page.command))
    return "\n\n".join(parts) + "\n"


def _expected(page: Page) -> str:
    if not page.declared:
        return "Under this dynamics no verdict was expected."
    other = "" if page.report.as_declared else " **The verdict is another one than expected.**"
    return f"Expected: {page.report.expected}.{other}"


def index_page(entries: Sequence[tuple[Page, str]], title: str, counts: Mapping[str, Any]) -> str:
    """The Markdown table of all statements."""
    rows = [
        (
            f"[{latex.markdown(page.statement.name)}]({name}.md)",
            f"{report.verdict}{'' if report.as_declared else f' (expected: {report.expected})'}",
            f"{report.applicable} of {report.examples}",
            latex.to_markdown(page.statement.statement).replace("|", r"\|"),
        )
        for page, name in entries
        for report in (page.report,)
    ]
    parts = [
        f"# {latex.markdown(title)}",
        facts.summary([page for page, _ in entries]),
        "HELD says that no configuration that was looked at refutes a statement; it is no proof.",
        _table(("statement", "verdict", "cases", ""), rows, escaped=True),
    ]
    if counts:
        parts += ["## How hard the configurations were", reach(counts)]
    return "\n\n".join(parts) + "\n"


def reach(counts: Mapping[str, Any]) -> str:
    """What the configurations had."""
    return _table(("met", "phenomenon"), facts.reach(counts))


def _violation(page: Page) -> list[str]:
    violation, words = page.violation, page.report.explanation
    if violation is None and not words:
        return []
    parts = [f"## {facts.heading(page.report)}"]
    if violation is None:
        return [*parts, latex.markdown(facts.why(page.report))]
    place = facts.where(violation, page.run)
    parts.append(latex.markdown(f"{violation.text}{f' ({place})' if place else ''}") + ".")
    if (broken := facts.broken(violation)) is not None:
        parts.append(
            latex.markdown(
                f"Claimed: {broken.left} {broken.claimed} {broken.right}. "
                f"In fact: {broken.left} {broken.true} {broken.right}."
            )
        )
        parts.append(_table(("", "exactly", "decimal"), broken.rows))
    return parts


def _layers(slides: Slides) -> list[str]:
    """The picture in words, and its first and last layer."""
    shown: list[Slide] = list({s.title: s for s in (slides.slides[0], slides.slides[-1])}.values())
    parts = ["## The layers", latex.markdown(slides.description)]
    for slide in shown:
        head = ("token", "position", "attends to", "role")
        rows = runs.rows(slides, slide, MOST_ROWS)
        cells = [(row.name, row.position.short, row.attended, row.role) for row in rows]
        parts += [f"**{slide.title}**", _table(head, cells)]
    if slides.configuration.size > MOST_ROWS:
        parts.append(f"… and {slides.configuration.size - MOST_ROWS} more tokens.")
    return parts


def _hypotheses(page: Page) -> str:
    words = {True: "yes", False: "no", None: "—"}
    rows = [
        (name, words[assumed], words[holds]) for name, assumed, holds in facts.assumptions(page)
    ]
    if page.report.witness is None:
        return _table(("hypothesis", "assumed"), [row[:2] for row in rows])
    return _table(("hypothesis", "assumed", "true of this configuration"), rows)


def _table(head: Cells, rows: Iterable[Cells], escaped: bool = False) -> str:
    lines = [head, ["---"] * len(head)]
    lines += [row if escaped else [latex.markdown(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(words: str, language: str = "") -> str:
    fence = "```"
    while fence in words:
        fence += "`"
    return f"{fence}{language}\n{words}\n{fence}"
