"""The README's code blocks do what the README shows.

All blocks run in order, from the repository's root:

- ``python`` blocks share one namespace; where one is written with ``>>>`` prompts, its output is
  compared too;
- in ``console`` blocks a line that starts with ``$ `` is a command and the lines after it are its
  output, stdout and stderr together as a terminal shows them, at 80 columns. Only ``hardmax`` and
  ``python`` are run, from the environment that runs the tests;
- all other blocks (``bash`` for installation, ``json`` and so on) are left alone.

Output is compared character by character, except for blanks at the ends of lines, and ``...``
stands for any text, as in a doctest.
"""

import doctest
import io
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks.statements import own, registry

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {"hardmax", "python"}
FENCE = re.compile(r" *(?P<marks>`{3,}|~{3,}) *(?P<language>[\w+-]*)[^`]*")
COMPARISON = doctest.ELLIPSIS | doctest.DONT_ACCEPT_BLANKLINE | doctest.DONT_ACCEPT_TRUE_FOR_1
FORCES_COLOUR = {"CLICOLOR_FORCE", "FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS"}


class ReadmeError(AssertionError):
    """The README shows something other than what happens."""


@dataclass(frozen=True)
class Block:
    """A fenced block; `line` is the number of its first line in the README."""

    language: str
    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Command:
    """A command of a console block, with the output shown under it."""

    line: int
    text: str
    output: str


def blocks(readme: str) -> Iterator[Block]:
    """The fenced blocks of a Markdown text, in order."""
    lines = iter(enumerate(readme.splitlines(), start=1))
    for start, opening in lines:
        if not (fence := FENCE.fullmatch(opening)):
            continue
        body = []
        for _, line in lines:
            if line.strip() == fence["marks"]:
                break
            body.append(line)
        else:
            raise ReadmeError(f"line {start}: this block is never closed")
        dedented = textwrap.dedent("\n".join(body)).split("\n")
        yield Block(fence["language"], start + 1, tuple(dedented))


def commands(block: Block) -> Iterator[Command]:
    """The commands of a console block; a backslash at the end of a line continues it."""
    if not block.lines[0].startswith("$ "):
        raise ReadmeError(f"line {block.line}: a console block starts with '$ ' and a command")
    lines = list(block.lines)
    while lines:
        line = block.line + len(block.lines) - len(lines)
        text = lines.pop(0).removeprefix("$ ")
        while text.endswith("\\") and lines:
            text = text.removesuffix("\\") + lines.pop(0).removeprefix("> ").lstrip()
        output = []
        while lines and not lines[0].startswith("$ "):
            output.append(lines.pop(0))
        yield Command(line, text, tidy("\n".join(output)))


def tidy(output: str) -> str:
    """Output without blanks at the ends of lines and without blank lines at its end."""
    return "".join(f"{line.rstrip()}\n" for line in output.rstrip().splitlines())


def environment() -> dict[str, str]:
    """This environment, with this interpreter's programs first and a plain 80-column terminal."""
    kept = {name: value for name, value in os.environ.items() if name not in FORCES_COLOUR}
    programs = str(Path(sys.executable).parent)
    return kept | {
        "PATH": os.pathsep.join([programs, kept.get("PATH", os.defpath)]),
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }


def run_command(command: Command) -> None:
    """Run a command and compare its output with the README's."""
    done = subprocess.run(
        command.text,
        shell=True,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=6000,
    )
    output = tidy(done.stdout)
    checker = doctest.OutputChecker()
    wanted = doctest.Example(command.text, command.output)
    crashed = "Traceback" in output and "Traceback" not in command.output
    if (
        crashed
        or done.returncode in {126, 127}  # the shell found no such program
        or not checker.check_output(wanted.want, output, COMPARISON)
    ):
        difference = checker.output_difference(wanted, output, COMPARISON)
        raise ReadmeError(
            f"line {command.line}: $ {command.text}\n(exit status {done.returncode})\n{difference}"
        )


def run_python(block: Block, namespace: dict[str, object]) -> None:
    """Execute a python block in the namespace that all of them share."""
    source = "\n".join(block.lines)
    if block.lines[0].startswith(">>> "):
        dialogue = doctest.DocTestParser().get_doctest(
            source, namespace, "README", "README.md", block.line - 1
        )
        report = io.StringIO()
        runner = doctest.DocTestRunner(verbose=False, optionflags=COMPARISON)
        runner.run(dialogue, out=report.write, clear_globs=False)
        namespace.update(dialogue.globs)
        if report.getvalue():
            raise ReadmeError(f"line {block.line}:\n{report.getvalue()}")
        return
    try:
        exec(compile("\n" * (block.line - 1) + source, "README.md", "exec"), namespace)
    except Exception as error:
        message = f"line {block.line}: {type(error).__name__}: {error}"
        raise ReadmeError(message) from error


def run_readme(readme: str) -> int:
    """Run a README's blocks and return how many examples that were; none at all is an error."""
    examples = 0
    namespace: dict[str, object] = {"__name__": "__readme__"}
    for block in blocks(readme):
        if block.language == "python":
            run_python(block, namespace)
            examples += 1
        elif block.language == "console":
            for command in commands(block):
                if command.text.split()[0] in PROGRAMS:
                    run_command(command)
                    examples += 1
    if not examples:
        raise ReadmeError("no example to run")
    return examples


