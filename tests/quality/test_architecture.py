"""The house: what imports what, who prints, and how long and how branched a piece of it may be.

Every import counts, also one inside a function; one that only a type checker reads is no circle,
but still an arrow. CONTRIBUTING tells the order of the rooms in words.
"""

import ast
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("hardmax", "theory", "checks", "sentiment", "benchmarks")

FLOORS: tuple[tuple[str, ...], ...] = (
    ("theory.*", "theory.schedules", "theory.beyond"),
    ("theory.files", "theory.lemmas", "theory.fast"),
    ("theory.solve",),
    ("theory.basins", "theory.sweeps"),
    ("theory.numerics", "theory.pictures"),
    ("theory", "theory.coq"),
    ("checks.*",),
    ("checks.statements",),
    ("checks.examination",),
    ("checks.campaigns",),
    ("checks.refutation", "checks.reports"),
    ("checks.survey",),
    ("checks",),
    ("checks.cli",),
    ("checks.start", "sentiment.*"),
    ("sentiment.service", "sentiment.drift"),
    ("sentiment.cli", "checks.__main__"),
    ("sentiment",),
    ("hardmax",),
    ("benchmarks",),
)
"""The rooms from the ground up; rooms of one floor do not know each other. ``x.*`` is what lies in
the folder x itself, and ``x`` what hands on its public names, or the folder where nothing else is
said of it. A name further to the right is looked for first."""

READ = set(FLOORS[0])
"""Rooms that are read as one; the map's rows tell in which order."""

FAST = "theory.fast"

KNOW_FAST = {
    "theory.solve": "chooses how layers are followed",
    "theory.basins.engine": "settles the points of a map",
    "theory.basins.faces": "takes the faces of a map's points from their histories",
    "checks.reach": "counts how far the filter got",
    "checks.arrays": "proves what batches say of a box",
    "checks.beside": "holds batches against settling one by one",
    "checks.statements.tools": "holds the filter, signs and hulls against their definitions",
    "hardmax": "hands on `settle_batch`",
}
"""Who imports from `theory.fast`, and why; all others take `settle`."""

UP = {
    ("theory.fast.batches", "theory.solve"): "a configuration of a batch that is settled alone",
}
"""Arrows up, and why."""

PRINTERS = {
    "checks.verifier": "a program of one file",
    "theory.coq": "`python -m theory.coq`",
}
"""Who writes on stdout but the command lines."""

LONGEST = 400
Sources = Mapping[str, str]
"""The text of every module by its dotted name."""


