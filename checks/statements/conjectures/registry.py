"""The registry of conjectures: what one is, how it is declared, and how a user's file is read."""

import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from checks.run import Run
from checks.statements import Claim, registered
from checks.statements.conjectures.sources import Source
from checks.statements.foreign import beside, blame, contained, helpers, interrupted
from checks.statements.registry import OURS, STANDING, Judge, make, names_of, near
from checks.verdicts import Verdict
from theory import Configuration, HardmaxError
from theory.exact import expect, shorten, shown
from theory.files.sources import display_name

LONGEST_NAME = 100

_CONJECTURES: dict[str, "Conjecture"] = {}
_LOADED: dict[Path, tuple[tuple["Conjecture", ...], Source]] = {}


@dataclass(frozen=True)
class Conjecture(Claim):
    """A claim that somebody doubts.

    dropped : the name of the hypothesis that has to fail, if any
        (`checks.statements.conjectures.dropped`).
    fails : whether it fails of a run.
    keep_copies : whether repeated tokens are kept apart.
    """

    dropped: str | None = None
    fails: Callable[[Run], bool] | None = None
    keep_copies: bool = False

    def __reduce__(self) -> Any:
        source = origin(self)
        return _recalled, (self.name, None if source is None else str(source.path))

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
    ends with status 0 if it comes out so. Raises `HardmaxError` for a name that is taken or cannot
    be one, and for whatever else cannot declare a statement.

    >>> @conjecture("few-leaders", r"At most $d+1$ tokens lead.")
    ... def few_leaders(run):
    ...     return len(run.equilibrium.leaders) <= run.configuration.dimension + 1
    >>> forget("few-leaders")
    """

    return declare(name, statement, names_of(hypotheses), source, expected)


def declare(
    name: str,
    statement: str,
    hypotheses: tuple[str, ...],
    source: str,
    expected: Verdict,
    **more: Any,
) -> Callable[[Judge], Conjecture]:
    """The decorator that registers a conjecture, with whatever more a `Conjecture` has.

    Raises `HardmaxError` for a name that is taken, and for whatever no statement can be made of.
    """
    _check_name(name)
    for what, words in (("statement", statement), ("source", source)):
        if not isinstance(words, str):
            raise HardmaxError(f"{name}: {what} = {shown(words)}; text was wanted")
    try:
        wanted = Verdict(expected)
    except ValueError:
        raise HardmaxError(
            f"{name}: expected = {shown(expected)}; one of {', '.join(Verdict)} was wanted"
        ) from None

    name, statement, source = (str.__str__(x) for x in (name, statement, source))  # of no subclass

    def register(judge: Judge) -> Conjecture:
        if name in known():
            raise HardmaxError(f"a statement named {name!r} exists already")
        if isinstance(judge, Claim):
            judge = judge.judge
        _check_judge(name, judge)
        made = make(Conjecture, name, statement, hypotheses, source, wanted, judge, **more)
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
    expect(str, name, "the name of a statement")
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


def _check_name(name: object) -> None:
    """Raise `HardmaxError` unless a command line, a table and a file can have the name."""
    if not isinstance(name, str):
        raise HardmaxError(f"a statement named {shown(name)}; text was wanted")
    fits = 0 < len(name) <= LONGEST_NAME and name.isprintable() and not set(name) & set(" :/\\")
    if not fits or name.startswith("-") or name.endswith(".py"):
        raise HardmaxError(
            f"a statement named {shown(name)}; 1 to {LONGEST_NAME} printable characters were "
            "wanted, without spaces, colons and slashes, not beginning with '-' or ending in '.py'"
        )


def _check_judge(name: str, judge: object) -> None:
    """Raise `HardmaxError` unless the judge is a function that can be called with a run."""
    if not callable(judge) or isinstance(judge, type):
        raise HardmaxError(f"{name}: {shown(judge)} declared; a function of a run was wanted")
    if inspect.iscoroutinefunction(judge) or inspect.isgeneratorfunction(judge):
        raise HardmaxError(f"{name}: a plain function was wanted, without async or yield")
    try:
        inspect.signature(judge).bind(None)
    except (TypeError, ValueError):
        raise HardmaxError(f"{name}: a function of one argument, the run, was wanted") from None


def load(file: str) -> tuple[Conjecture, ...]:
    """Run a user's file and return the conjectures that it declares.

    Modules beside it can be imported (`checks.statements.foreign`). Raises `HardmaxError`, with the
    line of the file, if it cannot be run, declares none, or takes a name that is taken.
    """
    called = display_name(file)
    try:
        path = Path(file).resolve()
        if path.exists() and not path.is_file():
            raise HardmaxError(f"{called}: not a file")
        if path in _LOADED:
            return _LOADED[path][0]
        program = path.read_bytes()
    except (OSError, RuntimeError, ValueError) as error:
        raise HardmaxError(f"{called}: {getattr(error, 'strerror', None) or error}") from None
    before = dict(_CONJECTURES)
    beside(path.parent, [other.parent for other in _LOADED])
    module = ModuleType(f"hardmax_conjectures_{len(_LOADED)}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    try:
        with contained():
            exec(compile(program, str(path), "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:  # whatever a user's file raises
        if interrupted(error):
            raise
        _forget_all_but(before)
        del sys.modules[module.__name__]
        raise HardmaxError(f"{called}: {blame(error, path)}") from None
    made = tuple(c for name, c in _CONJECTURES.items() if name not in before)
    if not made:
        raise HardmaxError(f"{called}: no function is declared with @conjecture")
    judges = {c.name: c.judge for c in made}
    _LOADED[path] = made, Source.of(path, program, helpers(path.parent).values(), judges)
    return made


@dataclass(frozen=True)
class Declared:
    """What a user's file declares, for a process that does not run it."""

    source: Source
    statements: tuple[dict[str, Any], ...]


def declared(file: str) -> Declared:
    """Run a user's file; what it declares. Raises `HardmaxError` as `load` does."""
    made = load(file)
    kept = [{k: x for k, x in vars(c).items() if k not in ("judge", "fails")} for c in made]
    return Declared(next(x for c, x in _LOADED.values() if c is made), tuple(kept))


def adopt(told: Declared) -> tuple[Conjecture, ...]:
    """Register what a file declares that another process has run; it is judged by that one."""
    path = told.source.path
    if path not in _LOADED:
        made = tuple(Conjecture(judge=_elsewhere, **kept) for kept in told.statements)
        _CONJECTURES.update({c.name: c for c in made})
        _LOADED[path] = made, told.source
    return _LOADED[path][0]


def _elsewhere(run: Run) -> None:
    """The judge of a statement whose file another process runs: it says nothing here."""


def select(file: str, name: str) -> Conjecture:
    """The conjecture of that name of a user's file. Raises `HardmaxError` if there is none."""
    made = {c.name: c for c in load(file)}
    if name not in made:
        raise HardmaxError(
            f"{display_name(file)}: declares no statement named {shown(name)}; "
            f"it declares {shorten(', '.join(made), 200)}"
        )
    return made[name]


def _forget_all_but(kept: dict[str, Conjecture]) -> None:
    _CONJECTURES.clear()
    _CONJECTURES.update(kept)


def origin(made: Conjecture) -> Source | None:
    """The user's file that declares the conjecture, or None for a built-in one."""
    for declared, source in _LOADED.values():
        if made in declared:
            return source
    return None


def conjectures() -> tuple[Conjecture, ...]:
    """Every registered conjecture, in the order of declaration."""
    return tuple(_CONJECTURES.values())
