"""The notebooks, executed again from fresh kernels, print what is stored in them."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nbclient")

import nbformat
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from notebooks import execute as notebooks

ROOT = Path(__file__).resolve().parents[2]
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in PATHS]


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def shown(notebook: NotebookNode, kind: str) -> list[NotebookNode]:
    """The outputs that hold a representation of this kind."""
    return [output for output in outputs(notebook) if kind in output.get("data", {})]


def changed(text: str) -> str:
    """The text with its last digit another one."""
    place = max(text.rfind(digit) for digit in "0123456789")
    return f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}"


def tampered(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Copies of a notebook with one stored output changed, by what was done to it."""
    twins = {name: deepcopy(notebook) for name in ("picture", "gone", "twice")}
    del shown(twins["picture"], "image/png")[0].data["image/png"]
    next(cell for cell in twins["gone"].cells if cell.get("outputs")).outputs.pop()
    cell = next(cell for cell in twins["twice"].cells if cell.get("outputs"))
    cell.outputs.append(deepcopy(cell.outputs[0]))
    for number, output in enumerate(outputs(notebook)):
        if output.output_type == "stream":
            twin = twins[f"printed in output {number}"] = deepcopy(notebook)
            outputs(twin)[number].text = changed(output.text + "0")
        elif "image/png" not in output.data:
            for kind, text in output.data.items():
                twin = twins[f"{kind} of output {number}"] = deepcopy(notebook)
                outputs(twin)[number].data[kind] = changed(text + "0")
    return twins


PICTURES = {"04": 2, "05": 1}
"""How many pictures a notebook has at least, where it is not four: of two tokens, and of words that
settle at once, fewer do."""


def test_there_are_notebooks() -> None:
    assert NAMES == [
        "01-from-tokens-to-a-certified-equilibrium",
        "02-where-floating-point-lies",
        "03-smallest-counterexamples",
        "04-a-classifier-read-off-its-leader-words",
        "05-a-theorem-and-the-two-tokens-that-refute-it",
    ]


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_a_fresh_kernel_prints_what_is_stored(path: Path) -> None:
    stored = notebooks.read(path)
    fresh = notebooks.execute(stored)
    assert "\n".join(notebooks.differences(stored, fresh)) == ""
    for what, twin in tampered(stored).items():
        assert len(notebooks.differences(twin, fresh)) == 1, what


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_what_is_stored_is_complete_and_clean(path: Path) -> None:
    stored = notebooks.read(path)
    code = [cell for cell in stored.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert stored.metadata == notebooks.METADATA
    assert all(cell.metadata == {} for cell in stored.cells)
    assert {x.output_type for x in outputs(stored)} <= {
        "display_data",
        "execute_result",
        "stream",
    }
    assert all(x.name == "stdout" for x in outputs(stored) if x.output_type == "stream")
    assert len(shown(stored, "image/png")) >= PICTURES.get(path.stem[:2], 4)
    text = json.dumps(notebooks.printed(stored)) + json.dumps([x.source for x in stored.cells])
    for machine in (str(ROOT), str(Path.home()), "/tmp", "/home/", "/Users/", "site-packages"):
        assert machine not in text
    assert path.read_text(encoding="utf-8") == nbformat.writes(stored) + "\n"


# ------------------------------------------------------------------ small notebooks of our own


def notebook(*sources: str) -> NotebookNode:
    """A notebook with these code cells, never executed."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate(sources, start=1)
    ]
    made: dict[str, Any] = {
        "cells": cells,
        "metadata": notebooks.METADATA,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return nbformat.from_dict(made)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in the place of the notebooks'."""
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path)
    return tmp_path


def test_a_tampered_file_is_rejected_and_stored_anew(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "small.ipynb"
    notebooks.write(notebook("x = 6", "print('out')\nx * 7"), path)
    assert notebooks.main([]) == 1  # nothing is stored yet
    assert "+out" in capsys.readouterr().out
    assert notebooks.main(["--store"]) == 0
    assert notebooks.main([]) == 0
    capsys.readouterr()
    content = path.read_text(encoding="utf-8")
    assert content.count('"42"') == 1
    path.write_text(content.replace('"42"', '"43"'), encoding="utf-8")
    assert notebooks.main([]) == 1
    out = capsys.readouterr().out
    assert "cell 2" in out
    assert "-43" in out
    assert "+42" in out
    assert notebooks.main(["--store"]) == 0
    assert path.read_text(encoding="utf-8") == content


def test_a_cell_that_fails_is_told_and_not_stored(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "broken.ipynb"
    notebooks.write(notebook("1", "1 / 0"), path)
    content = path.read_text(encoding="utf-8")
    for arguments in ([], ["--store"]):
        assert notebooks.main(arguments) == 1
        assert "ZeroDivisionError" in capsys.readouterr().out
        assert path.read_text(encoding="utf-8") == content


def test_bad_usage_and_no_notebooks(folder: Path) -> None:
    assert notebooks.main(["--stor"]) == 2
    assert notebooks.main([]) == 1


def test_each_execution_has_a_kernel_of_its_own() -> None:
    notebooks.execute(notebook("left_behind = 1"))
    with pytest.raises(CellExecutionError, match="left_behind"):
        notebooks.execute(notebook("left_behind"))


def test_what_differs_in_every_process_is_not_compared() -> None:
    once = notebooks.execute(notebook("object()"))
    again = deepcopy(once)
    (output,) = outputs(again)
    output.data["text/plain"] = "<object at 0x123abc>"
    assert notebooks.differences(once, again) == []
    output.data["text/plain"] = "<another at 0x123abc>"
    assert len(notebooks.differences(once, again)) == 1


def test_of_a_picture_among_text_its_presence_is_compared() -> None:
    output = nbformat.from_dict(
        {"output_type": "display_data", "data": {"text/html": "<b>2</b><svg>1</svg>"}}
    )
    told = notebooks.words(output)
    output.data["text/html"] = "<b>2</b><svg>3\n4</svg>"
    assert notebooks.words(output) == told
    for other in ("<b>3</b><svg>1</svg>", "<b>2</b>"):
        output.data["text/html"] = other
        assert notebooks.words(output) != told


def test_other_cells_are_not_compared() -> None:
    with pytest.raises(ValueError, match="different cells"):
        notebooks.differences(notebook("1"), notebook("2"))
