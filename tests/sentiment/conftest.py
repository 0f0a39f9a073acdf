"""The commands of `hardmax sentiment` in this process, wherever it is."""

from pathlib import Path

import pytest
from commands import Invoke, Output

from checks.cli import main


@pytest.fixture
def hardmax(capsys: pytest.CaptureFixture[str]) -> Invoke:
    """Run `hardmax sentiment` in this process: its status, stdout and stderr."""

    def invoke(*arguments: str | Path) -> Output:
        capsys.readouterr()
        status = main(["sentiment", *map(str, arguments)])
        return status, *capsys.readouterr()

    return invoke
