"""The facade `hardmax`: every public name of every room, documented, and loaded when asked for."""

import ast
import json
import re
import subprocess
import sys
from doctest import DocTestFinder, Example
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType

import pytest

import checks
import hardmax
import sentiment
import theory

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(set(hardmax.__all__) - {"__version__"})

APART = {
    "Pattern": "theory.dynamics",  # an alias has no docstring
    "Rejected": "hardmax",  # the verifier is read beside its specification, and holds no more
    "verify": "hardmax",
}
"""Names with an example in another docstring, that of a module."""


def loaded(words: str) -> set[str]:
    """The modules that a fresh interpreter holds after it has run the words."""
    program = f"import sys\n{words}\nprint(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(ended.stdout.split())


# ----------------------------------------------------------------------------- the names


def undeclared(source: str) -> set[str]:
    """Names that a type checker sees in another place than the interpreter, or one of them only."""
    tree = ast.parse(source)
    (choice,) = [node for node in tree.body if isinstance(node, ast.If)]
    typed = {
        (alias.name, node.module if node.module != "theory.numerics" else "modules")
        for node in choice.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    tables: dict[str, dict[str, tuple[str, ...]]] = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in choice.orelse
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in ("_ROOMS", "_MODULES")
    }
    run = {(name, room) for room, names in tables["_ROOMS"].items() for name in names}
    run |= {(name, "modules") for name in tables["_MODULES"]}
    (listed,) = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "__all__"
    ]
    apart = {name for name, _ in typed ^ run}
    return apart | (({name for name, _ in run} | {"__version__"}) ^ set(listed))


def test_the_three_lists_agree() -> None:
    source = Path(str(hardmax.__file__)).read_text(encoding="utf-8")
    assert undeclared(source) == set()
    for old, new, name in [
        ('("certificate",)', "()", "certificate"),
        ("from theory.hull import in_hull", "from theory.exact import in_hull", "in_hull"),
        ('    "lemmas",\n', "", "lemmas"),
        ('"softmax": ', '"softmin": ', "softmin"),
    ]:
        assert old in source
        assert name in undeclared(source.replace(old, new))


def test_the_public_names_of_the_rooms_are_all_there() -> None:
    for room in (theory, checks, sentiment):
        names = set(room.__all__)
        assert names
        assert names <= set(NAMES)
        for name in names:
            assert getattr(hardmax, name) is getattr(room, name)


@pytest.mark.parametrize("name", sorted({*NAMES} - {*APART}))
def test_each_name_can_be_imported_and_has_an_example(name: str) -> None:
    assert examples(name, getattr(hardmax, name))


def examples(name: str, thing: object) -> list[Example]:
    """What the documentation of a name shows, in a module of which pytest runs the doctests.

    A value is documented by its class.
    """
    documented = thing if isinstance(thing, type | ModuleType) or callable(thing) else type(thing)
    home = documented.__name__ if isinstance(documented, ModuleType) else documented.__module__
    assert home.partition(".")[0] in ("theory", "checks", "sentiment")
    tests = DocTestFinder(recurse=False).find(documented, name, module=import_module(home))
    return [example for test in tests for example in test.examples]


@pytest.mark.parametrize(("name", "home"), APART.items(), ids=APART)
def test_a_name_whose_example_stands_elsewhere_is_used_there(name: str, home: str) -> None:
    assert getattr(hardmax, name) is not None
    shown = examples(home, import_module(home)) if home != "hardmax" else told()
    assert any(name in example.source + (example.exc_msg or "") for example in shown)


def told() -> list[Example]:
    """The examples of the facade itself."""
    (test,) = DocTestFinder(recurse=False).find(hardmax, "hardmax")
    return test.examples


def test_a_name_without_an_example_is_noticed() -> None:
    module = import_module("theory.numerics.binary64")
    assert examples("as_float", module.as_float) == []
    assert len(examples("rounded", module.rounded)) == 1
    assert examples("pairs", import_module("theory.exact")) == []


def test_dir_tells_the_public_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert dir(hardmax) == sorted(hardmax.__all__)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert set(hardmax.__all__) - set(dir(hardmax)) == {"SentimentClassifier", "evaluation"}


