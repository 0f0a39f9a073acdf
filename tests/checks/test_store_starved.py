"""A disk that is full at any moment: the store is made whole, or not at all."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commands import environment

ROOT = Path(__file__).resolve().parents[2]

FILLED = """
import os
import subprocess
import sys
from pathlib import Path
from checks.campaigns.store import Store, StoreError

for kilobytes in range(0, 120, 4):
    options = f"size={max(4, kilobytes)}k,nr_inodes=20"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", sys.argv[1]], check=True)
    path = Path(sys.argv[1], "s.sqlite")
    try:
        with Store(path):
            print(kilobytes, "made")
    except StoreError as error:
        print(kilobytes, "told", str(error).removeprefix(str(path)))
    for left in path.parent.glob(".*"):
        print(kilobytes, "left", left)
    subprocess.run(["mount", "-o", "remount,size=1m", sys.argv[1]], check=True)
    with Store(path):
        pass
    subprocess.run(["umount", sys.argv[1]], check=True)
"""
"""Makes a store on disks of all sizes, and opens it once there is room."""


def space_of_its_own() -> list[str]:
    """What starts a program that may mount a disk of its own; skips where nothing does."""
    unshare = shutil.which("unshare")
    command = [unshare or "", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    trial = [*command, "mount", "-t", "tmpfs", "none", "/mnt"]
    if unshare is None or subprocess.run(trial, capture_output=True, check=False).returncode:
        pytest.skip("a disk of a certain size cannot be mounted here")
    return command


def test_a_disk_of_any_size(tmp_path: Path) -> None:
    done = subprocess.run(
        [*space_of_its_own(), sys.executable, "-c", FILLED, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    assert [int(size) for size, *_ in lines] == list(range(0, 120, 4))
    assert [what for _, what, *_ in lines] == sorted((what for _, what, *_ in lines), reverse=True)
    told = [words for _, what, *more in lines if what == "told" for words in more]
    assert len(told) > 3
    assert all(words.startswith(": cannot be written: ") for words in told)


LIMITED = """
import resource
import signal
import sys
from pathlib import Path
from checks.campaigns.store import Store, StoreError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
for kilobytes in range(0, 80):
    path = Path(sys.argv[1], f"{kilobytes}.sqlite")
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, most))
    try:
        with Store(path):
            pass
    except StoreError as error:
        if "cannot be written" not in str(error):
            print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    with Store(path):
        pass
"""


def test_files_of_any_size(tmp_path: Path) -> None:
    """The same without mounting: no file may grow beyond a limit."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.glob(".*")) == []
