"""The registry of statements: what a claim is, and how one is declared."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeAlias, TypeVar

from hypothesis.errors import UnsatisfiedAssumption

from checks.run import Run
from checks.verdicts import Outcome, Verdict, answer
from theory import HardmaxError
from theory.exact import expect, shorten, shown

AFZ = "Alcalde, Fantuzzi and Zuazua, arXiv:2407.01602"
AGR = "Alcalde, Geshkovski and Ruiz-Balet, arXiv:2508.09628"
OURS = "ours"

STANDING = ("nonzero", "distinct", "positive_definite", "positive_step")
"""The names of the standing hypotheses (H), as in `theory.Hypotheses`."""

Judge: TypeAlias = Callable[[Run], Outcome]


@dataclass(frozen=True)
class Claim:
    """A statement about every configuration that satisfies its hypotheses.

    name : in words, as the command line takes it.
    statement : the statement in LaTeX.
    hypotheses : which of `STANDING` it assumes.
    source : who states it.
    expected : the verdict that it should get.
    judge : True, False or a `Violation`, or None where it does not apply.
    """

    name: str
    statement: str
    hypotheses: tuple[str, ...]
    source: str
    expected: Verdict
    judge: Judge

    def __reduce__(self) -> Any:
        # by name: the judge's own name stands for the claim that is made of it
        return (find, (self.name,)) if _REGISTRY.get(self.name) is self else super().__reduce__()

    def applies(self, run: Run) -> bool:
        """Whether the hypotheses hold of the run's configuration."""
        holding = run.configuration.hypotheses
        return holding.hold or all(getattr(holding, name) for name in self.hypotheses)

    def __call__(self, run: Run) -> Outcome:
        """What the claim says of `run`; None where its hypotheses, or its assumptions, fail.

        Raises `checks.verdicts.NoAnswer` if the judge returns what is no answer.
        """
        try:
            return answer(self.judge(run)) if self.applies(run) else None
        except UnsatisfiedAssumption:  # that of `hypothesis.assume`
            return None


_REGISTRY: dict[str, Claim] = {}

Made = TypeVar("Made", bound=Claim)


def make(
    kind: Callable[..., Made],
    name: str,
    statement: str,
    hypotheses: tuple[str, ...],
    source: str,
    expected: Verdict,
    judge: Judge,
    **more: Any,
) -> Made:
    """A statement of the given kind. Raises `HardmaxError` for an unknown hypothesis."""
    for what, words in (("name", name), ("statement", statement), ("source", source)):
        if not isinstance(words, str):
            raise HardmaxError(f"{what} = {shown(words)}; text was wanted")
    for hypothesis in hypotheses:
        if hypothesis not in STANDING:
            raise HardmaxError(f"{name}: {shown(hypothesis)} is none of {', '.join(STANDING)}")
    if not isinstance(expected, Verdict):
        raise HardmaxError(f"{name}: expected = {shown(expected)}; a Verdict was wanted")
    if not callable(judge) or isinstance(judge, type):
        raise HardmaxError(f"{name}: {shown(judge)} declared; a function of a run was wanted")
    return kind(name, statement, hypotheses, source, expected, judge, **more)


def claim(
    name: str,
    statement: str,
    *,
    hypotheses: Iterable[str] = STANDING,
    source: str = OURS,
    expected: Verdict = Verdict.HELD,
) -> Callable[[Judge], Claim]:
    """Declare the decorated function of a `Run` as a claim and register it under `name`.

    The function returns True, False or a `checks.verdicts.Violation`, or None where the statement
    does not apply. Raises `HardmaxError` for a name that is taken or an unknown hypothesis.
    """
    assumed = names_of(hypotheses)

    def register(judge: Judge) -> Claim:
        made = make(Claim, name, statement, assumed, source, expected, judge)
        if name in _REGISTRY:
            raise HardmaxError(f"a claim named {name!r} exists already")
        _REGISTRY[name] = made
        return made

    return register


def names_of(hypotheses: object) -> tuple[str, ...]:
    """The hypotheses that a statement is declared with. Raises `HardmaxError` for no list."""
    if not isinstance(hypotheses, Iterable) or isinstance(hypotheses, str | bytes):
        raise HardmaxError(f"hypotheses = {shown(hypotheses)}; a list of names was wanted")
    return tuple(str.__str__(x) if isinstance(x, str) else x for x in hypotheses)


def registered() -> tuple[Claim, ...]:
    """Every registered claim, in the order of declaration."""
    return tuple(_REGISTRY.values())


def find(name: str) -> Claim:
    """The claim of that name. Raises `HardmaxError` listing near names if there is none."""
    expect(str, name, "the name of a statement")
    if name in _REGISTRY:
        return _REGISTRY[name]
    raise HardmaxError(f"no claim is named {shorten(repr(name))}; {near(name, _REGISTRY)}")


def near(name: str, known: Iterable[str]) -> str:
    """The known names that are like this one, told to a user who has mistyped it."""
    names = list(known)
    alike = [other for other in names if name and name in other] or get_close_matches(name, names)
    return f"near names: {', '.join(alike)}" if alike else "'hardmax claims' lists them all"
