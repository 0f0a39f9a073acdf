"""Writing reports: a directory with a page for each statement, or one page about one run.

Every file is written whole or not at all: one under way has another name. What keeps a file from
being written is a `HardmaxError` of one line.
"""

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from flint import fmpq

from checks.findings import Result
from checks.reports import facts, html, markdown
from checks.reports.library import require
from checks.reports.model import Page
from theory import Configuration, HardmaxError
from theory.exact import ILL_FORMED, visible
from theory.files.outputs import write
from theory.files.sources import display_name
from theory.pictures.projections import PLAIN, Lens

RESERVED = ("index", "plotly.min")
"""Names of files that are no statement's."""

OWN = ("index.json", "index.md", "index.html", html.SCRIPT)
"""The files of a report that are no statement's."""

INDEX = ("title", "reach", "statements", "files", "cells")
"""The keys of its index; reports of old have no list of files."""


@dataclass(frozen=True)
class Index:
    """A page of one's own in place of the list of statements, and what it is made of."""

    html: str
    markdown: str
    cells: Sequence[Mapping[str, Any]]


Indexing: TypeAlias = Callable[[Mapping[str, str]], Index]
"""Makes it of the files of the pages, by the names of the statements."""

PROBE = "hardmax-probe"
"""A file that is written and removed to see whether a directory can be written to."""

MOST_OCTETS = 50_000_000
"""No index of a report is longer."""

LONGEST = 60
"""Characters of a file's name."""

DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that some systems keep for themselves."""


def prepare(directory: str | Path, force: bool = False, names: Sequence[str] = ()) -> Path:
    """Make the directory of a report, so that what is in the way is known before a long run.

    Raises `HardmaxError` if it cannot be made or written to, and where a library is missing; unless
    by `force`, also if it holds something and no report, or a file that no report wrote under the
    name of a page of the statements `names`.
    """
    place = Path(directory)
    try:
        require()
    except HardmaxError as error:
        raise HardmaxError(f"report {display_name(place)}: {error}") from None
    try:
        place.mkdir(parents=True, exist_ok=True)
        others = [] if force else sorted(os.listdir(place))
        if others and not _is_report(place):
            raise HardmaxError(
                f"report {display_name(place)}: holds {display_name(others[0])} and no report; "
                "--force writes a report there, over files of the same names"
            )
        if not force:
            _spare(place, [file for name in file_names(names) for file in _files(name)])
        write(place / PROBE, "")
        (place / PROBE).unlink()
    except OSError as error:
        raise _unwritable(place, error) from None
    return place


def _is_report(place: Path) -> bool:
    """Whether the directory holds the index of a report."""
    return bool(_written(place))


def _written(place: Path) -> set[str]:
    """The files that reports have written into the directory; none if its index is no report's."""
    file = place / "index.json"
    try:
        if not file.is_file() or file.stat().st_size > MOST_OCTETS:
            return set()
        index = json.loads(file.read_bytes())
        if not {"title", "reach", "statements"} <= set(index) <= {*INDEX}:
            return set()
        pages = [Path(entry["json"]).stem for entry in index["statements"]]  # of any version
        return {*OWN, *index.get("files", ()), *(x for page in pages for x in _files(page))}
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return set()


def _files(name: str) -> list[str]:
    """The files of one statement's page."""
    return [f"{name}.{kind}" for kind in ("html", "md", "json", "cert.json")]


def _spare(place: Path, files: Sequence[str]) -> None:
    """Raise `HardmaxError` for a file that a report would write over and that none has written."""
    for file in sorted({*files, *OWN} - _written(place)):
        if os.path.lexists(place / file):
            raise HardmaxError(
                f"report {display_name(place / file)}: hardmax did not make what is there; "
                "--force replaces it"
            )


