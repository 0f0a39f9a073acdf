"""Theorems about single configurations: committed as generated, and a changed number is refused."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from coq_names import PROOFS

from theory import HardmaxError, settle
from theory.certificates import certificate
from theory.coq import MAX_LAYERS, coq_file, main
from theory.files.configurations import read_configurations
from theory.settling import Settled

INSTANCES = sorted((PROOFS / "instances").glob("*.json"))
GOOD = PROOFS / "instances" / "MovingTie"
ERROR = r"check binary 5 certified = true"


def made(file: Path) -> dict[str, Any]:
    (configuration,) = read_configurations(file, tell=lambda _: None)
    settled = settle(configuration)
    assert isinstance(settled, Settled)
    return certificate(settled)


@pytest.mark.parametrize("file", INSTANCES, ids=lambda file: str(file.stem))
def test_generated_is_committed(file: Path) -> None:
    assert coq_file(json.dumps(made(file))) == file.with_suffix(".v").read_text(encoding="utf-8")


def test_instances_are_of_every_kind() -> None:
    texts = [file.with_suffix(".v").read_text() for file in INSTANCES]
    assert {file.stem for file in (PROOFS / "instances").glob("*.v")} == {x.stem for x in INSTANCES}
    for kind in (
        r"'I_100\b",
        r"alpha = 1/200\b",
        r"degree := [1-9]",
        r"start := [1-9]",
        r"check big ",
        r"check binary ",
        r"matrix :=\n    \[:: \[:: 2; 1\]; \[:: 1; 3\]\]",
        r"multiplicities :=\n    \[:: [1-9 ;]*[2-9]",
    ):
        assert any(re.search(kind, text) for text in texts), kind


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", "-C", str(PROOFS), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def coqc(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[int, str]]:
    """Coq's answer to a file: the exit status and what it says. The checker is built before."""
    if not shutil.which("make"):
        pytest.skip("no make here, which builds the checker in Coq")
    if (version := make("version")).returncode:
        pytest.skip(" ".join(version.stdout.split()))
    make("Makefile.coq").check_returncode()
    built = make("-f", "Makefile.coq", "certificates/Sound.vo", "certificates/BigIntegers.vo")
    assert built.returncode == 0, built.stderr
    folder = tmp_path_factory.mktemp("coq")

    def answer(text: str) -> tuple[int, str]:
        file = folder / "Given.v"
        file.write_text(text, encoding="utf-8")
        command = ["coqc", "-q", "-w", "-notation-overridden,-ambiguous-paths"]
        told = subprocess.run(
            [*command, "-Q", PROOFS, "Hardmax", file], capture_output=True, text=True, check=False
        )
        return told.returncode, " ".join(told.stderr.split())

    return answer


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_another_coq_is_told_how_to_get_this_one() -> None:
    told = make("COQ=0.1", "version")
    assert told.returncode
    assert "Coq 0.1 " in told.stdout
    assert "apt-get install" in told.stdout


@pytest.mark.parametrize(
    ("pinned", "name"),
    [("MATHCOMP=1.14", "mathcomp 1.14"), ("ANALYSIS=0.5", "mathcomp-analysis 0.5")],
)
@pytest.mark.usefixtures("coqc")
def test_another_library_is_told(pinned: str, name: str) -> None:
    told = make(pinned, "version")
    assert told.returncode
    assert f"{name} is wanted" in told.stdout
    assert "apt-get install" in told.stdout


def test_the_instance_is_accepted(coqc: Callable[[str], tuple[int, str]]) -> None:
    assert coqc(GOOD.with_suffix(".v").read_text()) == (0, "")


