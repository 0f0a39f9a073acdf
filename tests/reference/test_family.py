"""`hardmax run --json --keep-copies --layers K` of every dynamics, against plain fractions."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from family import problems
from family_reference import layers

from checks import Run
from checks.cli import main
from checks.rules import attend, step
from theory.configuration import Configuration
from theory.dynamics import Dynamics
from theory.exact import text
from theory.files.configurations import read_problems

LAYERS = 5
COUNT = 300

Invoke = Callable[..., tuple[int, str, str]]


@pytest.fixture
def hardmax(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Invoke:
    """Run `hardmax` in this process, in an empty folder: its status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        out, err = capsys.readouterr()
        return int(status), out, err

    return invoke


def told(record: dict[str, Any]) -> list[tuple[Any, Any]]:
    return [(layer["tokens"], layer["attention"]) for layer in record["trajectory"]]


def test_every_layer_is_that_of_the_reference(hardmax: Invoke) -> None:
    lines = problems(COUNT, 14, least=LAYERS)
    Path("family.jsonl").write_text("\n".join(lines))
    options = ["--json", "--keep-copies", "--max-layers", "3", "--layers", str(LAYERS)]
    _, out, _ = hardmax("run", "family.jsonl", *options)
    records = [json.loads(line) for line in out.splitlines()]
    assert len(records) == len(lines)
    for line, record in zip(lines, records, strict=True):
        assert told(record) == layers(line, LAYERS), line


def seen(what: str, stated: dict[str, Any]) -> bool:
    """Whether a row of the family is in a file."""
    keys = {key for layer in [stated, *stated.get("layers", [])] for key in layer}
    return {
        "a schedule": "k" in str(stated.get("gamma")),
        "a value matrix": "V" in keys,
        "a causal mask": stated.get("mask") == "causal",
        "another mask": isinstance(stated.get("mask"), list),
        "the first index": "ties" in keys,
        "layers that repeat": stated.get("repeat") is True,
        "layers that end": "layers" in keys and not stated.get("repeat"),
        "matrices": any("A" in layer for layer in stated.get("layers", [])),
        "all at once": {"layers", "mask", "ties"} <= keys,
    }[what]


@pytest.mark.parametrize(
    "what",
    [
        "a schedule", "a value matrix", "a causal mask", "another mask", "the first index",
        "layers that repeat", "layers that end", "matrices", "all at once",
    ],
)  # fmt: skip
def test_the_cases_have_every_row(what: str) -> None:
    assert sum(seen(what, json.loads(line)) for line in problems(COUNT, 14, least=LAYERS)) >= 10


def problem_of(line: str) -> tuple[Configuration, Dynamics]:
    Path("one.json").write_text(line)
    ((configuration, dynamics),) = read_problems("one.json")
    return configuration, dynamics


def test_claims_see_the_same_layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By their own definitions, integers and rationals alike."""
    monkeypatch.chdir(tmp_path)
    for line in problems(150, 15, least=LAYERS + 1):
        c, dynamics = problem_of(line)
        run = Run(c, dynamics, keep_copies=True, max_layers=3)
        for k, (tokens, attention) in enumerate(layers(line, LAYERS - 1)):
            assert attention is not None
            pattern = tuple(map(tuple, attention))
            assert run.argmax(k) == run.pattern(k) == pattern, line
            assert attend(c, run.tokens(k), dynamics, k) == pattern
            assert [[text(x) for x in row] for row in run.tokens(k)] == tokens
            assert step(c, run.tokens(k), pattern, dynamics, k) == run.tokens(k + 1)
            assert run.steps_by_definition(k), line
            assert run.moves_to_targets(k), line
            assert run.after(run.at(k), k).attention == run.argmax(k + 1)


def test_what_is_stated_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`to_dict` with the keys of the dynamics is a file of the same configuration and dynamics."""
    monkeypatch.chdir(tmp_path)
    for line in problems(300, 16):
        c, dynamics = problem_of(line)
        stated = c.to_dict() | dict(dynamics.keys)
        kept = {key: value for key, value in stated.items() if value is not None}
        assert problem_of(json.dumps(kept)) == (c, dynamics), line
        assert eval_of(dynamics) == dynamics


def eval_of(dynamics: Dynamics) -> Any:
    import theory.rules
    import theory.schedules.functions
    import theory.scores
    import theory.steps

    modules = (theory.rules, theory.steps, theory.scores, theory.schedules.functions)
    names = {key: value for module in modules for key, value in vars(module).items()}
    return eval(repr(dynamics), names | {"Dynamics": Dynamics})
