"""The words that shells complete (`checks.cli.completion`), listed from the commands themselves.

``python -m checks.cli.offers`` prints `completion.json` anew (``make completion``).
"""

import json
from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

import typer

from checks.cli.application import COMMANDS
from checks.cli.listing import application
from checks.statements import claims, statements
from checks.statements.kinds import kinds
from theory.lemmas.registry import lemmas

VALUES = {
    "--claim": "claims",
    "--dynamics": "dynamics",
    "refute": "statements",
    "survey": "statements",
    "prove": "lemmas",
    "sentiment data": [
        "rotten-tomatoes", "film-snippets", "product-snippets", "editorial-snippets", "tweets",
        "crowd-tweets", "brand-tweets", "drug-reviews", "imdb-sample",
    ],
    "--mask": ["causal", "all"],
}  # fmt: skip
"""Of what kind the values of an option or a command are, where they are no files or numbers."""


def listing(commands: Mapping[str, Any]) -> dict[str, Any]:
    """What `completion.json` holds, from the commands themselves."""
    words = {
        "claims": [claim.name for claim in claims()],
        "statements": [statement.name for statement in statements()],
        "dynamics": [kind.name for kind in kinds()],
        "lemmas": [lemma.name for lemma in lemmas()],
    }
    return {"words": words, "commands": _listed(commands, application(_nothing, commands), "")}


def _nothing() -> None:
    pass


def _listed(commands: Mapping[str, Any], group: Any, before: str) -> dict[str, Any]:
    found = {}
    for name, listed in commands.items():
        command = group.get_command(None, name)
        told: dict[str, Any] = {"summary": listed.summary}
        told["parameters"] = [_parameter(each, before + name) for each in command.params]
        if listed.group:
            told["commands"] = _listed(listed.commands(), command, f"{name} ")
        found[name] = told
    return found


def _parameter(parameter: Any, command: str) -> dict[str, Any]:
    """A parameter in words; what is not so is left out."""
    names = [*parameter.opts, *parameter.secondary_opts] if hasattr(parameter, "is_flag") else []
    kind = parameter.type_descriptor.annotation
    values = get_args(kind) if get_origin(kind) is Literal else ()
    told = {
        "names": ["/".join(names)] if parameter.secondary_opts else names,
        "help": (parameter.help or "").partition(". ")[0] if names else "",
        "flag": getattr(parameter, "is_flag", False),
        "many": bool(getattr(parameter, "multiple", False) or parameter.nargs == -1),
        "values": VALUES.get(names[0] if names else command, [*values]),
    }
    return {key: value for key, value in told.items() if value or (key == "help" and names)}


def main() -> None:
    """Print the listing of the commands."""
    typer.echo(json.dumps(listing(COMMANDS), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