CHANGES = {
    "a token": (r"tokens :=\n    \[:: \[:: 3; 2; 0\]", "tokens :=\n    [:: [:: 3; 2; 1]"),
    "the denominator of tokens": ("token_den := 1;", "token_den := 2;"),
    "A": (r"\[:: 0; 1; 0\]; \[:: 0; 0; 1\]\];", "[:: 0; 1; 0]; [:: 0; 0; 9]];"),
    "the sign of A": ("matrix_den := 1;", "matrix_den := -1;"),
    "alpha": ("alpha_den := 2;", "alpha_den := 9;"),
    "the sign of alpha": ("alpha_num := 1;", "alpha_num := -1;"),
    "a multiplicity": (r"\[:: 1; 1; 1; 1; 1\]", "[:: 1; 1; 1; 2; 1]"),
    "a multiplicity that is none": (r"\[:: 1; 1; 1; 1; 1\]", "[:: 0; 1; 1; 1; 1]"),
    "an earlier attention set": (r"\[:: 0; 1; 2; 3\]", "[:: 0; 1; 2]"),
    "a last attention set": (r"\[:: 2; 3\]\]", "[:: 2]]"),
    "a limit": (r"limits :=\n    \[:: \[:: 3; 2; 0\]", "limits :=\n    [:: [:: 3; 1; 0]"),
    "the denominator of limits": ("limit_den := 1;", "limit_den := 2;"),
    "the layer": (r"\[:: \(1, ", "[:: (2, "),
    "a layer more than needed": (
        r"\[:: \(1, (.*)\)\]\.",
        r"[:: (1, \1); (1, [:: [:: 0]; [:: 1]; [:: 0]; [:: 1]; [:: 2; 3]])].",
    ),
    "the degree": ("degree := 1%N", "degree := 0%N"),
    "the start": ("start := 5%N", "start := 4%N"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_number_is_refused(change: str, coqc: Callable[[str], tuple[int, str]]) -> None:
    old, new = CHANGES[change]
    changed, count = re.subn(old, new, GOOD.with_suffix(".v").read_text())
    assert count == 1
    status, told = coqc(changed)
    assert status == 1
    assert ERROR in told


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    given = made(GOOD.with_suffix(".json"))
    change(given)
    return json.dumps(given)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no certificate"),
        ("[" * 100_000, "nested too deeply"),
        ('{"format": 1, "format": 2}', "given twice"),
        ("{}", "no settling certificate: format"),
        (changed(lambda x: x.update(version=2)), "version 1"),
        (changed(lambda x: x.update(kind="other")), "'other'"),
        (changed(lambda x: x["problem"].update(alpha="1/3")), "bases 1 and"),
        (changed(lambda x: x["problem"].update(alpha="0")), "misfit"),
        (changed(lambda x: x["problem"].update(alpha="a")), "a"),
        (changed(lambda x: x["problem"]["tokens"].pop()), "misfit"),
        (changed(lambda x: x["problem"]["tokens"][0].pop()), "misfit"),
        (changed(lambda x: x["claim"]["limits"].pop()), "misfit"),
        (changed(lambda x: x["evidence"]["patterns"].pop()), "misfit"),
        (changed(lambda x: x["evidence"]["patterns"][0]["attention"][0].append(5)), "misfit"),
        (changed(lambda x: x["evidence"]["closed_forms"][2][1].update(base="1/3")), "bases 1 and"),
        (changed(lambda x: x["evidence"]["closed_forms"][2][1].update(base="0")), "bases 1 and"),
        (changed(lambda x: x["evidence"]["closed_forms"][2][1].update(degree=5)), "less than 5"),
        (
            changed(lambda x: x["evidence"]["closed_forms"][2][1].update(degree=10**9)),
            "less than 5",
        ),
        (changed(lambda x: x.update(sha256="*) Lemma x : False. (*")), "sha256"),
        (changed(lambda x: x.update(sha256="\ud800")), "sha256"),
    ],
)
def test_what_is_not_covered_is_refused_in_a_line(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(HardmaxError, match=re.escape(told)):
        coq_file(text)
    file = tmp_path / "given.json"
    file.write_text(text)
    assert main([str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("theory.coq: ")
    assert err.count("\n") == 1


def test_very_many_layers_are_refused() -> None:
    def late(x: dict[str, Any]) -> None:
        x["claim"]["settled_layer"] = x["evidence"]["patterns"][-1]["from"] = MAX_LAYERS + 1

    with pytest.raises(HardmaxError, match=str(MAX_LAYERS)):
        coq_file(changed(late))


def test_the_program_prints_the_file(tmp_path: Path) -> None:
    file = tmp_path / "given.json"
    file.write_text(json.dumps(made(GOOD.with_suffix(".json"))))
    command = [sys.executable, "-m", "theory.coq"]
    told = subprocess.run([*command, file], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == GOOD.with_suffix(".v").read_text()
    for given in ([], [file, file], [tmp_path / "absent"], [tmp_path]):
        told = subprocess.run([*command, *given], capture_output=True, text=True, check=False)
        assert (told.returncode, told.stdout, told.stderr.count("\n")) == (2, "", 1)
    shell = f"{shlex.join([*command, str(file)])} >&-"
    told = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (2, "theory.coq: the standard output is closed\n")
