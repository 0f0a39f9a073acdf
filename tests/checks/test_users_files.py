"""Users' files: what they may do, what is told of those that cannot be used, how to run again."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checks.cli import main
from checks.statements import conjecture, conjectures, forget
from checks.statements.foreign import contained, interrupted
from theory import HardmaxError

Here = Callable[..., subprocess.CompletedProcess[str]]

ALWAYS = """
from checks import conjecture


@conjecture({name}, r"At most one token leads.")
def mine(run):
    {body}
"""

REFUTES = "return len(run.equilibrium.leaders) <= 1"


def hardmax(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program in a folder, none of whose modules it takes for Python's or its own."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "checks", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=3000,
    )  # fmt: skip


@pytest.fixture
def here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Here]:
    """The program in this process, in a folder; what it has loaded is forgotten at the end."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = {c.name for c in conjectures()}

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        status = main(list(arguments))
        return subprocess.CompletedProcess([], status, *capfd.readouterr())

    yield call
    for name in {c.name for c in conjectures()} - before:
        forget(name)


def written(folder: Path, name: str = '"few"', body: str = REFUTES, file: str = "mine.py") -> Path:
    (folder / file).write_text(ALWAYS.format(name=name, body=body))
    return folder / file


def refused(done: subprocess.CompletedProcess[str], told: str) -> None:
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.count("\n") == 1
    assert told in done.stderr
    assert "\x1b" not in done.stderr


QUICK = ("--seed", "1", "--examples", "400", "--jobs", "1")


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("import sys; sys.exit(1)", "SystemExit: 1 at mine.py:1"),
        ("raise SystemExit", "SystemExit at mine.py:1"),
        ("import os; os._exit(1)", "os._exit(1)"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt at mine.py:1"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("raise BaseException('\\x1b[2J\\nmine')", "BaseException: "),
        ("def f(): f()\nf()", "RecursionError"),
        ("raise MemoryError", "MemoryError"),
        ("import no_such_module", "ModuleNotFoundError"),
        ("open('no-such-file')", "FileNotFoundError"),
        ("x = = 1", "SyntaxError"),
        ("x = '\0'", "null bytes"),
        (
            "class E(Exception):\n  def __str__(self): raise SystemExit(1)\nraise E",
            "cannot be made",
        ),
        ("print('noise')", "no function is declared"),
    ],
)
def test_a_file_that_raises(here: Here, tmp_path: Path, program: str, told: str) -> None:
    (tmp_path / "mine.py").write_text(program + "\n")
    done = here("refute", "mine.py")
    done.stderr = done.stderr.replace("noise\n", "")
    refused(done, told)


def test_the_interruption_by_a_signal_is_none_of_the_file() -> None:
    """Python's own handler leaves no trace, and is believed."""
    with pytest.raises(KeyboardInterrupt) as raised:
        raise KeyboardInterrupt
    assert interrupted(raised.value)
    assert not interrupted(SystemExit())


def test_leaving_the_process_is_put_back() -> None:
    leave = os._exit
    with pytest.raises(SystemExit, match=r"os\._exit\(1\)"), contained():
        os._exit(1)
    assert os._exit is leave


HARMS = (
    "import sys; sys.stdout.close()",
    "import sys; sys.stderr.close()",
    "import sys; sys.stdout = sys.stderr = None",
    "import sys; sys.stdout.write = None",
    "import sys; sys.stdout.close(); print('noise')",
)


@pytest.mark.parametrize("body", HARMS)
def test_streams_are_lent(tmp_path: Path, body: str) -> None:
    """Status 1 would say that something is refuted; here nothing is declared."""
    (tmp_path / "mine.py").write_text(body + "\n")
    refused(hardmax(tmp_path, "refute", "mine.py"), "hardmax: mine.py: ")


