"""The certificates in `good` and `bad`, made anew by: python tests/certificates/make.py

The verifier accepts every file in `good`. It rejects every file in `bad`, by the condition of
theory/CERTIFICATE.md whose number the name begins with. A bad certificate is a good one with one
thing changed; where the problem is changed its SHA-256 is computed again, but for condition 4.
"""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER.parents[1]), str(FOLDER.parent), str(FOLDER)]

from sound import good  # noqa: E402 - after the path
from unsound import bad  # noqa: E402 - after the path

if __name__ == "__main__":
    for folder, texts in (("good", good()), ("bad", bad())):
        (FOLDER / folder).mkdir(exist_ok=True)
        for old in (FOLDER / folder).glob("*.json"):
            old.unlink()
        for name, text in texts.items():
            (FOLDER / folder / f"{name}.json").write_bytes(text.encode())
