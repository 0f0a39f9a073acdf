"""A signal at every moment of the command line's own code: planted there, not waited for.

At each moment, an instruction of the modules that tell how a command ended, a copy of the process
gets a signal.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from commands import environment

ROOT = Path(__file__).resolve().parents[2]

PLANTING = '''
import os, shutil, signal, sys
import checks.cli
from checks.cli import application, signals, terminal
from checks.process import leave

FOLDER, KIND, FAULT, STRIDE = {folder!r}, {kind!r}, {fault!r}, {stride}
FIRST, SECOND = signal.SIGTERM, signal.SIGHUP
FILES = {{module.__file__ for module in (checks.cli, application, signals, terminal)}}


def command(arguments):
    if KIND == "misused":
        raise application.typer.BadParameter("no such thing")
    if KIND in ("interrupted", "postponed"):
        signal.raise_signal(FIRST)
    if KIND == "told":
        try:
            signal.raise_signal(FIRST)
        except KeyboardInterrupt:
            raise application.Interrupted(" after 3 of 4") from None
    return 0


application._invoke = command
application.load = lambda commands, arguments: None
signals.ONCE = -1.0  # each signal is another one
for number in (FIRST, SECOND):
    signal.signal(number, leave)  # as `checks.start` does
if KIND == "postponed":
    importing = iter([True])
    signals._importing = lambda frame: next(importing, False)
    signals._soon = lambda: None
    SECOND = signals.ECHO
if FAULT == "raises":
    def always(self, number, frame):
        self.signals.append(number)
        raise KeyboardInterrupt

    signals.Interruption._interrupt = always
if FAULT == "tells":
    signals.Interruption.tell = lambda self, function, *given: function(*given)

moment, planted = 0, False
told = os.path.join(FOLDER, "undisturbed")


def at(frame, event, argument):
    global moment
    if frame.f_code.co_filename not in FILES:
        return None
    if frame.f_code.co_filename != terminal.__file__:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
    if event in ("opcode", "line"):
        moment += 1
        if moment % STRIDE == 0:
            strike()
    return at


def strike():
    """A copy of the process gets the signal and goes on alone; how that ended."""
    global planted
    place = os.path.join(FOLDER, str(moment))
    child = os.fork()
    if child:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with open(f"{{place}}.status", "w") as file:
            file.write(str(status))
        return
    planted = True
    sys.settrace(None)
    shutil.copy(told, f"{{place}}.err")  # what is on the screen by now
    tell_in(f"{{place}}.err")
    os.kill(os.getpid(), SECOND)


def tell_in(path):
    os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)


tell_in(told)
sys.argv = ["hardmax", "claims"]
sys.settrace(at)
status = checks.cli.main()
sys.settrace(None)
if planted:
    sys.stderr.flush()
    os._exit(status)
'''

Ended = dict[int, tuple[int, str]]
"""For each moment the exit status and what was told."""


def plant(folder: Path, kind: str, fault: str = "", stride: int = 1) -> Ended:
    words = PLANTING.format(folder=str(folder), kind=kind, fault=fault, stride=stride)
    subprocess.run(
        [sys.executable, "-c", words],
        env=environment(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    ended = {}
    for place in folder.glob("*.status"):
        ended[int(place.stem)] = int(place.read_text()), place.with_suffix(".err").read_text()
    return ended


KINDS = {
    "done": ({129}, "hardmax: interrupted"),
    "misused": ({129, 2}, "hardmax: (interrupted|Invalid value: no such thing .*)"),
    "interrupted": ({129, 143}, "hardmax: interrupted"),
    "told": ({129, 143}, "hardmax: interrupted( after 3 of 4)?"),
    "postponed": ({143}, "hardmax: interrupted"),
}
"""How the command ends of itself: the statuses with which it may end, and the one line."""


def wrong(kind: str, ended: Ended) -> Ended:
    """The moments at which it ended in another way."""
    statuses, line = KINDS[kind]
    return {
        moment: (status, told)
        for moment, (status, told) in ended.items()
        if status not in statuses or not re.fullmatch(f"{line}\n", told)
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_signal_at_any_moment_is_one_line(tmp_path: Path, kind: str) -> None:
    ended = plant(tmp_path, kind)
    assert len(ended) > 100
    assert not wrong(kind, ended)
    assert {status for status, _ in ended.values()} == KINDS[kind][0]


@pytest.mark.parametrize(
    ("kind", "fault"), [("done", "raises"), ("interrupted", "raises"), ("told", "tells")]
)
def test_a_handler_that_always_raises_or_tells_is_caught(
    tmp_path: Path, kind: str, fault: str
) -> None:
    assert wrong(kind, plant(tmp_path, kind, fault, stride=3))
