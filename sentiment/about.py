"""Which model it was: its name, what it was trained on, and a digest that tells versions apart."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.process import version
from sentiment.provenance import Provenance
from sentiment.saving import paths, version_of
from theory import HardmaxError


@dataclass(frozen=True)
class About:
    """A model in a few words.

    name : of its files. digest : the beginning of the SHA-256 of its .json file, which has that of
    the .npz file in it, so that two models differ in it. corpus, texts : what it was trained on,
    None where that was not saved. hardmax : the version of this program.
    """

    name: str
    digest: str
    corpus: str | None
    texts: int | None
    hardmax: str

    @property
    def words(self) -> str:
        """All of it in one line."""
        trained = (
            "" if self.corpus is None else f", trained on {self.texts:,} texts of {self.corpus}"
        )
        return f"Model {self.name} (version {self.digest}){trained}; hardmax {self.hardmax}"

    def as_dict(self) -> dict[str, Any]:
        """The same as a JSON object."""
        return dict(vars(self))


def about(path: str | Path, trained_on: Provenance | None) -> About:
    """Of a saved model. Raises `HardmaxError` where its .json file cannot be read."""
    file, _ = paths(path)
    try:
        digest = version_of(file.read_bytes())
    except OSError as error:
        raise HardmaxError(f"{file}: cannot be read: {error.strerror or error}") from None
    corpus, texts = (None, None) if trained_on is None else (trained_on.name, trained_on.texts)
    return About(file.stem, digest, corpus, texts, version())
