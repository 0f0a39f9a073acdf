"""Verdicts: what holding a statement against configurations can come to, and how it is told.

A verdict never says more than was done: HELD counts the cases on which a statement held and is no
proof; VACUOUS and UNDECIDED are failures to check, not successes.
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from operator import index
from typing import Any

import numpy as np
from flint import fmpq

from theory import HARDMAX, Configuration, Dynamics, HardmaxError
from theory.exact import rational, shown, text
from theory.readable import decimal


class Verdict(StrEnum):
    """The possible ends of a check.

    >>> Verdict("HELD") is Verdict.HELD, str(Verdict.REFUTED)
    (True, 'REFUTED')
    """

    PROVED = "PROVED"
    """True in every case that the statement speaks of: by proof, or by complete enumeration."""
    HELD = "HELD"
    """True in every applicable case that was looked at; not a proof."""
    REFUTED = "REFUTED"
    """False for the witness."""
    VACUOUS = "VACUOUS"
    """No case was applicable, so that nothing was checked."""
    UNDECIDED = "UNDECIDED"
    """Some case was beyond the budget, and none refutes."""
    ERROR = "ERROR"
    """The statement's own code failed."""


@dataclass(frozen=True)
class Violation:
    """Why a statement is false of a configuration: where, and the two exact sides.

    A violation is falsy, so that a claim may return it in place of False. `sides` are what the two
    numbers are, in words; nothing for a number that is one of the statement, such as 0. Raises
    `HardmaxError` for what cannot be told: sides are exact numbers, as `theory.exact.rational`
    takes them.

    >>> str(Violation("too long", 1, (0,), "3/2", "<=", 1))
    'too long (layer 1; token 0): 3/2 <= 1 is false'
    >>> print(Violation("too long", 1, (0,), "3/2", "<=", 1, sides=("|z_0|²", "the bound")))
    too long (layer 1; token 0): 3/2 <= 1 is false (3/2 is |z_0|², 1 is the bound)
    """

    text: str
    layer: int | None = None
    tokens: tuple[int, ...] = ()
    left: fmpq | None = None
    relation: str | None = None
    right: fmpq | None = None
    sides: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        for name in ("text", "relation"):
            words = getattr(self, name)
            if isinstance(words, str):
                object.__setattr__(self, name, str.__str__(words))  # a subclass may not pickle
            elif words is not None or name == "text":
                raise HardmaxError(f"a violation with {name} = {shown(words)}; text was wanted")
        try:
            if self.layer is not None:
                object.__setattr__(self, "layer", index(self.layer))
            object.__setattr__(self, "tokens", tuple(map(index, self.tokens)))
        except TypeError:
            raise HardmaxError(
                f"a violation at layer {shown(self.layer)} of tokens {shown(self.tokens)}; "
                "ints were wanted"
            ) from None
        sides = self.sides
        if not isinstance(sides, tuple | list) or [isinstance(x, str) for x in sides] != [True] * 2:
            raise HardmaxError(f"a violation with sides = {shown(sides)}; two texts were wanted")
        object.__setattr__(self, "sides", tuple(map(str.__str__, sides)))
        for name in ("left", "right"):
            side = getattr(self, name)
            if side is not None and not isinstance(side, fmpq):
                object.__setattr__(self, name, rational(side))

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        where = [] if self.layer is None else [f"layer {self.layer}"]
        if self.tokens:
            where.append("token " + ", ".join(map(str, self.tokens)))
        numbers = ""
        if self.left is not None and self.right is not None:
            values = text(self.left), text(self.right)
            numbers = f": {values[0]} {self.relation} {values[1]} is false"
            named = [f"{x} is {name}" for x, name in zip(values, self.sides, strict=True) if name]
            numbers += f" ({', '.join(named)})" if named else ""
        place = f" ({'; '.join(where)})" if where else ""
        return f"{self.text}{place}{numbers}"

    def as_dict(self) -> dict[str, Any]:
        """The JSON object: exact sides as text, what they are, and their decimals."""
        told: dict[str, Any] = {}
        for name, side, words in zip(
            ("left", "right"), (self.left, self.right), self.sides, strict=True
        ):
            told[name] = None if side is None else text(side)
            told[f"{name}_decimal"] = None if side is None else decimal(side)
            told[f"{name}_is"] = words or None
        return {
            "text": self.text,
            "layer": self.layer,
            "tokens": list(self.tokens),
            "relation": self.relation,
            **told,
        }


Outcome = bool | Violation | None
"""What a claim says of one run: True, False or a `Violation`, or None where it does not apply."""


WANTED = "True, False, a Violation, or None was wanted"


class NoAnswer(HardmaxError):
    """What a statement returned says neither that it holds nor that it does not."""


