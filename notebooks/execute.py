"""Execute the notebooks from fresh kernels, and hold what they print against what is stored.

    python notebooks/execute.py           fails where a cell fails or prints something else
    python notebooks/execute.py --store   stores the outputs

Text is compared character by character. Of a picture only its presence is, since its pixels
depend on the version of the plotting library. What is stored holds no times, no paths and nothing
about the machine: kernel and language are named, and that is all.
"""

import os
import re
import sys
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

FOLDER = Path(__file__).resolve().parent

TIMEOUT = 600
"""The seconds that one cell may take."""

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""All that is stored about the kernel."""

ADDRESS = re.compile(r"(?<=[ (])at 0x[0-9a-f]+")
"""The address in the default text of a Python object, another one in every process."""


DRAWN = re.compile(r"<svg.*?</svg>", re.DOTALL)
"""A picture among text."""


def read(path: Path) -> NotebookNode:
    """The notebook of a file; raises nbformat's error unless it is a valid one of format 4.5."""
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook, version=4, version_minor=5)
    return notebook


def write(notebook: NotebookNode, path: Path) -> None:
    """Store a notebook."""
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def execute(notebook: NotebookNode) -> NotebookNode:
    """The same notebook with the outputs of a fresh kernel; raises what the first bad cell does.

    The kernel is that of this interpreter. It works in the folder of the notebooks, imports this
    checkout, and reads no settings of IPython's.
    """
    fresh = stripped(notebook)
    with TemporaryDirectory() as settings:
        paths = [str(FOLDER.parent), os.environ.get("PYTHONPATH", "")]
        client = NotebookClient(
            fresh,
            kernel_name="python3",
            timeout=TIMEOUT,
            record_timing=False,
            coalesce_streams=True,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": str(FOLDER)}},
        )
        client.execute(
            env=os.environ
            | {
                "IPYTHONDIR": settings,
                "PYTHONPATH": os.pathsep.join(filter(None, paths)),
                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            }
        )
    fresh.metadata = nbformat.from_dict(METADATA)
    return fresh


def stripped(notebook: NotebookNode) -> NotebookNode:
    """A copy without outputs, and without metadata but that of `METADATA`."""
    cells = [
        cell_type(cell) | {"id": cell.id, "source": cell.source, "metadata": {}}
        for cell in notebook.cells
    ]
    return nbformat.from_dict(
        {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    )


def cell_type(cell: NotebookNode) -> dict[str, Any]:
    """What a cell of this type holds before it is executed."""
    empty = {"outputs": [], "execution_count": None} if cell.cell_type == "code" else {}
    return {"cell_type": cell.cell_type, **empty}


def printed(notebook: NotebookNode) -> list[list[str]]:
    """For each cell its outputs as text; of what is no text, such as a picture, the type."""
    return [[words(output) for output in cell.get("outputs", [])] for cell in notebook.cells]


def words(output: NotebookNode) -> str:
    """One output as text."""
    if output.output_type == "stream":
        return f"{output.name}:\n{output.text}"
    if output.output_type == "error":
        return f"error:\n{output.ename}: {output.evalue}"
    parts = []
    for kind, content in sorted(output.data.items()):
        shown = DRAWN.sub("…", ADDRESS.sub("at …", content)) if kind.startswith("text/") else "…"
        parts.append(f"{kind}:\n{shown}")
    return "\n".join(parts)


def differences(stored: NotebookNode, fresh: NotebookNode) -> list[str]:
    """Where two notebooks of the same cells print different things, cell by cell; empty if not.

    Raises `ValueError` unless the cells have the same sources.
    """
    if [cell.source for cell in stored.cells] != [cell.source for cell in fresh.cells]:
        raise ValueError("the notebooks have different cells")
    found = []
    pairs = zip(printed(stored), printed(fresh), strict=True)
    for number, (before, after) in enumerate(pairs, start=1):
        if before != after:
            lines = unified_diff(
                "\n".join(before).splitlines(),
                "\n".join(after).splitlines(),
                "stored",
                "executed again",
                lineterm="",
            )
            shown = "\n".join(lines) or "the outputs are divided in another way"
            found.append(f"cell {number}:\n{shown}")
    return found


def main(arguments: Sequence[str]) -> int:
    """Execute every notebook; the exit status is 0 if all is as it should be, 2 for bad usage."""
    if list(arguments) not in ([], ["--store"]):
        print("usage: python notebooks/execute.py [--store]", file=sys.stderr)
        return 2
    paths = sorted(FOLDER.glob("*.ipynb"))
    if not paths:
        print("no notebooks", file=sys.stderr)
        return 1
    status = 0
    for path in paths:
        stored = read(path)
        try:
            fresh = execute(stored)
        except CellExecutionError as error:
            print(f"{path.name}: a cell fails\n{error}")
            status = 1
            continue
        if arguments:
            write(fresh, path)
            print(f"{path.name}: stored")
        elif found := differences(stored, fresh):
            print(f"{path.name}: the outputs have changed", *found, sep="\n")
            status = 1
        else:
            print(f"{path.name}: the outputs are those stored")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