@pytest.mark.parametrize("body", [HARMS[0], HARMS[-1]])
def test_statements_get_lent_streams(tmp_path: Path, body: str) -> None:
    written(tmp_path, body=body if "noise" in body else f"{body}; {REFUTES}")
    done = hardmax(tmp_path, "refute", "mine.py", *QUICK)
    told = "the stream is closed" if "noise" in body else "REFUTED"
    assert (done.returncode, told in done.stdout) == (2 if "noise" in body else 1, True), (
        done.stderr
    )


ENDS = (
    "import posix; posix._exit(1)",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "import ctypes; ctypes.string_at(0)",
    "import posix, threading as t; t.Timer(0, posix._exit, [1]).start(); t.Event().wait()",
)

OTHERWISE = (
    "import atexit, posix; atexit.register(posix._exit, 1)",
    "import os; os.chdir('/')",
    "import os; os.closerange(1, 3)",  # the second time they are closed already
    "import os; os.system('echo noise')",
    "import posix, sys; sys.excepthook = lambda *error: posix._exit(1)",
    "import sys; sys.setrecursionlimit(90)",
    "import warnings; warnings.simplefilter('error')",
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)",
    "import threading; threading.Thread(target=threading.Event().wait).start()",
)


@pytest.mark.parametrize("body", ENDS)
def test_a_file_that_ends_its_process_refutes_nothing(tmp_path: Path, body: str) -> None:
    """Neither when it is read nor when its statement is asked."""
    written(tmp_path, file="b.py")
    (tmp_path / "mine.py").write_text(f"{body}\n")
    refused(hardmax(tmp_path, "refute", "b.py", "mine.py", *QUICK), "hardmax: mine.py: the process")
    written(tmp_path, body=f"{body}; {REFUTES}")
    refused(hardmax(tmp_path, "refute", "mine.py", *QUICK), "hardmax: mine.py::few: the process")


@pytest.mark.parametrize("body", OTHERWISE)
def test_what_a_file_does_to_its_process_is_undone(tmp_path: Path, body: str) -> None:
    """It is refuted all the same, told on stdout alone, and reported where that was asked for."""
    written(tmp_path, body=f"{body}; {REFUTES}")
    program = (tmp_path / "mine.py").read_text()
    (tmp_path / "mine.py").write_text(f"{body}\n{program}")
    done = hardmax(tmp_path, "refute", "./mine.py", *QUICK, "--json", "--report", "pages")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["verdict"] == "REFUTED"
    assert done.stderr.replace("noise\n", "") == "seed 1\nreport: pages/index.html\n"
    assert (tmp_path / "pages" / "few.json").is_file()


def test_a_process_that_comes_to_harm_is_told(tmp_path: Path) -> None:
    """What it has found cannot be read where it took a module of ours away."""
    written(tmp_path, body=f"import sys; sys.modules['theory.configuration'] = None; {REFUTES}")
    refused(hardmax(tmp_path, "refute", "mine.py", *QUICK), "mine.py::few: the process that ran it")


def test_assumptions_say_where_a_statement_applies(tmp_path: Path) -> None:
    body = "import hypothesis; hypothesis.assume(len(run.tokens(0)) {} 0); " + REFUTES
    found = []
    for relation in "><":
        written(tmp_path, body=body.format(relation))
        done = hardmax(tmp_path, "refute", "mine.py", *QUICK, "--json")
        assert done.stderr == "seed 1\n"
        found.append((done.returncode, json.loads(done.stdout)["verdict"]))
    assert found == [(1, "REFUTED"), (3, "VACUOUS")]


def test_answers_of_kinds_of_their_own(tmp_path: Path) -> None:
    """Only what this project knows comes back from a process that knows more."""
    file = written(tmp_path, 'Text("few")', "return Mine(Text('told'), 1)")
    kinds = "from checks import Violation\nclass Text(str): pass\nclass Mine(Violation): pass\n"
    file.write_text(kinds + file.read_text())
    done = hardmax(tmp_path, "refute", "mine.py", *QUICK, "--json")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["explanation"] == "told (layer 1)"


