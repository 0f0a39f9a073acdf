"""Users' files: how one is read, and how its statements reach other processes.

A file is run once in a process, with modules beside it to be imported
(`checks.statements.foreign`); what it declares is registered with the file as its origin. A
registered statement pickles by its name, with the file that has to be read first.
"""

import copyreg
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from checks.run import Run
from checks.statements.domains import Domain
from checks.statements.foreign import beside, blame, contained, helpers, interrupted
from checks.statements.own import owned, restore_dynamics
from checks.statements.registry import Statement, find, restore, statements
from checks.statements.sources import Source
from theory import HARDMAX, HardmaxError
from theory.exact import shorten, shown
from theory.files.sources import display_name
from theory.own import Own


@dataclass(frozen=True)
class Declared:
    """What a user's file declares."""

    source: Source
    statements: tuple[Statement, ...]
    dynamics: tuple[str, ...] = ()


_READ: dict[Path, Declared] = {}


def load(file: str) -> tuple[Statement, ...]:
    """Run a user's file and return the statements that it declares.

    Raises `HardmaxError`, with the line of the file, if it cannot be run, declares none, or takes
    a name that is taken.
    """
    called = display_name(file)
    try:
        path = Path(file).resolve()
        if path.exists() and not path.is_file():
            raise HardmaxError(f"{called}: not a file")
        if path in _READ:
            return _READ[path].statements
        program = path.read_bytes()
    except (OSError, RuntimeError, ValueError) as error:
        raise HardmaxError(f"{called}: {getattr(error, 'strerror', None) or error}") from None
    before, owned_before = statements(), owned()
    taken = {c.name for c in before}
    beside(path.parent, [other.parent for other in _READ])
    module = ModuleType(f"hardmax_conjectures_{len(_READ)}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    try:
        with contained():
            exec(compile(program, str(path), "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:  # whatever a user's file raises
        if interrupted(error):
            raise
        restore(before)
        restore_dynamics(owned_before)
        del sys.modules[module.__name__]
        raise HardmaxError(f"{called}: {blame(error, path)}") from None
    fresh = [c for c in statements() if c.name not in taken]
    own = tuple(x.name for x in owned() if x not in owned_before)
    if not (fresh or own):
        raise HardmaxError(
            f"{called}: no function is declared with @conjecture, @claim or @dynamics"
        )
    judges = {c.name: c.judge for c in fresh}
    source = Source.of(path, program, helpers(path.parent).values(), judges)
    return _registered(Declared(source, tuple(fresh), own))


def declared(file: str) -> Declared:
    """Run a user's file; what it declares, for a process that does not run it.

    Raises `HardmaxError` as `load` does.
    """
    load(file)
    read = _READ[Path(file).resolve()]
    told = [
        replace(
            made,
            judge=_elsewhere,
            domain=Domain(keep_copies=made.domain.keep_copies),
            origin=None,
            dynamics=HARDMAX if isinstance(made.dynamics, Own) else made.dynamics,
        )
        for made in read.statements
    ]
    return Declared(read.source, tuple(told), read.dynamics)


def adopt(told: Declared) -> tuple[Statement, ...]:
    """Register what a file declares that another process has run, which then judges it.

    One with a dynamics is run here as well, since its layers are shown here.
    """
    return load(str(told.source.path)) if told.dynamics else _registered(told)


def _registered(told: Declared) -> tuple[Statement, ...]:
    path = told.source.path
    if path not in _READ:
        made = tuple(replace(c, origin=told.source) for c in told.statements)
        names = {c.name for c in made}
        restore([*(c for c in statements() if c.name not in names), *made])
        _READ[path] = Declared(told.source, made, told.dynamics)
    return _READ[path].statements


def _elsewhere(run: Run) -> None:
    """The judge of a statement whose file another process runs: it says nothing here."""


def select(file: str, name: str) -> Statement:
    """The statement of that name of a user's file. Raises `HardmaxError` if there is none."""
    made = {c.name: c for c in load(file)}
    if name not in made:
        raise HardmaxError(
            f"{display_name(file)}: declares no statement named {shown(name)}; "
            f"it declares {shorten(', '.join(made), 200)}"
        )
    return made[name]


def select_dynamics(file: str, name: str) -> Own:
    """The dynamics of that name of a user's file. Raises `HardmaxError` if there is none."""
    load(file)
    names = _READ[Path(file).resolve()].dynamics
    if name not in names:
        declares = f"it declares {shorten(', '.join(names), 200)}" if names else "it declares none"
        raise HardmaxError(
            f"{display_name(file)}: declares no dynamics named {shown(name)}; {declares}"
        )
    return next(own for own in owned() if own.name == name)


def recalled(name: str, file: str | None) -> Statement:
    """The statement of that name, of a user's file that may not have been read here."""
    if file is not None and all(c.name != name for c in statements()):
        load(file)
    return find(name)


def _reduced(statement: Statement) -> Any:
    # the name of a judge stands for the statement that is made of it, which pickles no function
    if statement not in statements():
        return statement.__reduce_ex__(2)
    origin = statement.origin
    return recalled, (statement.name, None if origin is None else str(origin.path))


def _reduced_dynamics(own: Own) -> Any:
    if own not in owned() or own.file is None or Path(own.file) not in _READ:
        return own.__reduce_ex__(2)
    return select_dynamics, (own.file, own.name)


copyreg.pickle(Statement, _reduced)
copyreg.pickle(Own, _reduced_dynamics)
