"""The machine in general terms: processor, cores, Python, numpy."""

import os
import platform
from pathlib import Path

import numpy as np


def described() -> str:
    """One phrase for the foot of a table."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, one thread; "
        f"{platform.python_implementation()} {platform.python_version()}, numpy {np.__version__}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), "unknown")
