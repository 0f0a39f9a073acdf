"""Outputs: whole or not at all, through no link, and nothing is left of a killed writer."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from theory.files.outputs import sweep, write, write_new, write_together


def left(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def killed(folder: Path, at: str, call: str) -> None:
    """A process that kills itself when it comes to `at`, which lies after its draft was written."""
    words = f"""
import os, pathlib, signal, theory.files.outputs as outputs
def die(*arguments, **more): os.kill(os.getpid(), signal.SIGKILL)
{at} = die
{call}
"""
    ended = subprocess.run([sys.executable, "-c", words], cwd=folder, env=ENVIRONMENT)
    assert ended.returncode == -signal.SIGKILL


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def test_a_file_is_replaced_and_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")
    (tmp_path / "other").write_text("other")
    write(tmp_path / "old", "new\r\nα\n")
    write(str(tmp_path / "binary"), b"\x00\xff")
    assert (tmp_path / "old").read_bytes() == "new\r\nα\n".encode()
    assert (tmp_path / "binary").read_bytes() == b"\x00\xff"
    assert left(tmp_path) == ["binary", "old", "other"]


def test_permissions_are_those_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path / "file", "")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


def test_links_are_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "link").symlink_to(tmp_path / "victim")
    (tmp_path / "loose").symlink_to(tmp_path / "nowhere")
    for name in ("link", "loose"):
        write(tmp_path / name, name)
        assert not (tmp_path / name).is_symlink()
        assert (tmp_path / name).read_text() == name
    assert (tmp_path / "victim").read_text() == "precious"
    assert not (tmp_path / "nowhere").exists()


def test_a_link_in_the_place_of_a_draft_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.urandom", lambda count: b"\xab" * count)
    (tmp_path / "victim").write_text("precious")
    (tmp_path / f".file.{'ab' * 8}.new").symlink_to(tmp_path / "victim")
    with pytest.raises(FileExistsError) as caught:
        write(tmp_path / "file", "mine")
    assert caught.value.filename == str(tmp_path / "file")
    assert (tmp_path / "victim").read_text() == "precious"
    assert "file" not in left(tmp_path)


@pytest.mark.parametrize("kind", ["folder", "link to a folder", "no folder", "socket", "a null"])
def test_what_cannot_be_written_is_told_by_its_own_name(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "target"
    if kind == "folder":
        target.mkdir()
    elif kind == "link to a folder":
        target.symlink_to(tmp_path)
    elif kind == "no folder":
        target = tmp_path / "none" / "target"
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(target))
    else:
        target = tmp_path / "a\0b"
    before = left(tmp_path)
    with pytest.raises(OSError) as caught:  # noqa: PT011 - any kind of it, and its name is compared
        write(target, "mine")
    assert caught.value.filename == str(target)
    assert left(tmp_path) == before


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = """
import resource, signal, sys
from theory.files.outputs import write
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
write("file", "small")
try:
    write("file", 5000 * "x")
except OSError as error:
    sys.exit(error.filename)
"""
    ended = subprocess.run(
        [sys.executable, "-c", words],
        cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (1, "file\n")
    assert (tmp_path / "file").read_text() == "small"
    assert left(tmp_path) == ["file"]


@pytest.mark.parametrize("name", ["/dev/null", "null"])
def test_devices_stay_devices(tmp_path: Path, name: str) -> None:
    link = tmp_path / "null"
    link.symlink_to("/dev/null")
    write(name if name.startswith("/") else link, "mine")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    assert link.is_symlink()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_device_is_told() -> None:
    with pytest.raises(OSError, match="No space") as caught:
        write("/dev/full", "mine")
    assert caught.value.filename == "/dev/full"


def test_a_pipe_gets_the_content(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    write(pipe, "mine")
    reader.join()
    assert got == ["mine"]
    assert left(tmp_path) == ["pipe"]


@pytest.mark.parametrize("place", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
@pytest.mark.parametrize("kind", ["file", "pipe"])
def test_standard_output_is_written_in_its_order(tmp_path: Path, place: str, kind: str) -> None:
    (tmp_path / "link").symlink_to("/dev/stdout")
    words = f"""
