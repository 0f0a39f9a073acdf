"""Options that several commands have: one name, one meaning, one help."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import pytest
import typer
from commands import Invoke
from typer.main import get_command

from checks.cli.application import COMMANDS
from checks.cli.application import hardmax as program
from checks.cli.listing import Listed, application

pytest.importorskip("sklearn")

OF_THEIR_OWN = {
    "--alpha": "the step of a file, of a box, and of a classifier, which may learn it",
    "--baselines": "simple classifiers on the card of a model, and beside an evaluation",
    "--gamma": "the pull of every layer, and the pulls of a sweep",
    "--depth": "the depth to train for, and the depth to evaluate at instead of that",
    "--dynamics": "the dynamics of one campaign, and those that a survey is about",
    "--seconds": "what a search may take, and what a survey may take",
    "--seed": "a classifier is trained with seed 0 unless another is given",
}
"""Options whose meaning, or default, is another in some command."""


def commands(group: Any, listed: dict[str, Listed]) -> Iterator[Any]:
    """Every command of a group, and those of the groups in it."""
    for name, entry in listed.items():
        command = group.get_command(None, name)
        yield command
        if entry.group:
            yield from commands(command, dict(entry.commands()))


def differing(found: Iterable[Any]) -> set[str]:
    """The options that are described otherwise in one command than in another."""
    told: dict[str, set[tuple[Any, ...]]] = {}
    for command in found:
        for parameter in command.params:
            for name in parameter.opts:
                if name.startswith("--") and name != "--help":
                    words = getattr(parameter, "help", None), parameter.metavar, parameter.opts
                    told.setdefault(name, set()).add(tuple(map(str, words)))
    return {name for name, ways in told.items() if len(ways) > 1}


def test_an_option_is_described_alike_wherever_it_is() -> None:
    group = application(program, COMMANDS)
    every = list(commands(group, COMMANDS))
    assert len(every) > len(COMMANDS)
    assert differing(every) == set(OF_THEIR_OWN)


def test_an_option_of_two_descriptions_is_noticed() -> None:
    def made(words: str) -> Any:
        def command(seed: Annotated[int, typer.Option(help=words)] = 0) -> None:
            pass

        application = typer.Typer(add_completion=False)
        application.command()(command)
        return get_command(application)

    assert differing([made("The seed."), made("The seed.")]) == set()
    assert differing([made("The seed."), made("A seed.")]) == {"--seed"}


def test_choices_are_told_in_one_way(hardmax: Invoke) -> None:
    """Those that are listed in the code, and those that stand beside a name of something."""
    helps = {name: hardmax(name, "--help")[1] for name in ("run", "survey", "sweep")}
    assert "--ties first|averaged " in helps["run"]
    assert "--mask causal|all|FILE " in helps["run"]
    assert "--dynamics NAME|FILE.json|FILE.py::NAME" in helps["survey"]
    assert "--format json|jsonl|csv|tsv|txt|npy|npz" in helps["sweep"]
    for told in helps.values():
        assert "<" not in told.replace("<=", "")
        assert " | " not in told
