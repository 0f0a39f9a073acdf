"""Peak memory of settling, each size in a process of its own."""

import subprocess
import sys

SIZES = ((100, 2), (1000, 8), (10_000, 8), (10_000, 64), (100_000, 3), (100_000, 16))

CHILD = """
import resource, sys
from pathlib import Path
from time import process_time
import numpy as np
from benchmarks.inputs import gaussian
from theory import Configuration, Settled, settle
n, d = map(int, sys.argv[1:])

def peak():
    # ru_maxrss may be that of the process that started this one, before it became this one
    status = Path("/proc/self/status")
    if status.exists():
        return next(x.split()[1] for x in status.read_text().splitlines() if x.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

before = peak()
Z = gaussian(n, d)
start = process_time()
result = settle(Configuration.from_binary64(Z, alpha="1/2"))
assert isinstance(result, Settled)
result.equilibrium()
spent = process_time() - start
after = peak()
e = result.equilibrium()
e.leaders, e.limits, e.kinds, e.clusters
fields = peak()
print(spent, result.layer, before, after, fields)
"""


def main() -> str:
    """The page."""
    page = [
        "# Peak memory",
        "",
        "Gaussian tokens, α = 1/2; each row is a fresh process. MiB, as the system counts them: at "
        "the start with everything imported, after settling, and after every leader, limit, kind "
        "and cluster has been asked for. The Gram matrix would be n² floats.",
        "",
        "| n | d | settled layer | CPU | at the start | settled | with all fields | Gram matrix |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for n, d in SIZES:
        command = [sys.executable, "-c", CHILD, str(n), str(d)]
        output = subprocess.run(
            command,  # this interpreter, with numbers from above
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        spent, layer, *sizes = output.split()
        # Linux counts KiB, macOS bytes
        unit = 2**20 if sys.platform == "darwin" else 2**10
        cells = " | ".join(f"{int(x) / unit:,.0f}" for x in sizes)
        page.append(
            f"| {n} | {d} | {layer} | {float(spent):.3g} s | {cells} | {8 * n * n / 2**20:,.0f} |"
        )
    return "\n".join(page)
