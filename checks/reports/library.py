"""The optional libraries of reports, imported only when something is written."""

from importlib import import_module
from typing import Any

from theory import HardmaxError

WANTED = ("plotly", "jinja2", "latex2mathml")
"""What reports need: the extra ``report``."""


def library(name: str) -> Any:
    """An optional module. Raises `HardmaxError` that says how to install it."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise HardmaxError(
            f"{(error.name or name).partition('.')[0]} is missing: "
            "pip install 'hardmax-theory[report]'"
        ) from None


def require() -> None:
    """Raise `HardmaxError` unless everything that reports need is installed."""
    for name in WANTED:
        library(name)