def test_readme_shows_what_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for module in (registry, own):  # other tests of this process may declare the same names
        monkeypatch.setattr(module, "_REGISTRY", dict(module._REGISTRY))
    assert run_readme((ROOT / "README.md").read_text(encoding="utf-8")) > 0


def fenced(language: str, *lines: str) -> str:
    return "\n".join([f"```{language}", *lines, "```", ""])


PRINT = """$ python -c 'print("one"); print("two"); print("three")'"""

TRUTHFUL = {
    "output": (fenced("console", PRINT, "one", "two", "three"), 1),
    "wildcard line": (fenced("console", PRINT, "one", "...", "three"), 1),
    "wildcard in a line": (fenced("console", PRINT, "one", "t...o", "three"), 1),
    "two commands": (fenced("console", PRINT, "one", "...", "", PRINT, "...", "three"), 2),
    "no output": (fenced("console", "$ python -c ''"), 1),
    "both streams in order": (
        fenced(
            "console",
            "$ python -c 'import sys; print(1); print(2, file=sys.stderr); print(3)'",
            *"123",
        ),
        1,
    ),
    "continued command": (fenced("console", "$ python -c \\", "> 'print(2)'", "2"), 1),
    "exit status": (fenced("console", "$ python -c 'exit(3)'; echo $?", "3"), 1),
    "shared namespace": (fenced("python", "x = 1") + fenced("python", "x += 1"), 2),
    "prompts": (
        fenced("python", ">>> x = 1", ">>> x", "1") + fenced("python", "if x != 1: raise"),
        2,
    ),
    "other blocks and programs are left alone": (
        fenced("bash", "exit 1")
        + fenced("json", "{")
        + fenced("console", "$ false", "never", "$ pythonic")
        + fenced("python", "pass"),
        1,
    ),
    "indented in a list": (
        "- see\n" + textwrap.indent(fenced("console", "$ python -c 'print(2)'", "2"), "  "),
        1,
    ),
}

# Each README with a part of the message that tells why it fails.
UNTRUTHFUL = {
    "empty": ("", "no example"),
    "no block": ("Text about `code`.\n", "no example"),
    "only blocks that are not run": (
        fenced("bash", "true") + fenced("console", "$ true"),
        "no example",
    ),
    "wrong output": (fenced("console", PRINT, "one", "two", "four"), "four"),
    "missing line": (fenced("console", PRINT, "one", "two"), "three"),
    "missing output": (fenced("console", PRINT), "Expected nothing"),
    "output that never comes": (fenced("console", "$ python -c ''", "one"), "Got nothing"),
    "other blanks": (fenced("console", "$ python -c 'print(1, 2)'", "1  2"), "1  2"),
    "True is not 1": (fenced("console", "$ python -c 'print(True)'", "1"), "True"),
    "wrong second command": (fenced("console", PRINT, "...", PRINT, "one"), "line 4"),
    "wrong second block": (
        fenced("console", PRINT, "...") + fenced("console", PRINT, "one"),
        "line 6",
    ),
    "crash behind a wildcard": (fenced("console", "$ python -c '1/0'", "..."), "ZeroDivision"),
    "no such program": (fenced("console", "$ python -c 'exit(127)'", "..."), "exit status 127"),
    "python that fails": (fenced("python", "x = 1", "x / 0"), "ZeroDivision"),
    "python that does not parse": (fenced("python", "x ="), "SyntaxError"),
    "a name from nowhere": (fenced("python", "x = 1") + fenced("python", "y"), "NameError"),
    "prompts with a wrong result": (fenced("python", ">>> 1 + 1", "3"), "Expected:\n    3"),
    "console without a command": (fenced("console", "one"), "starts with"),
    "empty console": (fenced("console"), "starts with"),
    "block never closed": ("```python\nx = 1\n", "never closed"),
}


@pytest.mark.parametrize(("readme", "examples"), TRUTHFUL.values(), ids=TRUTHFUL)
def test_truthful_readme_passes(readme: str, examples: int) -> None:
    assert run_readme(readme) == examples


@pytest.mark.parametrize(("readme", "reason"), UNTRUTHFUL.values(), ids=UNTRUTHFUL)
def test_untruthful_readme_fails(readme: str, reason: str) -> None:
    with pytest.raises(ReadmeError, match=re.escape(reason)):
        run_readme(readme)


def test_message_names_line_command_and_difference() -> None:
    readme = "\n\n" + fenced("console", PRINT, "one", "two", "four")
    with pytest.raises(ReadmeError) as failure:
        run_readme(readme)
    message = str(failure.value)
    assert message.startswith(f"line 4: {PRINT}")
    assert "four" in message
    assert "three" in message


def test_this_interpreter_runs_the_commands() -> None:
    shown = f"import sys; print(sys.prefix == {sys.prefix!r})"
    run_readme(fenced("console", f'$ python -c "{shown}"', "True"))
