"""Where the program `hardmax` starts: no signal may find it before it is ready.

`main` takes over Ctrl-C, SIGTERM and SIGHUP first of all, to the end of the process. What this
module imports is imported before that, so it imports next to nothing.
"""

import _signal as signal  # type: ignore[import-not-found]  # `signal` would import ten others
import os

from checks.process import SIGNALS, leave, no_storage


def main() -> int:
    """Run `hardmax` with the arguments of the process; the exit status.

    A signal that is ignored, as under `nohup`, stays so.
    """
    for number in [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, leave)
    # Looking for plugins, of which there are none, reads the metadata of all that is installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    no_storage()
    from checks.cli import main as program

    return program(None)
