"""The option --dynamics: a kind of dynamics by its name, by a file, or a user's own."""

from collections.abc import Sequence
from typing import Annotated, TypeAlias

import typer

from checks.campaigns.pool import ordered_map
from checks.cli.chosen import of_users
from checks.cli.terminal import notice
from checks.statements import Statement, adopt, declared
from checks.statements.kinds import Kind, find_kind
from checks.statements.sense import reason, under
from checks.statements.stated import kind_of_file, kind_of_own
from checks.statements.users import select_dynamics
from theory import HardmaxError

Under: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--dynamics",
        metavar="NAME|FILE.json|FILE.py::NAME",
        show_default=False,
        help="Hold them under this dynamics instead of their own: one that `hardmax survey` names, "
        "that of a configuration file without tokens, or one that a file declares.",
    ),
]


def kind_of(name: str) -> Kind:
    """The kind that the option names. Raises `HardmaxError` if there is none.

    A user's file is run here, once it was seen to do no harm in a process of its own.
    """
    file, separator, wanted = name.rpartition("::")
    if separator and file.endswith(".py"):
        for told in of_users([file], ordered_map(declared, [file], 1, apart=True)):
            adopt(told)
        return kind_of_own(select_dynamics(file, wanted))
    if name.endswith(".py"):
        raise HardmaxError(f"--dynamics {name}: {name}::NAME was wanted, a dynamics of the file")
    if not name.endswith(".json"):
        return find_kind(name)
    kind, read = kind_of_file(name)
    if read.ignored:
        notice(f"{kind.name}: its tokens are left out: the dynamics is held against others")
    return kind


def held_under(
    kind: Kind, named: Sequence[Statement], every: Sequence[Statement]
) -> list[Statement]:
    """The statements under the kind: those that are named, or every one that makes sense.

    Raises `HardmaxError` for one that is named and does not apply.
    """
    for statement in named:
        if (why := reason(statement, kind)) is not None:
            raise HardmaxError(f"{statement.name} does not apply under {kind.name}: {why}")
    return [under(s, kind) for s in named or every if reason(s, kind) is None]
