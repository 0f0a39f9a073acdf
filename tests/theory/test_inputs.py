"""The commands that read configurations: many files, bad ones among them, and certificates."""

import gzip
import io
import json
import os
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from commands import Invoke

from checks.cli import check, inputs

FACE = {"tokens": [[2, 2], [-2, 2], [0, 1]], "alpha": "1/2"}
COPIES = "2,2\n-2,2\n2,2\n0,1\n"


def files_of(out: str) -> list[str]:
    return [json.loads(line)["file"] for line in out.splitlines()]


# ----------------------------------------------------------------------------------- run


def test_one_bad_file_does_not_silence_the_others(hardmax: Invoke) -> None:
    Path("a.json").write_text(json.dumps(FACE))
    Path("b.csv").write_text("0,1\n1,0\n")
    Path("d.csv").write_text("1,2\n")
    Path("e.jsonl").write_text(json.dumps(FACE) + "\n{}\n")
    arguments = ("run", "b.csv", "a.json", "none.json", "d.csv", "e.jsonl", "--json")
    status, out, err = hardmax(*arguments, "--alpha", "1")
    assert (status, files_of(out)) == (2, ["a.json", "d.csv"])
    assert err.splitlines() == [
        "hardmax: b.csv: line 1: 0,1 may be a header or a token: give --header or --no-header",
        "hardmax: none.json: No such file or directory",
        "hardmax: e.jsonl: line 2: tokens is missing",
    ]
    status, out, err = hardmax(*arguments, "--alpha", "1", "--no-header")
    assert (status, files_of(out)) == (2, ["b.csv", "a.json", "d.csv"])
    assert hardmax("run", "a.json", "d.csv", "--alpha", "1")[0] == 0


def test_bad_input_outweighs_what_is_inconclusive(hardmax: Invoke) -> None:
    slow = {"tokens": [[-2, 0], [-2, 1], [-1, -1]], "alpha": "1/200"}
    Path("slow.json").write_text(json.dumps(slow))
    arguments = ("run", "slow.json", "--max-layers", "5", "--json")
    assert hardmax(*arguments)[0] == 3
    status, out, err = hardmax(*arguments, "none.json")
    assert (status, files_of(out)) == (2, ["slow.json"])
    assert "No such file" in err.splitlines()[0]
    assert "undecided" in err.splitlines()[1]


