"""Cells of the survey: what came of one statement under one kind of dynamics.

A cell is PROVED where a section of the notes has a proof (`checks.survey.proofs`), HELD on so many
configurations, REFUTED by one with so few tokens as were met, UNDECIDED where some were beyond the
budget, VACUOUS where none was applicable, or NOT APPLICABLE. A proof does not spare the search:
what is proved and refuted is an error of the proof, or of the program.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checks.statements import Statement
from checks.statements.kinds import Kind
from checks.statements.sense import INSTRUMENTS, PROGRAM, reason, under
from checks.survey.proofs import proof_of
from checks.verdicts import Report, Verdict, Violation, described, exit_status

NOT_APPLICABLE = "NOT APPLICABLE"
"""The verdict on a statement that does not make sense under a kind."""


@dataclass(frozen=True)
class Smallest:
    """What a counterexample was cut down to: why it refutes, and in what sense it is smallest."""

    report: Report
    violation: Violation | None
    minimality: str


@dataclass(frozen=True)
class Cell:
    """A statement under a kind of dynamics, with what came of it.

    report : what came of holding it; None where it does not apply, which `reason` tells.
    smallest : the counterexample cut down, if it was refuted and there was time.
    """

    statement: Statement
    kind: Kind
    report: Report | None = None
    reason: str | None = None
    smallest: Smallest | None = None

    @property
    def held(self) -> Statement:
        """The statement as it is held under the kind."""
        return under(self.statement, self.kind)

    @property
    def proof(self) -> str | None:
        """The section of the notes that proves the statement under this kind, or None."""
        return proof_of(self.statement.name, self.kind.name)

    @property
    def final(self) -> Report | None:
        """The report with the smallest counterexample."""
        return self.report if self.smallest is None else self.smallest.report

    @property
    def verdict(self) -> str:
        """The verdict, in one word or two."""
        if self.report is None:
            return NOT_APPLICABLE
        failed = self.report.verdict in (Verdict.REFUTED, Verdict.ERROR)
        return str(Verdict.PROVED if self.proof and not failed else self.report.verdict)

    @property
    def declared(self) -> bool:
        """Whether a verdict was declared beforehand: under the theory's own dynamics alone."""
        return self.kind.name == "hardmax"

    @property
    def contradicts(self) -> bool:
        """Whether it is refuted, and there is a proof."""
        return self.report is not None and self.proof is not None and self.verdict == "REFUTED"

    @property
    def at_fault(self) -> bool:
        """Whether a user's code failed, that of the statement or of the dynamics."""
        users = self.statement.origin is not None or self.kind.origin is not None
        return users and self.verdict == "ERROR"

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of ``hardmax survey --json``; exact numbers are text."""
        report, smallest = self.final, self.smallest
        witness = None if report is None else report.witness
        return {
            "statement": self.statement.name,
            "dynamics": self.kind.name,
            "verdict": self.verdict,
            "witness": None
            if witness is None or report is None
            else described(witness, report.dynamics),
            "tokens": None if witness is None else witness.size,
            "examples": 0 if report is None else report.examples,
            "applicable": 0 if report is None else report.applicable,
            "undecided": 0 if report is None else report.undecided,
            "explanation": self.reason if report is None else report.explanation,
            "minimality": None if smallest is None else smallest.minimality,
            "proof": self.proof if self.verdict == "PROVED" else None,
            "seed": None if report is None else report.seed,
        }


def surveyed(statements: Sequence[Statement], kinds: Sequence[Kind]) -> tuple[Statement, ...]:
    """Those of the statements that a survey of these kinds is about.

    Neither instruments nor the program, nor one hypothesis dropped, which a kind says better, nor
    what applies under none of them.

    >>> from checks.statements import find
    >>> from checks.statements.kinds import find_kind
    >>> some = [find(name) for name in ("paths-agree", "norms-grow", "one-base")]
    >>> [s.name for s in surveyed(some, [find_kind("schedule")])]
    ['norms-grow']
    """
    return tuple(
        s
        for s in statements
        if s.name not in INSTRUMENTS | PROGRAM
        and not (s.doubted and s.domain.drops and not s.published)
        and any(reason(s, kind) is None for kind in kinds)
    )


def status(cells: Sequence[Cell]) -> int:
    """The exit status: of what was declared, and of proofs; other cells are findings, not failures.

    1 where a proof is contradicted, a claim's own code failed, or a declared verdict came out
    refuted; else 2 where a user's code failed (`Cell.at_fault`); 3 where a declared verdict is
    open, or nothing was looked at; else 0.
    """
    failed = any(c.contradicts or (c.verdict == "ERROR" and not c.at_fault) for c in cells)
    declared = [
        cell.report
        for cell in cells
        if cell.declared
        and cell.report is not None
        and cell.verdict != "PROVED"
        and not cell.at_fault
        # of statements with a domain of their own the kind may have no configuration
        and not (cell.verdict == "VACUOUS" and cell.statement.domain.condition is not None)
    ]
    of_declared = exit_status(declared) if declared else 0
    if failed or of_declared == 1:
        return 1
    if any(cell.at_fault for cell in cells):
        return 2
    looked = any(cell.report is not None and cell.report.examples for cell in cells)
    return of_declared or (0 if looked else 3)
