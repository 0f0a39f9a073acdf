"""What a search is allowed, and the account that it gives: its finding, and the counterexample."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from checks.verdicts import Report, Violation
from theory import Configuration, HardmaxError
from theory.exact import at_least, shown
from theory.settling import MAX_LAYERS


@dataclass(frozen=True)
class Counterexample:
    """A configuration that refutes, with the violation and in what sense it is smallest.

    >>> from checks.refutation.search import refute
    >>> from checks.statements import find
    >>> smallest = refute(find("hull-vertices-lead"), Budget(examples=200), seed=1).counterexample
    >>> smallest.configuration, smallest.violation.left, smallest.violation.right
    (Configuration(tokens=[['-1'], ['-2']], alpha='1'), 2, 1)
    """

    configuration: Configuration
    violation: Violation | None
    minimality: str


@dataclass(frozen=True)
class Budget:
    """How long a search may take.

    examples : how many configurations are tried.
    seconds : how much time it may take; None: any.
    max_layers : the budget of layers for settling each configuration.

    Raises `HardmaxError` for what is no such number.

    >>> Budget(examples=100, seconds=2)
    Budget(examples=100, seconds=2, max_layers=10000)
    """

    examples: int = 20_000
    seconds: float | None = None
    max_layers: int = MAX_LAYERS

    def __post_init__(self) -> None:
        for name in ("examples", "max_layers"):
            at_least(0, name, getattr(self, name))
        seconds = self.seconds
        real = isinstance(seconds, int | float) and not isinstance(seconds, bool)
        if seconds is not None and not (real and seconds >= 0):
            raise HardmaxError(f"seconds = {shown(seconds)}; a number ≥ 0 was wanted, or None")


@dataclass(frozen=True)
class Finding:
    """The outcome: the report, the counterexample if there is one, and what was searched.

    >>> from checks.refutation.search import refute
    >>> from checks.statements import find
    >>> finding = refute(find("hull-vertices-lead"), Budget(examples=200), seed=1)
    >>> finding.report.verdict.value, finding.counterexample.configuration.size
    ('REFUTED', 2)
    """

    report: Report
    counterexample: Counterexample | None
    searched: str = ""


Tell: TypeAlias = Callable[[Finding], None]
"""Who wants to know how a search is getting on."""