def answer(returned: object) -> Outcome:
    """What a statement's judge returned, as an outcome: the one place that decides what it is.

    True, False, None and a `Violation` are answers, and so are the truth values of NumPy and SymPy.
    Raises `NoAnswer` for everything else: numbers, texts, arrays, relations.

    >>> import numpy as np
    >>> answer(np.bool_(True)), answer(None)
    (True, None)
    >>> answer(1)
    Traceback (most recent call last):
    checks.verdicts.NoAnswer: it returned 1; True, False, a Violation, or None was wanted
    """
    if returned is None or isinstance(returned, bool) or type(returned) is Violation:
        return returned
    if isinstance(returned, Violation):  # a user's own kind of it
        return Violation(*(getattr(returned, x.name) for x in fields(Violation)))
    if isinstance(returned, np.bool_):
        return bool(returned)
    algebra = sys.modules.get("sympy.logic.boolalg")  # it is slow to import, and only looked for
    if algebra is not None and isinstance(returned, algebra.BooleanAtom):
        return bool(returned)
    raise NoAnswer(f"it returned {shown(returned)}; {WANTED}")


@dataclass(frozen=True)
class Report:
    """One statement's verdict, on how many cases it rests, and the witness if there is one.

    `examples` counts the configurations looked at, `applicable` those on which the statement
    spoke, `undecided` those beyond the budget; `reach` counts the phenomena met. `dynamics` is that
    of the statement, which the witness's JSON object tells.

    >>> report = Report("mine", Verdict.HELD, Verdict.PROVED, 12, 12, 0, {}, seed=1)
    >>> report.as_declared, report.as_dict()["verdict"]
    (True, 'PROVED')
    """

    name: str
    expected: Verdict
    verdict: Verdict
    examples: int
    applicable: int
    undecided: int
    reach: Mapping[str, Any] = field(hash=False)
    seed: int
    witness: Configuration | None = None
    explanation: str | None = None
    dynamics: Dynamics = HARDMAX

    @property
    def as_declared(self) -> bool:
        """Whether the verdict is the expected one (PROVED also serves where HELD is expected)."""
        if self.expected is Verdict.HELD:
            return self.verdict in (Verdict.HELD, Verdict.PROVED)
        return self.verdict is self.expected

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of ``hardmax validate --json``."""
        return {
            "name": self.name,
            "expected": str(self.expected),
            "verdict": str(self.verdict),
            "examples": self.examples,
            "applicable": self.applicable,
            "undecided": self.undecided,
            "reach": dict(self.reach),
            "seed": self.seed,
            "witness": None if self.witness is None else described(self.witness, self.dynamics),
            "explanation": self.explanation,
        }


def described(witness: Configuration, dynamics: Dynamics) -> dict[str, Any]:
    """The JSON object of a witness, with its dynamics if that is none of its own.

    >>> from theory import INFINITE
    >>> described(Configuration([[2], [1]], 1), INFINITE)
    {'tokens': [['2'], ['1']], 'gamma': '1'}
    """
    return {key: x for key, x in (witness.to_dict() | dict(dynamics.keys)).items() if x is not None}


@dataclass
class Tally:
    """Counts of one statement's outcomes; tallies of parts add up to that of the whole."""

    examples: int = 0
    applicable: int = 0
    undecided: int = 0
    witness: Configuration | None = field(default=None)
    explanation: str | None = None
    failed: bool = False

    def add(self, other: "Tally", times: int = 1) -> None:
        """Take in the counts of a later part; the first witness, and the first error, stay.

        So does the first reason why something is undecided, where there is no witness. A part may
        stand for several alike.
        """
        self.examples += times * other.examples
        self.applicable += times * other.applicable
        self.undecided += times * other.undecided
        if self.witness is None and other.witness is None:
            self.explanation = self.explanation or other.explanation
        elif (other.failed and not self.failed) or self.witness is None:
            self.witness, self.explanation = other.witness, other.explanation
        self.failed = self.failed or other.failed

    @property
    def verdict(self) -> Verdict:
        """What the counts come to."""
        if self.failed:
            return Verdict.ERROR
        if self.witness is not None:
            return Verdict.REFUTED
        if self.undecided:
            return Verdict.UNDECIDED
        return Verdict.HELD if self.applicable else Verdict.VACUOUS


def exit_status(reports: Iterable[Report]) -> int:
    """0 all as declared; 1 something refuted or failed that should not; 3 inconclusive."""
    reports = list(reports)
    wrong = [report.verdict for report in reports if not report.as_declared]
    if Verdict.REFUTED in wrong or Verdict.ERROR in wrong:
        return 1
    return 3 if wrong or not reports else 0