@pytest.mark.parametrize(
    "name",
    ["3", '""', '"a b"', r'"a\x1b[2J"', r'"a\nb"', '"a::b"', '"-a"', '"a.py"', '"a/b"', '"a" * 101',
     "None", '"norms-grow"'],
)  # fmt: skip
def test_a_name_that_cannot_be_one(here: Here, tmp_path: Path, name: str) -> None:
    written(tmp_path, name)
    refused(here("refute", "mine.py"), "a statement named ")


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ('conjecture("x", 3)(lambda run: True)', "text was wanted"),
        ('conjecture("x", "y")(3)', "a function of a run was wanted"),
        ('conjecture("x", "y")(lambda: True)', "one argument, the run"),
        ('conjecture("x", "y")(lambda run, more: True)', "one argument, the run"),
        ('conjecture("x", "y", hypotheses="nonzero")', "a list of names was wanted"),
        ('conjecture("x", "y", hypotheses=["none"])(lambda run: True)', "is none of"),
        ('conjecture("x", "y", expected="TRUE")', "one of PROVED"),
        ('conjecture("x", "y", source=3)', "text was wanted"),
        ('conjecture("x")', "TypeError"),
        ("@conjecture\ndef x(run): return True", "TypeError"),
        ('@conjecture("x", "y")\nasync def x(run): return True', "without async"),
        ('@conjecture("x", "y")\nclass X: pass', "a function of a run was wanted"),
        ('for _ in 1, 2: conjecture("x", "y")(lambda run: True)', "exists already"),
    ],
)
def test_a_declaration_that_is_none(here: Here, tmp_path: Path, declared: str, told: str) -> None:
    (tmp_path / "mine.py").write_text(f"from checks import conjecture\n{declared}\n")
    refused(here("refute", "mine.py"), told)


def test_declarations_that_are_taken() -> None:
    conjecture("Über-α_1", "statement with \x1b", expected="HELD")(lambda run: True)  # type: ignore[arg-type]  # text is taken
    with pytest.raises(HardmaxError, match="exists already"):
        conjecture("Über-α_1", "again")(lambda run: True)
    forget("Über-α_1")