def write_report(
    pages: Sequence[Page],
    directory: str | Path,
    title: str = "Statements about hardmax attention",
    force: bool = False,
    indexed: Indexing | None = None,
) -> Path:
    """Write a report into `directory`, made if need be; the index page's path.

    For each page NAME.html, NAME.md, NAME.json and, if it has a certificate, NAME.cert.json, and
    the files of a user's statement; then index.html, index.md, and plotly's script. index.json
    comes first, so that what a killed process leaves is known for a report. Other files are left
    alone. `indexed` makes another page in place of the list of statements.

    Raises `HardmaxError` for what cannot be written, as `prepare` does, and where a library of the
    extra ``report`` is missing.

    >>> from tempfile import TemporaryDirectory
    >>> from checks import validate
    >>> from checks.statements import find
    >>> claim = find("norms-grow")
    >>> (report,) = validate([claim], examples=5, seed=1)
    >>> with TemporaryDirectory() as folder:
    ...     write_report([Page(report, claim)], folder).name
    'index.html'
    """
    place = prepare(directory, force)
    names = file_names([page.statement.name for page in pages])
    entries = list(zip(pages, names, strict=True))
    reach = facts.common_reach(pages)
    index = [
        {"name": page.statement.name, "expected": str(r.expected) if page.declared else None,
         "verdict": str(r.verdict), "as_declared": r.as_declared if page.declared else None,
         "headline": facts.headline(r),
         "examples": r.examples, "applicable": r.applicable, "undecided": r.undecided,
         "html": f"{name}.html", "markdown": f"{name}.md", "json": f"{name}.json"}
        for page, name in entries for r in (page.report,)
    ]  # fmt: skip
    files = {x for page, name in entries for x in (*_files(name), *page.files)} | {*OWN}
    if not force:
        _spare(place, sorted(files))
    files |= _written(place)
    try:
        listed: dict[str, Any] = {
            "title": title,
            "reach": reach,
            "statements": index,
            "files": sorted(files),
        }
        own = None
        if indexed is not None:
            own = indexed({page.statement.name: f"{name}.html" for page, name in entries})
            listed["cells"] = own.cells
        _write(place / "index.json", _json(listed))
        for page, name in entries:
            proof = page.refutation.certificate
            certificate = None if proof is None else f"{name}.cert.json"
            if certificate is not None:
                _write(place / certificate, _json(proof, indent=None))
            _write(place / f"{name}.json", _json(page.as_dict()))
            _write(place / f"{name}.md", markdown.statement_page(page, certificate))
            _write(place / f"{name}.html", html.statement_page(page, name, certificate))
            for file, content in page.files.items():
                (place / file).parent.mkdir(parents=True, exist_ok=True)
                write(place / file, content)
        if any(page.report.witness is not None for page in pages):
            _write(place / html.SCRIPT, html.plotly_script())
        pages_of = (
            (own.markdown, own.html)
            if own is not None
            else (
                markdown.index_page(entries, title, reach),
                html.index_page(entries, title, reach),
            )
        )
        _write(place / "index.md", pages_of[0])
        _write(place / "index.html", pages_of[1])
    except OSError as error:
        raise _unwritable(place, error) from None
    return place / "index.html"


def write_run(
    result: Result,
    given: Configuration,
    file: str | Path,
    title: str,
    command: str | None = None,
    lens: Lens = PLAIN,
    beta: fmpq | None = None,
) -> None:
    """Write one page about one decision of `theory.settle`, which needs no other file.

    `given` is the configuration before copies were merged; `lens` chooses what is drawn of the
    tokens, and with a `beta` those of softmax attention stand beside them. Raises `HardmaxError`
    where a library is missing, and where softmax leaves the range of floats; what keeps the file
    from being written is raised as the `OSError` that it is.

    >>> from tempfile import TemporaryDirectory
    >>> from theory import Configuration, settle
    >>> c = Configuration([[2, 0], [1, 1]], alpha=1)
    >>> with TemporaryDirectory() as folder:
    ...     write_run(settle(c), c, Path(folder, "run.html"), "two tokens")
    ...     Path(folder, "run.html").stat().st_size > 1000
    True
    """
    require()
    _write(Path(file), html.run_page(result, given, title, command, lens, beta))


def file_names(names: Sequence[str]) -> list[str]:
    """A file's name for each statement: harmless anywhere, and no two alike.

    >>> file_names(["norms-grow", "a/b", "A b", "index"])
    ['norms-grow', 'a-b', 'A-b-2', 'index-2']
    """
    taken = {word.casefold() for word in RESERVED}
    files = []
    for name in names:
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:LONGEST] or "statement"
        if DEVICES.fullmatch(stem):
            stem = f"statement-{stem}"
        candidate, number = stem, 2
        while candidate.casefold() in taken:
            candidate, number = f"{stem}-{number}", number + 1
        taken.add(candidate.casefold())
        files.append(candidate)
    return files


def _json(value: object, indent: int | None = 2) -> str:
    """JSON in which the characters that no text may have are escaped, so that it says the same."""
    words = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False)
    return re.sub(ILL_FORMED, lambda half: f"\\u{ord(half[0]):04x}", words) + "\n"


def _write(file: Path, words: str) -> None:
    """Write a file whole or not at all; characters that no XML has are spelled out."""
    write(file, visible(words))


def _unwritable(place: Path, error: OSError) -> HardmaxError:
    named = display_name(error.filename or place)
    return HardmaxError(f"report {named}: cannot be written: {error.strerror or error}")
