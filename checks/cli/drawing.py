"""Where `--plot` of `hardmax map` and `hardmax sweep` leads: the kind of file, and the command."""

import shlex
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from theory.exact import HardmaxError

KINDS = (".svg", ".png", ".html")


def page(plot: Path) -> bool:
    """Whether a page is wanted, or a picture.

    Raises `HardmaxError` for a file of another kind, and where a library is missing.
    """
    suffix = plot.suffix.lower()
    if suffix not in KINDS:
        raise HardmaxError(f"--plot {plot}: a .svg, .png or .html file was wanted")
    if suffix == ".html":
        from checks import reports  # with Hypothesis and all claims

        try:
            reports.require()
        except HardmaxError as error:
            raise HardmaxError(f"--plot {plot}: {error}") from None
        return True
    try:
        import_module("matplotlib")
    except ImportError as error:
        raise HardmaxError(
            f"--plot {plot}: {error.name} is missing: pip install 'hardmax-theory[report]'"
        ) from None
    return False


def line(command: str, file: str, chosen: Mapping[str, object]) -> str:
    """The command with the options that were chosen, as a shell reads it.

    >>> line("map", "my file.json", {"free": "0", "plane": None, "box": "-1,1", "force": True})
    "hardmax map 'my file.json' --free=0 --box=-1,1 --force"
    """
    given = [(name, value) for name, value in chosen.items() if value not in (None, False)]
    options = [f"--{name}" if value is True else f"--{name}={value}" for name, value in given]
    return shlex.join(["hardmax", *command.split(), file, *options])
