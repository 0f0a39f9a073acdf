"""Statements and configurations for the tests of reports."""

from flint import fmpq

from checks import Claim, Report, Run, Verdict, Violation
from checks.reports import Page, Refutation
from theory import Configuration, Settled, certificates, settle

HOSTILE = '</script><img src=x onerror="alert(1)">'
"""What a name or a label may hold: it has to come out as text."""

STATEMENT = r"Every vertex of $\operatorname{co}(Z^0)$ leads, so $|z_i'|\ge|z_i|$ and $1<2$."

CASES: dict[str, Configuration] = {
    "line": Configuration([[3], [-2], [1], ["-1/2"], [-1]], "1/3"),
    "plane": Configuration(
        [[-2, 2], [-2, -2], [1, 1], [0, 2], [-1, 0]],
        "1/3",
        labels=["good", "film", "bad", HOSTILE, "$x$<b>"],
    ),
    "space": Configuration([[3, 2, 0], [-3, 2, 0], [1, 2, 1], [-1, 2, 1], [0, 1, 0]], "1/2"),
    "more": Configuration(
        [[3, 1, 0, 0, 2], [-3, 1, 2, 0, 1], [1, 1, 1, 5, 0], [0, 1, 1, 1, -1], [1, 1, 1, 7, 0]],
        "1/7",
    ),
}
"""One configuration of each kind of picture; "more" is told apart by coordinates 0 and 3."""

LEFT, RIGHT = fmpq(1, 3), fmpq(7, 2**70)
"""Both sides of the violated relation, which is claimed to be ≤."""


def never(run: Run) -> Violation:
    """A statement that is false of everything."""
    return Violation("a vertex does not lead", 2, (0, 1), LEFT, "<=", RIGHT)


def refuted(name: str, configuration: Configuration) -> Page:
    """The page of a refuted statement, with everything that a page can have."""
    claim = Claim(name, STATEMENT, ("nonzero", "positive_step"), "ours", Verdict.REFUTED, never)
    report = Report(
        name, Verdict.REFUTED, Verdict.REFUTED, 4321, 1234, 5, {"ties": 17}, 99, configuration, "so"
    )
    settled = settle(configuration.merged()[0])
    assert isinstance(settled, Settled)
    minimality = "local minimum: no token can be dropped"
    refutation = Refutation(None, minimality, certificates.certificate(settled))
    return Page(report, claim, refutation, f"hardmax refute {name} --seed 99")


def held(name: str) -> Page:
    """The page of a statement that held."""
    claim = Claim(name, STATEMENT, (), "ours", Verdict.HELD, lambda _: True)
    return Page(Report(name, Verdict.HELD, Verdict.HELD, 10, 7, 0, {"ties": 17}, 99), claim)
