"""The survey's report: a table with links to a page for each refuted cell; and in one file."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from checks.reports import Page, Refutation, write_report
from checks.reports.html import render
from checks.reports.latex import markdown, to_html, to_markdown
from checks.reports.write import Index
from checks.statements import Statement
from checks.statements.kinds import Kind
from checks.statements.sense import reason
from checks.survey.cells import Cell
from checks.survey.grid import Grid, mark, told
from checks.verdicts import described
from theory.readable import count

TITLE = "Which statement survives under which dynamics"


def page_names(statements: Sequence[Statement], kinds: Sequence[Kind]) -> list[str]:
    """What the pages may be called."""
    return [_name(s.name, kind.name) for s in statements for kind in kinds if not reason(s, kind)]


def _name(statement: str, kind: str) -> str:
    return f"{statement} under {kind}"


def write_survey(
    cells: Sequence[Cell], directory: Path, command: str, max_layers: int, force: bool
) -> Path:
    """Write the table and the pages of its refuted cells; the path of the table.

    Raises `HardmaxError` as `checks.reports.write_report` does.
    """
    refuted = {_name(c.statement.name, c.kind.name): c for c in cells if c.verdict == "REFUTED"}
    pages = [_page(name, cell, command, max_layers) for name, cell in refuted.items()]

    def index(files: Mapping[str, str]) -> Index:
        grid, links = Grid.of(cells), dict(zip(refuted, files.values(), strict=True))
        values = {
            "grid": grid,
            "links": links,
            "name": lambda c: _name(c.statement.name, c.kind.name),
            "mark": mark,
            "told": told,
            "typeset": to_html,
            "command": command,
            "summary": summary(cells),
        }
        page = render("survey.html.j2", title=TITLE, **values)
        return Index(page, markdown_page(cells), [cell.as_dict() for cell in cells])

    return write_report(pages, directory, TITLE, force, index)


def _page(name: str, cell: Cell, command: str, max_layers: int) -> Page:
    """The page of a refuted cell."""
    report, smallest = cell.final, cell.smallest
    if report is None:
        raise ValueError(f"{name} has no report")
    claim = cell.held
    refutation = Refutation()
    if smallest is not None and report.witness is not None:
        certificate = claim.certificate(report.witness, smallest.violation)
        refutation = Refutation(smallest.violation, smallest.minimality, certificate)
    return Page(
        replace(report, name=name),
        replace(claim, name=name),
        refutation,
        command,
        max_layers,
        cell.declared,
    )


def summary(cells: Sequence[Cell]) -> str:
    """How many cells came out how.

    >>> from checks.statements import find
    >>> from checks.statements.kinds import find_kind
    >>> summary([Cell(find("one-base"), find_kind("schedule"), reason="no λ")])
    '1 cell: 1 not applicable.'
    """
    counts = Counter(cell.verdict for cell in cells)
    parts = [f"{times} {verdict.lower()}" for verdict, times in counts.most_common()]
    return f"{count(len(cells), 'cell')}: {', '.join(parts)}."


def markdown_page(cells: Sequence[Cell], command: str | None = None) -> str:
    """The table as Markdown, its legend, and every counterexample as a configuration's object."""
    grid = Grid.of(cells)
    head = ["statement", *grid.letters]
    lines = [f"| {' | '.join(head)} |", "| --- |" + " :-: |" * len(grid.letters)]
    for statement, line in grid.rows:
        lines.append(f"| {markdown(statement.name)} | {' | '.join(map(mark, line))} |")
    columns = [
        f"- **{letter}** `{kind.name}`: {markdown(kind.words)}"
        for letter, kind in zip(grid.letters, grid.kinds, strict=True)
    ]
    marks = [f"- {sign} {words}" for sign, words in grid.marked]
    made = [] if command is None else [_made(cells, command)]
    parts = [f"# {TITLE}", *made, "\n".join(lines), "\n".join(columns), "\n".join(marks)]
    for statement, line in grid.rows:
        parts.append(f"## {markdown(statement.name)}")
        parts.append(to_markdown(statement.statement))
        parts.append("\n".join(f"- `{cell.kind.name}`: {_line(cell)}" for cell in line))
    return "\n\n".join(parts) + "\n"


def _made(cells: Sequence[Cell], command: str) -> str:
    """By which command a table was made, and of how many configurations."""
    most = max((cell.report.examples for cell in cells if cell.report), default=0)
    of = f"{count(most, 'configuration')} of each dynamics"
    return f"Made by `{command}`: {of}. HELD on so many is no proof."


def _line(cell: Cell) -> str:
    report = cell.final
    words = markdown(told(cell))
    if report is None or report.witness is None:
        return words
    return f"{words} `{json.dumps(described(report.witness, report.dynamics))}`"