from theory.files.outputs import write
print("before", flush=True)
write({place!r}, "content\\n")
print("after")
"""
    command = [sys.executable, "-c", words]
    if kind == "pipe":
        got = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True).stdout
    else:
        with (tmp_path / "out").open("wb") as out:
            subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, stdout=out, check=True)
        got = (tmp_path / "out").read_bytes()
    assert got.split() == [b"before", b"content", b"after"]
    assert Path("/dev/stdout").is_symlink() or Path("/dev/stdout").is_char_device()


def test_files_that_belong_together_are_complete_before_the_first_takes_its_place(
    tmp_path: Path,
) -> None:
    first, second = tmp_path / "first", tmp_path / "none" / "second"
    first.write_text("old")
    with pytest.raises(FileNotFoundError) as caught:
        write_together({first: "new", second: "new"})
    assert caught.value.filename == str(second)
    assert first.read_text() == "old"
    assert left(tmp_path) == ["first"]
    second.parent.mkdir()
    write_together({first: "new", second: "new"})
    assert (first.read_text(), second.read_text()) == ("new", "new")


def test_a_new_file_replaces_nothing(tmp_path: Path) -> None:
    (tmp_path / "loose").symlink_to(tmp_path / "nowhere")
    write_new(tmp_path / "file", "first")
    for name in ("file", "loose"):
        with pytest.raises(FileExistsError):
            write_new(tmp_path / name, "second")
    assert (tmp_path / "file").read_text() == "first"
    assert left(tmp_path) == ["file", "loose"]


@pytest.mark.parametrize(
    ("at", "call"),
    [
        ("pathlib.Path.replace", "outputs.write('file', 'new')"),
        ("os.link", "outputs.write_new('file', 'new')"),
        ("outputs.flock", "outputs.write('file', 'new')"),
    ],
)
def test_nothing_is_left_of_a_killed_writer_once_the_file_is_written(
    tmp_path: Path, at: str, call: str
) -> None:
    (tmp_path / ".file.notes.new").write_text("not ours")
    killed(tmp_path, at, call)
    assert len(left(tmp_path)) == 2
    write(tmp_path / "another", "")
    assert len(left(tmp_path)) == 3
    write(tmp_path / "file", "whole")
    assert left(tmp_path) == [".file.notes.new", "another", "file"]
    assert (tmp_path / "file").read_text() == "whole"


def test_a_draft_of_a_living_writer_stays(tmp_path: Path) -> None:
    words = """
import pathlib, sys, theory.files.outputs as outputs
place = pathlib.Path.replace
def wait(*files): print("ready", flush=True); sys.stdin.read(); return place(*files)
pathlib.Path.replace = wait
outputs.write("file", "theirs")
"""
    with subprocess.Popen(
        [sys.executable, "-c", words],
        cwd=tmp_path, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        write(tmp_path / "file", "mine")
        assert (tmp_path / "file").read_text() == "mine"
        assert len(left(tmp_path)) == 2
        other.communicate()
    assert other.returncode == 0
    assert (tmp_path / "file").read_text() == "theirs"
    assert left(tmp_path) == ["file"]


def test_a_draft_that_is_swept_before_it_is_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from theory.files.outputs import flock

    swept = []

    def late(handle: int, operation: int) -> None:
        if not swept:
            swept.append(handle)
            sweep(tmp_path / "file")
            assert not left(tmp_path)
        flock(handle, operation)

    (tmp_path / "file").unlink(missing_ok=True)
    monkeypatch.setattr("theory.files.outputs.flock", late)
    write(tmp_path / "file", "mine")
    assert swept
    assert (tmp_path / "file").read_text() == "mine"
    assert left(tmp_path) == ["file"]


def test_a_very_long_name(tmp_path: Path) -> None:
    name = "ä" * 127
    write(tmp_path / name, "mine")
    assert left(tmp_path) == [name]
    with pytest.raises(OSError, match="too long"):
        write(tmp_path / (name + "ä"), "mine")
    assert left(tmp_path) == [name]