def test_the_version_is_that_of_the_installed_package() -> None:
    assert hardmax.__version__ == version("hardmax-theory")


def test_the_version_of_what_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", absent)
    assert hardmax.__version__ == "(not installed)"


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'hardmax' has no attribute 'setle'"):
        hardmax.setle  # type: ignore[attr-defined]  # noqa: B018  # it is misspelt
    assert not hasattr(hardmax, "import_module")


# ---------------------------------------------------------------------------- who uses it

INNER = re.compile(r"^[ \t>.]*(?:from|import) +(?:theory|checks|sentiment)\b.*", re.MULTILINE)
"""An import from a room, in a module or as a doctest shows it."""

SHOWN = ["README.md", "examples/README.md", *sorted(p.name for p in ROOT.glob("notebooks/*.ipynb"))]


def shown(name: str) -> str:
    """What readers are shown of a page, or the code of a notebook."""
    if name.endswith(".md"):
        return (ROOT / name).read_text(encoding="utf-8")
    cells = json.loads((ROOT / "notebooks" / name).read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


@pytest.mark.parametrize("name", SHOWN)
def test_what_readers_are_shown_imports_from_hardmax_alone(name: str) -> None:
    assert INNER.findall(shown(name)) == []
    planted = "from theory.exact import fraction"
    assert INNER.findall(f"{shown(name)}\n{planted}\n") == [planted]


def test_an_import_from_a_room_is_noticed_where_it_is_shown() -> None:
    assert sum("from hardmax import" in shown(name) for name in SHOWN) == 6
    lines = ["  >>> import checks", "import theory as t", "from sentiment import explain"]
    assert INNER.findall("\n".join(lines)) == lines
    other = "from hardmax import settle\nwe import theory\nimport theory_of_sets\n"
    assert INNER.findall(other) == []


# --------------------------------------------------------------------------- what it costs


def test_importing_it_loads_nothing_else() -> None:
    more = loaded("import hardmax") - loaded("pass")
    assert more == {"hardmax"}


def test_names_of_the_theory_load_the_theory_and_no_more() -> None:
    more = loaded("from hardmax import Configuration, settle") - loaded(
        "import importlib; from theory import Configuration, settle"
    )
    assert more == {"hardmax"}
    assert "hypothesis" in loaded("from hardmax import configurations")


# ------------------------------------------------------------------------------ the extras


WITHOUT = """
import sys
for name in {absent!r}:
    sys.modules[name] = None
import hardmax
try:
    {words}
except hardmax.HardmaxError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("absent", "words", "told"),
    [
        (["sklearn"], "from hardmax import SentimentClassifier", "hardmax-theory[sentiment]"),
        (["matplotlib"], "hardmax.draw_layers({settled})", "hardmax-theory[report]"),
        (["plotly"], "hardmax.draw({settled})", "hardmax-theory[report]"),
        (["plotly"], "hardmax.write_report([], 'nowhere')", "hardmax-theory[report]"),
        (["sklearn"], "from hardmax import evaluation", "hardmax-theory[sentiment]"),
        ([], "from hardmax import SentimentClassifier", ""),
        ([], "hardmax.draw_layers({settled})", ""),
    ],
)
def test_an_extra_that_is_absent_is_named(
    tmp_path: Path, absent: list[str], words: str, told: str
) -> None:
    settled = "hardmax.settle(hardmax.Configuration([[2], [1]], 1))"
    program = WITHOUT.format(absent=absent, words=words.format(settled=settled))
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ended.stdout.strip().endswith(f"{told}'" if told else "")
    assert bool(ended.stdout.strip()) == bool(told)
    assert list(tmp_path.iterdir()) == []


def test_a_users_file_imports_from_it(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "from hardmax import Verdict, conjecture\n"
        '@conjecture("few", "At most $d$ tokens lead.", expected=Verdict.REFUTED)\n'
        "def few(run):\n"
        "    return len(run.equilibrium.leaders) <= run.configuration.dimension\n"
    )
    words = ["-m", "checks", "refute", "mine.py", "--seed", "1", "--jobs", "1"]
    ended = subprocess.run([sys.executable, *words], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("few  REFUTED by 2 tokens in dimension 1")
