"""The registry of conjectures: what one is, how it is declared, and how a user's file is read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from checks.claims import Claim, registered
from checks.claims.registry import OURS, STANDING, Judge, make, near
from checks.examination import blame
from checks.run import Run
from checks.verdicts import Verdict
from theory import Configuration, HardmaxError
from theory.exact import shorten

_CONJECTURES: dict[str, "Conjecture"] = {}
_LOADED: dict[Path, tuple["Conjecture", ...]] = {}


@dataclass(frozen=True)
class Conjecture(Claim):
    """A claim that somebody doubts.

    dropped : the name of the hypothesis that has to fail, if any (`checks.conjectures.dropped`).
    fails : whether it fails of a run.
    keep_copies : whether repeated tokens are kept apart.
    """

    dropped: str | None = None
    fails: Callable[[Run], bool] | None = None
    keep_copies: bool = False

    def __reduce__(self) -> Any:
        return _recalled, (self.name, origin(self))

    def applies(self, run: Run) -> bool:
        """Whether the assumed hypotheses hold, and the dropped one fails."""
        return super().applies(run) and (self.fails is None or self.fails(run))

    def run(self, configuration: Configuration, max_layers: int) -> Run:
        """The run on which the conjecture is judged."""
        return Run(configuration, max_layers=max_layers, keep_copies=self.keep_copies)


def conjecture(
    name: str,
    statement: str,
    *,
    hypotheses: Iterable[str] = STANDING,
    source: str = OURS,
    expected: Verdict = Verdict.HELD,
) -> Callable[[Judge], Conjecture]:
    """Declare the decorated function of a `Run` as a conjecture and register it under `name`.

    The function returns True or False, or None where the statement does not apply; a `Violation` in
    place of False carries the numbers into the report. `expected` is what you believe: the command
    ends with status 0 if it comes out so.

    >>> @conjecture("few-leaders", r"At most $d+1$ tokens lead.")
    ... def few_leaders(run):
    ...     return len(run.equilibrium.leaders) <= run.configuration.dimension + 1
    >>> forget("few-leaders")
    """

    return declare(name, statement, tuple(hypotheses), source, expected)


def declare(
    name: str,
    statement: str,
    hypotheses: tuple[str, ...],
    source: str,
    expected: Verdict,
    **more: Any,
) -> Callable[[Judge], Conjecture]:
    """The decorator that registers a conjecture, with whatever more a `Conjecture` has.

    Raises `HardmaxError` for a name that is taken.
    """

    def register(judge: Judge) -> Conjecture:
        if name in known():
            raise HardmaxError(f"a statement named {name!r} exists already")
        made = make(Conjecture, name, statement, hypotheses, source, expected, judge, **more)
        _CONJECTURES[name] = made
        return made

    return register


def forget(name: str) -> None:
    """Take a conjecture back, for instance before its file is read again."""
    _CONJECTURES.pop(name, None)


def find(name: str) -> Conjecture:
    """The conjecture of that name, or the claim as a conjecture that nobody doubts yet.

    Raises `HardmaxError` with near names if there is neither.
    """
    if name in _CONJECTURES:
        return _CONJECTURES[name]
    claims = {claim.name: claim for claim in registered()}
    if name in claims:
        return make(Conjecture, **vars(claims[name]))
    raise HardmaxError(f"no statement is named {shorten(repr(name))}; {near(name, known())}")


def _recalled(name: str, file: str | None) -> Conjecture:
    """The conjecture of that name, of a user's file that may not have been read here."""
    if file is not None and name not in _CONJECTURES:
        load(file)
    return find(name)


def known() -> list[str]:
    """The names of all conjectures and claims."""
    return [*_CONJECTURES, *(claim.name for claim in registered())]


def load(file: str) -> tuple[Conjecture, ...]:
    """Run a user's file and return the conjectures that it declares.

    Raises `HardmaxError`, with the line of the file, if it cannot be run, declares none, or takes
    a name that is taken.
    """
    path = Path(file).resolve()
    if path in _LOADED:
        return _LOADED[path]
    before = set(_CONJECTURES)
    spec = spec_from_file_location(f"hardmax_conjectures_{len(_LOADED)}", path)
    if spec is None or spec.loader is None:
        raise HardmaxError(f"{file}: not a Python file")
    try:
        spec.loader.exec_module(module_from_spec(spec))
    except OSError as error:
        raise HardmaxError(f"{file}: {error.strerror or error}") from None
    except (
        Exception,
        SystemExit,
    ) as error:  # whatever a user's file raises
        for name in set(_CONJECTURES) - before:
            forget(name)
        raise HardmaxError(f"{file}: {blame(error, path)}") from None
    made = tuple(c for name, c in _CONJECTURES.items() if name not in before)
    if not made:
        raise HardmaxError(f"{file}: no function is declared with @conjecture")
    _LOADED[path] = made
    return made


def origin(made: Conjecture) -> str | None:
    """The user's file that declares the conjecture, or None for a built-in one."""
    for path, declared in _LOADED.items():
        if made in declared:
            return str(path)
    return None


def conjectures() -> tuple[Conjecture, ...]:
    """Every registered conjecture, in the order of declaration."""
    return tuple(_CONJECTURES.values())
