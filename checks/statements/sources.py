"""The source of a user's statement: what a reader of a report needs to run it again."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import decode_source
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Source:
    """A user's file as it was read, and the files beside it that it has imported.

    path : where it lay.
    program : what it said.
    helpers : the other files by their places in its folder.
    code : the texts of the functions that state its statements, by their names.
    """

    path: Path
    program: bytes
    helpers: Mapping[str, bytes]
    code: Mapping[str, str]

    @classmethod
    def of(
        cls, path: Path, program: bytes, others: Iterable[Path], judges: Mapping[str, Any]
    ) -> "Source":
        """The source of a file with these judges that has imported `others` from beside it."""
        helpers = {}
        for other in others:
            if other != path:
                try:
                    helpers[other.relative_to(path.parent).as_posix()] = other.read_bytes()
                except OSError:  # it was imported and is gone: what is left is still worth telling
                    continue
        code = {name: _text(path, program, judge) for name, judge in judges.items()}
        return cls(path, program, helpers, code)

    @property
    def files(self) -> dict[str, bytes]:
        """All files by their places in one folder."""
        return {self.path.name: self.program, **self.helpers}


def _text(path: Path, program: bytes, function: Any) -> str:
    """The text of the function, with its decorators; of the whole file if it is not in it."""
    code = getattr(function, "__code__", None)
    if code is not None and Path(code.co_filename) == path:
        lines = decode_source(program).split("\n")
        for node in ast.walk(ast.parse(program)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min(x.lineno for x in (node, *node.decorator_list))
                if first == code.co_firstlineno and node.end_lineno is not None:
                    return "\n".join(lines[first - 1 : node.end_lineno])
    return decode_source(program).strip("\n")
