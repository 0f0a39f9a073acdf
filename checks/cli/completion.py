"""Shell completion: what may come next, told without importing the command that is completed.

`hardmax --install-completion` puts typer's script in place, with which a shell asks `hardmax`
itself (`VARIABLE`). Typer finds the words that may follow in the options of the command; it is
given stand-ins, made of `completion.json`, since the commands take up to a second to import.
`checks.cli.offers` lists them.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from inspect import Parameter, Signature
from typing import Any

import typer

from checks.cli.listing import VARIABLE, application
from checks.cli.terminal import Status, notice

Told = Mapping[str, Any]


class StandIn:
    """A command as `completion.json` has it, to be asked for its options alone."""

    def __init__(self, told: Told, words: Told) -> None:
        self.told, self.words = told, words
        self.summary: str = told["summary"]
        self.group = "commands" in told

    def commands(self) -> dict[str, "StandIn"]:
        """Those of a group."""
        return stand_ins(self.told.get("commands", {}), self.words)

    def function(self) -> Any:
        """A function with the parameters of the command, which does nothing."""

        def command(**_: Any) -> None:
            pass

        parameters = [self._parameter(i, each) for i, each in enumerate(self.told["parameters"])]
        command.__annotations__ = {each.name: each.annotation for each in parameters}
        command.__setattr__("__signature__", Signature(parameters))
        return command

    def _parameter(self, place: int, told: Told) -> Parameter:
        values = told.get("values", [])
        words = self.words[values] if isinstance(values, str) else values
        kind: type = bool if told.get("flag") else list[str] if told.get("many") else str
        beginning = _among(words)
        default = (
            typer.Option(None, *told["names"], help=told["help"], autocompletion=beginning)
            if "names" in told
            else typer.Argument(None, autocompletion=beginning)
        )
        return Parameter(f"x{place}", Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def stand_ins(told: Told, words: Told) -> dict[str, StandIn]:
    """The stand-ins of a group's commands."""
    return {name: StandIn(each, words) for name, each in told.items()}


def _among(words: Iterable[str]) -> Callable[[str], list[str]]:
    def beginning(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return beginning


def complete(function: Any, instruction: str) -> int:
    """Answer a shell; the exit status, which is never that of something refuted.

    function : the program's own, which has its options.
    """
    from typer.completion import shell_complete

    told = json.loads(files("checks.cli").joinpath("completion.json").read_text("utf-8"))
    program = application(function, stand_ins(told["commands"], told["words"]), whole=True)
    try:
        status = shell_complete(program, {}, "hardmax", VARIABLE, instruction)
    except SystemExit as end:  # fish is told by it whether there is anything
        status = int(bool(end.code)) and Status.INCONCLUSIVE
    except (KeyError, ValueError) as error:
        notice(f"hardmax: {VARIABLE} is for shells: {type(error).__name__} {error}")
        status = 1
    return Status.BAD_INPUT if status == 1 else status