def test_memory_that_runs_out_is_told_as_what_it_is(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.json", "b.json"):
        Path(name).write_text(json.dumps(FACE))
    read = inputs.read_problems

    def starved(file: str, **options: Any) -> Any:
        if file == "a.json":
            raise MemoryError
        return read(file, **options)

    monkeypatch.setattr(inputs, "read_problems", starved)
    status, out, err = hardmax("run", "a.json", "b.json", "--json")
    assert (status, files_of(out)) == (2, ["b.json"])
    assert err == "hardmax: a.json: out of memory\n"
    from checks.cli import run

    def settle(configuration: Any, layers: int, **_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(run, "settle", settle)
    assert hardmax("run", "b.json") == (2, "", "hardmax: out of memory\n")
    status, out, err = hardmax("run", "b.json", "b.json")
    assert (status, out) == (2, "")
    assert err == "hardmax: b.json: out of memory\n" * 2


def test_what_is_skipped_is_told(hardmax: Invoke) -> None:
    Path("c.csv").write_text(",x,y\n0,2,2\n1,-2,2\n")
    Path("A.csv").write_text("p,q\n1,0\n0,1\n")
    status, out, err = hardmax("run", "c.csv", "--alpha", "1", "--matrix", "A.csv", "--json")
    assert (status, len(json.loads(out)["limits"])) == (0, 2)
    assert err.splitlines() == [
        "A.csv: line 1 is taken for a header: p,q",
        "c.csv: line 1 is taken for a header: ,x,y",
        "c.csv: column 0 is taken for an index",
    ]
    status, out, err = hardmax("run", "c.csv", "--alpha", "1", "--json", "--columns", "y,x")
    assert json.loads(out)["limits"] == [["2", "2"], ["2", "-2"]]
    assert err == "c.csv: line 1 is taken for a header: ,x,y\n"


def test_standard_input_of_every_kind(hardmax: Invoke) -> None:
    file = io.BytesIO()
    np.save(file, np.array([[2, 2], [0, 1]]))
    for content, kind in (
        (b"2,2\n0,1\n", "csv"),
        (b"2 2\n0 1\n", "txt"),
        (file.getvalue(), "npy"),
        (gzip.compress(file.getvalue()), "npy"),
    ):
        arguments = ("run", "-", "--alpha", "1", "--json")
        status, out, err = hardmax(*arguments, "--format", kind, stdin=content)
        assert (status, err) == (0, "")
        assert json.loads(out)["limits"] == [["2", "2"], ["2", "2"]]
        status, out, err = hardmax(*arguments, stdin=content)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert "--format" in err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_pipe_is_read_and_an_endless_one_is_not_read_to_its_end(hardmax: Invoke) -> None:
    for content, wanted in (
        ([b"2,2\n", b"0,1\n"], 0),
        ([b"1" * 1_000_000] * 70, 2),
    ):
        Path("pipe").unlink(missing_ok=True)
        os.mkfifo("pipe")
        writer = Thread(target=feed, args=(Path("pipe"), content))
        writer.start()
        status, _, err = hardmax("run", "pipe", "--format", "csv", "--alpha", "1", "--json")
        writer.join()
        assert status == wanted
        assert err == ("" if wanted == 0 else "hardmax: pipe: longer than 64 MiB\n")


def feed(pipe: Path, content: list[bytes]) -> None:
    with pipe.open("wb", buffering=0) as stream:
        for part in content:
            try:
                stream.write(part)
            except BrokenPipeError:
                return


# --------------------------------------------------------------------------------- check

MADE: dict[str, tuple[bytes, list[str]]] = {
    "c.json": (json.dumps(FACE).encode(), []),
    "c.jsonl.gz": (gzip.compress(json.dumps(FACE).encode()), ["--alpha", "1/3"]),
    "c.csv": (b"x,y\n" + COPIES.encode(), ["--alpha", "1/2", "--matrix", "A.csv"]),
    "numbers.csv": (b"0,1\n" + COPIES.encode(), ["--alpha", "1", "--header"]),
    "indexed.csv": (b"a,2,2\nb,0,1\n", ["--alpha", "1", "--columns", "1:"]),
    "plain.txt": (COPIES.replace(",", " ").encode(), ["--alpha", "1"]),
    "said.data": (COPIES.replace(",", "\t").encode(), ["--alpha", "1", "--format", "tsv"]),
    "c.npy": (b"", ["--alpha", "1"]),
}


def made(name: str) -> list[str]:
    """Write the file and its matrix; the options it wants."""
    content, options = MADE[name]
    Path("A.csv").write_text("0,1\n2,1\n1,2\n")
    if name == "c.npy":
        np.save(name, np.array([[0.1, 2], [0.3, -1], [0.1, 2]]))
    else:
        Path(name).write_bytes(content)
    return options


@pytest.mark.parametrize("name", MADE)
def test_a_certificate_is_about_the_file_that_it_came_from(hardmax: Invoke, name: str) -> None:
    options = made(name)
    assert hardmax("run", name, *options, "--certificate", "cert.json")[0] == 0
    status, out, _ = hardmax("check", "cert.json", "--configuration", name, *options)
    assert status == 0
    assert out.startswith("cert.json: accepted: ")
    status, out, _ = hardmax(
        "check", "cert.json", "--configuration", name, *options, "--alpha", "7"
    )
    assert (status, out) == (1, f"cert.json: rejected: it is not about {name}\n")


def test_certificates_from_standard_input(hardmax: Invoke) -> None:
    made("c.json")
    hardmax("run", "c.json", "--certificate", "cert.json")
    cert = Path("cert.json").read_bytes()
    told = "-: accepted: 3 tokens settle at layer 0 with 2 leaders\n"
    for mark in (b"", b"\xef\xbb\xbf"):
        assert hardmax("check", "-", "--configuration", "c.json", stdin=mark + cert) == (
            0,
            told,
            "",
        )
    Path("marked.json").write_bytes(b"\xef\xbb\xbf" + cert)
    assert hardmax("check", "marked.json")[0] == 0
    status, out, err = hardmax("check", "-", stdin=cert[:-9])
    assert (status, err) == (1, "")
    assert out.startswith("-: rejected: condition 1")
    status, out, err = hardmax("check", "-", stdin=b"\xff")
    assert (status, out, err) == (2, "", "hardmax: standard input: not UTF-8 text\n")
    status, out, err = hardmax("check", "-", "-", stdin=cert)
    assert (status, out, err) == (2, "", "hardmax: standard input can be read once\n")


def test_one_bad_certificate_does_not_silence_the_others(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    made("c.json")
    hardmax("run", "c.json", "--certificate", "good.json")
    Path("bad.json").write_text("{}")
    Path("folder").mkdir()
    status, out, err = hardmax("check", "none.json", "bad.json", "folder", "a\0b", "good.json")
    assert status == 2
    assert [line.split(":")[0] for line in out.splitlines()] == ["bad.json", "good.json"]
    assert err.splitlines() == [
        "hardmax: none.json: No such file or directory",
        "hardmax: folder: Is a directory",
        "hardmax: 'a\\x00b': embedded null byte",
    ]
    assert hardmax("check", "bad.json", "good.json")[0] == 1
    assert hardmax("check", "good.json")[0] == 0
    assert hardmax("check", "none.json", "bad.json")[0] == 2

    def starved(text: str) -> str:
        raise MemoryError

    monkeypatch.setattr(check.verifier, "verify", starved)
    assert hardmax("check", "good.json") == (2, "", "hardmax: good.json: out of memory\n")


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["--alpha", "1"], "--configuration FILE is missing"),
        (["--header"], "--configuration FILE is missing"),
        (["--configuration", "none.csv", "--alpha", "1"], "none.csv: No such file"),
        (["--configuration", "c.csv"], "c.csv: a .csv file does not state alpha"),
        (["--configuration", "c.csv", "--alpha", "x"], "alpha: 'x' is not an exact number"),
        (["--configuration", "two.jsonl"], "two.jsonl: 2 configurations; one was wanted"),
    ],
)
def test_a_configuration_that_cannot_be_compared(
    hardmax: Invoke, arguments: list[str], cause: str
) -> None:
    made("c.csv")
    made("c.json")
    Path("two.jsonl").write_text(2 * (json.dumps(FACE) + "\n"))
    hardmax("run", "c.json", "--certificate", "cert.json")
    status, out, err = hardmax("check", "cert.json", *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert cause in err
