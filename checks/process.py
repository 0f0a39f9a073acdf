"""What every process of `hardmax` has in common: its version, how it ends, what it keeps nowhere.

`checks.start` imports this before it takes the signals over, so it imports next to nothing.
"""

import os

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
"""What ends `hardmax` in order; Windows has no SIGHUP."""


def version() -> str:
    """The version of the project as it is installed here."""
    from importlib import metadata

    try:
        return metadata.version("hardmax-theory")
    except metadata.PackageNotFoundError:
        return "(not installed)"


def leave(number: int, frame: object) -> None:
    """End at once: nothing is begun yet, or all is done.

    An exception would not do, for imports can lose or distort it.
    """
    try:
        os.write(2, b"hardmax: interrupted\n")
    finally:
        os._exit(128 + number)


def no_storage() -> None:
    """Let Hypothesis, here and in processes that start here, keep nothing in the user's folder.

    It would write what it could as well find out again to ``.hypothesis``; where it cannot, it goes
    on without a word.
    """
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", os.path.join(os.devnull, "hypothesis"))
