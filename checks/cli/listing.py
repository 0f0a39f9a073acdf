"""Groups of commands: `hardmax --help` lists them all and imports none."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from checks.cli.terminal import ELSEWHERE, EXIT_STATUSES

VARIABLE = "_HARDMAX_COMPLETE"
"""In the environment: what a shell asks for, to complete a line (`checks.cli.completion`)."""


class Offered(Protocol):
    """What a group needs to know of a command: `Listed`, or what stands in for one."""

    @property
    def summary(self) -> str: ...

    @property
    def group(self) -> bool: ...

    def function(self) -> Any: ...

    def commands(self) -> Mapping[str, Any]: ...


class Listed(NamedTuple):
    """A command that is imported when it is asked for.

    module, name : of its function. A group's function has the options of the group itself.
    summary : what is said of it in a list, the beginning of the function's docstring.
    group : whether the module has `COMMANDS` of its own.
    """

    module: str
    name: str
    summary: str
    group: bool = False

    def function(self) -> Any:
        """The command's function."""
        return getattr(import_module(self.module), self.name)

    def commands(self) -> Mapping[str, "Listed"]:
        """What a group lists; nothing where this is no group."""
        return import_module(self.module).COMMANDS if self.group else {}


class _Conversion(NamedTuple):
    """Typer's conversion of a parameter's value, asked for only where there is one to convert.

    It imports pydantic, which takes most of the time of importing numpy.
    """

    own: Callable[[], Any]

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        if ctx.resilient_parsing:  # a line that is completed is not run
            return value
        kind = param.type_descriptor.annotation
        if kind is Path and value == "":
            raise typer.BadParameter("it is empty; a path was wanted", ctx=ctx, param=param)
        if kind == list[str] and isinstance(value, list | tuple):
            return [*value]
        if type(value) is kind or (value is None and not param.multiple and param.nargs != -1):
            return value
        return self.own().coerce(value, param=param, ctx=ctx)


class _Spared:
    """A command whose texts typer takes as they are, its --help too; choices are told as a|b."""

    def get_params(self, context: Any) -> list[Any]:
        parameters: list[Any] = super().get_params(context)  # type: ignore[misc]  # typer's
        for parameter in parameters:
            own = getattr(parameter, "get_runtime_param", None)
            if own and not isinstance(own, partial):
                parameter.get_runtime_param = partial(_Conversion, own)
            if not hasattr(parameter, "is_flag"):  # what an argument is, its name says
                parameter.display_type_rich = _nothing
            elif parameter.metavar is None and parameter.type_descriptor.is_choice:
                parameter.metavar = parameter.display_type(context).strip("<>")
        return parameters


def _nothing(ctx: Any) -> str:
    return ""


class _Command(_Spared, TyperCommand):
    """A command that is none of a group."""


def application(
    function: Any, commands: Mapping[str, Offered], whole: bool = False, **settings: Any
) -> Any:
    """The group with these commands, whose own options are the function's.

    whole : whether it is the program itself, which tells the exit statuses and completes words.
    """

    class Group(_Spared, TyperGroup):
        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            names: dict[str, Any] = dict.fromkeys(commands)
            self.commands = names  # typer looks for a name that is like a misspelt one

        def get_command(self, context: Any, name: str) -> Any:
            return _command(name, commands[name]) if name in commands else None

        def list_commands(self, context: Any) -> list[str]:
            return list(commands)

        def format_commands(self, context: Any, formatter: Any) -> None:
            with formatter.section("Commands"):
                formatter.write_dl([(name, listed.summary) for name, listed in commands.items()])

        def format_epilog(self, context: Any, formatter: Any) -> None:
            if not whole:
                super().format_epilog(context, formatter)
                return
            with formatter.section("Exit status"):
                formatter.write_dl([(str(int(s)), words) for s, words in EXIT_STATUSES.items()])

    app = typer.Typer(add_completion=whole, rich_markup_mode=None)
    app.callback(cls=Group, epilog=ELSEWHERE, **settings)(function)
    return get_command(app)


def _command(name: str, listed: Offered) -> Any:
    if listed.group:
        return application(listed.function(), listed.commands(), invoke_without_command=True)
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(name, cls=_Command, epilog=ELSEWHERE)(listed.function())
    return get_command(single)


def load(commands: Mapping[str, Listed], arguments: list[str]) -> None:
    """Import the command that the arguments name."""
    named = [word for word in arguments if not word.startswith("-")]
    if named and named[0] in commands:
        commands[named[0]].function()
        load(commands[named[0]].commands(), named[1:])
