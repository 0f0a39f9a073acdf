"""Memory that does not suffice is told in one line, however much is missing."""

import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from theory.files.configurations import read_configurations
from theory.files.sources import MAX_NUMBERS, InputError

RUN = """
import resource, sys
from checks.cli import main, run
import theory.files.configurations, theory.numerics.softmax, theory.fast.walk
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + (int(sys.argv.pop(1)) << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
sys.exit(main())
"""


def run(megabytes: int, *args: str) -> subprocess.CompletedProcess[str]:
    """`hardmax` with so much memory beside what its modules take."""
    return subprocess.run(
        [sys.executable, "-c", RUN, str(megabytes), *args],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory so")
@pytest.mark.parametrize("kind", ["csv", "txt", "json", "jsonl", "npy"])
def test_the_largest_files_end_in_one_line(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"c.{kind}"
    numbers = [5000 + i % 997 for i in range(MAX_NUMBERS)]
    rows = f"[[{'],['.join(map(str, numbers))}]]"
    match kind:
        case "csv" | "txt":
            path.write_text("".join(f"{x}\n" for x in numbers))
        case "npy":
            np.save(path, np.array(numbers).reshape(-1, 1))
        case _:
            path.write_text(f'{{"tokens": {rows}}}\n')
    for megabytes in (30, 250):
        done = run(megabytes, "run", str(path), "--alpha", "1")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"hardmax: {path}: out of memory\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory so")
def test_files_that_fit_are_read(tmp_path: Path) -> None:
    """The accepting twin, with the memory that is not enough for the largest."""
    path = tmp_path / "c.csv"
    path.write_text("".join(f"{5000 + i % 9}\n" for i in range(2_000)))
    done = run(250, "run", str(path), "--alpha", "1", "--json")
    assert done.returncode == 0, done.stderr
    assert "out of memory" not in done.stderr


def archive(members: int) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for i in range(members):
            file.writestr(f"{i}.npy", b"")
    return content.getvalue()


@pytest.mark.parametrize(
    ("members", "cause"),
    [(3, "3 arrays ('0, 1, 2'); one was wanted"), (1001, "more than 1000 arrays; one was wanted")],
)
def test_archives_of_many_members_are_not_listed(tmp_path: Path, members: int, cause: str) -> None:
    path = tmp_path / "c.npz"
    path.write_bytes(archive(members))
    with pytest.raises(InputError) as refused:
        read_configurations(path, alpha=1)
    assert str(refused.value) == f"{path}: {cause}"


def test_an_archive_of_one_array_is_read(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "c.npz", x=np.array([[1, 2]]))
    assert len(read_configurations(tmp_path / "c.npz", alpha=1)) == 1
