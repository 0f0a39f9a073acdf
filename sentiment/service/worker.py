"""A worker: a process that has the model and answers one job after the other.

It reads frames from standard input and writes one for each to standard output: eight octets that
say how long, and a pickled value. The first is what is served, answered by True; the
others are jobs. Both ends are our own processes, and nobody else's octets are ever unpickled. When
its input ends, so does it; signals it leaves to the process that started it.
"""

import os
import pickle
import signal
import struct
import sys
from typing import Any, BinaryIO

from checks.process import SIGNALS

LENGTH = struct.Struct("!Q")

PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from sentiment.service.worker import main; main()"
)
"""What ``python -P -c`` runs, with the folder of this project behind it: whatever lies in the
current folder is not imported."""


def framed(value: object) -> bytes:
    """A value as a frame."""
    octets = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(octets)) + octets


def _read(stream: BinaryIO) -> Any:
    """The next frame's value. Raises `EOFError` where there is none."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    return pickle.loads(stream.read(LENGTH.unpack(head)[0]))


def main() -> None:
    """Answer until the input ends."""
    for name in SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whoever prints writes no frame
    try:
        from sentiment.service.answers import answer

        served = _read(jobs)
        answers.write(framed(True))
        while True:
            answers.flush()
            answers.write(framed(answer(served, _read(jobs))))
    except (EOFError, BrokenPipeError):
        os._exit(0)
