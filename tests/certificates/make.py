"""The certificates in `good` and `bad`, made anew by: python tests/certificates/make.py

The verifier accepts every file in `good`. It rejects every file in `bad`, by the condition of
theory/CERTIFICATE.md whose number the name begins with. A bad certificate is a good one with one
thing changed; where the problem is changed its SHA-256 is computed again, but for condition 4.
"""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER.parents[1]), str(FOLDER.parent), str(FOLDER)]

import hand  # noqa: E402 - after the path
import sound  # noqa: E402 - after the path
import unsound  # noqa: E402 - after the path


def good() -> dict[str, str]:
    """Every text of `good` by file name."""
    return sound.good() | named(hand.held())


def bad() -> dict[str, str]:
    """Every text of `bad` by file name."""
    return unsound.bad() | named(hand.broken())


def named(made: dict[str, sound.Certificate]) -> dict[str, str]:
    """The texts of certificates of version 2, after those of version 1 of the same condition."""
    names = {x: f"{x[:2]}-second-{x[3:]}".replace(" ", "-") for x in made}
    return {names[x]: sound.dump(made[x]) for x in made}


if __name__ == "__main__":
    for folder, texts in (("good", good()), ("bad", bad())):
        (FOLDER / folder).mkdir(exist_ok=True)
        for old in (FOLDER / folder).glob("*.json"):
            old.unlink()
        for name, text in texts.items():
            (FOLDER / folder / f"{name}.json").write_bytes(text.encode())
