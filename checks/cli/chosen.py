"""Statements as a command line names them: by name, or in users' files, which run apart."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from checks.campaigns.pool import EndedError, ordered_map
from checks.statements import Statement, adopt, declared, find, load, select
from checks.statements.foreign import said
from theory import HardmaxError
from theory.files.sources import display_name

Told = TypeVar("Told")


def chosen_of(
    names: Sequence[str], otherwise: Callable[[], Sequence[Statement]]
) -> tuple[tuple[str, ...], list[str]]:
    """The files to load, and the names of the statements: those of `otherwise` if none is given.

    The files are run in a process of their own: whatever one of them does to it, or to its end,
    this process tells what came of it.
    """
    chosen = [] if names else [c.name for c in otherwise()]
    parted = [_parted(name) for name in names]
    files = tuple(dict.fromkeys(file for file, _ in parted if file is not None))
    if files:
        for told in of_users(files, ordered_map(declared, files, 1, apart=True)):
            adopt(told)
    for file, wanted in parted:
        if file is None:
            chosen.append(find(wanted or "").name)
        else:
            statements = load(file) if wanted is None else (select(file, wanted),)
            if not statements:
                raise HardmaxError(f"{display_name(file)}: it declares no statement")
            chosen += [c.name for c in statements]
    return files, chosen


def _parted(name: str) -> tuple[str | None, str | None]:
    """The file that a name on the command line names, and the statement of it; None for all."""
    file, separator, wanted = name.rpartition("::")
    if separator and file.endswith(".py"):
        return file, wanted
    return (name, None) if name.endswith(".py") else (None, name)


def called(statement: Statement) -> str:
    """What the command line calls the statement, in the folder of its file."""
    source = statement.origin
    if source is None:
        return statement.name
    file = source.path.name
    return f"{'./' if file.startswith('-') else ''}{file}::{statement.name}"


def of_users(names: Sequence[str], results: Iterator[Told]) -> Iterator[Told]:
    """What processes find that run users' files; tells whose was wanted when one came to harm."""
    done = 0
    try:
        for result in results:
            yield result
            done += 1
    except EndedError:
        words = "the process that ran it ended: by it, by a signal, or for want of memory"
        raise HardmaxError(f"{display_name(names[done])}: {words}") from None
    except HardmaxError:
        raise
    except Exception as error:
        words = "the process that ran it came to harm"
        raise HardmaxError(
            f"{display_name(names[done])}: {words}: {type(error).__name__}: {said(error)}"
        ) from None
