"""A page of a report: one statement, its verdict, and whatever refutes it.

A `Page` is made of a `checks.verdicts.Report` and of the statement that it is about. HTML,
Markdown and JSON are written from it, so that all three say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.run import Run
from checks.statements import Statement
from checks.verdicts import Report, Verdict, Violation, described
from theory import HARDMAX, Configuration, Dynamics
from theory.exact import text
from theory.readable import decimal
from theory.settling import MAX_LAYERS

HYPOTHESES: dict[str, str] = {
    "nonzero": "no token is 0",
    "distinct": "the tokens are pairwise distinct",
    "positive_definite": "A is symmetric positive definite",
    "positive_step": "α > 0",
}
"""The standing hypotheses in words."""


@dataclass(frozen=True)
class Page:
    """What a report tells of one statement.

    name, statement, hypotheses, source, expected : of the statement, which is LaTeX text with $…$.
    verdict : what the check came to.
    configuration : the witness, of which the statement is false.
    violation, explanation : why it is false there, with both exact sides, and in words.
    minimality : in which sense the witness is smallest.
    certificate : the JSON object that ``hardmax check`` verifies.
    command : reproduces the verdict.
    examples, applicable, undecided, reach, seed : how hard was looked, as in `Report`.
    run : what is drawn; the plain run of the configuration unless given.
    dynamics : that of the statement.
    code : the text of the function that states a user's statement.
    files : the user's file, and the files beside it that it imports, which the command needs.

    >>> from checks import validate
    >>> from checks.statements import find
    >>> claim = find("norms-grow")
    >>> (report,) = validate([claim], examples=5, seed=1)
    >>> page = Page.of(report, claim)
    >>> page.name, page.verdict.value, page.as_declared
    ('norms-grow', 'HELD', True)
    """

    name: str
    statement: str
    hypotheses: tuple[str, ...]
    source: str
    expected: Verdict
    verdict: Verdict
    configuration: Configuration | None = None
    violation: Violation | None = None
    explanation: str | None = None
    minimality: str | None = None
    certificate: Mapping[str, Any] | None = None
    command: str | None = None
    examples: int = 0
    applicable: int = 0
    undecided: int = 0
    reach: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    run: Run | None = field(default=None, compare=False, repr=False)
    dynamics: Dynamics = HARDMAX
    code: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        report: Report,
        claim: Statement,
        *,
        violation: Violation | None = None,
        minimality: str | None = None,
        certificate: Mapping[str, Any] | None = None,
        command: str | None = None,
        run: Run | None = None,
        code: str | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> "Page":
        """The page of a report about `claim`; `run` is the run of the witness, if it is at hand.

        Without a `violation` the claim is asked again of the witness, since a report keeps only
        the words.
        """
        drawn = run
        if report.witness is not None:
            drawn = claim.run(report.witness, MAX_LAYERS) if run is None else run
            if violation is None and report.verdict is Verdict.REFUTED:
                violation = _violation(claim, drawn)
        return cls(
            claim.name,
            claim.statement,
            tuple(claim.hypotheses),
            claim.source,
            report.expected,
            report.verdict,
            report.witness,
            violation,
            report.explanation,
            minimality,
            certificate,
            command,
            report.examples,
            report.applicable,
            report.undecided,
            report.reach,
            report.seed,
            drawn,
            report.dynamics,
            code,
            files or {},
        )

    @property
    def as_declared(self) -> bool:
        """Whether the verdict is the expected one."""
        if self.expected is Verdict.HELD:
            return self.verdict in (Verdict.HELD, Verdict.PROVED)
        return self.verdict is self.expected

    @property
    def certified(self) -> str | None:
        """What the certificate proves: the ``run`` of the configuration, or the ``refutation``."""
        if self.certificate is None:
            return None
        return "run" if self.certificate.get("kind") == "settling" else "refutation"

    @property
    def drawn(self) -> Run | None:
        """The run that the picture shows, if there is a configuration."""
        if self.run is None and self.configuration is not None:
            return Run(self.configuration, self.dynamics)
        return self.run

    def as_dict(self) -> dict[str, Any]:
        """The page as a JSON object; exact numbers are text."""
        return {
            "name": self.name,
            "statement": self.statement,
            "hypotheses": list(self.hypotheses),
            "source": self.source,
            "expected": str(self.expected),
            "verdict": str(self.verdict),
            "as_declared": self.as_declared,
            "configuration": None
            if self.configuration is None
            else described(self.configuration, self.dynamics),
            "violation": None if self.violation is None else _violation_dict(self.violation),
            "explanation": self.explanation,
            "minimality": self.minimality,
            "certificate": None if self.certificate is None else dict(self.certificate),
            "certificate_proves": self.certified,
            "command": self.command,
            "code": self.code,
            "files": list(self.files),
            "examples": self.examples,
            "applicable": self.applicable,
            "undecided": self.undecided,
            "reach": dict(self.reach),
            "seed": self.seed,
        }


def _violation(claim: Statement, run: Run) -> Violation | None:
    try:
        outcome = claim(run)
    except Exception:  # a claim is a user's code; the report has the words already
        return None
    return outcome if isinstance(outcome, Violation) else None


def _violation_dict(violation: Violation) -> dict[str, Any]:
    sides: dict[str, Any] = {}
    for name, side in (("left", violation.left), ("right", violation.right)):
        sides[name] = None if side is None else text(side)
        sides[f"{name}_decimal"] = None if side is None else decimal(side)
    return {
        "text": violation.text,
        "layer": violation.layer,
        "tokens": list(violation.tokens),
        "relation": violation.relation,
        **sides,
    }
