"""The commands of `hardmax sentiment` in this process, wherever it is; and a small model."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from commands import Invoke, Output
from sentences import sentences

from checks.cli import main

if TYPE_CHECKING:
    from sentiment.classifier import SentimentClassifier


@pytest.fixture
def hardmax(capsys: pytest.CaptureFixture[str]) -> Invoke:
    """Run `hardmax sentiment` in this process: its status, stdout and stderr."""

    def invoke(*arguments: str | Path) -> Output:
        capsys.readouterr()
        status = main(["sentiment", *map(str, arguments)])
        return status, *capsys.readouterr()

    return invoke


@pytest.fixture(scope="module")
def trained() -> "SentimentClassifier":
    """A model of 300 made sentences."""
    from sentiment.classifier import SentimentClassifier

    texts, labels, films = sentences(300, 1)
    return SentimentClassifier(initialisation="log-odds", random_state=0, min_count_groups=2).fit(
        texts, labels, groups=films
    )
