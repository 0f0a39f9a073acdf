"""A page of a report: a statement, what came of holding it, and what refutes it.

HTML, Markdown and JSON are written from a `Page`, so that all three say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from checks.run import Run
from checks.statements import Statement
from checks.verdicts import Report, Verdict, Violation, described
from theory.settling import MAX_LAYERS

HYPOTHESES: dict[str, str] = {
    "nonzero": "no token is 0",
    "distinct": "the tokens are pairwise distinct",
    "positive_definite": "A is symmetric positive definite",
    "positive_step": "α > 0",
}
"""The standing hypotheses in words."""


@dataclass(frozen=True)
class Refutation:
    """What refutes a statement, beside the configuration of which it is false.

    violation : why it is false there, with both exact sides.
    minimality : in which sense the configuration is smallest.
    certificate : the JSON object that ``hardmax check`` verifies.

    >>> Refutation(Violation("too long", 1), "smallest of its box").violation.layer
    1
    """

    violation: Violation | None = None
    minimality: str | None = None
    certificate: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True)
class Page:
    """What is told of one statement.

    report : the verdict, how hard was looked, and the configuration that refutes, if any.
    statement : what it is about.
    refutation : what refutes it; without, the statement is asked again of the configuration, since
        a report keeps only the words.
    command : reproduces the verdict.
    max_layers : the budget of layers of the run that is shown.
    declared : whether a verdict was expected beforehand; a survey finds some that none was.

    >>> from checks import validate
    >>> from checks.statements import find
    >>> claim = find("norms-grow")
    >>> (report,) = validate([claim], examples=5, seed=1)
    >>> page = Page(report, claim)
    >>> page.as_dict()["verdict"], page.violation
    ('HELD', None)
    """

    report: Report
    statement: Statement
    refutation: Refutation = Refutation()
    command: str | None = None
    max_layers: int = MAX_LAYERS
    declared: bool = True

    @cached_property
    def run(self) -> Run | None:
        """The run that is judged and shown, if there is a configuration."""
        witness = self.report.witness
        return None if witness is None else self.statement.run(witness, self.max_layers)

    @cached_property
    def violation(self) -> Violation | None:
        """Why the statement is false of the configuration."""
        told = self.refutation.violation
        if told is not None or self.run is None or self.report.verdict is not Verdict.REFUTED:
            return told
        try:
            outcome = self.statement(self.run)
        except Exception:  # a statement is a user's code; the report has the words already
            return None
        return outcome if isinstance(outcome, Violation) else None

    @property
    def certified(self) -> str | None:
        """What the certificate proves: the ``run`` of the configuration, or the ``refutation``."""
        certificate = self.refutation.certificate
        if certificate is None:
            return None
        return "run" if certificate.get("kind") == "settling" else "refutation"

    @property
    def code(self) -> str | None:
        """The text of the function that states a user's statement."""
        origin = self.statement.origin
        return None if origin is None else origin.code[self.statement.name]

    @property
    def files(self) -> Mapping[str, bytes]:
        """The user's file, and the files beside it that it imports, which the command needs."""
        return {} if self.statement.origin is None else self.statement.origin.files

    def as_dict(self) -> dict[str, Any]:
        """The page as a JSON object; exact numbers are text."""
        report, statement, refutation = self.report, self.statement, self.refutation
        witness, certificate = report.witness, refutation.certificate
        return {
            "name": statement.name,
            "statement": statement.statement,
            "hypotheses": list(statement.hypotheses),
            "source": statement.source,
            "remark": statement.remark or None,
            "expected": str(report.expected) if self.declared else None,
            "verdict": str(report.verdict),
            "as_declared": report.as_declared if self.declared else None,
            "configuration": None if witness is None else described(witness, report.dynamics),
            "violation": None if self.violation is None else self.violation.as_dict(),
            "explanation": report.explanation,
            "minimality": refutation.minimality,
            "certificate": None if certificate is None else dict(certificate),
            "certificate_proves": self.certified,
            "command": self.command,
            "code": self.code,
            "files": list(self.files),
            "examples": report.examples,
            "applicable": report.applicable,
            "undecided": report.undecided,
            "max_layers": self.max_layers,
            "reach": dict(report.reach),
            "seed": report.seed,
        }
