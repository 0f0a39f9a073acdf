"""What tests of processes share: waiting until none of a group is left."""

import os
import time
from contextlib import suppress
from pathlib import Path


def left_behind(group: int) -> bool:
    """Whether a process of the group is at work; one that only waits to be reaped is not."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    states = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, process_group = stat.read_text().rpartition(")")[2].split()[:3]
            states += [state] * (int(process_group) == group)
    return any(state != "Z" for state in states)


def wait_until_gone(group: int) -> None:
    """Return as soon as no process of the group is at work: never, if one stays."""
    while left_behind(group):
        time.sleep(0.05)