@pytest.mark.parametrize(
    "body",
    ["raise SystemExit(1)", "raise KeyboardInterrupt", "raise GeneratorExit", "return run.nothing",
     "return 3", "return mine(run)", "raise MemoryError", "import os; os._exit(1)",
     "from checks import Violation; return Violation(3)",
     'from checks import Violation; return Violation("a", "b")',
     'from checks import Violation; return Violation("a", left=0.5)'],
)  # fmt: skip
def test_a_statement_that_raises_is_bad_input(here: Here, tmp_path: Path, body: str) -> None:
    written(tmp_path, body=body)
    done = here("refute", "mine.py", *QUICK, "--json")
    assert done.returncode == 2, done.stderr
    found = json.loads(done.stdout)
    assert found["verdict"] == "ERROR"
    assert found["witness"] is not None
    assert f"mine.py::few: {found['explanation']} of {json.dumps(found['witness'])}" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_a_statement_prints_is_no_output(here: Here, tmp_path: Path) -> None:
    written(tmp_path, body=f"print('noise'); {REFUTES}")
    done = here("refute", "mine.py", *QUICK, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["verdict"] == "REFUTED"
    assert "noise" in done.stderr


def test_no_statement_commands_the_terminal(here: Here, tmp_path: Path) -> None:
    file = written(tmp_path)
    file.write_text(file.read_text().replace('r"At', '"\\x1b[2JAt'))
    done = here("refute", "mine.py", *QUICK)
    assert (done.returncode, "\x1b" in done.stdout) == (1, False)
    assert "\\x1b[2JAt" in done.stdout


@pytest.mark.parametrize("file", ["mine.py", "theory.py", "random.py", "checks.py"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_helpers_beside_the_file(tmp_path: Path, file: str, jobs: str) -> None:
    """Even one called as a module of Python's, which the file does not get."""
    program = written(tmp_path, file=file)
    words = program.read_text().replace("<= 1", "<= helper.ONE")
    words += 'conjecture("two", "y")(lambda run: random.random() < 2)\n'
    program.write_text(f"\ufeffimport random, helper\n{words}")
    (tmp_path / "helper.py").write_text("import theory, checks\nONE = theory.settle and 1\n")
    done = hardmax(tmp_path, "refute", file, *QUICK[:-1], jobs, "--json")
    assert done.returncode == 1, done.stderr
    assert [json.loads(line)["verdict"] for line in done.stdout.splitlines()] == ["REFUTED", "HELD"]


def test_two_files_with_helpers_of_one_name(tmp_path: Path) -> None:
    for name, bound in (("a", 0), ("b", 9)):
        (tmp_path / name).mkdir()
        file = written(tmp_path / name, f'"{name}"')
        file.write_text(f"import helper\n{file.read_text().replace('<= 1', '<= helper.MOST')}")
        (tmp_path / name / "helper.py").write_text(f"MOST = {bound}\n")
    done = hardmax(tmp_path, "refute", "a/mine.py", "b/mine.py", *QUICK, "--json")
    assert [json.loads(x)["verdict"] for x in done.stdout.splitlines()] == ["REFUTED", "HELD"]


TWO = """
import helper
from checks import conjecture


@conjecture("one", r"At most one token leads.")
def one(run):
    # a comment of mine
    return len(run.equilibrium.leaders) <= helper.ONE


@conjecture("other", r"No token leads.")
def other(run):
    return not run.equilibrium.leaders
"""


def test_a_report_can_be_run_again_by_its_reader(tmp_path: Path) -> None:
    mine, away = tmp_path / "mine", tmp_path / "away"
    mine.mkdir()
    (mine / "mine.py").write_text(TWO)
    (mine / "helper.py").write_text("ONE = 1\n")
    options = ["--seed", "7", "--examples", "500", "--max-layers", "99", "--generic"]
    done = hardmax(tmp_path, "refute", str(mine / "mine.py"), *options, "--report", str(away))
    assert done.returncode == 1, done.stderr
    page = json.loads((away / "one.json").read_text())
    assert page["command"] == (
        "hardmax refute mine.py::one --examples 500 --seed 7 --max-layers 99 --generic"
    )
    assert page["certificate_proves"] == "run"
    for kind in ("html", "md"):
        words = (away / f"one.{kind}").read_text()
        assert "# a comment of mine" in words
        assert "def other" not in words
        assert "It is no proof of the refutation" in words
    for file in away.iterdir():
        assert str(tmp_path) not in file.read_text(), file.name
    for folder in (mine, away):  # the page brings the files along
        again = hardmax(folder, *page["command"].split()[1:], "--json")
        (found,) = map(json.loads, again.stdout.splitlines())
        assert (found["name"], found["witness"]) == ("one", page["configuration"])


@pytest.mark.parametrize(
    "selected", ["mine.py::three", "mine.py::", "mine.py::norms-grow", "no.py::one"]
)
def test_a_statement_that_is_not_there(here: Here, tmp_path: Path, selected: str) -> None:
    (tmp_path / "mine.py").write_text(TWO)
    (tmp_path / "helper.py").write_text("ONE = 1\n")
    told = "No such file" if selected.startswith("no") else "declares no statement named"
    refused(here("refute", selected), told)


def test_workers_import_nothing_from_the_current_folder(tmp_path: Path) -> None:
    """Where the program itself does not, as from its own script."""
    (tmp_path / "selectors.py").write_text("raise SystemExit(1)\n")
    written(tmp_path)
    words = "import sys; from checks.cli import main; sys.exit(main(sys.argv[1:]))"
    script = f"import sys; del sys.path[0]; {words}"
    done = subprocess.run(
        [sys.executable, "-c", script, "refute", "mine.py", "settling", *QUICK[:-1], "2", "--json"],
        cwd=tmp_path, capture_output=True, text=True, timeout=3000,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert len(done.stdout.splitlines()) == 2