def sources() -> dict[str, str]:
    """Those of the project; a package is named by its folder."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return found


def imported(name: str, texts: Sources, *, types: bool) -> set[str]:
    """The modules of the project that a module imports anywhere; for types alone if asked for."""
    tree = ast.parse(texts[name])
    skipped: set[int] = set()
    if not types:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
                skipped |= {id(below) for part in node.body for below in ast.walk(part)}
    found = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}: a relative import"
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= named & set(texts)
            if not named <= set(texts):
                found.add(str(node.module))
    return found & set(texts)


# -------------------------------------------------------------------------------- circles


def circle(texts: Sources) -> list[str]:
    """Modules each of which imports the next one, and the last one the first; none if empty."""
    arrows = {name: sorted(imported(name, texts, types=False)) for name in texts}
    done: set[str] = set()

    def walk(path: list[str]) -> list[str]:
        for after in arrows[path[-1]]:
            if after in path:
                return path[path.index(after) :]
            if after not in done and (found := walk([*path, after])):
                return found
        done.add(path[-1])
        return []

    return next((found for name in arrows if name not in done and (found := walk([name]))), [])


def test_no_module_imports_itself_in_a_circle() -> None:
    assert len(sources()) > 100
    assert circle(sources()) == []


CIRCLES = {
    "two": {"a": "import b", "b": "from a import x"},
    "three, one inside a function": {
        "a": "def f():\n    from b import x",
        "b": "if True:\n    import c",
        "c": "from a import y",
    },
    "a package and its module": {"p": "from p.q import x", "p.q": "import p"},
    "by the name of a module": {"p.a": "from p import b", "p.b": "import p.a", "p": ""},
}


@pytest.mark.parametrize("texts", CIRCLES.values(), ids=CIRCLES)
def test_a_circle_is_noticed(texts: dict[str, str]) -> None:
    assert sorted(circle(texts)) == sorted(name for name in texts if texts[name])


def test_what_is_no_circle_passes() -> None:
    lent = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import x"
    assert circle({"a": "import b", "b": lent}) == []
    assert circle({"a": "import b, c", "b": "import c", "c": "import os"}) == []


# --------------------------------------------------------------------------------- arrows


def room(name: str, texts: Sources) -> str:
    """The room of a module: the longest name of `FLOORS` that it is or lies in."""
    rooms = [room for floor in FLOORS for room in floor]
    if name in rooms:
        return name
    parent, _, _ = name.rpartition(".")
    while parent:
        if f"{parent}.*" in rooms and name.rpartition(".")[0] == parent:
            return f"{parent}.*"
        if parent in rooms and f"{parent}.*" not in rooms:
            return parent
        parent, _, _ = parent.rpartition(".")
    raise AssertionError(f"{name} is in no room")


def upward(texts: Sources) -> Iterator[tuple[str, str]]:
    """Imports between rooms that do not lead to a lower floor."""
    floor = {name: k for k, names in enumerate(FLOORS) for name in names}
    for name in texts:
        here = room(name, texts)
        for other in sorted(imported(name, texts, types=True)):
            there = room(other, texts)
            if here != there and not {here, there} <= READ and floor[there] >= floor[here]:
                yield name, other


def test_no_arrow_leads_up() -> None:
    assert set(upward(sources())) == set(UP)


@pytest.mark.parametrize(
    ("name", "text", "other"),
    [
        ("theory.hull", "from checks.run import Run", "checks.run"),
        ("theory.hull", "from theory import settle", "theory"),
        ("theory.exact", "def f():\n    from theory.solve import settle", "theory.solve"),
        ("theory.files.tables", "import theory.fast.walk", "theory.fast.walk"),
        ("checks.run", "from checks import conjecture", "checks"),
        (
            "checks.statements.layers",
            "from checks.campaigns import units",
            "checks.campaigns.units",
        ),
        ("checks.reports.html", "import checks.refutation.search", "checks.refutation.search"),
        ("checks.campaigns.units", "from checks.cli import main", "checks.cli"),
        ("checks.cli.run", "from sentiment import explain", "sentiment"),
        ("sentiment.model", "from hardmax import settle", "hardmax"),
        (
            "theory.hull",
            "import typing\nif typing.TYPE_CHECKING:\n    from theory.fast.walk import Walk",
            "theory.fast.walk",
        ),
    ],
)
def test_an_arrow_up_is_noticed(name: str, text: str, other: str) -> None:
    texts = {name: text, other: "", "theory.exact": ""} | {name: text}
    assert list(upward(texts)) == [(name, other)]


def reading(contributing: str) -> dict[str, int]:
    """The row of each module that is read as the theory among those of the map, in order."""
    rows = [line for line in contributing.splitlines() if line.startswith("| | ")]
    named = [re.findall(r"`([a-z_.]+)`", row.partition(":")[0]) for row in rows]
    return {f"theory.{module}": k for k, modules in enumerate(named) for module in modules}


def ahead(texts: Sources, row: Mapping[str, int]) -> list[tuple[str, str]]:
    """Modules of the theory with one that they import from a row below their own."""
    return [
        (name, other)
        for name in texts
        if name in row
        for other in sorted(imported(name, texts, types=True) & set(row))
        if row[other] > row[name]
    ]


def test_the_theory_is_read_from_top_to_bottom() -> None:
    row = reading((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    alone = {name for name in sources() if room(name, sources()) in READ} - READ
    assert set(row) == alone | {"theory.coq"}
    assert ahead(sources(), row) == []


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("theory.exact", "theory.configuration"),
        ("theory.positivity", "theory.closed_form"),
        ("theory.exponential", "theory.places"),
    ],
)
def test_a_module_that_reads_ahead_is_noticed(name: str, other: str) -> None:
    row = reading((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    planted = {**sources(), name: f"from {other} import x\n{sources()[name]}"}
    assert ahead(planted, row) == [(name, other)]
    assert ahead({name: "", other: f"import {name}"}, row) == []


def test_arrows_down_pass() -> None:
    texts = {
        "theory.exact": "import flint",
        "theory.hull": "from theory.exact import rational",
        "theory": "from theory.hull import in_hull",
        "checks.run": "from theory import in_hull",
        "checks.cli": "from checks.run import Run",
    }
    assert list(upward(texts)) == []


def knowing(texts: Sources) -> set[str]:
    """Who imports from `theory.fast`."""
    return {
        name
        for name in texts
        if not name.startswith((FAST, "benchmarks"))
        and any(other.startswith(FAST) for other in imported(name, texts, types=True))
    }


def test_who_knows_what_is_fast() -> None:
    assert knowing(sources()) == set(KNOW_FAST)
    walk = {"theory.fast.walk": ""}
    assert knowing({"theory.hull": "import theory.fast.walk", **walk}) == {"theory.hull"}
    assert knowing({"theory.fast.held": "import theory.fast.walk", **walk}) == set()


def test_the_verifier_stands_alone() -> None:
    assert imported("checks.verifier", sources(), types=True) == set()


# ------------------------------------------------------------------------------- printing


def printing(texts: Sources) -> set[str]:
    """Who calls `print` or writes on `sys.stdout`."""
    return {
        name
        for name in texts
        for node in ast.walk(ast.parse(texts[name]))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("print", "typer.echo", "sys.stdout.write")
    }


def test_only_command_lines_print() -> None:
    found = {
        name
        for name in printing(sources())
        if not name.startswith(("checks.cli", "sentiment.cli", "benchmarks"))
    }
    assert found == set(PRINTERS)


def test_who_prints_is_noticed() -> None:
    assert printing({"a": "def f():\n    print(1)", "b": "'print(1)'"}) == {"a"}
    assert printing({"a": "import sys\nsys.stdout.write('x')"}) == {"a"}


# ----------------------------------------------------------------------- length and branches


def too_long(texts: Sources) -> set[str]:
    return {name for name, text in texts.items() if len(text.splitlines()) > LONGEST}


def alike(paths: Iterable[Path]) -> set[str]:
    """Names that two of the files have."""
    names = [path.name for path in paths]
    return {name for name in names if names.count(name) > 1}


def test_files_of_tests_have_names_of_their_own() -> None:
    """pytest imports each by its name alone, and leaves the second of two out, with an error."""
    assert not alike((ROOT / "tests").rglob("test_*.py"))
    assert alike([Path("a/test_x.py"), Path("b/test_x.py"), Path("b/test_y.py")]) == {"test_x.py"}


def test_modules_are_short() -> None:
    assert too_long(sources()) == set()
    assert too_long({"a": "x\n" * (LONGEST + 1), "b": "x\n" * LONGEST}) == {"a"}


EXCUSE = re.compile(r"#\s*(noqa|type: ignore)")
REASON = re.compile(r"#\s*(noqa: [A-Z]+\d+|type: ignore\[[a-z, -]+\])\s+(#|-) \S")


def excuses(text: str) -> Iterator[str]:
    """Comments that quiet a tool without naming what, or without a reason."""
    for kind, comment, *_ in tokenize.generate_tokens(StringIO(text).readline):
        if kind == tokenize.COMMENT and EXCUSE.search(comment) and not REASON.search(comment):
            yield comment


def all_excuses(texts: Iterable[str]) -> list[str]:
    return [excuse for text in texts for excuse in excuses(text)]


def test_who_quiets_a_tool_says_what_and_why() -> None:
    """Among them C901, of which pyproject.toml allows 14 at most."""
    tests = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")]
    assert all_excuses([*sources().values(), *tests]) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("x = 1  # noqa", True),
        ("x = 1  # noqa: C901", True),
        ("x = 1  # type: ignore  # because", True),
        ("x = 1  # type: ignore[misc]", True),
        ("x = 1  # noqa: C901  #", True),
        ("x = 1  # noqa: C901  # one branch an option", False),
        ("x = 1  # type: ignore[misc]  # untyped", False),
        ("x = 1  # noqa: E402 - after the path", False),
        ("x = '# noqa'", False),
    ],
)
def test_a_silent_excuse_is_noticed(line: str, told: bool) -> None:
    assert bool(list(excuses(line + "\n"))) is told
